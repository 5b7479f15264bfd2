-- The command line of `uhost diagnose`.
local command_line = require("lib.command_line")
local github_home = require("lib.github_home")

local M = {}

M.formats = { "text", "markdown", "json", "html", "sarif", "github" }

local default_context, max_context = 3, 100

local description = "Explain a failed log of a CI job: the passage that shows why, what it means, and what to do. "
    .. "Within GitHub Actions and without arguments, explains the other failed jobs of this run."

local examples = {
    "uhost diagnose build.log",
    "make 2>&1 | tee build.log | uhost diagnose -",
    "uhost diagnose --run 1234567 --github rust-lang/rust",
    "uhost diagnose https://github.com/rust-lang/rust/actions/runs/1234567/job/7654321 --compare",
    "uhost diagnose build.log --compare green.log --format markdown",
    "uhost diagnose build.log --kb kb/mine.lua --format json",
    "uhost diagnose build.log --patch",
}

local function parser()
    local p = command_line.parser("diagnose", description, examples,
        "0 known cause, 1 unknown cause, 2 usage or a broken kb, 3 the outside world failed, 130 interrupted.")
    p:argument("logs", "Files (also .gz, .zst, .xz, .bz2 and .zip), folders of logs, the address of a run or a job at "
        .. "GitHub, or - for standard input."):args("*"):argname("LOG")
    p:option("--run", "The failed jobs of a run of GitHub Actions."):argname("ID")
    p:option("--job", "A job of GitHub Actions."):argname("ID")
    p:option("--github", "Where run and job are (default: $GITHUB_REPOSITORY, or from the remotes).")
        :argname("OWNER/NAME")
    p:option("--kb", "Knowledge bases in place of the shipped and your own: files that end in .lua, folders.")
        :args("+"):count("*"):argname("PATH")
    p:option("--format", "How to write the report (default: as --output ends, else text)."):choices(M.formats)
    p:option("--output", "Write the report to a file, as a whole or not at all; - is standard output."):argname("FILE")
    p:option("--compare", "Say what differs from a green log: this one, or that of the last green run of the same job "
        .. "on the default branch."):args("?"):argname("LOG")
    p:flag("--patch", "Propose the smallest change of the workflow that removes the cause, if no check is lost by it.")
    p:option("--workflow", "The workflow that the log is of, for --patch (default: as the run says, or the one in "
        .. ".github/workflows with such a job)."):argname("FILE")
    p:option("--context", ("Lines to show around a finding (default: %d)."):format(default_context)):argname("N")
    p:flag("--no-store", "Do not remember in the store what was found.")
    command_line.declare_max_wait(p)
    return p
end

local function wrong(message, hint) uhost.fail("usage", message, { hint = hint }) end

-- A run or job by its page's address: owner/name, run, job.
local function page_of(text)
    local repository, rest = text:match("^https?://[^/]+/([^/]+/[^/]+)/actions/runs/(.+)$")
    if not repository then
        repository, rest = text:match("^https?://[^/]+/([^/]+/[^/]+)/(runs/.+)$")
        rest = rest and rest:gsub("^runs/", "/job/")
    end
    if not repository then return nil end
    local run, job = rest:match("^(%d*).-/jobs?/(%d+)")
    return repository, tonumber(run or rest:match("^%d+")), tonumber(job)
end

local function id_of(option, text)
    if not text then return nil end
    if text:match("^%d+$") and #text < 16 then return tonumber(text) end
    local repository, run, job = page_of(text)
    local id = option == "--job" and job or option == "--run" and run
    if id then return id, repository end
    wrong(("%s: '%s' is not a number"):format(option, text),
        ("for example %s 123456, the number in its page's address"):format(option))
end

local function context_of(given)
    if not given.context then return default_context end
    local lines = tonumber(given.context)
    if given.context:match("^%d+$") and lines <= max_context then return lines end
    wrong(("--context: '%s' is not a number of lines up to %d"):format(given.context, max_context),
        "for example --context 5")
