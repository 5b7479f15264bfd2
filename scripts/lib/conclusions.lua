-- Which conclusions of runs, jobs and steps of GitHub Actions are failures. "cancelled" is none: somebody wanted it.
local M = {}

M.failures = { "failure", "startup_failure", "timed_out" }
local is_failure = tables.set(M.failures)

---@param conclusion string?
---@return boolean
function M.is_failure(conclusion) return is_failure[conclusion or ""] == true end

--- The same as a list of SQL: `conclusion IN` .. conclusions.failures_sql
M.failures_sql = "('" .. table.concat(M.failures, "', '") .. "')"

return M
