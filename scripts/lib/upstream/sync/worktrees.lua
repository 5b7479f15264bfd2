-- Work trees: those that a sync makes for itself, in its own folder, and those of the fork, which follow its branch.
local M = {}

local link_mode = 40960  -- 0120000

local function path_of(context, name) return fs.join(context.folder, name) end

--- Takes one away, whatever state it is in, and no other: `git worktree prune` would also take those of the fork whose
--- drive is not mounted now.
---@param context table
---@param name string
function M.remove(context, name)
    local path = path_of(context, name)
    if fs.exists(path) then fs.remove(path, { recursive = true }) end
    -- Twice, because one that was being made when its git was killed is locked. There may be none: then git fails.
    context.try_git(context.repo:common_folder(), "worktree", "remove", "--force", "--force", "--", path)
end

--- One with the files of a commit. An existing one of this commit is used again, with what was built in it.
---@param context table
---@param name string
---@param commit string
---@return string path
function M.make(context, name, commit)
    local path = path_of(context, name)
    if fs.exists(fs.join(path, ".git")) then
        local ok, head = pcall(context.git, path, "rev-parse", "HEAD")
        if ok and head:gsub("%s+$", "") == commit then
            context.git(path, "checkout", "--quiet", "--force", "--detach", commit)
            return path
        end
    end
    M.remove(context, name)
    fs.mkdir(fs.dirname(path))
    context.repo:add_worktree(path, { revision = commit, detach = true }):close()
    return path
end

-- Files --------------------------------------------------------------------------------------------------------------

local function type_of(path)
    local status = fs.stat(path, { follow = false })
    return status and status.type
end

-- Where a file of a work tree lies; nil where a link is on the way there: what is behind it belongs to others. A tree
-- that somebody made by hand may hold a name that leads out of the folder.
local function place_of(path, name)
    local full = path
    for part in name:gmatch("[^/]+") do
        if part == ".." or part == "." or part:lower() == ".git" then
            uhost.fail("upstream.path", ("a commit has the file '%s', which no work tree may have"):format(name),
                { hint = "git fsck names the commit's tree; uhost upstream sync --abort ends the sync",
                details = { path = name } })
        end
        if full ~= path and type_of(full) == "symlink" then return nil end
        full = fs.join(full, part)
    end
    return full
end

--- What git would take of a file: its text, or what a link holds; nil where there is neither.
---@param path string  of the work tree
---@param name string
---@return string?
function M.read(path, name)
    local full = place_of(path, name)
    local type = full and type_of(full)
    if type == "symlink" then return fs.readlink(full) end
    return type == "file" and fs.read(full) or nil
end

--- Writes a file or a link, and never what a link leads to.
---@param path string  of the work tree
---@param name string
---@param text string
---@param mode integer
function M.write(path, name, text, mode)
    local full = place_of(path, name)
    if not full then
        uhost.fail("upstream.work_tree", ("a link is on the way to %s in %s"):format(name, path),
            { hint = "uhost upstream sync --abort", details = { path = path } })
    end
    fs.mkdir(fs.dirname(full))
    local there = type_of(full)
    if there == "symlink" or there == "file" and mode == link_mode then fs.remove(full) end
    if mode == link_mode then fs.symlink(text, full) else fs.write(full, text, { mask = false }) end
end

-- Work trees of the fork ---------------------------------------------------------------------------------------------

-- A git that was started by a sync that was killed may still be at work.
local function wait_for_index(context, path)
    local lock = context.git(path, "rev-parse", "--git-path", "index.lock"):gsub("%s+$", "")
    if lock:sub(1, 1) ~= "/" then lock = fs.join(path, lock) end
    local deadline = time.monotonic() + 30
    while fs.exists(lock) do
        if time.monotonic() > deadline then
            uhost.fail("upstream.index_locked", "another git is at work in " .. path,
                { hint = ("if none runs, remove %s; then uhost upstream sync --resume"):format(lock) })
        end
        task.sleep(0.05)
    end
end

