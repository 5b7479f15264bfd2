-- GitHub Actions: workflows, their runs, and the jobs of these with their steps.
local items = require("uhost.github.items")
local record = require("uhost.github.record")

local most_found = 1000  -- runs that GitHub gives when it is asked with a filter

return function(context, Repository)
    local client, check, mutation = context.client, context.check, context.mutation

    local workflow_record = record.of({
        id = true, name = true, path = true, state = true, url = "html_url", created_at = true, updated_at = true,
        file = function(body) return (record.at(body, "path") or ""):match("([^/]+)$") end,
    })

    function Repository:workflows()
        return items.of(client.each(self.path .. "/actions/workflows", { list = "workflows" }), workflow_record)
    end

    context.run_record = record.of({
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
        created = check.word, head_sha = check.word, actor = check.word, check_suite = check.id,
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
        local list = items.of(client.each(path .. "/runs", { list = "workflow_runs", query = query }),
            context.run_record)
        if next(query) == nil then return list end
        return items.limited(list, most_found, "runs for a filter")
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

    local step_record = record.of({
        number = true, name = true, status = true, conclusion = true, started_at = true, completed_at = true,
    })

    local job_record = record.of({
        id = true, run_id = true, name = true, workflow = "workflow_name", attempt = "run_attempt", status = true,
        conclusion = true, head_sha = true, branch = "head_branch", labels = record.list("labels", "name"),
        runner = "runner_name", runner_group = "runner_group_name", url = "html_url", created_at = true,
        started_at = true, completed_at = true, steps = record.list("steps", step_record),
    })

    local which_attempt = check.either("an attempt's number or \"all\"", check.id, check.one_of("all"))

    function Repository:jobs(run_id, options)
        local owner = "github.Repository:jobs"
        run_id = check.value(owner, "run_id", check.id, run_id)
        options = check.options(owner, options, { attempt = which_attempt })
        local path, query = ("%s/actions/runs/%d"):format(self.path, run_id), { filter = "latest" }
        if options.attempt == "all" then
            query.filter = "all"
        elseif options.attempt then
            path, query = ("%s/attempts/%d"):format(path, options.attempt), nil
        end
        return items.of(client.each(path .. "/jobs", { list = "jobs", query = query }), job_record)
    end

    function Repository:job(id)
        id = check.value("github.Repository:job", "id", check.id, id)
        local body = client.maybe(("%s/actions/jobs/%d"):format(self.path, id))
        return body and job_record(body)
    end

    function Repository:rerun_failed_jobs(run_id, options)
        local owner = "github.Repository:rerun_failed_jobs"
        run_id = check.value(owner, "run_id", check.id, run_id)
        options = check.options(owner, options, { debug = check.flag })
        local path = ("%s/actions/runs/%d"):format(self.path, run_id)
        local before = client.get(path, { cache = false })
        local body = client.create(path .. "/rerun-failed-jobs", {
            json = { enable_debug_logging = options.debug },
            mutates = mutation(self, "run.rerun", nil, ("run the failed jobs of run %d again"):format(run_id)),
            find = function()  -- it did take effect when there is another attempt
                local now = client.get(path, { cache = false })
                return now.run_attempt > before.run_attempt and now or nil
            end,
        })
        return body and body.planned and body or true
    end

    local cache_record = record.of({
        id = true, key = true, ref = true, version = true, size_bytes = "size_in_bytes", created_at = true,
        last_accessed_at = true,
    })

    local cache_filters = {
        key = check.word, ref = check.word, sort = check.one_of("created_at", "last_accessed_at", "size_in_bytes"),
        direction = check.one_of("asc", "desc"),
    }

    function Repository:caches(options)
        options = check.options("github.Repository:caches", options, cache_filters)
        return items.of(client.each(self.path .. "/actions/caches", { list = "actions_caches", query = options }),
            cache_record)
    end

    function Repository:delete_cache(id)
        id = check.value("github.Repository:delete_cache", "id", check.id, id)
        local _, response = client.change("DELETE", ("%s/actions/caches/%d"):format(self.path, id), {
            accepts = function(answer) return answer.status == 404 end,
            mutates = mutation(self, "cache.delete", nil, ("delete the cache %d"):format(id)),
        })
        return response.planned or response.ok
    end
end
