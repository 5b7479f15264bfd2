-- When somebody has to hear that something is not as it should be. `uhost upstream` looks at these after its commands,
-- `uhost metrics` after it has collected.
--
-- An entry names a measure, what it should be (`target`), and from where on it is too far away (`threshold`, on the
-- side that `when` says). In the message, {value}, {target} and {threshold} stand for the numbers. To change one, give
-- an entry of the same `id` in the `policies/` folder of the fork; `disable = { "id" }` takes one out.
local M = {}

M.alerts = {
    { id = "upstream_behind", metric = "upstream.releases_behind", target = 0, threshold = 1, when = "above",
        severity = "critical", message = "the fork is {value} releases behind; more than {threshold} are too many" },
    { id = "upstream_success", metric = "upstream.success_rate_percent", target = 100, threshold = 90, when = "below",
        severity = "warning", message = "{value} % of the last syncs succeeded; it should be {threshold} % or more" },
    { id = "upstream_duration", metric = "upstream.average_sync_hours", target = 1, threshold = 8, when = "above",
        severity = "warning", message = "a sync takes {value} hours on average; more than {threshold} are too many" },
    { id = "upstream_manual", metric = "upstream.manual_interventions_percent", target = 0, threshold = 25,
        when = "above", severity = "warning",
        message = "{value} % of the last syncs needed a person; more than {threshold} % are too many" },
    { id = "ci_budget", metric = "metrics.budget_used_percent", target = 80, threshold = 100, when = "above",
        severity = "critical", message = "builds of the last 30 days took {value} % of their budget" },
    { id = "ci_duration", metric = "metrics.run_p95_minutes", target = 30, threshold = 90, when = "above",
        severity = "warning", message = "one run in twenty takes {value} minutes or more; {threshold} are too many" },
    { id = "ci_success", metric = "metrics.success_rate_percent", target = 95, threshold = 70, when = "below",
        severity = "warning", message = "{value} % of the runs succeed; it should be {threshold} % or more" },
    { id = "ci_queue", metric = "metrics.queue_share_percent", target = 10, threshold = 50, when = "above",
        severity = "warning", message = "jobs spend {value} % of their time in the queue; {threshold} % are too many" },
    { id = "ci_cache", metric = "metrics.cache_hit_rate_percent", target = 90, threshold = 50, when = "below",
        severity = "warning", message = "{value} % of the caches' uses are hits; it should be {threshold} % or more" },
}

return M
