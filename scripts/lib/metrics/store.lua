-- What is known of builds, in the store `metrics`. Whoever shows or analyses builds reads it through this module.
--
-- A run is one workflow run of GitHub (`source` "github"), or one of the build runner or of a file of test results
-- ("build"). It has jobs; a job has steps (the phases of the build runner, "build/compile" within "build"), uses of
-- caches, artifacts and test results. Instants (`…_at`) are Unix seconds, durations (`…_s`) seconds. A value that is
-- not known is NULL, and absent from a row; a name that is not known is the empty string.
local M = {}

local migrations = { [[
    CREATE TABLE metrics_runs (
        id INTEGER PRIMARY KEY, repository TEXT NOT NULL, source TEXT NOT NULL, key TEXT NOT NULL,
        workflow TEXT NOT NULL, event TEXT NOT NULL, branch TEXT NOT NULL, commit_sha TEXT NOT NULL, number INTEGER,
        attempt INTEGER NOT NULL, pull INTEGER, conclusion TEXT NOT NULL, url TEXT NOT NULL,
        created_at INTEGER NOT NULL, started_at INTEGER, completed_at INTEGER, queue_s REAL, duration_s REAL,
        version TEXT NOT NULL, UNIQUE (repository, source, key)) STRICT;
    CREATE INDEX metrics_runs_by_time ON metrics_runs (repository, created_at);
    CREATE INDEX metrics_runs_by_commit ON metrics_runs (repository, commit_sha);
    CREATE TABLE metrics_jobs (
        id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES metrics_runs ON DELETE CASCADE, key TEXT NOT NULL,
        attempt INTEGER NOT NULL, name TEXT NOT NULL, platform TEXT NOT NULL, arch TEXT NOT NULL,
        variant TEXT NOT NULL, runner TEXT NOT NULL, conclusion TEXT NOT NULL, url TEXT NOT NULL, created_at INTEGER,
        started_at INTEGER, completed_at INTEGER, queue_s REAL, duration_s REAL, UNIQUE (run_id, key)) STRICT;
    CREATE TABLE metrics_steps (
        job_id INTEGER NOT NULL REFERENCES metrics_jobs ON DELETE CASCADE, position INTEGER NOT NULL,
        name TEXT NOT NULL, conclusion TEXT NOT NULL, started_at INTEGER, duration_s REAL,
        PRIMARY KEY (job_id, position)) STRICT, WITHOUT ROWID;
    CREATE TABLE metrics_cache_uses (
        job_id INTEGER NOT NULL REFERENCES metrics_jobs ON DELETE CASCADE, name TEXT NOT NULL, hit INTEGER NOT NULL,
        size_bytes INTEGER, PRIMARY KEY (job_id, name)) STRICT, WITHOUT ROWID;
    CREATE TABLE metrics_artifacts (
        run_id INTEGER NOT NULL REFERENCES metrics_runs ON DELETE CASCADE,
        job_id INTEGER REFERENCES metrics_jobs ON DELETE CASCADE, name TEXT NOT NULL,
        size_bytes INTEGER NOT NULL) STRICT;
    CREATE INDEX metrics_artifacts_by_run ON metrics_artifacts (run_id);
    CREATE INDEX metrics_artifacts_by_job ON metrics_artifacts (job_id);
    CREATE TABLE metrics_tests (
        job_id INTEGER NOT NULL REFERENCES metrics_jobs ON DELETE CASCADE, suite TEXT NOT NULL, name TEXT NOT NULL,
        outcome TEXT NOT NULL CHECK (outcome IN ('passed', 'failed', 'skipped')), duration_s REAL,
        PRIMARY KEY (job_id, suite, name)) STRICT, WITHOUT ROWID;
    CREATE TABLE metrics_cache_entries (
        repository TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, ref TEXT NOT NULL,
        size_bytes INTEGER NOT NULL, created_at INTEGER NOT NULL, last_used_at INTEGER NOT NULL,
        PRIMARY KEY (repository, key)) STRICT, WITHOUT ROWID;
    CREATE TABLE metrics_measures (
        repository TEXT NOT NULL, name TEXT NOT NULL, subject TEXT NOT NULL, at INTEGER NOT NULL, value REAL NOT NULL,
        PRIMARY KEY (repository, name, subject, at)) STRICT, WITHOUT ROWID;
    CREATE TABLE metrics_progress (
        repository TEXT NOT NULL, source TEXT NOT NULL, state TEXT NOT NULL,
        PRIMARY KEY (repository, source)) STRICT, WITHOUT ROWID
]] }

