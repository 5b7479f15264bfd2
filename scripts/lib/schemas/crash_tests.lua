-- What monthly_audit asks of the policy `crash_tests`.
return {
    fields = {
        also = { type = "list", of = { type = "string" }, default = {} },
        issues_of = { type = "function", required = true },
        subtrees = { type = "list", default = {}, of = { type = "table", fields = {
            repository = { type = "string", required = true }, path = { type = "string", default = "" },
            merge = { type = "string", default = "" }, least = { type = "integer" }, most = { type = "integer" },
        } } },
        successor_of = { type = "function", required = true },
    },
}
