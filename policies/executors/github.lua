-- GitHub Actions: a workflow that is started for each job. Settings in build.executors.github: `repository`, `workflow`
-- (default: "uhost.yml"), `ref` (default: "main"), `inputs`, more inputs for the workflow. The workflow:
--
--     run-name: ${{ inputs.job }}
--     on: { workflow_dispatch: { inputs: { job: { required: true }, script: { required: true } } } }
--     jobs:
--       job:
--         runs-on: ubuntu-latest
--         steps:
--           - run: sh -c "$SCRIPT"
--             env: { SCRIPT: "${{ inputs.script }}" }
local M = {}

M.poll_s = 30
M.requeue = { node_failed = 1 }

local max_script_bytes = 65000  -- GitHub takes 65,535 characters of inputs
local outcomes = { success = "passed", neutral = "passed", failure = "failed", cancelled = "cancelled",
    timed_out = "timeout", startup_failure = "rejected", skipped = "rejected", action_required = "rejected",
    stale = "lost_contact" }

local function workflow(settings, rest)
    return ("actions/workflows/%s/%s"):format(settings.workflow or "uhost.yml", rest)
end

local function run(id, rest) return { github = { path = ("actions/runs/%s%s"):format(id, rest or "") } } end

local function newest(settings)
    return { github = { path = workflow(settings, "runs"), query = { event = "workflow_dispatch", per_page = 100 } } }
end

local function message_of(answer)
    return type(answer.body) == "table" and answer.body.message or ("GitHub answers %d"):format(answer.status)
end

local function taken(id, settings)
    return { id = ("%.0f"):format(id), look = ("gh run view %.0f --repo %s"):format(id, settings.repository) }
end

-- The run whose title has the job's tag.
local function titled(answer, job)
    for _, each in ipairs(answer.body and answer.body.workflow_runs or {}) do
        if (each.display_title or ""):find(job.tag, 1, true) then return taken(each.id, job.settings) end
    end
end

