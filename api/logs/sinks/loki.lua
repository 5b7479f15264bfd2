-- Grafana Loki: https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs. Runs, jobs, steps and lines
-- are structured metadata, since each value of a label makes a stream of its own.
local M = {}

M.limits = { lines = 2000, bytes = 2 ^ 20, per_second = 10 }
M.auth = { secret = "LOKI_TOKEN", scheme = "Bearer" }
M.hosts = { "*.grafana.net" }

---@param batch logs.Batch
---@param sink logs.Sink
---@return table payload
function M.render(batch, sink)
    local values = {}
    for i, entry in ipairs(batch.entries) do
        values[i] = { entry.at_ns, entry.line, { run = batch.run, job = batch.job, step = entry.step,
            line = tostring(entry.number), commit = batch.commit } }
    end
    return {
        path = "/loki/api/v1/push", gzip = true, headers = { ["X-Scope-OrgID"] = sink.tenant },
        json = { streams = { { stream = batch.labels, values = values } } },
    }
end

return M
