-- The Lua half of `yaml`: documents as plain values, values as documents, and edits that leave the rest as it is.
local edit = require("uhost.yaml.internal.edit")
local encode = require("uhost.yaml.internal.encode")

local native = ...

local M = {}

local array = json.array({})

function M.parse(text, options) return native.parse(text, options, array) end

local function check_node(node, owner)
    if type(node) ~= "table" or not node.kind then
        uhost.fail("argument", ("bad argument 'node' to '%s': expected a node of yaml.parse, got %s"):format(owner,
            type(node)))
    end
end

function M.decode(text, options) return M.parse(text, options).value end

function M.value(node)
    check_node(node, "yaml.value")
    return node.value
end

function M.get(node, ...)
    check_node(node, "yaml.get")
    return edit.find(node, { ... })
end

function M.encode(value) return encode.document(value) end

function M.edit(text, changes)
    uhost.check_argument(text, "text", "yaml.edit", "string")
    uhost.check_argument(changes, "changes", "yaml.edit", "table")
    for _, change in ipairs(changes) do text = edit.apply(text, change, M.parse) end
    return text
end

return M
