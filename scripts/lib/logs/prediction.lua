-- How a run in progress is likely to end, and when: from runs of the same workflow that are kept, each looked at as it
-- was at the same age.
--
-- Likelihoods of what is seen so far are counted in the history and multiplied (naive Bayes, with one added to each
-- count). What is seen: whether a job has failed, how much slower steps were than those of green runs, how many lines
-- of logs look wrong and are new, and how the run before on this branch ended.
local averages = require("lib.averages")
local conclusions = require("lib.conclusions")

local M = {}

--- With fewer runs there is nothing to learn from.
M.min_history = 8

---@class logs.PastRun  times are in seconds since its beginning
---@field outcome "success"|"failure"|nil
---@field branch string
---@field duration_s number?
---@field jobs logs.PastJob[]

---@class logs.PastJob
---@field name string
---@field conclusion string?
---@field start_s number?
---@field end_s number?
---@field deviations integer?  lines of its log that look wrong, and are new
---@field steps { name: string, conclusion: string?, start_s: number?, end_s: number? }[]

-- What is usual -------------------------------------------------------------------------------------------------------

local function add(lists, key, value)
    lists[key] = lists[key] or {}
    table.insert(lists[key], value)
end

-- Of green runs: how long steps and jobs take, and when jobs begin; the median and the spread around it.
local function usual_of(history)
    local steps, jobs, starts, usual = {}, {}, {}, { steps = {}, jobs = {}, starts = {} }
    for _, run in ipairs(history) do
        for _, job in ipairs(run.outcome == "success" and run.jobs or {}) do
            if job.end_s then add(jobs, job.name, job.end_s - job.start_s) end
            if job.start_s then add(starts, job.name, job.start_s) end
            for _, step in ipairs(job.steps) do
                if step.end_s then add(steps, job.name .. "\0" .. step.name, step.end_s - step.start_s) end
            end
        end
    end
    for key, values in pairs(steps) do
        local middle, apart = averages.median(values), {}
        for i, value in ipairs(values) do apart[i] = math.abs(value - middle) end
        -- Times are to the second, and no step is as regular as a few runs make it look.
        usual.steps[key] = { median = middle, spread = math.max(1.4826 * averages.median(apart), 0.05 * middle, 1) }
    end
    for name, values in pairs(jobs) do usual.jobs[name] = averages.median(values) end
    for name, values in pairs(starts) do usual.starts[name] = averages.median(values) end
    return usual
end

-- What is seen of a run at an age -------------------------------------------------------------------------------------

local function has_failed(item) return conclusions.is_failure(item.conclusion) end

local function ended(item, at_s) return item.end_s ~= nil and item.end_s <= at_s end

-- By how many spreads the slowest step so far is above its median.
local function slowness(run, usual, at_s)
    local most = 0
    for _, job in ipairs(run.jobs) do
        for _, step in ipairs(job.steps) do
            local known = usual.steps[job.name .. "\0" .. step.name]
            if known and step.start_s and step.start_s <= at_s then
                local took = (ended(step, at_s) and step.end_s or at_s) - step.start_s
                most = math.max(most, (took - known.median) / known.spread)
            end
        end
    end
    return most
end

local function seen_of(run, usual, at_s, before)
    local failed, deviations = "no", 0
    for _, job in ipairs(run.jobs) do
        if ended(job, at_s) then
            if has_failed(job) then failed = "yes" end
            if not has_failed(job) then deviations = deviations + (job.deviations or 0) end
        end
        for _, step in ipairs(job.steps) do
            if ended(step, at_s) and has_failed(step) then failed = "yes" end
        end
    end
    local slow = slowness(run, usual, at_s)
    return {
        failed = failed, slow = slow < 4 and "no" or slow < 10 and "somewhat" or "very",
        strange = deviations == 0 and "no" or deviations < 4 and "somewhat" or "very", before = before or "unknown",
    }
end

-- How the last run on the same branch had ended, for each run of a list in the order of time.
local function outcomes_before(runs)
    local last, list = {}, {}
    for i, run in ipairs(runs) do
        list[i] = last[run.branch]
        last[run.branch] = run.outcome
    end
    return list, last
end

-- Guessing ------------------------------------------------------------------------------------------------------------

local values_of = { failed = 2, slow = 3, strange = 3, before = 3 }

-- The probability of failure, given what is seen.
local function probability(counts, seen)
    local odds = (counts.failure.all + 1) / (counts.success.all + 1)
    for name, values in pairs(values_of) do
        local function share(outcome)
            local of = counts[outcome]
            return ((of[name .. seen[name]] or 0) + 1) / (of.all + values)
        end
        odds = odds * share("failure") / share("success")
    end
    return odds / (1 + odds)
end

-- So many of the history have to have lasted longer than the run so far; with fewer, all of it counts.
local min_alive = 5

local function count_alive(history, at_s)
    local count = 0
    for _, run in ipairs(history) do count = count + (run.duration_s > at_s and 1 or 0) end
    return count
end

