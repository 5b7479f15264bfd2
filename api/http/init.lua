-- The Lua half of `http`: queries, JSON bodies, streams as iterators, and answers from inside the process.
local native = ...
local tables = require("uhost.tables")
local with_type = require("uhost.http.content_type")

native.prepare()

local M = { encode = native.encode, is_replay = native.is_replay }

-- Requests as options

-- All digits of a whole number, which `tostring` would round from 1e15 on.
local function query_number(value)
    return value % 1 == 0 and math.abs(value) < 2 ^ 63 and ("%d"):format(value) or tostring(value)
end

local function query_value(name, value)
    if type(value) == "string" then return value end
    if type(value) == "number" then return query_number(value) end
    if type(value) == "boolean" then return tostring(value) end
    uhost.fail("argument", ("the query parameter '%s' is a %s, expected a string, number or boolean")
        :format(name, type(value)))
end

function M.query(parameters)
    local pieces = {}
    for _, name in ipairs(tables.sorted_keys(parameters)) do
        local value = parameters[name]
        for _, each in ipairs(type(value) == "table" and value or { value }) do
            pieces[#pieces + 1] = native.encode(name) .. "=" .. native.encode(query_value(name, each))
        end
    end
    return table.concat(pieces, "&")
end

local function with_query(url, parameters)
    local query = M.query(parameters)
    if query == "" then return url end
    local address, fragment = url:match("^([^#]*)(.*)$")
    return address .. (address:find("?", 1, true) and "&" or "?") .. query .. fragment
end

-- The options as the native half takes them; what it does not know it refuses.
local function prepared(options)
    if type(options) ~= "table" then
        uhost.fail("argument", ("a request is a table of options, got a %s"):format(type(options)))
    end
    local request = {}
    for name, value in pairs(options) do request[name] = value end
    if request.query and request.url then
        request.url, request.query = with_query(request.url, request.query), nil
    end
    if request.json ~= nil then
        request.headers = with_type(request.headers or {}, "application/json")
        request.body, request.json = require("uhost.json").encode(request.json), nil
    end
    return request
end

-- Answers

local Response, new_response = uhost.class("http.Response", {
    optional = { "cached", "file", "planned" },
    describe = function(self) return self.status .. " " .. self.url end,
})

function Response:json()
    return require("uhost.json").decode(self.body)
end

-- Answers from inside the process

local handlers = {}

local function lower_names(headers)
    local lower = {}
    for name, value in pairs(headers or {}) do lower[name:lower()] = tostring(value) end
    return lower
end

local function handed_response(request, answer)
    if type(answer) ~= "table" then
        uhost.fail("http.not_intercepted", ("nothing answers %s %s"):format(request.method, request.url),
            { hint = "let the handler given to http.intercept return { status =, body = } for it" })
    end
    local body, status = answer.body or "", answer.status or 200
    return {
        status = status, ok = status >= 200 and status < 300, url = answer.url or request.url,
        headers = lower_names(answer.headers), body = body, body_bytes = #body, elapsed_s = 0, version = "1.1",
    }
end

local function check_size(response, limit)
    if limit and response.body_bytes > limit then
        uhost.fail("http.too_large", ("the answer of %s is larger than %d bytes"):format(response.url, limit))
    end
end

-- What the handler sees carries no secret: `credential` names it.
local function ask_handler(handler, options)
    local planned = native.check(options)
    if planned then return planned end
    local request = {
        method = (options.method or "GET"):upper(), url = options.url, headers = lower_names(options.headers),
        body = options.body, body_file = options.body_file,
        credential = options.credential and tostring(options.credential) or nil,
    }
    local response = handed_response(request, handler(request))
    check_size(response, options.max_bytes)
    if options.to_file and response.ok then
        require("uhost.fs").write(options.to_file, response.body)
        response.body = ""
    end
    return response
end

local function remove_handler(entry)
    for position = #handlers, 1, -1 do
        if handlers[position] == entry then return table.remove(handlers, position) end
    end
end

function M.intercept(handler, body, ...)
    if type(handler) ~= "function" or type(body) ~= "function" then
        uhost.fail("argument", "http.intercept takes two functions: the handler, and what runs with it")
    end
    local entry = { handler = handler }
    handlers[#handlers + 1] = entry
    local arguments, count = { ... }, select("#", ...)
    return require("uhost.task").finally(function() return body(unpack(arguments, 1, count)) end,
        function() remove_handler(entry) end)
end

function M.is_intercepted()
    return #handlers > 0
end

-- Requests

function M.request(options)
    local request = prepared(options)
    local entry = handlers[#handlers]
    local response = entry and ask_handler(entry.handler, request) or native.request(request)
    if request.to_file and response.ok and not response.planned then response.file = request.to_file end
    return new_response(response)
end

local function method(name)
    return function(url, options)
        local request = {}
        for key, value in pairs(options or {}) do request[key] = value end
        request.method, request.url = name, url
        return M.request(request)
    end
end

M.get, M.head, M.post = method("GET"), method("HEAD"), method("POST")
M.put, M.patch, M.delete = method("PUT"), method("PATCH"), method("DELETE")

-- Streams

local Stream, new_stream = uhost.class("http.Stream", {
    optional = { "body", "body_bytes", "cached", "elapsed_s", "planned", "position", "reopen" },
    describe = function(self) return self.status .. " " .. self.url end,
})

-- What `self.source[name]` gives. After a failure `reopen(err, position)` may give the stream from where it broke.
local function read_with(self, name)
    while true do
        local source = self.source
        local ok, result = pcall(source[name], source)
        if ok and result ~= "" then return result end  -- "" stands for bytes that are skipped
        if not ok then
            self.position = (self.position or 0) + source:position()
            local again = self.reopen and self.reopen(result, self.position)
            if not again then error(result, 0) end
            self.source = again.source
        end
    end
end

function Stream:read()
    return read_with(self, "read")
end

function Stream:chunks()
    return function() return self:read() end
end

function Stream:lines()
    local lines, next_line = {}, 1
    return function()
        while lines and next_line > #lines do
            lines, next_line = read_with(self, "read_lines"), 1
        end
        if not lines then return nil end
        next_line = next_line + 1
        return lines[next_line - 1]
    end
end

function Stream:close()
    self.source:close()
end

-- An answer that is there already, read like one that is still coming.
local function whole(body)
    local source = {}
    local function take()
        local rest = body
        body = nil
        return rest ~= "" and rest or nil
    end
    source.read = take
    function source.read_lines()
        local rest = take()
        return rest and native.split_lines(rest)
    end
    function source.position() return 0 end
    function source.skip(_, count) body = body and body:sub(count + 1) end
    function source.close() body = nil end
    return source
end

function M.stream(url, options)
    local request = {}
    for key, value in pairs(options or {}) do request[key] = value end
    request.url = url
    request = prepared(request)
    if request.to_file then uhost.fail("argument", "http.stream takes no 'to_file'; http.request does") end
    local entry = handlers[#handlers]
    local stream
    if entry then
        stream = ask_handler(entry.handler, request)
        stream.source, stream.body = whole(stream.body), nil
    else
        request.stream = true
        local source = native.open_stream(request)
        stream = source:head()
        stream.source, stream.body, stream.body_bytes, stream.elapsed_s = source, nil, nil, nil
    end
    return new_stream(stream)
end

return M
