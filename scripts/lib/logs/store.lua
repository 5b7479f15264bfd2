-- Which logs are kept: runs, their jobs, the steps of these, and where the lines of each job are.
local M = {}

local migrations = { [[
    CREATE TABLE log_runs (
        id INTEGER PRIMARY KEY, repository TEXT NOT NULL, name TEXT NOT NULL, attempt INTEGER NOT NULL,
        workflow TEXT NOT NULL, branch TEXT NOT NULL, event TEXT NOT NULL, head_sha TEXT NOT NULL,
        conclusion TEXT NOT NULL, created_at TEXT NOT NULL, ended_at TEXT, url TEXT NOT NULL,
        UNIQUE (repository, name, attempt)) STRICT;
    CREATE INDEX log_runs_by_time ON log_runs (created_at);
    CREATE TABLE log_jobs (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES log_runs ON DELETE CASCADE, name TEXT NOT NULL,
        github_id INTEGER, conclusion TEXT NOT NULL, started_at TEXT, ended_at TEXT, segment INTEGER NOT NULL,
        first_line INTEGER NOT NULL, lines INTEGER NOT NULL, bytes INTEGER NOT NULL, digest TEXT NOT NULL,
        UNIQUE (run, name)) STRICT;
    CREATE INDEX log_jobs_by_place ON log_jobs (segment, first_line);
    CREATE INDEX log_jobs_by_digest ON log_jobs (digest);
    CREATE TABLE log_steps (
        job INTEGER NOT NULL REFERENCES log_jobs ON DELETE CASCADE, number INTEGER NOT NULL, name TEXT NOT NULL,
        conclusion TEXT NOT NULL, first_line INTEGER NOT NULL, last_line INTEGER NOT NULL, started_at TEXT,
        ended_at TEXT, PRIMARY KEY (job, number)) STRICT
]] }

--- Opens the store "logs", or for the demonstration one that is forgotten.
---@param in_memory boolean?
---@return db.Connection
function M.open(in_memory)
    local store = in_memory and db.open(":memory:") or db.open(nil, { store = "logs" })
    store:migrate("logs", migrations)
    return store
end

---@class logs.Run
---@field id integer  in the store
---@field repository string  "" for local builds
---@field name string  GitHub's number of the run, or what a local one is called
---@field attempt integer
---@field workflow string
---@field branch string
---@field event string
---@field head_sha string
---@field conclusion string
---@field created_at string
---@field ended_at string?
---@field url string

---@class logs.Job
---@field id integer
---@field run integer
---@field name string
---@field github_id integer?
---@field conclusion string
---@field started_at string?
---@field ended_at string?
---@field segment integer
---@field first_line integer  in the segment, from 0
---@field lines integer
---@field bytes integer  of the log as it came
---@field digest string
---@field steps logs.Step[]

---@class logs.Step
---@field number integer
---@field name string
---@field conclusion string
---@field first_line integer  in the job, from 1
---@field last_line integer
---@field started_at string?
---@field ended_at string?

-- Keeping -------------------------------------------------------------------------------------------------------------

local function keep_run(store, run)
    return store:one([[
        INSERT INTO log_runs (repository, name, attempt, workflow, branch, event, head_sha, conclusion, created_at,
            ended_at, url)
        VALUES (:repository, :name, :attempt, :workflow, :branch, :event, :head_sha, :conclusion, :created_at,
            :ended_at, :url)
        ON CONFLICT DO UPDATE SET conclusion = excluded.conclusion, ended_at = excluded.ended_at
        RETURNING id
    ]], {
        repository = run.repository, name = run.name, attempt = run.attempt, workflow = run.workflow,
        branch = run.branch, event = run.event, head_sha = run.head_sha, conclusion = run.conclusion,
        created_at = run.created_at, ended_at = run.ended_at, url = run.url,
    }).id
end

local function keep_job(store, run, job)
    store:execute("DELETE FROM log_jobs WHERE run = ? AND name = ?", { run, job.name })
    local _, id = store:execute([[
        INSERT INTO log_jobs (run, name, github_id, conclusion, started_at, ended_at, segment, first_line, lines, bytes,
            digest)
        VALUES (:run, :name, :github_id, :conclusion, :started_at, :ended_at, :segment, :first_line, :lines, :bytes,
            :digest)
    ]], {
        run = run, name = job.name, github_id = job.github_id, conclusion = job.conclusion,
        started_at = job.started_at, ended_at = job.ended_at, segment = job.segment, first_line = job.first_line,
        lines = job.lines, bytes = job.bytes, digest = job.digest,
    })
    for number, step in ipairs(job.steps) do
        store:execute("INSERT INTO log_steps VALUES (?, ?, ?, ?, ?, ?, ?, ?)", {
            id, number, step.name, step.conclusion, step.first_line, step.last_line, step.started_at, step.ended_at,
        })
    end
end

--- Keeps runs with jobs whose lines are on the disk, all or none. A job that is kept already is replaced.
---@param store db.Connection
---@param list { run: logs.Run, jobs: logs.Job[] }[]
function M.keep(store, list)
    store:transaction(function()
        for _, each in ipairs(list) do
            local run = keep_run(store, each.run)
            for _, job in ipairs(each.jobs) do keep_job(store, run, job) end
        end
    end)
