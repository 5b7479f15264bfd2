-- A file with a line of JSON for each line of a log: `to` names it (NAME.ndjson), in the state folder or the one of the
-- setting logs.file_folder. "stdout" is standard output. A file that has grown to 256 MiB is put aside, as NAME.1, in
-- place of the one before it.
local M = {}

M.limits = { lines = 5000, bytes = 4 * 2 ^ 20, file_bytes = 256 * 2 ^ 20 }
M.hosts = {}

---@param batch logs.Batch
---@param _ logs.Sink
---@param encode fun(value: any): string
---@return table payload
function M.render(batch, _, encode)
    local lines = {}
    for i, entry in ipairs(batch.entries) do
        lines[i] = encode({ time = entry.time, message = entry.line, repository = batch.repository, run = batch.run,
            job = batch.job, step = entry.step, line = entry.number, commit = batch.commit, labels = batch.labels })
    end
    return { file = table.concat(lines, "\n") .. "\n" }
end

return M
