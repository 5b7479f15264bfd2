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

--- The repository that an option names, by "owner/name" or by its address. Raises `usage`.
---@param option string  "--github"
---@param text string
---@return string  "owner/name"
function M.checked(option, text)
    if text:match("^[%w_%-]+/[%w_%-%.]+$") then return text end
    return github.repository_of(text) or uhost.fail("usage", ("%s: '%s' is not OWNER/NAME"):format(option, text),
        { hint = "such as rust-lang/rust" })
end

--- The repository that a command is about: the one that is named, GITHUB_REPOSITORY, or that of the remotes here; nil
--- when there is none. Raises `usage` for a wrong name.
---@param named string?  "owner/name", from the command line
---@param folder string?  the clone with the remotes; by default, the current folder
---@return string?
function M.named(named, folder)
    if named then return M.checked("--github", named) end
    local name = os.getenv("GITHUB_REPOSITORY") or ""
    if name ~= "" then return M.checked("GITHUB_REPOSITORY", name) end
    local ok, home = pcall(function() return M.of(git.open(folder or ".")) end)
    return ok and home or nil
end

--- The same, where one is needed. Raises `usage` when there is none.
---@param named string?
---@param folder string?
---@return string
function M.required(named, folder)
    local name = M.named(named, folder)
    if name then return name end
    uhost.fail("usage", "no repository given", { hint = "add --github OWNER/NAME" })
end

return M
