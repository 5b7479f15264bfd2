-- `uhost metrics collect`, against the stand-in for GitHub, and with files of test runners and of the build runner.
local metrics_world = require("support.metrics_world")
local servers = require("support.servers")

local run, with = metrics_world.run, metrics_world.with

local function requests_for(world, pattern)
    local count = 0
    for _, request in ipairs(world.report().requests) do
        if request.path:find(pattern) then count = count + 1 end
    end
    return count
end

describe("uhost metrics collect", function()
    it("keeps runs, jobs and steps with how long they waited and took", function()
        with(function(world)
            world.runs({ run(1, 30, { queue_s = 7, lasts_s = 90 }) })
            local result = world.collect()
            assert.matches("o/n: 1 run %(1 of them new or changed%), 0 artifacts, 0 caches", result.stdout)
            local job = world.rows("SELECT * FROM metrics_jobs")[1]
            assert.same({ "build (linux)", "linux", "x86_64", "linux", "ubuntu-latest", "success", 7, 90 },
                { job.name, job.platform, job.arch, job.variant, job.runner, job.conclusion, job.queue_s,
                    job.duration_s })
            local steps = world.rows("SELECT name, duration_s FROM metrics_steps ORDER BY position")
            assert.same({ { name = "Check out", duration_s = 10 }, { name = "Compile", duration_s = 80 } }, steps)
            local kept = world.rows("SELECT * FROM metrics_runs")[1]
            assert.same({ "ci.yml", 7, 90, "success" },
                { kept.workflow, kept.queue_s, kept.duration_s, kept.conclusion })
        end)
    end)

    it("asks nothing again of runs that have not changed", function()
        with(function(world)
            local list = {}
            for i = 1, 30 do list[i] = run(i, 100 - i) end
            world.runs(list)
            world.collect()
            world.control({ forget = true })
            assert.matches("30 runs %(0 of them", world.collect().stdout)
            assert.equal(0, requests_for(world, "/jobs"))
            world.runs({ run(31, 2) })
            assert.matches("31 runs %(1 of them", world.collect().stdout)
            assert.equal(1, requests_for(world, "/jobs"))
            assert.equal(31, world.rows("SELECT count(*) AS count FROM metrics_jobs")[1].count)
        end)
    end)

    it("keeps the jobs of all attempts, and the duration of the newest", function()
        with(function(world)
            local began = metrics_world.hours_ago(10)
            local job = metrics_world.job
            world.runs({ run(1, 10, { jobs = false, attempts = {
                { conclusion = "failure", jobs = { job("test", began, { conclusion = "failure", lasts_s = 30 }) } },
                { conclusion = "success", jobs = { job("test", metrics_world.hours_ago(9), { lasts_s = 50 }) } },
            } }) })
            world.collect()
            local jobs = world.rows("SELECT attempt, conclusion, duration_s FROM metrics_jobs ORDER BY attempt")
            assert.same({ { attempt = 1, conclusion = "failure", duration_s = 30 },
                { attempt = 2, conclusion = "success", duration_s = 50 } }, jobs)
            assert.equal(50, world.rows("SELECT duration_s FROM metrics_runs")[1].duration_s)
        end)
    end)

    it("goes on where GitHub has failed in the middle", function()
        with(function(world)
            local list = {}
            for i = 1, 20 do list[i] = run(i, 24 * (60 - 2 * i)) end
            world.runs(list)
            world.control({ faults = { { path = "/repos/o/n/actions/runs/15/jobs", kind = "status", status = 502,
                times = 100 } } })
            local result = world.metrics("collect")
            assert.equal(3, result.code)
            assert.matches("what was read so far is kept", result.stderr)
            local before = world.rows("SELECT count(*) AS count FROM metrics_runs")[1].count
            assert.is_true(before > 0 and before < 20)
            world.control({ faults = json.array(), forget = true })
            world.collect()
            assert.equal(20, world.rows("SELECT count(*) AS count FROM metrics_runs")[1].count)
            assert.is_true(requests_for(world, "/jobs") <= 20 - before)
        end)
    end)

    it("goes on where Ctrl-C ended it", function()
        with(function(world)
            local list = {}
            for i = 1, 40 do list[i] = run(i, 24 * (80 - 2 * i)) end
            world.runs(list)
            world.control({ latency_ms = 30 })
            local command = world.command({ "collect" })
            command.timeout_s = nil
            command[1], command[2] = "bash", "-c"
            command[3], command[4] = 'exec "$0" metrics collect 2>&1', os.getenv("UHOST") or "uhost"
            local child = process.start(command)
            repeat local line = child:read_line(60) until line:find("[1-9]%d* were read")
            child:kill("INT")
            assert.equal(130, child:wait().code)
            local before = world.rows("SELECT count(*) AS count FROM metrics_runs")[1].count
            assert.is_true(before > 0)
            world.control({ latency_ms = 0, forget = true })
            world.collect()
            assert.equal(40, world.rows("SELECT count(*) AS count FROM metrics_runs")[1].count)
            assert.is_true(requests_for(world, "/jobs") <= 40 - before)
        end)
    end)

    it("keeps what it has read when the rate limit is longer than it may wait", function()
        with(function(world)
            local list = {}
            for i = 1, 30 do list[i] = run(i, 24 * (60 - 2 * i)) end
            world.runs(list)
            world.control({ rate = { core = { remaining = 20, reset_in_s = 900 } } })
            local result = world.metrics("collect", "--max-wait", "1")
            assert.equal(3, result.code)
            assert.matches("what was read so far is kept", result.stderr)
            assert.is_true(world.rows("SELECT count(*) AS count FROM metrics_runs")[1].count > 0)
        end)
    end)

    it("changes nothing in a dry run", function()
        with(function(world)
            world.runs({ run(1, 5) })
            local command = world.command({ "collect" })
            table.insert(command, 2, "--dry-run")
            assert.equal(0, process.run(command).code)
            assert.is_false(fs.exists(world.state .. "/metrics.sqlite"))
        end)
    end)

    it("reads a period of more than 1,000 runs in parts", function()
        with(function(world)
            local list = {}
            for i = 1, 1300 do
                list[i] = run(i, 24 * 3 + (1300 - i) / 100, { jobs = json.array() })
            end
            world.runs(list)
            world.collect("--since", "4 days")
            assert.equal(1300, world.rows("SELECT count(*) AS count FROM metrics_runs")[1].count)
        end)
    end)

    it("keeps what two collections at once read, once", function()
        with(function(world)
            local list = {}
            for i = 1, 25 do list[i] = run(i, 100 - i) end
            world.runs(list)
            local results = task.map({ 1, 2 }, function() return world.metrics("collect") end)
            assert.same({ 0, 0 }, { results[1].code, results[2].code })
            local count = world.rows([[SELECT (SELECT count(*) FROM metrics_runs) AS runs,
                (SELECT count(*) FROM metrics_jobs) AS jobs, (SELECT count(*) FROM metrics_steps) AS steps]])[1]
            assert.same({ runs = 25, jobs = 25, steps = 50 }, count)
        end)
    end)

    it("keeps sizes of artifacts and caches", function()
        with(function(world)
            world.runs({ run(1, 5) })
            world.control({ repository = "o/n", artifacts = { { run = 1, name = "kiln", files = { a = "hello" } } },
                caches = { { key = "ccache-1", ref = "refs/heads/main", size_in_bytes = 480 } } })
            assert.matches("1 artifact, 1 cache", world.collect().stdout)
            assert.matches("0 artifacts, 1 cache", world.collect().stdout)
            assert.equal("kiln", world.rows("SELECT name FROM metrics_artifacts")[1].name)
            assert.equal(480, world.rows("SELECT size_bytes FROM metrics_cache_entries")[1].size_bytes)
        end)
    end)

    it("says what it found as JSON, too", function()
        with(function(world)
            world.runs({ run(1, 5), run(2, 4) })
            local text = world.collect("--json").stdout
            require("support.ci_world").assert_schema("metrics_collect", text)
            local found = json.decode(text)
            assert.same({ "o/n", 2, 2, 0 }, { found.repository, found.runs.listed, found.runs.read, found.caches })
        end)
    end)

    it("says what it needs without a repository, and without a token that holds", function()
        with(function(world)
            world.env = { GITHUB_REPOSITORY = false }
            local result = world.metrics("collect")
            assert.equal(2, result.code)
            assert.matches("add %-%-github OWNER/NAME", result.stderr)
            world.env = { GITHUB_TOKEN = "ghp_wrongwrongwrongwrongwrongwrongwrongwr" }
            assert.equal(3, world.metrics("collect").code)
            world.control({ forgive = true })
        end)
    end)
end)

