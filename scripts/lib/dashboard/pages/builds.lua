-- How long builds take: runs, the phases of their jobs, and what waited for a runner.
local changes = require("lib.metrics.changes")
local dataset = require("lib.dashboard.dataset")
local rules_of = require("lib.metrics.rules")

local max_phases = 6

-- The steps that take most of the time, and the job that does.
local function heaviest(context)
    local phases = {}
    for _, row in ipairs(context.builds:query([[SELECT p.name FROM metrics_runs r JOIN metrics_jobs j ON j.run_id = r.id
        JOIN metrics_steps p ON p.job_id = j.id WHERE r.repository = :repository AND r.created_at >= :since
        GROUP BY p.name ORDER BY sum(p.duration_s) DESC LIMIT :most]],
        { repository = context.repository, since = context.since, most = max_phases })) do
        phases[#phases + 1] = row.name
    end
    local job = context.builds:one([[SELECT j.name FROM metrics_runs r JOIN metrics_jobs j ON j.run_id = r.id
        WHERE r.repository = :repository AND r.created_at >= :since GROUP BY j.name
        ORDER BY sum(j.duration_s) DESC LIMIT 1]],
        { repository = context.repository, since = context.since })
    return phases, job and job.name
end

local of_run = {
    { name = "time", title = "Started (UTC)", type = "time", sql = "r.created_at" },
    { name = "workflow", title = "Workflow", type = "category", sql = "r.workflow" },
    { name = "branch", title = "Branch", type = "category", sql = "r.branch" },
    { name = "commit_sha", title = "Commit", type = "text", sql = "substr(r.commit_sha, 1, 10)" },
}

local function with(columns)
    local all = tables.copy(of_run)
    for _, column in ipairs(columns) do all[#all + 1] = column end
    return all
end

local function runs_of(context)
    return dataset.of_query(context.builds, {
        columns = with({
            { name = "conclusion", title = "Conclusion", type = "category", sql = "r.conclusion" },
            { name = "duration", title = "Duration", type = "duration", sql = "r.duration_s" },
            { name = "url", title = "Address", type = "text", sql = "nullif(r.url, '')" },
        }),
        from = [[metrics_runs r WHERE r.repository = :repository AND r.created_at >= :since
            AND r.duration_s IS NOT NULL]],
        order = "r.created_at", parameters = { repository = context.repository, since = context.since },
    })
end

-- A column for each of the heaviest phases, and one for all others.
local function jobs_of(context, phases)
    local parameters = { repository = context.repository, since = context.since }
    local columns = {
        { name = "job", title = "Job", type = "category", sql = "j.name" },
        { name = "platform", title = "Platform", type = "category", sql = "j.platform" },
        { name = "conclusion", title = "Conclusion", type = "category", sql = "j.conclusion" },
        { name = "duration", title = "Duration", type = "duration", sql = "j.duration_s" },
        { name = "queue", title = "Waited", type = "duration", sql = "j.queue_s" },
    }
    local others = {}
    for i, phase in ipairs(phases) do
        local name = "phase_" .. i
        parameters[name], others[i] = phase, "p.name <> :" .. name
        columns[#columns + 1] = { name = name, title = phase, type = "duration",
            sql = ("sum(p.duration_s) FILTER (WHERE p.name = :%s)"):format(name) }
    end
    if #phases > 0 then
        columns[#columns + 1] = { name = "others", title = "Other steps", type = "duration",
            sql = ("sum(p.duration_s) FILTER (WHERE %s)"):format(table.concat(others, " AND ")) }
    end
    -- CROSS JOIN keeps this order, in which jobs and their steps come grouped already.
    local jobs = "metrics_jobs j CROSS JOIN metrics_runs r ON r.id = j.run_id"
    local condition = "WHERE r.repository = :repository AND r.created_at >= :since AND j.duration_s IS NOT NULL"
    return dataset.of_query(context.builds, {
        columns = with(columns), parameters = parameters, order = "r.created_at",
        from = ("%s LEFT JOIN metrics_steps p ON p.job_id = j.id %s GROUP BY j.id, r.id"):format(jobs, condition),
        counted = { from = ("%s %s"):format(jobs, condition), parameters = { repository = context.repository,
            since = context.since } },
    })
end

local of_change = {
    { name = "time", title = "Since (UTC)", type = "time" },
    { name = "workflow", title = "Workflow", type = "category" },
    { name = "job", title = "Job", type = "category" },
    { name = "platform", title = "Platform", type = "category" },
    { name = "step", title = "Step", type = "text" },
    { name = "before", title = "Before", type = "duration" },
    { name = "after", title = "After", type = "duration" },
    { name = "change", title = "Change", type = "percent" },
    { name = "confidence", title = "Confidence", type = "percent" },
    { name = "commit_sha", title = "First commit", type = "text" },
    { name = "url", title = "Address", type = "text" },
}

local function row_of_change(context, change)
    local has_page = change.commit_sha ~= "" and context.repository:find("^[^/]+/[^/]+$")
    return {
        time = change.at, workflow = change.workflow, job = change.job ~= "" and change.job or "whole runs",
        platform = change.platform, step = change.step, before = change.before_s, after = change.after_s,
        change = change.percent / 100, confidence = change.confidence, commit_sha = change.commit_sha:sub(1, 10),
        url = has_page and ("https://github.com/%s/commit/%s"):format(context.repository, change.commit_sha) or nil,
    }
end

-- Where durations changed for good, on the branch that is built most.
local function changes_of(context)
    local rows = {}
    local filter = { repository = context.repository, since = context.since, branch = context.branch }
    for i, change in ipairs(changes.find(context.builds_too, filter, rules_of.load().data.changes)) do
        rows[i] = row_of_change(context, change)
    end
    return dataset.of_rows(of_change, rows)
end

local function phase_names(phases)
    local names = {}
    for i in ipairs(phases) do names[i] = "phase_" .. i end
    if #phases > 0 then names[#names + 1] = "others" end
    return names
end

local function views_of(phases)
    local views = {
        { name = "runs", title = "Runs", dataset = "runs", y = { "duration" }, points = true, unit = "runs",
            url = "url",
            text = "From the first job's beginning to the last one's end. A click on a point opens the run.",
            sort = "time",
            columns = { "time", "workflow", "branch", "commit_sha", "conclusion", "duration" } },
        { name = "changes", title = "Where build times changed", dataset = "changes", sort = "time", url = "url",
            columns = { "time", "job", "step", "before", "after", "change", "confidence", "commit_sha" },
            text = "Where the level of durations shifted, on the branch that is built most. Confidence: how seldom "
                .. "chance alone gives as much.",
            empty = "No lasting change was found." },
    }
    if #phases > 0 then
        views[#views + 1] = { name = "phases", title = "Phases of jobs", dataset = "jobs", y = phase_names(phases),
            stacked = true, unit = "jobs", sort = "time", marks = "changes",
            columns = { "time", "job", "platform", "branch", "conclusion", "duration", unpack(phase_names(phases)) } }
    end
    views[#views + 1] = { name = "queue", title = "Waiting for a runner", dataset = "jobs", y = { "queue" },
        points = true,
        unit = "jobs", group = "platform", sort = "95 % waited less than",
        measures = { { title = "Jobs", measure = "count" }, { title = "Median", measure = "p50", column = "queue" },
            { title = "95 % waited less than", measure = "p95", column = "queue", bar = true } } }
    return views
end

---@param context dashboard.Context
---@return dashboard.Page
return function(context)
    local changed = task.spawn(changes_of, context)  -- meanwhile, on another connection
    local phases, job = heaviest(context)
    return {
        name = "builds", title = "Build times", filters = { "time", "workflow", "branch", "platform", "job" },
        defaults = { job = job }, views = views_of(phases),
        datasets = { runs = runs_of(context), jobs = jobs_of(context, phases), changes = changed:await() },
    }
end
