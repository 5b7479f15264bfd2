-- `uhost logs` with runs at GitHub: what is fetched, followed and foretold.
local assert_schema = require("support.ci_world").assert_schema
local servers = require("support.servers")

local token = "ghp_0123456789abcdefTEST"
local now = math.floor(time.now())

local function at(seconds) return time.iso(now - 3600 + seconds) end

-- A log as GitHub has it: lines by the seconds since the job began.
local function log_of(lines)
    local list = {}
    for i, line in ipairs(lines) do
        list[i] = ("%s.5000000Z %s"):format(at(line[1]):sub(1, 19), line[2])
    end
    return table.concat(list, "\n") .. "\n"
end

local function step(number, name, from, to, conclusion)
    return { number = number, name = name, status = to and "completed" or "in_progress",
        conclusion = to and (conclusion or "success") or json.null, started_at = at(from),
        completed_at = to and at(to) }
end

local function build_job(failure)
    return {
        name = "build (linux)", conclusion = failure and "failure" or "success",
        steps = { step(1, "Set up job", 0, 2), step(2, "Compile", 2, 60, failure and "failure"),
            step(3, "Post job", 60, 61) },
        log = log_of({ { 0, "Current runner version: '2.311.0'" }, { 2, "##[group]Run make" }, { 3, "##[endgroup]" },
            { 50, failure or "linked kiln" }, { 60, "Post job cleanup." } }),
    }
end

local function run(id, jobs, more)
    local made = { id = id, workflow = "ci.yml", run_number = id, conclusion = "success", created_at = at(0),
        updated_at = at(90), head_sha = ("%08x"):format(id):rep(5), jobs = jobs }
    for key, value in pairs(more or {}) do made[key] = value end
    return made
end

