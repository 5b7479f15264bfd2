-- `uhost metrics show`: how builds do.
local byte_size = require("uhost.term.byte_size")
local changes_of = require("lib.metrics.changes")
local command_line = require("lib.command_line")
local durations = require("lib.metrics.durations")
local github_actions = require("lib.github_actions")
local health = require("lib.metrics.health")
local measures_of = require("lib.metrics.measures")
local rules_of = require("lib.metrics.rules")
local store_of = require("lib.metrics.store")

local M = {}

local max_steps, max_rows, max_branches = 25, 30, 10

--- The repository that a report is about: the one that is named, else the only one that something is known of.
---@param store db.Connection
---@param options metrics.Options
---@return string
function M.repository(store, options)
    local known = store_of.repositories(store)
    local name = options.github or fs.basename(fs.absolute("."))
    for _, each in ipairs(known) do
        if each == name then return each end
    end
    if not options.github and #known == 1 then return known[1] end
    local hint = #known > 0 and "there is something of " .. table.concat(known, ", ", 1, math.min(#known, 5))
        or "uhost metrics collect reads what there is"
    uhost.fail("usage", ("nothing is known of the builds of %s"):format(name), { hint = hint })
end

---@param repository string
---@param options metrics.Options
---@return metrics.Filter
function M.filter(repository, options)
    return {
        repository = repository, since = options.since, workflow = options.workflow, branch = options.branch,
        job = options.job, platform = options.platform, variant = options.variant,
    }
end

--- A probability for people.
---@param p number
---@return string
function M.probability(p) return p < 0.001 and "< 0.001" or ("%.3f"):format(p) end

local function model_of(store, options)
    local rules = rules_of.load()
    local repository = M.repository(store, options)
    local filter = M.filter(repository, options)
    local branch = options.branch or store_of.main_branch(store, repository) or ""
    local of_branch = tables.copy(filter)
    of_branch.branch = branch
    local jobs = durations.jobs(store, filter, rules)
    local runs = durations.runs(store, filter)
    return {
        repository = repository, since = options.since, branch = branch, currency = rules.data.currency,
        runs = runs, jobs = jobs.jobs, platforms = jobs.platforms, total = jobs.total,
        trend_percent_per_month = durations.trend(durations.runs(store, of_branch).weeks),
        across_platforms = durations.across_platforms(store, filter),
        across_branches = durations.across_branches(store, filter, branch, max_branches),
        steps = durations.steps(store, filter, max_steps),
        changes = changes_of.find(store, of_branch, rules.data.changes), caches = health.caches(store, filter),
        flakes = health.flakes(store, filter, rules), repair = health.repair(store, of_branch),
        -- A deployment may be of any branch, a tag for instance.
        dora = health.dora(store, { repository = repository, since = options.since }, branch, rules),
        cache_entries = store_of.cache_entries(store, repository),
        alerts = measures_of.firing(store, repository, rules),
    }
end

-- Documents -----------------------------------------------------------------------------------------------------------

local function human(seconds) return seconds and time.human(seconds) or "" end
local function money(cost, model) return ("%.2f %s"):format(cost, model.currency) end
local function percent(value) return value and ("%.0f %%"):format(value) or "" end
local function signed_percent(value) return value and ("%+.0f %%"):format(value) or "" end
local function short(sha) return sha:sub(1, 9) end
local function name_of(row) return row.step ~= "" and ("%s › %s"):format(row.job, row.step) or row.job end

