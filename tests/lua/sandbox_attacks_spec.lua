-- Rules that mean harm. Each must end in a clean error, or in an answer that is worth nothing; afterwards the same
-- handle answers again, and the planted secrets are unread.
local secret_value = "planted-secret-8c1f"

-- How an attack may end: by one of these kinds of error, or with what it returns.
local stopped = { timeout = true, memory = true, failed = true, died = true, value = true }

local attacks = {
    -- reaching other environments and the machine
    ["getfenv(0)"] = "return getfenv(0)",
    ["setfenv on the caller"] = "setfenv(2, {}) return 1",
    ["getfenv through pcall"] = "return select(2, pcall(getfenv, 1))",
    ["debug.getregistry"] = "return debug.getregistry()",
    ["debug.sethook inside a coroutine"] =
        "return coroutine.wrap(function() debug.sethook() while true do end end)()",
    ["package.loaded"] = "return package.loaded.io",
    ["package.loadlib"] = "return package.loadlib('libc.so.6', 'system')",
    ["ffi"] = "return require('ffi').C",
    ["ffi by load"] = "return load('return require(\"ffi\")')()",
    ["jit.on"] = "jit.on() return 1",
    ["jit.util"] = "return require('jit.util')",
    ["io.open"] = "return io.open('/etc/passwd'):read('*a')",
    ["io.popen"] = "return io.popen('id'):read('*a')",
    ["os.execute"] = "return os.execute('true')",
    ["os.getenv"] = "return os.getenv('PLANTED_SECRET')",
    ["os.exit"] = "os.exit(0)",
    ["dofile"] = "return dofile('/etc/passwd')",
    ["loadfile"] = "return loadfile('/etc/passwd')",
    ["load of text"] = "return load('return 1')()",
    ["loadstring of bytecode"] = "return loadstring('\\27LJ\\2')()",
    ["string to bytecode"] = "return string.dump(function() end)",
    ["string.dump by a method"] = "return ('x').dump",
    ["collectgarbage stop"] = "collectgarbage('stop') return 1",
    ["newproxy with __gc"] =
        "local p = newproxy(true) getmetatable(p).__gc = function() while true do end end return 1",
    ["the primitives"] = "return git.open('.'):head().id",
    ["http"] = "return http.get('http://localhost').body",
    ["require of a path"] = "return require('/etc/passwd')",
    ["require upwards"] = "return require('../../etc/passwd')",
    ["require of a library"] = "return require('string')",
    ["require of itself for ever"] = "return require('attack')",
    -- shared metatables
    ["the metatable of strings"] = "getmetatable('').__index = function() return 'mine' end return ('').x",
    ["the metatable of strings, set"] = "return setmetatable('', {})",
    ["the metatable of the globals"] = "getmetatable(_G).__index = nil return io",
    ["the globals, set"] = "setmetatable(_G, nil) return io",
    ["rawset of a global"] = "rawset(_G, 'pcall', nil) return pcall == nil",
    ["rawget of a library"] = "return rawget(_G, 'io') ~= nil and 'io' or nil",
    ["a library overwritten"] = "string.find = function() return 'mine' end return ('a'):find('b')",
    ["tostring of a function"] = "return tostring(print)",
    -- time
    ["a loop"] = "while true do end",
    ["a loop around pcall"] = "while true do pcall(function() while true do end end) end",
    ["a loop in an xpcall handler"] = "xpcall(function() error('x') end, function() while true do end end)",
    ["an xpcall handler that fails for ever"] =
        "local function h() return xpcall(function() error('x') end, h) end while true do xpcall(error, h) end",
    ["a loop in a coroutine"] = "coroutine.wrap(function() while true do end end)()",
    ["a loop over new coroutines"] =
        "while true do pcall(coroutine.wrap(function() while true do end end)) end",
    ["a loop in a comparator"] = "table.sort({ 3, 2, 1 }, function() while true do end end)",
    ["a loop in a gsub callback"] = "return (('x'):gsub('x', function() while true do end end))",
    ["a loop in __index"] = "return setmetatable({}, { __index = function() while true do end end }).x",
    ["a loop in __tostring"] = "return tostring(setmetatable({}, { __tostring = function() while true do end end }))",
    ["a loop in an iterator"] = "for _ in function() return 1 end do end",
    ["a pattern that backtracks"] = "return ('a'):rep(40):find(('a*'):rep(40) .. 'b')",
    ["a gsub that backtracks"] = "return (('a'):rep(40):gsub(('a*'):rep(40) .. 'b', ''))",
    ["a long concat of nothing"] = "return #table.concat(setmetatable({}, {}), '', 1, 1e9)",
    ["a for to the end of numbers"] = "for _ = 1, math.huge do end",
    -- memory
    ["string.rep"] = "return #('x'):rep(1e9)",
    ["string.rep of a rep"] = "local s = 'x' for _ = 1, 40 do s = s .. s end return #s",
    ["a table without end"] = "local t = {} for i = 1, 1e9 do t[i] = i end",
    ["tables in tables"] = "local t = {} while true do t = { t, t } end",
    ["table.concat"] = "local t = {} for i = 1, 1e5 do t[i] = ('x'):rep(1e4) end return #table.concat(t)",
    ["string.format"] = "local s = ('x'):rep(1e7) return #(('%s'):rep(100)):format(s, s, s, s, s, s, s, s, s)",
    ["gsub that grows"] = "local s = 'x' while true do s = s:gsub('x', 'xx') end",
    ["closures"] = "local t = {} while true do t[#t + 1] = function() return t end end",
    ["memory caught by pcall"] = "while true do pcall(string.rep, 'x', 1e9) end",
    ["unpack of many"] = "return select('#', unpack({}, 1, 1e7))",
    ["a string.char of many"] = "return string.char(unpack({}, 1, 1e6))",
    -- the stack
    ["recursion"] = "local function f() return 1 + f() end return f()",
    ["recursion through pcall"] = "local function f() return pcall(f) end return f()",
    ["recursion through xpcall"] = "local function f() return xpcall(f, f) end return (f())",
    ["recursion through metamethods"] =
        "local t = setmetatable({}, {}) getmetatable(t).__index = function(_, k) return t[k + 1] end return t[1]",
    ["recursion through tostring"] =
        "local t t = setmetatable({}, { __tostring = function() return tostring(t) end }) return tostring(t)",
    ["recursion through gsub"] = "local function f(s) return (s:gsub('.', f)) end return f('x')",
    ["recursion through sort"] = "local function f() table.sort({ 2, 1 }, f) return true end return f()",
    ["coroutine.wrap recursion"] = "local function f() return coroutine.wrap(f)() end return f()",
    ["coroutine.resume recursion"] =
        "local function f() return coroutine.resume(coroutine.create(f)) end return select(2, f())",
    ["a coroutine that resumes itself"] = "local c c = coroutine.create(function() return coroutine.resume(c) end) "
        .. "return coroutine.resume(c)",
    ["yield out of the call"] = "coroutine.yield(1)",
    -- errors and answers
    ["an error that is a table"] = "error({ secret = 1 })",
    ["an error that is nil"] = "error()",
    ["an error that is a function"] = "error(function() end)",
    ["an error with __tostring"] =
        "error(setmetatable({}, { __tostring = function() while true do end end }))",
    ["an error as long as memory"] = "error(('x'):rep(1e7))",
    ["an error that forges a position"] = "error('/etc/passwd:1: forged', 0)",
    ["an answer that is a function"] = "return function() end",
    ["an answer that contains itself"] = "local t = {} t.t = t return t",
    ["an answer that is deep"] = "local t = {} for _ = 1, 1e5 do t = { t } end return t",
    ["an answer that is large"] = "local t = {} for i = 1, 2e6 do t[i] = true end return t",
    ["an answer that is long"] = "return ('x'):rep(7e7)",
    ["an answer with a hostile __pairs"] =
        "return setmetatable({}, { __pairs = function() while true do end end, __len = function() return 1e9 end })",
    ["an answer that is not a number"] = "return 0 / 0",
    ["arguments without end"] = "return (function(...) return select('#', ...) end)(unpack({}, 1, 7000))",
}

