-- The Lua half of `yaml`: documents as plain values, values as documents, and edits that leave the rest as it is.
local edit = require("uhost.yaml.internal.edit")
local encode = require("uhost.yaml.internal.encode")

local native = ...

local M = { parse = native.parse }

local function to_value(node)
    if node.kind == "scalar" then return node.value end
    if node.kind == "sequence" then
        local list = json.array({})
        for i, item in ipairs(node.items) do list[i] = to_value(item) end
        return list
    end
    local fields = {}
    for _, entry in ipairs(node.entries) do fields[entry.key.text] = to_value(entry.value) end
    return fields
end

local function check_node(node, owner)
    if type(node) ~= "table" or not node.kind then
        uhost.fail("argument", ("bad argument 'node' to '%s': expected a node of yaml.parse, got %s"):format(owner,
            type(node)))
    end
end

function M.decode(text, options) return to_value(native.parse(text, options)) end

function M.value(node)
    check_node(node, "yaml.value")
    return to_value(node)
end

function M.get(node, ...)
    check_node(node, "yaml.get")
    return edit.find(node, { ... })
end

function M.encode(value) return encode.document(value) end

function M.edit(text, changes)
    uhost.check_argument(text, "text", "yaml.edit", "string")
    uhost.check_argument(changes, "changes", "yaml.edit", "table")
    for _, change in ipairs(changes) do text = edit.apply(text, change, native.parse, to_value) end
    return text
end

return M
