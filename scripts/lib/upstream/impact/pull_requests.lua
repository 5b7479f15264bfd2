-- The pull requests behind a release's changes, by what the subjects of the mainline's commits say.
local M = {}

local max_commits = 200

---@class impact.PullRequest
---@field number? integer
---@field url? string
---@field commit string
---@field subject string

local function number_of(subject)
    return tonumber(subject:match("%(#(%d+)%)%s*$") or subject:match("^Merge pull request #(%d+)")
        or subject:match("^Auto merge of #(%d+)") or subject:match("^Rollup merge of #(%d+)"))
end

local function home_of(rules)
    if rules.upstream.github ~= "" then return rules.upstream.github end
    return (rules.upstream.url:match("^https://github%.com/([^/]+/[^/]+)") or ""):gsub("%.git$", "")
end

--- The newest commits of the mainline that changed some paths.
---@param repo git.Repository
---@param rules table  the data of the policy `upstream`
---@param range string
---@param paths string[]
---@return impact.PullRequest[]
function M.behind(repo, rules, range, paths)
    local list, home = {}, home_of(rules)
    if #paths == 0 then return list end
    for commit in repo:log{ range = range, paths = paths, first_parent = true, limit = max_commits } do
        local number = number_of(commit.subject)
        list[#list + 1] = {
            number = number, commit = commit.id, subject = commit.subject,
            url = number and home ~= "" and ("https://github.com/%s/pull/%d"):format(home, number) or nil,
        }
    end
    return list
end

return M
