-- Updates of dependencies by Dependabot.
local languages = require("lib.scaffold.languages")
local template = require("lib.scaffold.template")

local M = {}

local update = [==[
- package-ecosystem: <<ecosystem>>
  <<where>>
  schedule:
    interval: weekly
  cooldown:
    default-days: 7
  commit-message:
    prefix: <<prefix>>
  groups:
    <<ecosystem>>:
      patterns: ["*"]
      update-types: [minor, patch]
]==]

local function update_of(ecosystem, prefix, where)
    return (template.fill(update, { ecosystem = ecosystem, prefix = prefix, where = where or "directory: /" }))
end

--- Updates for what the project has; of a language that was asked for, also before it has a manifest.
---@param project scaffold.Project
---@return table<string, string>
function M.dependabot(project)
    local updates = { update_of("github-actions", "ci", 'directories: ["/", "/.github/actions/*"]') }
    local names, seen = { project.language, unpack(project.languages) }, {}
    for _, name in ipairs(names) do
        local ecosystem = languages[name] and languages[name].ecosystem
        if ecosystem == "pip" and project.has("uv.lock") then ecosystem = "uv" end
        if ecosystem and not seen[name] then updates[#updates + 1] = update_of(ecosystem, "deps") end
        seen[name] = true
    end
    if project.has("Dockerfile") then updates[#updates + 1] = update_of("docker", "docker") end
    if project.has(".gitmodules") then updates[#updates + 1] = update_of("gitsubmodule", "deps") end
    local text = table.concat(updates, "\n"):gsub("\n$", "")
    return { [".github/dependabot.yml"] = template.fill([==[
# Updates of what the project depends on, once a week and a week after they came out, small ones together. Security
# updates come at once.
version: 2
updates:
  <<updates>>
]==], { updates = text }) }
end

return M