--- Whether the files could follow from one commit to another: nothing that is not in git would be overwritten. Raises
--- `upstream.work_tree`.
---@param context table
---@param path string
---@param from string
---@param to string
function M.check(context, path, from, to)
    wait_for_index(context, path)
    context.try_git(path, "update-index", "-q", "--refresh")
    local result = context.try_git(path, "read-tree", "-n", "-m", "-u", from, to)
    if result.code == 0 then return end
    uhost.fail("upstream.work_tree", ("the files of %s cannot follow the branch"):format(path), {
        native = result.stderr, hint = "commit or move what git names, then uhost upstream sync --resume",
        details = { path = path } })
end

-- The ids of files at a commit, and which of them are submodules.
local function ids_at(context, commit, paths)
    local ids, submodules, wanted = {}, {}, {}
    for _, path in ipairs(paths) do wanted[path] = true end
    for _, entry in ipairs(context.repo:tree(commit, { recursive = true })) do
        if wanted[entry.path] then
            ids[entry.path], submodules[entry.path] = entry.id, entry.kind == "submodule"
        end
    end
    return ids, submodules
end

local function fail_in_the_way(found, name)
    uhost.fail("upstream.work_tree", ("%s is in the way of the file %s, and is not in git"):format(found, name),
        { hint = "move it elsewhere, then uhost upstream sync --resume", details = { path = found } })
end

-- A file that is to be written takes the place of a folder; what git does not have of the folder would be lost.
local function check_folder(full, name, before)
    for found, type in fs.walk(full) do
        local inside = name .. found:sub(#full + 1)
        if type ~= "directory" and not before[inside] then fail_in_the_way(found, name) end
    end
end

-- Folders that are to be made take the place of files and links in the same way.
local function check_folders_above(path, name, before)
    for at in name:gmatch("()/") do
        local folder = name:sub(1, at - 1)
        local type = type_of(fs.join(path, folder))
        if not type then return end
        if type ~= "directory" and not before[folder] then fail_in_the_way(fs.join(path, folder), name) end
    end
end

-- After an interruption some files are new and some are old. What is neither was changed by somebody since.
local function finish_files(context, path, from, to)
    local paths = context.repo:changed_paths(from, to)
    local before = ids_at(context, from, paths)
    local after, submodules = ids_at(context, to, paths)
    for _, name in ipairs(paths) do
        if after[name] then check_folders_above(path, name, before) end
        local full = place_of(path, name)
        local type = full and type_of(full)
        if type == "directory" and after[name] and not submodules[name] then check_folder(full, name, before) end
        if type == "file" then
            local id = context.git(path, "hash-object", "--path=" .. name, "--", name):gsub("%s+$", "")
            if id ~= before[name] and id ~= after[name] then
                uhost.fail("upstream.work_tree", ("%s was changed meanwhile"):format(full), {
                    hint = "commit it elsewhere or put it away, then uhost upstream sync --resume",
                    details = { path = full } })
            end
        end
    end
    context.git(path, "read-tree", to)
    -- What is to go goes first: a link may come where its folder was.
    for _, name in ipairs(paths) do
        local full = not after[name] and place_of(path, name)
        if full and type_of(full) then fs.remove(full) end
    end
    for _, name in ipairs(paths) do
        if after[name] then context.git(path, "checkout-index", "--force", "--index", "--", name) end
    end
end

--- Index and files follow their branch, which has moved from one commit to another. May be called again.
---@param context table
---@param path string
---@param from string
---@param to string
function M.follow(context, path, from, to)
    if not fs.exists(path) then return end
    wait_for_index(context, path)
    context.try_git(path, "update-index", "-q", "--refresh")
    local has_index = context.try_git(path, "diff-index", "--cached", "--quiet", to).code == 0
    if has_index and context.try_git(path, "diff-files", "--quiet").code == 0 then return end
    if not has_index and context.try_git(path, "read-tree", "-m", "-u", from, to).code == 0 then return end
    finish_files(context, path, from, to)
end

return M
