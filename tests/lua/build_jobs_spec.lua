local expect = require("support.expect")
local error_of, in_folder = expect.error_of, expect.in_folder

describe("build.submit, here", function()
    it("runs jobs side by side, and gives how each ended", function()
        local jobs = build.submit{ executor = "local", resources = { time_limit_s = 1 }, array = {
            { cmd = { "echo", "one" } }, { cmd = "echo two; exit 3", shell = true }, { cmd = { "/no/such/program" } },
            { cmd = { "sleep", "60" } },
        } }
        local ends = {}
        for i, job in ipairs(jobs) do
            local result = job:wait()
            ends[i] = { result.outcome, result.code, result.tail }
        end
        assert.same({ { "passed", 0, "one" }, { "failed", 3, "two" }, { "rejected", nil, "" }, { "timeout", nil, "" } },
            ends)
    end)

    it("gives a job to be looked at while it runs", function()
        in_folder({}, function(folder)
            local log = folder .. "/log"
            local job = build.submit{ executor = "local", cmd = "echo begun; exec sleep 60", shell = true, log = log }
            expect.eventually(function() return (fs.read(log) or ""):find("begun\n", 1, true) end)
            assert.equal("running", (job:state()))
            assert.is_nil(job:wait(0.01))
            assert.matches("begun$", job:logs())
            job:cancel()
            assert.equal("cancelled", job:wait().outcome)
            assert.equal("ended", (job:state()))
        end)
    end)

    it("fetches artifacts", function()
        in_folder({}, function(folder)
            fs.mkdir(folder .. "/work")
            local job = build.submit{ executor = "local", cwd = folder .. "/work",
                cmd = "mkdir out && echo 1 > out/a && echo 2 > b", shell = true, artifacts = { "out", "b" } }
            assert.equal("build.artifact", error_of(job.collect, job, folder .. "/got").kind)
            job:wait()
            assert.same({ "b", "out/a" }, job:collect(folder .. "/got"))
        end)
    end)

    it("runs what has a key once, and remembers how it ended", function()
        in_folder({}, function(folder)
            local options = { executor = "local", key = folder, cmd = { "sh", "-c", "echo run >> count; exit 4" },
                cwd = folder }
            assert.equal(4, build.submit(options):wait().code)
            local again = build.submit(options)
            assert.same({ true, 4 }, { again.was_found, again:wait().code })
            options.again = true
            build.submit(options):wait()
            assert.equal("run\nrun\n", fs.read(folder .. "/count"))
        end)
    end)

    it("names what is wrong with a call", function()
        assert.matches("did you mean 'resources'", error_of(build.submit, { cmd = { "true" }, resource = {} }).hint)
        assert.matches("did you mean 'cpus'",
            error_of(build.submit, { cmd = { "true" }, resources = { cpu = 1 } }).hint)
        local unknown = error_of(build.submit, { cmd = { "true" }, executor = "locall" })
        assert.same({ "policy.executor", "did you mean 'local'?" }, { unknown.kind, unknown.hint })
        assert.matches("two jobs of build.submit have the key 'x'",
            error_of(build.submit, { cmd = { "true" }, array = { { key = "x" }, { key = "x" } } }).message)
    end)
end)