local function table_of(out, title, empty, columns, list, row_of)
    local rows, named = {}, {}
    for i = 1, math.min(#list, max_rows) do rows[i] = row_of(list[i]) end
    -- ">" before a title aligns its column to the right; "=" keeps its cells in one line.
    for i, column in ipairs(columns) do
        local mark, name = column:match("^([>=]?)(.*)$")
        named[i] = { key = i, title = name, align = mark == ">" and "right" or nil, wrap = mark ~= "=" }
    end
    out:table{ title = title, empty = empty, columns = named, rows = rows }
    if #list > max_rows then out:text(("%d more are left out; --json has all."):format(#list - max_rows)) end
end

local function add_changes(out, model)
    table_of(out, ("What changed for good on %s"):format(model.branch), "Nothing has become slower or faster.",
        { "What", "=Since", "=Commit", ">Before", ">After", ">Change", ">Sure" }, model.changes, function(change)
            return { change.of == "run" and change.workflow or name_of(change), time.date(change.at),
                short(change.commit_sha), human(change.before_s), human(change.after_s),
                signed_percent(change.percent), ("%.1f %%"):format(100 * change.confidence) }
        end)
end

local function add_durations(out, model)
    table_of(out, "Jobs", "No job has run.", { "Job", ">Runs", ">Failed", ">p50", ">p95", ">Queue p50", ">Queue p95",
        ">Minutes", ">Cost" }, model.jobs, function(job)
        return { job.job, job.count, job.failed, human(job.p50_s), human(job.p95_s), human(job.queue_p50_s),
            human(job.queue_p95_s), ("%.0f"):format(job.minutes), money(job.cost, model) }
    end)
    table_of(out, "Steps that take most of the time", "No step has run.", { "Step", ">Runs", ">p50", ">p95",
        ">Minutes" }, model.steps, function(step)
        return { name_of(step), step.count, human(step.p50_s), human(step.p95_s), ("%.0f"):format(step.minutes) }
    end)
    table_of(out, "Platforms", "No job has run.", { "Platform", ">Jobs", ">Failed", ">p50", ">p95", ">Queue p50",
        ">Minutes", ">Cost" }, model.platforms, function(row)
        local name = (row.platform .. " " .. row.arch):match("^%s*(.-)%s*$")
        return { name == "" and "unknown" or name, row.count, row.failed, human(row.p50_s), human(row.p95_s),
            human(row.queue_p50_s), ("%.0f"):format(row.minutes), money(row.cost, model) }
    end)
    table_of(out, "The same job on several platforms", "No job runs on several.", { "Job", "Platform", ">Jobs", ">p50",
        ">Against the fastest", ">p" }, model.across_platforms, function(row)
            return { row.job, row.platform, row.count, human(row.p50_s), signed_percent(row.percent),
                row.p and M.probability(row.p) or "" }
        end)
    table_of(out, ("Branches against %s"):format(model.branch), "There are no others.", { "Branch", "Workflow",
        ">Runs", ">p50", ">Change", ">p" }, model.across_branches, function(row)
            return { row.branch == "" and "none" or row.branch, row.workflow, row.count, human(row.p50_s),
                signed_percent(row.percent), row.p and M.probability(row.p) or "" }
        end)
    table_of(out, "By week", "No run is known.", { "Week of", ">Runs", ">Failed", ">p50", ">p95" },
        seq(model.runs.weeks):sort_by("week", "descending"):take(12):list(), function(row)
            return { row.week, row.count, row.failed, human(row.p50_s), human(row.p95_s) }
        end)
end

local function add_health(out, model)
    table_of(out, "Caches", "No use of a cache is known.", { "Job", "Cache", ">Uses", ">Hits", ">A hit saves",
        ">Saved", ">Size" }, model.caches, function(cache)
        local is_sure = cache.p and cache.p < 0.01
        return { cache.job, cache.cache, cache.uses, percent(cache.hit_rate_percent),
            cache.saves_s and (is_sure and human(math.max(0, cache.saves_s)) or "nothing sure") or "",
            is_sure and ("%.0f min"):format(cache.saved_minutes) or "",
            cache.size_bytes and byte_size(cache.size_bytes) or "" }
    end)
    table_of(out, "Flaky jobs: both outcomes on one commit", "No job has flaked.", { "Job", ">Flakes",
        ">Lost", ">Cost", "Last" }, model.flakes.jobs, function(flake)
        return { flake.job, flake.flakes, ("%.0f min"):format(flake.minutes), money(flake.cost, model),
            time.date(flake.last_at) }
    end)
    table_of(out, "Flaky tests: both outcomes on one commit", "No test has flaked.", { "Suite", "Test", ">Commits" },
        model.flakes.tests, function(test) return { test.suite, test.test, test.commits } end)
end

local function add_facts(out, model)
    local runs, total = model.runs, model.total
    local queue_s = total.queue_s
    local facts = {
        { "Runs", ("%d since %s, %d succeeded, %d failed"):format(runs.count, time.date(model.since), runs.succeeded,
            runs.failed) },
        { "A run takes", runs.p50_s and ("%s (p50), %s (p95)"):format(human(runs.p50_s), human(runs.p95_s))
            or "not known" },
        { "Drift", model.trend_percent_per_month and ("%+.1f %% a month on %s"):format(model.trend_percent_per_month,
            model.branch) or "not known" },
        { "Machines", ("%.0f minutes, %s"):format(total.minutes, money(total.cost, model)) },
        { "In the queue", total.minutes > 0 and ("%.0f minutes, %.0f %% of all"):format(queue_s / 60,
            100 * queue_s / (queue_s + 60 * total.minutes)) or "not known" },
        { "Broken until repaired", model.repair.median_s and ("%s (median of %d)"):format(
            human(model.repair.median_s), model.repair.repaired) or "never broken" },
    }
    if model.dora then
        local dora = model.dora
        local restored = dora.restore_median_s and ", repaired after " .. human(dora.restore_median_s) or ""
        facts[#facts + 1] = { "Deployments", ("%d, %.1f a week; %s fail%s"):format(dora.deployments, dora.per_week,
            percent(dora.failure_rate_percent), restored) }
        facts[#facts + 1] = { "From commit to deployment", dora.lead_time_median_s and human(dora.lead_time_median_s)
            or "not known" }
    end
    out:facts(facts)
    if #model.alerts > 0 then
        local items = {}
        for i, alert in ipairs(model.alerts) do items[i] = ("%s: %s"):format(alert.severity, alert.message) end
        out:heading("Alerts")
        out:list(items)
    end
