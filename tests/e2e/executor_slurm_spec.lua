-- The executor "slurm" against a real Slurm.
local executors = require("support.executors")
local expect = require("support.expect")
local slurms = require("support.slurm")

local function with_slurm(settings, body)
    local missing = slurms.missing()
    if missing then return pending(missing) end
    slurms.with(function(slurm)
        body(executors.user(slurm.folder, { slurm = settings }, slurm.env), slurm)
    end)
end

-- All jobs that Slurm knows: their states, in the order of their ids.
local function states(slurm)
    return slurm.run{ "squeue", "-h", "-r", "--states=all", "-S", "i", "-o", "%T" }.stdout:gsub("\n", " ") .. ""
end

describe("the executor slurm", function()
    it("runs jobs and arrays of jobs with what they need, and fetches what they leave", function()
        with_slurm({ options = { [1] = "--nice=7" } }, function(user, slurm)
            local got = user.run([[
                local job = build.submit{ executor = "slurm", name = "first one",
                    cmd = "pwd; cat; echo $A; exit 3", shell = true, cwd = "/tmp", stdin = "it's\n",
                    env = { A = "a b'c" }, log = "logs/first",
                    resources = { cpus = 2, memory_bytes = 100 * 2^20, time_limit_s = 61 } }
                local shown = process.run{ "scontrol", "show", "job", job.id, reads = true }.stdout
                local result = job:wait()
                local jobs, ends = build.submit{ executor = "slurm", array = {
                    { cmd = { "seq", "1000" }, log = "logs/many", log_limit_bytes = 2000 },
                    { cmd = { "sh", "-c", "mkdir out && echo 1 >out/a" }, artifacts = { "out" } },
                    { cmd = { "false" } },
                } }, {}
                for i, each in ipairs(jobs) do ends[i] = each:wait().outcome .. " " .. each.id end
                return { result = result, shown = shown, ends = ends, files = jobs[2]:collect("got") }]])
            assert.same({ "failed", 3, "/tmp\nit's\na b'c" },
                { got.result.outcome, got.result.code, got.result.tail }, got.shown)
            for _, wanted in ipairs({ "JobName=first one", "NumCPUs=2", "Memory[^ ]*=100M", "TimeLimit=00:02:00",
                "Nice=7" }) do
                assert.matches(wanted, got.shown)
            end
            assert.same({ "passed 2_0", "passed 2_1", "failed 2_2" }, got.ends)
            assert.same({ "out/a" }, got.files)
            assert.matches("Z it's\n", fs.read(user.folder .. "/logs/first"))
            assert.matches("the log is cut here", fs.read(user.folder .. "/logs/many"))
            assert.matches("^FAILED COMPLETED COMPLETED FAILED", states(slurm))
        end)
    end)

    it("names how jobs ended that did not end by themselves", function()
        with_slurm({}, function(user)
            local got = user.run([[
                local hog = "import time; x = bytearray(400 * 2**20); time.sleep(600)"
                local hungry = build.submit{ executor = "slurm", cmd = { "python3", "-c", hog },
                    resources = { memory_bytes = 50 * 2^20 } }
                local stopped = build.submit{ executor = "slurm", cmd = { "sleep", "600" } }
                local ours = build.submit{ executor = "slurm", cmd = { "sleep", "600" } }
                ours:cancel()
                local large = build.submit{ executor = "slurm", cmd = { "true" }, resources = { memory_bytes = 1e12 } }
                process.run{ "scancel", stopped.id, mutates = "by hand" }
                local ends = {}
                for i, job in ipairs({ hungry, stopped, ours, large }) do ends[i] = job:wait().outcome end
                return { ends = ends, reason = large:wait().reason }]])
            assert.same({ "out_of_memory", "cancelled", "cancelled", "rejected" }, got.ends)
            assert.equal("Requested node configuration is not available", got.reason)
        end)
    end)

    it("submits again what made room for others, or lost its node, as often as the policy says", function()
        local options = { [1] = "--no-requeue" }
        with_slurm({ options = options, programs = { "sbatch", "squeue", "scancel" } }, function(user, slurm)
            local pushed = [[
                local job = build.submit{ executor = "slurm", cmd = { "sleep", "3" },
                    resources = { cpus = 4, memory_bytes = 20 * 2^20 } }
                while job:state() ~= "running" do task.sleep(0.1) end
                process.run{ "sbatch", "-p", "urgent", "-c", "4", "--mem=10M", "--wrap", "sleep 1",
                    mutates = "push it aside" }
                local result = job:wait()
                return { result.outcome, result.attempts }]]
            local set = { "--set", "build.executors.slurm.partition=cancel" }
            assert.same({ "passed", 2 }, (user.run(pushed, { arguments = set })))
            fs.mkdir(user.folder .. "/policies/executors")
            fs.write(user.folder .. "/policies/executors/slurm.lua", "return { requeue = { node_failed = 1 } }")
            assert.same({ "preempted", 1 }, (user.run(pushed, { arguments = set })))
            local lost = user.run([[
                local job = build.submit{ executor = "slurm", cmd = { "sleep", "2" } }
                while job:state() ~= "running" do task.sleep(0.1) end
                local node = process.run{ "hostname", "-s", reads = true }.stdout:gsub("\n", "")
                for _, state in ipairs({ "state=down", "state=resume" }) do
                    process.run{ "scontrol", "update", "nodename=" .. node, state, "reason=test",
                        mutates = "break the node" }
                    task.sleep(0.5)
                end
                local result = job:wait()
                return { result.outcome, result.attempts }]])
            assert.same({ "passed", 2 }, lost)
            assert.matches("PREEMPTED .*NODE_FAIL", states(slurm))
        end)
    end)

    it("begins a job once, at whatever moment its script is killed", function()
        with_slurm({}, function(user, slurm)
            local code = [[
                local jobs, found = build.submit{ executor = "slurm", array = {
                    { cmd = { "sleep", "2" }, key = "one" }, { cmd = { "sleep", "2" }, key = "two" } } }, {}
                for i, job in ipairs(jobs) do found[i] = { job.was_found, job:wait().outcome } end
                return found]]
            local function killed(script)
                local env = { PATH = executors.in_front_of(user.folder, "sbatch", script) }
                local result = user.start(code, { env = env }):wait()
                assert.equal("SIGKILL", result.signal, result.stderr)
            end
            killed({ before = "kill_uhost; exit" })
            assert.equal("", states(slurm))
            killed({ after = "kill_uhost" })
            assert.same({ { true, "passed" }, { true, "passed" } }, (user.run(code)))
            assert.equal("COMPLETED COMPLETED ", states(slurm))
            assert.same({ { true, "passed" }, { true, "passed" } }, (user.run(code)))
            assert.equal("COMPLETED COMPLETED ", states(slurm))
        end)
    end)

    it("says when contact is lost, and finds the job again afterwards", function()
        with_slurm({}, function(user, slurm)
            local code = [[
                local job = build.submit{ executor = "slurm", cmd = { "sh", "-c", "sleep 1; echo over" }, key = "k",
                    lost_after_s = 0.5 }
                print("submitted") io.flush()
                local result = job:wait()
                return { job.was_found, result.outcome, result.look, result.tail }]]
            local child = user.start("print(json.encode((function() " .. code .. " end)()))")
            assert.equal("submitted", child:read_line())
            slurm.stop("slurmctld")
            local lost = json.decode(child:read_line())
            assert.same({ false, "lost_contact", "scontrol show job 1", "" }, lost)
            assert.equal("build.submission", user.run([[
                local ok, failure = pcall(build.submit, { executor = "slurm", cmd = { "true" }, key = "other" })
                return failure.kind]]))
            slurm.start("slurmctld")
            expect.eventually(function() return states(slurm):find("COMPLETED") end)
            assert.same({ true, "passed", "scontrol show job 1", "over" }, (user.run(code)))
        end)
    end)

    it("cancels the job on Ctrl-C, and plans under a dry run", function()
        with_slurm({}, function(user, slurm)
            local code = [[build.run{ executor = "slurm", cmd = { "sleep", "600" }, key = "k" }]]
            local planned = user.start(code, { arguments = { "--dry-run" } }):wait()
            assert.matches("build%.submit  slurm  run sleep 600 through slurm", planned.stderr)
            assert.equal("", states(slurm))
            local child = user.start(code)
            expect.eventually(function() return states(slurm) == "RUNNING " end)
            child:kill("SIGINT")
            assert.equal(130, child:wait().code)
            expect.eventually(function() return states(slurm) == "CANCELLED " end)
        end)
    end)
end)
