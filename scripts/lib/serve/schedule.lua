-- Queues what policies/schedule.lua wants done at certain times.
local cron = require("lib.serve.cron")
local store_of = require("lib.serve.store")

local M = {}

-- How late a time may be noticed and still count as kept.
local late_s = 90

-- As cron(8) has it: a clock that goes back by less was adjusted, and what has run does not run again. One that goes
-- back by more was wrong, and the new time counts.
local correction_s = 3 * 3600

---@class serve.ScheduleEntry
---@field id string
---@field cron serve.Cron
---@field time_zone string
---@field missed "run_once" | "skip"
---@field jitter_s number
---@field command string[]
---@field lane string?

--- The entries of the policy, read. Raises `policy.…` for what is wrong with one.
---@param entries table[]
---@return serve.ScheduleEntry[]
function M.compiled(entries)
    local list = {}
    for i, entry in ipairs(entries) do
        list[i] = { id = entry.id, cron = cron.parse(entry.cron), time_zone = entry.time_zone, missed = entry.missed,
            jitter_s = entry.jitter_s, command = entry.run, lane = entry.repository }
        cron.next_after(list[i].cron, entry.time_zone, time.now())  -- raises now what is wrong with the zone
    end
    return list
end

-- The newest time of an entry that has passed, and how many older ones did since `last`.
local function newest_due(entry, last, now)
    local newest, count = nil, 0
    local at = cron.next_after(entry.cron, entry.time_zone, last)
    while at and at <= now and count < 100000 do
        newest, count = at, count + 1
        at = cron.next_after(entry.cron, entry.time_zone, at)
    end
    return newest, count
end

-- The clock was set back: times count anew from now on.
local function set_back(store, entry, last, now)
    if last - now >= correction_s then store_of.forget_times(store, entry.id, now + correction_s) end
    store_of.keep_due(store, entry.id, now)
end

--- Queues what is due at `now`. A schedule that is new begins now.
---@param store db.Connection
---@param entry serve.ScheduleEntry
---@param now number
function M.queue_due(store, entry, now)
    local last = store_of.last_due(store, entry.id)
    if not last then return store_of.keep_due(store, entry.id, now) end
    if last > now then return set_back(store, entry, last, now) end
    local due_at, times = newest_due(entry, last, now)
    if not due_at then return end
    local is_missed = now - due_at > late_s
    if is_missed and entry.missed == "skip" then
        local how_often = times == 1 and "once" or times .. " times"
        log.info(("%s was missed %s; the next time counts"):format(entry.id, how_often))
        return store_of.keep_due(store, entry.id, due_at)
    end
    store_of.keep_due(store, entry.id, due_at, { lane = entry.lane, command = entry.command,
        due_at = due_at + math.random() * entry.jitter_s })
end

-- When the next entry is due; nil when none ever is.
local function next_due(list, now)
    local soonest
    for _, entry in ipairs(list) do
        local at = cron.next_after(entry.cron, entry.time_zone, now)
        if at and (not soonest or at < soonest) then soonest = at end
    end
    return soonest
end

--- When each schedule of the policy is due next. Raises `policy.…` for what is wrong with it.
---@return { id: string, at: number?, time_zone: string, command: string[] }[]
function M.next_times()
    local rules, times = policy.load("schedule", { schema = require("lib.schemas.schedule") }), {}
    for i, entry in ipairs(M.compiled(rules:data().schedules)) do
        times[i] = { id = entry.id, at = cron.next_after(entry.cron, entry.time_zone, time.now()),
            time_zone = entry.time_zone, command = entry.command }
    end
    rules:close()
    return times
end

---@class serve.Schedule
---@field reload fun()  reads the policy again; keeps the entries that it has when the new ones are broken
---@field serve fun()  queues what is due until it is stopped
---@field stop fun()

--- Reads the policy. Raises `policy.…` for what is wrong with it.
---@param store db.Connection
---@param health serve.Health
---@param queued fun()  called when jobs were queued
---@return serve.Schedule
function M.new(store, health, queued)
    local rules = policy.load("schedule", { schema = require("lib.schemas.schedule") })
    local list = M.compiled(rules:data().schedules)
    local bell, is_stopping = require("lib.bell").new(), false
    local schedule = {}
    function schedule.reload()
        local ok, failure = pcall(function() list = M.compiled(rules:data().schedules) end)
        if not ok then
            log.error(("policies/schedule.lua: %s; the schedules stay as they were"):format(tostring(failure)))
        end
        bell.ring()
    end
    function schedule.stop()
        is_stopping = true
        bell.ring()
    end
    function schedule.serve()
        while not is_stopping do
            local now = time.now()
            for _, entry in ipairs(list) do health.persist(M.queue_due, store, entry, now) end
            queued()
            local at = next_due(list, now)
            -- Clocks are set and machines sleep, so it looks every minute.
            bell.wait(at and math.max(0.01, math.min(60, at - time.now())) or 60)
        end
    end
    return schedule
end

return M
