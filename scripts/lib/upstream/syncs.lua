-- What is known of a fork's syncs, in the store `uhost`: when each began and ended, how it went, and how every
-- conflict in it was resolved. `lib.upstream.store` makes the tables.
local M = {}

---@class upstream.Sync
---@field id integer
---@field from_version? string
---@field to_version string
---@field started_at string  ISO 8601, UTC
---@field completed_at? string
---@field status "pending"|"in_progress"|"success"|"failed"|"rolled_back"
---@field conflicts_count integer
---@field conflicts_auto_resolved integer
---@field conflicts_manual_resolved integer
---@field build_time_seconds? number
---@field tests_passed? integer
---@field tests_failed? integer
---@field impact_report_path? string
---@field sync_report_path? string
---@field error_log_path? string
---@field sync_branch? string
---@field merge_commit? string

---@class upstream.Resolution
---@field id integer
---@field sync_id integer
---@field file_path string
---@field conflict_type string  a kind of `repo:merge_trees`: "content"
---@field resolution_type "auto"|"manual"|"pattern"
---@field rule? string
---@field resolution_description string
---@field created_at string  ISO 8601, UTC

local changeable = { "status", "completed_at", "conflicts_count", "conflicts_auto_resolved",
    "conflicts_manual_resolved", "build_time_seconds", "tests_passed", "tests_failed", "impact_report_path",
    "sync_report_path", "error_log_path", "sync_branch", "merge_commit" }

--- What identifies a fork on this machine.
---@param repo git.Repository
---@return string
function M.fork_of(repo) return fs.absolute(repo:common_folder()) end

--- Notes that a sync begins.
---@param store db.Connection
---@param sync { project: string, fork: string, from_version: string?, to_version: string, status: string?,
---    sync_branch: string?, impact_report_path: string?, started_at: string? }  status: default "in_progress"
---@return integer id
function M.begin_sync(store, sync)
    uhost.check_options(sync, "begin_sync", { "project", "fork", "from_version", "to_version", "status", "sync_branch",
        "impact_report_path", "started_at" })
    local _, id = store:execute([[
        INSERT INTO sync_operations (project, fork, from_version, to_version, started_at, status, sync_branch,
            impact_report_path)
        VALUES (:project, :fork, :from_version, :to_version, :started_at, :status, :sync_branch, :impact_report_path)
    ]], {
        project = sync.project, fork = sync.fork, from_version = sync.from_version, to_version = sync.to_version,
        started_at = sync.started_at or time.iso(time.now()), status = sync.status or "in_progress",
        sync_branch = sync.sync_branch, impact_report_path = sync.impact_report_path,
    })
    return id
end

--- Notes what became known of a sync.
---@param store db.Connection
---@param id integer
---@param fields table<string, any>  of `upstream.Sync`
function M.update_sync(store, id, fields)
    uhost.check_options(fields, "update_sync", changeable)
    local assignments, parameters = {}, { id = id }
    for _, name in ipairs(changeable) do
        if fields[name] ~= nil then
            assignments[#assignments + 1] = ("%s = :%s"):format(name, name)
            parameters[name] = fields[name]
        end
    end
    if #assignments == 0 then return end
    store:execute(("UPDATE sync_operations SET %s WHERE id = :id"):format(table.concat(assignments, ", ")), parameters)
end

--- Notes that a sync has ended. Its conflicts are counted from what was recorded, unless `fields` say otherwise.
---@param store db.Connection
---@param id integer
---@param fields table<string, any>  of `upstream.Sync`; `status` at least
function M.finish_sync(store, id, fields)
    uhost.check_argument(fields.status, "status", "finish_sync", "string")
    store:transaction(function()
        local counts = store:one([[
            SELECT count(*) AS conflicts_count, count(*) FILTER (WHERE resolution_type <> 'manual') AS
                conflicts_auto_resolved, count(*) FILTER (WHERE resolution_type = 'manual') AS conflicts_manual_resolved
            FROM conflict_resolutions WHERE sync_id = ? HAVING count(*) > 0
        ]], { id }) or {}
        counts.completed_at = time.iso(time.now())
        for name, value in pairs(fields) do counts[name] = value end
        M.update_sync(store, id, counts)
    end)
end

--- Notes how a conflict was resolved.
---@param store db.Connection
---@param sync_id integer
---@param resolution { file_path: string, conflict_type: string, resolution_type: string, rule: string?,
---    resolution_description: string }
function M.record_resolution(store, sync_id, resolution)
    uhost.check_options(resolution, "record_resolution", { "file_path", "conflict_type", "resolution_type", "rule",
        "resolution_description" })
    store:execute([[
        INSERT INTO conflict_resolutions (sync_id, file_path, conflict_type, resolution_type, rule,
            resolution_description, created_at)
        VALUES (:sync_id, :file_path, :conflict_type, :resolution_type, :rule, :resolution_description, :created_at)
    ]], {
        sync_id = sync_id, file_path = resolution.file_path, conflict_type = resolution.conflict_type,
        resolution_type = resolution.resolution_type, rule = resolution.rule,
        resolution_description = resolution.resolution_description, created_at = time.iso(time.now()),
    })
end

--- The syncs of a fork, newest first.
---@param store db.Connection
---@param project string
---@param fork string
---@param limit integer
---@return upstream.Sync[]
function M.list(store, project, fork, limit)
    return store:query("SELECT * FROM sync_operations WHERE project = ? AND fork = ? ORDER BY id DESC LIMIT ?",
        { project, fork, limit })
end

--- Whether a commit is what a sync of this fork ended with, undone or not.
---@param store db.Connection
---@param project string
---@param fork string
---@param commit string
---@return boolean
function M.has_made(store, project, fork, commit)
    return store:one("SELECT id FROM sync_operations WHERE project = ? AND fork = ? AND merge_commit = ? LIMIT 1",
        { project, fork, commit }) ~= nil
end

--- How the conflicts of a sync were resolved.
---@param store db.Connection
---@param sync_id integer
---@return upstream.Resolution[]
function M.resolutions(store, sync_id)
    return store:query("SELECT * FROM conflict_resolutions WHERE sync_id = ? ORDER BY id", { sync_id })
end

return M
