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
        sync = { type = "table", default = {}, fields = {
            branch = text, tag = text, version_file = text, trailer = text, push = text,
            merges = { type = "string", enum = { "preserve", "flatten" }, default = "preserve" },
            finish = { type = "string", enum = { "rebase", "merge", "branch" }, default = "rebase" },
            build = { type = "list", default = {}, of = { type = "list", of = { type = "string" } } },
            test = { type = "list", default = {}, of = { type = "list", of = { type = "string" } } },
            fixes = { type = "string", enum = { "show", "apply" }, default = "show" },
            test_results = { type = "list", default = {}, of = { type = "string" } },
            timeout_minutes = { type = "number", default = 240 },
            tolerate_known_failures = { type = "boolean", default = false },
            push_workflows = { type = "boolean", default = false },
        } },
    },
}
