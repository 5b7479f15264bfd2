-- Loading policies: where they come from, what they are lent, what passes in and out, and how they fail.
local function with_policy(source, body)
    local folder = fs.temp_dir()
    return task.finally(function()
        fs.write(fs.join(folder:path(), "rules.lua"), source)
        return body(folder:path())
    end, function() folder:close() end)
end

local function load_policy(source)
    return with_policy(source, function(folder) return policy.load("rules", { folder = folder }) end)
end

local function failure(body, ...)
    local ok, raised = pcall(body, ...)
    assert.is_false(ok)
    assert.is_true(uhost.is_error(raised), tostring(raised))
    return raised
end

local function failure_of(source, ...)
    local handle = load_policy(source)
    return failure(handle.call, handle, ...)
end

describe("policy.load", function()
    it("finds a shipped policy, and prefers the user's own of the same name", function()
        assert.same({ 12345 }, policy.load("crash_tests"):call("issues_of", "12345.rs", ""))
        local folder = fs.temp_dir()
        fs.write(fs.join(folder:path(), "crash_tests.lua"), "return { issues_of = function() return { 7 } end }")
        local own = policy.load("crash_tests", { folder = folder:path() })
        assert.same({ 7 }, own:call("issues_of", "12345.rs", ""))
        assert.is_true(own:explain("issues_of").users_own)
        folder:close()
    end)

    it("says which policies there are when there is none of the name", function()
        local raised = failure(policy.load, "crash_test")
        assert.equal("policy.not_found", raised.kind)
        assert.equal("did you mean 'crash_tests'?", raised.hint)
        assert.equal(2, raised.exit_code)
    end)

    it("refuses names that lead out of its folders", function()
        for _, name in ipairs({ "../secrets", "/etc/passwd", "a/../b", "", "a.lua", "A", "a//b", ("x"):rep(300) }) do
            assert.equal("argument", failure(policy.load, name).kind, name)
        end
        assert.equal("argument", failure(policy.load, 5).kind)
    end)

    it("places a syntax error in file and line", function()
        local raised = failure(load_policy, "local M = {}\nfunction M.x( return 1 end\nreturn M")
        assert.equal("policy.syntax", raised.kind)
        assert.equal(2, raised.details.line)
        assert.equal("rules", raised.details.policy)
        assert.matches("rules%.lua:2: ", raised.message)
    end)

    it("takes text only, never bytecode", function()
        assert.equal("policy.syntax", failure(load_policy, string.dump(function() return {} end)).kind)
    end)

    it("reports a policy that raises while it loads, and one that returns no table", function()
        local raised = failure(load_policy, "\nerror('no rules today')")
        assert.equal("policy.failed", raised.kind)
        assert.equal(2, raised.details.line)
        assert.matches("no rules today$", raised.message)
        assert.equal("policy.result", failure(load_policy, "return 5").kind)
        assert.equal("policy.result", failure(load_policy, "").kind)
    end)
end)

describe("what a policy is lent", function()
    it("is nothing that reaches out of it", function()
        local handle = load_policy([[return { has = function(name)
            local value = _G
            local ok = pcall(function() for word in name:gmatch("[^.]+") do value = value[word] end end)
            return ok and value ~= nil
        end }]])
        local kept_out = {
            "io", "os", "package", "load", "loadstring", "loadfile", "dofile", "debug", "jit",
            "collectgarbage", "getfenv", "setfenv", "print", "uhost", "fs", "git", "http", "task", "policy",
            "string.dump", "math.random", "newproxy", "ffi", "arg", "module",
        }
        for _, name in ipairs(kept_out) do assert.is_false(handle:call("has", name), name) end
        for _, name in ipairs({ "string.format", "table.sort", "math.floor", "ipairs", "bit.band" }) do
            assert.is_true(handle:call("has", name), name)
        end
    end)

    it("is its own: what it changes stays with it", function()
        load_policy("string.format = nil; table.concat = nil; rawset(_G, 'leaked', 1); return {}")
        assert.equal("1", string.format("%d", 1))
        assert.is_function(table.concat)
        assert.is_nil(rawget(_G, "leaked"))
        assert.is_true(load_policy("return { x = function() return rawget(_G, 'leaked') == nil end }"):call("x"))
    end)
end)

