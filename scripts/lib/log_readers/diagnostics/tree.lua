-- Reports as one kind of tree, whatever they were written in: nodes with plain fields and with children.
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

return M
