-- The page of a GitHub Actions run: Markdown added to the file that $GITHUB_STEP_SUMMARY names.
-- https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions#adding-a-job-summary
local M = {}

--- A step's summary may have 1 MiB; GitHub drops a longer one as a whole.
M.limit_bytes = 1024 * 1024

--- Adds what `write(room_bytes)` gives, nil when nothing fits; does nothing outside of a workflow. A summary
--- that cannot be written is worth a warning, not a failure.
---@param write fun(room_bytes: integer): string?
function M.add(write)
    local file = os.getenv("GITHUB_STEP_SUMMARY")
    if not file or file == "" then return end
    local ok, failure = pcall(function()
        local there = fs.stat(file)
        local text = write(M.limit_bytes - (there and there.size_bytes or 0) - 1)
        if not text then
            return log.warn("the step's summary has no room left for the report", { limit_bytes = M.limit_bytes })
        end
        fs.append(file, text .. "\n")
    end)
    if ok then return end
    if not uhost.is_error(failure) or failure.kind == "interrupted" then error(failure, 0) end
    log.warn(("the step's summary was not written: %s"):format(failure.message))
end

return M
