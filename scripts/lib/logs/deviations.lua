-- How many lines of a job's log look wrong, and have a template that the green log of this job before it does not have.
-- Counted once for each job, and kept.
local show = require("lib.logs.show")

local M = {}

local migrations = { [[
    CREATE TABLE log_deviations (
        job INTEGER PRIMARY KEY REFERENCES log_jobs ON DELETE CASCADE, lines INTEGER NOT NULL) STRICT
]] }

-- Logs are looked at so far, from their end.
local max_lines = 20000
-- So many jobs are counted at a time; the others come the next time.
local max_new = 50

local function each_line(segments, job, visit)
    show.each_line(segments, job, math.max(1, job.lines - max_lines + 1), job.lines, visit)
end

local function green_before(store, job)
    return store:one([[SELECT j.* FROM log_jobs j JOIN log_runs r ON r.id = j.run
        WHERE j.name = :name AND j.conclusion = 'success' AND r.repository = :repository AND r.workflow = :workflow
        AND (r.created_at, r.id) < (:created_at, :run) ORDER BY r.created_at DESC, r.id DESC LIMIT 1]], job)
end

local function count(store, segments, job)
    local green = green_before(store, { name = job.name, repository = job.repository, workflow = job.workflow,
        created_at = job.created_at, run = job.run })
    if not green then return 0 end
    local miner, lines = log_text.miner(), 0
    each_line(segments, green, function(line) miner:add(line) end)
    each_line(segments, job, function(line)
        if log_text.salience(line) > 0 and not miner:knows(line) then lines = lines + 1 end
    end)
    return lines
end

-- The number of a job; nil where it is not known and no more may be counted now.
local function of_job(store, segments, id, budget)
    local known = store:one("SELECT lines FROM log_deviations WHERE job = ?", { id })
    if known then return known.lines end
    if budget.left <= 0 then return nil end
    budget.left = budget.left - 1
    local job = store:one([[SELECT j.*, r.repository, r.workflow, r.created_at FROM log_jobs j
        JOIN log_runs r ON r.id = j.run WHERE j.id = ?]], { id })
    local lines = count(store, segments, job)
    store:execute("INSERT OR REPLACE INTO log_deviations VALUES (?, ?)", { id, lines })
    return lines
end

--- Fills in the deviations of jobs of a history, the newest first.
---@param store db.Connection
---@param segments logs.Store
---@param history logs.PastRun[]
function M.fill(store, segments, history)
    store:migrate("log_deviations", migrations)
    local budget = { left = max_new }
    for i = #history, 1, -1 do
        for _, job in ipairs(history[i].jobs) do job.deviations = of_job(store, segments, job.id, budget) end
    end
end

--- The same for a run in progress, of the jobs whose logs are kept already.
---@param store db.Connection
---@param segments logs.Store
---@param repository string
---@param name string
---@param run logs.PastRun
function M.fill_run(store, segments, repository, name, run)
    store:migrate("log_deviations", migrations)
    for row in store:each([[SELECT j.id, j.name FROM log_jobs j JOIN log_runs r ON r.id = j.run
        WHERE r.repository = ? AND r.name = ?]], { repository, name }) do
        for _, job in ipairs(run.jobs) do
            if job.name == row.name then job.deviations = of_job(store, segments, row.id, { left = 1 }) end
        end
    end
end

return M
