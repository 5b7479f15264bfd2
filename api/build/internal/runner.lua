-- Runs a command: its output line by line into a log, its limits in time, and other attempts where that may help.
local M = {}

local known = {
    "cmd", "shell", "cwd", "env", "clear_env", "stdin", "timeout_s", "idle_timeout_s", "on_line", "show", "log",
    "log_limit_bytes", "limits", "retry", "check", "mutates", "reads",
}
local known_retry = { "when", "attempts", "backoff_s", "max_backoff_s" }

local default_log_limit_bytes = 256 * 1024 * 1024
local max_line_bytes = 16 * 1024 * 1024
local max_tail_bytes, max_tail_lines = 64 * 1024, 200

local new_result = uhost.record("build.Result", {
    "outcome", "code", "signal", "core_dumped", "command", "attempts", "started_at", "duration_s", "user_s", "system_s",
    "peak_memory_bytes", "read_bytes", "written_bytes", "lines", "tail", "log", "planned",
})

-- What was run, as text ---------------------------------------------------------------------------------------------

local function quoted(word)
    word = tostring(word)
    if word:find("^[%w_%-%+=%./:,@%%]+$") then return word end
    return "'" .. word:gsub("'", "'\\''") .. "'"
end

local function words_of(options)
    local cmd = options.cmd
    if options.shell then
        uhost.check_argument(cmd, "cmd", "build.run", "string")
        return { "/bin/sh", "-c", cmd }, cmd
    end
    if type(cmd) ~= "table" or #cmd == 0 then
        uhost.fail("argument", "bad option 'cmd' of build.run: expected a list of the program and its arguments",
            { hint = 'cmd = { "ninja", "-C", "build" }, or a text with shell = true' })
    end
    local shown = {}
    for i, word in ipairs(cmd) do shown[i] = quoted(word) end
    return cmd, table.concat(shown, " ")
end

-- The log -------------------------------------------------------------------------------------------------------------

-- Lines begin with a time, as in the logs of GitHub Actions, so that whatever reads those reads these. Each line is
-- written at once: what a killed run has said is there.
local function open_log(options)
    if not options.log then return { line = function() end, close = function() end } end
    fs.mkdir(fs.dirname(options.log))
    local file, reason = io.open(options.log, "a")
    if not file then
        uhost.fail("build.log", ("cannot write the log %s: %s"):format(options.log, reason),
            { details = { path = options.log } })
    end
    file:setvbuf("line")
    local left, is_full = options.log_limit_bytes or default_log_limit_bytes, false
    local function line(text)
        if is_full then return end
        left = left - #text - 30
        is_full = left < 0
        if is_full then text = "##[warning]the log is cut here: it has reached its limit" end
        file:write(time.iso(nil, { decimals = 6 }):gsub("Z$", "0Z"), " ", text, "\n")
    end
    return { line = line, close = function() file:close() end }
end

