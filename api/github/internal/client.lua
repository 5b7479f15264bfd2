-- What every call of `github` is made of: an answer, a list, a change, a creation, a download. A path begins with "/"
-- ("/repos/o/n/issues/1"), or is a URL of the API.
local downloads_of = require("uhost.github.internal.downloads")
local failures = require("uhost.github.internal.failures")
local markers = require("uhost.github.internal.markers")
local pages = require("uhost.github.internal.pages")
local record = require("uhost.github.internal.record")
local transport_of = require("uhost.github.internal.transport")

-- What has a limit other than that of most requests. To ask for the limits costs nothing.
local resources = { { "/search/code", "code_search" }, { "/search/", "search" }, { "/rate_limit", "rate_limit" } }

-- Creating once

local default_settle_s = 1
local max_looks = 4          -- in lists, which may lag behind by seconds
local max_listed = 100       -- of the newest issues are looked at
local max_numbers_beyond = 30  -- looked at one by one: an issue has an address before it is in a list

-- Whether an error leaves open if the change was made.
local function is_uncertain(err)
    return uhost.is_error(err) and err.details.effect == "unknown"
end

-- Whether GitHub refused a request: when one like it may have arrived before, perhaps because of what that one made.
local function is_refusal(err)
    local status = uhost.is_error(err) and err.details.status
    return type(status) == "number" and status >= 400 and status < 500
end

-- What `find` finds, asked again after growing pauses: the lists it reads may not show the newest yet.
local function look_for(native, find, what)
    local settle_s = http.is_replay() and 0 or native.number_setting("settle_s") or default_settle_s
    for round = 1, max_looks do
        task.sleep(settle_s * 2 ^ (round - 1))
        local ok, found = pcall(find)
        if not ok and (round == max_looks or not uhost.is_error(found) or found.kind == "cancelled") then
            if uhost.is_error(found) and found.kind ~= "cancelled" then failures.unsure(what, found) end
            error(found, 0)
        end
        if ok and found then return found end
    end
    return nil
end

-- Gives what `send(round)` gives; when its answer was lost, what `find()` finds. At most one is made: an attempt is
-- repeated only after `find` has seen nothing several times.
local function create_once(native, send, find, attempts, what)
    local was_uncertain
    for round = 1, attempts do
        local ok, body, response = pcall(send, round)
        if ok then return body, response end
        local err = body
        local uncertain = is_uncertain(err)
        if not uncertain and not (was_uncertain and is_refusal(err)) then error(err, 0) end
        was_uncertain = was_uncertain or uncertain
        log.debug(("%s: %s; looking whether it took effect"):format(what, tostring(err)))
        local found = look_for(native, find, what)
        if found then return found, { status = 201, ok = true, headers = {}, found = true } end
        if round == attempts or not uncertain then error(err, 0) end
    end
end

-- The first of the items, at most `max`, whose body has the marker, and the first of all.
local function first_marked(items, name, max)
    local count, newest = 0, nil
    for item in items do
        count, newest = count + 1, newest or item
        if markers.has(item.body, name) then return item, newest end
        if count >= max then break end
    end
    return nil, newest
end

