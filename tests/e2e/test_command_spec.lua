-- `uhost test` as its user meets it: the real binary, its report, and what a save does to it.
local expect = require("support.expect")
local in_folder = expect.in_folder
local uhost_binary = os.getenv("UHOST") or "uhost"

local function command(folder, ...)
    local list = { uhost_binary, "test", ... }
    list.cwd, list.timeout_s = folder, 120
    return list
end

local function run(sources, ...)
    local arguments = { n = select("#", ...), ... }
    return in_folder(sources, function(folder)
        return process.run(command(folder, unpack(arguments, 1, arguments.n)))
    end)
end

local function rule(gives, with)
    return ("local M = {}\nfunction M.double(n)\n    return n * 2\nend\n"
        .. "M.examples = { { call = 'double', with = { %s }, gives = %s } }\nreturn M\n"):format(with or 2, gives)
end
local spec = "describe('s', function() it('%s', function() assert.equal(%s, 1) end) end)\n"

describe("uhost test", function()
    it("runs specs and the examples of rule files in one report", function()
        local result = run({ ["policies/a.lua"] = rule(5), ["kb/b.lua"] = rule(4), ["x_spec.lua"] = spec:format("x", 1),
            ["notes/c.lua"] = "error('is no rule file')" }, ".")
        assert.equal(1, result.code, result.stderr)
        assert.matches("FAILED policies/a%.lua › double › example 1\n  at policies/a%.lua:5\n", result.stdout)
        assert.matches("%- 5\n  %+ 4\n", result.stdout)
        assert.matches("2 passed, 1 failed, 0 skipped\n$", result.stdout)
    end)

    it("ends with 2 when a rule file cannot be used", function()
        local result = run({ ["policies/a.lua"] = "return {" }, "policies")
        assert.equal(2, result.code)
        assert.matches("policies/a%.lua › loads", result.stdout)
    end)

    it("runs your own rules and specs without arguments, and the shipped rules when asked to", function()
        local sources = { ["policies/own.lua"] = rule(4), ["tests/lua/x_spec.lua"] = spec:format("x", 1) }
        local result = run(sources, "--verbose")
        assert.equal(0, result.code, result.stdout .. result.stderr)
        assert.matches("passed   policies/own%.lua › double", result.stdout)
        assert.matches("2 passed, 0 failed, 0 skipped\n$", result.stdout)
        local shipped = run(sources, "--verbose", "--shipped")
        assert.equal(0, shipped.code, shipped.stdout .. shipped.stderr)
        assert.matches("passed   [^\n]*policies/crash_tests%.lua › issues_of", shipped.stdout)
        assert.equal(2, run({}).code)
    end)

    it("keeps the user's state out of reach, with the host's options for the tests", function()
        in_folder({ ["x_spec.lua"] = [[
describe("state", function()
    it("is a temporary folder, also of children", function()
        db.open(nil, { store = "mine" }):close()
        local child = process.run({ os.getenv("UHOST"), "-e", "print(os.getenv('UHOST_STATE'))" })
        assert.equal(os.getenv("UHOST_STATE") .. "\n", child.stdout)
        assert.is_true(fs.exists(os.getenv("UHOST_STATE")))
    end)
    it("comes with the host's options", function() assert.is_true(uhost.offline) end)
end)]] }, function(folder)
            for _, options in ipairs({ {}, { "--jobs", "2" } }) do
                local list = { uhost_binary, "--offline", "--color", "never", "test", "x_spec.lua", unpack(options) }
                list.cwd, list.env = folder, { UHOST_STATE = folder .. "/state", UHOST = uhost_binary }
                local result = process.run(list)
                assert.equal(0, result.code, result.stdout .. result.stderr)
                assert.is_false(fs.exists(folder .. "/state"))
            end
        end)
    end)

    it("lets specs require the modules of the nearest folder called tests, or of their own", function()
        local check = "local five = require('%s')\n" .. spec:format("x", "five - 4")
        local result = run({
            ["tests/support/five.lua"] = "return 5", ["tests/unit/deep/x_spec.lua"] = check:format("support.five"),
            ["other/five.lua"] = "return 5", ["other/x_spec.lua"] = check:format("five"),
        }, "tests/unit", "other")
        assert.equal(0, result.code, result.stdout .. result.stderr)
        assert.matches("2 passed", result.stdout)
    end)

    it("runs spec files side by side, each with folders of its own", function()
        -- Each waits until the other has begun: one after the other, neither would end.
        local waits = [[
            local mine, other = "%s", "%s"
            local meeting = os.getenv("PWD_OF_TEST")
            it(mine .. " waits", function()
                fs.write(fs.join(meeting, mine), os.getenv("UHOST_STATE") .. " " .. os.getenv("TMPDIR"))
                while not fs.exists(fs.join(meeting, other)) do task.sleep(0.01) end
                print("it was " .. mine)
            end)]]
        in_folder({
            ["a_spec.lua"] = waits:format("a", "b"), ["b_spec.lua"] = waits:format("b", "a"),
            ["c_spec.lua"] = "it('c fails', function() print('before c') error('on purpose') end)",
            ["d_spec.lua"] = "it('d dies', function() process.run({ 'sh', '-c', 'kill -9 $PPID' }) end)",
        }, function(folder)
            local list = command(folder, ".", "--jobs", "4", "--slowest", "2", "--timeout", "60")
            list.env = { PWD_OF_TEST = folder }
            local result = process.run(list)
            assert.equal(1, result.code, result.stderr)
            assert.matches("2 passed, 2 failed, 0 skipped\n$", result.stdout)
            assert.matches("FAILED c fails\n", result.stdout)
            assert.matches("FAILED d_spec%.lua\n.*the process of this file was ended by SIGKILL", result.stdout)
            assert.matches("The slowest 2 tests:\n +%d+%.%d s  [^\n]+\n +%d+%.%d s ", result.stdout)
            assert.matches("ok +%d+%.%d s  a_spec%.lua %(%d of 4%): 1 passed, 0 failed\n", result.stderr)
            assert.matches("FAILED +%d+%.%d s  c_spec%.lua [^\n]+\nbefore c\n", result.stderr)
            assert.is_nil(result.stderr:find("it was", 1, true))
            assert.is_nil(result.stderr:find("on purpose", 1, true))
            assert.not_equal(fs.read(folder .. "/a"), fs.read(folder .. "/b"))
        end)
    end)

    it("says what a filter or a path did not find", function()
        local nothing = run({ ["policies/a.lua"] = rule(4) }, "policies", "--filter", "zebra")
        assert.equal(2, nothing.code)
        assert.matches("no spec and no example was found in policies that matches 'zebra'", nothing.stderr)
        local missing = run({}, "nowhere")
        assert.equal(2, missing.code)
        assert.matches("there is no file or folder 'nowhere'", missing.stderr)
    end)

    it("ends a test that takes too long, whether it computes or waits", function()
        local result = run({ ["x_spec.lua"] = "describe('s', function()\n"
            .. "it('loops', function() while true do end end)\nit('waits', function() task.sleep(1000) end)\n"
            .. "it('is fine', function() end)\nend)" }, "--timeout", "0.2", "x_spec.lua")
        assert.equal(1, result.code)
        assert.equal(2, select(2, result.stdout:gsub("took longer than 0%.2 s", "")))
        assert.matches("1 passed, 2 failed", result.stdout)
    end)

    it("writes JUnit and says what no example fires", function()
        in_folder({ ["policies/a.lua"] = rule(4):gsub("return M\n", "function M.idle() return 1 end\nreturn M\n") },
            function(folder)
                local result = process.run(command(folder, "--coverage", "--junit", "out.xml", "policies"))
                assert.equal(0, result.code)
                assert.matches("functions 1/2 %(50 %%%), lines 1/2 %(50 %%%)\n    no example fires idle, line 6",
                    result.stdout)
                assert.matches('<testsuites name="uhost test" tests="1" failures="0"', fs.read(folder .. "/out.xml"))
            end)
    end)
end)

