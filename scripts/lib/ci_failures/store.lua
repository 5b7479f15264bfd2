-- What is remembered of runs: each with its jobs, the causes of those that failed, and what is known of a cause.
local events = require("lib.events")

local M = {}

local migrations = { [[
    CREATE TABLE ci_runs (
        repository TEXT NOT NULL, id INTEGER NOT NULL, workflow TEXT NOT NULL, workflow_name TEXT NOT NULL,
        number INTEGER NOT NULL, attempt INTEGER NOT NULL, event TEXT NOT NULL, branch TEXT NOT NULL,
        head_sha TEXT NOT NULL, status TEXT NOT NULL, conclusion TEXT NOT NULL, created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL, url TEXT NOT NULL, pulls TEXT NOT NULL, is_read INTEGER NOT NULL,
        PRIMARY KEY (repository, id)) STRICT;
    CREATE INDEX ci_runs_by_time ON ci_runs (repository, created_at);
    CREATE TABLE ci_jobs (
        repository TEXT NOT NULL, id INTEGER NOT NULL, run INTEGER NOT NULL, attempt INTEGER NOT NULL,
        name TEXT NOT NULL, conclusion TEXT NOT NULL, started_at TEXT, completed_at TEXT, url TEXT NOT NULL,
        PRIMARY KEY (repository, id)) STRICT;
    CREATE INDEX ci_jobs_by_run ON ci_jobs (repository, run);
    CREATE TABLE ci_causes (
        repository TEXT NOT NULL, job INTEGER NOT NULL, place INTEGER NOT NULL, cause TEXT NOT NULL,
        PRIMARY KEY (repository, job, place)) STRICT;
    CREATE TABLE ci_fingerprints (
        repository TEXT NOT NULL, fingerprint TEXT NOT NULL, suspects TEXT, issue INTEGER, state TEXT,
        detected_at TEXT NOT NULL, fixed_at TEXT, PRIMARY KEY (repository, fingerprint)) STRICT;
    CREATE TABLE ci_statistics (
        repository TEXT NOT NULL, day TEXT NOT NULL, statistics TEXT NOT NULL, PRIMARY KEY (repository, day)) STRICT
]] }

--- Makes the tables in a store, and gives it back.
---@param store db.Connection
---@return db.Connection
function M.prepare(store)
    store:migrate("ci_failures", migrations)
    events.prepare(store)
    return store
end

--- Opens the store; for the demonstration one that is forgotten.
---@param in_memory boolean?
---@return db.Connection
function M.open(in_memory) return M.prepare(db.open(in_memory and ":memory:" or nil)) end

--- How long runs are remembered.
M.max_age = "1 year"

--- Forgets runs that are older than that.
---@param store db.Connection
---@param repository string
function M.forget(store, repository)
    local before = time.iso(time.ago(M.max_age))
    local old = "(SELECT id FROM ci_runs WHERE repository = :repository AND created_at < :before)"
    local values = { repository = repository, before = before }
    store:transaction(function()
        store:execute(("DELETE FROM ci_causes WHERE repository = :repository AND job IN (SELECT id FROM ci_jobs WHERE "
            .. "repository = :repository AND run IN %s)"):format(old), values)
        store:execute(("DELETE FROM ci_jobs WHERE repository = :repository AND run IN %s"):format(old), values)
        store:execute("DELETE FROM ci_runs WHERE repository = :repository AND created_at < :before", values)
    end)
end

---@class ci_failures.Run
---@field id integer
---@field workflow string  its file, "ci.yml"
---@field workflow_name string
---@field number integer
---@field attempt integer  the newest
---@field event string
---@field branch string
---@field head_sha string
---@field status string
---@field conclusion string  "" while it runs
---@field created_at string
---@field updated_at string
---@field url string
---@field pulls integer[]
---@field is_read boolean  whether its jobs are known
---@field jobs ci_failures.Job[]  of all attempts

---@class ci_failures.Job
---@field id integer
---@field run integer
---@field attempt integer
---@field name string
---@field conclusion string
---@field started_at string?
---@field completed_at string?
---@field url string
---@field causes ci_failures.Cause[]

--- What GitHub's list says of a run, as it is kept.
---@param run github.Run
---@return ci_failures.Run
function M.run_of(run)
    return {
        id = run.id, workflow = (run.workflow_path or ""):match("([^/@]+)@?[^/]*$") or tostring(run.workflow_id),
        workflow_name = run.name or "", number = run.number, attempt = run.attempt or 1, event = run.event or "",
        branch = run.branch or "", head_sha = run.head_sha, status = run.status or "",
        conclusion = run.conclusion or "", created_at = run.created_at, updated_at = run.updated_at, url = run.url,
        pulls = run.pulls or {}, is_read = false, jobs = {},
    }
end

