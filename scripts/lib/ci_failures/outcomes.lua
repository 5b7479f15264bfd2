-- What each commit did to jobs, steps and tests: how often they passed and failed on it.
local causes = require("lib.ci_failures.cause")
local conclusions = require("lib.conclusions")
local scan = require("lib.ci_failures.scan")

local M = {}

---@class ci_failures.Subject
---@field kind "job"|"step"|"test"
---@field workflow string
---@field job string
---@field name string
---@field commits { sha: string, at: string, is_main: boolean, passed: integer, failed: integer, minutes: number }[]

local function new_commit(sha, at, is_main)
    return { sha = sha, at = at, is_main = is_main, passed = 0, failed = 0, minutes = 0 }
end

-- The subject of this kind and name, with what each commit did to it.
local function subject_of(subjects, kind, run, job, name)
    local key = table.concat({ kind, run.workflow, job, name }, "\0")
    local subject = subjects[key]
    if not subject then
        subject = { kind = kind, workflow = run.workflow, job = job, name = name, commits = {}, by_content = {} }
        subjects[key] = subject
        subjects[#subjects + 1] = subject
    end
    return subject
end

local function commit_of(subject, run)
    local content = scan.content_of(run)
    local commit = subject.by_content[content]
    if not commit then
        commit = new_commit(run.head_sha, run.created_at, run.is_main)
        commit.content, subject.by_content[content] = content, commit
        table.insert(subject.commits, commit)
    end
    return commit
end

local function fail(subjects, kind, run, job, name)
    local commit = commit_of(subject_of(subjects, kind, run, job.name, name), run)
    commit.failed, commit.minutes = commit.failed + 1, commit.minutes + conclusions.lost_s(job) / 60
end

local function add_job(subjects, run, job)
    local has_failed = conclusions.is_failure(job.conclusion)
    if not has_failed and job.conclusion ~= "success" then return end
    local commit = commit_of(subject_of(subjects, "job", run, job.name, job.name), run)
    if not has_failed then
        commit.passed = commit.passed + 1
        return
    end
    commit.failed, commit.minutes = commit.failed + 1, commit.minutes + conclusions.lost_s(job) / 60
    for _, cause in ipairs(job.causes) do
        if cause.step then fail(subjects, "step", run, job, cause.step) end
        for _, test in ipairs(cause.tests) do fail(subjects, "test", run, job, test) end
    end
end

-- Test reports -------------------------------------------------------------------------------------------------------

-- The test of a job's log that a report means: "oven::heats" is "heats" of the suite "oven".
local function in_log(run, test)
    for _, job in ipairs(run.jobs) do
        for _, cause in ipairs(job.attempt == test.attempt and job.causes or {}) do
            for _, name in ipairs(cause.tests) do
                local is_same = name == test.name or name:sub(-#test.name) == test.name
                    and name:sub(-#test.name - 1, -#test.name - 1):find("[%W_]")
                if is_same then return { job = job.name, name = name } end
            end
        end
    end
end

local function key_of(run, test) return table.concat({ run.workflow, test.artifact, test.suite, test.name }, "\0") end

-- Tests that failed somewhere, by how a report names them: where they are in a log, by job and name there.
local function reported_failures(runs)
    local known = {}
    for _, run in ipairs(runs) do
        for _, test in ipairs(run.tests or {}) do
            if test.outcome == "failed" then
                local key = key_of(run, test)
                local own = test.suite ~= "" and test.suite .. "." .. test.name or test.name
                known[key] = in_log(run, test) or known[key] or { job = test.artifact, name = own, is_own = true }
            end
        end
    end
    return known
end

-- Failures that the log has as well are counted already.
local function add_reports(subjects, runs)
    local known = reported_failures(runs)
    for _, run in ipairs(runs) do
        for _, test in ipairs(run.tests or {}) do
            local place = known[key_of(run, test)]
            if place and (test.outcome == "passed" or not in_log(run, test)) then
                local commit = commit_of(subject_of(subjects, "test", run, place.job, place.name), run)
                commit[test.outcome] = commit[test.outcome] + 1
            end
        end
    end
end

-- Siblings of a matrix ------------------------------------------------------------------------------------------------

-- What each sibling did on one commit to a test that failed in one of them at least.
local function note_siblings(groups, subject)
    local base = causes.job_name(subject.job)
    if base == subject.job then return end
    local key = table.concat({ subject.workflow, base, subject.name }, "\0")
    local group = groups[key]
    if not group then
        group = { workflow = subject.workflow, job = base, name = subject.name, commits = {}, siblings = {} }
        groups[key], groups[#groups + 1] = group, group
    end
    for _, commit in ipairs(subject.commits) do
        local own = group.commits[commit.content]
        if not own then
            own = new_commit(commit.sha, commit.at, commit.is_main)
            own.content = commit.content
            group.commits[commit.content], group.commits[#group.commits + 1] = own, own
        end
        if commit.failed > 0 and commit.passed == 0 then
            own.failed, own.minutes = own.failed + 1, own.minutes + commit.minutes
            group.siblings[subject.job] = true
        end
    end
end

local function passed_elsewhere(group, subjects)
    for _, subject in ipairs(subjects) do
        local base = subject.kind == "job" and subject.workflow == group.workflow and causes.job_name(subject.job)
        for _, commit in ipairs(base == group.job and subject.commits or {}) do
            local own = group.commits[commit.content]
            if own and commit.passed > 0 and commit.failed == 0 then own.passed = own.passed + 1 end
        end
    end
end

-- A test that fails now in this job of the matrix and then in that one, while the others pass, is flaky; one that fails
-- in the same job each time is broken there.
---@param subjects ci_failures.Subject[]
---@return ci_failures.Subject[]
function M.siblings(subjects)
    local groups, list = {}, {}
    for _, subject in ipairs(subjects) do
        if subject.kind == "test" then note_siblings(groups, subject) end
    end
    for _, group in ipairs(groups) do
        local names = tables.sorted_keys(group.siblings)
        if #names > 1 then
            passed_elsewhere(group, subjects)
            table.sort(group.commits, function(a, b) return a.at < b.at end)
            group.kind, group.is_siblings = "test", true
            list[#list + 1] = group
        end
    end
    return list
end

-- A step or a test passed whenever its job did, also on commits where it never failed.
local function add_passes(subjects)
    local jobs = {}
    for _, subject in ipairs(subjects) do
        if subject.kind == "job" then jobs[subject.workflow .. "\0" .. subject.job] = subject end
    end
    for _, subject in ipairs(subjects) do
        local job = subject.kind ~= "job" and jobs[subject.workflow .. "\0" .. subject.job]
        for _, commit in ipairs(job and job.commits or {}) do
            local own = subject.by_content[commit.content]
            if own then
                -- Of attempts in which the job failed for another reason, nothing is known.
                own.passed = own.passed + commit.passed
            elseif commit.passed > 0 then
                own = new_commit(commit.sha, commit.at, commit.is_main)
                own.passed, own.content = commit.passed, commit.content
                subject.by_content[commit.content] = own
                table.insert(subject.commits, own)
            end
        end
        table.sort(subject.commits, function(a, b)
            if a.at ~= b.at then return a.at < b.at end
            return a.sha < b.sha
        end)
    end
end

-- Runs without their jobs are green ones, of which nothing more needs to be known: each of their jobs passed that runs
-- before and after had.
local function add_unread(subjects, runs)
    for _, subject in ipairs(subjects) do
        local first = subject.commits[1]
        for _, run in ipairs(subject.kind == "job" and runs or {}) do
            local is_unread = not run.is_read and run.conclusion == "success" and run.workflow == subject.workflow
            if is_unread and first and run.created_at >= first.at and not subject.by_content[scan.content_of(run)] then
                commit_of(subject, run).passed = 1
            end
        end
    end
end

--- The subjects of runs, each with its commits, oldest first.
---@param runs ci_failures.Run[]  oldest first; `is_main` says which are of the default branch
---@return ci_failures.Subject[]
function M.of(runs)
    local subjects = {}
    for _, run in ipairs(runs) do
        for _, job in ipairs(run.is_read and run.jobs or {}) do add_job(subjects, run, job) end
    end
    add_reports(subjects, runs)
    add_unread(subjects, runs)
    add_passes(subjects)
    return subjects
end

return M
