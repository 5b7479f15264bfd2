-- The expressions that stand in a workflow, each with its place.
local M = {}

local function add_text(node, key, list)
    local text = node.text
    if not text:find("${{", 1, true) then
        if key == "if" then list[#list + 1] = { text = text, scalar = node } end
        return
    end
    for expression in text:gmatch("%${{(.-)}}") do list[#list + 1] = { text = expression, scalar = node } end
end

local function add(node, key, list)
    if node.kind == "scalar" then
        add_text(node, key, list)
    elseif node.kind == "sequence" then
        for _, item in ipairs(node.items) do add(item, nil, list) end
    else
        for _, entry in ipairs(node.entries) do add(entry.value, entry.key.text, list) end
    end
    return list
end

--- The expressions below a node: each without `${{ }}`, with the scalar that has it.
---@param node yaml.Node
---@return { text: string, scalar: yaml.Node }[]
function M.of(node) return add(node, nil, {}) end

--- The names that an expression asks for: "steps.build.outputs.x", "matrix.os"; texts in quotes are left out.
---@param expression string
---@return fun(): string?
function M.names(expression)
    local plain = expression:gsub("'[^']*'", "''"):gsub("%[%s*''%s*%]", ".*")
    return plain:gmatch("%f[%w_][%a_][%w_%-]*%.[%w_%-%.%*]+")
end

return M
