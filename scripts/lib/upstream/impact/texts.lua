-- Texts of files at commits, each read once. What is known to be needed is read in one go, which is much faster.
local M = {}

---@class impact.Texts
---@field load fun(revision: string, paths: string[])  reads them ahead
---@field read fun(revision: string, path: string): string?

---@param repo git.Repository
---@return impact.Texts
function M.new(repo)
    local known = {}
    local function of(revision)
        known[revision] = known[revision] or {}
        return known[revision]
    end
    local texts = {}

    function texts.load(revision, paths)
        if #paths == 0 then return end
        local ok, found = pcall(repo.read_many, repo, revision, paths)
        -- Too much at once may still be read one by one.
        if not ok and not (uhost.is_error(found) and found.kind == "git.limit") then error(found, 0) end
        local at_revision = of(revision)
        for _, path in ipairs(ok and paths or {}) do at_revision[path] = found[path] or false end
    end

    function texts.read(revision, path)
        local at_revision = of(revision)
        if at_revision[path] == nil then at_revision[path] = repo:read(revision, path) or false end
        return at_revision[path] or nil
    end

    return texts
end

return M
