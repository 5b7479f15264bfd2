local eventually = require("support.expect").eventually

describe("process", function()
    -- The processes that still run a command with this mark in it.
    local function running(mark)
        return process.run{ "pgrep", "-f", mark }.stdout
    end

    local last_mark = 0
    -- A sleep that no other test has, so that it can be looked for.
    local function unusual_sleep()
        last_mark = last_mark + 1
        return ("%d.%d%d"):format(7000 + last_mark, process.start{ "true" }:pid(), os.time() % 100000)
    end

    local function error_of(body, ...)
        local ok, err = pcall(body, ...)
        assert.is_false(ok)
        return err
    end

    describe("run", function()
        it("gives the code and both outputs apart", function()
            local result = process.run{ "sh", "-c", "echo out; echo err >&2; exit 3" }
            assert.same({ 3, "out\n", "err\n" }, { result.code, result.stdout, result.stderr })
            assert.is_nil(result.signal)
            assert.is_true(result.duration_s >= 0)
        end)

        it("names the signal that ended a program", function()
            local result = process.run{ "sh", "-c", "kill -SEGV $$" }
            assert.is_nil(result.code)
            assert.equal("SIGSEGV", result.signal)
        end)

        it("feeds standard input, also when the program does not read it", function()
            local text = ("x"):rep(1000000)
            assert.equal(text, process.run{ "cat", stdin = text }.stdout)
            assert.equal(0, process.run{ "true", stdin = text }.code)
        end)

        it("leaves standard input empty by default", function()
            assert.equal("", process.run{ "cat", timeout_s = 20 }.stdout)
        end)

        it("passes arguments as they are, through no shell", function()
            local hostile = "$(touch /tmp/never); `id` \"quoted\" 'single'\n*"
            assert.equal(hostile .. "|12|", process.run{ "printf", "%s|%s|", hostile, 12 }.stdout)
        end)

        it("hands the host's tokens to another uhost, and to no other program", function()
            local token = "ghp_" .. ("handedOn"):rep(5)
            local function run(code)
                return process.run{ fs.readlink("/proc/self/exe"), "-e", code, env = { GITHUB_TOKEN = token } }
            end
            -- Who has the token masks it, as three characters; it is put together only there.
            local counts = ("io.write(process.run{ fs.readlink('/proc/self/exe'), '-e', "
                .. "\"print(#uhost.mask('ghp_' .. ('handedOn'):rep(5)))\", reads = true%s }.stdout)")
            assert.equal(#token .. "\n", run(counts:format("")).stdout)
            assert.equal("3\n", run(counts:format(", secrets = true")).stdout)
            local refused = run("process.run{ '/usr/bin/env', secrets = true, reads = true }")
            assert.equal(2, refused.code)
            assert.matches("only this very program is given them", refused.stderr)
        end)

        it("refuses an argument list with a hole", function()
            local nothing = nil
            local err = error_of(process.run, { "rm", nothing, "x" })
            assert.equal("argument", err.kind)
        end)

        it("lays the environment over its own, takes variables away, or starts from none", function()
            local result = process.run{ "sh", "-c", "echo $A ${HOME-none}", env = { A = "1", HOME = false } }
            assert.equal("1 none\n", result.stdout)
            assert.equal("B=2\n", process.run{ "/usr/bin/env", clear_env = true, env = { B = 2 } }.stdout)
        end)

        it("runs in a folder", function()
            assert.equal("/usr\n", process.run{ "pwd", cwd = "/usr" }.stdout)
        end)

        it("merges errors into the output in order", function()
            local result = process.run{ "sh", "-c", "echo 1; echo 2 >&2; echo 3", merge_stderr = true }
            assert.equal("1\n2\n3\n", result.stdout)
            assert.equal("", result.stderr)
        end)

        it("gives programs a standard output that they can open by name", function()
            assert.equal("x\n", process.run{ "sh", "-c", "echo x > /dev/stdout" }.stdout)
        end)

        it("says that a program is missing, and what to do", function()
            local err = error_of(process.run, { "no-such-program-here" })
            assert.equal("process.not_found", err.kind)
            assert.matches("no%-such%-program%-here", err.message)
            assert.matches("PATH", err.hint)
        end)

        it("reports a missing folder from a missing program", function()
            assert.equal("process.folder", error_of(process.run, { "ls", cwd = "/no/such/folder" }).kind)
        end)

        it("reports a file that is not executable", function()
            local err = error_of(process.run, { "/etc/passwd" })
            assert.equal("process.start", err.kind)
            assert.matches("chmod", err.hint)
        end)

        it("raises with the last lines of the errors when asked to check", function()
            local script = "echo first >&2; echo 'fatal: \27[31mlast' >&2; exit 9"
            local err = error_of(process.run, { "sh", "-c", script, check = true })
            assert.equal("process.failed", err.kind)
            assert.equal("sh ended with code 9: fatal: [31mlast", err.message)
            assert.equal(9, err.details.code)
            assert.equal("first\nfatal: [31mlast", err.details.stderr)
        end)

        it("ends a program that takes too long, with all that it started", function()
            local mark = unusual_sleep()
            local script = "sleep " .. mark .. " & echo why >&2; wait"
            local err = error_of(process.run, { "sh", "-c", script, timeout_s = 0.2 })
            assert.equal("process.timeout", err.kind)
            assert.matches("why", err.message)
            assert.equal("", running(mark))
        end)

        it("kills what does not react to SIGTERM", function()
            local mark = unusual_sleep()
            local script = ("trap '' TERM; sleep %s; sleep %s"):format(mark, mark)
            local err = error_of(process.run, { "sh", "-c", script, timeout_s = 0.1 })
            assert.equal("process.timeout", err.kind)
            assert.equal("", running(mark))
        end)

        it("ends a stopped program", function()
            local err = error_of(process.run, { "sh", "-c", "kill -STOP $$; sleep 100", timeout_s = 0.2 })
            assert.equal("process.timeout", err.kind)
        end)

        it("ends a program that writes more than it may", function()
            local err = error_of(process.run, { "yes", max_output_bytes = 100000 })
            assert.equal("process.too_much_output", err.kind)
            assert.equal(100000, #process.run{ "head", "-c", "100000", "/dev/zero", max_output_bytes = 100000 }.stdout)
        end)

        it("keeps the end of what a program writes, where that was asked for", function()
            local result = process.run{ "sh", "-c", "seq 1 200000; seq 1 200000 >&2; echo done", keep_end = true,
                max_output_bytes = 1000 }
            assert.equal("199999\n200000\ndone\n", result.stdout:sub(-19))
            assert.same({ 0, 1000, 1000 }, { result.code, #result.stdout, #result.stderr })
        end)

        it("says in an error what was written last, errors among the output as well", function()
            local err = error_of(process.run, { "sh", "-c", "echo why >&2; exit 7", merge_stderr = true, check = true })
            assert.equal("why", err.details.stderr)
        end)

        it("ends the program when its task is cancelled", function()
            local mark = unusual_sleep()
            local worker = task.spawn(function() process.run{ "sh", "-c", "sleep " .. mark .. "; true" } end)
            eventually(function() return running(mark) ~= "" end)
            worker:cancel()
            worker:join()
            eventually(function() return running(mark) == "" end)
        end)

        it("runs many at once", function()
            local list = {}
            for i = 1, 60 do list[i] = i end
            local outputs = task.map(list, function(i)
                return process.run{ "sh", "-c", "sleep 0.05; echo " .. i }.stdout
            end, { concurrency = 30 })
            for i = 1, 60 do assert.equal(i .. "\n", outputs[i]) end
        end)

        it("captures and passes an output at once", function()
            local binary = os.getenv("UHOST") or "uhost"
            local result = process.run{ binary, "-e", [[
                local result = process.run{ "sh", "-c", "printf 'a\\nb'; echo bad >&2", stdout = "tee", stderr = "tee" }
                print("", ("%q"):format(result.stdout), #result.stderr)]] }
            assert.equal('a\nb\t"a\\\nb"\t4\n', result.stdout)
            assert.equal("bad\n", result.stderr)
        end)

        it("writes an output to a file, emptied or appended to", function()
            local folder = fs.temp_dir()
            local file = folder:path() .. "/log"
            local command = { "sh", "-c", "echo out; echo err >&2", stdout = { file = file }, merge_stderr = true }
            assert.equal("", process.run(command).stdout)
            assert.equal("out\nerr\n", fs.read(file))
            process.run(command)
            assert.equal("out\nerr\n", fs.read(file))
            local appended = process.run{ "echo", "more", stdout = { file = file, append = true } }
            assert.equal(0, appended.code)
            assert.equal("out\nerr\nmore\n", fs.read(file))
            local err = error_of(process.run, { "true", stdout = { file = folder:path() .. "/no/log" } })
            assert.equal("process.output", err.kind)
            assert.equal(folder:path() .. "/no/log", err.details.path)
            assert.equal("argument", error_of(process.run, { "true", stdout = { append = true } }).kind)
            assert.equal("argument", error_of(process.run, { "true", stdout = { fiel = file } }).kind)
            folder:close()
        end)

        it("counts processor time and memory, also of what the program waited for", function()
            local busy = process.run{ "sh", "-c", "sh -c 'i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done'" }
            assert.is_true(busy.user_s + busy.system_s > 0.01)
            local large = process.run{ "sh", "-c", "head -c 60000000 /dev/zero | tail -c 50000000 | wc -c" }
            assert.is_true(large.peak_memory_bytes > 40e6, tostring(large.peak_memory_bytes))
        end)

        it("limits what a program may use", function()
            local limits = { cpu_s = 1, memory_bytes = 2 ^ 30, file_bytes = 2 ^ 20, open_files = 50 }
            local result = process.run{ "sh", "-c", "ulimit -t; ulimit -v; ulimit -f; ulimit -n", limits = limits }
            assert.equal("1\n1048576\n2048\n50\n", result.stdout)
            assert.equal("SIGXCPU", process.run{ "sh", "-c", "while :; do :; done", limits = { cpu_s = 1 } }.signal)
            assert.equal("argument", error_of(process.run, { "true", limits = { cpu_s = 0 } }).kind)
            assert.equal("argument", error_of(process.run, { "true", limits = { memory = 1 } }).kind)
            assert.equal("argument", error_of(process.run, { "true", limits = true }).kind)
        end)

        it("gives a program a terminal", function()
            local script = "test -t 0 && test -t 1 && test -t 2 && stty size && echo err >&2 && cat"
            local size = { columns = 100, rows = 7 }
            local result = process.run{ "sh", "-c", script, stdin = "line\npart", terminal = size }
            assert.same({ 0, "7 100\nerr\nline\npart", "" }, { result.code, result.stdout, result.stderr })
            assert.equal("24 80\n", process.run{ "sh", "-c", "stty size; cat", terminal = true, timeout_s = 20 }.stdout)
            assert.equal("argument", error_of(process.run, { "true", terminal = true, stderr = "pass" }).kind)
        end)

        it("reads a lot from a terminal, to the end", function()
            local result = process.run{ "seq", "100000", terminal = true }
            assert.equal(588895, #result.stdout)
        end)

        it("needs no thread of the worker pool", function()
            local endless = "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r"
            local busy = {}
            for i = 1, 40 do
                busy[i] = task.spawn(function() db.open(":memory:"):one(endless) end)
            end
            task.sleep(0.05)  -- the pool has begun
            assert.equal("x\n", process.run{ "echo", "x" }.stdout)
            for _, each in ipairs(busy) do each:cancel() end
            for _, each in ipairs(busy) do pcall(each.join, each) end
        end)

        it("gives programs nothing of what is open here", function()
            local opened = io.open("/etc/hostname")
            local listing = process.run{ "ls", "/proc/self/fd" }.stdout
            opened:close()
            assert.equal("0\n1\n2\n3\n", listing)  -- 3 is the folder that ls reads
        end)
    end)

    describe("start", function()
        it("reads lines as they come, the last without a newline too", function()
            local child = process.start{ "sh", "-c", "echo a; echo; printf end" }
            local lines = {}
            for line in child:lines() do lines[#lines + 1] = line end
            assert.same({ "a", "", "end" }, lines)
            assert.is_nil(child:read_line())
            assert.equal(0, child:wait().code)
        end)

        it("talks to a program", function()
            local child = process.start{ "cat", stdin = true }
            child:write("one\n")
            assert.equal("one", child:read_line())
            child:write("two")
            child:close_input()
            assert.equal("two", child:read_all())
            assert.equal("process.input_closed", error_of(child.write, child, "x").kind)
        end)

        it("raises when the program reads no more", function()
            local child = process.start{ "sh", "-c", "exec <&-; echo ready; sleep 5", stdin = true }
            child:read_line()
            assert.equal("process.input_closed", error_of(child.write, child, ("x"):rep(200000)).kind)
            child:close()
        end)

        it("talks to a program on a terminal", function()
            local child = process.start{ "sh", "-c", "read word; echo got $word; cat", terminal = true, stdin = true }
            child:write("one\n")
            assert.equal("got one", child:read_line(20))
            child:write("two\n")
            assert.equal("two", child:read_line(20))
            child:close_input()
            assert.equal(0, child:wait(20).code)
        end)

        it("changes the size of a program's terminal, and tells the program", function()
            local script = "trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.01; done"
            local child = process.start{ "sh", "-c", script, terminal = true }
            assert.equal("ready", child:read_line(20))
            child:resize(33, 11)
            assert.equal("11 33", child:read_line(20))
            child:wait(20)
            assert.equal("argument", error_of(child.resize, child, 0, 1).kind)
            child:close()
            child = process.start{ "cat", stdin = true }
            assert.equal("process.no_terminal", error_of(child.resize, child, 80, 24).kind)
            child:close()
        end)

        it("streams more than it may hold", function()
            local count, bytes = 0, 0
            for line in process.start{ "seq", "1", "2000000" }:lines() do
                count, bytes = count + 1, bytes + #line
            end
            assert.same({ 2000000, 12888896 }, { count, bytes })
        end)

        it("raises for a line longer than it may hold", function()
            local child = process.start{ "head", "-c", "3000000", "/dev/zero", max_output_bytes = 2000000 }
            assert.equal("process.too_much_output", error_of(child.read_line, child).kind)
        end)

        it("waits for a time", function()
            local child = process.start{ "sleep", "60" }
            assert.is_nil(child:wait(0.05))
            assert.equal("process.timeout", error_of(child.read_line, child, 0.05).kind)
            assert.is_true(child:running())
            assert.is_true(child:kill("INT"))
            assert.equal("SIGINT", child:wait().signal)
            assert.is_false(child:kill())
            assert.equal("argument", error_of(child.kill, child, "SIGNOTHING").kind)
        end)

        it("gives the rest of the output to wait, and the end of captured errors", function()
            local result = process.start{ "sh", "-c", "seq 300000; seq 300000 >&2", stderr = "capture" }:wait()
            assert.equal(1988895, #result.stdout)
            assert.equal(1048576, #result.stderr)
            assert.matches("300000\n$", result.stderr)
        end)

        it("ends the program when the handle is closed", function()
            local mark = unusual_sleep()
            local child = process.start{ "sleep", mark }
            child:close()
            task.sleep(0.2)
            assert.equal("", running(mark))
            assert.equal("closed", error_of(child.pid, child).kind)
        end)

        it("ends the program when the handle is collected", function()
            local mark = unusual_sleep()
            process.start{ "sleep", mark }
            collectgarbage()
            collectgarbage()
            task.sleep(0.2)
            assert.equal("", running(mark))
        end)

        it("ends the program when the task that started it fails", function()
            local mark = unusual_sleep()
            local kept
            pcall(task.scope, function()
                kept = process.start{ "sleep", mark }
                error("no")
            end)
            assert.equal("SIGTERM", kept:wait().signal)
        end)

        it("leaves the program of a task that ended well to whoever has its handle", function()
            local child = task.scope(function() return process.start{ "cat", stdin = true } end)
            child:write("x")
            child:close_input()
            assert.equal("x", child:read_all())
        end)
    end)

    describe("a command that changes something", function()
        local binary = os.getenv("UHOST") or "uhost"
        local folder

        before_each(function() folder = fs.temp_dir() end)
        after_each(function() folder:close() end)

        -- A command that makes the file `name`, and is said to.
        local function make(function_name, name, script)
            return ("process.%s{ 'sh', '-c', %q, mutates = 'make %s' }"):format(function_name,
                ("touch %s/%s; %s"):format(folder:path(), name, script or ""), name)
        end

        local function run_host(code, ...)
            local command = { binary, "--state", folder:path() .. "/state", ... }
            command[#command + 1] = "-e"
            command[#command + 1] = code
            return process.run(command)
        end

        it("is planned and not run in a dry run, and answered as if it had gone well", function()
            local code = ("local r = %s local c = %s print(r.code, r.stdout, c:wait().code, c:read_line())")
                :format(make("run", "one"), make("start", "two"))
            local result = run_host(code, "--dry-run")
            assert.equal("0\t\t0\tnil\n", result.stdout)
            assert.matches("2 changes", result.stderr)
            assert.matches("process%.run +sh +make one", result.stderr)
            assert.is_false(fs.exists(folder:path() .. "/one") or fs.exists(folder:path() .. "/two"))
        end)

        it("is one whose output goes to a file: a dry run does not make the file", function()
            local file = folder:path() .. "/log"
            local code = ("print(process.run{ 'echo', 'x', stdout = { file = %q } }.code)"):format(file)
            local result = run_host(code, "--dry-run")
            assert.equal("0\n", result.stdout)
            assert.matches("write what echo writes to", result.stderr)
            assert.is_false(fs.exists(file))
        end)

        it("is run otherwise, and remembered with how it ended", function()
            local commands = { make("run", "one"), make("run", "two", "exit 3"), make("start", "three") .. ":wait()" }
            local result = run_host(table.concat(commands, " ") .. [[
                for _, entry in ipairs(plan.history{}) do print(entry.kind, entry.summary, entry.outcome) end]])
            for _, name in ipairs{ "one", "two", "three" } do
                assert.is_true(fs.exists(folder:path() .. "/" .. name))
                local outcome = name == "two" and "failed" or "done"
                assert.matches(("process.run\tmake %s\t%s\n"):format(name, outcome), result.stdout, 1, true)
            end
        end)
    end)

    it("knows how programs end, also where the host was started with SIGCHLD ignored", function()
        local start = [[
import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execvp(sys.argv[1], sys.argv[1:])]]
        local binary = os.getenv("UHOST") or "uhost"
        local code = "print(process.run{ 'sh', '-c', 'exit 3' }.code)"
        assert.equal("3\n", process.run{ "python3", "-c", start, binary, "-e", code }.stdout)
    end)

    it("ends programs when the script ends by os.exit or an error", function()
        local binary = os.getenv("UHOST") or "uhost"
        for _, ending in ipairs{ "os.exit(5)", "error('no')", "" } do
            local mark = unusual_sleep()
            process.run{ binary, "-e", ("child = process.start{ 'sleep', '%s' } %s"):format(mark, ending) }
            assert.equal("", running(mark), ending)
        end
    end)
end)

describe("a supervised program", function()
    it("takes with it what it left behind, whether that listens to SIGTERM or not", function()
        local leaves = "(setsid sleep 7391.5 &); (setsid sh -c 'trap \"\" TERM; sleep 7392.5; sleep 7393.5' &); exit 3"
        local result = process.run{ "sh", "-c", leaves, supervised = true }
        assert.equal(3, result.code)
        assert.equal("", process.run{ "pgrep", "-f", "^sleep 739[123].5" }.stdout)
    end)

    it("is heard of when it ends, whatever signals a script takes", function()
        for _, name in ipairs({ "SIGCHLD", "SIGKILL", "SIGSEGV" }) do
            local ok, failure = pcall(process.signals, { name })
            assert.same({ false, "argument" }, { ok, failure.kind })
        end
        assert.equal("x", process.run{ "cat", stdin = "x" }.stdout)
    end)

    it("ends as one that is not: by its code or signal, or not at all where it cannot start", function()
        assert.equal("SIGSEGV", process.run{ "sh", "-c", "kill -SEGV $$", supervised = true }.signal)
        local ok, failure = pcall(process.run, { "no-such-program-here", supervised = true })
        assert.same({ false, "process.not_found" }, { ok, failure.kind })
        assert.equal("x", process.run{ "cat", stdin = "x", supervised = true }.stdout)
    end)

    it("can be ended with all that it started, and read to its end", function()
        local script = "trap 'echo bye; exit 5' TERM; echo ready; setsid sleep 7394.5 & wait"
        local child = process.start{ "sh", "-c", script, supervised = true }
        assert.equal("ready", child:read_line())
        assert.is_true(child:terminate())
        assert.equal("bye", child:read_line())
        local result = child:wait()
        assert.same({ 5, false }, { result.code, child:terminate() })
        assert.equal("", process.run{ "pgrep", "-f", "^sleep 7394.5" }.stdout)
    end)
end)
