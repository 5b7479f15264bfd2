-- What was around the checks and is gone: limits, services, dependencies, artifacts.
local matching = require("lib.workflow_guard.matching")

local M = {}

local function count_of(job, pattern)
    local count = 0
    for _, step in ipairs(job.steps) do
        if step.uses and step.uses:find(pattern) then count = count + 1 end
    end
    return count
end

local function compare_job(base, head, gone, add)
    local function report(rule, before, what) add(rule, { job = head.id, job_model = head, before = before,
        what = what }) end
    if base.timeout and not head.timeout then
        report("timeout_removed", base.timeout, ("job '%s' has no timeout-minutes now"):format(head.id))
    end
    for name in pairs(base.services) do
        if head.services[name] == nil then
            report("service_removed", name, ("job '%s' has no service '%s' now"):format(head.id, name))
        end
    end
    local needed = {}
    for _, name in ipairs(head.needs) do needed[name] = true end
    for _, name in ipairs(base.needs) do
        if not needed[name] and not gone[name] then
            report("needs_removed", name, ("job '%s' does not wait for '%s' now"):format(head.id, name))
        end
    end
    if base.environment and base.environment ~= json.null and not head.environment then
        report("environment_removed", json.encode(base.environment),
            ("job '%s' has no environment now"):format(head.id))
    end
    if count_of(base, "upload%-artifact") > count_of(head, "upload%-artifact") then
        report("artifact_removed", "actions/upload-artifact", ("job '%s' keeps fewer artifacts"):format(head.id))
    end
    if count_of(base, "^actions/cache") > count_of(head, "^actions/cache") then
        report("cache_removed", "actions/cache", ("job '%s' has fewer caches"):format(head.id))
    end
end

---@param base table  of model.of
---@param head table
---@param add fun(rule: string, fields: table)
---@param budget workflow_guard.Budget
function M.compare(base, head, add, budget)
    local pairs_of, gone = matching.jobs(base.jobs, head.jobs, budget), {}
    for _, job in ipairs(base.jobs) do
        local now = pairs_of[job]
        gone[job.id] = now == nil or now.id ~= job.id
    end
    for _, job in ipairs(base.jobs) do
        if pairs_of[job] then compare_job(job, pairs_of[job], gone, add) end
    end
end

return M
