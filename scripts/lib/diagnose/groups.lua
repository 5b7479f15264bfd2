-- Logs that failed for the same reason: a matrix of jobs often does.
local M = {}

--- A line without what differs between runs of the same failure.
---@param line string
---@return string
function M.template(line)
    return (line:gsub("%x%x%x%x%x%x%x+", "#"):gsub("%d+", "#"):gsub("%s+", " "))
end

local function key_of(report)
    local lead = report.headline.kind == "cause" and report.findings[1]
    if lead then return lead.id .. "\n" .. M.template(lead.line) end
    local explanation = report.explanation
    return "?\n" .. M.template(explanation and explanation.text or report.name)
end

---@class diagnose.Group
---@field report diagnose.Report  that is shown
---@field same diagnose.Report[]  others with the same cause

--- Groups in the order of their first logs, known causes before unknown ones.
---@param reports diagnose.Report[]
---@return diagnose.Group[]
function M.of(reports)
    local by_key, known, unknown = {}, {}, {}
    for _, report in ipairs(reports) do
        local key = key_of(report)
        if by_key[key] then
            table.insert(by_key[key].same, report)
        else
            by_key[key] = { report = report, same = {} }
            table.insert(report.is_known and known or unknown, by_key[key])
        end
    end
    for _, group in ipairs(unknown) do known[#known + 1] = group end
    return known
end

return M
