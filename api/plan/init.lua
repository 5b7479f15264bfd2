-- plan.perform: what happens between the start of a change and its end.
local native = ...

local M = { dry_run = native.dry_run, history = native.history, recorded = native.recorded }

function M.set_dry_run(dry_run)
    native.set_dry_run(dry_run)
    rawset(uhost, "dry_run", dry_run)
end

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

function M.perform(change)
    local owner = "plan.perform"
    uhost.check_argument(change, "change", owner, "table")
    uhost.check_argument(change.apply, "apply", owner, "function")
    if change.planned ~= nil then uhost.check_argument(change.planned, "planned", owner, "function") end
    local pending = native.begin(change)
    if pending then return conclude(pending, pcall(change.apply)) end
    if change.planned then return change.planned() end
end

return M
