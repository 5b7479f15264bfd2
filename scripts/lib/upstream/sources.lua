-- Where releases are found: the tags of the repository, the releases at GitHub, and the feed of announcements. They are
-- asked side by side, and what they say of one version is put together. A source that cannot be reached is left out;
-- when none can, the look fails.
local changelog = require("lib.upstream.changelog")
local feeds = require("lib.upstream.feeds")
local versions = require("lib.upstream.versions")

local M = {}

local max_releases = 1000
local max_feed_bytes = 32 * 1024 ^ 2

---@class upstream.Found
---@field tag string
---@field commit_id? string
---@field released_at? string
---@field blog_url? string
---@field changelog_url? string
---@field text? string  Markdown of the release's notes

-- An annotated tag is listed twice; "v1^{}" is the commit that it names.
local function from_tags(rules)
    local by_tag, list = {}, {}
    for _, ref in ipairs(git.ls_remote(rules.upstream.url)) do
        local tag = ref.name:match("^refs/tags/(.-)%^{}$") or ref.name:match("^refs/tags/(.+)$")
        if tag then
            if not by_tag[tag] then
                by_tag[tag] = { tag = tag }
                list[#list + 1] = by_tag[tag]
            end
            by_tag[tag].commit_id = ref.id
        end
    end
    return list
end

local function from_github(rules)
    local list = {}
    for release in github.repository(rules.upstream.github):releases{ limit = max_releases } do
        if not release.is_draft then
            list[#list + 1] = { tag = release.tag, released_at = release.published_at, changelog_url = release.url,
                text = release.body }
        end
    end
    return list
end

-- The version that the title of an announcement names: "Announcing Rust 1.84.0".
local function tag_in(title)
    for word in title:gmatch("%S+") do
        local version = word:find("%d+[._-]%d") and versions.parse((word:gsub("[,:;)]+$", "")))
        if version then return version.tag end
    end
end

local function from_feed(rules)
    local response = http.get(rules.feed.url, { max_bytes = max_feed_bytes })
    if not response.ok then
        uhost.fail("upstream.feed", ("%s answered with %d"):format(rules.feed.url, response.status))
    end
    local list = {}
    for _, entry in ipairs(feeds.read(response.body)) do
        local tag = tag_in(entry.title)
        if tag then list[#list + 1] = { tag = tag, released_at = entry.published, blog_url = entry.link } end
    end
    return list
end

local sources = {
    { name = "tags", read = from_tags, is_set = function(rules) return rules.upstream.url ~= "" end },
    { name = "releases at GitHub", read = from_github,
        is_set = function(rules) return rules.upstream.github ~= "" end },
    { name = "feed", read = from_feed, is_set = function(rules) return rules.feed.url ~= "" end },
}

-- Asks all sources that the policy names, one at least. Gives what each found, by name, and why others could not be
-- asked.
local function ask(rules)
    local wanted = {}
    for _, source in ipairs(sources) do
        if source.is_set(rules) then wanted[#wanted + 1] = source end
    end
    local answers, failures = {}, {}
    local outcomes = task.map(wanted, function(source) return { pcall(source.read, rules) } end)
    for i, source in ipairs(wanted) do
        local ok, result = outcomes[i][1], outcomes[i][2]
        if ok then answers[source.name] = result else failures[source.name] = result end
    end
    if next(answers) == nil then
        local reasons = {}
        for i, source in ipairs(wanted) do
            reasons[i] = ("%s: %s"):format(source.name, tostring(failures[source.name]))
        end
        uhost.fail("upstream.unreachable", "no source of releases could be read: " .. table.concat(reasons, "; "),
            { hint = "what was known before is kept; try again later" })
    end
    return answers, failures
end

local function fill_in(release, found)
    for _, field in ipairs({ "commit_id", "released_at", "blog_url", "changelog_url", "text" }) do
        release[field] = release[field] or found[field]
    end
end

-- The tag says most of a version, and is listed first.
local function merge(answers, rules)
    local tags, found_by_tag = {}, {}
    for _, source in ipairs(sources) do
        for _, found in ipairs(answers[source.name] or {}) do
            if not found_by_tag[found.tag] then
                found_by_tag[found.tag] = {}
                tags[#tags + 1] = found.tag
            end
            table.insert(found_by_tag[found.tag], found)
        end
    end
    local prefix = rules.tags.prefix ~= "" and rules.tags.prefix or nil
    local choice = versions.choose(tags, { prefix = prefix, prereleases = rules.tags.prereleases })
    local releases, by_version = {}, {}
    for _, version in ipairs(choice.versions) do
        if #version.prerelease == 0 or rules.tags.prereleases then
            local release = by_version[version.text]
            if not release then
                release = { version = version.text, tag = version.tag }
                by_version[version.text] = release
                releases[#releases + 1] = release
            end
            for _, found in ipairs(found_by_tag[version.tag]) do fill_in(release, found) end
        end
    end
    return releases, choice
end

local function add_notes(releases, sections)
    for _, release in ipairs(releases) do
        release.notes = changelog.read_notes(release.text or "", sections)
        release.text = nil
    end
end

--- Looks at the project.
---@param rules table  the data of the policy `upstream`
---@return upstream.Look
---@return table<string, any> failures  by source
---@return upstream.Choice
function M.look(rules)
    local answers, failures = ask(rules)
    local releases, choice = merge(answers, rules)
    while #releases > max_releases do releases[#releases] = nil end
    add_notes(releases, rules.changelog.sections)
    return { releases = releases, ignored = #choice.ignored, is_whole = answers.tags ~= nil }, failures, choice
end

return M
