-- What `uhost serve` asks of the policy `events`.
local required_text = { type = "string", required = true }
local words = { type = "list", of = { type = "string" } }
local command = { type = "list", of = { type = "string" }, required = true }

return {
    fields = {
        rules = { type = "list", default = {}, of = { type = "table", fields = {
            id = required_text, event = required_text, actions = words, repositories = words,
            when = { type = "function" }, concurrency = { type = "string" }, run = command,
        } } },
        commands = { type = "table", default = {}, of = { type = "table", fields = { run = command } } },
    },
}
