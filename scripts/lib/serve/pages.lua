-- What `uhost serve` shows: health, numbers for Prometheus, and the dashboard.
local store_of = require("lib.serve.store")

local M = {}

local max_readers = 128

-- Health --------------------------------------------------------------------------------------------------------------

function M.health()
    return { json = { status = "ok", version = uhost.version, timestamp = time.iso(time.now()) } }
end

-- Whether it can do its work: the store can be written, and it is not about to end.
function M.readiness(context)
    if context.is_stopping() then return { status = 503, json = { status = "stopping" } } end
    local problem = context.health.problem()
    if problem then return { status = 503, json = { status = "unready", reason = problem } } end
    return { json = { status = "ready" } }
end

-- Numbers -------------------------------------------------------------------------------------------------------------

local function samples(lines, name, kind, help, values, label)
    lines[#lines + 1] = ("# HELP %s %s\n# TYPE %s %s"):format(name, help, name, kind)
    if type(values) == "number" then
        lines[#lines + 1] = ("%s %.17g"):format(name, values)
        return
    end
    for _, key in ipairs(tables.sorted_keys(values)) do
        lines[#lines + 1] = ('%s{%s="%s"} %.17g'):format(name, label, key, values[key])
    end
end

-- The format: https://prometheus.io/docs/instrumenting/exposition_formats/
function M.metrics(context)
    local counts, lines = store_of.counts(context.store), {}
    samples(lines, "uhost_serve_deliveries_total", "counter", "Deliveries since the start, by how they were answered.",
        context.counters, "answer")
    samples(lines, "uhost_serve_deliveries", "gauge", "Deliveries in the store.", counts.deliveries, "state")
    samples(lines, "uhost_serve_jobs", "gauge", "Jobs in the store.", counts.jobs, "state")
    samples(lines, "uhost_serve_jobs_running", "gauge", "Jobs that run now.", context.pool.running)
    samples(lines, "uhost_serve_oldest_wait_seconds", "gauge", "How long the oldest that waits has waited.",
        counts.oldest_wait_s)
    samples(lines, "uhost_serve_start_time_seconds", "gauge", "When it was started.", context.started_at)
    return { headers = { ["Content-Type"] = "text/plain; version=0.0.4" }, body = table.concat(lines, "\n") .. "\n" }
end

-- The dashboard -------------------------------------------------------------------------------------------------------

local types = { html = "text/html; charset=utf-8", js = "text/javascript; charset=utf-8",
    css = "text/css; charset=utf-8" }

local page_headers = { ["X-Content-Type-Options"] = "nosniff", ["Referrer-Policy"] = "no-referrer",
    ["X-Frame-Options"] = "DENY" }

--- A handler of the dashboard's files; nil where it shows none of this name.
---@param context table
---@param request server.Request
---@return server.Response?
function M.dashboard(context, request)
    local name = request.path == "/" and "index.html" or request.path:sub(2)
    local text = context.site.files()[name]
    if not text then return nil end
    local headers = { ["Content-Type"] = types[name:match("%.(%w+)$")], ["Cache-Control"] = "no-cache" }
    for header, value in pairs(page_headers) do headers[header] = value end
    return { headers = headers, body = text }
end

local function send_changes(context, request)
    local events, seen = request:events(), context.site.version()
    while not context.is_stopping() do
        context.site.wait()
        local version = context.site.version()
        if version ~= seen then
            events:send({ event = "changed", id = version, data = "" })
            seen = version
        else
            events:keep_alive()
        end
    end
end

-- Says when the pages have changed, until the reader leaves. Readers stay, so they are few: webhooks need connections.
function M.events(context, request)
    if context.readers >= max_readers then
        return { status = 503, headers = { ["Retry-After"] = "60" }, body = "too many pages are watched\n" }
    end
    context.readers = context.readers + 1
    task.finally(function() send_changes(context, request) end, function() context.readers = context.readers - 1 end)
end

return M
