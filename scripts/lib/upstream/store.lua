-- What is known of a project's releases, in the store `uhost`.
local events = require("lib.events")

local M = {}

local migrations = { [[
    CREATE TABLE upstream_releases (
        project TEXT NOT NULL, version TEXT NOT NULL, tag TEXT NOT NULL, commit_id TEXT, released_at TEXT,
        blog_url TEXT, changelog_url TEXT, notes TEXT NOT NULL, position INTEGER NOT NULL, first_seen TEXT NOT NULL,
        withdrawn_at TEXT, PRIMARY KEY (project, version)) STRICT;
    CREATE TABLE upstream_checks (
        project TEXT PRIMARY KEY, checked_at TEXT NOT NULL, newest TEXT, ignored_tags INTEGER NOT NULL) STRICT
]], [[
    CREATE TABLE sync_operations (
        id INTEGER PRIMARY KEY, project TEXT NOT NULL, fork TEXT NOT NULL, from_version TEXT,
        to_version TEXT NOT NULL, started_at TEXT NOT NULL, completed_at TEXT,
        status TEXT NOT NULL CHECK (status IN ('pending', 'in_progress', 'success', 'failed', 'rolled_back')),
        conflicts_count INTEGER NOT NULL DEFAULT 0, conflicts_auto_resolved INTEGER NOT NULL DEFAULT 0,
        conflicts_manual_resolved INTEGER NOT NULL DEFAULT 0, build_time_seconds REAL, tests_passed INTEGER,
        tests_failed INTEGER, impact_report_path TEXT, sync_report_path TEXT, error_log_path TEXT, sync_branch TEXT,
        merge_commit TEXT) STRICT;
    CREATE INDEX sync_operations_by_fork ON sync_operations (project, fork, id);
    CREATE TABLE conflict_resolutions (
        id INTEGER PRIMARY KEY, sync_id INTEGER NOT NULL REFERENCES sync_operations ON DELETE CASCADE,
        file_path TEXT NOT NULL, conflict_type TEXT NOT NULL,
        resolution_type TEXT NOT NULL CHECK (resolution_type IN ('auto', 'manual', 'pattern')), rule TEXT,
        resolution_description TEXT NOT NULL, created_at TEXT NOT NULL) STRICT;
    CREATE INDEX conflict_resolutions_by_sync ON conflict_resolutions (sync_id);
    CREATE TABLE upstream_analyses (
        id INTEGER PRIMARY KEY, project TEXT NOT NULL, fork TEXT NOT NULL, from_version TEXT NOT NULL,
        to_version TEXT NOT NULL, head TEXT NOT NULL, overall_risk TEXT NOT NULL, analysed_at TEXT NOT NULL,
        report TEXT NOT NULL, UNIQUE (project, fork, from_version, to_version, head)) STRICT
]], [[
    CREATE TABLE sync_states (
        sync_id INTEGER PRIMARY KEY REFERENCES sync_operations ON DELETE CASCADE, stage TEXT NOT NULL,
        document TEXT NOT NULL, updated_at TEXT NOT NULL) STRICT;
    CREATE TABLE sync_locks (
        fork TEXT PRIMARY KEY, machine TEXT NOT NULL, boot TEXT NOT NULL, pid INTEGER NOT NULL,
        began INTEGER NOT NULL) STRICT
]], "ALTER TABLE sync_locks ADD COLUMN taken_at REAL", "DROP TABLE sync_locks" }

--- Makes the tables in a store, and gives it back.
---@param store db.Connection
---@return db.Connection
function M.prepare(store)
    store:migrate("upstream", migrations)
    events.prepare(store)
    return store
end

---@return db.Connection
function M.open() return M.prepare(db.open()) end

---@class upstream.Release
---@field version string
---@field tag string
---@field commit_id? string
---@field released_at? string
---@field blog_url? string
---@field changelog_url? string
---@field notes upstream.Notes

--- The releases that are known, newest first, without those that were withdrawn.
---@param store db.Connection
---@param project string
---@return upstream.Release[]
function M.releases(store, project)
    local rows = store:query([[SELECT * FROM upstream_releases WHERE project = ? AND withdrawn_at IS NULL
        ORDER BY position]], { project })
    for _, row in ipairs(rows) do row.notes = json.decode(row.notes) end
    return rows
end

--- When the project was looked at last, and what was found.
---@param store db.Connection
---@param project string
---@return { checked_at: string, newest?: string, ignored_tags: integer }?
function M.last_check(store, project)
    return store:one("SELECT * FROM upstream_checks WHERE project = ?", { project })
