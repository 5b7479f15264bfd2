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

-- Reading -------------------------------------------------------------------------------------------------------------

---@class metrics.Filter
---@field repository string?
---@field source string?
---@field since number?  Unix seconds: runs created then or later
---@field before number?  Unix seconds: runs created earlier
---@field workflow string?
---@field event string?
---@field branch string?
---@field commit string?  of whole runs: the commit, or how it begins
---@field conclusion string?  of the run
---@field job string?  of jobs and what belongs to them: the name
---@field platform string?
---@field arch string?
---@field variant string?

local run_conditions = {
    repository = "r.repository = :repository", source = "r.source = :source", since = "r.created_at >= :since",
    before = "r.created_at < :before", workflow = "r.workflow = :workflow", event = "r.event = :event",
    branch = "r.branch = :branch", commit = "substr(r.commit_sha, 1, length(:commit)) = :commit",
    conclusion = "r.conclusion = :conclusion",
}
local job_conditions = { job = "j.name = :job", platform = "j.platform = :platform", arch = "j.arch = :arch",
    variant = "j.variant = :variant" }

-- The condition of a filter in SQL, which takes the filter as its parameters. Of runs, those that have such a job.
local function where(filter, has_jobs)
    uhost.check_options(filter, "metrics filter", tables.sorted_keys(run_conditions, job_conditions))
    local conditions, of_jobs = {}, {}
    for _, name in ipairs(tables.sorted_keys(filter)) do
        local list = run_conditions[name] and conditions or of_jobs
        list[#list + 1] = run_conditions[name] or job_conditions[name]
    end
    if #of_jobs > 0 then
        local text = table.concat(of_jobs, " AND ")
        conditions[#conditions + 1] = has_jobs and text
            or ("EXISTS (SELECT 1 FROM metrics_jobs j WHERE j.run_id = r.id AND %s)"):format(text)
    end
    return #conditions > 0 and "WHERE " .. table.concat(conditions, " AND ") or ""
end

--- Iterates over runs, oldest first. The fields are those of metrics.Run.
---@param store db.Connection
---@param filter metrics.Filter
---@return fun(): metrics.Run?
function M.runs(store, filter)
    return store:each(("SELECT r.* FROM metrics_runs r %s ORDER BY r.created_at, r.id"):format(where(filter)), filter)
end

-- What a row of a part says of its job and run besides.
local of_run = "r.repository, r.source, r.workflow, r.event, r.branch, r.commit_sha, r.number, r.pull, "
    .. "r.created_at AS run_created_at, r.conclusion AS run_conclusion, r.attempt AS run_attempt"
local of_job = "j.run_id, j.name AS job, j.platform, j.arch, j.variant, j.runner, j.attempt, "
    .. "j.conclusion AS job_conclusion, j.duration_s AS job_duration_s"

--- Iterates over jobs, by their runs, oldest first: fields of metrics.Job, and of its run repository, source, workflow,
--- event, branch, commit_sha, number, pull, run_created_at, run_conclusion, run_attempt.
---@param store db.Connection
---@param filter metrics.Filter
---@return fun(): table?
function M.jobs(store, filter)
    return store:each(([[SELECT j.*, %s FROM metrics_runs r JOIN metrics_jobs j ON j.run_id = r.id %s
        ORDER BY r.created_at, r.id, j.id]]):format(of_run, where(filter, true)), filter)
end

local function part(store, filter, columns, table_name, order)
    return store:each(([[SELECT p.job_id, %s, %s, %s FROM metrics_runs r JOIN metrics_jobs j ON j.run_id = r.id
        JOIN %s p ON p.job_id = j.id %s ORDER BY r.created_at, r.id, j.id, %s]]):format(columns, of_job, of_run,
        table_name, where(filter, true), order), filter)
end

--- Iterates over steps, by their jobs, in order: job_id, position, name, conclusion, started_at, duration_s; of the
--- job run_id, job (its name), platform, arch, variant, runner, attempt, job_conclusion, job_duration_s; of the run as
--- `jobs` gives it.
---@param store db.Connection
---@param filter metrics.Filter
---@return fun(): table?
function M.steps(store, filter)
    return part(store, filter, "p.position, p.name, p.conclusion, p.started_at, p.duration_s", "metrics_steps",
        "p.position")
end

--- Iterates over uses of caches: job_id, name, hit (1 or 0), size_bytes; of job and run as `steps` gives it.
---@param store db.Connection
---@param filter metrics.Filter
---@return fun(): table?
function M.cache_uses(store, filter)
    return part(store, filter, "p.name, p.hit, p.size_bytes", "metrics_cache_uses", "p.name")
end

--- Iterates over results of tests: job_id, suite, name, outcome, duration_s; of job and run as `steps` gives it.
---@param store db.Connection
---@param filter metrics.Filter
---@return fun(): table?
function M.tests(store, filter)
    return part(store, filter, "p.suite, p.name, p.outcome, p.duration_s", "metrics_tests", "p.suite, p.name")
end

--- Tests that passed and failed on the same commit, with how many commits, most first.
---@param store db.Connection
---@param filter metrics.Filter
---@return { suite: string, test: string, commits: integer }[]
function M.flaky_tests(store, filter)
    return store:query(([[
        SELECT suite, test, count(*) AS commits FROM (
            SELECT p.suite AS suite, p.name AS test FROM metrics_runs r JOIN metrics_jobs j ON j.run_id = r.id
            JOIN metrics_tests p ON p.job_id = j.id %s
            GROUP BY p.suite, p.name, j.name, r.commit_sha
            HAVING max(CASE p.outcome WHEN 'failed' THEN 1 ELSE 0 END) = 1
            AND max(CASE p.outcome WHEN 'passed' THEN 1 ELSE 0 END) = 1) AS mixed
        GROUP BY suite, test ORDER BY commits DESC, suite, test LIMIT 1000]]):format(where(filter, true)), filter)
end

--- The branch that others are compared with, where none is named: main or master, if there are runs on it, else the one
--- with most runs; nil without any.
---@param store db.Connection
---@param repository string
---@return string?
function M.main_branch(store, repository)
    local row = store:one([[SELECT branch, count(*) AS runs FROM metrics_runs WHERE repository = ? AND branch <> ''
        GROUP BY branch ORDER BY branch = 'main' DESC, branch = 'master' DESC, runs DESC LIMIT 1]], { repository })
    return row and row.branch
end

--- Iterates over artifacts: run_id, name, size_bytes; platform, arch and variant of their job, where it is known; of
--- the run as `jobs` gives it.
---@param store db.Connection
---@param filter metrics.Filter
---@return fun(): table?
function M.artifacts(store, filter)
    return store:each(([[SELECT p.run_id, p.name, p.size_bytes, j.platform, j.arch, j.variant, %s
        FROM metrics_runs r JOIN metrics_artifacts p ON p.run_id = r.id LEFT JOIN metrics_jobs j ON j.id = p.job_id %s
        ORDER BY r.created_at, r.id, p.name]]):format(of_run, where(filter, true)), filter)
end

--- The caches that a repository has, as they were when it was asked last, largest first.
---@param store db.Connection
---@param repository string
---@return metrics.CacheEntry[]
function M.cache_entries(store, repository)
    return store:query([[SELECT * FROM metrics_cache_entries WHERE repository = ? ORDER BY size_bytes DESC, key]],
        { repository })
end

--- Iterates over measures, by name, subject and time.
---@param store db.Connection
---@param filter { repository: string?, name: string?, since: number?, before: number? }
---@return fun(): metrics.Measure?
function M.measures(store, filter)
    uhost.check_options(filter, "metrics.measures", { "repository", "name", "since", "before" })
    return store:each([[SELECT * FROM metrics_measures WHERE (:repository IS NULL OR repository = :repository)
        AND (:name IS NULL OR name = :name) AND at >= :since AND (:before IS NULL OR at < :before)
        ORDER BY repository, name, subject, at]], { repository = filter.repository, name = filter.name,
        since = filter.since or 0, before = filter.before })
end

--- The repositories of which something is known.
---@param store db.Connection
---@return string[]
function M.repositories(store)
    local names = {}
    for _, row in ipairs(store:query([[SELECT repository FROM metrics_runs UNION
        SELECT repository FROM metrics_measures ORDER BY repository]])) do
        names[#names + 1] = row.repository
    end
    return names
end

local series_of = {
    run = { "'' AS job, '' AS step, '' AS platform, '' AS arch, '' AS variant, r.duration_s AS value",
        "metrics_runs r", "r.workflow", "r.duration_s IS NOT NULL" },
    queue = { "j.name AS job, '' AS step, j.platform, j.arch, j.variant, j.queue_s AS value",
        "metrics_runs r JOIN metrics_jobs j ON j.run_id = r.id", "r.workflow, j.name, j.platform, j.arch, j.variant",
        "j.queue_s IS NOT NULL" },
    job = { "j.name AS job, '' AS step, j.platform, j.arch, j.variant, j.duration_s AS value",
        "metrics_runs r JOIN metrics_jobs j ON j.run_id = r.id", "r.workflow, j.name, j.platform, j.arch, j.variant",
        "j.duration_s IS NOT NULL AND j.conclusion IN ('success', '')" },
    step = { "j.name AS job, p.name AS step, j.platform, j.arch, j.variant, p.duration_s AS value",
        "metrics_runs r JOIN metrics_jobs j ON j.run_id = r.id JOIN metrics_steps p ON p.job_id = j.id",
        "r.workflow, j.name, j.platform, j.arch, j.variant, p.name",
        "p.duration_s IS NOT NULL AND p.conclusion IN ('success', '')" },
}

---@class metrics.Point
---@field repository string
---@field source string
---@field workflow string
---@field job string  "" of whole runs
---@field step string  "" of jobs and whole runs
---@field platform string
---@field arch string
---@field variant string
---@field at integer  when the run was created
---@field value number  seconds
---@field run_id integer
---@field commit_sha string
---@field branch string
---@field number integer?
---@field conclusion string  of the run

-- All durations of that kind, by series and time.
local function selection(of, filter)
    local columns, from, order, condition = unpack(series_of[of])
    local conditions = where(filter, of ~= "run")
    conditions = conditions == "" and "WHERE " .. condition or conditions .. " AND " .. condition
    return ([[SELECT r.repository, r.source, r.workflow, %s, r.created_at AS at, r.id AS run_id,
        r.commit_sha, r.branch, r.number, r.conclusion FROM %s %s
        ORDER BY r.repository, r.source, %s, r.created_at, r.id]]):format(columns, from, conditions, order)
end

--- Iterates over durations, by series (workflow, job, platform, arch, variant, step), each by time: of runs, of jobs
--- and steps that succeeded, or what jobs waited in the queue. One series at a time fits into memory, all need not.
---@param store db.Connection
---@param of "run"|"job"|"step"|"queue"
---@param filter metrics.Filter
---@return fun(): metrics.Point?
function M.durations(store, of, filter)
    return store:each(selection(of, filter), filter)
end

---@class metrics.Series
---@field repository string
---@field source string
---@field workflow string
---@field job string
---@field step string
---@field platform string
---@field arch string
---@field variant string
---@field values number[]  seconds, by time
---@field run_ids integer[]

--- Iterates over the same durations, a series at a time. SQLite collects them, which is faster than a table for each.
---@param store db.Connection
---@param of "run"|"job"|"step"|"queue"
---@param filter metrics.Filter
---@return fun(): metrics.Series?
function M.series(store, of, filter)
    local names = "repository, source, workflow, job, step, platform, arch, variant"
    local next_row = store:each(("SELECT %s, json_group_array(value) AS list, json_group_array(run_id) AS run_ids "
        .. "FROM (%s) GROUP BY %s"):format(names, selection(of, filter), names), filter)
    return function()
        local row = next_row()
        if not row then return nil end
        row.values, row.run_ids, row.list = json.decode(row.list), json.decode(row.run_ids), nil
        return row
    end
end

--- A run by its number in the store.
---@param store db.Connection
---@param id integer
---@return metrics.Run
function M.run(store, id) return store:one("SELECT * FROM metrics_runs WHERE id = ?", { id }) end

return M
