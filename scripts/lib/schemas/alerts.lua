-- What `lib.alerts` asks of the policy `alerts`.
return {
    fields = {
        alerts = { type = "list", default = {}, of = { type = "table", fields = {
            id = { type = "string", required = true },
            metric = { type = "string", required = true },
            target = { type = "number", required = true },
            threshold = { type = "number", required = true },
            when = { type = "string", enum = { "above", "below" }, default = "above" },
            severity = { type = "string", enum = { "warning", "critical" }, default = "warning" },
            message = { type = "string", required = true },
        } } },
    },
}
