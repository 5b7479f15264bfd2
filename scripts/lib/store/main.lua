-- `uhost store`: from a command line to what is done with the stores of a place.
local byte_size = require("uhost.term.byte_size")
local command_line = require("lib.command_line")
local counted = require("lib.counted")
local stores = require("lib.stores")

local M = {}

local formats = { "text", "markdown", "json" }

local function parser()
    local p = command_line.parser("store", "Look after what uhost remembers: the stores of the state folder, or of a "
        .. "server.",
        { "uhost store info", "uhost store verify --format json", "uhost store backup nightly.tar.gz",
            "uhost --dry-run store vacuum", "uhost store copy --to other-state" },
        "0 fine, 1 damage was found, or tables that are newer than this version, 2 usage, 3 a store or a file could "
        .. "not be read or written, 130 interrupted.")
    p:command_target("command")
    local function command(name, summary)
        local added = p:command(name, summary)
        added:option("--store", "Only this store; may be given several times."):argname("NAME"):count("*")
            :target("names")
        added:option("--format", "How to write what was found; as JSON, see uhost schema store."):choices(formats)
            :default("text")
        added:flag("--json", "The same as --format json.")
        return added
    end
    command("info", "Show how large the stores are, what is in them and who has them open.")
    command("verify", "Read the stores as a whole, and the logs, and say what is damaged.")
    command("vacuum", "Give the space of deleted rows back to the file system.")
    command("migrate", "Bring the tables to the steps that this version knows; workflows do it when they begin.")
    local backup = command("backup", "Write all stores, and the logs, into one file. They may be in use.")
    backup:argument("file", "The file; .tar, .tar.gz or .tar.zst says how it is packed.")
    local restore = command("restore", "Bring back what backup wrote: each store as a whole, or not at all.")
    restore:argument("file", "The file.")
    restore:flag("--force", "Replace stores that are there and differ.")
    local copy = command("copy", "Copy stores to another place, while they are in use, and compare what arrived. What "
        .. "is there already as it should be is left alone.")
    copy:option("--from", "A state folder, or an address such as postgres://user@host/database; default: this "
        .. "place."):argname("PLACE")
    copy:option("--to", "Where they go; default: this place."):argname("PLACE")
    copy:flag("--force", "Replace stores of the other place that differ.")
    return p
end

-- What is shown -------------------------------------------------------------------------------------------------------

local function shown_holders(store)
    local words = {}
    for i, holder in ipairs(store.holders or {}) do
        words[i] = ("%d (%s)%s"):format(holder.pid, holder.command or "?", holder.writes and ", writes" or "")
    end
    return table.concat(words, "; ")
end

local function shown_steps(store)
    local words = {}
    for i, migration in ipairs(store.migrations or {}) do words[i] = migration.name .. " " .. migration.step end
    return table.concat(words, ", ")
end

local function sum_of_rows(store)
    local rows = 0
    for _, one in ipairs(store.tables or {}) do rows = rows + one.rows end
    return rows
end

local columns = {
    { key = "name", title = "Store" }, { key = "size", title = "Size" }, { key = "tables", title = "Tables" },
    { key = "rows", title = "Rows" }, { key = "steps", title = "Steps" }, { key = "holders", title = "Open in" },
    { key = "what", title = "What" },
}

local function row_of(store)
    local what = tables.copy(store.damages)
    what[#what + 1] = store.outcome
    return {
        name = store.name, size = store.size_bytes and byte_size(store.size_bytes) or "", tables = store.tables and
            #store.tables or "", rows = store.tables and sum_of_rows(store) or "", steps = shown_steps(store),
        holders = shown_holders(store), what = table.concat(what, "; "),
    }
end

-- Columns in which nothing stands are left out.
local function filled(rows)
    local list = {}
    for _, column in ipairs(columns) do
        for _, row in ipairs(rows) do
            if row[column.key] ~= "" and row[column.key] ~= nil then
                list[#list + 1] = column
                break
            end
        end
    end
    return list
end

local function as_json(store)
    local tables = {}
    for i, one in ipairs(store.tables or {}) do
        tables[i] = { name = one.name, rows = one.rows, digest = one.digest or json.null }
    end
    local holders = {}
    for i, holder in ipairs(store.holders or {}) do
        holders[i] = { process = holder.pid, command = holder.command or json.null, writes = holder.writes }
    end
    return { name = store.name, size_bytes = store.size_bytes or json.null, tables = json.array(tables),
        migrations = json.array(store.migrations or {}), holders = json.array(holders),
        damages = json.array(store.damages), outcome = store.outcome or json.null }
end

-- Writes what was found, and gives the exit code.
local function show(result, options)
    local damaged = 0
    for _, store in ipairs(result.stores) do
        store.damages = store.damages or {}
        if store.damage then table.insert(store.damages, store.damage) end
        damaged = damaged + #store.damages
    end
    if options.format == "json" then
        local list = {}
        for i, store in ipairs(result.stores) do list[i] = as_json(store) end
        io.write(json.encode({ command = options.command, place = result.place, stores = json.array(list) },
            { indent = 2 }), "\n")
    else
        local rows = {}
        for i, store in ipairs(result.stores) do
            rows[i] = row_of(store)
        end
        local out = report.new{ title = ("%s in %s"):format(counted(#rows, "store"), result.place) }
        if #rows > 0 then out:table{ columns = filled(rows), rows = rows } end
        io.write(out:render(options.format, { color = term.color("stdout") }))
    end
    return damaged == 0 and 0 or 1
end

-- The commands --------------------------------------------------------------------------------------------------------

local commands = {}

function commands.backup(options) return require("lib.store.backup").backup(stores.at(), options) end
function commands.restore(options) return require("lib.store.backup").restore(stores.at(), options) end
function commands.copy(options) return require("lib.store.copy").run(options) end
for _, name in ipairs({ "info", "verify", "vacuum", "migrate" }) do
    commands[name] = function(options) return require("lib.store.care")[name](stores.at(), options) end
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local options = parser():parse(arguments)
    if options.json then options.format = "json" end
    return show(commands[options.command](options), options)
end

return M
