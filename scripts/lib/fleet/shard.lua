-- One shard: a script in a work tree of one repository. It is a command of its own, so that an executor can run it
-- anywhere: `uhost fleet shard`. What came of it is its last line of output, and a file where the fleet can read that.
local mirrors_of = require("lib.fleet.mirrors")
local own_command = require("lib.own_command")

local M = {}

-- The line that the result is in. Whatever the script started has ended before it is written, so the last one counts.
local mark = "fleet-result "
-- Of what a script writes, so much is held, kept in the file, and kept in the line, which has to fit into a log's end.
local max_output_bytes, max_kept_bytes, max_line_bytes = 64 * 2 ^ 20, 2 ^ 20, 24 * 1024

---@class fleet.Result
---@field exit_code integer?
---@field signal string?
---@field duration_s number  of the script
---@field output string  what it wrote to standard output
---@field is_cut boolean  whether `output` is only its beginning
---@field failure { kind: string, message: string, hint: string? }?  why there is no script's result

local function cut(text, limit)
    if #text <= limit then return text, false end
    return text:sub(1, limit):gsub("[\192-\255][\128-\191]*$", ""), true
end

local function run_script(options, path)
    local command = own_command()
    command[#command + 1] = options.script
    command.cwd, command.secrets, command.supervised, command.stderr = path, true, true, "pass"
    command.max_output_bytes, command.timeout_s = max_output_bytes, options.timeout
    command.env = { UHOST_GITHUB_SHARED_BUDGET = "true" }
    command.mutates = ("run %s in %s"):format(options.script, options.name)
    for _, argument in ipairs(options.arguments) do command[#command + 1] = argument end
    local result = process.run(command)
    local output, is_cut = cut(result.stdout, max_kept_bytes)
    return { exit_code = result.code, signal = result.signal, duration_s = result.duration_s, output = output,
        is_cut = is_cut }
end

-- A script that failed has a result; what could not be run has a failure.
local function result_of(options)
    if uhost.dry_run then return run_script(options, ".") end
    local began = time.monotonic()
    local mirrors = mirrors_of.open({ folder = options.mirrors, filter = options.filter })
    local ok, result = pcall(mirrors.with, mirrors, options.url, function(path) return run_script(options, path) end)
    if options.max_disk then mirrors:prune(options.max_disk) end
    if ok then return result end
    if task.cancelled() or not uhost.is_error(result) then error(result, 0) end
    return { exit_code = result.exit_code, duration_s = time.monotonic() - began, output = "", is_cut = false,
        failure = { kind = result.kind, message = result.message, hint = result.hint } }
end

local function encode(result) return json.encode(result, { invalid_utf8 = "replace" }) end

-- The same with so little output that its line is short.
local function line_of(result)
    local short = tables.copy(result)
    local limit = max_line_bytes
    repeat
        local is_cut
        short.output, is_cut = cut(result.output, limit)
        short.is_cut = result.is_cut or is_cut
        local line = encode(short)
        if #line <= 2 * max_line_bytes then return line end
        limit = math.floor(limit / 2)
    until false
end

--- Runs a shard, as `uhost fleet shard` says. Its exit code is the script's.
---@param options { url: string, name: string, script: string, arguments: string[], mirrors: string?, filter: string?,
---  max_disk: integer?, timeout: number?, result: string? }
---@return integer exit_code
function M.run(options)
    local result = result_of(options)
    local folder = options.result and fs.dirname(options.result)
    if folder and fs.exists(folder) then fs.write(options.result, encode(result)) end
    io.write(mark, line_of(result), "\n")
    return result.exit_code or 3
end

--- Whether a line of a shard's log is its result, not its script's.
---@param line string
---@return boolean
function M.is_result(line) return line:sub(1, #mark) == mark end

--- What came of a shard: from its file, or from the end of what it wrote; nil when it did not come to its end.
---@param path string?
---@param tail string
---@return fleet.Result?
function M.read(path, tail)
    local text, from_line = path and fs.read(path), nil
    for line in tail:gmatch("[^\n]+") do
        if M.is_result(line) then from_line = line:sub(#mark + 1) end
    end
    local ok, result = pcall(json.decode, text or from_line or "")
    if not ok or type(result) ~= "table" then return nil end
    for name, value in pairs(result) do
        if value == json.null then result[name] = nil end
    end
    return result
end

return M