local function with_policy(source, body)
    local folder = fs.temp_dir()
    return task.finally(function()
        fs.write(fs.join(folder:path(), "attack.lua"), source)
        fs.write(fs.join(folder:path(), "secret.txt"), secret_value)
        return body(policy.load("attack", { folder = folder:path(), deadline_s = 0.2 }), folder:path())
    end, function() folder:close() end)
end

-- What came of a call, as text that may be searched for the secret.
local function outcome(handle)
    local ok, result = pcall(handle.call, handle, "attack")
    if ok then return "value", json.encode({ result }, { depth = 1000 }) end
    assert.is_true(uhost.is_error(result), tostring(result))
    return result.kind:match("^policy%.(.*)$") or result.kind, result.message .. tostring(result.hint)
end

describe("an attack by", function()
    local names = {}
    for name in pairs(attacks) do names[#names + 1] = name end
    table.sort(names)

    for _, name in ipairs(names) do
        it(name, function()
            local source = ("return { attack = function() %s end, answer = function() return 42 end }")
                :format(attacks[name])
            with_policy(source, function(handle)
                local kind, words = outcome(handle)
                assert.is_true(stopped[kind] or false, kind .. ": " .. words)
                assert.is_nil(words:find(secret_value, 1, true))
                assert.is_nil(words:find("root:", 1, true))
                assert.is_true(#words < 2000, "the message is too long")
                assert.equal(42, handle:call("answer"))
            end)
        end)
    end

    it("a rule file that never ends loading", function()
        local ok, err = pcall(with_policy, "while true do end", function() end)
        assert.is_false(ok)
        assert.equal("policy.timeout", err.kind)
    end)

    it("bytecode in place of text", function()
        local ok, err = pcall(with_policy, string.dump(function() return {} end), function() end)
        assert.is_false(ok)
        assert.equal("policy.syntax", err.kind)
    end)
end)

describe("the sandbox", function()
    it("does not let what was stopped halfway go on: its state begins anew", function()
        local source = [[
            local count = 0
            return { up = function() count = count + 1 return count end, loop = function() while true do end end }]]
        with_policy(source, function(handle)
            assert.equal(1, handle:call("up"))
            assert.equal(2, handle:call("up"))
            assert.is_false(pcall(handle.call, handle, "loop"))
            assert.equal(1, handle:call("up"))
        end)
    end)

    it("keeps each policy in a process of its own", function()
        with_policy("local n = 0 return { up = function() n = n + 1 return n end }", function(one)
            assert.equal(1, one:call("up"))
            with_policy("return { loop = function() while true do end end }", function(other)
                assert.is_false(pcall(other.call, other, "loop"))
            end)
            assert.equal(2, one:call("up"))
        end)
    end)

    it("lets other tasks go on while a rule takes its time", function()
        with_policy("return { loop = function() while true do end end }", function(handle)
            local turns = 0
            local ticking = task.spawn(function()
                for _ = 1, 5 do
                    task.sleep(0.01)
                    turns = turns + 1
                end
            end)
            assert.is_false(pcall(handle.call, handle, "loop"))
            ticking:await()
            assert.equal(5, turns)
        end)
    end)

    it("ends a rule whose caller no longer waits, and serves those behind it", function()
        with_policy("return { loop = function() while true do end end, answer = function() return 42 end }",
            function(handle)
                local answers = task.all({
                    function() return (pcall(task.timeout, 0.05, function() return handle:call("loop") end)) end,
                    function()
                        task.sleep(0.01)
                        return handle:call("answer")
                    end,
                })
                assert.same({ false, 42 }, answers)
            end)
    end)

    it("reports in which item of a list it was, and at which line", function()
        with_policy("return {\n half = function(n)\n  if n == 3 then error('three') end\n return n / 2 end }",
            function(handle)
                local ok, err = pcall(handle.map, handle, "half", { { 1 }, { 2 }, { 3 } })
                assert.is_false(ok)
                assert.equal("policy.failed", err.kind)
                assert.equal(3, err.details.item)
                assert.equal(3, err.details.line)
                assert.matches("attack.lua:3: half failed: three$", err.message)
            end)
    end)

    it("says which layers hold here", function()
        local layers = policy.sandbox()
        for _, name in ipairs({ "descriptors", "limits", "privileges", "system_calls" }) do
            assert.is_boolean(layers[name])
        end
        assert.is_true(layers.descriptors and layers.limits and layers.privileges)
    end)
end)
