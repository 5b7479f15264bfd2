-- How reliably `metrics.change_points` finds shifts of 10 % that were planted in made-up histories of builds, how often
-- it sees one where none is, and how long 50,000 builds take beside Pettitt's test (1979) with binary segmentation, in
-- Python; what keeping 100,000 jobs takes in time and memory.
--
-- Builds of hosted runners spread by some 3 to 8 %, and now and then a machine is slow by far: durations here are
-- log-normal, and two of a hundred take 1.3 to 2.3 times as long. "Correlated" builds resemble the one before (AR(1),
-- 0.2). Prints rows of the bench's table: what, ours, the peer's, ratio, target, same answer; separated by tabs.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
package.path = ("%s/?.lua;%s/../../scripts/?.lua;%s"):format(here, here, package.path)
local demo = require("lib.metrics.demo")
local print_share = require("labelled_logs").print_share
local side_by_side = require("side_by_side")
local store_of = require("lib.metrics.store")

local options = { min_ratio = 0.03 }

-- Durations of `count` builds, of which those from `place` on take `factor` times as long.
local function history(random, count, noise, correlation, place, factor)
    local values, state = {}, 0
    for i = 1, count do
        state = correlation * state + math.sqrt(1 - correlation ^ 2) * random.normal()
        values[i] = 300 * math.exp(noise * state) * random.slowness() * (i >= place and factor or 1)
    end
    return values
end

local function is_found(values, place, factor)
    for _, change in ipairs(metrics.change_points(values, options)) do
        local has_direction = (change.after > change.before) == (factor > 1)
        if has_direction and math.abs(change.index - place) <= 5 then return true end
    end
    return false
end

local function measure_planted(noise, correlation, target)
    local random, found, histories = demo.generator(11), 0, 500
    for _ = 1, histories do
        local place = 60 + math.floor(130 * random.uniform())
        local factor = random.happens(0.5) and 1.1 or 1 / 1.1
        if is_found(history(random, 250, noise, correlation, place, factor), place, factor) then found = found + 1 end
    end
    print_share(("shifts of 10 %% in noise of %g %%%s, within 5 commits"):format(100 * noise,
        correlation > 0 and ", correlated" or ""), found, histories, target)
end

-- What no method can better: the place that is likeliest to who knows the noise, the shift and both levels.
local function measure_bound(noise)
    local function likelihood(residual)
        local sum = 0.98 * math.exp(-(residual / noise) ^ 2 / 2)
        for i = 0, 10 do sum = sum + 0.02 / 11 * math.exp(-((residual - math.log(1.3 + i / 10)) / noise) ^ 2 / 2) end
        return math.log(sum + 1e-300)
    end
    local random, found, histories = demo.generator(11), 0, 500
    for _ = 1, histories do
        local place = 60 + math.floor(130 * random.uniform())
        local factor = random.happens(0.5) and 1.1 or 1 / 1.1
        local sum, best, likeliest = 0, -math.huge, 0
        for i, value in ipairs(history(random, 250, noise, 0, place, factor)) do
            local score = math.log(value / 300)
            sum = sum + likelihood(score) - likelihood(score - math.log(factor))
            if sum > best then best, likeliest = sum, i + 1 end
        end
        if math.abs(likeliest - place) <= 5 then found = found + 1 end
    end
    print_share(("- the most that can be found in noise of %g %%, knowing all but the place"):format(100 * noise),
        found, histories)
end

-- A build is looked at when it is the newest: found before five more have run.
local function measure_at_once(noise)
    local random, found, histories = demo.generator(13), 0, 300
    for _ = 1, histories do
        local values = history(random, 105, noise, 0, 101, 1.1)
        local is_early = false
        for count = 104, 105 do
            is_early = is_early or is_found({ unpack(values, 1, count) }, 101, 1.1)
        end
        if is_early then found = found + 1 end
    end
    print_share(("the same, five builds after the shift, in noise of %g %%"):format(100 * noise), found, histories)
end

local function measure_false_alarms(noise, correlation)
    local random, alarms, histories, builds = demo.generator(17), 0, 200, 500
    for _ = 1, histories do
        alarms = alarms + #metrics.change_points(history(random, builds, noise, correlation, math.huge, 1), options)
    end
    local rate = 1000 * alarms / (histories * builds)
    print(("false alarms for 1,000 builds in noise of %g %%%s\t%.2f\t%d of %d\t-\t<= 1\t-"):format(100 * noise,
        correlation > 0 and ", correlated" or "", rate, alarms, histories * builds))
