-- The audit's command line.
local command_line = require("lib.command_line")
local github_home = require("lib.github_home")

local M = {}

local formats = { "text", "markdown", "json", "html", "csv", "sarif" }

-- A mistake in a policy is found before it has closed hundreds of issues.
local default_close_limit = 25

local description = "List the issues whose crash tests were deleted while the issue stayed open, and what became of "
    .. "all other issues whose tests were deleted. policies/crash_tests.lua says which issues a test stands for."

local examples = {
    "uhost monthly_audit --demo",
    "uhost monthly_audit --repo ~/rust --since '6 months'",
    "uhost monthly_audit --github rust-lang/rust --format markdown --output audit.md",
    "uhost --quiet monthly_audit --since '1 month' --format json --fail-on-findings",
    "uhost monthly_audit --tracking-issue --tracking-label crash-tests",
    "uhost --dry-run monthly_audit --close --close-limit 5",
    "uhost monthly_audit --github rust-lang/rust --pull 123456 --comment",
}

local function parser()
    local p = command_line.parser("monthly_audit", description, examples)
    p:option("--repo", "The repository's folder (default: the current one)."):argname("PATH")
    p:option("--github", "Where its issues are (default: from the remotes)."):argname("OWNER/NAME")
    p:option("--also", "Another repository, or OWNER/* for all of an owner, whose issues tests may stand for; may be "
        .. "given more than once. GitHub is asked about no others.")
        :argname("OWNER/NAME"):count("*")
    p:option("--path", "The folder with the crash tests (default: tests/crashes)."):argname("FOLDER")
    p:option("--since", "Report only deletions of this long: '6 months', '90 days'."):argname("DURATION")
    p:option("--from", "Report only deletions since this day or time, UTC."):argname("DATE")
    p:option("--to", "Report only deletions up to this day (included) or time."):argname("DATE")
    p:option("--format", "How to write the report (default: as --output ends, else text)."):choices(formats)
    p:option("--output", "Write the report to a file, as a whole or not at all; - is standard output."):argname("FILE")
    p:option("--tracking-issue", "Keep one issue with all that needs attention, in the audited repository or another.")
        :args("?"):argname("OWNER/NAME")
    p:option("--tracking-label", "A label for the tracking issue; may be given more than once."):argname("LABEL")
        :count("*")
    p:flag("--close", "Close the issues that are out of sync, each with a comment that says why.")
    p:option("--close-limit", ("With --close, close at most this many (default: %d)."):format(default_close_limit))
        :argname("N")
    p:option("--pull", "Say instead what a pull request means for issues once it is merged. Needs no clone.")
        :argname("NUMBER")
    p:flag("--comment", "With --pull, keep one comment at the pull request that says so.")
    p:flag("--fail-on-findings", "Exit with 1 when something needs attention.")
    p:flag("--refresh", "Walk the whole history again, and forget what was indexed.")
    command_line.declare_max_wait(p)
    p:flag("--demo", "Show every kind of finding on a small repository made for it; no network, no token.")
    return p
end

local function refuse(message, hint) uhost.fail("usage", message, { hint = hint }) end

-- The value of a time function, or a usage error that names the option.
local function read_time(option, text, read, expected, hint)
    local ok, value = pcall(read, text)
    if ok then return value end
    if not uhost.is_error(value) or value.exit_code ~= 2 then error(value, 0) end
    refuse(("%s: '%s' is not %s"):format(option, text, expected), hint)
end

local function point(option, text)
    return read_time(option, text, time.parse, "a date", "for example 2026-01-31 or 2026-01-31T12:00:00Z")
end

local one_day_s = 86400

local function window(given)
    if given.since and given.from then refuse("--since and --from exclude each other", "give one of them") end
    local from = given.from and point("--from", given.from)
    if given.since then
        from = read_time("--since", given.since, time.resolve, "a length of time", "such as '6 months' or '90 days'")
    end
    local to = given.to and point("--to", given.to)
    if to and given.to:match("^%d+%-%d+%-%d+$") then to = to + one_day_s - 1 end
    if from and to and from > to then
        refuse(("nothing lies between %s and %s"):format(time.iso(from), time.iso(to)), "--from comes before --to")
    end
    return from, to
