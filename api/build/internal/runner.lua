-- Runs a command here: its output line by line into a log, its limits in time, and other attempts where that may help.
local commands = require("uhost.build.internal.command")
local outputs = require("uhost.build.internal.output")

local M = {}

local known = {
    "cmd", "shell", "cwd", "env", "clear_env", "stdin", "timeout_s", "idle_timeout_s", "on_line", "show", "log",
    "log_limit_bytes", "limits", "retry", "check", "mutates", "reads", "secrets", "executor", "name", "key",
    "resources", "artifacts", "lost_after_s", "keep_running", "again",
}
local known_retry = { "when", "attempts", "backoff_s", "max_backoff_s" }

M.new_result = uhost.record("build.Result", {
    "outcome", "code", "signal", "core_dumped", "command", "attempts", "started_at", "duration_s", "user_s", "system_s",
    "peak_memory_bytes", "read_bytes", "written_bytes", "lines", "tail", "log", "planned", "executor", "id", "node",
    "reason", "look",
})

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
    command.merge_stderr, command.supervised, command.max_output_bytes = true, true, outputs.max_line_bytes
    command.reads, command.secrets = options.reads, options.secrets
    if not options.reads then command.mutates = options.mutates or "run " .. shown end
    return process.start(command)
end

--- What a dry run says of a command that it did not run.
---@param shown string
---@return build.Result
function M.planned(shown)
    return M.new_result{ command = shown, started_at = time.iso(), lines = 0, outcome = "passed", code = 0,
        planned = true, tail = "", duration_s = 0, attempts = 1 }
end

--- Runs a command once.
---@param options build.RunOptions
---@param words (string | number)[]
---@param shown string
---@return build.Result
function M.attempt(options, words, shown)
    if plan.dry_run() and not options.reads then
        start(options, words, shown):wait()
        return M.planned(shown)
    end
    local result = { command = shown, started_at = time.iso(), log = options.log, attempts = 1 }
    local output = outputs.open(options, shown)
    return task.finally(function()
        local child = start(options, words, shown)
        local early = read_all(child, options, output.take)
        local ending = child:wait()
        for _, name in ipairs({ "code", "signal", "core_dumped", "duration_s", "user_s", "system_s",
            "peak_memory_bytes", "read_bytes", "written_bytes" }) do
            result[name] = ending[name]
        end
        result.outcome = early or ending.code == 0 and "passed" or "failed"
        result.lines, result.tail = output.lines, output.tail()
        output.conclude(ending.code, ending.signal)
        return M.new_result(result)
    end, output.close)
end

-- Several attempts ----------------------------------------------------------------------------------------------------

-- Half of each pause is left to the clock, so that many who failed at once do not come back at once.
local function pause_before(retry, attempts)
    local backoff = math.min((retry.backoff_s or 1) * 2 ^ (attempts - 1), retry.max_backoff_s or 60)
    return backoff * (0.5 + 0.5 * (time.now() * 1000 % 1))
end

local endings = {
    timeout = "took longer than it was given", idle_timeout = "said nothing for longer than it may",
    cancelled = "was cancelled", out_of_memory = "needed more memory than it was given",
    node_failed = "was lost with the machine that it ran on", preempted = "had to make room for others",
    rejected = "was not taken", lost_contact = "cannot be asked about any more",
}

local function failure_of(result)
    local how = endings[result.outcome] or result.code and "ended with code " .. result.code
        or result.signal and "was ended by " .. result.signal or "failed"
    if result.reason then how = ("%s (%s)"):format(how, result.reason) end
    uhost.fail("build.failed", ("%s %s"):format(result.command, how), {
        hint = result.log and "read " .. result.log or result.look, native = result.tail,
        details = { command = result.command, outcome = result.outcome, code = result.code, signal = result.signal,
            log = result.log, attempts = result.attempts, executor = result.executor, id = result.id },
    })
end

--- `build.run`; `elsewhere` is an attempt through an executor.
function M.run(options, elsewhere)
    options = uhost.check_options(options, "build.run", known)
    local retry = uhost.check_options(options.retry, "build.run (retry)", known_retry)
    local words, shown = commands.words(options, "build.run")
    local attempt = options.executor and (options.executor ~= "local" or options.key) and elsewhere or M.attempt
    local attempts, result = 0
    repeat
        if attempts > 0 then task.sleep(pause_before(retry, attempts)) end
        attempts = attempts + 1
        result = attempt(options, words, shown, attempts)
        result.attempts = math.max(attempts, result.attempts)
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
