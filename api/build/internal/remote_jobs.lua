-- Jobs of executors that run them elsewhere: handed over, asked about all in one go, waited for.
local outputs = require("uhost.build.internal.output")
local runner = require("uhost.build.internal.runner")

local default_lost_after_s = 600
local shortest_pause_s, default_longest_pause_s = 0.2, 10

local outcomes = tables.set({ "passed", "failed", "timeout", "cancelled", "out_of_memory", "node_failed", "preempted",
    "rejected" })

return function(executors, records)
    local M = {}

    -- What is asked together: the jobs of one executor that have not ended.
    local trackers, loading = {}, task.limit(1)

    local function load_tracker(name)
        trackers[name] = trackers[name] or { executor = executors.load(name), jobs = {}, turn = task.limit(1),
            launching = task.limit(1), underway = {}, next_at = 0, changed_at = time.monotonic() }
        return trackers[name]
    end

    --- What is known of an executor and of its jobs, the same for all tasks that ask at once.
    ---@param name string
    function M.tracker(name) return trackers[name] or loading:with(load_tracker, name) end

    -- How a job ended -------------------------------------------------------------------------------------------------

    local function subject_of(job)
        return { tag = job.tag, id = job.id, name = job.name, position = job.position, size = job.size,
            resources = job.options.resources, artifacts = job.options.artifacts, cwd = job.options.cwd,
            waiting_s = time.monotonic() - job.submitted_at, attempts = job.attempts,
            running_s = job.started_at and time.now() - time.parse(job.started_at) or 0 }
    end

    local function finish(tracker, job, ending)
        job.ending, job.status, job.reason = ending, "ended", ending.reason or job.reason
        tracker.jobs[job] = nil
        tracker.changed_at = time.monotonic()
    end

    -- What was taken from it is submitted again, under another name, as often as the executor's file says.
    local function may_go_again(tracker, job, outcome)
        local allowed = (tracker.executor.data.requeue or {})[outcome] or 0
        job.losses[outcome] = (job.losses[outcome] or 0) + 1
        return job.losses[outcome] <= allowed and not job.is_cancelled
    end

    local function take_state(tracker, job, state)
        if job.status ~= state.state then tracker.changed_at = time.monotonic() end
        job.unknown_since, job.reason, job.node = nil, state.reason, state.node or job.node
        if state.state ~= "ended" then
            job.status = state.state == "running" and "running" or "queued"
            if job.status == "running" then job.started_at = job.started_at or state.started_at or time.iso() end
            return
        end
        if not outcomes[state.outcome] then
            uhost.fail("policy.executor", ("executor '%s': there is no outcome '%s'"):format(job.executor,
                tostring(state.outcome)))
        end
        if state.cancel then pcall(executors.ask, tracker.executor, "cancel", subject_of(job)) end
        if may_go_again(tracker, job, state.outcome) then
            job.status, job.id, job.tag, job.attempts = "queued", "", records.new_tag(), job.attempts + 1
            job.position, job.size, job.started_at = 0, 1, nil
            return
        end
        local ending = tables.copy(state)
        if job.is_cancelled and ending.outcome ~= "passed" then ending.outcome = "cancelled" end
        finish(tracker, job, ending)
    end

    local function take_silence(tracker, job, reason)
        local now = time.monotonic()
        job.unknown_since = job.unknown_since or now
        job.reason = reason
        if now - job.unknown_since < (job.options.lost_after_s or default_lost_after_s) then return end
        finish(tracker, job, { outcome = "lost_contact", reason = reason })
    end

    -- Handing over ----------------------------------------------------------------------------------------------------

    local function note_taken(job, id)
        job.id, job.submitted_at = id, time.monotonic()
        records.note(job.executor, job.key, job, "submitted")
    end

    --- What `submit` of an executor gets to know about jobs that are submitted together.
    function M.submission(tracker, jobs)
        local first = jobs[1]
        local subject = subject_of(first)
        subject.script, subject.command, subject.size = first.script, first.command, #jobs
        subject.env, subject.active = first.options.env, {}
        for i, job in ipairs(jobs) do
            if i == 1 and #jobs > 1 then subject.scripts = {} end
            if subject.scripts then subject.scripts[i] = job.script end
        end
        for job in pairs(tracker.jobs) do
            if job.id ~= "" then subject.active[#subject.active + 1] = job.id end
        end
        return subject
    end

    local function take_ids(jobs, answer)
        local ids = answer.ids or { answer.id }
        for i, job in ipairs(jobs) do
            local id = ids[job.position + 1] or ids[i]
            if type(id) ~= "string" or id == "" then
                uhost.fail("policy.executor", ("executor '%s' gives no id to %s"):format(job.executor, job.name))
            end
            job.look = answer.look
            note_taken(job, id)
        end
    end

    local function unsure(job, reason)
        uhost.fail("build.submission", ("whether %s took %s could not be found out: %s"):format(job.executor, job.name,
            reason), { hint = "run it again under the same key: it looks for the job first" })
    end

    -- What the executor has of a job already. Raises where it does not say.
    local function find(tracker, jobs, since_s)
        if not tracker.executor.functions.find then return nil end
        local subject = subject_of(jobs[1])
        subject.size, subject.waiting_s = jobs[1].size, since_s
        local answer = executors.ask(tracker.executor, "find", subject)
        if type(answer) ~= "table" then return nil end
        if answer.unsure then unsure(jobs[1], answer.unsure) end
        return (answer.id or answer.ids) and answer or nil
    end

    -- The executor's answer did not come: it may have taken the job all the same. What it has once said not to know is
    -- asked for again, for it may be slow to show what it took.
    local function find_after(tracker, jobs, reason)
        local last
        for attempt = 1, 4 do
            task.sleep(0.25 * 2 ^ (attempt - 1))
            local ok, answer = pcall(find, tracker, jobs, attempt)
            if ok and answer then return answer end
            last = ok
        end
        if not last then unsure(jobs[1], reason) end
        return { rejected = reason }
    end

    local function may_have_arrived(failure)
        local kind = uhost.is_error(failure) and failure.kind or ""
        return failure.details and failure.details.sent ~= false and kind ~= "process.not_found"
            and (kind:find("^process%.") or kind:find("^http%.") or kind:find("^github%.")) ~= nil
    end

    -- False when the executor has no room now, why, and whether that is for want of contact.
    local function launch_now(tracker, jobs)
        local subject = M.submission(tracker, jobs)
        local ok, answer = pcall(executors.ask, tracker.executor, "submit", subject)
        if not ok then
            if not may_have_arrived(answer) then error(answer, 0) end
            answer = find_after(tracker, jobs, answer.message)
        elseif type(answer) == "table" and answer.unsure then
            answer = find_after(tracker, jobs, answer.unsure)
        end
        if type(answer) ~= "table" then
            uhost.fail("policy.executor",
                ("submit of the executor '%s' gives no answer"):format(tracker.executor.name))
        end
        if answer.busy then return false, answer.reason, answer.is_lost end
        if answer.rejected then
            for _, job in ipairs(jobs) do finish(tracker, job, { outcome = "rejected", reason = answer.rejected }) end
        else
            take_ids(jobs, answer)
        end
        return true
    end

    -- Meanwhile nobody else hands them over, who finds that they have no id yet.
    local function launch(tracker, jobs)
        for _, job in ipairs(jobs) do tracker.underway[job] = true end
        return task.finally(function()
            if not tracker.executor.data.serial then return launch_now(tracker, jobs) end
            return tracker.launching:with(launch_now, tracker, jobs)
        end, function()
            for _, job in ipairs(jobs) do tracker.underway[job] = nil end
        end)
    end

    --- Looks for a job that somebody submitted, so many seconds ago, who did not live to hear it. Returns whether it is
    --- there.
    function M.recover(tracker, job, since_s)
        local answer = find(tracker, { job }, since_s)
        job.is_unsure = nil
        if not answer then return false end
        tracker.jobs[job], job.was_found = true, true
        take_ids({ job }, answer)
        return true
    end

    --- Hands jobs that go together to their executor, as one change of the plan; what it has no room for waits for its
    --- turn, all of it where there was none just before. A cancelled task learns of that after the answer is noted.
    ---@return boolean taken
    function M.submit(tracker, jobs, is_full)
        local first, taken = jobs[1], false
        for _, job in ipairs(jobs) do tracker.jobs[job], tracker.underway[job] = true, true end
        tracker.next_at = 0
        local ok, failure = pcall(plan.perform, {
            kind = "build.submit", target = first.executor,
            summary = #jobs == 1 and ("run %s through %s"):format(first.command, first.executor)
                or ("run %d jobs through %s, the first: %s"):format(#jobs, first.executor, first.command),
            details = { tag = first.tag, name = first.name },
            apply = function()
                if is_full then return end
                local reason
                taken, reason = task.shield(launch, tracker, jobs)
                if not taken then first.reason = reason end
            end,
        })
        for _, job in ipairs(jobs) do tracker.underway[job] = nil end
        if ok then return taken end
        for _, job in ipairs(jobs) do
            tracker.jobs[job] = nil
            job.is_unsure = uhost.is_error(failure) and failure.kind == "build.submission" or nil
        end
        error(failure, 0)
    end

    --- Takes back what was claimed or submitted before a failure. What has a key is found again by the next run, unless
    --- the task was cancelled; so is what the executor may have.
    function M.withdraw(job, is_cancelled)
        if job.id ~= "" then
            if not job.key or is_cancelled and not job.options.keep_running then M.cancel(job) end
            return
        end
        M.tracker(job.executor).jobs[job] = nil
        if not job.is_claimed then return end
        if job.is_unsure then return records.note(job.executor, job.key, job, "released") end
        records.forget(job.executor, job.key)
    end

    -- Asking ----------------------------------------------------------------------------------------------------------

    local function jobs_of(tracker, is_waiting)
        local list = {}
        for job in pairs(tracker.jobs) do
            if (job.id == "") == is_waiting and not tracker.underway[job] then list[#list + 1] = job end
        end
        table.sort(list, function(a, b) return a.order < b.order end)
        return list
    end

    local function ask_about(tracker, jobs)
        if #jobs == 0 then return end
        local subjects = {}
        for i, job in ipairs(jobs) do subjects[i] = subject_of(job) end
        local ok, answer = pcall(executors.ask, tracker.executor, "poll", { jobs = subjects })
        if not ok and (not uhost.is_error(answer) or task.cancelled() or answer.kind:find("^policy")) then
            error(answer, 0)
        end
        local states = ok and type(answer) == "table" and answer.states or {}
        local reason = not ok and answer.message or type(answer) == "table" and answer.reason
            or tracker.executor.name .. " does not know it"
        for _, job in ipairs(jobs) do
            local state = states[job.id]
            if state and state.state ~= "unknown" then
                take_state(tracker, job, state)
            else
                take_silence(tracker, job, state and state.reason or reason)
            end
        end
    end

    local function launch_waiting(tracker)
        for _, job in ipairs(jobs_of(tracker, true)) do
            records.note(job.executor, job.key, job, "submitting")
            local taken, reason, is_lost = task.shield(launch, tracker, { job })
            if not taken and is_lost then take_silence(tracker, job, reason) end
            if not taken then
                job.reason = reason
                return
            end
        end
    end

    -- The longer nothing has changed, the longer nobody asks.
    local function poll(tracker)
        tracker.turn:with(function()
            if time.monotonic() < tracker.next_at then return end
            ask_about(tracker, jobs_of(tracker, false))
            launch_waiting(tracker)
            local now = time.monotonic()
            local longest = tonumber(tracker.executor.settings.poll_s) or tracker.executor.data.poll_s
                or default_longest_pause_s
            tracker.next_at = now + math.min(math.max((now - tracker.changed_at) / 10, shortest_pause_s), longest)
        end)
    end

    -- Results ---------------------------------------------------------------------------------------------------------

    local function duration_of(job, ending)
        if ending.duration_s then return ending.duration_s end
        local ended = time.parse(ending.ended_at or time.iso())
        return job.started_at and math.max(ended - time.parse(job.started_at), 0) or 0
    end

    local function read_log(tracker, job, output)
        local ok, failure = pcall(executors.read_log, tracker.executor, subject_of(job), output.take)
        if ok then return end
        if not uhost.is_error(failure) or task.cancelled() then error(failure, 0) end
        log.warn(("the log of %s could not be fetched: %s"):format(job.name, failure.message))
        output.note("##[warning]the log ends here: " .. failure.message)
    end

    local function result_of(tracker, job)
        local ending = job.ending
        local output = outputs.open(job.options, job.command)
        return task.finally(function()
            if job.id ~= "" and ending.outcome ~= "lost_contact" then read_log(tracker, job, output) end
            output.conclude(ending.code, ending.signal, ending.outcome)
            return runner.new_result{
                outcome = ending.outcome, code = ending.code, signal = ending.signal, command = job.command,
                attempts = job.attempts, started_at = job.started_at or time.iso(),
                duration_s = duration_of(job, ending), lines = output.lines, tail = output.tail(),
                log = job.options.log, executor = job.executor, id = job.id, node = job.node, reason = job.reason,
                look = job.look,
            }
        end, output.close)
    end

    -- Of what was cancelled or never taken nothing is remembered: the next run begins it anew. What contact was lost to
    -- is asked about again.
    local function remember(job)
        local outcome = job.result.outcome
        if outcome == "cancelled" or outcome == "rejected" then return records.forget(job.executor, job.key) end
        if outcome == "lost_contact" then return end
        records.note(job.executor, job.key, job, "ended")
    end

    local function conclude(tracker, job)
        job.turn:with(function()
            if job.result then return end
            job.result = result_of(tracker, job)
            remember(job)
        end)
        return job.result
    end

    -- What people ask of a job ----------------------------------------------------------------------------------------

    function M.state(job)
        if job.status ~= "ended" then poll(M.tracker(job.executor)) end
        return job.status, job.reason
    end

    local function await(job, timeout_s)
        local tracker = M.tracker(job.executor)
        local deadline = timeout_s and time.monotonic() + timeout_s
        while job.status ~= "ended" do
            poll(tracker)
            if job.status == "ended" then break end
            local pause = math.max(tracker.next_at - time.monotonic(), 0.01)
            if deadline then pause = math.min(pause, deadline - time.monotonic()) end
            if pause <= 0 then return nil end
            task.sleep(pause)
        end
        return conclude(tracker, job)
    end

    function M.wait(job, timeout_s)
        local ok, result = pcall(await, job, timeout_s)
        if ok then return result end
        if task.cancelled() and not job.options.keep_running then
            local done, failure = pcall(task.shield, M.cancel, job)
            if not done then
                log.warn(("%s may still be running: %s"):format(job.name, tostring(failure)), { look = job.look })
            end
        end
        error(result, 0)
    end

    function M.cancel(job)
        local tracker = M.tracker(job.executor)
        if job.status == "ended" then return end
        job.is_cancelled = true
        if job.id == "" then
            finish(tracker, job, { outcome = "cancelled" })
            return records.forget(job.executor, job.key)
        end
        plan.perform{ kind = "build.cancel", target = job.executor, summary = "cancel " .. job.name,
            details = { id = job.id }, apply = function()
                executors.ask(tracker.executor, "cancel", subject_of(job))
                records.forget(job.executor, job.key)
            end }
        tracker.next_at = 0
    end

    function M.logs(job, file)
        local tracker = M.tracker(job.executor)
        local output = outputs.open({ log = file, log_limit_bytes = job.options.log_limit_bytes }, job.command)
        return task.finally(function()
            if job.id ~= "" then executors.read_log(tracker.executor, subject_of(job), output.take) end
            return not file and output.tail() or nil
        end, output.close)
    end

    function M.collect(job, folder)
        executors.collect(M.tracker(job.executor).executor, subject_of(job), folder)
    end

    return M
end
