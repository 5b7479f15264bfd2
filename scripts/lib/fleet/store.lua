-- What is remembered of fleets, in the store `fleet`: runs, and the shards of each, one for a repository.
--
-- A shard goes from `queued` to `running` to `done`, or back to `queued` for another attempt. Each step is one
-- statement, so that a kill leaves it before or behind the step. What is `running` when nobody runs the fleet was cut
-- off.
local M = {}

local migrations = { [[
    CREATE TABLE fleet_runs (
        id INTEGER PRIMARY KEY, script TEXT NOT NULL, arguments TEXT NOT NULL, digest TEXT NOT NULL,
        executor TEXT NOT NULL, settings TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('running', 'done')),
        created_at REAL NOT NULL, ended_at REAL, exit_code INTEGER) STRICT;
    CREATE INDEX fleet_runs_by_digest ON fleet_runs (digest, state);
    CREATE TABLE fleet_shards (
        run INTEGER NOT NULL REFERENCES fleet_runs (id) ON DELETE CASCADE, number INTEGER NOT NULL,
        repository TEXT NOT NULL, url TEXT NOT NULL, arguments TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done')), attempts INTEGER NOT NULL,
        due_at REAL NOT NULL, started_at REAL, ended_at REAL, duration_s REAL, outcome TEXT, exit_code INTEGER,
        cause_key TEXT, cause TEXT, hint TEXT, output TEXT, place TEXT, PRIMARY KEY (run, number)) STRICT;
    CREATE INDEX fleet_shards_by_state ON fleet_shards (run, state, due_at)
]] }

---@param in_memory boolean?
---@return db.Connection
function M.open(in_memory)
    local store = in_memory and db.open(":memory:") or db.open(nil, { store = "fleet" })
    store:migrate("fleet", migrations)
    return store
end

--- What `body` gives while it has a lease; false when somebody else has it.
---@param connection db.Connection
---@param name string
---@param body fun(): any
---@return any
function M.try_lease(connection, name, body)
    local ok, result = pcall(connection.lease, connection, name, nil, body)
    if ok then return result end
    if uhost.is_error(result) and result.kind == "db.leased" then return false end
    error(result, 0)
end

-- Runs ---------------------------------------------------------------------------------------------------------------

---@class fleet.Run
---@field id integer
---@field script string
---@field arguments string[]
---@field digest string  of what is run over which repositories
---@field executor string
---@field settings table  timeout_s, retries, filter, mirrors, max_disk_bytes
---@field state "running"|"done"
---@field created_at number
---@field ended_at number?
---@field exit_code integer?

---@class fleet.Shard
---@field run integer
---@field number integer
---@field repository string
---@field url string
---@field arguments string[]
---@field state "queued"|"running"|"done"
---@field attempts integer
---@field started_at number?
---@field duration_s number?
---@field outcome string?
---@field exit_code integer?
---@field cause_key string?
---@field cause string?
---@field hint string?
---@field output string?
---@field place string?  where it ran: the executor's name for it

local function run_of(row)
    if not row then return nil end
    row.arguments, row.settings = json.decode(row.arguments), json.decode(row.settings)
    return row
end

local function shard_of(row)
    if not row then return nil end
    row.arguments = json.decode(row.arguments)
    return row
end

local function list_of(words) return json.encode(json.array(words)) end

--- Keeps a new run with a shard for each repository.
---@param store db.Connection
---@param run { script: string, arguments: string[], digest: string, executor: string, settings: table }
---@param repositories fleet.Repository[]
---@return fleet.Run
function M.add(store, run, repositories)
    return store:transaction(function()
        local _, id = store:execute([[
            INSERT INTO fleet_runs (script, arguments, digest, executor, settings, state, created_at)
            VALUES (:script, :arguments, :digest, :executor, :settings, 'running', :now)
        ]], { script = run.script, arguments = list_of(run.arguments), digest = run.digest, executor = run.executor,
            settings = json.encode(run.settings), now = time.now() })
        for number, repository in ipairs(repositories) do
            store:execute([[
                INSERT INTO fleet_shards (run, number, repository, url, arguments, state, attempts, due_at)
                VALUES (:run, :number, :repository, :url, :arguments, 'queued', 0, 0)
            ]], { run = id, number = number, repository = repository.name, url = repository.url,
                arguments = list_of(repository.arguments) })
        end
        return M.run(store, id)
    end)
end

---@param store db.Connection
---@param id integer
---@return fleet.Run?
function M.run(store, id) return run_of(store:one("SELECT * FROM fleet_runs WHERE id = ?", { id })) end

--- The newest run that is not over, of a digest or of any; nil when there is none.
---@param store db.Connection
---@param digest string?
---@return fleet.Run?
function M.unfinished(store, digest)
    return run_of(store:one([[SELECT * FROM fleet_runs WHERE state = 'running' AND (:digest IS NULL OR digest = :digest)
        ORDER BY id DESC LIMIT 1]], { digest = digest }))
end

--- The newest run, of a digest or of any; nil when there is none.
---@param store db.Connection
---@param digest string?
---@return fleet.Run?
function M.newest(store, digest)
    return run_of(store:one([[SELECT * FROM fleet_runs WHERE :digest IS NULL OR digest = :digest
        ORDER BY id DESC LIMIT 1]], { digest = digest }))
end