end

local function outside(path)
    refuse(("--path: '%s' is not inside the repository"):format(path), "give it from its root, such as tests/crashes")
end

-- "tests/crashes" for "./tests/crashes/"; "" for the whole tree.
local function clean_path(path)
    local parts = {}
    for part in path:gmatch("[^/]+") do
        if part == ".." then outside(path) end
        if part ~= "." then parts[#parts + 1] = part end
    end
    if path:sub(1, 1) == "/" then outside(path) end
    return table.concat(parts, "/")
end

local function also_of(given)
    local list = {}
    for i, text in ipairs(given.also) do
        list[i] = text:match("^[%w_%-]+/%*$") or github_home.checked("--also", text)
    end
    return list
end

local function close_limit_of(given)
    if not given.close_limit then return default_close_limit end
    if not given.close then refuse("--close-limit needs --close", "add --close, or leave out --close-limit") end
    local limit = tonumber(given.close_limit)
    if given.close_limit:match("^%d+$") and limit >= 1 then return limit end
    refuse(("--close-limit: '%s' is not a number of issues"):format(given.close_limit), "for example --close-limit 5")
end

local function pull_of(given)
    if not given.pull then
        if given.comment then refuse("--comment needs --pull", "add --pull NUMBER, or leave out --comment") end
        return nil
    end
    if given.close or given.tracking_issue or given.demo then
        refuse("--pull looks at a pull request only", "leave out --close, --tracking-issue and --demo")
    end
    if given.pull:match("^[1-9]%d*$") and #given.pull < 10 then return tonumber(given.pull) end
    refuse(("--pull: '%s' is not the number of a pull request"):format(given.pull), "for example --pull 123")
end

---@class monthly_audit.TrackingOptions
---@field repository string?  "owner/name"; nil for the audited one
---@field labels string[]

local function tracking_of(given)
    if not given.tracking_issue then
        if #given.tracking_label > 0 then
            refuse("--tracking-label needs --tracking-issue", "add --tracking-issue, or leave out --tracking-label")
        end
        return nil
    end
    local named = given.tracking_issue[1]
    for _, label in ipairs(given.tracking_label) do
        if not label:find("%S") or #label > 50 then
            refuse(("--tracking-label: '%s' is not a label"):format(label), "a label has 1 to 50 characters")
        end
    end
    return { repository = named and github_home.checked("--tracking-issue", named), labels = given.tracking_label }
end

---@class monthly_audit.Options
---@field repo string
---@field github string?  "owner/name"
---@field also string[]  "owner/name" or "owner/*"
---@field path string  without slashes around it
---@field from number?  Unix seconds, included
---@field to number?  Unix seconds, included
---@field since string?  what --since says: "6 months"
---@field format "text"|"markdown"|"json"|"html"|"csv"|"sarif"
---@field output string?
---@field tracking monthly_audit.TrackingOptions?
---@field close boolean
---@field close_limit integer
---@field pull integer?
---@field comment boolean
---@field fail_on_findings boolean
---@field refresh boolean
---@field demo boolean

--- Reads a command line. Raises `usage` with the option and the remedy for whatever is wrong with it.
---@param arguments string[]
---@return monthly_audit.Options
function M.read(arguments)
    local given = parser():parse(arguments)
    if given.demo and (given.repo or given.github or given.path) then
        refuse("--demo has a repository of its own", "leave out --repo, --github and --path")
    end
    local from, to = window(given)
    command_line.apply_max_wait(given)
    return {
        repo = given.repo or ".",
        github = given.github and github_home.checked("--github", given.github),
        also = also_of(given),
        path = clean_path(given.path or "tests/crashes"),
        from = from,
        to = to,
        since = given.since,
        format = command_line.report_format(given, formats),
        output = given.output and command_line.output_file(given.output),
        tracking = tracking_of(given),
        close = given.close or false,
        close_limit = close_limit_of(given),
        pull = pull_of(given), comment = given.comment or false,
        fail_on_findings = given.fail_on_findings or false,
        refresh = given.refresh or false,
        demo = given.demo or false,
    }
end

return M