describe("calling a policy", function()
    it("passes copies of plain data in and out", function()
        local handle = load_policy([[local kept = {}
            return {
                keep = function(list) kept = list; list[1] = "changed"; return list end,
                kept = function() return kept end,
            }]])
        local mine = { "mine", { deep = { 1, 2 } } }
        local theirs = handle:call("keep", mine)
        assert.equal("mine", mine[1])
        theirs[1] = "changed again"
        assert.same({ "changed", { deep = { 1, 2 } } }, handle:call("kept"))
    end)

    it("passes nil, false and argument lists with gaps", function()
        local handle = load_policy("return { count = function(...) return { select('#', ...), (select(3, ...)) } end }")
        assert.same({ 3, false }, handle:call("count", nil, nil, false))
        assert.same({ { 3, "x" }, { 1 } }, handle:map("count", { { nil, nil, "x", n = 3 }, { 1 } }))
        assert.same({}, handle:map("count", {}))
    end)

    it("refuses what is not plain data, and says where it is", function()
        local loop = {}
        loop.self = loop
        local deep = {}
        for _ = 1, 200 do deep = { deep } end
        local cases = {
            { print, "argument 1 of f is a function" },
            { { a = { io.stdout } }, "argument 1 of f%.a%[1%] is a userdata" },
            { coroutine.create(print), "is a thread" },
            { loop, "argument 1 of f%.self contains itself" },
            { deep, "more than 100 levels" },
            { 0 / 0, "not a finite number" },
            { math.huge, "not a finite number" },
            { { 1, x = 2 }, "a list with the extra key 'x'" },
            { { [3] = 1 }, "a table with the key 3" },
            { { [true] = 1 }, "a table with the key true" },
        }
        local handle = load_policy("return { f = function(x) return x end }")
        for _, case in ipairs(cases) do
            local raised = failure(handle.call, handle, "f", case[1])
            assert.equal("policy.value", raised.kind)
            assert.equal("f", raised.details["function"])
            assert.matches(case[2], raised.message)
        end
    end)

    it("refuses results that are not plain data", function()
        local raised = failure_of("return { f = function() return { ok = function() end } end }", "f")
        assert.equal("policy.value", raised.kind)
        assert.matches("the result of f%.ok is a function", raised.message)
    end)

    it("names policy, function, file and line when a rule raises", function()
        local raised = failure_of("local M = {}\nlocal function inner(x)\n  return x.y.z\nend\n"
            .. "M.f = function(x) return 1 + inner(x) end\nreturn M", "f", {})
        assert.equal("policy.failed", raised.kind)
        assert.equal(3, raised.details.line)
        assert.equal("f", raised.details["function"])
        assert.equal("rules", raised.details.policy)
        assert.matches("rules%.lua$", raised.details.file)
        assert.matches("rules%.lua:3: f failed: attempt to index", raised.message)
        assert.equal(2, raised.exit_code)
    end)

    it("reports what a rule raises, whatever it is, in one line", function()
        local function message_of(body)
            return failure_of("return { f = function() " .. body .. " end }", "f").message
        end
        assert.matches("f failed: wrong$", message_of("error('wrong\\nmore')"))
        assert.matches("it raised a table", message_of("error({})"))
        assert.matches("overflow", message_of("local function g() return 1 + g() end return g()"))
    end)

    it("names the functions there are when one is missing", function()
        local raised = failure_of("return { b = function() end, a = function() end, c = 1 }", "c")
        assert.equal("policy.no_function", raised.kind)
        assert.equal("it has: a, b", raised.hint)
    end)
end)

describe("a policy's data", function()
    it("is all that is not a function, as a copy", function()
        local handle = load_policy("return { f = function() end, rules = { { when = 'a' } }, limit = 3 }")
        handle:data().rules[1].when = "b"
        assert.same({ rules = { { when = "a" } }, limit = 3 }, handle:data())
    end)

    it("leaves functions out, which are called by their paths", function()
        local handle = load_policy("return { rules = { { id = 'a', when = function(x) return x + 1 end } } }")
        assert.same({ rules = { { id = "a" } } }, handle:data())
        assert.equal(3, handle:call("rules.1.when", 2))
    end)

    it("must be plain", function()
        local raised = failure(load_policy, "return { rules = { { when = coroutine.create(function() end) } } }")
        assert.equal("policy.value", raised.kind)
        assert.matches("the policy's data.rules%[1%].when is a thread", raised.message)
    end)
end)

