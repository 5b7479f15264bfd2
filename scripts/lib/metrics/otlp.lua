-- OpenTelemetry's protocol as JSON (https://opentelemetry.io/docs/specs/otlp/): metrics, and runs as traces. Names of
-- attributes are those of https://opentelemetry.io/docs/specs/semconv/registry/attributes/cicd/.
local M = {}

-- Integers of 64 bits are strings in OTLP's JSON.
local function nanoseconds(seconds) return ("%d000000000"):format(seconds) end

local function attribute(key, value)
    if type(value) == "number" then return { key = key, value = { doubleValue = value } } end
    return { key = key, value = { stringValue = value } }
end

local function attributes_of(values)
    local list = {}
    for _, key in ipairs(tables.sorted_keys(values)) do
        if values[key] ~= "" then list[#list + 1] = attribute(key, values[key]) end
    end
    return json.array(list)
end

local function resource(repository)
    return { attributes = attributes_of({ ["service.name"] = "uhost", ["vcs.repository.name"] = repository }) }
end

local scope = { name = "uhost.metrics" }

-- Metrics -------------------------------------------------------------------------------------------------------------

local function point_of(family, sample, from, to)
    local point = { attributes = attributes_of(sample.labels), startTimeUnixNano = nanoseconds(from),
        timeUnixNano = nanoseconds(to) }
    if family.type == "gauge" then
        point.asDouble = sample.value
        return point
    end
    point.count, point.sum = ("%d"):format(sample.count), sample.sum
    point.quantileValues = {}
    for i, quantile in ipairs(sample.quantiles) do
        point.quantileValues[i] = { quantile = quantile[1], value = quantile[2] }
    end
    return point
end

--- A request of metrics, as a table.
---@param repository string
---@param families metrics.Family[]
---@param from number  Unix seconds: the period
---@param to number
---@return table
function M.metrics(repository, families, from, to)
    local list = {}
    for i, family in ipairs(families) do
        local points = {}
        for place, sample in ipairs(family.samples) do points[place] = point_of(family, sample, from, to) end
        list[i] = { name = family.name, description = family.help, unit = family.unit,
            [family.type] = { dataPoints = points } }
    end
    return { resourceMetrics = { { resource = resource(repository), scopeMetrics = { { scope = scope,
        metrics = json.array(list) } } } } }
end

-- Traces --------------------------------------------------------------------------------------------------------------

local statuses = { success = 1, failure = 2, timed_out = 2, startup_failure = 2 }  -- OK, ERROR; else UNSET
local results = { success = "success", failure = "failure", timed_out = "timeout", cancelled = "cancellation",
    skipped = "skip", startup_failure = "error" }

-- The same run gives the same identifiers, whoever exports it and however often.
local function identifier(length, ...) return hash.text(table.concat({ ... }, "\0")):sub(1, length) end

local function span(trace, id, parent, name, from, to, conclusion, values)
    return {
        traceId = trace, spanId = id, parentSpanId = parent, name = name, kind = 1,
        startTimeUnixNano = nanoseconds(from), endTimeUnixNano = nanoseconds(math.max(from, to)),
        attributes = attributes_of(values), status = { code = statuses[conclusion] },
    }
end

local function add_job(spans, trace, run_id, run, job)
    local from = job.started_at
    local to = job.completed_at or from and from + math.ceil(job.duration_s or 0)
    if not from or not job.duration_s then return end
    local id = identifier(16, trace, job.key)
    spans[#spans + 1] = span(trace, id, run_id, job.name, from, to, job.conclusion, {
        ["cicd.pipeline.task.name"] = job.name, ["cicd.pipeline.task.run.id"] = job.key,
        ["cicd.pipeline.task.run.url.full"] = job.url,
        ["cicd.pipeline.task.run.result"] = results[job.conclusion] or "", ["host.arch"] = job.arch,
        ["os.type"] = job.platform, ["cicd.worker.name"] = job.runner,
        ["uhost.queue_s"] = job.queue_s, ["uhost.variant"] = job.variant, ["uhost.attempt"] = job.attempt,
        ["vcs.ref.head.revision"] = run.commit_sha,
    })
    for _, step in ipairs(job.steps) do
        if step.started_at and step.duration_s then
            spans[#spans + 1] = span(trace, identifier(16, trace, job.key, step.position), id, step.name,
                step.started_at, step.started_at + math.floor(step.duration_s + 0.5), step.conclusion, {})
        end
    end
end

local function add_run(spans, run)
    local from = run.started_at or run.created_at
    local trace = identifier(32, run.repository, run.source, run.key)
    local id = identifier(16, trace, "run")
    -- Attempts before the newest began earlier.
    for _, job in ipairs(run.jobs) do from = math.min(from, job.started_at or from) end
    spans[#spans + 1] = span(trace, id, nil, run.workflow, from,
        run.completed_at or from + math.ceil(run.duration_s or 0), run.conclusion, {
        ["cicd.pipeline.name"] = run.workflow, ["cicd.pipeline.run.id"] = run.key,
        ["cicd.pipeline.run.url.full"] = run.url, ["vcs.ref.head.name"] = run.branch,
        ["vcs.ref.head.revision"] = run.commit_sha, ["uhost.event"] = run.event,
        ["cicd.pipeline.result"] = results[run.conclusion] or "",
    })
    for _, job in ipairs(run.jobs) do add_job(spans, trace, id, run, job) end
end

--- A request of traces, one for each run, as a table.
---@param repository string
---@param runs metrics.Run[]  with their jobs and steps
---@return table
function M.traces(repository, runs)
    local spans = {}
    for _, run in ipairs(runs) do add_run(spans, run) end
    return { resourceSpans = { { resource = resource(repository), scopeSpans = { { scope = scope,
        spans = json.array(spans) } } } } }
end

-- Sending -------------------------------------------------------------------------------------------------------------

--- Sends a request to a collector.
---@param url string  of the collector
---@param signal "metrics"|"traces"
---@param request table
---@param user string?  of basic authentication
function M.send(url, signal, request, user)
    local target = ("%s/v1/%s"):format(url:gsub("/+$", ""), signal)
    local response = http.post(target, { json = request, repeatable = true, credential = metrics.credential(url, user),
        mutates = { kind = "metrics.export", target = url, summary = ("send %s"):format(signal) } })
    if response.planned then return end
    if not response.ok then
        uhost.fail("metrics.export", ("the collector at %s answered with %d"):format(url, response.status),
            { hint = response.status == 401 and "set METRICS_TOKEN, and --user NAME where it wants basic authentication"
                or "it has to take OTLP over HTTP, usually at port 4318", details = { status = response.status } })
    end
    local ok, answer = pcall(json.decode, response.body)
    local partial = ok and type(answer) == "table" and answer.partialSuccess
    if type(partial) == "table" and (partial.errorMessage or "") ~= "" then
        log.warn(("the collector took a part of the %s: %s"):format(signal, term.untrusted(partial.errorMessage)))
    end
end

return M
