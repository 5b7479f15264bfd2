-- The folder that a command writes to: the work tree of the repository, or the current folder outside of one.
local M = {}

--- The repository that a folder lies in; nil and the error outside of one. Other failures are raised.
---@param folder? string  default: the current one
---@return git.Repository?
---@return uhost.Error? not_found
function M.open(folder)
    local ok, repo = pcall(git.open, folder or ".")
    if ok then return repo end
    if uhost.is_error(repo) and repo.kind == "git.not_found" then return nil, repo end
    error(repo, 0)
end

---@return string path  relative to the current folder where that is shorter
function M.find()
    local repo = M.open()
    if not repo then return "." end
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
