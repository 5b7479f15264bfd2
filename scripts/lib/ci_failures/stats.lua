-- What failures cost: how many there are, how long they last, and which causes take most of the machines' time.
local averages = require("lib.averages")
local conclusions = require("lib.conclusions")
local store_of = require("lib.ci_failures.store")
local characters = require("uhost.notify.text")
local untrusted = require("lib.ci_failures.untrusted")

local M = {}

local null = json.null
local max_top = 10

local function seconds_between(from, to) return time.parse(to) - time.parse(from) end

local function lost_minutes(failure)
    local sum = 0
    for _, occurrence in ipairs(failure.occurrences) do sum = sum + conclusions.lost_s(occurrence.job) / 60 end
    return sum
end

local function week_of(instant) return time.date(time.start_of("week", time.parse(instant))) end

-- Failed runs by week, also of weeks without any.
local function trend_of(failures, since)
    local counts, weeks = {}, {}
    for _, failure in ipairs(failures) do
        for _, occurrence in ipairs(failure.occurrences) do
            local week = week_of(occurrence.run.created_at)
            counts[week] = (counts[week] or 0) + 1
        end
    end
    local week = time.start_of("week", since)
    while week <= time.now() do
        local day = time.date(week)
        weeks[#weeks + 1] = { week = day, failures = counts[day] or 0 }
        week = time.add(week, "1 week")
    end
    return weeks
end

local function top_of(failures)
    local list = {}
    for _, failure in ipairs(failures) do
        list[#list + 1] = {
            fingerprint = failure.fingerprint, workflow = failure.workflow, job = failure.job,
            cause = untrusted.line(failure.cause.title), occurrences = #failure.occurrences,
            lost_minutes = lost_minutes(failure),
        }
    end
    table.sort(list, function(a, b)
        if a.lost_minutes ~= b.lost_minutes then return a.lost_minutes > b.lost_minutes end
        if a.occurrences ~= b.occurrences then return a.occurrences > b.occurrences end
        return a.fingerprint < b.fingerprint
    end)
    for i = #list, max_top + 1, -1 do list[i] = nil end
    return list
end

local function within(failures, since)
    local list = {}
    for _, failure in ipairs(failures) do
        local copy = setmetatable({ occurrences = {} }, { __index = failure })
        for _, occurrence in ipairs(failure.occurrences) do
            if occurrence.run.created_at >= since then table.insert(copy.occurrences, occurrence) end
        end
        if #copy.occurrences > 0 then list[#list + 1] = copy end
    end
    return list
end

--- Statistics of failures. Detection is from the beginning of the first failed run to its end, resolution from there to
--- the beginning of the first run in which the job succeeded again.
---@param failures ci_failures.Failure[]
---@param runs integer
---@param since number
---@return table
function M.of(failures, runs, since)
    failures = within(failures, time.iso(since))
    local detection, resolution, occurrences, open, lost = {}, {}, 0, 0, 0
    for _, failure in ipairs(failures) do
        local first = failure.occurrences[1].run
        occurrences, lost = occurrences + #failure.occurrences, lost + lost_minutes(failure)
        detection[#detection + 1] = math.max(0, seconds_between(first.created_at, first.updated_at))
        if failure.fixed_by then
            resolution[#resolution + 1] = math.max(0, seconds_between(first.updated_at, failure.fixed_by.created_at))
        else
            open = open + 1
        end
    end
    return {
        since = time.iso(since), runs = runs, failures = occurrences, causes = #failures, open = open,
        resolved = #failures - open, lost_minutes = lost, detection_mean_s = averages.mean(detection),
        detection_median_s = averages.median(detection), resolution_mean_s = averages.mean(resolution),
        resolution_median_s = averages.median(resolution), trend = trend_of(failures, since),
        top_causes = top_of(failures),
    }
end

local nullable = { "detection_mean_s", "detection_median_s", "resolution_mean_s", "resolution_median_s" }

local function as_json(statistics)
    local copy = tables.copy(statistics)
    for _, name in ipairs(nullable) do copy[name] = copy[name] or null end
    copy.trend, copy.top_causes = json.array(copy.trend), json.array(copy.top_causes)
    return copy
end

local function human(seconds) return seconds and time.human(seconds) or "nothing to measure" end

local function document(statistics)
    local out = report.new{ title = ("Failures of the CI of %s"):format(statistics.repository) }
    out:facts{
        { "Since", statistics.since }, { "Runs", statistics.runs }, { "Failures", statistics.failures },
        { "Distinct causes", statistics.causes }, { "Still open", statistics.open },
        { "Time to detection", human(statistics.detection_median_s) .. " (median)" },
        { "Time to resolution", ("%s (median), %s (mean)"):format(human(statistics.resolution_median_s),
            human(statistics.resolution_mean_s)) },
        { "Lost", ("%.0f minutes of machines"):format(statistics.lost_minutes) },
    }
    out:table{ title = "By week", columns = { { key = "week", title = "Week of" },
        { key = "failures", title = "Failures" } }, rows = statistics.trend }
    local rows = {}
    for i, each in ipairs(statistics.top_causes) do
        rows[i] = { job = ("%s › %s"):format(each.workflow, each.job), cause = characters.cut(each.cause, 160),
            occurrences = each.occurrences, lost = ("%.0f min"):format(each.lost_minutes) }
    end
    out:table{ title = "What costs most", empty = "Nothing has failed.", columns = {
        { key = "job", title = "Job" }, { key = "cause", title = "Cause" }, { key = "occurrences", title = "Failures" },
        { key = "lost", title = "Lost" } }, rows = rows }
    return out
end

--- `uhost ci_failures stats`.
---@param context ci_failures.Context
---@param options ci_failures.Options
---@param found ci_failures.Scan
---@param failures ci_failures.Failure[]
---@param deliver fun(text: string, options: ci_failures.Options)
---@return integer exit_code
function M.run(context, options, found, failures, deliver)
    local runs, since = 0, time.iso(options.since)
    for _, run in ipairs(found.runs) do runs = runs + (run.created_at >= since and 1 or 0) end
    local statistics = M.of(failures, runs, options.since)
    statistics.repository = found.repository
    store_of.keep_statistics(context.store, found.repository, as_json(statistics))
    local text = options.format == "json" and json.encode(as_json(statistics), { indent = 2 }) .. "\n"
        or document(statistics):render(options.format, { color = not options.output and term.color("stdout") })
    deliver(text, options)
    return 0
end

return M
