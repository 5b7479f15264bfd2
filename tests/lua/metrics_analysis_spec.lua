-- What is computed of builds, on small histories whose answers are known: lib.metrics.durations, changes and health.
local changes = require("lib.metrics.changes")
local durations = require("lib.metrics.durations")
local health = require("lib.metrics.health")
local rules_of = require("lib.metrics.rules")
local store_of = require("lib.metrics.store")

local hour_s, day_s = 3600, 86400
local start = math.floor(time.now()) - 60 * day_s

local function job_of(fields)
    local job = { key = "j", attempt = 1, name = "build", platform = "linux", arch = "x86_64", variant = "",
        runner = "ubuntu-latest", conclusion = "success", url = "", queue_s = 10, duration_s = 90, steps = {} }
    for name, value in pairs(fields or {}) do job[name] = value end
    return job
end

local last_key = 0
local function run_of(at, fields)
    last_key = last_key + 1
    local run = { repository = "o/n", source = "github", key = tostring(last_key), workflow = "ci.yml", event = "push",
        branch = "main", commit_sha = ("%040x"):format(last_key), number = last_key, attempt = 1,
        conclusion = "success", url = "", created_at = start + at, started_at = start + at + 10,
        completed_at = start + at + 100, queue_s = 10, duration_s = 90, version = "1", jobs = { job_of() } }
    for name, value in pairs(fields or {}) do run[name] = value end
    return run
end

local function store_with(runs)
    local store = store_of.open(true)
    store_of.keep(store, runs)
    return store
end

local filter = { repository = "o/n", since = start - 1 }

