-- The tracking issue, kept by real processes in a stand-in for GitHub that holds every request against GitHub's own
-- description.
local audit_world = require("support.audit_world")

local with_world, git = audit_world.with, audit_world.git

-- The issues with the audit's marker, by number.
local function tracking_issues(world, repository)
    local list = {}
    for _, issue in pairs(world.issues(repository)) do
        local body = issue.body ~= json.null and issue.body or ""
        if body:find("<!-- uhost:monthly_audit:", 1, true) then list[#list + 1] = issue end
    end
    table.sort(list, function(a, b) return a.number < b.number end)
    return list
end

local function only_tracking_issue(world, repository)
    local list = tracking_issues(world, repository)
    assert.equal(1, #list)
    return list[1]
end

-- Runs the audit with --tracking-issue, and gives what the report's JSON says of it.
local function track(world, arguments, options)
    local command = { "--tracking-issue", "--format", "json" }
    for _, argument in ipairs(arguments or {}) do command[#command + 1] = argument end
    local result = world.audit_here(command, options)
    assert.equal(0, result.code, result.stderr)
    return json.decode(result.stdout).tracking_issue
end

-- Gives every issue the state that the demonstration's history asks for.
local function settle_all(world)
    local settled = {}
    for _, issue in ipairs(audit_world.issues) do
        local open = ({ [103] = true, [110] = true })[issue.number]
        settled[#settled + 1] = { number = issue.number, state = open and "open" or "closed" }
    end
    world.control { repository = "example/compiler", issues = settled }
    world.control { repository = "example/solver", issues = { { number = 42, state = "closed" } } }
end

describe("the tracking issue", function()
    it("is opened once, left alone while nothing changes, and brought up to date", function()
        with_world(function(world)
            local first = track(world)
            assert.equal("created", first.outcome)
            local issue = only_tracking_issue(world)
            assert.equal(issue.number, first.number)
            assert.equal("open", issue.state)
            assert.equal("Crash tests of example/compiler", issue.title)
            assert.matches("need attention: 10 ", issue.body)
            assert.matches("issues/101%)", issue.body)
            world.control { forget = true }
            local second = track(world)
            assert.same({ "unchanged", first.url }, { second.outcome, second.url })
            assert.same({}, world.changes())
            world.control { repository = "example/compiler", issues = { { number = 101, state = "closed" } } }
            assert.equal("updated", track(world).outcome)
            issue = only_tracking_issue(world)
            assert.matches("need attention: 9 ", issue.body)
            assert.is_nil(issue.body:find("issues/101)", 1, true))
        end)
    end)

    it("changes nothing when a new commit or another day changes no finding", function()
        with_world(function(world)
            track(world, { "--since", "10 years" })
            git(world.repo, "commit", "-qm", "Something else", "--allow-empty")
            git(world.repo, "rm", "-q", "tests/crashes/103-2.rs")
            git(world.repo, "commit", "-qm", "Remove")
            world.control { repository = "example/compiler", issues = { { number = 103, state = "closed" } } }
            world.control { forget = true }
            assert.equal("unchanged", track(world, { "--since", "10 years" }).outcome)
            assert.same({}, world.changes())
        end)
    end)

    it("is one under two runs at the same time, and both give it", function()
        with_world(function(world)
            world.control { lag = 1 }
            local results = task.map({ 1, 2 }, function(i)
                return world.audit_here({ "--tracking-issue" }, { state = "state" .. i })
            end)
            for _, result in ipairs(results) do assert.equal(0, result.code, result.stderr) end
            local open, others = {}, {}
            for _, issue in ipairs(tracking_issues(world)) do
                table.insert(issue.state == "open" and open or others, issue)
            end
            assert.equal(1, #open)
            for _, issue in ipairs(others) do
                assert.equal("duplicate", issue.state_reason)
                assert.is_true(issue.number > open[1].number)
            end
            for _, result in ipairs(results) do
                assert.matches("Tracking issue%shttps://%S+/issues/" .. open[1].number .. "%s", result.stdout)
            end
            world.control { forget = true }
            assert.equal(open[1].number, track(world).number)
            assert.same({}, world.changes())
        end)
    end)

    it("is opened once even when GitHub's answer is lost", function()
        with_world(function(world)
            world.control { faults = { { path = "/repos/example/compiler/issues", method = "POST", kind = "lost" } } }
            assert.equal("created", track(world).outcome)
            only_tracking_issue(world)
        end)
    end)

    it("is closed when nothing needs attention, and reopened when something does", function()
        with_world(function(world)
            local first = track(world)
            settle_all(world)
            git(world.repo, "rm", "-q", "tests/crashes/118.rs", "tests/crashes/const-generics.rs")
            git(world.repo, "commit", "-qm", "Remove")
            local policies = world.folder .. "/policies"
            fs.mkdir(policies)
            -- Numbers that are no issues would need attention for ever.
            fs.write(policies .. "/crash_tests.lua", [[return { issues_of = function(path)
                local number = tonumber(path:match("/(%d+)[^/]*$"))
                return number and number < 111 and { number } or {}
            end }]])
            local done = track(world)
            assert.same({ "closed", first.number }, { done.outcome, done.number })
            local issue = only_tracking_issue(world)
            assert.same({ "closed", "completed" }, { issue.state, issue.state_reason })
            assert.matches("^Nothing needs attention", issue.body)
            world.control { forget = true }
            assert.equal("none", track(world).outcome)
            assert.same({}, world.changes())
            world.control { repository = "example/compiler", issues = { { number = 101, state = "open" } } }
            local again = track(world)
            assert.same({ "reopened", first.number }, { again.outcome, again.number })
            issue = only_tracking_issue(world)
            assert.equal("open", issue.state)
            assert.matches("need attention: 1 %(1 out of sync%)", issue.body)
        end)
    end)

    it("stays closed when somebody closed it as not planned", function()
        with_world(function(world)
            local first = track(world)
            world.control { repository = "example/compiler", issues = { {
                number = first.number, state = "closed", state_reason = "not_planned",
                body = only_tracking_issue(world).body,
            } } }
            world.control { forget = true }
            local second = track(world)
            assert.same({ "declined", first.number }, { second.outcome, second.number })
            assert.same({}, world.changes())
        end)
    end)

    it("is not opened where there is nothing to say", function()
        with_world(function(world)
            local tracking = track(world, { "--path", "README.md", "--since", "1 day" })
            assert.same({ "none", "example/compiler" }, { tracking.outcome, tracking.repository })
            assert.same({}, world.changes())
        end)
    end)

    it("lives in another repository, with labels, when asked to", function()
        with_world(function(world)
            local arguments = { "--tracking-label", "crash tests", "--tracking-label", "audit" }
            local function run()
                local command = { "--format", "json", "--tracking-issue", "example/solver", unpack(arguments) }
                local result = world.audit_here(command)
                assert.equal(0, result.code, result.stderr)
                return json.decode(result.stdout).tracking_issue
            end
            assert.equal("example/solver", run().repository)
            local issue = only_tracking_issue(world, "example/solver")
            assert.same({ "crash tests", "audit" }, issue.labels)
            assert.matches("example/compiler/issues/101", issue.body)
            assert.equal("unchanged", run().outcome)
            assert.same({}, tracking_issues(world))
        end)
    end)

    it("is only planned under --dry-run", function()
        with_world(function(world)
            local before = world.issues()
            local result = world.audit_here({ "--tracking-issue" }, { host = { "--dry-run" } })
            assert.equal(0, result.code, result.stderr)
            assert.matches("issue.create%s+example/compiler", result.stderr)
            assert.matches("would be brought up to date", result.stdout)
            assert.same({}, world.changes())
            assert.same(before, world.issues())
        end)
    end)

    it("leaves the report as it is when GitHub refuses it", function()
        with_world(function(world)
            world.control { issues_disabled = "example/solver" }
            local result = world.audit_here({ "--tracking-issue", "example/solver" })
            assert.equal(3, result.code, result.stderr)
            assert.matches("Out of sync %(3%)", result.stdout)
            assert.matches("error: [^\n]+\n  hint: [^\n]+", result.stderr)
        end)
    end)

    it("is not taken from a stranger who wrote its marker", function()
        with_world(function(world)
            world.control { repository = "example/compiler", issues = { {
                number = 500, user = "mallory", body = "<!-- uhost:monthly_audit:example/compiler/tests/crashes -->",
            } } }
            local tracking = track(world)
            assert.equal("created", tracking.outcome)
            assert.is_true(tracking.number ~= 500)
        end)
    end)
end)

describe("options of the tracking issue", function()
    it("are refused when they make no sense", function()
        local function refuses(cause, ...)
            local result = audit_world.run({ "-q", "monthly_audit", "--demo", ... })
            assert.equal(2, result.code)
            assert.matches(cause, result.stderr)
        end
        refuses("%-%-tracking%-label needs %-%-tracking%-issue", "--tracking-label", "x")
        refuses("%-%-tracking%-label: ' ' is not a label", "--tracking-issue", "--tracking-label", " ")
        refuses("%-%-tracking%-issue: 'rust' is not OWNER/NAME", "--tracking-issue", "rust")
    end)
end)
