-- Where the steps of a job begin in its log.
local M = {}

-- What GitHub says of a step's beginning is to the second; its first line may come a little later.
local tolerance_s = 2

-- The first line that was printed at an instant or later; lines + 1 when there is none. Lines without a time are as old
-- as the one before them.
local function first_line_at(opened, lines, instant)
    local low, high = 1, lines + 1
    while low < high do
        local middle, at = math.floor((low + high) / 2), nil
        for number = middle, low, -1 do
            at = opened:time(number)
            if at then break end
        end
        if at and at >= instant then high = middle else low = middle + 1 end
    end
    return low
end

-- A step begins with the line that says so, if there is one at that time.
local function with_mark(opened, marks, line, began)
    for _, mark in ipairs(marks) do
        if mark.line >= line then
            local at = opened:time(mark.line)
            return at and at < began + tolerance_s and mark.line or line
        end
    end
    return line
end

local function close(steps, lines)
    for i, step in ipairs(steps) do step.last_line = (steps[i + 1] and steps[i + 1].first_line or lines + 1) - 1 end
    return steps
end

--- The steps that GitHub names of a job, by the times of the lines.
---@param opened log_text.Log
---@param added logs.Added
---@param github_steps github.Step[]
---@return logs.Step[]
function M.of_github(opened, added, github_steps)
    local steps, next_line = {}, 1
    for _, step in ipairs(github_steps) do
        local began = step.started_at and time.parse(step.started_at)
        if began and step.conclusion ~= "skipped" then
            local line = math.max(first_line_at(opened, added.lines, began), next_line)
            if #steps == 0 then line = 1 else line = with_mark(opened, added.marks, line, began) end
            steps[#steps + 1] = {
                name = step.name, conclusion = step.conclusion or "", first_line = line,
                started_at = step.started_at, ended_at = step.completed_at,
            }
            next_line = line
        end
    end
    return close(steps, added.lines)
end

local function instant(seconds) return seconds and time.iso(math.floor(seconds)) or nil end

-- Names that come twice get a number, since steps are asked for by name.
local function numbered(name, seen)
    seen[name] = (seen[name] or 0) + 1
    return seen[name] == 1 and name or ("%s (%d)"):format(name, seen[name])
end

-- The steps that some marks begin, of lines from `first` to `last`; these are counted from `first`.
local function of_marks(opened, marks, first, last)
    local steps, seen = {}, {}
    if #marks == 0 or marks[1].line > first then
        steps[1] = { name = "Set up job", conclusion = "", first_line = 1, started_at = instant(opened:time(first)) }
        seen["Set up job"] = 1
    end
    for _, mark in ipairs(marks) do
        steps[#steps + 1] = { name = numbered(mark.step, seen), conclusion = "", first_line = mark.line - first + 1,
            started_at = instant(opened:time(mark.line)) }
    end
    close(steps, last - first + 1)
    for _, step in ipairs(steps) do step.ended_at = instant(opened:time(first + step.last_line - 1)) end
    return steps
end

---@class logs.Section  lines of a log that are one job's
---@field job string?
---@field first integer
---@field last integer
---@field steps logs.Step[]

--- The jobs of a log by the lines that begin steps, as GitHub's runner and `gh run view --log` write them. One job
--- where nothing says otherwise.
---@param opened log_text.Log
---@param added logs.Added
---@return logs.Section[]
function M.of_log(opened, added)
    local sections = {}
    for _, mark in ipairs(added.marks) do
        local current = sections[#sections]
        local job = mark.job ~= "" and mark.job or nil
        if not current or current.job ~= job then
            current = { job = job, first = current and mark.line or 1, marks = {} }
            sections[#sections + 1] = current
        end
        table.insert(current.marks, mark)
    end
    if #sections == 0 then sections[1] = { first = 1, marks = {} } end
    for i, section in ipairs(sections) do
        section.last = (sections[i + 1] and sections[i + 1].first or added.lines + 1) - 1
        section.steps = #section.marks > 0 and of_marks(opened, section.marks, section.first, section.last) or {}
        section.marks = nil
    end
    return sections
end

return M