describe("explain", function()
    it("says what was answered, by which lines, and why", function()
        local told = load_policy("return {\n  f = function(x) return x * 2, 'doubled' end,\n}"):explain("f", 4)
        assert.equal(8, told.value)
        assert.equal("doubled", told.why)
        assert.equal(2, told.line)
        assert.equal("f", told["function"])
        assert.matches("rules%.lua$", told.file)
    end)
end)

describe("every shipped policy", function()
    local function check_examples(name)
        local handle = policy.load(name)
        local examples = handle:data().examples
        assert.is_true(#(examples or {}) > 0, name .. " has no examples")
        for i, example in ipairs(examples) do
            local where = ("%s: example %d"):format(name, i)
            assert.same(example.gives, handle:call(example.call, unpack(example.with)), where)
        end
    end

    it("does what its examples say", function()
        for _, file in ipairs(fs.list(fs.join(uhost.share, "policies"))) do
            local name = file:match("^([%l%d_]+)%.lua$")
            if name then check_examples(name) end
        end
    end)
end)

describe("a user's file over a shipped one", function()
    local function with_users(source, body)
        local folder = fs.temp_dir()
        return task.finally(function()
            fs.write(fs.join(folder:path(), "crash_tests.lua"), source)
            return body(policy.load("crash_tests", { folder = folder:path() }))
        end, function() folder:close() end)
    end

    it("replaces the keys it has, and keeps the others", function()
        with_users("return { limit = 5, extra = function() return 'mine' end }", function(handle)
            assert.equal(5, handle:data().limit)
            assert.equal("mine", handle:call("extra"))
            assert.same({ 12345 }, handle:call("issues_of", "12345.rs", ""))
        end)
    end)

    it("is told apart by explain, key by key", function()
        with_users("return { limit = 5 }", function(handle)
            local sources = {}
            for _, each in ipairs(handle:explain()) do sources[each.key] = each.users_own end
            assert.same({ limit = true, issues_of = false, examples = false }, sources)
        end)
    end)

    it("cannot disable what is not there", function()
        local ok, err = pcall(with_users, "return { disable = { 'nothing' } }", function() end)
        assert.is_false(ok)
        assert.matches("`disable` names 'nothing', which no entry below has", err.message)
    end)

    it("does not count any more when it is removed", function()
        with_users("return { issues_of = function() return { 1 } end }", function(handle)
            assert.same({ 1 }, handle:call("issues_of", "2.rs", ""))
            fs.remove(handle:files()[2])
            assert.same({ 2 }, handle:call("issues_of", "2.rs", ""))
        end)
    end)
end)

describe("entries with ids", function()
    local lower = "return { rules = { { id = 'a', n = 1 }, { id = 'b', n = 2 }, { id = 'c', n = 3 } } }"

    -- Both layers are given as sources to one policy: what `load` of the sandbox does with a shipped and a user's file.
    local function ids_of(upper)
        return with_policy(lower, function(folder)
            fs.mkdir(fs.join(folder, "own"))
            fs.write(fs.join(folder, "own", "rules.lua"), upper)
            local handle = policy.load("rules", { folder = fs.join(folder, "own"), shipped = folder })
            local ids = {}
            for _, rule in ipairs(handle:data().rules) do ids[#ids + 1] = rule.id .. rule.n end
            return table.concat(ids, " ")
        end)
    end

    it("are replaced in place, added at the end, and taken out", function()
        assert.equal("a1 b9 c3 d4", ids_of("return { rules = { { id = 'd', n = 4 }, { id = 'b', n = 9 } } }"))
        assert.equal("a1 c3", ids_of("return { disable = { 'b' } }"))
        assert.equal("c7", ids_of("return { disable = { 'a', 'b' }, rules = { { id = 'c', n = 7 } } }"))
    end)
end)

describe("a policy that is edited while it is in use", function()
    local function with_two_versions(first, second, body)
        with_policy(first, function(folder)
            local handle = policy.load("rules", { folder = folder })
            assert.equal(1, handle:call("f"))
            fs.write(fs.join(folder, "rules.lua"), second)
            body(handle, folder)
        end)
    end

    it("counts from the next call on", function()
        with_two_versions("return { f = function() return 1 end }", "return { f = function() return 2 end, limit = 7 }",
            function(handle)
                assert.equal(2, handle:call("f"))
                assert.equal(7, handle:data().limit)
            end)
    end)

    it("keeps the last good version when the edit is broken, and takes the next good one", function()
        with_two_versions("return { f = function() return 1 end }", "return { f = function( }", function(handle, folder)
            assert.equal(1, handle:call("f"))
            assert.equal(1, handle:call("f"))
            fs.write(fs.join(folder, "rules.lua"), "return { f = function() return 3 end }")
            assert.equal(3, handle:call("f"))
        end)
    end)

    it("keeps the last good version when the edit does not fit the schema", function()
        local schema = { fields = { f = { type = "function", required = true }, limit = { type = "integer" } } }
        with_policy("return { f = function() return 1 end }", function(folder)
            local handle = policy.load("rules", { folder = folder, schema = schema })
            fs.write(fs.join(folder, "rules.lua"), "return { f = function() return 2 end, limit = 'many' }")
            assert.equal(1, handle:call("f"))
        end)
    end)

    it("is loaded anew when a file that it requires is edited", function()
        with_policy("local other = require('other') return { f = function() return other.n end }", function(folder)
            fs.write(fs.join(folder, "other.lua"), "return { n = 1 }")
            local handle = policy.load("rules", { folder = folder })
            assert.equal(1, handle:call("f"))
            fs.write(fs.join(folder, "other.lua"), "return { n = 25 }")
            assert.equal(25, handle:call("f"))
            assert.same({ fs.join(folder, "rules.lua"), fs.join(folder, "other.lua") }, handle:files())
        end)
    end)
end)

describe("a schema", function()
    local schema = {
        fields = {
            limit = { type = "integer", default = 3 },
            level = { type = "string", enum = { "low", "high" }, required = true },
            rules = { type = "list", of = { type = "table", fields = {
                id = { type = "string", required = true }, when = { type = "function", required = true },
                weight = { type = "number", default = 1 },
            } } },
            names = { type = "table", of = { type = "string" } },
        },
    }

    local function load_with(source)
        return with_policy(source, function(folder)
            return policy.load("rules", { folder = folder, schema = schema })
        end)
    end

    it("gives data with its defaults", function()
        local data = load_with([[return {
            level = "low", rules = { { id = "a", when = function() return true end } } }]]):data()
        assert.same({ limit = 3, level = "low", rules = { { id = "a", weight = 1 } } }, data)
    end)

    it("says which key is wrong, how, and what was meant", function()
        local cases = {
            { "return { }", "level is missing: it has to be a string" },
            { "return { level = 'hihg' }", "level is 'hihg'", "did you mean 'high'?" },
            { "return { level = 'low', limit = 1.5 }", "limit is a number, expected an integer" },
            { "return { level = 'low', limt = 1 }", "limt is not known here", "did you mean 'limit'?" },
            { "return { level = 'low', rules = { { id = 'a' } } }", "rules%[1%]%.when is missing" },
            { "return { level = 'low', rules = { a = 1 } }", "rules is a table, expected a list" },
            { "return { level = function() end }", "level is a function, expected a string" },
            { "return { level = 'low', names = { x = 5 } }", "names%.x is a number, expected a string" },
            { "return { level = 'low', leve = function() end }", "leve is not known here", "did you mean 'level'?" },
        }
        for _, case in ipairs(cases) do
            local raised = failure(load_with, case[1])
            assert.equal("policy.schema", raised.kind, case[1])
            assert.matches("rules%.lua: " .. case[2], raised.message)
            if case[3] then assert.equal(case[3], raised.hint) end
        end
        assert.equal(2, failure(load_with, "return { limt = 1 }").details.problems)
    end)
end)

describe("trace", function()
    it("tells which lines ran, how often, and the answer", function()
        local handle = load_policy([[return {
            f = function(n)
                local s = 0
                for i = 1, n do
                    s = s + i
                end
                if s > 100 then
                    s = 100
                end
                return s, "summed"
            end }]])
        local told = handle:trace("f", 3)
        assert.equal(6, told.value)
        assert.equal("summed", told.why)
        local counts = {}
        for _, step in ipairs(told.steps) do counts[step.line] = step.count end
        assert.equal(3, counts[5])
        assert.is_nil(counts[8])
        assert.equal(1, counts[10])
    end)
end)
