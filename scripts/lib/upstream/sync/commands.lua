-- The fourth and the fifth stage: the policy's commands build and test what was made, in a work tree of its own.
local junit = require("lib.junit")
local state_of = require("lib.upstream.sync.state")
local worktrees = require("lib.upstream.sync.worktrees")

local M = {}

-- What a log says: the report of `uhost diagnose`; nil if it is empty.
local function explain(path)
    local opened = log_text.open(path)
    return task.finally(function()
        local base = kb.load({ readers = true })
        return require("lib.diagnose.report").of({ kind = "file", name = path, file = path }, opened, base,
            { context = 0 })
    end, function() opened:close() end)
end

-- Whether the knowledge base calls the cause of a failure one that passes by itself.
local function is_flaky(result)
    if not result.log or result.outcome ~= "failed" then return false end
    local lead = explain(result.log).causes[1]
    return lead ~= nil and lead.lead.class == "flaky"
end

local function tests_of(report)
    local tests = report.tests
    if not tests then return nil end
    local failed = {}
    for i, test in ipairs(tests.failed) do failed[i] = test.name end
    return { total = tests.total, passed = tests.passed, failed = json.array(failed) }
end

-- Files of results ---------------------------------------------------------------------------------------------------

local max_result_files, max_result_bytes = 2000, 16 * 2^20

