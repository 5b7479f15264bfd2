-- A workflow file as what it runs: triggers, jobs with their combinations, steps with their checks.
local checks = require("lib.workflow_guard.checks")
local expression_texts = require("lib.workflow_guard.expression_texts")
local expressions = require("lib.workflow_guard.expressions")
local matrix = require("lib.workflow_guard.matrix")

local M = {}

local function text_of(value)
    if value == nil or value == json.null then return nil end
    if type(value) == "table" then return json.encode(value) end
    return tostring(value)
end

local function table_of(value) return type(value) == "table" and value or {} end

local function list_of(value)
    if value == nil or value == json.null then return nil end
    if type(value) ~= "table" then return { tostring(value) } end
    local list = {}
    for i, item in ipairs(value) do list[i] = text_of(item) or "" end
    return list
end

-- Triggers ------------------------------------------------------------------------------------------------------------

local function triggers_of(value)
    local events = {}
    if type(value) == "string" then
        events[value] = {}
    elseif type(value) == "table" and #value > 0 then
        for _, name in ipairs(value) do events[tostring(name)] = {} end
    else
        for name, filters in pairs(table_of(value)) do
            events[name] = {}
            if name == "schedule" then
                events[name].cron = #table_of(filters)
            else
                for _, filter in ipairs({ "branches", "branches-ignore", "tags", "tags-ignore", "paths", "paths-ignore",
                    "types" }) do
                    events[name][filter] = list_of(table_of(filters)[filter])
                end
            end
        end
    end
    return events
end

-- Jobs and steps ------------------------------------------------------------------------------------------------------

local function run_line(node)
    if not node then return 1 end
    return (node.style == "literal" or node.style == "folded") and node.line + 1 or node.line
end

local off, on = { op = "value", value = false }, { op = "value", value = true }

-- A flag that may be an expression.
local function flag(value)
    if value == nil or value == json.null or value == false then return off end
    if value == true then return on end
    return expressions.parse(tostring(value))
end

local function step_of(node, defaults)
    local value = table_of(node.value)
    local step = {
        id = text_of(value.id), name = text_of(value.name), uses = type(value.uses) == "string" and value.uses or nil,
        run = type(value.run) == "string" and value.run or nil, with = table_of(value.with), env = table_of(value.env),
        shell = text_of(value.shell) or defaults.shell, if_text = text_of(value["if"]),
        continue_on_error = flag(value["continue-on-error"]), timeout = text_of(value["timeout-minutes"]),
        line = node.line, column = node.column, node = node,
    }
    step.run_line = step.run and run_line(yaml.get(node, "run")) or 1
    step.label = step.name or step.id or step.uses or step.run and step.run:match("^%s*([^\n]*)") or "step"
    return step
end

local families = { { "ubuntu", "Linux" }, { "linux", "Linux" }, { "debian", "Linux" }, { "windows", "Windows" },
    { "macos", "macOS" }, { "osx", "macOS" } }

--- The value of `runner.os` on a runner; nil when it cannot be told.
function M.runner_os(runs_on, combination)
    if type(runs_on) == "table" then runs_on = json.encode(runs_on) end
    local text = tostring(runs_on or ""):gsub("%${{%s*matrix%.([%w_%.%-]+)%s*}}", function(key)
        return tostring(combination[key] or "")
    end):lower()
    for _, family in ipairs(families) do
        if text:find(family[1], 1, true) then return family[2] end
    end
end

-- What is found out when it is asked for: of a new file, nobody asks what its steps check.
local function found_later(finders)
    return { __index = function(owner, key)
        local find = finders[key]
        if not find then return nil end
        local found = find(owner)
        owner[key] = found
        return found
    end }
end

local function condition_of(owner) return expressions.parse(owner.if_text) end

local function classes_of(vocabulary)
    local step_class = found_later({
        checks = function(step) return checks.of_step(step, vocabulary) end, condition = condition_of,
    })
    local job_class = found_later({
        condition = condition_of,
        expressions = function(job) return expression_texts.of(job.node) end,
        checks = function(job)
            local list = {}
            for _, step in ipairs(job.steps) do
                for _, check in ipairs(step.checks) do list[#list + 1] = check end
            end
            return list
        end,
    })
    return { step = step_class, job = job_class }
end

local function job_of(id, node, classes, workflow_defaults)
    local value = table_of(node.value)
    local strategy = table_of(value.strategy)
    local job = {
        id = id, name = text_of(value.name), if_text = text_of(value["if"]), needs = list_of(value.needs) or {},
        runs_on = value["runs-on"], uses = text_of(value.uses), with = table_of(value.with), env = table_of(value.env),
        services = table_of(value.services), container = text_of(table_of(value.container).image or value.container),
        timeout = text_of(value["timeout-minutes"]), fail_fast = strategy["fail-fast"], environment = value.environment,
        permissions = value.permissions, line = node.line, column = node.column, node = node, steps = {},
        continue_on_error = flag(value["continue-on-error"]),
    }
    job.combinations, job.dynamic = matrix.expand(strategy.matrix)
    local defaults = table_of(table_of(value.defaults).run)
    local steps = yaml.get(node, "steps")
    local step_defaults = { shell = defaults.shell or workflow_defaults.shell }
    for i, item in ipairs(steps and steps.items or {}) do
        job.steps[i] = setmetatable(step_of(item, step_defaults), classes.step)
        job.steps[i].job = job
    end
    setmetatable(job, classes.job)
    if job.uses then
        local words = { (job.uses:gsub("@.*$", "")) }
        job.checks = { { words = words, tool = words[1], text = words[1], purpose = "task", action = true,
            line = node.line, step = { label = job.uses, with = job.with, env = {}, line = node.line,
                continue_on_error = flag(nil), job = job } } }
    end
    return job
end

---@param text string
---@param path string
---@param vocabulary table  of purposes.vocabulary
---@return table
function M.of(text, path, vocabulary)
    local root = yaml.parse(text)
    local value = table_of(root.value)
    local workflow = {
        path = path, root = root, text = text, name = text_of(value.name), events = triggers_of(value.on
            or value["true"]),
        env = table_of(value.env), permissions = value.permissions, jobs = {}, by_id = {},
    }
    local jobs, classes = yaml.get(root, "jobs"), classes_of(vocabulary)
    local defaults = table_of(table_of(value.defaults).run)
    for _, entry in ipairs(jobs and jobs.entries or {}) do
        local job = job_of(entry.key.text, entry.value, classes, defaults)
        job.line, job.column = entry.key.line, entry.key.column
        workflow.jobs[#workflow.jobs + 1] = job
        workflow.by_id[job.id], job.events = job, workflow.events
    end
    if value.runs and type(value.runs) == "table" then  -- a composite action is a job of its own
        local job = job_of("runs", yaml.get(root, "runs"), classes, defaults)
        workflow.jobs[1], workflow.by_id.runs, workflow.events = job, job, { workflow_call = {} }
        job.events = workflow.events
    end
    return workflow
end

return M
