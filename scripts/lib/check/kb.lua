-- Knowledge base files: the shape of what is in them, and that every entry has examples. Whether these are right is for
-- `uhost test` to see.
local schema = require("uhost.kb.schema")

local M = {}

-- The patterns are looked at more closely elsewhere, and placed in their texts.
local function is_told_elsewhere(problem) return problem.message:find("^is no pattern: ") ~= nil end

---@param file check.RuleFile
function M.check(file)
    for _, problem in ipairs(schema.check(file.data, file.functions)) do
        if not is_told_elsewhere(problem) then
            local rule = problem.path:find("%.examples") and "example" or "schema"
            file:report(file:place_of(problem.path), rule, ("'%s' %s"):format(problem.path, problem.message),
                problem.hint)
        end
    end
end

return M
