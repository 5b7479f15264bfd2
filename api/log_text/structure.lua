-- What a log is made of: which CI system wrote it, its jobs and steps, how each ended, and where to look for the
-- failure. It is put together from the signals of `kb/signals/ci.lua`, so a log of any size costs no second pass.
local M = {}

-- Steps ---------------------------------------------------------------------------------------------------------------
--
-- Each CI system marks its steps in its own way; every reader gives them in the order of lines.

local name_limit = 200

local function named(text)
    return (text or ""):gsub("%s+$", ""):sub(1, name_limit)
end

local function duration(log, step)
    local first, last = log:time(step.first_line), log:time(step.last_line)
    if first and last and last >= first then return last - first end
end

-- Steps from the lines that begin one: each lasts until the next begins. What stands before the first has no heading.
local function between(starts, lines)
    local steps = {}
    if #starts == 0 or starts[1].line_number > 1 then
        steps[1] = { name = #starts == 0 and "" or "set up", first_line = 1, last_line = lines, failed = false,
            has_no_heading = true }
    end
    for _, start in ipairs(starts) do
        local last = steps[#steps]
        if last then last.last_line = start.line_number - 1 end
        steps[#steps + 1] = {
            name = named(start.name), job = start.job, first_line = start.line_number, last_line = lines,
            failed = false, cleanup = start.cleanup or nil,
        }
    end
    return steps
end

-- Each note about an ending belongs to the step that it stands in.
local function attach(steps, hits, visit)
    local at = 1
    for _, hit in ipairs(hits) do
        while steps[at + 1] and steps[at + 1].first_line <= hit.line_number do at = at + 1 end
        if steps[at] then visit(steps[at], hit) end
    end
end

local function ended(step, hit)
    local code = tonumber(hit.captures.code)
    if code == 0 then
        step.exit_code = step.exit_code or 0
        return
    end
    step.failed, step.exit_code = true, code or step.exit_code
    step.exit_line = step.exit_line or hit.line_number
end

-- Travis CI -----------------------------------------------------------------------------------------------------------

-- Notes about commands of several lines begin some lines before the one with the code.
local function travis_exits(roles)
    local exits, opened = {}, 0
    for _, hit in ipairs(roles.command_exit) do
        local first = hit.line_number
        if hit.entry.id == "travis.command_exited_close" then
            first = nil
            for i = opened + 1, #roles.command_exit_open do
                local open = roles.command_exit_open[i].line_number
                if open >= hit.line_number then break end
                opened = i
                if hit.line_number - open < 60 then first = open end
            end
        end
        if first then
            exits[#exits + 1] = {
                first = first, last = hit.line_number, code = tonumber(hit.captures.code) or 1,
                command = hit.captures.command,
            }
        end
    end
    return exits
end

-- A `$` that Travis itself printed has its marks before it; others' (yarn's) have not.
local function is_own(log, hit)
    return (log:raw(hit.line_number) or ""):find("^[%s]*travis_") ~= nil
end

local function start_of(exit, previous, starts, log)
    local own
    for i = #starts, 1, -1 do
        local line = starts[i].line_number
        if line <= previous then break end
        if line < exit.first then
            if exit.command and starts[i].captures.command == exit.command then return line end
            if not own and is_own(log, starts[i]) then own = line end
        end
    end
    return own or previous
end

local function travis_duration(log, exit)
    for line = math.max(1, exit.first - 1), exit.first do
        local start, finish = (log:raw(line) or ""):match("travis_time:end:%x+:start=(%d+),finish=(%d+)")
        if start then return (tonumber(finish) - tonumber(start)) / 1e9 end
    end
end

