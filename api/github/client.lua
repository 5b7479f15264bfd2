-- What every call of `github` is made of: an answer, a list, a change, a creation, a download. A path begins with "/"
-- ("/repos/o/n/issues/1"), or is a URL of the API.
local pages = require("uhost.github.pages")
local transport_of = require("uhost.github.transport")

return function(native)
    local transport = transport_of(native)
    local M = { transport = transport }

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
        return shown:find("^/search/") and "search" or nil
    end

    local function ask(path, options)
        local url, shown = place_of(path)
        return transport.send({
            method = "GET", url = url, what = shown, query = options.query, headers = options.headers,
            accepts = options.accepts, cache = options.cache, idempotent = true, resource = resource_of(shown),
        })
    end

    -- A random name, one for each creation: what carries it was made by this call and no other.
    function M.new_marker()
        return ("call-%08x%08x"):format(native.random() * 2 ^ 32, native.random() * 2 ^ 32)
    end

    -- The decoded body and the http.Response. `accepts(response)` may take a status that is no success as an answer.
    function M.get(path, options)
        return ask(path, options or {})
    end

    -- The decoded body, or nil when GitHub has no such thing. `absent` lists the statuses that say so: { 404 }.
    function M.maybe(path, options)
        options = options or {}
        local absent = {}
        for _, status in ipairs(options.absent or { 404 }) do absent[status] = true end
        local body, response = ask(path, {
            query = options.query, headers = options.headers, cache = options.cache,
            accepts = function(answer) return absent[answer.status] end,
        })
        if not response.ok then return nil, response end
        return body, response
    end

    -- Iterates over the items of all pages. `list` names the field that has them where a page is an object; items with
    -- an `identity` ("id") that was given already are left out; `unordered` lets pages come at once, in any order.
    function M.each(path, options)
        options = options or {}
        local query = { per_page = 100 }
        for name, value in pairs(options.query or {}) do query[name] = value end
        local is_first = true
        return pages.each(function(address)
            local page_query = is_first and query or nil  -- the addresses of further pages have it in them
            is_first = false
            return ask(address, { query = page_query, headers = options.headers })
        end, (place_of(path)), options)
    end

    local function send_change(method, path, options)
        local url, shown = place_of(path)
        local request = {
            method = method, url = url, what = options.what or shown, query = options.query, json = options.json,
            headers = options.headers, mutates = options.mutates, accepts = options.accepts,
            idempotent = options.idempotent or false,
        }
        local body, response = transport.send(request)
        if response.planned then return { planned = true }, response end
        return body, response
    end

    -- A change. `mutates` = { kind =, target =, summary = } is what the plan shows; an `idempotent` one may reach
    -- GitHub twice. Under a dry run the body is { planned = true }.
    function M.change(method, path, options)
        if options.idempotent == nil then
            options.idempotent = method == "PUT" or method == "DELETE" or method == "PATCH"
        end
        return send_change(method, path, options)
    end

    -- A POST that is done once, whatever happens to its answer: after one that may have been lost, `find()` is asked
    -- for what it made (the body of it, or nil) before it is repeated.
    function M.create(path, options)
        local ok, body, response = pcall(send_change, "POST", path, options)
        if ok then return body, response end
        local failure = body
        local uncertain = uhost.is_error(failure) and (failure.kind == "github.unavailable"
            or (failure.details.sent and failure.kind ~= "github.invalid"))
        if not (uncertain and options.find) then error(failure, 0) end
        local found = options.find()
        if found then return found, nil end
        return send_change("POST", path, options)
    end

    -- The body as an http.Stream. Redirects to where GitHub keeps files are followed, without the token.
    function M.stream(path, options)
        local url, _ = place_of(path)
        return http.stream(url, {
            headers = { Accept = "application/vnd.github+json" }, query = options and options.query,
            credential = native.credential(false), redirects = 5,
        })
    end

    -- The body into a file, which appears whole or not at all.
    function M.download(path, file, options)
        local url, _ = place_of(path)
        return http.request({
            url = url, query = options and options.query, to_file = file, redirects = 5,
            credential = native.credential(false),
        })
    end

    return M
end
