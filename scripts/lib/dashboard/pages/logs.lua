-- Which logs are kept, how large they are, and by which name each is shown and searched.
local conclusions = require("lib.conclusions")
local dataset = require("lib.dashboard.dataset")

local columns = {
    { name = "time", title = "Run (UTC)", type = "time", sql = "unixepoch(r.created_at)" },
    { name = "address", title = "Name", type = "text", sql = "r.name || '/' || j.name" },
    { name = "workflow", title = "Workflow", type = "category", sql = "r.workflow" },
    { name = "branch", title = "Branch", type = "category", sql = "r.branch" },
    { name = "job", title = "Job", type = "category", sql = "j.name" },
    { name = "conclusion", title = "Conclusion", type = "category", sql = "j.conclusion" },
    { name = "lines", title = "Lines", type = "number", sql = "j.lines" },
    { name = "size", title = "Size", type = "bytes", sql = "j.bytes" },
    { name = "url", title = "Address", type = "text", sql = "nullif(r.url, '')" },
}

local views = {
    { name = "sizes", title = "Sizes of logs", dataset = "logs", y = { "size" }, points = true, unit = "logs",
        sort = "time",
        columns = { "time", "address", "workflow", "branch", "conclusion", "lines", "size" }, url = "url",
        empty = "No log is kept: uhost logs fetch --github OWNER/NAME, or uhost logs ingest FILE." },
    { name = "jobs", title = "Jobs", dataset = "logs", group = "job", sort = "Size in all",
        measures = { { title = "Logs", measure = "count" },
            { title = "Failed", measure = "count", where = { conclusion = conclusions.failures } },
            { title = "Median of lines", measure = "p50", column = "lines" },
            { title = "Size in all", measure = "sum", column = "size", bar = true } }, empty = "No log is kept." },
}

---@param context dashboard.Context
---@return dashboard.Page
return function(context)
    return {
        name = "logs", title = "Logs", filters = { "time", "workflow", "branch", "job", "conclusion" }, views = views,
        introduction = "What is kept can be searched and shown on the machine that keeps it.",
        blocks = { { kind = "code", lines = { "uhost logs search 'error.*timeout' --since '30 days'",
            "uhost logs show NAME" } } },
        datasets = { logs = dataset.of_query(context.logs, { columns = columns, order = "r.created_at",
            from = [[log_jobs j JOIN log_runs r ON r.id = j.run WHERE r.repository IN (:repository, '')
                AND r.created_at >= :since]],
            parameters = { repository = context.repository, since = time.iso(context.since) } }) },
    }
end
