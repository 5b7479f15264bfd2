-- What a cache that is missing or does not help costs, in minutes a week.
local history_of = require("lib.cache_advisor.history")
local needs = require("lib.cache_advisor.needs")

local M = {}

local shares = {
    all = function() return 1 end, part = function() return 1 end, none = function() return 0 end,
    lock = function(world, runs_per_week)
        return world.lock_changes and runs_per_week > 0 and math.min(1, world.lock_changes / runs_per_week) or 1
    end,
}

--- What layers cost: their share of the steps that fetch and build, as often as these do it again.
---@param world cache_advisor.World
---@param workflow table  of the model
---@param job table
---@param language string?
---@param layers lib.CacheLayer[]
---@param loses string  see cache_advisor.Problem
---@return number? minutes_per_week  nil: not known
---@return string basis
function M.of(world, workflow, job, language, layers, loses)
    if loses == "none" then return 0, "it costs time only once something has gone wrong" end
    if not language then return nil, "what it keeps is not known" end
    local minutes, runs, is_whole = history_of.weekly(world.history, fs.basename(workflow.path), job,
        (needs.steps_of(job, language)))
    if not minutes then
        return nil, world.history and "this job is not among the known runs"
            or "nothing is known of past runs: add --github OWNER/NAME, or call uhost metrics collect"
    end
    local saves = 0
    for _, layer in ipairs(layers) do saves = math.min(saves + layer.saves, 0.9) end
    local what = is_whole and "in all" or "for steps that fetch and build"
    local basis = ("%s; %.1f jobs a week take %.1f minutes %s, of which a hit saves about %d %%, by a rule of thumb")
        :format(world.history.basis, runs, minutes, what, saves * 100)
    if loses == "lock" and world.lock_changes then
        basis = basis .. ("; lock files change %.1f times a week"):format(world.lock_changes)
    end
    return minutes * saves * shares[loses](world, runs), basis
end

return M
