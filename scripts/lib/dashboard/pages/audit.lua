-- The audit of deleted crash tests: how many issues need attention, over time.
local dataset = require("lib.dashboard.dataset")

local columns = {
    { name = "time", title = "Audited (UTC)", type = "time", sql = "m.at" },
    { name = "folder", title = "Folder", type = "category", sql = "m.subject" },
    { name = "issues", title = "Issues that need attention", type = "number", sql = "m.value" },
}

local view = { name = "audit", title = "Issues that need attention", dataset = "audits", y = { "issues" },
    unit = "audits",
    text = "Open issues whose tests are gone, closed ones whose tests are back, and those to look at.",
    columns = { "time", "folder", "issues" }, sort = "time",
    empty = "No audit is known: uhost monthly_audit, then uhost metrics collect." }

---@param context dashboard.Context
---@return dashboard.Page
return function(context)
    return {
        name = "audit", title = "Audit", filters = { "time", "folder" }, views = { view },
        datasets = { audits = dataset.of_query(context.builds, {
            columns = columns, order = "m.at", parameters = { repository = context.repository,
                since = context.since },
            from = [[metrics_measures m WHERE m.repository = :repository AND m.name = 'audit.needing_attention'
                AND m.at >= :since]],
        }) },
    }
end
