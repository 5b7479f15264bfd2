-- A proposal in the reports of `uhost diagnose`.
local M = {}

local function lines_of(text)
    local list = {}
    for line in (text:gsub("\n$", "") .. "\n"):gmatch("(.-)\n") do list[#list + 1] = line end
    return list
end

local function code(text) return { text = text, code = true } end

-- "`a` and b" as a report's content.
local function content_of(text)
    local content, at = {}, 1
    while true do
        local first, last, inside = text:find("`([^`]+)`", at)
        if not first then break end
        content[#content + 1] = text:sub(at, first - 1)
        content[#content + 1] = code(inside)
        at = last + 1
    end
    content[#content + 1] = text:sub(at)
    return content
end

local function place_of(proposal)
    return { "In ", code(proposal.file), (" (%s), job "):format(proposal.where), code(proposal.job),
        proposal.step and ", step " or "", proposal.step and code(proposal.step) or "", ":" }
end

--- What is proposed, behind the cause's own advice.
function M.add_changes(out, report)
    local proposal = report.proposal
    if not proposal then
        if report.no_proposal then out:text(("No patch of a workflow is proposed: %s."):format(report.no_proposal)) end
        return
    end
    out:text(place_of(proposal))
    out:text(content_of(proposal.what))
end

--- What stays as it is, from the file.
---@return any[] items
function M.unchanged(report) return report.proposal and report.proposal.unchanged or {} end

function M.add_patch(out, report, title)
    if not report.proposal then return false end
    out:heading(title("YAML Patch"))
    out:text({ "Before and after; ", code("uhost workflow_guard"), " finds that all checks still run:" })
    out:code(lines_of(report.proposal.diff), { language = "diff" })
    return true
end

--- How to try it, in front of the other steps of verification.
---@return any[] items
function M.verification(report)
    local proposal = report.proposal
    if not proposal then return {} end
    return {
        { "Apply the patch to ", code(proposal.file), ": save it, and ", code("git apply FILE"), "." },
        { "See that no check got lost: ", code("uhost workflow_guard " .. proposal.file) },
    }
end

--- For `--format json`.
function M.as_json(report)
    local proposal = report.proposal
    if not proposal then return report.no_proposal and { reason = report.no_proposal } or nil end
    return { file = proposal.file, job = proposal.job, step = proposal.step or json.null, entry = proposal.entry,
        what = proposal.what, diff = proposal.diff, before = proposal.before, after = proposal.after }
end

--- Lines for a terminal.
---@return string[]? lines
---@return string what
function M.text(report)
    local proposal = report.proposal
    if not proposal then return nil, report.no_proposal and ("No patch: %s."):format(report.no_proposal) or "" end
    return lines_of(proposal.diff), ("%s: %s"):format(proposal.file, (proposal.what:gsub("`", "")))
end

return M
