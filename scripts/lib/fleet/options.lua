-- The command line of `uhost fleet`.
local command_line = require("lib.command_line")

local M = {}

local formats = { "text", "json", "html", "markdown" }

---@class fleet.Options
---@field command "run"|"status"|"list"|"report"|"prune"|"shard"
---@field script string?
---@field arguments string[]
---@field over string?
---@field executor string
---@field cpus integer?
---@field memory integer?  bytes
---@field max_parallel integer
---@field resume boolean
---@field retry_failed boolean
---@field timeout number  seconds
---@field retries integer
---@field retry_pause number  seconds
---@field filter string?
---@field mirrors string?
---@field max_disk integer?  bytes
---@field number integer?
---@field format string
---@field output string?
---@field demo boolean

local function seconds(name)
    return function(text)
        local ok, duration_s = pcall(time.add, 0, text)
        if ok and duration_s > 0 then return duration_s end
        return nil, ("%s takes a time such as '30 minutes', not '%s'"):format(name, text)
    end
end

local powers = { [""] = 0, k = 1, m = 2, g = 3, t = 4 }

local function bytes(name)
    return function(text)
        local number, unit = text:lower():match("^(%d+%.?%d*)%s*([kmgt]?)i?b?$")
        if number then return math.floor(tonumber(number) * 1024 ^ powers[unit]) end
        return nil, ("%s takes a size such as 20GiB, not '%s'"):format(name, text)
    end
end

local function declare_mirrors(command)
    command:option("--mirrors", "Where the mirrors of repositories are (default: in the state folder)."):argname("DIR")
    command:option("--max-disk", "How much the mirrors may take, such as 20GiB; those that were used longest ago go.")
        :argname("SIZE"):convert(bytes("--max-disk"))
end

local function declare_report(command)
    command:option("--format", "How to write the report (default: as --output ends, else text)."):choices(formats)
    command:flag("--json", "The same as --format json.")
    command:option("--output", "Write the report to a file; - is standard output."):argname("FILE")
end

local function declare_run(command)
    command:argument("script", "A command of uhost, a script of this repository, or a Lua file."):args("?")
    command:argument("arguments", "What it is given, behind --."):args("*")
    command:option("--over", "The list of repositories: a line for each, OWNER/NAME, an address or a path, and "
        .. "key=value for arguments of its own. - is standard input."):argname("FILE")
    command:option("--executor", "Where the shards run: local, slurm, ssh, github, kubernetes, or one of "
        .. "policies/executors/."):argname("NAME"):default("local")
    command:option("--cpus", "How many processors an executor is to reserve for a shard."):argname("N")
        :convert(command_line.whole_number("--cpus", 1))
    command:option("--memory", "How much memory, such as 4GiB."):argname("SIZE"):convert(bytes("--memory"))
    command:option("--max-parallel", "How many run at once."):argname("N"):default("4")
        :convert(command_line.whole_number("--max-parallel", 1))
    command:flag("--resume", "Go on with the newest run of this that was interrupted, or without SCRIPT with any.")
    command:flag("--retry-failed", "With --resume: also run again what failed because of the outside world.")
    command:option("--timeout", "How long the script may take in one repository."):argname("DURATION")
        :default("1 hour"):convert(seconds("--timeout"))
    command:option("--retries", "How often a repository is tried again when the outside world failed."):argname("N")
        :default("2"):convert(command_line.whole_number("--retries", 0))
    command:option("--retry-pause", "How long to wait before; each further pause is twice as long.")
        :argname("DURATION"):default("5 s"):convert(seconds("--retry-pause"))
    command:option("--filter", "Make partial clones, such as blob:none."):argname("FILTER")
    declare_mirrors(command)
    declare_report(command)
    command:flag("--demo", "Run a made-up script over repositories made for it: no network, no token.")
end

