-- The command line of `uhost logs`.
local address = require("lib.logs.address")
local command_line = require("lib.command_line")
local github_home = require("lib.github_home")

local M = {}

local whole = command_line.whole_number

local function declare_filter(command)
    command:option("--github", "Only of this repository."):argname("OWNER/NAME")
    command:option("--run", "Only of this run: its number, or what a local one is called."):argname("RUN")
    command:option("--workflow", "Only of this workflow: its file, such as ci.yml."):argname("FILE")
    command:option("--branch", "Only of runs on this branch."):argname("NAME")
    command:option("--conclusion", "Only of jobs that ended so: success, failure, cancelled …"):argname("WORD")
    command:option("--job", "Only of jobs whose name begins so; * is anything."):argname("NAME")
    command:option("--since", "Only of runs since then: a date, or a length of time such as 30d."):argname("TIME")
end

local function declare_facts(command)
    command:option("--run", "What the run is called (default: local-1, local-2 …). Logs of jobs that it has already "
        .. "take their places."):argname("NAME")
    command:option("--job", "What the job is called (default: the file's name)."):argname("NAME")
    command:option("--github", "The repository that the run is of."):argname("OWNER/NAME")
    command:option("--workflow", "The workflow that the run is of."):argname("FILE")
    command:option("--branch", "The branch that was built."):argname("NAME")
    command:option("--commit", "The commit that was built."):argname("SHA")
    command:option("--conclusion", "How it ended: success, failure …"):argname("WORD")
    command:option("--at", "When it began (ISO 8601; default: now)."):argname("TIME")
end

local function declare_json(command, schema)
    command:flag("--json", ("Write it as JSON (uhost schema %s)."):format(schema))
end

local function declare_ingest(parser)
    local ingest = parser:command("ingest",
        "Keep logs of this machine: files, packed files, folders, archives of runs.")
    ingest:argument("logs", "Files or folders; - is standard input."):args("+")
    declare_facts(ingest)
    declare_json(ingest, "logs_ingest")
end

local function declare_search(parser)
    local search = parser:command("search", "Find lines by a regular expression (PCRE2).")
    search:argument("pattern", "What to look for.")
    declare_filter(search)
    search:option("--step", "Only in steps whose name begins so; * is anything."):argname("NAME")
    search:flag("-i --ignore-case", "Letters match without regard to case.")
    search:flag("-F --fixed-strings", "The pattern is a text, and no regular expression.")
    search:option("-C --context", "Show so many lines around each."):argname("N")
        :convert(whole("--context", 0)):default("0")
    search:flag("-c --count", "Count the lines of each job, instead of showing them.")
    search:option("--limit", "Show so many lines at most."):argname("N"):convert(whole("--limit", 1)):default("1000")
    declare_json(search, "logs_search")
end

local function declare_show(parser)
    local show = parser:command("show", "Show a log, or the runs and jobs that there are.")
    show:argument("address", "RUN, RUN/JOB, or RUN/JOB:LINE as search shows it. Without it, all runs are listed.")
        :args("?")
    show:option("--github", "The repository that the run is of."):argname("OWNER/NAME")
    show:option("--attempt", "This attempt of the run (default: the newest)."):argname("N")
        :convert(whole("--attempt", 1))
    show:option("--step", "Only this step, by name or its beginning."):argname("NAME")
    show:option("--since", "List runs since then."):argname("TIME")
    show:option("-C --context", "With a line, show so many around it."):argname("N")
        :convert(whole("--context", 0)):default("10")
    show:flag("--times", "Show the time of each line.")
    declare_json(show, "logs_show")
end

local function declare_repository(command)
    command:option("--github", "The repository (default: GITHUB_REPOSITORY, else from the remotes).")
        :argname("OWNER/NAME")
    command_line.declare_max_wait(command)
end

