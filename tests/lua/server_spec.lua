-- `server`: what clients get from it, well-meaning and hostile ones. Those that no HTTP library would be are written in
-- Python, on bare sockets.
local bare_sockets = require("support.bare_sockets")
local servers = require("support.servers")

-- Runs `body(web)` beside a server with this handler, and stops it.
local function with(options, handler, body)
    local web = server.listen(options)
    local client = task.spawn(function()
        task.finally(function() body(web) end, function() web:stop() end)
    end)
    web:serve(handler)
    client:await()
end

local function echo(request)
    return { json = { method = request.method, path = request.path, target = request.target, query = request.query,
        headers = request.headers, body = request.body, peer = request.peer } }
end

local function get(web, path) return http.get(web.url .. path) end
local function post(web, path, body) return http.post(web.url .. path, { body = body, mutates = false }) end

-- What a Python program on bare sockets prints; `connect()` gives a connected socket.
local function by_hand(web, program)
    return bare_sockets.play({ host = web.host, port = web.port, timeout_s = 20 }, program)
end

describe("server.listen", function()
    it("gives handlers the whole request, decoded once", function()
        with({}, function(request)
            assert.same({ "POST", "/a b/%41", "/a%20b/%2541?x=1&y=%26&x=2", "\0\255 body", "127.0.0.1" },
                { request.method, request.path, request.target, request.body, request.peer })
            assert.same({ x = "2", y = "&" }, request.query)
            assert.equal("v", request.headers["x-own"])
            assert.matches("^server.Request %(POST /a b", tostring(request))
        end, function(web)
            local seen = http.post(web.url .. "/a%20b/%2541?x=1&y=%26&x=2", {
                body = "\0\255 body", headers = { ["X-Own"] = "v" }, mutates = false,
            })
            assert.equal(204, seen.status)
        end)
    end)

    it("sends strings, JSON, statuses and headers", function()
        local answers = {
            ["/text"] = "plain", ["/json"] = { json = { 1, 2 } }, ["/none"] = { status = 404 },
            ["/own"] = { status = 201, headers = { ["Content-Type"] = "text/html", ["X-A"] = "b" }, body = "<p>" },
        }
        with({}, function(request) return answers[request.path] end, function(web)
            local text, own = get(web, "/text"), get(web, "/own")
            assert.same({ 200, "plain", "text/plain; charset=utf-8" },
                { text.status, text.body, text.headers["content-type"] })
            assert.same({ 1, 2 }, get(web, "/json"):json())
            assert.equal(404, get(web, "/none").status)
            assert.same({ 201, "<p>", "text/html", "b" },
                { own.status, own.body, own.headers["content-type"], own.headers["x-a"] })
        end)
    end)

    it("hides why a handler failed from the client, and goes on", function()
        with({}, function(request)
            if request.path == "/fails" then error("the password is 123") end
            if request.path == "/misspelt" then return { stauts = 200 } end
            if request.path == "/split" then return { headers = { ["X-A"] = "a\r\nSet-Cookie: b" } } end
            if request.path == "/json" then return request:json() end
            return "fine"
        end, function(web)
            for _, path in ipairs({ "/fails", "/misspelt" }) do
                local seen = get(web, path)
                assert.equal(500, seen.status)
                assert.is_nil(seen.body:find("123", 1, true))
            end
            local split = get(web, "/split")
            assert.same({ 500, nil }, { split.status, split.headers["set-cookie"] })
            local bad = post(web, "/json", "{")
            assert.equal(400, bad.status)
            assert.matches("not JSON", bad.body)
            assert.equal("fine", get(web, "/").body)
        end)
    end)

    it("handles requests side by side, so many at once", function()
        local running, most = 0, 0
        local web = server.listen()
        task.spawn(function()
            task.map({ 1, 2, 3, 4, 5, 6, 7, 8, 9 }, function() return get(web, "/") end, { concurrency = 9 })
            web:stop()
        end)
        web:serve(function()
            running = running + 1
            most = math.max(most, running)
            for _ = 1, 5 do task.sleep(0.01) end
            running = running - 1
        end, { concurrency = 3 })
        assert.equal(3, most)
    end)

    it("sends streams as they are written, and notices who has left", function()
        local outcome
        with({}, function(request)
            if request.path == "/lines" then
                local out = request:stream()
                for i = 1, 3 do out:write(i .. "\n") end
                return
            end
            local events = request:events()
            events:send({ event = "build", id = 7, data = { ok = true } })
            events:send({ data = "two\nlines" })
            local ok, failure = pcall(function()
                while true do
                    events:keep_alive()
                    task.sleep(0.01)
                end
            end)
            outcome = not ok and failure.kind
            error(failure, 0)
        end, function(web)
            assert.equal("1\n2\n3\n", get(web, "/lines").body)
            local seen = by_hand(web, [[
s = connect(); s.sendall(b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
data = b""
while b"lines\n" not in data: data += s.recv(4096)
s.close(); print(data.decode())
]])
            assert.matches("text/event%-stream", seen)
            assert.matches("event: build\nid: 7\ndata: {\"ok\":true}\n\n", seen)
            assert.matches("data: two\ndata: lines\n\n", seen)
            require("support.expect").eventually(function() return outcome end)
            assert.equal("server.gone", outcome)
        end)
    end)

    it("waits for slow readers instead of keeping all that they have not read", function()
        local written = 0
        with({}, function(request)
            local out = request:stream()
            for _ = 1, 64 do
                out:write(("x"):rep(2 ^ 18))
                written = written + 2 ^ 18
            end
        end, function(web)
            local seen = by_hand(web, [[
s = connect(); s.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
time.sleep(0.3); print(len(all_of(s)))
]])
            assert.is_true(tonumber(seen) > 2 ^ 24)
            assert.equal(2 ^ 24, written)
        end)
    end)

    it("sends much that is written at once in a time that grows with its size", function()
        local size = 48 * 2 ^ 20
        with({}, function(request) request:stream():write(("x"):rep(size)) end, function(web)
            local seen = http.request({ url = web.url, max_bytes = 2 * size, timeout_s = 600, stall_timeout_s = 600 })
            assert.equal(size, #seen.body)
        end)
    end)

    it("lets one task at a time write to a stream, and says so", function()
        local failure
        with({}, function(request)
            local out = request:stream()
            local other = task.spawn(function() out:write(("b"):rep(2 ^ 22)) end)
            task.sleep(0)
            failure = select(2, pcall(out.write, out, "a"))
            other:await()
        end, function(web) assert.equal(2 ^ 22, #http.request({ url = web.url, max_bytes = 2 ^ 23 }).body) end)
        assert.equal("server.write", failure.kind)
    end)

    it("finishes what was begun before it stops", function()
        local web = server.listen()
        local answer = task.spawn(function() return get(web, "/") end)
        web:serve(function()
            web:stop()
            for _ = 1, 5 do task.sleep(0.01) end
            return "finished"
        end)
        assert.equal("finished", answer:await().body)
        assert.equal("http.connect", (select(2, pcall(get, web, "/"))).kind)
    end)

    it("ends with its task, also in the middle of requests", function()
        local web = server.listen()
        local serving = task.interruptible(function()
            web:serve(function() task.sleep(3600) end)
        end)
        local client = task.spawn(function() return pcall(get, web, "/") end)
        task.sleep(0.05)
        serving:cancel()
        serving:join()
        local ok, result = client:await()
        assert.is_true(not ok or result.status >= 500)
    end)

    it("is HTTPS with a certificate", function()
        servers.in_folder(function(folder)
            local key, certificate = servers.certificate(folder)
            with({ certificate_file = certificate, key_file = key }, function() return "secret" end, function(web)
                assert.matches("^https://", web.url)
                local seen = process.run({ "curl", "-s", "--cacert", certificate,
                    ("https://localhost:%d/"):format(web.port), check = true })
                assert.equal("secret", seen.stdout)
            end)
            local ok, failure = pcall(server.listen, { certificate_file = key, key_file = certificate })
            assert.same({ false, "server.certificate" }, { ok, failure.kind })
        end)
    end)

    it("says why it cannot listen", function()
        local first = server.listen()
        local ok, failure = pcall(server.listen, { port = first.port })
        assert.same({ false, "server.address_in_use" }, { ok, failure.kind })
        first:close()
        ok, failure = pcall(server.listen, { host = "203.0.113.7" })
        assert.same({ false, "server.address" }, { ok, failure.kind })
        for _, descriptor in ipairs({ 0, 1, 2, 99999 }) do
            ok, failure = pcall(server.listen, { descriptor = descriptor })
            assert.same({ false, "server.address" }, { ok, failure.kind })
        end
        ok, failure = pcall(server.listen, { prot = 80 })
        assert.same({ false, "argument" }, { ok, failure.kind })
        assert.matches("port", failure.hint)
    end)
end)

describe("a hostile client of a server", function()
    it("gets 413 for a body that is too large, whether or not it says how large it is", function()
        local handled = 0
        with({ max_body_bytes = 1000 }, function()
            handled = handled + 1
        end, function(web)
            assert.equal(204, post(web, "/", ("x"):rep(1000)).status)
            assert.equal(413, post(web, "/", ("x"):rep(1001)).status)
            local seen = by_hand(web, [[
s = connect()
s.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
for _ in range(3): s.sendall(b"200\r\n" + b"x" * 512 + b"\r\n")
s.sendall(b"0\r\n\r\n"); print(all_of(s).decode()[:12])
s = connect(); s.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\nExpect: 100-continue\r\n\r\n")
print(all_of(s).decode()[:12])
]])
            assert.equal("HTTP/1.1 413\nHTTP/1.1 413\n", seen)
            assert.equal(1, handled)
        end)
    end)

    it("gets no more memory than all may have together", function()
        with({ max_body_bytes = 1000, max_total_bytes = 1500 }, function() end, function(web)
            local seen = by_hand(web, [[
first = connect(); first.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + b"x" * 999)
request = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n" + b"x" * 1000
answer = ""
while answer != "HTTP/1.1 503":  # until the first one's body is there
    second = connect(); second.sendall(request); answer = all_of(second).decode()[:12]
print(answer); first.sendall(b"x"); print(first.recv(100).decode()[:12])
]])
            assert.equal("HTTP/1.1 503\nHTTP/1.1 204\n", seen)
        end)
    end)

    it("is cut off when it sends headers without end, or one byte now and then", function()
        with({ request_timeout_s = 1, max_header_bytes = 4096 }, function() return "fine" end, function(web)
            local seen = by_hand(web, [[
s = connect(); s.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: " + b"y" * 9000 + b"\r\n\r\n")
print(all_of(s).decode()[:12])
s = connect()
try:
    for byte in b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: " + b"z" * 1000:
        s.sendall(bytes([byte])); time.sleep(0.05)
    print("never cut off")
except OSError: print("cut off")
]])
            assert.equal("HTTP/1.1 431\ncut off\n", seen)
            assert.equal("fine", get(web, "/").body)
        end)
    end)

    it("cannot smuggle a request, a NUL or a line end", function()
        with({}, echo, function(web)
            local seen = by_hand(web, [[
for text in (b"GET /%00/etc HTTP/1.1\r\nHost: x\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"\0\1\2\r\n\r\n",
             b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: nine\r\n\r\n"):
    s = connect(); s.sendall(text); s.shutdown(socket.SHUT_WR); print(all_of(s).decode()[9:10])
]])
            for line in seen:gmatch("([^\n]*)\n") do assert.matches("^[45]?$", line) end
            assert.equal(200, get(web, "/").status)
        end)
    end)

    it("waits for its turn when there are too many connections", function()
        with({ max_connections = 4 }, function() return "fine" end, function(web)
            local seen = by_hand(web, [[
for _ in range(10):
    idle = [connect() for _ in range(20)]
    for s in idle[:10]: s.close()
    s = connect(); s.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    for each in idle[10:]: each.close()
    print(all_of(s).decode()[:12])
]])
            assert.equal(("HTTP/1.1 200\n"):rep(10), seen)
        end)
    end)
end)