-- The files in the work tree where the policy says that tests write their results. What git tracks are none.
local function result_files(context, path)
    local tracked, list = {}, {}
    for name in context.git(path, "ls-files", "-z"):gmatch("%Z+") do tracked[name] = true end
    for _, glob in ipairs(context.settings.test_results) do
        for file, type in fs.walk(path, { glob = glob, skip = { ".git" } }) do
            if type == "file" and not tracked[file:sub(#path + 2)] and #list < max_result_files then
                list[#list + 1] = file
            end
        end
    end
    return list
end

local function results_in(file)
    if (fs.stat(file) or {}).size_bytes > max_result_bytes then return nil end
    if not file:find("%.xml$") then return tests_of(explain(file)) end
    local ok, results = pcall(junit.read, fs.read(file))
    if ok then return results end
    if not uhost.is_error(results) or not results.kind:find("^xml%.") then error(results, 0) end
    log.warn(("%s holds no results of tests: %s"):format(file, results.message))
end

-- What files say counts more than what was printed: names are whole there.
local function tests_in_files(context, path)
    local sum
    for _, file in ipairs(result_files(context, path)) do
        local results = results_in(file)
        if results then
            sum = sum or { total = 0, passed = 0, failed = json.array({}) }
            sum.total, sum.passed = sum.total + (results.total or 0), sum.passed + (results.passed or 0)
            for _, name in ipairs(results.failed) do table.insert(sum.failed, name) end
        end
    end
    return sum
end

-- Commands -----------------------------------------------------------------------------------------------------------

local function run_one(context, kind, number, command, path)
    local has_files = kind == "test" and path and #context.settings.test_results > 0
    if has_files then
        for _, file in ipairs(result_files(context, path)) do fs.remove(file) end
    end
    local log = fs.join(context.folder, "logs", ("%s-%d.log"):format(kind, number))
    if fs.exists(log) then fs.remove(log) end
    local result = build.phase(kind, build.run, {
        cmd = command, cwd = path, log = log, timeout_s = context.settings.timeout_minutes * 60,
        retry = { when = is_flaky }, mutates = ("%s the fork with %s"):format(kind, table.concat(command, " ")),
    })
    if result.planned then return { command = result.command, outcome = "planned" } end
    local report = explain(log)
    local headline = report.headline
    return {
        command = result.command, outcome = result.outcome, code = result.code, signal = result.signal,
        duration_s = result.duration_s, attempts = result.attempts, log = log,
        tests = has_files and tests_in_files(context, path) or tests_of(report),
        cause = result.outcome ~= "passed" and headline and headline.text or nil,
    }
end

-- What differs from the tests of the last sync that ended well.
local function compare(context, results)
    local before = state_of.last_done(context.store, context.project, context.fork)
    local function sum(list)
        local total, failed = 0, {}
        for _, result in ipairs(list or {}) do
            if result.tests then
                total = total + (result.tests.total or 0)
                for _, name in ipairs(result.tests.failed) do failed[name] = true end
            end
        end
        return total, failed
    end
    local total, failed = sum(results)
    local total_before, failed_before = sum(before and before.tests)
    local comparison = { total = total, newly_failing = {}, newly_passing = {}, vanished = 0 }
    for name in pairs(failed) do
        if not failed_before[name] then table.insert(comparison.newly_failing, name) end
    end
    for name in pairs(failed_before) do
        if not failed[name] and total > 0 then table.insert(comparison.newly_passing, name) end
    end
    table.sort(comparison.newly_failing)
    table.sort(comparison.newly_passing)
    comparison.vanished = math.max(0, total_before - total)
    comparison.failed = 0
    for _ in pairs(failed) do comparison.failed = comparison.failed + 1 end
    return comparison
end

-- Stops at the first that fails, unless it is to go on. Gives the results, and the first that failed.
local function run_all(context, kind, commands, commit, goes_on)
    local results, failed = {}, nil
    local path = not context.is_dry_run and #commands > 0 and worktrees.make(context, "build", commit) or nil
    for number, command in ipairs(commands) do
        local result = run_one(context, kind, number, command, path)
        results[number] = result
        if result.outcome ~= "passed" and result.outcome ~= "planned" then
            failed = failed or result
            if not goes_on then break end
        end
    end
    return results, failed
end

-- The first of the commits that were made again with which building and testing fails.
local function find_first_bad(context)
    local list = {}
    for _, entry in ipairs(context.state.commits) do
        if entry.commit then list[#list + 1] = entry end
    end
    local good, bad = 0, #list
    while bad - good > 1 do
        local middle = math.floor((good + bad) / 2)
        local commit = list[middle].commit
        context.say(("testing %s (%s)"):format(commit:sub(1, 12), list[middle].subject))
        local _, failed = run_all(context, "build", context.settings.build, commit)
        if not failed then _, failed = run_all(context, "test", context.settings.test, commit) end
        if failed then bad = middle else good = middle end
    end
    return list[bad]
end

local function report_failure(context, kind, failed)
    context.say(("%s failed: %s"):format(kind, failed.cause or failed.command))
    context.say("log: " .. failed.log)
    if context.options.test_each_commit then
        local entry = find_first_bad(context)
        if entry then
            context.state.first_bad = { original = entry.original, subject = entry.subject, commit = entry.commit }
            context.say(("the first commit with which it fails: %s %s"):format(entry.original:sub(1, 12),
                entry.subject))
        end
    end
    context.checkpoint(kind .. " failed")
end

---@param context table
---@return boolean passed
function M.build(context)
    local state = context.state
    local results, failed = run_all(context, "build", context.settings.build, state.tip)
    state.builds = results
    if failed then
        report_failure(context, "build", failed)
        return false
    end
    state.stage = "test"
    context.checkpoint("built")
    return true
end

-- Whether known failures are all that failed. A command that crashed, ran out of time or names no test is not excused.
local function is_tolerated(context, results, comparison)
    if not context.settings.tolerate_known_failures or #comparison.newly_failing > 0 then return false end
    for _, result in ipairs(results) do
        local has_failures = result.outcome == "failed" and not result.signal and result.tests
            and #result.tests.failed > 0
        if result.outcome ~= "passed" and not has_failures then return false end
    end
    return true
end

---@param context table
---@return boolean passed
function M.test(context)
    local state = context.state
    local results, failed = run_all(context, "test", context.settings.test, state.tip,
        context.settings.tolerate_known_failures)
    state.tests = results
    state.test_comparison = compare(context, state.tests)
    if failed and not is_tolerated(context, results, state.test_comparison) then
        report_failure(context, "test", failed)
        return false
    end
    state.stage = "finalize"
    context.checkpoint("tested")
    return true
end

return M