describe("uhost test of a knowledge base", function()
    local entries = [[
return { entries = {
    { id = "house.up", title = "up", match = "database (?<name>\\w+) is down", class = "flaky", cause = "{name}",
      fix = "wait", examples = { matches = { "database x is up" }, rejects = { "all\nthe database y is down" } } },
    { id = "house.two", title = "two", match = { "^first", "^second" }, class = "flaky", cause = "c", fix = "f",
      when = function(_, context) return context.never end,
      examples = { matches = { "first\nand\nsecond" }, rejects = { "second\nfirst" } } },
    { id = "house.fine", title = "fine", match = "(\\d+) problems", class = "flaky", cause = "{1}", fix = "f",
      suggest = function(captures) return "all " .. captures[1] end, examples = { matches = { "7 problems" } } },
} }]]

    it("finds examples that an entry does not match, or should not", function()
        local result = run({ ["kb/house.lua"] = entries }, "kb")
        assert.equal(1, result.code)
        assert.matches("FAILED kb/house%.lua › house%.up › matches 1\n  at kb/house%.lua:2\n"
            .. "  house%.up does not match the example\n    database x is up\n", result.stdout)
        assert.matches("house%.up › rejects 1\n.-matches line 2 of the example, which it should reject\n"
            .. "    the database y is down", result.stdout)
        assert.matches("FAILED kb/house%.lua › house%.two › matches 1\n", result.stdout)
        assert.matches("2 passed, 3 failed, 0 skipped\n$", result.stdout)
    end)

    it("holds entries for errors against the logs of runs that went well", function()
        local source = [[
return { entries = { { id = "house.lost", title = "lost", match = "connection lost", class = "flaky", cause = "c",
    fix = "f", examples = { matches = { "connection lost" } } } } }]]
        local printed = run({ ["kb/house.lua"] = source, ["kb/green/a.log"] = "reports that a connection lost ... ok\n"
            .. "2026-01-01 DEBUG connection lost, as the test wants\n" }, "kb").stdout
        assert.matches("2 passed, 0 failed, 0 skipped\n$", printed)
        printed = run({ ["kb/house.lua"] = source, ["kb/green/a.log"] = "connection lost 0 times\n" }, "kb").stdout
        assert.matches("FAILED kb/house%.lua › logs of runs that went well\n  at kb/house%.lua:1\n"
            .. "  house%.lost matches in a log of a run that went well\n    connection lost 0 times\n", printed)
    end)

    it("holds what readers make of their examples against what they say", function()
        local source = [[
return { test_readers = { { id = "tests.house", framework = "house",
    patterns = { failed = { match = "^BROKEN (?<name>\\w+)$", name = "{name}" } },
    examples = { matches = { "BROKEN door", "BROKEN roof", "BROKEN wall" } },
    gives = { { framework = "house", failed = { "door" } }, { framework = "house", failed = { "rof" } } } } } }]]
        local printed = run({ ["kb/house.lua"] = source }, "kb").stdout
        assert.matches("FAILED kb/house%.lua › tests%.house › matches 2\n.-first difference at failed%[1%]", printed)
        assert.matches("tests%.house does not say what it gives for the example", printed)
        assert.matches("1 passed, 2 failed, 0 skipped\n$", printed)
    end)

    it("says which entries and which of their functions no example fires", function()
        local printed = run({ ["kb/house.lua"] = entries }, "kb", "--coverage").stdout
        assert.matches("kb/house%.lua: entries 1/3 %(33 %%%)\n    no example fires house%.up, line 2\n"
            .. "    no example fires house%.two, line 4\n", printed)
        assert.matches("no example fires entries%.2%.when %(house%.two%), line 5", printed)
        assert.is_nil(printed:find("entries.3.suggest", 1, true))
    end)
end)

