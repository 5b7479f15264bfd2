-- What `uhost upstream` asks of the policy `integration_points`.
local text = { type = "string", default = "" }
local name = { type = "string", required = true }
local names = { type = "list", default = {}, of = { type = "string" } }
local patterns = { type = "list", default = {}, of = { type = "regex" } }
local risk = { type = "string", enum = { "low", "medium", "high" }, default = "medium" }

return {
    fields = {
        points = { type = "list", default = {}, of = { type = "table", fields = {
            id = name, path = name, risk = risk, description = text, pattern = { type = "regex" },
            modification = text,
        } } },
        dependencies = { type = "list", default = {}, of = { type = "table", fields = {
            id = name, module = name, path = { type = "string" }, used_by = names, apis = names, risk = risk,
        } } },
        languages = { type = "list", default = {}, of = { type = "table", fields = {
            id = name, files = names, headers = patterns, not_headers = patterns, comment = { type = "string" },
            keeps_spaces = { type = "boolean", default = false },
        } } },
    },
}
