-- Results of tests in logs. The plain cases are the examples of the readers themselves; they are read with all readers
-- at once, so that none takes another's lines.
local examples = require("lib.log_readers.examples")
local tests = require("lib.log_readers.tests")

local base = kb.load({ strict = true })

local function open(text)
    return log_text.open({ text = text, name = "example" })
end

local function read(text)
    local log = open(text .. "\n")
    local found = tests.read(base:scan(log), log)
    log:close()
    return found
end

local function field(list, name)
    local values = {}
    for i, item in ipairs(list) do values[i] = item[name] end
    return values
end

-- The patterns that a reader applies by itself, with where they are.
local pattern_keys = { item = true, more = true, stop = true, skip = true, take = true, from = true, inside = true }

local function each_pattern(value, path, visit)
    for key, inner in pairs(value) do
        local place = path .. "." .. tostring(key)
        if type(inner) == "table" and key ~= "examples" and key ~= "gives" then
            each_pattern(inner, place, visit)
        elseif pattern_keys[key] or key == "match" or path:find("%.locate$") or key == "locate" then
            visit(place, inner)
        end
    end
end

describe("the readers of test results", function()
    it("are there for more than sixty formats", function()
        assert.is_true(#base.test_readers > 60)
    end)

    for _, reader in ipairs(base.test_readers) do
        it(("read the examples of %s"):format(reader.id), function()
            assert.equal(#reader.examples.matches, #reader.gives, "each example says what it gives")
            for i, text in ipairs(reader.examples.matches) do
                assert.same(reader.gives[i], examples.tests(base, text, reader.gives[i]), text)
            end
        end)

        it(("have patterns that PCRE2 takes: %s"):format(reader.id), function()
            each_pattern(reader, reader.id, function(place, pattern)
                assert.is_true(pcall(re.compile, pattern), place)
            end)
        end)
    end
end)

describe("marks that many runners share", function()
    local marked = "[ OK ] forest\n[FAIL] tree\n   expected 3, got 4\n"

    it("count only where something passed by the same kind of mark", function()
        assert.same({ "tree" }, field(read(marked).failed, "name"))
        assert.is_nil(read("[FAIL] tree\nlinker: [FAIL] no such library"))
        assert.is_nil(read("checking for zlib ... failed\nchecking for sed ... ok"))
    end)

    it("are left to the reader of the tool that failed", function()
        local found = read(marked .. "--- FAIL: TestTree (0.00s)\n    tree_test.go:12: expected 3, got 4\nFAIL\n")
        assert.same({ "TestTree" }, field(found.failed, "name"))
    end)

    it("are believed more than a summary that counts no failure", function()
        local found = read(marked .. "Tests run: 2, Failures: 0, Errors: 0, Skipped: 0")
        assert.same({ "tree" }, field(found.failed, "name"))
        assert.equal(2, found.total)
        assert.is_nil(found.failures)
        assert.is_nil(found.passed)
    end)
end)

describe("what failed to run", function()
    it("is no test where the tool counts it apart", function()
        local found = read(" FAIL  src/tree.test.js\n  ● Test suite failed to run\n\n    no leaf\n\n"
            .. "Tests:       12 passed, 12 total")
        assert.same({}, found.failed)
        assert.same({ "src/tree.test.js" }, field(found.suites, "name"))
        assert.equal("1 suite failed to run (jest)", require("lib.diagnose.wording").tests(found))
    end)

    it("is marked where the tool counts it among its tests", function()
        local found = read("  1 passing (8ms)\n  1 failing\n\n  1) tree\n       \"before all\" hook for \"walks\":\n"
            .. "     Error: no database\n")
        assert.is_true(found.failed[1].is_setup)
    end)
end)

describe("reading test results", function()
    it("gives nothing for a log without tests", function()
        assert.is_nil(read([[
##[group]Run actions/checkout@v4
git version 2.43.0
npm warn deprecated glob@7.2.3: no longer supported
   Compiling app v0.1.0
gcc -c -o failed.o failed.c
error: failed to push some refs
FAILED: app.o
1) the first thing to do
● docker.service - Docker Application Container Engine
 ✗ no such file
make[2]: *** 3 of 4 tests failed
  12 tests failed
12 tests, 0 failures
dist/a.js => dist/b.js:1:2
BUILD FAILED in 3s]]))
    end)

    it("names no failure in runs that went well", function()
        for _, text in ipairs({
            "running 2 tests\ntest list::push ... ok\ntest result: ok. 2 passed; 0 failed; 1 ignored; 0 measured",
            "============ 12 passed, 1 skipped in 0.31s ============",
            "Ran 3 tests in 0.001s\n\nOK (skipped=1)",
            "[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 1",
            "  3 passing (5ms)\n  1 pending",
            "Test Suites: 1 passed, 1 total\nTests:       1 skipped, 2 passed, 3 total",
            "OK (3 tests, 5 assertions)",
        }) do
            local found = read(text)
            assert.same({}, found.failed, text)
            assert.equal(0, found.failures, text)
            assert.is_true(found.total >= 2, text)
        end
    end)

    it("names a test once that is run again, and twice in two modules", function()
        local failure = "com.acme.BasketTest.total  Time elapsed: 0.1 s  <<< FAILURE!\njava.lang.AssertionError: %s\n"
        local module = "[INFO] --- maven-surefire-plugin:2.22.1:test (default-test) @ %s ---\n"
        local again = read(module:format("core") .. failure:format("first") .. failure:format("second"))
        assert.same({ "com.acme.BasketTest.total" }, field(again.failed, "name"))
        assert.equal("java.lang.AssertionError: first", again.failed[1].message)
        local modules = read(module:format("core") .. failure:format("a")
            .. module:format("web") .. failure:format("b"))
        assert.same({ "core", "web" }, field(modules.failed, "suite"))
    end)

    it("adds up the summaries of several modules", function()
        local found = read([[
[ERROR] Tests run: 3, Failures: 1, Errors: 0, Skipped: 1, Time elapsed: 0.1 s <<< FAILURE! - in com.acme.ATest
[ERROR] Tests run: 3, Failures: 1, Errors: 0, Skipped: 1
[WARNING] Tests run: 5, Failures: 0, Errors: 0, Skipped: 2, Time elapsed: 0.1 s - in com.acme.BTest
[WARNING] Tests run: 5, Failures: 0, Errors: 0, Skipped: 2]])
        assert.same({ 8, 4, 3, 1 }, { found.total, found.passed, found.skipped, found.failures })
    end)

    it("combines frameworks, with what each says in runs", function()
        local found = read([[
  3 passing (5ms)
  1 failing

  1) Basket adds up:
     Error: boom

FAIL src/a.test.js
  ● Basket › is empty

    expect(received).toBe(expected)

Tests:       1 failed, 1 passed, 2 total]])
        assert.same({ "mocha", "jest" }, found.frameworks)
        assert.same({ 6, 2 }, { found.total, found.failures })
        assert.same({ "Basket adds up", "Basket › is empty" }, field(found.failed, "name"))
        assert.same({ 4, 2 }, field(found.runs, "total"))
    end)

    it("reads through the prefixes of services, monorepos and docker's build steps", function()
        for _, prefix in ipairs({ "web_1  | ", "#12 3.456 ", "[@acme/web]: " }) do
            local lines = { "=================== FAILURES ===================", "__________ test_total __________",
                "tests/test_a.py:3: in test_total", "E   assert 2 == 3",
                "FAILED tests/test_a.py::test_total - assert 2 == 3", "===== 1 failed, 2 passed in 0.1s =====" }
            local found = read(prefix .. table.concat(lines, "\n" .. prefix))
            assert.same({ "tests/test_a.py::test_total" }, field(found.failed, "name"), prefix)
            assert.same({ 2, 3, "assert 2 == 3" },
                { found.failed[1].line_number, found.total, found.failed[1].message }, prefix)
        end
    end)

    it("takes names of any length and bytes, and cuts them", function()
        local found = read("running 2 tests\ntest " .. ("é"):rep(3000) .. " ... FAILED\ntest a\0b\255 ... FAILED")
        assert.equal(2, #found.failed)
        assert.is_true(#found.failed[1].name <= 520)
        assert.equal("a\239\191\189b\239\191\189", found.failed[2].name)
    end)

    it("survives twenty thousand failed tests and lists without an end", function()
        local lines = { "running 20000 tests" }
        for i = 1, 20000 do lines[#lines + 1] = ("test many::t%d ... FAILED"):format(i) end
        lines[#lines + 1] = "test result: FAILED. 0 passed; 20000 failed; 0 ignored; 0 measured"
        local found = read(table.concat(lines, "\n"))
        assert.same({ 20000, 20000 }, { #found.failed, found.failures })
        local list = { "  5 passing (1s)", "  30000 failing", "" }
        for i = 1, 30000 do list[#list + 1] = ("  %d) Suite test %d:"):format(i, i) end
        found = read(table.concat(list, "\n"))
        assert.equal("Suite test 30000", found.failed[#found.failed].name)
    end)
end)
