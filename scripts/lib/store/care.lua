-- `uhost store info`, `verify`, `vacuum` and `migrate`.
local byte_size = require("uhost.term.byte_size")
local counted = require("lib.counted")
local stores = require("lib.stores")

local M = {}

local function each_store(place, options, look)
    local result = { place = place.name, stores = {} }
    for i, name in ipairs(stores.names(place, options.names)) do result.stores[i] = look(name) end
    return result
end

--- What the stores are.
---@param place stores.Place
---@param options table
function M.info(place, options)
    return each_store(place, options, function(name)
        return stores.look(place, name, function(connection, found) found.tables = connection:tables() end)
    end)
end

-- Damage --------------------------------------------------------------------------------------------------------------

-- SQLite's own checks end after so many findings.
local max_findings = 20
local checks, vacuums = {}, {}

function checks.sqlite(connection, damages)
    for _, row in ipairs(connection:query(("PRAGMA integrity_check(%d)"):format(max_findings))) do
        local _, answer = next(row)
        if answer ~= "ok" then damages[#damages + 1] = answer end
    end
    local count = 0
    for row in connection:each("PRAGMA foreign_key_check") do
        count = count + 1
        if count <= max_findings then
            damages[#damages + 1] = ("row %s of %s refers to a row of %s that is not there"):format(
                tostring(row.rowid or "?"), row.table, row.parent)
        end
    end
end

-- The server keeps to its constraints, if they were validated; what its indexes say is compared with the tables where
-- somebody has installed what can do that.
function checks.postgresql(connection, damages)
    for _, row in ipairs(connection:query([[SELECT CAST(k.conname AS TEXT) AS name FROM pg_constraint AS k
        JOIN pg_namespace AS n ON n.oid = k.connamespace
        WHERE n.nspname = current_schema() AND NOT k.convalidated]])) do
        damages[#damages + 1] = ("the constraint %s was never checked for the rows that are there"):format(row.name)
    end
    local amcheck = connection:one([[SELECT CAST(n.nspname AS TEXT) AS schema FROM pg_extension AS e
        JOIN pg_namespace AS n ON n.oid = e.extnamespace WHERE e.extname = 'amcheck']])
    if not amcheck then return end
    for _, row in ipairs(connection:query([[SELECT CAST(c.relname AS TEXT) AS name, CAST(c.oid AS BIGINT) AS oid
        FROM pg_class AS c JOIN pg_am AS a ON a.oid = c.relam JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = current_schema() AND c.relkind = 'i' AND a.amname = 'btree']])) do
        local ok, failure = pcall(connection.query, connection, ('SELECT "%s".bt_index_check(CAST(%d AS oid), true)')
            :format(amcheck.schema, row.oid))
        if not ok then damages[#damages + 1] = ("the index %s: %s"):format(row.name, failure.message) end
    end
end

-- The lines of the logs are in files beside the store.
local function check_logs(connection, place, damages)
    local result = require("lib.logs.care").verify(connection, logs.open(fs.join(place.folder, "logs")))
    for _, damage in ipairs(result.damages) do
        local lines = 0
        for _, lost in ipairs(damage.lost) do lines = lines + lost.last_line - lost.first_line + 1 end
        damages[#damages + 1] = ("segment %d of the logs: %s, %s lost"):format(damage.segment, damage.what,
            counted(lines, "line"))
    end
end

--- Reads the stores as a whole.
---@param place stores.Place
---@param options table
function M.verify(place, options)
    return each_store(place, options, function(name)
        return stores.look(place, name, function(connection, found)
            found.damages = {}
            checks[place.engine](connection, found.damages)
            found.tables = connection:tables{ digests = true }
            if name == "logs" then check_logs(connection, place, found.damages) end
            found.outcome = #found.damages == 0 and "whole" or nil
        end)
    end)
end

-- Space ---------------------------------------------------------------------------------------------------------------

function vacuums.sqlite(connection)
    connection:execute("VACUUM")
    connection:execute("PRAGMA optimize")
    connection:query("PRAGMA wal_checkpoint(TRUNCATE)")
end

function vacuums.postgresql(connection)
    for _, one in ipairs(connection:tables()) do
        connection:execute(('VACUUM (ANALYZE) "%s"'):format(one.name))
    end
end

local function vacuum(place, name)
    local before = place.size(name)
    plan.perform({
        kind = "store.vacuum", target = name, summary = ("give back what is free in %s"):format(byte_size(before)),
        apply = function()
            local connection = place.open(name)
            task.finally(function() vacuums[place.engine](connection) end, function() connection:close() end)
        end,
    })
    local after = place.size(name)
    return { name = name, size_bytes = after, outcome = ("%s before"):format(byte_size(before)) }
end

--- Gives space back.
---@param place stores.Place
---@param options table
function M.vacuum(place, options)
    return each_store(place, options, function(name) return vacuum(place, name) end)
end

-- Steps ---------------------------------------------------------------------------------------------------------------

-- What makes the tables of each store. Those that are not named here are made by the primitive that keeps them.
local makers = {
    uhost = function()
        local store = require("lib.upstream.store").open()
        require("lib.upstream.resolution.memory").open(store)
        require("lib.ci_failures.store").prepare(store)
        require("lib.alerts").prepare(store)
        notify.prepare(store)
        return store
    end,
    metrics = function() return require("lib.metrics.store").open() end,
    serve = function() return require("lib.serve.store").open() end,
    fleet = function() return require("lib.fleet.store").open() end,
    logs = function()
        local store = require("lib.logs.store").open()
        require("lib.logs.ship").prepare(store)
        return store
    end,
}

local function migrate(place, name)
    local before, damages, outcome = {}, {}, nil
    stores.look(place, name, function(_, found)
        for _, migration in ipairs(found.migrations) do before[migration.name] = migration.step end
    end)
    if makers[name] then
        local ok, failure = pcall(function() makers[name]():close() end)
        if not ok then
            if not uhost.is_error(failure) or failure.kind ~= "db.newer" then error(failure, 0) end
            damages[1] = failure.message
        end
    end
    local found = stores.look(place, name, function() end)
    local changed = {}
    for _, migration in ipairs(found.migrations) do
        local old = before[migration.name] or 0
        if migration.step > old then
            changed[#changed + 1] = ("%s from %d to %d"):format(migration.name, old, migration.step)
        end
    end
    if #changed > 0 then outcome = table.concat(changed, ", ") end
    if #damages == 0 and not outcome then
        outcome = makers[name] and "up to date" or "brought up to date when it is next used"
    end
    return { name = name, size_bytes = found.size_bytes, migrations = found.migrations, damages = damages,
        outcome = outcome }
end

--- Brings the tables of the stores that are there to the newest steps.
---@param place stores.Place
---@param options table
function M.migrate(place, options)
    return each_store(place, options, function(name) return migrate(place, name) end)
end

return M
