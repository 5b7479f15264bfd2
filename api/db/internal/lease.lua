-- Leases: what one holder at a time has, among all processes and machines that share a database. They live in it, and
-- its clock says when one ends. A server has a clock of its own; for a file it is this machine's, which nobody sets.
local task = require("uhost.task")

local default_ttl_s = 60
local first_pause_s, max_pause_s = 0.02, 1
-- A lease without a name of its own that is over is forgotten after so long.
local remembered_s = 86400

-- What engines write differently: the seconds since 1970 by the clock of the database, and how a statement passes over
-- rows that others are changing. In a transaction there are none: one at a time writes to a store.
local postgresql_words = {
    NOW = "CAST(extract(epoch FROM clock_timestamp()) AS REAL)", SKIP_LOCKED = "FOR UPDATE SKIP LOCKED",
}

-- `token` only grows, also from one name to another: the row of the greatest is never removed. `ends_at` is 0 once the
-- lease was given back.
local steps = { [[
    CREATE TABLE uhost_leases (
        name TEXT PRIMARY KEY, token INTEGER NOT NULL, owner TEXT NOT NULL, machine TEXT NOT NULL,
        scope TEXT NOT NULL, pid INTEGER NOT NULL, began INTEGER NOT NULL, taken_at REAL NOT NULL,
        ends_at REAL NOT NULL) STRICT
]], [[
    CREATE TABLE uhost_clocks (boot TEXT PRIMARY KEY, ahead_s REAL NOT NULL) STRICT
]] }

