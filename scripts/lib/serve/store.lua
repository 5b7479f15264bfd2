-- What `uhost serve` has taken and does, in the store `serve`: deliveries of webhooks, jobs, and when schedules ran.
--
-- A delivery is kept before GitHub hears that it has arrived. What follows from it, its jobs, is kept in one
-- transaction with the note that it was looked at; a job's key makes that happen once. So a crash loses nothing, and
-- repeats nothing but a job that was running.
local M = {}

local migrations = { [[
    CREATE TABLE serve_deliveries (
        id TEXT PRIMARY KEY, digest TEXT NOT NULL UNIQUE, event TEXT NOT NULL, payload TEXT, received_at REAL NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('queued', 'done', 'refused')), note TEXT NOT NULL) STRICT;
    CREATE INDEX serve_deliveries_by_time ON serve_deliveries (state, received_at);
    CREATE TABLE serve_jobs (
        id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, source TEXT NOT NULL, lane TEXT NOT NULL,
        command TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
        attempts INTEGER NOT NULL, created_at REAL NOT NULL, due_at REAL NOT NULL, started_at REAL, ended_at REAL,
        exit_code INTEGER, output TEXT NOT NULL) STRICT;
    CREATE INDEX serve_jobs_by_due ON serve_jobs (state, due_at);
    CREATE TABLE serve_schedules (id TEXT PRIMARY KEY, last_due_at REAL NOT NULL) STRICT, WITHOUT ROWID
]], [[
    ALTER TABLE serve_deliveries ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE serve_deliveries ADD COLUMN due_at REAL NOT NULL DEFAULT 0
]], [[
    CREATE TABLE serve_deliveries_3 (
        id TEXT PRIMARY KEY, digest TEXT NOT NULL UNIQUE, event TEXT NOT NULL, payload TEXT, received_at REAL NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('queued', 'routing', 'done', 'refused')), note TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0, due_at REAL NOT NULL DEFAULT 0, claim TEXT) STRICT;
    INSERT INTO serve_deliveries_3 (id, digest, event, payload, received_at, state, note, attempts, due_at)
        SELECT id, digest, event, payload, received_at, state, note, attempts, due_at FROM serve_deliveries;
    DROP TABLE serve_deliveries;
    ALTER TABLE serve_deliveries_3 RENAME TO serve_deliveries;
    CREATE INDEX serve_deliveries_by_time ON serve_deliveries (state, received_at, id);
    CREATE TABLE serve_jobs_3 (
        id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, source TEXT NOT NULL, lane TEXT, concurrency TEXT,
        command TEXT NOT NULL, state TEXT NOT NULL
            CHECK (state IN ('queued', 'running', 'done', 'failed', 'superseded', 'cancelled')),
        attempts INTEGER NOT NULL, created_at REAL NOT NULL, due_at REAL NOT NULL, claim TEXT, started_at REAL,
        ended_at REAL, exit_code INTEGER, note TEXT NOT NULL DEFAULT '', output TEXT NOT NULL,
        is_cancelled INTEGER NOT NULL DEFAULT 0) STRICT;
    INSERT INTO serve_jobs_3 (id, key, source, lane, command, state, attempts, created_at, due_at, started_at, ended_at,
            exit_code, output)
        SELECT id, key, source, nullif(lane, ''), command, state, attempts, created_at, due_at, started_at, ended_at,
            exit_code, output FROM serve_jobs;
    DROP TABLE serve_jobs;
    ALTER TABLE serve_jobs_3 RENAME TO serve_jobs;
    CREATE INDEX serve_jobs_by_due ON serve_jobs (state, due_at, id);
    CREATE INDEX serve_jobs_by_lane ON serve_jobs (lane, state);
    CREATE INDEX serve_jobs_by_concurrency ON serve_jobs (concurrency, state);
    CREATE TABLE serve_probe (id INTEGER PRIMARY KEY, filler TEXT NOT NULL) STRICT
]] }

-- Services share a store: each delivery is looked at, and each job run, by one of them.
local waiting_deliveries = db.queue({ table = "serve_deliveries", waiting = "queued", taken = "routing",
    order = { "received_at", "id" } })
local waiting_jobs = db.queue({ table = "serve_jobs", waiting = "queued", taken = "running",
    lanes = { { "lane" }, { "concurrency" } } })

--- How long deliveries and jobs that are done are remembered. A delivery that comes again within this time is known.
M.remembered_s = 30 * 86400

local max_attempts, first_retry_s = 5, 60

--- When to try again after so many attempts; nil when there were enough.
---@param attempts integer
---@return number?
function M.retry_at(attempts)
    return attempts < max_attempts and time.now() + first_retry_s * 2 ^ (attempts - 1) or nil
