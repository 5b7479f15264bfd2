-- Files in Amazon S3, or a store that speaks as it does: one object for each batch, lines of JSON, packed by gzip.
-- S3_LOGS_SECRET_KEY is the secret of `access_key_id`. An object that is sent twice takes its own place.
local M = {}

M.limits = { lines = 20000, bytes = 8 * 2 ^ 20, per_second = 20 }
M.hosts = { "*.amazonaws.com" }
M.needs = { "bucket", "access_key_id" }
M.signs = { secret = "S3_LOGS_SECRET_KEY", session_token = "S3_LOGS_SESSION_TOKEN" }

--- Where the service is: of a bucket at Amazon the bucket's own host, elsewhere what the sink says.
---@param sink logs.Sink
---@return string
function M.address(sink)
    return sink.url or ("https://%s.s3.%s.amazonaws.com"):format(sink.bucket, sink.region or "us-east-1")
end

local function part(text) return (text:gsub("[^%w._-]", "_")) end

---@param batch logs.Batch
---@param sink logs.Sink
---@param encode fun(value: any): string
---@return table payload
function M.render(batch, sink, encode)
    local lines = {}
    for i, entry in ipairs(batch.entries) do
        lines[i] = encode({ time = entry.time, message = entry.line, step = entry.step, line = entry.number,
            run = batch.run, job = batch.job, commit = batch.commit, labels = batch.labels })
    end
    local day = batch.entries[1].time:sub(1, 10):gsub("-", "/")
    local repository = batch.repository ~= "" and batch.repository or "local"
    local path = ("%s/%s/%s/%s-%08d.ndjson.gz"):format(day, part(repository), part(batch.run),
        part(batch.job), batch.entries[1].number)
    local prefix = sink.prefix and sink.prefix:gsub("^/+", ""):gsub("/*$", "/") or ""
    return {
        method = "PUT", path = (sink.url and "/" .. sink.bucket or "") .. "/" .. prefix .. path, gzip = true,
        text = table.concat(lines, "\n") .. "\n", content_type = "application/x-ndjson",
    }
end

return M
