-- What the history of a fork's syncs says: how long they take, how many succeed, where they hurt.
local syncs = require("lib.upstream.syncs")

local M = {}

---@class upstream.Statistics
---@field syncs integer  that ended
---@field succeeded integer
---@field success_rate_percent? number
---@field average_hours? number  of those that succeeded
---@field manual_interventions_percent? number  how many needed a person
---@field conflicts_by_file { name: string, count: integer, manual: integer }[]  most first
---@field conflicts_by_rule { name: string, count: integer, manual: integer }[]

local function hours_of(sync) return (time.parse(sync.completed_at) - time.parse(sync.started_at)) / 3600 end

local function share_percent(part, whole) return whole > 0 and 100 * part / whole or nil end

local function counted(store, list, name_of)
    local by_name, names = {}, {}
    for _, sync in ipairs(list) do
        for _, resolution in ipairs(syncs.resolutions(store, sync.id)) do
            local name = name_of(resolution)
            if not by_name[name] then
                by_name[name] = { name = name, count = 0, manual = 0 }
                names[#names + 1] = by_name[name]
            end
            local entry = by_name[name]
            entry.count = entry.count + 1
            if resolution.resolution_type == "manual" then entry.manual = entry.manual + 1 end
        end
    end
    table.sort(names, function(a, b)
        if a.count ~= b.count then return a.count > b.count end
        return a.name < b.name
    end)
    return names
end

--- Counts syncs; those that have not ended only with their conflicts.
---@param store db.Connection
---@param list upstream.Sync[]
---@return upstream.Statistics
function M.of(store, list)
    local ended, succeeded, hours, manual = 0, 0, 0, 0
    for _, sync in ipairs(list) do
        if sync.completed_at then
            ended = ended + 1
            if sync.status == "success" then
                succeeded = succeeded + 1
                hours = hours + hours_of(sync)
            end
            if sync.conflicts_manual_resolved > 0 then manual = manual + 1 end
        end
    end
    return {
        syncs = ended, succeeded = succeeded, success_rate_percent = share_percent(succeeded, ended),
        average_hours = succeeded > 0 and hours / succeeded or nil,
        manual_interventions_percent = share_percent(manual, ended),
        conflicts_by_file = counted(store, list, function(resolution) return resolution.file_path end),
        conflicts_by_rule = counted(store, list, function(resolution) return resolution.rule or "by hand" end),
    }
end

return M
