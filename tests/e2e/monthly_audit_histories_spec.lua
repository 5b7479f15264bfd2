-- The audit on histories that lead a careless reader astray: what `--close` would act on has to be right.
local audit_world = require("support.audit_world")
local scratch = require("support.git_scratch")

local day_s = 86400
local start = 1700000000

-- Text that no other file has.
local function source(name)
    local lines = {}
    for i = 1, 12 do lines[i] = ("fn %s_%d() { let _ = %q; }"):format(name, i, name .. i) end
    return table.concat(lines, "\n") .. "\n"
end

local function test(name) return "tests/crashes/" .. name .. ".rs" end

-- Runs `body(history, world)`. `history.commit(message, files)` is a day after the one before.
local function with_history(body)
    audit_world.with(function(world)
        local repository, days = scratch.new(), 0
        local history = { repository = repository }
        function history.commit(message, files)
            days = days + 1
            return repository:commit(message, files, { time = start + days * day_s })
        end
        function history.merge(branch, message)
            days = days + 1
            local date = ("%d +0000"):format(start + days * day_s)
            repository:git("merge", "-q", "--no-ff", "-m", message, branch,
                { env = { GIT_AUTHOR_DATE = date, GIT_COMMITTER_DATE = date } })
        end
        function history.audit(...)
            return world.audit{ "--repo", repository.path, "--github", "example/compiler", ... }
        end
        -- The issues by number, and the whole report.
        function history.verdicts(...)
            local result = history.audit("--format", "json", ...)
            assert.equal(0, result.code, result.stderr)
            local by_issue, decoded = {}, json.decode(result.stdout)
            for _, verdict in ipairs(decoded.verdicts) do by_issue[verdict.issue] = verdict end
            return by_issue, decoded, result
        end
        body(history, world)
    end)
end

local function outcome(verdict) return { verdict.verdict, verdict.action } end

