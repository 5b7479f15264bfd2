-- What ends in different ways on the same commit: jobs, steps and tests, with how often, since when, and what it costs.
-- What fails on every commit is a regression, and told apart.
local outcomes = require("lib.ci_failures.outcomes")
local scan = require("lib.ci_failures.scan")
local test_reports = require("lib.ci_failures.test_reports")
local untrusted = require("lib.ci_failures.untrusted")

local M = {}

local null = json.null
local z = 1.96  -- 95 %

--- Bounds of a rate (Wilson): what it may be, given so many of so many.
---@param count number
---@param total number
---@return number lower
---@return number upper
function M.wilson(count, total)
    if total == 0 then return 0, 1 end
    local rate, square = count / total, z * z
    local centre = (rate + square / (2 * total)) / (1 + square / total)
    local reach = z / (1 + square / total) * math.sqrt(rate * (1 - rate) / total + square / (4 * total * total))
    return math.max(0, centre - reach), math.min(1, centre + reach)
end

-- Judging -------------------------------------------------------------------------------------------------------------

-- Commits before the first flake that were clean: enough of them say that it was not there before.
local function began_at(subject, first, lower)
    local clean = 0
    for _, commit in ipairs(subject.commits) do
        if commit == first then break end
        clean = clean + 1
    end
    return lower > 0 and (1 - lower) ^ clean < 0.05 and first.sha or nil
end

local function judge(subject)
    local result = { flakes = 0, commits = 0, failed = 0, minutes = 0, streak = 0 }
    for _, commit in ipairs(subject.commits) do
        if commit.passed + commit.failed > 0 then
            result.commits = result.commits + 1
            local is_flake = commit.passed > 0 and commit.failed > 0
            if is_flake then
                result.flakes, result.minutes = result.flakes + 1, result.minutes + commit.minutes
                result.first, result.last = result.first or commit, commit
            elseif commit.failed > 0 then
                result.failed = result.failed + 1
            end
            if commit.is_main then
                local is_broken = commit.failed > 0 and commit.passed == 0
                result.streak = is_broken and result.streak + 1 or 0
                result.broken_since = is_broken and (result.broken_since or commit) or nil
            end
        end
    end
    return result
end

local function described(subject)
    return { kind = subject.kind, workflow = subject.workflow, job = subject.job, name = subject.name }
end

local function flake_of(subject, judged)
    local lower, upper = M.wilson(judged.flakes, judged.commits)
    local flake = described(subject)
    flake.flakes, flake.commits, flake.rate = judged.flakes, judged.commits, judged.flakes / judged.commits
    flake.rate_lower, flake.rate_upper, flake.lost_minutes = lower, upper, judged.minutes
    flake.first_seen, flake.last_seen = judged.first.at, judged.last.at
    flake.began_at = began_at(subject, judged.first, lower)
    return flake
end

-- Fails on the newest commits of the default branch, on two at least, and was green on none of them.
local min_streak = 2

local function regression_of(subject, judged)
    local regression = described(subject)
    regression.commits, regression.since = judged.streak, judged.broken_since.at
    regression.commit = judged.broken_since.sha
    return regression
end

---@class ci_failures.Flakes
---@field flakes table[]  the most costly first
---@field regressions table[]

--- What is flaky, and what is broken, in runs.
---@param runs ci_failures.Run[]  oldest first; `is_main` says which are of the default branch
---@return ci_failures.Flakes
function M.find(runs)
    local subjects = outcomes.of(runs)
    local found = { flakes = {}, regressions = {} }
    for _, group in ipairs(outcomes.siblings(subjects)) do
        local judged = judge(group)
        if judged.flakes > 1 and judged.failed == 0 then table.insert(found.flakes, flake_of(group, judged)) end
    end
    for _, subject in ipairs(subjects) do
        local judged = judge(subject)
        if judged.streak >= min_streak then table.insert(found.regressions, regression_of(subject, judged)) end
        if judged.flakes > 0 then table.insert(found.flakes, flake_of(subject, judged)) end
    end
    table.sort(found.flakes, function(a, b)
        if a.lost_minutes ~= b.lost_minutes then return a.lost_minutes > b.lost_minutes end
        if a.rate ~= b.rate then return a.rate > b.rate end
        return a.name < b.name
    end)
    return found
end

-- Running again -------------------------------------------------------------------------------------------------------

local function is_flaky_job(found, run, job)
    for _, flake in ipairs(found.flakes) do
        local is_same = flake.workflow == run.workflow and flake.job == job.name
        if is_same and flake.kind == "test" then
            for _, cause in ipairs(job.causes) do
                for _, test in ipairs(cause.tests) do
                    if test == flake.name then return true end
                end
            end
        elseif is_same and flake.kind == "step" then
            for _, cause in ipairs(job.causes) do
                if cause.step == flake.name and #cause.tests == 0 then return true end
            end
        end
    end
    return false
end

