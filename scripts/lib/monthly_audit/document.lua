-- What every format of the report says: sections by verdict, the words for the window, the numbers. And the report as a
-- document with a table for each verdict: Markdown and HTML are rendered from it, also where GitHub limits the size (an
-- issue, the summary of a workflow's step).
local classify = require("lib.monthly_audit.classify")
local issues = require("lib.monthly_audit.issues")
local github_actions = require("lib.github_actions")

local M = {}

local titles = {
    out_of_sync = { "Out of sync", "every test is gone, the issue is still open" },
    moved = { "Moved", "the tests live on under other names or in other folders" },
    partial = { "Partial", "some tests are gone, some are left" },
    back = { "Back again", "deleted tests are there again" },
    unknown = { "Unknown", "the number is not an issue of that repository, or no longer" },
    in_sync = { "In sync", "every test is gone, and the issue is closed" },
}

--- The title of a verdict's section, and what it means.
---@param verdict string
---@return string title
---@return string meaning
function M.words(verdict) return unpack(titles[verdict]) end

---@class monthly_audit.Section
---@field title string
---@field meaning string
---@field verdicts monthly_audit.Verdict[]

--- The sections that have issues, in order.
---@param model monthly_audit.Model
---@param attention_only boolean?  leave out issues about which there is nothing to do
---@return monthly_audit.Section[]
function M.sections(model, attention_only)
    local by_verdict, list = {}, {}
    for _, verdict in ipairs(model.verdicts) do
        if verdict.attention or not attention_only then
            by_verdict[verdict.verdict] = by_verdict[verdict.verdict] or {}
            table.insert(by_verdict[verdict.verdict], verdict)
        end
    end
    for _, name in ipairs(classify.order) do
        if by_verdict[name] then
            local title, meaning = M.words(name)
            list[#list + 1] = { title = title, meaning = meaning, verdicts = by_verdict[name] }
        end
    end
    return list
end

function M.title(model) return ("Crash tests of %s"):format(model.home) end

--- " since 2026-01-31", or "" without a window.
---@param model monthly_audit.Model
---@return string
function M.window(model)
    local from, to = model.from and model.from:sub(1, 10), model.to and model.to:sub(1, 10)
    if from and to then return (" between %s and %s"):format(from, to) end
    if from then return " since " .. from end
    return to and " up to " .. to or ""
end

--- One sentence under the title.
---@param model monthly_audit.Model
---@return string
function M.summary(model)
    local stats = model.stats
    local place = model.path == "" and "the whole tree" or model.path
    local deleted = ("%d %s deleted from %s%s"):format(stats.deleted_files,
        stats.deleted_files == 1 and "file was" or "files were", place, M.window(model))
    if stats.issues == 0 then return deleted .. ", none of which stood for an issue." end
    return ("%s; %d of %d issues need attention."):format(deleted, stats.needing_attention, stats.issues)
end

local function names_of(keys)
    local names = {}
    for i, key in ipairs(keys) do names[i] = issues.text(key) end
    return table.concat(names, ", ")
end

local function closing_lines(closing)
    local lines = {}
    if #closing.closed > 0 then
        local how = closing.planned and "Would be closed" or "Closed by this run"
        lines[1] = ("%s: %s."):format(how, names_of(closing.closed))
    end
    for _, left in ipairs(closing.left) do
        lines[#lines + 1] = ("Left open: %s, because %s."):format(issues.text(left.issue), left.why)
    end
    if closing.over_limit > 0 then
        lines[#lines + 1] = ("%d more could be closed: the limit was %d."):format(closing.over_limit, closing.limit)
    end
    return lines
end

local tracked = {
    created = "Tracking issue %s was opened.", updated = "Tracking issue %s was brought up to date.",
    unchanged = "Tracking issue %s is up to date.", reopened = "Tracking issue %s was reopened.",
    closed = "Tracking issue %s was closed: nothing needs attention.",
    declined = "Tracking issue %s stays closed: it was closed as not planned.",
    none = "There is no tracking issue in %s, and no need for one.",
    left = "The tracking issue in %s was left as it is.",
    planned = "The tracking issue in %s would be brought up to date.",
}

--- What became of the tracking issue, one sentence.
---@param tracking monthly_audit.Tracking
---@return string
function M.tracked(tracking) return tracked[tracking.outcome]:format(tracking.url or tracking.repository) end

--- What there is to say besides the findings, a sentence each: a warning, issues that the run closed, and the tracking
--- issue.
---@param model monthly_audit.Model
---@return string[]
function M.done(model)
    local lines = model.closing and closing_lines(model.closing) or {}
    if model.warning then table.insert(lines, 1, model.warning .. ".") end
    if model.tracking then lines[#lines + 1] = M.tracked(model.tracking) end
    return lines
end

M.demo_words = "This is a demonstration: a repository made for it, and recorded answers in place of GitHub's. "
    .. "Every verdict is in it."

local function share(count, percent) return ("%d (%.1f %%)"):format(count, percent) end

--- Names and values of the statistics.
---@param model monthly_audit.Model
---@return { [1]: string, [2]: string|number }[]
function M.numbers(model)
    local stats = model.stats
    return {
        { "Deleted files", stats.deleted_files },
        { "Files with an open issue", share(stats.files_with_open_issue, stats.files_with_open_issue_percent) },
        { "Files with closed issues", share(stats.files_with_closed_issue, stats.files_with_closed_issue_percent) },
        { "Files without an issue", stats.files_without_issue },
        { "Issues", stats.issues },
        { "Fully cleaned up", stats.fully_cleaned_up },
        { "Needing attention", stats.needing_attention },
        { "Partial", stats.partial },
        { "API requests", stats.api_requests },
        { "Time taken", time.human(stats.time_s) },
    }
end

--- A path as the report shows it: without the audited folder.
---@param model monthly_audit.Model
---@param path string
---@return string
function M.short_path(model, path)
    local prefix = model.path .. "/"
    if model.path ~= "" and path:sub(1, #prefix) == prefix then return path:sub(#prefix + 1) end
    return path
end

-- The document --------------------------------------------------------------------------------------------------------

local columns = {
    { key = "issue", title = "Issue", align = "left" },
    { key = "title", title = "Title" },
    { key = "tests", title = "Deleted tests" },
    { key = "action", title = "What to do" },
}

-- "101.rs on 2026-01-31 by #1209 (d2f5a44a4), to tests/ui/x.rs", one line for each file.
local function tests_content(model, verdict, max_files)
    local content = {}
    local function add(piece) content[#content + 1] = piece end
    for i, deletion in ipairs(verdict.files) do
        if i > 1 then add("\n") end
        if i > max_files then
            add(("and %d more"):format(#verdict.files - max_files))
            break
        end
        add(("%s on %s"):format(M.short_path(model, deletion.path), deletion.date:sub(1, 10)))
        if deletion.pr then
            add(" by ")
            add({ text = issues.pull_request_text(deletion), url = issues.pull_request_url(model, deletion) })
        end
        add(" (")
        add({ text = deletion.commit:sub(1, 9), url = issues.commit_url(model, deletion.commit) })
        -- Of a single file, the action says where it is.
        add(deletion.moved_to and #verdict.files > 1 and "), to " .. deletion.moved_to or ")")
    end
    return content
end

local function row(model, verdict, max_files)
    return {
        issue = { text = issues.text(verdict.issue), url = issues.issue_url(model, verdict.issue) },
        title = verdict.title, tests = tests_content(model, verdict, max_files), action = verdict.action,
    }
end

---@class monthly_audit.Room
---@field rows integer?  at most so many issues in a section; default: all
---@field files integer?  at most so many files of an issue; default: all

--- Adds a section: its heading with the full count, its table, and how many of its issues there was no room for.
---@param out report.Report
---@param model monthly_audit.Model
---@param section monthly_audit.Section
---@param room monthly_audit.Room?
function M.add_section(out, model, section, room)
    local max_rows = room and room.rows or math.huge
    local rows = {}
    for i, verdict in ipairs(section.verdicts) do
        if i > max_rows then break end
        rows[i] = row(model, verdict, room and room.files or math.huge)
    end
    out:heading(("%s (%d)"):format(section.title, #section.verdicts))
    out:text(section.meaning:gsub("^%l", string.upper) .. ".")
    if #rows > 0 then out:table { columns = columns, rows = rows } end
    if #rows < #section.verdicts then
        out:text(("Left out, because the whole report is too long for this place: %d of %d."):format(
            #section.verdicts - #rows, #section.verdicts))
    end
end

--- The whole report.
---@param model monthly_audit.Model
---@param room monthly_audit.Room?
---@return report.Report
function M.whole(model, room)
    local out = report.new { title = M.title(model) }
    out:text(M.summary(model))
    if model.demo then out:text(M.demo_words) end
    for _, line in ipairs(M.done(model)) do out:text(line) end
    for _, section in ipairs(M.sections(model)) do M.add_section(out, model, section, room) end
    out:heading("Numbers")
    out:facts(M.numbers(model))
    return out
end

local files_when_short = 10
local min_row_bytes = 50  -- the address of the issue alone has as many

--- The text of a document that is no longer than `limit_bytes`: whole, or with fewer issues in each section, as many as
--- fit. Nil when not even a document without any fits.
---@param limit_bytes integer
---@param max_rows integer  issues of the longest section
---@param write fun(room: monthly_audit.Room?): string
---@return string?
function M.fit(limit_bytes, max_rows, write)
    local possible_rows = math.floor(limit_bytes / min_row_bytes)
    if max_rows <= possible_rows then
        local whole = write(nil)
        if #whole <= limit_bytes then return whole end
    end
    local best, low, high = nil, 0, math.min(max_rows, possible_rows)
    while low <= high do
        local rows = math.floor((low + high) / 2)
        local text = write({ rows = rows, files = files_when_short })
        if #text <= limit_bytes then
            best, low = text, rows + 1
        else
            high = rows - 1
        end
    end
    return best
end

--- How many issues the longest section has.
---@param list monthly_audit.Section[]
---@return integer
function M.longest(list)
    local max = 0
    for _, section in ipairs(list) do max = math.max(max, #section.verdicts) end
    return max
end

--- Adds the report to the page of a GitHub Actions run, cut to what there is room for; does nothing elsewhere.
---@param model monthly_audit.Model
function M.add_summary(model)
    github_actions.add_summary(function(free_bytes)
        return M.fit(free_bytes, M.longest(M.sections(model)), function(room)
            return M.whole(model, room):render("markdown")
        end)
    end)
end

return M