local function travis_setup(starts, first, log, steps)
    for _, hit in ipairs(starts) do
        if hit.line_number >= first then break end
        if is_own(log, hit) then
            if steps[#steps] then steps[#steps].last_line = hit.line_number - 1 end
            steps[#steps + 1] = {
                name = named("$ " .. hit.captures.command), first_line = hit.line_number, last_line = first - 1,
                failed = false,
            }
        end
    end
end

-- What comes after the script whatever its outcome.
local function after_script(scan)
    for _, marker in ipairs(scan.markers or {}) do
        if marker.text:find("^travis_fold:start:after_") then return marker.line_number end
    end
    return math.huge
end

local function travis(roles, scan, log, lines)
    local exits, starts, timed, previous = travis_exits(roles), roles.command_start, {}, 0
    for _, exit in ipairs(exits) do
        local first = start_of(exit, previous, starts, log)
        timed[#timed + 1] = {
            name = named(exit.command or log:line(first) or ""), first_line = math.max(first, 1),
            last_line = exit.last, failed = exit.code ~= 0, exit_code = exit.code, exit_line = exit.first,
            duration_s = travis_duration(log, exit), has_no_heading = first == 0 or nil,
        }
        previous = exit.last
    end
    local steps = {}
    travis_setup(starts, timed[1] and timed[1].first_line or lines + 1, log, steps)
    local over = after_script(scan)
    for _, step in ipairs(timed) do
        step.cleanup = step.last_line >= over or nil
        steps[#steps + 1] = step
    end
    if #timed == 0 and #steps > 0 then steps[#steps].last_line = lines end
    if #steps == 0 then return between({}, lines) end
    return steps
end

-- GitHub Actions ------------------------------------------------------------------------------------------------------

-- The first fold of a step shows the command and its environment; what it prints comes after.
local function body_begins(step, hit)
    step.body_after = step.body_after or hit.line_number
end

-- `gh run view --log` names job and step before each line: where they change is found by halving.
local function prefixed(log, lines)
    local starts = {}
    local function split(first, job, step, last, last_job, last_step)
        if job == last_job and step == last_step then return end
        if last - first == 1 then
            local tidies = (last_step or ""):find("^Post ") or last_step == "Complete job"
            starts[#starts + 1] = { line_number = last, name = last_step, job = last_job, cleanup = tidies and true }
            return
        end
        local middle = math.floor((first + last) / 2)
        local middle_job, middle_step = log:prefix(middle)
        split(first, job, step, middle, middle_job, middle_step)
        split(middle, middle_job, middle_step, last, last_job, last_step)
    end
    local job, step = log:prefix(1)
    if not job then return nil end
    starts[1] = { line_number = 1, name = step, job = job }
    local last_job, last_step = log:prefix(lines)
    split(1, job, step, lines, last_job, last_step)
    return starts
end

local function actions(roles, _, log, lines)
    local starts = lines > 0 and prefixed(log, lines)
    if not starts then
        starts = {}
        for _, hit in ipairs(roles.group_start) do
            local name = hit.captures.name or ""
            if name:find("^Run ") then starts[#starts + 1] = { line_number = hit.line_number, name = name } end
        end
        for _, hit in ipairs(roles.cleanup_start) do
            starts[#starts + 1] = { line_number = hit.line_number, name = hit.line, cleanup = true }
        end
        table.sort(starts, function(a, b) return a.line_number < b.line_number end)
    end
    local steps = between(starts, lines)
    attach(steps, roles.group_end, body_begins)
    attach(steps, roles.command_exit, ended)
    local any = false
    for _, step in ipairs(steps) do any = any or step.failed end
    for _, role in ipairs({ "time_limit", "ci_error" }) do
        if not any then
            attach(steps, roles[role], function(step)
                step.failed, any = true, true
            end)
        end
    end
    return steps
end

-- Systems that name their stages --------------------------------------------------------------------------------------

local function is_cleanup(name)
    return name:find("^Cleaning up") or name:find("^Uploading artifacts") or name:find("^Saving cache")
        or name:find("^Running after") or name:find("Post Actions") or name:find("^Finalize")
end

local function staged(roles, _, _, lines)
    local starts = {}
    for _, hit in ipairs(roles.step_start) do
        local name = hit.captures.name or hit.captures.preparing or hit.line
        starts[#starts + 1] = { line_number = hit.line_number, name = name, cleanup = is_cleanup(name) and true or nil }
    end
    local steps = between(starts, lines)
    attach(steps, roles.command_exit, ended)
    for _, step in ipairs(steps) do
        if step.failed then return steps end
    end
    -- The job failed; the last stage that did work is where.
    local over = roles.build_exit[1]
    for i = #steps, 1, -1 do
        local step = steps[i]
        if over and not step.cleanup and step.first_line < over.line_number then
            step.failed, step.exit_code = true, tonumber(over.captures.code)
            if over.line_number <= step.last_line then step.exit_line = over.line_number end
            break
        end
    end
    return steps
end

-- A stage of Jenkins that was skipped shows that the one before it failed, wherever the code is.
local function jenkins(roles, scan, log, lines)
    local skipped = roles.stage_skipped[1]
    if not skipped then return staged(roles, scan, log, lines) end
    local starts = {}
    for _, hit in ipairs(roles.step_start) do
        starts[#starts + 1] = { line_number = hit.line_number, name = hit.captures.name }
    end
    local steps = between(starts, lines)
    local code
    for _, hit in ipairs(roles.command_exit) do code = code or tonumber(hit.captures.code) end
    for i = #steps, 1, -1 do
        if steps[i].last_line < skipped.line_number and not is_cleanup(steps[i].name) then
            steps[i].failed, steps[i].exit_code = true, code
            break
        end
    end
    return steps
end

local readers = { travis = travis, ["github-actions"] = actions, azure = staged, gitlab = staged, jenkins = jenkins }

-- The steps of a log, in the order of lines.
local function steps_of(ci, roles, scan, log, lines)
    local steps = (readers[ci] or staged)(roles, scan, log, lines)
    for _, step in ipairs(steps) do step.duration_s = step.duration_s or duration(log, step) end
    return steps
end

-- The whole -----------------------------------------------------------------------------------------------------------

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

-- The last line before what a step prints.
local function heading(step) return step.has_no_heading and step.first_line - 1 or step.first_line end

local function focus_of_step(step)
    local before = step.exit_line or step.last_line + 1
    if before <= step.first_line then before = step.last_line + 1 end
    local after = step.body_after and step.body_after < before - 1 and step.body_after or heading(step)
    return { after = after, before = before, certain = true, exit_code = step.exit_line and step.exit_code or nil }
end

local function focus_of(scan, roles, steps, failed, lines)
    if failed[1] then return failed[1].focus end
    local before = after_failure(scan) or end_of_work(roles, lines)
    local after = 0
    for _, each in ipairs(steps) do
        if each.first_line < before - 1 and not each.cleanup then after = math.max(after, heading(each)) end
    end
    return { after = after, before = before, certain = false }
end

-- Whether the CI system says that all went well: in so many words, or by a log that is complete and has no step that
-- failed.
local function ended_well(ci, roles, failed)
    if #roles.build_success > 0 then return true end
    if ci ~= "github-actions" or #failed > 0 then return false end
    for _, hit in ipairs(roles.cleanup_start) do
        if hit.line:find("^Cleaning up orphan processes") then return true end
    end
    return false
end

-- The steps that failed. What comes after the work fails a job only where the work went well.
local function failed_of(steps)
    local work, cleanup = {}, {}
    for _, step in ipairs(steps) do
        if step.failed then
            step.focus = focus_of_step(step)
            table.insert(step.cleanup and cleanup or work, step)
        end
    end
    return #work > 0 and work or cleanup
end

--- Reads the structure of a log from what a scan found in it.
---@param scan kb.Scan
---@param log log_text.Log
---@return log_text.Structure
function M.read(scan, log)
    local lines = scan.lines or log.count or 0
    local roles = by_role(scan)
    local ci = ci_of(scan, log)
    local steps = steps_of(ci, roles, scan, log, lines)
    local structure = { ci = ci, jobs = jobs_of(steps), failed_steps = failed_of(steps) }
    for _, hit in ipairs(roles.build_exit) do
        structure.exit_code = tonumber(hit.captures.code) or structure.exit_code
    end
    structure.ended_well = structure.exit_code == 0
        or structure.exit_code == nil and ended_well(ci, roles, structure.failed_steps)
    structure.focus = focus_of(scan, roles, steps, structure.failed_steps, lines)
    return structure
end

--- The step that a line is in.
---@param structure log_text.Structure
---@param line integer
---@return log_text.Step?
function M.step_at(structure, line)
    for _, job in ipairs(structure.jobs) do
        for _, step in ipairs(job.steps) do
            if step.first_line <= line and line <= step.last_line then return step end
        end
    end
end

return M
