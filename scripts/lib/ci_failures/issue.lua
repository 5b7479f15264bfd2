-- What the issue of a failure says. It changes only when something new is known, so that looking again changes nothing.
local characters = require("uhost.notify.text")
local rich_text = require("lib.diagnose.rich_text")
local untrusted = require("lib.ci_failures.untrusted")

local M = {}

local max_title, max_body = 256, 65000
local max_tests, max_suspects = 50, 20
local row_limits = { 200, 100, 50, 20, 6 }  -- of the table of occurrences, until the text fits

--- The name of the marker by which an issue is found.
---@param failure ci_failures.Failure
---@return string
function M.marker(failure) return "ci_failure:" .. failure.fingerprint end

---@param failure ci_failures.Failure
---@return string
function M.title(failure)
    local text = ("[CI Failure] %s - %s: %s"):format(failure.workflow_name, failure.job, failure.cause.title)
    return (characters.cut(untrusted.line(text), max_title))
end

local function code(text) return { text = untrusted.line(text), code = true } end

local function link(text, url) return { text = text, url = url } end

local function short(sha) return sha:sub(1, 9) end

-- GitHub shows the log of a job with its steps; an anchor names step and line.
local function log_url(occurrence)
    local cause, url = occurrence.cause, occurrence.job.url
    if cause.step_number and cause.step_line then
        return ("%s#step:%d:%d"):format(url, cause.step_number, cause.step_line)
    end
    return url
end

local function commit_link(repository, sha)
    return link(short(sha), ("https://github.com/%s/commit/%s"):format(repository, sha))
end

