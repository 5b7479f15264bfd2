-- `notify`: routes events by the policy, keeps what is to be delivered in an outbox, and delivers it.
local native = ...
local channels = require("uhost.notify.internal.channels")(native)
local messages = require("uhost.notify.internal.message")
local outbox = require("uhost.notify.internal.outbox")
local routing = require("uhost.notify.internal.routing")
local schema = require("uhost.notify.policy_schema")
local senders = require("uhost.notify.internal.senders")(native, channels)
local check = require("uhost.notify.event").check

local M = {}

local max_grouped = 200         -- events in one message
local max_age = "90 days"       -- of what was delivered, and of events that are not delivered again
local first_backoff_s, max_backoff_s = 30, 3600

M.prepare = outbox.prepare

local function open(options)
    if options.store then return options.store end
    local store = db.open()
    outbox.prepare(store)
    return store
end

local function prepared(folder)
    return routing.prepare(policy.load("notifications", { schema = schema, folder = folder }))
end

local function find_channel(rules, id)
    for _, each in ipairs(rules.data.channels) do
        if each.id == id then return each end
    end
end

local function channel_named(rules, id)
    local named = find_channel(rules, id)
    if named then return named end
    uhost.fail("policy.channel", ("the policy notifications names no channel '%s'"):format(id),
        { hint = "add it to M.channels" })
end

-- What routing asks about earlier events.
local function state_of(store, now)
    return {
        count_recent = function(route, channel, since) return outbox.count_recent(store, route, channel, since) end,
        group_due = function(channel, key) return outbox.group_due(store, channel, key, now) end,
    }
end

local function keep(store, rules, event, now)
    local routed = routing.route(rules, event, now, state_of(store, now))
    local kept = 0
    for _, delivery in ipairs(routed.deliveries) do
        channel_named(rules, delivery.channel)
        if outbox.add(store, routed.event, delivery, now) then kept = kept + 1 end
    end
    return kept
end

function M.send(events, options)
    options = uhost.check_options(options, "notify.send", { "store" })
    uhost.check_argument(events, "events", "notify.send", "table")
    if events.kind ~= nil then events = { events } end
    for _, event in ipairs(events) do check(event, "notify.send") end
    local store, rules, now, kept = open(options), prepared(), time.now(), 0
    store:transaction(function()
        for _, event in ipairs(events) do kept = kept + keep(store, rules, event, now) end
    end)
    return kept
end

function M.preview(event, options)
    options = uhost.check_options(options, "notify.preview", { "at", "folder" })
    check(event, "notify.preview")
    local rules, now = prepared(options.folder), options.at and time.parse(options.at) or time.now()
    local routed = routing.route(rules, event, now, nil, true)
    local result = { deliveries = {}, passed_over = routed.passed_over, muted = routed.muted }
    for i, delivery in ipairs(routed.deliveries) do
        local named = channel_named(rules, delivery.channel)
        result.deliveries[i] = {
            channel = named.id, type = named.type, to = named.to, route = delivery.route, purpose = delivery.purpose,
            due_at = time.iso(delivery.due), reason = delivery.reason,
            payload = channels.render(named, messages.of({ routed.event })),
        }
    end
    return result
end

-- Delivering ----------------------------------------------------------------------------------------------------------

local function backoff_s(attempts) return math.min(max_backoff_s, first_backoff_s * 2 ^ (attempts - 1)) end

local function message_of(rows)
    local events = {}
    for i, row in ipairs(rows) do events[i] = row.event end
    return messages.of(events)
end

-- The same for every attempt, so that the receiver can tell that it is one message.
local function key_of(rows)
    return ("%s-%d"):format(rows[1].channel:gsub("[^%w]", "-"), rows[1].id)
end

local function attempt(store, rules, rows)
    local named = channel_named(rules, rows[1].channel)
    local message = message_of(rows)
    return senders.send(named, channels.render(named, message), {
        key = key_of(rows), summary = ("tell %s: %s"):format(named.id, message.title),
        reference = outbox.reference(store, rows[1].channel, rows[1].thread),
    })
end

local function details_of(failure) return failure.details or {} end

-- What becomes of rows whose delivery failed.
local function outcome_of(how, rows, failure)
    local details = details_of(failure)
    local is_dead = details.is_permanent == true or rows[1].attempts >= how.max_attempts
    local said = details.said and details.said ~= "" and ": " .. details.said or ""
    if is_dead then return { state = "dead", reason = failure.message .. said } end
    local wait = math.max(tonumber(details.retry_after_s) or 0, backoff_s(rows[1].attempts))
    return { state = "pending", reason = failure.message, due = time.now() + wait }
end

