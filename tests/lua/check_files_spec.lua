-- What `uhost check` finds in rule files: each kind of mistake, at its place, in words that help.
local checked = require("support.checked")

local function assert_finds(expected, source)
    local reported, findings = checked.source(source)
    assert.same(expected, reported)
    return findings
end

describe("a rule file without mistakes", function()
    it("has no findings", function()
        local result = checked.files({ ["policies/rules.lua"] = [[
local M = { limit = 3, rules = { { id = "a", match = "error: \\w+" }, { id = "b", match = "^warning" } } }
function M.of(path) return path:match("^%d+") end
M.examples = { { call = "of", with = { "12.rs" }, gives = "12" } }
return M
]] })
        assert.same({ files = 1, errors = 0, warnings = 0, findings = {} }, result)
    end)

    it("is every shipped one", function()
        local folder = fs.join(uhost.share, "policies")
        local files = require("lib.check.files")
        local result = require("lib.check.main").check(files.find({ folder }))
        assert.same({}, result.findings)
        assert.is_true(result.files > 0)
    end)
end)

describe("syntax errors", function()
    it("are placed at line and column", function()
        assert_finds({ "syntax 2:17" }, "return {\n  f = functio() end,\n}")
        assert_finds({ "syntax 2:7" }, "local x = 1\nlocal = 2\n")
        assert_finds({ "syntax 1:12" }, "return { a 5 }")
        assert_finds({ "syntax 1:11" }, "local x = 'never ends\nreturn {}")
    end)

    it("count characters, not bytes, before them", function()
        assert_finds({ "syntax 1:20" }, "local s = 'äöü' == = 2")
    end)

    it("at the end of the file point at its last line", function()
        local findings = assert_finds({ "syntax 2:8" }, "return {\n  a = 1,\n\n\n")
        assert.is_truthy(findings[1].message:find("<eof>", 1, true))
    end)

    it("of nesting beyond all measure end in a finding", function()
        local reported = checked.source("return " .. ("("):rep(50000) .. "1" .. (")"):rep(50000))
        assert.equal(1, #reported)
        assert.matches("^syntax ", reported[1])
    end)
end)

describe("names", function()
    it("that nobody defines are found in code that never ran, once each", function()
        local findings = assert_finds({ "undefined-name 2:20", "undefined-name 3:20" }, [[
local M = {}
function M.a() if  nme then return nme .. nme end end
function M.b()     print("x") end
return M]])
        assert.matches("'nme' is not defined %(3 times%)", findings[1].message)
        assert.matches("a rule has no 'print'", findings[2].message)
        assert.matches("second result", findings[2].hint)
    end)

    it("that are assigned as globals are found", function()
        assert_finds({ "global 2:9" }, "local M = {}\n        total = 1\nreturn M")
        assert_finds({ "global 1:37" }, "return { f = function() local x; x, y = 1, 2; return x end }")
    end)

    it("of a library that rules may use in part are found", function()
        local findings = assert_finds({ "undefined-name 1:39" }, "return { f = function() return string.dump(1) end }")
        assert.matches("'string%.dump'", findings[1].message)
    end)

    it("of locals, parameters, loops and upvalues are fine", function()
        assert_finds({}, [[
local a, b = 1
local function f(x, ...) local y = x or a or b; return y, select("#", ...) end
for i, v in ipairs({}) do local z = i + v; f(z) end
for k = 1, 2 do f(k) end
repeat local done = true until done
local function g() return g end
local M = { f = f, g = g }
function M:method() return self end
goto continue
::continue::
return M]])
    end)
end)

describe("loading", function()
    it("that fails is placed at the name that has no value", function()
        local findings = assert_finds({ "load 1:28" }, "local function f(x) return x.y end\nf(nil)\nreturn {}")
        assert.matches("attempt to index local 'x'", findings[1].message)
        assert.equal("local function f(x) return x.y end", findings[1].text)
    end)

    it("is ended when it never ends, takes all memory or raises what is no text", function()
        assert_finds({ "load 1:1" }, "while true do end")
        assert_finds({ "load 1:1" }, "local s = ('x'):rep(1e9) return {}")
        assert_finds({ "load 2:1" }, "\nerror({})")
    end)

    it("reports an undefined name once, not again as a failure", function()
        assert_finds({ "undefined-name 1:11" }, "local x = nope.y\nreturn {}")
    end)

    it("of a required file that is broken names that file and line", function()
        local result = checked.files({
            ["policies/a.lua"] = "local b = require('b')\nreturn { b = b.x }",
            ["policies/b.lua"] = "\nerror('broken')",
        })
        assert.equal(2, result.errors)
        assert.matches("b%.lua:2: broken", result.findings[1].message)
        assert.equal("policies/b.lua", result.findings[2].file)
    end)

    it("of a file that does not fail says what it returns instead of a table", function()
        assert.equal("it returns a number instead of a table", assert_finds({ "result 1:1" }, "return 5")[1].message)
        assert.equal("it returns nothing", assert_finds({ "result 1:1" }, "local x = 1")[1].message)
        assert_finds({ "result 1:1" }, "return function() end")
        assert_finds({ "result 1:8" }, "return { 1, 2, [5] = 3 }")
        assert_finds({ "result 2:10" }, "local M = {}\nM.rate = 0/0\nreturn M")
    end)
end)

describe("keys", function()
    it("of a policy whose workflow declares a schema are held against it", function()
        local result = checked.files({ ["rules/policies/crash_tests.lua"] = [[
local M = {}
function M.isues_of() return {} end
M.issues_of = 5
return M]] })
        local reported = {}
        for i, finding in ipairs(result.findings) do reported[i] = finding.rule .. " " .. finding.line end
        assert.same({ "schema 2", "missing-example 2", "schema 3" }, reported)
        assert.equal("did you mean 'issues_of'?", result.findings[1].hint)
    end)

    it("that the shipped file has need not be in the user's", function()
        assert.same({}, checked.files({ ["policies/crash_tests.lua"] = "return {}" }).findings)
    end)
end)

describe("entries", function()
    it("with an id that another has are found at the second", function()
        local findings = assert_finds({ "duplicate-id 3:12" }, [[
return { rules = {
    { id = "one" }, { id = "two" },
    { id = "one" },
} }]])
        assert.equal("the id 'one' is taken by the entry in line 2", findings[1].message)
    end)

    it("that are appended are placed too", function()
        assert_finds({ "duplicate-id 4:28" }, [[
local rules = {}
rules[#rules + 1] = { id = "x" }
table.insert(rules, { id = "y" })
rules[#rules + 1] = { id = "y" }
return { rules = rules }]])
    end)

    it("that are disabled have to be there", function()
        assert.matches("nothing can be disabled here", assert_finds({ "disable 1:22" },
            "return { disable = { 'x' } }")[1].message)
        assert_finds({ "disable 1:10" }, "return { disable = 'x' }")
    end)
end)

describe("examples", function()
    it("have to name a function that there is, and its arguments", function()
        local expected = { "example 4:14", "example 5:5", "example 6:27", "example 7:5", "example 8:27" }
        local findings = assert_finds(expected, [[
local M = {}
function M.of(path) return path end
M.examples = {
    { call = "off", with = { "a" }, gives = "a" },
    { with = { "a" }, gives = "a" },
    { call = "of", with = "a", gives = "a" },
    "of",
    { call = "of", give = "a", with = { "a" } },
}
return M]])
        assert.equal("did you mean 'of'?", findings[1].hint)
        assert.equal("did you mean 'gives'?", findings[5].hint)
    end)

    it("are missed by functions that have none", function()
        local result = checked.files({ ["policies/rules.lua"] =
            "local M = {}\nfunction M.a() end\nfunction M.b() end\nM.examples = { { call = 'a' } }\nreturn M" })
        assert.equal(1, result.warnings)
        assert.equal("'b' has no example", result.findings[1].message)
        assert.equal(3, result.findings[1].line)
    end)

    it("are not missed in a file that is there for others to require", function()
        assert.same({}, checked.files({
            ["policies/a.lua"] = "local h = require('helper') return { limit = h.limit() }",
            ["policies/helper.lua"] = "return { limit = function() return 5 end }",
        }).findings)
    end)
end)

describe("files that are no rules", function()
    it("are reported apart: binary, compiled, too large, badly named", function()
        local result = checked.files({
            ["policies/binary.lua"] = "return {}\0",
            ["policies/compiled.lua"] = string.dump(function() return {} end),
            ["policies/huge.lua"] = "return {}" .. (" "):rep(1024 * 1024),
            ["policies/My-Rules.lua"] = "return {}",
        })
        local reported = {}
        for i, finding in ipairs(result.findings) do reported[i] = finding.file .. ": " .. finding.message end
        assert.same({
            "policies/My-Rules.lua: 'My-Rules' is not a name that a rule file can have",
            "policies/binary.lua: it is not text: it has zero bytes",
            "policies/compiled.lua: it is compiled Lua, not text",
            "policies/huge.lua: it has 1.0 MiB; a rule file has at most 1 MiB",
        }, reported)
    end)

    it("are refused as usage when there are none, or no such path", function()
        local find = require("lib.check.files").find
        local ok, raised = pcall(find, { "/nowhere/at/all" })
        assert.is_false(ok)
        assert.equal("usage", raised.kind)
        local folder = fs.temp_dir()
        ok, raised = pcall(find, { folder:path() })
        folder:close()
        assert.is_false(ok)
        assert.matches("there are no rule files", raised.message)
    end)
end)
