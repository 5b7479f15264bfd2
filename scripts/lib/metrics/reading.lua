-- How builds are read from the store: the second half of lib.metrics.store, where its functions are found.
local conclusions = require("lib.conclusions")

local M = {}

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

local series_of_jobs = "r.repository, r.workflow, r.commit_sha, j.name, j.platform, j.arch, j.variant"

--- A selection of the jobs that flaked, as SQL: those that failed and succeeded on the same commit, a row for each such
--- commit with `place`, the columns that name the job, failed (how often), lost_s (the time lost), url (of a
--- failure) and last_at.
---@param conditions string  in SQL, of runs `r` and jobs `j`
---@return string
function M.flakes_sql(conditions)
    local has_failed = "j.conclusion IN " .. conclusions.failures_sql
    return ([[SELECT %s, min(j.id) AS place, max(r.branch) AS branch, count(*) FILTER (WHERE %s) AS failed,
        %s AS lost_s, max(j.url) FILTER (WHERE %s) AS url,
        max(r.created_at) AS last_at FROM metrics_runs r JOIN metrics_jobs j ON j.run_id = r.id %s
        GROUP BY %s HAVING r.commit_sha <> '' AND count(*) FILTER (WHERE %s) > 0
            AND count(*) FILTER (WHERE j.conclusion = 'success') > 0]]):format(
        series_of_jobs, has_failed, conclusions.lost_sql("j.conclusion", "j.duration_s"), has_failed, conditions,
        series_of_jobs, has_failed)
end

--- Iterates over all jobs of these commits, as `jobs` does, commit by commit, with the `place` of each commit.
---@param store db.Connection
---@param filter metrics.Filter
---@return fun(): table?
function M.jobs_of_flakes(store, filter)
    local conditions = where(filter, true)
    return store:each(([[SELECT f.place, j.*, %s FROM metrics_runs r JOIN metrics_jobs j ON j.run_id = r.id
        JOIN (%s) f ON (%s) = (f.repository, f.workflow, f.commit_sha, f.name, f.platform, f.arch, f.variant) %s
        ORDER BY f.place, r.created_at, j.attempt, j.id]]):format(of_run, M.flakes_sql(conditions), series_of_jobs,
        conditions), filter)
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
            GROUP BY p.suite, p.name, r.workflow, j.name, r.commit_sha
            HAVING r.commit_sha <> '' AND max(CASE p.outcome WHEN 'failed' THEN 1 ELSE 0 END) = 1
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

local of_jobs = "metrics_runs r JOIN metrics_jobs j ON j.run_id = r.id"
local job_columns = "j.name AS job, '' AS step, j.platform, j.arch, j.variant, "
local job_order = "r.workflow, j.name, j.platform, j.arch, j.variant"

