-- A year of made-up builds, and what the other workflows would have kept beside them. Nothing of it is kept.
local alerts = require("lib.alerts")
local builds_demo = require("lib.metrics.demo")
local builds_store = require("lib.metrics.store")
local events = require("lib.events")
local syncs = require("lib.upstream.syncs")

local M = {}

local causes = {
    { "kb", "The linker cannot find -lzstd", "build (linux, release)", 31 },
    { "test", "door closes_in_time", "test (macos, debug)", 4 },
    { "kb", "The runner has no disk space left", "build (windows, release)", 67 },
    { "tests", "3 tests of glaze failed", "test (linux, debug)", 150 },
    { "passage", "error: the kiln is too hot", "docs", 203 },
}

local function failure(repository, number, days_ago)
    local kind, title, job, period = unpack(causes[number])
    local id = number * 1000 + days_ago
    local created_at = time.iso(time.ago(("%d days"):format(days_ago)))
    return {
        id = id, workflow = "ci.yml", workflow_name = "CI", number = id, attempt = 1, event = "push", branch = "main",
        head_sha = hash.text(("kiln %d"):format(id), "sha1"), status = "completed", conclusion = "failure",
        created_at = created_at, updated_at = created_at, pulls = {}, is_read = true, period = period,
        url = ("https://github.com/%s/actions/runs/%d"):format(repository, id),
        jobs = { { id = id, run = id, attempt = 1, name = job, conclusion = "failure", started_at = created_at,
            completed_at = time.iso(time.parse(created_at) + 120 + number * 60 + days_ago % 7 * 20),
            url = ("https://github.com/%s/actions/runs/%d/job/%d"):format(repository, id, id),
            causes = { { key = title, kind = kind, title = title, context = {}, commands = {}, docs = {}, tests = {},
                failed_tests = 0 } } } },
    }
end

local function fill_failures(history, repository)
    local store_of = require("lib.ci_failures.store")
    local runs = {}
    for number, cause in ipairs(causes) do
        for days_ago = number, 364, cause[4] do runs[#runs + 1] = failure(repository, number, days_ago) end
        store_of.keep_fingerprint(history, repository, cause[2], { issue = number,
            state = number < 3 and "open" or "closed" })
    end
    store_of.keep(history, repository, runs)
end

local conflicts = { { "passes.rs", "auto", "hook_after_provide" }, { "builtin_attrs.rs", "auto", "attribute_list" },
    { "Cargo.lock", "auto", "regenerate" }, { "options.rs", "manual" }, { "README.md", "pattern" } }

local function fill_sync(history, number, days_ago)
    local started = time.ago(("%d days"):format(days_ago))
    local id = syncs.begin_sync(history, { project = "rust", fork = "demo",
        from_version = ("1.%d.0"):format(79 + number),
        to_version = ("1.%d.0"):format(80 + number), started_at = time.iso(started) })
    for i, conflict in ipairs(conflicts) do
        for _ = 1, (number * 7 + i * 3) % 4 do
            syncs.record_resolution(history, id, { file_path = conflict[1], conflict_type = "content",
                resolution_type = conflict[2], rule = conflict[3], resolution_description = "" })
        end
    end
    local has_failed = number == 4
    syncs.finish_sync(history, id, { status = has_failed and "failed" or "success", tests_passed = 1200,
        tests_failed = has_failed and 3 or 0 })
    syncs.update_sync(history, id, { completed_at = time.iso(started + 3600 * (1 + number % 4)) })
end

local function fill_events(history)
    local newest = { kind = "upstream.release", key = "demo release", severity = "warning",
        title = "rust 1.89.0 was released, impact HIGH", created_at = time.iso(time.ago("2 days")) }
    events.raise(history, newest)
    history:execute("INSERT OR REPLACE INTO upstream_checks VALUES ('rust', ?, '1.89.0', 0)", { time.iso(time.now()) })
    alerts.keep(history, "demo", "upstream", { { id = "releases_behind", metric = "releases_behind", value = 1,
        threshold = 0, target = 0, severity = "warning", message = "the fork is 1 release behind rust" } })
end

-- A log of each job of the newest builds.
local function fill_logs(builds, logs)
    local number = 0
    for job in builds_store.jobs(builds, { since = time.ago("30 days") }) do
        number = number + 1
        logs:execute([[INSERT OR IGNORE INTO log_runs (repository, name, attempt, workflow, branch, event, head_sha,
            conclusion, created_at, url) VALUES (:repository, :name, :attempt, :workflow, :branch, :event, :sha,
                :conclusion,
            :at, :url)]], { repository = job.repository, name = tostring(job.number), attempt = job.attempt,
            workflow = job.workflow, branch = job.branch, event = job.event, sha = job.commit_sha,
            conclusion = job.run_conclusion, at = time.iso(job.run_created_at), url = job.url })
        logs:execute([[INSERT OR IGNORE INTO log_jobs (run, name, conclusion, segment, first_line, lines, bytes, digest)
            SELECT max(id), :name, :conclusion, 0, :number * 10000, :lines, :lines * 84, :number FROM log_runs]],
            { name = job.name, conclusion = job.conclusion, number = number, lines = math.floor(job.duration_s * 3) })
    end
end

---@param builds db.Connection
---@param history db.Connection
---@param logs db.Connection
function M.fill(builds, history, logs)
    builds_demo.fill(builds)
    fill_failures(history, builds_demo.repository)
    fill_logs(builds, logs)
    for number = 1, 8 do fill_sync(history, number, (9 - number) * 42 - 1) end
    fill_events(history)
end

return M
