-- Brings what is kept of a repository's runs, artifacts and caches at GitHub up to date. A run that was read and has
-- not changed is not asked for again; what was read before a failure or an interruption stays.
local machine = require("lib.metrics.machine")
local store_of = require("lib.metrics.store")

local M = {}

local at_once = 12  -- requests side by side
local portion = 48  -- runs that are read, and then kept
local day_s = 86400

-- A run may be started again for so long; until then it may change.
-- https://docs.github.com/en/actions/how-tos/manage-workflow-runs/re-run-workflows-and-jobs
local may_change_s = 30 * day_s

local function seconds(text) return text and math.floor(time.parse(text)) end

local function between(from, to) return from and to and math.max(0, to - from) or nil end

-- What a run is known by: whatever changes it changes this.
local function version_of(run)
    return table.concat({ run.status or "", run.conclusion or "", run.attempt or 1, run.updated_at }, " ")
end

local function steps_of(job)
    local steps = {}
    for _, step in ipairs(job.steps) do
        local conclusion = step.conclusion or ""
        local from, to = seconds(step.started_at), seconds(step.completed_at)
        steps[#steps + 1] = { name = step.name, conclusion = conclusion, started_at = from,
            duration_s = conclusion ~= "skipped" and between(from, to) or nil }
    end
    return steps
end

