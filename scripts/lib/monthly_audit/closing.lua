-- --close: closes the issues that are out of sync, each with a comment that says why. It is careful: what is closed is
-- of the audited repository, has lost its tests by the whole history, was never reopened by somebody, and right before
-- closing is still open and has no test, neither at the repository's tip nor in GitHub's default branch.
local classify = require("lib.monthly_audit.classify")
local collect = require("lib.monthly_audit.collect")
local demo = require("lib.monthly_audit.demo")
local issues = require("lib.monthly_audit.issues")
local moves = require("lib.monthly_audit.moves")

local M = {}

---@class monthly_audit.Closing
---@field closed monthly_audit.Issue[]  or, when `planned`, those that would be
---@field left { issue: monthly_audit.Issue, why: string, failed: boolean? }[]  out of sync, yet not closed
---@field over_limit integer  how many more the limit left for another run
---@field limit integer
---@field planned boolean  whether nothing was done: --dry-run, or the demonstration

---@class monthly_audit.Subject
---@field repo git.Repository
---@field rules policy.Policy
---@field home string
---@field options monthly_audit.Options
---@field evidence monthly_audit.Evidence

-- The verdicts by issue that all deletions lead to; none when that is what is at hand. Inside a window, a test that was
-- moved away before it goes unseen.
local function without_window(subject, verdicts)
    local options = subject.options
    if not options.from and not options.to then return {} end
    local unlimited = { path = options.path, demo = options.demo }
    local evidence = collect.files(subject.repo, subject.rules, subject.home, unlimited)
    for _, verdict in ipairs(verdicts) do
        evidence.states[verdict.issue] = subject.evidence.states[verdict.issue]
    end
    moves.find_edited(subject.repo, subject.rules, evidence, classify.verdicts(evidence))
    local by_issue = {}
    for _, verdict in ipairs(classify.verdicts(evidence)) do by_issue[verdict.issue] = verdict end
    return by_issue
end

-- Why an issue that is out of sync must not be closed, judged by what is known already; nil when it may be.
local function objection(verdict, by_whole_history)
    if type(verdict.issue) ~= "number" then return "it is of another repository" end
    if verdict.state_reason == "reopened" then return "it was reopened: whether it is fixed is for a person to say" end
    local whole = by_whole_history[verdict.issue]
    if whole and whole.verdict ~= "out_of_sync" then
        return ("by the whole history its verdict is %s"):format(whole.verdict)
    end
    return nil
end

-- Right before closing ------------------------------------------------------------------------------------------------

-- The files that stand for an issue at the tip as it is now; the tip is read again only when it has changed.
local function tests_now(subject, now, issue)
    local head = subject.repo:head()
    if head and head.id ~= now.tip_commit then
        now.tip = collect.tip(subject.repo, subject.rules, subject.home, head.id, subject.options)
        now.tip_commit = head.id
    end
    for path, keys in pairs(now.tip) do
        for _, key in ipairs(keys) do
            if key == issue then return path end
        end
    end
    return nil
end

-- A deleted file that GitHub's default branch has, which the audited tip may be ahead of, or behind.
local function file_at_github(now, verdict)
    if now.github_tip == nil then
        local commit = now.github:commit("HEAD")
        now.github_tip = commit and commit.id or false
    end
    if now.github_tip == now.tip_commit then return nil end
    local checked = {}
    for _, deletion in ipairs(verdict.files) do
        if not checked[deletion.path] then
            checked[deletion.path] = true
            if now.github:contents(deletion.path) then return deletion.path end
        end
    end
    return nil
end

local function objection_now(subject, now, verdict)
    local state = now.github:issue_states({ verdict.issue })[verdict.issue]
    if state.kind ~= "issue" then return "it is no longer an issue of this repository" end
    if state.state ~= "open" then return "it was closed meanwhile" end
    if state.reason == "reopened" then return "it was reopened meanwhile" end
    local back = tests_now(subject, now, verdict.issue)
    if back then return ("%s is there meanwhile"):format(back) end
    local there = file_at_github(now, verdict)
    return there and ("GitHub's default branch has %s"):format(there) or nil
end

local max_files = 20

