-- Loading policies: where they come from, what they are lent, what passes in and out, and how they fail.
local policies = require("support.policies")
local load_policy, failure = policies.load, policies.failure

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
        assert.is_true(own:explain("issues_of").is_user)
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

    it("does not follow a link out of its folder, nor wait for a named pipe", function()
        policies.with("return require('linked')", function(folder)
            local secret = fs.join(fs.temp_dir():path(), "credentials")
            fs.write(secret, "https://user:planted-secret@example.com")
            process.run({ "ln", "-s", secret, fs.join(folder, "linked.lua"), mutates = "set up" })
            process.run({ "mkfifo", fs.join(folder, "pipe.lua"), mutates = "set up" })
            local linked = failure(policy.load, "linked", { folder = folder })
            assert.equal("file.outside", linked.kind)
            assert.equal(fs.join(folder, "linked.lua"), linked.details.path)
            local required = failure(policy.load, "rules", { folder = folder })
            assert.is_nil(json.encode(required.details):find("planted-secret", 1, true))
            assert.equal("file.not_regular", failure(policy.load, "pipe", { folder = folder }).kind)
        end)
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
            assert.equal("string", type(raised.details.field))
            assert.equal("f", raised.details["function"])
            assert.matches(case[2], raised.message)
        end
    end)

    it("refuses results that are not plain data", function()
        local raised = failure_of("return { f = function() return { ok = function() end } end }", "f")
        assert.equal("policy.value", raised.kind)
        assert.matches("the result of f%.ok is a function", raised.message)
        assert.equal("ok", raised.details.field)
        assert.equal("is a function", raised.details.problem)
    end)

    it("names policy, function, file and line when a rule raises", function()
        local raised = failure_of("local M = {}\nlocal function inner(x)\n  return x.y.z\nend\n"
            .. "M.f = function(x) return 1 + inner(x) end\nreturn M", "f", {})
        assert.equal("policy.failed", raised.kind)
        assert.equal(3, raised.details.line)
        assert.equal("f", raised.details["function"])
        assert.equal("rules", raised.details.policy)
        assert.matches("rules%.lua$", raised.details.path)
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
        local reported = load_policy("return {\n  f = function(x) return x * 2, 'doubled' end,\n}"):explain("f", 4)
        assert.equal(8, reported.value)
        assert.equal("doubled", reported.why)
        assert.equal(2, reported.line)
        assert.equal("f", reported["function"])
        assert.matches("rules%.lua$", reported.file)
    end)
end)

describe("every shipped policy", function()
    local function check_examples(name)
        local handle = policy.load(name)
        local examples = handle:data().examples
        -- Data alone has nothing to show: the spec of what reads it does that.
        assert.is_true(#(examples or {}) > 0 or #handle:functions() == 0, name .. " has no examples")
        for i, example in ipairs(examples or {}) do
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

describe("an error of a policy", function()
    local function excerpt_of(source, ...)
        local argument = ...
        return policies.with(source, function(folder)
            local handle = policy.load("rules", { folder = folder })
            return failure(handle.call, handle, "f", argument).details.excerpt
        end)
    end

    it("shows the line with a caret under the name that it is about", function()
        assert.equal("    2 |  return label.text:find('x') end }\n      |         ^~~~~",
            excerpt_of("return { f = function(label)\n return label.text:find('x') end }"))
        assert.equal("    1 | return { f = function(l) return l.text.x end }\n      |" .. (" "):rep(35) .. "^~~~",
            excerpt_of("return { f = function(l) return l.text.x end }", {}))
    end)

    it("points at the first word when it quotes none that is there", function()
        assert.equal("    2 |   error('no', 1) end }\n      |   ^~~~~",
            excerpt_of("return { f = function()\n\t error('no', 1) end }"))
    end)

    it("shows no control characters, and of a long line the part around the place", function()
        local long = excerpt_of("return { f = function() local s = '\27[2Jä' .. '" .. ("x"):rep(300)
            .. "' return nobody.home end }")
        assert.is_string(long)
        assert.is_nil(long:find("\27", 1, true))
        assert.is_true(#long < 400)
    end)

    it("shows the line that was read, whatever became of the file", function()
        local excerpt = failure_of("return { f = function(l) return l.text.more end }", "f", {}).details.excerpt
        assert.matches("l.text.more", excerpt, 1, true)
    end)

    it("is printed with it when nobody catches it", function()
        policies.with("return { f = function(l) return l.text.more end }", function(folder)
            local reported = process.run({ os.getenv("UHOST"), "-e",
                ("policy.load('rules', { folder = %q }):call('f', {})"):format(folder) })
            assert.equal(2, reported.code)
            assert.matches("\n    1 | return { f = function%(l%) return l%.text%.more end }\n      | +%^~~~\n  hint: ",
                reported.stderr)
        end)
    end)
end)

describe("a deadline", function()
    local function worker_of(folder)
        local listed = process.run({ "pgrep", "-n", "-P", fs.readlink("/proc/self"), "-x", "sandbox-worker" }).stdout
        return assert(listed:match("(%d+)%s*$"), "no worker runs for " .. folder)
    end

    it("does not count the time in which the worker gets no turn on the processor", function()
        policies.with("return { f = function(n) local s = 0 for i = 1, n do s = s + i end return s end }",
            function(folder)
                local handle = policy.load("rules", { folder = folder, deadline_s = 0.1 })
                local worker = worker_of(folder)
                process.run({ "kill", "-STOP", worker, check = true })
                local call = task.spawn(function() return handle:call("f", 1000) end)
                task.sleep(0.4)
                process.run({ "kill", "-CONT", worker, check = true })
                assert.equal(500500, call:await())
            end)
    end)

    it("ends what never gets one", function()
        policies.with("return { f = function() return 1 end }", function(folder)
            local handle = policy.load("rules", { folder = folder, deadline_s = 0.02 })
            process.run({ "kill", "-STOP", worker_of(folder), check = true })
            assert.equal("policy.timeout", failure(handle.call, handle, "f").kind)
            assert.equal(1, handle:call("f"))
        end)
    end)
end)