end

local function document(model)
    local out = report.new{ title = ("Builds of %s"):format(model.repository) }
    add_facts(out, model)
    add_changes(out, model)
    add_durations(out, model)
    add_health(out, model)
    return out
end

-- JSON ----------------------------------------------------------------------------------------------------------------

local function listed(list, transform)
    local copy = {}
    for i, row in ipairs(list) do copy[i] = transform and transform(tables.copy(row)) or row end
    return json.array(copy)
end

local function with_time(row)
    row.at = time.iso(row.at)
    return row
end

local function as_json(model)
    local copy = tables.copy(model)
    copy.since = time.iso(model.since)
    copy.trend_percent_per_month = copy.trend_percent_per_month or json.null
    copy.across_platforms, copy.across_branches = json.array(copy.across_platforms), json.array(copy.across_branches)
    copy.jobs, copy.platforms, copy.steps = json.array(copy.jobs), json.array(copy.platforms), json.array(copy.steps)
    copy.runs.branches, copy.runs.weeks = json.array(copy.runs.branches), json.array(copy.runs.weeks)
    copy.changes, copy.caches = listed(model.changes, with_time), json.array(copy.caches)
    copy.flakes.jobs = listed(model.flakes.jobs, function(flake)
        flake.last_at = time.iso(flake.last_at)
        return flake
    end)
    copy.flakes.tests, copy.dora = json.array(copy.flakes.tests), copy.dora or json.null
    copy.alerts = json.array(copy.alerts)
    copy.cache_entries = listed(model.cache_entries, function(entry)
        return { name = entry.name, ref = entry.ref, size_bytes = entry.size_bytes,
            created_at = time.iso(entry.created_at), last_used_at = time.iso(entry.last_used_at) }
    end)
    return json.encode(copy, { indent = 2 }) .. "\n"
end

--- Writes a report where the options say.
---@param text string
---@param options metrics.Options
function M.deliver(text, options)
    if options.output then return command_line.write_report(options.output, text) end
    io.write(github_actions.without_commands(text, options.format))
end

---@param store db.Connection
---@param options metrics.Options
---@return integer exit_code
function M.run(store, options)
    local model = model_of(store, options)
    M.deliver(options.format == "json" and as_json(model)
        or document(model):render(options.format, { color = not options.output and term.color("stdout") }), options)
    return 0
end

return M
