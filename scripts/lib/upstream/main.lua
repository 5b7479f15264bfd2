-- `uhost upstream`: follow the project that a fork is made from. Each group of commands is a module: `declare` adds
-- them to the parser, `commands` has a function for each, `quiet` names those that tell nothing of alerts, and
-- `is_alone` is for those that need no project.
local alerts = require("lib.alerts")
local command_line = require("lib.command_line")
local project_of = require("lib.upstream.project")

local M = {}

-- The modules with their commands, in the order of the help.
local groups = {
    { "monitor", commands = { "monitor" } },
    { "status", commands = { "status", "check" } },
    { "analyze", commands = { "analyze" } },
    { "history", commands = { "history", "report" } },
    { "resolution.command", commands = { "resolve", "remembered", "forget" } },
    { "resolution.learn_command", commands = { "learn" } },
    { "sync.main", commands = { "sync" } },
    { "alerts", commands = { "alerts" } },
    { "import", commands = { "import" } },
}

-- The groups to load: that of the command, and all of them to list or to suggest commands.
local function groups_for(arguments)
    local wanted = groups
    for _, group in ipairs(groups) do
        if tables.set(group.commands)[arguments[1]] then wanted = { group } end
    end
    local loaded = {}
    for i, group in ipairs(wanted) do loaded[i] = require("lib.upstream." .. group[1]) end
    return loaded
end

local function read_options(arguments, loaded)
    local parser = command_line.parser("upstream",
        "Follow the project that a fork is made from: its releases, and how far behind the fork is. "
        .. "policies/upstream.lua names the project.",
        { "uhost upstream --demo", "uhost upstream monitor --help", "uhost upstream analyze --help",
            "uhost upstream sync --demo" },
        "0 fine, 1 too far behind, a high risk, conflicts or an alert, 2 usage or policy, 3 no source could be read, "
        .. "or unknown, 130 interrupted.")
    parser:command_target("command"):require_command(false)
    parser:flag("--demo", "Show monitor, status and analyze on a fork made for it; no network, no token.")
    for _, group in ipairs(loaded) do group.declare(parser) end
    return parser:parse(arguments)
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local loaded = groups_for(arguments)
    local options = read_options(arguments, loaded)
    if options.demo and not options.command then return require("lib.upstream.demo").run() end
    if not options.command then
        uhost.fail("usage", "a command is missing", { hint = "see uhost upstream --help" })
    end
    for _, group in ipairs(loaded) do
        local command = group.commands[options.command]
        if command and group.is_alone then return command(options) end
        if command and options.demo then return command(nil, options) end
        if command then
            local project = project_of.open()
            if group.quiet and group.quiet[options.command] then return command(project, options) end
            local rules = task.spawn(alerts.load)
            local exit_code = command(project, options)
            require("lib.upstream.alerts").tell(project, rules:await())
            return exit_code
        end
    end
end

return M
