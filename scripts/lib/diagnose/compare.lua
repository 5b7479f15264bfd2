-- What differs between the log of a run that failed and that of one of the same job that went well: steps, versions,
-- durations and lines. The result is plain data; `text` and `add` tell it to people.
local lines = require("lib.diagnose.compare_lines")
local steps = require("lib.diagnose.compare_steps")
local versions = require("lib.diagnose.compare_versions")

local M = {}

local most_new, most_missing, most_versions, most_steps = 40, 20, 50, 50

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

local function first_of(list, most)
    local some = {}
    for at = 1, math.min(#list, most) do some[at] = list[at] end
    return some
end

--- Compares two logs. Memory does not grow with them: of very long ones the ends are compared.
---@param base kb.Base
---@param failed_log log_text.Log
---@param green_log log_text.Log
---@param options? { failed?: { scan?: kb.Scan, structure?: log_text.Structure }, what?: table }  what is known of the
---  failed log already; `what`: the green one's `name` and `url`, or `run` and `job`
---@return diagnose.Comparison
function M.logs(base, failed_log, green_log, options)
    options = options or {}
    local known = options.failed or {}
    local failed = known.structure or log_text.structure(known.scan or base:scan(failed_log), failed_log)
    local green = log_text.structure(base:scan(green_log), green_log)
    local changed, changed_all = versions.changes(versions.of(failed_log), versions.of(green_log), most_versions)
    local weight = log_text.salience
    local new = lines.only_in(failed_log, lines.learn(green_log))
    local missing = lines.only_in(green_log, lines.learn(failed_log), steps.shared_parts(failed, green))
    return {
        green = green_of(green_log, options.what), duration_s = duration(failed_log),
        steps = first_of(steps.changes(failed, green), most_steps),
        versions = changed, versions_all = changed_all,
        new_lines = lines.foremost(new, most_new, weight), new_lines_all = #new,
        missing_lines = lines.foremost(missing, most_missing, weight), missing_lines_all = #missing,
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
    local told = { summary(comparison) }
    local parts = parts_of(comparison)
    for _, part in ipairs(parts) do
        told[#told + 1] = part[1] .. ":"
        for _, one in ipairs(part[2]) do told[#told + 1] = "- " .. part[3](one) end
    end
    if #parts == 0 then told[#told + 1] = "Nothing differs but numbers, times and hashes." end
    return told
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
