-- What is measured against what it should be, by the policy `alerts`. An alert that begins is told once, as an event;
-- it is over when its measure is good again, and may then begin anew.
local events = require("lib.events")

local M = {}

local migrations = { [[
    CREATE TABLE alerts (
        subject TEXT NOT NULL, id TEXT NOT NULL, since TEXT NOT NULL, ended_at TEXT, times INTEGER NOT NULL,
        PRIMARY KEY (subject, id)) STRICT
]] }

---@class lib.Alert
---@field id string
---@field metric string
---@field value number
---@field target number  what it should be
---@field threshold number
---@field severity "warning"|"critical"
---@field message string

-- "{value}" and the like in a message; shares and hours as people write them.
local function fill_in(message, rule, value)
    local values = { value = value, threshold = rule.threshold, target = rule.target }
    return (message:gsub("{(%l+)}", function(name)
        local number = values[name]
        return number and (number % 1 == 0 and ("%d") or ("%.1f")):format(number)
    end))
end

--- The policy, for `evaluate`: to be loaded while something else is done.
---@return policy.Policy
function M.load() return policy.load("alerts", { schema = require("lib.schemas.alerts") }) end

--- Those of the policy's rules that measures break. A measure that is nil breaks none.
---@param measures table<string, number>  by the names that rules use
---@param rules? policy.Policy  default: loaded if it is needed
---@return lib.Alert[]
function M.evaluate(measures, rules)
    if next(measures) == nil then return {} end
    rules = rules or M.load()
    local firing = {}
    for _, rule in ipairs(rules:data().alerts) do
        local value = measures[rule.metric]
        local is_broken = value and (rule.when == "below" and value < rule.threshold
            or rule.when == "above" and value > rule.threshold)
        if is_broken then
            firing[#firing + 1] = {
                id = rule.id, metric = rule.metric, value = value, target = rule.target, threshold = rule.threshold,
                severity = rule.severity, message = fill_in(rule.message, rule, value),
            }
        end
    end
    rules:close()
    return firing
end

-- Gives how often it has begun, for the key of its event.
local function begin(store, subject, id)
    store:execute([[
        INSERT INTO alerts VALUES (:subject, :id, :now, NULL, 1) ON CONFLICT (subject, id)
        DO UPDATE SET since = excluded.since, ended_at = NULL, times = times + 1
    ]], { subject = subject, id = id, now = time.iso(time.now()) })
    return store:one("SELECT times FROM alerts WHERE subject = ? AND id = ?", { subject, id }).times
end

--- Makes the table of alerts in a store.
---@param store db.Connection
function M.prepare(store) store:migrate("alerts", migrations) end

--- Alerts that are not over, newest first, as their last event says it.
---@param store db.Connection
---@return { subject: string, id: string, since: string, severity: string, title: string }[]
function M.open(store)
    return store:query([[
        SELECT a.subject, a.id, a.since, e.severity, e.title FROM alerts a
        JOIN events e ON e.key = a.subject || ' alert ' || a.id || ' ' || a.times
        WHERE a.ended_at IS NULL ORDER BY a.since DESC
    ]])
end

--- Keeps which alerts there are, and raises an event for each that begins.
---@param store db.Connection
---@param subject string  what was measured
---@param workflow string  of the events' kind: "upstream" for "upstream.alert"
---@param firing lib.Alert[]
---@return lib.Alert[] begun
function M.keep(store, subject, workflow, firing)
    M.prepare(store)
    return store:transaction(function()
        local before, begun = {}, {}
        local open = store:query("SELECT id FROM alerts WHERE subject = ? AND ended_at IS NULL", { subject })
        for _, row in ipairs(open) do before[row.id] = true end
        for _, alert in ipairs(firing) do
            if not before[alert.id] then
                begun[#begun + 1] = alert
                events.raise(store, {
                    kind = workflow .. ".alert",
                    key = ("%s alert %s %d"):format(subject, alert.id, begin(store, subject, alert.id)),
                    severity = alert.severity, title = alert.message, data = alert,
                })
            end
            before[alert.id] = nil
        end
        for id in pairs(before) do
            store:execute("UPDATE alerts SET ended_at = ? WHERE subject = ? AND id = ?",
                { time.iso(time.now()), subject, id })
        end
        return begun
    end)
end

return M
