-- `uhost metrics export`: what is known, for other programs.
local command_line = require("lib.command_line")
local families_of = require("lib.metrics.families")
local otlp = require("lib.metrics.otlp")
local prometheus = require("lib.metrics.prometheus")
local rules_of = require("lib.metrics.rules")
local show = require("lib.metrics.show")
local store_of = require("lib.metrics.store")

local M = {}

-- Gives the rows of `list` that belong to `id`, as long as they are next.
local function follower(list, field)
    local next_row = list()
    return function(id)
        local rows = {}
        while next_row and next_row[field] == id do
            rows[#rows + 1] = next_row
            next_row = list()
        end
        return rows
    end
end

-- Iterates over runs, oldest first; each has `jobs`, and each job `steps`: three lists in the same order, side by side
-- and in constant memory. A filter for jobs leaves other jobs out.
local function each_tree(store, filter)
    local runs = store_of.runs(store, filter)
    local jobs_of = follower(store_of.jobs(store, filter), "run_id")
    local steps_of = follower(store_of.steps(store, filter), "job_id")
    return function()
        local run = runs()
        if not run then return nil end
        run.jobs = jobs_of(run.id)
        for _, job in ipairs(run.jobs) do job.steps = steps_of(job.id) end
        return run
    end
end

-- Where parts go: to standard output as they come, or to a file, which appears whole.
local function sink_of(options)
    if not options.output then
        return { write = function(text) io.write(text) end, close = function() end }
    end
    local parts = {}
    return {
        write = function(text) parts[#parts + 1] = text end,
        close = function() command_line.write_report(options.output, table.concat(parts)) end,
    }
end

local function as_prometheus(store, filter, options, sink)
    local text = prometheus.text(families_of.of(store, filter, rules_of.load()))
    if options.pushgateway then return prometheus.push(options.pushgateway, filter.repository, text, options.user) end
    sink.write(text)
end

local runs_at_once = 100

-- A line for each request, metrics first, as OpenTelemetry's file exporters write them.
local function as_otlp(store, filter, options, sink)
    local function give(signal, request)
        if options.endpoint then return otlp.send(options.endpoint, signal, request, options.user) end
        sink.write(json.encode(request) .. "\n")
    end
    give("metrics", otlp.metrics(filter.repository, families_of.of(store, filter, rules_of.load()),
        math.floor(filter.since), math.floor(time.now())))
    local runs = {}
    for run in each_tree(store, filter) do
        runs[#runs + 1] = run
        if #runs == runs_at_once then
            give("traces", otlp.traces(filter.repository, runs))
            runs = {}
        end
    end
    if #runs > 0 then give("traces", otlp.traces(filter.repository, runs)) end
end

local columns = seq({ "repository", "source", "workflow", "number", "attempt", "branch", "commit_sha", "event",
    "pull", "run_conclusion", "created_at", "job", "platform", "arch", "variant", "runner", "conclusion", "queue_s",
    "duration_s", "cost", "url" }):map(function(name) return { key = name } end):list()
local rows_at_once = 2000

local function csv_of(rows, is_first)
    local text = report.new():table{ columns = columns, rows = rows }:render("csv")
    return is_first and text or (text:gsub("^[^\n]*\n", "", 1))
end

local function as_csv(store, filter, _, sink)
    local rules, rows, is_first = rules_of.load(), {}, true
    local function give()
        sink.write(csv_of(rows, is_first))
        rows, is_first = {}, false
    end
    for job in store_of.jobs(store, filter) do
        local _, cost = rules.cost(job)
        job.job, job.created_at, job.cost = job.name, time.iso(job.run_created_at), cost
        rows[#rows + 1] = job
        if #rows == rows_at_once then give() end
    end
    if is_first or #rows > 0 then give() end
end

local function iso(at) return at and time.iso(at) or json.null end

local function step_as_json(step)
    return { name = step.name, conclusion = step.conclusion, started_at = iso(step.started_at),
        duration_s = step.duration_s or json.null }
end

local function job_as_json(job)
    local steps = {}
    for i, step in ipairs(job.steps) do steps[i] = step_as_json(step) end
    return {
        name = job.name, attempt = job.attempt, platform = job.platform, arch = job.arch, variant = job.variant,
        runner = job.runner, conclusion = job.conclusion, url = job.url, started_at = iso(job.started_at),
        queue_s = job.queue_s or json.null, duration_s = job.duration_s or json.null, steps = json.array(steps),
    }
end

local function run_as_json(run)
    local jobs = {}
    for i, job in ipairs(run.jobs) do jobs[i] = job_as_json(job) end
    return {
        source = run.source, key = run.key, workflow = run.workflow, event = run.event, branch = run.branch,
        commit_sha = run.commit_sha, number = run.number or json.null, attempt = run.attempt,
        pull = run.pull or json.null, conclusion = run.conclusion, url = run.url, created_at = iso(run.created_at),
        started_at = iso(run.started_at), completed_at = iso(run.completed_at), queue_s = run.queue_s or json.null,
        duration_s = run.duration_s or json.null, jobs = json.array(jobs),
    }
end

local function as_json(store, filter, _, sink)
    sink.write(('{"repository": %s, "since": %s, "runs": ['):format(json.encode(filter.repository),
        json.encode(time.iso(filter.since))))
    local separator = "\n"
    for run in each_tree(store, filter) do
        sink.write(separator .. json.encode(run_as_json(run)))
        separator = ",\n"
    end
    sink.write("\n]}\n")
end

local writers = { prometheus = as_prometheus, otlp = as_otlp, csv = as_csv, json = as_json }

---@param store db.Connection
---@param options metrics.Options
---@return integer exit_code
function M.run(store, options)
    local filter = show.filter(show.repository(store, options), options)
    local sink = sink_of(options)
    writers[options.format](store, filter, options, sink)
    if not options.pushgateway and not options.endpoint then sink.close() end
    return 0
end

return M
