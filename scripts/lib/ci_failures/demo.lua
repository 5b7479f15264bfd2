-- The demonstration: a repository whose CI fails in every way that there is, as GitHub would answer for it. Nothing
-- leaves the process, and nothing is kept.
local M = {}

M.home = "example/kiln"

local one_hour_s = 3600

local function log_of(lines)
    local all = { "##[group]Run make test", "make test", "##[endgroup]" }
    for _, line in ipairs(lines) do all[#all + 1] = line end
    all[#all + 1] = "##[error]Process completed with exit code 1."
    for i, line in ipairs(all) do all[i] = ("2026-01-31T10:00:%02d.0000000Z %s"):format(i % 60, line) end
    return table.concat(all, "\n") .. "\n"
end

local function refused(i)
    return log_of({ ("curl: (7) Failed to connect to cache-%d.example port 443 after %d ms: Connection refused"):format(
        i, 130 + i) })
end

local broken_tests = log_of({ "running 3 tests", "test oven::heats ... FAILED", "test oven::cools ... FAILED",
    "test oven::opens ... ok", "", "failures:", "", "---- oven::heats stdout ----",
    "thread 'oven::heats' panicked at src/oven.rs:7:5:", "it stays cold", "", "---- oven::cools stdout ----",
    "thread 'oven::cools' panicked at src/oven.rs:19:5:", "it was never hot", "", "failures:", "    oven::heats",
    "    oven::cools", "", "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out" })

local flaky_test = log_of({ "running 1 test", "test door::closes_in_time ... FAILED", "", "failures:", "",
    "---- door::closes_in_time stdout ----", "thread 'door::closes_in_time' panicked at src/door.rs:31:5:",
    "timed out after 5 s", "", "failures:", "    door::closes_in_time", "",
    "test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out" })

local function failed(name, log) return { name = name, conclusion = "failure", log = log } end
local function green(name) return { name = name, conclusion = "success" } end

-- Oldest first; a list of lists of jobs has an attempt each.
local story = {
    { hours = 200, jobs = { green("build"), green("test"), green("docs") } },
    { hours = 160, jobs = { failed("build (linux)", refused(1)), failed("build (macos)", refused(2)),
        green("test") } },
    { hours = 150, attempts = { { failed("test", flaky_test), green("build") }, { green("test"), green("build") } } },
    { hours = 130, jobs = { failed("build (linux)", refused(3)), green("test") } },
    { hours = 120, jobs = {}, conclusion = "cancelled", lasted_hours = 2 },
    { hours = 119, jobs = { failed("docs", log_of({ "error: the glaze has run away" })), green("build") } },
    { hours = 100, attempts = { { failed("test", flaky_test), green("build") }, { green("test"), green("build") } } },
    { hours = 90, jobs = { green("build"), green("test"), green("docs") } },
    { hours = 80, jobs = { green("build"), green("test"), green("docs") } },
    { hours = 70, jobs = { green("build"), green("test"), green("docs") } },
    { hours = 60, jobs = { failed("test", broken_tests) }, branch = "topic", event = "workflow_dispatch" },
    { hours = 50, jobs = { failed("test", broken_tests), green("build") } },
    { hours = 20, jobs = { failed("test", broken_tests), green("build") } },
    { hours = 2, jobs = { failed("test", broken_tests), failed("build (linux)", refused(4)) } },
}

local function conclusion_of(jobs)
    for _, job in ipairs(jobs) do
        if job.conclusion == "failure" then return "failure" end
    end
    return "success"
end

local web = "https://github.com/" .. M.home

local function job_body(id, run, attempt, job, began)
    return {
        id = id, run_id = run, run_attempt = attempt, name = job.name, status = "completed",
        conclusion = job.conclusion, html_url = ("%s/actions/runs/%d/job/%d"):format(web, run, id),
        created_at = began, started_at = began, completed_at = time.iso(time.parse(began) + 900),
        labels = json.array(),
        steps = json.array({ { number = 1, name = "Run make test", status = "completed",
            conclusion = job.conclusion, started_at = began } }),
    }
end

local function run_body(id, entry, attempts, now)
    local created = time.iso(now - entry.hours * one_hour_s)
    return {
        id = id, name = "ci", display_title = "A change", run_number = id, run_attempt = #attempts,
        event = entry.event or "push", status = "completed",
        conclusion = entry.conclusion or conclusion_of(attempts[#attempts]), workflow_id = 1,
        path = ".github/workflows/ci.yml", head_branch = entry.branch or "main", head_sha = ("%08x"):format(id):rep(5),
        html_url = ("%s/actions/runs/%d"):format(web, id), created_at = created, run_started_at = created,
        updated_at = time.iso(time.parse(created) + (entry.lasted_hours or 0.25) * one_hour_s),
        pull_requests = json.array(),
    }
end

-- All that GitHub has: runs, newest first, jobs by run, logs by job.
local function world()
    local now, runs, jobs, logs = math.floor(time.now()), {}, {}, {}
    for i, entry in ipairs(story) do
        local attempts = entry.attempts or { entry.jobs }
        local run = run_body(i, entry, attempts, now)
        table.insert(runs, 1, run)
        jobs[i] = {}
        for attempt, list in ipairs(attempts) do
            for place, job in ipairs(list) do
                local id = i * 100 + attempt * 10 + place
                table.insert(jobs[i], job_body(id, i, attempt, job, run.created_at))
                logs[id] = job.log
            end
        end
    end
    return { runs = runs, jobs = jobs, logs = logs }
end

local function commits_between()
    return {
        status = "ahead", ahead_by = 1, behind_by = 0, total_commits = 1, files = json.array(),
        merge_base_commit = { sha = ("0"):rep(40) },
        commits = json.array({ { sha = ("ab12"):rep(10), html_url = web, author = { login = "ada" },
            parents = json.array(),
            commit = { message = "Heat the oven by wood (#41)",
                author = { name = "Ada", date = "2026-01-30T10:00:00Z" },
                committer = { name = "Ada", date = "2026-01-30T10:00:00Z" } } } }),
    }
end

-- The runs of the period that is asked for: "created=>=FROM" or "created=FROM..TO".
local function within(runs, url)
    local text = url:gsub("%%(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end)
    local from, to = text:match("created=>?=?([^&.]+)%.*([^&]*)")
    local list = {}
    for _, run in ipairs(runs) do
        local is_after = not from or run.created_at >= from
        if is_after and ((to or "") == "" or run.created_at <= to) then list[#list + 1] = run end
    end
    return list
end

local routes = {
    { "/actions/runs/(%d+)/.*jobs", function(github, id)
        local list = github.jobs[tonumber(id)]
        return { total_count = #list, jobs = json.array(list) }
    end },
    { "/actions/runs%?", function(github, _, url)
        local list = within(github.runs, url)
        return { total_count = #list, workflow_runs = json.array(list) }
    end },
    { "/compare/", commits_between },
    { "/actions/artifacts", function() return { total_count = 0, artifacts = json.array() } end },
    { "/actions/caches", function() return { total_count = 0, actions_caches = json.array() } end },
    { "/issues", function() return json.array() end },
    { "/graphql", function() return { data = { viewer = { login = "demo" }, repository = { id = "R" } } } end },
    { "/repos/" .. M.home .. "$", function() return { full_name = M.home, default_branch = "main" } end },
}

local function answer(github, request)
    local log = github.logs[tonumber(request.url:match("/actions/jobs/(%d+)/logs"))]
    if log then return { status = 200, body = log } end
    for _, route in ipairs(routes) do
        local first, _, captured = request.url:find(route[1])
        if first and (request.method == "GET" or route[1] == "/graphql") then
            return { status = 200, body = json.encode(route[2](github, captured, request.url)) }
        end
    end
    return { status = 404, body = json.encode({ message = "Not Found" }) }
end

--- Runs `act()` with the demonstration's GitHub. What would be written is planned, and not written.
---@param options ci_failures.Options
---@param act fun(): integer
---@return integer
function M.run(options, act)
    options.github, options.since = M.home, time.ago("14 days")
    if options.command == "track" then options.command = "check" end
    options.rerun = false
    local github_as_it_is = world()
    return http.intercept(function(request) return answer(github_as_it_is, request) end, act)
end

return M
