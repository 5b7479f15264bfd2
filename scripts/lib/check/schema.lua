-- Holds what a rule file returns against the schema of its kind: that of knowledge bases, or that which the workflow
-- declares for its policy, in scripts/lib/schemas.
local kb = require("lib.check.kb")
local schemas = require("uhost.policy.schema")

local M = {}

--- The schema of a policy; nil if no workflow of uhost declares one.
---@param file check.RuleFile
---@return table?
function M.of(file)
    if file.kb or not fs.exists(fs.join(uhost.share, "scripts/lib/schemas", file.name .. ".lua")) then return nil end
    return require("lib.schemas." .. file.name:gsub("/", "."))
end

-- What is missing in the user's file may be in the shipped one below it.
local function is_below(problem, below)
    if not below or problem.code ~= "missing" then return false end
    return below.data[problem.path] ~= nil or below.functions[problem.path] ~= nil
end

---@param file check.RuleFile
---@param below? { data: table, functions: table }
---@param context check.Context
function M.check(file, below, context)
    if file.kb then return kb.check(file, context) end
    local schema = M.of(file)
    if not schema then return end
    local _, problems = schemas.check(schema, file.data, file.functions)
    for _, problem in ipairs(problems) do
        if not is_below(problem, below) then
            file:report(file:place_of(problem.path), "schema", ("'%s' %s"):format(problem.path, problem.message),
                problem.hint)
        end
    end
end

--- The field of a schema that a path is described by, or nil.
---@param schema? table
---@param steps string[]
---@return table?
function M.field_at(schema, steps)
    local field = schema
    for _, step in ipairs(steps) do
        if not field then return nil end
        field = field.fields and field.fields[step] or field.of
    end
    return field
end

return M
