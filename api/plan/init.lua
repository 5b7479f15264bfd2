-- plan.perform: what happens between the start of a change and its end.
local native = ...

local M = { dry_run = native.dry_run, history = native.history }

-- What the audit trail says of a change: its first result, if that is text.
local function summary_of(value)
    local kind = type(value)
    if kind == "string" or kind == "number" or kind == "boolean" then return tostring(value) end
    return ""
end

local function conclude(pending, ok, ...)
    if ok then
        pending:succeeded(summary_of((...)))
        return ...
    end
    local failure = ...
    pending:failed(tostring(failure))
    error(failure, 0)
end

local function require_function(change, name)
    if type(change[name]) == "function" then return end
    uhost.fail("argument", ("bad option '%s' to 'plan.perform': expected a function, got %s")
        :format(name, type(change[name])))
end

function M.perform(change)
    if type(change) ~= "table" then
        uhost.fail("argument",
            ("bad argument #1 'change' to 'plan.perform': expected a table, got %s"):format(type(change)))
    end
    require_function(change, "apply")
    if change.planned ~= nil then require_function(change, "planned") end
    local pending = native.begin(change)
    if pending then return conclude(pending, pcall(change.apply)) end
    if change.planned then return change.planned() end
end

return M
