-- Values of options, variables and inputs: switches, lists, limits and levels.
local M = {}

function M.is_true(value)
    local text = tostring(value):lower()
    return text == "true" or text == "1" or text == "yes" or text == "on"
end

function M.is_false(value)
    local text = tostring(value):lower()
    return text == "false" or text == "0" or text == "no" or text == "off"
end

function M.matches_any(text, patterns)
    for _, pattern in ipairs(patterns) do
        if text:find(pattern) then return true end
    end
    return false
end

--- The parts of a list, as a set and in their order.
function M.tokens(text)
    local set, list = {}, {}
    for token in tostring(text):gmatch("[^%s,|;]+") do
        if not set[token] then set[token], list[#list + 1] = true, token end
    end
    return set, list
end

--- The parts of one list that another has not.
function M.added(before, after)
    local known, added = M.tokens(before or ""), {}
    local _, list = M.tokens(after)
    for _, token in ipairs(list) do
        if not known[token] then added[#added + 1] = token end
    end
    return added
end

function M.grew(before, after)
    local _, old = M.tokens(before or "")
    local _, new = M.tokens(after)
    return #new > #old and #M.added(before, after) > 0
end

-- How bad something has to be before it counts; "none" lets everything pass.
local levels = { unknown = 0, info = 1, style = 1, note = 1, hint = 1, low = 2, minor = 2, convention = 2, moderate = 3,
    medium = 3, warning = 3, warn = 3, high = 4, error = 4, major = 4, critical = 5, fatal = 5, blocker = 5, none = 9,
    never = 9 }

local function least_level(value)
    local least
    for token in tostring(value):lower():gmatch("%a+") do
        if levels[token] and (not least or levels[token] < least) then least = levels[token] end
    end
    return least
end

local of_levels = { "level", "severit", "fail%-on", "fail_on", "threshold" }
local lower_limits = { "under", "minimum", "^min", "%-min", "threshold", "level", "coverage", "%-lines$", "branches$",
    "functions$", "statements$" }
local upper_limits = { "warnings", "errors", "issues", "violations", "failures", "max%-complexity", "max_complexity",
    "max%-diff", "flaky" }
local exit_codes = { "exit%-code", "exit_code", "exitcode" }
local unrelated = { "log", "verbos", "report", "output", "parallel", "workers", "memory", "retr", "timeout", "jobs" }

--- Why a value lets more pass than the one before; nil when it does not, or the name says nothing of it.
---@param name string  of an option or input, in lower case
---@param before any  nil: what the tool does by itself
---@param after any
---@return string?
function M.weaker(name, before, after)
    if after == nil or M.matches_any(name, unrelated) then return nil end
    local old, new = tonumber(before), tonumber(after)
    if M.matches_any(name, exit_codes) then
        return new == 0 and old ~= 0 and "a failure is no failure now" or nil
    end
    if old and new then
        local is_more = M.matches_any(name, upper_limits) and new > old
        local is_less = M.matches_any(name, lower_limits) and new < old
        return is_more and ("%s are allowed, not %s"):format(after, before)
            or is_less and ("%s is enough, not %s"):format(after, before) or nil
    end
    if not M.matches_any(name, of_levels) then return nil end
    local least, least_before = least_level(after), before ~= nil and least_level(before) or 2
    if least and least > least_before then return ("only '%s' counts"):format(tostring(after)) end
end

return M
