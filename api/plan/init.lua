-- plan.perform: what happens between a permit and its end.
local native = ...

local M = { dry_run = native.dry_run, history = native.history }

local function as_text(value)
    local kind = type(value)
    if kind == "string" or kind == "number" or kind == "boolean" then return tostring(value) end
    return ""
end

local function settle(permit, ok, ...)
    if ok then
        permit:done(as_text((...)))
        return ...
    end
    local failure = ...
    permit:failed(tostring(failure))
    error(failure, 0)
end

function M.perform(change)
    if type(change) ~= "table" then
        uhost.fail("argument",
            ("bad argument #1 'change' to 'plan.perform': expected a table, got %s"):format(type(change)))
    end
    if type(change.apply) ~= "function" then
        uhost.fail("argument",
            ("bad option 'apply' to 'plan.perform': expected a function, got %s"):format(type(change.apply)))
    end
    local permit = native.declare(change)
    if not permit then return end
    return settle(permit, pcall(change.apply))
end

return M
