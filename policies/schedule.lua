-- What `uhost serve` runs at certain times. Nothing, until you say so.
local M = {}

-- Each schedule: an id, a cron expression (five fields, or @daily and the like), `time_zone` (default "UTC"), and the
-- command, without "uhost". `jitter_s` spreads the beginning over so many seconds. `missed` says what becomes of times
-- at which the service did not run: "run_once" (the default) makes up for all of them once, "skip" for none.
-- `repository` keeps commands about one repository from running at the same time.
--
--     { id = "audit", cron = "0 6 1 * *", time_zone = "Europe/Berlin", jitter_s = 600, repository = "owner/name",
--         run = { "monthly_audit", "--repo", "/srv/checkout", "--tracking-issue" } },
--     { id = "failures", cron = "*/15 * * * *", repository = "owner/name",
--         run = { "ci_failures", "track", "--github", "owner/name", "--execute" } },
--     { id = "digest", cron = "0 8 * * mon-fri", time_zone = "Europe/Berlin", run = { "notify", "flush" } },
M.schedules = {}

return M
