-- What a fork is made from, found in its repository: the newest release that its history contains; for a fork that was
-- published as a snapshot, without the project's history, the release whose files it shares most of.
local M = {}

-- A snapshot of something else shares hardly any file.
local min_shared_percent = 10
-- So many of the releases that differ in fewest names are compared file by file.
local shortlist = 5
-- A shallow clone is deepened by so many commits at a time, then to its end.
local deepening = { 100, 1000 }

---@class impact.Base
---@field release impact.Release
---@field commit_id string  what the fork's own changes are compared with
---@field kind "ancestor"|"snapshot"|"given"
---@field shared_percent? number  of a snapshot's files, how many are the same in the release

local function is_contained(repo, release, head)
    if not release.commit_id then return false end
    local ok, commit = pcall(repo.commit, repo, release.commit_id)
    return ok and commit ~= nil and repo:is_ancestor(release.commit_id, head)
end

-- Behind the release, the fork may have followed the project's branch for a while: from there on it is the fork's own.
local function branch_point(repo, release, head, target)
    local common = repo:merge_base(head, target)
    if common and repo:is_ancestor(release.commit_id, common) then return common end
    return release.commit_id
end

local function find_ancestor(repo, releases, head, target)
    for _, release in ipairs(releases) do
        if is_contained(repo, release, head) then
            return { release = release, commit_id = branch_point(repo, release, head, target), kind = "ancestor" }
        end
    end
end

local function blobs_of(repo, revision)
    local ids, count = {}, 0
    for _, entry in ipairs(repo:tree(revision, { recursive = true })) do
        if entry.kind ~= "submodule" then
            ids[entry.id] = true
            count = count + 1
        end
    end
    return ids, count
end

local function shared_percent(repo, ours, count, release)
    local shared = 0
    for _, entry in ipairs(repo:tree(release.commit_id, { recursive = true })) do
        if ours[entry.id] then shared = shared + 1 end
    end
    return math.min(100, 100 * shared / math.max(count, 1))
end

-- Names that differ are cheap to count; contents are compared where few do.
local function nearest(repo, releases, head)
    local counted = {}
    for _, release in ipairs(releases) do
        if release.commit_id and repo:resolve(release.commit_id) then
            counted[#counted + 1] = { release = release, differing = #repo:changed_paths(release.commit_id, head) }
        end
    end
    table.sort(counted, function(a, b) return a.differing < b.differing end)
    return counted
end

--- The release whose files a commit shares most of; nil where it shares hardly any with one.
---@param repo git.Repository
---@param releases impact.Release[]
---@param head string
---@return impact.Base?
function M.find_snapshot(repo, releases, head)
    local ours, count = blobs_of(repo, head)
    local best
    for i, each in ipairs(nearest(repo, releases, head)) do
        if i > shortlist then break end
        local percent = shared_percent(repo, ours, count, each.release)
        if not best or percent > best.shared_percent then
            best = { release = each.release, commit_id = each.release.commit_id, kind = "snapshot",
                shared_percent = percent }
        end
    end
    return best and best.shared_percent >= min_shared_percent and best or nil
end

-- So far back an import is looked for.
local max_commits = 2000

--- The commit of a mainline whose files differ least from those of a release: that which brought it in. Of several, the
--- oldest.
---@param repo git.Repository
---@param release string  a commit
---@param head string
---@return string
function M.import_of(repo, release, head)
    local import, fewest = head, math.huge
    for commit in repo:log{ range = head, first_parent = true, limit = max_commits } do
        local differing = #repo:changed_paths(release, commit.id)
        if differing <= fewest then import, fewest = commit.id, differing end
    end
    return import
end

local function has_remote(repo, name)
    for _, remote in ipairs(repo:remotes()) do
        if remote.name == name then return true end
    end
end

local function refuse_shallow()
    uhost.fail("upstream.shallow", "this clone is shallow: where the fork began is not in it",
        { hint = "git fetch --unshallow" })
end

-- Deepens a shallow clone until the base is found. Nothing is guessed before all of the history is there.
local function deepen_until(repo, find)
    if uhost.dry_run or not has_remote(repo, "origin") then refuse_shallow() end
    for i = 1, #deepening + 1 do
        local step = deepening[i]
        log.info(step and ("the clone is shallow: fetching %d commits more"):format(step)
            or "the clone is shallow: fetching the rest of its history")
        local ok, failure = pcall(repo.fetch, repo, step and { deepen = step } or { unshallow = true })
        if not ok then
            if not uhost.is_error(failure) or failure.exit_code ~= 3 then error(failure, 0) end
            refuse_shallow()
        end
        local base = find()
        if base or not repo:is_shallow() then return base end
    end
end

-- At the edge of a shallow clone git does not know; that is as good as not found.
local function unless_shallow(find)
    local ok, base = pcall(find)
    if ok then return base end
    if uhost.is_error(base) and base.kind == "git.shallow" then return nil end
    error(base, 0)
end

--- Finds the base of HEAD. Raises `upstream.no_base` and `upstream.shallow`.
---@param repo git.Repository
---@param releases impact.Release[]  newest first
---@param target string  the commit of the release to go to
---@return impact.Base
function M.find(repo, releases, target)
    local head = repo:head().id
    local function find() return find_ancestor(repo, releases, head, target) end
    local base = unless_shallow(find)
    if not base and repo:is_shallow() then
        base = deepen_until(repo, function() return unless_shallow(find) end)
    end
    base = base or M.find_snapshot(repo, releases, head)
    if base then return base end
    uhost.fail("upstream.no_base", "HEAD contains none of the releases, and its files are not those of one",
        { hint = "say which release the fork is made from: --from VERSION" })
end

--- The base that a person names.
---@param repo git.Repository
---@param release impact.Release
---@param target string
---@return impact.Base
function M.given(repo, release, target)
    local head = repo:head().id
    local is_ancestor = is_contained(repo, release, head)
    return {
        release = release, kind = "given",
        commit_id = is_ancestor and branch_point(repo, release, head, target) or release.commit_id,
    }
end

return M
