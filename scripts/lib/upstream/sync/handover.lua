-- Conflicts that are left for a person: a work tree of their own with diff3 markers, the same as JSON, and a guide.
-- What the person makes of them is taken back from that work tree.
local guide = require("lib.upstream.sync.guide")
local resolution = require("lib.upstream.resolution")
local worktrees = require("lib.upstream.sync.worktrees")

local M = {}

local function worktree_of(context) return fs.join(context.folder, "conflicts") end

-- What the person finds in the file: markers where there are two texts, else the side that is there.
local function shown_side(file)
    local side = file.fork or file.upstream
    return side and { text = file.marked or side.text, mode = side.mode }
end

local submodule_mode = 57344  -- 0160000

-- The text of one side; nil where there is none.
local function text_of(context, side)
    return side and side.mode ~= submodule_mode and context.repo:read_blob(side.oid) or nil
end

local function plain_file(file)
    local function side(name)
        local entry = file[name]
        return entry and { oid = entry.oid, mode = entry.mode } or nil
    end
    return { path = file.path, kind = file.kind, base = side("base"), upstream = side("upstream"), fork = side("fork"),
        marked = file.marked, candidate = file.candidate, driver = file.driver, tried = json.array(file.tried or {}) }
end

local function plain_made(made)
    local list = {}
    for i, each in ipairs(made) do
        list[i] = { file = { path = each.file.path, kind = each.file.kind },
            resolution = { how = each.resolution.how, rule = each.resolution.rule, why = each.resolution.why,
                hashes = each.resolution.hashes, command = each.resolution.command } }
    end
    return json.array(list)
end

local function write_files(context, path, conflict)
    context.git(path, "read-tree", "--reset", "-u", conflict.tree)
    for _, file in ipairs(conflict.files) do
        local side = shown_side(file)
        if side and side.text then worktrees.write(path, file.path, side.text, side.mode) end
    end
end

--- Makes what a person needs to resolve the conflicts of a commit, and notes in the document that it waits for them.
---@param context table
---@param number integer  of the commit
function M.give(context, number)
    local state = context.state
    local entry = state.commits[number]
    local conflict, files = entry.conflict, {}
    for i, file in ipairs(conflict.files) do files[i] = plain_file(file) end
    local path = worktree_of(context)
    worktrees.remove(context, "conflicts")
    worktrees.make(context, "conflicts", conflict.parents[1])
    write_files(context, path, conflict)
    fs.write(fs.join(context.folder, "conflicts.json"), json.encode({ commit = entry.original,
        subject = entry.subject, conflicts = json.array(files) }, { indent = 2 }), { mask = false })
    fs.write(fs.join(context.folder, "guide.md"), guide.text(context, entry, conflict.files, path))
    state.conflict = { number = number, parents = conflict.parents, tree = conflict.tree, files = json.array(files),
        made = plain_made(conflict.made) }
    entry.conflict, state.stage = nil, "conflict"
    context.checkpoint("conflict")
end

local function has_markers(text)
    return text:find("^<<<<<<< ") or text:find("\n<<<<<<< ") or text:find("\n>>>>>>> ") or text:find("\n||||||| ")
end

-- The files in which markers are left.
local function unresolved(context, path)
    local list = {}
    for _, file in ipairs(context.state.conflict.files) do
        local text = worktrees.read(path, file.path)
        local own = text_of(context, file.upstream) or ""
        if text and has_markers(text) and not has_markers(own) then list[#list + 1] = file.path end
    end
    return list
end

-- A file that nobody touched is not resolved, either, if there never were markers in it.
local function untouched(context, path)
    local list = {}
    for _, file in ipairs(context.state.conflict.files) do
        local side = file.fork or file.upstream
        local shown, is_same = text_of(context, side), false
        if shown then
            is_same = not file.marked and worktrees.read(path, file.path) == shown
        elseif side then
            is_same = context.try_git(path, "diff-index", "--cached", "--quiet", context.state.conflict.tree, "--",
                file.path).code == 0
        end
        if is_same then list[#list + 1] = file.path end
    end
    return list
end

-- Remembers how a person resolved the conflicts of a file, hunk by hunk.
local function remember(context, path, file)
    local text = worktrees.read(path, file.path)
    if not text or file.kind == "binary" then return end
    resolution.remember(context.store, { path = file.path, base = text_of(context, file.base),
        ours = text_of(context, file.fork), theirs = text_of(context, file.upstream) }, text, context.source)
end

--- What the person has made of the conflicts: the tree, and the files; nil where something is left to do.
---@param context table
---@return string? tree
---@return table[]? files
function M.take(context)
    local path, conflict = worktree_of(context), context.state.conflict
    if not fs.exists(path) then
        uhost.fail("upstream.no_worktree", "the folder with the conflicts is gone: " .. path,
            { hint = "uhost upstream sync --abort ends this sync; then begin again", details = { path = path } })
    end
    local left = unresolved(context, path)
    if #left > 0 then
        context.say("Markers are left in " .. table.concat(left, ", ") .. ".")
        return nil
    end
    left = context.options.accept and {} or untouched(context, path)
    if #left > 0 then
        context.say(("Nothing was changed in %s. To keep it so, add --accept; to delete it, remove the file."):format(
            table.concat(left, ", ")))
        return nil
    end
    -- What is new elsewhere is taken only if the person has staged it: editors leave files behind.
    context.git(path, "add", "--update")
    for _, file in ipairs(conflict.files) do
        if worktrees.read(path, file.path) then context.git(path, "add", "--force", "--", file.path) end
    end
    local tree = context.git(path, "write-tree"):gsub("%s+$", "")
    for _, file in ipairs(conflict.files) do remember(context, path, file) end
    return tree, conflict.files
end

--- Takes away what was made for the person.
---@param context table
function M.clean_up(context) worktrees.remove(context, "conflicts") end

return M
