-- What GitHub does not do as it is written: names that lead nowhere, conditions that always hold, schedules, events.
local expression_texts = require("lib.workflow_guard.expression_texts")

local M = {}

local function words(text)
    local set = {}
    for word in text:gmatch("%S+") do set[word] = true end
    return set
end

-- https://docs.github.com/en/actions/reference/events-that-trigger-workflows
local known_events = words [[
    branch_protection_rule check_run check_suite create delete deployment deployment_status discussion
    discussion_comment fork gollum image_version issue_comment issues label merge_group milestone page_build public
    pull_request pull_request_comment pull_request_review pull_request_review_comment pull_request_target push
    registry_package release repository_dispatch schedule status watch workflow_call workflow_dispatch workflow_run
    project project_card project_column
]]
local known_permissions = words [[
    actions artifact-metadata attestations checks contents deployments discussions id-token issues models packages
    pages pull-requests repository-projects security-events statuses
]]
local levels = words "read write none"
local shells = words "bash pwsh python sh cmd powershell"

-- Names ---------------------------------------------------------------------------------------------------------------

local function ids_of_steps(job)
    local set = {}
    for _, step in ipairs(job.steps) do
        if step.id then set[step.id:lower()] = true end
    end
    return set
end

-- Nil where an expression may bring more.
local function keys_of_matrix(job)
    local matrix = yaml.get(job.node, "strategy", "matrix")
    if not matrix or matrix.kind ~= "mapping" or job.dynamic then return nil end
    local set = {}
    for _, entry in ipairs(matrix.entries) do
        local name = entry.key.text
        if name ~= "include" and name ~= "exclude" then set[name:lower()] = true end
        for _, item in ipairs(name == "include" and entry.value.items or {}) do
            if item.kind ~= "mapping" then return nil end
            for _, inner in ipairs(item.entries) do set[inner.key.text:lower()] = true end
        end
    end
    return set
end

local function check_contains(expression, scalar, add)
    local list, name = expression:match("contains%(%s*'([^']*)'%s*,%s*(github%.[%w_%.]+)%s*%)")
    if not list then return end
    add("unsound_contains", { after = ("contains('%s', %s)"):format(list, name), line = scalar.line,
        column = scalar.column, what = "contains() in one text also holds for a part of one of its words" })
end

local function check_expressions(job, add)
    local steps, needs, matrix = ids_of_steps(job), {}, keys_of_matrix(job)
    for _, name in ipairs(job.needs) do needs[name:lower()] = true end
    for _, item in ipairs(job.expressions) do
        local expression, scalar = item.text, item.scalar
        check_contains(expression, scalar, add)
        for name in expression_texts.names(expression) do
            local context, key = name:lower():match("^([%w_%-]+)%.([%w_%-]+)")
            local known = context == "steps" and steps or context == "needs" and needs or context == "matrix" and matrix
            if known and key and not known[key] then
                add("unknown_reference", { after = name, line = scalar.line, column = scalar.column,
                    what = ("'%s' is always empty: there is no '%s'"):format(name, key) })
            end
        end
    end
end

-- Needs ---------------------------------------------------------------------------------------------------------------

local function leads_back(workflow, from, name, seen)
    if name == from then return true end
    local job = workflow.by_id[name]
    if not job or seen[name] then return false end
    seen[name] = true
    for _, needed in ipairs(job.needs) do
        if leads_back(workflow, from, needed, seen) then return true end
    end
    return false
end

local function check_needs(job, workflow, add)
    for _, name in ipairs(job.needs) do
        if not workflow.by_id[name] then
            add("unknown_need", { after = name, key = { "needs" },
                what = ("job '%s' needs '%s', which is not a job of the workflow"):format(job.id, name) })
        elseif leads_back(workflow, job.id, name, {}) then
            add("needs_cycle", { after = name, key = { "needs" },
                what = ("job '%s' waits for itself, by '%s'"):format(job.id, name) })
        end
    end
end

-- Conditions ----------------------------------------------------------------------------------------------------------

-- Text around an expression makes it a string, and a string that is not empty is true.
local function check_condition(text, add, what)
    if not text then return end
    local first, last = text:find("%${{.-}}")
    if not first then return end
    local around = text:sub(1, first - 1) .. text:sub(last + 1)
    if around:find("^[ \t]*$") then return end
    add("condition_always_true", { after = text, key = { "if" },
        what = ("the condition of %s always holds: around ${{ }} there is more text"):format(what) })
end

-- Triggers and permissions --------------------------------------------------------------------------------------------

local function check_cron(workflow, add)
    local list = yaml.get(workflow.root, "on", "schedule")
    for _, item in ipairs(list and list.items or {}) do
        local cron = item.kind == "mapping" and yaml.get(item, "cron")
        local fields = {}
        for field in (cron and cron.text or ""):gmatch("%S+") do fields[#fields + 1] = field end
        local every = tonumber(fields[1] and fields[1]:match("^%*/(%d+)$"))
        local what = #fields ~= 5 and "a schedule has five fields"
            or (fields[1] == "*" or every and every < 5) and "GitHub starts nothing more often than every five minutes"
        if cron and what then
            add("bad_schedule", { after = cron.text, line = cron.line, column = cron.column,
                what = ("'%s': %s"):format(cron.text, what) })
        end
    end
end

local function check_permissions(node, add)
    local permissions = node and yaml.get(node, "permissions")
    for _, entry in ipairs(permissions and permissions.entries or {}) do
        local name, level = entry.key.text, entry.value.text
        if not known_permissions[name] or entry.value.kind ~= "scalar" or not levels[level] then
            add("unknown_permission", { after = ("%s: %s"):format(name, tostring(level)), line = entry.key.line,
                column = entry.key.column,
                what = ("there is no permission '%s: %s'"):format(name, tostring(level)) })
        end
    end
end

local function check_versions(step, add)
    local with = yaml.get(step.node, "with")
    for _, entry in ipairs(with and with.entries or {}) do
        if entry.key.text:find("version") and entry.value.doubt then
            add("version_as_number", { after = entry.value.text, line = entry.value.line, column = entry.value.column,
                what = entry.value.doubt })
        end
    end
end

local function check_step(step, add)
    check_condition(step.if_text, add, ("step '%s'"):format(step.label))
    if step.uses then check_versions(step, add) end
    local shell = step.shell
    if shell and not shells[shell] and not shell:find("{0}", 1, true) and not shell:find("${{", 1, true) then
        add("unknown_shell", { after = shell, key = { "shell" }, what = ("there is no shell '%s'"):format(shell) })
    end
end

--- Reports mistakes of a workflow.
---@param workflow table  of model.of
---@param add_finding fun(rule: string, fields: table)
function M.check(workflow, add_finding)
    for name in pairs(workflow.events) do
        if not known_events[name] then
            add_finding("unknown_event", { after = name, key = { "on", name },
                what = ("GitHub has no event '%s'"):format(name) })
        end
    end
    check_cron(workflow, add_finding)
    check_permissions(workflow.root, add_finding)
    for _, job in ipairs(workflow.jobs) do
        local function add(rule, fields, step)
            fields.job, fields.job_model = job.id, job
            fields.step, fields.step_model = step and step.label, step
            add_finding(rule, fields)
        end
        check_needs(job, workflow, add)
        check_condition(job.if_text, add, ("job '%s'"):format(job.id))
        check_permissions(job.node, add)
        check_expressions(job, add)
        for _, step in ipairs(job.steps) do
            check_step(step, function(rule, fields) add(rule, fields, step) end)
        end
    end
end

return M
