-- What every call of `github` is made of: an answer, a list, a change, a creation, a download. A path begins with "/"
-- ("/repos/o/n/issues/1"), or is a URL of the API.
local creation = require("uhost.github.creation")
local downloads_of = require("uhost.github.downloads")
local lookup = require("uhost.github.lookup")
local pages = require("uhost.github.pages")
local transport_of = require("uhost.github.transport")

-- What has a limit other than that of most requests. To ask for the limits costs nothing.
local resources = { { "/search/code", "code_search" }, { "/search/", "search" }, { "/rate_limit", "rate_limit" } }

return function(native)
    local transport = transport_of(native)
    local downloads = downloads_of(transport)
    local M = { transport = transport, lookup = lookup }

    -- The URL of a path, and how messages name it.
    local function place_of(path)
        local api_url = native.endpoints().api_url
        local url = path:sub(1, 1) == "/" and api_url .. path or path
        if url:sub(1, #api_url + 1) ~= api_url .. "/" or url:find("/../", 1, true) then
            uhost.fail("argument", ("'%s' is neither a path nor a URL of %s"):format(path:sub(1, 200), api_url))
        end
        return url, url:sub(#api_url + 1)
    end

    local function resource_of(shown)
        for _, resource in ipairs(resources) do
            if shown:sub(1, #resource[1]) == resource[1] then return resource[2] end
        end
    end

    local function ask(path, options)
        local url, shown = place_of(path)
        return transport.send({
            method = options.method or "GET", url = url, what = shown, query = options.query,
            headers = options.headers, accepts = options.accepts, cache = options.cache, raw = options.raw,
            idempotent = true, resource = resource_of(shown),
        })
    end

    -- A random name, one for each creation: what carries it was made by this call and no other. Recordings have zeros
    -- in place of what is random.
    function M.new_marker()
        return "call-" .. (http.is_replay() and ("0"):rep(24) or native.random_name())
    end

    -- The decoded body and the http.Response. `accepts(response)` may take a status that is no success as an answer;
    -- `raw` leaves the body as it is, in response.body; `cache` = false asks anew.
    function M.get(path, options)
        return ask(path, options or {})
    end

    -- The decoded body, or nil when GitHub has no such thing. `absent` lists the statuses that say so: { 404 }.
    function M.maybe(path, options)
        options = options or {}
        local absent = {}
        for _, status in ipairs(options.absent or { 404 }) do absent[status] = true end
        local body, response = ask(path, {
            query = options.query, headers = options.headers, cache = options.cache, raw = options.raw,
            accepts = function(answer) return absent[answer.status] end,
        })
        if not response.ok then return nil, response end
        return body, response
    end

    -- Iterates over the items of all pages, each once. `list` names the field that has them where a page is an object;
    -- `identity` the field that tells items apart ("id" unless told, false for none); `unordered` lets pages come some
    -- at a time, in any order; `on_page(page, response)` sees what pages have beside their items.
    function M.each(path, options)
        options = options or {}
        local query = { per_page = 100 }
        for name, value in pairs(options.query or {}) do query[name] = value end
        local first, shown = place_of(path)
        return pages.each(function(address)
            local page_query = address == first and query or nil  -- the addresses of further pages have it in them
            local page, response = ask(address, {
                query = page_query, headers = options.headers, cache = options.cache,
            })
            if options.on_page then options.on_page(page, response) end
            return page, response
        end, first, {
            list = options.list, identity = options.identity, unordered = options.unordered,
            concurrency = native.number_setting("concurrency"),
            steady = not (query.page or resource_of(shown)),  -- a search has an end, which shifted pages would reach
        })
    end

    local function send_change(method, path, options, round)
        local url, shown = place_of(path)
        local body, response = transport.send({
            method = method, url = url, what = options.what or shown, query = options.query, json = options.json,
            headers = options.headers, mutates = options.mutates, accepts = options.accepts, raw = options.raw,
            idempotent = options.idempotent or false, attempt = round,
        })
        if response.planned then return { planned = true }, response end
        return body, response
    end

    -- A change. `mutates` = { kind =, target =, summary = } is what the plan shows; an `idempotent` one may reach
    -- GitHub twice (PUT, PATCH and DELETE unless told). Under a dry run the body is { planned = true }. When its answer
    -- is lost and it may not be repeated, the error has details.effect = "unknown".
    function M.change(method, path, options)
        local idempotent = options.idempotent
        if idempotent == nil then idempotent = method == "PUT" or method == "DELETE" or method == "PATCH" end
        local request = {}
        for name, value in pairs(options) do request[name] = value end
        request.idempotent = idempotent
        return send_change(method, path, request)
    end

    -- A POST (or `method`) that is done once, whatever happens to its answer: after one that may have been lost,
    -- `find()` is asked for what it made (the body of it, or nil), some times, before it is repeated. Without `find` it
    -- is not repeated.
    function M.create(path, options)
        local function send(round) return send_change(options.method or "POST", path, options, round) end
        if not options.find then return send() end
        return creation.once(native, send, options.find, transport.attempts(), options.what or path)
    end

    local function download_of(path, options)
        local url, shown = place_of(path)
        options = options or {}
        return { url = url, what = shown, query = options.query, headers = options.headers, to_file = options.to_file }
    end

    -- The body as an http.Stream. Redirects to where GitHub keeps files are followed, without the token.
    function M.stream(path, options)
        return downloads.stream(download_of(path, options))
    end

    -- The body into a file, which appears whole or not at all; the http.Response.
    function M.download(path, file, options)
        local request = download_of(path, options)
        request.to_file = file
        return downloads.download(request)
    end

    -- How messages name a path.
    function M.named(path)
        return select(2, place_of(path))
    end

    return M
end
