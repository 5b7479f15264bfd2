-- Syncs of forks with their upstream: when, how long, how many conflicts, and which files keep hurting.
local dataset = require("lib.dashboard.dataset")

local sync_columns = {
    { name = "time", title = "Started (UTC)", type = "time", sql = "unixepoch(s.started_at)" },
    { name = "project", title = "Project", type = "category", sql = "s.project" },
    { name = "from_version", title = "From", type = "text", sql = "s.from_version" },
    { name = "to_version", title = "To", type = "text", sql = "s.to_version" },
    { name = "status", title = "Status", type = "category", sql = "replace(s.status, '_', ' ')" },
    { name = "duration", title = "Duration", type = "duration",
        sql = "unixepoch(s.completed_at) - unixepoch(s.started_at)" },
    { name = "by_rules", title = "Conflicts settled by rules", type = "number", sql = "s.conflicts_auto_resolved" },
    { name = "by_people", title = "Conflicts settled by people", type = "number", sql = "s.conflicts_manual_resolved" },
    { name = "tests_failed", title = "Tests failed", type = "number", sql = "s.tests_failed" },
}

local conflict_columns = {
    { name = "time", title = "Settled (UTC)", type = "time", sql = "unixepoch(c.created_at)" },
    { name = "project", title = "Project", type = "category", sql = "s.project" },
    { name = "file", title = "File", type = "category", sql = "c.file_path" },
    { name = "settled", title = "Settled by", type = "category",
        sql = [[CASE c.resolution_type WHEN 'manual' THEN 'a person' WHEN 'pattern' THEN 'what people did before'
            ELSE 'a rule' END]] },
    { name = "rule", title = "Rule", type = "category", sql = "coalesce(c.rule, '')" },
    { name = "sync", title = "Sync", type = "text", sql = "s.to_version" },
}

local no_conflict = "No conflict is known."

local views = {
    { name = "syncs", title = "Syncs", dataset = "syncs", y = { "by_rules", "by_people" }, stacked = true,
        points = true,
        unit = "syncs", text = "How many conflicts each had.", sort = "time",
        columns = { "time", "project", "from_version", "to_version", "status", "duration", "by_rules", "by_people",
            "tests_failed" },
        empty = "No sync is known: uhost upstream sync makes one." },
    { name = "durations", title = "How long syncs took", dataset = "syncs", y = { "duration" }, points = true,
        unit = "syncs",
        group = "project", measures = { { title = "Syncs", measure = "count" },
            { title = "Succeeded", measure = "count", where = { status = "success" }, share = true },
            { title = "Median duration", measure = "p50", column = "duration" } } },
    { name = "files", title = "Files with conflicts", dataset = "conflicts", group = "file", sort = "Conflicts",
        measures = { { title = "Conflicts", measure = "count", bar = true },
            { title = "Settled by people", measure = "count", where = { settled = "a person" } } },
                empty = no_conflict },
    { name = "rules", title = "Rules", dataset = "conflicts", group = "rule", sort = "Conflicts",
        measures = { { title = "Conflicts", measure = "count", bar = true } }, empty = no_conflict },
}

---@param context dashboard.Context
---@return dashboard.Page
return function(context)
    local since = { since = time.iso(context.since) }
    return {
        name = "syncs", title = "Syncs", filters = { "time", "project" }, views = views,
        datasets = {
            syncs = dataset.of_query(context.history, { columns = sync_columns, order = "s.id", parameters = since,
                from = "sync_operations s WHERE s.started_at >= :since" }),
            conflicts = dataset.of_query(context.history, { columns = conflict_columns, order = "c.id",
                parameters = since,
                from = [[conflict_resolutions c JOIN sync_operations s ON s.id = c.sync_id
                    WHERE c.created_at >= :since]] }),
        },
    }
end
