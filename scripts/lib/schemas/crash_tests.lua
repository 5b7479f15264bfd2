-- What monthly_audit asks of the policy `crash_tests`.
return {
    fields = {
        also = { type = "list", of = { type = "string" }, default = {} },
        issues_of = { type = "function", required = true },
        successor_of = { type = "function", required = true },
    },
}
