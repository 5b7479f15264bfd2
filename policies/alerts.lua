-- When somebody has to hear that something is not as it should be. `uhost upstream` looks at these after its commands.
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
}

return M