end

--- Which jobs of a run are kept, by name.
---@param store db.Connection
---@param repository string
---@param name string
---@param attempt integer
---@return table<string, logs.Job>
function M.kept_jobs(store, repository, name, attempt)
    local kept = {}
    for job in store:each([[SELECT j.* FROM log_jobs j JOIN log_runs r ON r.id = j.run
        WHERE r.repository = ? AND r.name = ? AND r.attempt = ?]], { repository, name, attempt }) do
        kept[job.name] = job
    end
    return kept
end

--- The run and job that the same lines are kept of; nil when they are not.
---@param store db.Connection
---@param digest string
---@return { run: string, job: string }?
function M.find_digest(store, digest)
    return store:one([[SELECT r.name AS run, j.name AS job FROM log_jobs j JOIN log_runs r ON r.id = j.run
        WHERE j.digest = ? LIMIT 1]], { digest })
end

-- Asking --------------------------------------------------------------------------------------------------------------

---@class logs.Filter
---@field repository string?
---@field run string?
---@field attempt integer?
---@field workflow string?
---@field branch string?
---@field conclusion string?
---@field job string?  a name, or its beginning; "*" is anything
---@field step string?
---@field since string?  ISO 8601
---@field before string?

-- What GLOB takes for a pattern, as it is, but for the star.
local function beginning(text) return (text:gsub("[%[?]", "[%0]")) .. "*" end

local conditions = {
    repository = "r.repository = :repository", run = "r.name = :run", attempt = "r.attempt = :attempt",
    workflow = "r.workflow = :workflow", branch = "r.branch = :branch", since = "r.created_at >= :since",
    before = "r.created_at < :before", conclusion = "j.conclusion = :conclusion", job = "j.name GLOB :job",
    step = "s.name GLOB :step",
}

local function where(filter)
    local parts, values = {}, {}
    for name, condition in pairs(conditions) do
        if filter[name] ~= nil then
            parts[#parts + 1] = condition
            values[name] = (name == "job" or name == "step") and beginning(filter[name]) or filter[name]
        end
    end
    table.sort(parts)
    return #parts > 0 and "WHERE " .. table.concat(parts, " AND ") or "", values
end

---@class logs.Place  lines that a filter takes: of a job, or of a step
---@field job integer
---@field run_name string
---@field job_name string
---@field segment integer
---@field first_line integer  in the segment
---@field lines integer
---@field offset integer  lines of the job before these

--- The lines that a filter takes, oldest run first.
---@param store db.Connection
---@param filter logs.Filter
---@return logs.Place[]
function M.places(store, filter)
    local condition, values = where(filter)
    local list = {}
    local query = filter.step and [[
        SELECT j.id AS job, r.name AS run_name, j.name AS job_name, j.segment AS segment,
            j.first_line + s.first_line - 1 AS first_line, s.last_line - s.first_line + 1 AS lines,
            s.first_line - 1 AS offset
        FROM log_steps s JOIN log_jobs j ON j.id = s.job JOIN log_runs r ON r.id = j.run %s
    ]] or [[
        SELECT j.id AS job, r.name AS run_name, j.name AS job_name, j.segment AS segment,
            j.first_line AS first_line, j.lines AS lines, 0 AS offset
        FROM log_jobs j JOIN log_runs r ON r.id = j.run %s
    ]]
    for row in store:each(query:format(condition) .. " ORDER BY r.created_at, r.id, j.id", values) do
        if row.lines > 0 then list[#list + 1] = row end
    end
    return list
end

--- The runs that a filter takes, oldest first, each with its jobs, without steps.
---@param store db.Connection
---@param filter logs.Filter
---@return (logs.Run|{ jobs: logs.Job[] })[]
function M.runs(store, filter)
    local condition, values = where(filter)
    local runs, by_id = {}, {}
    for row in store:each(([[SELECT DISTINCT r.* FROM log_runs r JOIN log_jobs j ON j.run = r.id %s
        ORDER BY r.created_at, r.id]]):format(condition), values) do
        row.jobs = {}
        runs[#runs + 1], by_id[row.id] = row, row
    end
    for row in store:each(([[SELECT j.* FROM log_jobs j JOIN log_runs r ON r.id = j.run %s
        ORDER BY j.id]]):format(condition), values) do
        table.insert(by_id[row.run].jobs, row)
    end
    return runs
end

--- A job with its run and steps.
---@param store db.Connection
---@param id integer
---@return logs.Job job
---@return logs.Run run
function M.job(store, id)
    local job = store:one("SELECT * FROM log_jobs WHERE id = ?", { id })
    job.steps = store:query("SELECT * FROM log_steps WHERE job = ? ORDER BY number", { id })
    return job, store:one("SELECT * FROM log_runs WHERE id = ?", { job.run })
end

--- The step that a line of a job is in; nil where it is in none.
---@param job logs.Job
---@param line integer  from 1
---@return logs.Step?
function M.step_at(job, line)
    for _, step in ipairs(job.steps) do
        if line >= step.first_line and line <= step.last_line then return step end
    end
end

return M
