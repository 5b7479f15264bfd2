-- How well runs are foretold: on histories that are made up, of which the last 40 % are held back. Prints precision and
-- recall of failures, and the error of the remaining time, at three points of a run.
--
-- The made-up project has three jobs whose steps take as long as real ones do, with the spread of shared runners. Its
-- runs fail in four ways: a broken branch stays broken for some runs; a slow disk makes steps slow, and a test times
-- out; a warning in one job's log comes before another job fails; and some fail without any sign.
local root = fs.dirname(fs.dirname(fs.dirname(fs.absolute(debug.getinfo(1, "S").source:sub(2)))))
package.path = ("%s/scripts/?.lua;%s"):format(root, package.path)
local prediction = require("lib.logs.prediction")

local seed = 1
local function random()
    seed = (seed * 1103515245 + 12345) % 2147483648
    return seed / 2147483648
end
-- About normal.
local function noise() return random() + random() + random() + random() - 2 end

local jobs = {
    { name = "lint", steps = { { "Set up job", 3 }, { "Lint", 50 } } },
    { name = "build", steps = { { "Set up job", 3 }, { "Configure", 20 }, { "Compile", 400 }, { "Package", 30 } } },
    { name = "test", steps = { { "Set up job", 3 }, { "Unit tests", 200 }, { "System tests", 300 } } },
}

local function cause_of(state)
    if state.broken > 0 then
        state.broken = state.broken - 1
        return "broken"
    end
    local draw = random()
    if draw < 0.04 then
        state.broken = 1 + math.floor(random() * 4)
        return "broken"
    elseif draw < 0.10 then return "slow"
    elseif draw < 0.14 then return "warned"
    elseif draw < 0.17 then return "sudden" end
end

local function run_of(state)
    local cause = cause_of(state)
    local slow = cause == "slow" and 1.6 + random() or 1
    local run = { branch = "main", jobs = {}, outcome = cause and "failure" or "success", duration_s = 0 }
    for _, job in ipairs(jobs) do
        local at, fails = random() * 5, nil
        local made = { name = job.name, steps = {}, start_s = at, deviations = 0, conclusion = "success" }
        if cause == "broken" and job.name == "build" then fails = "Compile" end
        if (cause == "slow" or cause == "sudden") and job.name == "test" then fails = "System tests" end
        if cause == "warned" and job.name == "test" then fails = "Unit tests" end
        if cause == "warned" and job.name == "lint" or random() < 0.03 then made.deviations = 2 end
        for _, step in ipairs(job.steps) do
            local took = step[2] * slow * (1 + 0.08 * noise())
            if fails == step[1] then took = took * (0.3 + 0.7 * random()) end
            made.steps[#made.steps + 1] = { name = step[1], start_s = at, end_s = at + took,
                conclusion = fails == step[1] and "failure" or "success" }
            at = at + took
            if fails == step[1] then
                made.conclusion = "failure"
                break
            end
        end
        made.end_s = at
        run.jobs[#run.jobs + 1], run.duration_s = made, math.max(run.duration_s, at)
    end
    return run
end

local state, history = { broken = 0 }, {}
for i = 1, 400 do history[i] = run_of(state) end
for _, each in ipairs(prediction.measure(history)) do
    -- Whoever foretold failures at random would have this precision.
    local base = each.failures / each.runs
    print(("logs: failures at %d %% of a run: precision, recall\t%.2f, %.2f\t%.2f\t\tprecision > 0.7\t%s"):format(
        100 * each.at, each.precision or 0, each.recall or 0, base, (each.precision or 0) > 0.7 and "yes" or "missed"))
    print(("logs: time left at %d %% of a run, median error\t%.1f %%\t\t\t< 10 %%\t%s"):format(100 * each.at,
        each.remaining_error_percent, each.remaining_error_percent < 10 and "yes" or "missed"))
end
