-- The expressions that stand in a workflow, each with its place.
local M = {}

local function visit_text(node, path, visit)
    local key = path[#path]
    if key ~= "if" and not node.text:find("${{", 1, true) then return end
    if key == "if" and not node.text:find("${{", 1, true) then return visit(node.text, node, path) end
    for expression in node.text:gmatch("%${{(.-)}}") do visit(expression, node, path) end
end

--- Visits each expression below a node: its text without `${{ }}`, the scalar that has it, and the keys to there.
---@param node yaml.Node
---@param visit fun(expression: string, scalar: yaml.Node, path: (string|integer)[])
---@param path? (string|integer)[]
function M.each(node, visit, path)
    path = path or {}
    if node.kind == "scalar" then
        if node.text then visit_text(node, path, visit) end
    elseif node.kind == "sequence" then
        for i, item in ipairs(node.items) do
            path[#path + 1] = i
            M.each(item, visit, path)
            path[#path] = nil
        end
    else
        for _, entry in ipairs(node.entries) do
            path[#path + 1] = entry.key.text
            M.each(entry.value, visit, path)
            path[#path] = nil
        end
    end
end

--- The names that an expression asks for: "steps.build.outputs.x", "matrix.os"; texts in quotes are left out.
---@param expression string
---@return fun(): string?
function M.names(expression)
    local plain = expression:gsub("'[^']*'", "''"):gsub("%[%s*''%s*%]", ".*")
    return plain:gmatch("%f[%w_][%a_][%w_%-]*%.[%w_%-%.%*]+")
end

return M
