-- The executor "github" against the stand-in for GitHub, which holds every request against GitHub's description.
local executors = require("support.executors")
local github_support = require("support.github")
local servers = require("support.servers")

-- `body(user, github)`: `runs` is what becomes of the runs that are started.
local function with_workflow(runs, body)
    github_support.with(function(github)
        servers.in_folder(function(folder)
            local env = { GITHUB_API_URL = github.url, GITHUB_TOKEN = github_support.token, GH_TOKEN = false,
                GITHUB_ACTIONS = false, UHOST_GITHUB_BACKOFF_S = "0.01", UHOST_GITHUB_SETTLE_S = "0.02" }
            local user = executors.user(folder, { github = { repository = "o/n", workflow = "job.yml", poll_s = 1,
                inputs = { size = 2 } } }, env)
            github.control({ repository = "o/n", forget = true, dispatch_delay_ms = 10, workflows = { {
                path = ".github/workflows/job.yml", run_name = "job ${{ inputs.job }}", dispatched = runs } } })
            body(user, github)
        end)
    end)
end

local function dispatches(github)
    local bodies = {}
    for _, request in ipairs(github.requests()) do
        if request.path:find("/dispatches$") then bodies[#bodies + 1] = json.decode(request.body) end
    end
    return bodies
end

local function step(conclusion) return { { name = "Run", conclusion = conclusion } } end

describe("the executor github", function()
    it("starts a workflow, follows its run, and fetches logs and artifacts", function()
        local runs = { { conclusion = "failure",
            jobs = { { name = "job", log = "one\ntwo\n", steps = step("failure") } },
            artifacts = { { name = "report", files = { ["a/b.txt"] = "text" } } } } }
        with_workflow(runs, function(user, github)
            local got = user.run([[
                local job = build.submit{ executor = "github", cmd = { "echo", "it's" }, log = "log" }
                local result = job:wait()
                return { result.outcome, result.reason, result.tail, result.look, job:collect("got") }]])
            assert.same({ "failed", "failure", "##[group]job\none\ntwo\n##[endgroup]" }, { got[1], got[2], got[3] })
            assert.matches("^gh run view %d+ %-%-repo o/n$", got[4])
            assert.same({ "report/a/b.txt" }, got[5])
            local asked = dispatches(github)
            assert.equal(1, #asked)
            assert.same({ "main", "2", "exec 'echo' 'it'\\''s' </dev/null\n" },
                { asked[1].ref, asked[1].inputs.size, asked[1].inputs.script })
        end)
    end)

    it("names how jobs ended that did not end by themselves", function()
        local lost = { conclusion = "failure", jobs = { { name = "job", steps = { { name = "Run",
            status = "in_progress", conclusion = json.null } } } } }
        local runs = { lost, { conclusion = "success" }, lost, lost, { conclusion = "cancelled" },
            { conclusion = "timed_out" }, { conclusion = "startup_failure" }, { conclusion = "skipped" },
            { status = "in_progress", conclusion = json.null } }
        with_workflow(runs, function(user)
            local got = user.run([[
                local ends = {}
                for i = 1, 6 do
                    local result = build.run{ executor = "github", cmd = { "true" } }
                    ends[i] = result.outcome .. " " .. result.attempts
                end
                local slow = build.run{ executor = "github", cmd = { "true" }, resources = { time_limit_s = 0 } }
                local ours = build.submit{ executor = "github", cmd = { "true" } }
                ours:cancel()
                return { ends, slow.outcome, ours:wait().outcome }]])
            assert.same({ { "passed 2", "node_failed 2", "cancelled 1", "timeout 1", "rejected 1", "rejected 1" },
                "timeout", "cancelled" }, got)
        end)
    end)

    it("begins a job once, also if the answer is lost or its script was killed", function()
        with_workflow({ { conclusion = "success", after_ms = 300 } }, function(user, github)
            local code = [[
                local job = build.submit{ executor = "github", cmd = { "true" }, key = "k" }
                print("submitted") io.flush()
                return { job.was_found, job:wait().outcome }]]
            github.control({ faults = { { method = "POST", kind = "lost" } } })
            local child = user.start(code)
            assert.equal("submitted", child:read_line())
            child:kill("SIGKILL")
            child:wait()
            -- As if it had been killed before it noted the run.
            local store = db.open(user.folder .. "/state/build.sqlite")
            store:execute("UPDATE jobs SET state = 'submitting', id = NULL, holder = NULL")
            store:close()
            assert.same({ true, "passed" }, (user.run(code)))
            assert.equal(1, #dispatches(github))
        end)
    end)

    it("says what GitHub refuses, and what is not set", function()
        with_workflow({}, function(user)
            local function with_setting(name, value, code)
                local setting = ("build.executors.github.%s=%s"):format(name, value)
                return (user.run(code, { arguments = { "--set", setting } }))
            end
            local run = [[return build.run{ executor = "github", cmd = { "true" } }.]]
            local refused = with_setting("ref", "none", run .. "reason")
            local missing = with_setting("workflow", "none.yml", run .. "outcome")
            local unset = with_setting("repository", "nothing", [[
                local ok, failure = pcall(build.run, { executor = "github", cmd = { "true" } })
                return failure.message]])
            assert.equal("No ref found for: none", refused)
            assert.equal("rejected", missing)
            assert.is_string(unset)
        end)
    end)
end)