-- The last lines, within a limit.
local function new_tail()
    local list, first, bytes = {}, 1, 0
    local tail = {}
    function tail.add(line)
        list[#list + 1], bytes = line, bytes + #line + 1
        while first < #list and (bytes > max_tail_bytes or #list - first >= max_tail_lines) do
            bytes, first = bytes - #list[first] - 1, first + 1
        end
        if first > 4 * max_tail_lines then
            list, first = { unpack(list, first) }, 1
        end
    end
    function tail.text() return table.concat(list, "\n", first) end
    return tail
end

-- One attempt ---------------------------------------------------------------------------------------------------------

-- The next line; at the end nil, and why the end came early: "timeout" or "idle_timeout".
local function next_line(child, deadline, idle_s)
    local left = deadline and deadline - time.monotonic()
    local patience = idle_s and (not left or idle_s < left) and idle_s or left
    if not patience then return child:read_line() end
    local ok, line = pcall(child.read_line, child, math.max(patience, 0))
    if ok then return line end
    if not uhost.is_error(line) or line.kind ~= "process.timeout" then error(line, 0) end
    return nil, patience == idle_s and "idle_timeout" or "timeout"
end

local function read_all(child, options, take)
    local deadline = options.timeout_s and time.monotonic() + options.timeout_s
    local line, early = next_line(child, deadline, options.idle_timeout_s)
    while line do
        take(line)
        line, early = next_line(child, deadline, options.idle_timeout_s)
    end
    if early then
        child:terminate()
        for rest in child:lines() do take(rest) end
    end
    return early
end

local function start(options, words, shown)
    local command = {}
    for i, word in ipairs(words) do command[i] = word end
    command.cwd, command.env, command.clear_env = options.cwd, options.env, options.clear_env
    command.stdin, command.limits = options.stdin, options.limits
    command.merge_stderr, command.supervised, command.max_output_bytes = true, true, max_line_bytes
    command.reads = options.reads
    if not options.reads then command.mutates = options.mutates or "run " .. shown end
    return process.start(command)
end

local function attempt(options, words, shown)
    local result = { command = shown, started_at = time.iso(), lines = 0, log = options.log }
    if plan.dry_run() and not options.reads then
        start(options, words, shown):wait()
        result.outcome, result.code, result.planned, result.tail, result.duration_s = "passed", 0, true, "", 0
        return result
    end
    local output, tail = open_log(options), new_tail()
    local started = time.monotonic()
    local function take(line)
        result.lines = result.lines + 1
        output.line(line)
        tail.add(line)
        if options.show then io.write(term.without_commands(term.untrusted(line)), "\n") end
        if options.on_line then options.on_line(line, time.monotonic() - started) end
    end
    return task.finally(function()
        output.line("##[command]" .. shown)
        local child = start(options, words, shown)
        local early = read_all(child, options, take)
        local ending = child:wait()
        for _, name in ipairs({ "code", "signal", "core_dumped", "duration_s", "user_s", "system_s",
            "peak_memory_bytes", "read_bytes", "written_bytes" }) do
            result[name] = ending[name]
        end
        result.outcome = early or ending.code == 0 and "passed" or "failed"
        result.tail = uhost.mask(tail.text())
        if ending.code ~= 0 then
            output.line(("##[error]Process completed with %s."):format(
                ending.code and "exit code " .. ending.code or "signal " .. ending.signal))
        end
        return result
    end, output.close)
end

-- Several attempts ----------------------------------------------------------------------------------------------------

-- Half of each pause is left to the clock, so that many who failed at once do not come back at once.
local function pause_before(retry, attempts)
    local backoff = math.min((retry.backoff_s or 1) * 2 ^ (attempts - 1), retry.max_backoff_s or 60)
    return backoff * (0.5 + 0.5 * (time.now() * 1000 % 1))
end

local endings = {
    timeout = "took longer than it was given",
    idle_timeout = "said nothing for longer than it may",
}

local function failure_of(result)
    local how = endings[result.outcome] or result.code and "ended with code " .. result.code
        or "was ended by " .. result.signal
    uhost.fail("build.failed", ("%s %s"):format(result.command, how), {
        hint = result.log and "read " .. result.log or nil, native = result.tail,
        details = { command = result.command, outcome = result.outcome, code = result.code, signal = result.signal,
            log = result.log, attempts = result.attempts },
    })
end

function M.run(options)
    options = uhost.check_options(options, "build.run", known)
    local retry = uhost.check_options(options.retry, "build.run (retry)", known_retry)
    local words, shown = words_of(options)
    local attempts, result = 0
    repeat
        if attempts > 0 then task.sleep(pause_before(retry, attempts)) end
        attempts = attempts + 1
        result = new_result(attempt(options, words, shown))
        result.attempts = attempts
    until result.outcome == "passed" or not retry.when or attempts >= (retry.attempts or 3) or not retry.when(result)
    if options.check and result.outcome ~= "passed" then failure_of(result) end
    return result
end

-- The environment -----------------------------------------------------------------------------------------------------

function M.environment(options)
    options = uhost.check_options(options, "build.environment", { "env", "clear_env" })
    -- Asked of a program, so that it is what programs are given.
    local listed = process.run{ "/usr/bin/env", "-0", env = options.env, clear_env = options.clear_env, reads = true,
        check = true }
    local variables = {}
    for name, value in listed.stdout:gmatch("([^=%z]+)=([^%z]*)%z") do
        variables[name] = uhost.names_a_secret(name) and "***" or uhost.mask(value)
    end
    return variables
end

return M
