-- The tools to write rules, as their user meets them: the real binary, its output and its exit code.
local expect = require("support.expect")
local in_folder = expect.in_folder
local uhost_binary = os.getenv("UHOST") or "uhost"

local function run(folder, ...)
    local command = { uhost_binary, ... }
    command.cwd, command.timeout_s, command.env = folder, 60, { GITHUB_ACTIONS = "" }
    return process.run(command)
end

-- Runs in a folder with these files.
local function run_with(sources, ...)
    local arguments = { n = select("#", ...), ... }
    return in_folder(sources, function(folder) return run(folder, unpack(arguments, 1, arguments.n)) end)
end

local fine = [[
local M = { limit = 3 }
--- Whether a label is one of ours.
function M.is_ours(label, strict)
    if strict then
        return label == "uhost", "compared exactly"
    end
    return label:find("uhost", 1, true) ~= nil, "compared roughly"
end
M.examples = { { call = "is_ours", with = { "x-uhost" }, gives = true } }
return M
]]
local broken = 'local M = {}\nfunction M.f() return nme end\nM.match = "a(b"\nM.unless = "a*"\nreturn M\n'

describe("uhost check", function()
    it("checks your own files when none is named, and the shipped ones when asked to", function()
        in_folder({
            [".git/HEAD"] = "", ["policies/labels.lua"] = fine, ["policies/Odd Name.lua"] = "return {}", ["src/x"] = "",
        }, function(folder)
            for _, below in ipairs({ "", "/src" }) do
                local result = run(folder .. below, "check")
                assert.equal(2, result.code)
                assert.matches("2 rule files: 1 error, 0 warnings\n$", result.stdout)
                assert.matches("'Odd Name' is not a name that a rule file can have", result.stdout, 1, true)
            end
        end)
        local empty = run_with({}, "check")
        assert.equal(0, empty.code)
        assert.equal("0 rule files are fine\n", empty.stdout)
        assert.matches("you have no rule files", empty.stderr)
        local shipped = run_with({ ["policies/labels.lua"] = fine }, "check", "--shipped")
        assert.equal(0, shipped.code, shipped.stdout .. shipped.stderr)
        assert.matches("^%d%d+ rule files are fine\n$", shipped.stdout)
    end)

    it("refuses a policy that is a list, which would load as nothing", function()
        local result = run_with({ ["policies/labels.lua"] = 'return { { id = "a" }, { id = "b" } }' }, "check")
        assert.equal(2, result.code)
        assert.matches("policies/labels.lua:1:1: error: it returns a list, which loads as nothing [result]",
            result.stdout, 1, true)
    end)

    it("shows all mistakes at once: place, line, caret, hint", function()
        local result = run_with({ ["policies/labels.lua"] = broken, ["kb/house.lua"] = "return { a = }" },
            "check", "policies", "kb")
        assert.equal(2, result.code)
        assert.equal("", result.stderr)
        assert.equal([[
kb/house.lua:1:14: error: unexpected symbol near '}' [syntax]
    1 | return { a = }
      |              ^
  hint: correct it there, or just before

policies/labels.lua:2:12: warning: 'f' has no example [missing-example]
    2 | function M.f() return nme end
      |            ^
  hint: examples = { { call = "f", with = { … }, gives = … } } are its tests

policies/labels.lua:2:23: error: 'nme' is not defined [undefined-name]
    2 | function M.f() return nme end
      |                       ^~~
  hint: names that a file uses are its own `local`s

policies/labels.lua:3:14: error: the pattern 'a(b' does not compile: missing closing parenthesis [regex-syntax]
    3 | M.match = "a(b"
      |              ^
  hint: see https://www.pcre.org/current/doc/html/pcre2pattern.html; `re.escape` makes a pattern of a text

policies/labels.lua:4:12: warning: the pattern 'a*' matches every text, for it matches the empty one [regex-always]
    4 | M.unless = "a*"
      |            ^~~~
  hint: ask for at least one character that must be there

]], (result.stdout:gsub("[^\n]*\n$", "")))
        assert.matches("2 rule files: 3 errors, 2 warnings\n$", result.stdout)
    end)

    it("fails for warnings only with --strict", function()
        local sources = { ["policies/labels.lua"] = "return { unless = 'a*' }" }
        assert.equal(0, run_with(sources, "check", "policies").code)
        assert.equal(2, run_with(sources, "check", "--strict", "policies/labels.lua").code)
    end)

    it("writes JSON, SARIF and annotations of the same findings", function()
        in_folder({ ["policies/labels.lua"] = broken }, function(folder)
            local printed = json.decode(run(folder, "check", "--format", "json", "policies").stdout)
            assert.same({ 1, 1, 2, 2 }, { printed.version, printed.files, printed.errors, printed.warnings })
            assert.equal(23, printed.findings[2].column)

            local sarif = json.decode(run(folder, "check", "--format", "sarif", "policies").stdout)
            assert.equal("2.1.0", sarif.version)
            assert.equal(4, #sarif.runs[1].results)
            for i, result in ipairs(sarif.runs[1].results) do
                local place = result.locations[1].physicalLocation
                assert.equal("policies/labels.lua", place.artifactLocation.uri)
                assert.equal(printed.findings[i].line, place.region.startLine)
                assert.equal(printed.findings[i].column, place.region.startColumn)
                assert.equal(printed.findings[i].rule, result.ruleId)
                assert.equal(result.ruleId, sarif.runs[1].tool.driver.rules[result.ruleIndex + 1].id)
            end

            local lines = run(folder, "check", "--format", "github", "policies").stdout
            assert.matches("^::warning file=policies/labels%.lua,line=2,col=12,endColumn=12,title=missing%-example::",
                lines)
            assert.equal(4, select(2, lines:gsub("\n", "")))
        end)
    end)

    it("cannot be made to print commands of the runner by what a file says", function()
        local source = 'local M = {}\nM.disable = { "x\\n::add-mask::y" }\nreturn M'
        local result = in_folder({ ["policies/labels.lua"] = source }, function(folder)
            return process.run({ uhost_binary, "check", "--format", "github", "policies", cwd = folder, timeout_s = 60,
                env = { GITHUB_ACTIONS = "true" } })
        end)
        assert.equal(2, result.code)
        for line in result.stdout:gmatch("[^\n]+") do assert.matches("^::error file=", line) end
    end)

    it("continues after files that loop, take all memory, or cannot be read", function()
        in_folder({
            ["policies/loops.lua"] = "while true do end", ["policies/takes.lua"] = "local s = ('x'):rep(1e9)",
            ["policies/good.lua"] = fine, ["policies/mute.lua"] = "return {}",
        }, function(folder)
            fs.symlink("/nowhere", folder .. "/policies/gone.lua")
            fs.mkdir(folder .. "/policies/folder.lua")
            local result = run(folder, "check", "--format", "json", "policies")
            assert.equal(2, result.code, result.stderr)
            local printed = {}
            for i, finding in ipairs(json.decode(result.stdout).findings) do
                printed[i] = ("%s: %s"):format(fs.basename(finding.file), finding.message)
            end
            assert.same({
                "gone.lua: there is no such file", "loops.lua: it took longer than 1 s",
                "takes.lua: it needs more than 128 MiB",
            }, printed)
        end)
    end)

    it("runs nothing of what it checks outside of the sandbox", function()
        in_folder({
            ["policies/spy.lua"] = [[
local reached = {}
for _, name in ipairs({ "io", "os", "uhost", "fs", "process", "require" }) do
    local ok, value = pcall(function() return _G[name] end)
    if ok and value then reached[#reached + 1] = name end
end
error(table.concat(reached, " "))]],
            ["scripts/lib/schemas/spy.lua"] = "io.open('escaped', 'w'):close() return {}",
            ["scripts/lib/code_frame.lua"] = "io.open('escaped', 'w'):close() return {}",
        }, function(folder)
            local result = run(folder, "check", "policies")
            assert.matches("error: require %[load%]", result.stdout)
            assert.is_false(fs.exists(folder .. "/escaped"))
        end)
    end)

    it("says what is wrong with paths", function()
        local result = run_with({}, "check", "nowhere.lua")
        assert.equal(2, result.code)
        assert.equal("error: there is no 'nowhere.lua'\n  hint: name rule files, or folders of them\n", result.stderr)
        result = run_with({ ["docs/a.md"] = "" }, "check", "docs")
        assert.equal(2, result.code)
        assert.matches("there are no rule files %(%*%.lua%) in docs", result.stderr)
    end)

    it("shows which layers of the sandbox hold", function()
        local holds = policy.sandbox()
        local all = holds.descriptors and holds.limits and holds.privileges and holds.system_calls
        local result = run_with({}, "check", "--sandbox")
        assert.equal(all and 0 or 2, result.code)
        local word = holds.system_calls and "active " or "missing"
        assert.matches(word .. "  a filter of system calls", result.stdout)
        assert.same(holds, json.decode(run_with({}, "check", "--sandbox", "--format", "json").stdout))
    end)
end)

describe("uhost policy try", function()
    local sources = { ["policies/labels.lua"] = fine }

    it("shows the answer, its reason, where it is from, and which lines decided", function()
        local result = run_with(sources, "policy", "try", "labels", "is_ours", '["uhost", true]')
        assert.equal(0, result.code, result.stderr)
        assert.matches("^true\n\nwhy:  compared exactly\nfrom: policies/labels%.lua:3 %(yours%)\ntime: [%d.]+ ms",
            result.stdout)
        assert.matches("    ●    5 |", result.stdout, 1, true)
        assert.matches("         7 |", result.stdout, 1, true)
    end)

    it("takes one argument bare, several as a list, both from a file, and none", function()
        in_folder(sources, function(folder)
            fs.write(folder .. "/label.json", '"x-uhost"')
            fs.write(folder .. "/policies/count.lua", "return { of = function(...) return select('#', ...) end }")
            assert.matches("^true\n", run(folder, "policy", "try", "labels", "is_ours", '"x-uhost"').stdout)
            assert.matches("^true\n", run(folder, "policy", "try", "labels", "is_ours", "@label.json").stdout)
            assert.matches("^false\n", run(folder, "policy", "try", "labels", "is_ours", '["x-uhost", true]').stdout)
            assert.matches("^0\n", run(folder, "policy", "try", "count", "of").stdout)
            assert.matches("^1\n", run(folder, "policy", "try", "count", "of", "{}").stdout)
            assert.matches("^3\n", run(folder, "policy", "try", "count", "of", "[null, {}, null]").stdout)
        end)
    end)

    it("gives JSON", function()
        local result = run_with(sources, "policy", "try", "labels", "is_ours", '"a"', "--format", "json")
        local printed = json.decode(result.stdout)
        assert.is_false(printed.value)
        assert.equal("compared roughly", printed.why)
        assert.equal("policies/labels.lua", printed.file)
        assert.is_true(printed.is_user)
        assert.same({ count = 1, file = "policies/labels.lua", line = 4 }, printed.steps[1])
    end)

    it("shows an error of the policy in its own line", function()
        local result = run_with(sources, "policy", "try", "labels", "is_ours", "{}")
        assert.equal(2, result.code)
        assert.equal("", result.stdout)
        assert.equal([[
policies/labels.lua:7:18: error: attempt to call method 'find' (a nil value) (in 'is_ours')
    7 |     return label:find("uhost", 1, true) ~= nil, "compared roughly"
      |                  ^~~~
  hint: correct the rule there, or the data it was given
]], result.stderr)
        result = run_with({ ["policies/labels.lua"] = "return {\n  f = = 1 }" }, "policy", "try", "labels", "f")
        assert.equal(2, result.code)
        assert.matches("^policies/labels%.lua:2:7: error: unexpected symbol near '='\n    2 |   f = = 1 }\n",
            result.stderr)
    end)

    it("says which functions and policies there are", function()
        local result = run_with(sources, "policy", "try", "labels", "is_our")
        assert.equal("policies/labels.lua: error: it has no function 'is_our'\n  hint: it has: is_ours\n",
            result.stderr)
        result = run_with(sources, "policy", "try", "labls", "is_ours")
        assert.equal(2, result.code)
        assert.matches("hint: did you mean 'labels'?", result.stderr, 1, true)
    end)

    it("refuses arguments that are no JSON, and files that there are not", function()
        for _, case in ipairs({
            { "[1", "the arguments are not JSON" }, { "@none.json", "there is no file 'none%.json'" },
            { "[[null]]", "has null in it" },
        }) do
            local result = run_with(sources, "policy", "try", "labels", "is_ours", case[1])
            assert.equal(2, result.code)
            assert.matches("^error: [^\n]*" .. case[2] .. "[^\n]*\n  hint: [^\n]+\n$", result.stderr)
        end
    end)

    it("ends a call that never ends", function()
        local result = run_with({ ["policies/a.lua"] = "return { f = function()\n while true do end end }" },
            "policy", "try", "a", "f")
        assert.equal(2, result.code)
        assert.matches("^policies/a%.lua:2:2: error: it took longer than 1 s %(in 'f'%)\n", result.stderr)
    end)
end)

describe("uhost check of a knowledge base", function()
    it("refuses entries without examples, misspelt keys, and captures that there are none of", function()
        local result = run_with({ ["kb/house.lua"] = [[
return { entries = { {
    id = "house.db", title = "no db", match = "database (?<name>\\w+) is down", class = "infrastructure",
    cause = "{nme} is down", fix = "wait", klass = "x",
} } }]] }, "check", "kb")
        assert.equal(2, result.code)
        assert.matches("kb/house%.lua:3:5: error: 'entries%[1%]%.cause' asks for {nme}", result.stdout)
        assert.matches("did you mean 'name'%?", result.stdout)
        assert.matches("'entries%[1%]%.examples' is missing: it has to be a table %[example%]", result.stdout)
        assert.matches("'entries%[1%]%.klass' is not known here", result.stdout)
        assert.equal(3, select(2, result.stdout:gsub(": error: ", "")))
    end)

    local function entry(id, more)
        return ([[
return { %s entries = { { id = "%s", title = "t", match = "kiln %%d+", class = "flaky", cause = "c", fix = "f",
    examples = { matches = { "kiln 5" } } } } }]]):format(more or "", id)
    end

    it("refuses an id that another file has, and says where both are; a shipped one may be replaced", function()
        local files = { ["kb/a.lua"] = entry("house.db"), ["kb/deep/b.lua"] = entry("house.db") }
        for _, paths in ipairs({ { "kb" }, { "kb/deep/b.lua" } }) do
            local result = run_with(files, "check", unpack(paths))
            assert.equal(2, result.code)
            assert.matches("kb/deep/b%.lua:1:30: error: the id 'house%.db' is taken in kb/a%.lua:1 %[duplicate%-id%]",
                result.stdout)
        end
        local shipped = kb.load().entries[1].id
        local disable = ('disable = { "%s" },'):format(shipped)
        local own = run_with({ ["kb/own.lua"] = entry(shipped, disable) }, "check", "kb")
        assert.equal(0, own.code, own.stdout)
        local typo = run_with({ ["kb/own.lua"] = entry("house.db", 'disable = { "rust.e02777" },') }, "check", "kb")
        assert.matches("no shipped knowledge base has the id 'rust%.e02777' %[disable%]", typo.stdout)
    end)

    it("refuses a file that has nothing of a knowledge base, unless another requires it", function()
        local list = run_with({ ["kb/a.lua"] = entry("a.b"):gsub("entries = (%b{})", "unpack(%1)") }, "check", "kb")
        assert.equal(2, list.code)
        local bare = run_with({ ["kb/a.lua"] = 'return { { id = "a.b", match = "x" } }' }, "check", "kb")
        assert.equal(2, bare.code)
        assert.matches("kb/a%.lua:1:8: error: it returns a list, which loads as nothing %[schema%]", bare.stdout)
        local none = run_with({ ["kb/a.lua"] = "return { word = 1 }" }, "check", "kb")
        assert.matches("it has none of the keys of a knowledge base %[schema%]", none.stdout)
        local needed = run_with({ ["kb/a.lua"] = "return { word = 1 }", ["kb/b.lua"] = 'local a = require("a") '
            .. entry("a.b") }, "check", "kb")
        assert.not_matches("kb/a%.lua", needed.stdout)
    end)
end)

describe("uhost policy", function()
    it("finds your own rules from every folder of a repository, says so under -v, and looks no further", function()
        in_folder({
            ["policies/outside.lua"] = fine, ["repository/.git/HEAD"] = "", ["repository/src/deep/x"] = "",
            ["repository/policies/labels.lua"] = fine, ["repository/kb/house.lua"] = "return {}", ["plain/x"] = "",
        }, function(folder)
            local function own_in(below)
                local found = {}
                for _, each in ipairs(json.decode(run(folder .. below, "policy", "list", "--format", "json").stdout)) do
                    if each.from == "yours" then found[each.name] = each.files end
                end
                return found
            end
            assert.same({
                labels = { "../../policies/labels.lua" }, ["kb/house"] = { "../../kb/house.lua" },
            }, own_in("/repository/src/deep"))
            assert.same({}, own_in("/plain"))
            local printed = run(folder .. "/repository/src", "-v", "policy", "list").stderr
            assert.matches(("debug: policies/: yours are in %s/repository/policies"):format(folder), printed, 1, true)
        end)
    end)

    it("lists the policies, and whose they are", function()
        local list = json.decode(run_with({
            ["policies/crash_tests.lua"] = "return {}", ["policies/labels.lua"] = fine, ["kb/house.lua"] = "return {}",
        }, "policy", "list", "--format", "json").stdout)
        local printed = {}
        for _, each in ipairs(list) do printed[each.name] = each.from end
        assert.equal("yours over shipped", printed.crash_tests)
        assert.equal("yours", printed.labels)
        assert.equal("yours", printed["kb/house"])
    end)

    it("explains which file each key is from", function()
        local sources = { ["policies/crash_tests.lua"] = "return { limit = 5 }" }
        local printed = json.decode(run_with(sources, "policy", "explain", "crash_tests", "--format", "json").stdout)
        local users = {}
        for _, each in ipairs(printed.keys) do users[each.key] = each.is_user end
        assert.is_true(users.limit)
        assert.is_false(users.issues_of)
        assert.matches("limit +data +yours +policies/crash_tests%.lua",
            run_with(sources, "policy", "explain", "crash_tests").stdout)
    end)

    it("asks for a command", function()
        local result = run_with({}, "policy")
        assert.equal(2, result.code)
        assert.matches("a command is required", result.stderr)
    end)
end)
