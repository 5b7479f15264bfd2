-- What the project's changelog file says of releases about which no source said anything. It is read as the newest
-- release has it: in the fork's repository, where that commit is there, else at GitHub.
local changelog = require("lib.upstream.changelog")
local store_of = require("lib.upstream.store")

local M = {}

local max_bytes = 16 * 1024 ^ 2

local function is_empty(notes)
    for _, items in pairs(notes) do
        if #items > 0 then return false end
    end
    return true
end

-- What was read at an earlier look.
local function carry_over(project, releases)
    local known = {}
    for _, release in ipairs(store_of.releases(project.store, project.name)) do known[release.version] = release end
    for _, release in ipairs(releases) do
        local before = known[release.version]
        if before and is_empty(release.notes) then
            release.notes = before.notes
            release.released_at = release.released_at or before.released_at
        end
    end
end

local function from_repository(project, release)
    if project.fork == "" or not release.commit_id then return nil end
    local repo = git.open(project.folder)
    local text
    if repo:resolve(release.commit_id) then
        text = repo:read(release.commit_id, project.rules.changelog.path, { limit_bytes = max_bytes })
    end
    repo:close()
    return text
end

local function from_github(project, release)
    local name = project.rules.upstream.github
    if name == "" then return nil end
    local text = github.repository(name):contents(project.rules.changelog.path, { ref = release.tag })
    return type(text) == "string" and #text <= max_bytes and text or nil
end

local function read(project, release)
    for _, source in ipairs({ from_repository, from_github }) do
        local ok, text = pcall(source, project, release)
        if ok and text then return text end
        if not ok and (not uhost.is_error(text) or text.exit_code == 130) then error(text, 0) end
        if not ok then log.warn(("the changelog of %s could not be read: %s"):format(release.version, text.message)) end
    end
end

--- Fills in what is missing, once for each newest release.
---@param project upstream.Project
---@param releases upstream.Release[]  newest first; changed
function M.fill(project, releases)
    carry_over(project, releases)
    local newest = releases[1]
    if not newest or project.rules.changelog.path == "" or not is_empty(newest.notes) then return end
    local text = read(project, newest)
    if not text then return end
    local by_version, dates = changelog.read(text, project.rules.changelog.sections)
    for _, release in ipairs(releases) do
        local notes, date = by_version[release.version], dates[release.version]
        if notes and is_empty(release.notes) then release.notes = notes end
        if date and not release.released_at and pcall(time.parse, date) then
            release.released_at = time.iso(time.parse(date))
        end
    end
end

return M
