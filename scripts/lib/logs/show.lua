-- `uhost logs show`: runs, the jobs of one, or lines of a job.
local store_of = require("lib.logs.store")

local M = {}

-- Lines are read and written so many at a time.
local portion = 5000

--- The newest attempt of a run, or the one that the options name. Raises `usage` when none is kept.
---@param store db.Connection
---@param name string
---@param options { github: string?, attempt: integer? }
---@return logs.Run|{ jobs: logs.Job[] }
function M.find_run(store, name, options)
    local runs = store_of.runs(store, { repository = options.github, run = name, attempt = options.attempt })
    if #runs == 0 then
        local known = {}
        for _, run in ipairs(store_of.runs(store, {})) do known[#known + 1] = run.name end
        uhost.fail("usage", ("no logs of a run %s are kept"):format(name),
            { hint = uhost.suggest(name, known) or "uhost logs show lists those that are kept" })
    end
    table.sort(runs, function(a, b) return a.attempt < b.attempt end)
    return runs[#runs]
end

-- The job of that name, else the only one whose name begins so.
local function find_job(run, name)
    local beginning, names = {}, {}
    for i, job in ipairs(run.jobs) do
        if job.name == name then return job end
        if job.name:sub(1, #name) == name then beginning[#beginning + 1] = job end
        names[i] = job.name
    end
    if #beginning == 1 then return beginning[1] end
    local hint = #beginning > 1 and ("several begin so, such as %s and %s"):format(beginning[1].name, beginning[2].name)
    uhost.fail("usage", ("run %s has no job '%s'"):format(run.name, name),
        { hint = hint or uhost.suggest(name, names) })
end

local function step_range(job, name)
    local names = {}
    for i, step in ipairs(job.steps) do
        if step.name == name or step.name:sub(1, #name) == name then return step.first_line, step.last_line end
        names[i] = step.name
    end
    uhost.fail("usage", ("job %s has no step '%s'"):format(job.name, name), { hint = uhost.suggest(name, names) })
end

-- The first and last line that are asked for.
local function range_of(job, options)
    local first, last = options.address.first, options.address.last
    if options.step then return step_range(job, options.step) end
    if not first then return 1, job.lines end
    local around = first == last and options.context or 0
    if first > job.lines then
        uhost.fail("usage", ("job %s has %d lines"):format(job.name, job.lines), { hint = "choose one of these" })
    end
    return math.max(1, first - around), math.min(job.lines, last + around)
end

--- Calls `visit(line, number, at)` for lines of a job, from 1; `at` in seconds, or nil.
---@param segments logs.Store
---@param job logs.Job
---@param first integer
---@param last integer
---@param visit fun(line: string, number: integer, at: number?)
function M.each_line(segments, job, first, last, visit)
    while first <= last do
        local count = math.min(portion, last - first + 1)
        local lines, times = segments:lines(job.segment, job.first_line + first - 1, count)
        for i, line in ipairs(lines) do visit(line, first + i - 1, times[i]) end
        if #lines < count then
            uhost.fail("logs.damaged", ("lines %d to %d of the log are missing"):format(first + #lines,
                first + count - 1), { hint = "uhost logs verify shows what is lost" })
        end
        first = first + count
    end
end

local function show_lines(segments, job, first, last, options)
    M.each_line(segments, job, first, last, function(line, number, at)
        local when = options.times and (at and time.iso(at) .. " " or (" "):rep(21)) or ""
        local marked = options.address.first == number and last > first
        local shown = term.untrusted(line)
        print(when .. (marked and term.style(shown, "bold") or shown))
    end)
end

local function lines_as_json(segments, run, job, first, last)
    local lines = {}
    M.each_line(segments, job, first, last, function(line, number, at)
        lines[#lines + 1] = { number = number, text = line, at = at and time.iso(at) or json.null,
            step = (store_of.step_at(job, number) or {}).name or json.null }
    end)
    return { run = run.name, job = job.name, lines = json.array(lines) }
end

-- Lists ---------------------------------------------------------------------------------------------------------------

local function duration(from, to)
    if not from or not to then return nil end
    return time.parse(to) - time.parse(from)
end

local function print_table(title, columns, rows, empty)
    local out = report.new{ title = title }
    out:table{ columns = columns, rows = rows, empty = empty }
    io.write(out:render("text", { color = term.color("stdout") }))
end

local function show_runs(store, options)
    local runs = store_of.runs(store, { repository = options.github, since = options.since })
    if options.json then return { runs = json.array(M.as_json(runs)) } end
    local rows = {}
    for i, run in ipairs(runs) do
        local lines = 0
        for _, job in ipairs(run.jobs) do lines = lines + job.lines end
        rows[i] = { run.name .. (run.attempt > 1 and ("#%d"):format(run.attempt) or ""), run.workflow, run.branch,
            run.conclusion, run.created_at, #run.jobs, lines }
    end
    print_table("Runs", { "Run", "Workflow", "Branch", "Conclusion", "Began", "Jobs", "Lines" }, rows,
        "No logs are kept. uhost logs fetch and uhost logs ingest add some.")
end

--- Runs as JSON has them.
---@param runs table[]
---@return table[]
function M.as_json(runs)
    local list = {}
    for i, run in ipairs(runs) do
        local jobs = {}
        for j, job in ipairs(run.jobs) do
            jobs[j] = { name = job.name, conclusion = job.conclusion, lines = job.lines, bytes = job.bytes,
                started_at = job.started_at or json.null, ended_at = job.ended_at or json.null }
        end
        list[i] = { run = run.name, attempt = run.attempt, repository = run.repository, workflow = run.workflow,
            branch = run.branch, conclusion = run.conclusion, created_at = run.created_at, jobs = json.array(jobs) }
    end
    return list
end

local function show_jobs(store, run, options)
    if options.json then return { runs = json.array(M.as_json({ run })) } end
    local rows = {}
    for _, each in ipairs(run.jobs) do
        local job = store_of.job(store, each.id)
        local took = duration(job.started_at, job.ended_at)
        rows[#rows + 1] = { job.name, job.conclusion, job.lines, took and time.human(took) or "" }
        for _, step in ipairs(job.steps) do
            local step_took = duration(step.started_at, step.ended_at)
            rows[#rows + 1] = { "  " .. step.name, step.conclusion, step.last_line - step.first_line + 1,
                step_took and time.human(step_took) or "" }
        end
    end
    print_table("Run " .. run.name, { "Job", "Conclusion", "Lines", "Took" }, rows, "No job.")
end

--- Shows what the command line asks for; gives it as data with `--json`.
---@param store db.Connection
---@param segments logs.Store
---@param options table
---@return table?
function M.run(store, segments, options)
    if not options.address then return show_runs(store, options) end
    local run = M.find_run(store, options.address.run, options)
    local name = options.address.job or options.step and #run.jobs == 1 and run.jobs[1].name
    if not name then return show_jobs(store, run, options) end
    local job = store_of.job(store, find_job(run, name).id)
    local first, last = range_of(job, options)
    if options.json then return lines_as_json(segments, run, job, first, last) end
    show_lines(segments, job, first, last, options)
end

return M
