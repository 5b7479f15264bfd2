-- What else there is to know of builds: caches and their worth, flakes, how long it takes to repair what broke, and the
-- four measures of DORA.
local averages = require("lib.averages")
local store_of = require("lib.metrics.store")

local M = {}

-- Caches --------------------------------------------------------------------------------------------------------------

-- Fewer jobs with and without a hit say nothing of its worth.
local min_sample = 3

local function worth_of(cache)
    if #cache.with_hit < min_sample or #cache.without < min_sample then return end
    local found = metrics.compare(cache.with_hit, cache.without)
    cache.saves_s, cache.p = found.shift, found.p
    cache.saved_minutes = found.shift * cache.hits / 60
end

--- Caches by job: how often they hit, and by how much jobs without a hit took longer.
---@param store db.Connection
---@param filter metrics.Filter
---@return table[]
function M.caches(store, filter)
    local caches, by_key = {}, {}
    for use in store_of.cache_uses(store, filter) do
        local key = use.workflow .. "\0" .. use.job .. "\0" .. use.name
        local cache = by_key[key]
        if not cache then
            cache = { workflow = use.workflow, job = use.job, cache = use.name, uses = 0, hits = 0, with_hit = {},
                without = {} }
            by_key[key], caches[#caches + 1] = cache, cache
        end
        cache.uses, cache.hits = cache.uses + 1, cache.hits + use.hit
        cache.size_bytes = use.size_bytes or cache.size_bytes
        local is_measured = use.job_conclusion == "success" and use.job_duration_s
        if is_measured then table.insert(use.hit == 1 and cache.with_hit or cache.without, use.job_duration_s) end
    end
    for _, cache in ipairs(caches) do
        cache.hit_rate_percent = 100 * cache.hits / cache.uses
        worth_of(cache)
        cache.with_hit, cache.without = nil, nil
    end
    return seq(caches):sort_by(function(cache) return cache.saved_minutes or 0 end, "descending"):list()
end

-- Flakes --------------------------------------------------------------------------------------------------------------

local failed = { failure = true, timed_out = true }

-- A job that failed and then succeeded in a later attempt of the same run flaked: what failed, and all that ran again,
-- was for nothing.
local function count_run(jobs, flakes, rules)
    local last, lost = {}, {}
    for _, job in ipairs(jobs) do
        local minutes, cost = rules.cost(job)
        local sum = lost[job.name] or { minutes = 0, cost = 0 }
        if last[job.name] ~= nil or failed[job.conclusion] then
            sum.minutes, sum.cost = sum.minutes + minutes, sum.cost + cost
        end
        lost[job.name] = sum
        if last[job.name] and job.conclusion == "success" then
            local flake = flakes[job.name] or { workflow = job.workflow, job = job.name, flakes = 0, minutes = 0,
                cost = 0 }
            flakes[job.name] = flake
            flake.flakes, flake.last_at = flake.flakes + 1, job.run_created_at
            flake.minutes, flake.cost = flake.minutes + sum.minutes, flake.cost + sum.cost
        end
        last[job.name] = failed[job.conclusion] == true
    end
end

--- Jobs that failed and then succeeded on the same commit, and what that cost; and tests that ended in both ways on
--- one.
---@param store db.Connection
---@param filter metrics.Filter
---@param rules metrics.Rules
---@return { jobs: table[], tests: table[] }
function M.flakes(store, filter, rules)
    local flakes, jobs, run_id = {}, {}, nil
    local function close()
        table.sort(jobs, function(a, b)
            if a.attempt ~= b.attempt then return a.attempt < b.attempt end
            return a.id < b.id
        end)
        if #jobs > 0 and jobs[#jobs].attempt > 1 then count_run(jobs, flakes, rules) end
    end
    for job in store_of.jobs(store, filter) do
        if job.run_id ~= run_id then
            close()
            jobs, run_id = {}, job.run_id
        end
        jobs[#jobs + 1] = job
    end
    close()
    local list = {}
    for _, name in ipairs(tables.sorted_keys(flakes)) do list[#list + 1] = flakes[name] end
    return { jobs = seq(list):sort_by("minutes", "descending"):list(), tests = store_of.flaky_tests(store, filter) }
end

-- Repair --------------------------------------------------------------------------------------------------------------

--- How long workflows of a branch stayed broken, from the end of the first failed run to that of the next one that
--- succeeded: seconds, and how many are broken still.
---@param store db.Connection
---@param filter metrics.Filter
---@param is_wanted? fun(run: metrics.Run): boolean
---@return { repaired: integer, median_s: number?, broken: integer }
function M.repair(store, filter, is_wanted)
    local since, times, broken = {}, {}, 0
    for run in store_of.runs(store, filter) do
        if (not is_wanted or is_wanted(run)) and run.completed_at then
            local workflow = run.workflow
            if failed[run.conclusion] then
                since[workflow] = since[workflow] or run.completed_at
            elseif run.conclusion == "success" and since[workflow] then
                times[#times + 1], since[workflow] = math.max(0, run.completed_at - since[workflow]), nil
            end
        end
    end
    for _ in pairs(since) do broken = broken + 1 end
    return { repaired = #times, median_s = averages.median(times), broken = broken }
end

-- DORA ----------------------------------------------------------------------------------------------------------------

local function count_deployments(store, filter, branch, rules)
    local succeeded, failures, waiting, lead, seen = 0, 0, {}, {}, {}
    for run in store_of.runs(store, filter) do
        if rules.is_deployment(run) then
            if failed[run.conclusion] then failures = failures + 1 end
            if run.conclusion == "success" then
                succeeded = succeeded + 1
                for _, at in ipairs(waiting) do lead[#lead + 1] = math.max(0, run.completed_at - at) end
                waiting = {}
            end
        elseif run.branch == branch and not seen[run.commit_sha] then
            seen[run.commit_sha] = true
            waiting[#waiting + 1] = run.created_at
        end
    end
    return succeeded, failures, lead
end

--- DORA's four measures (https://dora.dev/guides/dora-metrics/), as far as runs show them: how often is deployed, how
--- long a commit of the branch waits from its first run to the end of the deployment that has it, how many deployments
--- fail, and how long it takes to one that succeeds. nil where nothing was deployed.
---@param store db.Connection
---@param filter metrics.Filter  with `since`
---@param branch string
---@param rules metrics.Rules
---@return { deployments: integer, per_week: number, lead_time_median_s: number?, failure_rate_percent: number,
---    restore_median_s: number? }?
function M.dora(store, filter, branch, rules)
    local succeeded, failures, lead = count_deployments(store, filter, branch, rules)
    if succeeded + failures == 0 then return nil end
    local weeks = math.max(1, (time.now() - filter.since) / (7 * 86400))
    return {
        deployments = succeeded, per_week = succeeded / weeks, lead_time_median_s = averages.median(lead),
        failure_rate_percent = 100 * failures / (succeeded + failures),
        restore_median_s = M.repair(store, filter, rules.is_deployment).median_s,
    }
end

return M
