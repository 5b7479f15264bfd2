-- `uhost logs ship`: sends logs to the sinks of the policy `log_sinks`.
--
-- What is to be sent goes into the outbox of `notify`, as references to lines: in one transaction with the mark how far
-- a sink has come. So nothing is left out, and what was cut off is sent again (at least once). Lines are read when they
-- are sent.
local store_of = require("lib.logs.store")

local M = {}

local migrations = { [[
    CREATE TABLE log_shipping (sink TEXT PRIMARY KEY, job INTEGER NOT NULL) STRICT
]] }

-- Of a sink that is new, jobs of runs that began before are no news.
local max_age = "1 day"
-- Jobs are prepared so many at a time.
local portion = 50

---@param store db.Connection
function M.prepare(store)
    notify.prepare(store)
    store:migrate("log_shipping", migrations)
end

local function rules_of(folder)
    return policy.load("log_sinks", { schema = require("uhost.logs.policy_schema"), folder = folder }):data()
end

local function limits_of(sink)
    local limits = logs.limits(sink.type)
    return math.min(sink.batch_lines or limits.lines, limits.lines), math.min(sink.batch_bytes or limits.bytes,
        limits.bytes)
end

-- Preparing -----------------------------------------------------------------------------------------------------------

local function cursor_of(store, sink, since)
    local row = store:one("SELECT job FROM log_shipping WHERE sink = ?", { sink.id })
    if row then return row.job end
    local old = store:one([[SELECT max(j.id) AS id FROM log_jobs j JOIN log_runs r ON r.id = j.run
        WHERE r.created_at < ?]], { since or time.iso(time.ago(max_age)) })
    return old and old.id or 0
end

local function is_matched(sink, job)
    for name, wanted in pairs(sink.match) do
        if job[name] ~= wanted then return false end
    end
    return true
end

-- Batches of a job: by lines, and by the bytes that a line has on average, so that they need not be read yet.
local function enqueue_job(store, sink, job)
    local max_lines, max_bytes = limits_of(sink)
    local usual_bytes = math.max(job.bytes / math.max(job.lines, 1), 1)
    local lines = math.max(1, math.min(max_lines, math.floor(max_bytes / (usual_bytes * 2))))
    for first = 1, job.lines, lines do
        local last = math.min(first + lines - 1, job.lines)
        notify.enqueue({
            channel = sink.id, key = ("%s %d %d"):format(sink.id, job.id, first), kind = "logs.batch",
            thread = ("%s %d"):format(sink.id, job.id), data = { job = job.id, first = first, last = last },
        }, { store = store })
    end
end

local function waiting(store, sink)
    return store:one([[SELECT count(*) AS count FROM notify_outbox WHERE channel = ?
        AND state IN ('pending', 'sending')]], { sink.id }).count
end

-- Prepares what is new for a sink, as long as not too much waits.
local function enqueue(store, sink, rules, since)
    while waiting(store, sink) < rules.max_waiting do
        local count = store:transaction(function()
            local cursor = cursor_of(store, sink, since)
            local jobs = store:query([[SELECT j.id, j.name AS job, j.conclusion, j.lines, j.bytes, r.repository,
                r.workflow, r.branch, r.event FROM log_jobs j JOIN log_runs r ON r.id = j.run WHERE j.id > ?
                ORDER BY j.id LIMIT ?]], { cursor, portion })
            for _, job in ipairs(jobs) do
                if is_matched(sink, job) then enqueue_job(store, sink, job) end
                cursor = job.id
            end
            store:execute("INSERT OR REPLACE INTO log_shipping VALUES (?, ?)", { sink.id, cursor })
            return #jobs
        end)
        if count < portion then return end
    end
end

-- Sending -------------------------------------------------------------------------------------------------------------