end

-- 50,000 builds with a shift after each thousand: 49 in all.
local function measure_speed(folder)
    local random, values = demo.generator(19), {}
    for i = 1, 50000 do
        values[i] = 300 * (1 + 0.1 * (math.floor((i - 1) / 1000) % 3)) * math.exp(0.04 * random.normal())
            * random.slowness()
    end
    local file = folder .. "/values"
    fs.write(file, table.concat(values, "\n"))
    local function answer_of(indexes)
        local seen = {}
        for _, index in ipairs(indexes) do
            local nearest = math.floor((index - 1) / 1000 + 0.5)
            if math.abs(index - 1 - 1000 * nearest) <= 30 then seen[nearest] = true end
        end
        return #tables.sorted_keys(seen)
    end
    side_by_side{ name = "change points of 50,000 builds: seconds", target = "<= 1", rounds = 3, ours = function()
        local began = time.monotonic()
        local changes = metrics.change_points(values, options)
        local seconds = time.monotonic() - began
        return seconds, answer_of(seq(changes):map("index"):list())
    end, peer = function()
        local result = json.decode(process.run({ "python3", here .. "/metrics_pettitt.py", file, check = true }).stdout)
        return result.seconds, answer_of(result.places)
    end }
end

-- Keeping and reading what 100,000 jobs of GitHub are made of, in a process whose memory is limited.
local function measure_store(folder)
    local script = ([[
        package.path = %q .. "/../../scripts/?.lua;" .. package.path
        local store_of, demo = require("lib.metrics.store"), require("lib.metrics.demo")
        local store = store_of.open()
        local began = time.monotonic()
        demo.fill(store, { builds = 16500 })
        local kept_s = time.monotonic() - began
        began = time.monotonic()
        local jobs, steps = 0, 0
        for _ in store_of.jobs(store, {}) do jobs = jobs + 1 end
        for _ in store_of.steps(store, {}) do steps = steps + 1 end
        print(json.encode({ jobs = jobs, steps = steps, kept_s = kept_s, read_s = time.monotonic() - began }))
    ]]):format(here)
    fs.write(folder .. "/keep.lua", script)
    local result = json.decode(process.run({ os.getenv("UHOST"), "--memory", "64M", folder .. "/keep.lua",
        env = { UHOST_STATE = folder .. "/state" }, check = true }).stdout)
    print(("keeping %d jobs, %d steps, within 64 MB: seconds\t%.1f\t-\t-\t<= 60\t-"):format(result.jobs, result.steps,
        result.kept_s))
    print(("reading them in constant memory: seconds\t%.1f\t-\t-\t-\t-"):format(result.read_s))
end

-- The year of `--demo`: what was planted, found by all of the analysis.
local function measure_demo()
    local store = store_of.open(true)
    local planted, found = demo.fill(store), 0
    local runs = {}
    for run in store_of.runs(store, { workflow = "ci.yml" }) do runs[run.commit_sha] = run.number end
    local changes = require("lib.metrics.changes").find(store, { repository = demo.repository, branch = "main" },
        { min_percent = 3, min_s = 2, max_p = 0.001 })
    for _, shift in ipairs(planted) do
        for _, change in ipairs(changes) do
            local is_here = change.of == "step" and change.step == shift.step
                and math.abs(runs[change.commit_sha] - shift.at) <= 8
            if is_here then
                found = found + 1
                break
            end
        end
    end
    print_share("planted changes of the made-up year, within 5 commits of main", found, #planted, ">= 90 %")
end

for _, noise in ipairs({ 0.03, 0.05 }) do measure_planted(noise, 0, ">= 90 %") end
measure_planted(0.05, 0.2, ">= 90 %")
measure_planted(0.08, 0)
measure_bound(0.08)
measure_at_once(0.03)
for _, noise in ipairs({ 0.03, 0.05, 0.08 }) do measure_false_alarms(noise, 0) end
measure_false_alarms(0.05, 0.2)
measure_demo()
local folder = fs.temp_dir()
measure_speed(folder:path())
measure_store(folder:path())
folder:close()
