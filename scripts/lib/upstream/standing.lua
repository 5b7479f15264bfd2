-- Where a fork stands: which release it is based on, found in its own history, and how many releases came since.
local store_of = require("lib.upstream.store")

local M = {}

-- The newest known release whose commit the fork contains. Commits that were never fetched are not contained.
local function find_base(repo, releases)
    for position, release in ipairs(releases) do
        local is_here = release.commit_id and repo:resolve(release.commit_id)
        if is_here and repo:is_ancestor(release.commit_id, "HEAD") then return release, position - 1 end
    end
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
    local repo = git.open(project.folder)
    local base, behind = find_base(repo, releases)
    repo:close()
    if not base then
        standing.status = "UNKNOWN"
        standing.reason = #releases == 0 and "it has no releases" or "this history contains none of its releases"
        return standing
    end
    standing.current_base, standing.releases_behind = base.version, behind
    standing.next_sync_due = sync_due(releases, behind, rules.cadence.sync_days)
    standing.status = word_for(behind, rules.behind)
    return standing
end

return M