--- Makes the tables in a store.
---@param store db.Connection
function M.prepare(store) store:migrate("metrics", migrations) end

--- Opens the store; for a demonstration one that is forgotten.
---@param in_memory boolean?
---@return db.Connection
function M.open(in_memory)
    local store = in_memory and db.open(":memory:") or db.open(nil, { store = "metrics" })
    M.prepare(store)
    return store
end

-- Writing -------------------------------------------------------------------------------------------------------------

---@class metrics.Run
---@field id integer  of the store; not given when a run is kept
---@field repository string  "owner/name"; of builds elsewhere, the name of their folder
---@field source "github"|"build"
---@field key string  GitHub's number of the run, or the run_id of the build runner
---@field workflow string  "ci.yml"; "build" of the build runner, "tests" of files of results
---@field event string  "push", "pull_request", "schedule" …
---@field branch string
---@field commit_sha string
---@field number integer?  of the workflow's runs
---@field attempt integer  the newest
---@field pull integer?  the pull request's number
---@field conclusion string  "success", "failure", "cancelled" …; "" while it runs, or where it is not known
---@field url string
---@field created_at integer
---@field started_at integer?  of the newest attempt
---@field completed_at integer?
---@field queue_s number?  from when it was created to when its first job began
---@field duration_s number?  from when its first job began to when its last one ended, of the newest attempt
---@field version string  says whether what is kept is still what the source has
---@field jobs metrics.Job[]?  of all attempts; when a run is kept

---@class metrics.Job
---@field id integer
---@field run_id integer
---@field key string  unique in its run
---@field attempt integer
---@field name string  with the values of its matrix: "build (linux, debug)"
---@field platform string  "linux", "macos", "windows"
---@field arch string  "x86_64", "arm64"
---@field variant string  the values of its matrix, or the variant of the build runner
---@field runner string  the labels of its runner: "ubuntu-latest"
---@field conclusion string
---@field url string
---@field created_at integer?
---@field started_at integer?
---@field completed_at integer?
---@field queue_s number?  from when it was created to when a runner took it
---@field duration_s number?
---@field steps metrics.Step[]?  when it is kept
---@field caches metrics.CacheUse[]?
---@field artifacts metrics.Artifact[]?
---@field tests metrics.Test[]?

---@class metrics.Step
---@field name string
---@field conclusion string
---@field started_at integer?
---@field duration_s number?

---@class metrics.CacheUse
---@field name string
---@field hit boolean
---@field size_bytes integer?

---@class metrics.Artifact
---@field name string
---@field size_bytes integer

---@class metrics.Test
---@field suite string
---@field name string
---@field outcome "passed"|"failed"|"skipped"
---@field duration_s number?

-- SQLite takes 32,766 parameters in a statement.
local rows_at_once = 1000

local function values_of(columns, rows, first, last)
    local values, count = {}, 0
    for i = first, last do
        for _, column in ipairs(columns) do
            local value = rows[i][column]
            count = count + 1
            values[count] = value == nil and json.null or value
        end
    end
    return values
end

