-- Lasting changes of how long something takes, with the commit that each began at.
local store_of = require("lib.metrics.store")

local M = {}

---@class metrics.Change
---@field of "run"|"job"|"step"
---@field workflow string
---@field job string
---@field step string
---@field platform string
---@field arch string
---@field variant string
---@field at integer  when the first run with it was created
---@field commit_sha string  of that run
---@field previous_sha string  of the run before it: the change is after that commit
---@field run_id integer
---@field before_s number  the median up to it
---@field after_s number  the median since
---@field percent number
---@field confidence number  0 to 1: one minus how often chance alone gives as much

local function describe(kind, points, found)
    local point, previous = points[found.index], points[found.index - 1]
    return {
        of = kind, workflow = point.workflow, job = point.job, step = point.step, platform = point.platform,
        arch = point.arch, variant = point.variant, at = point.at, commit_sha = point.commit_sha,
        previous_sha = previous.commit_sha, run_id = point.run_id, before_s = found.before, after_s = found.after,
        percent = 100 * (found.after / found.before - 1), confidence = 1 - found.p,
    }
end

local function find(kind, points, limits, changes)
    local values = {}
    for i, point in ipairs(points) do values[i] = point.value end
    local found = metrics.change_points(values, { min_change = limits.min_s, min_ratio = limits.min_percent / 100,
        max_p = limits.max_p })
    for _, each in ipairs(found) do
        if each.before > 0 then changes[#changes + 1] = describe(kind, points, each) end
    end
end

local function find_all(store, kind, filter, limits, changes)
    local last_key, points = nil, {}
    for point in store_of.durations(store, kind, filter) do
        local key = table.concat({ point.repository, point.source, point.workflow, point.job, point.platform,
            point.arch, point.variant, point.step }, "\0")
        if key ~= last_key then
            find(kind, points, limits, changes)
            last_key, points = key, {}
        end
        points[#points + 1] = point
    end
    find(kind, points, limits, changes)
end

local rank = { run = 1, job = 2, step = 3 }

--- Finds changes, newest first; of those at the same run, whole runs before their jobs, and these before their steps.
---@param store db.Connection
---@param filter metrics.Filter  should name a branch: builds of topics are no series
---@param limits { min_percent: number, min_s: number, max_p: number }
---@return metrics.Change[]
function M.find(store, filter, limits)
    local changes = {}
    local of_runs = tables.copy(filter)
    of_runs.conclusion = "success"
    if not filter.job then find_all(store, "run", of_runs, limits, changes) end
    find_all(store, "job", filter, limits, changes)
    find_all(store, "step", filter, limits, changes)
    table.sort(changes, function(a, b)
        if a.at ~= b.at then return a.at > b.at end
        if rank[a.of] ~= rank[b.of] then return rank[a.of] < rank[b.of] end
        if a.job ~= b.job then return a.job < b.job end
        return a.step < b.step
    end)
    return changes
end

return M
