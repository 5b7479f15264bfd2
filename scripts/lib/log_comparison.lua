-- What differs between the log of a run that failed and that of one of the same job that went well: steps, versions,
-- durations and lines. The result is plain data; `text` and `add` show it to people.
local versions = require("lib.log_versions")

local M = {}

-- Lines, by their templates: numbers, hashes, times and temporary paths make no difference ----------------------------

local max_lines, max_line_bytes = 200000, 500
-- So many different ones are kept while they are looked for.
local max_kept = 2000

local function is_worth_showing(line)
    return line:find("%w") ~= nil and not line:find("^##%[end") and not line:find("^##%[debug%]")
end

---@class diagnose.OnlyLine
---@field line_number integer  where the first of its template is
---@field line string
---@field count integer  how many lines have this template
---@field step string?  where logs are compared by steps

--- Learns a bounded number of lines of a log, or of a part of it.
---@param log log_text.Log
---@param part? { first: integer, last: integer }
---@return log_text.Miner
local function learned(log, part)
    local miner = log_text.miner()
    miner:add_log(log, part and part.first, part and part.last)
    return miner
end

-- Every line of a log, or of parts of it.
local function each_line(log, parts, visit)
    if not parts then return log_text.each_line(log, nil, nil, max_lines, visit) end
    for _, part in ipairs(parts) do log_text.each_line(log, part.first, part.last, max_lines, visit) end
end