end

---@param in_memory boolean?
---@return db.Connection
function M.open(in_memory)
    local store = in_memory and db.open(":memory:") or db.open(nil, { store = "serve" })
    store:migrate("serve", migrations)
    return store
end

-- Deliveries ----------------------------------------------------------------------------------------------------------

---@class serve.Delivery
---@field id string  GitHub's
---@field digest string  of the body, so that one which is sent again under another id is known
---@field event string
---@field payload string

--- Keeps deliveries, all in one transaction.
---@param store db.Connection
---@param deliveries serve.Delivery[]
---@return boolean[] new  whether each was not known before
function M.keep_deliveries(store, deliveries)
    return store:transaction(function()
        local new = {}
        for i, delivery in ipairs(deliveries) do
            new[i] = store:execute([[
                INSERT INTO serve_deliveries (id, digest, event, payload, received_at, state, note)
                VALUES (:id, :digest, :event, :payload, :now, 'queued', '') ON CONFLICT DO NOTHING
            ]], { id = delivery.id, digest = delivery.digest, event = delivery.event, payload = delivery.payload,
                now = time.now() }) == 1
        end
        return new
    end)
end

--- Takes the oldest deliveries that are to be looked at now.
---@param lease db.Lease
---@param max integer
---@return { id: string, event: string, payload: string, attempts: integer }[]
function M.take_deliveries(lease, max) return waiting_deliveries:take(lease, { max = max }) end

---@class serve.Routed  what became of a delivery
---@field id string
---@field state "done" | "refused" | "queued"
---@field note string
---@field jobs serve.NewJob[]?
---@field due_at number?  when it is looked at again

--- What becomes of a delivery that could not be looked at: it is tried again later, so that those behind it need not
--- wait; one that fails again and again is refused.
---@param delivery { id: string, attempts: integer }
---@param note string
---@return serve.Routed
function M.postponed(delivery, note)
    local due_at = M.retry_at(delivery.attempts)
    return { id = delivery.id, state = due_at and "queued" or "refused", note = note, due_at = due_at }
end

--- Notes that deliveries were looked at, with the jobs that follow from them.
---@param lease db.Lease
---@param list serve.Routed[]
function M.finish_deliveries(lease, list)
    local store = lease.connection
    store:transaction(function()
        for _, each in ipairs(list) do
            local is_ours = store:execute([[
                UPDATE serve_deliveries SET state = :state, note = :note, due_at = coalesce(:due_at, due_at),
                    payload = CASE WHEN :state = 'queued' THEN payload END, claim = NULL
                WHERE id = :id AND claim = :claim
            ]], { id = each.id, state = each.state, note = each.note, due_at = each.due_at, claim = lease.claim })
            if is_ours == 1 then M.add_jobs(store, each.jobs or {}) end
        end
    end)
end

-- Jobs ----------------------------------------------------------------------------------------------------------------

---@class serve.NewJob
---@field key string  a second job with it is the same job
---@field source string  "delivery …", "schedule …"
---@field lane string?  jobs of one lane run one after the other: a repository
---@field concurrency string?  of the jobs of one group, one runs at most, and the newest one waits
---@field command string[]  what follows "uhost"
---@field due_at number?

---@class serve.Job : serve.NewJob
---@field id integer
---@field attempts integer

-- Of the jobs that wait in a group, the newest is left.
local newer_one_waits = [[EXISTS (SELECT 1 FROM serve_jobs newer WHERE newer.state = 'queued'
    AND newer.concurrency = serve_jobs.concurrency AND newer.id > serve_jobs.id)]]

local superseded = "a newer one took its place"

local function supersede_older(store)
    store:execute(([[UPDATE serve_jobs SET state = 'superseded', ended_at = ?, note = ?
        WHERE state = 'queued' AND concurrency IS NOT NULL AND %s]]):format(newer_one_waits),
        { time.now(), superseded })
end

---@param store db.Connection
---@param jobs serve.NewJob[]
---@return integer added
function M.add_jobs(store, jobs)
    local added = 0
    for _, job in ipairs(jobs) do
        added = added + store:execute([[
            INSERT INTO serve_jobs (key, source, lane, concurrency, command, state, attempts, created_at, due_at,
                output)
            VALUES (:key, :source, :lane, :concurrency, :command, 'queued', 0, :now, :due_at, '') ON CONFLICT DO NOTHING
        ]], { key = job.key, source = job.source, lane = job.lane, concurrency = job.concurrency,
            command = json.encode(job.command), now = time.now(), due_at = job.due_at or time.now() })
    end
    if added > 0 then supersede_older(store) end
    return added
