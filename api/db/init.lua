-- Connections as scripts see them: waiting for locks in the task, and transactions.
local native = ...
local task = require("uhost.task")

local default_busy_timeout_s = 10
local pause_s = 0.02

-- Calls `action` again while the database is locked, until the time is up. The loop goes on meanwhile: the lock may be
-- held by another task of this very script.
local function patiently(busy_timeout_s, action, ...)
    local give_up_at
    while true do
        local ok, first, second = pcall(action, ...)
        if ok then return first, second end
        local may_retry = type(first) == "table" and first.kind == "db.busy" and first.details.retry
        if not may_retry then error(first, 0) end
        local now = native.monotonic_s()
        give_up_at = give_up_at or now + busy_timeout_s
        if now >= give_up_at then error(first, 0) end
        task.sleep(pause_s)
    end
end

local Connection = {}
local connection_metatable = {
    __index = Connection,
    __metatable = "db.Connection",
    __tostring = function(self) return tostring(self.native) end,
}

local function native_of(self, method)
    local connection = type(self) == "table" and rawget(self, "native")
    if connection then return connection end
    uhost.fail("argument", ("bad argument #1 'self' to 'db.Connection:%s': expected a db.Connection, got %s"):format(
        method, type(self)), { hint = ("call it with a colon: conn:%s(…)"):format(method) })
end

local function call_native(self, method, ...)
    local connection = native_of(self, method)
    return patiently(self.busy_timeout_s, connection[method], connection, ...)
end

function Connection:execute(sql, parameters) return call_native(self, "execute", sql, parameters) end
function Connection:query(sql, parameters) return (call_native(self, "query", sql, parameters)) end
function Connection:one(sql, parameters) return (call_native(self, "one", sql, parameters)) end
function Connection:migrate(name, steps) return (call_native(self, "migrate", name, steps)) end

function Connection:close() native_of(self, "close"):close() end

function Connection:each(sql, parameters)
    local cursor = native_of(self, "each"):each(sql, parameters)
    local busy_timeout_s = self.busy_timeout_s
    local rows, position, complete = {}, 0, false
    return function()
        position = position + 1
        if rows[position] == nil and not complete then
            rows, complete = patiently(busy_timeout_s, cursor.fetch, cursor)
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

local function end_transaction(self, held, ok, ...)
    if not ok then
        roll_back(self.native, held)
        error((...), 0)
    end
    -- What the body has done is done: a cancellation that comes now does not undo it.
    local committed, failure = pcall(task.shield, patiently, self.busy_timeout_s, held.commit, held)
    if not committed then
        roll_back(self.native, held)
        error(failure, 0)
    end
    held:close()
    return ...
end

local function run_transaction(self, body, ...)
    local connection = native_of(self, "transaction")
    local held = connection:transaction()
    local begun, failure = pcall(patiently, self.busy_timeout_s, held.begin, held)
    if not begun then return end_transaction(self, held, false, failure) end
    return end_transaction(self, held, pcall(task.scope, body, self, ...))
end

function Connection:transaction(body, ...)
    native_of(self, "transaction")
    if type(body) ~= "function" then
        uhost.fail("argument",
            ("bad argument #2 'body' to 'db.Connection:transaction': expected a function, got %s"):format(type(body)))
    end
    -- In a task of its own: what belongs to the transaction is what that task and its children do.
    return task.scope(run_transaction, self, body, ...)
end

local M = { blob = native.blob }

function M.open(path, options)
    local busy_timeout_s = type(options) == "table" and options.busy_timeout_s or default_busy_timeout_s
    if type(busy_timeout_s) ~= "number" or busy_timeout_s < 0 then
        uhost.fail("argument", "bad option 'busy_timeout_s' to 'db.open': expected a number of seconds, not negative")
    end
    local connection = patiently(busy_timeout_s, native.open, path, options)
    return setmetatable({ native = connection, busy_timeout_s = busy_timeout_s }, connection_metatable)
end

return M
