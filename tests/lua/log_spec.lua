describe("log", function()
    local binary = os.getenv("UHOST") or "uhost"

    -- What standard error gets when the host runs `code`.
    local function logged(code, options, env)
        local command = { binary }
        for _, option in ipairs(options or {}) do command[#command + 1] = option end
        command[#command + 1] = "-e"
        command[#command + 1] = code
        command.env = { GITHUB_ACTIONS = false, RUNNER_DEBUG = false }
        for name, value in pairs(env or {}) do command.env[name] = value end
        local result = process.run(command)
        assert.equal("", result.stdout)
        return result.stderr
    end
    local actions = { GITHUB_ACTIONS = "true" }
    local all_levels = "log.debug('d') log.info('i') log.warn('w') log.error('e')"

    it("shows what the verbosity asks for", function()
        assert.equal("i\nwarning: w\nerror: e\n", logged(all_levels))
        assert.equal("debug: d\ni\nwarning: w\nerror: e\n", logged(all_levels, { "-v" }))
        assert.equal("warning: w\nerror: e\n", logged(all_levels, { "-q" }))
    end)

    it("colours levels when asked to", function()
        assert.equal("\27[33mwarning: w\27[0m\n", logged("log.warn('w')", { "--color", "always" }))
    end)

    it("shows fields in order, quoted where that is needed", function()
        assert.equal('m a=1 b="x y" c="q\\"" d="" e="l\\nm"\n',
            logged([[log.info("m", { b = "x y", a = 1, c = 'q"', d = "", e = "l\nm" })]]))
    end)

    it("shows the time when asked to", function()
        local line = logged("log.info('i')", {}, { UHOST_LOG_TIMESTAMPS = "1" })
        assert.matches("^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%dZ i\n$", line)
    end)

    it("indents what follows the first line, and shows an error's remedy", function()
        assert.equal("warning: a\n  b\n", logged("log.warn('a\\nb')"))
        local code = "local _, e = pcall(uhost.fail, 'x.y', 'bad', {hint = 'do this'}) log.error(e)"
        assert.equal("error: bad\n  hint: do this\n", logged(code))
    end)

    it("makes control characters visible", function()
        assert.equal("␛]0;title␇␍x\n", logged([[log.info("\27]0;title\7\rx")]]))
    end)

    it("masks secrets, also where escaping would hide them", function()
        local env = { GITHUB_ACTIONS = "true", SOME_TOKEN = "50%secret%50" }
        assert.equal("::warning::a *** b\n", logged("log.warn('a ' .. os.getenv('SOME_TOKEN') .. ' b')", {}, env))
    end)

    it("checks its arguments", function()
        assert.matches("fields", logged("log.info('m', 3)"))
        assert.matches("no level", logged("log.enabled('loud')"))
        assert.matches("body", logged("log.group('t')"))
        assert.matches("needs a message", logged("log.annotation{}"))
    end)

    describe("in GitHub Actions", function()
        it("speaks in workflow commands", function()
            assert.equal("i\n::warning::w\n::error::e\n", logged(all_levels, {}, actions))
            assert.equal("::debug::d\ni\n::warning::w\n::error::e\n",
                logged(all_levels, {}, { GITHUB_ACTIONS = "true", RUNNER_DEBUG = "1" }))
        end)

        it("escapes data and properties as GitHub documents it", function()
            local code = [[log.annotation{ level = "warn", file = "a,b:c%.rs", line = 3, column = 7, title = "t",
                message = "1%\n2" }]]
            assert.equal("::warning file=a%2Cb%3Ac%25.rs,line=3,col=7,title=t::1%25%0A2\n", logged(code, {}, actions))
            assert.equal("::error::m\n", logged("log.annotation{ message = 'm' }", {}, actions))
        end)

        it("takes no commands from text", function()
            local code = [[
                log.info("::error::x") log.info("a\n  ::add-mask::b") log.info("a\r::c::") log.info("##[group]x")
                log.info("x", { k = "\n::error::y" }) log.warn("w\n::error::z")
                log.annotation{ file = "f\n::error::", message = "m\r\n::error::" }
                log.group("t\n::error::", function() log.info("::endgroup::") end)
            ]]
            local commands = {}
            for line in logged(code, {}, actions):gmatch("[^\r\n]+") do
                if line:find("^%s*::") then commands[#commands + 1] = line end
                assert.is_nil(line:find("##[", 1, true))
            end
            assert.same({ "::warning::w%0A::error::z", "::error file=f%0A%3A%3Aerror%3A%3A::m␍%0A::error::",
                "::group::t%0A::error::", "::endgroup::" }, commands)
        end)

        it("folds groups, ends them after errors, and does not nest them", function()
            local code = [[
                log.group("outer", function() log.group("inner", function() log.info("x") end) end)
                pcall(log.group, "bad", function() error("no") end)
                assert(select("#", log.group("values", function(...) return ... end, 1, nil)) == 2)
            ]]
            assert.equal("::group::outer\ninner\nx\n::endgroup::\n::group::bad\n::endgroup::\n"
                .. "::group::values\n::endgroup::\n", logged(code, {}, actions))
        end)

        it("takes no commands from programs whose output is passed on", function()
            local code = [[process.run{ "printf", "::error::x\\n a ::b::\\n", stdout = "discard" }
                process.run{ "sh", "-c", "printf '::error::x\\n a ::b::\\n' >&2", stderr = "pass" }]]
            assert.equal(": :error::x\n a ::b::\n", logged(code, {}, actions))
            assert.equal("::error::x\n a ::b::\n", logged(code))
        end)
    end)

    it("shows annotations and groups as text elsewhere", function()
        assert.equal("error: a.rs:3:7: t: m\n",
            logged("log.annotation{ file = 'a.rs', line = 3, column = 7, title = 't', message = 'm' }"))
        assert.equal("title\ninside\n", logged("log.group('title', function() log.info('inside') end)"))
    end)
end)
