-- GitHub's rate limits. They are one budget that all tasks share: a request goes only while the budget, less what is
-- running already, has room for it, so that tasks stop together before the limit and not each by hitting it. A limit
-- that is met holds its resource for all tasks until it ends, also for those of other processes (shared.lua).
-- https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
local budget = require("uhost.github.internal.budget")
local clock = require("uhost.github.internal.clock")
local pace = require("uhost.github.internal.pace")

local M = {}

-- Waiting for a limit to end

local default_max_wait_s = 3600
local min_notice_s = 5  -- a shorter wait is not worth a message
local min_wait_s = 0.05    -- for one's turn
local same_moment_s = 0.5  -- tasks that learn of one moment do so a little apart

local used_up = "GitHub's rate limit is used up"
M.used_up = used_up
local everything = "all requests"  -- the resource that stands for every other

local held = {}        -- by resource: { until_s (by time.monotonic), reason, announced }
local max_wait_of_run  -- what set_max_wait gave

-- Overrides the setting github.max_wait_s until the process ends; nil gives way to it again.
function M.set_max_wait(seconds) max_wait_of_run = seconds end

local function max_wait_s(native)
    return max_wait_of_run or native.number_setting("max_wait_s") or default_max_wait_s
end

local function refuse(reason, resource, seconds, allowed)
    local moment = time.iso(os.time() + math.ceil(seconds))
    uhost.fail("github.rate_limited", ("%s (%s): requests are allowed again at %s, in %s"):format(
        reason, resource, moment, clock.spoken(seconds)), {
        hint = ("try again then, use a token with a larger limit, or allow a wait of more than %g s "
            .. "(--max-wait, or UHOST_GITHUB_MAX_WAIT_S)"):format(allowed),
        details = { resource = resource, reset_at = moment, wait_s = seconds },
    })
end

-- Lets nobody ask `resource` for so long; a longer hold stays. What was waited for when it was recorded is over.
local function hold(resource, seconds, reason)
    if http.is_replay() then return end
    local moment = time.monotonic() + seconds
    if held[resource] and held[resource].until_s >= moment - same_moment_s then return end
    held[resource] = { until_s = moment, reason = reason or used_up }
end

-- What sharing goes by: limits belong to whoever asks.
local function who_asks(request)
    return request.identity or "anonymous"
end

-- The same, but fails at once when that is longer than is allowed. `share`: GitHub has said so, and other processes may
-- not know.
function M.block(native, request, resource, seconds, reason, share)
    hold(resource, seconds, reason)
    if share then native.shared.hold(who_asks(request), resource, seconds, reason) end
    local allowed = http.is_replay() and math.huge or max_wait_s(native)
    if seconds > allowed then refuse(reason, resource, seconds, allowed) end
end

-- How long `resource` is held still; 0 when it may be asked.
local function left_of(resource)
    local entry = held[resource]
    return entry and math.max(0, entry.until_s - time.monotonic()) or 0
end

-- Sparse enough for a log file, fine enough for somebody who watches.
local function next_pause(left)
    if left > 120 then return 60 end
    return left > 20 and 15 or left
end

local function count_down(resource, announces)
    local left = left_of(resource)
    while left > 0 do
        task.sleep(next_pause(left))
        left = left_of(resource)
        if announces and left > 0 then
            log.info(("GitHub (%s): going on in %s"):format(resource, clock.spoken(left)))
        end
    end
end

-- Waits until `resource` may be asked again. The first task to wait announces it and counts down.
local function wait_for(native, resource)
    local left = left_of(resource)
    if left <= 0 then return end
    local entry, allowed = held[resource], max_wait_s(native)
    if left > allowed then refuse(entry.reason, resource, left, allowed) end
    local announces = not entry.announced and left >= min_notice_s
    if announces then
        entry.announced = true
        log.warn(("%s (%s): going on at %s, in %s"):format(entry.reason, resource, time.iso(os.time()
            + math.ceil(left)), clock.spoken(left)))
    end
    count_down(resource, announces)
end

-- The budget

local secondary_default_s = 60  -- what GitHub asks for when it names no time
local first_answer_s = 2        -- how long tasks wait for the first answer to learn what is left
local full_width = 100          -- requests at once that GitHub allows
local max_changes = 16          -- changes at once: GitHub wants them one after the other, which takes very long
local max_cost = 100            -- points that one GraphQL query is believed to cost
local margin_s = 1              -- the reset time is whole seconds

-- By resource: { running, known = { limit, remaining, reset, ends_s }, cost, started_s }. `known` is nil before the
-- first answer and after a reset, false for a server that has no limits.
local states = {}
local running, running_changes, width = 0, 0, full_width
local narrowed_s = 0  -- when `width` was halved last

local function state_of(name)
    local state = states[name]
    if not state then
        state = { running = 0, cost = 1 }
        states[name] = state
    end
    return state
end

-- Each installation of an App has limits of its own.
local function name_of(resource, scope)
    return scope and ("%s, %s"):format(resource, scope) or resource
end

-- What waits for a limit that a request has met: everything, or requests for the same resource.
function M.held_by(request, concerns_all)
    return concerns_all and everything or name_of(request.resource, request.scope)
end

