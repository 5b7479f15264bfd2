-- Which channels an event goes to, when, and why not to others: what the policy `notifications` says.
local zone = require("uhost.time.zone")

local M = {}

-- Matching ------------------------------------------------------------------------------------------------------------

local magic = "[%^%$%(%)%%%.%[%]%+%-%?]"

-- "ci_failures.*" as a test; other words must be equal.
local function word_test(word)
    local star = word:find("*", 1, true)
    if not star then return function(value) return value == word end end
    if star == #word then
        local prefix, length = word:sub(1, -2), #word - 1
        return function(value) return type(value) == "string" and value:sub(1, length) == prefix end
    end
    local pattern = "^" .. word:gsub(magic, "%%%0"):gsub("%*", ".*") .. "$"
    return function(value) return type(value) == "string" and value:find(pattern) ~= nil end
end

local function value_test(wanted)
    if type(wanted) == "table" then
        local tests = {}
        for i, each in ipairs(wanted) do tests[i] = value_test(each) end
        return function(value)
            for _, test in ipairs(tests) do
                if test(value) then return true end
            end
            return false
        end
    end
    if type(wanted) == "string" then return word_test(wanted) end
    return function(value) return value == wanted end
end

-- A function that gives a field of an event, by its path.
local function field_of(path)
    local names = {}
    for name in path:gmatch("[^.]+") do names[#names + 1] = name end
    local first, second = names[1], names[2]
    if #names == 1 then return function(event) return event[first] end end
    return function(event)
        local value = event[first]
        for i = 2, #names do
            if type(value) ~= "table" then return nil end
            value = value[i == 2 and second or names[i]]
        end
        return value
    end
end

-- A test of an event, and the first field that does not fit.
local function compile(match)
    local tests = {}
    for path, wanted in pairs(match or {}) do
        tests[#tests + 1] = { path = path, field = field_of(path), fits = value_test(wanted) }
    end
    table.sort(tests, function(a, b) return a.path < b.path end)
    return function(event)
        for _, test in ipairs(tests) do
            if not test.fits(test.field(event)) then return false, test.path end
        end
        return true
    end
end

-- The rules -----------------------------------------------------------------------------------------------------------

local function seconds(duration)
    local parts = time.duration(duration)
    return parts.months * 30 * 86400 + parts.days * 86400 + parts.seconds
end

local function compiled_route(route, functions, i)
    local made = {
        id = route.id, channels = route.channels, fits = compile(route.match), is_urgent = route.is_urgent,
        when = functions[("routes.%d.when"):format(i)] and ("routes.%d.when"):format(i), stop = route.stop,
        digest = route.digest,
    }
    if route.group then made.group = { field = field_of(route.group.key), window_s = seconds(route.group.window) } end
    local throttle = route.throttle
    if throttle then made.throttle = { count = throttle.count, window_s = seconds(throttle.window) } end
    if route.escalate then
        made.escalate = { after_s = seconds(route.escalate.after), channels = route.escalate.channels }
    end
    return made
end

--- The policy, made ready for many events.
---@param rules policy.Policy
---@return table
function M.prepare(rules)
    local data, functions = rules:data(), rules:functions()
    -- A mistake in them is found before an event comes in the night.
    zone.quiet_until(data.quiet_hours, 0)
    zone.next_at(data.quiet_hours.zone, data.digest_at, 0)
    local prepared = { rules = rules, data = data, routes = {}, mutes = {}, severities = {} }
    for i, route in ipairs(data.routes) do prepared.routes[i] = compiled_route(route, functions, i) end
    for i, mute in ipairs(data.mutes) do
        prepared.mutes[i] = { id = mute.id, fits = compile(mute.match), ends = time.parse(mute["until"]) }
    end
    for kind, severity in pairs(data.severities) do
        table.insert(prepared.severities, { fits = word_test(kind), kind = kind, severity = severity })
    end
    -- The longest is the most particular.
    table.sort(prepared.severities, function(a, b)
        if #a.kind ~= #b.kind then return #a.kind > #b.kind end
        return a.kind < b.kind
    end)
    return prepared
end

local function with_severity(prepared, event)
    for _, each in ipairs(prepared.severities) do
        if each.fits(event.kind) then
            local copy = {}
            for key, value in pairs(event) do copy[key] = value end
            copy.severity = each.severity
            return copy
        end
    end
    return event
end

local function mute_of(prepared, event, now)
    for _, mute in ipairs(prepared.mutes) do
        if mute.ends > now and mute.fits(event) then return mute end
    end
end

local function fits(prepared, route, event)
    local ok, why = route.fits(event)
    if not ok then return false, why end
    if route.when and not prepared.rules:call(route.when, event) then return false end
    return true
end

-- When it is due, and why not at once.
local function due_of(prepared, route, event, channel, now, state)
    local hours = prepared.data.quiet_hours
    if route.digest then
        local at = zone.next_at(hours.zone, prepared.data.digest_at, now + 1)
        if route.digest == "weekly" then
            -- Weeks are sent on Mondays.
            local weekday = time.parts(at + zone.offset_s(hours.zone, at)).weekday
            at = at + (8 - weekday) % 7 * 86400
        end
        return at, ("a %s digest"):format(route.digest), "digest " .. route.id
    end
    local quiet = not route.is_urgent and event.severity ~= "critical" and zone.quiet_until(hours, now)
    local due, why = quiet or now, quiet and "quiet hours" or ""
    if route.group then
        local key = ("group %s %s"):format(route.id, tostring(route.group.field(event)))
        local joined = state and state.group_due(channel, key)
        return math.max(due, joined or now + route.group.window_s), "grouped", key
    end
    return due, why, quiet and "quiet " .. route.id or nil
end

local function deliver(prepared, route, event, channel, now, state)
    local delivery = { channel = channel, purpose = "event", route = route.id, state = "pending" }
    local throttle = route.throttle
    if throttle and state and state.count_recent(route.id, channel, now - throttle.window_s) >= throttle.count then
        delivery.state, delivery.due = "suppressed", now
        delivery.reason = ("throttled: %d in a window are enough"):format(throttle.count)
        return delivery
    end
    delivery.due, delivery.reason, delivery.group_key = due_of(prepared, route, event, channel, now, state)
    return delivery
end

---@class notify.Routing
---@field event notify.Event  with the policy's severity
---@field deliveries notify.Delivery[]
---@field passed_over { route: string, why: string }[]
---@field muted string?  the mute that holds

--- Where an event goes. `state` answers what depends on earlier events; without it there were none.
---@param prepared table
---@param event notify.Event
---@param now number
---@param state? { count_recent: function, group_due: function }
---@param explains? boolean  whether the routes that were passed over are listed
---@return notify.Routing
function M.route(prepared, event, now, state, explains)
    event = with_severity(prepared, event)
    local result = { event = event, deliveries = {}, passed_over = {} }
    local mute = mute_of(prepared, event, now)
    if mute then
        result.muted = mute.id
        return result
    end
    local given = {}
    for _, route in ipairs(prepared.routes) do
        local ok, why = fits(prepared, route, event)
        if not ok and explains then
            table.insert(result.passed_over, { route = route.id,
                why = why and ("%s does not match"):format(why) or "its function says no" })
        end
        for _, channel in ipairs(ok and route.channels or {}) do
            if not given[channel] then
                given[channel] = true
                table.insert(result.deliveries, deliver(prepared, route, event, channel, now, state))
            end
        end
        for _, channel in ipairs(ok and route.escalate and route.escalate.channels or {}) do
            table.insert(result.deliveries, { channel = channel, purpose = "escalation", route = route.id,
                state = "pending", due = now + route.escalate.after_s, reason = "unless it is acknowledged or fixed" })
        end
        if ok and route.stop then break end
    end
    return result
end

return M
