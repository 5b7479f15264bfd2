-- What a cache that is missing or does not help costs, in minutes a week.
local history_of = require("lib.cache_advisor.history")

local M = {}

-- What of the work is done again: where a part is, it is taken for a half.
local shares = {
    all = function() return 1 end, part = function() return 0.5 end, none = function() return 0 end,
    lock = function(world, runs_per_week)
        return world.lock_changes and runs_per_week > 0 and math.min(1, world.lock_changes / runs_per_week) or 1
    end,
}

--- The share of the steps that fetch and build which layers save together, by a rule of thumb.
---@param layers lib.CacheLayer[]
---@return number
function M.share(layers)
    local share = 0
    for _, layer in ipairs(layers) do share = math.min(share + layer.saves, 0.9) end
    return share
end

--- What is lost: a share of the time of steps, as often as they run.
---@param world cache_advisor.World
---@param workflow table  of the model
---@param job table
---@param steps table[]  that fetch and build
---@param share number  what a hit saves of them
---@param loses string  see cache_advisor.Problem
---@return number? minutes_per_week  nil: not known
---@return string basis
function M.of(world, workflow, job, steps, share, loses)
    if loses == "none" then return 0, "it costs time only once something has gone wrong" end
    if #steps == 0 then return nil, "no step is known to fetch or build what it keeps" end
    local minutes, runs, is_whole = history_of.weekly(world.history, fs.basename(workflow.path), job, steps)
    if not minutes then
        return nil, world.history and "this job is not among the known runs"
            or "nothing is known of past runs: add --github OWNER/NAME, or call uhost metrics collect"
    end
    local what = is_whole and "in all" or "for steps that fetch and build"
    local basis = ("%s; %.1f jobs a week take %.1f minutes %s, of which a hit saves about %d %%, by a rule of thumb")
        :format(world.history.basis, runs, minutes, what, share * 100)
    if loses == "part" then basis = basis .. "; as it is, it saves about half of that" end
    if loses == "lock" and world.lock_changes then
        basis = basis .. ("; lock files change %.1f times a week"):format(world.lock_changes)
    end
    return minutes * share * shares[loses](world, runs), basis
end

return M
