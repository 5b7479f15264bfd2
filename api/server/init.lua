-- The Lua half of `server`: a task for each request, what handlers return, and events sent as they happen.
local native = ...
local json = require("uhost.json")
local log = require("uhost.log")
local task = require("uhost.task")
local with_type = require("uhost.http.content_type")

local M = {}

local Request, new_request = uhost.class("server.Request", {
    describe = function(self) return self.method .. " " .. self.path end,
})

function Request:json()
    local ok, value = pcall(json.decode, self.body)
    if ok then return value end
    uhost.fail("server.bad_request", ("the body is not JSON: %s"):format(value.message),
        { hint = "send JSON in UTF-8" })
end

function Request:bears(name) return self.exchange:bears(name) end

-- Answers that are sent as they are written ---------------------------------------------------------------------------

local Stream, new_stream = uhost.class("server.Stream")

function Request:stream(options)
    options = uhost.check_options(options, "Request:stream", { "status", "headers" })
    self.exchange:stream(options.status or 200, options.headers or {})
    return new_stream({ exchange = self.exchange })
end

function Stream:write(text) self.exchange:write(text) end

local EventStream, new_event_stream = uhost.class("server.EventStream")

function Request:events()
    self.exchange:stream(200, { ["Content-Type"] = "text/event-stream", ["Cache-Control"] = "no-store" })
    return new_event_stream({ exchange = self.exchange })
end

-- The lines of a field; text of several lines is a field each.
local function field_lines(lines, name, text)
    for line in (text .. "\n"):gmatch("([^\r\n]*)\r?\n") do lines[#lines + 1] = ("%s: %s\n"):format(name, line) end
end

-- The format: https://html.spec.whatwg.org/multipage/server-sent-events.html
function EventStream:send(event)
    event = uhost.check_options(event, "EventStream:send", { "event", "id", "data" })
    local lines = {}
    if event.event then field_lines(lines, "event", event.event) end
    if event.id then field_lines(lines, "id", tostring(event.id)) end
    local data = event.data
    field_lines(lines, "data", type(data) == "string" and data or json.encode(data == nil and json.null or data))
    self.exchange:write(table.concat(lines) .. "\n")
end

function EventStream:keep_alive() self.exchange:write(": \n\n") end

function Request:wait_until_gone() self.exchange:wait_until_gone() end

-- Answers of handlers -------------------------------------------------------------------------------------------------

local text_headers = { ["Content-Type"] = "text/plain; charset=utf-8" }

-- What a handler returned, as status, headers and body.
local function response_of(result)
    if result == nil then return 204, {}, "" end
    if type(result) == "string" then return 200, text_headers, result end
    result = uhost.check_options(result, "the handler's response", { "status", "headers", "body", "json" })
    local headers, body = result.headers or {}, result.body or ""
    if result.json ~= nil then
        headers = with_type(headers, "application/json")
        body = json.encode(result.json, { invalid_utf8 = "replace" })
    elseif body ~= "" then
        headers = with_type(headers, "text/plain; charset=utf-8")
    end
    return result.status or (body == "" and 204 or 200), headers, body
end

local function is_kind(failure, kind) return uhost.is_error(failure) and failure.kind == kind end

-- The client learns of its own mistakes only; what went wrong here is logged.
local function failure_response(request, failure)
    if is_kind(failure, "server.bad_request") then
        return { status = 400, body = failure.message .. "\n" }
    end
    log.error(("%s %s: %s"):format(request.method, request.path, tostring(failure)))
    return { status = 500, body = "something went wrong; the server's log says what\n" }
end

local function deliver(exchange, result) exchange:respond(response_of(result)) end

local function answer(handler, exchange)
    local request = exchange:head()
    request.exchange = exchange
    request = new_request(request)
    local ok, result = pcall(handler, request)
    if ok and not exchange:answered() then ok, result = pcall(deliver, exchange, result) end
    if ok then return end
    if task.cancelled() then error(result, 0) end
    if is_kind(result, "server.gone") then return end
    local response = failure_response(request, result)
    if not exchange:answered() then deliver(exchange, response) end
end

-- Servers -------------------------------------------------------------------------------------------------------------

local Server, new_server = uhost.class("server.Server", { describe = function(self) return self.url end })

local default_concurrency = 64

function M.listen(options)
    local socket = native.listen(options or {})
    local host, port, is_secure = socket:address()
    local shown = host:find(":", 1, true) and ("[%s]"):format(host) or host
    return new_server({
        socket = socket, host = host, port = port, state = { is_closed = false },
        url = ("%s://%s:%d"):format(is_secure and "https" or "http", shown, port),
    })
end

function Server:serve(handler, options)
    uhost.check_argument(handler, "handler", "Server:serve", "function")
    options = uhost.check_options(options, "Server:serve", { "concurrency" })
    local limit = task.limit(options.concurrency or default_concurrency)
    task.finally(function()
        task.scope(function()
            for exchange in self.socket.accept, self.socket do
                task.spawn(function()
                    limit:with(answer, handler, exchange)
                    exchange:close()
                end)
            end
        end)
        self.socket:drain()
    end, function() self:close() end)
end

function Server:stop()
    if not self.state.is_closed then self.socket:stop() end
end

function Server:close()
    self.state.is_closed = true
    self.socket:close()
end

return M