local function with(body)
    servers.with("github", {}, function(server)
        servers.in_folder(function(folder)
            local world = { folder = folder, url = server.url }
            function world.control(order) http.post(server.control_url, { json = order, mutates = false }) end
            function world.runs(list) world.control({ repository = "o/n", runs = list }) end
            function world.requests(pattern)
                local count = 0
                for _, request in ipairs(http.get(server.control_url):json().requests) do
                    if request.path:find(pattern) then count = count + 1 end
                end
                return count
            end
            function world.command(...)
                local command = { os.getenv("UHOST") or "uhost", "-q", "logs", ... }
                command.cwd = folder
                command.env = { GITHUB_API_URL = server.url, GITHUB_TOKEN = token, GH_TOKEN = false,
                    GITHUB_ACTIONS = false, GITHUB_REPOSITORY = "o/n", UHOST_GITHUB_BACKOFF_S = "0.01",
                    UHOST_STATE = folder .. "/state", COLUMNS = "100" }
                return command
            end
            function world.logs(...) return process.run(world.command(...)) end
            function world.json(schema, ...)
                local arguments = { ... }
                arguments[#arguments + 1] = "--json"
                local result = world.logs(unpack(arguments))
                assert(result.code < 2, result.stderr)
                assert_schema(schema, result.stdout)
                return json.decode(result.stdout)
            end
            world.control({ token = token, repository = "o/n" })
            body(world)
        end)
    end)
end

local function assert_code(code, result)
    assert.equal(code, result.code, result.stdout .. result.stderr)
    return result
end

local broken = "oven.obj : error LNK2019: unresolved external symbol heat"

describe("uhost logs, at GitHub", function()
    it("fetches the logs of runs once, with their steps", function()
        with(function(world)
            world.runs({ run(7, { build_job() }), run(8, { build_job(broken), { name = "skipped",
                conclusion = "skipped" } }, { conclusion = "failure" }) })
            local fetched = world.json("logs_fetch", "fetch")
            assert.same({ 2, 2, 0 }, { fetched.runs, fetched.logs, fetched.without_log })
            local found = world.json("logs_search", "search", [[LNK\d+]], "--job", "build", "--step", "Comp").lines
            assert.same({ "8", "build (linux)", "Compile", 4 },
                { found[1].run, found[1].job, found[1].step, found[1].line })
            local downloads = world.requests("/logs")
            assert.equal(0, world.json("logs_fetch", "fetch").logs)
            assert.equal(downloads, world.requests("/logs"))
            world.runs({ run(9, { build_job() }) })
            assert.equal(1, world.json("logs_fetch", "fetch").logs)
            assert_code(3, world.logs("fetch", "--run", "99"))
        end)
    end)

    it("says how many logs GitHub has no more", function()
        with(function(world)
            local job = build_job()
            job.log = nil
            job.log_gone = true
            world.runs({ run(7, { job }) })
            local fetched = world.json("logs_fetch", "fetch")
            assert.equal(1, fetched.logs + fetched.without_log)
        end)
    end)

    it("compares two runs step by step", function()
        with(function(world)
            world.runs({ run(7, { build_job() }), run(8, { build_job(broken) }, { conclusion = "failure" }) })
            world.json("logs_fetch", "fetch")
            local job = world.json("logs_compare", "compare", "7", "8").jobs[1]
            assert.same({ "build (linux)", true, "Compile", "failed" },
                { job.job, job.differs, job.steps[1].name, job.steps[1].change })
            assert.same({ { line_number = 4, line = broken, count = 1, step = "Compile" } }, job.new_lines)
            assert.matches("LNK2019", assert_code(1, world.logs("compare", "7", "8")).stdout)
            assert.matches("differs in nothing", assert_code(0, world.logs("compare", "7", "7")).stdout)
            assert_code(2, world.logs("compare", "7", "99"))
        end)
    end)

    it("follows a run to its end, and keeps its logs", function()
        with(function(world)
            local building = build_job()
            building.id, building.status, building.conclusion = 71, "in_progress", json.null
            building.steps = { step(1, "Set up job", 0, 2), step(2, "Compile", 2) }
            building.log = nil
            world.runs({ run(7, { building }, { status = "in_progress", conclusion = json.null }) })
            local child = process.start(world.command("tail", "--run", "7", "--interval", "1"))
            local seen = {}
            repeat seen[#seen + 1] = assert(child:read_line(30)) until seen[#seen]:find("Compile")
            local done = build_job(broken)
            done.id = 71
            world.runs({ run(7, { done }, { status = "completed", conclusion = "failure" }) })
            local rest = child:read_all()
            local result = child:wait()
            local text = table.concat(seen, "\n") .. "\n" .. rest
            assert.equal(1, result.code, text)
            assert.matches("Set up job: success", text)
            assert.matches("Compile: failure", text)
            assert.matches("    oven.obj : error LNK2019", text)
            assert.matches("run 7: failure", text)
            assert_code(0, world.logs("search", "LNK2019", "--run", "7"))
        end)
    end)

    it("warns of a likely failure before the run has ended, once", function()
        with(function(world)
            local runs = {}
            for id = 1, 30 do
                local fails = id % 3 == 0
                runs[id] = run(id, { build_job(fails and broken) }, { conclusion = fails and "failure" or "success",
                    created_at = at(0), branch = "topic-" .. id })
            end
            world.runs(runs)
            world.json("logs_fetch", "fetch")
            local failed, waiting = build_job(broken), build_job()
            failed.id, waiting.id, waiting.name = 901, 902, "test"
            waiting.status, waiting.conclusion, waiting.steps = "in_progress", json.null, json.array()
            world.runs({ run(90, { failed, waiting }, { status = "in_progress",
                conclusion = json.null, branch = "topic" }) })
            local child = process.start(world.command("tail", "--run", "90", "--interval", "1"))
            local line
            repeat line = assert(child:read_line(30)) until line:find("likely")
            assert.matches("likely failure", line)
            assert.matches("a job has failed", line)
            child:kill("INT")
            assert.equal(130, child:wait().code)
            local store = db.open(world.folder .. "/state/uhost.sqlite")
            local event = store:one("SELECT count(*) AS count, min(kind) AS kind FROM events")
            assert.same({ 1, "logs.likely_failure" }, { event.count, event.kind })
            store:close()
            local measured = world.json("logs_predict", "predict")
            assert.equal(30, measured.runs)
        end)
    end)
end)
