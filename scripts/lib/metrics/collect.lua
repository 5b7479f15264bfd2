-- `uhost metrics collect`: brings the store up to date.
local files = require("lib.metrics.files")
local github_runs = require("lib.metrics.github_runs")
local measures_of = require("lib.metrics.measures")
local rules_of = require("lib.metrics.rules")
local workflows = require("lib.metrics.workflows")

local M = {}

local function variable(name)
    local value = os.getenv(name)
    return value ~= "" and value or nil
end

local function origin_of(options)
    local head = variable("GITHUB_HEAD_REF") or variable("GITHUB_REF_NAME")
    return {
        -- Without GitHub, builds belong to their folder.
        repository = options.github or fs.basename(fs.absolute(".")), run = options.run_id or variable("GITHUB_RUN_ID"),
        branch = options.branch or head, commit = options.commit or variable("GITHUB_SHA"), job = options.job,
    }
end

local function counted(count, one, several) return ("%d %s"):format(count, count == 1 and one or several) end

local function collect_files(store, options, said)
    local origin = origin_of(options)
    for _, path in ipairs(options.build_json or {}) do files.collect_build(store, origin, path) end
    local tests = 0
    for _, path in ipairs(options.tests or {}) do tests = tests + files.collect_tests(store, origin, path) end
    for _, path in ipairs(options.audit_json or {}) do files.collect_audit(store, origin, path) end
    local builds, audits = #(options.build_json or {}), #(options.audit_json or {})
    if builds > 0 then said[#said + 1] = counted(builds, "build", "builds") end
    if tests > 0 then said[#said + 1] = counted(tests, "test", "tests") end
    if audits > 0 then said[#said + 1] = counted(audits, "audit", "audits") end
    return origin.repository
end

local function collect_github(store, options, runs, said)
    local repo = github.repository(options.github)
    github_runs.collect_runs(repo, store, options, runs)
    said[#said + 1] = ("%s (%d of them new or changed)"):format(counted(runs.listed, "run", "runs"), runs.read)
    said[#said + 1] = counted(github_runs.collect_artifacts(repo, store, options), "artifact", "artifacts")
    said[#said + 1] = counted(github_runs.collect_caches(repo, store), "cache", "caches")
end

local function collect(store, options)
    local said = {}
    local repository = collect_files(store, options, said)
    if not options.no_github then
        local runs = { listed = 0, read = 0 }
        local ok, failure = pcall(collect_github, store, options, runs, said)
        if not ok then
            if runs.listed > 0 then
                log.info("what was read so far is kept; the next collection goes on from there")
            end
            error(failure, 0)
        end
    end
    local main = db.open(options.demo and ":memory:" or nil)
    local measures = workflows.collect(store, main, repository)
    if measures > 0 then said[#said + 1] = counted(measures, "number", "numbers") .. " of other commands" end
    print(("%s: %s"):format(repository, #said > 0 and table.concat(said, ", ") or "nothing to collect"))
    measures_of.watch(store, main, repository, rules_of.load())
    return 0
end

--- Collects, and says what was found. The demonstration reads a GitHub made up for it.
---@param store db.Connection
---@param options metrics.Options
---@return integer exit_code
function M.run(store, options)
    local function act() return collect(store, options) end
    if options.demo then return require("lib.ci_failures.demo").run(options, act) end
    return act()
end

return M
