-- Where issues, commits and pull requests are on the web.
local issues = require("lib.monthly_audit.issues")

local M = {}

--- The address of the web site that the answers name; github.com when none does.
---@param verdicts monthly_audit.Verdict[]
---@return string
function M.site(verdicts)
    for _, verdict in ipairs(verdicts) do
        local site = verdict.url and verdict.url:match("^(https?://[^/]+)/")
        if site then return site end
    end
    return "https://github.com"
end

---@param model monthly_audit.Model
---@param issue monthly_audit.Issue
---@return string
function M.issue(model, issue)
    local repository, number = issues.parts(model.home, issue)
    return ("%s/%s/issues/%d"):format(model.site, repository, number)
end

---@param model monthly_audit.Model
---@param id string
---@return string
function M.commit(model, id) return ("%s/%s/commit/%s"):format(model.site, model.home, id) end

---@param model monthly_audit.Model
---@param pr integer
---@return string
function M.pull_request(model, pr) return ("%s/%s/pull/%d"):format(model.site, model.home, pr) end

return M
