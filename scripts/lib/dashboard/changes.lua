-- Where the durations of jobs changed for good: when, by how much, in which step, and the commit that was the first.
local dataset = require("lib.dashboard.dataset")

local M = {}

-- Shifts that are smaller than this are nothing to look at.
local min_ratio = 0.03

-- How many jobs before and after a change say which step changed.
local neighbours = 20

local columns = {
    { name = "time", title = "Since (UTC)", type = "time" },
    { name = "workflow", title = "Workflow", type = "category" },
    { name = "job", title = "Job", type = "category" },
    { name = "platform", title = "Platform", type = "category" },
    { name = "step", title = "Step", type = "text" },
    { name = "before", title = "Before", type = "duration" },
    { name = "after", title = "After", type = "duration" },
    { name = "change", title = "Change", type = "percent" },
    { name = "chance", title = "Chance alone", type = "percent" },
    { name = "commit_sha", title = "First commit", type = "text" },
    { name = "url", title = "Address", type = "text" },
}

-- Jobs that succeeded, a row for each series, its values as JSON in the order of time.
local series_of = [[
    SELECT workflow, job, platform, json_group_array(duration_s) AS durations, json_group_array(id) AS ids
    FROM (SELECT r.workflow, j.name AS job, j.platform, j.duration_s, j.id FROM metrics_runs r
        JOIN metrics_jobs j ON j.run_id = r.id WHERE r.repository = :repository AND r.created_at >= :since
        AND j.conclusion IN ('success', '') AND j.duration_s IS NOT NULL
        ORDER BY r.workflow, j.name, j.platform, r.created_at, r.id, j.id)
    GROUP BY workflow, job, platform]]

local function step_medians(builds, ids, first, last)
    local found, list = {}, {}
    for i = math.max(first, 1), math.min(last, #ids) do list[#list + 1] = ids[i] end
    local rows = builds:query([[SELECT name, json_group_array(duration_s) AS durations FROM metrics_steps
        WHERE job_id IN (SELECT value FROM json_each(?)) AND duration_s IS NOT NULL GROUP BY name]],
            { json.encode(list) })
    for _, row in ipairs(rows) do found[row.name] = metrics.quantiles(json.decode(row.durations), { 0.5 })[1] end
    return found
end

-- The step whose median changed most; nil when no step is known.
local function changed_step(builds, ids, index)
    local before = step_medians(builds, ids, index - neighbours, index - 1)
    local after = step_medians(builds, ids, index, index + neighbours - 1)
    local most, name = 0, nil
    for _, step in ipairs(tables.sorted_keys(before)) do
        local change = math.abs((after[step] or 0) - before[step])
        if change > most then most, name = change, step end
    end
    return name
end

local function row_of(builds, series, ids, change)
    local run = builds:one([[SELECT r.created_at, r.commit_sha, r.repository FROM metrics_jobs j
        JOIN metrics_runs r ON r.id = j.run_id WHERE j.id = ?]], { ids[change.index] })
    local has_page = run.commit_sha ~= "" and run.repository:find("^[^/]+/[^/]+$")
    return {
        time = run.created_at, workflow = series.workflow, job = series.job, platform = series.platform,
        step = changed_step(builds, ids, change.index), before = change.before, after = change.after,
        change = change.after / change.before - 1, chance = change.p, commit_sha = run.commit_sha:sub(1, 10),
        url = has_page and ("https://github.com/%s/commit/%s"):format(run.repository, run.commit_sha) or nil,
    }
end

--- The dataset of changes, oldest first.
---@param context dashboard.Context
---@return string json
function M.dataset(context)
    local rows = {}
    for _, series in ipairs(context.builds:query(series_of,
        { repository = context.repository, since = context.since })) do
        local ids = json.decode(series.ids)
        for _, change in ipairs(metrics.change_points(json.decode(series.durations), { min_ratio = min_ratio })) do
            rows[#rows + 1] = row_of(context.builds, series, ids, change)
        end
    end
    table.sort(rows, function(a, b) return a.time < b.time end)
    return dataset.of_rows(columns, rows)
end

return M
