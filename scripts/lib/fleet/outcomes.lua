-- How a shard ended, what that means for the fleet, and why it ended so.
local cause_of = require("lib.ci_failures.cause")
local characters = require("uhost.notify.text")
local shard_of = require("lib.fleet.shard")
local untrusted = require("lib.ci_failures.untrusted")

local M = {}

local max_cause, max_key = 400, 300  -- characters

---@class fleet.Outcome
---@field exit_code integer  what it counts as
---@field words string  for people
---@field is_transient boolean?  it may pass by itself

--- By name, as the store and reports in JSON have them. Those from `node_failed` on are an executor's.
---@type table<string, fleet.Outcome>
M.all = {
    fine = { exit_code = 0, words = "fine" },
    planned = { exit_code = 0, words = "planned" },
    findings = { exit_code = 1, words = "with findings" },
    broken = { exit_code = 2, words = "broken" },
    world_failed = { exit_code = 3, words = "outside world failed", is_transient = true },
    timed_out = { exit_code = 3, words = "timed out" },
    crashed = { exit_code = 3, words = "crashed" },
    node_failed = { exit_code = 3, words = "machine lost", is_transient = true },
    preempted = { exit_code = 3, words = "pre-empted", is_transient = true },
    out_of_memory = { exit_code = 3, words = "out of memory" },
    rejected = { exit_code = 3, words = "not taken by the executor" },
    lost_contact = { exit_code = 3, words = "lost contact" },
    cancelled = { exit_code = 3, words = "cancelled" },
}

--- In the order in which reports count them.
M.order = { "fine", "planned", "findings", "broken", "world_failed", "timed_out", "crashed", "out_of_memory",
    "node_failed", "preempted", "rejected", "lost_contact", "cancelled" }

local by_exit_code = { [0] = "fine", [1] = "findings", [2] = "broken", [3] = "world_failed" }

--- Names of those that may pass by themselves.
---@return string[]
function M.transient()
    local names = {}
    for _, name in ipairs(M.order) do
        if M.all[name].is_transient then names[#names + 1] = name end
    end
    return names
end

---@param job build.Result
---@param result fleet.Result?
---@return string
local function outcome_of(job, result)
    if job.planned then return "planned" end
    if result and result.failure and result.failure.kind == "process.timeout" or job.outcome == "timeout" then
        return "timed_out"
    end
    if job.outcome == "lost_contact" then return job.outcome end
    if result and not result.signal then return by_exit_code[result.exit_code] or "broken" end
    return M.all[job.outcome] and job.outcome or "crashed"
end

-- Causes -------------------------------------------------------------------------------------------------------------

-- What uhost says of an uncaught error, the last one in a log, without its place in the script.
local function error_in(lines)
    for i = #lines, 1, -1 do
        local message = lines[i]:match("^error: (.+)$")
        if message then
            return message:gsub("^%S+%.lua:%d+: ", ""), (lines[i + 1] or ""):match("^  hint: (.+)$")
        end
    end
end

local function last_lines(opened)
    local count = opened:index()
    local lines = opened:lines(math.max(1, count - 200), count)
    local kept = {}
    for _, line in ipairs(lines) do
        if not line:find("^##%[") and line:find("%S") and not shard_of.is_result(line) then kept[#kept + 1] = line end
    end
    return kept
end

local base

-- What the knowledge base makes of a log without an error of uhost's own.
local function diagnosed(shard, opened)
    base = base or kb.load({ readers = true })
    local job = { name = shard.repository, conclusion = "failure", steps = {} }
    local cause = cause_of.of_log(job, opened, base)[1]
    if cause.kind == "run" or cause.kind == "step" or shard_of.is_result(cause.title) then return nil end
    return cause.title, cause.fix, cause.key
end

local function in_log(shard, path)
    if not path or not fs.exists(path) then return nil end
    local opened = log_text.open(path)
    return task.finally(function()
        local lines = last_lines(opened)
        local message, hint = error_in(lines)
        if message then return message, hint end
        local title, fix, key = diagnosed(shard, opened)
        if title then return title, fix, key end
        return lines[#lines]
    end, function() opened:close() end)
end

local function plain(text) return (text:gsub("%p", "%%%0")) end

-- The same for all repositories that have the cause: without their names and what else differs.
local function key_of(shard, text)
    for _, own in ipairs({ shard.url, shard.repository, fs.basename(shard.repository) }) do
        text = text:gsub(plain(own), "…")
    end
    return cause_of.template(text)
end

local function why(shard, outcome, job, result, log)
    if outcome == "timed_out" then return "it took longer than it was given (--timeout)" end
    if result and result.failure then return result.failure.message, result.failure.hint end
    if outcome == "crashed" then
        local signal = result and result.signal or job.signal
        return signal and ("ended by %s"):format(signal) or ("it ended with code %s, and without a result"):format(
            tostring(job.code)), nil
    end
    if outcome == "broken" or outcome == "world_failed" then
        local cause, hint, key = in_log(shard, log)
        return cause or ("it ended with code %s and said nothing"):format(tostring(result and result.exit_code
            or job.code)), hint, key
    end
    return job.reason, job.look
end

--- What an attempt is kept as.
---@param shard fleet.Shard
---@param job build.Result
---@param result fleet.Result?
---@param log string?  the file of its log
---@return fleet.Ending
function M.ending(shard, job, result, log)
    local outcome = outcome_of(job, result)
    local ending = { outcome = outcome, exit_code = result and result.exit_code or job.code,
        duration_s = result and result.duration_s or job.duration_s or 0, output = result and result.output or "",
        place = job.id }
    if M.all[outcome].exit_code < 2 then return ending end
    local text, hint, key = why(shard, outcome, job, result, log)
    text = untrusted.line(text or M.all[outcome].words)
    ending.cause = characters.cut(text, max_cause)
    ending.hint = hint and characters.cut(untrusted.line(hint), max_cause) or nil
    ending.cause_key = characters.cut(("%s: %s"):format(outcome, key or key_of(shard, text)), max_key)
    return ending
end

--- The exit code of a fleet: the worst of its shards.
---@param counts table<string, integer>
---@return integer
function M.exit_code(counts)
    local worst = 0
    for name in pairs(counts) do worst = math.max(worst, M.all[name] and M.all[name].exit_code or 0) end
    return worst
end

return M
