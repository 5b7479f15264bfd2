local expect = require("support.expect")

describe("toml.decode", function()
    it("gives tables, lists and values", function()
        assert.same({
            title = "x", count = -3, share = 0.5, hex = 255, on = true, list = { 1, { "a" }, {} },
            point = { x = 1, ["y z"] = { w = 2 } },
            rule = { { name = "one", text = "two\nlines\n" }, { name = "é" } },
        }, toml.decode([[
title = "x"
count = -3
share = 5e-1
hex = 0xff
on = true
list = [1, ["a"], [],]  # a comment
point = { x = 1, "y z".w = 2 }
[[rule]].."]]"..[[

name = 'one'
text = """
two
lines
"""
[[rule]].."]]"..[[

name = "\u00e9"
]]))
    end)

    it("gives dates and times as text", function()
        assert.same({ a = "2025-01-09", b = "2025-01-09T12:00:00Z", c = "12:30:00", d = "2025-01-09T12:00:00+01:00" },
            toml.decode("a = 2025-01-09\nb = 2025-01-09T12:00:00Z\nc = 12:30:00\nd = 2025-01-09T12:00:00+01:00"))
    end)

    it("keeps every byte of a key", function()
        assert.equal(1, toml.decode('"a\\u0000b" = 1')["a\0b"])
    end)

    it("says where a document is wrong", function()
        local failure = expect.error_of(toml.decode, "a = 1\nb = = 2")
        assert.same({ "toml.syntax", 2, 5 }, { failure.kind, failure.details.line, failure.details.column })
        for _, text in ipairs({ "a", "a = 1\na = 2", "[a]\n[a]", "a = 'x", "a = \xFF", "[[a]]\n[a]" }) do
            assert.equal("toml.syntax", expect.error_of(toml.decode, text).kind, text)
        end
        assert.equal("toml.integer", expect.error_of(toml.decode, "a = 9223372036854775807").kind)
    end)

    it("has limits on size and depth", function()
        assert.equal("toml.too_large", expect.error_of(toml.decode, "a = 1", { max_bytes = 4 }).kind)
        assert.equal("toml.depth", expect.error_of(toml.decode, ("a."):rep(100000) .. "a = 1").kind)
        assert.equal("toml.depth", expect.error_of(toml.decode, "[" .. ("'a' . "):rep(100000) .. "a]").kind)
        -- The library counts nesting by itself.
        assert.equal("toml.syntax", expect.error_of(toml.decode, "a = " .. ("["):rep(100000)).kind)
        local nested = ("{ " .. ("b."):rep(99) .. "b = "):rep(60) .. "1" .. (" }"):rep(60)
        assert.equal("toml.depth", expect.error_of(toml.decode, "a = " .. nested).kind)
        assert.equal("table", type(toml.decode("a." .. ("b."):rep(90) .. "c = [[1]]").a))
        assert.equal("argument", expect.error_of(toml.decode, "", { max_bytes = 0 }).kind)
    end)
end)