-- Looks until a run is in GitHub's list, which is late at times.
local function look_for(job, answers, first, rounds)
    local count = #answers - first
    local last = answers[#answers]
    if count % 2 == 0 then return newest(job.settings) end
    if last.status ~= 200 then return { unsure = message_of(last) } end
    return titled(last, job) or count < rounds * 2 and { wait_s = 2 } or nil
end

local function dispatch(job, details)
    local inputs = { job = job.tag, script = job.script }
    for name, value in pairs(job.settings.inputs or {}) do inputs[name] = tostring(value) end
    return { github = { method = "POST", path = workflow(job.settings, "dispatches"),
        json = { ref = job.settings.ref or "main", inputs = inputs, return_run_details = details } } }
end

function M.submit(job, answers)
    if #job.script > max_script_bytes then return { rejected = "the command is too long for an input" } end
    local first, last = answers[1], answers[#answers]
    if not first then return dispatch(job, true) end
    -- Older servers know no return_run_details.
    local asked = first.status == 422 and message_of(first):find("return_run_details") and 2 or 1
    if #answers < asked then return dispatch(job) end
    if #answers == asked and last.status >= 400 then return { rejected = message_of(last) } end
    if first.body and first.body.workflow_run_id then return taken(first.body.workflow_run_id, job.settings) end
    return look_for(job, answers, asked, 30) or { unsure = "no run of this job appears" }
end

function M.find(job, answers) return look_for(job, answers, 0, job.waiting_s < 60 and 30 or 0) end

-- A job that failed without a failed step has lost its runner.
local function lost_runner(jobs)
    for _, job in ipairs(jobs) do
        local failed = job.conclusion ~= "failure"
        for _, step in ipairs(job.steps or {}) do failed = failed or step.conclusion == "failure" end
        if not failed then return job.name end
    end
end

local function state_of(object, job, jobs)
    if object.status ~= "completed" then
        local limit = job.resources and job.resources.time_limit_s
        if limit and job.running_s > limit then
            return { state = "ended", outcome = "timeout", reason = "its time limit is over", cancel = true }
        end
        return { state = object.status == "in_progress" and "running" or "queued", reason = object.status }
    end
    local lost = object.conclusion == "failure" and jobs and lost_runner(jobs)
    if lost then
        return { state = "ended", outcome = "node_failed", reason = "the runner of " .. lost .. " was lost" }
    end
    local outcome = outcomes[object.conclusion] or "failed"
    return { state = "ended", outcome = outcome, code = outcome == "passed" and 0 or nil, reason = object.conclusion }
end

-- The newest runs in one go; then the older ones, and the jobs of those that failed.
function M.poll(subject, answers)
    if #answers == 0 then return newest(subject.settings) end
    if answers[1].status ~= 200 then return { states = {}, reason = message_of(answers[1]) } end
    local runs, more, states = {}, {}, {}
    for _, each in ipairs(answers[1].body.workflow_runs) do runs[("%.0f"):format(each.id)] = each end
    local function ask(request)
        more[#more + 1] = request
        local answer = answers[2] and answers[2][#more]
        return answer and answer.status == 200 and answer.body or nil
    end
    for _, job in ipairs(subject.jobs) do
        local object = runs[job.id] or ask(run(job.id))
        local is_clear = runs[job.id] and object.conclusion ~= "failure"
        local found = not is_clear and ask(run(job.id, "/jobs")) or nil
        states[job.id] = object and state_of(object, job, found and found.jobs) or { state = "unknown" }
    end
    return #more > 0 and not answers[2] and { all = more } or { states = states }
end

function M.logs(job, answers)
    if #answers == 0 then return run(job.id, "/jobs") end
    local parts = {}
    for i, each in ipairs(answers[1].body.jobs or {}) do parts[i] = { title = each.name, job_log = each.id } end
    return { parts = parts }
end

-- A run that was just started may not be there yet.
function M.cancel(job, answers)
    local path = ("actions/runs/%s/cancel"):format(job.id)
    if #answers % 2 == 0 then return { github = { method = "POST", path = path } } end
    return answers[#answers].status == 404 and #answers < 20 and { wait_s = 0.5 } or {}
end

function M.collect(job, answers)
    if #answers == 0 then return run(job.id, "/artifacts") end
    local parts = {}
    for i, each in ipairs(answers[1].body.artifacts or {}) do
        parts[i] = { artifact = each.id, into = (each.name:gsub("[^%w._-]", "_"):gsub("^%.", "_")) }
    end
    return { parts = parts }
end

local settings = { repository = "o/n", workflow = "w.yml" }
local listed = { status = 200, body = { workflow_runs = { { id = 7, display_title = "uhost-1", status = "completed",
    conclusion = "failure" }, { id = 8, display_title = "uhost-2", status = "queued" } } } }

M.examples = {
    { call = "submit", with = { { tag = "uhost-1", script = "ls", settings = settings }, {} }, gives = { github = {
        method = "POST", path = "actions/workflows/w.yml/dispatches", json = { ref = "main", return_run_details = true,
            inputs = { job = "uhost-1", script = "ls" } } } } },
    { call = "submit", with = { { tag = "uhost-1", script = "ls", settings = settings },
        { { status = 200, body = { workflow_run_id = 7 } } } },
        gives = { id = "7", look = "gh run view 7 --repo o/n" } },
    { call = "submit", with = { { tag = "uhost-2", script = "ls", settings = settings }, { { status = 204 }, listed } },
        gives = { id = "8", look = "gh run view 8 --repo o/n" } },
    { call = "submit", with = { { script = "ls", settings = settings },
        { { status = 422, body = { message = "No ref found" } } } }, gives = { rejected = "No ref found" } },
    { call = "find", with = { { tag = "uhost-3", waiting_s = 600, settings = settings }, { listed } }, gives = nil },
    { call = "find", with = { { tag = "uhost-3", waiting_s = 6, settings = settings }, { listed } },
        gives = { wait_s = 2 } },
    { call = "poll", with = { { settings = settings, jobs = { { id = "7" }, { id = "8" } } }, { listed,
        { { status = 200, body = { jobs = { { name = "job", conclusion = "failure",
            steps = { { status = "in_progress" } } } } } } } } },
        gives = { states = {
            ["7"] = { state = "ended", outcome = "node_failed", reason = "the runner of job was lost" },
            ["8"] = { state = "queued", reason = "queued" } } } },
    { call = "logs", with = { { id = "7" }, { { body = { jobs = { { id = 1, name = "job" } } } } } },
        gives = { parts = { { title = "job", job_log = 1 } } } },
    { call = "cancel", with = { { id = "7" }, {} }, gives = { github = { method = "POST",
        path = "actions/runs/7/cancel" } } },
    { call = "collect", with = { { id = "7" }, { { body = { artifacts = { { id = 1, name = "a/b" },
        { id = 2, name = ".." } } } } } },
        gives = { parts = { { artifact = 1, into = "a_b" }, { artifact = 2, into = "_." } } } },
}

return M
