-- A PostgreSQL of the tests' own: in a temporary folder, at a free port of the loopback, gone when it is closed.
local expect, servers = require("support.expect"), require("support.servers")

local M = {}

local function program(name)
    local folders = fs.exists("/usr/lib/postgresql") and fs.list("/usr/lib/postgresql") or {}
    table.sort(folders, function(a, b) return (tonumber(a) or 0) > (tonumber(b) or 0) end)
    for _, version in ipairs(folders) do
        local path = ("/usr/lib/postgresql/%s/bin/%s"):format(version, name)
        if fs.exists(path) then return path end
    end
end

local function is_root() return process.run({ "id", "-u", check = true }).stdout == "0\n" end

-- The server refuses to run as root.
local function as_user(command)
    if not is_root() then return command end
    return { "setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", unpack(command) }
end

--- Why there is none here, or nil.
function M.missing()
    if not program("postgres") then return "needs PostgreSQL: apt install postgresql" end
    if is_root() and process.run(as_user({ "true" })).code ~= 0 then
        return "needs the right to become the user postgres"
    end
end

-- Makes a folder the server's, and lets it pass through the folders above, which the test runner keeps for root.
local function hand_over(folder)
    process.run({ "chown", "postgres:postgres", folder, check = true })
    local above = fs.dirname(folder)
    while above ~= fs.dirname(above) do
        process.run({ "chmod", "o+x", above, check = true })
        above = fs.dirname(above)
    end
end

---@class support.Postgres
---@field url string  of the database that tests share, for its owner, who needs no password
---@field port integer
---@field folder string
local Server = {}
Server.__index = Server
Server.program = program

local function configure(server, options)
    fs.write(server.data .. "/pg_hba.conf", ([[
local all all trust
hostssl all secretive 127.0.0.1/32 scram-sha-256
host all secretive 127.0.0.1/32 scram-sha-256
host all all 127.0.0.1/32 trust
]]))
    if is_root() then process.run({ "chown", "postgres:", server.data .. "/pg_hba.conf", check = true }) end
    local lines = { "fsync = off", "listen_addresses = '127.0.0.1'", "max_connections = 60",
        ("unix_socket_directories = '%s'"):format(server.folder), ("port = %d"):format(server.port) }
    for _, line in ipairs(options and options.settings or {}) do lines[#lines + 1] = line end
    fs.append(server.data .. "/postgresql.conf", table.concat(lines, "\n") .. "\n")
end

function Server:start()
    local command = as_user({ program("postgres"), "-D", self.data })
    command.stderr = "capture"
    self.child = process.start(command)
    expect.eventually(function()
        return process.run({ program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", self.port }).code == 0
    end)
end

--- SIGINT ends it as a restart of the service does: clients are sent away. SIGKILL is a crash.
function Server:stop(signal)
    self.child:kill(signal or "INT")
    self.child:wait()
end

--- What SQL gives, by another client than ours, as text.
---@param database string?
---@param may_fail boolean?
function Server:ask(sql, database, may_fail)
    return (process.run({ program("psql"), "-XAtq", "-h", "127.0.0.1", "-p", self.port, "-U", "owner", "-d",
        database or "tests", "-c", sql, check = not may_fail }).stdout:gsub("\n$", ""))
end

--- The address of a database that nobody has used.
function Server:new_database()
    self.databases = (self.databases or 0) + 1
    self:ask(("CREATE DATABASE new_%d"):format(self.databases))
    return ("postgres://owner@127.0.0.1:%d/new_%d"):format(self.port, self.databases)
end

--- Lets it encrypt, with a certificate for localhost by an authority of its own, FOLDER/authority.pem.
function Server:use_tls()
    process.run({ "sh", "-ec", [[cd "$0"
        openssl req -x509 -newkey rsa:2048 -nodes -keyout authority.key -out authority.pem -days 2 -subj /CN=authority
        openssl req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=localhost
        printf 'subjectAltName=DNS:localhost' >names
        openssl x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 \
            -extfile names -out server.crt
        cp server.key server.crt data/
        chown --reference=data data/server.*
        chmod 600 data/server.key]],
        self.folder, check = true })
    self:ask("ALTER SYSTEM SET ssl = on")
    self:ask("SELECT pg_reload_conf()")
end

--- The address of a schema that nobody has used.
function Server:fresh()
    self.schemas = (self.schemas or 0) + 1
    self:ask(("CREATE SCHEMA fresh_%d"):format(self.schemas))
    return ("%s?options=-csearch_path%%3Dfresh_%d"):format(self.url, self.schemas)
end

function Server:close()
    if self.child then
        pcall(self.child.kill, self.child, "QUIT")
        self.child:close()
    end
    self.temporary:close()
end

---@param options? { settings?: string[] }  lines of postgresql.conf
---@return support.Postgres
function M.start(options)
    local temporary = fs.temp_dir()
    local folder = temporary:path()
    local server = setmetatable({ temporary = temporary, folder = folder, data = folder .. "/data",
        port = servers.free_ports(1) }, Server)
    if is_root() then hand_over(folder) end
    local command = as_user({ program("initdb"), "-D", server.data, "--no-sync", "-A", "trust", "-U", "owner",
        "-E", "UTF8", "--locale=C.UTF-8" })
    command.check = true
    process.run(command)
    configure(server, options)
    if is_root() then process.run({ "chown", "-R", "postgres:postgres", folder, check = true }) end
    server:start()
    process.run({ program("psql"), "-Xq", "-h", "127.0.0.1", "-p", server.port, "-U", "owner", "-d", "postgres", "-c",
        "CREATE DATABASE tests", check = true })
    server.url = ("postgres://owner@127.0.0.1:%d/tests"):format(server.port)
    return server
end

--- Runs `body(server)` with a server of its own.
function M.with(options, body)
    local server = M.start(options)
    return task.finally(function() return body(server) end, function() server:close() end)
end

return M