return function(native)
    local M = {}
    local Lease, new_lease = uhost.class("db.Lease", { optional = { "taken_from" } })

    -- How much the time of day was ahead of the steady clock when the database was first asked since this machine
    -- started. All of its processes go by that.
    local function ahead_s(connection)
        local boot = native.this_process().scope:match("^%S*")
        local function find_it()
            return connection:one("SELECT ahead_s FROM uhost_clocks WHERE boot = ?", { boot })
        end
        local row = find_it()
        if not row then
            connection:transaction(function()
                connection:execute("DELETE FROM uhost_clocks WHERE boot <> ?", { boot })
                connection:execute("INSERT INTO uhost_clocks VALUES (?, ?) ON CONFLICT DO NOTHING",
                    { boot, time.now() - native.monotonic_s() })
                row = find_it()
            end)
        end
        return row.ahead_s
    end

    -- Who sets the clock of this machine ends no lease by that, and prolongs none.
    local ahead_by_connection = setmetatable({}, { __mode = "k" })
    local function steady_now(connection)
        local ahead = ahead_by_connection[connection] or ahead_s(connection)
        ahead_by_connection[connection] = ahead
        return ("%.3f"):format(native.monotonic_s() + ahead)
    end

    -- SQL in the words of the engine.
    local function sql_for(connection, sql)
        local words = connection.engine == "sqlite" and { NOW = steady_now(connection), SKIP_LOCKED = "" }
            or postgresql_words
        return (sql:gsub("%f[%u_][%u_]+%f[^%u_]", words))
    end
    M.sql_for = sql_for

    local function holder_of(row)
        return { owner = row.owner, machine = row.machine, pid = row.pid, taken_at = row.taken_at }
    end

    local function is_over(row)
        return row.left_s <= 0 or native.is_gone(row.scope, row.pid, row.began)
    end

    local function find(connection, name)
        return connection:one(sql_for(connection, [[SELECT *, ends_at - NOW AS left_s FROM uhost_leases
            WHERE name = ?]]), { name })
    end

    local function next_token(connection)
        return connection:one("SELECT coalesce(max(token), 0) + 1 AS token FROM uhost_leases").token
    end

    local function forget(connection)
        connection:execute(sql_for(connection, [[DELETE FROM uhost_leases WHERE taken_at < NOW - :age
            AND (ends_at = 0 OR name LIKE 'taker %' AND ends_at < NOW - :age)
            AND token < (SELECT max(token) FROM uhost_leases)]]), { age = remembered_s })
    end

    local insertion = [[INSERT INTO uhost_leases VALUES (:name, :token, :owner, :machine, :scope, :pid, :began, NOW,
        NOW + :ttl_s) ON CONFLICT DO NOTHING]]
    local takeover = [[UPDATE uhost_leases SET token = :token, owner = :owner, machine = :machine, scope = :scope,
        pid = :pid, began = :began, taken_at = NOW, ends_at = NOW + :ttl_s WHERE name = :name]]

    -- Gives the lease, or nil and who has it.
    local function try(connection, name, options)
        local process = native.this_process()
        return connection:transaction(function()
            local row = name and find(connection, name)
            if row and not is_over(row) then return nil, row end
            forget(connection)
            local token = next_token(connection)
            local values = { name = name or "taker " .. token, token = token, owner = options.owner or "",
                machine = process.machine, scope = process.scope, pid = process.pid, began = process.began,
                ttl_s = options.ttl_s }
            local changes = connection:execute(sql_for(connection, row and takeover or insertion), values)
            if changes == 0 then return nil end  -- somebody else was quicker
            return new_lease({ connection = connection, name = values.name, token = token,
                claim = values.name .. " " .. token, ttl_s = options.ttl_s,
                taken_from = row and row.ends_at ~= 0 and holder_of(row) or nil })
        end)
    end

    local function fail_held(name, row)
        local since = time.iso(row.taken_at)
        uhost.fail("db.leased", ("'%s' is held by %sprocess %d on %s, since %s"):format(name,
            row.owner ~= "" and row.owner .. ", " or "", row.pid, row.machine, since), {
            hint = ("wait for its end; should it no longer run, the lease ends within %d s"):format(
                math.ceil(row.left_s)),
            details = { name = name, owner = row.owner, machine = row.machine, process = row.pid, since = since },
        })
    end

    local function acquire(connection, name, options)
        local give_up_at, pause_s = time.monotonic() + options.wait_s, first_pause_s
        while true do
            local lease, row = try(connection, name, options)
            if lease then return lease end
            if row and time.monotonic() >= give_up_at then fail_held(name, row) end
            task.sleep(row and math.min(pause_s, math.max(0.01, row.left_s)) or first_pause_s)
            pause_s = math.min(max_pause_s, pause_s * 1.5)
        end
    end

    local function fail_lost(lease)
        uhost.fail("db.lease_lost", ("the lease '%s' was lost: it was not renewed in time, and belongs to another"):
            format(lease.name), { hint = "what was begun under it is to be left to who has it now",
            details = { name = lease.name, token = lease.token } })
    end

    -- Until the lease is lost. While the database cannot be reached, it is, when its time is over.
    local function keep_renewing(lease)
        local connection, renewed_at = lease.connection, time.monotonic()
        while true do
            task.sleep(lease.ttl_s / 3)
            local began = time.monotonic()
            local ok, changes = pcall(connection.execute, connection, sql_for(connection,
                "UPDATE uhost_leases SET ends_at = NOW + ? WHERE name = ? AND token = ? AND ends_at > 0"),
                { lease.ttl_s, lease.name, lease.token })
            if task.cancelled() then return end
            if ok and changes == 1 then
                renewed_at = began
            elseif ok or began - renewed_at >= lease.ttl_s then
                fail_lost(lease)
            end
        end
    end

    -- By connection, what could not be given back because the database was out of reach.
    local unreturned = setmetatable({}, { __mode = "k" })

    local function give_back(lease)
        local connection = lease.connection
        local ok = pcall(connection.execute, connection,
            "UPDATE uhost_leases SET ends_at = 0 WHERE name = ? AND token = ?", { lease.name, lease.token })
        if ok then return end
        unreturned[connection] = unreturned[connection] or {}
        table.insert(unreturned[connection], lease)
    end

    local function give_back_late(connection)
        local leases = unreturned[connection]
        unreturned[connection] = nil
        for _, lease in ipairs(leases or {}) do give_back(lease) end
    end

    function Lease:check()
        local connection = self.connection
        local held = connection:one(sql_for(connection, [[SELECT 1 AS yes FROM uhost_leases
            WHERE name = ? AND token = ? AND ends_at > NOW]]), { self.name, self.token })
        if not held then fail_lost(self) end
    end

    --- Ends the leases of processes of this machine that are no more.
    function M.bury(connection)
        give_back_late(connection)
        for _, row in ipairs(connection:query(sql_for(connection,
            "SELECT * FROM uhost_leases WHERE ends_at > NOW"))) do
            if native.is_gone(row.scope, row.pid, row.began) then
                connection:execute(sql_for(connection,
                    "UPDATE uhost_leases SET ends_at = NOW WHERE name = ? AND token = ?"), { row.name, row.token })
            end
        end
    end

    local function seconds(options, name, default, least)
        local value = options[name] or default
        if type(value) == "number" and value >= least then return value end
        uhost.fail("argument", ("bad option '%s' to 'db.Connection:lease': expected seconds, at least %g"):format(
            name, least))
    end

    local function run(connection, name, options, body, ...)
        local lease = acquire(connection, name, options)
        local arguments, count = { ... }, select("#", ...)
        return task.finally(function()
            return task.scope(function()
                local renewing = task.spawn(keep_renewing, lease)
                local function finish(...)
                    renewing:cancel()
                    return ...
                end
                return finish(body(lease, unpack(arguments, 1, count)))
            end)
        end, function() give_back(lease) end)
    end

    function native.Connection:lease(name, options, body, ...)
        if name ~= nil then uhost.check_argument(name, "name", "db.Connection:lease", "string") end
        options = uhost.check_options(options, "db.Connection:lease", { "ttl_s", "wait_s", "owner" })
        uhost.check_argument(body, "body", "db.Connection:lease", "function")
        self:migrate("uhost_leases", steps)
        give_back_late(self)
        return run(self, name, { ttl_s = seconds(options, "ttl_s", default_ttl_s, 0.1),
            wait_s = seconds(options, "wait_s", 0, 0), owner = options.owner }, body, ...)
    end

    return M
end
