-- What was found in earlier logs, in the store: how rare an entry is tells how much it says.
local M = {}

--- How often each entry was found.
---@return { counts: table<string, kb.Count>, logs: integer }
function M.read()
    local counts, logs = require("uhost.kb.history").counts()
    return { counts = counts, logs = logs }
end

-- What tells a log from others, so that one that is looked at again counts once.
local function name_of(report)
    local source = report.source
    if source.job then return ("job %d of %s"):format(source.job.id, source.repository) end
    local explanation = report.explanation and report.explanation.text:sub(1, 200) or ""
    if source.file then return ("%s, %d bytes"):format(fs.absolute(source.file), report.bytes or 0) end
    return ("%d lines, %d bytes: %s"):format(report.lines, report.bytes or 0, explanation)
end

--- Remembers what was found.
---@param reports diagnose.Report[]
function M.write(reports)
    local history = require("uhost.kb.history")
    for _, report in ipairs(reports) do
        local ids = {}
        for _, finding in ipairs(report.findings) do ids[finding.id] = finding.times end
        if report.lines > 0 then history.record(name_of(report), ids) end
    end
end

return M
