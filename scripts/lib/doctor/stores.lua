-- What `uhost doctor` looks at in the state folder, and in the user's rule files.
local byte_size = require("uhost.term.byte_size")
local counted = require("lib.counted")
local stores = require("lib.stores")

local many_files = 20  -- to check them takes longer than a person waits here

local function look_into(place, name)
    local store = stores.look(place, name, function(connection, found)
        if place.engine ~= "sqlite" then return end
        local _, answer = next(connection:query("PRAGMA quick_check(1)")[1])
        if answer ~= "ok" then found.damage = answer end
    end)
    local steps, writers = 0, {}
    for _, migration in ipairs(store.migrations) do steps = steps + migration.step end
    for _, holder in ipairs(store.holders) do
        if holder.writes then writers[#writers + 1] = { pid = holder.pid, command = holder.command } end
    end
    return { name = name, size_bytes = store.size_bytes, damage = store.damage, migrations = steps, writers = writers }
end

local function writers_of(list)
    local words = {}
    for _, store in ipairs(list) do
        for _, writer in ipairs(store.writers) do
            words[#words + 1] = ("process %d (%s) is writing to %s")
                :format(writer.pid, writer.command or "?", store.name)
        end
    end
    return words
end

local function check_stores()
    local list, bytes, damaged = {}, 0, {}
    local place = stores.at()
    for i, name in ipairs(place.list()) do
        list[i] = look_into(place, name)
        bytes = bytes + (list[i].size_bytes or 0)
        if list[i].damage then damaged[#damaged + 1] = ("%s: %s"):format(name, list[i].damage) end
    end
    local text = ("%d in %s, %s"):format(#list, place.name, byte_size(bytes))
    local held = writers_of(list)
    if #damaged == 0 then
        return { status = "ok", text = table.concat({ text, unpack(held) }, "; "), details = list }
    end
    for _, words in ipairs(held) do damaged[#damaged + 1] = words end
    return { status = "attention", text = table.concat(damaged, "; "), details = list,
        fix = "wait for the process that holds it; move a damaged file away, and uhost makes it anew" }
end

local function check_rules()
    local files = require("lib.check.files").find({}, false)
    if #files > many_files then return { status = "unknown", text = ("%d files: uhost check"):format(#files) } end
    if #files == 0 then return { status = "ok", text = "you have none: the shipped ones are used" } end
    local result = require("lib.check.main").check(files)
    local text = ("%s, %s, %s"):format(counted(#files, "file"), counted(result.errors, "error"),
        counted(result.warnings, "warning"))
    if result.errors + result.warnings == 0 then return { status = "ok", text = text } end
    return { status = "attention", text = text, fix = "uhost check shows them" }
end

return {
    { id = "stores", title = "stores", run = check_stores },
    { id = "rules", title = "policies and knowledge bases", run = check_rules },
}
