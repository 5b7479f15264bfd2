-- One exchange with GitHub: sent with the token, repeated where that is safe, delayed where a rate limit asks for it.
local cache_of = require("uhost.github.cache")
local clock = require("uhost.github.clock")
local credentials_of = require("uhost.github.credentials")
local failures = require("uhost.github.failures")
local rate = require("uhost.github.rate")
local redirects = require("uhost.github.redirects")
local waits = require("uhost.github.waits")

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
local most_redirects = 5

return function(native)
    local M = { requests = 0, cache = cache_of(native), credentials = nil }

    -- Seconds to wait after the failure of an attempt: doubled each time, and varied so that clients that failed
    -- together do not return together.
    function M.backoff(attempt)
        local base = http.is_replay() and 0 or native.number_setting("backoff_s") or 0.5
        return math.min(base * 2 ^ (attempt - 1), longest_backoff_s) * (0.5 + native.random())
    end

    function M.attempts()
        return math.min(20, math.max(1, math.floor(native.number_setting("attempts") or 5)))
    end

    local function headers_for(request, kept)
        local headers = { Accept = "application/vnd.github+json", ["X-GitHub-Api-Version"] = "2022-11-28" }
        for name, value in pairs(request.headers or {}) do headers[name] = value end
        if kept then headers["If-None-Match"] = kept.etag end
        return headers
    end

    local function exchange(request, kept)
        M.requests = M.requests + 1
        return (request.exchange or http.request)({
            method = request.method, url = request.url, query = request.query, json = request.json,
            headers = headers_for(request, kept), credential = request.credential,
            mutates = request.mutates or false,
            redirects = request.method == "GET" and (request.redirects or most_redirects) or 0,
            to_file = request.to_file,
        })
    end

    local function pause(request, why)
        log.debug(("%s: %s; trying again"):format(request.what, why))
        task.sleep(M.backoff(request.attempt))
        request.attempt = request.attempt + 1
    end

    local function may_repeat(request)
        return request.idempotent and request.attempt < request.attempts
    end

    -- An error that leaves open whether a change was made says so, in details.effect.
    local function raise_marked(request, err)
        if request.method ~= "GET" and not request.idempotent and type(err) == "table"
            and not (err.details and err.details.sent == false) then
            err.details = err.details or {}
            err.details.effect = "unknown"
        end
        error(err, 0)
    end

    local function raise_unsure(request, raise, ...)
        local _, err = pcall(raise, request, ...)
        raise_marked(request, err)
    end

    -- The response, or nil after a failure that is worth another attempt.
    local function attempt(request)
        local kept = M.cache.find(request)
        local ok, response = pcall(rate.during, native, request, function() return exchange(request, kept) end)
        if ok then return M.cache.answer(request, kept, response) end
        local err = response
        local kind = type(err) == "table" and err.kind
        if kind == "http.too_large" then raise_marked(request, err) end  -- of the answer to what was done
        if not passing[kind] then error(err, 0) end
        local safe = request.idempotent or (err.details and err.details.sent == false)
        local most = unreachable[kind] and math.min(most_attempts_unreachable, request.attempts) or request.attempts
        if not safe or request.attempt >= most then raise_marked(request, err) end
        pause(request, err.message)
        return nil
    end

    -- Whether the response asks for a pause because of a rate limit, which is then held for all tasks.
    local function is_limited(request, response)
        if response.status ~= 403 and response.status ~= 429 then return false end
        local wait_s, reason, concerns_all = rate.requested_wait(response, failures.words(response), request.pauses + 1)
        if not wait_s then return false end
        request.pauses = request.pauses + 1
        if request.pauses > most_pauses then failures.raise(request, response) end
        if concerns_all then rate.narrow() end
        waits.block(native, rate.held_by(request, concerns_all), wait_s, reason)
        return true
    end

    -- Whether the body could be had, and the body; false after one that is cut short or no JSON, while attempts are
    -- left.
    local function decoded(request, response)
        if request.raw or response.body == "" or not response.ok then return true, nil end
        local ok, value = pcall(response.json, response)
        if ok then
            M.cache.keep(request, response)
            return true, value
        end
        if not may_repeat(request) then raise_unsure(request, failures.not_json, response, tostring(value)) end
        pause(request, "the answer is not whole JSON")
        return false
    end

    -- What a response that is no success asks for: another round, or it is raised.
    local function go_on_after(request, response)
        if is_limited(request, response) or redirects.follow(M, request, response)
            or M.credentials.renewed(request, response) then
            return
        end
        if passing_status[response.status] then
            if not may_repeat(request) then raise_unsure(request, failures.raise, response) end
            local wait_s = clock.retry_after(response.headers)
            if wait_s then waits.block(native, rate.held_by(request), wait_s, "GitHub asks for a pause") end
            pause(request, ("HTTP %d"):format(response.status))
            return
        end
        failures.raise(request, response)
    end

    -- Sends until there is a success; gives the decoded body and the response. `request` has method, url, `what` it is
    -- for in messages, and maybe query, json, headers, mutates, graphql, to_file, raw (the body is not decoded), cache
    -- (false: not from there), credential, redirects, `exchange` in place of http.request, attempt (which one this is),
    -- and `idempotent`: may reach GitHub twice. `accepts(response)` may take a status that is no success as an answer,
    -- which then has no decoded body.
    function M.send(request)
        request.resource = request.resource or (request.graphql and "graphql" or "core")
        request.attempts, request.attempt, request.pauses = M.attempts(), request.attempt or 1, 0
        M.credentials.prepare(request)
        while true do
            local response = attempt(request)
            if response and (response.ok or (request.accepts and request.accepts(response))) then
                local done, value = decoded(request, response)
                if done then
                    rate.widen()
                    return value, response
                end
            elseif response then
                go_on_after(request, response)
            end
        end
    end

    M.credentials = credentials_of(native, M)
    return M
end
