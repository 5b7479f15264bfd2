-- What reusable workflows and composite actions of the repository run, in the place of what calls them. Where both
-- sides call the same file, it is compared as a file of its own.
local M = {}

local max_depth, max_combinations = 4, 256

local function local_path(uses) return uses and uses:match("^%./([^@]+)$") end

-- The files that a workflow calls.
local function called_by(workflow)
    local set = {}
    for _, job in ipairs(workflow.jobs) do
        if local_path(job.uses) then set[job.uses] = true end
        for _, step in ipairs(job.steps) do
            if local_path(step.uses) then set[step.uses] = true end
        end
    end
    return set
end

-- Both conditions have to hold.
local function both(outer, inner)
    if not outer.condition then return inner.condition, inner.if_text end
    if not inner.condition then return outer.condition, outer.if_text end
    return { op = "&&", outer.condition, inner.condition }, ("(%s) && (%s)"):format(outer.if_text, inner.if_text)
end

local function either(outer, inner)
    local is_never = outer.op == "value" and not outer.value
    return is_never and inner or { op = "||", outer, inner }
end

-- A step of another file, at the place of what calls it.
local function step_at(step, place)
    local copy = setmetatable({ line = place.line, column = place.column, node = place.node, checks = {} },
        { __index = step })
    for i, check in ipairs(step.checks) do
        copy.checks[i] = setmetatable({ step = copy, line = place.line }, { __index = check })
    end
    return copy
end

local function add_step(job, step)
    job.steps[#job.steps + 1], step.job = step, job
    for _, check in ipairs(step.checks) do job.checks[#job.checks + 1] = check end
end

local inlined_steps

-- The steps of a composite action; nil for what is none of the repository.
local function composite(step, state, depth)
    local folder = local_path(step.uses)
    if not folder or state.skip[step.uses] or depth > max_depth then return nil end
    folder = folder:gsub("/$", "")
    local action = state.model(folder .. "/action.yml") or state.model(folder .. "/action.yaml")
    return action and action.by_id.runs
end

function inlined_steps(job, into, state, depth)
    for _, step in ipairs(job.steps) do
        local inner = composite(step, state, depth)
        if inner then
            local holder = { steps = {}, checks = {} }
            inlined_steps(inner, holder, state, depth + 1)
            for _, each in ipairs(holder.steps) do
                local copy = step_at(each, step)
                copy.condition, copy.if_text = both(step, each)
                copy.continue_on_error = either(step.continue_on_error, each.continue_on_error)
                add_step(into, copy)
            end
        else
            add_step(into, step)
        end
    end
end

local function combinations_of(outer, inner)
    local list = {}
    for _, a in ipairs(outer) do
        for _, b in ipairs(inner) do
            local joined = tables.copy(a)
            for key, value in pairs(b) do joined[key] = value end
            if #list < max_combinations then list[#list + 1] = joined end
        end
    end
    return list
end

local add_job

local function add_called(workflow, job, state, depth)
    local path = local_path(job.uses)
    local called = path and not state.skip[job.uses] and depth <= max_depth and state.model(path)
    if not called or #called.jobs == 0 then return false end
    for _, inner in ipairs(called.jobs) do
        local copy = setmetatable({
            id = job.id .. " / " .. inner.id, name = inner.name, needs = job.needs, line = job.line,
            column = job.column, node = job.node, events = job.events, steps = {}, checks = {},
            dynamic = job.dynamic or inner.dynamic,
            combinations = combinations_of(job.combinations, inner.combinations),
            continue_on_error = either(job.continue_on_error, inner.continue_on_error),
        }, { __index = inner })
        copy.condition, copy.if_text = both(job, inner)
        for _, step in ipairs(inner.steps) do add_step(copy, step_at(step, job)) end
        add_job(workflow, copy, state, depth + 1)
    end
    return true
end

function add_job(workflow, job, state, depth)
    if job.uses then
        if add_called(workflow, job, state, depth) then return end
    else
        local has_action = false
        for _, step in ipairs(job.steps) do has_action = has_action or local_path(step.uses) ~= nil end
        if has_action then
            local copy = setmetatable({ steps = {}, checks = {} }, { __index = job })
            inlined_steps(job, copy, state, depth)
            job = copy
        end
    end
    workflow.jobs[#workflow.jobs + 1] = job
    workflow.by_id[job.id] = job
end

--- A workflow with the jobs and steps that it calls and `other` does not call.
---@param workflow table  of model.of
---@param other table  the same workflow of the other side
---@param read_model fun(path: string): table?  the model of another file of this side
---@return table
function M.inline(workflow, other, read_model)
    local calls = called_by(workflow)
    if next(calls) == nil then return workflow end
    local made = setmetatable({ jobs = {}, by_id = {} }, { __index = workflow })
    local state = { skip = called_by(other), model = read_model }
    for _, job in ipairs(workflow.jobs) do add_job(made, job, state, 1) end
    return made
end

return M
