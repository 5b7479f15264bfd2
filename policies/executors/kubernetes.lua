-- Kubernetes: Jobs through the API server. Settings in build.executors.kubernetes: `url` of the server (`kubectl proxy`
-- gives one that needs no token; else KUBERNETES_TOKEN and the setting http.ca_file), `image`, whose /bin/sh runs the
-- job, `namespace` (default: "default"), `service_account`, `pull_patience_s` (default: 300). A Job that has ended
-- is removed a day later.
local M = {}

M.requeue = { preempted = 3, node_failed = 1 }

local disruptions = { PreemptionByScheduler = "preempted", EvictionByEvictionAPI = "preempted",
    TerminationByKubelet = "preempted", DeletionByTaintManager = "node_failed", DeletionByPodGC = "node_failed" }
local pod_reasons = { Evicted = "preempted", Preempting = "preempted", NodeLost = "node_failed",
    NodeShutdown = "node_failed", Shutdown = "node_failed", Terminated = "node_failed" }
local pull_failures = { ErrImagePull = true, ImagePullBackOff = true, ImageInspectError = true }

local function jobs_path(settings, name)
    return ("/apis/batch/v1/namespaces/%s/jobs%s"):format(settings.namespace or "default", name and "/" .. name or "")
end

local function pods(settings, selector, more)
    local path = ("/api/v1/namespaces/%s/pods%s"):format(settings.namespace or "default", more or "")
    return { request = { path = path, query = selector and { labelSelector = selector } or nil } }
end

local function message_of(answer)
    local body = answer.body
    return type(body) == "table" and body.message or ("the API server answers %d"):format(answer.status)
end

function M.submit(job, answers)
    local settings, resources, answer = job.settings, job.resources or {}, answers[1]
    if answer then
        if answer.status < 300 or answer.status == 409 then
            return { id = job.tag, look = "kubectl describe job " .. job.tag }
        end
        local is_passing = answer.status == 429 or answer.status >= 500
        return { [is_passing and "unsure" or "rejected"] = message_of(answer) }
    end
    if not settings.image then return { rejected = "no image is set in build.executors.kubernetes.image" } end
    local limits = { cpu = resources.cpus and tostring(resources.cpus), ["nvidia.com/gpu"] = resources.gpus
        and tostring(resources.gpus), memory = resources.memory_bytes and ("%d"):format(resources.memory_bytes) }
    local labels = { ["app.kubernetes.io/managed-by"] = "uhost", ["uhost-job"] = job.tag }
    return { request = { method = "POST", path = jobs_path(settings), json = {
        apiVersion = "batch/v1", kind = "Job",
        metadata = { name = job.tag, labels = labels, annotations = { ["uhost/name"] = job.name } },
        spec = { backoffLimit = 0, ttlSecondsAfterFinished = 86400, activeDeadlineSeconds = resources.time_limit_s,
            template = { metadata = { labels = labels }, spec = {
                restartPolicy = "Never", serviceAccountName = settings.service_account,
                containers = { { name = "job", image = settings.image, command = { "/bin/sh", "-c", job.script },
                    resources = next(limits) and { limits = limits } or nil } } } } } } } }
end

function M.find(job, answers)
    if #answers == 0 then return { request = { path = jobs_path(job.settings, job.tag) } } end
    if answers[1].status == 404 then return nil end
    return answers[1].status == 200 and { id = job.tag } or { unsure = message_of(answers[1]) }
end

local function condition_of(object, kind)
    for _, each in ipairs(object and object.status and object.status.conditions or {}) do
        if each.type == kind and each.status == "True" then return each end
    end
end

local function ended(outcome, reason, more)
    local state = { state = "ended", outcome = outcome, reason = reason }
    for key, value in pairs(more or {}) do state[key] = value end
    return state
end

-- Why a pod failed: what took it from its node comes before what became of its program.
local function failure_of(pod, failed)
    if failed.reason == "DeadlineExceeded" then return ended("timeout", failed.message or failed.reason) end
    if not pod then return ended("node_failed", "its pod was lost") end
    local disruption = condition_of(pod, "DisruptionTarget")
    local outcome = disruption and disruptions[disruption.reason] or pod_reasons[pod.status.reason]
    local why = disruption and disruption.message or pod.status.message or pod.status.reason
    if outcome then return ended(outcome, why) end
    local container = (pod.status.containerStatuses or {})[1]
    local last = container and container.state and container.state.terminated
    if not last then return ended("failed", failed.message) end
    if last.reason == "OOMKilled" then return ended("out_of_memory", last.reason) end
    return ended("failed", last.reason, { code = last.exitCode })
end

-- Of a Job that goes on.
local function progress_of(pod, waiting_s, patience_s)
    if not pod then return { state = "queued" } end
    if pod.status.reason == "NodeLost" then return ended("node_failed", pod.status.message, { cancel = true }) end
    local container = (pod.status.containerStatuses or {})[1]
    local waits = container and container.state and container.state.waiting or {}
    if waits.reason == "InvalidImageName" or pull_failures[waits.reason] and waiting_s > patience_s then
        return ended("rejected", waits.message or waits.reason, { cancel = true })
    end
    local running = container and container.state and container.state.running
    if running then return { state = "running", started_at = running.startedAt } end
    local scheduled
    for _, each in ipairs(pod.status.conditions or {}) do
        if each.type == "PodScheduled" and each.status == "False" then scheduled = each.message end
    end
    return { state = "queued", reason = waits.message or waits.reason or scheduled }
