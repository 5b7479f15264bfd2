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

--- The repository that a command is about: the one that is named, GITHUB_REPOSITORY, or that of the remotes here; nil
--- when none says. Raises `usage` for a name that is none.
---@param named string?  "owner/name", from the command line
---@return string?
function M.named(named)
    local name = named or os.getenv("GITHUB_REPOSITORY") or ""
    if name == "" then
        local ok, home = pcall(function() return M.of(git.open(".")) end)
        return ok and home or nil
    end
    if not name:find("^[%w._-]+/[%w._-]+$") then
        uhost.fail("usage", ("--github: '%s' is no repository"):format(name), { hint = "OWNER/NAME" })
    end
    return name
end

--- The same, where one is needed. Raises `usage` when none says.
---@param named string?
---@return string
function M.required(named)
    local name = M.named(named)
    if name then return name end
    uhost.fail("usage", "it is not said which repository is meant", { hint = "add --github OWNER/NAME" })
end

return M
