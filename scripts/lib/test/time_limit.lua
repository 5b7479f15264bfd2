-- A limit of time for one test, whether it waits or computes.
--
-- What waits is cancelled. What computes is interrupted from a count hook, which LuaJIT calls between the instructions
-- that it interprets only: with a limit, nothing is compiled. A C function that does not return cannot be interrupted.
local M = {}

local instructions_between_looks = 10000

local function fail(seconds, place)
    uhost.fail("timeout", ("%sthe test took longer than %g s"):format(place and place .. ": " or "", seconds), {
        hint = "allow more with --timeout, or look for what it waits for",
    })
end

-- Where a test is: below what busted and the host have called on its behalf.
local function place_of_test()
    for level = 3, 50 do
        local info = debug.getinfo(level, "Sl")
        if not info then return nil end
        local source = info.source:gsub("^@", "")
        local foreign = source:find("^/usr/") or source:sub(1, #uhost.share) == uhost.share
        if info.currentline > 0 and info.source:sub(1, 1) == "@" and not foreign then
            return ("%s:%d"):format(info.short_src, info.currentline)
        end
    end
    return nil
end

local function watch_computing(seconds)
    local deadline = time.monotonic() + seconds
    debug.sethook(function()
        if time.monotonic() >= deadline then fail(seconds, place_of_test()) end
    end, "", instructions_between_looks)
end

---To be called once, before tests run that have a limit.
function M.prepare()
    jit.off()
    jit.flush()
end

---Runs `body` as `xpcall` does, for at most so long. Its errors reach `handler` as they are, where they are raised.
---@param seconds number
---@param body function
---@param handler fun(raised: any): any
---@return boolean ok
---@return any raised
function M.run(seconds, body, handler)
    local ok, raised
    local in_time, failure = pcall(task.timeout, seconds, function()
        watch_computing(seconds)
        ok, raised = xpcall(body, handler)
        debug.sethook()
    end)
    debug.sethook()
    if in_time then return ok, raised end
    if uhost.is_error(failure) and failure.kind == "timeout" then
        return false, select(2, pcall(fail, seconds))
    end
    return false, failure
end

return M
