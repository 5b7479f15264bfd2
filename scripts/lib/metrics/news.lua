-- Tells once of each lasting change of how long builds take, as an event.
local changes_of = require("lib.metrics.changes")
local events = require("lib.events")
local store_of = require("lib.metrics.store")

local M = {}

local day_s = 86400
-- Changes are looked for in so much of the history; only those of the newest part are news.
local history_s, news_s = 60 * day_s, 30 * day_s
-- With more builds, the place of a change moves a little. One of the same kind that is so near is the same.
local near_s = 14 * day_s
local max_told = 1000

local function series_of(change)
    return table.concat({ change.repository, change.of, change.workflow, change.job, change.step, change.platform,
        change.arch, change.variant }, " ")
end

local function is_same(told, change)
    return (told.percent > 0) == (change.percent > 0) and math.abs(told.at - change.at) <= near_s
end

-- What was told of each series. Each of it stands for one change only: of two that are near, both are told.
local function told_by_series(main)
    local told = {}
    for _, event in ipairs(events.list(main, { kind = "metrics.change", limit = max_told })) do
        local series = series_of(event.data)
        told[series] = told[series] or {}
        table.insert(told[series], event.data)
    end
    return told
end

-- Takes what was told of a change out of a list: the nearest of it; false when nothing was.
local function take_told(list, change)
    local nearest
    for i, told in ipairs(list or {}) do
        if is_same(told, change) and (not nearest
            or math.abs(told.at - change.at) < math.abs(list[nearest].at - change.at)) then nearest = i end
    end
    return nearest ~= nil and table.remove(list, nearest) ~= nil
end

local function title_of(change)
    local name = change.of == "run" and change.workflow or change.job
    if change.step ~= "" then name = ("%s › %s"):format(name, change.step) end
    return ("%s takes %.0f %% %s since %s: %s, before %s"):format(name, math.abs(change.percent),
        change.percent > 0 and "longer" or "less", change.commit_sha:sub(1, 9), time.human(change.after_s),
        time.human(change.before_s))
end

local function event_of(change)
    return {
        kind = "metrics.change", key = ("%s change %s"):format(series_of(change), change.commit_sha),
        severity = change.percent > 0 and "warning" or "info", title = title_of(change),
        url = change.repository:find("^[^/]+/[^/]+$") and change.commit_sha ~= ""
            and ("https://github.com/%s/commit/%s"):format(change.repository, change.commit_sha) or nil,
        data = change,
    }
end

--- Raises an event for each change of the main branch that was not told yet, and says so on standard error. Which
--- kinds count (runs, jobs, steps) and how large a change has to be is in the policy.
---@param store db.Connection  of metrics
---@param main db.Connection  of events
---@param repository string
---@param rules metrics.Rules
function M.tell(store, main, repository, rules)
    local limits, kinds = rules.data.changes, tables.set(rules.data.changes.told)
    local branch, now = store_of.main_branch(store, repository), time.now()
    if next(kinds) == nil or not branch then return end
    local filter = { repository = repository, branch = branch, since = now - history_s }
    events.prepare(main)
    local told = told_by_series(main)
    for _, change in ipairs(changes_of.find(store, filter, limits, kinds)) do
        change.repository = repository
        local is_known = take_told(told[series_of(change)], change)
        if not is_known and now - change.at <= news_s and events.raise(main, event_of(change)) then
            (change.percent > 0 and log.warn or log.info)(title_of(change))
        end
    end
end

return M
