-- The runs that predictions learn from, as they are kept, and predictions of runs at GitHub.
local deviations_of = require("lib.logs.deviations")
local events = require("lib.events")
local prediction = require("lib.logs.prediction")

local M = {}

local max_history = 200

local function seconds_since(begin, text) return text and time.parse(text) - begin or nil end

local function past_run(row)
    local begin = time.parse(row.created_at)
    local run = { id = row.id, name = row.name, branch = row.branch, jobs = {}, begin = begin,
        outcome = (row.conclusion == "success" or row.conclusion == "failure") and row.conclusion or nil,
        duration_s = seconds_since(begin, row.ended_at) }
    return run
end

--- The runs of a workflow that are kept, in the order of time.
---@param store db.Connection
---@param repository string
---@param workflow string
---@return logs.PastRun[]
function M.runs(store, repository, workflow)
    local runs, by_id, jobs = {}, {}, {}
    for row in store:each([[SELECT * FROM (SELECT * FROM log_runs WHERE repository = ? AND workflow = ?
        AND conclusion IN ('success', 'failure') AND ended_at IS NOT NULL ORDER BY created_at DESC, id DESC LIMIT ?)
        ORDER BY created_at, id]], { repository, workflow, max_history }) do
        local run = past_run(row)
        runs[#runs + 1], by_id[run.id] = run, run
    end
    for row in store:each([[SELECT j.* FROM log_jobs j JOIN log_runs r ON r.id = j.run
        WHERE r.repository = ? AND r.workflow = ? ORDER BY j.id]], { repository, workflow }) do
        local run = by_id[row.run]
        if run then
            local job = { id = row.id, name = row.name, conclusion = row.conclusion, steps = {},
                start_s = seconds_since(run.begin, row.started_at), end_s = seconds_since(run.begin, row.ended_at) }
            jobs[row.id] = { job = job, begin = run.begin }
            table.insert(run.jobs, job)
        end
    end
    for row in store:each([[SELECT s.* FROM log_steps s JOIN log_jobs j ON j.id = s.job
        JOIN log_runs r ON r.id = j.run WHERE r.repository = ? AND r.workflow = ? ORDER BY s.job, s.number]],
        { repository, workflow }) do
        local of = jobs[row.job]
        if of and row.started_at then
            table.insert(of.job.steps, { name = row.name, conclusion = row.conclusion,
                start_s = seconds_since(of.begin, row.started_at), end_s = seconds_since(of.begin, row.ended_at) })
        end
    end
    return runs
end

-- A run of GitHub in the same form.
local function current_run(run, jobs)
    local begin = time.parse(run.started_at or run.created_at)
    local current = { branch = run.branch or "", jobs = {}, begin = begin }
    for i, job in ipairs(jobs) do
        local steps = {}
        for _, step in ipairs(job.steps or {}) do
            if step.started_at then
                steps[#steps + 1] = { name = step.name, conclusion = step.conclusion,
                    start_s = seconds_since(begin, step.started_at), end_s = seconds_since(begin, step.completed_at) }
            end
        end
        current.jobs[i] = { name = job.name, conclusion = job.conclusion, steps = steps,
            start_s = seconds_since(begin, job.started_at), end_s = seconds_since(begin, job.completed_at) }
    end
    return current
end

-- From here on, somebody may want to know before the run has ended.
local warning_probability = 0.8

local function warn(repository, run, guess)
    local store = db.open()
    events.prepare(store)
    local title = ("run %d of %s is likely to fail"):format(run.id, repository)
    events.raise(store, {
        kind = "logs.likely_failure", key = ("%s run %d attempt %d likely failure"):format(repository, run.id,
            run.attempt or 1), severity = "warning", title = title, text = prediction.text(guess), url = run.url,
        data = { repository = repository, branch = run.branch, commit = run.head_sha,
            failure_probability = guess.failure_probability },
    })
    store:close()
end

--- How a run at GitHub is likely to end; nil where too little is known. A likely failure is raised as an event, once.
---@param store db.Connection
---@param segments logs.Store
---@param repository string
---@param run github.Run
---@param jobs github.Job[]
---@return logs.Guess?
function M.of_run(store, segments, repository, run, jobs)
    local workflow = require("lib.logs.fetch").run_of(repository, run).workflow
    local history = M.runs(store, repository, workflow)
    if #history < prediction.min_history then return nil end
    deviations_of.fill(store, segments, history)
    local current = current_run(run, jobs)
    deviations_of.fill_run(store, segments, repository, ("%d"):format(run.id), current)
    local guess = prediction.guess(history, current, time.now() - current.begin)
    if guess and guess.failure_probability >= warning_probability then warn(repository, run, guess) end
    return guess
end

return M