--- The newest runs, newest first, each with how many shards of each outcome it has (`counts`).
---@param store db.Connection
---@param limit integer
---@return fleet.Run[]
function M.runs(store, limit)
    local runs = store:query("SELECT * FROM fleet_runs ORDER BY id DESC LIMIT ?", { limit })
    for _, run in ipairs(runs) do
        run_of(run)
        run.counts = M.counts(store, run.id)
    end
    return runs
end

--- How many shards there are of each outcome, and of each state before: "queued", "running".
---@param store db.Connection
---@param id integer
---@return table<string, integer>
function M.counts(store, id)
    local counts = {}
    for _, row in ipairs(store:query([[SELECT coalesce(outcome, state) AS name, count(*) AS shards FROM (
        SELECT CASE WHEN state = 'done' THEN outcome END AS outcome, state FROM fleet_shards WHERE run = ?) s
        GROUP BY coalesce(outcome, state)]], { id })) do
        counts[row.name] = row.shards
    end
    return counts
end

--- Notes that a run is over.
---@param store db.Connection
---@param id integer
---@param exit_code integer
function M.finish(store, id, exit_code)
    store:execute("UPDATE fleet_runs SET state = 'done', ended_at = ?, exit_code = ? WHERE id = ?",
        { time.now(), exit_code, id })
end

--- The lease of the process that works at a run.
---@param id integer
---@return string
function M.lease_of(id) return ("fleet run %d"):format(id) end

--- Forgets runs that ended before a time, and those that began before it and were given up: nobody works at them.
---@param store db.Connection
---@param before number  Unix seconds
---@return fleet.Run[]
function M.forget(store, before)
    local forgotten = {}
    for _, run in ipairs(store:query([[SELECT * FROM fleet_runs WHERE coalesce(ended_at, created_at) < ?
        ORDER BY id]], { before })) do
        local is_free = M.try_lease(store, M.lease_of(run.id), function()
            store:transaction(function()
                store:execute("DELETE FROM fleet_shards WHERE run = ?", { run.id })
                store:execute("DELETE FROM fleet_runs WHERE id = ?", { run.id })
            end)
            return true
        end)
        if is_free then forgotten[#forgotten + 1] = run_of(run) end
    end
    return forgotten
end

-- Shards -------------------------------------------------------------------------------------------------------------

--- The shards of a run, in the order of the list.
---@param store db.Connection
---@param id integer
---@return fleet.Shard[]
function M.shards(store, id)
    local shards = store:query("SELECT * FROM fleet_shards WHERE run = ? ORDER BY number", { id })
    for _, shard in ipairs(shards) do shard_of(shard) end
    return shards
end

--- Takes the next shard that is due, and notes that it runs; nil when there is none.
---@param store db.Connection
---@param id integer
---@return fleet.Shard?
function M.take(store, id)
    return shard_of(store:one([[
        UPDATE fleet_shards SET state = 'running', attempts = attempts + 1, started_at = :now
        WHERE run = :run AND number = (SELECT number FROM fleet_shards WHERE run = :run AND state = 'queued'
            AND due_at <= :now ORDER BY due_at, number LIMIT 1) RETURNING *
    ]], { run = id, now = time.now() }))
end

--- When the next queued shard is due; nil when there is none.
---@param store db.Connection
---@param id integer
---@return number?
function M.next_due(store, id)
    return store:one("SELECT min(due_at) AS at FROM fleet_shards WHERE run = ? AND state = 'queued'", { id }).at
end

---@class fleet.Ending
---@field outcome string
---@field exit_code integer?
---@field duration_s number
---@field cause_key string?
---@field cause string?
---@field hint string?
---@field output string
---@field place string?
---@field retry_at number?  it is queued again

--- Notes how an attempt ended.
---@param store db.Connection
---@param shard fleet.Shard
---@param ending fleet.Ending
function M.keep(store, shard, ending)
    store:execute([[
        UPDATE fleet_shards SET state = :state, ended_at = :now, duration_s = :duration_s, outcome = :outcome,
            exit_code = :exit_code, cause_key = :cause_key, cause = :cause, hint = :hint, output = :output,
            place = :place, due_at = coalesce(:retry_at, due_at) WHERE run = :run AND number = :number
    ]], { run = shard.run, number = shard.number, state = ending.retry_at and "queued" or "done", now = time.now(),
        duration_s = ending.duration_s, outcome = ending.outcome, exit_code = ending.exit_code,
        cause_key = ending.cause_key, cause = ending.cause, hint = ending.hint, output = ending.output,
        place = ending.place, retry_at = ending.retry_at })
end

--- Queues again what was cut off, in the same attempt.
---@param store db.Connection
---@param id integer
---@return integer shards
function M.requeue(store, id)
    return (store:execute([[UPDATE fleet_shards SET state = 'queued', attempts = attempts - 1, due_at = 0
        WHERE run = ? AND state = 'running']], { id }))
end

--- Queues again what failed because of the outside world, and reopens the run.
---@param store db.Connection
---@param id integer
---@param outcomes string[]
---@return integer shards
function M.requeue_failed(store, id, outcomes)
    return store:transaction(function()
        local shards = 0
        for _, outcome in ipairs(outcomes) do
            shards = shards + store:execute([[UPDATE fleet_shards SET state = 'queued', attempts = 0, due_at = 0
                WHERE run = ? AND state = 'done' AND outcome = ?]], { id, outcome })
        end
        if shards > 0 then store:execute("UPDATE fleet_runs SET state = 'running' WHERE id = ?", { id }) end
        return shards
    end)
end

return M
