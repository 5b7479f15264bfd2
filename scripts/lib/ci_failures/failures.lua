-- From runs to failures: what has one cause is one failure, with all its occurrences.
local causes = require("lib.ci_failures.cause")
local scan = require("lib.ci_failures.scan")

local M = {}

---@class ci_failures.Occurrence
---@field run ci_failures.Run
---@field job ci_failures.Job
---@field matrix string[]  of the jobs that failed in this run
---@field cause ci_failures.Cause

---@class ci_failures.Failure
---@field fingerprint string
---@field older string  the identifier that issues had before: MD5 of "workflow:job"
---@field workflow string
---@field workflow_name string
---@field job string
---@field cause ci_failures.Cause  of the newest occurrence
---@field occurrences ci_failures.Occurrence[]  oldest first, one for each run
---@field green integer  runs since the last occurrence in which the job succeeded
---@field last_green_run ci_failures.Run?  the last of these
---@field fixed_by ci_failures.Run?  the first of these
---@field before ci_failures.Run?  the last green run before the first occurrence

-- Jobs of the newest attempt, by name without the matrix.
local function current_jobs(run)
    local by_name, names = {}, {}
    for _, job in ipairs(run.jobs) do
        if job.attempt == run.attempt then
            local name, matrix = causes.job_name(job.name)
            if not by_name[name] then
                by_name[name] = {}
                names[#names + 1] = name
            end
            table.insert(by_name[name], { job = job, matrix = matrix })
        end
    end
    return by_name, names
end

-- Failing tests that are mostly those of a failure known already are that failure, whichever of them failed first.
local min_overlap = 0.5

--- Whether two lists of failed tests are one failure.
---@param a string[]
---@param b string[]
---@param is_cut boolean?  `a` had more
---@return boolean
function M.are_alike(a, b, is_cut)
    local seen, both = tables.set(a), 0
    for _, name in ipairs(b) do both = both + (seen[name] and 1 or 0) end
    return both / (is_cut and #a or #a + #b - both) >= min_overlap
end

local function known_group(groups, workflow, job, cause)
    for _, failure in ipairs(groups) do
        local is_alike = failure.workflow == workflow and failure.job == job and failure.cause.kind == "tests"
        if is_alike and M.are_alike(failure.cause.tests, cause.tests) then return failure end
    end
end

-- A failure of several tests is known by one of them, which is chosen when all of its occurrences are there.
local function group_of(state, run, job, cause)
    local is_tests = cause.kind == "tests"
    local group = is_tests and known_group(state.list, run.workflow, job, cause)
    if group then return group end
    local key = state.refine(run, job, cause)
    local fingerprint = not key and cause.group
    if not fingerprint and (key or not is_tests) then
        fingerprint = causes.fingerprint(run.workflow, job, key or cause.key)
    end
    local failure = fingerprint and state.by_fingerprint[fingerprint]
    if not failure then
        failure = {
            fingerprint = fingerprint, older = hash.text(("%s:%s"):format(run.workflow_name, job), "md5"),
            workflow = run.workflow, workflow_name = run.workflow_name, job = job, occurrences = {}, green = 0,
        }
        if fingerprint then state.by_fingerprint[fingerprint] = failure end
        state.list[#state.list + 1] = failure
        state.members[failure] = {}
    end
    return failure
end

local function add(state, run, job, each, cause)
    local failure = group_of(state, run, job, cause)
    if cause.kind == "tests" then table.insert(state.members[failure], { run = run, cause = cause }) end
    local last = failure.occurrences[#failure.occurrences]
    if not last or last.run ~= run then
        last = { run = run, job = each.job, matrix = {}, cause = cause }
        table.insert(failure.occurrences, last)
    end
    if each.matrix then table.insert(last.matrix, each.matrix) end
    failure.cause, failure.workflow_name = cause, run.workflow_name
end

-- What a failure was known by before; otherwise that of its tests which failed most often, by name the first of these:
-- so it depends neither on which tests failed first nor, as long as the same ones fail, on which runs are looked at.
local function choose_fingerprint(state, failure)
    local times = {}
    for _, member in ipairs(state.members[failure]) do
        local known = member.cause.group
        if known and not state.by_fingerprint[known] then return known end
        for _, test in ipairs(member.cause.tests) do times[test] = (times[test] or 0) + 1 end
    end
    local tests = tables.sorted_keys(times)
    local by_times = seq(tests):sort_by(function(test) return times[test] end, "descending"):list()
    for _, test in ipairs(by_times) do
        local fingerprint = causes.fingerprint(failure.workflow, failure.job, "test " .. test)
        if not state.by_fingerprint[fingerprint] then return fingerprint end
    end
    return causes.fingerprint(failure.workflow, failure.job, "tests " .. table.concat(tests, " "))
end

-- Remembers in the runs which failure their tests belong to.
local function name_groups(state)
    for _, failure in ipairs(state.list) do
        if not failure.fingerprint then
            failure.fingerprint = choose_fingerprint(state, failure)
            state.by_fingerprint[failure.fingerprint] = failure
        end
        for _, member in ipairs(state.members[failure]) do
            if member.cause.group ~= failure.fingerprint then
                member.cause.group = failure.fingerprint
                if state.regrouped[#state.regrouped] ~= member.run then table.insert(state.regrouped, member.run) end
            end
        end
    end
end

-- A run that ended before it had jobs.
local function add_jobless(state, run)
    local cause = causes.without_log(run.conclusion)
    add(state, run, run.workflow_name, { job = { id = 0, url = run.url, name = run.workflow_name } }, cause)
end

local function add_run(state, run)
    local by_name, names = current_jobs(run)
    local found = false
    for _, name in ipairs(names) do
        for _, each in ipairs(by_name[name]) do
            for _, cause in ipairs(each.job.causes) do
                found = true
                add(state, run, name, each, cause)
            end
        end
    end
    if not found and #run.jobs == 0 then add_jobless(state, run) end
end

-- Whether the job succeeded in a run: nil where it did not run.
local function succeeded(run, name)
    local result
    for _, each in ipairs(current_jobs(run)[name] or {}) do
        local conclusion = each.job.conclusion
        if scan.is_bad(conclusion) then return false end
        if conclusion == "success" then result = true end
    end
    return result
end

local function count_green(failure, runs)
    local first, last = failure.occurrences[1].run, failure.occurrences[#failure.occurrences].run
    local is_after, is_jobless = false, #last.jobs == 0
    for _, run in ipairs(runs) do
        local is_same = run.workflow == failure.workflow and run.branch == last.branch
        if is_same and run.conclusion == "success" and run.created_at < first.created_at then failure.before = run end
        if is_same and is_after and run.is_read then
            local is_green = is_jobless and run.conclusion == "success" or succeeded(run, failure.job)
            if is_green then
                failure.green, failure.last_green_run = failure.green + 1, run
                failure.fixed_by = failure.fixed_by or run
            elseif is_green == false then
                failure.green, failure.fixed_by = 0, nil
            end
        end
        if run == last then is_after = true end
    end
end

--- Gives a failure of several tests the fingerprint that it had before, when its first occurrence was another one.
---@param failure ci_failures.Failure
---@param fingerprint string
---@return ci_failures.Run[] regrouped
function M.regroup(failure, fingerprint)
    local runs = {}
    failure.fingerprint = fingerprint
    for i, occurrence in ipairs(failure.occurrences) do
        runs[i] = occurrence.run
        for _, job in ipairs(occurrence.run.jobs) do
            for _, cause in ipairs(job.causes) do
                if cause.kind == "tests" and causes.job_name(job.name) == failure.job then cause.group = fingerprint end
            end
        end
    end
    return runs
end

--- The failures in a scan's runs, by the run in which each was first seen, and the runs that were left out, with why.
---@param found ci_failures.Scan
---@param refine? fun(run: ci_failures.Run, job: string, cause: ci_failures.Cause): string?
---@return ci_failures.Failure[] failures
---@return { run: ci_failures.Run, why: string }[] left_out
---@return ci_failures.Run[] regrouped  runs to keep: which failure their tests belong to outlives its first occurrence
function M.of(found, refine)
    local state = { by_fingerprint = {}, list = {}, members = {}, regrouped = {}, refine = refine or function() end }
    local left_out = {}
    for _, run in ipairs(found.runs) do
        if run.counts and run.is_read then
            add_run(state, run)
        elseif run.why_not then
            left_out[#left_out + 1] = { run = run, why = run.why_not }
        end
    end
    name_groups(state)
    for _, failure in ipairs(state.list) do count_green(failure, found.runs) end
    return state.list, left_out, state.regrouped
end

return M
