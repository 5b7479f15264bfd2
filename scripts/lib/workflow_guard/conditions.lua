-- Where jobs and steps run: the events and combinations of which their conditions hold, before and after.
local expressions = require("lib.workflow_guard.expressions")
local model = require("lib.workflow_guard.model")

local M = {}

--- A combination as text: "os=linux, python=3.12".
---@param combination table
function M.combination_text(combination)
    local keys, parts = {}, {}
    for key in pairs(combination) do keys[#keys + 1] = key end
    table.sort(keys)
    for i, key in ipairs(keys) do parts[i] = ("%s=%s"):format(key, tostring(combination[key]):sub(1, 60)) end
    return table.concat(parts, ", ")
end

--- The events and combinations in which a job runs on both sides.
---@param state { base: table, head: table, events: string[], pairs: { base: table, head: table }[] }
---@return table[]
function M.contexts(state)
    local list = {}
    for _, pair in ipairs(state.pairs) do
        for _, event in ipairs(state.events) do
            list[#list + 1] = {
                event = event,
                base = { event = event, combination = pair.base, dynamic = state.base.dynamic,
                    runner_os = model.runner_os(state.base.runs_on, pair.base) },
                head = { event = event, combination = pair.head, dynamic = state.head.dynamic,
                    runner_os = model.runner_os(state.head.runs_on, pair.head) },
            }
        end
    end
    return list
end

local function where_text(where)
    local text = M.combination_text(where.head.combination)
    local event = where.event and "on " .. where.event or ""
    return text == "" and event or event == "" and text or ("%s (%s)"):format(event, text)
end

--- How a condition changed.
---@param base table?
---@param head table?
---@param contexts table[]
---@return "never_runs"|"condition_narrowed"|nil
---@return string[]? where  it is left out
function M.change(base, head, contexts)
    if head == nil then return nil end
    local lost, still = {}, false
    for _, where in ipairs(contexts) do
        local before, after = expressions.holds(base, where.base), expressions.holds(head, where.head)
        if after ~= false then still = true end
        if before ~= false and after == false then lost[#lost + 1] = where_text(where) end
    end
    if #lost > 0 then return still and "condition_narrowed" or "never_runs", lost end
    if not expressions.is_narrower(base, head) then return nil end
    local undecided = {}
    for _, where in ipairs(contexts) do
        if where.event == "push" and expressions.holds(head, where.head) == true then return nil end
        if expressions.holds(head, where.head) == nil then undecided[#undecided + 1] = where_text(where) end
    end
    if #undecided > 0 then return "condition_narrowed", undecided end
end

--- Where failures no longer count: they do where continue-on-error is false.
---@param base table
---@param head table
---@param state { contexts: table[], head: table }
---@return string[]?
function M.failures(base, head, state)
    local lost = {}
    for _, where in ipairs(state.contexts) do
        if expressions.holds(base, where.base) == false and expressions.holds(head, where.head) ~= false then
            lost[#lost + 1] = where_text(where)
        end
    end
    if #lost > 0 then return lost end
    -- An expression that no combination fulfils was meant for one of them.
    if base.op ~= "value" or base.value or head.op == "value" then return nil end
    for _, combination in ipairs(state.head.combinations) do
        if expressions.holds(head, { combination = combination }) ~= false then return nil end
    end
    return { expressions.text(head) }
end

--- Places as they are said in a sentence.
---@param list string[]
function M.places(list)
    if #list == 0 or list[1] == "" then return "" end
    local shown = table.concat(list, "; ", 1, math.min(#list, 3))
    return (" %s%s"):format(shown, #list > 3 and (" and %d more"):format(#list - 3) or "")
end

-- Whether all conditions may hold on an event.
local function may_run(event, ...)
    for i = 1, select("#", ...) do
        if expressions.holds((select(i, ...)), { event = event }) == false then return false end
    end
    return true
end

--- The events on which a check ran and, where it is now, does not.
---@param events string[]
---@param job table
---@param check workflow_guard.Check
---@param now workflow_guard.Check
---@return string[]
function M.lost_events(events, job, check, now)
    local lost, there = {}, now.step.job
    if not there or there.events.workflow_call then return lost end  -- it runs where it is called
    for _, event in ipairs(events) do
        local runs = there.events[event] and may_run(event, there.condition, now.step.condition)
        if may_run(event, job.condition, check.step.condition) and not runs then lost[#lost + 1] = event end
    end
    return lost
end

return M
