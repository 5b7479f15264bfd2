-- The workflow files of a revision, or of the work tree.
local M = {}

local max_bytes = 1024 * 1024

--- Whether a path is that of a workflow or of an action.
---@param path string  from the repository's root
---@return boolean
function M.is_workflow(path)
    return path:find("^%.github/workflows/[^/]+%.ya?ml$") ~= nil
        or path:find("^%.github/actions/.*action%.ya?ml$") ~= nil
        or path:find("^action%.ya?ml$") ~= nil
end

local function is_wanted(path, wanted)
    if #wanted == 0 then return true end
    for _, prefix in ipairs(wanted) do
        prefix = prefix:gsub("^%./", ""):gsub("/$", "")
        if path == prefix or path:sub(1, #prefix + 1) == prefix .. "/" then return true end
    end
    return false
end

--- One file, which has to be there.
---@param path string
---@param shown string  the path that findings name
function M.file(path, shown)
    local text = fs.read(path, { limit_bytes = max_bytes })
    if not text then uhost.fail("usage", ("there is no file %s"):format(path)) end
    return { path = shown, text = text }
end

--- The files of a revision.
---@param repo git.Repository
---@param revision string
---@param wanted string[]  paths; all when there are none
---@return { path: string, text: string }[]
function M.of_revision(repo, revision, wanted)
    local files = {}
    repo:commit(revision)  -- says what is wrong with a revision
    for _, folder in ipairs({ ".github/workflows", ".github/actions" }) do
        for _, entry in ipairs(repo:tree(revision, { path = folder, recursive = true }) or {}) do
            if (entry.kind == "file" or entry.kind == "executable") and M.is_workflow(entry.path)
                and is_wanted(entry.path, wanted) then
                files[#files + 1] = { path = entry.path, text = repo:read(revision, entry.path,
                    { limit_bytes = max_bytes }) }
            end
        end
    end
    for _, path in ipairs({ "action.yml", "action.yaml" }) do
        local text = is_wanted(path, wanted) and repo:read(revision, path, { limit_bytes = max_bytes })
        if text then files[#files + 1] = { path = path, text = text } end
    end
    return files
end

--- The files of the work tree.
---@param root string
---@param wanted string[]
---@return { path: string, text: string }[]
function M.of_work_tree(root, wanted)
    local files = {}
    local function add(path)
        if M.is_workflow(path) and is_wanted(path, wanted) then
            local text = fs.read(fs.join(root, path), { limit_bytes = max_bytes })
            if text then files[#files + 1] = { path = path, text = text } end
        end
    end
    for _, folder in ipairs({ ".github/workflows", ".github/actions" }) do
        if fs.exists(fs.join(root, folder)) then
            for path, kind in fs.walk(fs.join(root, folder)) do
                if kind == "file" then add(folder .. path:sub(#fs.join(root, folder) + 1)) end
            end
        end
    end
    add("action.yml")
    add("action.yaml")
    return files
end

--- What reads other files: scripts and Makefiles. Each is read once.
---@param read fun(path: string): string?
---@return fun(path: string): string?
function M.reader(read)
    local known = {}
    return function(path)
        if known[path] == nil then
            local ok, text = pcall(read, path)
            known[path] = ok and text or false
        end
        return known[path] or nil
    end
end

return M
