-- What `uhost upstream` asks of the policy `upstream`.
local text = { type = "string", default = "" }
local count = { type = "integer", default = 0 }

return {
    fields = {
        upstream = { type = "table", default = {}, fields = {
            url = text, github = text, branch = { type = "string", default = "main" },
        } },
        feed = { type = "table", default = {}, fields = { url = text } },
        tags = { type = "table", default = {}, fields = {
            prefix = text, prereleases = { type = "boolean", default = false },
        } },
        changelog = { type = "table", default = {}, fields = {
            path = text, sections = { type = "list", default = {}, of = { type = "list", of = { type = "string" } } },
        } },
        behind = { type = "table", default = {}, fields = {
            warning = count, critical = { type = "integer", default = 1 },
        } },
        cadence = { type = "table", default = {}, fields = {
            check_hours = { type = "number", default = 6 }, sync_days = { type = "number", default = 30 },
        } },
    },
}
