-- The command line as its user meets it: the real binary, its output and its exit code.
local uhost_binary = os.getenv("UHOST") or "uhost"

local function run(...)
    local command = { ... }
    local options = type(command[#command]) == "table" and table.remove(command) or {}
    table.insert(command, 1, uhost_binary)
    for key, value in pairs(options) do command[key] = value end
    command.timeout_s = 60
    return process.run(command)
end

local function in_folder(body)
    local folder = fs.temp_dir()
    return task.finally(function() return body(folder:path()) end, function() folder:close() end)
end

-- One line of cause, one of remedy, nothing else.
local function assert_clean_failure(result, code, cause)
    assert.equal(code, result.code, result.stderr)
    assert.equal("", result.stdout)
    assert.matches(cause, result.stderr)
    assert.matches("^error: [^\n]+\n  hint: [^\n]+\n$", result.stderr)
end

describe("uhost", function()
    it("runs code, standard input and a file, with their arguments", function()
        in_folder(function(folder)
            assert.equal("a b\n", run("-e", "print(table.concat(arg, ' '))", "a", "b").stdout)
            assert.equal("x -e\n", run("-", "x", "-e", { stdin = "print(...,  arg[2])" }).stdout:gsub("\t", " "))
            fs.mkdir(folder .. "/scripts")
            fs.write(folder .. "/scripts/mine.lua", "#!/usr/bin/env uhost\nprint('mine', arg[1])")
            assert.equal("mine\t--help\n", run("run", "mine", "--help", { cwd = folder }).stdout)
            assert.equal("mine\t1\n", run(folder .. "/scripts/mine.lua", "1").stdout)
            local path = { UHOST_PATH = "/nowhere:" .. folder .. "/scripts" }
            assert.equal("mine\t2\n", run("mine", "2", { env = path }).stdout)
        end)
    end)

    it("runs its own commands, whatever a repository has of the same name; others take `run` or a path", function()
        in_folder(function(folder)
            fs.mkdir(folder .. "/.git")
            fs.mkdir(folder .. "/scripts")
            fs.mkdir(folder .. "/sub")
            for _, name in ipairs({ "check", "test", "mine" }) do
                fs.write(("%s/scripts/%s.lua"):format(folder, name), "-- Of the repository\nprint('hijacked', ...)")
                fs.write(("%s/%s"):format(folder, name), "print('hijacked')")
            end
            for _, name in ipairs({ "check", "test" }) do
                local result = run(name, "--help", { cwd = folder })
                assert.equal(0, result.code)
                assert.not_matches("hijacked", result.stdout)
            end
            assert_clean_failure(run("mine", { cwd = folder }), 2, "uhost has no command 'mine'")
            assert.matches("hint: the repository has a script of this name: uhost run mine",
                run("mine", { cwd = folder }).stderr)
            assert.equal("hijacked\t1\n", run("run", "mine", "1", { cwd = folder .. "/sub" }).stdout)
            assert.equal("hijacked\n", run("./mine", { cwd = folder }).stdout)
            assert_clean_failure(run("run", "mne", { cwd = folder }), 2, "no script 'mne'")
            local help = run("--help", { cwd = folder }).stdout
            assert.matches("Commands:\n.-\n  check +Look for mistakes in rule files\n", help)
            assert.matches("Scripts of this repository, for `uhost run NAME`:\n  check +Of the repository\n", help)
        end)
    end)

    it("shows help, in lines of 80 columns, and the version", function()
        local help = run("--help").stdout
        assert.matches("Usage:\n  uhost", help)
        for line in help:gmatch("[^\n]+") do assert.is_true(#line <= 80, line) end
        assert.matches("^uhost %d+%.%d+%.%d+\n$", run("--version").stdout)
    end)

    it("takes the exit code from the script's result and from os.exit", function()
        assert.equal(1, run("-e", "return 1").code)
        assert.equal(1, run("-e", "return false").code)
        assert.equal(0, run("-e", "return true").code)
        assert.equal(7, run("-e", "os.exit(7)").code)
        assert.equal(1, run("-e", "os.exit(false)").code)
        assert.equal(0, run("-e", "os.exit(true)").code)
    end)

    it("limits the memory of a script, and says so", function()
        local result = run("--memory", "32M", "-e", "local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1000) .. i end")
        assert_clean_failure(result, 3, "take more than 32 MiB of memory")
        assert_clean_failure(run("--memory", "much", "-e", ""), 2, "memory' is 'much'")
    end)

    it("ends on os.exit inside scopes, whose owners clean up", function()
        local code = [[
            task.finally(function()
                task.scope(function() task.scope(os.exit, 4) end)
            end, function() print("cleaned") end)
            print("never reached")]]
        local result = run("-e", code)
        assert.equal(4, result.code, result.stderr)
        assert.equal("cleaned\n", result.stdout)
    end)

    it("lets other tasks clean up on os.exit", function()
        local code = [[
            task.spawn(function() task.finally(function() task.sleep(60) end, function() print("cleaned") end) end)
            task.sleep(0.01)
            os.exit(3)]]
        local result = run("-e", code)
        assert.equal(3, result.code)
        assert.equal("cleaned\n", result.stdout)
    end)

    it("answers wrong use in two lines, with exit code 2", function()
        assert_clean_failure(run("--dryrun", "x"), 2, "unknown option '%-%-dryrun'")
        assert_clean_failure(run(), 2, "no script given")
        assert_clean_failure(run("nosuchscript"), 2, "uhost has no command 'nosuchscript'")
        assert_clean_failure(run("./no/such.lua"), 2, "no such script: %./no/such%.lua")
        assert_clean_failure(run("--color", "blue", "-e", ""), 2, "color")
        assert_clean_failure(run("--plan-json", "x", "-e", ""), 2, "needs %-%-dry%-run")
    end)

    it("refuses unknown options beside -e, and takes what is behind -- as arguments", function()
        for _, arguments in ipairs({ { "--dryrun", "-e", "print(...)" }, { "-e", "print(...)", "--dryrun" } }) do
            local result = run(unpack(arguments))
            assert_clean_failure(result, 2, "unknown option '%-%-dryrun'")
            assert.matches("did you mean '--dry-run'?", result.stderr, 1, true)
        end
        assert.equal("--dryrun\n", run("-e", "print(...)", "--", "--dryrun").stdout)
        assert.equal("a\t--b\n", run("-e", "print(...)", "a", "--b").stdout)
    end)

    it("says where a host option belongs that stands behind a command", function()
        for _, option in ipairs({ "--dry-run", "--offline", "--state" }) do
            local result = run("policy", "list", option, "x")
            assert_clean_failure(result, 2, option:gsub("%-", "%%-") .. " is an option of the host")
            assert.matches(("hint: uhost %s policy …"):format(option), result.stderr, 1, true)
        end
    end)

    it("warns of UHOST_ variables that no setting has", function()
        local result = run("-e", "print(1)", { env = { UHOST_STAT = "x", UHOST_GITHUB_MAX_WAITS = "5",
            UHOST_SCRIPTS_MINE = "1" } })
        assert.equal("1\n", result.stdout)
        assert.matches("warning: UHOST_STAT in the environment is not a setting of uhost; did you mean UHOST_STATE?",
            result.stderr, 1, true)
        assert.matches("did you mean UHOST_GITHUB_MAX_WAIT_S?", result.stderr, 1, true)
        assert.equal(2, select(2, result.stderr:gsub("warning:", "")))
    end)

    it("places a syntax error", function()
        in_folder(function(folder)
            fs.write(folder .. "/broken.lua", "local x = 1\nlocal = 2\n")
            local result = run(folder .. "/broken.lua")
            assert.equal(2, result.code)
            local shown = "\n    2 | local = 2\n      |       %^\n"
            assert.matches("^error: [^\n]+broken%.lua:2: [^\n]+" .. shown .. "  hint: [^\n]+\n$", result.stderr)
        end)
    end)

    it("shows a defect of the script with its line and Lua's traceback, and no C++ name", function()
        local result = run("-e", "local function f() return nil + 1 end f()")
        assert.equal(2, result.code)
        assert.matches("^error: %-e:1: attempt to perform arithmetic on a nil value", result.stderr)
        assert.matches("stack traceback:", result.stderr)
        assert.not_matches("std::", result.stderr)
    end)

    it("refuses bytecode", function()
        in_folder(function(folder)
            fs.write(folder .. "/b.lua", string.dump(function() end))
            assert_clean_failure(run(folder .. "/b.lua"), 2, "/b%.lua is compiled Lua; uhost runs source text only")
            local piped = run("-", { stdin = string.dump(function() end) })
            assert_clean_failure(piped, 2, "stdin is compiled Lua")
        end)
    end)

    it("shows no control characters of an error to the terminal", function()
        local result = run("-e", [[uhost.fail("usage", "a\27[31mb\r", { hint = "c\27]8;;x" })]])
        assert.equal("error: a␛[31mb␍\n  hint: c␛]8;;x\n", result.stderr)
        assert.not_matches("\27", run("-e", [[error("a\27[31mb")]]).stderr)
        assert.not_matches("\27", run("a\27[31mb").stderr)
    end)

    it("makes an uncaught error an annotation in GitHub Actions, and lets nothing else of it be a command", function()
        in_folder(function(folder)
            fs.write(folder .. "/x.lua", "\nerror('50%\\n::add-mask::x')")
            fs.write(folder .. "/y.lua", "uhost.fail('usage', 'no', { hint = 'a\\n::stop-commands::x' })")
            local function stderr_of(script)
                return run(script, { cwd = folder, env = { GITHUB_ACTIONS = "true" } }).stderr
            end
            assert.equal("::error file=./x.lua,line=2::./x.lua:2: 50%25%0A::add-mask::x",
                stderr_of("./x.lua"):match("[^\n]*"))
            assert.matches("::error file=./y.lua,line=1::./y.lua:1: no\n  hint: a\n", stderr_of("./y.lua"), 1, true)
            assert.not_matches("\n::", stderr_of("./y.lua"))
            assert.equal("::error::uhost has no command 'nothing'", stderr_of("nothing"):match("[^\n]*"))
        end)
    end)

    it("reports a broken uhost.lua with its line", function()
        in_folder(function(folder)
            fs.write(folder .. "/uhost.lua", "return {\n  github = {\n")
            assert_clean_failure(run("-e", "", { cwd = folder }), 2, "uhost%.lua:")
            fs.write(folder .. "/uhost.lua", "return { offlin = true }")
            assert_clean_failure(run("-e", "", { cwd = folder }), 2, "unknown setting 'offlin'")
        end)
    end)

    it("never shows a token, in output, errors, the environment or /proc", function()
        local code = [[
            print(os.getenv("GITHUB_TOKEN"))
            print(io.open("/proc/self/environ"):read("*a"):find("ghp_thisisasecret", 1, true))
            io.write(os.getenv("OTHER_SECRET"), "\n")
            error("it is " .. os.getenv("OTHER_SECRET"))]]
        local secrets = { GITHUB_TOKEN = "ghp_thisisasecret", OTHER_SECRET = "hunter2hunter2" }
        local result = run("-e", code, { env = secrets })
        assert.equal("nil\nnil\n***\n", result.stdout)
        assert.not_matches("hunter2", result.stderr)
        assert.matches("it is %*%*%*", result.stderr)
    end)

    it("does not load Lua modules from the current folder", function()
        in_folder(function(folder)
            fs.write(folder .. "/argparse.lua", "print('hijacked')")
            assert.not_matches("hijacked", run("-e", "require('argparse')", { cwd = folder }).stdout)
        end)
    end)

    it("says when its output cannot be written", function()
        local result = process.run({ "sh", "-c", uhost_binary .. " -e 'print(1)' >/dev/full" })
        assert_clean_failure(result, 3, "cannot write to standard output")
    end)

    it("ends quietly when its reader goes away", function()
        local result = process.run({ "bash", "-c",
            uhost_binary .. " -e 'for i = 1, 1e6 do print(i) end' | head -n 1; echo ${PIPESTATUS[0]}" })
        assert.equal("1\n141\n", result.stdout)
        assert.equal("", result.stderr)
    end)

    it("does nothing but plan under --dry-run", function()
        in_folder(function(folder)
            local code = ("fs.write(%q, 'x')"):format(folder .. "/out")
            local result = run("--dry-run", "-e", code)
            assert.equal(0, result.code)
            assert.is_false(fs.exists(folder .. "/out"))
            assert.matches("1 change would be made", result.stderr)
            run("--dry-run", "--plan-json", folder .. "/plan.json", "-e", code)
            local plan_file = json.decode(fs.read(folder .. "/plan.json"))
            assert.equal(1, plan_file.version)
            assert.equal(folder .. "/out", plan_file.mutations[1].target)
        end)
    end)
end)

describe("Ctrl-C", function()
    local function interrupted(code, signals, name)
        local child = process.start({ uhost_binary, "-e", code })
        assert.equal("ready", child:read_line())
        for _ = 1, signals do
            child:kill(name or "INT")
            task.sleep(0.1)
        end
        return child:wait(), child
    end

    it("lets tasks clean up, removes temporary folders, and ends with 130", function()
        local child = process.start({ uhost_binary, "-e", [[
            local folder = fs.temp_dir()
            local function work()
                print(folder:path())
                io.stdout:flush()
                task.sleep(60)
            end
            task.finally(work, function() task.sleep(0.05) print("cleaned") end)]] })
        local folder = child:read_line()
        assert.is_true(fs.exists(folder))
        child:kill("INT")
        assert.equal("cleaned", child:read_line())
        assert.equal(130, child:wait().code)
        assert.is_false(fs.exists(folder))
    end)

    it("stops Lua code that never waits", function()
        for _, loop in ipairs({ "while true do end", "local x = 0 for i = 1, 1e12 do x = x + i end",
            "while true do pcall(function() while true do end end) end", "jit.off() while true do end" }) do
            local result = interrupted("print('ready') io.stdout:flush() " .. loop, 1)
            assert.equal(130, result.code, loop)
        end
    end)

    it("ends with 143 when it was SIGTERM that came", function()
        assert.equal(143, interrupted("print('ready') io.stdout:flush() while true do end", 1, "TERM").code)
        assert.equal(143, interrupted("print('ready') io.stdout:flush() task.sleep(60)", 1, "TERM").code)
    end)

    it("a second time ends at once, whatever the script does", function()
        local result = interrupted([[
            print('ready') io.stdout:flush()
            task.shield(function() task.sleep(60) end)]], 2)
        assert.equal(130, result.code)
    end)
end)

describe("uhost help", function()
    it("describes primitives, functions and types in lines that fit, without the marks of Markdown", function()
        for _, topic in ipairs({ "git", "git.Repository:log", "git.Commit", "Repository", "http.Response" }) do
            local result = run("help", topic, { env = { COLUMNS = "70" } })
            assert.equal(0, result.code, result.stderr)
            assert.not_matches("```", result.stdout)
            for line in result.stdout:gmatch("[^\n]+") do
                assert.is_true(line:find("^      ") ~= nil or term.display_width(line) <= 70, line)
            end
        end
        assert.matches("subject  string", run("help", "git.Commit").stdout)
    end)

    it("says what is near of what there is not", function()
        assert_clean_failure(run("help", "git.Comit"), 2, "nothing is called 'git%.Comit'")
        assert.matches("did you mean 'git.Commit'?", run("help", "git.Comit").stderr, 1, true)
    end)
end)
