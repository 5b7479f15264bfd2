-- What `uhost serve` asks of the policy `schedule`.
local required_text = { type = "string", required = true }

return {
    fields = {
        schedules = { type = "list", default = {}, of = { type = "table", fields = {
            id = required_text, cron = required_text, time_zone = { type = "string", default = "UTC" },
            jitter_s = { type = "number", default = 0 },
            missed = { type = "string", enum = { "run_once", "skip" }, default = "run_once" },
            repository = { type = "string" }, run = { type = "list", of = { type = "string" }, required = true },
        } } },
    },
}
