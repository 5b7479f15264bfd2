local marker = require("uhost.github.marker")

describe("a marker", function()
    it("is hidden at the end of a body, and found there", function()
        local body = marker.add("Some text", "audit/2026-11")
        assert.equal("Some text\n\n<!-- uhost:audit/2026-11 -->", body)
        assert.is_true(marker.has(body, "audit/2026-11"))
        assert.is_false(marker.has(body, "audit/2026"))
        assert.equal("<!-- uhost:x -->", marker.add("", "x"))
        assert.equal("<!-- uhost:x -->", marker.add(nil, "x"))
    end)

    it("is added once", function()
        local body = marker.add(marker.add("Text", "x"), "x")
        assert.same({ "x" }, marker.names(body))
    end)

    it("stands beside others, and is taken out again", function()
        local body = marker.add(marker.add("Text", "x"), "call-0a1b")
        assert.same({ "x", "call-0a1b" }, marker.names(body))
        assert.equal("Text", marker.without(body))
    end)

    it("is not in what GitHub gives for an empty body", function()
        assert.is_false(marker.has(nil, "x"))
        assert.is_false(marker.has(json.null, "x"))
        assert.same({}, marker.names(json.null))
    end)

    it("cannot end the comment that hides it", function()
        for _, name in ipairs({ "", "a b", "a-->b", "a--b", "a-", ("x"):rep(101), "a\nb", 5 }) do
            assert.is_false(marker.is_name(name), tostring(name))
            local ok, err = pcall(marker.add, "Text", name)
            assert.is_false(ok)
            assert.equal("argument", err.kind)
        end
    end)
end)
