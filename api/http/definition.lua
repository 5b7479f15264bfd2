---@meta uhost.http
--- HTTP requests. They share one pool of kept connections, speak HTTP/2 where the server offers it, undo compression,
--- and check every server's certificate; there is no way to turn that off, but a company's own authority can be named
--- (`http.ca_file`). Proxies come from the environment as with curl.
---
--- A request pauses its task until the answer is there. Cancelling the task closes the connection. An answer with any
--- status is a result; what prevents an answer is raised: `http.dns`, `http.connect`, `http.tls`, `http.timeout`,
--- `http.reset` (closed before the answer was complete), `http.too_large`, `http.redirects`, `http.proxy`,
--- `http.protocol`, `http.file` (a download could not be written, or a body not read), and `http.offline` under
--- `--offline`.
--- `err.details` names `host`, `method`, and `sent`: false only when there never was a connection to send it over,
--- so that the server cannot have seen it. POST and PATCH never go over a kept connection, which may be dead, and are
--- never repeated by themselves; so it is for any request that is not `repeatable`.
---
--- POST, PUT, PATCH and DELETE are changes: they go through the plan, so that under `--dry-run` they are recorded and
--- not sent, and the answer has status 204 and `planned = true`.
---
--- `uhost --record FILE script` writes every exchange to the new file FILE without its secrets (an existing recording
--- is only replaced with `--set http.replace_recording=true`); `uhost --replay FILE script` answers from it, with no
--- network and no token. The k-th time that a request (method, URL, `Accept`, body) is made it gets
--- the k-th answer recorded; a question asked more often gets the last one again. What is not there is
--- `http.not_recorded`, which names what is nearest; `http.recording` is a recording that cannot be written on. What
--- http.intercept answers is not recorded. The format: `api/http/recording/README.md`.
---@class uhost.http
http = {}

---@class http.Options
---@field method? string  default "GET"
---@field url? string  absolute, http or https, without user name and password
---@field query? table<string, any>  texts, numbers, booleans or lists of them, added to the URL encoded
---@field headers? table<string, string>
---@field body? string
---@field body_file? string  a file that is the body, read as it is sent
---@field json? any  sent as a JSON body with its content type
---@field timeout_s? number  for the whole exchange, 0 for none; default 120, none with `to_file` and streams
---@field connect_timeout_s? number  default 10
---@field stall_timeout_s? number  without a byte in either direction; default 30
---@field max_bytes? integer  largest body, after decompression; default 64 MiB, 16 GiB with `to_file` and streams
---@field redirects? integer  how many GET and HEAD follow, default 0; `Authorization` stays with its origin
---@field to_file? string  where the body of a successful answer goes; the file appears whole or not at all
---@field mutates? boolean|{kind: string, target: string, summary: string}  whether it changes something, or what
---@field repeatable? boolean  whether it may reach the server twice; default true, but for POST and PATCH that change
---    something
---@field mask? boolean  default true: secrets in `body` and `json` are masked; false where the service is to get one
---@field credential? userdata  a secret that a primitive hands out; it is sent to its own origin only

--- An answer.
---@class http.Response
---@field status integer
---@field ok boolean  whether the status is 200 to 299
---@field url string  after redirects
---@field headers table<string, string>  names in lower case; repeated ones are joined by ", "
---@field body string  "" with `to_file`
---@field body_bytes integer  after decompression
---@field elapsed_s number
---@field version string  "1.1" or "2"
---@field file? string  where the body was written
---@field planned? boolean  true when a dry run did not send it
local Response = {}

--- The body decoded from JSON. Raises `json.syntax`.
---@return any
function Response:json() end

--- An answer whose body is still coming: status, headers and url as in http.Response. At most 256 KiB of it wait in
--- memory; the server is made to wait for the reader.
---@class http.Stream
---@field status integer
---@field ok boolean
---@field url string
---@field headers table<string, string>
local Stream = {}

--- The next bytes, or nil at the end. Raises what prevents the rest from coming. One task reads at a time.
---@return string|nil
function Stream:read() end

--- Iterates over the body in pieces of any size.
---@return fun(): string|nil
function Stream:chunks() end

--- Iterates over lines, without their ends ("\n" or "\r\n"). A line of more than 1 MiB comes in pieces.
---@return fun(): string|nil
function Stream:lines() end

--- Ends the transfer.
function Stream:close() end

--- Sends a request and waits for the whole answer.
--- ```lua
--- local answer = http.request{ url = "https://example.org/items", query = { page = 2 }, timeout_s = 20 }
--- if answer.ok then print(#answer:json()) end
--- ```
---@param options http.Options
---@return http.Response
function http.request(options) end

--- http.request with method GET.
---@param url string
---@param options? http.Options
---@return http.Response
function http.get(url, options) end

--- http.request with method HEAD: status and headers only.
---@param url string
---@param options? http.Options
---@return http.Response
function http.head(url, options) end

--- http.request with method POST. A change, unless `mutates = false` says that it only asks.
--- ```lua
--- local answer = http.post("https://example.org/search", { json = { text = "crash" }, mutates = false })
--- ```
---@param url string
---@param options? http.Options
---@return http.Response
function http.post(url, options) end

--- http.request with method PUT. A change.
---@param url string
---@param options? http.Options
---@return http.Response
function http.put(url, options) end

--- http.request with method PATCH. A change.
---@param url string
---@param options? http.Options
---@return http.Response
function http.patch(url, options) end

--- http.request with method DELETE. A change.
---@param url string
---@param options? http.Options
---@return http.Response
function http.delete(url, options) end

--- Sends a GET request, waits for the head of the answer, and lets the body be read as it comes, in constant memory.
--- ```lua
--- for line in http.stream("https://example.org/build.log"):lines() do
---     if line:find("error", 1, true) then print(line) end
--- end
--- ```
---@param url string
---@param options? http.Options  without `to_file`
---@return http.Stream
function http.stream(url, options) end

--- Runs `body(...)`; meanwhile every request of the process goes to `handler(request)` in place of the network, also
--- with `--offline`. The handler gets `{ method, url, headers, body, credential }` (header names in lower case; of a
--- credential only its name) and returns `{ status =, headers =, body = }`; it may raise and wait. When it returns
--- nothing, the request raises `http.not_intercepted`. Of nested handlers the newest answers.
--- ```lua
--- http.intercept(function(request)
---     return { body = '{"state": "open"}' }
--- end, function()
---     print(http.get("https://api.example.org/issues/1"):json().state)
--- end)
--- ```
---@param handler fun(request: table): table?
---@param body function
---@param ... any
---@return any ...
function http.intercept(handler, body, ...) end

--- Whether a handler of `http.intercept` answers in place of the network.
---@return boolean
function http.is_intercepted() end

--- Whether answers come from a recording (`--replay`), so that nothing is asked and nothing changes.
---@return boolean
---@return boolean secrets  whether secrets were sent when it was recorded
function http.is_replay() end

--- Percent-encodes everything but letters, digits and "-._~", for use in a path or a query.
---@param text string
---@return string
function http.encode(text) end

--- A table as a query string, in the order of the names; a list gives its name once for each item.
--- ```lua
--- print(http.query{ state = "open", labels = { "a", "b" } })  --> labels=a&labels=b&state=open
--- ```
---@param parameters table
---@return string
function http.query(parameters) end
