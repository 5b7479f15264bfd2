-- `http` against a real server that misbehaves on request.
local servers = require("support.servers")

local function fails_with(kind, body, ...)
    local ok, err = pcall(body, ...)
    assert.is_false(ok)
    assert.equal(kind, err.kind, tostring(err))
    return err
end

local function with_server(body)
    return servers.with("http", {}, function(server) return body(server.url, server) end)
end

-- Asks until `condition` holds: what happens on the other side is seen there a moment later.
local function eventually(condition)
    for _ = 1, 500 do
        if condition() then return true end
        task.sleep(0.01)
    end
    return false
end

describe("http", function()
    it("sends method, headers, query and body as asked", function()
        with_server(function(url)
            local seen = http.request({
                url = url .. "/echo", method = "post", query = { q = "a b", n = { 1, 2 } }, body = "text\0more",
                headers = { ["X-Mine"] = "yes", ["X-Empty"] = "" }, mutates = false,
            }):json()
            assert.equal("POST", seen.method)
            assert.equal("/echo?n=1&n=2&q=a%20b", seen.url)
            assert.equal("text\0more", seen.body)
            assert.equal("yes", seen.headers["x-mine"])
            assert.equal("", seen.headers["x-empty"])
            assert.matches("^uhost/", seen.headers["user-agent"])
            for _, method in ipairs({ "get", "post", "put", "patch", "delete" }) do
                local answer = http[method](url .. "/echo", { json = { a = 1 }, mutates = false })
                assert.equal(method:upper(), answer:json().method)
                assert.equal('{"a":1}', answer:json().body)
            end
            assert.equal("", http.head(url .. "/echo").body)
        end)
    end)

    it("gives any status as a result, repeated headers joined", function()
        with_server(function(url)
            for _, status in ipairs({ 200, 204, 404, 503 }) do
                local answer = http.get(url .. "/status", { query = { code = status } })
                assert.equal(status, answer.status)
                assert.equal(status < 300, answer.ok)
            end
            assert.equal("one, two", http.get(url .. "/headers").headers["x-repeated"])
        end)
    end)

    it("names each way in which no answer comes", function()
        with_server(function(url)
            local host = url:match("//(.*)")
            for path, kind in pairs({
                ["/reset"] = "http.reset", ["/truncated"] = "http.reset", ["/garbage"] = "http.protocol",
                ["/headers?many=1"] = "http.protocol", ["/loop"] = "http.redirects",
                ["/redirect?to=ftp://localhost/"] = "http.redirects",
            }) do
                local err = fails_with(kind, http.get, url .. path, { redirects = 3 })
                assert.is_truthy(err.message:find(host, 1, true), err.message)
                assert.is_truthy(err.hint)
            end
        end)
    end)

    it("keeps the limits of time apart", function()
        with_server(function(url)
            local stalled = fails_with("http.timeout", http.get, url .. "/stall", { stall_timeout_s = 1 })
            assert.matches("sent nothing for 1 s", stalled.message)
            local late = fails_with("http.timeout", http.get, url .. "/slow?ms=60000", { timeout_s = 0.2 })
            assert.matches("within 0.2 s", late.message)
        end)
    end)

    it("says when nobody is there", function()
        local err = fails_with("http.connect", http.get, "http://localhost:1/")
        assert.is_false(err.details.sent)
        assert.equal("localhost:1", err.details.host)
        fails_with("http.dns", http.get, "http://no-such-host.invalid/", { connect_timeout_s = 60 })
    end)

    it("stops at the size limit, also after decompression", function()
        with_server(function(url)
            fails_with("http.too_large", http.get, url .. "/large?bytes=100000", { max_bytes = 99999 })
            assert.equal(100000, #http.get(url .. "/large?bytes=100000", { max_bytes = 100000 }).body)
            fails_with("http.too_large", http.get, url .. "/bomb?bytes=30000000", { max_bytes = 1000000 })
        end)
    end)

    it("follows redirects only where asked, and keeps Authorization at home", function()
        with_server(function(url)
            with_server(function(other)
                local secret = { Authorization = "Bearer mine", Cookie = "session=mine" }
                assert.equal(302, http.get(url .. "/redirect", { query = { to = "/echo" } }).status)
                local kept = http.get(url .. "/redirect", { query = { to = "/echo" }, headers = secret, redirects = 2 })
                assert.equal("Bearer mine", kept:json().headers.authorization)
                assert.equal(url .. "/echo", kept.url)
                local left = http.get(url .. "/redirect",
                    { query = { to = other .. "/echo" }, headers = secret, redirects = 2 })
                assert.equal(other .. "/echo", left.url)
                assert.is_nil(left:json().headers.authorization)
                assert.is_nil(left:json().headers.cookie)
            end)
        end)
    end)

    it("closes the connection when its task is cancelled", function()
        with_server(function(url)
            fails_with("timeout", task.timeout, 0.2, http.get, url .. "/hang")
            local stream = http.stream(url .. "/stall")
            stream:read()
            stream:close()
            assert.is_true(eventually(function() return http.get(url .. "/counts"):json().hung_up == 1 end))
        end)
    end)

    it("serves many tasks at once over a bounded number of kept connections", function()
        with_server(function(url)
            local list = {}
            for i = 1, 500 do list[i] = i end
            local statuses = task.map(list, function() return http.get(url .. "/slow?ms=5").status end,
                { concurrency = 500 })
            assert.equal(500, #statuses)
            for _, status in ipairs(statuses) do assert.equal(200, status) end
            local counts = http.get(url .. "/counts"):json()
            assert.equal(500, counts["/slow"])
            assert.is_true(counts.connections <= 65, "connections: " .. counts.connections)
        end)
    end)

    it("cancels a crowd, most of it still in line", function()
        with_server(function(url)
            local list = {}
            for i = 1, 300 do list[i] = i end
            fails_with("timeout", task.timeout, 0.2, task.map, list, function() http.get(url .. "/hang") end,
                { concurrency = 300 })
            assert.equal(200, http.get(url .. "/status?code=200").status)
        end)
    end)

    it("streams a body in constant memory, and lines as lines", function()
        with_server(function(url)
            local bytes = 0
            for piece in http.stream(url .. "/large?bytes=30000000"):chunks() do bytes = bytes + #piece end
            assert.equal(30000000, bytes)
            local count, last = 0, nil
            for line in http.stream(url .. "/lines?count=20000"):lines() do
                count, last = count + 1, line
                if count <= 20000 then assert.equal("line " .. count, line) end
            end
            assert.equal(20001, count)
            assert.equal("the last, without an end", last)
            local stream = http.stream(url .. "/truncated")
            fails_with("http.reset", function() for _ in stream:chunks() do end end)
            fails_with("http.connect", http.stream, "http://localhost:1/")
            fails_with("argument", http.stream, url .. "/echo", { method = "POST" })
        end)
    end)

    it("makes the server wait for a slow reader", function()
        with_server(function(url)
            local stream = http.stream(url .. "/large?bytes=20000000")
            local before = collectgarbage("count")
            task.sleep(0.2)
            assert.is_true(collectgarbage("count") - before < 2048)
            local bytes = 0
            for piece in stream:chunks() do bytes = bytes + #piece end
            assert.equal(20000000, bytes)
        end)
    end)

    it("downloads to a file, whole or not at all", function()
        servers.in_folder(function(folder)
            with_server(function(url)
                local file = folder .. "/log"
                local answer = http.get(url .. "/large?bytes=1000000", { to_file = file })
                assert.equal(file, answer.file)
                assert.equal("", answer.body)
                assert.equal(1000000, answer.body_bytes)
                assert.equal(1000000, fs.stat(file).size_bytes)
                local missing = http.get(url .. "/nowhere", { to_file = folder .. "/other" })
                assert.equal(404, missing.status)
                assert.matches("no such path", missing.body)
                fails_with("http.reset", http.get, url .. "/truncated", { to_file = folder .. "/other" })
                fails_with("http.file", http.get, url .. "/large?bytes=1", { to_file = folder .. "/no/such" })
                assert.equal(1, #fs.list(folder))
            end)
        end)
    end)

    it("repeats nothing that changes something, even when a kept connection is dead", function()
        with_server(function(url)
            http.get(url .. "/status?code=200")
            local err = fails_with("http.reset", http.post, url .. "/reset", { body = "x" })
            assert.is_true(err.details.sent)
            assert.equal(1, http.get(url .. "/counts"):json()["/reset"])
            fails_with("http.reset", http.request, { method = "PUT", url = url .. "/reset", repeatable = false })
            assert.equal(2, http.get(url .. "/counts"):json()["/reset"])
        end)
    end)

    it("lets Ctrl-C end a script that waits for an answer", function()
        with_server(function(url)
            local child = process.start({
                os.getenv("UHOST") or "uhost", "-e",
                ([[print("begun") io.stdout:flush() http.get("%s/hang")]]):format(url), stderr = "capture",
            })
            assert.equal("begun", child:read_line(30))
            assert.is_true(eventually(function() return http.get(url .. "/counts"):json()["/hang"] == 1 end))
            child:kill("SIGINT")
            assert.equal(130, child:wait(30).code)
            assert.is_true(eventually(function() return http.get(url .. "/counts"):json().hung_up == 1 end))
        end)
    end)

    it("declares changes to the plan", function()
        with_server(function(url)
            local code = ([[
                local planned = http.post("%s/echo", { json = { a = 1 } })
                print(planned.status, planned.planned)
                http.post("%s/echo", { mutates = { kind = "demo.make", target = "the thing", summary = "make it" } })
                print(http.get("%s/status?code=200").status)
            ]]):gsub("%%s", url)
            local result = servers.uhost(code, { arguments = { "--dry-run" } })
            assert.equal(0, result.code, result.stderr)
            assert.equal("204\ttrue\n200\n", result.stdout)
            assert.matches("http.request%s+" .. url:gsub("%p", "%%%0") .. "/echo", result.stderr)
            assert.matches("demo.make%s+the thing%s+make it", result.stderr)
            assert.is_nil(http.get(url .. "/counts"):json()["/echo"])
        end)
    end)

    it("stays off the network with --offline", function()
        local result = servers.uhost("http.get('http://localhost:1/')", { arguments = { "--offline" } })
        assert.equal(3, result.code)
        assert.matches("^error: localhost:1 is not contacted: uhost runs offline\n  hint: [^\n]+\n$", result.stderr)
    end)
end)

describe("http over TLS", function()
    it("refuses a certificate that no known authority signed, and takes one that is named", function()
        servers.in_folder(function(folder)
            local key, certificate = servers.certificate(folder)
            servers.with("http", { "--tls", key, certificate }, function(server)
                local err = fails_with("http.tls", http.get, server.url .. "/echo")
                assert.matches("not trusted", err.message)
                assert.matches("http.ca_file", err.hint)
                assert.matches("UHOST_HTTP_CA_FILE", err.hint)
                local code = ("local a = http.get('%s/echo') print(a.status, a.version)"):format(server.url)
                assert.equal("200\t2\n", servers.uhost(code, { env = { UHOST_HTTP_CA_FILE = certificate } }).stdout)
                local broken = servers.uhost(code, { env = { UHOST_HTTP_CA_FILE = folder .. "/nothing" } })
                assert.equal(2, broken.code)
                assert.matches("cannot read the certificates", broken.stderr)
                -- The certificate is for localhost, not for this name.
                local other = code:gsub("//localhost", "//ip6-localhost")
                assert.equal(3, servers.uhost(other, { env = { UHOST_HTTP_CA_FILE = certificate } }).code)
            end)
            servers.with("http", { "--tls", key, certificate, "--http1" }, function(server)
                local code = ("print(http.get('%s/echo').version)"):format(server.url)
                local env = { SSL_CERT_FILE = certificate, CURL_CA_BUNDLE = false }
                assert.equal("1.1\n", servers.uhost(code, { env = env }).stdout)
            end)
        end)
    end)

    it("says when the other side does not speak TLS", function()
        with_server(function(url)
            fails_with("http.tls", http.get, (url:gsub("^http:", "https:")))
        end)
    end)

    it("never leaves https for http", function()
        servers.in_folder(function(folder)
            local key, certificate = servers.certificate(folder)
            servers.with("http", { "--tls", key, certificate }, function(server)
                with_server(function(plain)
                    local code = ([[http.get("%s/redirect", { query = { to = "%s/echo" }, redirects = 3 })]])
                        :format(server.url, plain)
                    local result = servers.uhost(code, { env = { UHOST_HTTP_CA_FILE = certificate } })
                    assert.equal(3, result.code)
                    assert.matches("redirected to a URL that is not followed", result.stderr)
                end)
            end)
        end)
    end)
end)

describe("http over a proxy and over IPv6", function()
    it("asks the proxy that the environment names", function()
        with_server(function(url)
            local code = "print(http.get('http://service.invalid/echo'):json().url)"
            local result = servers.uhost(code, { env = { http_proxy = url } })
            assert.equal("http://service.invalid/echo\n", result.stdout, result.stderr)
            local failed = servers.uhost(code, { env = { http_proxy = "http://no-such-proxy.invalid:1" } })
            assert.equal(3, failed.code)
            assert.matches("proxy", failed.stderr)
        end)
    end)

    it("reaches a server that only has an IPv6 address", function()
        servers.with("http", { "--ipv6" }, function(server)
            assert.equal(200, http.get(("http://[::1]:%s/echo"):format(server.port)).status)
            assert.equal(200, http.get(server.url .. "/echo").status)
        end)
    end)
end)
