-- The patch that undoes a finding, where it is mechanical.
local M = {}

local function lines_of(text)
    local lines = {}
    for line in (text:gsub("\n$", "") .. "\n"):gmatch("(.-)\n") do lines[#lines + 1] = line end
    return lines
end

--- A unified diff of one hunk, with three lines of context.
---@param path string
---@param before string
---@param after string
---@return string
function M.diff(path, before, after)
    local old, new = lines_of(before), lines_of(after)
    local first = 1
    while old[first] and old[first] == new[first] do first = first + 1 end
    local tail = 0
    while tail < math.min(#old, #new) - first + 1 and old[#old - tail] == new[#new - tail] do tail = tail + 1 end
    local from, context_end = math.max(1, first - 3), math.min(#old, #old - tail + 3)
    local out = {}
    for i = from, first - 1 do out[#out + 1] = " " .. old[i] end
    for i = first, #old - tail do out[#out + 1] = "-" .. old[i] end
    for i = first, #new - tail do out[#out + 1] = "+" .. new[i] end
    for i = #old - tail + 1, context_end do out[#out + 1] = " " .. old[i] end
    local old_count = context_end - from + 1
    return ("--- a/%s\n+++ b/%s\n@@ -%d,%d +%d,%d @@\n%s\n"):format(path, path, from, old_count, from,
        old_count + #new - #old, table.concat(out, "\n"))
end

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
    return ok and M.diff(workflow.path, workflow.text, edited) or nil
end

return M
