-- What `http` makes of servers and networks that fail: each fault with its outcome, and whether the request was sent.
local servers = require("support.servers")

local function fails_with(kind, body, ...)
    local ok, err = pcall(body, ...)
    assert.is_false(ok)
    assert.equal(kind, err.kind, tostring(err))
    return err
end

local function with_raw(body)
    return servers.with("raw", {}, function(server) return body(server.url) end)
end

-- A server over TLS whose authority the child processes know; `body(url, run)`, where run(code) gives what it printed.
local function with_tls(arguments, body)
    servers.in_folder(function(folder)
        local key, certificate = servers.certificate(folder)
        local command = { "--tls", key, certificate }
        for _, argument in ipairs(arguments) do command[#command + 1] = argument end
        servers.with("http", command, function(server)
            body(server.url, function(code)
                code = ("local url = %q\n"):format(server.url) .. code
                local result = servers.uhost(code, { env = { UHOST_HTTP_CA_FILE = certificate } })
                assert.equal(0, result.code, result.stderr)
                return result.stdout
            end)
        end)
    end)
end

-- The kind of the error and whether the request was sent, as a child prints them.
local reporting = [[
    local function report(...)
        local ok, err = pcall(...)
        print(ok and "fine" or err.kind, ok or err.details.sent)
    end
]]

describe("a change over a connection that breaks", function()
    it("was not sent when there never was a connection", function()
        for _, url in ipairs({ "http://localhost:1/", "https://localhost:1/" }) do
            assert.is_false(fails_with("http.connect", http.post, url, { body = "x" }).details.sent)
        end
        local err = fails_with("http.dns", http.post, "http://no-such-host.invalid/", { connect_timeout_s = 60 })
        assert.is_false(err.details.sent)
    end)

    it("was not sent when the other side never spoke TLS", function()
        servers.with("raw", { "--silent" }, function(server)
            local url = server.url:gsub("^http:", "https:")
            local err = fails_with("http.timeout", http.post, url, { body = "x", connect_timeout_s = 0.2 })
            assert.is_false(err.details.sent)
            assert.matches("did not accept a connection within 0.2 s", err.message)
        end)
        with_raw(function(url)
            local err = fails_with("http.tls", http.post, (url:gsub("^http:", "https:")) .. "/fine", { body = "x" })
            assert.is_false(err.details.sent)
        end)
    end)

    it("may have been received when the connection broke in the request, before, or in the answer", function()
        with_raw(function(url)
            for path, body in pairs({
                ["/reset-in-request"] = ("x"):rep(8000000), ["/reset-before-answer"] = ("x"):rep(100000),
                ["/reset-in-answer"] = "x", ["/reset-in-headers"] = "x",
            }) do
                local err = fails_with("http.reset", http.post, url .. path, { body = body })
                assert.is_true(err.details.sent, path)
                assert.equal("POST", err.details.method)
                assert.equal(1, http.get(url .. "/counts"):json()[path], path)
            end
        end)
    end)

    it("has failed when the connection ended within the header of its answer", function()
        with_raw(function(url)
            for _, path in ipairs({ "/ends-in-header", "/ends-in-status" }) do
                assert.is_true(fails_with("http.reset", http.post, url .. path, { body = "x" }).details.sent)
                fails_with("http.reset", http.get, url .. path)
                fails_with("http.reset", http.stream, url .. path)
            end
            servers.in_folder(function(folder)
                fails_with("http.reset", http.get, url .. "/ends-in-header", { to_file = folder .. "/file" })
                assert.is_false(fs.exists(folder .. "/file"))
            end)
        end)
    end)

    it("leaves no connection behind, however many there are", function()
        with_raw(function(url)
            for _ = 1, 200 do http.post(url .. "/fine", { body = "x" }) end
            local counts = http.get(url .. "/counts"):json()
            assert.equal(200, counts["/fine"])
            assert.is_true(counts.open <= 3, counts.open .. " connections are open")
        end)
    end)

    it("sends the length of a body that it does not have, and no type", function()
        with_raw(function(url)
            for _, method in ipairs({ "POST", "PUT", "PATCH" }) do
                local head = http.request({ method = method, url = url .. "/head" }).body:lower()
                assert.matches("\r\ncontent%-length: 0\r\n", head, method)
                assert.is_nil(head:find("content-type", 1, true), method)
            end
            assert.is_nil(http.delete(url .. "/head").body:lower():find("content-", 1, true))
        end)
    end)

    it("sends a file as it is, and says when there is none", function()
        local folder = fs.temp_dir()
        task.finally(function()
            local bytes = ("0123456789\0\n"):rep(200000)
            fs.write(folder:path() .. "/body", bytes)
            fs.write(folder:path() .. "/empty", "")
            servers.with("http", {}, function(server)
                local function put(file)
                    return http.request({ method = "PUT", url = server.url .. "/echo", body_file = file,
                        headers = { ["Content-Type"] = "application/octet-stream" } }):json()
                end
                local echoed = put(folder:path() .. "/body")
                assert.is_true(echoed.body == bytes)
                assert.equal(tostring(#bytes), echoed.headers["content-length"])
                assert.equal("", put(folder:path() .. "/empty").body)
                for _, path in ipairs({ folder:path(), folder:path() .. "/none" }) do
                    assert.matches("the body of a request", fails_with("http.file", put, path).message)
                end
            end)
        end, function() folder:close() end)
    end)

    it("never goes over a kept connection, which may be dead, and questions that met one are asked again", function()
        with_raw(function(url)
            for _ = 1, 5 do
                assert.equal("fine", http.get(url .. "/close-after").body)
                assert.equal("fine", http.post(url .. "/fine", { body = "x" }).body)
            end
            local counts = http.get(url .. "/counts"):json()
            assert.equal(5, counts["/fine"])
            assert.equal(5, counts["/close-after"])
        end)
    end)

    it("reports the same of HTTP/2", function()
        with_tls({}, function(_, run)
            local reported = run(reporting .. [[
                report(http.get, url .. "/status?code=200")
                report(http.post, url .. "/stream-reset", { body = "x" })
                report(http.post, url .. "/session-lost", { body = "x" })
                report(http.get, url .. "/stream-cut")
                local counts = http.get(url .. "/counts")
                print(counts.version, counts:json()["/stream-reset"], counts:json()["/session-lost"])
            ]])
            assert.equal("fine\ttrue\nhttp.reset\ttrue\nhttp.reset\ttrue\nhttp.reset\ttrue\n2\t1\t1\n", reported)
        end)
    end)
end)

describe("an answer that is no HTTP", function()
    it("is named, whatever is wrong with it", function()
        with_raw(function(url)
            for _, path in ipairs({
                "/bad-status", "/nul-header", "/bad-chunk", "/bad-gzip", "/many-encodings", "/bad-length", "/no-colon",
                "/endless-header", "/endless-headers", "/endless-interim",
            }) do
                local err = fails_with("http.protocol", http.get, url .. path, { timeout_s = 60 })
                assert.is_truthy(err.hint, path)
            end
            fails_with("http.reset", http.get, url .. "/cut-chunk")
        end)
    end)

    it("but what can be understood of odd headers is", function()
        with_raw(function(url)
            local answer = http.get(url .. "/odd-headers")
            assert.equal("fine", answer.body)
            assert.equal("yes", answer.headers["x-odd"])
        end)
    end)
end)

describe("a server that takes its time", function()
    it("is left when the time for the whole answer is over, however it drips", function()
        with_raw(function(url)
            local err = fails_with("http.timeout", http.get, url .. "/drip", { timeout_s = 0.3 })
            assert.matches("did not finish its answer within 0.3 s", err.message)
            assert.is_true(err.details.sent)
        end)
    end)

    it("is read line by line as it drips", function()
        with_raw(function(url)
            local stream = http.stream(url .. "/drip")
            local read = 0
            for line in stream:lines() do
                assert.equal(".", line)
                read = read + 1
                if read == 5 then break end
            end
            stream:close()
            assert.equal(5, read)
        end)
    end)

    it("holds up no other task when its connection cannot be set up", function()
        servers.with("raw", { "--silent" }, function(server)
            local url = server.url:gsub("^http:", "https:")
            local begun = time.monotonic()
            local kinds = task.map({ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 }, function()
                return fails_with("http.timeout", http.get, url, { connect_timeout_s = 0.5 }).kind
            end, { concurrency = 12 })
            assert.equal(12, #kinds)
            -- One goes ahead, then all others together; one by one it would be 6 s.
            assert.is_true(time.monotonic() - begun < 4)
        end)
    end)
end)

describe("a proxy that refuses", function()
    it("is named, and has passed nothing on", function()
        with_raw(function(url)
            local code = reporting .. [[
                report(http.post, "https://service.invalid/", { body = "x" })
                http.get("https://service.invalid/")
            ]]
            local asked = servers.uhost(code, { env = { https_proxy = url, no_proxy = "" } })
            assert.equal("http.proxy\tfalse\n", asked.stdout)
            assert.matches("the proxy on the way to service.invalid refused\n  hint: it asks for a name", asked.stderr)
        end)
        with_raw(function(url)
            for host, status in pairs({ ["fails.invalid"] = "502", ["closes.invalid"] = "nil" }) do
                local code = ([[
                    local ok, err = pcall(http.post, "https://%s/", { body = "x" })
                    print(ok, err.kind, err.details.status, err.details.sent)
                ]]):format(host)
                local result = servers.uhost(code, { env = { https_proxy = url, no_proxy = "" } })
                assert.equal(("false\thttp.proxy\t%s\tfalse\n"):format(status), result.stdout, result.stderr)
            end
        end)
        servers.with("http", {}, function(server)
            local env = { https_proxy = server.url, no_proxy = "" }
            local closed = servers.uhost(reporting .. [[report(http.get, "https://service.invalid/")]], { env = env })
            assert.equal("http.proxy\tfalse\n", closed.stdout)
        end)
    end)
end)

describe("a proxy's password", function()
    it("is in no error", function()
        local code = [[
            local ok, err = pcall(http.get, os.getenv("URL"))
            print(ok, tostring(err), err.native, err.cause, err.hint)
        ]]
        for _, proxy in ipairs({
            "http://user:pass-word@no-such-proxy.invalid:1", "http://user:pass-word@[bad", "odd://user:pass-word@x:1",
            "http://user:pass/word@localhost:1", "http://user:pass-word@localhost:1",
        }) do
            for _, url in ipairs({ "http://a.invalid/", "https://a.invalid/" }) do
                local env = { http_proxy = proxy, https_proxy = proxy, no_proxy = "", URL = url }
                local result = servers.uhost(code, { env = env })
                assert.matches("^false", result.stdout, result.stderr)
                assert.is_nil((result.stdout .. result.stderr):find("pass", 1, true), result.stdout)
            end
        end
    end)
end)

describe("a header", function()
    it("is not sent twice", function()
        for _, headers in ipairs({ { Host = "a", host = "b" }, { Authorization = "x", AUTHORIZATION = "y" } }) do
            local err = fails_with("argument", http.get, "http://localhost:1/", { headers = headers })
            assert.matches("is given twice", err.message)
        end
        with_raw(function(url)
            local headers = { Host = "other.example", Authorization = "Basic x" }
            local head = http.get(url .. "/head", { headers = headers }).body
            assert.equal(1, select(2, head:lower():gsub("\r\nhost:", "")))
            assert.equal(1, select(2, head:lower():gsub("\r\nauthorization:", "")))
            assert.matches("\r\nHost: other.example\r\n", head)
        end)
    end)
end)

describe("connections", function()
    it("are kept and used again", function()
        servers.with("http", {}, function(server)
            for _ = 1, 20 do http.get(server.url .. "/status?code=200") end
            assert.equal(1, http.get(server.url .. "/counts"):json().connections)
        end)
    end)

    it("are shared over HTTP/2, and kept over HTTP/1.1 where the server speaks no other", function()
        local crowd = [[
            local list = {}
            for i = 1, 200 do list[i] = i end
            local versions = {}
            task.map(list, function() versions[http.get(url .. "/slow?ms=5").version] = true end, { concurrency = 200 })
            print(http.get(url .. "/counts"):json().connections, next(versions))
        ]]
        with_tls({}, function(_, run) assert.equal("1\t2\ttrue\n", run(crowd)) end)
        with_tls({ "--http1" }, function(_, run)
            local connections, version = run(crowd):match("^(%d+)\t(%S+)\ttrue\n$")
            assert.equal("1.1", version)
            assert.is_true(tonumber(connections) <= 64, connections)
        end)
    end)

    it("stay within what the process may open", function()
        servers.with("http", {}, function(server)
            local code = ([[
                local list = {}
                for i = 1, 500 do list[i] = i end
                local answers = task.map(list, function() return http.get("%s/slow?ms=1").status end,
                    { concurrency = 500 })
                print(#answers)
            ]]):format(server.url)
            local result = process.run({
                "sh", "-c", 'ulimit -n 64 && exec "$0" -e "$1"', os.getenv("UHOST") or "uhost", code, timeout_s = 120,
            })
            assert.equal("500\n", result.stdout, result.stderr)
        end)
    end)
end)

describe("redirects", function()
    it("carry Authorization to no other port, scheme or host, and back home again", function()
        servers.with("http", {}, function(plain)
            with_tls({}, function(_, run)
                local reported = run(([[
                    local plain, secret = %q, { headers = { Authorization = "Bearer mine" }, redirects = 3 }
                    local function asked(from, to)
                        local answer = http.get(from .. "/redirect?to=" .. http.encode(to), secret)
                        print(answer.status, tostring(answer:json().headers.authorization))
                    end
                    asked(url, url .. "/echo")
                    asked(plain, url .. "/echo")
                    asked(plain, (plain:gsub("localhost", "127.0.0.1")) .. "/echo")
                ]]):format(plain.url))
                assert.equal("200\tBearer mine\n200\tnil\n200\tnil\n", reported)
            end)
        end)
    end)

    it("of a change are given back, not followed", function()
        servers.with("http", {}, function(server)
            for _, method in ipairs({ "post", "put", "patch", "delete" }) do
                local answer = http[method](server.url .. "/redirect?code=307&to=/echo",
                    { json = { a = 1 }, redirects = 3 })
                assert.equal(307, answer.status)
                assert.equal("/echo", answer.headers.location)
            end
        end)
    end)
end)

describe("memory", function()
    it("stays the same while 100 MB are read, line by line or into a file", function()
        servers.in_folder(function(folder)
            servers.with("http", {}, function(server)
                local code = ([[
                    local function peak() return tonumber(fs.read("/proc/self/status"):match("VmHWM:%%s*(%%d+)")) end
                    local url, file = %q, %q
                    http.get(url .. "/status?code=200")
                    local before = peak()
                    http.get(url .. "/large?bytes=100000000", { to_file = file })
                    local bytes = 0
                    for piece in http.stream(url .. "/large?bytes=100000000"):chunks() do bytes = bytes + #piece end
                    print(fs.stat(file).size_bytes, bytes, (peak() - before) < 20 * 1024)
                ]]):format(server.url, folder .. "/log")
                -- The address sanitizer keeps what is freed, by default.
                local env = { ASAN_OPTIONS = "quarantine_size_mb=1:" .. (os.getenv("ASAN_OPTIONS") or "") }
                assert.equal("100000000\t100000000\ttrue\n", servers.uhost(code, { env = env }).stdout)
            end)
        end)
    end)

    it("is not filled by what is small on the wire", function()
        servers.with("http", {}, function(server)
            for _, encoding in ipairs({ "gzip", "br", "deflate" }) do
                fails_with("http.too_large", http.get, server.url .. "/bomb",
                    { query = { bytes = 30000000, encoding = encoding }, max_bytes = 1000000 })
                assert.equal(5000, #http.get(server.url .. "/bomb",
                    { query = { bytes = 5000, encoding = encoding } }).body)
            end
        end)
    end)
end)

describe("certificates that are not there", function()
    it("stop https only, with the remedy", function()
        servers.with("http", {}, function(server)
            local code = ([[print(http.get("%s/status?code=200").status) http.get("https://localhost:1/")]])
                :format(server.url)
            local env = { SSL_CERT_FILE = "/nonexistent/certificates.pem", CURL_CA_BUNDLE = false }
            local result = servers.uhost(code, { env = env })
            assert.equal("200\n", result.stdout)
            assert.equal(2, result.code)
            assert.matches("cannot read the certificates in /nonexistent/certificates.pem", result.stderr)
            assert.matches("http.ca_file", result.stderr)
            assert.matches("apt%-get install ca%-certificates", result.stderr)
        end)
    end)

    it("are named when the file has none", function()
        with_tls({}, function(url)
            local result = servers.uhost(("http.get(%q)"):format(url), { env = { UHOST_HTTP_CA_FILE = "/dev/null" } })
            assert.equal(3, result.code)
            assert.matches("there are no certificates to check localhost:%d+ with", result.stderr)
            assert.matches("http.ca_file", result.stderr)
        end)
    end)
end)
