-- Findings that somebody accepted, for a time and with a reason:
--
--     # workflow_guard: allow combination_removed until 2026-12-31: the runner has no such image until then
--
-- within a job counts for that job, above the jobs for the whole file.
local M = {}

local pattern = "#%s*workflow_guard:%s*allow%s+([%w_]+)%s+until%s+(%d%d%d%d%-%d%d%-%d%d):%s*(%S[^\r\n]*)"

local function job_at(workflow, line)
    local found
    for _, job in ipairs(workflow.jobs) do
        if job.line <= line then found = job.id end
    end
    return found
end

local function comments_of(workflow)
    local comments, line = {}, 0
    if not workflow.text:find("workflow_guard:", 1, true) then return comments end
    for text in (workflow.text .. "\n"):gmatch("(.-)\n") do
        line = line + 1
        local rule, day, reason = text:match(pattern)
        if rule then
            comments[#comments + 1] = { rule = rule, until_day = day, reason = reason, job = job_at(workflow, line) }
        end
    end
    return comments
end

--- Parts findings from those that a comment of the head accepts today.
---@param findings workflow_guard.Finding[]
---@param workflows table<string, table>  by path
---@return workflow_guard.Finding[] kept
---@return workflow_guard.Finding[] suppressed
function M.apply(findings, workflows)
    local comments, today = {}, time.iso(time.now()):sub(1, 10)
    local kept, suppressed = {}, {}
    for _, finding in ipairs(findings) do
        local workflow = workflows[finding.file]
        if workflow then comments[workflow] = comments[workflow] or comments_of(workflow) end
        local by
        for _, comment in ipairs(comments[workflow] or {}) do
            if comment.rule == finding.rule and (not comment.job or comment.job == finding.job) then by = comment end
        end
        if by and by.until_day >= today then
            finding.suppressed_until, finding.reason = by.until_day, by.reason
            suppressed[#suppressed + 1] = finding
        else
            if by then finding.message = ("%s (accepted until %s)"):format(finding.message, by.until_day) end
            kept[#kept + 1] = finding
        end
    end
    return kept, suppressed
end

return M
