-- What commands and jobs say, line by line: into a log, to whoever listens, and the last lines as text.
local M = {}

M.max_line_bytes = 16 * 1024 * 1024

local default_log_limit_bytes = 256 * 1024 * 1024
local max_tail_bytes, max_tail_lines = 64 * 1024, 200

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

--- Opens the output of what is run: `take` gets its lines, `note` what the log says besides.
---@param options build.RunOptions  log, log_limit_bytes, show, on_line
---@param shown string  the command
function M.open(options, shown)
    local log, tail = open_log(options), new_tail()
    local started = time.monotonic()
    local output = { lines = 0, note = log.line, close = log.close }
    function output.take(line)
        output.lines = output.lines + 1
        log.line(line)
        tail.add(line)
        if options.show then io.write(term.without_commands(term.untrusted(line)), "\n") end
        if options.on_line then options.on_line(line, time.monotonic() - started) end
    end
    --- Its last lines, secrets masked.
    function output.tail() return uhost.mask(tail.text()) end
    --- Says in the log how it ended.
    function output.conclude(code, signal, outcome)
        if code == 0 then return end
        local how = code and "exit code " .. code or signal and "signal " .. signal or outcome
        log.line(("##[error]Process completed with %s."):format(how))
    end
    log.line("##[command]" .. shown)
    return output
end

return M
