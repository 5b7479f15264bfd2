-- `uhost upstream alerts`, and what other commands tell of them when they end.
local alerts = require("lib.alerts")
local standing_of = require("lib.upstream.standing")
local statistics = require("lib.upstream.statistics")
local syncs = require("lib.upstream.syncs")

local M = {}

-- So many of the last syncs are measured.
local window = 20

---@param project upstream.Project
---@return table<string, number>  by the names that the policy uses
local function measures_of(project)
    local counts = statistics.of(project.store, syncs.list(project.store, project.name, project.fork, window))
    return {
        ["upstream.releases_behind"] = project.fork ~= "" and standing_of.of(project).releases_behind or nil,
        ["upstream.success_rate_percent"] = counts.success_rate_percent,
        ["upstream.average_sync_hours"] = counts.average_hours,
        ["upstream.manual_interventions_percent"] = counts.manual_interventions_percent,
    }
end

local function evaluate(project, rules)
    local firing = alerts.evaluate(measures_of(project), rules)
    local subject = ("%s %s"):format(project.name, project.fork)
    return firing, alerts.keep(project.store, subject, "upstream", firing)
end

--- Says on standard error which alerts have begun, once each.
---@param project upstream.Project
---@param rules? policy.Policy  see `lib.alerts`
function M.tell(project, rules)
    local _, begun = evaluate(project, rules)
    for _, alert in ipairs(begun) do
        log.warn((alert.severity == "warning" and "" or alert.severity .. ": ") .. alert.message)
    end
end

local function show(project, options)
    local firing = evaluate(project)
    if options.json then
        io.write(json.encode({ alerts = json.array(firing) }, { indent = 2 }), "\n")
    elseif #firing == 0 then
        print("no alerts")
    else
        for _, alert in ipairs(firing) do print(("%s: %s"):format(alert.severity, term.untrusted(alert.message))) end
    end
    return #firing > 0 and 1 or 0
end

function M.declare(parser)
    local command = parser:command("alerts", "Say what is not as policies/alerts.lua wants it, and exit with 1.")
    command:flag("--json", "Write it as JSON (uhost schema upstream_alerts).")
end

M.commands = { alerts = show }
M.quiet = { alerts = true }

return M
