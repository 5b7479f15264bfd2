-- `uhost kb list`
local items = require("lib.kb.items")

local M = {}

local function has_words(entry, words)
    local text = table.concat({ entry.id, entry.title, table.concat(entry.tags or {}, " ") }, " "):lower()
    for _, word in ipairs(words) do
        if not text:find(word:lower(), 1, true) then return false end
    end
    return true
end

local function chosen(options, base)
    local list = {}
    for _, entry in ipairs(base.entries) do
        if (not options.class or entry.class == options.class) and has_words(entry, options.words) then
            list[#list + 1] = entry
        end
    end
    table.sort(list, function(a, b) return a.id < b.id end)
    return list
end

local function write_json(list)
    local entries = json.array({})
    for i, entry in ipairs(list) do
        entries[i] = {
            id = entry.id, title = entry.title, class = entry.class, severity = entry.severity,
            priority = entry.priority, tags = json.array(entry.tags or {}), owner = entry.owner or json.null,
            file = entry.file,
        }
    end
    items.write_json(entries)
end

local function write_text(list)
    local rows = {}
    for i, entry in ipairs(list) do
        rows[i] = {
            id = items.shown(entry.id), class = entry.class, priority = entry.priority,
            title = items.shown(entry.title),
        }
    end
    io.write(term.table({
        columns = {
            { key = "id", title = "Entry" }, { key = "class", title = "Class" },
            { key = "priority", title = "Priority", align = "right" }, { key = "title", title = "What it is" },
        },
        rows = rows,
    }))
    print(("\n%d %s"):format(#list, #list == 1 and "entry" or "entries"))
end

---@param options table
---@param base kb.Base
---@return integer
function M.run(options, base)
    local list = chosen(options, base)
    if options.format == "json" then write_json(list) else write_text(list) end
    return 0
end

return M
