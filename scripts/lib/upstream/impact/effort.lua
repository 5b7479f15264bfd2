-- How long a sync may take, by how long those before it took.
local averages = require("lib.averages")
local syncs = require("lib.upstream.syncs")

local M = {}

-- Fewer syncs say nothing.
local min_syncs = 3
-- What to begin with: hours for a sync without trouble, and for each thing that a person has to look at.
local base_hours, conflict_hours, breaking_hours, moderate_hours = 0.5, 1, 2, 0.5

---@class impact.Effort
---@field hours number
---@field basis string

local function round(hours) return math.floor(hours * 10 + 0.5) / 10 end

-- Hours for each conflict, and one more for the rest of the work, in the syncs that succeeded.
local function past_rates(project)
    local rates = {}
    for _, sync in ipairs(syncs.list(project.store, project.name, project.fork, 50)) do
        if sync.status == "success" and sync.completed_at then
            local hours = (time.parse(sync.completed_at) - time.parse(sync.started_at)) / 3600
            rates[#rates + 1] = hours / (1 + sync.conflicts_count)
        end
    end
    return rates
end

---@param project upstream.Project
---@param conflicts integer
---@param breaking integer
---@param moderate integer
---@return impact.Effort
function M.estimate(project, conflicts, breaking, moderate)
    local rates = past_rates(project)
    if #rates >= min_syncs then
        return {
            hours = round(averages.median(rates) * (1 + conflicts)),
            basis = ("the median of %d past syncs, by their conflicts"):format(#rates),
        }
    end
    return {
        hours = round(base_hours + conflicts * conflict_hours + breaking * breaking_hours + moderate * moderate_hours),
        basis = ("a rule of thumb, as %d syncs are too few to go by: %g h, %g h for a conflict, %g h for what breaks, "
            .. "%g h for what is near"):format(#rates, base_hours, conflict_hours, breaking_hours, moderate_hours),
    }
end

return M
