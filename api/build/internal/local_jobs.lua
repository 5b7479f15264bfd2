-- Jobs of the executor "local": commands run here, a few at a time. They end with the task that submitted them, so that
-- of one that was interrupted nothing is left to be found.
local outputs = require("uhost.build.internal.output")
local runner = require("uhost.build.internal.runner")

return function(records)
    local M = {}

    local places

    local function processors()
        local count = 0
        for line in fs.lines("/proc/cpuinfo") do
            if line:find("^processor%s") then count = count + 1 end
        end
        return math.max(count, 1)
    end

    local function options_of(job)
        local options, resources = tables.copy(job.options), job.options.resources or {}
        options.timeout_s = resources.time_limit_s
        options.limits = resources.memory_bytes and { memory_bytes = resources.memory_bytes } or nil
        return options
    end

    local function run(job)
        local ok, result = pcall(places.with, places, function()
            job.status, job.reason = "running", nil
            return runner.attempt(options_of(job), job.words, job.command)
        end)
        if ok then return result end
        local outcome = task.cancelled() and "cancelled" or "rejected"
        if not uhost.is_error(result) then error(result, 0) end
        return runner.new_result{ outcome = outcome, reason = result.message, command = job.command, attempts = 1,
            started_at = time.iso(), duration_s = 0, lines = 0, tail = "", log = job.options.log }
    end

    local function conclude(job, result)
        result.executor, result.id = "local", job.id
        job.status, job.result, job.reason = "ended", result, result.reason
        if not job.key then return end
        if result.outcome == "cancelled" or result.outcome == "rejected" then
            return records.forget("local", job.key)
        end
        records.note("local", job.key, job, "ended")
    end

    --- Starts jobs, as children of the calling task.
    ---@param jobs build.SubmittedJob[]
    ---@param slots? integer  how many run at a time, default: as many as there are processors
    function M.start(jobs, slots)
        places = places or task.limit(tonumber(slots) or processors())
        for _, job in ipairs(jobs) do
            job.id, job.reason = job.tag, "others run first"
            job.task = task.spawn(function()
                local result = run(job)
                task.shield(conclude, job, result)
            end)
        end
    end

    function M.state(job) return job.status, job.reason end

    function M.wait(job, timeout_s)
        if not job.result and not job.task:join(timeout_s) then return nil end
        if not job.result then job.task:await() end
        return job.result
    end

    function M.cancel(job)
        if job.status ~= "ended" then job.task:cancel() end
    end

    function M.logs(job, file)
        local output = outputs.open({ log = file, log_limit_bytes = job.options.log_limit_bytes }, job.command)
        return task.finally(function()
            local path = job.options.log
            if path and fs.exists(path) then
                for line in fs.lines(path) do output.take((line:gsub("^%d%d%d%d%-%S+Z ", ""))) end
            elseif job.result then
                for line in (job.result.tail .. "\n"):gmatch("(.-)\n") do output.take(line) end
            end
            return not file and output.tail() or nil
        end, output.close)
    end

    function M.collect(job, folder)
        for _, path in ipairs(job.options.artifacts or {}) do
            local from = fs.join(job.options.cwd or ".", path)
            if not fs.exists(from) then
                uhost.fail("build.artifact", ("%s of %s is not there"):format(from, job.name),
                    { details = { path = from } })
            end
            fs.mkdir(fs.dirname(fs.join(folder, path)))
            fs.copy(from, fs.join(folder, path), { recursive = fs.stat(from).type == "directory" })
        end
    end

    return M
end
