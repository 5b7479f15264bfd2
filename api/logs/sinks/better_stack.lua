-- Better Stack: https://betterstack.com/docs/logs/ingesting-data/http/logs/. The address is that of the source.
local M = {}

M.limits = { lines = 2000, bytes = 4 * 2 ^ 20, per_second = 10 }
M.auth = { secret = "BETTER_STACK_SOURCE_TOKEN", scheme = "Bearer", required = true }
M.hosts = { "in.logs.betterstack.com", "*.betterstackdata.com" }
M.url = "https://in.logs.betterstack.com"

---@param batch logs.Batch
---@return table payload
function M.render(batch)
    local list = {}
    for i, entry in ipairs(batch.entries) do
        list[i] = { dt = entry.time, message = entry.line, run = batch.run, job = batch.job, step = entry.step,
            line = entry.number, commit = batch.commit, labels = batch.labels }
    end
    return { path = "/", gzip = true, json = list }
end

return M
