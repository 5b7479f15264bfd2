-- The demonstration: three days of a project whose build broke, as logs of GitHub would be. Nothing leaves the process,
-- and nothing is kept.
local steps_of = require("lib.logs.steps")
local store_of = require("lib.logs.store")

local M = {}

M.repository = "example/kiln"

local begin = time.parse("2026-01-28T10:00:00Z")

-- What a step prints; times are in seconds since the job began. `story` says what is special about a run.
local function build_lines(story)
    local lines = { "cmake version " .. (story.cmake or "3.27.1"), "-- The CXX compiler identification is GNU 12.2.0" }
    for i = 1, 40 do lines[#lines + 1] = ("[%3d/40] Building CXX object src/kiln/part_%d.cpp.o"):format(i, i) end
    for _, line in ipairs(story.build or {}) do lines[#lines + 1] = line end
    return lines
end

local function test_lines(story)
    local lines = {}
    for i = 1, 30 do
        lines[#lines + 1] = ("test oven::heats_%d ... %s"):format(i, story.broken_test == i and "FAILED" or "ok")
    end
    lines[#lines + 1] = story.broken_test and "test result: FAILED. 29 passed; 1 failed"
        or "test result: ok. 30 passed; 0 failed"
    return lines
end

local green = { build = {}, took = { 4, 95, 60 } }
local stories = {
    { run = 1001, conclusion = "success" }, { run = 1002, conclusion = "success", took = { 4, 99, 58 } },
    { run = 1003, conclusion = "failure", broken_test = 17, message = "oven::heats_17: timed out after 5 s" },
    { run = 1004, conclusion = "success", took = { 5, 96, 61 } },
    { run = 1005, conclusion = "failure", cmake = "3.28.0", took = { 4, 182, 0 }, build = {
        "oven.obj : error LNK2019: unresolved external symbol \"void __cdecl heat(int)\" (?heat@@YAXH@Z)",
        "kiln.exe : fatal error LNK1120: 1 unresolved externals" } },
}

-- At GitHub, and not kept: one that has ended, and one that is in progress at the first look.
local at_github = {
    ["1006"] = { run = 1006, conclusion = "success", cmake = "3.27.1" },
    ["1007"] = { run = 1007, conclusion = "failure", broken_test = 4, is_new = true },
}

local function failed_step(story)
    if story.conclusion == "success" then return nil end
    return story.broken_test and 3 or 2
end

-- The steps of a story, as GitHub lists them, and the log's text.
local function job_of(story, began)
    local took, failed = story.took or green.took, failed_step(story)
    local set_up = { "Current runner version: '2.311.0'", "Operating System: Ubuntu 22.04.3 LTS" }
    local parts = {
        { name = "Set up job", lines = set_up },
        { name = "Build", lines = build_lines(story) }, { name = "Test", lines = test_lines(story) },
    }
    local text, steps, at = {}, {}, began
    for i, part in ipairs(parts) do
        if not failed or i <= failed then
            local lines = i == 1 and {} or { "##[group]Run make " .. part.name:lower(), "##[endgroup]" }
            for _, line in ipairs(part.lines) do lines[#lines + 1] = line end
            if i == failed then lines[#lines + 1] = "##[error]Process completed with exit code 1." end
            for n, line in ipairs(lines) do
                local when = at + took[i] * (n - 1) / #lines
                text[#text + 1] = ("%s.%07dZ %s"):format(time.iso(math.floor(when)):sub(1, 19), when % 1 * 1e7, line)
            end
            steps[i] = { name = part.name, conclusion = i == failed and "failure" or "success",
                started_at = time.iso(at), completed_at = time.iso(at + took[i]) }
            at = at + took[i]
        end
    end
    return table.concat(text, "\n") .. "\n", steps, at
end

local function add(writer, story, began)
    local text, github_steps, ended = job_of(story, began)
    local opened = log_text.open{ text = text, name = "build" }
    local added = writer:add(opened)
    local steps = steps_of.of_github(opened, added, github_steps)
    opened:close()
    return {
        run = { repository = M.repository, name = tostring(story.run), attempt = 1, workflow = "ci.yml",
            branch = "main", event = "push", head_sha = ("%08x"):format(story.run):rep(5),
            conclusion = story.conclusion, created_at = time.iso(began), ended_at = time.iso(ended), url = "" },
        jobs = { { name = "build", conclusion = story.conclusion, started_at = time.iso(began),
            ended_at = time.iso(ended), segment = added.segment, first_line = added.first_line, lines = added.lines,
            bytes = added.bytes, digest = added.digest, steps = steps } },
    }
end

-- GitHub, as the demonstration has it -------------------------------------------------------------------------------

local function run_body(story, is_over)
    local created = time.iso(math.floor(time.now()) - 100)
    return {
        id = story.run, name = "ci", display_title = "A change", run_number = story.run, run_attempt = 1,
        event = "push",
        status = is_over and "completed" or "in_progress", conclusion = is_over and story.conclusion or json.null,
        workflow_id = 1, path = ".github/workflows/ci.yml", head_branch = "main",
        head_sha = ("%08x"):format(story.run):rep(5), created_at = created, run_started_at = created,
        updated_at = time.iso(math.floor(time.now())), pull_requests = json.array(),
        html_url = ("https://github.com/%s/actions/runs/%d"):format(M.repository, story.run),
    }
end

local function job_body(story, is_over)
    local began = math.floor(time.now()) - 100
    local _, steps, ended = job_of(story, began)
    for i, step in ipairs(steps) do
        step.number, step.status = i, "completed"
        if not is_over and i == #steps then
            step.status, step.conclusion, step.completed_at = "in_progress", json.null, json.null
        end
    end
    return {
        id = story.run, run_id = story.run, run_attempt = 1, name = "build", labels = json.array(),
        status = is_over and "completed" or "in_progress", conclusion = is_over and story.conclusion or json.null,
        created_at = time.iso(began), started_at = time.iso(began), steps = json.array(steps),
        completed_at = is_over and time.iso(ended) or json.null, html_url = run_body(story).html_url,
    }
end

-- Answers as GitHub would. The run in progress has ended when it is looked at for the second time.
local function github_stand_in()
    local looks = 0
    return function(request)
        local id, rest = request.url:match("/actions/runs/(%d+)(.*)$")
        local story = at_github[id or request.url:match("/actions/jobs/(%d+)/logs")]
        local body
        if story and id then
            local is_over = not story.is_new or looks > 1
            if rest == "" then looks = looks + 1 end
            local is_jobs = rest:find("/jobs", 1, true) ~= nil
            body = is_jobs and { total_count = 1, jobs = json.array({ job_body(story, is_over) }) }
                or run_body(story, is_over)
        elseif story then
            return { status = 200, body = (job_of(story, math.floor(time.now()) - 100)) }
        elseif request.url:find("/actions/runs?", 1, true) then
            body = { total_count = 1, workflow_runs = json.array({ run_body(at_github["1006"], true) }) }
        end
        return { status = body and 200 or 404, body = json.encode(body or { message = "Not Found" }) }
    end
end

--- Runs `act(context)` with a store of made-up logs.
---@param act fun(context: { store: db.Connection, segments: logs.Store }): integer
---@return integer
function M.run(act)
    local folder = fs.temp_dir()
    local store, segments = store_of.open(true), logs.open(fs.join(folder:path(), "logs"))
    return task.finally(function()
        local writer, list = segments:writer(), {}
        for i, story in ipairs(stories) do list[i] = add(writer, story, begin + i * 43200) end
        writer:commit()
        store_of.keep(store, list)
        writer:close()
        return http.intercept(github_stand_in(), function()
            return act({ store = store, segments = segments, is_demo = true })
        end)
    end, function() folder:close() end)
end

return M
