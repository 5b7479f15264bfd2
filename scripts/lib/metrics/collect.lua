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
        branch = options.branch or head, commit = options.commit, built_commit = variable("GITHUB_SHA"),
        job = options.job,
    }
end

---@class metrics.Collected
---@field runs { listed: integer, read: integer }?  without GitHub, nil
---@field artifacts integer?
---@field caches integer?
---@field builds integer
---@field tests integer
---@field audits integer
---@field measures integer  of other commands

local function collect_files(store, origin, options, found)
    for _, path in ipairs(options.build_json or {}) do files.collect_build(store, origin, path) end
    for _, path in ipairs(options.tests or {}) do
        found.tests = found.tests + files.collect_tests(store, origin, path)
    end
    for _, path in ipairs(options.audit_json or {}) do files.collect_audit(store, origin, path) end
    found.builds, found.audits = #(options.build_json or {}), #(options.audit_json or {})
end

local function collect_github(store, options, found)
    local repo = github.repository(options.github)
    github_runs.collect_runs(repo, store, options, found.runs)
    found.artifacts = github_runs.collect_artifacts(repo, store, options)
    found.caches = github_runs.collect_caches(repo, store)
end

local nouns = { { "artifacts", "artifact" }, { "caches", "cache" }, { "builds", "build" }, { "tests", "test" },
    { "audits", "audit" }, { "measures", "number of other commands", "numbers of other commands" } }

local function in_words(found)
    local said = {}
    local function say(count, one, several)
        said[#said + 1] = ("%d %s"):format(count, count == 1 and one or several)
    end
    if found.runs then
        say(found.runs.listed, "run", "runs")
        said[1] = ("%s (%d of them new or changed)"):format(said[1], found.runs.read)
    end
    for _, noun in ipairs(nouns) do
        local count = found[noun[1]]
        local is_asked = noun[1] == "artifacts" or noun[1] == "caches"
        if count and (count > 0 or is_asked) then say(count, noun[2], noun[3] or noun[1]) end
    end
    return #said > 0 and table.concat(said, ", ") or "nothing to collect"
end

local function collect(store, options)
    local origin = origin_of(options)
    local found = { builds = 0, tests = 0, audits = 0 }
    collect_files(store, origin, options, found)
    if not options.no_github then
        found.runs = { listed = 0, read = 0 }
        local ok, failure = pcall(collect_github, store, options, found)
        if not ok then
            if found.runs.listed > 0 then
                log.info("what was read so far is kept; the next collection goes on from there")
            end
            error(failure, 0)
        end
    end
    local main = db.open(options.demo and ":memory:" or nil)
    found.measures = workflows.collect(store, main, origin.repository)
    if options.json then
        found.repository = origin.repository
        io.write(json.encode(found, { indent = 2 }), "\n")
    else
        print(("%s: %s"):format(origin.repository, in_words(found)))
    end
    local rules = rules_of.load()
    measures_of.watch(store, main, origin.repository, rules)
    require("lib.metrics.news").tell(store, main, origin.repository, rules)
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
