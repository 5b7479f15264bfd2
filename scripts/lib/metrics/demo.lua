-- Made-up builds: a year of a repository's CI with all that happens in one. What was changed on purpose is known, so
-- that what is found can be compared with it. The same options give the same builds.
local store_of = require("lib.metrics.store")

local M = {}

M.repository = "example/kiln"

local day_s = 86400

-- Park and Miller's generator with Schrage's method: the same numbers on every machine, apart from other users of
-- math.random. https://doi.org/10.1145/63039.63042
local function generator(seed)
    local state = seed % 2147483646 + 1
    local random = {}
    function random.uniform()
        local high = math.floor(state / 127773)
        state = 16807 * (state - high * 127773) - 2836 * high
        if state <= 0 then state = state + 2147483647 end
        return state / 2147483647
    end
    function random.normal()
        local radius = math.sqrt(-2 * math.log(random.uniform()))
        return radius * math.cos(2 * math.pi * random.uniform())
    end
    -- A duration of this median: log-normal, as durations on shared machines are.
    function random.duration(median_s, noise) return median_s * math.exp(noise * random.normal()) end
    -- By how much a machine is slower than others: now and then by far.
    function random.slowness() return random.uniform() < 0.02 and 1.3 + random.uniform() or 1 end
    function random.happens(chance) return random.uniform() < chance end
    return random
end
M.generator = generator

local platforms = {
    linux = { arch = "x86_64", runner = "ubuntu-latest", speed = 1, queue_s = 8 },
    macos = { arch = "arm64", runner = "macos-14", speed = 0.9, queue_s = 95 },
    windows = { arch = "x86_64", runner = "windows-latest", speed = 1.7, queue_s = 20 },
}

local build_steps = { { "Set up job", 4 }, { "Check out", 9 }, { "Restore cache", 14 }, { "Configure", 22 },
    { "Compile", 420 }, { "Package", 31 }, { "Upload", 12 } }
local test_steps = { { "Set up job", 4 }, { "Check out", 9 }, { "Download", 11 }, { "Test", 300 } }
local docs_steps = { { "Set up job", 4 }, { "Check out", 9 }, { "Build docs", 75 } }

local jobs = {
    { name = "build", platform = "linux", variant = "linux, release", steps = build_steps },
    { name = "build", platform = "macos", variant = "macos, release", steps = build_steps },
    { name = "build", platform = "windows", variant = "windows, release", steps = build_steps },
    { name = "test", platform = "linux", variant = "linux, debug", steps = test_steps },
    { name = "test", platform = "macos", variant = "macos, debug", steps = test_steps },
    { name = "docs", platform = "linux", variant = "", steps = docs_steps },
}

local tests = { { "oven", "heats" }, { "oven", "cools" }, { "oven", "opens" }, { "door", "closes_in_time" },
    { "door", "locks" }, { "glaze", "melts" }, { "glaze", "sets" }, { "shelf", "holds" }, { "shelf", "slides" },
    { "log", "rotates" } }

---@class metrics.Shift
---@field share number  of the year, when it begins: 0 to 1
---@field step string
---@field platform string?
---@field factor number
---@field at integer?  the number of the first build that has it
---@field commit_sha string?

-- What was changed on purpose, in the order of time.
local planted = {
    { share = 0.18, step = "Compile", factor = 1.10 },
    { share = 0.37, step = "Test", platform = "macos", factor = 1.25 },
    { share = 0.55, step = "Compile", factor = 0.80 },
    { share = 0.74, step = "Package", platform = "windows", factor = 1.60 },
    { share = 0.91, step = "Compile", platform = "linux", factor = 1.25 },
}

-- While the network of the caches was down, nothing was found in them.
local outage = { from = 0.62, to = 0.64 }

local function sha_of(number) return hash.text(("kiln %d"):format(number), "sha1") end

local function factor_of(shifts, number, step, platform)
    local factor = 1
    for _, shift in ipairs(shifts) do
        local is_meant = shift.step == step and (shift.platform == nil or shift.platform == platform)
        if is_meant and number >= shift.at then factor = factor * shift.factor end
    end
    return factor
end

local function test_results(world, job, fails)
    local results = {}
    for i, test in ipairs(tests) do
        results[i] = { suite = test[1], name = test[2], outcome = "passed",
            duration_s = world.random.duration(job.platform == "macos" and 12 or 9, 0.1) }
    end
    results[10].outcome = "skipped"
    if fails then results[fails].outcome = "failed" end
    return results
end

-- Which of the tests fails, if any: the door flakes, and the glaze was broken for a week.
local function failing_test(world, share, job)
    if job.name ~= "test" then return nil end
    if share > 0.45 and share < 0.465 then return 6 end
    return world.random.happens(job.platform == "macos" and 0.03 or 0.004) and 4 or nil
