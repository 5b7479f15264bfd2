-- What else there is to know of builds: caches and their worth, flakes, how long it takes to repair what broke, and the
-- four measures of DORA.
local averages = require("lib.averages")
local conclusions = require("lib.conclusions")
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

-- A job of one commit, each time that it ran, in the order of time.
local function add_flake(flakes, jobs, rules)
    local first = jobs[1]
    local key = first.workflow .. "\0" .. first.name
    local flake = flakes[key] or { workflow = first.workflow, job = first.name, flakes = 0, minutes = 0, cost = 0 }
    for _, job in ipairs(jobs) do
        flake.minutes = flake.minutes + conclusions.lost_s(job) / 60
        if conclusions.is_failure(job.conclusion) then flake.cost = flake.cost + select(2, rules.cost(job)) end
        flake.last_at = math.max(flake.last_at or 0, job.run_created_at)
    end
    flakes[key], flake.flakes = flake, flake.flakes + 1
end

--- Jobs and tests that failed and succeeded on the same commit; of jobs, the time lost and what it cost.
---@param store db.Connection
---@param filter metrics.Filter
---@param rules metrics.Rules
---@return { jobs: table[], tests: table[] }
function M.flakes(store, filter, rules)
    local flakes, jobs, place = {}, {}, nil
    for job in store_of.jobs_of_flakes(store, filter) do
        if job.place ~= place and place then
            add_flake(flakes, jobs, rules)
            jobs = {}
        end
        jobs[#jobs + 1], place = job, job.place
    end
    if place then add_flake(flakes, jobs, rules) end
    local list = {}
    for _, key in ipairs(tables.sorted_keys(flakes)) do list[#list + 1] = flakes[key] end
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
            if conclusions.is_failure(run.conclusion) then
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
            if conclusions.is_failure(run.conclusion) then failures = failures + 1 end
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