return function(native)
    local transport = transport_of(native)
    local downloads = downloads_of(transport)
    local M = { transport = transport }

    -- The URL of a path, and how messages name it. `endpoint` = "uploads" is where the files of releases go.
    local function place_of(path, endpoint)
        local api_url = native.endpoints()[endpoint == "uploads" and "uploads_url" or "api_url"]
        local url = path:sub(1, 1) == "/" and api_url .. path or path
        if url:sub(1, #api_url + 1) ~= api_url .. "/" or (url .. "/"):find("/%.%.?/") then
            uhost.fail("argument", ("'%s' is neither a path nor a URL of %s"):format(path:sub(1, 200), api_url))
        end
        return url, url:sub(#api_url + 1)
    end

    local function resource_of(path)
        for _, resource in ipairs(resources) do
            if path:sub(1, #resource[1]) == resource[1] then return resource[2] end
        end
    end

    local function read(path, options)
        local url, shown = place_of(path)
        return transport.send({
            method = options.method or "GET", url = url, what = shown, query = options.query,
            headers = options.headers, accept = options.accept, takes_text = options.takes_text,
            timeout_s = options.timeout_s, accepts = options.accepts, cache = options.cache, raw = options.raw,
            installation = options.installation, idempotent = true, resource = resource_of(shown),
            expects = options.method ~= "HEAD" and "body" or nil,
        })
    end

    -- A random name, one for each creation: what carries it was made by this call and no other. Recordings have zeros
    -- in place of what is random.
    function M.new_marker()
        return "call-" .. (http.is_replay() and ("0"):rep(24) or native.random_name())
    end

    -- The decoded body and the http.Response. `accepts` lists statuses that are taken as an answer though no success;
    -- `raw` leaves the body as it is, in response.body; `accept` asks for a type other than JSON, whose body is
    -- given as it is; `cache` = false asks anew.
    function M.get(path, options)
        return read(path, options or {})
    end

    -- The decoded body, or nil when GitHub has no such thing. `absent` lists the statuses that say so: { 404 }.
    function M.maybe(path, options)
        options = options or {}
        local body, response, asked_by = read(path, {
            query = options.query, headers = options.headers, cache = options.cache, raw = options.raw,
            accepts = options.absent or { 404 },
        })
        if not response.ok then return nil, response end
        return body, response, asked_by
    end

    -- Pages after the first are read by the installation of an App that read the first: their addresses may name the
    -- repository by a number (/repositories/ID/…).
    local function page_reader(options, installation)
        return function(url, query)
            local page, response, asked_by = read(url, {
                query = query, headers = options.headers, cache = options.cache, installation = installation,
            })
            installation = asked_by
            return page, response
        end
    end

    -- Iterates over the items of all pages, each once. `list` names the field that has them where a page is an object;
    -- `identity` the field that identifies items (default "id", false for none); `page_size` = false: the list takes
    -- none; `on_page(page, response)` sees what pages have beside their items.
    function M.each(path, options)
        options = options or {}
        local query = { per_page = options.page_size ~= false and 100 or nil }
        for name, value in pairs(options.query or {}) do query[name] = value end
        local first, shown = place_of(path)
        local read_page = page_reader(options)
        return pages.each(function(address)
            -- The addresses of further pages have the query in them.
            local page, response = read_page(address, address == first and query or nil)
            if options.on_page then options.on_page(page, response) end
            return page, response
        end, first, {
            list = options.list, identity = options.identity,
            steady = not (query.page or resource_of(shown)),  -- a search has an end, which shifted pages would reach
        })
    end

    -- A github.List of the items at a path. `options` as for `each`, and
    --   record: turns an item into what the list gives; keep(item): whether it is listed; limit: at most so many;
    --   max = { count, what }: GitHub gives no more of these, which the list then says.
    function M.list(path, options)
        local query = {}
        for name, value in pairs(options.query or {}) do query[name] = value end
        if options.limit and not options.keep and options.page_size ~= false then
            query.per_page = math.min(query.per_page or 100, options.limit)
        end
        local list
        local function on_page(page)
            if options.list and not list.total then list.total = record.at(page, "total_count") end
            if options.on_page then options.on_page(page, list) end
        end
        list = pages.list(M.each(path, {
            query = query, headers = options.headers, cache = options.cache, list = options.list,
            identity = options.identity, page_size = options.page_size, on_page = on_page,
        }), options)
        return list
    end

    -- Iterates over (page, response) of the list at `path`, each with items in its field `field`; nil when GitHub has
    -- no such list, which the statuses `absent` say.
    function M.pages(path, field, absent, query)
        local body, response, asked_by = M.maybe(path, { absent = absent, query = query })
        if not body then return nil end
        return pages.following(page_reader({}, asked_by), body, response, field), body
    end

    local function send_change(method, path, options, round)
        local url, shown = place_of(path, options.endpoint)
        local body, response = transport.send({
            method = method, url = url, what = options.what or shown, query = options.query, json = options.json,
            body = options.body, body_file = options.body_file, headers = options.headers, accept = options.accept,
            takes_text = options.takes_text, timeout_s = options.timeout_s,
            mutates = options.mutates, accepts = options.accepts, raw = options.raw, endpoint = options.endpoint,
            idempotent = options.idempotent or false, attempt = round, expects = options.expects,
        })
        if response.planned then return { planned = true }, response end
        return body, response
    end

    -- A change. `mutates` = { kind =, target =, summary = } is what the plan shows; an `idempotent` one may reach
    -- GitHub twice (default: PUT, PATCH and DELETE). `expects` = "object": an answer without one counts as lost. Under
    -- a dry run the body is { planned = true }. When its answer is lost and it may not be repeated, the error has
    -- details.effect = "unknown".
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
        return create_once(native, send, options.find, transport.attempts(), options.what or path)
    end

    -- The issue of a repository ("owner/name") whose body has the marker, among the newest; nil when there is none.
    function M.find_issue(repository, name)
        local path = ("/repos/%s/issues"):format(repository)
        local found, newest = first_marked(M.each(path, {
            query = { state = "all", sort = "created", direction = "desc" }, cache = false,
        }), name, max_listed)
        if found then return found end
        local number = newest and newest.number or 0
        for beyond = number + 1, number + max_numbers_beyond do
            local issue, response = M.maybe(("%s/%d"):format(path, beyond), { absent = { 404, 410 }, cache = false })
            if response.status == 404 then return nil end
            if issue and markers.has(issue.body, name) then return issue end
        end
        return nil
    end

    -- What has the marker in its body, of the list at a path; nil when there is none.
    function M.find_marked(path, name, query)
        return (first_marked(M.each(path, { query = query, cache = false }), name, math.huge))
    end

    local function download_of(path, options)
        local url, shown = place_of(path)
        options = options or {}
        return {
            url = url, what = shown, query = options.query, headers = options.headers, accept = options.accept,
            timeout_s = options.timeout_s,
        }
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
    function M.named(path, endpoint)
        return select(2, place_of(path, endpoint))
    end

    return M
end
