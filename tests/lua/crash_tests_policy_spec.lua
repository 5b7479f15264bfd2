-- Which issues a crash test stands for. The plain cases are the examples in policies/crash_tests.lua itself.
local crash_tests = policy.load("crash_tests")

local function issues_of(path, content) return crash_tests:call("issues_of", path, content) end

describe("the crash test policy", function()
    it("reads headers on any of the first lines, and no further", function()
        for line = 1, 20 do
            assert.same({ 5 }, issues_of("t/x.rs", ("// licence\n"):rep(line - 1) .. "//@ known-bug: #5"), line)
        end
        assert.same({}, issues_of("t/x.rs", ("// licence\n"):rep(20) .. "//@ known-bug: #5"))
    end)

    it("reads every comment style", function()
        local comments = { "//@ ", "// ", "//", "/// ", "//! ", "/* ", " * ", "# ", "; ", "-- ", "% ", "<!-- " }
        for _, comment in ipairs(comments) do
            assert.same({ 5 }, issues_of("t/x", comment .. "known-bug: #5\n"), comment)
        end
    end)

    it("takes no other text for a header", function()
        local texts = {
            "known-bug: #5", "let x = 1; // known-bug: #5", "// see known-bug: #5", "`//@ known-bug: #5`",
            "'// known-bug: #5'", "// known-bug #5", "// known-bugs: #5", "// unknown-bug: #5",
        }
        for _, text in ipairs(texts) do assert.same({}, issues_of("t/x.rs", text), text) end
    end)

    it("takes words that are no issue for none, and keeps the rest of a list", function()
        assert.same({ 2 }, issues_of("t/x.rs", "// known-bug: chalk#234, #2"))
        assert.same({ 2, 3 }, issues_of("t/x.rs", "// known-bug: unknown, #2 and more, #3"))
        assert.same({ 1, 2 }, issues_of("t/x.rs", "// known-bug: #1 #2"))
        assert.same({}, issues_of("t/x.rs", "// known-bug:"))
        assert.same({}, issues_of("t/x.rs", "// known-bug: #0, #, o/r#0, /r#1, o/#1"))
        assert.same({}, issues_of("t/x.rs", "// known-bug: https://github.com/o/r/pull/9"))
    end)

    it("reads full addresses, with what follows the number", function()
        local address = "// known-bug: https://github.com/rust-lang/rust/issues/9"
        for _, rest in ipairs({ "", ".", "/", "#issuecomment-1", "?a=b", "\r" }) do
            assert.same({ "rust-lang/rust#9" }, issues_of("t/x.rs", address .. rest), rest)
        end
    end)

    it("names each issue once", function()
        assert.same({ 7, "o/r#7" }, issues_of("t/7.rs", "//@ known-bug: #7, o/r#7\n//@ known-bug: o/r#7, #7\n"))
    end)

    it("takes numbers that GitHub could have given", function()
        assert.same({ 2147483647 }, issues_of("t/2147483647.rs"))
        assert.same({}, issues_of("t/2147483648.rs"))
        assert.same({}, issues_of("t/0.rs"))
        assert.same({ 12 }, issues_of("t/0012.rs"))
        assert.same({}, issues_of("t/issue-12.rs"))
        assert.same({}, issues_of("12/main.rs"))
    end)

    it("lets files in auxiliary/ stand for nothing, wherever the folder is", function()
        assert.same({}, issues_of("auxiliary/5.rs", ""))
        assert.same({}, issues_of("t/a/auxiliary/b/5.rs", "// known-bug: #1"))
        assert.same({ 5 }, issues_of("t/auxiliary-5/5.rs", ""))
    end)

    it("stands any content: none, empty, binary, endless lines", function()
        assert.same({ 5 }, issues_of("t/5.rs", nil))
        assert.same({ 5 }, issues_of("t/5.rs", ""))
        assert.same({ 5 }, issues_of("t/5.rs", "\0\255known-bug: \0#1"))
        assert.same({ 5 }, issues_of("t/5.rs", ("/"):rep(1000000) .. " known-bug: #1\n"))
        assert.same({ 5, 6 }, issues_of("t/5.rs", ("x"):rep(1000000) .. "\n// known-bug: #6"))
    end)
end)
