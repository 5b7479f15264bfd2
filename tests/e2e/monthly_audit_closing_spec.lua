-- --close, by real processes against a stand-in for GitHub that holds every request against GitHub's own description.
local audit_world = require("support.audit_world")

local with_world, git = audit_world.with, audit_world.git

-- Runs the audit with --close, and gives what the report's JSON says of it, and the result.
local function close(world, arguments, options)
    local command = { "--close", "--format", "json" }
    for _, argument in ipairs(arguments or {}) do command[#command + 1] = argument end
    local result = world.audit_here(command, options)
    assert.equal(options and options.code or 0, result.code, result.stderr)
    return json.decode(result.stdout).closing, result
end

local function states(world, numbers)
    local list, issues = {}, world.issues()
    for i, number in ipairs(numbers) do list[i] = issues[number].state end
    return list
end

local function reasons_by_issue(closing)
    local by_issue = {}
    for _, left in ipairs(closing.left) do by_issue[tostring(left.issue)] = left.why end
    return by_issue
end

describe("--close", function()
    it("closes what is out of sync, with a comment that names pull requests and commits, and nothing else", function()
        with_world(function(world)
            local before = world.issues()
            local closing, result = close(world)
            assert.same({ 101, 102 }, closing.closed)
            local issues = world.issues()
            for number, issue in pairs(issues) do
                if number ~= 101 and number ~= 102 then assert.same(before[number], issue) end
            end
            assert.same({ "closed", "completed" }, { issues[101].state, issues[101].state_reason })
            assert.equal(1, #issues[102].comments)
            local comment = issues[102].comments[1].body
            for _, part in ipairs({ "pull/1201%)", "pull/1210%)", "/commit/%x+%)", "tests/crashes/102%.rs",
                "tests/crashes/102%-2%.rs", "<!%-%- uhost:monthly_audit%.close:%x+ %-%->" }) do
                assert.matches(part, comment)
            end
            local verdicts = {}
            for _, verdict in ipairs(json.decode(result.stdout).verdicts) do
                verdicts[tostring(verdict.issue)] = verdict.verdict
            end
            assert.same({ "in_sync", "in_sync" }, { verdicts["101"], verdicts["102"] })
        end)
    end)

    it("does nothing a second time", function()
        with_world(function(world)
            close(world)
            world.control { forget = true }
            assert.same({}, close(world).closed)
            assert.same({}, world.changes())
        end)
    end)

    it("leaves issues of other repositories alone", function()
        with_world(function(world)
            local closing = close(world)
            assert.same({ ["example/solver#42"] = "it is of another repository" }, reasons_by_issue(closing))
            assert.equal("open", world.issues("example/solver")[42].state)
        end)
    end)

    it("only shows what it would do under --dry-run", function()
        with_world(function(world)
            local before = world.issues()
            local closing, result = close(world, {}, { host = { "--dry-run" } })
            assert.same({ 101, 102 }, closing.closed)
            assert.is_true(closing.planned)
            for _, number in ipairs({ 101, 102 }) do
                assert.matches("issue%.close%s+example/compiler#" .. number, result.stderr)
                assert.matches("comment%.create%s+example/compiler#" .. number, result.stderr)
            end
            assert.same({}, world.changes())
            assert.same(before, world.issues())
        end)
    end)

    it("closes no more than the limit, and says what is left", function()
        with_world(function(world)
            local closing, result = close(world, { "--close-limit", "1" })
            assert.same({ 101 }, closing.closed)
            assert.equal(1, closing.over_limit)
            assert.matches("1 more issues could be closed; a run closes 1 at most %(%-%-close%-limit", result.stderr)
            assert.same({ "closed", "open" }, states(world, { 101, 102 }))
            assert.same({ 102 }, close(world, { "--close-limit", "1" }).closed)
        end)
    end)

    it("leaves an issue that was reopened to a person", function()
        with_world(function(world)
            close(world)
            world.control { repository = "example/compiler", issues = {
                { number = 101, state = "open", state_reason = "reopened" },
            } }
            local closing = close(world)
            assert.same({}, closing.closed)
            assert.matches("reopened", reasons_by_issue(closing)["101"])
        end)
    end)

    it("looks at the whole history, whatever the window", function()
        with_world(function(world)
            -- Long ago one test of 102 was moved away; in the window the other is deleted.
            local repo = world.repo
            fs.mkdir(repo .. "/tests/ui")
            fs.write(repo .. "/tests/crashes/300.rs", "fn main() {}\n// three hundred\n")
            fs.write(repo .. "/tests/crashes/300-2.rs", "struct Other;\nimpl Other {}\n")
            git(repo, "add", ".")
            git(repo, "commit", "-qm", "Add")
            git(repo, "mv", "tests/crashes/300.rs", "tests/ui/three-hundred.rs")
            process.run({ "git", "-C", repo, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm",
                "Move", check = true, env = { GIT_COMMITTER_DATE = "2020-01-02T00:00:00Z" } })
            git(repo, "rm", "-q", "tests/crashes/300-2.rs")
            git(repo, "commit", "-qm", "Remove (#1300)")
            world.control { repository = "example/compiler", issues = { { number = 300 } } }
            local closing, result = close(world, { "--since", "1 day" })
            assert.same({}, closing.closed, result.stderr)
            assert.matches("by the whole history its verdict is moved", reasons_by_issue(closing)["300"])
            assert.same({ "open" }, states(world, { 300 }))
        end)
    end)

    it("writes one comment even when it was stopped between comment and closing", function()
        with_world(function(world)
            world.control { faults = { {
                path = "/repos/example/compiler/issues/101", method = "PATCH", kind = "status", status = 502, times = 9,
            } } }
            local result = world.audit_here({ "--close" })
            assert.equal(3, result.code)
            assert.same({ "open" }, states(world, { 101 }))
            world.control { faults = json.array() }
            close(world)
            assert.same({ "closed" }, states(world, { 101 }))
            assert.equal(1, #world.issues()[101].comments)
        end)
    end)

    it("writes one comment even when GitHub's answer is lost", function()
        with_world(function(world)
            world.control { faults = { {
                path = "/repos/example/compiler/issues/101/comments", method = "POST", kind = "lost",
            } } }
            close(world)
            assert.equal(1, #world.issues()[101].comments)
        end)
    end)

    it("closes each issue with one comment under two runs at the same time", function()
        with_world(function(world)
            local results = task.map({ 1, 2 }, function(i)
                return world.audit_here({ "--close" }, { state = "state" .. i })
            end)
            for _, result in ipairs(results) do assert.equal(0, result.code, result.stderr) end
            local issues = world.issues()
            for _, number in ipairs({ 101, 102 }) do
                assert.equal("closed", issues[number].state)
                assert.equal(1, #issues[number].comments)
            end
        end)
    end)

    it("continues with the others when GitHub refuses one, and fails in the end", function()
        with_world(function(world)
            world.control { faults = { {
                path = "/repos/example/compiler/issues/101/comments", method = "POST", kind = "status", status = 403,
                body = { message = "Unable to create comment because issue is locked" },
            } } }
            local closing, result = close(world, {}, { code = 3 })
            assert.same({ 102 }, closing.closed)
            assert.truthy(reasons_by_issue(closing)["101"])
            assert.matches("error: #101 stays open", result.stderr)
            assert.same({ "open", "closed" }, states(world, { 101, 102 }))
        end)
    end)

    it("counts what it closed as settled in the tracking issue of the same run", function()
        with_world(function(world)
            close(world, { "--tracking-issue" })
            for _, issue in pairs(world.issues()) do
                if issue.title == "Crash tests of example/compiler" then
                    assert.matches("need attention: 8 %(1 out of sync", issue.body)
                    return
                end
            end
            error("no tracking issue")
        end)
    end)

    it("refuses limits that make no sense", function()
        local function refuses(cause, ...)
            local result = audit_world.run({ "-q", "monthly_audit", "--demo", ... })
            assert.equal(2, result.code)
            assert.matches(cause, result.stderr)
        end
        refuses("%-%-close%-limit needs %-%-close", "--close-limit", "5")
        refuses("%-%-close%-limit: '0' is not a number", "--close", "--close-limit", "0")
        refuses("%-%-close%-limit: 'all' is not a number", "--close", "--close-limit", "all")
    end)
end)
