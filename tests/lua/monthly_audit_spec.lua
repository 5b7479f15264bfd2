-- The audit's judgement: verdicts, their precedence, the advice and the numbers, on evidence written by hand.
local classify = require("lib.monthly_audit.classify")
local issues = require("lib.monthly_audit.issues")

local function deletion(path, keys, options)
    local record = { path = "t/" .. path, commit = ("a"):rep(40), date = "2026-01-31T10:00:00Z", present = false }
    record.issues = type(keys) == "table" and keys or { keys }
    for name, value in pairs(options or {}) do record[name] = value end
    return record
end

local open = { kind = "issue", state = "open", title = "it crashes" }
local closed = { kind = "issue", state = "closed" }

-- deletions newest first; tip: path below t/ -> issues; states: issue -> answer.
local function evidence_of(deletions, tip, states)
    local evidence = { path = "t", deletions = deletions, tip = {}, states = states }
    for path, keys in pairs(tip) do evidence.tip["t/" .. path] = type(keys) == "table" and keys or { keys } end
    return evidence
end

local function verdicts_of(...) return classify.verdicts(evidence_of(...)) end

local function only_verdict(...)
    local verdicts = verdicts_of(...)
    assert.equal(1, #verdicts)
    return verdicts[1]
end

local function assert_verdict(expected, attention, action, ...)
    local verdict = only_verdict(...)
    assert.equal(expected, verdict.verdict)
    assert.equal(attention, verdict.attention)
    assert.matches(action, verdict.action)
    return verdict
end

describe("the verdict on an issue whose tests are all gone", function()
    it("is out of sync when it is open", function()
        local verdict = assert_verdict("out_of_sync", true, "^close the issue: its test is gone since 2026%-01%-31$",
            { deletion("1.rs", 1) }, {}, { [1] = open })
        assert.equal("open", verdict.state)
        assert.equal("it crashes", verdict.title)
        assert.same({}, verdict.remaining)
    end)

    it("counts from the newest deletion", function()
        local verdict = assert_verdict("out_of_sync", true, "all its tests are gone since 2026%-03%-01$",
            { deletion("1-2.rs", 1, { date = "2026-03-01T00:00:00Z" }), deletion("1.rs", 1) }, {}, { [1] = open })
        assert.equal(2, #verdict.files)
    end)

    it("is in sync when it is closed", function()
        assert_verdict("in_sync", false, "^nothing to do: closed", { deletion("1.rs", 1) }, {}, { [1] = closed })
    end)

    it("does not mind files that stand for other issues", function()
        assert_verdict("out_of_sync", true, "close", { deletion("1.rs", 1) }, { ["2.rs"] = 2 }, { [1] = open })
    end)
end)

describe("the verdict on an issue with tests left", function()
    it("is partial, whether they were there at the deletion or came later", function()
        local verdict = assert_verdict("partial", false, "^keep the issue open: 1 test remains %(t/1%-2%.rs%)$",
            { deletion("1.rs", 1) }, { ["1-2.rs"] = 1 }, { [1] = open })
        assert.same({ "t/1-2.rs" }, verdict.remaining)
    end)

    it("counts files that only a header ties to it", function()
        assert_verdict("partial", false, "3 tests remain %(t/a%.rs, t/b%.rs and 1 more%)",
            { deletion("1.rs", 1) }, { ["b.rs"] = { 5, 1 }, ["a.rs"] = 1, ["c.rs"] = { 1 } }, { [1] = open })
    end)

    it("needs attention when the issue is closed", function()
        assert_verdict("partial", true, "^reopen the issue, or delete what is left",
            { deletion("1.rs", 1) }, { ["1-2.rs"] = 1 }, { [1] = closed })
    end)

    it("is partial too when the others were moved away", function()
        assert_verdict("partial", false, "keep", { deletion("1.rs", 1, { moved_to = "ui/1.rs" }) }, { ["1-2.rs"] = 1 },
            { [1] = open })
    end)
end)

describe("the verdict on a moved test", function()
    it("says where it is, and leaves closing to a person", function()
        assert_verdict("moved", true, "^check that it is fixed, then close the issue: the test is now ui/fixed%.rs$",
            { deletion("1.rs", 1, { moved_to = "ui/fixed.rs" }) }, {}, { [1] = open })
    end)

    it("needs no attention when the issue is closed", function()
        assert_verdict("moved", false, "nothing to do: closed, and the test is now ui/1%.rs",
            { deletion("1.rs", 1, { moved_to = "ui/1.rs" }) }, {}, { [1] = closed })
    end)

    it("holds when other tests of the issue are simply gone", function()
        assert_verdict("moved", true, "ui/1%.rs",
            { deletion("1-2.rs", 1), deletion("1.rs", 1, { moved_to = "ui/1.rs" }) }, {}, { [1] = open })
    end)

    it("is a rename when the new name stands for the same issue", function()
        assert_verdict("moved", false, "^nothing to do: the test is now t/1%-drop%.rs$",
            { deletion("1.rs", 1, { moved_to = "t/1-drop.rs" }) }, { ["1-drop.rs"] = 1 }, { [1] = open })
        assert_verdict("moved", true, "^reopen the issue, or delete the test",
            { deletion("1.rs", 1, { moved_to = "t/1-drop.rs" }) }, { ["1-drop.rs"] = 1 }, { [1] = closed })
    end)

    it("is partial when another test of the issue went away beside the rename", function()
        assert_verdict("partial", false, "keep",
            { deletion("1-2.rs", 1), deletion("1.rs", 1, { moved_to = "t/1-drop.rs" }) }, { ["1-drop.rs"] = 1 },
                { [1] = open })
    end)

    it("names the issue that the file stands for now", function()
        assert_verdict("moved", true, "check whether #2 took its place, then close the issue: the test is now t/2%.rs",
            { deletion("1.rs", 1, { moved_to = "t/2.rs" }) }, { ["2.rs"] = 2 }, { [1] = open })
    end)

    it("follows renames to the end", function()
        local renamed_then_gone = { deletion("1-b.rs", 1), deletion("1.rs", 1, { moved_to = "t/1-b.rs" }) }
        assert_verdict("out_of_sync", true, "all its tests are gone", renamed_then_gone, {}, { [1] = open })
        local renamed_then_moved = {
            deletion("1-b.rs", 1, { moved_to = "ui/1.rs" }), deletion("1.rs", 1, { moved_to = "t/1-b.rs" }),
        }
        assert_verdict("moved", true, "the test is now ui/1%.rs$", renamed_then_moved, {}, { [1] = open })
    end)

    it("follows a rename through another issue's name", function()
        local deletions = { deletion("2.rs", 2, { moved_to = "ui/2.rs" }), deletion("1.rs", 1,
            { moved_to = "t/2.rs" }) }
        for _, verdict in ipairs(verdicts_of(deletions, {}, { open, open })) do
            assert.equal("moved", verdict.verdict)
            assert.matches("ui/2%.rs", verdict.action)
        end
    end)

    it("is not believed when the new name is below the path, yet no longer there", function()
        assert_verdict("out_of_sync", true, "close", { deletion("1.rs", 1, { moved_to = "t/1-b.rs" }) }, {},
            { [1] = open })
    end)

    it("ends on renames in a circle", function()
        local circle = {
            deletion("1.rs", 1),
            deletion("1-b.rs", 1, { moved_to = "t/1.rs" }),
            deletion("1.rs", 1, { moved_to = "t/1-b.rs" }),
        }
        assert_verdict("out_of_sync", true, "close", circle, {}, { [1] = open })
    end)

    it("does not follow a rename to a deletion that came before it", function()
        local deletions = { deletion("1.rs", 1, { moved_to = "t/x.rs" }), deletion("x.rs", {},
            { moved_to = "ui/x.rs" }) }
        assert_verdict("out_of_sync", true, "close", deletions, {}, { [1] = open })
    end)
end)

describe("the verdict on a test that was added again", function()
    it("is back", function()
        local verdict = assert_verdict("back", false, "^keep the issue open: t/1%.rs is there again$",
            { deletion("1.rs", 1, { present = true }) }, { ["1.rs"] = 1 }, { [1] = open })
        assert.same({ "t/1.rs" }, verdict.remaining)
    end)

    it("needs attention when the issue is closed", function()
        assert_verdict("back", true, "^reopen the issue, or delete the test",
            { deletion("1.rs", 1, { present = true }) }, { ["1.rs"] = 1 }, { [1] = closed })
    end)

    it("holds when only some are back", function()
        assert_verdict("back", false, "t/1%.rs is there again",
            { deletion("1-2.rs", 1), deletion("1.rs", 1, { present = true }) }, { ["1.rs"] = 1 }, { [1] = open })
    end)

    it("is not given when the file of that name stands for another issue now", function()
        assert_verdict("out_of_sync", true, "close",
            { deletion("x.rs", 1, { present = true }) }, { ["x.rs"] = 2 }, { [1] = open })
    end)

    it("is not given when it was deleted once more", function()
        local verdict = assert_verdict("out_of_sync", true, "its test is gone since 2026%-02%-01",
            { deletion("1.rs", 1, { date = "2026-02-01T00:00:00Z" }), deletion("1.rs", 1, { moved_to = "ui/1.rs" }) },
            {}, { [1] = open })
        assert.equal(2, #verdict.files)
    end)
end)

describe("the verdict on a number that is no issue", function()
    local one = { deletion("1.rs", 1, { present = true }) }
    local tip = { ["1.rs"] = 1 }

    it("is unknown, whatever became of the files", function()
        assert_verdict("unknown", true, "GitHub has no issue #1, or it was deleted", one, tip,
            { [1] = { kind = "missing" } })
        assert_verdict("unknown", true, "#1 is a pull request", one, tip,
            { [1] = { kind = "pull_request", state = "closed" } })
        assert_verdict("unknown", true, "GitHub has no issue", one, tip, {})
    end)

    it("says where a transferred issue went", function()
        local verdict = assert_verdict("unknown", true, "look at o/other#9", one, tip,
            { [1] = { kind = "transferred", moved_to = "o/other#9" } })
        assert.equal("transferred", verdict.state)
        assert_verdict("unknown", true, "find out where", one, tip, { [1] = { kind = "transferred" } })
    end)
end)

describe("several issues", function()
    it("are each judged when one file stands for them", function()
        local verdicts = verdicts_of({ deletion("1.rs", { 1, "o/r#2" }) }, { ["x.rs"] = { "o/r#2" } },
            { [1] = closed, ["o/r#2"] = open })
        assert.equal(2, #verdicts)
        assert.same({ "o/r#2", "partial" }, { verdicts[1].issue, verdicts[1].verdict })
        assert.same({ 1, "in_sync" }, { verdicts[2].issue, verdicts[2].verdict })
    end)

    it("come by verdict, then what needs attention, then by number, other repositories last", function()
        local deletions, states = {}, {}
        local function add(key, state)
            deletions[#deletions + 1] = deletion(tostring(key):gsub("[^%w]", "-") .. ".rs", key)
            states[key] = state
        end
        add("b/b#2", open)
        add(30, open)
        add("b/b#10", open)
        add(4, closed)
        add(200, open)
        local order = {}
        for i, verdict in ipairs(verdicts_of(deletions, {}, states)) do order[i] = verdict.issue end
        assert.same({ 30, 200, "b/b#2", "b/b#10", 4 }, order)
    end)

    it("are none when no deleted file stands for one", function()
        assert.same({}, verdicts_of({ deletion("x.rs", {}) }, { ["1.rs"] = 1 }, {}))
    end)
end)

describe("issue keys", function()
    it("are numbers in the audited repository, whatever the case, and owner/repo#N elsewhere", function()
        assert.equal(5, issues.key("o/r", 5))
        assert.equal(5, issues.key("Rust-Lang/rust", "rust-lang/Rust#5"))
        assert.equal(5, issues.key("o/r", "#5"))
        assert.equal("o/r2#5", issues.key("o/r", "o/r2#5"))
        assert.equal("o/r.rs#5", issues.key("o/r", "o/r.rs#05"))
        for _, wrong in ipairs({ 0, -1, 1.5, "x", "o/r", "o/r#", "r#5", "o/r#0", "o/r/s#5", true, {} }) do
            assert.is_nil(issues.key("o/r", wrong), tostring(wrong))
        end
    end)

    it("go apart into repository and number, and into text", function()
        assert.same({ "o/r", 5 }, { issues.parts("o/r", 5) })
        assert.same({ "a/b", 6 }, { issues.parts("o/r", "a/b#6") })
        assert.equal("#5", issues.text(5))
        assert.equal("a/b#6", issues.text("a/b#6"))
    end)
end)

describe("the statistics", function()
    it("count files by the state of their issues, and issues by verdict", function()
        local evidence = evidence_of({
            deletion("1.rs", 1), deletion("2.rs", { 2, 1 }), deletion("3.rs", 2), deletion("x.rs", {}),
            deletion("4.rs", 4), deletion("5.rs", 5, { moved_to = "ui/5.rs" }),
        }, { ["6.rs"] = { 4 } }, { [1] = open, [2] = closed, [4] = closed, [5] = closed })
        local stats = classify.statistics(evidence, classify.verdicts(evidence))
        assert.same({
            deleted_files = 6, files_without_issue = 1,
            files_with_open_issue = 2, files_with_open_issue_percent = 33.3,
            files_with_closed_issue = 3, files_with_closed_issue_percent = 50,
            issues = 4, fully_cleaned_up = 2, needing_attention = 2,
            out_of_sync = 1, moved = 1, partial = 1, back = 0, unknown = 0, in_sync = 1,
        }, stats)
    end)

    it("are all zero when nothing was deleted", function()
        local evidence = evidence_of({}, {}, {})
        for name, value in pairs(classify.statistics(evidence, {})) do assert.equal(0, value, name) end
    end)
end)
