-- Findings as workflow commands, which GitHub Actions shows beside the lines of a pull request.
local workflow_command = require("lib.workflow_command")

local M = {}

local function command(finding)
    local text = finding.hint and ("%s\nhint: %s"):format(finding.message, finding.hint) or finding.message
    return workflow_command.annotation(finding.level, {
        file = finding.file, line = finding.line, col = finding.column, endColumn = finding.end_column,
        title = finding.rule,
    }, text)
end

---@param result check.Result
---@return string
function M.render(result)
    local lines = {}
    for i, finding in ipairs(result.findings) do lines[i] = command(finding) end
    return table.concat(lines)
end

return M
