-- Which commits of a fork the project has taken. Those with the same patch, trailer, or author and subject are dropped
-- by a replay, which is asked for them only where there may be any; those that the project made its own, with another
-- subject and other lines here and there, are found here.
local footprint = require("lib.upstream.impact.footprint")

local M = {}

-- Changes so near to each other are of the same place.
local near_lines = 3
-- A commit has the fork's change when it has so many of its lines, and at least two that say something.
local min_shared_percent, min_shared_lines = 60, 2
local max_commits, max_listed = 200, 20

local function bare(line) return (line:gsub("%s+", "")) end

-- A bracket or an empty line is in every change.
local function says_something(line) return #line >= 6 and line:find("%w") ~= nil end

-- What a change adds and removes, without white space; the number of lines that say something.
local function lines_of(hunks)
    local lines, count = {}, 0
    for _, hunk in ipairs(hunks) do
        for sign, list in pairs({ ["+"] = hunk.added, ["-"] = hunk.removed }) do
            for _, line in ipairs(list) do
                local key = bare(line)
                if says_something(key) then
                    lines[sign .. key] = (lines[sign .. key] or 0) + 1
                    count = count + 1
                end
            end
        end
    end
    return lines, count
end

local function shared_lines(lines, other)
    local shared = 0
    for line, count in pairs(lines) do shared = shared + math.min(count, other[line] or 0) end
    return shared
end

local function is_near(hunk, other)
    return hunk.first <= other.first + other.count + near_lines and other.first <= hunk.first + hunk.count + near_lines
end

local function changes_the_same_place(fork, change)
    if fork.binary or change.binary or #fork.hunks == 0 then return true end
    for _, hunk in ipairs(change.hunks) do
        for _, own in ipairs(fork.hunks) do
            if is_near(hunk, own) then return true end
        end
    end
    return false
end

---@class impact.Suspicion
---@field range string  of the project's commits
---@field paths string[]  files where both changed the same place
---@field shared string[]  files where both made changes of the same lines
---@field is_likely boolean  one of the project's commits has the subject of a fork's, or trailers say it

local function add_own_files(suspicion, context, target)
    local added = {}
    for path, fork in pairs(context.fork) do
        if fork.status == "added" then added[#added + 1] = path end
    end
    local is_there = #added > 0 and context.repo:has_files(target, added)
    for i, path in ipairs(added) do
        if is_there[i] then
            table.insert(suspicion.paths, path)
            table.insert(suspicion.shared, path)
        end
    end
end

local function has_subject_of(context, suspicion)
    local subjects = {}
    for _, path in ipairs(suspicion.paths) do
        for _, commit in ipairs(context.commits[path] or {}) do subjects[commit.subject] = true end
    end
    for commit in context.repo:log{ range = suspicion.range, paths = suspicion.paths, merges = false } do
        if subjects[commit.subject] then return true end
    end
    return false
end

--- Where to look for what the project took. To compare all patches takes much longer than the rest of an analysis.
---@param context impact.Context
---@param target string
---@param changes table<string, impact.Change>  of the release
---@return impact.Suspicion
function M.suspect(context, target, changes)
    local suspicion = { range = context.base.commit_id .. ".." .. target, paths = {}, shared = {} }
    for path, change in pairs(changes) do
        local fork = context.fork[path]
        local is_shared = fork and shared_lines(lines_of(fork.hunks), (lines_of(change.hunks))) >= min_shared_lines
        if is_shared then table.insert(suspicion.shared, path) end
        if fork and (is_shared or changes_the_same_place(fork, change)) then table.insert(suspicion.paths, path) end
    end
    add_own_files(suspicion, context, target)
    suspicion.is_likely = #suspicion.paths > 0
        and (context.project.rules.sync.trailer ~= "" or has_subject_of(context, suspicion))
    return suspicion
end

---@class impact.Taken  a commit of the fork, and one of the project's that has much of its change
---@field commit string
---@field subject string
---@field upstream string
---@field upstream_subject string
---@field shared_percent integer  of the fork's changed lines
---@field patch string
---@field upstream_patch string

local empty_tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

local function change_of(repo, commit, paths)
    local hunks = {}
    for _, change in pairs(footprint.changes(repo, commit.parents[1] or empty_tree, commit.id, paths)) do
        for _, hunk in ipairs(change.hunks) do hunks[#hunks + 1] = hunk end
    end
    return hunks
end

local function patch_of(repo, commit, paths)
    return repo:patch(commit.parents[1] or empty_tree, commit.id, { paths = paths })
end

local function best_match(repo, commit, candidates, paths)
    local lines, count = lines_of(change_of(repo, commit, nil))
    local best, most = nil, math.max(min_shared_lines, math.ceil(count * min_shared_percent / 100)) - 1
    for _, candidate in ipairs(candidates) do
        local shared = shared_lines(lines, candidate.lines)
        if shared > most then best, most = candidate.commit, shared end
    end
    if not best then return nil end
    return { commit = commit.id, subject = commit.subject, upstream = best.id, upstream_subject = best.subject,
        shared_percent = math.floor(100 * most / count), patch = patch_of(repo, commit),
        upstream_patch = patch_of(repo, best, paths) }
end

-- The fork's commits that changed some files, each once.
local function commits_at(context, paths)
    local list, seen = {}, {}
    for _, path in ipairs(paths) do
        for _, commit in ipairs(context.commits[path] or {}) do
            if not seen[commit.id] then
                seen[commit.id] = true
                list[#list + 1] = commit.id
            end
        end
    end
    table.sort(list)
    return list
end

--- The fork's commits whose change is in the release for the most part, but for those that a replay drops anyway.
---@param context impact.Context
---@param suspicion impact.Suspicion
---@param dropped table<string, boolean>
---@return impact.Taken[]
function M.find(context, suspicion, dropped)
    local repo, found, candidates = context.repo, {}, {}
    if #suspicion.shared == 0 then return found end
    for commit in repo:log{ range = suspicion.range, paths = suspicion.shared, merges = false, limit = max_commits } do
        candidates[#candidates + 1] = { commit = commit,
            lines = (lines_of(change_of(repo, commit, suspicion.shared))) }
    end
    for _, id in ipairs(commits_at(context, suspicion.shared)) do
        if not dropped[id] and #found < max_listed then
            found[#found + 1] = best_match(repo, repo:commit(id), candidates, suspicion.shared)
        end
    end
    return found
end

return M
