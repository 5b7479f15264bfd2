-- What `uhost logs ship` asks of the policy `log_sinks`.
local text, required_text = { type = "string" }, { type = "string", required = true }

return {
    fields = {
        sinks = { type = "list", default = {}, of = { type = "table", fields = {
            id = required_text, type = required_text, url = text, user = text, tenant = text, index = text,
            region = text, bucket = text, prefix = text, access_key_id = text, to = text, service = text,
            match = { type = "table", default = {}, open = true, fields = {} },
            batch_lines = { type = "integer" }, batch_bytes = { type = "integer" },
        } } },
        label_branches = { type = "list", default = {}, of = text },
        max_waiting = { type = "integer", default = 500 },
        max_attempts = { type = "integer", default = 20 },
    },
}
