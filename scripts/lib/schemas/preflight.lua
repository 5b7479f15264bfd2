-- What `uhost preflight` asks of the policy `preflight`.
return {
    fields = {
        checks = { type = "list", default = {}, of = { type = "table" } },
        concerns = { type = "function", required = true },
    },
}
