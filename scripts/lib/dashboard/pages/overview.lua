-- How everything is, at a glance.
local averages = require("lib.averages")
local conclusions = require("lib.conclusions")
local counted = require("lib.counted")
local dataset = require("lib.dashboard.dataset")
local reading = require("lib.metrics.reading")

local day_s = 86400
local month_s = 30 * day_s

local function percent(share) return ("%.0f %%"):format(share * 100) end

-- The share of runs on the branch that is pushed to most that succeeded in the last 30 days.
local function ci_health(context)
    local row = context.builds:one([[
        SELECT branch, count(*) AS runs, avg(CASE conclusion WHEN 'success' THEN 1.0 ELSE 0 END) AS share
        FROM metrics_runs
        WHERE repository = :repository AND created_at >= :since AND (conclusion = 'success' OR conclusion IN ]]
        .. conclusions.failures_sql .. [[) AND event <> 'pull_request' GROUP BY branch ORDER BY runs DESC LIMIT 1]],
        { repository = context.repository, since = context.now - month_s })
    if not row then
        return { title = "CI", value = "–", state = "unknown", note = "No run of the last 30 days is known.",
            page = "jobs" }
    end
    return { title = "CI", value = percent(row.share), page = "jobs",
        state = row.share >= 0.95 and "good" or row.share >= 0.8 and "warning" or "bad",
        note = ("of %s on %s in 30 days succeeded"):format(counted(row.runs, "run"), row.branch) }
end

local function median_between(context, from, to)
    local values = {}
    for run in reading.durations(context.builds, "run", { repository = context.repository, conclusion = "success",
        workflow = context.workflow, since = from, before = to }) do
        values[#values + 1] = run.value
    end
    return averages.median(values)
end

local function build_time(context)
    local now = median_between(context, context.now - 7 * day_s, context.now + day_s)
    local before = median_between(context, context.now - 37 * day_s, context.now - 7 * day_s)
    local card = { title = "Build time", page = "builds", value = now and time.human(now) or "–", state = "unknown",
        note = "No run of the last 7 days is known." }
    if not now then return card end
    card.note = ("median of %s in 7 days"):format(context.workflow)
    if before then
        local change = now / before - 1
        card.state = change > 0.25 and "bad" or change > 0.1 and "warning" or "good"
        card.note = ("%s; %+.0f %% against the 30 days before"):format(card.note, change * 100)
    end
    return card
end

local function failures(context)
    local row = context.history:one([[SELECT count(*) AS open FROM ci_fingerprints
        WHERE repository = ? AND state = 'open']], { context.repository })
    local seen = context.history:one("SELECT 1 AS seen FROM ci_runs WHERE repository = ? LIMIT 1",
        { context.repository })
    if not seen then
        return { title = "Failures", value = "–", state = "unknown", note = "Nobody has looked for them yet.",
            page = "failures" }
    end
    return { title = "Failures", value = tostring(row.open), page = "failures",
        state = row.open == 0 and "good" or "warning",
        note = row.open == 1 and "open issue of the CI" or "open issues of the CI" }
end

local function upstream(context)
    local sync = context.history:one([[SELECT project, to_version, status, started_at FROM sync_operations
        WHERE status <> 'rolled_back' ORDER BY id DESC LIMIT 1]])
    local card = { title = "Upstream", value = "–", state = "unknown", note = "No sync is known.", page = "syncs" }
    if not sync then return card end
    local check = context.history:one("SELECT newest FROM upstream_checks WHERE project = ?", { sync.project })
    local newest = check and check.newest
    card.value, card.note = sync.to_version, ("last sync with %s on %s"):format(sync.project, sync.started_at:sub(1,
        10))
    if sync.status == "failed" then
        card.state, card.note = "bad", card.note .. " failed"
    elseif newest and newest ~= sync.to_version then
        card.state, card.note = "warning", ("%s; the newest release is %s"):format(card.note, newest)
    else
        card.state = sync.status == "success" and "good" or "warning"
    end
    return card
end

local function audit(context)
    local row = context.builds:one([[SELECT sum(value) AS issues, max(at) AS at FROM metrics_measures m
        WHERE repository = :repository AND name = 'audit.needing_attention' AND at = (SELECT max(at)
            FROM metrics_measures n
        WHERE n.repository = m.repository AND n.name = m.name AND n.subject = m.subject)]],
        { repository = context.repository })
    if not row or not row.issues then
        return { title = "Audit", value = "–", state = "unknown", note = "No audit is known.", page = "audit" }
    end
    return { title = "Audit", value = ("%d"):format(row.issues), page = "audit",
        state = row.issues == 0 and "good" or "warning",
        note = ("%s attention, on %s"):format(row.issues == 1 and "issue needs" or "issues need", time.date(row.at)) }
end

local function alert_card(alerts)
    local worst = #alerts == 0 and "good" or "warning"
    for _, alert in ipairs(alerts) do
        if alert.severity == "critical" then worst = "bad" end
    end
    return { title = "Alerts", value = tostring(#alerts), state = worst,
        note = #alerts > 0 and alerts[1].title or "No limit of policies/alerts.lua is broken." }
end

local event_columns = {
    { name = "time", title = "Time (UTC)", type = "time", sql = "unixepoch(created_at)" },
    { name = "severity", title = "Severity", type = "category", sql = "severity" },
    { name = "kind", title = "Kind", type = "category", sql = "kind" },
    { name = "text", title = "What happened", type = "text", sql = "title" },
    { name = "url", title = "Address", type = "text", sql = "nullif(url, '')" },
}

local events_view = { name = "events", title = "What happened", dataset = "events", sort = "time", url = "url",
    columns = { "time", "severity", "kind", "text" }, empty = "No event is known." }

---@param context dashboard.Context
---@return dashboard.Page
return function(context)
    return {
        name = "index", title = "Overview", filters = { "time", "severity", "kind" },
        views = { events_view }, blocks = {
            { kind = "cards", cards = { ci_health(context), build_time(context), failures(context), upstream(context),
                audit(context), alert_card(require("lib.alerts").open(context.history)) } },
        },
        datasets = { events = dataset.of_query(context.history, { columns = event_columns, order = "id",
            from = "events WHERE created_at >= :since", parameters = { since = time.iso(context.since) } }) },
    }
end
