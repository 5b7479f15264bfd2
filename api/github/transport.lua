-- One exchange with GitHub: sent with the token, repeated where that is safe, delayed where a rate limit asks for it.
local failures = require("uhost.github.failures")
local rate = require("uhost.github.rate")

-- Failures after which the same request may well succeed.
local passing = {
    ["http.dns"] = true, ["http.connect"] = true, ["http.reset"] = true, ["http.timeout"] = true,
    ["http.protocol"] = true,
}
-- A network that is down stays down for longer than anybody wants to watch.
local unreachable = { ["http.dns"] = true, ["http.connect"] = true }
local most_attempts_unreachable = 3
local passing_status = { [500] = true, [502] = true, [503] = true, [504] = true }
local longest_backoff_s = 60
local most_pauses = 20  -- for rate limits, which are not failures

return function(native)
    local M = { requests = 0 }

    local function backoff(attempt)
        local base = native.number_setting("backoff_s") or 0.5
        return math.min(base * 2 ^ (attempt - 1), longest_backoff_s) * (0.5 + native.random())
    end

    local function attempts()
        return math.min(20, math.max(1, math.floor(native.number_setting("attempts") or 5)))
    end

    local function headers_for(request)
        local headers = { Accept = "application/vnd.github+json", ["X-GitHub-Api-Version"] = "2022-11-28" }
        for name, value in pairs(request.headers or {}) do headers[name] = value end
        return headers
    end

    local function exchange(request)
        M.requests = M.requests + 1
        return http.request({
            method = request.method, url = request.url, query = request.query, json = request.json,
            headers = headers_for(request), credential = native.credential(request.graphql or false),
            mutates = request.mutates or false, redirects = request.method == "GET" and 5 or 0,
        })
    end

    local function may_repeat(request)
        return request.idempotent and request.attempt < request.attempts
    end

    local function pause(request, why)
        log.debug(("%s: %s; trying again"):format(request.what, why))
        task.sleep(backoff(request.attempt))
    end

    -- The response, or nil after a failure that is worth another attempt.
    local function attempt(request)
        local ok, response = pcall(exchange, request)
        if ok then return response end
        local err = response
        local kind = type(err) == "table" and err.kind
        local safe = request.idempotent or (kind and err.details and err.details.sent == false)
        local most = unreachable[kind] and math.min(most_attempts_unreachable, request.attempts) or request.attempts
        if not (passing[kind] and safe) or request.attempt >= most then error(err, 0) end
        pause(request, err.message)
        return nil
    end

    -- Whether the response asks for a pause because of a rate limit, which is then set.
    local function is_limited(request, response)
        if response.status ~= 403 and response.status ~= 429 then return false end
        local wait_s, reason = rate.requested_wait(response, failures.words(response), request.pauses + 1)
        if not wait_s then return false end
        request.pauses = request.pauses + 1
        if request.pauses > most_pauses then failures.raise(request, response) end
        request.reason = reason
        rate.block(native, request.resource, wait_s, reason)
        return true
    end

    -- Whether the body could be had, and the body; false after one that is cut short or no JSON, while attempts are
    -- left.
    local function decoded(request, response)
        if response.body == "" or not response.ok then return true, nil end
        local ok, value = pcall(response.json, response)
        if ok then return true, value end
        if not may_repeat(request) then failures.not_json(request, response, tostring(value)) end
        pause(request, "the answer is not whole JSON")
        return false
    end

    -- Sends until there is a success; gives the decoded body and the response. `request` has method, url, `what` it is
    -- for in messages, and maybe query, json, headers, mutates, graphql, and `idempotent`: may reach GitHub twice.
    -- `accepts(response)` may take a status that is no success as an answer, which then has no decoded body.
    function M.send(request)
        request.resource = request.resource or (request.graphql and "graphql" or "core")
        request.attempts, request.attempt, request.pauses = attempts(), 1, 0
        request.token = native.token()
        while true do
            rate.wait(native, request.resource, request.reason)
            local response = attempt(request)
            if response then
                rate.remember(response.headers, request.resource)
                if response.ok or (request.accepts and request.accepts(response)) then
                    local done, value = decoded(request, response)
                    if done then return value, response end
                elseif is_limited(request, response) then
                    request.attempt = request.attempt - 1
                elseif may_repeat(request) and passing_status[response.status] then
                    pause(request, ("HTTP %d"):format(response.status))
                else
                    failures.raise(request, response)
                end
            end
            request.attempt = request.attempt + 1
        end
    end

    return M
end
