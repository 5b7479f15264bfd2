-- What `uhost diagnose --patch` asks of the policy `workflow_patches`.
local list = { type = "list", of = { type = "table" }, default = {} }
local map = { type = "table", default = {} }

return {
    fields = { proposals = list, packages = list, permissions = list, next_images = map, older_images = map,
        next_actions = map, retry = map },
}