local function pull_links(repository, pulls)
    local content = {}
    for i, number in ipairs(pulls) do
        if i > 1 then content[#content + 1] = ", " end
        content[#content + 1] = link(("pull request %d"):format(number),
            ("https://github.com/%s/pull/%d"):format(repository, number))
    end
    return content
end

local function add_facts(out, repository, failure, details)
    local first, last = failure.occurrences[1], failure.occurrences[#failure.occurrences]
    local run, cause = last.run, last.cause
    local facts = {
        { "Workflow", { code(failure.workflow_name), " (", code(failure.workflow), ")" } },
        { "Job", code(failure.job) },
        { "Step", cause.step and code(cause.step) or "not known" },
        { "Conclusion", (run.conclusion:gsub("_", " ")) },
        { "Newest run", link(("#%d"):format(run.number):gsub("#", "run "), run.url) },
        { "Log", link(cause.line_number and ("line %d"):format(cause.line_number) or "the job", log_url(last)) },
        { "Branch", code(run.branch) },
        { "Commit", commit_link(repository, run.head_sha) },
        { "First seen", first.run.created_at }, { "Last seen", run.created_at },
        { "Occurrences", #failure.occurrences },
    }
    if #run.pulls > 0 then table.insert(facts, 9, { "Pull request", pull_links(repository, run.pulls) }) end
    if #last.matrix > 0 then
        table.insert(facts, 3, { "Of the matrix", untrusted.line(table.concat(last.matrix, "; ")) })
    end
    if #details.owners > 0 then facts[#facts + 1] = { "Owners", untrusted.line(table.concat(details.owners, ", ")) } end
    out:facts(facts)
end

local function add_cause(out, cause)
    out:heading("Cause")
    out:text({ { text = untrusted.line(cause.title), strong = true } })
    if #cause.context > 0 then
        local lines = {}
        for i, line in ipairs(cause.context) do lines[i] = untrusted.clean(line) end
        out:code(lines, { first_line = cause.first_line, marked = cause.line_number })
    end
    rich_text.add(out, cause.cause and untrusted.clean(cause.cause))
    if not cause.entry then return end
    out:text({ "Recognised as ", code(cause.entry), ", confidence: ", cause.confidence or "low" })
end

local function add_tests(out, cause)
    if cause.failed_tests < 2 then return end
    out:heading("Failed tests")
    local items = {}
    for i = 1, math.min(#cause.tests, max_tests) do items[i] = code(cause.tests[i]) end
    if cause.failed_tests > #items then items[#items + 1] = ("and %d more"):format(cause.failed_tests - #items) end
    out:list(items)
end

local function add_fix(out, cause)
    if not cause.fix and #cause.commands == 0 then return end
    out:heading("Fix")
    rich_text.add(out, cause.fix and untrusted.clean(cause.fix))
    if #cause.commands > 0 then
        local lines = {}
        for i, command in ipairs(cause.commands) do lines[i] = untrusted.clean(command) end
        out:code(lines, { language = "sh" })
    end
    for _, url in ipairs(cause.docs) do out:text(link(url, url)) end
end

local function add_suspects(out, repository, failure, details)
    local suspects = details.suspects
    if not suspects or #suspects.commits == 0 then return end
    out:heading("Suspects")
    out:text({ "What came between the last green run", failure.before and { " (", commit_link(repository,
        failure.before.head_sha), ")" } or "", " and the first failure:" })
    local items = {}
    for i = 1, math.min(#suspects.commits, max_suspects) do
        local commit = suspects.commits[i]
        items[i] = { commit_link(repository, commit.sha), " ", untrusted.line(commit.subject), " by ",
            untrusted.line(commit.author or "somebody") }
        if commit.pull then
            table.insert(items[i], " in ")
            table.insert(items[i], pull_links(repository, { commit.pull }))
        end
    end
    if suspects.total > #items then items[#items + 1] = ("and %d more"):format(suspects.total - #items) end
    out:list(items)
end

local function row_of(repository, occurrence)
    local run = occurrence.run
    return {
        run = link(("run %d"):format(run.number), run.url), when = run.created_at, branch = code(run.branch),
        commit = commit_link(repository, run.head_sha),
        matrix = characters.cut(untrusted.line(table.concat(occurrence.matrix, "; ")), 120),
        log = link("log", log_url(occurrence)),
    }
end

-- The newest first; in the end the first, with a count of those between.
local function rows_of(repository, failure, limit)
    local list, rows = failure.occurrences, {}
    local shown = #list <= limit and #list or limit - 1
    for i = #list, #list - shown + 1, -1 do rows[#rows + 1] = row_of(repository, list[i]) end
    if shown < #list then
        rows[#rows + 1] = { run = ("%d more"):format(#list - shown - 1), when = "", branch = "", commit = "",
            matrix = "", log = "" }
        rows[#rows + 1] = row_of(repository, list[1])
    end
    return rows
end

local function add_occurrences(out, repository, failure, limit)
    out:table{ title = "Occurrences", columns = {
        { key = "run", title = "Run" }, { key = "when", title = "When" }, { key = "branch", title = "Branch" },
        { key = "commit", title = "Commit" }, { key = "matrix", title = "Matrix" }, { key = "log", title = "Log" },
    }, rows = rows_of(repository, failure, limit) }
end

local function add_actions(out, details)
    out:heading("What to do")
    out:list({
        "Read the line of the log, and the suspects.", "Fix the cause, or revert what brought it.",
        ("Nothing else: this issue is closed after %d green runs, and opened again when the failure comes back. "
            .. "Closed as not planned, it stays closed."):format(details.close_after_green),
    })
end

-- A fact that an issue states, where it is nothing but code.
local function stated(body, name) return body:match(("%%*%%*%s:%%*%%* ([^\r\n]*)"):format(name)) end

--- Of an issue that this program wrote, the failed tests that it lists, when it is of this workflow and job.
---@param body string
---@param failure ci_failures.Failure
---@return string[]? tests  nil: it is of something else
---@return boolean? is_cut  there were more
function M.listed_tests(body, failure)
    local job, workflow = stated(body, "Job"), stated(body, "Workflow")
    local is_same = job == ("`%s`"):format(untrusted.line(failure.job))
        and (workflow or ""):find(("(`%s`)"):format(untrusted.line(failure.workflow)), 1, true)
    local section = is_same and body:match("## Failed tests\r?\n(.-)\n## ")
    if not section then return nil end
    local tests = {}
    for name in section:gmatch("%- `([^`\r\n]+)`") do tests[#tests + 1] = name end
    return tests, section:find("- and %d+ more") ~= nil
end

local function write(repository, failure, details, limit)
    local out = report.new {}
    add_facts(out, repository, failure, details)
    add_cause(out, failure.cause)
    add_tests(out, failure.cause)
    add_fix(out, failure.cause)
    add_suspects(out, repository, failure, details)
    add_occurrences(out, repository, failure, limit)
    add_actions(out, details)
    out:text({ "Written by ", code("uhost ci_failures"), ", which replaces this text. Failure id: ",
        code(failure.fingerprint) })
    return out:render("markdown")
end

---@class ci_failures.Details
---@field owners string[]
---@field suspects { commits: { sha: string, subject: string, author?: string, pull?: integer }[], total: integer }?
---@field close_after_green integer

--- The text of the issue, within GitHub's limit.
---@param repository string
---@param failure ci_failures.Failure
---@param details ci_failures.Details
---@return string
function M.body(repository, failure, details)
    local text
    for _, limit in ipairs(row_limits) do
        text = write(repository, failure, details, limit)
        if #text <= max_body then return text end
    end
    return text
end

-- Comments ------------------------------------------------------------------------------------------------------------

local function rendered(content)
    return (report.new{}:text(content):render("markdown"))
end

--- Says that a failure came again.
---@param repository string
---@param failure ci_failures.Failure
---@param new integer  occurrences since it was spoken of last
---@return string
function M.again(repository, failure, new)
    local last = failure.occurrences[#failure.occurrences]
    local times = new > 1 and (" It failed %d times since the last comment."):format(new) or ""
    return rendered({ "Again in ", link(("run %d"):format(last.run.number), last.run.url), " at ",
        commit_link(repository, last.run.head_sha), " on ", code(last.run.branch), ".", times, " ",
        link("log", log_url(last)) })
end

--- Announces that no more comments come today.
---@param limit integer
---@return string
function M.quiet(limit)
    return rendered(("It keeps failing. There were %d comments today, and there will be no more until tomorrow; the "
        .. "table above goes on."):format(limit))
end

--- Says why an issue is closed.
---@param failure ci_failures.Failure
---@return string
function M.fixed(failure)
    local run = failure.last_green_run
    return rendered({ "Fixed: the job ", code(failure.job), (" succeeded in %d runs in a row, the newest is "):format(
        failure.green), link(("run %d"):format(run.number), run.url), "." })
end

return M
