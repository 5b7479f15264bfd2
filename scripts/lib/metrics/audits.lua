-- The counts of an audit of crash tests, as measures.
local store_of = require("lib.metrics.store")

local M = {}

local counts = { "deleted_files", "issues", "needing_attention", "out_of_sync", "moved", "partial", "back", "unknown",
    "in_sync" }

--- Keeps them.
---@param store db.Connection
---@param repository string
---@param stats table  of a report of `uhost monthly_audit`
---@param path string  the folder that was audited
---@param at number  Unix seconds
function M.keep(store, repository, stats, path, at)
    local measures = {}
    for _, name in ipairs(counts) do
        if type(stats[name]) == "number" then
            measures[#measures + 1] = { name = "audit." .. name, subject = path, at = math.floor(at),
                value = stats[name] }
        end
    end
    store_of.keep_measures(store, repository, measures)
end

return M
