-- What `uhost workflow_guard` asks of the policy `workflow_rules`.
local words = { type = "list", of = { type = "string" }, default = {} }

return {
    fields = {
        preparing = words, looking = words, delivering = words, preparing_words = words, looking_words = words,
        delivering_words = words, leaving_out = words, switching_off = words, harmless = words, strict = words,
        required_checks = words, archived_actions = words, least_versions = { type = "table", default = {} },
        purposes = { type = "table", default = {} }, same_kind = { type = "list", of = words, default = {} },
        reduces = { type = "function", required = true },
    },
}
