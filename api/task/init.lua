-- The structured half of `task`: scopes built from the native spawn, await and join.
local native = ...

local M = {
    spawn = native.spawn,
    interruptible = native.interruptible,
    sleep = native.sleep,
    cancelled = native.cancelled,
    limit = native.limit,
}

local function check_function(value, name, owner)
    if type(value) ~= "function" then uhost.check_argument(value, name, owner, "function") end
end

-- Interrupted, the scope has been cancelled as well; what it does to clean up comes before what comes after the scope.
local function result_when_ended(work, ok, ...)
    if ok then return ... end
    M.shield(work.join, work)
    error((...), 0)
end

function M.scope(body, ...)
    check_function(body, "body", "task.scope")
    local work = native.spawn_isolated(body, ...)
    return result_when_ended(work, pcall(work.await, work))
end

function M.all(bodies)
    uhost.check_argument(bodies, "bodies", "task.all", "table")
    for _, body in ipairs(bodies) do check_function(body, "bodies", "task.all") end
    return M.scope(function()
        local handles, results = {}, {}
        for i, body in ipairs(bodies) do handles[i] = native.spawn(body) end
        for i, handle in ipairs(handles) do results[i] = handle:await() end
        return results
    end)
end

function M.map(list, transform, options)
    uhost.check_argument(list, "list", "task.map", "table")
    check_function(transform, "transform", "task.map")
    local concurrency = uhost.check_options(options, "task.map", { "concurrency" }).concurrency or 8
    if type(concurrency) ~= "number" or concurrency < 1 then
        uhost.fail("argument", "bad option 'concurrency' to 'task.map': expected a whole number of at least 1")
    end
    local count, next_index, results = #list, 1, {}
    local function work()
        while next_index <= count do
            local index = next_index
            next_index = index + 1
            results[index] = transform(list[index], index)
        end
    end
    M.scope(function()
        for _ = 1, math.min(concurrency, count) do native.spawn(work) end
    end)
    return results
end

function M.timeout(seconds, body, ...)
    uhost.check_argument(seconds, "seconds", "task.timeout", "number")
    check_function(body, "body", "task.timeout")
    local work = native.spawn_isolated(body, ...)
    if not work:join(seconds) then
        work:cancel(("it took longer than %g s"):format(seconds))
        work:join()
        if work:state() ~= "done" then
            uhost.fail("timeout", ("the work took longer than %g s"):format(seconds),
                { hint = "allow more time, or look for what it waits for", details = { timeout_s = seconds } })
        end
    end
    return work:await()
end

local function leave_shield_with(ok, first, ...)
    native.leave_shield()
    if not ok then error(first, 0) end
    return first, ...
end

function M.shield(body, ...)
    check_function(body, "body", "task.shield")
    native.enter_shield()
    return leave_shield_with(pcall(body, ...))
end

local function cleanup_then_return(cleanup, ok, first, ...)
    M.shield(cleanup)
    if not ok then error(first, 0) end
    return first, ...
end

function M.finally(body, cleanup)
    check_function(body, "body", "task.finally")
    check_function(cleanup, "cleanup", "task.finally")
    return cleanup_then_return(cleanup, pcall(body))
end

local Limit = native.Limit

local function release_then_return(limit, ok, first, ...)
    native["Limit:release"](limit)
    if not ok then error(first, 0) end
    return first, ...
end

function Limit:with(body, ...)
    check_function(body, "body", "task.Limit:with")
    native["Limit:acquire"](self)
    return release_then_return(self, pcall(body, ...))
end

return M
