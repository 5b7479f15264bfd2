-- `uhost logs fetch`: keeps the logs of runs at GitHub. What is kept already is not asked for again, and a run that was
-- stopped goes on where it was.
local steps_of = require("lib.logs.steps")
local store_of = require("lib.logs.store")

local M = {}

local at_once = 6  -- downloads side by side
-- What was added is made safe after so many bytes.
local portion_bytes = 16 * 2 ^ 20
-- More is no log.
local max_log_bytes = 2 ^ 31

local function workflow_file(run)
    return (run.workflow_path or ""):match("([^/@]+)@?[^/]*$") or tostring(run.workflow_id)
end

--- A run of GitHub as it is kept.
---@param repository string
---@param run github.Run
---@return logs.Run
function M.run_of(repository, run)
    return {
        repository = repository, name = ("%d"):format(run.id), attempt = run.attempt or 1,
        workflow = workflow_file(run), branch = run.branch or "", event = run.event or "", head_sha = run.head_sha,
        conclusion = run.conclusion or "", created_at = run.created_at,
        ended_at = run.status == "completed" and run.updated_at or nil, url = run.url,
    }
end

-- The pieces of a stream, up to a limit.
local function limited(stream, name)
    local bytes = 0
    return function()
        if bytes >= max_log_bytes then return nil end
        local piece = stream:read()
        bytes = bytes + #(piece or "")
        if bytes >= max_log_bytes then
            log.warn(("the log of %s is longer than %d GiB; its beginning is kept"):format(name,
                max_log_bytes / 2 ^ 30))
        end
        return piece
    end
end

-- The log of a job, in a temporary file; nil where GitHub has none.
local function download(repo, job)
    local stream = repo:job_log(job.id)
    if not stream then return nil end
    return log_text.open{ stream = limited(stream, job.name), name = job.name }
end

--- Adds a log of a job of GitHub.
---@param writer logs.Writer
---@param job github.Job
---@param opened log_text.Log  is closed
---@return logs.Job
function M.add(writer, job, opened)
    return task.finally(function()
        local added = writer:add(opened)
        return {
            name = job.name, github_id = job.id, conclusion = job.conclusion or "", started_at = job.started_at,
            ended_at = job.completed_at, segment = added.segment, first_line = added.first_line, lines = added.lines,
            bytes = added.bytes, digest = added.digest, steps = steps_of.of_github(opened, added, job.steps or {}),
        }
    end, function() opened:close() end)
end

-- The jobs of a run that have ended and are not kept; jobs of one name, which a matrix may give, get numbers.
local function missing_jobs(store, repo, run, wanted)
    local kept, list, seen = store_of.kept_jobs(store, repo.name, ("%d"):format(run.id), run.attempt or 1), {}, {}
    for job in repo:jobs(run.id) do
        seen[job.name] = (seen[job.name] or 0) + 1
        if seen[job.name] > 1 then job.name = ("%s (%d)"):format(job.name, seen[job.name]) end
        local is_known = kept[job.name] and kept[job.name].github_id == job.id
        local is_wanted = job.status == "completed" and job.conclusion ~= "skipped" and not is_known
        if is_wanted and (not wanted or job.name:sub(1, #wanted) == wanted) then list[#list + 1] = job end
    end
    return list
end

---@class logs.Fetched
---@field runs integer  that were looked at
---@field logs integer  that are new
---@field without_log integer  jobs whose log GitHub does not have, or has no more
---@field lines integer
---@field bytes integer

-- Adds what is new of some runs, and makes it safe.
local function keep_runs(store, segments, repo, runs, options, result)
    local wanted = {}
    task.map(runs, function(run)
        for _, job in ipairs(missing_jobs(store, repo, run, options.job)) do
            wanted[#wanted + 1] = { run = run, job = job }
        end
        return true
    end, { concurrency = at_once })
    if #wanted == 0 then return end
    local writer, turn, by_run, list, bytes = segments:writer(), task.limit(1), {}, {}, 0
    local function commit()
        writer:commit()
        store_of.keep(store, list)
        by_run, list, bytes = {}, {}, 0
    end
    task.map(wanted, function(each)
        local opened = download(repo, each.job)
        turn:with(function()
            if not opened then
                result.without_log = result.without_log + 1
                return
            end
            local job = M.add(writer, each.job, opened)
            if not by_run[each.run.id] then
                by_run[each.run.id] = { run = M.run_of(repo.name, each.run), jobs = {} }
                list[#list + 1] = by_run[each.run.id]
            end
            table.insert(by_run[each.run.id].jobs, job)
            result.logs, result.lines = result.logs + 1, result.lines + job.lines
            result.bytes, bytes = result.bytes + job.bytes, bytes + job.bytes
            if bytes >= portion_bytes then commit() end
        end)
        return true
    end, { concurrency = at_once })
    if #list > 0 then commit() end
    writer:close()
end

local function runs_of(repo, options)
    if options.run then
        local run = repo:run(options.run)
        if run then return { run } end
        uhost.fail("github.not_found", ("there is no run %d in %s"):format(options.run, repo.name),
            { hint = "check the number, and that the token may see the repository" })
    end
    local runs = {}
    for run in repo:runs{ workflow = options.workflow, branch = options.branch, status = options.conclusion,
        created = ">=" .. (options.since or time.iso(time.ago("14 days"))), limit = options.max_runs } do
        if run.status == "completed" then runs[#runs + 1] = run end
    end
    return runs
end

-- So many runs are looked at together.
local portion_runs = 20

--- Keeps the logs of runs.
---@param store db.Connection
---@param segments logs.Store
---@param repo github.Repository
---@param options table
---@return logs.Fetched
function M.run(store, segments, repo, options)
    local result = { runs = 0, logs = 0, without_log = 0, lines = 0, bytes = 0 }
    local runs = runs_of(repo, options)
    local progress = term.progress{ title = "Fetching", total = #runs }
    for first = 1, #runs, portion_runs do
        local some = { unpack(runs, first, math.min(first + portion_runs - 1, #runs)) }
        keep_runs(store, segments, repo, some, options, result)
        result.runs = result.runs + #some
        progress:advance(#some)
    end
    progress:finish()
    return result
end

--- Keeps the logs of jobs of a run that have ended so far; gives those that are new.
---@param store db.Connection
---@param segments logs.Store
---@param repo github.Repository
---@param run github.Run
---@param jobs github.Job[]
---@return logs.Job[]
function M.keep_jobs(store, segments, repo, run, jobs)
    local added, writer = {}, nil
    for _, job in ipairs(jobs) do
        local opened = download(repo, job)
        if opened then
            writer = writer or segments:writer()
            added[#added + 1] = M.add(writer, job, opened)
        end
    end
    if writer then
        writer:commit()
        store_of.keep(store, { { run = M.run_of(repo.name, run), jobs = added } })
        writer:close()
    end
    return added
end

return M
