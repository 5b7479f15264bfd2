-- The phases of a run, how long they took, and what else is measured, in the form that metrics are kept in.
local byte_size = require("uhost.term.byte_size")

local M = {}

local recorded
-- The phase that a coroutine is in. A task that a phase spawns is in none, unless `M.within` says so.
local current = setmetatable({}, { __mode = "k" })

local function in_actions() return os.getenv("GITHUB_ACTIONS") == "true" end

function M.reset()
    recorded = { began = time.monotonic(), began_at = time.now(), order = {}, seconds = {}, cache = {}, artifacts = {} }
end
M.reset()

--- Where the calling coroutine is: "build/compile"; nil outside of any phase.
function M.here() return current[coroutine.running()] end

--- Runs `body` as if it were called in that phase.
function M.within(path, body, ...)
    local key = coroutine.running()
    local before = current[key]
    current[key] = path
    local function leave(ok, ...)
        current[key] = before
        if not ok then error((...), 0) end
        return ...
    end
    return leave(pcall(body, ...))
end

-- Runners do not nest groups, so only an outermost phase is one.
local function group(path, is_outermost)
    if in_actions() and is_outermost then io.write("::group::", term.visible(uhost.mask(path)), "\n") end
end

local function end_group(is_outermost)
    if in_actions() and is_outermost then io.write("::endgroup::\n") end
end

local function add(path, duration_s)
    if not recorded.seconds[path] then table.insert(recorded.order, path) end
    recorded.seconds[path] = (recorded.seconds[path] or 0) + duration_s
end

function M.phase(name, body, ...)
    uhost.check_argument(name, "name", "build.phase", "string")
    uhost.check_argument(body, "body", "build.phase", "function")
    if name == "" or name == "total" or name:find("[/%c]") then
        uhost.fail("argument", ("'%s' cannot be the name of a phase"):format(term.visible(name)),
            { hint = "a word such as \"compile\"; \"total\" is the time of all" })
    end
    local outer = M.here()
    local path = outer and outer .. "/" .. name or name
    local started = time.monotonic()
    group(path, not outer)
    local function finish(ok, ...)
        add(path, time.monotonic() - started)
        end_group(not outer)
        if not ok then error((...), 0) end
        return ...
    end
    return finish(pcall(M.within, path, body, ...))
end

--- Notes whether a cache had what was asked for.
function M.cache_asked(name, hit) recorded.cache[name] = hit end

local function size_of(path)
    local status = fs.stat(path)
    if not status then
        uhost.fail("build.artifact", "there is no artifact " .. path, { details = { path = path } })
    end
    if status.type ~= "directory" then return status.size_bytes end
    local bytes = 0
    for file, type in fs.walk(path) do
        if type == "file" then bytes = bytes + fs.stat(file).size_bytes end
    end
    return bytes
end

function M.artifact(name, path)
    uhost.check_argument(name, "name", "build.artifact", "string")
    uhost.check_argument(path, "path", "build.artifact", "string")
    local bytes = size_of(path)
    recorded.artifacts[name] = bytes
    return bytes
end

local function rounded(value, digits) return tonumber(("%." .. digits .. "f"):format(value)) end

local architectures = { x64 = "x86_64", arm64 = "aarch64", x86 = "i686" }

local function run_id()
    return os.getenv("GITHUB_RUN_ID") or "local-" .. time.iso(recorded.began_at):gsub("%D", "")
end

local function with_suffix(values, suffix, convert)
    local list = {}
    for name, value in pairs(values) do list[name .. suffix] = convert(value) end
    return list
end

local function megabytes(bytes) return rounded(bytes / 1e6, 3) end

function M.metrics(options)
    options = uhost.check_options(options, "build.metrics", { "variant", "run_id", "commit_sha" })
    local phases = {}
    for _, path in ipairs(recorded.order) do phases[path] = rounded(recorded.seconds[path], 3) end
    phases.total = rounded(time.monotonic() - recorded.began, 3)
    return {
        timestamp = time.iso(recorded.began_at),
        platform = jit.os:lower(),
        arch = architectures[jit.arch] or jit.arch,
        variant = options.variant or "default",
        run_id = options.run_id or run_id(),
        commit_sha = options.commit_sha or os.getenv("GITHUB_SHA") or json.null,
        phases = phases,
        cache = with_suffix(recorded.cache, "_hit", function(hit) return hit end),
        artifacts = with_suffix(recorded.artifacts, "_size_mb", megabytes),
    }
end

function M.summary()
    local page = report.new()
    local rows = {}
    for i, path in ipairs(recorded.order) do rows[i] = { path, ("%.1f s"):format(recorded.seconds[path]) } end
    page:heading("Build", 2)
    page:table{ columns = { "Phase", "Time" }, rows = rows }
    local facts = {}
    for name, hit in pairs(recorded.cache) do facts[#facts + 1] = { "Cache " .. name, hit and "hit" or "miss" } end
    for name, bytes in pairs(recorded.artifacts) do
        facts[#facts + 1] = { "Artifact " .. name, byte_size(bytes) }
    end
    table.sort(facts, function(a, b) return a[1] < b[1] end)
    if #facts > 0 then page:facts(facts) end
    return page:render("markdown")
end

return M