--- The runs that are kept, oldest first, with their jobs and causes.
---@param store db.Connection
---@param repository string
---@param since string  ISO 8601
---@return ci_failures.Run[]
function M.runs(store, repository, since)
    local runs, by_run, by_job = {}, {}, {}
    for row in store:each("SELECT * FROM ci_runs WHERE repository = ? AND created_at >= ? ORDER BY created_at, id",
        { repository, since }) do
        row.pulls, row.is_read, row.jobs = json.decode(row.pulls), row.is_read == 1, {}
        runs[#runs + 1], by_run[row.id] = row, row
    end
    for row in store:each([[SELECT j.* FROM ci_jobs j JOIN ci_runs r ON r.repository = j.repository AND r.id = j.run
        WHERE j.repository = ? AND r.created_at >= ? ORDER BY j.attempt, j.id]], { repository, since }) do
        row.causes, by_job[row.id] = {}, row
        table.insert(by_run[row.run].jobs, row)
    end
    for row in store:each("SELECT * FROM ci_causes WHERE repository = ? ORDER BY job, place", { repository }) do
        if by_job[row.job] then table.insert(by_job[row.job].causes, json.decode(row.cause)) end
    end
    return runs
end

local function keep_run(store, repository, run)
    store:execute([[INSERT OR REPLACE INTO ci_runs VALUES (:repository, :id, :workflow, :workflow_name, :number,
        :attempt, :event, :branch, :head_sha, :status, :conclusion, :created_at, :updated_at, :url, :pulls,
        :is_read)]], {
        repository = repository, id = run.id, workflow = run.workflow, workflow_name = run.workflow_name,
        number = run.number, attempt = run.attempt, event = run.event, branch = run.branch, head_sha = run.head_sha,
        status = run.status, conclusion = run.conclusion, created_at = run.created_at, updated_at = run.updated_at,
        url = run.url, pulls = json.encode(json.array(run.pulls)), is_read = run.is_read,
    })
end

local function keep_job(store, repository, job)
    store:execute([[INSERT OR REPLACE INTO ci_jobs VALUES (:repository, :id, :run, :attempt, :name, :conclusion,
        :started_at, :completed_at, :url)]], {
        repository = repository, id = job.id, run = job.run, attempt = job.attempt, name = job.name,
        conclusion = job.conclusion, started_at = job.started_at, completed_at = job.completed_at, url = job.url,
    })
    for place, cause in ipairs(job.causes) do
        store:execute("INSERT OR REPLACE INTO ci_causes VALUES (?, ?, ?, ?)",
            { repository, job.id, place, json.encode(cause) })
    end
end

--- Keeps runs, and the jobs of those that were read.
---@param store db.Connection
---@param repository string
---@param runs ci_failures.Run[]
function M.keep(store, repository, runs)
    store:transaction(function()
        for _, run in ipairs(runs) do
            keep_run(store, repository, run)
            for _, job in ipairs(run.is_read and run.jobs or {}) do keep_job(store, repository, job) end
        end
    end)
end

--- What is known of a cause; nil for one that was never met.
---@param store db.Connection
---@param repository string
---@param fingerprint string
---@return { suspects?: table, issue?: integer, state?: string, detected_at: string, fixed_at?: string }?
function M.fingerprint(store, repository, fingerprint)
    local row = store:one("SELECT * FROM ci_fingerprints WHERE repository = ? AND fingerprint = ?",
        { repository, fingerprint })
    if row and row.suspects then row.suspects = json.decode(row.suspects) end
    return row
end

--- Keeps what is known of a cause; what is not named stays. An event, if there is one, is raised with it.
---@param store db.Connection
---@param repository string
---@param fingerprint string
---@param known { suspects?: table, issue?: integer, state?: string, fixed_at?: string }
---@param event notify.Event?
function M.keep_fingerprint(store, repository, fingerprint, known, event)
    store:transaction(function()
        store:execute([[
            INSERT INTO ci_fingerprints VALUES (:repository, :fingerprint, :suspects, :issue, :state, :now, :fixed_at)
            ON CONFLICT DO UPDATE SET suspects = coalesce(excluded.suspects, suspects),
                issue = coalesce(excluded.issue, issue), state = coalesce(excluded.state, state),
                fixed_at = coalesce(excluded.fixed_at, fixed_at)
        ]], {
            repository = repository, fingerprint = fingerprint,
            suspects = known.suspects and json.encode(known.suspects), issue = known.issue, state = known.state,
            now = time.iso(time.now()), fixed_at = known.fixed_at,
        })
        if event then events.raise(store, event) end
    end)
end

--- When each cause was found and fixed.
---@param store db.Connection
---@param repository string
---@return table<string, { detected_at: string, fixed_at?: string }>
function M.fingerprints(store, repository)
    local known = {}
    for row in store:each("SELECT * FROM ci_fingerprints WHERE repository = ?", { repository }) do
        known[row.fingerprint] = row
    end
    return known
end

--- Keeps a day's statistics, in place of what the day had.
---@param store db.Connection
---@param repository string
---@param statistics table
function M.keep_statistics(store, repository, statistics)
    store:execute("INSERT OR REPLACE INTO ci_statistics VALUES (?, ?, ?)",
        { repository, time.date(time.now()), json.encode(statistics) })
end

return M
