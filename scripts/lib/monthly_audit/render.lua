-- The report in each format. Markdown and HTML have a table for each verdict, CSV one with a row for each file; SARIF
-- has a result for each issue that needs attention.
local document = require("lib.monthly_audit.document")
local links = require("lib.monthly_audit.links")
local render_json = require("lib.monthly_audit.render_json")
local render_sarif = require("lib.monthly_audit.render_sarif")
local render_text = require("lib.monthly_audit.render_text")

local M = {}

---@class monthly_audit.Model
---@field home string  "owner/repo"
---@field site string  "https://github.com"
---@field path string
---@field tip string?  the commit that "left" and "back" are judged at
---@field from string?  ISO 8601
---@field to string?
---@field since string?  what --since says: "6 months"
---@field demo boolean
---@field color boolean  whether text may have colours and links
---@field verdicts monthly_audit.Verdict[]
---@field stats monthly_audit.Statistics  with api_requests and time_s
---@field closing monthly_audit.Closing?  with --close
---@field tracking monthly_audit.Tracking?  with --tracking-issue

M.text = render_text.render
M.json = render_json.render

M.sarif = render_sarif.render

function M.markdown(model) return document.whole(model):render("markdown") end

function M.html(model) return document.whole(model):render("html") end

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