end

---@class serve.Ending
---@field exit_code integer?
---@field note string  how it ended, for people
---@field output string  the end of what it wrote
---@field retry_at number?  when it is tried again
---@field state "cancelled" | "superseded" | nil  default: as the exit code has it

local function state_after(ending)
    if ending.state then return ending.state end
    if ending.retry_at then return "queued" end
    return (ending.exit_code == 0 or ending.exit_code == 1) and "done" or "failed"
end

--- Notes how a job ended.
---@param lease db.Lease
---@param id integer
---@param ending serve.Ending
function M.finish_job(lease, id, ending)
    local store = lease.connection
    store:transaction(function()
        store:execute([[
            UPDATE serve_jobs SET state = :state, ended_at = :now, exit_code = :exit_code, output = :output,
                note = :note, due_at = coalesce(:retry_at, due_at), is_cancelled = 0, claim = NULL
            WHERE id = :id AND claim = :claim
        ]], { id = id, state = state_after(ending), now = time.now(), exit_code = ending.exit_code,
            output = ending.output, note = ending.note, retry_at = ending.retry_at, claim = lease.claim })
        if ending.retry_at then supersede_older(store) end
    end)
end

-- Why a job that was taken is not run: it may be why it was cut off each time, or wait in a group with a newer one.
local function unwanted(store, job)
    if job.attempts > max_attempts then return { note = "it was cut off at each attempt", output = "" } end
    if job.attempts > 1 and store:one(("SELECT 1 AS yes FROM serve_jobs WHERE id = ? AND %s"):format(newer_one_waits),
        { job.id }) then return { state = "superseded", note = superseded, output = "" } end
end

--- Takes the oldest job that is due and whose lane and group are free, and notes that it runs; nil when there is none.
---@param lease db.Lease
---@param now number
---@return serve.Job?
function M.take_job(lease, now)
    local job = waiting_jobs:take(lease, { now = now })[1]
    if not job then return nil end
    local ending = unwanted(lease.connection, job)
    if ending then
        M.finish_job(lease, job.id, ending)
        return M.take_job(lease, now)
    end
    lease.connection:execute("UPDATE serve_jobs SET started_at = ?, note = '' WHERE id = ? AND claim = ?",
        { time.now(), job.id, lease.claim })
    job.command = json.decode(job.command)
    return job
end

--- When the next job that is not due yet will be; nil when there is none.
---@param store db.Connection
---@param now number
---@return number?
function M.next_due(store, now)
    return store:one("SELECT min(due_at) AS at FROM serve_jobs WHERE state = 'queued' AND due_at > ?", { now }).at
end

--- After the clock was set back: what was to wait until a time that is far ahead now waits no longer. It can be told by
--- what it was noted at, which is later than now.
---@param store db.Connection
---@param now number
function M.wait_no_longer(store, now)
    store:execute([[UPDATE serve_jobs SET due_at = :now WHERE state = 'queued' AND due_at > :now
        AND coalesce(ended_at, created_at) > :now]], { now = now })
    store:execute([[UPDATE serve_deliveries SET due_at = :now WHERE state = 'queued' AND due_at > :now
        AND received_at > :now]], { now = now })
end

--- The jobs that run under a lease and that somebody wants to end.
---@param lease db.Lease
---@return integer[]
function M.cancelled_jobs(lease)
    local ids = {}
    for i, row in ipairs(lease.connection:query("SELECT id FROM serve_jobs WHERE claim = ? AND is_cancelled = 1",
        { lease.claim })) do ids[i] = row.id end
    return ids
end

---@param store db.Connection
---@param id number
---@return boolean
function M.has_job(store, id)
    return id < 2 ^ 53 and store:one("SELECT id FROM serve_jobs WHERE id = ?", { id }) ~= nil
end

--- Does a job no more: one that waits is cancelled, one that runs is marked, for the pool that runs it to end it.
---@param store db.Connection
---@param id integer
---@return "cancelled" | "running" | nil  nil when it has ended already, or there is none
function M.cancel_job(store, id)
    return store:transaction(function()
        if store:execute([[UPDATE serve_jobs SET state = 'cancelled', ended_at = ?, note = 'by an administrator'
            WHERE id = ? AND state = 'queued']], { time.now(), id }) == 1 then
            return "cancelled"
        end
        local marked = store:execute("UPDATE serve_jobs SET is_cancelled = 1 WHERE id = ? AND state = 'running'",
            { id })
        return marked == 1 and "running" or nil
    end)
end

