-- The executor "ssh" against a real sshd.
local executors = require("support.executors")
local expect = require("support.expect")
local ssh = require("support.git_ssh")

-- `body(user, folder)`: where jobs are kept on the other side, which has quotes in its name.
local function with_machines(hosts, body)
    if not ssh.available() then return pending("there is no OpenSSH server") end
    ssh.with(function(server)
        local options = { "-F", "none", "-p", server.url:match(":(%d+)$"), "-i", server.folder .. "/good" }
        for _, word in ipairs({ "UserKnownHostsFile=" .. server.folder .. "/known_hosts",
            "HostKeyAlias=[127.0.0.1]:" .. server.url:match(":(%d+)$") }) do
            options[#options + 1], options[#options + 2] = "-o", word
        end
        local folder = server.folder .. "/other side's"
        body(executors.user(server.folder, { ssh = { hosts = hosts, options = options, folder = folder } }), folder)
    end)
end

local function count(folder)
    local jobs = 0
    for path in fs.walk(folder, { depth = 1 }) do jobs = jobs + (fs.exists(path .. "/script") and 1 or 0) end
    return jobs
end

describe("the executor ssh", function()
    it("runs jobs on the machine with the most room, byte for byte as they were given", function()
        with_machines({ "127.0.0.1:1", "localhost:2" }, function(user)
            local got = user.run([[
                local jobs, ends, places = build.submit{ executor = "ssh", array = {
                    { cmd = { "printf", "%s|", "it's", "$HOME `x`", "a\nb", "-n" }, stdin = "x" },
                    { cmd = { "sh", "-c", "cat; echo \"$A\"; exit 4" }, stdin = "q'\"\\\n", env = { A = "$(id) '" } },
                    { cmd = { "sh", "-c", "echo 1 >\"a b\"; mkdir c; echo 2 >c/d; sleep 3" },
                        artifacts = { "a b", "c" } },
                    { cmd = { "pwd" }, cwd = "/" },
                } }, {}, {}
                for i, job in ipairs(jobs) do
                    local result = job:wait()
                    ends[i] = { result.outcome, result.code, result.tail }
                    places[i] = result.id:match("^[^/]+")
                end
                return { ends = ends, places = places, files = jobs[3]:collect("got") }]])
            assert.same({ { "passed", 0, "it's|$HOME `x`|a\nb|-n|" }, { "failed", 4, "q'\"\\\n$(id) '" },
                { "passed", 0, "" }, { "passed", 0, "/" } }, got.ends)
            assert.equal("localhost", got.places[1])
            assert.same({ "a b", "c/d" }, got.files)
            assert.equal("1\n", fs.read(user.folder .. "/got/a b"))
        end)
    end)

    it("names how jobs ended that did not end by themselves", function()
        with_machines({ "127.0.0.1:1" }, function(user, folder)
            local got = user.run(([[
                local ours = build.submit{ executor = "ssh", cmd = { "sleep", "600" } }
                local next = build.submit{ executor = "ssh", cmd = { "true" } }
                local state, reason = next:state()
                ours:cancel()
                local slow = build.submit{ executor = "ssh", cmd = { "sleep", "600" },
                    resources = { time_limit_s = 1 } }
                local large = build.submit{ executor = "ssh", resources = { memory_bytes = 50 * 2^20 },
                    cmd = { "python3", "-c", "bytearray(200 * 2**20)" } }
                local lost = build.submit{ executor = "ssh", cmd = { "sleep", "5" }, key = "lost" }
                while lost:state() ~= "running" do task.sleep(0.1) end
                local pids = %q .. "/" .. lost.id:match("[^/]+$")
                process.run{ "sh", "-c", 'kill -9 $(cat "$0/pid") -$(cat "$0/child")', pids, mutates = "lose it" }
                local ends = { state, reason }
                for i, job in ipairs({ ours, next, slow, large, lost }) do ends[i + 2] = job:wait().outcome end
                return { ends, lost:wait().attempts, large:wait().tail }]]):format(folder))
            assert.same({ "queued", "all slots are taken", "cancelled", "passed", "timeout", "failed", "passed" },
                got[1])
            assert.equal(2, got[2])
            assert.matches("MemoryError", got[3])
        end)
    end)

    it("keeps a job running while contact is lost, and finds it again", function()
        with_machines({ "127.0.0.1" }, function(user)
            local cut = user.folder .. "/cut"
            local env = { PATH = executors.in_front_of(user.folder, "ssh",
                { before = ("[ -e '%s' ] && { echo 'no route' >&2; exit 255; }"):format(cut) }) }
            local code = [[
                local job = build.submit{ executor = "ssh", cmd = { "sh", "-c", "sleep 1; echo over" }, key = "k",
                    lost_after_s = %s }
                print("submitted") io.flush()
                while job:state() ~= "ended" do
                    local _, reason = job:state()
                    if reason then print(reason) io.flush() end
                    task.sleep(0.05)
                end
                local result = job:wait()
                print(json.encode({ job.was_found, result.outcome, result.tail, (result.look:gsub(" .*", "")) }))]]
            local child = user.start(code:format("0"), { env = env })
            assert.equal("submitted", child:read_line())
            fs.write(cut, "")
            expect.eventually(function() return not child:running() end)
            local last
            for line in child:lines() do last = line end
            assert.equal('[false,"lost_contact","","ssh"]', last)
            local second = user.start(code:format("600"), { env = env })
            assert.equal("submitted", second:read_line())
            assert.equal("127.0.0.1: no route", second:read_line())
            fs.remove(cut)
            for line in second:lines() do last = line end
            assert.equal('[true,"passed","over","ssh"]', last)
        end)
    end)

    it("begins a job once, at whatever moment its script is killed, and if the answer is lost", function()
        with_machines({ "127.0.0.1:4" }, function(user, folder)
            local code = [[
                local job = build.submit{ executor = "ssh", cmd = { "sleep", "1" }, key = "k" }
                return { job.was_found, job:wait().outcome }]]
            local function in_front(script)
                return { env = { PATH = executors.in_front_of(user.folder, "ssh", script) } }
            end
            -- ssh starts the job at its second call, after it asked for free slots; at its third, if it looked for the
            -- job before.
            local nth = "echo x >>'%s/calls'; [ $(wc -l <'%s/calls') = %d ] && "
            local second, third = nth:format(user.folder, user.folder, 2), nth:format(user.folder, user.folder, 3)
            local before = user.start(code, in_front({ before = second .. "{ kill_uhost; exit; }" })):wait()
            assert.equal("SIGKILL", before.signal, before.stderr)
            assert.equal(0, count(folder))
            fs.remove(user.folder .. "/calls")
            local after = user.start(code, in_front({ after = third .. "kill_uhost" })):wait()
            assert.equal("SIGKILL", after.signal, after.stderr)
            assert.same({ true, "passed" }, (user.run(code)))
            assert.equal(1, count(folder))
            fs.remove(user.folder .. "/calls")
            local got = user.run(code:gsub('"k"', '"l"') .. "", in_front({ after = second .. "exit 255" }))
            assert.same({ false, "passed" }, got)
            assert.equal(2, count(folder))
        end)
    end)

    it("says what is not set", function()
        expect.in_folder({}, function(folder)
            local user = executors.user(folder, { ssh = { slots = 1 } })
            assert.equal("no hosts are set in build.executors.ssh.hosts", user.run(
                [[return build.run{ executor = "ssh", cmd = { "true" } }.reason]]))
        end)
    end)
end)
