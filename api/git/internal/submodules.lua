-- Submodules: what is checked out, and bringing it up to date.
local program = require("uhost.git.internal.program")

local M = {}

local states = { ["-"] = "not_initialized", ["+"] = "changed", ["U"] = "conflicted", [" "] = "current" }

-- Names and URLs by path, from .gitmodules.
local function declared(repository)
    local by_name, by_path = {}, {}
    local text = program.ask(repository, "read .gitmodules", "config", "--file", ".gitmodules", "--null",
        "--get-regexp", "^submodule\\..*\\.(path|url)$") or ""
    for entry in text:gmatch("([^%z]*)%z") do
        local name, key, value = entry:match("^submodule%.(.*)%.(%a+)\n(.*)$")
        if name then
            by_name[name] = by_name[name] or { name = name }
            by_name[name][key] = value
        end
    end
    for _, submodule in pairs(by_name) do by_path[submodule.path or ""] = submodule end
    return by_path
end

function M.submodules(repository)
    local list = {}
    if repository:is_bare() then return list end
    local has_any = fs.exists(repository:work_tree() .. "/.gitmodules")
    local known = has_any and declared(repository) or {}
    local text = has_any and program.ask(repository, "read the submodules", "submodule", "status") or ""
    for line in text:gmatch("[^\n]+") do
        local state, id, path = line:match("^(.)(%x+) (.*)$")
        if state ~= "-" then path = path:gsub(" %([^()]*%)$", "") end
        local submodule = known[path] or {}
        list[#list + 1] = {
            path = path, id = id, state = states[state], name = submodule.name,
            url = submodule.url and program.without_login(submodule.url),
        }
    end
    return list
end

function M.update_submodules(repository, options)
    local method = "Repository:update_submodules"
    options = uhost.check_options(options, method, { "paths", "recursive", "depth", "folders" })
    local command = { "submodule", "update", "--init" }
    if options.folders then command = { "-c", "protocol.file.allow=always", unpack(command) } end
    if options.recursive then command[#command + 1] = "--recursive" end
    if options.depth then command[#command + 1] = ("--depth=%d"):format(options.depth) end
    command[#command + 1] = "--"
    local paths = type(options.paths) == "string" and { options.paths } or options.paths or {}
    for _, path in ipairs(paths) do command[#command + 1] = path end
    program.command(repository, "update_submodules", "check out its submodules", unpack(command))
    return M.submodules(repository)
end

return M
