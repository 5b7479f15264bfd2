-- The named stores of a place: of a state folder, where they are SQLite files, or of a server, where they are schemas
-- of one database. What `uhost store` and `uhost doctor` look at.
local M = {}

---@class stores.Place
---@field name string  for messages: the folder or the address
---@field folder string  where files beside the stores are
---@field engine "sqlite"|"postgresql"
---@field is_ours boolean  this run writes its audit trail there
---@field list fun(): string[]  the names of its stores
---@field prepare fun()  makes it
---@field open fun(name: string, options: table?): db.Connection
---@field size fun(name: string): integer?  bytes
---@field holders fun(name: string): stores.Holder[]

local function path_of(folder, name) return fs.join(folder, name .. ".sqlite") end

-- A new file is for its owner only, as those of this run's state folder are.
local function open_file(path, options)
    if not (options and options.read_only) and not fs.exists(path) then
        process.run({ "sh", "-c", 'umask 077 && : >> "$1"', "sh", path, mutates = "make " .. path, check = true })
    end
    return db.open(path, options)
end

local function folder_place(folder)
    local is_ours = not db.address() and folder == uhost.state_folder()
    local place = { name = folder, folder = folder, is_ours = is_ours, engine = "sqlite" }
    -- What is remembered is for its owner only.
    function place.prepare()
        if fs.stat(folder) then return end
        process.run({ "mkdir", "-p", "-m", "700", folder, mutates = "make the folder " .. folder, check = true })
    end
    function place.list()
        local names = {}
        for _, file in ipairs(fs.stat(folder) and fs.list(folder) or {}) do
            names[#names + 1] = file:match("^([%l%d_-]+)%.sqlite$")
        end
        return names
    end
    function place.open(name, options)
        if not is_ours then return open_file(path_of(folder, name), options) end
        local ours = { store = name }
        for key, value in pairs(options or {}) do ours[key] = value end
        return db.open(nil, ours)
    end
    function place.size(name)
        local bytes = 0
        for _, suffix in ipairs({ "", "-wal" }) do
            local status = fs.stat(path_of(folder, name) .. suffix)
            bytes = bytes + (status and status.size_bytes or 0)
        end
        return bytes
    end
    function place.holders(name) return M.holders(path_of(folder, name)) end
    return place
end

local function server_place(address)
    local place = { name = address, folder = uhost.state_folder(), is_ours = address == db.address(),
        engine = "postgresql" }
    local function ask(sql, parameters)
        local connection = db.open(address)
        return task.finally(function() return connection:query(sql, parameters) end,
            function() connection:close() end)
    end
    function place.prepare() end
    function place.open(name, options)
        local named = { store = name }
        for key, value in pairs(options or {}) do named[key] = value end
        return db.open(address, named)
    end
    function place.list()
        local names = {}
        for i, row in ipairs(ask([[SELECT CAST(n.nspname AS TEXT) AS name FROM pg_namespace AS n
            JOIN pg_class AS c ON c.relnamespace = n.oid WHERE c.relname = 'uhost_schema' ORDER BY 1]])) do
            names[i] = row.name
        end
        return names
    end
    function place.size(name)
        local rows = ask([[SELECT CAST(sum(pg_total_relation_size(c.oid)) AS BIGINT) AS bytes FROM pg_class AS c
            JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = ? AND c.relkind = 'r']], { name })
        return rows[1].bytes
    end
    -- Sessions are not of one store.
    function place.holders() return {} end
    return place
end

--- The stores at an address: of a state folder or a server, by default this run's.
---@param address string?
---@return stores.Place
function M.at(address)
    address = address or db.address()
    if address and address:find("^postgres%l*://") then return server_place(address) end
    return folder_place(address and fs.absolute(address) or uhost.state_folder())
end

--- The stores that the command line means. Raises `usage` for one that is not there.
---@param place stores.Place
---@param wanted string[]  none: all
---@return string[]
function M.names(place, wanted)
    local all = place.list()
    if #wanted == 0 then return all end
    local there = {}
    for _, name in ipairs(all) do there[name] = true end
    for _, name in ipairs(wanted) do
        if not there[name] then
            uhost.fail("usage", ("there is no store '%s' in %s"):format(name, place.name),
                { hint = uhost.suggest(name, all) or "uhost store info shows them" })
        end
    end
    return wanted
end

-- Who has a store open ------------------------------------------------------------------------------------------------

-- The bytes that SQLite locks: in NAME-shm in WAL mode, one as long as a connection is open and one while a transaction
-- writes; in the database itself one while a transaction of another mode writes.
-- From: https://www.sqlite.org/walformat.html and the pending byte of https://www.sqlite.org/fileformat.html
local locked_bytes = { ["-shm"] = { open = 128, write = 120 }, [""] = { write = 0x40000001 } }

---@class stores.Holder
---@field pid integer
---@field command string?
---@field writes boolean  it is in a transaction that writes

--- The processes that have a database open. Linux names them in /proc/locks; elsewhere nobody is found.
---@param path string
---@return stores.Holder[]
function M.holders(path)
    local bytes, found, by_pid = {}, {}, {}
    for suffix, locked in pairs(locked_bytes) do
        local status = fs.stat(path .. suffix)
        if status then bytes[("%d"):format(status.inode)] = locked end
    end
    local readable, locks = pcall(fs.read, "/proc/locks")
    for pid, inode, first, last in (readable and locks or ""):gmatch(" (%d+) %x+:%x+:(%d+) (%d+) (%w+)\n") do
        local locked = bytes[inode]
        local function covers(byte)
            return byte and tonumber(first) <= byte and byte <= (tonumber(last) or math.huge)
        end
        local writes = locked and covers(locked.write)
        if writes or locked and covers(locked.open) then
            local holder = by_pid[pid]
            if not holder then
                local named, name = pcall(fs.read, ("/proc/%s/comm"):format(pid))
                holder = { pid = tonumber(pid), command = named and name and name:gsub("%s+$", "") or nil,
                    writes = false }
                by_pid[pid], found[#found + 1] = holder, holder
            end
            holder.writes = holder.writes or writes == true
        end
    end
    return found
end

-- What is in a store --------------------------------------------------------------------------------------------------

---@class stores.Migration
---@field name string  of the tables
---@field step integer  the newest that was applied

---@class stores.Found
---@field name string
---@field size_bytes integer?
---@field tables db.Table[]?
---@field migrations stores.Migration[]
---@field holders stores.Holder[]
---@field damage string?  why it could not be read

--- The steps that a store's tables are at.
---@param connection db.Connection
---@return stores.Migration[]
function M.migrations(connection)
    local ok, rows = pcall(connection.query, connection,
        "SELECT name, max(step) AS step FROM uhost_migrations GROUP BY name ORDER BY name")
    if ok then return rows end
    if not uhost.is_error(rows) or rows.kind ~= "db.sql" then error(rows, 0) end
    return {}
end

--- Looks into a store. What cannot be read is in `damage`.
---@param place stores.Place
---@param name string
---@param look fun(connection: db.Connection, found: stores.Found)
---@return stores.Found
function M.look(place, name, look)
    local found = { name = name, size_bytes = place.size(name), migrations = {}, holders = place.holders(name) }
    local ok, failure = pcall(function()
        local connection = place.open(name, { read_only = true, busy_timeout_s = 1 })
        task.finally(function()
            found.migrations = M.migrations(connection)
            look(connection, found)
        end, function() connection:close() end)
    end)
    if not ok then
        if not uhost.is_error(failure) or not failure.kind:find("^db%.") then error(failure, 0) end
        found.damage = failure.message
    end
    return found
end

return M
