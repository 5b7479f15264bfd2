-- What became of every issue whose tests were deleted, what to do about it, and the numbers under the report.
--
-- The evidence about an issue is every deletion of a file that stood for it (inside the window), and every file below
-- the audited path that stands for it at the tip: whether tests are left is judged at the tip, whatever the window.
--
-- First the fate of each deleted file: back, kept, moved or gone (lib.monthly_audit.fates says what these are). Then
-- the verdict; the first line that fits holds:
--   unknown      GitHub knows no such issue: it was deleted or transferred, or the number is a pull request's; or it
--                is of a repository that is not asked about
--   back         some deleted file is back
--   moved        all deleted files are kept: the issue has as many tests as before, under other names
--   partial      some file stands for the issue at the tip
--   moved        some file was moved: its test lives on elsewhere, so closing the issue is for a person to decide
--   out_of_sync  the issue is open
--   in_sync      the issue is closed
-- So a verdict says what became of the files, and only where they are simply gone does the issue's state decide.
local fates_of_files = require("lib.monthly_audit.fates")
local issues = require("lib.monthly_audit.issues")

local M = {}

--- The verdicts, in the order of reports.
M.order = { "out_of_sync", "moved", "partial", "back", "unknown", "in_sync" }

---@class monthly_audit.Deletion
---@field path string
---@field commit string  full id
---@field date string  ISO 8601, UTC
---@field pr integer?  the pull request that did it
---@field pr_repository string?  "owner/repo" of it, where it is not the audited one
---@field moved_to string?
---@field present boolean  whether the tip has a file of this path
---@field issues monthly_audit.Issue[]
---@field merge string?  the mainline merge that brought the deletion in
---@field in_mainline boolean?  false where the file came and went within that merge
---@field place integer?  in the walk over the audited path
---@field edited_to string?  a file that came with the deletion and may be the same test

---@class monthly_audit.Evidence
---@field path string  the audited folder or file, without a slash at its end
---@field deletions monthly_audit.Deletion[]  newest first; only of files that the mainline had
---@field passing monthly_audit.Deletion[]?  of files that it never had: they only show where a file went on to
---@field outside monthly_audit.Deletion[]?  of files that were moved out of the audited path, and are not there
---@field absent table<string, boolean>?  by path outside of the audited one: whether the tip lacks the file
---@field tip table<string, monthly_audit.Issue[]>  every file below the path at the tip, and its issues
---@field states table<monthly_audit.Issue, table>  what `github.issue_states` says of each issue with a deletion

---@class monthly_audit.Verdict
---@field issue monthly_audit.Issue
---@field verdict "out_of_sync"|"partial"|"moved"|"in_sync"|"back"|"unknown"
---@field state string?  "open", "closed"; for `unknown`: "missing", "transferred", "pull_request", "not_asked"
---@field state_reason string?  "reopened", "completed", "not_planned" …
---@field title string?
---@field url string?
---@field files monthly_audit.Deletion[]  newest first
---@field remaining string[]  the files that stand for it at the tip, sorted
---@field fates monthly_audit.Fate[]  one for each deleted path
---@field transferred_to string?  "owner/repo#N"
---@field action string  what to do, one sentence
---@field attention boolean  whether there is anything to do

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

-- What to do ----------------------------------------------------------------------------------------------------------

