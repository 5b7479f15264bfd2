-- Steps of a job that an edit changes, and their places in the workflow's text.
local M = {}

-- What a log says goes into a workflow only if it is a plain name or version.
function M.is_plain(text)
    return type(text) == "string" and #text <= 100 and text:find("^[%w_][%w_%.%-+:/@]*$") ~= nil
end

function M.path_to(place, ...) return { "jobs", place.job.id, ... } end

function M.step_path(place, position, ...) return M.path_to(place, "steps", position, ...) end

function M.with_input(place, position, input, value)
    local step = place.job.steps[position]
    if step.with[input] == nil and yaml.get(step.node, "with") == nil then
        return { path = M.step_path(place, position, "with"), set = { [input] = value } }
    end
    return { path = M.step_path(place, position, "with", input), set = value }
end

-- The last step in front of the failing one (or it) that uses an action.
function M.step_using(place, pattern)
    for i = place.position or #place.job.steps, 1, -1 do
        local uses = place.job.steps[i].uses
        if uses and uses:lower():find(pattern) then return i, place.job.steps[i] end
    end
end

function M.plain_pattern(text) return "^" .. text:gsub("%p", "%%%0") .. "@" end

function M.before_failing(place, step)
    if not place.position then return nil, "the log does not say which step failed" end
    return { path = M.step_path(place, place.position), insert = step }
end

return M
