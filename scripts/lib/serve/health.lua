-- Whether the store takes what is written: it may be full, locked or out of reach for a while. What has to be written
-- then waits until it can be, and monitors are told.
local M = {}

-- After a failure, as much as a larger delivery has must find room before all is well again. Monitors ask often, but
-- the disk is asked only when the last answer is this old.
local probe_bytes, max_age_s = 128 * 1024, 5
local first_pause_s, max_pause_s = 1, 30

-- Writes so many bytes in the place of those that it wrote before.
local function probe(store, size_bytes)
    store:execute([[INSERT INTO serve_probe VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET filler = excluded.filler]],
        { ("x"):rep(size_bytes) })
end

local function is_of_store(failure) return uhost.is_error(failure) and failure.kind:find("^db%.") ~= nil end

---@class serve.Health
---@field problem fun(): string?  the kind of error that writing raises now; nil when it works
---@field attempt fun(write: fun(...): any, ...: any): boolean, any  pcall that raises what the store has no part in
---@field persist fun(write: fun(...): any, ...: any): any  tries again until the store takes it

---@param store db.Connection
---@return serve.Health
function M.new(store)
    local problem, asked_at = nil, -math.huge
    local health = {}

    local function note(failure)
        if failure and not problem then
            log.error(("the store cannot be written to: %s; uhost tries again"):format(failure.message))
        elseif problem and not failure then
            log.info("the store can be written to again")
        end
        problem, asked_at = failure and failure.kind, time.monotonic()
    end

    -- Gives false for what the store refused; what it has no part in is raised.
    local function try(write, ...)
        local ok, result = pcall(write, ...)
        if ok then return true, result end
        if task.cancelled() or not is_of_store(result) then error(result, 0) end
        note(result)
        return false, result
    end

    function health.problem()
        if time.monotonic() - asked_at < max_age_s then return problem end
        if try(probe, store, problem and probe_bytes or 1) then note(nil) end
        return problem
    end

    -- A small write may fit where there is no room for a larger one.
    function health.attempt(write, ...)
        local ok, result = try(write, ...)
        if ok and problem then health.problem() end
        return ok, result
    end

    function health.persist(write, ...)
        local pause_s, has_failed = first_pause_s, false
        while true do
            local ok, result = try(write, ...)
            if ok then
                if has_failed then note(nil) end
                return result
            end
            has_failed = true
            task.sleep(pause_s)
            pause_s = math.min(2 * pause_s, max_pause_s)
        end
    end

    return health
end

return M
