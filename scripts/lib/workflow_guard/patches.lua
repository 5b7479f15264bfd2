-- The patch that undoes a finding, where it is mechanical.
local M = {}

local function lines_of(text)
    local lines = {}
    for line in (text:gsub("\n$", "") .. "\n"):gmatch("(.-)\n") do lines[#lines + 1] = line end
    return lines
end

local context = 3

-- Hunks of changes whose contexts touch.
local function hunks_of(changes)
    local hunks = {}
    for _, change in ipairs(changes) do
        local last = hunks[#hunks]
        local previous = last and last[#last]
        -- Where nothing was removed, the change stands behind its line.
        local first = change.old_lines == 0 and change.old_start + 1 or change.old_start
        change.first = first
        if previous and first - (previous.first + previous.old_lines) <= 2 * context then
            last[#last + 1] = change
        else
            hunks[#hunks + 1] = { change }
        end
    end
    return hunks
end

local function write_hunk(out, hunk, old, new, shift)
    local from, final = math.max(1, hunk[1].first - context), hunk[#hunk]
    local to = math.min(#old, final.first + final.old_lines - 1 + context)
    local lines, at = {}, from
    for _, change in ipairs(hunk) do
        for i = at, change.first - 1 do lines[#lines + 1] = " " .. old[i] end
        for i = change.first, change.first + change.old_lines - 1 do lines[#lines + 1] = "-" .. old[i] end
        for i = change.new_start, change.new_start + change.new_lines - 1 do lines[#lines + 1] = "+" .. new[i] end
        at = change.first + change.old_lines
    end
    for i = at, to do lines[#lines + 1] = " " .. old[i] end
    local grown = 0
    for _, change in ipairs(hunk) do grown = grown + change.new_lines - change.old_lines end
    local count = to - from + 1
    out[#out + 1] = ("@@ -%d,%d +%d,%d @@"):format(from, count, from + shift, count + grown)
    for _, line in ipairs(lines) do out[#out + 1] = line end
    return shift + grown
end

--- A unified diff with three lines of context.
---@param path string
---@param before string
---@param after string
---@return string
function M.diff(path, before, after)
    local old, new = lines_of(before), lines_of(after)
    local out, shift = { ("--- a/%s"):format(path), ("+++ b/%s"):format(path) }, 0
    for _, hunk in ipairs(hunks_of(git.compare_texts(old, new))) do shift = write_hunk(out, hunk, old, new, shift) end
    return table.concat(out, "\n") .. "\n"
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
