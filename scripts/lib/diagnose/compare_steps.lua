-- Which steps of two runs of a job differ: there or not, how they ended, how long they took.
local M = {}

-- Slower than the green one by this factor and so many seconds more.
local slow_factor, slow_s = 1.5, 20

-- The steps by job and name; of several of one name, the first of one run belongs to the first of the other.
local function keyed(structure)
    local list, times = {}, {}
    for _, job in ipairs(structure.jobs or {}) do
        for _, step in ipairs(job.steps) do
            local name = (job.name or "") .. "\0" .. step.name
            times[name] = (times[name] or 0) + 1
            list[#list + 1] = { key = name .. "\0" .. times[name], job = job.name, step = step }
        end
    end
    return list
end

-- A log with one job need not name it as the other log does.
local function without_job(list, structure)
    if #(structure.jobs or {}) > 1 then return list end
    for _, one in ipairs(list) do one.key = one.key:gsub("^[^%z]*%z", "") end
    return list
end

local function by_key(list)
    local found = {}
    for _, one in ipairs(list) do found[one.key] = one.step end
    return found
end

local function is_slower(step, before)
    local now, was = step.duration_s, before.duration_s
    return now ~= nil and was ~= nil and now - was >= slow_s and now >= was * slow_factor
end

local function change_of(step, before)
    if not before then return "added" end
    if (step.failed or false) ~= (before.failed or false) then return step.failed and "failed" or "passed" end
    if is_slower(step, before) then return "slower" end
end

---@class diagnose.StepChange
---@field name string
---@field job? string
---@field change "added"|"removed"|"failed"|"passed"|"slower"
---@field first_line? integer  of the failed log; of the green one for a step that is not there any more
---@field duration_s? number
---@field green_duration_s? number

local function told(one, change, before)
    local step = one.step
    return {
        name = step.name, job = one.job ~= "" and one.job or nil, change = change, first_line = step.first_line,
        duration_s = change ~= "removed" and step.duration_s or nil,
        green_duration_s = before and before.duration_s or nil,
    }
end

--- The steps that differ: in the order of the failed log, then those that only the green one has.
---@param failed log_text.Structure
---@param green log_text.Structure
---@return diagnose.StepChange[]
function M.changes(failed, green)
    local now = without_job(keyed(failed), failed)
    local before = without_job(keyed(green), green)
    local of_green, of_failed = by_key(before), by_key(now)
    local changes = {}
    if #now == 0 or #before == 0 then return changes end
    for _, one in ipairs(now) do
        local change = change_of(one.step, of_green[one.key])
        if change then changes[#changes + 1] = told(one, change, of_green[one.key]) end
    end
    for _, one in ipairs(before) do
        if not of_failed[one.key] then changes[#changes + 1] = told(one, "removed", one.step) end
    end
    return changes
end

--- The lines of the green log that the failed run should have had too: of the steps that it got to; all without steps.
---@param failed log_text.Structure
---@param green log_text.Structure
---@return { first: integer, last: integer }[]?
function M.shared_parts(failed, green)
    local reached, parts = by_key(without_job(keyed(failed), failed)), {}
    for _, one in ipairs(without_job(keyed(green), green)) do
        local step = reached[one.key]
        if step and not step.failed then
            parts[#parts + 1] = { first = one.step.first_line, last = one.step.last_line }
        end
    end
    return #parts > 0 and parts or nil
end

return M
