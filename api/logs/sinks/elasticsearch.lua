-- Elasticsearch and OpenSearch, by their bulk API:
-- https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk. Each line has an id of its own, so that a
-- batch that is sent twice is kept once. ELASTICSEARCH_LOGS_TOKEN is an API key; with `user`, the user's password.
local M = {}

M.limits = { lines = 1000, bytes = 4 * 2 ^ 20, per_second = 10 }
M.auth = { secret = "ELASTICSEARCH_LOGS_TOKEN", scheme = "ApiKey" }
M.hosts = { "*.elastic-cloud.com", "*.es.amazonaws.com" }
M.needs = { "url" }

---@param batch logs.Batch
---@param sink logs.Sink
---@param encode fun(value: any): string
---@return table payload
function M.render(batch, sink, encode)
    local lines, index = {}, sink.index or "logs-uhost-default"
    for _, entry in ipairs(batch.entries) do
        lines[#lines + 1] = encode({ create = { _index = index, _id = ("%s-%d"):format(batch.id, entry.number) } })
        lines[#lines + 1] = encode({ ["@timestamp"] = entry.time, message = entry.line, labels = batch.labels,
            run = batch.run, job = batch.job, step = entry.step, line = entry.number, commit = batch.commit })
    end
    return { path = "/_bulk", gzip = true, text = table.concat(lines, "\n") .. "\n",
        content_type = "application/x-ndjson" }
end

-- 409: the line is there already.
local function is_taken(item)
    return item.status and (item.status < 300 or item.status == 409)
end

--- What is wrong with an answer of 200: the lines that were refused. Nil when all is well.
---@param body table  of the answer
---@return string? reason
---@return boolean? is_permanent
function M.judge(body)
    if not body.errors then return nil end
    local refused, reason, is_permanent = 0, nil, true
    for _, each in ipairs(body.items or {}) do
        local item = each.create or each.index or {}
        if not is_taken(item) then
            refused = refused + 1
            reason = reason or type(item.error) == "table" and item.error.reason or tostring(item.error)
            if item.status == 429 or item.status and item.status >= 500 then is_permanent = false end
        end
    end
    if refused == 0 then return nil end
    return ("%d lines were refused: %s"):format(refused, reason), is_permanent
end

return M
