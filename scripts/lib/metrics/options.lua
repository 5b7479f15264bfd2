-- The command line of `uhost metrics`.
local command_line = require("lib.command_line")
local github_home = require("lib.github_home")

local M = {}

local report_formats = { "text", "markdown", "json", "html" }
local export_formats = { "prometheus", "otlp", "csv", "json" }

---@class metrics.Options
---@field command "collect"|"show"|"check"|"export"
---@field github string?  "owner/name"
---@field since number  Unix seconds
---@field workflow string?
---@field branch string?
---@field platform string?
---@field variant string?
---@field job string?
---@field format string
---@field output string?
---@field demo boolean

local function declare(command, since)
    command:option("--github", "The repository (default: GITHUB_REPOSITORY, else from the remotes).")
        :argname("OWNER/NAME")
    command:option("--since", "How far back to look."):argname("DURATION"):default(since)
    command:option("--workflow", "Only runs of this workflow: its file, such as ci.yml."):argname("FILE")
    command:option("--branch", "Only runs on this branch."):argname("NAME")
end

local function declare_jobs(command)
    command:option("--job", "Only jobs of this name."):argname("NAME")
    command:option("--platform", "Only jobs on this platform, such as linux or macos."):argname("NAME")
    command:option("--variant", "Only jobs of this variant: the values of their matrix."):argname("NAME")
    command:option("--output", "Write to a file; - is standard output."):argname("FILE")
    command:flag("--demo", "Use a year of made-up builds: no network, no token, nothing is kept.")
end

local function declare_report(command)
    command:option("--format", "How to write the report (default: as --output ends, else text)."):choices(
        report_formats)
    command:flag("--json", "The same as --format json.")
end

local function declare_collect(parser)
    local command = parser:command("collect", "Read what is new at GitHub and in files, and keep it.")
    declare(command, "90 days")
    for _, each in ipairs({ { "--build-json", "what build.metrics() gave" },
        { "--tests", "results of tests: JUnit, ctest or libtest" },
        { "--audit-json", "reports of uhost monthly_audit --format json" } }) do
        command:option(each[1], ("Files with %s. Without --run-id they belong to the run that they name."):format(
            each[2])):argname("FILE"):args("+")
    end
    command:option("--run-id", "The run that the files belong to (default: GITHUB_RUN_ID)."):argname("ID")
    command:option("--commit", "The commit that the files are of (default: GITHUB_SHA)."):argname("SHA")
    command:option("--job", "The job that results of tests are of (default: their file's name)."):argname("NAME")
    command:flag("--json", "Say what was found as JSON (uhost schema metrics_collect).")
    command:flag("--no-github", "Read files and the stores of other commands only; no network, no token.")
    command:flag("--demo", "Show what a collection says, on made-up builds: no network, no token, nothing is kept.")
    command_line.declare_max_wait(command)
end

local function declare_check(parser)
    local command = parser:command("check", "Say whether builds of a commit are slower than those of a branch, and "
        .. "exit with 1 if so.")
    declare(command, "90 days")
    declare_jobs(command)
    declare_report(command)
    command:option("--against", "The branch to compare with."):argname("BRANCH"):default("main")
    command:option("--commit", "The commit (default: that of the newest run on --branch, else GITHUB_SHA, else HEAD).")
        :argname("SHA")
    command:option("--pull", "Keep one comment about it on this pull request."):argname("NUMBER")
        :convert(command_line.whole_number("--pull", 1))
    command_line.declare_max_wait(command)
end

local function declare_export(parser)
    local command = parser:command("export", "Write what is known for Prometheus, OpenTelemetry, a spreadsheet or a "
        .. "program.")
    declare(command, "30 days")
    declare_jobs(command)
    command:option("--format", "What to write."):choices(export_formats):default("prometheus")
    command:flag("--json", "The same as --format json.")
    command:option("--pushgateway", "Send Prometheus's text to this Pushgateway."):argname("URL")
    command:option("--endpoint", "Send OTLP over HTTP to this collector, such as http://localhost:4318.")
        :argname("URL")
    command:option("--user", "Send METRICS_TOKEN of the environment as the password of this user (default: as a "
        .. "bearer token)."):argname("NAME")
end

local function parser()
    local p = command_line.parser("metrics",
        "Measure builds: how long they take, where, what they cost, and which commit changed it. What runners cost, "
        .. "and what counts as slower, is in policies/metrics.lua; limits are in policies/alerts.lua.",
        { "uhost metrics show --demo", "uhost metrics collect --github owner/name",
            "uhost metrics collect --no-github --build-json build-metrics.json --tests junit.xml",
            "uhost metrics show --demo --since '30 days' --branch main --platform linux",
            "uhost metrics check --demo --against main",
            "uhost metrics export --demo --format prometheus --output builds.prom" },
        "0 fine, 1 (check) builds are slower, 2 usage or policy, 3 the outside world failed, 130 interrupted.")
    p:command_target("command")
    declare_collect(p)
    local show = p:command("show", "Show how builds do.")
    declare(show, "90 days")
    declare_jobs(show)
    declare_report(show)
    declare_check(p)
    declare_export(p)
    return p
end

local function resolve_format(options)
    if options.json then options.format = "json" end
    options.output = options.output and command_line.output_file(options.output)
    if options.command == "show" or options.command == "check" then
        options.format = command_line.report_format(options, report_formats)
    end
end

local function refuse_contradictions(options)
    if options.pushgateway and options.format ~= "prometheus" then
        uhost.fail("usage", "--pushgateway takes Prometheus's text", { hint = "leave out --format" })
    end
    if options.endpoint and options.format ~= "otlp" then
        uhost.fail("usage", "--endpoint takes OpenTelemetry's protocol", { hint = "add --format otlp" })
    end
    for _, name in ipairs({ "pushgateway", "endpoint" }) do
        if options[name] and not options[name]:find("^https?://[^/]") then
            uhost.fail("usage", ("--%s: '%s' is not an address"):format(name, options[name]),
                { hint = "http://HOST:PORT" })
        end
    end
end

--- Reads the command line. Raises `usage`.
---@param arguments string[]
---@return metrics.Options
function M.read(arguments)
    local options = parser():parse(arguments)
    options.since = command_line.instant("since", options.since)
    resolve_format(options)
    refuse_contradictions(options)
    if not options.demo then
        options.github = (options.no_github or options.command ~= "collect") and github_home.named(options.github)
            or not options.no_github and options.command == "collect" and github_home.required(options.github) or nil
    end
    command_line.apply_max_wait(options)
    return options
end

return M
