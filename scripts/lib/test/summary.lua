-- What a run of tests has to say, as text.
local shown_path = require("lib.shown_path")

local M = {}

local words = { failed = "FAILED", error = "FAILED" }

local function place_of(result)
    return result.line and result.line > 0 and ("%s:%d"):format(result.shown, result.line) or result.shown
end

local function describe_failure(result)
    local message = (result.message or "no message"):gsub("\n", "\n  ")
    local word = term.style(words[result.status], "bold red")
    return ("%s %s\n  at %s\n  %s\n"):format(word, result.name, place_of(result), message)
end

---@param results TestResult[]
---@return { passed: integer, failed: integer, skipped: integer, broken: integer }
function M.totals(results)
    local totals = { passed = 0, failed = 0, skipped = 0, broken = 0 }
    for _, result in ipairs(results) do
        local status = result.status == "error" and "failed" or result.status
        totals[status] = totals[status] + 1
        if result.broken then totals.broken = totals.broken + 1 end
    end
    return totals
end

---Prints one line for a spec file that ran in a process of its own, to standard error. What its tests printed follows
---if one of them failed. Nothing is printed when no test of the file was to run.
---@param run { file: string, results: TestResult[], time_s: number, output: string }
---@param ended integer  how many files have ended
---@param files integer
function M.print_file(run, ended, files)
    if #run.results == 0 then return end
    local totals = M.totals(run.results)
    local word = totals.failed > 0 and term.style("FAILED", "bold red", "stderr") or "ok    "
    io.stderr:write(("%s %6.1f s  %s (%d of %d): %d passed, %d failed\n"):format(word, run.time_s, shown_path(run.file),
        ended, files, totals.passed, totals.failed))
    if totals.failed > 0 then io.stderr:write(run.output) end
end

local function print_slowest(results, count)
    local sorted = {}
    for i, result in ipairs(results) do sorted[i] = result end
    table.sort(sorted, function(a, b) return a.time_s > b.time_s end)
    print(("The slowest %d tests:"):format(math.min(count, #sorted)))
    for i = 1, math.min(count, #sorted) do
        print(("  %6.1f s  %s (%s)"):format(sorted[i].time_s, sorted[i].name, sorted[i].shown))
    end
    print()
end

---Prints failures, then what was skipped, and at last the totals.
---@param results TestResult[]
---@param options { coverage?: string, slowest?: integer }  printed before the totals: a text, and the slowest tests
function M.print(results, options)
    for _, result in ipairs(results) do
        if words[result.status] then print(describe_failure(result)) end
    end
    for _, result in ipairs(results) do
        if result.status == "skipped" then
            print(("skipped %s: %s"):format(result.name, result.message or "no reason given"))
        end
    end
    if options.coverage then print(options.coverage .. "\n") end
    if options.slowest then print_slowest(results, options.slowest) end
    local totals = M.totals(results)
    print(("%d passed, %d failed, %d skipped"):format(totals.passed, totals.failed, totals.skipped))
end

return M
