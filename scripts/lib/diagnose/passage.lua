-- The lines of the log that are quoted: those around a finding, and the passage that explains the failure.
local M = {}

---@class diagnose.Segment
---@field first_line integer
---@field lines string[]

local function add_explanation(by_number, explanation)
    local number = explanation.line_start
    for line in (explanation.text .. "\n"):gmatch("(.-)\n") do
        by_number[number] = line
        number = number + 1
    end
end

local function add_around(by_number, explanation, around)
    for i, line in ipairs(around and around.before or {}) do
        by_number[explanation.line_start - #around.before - 1 + i] = line
    end
    for i, line in ipairs(around and around.after or {}) do by_number[explanation.line_end + i] = line end
end

local function add_finding(by_number, finding)
    local before = finding.context.before
    for i, line in ipairs(before) do by_number[finding.line_number - #before - 1 + i] = line end
    by_number[finding.line_number] = finding.line
    local last = math.max(finding.last_line or 0, finding.line_number)
    -- Between the lines of a sequence there may be others, which nobody has read.
    if last > finding.line_number + 1 then last = nil end
    for i, line in ipairs(last and finding.context.after or {}) do by_number[last + i] = line end
end

local function segments_of(by_number)
    local numbers, list = {}, {}
    for number in pairs(by_number) do numbers[#numbers + 1] = number end
    table.sort(numbers)
    for _, number in ipairs(numbers) do
        local segment = list[#list]
        if not segment or number ~= segment.first_line + #segment.lines then
            segment = { first_line = number, lines = {} }
            list[#list + 1] = segment
        end
        table.insert(segment.lines, by_number[number])
    end
    return list
end

--- The passage alone, with the lines around it.
---@param explanation { line_start: integer, line_end: integer, text: string }?
---@param around { before: string[], after: string[] }?
---@return diagnose.Segment[]
function M.whole(explanation, around)
    local by_number = {}
    if explanation then
        add_explanation(by_number, explanation)
        add_around(by_number, explanation, around)
    end
    return segments_of(by_number)
end

-- A person reads what led to the line, and what came of it; of a long passage more is not needed.
local function cut(by_number, marked, before, after)
    for number in pairs(by_number) do
        if number < marked - before or number > marked + after then by_number[number] = nil end
    end
end

--- Whether a line is in the passage.
---@param explanation { line_start: integer, line_end: integer }
---@param number integer
---@return boolean
function M.is_within(explanation, number)
    return number >= explanation.line_start and number <= explanation.line_end
end

--- The passage from a line on.
---@param explanation { line_start: integer, line_end: integer, text: string }
---@param first integer
---@return { line_start: integer, line_end: integer, text: string }
function M.from(explanation, first)
    local lines, number = {}, explanation.line_start
    for line in (explanation.text .. "\n"):gmatch("(.-)\n") do
        if number >= first then lines[#lines + 1] = line end
        number = number + 1
    end
    return { line_start = math.max(first, explanation.line_start), line_end = explanation.line_end,
        text = table.concat(lines, "\n") }
end

--- The lines to quote, in pieces that follow each other without a gap. A finding within the passage needs no lines of
--- its own.
---@param explanation { line_start: integer, line_end: integer, text: string }?
---@param finding diagnose.Finding?
---@param most? { before: integer, after: integer }  lines around a finding within the passage; default: all
---@return diagnose.Segment[]
function M.segments(explanation, finding, most)
    local by_number, inside = {}, false
    if explanation then
        add_explanation(by_number, explanation)
        local number = finding and finding.line_number
        inside = number ~= nil and M.is_within(explanation, number)
    end
    if finding and not inside then add_finding(by_number, finding) end
    if inside and most then cut(by_number, finding.line_number, most.before, most.after) end
    return segments_of(by_number)
end

return M