describe("durations", function()
    local rules = rules_of.load()

    it("cost whole minutes at the price of the runner", function()
        local minutes, cost = rules.cost({ runner = "ubuntu-latest", duration_s = 90 })
        assert.same({ 1.5, 2 * 0.006 }, { minutes, cost })
        local prices = {}
        for i, runner in ipairs({ "macos-14", "macos-14-large", "windows-2025", "ubuntu-24.04-arm",
            "self-hosted, linux", "a machine of ours" }) do
            prices[i] = select(2, rules.cost({ runner = runner, duration_s = 60 }))
        end
        assert.same({ 0.062, 0.077, 0.010, 0.005, 0, 0 }, prices)
    end)

    it("are quantiles of jobs that succeeded; counts and costs are of all", function()
        local store = store_with({ run_of(0), run_of(10, { jobs = { job_of({ duration_s = 110 }) } }),
            run_of(20, { conclusion = "failure", jobs = { job_of({ duration_s = 5, conclusion = "failure" }) } }) })
        local found = durations.jobs(store, filter, rules)
        local job = found.jobs[1]
        assert.same({ 3, 1, 100, 10 }, { job.count, job.failed, job.p50_s, job.queue_p50_s })
        assert.same({ 3, 205 / 60, 30 }, { found.total.jobs, found.total.minutes, found.total.queue_s })
        local runs = durations.runs(store, filter)
        assert.same({ 3, 2, 1 }, { runs.count, runs.succeeded, runs.failed })
    end)

    it("compare platforms with the one where the job is fastest", function()
        local runs = {}
        for i = 1, 20 do
            runs[i] = run_of(i, { jobs = {
                job_of({ key = "a", name = "build (linux)", duration_s = 100 + i % 3 }),
                job_of({ key = "b", name = "build (windows)", platform = "windows", duration_s = 150 + i % 3 }) } })
        end
        local rows = durations.across_platforms(store_with(runs), filter)
        assert.same({ "linux x86_64", "windows x86_64" }, { rows[1].platform, rows[2].platform })
        assert.is_nil(rows[1].percent)
        assert.is_true(math.abs(rows[2].percent - 49.5) < 0.1 and rows[2].p < 0.001)
    end)

    it("compare branches with main", function()
        local runs = {}
        for i = 1, 10 do
            runs[#runs + 1] = run_of(i, { duration_s = 60 + i % 2 })
            runs[#runs + 1] = run_of(i, { branch = "slow", duration_s = 90 + i % 2 })
        end
        runs[#runs + 1] = run_of(11, { branch = "new" })
        local rows = durations.across_branches(store_with(runs), filter, "main", 10)
        assert.same({ "slow", 10, 60.5, "new" }, { rows[1].branch, rows[1].count, rows[1].against_p50_s,
            rows[2].branch })
        assert.is_true(rows[1].percent > 45 and rows[1].p < 0.001)
        assert.is_nil(rows[2].p)
    end)

    it("drift by the median of slopes, which one odd week does not change", function()
        local weeks = {}
        for i = 1, 9 do weeks[i] = { week = time.date(start + 7 * day_s * i), p50_s = 100 + i } end
        assert.is_true(math.abs(durations.trend(weeks) - 100 * (30 / 7) / 105) < 0.2)
        local usual = durations.trend(weeks)
        weeks[9].p50_s = 1000
        assert.is_true(math.abs(durations.trend(weeks) - usual) < 0.6)
        assert.is_nil(durations.trend({ weeks[1], weeks[2], weeks[3] }))
    end)
end)

describe("changes", function()
    it("name the commit that each began at, and the one before", function()
        local runs = {}
        for i = 1, 60 do
            local seconds = (i < 31 and 100 or 130) + i * 7 % 5
            runs[i] = run_of(i * hour_s, { duration_s = seconds, jobs = { job_of({ duration_s = seconds,
                steps = { { name = "Compile", conclusion = "success", duration_s = seconds - 20 } } }) } })
        end
        local found = changes.find(store_with(runs), { repository = "o/n", branch = "main" },
            { min_percent = 3, min_s = 2, max_p = 0.001 })
        assert.same({ "run", "job", "step" }, { found[1].of, found[2].of, found[3].of })
        for _, change in ipairs(found) do
            assert.same({ runs[31].commit_sha, runs[30].commit_sha }, { change.commit_sha, change.previous_sha })
        end
        assert.same({ "Compile", 82, 112 }, { found[3].step, found[3].before_s, found[3].after_s })
        assert.same({}, changes.find(store_with(runs), { branch = "main" },
            { min_percent = 50, min_s = 2, max_p = 0.001 }))
    end)
end)

describe("health", function()
    local rules = rules_of.load()

    it("counts what flakes cost: how long what failed has run", function()
        local function attempt(number, conclusion, name)
            return job_of({ key = name .. number, name = name, attempt = number, conclusion = conclusion,
                duration_s = 60 })
        end
        local store = store_with({
            run_of(0, { attempt = 3, jobs = { attempt(1, "failure", "test"), attempt(2, "failure", "test"),
                attempt(3, "success", "test"), attempt(1, "success", "build") } }),
            run_of(10, { conclusion = "failure", jobs = { attempt(1, "failure", "test") } }),
        })
        local flakes = health.flakes(store, filter, rules)
        assert.equal(1, #flakes.jobs)
        assert.same({ "test", 1, 2 }, { flakes.jobs[1].job, flakes.jobs[1].flakes, flakes.jobs[1].minutes })
    end)

    it("finds jobs that time out and succeed on one commit, in several runs or in one", function()
        local function ran(conclusion, event, commit, workflow)
            return run_of(0, { event = event, commit_sha = commit, workflow = workflow,
                jobs = { job_of({ name = "test", conclusion = conclusion, duration_s = 60 }) } })
        end
        local one, other = ("ab"):rep(20), ("cd"):rep(20)
        local store = store_with({ ran("timed_out", "push", one, "ci.yml"),
            ran("success", "pull_request", one, "ci.yml"), ran("failure", "push", other, "ci.yml"),
            ran("success", "push", other, "nightly.yml"), ran("cancelled", "pull_request", other, "nightly.yml"),
            ran("failure", "push", "", "ci.yml"), ran("success", "push", "", "ci.yml") })
        local flakes = health.flakes(store, filter, rules).jobs
        assert.equal(1, #flakes)
        assert.same({ "ci.yml", "test", 1, 1 },
            { flakes[1].workflow, flakes[1].job, flakes[1].flakes, flakes[1].minutes })
    end)

    it("finds tests that pass and fail on one commit", function()
        local sha = ("ab"):rep(20)
        local function tested(outcome, commit)
            return run_of(0, { commit_sha = commit or sha, jobs = { job_of({ tests = {
                { suite = "door", name = "closes", outcome = outcome },
                { suite = "door", name = "locks", outcome = "passed" } } }) } })
        end
        local store = store_with({ tested("failed"), tested("passed"), tested("failed", ("cd"):rep(20)) })
        assert.same({ { suite = "door", test = "closes", commits = 1 } }, health.flakes(store, filter, rules).tests)
    end)

    it("measures how long a workflow stayed broken", function()
        local store = store_with({ run_of(0), run_of(hour_s, { conclusion = "failure" }),
            run_of(2 * hour_s, { conclusion = "failure" }), run_of(5 * hour_s),
            run_of(6 * hour_s, { conclusion = "failure" }) })
        assert.same({ repaired = 1, median_s = 4 * hour_s, broken = 1 }, health.repair(store, filter))
    end)

    it("gives DORA's four measures", function()
        local function deployment(at, conclusion)
            return run_of(at, { workflow = "deploy.yml", conclusion = conclusion or "success" })
        end
        local store = store_with({ run_of(0), run_of(hour_s), deployment(4 * hour_s), run_of(5 * hour_s),
            deployment(6 * hour_s, "failure"), deployment(9 * hour_s) })
        local dora = health.dora(store, filter, "main", rules)
        assert.same({ 2, 4 * hour_s + 100, 100 / 3, 3 * hour_s }, { dora.deployments, dora.lead_time_median_s - 0,
            dora.failure_rate_percent, dora.restore_median_s })
        assert.is_nil(health.dora(store_with({ run_of(0) }), filter, "main", rules))
    end)

    it("measures the worth of a cache by jobs without a hit", function()
        local runs = {}
        for i = 1, 20 do
            local hit = i % 4 ~= 0
            runs[i] = run_of(i, { jobs = { job_of({ duration_s = hit and 60 + i % 2 or 180 + i % 2,
                caches = { { name = "ccache", hit = hit, size_bytes = 7 } } }) } })
        end
        local cache = health.caches(store_with(runs), filter)[1]
        assert.same({ 20, 15, 75, 7 }, { cache.uses, cache.hits, cache.hit_rate_percent, cache.size_bytes })
        assert.is_true(math.abs(cache.saves_s - 120) <= 1 and cache.p < 0.01)
        assert.equal(cache.saves_s * 15 / 60, cache.saved_minutes)
    end)
end)

describe("workflows of uhost", function()
    it("leave measures of failures", function()
        local main, store = db.open(":memory:"), store_of.open(true)
        local failures = require("lib.ci_failures.store")
        failures.prepare(main)
        failures.keep_statistics(main, "o/n", { open = 3, failures = 12, lost_minutes = 7.5,
            detection_median_s = json.null })
        assert.equal(3, require("lib.metrics.workflows").collect(store, main, "o/n"))
        local found = {}
        for measure in store_of.measures(store, { name = "ci_failures.open" }) do found[#found + 1] = measure.value end
        assert.same({ 3 }, found)
    end)

    it("leave measures of the syncs of the fork here", function()
        local ok, repo = pcall(git.open, ".")
        if not ok then return pending("these tests run outside of a repository") end
        local main, store = db.open(":memory:"), store_of.open(true)
        require("lib.upstream.store").prepare(main)
        local syncs = require("lib.upstream.syncs")
        for _, fork in ipairs({ syncs.fork_of(repo), "/somewhere/else" }) do
            local id = syncs.begin_sync(main, { project = "rust", fork = fork, to_version = "1.84.0",
                started_at = time.iso(start) })
            syncs.update_sync(main, id, { status = "success", completed_at = time.iso(start + 2 * hour_s),
                conflicts_count = 5 })
        end
        require("lib.metrics.workflows").collect(store, main, "o/n")
        local found = {}
        for measure in store_of.measures(store, { repository = "o/n" }) do
            found[measure.name] = (found[measure.name] or 0) + measure.value
            assert.equal("1.84.0", measure.subject)
        end
        assert.same({ 2, 1, 5 }, { found["upstream.sync_hours"], found["upstream.sync_succeeded"],
            found["upstream.sync_conflicts"] })
    end)
end)

describe("the machine of a job", function()
    it("is known from labels, else from its matrix", function()
        local machine = require("lib.metrics.machine")
        local function of(labels, name) return table.concat({ machine.of(labels, name or "build") }, " ") end
        assert.equal("linux x86_64", of({ "ubuntu-latest" }))
        assert.equal("linux arm64", of({ "ubuntu-24.04-arm" }))
        assert.equal("macos arm64", of({ "macos-14" }))
        assert.equal("macos x86_64", of({ "macos-13" }))
        assert.equal("macos x86_64", of({ "macos-14-large" }))
        assert.equal("linux arm64", of({ "self-hosted", "Linux", "ARM64" }))
        assert.equal("windows x86_64", of({ "big" }, "test (windows-msvc, x64)"))
        assert.equal(" ", of({ "big" }))
    end)
end)
