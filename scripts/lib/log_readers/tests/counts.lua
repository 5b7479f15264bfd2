-- Counts of tests, as summaries give them: in named captures (`total`, `passed`, `failed`, `errors`, `skipped`) or in
-- a text of words and numbers (`words`: "1 failed, 3 passed", "failures=1, skipped=2", "Failures: 1").
local M = {}

-- What a tool calls its numbers. Tests that failed as they were expected to did run, and are no failures.
local kinds = {
    passed = "passed", passing = "passed", pass = "passed", passes = "passed", ok = "passed", succeeded = "passed",
    success = "passed", successes = "passed", successful = "passed", succeed = "passed",
    failed = "failed", failing = "failed", failures = "failed", failure = "failed", fail = "failed", fails = "failed",
    broken = "failed", timeout = "failed", unexpected = "failed",
    error = "errors", errors = "errors", errored = "errors",
    skipped = "skipped", skip = "skipped", skips = "skipped", pending = "skipped", todo = "skipped",
    ignored = "skipped",
    omissions = "skipped", pendings = "skipped", disabled = "skipped", incomplete = "skipped", risky = "passed",
    inconclusive = "skipped", canceled = "skipped", cancelled = "skipped", notrun = "skipped", excluded = "skipped",
    total = "total", tests = "total", test = "total", examples = "total", example = "total", spec = "total",
    specs = "total", runs = "total", scenarios = "total", scenario = "total", run = "total", checks = "total",
    xfailed = "expected", xpassed = "expected", xfail = "expected", xpass = "expected",
}

local function add(counts, kind, number)
    counts[kind] = (counts[kind] or 0) + number
end

-- "12 passed", "Passed: 12", "passed=12": a word with the number before or behind it.
local function add_words(counts, words)
    words = words:gsub("unexpected successes", "xpassed"):gsub("expected failures?", "xfailed")
    local behind = words:find("[%a]%s*[:=]%s*%d")
    for before, number, after in words:gmatch("([%a]*)%s*[:=]?%s*(%d+)%s*([%a]*)") do
        local kind = kinds[(behind and before or after):lower()]
        if kind then add(counts, kind, tonumber(number)) end
    end
end

local names = { "total", "passed", "failed", "errors", "skipped", "expected" }

--- The numbers in a line, by what they count.
---@param captures re.Captures
---@return table<string, integer>
function M.numbers(captures)
    local counts = {}
    for _, name in ipairs(names) do
        local number = captures[name] and tonumber((captures[name]:gsub(",", "")))
        if number then add(counts, name, number) end
    end
    if captures.words then add_words(counts, captures.words) end
    return counts
end

--- Numbers made a summary: `total` is how many tests ran, as the tool counts (some count skipped tests among them).
---@param counts table<string, integer>
---@param options? { total_has_skipped?: boolean }  the tool's total also counts tests that did not run
---@return { total: integer, passed?: integer, failed?: integer, skipped?: integer }
function M.complete(counts, options)
    local failed = (counts.failed or counts.errors) and (counts.failed or 0) + (counts.errors or 0)
    local total = counts.total
    if total and options and options.total_has_skipped then total = total - (counts.skipped or 0) end
    total = total or (counts.passed or 0) + (failed or 0) + (counts.expected or 0)
    return { total = total, passed = counts.passed, failed = failed, skipped = counts.skipped }
end

--- The summary that one line is, or nil when it has no numbers.
---@param captures re.Captures
---@param options? { total_has_skipped?: boolean }
---@return { total: integer, passed?: integer, failed?: integer, skipped?: integer }?
function M.of(captures, options)
    local counts = M.numbers(captures)
    if next(counts) == nil then return nil end
    return M.complete(counts, options)
end

--- Adds the counts of another summary, or takes its place.
---@param sum table<string, integer>?
---@param counts table<string, integer>
---@param how? "sum"|"last"
---@return table<string, integer>
function M.add(sum, counts, how)
    if sum == nil or how == "last" then return counts end
    local result = {}
    for name, number in pairs(sum) do result[name] = number end
    for name, number in pairs(counts) do result[name] = (result[name] or 0) + number end
    return result
end

return M
