-- Datadog logs, v2 of the intake: https://docs.datadoghq.com/api/latest/logs/#send-logs. A request may have 1,000 logs
-- and 5 MB, a log 1 MB.
local M = {}

M.limits = { lines = 1000, bytes = 2 * 2 ^ 20, per_second = 10 }
M.auth = { secret = "DATADOG_LOGS_API_KEY", scheme = "header:DD-API-KEY", required = true }
M.hosts = { "*.datadoghq.com", "*.datadoghq.eu", "*.ddog-gov.com" }
M.url = "https://http-intake.logs.datadoghq.com"

local function tags_of(labels)
    local tags = {}
    for name, value in pairs(labels) do tags[#tags + 1] = name .. ":" .. value end
    table.sort(tags)
    return table.concat(tags, ",")
end

---@param batch logs.Batch
---@param sink logs.Sink
---@return table payload
function M.render(batch, sink)
    local list, tags = {}, tags_of(batch.labels)
    for i, entry in ipairs(batch.entries) do
        list[i] = { ddsource = "uhost", ddtags = tags, service = sink.service or batch.repository, message = entry.line,
            timestamp = entry.at_ms, run = batch.run, job = batch.job, step = entry.step, line = entry.number,
            commit = batch.commit }
    end
    return { path = "/api/v2/logs", gzip = true, json = list }
end

return M