--- The lines of a log whose templates another one does not know: in the log's order, each template once.
---@param log log_text.Log
---@param known log_text.Miner  of the other log
---@param parts? { first: integer, last: integer }[]
---@return diagnose.OnlyLine[]
local function only_in(log, known, parts)
    local list, by_template = {}, {}
    each_line(log, parts, function(line, line_number)
        if not is_worth_showing(line) or known:knows(line) then return end
        local template = log_text.mask(line)
        local same = by_template[template]
        if same then
            same.count = same.count + 1
        elseif #list < max_kept then
            same = { line_number = line_number, line = line:sub(1, max_line_bytes), count = 1 }
            by_template[template], list[#list + 1] = same, same
        end
    end)
    return list
end

--- At most so many of them: the most salient ones, in the order of the log.
---@param list diagnose.OnlyLine[]
---@param max integer
---@param weight fun(line: string): number
---@return diagnose.OnlyLine[]
local function foremost(list, max, weight)
    if #list <= max then return list end
    local ranked = {}
    for at, one in ipairs(list) do ranked[at] = { one = one, weight = weight(one.line), at = at } end
    table.sort(ranked, function(left, right)
        if left.weight ~= right.weight then return left.weight > right.weight end
        return left.at < right.at
    end)
    local chosen = {}
    for at = 1, max do chosen[at] = ranked[at].one end
    table.sort(chosen, function(left, right) return left.line_number < right.line_number end)
    return chosen
end

-- Steps: there or not, how they ended, how long they took -------------------------------------------------------------

-- Slower than the green one by this factor and so many seconds more.
local slow_factor, slow_s = 1.5, 20

-- The steps by job and name; of several of one name, the first of one run belongs to the first of the other.
local function keyed(structure)
    local list, times = {}, {}
    for _, job in ipairs(structure.jobs or {}) do
        for _, step in ipairs(job.steps) do
            local name = (job.name or "") .. "\0" .. step.name
            times[name] = (times[name] or 0) + 1
            list[#list + 1] = { key = name .. "\0" .. times[name], job = job.name, step = step }
        end
    end
    return list
end

-- A log with one job need not name it as the other log does.
local function without_job(list, structure)
    if #(structure.jobs or {}) > 1 then return list end
    for _, one in ipairs(list) do one.key = one.key:gsub("^[^%z]*%z", "") end
    return list
end

local function by_key(list)
    local found = {}
    for _, one in ipairs(list) do found[one.key] = one.step end
    return found
end

local function is_slower(step, before)
    local now, was = step.duration_s, before.duration_s
    return now ~= nil and was ~= nil and now - was >= slow_s and now >= was * slow_factor
end

local function change_of(step, before)
    if not before then return "added" end
    if (step.failed or false) ~= (before.failed or false) then return step.failed and "failed" or "passed" end
    if is_slower(step, before) then return "slower" end
end

---@class diagnose.StepChange
---@field name string
---@field job? string
---@field change "added"|"removed"|"failed"|"passed"|"slower"
---@field first_line? integer  of the failed log; of the green one for a step that is not there any more
---@field duration_s? number
---@field green_duration_s? number

local function step_change(one, change, before)
    local step = one.step
    return {
        name = step.name, job = one.job ~= "" and one.job or nil, change = change, first_line = step.first_line,
        duration_s = change ~= "removed" and step.duration_s or nil,
        green_duration_s = before and before.duration_s or nil,
    }
end

--- The steps that differ: in the order of the failed log, then those that only the green one has.
---@param failed log_text.Structure
---@param green log_text.Structure
---@return diagnose.StepChange[]
local function step_changes(failed, green)
    local now = without_job(keyed(failed), failed)
    local before = without_job(keyed(green), green)
    local of_green, of_failed = by_key(before), by_key(now)
    local changes = {}
    if #now == 0 or #before == 0 then return changes end
    for _, one in ipairs(now) do
        local change = change_of(one.step, of_green[one.key])
        if change then changes[#changes + 1] = step_change(one, change, of_green[one.key]) end
    end
    for _, one in ipairs(before) do
        if not of_failed[one.key] then changes[#changes + 1] = step_change(one, "removed", one.step) end
    end
    return changes
end

--- The lines of the green log that the failed run should have had too: of the steps that it got to; all without steps.
---@param failed log_text.Structure
---@param green log_text.Structure
---@return { first: integer, last: integer }[]?
local function shared_parts(failed, green)
    local reached, parts = by_key(without_job(keyed(failed), failed)), {}
    for _, one in ipairs(without_job(keyed(green), green)) do
        local step = reached[one.key]
        if step and not step.failed then
            parts[#parts + 1] = { first = one.step.first_line, last = one.step.last_line }
        end
    end
    return #parts > 0 and parts or nil
end

local function part_of(step) return { first = step.first_line, last = step.last_line } end

-- What only the first of two logs has, each step by itself; of a step that the other does not have, every template.
local function only_in_steps(log, steps, other, other_steps)
    local list = {}
    for _, one in ipairs(steps) do
        local same = other_steps[one.key]
        local known = same and learned(other, part_of(same)) or log_text.miner()
        for _, line in ipairs(only_in(log, known, { part_of(one.step) })) do
            line.step = one.step.name
            list[#list + 1] = line
        end
    end
    return list
end

-- By steps where both logs have some, otherwise as wholes.
local function only_lines(failed_log, failed, green_log, green)
    local now = without_job(keyed(failed), failed)
    local before = without_job(keyed(green), green)
    if #now == 0 or #before == 0 then
        return only_in(failed_log, learned(green_log)), only_in(green_log, learned(failed_log))
    end
    local of_green, of_failed, reached = by_key(before), by_key(now), {}
    for _, one in ipairs(before) do
        local step = of_failed[one.key]
        if step and not step.failed then reached[#reached + 1] = one end
    end
    return only_in_steps(failed_log, now, green_log, of_green), only_in_steps(green_log, reached, failed_log, of_failed)
end

-- The whole -----------------------------------------------------------------------------------------------------------

local max_new, max_missing, max_versions, max_steps = 40, 20, 50, 50

---@class diagnose.Comparison
---@field green { name?: string, url?: string, lines: integer, duration_s?: number }
---@field duration_s? number  from the first to the last line of the failed log that has a time
---@field steps diagnose.StepChange[]
---@field versions diagnose.VersionChange[]
---@field versions_all integer  with those that are left out
---@field new_lines diagnose.OnlyLine[]  of the failed log; those that look most like a failure when there are many
---@field new_lines_all integer
---@field missing_lines diagnose.OnlyLine[]  of the green log, of the steps that the failed run finished
---@field missing_lines_all integer

-- From the first line with a time to the last.
local function duration(log)
    local count = log.count or log:index()
    local first, last
    for number = 1, math.min(count, 50) do
        first = first or log:time(number)
    end
    for number = count, math.max(1, count - 50), -1 do
        last = last or log:time(number)
    end
    return first and last and last >= first and last - first or nil
end

local function green_of(log, what)
    local green = { lines = log.count or log:index(), duration_s = duration(log) }
    if type(what) == "table" then
        local run, job = what.run or {}, what.job or {}
        green.name = what.name or job.name or run.name
        green.url = what.url or job.html_url or run.html_url
    end
    green.name = green.name or log.name
    return green
end

local function first_of(list, max)
    local some = {}
    for at = 1, math.min(#list, max) do some[at] = list[at] end
    return some
end

--- Compares two logs. Memory does not grow with them: of very long ones the ends are compared.
---@param base kb.Base?  where the structure of either is not known
---@param failed_log log_text.Log
---@param green_log log_text.Log
---@param options? { failed?: { scan?: kb.Scan, structure?: log_text.Structure }, green?: log_text.Structure,
---  what?: table, by_step?: boolean }  what is known of the logs already; `what`: the green one's `name` and `url`, or
---  `run` and `job`; `by_step`: a line counts as known only where its step in the other log has it
---@return diagnose.Comparison
function M.logs(base, failed_log, green_log, options)
    options = options or {}
    local known = options.failed or {}
    local failed = known.structure or log_text.structure(known.scan or base:scan(failed_log), failed_log)
    local green = options.green or log_text.structure(base:scan(green_log), green_log)
    local changed, changed_all = versions.changes(versions.of(failed_log), versions.of(green_log), max_versions)
    local weight = log_text.salience
    local new, missing
    if options.by_step then
        new, missing = only_lines(failed_log, failed, green_log, green)
    else
        new = only_in(failed_log, learned(green_log))
        missing = only_in(green_log, learned(failed_log), shared_parts(failed, green))
    end
    return {
        green = green_of(green_log, options.what), duration_s = duration(failed_log),
        steps = first_of(step_changes(failed, green), max_steps),
        versions = changed, versions_all = changed_all,
        new_lines = foremost(new, max_new, weight), new_lines_all = #new,
        missing_lines = foremost(missing, max_missing, weight), missing_lines_all = #missing,
    }
end

-- Words ---------------------------------------------------------------------------------------------------------------

local function lasted(change)
    local took, before = change.duration_s, change.green_duration_s
    if not took or not before then return "" end
    return (" (%s, was %s)"):format(time.human(took), time.human(before))
end

local endings = {
    added = "is new", removed = "is not there", failed = "failed", passed = "passed, and failed in the green run",
    slower = "was slower",
}

local function step_sentence(change)
    local job = change.job and (" of `%s`"):format(change.job) or ""
    local took = change.change ~= "added" and change.change ~= "removed" and lasted(change) or ""
    return ("step `%s`%s %s%s"):format(change.name, job, endings[change.change], took)
end

local function version_sentence(change)
    return ("%s %s → %s (line %d)"):format(change.name, change.green, change.failed, change.line_number)
end

local function line_sentence(one)
    local times = one.count > 1 and (" (%d times)"):format(one.count) or ""
    return ("line %d%s: %s"):format(one.line_number, times, one.line)
end

local function counted(shown, all, what)
    if shown == all then return ("%s (%d)"):format(what, all) end
    return ("%s (%d of %d)"):format(what, shown, all)
end

-- The parts that there are: a title, what is in it, and how each is said.
local function parts_of(comparison)
    local parts = {}
    local function part(title, list, all, sentence)
        if #list > 0 then parts[#parts + 1] = { counted(#list, all, title), list, sentence } end
    end
    part("Steps that differ", comparison.steps, #comparison.steps, step_sentence)
    part("Versions that differ", comparison.versions, comparison.versions_all, version_sentence)
    part("Lines that the green log does not have", comparison.new_lines, comparison.new_lines_all, line_sentence)
    part("Lines that only the green log has", comparison.missing_lines, comparison.missing_lines_all,
        line_sentence)
    return parts
end

local function summary(comparison)
    local green = comparison.green
    local took = comparison.duration_s and green.duration_s
        and (", which took %s; this run took %s"):format(time.human(green.duration_s),
            time.human(comparison.duration_s)) or ""
    return ("Green: %s%s."):format(green.name or "a log", took)
end

--- The comparison as lines of text.
---@param comparison diagnose.Comparison
---@return string[]
function M.text(comparison)
    local lines = { summary(comparison) }
    local parts = parts_of(comparison)
    for _, part in ipairs(parts) do
        lines[#lines + 1] = part[1] .. ":"
        for _, one in ipairs(part[2]) do lines[#lines + 1] = "- " .. part[3](one) end
    end
    if #parts == 0 then lines[#lines + 1] = "Nothing differs but numbers, times and hashes." end
    return lines
end

local function cells(list, build)
    local rows = {}
    for at, one in ipairs(list) do rows[at] = build(one) end
    return rows
end

local function log_lines(list)
    return cells(list, function(one) return ("%d: %s"):format(one.line_number, one.line) end)
end

--- Adds the comparison to a report.
---@param out report.Report
---@param comparison diagnose.Comparison
function M.add(out, comparison)
    local green = comparison.green
    out:text({ { text = summary(comparison), url = green.url } })
    if #comparison.steps > 0 then
        out:list(cells(comparison.steps, function(change)
            return { "step ", { text = change.name, code = true }, " " .. endings[change.change] .. lasted(change) }
        end))
    end
    if #comparison.versions > 0 then
        out:table({
            title = counted(#comparison.versions, comparison.versions_all, "Versions that differ"),
            columns = { { key = "name", title = "What" }, { key = "green", title = "Green" },
                { key = "failed", title = "Failed" }, { key = "line_number", title = "Line" } },
            rows = comparison.versions,
        })
    end
    for _, part in ipairs({
        { "Lines that the green log does not have", comparison.new_lines, comparison.new_lines_all },
        { "Lines that only the green log has", comparison.missing_lines, comparison.missing_lines_all },
    }) do
        if #part[2] > 0 then
            out:text(counted(#part[2], part[3], part[1]) .. ":")
            out:code(log_lines(part[2]))
        end
    end
end

return M
