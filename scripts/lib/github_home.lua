-- Which repository at GitHub a clone belongs to.
local M = {}

-- "owner/repo" of a remote. With an API somewhere else (a mirror, a proxy), github.com's repositories count as well.
local function repository_of(remote)
    local url = remote.url or ""
    return github.repository_of(url) or url:gsub("%.git/?$", ""):match("github%.com[:/]([%w_%-]+/[%w_%-%.]+)$")
end

--- Where issues usually are: what a fork calls upstream, then origin, then any remote at GitHub; nil when none is.
---@param repo git.Repository
---@return string?
function M.of(repo)
    local remotes = repo:remotes()
    local function rank(remote) return remote.name == "upstream" and 1 or remote.name == "origin" and 2 or 3 end
    table.sort(remotes, function(a, b)
        if rank(a) ~= rank(b) then return rank(a) < rank(b) end
        return a.name < b.name
    end)
    for _, remote in ipairs(remotes) do
        local home = repository_of(remote)
        if home then return home end
    end
end

return M