local function job_of(job)
    local platform, arch = machine.of(job.labels, job.name)
    local conclusion = job.conclusion or ""
    local created, from, to = seconds(job.created_at), seconds(job.started_at), seconds(job.completed_at)
    local has_run = conclusion ~= "skipped" and (#job.steps > 0 or job.runner ~= nil)
    return {
        key = ("%d"):format(job.id), attempt = job.attempt or 1, name = job.name, platform = platform, arch = arch,
        variant = machine.variant_of(job.name), runner = table.concat(job.labels, ", "), conclusion = conclusion,
        url = job.url or "", created_at = created, started_at = from, completed_at = to,
        queue_s = has_run and between(created, from) or nil, duration_s = has_run and between(from, to) or nil,
        steps = steps_of(job),
    }
end

-- From when the newest attempt's first job began to when its last one ended.
local function measure(run, attempt_began)
    local first, last
    for _, job in ipairs(run.jobs) do
        if job.attempt == run.attempt and job.duration_s then
            first = math.min(first or job.started_at, job.started_at)
            last = math.max(last or job.completed_at, job.completed_at)
        end
    end
    run.started_at, run.completed_at = first, last
    run.queue_s, run.duration_s = between(attempt_began, first), between(first, last)
end

local function run_of(repository, run)
    return {
        repository = repository, source = "github", key = ("%d"):format(run.id),
        workflow = (run.workflow_path or ""):match("([^/@]+)@?[^/]*$") or tostring(run.workflow_id),
        event = run.event or "", branch = run.branch or "", commit_sha = run.head_sha or "", number = run.number,
        attempt = run.attempt or 1, pull = run.pulls and run.pulls[1], conclusion = run.conclusion or "",
        url = run.url or "", created_at = seconds(run.created_at), version = version_of(run), jobs = {},
    }
end

local function read(repo, run)
    local kept = run_of(repo.name, run)
    for job in repo:jobs(run.id, { attempt = kept.attempt > 1 and "all" or nil }) do
        kept.jobs[#kept.jobs + 1] = job_of(job)
    end
    if run.status == "completed" then measure(kept, seconds(run.started_at or run.created_at)) end
    return kept
end

local function known_versions(store, repository, runs)
    local keys, known = {}, {}
    for i, run in ipairs(runs) do keys[i] = ("'%d'"):format(run.id) end
    if #keys == 0 then return known end
    for _, row in ipairs(store:query(([[SELECT key, version FROM metrics_runs WHERE repository = ?
        AND source = 'github' AND key IN (%s)]]):format(table.concat(keys, ", ")), { repository })) do
        known[row.key] = row.version
    end
    return known
end

local function keep_changed(repo, store, runs)
    local known, changed = known_versions(store, repo.name, runs), {}
    for _, run in ipairs(runs) do
        -- Of a run that goes on, jobs may have ended meanwhile.
        local has_changed = run.status ~= "completed" or known[("%d"):format(run.id)] ~= version_of(run)
        if has_changed then changed[#changed + 1] = run end
    end
    for first = 1, #changed, portion do
        local some = { unpack(changed, first, math.min(#changed, first + portion - 1)) }
        store_of.keep(store, task.map(some, function(run) return read(repo, run) end, { concurrency = at_once }))
    end
    return #changed
end

local function list(repo, from, to, options)
    local runs = {}
    local listed = repo:runs{ workflow = options.workflow, branch = options.branch,
        created = ("%s..%s"):format(time.iso(from), time.iso(to)) }
    for run in listed do
        if listed.total and listed.total > 1000 then return nil end
        runs[#runs + 1] = run
    end
    return runs
end

-- What a collection with other filters has read says nothing about this one.
local function progress_name(options)
    return table.concat({ "runs", options.workflow or "", options.branch or "" }, " ")
end

-- Where to begin: what was read already is looked at again as long as it may change.
local function beginning(state, since)
    if not state or since < state.since then return since, since end
    return state.since, math.max(since, state.before - may_change_s)
end

--- Reads runs with their jobs and steps, from the oldest, a few days at a time; after each, what was read is kept.
--- GitHub lists 1,000 runs of a period at most, so that a period which has more is halved.
---@param repo github.Repository
---@param store db.Connection
---@param options { since: number, workflow: string?, branch: string? }
---@param counts { listed: integer, read: integer }  counted up as runs are kept
function M.collect_runs(repo, store, options, counts)
    local name, now = progress_name(options), math.floor(time.now())
    local since, from = beginning(store_of.progress(store, repo.name, name), math.floor(options.since))
    local width = 7 * day_s
    while from < now do
        local to = math.min(now, from + width)
        local runs = list(repo, from, to, options)
        if not runs and width > 1 then
            width = math.max(1, math.floor(width / 4))
        else
            if not runs then
                log.warn("GitHub lists no more than 1,000 of the runs that began in one second",
                    { at = time.iso(from) })
            end
            counts.listed = counts.listed + #(runs or {})
            counts.read = counts.read + keep_changed(repo, store, runs or {})
            store_of.keep_progress(store, repo.name, name, { since = since, before = to })
            log.info(("runs until %s: %d, of which %d were read"):format(time.date(to), counts.listed, counts.read))
            if runs and #runs < 300 then width = math.min(60 * day_s, width * 2) end
            from = to
        end
    end
end

--- Reads the sizes of artifacts, newest first, down to those that are known.
---@param repo github.Repository
---@param store db.Connection
---@param options { since: number }
---@return integer count
function M.collect_artifacts(repo, store, options)
    local state = store_of.progress(store, repo.name, "artifacts") or { id = 0, since = math.huge }
    local known_id = options.since >= state.since and state.id or 0
    local newest, list_of, count = state.id, {}, 0
    local function keep()
        store_of.keep_artifacts(store, repo.name, list_of)
        count, list_of = count + #list_of, {}
    end
    for artifact in repo:artifacts() do
        local created = seconds(artifact.created_at) or 0
        if artifact.id <= known_id or created < options.since then break end
        newest = math.max(newest, artifact.id)
        if artifact.run_id then
            list_of[#list_of + 1] = { run_key = ("%d"):format(artifact.run_id), name = artifact.name,
                size_bytes = artifact.size_bytes }
        end
        if #list_of >= 500 then keep() end
    end
    keep()
    store_of.keep_progress(store, repo.name, "artifacts",
        { id = newest, since = math.min(options.since, state.since) })
    return count
end

--- Reads the caches that there are now.
---@param repo github.Repository
---@param store db.Connection
---@return integer count
function M.collect_caches(repo, store)
    local entries, size_bytes, now = {}, 0, math.floor(time.now())
    for cache in repo:caches() do
        size_bytes = size_bytes + cache.size_bytes
        entries[#entries + 1] = { key = ("%d"):format(cache.id), name = cache.key, ref = cache.ref,
            size_bytes = cache.size_bytes, created_at = seconds(cache.created_at) or now,
            last_used_at = seconds(cache.last_accessed_at) or now }
    end
    store_of.keep_cache_entries(store, repo.name, entries)
    store_of.keep_measures(store, repo.name, {
        { name = "cache.size_bytes", subject = "", at = now, value = size_bytes },
        { name = "cache.entries", subject = "", at = now, value = #entries },
    })
    return #entries
end

return M
