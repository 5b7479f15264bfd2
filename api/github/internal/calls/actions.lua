-- GitHub Actions: workflows, their runs and jobs, logs and artifacts. Starting a workflow is in dispatch.lua.
local record = require("uhost.github.internal.record")

local max_found = 1000  -- runs that GitHub gives when it is asked with a filter

return function(context, Repository)
    local client, check, define = context.client, context.check, context.define

    local workflow_record = record.of("github.Workflow", {
        id = true, name = true, path = true, state = true, url = "html_url", created_at = true, updated_at = true,
        file = function(body) return (record.at(body, "path") or ""):match("([^/]+)$") end,
    })

    define("workflows", { "GET /actions/workflows", list = "workflows", record = workflow_record })

    for name, verb in pairs({ enable_workflow = "enable", disable_workflow = "disable" }) do
        define(name, {
            ("PUT /actions/workflows/{workflow}/%s"):format(verb), types = { workflow = check.number_or_word },
            kind = "workflow." .. verb, summary = verb .. " the workflow {workflow}",
        })
    end

    context.run_record = record.of("github.Run", {
        id = true, name = true, title = "display_title", number = "run_number", attempt = "run_attempt", event = true,
        status = true, conclusion = true, workflow_id = true, workflow_path = "path", branch = "head_branch",
        head_sha = true, actor = "actor.login", triggered_by = "triggering_actor.login", url = "html_url",
        created_at = true, started_at = "run_started_at", updated_at = true, check_suite = "check_suite_id",
        head_repository = "head_repository.full_name", pulls = record.list("pull_requests", "number"),
    })

    local statuses = check.one_of("completed", "action_required", "cancelled", "failure", "neutral", "skipped", "stale",
        "success", "timed_out", "in_progress", "queued", "requested", "waiting", "pending")

    local filters = {
        workflow = check.number_or_word, branch = check.word, event = check.word, status = statuses,
        created = check.word, head_sha = check.word, actor = check.word, check_suite = check.id, limit = check.id,
    }

    -- A workflow is named by its id or its file ("ci.yml").
    function context.workflow_path(repository, owner, workflow)
        local name = type(workflow) == "number" and ("%d"):format(workflow)
            or context.segment(owner, "workflow", workflow)
        return ("%s/actions/workflows/%s"):format(repository.path, name)
    end

    function Repository:runs(options)
        local owner = "github.Repository:runs"
        options = check.options(owner, options, filters)
        local path = self.path .. "/actions"
        if options.workflow then path = context.workflow_path(self, owner, options.workflow) end
        local query = {
            branch = options.branch, event = options.event, status = options.status, created = options.created,
            head_sha = options.head_sha, actor = options.actor, check_suite_id = options.check_suite,
        }
        return client.list(path .. "/runs", {
            list = "workflow_runs", query = query, record = context.run_record, limit = options.limit,
            max = next(query) and { max_found, "runs for a filter" },
        })
    end

    function Repository:run(id, options)
        local owner = "github.Repository:run"
        id = check.value(owner, "id", check.id, id)
        options = check.options(owner, options, { attempt = check.id })
        local path = ("%s/actions/runs/%d"):format(self.path, id)
        if options.attempt then path = ("%s/attempts/%d"):format(path, options.attempt) end
        local body = client.maybe(path)
        return body and context.run_record(body)
    end

    local step_record = record.of("github.Step", {
        number = true, name = true, status = true, conclusion = true, started_at = true, completed_at = true,
    })

    local job_record = record.of("github.Job", {
        id = true, run_id = true, name = true, workflow = "workflow_name", attempt = "run_attempt", status = true,
        conclusion = true, head_sha = true, branch = "head_branch", labels = record.list("labels", "name"),
        runner = "runner_name", runner_group = "runner_group_name", url = "html_url", created_at = true,
        started_at = true, completed_at = true, steps = record.list("steps", step_record),
    })

    local which_attempt = check.either("an attempt's number or \"all\"", check.id, check.one_of("all"))

    function Repository:jobs(run_id, options)
        local owner = "github.Repository:jobs"
        run_id = check.value(owner, "run_id", check.id, run_id)
        options = check.options(owner, options, { attempt = which_attempt, limit = check.id })
        local path, query = ("%s/actions/runs/%d"):format(self.path, run_id), { filter = "latest" }
        if options.attempt == "all" then
            query.filter = "all"
        elseif options.attempt then
            path, query = ("%s/attempts/%d"):format(path, options.attempt), nil
        end
        return client.list(path .. "/jobs", {
            list = "jobs", query = query, record = job_record, limit = options.limit,
        })
    end

    define("job", { "GET /actions/jobs/{id}", record = job_record })

    -- Changes of runs

    local function fresh_run(self, id)
        return client.get(("%s/actions/runs/%d"):format(self.path, id), { cache = false })
    end

    -- It did take effect when there is another attempt. `run_id_of(self, values)` is the run that it concerns.
    local function define_rerun(name, path, summary, run_id_of)
        define(name, {
            path, options = { debug = check.flag }, names = { debug = "enable_debug_logging" },
            kind = "run.rerun", summary = summary,
            prepare = function(self, values) return fresh_run(self, run_id_of(self, values)) end,
            find = function(self, _, before)
                local now = fresh_run(self, before.id)
                return now.run_attempt > before.run_attempt and now or nil
            end,
        })
    end

    local function own_run_id(_, values) return values.run_id end
    define_rerun("rerun", "POST /actions/runs/{run_id}/rerun", "run all jobs of run {run_id} again", own_run_id)
    define_rerun("rerun_failed_jobs", "POST /actions/runs/{run_id}/rerun-failed-jobs",
        "run the failed jobs of run {run_id} again", own_run_id)
    define_rerun("rerun_job", "POST /actions/jobs/{job_id}/rerun", "run the job {job_id} again",
        function(self, values)
            return client.get(("%s/actions/jobs/%d"):format(self.path, values.job_id), { cache = false }).run_id
        end)

    define("cancel_run", {
        "POST /actions/runs/{run_id}/cancel", kind = "run.cancel", summary = "cancel the run {run_id}",
        repeatable = true, refused = { 409 },  -- it has ended
    })
    define("delete_run", {
        "DELETE /actions/runs/{run_id}", kind = "run.delete", summary = "delete the run {run_id}",
    })
    define("approve_run", {
        "POST /actions/runs/{run_id}/approve", kind = "run.approve", summary = "let the run {run_id} of a fork begin",
        repeatable = true,
    })

    define("run_approvals", {
        "GET /actions/runs/{run_id}/approvals", list = true, identity = false, page_size = false,
        record = record.of("github.RunApproval", {
            state = true, comment = true, reviewer = "user.login", environments = record.list("environments", "name"),
        }),
    })

    local pending_record = record.of("github.PendingDeployment", {
        environment = "environment.name", environment_id = "environment.id", may_approve = "current_user_can_approve",
        wait_minutes = "wait_timer", waiting_since = "wait_timer_started_at",
    })

    define("pending_deployments", {
        "GET /actions/runs/{run_id}/pending_deployments", list = true, identity = false, page_size = false,
        record = pending_record,
    })

    -- The ids of the environments, by their names, that a run waits for.
    local function pending_ids(self, owner, values)
        local ids, list = {}, json.array()
        for pending in self:pending_deployments(values.run_id) do ids[pending.environment] = pending.environment_id end
        for i, name in ipairs(values.environments) do
            list[i] = ids[name] or check.refuse(owner, "environments", "environments that the run waits for", name)
        end
        return list
    end

    define("review_deployments", {
        "POST /actions/runs/{run_id}/pending_deployments", kind = "run.review",
        options = { environments = check.words, state = check.one_of("approved", "rejected"), comment = check.text },
        required = { "environments", "state" }, summary = "have its deployments of run {run_id} {state}",
        send = function(values, self)
            return {
                environment_ids = pending_ids(self, "github.Repository:review_deployments", values),
                state = values.state, comment = values.comment or "",
            }
        end,
        find = function(self, values, _, sent)  -- none of them waits any more
            for pending in self:pending_deployments(values.run_id) do
                for _, id in ipairs(sent.environment_ids) do
                    if pending.environment_id == id then return nil end
                end
            end
            return json.array()
        end,
    })

    -- Caches

    local cache_record = record.of("github.Cache", {
        id = true, key = true, ref = true, version = true, size_bytes = "size_in_bytes", created_at = true,
        last_accessed_at = true,
    })

    define("caches", {
        "GET /actions/caches", list = "actions_caches", record = cache_record,
        options = {
            key = check.word, ref = check.word,
            sort = check.one_of("created_at", "last_accessed_at", "size_in_bytes"),
            direction = check.one_of("asc", "desc"),
        },
    })

    define("delete_cache", {
        "DELETE /actions/caches/{id}", kind = "cache.delete", summary = "delete the cache {id}",
    })

    -- Logs and artifacts. GitHub keeps them for some months; what is gone is nil.

    local reasons = { ["github.not_found"] = "missing", ["github.gone"] = "expired" }

    -- What `fetch()` gives; nil and why when GitHub has it no more.
    local function unless_gone(fetch)
        local ok, result = pcall(fetch)
        if ok then return result end
        local reason = uhost.is_error(result) and reasons[result.kind]
        if not reason then error(result, 0) end
        return nil, reason
    end

    -- Into a file; its name and size.
    function context.download(path, file, accept)
        return unless_gone(function()
            local response = client.download(path, file, { accept = accept })
            if response.planned then return { planned = true } end
            return { file = file, size_bytes = response.body_bytes }
        end)
    end

    function Repository:job_log(job_id)
        job_id = check.value("github.Repository:job_log", "job_id", check.id, job_id)
        return unless_gone(function() return client.stream(("%s/actions/jobs/%d/logs"):format(self.path, job_id)) end)
    end

    function Repository:run_logs(run_id, file, options)
        local owner = "github.Repository:run_logs"
        run_id = check.value(owner, "run_id", check.id, run_id)
        file = check.value(owner, "file", check.word, file)
        options = check.options(owner, options, { attempt = check.id })
        local path = ("%s/actions/runs/%d"):format(self.path, run_id)
        if options.attempt then path = ("%s/attempts/%d"):format(path, options.attempt) end
        return context.download(path .. "/logs", file)
    end

    local artifact_record = record.of("github.Artifact", {
        id = true, name = true, size_bytes = "size_in_bytes", is_expired = "expired", run_id = "workflow_run.id",
        branch = "workflow_run.head_branch", head_sha = "workflow_run.head_sha", digest = true, created_at = true,
        updated_at = true, expires_at = true,
    })

    function Repository:artifacts(options)
        options = check.options("github.Repository:artifacts", options,
            { run = check.id, name = check.word, limit = check.id })
        local path = self.path .. "/actions"
        if options.run then path = ("%s/runs/%d"):format(path, options.run) end
        return client.list(path .. "/artifacts", {
            list = "artifacts", query = { name = options.name }, record = artifact_record, limit = options.limit,
        })
    end

    function Repository:download_artifact(id, file)
        local owner = "github.Repository:download_artifact"
        id = check.value(owner, "id", check.id, id)
        file = check.value(owner, "file", check.word, file)
        return context.download(("%s/actions/artifacts/%d/zip"):format(self.path, id), file)
    end
end