end

local function keep_release(store, project, position, release)
    store:execute([[
        INSERT INTO upstream_releases VALUES (:project, :version, :tag, :commit_id, :released_at, :blog_url,
            :changelog_url, :notes, :position, :now, NULL)
        ON CONFLICT (project, version) DO UPDATE SET tag = excluded.tag, position = excluded.position,
            commit_id = coalesce(excluded.commit_id, commit_id),
            released_at = coalesce(excluded.released_at, released_at),
            blog_url = coalesce(excluded.blog_url, blog_url), withdrawn_at = NULL,
            changelog_url = coalesce(excluded.changelog_url, changelog_url), notes = excluded.notes
    ]], {
        project = project, version = release.version, tag = release.tag, commit_id = release.commit_id,
        released_at = release.released_at, blog_url = release.blog_url, changelog_url = release.changelog_url,
        notes = json.encode(release.notes), position = position, now = time.iso(time.now()),
    })
end

-- What differs from the look before; at the first look nothing does.
local function changes_of(known, releases, is_whole)
    local changes, before, seen = {}, {}, {}
    for _, release in ipairs(known) do before[release.version] = release end
    for _, release in ipairs(releases) do
        local old = before[release.version]
        seen[release.version] = true
        if not old then
            changes[#changes + 1] = { kind = "release", release = release }
        elseif old.commit_id and release.commit_id and old.commit_id ~= release.commit_id then
            changes[#changes + 1] = { kind = "moved", release = release, from = old.commit_id }
        end
    end
    for _, release in ipairs(is_whole and known or {}) do
        if not seen[release.version] then changes[#changes + 1] = { kind = "withdrawn", release = release } end
    end
    return changes
end

local function event_of(project, change, impact)
    local release = change.release
    local key = ("%s %s %s"):format(project, change.kind, release.version)
    local data = { project = project, version = release.version, tag = release.tag, commit = release.commit_id }
    local event = { kind = "upstream." .. change.kind, key = key, data = data, url = release.blog_url }
    if change.kind == "release" then
        event.severity, event.title = "info", ("%s %s was released"):format(project, release.version)
        if impact then
            event.severity = impact.risk == "HIGH" and "warning" or "info"
            event.title = ("%s, impact %s"):format(event.title, impact.risk)
            event.text, data.impact, data.analysis = impact.text, impact.risk, impact.value
        end
    elseif change.kind == "moved" then
        event.key = key .. " " .. release.commit_id
        event.severity = "critical"
        event.title = ("the tag of %s %s names another commit than before"):format(project, release.version)
        data.before = change.from
    else
        event.key = key .. " " .. (release.commit_id or "")
        event.severity, event.title = "warning", ("%s %s was withdrawn"):format(project, release.version)
    end
    return event
end

---@class upstream.Look
---@field releases upstream.Release[]  newest first
---@field ignored integer  tags that are no versions
---@field is_whole boolean  the tags were listed, so that what is missing is gone

--- What a look found that was not known; nothing at the first look.
---@param store db.Connection
---@param project string
---@param look upstream.Look
---@return { kind: "release"|"moved"|"withdrawn", release: upstream.Release, from?: string }[]
function M.news(store, project, look)
    if not M.last_check(store, project) then return {} end
    return changes_of(M.releases(store, project), look.releases, look.is_whole)
end

--- Keeps what a look at the project found, and raises an event for each change.
---@param store db.Connection
---@param project string
---@param look upstream.Look
---@param impacts? table<string, { risk: string, text: string, value: table }>  what new releases do to the fork, by
---    version
---@return notify.Event[] raised
function M.keep(store, project, look, impacts)
    return store:transaction(function()
        local raised = {}
        for _, change in ipairs(M.news(store, project, look)) do
            local event = event_of(project, change, impacts and impacts[change.release.version])
            if events.raise(store, event) then raised[#raised + 1] = event end
            if change.kind == "withdrawn" then
                store:execute("UPDATE upstream_releases SET withdrawn_at = ? WHERE project = ? AND version = ?",
                    { time.iso(time.now()), project, change.release.version })
            end
        end
        for position, release in ipairs(look.releases) do keep_release(store, project, position, release) end
        local newest = look.releases[1]
        store:execute([[INSERT INTO upstream_checks VALUES (?, ?, ?, ?) ON CONFLICT (project) DO UPDATE SET
            checked_at = excluded.checked_at, newest = excluded.newest, ignored_tags = excluded.ignored_tags]],
            { project, time.iso(time.now()), newest and newest.version, look.ignored })
        return raised
    end)
end

return M
