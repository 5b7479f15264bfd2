-- What builds left in files: measurements of the build runner, results of tests, reports of audits.
local audits = require("lib.metrics.audits")
local store_of = require("lib.metrics.store")
local test_results = require("lib.metrics.test_results")

local M = {}

---@class metrics.Origin  what the files do not say themselves
---@field repository string
---@field run string?  the run that they belong to
---@field branch string?
---@field commit string?
---@field built_commit string?  where neither that nor the run says: of a pull request, the merge that GitHub made
---@field job string?

local function invalid(path, why)
    uhost.fail("usage", ("%s: %s"):format(path, why), { details = { path = path },
        hint = "uhost schema build_metrics describes what build.metrics() gives" })
end

local function text_in(path)
    local text = fs.read(path)
    if not text then
        uhost.fail("usage", ("%s: there is no such file"):format(path), { details = { path = path },
            hint = "name a file that a build has written" })
    end
    return text
end

local function read_json(path)
    local ok, value = pcall(json.decode, text_in(path))
    if not ok then invalid(path, value.message or tostring(value)) end
    if type(value) ~= "table" then invalid(path, "there is no object in it") end
    return value
end

-- What GitHub says of the run is kept beside; without it, where the build ran does.
local function context_of(store, origin, key)
    local run = store:one([[SELECT branch, event, commit_sha FROM metrics_runs WHERE repository = ? AND key = ?
        ORDER BY source DESC]], { origin.repository, key }) or {}
    return {
        branch = origin.branch or run.branch or "", event = run.event or "",
        commit_sha = origin.commit or run.commit_sha or origin.built_commit or "",
    }
end

local function keep(store, origin, run, job)
    local context = context_of(store, origin, run.key)
    store_of.keep(store, { {
        repository = origin.repository, source = "build", key = run.key, workflow = run.workflow,
        event = context.event, branch = context.branch, commit_sha = run.commit_sha or context.commit_sha, attempt = 1,
        conclusion = job.conclusion, url = "", created_at = run.at, started_at = run.at, version = "",
        duration_s = job.duration_s, jobs = { job },
    } })
    -- A run of several platforms takes as long as the slowest.
    store:execute([[UPDATE metrics_runs SET
        duration_s = (SELECT max(duration_s) FROM metrics_jobs WHERE run_id = metrics_runs.id),
        conclusion = CASE WHEN EXISTS (SELECT 1 FROM metrics_jobs WHERE run_id = metrics_runs.id
            AND conclusion = 'failure') THEN 'failure' ELSE 'success' END
        WHERE repository = ? AND source = 'build' AND key = ?]], { origin.repository, run.key })
end

-- Measurements of the build runner ------------------------------------------------------------------------------------

local function numbers_of(path, value, name)
    if type(value) ~= "table" then invalid(path, ("'%s' is missing"):format(name)) end
    for key, number in pairs(value) do
        if type(key) ~= "string" or type(number) ~= "number" or number < 0 then
            invalid(path, ("'%s' has to hold numbers of at least 0, by name"):format(name))
        end
    end
    return value
end

local function text_of(path, value, name)
    if type(value) ~= "string" or value == "" then invalid(path, ("'%s' is missing"):format(name)) end
    return value
end

local function build_parts(path, document)
    local steps, caches, artifacts = {}, {}, {}
    local phases = numbers_of(path, document.phases, "phases")
    for _, name in ipairs(tables.sorted_keys(phases)) do
        if name ~= "total" then
            steps[#steps + 1] = { name = name, conclusion = "success", duration_s = phases[name] }
        end
    end
    for _, name in ipairs(tables.sorted_keys(document.cache or {})) do
        caches[#caches + 1] = { name = (name:gsub("_hit$", "")), hit = document.cache[name] == true }
    end
    local sizes = numbers_of(path, document.artifacts or {}, "artifacts")
    for _, name in ipairs(tables.sorted_keys(sizes)) do
        artifacts[#artifacts + 1] = { name = (name:gsub("_size_mb$", "")),
            size_bytes = math.floor(sizes[name] * 1e6 + 0.5) }
    end
    return steps, caches, artifacts, phases.total
end

--- Keeps what `build.metrics()` gave, one document in each file. The same file again changes nothing.
---@param store db.Connection
---@param origin metrics.Origin
---@param path string
function M.collect_build(store, origin, path)
    local document = read_json(path)
    local platform, arch = text_of(path, document.platform, "platform"), text_of(path, document.arch, "arch")
    local ok, at = pcall(time.parse, text_of(path, document.timestamp, "timestamp"))
    if not ok then invalid(path, "'timestamp' is not a point in time") end
    local steps, caches, artifacts, total = build_parts(path, document)
    local variant = type(document.variant) == "string" and document.variant or ""
    local began = math.floor(at)
    keep(store, origin, {
        key = text_of(path, document.run_id, "run_id"), workflow = "build", at = began,
        commit_sha = type(document.commit_sha) == "string" and document.commit_sha or nil,
    }, {
        key = table.concat({ "build", platform, arch, variant }, "/"), attempt = 1, name = "build",
        platform = platform, arch = arch, variant = variant, runner = "", conclusion = "success", url = "",
        created_at = began, started_at = began, duration_s = total, steps = steps, caches = caches,
        artifacts = artifacts,
    })
end

-- Results of tests ----------------------------------------------------------------------------------------------------

local function sum_of(tests)
    local sum, failed
    for _, test in ipairs(tests) do
        if test.duration_s then sum = (sum or 0) + test.duration_s end
        failed = failed or test.outcome == "failed"
    end
    return sum, failed
end

--- Keeps the results of a file of tests, as a job of the run. The same file again changes nothing.
---@param store db.Connection
---@param origin metrics.Origin
---@param path string
---@return integer count
function M.collect_tests(store, origin, path)
    local results = test_results.read(path, text_in(path))
    if results.is_cut then
        log.warn("the file holds more tests than are kept of one", { path = path, kept = #results.tests })
    end
    local sum, failed = sum_of(results.tests)
    local name = origin.job or fs.basename(path)
    keep(store, origin, {
        key = origin.run or "tests " .. hash.file(path):sub(1, 16), workflow = "tests",
        at = math.floor(results.at or time.parse(fs.stat(path).modified)),
    }, {
        key = "tests/" .. name, attempt = 1, name = name, platform = "", arch = "", variant = "", runner = "",
        conclusion = failed and "failure" or "success", url = "", duration_s = sum, tests = results.tests,
    })
    return #results.tests
end

-- Reports of audits ---------------------------------------------------------------------------------------------------

--- Keeps the counts of a report of `uhost monthly_audit --format json`.
---@param store db.Connection
---@param origin metrics.Origin
---@param path string
function M.collect_audit(store, origin, path)
    local stats = read_json(path).stats
    if type(stats) ~= "table" or type(stats.issues) ~= "number" then
        uhost.fail("usage", ("%s: this is not a report of an audit"):format(path),
            { hint = "uhost monthly_audit --format json --output FILE writes one", details = { path = path } })
    end
    audits.keep(store, origin.repository, stats, tostring(stats.path or ""), time.parse(fs.stat(path).modified))
end

return M
