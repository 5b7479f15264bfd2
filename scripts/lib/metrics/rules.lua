-- The policy `metrics`: what runners cost, and what counts as a change.
local M = {}

---@class metrics.Rules
---@field data table  as lib.schemas.metrics describes it
---@field cost fun(job: { runner: string, duration_s: number? }): number minutes, number cost
---@field is_deployment fun(run: metrics.Run): boolean

-- What a minute costs, by a job's runner; asked once for each.
local function price_of(data)
    local known = {}
    return function(runner)
        if not known[runner] then
            known[runner] = 0
            for _, entry in ipairs(data.runners) do
                if fs.matches(runner, entry.labels) then
                    known[runner] = entry.per_minute
                    break
                end
            end
        end
        return known[runner]
    end
end

local function deployments_of(rules)
    local known = {}
    return function(run)
        local key = table.concat({ run.workflow, run.event, run.branch, run.conclusion }, "\0")
        if known[key] == nil then
            known[key] = rules:call("is_deployment", { workflow = run.workflow, event = run.event,
                branch = run.branch, conclusion = run.conclusion }) == true
        end
        return known[key]
    end
end

---@return metrics.Rules
function M.load()
    local rules = policy.load("metrics", { schema = require("lib.schemas.metrics") })
    local data = rules:data()
    local price = price_of(data)
    return {
        data = data, is_deployment = deployments_of(rules),
        cost = function(job)
            local minutes = (job.duration_s or 0) / 60
            local billed = data.round_up_to_minutes and math.ceil(minutes) or minutes
            return minutes, billed * price(job.runner)
        end,
    }
end

return M