-- What follows the values: rows that are there are replaced. Without a key there are none.
local function replacing(columns, key)
    if #key == 0 then return "" end
    local is_key, updates = tables.set(key), {}
    for _, column in ipairs(columns) do
        if not is_key[column] then updates[#updates + 1] = ("%s = excluded.%s"):format(column, column) end
    end
    return (" ON CONFLICT (%s) DO UPDATE SET %s"):format(table.concat(key, ", "), table.concat(updates, ", "))
end

--- Inserts rows of a table, many to a statement; those that are there are replaced.
---@param store db.Connection
---@param table_name string
---@param columns string[]
---@param key string[]  the columns that identify a row; empty where nothing is replaced
---@param rows table[]  by column
---@param returning string?  the columns of the rows that are given
---@return table[]
function M.insert(store, table_name, columns, key, rows, returning)
    local place = "(" .. ("?, "):rep(#columns - 1) .. "?)"
    local head = ("INSERT INTO %s (%s) VALUES "):format(table_name, table.concat(columns, ", "))
    local ending = replacing(columns, key) .. (returning and " RETURNING " .. returning or "")
    local given = {}
    for first = 1, #rows, rows_at_once do
        local last = math.min(#rows, first + rows_at_once - 1)
        local sql = head .. (place .. ", "):rep(last - first) .. place .. ending
        local values = values_of(columns, rows, first, last)
        if not returning then
            store:execute(sql, values)
        else
            for _, row in ipairs(store:query(sql, values)) do given[#given + 1] = row end
        end
    end
    return given
end

local run_columns = { "repository", "source", "key", "workflow", "event", "branch", "commit_sha", "number", "attempt",
    "pull", "conclusion", "url", "created_at", "started_at", "completed_at", "queue_s", "duration_s", "version" }
local job_columns = { "run_id", "key", "attempt", "name", "platform", "arch", "variant", "runner", "conclusion", "url",
    "created_at", "started_at", "completed_at", "queue_s", "duration_s" }

-- What a job consists of: the field of metrics.Job, the table, its columns, and what identifies a row.
local parts = {
    { "steps", "metrics_steps", { "job_id", "position", "name", "conclusion", "started_at", "duration_s" },
        { "job_id", "position" } },
    { "caches", "metrics_cache_uses", { "job_id", "name", "hit", "size_bytes" }, { "job_id", "name" } },
    { "artifacts", "metrics_artifacts", { "run_id", "job_id", "name", "size_bytes" }, {} },
    { "tests", "metrics_tests", { "job_id", "suite", "name", "outcome", "duration_s" }, { "job_id", "suite", "name" } },
}

local function in_list(ids) return #ids == 0 and "(NULL)" or "(" .. table.concat(ids, ", ") .. ")" end

-- The jobs of runs that are known, as "run key": id.
local function known_jobs(store, run_ids)
    local known = {}
    for _, row in ipairs(store:query(("SELECT id, run_id, key FROM metrics_jobs WHERE run_id IN %s"):format(
        in_list(run_ids)))) do
        known[row.run_id .. " " .. row.key] = row.id
    end
    return known
end

-- The parts of one kind take the place of what jobs had; where they are nil, those stay.
local function keep_part(store, part, jobs)
    local field, table_name, columns, key = unpack(part)
    local rows, replaced = {}, {}
    for _, job in ipairs(jobs) do
        if job.list[field] and job.is_known then replaced[#replaced + 1] = job.id end
        for position, each in ipairs(job.list[field] or {}) do
            rows[#rows + 1] = setmetatable({ job_id = job.id, run_id = job.run_id, position = position },
                { __index = each })
        end
    end
    if #replaced > 0 then
        store:execute(("DELETE FROM %s WHERE job_id IN %s"):format(table_name, in_list(replaced)))
    end
    M.insert(store, table_name, columns, key, rows)
end

local function keep_jobs(store, runs, ids)
    local rows, jobs, run_ids = {}, {}, {}
    for _, run in ipairs(runs) do
        local run_id = ids[table.concat({ run.repository, run.source, run.key }, "\0")]
        run_ids[#run_ids + 1] = run_id
        for _, job in ipairs(run.jobs or {}) do
            rows[#rows + 1] = setmetatable({ run_id = run_id }, { __index = job })
        end
    end
    local known = known_jobs(store, run_ids)
    local job_ids = {}
    for _, row in ipairs(M.insert(store, "metrics_jobs", job_columns, { "run_id", "key" }, rows, "id, run_id, key")) do
        job_ids[row.run_id .. " " .. row.key] = row.id
    end
    for i, row in ipairs(rows) do
        local key = row.run_id .. " " .. row.key
        jobs[i] = { id = job_ids[key], run_id = row.run_id, is_known = known[key] ~= nil, list = row }
    end
    for _, part in ipairs(parts) do keep_part(store, part, jobs) end
end

--- Keeps runs with their jobs, in place of what was known of them. Jobs that are not given stay.
---@param store db.Connection
---@param runs metrics.Run[]
function M.keep(store, runs)
    store:transaction(function()
        local ids = {}
        for _, row in ipairs(M.insert(store, "metrics_runs", run_columns, { "repository", "source", "key" }, runs,
            "id, repository, source, key")) do
            ids[table.concat({ row.repository, row.source, row.key }, "\0")] = row.id
        end
        keep_jobs(store, runs, ids)
    end)
end

--- Keeps artifacts of runs, of which it is not known which job made them, in place of those that were known. Those of
--- runs that are not known are left out.
---@param store db.Connection
---@param repository string
---@param artifacts { run_key: string, name: string, size_bytes: integer }[]
function M.keep_artifacts(store, repository, artifacts)
    store:transaction(function()
        for _, artifact in ipairs(artifacts) do
            local run = store:one([[SELECT id FROM metrics_runs WHERE repository = ? AND source = 'github'
                AND key = ?]], { repository, artifact.run_key })
            if run then
                store:execute("DELETE FROM metrics_artifacts WHERE run_id = ? AND job_id IS NULL AND name = ?",
                    { run.id, artifact.name })
                store:execute("INSERT INTO metrics_artifacts VALUES (?, NULL, ?, ?)",
                    { run.id, artifact.name, artifact.size_bytes })
            end
        end
    end)
end

---@class metrics.CacheEntry
---@field key string  GitHub's number
---@field name string  the cache's key
---@field ref string
---@field size_bytes integer
---@field created_at integer
---@field last_used_at integer

--- Keeps which caches a repository has, in place of those that it had.
---@param store db.Connection
---@param repository string
---@param entries metrics.CacheEntry[]
function M.keep_cache_entries(store, repository, entries)
    store:transaction(function()
        store:execute("DELETE FROM metrics_cache_entries WHERE repository = ?", { repository })
        local rows = {}
        for i, entry in ipairs(entries) do
            rows[i] = setmetatable({ repository = repository }, { __index = entry })
        end
        M.insert(store, "metrics_cache_entries", { "repository", "key", "name", "ref", "size_bytes", "created_at",
            "last_used_at" }, { "repository", "key" }, rows)
    end)
end

---@class metrics.Measure
---@field name string  "upstream.sync_hours", "audit.needing_attention", "ci_failures.open" …
---@field subject string  what was measured: a version, a path; often ""
---@field at integer
---@field value number

--- Keeps numbers that belong to no build: of syncs, audits, failures and caches.
---@param store db.Connection
---@param repository string
---@param measures metrics.Measure[]
function M.keep_measures(store, repository, measures)
    local rows = {}
    for i, measure in ipairs(measures) do
        rows[i] = setmetatable({ repository = repository }, { __index = measure })
    end
    M.insert(store, "metrics_measures", { "repository", "name", "subject", "at", "value" },
        { "repository", "name", "subject", "at" }, rows)
end

--- How far a source was read: whatever was kept for it; nil at first.
---@param store db.Connection
---@param repository string
---@param source string
---@return table?
function M.progress(store, repository, source)
    local row = store:one("SELECT state FROM metrics_progress WHERE repository = ? AND source = ?",
        { repository, source })
    return row and json.decode(row.state)
end

---@param store db.Connection
---@param repository string
---@param source string
---@param state table
function M.keep_progress(store, repository, source, state)
    M.insert(store, "metrics_progress", { "repository", "source", "state" }, { "repository", "source" },
        { { repository = repository, source = source, state = json.encode(state) } })
end

-- Reading is in a file of its own.
for name, read in pairs(require("lib.metrics.reading")) do M[name] = read end

return M
