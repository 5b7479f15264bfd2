-- The report in each format. Markdown and HTML have a table for each verdict, CSV one with a row for each file.
local issues = require("lib.monthly_audit.issues")
local links = require("lib.monthly_audit.links")
local render_json = require("lib.monthly_audit.render_json")
local render_text = require("lib.monthly_audit.render_text")
local sections = require("lib.monthly_audit.sections")

local M = {}

---@class monthly_audit.Model
---@field home string  "owner/repo"
---@field site string  "https://github.com"
---@field path string
---@field tip string?  the commit that "left" and "back" are judged at
---@field from string?  ISO 8601
---@field to string?
---@field demo boolean
---@field color boolean  whether text may have colours and links
---@field verdicts monthly_audit.Verdict[]
---@field stats monthly_audit.Statistics  with api_requests and time_s

local columns = {
    { key = "issue", title = "Issue", align = "left" },
    { key = "title", title = "Title" },
    { key = "tests", title = "Deleted tests" },
    { key = "action", title = "What to do" },
}

-- "101.rs on 2026-01-31 by #1209 (d2f5a44a4), to tests/ui/x.rs", one line for each file.
local function tests_content(model, verdict)
    local content = {}
    local function add(piece) content[#content + 1] = piece end
    for i, deletion in ipairs(verdict.files) do
        if i > 1 then add("\n") end
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

local function row(model, verdict)
    return {
        issue = { text = issues.text(verdict.issue), url = links.issue(model, verdict.issue) },
        title = verdict.title, tests = tests_content(model, verdict), action = verdict.action,
    }
end

local function document(model)
    local out = report.new { title = sections.title(model) }
    out:text(sections.summary(model))
    if model.demo then out:text(sections.demo_words) end
    for _, section in ipairs(sections.of(model)) do
        local rows = {}
        for i, verdict in ipairs(section.verdicts) do rows[i] = row(model, verdict) end
        out:heading(("%s (%d)"):format(section.title, #section.verdicts))
        out:text(section.meaning:gsub("^%l", string.upper) .. ".")
        out:table { columns = columns, rows = rows }
    end
    out:heading("Numbers")
    out:facts(sections.numbers(model))
    return out
end

M.text = render_text.render
M.json = render_json.render

function M.markdown(model) return document(model):render("markdown") end

function M.html(model) return document(model):render("html") end

local csv_columns = {
    { key = "issue" }, { key = "verdict" }, { key = "state" }, { key = "path" }, { key = "commit" }, { key = "date" },
    { key = "pr" }, { key = "moved_to" }, { key = "present" }, { key = "remaining" }, { key = "action" },
    { key = "issue_url" }, { key = "commit_url" }, { key = "pr_url" },
}
for _, column in ipairs(csv_columns) do column.title = column.key end

function M.csv(model)
    local rows = {}
    for _, verdict in ipairs(model.verdicts) do
        for _, deletion in ipairs(verdict.files) do
            rows[#rows + 1] = {
                issue = verdict.issue, verdict = verdict.verdict, state = verdict.state, path = deletion.path,
                commit = deletion.commit, date = deletion.date, pr = deletion.pr, moved_to = deletion.moved_to,
                present = deletion.present, remaining = table.concat(verdict.remaining, " "), action = verdict.action,
                issue_url = links.issue(model, verdict.issue), commit_url = links.commit(model, deletion.commit),
                pr_url = deletion.pr and links.pull_request(model, deletion.pr),
            }
        end
    end
    local out = report.new { title = "verdicts" }
    out:table { columns = csv_columns, rows = rows }
    return out:render("csv")
end

return M
