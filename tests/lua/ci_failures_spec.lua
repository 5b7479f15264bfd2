-- The parts of `uhost ci_failures` that ask nobody.
local cause = require("lib.ci_failures.cause")
local failures_of = require("lib.ci_failures.failures")
local flaky = require("lib.ci_failures.flaky")
local issue = require("lib.ci_failures.issue")
local stats = require("lib.ci_failures.stats")
local store_of = require("lib.ci_failures.store")
local untrusted = require("lib.ci_failures.untrusted")

describe("a cause", function()
    it("is the same whatever differs from run to run", function()
        local line = "/home/runner/work/kiln%d/kiln%d/src/a.c:7: error: run %d of %s failed at %s"
        local function template(run, sha, at)
            return cause.template(line:format(run, run, run * 1000003, sha, at))
        end
        assert.equal(template(1, "0a1b2c3d4e5f", "2026-01-31T10:00:00Z"),
            template(2, "9feeddccbb1a", "2026-02-01T23:59:59Z"))
        assert.not_equal(cause.template("error: the kiln is cold"), cause.template("error: the kiln is hot"))
    end)

    it("is of a job without the values of its matrix", function()
        assert.same({ "build", "linux, 3.12" }, { cause.job_name("build (linux, 3.12)") })
        assert.same({ "build" }, { cause.job_name("build") })
        assert.not_equal(cause.fingerprint("ci.yml", "build", "x"), cause.fingerprint("ci.yml", "test", "x"))
    end)
end)

describe("wilson", function()
    it("gives bounds that hold the rate, and narrow with more evidence", function()
        local lower, upper = flaky.wilson(5, 10)
        assert.is_true(math.abs(lower - 0.2366) < 1e-3 and math.abs(upper - 0.7634) < 1e-3)
        local closer = flaky.wilson(500, 1000)
        assert.is_true(closer > lower)
        assert.same({ 0, 1 }, { flaky.wilson(0, 0) })
    end)
end)

describe("a failure of several tests", function()
    local function run(day, tests)
        local at = ("2026-01-%02dT00:00:00Z"):format(day)
        return {
            id = day, workflow = "ci.yml", workflow_name = "ci", number = day, attempt = 1, event = "push",
            branch = "main", head_sha = ("%040d"):format(day), status = "completed", conclusion = "failure",
            created_at = at, updated_at = at, url = "https://example.org", pulls = {}, is_read = true, counts = true,
            jobs = { { id = day, run = day, attempt = 1, name = "build", conclusion = "failure",
                url = "https://example.org",
                causes = { { kind = "tests", key = "test " .. tests[1], tests = tests } } } },
        }
    end

    it("stays the same when its first occurrence is forgotten", function()
        local store = store_of.open(true)
        local runs = { run(1, { "a", "b", "c" }), run(2, { "b", "c" }) }
        store_of.keep(store, "ada/kiln", runs)
        local before, _, regrouped = failures_of.of({ runs = runs })
        assert.equal(1, #before)
        store_of.keep(store, "ada/kiln", regrouped)
        local remembered = store_of.runs(store, "ada/kiln", "2026-01-02T00:00:00Z")
        for _, each in ipairs(remembered) do each.counts = true end
        local after, _, again = failures_of.of({ runs = remembered })
        assert.same({ 1, before[1].fingerprint, 0 }, { #after, after[1].fingerprint, #again })
    end)

    it("is known by the same fingerprint whichever runs are looked at, in whatever order its tests failed", function()
        math.randomseed(11)
        local function shuffled(tests)
            local list = tables.copy(tests)
            for i = #list, 2, -1 do
                local j = math.random(i)
                list[i], list[j] = list[j], list[i]
            end
            return list
        end
        local days, fingerprints = {}, {}
        for day = 1, 12 do days[day] = shuffled({ "net::a", "net::b", "net::c", "net::d" }) end
        -- Now and then another one fails as well, or one of them does not.
        table.insert(days[5], 1, "aaa::flaky")
        days[8] = { "net::d", "net::b", "net::a" }
        for first = 1, 11 do
            for last = first + 1, 12 do
                local runs = {}
                for day = first, last do runs[#runs + 1] = run(day, days[day]) end
                local found = failures_of.of({ runs = runs })
                assert.equal(1, #found)
                fingerprints[found[1].fingerprint] = true
            end
        end
        assert.equal(1, #tables.sorted_keys(fingerprints))
    end)

    it("is another one when other tests fail, also where they share one", function()
        local found = failures_of.of({ runs = { run(1, { "a", "b", "c", "d" }), run(2, { "a", "x", "y", "z" }) } })
        assert.equal(2, #found)
        assert.are_not.equal(found[1].fingerprint, found[2].fingerprint)
    end)
end)

describe("the statistics", function()
    it("have the median of more failures than a function takes arguments", function()
        local failures = {}
        for i = 1, 20001 do
            local created_at = 1767225600 + i % 3 * 60
            failures[i] = {
                fingerprint = ("%016x"):format(i), workflow = "ci.yml", job = "build", cause = { title = "it failed" },
                occurrences = { { job = {}, run = { created_at = time.iso(created_at),
                    updated_at = time.iso(created_at + i) } } },
            }
        end
        assert.equal(10001, stats.of(failures, #failures, 1767225600).detection_median_s)
    end)
end)

describe("text from logs", function()
    it("has neither unseen characters nor secrets", function()
        local text = untrusted.clean("a\226\128\139b\27[31mc\226\128\174 ghp_0123456789abcdefghij0123456789abcdef "
            .. "https://ada:secret@example.org AKIAIOSFODNN7EXAMPLE")
        assert.equal("abc *** https://***@example.org ***", text)
    end)

    it("is cut by characters", function()
        local text = require("uhost.notify.text")
        assert.equal("äöü", (text.cut("äöü", 3)))
        assert.equal("äö…", (text.cut("äöüß", 3)))
    end)
end)

describe("the title of an issue", function()
    it("has at most 256 characters", function()
        local title = issue.title({ workflow_name = "ci", job = "build", cause = { title = ("ä"):rep(400) } })
        assert.equal(256, select(2, title:gsub("[^\128-\191]", "")))
        assert.matches("^%[CI Failure%] ci %- build: ä", title)
    end)
end)
