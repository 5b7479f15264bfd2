-- Where durations changed for good, as a dataset: when, by how much, and the commit that was the first.
local changes = require("lib.metrics.changes")
local dataset = require("lib.dashboard.dataset")
local rules_of = require("lib.metrics.rules")

local M = {}

local columns = {
    { name = "time", title = "Since (UTC)", type = "time" },
    { name = "workflow", title = "Workflow", type = "category" },
    { name = "job", title = "Job", type = "category" },
    { name = "platform", title = "Platform", type = "category" },
    { name = "step", title = "Step", type = "text" },
    { name = "before", title = "Before", type = "duration" },
    { name = "after", title = "After", type = "duration" },
    { name = "change", title = "Change", type = "percent" },
    { name = "confidence", title = "Confidence", type = "percent" },
    { name = "commit_sha", title = "First commit", type = "text" },
    { name = "url", title = "Address", type = "text" },
}

local function row_of(context, change)
    local has_page = change.commit_sha ~= "" and context.repository:find("^[^/]+/[^/]+$")
    return {
        time = change.at, workflow = change.workflow, job = change.job ~= "" and change.job or "whole runs",
        platform = change.platform, step = change.step, before = change.before_s, after = change.after_s,
        change = change.percent / 100, confidence = change.confidence, commit_sha = change.commit_sha:sub(1, 10),
        url = has_page and ("https://github.com/%s/commit/%s"):format(context.repository, change.commit_sha) or nil,
    }
end

--- The dataset of changes on the branch that is built most.
---@param context dashboard.Context
---@return string json
function M.dataset(context)
    local rows = {}
    local filter = { repository = context.repository, since = context.since, branch = context.branch }
    for i, change in ipairs(changes.find(context.builds_too, filter, rules_of.load().data.changes)) do
        rows[i] = row_of(context, change)
    end
    return dataset.of_rows(columns, rows)
end

return M
