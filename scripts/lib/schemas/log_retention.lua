-- What `uhost logs prune` asks of the policy `log_retention`.
return {
    fields = {
        keep = { type = "string", default = "90 days" },
        max_stored_bytes = { type = "number", default = 20 * 2 ^ 30 },
        rules = { type = "list", default = {}, of = { type = "table", fields = {
            id = { type = "string", required = true },
            match = { type = "table", default = {}, open = true, fields = {} },
            keep = { type = "string", required = true },
        } } },
    },
}
