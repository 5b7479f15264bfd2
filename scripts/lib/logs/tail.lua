-- `uhost logs tail`: follows a run. Jobs and steps are said as they begin and end; the log of a job is shown, and kept,
-- as soon as GitHub gives it, which is when the job has ended.
local fetch = require("lib.logs.fetch")
local history_of = require("lib.logs.history")
local prediction = require("lib.logs.prediction")
local show = require("lib.logs.show")

local M = {}

local marks = { success = "green", failure = "bold red", timed_out = "bold red", cancelled = "yellow",
    skipped = "gray" }

local function say(text, conclusion)
    local style = conclusion and marks[conclusion]
    text = term.untrusted(text)
    print(("%s  %s"):format(time.iso(math.floor(time.now())):sub(12, 19), style and term.style(text, style) or text))
    io.flush()
end

local function took(from, to)
    if not from or not to then return "" end
    return ", " .. time.human(math.max(time.parse(to) - time.parse(from), 0))
end

local function say_steps(seen, job)
    for _, step in ipairs(job.steps or {}) do
        local key = ("%d/%d"):format(job.id, step.number)
        if step.status ~= seen[key] and step.status ~= "queued" and step.status ~= "pending" then
            seen[key] = step.status
            if step.status == "completed" then
                say(("%s › %s: %s%s"):format(job.name, step.name, step.conclusion or "ended",
                    took(step.started_at, step.completed_at)), step.conclusion)
            else
                say(("%s › %s"):format(job.name, step.name))
            end
        end
    end
end

local function say_job(seen, job)
    if job.status == seen[job.id] then return end
    seen[job.id] = job.status
    if job.status == "completed" then
        say(("%s: %s%s"):format(job.name, job.conclusion or "ended", took(job.started_at, job.completed_at)),
            job.conclusion)
    elseif job.status == "in_progress" then
        say(("%s: began%s"):format(job.name, job.runner and " on " .. job.runner or ""))
    else
        say(("%s: %s"):format(job.name, (job.status:gsub("_", " "))))
    end
end

local function show_log(context, job, options)
    if options.lines == 0 then return end
    local first = math.max(1, job.lines - options.lines + 1)
    if first > 1 then print(("    … %d lines before"):format(first - 1)) end
    show.each_line(context.segments, job, first, job.lines, function(line) print("    " .. term.untrusted(line)) end)
    io.flush()
end

-- The jobs that have ended and whose logs GitHub has not given yet. It may take a moment after the end.
local max_tries = 5

local function logs_to_get(state, jobs)
    local list = {}
    for _, job in ipairs(jobs) do
        local tries = state.tries[job.id] or 0
        local has_ended = job.status == "completed" and job.conclusion ~= "skipped"
        if has_ended and not state.got[job.id] and tries < max_tries then
            state.tries[job.id], list[#list + 1] = tries + 1, job
        end
    end
    return list
end

local function steps_done(jobs)
    local done, total = 0, 0
    for _, job in ipairs(jobs) do
        for _, step in ipairs(job.steps or {}) do
            total, done = total + 1, done + (step.status == "completed" and 1 or 0)
        end
    end
    return done, total
end

local function say_prediction(state, guess)
    if not guess then return end
    local text = prediction.text(guess)
    if text == state.said then return end
    state.said = text
    say(text, guess.likely == "failure" and "failure" or nil)
end

-- Whether every job has ended, and its log was got or is not to be had.
local function is_over(state, jobs)
    for _, job in ipairs(jobs) do
        local has_log = job.conclusion == "skipped" or state.got[job.id] or (state.tries[job.id] or 0) >= max_tries
        if job.status ~= "completed" or not has_log then return false end
    end
    return true
end

-- One look at the run; true when there is nothing more to come.
local function look(context, repo, options, state, progress)
    local run, jobs = repo:run(options.run), {}
    if not run then
        uhost.fail("github.not_found", ("there is no run %d in %s"):format(options.run, repo.name),
            { hint = "check the number, and that the token may see the repository" })
    end
    for job in repo:jobs(options.run) do
        if not options.job or job.name:sub(1, #options.job) == options.job then jobs[#jobs + 1] = job end
    end
    for _, job in ipairs(jobs) do
        say_job(state.seen, job)
        say_steps(state.seen, job)
    end
    progress:set(steps_done(jobs))
    local wanted = logs_to_get(state, jobs)
    for _, kept in ipairs(fetch.keep_jobs(context.store, context.segments, repo, run, wanted)) do
        state.got[kept.github_id] = true
        say(("%s: its log has %d lines"):format(kept.name, kept.lines))
        show_log(context, kept, options)
    end
    if run.status ~= "completed" then
        say_prediction(state, history_of.of_run(context.store, context.segments, repo.name, run, jobs))
    end
    return run.status == "completed" and is_over(state, jobs), run
end

--- Follows a run to its end.
---@param context { store: db.Connection, segments: logs.Store }
---@param repo github.Repository
---@param options table
---@return integer exit_code
function M.run(context, repo, options)
    local state = { seen = {}, got = {}, tries = {} }
    local progress = term.progress{ title = ("run %d"):format(options.run) }
    while true do
        local has_ended, run = look(context, repo, options, state, progress)
        if has_ended then
            progress:finish(("the run has ended: %s"):format(run.conclusion or "unknown"))
            say(("run %d: %s"):format(run.id, run.conclusion or "ended"), run.conclusion)
            return run.conclusion == "success" and 0 or 1
        end
        task.sleep(options.interval)
    end
end

return M
