-- How the REPL shows values: records as tables that fit the terminal, iterators by their first items, diffs in colour,
-- and everything else as `uhost.inspect` does.
local tables = require("uhost.tables")

local M = {}

local max_rows = 20           -- of a list
local max_iterated = 10       -- of an iterator
local max_cell = 60
local short_id = 10           -- digits of an object id

-- Fields that say most about a record, in this order; then come the others by name.
local first_fields = { "id", "number", "key", "name", "path", "title", "subject", "count", "status", "state",
    "conclusion", "author", "time", "kind", "target", "summary" }
local rank = {}
for i, name in ipairs(first_fields) do rank[name] = i end

local function is_record(value) return type(value) == "table" and type((next(value))) == "string" end

local function is_list_of_records(value)
    if type(value) ~= "table" or type(getmetatable(value)) == "string" or #value == 0 then return false end
    for i = 1, math.min(#value, max_rows) do
        if not is_record(value[i]) then return false end
    end
    return tables.is_list(value)
end

local function fits_a_cell(value)
    local kind = type(value)
    return kind == "string" or kind == "number" or kind == "boolean"
end

-- The columns: fields that are plain in every record that has them.
local function columns_of(records)
    local plain, nested = {}, {}
    for _, record in ipairs(records) do
        for name, value in next, record do
            if not fits_a_cell(value) then nested[name] = true end
            if type(name) == "string" then plain[name] = true end
        end
    end
    local names = {}
    for name in pairs(plain) do
        if not nested[name] then names[#names + 1] = name end
    end
    table.sort(names, function(a, b)
        local left, right = rank[a] or math.huge, rank[b] or math.huge
        if left ~= right then return left < right end
        return a < b
    end)
    return names
end

local function cell(value)
    if type(value) ~= "string" then return value end
    if value:find("^%x+$") and #value == 40 then return value:sub(1, short_id) end
    return term.truncate((value:gsub("%s+", " ")), max_cell)
end

-- The first of the names whose columns fit the terminal side by side; at least two.
local function fitting(names, rows)
    local left, columns = term.width(), {}
    for _, name in ipairs(names) do
        local width = #name
        for _, row in ipairs(rows) do width = math.max(width, term.display_width(tostring(row[name] or ""))) end
        left = left - width - 2
        if left < 0 and #columns >= 2 then break end
        columns[#columns + 1] = { key = name, wrap = false }
    end
    return columns
end

--- A list of records as a table; fields that are tables are left out, and fields that do not fit.
---@param records table[]
---@return string
function M.table(records)
    local names, rows = columns_of(records), {}
    for i, record in ipairs(records) do
        rows[i] = {}
        for _, name in ipairs(names) do rows[i][name] = cell(rawget(record, name)) end
    end
    local columns = fitting(names, rows)
    local text = term.table({ columns = columns, rows = rows })
    if #names == #columns then return text end
    local rest = table.concat(names, ", ", #columns + 1)
    return text .. term.style(term.truncate("also: " .. rest, term.width()), "dim") .. "\n"
end

local function more(text) return term.style("… " .. text, "dim") .. "\n" end

local function list_text(list)
    local shown = {}
    for i = 1, math.min(#list, max_rows) do shown[i] = list[i] end
    local text = M.table(shown)
    if #list > #shown then text = text .. more(("%d more; .table EXPRESSION shows all"):format(#list - #shown)) end
    return text
end

-- The first items of an iterator, and an iterator that gives them again before the rest.
local function peek(iterator)
    local items, ended = {}, false
    while #items <= max_iterated do
        local item = iterator()
        if item == nil then
            ended = true
            break
        end
        items[#items + 1] = item
    end
    local position = 0
    local function again()
        position = position + 1
        if position <= #items then return items[position] end
        if not ended then return iterator() end
    end
    return items, ended, again
end

local function items_text(items, ended)
    items = { unpack(items, 1, ended and #items or #items - 1) }
    local text
    if is_list_of_records(items) then
        text = M.table(items)
    else
        local lines = {}
        for i, item in ipairs(items) do lines[i] = uhost.inspect(item) .. "\n" end
        text = table.concat(lines)
    end
    if #items == 0 then text = more("nothing") end
    return ended and text or text .. more("and more; `for x in _ do … end` reads on from the first")
end

local line_styles = { ["+"] = "green", ["-"] = "red" }

local function diff_text(diff)
    local lines = {}
    local function add(text, style) lines[#lines + 1] = style and term.style(text, style) or text end
    for _, file in ipairs(diff.files) do
        local counts = rawget(file, "additions") and (" +%d -%d"):format(file.additions, file.deletions) or ""
        local moved = file.old_path ~= file.path and file.old_path .. " → " or ""
        add(term.visible(("%s %s%s%s"):format(file.status, moved, file.path, counts)), "bold")
        for _, hunk in ipairs(rawget(file, "hunks") or {}) do
            add(term.visible(("@@ -%d,%d +%d,%d @@%s"):format(hunk.old_start, hunk.old_lines, hunk.new_start,
                hunk.new_lines, hunk.header ~= "" and " " .. hunk.header or "")), "cyan")
            for _, line in ipairs(hunk.lines) do
                add(line.origin .. term.visible(line.text), line_styles[line.origin])
            end
        end
    end
    if #lines == 0 then return "no differences\n" end
    return table.concat(lines, "\n") .. "\n"
end

local function is_diff(value)
    local files = type(value) == "table" and rawget(value, "files")
    return type(files) == "table" and is_record(files[1]) and rawget(files[1], "status") ~= nil
end

local function repository_text(repo)
    local head, lines = repo:head(), { tostring(repo) }
    if not head then return lines[1] .. "\nno commit yet\n" end
    local commit = repo:commit(head.id)
    lines[2] = ("%s at %s %s"):format(head.branch or "detached", head.id:sub(1, short_id), term.visible(commit.subject))
    if not repo:is_bare() then
        local changed = #repo:status()
        lines[3] = changed == 0 and "nothing changed" or ("%d files changed or new"):format(changed)
    end
    return table.concat(lines, "\n") .. "\n"
end

-- Functions that primitives return are iterators; those that they are made of have a name.
local function is_iterator(value, is_call)
    if type(value) == "table" and getmetatable(value) == "seq.Seq" then return true end
    if type(value) ~= "function" or not is_call then return false end
    local source = debug.getinfo(value, "S").source
    return (source == "=[C]" or source:find("^=uhost")) and tostring(value):find("^function: ") ~= nil
end

--- A value as text that ends with a newline, and what stands for it in `_`: an iterator that has been looked into gives
--- the items that were shown once more.
---@param value any
---@param is_call boolean  whether the value comes straight from a call
---@return string text
---@return any value
function M.value(value, is_call)
    if is_iterator(value, is_call) then
        local items, ended, again = peek(value)
        return items_text(items, ended), again
    end
    if type(value) == "string" and value:find("\n", 1, true) then
        return term.visible(value):gsub("\n*$", "\n"), value
    end
    if is_list_of_records(value) then return list_text(value), value end
    if is_diff(value) then return diff_text(value), value end
    if getmetatable(value) == "git.Repository" then return repository_text(value), value end
    return uhost.inspect(value) .. "\n", value
end

return M