end

local function steps_of(world, build, job, hit, fails)
    local list, at = {}, 0
    local speed, noise = platforms[job.platform].speed * world.random.slowness(), world.noise
    for i, step in ipairs(job.steps) do
        local name, median_s = step[1], step[2]
        local duration_s = world.random.duration(median_s * speed, name == "Compile" and noise or noise * 1.5)
            * factor_of(world.shifts, build.number, name, job.platform)
        if name == "Compile" and not hit then duration_s = duration_s * 2.1 end
        local is_failed = fails and i == #job.steps
        list[i] = { name = name, conclusion = is_failed and "failure" or "success", started_at = at,
            duration_s = math.floor(duration_s * 1000 + 0.5) / 1000 }
        at = at + duration_s
    end
    return list, at
end

local function caches_of(world, job, hit)
    if job.name ~= "build" then return nil end
    return { { name = "ccache", hit = hit, size_bytes = math.floor(world.random.duration(480e6, 0.02)) },
        { name = "dependencies", hit = world.random.happens(0.97), size_bytes = 91e6 } }
end

local function artifacts_of(world, build, job)
    if job.name ~= "build" then return nil end
    local growth = 1 + 0.2 * build.share + (build.share > 0.66 and 0.15 or 0)
    return { { name = "kiln-" .. job.platform, size_bytes = math.floor(38e6 * growth
        * (1 + 0.002 * world.random.normal())) } }
end

local function job_of(world, build, position, job, attempt, began, fails)
    local machine = platforms[job.platform]
    local is_out = build.share > outage.from and build.share < outage.to
    local hit = job.name ~= "build" or not is_out and world.random.happens(0.93)
    local steps, lasts_s = steps_of(world, build, job, hit, fails)
    local queue_s = world.random.duration(machine.queue_s, 0.5)
    local started = began + queue_s
    for _, step in ipairs(steps) do step.started_at = math.floor(started + step.started_at) end
    return {
        key = tostring(build.number * 100 + attempt * 10 + position), attempt = attempt, platform = job.platform,
        name = job.variant == "" and job.name or ("%s (%s)"):format(job.name, job.variant), arch = machine.arch,
        variant = job.variant, runner = machine.runner, conclusion = fails and "failure" or "success",
        url = ("https://github.com/%s/actions/runs/%d/job/%d"):format(M.repository, build.number,
            build.number * 100 + attempt * 10 + position),
        created_at = math.floor(began), started_at = math.floor(started), completed_at = math.floor(started + lasts_s),
        queue_s = math.floor(queue_s * 10) / 10, duration_s = math.floor(lasts_s * 1000 + 0.5) / 1000, steps = steps,
        caches = caches_of(world, job, hit), artifacts = artifacts_of(world, build, job),
        tests = job.name == "test" and test_results(world, job, fails) or nil,
    }
end

-- The jobs of one attempt: tests wait for the build of their platform.
local function attempt_of(world, build, attempt, began)
    local list, ends, has_failed = {}, {}, false
    for position, job in ipairs(jobs) do
        local fails = failing_test(world, build.share, job)
        has_failed = has_failed or fails ~= nil
        local made = job_of(world, build, position, job, attempt,
            job.name == "test" and ends[job.platform] or began, fails)
        if job.name == "build" then ends[job.platform] = made.completed_at end
        list[position] = made
    end
    return list, has_failed
end

local function frame_of(list, attempt)
    local started, completed
    for _, job in ipairs(list) do
        if job.attempt == attempt then
            started = math.min(started or job.started_at, job.started_at)
            completed = math.max(completed or 0, job.completed_at)
        end
    end
    return started, completed
end

