-- Logs at GitHub: the failed jobs of a run, one job, and the last green log of the same job.
local conclusions = require("lib.conclusions")
local github_home = require("lib.github_home")

local M = {}

local max_jobs, max_green_runs = 100, 10

-- The repository that is meant, by the command line, the environment, or the clone that this runs in.
local function repository_of(options) return github.repository(github_home.required(options.github)) end

local reasons = {
    missing = "GitHub has no log of the job '%s' (yet)", expired = "the log of the job '%s' has expired",
}

local function source_of(repo, job, run)
    return {
        kind = "job", name = job.name, job_name = job.name, job = job, run = run, repository = repo.name, url = job.url,
        repo = repo,
        open = function()
            local stream, why = repo:job_log(job.id)
            if stream then return log_text.open{ stream = stream, name = job.name } end
            return nil, reasons[why]:format(job.name)
        end,
    }
end

local function one_job(repo, id)
    local job = repo:job(id)
    if not job then
        uhost.fail("github.not_found", ("there is no job %d in %s"):format(id, repo.name),
            { hint = "check the number, and that the token may see the repository" })
    end
    return { source_of(repo, job, repo:run(job.run_id)) }
end

-- The failed jobs; when none failed and some were cancelled, these.
local function failed_jobs(repo, run)
    local failed, cancelled = {}, {}
    for job in repo:jobs(run.id) do
        local list = conclusions.is_failure(job.conclusion) and failed or job.conclusion == "cancelled" and cancelled
        if list and #list < max_jobs then list[#list + 1] = source_of(repo, job, run) end
    end
    return #failed > 0 and failed or cancelled
end

---@class diagnose.GithubSources
---@field list diagnose.Source[]
---@field nothing string?  why the list is empty

--- The logs that `--run` and `--job` ask for.
---@param options diagnose.Options
---@return diagnose.Source[]
---@return string? nothing  a sentence, when no job failed
function M.of(options)
    local repo = repository_of(options)
    if options.job then return one_job(repo, options.job) end
    local run = repo:run(options.run)
    if not run then
        uhost.fail("github.not_found", ("there is no run %d in %s"):format(options.run, repo.name),
            { hint = "check the number, and that the token may see the repository" })
    end
    local list = failed_jobs(repo, run)
    if #list > 0 then return list end
    local so_far = run.status ~= "completed" and " so far" or ""
    return list, ("No job of run %d of %s has failed%s."):format(run.id, repo.name, so_far)
end

local function green_job(repo, run, name)
    for job in repo:jobs(run.id) do
        if job.name == name and job.conclusion == "success" then return job end
    end
end

--- The log of the last green run of the same job on the default branch, before the run that failed; nil when there is
--- none.
---@param source diagnose.Source  of a job
---@return log_text.Log?
---@return { name: string, url: string?, run: github.Run, job: github.Job }?
function M.green_log(source)
    local repo, run, looked_at = source.repo, source.run, 0
    if not run then return nil end
    local branch = github.get("/repos/" .. repo.name).default_branch
    for green in repo:runs{ workflow = run.workflow_id, branch = branch, status = "success" } do
        looked_at = looked_at + 1
        if looked_at > max_green_runs then return nil end
        local is_before = green.id ~= run.id and green.created_at <= run.created_at
        local job = is_before and green_job(repo, green, source.job.name)
        local stream = job and repo:job_log(job.id)
        if stream then
            local what = { name = ("run %d, %s"):format(green.id, job.name), url = job.url, run = green, job = job }
            return log_text.open{ stream = stream, name = what.name }, what
        end
    end
end

return M