-- The newest run of each branch, where it failed in its first attempt and all that failed is flaky: once for a run.
local function reruns_of(found, runs, limit)
    local list, seen = {}, {}
    for i = #runs, 1, -1 do
        local run = runs[i]
        local key = run.workflow .. "\0" .. run.branch
        local is_wanted = not seen[key] and run.conclusion == "failure" and run.attempt == 1 and run.is_read
        seen[key] = true
        for _, job in ipairs(is_wanted and run.jobs or {}) do
            if scan.is_bad(job.conclusion) and not is_flaky_job(found, run, job) then is_wanted = false end
        end
        if is_wanted and #list < limit then list[#list + 1] = run end
    end
    return list
end

local function rerun(context, found, runs)
    local allowed = context.rules:data().rerun
    if not allowed.allowed then
        uhost.fail("usage", "the policy does not allow to run jobs again",
            { hint = "set rerun = { allowed = true } in policies/ci_failures.lua of your repository" })
    end
    local list = reruns_of(found, runs, allowed.max_runs)
    for _, run in ipairs(list) do context.repo:rerun_failed_jobs(run.id) end
    return list
end

-- Reporting -----------------------------------------------------------------------------------------------------------

local function quarantine_of(flakes, limits)
    local list = {}
    for _, flake in ipairs(flakes) do
        if flake.kind == "test" and flake.rate_lower >= limits.min_rate and flake.flakes >= limits.min_flakes then
            list[#list + 1] = { test = flake.name, workflow = flake.workflow, job = flake.job, rate = flake.rate }
        end
    end
    return list
end

local function as_json(model)
    local flakes, regressions, rerun_ids = {}, {}, {}
    for i, flake in ipairs(model.flakes) do
        flakes[i] = tables.copy(flake)
        flakes[i].began_at = flake.began_at or null
    end
    for i, regression in ipairs(model.regressions) do regressions[i] = regression end
    for i, run in ipairs(model.reruns) do rerun_ids[i] = run.id end
    return json.encode({
        repository = model.repository, runs = model.runs, flakes = json.array(flakes),
        regressions = json.array(regressions), quarantine = json.array(model.quarantine),
        reruns = json.array(rerun_ids),
    }, { indent = 2 }) .. "\n"
end

local function percent(rate) return ("%.0f %%"):format(rate * 100) end

local function document(model)
    local out = report.new{ title = ("Flaky CI of %s"):format(model.repository) }
    local rows = {}
    for i, flake in ipairs(model.flakes) do
        rows[i] = {
            what = ("%s %s"):format(flake.kind, untrusted.line(flake.name)),
            job = ("%s › %s"):format(flake.workflow, flake.job),
            flakes = ("%d of %d"):format(flake.flakes, flake.commits),
            rate = ("%s (%s to %s)"):format(percent(flake.rate), percent(flake.rate_lower), percent(flake.rate_upper)),
            lost = ("%.0f min"):format(flake.lost_minutes), first = flake.first_seen:sub(1, 10),
            began = flake.began_at and flake.began_at:sub(1, 9) or "",
        }
    end
    out:table{ title = "Flaky: both outcomes on one commit", empty = "Nothing is flaky.", columns = {
        { key = "what", title = "What" }, { key = "job", title = "Job" }, { key = "flakes", title = "Commits" },
        { key = "rate", title = "Rate" }, { key = "lost", title = "Lost" }, { key = "first", title = "First seen" },
        { key = "began", title = "Began at" },
    }, rows = rows }
    rows = {}
    for i, each in ipairs(model.regressions) do
        rows[i] = { what = ("%s %s"):format(each.kind, untrusted.line(each.name)),
            job = ("%s › %s"):format(each.workflow, each.job), commits = each.commits, since = each.since,
            commit = each.commit:sub(1, 9) }
    end
    out:table{ title = "Broken: fails on every commit", empty = "Nothing is broken.", columns = {
        { key = "what", title = "What" }, { key = "job", title = "Job" }, { key = "commits", title = "Commits" },
        { key = "since", title = "Since" }, { key = "commit", title = "Commit" },
    }, rows = rows }
    if #model.reruns > 0 then
        local items = {}
        for i, run in ipairs(model.reruns) do items[i] = { text = ("run %d"):format(run.number), url = run.url } end
        out:text("Failed jobs that run again:")
        out:list(items)
    end
    return out
end

--- `uhost ci_failures flaky`.
---@param context ci_failures.Context
---@param options ci_failures.Options
---@param found ci_failures.Scan
---@param _failures ci_failures.Failure[]
---@param deliver fun(text: string, options: ci_failures.Options)
---@return integer exit_code
function M.run(context, options, found, _failures, deliver)
    local since, runs = time.iso(options.since), {}
    for _, run in ipairs(found.runs) do
        run.is_main = run.branch == found.default_branch
        if run.created_at >= since then runs[#runs + 1] = run end
    end
    if not options.demo then
        test_reports.prepare(context.store)
        test_reports.add(context.repo, context.store, runs, context.rules:data().test_reports)
    end
    local model = M.find(runs)
    model.repository, model.runs = found.repository, #runs
    model.quarantine = quarantine_of(model.flakes, context.rules:data().quarantine)
    model.reruns = options.rerun and rerun(context, model, runs) or {}
    local text = options.format == "json" and as_json(model)
        or document(model):render(options.format, { color = not options.output and term.color("stdout") })
    deliver(text, options)
    return (#model.flakes > 0 or #model.regressions > 0) and 1 or 0
end

return M
