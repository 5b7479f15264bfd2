-- The folder that a command writes to: the work tree of the repository, or the current folder outside of one.
local M = {}

---@return string path  relative to the current folder where that is shorter
function M.find()
    local ok, repo = pcall(git.open, ".")
    if not ok then
        if uhost.is_error(repo) and repo.kind == "git.not_found" then return "." end
        error(repo, 0)
    end
    local tree = repo:work_tree()
    repo:close()
    if not tree or fs.absolute(tree) == fs.cwd() then return "." end
    return tree
end

--- The path of a file there.
---@param name string
---@return string
function M.path(name)
    local root = M.find()
    return root == "." and name or fs.join(root, name)
end

return M
