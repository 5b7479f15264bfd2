-- How long steps took, and how often jobs ran: from the store, or from GitHub.
local averages = require("lib.averages")

local M = {}

M.days = 28
-- So many of the newest runs are asked for their steps.
local max_runs = 40

---@class cache_advisor.History
---@field basis string  for people
---@field weeks number
---@field jobs table<string, table>  by workflow and name: { workflow, name, count, durations }
---@field steps table<string, table<string, number[]>>  by workflow and job, the seconds of each step

---@return cache_advisor.History
local function new(basis, weeks)
    return { basis = basis, weeks = weeks, jobs = {}, steps = {} }
end

local function key(...) return table.concat({ ... }, "\0") end

local function add_job(history, workflow, job, duration_s)
    local id = key(workflow, job)
    history.jobs[id] = history.jobs[id] or { workflow = workflow, name = job, count = 0, durations = {} }
    history.jobs[id].count = history.jobs[id].count + 1
    table.insert(history.jobs[id].durations, duration_s)
end

local function add_step(history, workflow, job, step, duration_s)
    local id = key(workflow, job)
    history.steps[id] = history.steps[id] or {}
    history.steps[id][step] = history.steps[id][step] or {}
    table.insert(history.steps[id][step], duration_s)
end

local function seconds_between(from, to)
    return from and to and time.parse(to) - time.parse(from) or nil
end

-- Sources -------------------------------------------------------------------------------------------------------------

local function of_metrics(repository)
    local store_of = require("lib.metrics.store")
    local store = store_of.open()
    local filter = { repository = repository, source = "github", since = time.now() - M.days * 86400 }
    local history = new(("durations of steps of the last %d days in the store"):format(M.days), M.days / 7)
    for job in store_of.jobs(store, filter) do
        if job.conclusion == "success" then add_job(history, job.workflow, job.name, job.duration_s) end
    end
    for step in store_of.steps(store, filter) do
        if step.job_conclusion == "success" and step.duration_s then
            add_step(history, step.workflow, step.job, step.name, step.duration_s)
        end
    end
    return next(history.jobs) and history or nil
end

local function of_failures(repository)
    local store_of = require("lib.ci_failures.store")
    local since = time.iso(time.ago(M.days .. " days"))
    local history = new(("durations of jobs of the last %d days in the store; of steps, nothing is known there")
        :format(M.days), M.days / 7)
    for _, run in ipairs(store_of.runs(store_of.open(), repository, since)) do
        for _, job in ipairs(run.jobs) do
            if job.conclusion == "success" then
                add_job(history, run.workflow, job.name, seconds_between(job.started_at, job.completed_at))
            end
        end
    end
    return next(history.jobs) and history or nil
end

local function add_run(history, repo, run)
    for job in repo:jobs(run.id) do
        if job.conclusion == "success" then
            add_job(history, run.workflow, job.name, seconds_between(job.started_at, job.completed_at))
            for _, step in ipairs(job.steps) do
                local duration_s = seconds_between(step.started_at, step.completed_at)
                if step.conclusion == "success" and duration_s then
                    add_step(history, run.workflow, job.name, step.name, duration_s)
                end
            end
        end
    end
end

--- The newest successful runs at GitHub, with the steps of their jobs.
---@param repository string
function M.of_github(repository)
    local repo = github.repository(repository)
    local runs, oldest = {}, time.now()
    local since = ">=" .. time.iso(time.ago(M.days .. " days"))
    for run in repo:runs{ status = "success", created = since, limit = max_runs } do
        runs[#runs + 1] = { id = run.id, workflow = (run.workflow_path or ""):match("([^/@]+)@?[^/]*$") or "" }
        oldest = math.min(oldest, time.parse(run.created_at))
    end
    local weeks = math.max((time.now() - oldest) / 604800, 1 / 7)
    local history = new(("durations of steps in the newest %d successful runs at GitHub"):format(#runs), weeks)
    task.map(runs, function(run)
        add_run(history, repo, run)
        return true
    end, { concurrency = 8 })
    return #runs > 0 and history or nil
end

--- What is remembered of a repository; nil when nothing is.
---@param repository string?
function M.of_store(repository)
    return repository and (of_metrics(repository) or of_failures(repository)) or nil
end

-- Answers -------------------------------------------------------------------------------------------------------------

-- GitHub's names of a job: its id or name, with the values of its matrix.
local function is_of(job, name)
    local fixed = job.name and job.name:match("^(.-)%s*%${{") or job.name
    for _, own in ipairs({ job.id, fixed }) do
        if own ~= "" and (name == own or name:sub(1, #own) == own and name:sub(#own + 1):find("^[%s(/,]")) then
            return true
        end
    end
    return false
end

local function names_of(step)
    if step.name then return { step.name } end
    if step.uses then return { "Run " .. step.uses } end
    return { "Run " .. (step.run or ""):match("^%s*([^\n]*)") }
end

-- Minutes of steps, as each combination of the matrix has them, times how often it runs.
local function weekly_of_steps(history, jobs, steps)
    local sum, found = 0, false
    for _, job in ipairs(jobs) do
        local known = history.steps[key(job.workflow, job.name)] or {}
        for _, step in ipairs(steps) do
            for _, name in ipairs(names_of(step)) do
                if known[name] then
                    found = true
                    sum = sum + averages.median(known[name]) / 60 * #known[name] / history.weeks
                end
            end
        end
    end
    return found and sum or nil
end

--- Minutes that steps of a job take in a week, all runs and combinations together; those of the whole job where
--- nothing is known of its steps; nil where nothing is known of it.
---@param history cache_advisor.History?
---@param workflow string  its file: "ci.yml"
---@param job table  of the model
---@param steps table[]
---@return number? minutes_per_week
---@return number? runs_per_week
---@return boolean? is_whole_job
function M.weekly(history, workflow, job, steps)
    local jobs, count, whole = {}, 0, 0
    for _, known in pairs(history and history.jobs or {}) do
        if known.workflow == workflow and is_of(job, known.name) then
            jobs[#jobs + 1] = known
            count = count + known.count
            whole = whole + (averages.median(known.durations) or 0) / 60 * known.count / history.weeks
        end
    end
    if count == 0 then return nil end
    local minutes = weekly_of_steps(history, jobs, steps)
    return minutes or whole, count / history.weeks, minutes == nil
end

return M
