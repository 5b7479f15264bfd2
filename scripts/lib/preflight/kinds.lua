-- The kinds of checks. Each takes a check of the policy and says what is wrong; nil when nothing is. None shows the
-- value of a variable, for it may be a secret.
local free_space = require("lib.free_space")

local M = {}

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
    if free and free / 1024 ^ 2 < check.free_mb then
        return ("%d MB are free for %s, %d are needed"):format(free / 1024 ^ 2, path, check.free_mb)
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
        return ("%d MB of memory are available, %d are needed"):format(available_kb / 1024, check.least_mb)
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

local function same_dependencies(manifest, lock)
    local root = (lock.packages or {})[""] or {}
    for _, group in ipairs({ "dependencies", "devDependencies", "optionalDependencies" }) do
        local wanted, locked = manifest[group] or {}, root[group] or {}
        for name, range in pairs(wanted) do
            if locked[name] ~= range then return name end
        end
        for name in pairs(locked) do
            if wanted[name] == nil then return name end
        end
    end
end

function M.lockfile(check)
    local manifest, lock = fs.read(check.manifest), fs.read(check.lock)
    if not manifest then return nil end
    if not lock then return ("%s has no %s beside it"):format(check.manifest, check.lock) end
    if not check.lock:find("package%-lock%.json$") then return nil end
    local ok, differs = pcall(function() return same_dependencies(json.decode(manifest), json.decode(lock)) end)
    if not ok then return ("%s or %s is not valid"):format(check.manifest, check.lock) end
    return differs and ("%s is not what %s says: %s"):format(check.lock, check.manifest, differs) or nil
end

-- Git -----------------------------------------------------------------------------------------------------------------

local function git(...) return run({ "git", ... }) end

function M.full_history()
    local result = git("rev-parse", "--is-shallow-repository")
    if not result or result.code ~= 0 then return "this is no git repository" end
    if result.stdout:find("true", 1, true) then return "the clone is shallow" end
end

function M.submodules()
    local result = git("submodule", "status", "--recursive")
    if not result or result.code ~= 0 then return "git cannot list the submodules" end
    local missing = ("\n" .. result.stdout):match("\n%-%x+ (%S+)")
    return missing and ("the submodule %s is not checked out"):format(missing) or nil
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

--- The kinds that need the network.
M.of_network = { reachable = true }

return M
