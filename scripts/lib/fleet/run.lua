-- Runs the shards of a fleet until none is left, a few at once, each in the place of an executor.
local outcomes = require("lib.fleet.outcomes")
local own_command = require("lib.own_command")
local shard_of = require("lib.fleet.shard")
local store_of = require("lib.fleet.store")

local M = {}

local max_retry_s = 300
local max_log_bytes = 16 * 1024 * 1024
-- An executor's limit is for what the shard does besides its script, too: it clones.
local limit_beyond_script_s = 3600

--- Where logs and results of a run are.
---@param run fleet.Run
---@return string
function M.folder(run) return run.settings.logs or fs.join(uhost.state_folder(), "fleet", ("%d"):format(run.id)) end

--- The file of a shard's log.
---@param run fleet.Run
---@param shard fleet.Shard
---@return string
function M.log_of(run, shard) return fs.join(M.folder(run), ("%d.log"):format(shard.number)) end

local function result_file(run, shard)
    return fs.join(M.folder(run), ("%d-%d.json"):format(shard.number, shard.attempts))
end

-- Executors whose machines have the files of this one. The others have a uhost and folders of their own.
local has_our_files = tables.set({ "local", "slurm" })

local function command_of(run, shard)
    local settings, is_near = run.settings, has_our_files[run.executor]
    local command = is_near and own_command() or { "uhost" }
    local function add(option, value)
        if value then command[#command + 1], command[#command + 2] = option, tostring(value) end
    end
    command[#command + 1], command[#command + 2] = "fleet", "shard"
    add("--url", shard.url)
    add("--name", shard.repository)
    add("--result", is_near and result_file(run, shard))
    add("--filter", settings.filter)
    add("--mirrors", is_near and settings.mirrors)
    add("--max-disk", settings.max_disk and ("%d"):format(settings.max_disk))
    add("--timeout", settings.timeout_s and ("%d s"):format(math.ceil(settings.timeout_s)))
    command[#command + 1], command[#command + 2] = run.script, "--"
    for _, list in ipairs({ run.arguments, shard.arguments }) do
        for _, argument in ipairs(list) do command[#command + 1] = argument end
    end
    return command
end

local function job_options(run, shard)
    local options = { cmd = command_of(run, shard), log = M.log_of(run, shard), log_limit_bytes = max_log_bytes,
        mutates = ("run %s in %s"):format(run.script, shard.repository) }
    if run.executor == "local" then
        options.secrets = true
        return options
    end
    options.executor, options.name = run.executor, ("fleet-%d-%d"):format(run.id, shard.number)
    -- One job for an attempt: a fleet that is run on finds it again.
    options.key = ("fleet %s %d/%d attempt %d"):format(run.settings.token, run.id, shard.number, shard.attempts)
    local settings = run.settings
    options.resources = { cpus = settings.cpus, memory_bytes = settings.memory_bytes,
        time_limit_s = settings.timeout_s and math.ceil(settings.timeout_s) + limit_beyond_script_s }
    return options
end

-- When an executor could not be asked, it may have taken the job: it is asked again by the same key, which finds the
-- job. As another attempt, with a key of its own, the script might run twice.
local function is_unsure(run, failure) return run.executor ~= "local" and failure.exit_code == 3 end

local function run_job(run, shard)
    local tries = 0
    while true do
        local ok, job = pcall(build.run, job_options(run, shard))
        if ok then return job end
        if task.cancelled() or not uhost.is_error(job) then error(job, 0) end
        tries = tries + 1
        if not is_unsure(run, job) or tries > run.settings.retries then return nil, job end
        task.sleep(run.settings.retry_pause_s)
    end
end

-- Gives how the job ended, and its result where there is none to be read.
local function execute(run, shard)
    local job, failure = run_job(run, shard)
    if job then return job end
    return { outcome = is_unsure(run, failure) and "lost_contact" or "failed", code = failure.exit_code, tail = "" },
        { exit_code = failure.exit_code, duration_s = 0, output = "",
            failure = { kind = failure.kind, message = failure.message, hint = failure.hint } }
end

local function retry_at(run, shard, ending)
    local settings = run.settings
    if not outcomes.all[ending.outcome].is_transient or shard.attempts > settings.retries then return nil end
    return time.now() + math.min(max_retry_s, settings.retry_pause_s * 2 ^ (shard.attempts - 1))
end

-- A shard that came to its end before the fleet was killed is not run again.
local function attempt(store, run, shard)
    local file = result_file(run, shard)
    local result = shard_of.read(file, "")
    local job = result and { outcome = "passed", code = result.exit_code }
    if not job then
        if not uhost.dry_run then fs.remove(M.log_of(run, shard)) end
        job, result = execute(run, shard)
        result = result or shard_of.read(file, job.tail)
    end
    local ending = outcomes.ending(shard, job, result, M.log_of(run, shard))
    ending.retry_at = retry_at(run, shard, ending)
    store_of.keep(store, shard, ending)
    if not uhost.dry_run then fs.remove(file) end
    return ending
end

---@class fleet.RunHooks
---@field on_end fun(shard: fleet.Shard, ending: fleet.Ending)

--- Runs what is left of a run, which only one process does at a time. Raises `db.leased`.
---@param store db.Connection
---@param run fleet.Run
---@param max_parallel integer
---@param hooks fleet.RunHooks
function M.go(store, run, max_parallel, hooks)
    local pool
    pool = require("lib.pool").new({
        concurrency = max_parallel,
        take = function() return store_of.take(store, run.id) end,
        next_due = function() return store_of.next_due(store, run.id) end,
        is_done = function() return pool.running == 0 and not store_of.next_due(store, run.id) end,
        run = function(shard) hooks.on_end(shard, attempt(store, run, shard)) end,
    })
    store:lease(store_of.lease_of(run.id), { owner = "uhost fleet run" }, function()
        store_of.requeue(store, run.id)
        pool.serve()
    end)
end

return M
