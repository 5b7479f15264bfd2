-- What a run of tests has to say, as text.
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

---Prints failures, then what was skipped; the totals are the last line.
---@param results TestResult[]
---@param extra? string  printed before the totals
function M.print(results, extra)
    for _, result in ipairs(results) do
        if words[result.status] then print(describe_failure(result)) end
    end
    for _, result in ipairs(results) do
        if result.status == "skipped" then
            print(("skipped %s: %s"):format(result.name, result.message or "no reason given"))
        end
    end
    if extra then print(extra .. "\n") end
    local totals = M.totals(results)
    print(("%d passed, %d failed, %d skipped"):format(totals.passed, totals.failed, totals.skipped))
end

return M