end

-- Jobs and pods by the label that both have, as many at a time as fit into an address.
local function questions(subject)
    local all = {}
    for first = 1, #subject.jobs, 200 do
        local ids = {}
        for i = first, math.min(first + 199, #subject.jobs) do ids[#ids + 1] = subject.jobs[i].id end
        local selector = ("uhost-job in (%s)"):format(table.concat(ids, ","))
        all[#all + 1] = { request = { path = jobs_path(subject.settings), query = { labelSelector = selector } } }
        all[#all + 1] = pods(subject.settings, selector)
    end
    return { all = all }
end

function M.poll(subject, answers)
    local settings = subject.settings
    if #answers == 0 then return questions(subject) end
    local states, jobs, newest = {}, {}, {}
    for i, answer in ipairs(answers[1]) do
        if answer.status ~= 200 then return { states = {}, reason = message_of(answer) } end
        local found = i % 2 == 1 and jobs or newest
        for _, each in ipairs(answer.body.items) do found[each.metadata.labels["uhost-job"]] = each end
    end
    for _, job in ipairs(subject.jobs) do
        local object, pod = jobs[job.id], newest[job.id]
        local failed = condition_of(object, "Failed")
        local state = not object and ended("cancelled", "the Job was removed")
            or condition_of(object, "Complete") and ended("passed", nil, { code = 0 })
            or failed and failure_of(pod, failed)
            or progress_of(pod, job.waiting_s, settings.pull_patience_s or 300)
        state.node = pod and pod.spec and pod.spec.nodeName
        states[job.id] = state
    end
    return { states = states }
end

function M.logs(job, answers)
    if #answers == 0 then return pods(job.settings, "uhost-job=" .. job.id) end
    local parts = {}
    for i, pod in ipairs(answers[1].status == 200 and answers[1].body.items or {}) do
        parts[i] = pods(job.settings, nil, ("/%s/log"):format(pod.metadata.name))
    end
    return { parts = parts }
end

function M.cancel(job, answers)
    return #answers == 0 and { request = { method = "DELETE", path = jobs_path(job.settings, job.id),
        query = { propagationPolicy = "Background" } } } or {}
end

function M.collect() return { reason = "a pod leaves none; let the job write to a volume, or upload them" } end

local metadata = { labels = { ["uhost-job"] = "uhost-1" } }

-- What poll makes of a pod, and of a Job with these conditions.
local function seen(conditions, status, gives, waiting_s)
    local pod = status and { metadata = metadata, spec = { nodeName = "n1" }, status = status }
    gives.node = pod and "n1" or nil
    return { call = "poll", with = { { settings = {}, jobs = { { id = "uhost-1", waiting_s = waiting_s or 0 } } }, { {
        { status = 200, body = { items = { { metadata = metadata, status = { conditions = conditions } } } } },
        { status = 200, body = { items = { pod } } } } } }, gives = { states = { ["uhost-1"] = gives } } }
end

local function failed(reason) return { { type = "Failed", status = "True", reason = reason } } end
local function waiting(reason) return { containerStatuses = { { state = { waiting = { reason = reason } } } } } end

M.examples = {
    seen({ { type = "Complete", status = "True" } }, {}, ended("passed", nil, { code = 0 })),
    seen(failed("DeadlineExceeded"), nil, ended("timeout", "DeadlineExceeded")),
    seen(failed("BackoffLimitExceeded"), nil, ended("node_failed", "its pod was lost")),
    seen(failed("BackoffLimitExceeded"), { reason = "Evicted", message = "low on memory" },
        ended("preempted", "low on memory")),
    seen(failed("BackoffLimitExceeded"), { conditions = { { type = "DisruptionTarget", status = "True",
        reason = "DeletionByTaintManager", message = "taint" } } }, ended("node_failed", "taint")),
    seen(nil, { reason = "NodeLost", message = "gone" }, ended("node_failed", "gone", { cancel = true })),
    seen(nil, waiting("ImagePullBackOff"), { state = "queued", reason = "ImagePullBackOff" }, 10),
    seen(nil, waiting("ImagePullBackOff"), ended("rejected", "ImagePullBackOff", { cancel = true }), 301),
    { call = "submit", with = { { tag = "uhost-1", settings = {} }, {} },
        gives = { rejected = "no image is set in build.executors.kubernetes.image" } },
    { call = "submit", with = { { tag = "uhost-1", settings = {} }, { { status = 403, body = { message = "no" } } } },
        gives = { rejected = "no" } },
    { call = "find", with = { { tag = "uhost-1", settings = {} }, { { status = 404 } } }, gives = nil },
    { call = "logs", with = { { id = "uhost-1", settings = {} },
        { { status = 200, body = { items = { { metadata = { name = "uhost-1-x" } } } } } } },
        gives = { parts = { { request = { path = "/api/v1/namespaces/default/pods/uhost-1-x/log" } } } } },
    { call = "cancel", with = { { id = "uhost-1", settings = {} }, {} }, gives = { request = { method = "DELETE",
        path = "/apis/batch/v1/namespaces/default/jobs/uhost-1", query = { propagationPolicy = "Background" } } } },
    { call = "collect", with = {},
        gives = { reason = "a pod leaves none; let the job write to a volume, or upload them" } },
}

return M
