-- What became of every issue whose tests were deleted.
--
-- The evidence about an issue is every deletion of a file that stood for it (inside the window), and every file below
-- the audited path that stands for it at the tip: whether tests are left is judged at the tip, whatever the window.
--
-- First the fate of each deleted file. The last deletion of a path counts, and moves are followed from deletion to
-- deletion, so that a file that was renamed first and deleted later is gone:
--   back   the tip has a file of this path, and it stands for the issue
--   kept   it was renamed to a file that stands for the issue at the tip
--   moved  it was renamed to a place outside of the audited path, or to a file that stands for other issues now
--   gone   anything else
--
-- Then the verdict; the first line that fits holds:
--   unknown      GitHub knows no such issue: it was deleted or transferred, or the number is a pull request's
--   back         some deleted file is back
--   moved        all deleted files are kept: the issue has as many tests as before, under other names
--   partial      some file stands for the issue at the tip
--   moved        some file was moved: its test lives on elsewhere, so closing the issue is for a person to decide
--   out_of_sync  the issue is open
--   in_sync      the issue is closed
-- So a verdict says what became of the files, and only where they are simply gone does the issue's state decide.
local issues = require("lib.monthly_audit.issues")
local advice = require("lib.monthly_audit.advice")

local M = {}

--- The verdicts, in the order of reports.
M.order = { "out_of_sync", "moved", "partial", "back", "unknown", "in_sync" }

---@class monthly_audit.Deletion
---@field path string
---@field commit string  full id
---@field date string  ISO 8601, UTC
---@field pr integer?  the pull request that did it
---@field moved_to string?
---@field present boolean  whether the tip has a file of this path
---@field issues monthly_audit.Issue[]

---@class monthly_audit.Evidence
---@field path string  the audited folder, without a slash at its end
---@field deletions monthly_audit.Deletion[]  newest first
---@field tip table<string, monthly_audit.Issue[]>  every file below the path at the tip, and its issues
---@field states table<monthly_audit.Issue, table>  what `github.issue_states` says of each issue with a deletion

---@class monthly_audit.Fate
---@field what "back"|"kept"|"moved"|"gone"
---@field where string?  the file, unless it is gone
---@field deletion monthly_audit.Deletion

---@class monthly_audit.Verdict
---@field issue monthly_audit.Issue
---@field verdict "out_of_sync"|"partial"|"moved"|"in_sync"|"back"|"unknown"
---@field state string?  "open", "closed"; for `unknown`: "missing", "transferred", "pull_request"
---@field state_reason string?  "reopened", "completed", "not_planned" …
---@field title string?
---@field url string?
---@field files monthly_audit.Deletion[]  newest first
---@field remaining string[]  the files that stand for it at the tip, sorted
---@field fates monthly_audit.Fate[]  one for each deleted path
---@field transferred_to string?  "owner/repo#N"
---@field action string  what to do, one sentence
---@field attention boolean  whether there is anything to do

local function contains(list, wanted)
    for _, item in ipairs(list) do
        if item == wanted then return true end
    end
    return false
end

-- The newest deletion of every path, and the place of every deletion in the list.
local function index_deletions(deletions)
    local newest, place = {}, {}
    for i, deletion in ipairs(deletions) do
        place[deletion] = i
        newest[deletion.path] = newest[deletion.path] or deletion
    end
    return { newest = newest, place = place }
end

local function is_below(path, folder)
    return folder == "" or path:sub(1, #folder + 1) == folder .. "/"
end

-- What became of the file of a deletion, and where it is now. Ends because every step goes to a later deletion.
local function fate_of(evidence, index, issue, deletion)
    local target = deletion.moved_to
    if not target then return "gone" end
    local there = evidence.tip[target]
    if there then return contains(there, issue) and "kept" or "moved", target end
    local later = index.newest[target]
    if later and index.place[later] < index.place[deletion] then return fate_of(evidence, index, issue, later) end
    -- Not at the tip, so it went away after the window.
    if is_below(target, evidence.path) then return "gone" end
    return "moved", target
end

local function fates_of(evidence, index, issue, deletions)
    local fates = {}
    for _, deletion in ipairs(deletions) do
        if index.newest[deletion.path] == deletion then
            local fate = { what = "back", where = deletion.path, deletion = deletion }
            local here = evidence.tip[deletion.path]
            if not here or not contains(here, issue) then
                fate.what, fate.where = fate_of(evidence, index, issue, deletion)
            end
            fates[#fates + 1] = fate
        end
    end
    return fates
end

local function count_fates(fates)
    local counts = { back = 0, kept = 0, moved = 0, gone = 0 }
    for _, fate in ipairs(fates) do counts[fate.what] = counts[fate.what] + 1 end
    return counts
end

local function verdict_of(state, counts, fates, remaining)
    if state ~= "open" and state ~= "closed" then return "unknown" end
    if counts.back > 0 then return "back" end
    if counts.kept == #fates then return "moved" end
    if #remaining > 0 then return "partial" end
    if counts.moved > 0 then return "moved" end
    return state == "open" and "out_of_sync" or "in_sync"
end

-- Files at the tip by issue, for the issues in `wanted`.
local function remaining_by_issue(tip, wanted)
    local remaining = {}
    for path, keys in pairs(tip) do
        for _, issue in ipairs(keys) do
            if wanted[issue] then
                remaining[issue] = remaining[issue] or {}
                table.insert(remaining[issue], path)
            end
        end
    end
    for _, paths in pairs(remaining) do table.sort(paths) end
    return remaining
end

local function deletions_by_issue(deletions)
    local by_issue = {}
    for _, deletion in ipairs(deletions) do
        for _, issue in ipairs(deletion.issues) do
            by_issue[issue] = by_issue[issue] or {}
            table.insert(by_issue[issue], deletion)
        end
    end
    return by_issue
end

local function state_of(answer)
    if not answer then return "missing" end
    if answer.kind == "issue" then return answer.state end
    return answer.kind
end

local function judge(evidence, index, issue, deletions, remaining)
    local answer = evidence.states[issue]
    local fates = fates_of(evidence, index, issue, deletions)
    local state = state_of(answer)
    local verdict = {
        issue = issue,
        verdict = verdict_of(state, count_fates(fates), fates, remaining),
        state = state,
        state_reason = answer and answer.reason,
        title = answer and answer.title,
        url = answer and answer.url,
        transferred_to = answer and answer.moved_to,
        files = deletions,
        remaining = remaining,
        fates = fates,
    }
    verdict.action, verdict.attention = advice.of(verdict, evidence)
    return verdict
end

--- The verdicts on all issues with a deletion: in the order of `order`, then by issue.
---@param evidence monthly_audit.Evidence
---@return monthly_audit.Verdict[]
function M.verdicts(evidence)
    local by_issue = deletions_by_issue(evidence.deletions)
    local remaining = remaining_by_issue(evidence.tip, by_issue)
    local index = index_deletions(evidence.deletions)
    local verdicts, rank = {}, {}
    for issue, deletions in pairs(by_issue) do
        verdicts[#verdicts + 1] = judge(evidence, index, issue, deletions, remaining[issue] or {})
    end
    for i, name in ipairs(M.order) do rank[name] = i end
    table.sort(verdicts, function(a, b)
        if a.verdict ~= b.verdict then return rank[a.verdict] < rank[b.verdict] end
        if a.attention ~= b.attention then return a.attention end
        return issues.before(a.issue, b.issue)
    end)
    return verdicts
end

return M
