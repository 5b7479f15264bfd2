-- Runs jobs, of one repository one after the other, each as a process of its own with limits.
local own_command = require("lib.own_command")
local store_of = require("lib.serve.store")

local M = {}

-- Of what a job writes, its end is kept.
local max_output_bytes = 16 * 1024

-- Exit code 3: the outside world failed, which may be over soon.
local world_failed = 3

---@class serve.PoolOptions
---@field jobs integer  how many run at once
---@field timeout_s number
---@field memory_bytes integer?

-- Cut off in the middle of a character, it would be no text.
local function whole_characters(text) return #text < max_output_bytes and text or text:gsub("^[\128-\191]*", "…", 1) end

-- How a job ended; `may_pass` where the outside world failed.
local function execute(job, options)
    local command = own_command()
    for _, word in ipairs(job.command) do table.insert(command, word) end
    command.mutates = "run uhost " .. table.concat(job.command, " ")
    command.merge_stderr, command.supervised, command.secrets = true, true, true
    command.timeout_s = options.timeout_s
    command.max_output_bytes, command.keep_end = max_output_bytes, true
    command.limits = options.memory_bytes and { memory_bytes = options.memory_bytes } or nil
    local ok, result = pcall(process.run, command)
    if ok then
        local note = result.signal and "ended by " .. result.signal or ("exit code %d"):format(result.code)
        return { exit_code = result.code, note = note, output = whole_characters(result.stdout),
            may_pass = result.code == world_failed }
    end
    if task.cancelled() or not uhost.is_error(result) then error(result, 0) end
    if result.kind == "process.timeout" then
        return { note = ("ended because it took longer than %s (--timeout)"):format(time.human(options.timeout_s)),
            output = result.details.stderr }
    end
    -- What could not be started, or of which the audit trail could not say how it ended.
    return { note = result.message, output = "", may_pass = true }
end

---@class serve.Pool : lib.Pool
---@field cancel fun(id: integer)  ends a job that runs here

-- How often it is looked for what other services on this store have left, and for jobs that are to end.
local look_again_s = 5

--- A pool for the jobs of a store.
---@param context serve.Context
---@param options serve.PoolOptions
---@return serve.Pool
function M.new(context, options)
    local store, health, work_of, looked_at, pool = context.store, context.health, {}, 0, nil
    local function ending_of(job)
        local work = task.spawn(execute, job, options)
        work_of[job.id] = work
        work:join()
        work_of[job.id] = nil
        if work:state() == "cancelled" then
            return { note = "ended by an administrator", output = "", state = "cancelled" }
        end
        local ending = work:await()
        ending.retry_at = ending.may_pass and store_of.retry_at(job.attempts) or nil
        return ending
    end
    local function run(job)
        local began = time.monotonic()
        log.info(("job %d: uhost %s"):format(job.id, table.concat(job.command, " ")))
        local ending = ending_of(job)
        health.persist(store_of.finish_job, context.lease, job.id, ending)
        log.info(("job %d: %s after %s%s"):format(job.id, ending.note, time.human(time.monotonic() - began),
            ending.retry_at and "; it is tried again" or ""))
    end
    local function take()
        local now = time.now()
        if now < looked_at then health.persist(store_of.wait_no_longer, store, now) end
        looked_at = now
        return health.persist(store_of.take_job, context.lease, now)
    end
    local function next_due()
        for _, id in ipairs(health.persist(store_of.cancelled_jobs, context.lease)) do pool.cancel(id) end
        -- A job that is due already waits for its lane or for room, and the end of another one rings.
        local due_at = health.persist(store_of.next_due, store, looked_at)
        return math.min(due_at or math.huge, time.now() + look_again_s)
    end
    pool = require("lib.pool").new({ concurrency = options.jobs, take = take, run = run, next_due = next_due })
    function pool.cancel(id)
        if work_of[id] then work_of[id]:cancel() end
    end
    return pool
end

return M