local function run_of(world, build)
    local list, has_failed = attempt_of(world, build, 1, build.at)
    local attempt, began = 1, build.at
    local is_broken = build.share > 0.45 and build.share < 0.465
    if has_failed and not is_broken and world.random.happens(0.7) then
        -- Somebody runs it again.
        local _, ended = frame_of(list, 1)
        attempt, began = 2, ended + 600
        local again
        again, has_failed = attempt_of(world, build, 2, began)
        for _, job in ipairs(again) do list[#list + 1] = job end
    end
    local started, completed = frame_of(list, attempt)
    return {
        repository = M.repository, source = "github", key = tostring(build.number), workflow = "ci.yml",
        event = build.pull and "pull_request" or "push", branch = build.branch, commit_sha = sha_of(build.number),
        number = build.number, attempt = attempt, pull = build.pull, conclusion = has_failed and "failure" or "success",
        url = ("https://github.com/%s/actions/runs/%d"):format(M.repository, build.number),
        created_at = math.floor(build.at), started_at = started, completed_at = completed, queue_s = started - began,
        duration_s = completed - started, version = "demo", jobs = list,
    }
end

-- A release is deployed by a workflow of its own.
local function deployment_of(world, build)
    local started = math.floor(build.at) + 3600
    local lasts_s = math.floor(world.random.duration(240, 0.1))
    local conclusion = world.random.happens(0.08) and "failure" or "success"
    local job = { key = "1", attempt = 1, name = "deploy", platform = "linux", arch = "x86_64", variant = "",
        runner = "ubuntu-latest", conclusion = conclusion, url = "", created_at = started - 9, started_at = started,
        completed_at = started + lasts_s, queue_s = 9, duration_s = lasts_s,
        steps = { { name = "Deploy", conclusion = conclusion, started_at = started, duration_s = lasts_s } } }
    return {
        repository = M.repository, source = "github", key = ("%d-deploy"):format(build.number),
        workflow = "release.yml", event = "push", branch = "main", commit_sha = sha_of(build.number),
        number = build.number, attempt = 1, conclusion = conclusion,
        url = ("https://github.com/%s/actions/runs/%d"):format(M.repository, build.number),
        created_at = started - 9, started_at = started, completed_at = started + lasts_s, queue_s = 9,
        duration_s = lasts_s, version = "demo", jobs = { job },
    }
end

local function measures_of(world, from, to)
    local list = {}
    local function add(name, subject, at, value)
        list[#list + 1] = { name = name, subject = subject, at = math.floor(at), value = value }
    end
    for week = 0, math.floor((to - from) / (7 * day_s)) do
        local at = from + week * 7 * day_s
        add("ci_failures.open", "", at, math.floor(2 + 2 * world.random.uniform()))
        add("audit.needing_attention", "tests/crashes", at, math.floor(14 - week / 6 + 3 * world.random.uniform()))
        if week % 6 == 3 then
            local version = ("1.%d.0"):format(70 + week / 6)
            add("upstream.sync_hours", version, at, world.random.duration(3, 0.4))
            add("upstream.sync_conflicts", version, at, math.floor(12 * world.random.uniform()))
            add("upstream.sync_succeeded", version, at, world.random.happens(0.9) and 1 or 0)
        end
        add("cache.size_bytes", "", at, math.floor(6e9 + 3e9 * world.random.uniform()))
    end
    return list
end

local function keep_cache_entries(store, to)
    local rows = {}
    for i, name in ipairs({ "linux", "macos", "windows" }) do
        for age = 0, 2 do
            rows[#rows + 1] = { key = tostring(i * 10 + age), ref = "refs/heads/main",
                name = ("ccache-%s-%s"):format(name, sha_of(age):sub(1, 8)), size_bytes = 480e6 + i * 1e6,
                created_at = math.floor(to - age * day_s), last_used_at = math.floor(to - age * day_s / 2) }
        end
    end
    store_of.keep_cache_entries(store, M.repository, rows)
end

local function planted_shifts(builds)
    local shifts = tables.copy(planted)
    for _, shift in ipairs(shifts) do
        shift.at = math.floor(shift.share * builds) + 1
        shift.commit_sha = sha_of(shift.at)
    end
    return shifts
end

--- Fills a store with a year of made-up builds.
---@param store db.Connection
---@param options? { builds?: integer, seed?: integer, before?: number, noise?: number, shifts?: metrics.Shift[] }
---    builds: default 1500; before: when the year ends, default now; noise: the spread of durations, default 0.04;
---    shifts: in place of the planted ones, with `at`
---@return metrics.Shift[] planted  with the first build that has each
function M.fill(store, options)
    options = uhost.check_options(options, "metrics.demo.fill", { "builds", "seed", "before", "noise", "shifts" })
    local builds, to = options.builds or 1500, math.floor(options.before or time.now())
    local from = to - 365 * day_s
    local world = { random = generator(options.seed or 1), noise = options.noise or 0.04,
        shifts = options.shifts or planted_shifts(builds) }
    local portion = {}
    for number = 1, builds do
        local share = (number - 1) / builds
        local pull = number % 3 == 0 and 1000 + number or nil
        local build = { number = number, share = share, at = from + share * (to - from - day_s), pull = pull,
            branch = pull and ("topic-%d"):format(number % 12) or "main" }
        portion[#portion + 1] = run_of(world, build)
        if not pull and number % 50 == 1 then portion[#portion + 1] = deployment_of(world, build) end
        if #portion >= 200 then
            store_of.keep(store, portion)
            portion = {}
        end
    end
    store_of.keep(store, portion)
    store_of.keep_measures(store, M.repository, measures_of(world, from, to))
    keep_cache_entries(store, to)
    return world.shifts
end

return M
