-- The report on the page of a GitHub Actions run: Markdown added to the file that $GITHUB_STEP_SUMMARY names.
-- https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions#adding-a-job-summary
local document = require("lib.monthly_audit.document")
local sections = require("lib.monthly_audit.sections")

local M = {}

--- A step's summary may have 1 MiB; GitHub drops a longer one as a whole.
M.limit_bytes = 1024 * 1024

--- Adds the report to the summary, cut to what there is room for; does nothing outside of a workflow. A summary that
--- cannot be written is worth a warning, not a failure.
---@param model monthly_audit.Model
function M.add(model)
    local file = os.getenv("GITHUB_STEP_SUMMARY")
    if not file or file == "" then return end
    local ok, failure = pcall(function()
        local there = fs.stat(file)
        local room_bytes = M.limit_bytes - (there and there.size_bytes or 0) - 1
        local text = document.fit(room_bytes, document.longest(sections.of(model)), function(room)
            return document.whole(model, room):render("markdown")
        end)
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
