-- Logs of jobs and runs, and artifacts. GitHub keeps them for some months; what is gone is nil.
local items = require("uhost.github.items")
local record = require("uhost.github.record")

return function(context, Repository)
    local client, check = context.client, context.check

    local reasons = { ["github.not_found"] = "missing", ["github.gone"] = "expired" }

    -- What `fetch()` gives; nil and why when GitHub has it no more.
    local function unless_gone(fetch)
        local ok, result = pcall(fetch)
        if ok then return result end
        local reason = uhost.is_error(result) and reasons[result.kind]
        if not reason then error(result, 0) end
        return nil, reason
    end

    -- Into a file, which is told with its size.
    local function download(path, file)
        return unless_gone(function()
            local response = client.download(path, file)
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

    local artifact_record = record.of({
        id = true, name = true, size_bytes = "size_in_bytes", is_expired = "expired", run_id = "workflow_run.id",
        branch = "workflow_run.head_branch", head_sha = "workflow_run.head_sha", digest = true, created_at = true,
        updated_at = true, expires_at = true,
    })

    function Repository:artifacts(options)
        options = check.options("github.Repository:artifacts", options, { run = check.id, name = check.word })
        local path = self.path .. "/actions"
        if options.run then path = ("%s/runs/%d"):format(path, options.run) end
        return items.of(client.each(path .. "/artifacts", { list = "artifacts", query = { name = options.name } }),
            artifact_record)
    end

    function Repository:download_artifact(id, file)
        local owner = "github.Repository:download_artifact"
        id = check.value(owner, "id", check.id, id)
        file = check.value(owner, "file", check.word, file)
        return download(("%s/actions/artifacts/%d/zip"):format(self.path, id), file)
    end
end
