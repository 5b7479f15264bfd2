-- Runs with their jobs and steps, one at a time and in constant memory: three lists in the same order, side by side.
local store_of = require("lib.metrics.store")

local M = {}

-- Gives the rows of `list` that belong to `id`, as long as they are next.
local function follower(list, field)
    local next_row = list()
    return function(id)
        local rows = {}
        while next_row and next_row[field] == id do
            rows[#rows + 1] = next_row
            next_row = list()
        end
        return rows
    end
end

--- Iterates over runs, oldest first; each has `jobs`, and each job `steps`. A filter for jobs leaves other jobs out.
---@param store db.Connection
---@param filter metrics.Filter
---@return fun(): metrics.Run?
function M.each(store, filter)
    local runs = store_of.runs(store, filter)
    local jobs_of = follower(store_of.jobs(store, filter), "run_id")
    local steps_of = follower(store_of.steps(store, filter), "job_id")
    return function()
        local run = runs()
        if not run then return nil end
        run.jobs = jobs_of(run.id)
        for _, job in ipairs(run.jobs) do job.steps = steps_of(job.id) end
        return run
    end
end

return M
