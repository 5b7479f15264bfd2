-- Which tests passed and failed in a run, from the test reports (JUnit's XML) among its artifacts. They come from
-- whoever can change the repository's tests: archives and documents have limits, and what cannot be read is left out.
local scan = require("lib.ci_failures.scan")
local test_results = require("lib.metrics.test_results")

local M = {}

local max_archive_bytes, max_report_bytes = 20 * 1024 * 1024, 16 * 1024 * 1024
local max_artifacts, max_members, max_tests = 5, 100, 5000
local max_runs, at_once = 60, 4

local migrations = { [[
    CREATE TABLE ci_test_reports (
        repository TEXT NOT NULL, run INTEGER NOT NULL, updated_at TEXT NOT NULL, tests TEXT NOT NULL,
        PRIMARY KEY (repository, run)) STRICT
]] }

---@class ci_failures.TestOutcome
---@field artifact string  the name of the artifact
---@field attempt integer
---@field suite string
---@field name string
---@field outcome "passed"|"failed"

--- Prepares a store.
---@param store db.Connection
function M.prepare(store) store:migrate("ci_test_reports", migrations) end

-- Archives ------------------------------------------------------------------------------------------------------------

local function unzip(...)
    local command = { "unzip", ... }
    command.stdout, command.stderr, command.reads = "capture", "capture", true
    command.max_output_bytes, command.timeout_s = max_report_bytes, 60
    return process.run(command)
end

local function reports_in(archive)
    local names, listed = {}, unzip("-Z1", "--", archive)
    for name in listed.code == 0 and listed.stdout:gmatch("[^\r\n]+") or function() end do
        if name:lower():find("%.xml$") and #names < max_members then names[#names + 1] = name end
    end
    return names
end

-- What unzip takes for a pattern, as it is.
local function literal(name) return (name:gsub("[%[%]*?\\]", "\\%0")) end

local function add_report(tests, archive, name, place)
    local unpacked = unzip("-p", "--", archive, literal(name))
    if unpacked.code ~= 0 then return end
    for _, test in ipairs(test_results.read(name, unpacked.stdout).tests) do
        if #tests >= max_tests then return end
        if test.outcome ~= "skipped" then
            tests[#tests + 1] = { artifact = place.artifact.name, attempt = place.attempt, suite = test.suite,
                name = test.name, outcome = test.outcome }
        end
    end
end

-- What cannot be read says nothing of the rest. Gives whether it could be.
local function try(work, ...)
    local ok, failure = pcall(work, ...)
    if ok then return true end
    if not uhost.is_error(failure) or failure.kind == "interrupted" then error(failure, 0) end
    if failure.kind == "process.not_found" then
        uhost.fail("ci_failures.no_unzip", "unzip is needed to read test reports, and is not installed",
            { hint = "apt-get install unzip, or test_reports = {} in policies/ci_failures.lua" })
    end
    log.debug(failure)
    return false
end

-- Runs ----------------------------------------------------------------------------------------------------------------

local function is_report(name, words)
    for _, word in ipairs(words) do
        if name:lower():find(word, 1, true) then return true end
    end
    return false
end

-- The attempt that left an artifact: the last that had begun by then.
local function attempt_of(run, artifact)
    local attempt = 1
    for _, job in ipairs(run.jobs) do
        local has_begun = job.started_at and artifact.created_at and job.started_at <= artifact.created_at
        if has_begun and job.attempt > attempt then attempt = job.attempt end
    end
    return attempt
end

local function read_artifact(repo, run, artifact, tests)
    local folder = fs.temp_dir()
    task.finally(function()
        local archive = fs.join(folder:path(), "archive.zip")
        if not repo:download_artifact(artifact.id, archive) then return end
        local place = { artifact = artifact, attempt = attempt_of(run, artifact) }
        for _, name in ipairs(reports_in(archive)) do try(add_report, tests, archive, name, place) end
    end, function() folder:close() end)
end

local function tests_of(repo, run, words)
    local tests, count, is_whole = json.array({}), 0, true
    for artifact in repo:artifacts{ run = run.id, limit = 100 } do
        local is_wanted = not artifact.is_expired and is_report(artifact.name, words)
            and artifact.size_bytes <= max_archive_bytes
        if is_wanted and count < max_artifacts then
            count = count + 1
            is_whole = try(read_artifact, repo, run, artifact, tests) and is_whole
        end
    end
    return tests, is_whole
end

local function known_tests(store, repository)
    local known = {}
    for row in store:each("SELECT * FROM ci_test_reports WHERE repository = ?", { repository }) do
        known[row.run] = row
    end
    return known
end

-- The newest runs of which more than the conclusion is known, and those on the same commits.
local function wanted_runs(runs)
    local commits, list = {}, {}
    for _, run in ipairs(runs) do
        local has_failed = run.conclusion ~= "success" or run.attempt > 1
        if run.is_read and has_failed then commits[scan.content_of(run)] = true end
    end
    for i = #runs, 1, -1 do
        local run = runs[i]
        if run.is_read and commits[scan.content_of(run)] and #list < max_runs then list[#list + 1] = run end
    end
    return list
end

--- Gives runs their `tests`, each of which is asked for once.
---@param repo github.Repository
---@param store db.Connection
---@param runs ci_failures.Run[]
---@param words string[]  parts of artifacts' names
function M.add(repo, store, runs, words)
    if #words == 0 or uhost.dry_run then return end  -- archives are written to a temporary folder
    local known, missing = known_tests(store, repo.name), {}
    for _, run in ipairs(wanted_runs(runs)) do
        local row = known[run.id]
        if row and row.updated_at == run.updated_at then
            run.tests = json.decode(row.tests)
        else
            missing[#missing + 1] = run
        end
    end
    task.map(missing, function(run)
        run.tests, run.has_all_tests = tests_of(repo, run, words)
        return true
    end, { concurrency = at_once })
    store:transaction(function()
        for _, run in ipairs(missing) do
            if run.has_all_tests then
                store:execute("INSERT OR REPLACE INTO ci_test_reports VALUES (?, ?, ?, ?)",
                    { repo.name, run.id, run.updated_at, json.encode(run.tests) })
            end
        end
    end)
end

return M
