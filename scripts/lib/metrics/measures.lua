-- What is measured of builds against the policy `alerts`.
local alerts = require("lib.alerts")
local durations = require("lib.metrics.durations")
local events = require("lib.events")
local store_of = require("lib.metrics.store")

local M = {}

-- So far back measures look: the period of a budget.
local window = "30 days"

local function cache_hit_rate(store, filter)
    local uses, hits = 0, 0
    for use in store_of.cache_uses(store, filter) do uses, hits = uses + 1, hits + use.hit end
    return uses > 0 and 100 * hits / uses or nil
end

---@param store db.Connection
---@param repository string
---@param rules metrics.Rules
---@return table<string, number>  by the names that the policy uses
function M.of(store, repository, rules)
    local filter = { repository = repository, since = time.ago(window) }
    local runs, total = durations.runs(store, filter), durations.jobs(store, filter, rules).total
    local ended, spent_s = runs.succeeded + runs.failed, total.queue_s + 60 * total.minutes
    local budget = rules.data.budget
    return {
        ["metrics.budget_used_percent"] = budget > 0 and 100 * total.cost / budget or nil,
        ["metrics.run_p95_minutes"] = runs.p95_s and runs.p95_s / 60,
        ["metrics.success_rate_percent"] = ended > 0 and 100 * runs.succeeded / ended or nil,
        ["metrics.queue_share_percent"] = spent_s > 0 and 100 * total.queue_s / spent_s or nil,
        ["metrics.cache_hit_rate_percent"] = cache_hit_rate(store, filter),
    }
end

--- The alerts that there are now.
---@param store db.Connection
---@param repository string
---@param rules metrics.Rules
---@return lib.Alert[]
function M.firing(store, repository, rules) return alerts.evaluate(M.of(store, repository, rules)) end

--- Keeps which alerts there are, raises an event for each that begins, and says so on standard error.
---@param store db.Connection  of metrics
---@param main db.Connection  of events
---@param repository string
---@param rules metrics.Rules
function M.watch(store, main, repository, rules)
    events.prepare(main)
    for _, alert in ipairs(alerts.keep(main, repository, "metrics", M.firing(store, repository, rules))) do
        log.warn((alert.severity == "warning" and "" or alert.severity .. ": ") .. alert.message)
    end
end

return M