local function labels_of(run, job, rules)
    local branch = "other"
    for _, known in ipairs(rules.label_branches) do
        if run.branch == known then branch = known end
    end
    local labels = { source = "uhost", branch = branch }
    if run.repository ~= "" then labels.repository = run.repository end
    if run.workflow ~= "" then labels.workflow = run.workflow end
    if job.conclusion ~= "" then labels.conclusion = job.conclusion end
    return labels
end

--- Lines of a job as a sink takes them.
---@param store db.Connection
---@param segments logs.Store
---@param rules table
---@param outgoing notify.Outgoing
---@return logs.Batch?  nil when the job was forgotten meanwhile
function M.batch_of(store, segments, rules, outgoing)
    local reference = outgoing.data
    if not store:one("SELECT 1 AS yes FROM log_jobs WHERE id = ?", { reference.job }) then return nil end
    local job, run = store_of.job(store, reference.job)
    local lines, times = segments:lines(job.segment, job.first_line + reference.first - 1,
        reference.last - reference.first + 1)
    local entries, at = {}, time.parse(job.started_at or run.created_at)
    for i, line in ipairs(lines) do
        local number = reference.first + i - 1
        -- A line without a time is as old as the one before it.
        at = times[i] or at
        local milliseconds = math.floor(at * 1000 + 0.5)
        local step = store_of.step_at(job, number)
        entries[i] = { line = uhost.mask(line), number = number, step = step and step.name or "",
            time = time.iso(at, { decimals = 3 }), at_ms = milliseconds, at_ns = ("%.0f000000"):format(milliseconds) }
    end
    return { id = outgoing.idempotency_key, repository = run.repository, run = run.name, job = job.name,
        commit = run.head_sha, labels = labels_of(run, job, rules), entries = entries }
end

local function by_id(rules)
    local sinks = {}
    for _, sink in ipairs(rules.sinks) do sinks[sink.id] = sink end
    return sinks
end

---@class logs.Shipped
---@field sent integer  batches
---@field failed integer  to be tried again
---@field dead integer  given up
---@field waiting integer  that are prepared and not due yet

--- Sends what is due.
---@param store db.Connection
---@param segments logs.Store
---@param options { since: string?, sink: string?, folder: string? }
---@return logs.Shipped
function M.run(store, segments, options)
    M.prepare(store)
    local rules = rules_of(options.folder)
    local sinks = by_id(rules)
    if #rules.sinks == 0 then log.info("policies/log_sinks.lua names no sink; see there how to name one") end
    if options.sink and not sinks[options.sink] then
        local known = {}
        for id in pairs(sinks) do known[#known + 1] = id end
        uhost.fail("usage", ("the policy log_sinks names no sink '%s'"):format(options.sink),
            { hint = uhost.suggest(options.sink, known) or "add it to M.sinks in policies/log_sinks.lua" })
    end
    local total = { sent = 0, failed = 0, dead = 0, waiting = 0 }
    -- What is sent makes room for more.
    repeat
        for id, sink in pairs(sinks) do
            if not options.sink or options.sink == id then enqueue(store, sink, rules, options.since) end
        end
        local counts = notify.deliver{
            store = store, what = "a batch of logs", max_attempts = rules.max_attempts,
            gap_s = function(id)
                local limits = sinks[id] and logs.limits(sinks[id].type)
                return limits and limits.per_second and 1 / limits.per_second or 0
            end,
            send = function(outgoing)
                local sink = sinks[outgoing.channel]
                if not sink then
                    uhost.fail("logs.sink", ("the policy names no sink '%s' any more"):format(outgoing.channel),
                        { details = { is_permanent = true } })
                end
                local batch = M.batch_of(store, segments, rules, outgoing)
                if batch and #batch.entries > 0 then logs.send(sink, batch) end
            end,
        }
        for name, count in pairs(counts) do total[name] = total[name] + count end
    until counts.sent == 0 or uhost.dry_run
    total.waiting = store:one("SELECT count(*) AS count FROM notify_outbox WHERE state = 'pending'").count
    return total
end

return M
