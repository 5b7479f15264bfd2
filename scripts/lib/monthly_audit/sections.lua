-- What every format of the report says alike: sections by verdict, the words for the window, and the numbers.
local classify = require("lib.monthly_audit.classify")
local issues = require("lib.monthly_audit.issues")

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
function M.of(model, attention_only)
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
    planned = "The tracking issue in %s would be brought up to date.",
}

--- What became of the tracking issue, one sentence.
---@param tracking monthly_audit.Tracking
---@return string
function M.tracked(tracking) return tracked[tracking.outcome]:format(tracking.url or tracking.repository) end

--- What the run did besides reporting, a sentence each: issues that it closed, and the tracking issue.
---@param model monthly_audit.Model
---@return string[]
function M.done(model)
    local lines = model.closing and closing_lines(model.closing) or {}
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

return M
