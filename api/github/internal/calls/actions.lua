-- GitHub Actions: workflows, their runs and jobs, logs and artifacts, and starting a workflow.
local clock = require("uhost.github.internal.clock")
local pages = require("uhost.github.internal.pages")
local record = require("uhost.github.internal.record")

local max_found = 1000  -- runs that GitHub gives when it is asked with a filter
local max_inputs = 25
local input_types = { string = true, number = true, boolean = true }
local default_timeout_s = 60
local max_pause_s = 5

return function(context, Repository)
    local client, check, mutation, native = context.client, context.check, context.mutation, context.native

    local workflow_record = record.of("github.Workflow", {
        id = true, name = true, path = true, state = true, url = "html_url", created_at = true, updated_at = true,
        file = function(body) return (record.at(body, "path") or ""):match("([^/]+)$") end,
    })

    function Repository:workflows()
        return pages.list(client.each(self.path .. "/actions/workflows", { list = "workflows" }), workflow_record)
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
        local list = pages.list(client.each(path .. "/runs", { list = "workflow_runs", query = query }),
            context.run_record)
        if next(query) == nil then return list end
        return pages.limited(list, max_found, "runs for a filter")
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
        options = check.options(owner, options, { attempt = which_attempt })
        local path, query = ("%s/actions/runs/%d"):format(self.path, run_id), { filter = "latest" }
        if options.attempt == "all" then
            query.filter = "all"
        elseif options.attempt then
            path, query = ("%s/attempts/%d"):format(path, options.attempt), nil
        end
        return pages.list(client.each(path .. "/jobs", { list = "jobs", query = query }), job_record)
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
        return type(body) == "table" and body.planned and body or true
    end

    local cache_record = record.of("github.Cache", {
        id = true, key = true, ref = true, version = true, size_bytes = "size_in_bytes", created_at = true,
        last_accessed_at = true,
    })

    local cache_filters = {
        key = check.word, ref = check.word, sort = check.one_of("created_at", "last_accessed_at", "size_in_bytes"),
        direction = check.one_of("asc", "desc"),
    }

    function Repository:caches(options)
        options = check.options("github.Repository:caches", options, cache_filters)
        return pages.list(client.each(self.path .. "/actions/caches", { list = "actions_caches", query = options }),
            cache_record)
    end

    function Repository:delete_cache(id)
        id = check.value("github.Repository:delete_cache", "id", check.id, id)
        local _, response = client.change("DELETE", ("%s/actions/caches/%d"):format(self.path, id), {
            accepts = function(answer) return answer.status == 404 end,
            mutates = mutation(self, "cache.delete", nil, ("delete the cache %d"):format(id)),
        })
        return context.was_deleted(response, self.path)
    end

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
    local function download(path, file)
        return unless_gone(function()
            local response = client.download(path, file)
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
        return download(path .. "/logs", file)
    end

    local artifact_record = record.of("github.Artifact", {
        id = true, name = true, size_bytes = "size_in_bytes", is_expired = "expired", run_id = "workflow_run.id",
        branch = "workflow_run.head_branch", head_sha = "workflow_run.head_sha", digest = true, created_at = true,
        updated_at = true, expires_at = true,
    })

    function Repository:artifacts(options)
        options = check.options("github.Repository:artifacts", options, { run = check.id, name = check.word })
        local path = self.path .. "/actions"
        if options.run then path = ("%s/runs/%d"):format(path, options.run) end
        return pages.list(client.each(path .. "/artifacts", { list = "artifacts", query = { name = options.name } }),
            artifact_record)
    end

    function Repository:download_artifact(id, file)
        local owner = "github.Repository:download_artifact"
        id = check.value(owner, "id", check.id, id)
        file = check.value(owner, "file", check.word, file)
        return download(("%s/actions/artifacts/%d/zip"):format(self.path, id), file)
    end

    -- Starting a workflow, and finding the run that it started

    local owner = "github.Repository:dispatch"

    -- GitHub gives inputs to workflows as text.
    local function read_inputs(value)
        if type(value) ~= "table" then return nil end
        local inputs, count = {}, 0
        for name, each in pairs(value) do
            if type(name) ~= "string" or not input_types[type(each)] then return nil end
            inputs[name], count = tostring(each), count + 1
        end
        return count <= max_inputs and inputs or nil
    end

    local fields = {
        ref = check.word, timeout_s = check.seconds, identify_by = check.word,
        inputs = { expected = ("a table of at most %d inputs (texts, numbers, booleans)"):format(max_inputs),
            read = read_inputs },
    }

    local function branch_of(ref)
        return (ref:gsub("^refs/heads/", ""):gsub("^refs/tags/", ""))
    end

    -- The id of the newest run of a workflow; 0 when it never ran.
    local function newest_run(path)
        local body = client.get(path .. "/runs", {
            query = { event = "workflow_dispatch", per_page = 1 }, cache = false,
        })
        return record.at(body, "workflow_runs") and body.workflow_runs[1] and body.workflow_runs[1].id or 0
    end

    -- Ids of runs that dispatches of this process have returned: no other call is given them.
    local claimed = {}

    -- Whether a dispatch may have started this run. What the list was asked for is checked again: servers differ in
    -- what they filter.
    local function fits(body, wanted)
        if claimed[body.id] or body.id <= wanted.newest then return false end
        if record.at(body, "event") ~= "workflow_dispatch" then return false end
        if (record.at(body, "created_at") or "") < wanted.since then return false end
        local branch, sha = record.at(body, "head_branch"), record.at(body, "head_sha")
        if branch ~= wanted.branch and sha ~= wanted.branch then return false end
        if wanted.name then return (record.at(body, "display_title") or ""):find(wanted.name, 1, true) ~= nil end
        return not wanted.actor or record.at(body, "actor.login") == wanted.actor
    end

    -- The run that the dispatch started, the oldest of those that it may be. A unique input is in its title.
    local function started_run(self, wanted)
        local list = {}
        for body in client.each(wanted.path .. "/runs", {
            list = "workflow_runs", cache = false,
            query = { event = "workflow_dispatch", branch = wanted.branch, created = ">=" .. wanted.since },
        }) do
            if fits(body, wanted) then list[#list + 1] = body end
        end
        table.sort(list, function(a, b) return a.id < b.id end)
        if #list > 1 then
            log.warn(("%d runs of %s began at the same time; the first is taken for the one that was started"):format(
                #list, self.name))
        end
        return list[1]
    end

    -- Looks until the time is over; nil when there is nothing by then.
    local function wait_for(timeout_s, look)
        local deadline, pause = time.monotonic() + timeout_s, native.number_setting("settle_s") or 1
        while true do
            local found = look()
            if found or time.monotonic() >= deadline then return found end
            task.sleep(math.min(pause, max_pause_s, math.max(0, deadline - time.monotonic())))
            pause = pause * 2
        end
    end

    -- Newer servers return the run's id when they are asked to; older ones refuse the field.
    local function send(self, workflow, wanted, options)
        local function dispatch(details)
            return client.create(wanted.path .. "/dispatches", {
                json = { ref = options.ref, inputs = wanted.inputs, return_run_details = details },
                accepts = function(answer) return details and answer.status == 422 end,
                mutates = mutation(self, "workflow.dispatch", nil,
                    ("start the workflow %s on %s"):format(tostring(workflow), options.ref)),
                find = function() return started_run(self, wanted) end,
            })
        end
        local body, response = dispatch(true)
        if response.status ~= 422 then return body end
        return (dispatch(nil))  -- raises what else is wrong
    end

    local function unique_inputs(options, name)
        local inputs = options.inputs
        if not name then return inputs end
        local all = { [options.identify_by] = name }
        for key, value in pairs(inputs or {}) do all[key] = value end
        return all
    end

    -- Calls that only time and account distinguish run one after the other: one whose answer was lost must not take the
    -- run of another for its own.
    local locks = {}

    local function locked(key, body)
        locks[key] = locks[key] or task.limit(1)
        return locks[key]:with(body)
    end

    local function run_of(self, body, wanted, timeout_s)
        if body and body.run_number then return body end  -- found after a lost answer
        local id = body and record.at(body, "workflow_run_id")
        return wait_for(timeout_s, function()
            if id then return client.maybe(("%s/actions/runs/%d"):format(self.path, id), { cache = false }) end
            return started_run(self, wanted)
        end)
    end

    function Repository:dispatch(workflow, options)
        workflow = check.value(owner, "workflow", check.number_or_word, workflow)
        options = check.options(owner, options, fields, { "ref" })
        local path = context.workflow_path(self, owner, workflow)
        local name = options.identify_by and client.new_marker() or nil
        local function dispatch()
            -- It raises if there is no such workflow, and has GitHub's own time: the run is not older.
            local _, response = client.get(path, { cache = false })
            local wanted = {
                path = path, branch = branch_of(options.ref), name = name,
                actor = not name and context.identity.login(self.name) or nil,
                since = time.iso(clock.http_date(response.headers.date) or time.now()),
                inputs = unique_inputs(options, name),
            }
            wanted.newest = newest_run(path)
            local body = send(self, workflow, wanted, options)
            if body and body.planned then return body end
            local run = run_of(self, body, wanted, options.timeout_s or default_timeout_s)
            if not run then return nil end
            claimed[run.id] = true
            return context.run_record(run)
        end
        if name then return dispatch() end
        return locked(path .. " " .. options.ref, dispatch)
    end
end
