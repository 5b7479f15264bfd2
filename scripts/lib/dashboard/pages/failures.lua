-- Why the CI fails: the causes that `uhost ci_failures` has found.
local dataset = require("lib.dashboard.dataset")

local columns = {
    { name = "time", title = "Failed (UTC)", type = "time", sql = "unixepoch(r.created_at)" },
    { name = "workflow", title = "Workflow", type = "category", sql = "r.workflow" },
    { name = "branch", title = "Branch", type = "category", sql = "r.branch" },
    { name = "job", title = "Job", type = "category", sql = "j.name" },
    { name = "cause", title = "Cause", type = "category", sql = "coalesce(c.cause ->> '$.title', '')" },
    { name = "kind", title = "Known by", type = "category", sql = [[
        CASE c.cause ->> '$.kind' WHEN 'kb' THEN 'knowledge base'
        WHEN 'test' THEN 'failed test' WHEN 'tests' THEN 'failed tests' ELSE 'its log' END]] },
    { name = "commit_sha", title = "Commit", type = "text", sql = "substr(r.head_sha, 1, 10)" },
    { name = "lost", title = "Time lost", type = "duration",
        sql = "coalesce(unixepoch(j.completed_at) - unixepoch(j.started_at), 0)" },
    { name = "url", title = "Address", type = "text", sql = "nullif(j.url, '')" },
}

local views = {
    { name = "causes", title = "Causes", dataset = "failures", group = "cause", sort = "Failures",
        measures = { { title = "Failures", measure = "count", bar = true },
            { title = "Time lost", measure = "sum", column = "lost", bar = true },
            { title = "Last seen (UTC)", measure = "max", column = "time" } },
        empty = "No failure is known: uhost ci_failures check --github OWNER/NAME looks for them." },
    { name = "failures_over_time", title = "Time lost to each failure", dataset = "failures", y = { "lost" },
        points = true,
        unit = "failures", columns = { "time", "cause", "workflow", "job", "branch", "commit_sha", "kind", "lost" },
        sort = "time", url = "url", empty = "No failure is known." },
    { name = "jobs", title = "Jobs that fail", dataset = "failures", group = "job", sort = "Failures",
        measures = { { title = "Failures", measure = "count", bar = true },
            { title = "Time lost", measure = "sum", column = "lost", bar = true } }, empty = "No failure is known." },
}

---@param context dashboard.Context
---@return dashboard.Page
return function(context)
    return {
        name = "failures", title = "Failures", filters = { "time", "workflow", "branch", "job" }, views = views,
        datasets = { failures = dataset.of_query(context.history, {
            columns = columns, order = "r.created_at",
            from = [[ci_runs r JOIN ci_jobs j ON j.repository = r.repository AND j.run = r.id
                JOIN ci_causes c ON c.repository = j.repository AND c.job = j.id
                WHERE r.repository = :repository AND r.created_at >= :since]],
            parameters = { repository = context.repository, since = time.iso(context.since) },
        }) },
    }
end
