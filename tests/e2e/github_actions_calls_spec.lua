-- GitHub Actions in the real binary: workflows, runs, jobs, logs, artifacts, caches, starting a workflow.
local calls = require("support.github_calls")
local with_github, results, changes = calls.with, calls.results, calls.changes

-- A run that failed, was run again, and failed again.
local function with_run(body)
    with_github(function(server)
        server.control({
            repository = "o/n", forget = true, workflows = { { path = ".github/workflows/ci.yml", name = "CI" } },
            runs = {
                { id = 70, workflow = "ci.yml", branch = "old", created_at = "2026-01-01T00:00:00Z" },
                { id = 77, workflow = "ci.yml", conclusion = "failure", attempts = {
                    { jobs = { { id = 5, name = "build", log = "one\r\ntwo\n", steps = {
                        { name = "Compile", conclusion = "success" }, { name = "Test" },
                    } } } },
                    { jobs = { { id = 6, name = "build", log_expired = true } } },
                } },
            },
            artifacts = {
                { id = 9, run = 77, name = "report", files = { ["a.txt"] = "text" } },
                { id = 10, run = 77, name = "old", expired = true },
            },
            caches = { { id = 11, key = "linux-1" }, { id = 12, key = "mac-1" } },
        })
        body(server)
    end)
end

