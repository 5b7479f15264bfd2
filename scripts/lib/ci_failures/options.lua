-- The command line of `uhost ci_failures`.
local command_line = require("lib.command_line")
local github_home = require("lib.github_home")

local M = {}

local formats = { "text", "markdown", "json", "html" }

---@class ci_failures.Options
---@field command "check"|"track"|"flaky"|"stats"
---@field github string  "owner/name"
---@field workflow string?
---@field branch string?
---@field event string?
---@field since number  Unix seconds
---@field max_runs integer
---@field format string
---@field output string?
---@field execute boolean
---@field rerun boolean
---@field demo boolean

local function declare(command)
    command:option("--github", "The repository (default: GITHUB_REPOSITORY, else from the remotes).")
        :argname("OWNER/NAME")
    command:option("--workflow", "Only runs of this workflow: its file, such as ci.yml."):argname("FILE")
    command:option("--branch", "Only runs on this branch."):argname("NAME")
    command:option("--event", "Only runs by this event, such as push or schedule."):argname("NAME")
    command:option("--since", "How far back to look."):argname("DURATION"):default("14 days")
    command:option("--max-runs", "How many runs to look at, at most."):argname("N")
        :convert(command_line.whole_number("--max-runs", 1)):default("1000")
    command:option("--format", "How to write the report (default: as --output ends, else text)."):choices(formats)
    command:flag("--json", "The same as --format json.")
    command:option("--output", "Write the report to a file; - is standard output."):argname("FILE")
    command:flag("--demo", "Use a repository made up for it: no network, no token.")
    command_line.declare_max_wait(command)
end

local function parser()
    local p = command_line.parser("ci_failures",
        "Keep one issue for each cause that makes the CI fail, tell flaky tests from broken ones, and count what it "
        .. "costs. policies/ci_failures.lua decides which failures count.",
        { "uhost ci_failures check --demo", "uhost ci_failures check --github owner/name --workflow ci.yml",
            "uhost --dry-run ci_failures track --github owner/name --execute",
            "uhost ci_failures flaky --github owner/name --since '30 days' --json",
            "uhost ci_failures stats --github owner/name --format markdown" },
        "0 fine, 1 (check, flaky) something needs attention, 2 usage or policy, 3 the outside world failed, "
        .. "130 interrupted.")
    p:command_target("command")
    declare(p:command("check", "Show the failures, and what track would do about each."))
    local track = p:command("track", "Open, update and close issues. On a terminal, ask before.")
    declare(track)
    track:flag("--execute --yes", "Do not ask."):target("execute")
    local flaky = p:command("flaky", "Find what ends in different ways on the same commit.")
    declare(flaky)
    flaky:flag("--rerun", "Run failed jobs again whose cause is flaky, as far as the policy allows it.")
    declare(p:command("stats", "Count failures and causes, and how long they last."))
    return p
end

--- Reads the command line. Raises `usage`.
---@param arguments string[]
---@return ci_failures.Options
function M.read(arguments)
    local options = parser():parse(arguments)
    options.since = command_line.instant("since", options.since)
    if options.json then options.format = "json" end
    options.output = options.output and command_line.output_file(options.output)
    options.format = command_line.report_format(options, formats)
    if not options.demo then options.github = github_home.required(options.github) end
    command_line.apply_max_wait(options)
    return options
end

return M
