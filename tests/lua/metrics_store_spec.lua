-- What is kept of builds, and how it is read: lib.metrics.store, with the made-up builds of lib.metrics.demo.
local demo = require("lib.metrics.demo")
local store_of = require("lib.metrics.store")

local function run_of(key, fields)
    local run = {
        repository = "octo/cat", source = "github", key = key, workflow = "ci.yml", event = "push", branch = "main",
        commit_sha = key:rep(8):sub(1, 8), attempt = 1, conclusion = "success", url = "", created_at = 1000,
        version = "1", jobs = { {
            key = "j1", attempt = 1, name = "build (linux)", platform = "linux", arch = "x86_64", variant = "linux",
            runner = "ubuntu-latest", conclusion = "success", url = "", queue_s = 4, duration_s = 60,
            steps = { { name = "Check out", conclusion = "success", duration_s = 5 },
                { name = "Compile", conclusion = "success", duration_s = 55 } },
            caches = { { name = "ccache", hit = true, size_bytes = 10 } },
            artifacts = { { name = "kiln", size_bytes = 7 } },
            tests = { { suite = "oven", name = "heats", outcome = "passed", duration_s = 1.5 } },
        } },
    }
    for name, value in pairs(fields or {}) do run[name] = value end
    return run
end

local function all(iterator)
    local list = {}
    for row in iterator do list[#list + 1] = row end
    return list
end

describe("lib.metrics.store", function()
    local store
    before_each(function() store = store_of.open(true) end)

    it("gives what was kept", function()
        store_of.keep(store, { run_of("a"), run_of("b", { created_at = 2000 }) })
        local runs = all(store_of.runs(store, { repository = "octo/cat" }))
        assert.same({ "a", "b" }, { runs[1].key, runs[2].key })
        local step = all(store_of.steps(store, { commit = "bb" }))[2]
        assert.same({ "Compile", 55, "build (linux)", "linux", "main", 2000 },
            { step.name, step.duration_s, step.job, step.platform, step.branch, step.run_created_at })
        assert.equal(1, all(store_of.cache_uses(store, { commit = "a" }))[1].hit)
        assert.equal(7, all(store_of.artifacts(store, {}))[1].size_bytes)
        assert.equal("heats", all(store_of.tests(store, {}))[1].name)
        assert.same({ "octo/cat" }, store_of.repositories(store))
    end)

    it("replaces what it knows of a run, and leaves what is not given", function()
        store_of.keep(store, { run_of("a") })
        local again = run_of("a", { conclusion = "failure", attempt = 2 })
        again.jobs[1].steps = { { name = "Compile", conclusion = "failure", duration_s = 3 } }
        again.jobs[1].tests = nil
        store_of.keep(store, { again })
        local runs, steps = all(store_of.runs(store, {})), all(store_of.steps(store, {}))
        assert.same({ 1, "failure", 2 }, { #runs, runs[1].conclusion, runs[1].attempt })
        assert.same({ 1, "failure" }, { #steps, steps[1].conclusion })
        assert.equal(1, #all(store_of.tests(store, {})))
        assert.equal(1, #all(store_of.artifacts(store, {})))
    end)

    it("filters runs by their jobs, too", function()
        local other = run_of("b")
        other.jobs[1].platform = "macos"
        store_of.keep(store, { run_of("a"), other })
        local runs = all(store_of.runs(store, { platform = "macos" }))
        assert.same({ 1, "b" }, { #runs, runs[1].key })
    end)

    it("names a filter that it does not know", function()
        local ok, failure = pcall(store_of.runs, store, { platfrom = "macos" })
        assert.is_false(ok)
        assert.equal("argument", failure.kind)
        assert.truthy(failure.hint:find("platform", 1, true))
    end)

    it("gives durations by series, each by time", function()
        store_of.keep(store, { run_of("a", { created_at = 2000 }), run_of("b") })
        local points = {}
        for point in store_of.durations(store, "step", {}) do
            points[#points + 1] = ("%s %d"):format(point.step, point.at)
        end
        assert.same({ "Check out 1000", "Check out 2000", "Compile 1000", "Compile 2000" }, points)
    end)

    it("gives series by time, whatever came first", function()
        local runs = {}
        for i = 1, 500 do runs[i] = run_of(tostring(i), { created_at = 1000 + i * 7919 % 503, duration_s = i }) end
        store_of.keep(store, runs)
        local at = {}
        for _, run in ipairs(runs) do at[run.duration_s] = run.created_at end
        local series = store_of.series(store, "run", {})()
        assert.equal(500, #series.values)
        for i = 2, 500 do assert.is_true(at[series.values[i - 1]] <= at[series.values[i]]) end
    end)

    it("leaves jobs that failed out of durations, since they may have ended early", function()
        local failed = run_of("b")
        failed.jobs[1].conclusion = "failure"
        store_of.keep(store, { run_of("a"), failed })
        assert.equal(1, #all(store_of.durations(store, "job", {})))
        assert.equal(2, #all(store_of.durations(store, "queue", {})))
    end)

    it("keeps measures by name, subject and time", function()
        local measure = { name = "audit.needing_attention", subject = "tests", at = 5, value = 3 }
        store_of.keep_measures(store, "octo/cat", { measure })
        measure.value = 4
        store_of.keep_measures(store, "octo/cat", { measure, { name = "x", subject = "", at = 1, value = 0 } })
        local found = all(store_of.measures(store, { name = "audit.needing_attention" }))
        assert.same({ 1, 4 }, { #found, found[1].value })
    end)

    it("keeps how far a source was read", function()
        assert.is_nil(store_of.progress(store, "octo/cat", "github"))
        store_of.keep_progress(store, "octo/cat", "github", { before = "x" })
        store_of.keep_progress(store, "octo/cat", "github", { before = "y" })
        assert.equal("y", store_of.progress(store, "octo/cat", "github").before)
    end)
end)

describe("lib.metrics.demo", function()
    local function median(store, filter)
        local values = {}
        for point in store_of.durations(store, "step", filter) do
            if point.step == "Compile" then values[#values + 1] = point.value end
        end
        return require("lib.averages").median(values)
    end

    it("makes the same builds every time", function()
        local function digest()
            local store, parts = store_of.open(true), {}
            demo.fill(store, { builds = 40, before = 1.7e9 })
            for row in store_of.jobs(store, {}) do parts[#parts + 1] = json.encode(row) end
            return hash.text(table.concat(parts))
        end
        assert.equal(digest(), digest())
    end)

    it("gives each series as its durations are, in the same order", function()
        local store = store_of.open(true)
        demo.fill(store, { builds = 300, before = 1.7e9 })
        for _, kind in ipairs({ "run", "queue", "job", "step" }) do
            local function lists()
                local by_key = {}
                return by_key, function(series, run_id, value)
                    local key = table.concat({ series.repository, series.source, series.workflow, series.job,
                        series.step, series.platform, series.arch, series.variant }, "/")
                    by_key[key] = by_key[key] or {}
                    table.insert(by_key[key], ("%d %.3f"):format(run_id, value))
                end
            end
            local expected, expect = lists()
            for point in store_of.durations(store, kind, {}) do expect(point, point.run_id, point.value) end
            local found, find = lists()
            for series in store_of.series(store, kind, {}) do
                for i, value in ipairs(series.values) do find(series, series.run_ids[i], value) end
            end
            assert.is_true(next(expected) ~= nil)
            assert.same(expected, found)
        end
    end)

    it("makes what is planted true", function()
        local store = store_of.open(true)
        local shifts = demo.fill(store, { builds = 400, before = 1.7e9 })
        local shift = shifts[3]
        local first = all(store_of.runs(store, { commit = shift.commit_sha }))[1]
        local filter = { platform = "linux", source = "github", workflow = "ci.yml" }
        filter.before = first.created_at
        local before = median(store, filter)
        filter.before, filter.since = nil, first.created_at
        assert.is_true(median(store, filter) < 0.9 * before)
    end)
end)