-- "deleted on 2026-01-31 by #1209 in b4a4541e7", with links.
local function deletion_content(model, deletion)
    local content = { "deleted on " .. deletion.date:sub(1, 10) }
    if deletion.pr then
        content[#content + 1] = " by "
        content[#content + 1] = {
            text = issues.pull_request_text(deletion), url = issues.pull_request_url(model, deletion),
        }
    end
    content[#content + 1] = " in "
    content[#content + 1] = { text = deletion.commit:sub(1, 9), url = issues.commit_url(model, deletion.commit) }
    return content
end

-- The comment that an issue is closed with, and the name of its marker, which stays the same until another test is
-- deleted.
local function comment_for(home, site, verdict)
    local model = { home = home, site = site }
    local out, facts = report.new {}, {}
    out:text(#verdict.fates == 1 and "The crash test of this issue was deleted, and the issue stayed open:"
        or "All crash tests of this issue were deleted, and the issue stayed open:")
    for i, deletion in ipairs(verdict.files) do
        if i > max_files then
            facts[i] = { "And", ("%d more"):format(#verdict.files - max_files) }
            break
        end
        facts[i] = { deletion.path, deletion_content(model, deletion) }
    end
    out:facts(facts)
    out:text("A deleted crash test means that the crash is fixed, so this closes the issue. Should it still happen, "
        .. "reopen the issue: it will not be closed this way again.")
    return out:render("markdown"), ("monthly_audit.close:%s"):format(verdict.files[1].commit:sub(1, 12))
end

local function close(subject, now, verdict)
    local body, marker = comment_for(subject.home, now.site, verdict)
    now.github:ensure_comment(verdict.issue, { marker = marker, body = body })
    now.github:close_issue(verdict.issue, { reason = "completed" })
end

-- Failures that concern one issue only: the others are closed all the same.
local concerns_one_issue = {
    ["github.gone"] = true, ["github.not_found"] = true, ["github.invalid"] = true, ["github.forbidden"] = true,
}

local function try(subject, now, verdict, outcome)
    local ok, why = pcall(function()
        local found = objection_now(subject, now, verdict)
        if not found then close(subject, now, verdict) end
        return found
    end)
    if ok and not why then
        outcome.closed[#outcome.closed + 1] = verdict.issue
        return
    end
    if not ok and not (uhost.is_error(why) and concerns_one_issue[why.kind]) then error(why, 0) end
    outcome.left[#outcome.left + 1] = { issue = verdict.issue, why = ok and why or why.message, failed = not ok }
end

-- The issues to close, in order, and in `outcome.left` those that are not to be closed.
local function candidates(subject, verdicts, outcome)
    local list, by_whole_history = {}, nil
    for _, verdict in ipairs(verdicts) do
        if verdict.verdict == "out_of_sync" then
            by_whole_history = by_whole_history or without_window(subject, verdicts)
            local why = objection(verdict, by_whole_history)
            if why then
                outcome.left[#outcome.left + 1] = { issue = verdict.issue, why = why }
            elseif #list < outcome.limit then
                list[#list + 1] = by_whole_history[verdict.issue] or verdict
            else
                outcome.over_limit = outcome.over_limit + 1
            end
        end
    end
    return list
end

local function log_outcome(outcome)
    for _, left in ipairs(outcome.left) do
        local text = ("%s stays open: %s"):format(issues.text(left.issue), left.why)
        if left.failed then log.error(text) else log.info(text) end
    end
    if outcome.over_limit > 0 then
        log.warn(("%d more issues could be closed; a run closes %d at most (--close-limit N for more)"):format(
            outcome.over_limit, outcome.limit))
    end
end

--- Closes issues, and gives what became of each that is out of sync. Under --dry-run everything is looked at and the
--- plan has the rest; in the demonstration nothing is asked either.
---@param subject monthly_audit.Subject
---@param verdicts monthly_audit.Verdict[]
---@param site string  "https://github.com"
---@return monthly_audit.Closing
function M.run(subject, verdicts, site)
    local options = subject.options
    local outcome = {
        closed = {}, left = {}, over_limit = 0, limit = options.close_limit,
        planned = options.demo or uhost.dry_run,
    }
    local list = candidates(subject, verdicts, outcome)
    if options.demo then
        for _, verdict in ipairs(list) do
            outcome.closed[#outcome.closed + 1] = verdict.issue
            demo.plan("github.close_issue", ("%s#%d"):format(subject.home, verdict.issue), "close it as completed")
        end
        return outcome
    end
    local evidence = subject.evidence
    local now = {
        tip = evidence.tip, tip_commit = evidence.tip_commit, site = site,
        github = github.repository(subject.home),
    }
    for _, verdict in ipairs(list) do try(subject, now, verdict, outcome) end
    log_outcome(outcome)
    return outcome
end

return M
