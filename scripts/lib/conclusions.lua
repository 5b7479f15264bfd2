-- Which conclusions of runs, jobs and steps of GitHub Actions are failures, and what these cost. "cancelled" is none:
-- somebody wanted it.
local M = {}

M.failures = { "failure", "startup_failure", "timed_out" }
local is_failure = tables.set(M.failures)

---@param conclusion string?
---@return boolean
function M.is_failure(conclusion) return is_failure[conclusion or ""] == true end

--- The same as a list of SQL: `conclusion IN` .. conclusions.failures_sql
M.failures_sql = "('" .. table.concat(M.failures, "', '") .. "')"

--- The time lost to a failed job, also to one that flaked: how long it ran. What succeeds would have run anyway.
---@param job { conclusion: string, duration_s: number?, started_at: string?, completed_at: string? }
---@return number seconds  0 for a job that did not fail
function M.lost_s(job)
    if not M.is_failure(job.conclusion) then return 0 end
    if job.duration_s then return job.duration_s end
    if not job.started_at or not job.completed_at then return 0 end
    return math.max(0, time.parse(job.completed_at) - time.parse(job.started_at))
end

--- The same of several jobs, as SQL: `columns` are those of a job's conclusion and duration.
---@param conclusion string
---@param duration_s string
---@return string
function M.lost_sql(conclusion, duration_s)
    return ("coalesce(sum(%s) FILTER (WHERE %s IN %s), 0)"):format(duration_s, conclusion, M.failures_sql)
end

return M
