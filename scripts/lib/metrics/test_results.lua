-- Results of tests from the files that test runners write: JUnit's XML (also of ctest --output-junit), ctest's own
-- Test.xml, libtest's JSON lines and its text.
local M = {}

-- So many tests of a file are kept, and so many bytes of a name.
local max_tests, max_name_bytes = 50000, 300

---@class metrics.TestResults
---@field format "junit"|"ctest"|"libtest"
---@field tests metrics.Test[]
---@field at number?  Unix seconds: when they ran
---@field is_cut boolean  whether there were more

-- Whoever writes a test names it: no reader of the store must stumble over half a character.
local function name_of(text) return term.visible(text:sub(1, max_name_bytes)) end

local function collector()
    local results, places = { tests = {}, is_cut = false }, {}
    -- A test that ran several times counts as failed if it failed once, and as long as it took together.
    function results.add(suite, name, outcome, duration_s)
        suite, name = name_of(suite), name_of(name)
        local key = suite .. "\0" .. name
        local known = places[key]
        if known then
            if outcome == "failed" then known.outcome = outcome end
            known.duration_s = known.duration_s and duration_s and known.duration_s + duration_s
        elseif #results.tests >= max_tests then
            results.is_cut = true
        else
            known = { suite = suite, name = name, outcome = outcome, duration_s = duration_s }
            places[key], results.tests[#results.tests + 1] = known, known
        end
    end
    return results
end

local function duration_of(text)
    local value = tonumber((tostring(text or ""):gsub(",", "")))
    return value and value >= 0 and value < math.huge and value or nil
end

-- JUnit ---------------------------------------------------------------------------------------------------------------

local junit_outcomes = { failure = "failed", error = "failed", skipped = "skipped" }

local function junit_case(results, case, suite)
    local outcome = "passed"
    for name, found in pairs(junit_outcomes) do
        if xml.first(case, name) and outcome ~= "failed" then outcome = found end
    end
    local status = case.attributes.status
    if outcome == "passed" and (status == "notrun" or status == "disabled") then outcome = "skipped" end
    results.add(case.attributes.classname or suite, case.attributes.name or "", outcome,
        duration_of(case.attributes.time))
end

local function junit_suite(results, element, suite)
    results.at = results.at or element.attributes.timestamp
    for _, case in ipairs(xml.all(element, "testcase")) do junit_case(results, case, suite) end
    for _, each in ipairs(xml.all(element, "testsuite")) do
        junit_suite(results, each, each.attributes.name or suite)
    end
end

-- CTest's Test.xml ----------------------------------------------------------------------------------------------------

local ctest_outcomes = { passed = "passed", failed = "failed", notrun = "skipped" }

local function ctest_duration(test)
    local measures = xml.first(test, "Results")
    for _, measure in ipairs(measures and xml.all(measures, "NamedMeasurement") or {}) do
        if measure.attributes.name == "Execution Time" then
            return duration_of(xml.text(xml.first(measure, "Value")))
        end
    end
end

local function ctest_site(results, site)
    local testing = xml.first(site, "Testing")
    if not testing then return end
    local began = tonumber(xml.text(xml.first(testing, "StartTestTime")))
    results.at = began and "@" .. began or nil
    for _, test in ipairs(xml.all(testing, "Test")) do
        results.add("", xml.text(xml.first(test, "Name")) or "", ctest_outcomes[test.attributes.Status] or "failed",
            ctest_duration(test))
    end
end

-- libtest -------------------------------------------------------------------------------------------------------------

local libtest_outcomes = { ok = "passed", failed = "failed", ignored = "skipped", timeout = "failed" }

local function libtest_name(name) return name:match("^(.*)::([^:]+)$") end

local function libtest_line(results, line)
    local name, word
    local seconds
    if line:find("^%s*{") then
        local ok, event = pcall(json.decode, line)
        if not ok or type(event) ~= "table" or event.type ~= "test" or not libtest_outcomes[event.event] then return end
        name, word, seconds = tostring(event.name), event.event, duration_of(event.exec_time)
    else
        name, word = line:match("^test (.-) %.%.%. (%a+)")
        word = word and word:lower()
        if not libtest_outcomes[word] then return end
        name, seconds = name:gsub(" %- should panic$", ""), duration_of(line:match("<([%d.]+)s>"))
    end
    local suite, last = libtest_name(name)
    results.add(suite or "", last or name, libtest_outcomes[word], seconds)
end

-- All -----------------------------------------------------------------------------------------------------------------

local function refuse(path, why)
    uhost.fail("usage", ("%s: %s"):format(path, why), { details = { path = path },
        hint = "JUnit's XML, ctest's Test.xml, and libtest's output as text or JSON lines can be read" })
end

local function read_xml(path, text, results)
    local ok, root = pcall(xml.decode, text)
    if not ok then refuse(path, ("this is not XML that can be read: %s"):format(root.message or tostring(root))) end
    if root.name == "Site" then
        results.format = "ctest"
        ctest_site(results, root)
    elseif root.name == "testsuites" or root.name == "testsuite" then
        results.format = "junit"
        junit_suite(results, root, root.attributes.name or "")
    else
        refuse(path, ("its root is <%s>, which no reader knows"):format(root.name))
    end
end

--- Reads the text of a file. Raises `usage` for one that has no results.
---@param path string  for messages
---@param text string
---@return metrics.TestResults
function M.read(path, text)
    local results = collector()
    if text:find("^%s*<") or text:find("^\239\187\191%s*<") then
        read_xml(path, text, results)
    else
        results.format = "libtest"
        for line in text:gmatch("[^\r\n]+") do libtest_line(results, line) end
        if #results.tests == 0 then refuse(path, "there are no results of tests in it") end
    end
    local ok, at = pcall(time.parse, results.at or "")
    results.at = ok and at or nil
    return results
end

return M
