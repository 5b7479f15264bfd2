-- Results of tests, read out of a log: which failed, where and why, and how many ran. What the tools print is described
-- by the test readers of the knowledge base (kb/test_readers); a log may hold the output of several.
local names = require("lib.log_readers.tests.names")
local reading = require("lib.log_readers.tests.reader")
local texts = require("lib.log_readers.tests.text")

local M = {}

-- The hits of each reader, in order, and the readers in the order in which they first appear.
local function by_reader(hits)
    local groups, order = {}, {}
    for _, hit in ipairs(hits) do
        local group = groups[hit.entry.id]
        if group == nil then
            group = { reader = hit.entry, hits = {} }
            groups[hit.entry.id] = group
            order[#order + 1] = group
        end
        group.hits[#group.hits + 1] = hit
    end
    return order
end

-- Where one tool counts what another ran (ctest the programs, Maven the suites of TestNG), one of them counts.
local function leave_to_others(runs, readers)
    local counted = {}
    for _, run in ipairs(runs) do
        if run.total then counted[run.reader] = true end
    end
    for _, run in ipairs(runs) do
        for _, other in ipairs(readers[run.reader].yields_to or {}) do
            if counted[other] then run.counted_by = other end
        end
    end
end

-- The tests of one list that the other does not name.
local function not_in(failed, others)
    local named, left = {}, {}
    for _, test in ipairs(others) do named[names.canonical(test.name)] = true end
    for _, test in ipairs(failed) do
        if not named[names.canonical(test.name)] then left[#left + 1] = test end
    end
    return left
end

-- Takes out what another reader has seen better: the tests that both name, and runs with nothing left.
local function without_repeats(runs, readers)
    local by_id, left = {}, {}
    for _, run in ipairs(runs) do by_id[run.reader] = run end
    for _, run in ipairs(runs) do
        for _, other in ipairs(readers[run.reader].yields_to or {}) do
            if by_id[other] then run.failed = not_in(run.failed, by_id[other].failed) end
        end
        if #run.failed > 0 or not run.counted_by then left[#left + 1] = run end
    end
    return left
end

-- Marks that tools share say what failed only where no tool's own reader knows of it. A tool that counts no failure
-- while marks show some has not counted them, or is another one.
local function without_shared(runs)
    local known, counted, marked = false, false, false
    for _, run in ipairs(runs) do
        known = known or not run.shared and #run.failed > 0
        counted = counted or not run.shared and run.total ~= nil
        marked = marked or run.shared and #run.failed > 0
    end
    local left = {}
    for _, run in ipairs(runs) do
        if not run.shared then
            if marked and not known then run.passed, run.failures = nil, nil end
            left[#left + 1] = run
        elseif not known then
            if counted then run.total, run.passed, run.skipped, run.failures = nil, nil, nil, nil end
            for _, test in ipairs(run.failed) do test.is_guess = true end
            left[#left + 1] = run
        end
    end
    return left
end

local function frameworks_of(runs)
    local list, seen = {}, {}
    for _, run in ipairs(runs) do
        if run.framework and not seen[run.framework] then
            seen[run.framework] = true
            list[#list + 1] = run.framework
        end
    end
    return list
end

-- What failed, in the order of its lines; and of that the tests, and the suites that failed to run. Two readers that
-- name the same test on the same line are two views of one.
local function all_failed(runs)
    local all, seen = {}, {}
    for _, run in ipairs(runs) do
        for _, test in ipairs(run.failed) do
            local key = test.line_number .. "\0" .. test.name
            if not seen[key] then
                seen[key] = true
                all[#all + 1] = test
            end
        end
    end
    if #runs > 1 then table.sort(all, function(a, b) return a.line_number < b.line_number end) end
    local failed, suites = {}, {}
    for _, test in ipairs(all) do table.insert(test.is_suite and suites or failed, test) end
    return all, failed, suites
end

local function sum(runs, name)
    local total
    for _, run in ipairs(runs) do
        if run[name] and not run.counted_by then total = (total or 0) + run[name] end
    end
    return total
end

-- The framework to name first: one with failures, then the one with most tests.
local function leads(a, b)
    if (#a.failed > 0) ~= (#b.failed > 0) then return #a.failed > 0 end
    if (a.total or 0) ~= (b.total or 0) then return (a.total or 0) > (b.total or 0) end
    return a.first_line < b.first_line
end

---@class log_readers.Tests
---@field framework? string  the one that failed, or ran most tests; nil for marks that many tools print
---@field frameworks string[]  all, in the order of the log
---@field total? integer  tests that ran; nil when no tool said
---@field passed? integer
---@field skipped? integer
---@field failures? integer  how many failed by the summaries
---@field failed log_readers.FailedTest[]  in the order of their lines
---@field suites log_readers.FailedTest[]  that failed to run, which the tool counts apart from its tests
---@field all log_readers.FailedTest[]  both
---@field runs log_readers.TestRun[]  the same for each framework

--- Reads the results of tests; nil when the log has none.
---@param scan kb.Scan  its `tests` are the hits of the test readers
---@param log log_text.Log
---@return log_readers.Tests?
function M.read(scan, log)
    local text = texts.open(log)
    local runs, readers = {}, {}
    for _, group in ipairs(by_reader(scan.tests)) do
        readers[group.reader.id] = group.reader
        runs[#runs + 1] = reading.read(group.reader, group.hits, text)
    end
    if #runs == 0 then return nil end
    leave_to_others(runs, readers)
    runs = without_shared(without_repeats(runs, readers))
    local leading = runs[1]
    for _, run in ipairs(runs) do
        if leads(run, leading) then leading = run end
    end
    local all, failed, suites = all_failed(runs)
    return {
        framework = leading.framework,
        frameworks = frameworks_of(runs),
        total = sum(runs, "total"),
        passed = sum(runs, "passed"),
        skipped = sum(runs, "skipped"),
        failures = sum(runs, "failures"),
        failed = failed,
        suites = suites,
        all = all,
        runs = runs,
    }
end

return M
