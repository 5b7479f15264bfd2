---@meta uhost.server
--- An HTTP/1.1 server on the host's loop. Each request is handled in a task of its own, so handlers read top to bottom
--- and may wait for whatever they like.
---
--- What clients send is limited: see `server.Limits`. A request that breaks a limit never reaches a handler.
--- libmicrohttpd reads and writes.
---@class uhost.server
server = {}

--- What is taken from clients at most.
---@class server.Limits
---@field max_body_bytes? integer  of one request, default 1 MiB; a larger one is answered with 413
---@field max_total_bytes? integer  of all bodies that are held at once, default 256 MiB; beyond it the answer is 503
---@field max_header_bytes? integer  of the request line and the headers, default 32 KiB; more is answered with 431
---@field max_connections? integer  at once, default 512; others wait to be accepted
---@field max_connections_of_one_address? integer  default 0: as many as there may be at all
---@field max_waiting? integer  whole requests that no task has taken yet, default 1024; others are answered with 503
---@field request_timeout_s? number  for a client to send a whole request, and for silence between two; default 30

---@class server.Options : server.Limits
---@field host? string  an address of this machine, default "127.0.0.1"; "0.0.0.0" or "::" for all of them
---@field port? integer  default 0: any that is free
---@field descriptor? integer  a socket that listens already, as systemd hands it over, in place of host and port; not
---    where permissions are limited
---@field certificate_file? string  PEM, with its chain; makes it an HTTPS server
---@field key_file? string  PEM, without a password

--- Listens for clients, who are answered by `serve`. Raises `server.address_in_use`, `server.address`,
--- `server.start`, `server.certificate`, and `server.offline` where `--offline` leaves the loopback only. Where
--- permissions are limited, `--allow-net` has to name the address.
--- ```lua
--- local web = server.listen({ port = 0 })
--- task.spawn(function() print(http.get(web.url .. "/hello").body) web:stop() end)
--- web:serve(function(request) return ("you asked for %s"):format(request.path) end)
--- ```
---@param options? server.Options
---@return server.Server
function server.listen(options) end

--- A server that listens.
---@class server.Server
---@field url string  "http://127.0.0.1:8080", without a slash at the end
---@field host string
---@field port integer
local Server = {}

--- Answers requests until `stop` is called or the task is cancelled. `handler(request)` returns a response, a string
--- (200, plain text) or nothing (204). When it raises, the client gets 500 and the log the reason; an error of kind
--- `server.bad_request` makes it 400 with the error's message. After `stop`, what was begun is finished first.
---@param handler fun(request: server.Request): server.Response | string | nil
---@param options? { concurrency?: integer }  how many handlers run at once, default 64; other requests wait
function Server:serve(handler, options) end

--- Accepts no more connections; `serve` returns when all that was begun is answered.
function Server:stop() end

--- Ends it at once, and with it what is not finished.
function Server:close() end

---@class server.Response
---@field status? integer  200 to 599; default 200, or 204 without a body
---@field headers? table<string, string>
---@field body? string  plain text unless a header says otherwise
---@field json? any  in place of `body`; U+FFFD takes the place of bytes that are not UTF-8

--- A request. All of it is what the client says.
---@class server.Request
---@field method string  "GET"
---@field path string  decoded, without the query
---@field target string  as it came: "/a%20b?x=1"
---@field query table<string, string>  decoded; of a name that came twice, the last value
---@field headers table<string, string>  names in small letters; values of a name that came twice are joined by ", "
---@field body string
---@field peer string  the client's address; behind a proxy, the proxy's
local Request = {}

--- The body as JSON. Raises `server.bad_request`.
---@return any
function Request:json() end

--- Whether its Authorization header bears (`Bearer …`) the secret of this name that the host took from the
--- environment, such as SERVE_ADMIN_TOKEN. Scripts never see it. False when there is none.
---@param name string
---@return boolean
function Request:bears(name) end

--- Begins an answer that is sent as it is written, until the handler returns.
--- ```lua
--- local function count(request)
---     local out = request:stream({ headers = { ["Content-Type"] = "text/plain" } })
---     for i = 1, 3 do out:write(i .. "\n") end
--- end
--- local web = server.listen()
--- task.spawn(function() print(http.get(web.url).body) web:stop() end)
--- web:serve(count)
--- ```
---@param options? { status?: integer, headers?: table<string, string> }
---@return server.Stream
function Request:stream(options) end

--- Begins a stream of server-sent events, until the handler returns.
---@return server.EventStream
function Request:events() end

--- Waits until the client has left. That is noticed when something is written to it, so send `keep_alive` now and then.
function Request:wait_until_gone() end

---@class server.Stream
local Stream = {}

--- Sends text; waits while much of what was written before is not sent. Raises `server.gone` when the client has left,
--- which ends the handler without a word in the log, and `server.write` while another task waits in it.
---@param text string
function Stream:write(text) end

---@class server.EventStream
local EventStream = {}

--- Sends an event. Waits and raises as `Stream:write` does.
---@param event { event?: string, id?: string | integer, data: any }  data that is no string is sent as JSON
function EventStream:send(event) end

--- Sends what no reader sees, so that proxies keep the connection, and a client that has left is noticed.
function EventStream:keep_alive() end
