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

local function describe(store, kind, series, found)
    local run = store_of.run(store, series.run_ids[found.index])
    local previous = store_of.run(store, series.run_ids[found.index - 1])
    return {
        of = kind, workflow = series.workflow, job = series.job, step = series.step, platform = series.platform,
        arch = series.arch, variant = series.variant, at = run.created_at, commit_sha = run.commit_sha,
        previous_sha = previous.commit_sha, run_id = run.id, before_s = found.before, after_s = found.after,
        percent = 100 * (found.after / found.before - 1), confidence = 1 - found.p,
    }
end

local rank = { run = 1, job = 2, step = 3 }

local function find_all(store, kind, filter, limits, changes)
    local options = { min_change = limits.min_s, min_ratio = limits.min_percent / 100, max_p = limits.max_p }
    local found = {}
    for series in store_of.series(store, kind, filter) do
        for _, each in ipairs(metrics.change_points(series.values, options)) do
            if each.before > 0 then found[#found + 1] = { series, each } end
        end
    end
    for _, each in ipairs(found) do changes[#changes + 1] = describe(store, kind, each[1], each[2]) end
end

--- Finds changes, newest first; of those at the same run, whole runs before their jobs, and these before their steps.
---@param store db.Connection
---@param filter metrics.Filter  should name a branch: builds of topics are no series
---@param limits { min_percent: number, min_s: number, max_p: number }
---@param kinds? table<string, true>  of "run", "job" and "step"; default: all
---@return metrics.Change[]
function M.find(store, filter, limits, kinds)
    local changes = {}
    local of_runs = tables.copy(filter)
    of_runs.conclusion = "success"
    for kind in pairs(rank) do
        local is_asked = not kinds or kinds[kind]
        if is_asked and not (kind == "run" and filter.job) then
            find_all(store, kind, kind == "run" and of_runs or filter, limits, changes)
        end
    end
    table.sort(changes, function(a, b)
        if a.at ~= b.at then return a.at > b.at end
        if rank[a.of] ~= rank[b.of] then return rank[a.of] < rank[b.of] end
        if a.job ~= b.job then return a.job < b.job end
        return a.step < b.step
    end)
    return changes
end

return M
