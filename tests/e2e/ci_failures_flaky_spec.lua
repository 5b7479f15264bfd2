-- `uhost ci_failures flaky` and `stats`, against the stand-in for GitHub.
local ci = require("support.ci_world")

local failed, green, run = ci.failed, ci.green, ci.run

local function timed(job, minutes)
    job.started_at, job.completed_at = ci.hours_ago(2), time.iso(time.parse(ci.hours_ago(2)) + minutes * 60)
    return job
end

local failing_test = { "running 2 tests", "test oven::heats ... FAILED", "test oven::cools ... ok", "", "failures:", "",
    "---- oven::heats stdout ----", "thread 'oven::heats' panicked at src/oven.rs:7:5:", "too cold", "", "failures:",
    "    oven::heats", "", "test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out" }

local function flaky_run(id, hours)
    return run(id, hours, "success", nil, { attempts = {
        { conclusion = "failure", jobs = { timed(failed("test", failing_test), 10) } },
        { conclusion = "success", jobs = { timed(green("test"), 10) } },
    } })
end

local function steady(first, last, conclusion)
    local list = {}
    for i = first, last do
        local job = conclusion == "success" and green("test") or failed("test", failing_test)
        list[#list + 1] = run(i, 100 - i, conclusion, { job })
    end
    return list
end

local function by_kind(list)
    local found = {}
    for _, each in ipairs(list) do found[each.kind] = each end
    return found
end

describe("uhost ci_failures flaky", function()
    it("gives the rate of what failed and passed on one commit, with its bounds and what it cost", function()
        ci.with(function(world)
            world.runs(steady(1, 40, "success"))
            world.runs({ flaky_run(41, 50), flaky_run(42, 49) })
            world.runs(steady(51, 58, "success"))
            local seen, result = world.json("flaky", "--json")
            assert.equal(1, result.code)
            local flakes = by_kind(seen.flakes)
            assert.same({ "oven::heats", 2 }, { flakes.test.name, flakes.test.flakes })
            assert.same({ 2, 10 }, { flakes.job.flakes, flakes.job.commits })
            assert.is_true(flakes.job.rate_lower < flakes.job.rate and flakes.job.rate < flakes.job.rate_upper)
            assert.equal(20, flakes.job.lost_minutes)
            assert.same({}, seen.regressions)
            assert.equal("oven::heats", seen.quarantine[1].test)
            assert.same({}, world.json("check", "--json").failures)
        end)
    end)

    it("tells what always fails from what is flaky", function()
        ci.with(function(world)
            world.runs(steady(1, 5, "success"))
            world.runs(steady(6, 9, "failure"))
            local seen = world.json("flaky", "--json")
            assert.same({}, seen.flakes)
            local broken = by_kind(seen.regressions)
            assert.same({ "oven::heats", 4 }, { broken.test.name, broken.test.commits })
            assert.equal(run(6, 94).head_sha, broken.test.commit)
        end)
    end)

    it("reads from test reports what passed in a job that failed, and asks for each once", function()
        ci.with(function(world)
            local function report(heats, cools)
                local function case(name, passed)
                    return ('<testcase classname="oven" name="%s">%s</testcase>'):format(name,
                        passed and "" or '<failure message="cold"/>')
                end
                return "<testsuites><testsuite name=\"oven\">" .. case("heats", heats) .. case("cools", cools)
                    .. "</testsuite></testsuites>"
            end
            local function pair(id, hours)
                local first = run(id, hours, "failure", { failed("test", { "glaze.c: error: it ran away" }) })
                local second = run(id + 1, hours - 1, "failure", { failed("test", { "glaze.c: error: again" }) })
                second.head_sha = first.head_sha
                return { first, second }
            end
            world.runs(pair(1, 90))
            world.runs(pair(3, 80))
            world.control({ repository = "o/n", artifacts = {
                { run = 1, name = "junit-linux", files = { ["a/heats.xml"] = report(false, true) } },
                { run = 2, name = "junit-linux", files = { ["a/heats.xml"] = report(true, true) } },
                { run = 3, name = "junit-linux", files = { ["b.xml"] = report(false, true), ["c.xml"] = "<a",
                    ["d.xml"] = "<rss/>", ["../e.xml"] = report(true, true) } },
                { run = 4, name = "binaries", files = { ["b.xml"] = report(false, false) } },
            } })
            local flakes = by_kind(world.json("flaky", "--json").flakes)
            assert.same({ "oven.heats", 2, 2 }, { flakes.test.name, flakes.test.flakes, flakes.test.commits })
            world.control({ forget = true })
            world.json("flaky", "--json")
            for _, request in ipairs(world.report().requests) do
                assert.is_nil(request.path:find("artifacts", 1, true), request.path)
            end
        end)
    end)

    it("is not stopped by an archive that unpacks to more than anybody reads", function()
        ci.with(function(world)
            world.runs({ flaky_run(41, 50) })
            world.control({ repository = "o/n", artifacts = { { run = 41, name = "test-results",
                files = { ["a.xml"] = ("<a>"):rep(6000000) } } } })
            assert.equal("oven::heats", by_kind(world.json("flaky", "--json").flakes).test.name)
        end)
    end)

    it("takes a merge queue's tries of one pull request on one base for one commit", function()
        ci.with(function(world)
            local function try(id, conclusion, job, base)
                return run(id, 100 - id, conclusion, { job }, { event = "merge_group",
                    branch = "gh-readonly-queue/main/pr-7-" .. base })
            end
            local base = ("ab"):rep(20)
            world.runs({ try(1, "failure", failed("test", failing_test), base),
                try(2, "success", green("test"), base) })
            assert.equal("oven::heats", by_kind(world.json("flaky", "--json").flakes).test.name)
        end)
        ci.with(function(world)
            local function try(id, conclusion, job)
                return run(id, 100 - id, conclusion, { job }, { event = "merge_group",
                    branch = "gh-readonly-queue/main/pr-7-" .. ("%040d"):format(id) })
            end
            world.runs({ try(1, "failure", failed("test", failing_test)), try(2, "success", green("test")) })
            assert.same({}, world.json("flaky", "--json").flakes)
        end)
    end)

    it("finds a test that fails now in this job of a matrix and then in that one", function()
        ci.with(function(world)
            local function matrix(id, red)
                local jobs = {}
                for i, name in ipairs({ "test (a)", "test (b)" }) do
                    jobs[i] = name == red and failed(name, failing_test) or green(name)
                end
                return run(id, 100 - id, "failure", jobs)
            end
            world.runs({ matrix(1, "test (a)"), matrix(2, "test (b)"), matrix(3, "test (a)") })
            local flakes = by_kind(world.json("flaky", "--json").flakes)
            assert.same({ "oven::heats", "test", 3 }, { flakes.test.name, flakes.test.job, flakes.test.flakes })
        end)
        ci.with(function(world)
            local list = {}
            for i = 1, 3 do
                list[i] = run(i, 100 - i, "failure", { failed("test (a)", failing_test), green("test (b)") })
            end
            world.runs(list)
            assert.same({}, world.json("flaky", "--json").flakes)
        end)
    end)

    it("runs flaky jobs again once, and only where the policy allows it", function()
        ci.with(function(world)
            world.runs({ flaky_run(41, 50), flaky_run(42, 49) })
            world.runs({ run(50, 1, "failure", { failed("test", failing_test) }) })
            local refused = world.ci("flaky", "--rerun")
            assert.equal(2, refused.code)
            assert.matches("policy does not allow", refused.stderr)
            world.policy("return { rerun = { allowed = true, max_runs = 1 } }")
            assert.same({ 50 }, world.json("flaky", "--rerun", "--json").reruns)
            assert.same({}, world.json("flaky", "--rerun", "--json").reruns)
        end)
    end)
end)

describe("the demonstration", function()
    it("shows every command without a network and a token, and keeps nothing", function()
        ci.with(function(world)
            world.host = { "--offline" }
            for _, command in ipairs({ "check", "flaky", "stats" }) do
                local seen, result = world.json(command, "--demo", "--json")
                assert.equal("example/kiln", seen.repository, result.stderr)
            end
            local text = world.ci("check", "--demo").stdout
            assert.matches("2 of 3 tests fail, the first is oven::heats", text)
            assert.matches("a newer push took its place", text)
            assert.equal("", world.ci("check", "--demo").stderr)
            assert.is_false(fs.exists(world.state .. "/uhost.sqlite"))
            assert.same({}, world.report().requests)
        end)
    end)
end)

describe("uhost ci_failures stats", function()
    it("counts failures, causes, and how long they lasted", function()
        ci.with(function(world)
            world.runs({
                run(1, 30, "failure", { timed(failed("test", failing_test), 30) }),
                run(2, 20, "failure", { timed(failed("test", failing_test), 30),
                    timed(failed("lint", { "error: the kiln is cold" }), 5) }),
                run(3, 10, "success", { green("test"), green("lint") }),
            })
            local seen = world.json("stats", "--json")
            assert.same({ 3, 2, 0, 65 }, { seen.failures, seen.causes, seen.open, seen.lost_minutes })
            assert.equal("test", seen.top_causes[1].job)
            assert.is_true(seen.resolution_mean_s > 0)
            local counted = 0
            for _, week in ipairs(seen.trend) do counted = counted + week.failures end
            assert.equal(3, counted)
            assert.matches("Distinct causes", world.ci("stats").stdout)
            assert.matches("| Job |", world.ci("stats", "--format", "markdown").stdout, 1, true)
        end)
    end)
end)