describe("uhost test --watch", function()
    -- Lines up to one that matches.
    local function read_until(child, pattern)
        local seen = {}
        while true do
            local line = child:read_line()
            seen[#seen + 1] = line
            if not line or line:find(pattern) then return table.concat(seen, "\n"), line ~= nil end
        end
    end

    local function watching(sources, body, ...)
        local arguments = { n = select("#", ...), ... }
        in_folder(sources, function(folder)
            local list = command(folder, "--watch", unpack(arguments, 1, arguments.n))
            list.timeout_s = nil
            local child = process.start(list)
            task.finally(function()
                read_until(child, "^watching;")
                body(child, folder)
                child:kill("INT")
                assert.equal(130, child:wait().code)
            end, function() child:kill("KILL") end)
        end)
    end

    it("runs what a save touched and nothing else, until Ctrl-C", function()
        watching({ ["policies/a.lua"] = rule(4), ["policies/b.lua"] = rule(4), ["x_spec.lua"] = spec:format("x", 1) },
            function(child, folder)
                fs.write(folder .. "/policies/b.lua", rule(5))
                local printed = read_until(child, "^watching;")
                assert.matches("saved policies/b%.lua: running policies/b%.lua", printed)
                assert.matches("0 passed, 1 failed", printed)
                assert.matches("1 of 3 files ran$", printed)
                fs.write(folder .. "/policies/b.lua", rule(4))
                assert.matches("1 passed, 0 failed", (read_until(child, "^watching;")))
            end, ".")
    end)

    it("runs a rule file when one that it requires is saved, and a spec when a module of its is", function()
        watching({
            ["policies/a.lua"] = "local shared = require('shared')\nlocal M = { f = function() return shared.n end }\n"
                .. "M.examples = { { call = 'f', gives = 1 } }\nreturn M\n",
            ["policies/shared.lua"] = "return { n = 1 }\n",
            ["x_spec.lua"] = "local n = dofile('number.lua')\n" .. spec:format("x", "n"),
            ["number.lua"] = "return 1\n",
        }, function(child, folder)
            fs.write(folder .. "/policies/shared.lua", "return { n = 2 }\n")
            assert.matches("running policies/a%.lua[^\n]*\n.*0 passed, 1 failed", (read_until(child, "^watching;")))
            fs.write(folder .. "/number.lua", "return 3\n")
            assert.matches("saved number%.lua: running x_spec%.lua\n.*0 passed, 1 failed",
                (read_until(child, "^watching;")))
        end, ".")
    end)

    it("takes up new files, and continues when one is broken or gone", function()
        watching({ ["policies/a.lua"] = rule(4) }, function(child, folder)
            fs.write(folder .. "/policies/new.lua", rule(4))
            assert.matches("running policies/new%.lua", (read_until(child, "^watching;")))
            fs.write(folder .. "/policies/new.lua", "return {")
            assert.matches("0 passed, 1 failed", (read_until(child, "^watching;")))
            fs.remove(folder .. "/policies/new.lua")
            fs.write(folder .. "/policies/a.lua", rule(4, 2) .. "\n")
            assert.matches("running policies/a%.lua", (read_until(child, "^watching;")))
        end, "policies")
    end)

    it("ends a run that a save overtakes", function()
        watching({ ["policies/a.lua"] = rule(4), ["x_spec.lua"] = spec:format("x", 1) }, function(child, folder)
            fs.write(folder .. "/x_spec.lua", "describe('s', function() it('x', function() task.sleep(1000) end) end)")
            read_until(child, "running x_spec")
            fs.write(folder .. "/x_spec.lua", spec:format("x", 1))
            assert.matches("1 passed, 0 failed", (read_until(child, "^watching;")))
        end, ".")
    end)
end)
