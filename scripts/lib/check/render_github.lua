-- Findings as workflow commands, which GitHub Actions shows beside the lines of a pull request.
-- https://docs.github.com/actions/reference/workflow-commands-for-github-actions
local M = {}

local escapes = { ["%"] = "%25", ["\r"] = "%0D", ["\n"] = "%0A", [":"] = "%3A", [","] = "%2C" }

-- Masked before, since escaping would hide a secret from the mask.
local function data(text) return (term.visible(uhost.mask(text)):gsub("[%%\r\n]", escapes)) end
local function property(text) return (term.visible(uhost.mask(text)):gsub("[%%\r\n:,]", escapes)) end

local function command(finding)
    local properties = { "file=" .. property(finding.file) }
    if finding.line then properties[#properties + 1] = "line=" .. finding.line end
    if finding.column then properties[#properties + 1] = "col=" .. finding.column end
    if finding.end_column then properties[#properties + 1] = "endColumn=" .. finding.end_column end
    properties[#properties + 1] = "title=" .. property(finding.rule)
    local text = finding.hint and ("%s\nhint: %s"):format(finding.message, finding.hint) or finding.message
    return ("::%s %s::%s\n"):format(finding.level, table.concat(properties, ","), data(text))
end

---@param result check.Result
---@return string
function M.render(result)
    local lines = {}
    for i, finding in ipairs(result.findings) do lines[i] = command(finding) end
    return table.concat(lines)
end

return M
