-- What the tracking issue says, and by which marker it is found.
local audit = require("support.audit_model")
local tracking = require("lib.monthly_audit.tracking")

local function characters(text) return select(2, text:gsub("[^\128-\191]", "")) end

describe("the body of the tracking issue", function()
    it("has what needs attention, with counts, and nothing else", function()
        local body = tracking.body(audit.of({
            audit.deletion("t/1.rs", 1, { pr = 12 }), audit.deletion("t/2.rs", 2),
            audit.deletion("t/3.rs", 3, { moved_to = "ui/3.rs" }), audit.deletion("t/4.rs", 4),
        }, { ["t/4-2.rs"] = { 4 } }, { audit.open, audit.closed, audit.open, audit.open }))
        assert.matches("need attention: 2 %(1 out of sync, 1 moved%)", body)
        assert.matches("https://github.com/o/n/issues/1%)", body)
        assert.matches("https://github.com/o/n/pull/12%)", body)
        assert.matches("ui/3%.rs", body)
        assert.is_nil(body:find("issues/2", 1, true))
        assert.is_nil(body:find("issues/4", 1, true))
    end)

    it("says so when nothing needs attention", function()
        local body = tracking.body(audit.of({ audit.deletion("t/1.rs", 1) }, {}, { audit.closed }))
        assert.matches("^Nothing needs attention: ", body)
    end)

    it("stays the same while the findings do", function()
        local function body(deletions, states, options)
            return tracking.body(audit.of(deletions, {}, states, options))
        end
        local since = { since = "6 months", from = "2026-01-01T00:00:00Z" }
        local first = body({ audit.deletion("t/1.rs", 1) }, { audit.open }, since)
        local later = { since = "6 months", from = "2026-01-02T00:00:00Z", tip = ("c"):rep(40) }
        local more = { audit.deletion("t/2.rs", 2), audit.deletion("t/1.rs", 1), audit.deletion("t/x.rs", {}) }
        assert.equal(first, body(more, { audit.open, audit.closed }, later))
        assert.matches("deletions of the last 6 months", first)
        assert.not_equal(first, body({ audit.deletion("t/2.rs", 2), audit.deletion("t/1.rs", 1) },
            { audit.open, audit.open }, since))
    end)

    it("is cut to what GitHub takes, every section alike, with full counts", function()
        local deletions, states = {}, {}
        for i = 1, 800 do
            deletions[i] = audit.deletion(("t/%d.rs"):format(i), i, { moved_to = i % 2 == 0 and "ui/x.rs" or nil })
            states[i] = { kind = "issue", state = "open", title = ("ü"):rep(80) }
        end
        local body = tracking.body(audit.of(deletions, {}, states))
        assert.is_true(characters(body) <= 65536)
        assert.is_true(#body > 0.9 * tracking.limit_bytes)
        assert.matches("need attention: 800 %(400 out of sync, 400 moved%)", body)
        assert.matches("## Out of sync %(400%)", body)
        local left_out = {}
        for count in body:gmatch("too long for this place: (%d+) of 400") do left_out[#left_out + 1] = count end
        assert.equal(2, #left_out)
        assert.equal(left_out[1], left_out[2])
    end)

    it("is cut even when a single issue is too long", function()
        local deletions = {}
        for i = 1, 3000 do deletions[i] = audit.deletion(("t/%s-%d.rs"):format(("x"):rep(200), i), 1) end
        local body = tracking.body(audit.of(deletions, {}, { audit.open }))
        assert.is_true(#body <= tracking.limit_bytes)
        assert.matches("and 2990 more", body)
        for i = 1, 20 do deletions[i] = audit.deletion(("t/%s-%d.rs"):format(("x"):rep(9000), i), 1) end
        body = tracking.body(audit.of(deletions, {}, { audit.open }))
        assert.is_true(#body <= tracking.limit_bytes)
        assert.matches("too long for this place: 1 of 1", body)
    end)

    it("notifies nobody, and holds no marker of a stranger", function()
        local title = "@octocat <!-- uhost:monthly_audit:o/n/t --> ::error::"
        local body = tracking.body(audit.of({ audit.deletion("t/@octocat #5.rs", 1) }, {},
            { { kind = "issue", state = "open", title = title } }))
        assert.is_nil(body:find("<!--", 1, true))
        assert.is_nil(body:find("@octocat", 1, true))
    end)
end)

describe("the marker of the tracking issue", function()
    local function marker(home, path) return tracking.marker({ home = home, path = path }) end

    it("is one for each folder of each repository, however that is spelled", function()
        assert.equal("monthly_audit:rust-lang/rust/tests/crashes", marker("rust-lang/rust", "tests/crashes"))
        assert.equal(marker("rust-lang/rust", "t"), marker("Rust-Lang/Rust", "t"))
        local seen = {}
        for _, path in ipairs({ "", "a", "a/b", "a-b", "a--b", "a---b", "a b", "a.b", "a-", "ü", ("x"):rep(200),
            ("x"):rep(201), "-->", "a/b-" }) do
            local name = marker("o/n", path)
            assert.is_nil(seen[name], path)
            seen[name] = true
        end
    end)

    it("is always one that fits into a comment", function()
        for _, path in ipairs({ "", "a--b", "-", "--", "-->", ("-x"):rep(100), ("ü"):rep(100), "a\n", "x-/--/y" }) do
            assert.matches("^<!%-%- uhost:.+ %-%->$", github.marker(marker("o/n", path)), path)
        end
    end)
end)