local function declare_github(parser)
    local fetch = parser:command("fetch", "Keep the logs of runs at GitHub that have ended and are not kept yet.")
    declare_repository(fetch)
    fetch:option("--run", "Only this run."):argname("N"):convert(whole("--run", 1))
    fetch:option("--workflow", "Only runs of this workflow: its file, such as ci.yml."):argname("FILE")
    fetch:option("--branch", "Only runs on this branch."):argname("NAME")
    fetch:option("--conclusion", "Only runs that ended so: success, failure …"):argname("WORD")
    fetch:option("--job", "Only jobs whose name begins so."):argname("NAME")
    fetch:option("--since", "Only runs since then (default: 14 days)."):argname("TIME")
    fetch:option("--max-runs", "So many runs at most."):argname("N"):convert(whole("--max-runs", 1)):default("100")
    declare_json(fetch, "logs_fetch")
    local tail = parser:command("tail", "Follow a run: jobs and steps as they come, logs as GitHub gives them, and how "
        .. "it is likely to end.")
    declare_repository(tail)
    tail:option("--run", "The run's number."):argname("N"):convert(whole("--run", 1)):count(1)
    tail:option("--job", "Only jobs whose name begins so."):argname("NAME")
    tail:option("--lines", "Show so many of the last lines of each log; 0 shows none."):argname("N")
        :convert(whole("--lines", 0)):default("50")
    tail:option("--interval", "Seconds between two looks."):argname("SECONDS")
        :convert(whole("--interval", 1)):default("10")
end

local function declare_comparison(parser)
    local compare = parser:command("compare", "Show what differs between two runs: steps, versions, durations, lines.")
    compare:argument("run_a", "The run before, which went well.")
    compare:argument("run_b", "The run after.")
    compare:option("--github", "The repository that the runs are of."):argname("OWNER/NAME")
    compare:option("--job", "Only jobs whose name begins so."):argname("NAME")
    declare_json(compare, "logs_compare")
    local predict = parser:command("predict", "Say how good predictions are, of the history that is kept: tail makes "
        .. "them while a run lasts.")
    declare_repository(predict)
    predict:option("--workflow", "Runs of this workflow: its file, such as ci.yml."):argname("FILE"):default("ci.yml")
    declare_json(predict, "logs_predict")
end

local function declare_shipping(parser)
    local ship = parser:command("ship", "Send logs to the sinks of policies/log_sinks.lua; for cron, or after fetch.")
    ship:option("--sink", "Prepare logs for this sink only."):argname("ID")
    ship:option("--since", "Of a sink that is new, send runs since then (default: 1 day)."):argname("TIME")
    declare_json(ship, "logs_ship")
end

local function declare_care(parser)
    local stats = parser:command("stats", "Say what is kept, and what it takes.")
    declare_json(stats, "logs_stats")
    local verify = parser:command("verify", "Read everything, and find damage.")
    declare_json(verify, "logs_verify")
    local prune = parser:command("prune", "Forget old logs, by policies/log_retention.lua, and give their space back.")
    prune:option("--keep", "Forget what is older than this instead: a date, or a length of time such as 90d.")
        :argname("TIME")
    declare_json(prune, "logs_prune")
end

local function parser()
    local p = command_line.parser("logs",
        "Keep the logs of runs and local builds, packed to a tenth, and find lines in them at once.",
        { "uhost logs ingest build.log --run nightly", [[uhost logs search 'LNK\d+' --job build --since 30d]],
            "uhost logs show nightly/build", "uhost logs fetch --github owner/name --since '30 days'",
            "uhost logs compare 1004 1005 --demo", "uhost logs search error --demo" },
        "0 fine, 1 nothing found (search), damage (verify) or a difference (compare), 2 usage or policy, "
        .. "3 the outside world failed, 130 interrupted.")
    p:command_target("command")
    declare_ingest(p)
    declare_search(p)
    declare_show(p)
    declare_comparison(p)
    declare_github(p)
    declare_shipping(p)
    declare_care(p)
    for _, command in ipairs(p._commands) do
        command:flag("--demo", "Use logs made up for it: no network, no token, nothing is kept.")
    end
    return p
end

-- An instant that the command line names, in ISO 8601.
local function instant(options, name)
    if not options[name] then return end
    options[name] = time.iso(command_line.instant(name, options[name]))
end

--- Reads the command line. Raises `usage`.
---@param arguments string[]
---@return table
function M.read(arguments)
    local options = parser():parse(arguments)
    local asks_github = (options.command == "fetch" or options.command == "tail" or options.command == "predict")
        and not options.demo
    if asks_github then
        options.github = github_home.required(options.github)
    elseif options.github then
        options.github = github_home.named(options.github)
    end
    command_line.apply_max_wait(options)
    if options.command == "ingest" and options.run and options.run:find("[/%c]") then
        uhost.fail("usage", "--run: the name of a run has no slash", { hint = "such as nightly-2026-01-31" })
    end
    if options.keep then options.keep = command_line.instant("keep", options.keep) end
    instant(options, "since")
    instant(options, "at")
    if options.address then options.address = address.parse(options.address) end
    return options
end

return M
