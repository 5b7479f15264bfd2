-- `uhost upstream`: follow the project that a fork is made from. Each group of commands is a module: `declare` adds
-- them to the parser, `commands` has a function for each, `quiet` names those that tell nothing of alerts, and
-- `is_alone` is for those that need no project.
local alerts = require("lib.upstream.alerts")
local command_line = require("lib.command_line")
local project_of = require("lib.upstream.project")

local M = {}

local groups = {
    require("lib.upstream.monitor"),
    require("lib.upstream.status"),
    require("lib.upstream.analyze"),
    require("lib.upstream.history"),
    require("lib.upstream.resolution.command"),
    require("lib.upstream.resolution.learn_command"),
    require("lib.upstream.sync.main"),
    alerts,
    require("lib.upstream.import"),
}

local function read_options(arguments)
    local parser = command_line.parser("upstream",
        "Follow the project that a fork is made from: its releases, and how far behind the fork is. "
        .. "policies/upstream.lua names the project.",
        { "uhost upstream --demo", "uhost upstream monitor --help", "uhost upstream analyze --help",
            "uhost upstream sync --demo" },
        "0 fine, 1 too far behind, a high risk, conflicts or an alert, 2 usage or policy, 3 no source could be read, "
        .. "or unknown, 130 interrupted.")
    parser:command_target("command"):require_command(false)
    parser:flag("--demo", "Show monitor, status and analyze on a fork made for it; no network, no token.")
    for _, group in ipairs(groups) do group.declare(parser) end
    return parser:parse(arguments)
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local options = read_options(arguments)
    if options.demo and not options.command then return require("lib.upstream.demo").run() end
    if not options.command then
        uhost.fail("usage", "a command is missing", { hint = "see uhost upstream --help" })
    end
    for _, group in ipairs(groups) do
        local command = group.commands[options.command]
        if command and group.is_alone then return command(options) end
        if command and options.demo then return command(nil, options) end
        if command then
            local project = project_of.open()
            local exit_code = command(project, options)
            if not (group.quiet and group.quiet[options.command]) then alerts.tell(project) end
            return exit_code
        end
    end
end

return M
