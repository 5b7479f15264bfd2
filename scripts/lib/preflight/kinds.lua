-- The kinds of checks. Each takes a check of the policy and says what is wrong; nil when nothing is. None shows the
-- value of a variable, for it may be a secret.
local byte_size = require("uhost.term.byte_size")
local certificates = require("lib.preflight.certificates")
local free_space = require("lib.free_space")
local github_kinds = require("lib.preflight.github")
local lockfiles = require("lib.preflight.lockfiles")

local M = { pem = certificates.pem, tls = certificates.tls }

for name, kind in pairs(github_kinds) do M[name] = kind end

local command_timeout_s = 10

-- What a function gives; nil when the program that it asks cannot be run.
local function ask(body, ...)
    local ok, result = pcall(body, ...)
    if ok then return result end
    if uhost.is_error(result) and result.kind:find("^process%.") then return nil end
    error(result, 0)
end

local function run(command)
    command.timeout_s = command_timeout_s
    return ask(process.run, command)
end

local function numbers(version)
    local list = {}
    for digits in version:gmatch("%d+") do list[#list + 1] = tonumber(digits) end
    return list
end

local function is_older(version, least)
    local a, b = numbers(version), numbers(least)
    for i = 1, #b do
        if (a[i] or 0) ~= b[i] then return (a[i] or 0) < b[i] end
    end
    return false
end

-- Variables -----------------------------------------------------------------------------------------------------------

function M.variable(check)
    local value = os.getenv(check.name)
    if value == nil then return ("%s is not set"):format(check.name) end
    if not value:find("%S") then return ("%s is empty"):format(check.name) end
    if check.matches and not value:find(check.matches) then
        return ("%s does not look like what it should be"):format(check.name)
    end
end

local function is_on(value) return value ~= nil and value ~= "" and value ~= "false" and value ~= "0" end

function M.together(check)
    if not is_on(os.getenv(check.name)) then return nil end
    local missing = {}
    for _, name in ipairs(check.needs or {}) do
        if not is_on(os.getenv(name)) then missing[#missing + 1] = name end
    end
    if #missing > 0 then return ("%s is given without %s"):format(check.name, table.concat(missing, ", ")) end
end

-- The machine ---------------------------------------------------------------------------------------------------------

function M.disk(check)
    local path = check.path or "."
    local free = ask(free_space.bytes, path)
    if free and free < check.free_mb * 2 ^ 20 then
        return ("%s are free for %s, %s are needed"):format(byte_size(free), path, byte_size(check.free_mb * 2 ^ 20))
    end
end

function M.inodes(check)
    local free = ask(free_space.inodes, check.path or ".")
    if free and free > 0 and free < check.free then
        return ("%d inodes are free, %d are needed"):format(free, check.free)
    end
end

function M.memory(check)
    local available_kb = tonumber((fs.read("/proc/meminfo") or ""):match("MemAvailable:%s*(%d+)"))
    if available_kb and available_kb / 1024 < check.least_mb then
        return ("%s of memory are available, %s are needed"):format(byte_size(available_kb * 1024),
            byte_size(check.least_mb * 2 ^ 20))
    end
end

function M.cpu(check)
    local result = run({ "getconf", "_NPROCESSORS_ONLN" })
    local count = result and tonumber(result.stdout:match("%d+"))
    if count and count < check.least then
        return ("%d processors are there, %d are needed"):format(count, check.least)
    end
end

-- GitHub's runners name their image in ImageOS ("ubuntu24") and ImageVersion ("20261101.1.0").
function M.runner(check)
    local image, version = os.getenv("ImageOS") or "", os.getenv("ImageVersion") or ""
    local given = { os = os.getenv("RUNNER_OS") or "", arch = os.getenv("RUNNER_ARCH") or "", image = image }
    for _, name in ipairs({ "os", "arch", "image" }) do
        local wanted = check[name]
        if wanted and given[name]:lower() ~= wanted:lower() then
            local known = given[name] ~= "" and given[name] or "not known"
            return ("the runner's %s is %s, %s is needed"):format(name, known, wanted)
        end
    end
    if check.least and is_older(version, check.least) then
        return ("the runner's image is %s, at least %s is needed"):format(version ~= "" and version or "not known",
            check.least)
    end
end

function M.locale()
    for _, name in ipairs({ "LC_ALL", "LC_CTYPE", "LANG" }) do
        local value = os.getenv(name)
        if value and value ~= "" then
            if value:lower():find("utf%-?8") then return nil end
            return ("%s is %s, which is not UTF-8"):format(name, value)
        end
    end
    return "the locale is not UTF-8: LC_ALL, LC_CTYPE and LANG are not set"
end

-- Tools and files -----------------------------------------------------------------------------------------------------

function M.tool(check)
    local name = check.command[1]
    local result = run({ unpack(check.command) })
    if not result or result.code ~= 0 then return ("%s cannot be run"):format(name) end
    local version = (result.stdout .. result.stderr):match("%d+%.[%d%.]*%d") or result.stdout:match("%d+")
    if not version then return check.least and ("%s does not say its version"):format(name) or nil end
    if check.least and is_older(version, check.least) then
        return ("%s is %s, at least %s is needed"):format(name, version, check.least)
    end
    if check.below and not is_older(version, check.below) then
        return ("%s is %s, which is not below %s"):format(name, version, check.below)
    end
end

function M.path(check)
    local status = fs.stat(check.path)
    if not status then return ("there is no %s"):format(check.path) end
    if check.type and status.type ~= check.type then return ("%s is a %s"):format(check.path, status.type) end
end

function M.lockfile(check) return lockfiles.problem(check.manifest, check.lock) end

function M.lockfiles(check)
    for _, lock in ipairs(tables.sorted_keys(lockfiles.manifests)) do
        local path, manifest = lock, lockfiles.manifests[lock]
        if check.path then path, manifest = fs.join(check.path, lock), fs.join(check.path, manifest) end
        local problem = fs.exists(path) and lockfiles.problem(manifest, path)
        if problem then return problem end
    end
end

-- Git -----------------------------------------------------------------------------------------------------------------

local function git(...) return run({ "git", ... }) end

function M.full_history()
    local result = git("rev-parse", "--is-shallow-repository")
    if not result or result.code ~= 0 then return "this is not a git repository" end
    if result.stdout:find("true", 1, true) then return "the clone is shallow" end
end

function M.submodules()
    local result = git("submodule", "status", "--recursive")
    if not result or result.code ~= 0 then return "git cannot list the submodules" end
    local missing = ("\n" .. result.stdout):match("\n%-%x+ (%S+)")
    return missing and ("the submodule %s is not checked out"):format(missing) or nil
end

local pointer = "version https://git-lfs.github.com/spec/v1"
local max_pointers = 200

-- Files that Git LFS keeps elsewhere, and that were not fetched.
function M.lfs()
    local result = git("ls-files", "-z", "--", ":(attr:filter=lfs)")
    if not result or result.code ~= 0 then return nil end
    local looked_at = 0
    for path in result.stdout:gmatch("[^%z]+") do
        local status = looked_at < max_pointers and fs.stat(path)
        looked_at = looked_at + 1
        -- A pointer has 130 bytes or so.
        if status and status.type == "file" and status.size_bytes < 1024
            and fs.read(path):sub(1, #pointer) == pointer then
            return ("%s is a pointer of Git LFS, not the file"):format(path)
        end
    end
end

-- Network -------------------------------------------------------------------------------------------------------------

-- The name and port go in as arguments, never as part of the script.
local function connects(host, port)
    local result = run({ "bash", "-c", "exec 3<>\"/dev/tcp/$1/$2\"", "preflight", host, tostring(port) })
    return result ~= nil and result.code == 0
end

function M.free_port(check)
    if connects("127.0.0.1", check.port) then return ("something listens on port %d already"):format(check.port) end
end

M.reachable = function(check)
    if not connects(check.host, check.port) then
        return ("%s cannot be reached on port %d"):format(check.host, check.port)
    end
end

function M.resolves(check)
    local result = run({ "getent", "hosts", check.host })
    if not result or result.code ~= 0 then return ("the name %s cannot be resolved"):format(check.host) end
end

--- A service that answers: with the status, and with a text in which the pattern is found.
function M.http(check)
    local ok, answer = pcall(http.get, check.url, { timeout_s = check.timeout_s or command_timeout_s })
    if not ok then
        if not uhost.is_error(answer) or answer.kind == "interrupted" then error(answer, 0) end
        return ("%s does not answer: %s"):format(check.url, answer.message)
    end
    local status = check.status or 200
    if answer.status ~= status then return ("%s answers %d, not %d"):format(check.url, answer.status, status) end
    if check.matches and not answer.body:find(check.matches) then
        return ("%s answers with another text than it should"):format(check.url)
    end
end

--- The kinds that need the network.
M.of_network = { reachable = true, resolves = true, http = true, tls = true }
for name in pairs(github_kinds) do M.of_network[name] = true end

return M
