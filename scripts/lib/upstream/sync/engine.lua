-- Commits made again on another base, in memory: no index, no work tree, no reference. What it makes are objects that
-- nothing names yet.
local M = {}

--- Makes a commit with a tree, the words and people of `original`, and these parents. The committer's date is that of
--- the original, too, so that the same replay gives the same ids whenever it is made.
---@param repo git.Repository
---@param original git.Commit
---@param tree string
---@param parents string[]
---@return string id
function M.commit_again(repo, original, tree, parents)
    return repo:commit_tree{ as = original.id, tree = tree, parents = parents, committer = original.committer,
        committer_email = original.committer_email, time = original.committer_time }
end

---@class upstream.ConflictedFile
---@field path string
---@field kind string  of `repo:merge_trees`
---@field base? { oid: string, mode: integer, text: string? }
---@field upstream? { oid: string, mode: integer, text: string? }
---@field fork? { oid: string, mode: integer, text: string? }
---@field marked? string  the text with markers in diff3 style
---@field driver? string  the program that gitattributes name to merge it, other than uhost itself

local submodule_mode = 57344  -- 0160000

local function side_of(repo, side)
    if not side then return nil end
    return { oid = side.oid, mode = side.mode, text = side.mode ~= submodule_mode and repo:read_blob(side.oid) or nil }
end

local function file_of(repo, conflict)
    return {
        path = conflict.path, kind = conflict.kind, base = side_of(repo, conflict.base),
        upstream = side_of(repo, conflict.ours), fork = side_of(repo, conflict.theirs), marked = conflict.text,
        driver = conflict.driver ~= "uhost" and conflict.driver or nil,
    }
end

local function same(a, b)
    for i = 1, math.max(#a, #b) do
        if a[i] ~= b[i] then return false end
    end
    return true
end

--- Makes one commit again with other parents: what it changed from its first parent, on the first of them.
---@param repo git.Repository
---@param original git.Commit
---@param parents string[]
---@param labels { base: string, ours: string, theirs: string }  for the markers
---@param changed_from? string  what its change is counted from, in the place of its first parent
---@return { commit: string? , dropped: boolean?, tree: string, files: upstream.ConflictedFile[]? } outcome
function M.pick(repo, original, parents, labels, changed_from)
    if same(original.parents, parents) then return { commit = original.id, tree = original.tree } end
    local onto = parents[1]
    local merge = repo:merge_trees{ base = changed_from or original.parents[1], ours = onto, theirs = original.id,
        labels = labels, conflict_style = "diff3" }
    if merge.clean then
        if #parents == 1 and merge.tree == repo:commit(onto).tree then return { dropped = true, tree = merge.tree } end
        return { commit = M.commit_again(repo, original, merge.tree, parents), tree = merge.tree }
    end
    local files = {}
    for i, conflict in ipairs(merge.conflicts) do files[i] = file_of(repo, conflict) end
    return { tree = merge.tree, files = files }
end

--- Looks at a whole replay and writes nothing. With a conflict it goes on with the commit's own side.
---@param context table
---@param commits string[]
---@param onto string
---@return git.Replay
function M.preview(context, commits, onto)
    local trailer, identity = context.settings.trailer, context.identity
    return context.repo:replay{ commits = commits, onto = onto, merges = "preserve", on_conflict = "continue",
        write = false, conflict_style = "diff3", trailer = trailer ~= "" and trailer or nil,
        committer = identity.name, committer_email = identity.email }
end

M.file_of = file_of

return M
