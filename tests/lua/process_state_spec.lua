-- Only main() touches what belongs to the whole process: its environment, signals, umask, current folder, exit and
-- standard streams. A host gets what it needs in HostOptions, so that many can live in one process.
local source_root = os.getenv("UHOST_SOURCE")

local words = {
    "getenv", "secure_getenv", "setenv", "unsetenv", "putenv", "clearenv", "environ", "umask", "_exit", "_Exit",
    "quick_exit", "atexit", "abort", "chdir", "fchdir", "sigaction", "sigprocmask", "pthread_sigmask", "setlocale",
    "setrlimit", "stdout", "stderr", "cout", "cerr",
}

-- What may, by file, and why.
local allowed = {
    ["host/bundle/"] = "a program of its own",
    ["host/cmake/"] = "programs that the build runs",
    ["host/cli/"] = "main() and what it is made of",
    ["host/sandbox/worker/"] = "a program of its own",
    ["host/runtime/text_sink.cpp"] = "the sinks for those who ask for the process's own",
    ["host/task/interrupt_signal.hpp"] = "InterruptSignal is for main() to make",
    ["host/task/interruption.cpp"] = "InterruptSignal is for main() to make",
    ["host/core/spawn.cpp"] = "in the child process, between fork and exec",
    ["host/core/supervisor.cpp"] = "a process of its own",
    ["api/process/signals."] = "process.signals, for scripts that are a service; what was there before comes back",
    ["api/log_text/source_file.cpp"] = "TMPDIR, which the core is not given yet",
    ["host/store/postgres/engine.cpp"] = "PG… variables and HOME, which libpq reads from the process as well",
    ["api/git/"] = "GIT_… variables, which libgit2 and the programs of git read from the process as well",
}

-- The code of a line: without comments, texts, Lua in raw strings' own lines, and members of the same name.
local function code_of(line)
    local without_texts = line:gsub("//.*", ""):gsub('\\"', ""):gsub('"[^"]*"', '""')
    return (without_texts:gsub("[%w_%)]%.[%w_]+", "x"):gsub("%->[%w_]+", "x"))
end

local function reason(path)
    for prefix, why in pairs(allowed) do
        if path:sub(1, #prefix) == prefix then return why end
    end
end

local function uses_in(path)
    local found, number, in_lua = {}, 0, false
    for line in (fs.read(source_root .. "/" .. path) .. "\n"):gmatch("(.-)\n") do
        number = number + 1
        if line:find('R"lua(', 1, true) then in_lua = true end
        for _, word in ipairs(in_lua and {} or words) do
            if code_of(line):find("%f[%w_]" .. word .. "%f[^%w_]") then
                found[#found + 1] = ("%s:%d: %s"):format(path, number, word)
            end
        end
        if line:find(')lua"', 1, true) then in_lua = false end
    end
    return found
end

describe("the host", function()
    it("leaves to main() what belongs to the process", function()
        if not source_root then return pending("UHOST_SOURCE names no checkout") end
        local found = {}
        for _, folder in ipairs({ "host", "api" }) do
            for path, type in fs.walk(source_root .. "/" .. folder) do
                local inside = path:sub(#source_root + 2)
                if type == "file" and path:find("%.[ch]pp$") and not reason(inside) then
                    for _, use in ipairs(uses_in(inside)) do found[#found + 1] = use end
                end
            end
        end
        assert.same({}, found)
    end)
end)
