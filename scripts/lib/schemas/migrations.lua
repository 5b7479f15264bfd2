-- What `uhost upstream sync` asks of the policy `migrations`.
local text = { type = "string", default = "" }

return {
    fields = {
        rules = { type = "list", default = {}, of = { type = "table", fields = {
            id = { type = "string", required = true },
            files = { type = "list", of = { type = "string" }, required = true },
            pattern = { type = "regex", default = "" }, replacement = text, description = text,
            rewrite = { type = "function" },
            scope = { type = "string", enum = { "fork", "all" }, default = "fork" },
            versions = { type = "list", of = { type = "string" }, default = {} },
        } } },
    },
}
