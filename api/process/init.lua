-- `process.run{ "git", "log", cwd = … }`: the list part is the command, the named part the options.
local native = ...

local M = { signals = native.signals }

-- The list and the options of `call`; `owner` is the function's name.
local function split(call, owner)
    if type(call) ~= "table" then
        local message = "bad argument #1 'command' to '%s': expected a table, got %s"
        uhost.fail("argument", message:format(owner, type(call)), { hint = owner .. '{ "git", "status" }' })
    end
    local arguments, options, count = {}, {}, #call
    for key, value in pairs(call) do
        if type(key) ~= "number" then
            options[key] = value
        elseif key > count or key < 1 or key % 1 ~= 0 then
            count = nil
            break
        else
            arguments[key] = value
        end
    end
    for i = 1, count or 0 do
        if arguments[i] == nil then count = nil end
    end
    if not count then
        uhost.fail("argument", ("an argument of the command given to '%s' is nil"):format(owner),
            { hint = "check the variables that the command is made of" })
    end
    return arguments, options
end

function M.run(call)
    return native.run(split(call, "process.run"))
end

function M.start(call)
    return native.start(split(call, "process.start"))
end

return M
