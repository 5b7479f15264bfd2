-- The patch that undoes a finding, where it is mechanical.
local unified_diff = require("lib.unified_diff")

local M = {}

local function path_of(workflow, fields, key)
    local path = fields.job and { "jobs", fields.job } or {}
    if fields.job == "runs" and workflow.by_id.runs then path = { "runs" } end
    if fields.step_model then
        for i, step in ipairs(fields.job_model.steps) do
            if step == fields.step_model then
                path[#path + 1] = "steps"
                path[#path + 1] = i
            end
        end
    end
    path[#path + 1] = key
    return path
end

local changes = {
    continue_on_error = function(workflow, fields)
        return { path = path_of(workflow, fields, "continue-on-error"), remove = true }
    end,
    never_runs = function(workflow, fields)
        local path = path_of(workflow, fields, "if")
        return fields.before and { path = path, set = fields.before } or { path = path, remove = true }
    end,
    timeout_removed = function(workflow, fields)
        return { path = path_of(workflow, fields, "timeout-minutes"), set = tonumber(fields.before) or fields.before }
    end,
}
changes.condition_narrowed = changes.never_runs

--- A unified diff for the head's file; nil where it takes a person.
---@return string?
function M.of(workflow, rule, fields)
    if not changes[rule] or workflow.text == "" then return nil end
    local ok, edited = pcall(yaml.edit, workflow.text, { changes[rule](workflow, fields) })
    return ok and unified_diff.of(workflow.path, workflow.text, edited) or nil
end

return M
