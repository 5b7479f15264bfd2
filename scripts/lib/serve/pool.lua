-- Runs jobs, of one repository one after the other, each as a process of its own with limits.
local store_of = require("lib.serve.store")

local M = {}

-- Of what a job writes, its end is kept.
local max_output_bytes, max_held_bytes = 16 * 1024, 16 * 1024 * 1024

-- Exit code 3: the outside world failed, which may be over soon.
local world_failed = 3

---@class serve.PoolOptions
---@field jobs integer  how many run at once
---@field timeout_s number
---@field memory_bytes integer?

local function tail(text)
    if #text <= max_output_bytes then return text end
    return "…" .. text:sub(-max_output_bytes):gsub("^[\128-\191]*", "")
end

-- Gives the exit code, nil where it has none, and what it wrote.
local function execute(job, options)
    local command = { fs.readlink("/proc/self/exe"), unpack(job.command) }
    command.mutates = "run uhost " .. table.concat(job.command, " ")
    command.merge_stderr, command.supervised, command.secrets = true, true, true
    command.timeout_s = options.timeout_s
    command.max_output_bytes = max_held_bytes
    command.limits = options.memory_bytes and { memory_bytes = options.memory_bytes } or nil
    local ok, result = pcall(process.run, command)
    if ok then return result.code, tail(result.stdout), result.signal end
    if task.cancelled() then error(result, 0) end
    return nil, tostring(result)
end

local function run(store, job, options)
    local began = time.monotonic()
    log.info(("job %d: uhost %s"):format(job.id, table.concat(job.command, " ")))
    local code, output, signal = execute(job, options)
    local again = code == world_failed and store_of.retry_at(job.attempts) or nil
    store_of.finish_job(store, job.id, { exit_code = code, output = output, retry_at = again })
    local how = code and ("exit code %d"):format(code) or signal and "ended by " .. signal or output
    log.info(("job %d: %s after %s%s"):format(job.id, how, time.human(time.monotonic() - began),
        again and "; it is tried again" or ""))
end

--- A pool for the jobs of a store.
---@param store db.Connection
---@param options serve.PoolOptions
---@return lib.Pool
function M.new(store, options)
    return require("lib.pool").new({
        concurrency = options.jobs, take = function() return store_of.take_job(store) end,
        next_due = function() return store_of.next_due(store) end,
        run = function(job) run(store, job, options) end,
    })
end

return M
