-- Reports of `check` and `track`.
local characters = require("uhost.notify.text")
local counted = require("lib.counted")
local untrusted = require("lib.ci_failures.untrusted")

local M = {}

local null = json.null

local done = { create = "opened", update = "updated", reopen = "reopened", close = "closed", none = "left" }
local planned = { create = "open", update = "update", reopen = "reopen", close = "close", none = "leave" }

local function what(action, model)
    local word = (model.is_done and done or planned)[action.kind]
    local issue = action.issue
    if not issue or not issue.number then return word end
    return { word .. " ", { text = ("#%d"):format(issue.number), url = issue.url } }
end

local function failure_of(action, repository)
    local failure = action.failure
    local first, last = failure.occurrences[1].run, failure.occurrences[#failure.occurrences].run
    local cause = failure.cause
    return {
        fingerprint = failure.fingerprint, workflow = failure.workflow, job = failure.job,
        cause = untrusted.line(cause.title), kind = cause.kind, entry = cause.entry or null,
        line = cause.line and untrusted.line(cause.line) or null, line_number = cause.line_number or null,
        tests = json.array(cause.tests), occurrences = #failure.occurrences, first_seen = first.created_at,
        last_seen = last.created_at, last_run = last.url, commit = last.head_sha, branch = last.branch,
        green_since = failure.green, repository = repository,
        action = {
            kind = action.kind, why = action.why, title = action.title,
            issue = action.issue and action.issue.number or null, url = action.issue and action.issue.url or null,
            body = action.body or null, comment = action.comment and action.comment.body or null,
        },
    }
end

local function as_json(model)
    local failures, left_out = {}, {}
    for i, action in ipairs(model.actions) do failures[i] = failure_of(action, model.repository) end
    for i, each in ipairs(model.left_out) do
        left_out[i] = { run = each.run.id, conclusion = each.run.conclusion, why = each.why, url = each.run.url }
    end
    return json.encode({
        repository = model.repository, runs = model.runs, read = model.read, failures = json.array(failures),
        left_out = json.array(left_out), is_done = model.is_done,
    }, { indent = 2 }) .. "\n"
end

local function rows_of(model)
    local rows = {}
    for i, action in ipairs(model.actions) do
        local failure = action.failure
        rows[i] = {
            job = ("%s › %s"):format(failure.workflow_name, failure.job),
            cause = characters.cut(untrusted.line(failure.cause.title), 160), times = #failure.occurrences,
            last = failure.occurrences[#failure.occurrences].run.created_at:sub(1, 10),
            action = what(action, model), why = action.why,
        }
    end
    return rows
end

-- How many runs were left out for each reason.
local function reasons_of(model)
    local counts, order = {}, {}
    for _, each in ipairs(model.left_out) do
        if not counts[each.why] then order[#order + 1] = each.why end
        counts[each.why] = (counts[each.why] or 0) + 1
    end
    local items = {}
    for i, why in ipairs(order) do items[i] = ("%s: %s"):format(counted(counts[why], "run"), why) end
    return items
end

local function document(model)
    local out = report.new{ title = ("Failures of the CI of %s"):format(model.repository) }
    out:text(("%s looked at, %d of them read anew. %s."):format(counted(model.runs, "run"), model.read,
        counted(#model.actions, "distinct cause")))
    out:table{ empty = "Nothing has failed.", columns = {
        { key = "job", title = "Job" }, { key = "cause", title = "Cause" }, { key = "times", title = "Runs" },
        { key = "last", title = "Last", wrap = false }, { key = "action", title = "Issue" },
        { key = "why", title = "Why" },
    }, rows = rows_of(model) }
    local reasons = reasons_of(model)
    if #reasons > 0 then
        out:text("Failed runs that do not count:")
        out:list(reasons)
    end
    return out
end

--- The report in a format.
---@param model table
---@param format string
---@param color boolean
---@return string
function M.render(model, format, color)
    if format == "json" then return as_json(model) end
    return document(model):render(format, { color = color })
end

return M
