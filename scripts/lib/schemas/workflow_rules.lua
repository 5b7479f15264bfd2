-- What `uhost workflow_guard` asks of the policy `workflow_rules`.
local words = { type = "list", of = { type = "string" }, default = {} }
local map = { type = "table", default = {} }

return {
    fields = {
        preparing = words, looking = words, delivering = words, preparing_words = words, looking_words = words,
        delivering_words = words, leaving_out = words, switching_off = words, harmless = words, strict = words,
        strict_of = map, selecting = words, selecting_of = map, selecting_commands = words, narrow_targets = words,
        parts_by_name = words, toothless = words, required_checks = words, archived_actions = words,
        least_versions = map, purposes = map, command_purposes = map,
        same_kind = { type = "list", of = words, default = {} },
        reduces = { type = "function", required = true },
    },
}