local function counts_of(history, usual, at_s)
    local counts = { success = { all = 0 }, failure = { all = 0 } }
    local before, takes_all = outcomes_before(history), count_alive(history, at_s) < min_alive
    for i, run in ipairs(history) do
        if takes_all or run.duration_s > at_s then
            local of = counts[run.outcome]
            of.all = of.all + 1
            for name, value in pairs(seen_of(run, usual, at_s, before[i])) do
                of[name .. value] = (of[name .. value] or 0) + 1
            end
        end
    end
    return counts
end

-- When a job is likely to end, in seconds since the run began.
local function job_end(job, usual, name, at_s)
    local whole = usual.jobs[name] or 0
    if not job or not job.start_s or job.start_s > at_s then
        return math.max(usual.starts[name] or 0, at_s) + whole
    end
    if ended(job, at_s) then return job.end_s end
    local left, is_known = 0, false
    for _, step in ipairs(job.steps) do
        local known = usual.steps[name .. "\0" .. step.name]
        if known and not ended(step, at_s) then
            is_known = true
            local spent = step.start_s and step.start_s <= at_s and at_s - step.start_s or 0
            left = left + math.max(known.median - spent, 0)
        end
    end
    return at_s + (is_known and left or math.max(whole - (at_s - job.start_s), 0))
end

local function end_of(run, usual, at_s)
    local last, by_name = at_s, {}
    for _, job in ipairs(run.jobs) do by_name[job.name] = job end
    for name in pairs(usual.jobs) do last = math.max(last, job_end(by_name[name], usual, name, at_s)) end
    return last
end

---@class logs.Guess
---@field failure_probability number
---@field likely "success"|"failure"
---@field remaining_s number
---@field seen { failed: string, slow: string, strange: string, before: string }
---@field runs integer  of the history

--- How a run is likely to end; nil where too few are known to say.
---@param history logs.PastRun[]  that have ended, in the order of time
---@param run logs.PastRun
---@param at_s number  its age
---@return logs.Guess?
function M.guess(history, run, at_s)
    if #history < M.min_history then return nil end
    local usual = usual_of(history)
    local _, last = outcomes_before(history)
    local seen = seen_of(run, usual, at_s, last[run.branch])
    local failure = probability(counts_of(history, usual, at_s), seen)
    return { failure_probability = failure, likely = failure >= 0.5 and "failure" or "success",
        remaining_s = end_of(run, usual, at_s) - at_s, seen = seen, runs = #history }
end

local words = { failed = "a job has failed", slow = "steps are slower than usual",
    strange = "logs have new lines that look wrong", before = "the run before failed" }

--- A guess in a sentence.
---@param guess logs.Guess
---@return string
function M.text(guess)
    local why = {}
    for _, name in ipairs({ "failed", "slow", "strange", "before" }) do
        local value = guess.seen[name]
        if value == "yes" or value == "somewhat" or value == "very" or value == "failure" then
            why[#why + 1] = words[name]
        end
    end
    return ("likely %s (%d %%), in about %s%s"):format(guess.likely,
        100 * math.max(guess.failure_probability, 1 - guess.failure_probability) + 0.5,
        time.human(math.floor(guess.remaining_s / 10 + 0.5) * 10), #why > 0 and ": " .. table.concat(why, ", ") or "")
end

-- Measuring -----------------------------------------------------------------------------------------------------------

---@class logs.Measured
---@field at number  part of a run's duration
---@field runs integer
---@field failures integer
---@field precision number?  of the failures that were foretold, those that came
---@field recall number?  of the failures that came, those that were foretold
---@field remaining_error_percent number?  the median error of the remaining time, of green runs

-- Guesses each run from a point on by what was before it, as it was at a part of its duration.
local function measure_at(history, first, at)
    local foretold, right, failures, errors, count = 0, 0, 0, {}, 0
    for i = first, #history do
        local run = history[i]
        local guess = M.guess({ unpack(history, 1, i - 1) }, run, run.duration_s * at)
        if guess then
            count = count + 1
            if run.outcome == "failure" then failures = failures + 1 end
            if guess.likely == "failure" then foretold = foretold + 1 end
            if guess.likely == "failure" and run.outcome == "failure" then right = right + 1 end
            local left = run.duration_s * (1 - at)
            if run.outcome == "success" and left > 0 then
                errors[#errors + 1] = 100 * math.abs(guess.remaining_s - left) / left
            end
        end
    end
    return { at = at, runs = count, failures = failures, precision = foretold > 0 and right / foretold or nil,
        recall = failures > 0 and right / failures or nil,
        remaining_error_percent = #errors > 0 and averages.median(errors) or nil }
end

--- How good guesses are: the last 40 % of a history are guessed, each by what was before it.
---@param history logs.PastRun[]
---@return logs.Measured[]
function M.measure(history)
    local first = math.max(M.min_history + 1, math.floor(#history * 0.6) + 1)
    local list = {}
    for i, at in ipairs({ 0.25, 0.5, 0.75 }) do list[i] = measure_at(history, first, at) end
    return list
end

return M
