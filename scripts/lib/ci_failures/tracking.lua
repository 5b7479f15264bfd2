-- One issue for each cause: what is to be done with each, and doing it.
--
-- An issue is found by the marker in its body, whatever its title is by now. Two runs at the same time, and one that
-- was stopped half-way, end with one issue: `github.Repository:ensure_issue` and `ensure_comment` see to that.
local failures_of = require("lib.ci_failures.failures")
local issue_text = require("lib.ci_failures.issue")
local store_of = require("lib.ci_failures.store")
local untrusted = require("lib.ci_failures.untrusted")

local M = {}

local label = "ci-failure"
local one_day_s = 86400
local trusted = { OWNER = true, MEMBER = true, COLLABORATOR = true }
local max_commits = 250

---@class ci_failures.Action
---@field kind "create"|"update"|"reopen"|"close"|"none"
---@field failure ci_failures.Failure
---@field issue github.Issue?
---@field title string
---@field body string?
---@field comment { marker: string, body: string }?
---@field why string  for people
---@field is_older boolean?  the issue has the older identifier, not the marker

-- Finding issues ------------------------------------------------------------------------------------------------------

-- What is labelled: by marker, and by older identifier. Anybody may write either, so an author who may not write to the
-- repository is not believed here; `find_issue` knows the token's own account.
local function labelled_issues(repo)
    local by_marker, others = {}, {}
    for issue in repo:issues{ labels = { label }, state = "all", sort = "created", direction = "asc" } do
        local marker
        for _, name in ipairs(issue.markers) do marker = marker or name:match("^ci_failure:(%x+)$") end
        if trusted[issue.author_association or ""] and marker then
            local known = by_marker[marker]
            if not known or known.state == "closed" then by_marker[marker] = issue end
        elseif trusted[issue.author_association or ""] then
            others[#others + 1] = issue
        end
    end
    return { by_marker = by_marker, others = others }
end

-- An issue that an older program opened: it names the MD5 of workflow and job. Once it stands for a cause, its text has
-- that cause's fingerprint.
local function older_issue(known, failure)
    for _, issue in ipairs(known.others) do
        local names_job = issue.body:find(failure.older, 1, true)
        local names_cause = issue.body:find("Failure id: `(%x+)`")
        local is_ours = not names_cause or issue.body:find(("Failure id: `%s`"):format(failure.fingerprint), 1, true)
        if names_job and is_ours and not known.taken[issue.number] then
            known.taken[issue.number] = true
            return issue
        end
    end
end

-- Without a store, or with a window that begins later, the first test that failed may be another one than when the
-- issue was opened: it lists its tests.
local function issue_of_tests(context, known, failure)
    if failure.cause.kind ~= "tests" or known.by_marker[failure.fingerprint] then return end
    for _, fingerprint in ipairs(tables.sorted_keys(known.by_marker)) do
        local tests, is_cut = issue_text.listed_tests(known.by_marker[fingerprint].body, failure)
        if tests and #tests > 0 and failures_of.are_alike(tests, failure.cause.tests, is_cut) then
            store_of.keep(context.store, context.repo.name, failures_of.regroup(failure, fingerprint))
            return
        end
    end
end

local function find(repo, known, failure)
    local issue = known.by_marker[failure.fingerprint]
    if issue then return issue end
    issue = older_issue(known, failure)
    if issue then return issue, true end
    return repo:find_issue{ marker = issue_text.marker(failure), labels = { label } }
end

-- Details -------------------------------------------------------------------------------------------------------------

local function subject_of(commit) return (commit.message or ""):match("^[^\n]*") end

local function compare(repo, failure)
    local first = failure.occurrences[1].run
    if not failure.before or failure.before.head_sha == first.head_sha then return { commits = {}, total = 0 } end
    local found = repo:compare(failure.before.head_sha, first.head_sha, { limit = max_commits })
    local suspects = { commits = {}, total = found and #found.commits or 0 }
    for i = suspects.total, math.max(1, suspects.total - 19), -1 do
        local commit = found.commits[i]
        local subject = subject_of(commit)
        table.insert(suspects.commits, {
            sha = commit.id, subject = subject, author = commit.author and commit.author.name,
            pull = tonumber(subject:match("%(#(%d+)%)") or subject:match("^Merge pull request #(%d+)")),
        })
    end
    return suspects
end

-- Between the last green run and the first red one; looked for once, because that does not change.
local function suspects_of(context, failure)
    local known = store_of.fingerprint(context.store, context.repo.name, failure.fingerprint)
    if known and known.suspects then return known.suspects end
    local suspects = compare(context.repo, failure)
    store_of.keep_fingerprint(context.store, context.repo.name, failure.fingerprint, { suspects = suspects })
    return suspects
end

local function facts_of(failure)
    local cause = failure.cause
    return {
        key = cause.key, kind = cause.kind, entry = cause.entry, title = cause.title, line = cause.line,
        workflow = failure.workflow, job = failure.job, tests = cause.tests, file = cause.file,
    }
end

local function owners_of(context, failure)
    local owners = context.rules:call("owners", facts_of(failure))
    if #owners > 0 then return owners end
    if failure.cause.owner then return { failure.cause.owner } end
    local file = failure.cause.file
    local all = file and context.repo:code_owners({ file }) or {}
    return all[file] or {}
end

local function details_of(context, failure)
    return {
        suspects = suspects_of(context, failure), owners = owners_of(context, failure),
        close_after_green = context.data.close_after_green,
    }
end

-- Deciding ------------------------------------------------------------------------------------------------------------

local function newest(failure) return failure.occurrences[#failure.occurrences] end

local function unspoken(failure, text)
    local count = 0
    for i = #failure.occurrences, 1, -1 do
        if text:find(failure.occurrences[i].run.head_sha, 1, true) then break end
        count = count + 1
    end
    return count
end

-- One comment for a commit, so many in a day, and then one that says that there are no more.
local function comment_of(context, failure, issue)
    local marker, last = issue_text.marker(failure), newest(failure).run
    if issue.body:find(last.head_sha, 1, true) then return nil end
    local today, quiet = 0, ("%s:quiet:%s"):format(marker, time.date(time.now()))
    local of_commit = ("%s:%s"):format(marker, last.head_sha:sub(1, 12))
    for comment in context.repo:comments(issue.number, { since = time.iso(time.now() - one_day_s) }) do
        for _, name in ipairs(comment.markers) do
            if name == of_commit or name == quiet then return nil end
            if name:sub(1, #marker + 1) == marker .. ":" then today = today + 1 end
        end
    end
    if today >= context.data.comments_per_day then
        return { marker = quiet, body = issue_text.quiet(context.data.comments_per_day) }
    end
    local new = unspoken(failure, issue.body)
    return { marker = of_commit, body = issue_text.again(context.repo.name, failure, new) }
end

local function fixed_comment(failure)
    return {
        marker = ("%s:fixed:%d"):format(issue_text.marker(failure), failure.fixed_by.id),
        body = issue_text.fixed(failure),
    }
end

local function body_of(context, failure, is_older)
    local body = issue_text.body(context.repo.name, failure, details_of(context, failure))
    return is_older and ("%s\n\nOlder id: `%s`\n"):format(body, failure.older) or body
end

local function decide_open(context, failure, issue, is_older)
    local is_fixed = failure.green >= context.data.close_after_green
    if is_fixed then
        return { kind = "close", comment = fixed_comment(failure),
            why = ("the job succeeded in %d runs since"):format(failure.green) }
    end
    local body, comment = body_of(context, failure, is_older), comment_of(context, failure, issue)
    local is_same = (issue.body:gsub("\r\n", "\n"):gsub("%s+$", "")) == (body:gsub("%s+$", ""))
    if is_same and not comment then return { kind = "none", why = "the issue says all that is known" } end
    return { kind = "update", body = body, comment = comment,
        why = ("%d occurrences"):format(#failure.occurrences) }
end

local function decide_closed(context, failure, issue, is_older)
    local last, closed_at = newest(failure).run, issue.closed_at or issue.updated_at
    if last.created_at <= closed_at then return { kind = "none", why = "it was closed after the last failure" } end
    if issue.reason == "not_planned" then return { kind = "none", why = "it was closed as not planned" } end
    if time.parse(last.created_at) - time.parse(closed_at) > context.data.reopen_days * one_day_s then
        return { kind = "create", why = ("issue %d was closed long ago"):format(issue.number) }
    end
    local comment = comment_of(context, failure, issue)
    return { kind = "reopen", body = body_of(context, failure, is_older), comment = comment, why = "it came back" }
end

local function decide_one(context, known, failure)
    local is_fixed = failure.green >= context.data.close_after_green
    issue_of_tests(context, known, failure)
    local issue, is_older = find(context.repo, known, failure)
    local action
    if issue and issue.state == "open" then
        action = decide_open(context, failure, issue, is_older)
    elseif is_fixed then
        action = { kind = "none", why = "it is fixed already" }
    elseif issue then
        action = decide_closed(context, failure, issue, is_older)
    else
        action = { kind = "create", why = "it has no issue yet" }
    end
    if action.kind == "create" then
        if context.created >= context.data.max_new_issues then
            action = { kind = "none", is_over_limit = true,
                why = ("%d new issues at a time are enough (policy)"):format(context.data.max_new_issues) }
        else
            context.created = context.created + 1
            action.body, issue = body_of(context, failure), nil
        end
    end
    action.failure, action.issue, action.is_older = failure, issue, is_older and issue ~= nil
    action.title = issue and issue.title or issue_text.title(failure)
    return action
end

---@class ci_failures.Context
---@field repo github.Repository
---@field store db.Connection
---@field rules policy.Policy

--- What is to be done about failures. Asks, and changes nothing but the store. What cannot be looked up raises, so that
--- no issue is opened because one was not found.
---@param context ci_failures.Context
---@param failures ci_failures.Failure[]
---@return ci_failures.Action[]
function M.decide(context, failures)
    context.data, context.created = context.rules:data(), 0
    local known = #failures > 0 and labelled_issues(context.repo) or { by_marker = {}, others = {} }
    known.taken = {}
    local actions = {}
    for i, failure in ipairs(failures) do actions[i] = decide_one(context, known, failure) end
    return actions
end

--- What the policy's `fingerprint` is asked with.
M.facts_of = facts_of

-- Doing ---------------------------------------------------------------------------------------------------------------

local words = { create = "new", reopen = "again", close = "fixed" }
local severities = { new = "warning", again = "warning", fixed = "info" }

local function event_of(context, action, issue)
    local word = words[action.kind] or action.comment and "again"
    if not word then return nil end
    local failure, name = action.failure, context.repo.name
    local run = word == "fixed" and failure.fixed_by or newest(failure).run
    return {
        kind = "ci_failures." .. word, key = ("%s %s %s %d"):format(name, failure.fingerprint, word, run.id),
        severity = severities[word], title = issue_text.title(failure),
        text = failure.cause.line and ("    %s"):format(untrusted.clean(failure.cause.line)) or nil,
        url = issue.url or run.url,
        data = {
            repository = name, workflow = failure.workflow, job = failure.job, fingerprint = failure.fingerprint,
            issue = issue.number, branch = run.branch, commit = run.head_sha, entry = failure.cause.entry,
            occurrences = #failure.occurrences, thread = ("%s %s"):format(name, failure.fingerprint),
        },
    }
end

local function label_names(data)
    local names = {}
    for i, each in ipairs(data.labels) do names[i] = each.name end
    return names
end

local function write_issue(context, action)
    local repo = context.repo
    if action.is_older then
        if action.kind == "reopen" then repo:reopen_issue(action.issue.number) end
        local updated = repo:update_issue(action.issue.number, { body = action.body, cut = true })
        return updated.planned and action.issue or updated
    end
    local issue = repo:ensure_issue{
        marker = issue_text.marker(action.failure), title = action.title, body = action.body,
        labels = label_names(context.data), reopen = action.kind == "reopen", cut = true,
    }
    return issue.planned and (action.issue or issue) or issue
end

local function perform(context, action)
    local issue, state = action.issue, "open"
    if action.kind ~= "close" then issue = write_issue(context, action) end
    -- The comment comes first: who is stopped in between finds it, and closes the issue.
    if action.comment and issue.number then context.repo:ensure_comment(issue.number, action.comment) end
    if action.kind == "close" then
        context.repo:close_issue(issue.number, { reason = "completed" })
        state = "closed"
    end
    local known = { issue = issue.number, state = state, fixed_at = state == "closed"
        and action.failure.fixed_by.created_at or nil }
    store_of.keep_fingerprint(context.store, context.repo.name, action.failure.fingerprint, known,
        event_of(context, action, issue))
    action.issue = issue.number and issue or action.issue
end

--- Does what was decided, in order.
---@param context ci_failures.Context
---@param actions ci_failures.Action[]
function M.perform(context, actions)
    local has_labels = false
    for _, action in ipairs(actions) do
        if action.kind ~= "none" then
            if not has_labels and action.kind ~= "close" then
                context.repo:ensure_labels(context.data.labels)
                has_labels = true
            end
            perform(context, action)
        end
    end
end

return M
