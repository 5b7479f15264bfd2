-- The report as a document with a table for each verdict: what Markdown and HTML are rendered from, and what fits where
-- GitHub takes only so much (an issue, the summary of a workflow's step).
local issues = require("lib.monthly_audit.issues")
local links = require("lib.monthly_audit.links")
local sections = require("lib.monthly_audit.sections")

local M = {}

local columns = {
    { key = "issue", title = "Issue", align = "left" },
    { key = "title", title = "Title" },
    { key = "tests", title = "Deleted tests" },
    { key = "action", title = "What to do" },
}

-- "101.rs on 2026-01-31 by #1209 (d2f5a44a4), to tests/ui/x.rs", one line for each file.
local function tests_content(model, verdict, most)
    local content = {}
    local function add(piece) content[#content + 1] = piece end
    for i, deletion in ipairs(verdict.files) do
        if i > 1 then add("\n") end
        if i > most then
            add(("and %d more"):format(#verdict.files - most))
            break
        end
        add(("%s on %s"):format(sections.short_path(model, deletion.path), deletion.date:sub(1, 10)))
        if deletion.pr then
            add(" by ")
            add({ text = "#" .. deletion.pr, url = links.pull_request(model, deletion.pr) })
        end
        add(" (")
        add({ text = deletion.commit:sub(1, 9), url = links.commit(model, deletion.commit) })
        -- Of a single file, the action says where it is.
        add(deletion.moved_to and #verdict.files > 1 and "), to " .. deletion.moved_to or ")")
    end
    return content
end

local function row(model, verdict, most_files)
    return {
        issue = { text = issues.text(verdict.issue), url = links.issue(model, verdict.issue) },
        title = verdict.title, tests = tests_content(model, verdict, most_files), action = verdict.action,
    }
end

---@class monthly_audit.Room
---@field rows integer?  the most issues of a section; default: all
---@field files integer?  the most files of an issue; default: all

--- Adds a section: its heading with the full count, its table, and how many of its issues there was no room for.
---@param out report.Report
---@param model monthly_audit.Model
---@param section monthly_audit.Section
---@param room monthly_audit.Room?
function M.add_section(out, model, section, room)
    local most = room and room.rows or math.huge
    local rows = {}
    for i, verdict in ipairs(section.verdicts) do
        if i > most then break end
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
    local out = report.new { title = sections.title(model) }
    out:text(sections.summary(model))
    if model.demo then out:text(sections.demo_words) end
    for _, line in ipairs(sections.done(model)) do out:text(line) end
    for _, section in ipairs(sections.of(model)) do M.add_section(out, model, section, room) end
    out:heading("Numbers")
    out:facts(sections.numbers(model))
    return out
end

local files_when_short = 10
local least_row_bytes = 50  -- the address of the issue alone has as many

--- The text of a document that is no longer than `limit_bytes`: whole, or with fewer issues in each section, as many as
--- fit. Nil when not even a document without any fits.
---@param limit_bytes integer
---@param most_rows integer  issues of the longest section
---@param write fun(room: monthly_audit.Room?): string
---@return string?
function M.fit(limit_bytes, most_rows, write)
    local possible_rows = math.floor(limit_bytes / least_row_bytes)
    if most_rows <= possible_rows then
        local whole = write(nil)
        if #whole <= limit_bytes then return whole end
    end
    local best, low, high = nil, 0, math.min(most_rows, possible_rows)
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
    local most = 0
    for _, section in ipairs(list) do most = math.max(most, #section.verdicts) end
    return most
end

return M
