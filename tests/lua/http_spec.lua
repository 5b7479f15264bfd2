local function kind_of(body, ...)
    local ok, err = pcall(body, ...)
    assert.is_false(ok)
    assert.is_true(uhost.is_error(err), tostring(err))
    return err.kind, err
end

-- Answers with what it was asked.
local function with_echo(body)
    local seen = {}
    http.intercept(function(request)
        seen[#seen + 1] = request
        return { body = request.method .. " " .. request.url }
    end, function() body(seen) end)
    return seen
end

describe("http.query and http.encode", function()
    it("encode everything but the unreserved characters", function()
        assert.equal("azAZ09-._~", http.encode("azAZ09-._~"))
        assert.equal("a%20b%2Fc%3F%26%3D%25%2B%23", http.encode("a b/c?&=%+#"))
        assert.equal("%C3%A4%00", http.encode("ä\0"))
    end)

    it("every byte survives decoding", function()
        local all = {}
        for byte = 0, 255 do all[#all + 1] = string.char(byte) end
        local text = table.concat(all)
        local decoded = http.encode(text):gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end)
        assert.equal(text, decoded)
    end)

    it("write parameters in the order of their names, lists item by item", function()
        assert.equal("labels=a&labels=b%26c&n=3&open=true", http.query({ open = true, n = 3, labels = { "a", "b&c" } }))
        assert.equal("", http.query({}))
        assert.equal("argument", (kind_of(http.query, { x = { {} } })))
    end)

    it("keep the digits of large numbers", function()
        assert.equal("id=1000000000000000&n=9007199254740992", http.query({ id = 1e15, n = 2 ^ 53 }))
        assert.equal("half=0.5&minus=-12", http.query({ half = 0.5, minus = -12 }))
    end)

    it("are added to a URL that may have a query and a fragment", function()
        with_echo(function(seen)
            http.get("http://a/b", { query = { x = 1 } })
            http.get("http://a/b?y=2#z", { query = { x = 1 } })
            http.get("http://a/b", { query = {} })
            assert.equal("http://a/b?x=1", seen[1].url)
            assert.equal("http://a/b?y=2&x=1#z", seen[2].url)
            assert.equal("http://a/b", seen[3].url)
        end)
    end)
end)

describe("http.intercept", function()
    it("answers in place of the network, with the shape of a real answer", function()
        http.intercept(function(request)
            return { status = 404, headers = { ["X-Name"] = 7 }, body = request.method .. request.headers["x-in"] }
        end, function()
            local answer = http.put("http://a/b", { headers = { ["X-In"] = "!" }, mutates = false })
            assert.equal(404, answer.status)
            assert.is_false(answer.ok)
            assert.equal("7", answer.headers["x-name"])
            assert.equal("PUT!", answer.body)
            assert.equal(4, answer.body_bytes)
            assert.equal("http://a/b", answer.url)
        end)
    end)

    it("gives back what its body returns, and ends with it", function()
        local a, b = http.intercept(function() return {} end, function(...) return ... end, 1, 2)
        assert.equal(3, a + b)
        assert.equal("test.broken", (kind_of(http.intercept, function() return {} end, function()
            uhost.fail("test.broken", "it broke")
        end)))
        local ok, err = pcall(http.get, "http://127.0.0.1:1/")
        assert.is_false(ok)
        assert.equal("http.connect", err.kind)
    end)

    it("lets the newest handler answer", function()
        http.intercept(function() return { body = "outer" } end, function()
            http.intercept(function() return { body = "inner" } end, function()
                assert.equal("inner", http.get("http://a/").body)
            end)
            assert.equal("outer", http.get("http://a/").body)
        end)
    end)

    it("raises for a request that the handler does not answer, and what the handler raises", function()
        http.intercept(function(request)
            if request.url == "http://a/raise" then uhost.fail("test.broken", "it broke") end
        end, function()
            local kind, err = kind_of(http.get, "http://a/b")
            assert.equal("http.not_intercepted", kind)
            assert.matches("GET http://a/b", err.message)
            assert.equal("test.broken", (kind_of(http.get, "http://a/raise")))
        end)
    end)

    it("lets the handler wait", function()
        http.intercept(function() task.sleep(0.001) return { body = "late" } end, function()
            local answers = task.map({ 1, 2, 3 }, function() return http.get("http://a/").body end)
            assert.same({ "late", "late", "late" }, answers)
        end)
    end)

    it("answers streams as well", function()
        http.intercept(function() return { body = "one\r\ntwo\n\nthree" } end, function()
            local lines = {}
            for line in http.stream("http://a/"):lines() do lines[#lines + 1] = line end
            assert.same({ "one", "two", "", "three" }, lines)
            local pieces = {}
            for piece in http.stream("http://a/"):chunks() do pieces[#pieces + 1] = piece end
            assert.same({ "one\r\ntwo\n\nthree" }, pieces)
        end)
    end)

    it("keeps the limits", function()
        http.intercept(function() return { body = ("x"):rep(11) } end, function()
            assert.equal("http.too_large", (kind_of(http.get, "http://a/", { max_bytes = 10 })))
            assert.equal(11, #http.get("http://a/", { max_bytes = 11 }).body)
        end)
    end)
end)

describe("a request", function()
    it("is checked before anything is sent", function()
        with_echo(function(seen)
            for _, options in ipairs({
                { url = "nonsense" }, { url = "ftp://a/" }, { url = "http://user:secret@a/" }, {},
                { url = "http://a/", method = "GET /\r\n" }, { url = "http://a/", headers = { ["A B"] = "c" } },
                { url = "http://a/", headers = { A = "b\r\nC: d" } }, { url = "http://a/", timeout_s = -1 },
                { url = "http://a/", max_bytes = 0 }, { url = "http://a/", redirects = 100 },
                { url = "http://a/", credential = "a token" }, { url = "http://a/", body = {} },
                { url = "http://a/", mutates = "yes" },
            }) do
                assert.equal("argument", (kind_of(http.request, options)))
            end
            assert.equal(0, #seen)
        end)
        assert.equal("argument", (kind_of(http.request, "http://a/")))
    end)

    it("names a misspelt option", function()
        local _, err = kind_of(http.get, "http://a/", { timeout = 3 })
        assert.matches("unknown option 'timeout'", err.message)
        assert.matches("timeout_s", err.hint)
    end)

    it("leaves the table of options alone", function()
        local options = { query = { a = 1 }, headers = { X = "y" } }
        with_echo(function() http.get("http://a/", options) end)
        assert.same({ query = { a = 1 }, headers = { X = "y" } }, options)
    end)
end)

describe("the lines of a stream", function()
    -- The lines of a body as a server sends it.
    local function lines_of(body)
        local lines = {}
        http.intercept(function() return { body = body } end, function()
            for line in http.stream("http://a/"):lines() do lines[#lines + 1] = line end
        end)
        return lines
    end

    it("have no ends, and the last needs none", function()
        for body, expected in pairs({
            [""] = {}, ["\n"] = { "" }, ["a"] = { "a" }, ["a\n"] = { "a" }, ["a\r\nb\n\nc\r"] = { "a", "b", "", "c\r" },
            ["\r\n\r\n"] = { "", "" }, ["a\rb\n\0\n"] = { "a\rb", "\0" },
        }) do
            assert.same(expected, lines_of(body))
        end
    end)

    it("come in pieces when they are very long", function()
        local lines = lines_of(("x"):rep(3 * 2 ^ 20) .. "\nshort\n")
        assert.equal("short", lines[#lines])
        assert.equal(3 * 2 ^ 20 + 5, #table.concat(lines))
    end)
end)