describe("the audit of a history", function()
    teardown(scratch.clean_up)

    it("counts only what the mainline had, and no passing file hides a real deletion", function()
        with_history(function(history)
            history.commit("Add", { [test "101"] = source "a", [test "102"] = source "b" })
            history.repository:git("mv", test "101", "kept.rs")
            history.commit("Move it (#11)")
            history.repository:git("checkout", "-q", "-b", "side")
            history.commit("Try", { [test "101"] = source "c", [test "103"] = source "d" })
            history.commit("Try otherwise", { [test "101"] = false, [test "103"] = false })
            history.repository:git("checkout", "-q", "main")
            history.merge("side", "Merge pull request #12 from a/side")
            local verdicts, decoded = history.verdicts()
            assert.same({ "moved", "check that it is fixed, then close the issue: the test is now kept.rs" },
                outcome(verdicts[101]))
            assert.is_nil(verdicts[103])
            assert.equal(1, decoded.stats.deleted_files)
        end)
    end)

    it("follows a moved test to its end, also outside of the audited folder", function()
        with_history(function(history)
            local git = function(...) history.repository:git(...) end
            history.commit("Add", {
                [test "101"] = source "a", [test "102"] = source "b", [test "103"] = source "c",
                [test "105"] = source "e",
            })
            history.repository:write("ui/keep", "x\n")
            git("mv", test "101", "ui/a.rs")
            git("mv", test "102", "ui/b.rs")
            git("mv", test "103", test "other-name")
            git("mv", test "105", "ui/e.rs")
            history.commit("Move them (#11)")
            git("mv", "ui/b.rs", "ui/c.rs")
            git("mv", test "other-name", "ui/d.rs")
            history.commit("Move on", { ["ui/a.rs"] = false })
            history.commit("Move on further", { ["ui/e.rs"] = false, [test "105"] = source "e" })
            local verdicts = history.verdicts()
            assert.same({ "out_of_sync", "close the issue: its test is gone since 2023-11-17" }, outcome(verdicts[101]))
            assert.matches("the test is now ui/c.rs$", verdicts[102].action)
            assert.matches("the test is now ui/d.rs$", verdicts[103].action)
            assert.equal("back", verdicts[105].verdict)
        end)
    end)

    it("links a pull request of a synced subtree to the subtree's own repository", function()
        with_history(function(history, world)
            history.commit("Add", { [test "101"] = source "a", [test "102"] = source "b", [test "103"] = source "c" })
            history.repository:git("checkout", "-q", "-b", "tool")
            history.commit("Fix it (#12)", { [test "101"] = false })
            history.repository:git("checkout", "-q", "main")
            history.commit("Fix another (#901)", { [test "102"] = false })
            history.merge("tool", "Merge commit 'abc' of the tool (#902)")
            history.commit("Fix the last (#13)", { [test "103"] = false })
            fs.mkdir(world.folder .. "/policies")
            fs.write(world.folder .. "/policies/crash_tests.lua", [[return { subtrees = {
                { repository = "example/other", path = "elsewhere/" },
                { repository = "example/tool", merge = "of the tool", path = "tests/", least = 1, most = 500 },
            } }]])
            local verdicts = history.verdicts()
            local function shown(issue)
                local file = verdicts[issue].files[1]
                return { file.pr, file.pr_repository }
            end
            assert.same({ 12, "example/tool" }, shown(101))
            assert.same({ 901, "example/compiler" }, shown(102))
            assert.same({ 13, "example/compiler" }, shown(103))
            local page = history.audit("--format", "markdown").stdout
            assert.matches("[example/tool\\#12](", page, 1, true)
            assert.matches("/example/tool/pull/12)", page, 1, true)
            assert.matches("/example/compiler/pull/901)", page, 1, true)
            assert.matches("example/tool#12", history.audit().stdout, 1, true)
        end)
    end)

    it("leaves to a person a test that may have been moved and edited", function()
        with_history(function(history, world)
            history.commit("Add", {
                [test "101"] = source "a", [test "102"] = source "b", [test "103-ice"] = source "c",
                [test "105"] = source "e",
            })
            history.commit("Fix (#11)", { [test "101"] = false, ["ui/101.rs"] = "fn fixed() {}\n" })
            history.repository:git("checkout", "-q", "-b", "side")
            history.commit("Remove", { [test "102"] = false })
            history.commit("Add a regression test", { ["ui/issue-102.rs"] = "fn works() {}\n" })
            history.repository:git("checkout", "-q", "main")
            history.merge("side", "Merge pull request #12 from a/side")
            history.commit("Fix (#13)", { [test "103-ice"] = false, ["ui/103-ice.rs"] = "fn too() {}\n" })
            history.commit("Drop that", { ["ui/103-ice.rs"] = false })
            history.commit("Fix (#14)", { [test "105"] = false, ["ui/1050.rs"] = "fn other() {}\n" })
            local verdicts, decoded = history.verdicts("--close")
            assert.same({ "moved", "look at ui/101.rs, which came when the test was deleted: it may be the same test, "
                .. "edited" }, outcome(verdicts[101]))
            assert.matches("^look at ui/issue%-102.rs", verdicts[102].action)
            assert.is_nil(verdicts[103] and verdicts[103].verdict == "moved" or nil)
            assert.same({ 103, 105 }, decoded.closing.closed)
            assert.same({ "open", "open", "closed" },
                { world.issues()[101].state, world.issues()[102].state, world.issues()[105].state })
        end)
    end)

    it("may be of one file", function()
        with_history(function(history)
            history.commit("Add", { [test "101"] = source "a", [test "102"] = source "b" })
            history.commit("Drop", { [test "101"] = false, [test "102"] = false })
            history.commit("Back", { [test "101"] = source "a" })
            assert.equal("back", history.verdicts("--path", test "101")[101].verdict)
            assert.equal("out_of_sync", history.verdicts("--path", test "102")[102].verdict)
            history.commit("A new one", { [test "104"] = source "d" })
            assert.same({}, (history.verdicts("--path", test "104")))
            local never = history.audit("--path", test "105")
            assert.equal(2, never.code)
            assert.matches("nothing was ever in tests/crashes/105.rs", never.stderr)
        end)
    end)

    it("fails for a path that never was, also within a window, and not for one that only the window misses", function()
        with_history(function(history)
            history.commit("Add", { [test "101"] = source "a", ["other/1"] = "x\n" })
            history.commit("Drop", { [test "101"] = false })
            local never = history.audit("--path", "tests/crashs", "--since", "1 month")
            assert.equal(2, never.code)
            assert.matches("nothing was ever in tests/crashs", never.stderr)
            assert.equal(0, history.audit("--since", "1 month").code)
        end)
    end)

    it("concludes nothing where nothing was committed, and fails where HEAD names no branch that is there", function()
        with_history(function(history, world)
            local _, empty = history.verdicts("--tracking-issue")
            assert.equal("The repository has no commits", empty.warning)
            assert.equal("left", empty.tracking_issue.outcome)
            history.commit("Add", { [test "101"] = source "a" })
            history.repository:git("branch", "-m", "trunk")
            history.repository:git("symbolic-ref", "HEAD", "refs/heads/main")
            local renamed = history.audit("--tracking-issue")
            assert.equal(3, renamed.code)
            assert.matches("names refs/heads/main, which is not there", renamed.stderr)
            assert.matches("hint: [^\n]*git symbolic%-ref", renamed.stderr)
            assert.same({}, world.changes())
        end)
    end)

    it("doubts a rule that names no issue for any deleted file, and closes nothing because of it", function()
        with_history(function(history, world)
            history.commit("Add", { [test "101"] = source "a" })
            history.commit("Drop", { [test "101"] = false })
            local _, first = history.verdicts("--tracking-issue")
            assert.equal("created", first.tracking_issue.outcome)
            local files, none = {}, {}
            for i = 1, 6 do
                local name = ("tests/ui/some-%s.rs"):format(("x"):rep(i))
                files[name], none[name] = source("s" .. i), false
            end
            history.commit("Add others", files)
            history.commit("Drop others", none)
            world.control { forget = true }
            local _, doubtful, result = history.verdicts("--tracking-issue", "--path", "tests/ui")
            assert.matches("None of 6 deleted files stands for an issue", doubtful.warning)
            assert.matches("the rule for their names may not fit", result.stderr)
            assert.equal("left", doubtful.tracking_issue.outcome)
            assert.same({}, world.changes())
            assert.matches("None of 6 deleted files", history.audit("--path", "tests/ui").stdout)
        end)
    end)
end)
