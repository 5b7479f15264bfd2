-- What the workflows of one revision check that those of another do not.
local checks_of = require("lib.workflow_guard.checks")
local conditions = require("lib.workflow_guard.conditions")
local matching = require("lib.workflow_guard.matching")
local options = require("lib.workflow_guard.options")
local purposes = require("lib.workflow_guard.purposes")
local similarity = require("lib.workflow_guard.similarity")
local triggers = require("lib.workflow_guard.triggers")
local weakening = require("lib.workflow_guard.weakening")

local M = {}

-- Of manual runs nothing is lost.
local manual = { workflow_dispatch = true, repository_dispatch = true, release = true, workflow_call = true }

local function counted(job)
    local list = {}
    for _, check in ipairs(job.checks) do
        if checks_of.counts(check) then list[#list + 1] = check end
    end
    return list
end

local function delivers(job, vocabulary)
    for _, check in ipairs(job.checks) do
        if check.purpose == "test" or check.purpose == "lint" or check.purpose == "security" then return false end
    end
    for word in ((job.id .. " " .. (job.name or "")):lower()):gmatch("%a+") do
        if vocabulary.delivering_words[word] then return true end
    end
    return false
end

-- Steps and checks of one job -----------------------------------------------------------------------------------------

-- The condition of a command that several steps run: one of theirs.
local function condition_of(check, state)
    local condition = check.step.condition
    for _, other in ipairs(state.new) do
        if other.text == check.text and other.step.job == check.step.job then
            if not condition or not other.step.condition then return nil end
            condition = { op = "||", condition, other.step.condition }
        end
    end
    return condition
end

local function compare_steps(base, head, head_condition, state, add)
    local change, where = conditions.change(base.condition, head_condition, state.contexts)
    if change then
        add(change, head, { before = base.if_text, after = head.if_text, key = { "if" },
            what = change == "never_runs" and ("step '%s' never runs"):format(head.label)
                or ("step '%s' is left out%s"):format(head.label, conditions.places(where)) })
    end
    local ignored = conditions.failures(base.continue_on_error, head.continue_on_error, state)
    local read = head.id and (state.head_text:find("steps." .. head.id .. ".outcome", 1, true)
        or state.head_text:find("steps." .. head.id .. ".conclusion", 1, true))
    if ignored and not read then
        add("continue_on_error", head, { before = "a failure fails the job", after = "continue-on-error",
            key = { "continue-on-error" },
            what = ("step '%s' may fail without consequence%s"):format(head.label, conditions.places(ignored)) })
    end
end

local function compare_tables(base, head, judge, visit)
    local names = {}
    for name in pairs(base) do names[name] = true end
    for name in pairs(head) do names[name] = true end
    local sorted = {}
    for name in pairs(names) do sorted[#sorted + 1] = name end
    table.sort(sorted)
    for _, name in ipairs(sorted) do
        local before, after = base[name], head[name]
        if before ~= after and type(before) ~= "table" and type(after) ~= "table" then
            local what, rule = judge(name, before, after)
            if what then visit(what, rule, before, after) end
        end
    end
end

local function compare_environment(base, head, visit) compare_tables(base or {}, head or {}, weakening.variable,
    visit) end

local function variables_of(check)
    local map = {}
    for _, list in ipairs({ check.variables or {}, check.words }) do
        for _, text in ipairs(list) do
            local name, value = text:match("^([%w_]+)%+?=(.*)$")
            if name then map[name] = value end
        end
    end
    return map
end

local function compare_checks(base, head, state, add)
    if head.ignored and not base.ignored then
        add("failure_ignored", head.step, { before = base.text, after = head.text .. " " .. head.ignored,
            line = head.line,
            what = ("a failure of '%s' is ignored by '%s'"):format(head.text, head.ignored) })
    end
    local what, may_be_split
    if base.tool == head.tool and not base.action then
        what, may_be_split = options.compare(base.words, head.words, state.vocabulary.rules, base.purpose)
    end
    if what and not (may_be_split and matching.has_another(head, state.new_checks)) then
        add("options_weakened", head.step, { before = base.text, after = head.text, line = head.line,
            what = ("'%s' checks less: %s"):format(head.tool, what) })
    end
    compare_environment(variables_of(base), variables_of(head), function(why, variable_rule)
        add(variable_rule, head.step, { before = base.text, after = head.text, line = head.line, what = why })
    end)
end

local function compare_inputs(base, head, state, add)
    compare_tables(base.with, head.with, function(name, before, after)
        return weakening.input(name, before, after, state.vocabulary.rules), "input_weakened"
    end, function(what, rule, before, after)
        add(rule, head, { before = before ~= nil and tostring(before) or nil, after = after ~= nil
            and tostring(after) or nil,
            key = { "with" }, what = ("'%s': %s"):format(head.label, what) })
    end)
end

local function has_unreachable(step)
    for _, check in ipairs(step.checks) do
        if check.unreachable and check.purpose ~= "looking" then return true end
    end
    return false
end

local function matters(step)
    for _, check in ipairs(step.checks) do
        if checks_of.counts(check) then return true end
    end
    return false
end

local function compare_step_pairs(state, add)
    local done = {}
    for base_check, head_check in pairs(state.of_base) do
        compare_checks(base_check, head_check, state, add)
        local base, head = base_check.step, head_check.step
        if not (done[base] and done[base][head]) and base.checks and head.checks then
            done[base] = done[base] or {}
            done[base][head] = true
            compare_steps(base, head, condition_of(head_check, state), state, add)
            if base_check.action and head_check.action then compare_inputs(base, head, state, add) end
        end
    end
    for base, head in pairs(matching.steps(state.base.steps, state.head.steps, state.vocabulary.budget)) do
        if has_unreachable(head) and not has_unreachable(base) then
            add("early_exit", head, { after = "exit 0", key = { "run" },
                what = ("step '%s' ends with success before all of it has run"):format(head.label) })
        end
        if matters(head) or matters(base) then
            compare_environment(base.env, head.env, function(what, rule, before, after)
                add(rule, head, { before = before and tostring(before), after = after and tostring(after),
                    key = { "env" },
                    what = ("step '%s': %s"):format(head.label, what) })
            end)
        end
    end
end

-- Jobs ----------------------------------------------------------------------------------------------------------------

-- Whether a new job runs a combination that its own job has lost: each new one takes as many as it has itself.
local function taken_over(base, new_jobs, budget)
    similarity.spend(budget, #new_jobs)
    for _, job in ipairs(new_jobs) do
        job.free = job.free or #job.combinations
        if job.free > 0 and matching.of_contents(base, job) >= 0.5 then
            job.free = job.free - 1
            return true
        end
    end
    return false
end

local function compare_combinations(state, context, add)
    local base, head = state.base, state.head
    local of_base = similarity.pair_combinations(base.combinations, head.combinations,
        context.vocabulary.budget)
    for _, combination in ipairs(base.combinations) do
        local now = of_base[combination]
        if now then
            state.pairs[#state.pairs + 1] = { base = combination, head = now }
            compare_tables(combination, now, function(name, before, after)
                local what, rule = weakening.variable(name:gsub("^.*%.", ""), before, after)
                if what then return what, rule end
                return weakening.matrix_value(name, before, after, state.vocabulary.rules), "options_weakened"
            end, function(what, rule)
                local text = conditions.combination_text(now)
                add(rule, nil, { before = conditions.combination_text(combination), after = text,
                    key = { "strategy", "matrix" }, what = ("%s: %s"):format(text:sub(1, 100), what) })
            end)
        elseif not head.dynamic and #base.checks > 0 and not taken_over(base, context.new_jobs,
            context.vocabulary.budget) then
            local text = conditions.combination_text(combination)
            add("combination_removed", nil, { before = text, key = { "strategy", "matrix" },
                what = ("the combination %s no longer runs"):format(text:sub(1, 200)) })
        end
    end
end

local function compare_job(base, head, context, add_finding)
    local state = { base = base, head = head, pairs = {}, events = context.events, vocabulary = context.vocabulary,
        head_text = context.head_text, new_checks = context.new_checks }
    local function add(rule, step, fields)
        fields.job, fields.job_model, fields.step, fields.step_model = head.id, head, step and step.label, step
        add_finding(rule, fields)
    end
    compare_combinations(state, context, add)
    if #state.pairs == 0 then state.pairs[1] = { base = {}, head = {} } end
    state.contexts = conditions.contexts(state)
    state.of_base, state.lost, state.new = matching.checks(counted(base), head.checks, context.vocabulary)
    if #counted(base) > 0 and not delivers(base, context.vocabulary) then
        local change, where = conditions.change(base.condition, head.condition, state.contexts)
        if change then
            add(change, nil, { before = base.if_text, after = head.if_text, key = { "if" },
                what = change == "never_runs" and ("job '%s' never runs"):format(head.id)
                    or ("job '%s' is left out%s"):format(head.id, conditions.places(where)) })
        end
        local ignored = conditions.failures(base.continue_on_error, head.continue_on_error, state)
        if ignored then
            add("continue_on_error", nil, { before = "a failure fails the run", after = "continue-on-error",
                key = { "continue-on-error" }, what = ("job '%s' may fail without consequence%s"):format(head.id,
                    conditions.places(ignored)) })
        end
    end
    compare_step_pairs(state, add)
    local switched, rule_of_switch = weakening.switches(base.checks, head.checks)
    if switched then add(rule_of_switch, nil, { what = ("job '%s': %s"):format(head.id, switched) }) end
    if base.uses and head.uses then
        compare_inputs({ with = base.with }, { with = head.with, label = head.uses }, state, function(rule, _, fields)
            add(rule, nil, fields)
        end)
    end
    compare_environment(base.env, head.env, function(what, rule, before, after)
        add(rule, nil, { before = before and tostring(before), after = after and tostring(after), key = { "env" },
            what = what })
    end)
    return state
end

-- What was not found in its own job may have moved.
local function report_lost(lost, pool, context, add)
    local vocabulary = context.vocabulary
    local remaining, found = matching.moved(lost, pool, vocabulary)
    for _, item in ipairs(lost) do
        local now = found[item.check]
        local events = now and conditions.lost_events(context.events, item.job, item.check, now) or {}
        if #events > 0 then
            add("condition_narrowed", { job = item.job.id, step = item.check.step.label, job_model = item.head_job,
                before = item.check.text, base_line = item.check.line,
                what = ("'%s' is in job '%s' now, and does not run on %s"):format(item.check.text, now.step.job.id,
                    table.concat(events, ", ")) })
        end
    end
    local steps = {}
    for _, item in ipairs(remaining) do
        local step = item.check.step
        -- An unknown program that says nothing of checking prepares more often than it checks.
        local is_detail = item.check.purpose == "task" and not item.job_gone and item.check.words[1] == item.check.tool
            and not item.check.tool:find(".", 1, true) and not matching.is_generic(item.check.tool)
            and not purposes.of_name(step, vocabulary)
        if not steps[step] and not is_detail then
            steps[step] = true
            add(item.job_gone and "job_removed" or item.step_gone and "step_removed" or "command_removed", {
                job = item.job.id, step = step.label, before = item.check.text, base_line = item.check.line,
                job_model = item.head_job,
                what = item.job_gone and ("job '%s' is gone: nothing runs '%s' now"):format(item.job.id,
                    item.check.text)
                    or ("nothing runs '%s' now"):format(item.check.text),
            })
        end
    end
end

local function has_step(job, label)
    for _, step in ipairs(job.steps) do
        if step.label == label then return true end
    end
    return false
end

--- Reports what the head of a workflow no longer checks.
---@param base table  of model.of
---@param head table
---@param vocabulary table
---@param add fun(rule: string, fields: table)
---@param pool? workflow_guard.Check[]  new checks of other files
---@return workflow_guard.Check[] new  checks that the head has and the base has not
function M.workflow(base, head, vocabulary, add, pool)
    triggers.compare(base, head, add)
    local events = {}
    for name in pairs(base.events) do
        if head.events[name] and not manual[name] then events[#events + 1] = name end
    end
    table.sort(events)
    if #events == 0 then events[1] = "workflow_dispatch" end
    local context = { events = events, vocabulary = vocabulary, head_text = head.text }
    context.new_checks = matching.new_checks(base, head)
    local jobs = matching.jobs(base.jobs, head.jobs, vocabulary.budget)
    local lost, new, taken = {}, {}, {}
    for _, now in pairs(jobs) do taken[now] = true end
    context.new_jobs = {}
    for _, job in ipairs(head.jobs) do
        if not taken[job] then table.insert(context.new_jobs, job) end
    end
    for _, job in ipairs(base.jobs) do
        local now = jobs[job]
        if now then
            local state = compare_job(job, now, context, add)
            for _, check in ipairs(state.lost) do
                lost[#lost + 1] = { job = job, head_job = now, check = check, step_gone = not has_step(now,
                    check.step.label) }
            end
            for _, check in ipairs(state.new) do new[#new + 1] = check end
        else
            for _, check in ipairs(delivers(job, vocabulary) and {} or counted(job)) do
                lost[#lost + 1] = { job = job, check = check, job_gone = true }
            end
        end
    end
    for _, job in ipairs(head.jobs) do
        for _, check in ipairs(taken[job] and {} or job.checks) do new[#new + 1] = check end
    end
    compare_environment(base.env, head.env, function(what, rule, before, after)
        add(rule, { key = { "env" }, before = before and tostring(before), after = after and tostring(after),
            what = what })
    end)
    for _, check in ipairs(pool or {}) do new[#new + 1] = check end
    report_lost(lost, new, context, add)
    return new
end

return M
