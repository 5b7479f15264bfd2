local expect = require("support.expect")
local error_of, in_folder = expect.error_of, expect.in_folder

-- A sleep that no other test has.
local function unusual_sleep(digit) return ("81%d.%d%d"):format(digit, fs.readlink("/proc/self"), os.time() % 1000) end

local function runs(command) return process.run{ "pgrep", "-f", "sleep " .. command }.code == 0 end

local function nothing_runs(command)
    expect.eventually(function() return not runs(command) end)
end

describe("build.run", function()
    it("gives how a command ended, what it used and what it said last", function()
        local result = build.run{ cmd = { "sh", "-c", "echo out; echo err >&2; exit 3" } }
        assert.same({ "failed", 3, "out\nerr", 2, 1 },
            { result.outcome, result.code, result.tail, result.lines, result.attempts })
        assert.is_true(result.user_s >= 0 and result.peak_memory_bytes > 0 and result.written_bytes >= 0)
        assert.equal("passed", build.run{ cmd = { "true" } }.outcome)
        assert.equal("SIGSEGV", build.run{ cmd = "kill -SEGV $$", shell = true }.signal)
    end)

    it("counts the processor time of what the command left behind", function()
        local loop = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"
        local result = build.run{ cmd = { "sh", "-c", ("(setsid sh -c '%s' &); sleep 0.5"):format(loop) } }
        assert.is_true(result.user_s > 0.02)
    end)

    it("says whether a core was dumped", function()
        if (fs.read("/proc/sys/kernel/core_pattern") or "|"):find("^|") then
            return pending("core dumps go to a program here")
        end
        in_folder({}, function(folder)
            local crash = "ulimit -c unlimited && kill -SEGV $$"
            assert.is_true(build.run{ cmd = crash, shell = true, cwd = folder }.core_dumped)
        end)
    end)

    it("hands over each line as it comes", function()
        local seen = {}
        build.run{ cmd = { "printf", "a\nb\n\nlast" }, on_line = function(line, elapsed_s)
            assert.is_true(elapsed_s >= 0)
            seen[#seen + 1] = line
        end }
        assert.same({ "a", "b", "", "last" }, seen)
    end)

    it("keeps a log whose lines have times, which can be read while it runs", function()
        in_folder({}, function(folder)
            local log = folder .. "/logs/build.log"
            build.run{ cmd = { "echo", "one" }, log = log, on_line = function()
                assert.matches("Z one\n$", fs.read(log))
            end }
            build.run{ cmd = { "sh", "-c", "exit 4" }, log = log }
            local text = fs.read(log):gsub("%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.%d%d%d%d%d%d%dZ ", "")
            assert.equal("##[command]echo one\none\n##[command]sh -c 'exit 4'\n"
                .. "##[error]Process completed with exit code 4.\n", text)
        end)
    end)

    it("cuts a log at its limit", function()
        in_folder({}, function(folder)
            build.run{ cmd = { "seq", "1000" }, log = folder .. "/log", log_limit_bytes = 500 }
            local text = fs.read(folder .. "/log")
            assert.is_true(#text < 700)
            assert.matches("the log is cut here", text)
        end)
    end)

    it("keeps the last lines of much output", function()
        local result = build.run{ cmd = { "seq", "100000" } }
        assert.equal(100000, result.lines)
        assert.matches("^99801\n.*\n100000$", result.tail)
    end)

    it("ends a command that takes too long, with all that it started", function()
        local sleep = unusual_sleep(1)
        local script = ("echo begun; setsid sleep %s & sleep %s"):format(sleep, sleep)
        local result = build.run{ cmd = script, shell = true, timeout_s = 0.2 }
        assert.same({ "timeout", "begun" }, { result.outcome, result.tail })
        nothing_runs(sleep)
    end)

    it("ends a command that says nothing for too long, and not one that speaks", function()
        local silent = build.run{ cmd = "echo x; sleep 60", shell = true, idle_timeout_s = 0.2 }
        assert.same({ "idle_timeout", "SIGTERM" }, { silent.outcome, silent.signal })
        local speaking = "for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 0.05; done"
        assert.equal("passed", build.run{ cmd = speaking, shell = true, idle_timeout_s = 30 }.outcome)
    end)

    it("ends what a command left behind, also what has left its session and ignores SIGTERM", function()
        local sleep = unusual_sleep(2)
        local stubborn = ("(setsid sh -c 'trap \"\" TERM; sleep %s; sleep %s' &) ; sleep 0.1"):format(sleep, sleep)
        assert.equal("passed", build.run{ cmd = stubborn, shell = true }.outcome)
        assert.is_false(runs(sleep))
    end)

    it("leaves nothing when the host is killed", function()
        local sleep = unusual_sleep(3)
        local script = ("setsid sh -c 'trap \"\" TERM HUP; sleep %s; sleep %s' & sleep %s"):format(sleep, sleep, sleep)
        local source = ("build.run{ cmd = %q, shell = true }"):format(script)
        local host = process.start{ os.getenv("UHOST") or uhost.share .. "/../../bin/uhost", "-e", source }
        expect.eventually(function()
            return process.run{ "pgrep", "-fc", "^sleep " .. sleep }.stdout == "2\n"
        end)
        host:kill("SIGKILL")
        nothing_runs(sleep)
    end)

    it("ends with its task", function()
        local sleep = unusual_sleep(4)
        local running = task.spawn(function() build.run{ cmd = { "sleep", sleep } } end)
        expect.eventually(function() return runs(sleep) end)
        running:cancel()
        running:join()
        nothing_runs(sleep)
    end)

    it("tries again while the failure is one that may pass", function()
        in_folder({}, function(folder)
            local script = "echo x >> tries; test $(wc -l < tries) -ge 3 || { echo reset by peer; exit 1; }"
            local retry = { backoff_s = 0.01, when = function(result) return result.tail:find("reset") ~= nil end }
            local result = build.run{ cmd = script, shell = true, cwd = folder, retry = retry }
            assert.same({ "passed", 3 }, { result.outcome, result.attempts })
            fs.remove(folder .. "/tries")
            retry.attempts = 2
            assert.equal(2, build.run{ cmd = script, shell = true, cwd = folder, retry = retry }.attempts)
            retry.when = function() return false end
            assert.equal(1, build.run{ cmd = { "false" }, retry = retry }.attempts)
        end)
    end)

    it("raises with `check`, with what was said last and where the log is", function()
        in_folder({}, function(folder)
            local log = folder .. "/log"
            local failure = error_of(build.run, { cmd = { "sh", "-c", "echo why; exit 2" }, check = true, log = log })
            assert.same({ "build.failed", 2, "failed", "why" },
                { failure.kind, failure.details.code, failure.details.outcome, failure.native })
            assert.equal("read " .. log, failure.hint)
        end)
    end)

    it("says that a program is missing, and that a text needs a shell", function()
        assert.equal("process.not_found", error_of(build.run, { cmd = { "no-such-program-here" } }).kind)
        assert.equal("argument", error_of(build.run, { cmd = "make all" }).kind)
        assert.matches("timeout_s", error_of(build.run, { cmd = { "true" }, timeout = 1 }).hint)
    end)

    it("is planned by a dry run, unless it only reads", function()
        in_folder({}, function(folder)
            local source = ([[
                local result = build.run{ cmd = { "touch", %q }, log = %q }
                print(result.outcome, result.planned, build.run{ cmd = { "echo", "x" }, reads = true }.tail)
            ]]):format(folder .. "/made", folder .. "/log")
            local binary = os.getenv("UHOST") or uhost.share .. "/../../bin/uhost"
            local result = process.run{ binary, "--dry-run", "-e", source, reads = true }
            assert.matches("passed\ttrue\tx", result.stdout)
            assert.same({}, fs.list(folder))
        end)
    end)
end)

describe("build.environment", function()
    it("shows what commands get, with secrets masked", function()
        local variables = build.environment{ env = { BUILD_MODE = "fast", DEPLOY_TOKEN = "abc", LINES = "a\nb" } }
        assert.same({ "fast", "***", "a\nb" }, { variables.BUILD_MODE, variables.DEPLOY_TOKEN, variables.LINES })
        assert.same({ A = "1" }, build.environment{ env = { A = 1 }, clear_env = true })
    end)
end)

describe("build.phase", function()
    before_each(build.reset)

    it("measures phases, also within each other, and gives what they give", function()
        local result = build.phase("build", function(word)
            return build.phase("compile", function() return word .. "!" end)
        end, "done")
        assert.equal("done!", result)
        local phases = build.metrics().phases
        assert.is_true(phases["build/compile"] <= phases.build and phases.build <= phases.total)
    end)

    it("measures what fails, and is left then", function()
        assert.equal("x", error_of(build.phase, "test", uhost.fail, "x", "y").kind)
        build.phase("after", function() end)
        assert.is_not_nil(build.metrics().phases.test)
        assert.is_not_nil(build.metrics().phases.after)
    end)

    it("does not mix the phases of tasks", function()
        task.all({
            function() build.phase("a", function() task.sleep(0.01) build.phase("x", function() end) end) end,
            function() build.phase("b", function() task.sleep(0.01) build.phase("x", function() end) end) end,
        })
        local phases = build.metrics().phases
        phases.total = nil
        local names = {}
        for name in pairs(phases) do names[#names + 1] = name end
        table.sort(names)
        assert.same({ "a", "a/x", "b", "b/x" }, names)
    end)

    it("refuses names that mean something else", function()
        for _, name in ipairs({ "total", "a/b", "", "a\n::set-output" }) do
            assert.equal("argument", error_of(build.phase, name, function() end).kind)
        end
    end)

    it("makes a group of an outermost phase in GitHub Actions", function()
        local source = [[build.phase("build", build.phase, "compile", print, "hello")]]
        local binary = os.getenv("UHOST") or uhost.share .. "/../../bin/uhost"
        local result = process.run{ binary, "-e", source, env = { GITHUB_ACTIONS = "true" } }
        assert.equal("::group::build\nhello\n::endgroup::\n", result.stdout)
    end)
end)

describe("build.metrics", function()
    it("has the form that is kept, and a page for people", function()
        build.reset()
        in_folder({ ["bin/tool"] = ("x"):rep(250000), ["in"] = "1" }, function(folder)
            build.phase("checkout", function() end)
            build.artifact("tool", folder .. "/bin")
            build.cached{ name = "deps", inputs = { "in" }, outputs = { "out" }, cwd = folder, run = function()
                fs.write(folder .. "/out", "made")
            end }
            local sha = ("a1"):rep(20)
            local metrics = build.metrics{ variant = "release", run_id = "7", commit_sha = sha }
            assert.same({ "linux", "release", "7", sha, { deps_hit = false }, { tool_size_mb = 0.25 } },
                { metrics.platform, metrics.variant, metrics.run_id, metrics.commit_sha, metrics.cache,
                    metrics.artifacts })
            assert.matches("^%d+%-%d+%-%d+T[%d:]+Z$", metrics.timestamp)
            assert.matches('"checkout":', json.encode(metrics))
            local page = build.summary()
            assert.matches("checkout", page)
            assert.matches("Cache deps.*miss", page)
        end)
    end)
end)

describe("build.graph", function()
    it("runs jobs after those that they need, and hands on results", function()
        local order = {}
        local function job(name, needs)
            return { needs = needs, run = function(results)
                order[#order + 1] = name
                for _, needed in ipairs(needs or {}) do assert.equal(needed:upper(), results[needed]) end
                return name:upper()
            end }
        end
        local results = build.graph{ concurrency = 1, jobs = {
            test = job("test", { "compile", "fetch" }), compile = job("compile", { "fetch" }), fetch = job("fetch"),
        } }
        assert.same({ "fetch", "compile", "test" }, order)
        assert.same({ fetch = "FETCH", compile = "COMPILE", test = "TEST" }, results)
    end)

    it("runs as many at once as it may", function()
        local now, most = 0, 0
        local jobs = {}
        for i = 1, 9 do
            jobs["job" .. i] = { run = function()
                now = now + 1
                most = math.max(most, now)
                task.sleep(0.01)
                now = now - 1
            end }
        end
        build.graph{ jobs = jobs, concurrency = 3 }
        assert.equal(3, most)
    end)

    it("cancels the others at the first failure", function()
        local sleep, began_last = unusual_sleep(5), false
        local failure = error_of(build.graph, { concurrency = 3, jobs = {
            long = { run = function() build.run{ cmd = { "sleep", sleep } } end },
            bad = { run = function() uhost.fail("job.bad", "bad") end },
            last = { needs = { "long" }, run = function() began_last = true end },
        } })
        assert.same({ "job.bad", false }, { failure.kind, began_last })
        nothing_runs(sleep)
    end)

    it("refuses circles and needs that there are not, before any job begins", function()
        local function nothing() error("it began") end
        local circle = error_of(build.graph, { jobs = {
            a = { needs = { "b" }, run = nothing }, b = { needs = { "a" }, run = nothing },
        } })
        assert.same({ "build.graph", "jobs need each other: a → b → a", 2 },
            { circle.kind, circle.message, circle.exit_code })
        local missing = error_of(build.graph, { jobs = {
            a = { needs = { "compil" }, run = nothing }, compile = { run = nothing },
        } })
        assert.same({ "build.graph", "did you mean 'compile'?" }, { missing.kind, missing.hint })
    end)
end)

describe("build.cached", function()
    -- Calls `build.cached` in `folder`; `out` is made from all of `src`.
    local function make(folder, options)
        local ran = false
        local given = { name = "x", inputs = { "src" }, outputs = { "out" }, cwd = folder, run = function()
            ran = true
            fs.mkdir(folder .. "/out")
            fs.write(folder .. "/out/file", (fs.read(folder .. "/src/a") or "") .. "!")
        end }
        for name, value in pairs(options or {}) do given[name] = value end
        local answer = build.cached(given)
        assert.equal(not ran, answer.hit)
        return answer.hit
    end

    it("restores the outputs of inputs of the same content", function()
        in_folder({ ["src/a"] = "one" .. math.random() }, function(folder)
            local first = fs.read(folder .. "/src/a")
            assert.is_false(make(folder))
            fs.remove(folder .. "/out", { recursive = true })
            assert.is_true(make(folder))
            assert.equal(first .. "!", fs.read(folder .. "/out/file"))
            fs.write(folder .. "/src/a", "two" .. first)
            assert.is_false(make(folder))
            fs.write(folder .. "/src/a", first)
            assert.is_true(make(folder))
            assert.equal(first .. "!", fs.read(folder .. "/out/file"))
        end)
    end)

    it("takes names, modes, links and the key for content", function()
        in_folder({ ["src/a"] = "names" }, function(folder)
            assert.is_false(make(folder))
            fs.write(folder .. "/src/b", "")
            assert.is_false(make(folder))
            process.run{ "chmod", "+x", folder .. "/src/b", check = true }
            assert.is_false(make(folder))
            fs.symlink("a", folder .. "/src/c")
            assert.is_false(make(folder))
            assert.is_true(make(folder))
            assert.is_false(make(folder, { key = "gcc 13" }))
        end)
    end)

    it("makes anew what is damaged", function()
        in_folder({ ["src/a"] = "damaged" }, function(folder)
            make(folder)
            local cache = uhost.state_folder() .. "/build"
            for path in fs.walk(cache, { glob = "**/file" }) do fs.write(path, "else") end
            assert.is_false(make(folder))
            assert.equal("damaged!", fs.read(folder .. "/out/file"))
            assert.is_true(make(folder))
            for path in fs.walk(cache, { glob = "**/file" }) do process.run{ "chmod", "+x", path, check = true } end
            assert.is_false(make(folder))
            for path in fs.walk(cache, { glob = "**/file" }) do fs.rename(path, path .. "_of_another_name") end
            assert.is_false(make(folder))
        end)
    end)

    it("keeps to its limit, and takes away what was not used for longest", function()
        in_folder({ ["src/a"] = "limit" }, function(folder)
            local function version(text)
                fs.write(folder .. "/src/a", text)
                return make(folder, { limit_bytes = 2000 })
            end
            local a, b, c = ("a"):rep(900), ("b"):rep(900), ("c"):rep(900)
            version(a)
            version(b)
            assert.is_true(version(a))
            version(c)
            assert.is_true(version(a))
            assert.is_false(version(b))
        end)
    end)

    it("is safe with several at once", function()
        in_folder({}, function(folder)
            local hosts = {}
            for i = 1, 6 do
                hosts[i] = function()
                    local own = ("%s/%d"):format(folder, i)
                    fs.mkdir(own)
                    fs.write(own .. "/in", "same for all")
                    local source = ([[
                        for _ = 1, 5 do
                            build.cached{ name = "x", inputs = { "in" }, outputs = { "out" }, cwd = %q, limit_bytes = 1,
                                run = function() fs.write(%q, ("made"):rep(10000)) end }
                        end
                    ]]):format(own, own .. "/out")
                    local binary = os.getenv("UHOST") or uhost.share .. "/../../bin/uhost"
                    process.run{ binary, "-e", source, env = { UHOST_STATE = folder .. "/state" }, check = true }
                    assert.equal(("made"):rep(10000), fs.read(own .. "/out"))
                end
            end
            task.all(hosts)
        end)
    end)

    it("says which input is not there, and which output was not made", function()
        in_folder({ ["src/a"] = "x" }, function(folder)
            assert.equal("build.input", error_of(make, folder, { inputs = { "none" } }).kind)
            assert.equal("build.output", error_of(make, folder, { outputs = { "none" }, key = "y" }).kind)
            assert.equal("argument", error_of(make, folder, { outputs = { "../up" } }).kind)
        end)
    end)
end)