-- What an executor runs. By hand, it tries a script on one repository.
local function declare_shard(command)
    command:argument("script", "The script."):args(1)
    command:argument("arguments", "What it is given, behind --."):args("*")
    command:option("--url", "The repository's address."):argname("URL"):count(1)
    command:option("--name", "What it is called (default: its address)."):argname("NAME")
    command:option("--filter", "Make a partial clone."):argname("FILTER")
    command:option("--timeout", "How long the script may take."):argname("DURATION"):convert(seconds("--timeout"))
    command:option("--result", "Write what came of it to a file."):argname("FILE")
    declare_mirrors(command)
end

local function parser()
    local p = command_line.parser("fleet", "Run a script in many repositories, a few at once, here or where an "
        .. "executor does, and report what came of it. A run that was interrupted is resumed; what had ended is not "
        .. "run again.",
        { "uhost fleet run --demo", "uhost fleet run cache_advisor --over repos.txt --max-parallel 8 --resume",
            "uhost fleet run preflight --over repos.txt --output fleet.html",
            "uhost --dry-run fleet run monthly_audit --over repos.txt -- --since '6 months'", "uhost fleet status",
            "uhost fleet report --json" },
        "the worst of the scripts': 0 fine, 1 findings, 2 broken, or usage, 3 the outside world failed, 130 "
        .. "interrupted.")
    p:command_target("command")
    declare_run(p:command("run", "Run a script in each repository of a list."))
    local status = p:command("status", "Show how far a run is.")
    status:argument("number", "Which run (default: the newest)."):args("?")
    status:flag("--json", "As JSON.")
    p:command("list", "List the runs that are remembered."):flag("--json", "As JSON.")
    local report = p:command("report", "Show the report of a run.")
    report:argument("number", "Which run (default: the newest)."):args("?")
    declare_report(report)
    local prune = p:command("prune", "Forget old runs, and remove mirrors that were not used for long.")
    prune:option("--older-than", "Which runs are forgotten."):argname("DURATION"):default("90 days")
    declare_mirrors(prune)
    declare_shard(p:command("shard", "Run a script in one repository, as an executor does for a fleet."))
    return p
end

local function run_number(text)
    local number = tonumber(text)
    if number and number >= 1 and number % 1 == 0 then return number end
    uhost.fail("usage", ("'%s' is not the number of a run"):format(text), { hint = "uhost fleet list shows them" })
end

local function check_run(options)
    if options.demo then return end
    local executors = build.executors()
    if not tables.set(executors)[options.executor] then
        uhost.fail("usage", ("there is no executor '%s'"):format(term.visible(options.executor)),
            { hint = uhost.suggest(options.executor, executors) })
    end
    if options.resume then
        if (options.script == nil) ~= (options.over == nil) then
            uhost.fail("usage", "--resume takes both the script and --over, or neither",
                { hint = "uhost fleet run --resume goes on with the newest run that was interrupted" })
        end
        return
    end
    if options.retry_failed then
        uhost.fail("usage", "--retry-failed belongs to --resume", { hint = "uhost fleet run --resume --retry-failed" })
    end
    if not options.script then
        uhost.fail("usage", "a script is missing", { hint = "uhost fleet run SCRIPT --over repos.txt" })
    end
    if not options.over then
        local is_behind = tables.set(options.arguments)["--over"]
        uhost.fail("usage", "--over is missing: over which repositories?", { hint = is_behind
            and "options of fleet stand before --" or "uhost fleet run SCRIPT --over repos.txt" })
    end
end

--- Reads the command line. Raises `usage`.
---@param arguments string[]
---@return fleet.Options
function M.read(arguments)
    local options = parser():parse(arguments)
    if options.number then options.number = run_number(options.number) end
    if options.json then options.format = "json" end
    if options.command == "run" then check_run(options) end
    options.output = options.output and command_line.output_file(options.output)
    options.format = command_line.report_format(options, formats)
    if options.older_than then options.older_than = command_line.instant("older-than", options.older_than) end
    return options
end

return M