local function remember(headers, request)
    local limit, remaining = tonumber(headers["x-ratelimit-limit"]), tonumber(headers["x-ratelimit-remaining"])
    local reset = tonumber(headers["x-ratelimit-reset"])
    local state = state_of(name_of(headers["x-ratelimit-resource"] or request.resource, request.scope))
    if not (limit and remaining and reset) then
        if state.known == nil then state.known = false end
        return
    end
    local known = state.known
    if known and known.reset == reset then
        -- A query that runs alone shows what it cost, unless another process uses the token as well.
        if request.graphql and state.running <= 1 then
            state.cost = math.min(max_cost, math.max(1, known.remaining - remaining))
        end
        remaining = math.min(remaining, known.remaining)  -- answers may overtake each other
    end
    state.known = {
        limit = limit, remaining = remaining, reset = reset,
        ends_s = time.monotonic() + clock.seconds_until(reset, headers) + margin_s,
    }
end

local function is_over(known)
    return known and time.monotonic() >= known.ends_s
end

-- True when the request may go, false when one that is running must come back first; a number of seconds to hold. What
-- is left is asked of all processes where they share it.
local function turn_of(native, state, request)
    if running >= math.floor(width) or (request.mutates and running_changes >= max_changes) then return false end
    if budget.is_on(native) then return true end
    if is_over(state.known) then state.known = nil end
    if state.known == nil then
        return state.running == 0 or time.monotonic() - state.started_s > first_answer_s
    end
    if state.known == false then return true end
    if state.known.remaining - state.running * state.cost > 0 then return true end
    if state.running > 0 then return false end
    return state.known.ends_s - time.monotonic()
end

local function count(state, request, by)
    state.running, running = state.running + by, running + by
    if request.mutates then running_changes = running_changes + by end
end

-- Points of the budget that processes share, which come back when the pace asks for a wait.
local function take_turn(native, name, state, request)
    if not budget.is_on(native) then return pace.turn(native, request) end
    local who, weight = who_asks(request), math.ceil(state.cost)
    local wait_s, is_limit = budget.take(native, who, name, weight)
    if wait_s > 0 then return wait_s, is_limit end
    wait_s = pace.turn(native, request)
    if wait_s > 0 then budget.put_back(who, name, weight) else request.points = weight end
    return wait_s
end

-- Counts a request that may go by the budget as running, if it may go by what processes share and by its pace;
-- otherwise gives how long that takes still, and whether it is GitHub's limit that it waits for. To ask other processes
-- takes a moment, in which no other task may have the same place.
local function try_to_run(native, name, state, request)
    count(state, request, 1)
    local ok, wait_s, is_limit = pcall(take_turn, native, name, state, request)
    if not ok or wait_s > 0 then count(state, request, -1) end
    if not ok then error(wait_s, 0) end
    return wait_s, is_limit
end

local function enter(native, name, request)
    local state, pause_s = state_of(name), 0.005
    while not http.is_replay() do
        native.shared.each_hold(who_asks(request), hold)
        wait_for(native, everything)
        wait_for(native, name)
        local may_go = turn_of(native, state, request)
        if may_go == true then
            local wait_s, is_limit = try_to_run(native, name, state, request)
            if wait_s == 0 then break end
            if is_limit then
                M.block(native, request, name, wait_s, used_up)
            else
                task.sleep(math.max(wait_s, min_wait_s))
            end
        elseif may_go then
            M.block(native, request, name, may_go, used_up)
        else
            task.sleep(pause_s)
            pause_s = math.min(0.1, pause_s * 1.5)
        end
    end
    if http.is_replay() then count(state, request, 1) end
    state.started_s, request.started_s = time.monotonic(), time.monotonic()
    return state
end

-- Gives points back to the account of all, with what GitHub said.
local function settle(native, name, state, request, has_answer)
    if not request.points then return end
    local known = has_answer and state.known
    if known then known = { remaining = known.remaining, ends_s = time.now() + known.ends_s - time.monotonic() } end
    budget.spend(native, who_asks(request), name, request.points, has_answer and (known or false) or nil)
    request.points = nil
end

local function leave_with(native, name, state, request, ok, ...)
    count(state, request, -1)
    pace.done(request)
    settle(native, name, state, request, ok)
    if not ok then error((...), 0) end
    return ...
end

-- Gives what `exchange()` gives, when its turn has come. `request` has resource ("core") and maybe scope.
function M.during(native, request, exchange)
    local name = name_of(request.resource, request.scope)
    local state = enter(native, name, request)
    return leave_with(native, name, state, request, pcall(function()
        local response = exchange()
        if not response.planned then remember(response.headers, request) end
        return response
    end))
end

-- After GitHub found the requests too many, half as many go at once. Requests that were running then may be refused as
-- well, which says nothing new. A round of successes allows one more: to double with each round would meet the limit
-- again at once.
function M.narrow(native, request, wait_s)
    pace.refused(native, request, wait_s)
    if request.started_s < narrowed_s then return end
    width, narrowed_s = math.max(1, math.floor(math.min(width, math.max(running + 1, 2)) / 2)), time.monotonic()
end

function M.widen()
    width = math.min(full_width, width + 1 / width)
end

-- How long a 403 or 429 asks to wait, why, and whether it concerns all requests; nil when it has another reason.
function M.requested_wait(response, message, attempt)
    local headers = response.headers
    local text = message:lower()
    local secondary = text:find("secondary rate limit", 1, true) or text:find("abuse detection", 1, true)
    local reset = tonumber(headers["x-ratelimit-reset"])
    local retry_after = clock.retry_after(headers)
    if retry_after then
        return math.max(1, retry_after), "GitHub asks for a pause", true
    end
    if headers["x-ratelimit-remaining"] == "0" and reset and not secondary then
        return clock.seconds_until(reset, headers) + margin_s, used_up, false
    end
    if response.status == 429 or secondary then
        return secondary_default_s * 2 ^ (attempt - 1), "GitHub finds the requests too many", true
    end
    return nil
end

return M
