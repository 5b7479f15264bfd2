-- Caches and artifacts: whether caches are found, and how large everything is.
local dataset = require("lib.dashboard.dataset")

local common = {
    { name = "time", title = "Time (UTC)", type = "time", sql = "r.created_at" },
    { name = "workflow", title = "Workflow", type = "category", sql = "r.workflow" },
    { name = "branch", title = "Branch", type = "category", sql = "r.branch" },
    { name = "platform", title = "Platform", type = "category", sql = "coalesce(j.platform, '')" },
}

local function query(context, columns, from)
    local all = tables.copy(common)
    for _, column in ipairs(columns) do all[#all + 1] = column end
    return dataset.of_query(context.builds, {
        columns = all, from = from .. " WHERE r.repository = :repository AND r.created_at >= :since",
        order = "r.created_at", parameters = { repository = context.repository, since = context.since },
    })
end

local function caches(context)
    return query(context, {
        { name = "cache", title = "Cache", type = "category", sql = "p.name" },
        { name = "job", title = "Job", type = "category", sql = "j.name" },
        { name = "hit", title = "Found", type = "percent", sql = "p.hit" },
        { name = "size", title = "Size", type = "bytes", sql = "p.size_bytes" },
        { name = "duration", title = "Duration of the job", type = "duration", sql = "j.duration_s" },
        { name = "result", title = "Result", type = "category",
            sql = "CASE p.hit WHEN 1 THEN 'found' ELSE 'not found' END" },
    }, "metrics_runs r JOIN metrics_jobs j ON j.run_id = r.id JOIN metrics_cache_uses p ON p.job_id = j.id")
end

local function artifacts(context)
    return query(context, {
        { name = "artifact", title = "Artifact", type = "category", sql = "p.name" },
        { name = "size", title = "Size", type = "bytes", sql = "p.size_bytes" },
        { name = "commit_sha", title = "Commit", type = "text", sql = "substr(r.commit_sha, 1, 10)" },
        { name = "url", title = "Address", type = "text", sql = "nullif(r.url, '')" },
    }, "metrics_runs r JOIN metrics_artifacts p ON p.run_id = r.id LEFT JOIN metrics_jobs j ON j.id = p.job_id")
end

local entry_columns = {
    { name = "name", title = "Key", type = "text" }, { name = "ref", title = "Reference", type = "category" },
    { name = "size_bytes", title = "Size", type = "bytes" }, { name = "created_at", title = "Made (UTC)",
        type = "time" },
    { name = "last_used_at", title = "Last used (UTC)", type = "time" },
}

local function entries(context)
    return dataset.of_rows(entry_columns,
        require("lib.metrics.store").cache_entries(context.builds, context.repository))
end

local cache_views = {
    { name = "caches", title = "Caches", dataset = "caches", group = "cache", sort = "Uses",
        measures = { { title = "Uses", measure = "count" }, { title = "Found", measure = "mean", column = "hit",
            bar = true },
            { title = "Size", measure = "last", column = "size" } },
        empty = "No use of a cache is known." },
    { name = "worth", title = "What a cache is worth", dataset = "caches", group = "result",
        text = "How long jobs take that found their cache, and those that did not. Choose one job to compare.",
        measures = { { title = "Jobs", measure = "count" },
            { title = "Median duration", measure = "p50", column = "duration" },
            { title = "95th percentile", measure = "p95", column = "duration" } } },
    { name = "cache_sizes", title = "Sizes of caches", dataset = "caches", y = { "size" }, split = "cache",
        unit = "uses",
        columns = { "time", "cache", "job", "platform", "result", "size" }, sort = "time" },
    { name = "entries", title = "What is kept now", dataset = "entries", sort = "size_bytes",
        columns = { "name", "ref", "size_bytes", "created_at", "last_used_at" },
        empty = "GitHub was not asked, or keeps no caches for this repository." },
}

local artifact_views = {
    { name = "sizes", title = "Sizes", dataset = "artifacts", y = { "size" }, split = "artifact", unit = "artifacts",
        columns = { "time", "artifact", "branch", "commit_sha", "size" }, sort = "time", url = "url" },
    { name = "artifacts", title = "Artifacts", dataset = "artifacts", group = "artifact", sort = "Largest",
        measures = { { title = "Made", measure = "count" }, { title = "Newest", measure = "last", column = "size" },
            { title = "Median", measure = "p50", column = "size" },
            { title = "Largest", measure = "max", column = "size", bar = true } },
        empty = "No artifact is known." },
}

---@param context dashboard.Context
---@return dashboard.Page, dashboard.Page
return function(context)
    return {
        name = "caches", title = "Caches", filters = { "time", "workflow", "branch", "platform", "job" },
        views = cache_views, datasets = { caches = caches(context), entries = entries(context) },
    }, {
        name = "artifacts", title = "Artifacts", filters = { "time", "workflow", "branch", "platform" },
        views = artifact_views, datasets = { artifacts = artifacts(context) },
    }
end
