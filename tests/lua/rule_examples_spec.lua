-- The examples of rule files as tests: how they are run, compared, counted and reported.
local difference = require("lib.test.difference")
local coverage = require("lib.test.coverage")
local examples = require("lib.test.examples")
local report = require("lib.test.report")
local selection = require("lib.test.selection")

local expect = require("support.expect")
local in_folder = expect.in_folder

-- Runs the examples of one policy; "status name" of each, and the results.
local function run(source, options)
    return in_folder({ ["policies/rules.lua"] = source }, function(folder)
        local settings = { on_test = function() end, touched = function() end }
        for key, value in pairs(options or {}) do settings[key] = value end
        return examples.run({ selection.rule_file(fs.join(folder, "policies/rules.lua")) }, settings)
    end)
end

local function statuses(results)
    local list = {}
    for _, result in ipairs(results) do list[#list + 1] = result.status end
    return table.concat(list, " ")
end

local function plain_difference(expected, got) return difference.describe(expected, got, { color = false }) end

describe("examples of a rule file", function()
    it("pass when the call gives what they say, and fail with both values otherwise", function()
        local results = run([[
local M = {}
function M.double(n) return n * 2, "twice" end
function M.nothing() end
M.examples = {
    { call = "double", with = { 4 }, gives = 8 },
    { call = "double", with = { 4 }, gives = 9 },
    { call = "nothing", gives = nil },
}
return M]])
        assert.equal("passed failed passed", statuses(results))
        assert.equal("first difference at the value itself\n- expected, + got\n- 9\n+ 8", results[2].message)
        assert.same({ 5, 6, 7 }, { results[1].line, results[2].line, results[3].line })
        assert.matches("double › example 2$", results[2].name)
    end)

    it("fail when the rule fails, with its place, and do not keep the others from running", function()
        local results = run([[
local M = {}
function M.broken(n) return n.x.y end
function M.endless() while true do end end
function M.fine() return 1 end
M.examples = {
    { call = "broken", with = { {} }, gives = 1 }, { call = "endless", gives = 1 },
    { call = "missing", gives = 1 }, { call = 7, gives = 1 }, { call = "fine", with = 3, gives = 1 },
    { call = "fine", gives = 1 },
}
return M]], { timeout_s = 0.2 })
        assert.equal("failed failed failed failed failed passed", statuses(results))
        assert.matches("rules%.lua:2", results[1].message)
        assert.matches("longer than 0.2 s", results[2].message)
        assert.matches("it has: broken, endless, fine", results[3].message)
        assert.matches("'call' must name a function", results[4].message)
        assert.matches("'with' must be a list", results[5].message)
    end)

    it("are printed apart from a file that does not load", function()
        local results = run("return { a = }")
        assert.equal("error", statuses(results))
        assert.is_true(results[1].broken)
        assert.equal(1, results[1].line)
    end)

    it("are chosen by their names", function()
        local source = "local M = {}\nfunction M.a() return 1 end\nfunction M.b() return 1 end\n"
            .. "M.examples = { { call = 'a', gives = 1 }, { call = 'b', gives = 1 } }\nreturn M"
        local results = run(source, { filter = "› b ›" })
        assert.equal(1, #results)
        assert.matches("› b ›", results[1].name)
    end)

    it("of the shipped layer are not run again for the user's file over it", function()
        in_folder({ ["policies/crash_tests.lua"] = [[
return { examples = { { call = "issues_of", with = { "x/7.rs" }, gives = { 7 } } } }]] }, function(folder)
            local rule = selection.rule_file(fs.join(folder, "policies/crash_tests.lua"))
            local results = examples.run({ rule }, { on_test = function() end, touched = function() end })
            assert.equal("passed", statuses(results))
        end)
    end)
end)

describe("coverage", function()
    it("names functions that no example fires, and lines that no example runs", function()
        local account = coverage.new()
        run([[
local M = { rules = { { id = "slow", when = function(n)
    return n > 1
end } } }
function M.route(kind)
    if kind == "a" then
        return 1
    end
    return 2
end
M.examples = { { call = "route", with = { "b" }, gives = 2 } }
return M]], { coverage = account })
        local summary = account:summaries()[1]
        assert.same({ 2, 1 }, { summary.functions, summary.functions_run })
        assert.same({ { line = 1, name = "rules.1.when (slow)" } }, summary.idle_functions)
        assert.same({ 2, 6 }, summary.idle_lines)
        assert.matches("no example fires rules%.1%.when %(slow%), line 1\n    lines not run: 2, 6", account:describe())
    end)

    it("says of functions on one line once that none was fired", function()
        local account = coverage.new()
        run("return { a = function() return 1 end, b = function() return 2 end }", { coverage = account })
        assert.equal(1, #account:summaries()[1].idle_functions)
    end)
end)

describe("a difference", function()
    it("is nothing between values of the same content", function()
        assert.is_nil(plain_difference({ a = { 1, { 2 } } }, { a = { 1, { 2 } } }))
        assert.is_nil(plain_difference(nil, nil))
    end)

    it("shows the neighbourhood of what differs, with its path", function()
        assert.equal([[
first difference at list[3].to
- expected, + got
  {
    list = {
      … 1 equal
      2
      {
-       to = "x"
+       to = "y"
      }
      4
      … 1 equal
    }
  }]], plain_difference({ list = { 1, 2, { to = "x" }, 4, 5 } }, { list = { 1, 2, { to = "y" }, 4, 5 } }))
    end)

    it("pairs items around one that was inserted", function()
        local printed = plain_difference({ "a", "b", "c" }, { "a", "new", "b", "c" })
        assert.matches('\n%+   "new"\n', printed)
        assert.is_nil(printed:find('%- '  .. '  "'))
    end)

    it("shows long texts where they part, and control characters as signs", function()
        local printed = plain_difference(("x"):rep(500) .. "A\27[2J", ("x"):rep(500) .. "B")
        assert.matches("they part at byte 501", printed)
        assert.is_nil(printed:find("\27", 1, true))
        assert.is_true(#printed < 400)
    end)

    it("ends after so many lines", function()
        local expected, got = {}, {}
        for i = 1, 300 do expected[i], got[i] = i, -i end
        assert.matches("… and %d+ more lines$", difference.describe(expected, got, { lines = 10, color = false }))
    end)

    it("is found for every change of random values, and never for none", function()
        math.randomseed(7)
        local function random_value(depth)
            local kind = math.random(depth > 0 and 5 or 3)
            if kind == 1 then return math.random(3) end
            if kind == 2 then return ("abc"):sub(1, math.random(0, 3)) end
            if kind == 3 then return math.random() < 0.5 end
            local value = {}
            for i = 1, math.random(0, 4) do
                value[kind == 4 and i or "k" .. math.random(4)] = random_value(depth - 1)
            end
            return value
        end
        for _ = 1, 2000 do
            local a, b = random_value(3), random_value(3)
            assert.is_nil(plain_difference(a, a))
            assert.equal(json.encode({ a }) == json.encode({ b }), plain_difference(a, b) == nil)
        end
    end)
end)

describe("a JUnit report", function()
    it("holds whatever a message says as valid XML", function()
        local text = report.junit({
            { name = 'a "quoted" <test>', file = "/f", shown = "f_spec.lua", line = 3, status = "failed", time_s = 0.5,
              message = "]]>&\0\27[31m\255 \239\191\191 ü\nsecond" },
            { name = "s", file = "/f", shown = "f_spec.lua", status = "skipped", time_s = 0, message = "later" },
            { name = "e", file = "/g", shown = "g.lua", status = "error", time_s = 0 },
            { name = "p", file = "/g", shown = "g.lua", status = "passed", time_s = 0.25 },
        }, "2026-01-02T03:04:05Z")
        assert.matches('<testsuites name="uhost test" tests="4" failures="1" errors="1" time="0.750">', text)
        assert.is_nil(text:find("[%z\1-\8\11\12\14-\31\255]"))
        assert.is_nil(text:find("]]>", 1, true))
        local parsed = process.run({ "python3", "-c",
            "import sys, xml.dom.minidom as m; d = m.parse(sys.stdin.buffer); "
                .. "print(len(d.getElementsByTagName('testcase')), "
                .. "d.getElementsByTagName('testcase')[0].getAttribute('name'))", stdin = text })
        assert.equal('4 a "quoted" <test>\n', parsed.stdout, parsed.stderr)
    end)
end)
