-- What other workflows of uhost have kept: syncs with upstream, and statistics of failures of the CI.
local ci_failures = require("lib.ci_failures.store")
local store_of = require("lib.metrics.store")
local upstream = require("lib.upstream.store")

local M = {}

local function seconds(text) return math.floor(time.parse(text)) end

local function sync_measures(main, fork)
    local measures = {}
    for sync in main:each([[SELECT * FROM sync_operations WHERE fork = ? AND completed_at IS NOT NULL ORDER BY id]],
        { fork }) do
        local at = seconds(sync.completed_at)
        local function add(name, value)
            if value then
                measures[#measures + 1] = { name = "upstream." .. name, subject = sync.to_version, at = at,
                    value = value }
            end
        end
        add("sync_hours", (at - seconds(sync.started_at)) / 3600)
        add("sync_succeeded", sync.status == "success" and 1 or 0)
        add("sync_conflicts", sync.conflicts_count)
        add("sync_conflicts_by_hand", sync.conflicts_manual_resolved)
        add("sync_build_seconds", sync.build_time_seconds)
        add("sync_tests_failed", sync.tests_failed)
    end
    return measures
end

-- The syncs of the clone here; none outside of one.
local function syncs_here(main)
    local ok, repo = pcall(git.open, ".")
    if not ok then return {} end
    return sync_measures(upstream.prepare(main), require("lib.upstream.syncs").fork_of(repo))
end

local statistics = { "runs", "failures", "causes", "open", "resolved", "lost_minutes", "detection_median_s",
    "resolution_median_s" }

local function failure_measures(main, repository)
    local measures = {}
    for row in main:each("SELECT day, statistics FROM ci_statistics WHERE repository = ?", { repository }) do
        local known = json.decode(row.statistics)
        for _, name in ipairs(statistics) do
            if type(known[name]) == "number" then
                measures[#measures + 1] = { name = "ci_failures." .. name, subject = "", at = seconds(row.day),
                    value = known[name] }
            end
        end
    end
    return measures
end

--- Keeps what they know of a repository.
---@param store db.Connection
---@param main db.Connection  that theirs are in
---@param repository string
---@return integer count
function M.collect(store, main, repository)
    ci_failures.prepare(main)
    local measures = failure_measures(main, repository)
    for _, measure in ipairs(syncs_here(main)) do measures[#measures + 1] = measure end
    store_of.keep_measures(store, repository, measures)
    return #measures
end

return M
