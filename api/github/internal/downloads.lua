-- Logs, artifacts and archives. GitHub answers with a redirect to where it keeps files, an address that is good for
-- about a minute: it is asked without the token, and once it has expired GitHub is asked for another.
local failures = require("uhost.github.internal.failures")

local max_error_bytes = 64 * 1024
local max_redirects = 5
local expired = { [401] = true, [403] = true, [404] = true, [410] = true }
local passing_status = { [500] = true, [502] = true, [503] = true, [504] = true }

return function(transport)
    local M = {}

    local function is_redirect(response)
        return response.status >= 301 and response.status <= 308 and response.headers.location ~= nil
    end

    -- The address of the file, which GitHub redirects to; nil and GitHub's answer when that is the file itself.
    local function locate(request)
        local url = request.url
        local origin = url:match("^%a+://[^/]+")
        local installation
        for _ = 1, max_redirects do
            local _, response, asked_by = transport.send({
                method = "GET", url = url, what = request.what, query = request.query, headers = request.headers,
                accept = request.accept, timeout_s = request.timeout_s,
                idempotent = true, raw = true, cache = false, redirects = 0, accepts = is_redirect,
                to_file = request.to_file, exchange = request.exchange, installation = installation,
            })
            installation = asked_by
            if not is_redirect(response) then return nil, response end
            url = response.headers.location
            if url:sub(1, 1) == "/" then url = origin .. url end
            if url:sub(1, #origin + 1) ~= origin .. "/" then return url end  -- within the API, it was renamed
        end
        uhost.fail("http.redirects", ("GitHub redirected %s more than %d times"):format(request.what, max_redirects))
    end

    local function fail(request, response)
        failures.raise({ what = request.what, url = response.url, method = "GET", attempt = request.attempt }, response)
    end

    -- Tries `take(address)` until its answer is a success, with another address after one that has expired.
    local function fetch(request, take)
        local attempts, was_renewed, address = transport.attempts(), false, nil
        local round = 0
        while true do
            round = round + 1
            request.attempt = round
            local answer
            if not address then
                address, answer = locate(request)
                if not address then return answer end
            end
            local ok, response = pcall(take, address)
            if ok and response.ok then return response end
            if not ok and not (failures.is_passing(response) and round < attempts) then
                error(response, 0)
            end
            if ok and expired[response.status] and not was_renewed then
                was_renewed, address = true, nil
            elseif ok and not (passing_status[response.status] and round < attempts) then
                fail(request, response)
            else
                log.debug(("%s: trying again"):format(request.what))
                task.sleep(transport.backoff(round))
            end
        end
    end

    -- Into a file, which appears whole or not at all; the http.Response.
    function M.download(request)
        return fetch(request, function(address)
            return http.request({
                url = address, to_file = request.to_file, redirects = 3, timeout_s = request.timeout_s,
            })
        end)
    end

    local function read_some(stream)
        local pieces, bytes = {}, 0
        for piece in stream:chunks() do
            pieces[#pieces + 1], bytes = piece, bytes + #piece
            if bytes > max_error_bytes then break end
        end
        stream:close()
        return table.concat(pieces)
    end

    -- The stream when it is a success; otherwise an answer with its body, as far as it is worth reading.
    local function opened(options)
        local stream = http.stream(options.url, options)
        if stream.ok then return stream end
        return { status = stream.status, ok = false, url = stream.url, headers = stream.headers,
            body = read_some(stream), json = function(self) return json.decode(self.body) end }
    end

    -- The file from byte `position` on; what a server that does not know ranges sends before it is skipped. nil when it
    -- is not there any more.
    local function stream_from(request, position)
        local address, answer = locate(request)
        local stream = address and opened({
            url = address, redirects = 3, headers = { Range = ("bytes=%d-"):format(position) },
        }) or answer
        if not stream.ok then return nil end
        local range = stream.headers["content-range"] or ""
        if stream.status == 206 and tonumber(range:match("^bytes (%d+)%-")) ~= position then return nil end
        if stream.status ~= 206 then stream.source:skip(position) end
        return stream
    end

    -- A stream that resumes when its connection breaks.
    local function resumable(stream, request)
        local attempts = 0
        function stream.reopen(err, position)
            while failures.is_passing(err) and attempts < transport.attempts() do
                attempts = attempts + 1
                log.debug(("%s broke off after %d bytes: going on from there"):format(request.what, position))
                task.sleep(transport.backoff(attempts))
                local ok, again = pcall(stream_from, request, position)
                if ok then return again end
                err = again
            end
            return nil
        end
        return stream
    end

    -- As an http.Stream.
    function M.stream(request)
        request.exchange = opened
        local function open_at(address) return opened({ url = address, redirects = 3 }) end
        return resumable(fetch(request, open_at), request)
    end

    return M
end