--- Queues a job that has ended once more, with all its attempts. False when it has not ended, when there is none, or
--- when a newer one of its group waits.
---@param store db.Connection
---@param id integer
---@return boolean
function M.retry_job(store, id)
    return store:execute(([[UPDATE serve_jobs SET state = 'queued', attempts = 0, due_at = ?, note = '',
        exit_code = NULL WHERE id = ? AND state NOT IN ('queued', 'running') AND NOT %s]]):format(newer_one_waits),
        { time.now(), id }) == 1
end

-- Schedules -----------------------------------------------------------------------------------------------------------

--- When a schedule was due last; nil when it is new.
---@param store db.Connection
---@param id string
---@return number?
function M.last_due(store, id)
    local row = store:one("SELECT last_due_at FROM serve_schedules WHERE id = ?", { id })
    return row and row.last_due_at
end

-- What a job of a schedule is known by, so that there is one for each time.
local function schedule_key(id, due_at) return ("schedule %s %s"):format(id, time.iso(due_at)) end

---@class serve.ScheduledJob
---@field lane string?
---@field command string[]
---@field due_at number  with the jitter

--- Notes when a schedule was due, with the job of that time. Times of a schedule that wait become one.
---@param store db.Connection
---@param id string
---@param due_at number
---@param job serve.ScheduledJob?
function M.keep_due(store, id, due_at, job)
    store:transaction(function()
        store:execute([[INSERT INTO serve_schedules VALUES (?, ?)
            ON CONFLICT (id) DO UPDATE SET last_due_at = excluded.last_due_at]], { id, due_at })
        if not job then return end
        local name = "schedule " .. id
        M.add_jobs(store, { { key = schedule_key(id, due_at), source = name, concurrency = name, lane = job.lane,
            command = job.command, due_at = job.due_at } })
    end)
end

--- Lets times of a schedule after `instant` have a job although they had one.
---@param store db.Connection
---@param id string
---@param instant number
function M.forget_times(store, id, instant)
    store:execute("UPDATE serve_jobs SET key = key || ' ' || id WHERE source = ? AND key > ?",
        { "schedule " .. id, schedule_key(id, instant) })
end

-- What is shown of it -------------------------------------------------------------------------------------------------

--- How many deliveries and jobs there are in each state, and how long the oldest that waits has waited.
---@param store db.Connection
---@return { deliveries: table<string, integer>, jobs: table<string, integer>, oldest_wait_s: number }
function M.counts(store)
    local counts = { deliveries = {}, jobs = {}, oldest_wait_s = 0 }
    for _, row in ipairs(store:query("SELECT state, count(*) AS rows_ FROM serve_deliveries GROUP BY state")) do
        counts.deliveries[row.state] = row.rows_
    end
    for _, row in ipairs(store:query("SELECT state, count(*) AS rows_ FROM serve_jobs GROUP BY state")) do
        counts.jobs[row.state] = row.rows_
    end
    local oldest = store:one([[SELECT min(at) AS at FROM (
        SELECT min(received_at) AS at FROM serve_deliveries WHERE state = 'queued' UNION ALL
        SELECT min(due_at) FROM serve_jobs WHERE state = 'queued')]]).at
    if oldest then counts.oldest_wait_s = math.max(0, time.now() - oldest) end
    return counts
end

--- The newest jobs, newest first.
---@param store db.Connection
---@param limit integer
---@return table[]
function M.jobs(store, limit)
    local rows = store:query("SELECT * FROM serve_jobs ORDER BY id DESC LIMIT ?", { limit })
    for _, row in ipairs(rows) do row.command = json.decode(row.command) end
    return rows
end

--- The newest deliveries, newest first, without their payloads.
---@param store db.Connection
---@param limit integer
---@return table[]
function M.deliveries(store, limit)
    return store:query([[SELECT id, event, received_at, state, note FROM serve_deliveries
        ORDER BY received_at DESC LIMIT ?]], { limit })
end

-- A clock that is years ahead, as after a start without a network, must not make it forget what has just come.
local function forget_in(store, table_name, column, ended)
    store:execute(([[DELETE FROM %s WHERE %s AND %s < :before AND %s < (SELECT max(%s) FROM %s) - :remembered_s
        ]]):format(table_name, ended, column, column, column, table_name),
        { before = time.now() - M.remembered_s, remembered_s = M.remembered_s })
end

--- Forgets what is older than is remembered.
---@param store db.Connection
function M.forget(store)
    forget_in(store, "serve_deliveries", "received_at", "state IN ('done', 'refused')")
    forget_in(store, "serve_jobs", "created_at", "state NOT IN ('queued', 'running')")
end

return M