local series_of = {
    run = { columns = "'' AS job, '' AS step, '' AS platform, '' AS arch, '' AS variant, ", value = "r.duration_s",
        from = "metrics_runs r", order = "r.workflow", ties = "r.id", condition = "r.duration_s IS NOT NULL" },
    queue = { columns = job_columns, value = "j.queue_s", from = of_jobs, order = job_order, ties = "r.id, j.id",
        condition = "j.queue_s IS NOT NULL" },
    job = { columns = job_columns, value = "j.duration_s", from = of_jobs, order = job_order, ties = "r.id, j.id",
        condition = "j.duration_s IS NOT NULL AND j.conclusion IN ('success', '')" },
    step = { columns = job_columns:gsub("'' AS step", "p.name AS step"), value = "p.duration_s",
        from = of_jobs .. " JOIN metrics_steps p ON p.job_id = j.id", order = job_order .. ", p.name",
        ties = "r.id, j.id, p.position", condition = "p.duration_s IS NOT NULL AND p.conclusion IN ('success', '')" },
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

local function conditions_of(of, filter, more)
    local conditions = where(filter, of ~= "run")
    return conditions == "" and "WHERE " .. more or conditions .. " AND " .. more
end

-- All durations of that kind, by series and time.
local function selection(of, filter)
    local kind = series_of[of]
    return ([[SELECT r.repository, r.source, r.workflow, %s %s AS value, r.created_at AS at, r.id AS run_id,
        r.commit_sha, r.branch, r.number, r.conclusion FROM %s %s
        ORDER BY r.repository, r.source, %s, r.created_at, %s]]):format(kind.columns, kind.value, kind.from,
        conditions_of(of, filter, kind.condition), kind.order, kind.ties)
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

--- A list that SQLite wrote as JSON. Names in the store need not be UTF-8, which JSON has to be.
---@param text string
---@return any[]
function M.list_of(text)
    local ok, list = pcall(json.decode, text)
    return ok and list or json.decode(term.visible(text))
end

-- Columns of a query as lists. SQLite writes them as JSON, which takes much less than a table for each row.
local function lists_of(store, columns, rest, filter)
    local inner, outer = {}, {}
    for i, column in ipairs(columns) do
        inner[i], outer[i] = ("%s AS c%d"):format(column, i), ("json_group_array(c%d) AS c%d"):format(i, i)
    end
    local row = store:one(("SELECT %s FROM (SELECT %s FROM %s)"):format(table.concat(outer, ", "),
        table.concat(inner, ", "), rest), filter)
    for i in ipairs(columns) do outer[i] = M.list_of(row["c" .. i]) end
    return unpack(outer)
end

local names = { "repository", "source", "workflow", "job", "platform", "arch", "variant" }
local separator = "\31"

local function series_named(by_name, identity, step)
    local of_owner = by_name[identity] or {}
    by_name[identity] = of_owner
    local series = of_owner[step]
    if not series then
        series = { step = step, values = {}, run_ids = {} }
        local parts = (identity .. separator):gmatch("(.-)" .. separator)
        for _, name in ipairs(names) do series[name] = parts() end
        of_owner[step] = series
    end
    return series
end

--- The same durations, series by series, in the order of the iterators' own. They are sorted here, by what names them:
--- by SQLite, that takes longer than reading them.
---@param store db.Connection
---@param of "run"|"job"|"step"|"queue"
---@param filter metrics.Filter
---@return fun(): metrics.Series?
function M.series(store, of, filter)
    local kind, by_name, owner_of = series_of[of], {}, {}
    local identity = ("r.repository || '%s' || r.source || '%s' || r.workflow"):format(separator, separator)
    for _, column in ipairs({ "j.name", "j.platform", "j.arch", "j.variant" }) do
        identity = ("%s || '%s' || %s"):format(identity, separator, of == "run" and "''" or column)
    end
    local in_time = (" ORDER BY r.created_at, %s"):format(kind.ties)
    local function add(place, step, value, run_id)
        local series = series_named(by_name, place, step)
        local count = #series.values + 1
        series.values[count], series.run_ids[count] = value, run_id
    end
    if of == "step" then
        local ids, identities, run_ids = lists_of(store, { "j.id", identity, "r.id" },
            of_jobs .. " " .. where(filter, true), filter)
        for i, id in ipairs(ids) do owner_of[id] = i end
        local job_ids, steps, values = lists_of(store, { "j.id", "p.name", kind.value },
            kind.from .. " " .. conditions_of(of, filter, kind.condition) .. in_time, filter)
        for i, id in ipairs(job_ids) do
            add(identities[owner_of[id]], steps[i], values[i], run_ids[owner_of[id]])
        end
    else
        local identities, values, run_ids = lists_of(store, { identity, kind.value, "r.id" },
            kind.from .. " " .. conditions_of(of, filter, kind.condition) .. in_time, filter)
        for i, place in ipairs(identities) do add(place, "", values[i], run_ids[i]) end
    end
    local found = {}
    for _, place in ipairs(tables.sorted_keys(by_name)) do
        for _, step in ipairs(tables.sorted_keys(by_name[place])) do found[#found + 1] = by_name[place][step] end
    end
    local at = 0
    return function()
        at = at + 1
        return found[at]
    end
end

--- A run by its number in the store.
---@param store db.Connection
---@param id integer
---@return metrics.Run
function M.run(store, id) return store:one("SELECT * FROM metrics_runs WHERE id = ?", { id }) end

return M
