-- The results of a run of tests, as text and as JUnit XML.
local display_path = require("lib.display_path")

local M = {}

local words = { failed = "FAILED", error = "FAILED" }

local function place_of(result)
    return result.line and result.line > 0 and ("%s:%d"):format(result.shown, result.line) or result.shown
end

local function describe_failure(result)
    local message = term.untrusted(result.message or "no message"):gsub("\n", "\n  ")
    local word = term.style(words[result.status], "bold red")
    return ("%s %s\n  at %s\n  %s\n"):format(word, term.untrusted(result.name), place_of(result), message)
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
    io.stderr:write(("%s %6.1f s  %s (%d of %d): %d passed, %d failed\n"):format(word, run.time_s,
        display_path(run.file), ended, files, totals.passed, totals.failed))
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
            print(("skipped %s: %s"):format(term.untrusted(result.name),
                term.untrusted(result.message or "no reason given")))
        end
    end
    if options.coverage then print(options.coverage .. "\n") end
    if options.slowest then print_slowest(results, options.slowest) end
    local totals = M.totals(results)
    print(("%d passed, %d failed, %d skipped"):format(totals.passed, totals.failed, totals.skipped))
end

-- JUnit XML -----------------------------------------------------------------------------------------------------------

-- In the form that CI servers read: one suite for each file.

local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }
local attribute_entities = { ["\n"] = "&#10;", ["\r"] = "&#13;", ["\t"] = "&#9;" }
-- A report is for reading; what is longer is in the log.
local max_message = 64 * 1024

-- U+FFFD in place of what XML 1.0 does not allow: control characters, surrogates, U+FFFE, U+FFFF, malformed UTF-8.
local replacement = "\239\191\189"

local function code_point_length(text, at)
    local first, second, third, fourth = text:byte(at, at + 3)
    local function continues(byte) return byte ~= nil and byte >= 0x80 and byte < 0xC0 end
    if first < 0x80 then return (first >= 0x20 or first == 9 or first == 10 or first == 13) and 1 or nil end
    if first >= 0xC2 and first < 0xE0 then return continues(second) and 2 or nil end
    if first >= 0xE0 and first < 0xF0 then
        if not continues(second) or not continues(third) then return nil end
        if first == 0xE0 and second < 0xA0 or first == 0xED and second >= 0xA0 then return nil end
        if first == 0xEF and second == 0xBF and third >= 0xBE then return nil end
        return 3
    end
    if first >= 0xF0 and first < 0xF5 then
        if not continues(second) or not continues(third) or not continues(fourth) then return nil end
        if first == 0xF0 and second < 0x90 or first == 0xF4 and second >= 0x90 then return nil end
        return 4
    end
    return nil
end

---Text with everything that XML cannot hold replaced.
---@param text string
---@return string
function M.valid_xml(text)
    if not text:find("[%z\1-\8\11\12\14-\31\128-\255]") then return text end
    local out, at = {}, 1
    while at <= #text do
        local plain = text:match("^[\9\10\13\32-\127]+", at)
        local length = plain and #plain or code_point_length(text, at)
        out[#out + 1] = length and text:sub(at, at + length - 1) or replacement
        at = at + (length or 1)
    end
    return table.concat(out)
end

local function content(text) return (M.valid_xml(text):gsub('[&<>"]', entities)) end
local function attribute(text) return (content(text):gsub("[\n\r\t]", attribute_entities)) end

local function seconds(value) return ("%.3f"):format(math.max(0, value)) end

local element_of = { failed = "failure", error = "error" }

-- Colours are for terminals.
local function plain(text) return (text:gsub("\27%[[%d;]*m", ""):gsub("\27%]8;;[^\27]*\27\\", "")) end

local function write_case(out, result)
    local class = result.shown:gsub("%.lua$", "")
    out[#out + 1] = ('    <testcase name="%s" classname="%s" time="%s"'):format(
        attribute(result.name), attribute(class), seconds(result.time_s))
    local message = plain(result.message or ""):sub(1, max_message)
    local first_line = message:match("[^\n]*")
    if result.status == "passed" then
        out[#out + 1] = "/>\n"
    elseif result.status == "skipped" then
        out[#out + 1] = ('>\n      <skipped message="%s"/>\n    </testcase>\n'):format(attribute(message))
    else
        local element = element_of[result.status]
        local place = result.line and ("%s:%d"):format(result.shown, result.line) or result.shown
        out[#out + 1] = ('>\n      <%s message="%s" type="%s">%s</%s>\n    </testcase>\n'):format(
            element, attribute(first_line), element, content(place .. "\n" .. message), element)
    end
end

local function counts(results)
    local count = { tests = #results, failed = 0, error = 0, skipped = 0, time_s = 0 }
    for _, result in ipairs(results) do
        if count[result.status] then count[result.status] = count[result.status] + 1 end
        count.time_s = count.time_s + result.time_s
    end
    return count
end

local function count_attributes(count)
    return ('tests="%d" failures="%d" errors="%d" skipped="%d" time="%s"'):format(
        count.tests, count.failed, count.error, count.skipped, seconds(count.time_s))
end

local function suites_of(results)
    local suites, by_file = {}, {}
    for _, result in ipairs(results) do
        if not by_file[result.shown] then
            by_file[result.shown] = { name = result.shown, results = {} }
            suites[#suites + 1] = by_file[result.shown]
        end
        table.insert(by_file[result.shown].results, result)
    end
    return suites
end

--- The results as JUnit XML.
---@param results TestResult[]  with `shown`, the file as reports call it
---@param started string  ISO 8601
---@return string
function M.junit(results, started)
    local out = { '<?xml version="1.0" encoding="UTF-8"?>\n' }
    local all = counts(results)
    out[#out + 1] = ('<testsuites name="uhost test" tests="%d" failures="%d" errors="%d" time="%s">\n'):format(
        all.tests, all.failed, all.error, seconds(all.time_s))
    for _, suite in ipairs(suites_of(results)) do
        out[#out + 1] = ('  <testsuite name="%s" %s timestamp="%s">\n'):format(
            attribute(suite.name), count_attributes(counts(suite.results)), started:gsub("Z$", ""))
        for _, result in ipairs(suite.results) do write_case(out, result) end
        out[#out + 1] = "  </testsuite>\n"
    end
    out[#out + 1] = "</testsuites>\n"
    return table.concat(out)
end

return M
