-- Releases as commits of the repository: by what the store knows of them, else by the tags that are here. What is
-- missing is fetched to references of its own, so that no tag of the fork is touched.
local store_of = require("lib.upstream.store")
local versions = require("lib.upstream.versions")

local M = {}

---@class impact.Release
---@field version string
---@field tag string
---@field commit_id? string  nil: only its tag is known, and that is not here; `ensure` finds it

local fetched_prefix = "refs/uhost/upstream/"

local function commit_of_tag(repo, prefix, tag) return repo:resolve(("%s%s^{commit}"):format(prefix, tag)) end

local function release_of(version, tag, commit_id)
    return { version = version, tag = tag, commit_id = commit_id }
end

local function local_releases(repo, rules)
    local by_tag, names = {}, {}
    for _, tag in ipairs(repo:tags()) do
        if tag.kind == "commit" then
            by_tag[tag.name] = tag.target
            names[#names + 1] = tag.name
        end
    end
    local prefix = rules.tags.prefix ~= "" and rules.tags.prefix or nil
    local choice = versions.choose(names, { prefix = prefix, prereleases = rules.tags.prereleases })
    local list = {}
    for _, version in ipairs(choice.versions) do
        if #version.prerelease == 0 or rules.tags.prereleases then
            list[#list + 1] = release_of(version.text, version.tag, by_tag[version.tag])
        end
    end
    return list
end

--- All releases that are known, newest first.
---@param project upstream.Project
---@param repo git.Repository
---@param known? upstream.Release[]  default: those in the store
---@return impact.Release[]
function M.list(project, repo, known)
    local list = {}
    for _, release in ipairs(known or store_of.releases(project.store, project.name)) do
        list[#list + 1] = release_of(release.version, release.tag,
            release.commit_id or commit_of_tag(repo, "refs/tags/", release.tag)
            or commit_of_tag(repo, fetched_prefix, release.tag))
    end
    return #list > 0 and list or local_releases(repo, project.rules)
end

-- Where a tag of the fork and the one that the project has now differ, the project's counts.
local function warn_of_moved_tag(repo, release)
    local here = commit_of_tag(repo, "refs/tags/", release.tag)
    if here and release.commit_id and here ~= release.commit_id then
        log.warn(("the tag %s of this repository is at %s; the project has it at %s, which counts"):format(
            term.untrusted(release.tag), here:sub(1, 12), release.commit_id:sub(1, 12)))
    end
end

local function is_here(repo, release)
    if not release.commit_id then return false end
    local ok, commit = pcall(repo.commit, repo, release.commit_id)
    return ok and commit ~= nil
end

-- Another process may be fetching the same: then it holds the lock of the reference for a moment.
local collisions = { ["git.locked"] = true, ["git.failed"] = true, ["git.reference_changed"] = true }
local max_attempts, pause_s = 4, 0.2

local function fetch(repo, project, release)
    local upstream = project.rules.upstream
    local url = upstream.url
    if url == "" and upstream.github ~= "" then url = "https://github.com/" .. upstream.github end
    if url == "" then
        uhost.fail("upstream.missing", ("the commits of %s are not in this repository"):format(release.version),
            { hint = "set upstream.url in policies/upstream.lua, or fetch the tag: git fetch URL tag " .. release.tag })
    end
    for attempt = 1, max_attempts do
        log.debug(("fetching %s"):format(release.tag))
        local ok, failure = pcall(repo.fetch, repo, { remote = url, tags = "none",
            refspecs = ("+refs/tags/%s:%s%s"):format(release.tag, fetched_prefix, release.tag) })
        release.commit_id = release.commit_id or commit_of_tag(repo, fetched_prefix, release.tag)
        if ok or is_here(repo, release) then return end
        local may_pass = uhost.is_error(failure) and collisions[failure.kind] and attempt < max_attempts
        if not may_pass then error(failure, 0) end
        task.sleep(pause_s)
    end
end

--- Makes sure that the commit of a release is in the repository.
---@param repo git.Repository
---@param project upstream.Project
---@param release impact.Release
function M.ensure(repo, project, release)
    warn_of_moved_tag(repo, release)
    if is_here(repo, release) then return end
    fetch(repo, project, release)
    if is_here(repo, release) then return end
    if uhost.dry_run then
        uhost.fail("upstream.missing", ("the commits of %s are not in this repository, and a dry run fetches none")
            :format(release.version), { hint = "without --dry-run they are fetched" })
    end
    uhost.fail("upstream.moved", ("the tag %s has moved since the last look"):format(release.tag),
        { hint = "look again: uhost upstream monitor" })
end

--- Where a release that was fetched is kept, so that no tag of the fork is touched.
---@param tag string
---@return string reference
function M.fetched_reference(tag) return fetched_prefix .. tag end

--- The release that a person means by a version or the name of a tag; nil when there is none.
---@param list impact.Release[]
---@param text string
---@return impact.Release?
---@return integer? position
function M.find(list, text)
    for position, release in ipairs(list) do
        if release.version == text or release.tag == text then return release, position end
    end
    local wanted = versions.parse(text)
    for position, release in ipairs(list) do
        local version = wanted and versions.parse(release.tag)
        if version and version.component == wanted.component and versions.compare(version, wanted) == 0 then
            return release, position
        end
    end
end

return M
