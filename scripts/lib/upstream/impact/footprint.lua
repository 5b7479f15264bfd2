-- What a fork changes of the release that it is made from, and what a release changes of the one before: files, and
-- hunks in the lines of the common base.
local M = {}

local max_commits = 20000

---@class impact.Hunk
---@field first integer  in the base; of a pure insertion, the line before it
---@field count integer  lines of the base
---@field new_first integer
---@field new_count integer
---@field added string[]
---@field removed string[]

---@class impact.Change
---@field path string  in the base
---@field new_path string
---@field status string  as of `repo:diff`
---@field similarity_percent? integer
---@field hunks impact.Hunk[]
---@field binary boolean

local function hunk_of(hunk)
    local added, removed = {}, {}
    for _, line in ipairs(hunk.lines) do
        if line.origin == "+" then added[#added + 1] = line.text
        elseif line.origin == "-" then removed[#removed + 1] = line.text end
    end
    return { first = hunk.old_start, count = hunk.old_lines, new_first = hunk.new_start, new_count = hunk.new_lines,
        added = added, removed = removed }
end

local function change_of(file)
    local hunks = {}
    for i, hunk in ipairs(file.hunks or {}) do hunks[i] = hunk_of(hunk) end
    return { path = file.old_path, new_path = file.path, status = file.status, hunks = hunks,
        similarity_percent = file.similarity_percent, binary = file.binary or false }
end

--- The changes between two commits, by their paths in the first; of files that the second adds, by those there.
---@param repo git.Repository
---@param from string
---@param to string
---@param paths? string[]  only these
---@return table<string, impact.Change>
function M.changes(repo, from, to, paths)
    local changes = {}
    if paths and #paths == 0 then return changes end
    for _, file in ipairs(repo:diff(from, to, { context = 0, paths = paths }).files) do
        changes[file.status == "added" and file.path or file.old_path] = change_of(file)
    end
    return changes
end

-- With files that were moved away: what they are called now, wherever that is.
local function follow_moves(repo, from, to, changes)
    local is_gone
    for _, change in pairs(changes) do is_gone = is_gone or change.status == "deleted" end
    if not is_gone then return end
    for _, file in ipairs(repo:diff(from, to, { hunks = false, stats = true }).files) do
        if file.status == "renamed" and changes[file.old_path] then
            local both = repo:diff(from, to, { context = 0, paths = { file.old_path, file.path } }).files
            for _, moved in ipairs(both) do
                if moved.status == "renamed" then changes[file.old_path] = change_of(moved) end
            end
        end
    end
end

--- What a release changed of some files and folders.
---@param repo git.Repository
---@param from string
---@param to string
---@param paths string[]
---@return table<string, impact.Change>
function M.upstream(repo, from, to, paths)
    local changes = M.changes(repo, from, to, paths)
    follow_moves(repo, from, to, changes)
    return changes
end

---@class impact.ForkCommit
---@field id string
---@field subject string

--- The fork's own commits by the files that they changed, newest first.
---@param repo git.Repository
---@param base impact.Base
---@return table<string, impact.ForkCommit[]>
function M.commits(repo, base)
    local by_path = {}
    -- A snapshot's first commit is the project's work.
    local range = base.kind == "snapshot" and "HEAD" or base.commit_id .. "..HEAD"
    for commit in repo:log{ range = range, merges = false, files = true, renames = false, limit = max_commits } do
        if #commit.parents > 0 then
            for _, file in ipairs(commit.files or {}) do
                local list = by_path[file.path] or {}
                by_path[file.path] = list
                list[#list + 1] = { id = commit.id, subject = commit.subject }
            end
        end
    end
    return by_path
end

return M