end

-- `--kb` takes all that follows; what is neither a rule file nor a folder is a log.
local function knowledge_bases(given, logs)
    local paths = {}
    for _, list in ipairs(given.kb) do
        for i, path in ipairs(list) do
            local found = fs.stat(path)
            if path:find("%.lua$") or found and found.type == "directory" then
                if not found then wrong(("--kb: there is no %s"):format(path), "name a file or a folder") end
                paths[#paths + 1] = path
            elseif i > 1 then
                logs[#logs + 1] = path
            else
                wrong(("--kb: %s is neither a folder nor a file that ends in .lua"):format(path),
                    "for example --kb kb/mine.lua")
            end
        end
    end
    return #paths > 0 and paths or nil
end

-- A log that is the address of a page at GitHub.
local function take_page(options, logs)
    for i, text in ipairs(logs) do
        local repository, run, job = page_of(text)
        if repository then
            if options.run or options.job or #logs > 1 then
                wrong("a page at GitHub is explained by itself", "give one address, and no other log")
            end
            options.github, options.run, options.job = options.github or repository, not job and run or nil, job
            table.remove(logs, i)
            return
        end
    end
end

-- Within a workflow, without naming a log: the other jobs of this run.
local function take_this_run(options)
    local run = tonumber(os.getenv("GITHUB_RUN_ID") or "")
    if os.getenv("GITHUB_ACTIONS") == "true" and run then
        options.run, options.is_own_run = run, true
        return
    end
    wrong("no log given", "uhost diagnose build.log, or - for standard input; see uhost diagnose --help")
end

local function check_combination(options)
    local from_github = options.run or options.job
    if #options.logs > 0 and from_github then
        wrong("a log and --run or --job exclude each other", "give one of them")
    end
    if #options.logs == 0 and not from_github then take_this_run(options) end
    if options.compare == true and #options.logs > 0 then
        wrong("--compare needs a green log", "uhost diagnose failed.log --compare green.log")
    end
    local inputs = options.compare == "-" and 1 or 0
    for _, log_name in ipairs(options.logs) do inputs = inputs + (log_name == "-" and 1 or 0) end
    if inputs > 1 then wrong("standard input is one log only", "give - once") end
end

---@class diagnose.Options
---@field logs string[]  files, folders, "-"
---@field run integer?
---@field job integer?
---@field is_own_run boolean?  whether the run is the one that this is part of
---@field github string?  "owner/name"
---@field kb string[]?  nil for the shipped and the user's own
---@field format "text"|"markdown"|"json"|"html"|"sarif"|"github"
---@field output string?
---@field compare boolean|string|nil  a log, or true for the last green run
---@field context integer
---@field patch boolean?  whether to propose a change of the workflow
---@field workflow string?  the file that it is to change
---@field store boolean
---@field explanation_only boolean?  without the lines that have no known meaning

--- Reads a command line. Raises `usage` with the option and the remedy for whatever is wrong with it.
---@param arguments string[]
---@return diagnose.Options
function M.read(arguments)
    local given = parser():parse(arguments)
    command_line.apply_max_wait(given)
    local logs = given.logs
    local options = {
        logs = logs, kb = knowledge_bases(given, logs),
        github = given.github and github_home.checked("--github", given.github),
        format = command_line.report_format(given, M.formats), output = given.output, context = context_of(given),
        store = not given.no_store, patch = (given.patch or given.workflow) and true or nil, workflow = given.workflow,
    }
    local home
    options.run, home = id_of("--run", given.run)
    options.github = options.github or home
    options.job, home = id_of("--job", given.job)
    options.github = options.github or home
    take_page(options, logs)
    if given.compare then options.compare = given.compare[1] or true end
    check_combination(options)
    if options.output then options.output = command_line.output_file(options.output) end
    return options
end

return M
