-- `uhost logs compare`: what differs between two runs, job by job and step by step.
local conclusions = require("lib.conclusions")
local log_comparison = require("lib.log_comparison")
local show = require("lib.logs.show")
local store_of = require("lib.logs.store")

local M = {}

-- A kept log, to be read as any other.
local function opened(segments, job)
    local next_line, portion = 1, 5000
    return log_text.open{ name = job.name, stream = function()
        if next_line > job.lines then return nil end
        local lines = {}
        local last = math.min(next_line + portion - 1, job.lines)
        show.each_line(segments, job, next_line, last, function(line, _, at)
            lines[#lines + 1] = (at and time.iso(at, { decimals = 3 }) .. " " or "") .. line
        end)
        next_line = last + 1
        return table.concat(lines, "\n") .. "\n"
    end }
end

local function seconds_between(from, to) return from and to and time.parse(to) - time.parse(from) or nil end

local function structure_of(job)
    local steps = {}
    for i, step in ipairs(job.steps) do
        steps[i] = {
            name = step.name, first_line = step.first_line, last_line = step.last_line,
            failed = conclusions.is_failure(step.conclusion),
            duration_s = seconds_between(step.started_at, step.ended_at),
        }
    end
    return { jobs = { { name = job.name, steps = steps } } }
end

---@class logs.JobComparison
---@field job string
---@field change "only_before"|"only_after"|nil
---@field before { conclusion: string, duration_s: number? }?
---@field after { conclusion: string, duration_s: number? }?
---@field comparison diagnose.Comparison?  of those that both have; "green" is the first run

local function facts_of(job)
    return { conclusion = job.conclusion, duration_s = seconds_between(job.started_at, job.ended_at) }
end

local function compared(segments, before, after)
    local before_log, after_log = opened(segments, before), opened(segments, after)
    return task.finally(function()
        return log_comparison.logs(nil, after_log, before_log, {
            failed = { structure = structure_of(after) }, green = structure_of(before), by_step = true,
        })
    end, function()
        before_log:close()
        after_log:close()
    end)
end

local function by_name(run, wanted)
    local found = {}
    for _, job in ipairs(run.jobs) do
        if not wanted or job.name:sub(1, #wanted) == wanted then found[job.name] = job end
    end
    return found
end

--- Compares two runs.
---@param store db.Connection
---@param segments logs.Store
---@param options table
---@return logs.JobComparison[]
function M.run(store, segments, options)
    local before_run = show.find_run(store, options.run_a, options)
    local after_run = show.find_run(store, options.run_b, options)
    local before, after, list = by_name(before_run, options.job), by_name(after_run, options.job), {}
    for _, each in ipairs(after_run.jobs) do
        local old = before[each.name]
        if after[each.name] then
            local one = { job = each.name, after = facts_of(each), before = old and facts_of(old) }
            if old then
                one.comparison = compared(segments, store_of.job(store, old.id), store_of.job(store, each.id))
            else
                one.change = "only_after"
            end
            list[#list + 1] = one
        end
    end
    for _, each in ipairs(before_run.jobs) do
        if before[each.name] and not after[each.name] then
            list[#list + 1] = { job = each.name, before = facts_of(each), change = "only_before" }
        end
    end
    return list
end

--- Whether anything differs between two jobs but numbers, times and hashes.
---@param one logs.JobComparison
---@return boolean
function M.differs(one)
    local found = one.comparison
    return one.change ~= nil or one.before.conclusion ~= one.after.conclusion or #found.steps > 0
        or found.versions_all > 0 or found.new_lines_all > 0 or found.missing_lines_all > 0
end

-- Showing -------------------------------------------------------------------------------------------------------------

local function outcome(facts)
    return facts.conclusion .. (facts.duration_s and " in " .. time.human(facts.duration_s) or "")
end

local endings = { added = "is new", removed = "is not there any more", failed = "failed", passed = "passes now",
    slower = "is slower" }

local function show_steps(steps)
    for _, step in ipairs(steps) do
        local took = step.duration_s and step.green_duration_s
            and (" (%s, was %s)"):format(time.human(step.duration_s), time.human(step.green_duration_s)) or ""
        print(term.untrusted(("  step %s %s%s"):format(step.name, endings[step.change], took)))
    end
end

local function show_versions(versions)
    for _, version in ipairs(versions) do
        print(term.untrusted(("  %s %s → %s"):format(version.name, version.green, version.failed)))
    end
end

local function show_lines(sign, style, lines, all)
    local step
    for _, line in ipairs(lines) do
        if line.step and line.step ~= step then print("  " .. term.style(term.untrusted(line.step), "cyan")) end
        step = line.step
        local times = line.count > 1 and (" (%d times)"):format(line.count) or ""
        print(term.style(("%s %6d  %s%s"):format(sign, line.line_number, term.untrusted(line.line), times), style))
    end
    if all > #lines then print(("  … and %d more"):format(all - #lines)) end
end

--- Prints what differs.
---@param list logs.JobComparison[]
---@param options table
function M.show(list, options)
    local same = 0
    for _, one in ipairs(list) do
        if not M.differs(one) then
            same = same + 1
        elseif one.change then
            print(term.untrusted(("%s is only in run %s"):format(one.job,
                one.change == "only_after" and options.run_b or options.run_a)))
        else
            local found = one.comparison
            print(term.style(term.untrusted(one.job), "bold") .. ": " .. term.untrusted(("%s → %s"):format(
                outcome(one.before), outcome(one.after))))
            show_steps(found.steps)
            show_versions(found.versions)
            show_lines("+", "green", found.new_lines, found.new_lines_all)
            show_lines("-", "red", found.missing_lines, found.missing_lines_all)
        end
    end
    if same > 0 then
        print(("%d %s in nothing but numbers, times and hashes"):format(same,
            same == 1 and "job differs" or "jobs differ"))
    end
end

local function nullable(table_of, names)
    for _, name in ipairs(names) do
        if table_of[name] == nil then table_of[name] = json.null end
    end
    return table_of
end

--- The comparison as `--json` writes it.
---@param list logs.JobComparison[]
---@return table
function M.as_json(list)
    local jobs = {}
    for i, one in ipairs(list) do
        local found = one.comparison or { steps = {}, versions = {}, new_lines = {}, missing_lines = {} }
        local steps, versions = {}, {}
        for n, step in ipairs(found.steps) do
            steps[n] = nullable({ name = step.name, change = step.change, duration_s = step.duration_s,
                duration_before_s = step.green_duration_s }, { "duration_s", "duration_before_s" })
        end
        for n, version in ipairs(found.versions) do
            versions[n] = { name = version.name, before = version.green, after = version.failed }
        end
        for _, line in ipairs(found.new_lines) do nullable(line, { "step" }) end
        for _, line in ipairs(found.missing_lines) do nullable(line, { "step" }) end
        jobs[i] = nullable({
            job = one.job, change = one.change, differs = M.differs(one), before = one.before and
                nullable(one.before, { "duration_s" }), after = one.after and nullable(one.after, { "duration_s" }),
            steps = json.array(steps), versions = json.array(versions), new_lines = json.array(found.new_lines),
            vanished_lines = json.array(found.missing_lines),
        }, { "change", "before", "after" })
    end
    return { jobs = json.array(jobs) }
end

return M
