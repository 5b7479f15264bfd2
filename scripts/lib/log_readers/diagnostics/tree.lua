-- Reports as one kind of tree, whatever they were written in: nodes with plain fields and with children.
local pieces = require("lib.log_readers.diagnostics.pieces")

local M = {}

local max_nodes = 400000

---@class ReportNode
---@field key string  the field or element it is, in lower case without "_" and "-"
---@field name string  the same as written
---@field fields table<string, string|number|boolean>  plain values by their plain names
---@field lists table<string, string|number|boolean>  the first values of lists of plain values
---@field children ReportNode[]
---@field item boolean  whether it stands in a list
---@field offset? integer

--- A name without what tools write differently: case, "_", "-", "@" and namespaces.
---@param name string
---@return string
function M.plain(name)
    return (name:lower():gsub("^.*:", ""):gsub("[_%-@ .]", ""))
end

local function is_plain(value)
    local kind = type(value)
    return kind == "string" or kind == "number" or kind == "boolean"
end

local from_value

-- The items of an array: tables become children; the first plain value is the list's.
local function add_array(node, key, array, state)
    for _, value in ipairs(array) do
        if type(value) == "table" then
            from_value(node, key, value, state, true)
        elseif is_plain(value) and node.lists[M.plain(key)] == nil then
            node.lists[M.plain(key)] = value
        end
    end
end

from_value = function(parent, key, value, state, item)
    state.count = state.count + 1
    if state.count > max_nodes then return end
    -- An array that begins with null has a length of 0 and no names.
    if #value > 0 or type(next(value)) == "number" then return add_array(parent, key, value, state) end
    local node = { key = M.plain(key), name = key, fields = {}, lists = {}, children = {}, item = item or false }
    table.insert(parent.children, node)
    for _, name in ipairs(tables.sorted_keys(value)) do
        local field = value[name]
        if is_plain(field) then
            node.fields[M.plain(name)] = field
        elseif type(field) == "table" then
            from_value(node, name, field, state, false)
        end
    end
end

local function root()
    return { key = "", name = "", fields = {}, lists = {}, children = {}, item = false }
end

--- The tree of a decoded JSON value.
---@param value table
---@return ReportNode
function M.of_json(value)
    local top = root()
    from_value(top, "", value, { count = 0 }, false)
    return top
end

-- What <message value="…"/> says.
local function only_value(element)
    local name, value = next(element.attributes)
    if name ~= "value" or next(element.attributes, name) or #element.children > 0 then return nil end
    return value
end

-- Elements that occur several times in their parent, or whose parent has nothing else, are items of a list.
local function add_element(parent, element, siblings, state)
    state.count = state.count + 1
    if state.count > max_nodes then return end
    local node = {
        key = M.plain(element.tag), name = element.tag, fields = {}, lists = {}, children = {}, offset = element.offset,
        item = siblings,
    }
    for name, value in pairs(element.attributes) do node.fields[M.plain(name)] = value end
    if element.text:find("%S") then node.fields["#text"] = element.text end
    table.insert(parent.children, node)
    for _, child in ipairs(element.children) do
        local key = M.plain(child.tag)
        local leaf = #child.children == 0 and next(child.attributes) == nil
        local value = leaf and child.text or only_value(child)
        if value and value ~= "" and node.fields[key] == nil then
            node.fields[key] = value
        elseif not leaf or child.text ~= "" then
            add_element(node, child, true, state)
        end
    end
end

--- The tree of an XML element.
---@param element XmlElement
---@return ReportNode
function M.of_xml(element)
    local top = root()
    add_element(top, element, false, { count = 0 })
    return top
end

--- The tree of rows with the names of their columns.
---@param rows { fields: table<string, string>, offset: integer }[]
---@return ReportNode
function M.of_rows(rows)
    local top = root()
    for _, row in ipairs(rows) do
        local node = {
            key = "row", name = "row", fields = {}, lists = {}, children = {}, item = true, offset = row.offset,
        }
        for name, value in pairs(row.fields) do
            if value ~= "" then node.fields[M.plain(name)] = value end
        end
        table.insert(top.children, node)
    end
    return top
end

-- Rows of a table whose first line names the columns: by commas, semicolons, tabs, bars or blanks --------------------

local max_rows = 200000

-- The values of the row at an offset, and where the next row begins.
local function row_at(text, offset, separator)
    local values = {}
    while true do
        local value, stop
        if text:sub(offset, offset) == "\"" then
            local parts, from = {}, offset + 1
            while true do
                local close = text:find("\"", from, true) or #text + 1
                parts[#parts + 1] = text:sub(from, close - 1)
                if text:sub(close + 1, close + 1) ~= "\"" then
                    stop = close + 1
                    break
                end
                parts[#parts + 1] = "\""
                from = close + 2
            end
            value = table.concat(parts)
            stop = text:find("[" .. separator .. "\n]", stop) or #text + 1
        else
            stop = text:find("[" .. separator .. "\n]", offset) or #text + 1
            value = text:sub(offset, stop - 1)
        end
        values[#values + 1] = value:match("^%s*(.-)%s*$")
        if text:sub(stop, stop) ~= separator then return values, stop + 1 end
        offset = stop + 1
    end
end

--- The rows of a text, as the values by the columns' names, with the offset where each begins.
---@param text string
---@return { fields: table<string, string>, offset: integer }[]?
function M.rows(text)
    local separator = pieces.separator_of(text:match("^[^\n]*"))
    if not separator then return nil end
    if separator == "  " then
        -- As tabs, with every offset where it was.
        separator, text = "\t", text:gsub("   *", function(blanks) return "\t" .. blanks:sub(2) end)
    end
    local names, offset = row_at(text, 1, separator)
    local rows = {}
    while offset <= #text and #rows < max_rows do
        local values, following = row_at(text, offset, separator)
        local fields = {}
        for at, name in ipairs(names) do
            if name ~= "" and values[at] then fields[name] = values[at] end
        end
        if #values > 1 and not table.concat(values):find("^[-=:%s]*$") then
            rows[#rows + 1] = { fields = fields, offset = offset }
        end
        offset = following
    end
    return rows
end

return M
