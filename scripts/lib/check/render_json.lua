-- Findings as JSON, with a line feed at its end:
--
--     { "version": 1, "files": 3, "errors": 1, "warnings": 0, "findings": [ {
--         "file", "line", "column", "end_column", "level", "rule", "message", "hint" } ] }
--
-- Columns are characters, from 1. What is not known is null. Fields may be added, not changed.
local M = {}

local function entry(finding)
    local made = {}
    for _, field in ipairs({ "file", "line", "column", "end_column", "level", "rule", "message", "hint" }) do
        made[field] = finding[field] == nil and json.null or finding[field]
    end
    return made
end

---@param result check.Result
---@return string
function M.render(result)
    local list = json.array({})
    for i, finding in ipairs(result.findings) do list[i] = entry(finding) end
    return json.encode({
        version = 1, files = result.files, errors = result.errors, warnings = result.warnings, findings = list,
    }, { indent = 2, invalid_utf8 = "replace" }) .. "\n"
end

return M
