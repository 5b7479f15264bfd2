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
]] }

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

--- The oldest delivery that is to be looked at now; nil when there is none.
---@param store db.Connection
---@return { id: string, event: string, payload: string, attempts: integer }?
function M.next_delivery(store)
    return store:one([[SELECT id, event, payload, attempts FROM serve_deliveries
        WHERE state = 'queued' AND due_at <= ? ORDER BY received_at LIMIT 1]], { time.now() })
end

--- Notes that looking at a delivery failed. It is tried again later, so that those behind it need not wait; one that
--- fails again and again is refused.
---@param store db.Connection
---@param delivery { id: string, attempts: integer }
---@param note string
function M.postpone_delivery(store, delivery, note)
    local attempts = delivery.attempts + 1
    local due_at = M.retry_at(attempts)
    if not due_at then return M.finish_delivery(store, delivery.id, "refused", note, {}) end
    store:execute("UPDATE serve_deliveries SET attempts = ?, due_at = ?, note = ? WHERE id = ?",
        { attempts, due_at, note, delivery.id })
end

--- Notes that a delivery was looked at, with the jobs that follow from it.
---@param store db.Connection
---@param id string
---@param state "done"|"refused"
---@param note string
---@param jobs serve.NewJob[]
function M.finish_delivery(store, id, state, note, jobs)
    store:transaction(function()
        store:execute("UPDATE serve_deliveries SET state = ?, note = ?, payload = NULL WHERE id = ?",
            { state, note, id })
        M.add_jobs(store, jobs)
    end)
end

-- Jobs ----------------------------------------------------------------------------------------------------------------

---@class serve.NewJob
---@field key string  a second job with it is the same job
---@field source string  "delivery …", "schedule …"
---@field lane string  jobs of one lane run one after the other: a repository
---@field command string[]  what follows "uhost"
---@field due_at number?

---@class serve.Job : serve.NewJob
---@field id integer
---@field attempts integer

---@param store db.Connection
---@param jobs serve.NewJob[]
---@return integer added
function M.add_jobs(store, jobs)
    local added = 0
    for _, job in ipairs(jobs) do
        added = added + store:execute([[
            INSERT INTO serve_jobs (key, source, lane, command, state, attempts, created_at, due_at, output)
            VALUES (:key, :source, :lane, :command, 'queued', 0, :now, :due_at, '') ON CONFLICT DO NOTHING
        ]], { key = job.key, source = job.source, lane = job.lane, command = json.encode(job.command), now = time.now(),
            due_at = job.due_at or time.now() })
    end
    return added
end

--- Takes the oldest job that is due and whose lane is free, and notes that it runs; nil when there is none.
---@param store db.Connection
---@return serve.Job?
function M.take_job(store)
    return store:transaction(function()
        local job = store:one([[
            SELECT id, key, source, lane, command, attempts FROM serve_jobs q WHERE state = 'queued' AND due_at <= :now
            AND NOT EXISTS (SELECT 1 FROM serve_jobs r WHERE r.state = 'running' AND r.lane = q.lane)
            ORDER BY due_at, id LIMIT 1
        ]], { now = time.now() })
        if not job then return nil end
        job.command, job.attempts = json.decode(job.command), job.attempts + 1
        store:execute("UPDATE serve_jobs SET state = 'running', started_at = ?, attempts = ? WHERE id = ?",
            { time.now(), job.attempts, job.id })
        return job
    end)
end

--- When the next queued job is due; nil when there is none.
---@param store db.Connection
---@return number?
function M.next_due(store)
    return store:one("SELECT min(due_at) AS at FROM serve_jobs WHERE state = 'queued'").at
end

--- Notes how a job ended; with `retry_at` it is queued again.
---@param store db.Connection
---@param id integer
---@param ending { exit_code: integer?, output: string, retry_at: number? }
function M.finish_job(store, id, ending)
    local is_done = ending.exit_code == 0 or ending.exit_code == 1
    local state = ending.retry_at and "queued" or is_done and "done" or "failed"
    store:execute([[
        UPDATE serve_jobs SET state = :state, ended_at = :now, exit_code = :exit_code, output = :output,
            due_at = coalesce(:retry_at, due_at) WHERE id = :id
    ]], { id = id, state = state, now = time.now(), exit_code = ending.exit_code, output = ending.output,
        retry_at = ending.retry_at })
end

--- Queues again what was running when the service ended. A job that was cut off at each attempt may be why.
---@param store db.Connection
---@return integer jobs
function M.requeue_running(store)
    return store:transaction(function()
        store:execute([[UPDATE serve_jobs SET state = 'failed', ended_at = ?, output = 'it was cut off at each attempt'
            WHERE state = 'running' AND attempts >= ?]], { time.now(), max_attempts })
        return (store:execute("UPDATE serve_jobs SET state = 'queued' WHERE state = 'running'"))
    end)
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

--- Notes when a schedule was due, with the job of that time.
---@param store db.Connection
---@param id string
---@param due_at number
---@param jobs serve.NewJob[]
function M.keep_due(store, id, due_at, jobs)
    store:transaction(function()
        store:execute("INSERT OR REPLACE INTO serve_schedules VALUES (?, ?)", { id, due_at })
        M.add_jobs(store, jobs)
    end)
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

--- Forgets what is older than is remembered.
---@param store db.Connection
function M.forget(store)
    local before = { time.now() - M.remembered_s }
    store:execute("DELETE FROM serve_deliveries WHERE state <> 'queued' AND received_at < ?", before)
    store:execute("DELETE FROM serve_jobs WHERE state IN ('done', 'failed') AND ended_at < ?", before)
end

return M
