-- How long runs, jobs and steps take, how long jobs wait, and what that costs.
local conclusions = require("lib.conclusions")
local store_of = require("lib.metrics.store")

local M = {}

local function p50_p95(values)
    if #values == 0 then return nil, nil end
    return unpack(metrics.quantiles(values, { 0.5, 0.95 }))
end

-- One row for each key, in the order in which they come.
local function rows_by_key()
    local rows = { by_key = {} }
    function rows.at(key, fields)
        local row = rows.by_key[key]
        if not row then
            row = fields
            row.count, row.failed, row.minutes, row.cost, row.values, row.queue = 0, 0, 0, 0, {}, {}
            rows.by_key[key], rows[#rows + 1] = row, row
        end
        return row
    end
    return rows
end

local function add(row, job, minutes, cost)
    row.count, row.minutes, row.cost = row.count + 1, row.minutes + minutes, row.cost + cost
    if conclusions.is_failure(job.conclusion) then row.failed = row.failed + 1 end
    if job.conclusion == "success" then row.values[#row.values + 1] = job.duration_s end
    if job.queue_s then row.queue[#row.queue + 1] = job.queue_s end
end

-- Rows with their quantiles in place of the values, the most expensive in time first.
local function finished(rows)
    local list = {}
    for i, row in ipairs(rows) do
        row.p50_s, row.p95_s = p50_p95(row.values)
        row.queue_p50_s, row.queue_p95_s = p50_p95(row.queue)
        row.values, row.queue = nil, nil
        list[i] = row
    end
    table.sort(list, function(a, b)
        if a.minutes ~= b.minutes then return a.minutes > b.minutes end
        return (a.job or a.platform or "") < (b.job or b.platform or "")
    end)
    return list
end

--- Jobs by name, and platforms, with what they take and cost; and the sum of all.
---@param store db.Connection
---@param filter metrics.Filter
---@param rules metrics.Rules
---@return { jobs: table[], platforms: table[], total: table }
function M.jobs(store, filter, rules)
    local jobs, platforms = rows_by_key(), rows_by_key()
    local total = { jobs = 0, minutes = 0, cost = 0, queue_s = 0 }
    for job in store_of.jobs(store, filter) do
        if job.duration_s then
            local minutes, cost = rules.cost(job)
            local key = table.concat({ job.workflow, job.name, job.platform, job.arch, job.variant }, "\0")
            add(jobs.at(key, { workflow = job.workflow, job = job.name, platform = job.platform, arch = job.arch,
                variant = job.variant }), job, minutes, cost)
            add(platforms.at(job.platform .. "\0" .. job.arch, { platform = job.platform, arch = job.arch }), job,
                minutes, cost)
            total.jobs, total.minutes, total.cost = total.jobs + 1, total.minutes + minutes, total.cost + cost
            total.queue_s = total.queue_s + (job.queue_s or 0)
        end
    end
    return { jobs = finished(jobs), platforms = finished(platforms), total = total }
end

--- Steps of jobs, those that take most of the time first.
---@param store db.Connection
---@param filter metrics.Filter
---@param limit integer
---@return { workflow: string, job: string, step: string, count: integer, p50_s: number, p95_s: number,
---    minutes: number }[]
function M.steps(store, filter, limit)
    local list, current, values = {}, nil, {}
    local function close()
        if current then
            current.count, current.minutes = #values, 0
            for _, value in ipairs(values) do current.minutes = current.minutes + value / 60 end
            current.p50_s, current.p95_s = p50_p95(values)
            list[#list + 1] = current
        end
    end
    local last_key
    for point in store_of.durations(store, "step", filter) do
        local key = table.concat({ point.repository, point.source, point.workflow, point.job, point.platform,
            point.arch, point.variant, point.step }, "\0")
        if key ~= last_key then
            close()
            last_key, values = key, {}
            current = { workflow = point.workflow, job = point.job, platform = point.platform, arch = point.arch,
                variant = point.variant, step = point.step }
        end
        values[#values + 1] = point.value
    end
    close()
    return seq(list):sort_by("minutes", "descending"):take(limit):list()
end

local function week_of(at) return time.date(time.start_of("week", at)) end

--- Runs as a whole: how many, how they ended, how long the successful ones took, by branch and week.
---@param store db.Connection
---@param filter metrics.Filter
---@return { count: integer, succeeded: integer, failed: integer, p50_s: number?, p95_s: number?,
---    branches: table[], weeks: table[] }
function M.runs(store, filter)
    local branches, weeks, all = rows_by_key(), rows_by_key(), {}
    local counts = { count = 0, succeeded = 0, failed = 0 }
    for run in store_of.runs(store, filter) do
        counts.count = counts.count + 1
        if run.conclusion == "success" then counts.succeeded = counts.succeeded + 1 end
        if conclusions.is_failure(run.conclusion) then counts.failed = counts.failed + 1 end
        local minutes = (run.duration_s or 0) / 60
        add(branches.at(run.branch, { branch = run.branch }), run, minutes, 0)
        add(weeks.at(week_of(run.created_at), { week = week_of(run.created_at) }), run, minutes, 0)
        if run.conclusion == "success" then all[#all + 1] = run.duration_s end
    end
    counts.p50_s, counts.p95_s = p50_p95(all)
    counts.branches = seq(finished(branches)):sort_by("count", "descending"):list()
    counts.weeks = seq(finished(weeks)):sort_by("week"):list()
    return counts
end

-- Comparisons ---------------------------------------------------------------------------------------------------------

-- Of each side of a comparison, the newest values count: enough for any certainty.
local max_sample, min_sample = 400, 5

local function newest(values)
    return seq(values):drop(math.max(0, #values - max_sample)):list()
end

-- By how much the second sample differs from the first; nothing where either is too small.
local function compared(row, before, after)
    if #before < min_sample or #after < min_sample then return end
    local found = metrics.compare(newest(before), newest(after))
    row.against_p50_s, row.p = found.before, found.p
    row.percent = found.before > 0 and 100 * (found.after / found.before - 1) or nil
end

local function without_matrix(name) return (name:gsub("%s*%b()%s*$", "")) end

-- The durations of each job, by its name without the matrix, and platform.
local function by_platform(store, filter)
    local jobs, order = {}, {}
    for point in store_of.durations(store, "job", filter) do
        if point.platform ~= "" then
            local name = without_matrix(point.job)
            local key = point.workflow .. "\0" .. name
            if not jobs[key] then
                jobs[key] = { workflow = point.workflow, job = name, platforms = {} }
                order[#order + 1] = jobs[key]
            end
            local platform = (point.platform .. " " .. point.arch):gsub(" $", "")
            jobs[key].platforms[platform] = jobs[key].platforms[platform] or {}
            table.insert(jobs[key].platforms[platform], point.value)
        end
    end
    return order
end

--- The same job on several platforms: how long it takes on each, against the one where it is fastest.
---@param store db.Connection
---@param filter metrics.Filter
---@return { workflow: string, job: string, platform: string, count: integer, p50_s: number, against: string?,
---    against_p50_s: number?, percent: number?, p: number? }[]
function M.across_platforms(store, filter)
    local list = {}
    for _, job in ipairs(by_platform(store, filter)) do
        local rows = {}
        for platform, values in pairs(job.platforms) do
            rows[#rows + 1] = { workflow = job.workflow, job = job.job, platform = platform, count = #values,
                p50_s = metrics.quantiles(values, { 0.5 })[1] }
        end
        rows = seq(rows):sort_by("platform"):sort_by("p50_s"):list()
        for i, row in ipairs(#rows > 1 and rows or {}) do
            if i > 1 then
                row.against = rows[1].platform
                compared(row, job.platforms[row.against], job.platforms[row.platform])
            end
            list[#list + 1] = row
        end
    end
    return list
end

--- Branches against one of them: how long runs of the same workflows take that succeeded.
---@param store db.Connection
---@param filter metrics.Filter
---@param against string
---@param limit integer  so many branches, those with most runs
---@return { branch: string, workflow: string, count: integer, p50_s: number, against_p50_s: number?, percent: number?,
---    p: number? }[]
function M.across_branches(store, filter, against, limit)
    local of_runs = tables.copy(filter)
    of_runs.conclusion, of_runs.branch = "success", nil
    local rows, by_key = {}, {}
    for point in store_of.durations(store, "run", of_runs) do
        local key = point.workflow .. "\0" .. point.branch
        if not by_key[key] then
            by_key[key] = { branch = point.branch, workflow = point.workflow, values = {} }
            rows[#rows + 1] = by_key[key]
        end
        table.insert(by_key[key].values, point.value)
    end
    local function size(row) return #row.values end
    local list = seq(rows):filter(function(row) return row.branch ~= against end):top(limit, size):list()
    for _, row in ipairs(list) do
        local base = by_key[row.workflow .. "\0" .. against]
        row.count, row.p50_s = #row.values, metrics.quantiles(row.values, { 0.5 })[1]
        compared(row, base and base.values or {}, row.values)
    end
    for _, row in ipairs(list) do row.values = nil end
    return list
end

--- How durations drift: the median of all slopes between two weeks (Sen, "Estimates of the regression coefficient based
--- on Kendall's tau", Journal of the American Statistical Association 63, 1968), as a part of the median week, for a
--- month; nil of fewer than four weeks.
---@param weeks { week: string, p50_s: number? }[]
---@return number? percent_per_month
function M.trend(weeks)
    local points, slopes, levels = {}, {}, {}
    for _, week in ipairs(weeks) do
        if week.p50_s then
            points[#points + 1] = { at = time.parse(week.week) / (30 * 86400), value = week.p50_s }
            levels[#levels + 1] = week.p50_s
        end
    end
    if #points < 4 then return nil end
    for i, first in ipairs(points) do
        for k = i + 1, #points do
            slopes[#slopes + 1] = (points[k].value - first.value) / (points[k].at - first.at)
        end
    end
    local level = metrics.quantiles(levels, { 0.5 })[1]
    return level > 0 and 100 * metrics.quantiles(slopes, { 0.5 })[1] / level or nil
end

return M