describe("runs of github.repository", function()
    it("are listed by every filter, found by id and attempt, and nil when they are not there", function()
        with_run(function(server)
            local workflows, all, failed, old, by_id, run, first, missing, no_attempt = results(server, [[
                local workflow = repo:workflows()()
                return { workflow.file, workflow.name, workflow.state }, #repo:runs():all(),
                    repo:runs{ workflow = "ci.yml", status = "failure", branch = "main", event = "push" }:all(),
                    repo:runs{ created = "<2026-01-15", actor = "tester", workflow = workflow.id }:all(),
                    #repo:runs{ head_sha = repo:run(77).head_sha }:all(), repo:run(77), repo:run(77, { attempt = 1 }),
                    repo:run(999), repo:run(77, { attempt = 9 })]])
            assert.same({ "ci.yml", "CI", "active" }, workflows)
            assert.equal(2, all)
            assert.equal(77, failed[1].id)
            assert.equal(1, #failed)
            assert.equal(70, old[1].id)
            assert.equal(2, by_id)
            assert.same({ "completed", "failure", 2 }, { run.status, run.conclusion, run.attempt })
            assert.same({ "main", "push", "CI" }, { run.branch, run.event, run.name })
            assert.equal(1, first.attempt)
            assert.is_nil(missing)
            assert.is_nil(no_attempt)
        end)
    end)

    it("have jobs with their steps, of the newest attempt, of one, or of all", function()
        with_run(function(server)
            local newest, first, all = results(server, [[
                local function names(options)
                    local list = {}
                    for job in repo:jobs(77, options) do list[#list + 1] = job.id end
                    return list
                end
                return names(), repo:jobs(77, { attempt = 1 }):all(), names{ attempt = "all" }]])
            assert.same({ 6 }, newest)
            assert.same({ 5, 6 }, all)
            assert.equal("build", first[1].name)
            assert.equal(1, first[1].attempt)
            assert.same({ "Compile", "Test" }, { first[1].steps[1].name, first[1].steps[2].name })
            assert.equal("success", first[1].steps[1].conclusion)
        end)
    end)

    it("have jobs that are found by id, and nil when they are not there", function()
        with_run(function(server)
            local job, missing = results(server, [[return repo:job(5), repo:job(12345)]])
            assert.same({ 5, 77, "build", 1 }, { job.id, job.run_id, job.name, job.attempt })
            assert.same({ "Compile", "Test" }, { job.steps[1].name, job.steps[2].name })
            assert.is_nil(missing)
        end)
    end)

    it("are run again where they failed, once also when the answer is lost", function()
        with_run(function(server)
            server.control({ faults = { { method = "POST", path = "/repos/o/n/actions/runs/77", kind = "lost" } } })
            local done, attempt = results(server, [[
                return repo:rerun_failed_jobs(77, { debug = true }), repo:run(77).attempt]])
            assert.is_true(done)
            assert.equal(3, attempt)
            local lines, bodies = changes(server)
            assert.same({ "POST /repos/o/n/actions/runs/77/rerun-failed-jobs" }, lines)
            assert.same({ enable_debug_logging = true }, bodies[1])
        end)
    end)

    it("say when a filter gives more than GitHub lists", function()
        with_github(function(server)
            local runs = {}
            for i = 1, 1000 do runs[i] = { id = i, workflow = "ci.yml" } end
            server.control({ repository = "o/n", runs = runs })
            local count, cut, result = results(server, [[
                local list = repo:runs{ event = "push" }
                return #list:all(), list.cut]])
            assert.same({ 1000, true }, { count, cut })
            assert.matches("at most 1000 runs", result.stderr)
        end)
    end)
end)

describe("logs and artifacts of github.repository", function()
    it("are read as a stream from another host, which never sees the token", function()
        with_run(function(server)
            local lines, expired, why, missing, other_why = results(server, [[
                local lines = {}
                for line in repo:job_log(5):lines() do lines[#lines + 1] = line end
                local expired, why = repo:job_log(6)
                local missing, other_why = repo:job_log(12345)
                return lines, expired, why, missing, other_why]])
            assert.same({ "one", "two" }, lines)
            assert.is_nil(expired)
            assert.equal("expired", why)
            assert.is_nil(missing)
            assert.equal("missing", other_why)
        end)  -- the stand-in would report a token that came along
    end)

    it("are asked for again when their address has expired, once", function()
        with_run(function(server)
            server.control({ blobs = { expired = 1 } })
            local first = results(server, [[return repo:job_log(5):lines()()]])
            assert.equal("one", first)
            local path = "/repos/o/n/actions/jobs/5/logs"
            local asked = 0
            for _, request in ipairs(server.requests()) do asked = asked + (request.path == path and 1 or 0) end
            assert.equal(2, asked)
        end)
    end)

    it("continue where the connection broke, by line and by piece, whether the host knows ranges or not", function()
        local log = {}
        for i = 1, 500 do log[i] = ("line %d of a log"):format(i) end
        with_run(function(server)
            server.control({ repository = "o/n", runs = { { id = 78, workflow = "ci.yml", attempts = { { jobs = {
                { id = 50, name = "long", log = table.concat(log, "\n") .. "\n" },
            } } } } } })
            for _, ignores_ranges in ipairs({ false, true }) do
                for _, cut_after in ipairs({ 0, 7, 100, 3000 }) do
                    local faults = { cuts = 2, cut_after = cut_after, ignores_ranges = ignores_ranges }
                    server.control({ blobs = faults })
                    local lines = results(server, [[
                        local lines = {}
                        for line in repo:job_log(50):lines() do lines[#lines + 1] = line end
                        return lines]])
                    assert.same(log, lines)
                    server.control({ blobs = faults })
                    assert.equal(table.concat(log, "\n") .. "\n", (results(server, [[
                        local pieces = {}
                        for piece in repo:job_log(50):chunks() do pieces[#pieces + 1] = piece end
                        return table.concat(pieces)]])))
                end
            end
        end)
    end)

    it("break in the end when the connection breaks too often", function()
        with_run(function(server)
            server.control({ blobs = { cuts = 100, cut_after = 2 } })
            local kind = results(server, [[
                local ok, err = pcall(function() for _ in repo:job_log(5):lines() do end end)
                return err.kind]])
            assert.equal("http.reset", kind)
        end)
    end)

    it("go into no file under a dry run", function()
        with_run(function(server)
            -- Not below the state folder, which is the host's own.
            local folder = fs.temp_dir()
            local file = folder:path() .. "/log.zip"
            local log, written = results(server, ([[
                local log = repo:run_logs(77, %q)
                return log, fs.exists(%q)]]):format(file, file), { arguments = { "--dry-run" } })
            folder:close()
            assert.same({ planned = true }, log)
            assert.is_false(written)
        end)
    end)

    it("go into files, which are not there when there is nothing to write", function()
        with_run(function(server)
            local code = ([[
                local folder = %q
                local log = repo:run_logs(77, folder .. "/log.zip", { attempt = 1 })
                local artifact = repo:download_artifact(9, folder .. "/artifact.zip")
                local _, why = repo:download_artifact(10, folder .. "/none.zip")
                local _, other_why = repo:download_artifact(999, folder .. "/none.zip")
                return log, artifact, why, other_why, repo:artifacts():all(),
                    repo:artifacts{ run = 77, name = "report" }:all()]]):format(server.state)
            local log, artifact, why, other_why, all, named = results(server, code)
            for name, written in pairs({ log = log, artifact = artifact }) do
                assert.equal(server.state .. "/" .. name .. ".zip", written.file)
                assert.equal("PK", fs.read(written.file):sub(1, 2))
                assert.equal(#fs.read(written.file), written.size_bytes)
            end
            assert.same({ "expired", "missing" }, { why, other_why })
            assert.is_false(fs.exists(server.state .. "/none.zip"))
            assert.equal(2, #all)
            assert.same({ "report", 77, false }, { named[1].name, named[1].run_id, named[1].is_expired })
        end)
    end)
end)

describe("caches of github.repository", function()
    it("are listed by the beginning of their keys, and deleted", function()
        with_run(function(server)
            local linux, deleted, again = results(server, [[
                return repo:caches{ key = "linux", ref = "refs/heads/main" }:all(), repo:delete_cache(11),
                    repo:delete_cache(11)]])
            assert.same({ 11 }, { linux[1].id })
            assert.equal("linux-1", linux[1].key)
            assert.equal(1024, linux[1].size_bytes)
            assert.is_true(deleted)
            assert.is_false(again)
        end)
    end)
end)

describe("dispatch", function()
    it("starts a workflow and gives its run, as GitHub names it", function()
        with_run(function(server)
            local run = results(server, [[
                return repo:dispatch("ci.yml", { ref = "main", inputs = { count = 3, dry = true, name = "x" } })]])
            assert.equal("workflow_dispatch", run.event)
            assert.equal("main", run.branch)
            local lines, bodies = changes(server)
            assert.same({ "POST /repos/o/n/actions/workflows/ci.yml/dispatches" }, lines)
            assert.same({ count = "3", dry = "true", name = "x" }, bodies[1].inputs)
            assert.is_true(bodies[1].return_run_details)
        end)
    end)

    it("finds the run by workflow, branch, account and time where GitHub does not name it", function()
        with_run(function(server)
            local path = "/repos/o/n/actions/workflows/ci.yml/dispatches"
            server.control({ faults = { { path = path, kind = "status", status = 422, body = {
                message = "Invalid request.\n\n\"return_run_details\" is not a permitted key.",
            } } } })
            local run = results(server, [[return repo:dispatch("ci.yml", { ref = "refs/heads/main" })]])
            assert.equal("workflow_dispatch", run.event)
            assert.is_true(run.id ~= 70 and run.id ~= 77)
            local lines, bodies = changes(server)
            assert.same({ "POST " .. path, "POST " .. path }, lines)
            assert.is_nil(bodies[2].return_run_details)
        end)
    end)

    it("starts it once when the answer is lost", function()
        with_run(function(server)
            server.control({ faults = { {
                method = "POST", path = "/repos/o/n/actions/workflows", kind = "lost",
            } } })
            local run, count = results(server, [[
                local run = repo:dispatch("ci.yml", { ref = "main" })
                return run, #repo:runs{ event = "workflow_dispatch" }:all()]], {
                env = { UHOST_GITHUB_SETTLE_S = "0.2" },
            })
            assert.equal("workflow_dispatch", run.event)
            assert.equal(1, count)
        end)
    end)

    it("is nil when the run does not appear in time, and says when there is no such workflow or branch", function()
        with_run(function(server)
            server.control({ repository = "o/n", dispatch_delay_ms = 600000 })
            local run = results(server, [[return repo:dispatch("ci.yml", { ref = "main", timeout_s = 0.1 })]])
            assert.is_nil(run)
            calls.assert_fails(server.run([[github.repository("o/n"):dispatch("none.yml", { ref = "main" })]]),
                "nothing at /repos/o/n/actions/workflows/none.yml", "check the spelling")
            calls.assert_fails(server.run([[github.repository("o/n"):dispatch("ci.yml", { ref = "none" })]]),
                "No ref found for: none", "correct")
        end)
    end)
end)
