-- In which job and step a line of a log is.
local M = {}

local function seconds(text) return text and time.parse(text) or nil end

-- GitHub tells when each step began, to the second; lines have the same clock.
local function by_time(job, at)
    local found
    for _, step in ipairs(at and job.steps or {}) do
        local began = seconds(step.started_at)
        if began and began <= at then found = step end
    end
    return found
end

-- The step that failed, when the time does not tell.
local function failed_step(job)
    for _, step in ipairs(job.steps or {}) do
        if step.conclusion == "failure" or step.conclusion == "timed_out" then return step end
    end
end

local function within(structure, number)
    for _, job in ipairs(structure and structure.jobs or {}) do
        for _, step in ipairs(job.steps or {}) do
            if number >= step.first_line and number <= step.last_line then return job, step end
        end
    end
end

local function named(text) return text and text:find("%S") and text or nil end

--- The names of the job and step of a line; nil for what is not known.
---@param source diagnose.Source
---@param opened log_text.Log
---@param structure table?
---@param number integer
---@return string? job
---@return string? step
function M.of(source, opened, structure, number)
    local job, step = within(structure, number)
    local job_name, step_name = job and job.name, step and step.name
    if source.job then
        local known = by_time(source.job, opened:time(number)) or step and step.failed and failed_step(source.job)
        return source.job.name, known and known.name or named(step_name)
    end
    local prefix_job, prefix_step = opened:prefix(number)
    if prefix_step == "UNKNOWN STEP" then prefix_step = nil end
    return source.job_name or named(prefix_job) or named(job_name), named(prefix_step) or named(step_name)
end

return M
