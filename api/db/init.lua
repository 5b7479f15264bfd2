-- Connections as scripts see them: waiting for locks in the task, and transactions.
local native = ...
local task = require("uhost.task")

local default_busy_timeout_s = 10
local pause_s = 0.02

-- Calls `action` again while the database is locked, for as long as `limits.busy_timeout_s` says. The loop runs
-- meanwhile: the lock may be held by another task of this very script.
local function patiently(limits, action, ...)
    local give_up_at
    while true do
        local ok, first, second = pcall(action, ...)
        if ok then return first, second end
        local may_retry = type(first) == "table" and first.kind == "db.busy" and first.details.retry
        if not may_retry then error(first, 0) end
        local now = native.monotonic_s()
        give_up_at = give_up_at or now + limits.busy_timeout_s
        if now >= give_up_at then error(first, 0) end
        task.sleep(pause_s)
    end
end

local Connection = native.Connection

local execute, query, one = native["Connection:execute"], native["Connection:query"], native["Connection:one"]
local each, migrate, hold = native["Connection:each"], native["Connection:migrate"], native["Connection:transaction"]

function Connection:execute(sql, parameters) return patiently(self, execute, self, sql, parameters) end
function Connection:query(sql, parameters) return (patiently(self, query, self, sql, parameters)) end
function Connection:one(sql, parameters) return (patiently(self, one, self, sql, parameters)) end
function Connection:migrate(name, steps) return (patiently(self, migrate, self, name, steps)) end

function Connection:each(sql, parameters)
    local cursor = each(self, sql, parameters)
    local limits = { busy_timeout_s = self.busy_timeout_s }
    local rows, position, complete = {}, 0, false
    return function()
        position = position + 1
        if rows[position] == nil and not complete then
            rows, complete = patiently(limits, cursor.fetch, cursor)
            position = 1
            if complete then cursor:close() end
        end
        return rows[position]
    end
end

local function roll_back(connection, held)
    local rolled_back = task.shield(pcall, held.rollback, held)
    held:close()
    -- Nothing may slip into a transaction that would not end.
    if not rolled_back then connection:close() end
end

local function end_transaction(connection, limits, held, ok, ...)
    if not ok then
        roll_back(connection, held)
        error((...), 0)
    end
    -- What the body has done is done: a cancellation that comes now does not undo it.
    local committed, failure = pcall(task.shield, patiently, limits, held.commit, held)
    if not committed then
        roll_back(connection, held)
        error(failure, 0)
    end
    held:close()
    return ...
end

local function run_transaction(connection, body, ...)
    local held = hold(connection)
    -- The body may close the connection.
    local limits = { busy_timeout_s = connection.busy_timeout_s }
    local began, failure = pcall(patiently, limits, held.begin, held)
    if not began then return end_transaction(connection, limits, held, false, failure) end
    return end_transaction(connection, limits, held, pcall(task.scope, body, connection, ...))
end

local version_queries = {
    sqlite = "PRAGMA data_version",
    postgresql = "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) AS data_version FROM pg_stat_all_tables "
        .. "WHERE schemaname = current_schema()",
}

function Connection:data_version() return tostring(self:one(version_queries[self.engine]).data_version) end

function Connection:transaction(body, ...)
    uhost.check_argument(body, "body", "db.Connection:transaction", "function")
    -- In a task of its own: what belongs to the transaction is what that task and its children do.
    return task.scope(run_transaction, self, body, ...)
end

local leases = require("uhost.db.internal.lease")(native)
require("uhost.db.internal.copy")(native)

local M = { blob = native.blob, address = native.address,
    queue = require("uhost.db.internal.queue")(leases) }

function M.open(path, options)
    local busy_timeout_s = type(options) == "table" and options.busy_timeout_s or default_busy_timeout_s
    if type(busy_timeout_s) ~= "number" or busy_timeout_s < 0 or busy_timeout_s ~= busy_timeout_s then
        uhost.fail("argument", "bad option 'busy_timeout_s' to 'db.open': expected a number of seconds, not negative")
    end
    return (patiently({ busy_timeout_s = busy_timeout_s }, native.open, path, options, busy_timeout_s))
end

return M
