-- The report on the page of a GitHub Actions run, cut to what there is room for.
local document = require("lib.monthly_audit.document")
local sections = require("lib.monthly_audit.sections")
local step_summary = require("lib.step_summary")

local M = { limit_bytes = step_summary.limit_bytes }

--- Adds the report to the summary; does nothing outside of a workflow.
---@param model monthly_audit.Model
function M.add(model)
    step_summary.add(function(room_bytes)
        return document.fit(room_bytes, document.longest(sections.of(model)), function(room)
            return document.whole(model, room):render("markdown")
        end)
    end)
end

return M
