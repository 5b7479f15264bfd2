-- What `uhost metrics` asks of the policy `metrics`.
local function number(default) return { type = "number", default = default } end

return {
    fields = {
        currency = { type = "string", default = "USD" },
        runners = { type = "list", default = {}, of = { type = "table", fields = {
            id = { type = "string", required = true }, labels = { type = "string", required = true },
            per_minute = { type = "number", required = true },
        } } },
        round_up_to_minutes = { type = "boolean", default = true },
        budget = number(0),
        is_deployment = { type = "function", required = true },
        changes = { type = "table", default = {}, fields = { min_percent = number(3), min_s = number(2),
            max_p = number(0.002),
            told = { type = "list", of = { type = "string", enum = { "run", "job", "step" } }, default = { "job" } },
        } },
        check = { type = "table", default = {}, fields = { builds = { type = "integer", default = 200 },
            min_percent = number(5), min_s = number(3), max_p = number(0.05) } },
    },
}
