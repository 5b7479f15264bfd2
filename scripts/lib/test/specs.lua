-- Runs busted specs inside the host, so that a spec may use and wait in every primitive.
local M = {}

local function full_name(busted, element)
    local names = {}
    while element and element.descriptor ~= "file" and element.descriptor ~= "suite" do
        if element.name then table.insert(names, 1, element.name) end
        element = busted.context.parent(element)
    end
    return table.concat(names, " › ")
end

local function file_of(busted, element)
    while element and element.descriptor ~= "file" do element = busted.context.parent(element) end
    return element and element.name
end

local function new_result(busted, element, status, message)
    local trace = element.trace or {}
    local file = file_of(busted, element) or element.name or "?"
    local name = full_name(busted, element)
    return {
        name = name ~= "" and name or file, file = file, line = trace.currentline,
        status = status, message = message and tostring(message), time_s = 0,
    }
end

-- A test may fail more than once, by itself and while it cleans up; each is shown, and the first decides.
local function collect(busted, results, on_test)
    local open = {}
    local function add(result)
        results[#results + 1] = result
        on_test(result)
    end
    for _, event in ipairs({ "failure", "error" }) do
        busted.subscribe({ event }, function(element, _, message)
            local status = event == "failure" and "failed" or "error"
            local known = open[element]
            if known then
                known.message = known.message .. "\n" .. tostring(message)
            else
                local result = new_result(busted, element, status, message or "no message")
                if element.descriptor == "it" then open[element] = result else add(result) end
            end
            return nil, true
        end)
    end
    busted.subscribe({ "pending" }, function(element, _, message)
        if element.descriptor == "it" then open[element] = new_result(busted, element, "skipped", message) end
        return nil, true
    end)
    busted.subscribe({ "test", "end" }, function(element, _, status)
        local result = open[element] or new_result(busted, element, status == "pending" and "skipped" or "passed")
        open[element] = nil
        result.time_s = element.duration or 0
        add(result)
        -- Ctrl-C cancels every wait from now on: what is left would only fail.
        if task.cancelled() then busted.skipAll = true end
        return nil, true
    end)
end

local function load_filter(busted, pattern)
    if not pattern then return end
    busted.subscribe({ "register", "it" }, function(name)
        local keep = full_name(busted, busted.context.get()):find(pattern) or tostring(name):find(pattern)
        return nil, keep ~= nil
    end, { priority = 1 })
end

-- Time limits ---------------------------------------------------------------------------------------------------------

-- A limit of time for one test, whether it waits or computes. What waits is cancelled. What computes is interrupted
-- from a count hook, which LuaJIT calls only between the instructions that it interprets: with a limit, nothing is
-- compiled. A C function that does not return cannot be interrupted.

local instructions_between_checks = 10000

local function fail_for_time(seconds, place)
    uhost.fail("timeout", ("%sthe test took longer than %g s"):format(place and place .. ": " or "", seconds), {
        hint = "allow more with --timeout, or look for what it waits for",
    })
end

-- Where a test is: below what busted and the host have called on its behalf.
local function place_of_test()
    for level = 3, 50 do
        local info = debug.getinfo(level, "Sl")
        if not info then return nil end
        local source = info.source:gsub("^@", "")
        local foreign = source:find("^/usr/") or source:sub(1, #uhost.share) == uhost.share
        if info.currentline > 0 and info.source:sub(1, 1) == "@" and not foreign then
            return ("%s:%d"):format(info.short_src, info.currentline)
        end
    end
    return nil
end

local function watch_computing(seconds)
    local deadline = time.monotonic() + seconds
    debug.sethook(function()
        if time.monotonic() >= deadline then fail_for_time(seconds, place_of_test()) end
    end, "", instructions_between_checks)
end

-- To be called once, before tests run that have a limit.
local function prepare_time_limit()
    jit.off()
    jit.flush()
end

-- Runs `body` as `xpcall` does, for at most so long. Its errors reach `handler` as they are, where they are raised.
local function run_limited(seconds, body, handler)
    local ok, raised
    local in_time, failure = pcall(task.timeout, seconds, function()
        watch_computing(seconds)
        ok, raised = xpcall(body, handler)
        debug.sethook()
    end)
    debug.sethook()
    if in_time then return ok, raised end
    if uhost.is_error(failure) and failure.kind == "timeout" then
        return false, select(2, pcall(fail_for_time, seconds))
    end
    return false, failure
end

-- The body runs in a task of its own, through which an error that is no string does not pass: what busted wants to know
-- of it is found where it is raised.
local function limited(busted, element, seconds)
    local body = element.run
    local function run()
        local trace, message, raised
        local ok, failure = run_limited(seconds, body, function(error_value)
            trace = busted.getTrace(element, 3, error_value)
            message = busted.rewriteMessage(element, error_value, trace)
            raised = error_value
            return error_value
        end)
        if ok then return end
        if type(raised) == "table" and rawget(raised, "message") ~= nil then raised.message = message end
        error(raised ~= nil and (type(raised) == "string" and message or raised) or failure, 0)
    end
    element.run = setfenv(run, getfenv(body))
end

local function load_time_limit(busted, seconds)
    if not seconds then return end
    prepare_time_limit()
    busted.subscribe({ "test", "start" }, function(element)
        limited(busted, element, seconds)
        return nil, true
    end)
end

local function load_recorder(busted, recorder)
    if not recorder then return end
    busted.subscribe({ "file", "start" }, function()
        recorder.begin()
        return nil, true
    end)
    busted.subscribe({ "file", "end" }, function(element)
        recorder.finish(element.name)
        return nil, true
    end)
end

-- The folder whose modules a spec file requires by their names: the nearest one above it called tests, or its own.
local function modules_folder(file)
    local own = fs.dirname(fs.absolute(file))
    local folder = own
    while folder ~= "/" do
        if fs.basename(folder) == "tests" then return folder end
        folder = fs.dirname(folder)
    end
    return own
end

local function load_modules_folder(busted)
    local system_path = package.path
    busted.subscribe({ "file", "start" }, function(element)
        package.path = ("%s/?.lua;%s"):format(modules_folder(element.name), system_path)
        return nil, true
    end, { priority = 1 })
end

---Runs spec files. Each requires the modules of the nearest folder above it that is called tests, or else of its own
---folder: `require("support.servers")` is tests/support/servers.lua. busted loads them anew for every file.
---@param files string[]
---@param options { filter?: string, timeout_s?: number, recorder?: table, on_test: fun(result: TestResult) }
---  filter: a Lua pattern on full names; timeout_s: for each test
---@return TestResult[]
function M.run(files, options)
    local results = {}
    if #files == 0 then return results end
    local busted = require("busted.core")()
    require("busted")(busted)
    collect(busted, results, options.on_test)
    load_filter(busted, options.filter)
    load_time_limit(busted, options.timeout_s)
    load_modules_folder(busted)
    load_recorder(busted, options.recorder)
    -- busted closes over the FFI's metatables in the first file otherwise, and the second sees stale ones.
    require("busted.luajit")()
    local load_files = require("busted.modules.test_file_loader")(busted, { "lua" })
    load_files(files, { "_spec%.lua$" }, { excludes = {}, recursive = true })
    require("busted.execute")(busted)(1, { sort = true })
    return results
end

return M
