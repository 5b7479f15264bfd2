-- Metrics of builds, as Prometheus and OpenTelemetry both take them: families of samples with labels.
local durations = require("lib.metrics.durations")
local store_of = require("lib.metrics.store")

local M = {}

---@class metrics.Sample
---@field labels table<string, string>
---@field value number?  of a gauge
---@field quantiles { [1]: number, [2]: number }[]?  of a summary: probability and value
---@field count integer?
---@field sum number?

---@class metrics.Family
---@field name string  as Prometheus spells it
---@field help string
---@field unit string  as OpenTelemetry spells it (UCUM)
---@field type "gauge"|"summary"
---@field samples metrics.Sample[]

local probabilities = { 0.5, 0.95 }

local function summary_of(values, labels)
    local sum, quantiles = 0, {}
    for _, value in ipairs(values) do sum = sum + value end
    for i, value in ipairs(metrics.quantiles(values, probabilities)) do quantiles[i] = { probabilities[i], value } end
    return { labels = labels, quantiles = quantiles, count = #values, sum = sum }
end

local names = { "workflow", "job", "step", "platform", "arch", "variant" }

-- The labels of a point. "job" is Prometheus's own word for what it scrapes.
local function labels_of(repository, point)
    local labels = { repository = repository }
    for _, name in ipairs(names) do
        if point[name] and point[name] ~= "" then labels[name == "job" and "job_name" or name] = point[name] end
    end
    return labels
end

local function duration_family(store, of, filter, name, help)
    local samples, values, last_key, labels = {}, {}, nil, nil
    local function close()
        if #values > 0 then samples[#samples + 1] = summary_of(values, labels) end
    end
    for point in store_of.durations(store, of, filter) do
        local key = table.concat({ point.workflow, point.job, point.step, point.platform, point.arch, point.variant },
            "\0")
        if key ~= last_key then
            close()
            last_key, values, labels = key, {}, labels_of(filter.repository, point)
        end
        values[#values + 1] = point.value
    end
    close()
    return { name = name, help = help, unit = "s", type = "summary", samples = samples }
end

local function gauge(name, help, unit)
    return { name = name, help = help, unit = unit, type = "gauge", samples = {} }
end

-- Gives the sample of each combination of labels; samples are in the order in which they come first.
local function samples_of(family)
    local by_key = {}
    return function(labels)
        local parts = {}
        for _, name in ipairs(tables.sorted_keys(labels)) do parts[#parts + 1] = name .. "=" .. labels[name] end
        local key = table.concat(parts, "\0")
        if not by_key[key] then
            by_key[key] = { labels = labels, value = 0 }
            table.insert(family.samples, by_key[key])
        end
        return by_key[key]
    end
end

local function count(sample) sample.value = sample.value + 1 end

local function run_family(store, filter)
    local family = gauge("uhost_ci_runs", "Runs in the period, by how they ended.", "{run}")
    local at = samples_of(family)
    for run in store_of.runs(store, filter) do
        count(at({ repository = run.repository, workflow = run.workflow,
            conclusion = run.conclusion == "" and "none" or run.conclusion }))
    end
    return family
end

local function cost_families(store, filter, rules)
    local seconds = gauge("uhost_ci_machine_seconds", "Time that jobs took of machines in the period.", "s")
    local cost = gauge("uhost_ci_cost", "What jobs cost in the period, by policies/metrics.lua.", "{money}")
    for _, row in ipairs(durations.jobs(store, filter, rules).jobs) do
        local labels = labels_of(filter.repository, row)
        table.insert(seconds.samples, { labels = labels, value = row.minutes * 60 })
        local priced = tables.copy(labels)
        priced.currency = rules.data.currency
        table.insert(cost.samples, { labels = priced, value = row.cost })
    end
    return seconds, cost
end

local function cache_family(store, filter)
    local family = gauge("uhost_ci_cache_uses", "Uses of caches in the period, by whether they hit.", "{use}")
    local at = samples_of(family)
    for use in store_of.cache_uses(store, filter) do
        local labels = labels_of(filter.repository, use)
        labels.cache, labels.result = use.name, use.hit == 1 and "hit" or "miss"
        count(at(labels))
    end
    return family
end

local function artifact_family(store, filter)
    local family = gauge("uhost_ci_artifact_size_bytes", "Size of the newest artifact of each name.", "By")
    local at = samples_of(family)
    for artifact in store_of.artifacts(store, filter) do
        at({ repository = filter.repository, workflow = artifact.workflow, artifact = artifact.name }).value =
            artifact.size_bytes
    end
    return family
end

local function test_family(store, filter)
    local family = gauge("uhost_ci_tests", "Results of tests in the period.", "{test}")
    local at = samples_of(family)
    for test in store_of.tests(store, filter) do
        count(at({ repository = filter.repository, job_name = test.job, outcome = test.outcome }))
    end
    return family
end

-- Each measure's newest value; those of syncs and audits may be older than the period.
local function measure_family(store, filter)
    local family = gauge("uhost_measure", "The newest number of syncs, audits, failures and caches, by name.", "1")
    local at = samples_of(family)
    for measure in store_of.measures(store, { repository = filter.repository }) do
        at({ repository = filter.repository, name = measure.name, subject = measure.subject }).value = measure.value
    end
    return family
end

--- All families that have samples.
---@param store db.Connection
---@param filter metrics.Filter  with a repository
---@param rules metrics.Rules
---@return metrics.Family[]
function M.of(store, filter, rules)
    local of_runs = tables.copy(filter)
    of_runs.conclusion = "success"
    local seconds, cost = cost_families(store, filter, rules)
    local list = {
        run_family(store, filter),
        duration_family(store, "run", of_runs, "uhost_ci_run_duration_seconds", "How long runs took that succeeded."),
        duration_family(store, "job", filter, "uhost_ci_job_duration_seconds", "How long jobs took that succeeded."),
        duration_family(store, "queue", filter, "uhost_ci_job_queue_seconds", "How long jobs waited for a runner."),
        duration_family(store, "step", filter, "uhost_ci_step_duration_seconds", "How long steps took that succeeded."),
        seconds, cost, cache_family(store, filter), artifact_family(store, filter), test_family(store, filter),
        measure_family(store, filter),
    }
    return seq(list):filter(function(family) return #family.samples > 0 end):list()
end

return M
