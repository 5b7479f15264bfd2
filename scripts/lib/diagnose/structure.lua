-- What a log is made of: which CI system wrote it, its jobs and steps, how each ended, and where to look for the
-- failure. It is put together from the signals of `kb/signals/ci.lua`, so a log of any size costs no second pass.
local steps_of = require("lib.diagnose.structure_steps")

local M = {}

---@class diagnose.Step
---@field name string
---@field job? string
---@field first_line integer
---@field last_line integer
---@field failed boolean
---@field exit_code? integer
---@field exit_line? integer  where the CI system tells how it ended
---@field duration_s? number
---@field body_after? integer  the line before the first that its command printed
---@field cleanup? boolean  it only tidies up after the others

---@class diagnose.Focus  where the failure is to be looked for: between two lines
---@field after integer  the line before the first of it
---@field before integer  the line behind the last of it
---@field certain boolean  a step says that it failed

---@class diagnose.Structure
---@field ci? string
---@field jobs { name: string, steps: diagnose.Step[] }[]
---@field failed_steps diagnose.Step[]
---@field exit_code? integer  of the whole
---@field focus diagnose.Focus

-- What others print too says little about whose log it is.
local telltale = { command_start = 0, group_start = 1, group_end = 1, cleanup = 1, retry = 1 }

local function ci_of(scan, log)
    local votes, best = {}, nil
    for _, hit in ipairs(scan.signals) do
        local ci = hit.entry.ci
        if ci then votes[ci] = (votes[ci] or 0) + (telltale[hit.entry.role] or 3) end
    end
    for _, marker in ipairs(scan.markers or {}) do
        local ci = marker.text:find("^travis_") and "travis" or marker.text:find("^section_") and "gitlab"
        if ci then votes[ci] = (votes[ci] or 0) + 1 end
    end
    -- Azure's steps are marked with the same runner's words.
    if votes.azure then votes.azure = votes.azure + (votes["github-actions"] or 0) end
    for ci, count in pairs(votes) do
        if count > 0 and (not best or count > votes[best] or (count == votes[best] and ci < best)) then best = ci end
    end
    return best or (log:prefix(1) and "github-actions") or nil
end

--- The signals by their role, in the order of lines.
local function by_role(scan)
    local roles = setmetatable({}, { __index = function() return {} end })
    for _, hit in ipairs(scan.signals) do
        local role = hit.entry.role
        if not rawget(roles, role) then roles[role] = {} end
        table.insert(roles[role], hit)
    end
    return roles
end

local function jobs_of(steps)
    local jobs, by_name = {}, {}
    for _, step in ipairs(steps) do
        local name = step.job or ""
        if not by_name[name] then
            by_name[name] = { name = name, steps = {} }
            jobs[#jobs + 1] = by_name[name]
        end
        table.insert(by_name[name].steps, step)
    end
    return jobs
end

-- Where a log ends that does not say which step failed: before what comes after the work.
local function end_of_work(roles, lines)
    local last_start, first = 0, nil
    for _, hit in ipairs(roles.command_start) do last_start = math.max(last_start, hit.line_number) end
    for _, role in ipairs({ "cleanup", "cleanup_start", "build_exit" }) do
        for _, hit in ipairs(roles[role]) do
            local line = hit.line_number
            if line > lines * 0.2 and line > last_start and (not first or line < first) then first = line end
        end
    end
    return first or lines + 1
end

local function after_failure(scan)
    for _, marker in ipairs(scan.markers or {}) do
        if marker.text:find("^travis_fold:start:after_failure") then return marker.line_number end
    end
end

local function focus_of(scan, roles, steps, failed, lines)
    local step = failed[1]
    if step then
        local before = step.exit_line or step.last_line + 1
        if before <= step.first_line then before = step.last_line + 1 end
        local after = step.body_after and step.body_after < before - 1 and step.body_after or step.first_line
        return { after = after, before = before, certain = true }
    end
    local before = after_failure(scan) or end_of_work(roles, lines)
    local after = 0
    for _, each in ipairs(steps) do
        if each.first_line < before - 1 and not each.cleanup then after = math.max(after, each.first_line) end
    end
    return { after = after, before = before, certain = false }
end

--- Reads the structure of a log from what a scan found in it.
---@param scan kb.Scan
---@param log kb.Log
---@return diagnose.Structure
function M.read(scan, log)
    local lines = scan.lines or log.count or 0
    local roles = by_role(scan)
    local ci = ci_of(scan, log)
    local steps = steps_of.read(ci, roles, scan, log, lines)
    local structure = { ci = ci, jobs = jobs_of(steps), failed_steps = {} }
    for _, step in ipairs(steps) do
        if step.failed then table.insert(structure.failed_steps, step) end
    end
    for _, hit in ipairs(roles.build_exit) do
        structure.exit_code = tonumber(hit.captures.code) or structure.exit_code
    end
    structure.focus = focus_of(scan, roles, steps, structure.failed_steps, lines)
    return structure
end

--- The step that a line is in.
---@param structure diagnose.Structure
---@param line integer
---@return diagnose.Step?
function M.step_at(structure, line)
    for _, job in ipairs(structure.jobs) do
        for _, step in ipairs(job.steps) do
            if step.first_line <= line and line <= step.last_line then return step end
        end
    end
end

return M
