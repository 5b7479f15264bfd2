-- Which job and step of a workflow a log is about.
local M = {}

---@class workflow_patch.Place
---@field workflow table  of workflow_guard.model
---@field job table
---@field combination? table  of its matrix, where the job's name says which
---@field step? table
---@field position? integer  of the step

local function trimmed(text) return text:match("^%s*(.-)%s*$") end

-- A name with expressions as a Lua pattern; what they give is not known.
local function as_pattern(name)
    local plain = name:gsub("%${{.-}}", "\1")
    return "^" .. plain:gsub("[%^%$%(%)%%%.%[%]%*%+%-%?]", "%%%0"):gsub("\1", ".*") .. "$"
end

local function filled_in(name, combination)
    return (name:gsub("%${{%s*matrix%.([%w_%.%-]+)%s*}}", function(key)
        return combination[key] ~= nil and tostring(combination[key]) or nil
    end))
end

-- GitHub puts the values of the matrix behind a name that has none of them.
local function has_values(text, combination)
    local inside, count = text:match("%((.*)%)$"), 0
    if not inside then return false end
    local given = {}
    for value in (inside .. ", "):gmatch("(.-), ") do given[value] = true end
    for _, value in pairs(combination) do
        if not given[tostring(value)] then return false end
        count = count + 1
    end
    return count > 0
end

local function fits(job, name)
    local own = job.name or job.id
    for _, combination in ipairs(job.combinations) do
        local filled = filled_in(own, combination)
        if filled ~= own and filled == name then return 3, combination end
        if name:sub(1, #own + 2) == own .. " (" and has_values(name, combination) then return 3, combination end
    end
    if own == name or name:sub(1, #own + 2) == own .. " (" then return 2 end
    if own:find("${{", 1, true) and name:find(as_pattern(own)) then return 1 end
end

local function job_of(workflow, name)
    local best, combination, most = nil, nil, 0
    for _, job in ipairs(workflow.jobs) do
        local score, values = fits(job, name)
        if score and score > most then best, combination, most = job, values, score end
    end
    return best, combination
end

-- GitHub shows the step's name; its log shows "Run " and the beginning of the command, with values filled in.
local function is_step(step, name)
    if step.name and (step.name == name or name:find(as_pattern(step.name))) then return true end
    local command = name:match("^Run (.*)$") or not step.name and name
    if not command then return false end
    if step.uses then return step.uses == command end
    local first = step.run and trimmed(step.run:match("^%s*([^\n]*)"))
    return first ~= nil and first ~= "" and trimmed(command):find(as_pattern(first)) ~= nil
end

local function step_of(job, name)
    for i, step in ipairs(job.steps) do
        if name and is_step(step, name) then return step, i end
    end
end

local function jobs_with_step(workflow, name)
    local list = {}
    for _, job in ipairs(workflow.jobs) do
        if step_of(job, name) then list[#list + 1] = job end
    end
    return list
end

-- The only combination with which the command reads as in the log.
local function combination_of(job, step, name)
    local found
    for _, combination in ipairs(step and step.run and name and job.combinations or {}) do
        local first = trimmed(filled_in(step.run, combination):match("^%s*([^\n]*)"))
        if "Run " .. first == name then
            if found then return nil end
            found = combination
        end
    end
    return found
end

--- The place in a workflow; nil where its jobs have other names, or several would do.
---@param workflow table
---@param job_name? string  as GitHub names it: "test (ubuntu-24.04, 22)"
---@param step_name? string
---@return workflow_patch.Place?
function M.find(workflow, job_name, step_name)
    local job, combination
    if job_name then
        job, combination = job_of(workflow, job_name)
    else
        local jobs = step_name and jobs_with_step(workflow, step_name) or {}
        job = #jobs == 1 and jobs[1] or #workflow.jobs == 1 and workflow.jobs[1] or nil
    end
    if not job then return nil end
    local step, position = step_of(job, step_name)
    if #job.combinations == 1 then combination = job.combinations[1] end
    combination = combination or combination_of(job, step, step_name)
    return { workflow = workflow, job = job, combination = combination, step = step, position = position }
end

return M
