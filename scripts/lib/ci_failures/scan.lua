-- Brings what is kept of a repository's runs up to date. A run that was read and has not changed is not asked for
-- again.
local causes = require("lib.ci_failures.cause")
local conclusions = require("lib.conclusions")
local store_of = require("lib.ci_failures.store")

local M = {}

local at_once = 12  -- requests side by side, and logs that are read

--- Whether a run or a job ended badly.
---@param conclusion string
---@return boolean
function M.is_bad(conclusion)
    return conclusions.is_failure(conclusion) or conclusion == "cancelled" or conclusion == "action_required"
end

--- What a run was of: its commit. A merge queue makes a new commit each time that it tries the same pull request on the
--- same base, and says both in the branch's name.
---@param run ci_failures.Run
---@return string
function M.content_of(run)
    return run.event == "merge_group" and run.branch:match("^gh%-readonly%-queue/(.+)$") or run.head_sha
end

local function is_unchanged(known, run)
    return known and known.attempt == run.attempt and known.updated_at == run.updated_at
        and known.conclusion == run.conclusion and known.status == run.status
end

local function list(repo, options)
    local runs = {}
    for run in repo:runs{ workflow = options.workflow, branch = options.branch, event = options.event,
        created = ">=" .. time.iso(options.since), limit = options.max_runs } do
        runs[#runs + 1] = store_of.run_of(run)
    end
    return runs
end

local function is_asked_for(run, options)
    return (options.workflow == nil or run.workflow == options.workflow)
        and (options.branch == nil or run.branch == options.branch)
        and (options.event == nil or run.event == options.event)
end

-- Runs, each with what is known of its jobs, oldest first.
local function merge(known, listed, options)
    local by_id, merged = {}, {}
    for _, run in ipairs(known) do
        if is_asked_for(run, options) then by_id[run.id] = run end
    end
    for _, run in ipairs(listed) do
        local old = by_id[run.id]
        if is_unchanged(old, run) then run.is_read, run.jobs = old.is_read, old.jobs end
        by_id[run.id] = run
    end
    for _, run in pairs(by_id) do merged[#merged + 1] = run end
    table.sort(merged, function(a, b)
        if a.created_at ~= b.created_at then return a.created_at < b.created_at end
        return a.id < b.id
    end)
    return merged
end

-- A run that ended because another one of its workflow, branch and event had begun meanwhile.
local function mark_superseded(runs)
    local newest = {}
    for i = #runs, 1, -1 do
        local run = runs[i]
        local key = table.concat({ run.workflow, run.branch, run.event }, "\0")
        local next_run = newest[key]
        run.is_superseded = run.conclusion == "cancelled" and next_run ~= nil
            and next_run.created_at <= run.updated_at
        newest[key] = run
    end
end

local function facts_of(run, default_branch)
    return {
        workflow = run.workflow, event = run.event, branch = run.branch, conclusion = run.conclusion,
        is_default_branch = run.branch == default_branch, is_superseded = run.is_superseded,
        attempt = run.attempt, pulls = run.pulls,
    }
end

-- Asks the policy which runs count; the others keep why not.
local function judge(runs, rules, default_branch)
    local arguments, next_answer = {}, 0
    for _, run in ipairs(runs) do
        if M.is_bad(run.conclusion) then arguments[#arguments + 1] = { facts_of(run, default_branch) } end
    end
    local answers = rules:map("counts", arguments)
    for _, run in ipairs(runs) do
        if M.is_bad(run.conclusion) then
            next_answer = next_answer + 1
            local answer = answers[next_answer]
            run.counts, run.why_not = answer == true, answer ~= true and tostring(answer) or nil
        end
    end
end

-- Commits on which runs of a workflow ended in different ways.
local function mixed_commits(runs)
    local outcomes, mixed = {}, {}
    for _, run in ipairs(runs) do
        local key = run.workflow .. "\0" .. M.content_of(run)
        local outcome = run.conclusion == "success" and "green" or M.is_bad(run.conclusion) and "red"
        if outcome then
            if outcomes[key] and outcomes[key] ~= outcome then mixed[key] = true end
            outcomes[key] = outcome
        end
    end
    return mixed
end

-- So many green runs after a failed one are asked whether its jobs succeeded in them, and so many of the newest.
local max_green_after, max_green = 5, 20

-- The green runs that may end a failure, by id.
local function ending_runs(runs)
    local wanted, left, of_key = {}, {}, {}
    for _, run in ipairs(runs) do
        local key = run.workflow .. "\0" .. run.branch
        if run.counts then left[key], of_key[key] = max_green_after, {} end
        local since = of_key[key]
        if since and run.conclusion == "success" then
            wanted[run.id] = left[key] > 0 or nil
            left[key] = left[key] - 1
            table.insert(since, run.id)
        end
    end
    for _, since in pairs(of_key) do
        for i = math.max(1, #since - max_green + 1), #since do wanted[since[i]] = true end
    end
    return wanted
end

-- The runs whose jobs matter: those that count, those that may end a failure, and those on a commit on which another
-- run ended in another way.
local function needs_jobs(runs)
    local list_of, mixed, ending = {}, mixed_commits(runs), ending_runs(runs)
    for _, run in ipairs(runs) do
        local is_flaky = run.attempt > 1 or mixed[run.workflow .. "\0" .. M.content_of(run)] == true
        local is_wanted = run.counts or ending[run.id] or is_flaky and run.conclusion ~= "cancelled"
            or run.conclusion == "failure"
        run.reads_logs = run.counts or is_flaky
        if run.status == "completed" and is_wanted and not run.is_read then list_of[#list_of + 1] = run end
    end
    return list_of
end

local function kept(job, run)
    return {
        id = job.id, run = run.id, attempt = job.attempt or 1, name = job.name, conclusion = job.conclusion or "",
        started_at = job.started_at, completed_at = job.completed_at, url = job.url or run.url, causes = {},
    }
end

local function read_log(repo, job, base)
    local stream = repo:job_log(job.id)
    if not stream then return { causes.without_log(job.conclusion or "failure", job) } end
    local opened = log_text.open{ stream = stream, name = job.name }
    return task.finally(function() return causes.of_log(job, opened, base()) end, function() opened:close() end)
end

-- The jobs of all attempts. Gives the failed ones whose logs are to be read.
local function read_jobs(repo, run)
    local wanted = {}
    run.jobs = {}
    local options = { attempt = run.attempt > 1 and "all" or nil }
    for job in repo:jobs(run.id, options) do
        local own = kept(job, run)
        run.jobs[#run.jobs + 1] = own
        local is_sibling = own.conclusion == "cancelled" and run.conclusion ~= "cancelled"
        if (conclusions.is_failure(own.conclusion) or own.conclusion == "cancelled") and not is_sibling then
            own.causes = { causes.without_log(own.conclusion, job) }
            if run.reads_logs then wanted[#wanted + 1] = { job = job, own = own } end
        end
    end
    run.is_read = true
    return wanted
end

local function once(make)
    local made
    return function()
        made = made or make()
        return made
    end
end

local function load_base()
    local base = kb.load({ readers = true })
    base:matcher()
    return base
end

-- Kept in portions, so that a run that was stopped goes on where it was.
local portion = 50

local function read(repo, store, runs)
    local base = once(load_base)
    for first = 1, #runs, portion do
        local some = { unpack(runs, first, math.min(first + portion - 1, #runs)) }
        local wanted = {}
        for _, list_of in ipairs(task.map(some, function(run) return read_jobs(repo, run) end,
            { concurrency = at_once })) do
            for _, each in ipairs(list_of) do wanted[#wanted + 1] = each end
        end
        if #wanted > 0 then base() end
        task.map(wanted, function(each)
            each.own.causes = read_log(repo, each.job, base)
            return true
        end, { concurrency = at_once })
        store_of.keep(store, repo.name, some)
        if #runs > portion then log.info(("%d of %d runs read"):format(math.min(first + portion - 1, #runs), #runs)) end
    end
end

---@class ci_failures.Scan
---@field repository string
---@field default_branch string
---@field runs ci_failures.Run[]  oldest first, also those that are remembered from before the window
---@field read integer  how many were asked for

--- Reads what is new.
---@param repo github.Repository
---@param store db.Connection
---@param rules policy.Policy
---@param options ci_failures.Options
---@return ci_failures.Scan
function M.run(repo, store, rules, options)
    local default_branch = github.get("/repos/" .. repo.name).default_branch
    local listed = list(repo, options)
    local remembered = math.min(options.since, time.ago(store_of.max_age))
    local runs = merge(store_of.runs(store, repo.name, time.iso(remembered)), listed, options)
    mark_superseded(runs)
    judge(runs, rules, default_branch)
    store_of.keep(store, repo.name, listed)
    store_of.forget(store, repo.name)
    local wanted = needs_jobs(runs)
    read(repo, store, wanted)
    return { repository = repo.name, default_branch = default_branch, runs = runs, read = #wanted }
end

return M
