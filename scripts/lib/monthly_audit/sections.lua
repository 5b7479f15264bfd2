-- What every format of the report says alike: sections by verdict, the words for the window, and the numbers.
local classify = require("lib.monthly_audit.classify")

local M = {}

local titles = {
    out_of_sync = { "Out of sync", "every test is gone, the issue is still open" },
    moved = { "Moved", "the tests live on under other names or in other folders" },
    partial = { "Partial", "some tests are gone, some are left" },
    back = { "Back again", "deleted tests are there again" },
    unknown = { "Unknown", "the number is not an issue of that repository, or no longer" },
    in_sync = { "In sync", "every test is gone, and the issue is closed" },
}

---@class monthly_audit.Section
---@field title string
---@field meaning string
---@field verdicts monthly_audit.Verdict[]

--- The sections that have issues, in order.
---@param model monthly_audit.Model
---@return monthly_audit.Section[]
function M.of(model)
    local by_verdict, list = {}, {}
    for _, verdict in ipairs(model.verdicts) do
        by_verdict[verdict.verdict] = by_verdict[verdict.verdict] or {}
        table.insert(by_verdict[verdict.verdict], verdict)
    end
    for _, name in ipairs(classify.order) do
        local title, meaning = unpack(titles[name])
        if by_verdict[name] then
            list[#list + 1] = { title = title, meaning = meaning, verdicts = by_verdict[name] }
        end
    end
    return list
end

function M.title(model) return ("Crash tests of %s"):format(model.home) end

local function window(model)
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
        stats.deleted_files == 1 and "file was" or "files were", place, window(model))
    if stats.issues == 0 then return deleted .. ", none of which stood for an issue." end
    return ("%s; %d of %d issues need attention."):format(deleted, stats.needing_attention, stats.issues)
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
