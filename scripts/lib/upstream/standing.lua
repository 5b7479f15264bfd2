-- Where a fork stands: which release it is based on, found in its own history, and how many releases came since.
local store_of = require("lib.upstream.store")

local M = {}

-- The newest known release whose commit the fork contains. Commits that were never fetched are not contained.
local function find_contained(repo, releases)
    for position, release in ipairs(releases) do
        local is_here = release.commit_id and repo:resolve(release.commit_id)
        if is_here and repo:is_ancestor(release.commit_id, "HEAD") then return release, position - 1 end
    end
end

-- The release that the last analysis found a fork without shared history to be made from.
local function find_analysed(project, releases)
    local row = project.store:one([[SELECT from_version FROM upstream_analyses WHERE project = ? AND fork = ?
        ORDER BY id DESC LIMIT 1]], { project.name, project.fork })
    for position, release in ipairs(row and releases or {}) do
        if release.version == row.from_version then return release, position - 1 end
    end
end

-- Gives the release and how many came after it, or why it is not known.
local function find_base(project, releases)
    local repo = git.open(project.folder)
    local ok, release, behind = pcall(find_contained, repo, releases)
    local is_shallow = repo:is_shallow()
    repo:close()
    if not ok and not (uhost.is_error(release) and release.kind == "git.shallow") then error(release, 0) end
    if ok and release then return release, behind end
    if is_shallow then return nil, "this clone is shallow, and where the fork began is not in it" end
    release, behind = find_analysed(project, releases)
    if release then return release, behind end
    return nil, #releases == 0 and "it has no releases" or "this history contains none of its releases"
end

-- By when the oldest release that the fork lacks has to be in it.
local function sync_due(releases, behind, days)
    local oldest = behind > 0 and releases[behind].released_at
    return oldest and time.iso(time.parse(oldest) + days * 86400) or nil
end

local function word_for(behind, limits)
    if behind > limits.critical then return "CRITICAL_BEHIND" end
    return behind > limits.warning and "BEHIND" or "CURRENT"
end

---@class upstream.Standing
---@field status "CURRENT"|"BEHIND"|"CRITICAL_BEHIND"|"UNKNOWN"
---@field reason? string  why it is unknown
---@field current_base? string
---@field latest_stable? string
---@field releases_behind? integer
---@field last_check? string
---@field last_sync? string  when the last one that succeeded ended
---@field next_sync_due? string

local function last_sync(project)
    local row = project.store:one([[SELECT max(completed_at) AS ended FROM sync_operations
        WHERE project = ? AND fork = ? AND status = 'success']], { project.name, project.fork })
    return row and row.ended
end

--- Asks nobody: what the last look at the project found is compared with the repository of the current folder.
---@param project upstream.Project
---@return upstream.Standing
function M.of(project)
    local store, rules = project.store, project.rules
    local check, releases = store_of.last_check(store, project.name), store_of.releases(store, project.name)
    if not check then return { status = "UNKNOWN", reason = "its releases were never looked at" } end
    local standing = { last_check = check.checked_at, latest_stable = releases[1] and releases[1].version,
        last_sync = last_sync(project) }
    local base, behind = find_base(project, releases)
    if not base then
        standing.status, standing.reason = "UNKNOWN", behind
        return standing
    end
    standing.current_base, standing.releases_behind = base.version, behind
    standing.next_sync_due = sync_due(releases, behind, rules.cadence.sync_days)
    standing.status = word_for(behind, rules.behind)
    return standing
end

return M
