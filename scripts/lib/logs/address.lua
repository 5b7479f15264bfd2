-- Addresses of logs as people write them: RUN, RUN/JOB, RUN/JOB:LINE, RUN/JOB:FIRST-LAST. A run has no slash in its
-- name; a job may have anything, so the line is what stands behind the last colon.
local M = {}

--- The parts of an address.
---@param text string
---@return { run: string, job: string?, first: integer?, last: integer? }
function M.parse(text)
    local run, job = text:match("^([^/]+)/(.+)$")
    if not run then return { run = text } end
    local name, first, last = job:match("^(.*):(%d+)%-?(%d*)$")
    if not name or name == "" then return { run = run, job = job } end
    first = tonumber(first)
    return { run = run, job = name, first = first, last = tonumber(last) or first }
end

--- The address of a line.
---@param run string
---@param job string
---@param line integer?
---@return string
function M.of(run, job, line) return line and ("%s/%s:%d"):format(run, job, line) or ("%s/%s"):format(run, job) end

return M
