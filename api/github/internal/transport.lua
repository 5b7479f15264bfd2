-- One exchange with GitHub: sent with the token, repeated where that is safe, delayed where a rate limit asks for it.
local cache_of = require("uhost.github.internal.cache")
local clock = require("uhost.github.internal.clock")
local credentials_of = require("uhost.github.internal.credentials")
local failures = require("uhost.github.internal.failures")
local rate = require("uhost.github.internal.rate")

-- A network that is down stays down for longer than anybody wants to watch.
local unreachable = { ["http.dns"] = true, ["http.connect"] = true }
local max_attempts_unreachable = 3
local passing_status = { [500] = true, [502] = true, [503] = true, [504] = true }
local max_backoff_s = 60
local max_pauses = 20  -- for rate limits, which are not failures
local max_redirects = 5
local max_moves = 3

return function(native)
    local M = { requests = 0, cache = cache_of(native), credentials = nil }

    -- Seconds to wait after the failure of an attempt: doubled each time, and varied so that clients that failed
    -- together do not return together.
    function M.backoff(attempt)
        local base = http.is_replay() and 0 or native.number_setting("backoff_s") or 0.5
        return math.min(base * 2 ^ (attempt - 1), max_backoff_s) * (0.5 + native.random())
    end

    function M.attempts()
        return math.min(20, math.max(1, math.floor(native.number_setting("attempts") or 5)))
    end

    local function headers_for(request, kept)
        local headers = { Accept = "application/vnd.github+json", ["X-GitHub-Api-Version"] = "2022-11-28" }
        if request.accept then headers.Accept = request.accept end
        if request.json ~= nil then headers["Content-Type"] = "application/json" end
        for name, value in pairs(request.headers or {}) do headers[name] = value end
        if kept then headers["If-None-Match"] = kept.etag end
        return headers
    end

    local function exchange(request, kept)
        local repeatable
        if request.idempotent == false then repeatable = false end
        M.requests = M.requests + 1
        return (request.exchange or http.request)({
            method = request.method, url = request.url, query = request.query, body = request.body,
            body_file = request.body_file,
            headers = headers_for(request, kept), credential = request.credential, timeout_s = request.timeout_s,
            mutates = request.mutates or false, repeatable = repeatable,
            redirects = request.method == "GET" and (request.redirects or max_redirects) or 0,
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
        if not failures.is_passing(err) then error(err, 0) end
        local safe = request.idempotent or (err.details and err.details.sent == false)
        local max = unreachable[kind] and math.min(max_attempts_unreachable, request.attempts) or request.attempts
        if not safe or request.attempt >= max then raise_marked(request, err) end
        pause(request, err.message)
        return nil
    end

    -- Whether the response asks for a pause because of a rate limit, which is then held for all tasks.
    local function is_limited(request, response)
        if response.status ~= 403 and response.status ~= 429 then return false end
        local wait_s, reason, concerns_all = rate.requested_wait(response, failures.message_of(response),
            request.pauses + 1)
        if not wait_s then return false end
        request.pauses = request.pauses + 1
        if request.pauses > max_pauses then failures.raise(request, response) end
        if concerns_all then rate.narrow(native, request, wait_s) end
        rate.block(native, request, rate.held_by(request, concerns_all), wait_s, reason, true)
        return true
    end

    local function decode(text)
        return json.decode(text, { omit_null = true })
    end

    -- Whether a body is given as it is: the caller asks for another type than JSON, or takes it and GitHub sends one.
    local function is_text(request, response)
        if response.body == "" then return false end
        if request.accept then return not request.accept:find("json", 1, true) end
        local content_type = response.headers["content-type"] or "json"
        return request.takes_text and not content_type:find("json", 1, true) and not failures.is_web_page(response)
    end

    -- What is wrong with a decoded body; nil for nothing.
    local function fault_of(request, response, value)
        if value == json.null then value = nil end
        if not request.expects or response.status == 204 or response.status == 205 then return nil end
        if value == nil then return "the answer is empty" end
        if request.expects == "object" and (type(value) ~= "table" or json.is_array(value)) then
            return "the answer is not an object"
        end
        return nil
    end

    -- Whether the body could be had, and the body; false while attempts are left after one that is cut short, not JSON,
    -- or not what the call expects.
    local function decoded(request, response)
        if request.raw or not response.ok or response.planned then return true, nil end
        if is_text(request, response) then return true, response.body end
        local ok, value = true, nil
        if response.body ~= "" then ok, value = pcall(decode, response.body) end
        local fault = not ok and "the answer is not whole JSON" or fault_of(request, response, value)
        if not fault then
            if value ~= nil then M.cache.keep(request, response) end
            if value == json.null then value = nil end
            return true, value
        end
        if not may_repeat(request) then
            if ok then raise_unsure(request, failures.unexpected, response, fault) end
            raise_unsure(request, failures.not_json, response, tostring(value))
        end
        pause(request, fault)
        return false
    end

    -- Moved repositories

    local function name_at(location)
        local base = location:match("^(.*/repositories/%d+)")
        if not base then return nil end
        local ok, body = pcall(M.send, { method = "GET", url = base, what = base, idempotent = true })
        return ok and type(body) == "table" and body.full_name or nil
    end

    -- Whether a change was pointed to a new place and is to be sent again: only as it was (307, 308) and within the
    -- API, since any other redirect would make it a GET. Raises for others. For a GET `http` follows redirects.
    local function is_moved(request, response)
        local status, location = response.status, response.headers.location
        if status < 301 or status > 308 or not location or request.method == "GET" then return false end
        local name = name_at(location)
        local renamed = name and ": the repository is called " .. name .. " now"
        request.moves = (request.moves or 0) + 1
        local origin = request.url:match("^%a+://[^/]+")
        local is_same_origin = location:sub(1, #origin + 1) == origin .. "/"
        if (status == 307 or status == 308) and is_same_origin and request.moves <= max_moves then
            log.warn(("%s has moved%s; the change is sent there"):format(request.what, renamed or ""))
            request.url, request.query = location, nil
            return true
        end
        uhost.fail("github.moved", ("%s has moved%s"):format(request.what, renamed or " to " .. location), {
            hint = name and "use its new name" or "use the new address",
            details = { status = status, location = location, repository = name, sent = false },
        })
    end

    -- Prepares another round after a response that is not a success, or raises what it means.
    local function recover_from(request, response)
        if is_limited(request, response) or is_moved(request, response)
            or M.credentials.renewed(request, response) then
            return
        end
        if passing_status[response.status] then
            if not may_repeat(request) then raise_unsure(request, failures.raise, response) end
            local wait_s = clock.retry_after(response.headers)
            if wait_s then rate.block(native, request, rate.held_by(request), wait_s, "GitHub asks for a pause") end
            pause(request, ("HTTP %d"):format(response.status))
            return
        end
        failures.raise(request, response)
    end

    local function takes(accepts, response)
        if type(accepts) ~= "table" then return accepts and accepts(response) end
        for _, status in ipairs(accepts) do
            if response.status == status then return true end
        end
        return false
    end

    local function is_accepted(request, response)
        return takes(request.accepts, response)
            and (response.status < 400 or not failures.is_web_page(response))
    end

    -- Sends until there is a success; gives the decoded body, without the fields that are null, the response, and the
    -- installation of an App that asked. `request` has method, url, `what` it is for in messages, and maybe
    --   query, headers, json or body, mutates, to_file, timeout_s: as http.request takes them;
    --   accept: another type than JSON; takes_text: also without it; raw: the body is not decoded;
    --   graphql; credential; installation, of an App that is to ask; cache (false: not from there); redirects;
    --   exchange, in place of http.request; attempt, which one this is;
    --   idempotent: may reach GitHub twice; expects: "body", or an "object", without which an answer is not one;
    --   accepts: statuses that are taken as an answer although they are no success, or a function of the response that
    --   takes them; such an answer has no decoded body.
    function M.send(request)
        request.resource = request.resource or (request.graphql and "graphql" or "core")
        request.attempts, request.attempt, request.pauses = M.attempts(), request.attempt or 1, 0
        -- What a body says is published, such as the excerpt of a log.
        if request.json ~= nil then
            request.body = uhost.mask(json.encode(request.json, { invalid_utf8 = "replace" }))
        end
        M.credentials.prepare(request)
        while true do
            local response = attempt(request)
            if response and (response.ok or is_accepted(request, response)) then
                local done, value = decoded(request, response)
                if done then
                    rate.widen()
                    return value, response, request.held and request.held.installation
                end
            elseif response then
                recover_from(request, response)
            end
        end
    end

    M.credentials = credentials_of(native, M)
    return M
end
