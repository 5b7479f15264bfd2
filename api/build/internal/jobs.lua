-- Jobs as scripts have them: found again by their keys, or submitted, one by one or as an array.
local commands = require("uhost.build.internal.command")
local runner = require("uhost.build.internal.runner")

local job_fields = { "cmd", "shell", "cwd", "env", "stdin", "name", "key", "log", "log_limit_bytes", "artifacts" }
local submit_fields = { "executor", "resources", "array", "lost_after_s", "keep_running", "again", "on_line", "show",
    unpack(job_fields) }
local resource_fields = { "cpus", "memory_bytes", "gpus", "time_limit_s" }
-- Options of `build.run` that only commands run here have.
local only_here = { "idle_timeout_s", "limits", "clear_env", "reads" }

local max_array = 1000

local SubmittedJob, new_job = uhost.class("build.SubmittedJob", {
    optional = { "key", "status", "reason", "started_at", "ended_at", "unknown_since", "ending", "result", "task",
        "is_cancelled", "is_claimed", "is_unsure", "node", "look" },
    describe = function(self) return ("%s at %s, %s"):format(self.name, self.executor, self.status) end,
})

return function(executors, records)
    local M = {}

    local local_jobs = require("uhost.build.internal.local_jobs")(records)
    local remote = require("uhost.build.internal.remote_jobs")(executors, records)

    local function way_of(job) return job.executor == "local" and local_jobs or remote end

    function SubmittedJob:state() return way_of(self).state(self) end

    function SubmittedJob:wait(timeout_s) return self.result or way_of(self).wait(self, timeout_s) end

    function SubmittedJob:cancel() way_of(self).cancel(self) end

    function SubmittedJob:logs(file) return way_of(self).logs(self, file) end

    function SubmittedJob:collect(folder)
        uhost.check_argument(folder, "folder", "build.SubmittedJob:collect", "string")
        if self.status ~= "ended" then
            uhost.fail("build.artifact", self.name .. " has not ended yet", { hint = "wait for it first" })
        end
        if self.result and self.result.planned then return {} end
        way_of(self).collect(self, folder)
        local paths = {}
        for path, kind in fs.walk(folder) do
            if kind ~= "directory" then paths[#paths + 1] = path:sub(#folder + 2) end
        end
        return paths
    end

    -- Submitting ------------------------------------------------------------------------------------------------------

    local orders = 0

    local function merged(options, item)
        local one = {}
        for key, value in pairs(options) do one[key] = value end
        for key, value in pairs(uhost.check_options(item, "build.submit (array)", job_fields)) do one[key] = value end
        one.array = nil
        return one
    end

    local function prepared(options, executor)
        local words, shown = commands.words(options, "build.submit")
        orders = orders + 1
        local script = executor ~= "local" and commands.script(options, words, "build.submit") or ""
        return new_job{ executor = executor, options = options, key = options.key, words = words, command = shown,
            script = script, id = "", status = "queued", was_found = false,
            name = options.name or fs.basename(tostring(words[1])), tag = records.new_tag(), position = 0, size = 1,
            attempts = 1, losses = {}, order = orders, submitted_at = time.monotonic(), turn = task.limit(1) }
    end

    local function adopt(tracker, job, row)
        job.tag, job.position, job.size, job.attempts = row.tag, row.position, row.size, row.attempts
        job.is_claimed = row.state == "submitting" or nil
        if row.state == "submitting" then return end
        job.was_found, job.id, job.look = true, row.id or "", row.look
        if row.state == "ended" then
            job.status, job.result = "ended", runner.new_result(json.decode(row.result))
            job.node, job.reason = job.result.node, job.result.reason
        else
            tracker.jobs[job] = true
        end
    end

    -- Takes the keys in their order, so that two processes with the same keys do not wait for each other. Gives the
    -- jobs that are not with the executor yet.
    local function claim(tracker, jobs)
        local keyed, fresh, interrupted = {}, {}, {}
        for _, job in ipairs(jobs) do
            if job.key then keyed[#keyed + 1] = job end
        end
        table.sort(keyed, function(a, b) return a.key < b.key end)
        for i, job in ipairs(keyed) do
            if i > 1 and keyed[i - 1].key == job.key then
                uhost.fail("argument", ("two jobs of build.submit have the key '%s'"):format(job.key))
            end
        end
        for _, job in ipairs(keyed) do
            local row = records.claim(job.executor, job.key, job.options.again)
            adopt(tracker, job, row)
            if row.was_interrupted and tracker then
                interrupted[job], job.is_unsure = time.now() - time.parse(row.changed_at), true
            end
        end
        for _, job in ipairs(keyed) do
            if interrupted[job] then remote.recover(tracker, job, interrupted[job]) end
        end
        for _, job in ipairs(jobs) do
            if job.status ~= "ended" and job.id == "" then fresh[#fresh + 1] = job end
        end
        return fresh
    end

    -- Jobs that go together carry one name, each with its place.
    local function group(jobs)
        local tag = records.new_tag()
        for i, job in ipairs(jobs) do
            job.tag, job.position, job.size = tag, i - 1, #jobs
            records.note(job.executor, job.key, job, "submitting")
        end
    end

    -- The parts in which jobs are handed over: all at once, or one by one.
    local function parts_of(tracker, jobs)
        local size, parts = tracker.executor.data.arrays and max_array or 1, {}
        for first = 1, #jobs, size do
            parts[#parts + 1] = { unpack(jobs, first, math.min(first + size - 1, #jobs)) }
        end
        return parts
    end

    local function submit_all(tracker, jobs)
        local ok, failure = pcall(function()
            local fresh = claim(tracker, jobs)
            if not tracker then return local_jobs.start(fresh, executors.local_slots()) end
            local is_full = false
            for _, part in ipairs(parts_of(tracker, fresh)) do
                if #part > 1 then group(part) end
                is_full = not remote.submit(tracker, part, is_full)
            end
        end)
        if ok then return end
        local is_cancelled = task.cancelled()
        for _, job in ipairs(jobs) do
            if tracker then
                task.shield(remote.withdraw, job, is_cancelled)
            elseif job.is_claimed and not job.task then
                task.shield(records.forget, job.executor, job.key)
            end
        end
        error(failure, 0)
    end

    local function planned(tracker, jobs)
        for _, job in ipairs(jobs) do
            local request = tracker
                and executors.preview(tracker.executor, "submit", remote.submission(tracker, { job })) or job.command
            plan.perform{ kind = "build.submit", target = job.executor,
                summary = ("run %s through %s"):format(job.command, job.executor),
                details = { name = job.name, request = request }, apply = function() end }
            job.status, job.result = "ended", runner.planned(job.command)
        end
    end

    function M.submit(options)
        options = uhost.check_options(options, "build.submit", submit_fields)
        uhost.check_options(options.resources, "build.submit (resources)", resource_fields)
        local executor = options.executor or executors.default()
        local tracker = executor ~= "local" and remote.tracker(executor) or nil
        local jobs = {}
        for i, item in ipairs(options.array or { {} }) do jobs[i] = prepared(merged(options, item), executor) end
        if plan.dry_run() then
            planned(tracker, jobs)
        else
            submit_all(tracker, jobs)
        end
        if options.array then return jobs end
        return jobs[1]
    end

    --- One attempt of `build.run` through an executor.
    function M.attempt(options, _, _, attempts_before)
        for _, name in ipairs(only_here) do
            if options[name] ~= nil then
                uhost.fail("argument", ("'%s' of build.run is for commands that run here"):format(name),
                    { hint = "leave it out, or the executor" })
            end
        end
        local wanted = { again = options.again or attempts_before > 1 or nil }
        for _, name in ipairs(submit_fields) do wanted[name] = wanted[name] or options[name] end
        wanted.resources = tables.copy(options.resources or {})
        wanted.resources.time_limit_s = wanted.resources.time_limit_s or options.timeout_s
        return M.submit(wanted):wait()
    end

    return M
end