local build = { timestamp = "2026-11-30T08:00:00Z", platform = "linux", arch = "x86_64", variant = "debug",
    run_id = "77", commit_sha = ("ab"):rep(20), phases = { total = 61.5, build = 50, ["build/compile"] = 45 },
    cache = { ccache_hit = true }, artifacts = { kiln_size_mb = 3.5 } }

local function in_files(files, body)
    servers.in_folder(function(folder)
        for name, text in pairs(files) do fs.write(folder .. "/" .. name, text) end
        local function collect(...)
            local command = { os.getenv("UHOST") or "uhost", "metrics", "collect", "--no-github" }
            for _, argument in ipairs({ ... }) do command[#command + 1] = argument end
            command.cwd, command.timeout_s = folder, 60
            command.env = { UHOST_STATE = folder .. "/state", GITHUB_REPOSITORY = "o/n", GITHUB_RUN_ID = false,
                GITHUB_SHA = false, GITHUB_REF_NAME = "main", GITHUB_HEAD_REF = false, GITHUB_TOKEN = false,
                GH_TOKEN = false }
            return process.run(command)
        end
        body(collect, function(sql)
            return db.open(folder .. "/state/metrics.sqlite", { read_only = true }):query(sql)
        end)
    end)
end

describe("uhost metrics collect --no-github", function()
    it("keeps what the build runner measured, once", function()
        local other = tables.copy(build)
        other.platform, other.phases = "macos", { total = 80 }
        in_files({ ["a.json"] = json.encode(build), ["b.json"] = json.encode(other) }, function(collect, rows)
            for _ = 1, 2 do
                local result = collect("--build-json", "a.json", "b.json")
                assert.equal(0, result.code, result.stderr)
            end
            local kept = rows("SELECT * FROM metrics_runs")
            assert.same({ 1, "77", 80, "main", "build" },
                { #kept, kept[1].key, kept[1].duration_s, kept[1].branch, kept[1].workflow })
            assert.same({ { name = "build" }, { name = "build/compile" } }, rows("SELECT name FROM metrics_steps"))
            assert.same({ { name = "ccache", hit = 1 } }, rows("SELECT DISTINCT name, hit FROM metrics_cache_uses"))
            assert.same({ { name = "kiln", size_bytes = 3500000 } },
                rows("SELECT DISTINCT name, size_bytes FROM metrics_artifacts"))
        end)
    end)

    it("keeps results of tests of JUnit, ctest and libtest", function()
        in_files({
            ["junit.xml"] = [[<?xml version="1.0"?><testsuites><testsuite name="oven" timestamp="2026-11-30T08:00:00">
                <testcase name="heats" classname="oven.Heat" time="1,234.5"/>
                <testcase name="cools" classname="oven.Heat" time="0.5"><failure message="&lt;hot&gt;"/></testcase>
                <testcase name="opens" time="0"><skipped/></testcase></testsuite></testsuites>]],
            ["Test.xml"] = [[<Site><Testing><StartTestTime>1764489600</StartTestTime><Test Status="passed">
                <Name>door</Name><Results><NamedMeasurement type="numeric/double" name="Execution Time">
                <Value>0.25</Value></NamedMeasurement></Results></Test>
                <Test Status="notrun"><Name>lock</Name></Test></Testing></Site>]],
            ["libtest.txt"] = "running 2 tests\ntest oven::heats ... ok <0.001s>\ntest oven::cools ... FAILED\n",
            ["libtest.json"] = '{ "type": "test", "event": "started", "name": "glaze::sets" }\n'
                .. '{ "type": "test", "name": "glaze::sets", "event": "ok", "exec_time": 0.5 }\nnot JSON\n',
        }, function(collect, rows)
            local result = collect("--tests", "junit.xml", "Test.xml", "libtest.txt", "libtest.json")
            assert.equal(0, result.code, result.stderr)
            assert.matches("o/n: 8 tests", result.stdout)
            local found = {}
            for _, row in ipairs(rows("SELECT * FROM metrics_tests ORDER BY suite, name, duration_s")) do
                found[#found + 1] = ("%s/%s %s %s"):format(row.suite, row.name, row.outcome, row.duration_s or "-")
            end
            assert.same({ "/door passed 0.25", "/lock skipped -", "glaze/sets passed 0.5", "oven/cools failed -",
                "oven/heats passed 0.001", "oven/opens skipped 0", "oven.Heat/cools failed 0.5",
                "oven.Heat/heats passed 1234.5" }, found)
        end)
    end)

    it("keeps names of tests as text, though they are cut or no UTF-8", function()
        in_files({
            ["junit.xml"] = ('<testsuite><testcase name="%sé"/></testsuite>'):format(("x"):rep(299)),
            ["libtest.txt"] = "test oven::a\255b ... ok\n",
        }, function(collect, rows)
            local result = collect("--tests", "junit.xml", "libtest.txt")
            assert.equal(0, result.code, result.stderr)
            local kept = json.decode(rows("SELECT json_group_array(name) AS names FROM metrics_tests")[1].names)
            table.sort(kept)
            assert.same({ "a\239\191\189b", ("x"):rep(299) .. "\239\191\189" }, kept)
        end)
    end)

    it("names a file that it cannot read, and what is wrong with it", function()
        local broken = tables.copy(build)
        broken.phases = { total = -1 }
        in_files({ ["broken.json"] = json.encode(broken), ["cut.xml"] = "<testsuites><testsuite",
            ["empty.txt"] = "hello\n", ["list.json"] = "[1]", ["other.xml"] = "<feed/>" }, function(collect)
            for _, each in ipairs({ { "--build-json", "broken.json", "phases" }, { "--tests", "cut.xml", "XML" },
                { "--tests", "empty.txt", "no results" }, { "--build-json", "list.json", "is missing" },
                { "--tests", "other.xml", "<feed>" }, { "--audit-json", "list.json", "not a report of an audit" } }) do
                local result = collect(each[1], each[2])
                assert.equal(2, result.code, result.stderr)
                assert.truthy(result.stderr:find(each[2], 1, true), result.stderr)
                assert.truthy(result.stderr:find(each[3], 1, true), result.stderr)
            end
        end)
    end)

    it("keeps the counts of an audit", function()
        in_files({ ["audit.json"] = json.encode({ verdicts = json.array(), stats = { issues = 4,
            needing_attention = 2, path = "tests/crashes" } }) }, function(collect, rows)
            assert.equal(0, collect("--audit-json", "audit.json").code)
            assert.same({ { name = "audit.issues", value = 4 }, { name = "audit.needing_attention", value = 2 } },
                rows("SELECT name, value FROM metrics_measures ORDER BY name"))
        end)
    end)
end)
