-- Which jobs fail, how long each takes, and which failed and passed on one commit.
local conclusions = require("lib.conclusions")
local dataset = require("lib.dashboard.dataset")
local reading = require("lib.metrics.reading")

local function jobs_of(context)
    return dataset.of_query(context.builds_too, {
        columns = {
            { name = "time", title = "Started (UTC)", type = "time", sql = "r.created_at" },
            { name = "workflow", title = "Workflow", type = "category", sql = "r.workflow" },
            { name = "branch", title = "Branch", type = "category", sql = "r.branch" },
            { name = "job", title = "Job", type = "category", sql = "j.name" },
            { name = "platform", title = "Platform", type = "category", sql = "j.platform" },
            { name = "runner", title = "Runner", type = "category", sql = "j.runner" },
            { name = "conclusion", title = "Conclusion", type = "category", sql = "j.conclusion" },
            { name = "duration", title = "Duration", type = "duration", sql = "j.duration_s" },
        },
        from = [[metrics_runs r JOIN metrics_jobs j ON j.run_id = r.id
            WHERE r.repository = :repository AND r.created_at >= :since AND j.conclusion <> '']],
        order = "r.created_at", parameters = { repository = context.repository, since = context.since },
    })
end

local function flakes_of(context)
    return dataset.of_query(context.builds_too, {
        columns = {
            { name = "time", title = "Seen (UTC)", type = "time", sql = "last_at" },
            { name = "workflow", title = "Workflow", type = "category", sql = "workflow" },
            { name = "branch", title = "Branch", type = "category", sql = "branch" },
            { name = "job", title = "Job", type = "category", sql = "name" },
            { name = "platform", title = "Platform", type = "category", sql = "platform" },
            { name = "commit_sha", title = "Commit", type = "text", sql = "substr(commit_sha, 1, 10)" },
            { name = "failed", title = "Failed", type = "number", sql = "failed" },
            { name = "lost", title = "Time lost", type = "duration", sql = "lost_s" },
            { name = "url", title = "Address", type = "text", sql = "nullif(url, '')" },
        },
        from = ("(%s)"):format(reading.flakes_sql("WHERE r.repository = :repository AND r.created_at >= :since")),
        order = "last_at", parameters = { repository = context.repository, since = context.since },
    })
end

local tests_columns = {
    { name = "time", title = "Failed (UTC)", type = "time", sql = "r.created_at" },
    { name = "workflow", title = "Workflow", type = "category", sql = "r.workflow" },
    { name = "branch", title = "Branch", type = "category", sql = "r.branch" },
    { name = "job", title = "Job", type = "category", sql = "j.name" },
    { name = "platform", title = "Platform", type = "category", sql = "j.platform" },
    { name = "test", title = "Test", type = "category",
        sql = "CASE WHEN p.suite = '' THEN p.name ELSE p.suite || ' ' || p.name END" },
    { name = "url", title = "Address", type = "text", sql = "nullif(j.url, '')" },
}

local function tests_of(context)
    return dataset.of_query(context.builds_too, {
        columns = tests_columns, order = "r.created_at",
        from = [[metrics_runs r JOIN metrics_jobs j ON j.run_id = r.id JOIN metrics_tests p ON p.job_id = j.id
            WHERE r.repository = :repository AND r.created_at >= :since AND p.outcome = 'failed']],
        parameters = { repository = context.repository, since = context.since },
    })
end

local views = {
    { name = "jobs", title = "Jobs", dataset = "jobs", group = "job", sort = "Time in all",
        measures = { { title = "Jobs", measure = "count" },
            { title = "Failed", measure = "count", where = { conclusion = conclusions.failures } },
            { title = "Share that failed", measure = "count", where = { conclusion = conclusions.failures },
                share = true, bar = true },
            { title = "Median", measure = "p50", column = "duration" },
            { title = "95th percentile", measure = "p95", column = "duration" },
            { title = "Time in all", measure = "sum", column = "duration", bar = true } } },
    { name = "flaky_jobs", title = "Flaky jobs", dataset = "flakes", group = "job", sort = "Time lost",
        text = "Jobs that failed and succeeded on one commit.", empty = "No job failed and succeeded on one commit.",
        measures = { { title = "Commits", measure = "count", bar = true }, { title = "Failed", measure = "sum",
            column = "failed" },
            { title = "Time lost", measure = "sum", column = "lost", bar = true },
            { title = "Last seen (UTC)", measure = "max", column = "time" } } },
    { name = "flakes", title = "Each flake", dataset = "flakes", url = "url", sort = "time",
        columns = { "time", "job", "platform", "branch", "commit_sha", "failed", "lost" },
        empty = "No job failed and succeeded on one commit." },
    { name = "tests", title = "Tests that failed", dataset = "tests", group = "test", sort = "Failures",
        measures = { { title = "Failures", measure = "count", bar = true },
            { title = "Last seen (UTC)", measure = "max", column = "time" } },
        empty = "No failed test is known. Test results come with uhost metrics collect --tests." },
}

---@param context dashboard.Context
---@return dashboard.Page
return function(context)
    return {
        name = "jobs", title = "Jobs and flakes", filters = { "time", "workflow", "branch", "platform", "job" },
        views = views,
        datasets = { jobs = jobs_of(context), flakes = flakes_of(context), tests = tests_of(context) },
    }
end
