-- What `uhost ci_failures` asks of the policy `ci_failures`.
local text = { type = "string" }
local func = { type = "function", required = true }

local function count(default) return { type = "integer", default = default } end

return {
    fields = {
        counts = func, fingerprint = func, owners = func,
        labels = { type = "list", default = {}, of = { type = "table", fields = {
            name = { type = "string", required = true }, color = text, description = text,
        } } },
        close_after_green = count(3), reopen_days = count(30), comments_per_day = count(5), max_new_issues = count(10),
        rerun = { type = "table", default = {}, fields = {
            allowed = { type = "boolean", default = false }, max_runs = count(5),
        } },
        test_reports = { type = "list", default = {}, of = text },
        quarantine = { type = "table", default = {}, fields = {
            min_rate = { type = "number", default = 0.02 }, min_flakes = count(2),
        } },
    },
}
