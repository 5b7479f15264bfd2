-- Jobs of `uhost serve`: which are put together, what their limits do, and what is said about how they ended.
local eventually = require("support.expect").eventually
local postgres = require("support.postgres")
local service_of = require("support.service")

local deliver, jobs = service_of.deliver, service_of.jobs

local events = [[
return {
    rules = {
        { id = "audit_pull", event = "pull_request", concurrency = "{repository}#{number}",
            run = { "run", "job", "{sha}" } },
        { id = "pushed", event = "push", run = { "run", "job", "{sha}" } },
    },
    commands = { job = { run = { "run", "job", "{number}" } } },
}]]

local function with(script, body, options)
    service_of.with({ ["policies/events.lua"] = events, ["scripts/job.lua"] = script }, body, options)
end

local function pull(number, sha)
    return { action = "synchronize", repository = { full_name = "o/n" },
        pull_request = { number = number, head = { sha = sha, ref = "topic" } } }
end

local function push(sha, name)
    return { ref = "refs/heads/main", after = sha, repository = { full_name = name or "o/n" } }
end

local function ended(service)
    for _, job in ipairs(jobs(service)) do
        if job.state == "queued" or job.state == "running" then return false end
    end
    return true
end

-- How the job of one push ended.
local function outcome(script, options)
    local job
    with(script, function(service)
        deliver(service, "push", push("abc"))
        eventually(function() return #jobs(service) == 1 and ended(service) end)
        job = jobs(service)[1]
        assert.equal(200, http.get(service.url .. "/healthz").status)
    end, options)
    return job
end

describe("jobs of one pull request", function()
    it("are put together: ten pushes in a row leave one that runs and the newest one", function()
        local script = [[fs.append("notes", arg[1] .. "\n")
            while not fs.exists("go") do task.sleep(0.01) end]]
        with(script, function(service)
            local function notes() return fs.read(service.folder .. "/notes") or "" end
            deliver(service, "pull_request", pull(7, "first"))
            eventually(function() return notes() == "first\n" end)
            for i = 2, 10 do deliver(service, "pull_request", pull(7, "push" .. i)) end
            deliver(service, "pull_request", pull(8, "other"))
            eventually(function() return #jobs(service) == 11 end)
            fs.write(service.folder .. "/go", "")
            eventually(function() return ended(service) end)
            assert.equal("first\npush10\nother\n", notes())
            local states = {}
            for _, job in ipairs(jobs(service)) do states[job.state] = (states[job.state] or 0) + 1 end
            assert.same({ done = 3, superseded = 8 }, states)
        end)
    end)
end)

describe("services on one store", function()
    it("share its jobs: each is run by one, and what a killed one leaves is run by the other", function()
        local script = [[fs.append("notes", arg[1] .. "\n")
            while not fs.exists("go") do task.sleep(0.01) end
            fs.append("notes", arg[1] .. " done\n")]]
        with(script, function(first)
            local function count(text)
                return select(2, ("\n" .. (fs.read(first.folder .. "/notes") or "")):gsub("\n" .. text .. "%f[\n]", ""))
            end
            local second = service_of.start(first.folder)
            task.finally(function()
                deliver(first, "push", push("a", "o/a"))
                deliver(second, "push", push("b", "o/b"))
                eventually(function() return count("a") == 1 and count("b") == 1 end)
                second.child:kill("SIGKILL")
                -- Whichever of them the second one ran is begun again; the other one is not.
                first.child:kill("SIGHUP")
                deliver(first, "push", push("c", "o/c"))
                eventually(function()
                    local list = jobs(first)
                    return #list == 3 and list[1].state == "running" and list[2].state == "running"
                        and list[3].state == "running"
                end)
                fs.write(first.folder .. "/go", "")
                eventually(function() return ended(first) end)
                assert.same({ 1, 1, 1 }, { count("a done"), count("b done"), count("c done") })
                for _, job in ipairs(jobs(first)) do
                    assert.equal(job.attempts, count(job.command[3]))
                    assert.is_true(job.attempts <= 2)
                end
            end, function() second.child:close() end)
        end, { arguments = { "--jobs", "4" } })
    end)
end)

describe("services with one store on PostgreSQL", function()
    it("share deliveries and jobs, and go on when the server was away", function()
        if postgres.missing() then return pending(postgres.missing()) end
        postgres.with(nil, function(server)
            local script = [[fs.append("notes", arg[1] .. "\n")]]
            with(script, function(first)
                local second = service_of.start(first.folder, { env = { UHOST_STORE = server.url,
                    UHOST_STATE = first.folder .. "/other" } })
                task.finally(function()
                    for i = 1, 6 do
                        local service, other = first, second
                        if i % 2 == 0 then service, other = second, first end
                        local payload = push("s" .. i, "o/r" .. i)
                        assert.equal(202, deliver(service, "push", payload, { id = "d" .. i }).status)
                        assert.equal(200, deliver(other, "push", payload, { id = "d" .. i }).status)
                    end
                    eventually(function() return #jobs(first) == 6 and ended(first) end)
                    local lines = {}
                    for line in fs.read(first.folder .. "/notes"):gmatch("[^\n]+") do lines[#lines + 1] = line end
                    table.sort(lines)
                    assert.same({ "s1", "s2", "s3", "s4", "s5", "s6" }, lines)
                    server:stop()
                    local refused = deliver(first, "push", push("away"))
                    assert.same({ 503, "60" }, { refused.status, refused.headers["retry-after"] })
                    assert.equal(503, http.get(first.url .. "/readyz").status)
                    server:start()
                    assert.equal(202, deliver(first, "push", push("back")).status)
                    eventually(function() return #jobs(second) == 7 end)
                end, function() second.child:close() end)
            end, { env = { UHOST_STORE = server.url } })
        end)
    end)
end)

describe("a job that breaks a limit", function()
    it("of time is ended, also when it ignores SIGTERM, and its last words are kept", function()
        local job = outcome([[io.write("working\n") io.flush()
            process.run({ "sh", "-c", "trap '' TERM; sleep 3600 & wait; sleep 3600", mutates = "sleep" })]],
            { arguments = { "--timeout", "1 s" } })
        assert.same({ "failed", "ended because it took longer than 1 s (--timeout)", nil, 1 },
            { job.state, job.note, job.exit_code, job.attempts })
        assert.matches("working", job.output)
    end)

    it("of memory is told so, and is tried again, for memory may have been short", function()
        with([[local list = {} for i = 1, 2 ^ 30 do list[i] = ("x"):rep(2 ^ 16) .. i end]], function(service)
            deliver(service, "push", push("abc"))
            eventually(function() return jobs(service)[1] and jobs(service)[1].exit_code end)
            local job = jobs(service)[1]
            assert.same({ "queued", 3 }, { job.state, job.exit_code })
            assert.matches("the script's values take more than 128 MiB of memory", job.output, 1, true)
        end, { arguments = { "--memory", "256" } })
    end)

    it("of output keeps the end of it, as text", function()
        local job = outcome([[local line = ("ä"):rep(500) .. "\n"
            for i = 1, 20000 do io.write(line) end io.write("the end\n")]])
        assert.same({ "done", "exit code 0" }, { job.state, job.note })
        assert.is_true(#job.output <= 16 * 1024 + 3 and #job.output > 16 * 1024 - 8)
        assert.matches("^…ä", job.output)
        assert.matches("the end\n$", job.output)
    end)

    it("by leaving daemons behind leaves none", function()
        local mark = ("3600.%d"):format(math.random(2 ^ 30))
        local job = outcome(([[process.run({ "sh", "-c", "setsid -f sleep %s </dev/null >/dev/null 2>&1",
            mutates = "leave a daemon" })]]):format(mark))
        assert.equal("done", job.state)
        eventually(function() return process.run({ "pgrep", "-f", "sleep " .. mark, reads = true }).code == 1 end)
    end)
end)

describe("a job", function()
    it("is offline where the service is, and has its state", function()
        local script = [[print(uhost.offline, uhost.state_folder())]]
        assert.matches("^true\t.*/state\n$", outcome(script, { of_host = { "--offline" } }).output)
        local state = fs.temp_dir()
        task.finally(function()
            local job = outcome(script, { of_host = { "--state", state:path() } })
            assert.equal("false\t" .. state:path() .. "\n", job.output)
        end, function() state:close() end)
    end)

    it("that ends by itself is described: by a signal, by its code", function()
        assert.equal("ended by SIGKILL", outcome([[
            process.run({ "sh", "-c", "kill -KILL $1", "sh", fs.readlink("/proc/self"), mutates = "end" })]]).note)
        local usage = outcome("return 2")
        assert.same({ "failed", "exit code 2", 1 }, { usage.state, usage.note, usage.attempts })
        local findings = outcome("return 1")
        assert.same({ "done", "exit code 1" }, { findings.state, findings.note })
    end)
end)

describe("an upgrade", function()
    -- As systemd does it: a socket that stays while the service is replaced.
    local holder = [[
import os, socket, sys
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", 0)); s.listen(128)
print(s.getsockname()[1], flush=True)
for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        os.dup2(s.fileno(), 3); os.set_inheritable(3, True)
        os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
        log = os.open(line.strip(), os.O_WRONLY | os.O_CREAT); os.dup2(log, 1); os.dup2(log, 2)
        os.execvp(sys.argv[1], sys.argv[1:])
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
]]

    it("finishes a long command, and refuses no delivery meanwhile", function()
        local files = { ["policies/events.lua"] = events,
            ["scripts/job.lua"] = [[fs.append("notes", arg[1] .. "\n")
                while not fs.exists(arg[1]) do task.sleep(0.01) end
                fs.append("notes", arg[1] .. " done\n")]] }
        require("support.expect").in_folder(files, function(folder)
            local function notes() return fs.read(folder .. "/notes") or "" end
            local socket = process.start({ "python3", "-u", "-c", holder, os.getenv("UHOST") or "uhost", "serve",
                "--no-dashboard", "--grace", "1 hour", cwd = folder, stdin = true, supervised = true,
                env = { UHOST_STATE = folder .. "/state", GITHUB_WEBHOOK_SECRET = service_of.secret } })
            local service = { url = "http://127.0.0.1:" .. socket:read_line() }
            local function start(log)
                socket:write(folder .. "/" .. log .. "\n")
                return socket:read_line()
            end
            task.finally(function()
                local first = start("first")
                assert.equal(202, deliver(service, "push", push("long")).status)
                eventually(function() return notes() == "long\n" end)
                process.run({ "kill", "-TERM", first, mutates = "end the service", check = true })
                eventually(function() return fs.read(folder .. "/first"):find(": ending", 1, true) end)
                -- It waits in the socket for the next service.
                local waiting = task.spawn(deliver, service, "push", push("meanwhile"))
                fs.write(folder .. "/long", "")
                assert.equal("0", socket:read_line())
                assert.equal("long\nlong done\n", notes())
                local second = start("second")
                assert.equal(202, waiting:await().status)
                fs.write(folder .. "/meanwhile", "")
                eventually(function() return notes():find("meanwhile done", 1, true) end)
                process.run({ "kill", "-TERM", second, mutates = "end the service", check = true })
                assert.equal("0", socket:read_line())
            end, function() socket:close() end)
        end)
    end)
end)
