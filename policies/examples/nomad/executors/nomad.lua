-- Nomad: batch jobs through its HTTP API. Copy this file to policies/executors/nomad.lua of your repository, and allow
-- it in your own ~/.config/uhost/uhost.lua, with the token in EXECUTOR_TOKEN where the cluster wants one:
--
--     return { build = { executors = { nomad = { url = "http://127.0.0.1:4646", driver = "raw_exec" } } } }
--
-- Further settings: `datacenter` (default: "*"), `namespace`, `image` (with driver = "docker").
local M = {}

M.auth = "header:X-Nomad-Token"
M.requeue = { node_failed = 1, preempted = 3 }

local function get(path) return { request = { path = "/v1" .. path } } end
local function message_of(answer) return type(answer.body) == "string" and answer.body or "HTTP " .. answer.status end

function M.submit(job, answers)
    local settings, resources, answer = job.settings, job.resources or {}, answers[1]
    if answer then
        if answer.status == 200 then return { id = job.tag, look = "nomad job status " .. job.tag } end
        return { [answer.status >= 500 and "unsure" or "rejected"] = message_of(answer) }
    end
    local task = { Name = "job", Driver = settings.driver or "exec",
        Config = { command = "/bin/sh", args = { "-c", job.script }, image = settings.image },
        Resources = { Cores = resources.cpus,
            MemoryMB = resources.memory_bytes and math.ceil(resources.memory_bytes / 2 ^ 20) } }
    return { request = { method = "POST", path = "/v1/jobs", json = { Job = {
        ID = job.tag, Name = job.name, Type = "batch", Namespace = settings.namespace,
        Datacenters = { settings.datacenter or "*" },
        TaskGroups = { { Name = "job", Count = 1, Tasks = { task }, RestartPolicy = { Attempts = 0, Mode = "fail" },
            ReschedulePolicy = { Attempts = 0, Unlimited = false } } } } } } }
end

function M.find(job, answers)
    if #answers == 0 then return get("/job/" .. job.tag) end
    if answers[1].status == 404 then return nil end
    return answers[1].status == 200 and { id = job.tag } or { unsure = message_of(answers[1]) }
end

local function ended(outcome, reason, code)
    return { state = "ended", outcome = outcome, reason = reason, code = code }
end

local function state_of(job, allocation)
    if not allocation then return { state = "queued" } end
    local limit = job.resources and job.resources.time_limit_s
    if limit and (job.running_s or 0) > limit then
        return { state = "ended", outcome = "timeout", reason = "its time limit is over", cancel = true }
    end
    local status, task = allocation.ClientStatus, (allocation.TaskStates or {}).job or {}
    if status == "complete" then return ended("passed", nil, 0) end
    if status == "lost" or status == "unknown" then return ended("node_failed", allocation.ClientDescription) end
    if allocation.DesiredStatus == "evict" or allocation.PreemptedByAllocation then return ended("preempted") end
    if allocation.DesiredStatus == "stop" then return ended("cancelled", allocation.DesiredDescription) end
    if status ~= "failed" then
        return { state = status == "running" and "running" or "queued", node = allocation.NodeName }
    end
    for _, event in ipairs(task.Events or {}) do
        local details = event.Details or {}
        if details.oom_killed == "true" then return ended("out_of_memory", event.DisplayMessage) end
        if event.Type == "Terminated" then return ended("failed", event.DisplayMessage, tonumber(details.exit_code)) end
        if event.Type == "Driver Failure" then return ended("rejected", event.DisplayMessage) end
    end
    return ended("failed")
end

-- The newest allocation of each job; jobs that Nomad does not know are not answered for.
function M.poll(subject, answers)
    if #answers == 0 then
        local all = {}
        for i, job in ipairs(subject.jobs) do all[i] = get(("/job/%s/allocations"):format(job.id)) end
        return { all = all }
    end
    local states = {}
    for i, job in ipairs(subject.jobs) do
        local answer = answers[1][i]
        if answer.status == 200 then states[job.id] = state_of(job, answer.body[#answer.body]) end
    end
    return { states = states }
end

function M.logs(job, answers)
    if #answers == 0 then return get(("/job/%s/allocations"):format(job.id)) end
    local parts = {}
    for _, allocation in ipairs(answers[1].status == 200 and answers[1].body or {}) do
        for _, stream in ipairs({ "stdout", "stderr" }) do
            local part = get("/client/fs/logs/" .. allocation.ID)
            part.request.query = { task = "job", type = stream, plain = "true" }
            parts[#parts + 1] = part
        end
    end
    return { parts = parts }
end

function M.cancel(job, answers)
    return #answers == 0 and { request = { method = "DELETE", path = "/v1/job/" .. job.id } } or {}
end

local polled = { jobs = { { id = "uhost-1" } } }

local function seen(allocation, state)
    return { call = "poll", with = { polled, { { { status = 200, body = { allocation } } } } },
        gives = { states = { ["uhost-1"] = state } } }
end

local function failed(event) return { ClientStatus = "failed", TaskStates = { job = { Events = { event } } } } end

M.examples = {
    { call = "submit", with = { { tag = "uhost-1", name = "ls", script = "ls", settings = { driver = "raw_exec" },
        resources = { memory_bytes = 2 ^ 30 } }, {} }, gives = { request = {
            method = "POST", path = "/v1/jobs", json = {
            Job = {
                ID = "uhost-1", Name = "ls", Type = "batch", Datacenters = { "*" },
                TaskGroups = { {
                    Name = "job", Count = 1, RestartPolicy = { Attempts = 0, Mode = "fail" },
                    ReschedulePolicy = { Attempts = 0, Unlimited = false },
                    Tasks = { { Name = "job", Driver = "raw_exec", Resources = { MemoryMB = 1024 },
                        Config = { command = "/bin/sh", args = { "-c", "ls" } } } },
                } },
            },
        } } } },
    { call = "find", with = { { tag = "uhost-1" }, { { status = 404 } } }, gives = nil },
    seen(nil, { state = "queued" }),
    seen({ ClientStatus = "complete" }, ended("passed", nil, 0)),
    seen({ ClientStatus = "lost", ClientDescription = "heartbeat" }, ended("node_failed", "heartbeat")),
    seen({ ClientStatus = "complete", PreemptedByAllocation = "a" }, ended("passed", nil, 0)),
    seen({ ClientStatus = "failed", DesiredStatus = "evict" }, ended("preempted")),
    seen(failed({ Type = "Terminated", Details = { oom_killed = "true" } }), ended("out_of_memory")),
    seen(failed({ Type = "Terminated", Details = { exit_code = "3" } }), ended("failed", nil, 3)),
    { call = "logs", with = { { id = "uhost-1" }, { { status = 404 } } }, gives = { parts = {} } },
    { call = "cancel", with = { { id = "uhost-1" }, {} },
        gives = { request = { method = "DELETE", path = "/v1/job/uhost-1" } } },
}

return M
