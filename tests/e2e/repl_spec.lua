-- The REPL, as a person sees it on a terminal, and as a pipe does.
local binary = os.getenv("UHOST")

-- What moves the cursor, colours, and switches modes of the terminal.
local function plain(text)
    return (text:gsub("\27%[[%d;?]*[%a]", ""):gsub("\27[=>]", ""):gsub("\r", ""))
end

describe("uhost repl", function()
    local folder, home

    before_each(function()
        folder = fs.temp_dir()
        home = folder:path()
        fs.mkdir(home .. "/state")
    end)

    after_each(function() folder:close() end)

    local function environment(extra)
        local env = { HOME = home, UHOST_STATE = home .. "/state", TERM = "xterm", PAGER = "cat", COLUMNS = "80",
            GITHUB_TOKEN = false, GH_TOKEN = false, GITHUB_REPOSITORY = false }
        for name, value in pairs(extra or {}) do env[name] = value end
        return env
    end

    local function piped(text, options)
        options = options or {}
        return process.run{ binary, "repl", stdin = text, cwd = options.cwd or home, env = environment(options.env) }
    end

    -- A session on a terminal of 80 columns: `type` sends keys, `see` waits for a line that has a text in it.
    local function session(options)
        options = options or {}
        local child = process.start{ binary, cwd = options.cwd or home, env = environment(options.env), stdin = true,
            terminal = true }
        local seen = {}
        local self = {}
        function self.type(keys) child:write(keys) end
        function self.see(text)
            while true do
                local ok, line = pcall(child.read_line, child, 20)
                if not ok or line == nil then
                    error(("'%s' did not come, but:\n%s"):format(text, table.concat(seen, "\n")), 2)
                end
                seen[#seen + 1] = plain(line)
                if seen[#seen]:find(text, 1, true) then return seen[#seen] end
            end
        end
        function self.resize(columns, rows) child:resize(columns, rows) end
        function self.interrupt() child:kill("INT") end
        -- Before the prompt is there, the terminal itself interprets what is typed. Only the editor lists names.
        function self.wait_for_prompt()
            child:write("ta\t")
            self.see("tables")
            child:write("\21")
        end
        function self.ended() return child:wait(20).code end
        function self.leave()
            child:write(".quit\r")
            return child:wait(20).code
        end
        function self.output() return table.concat(seen, "\n") end
        return self
    end

    describe("from a pipe", function()
        it("shows the values of expressions, and nothing else", function()
            assert.equal("2\n\"a\"\n", piped("1 + 1\nx = 'a'\nx\n").stdout)
        end)

        it("keeps what a line makes local", function()
            local input = "local a, b\nlocal function double(n) return n * 2 end\nlocal a = double(4)\na\nb\n"
            assert.equal("8\nnil\n", piped(input).stdout)
        end)

        it("leaves what is local within a block to the block", function()
            assert.equal("nil\n", piped("do local inner = 1 end\ninner\n").stdout)
        end)

        it("runs input over several lines when it is complete", function()
            local input = "for i = 1, 2 do\nprint(i)\nend\nt = {\n1,\n2 }\n#t\ns = [[a\nb]]\ns\n"
            assert.equal("1\n2\n2\na\nb\n", piped(input).stdout)
        end)

        it("continues after an error, and ends with 1 when the last line failed", function()
            local result = piped("nil + 1\n2\n")
            assert.equal("2\n", result.stdout)
            assert.matches("error: input 1:1: attempt to perform arithmetic on a nil value", result.stderr)
            assert.equal(0, result.code)
            assert.equal(1, piped("2\nerror('x')\n").code)
        end)

        it("says what is wrong with source that does not end", function()
            local result = piped("f = function()\n")
            assert.matches("input 1:.*'end' expected", result.stderr)
            assert.equal(1, result.code)
        end)

        it("shows the line of an input that failed", function()
            assert.matches("input 1:2.*\n  local y = x %+ 1\n", piped("do local x\nlocal y = x + 1\nend\n").stderr)
        end)

        it("knows the last results", function()
            assert.equal("1\n2\n3\n1\n", piped("1\n_ + 1\n_ + _1 - 1\n_3\n").stdout)
        end)

        it("plans changes, and makes them when it is asked to", function()
            local planned = piped("fs.write('a', 'x')\n.plan\n")
            assert.matches("planned: .*a: write 1 bytes", planned.stdout)
            assert.is_false(fs.exists(home .. "/a"))
            piped(".execute fs.write('b', 'x')\nfs.write('c', 'x')\n.execute\nfs.write('d', 'x')\n"
                .. ".dry\nfs.write('e', 'x')\n")
            assert.same({ false, true, false, true, false }, {
                fs.exists(home .. "/a"), fs.exists(home .. "/b"), fs.exists(home .. "/c"), fs.exists(home .. "/d"),
                fs.exists(home .. "/e"),
            })
        end)

        it("never makes changes under --dry-run", function()
            local result = process.run{ binary, "--dry-run", "repl", stdin = ".execute\nfs.write('a', 'x')\n",
                cwd = home, env = environment() }
            assert.matches("cannot switch its dry run", result.stderr)
            assert.is_false(fs.exists(home .. "/a"))
        end)

        it("lets a script switch no dry run", function()
            local code = "plan.set_dry_run(false)"
            assert.matches("cannot switch", process.run{ binary, "--dry-run", "-e", code, env = environment() }.stderr)
        end)

        it("shows records as a table, and the beginning of an iterator", function()
            local repo = git.init(home .. "/r", { initial_branch = "main" })
            for i = 1, 12 do
                repo:create_commit{ ref = "refs/heads/main", message = "commit " .. i, files = { f = tostring(i) },
                    author = "A", author_email = "a@x" }
            end
            local result = piped("repo:log{}\n#seq(_):list()\nrepo:tags()\n", { cwd = home .. "/r" })
            assert.matches("id +subject", result.stdout)
            assert.matches("commit 12", result.stdout)
            assert.not_matches("commit 2 ", result.stdout)
            assert.matches("and more", result.stdout)
            assert.matches("\n12\n", result.stdout)
        end)

        it("opens the repository, or says that there is none", function()
            local result = piped("repo\n")
            assert.equal("nil\n", result.stdout)
            assert.matches("repo is nil: .*\n  hint: cd into a git repository", result.stderr)
            git.init(home .. "/r"):close()
            assert.matches("^git.Repository .*no commit yet", piped("repo\n", { cwd = home .. "/r" }).stdout)
        end)

        it("describes names and values", function()
            git.init(home .. "/r"):close()
            local input = "repo?\nrepo:log?\nfs.write?\n.help seq.of\nhelp('json.encode')\n"
            local result = piped(input, { cwd = home .. "/r" })
            for _, name in ipairs({ "git.Repository\n", "git.Repository:log%(", "seq.of%(", "json.encode%(" }) do
                assert.matches(name, result.stdout)
            end
            assert.matches("\nfs.write%(", result.stdout)
            assert.matches("nothing is called 'nonsense'", piped("nonsense?\n").stderr)
        end)

        it("has commands for JSON, tables, time and SQL", function()
            local input = ".json { a = 1 }\n.table { { a = 1 }, { a = 2 } }\n.time 1 + 1\n.execute db.open():execute("
                .. "'CREATE TABLE t (a) ; INSERT INTO t VALUES (7)')\n.sql SELECT a FROM t\n.sqll\n"
            local result = piped(input)
            assert.matches('{\n +"a": 1\n}', result.stdout)
            assert.matches("2\n[%d.]+ ms, [%d.]+ ms of the processor", result.stdout)
            assert.matches("a\n─+\n7\n", result.stdout)
            assert.matches("there is no command '.sqll'\n.*did you mean '.sql'", result.stderr)
        end)

        it("writes what was typed to a file, and runs a file", function()
            piped("x = 3\n.save inputs.lua\n")
            assert.equal("x = 3\n", fs.read(home .. "/inputs.lua"))
            assert.equal("3\n", piped(".load inputs.lua\nx\n").stdout)
            assert.matches("inputs.lua exists", piped(".save inputs.lua\n").stderr)
        end)

        it("runs a script first with -i", function()
            fs.write(home .. "/s.lua", "greeting = 'hello ' .. ...\n")
            local result = process.run{ binary, "-i", "s.lua", "you", stdin = "greeting\n", cwd = home,
                env = environment() }
            assert.equal('"hello you"\n', result.stdout)
        end)

        it("keeps secrets out of what it shows", function()
            local result = piped("'a_very_secret_value'\n", { env = { GITHUB_TOKEN = "a_very_secret_value" } })
            assert.equal('"***"\n', result.stdout)
        end)
    end)

    describe("on a terminal", function()
        it("edits, completes, and brings back what was typed", function()
            local repl = session()
            repl.see("Control-D to leave")
            repl.type("40 + 1\27[D2\r")
            repl.see("61")
            repl.type("\27[A\27[D\r")
            repl.see("61")
            repl.type("tables.sor\t({ b = 1 })\r")
            repl.see("{ \"b\" }")
            assert.equal(0, repl.leave())
        end)

        it("offers the options of a call, and fields of what it returns", function()
            git.init(home .. "/r"):close()
            local repl = session({ cwd = home .. "/r" })
            repl.see("Control-D")
            repl.type("repo:describe{\t\t")
            repl.see("abbreviation")
            repl.type("\21repo:head().\t\t")
            repl.see("branch")
            repl.type("\21x = 'state/")
            fs.write(home .. "/r/some_file", "")
            repl.type("\21y = fs.exists('some_f\t')\ry\r")
            repl.see("true")
            repl.leave()
        end)

        it("stops an evaluation at Ctrl-C, and not the session", function()
            local repl = session()
            repl.see("Control-D")
            local loop = "while true do end"
            for _, endless in ipairs({ loop, "task.sleep(1000)", "pcall(task.sleep, 1000) " .. loop }) do
                repl.type("print('be' .. 'gun') " .. endless .. "\r")
                repl.see("begun")
                repl.interrupt()
                repl.see("interrupted")
                task.sleep(1.1)
            end
            repl.type("100 + 11\r")
            repl.see("111")
            assert.equal(0, repl.leave())
        end)

        it("ends at Control-D", function()
            local repl = session()
            repl.see("Control-D to leave")
            repl.wait_for_prompt()
            repl.type("\4")
            assert.equal(0, repl.ended())
        end)

        it("forgets a line at Ctrl-C, and the beginning of an input", function()
            local repl = session()
            repl.see("Control-D")
            repl.type("x = {\r1,\r")
            repl.see(".. 1,")
            repl.interrupt()
            repl.see("^C")
            repl.type("x\r")
            repl.see("nil")
            repl.leave()
        end)

        it("runs tasks while one types, and says how they fail", function()
            local repl = session()
            repl.see("Control-D")
            repl.type("task.spawn(function() task.sleep(0.01) print('later') error('boom') end)\r")
            repl.see("later")
            repl.see("a task of input 1 failed")
            repl.see("boom")
            repl.type("100 + 11\r")
            repl.see("111")
            assert.equal(0, repl.leave())
        end)

        it("takes pasted text as it is, and wide characters", function()
            local repl = session()
            repl.see("Control-D")
            repl.type("\27[200~for i = 1, 2 do\n\tprint('äöü 漢字 ' .. i)\nend\27[201~\r")
            repl.see("äöü 漢字 1")
            repl.see("äöü 漢字 2")
            repl.wait_for_prompt()
            repl.type("'漢字'\127\127字'\r")
            repl.see('"漢字"')
            repl.leave()
        end)

        it("follows the terminal's size, also while a line is typed", function()
            local repl = session({ env = { COLUMNS = false } })
            repl.see("Control-D")
            repl.type("'width ' .. term.width()\r")
            repl.see('"width 80"')
            repl.resize(100, 30)
            repl.type("'width ' .. term.width()\r")
            repl.see('"width 100"')
            repl.type("#'" .. ("a"):rep(90))
            repl.resize(40, 10)
            repl.type("' + term.width()\r")
            repl.see("130")
            assert.equal(0, repl.leave())
        end)

        it("keeps the history for the next session, without secrets, for the user alone", function()
            local repl = session({ env = { GITHUB_TOKEN = "a_very_secret_value" } })
            repl.see("Control-D")
            repl.type("x = 'a_very_secret_value'\ry = [[one\rtwo]]\r11 + 11\r")
            repl.see("22")
            repl.leave()
            local file = home .. "/state/repl.history"
            assert.equal("x = '***'\ny = [[one\\ntwo]]\n11 + 11\n.quit\n", fs.read(file))
            assert.equal(600, tonumber(fs.stat(file).mode))
            repl = session()
            repl.see("Control-D")
            repl.type("\27[A\27[A\r")
            repl.see("22")
            repl.leave()
        end)

        it("works where the cursor cannot be moved", function()
            local repl = session({ env = { TERM = "dumb" } })
            repl.see("Control-D")
            repl.type("6 * 7\n")
            assert.not_matches("\27", repl.see("42"))
            assert.equal(0, repl.leave())
        end)

        it("says whether changes are made in the prompt", function()
            local repl = session()
            repl.see("Control-D")
            repl.type("1\r")
            repl.see("uhost (plan)> 1")
            repl.type(".execute\r2\r")
            repl.see("uhost (execute)> 2")
            repl.leave()
        end)

        it("is what uhost alone begins, and nothing that a pipe begins", function()
            local result = process.run{ binary, stdin = "1\n", env = environment() }
            assert.equal(2, result.code)
            assert.matches("^error: no script given", result.stderr)
        end)
    end)
end)