local function deliver(store, how, rows, lease, counts)
    local settled = rows[1].purpose == "escalation" and outbox.settled_by(store, rows[1])
    if settled then
        outbox.settle(store, rows, lease, { state = "cancelled", reason = settled })
        return
    end
    local ok, reference, is_planned = pcall(how.attempt, rows)
    if ok then
        outbox.settle(store, rows, lease, { state = "sent", reference = not is_planned and reference or nil })
        counts.sent = counts.sent + 1
        return
    end
    local failure = reference
    if not uhost.is_error(failure) or failure.kind == "interrupted" or failure.kind == "cancelled" then
        error(failure, 0)
    end
    local outcome = outcome_of(how, rows, failure)
    outbox.settle(store, rows, lease, outcome)
    if outcome.due and how.holds_channel then outbox.hold(store, rows[1].channel, outcome.due) end
    local counted = outcome.state == "dead" and "dead" or "failed"
    counts[counted] = counts[counted] + 1
    local said = failure.native or details_of(failure).said
    log.warn(("%s to %s was not delivered%s: %s%s"):format(how.what, rows[1].channel,
        outcome.state == "dead" and ", and is given up" or "", failure.message, said and " (" .. said .. ")" or ""))
end

-- How long a service wants to be left alone between two messages.
local function gap_s(rules, id)
    local named = find_channel(rules, id)
    local ok, channel = pcall(channels.load, named and named.type or "file")
    local rate = ok and channel.limits and channel.limits.per_second
    return rate and 1 / rate or 0
end

---@class notify.Delivering  how what is due leaves an outbox
---@field what string  for messages: "the message"
---@field max_attempts integer
---@field attempt fun(rows: table[]): string?, boolean?  the reference, and whether it was only planned
---@field gap_s fun(channel: string): number
---@field holds_channel boolean?  after a failure, nothing goes to the channel until the next attempt

-- Delivers what is due, one after the other.
---@param store db.Connection
---@param how notify.Delivering
local function empty(store, how)
    outbox.forget(store, time.ago(max_age))
    local counts, last_sent = { sent = 0, failed = 0, dead = 0 }, {}
    return store:lease(nil, { owner = "delivery" }, function(lease)
        while true do
            local rows = outbox.claim(store, lease, time.now(), max_grouped)
            if not rows then return counts end
            local channel = rows[1].channel
            local wait = last_sent[channel] and last_sent[channel] + how.gap_s(channel) - time.monotonic() or 0
            if wait > 0 then task.sleep(wait) end
            deliver(store, how, rows, lease, counts)
            last_sent[channel] = time.monotonic()
        end
    end)
end

function M.flush(options)
    options = uhost.check_options(options, "notify.flush", { "store" })
    local store, rules = open(options), prepared()
    return empty(store, {
        what = "the message", max_attempts = rules.data.max_attempts,
        attempt = function(rows) return attempt(store, rules, rows) end,
        gap_s = function(channel) return gap_s(rules, channel) end,
    })
end

-- Outboxes of others --------------------------------------------------------------------------------------------------

function M.enqueue(item, options)
    options = uhost.check_options(options, "notify.enqueue", { "store" })
    uhost.check_options(item, "notify.enqueue", { "channel", "key", "kind", "data", "thread" })
    local event = { key = item.key, kind = item.kind, data = item.data or {} }
    event.data.thread = item.thread
    local now = time.now()
    return outbox.add(open(options), event, { channel = item.channel, purpose = "event", route = "", state = "pending",
        reason = "", due = now }, now)
end

function M.deliver(options)
    options = uhost.check_options(options, "notify.deliver", { "store", "what", "max_attempts", "send", "gap_s" })
    uhost.check_argument(options.send, "send", "notify.deliver", "function")
    return empty(open(options), {
        what = options.what or "the delivery", max_attempts = options.max_attempts or 12, holds_channel = true,
        attempt = function(rows)
            local row = rows[1]
            return options.send({ channel = row.channel, key = row.event_key, kind = row.kind, data = row.event.data,
                idempotency_key = key_of(rows), attempts = row.attempts })
        end,
        gap_s = options.gap_s or function() return 0 end,
    })
end

function M.test(id)
    uhost.check_argument(id, "channel", "notify.test", "string")
    local named, now = channel_named(prepared(), id), time.iso(time.now())
    local message = messages.of({ { kind = "notify.test", key = "notify.test " .. now, severity = "info",
        title = "A test of this channel", text = "Messages of uhost arrive here.", data = {} } })
    senders.send(named, channels.render(named, message), {
        key = "test-" .. native.random_name(), summary = ("tell %s: a test"):format(id),
    })
end

function M.status(options)
    options = uhost.check_options(options, "notify.status", { "store" })
    local store = open(options)
    local result = { counts = {}, waiting = {}, dead = {} }
    for _, row in ipairs(store:query("SELECT state, count(*) AS count FROM notify_outbox GROUP BY state")) do
        result.counts[row.state] = row.count
    end
    local query = [[SELECT id, channel, route, state, reason, due_at, attempts, event_key, kind FROM notify_outbox
        WHERE state = ? ORDER BY due_at, id LIMIT 50]]
    result.waiting, result.dead = store:query(query, { "pending" }), store:query(query, { "dead" })
    return result
end

function M.acknowledge(thread, options)
    uhost.check_argument(thread, "thread", "notify.acknowledge", "string")
    options = uhost.check_options(options, "notify.acknowledge", { "store", "who" })
    local store = open(options)
    local known = store:one("SELECT 1 AS yes FROM notify_outbox WHERE thread = ? OR event_key = ?", { thread, thread })
    if not known then return false end
    store:execute("INSERT OR REPLACE INTO notify_acknowledged VALUES (?, ?, ?)",
        { thread, options.who or "somebody", time.iso(time.now()) })
    return true
end

return M