-- "a.rs", "a.rs and b.rs", "a.rs, b.rs and 3 more".
local function join_paths(paths)
    if #paths <= 2 then return table.concat(paths, " and ") end
    return ("%s, %s and %d more"):format(paths[1], paths[2], #paths - 2)
end

-- The places of the fates of one kind, each once; of those that are sure or edited only, if asked.
local function places(fates, what, edited)
    local list, seen = {}, {}
    for _, fate in ipairs(fates) do
        local fits = fate.what == what and (edited == nil or edited == (fate.edited or false))
        if fits and not seen[fate.where] then
            seen[fate.where] = true
            list[#list + 1] = fate.where
        end
    end
    table.sort(list)
    return list
end

-- When the last of its files went away, wherever it was then.
local function day(verdict)
    local latest = verdict.files[1].date
    for _, fate in ipairs(verdict.fates) do
        if fate.last.date > latest then latest = fate.last.date end
    end
    return latest:sub(1, 10)
end

-- Issues that a list of places stands for at the tip, as text; "" when none of them is below the audited path.
local function successors(paths, tip)
    local list, seen = {}, {}
    for _, path in ipairs(paths) do
        for _, issue in ipairs(tip[path] or {}) do
            if not seen[issue] then
                seen[issue] = true
                list[#list + 1] = issues.text(issue)
            end
        end
    end
    return table.concat(list, ", ")
end

local by_verdict = {}

local function gone(verdict)
    return ("%s gone since %s"):format(#verdict.fates == 1 and "its test is" or "all its tests are", day(verdict))
end

function by_verdict.out_of_sync(verdict) return "close the issue: " .. gone(verdict), true end

function by_verdict.in_sync(verdict) return "nothing to do: closed, and " .. gone(verdict), false end

function by_verdict.partial(verdict)
    local left = #verdict.remaining
    local remain = left == 1 and "1 test remains" or ("%d tests remain"):format(left)
    remain = ("%s (%s)"):format(remain, join_paths(verdict.remaining))
    if verdict.state == "open" then return "keep the issue open: " .. remain, false end
    return "reopen the issue, or delete what is left: it is closed, yet " .. remain, true
end

function by_verdict.back(verdict)
    local back = places(verdict.fates, "back")
    local again = ("%s %s there again"):format(join_paths(back), #back == 1 and "is" or "are")
    if verdict.state == "open" then return "keep the issue open: " .. again, false end
    return "reopen the issue, or delete the test: it is closed, yet " .. again, true
end

local function renamed(verdict)
    local now = join_paths(places(verdict.fates, "kept"))
    if verdict.state == "open" then return ("nothing to do: the test is now %s"):format(now), false end
    return ("reopen the issue, or delete the test: it is closed, yet the test is now %s"):format(now), true
end

function by_verdict.moved(verdict, evidence)
    local away = places(verdict.fates, "moved")
    if #away == 0 then return renamed(verdict) end
    local where, others = join_paths(away), successors(away, evidence.tip)
    if verdict.state == "closed" then return ("nothing to do: closed, and the test is now %s"):format(where), false end
    if #places(verdict.fates, "moved", false) == 0 then
        return ("look at %s, which came when the test was deleted: it may be the same test, edited"):format(where), true
    end
    if others ~= "" then
        return ("check whether %s took its place, then close the issue: the test is now %s"):format(others, where), true
    end
    return ("check that it is fixed, then close the issue: the test is now %s"):format(where), true
end

function by_verdict.unknown(verdict)
    if verdict.state == "transferred" then
        if verdict.transferred_to then
            return ("look at %s: the issue was transferred there"):format(verdict.transferred_to), true
        end
        return "find out where the issue was transferred to", true
    end
    if verdict.state == "not_asked" then
        return "look at it, or have GitHub asked about its repository: --also OWNER/NAME", true
    end
    if verdict.state == "pull_request" then
        return ("find the issue it was about: %s is a pull request"):format(issues.text(verdict.issue)), true
    end
    return ("check the number: GitHub has no issue %s, or it was deleted"):format(issues.text(verdict.issue)), true
end

-- What to do about a verdict, one sentence, and whether it needs a person's attention.
local function action_for(verdict, evidence) return by_verdict[verdict.verdict](verdict, evidence) end

-- Verdicts ------------------------------------------------------------------------------------------------------------

local function judge(evidence, index, issue, deletions, remaining)
    local answer = evidence.states[issue]
    local fates = fates_of_files.of(evidence, index, issue, deletions)
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
    verdict.action, verdict.attention = action_for(verdict, evidence)
    return verdict
end

--- The verdicts on all issues with a deletion: in the order of `order`, then by issue.
---@param evidence monthly_audit.Evidence
---@return monthly_audit.Verdict[]
function M.verdicts(evidence)
    local by_issue = deletions_by_issue(evidence.deletions)
    local remaining = remaining_by_issue(evidence.tip, by_issue)
    local index = fates_of_files.index(evidence)
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

-- Numbers -------------------------------------------------------------------------------------------------------------

local function percent(part, whole)
    if whole == 0 then return 0 end
    return math.floor(1000 * part / whole + 0.5) / 10
end

-- The state that a deleted file counts under: "open" if any of its issues is, else "closed" if any is.
local function file_state(deletion, states)
    local found
    for _, issue in ipairs(deletion.issues) do
        local answer = states[issue]
        local state = answer and answer.kind == "issue" and answer.state
        if state == "open" then return state end
        found = found or state or nil
    end
    return found
end

---@class monthly_audit.Statistics
---@field deleted_files integer  deletions in the window; a file that was deleted twice counts twice
---@field files_without_issue integer
---@field files_with_open_issue integer
---@field files_with_open_issue_percent number  of deleted_files, to one decimal
---@field files_with_closed_issue integer  and no open one
---@field files_with_closed_issue_percent number
---@field issues integer
---@field fully_cleaned_up integer  issues that are closed and have no test left
---@field needing_attention integer  issues about which there is something to do
---@field out_of_sync integer
---@field moved integer
---@field partial integer
---@field back integer
---@field unknown integer
---@field in_sync integer

--- Counts evidence and verdicts.
---@param evidence monthly_audit.Evidence
---@param verdicts monthly_audit.Verdict[]
---@return monthly_audit.Statistics
function M.statistics(evidence, verdicts)
    local stats = {
        deleted_files = #evidence.deletions, files_without_issue = 0,
        files_with_open_issue = 0, files_with_closed_issue = 0,
        issues = #verdicts, fully_cleaned_up = 0, needing_attention = 0,
        out_of_sync = 0, moved = 0, partial = 0, back = 0, unknown = 0, in_sync = 0,
    }
    local function count(name) stats[name] = stats[name] + 1 end
    for _, deletion in ipairs(evidence.deletions) do
        if #deletion.issues == 0 then count "files_without_issue" end
        local state = file_state(deletion, evidence.states)
        if state then count("files_with_" .. state .. "_issue") end
    end
    for _, verdict in ipairs(verdicts) do
        count(verdict.verdict)
        if verdict.attention then count "needing_attention" end
        if verdict.state == "closed" and #verdict.remaining == 0 then count "fully_cleaned_up" end
    end
    stats.files_with_open_issue_percent = percent(stats.files_with_open_issue, stats.deleted_files)
    stats.files_with_closed_issue_percent = percent(stats.files_with_closed_issue, stats.deleted_files)
    return stats
end

return M
