-- GitHub's rate limits as one budget that all tasks share. A request goes only while the budget, less what is on its
-- way already, has room for it, so that tasks stop together before the limit and not each by hitting it.
-- https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
local clock = require("uhost.github.clock")
local waits = require("uhost.github.waits")

local M = {}

local secondary_default_s = 60  -- what GitHub asks for when it names no time
local first_answer_s = 2        -- how long tasks wait for the first answer to learn what is left
local full_width = 100          -- requests at once that GitHub allows
local highest_cost = 100        -- points that one GraphQL query is believed to cost
local margin_s = 1              -- the reset time is whole seconds

-- By resource: { on_their_way, known = { limit, remaining, reset, ends_s }, cost, asked_s }. `known` is nil before the
-- first answer and after a reset, false for a server that has no limits.
local states = {}
local on_their_way, width = 0, nil

local function state_of(name)
    local state = states[name]
    if not state then
        state = { on_their_way = 0, cost = 1 }
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
    return concerns_all and waits.everything or name_of(request.resource, request.scope)
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
        -- Alone on its way, a query tells what it cost; unless another process uses the token as well.
        if request.graphql and state.on_their_way <= 1 then
            state.cost = math.min(highest_cost, math.max(1, known.remaining - remaining))
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

-- True when the request may go, false when one that is on its way must come back first; a number of seconds to hold.
local function verdict(state)
    if width and on_their_way >= width then return false end
    if is_over(state.known) then state.known = nil end
    if state.known == nil then
        return state.on_their_way == 0 or time.monotonic() - state.asked_s > first_answer_s
    end
    if state.known == false then return true end
    if state.known.remaining - state.on_their_way * state.cost > 0 then return true end
    if state.on_their_way > 0 then return false end
    return state.known.ends_s - time.monotonic()
end

local function enter(native, name)
    local state, pause_s = state_of(name), 0.005
    while not http.is_replay() do
        waits.wait(native, waits.everything)
        waits.wait(native, name)
        local may_go = verdict(state)
        if may_go == true then break end
        if may_go then
            waits.block(native, name, may_go, waits.used_up)
        else
            task.sleep(pause_s)
            pause_s = math.min(0.1, pause_s * 1.5)
        end
    end
    state.asked_s = time.monotonic()
    state.on_their_way, on_their_way = state.on_their_way + 1, on_their_way + 1
    return state
end

local function leave_with(state, ok, ...)
    state.on_their_way, on_their_way = state.on_their_way - 1, on_their_way - 1
    if not ok then error((...), 0) end
    return ...
end

-- Gives what `exchange()` gives, when its turn has come. `request` has resource ("core") and maybe scope.
function M.during(native, request, exchange)
    local state = enter(native, name_of(request.resource, request.scope))
    return leave_with(state, pcall(function()
        local response = exchange()
        if not response.planned then remember(response.headers, request) end
        return response
    end))
end

-- After GitHub found the requests too many, half as many go at once; each success allows more again.
function M.narrow()
    width = math.max(1, math.floor((width or math.max(on_their_way, 2)) / 2))
end

function M.widen()
    if not width then return end
    width = width + 1
    if width > full_width then width = nil end
end

-- How long a 403 or 429 asks to wait, why, and whether it concerns all requests; nil when it has another reason.
function M.requested_wait(response, words, attempt)
    local headers = response.headers
    local spoken = words:lower()
    local secondary = spoken:find("secondary rate limit", 1, true) or spoken:find("abuse detection", 1, true)
    local reset = tonumber(headers["x-ratelimit-reset"])
    local retry_after = clock.retry_after(headers)
    if retry_after then
        return math.max(1, retry_after), "GitHub asks for a pause", true
    end
    if headers["x-ratelimit-remaining"] == "0" and reset and not secondary then
        return clock.seconds_until(reset, headers) + margin_s, waits.used_up, false
    end
    if response.status == 429 or secondary then
        return secondary_default_s * 2 ^ (attempt - 1), "GitHub finds the requests too many", true
    end
    return nil
end

return M
