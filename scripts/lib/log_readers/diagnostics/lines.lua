-- Readers of lines: each hit is a diagnostic; what belongs to it may stand above and below.
local issues = require("lib.log_readers.diagnostics.issue")

local M = {}

local compiled = {}

local function pattern(text)
    local known = compiled[text]
    if not known then
        known = re.compile(text)
        compiled[text] = known
    end
    return known
end

-- The first of some patterns that matches a line: its captures.
local function match_any(list, line)
    if type(list) == "string" then return pattern(list):match(line) end
    for _, text in ipairs(list) do
        local captures = pattern(text):match(line)
        if captures then return captures end
    end
    return nil
end

-- What a heading above the issue says, looked for upwards as far as the issue before it, whose heading holds on.
local function heading(reader, hit, log, before)
    local reach = reader.above_within or 300
    local floor = math.max(1, hit.line_number - reach, not reader.above_all and before and before.line_number + 1 or 1)
    local last, all = hit.line_number - 1, {}
    while last >= floor do
        local first = math.max(floor, last - 31)
        local text = log:lines(first, last)
        for at = #text, 1, -1 do
            local captures = match_any(reader.above, text[at])
            if captures and not reader.above_all then return captures, first + at - 1 end
            if captures then issues.fill(all, captures) end
            if reader.above_stops and pattern(reader.above_stops):test(text[at]) then return nil end
        end
        last = first - 1
    end
    if reader.above_all then return all end
    if before and hit.line_number - before.line_number <= reach then return before.heading end
    return nil
end

-- Lines below that go on with the message; returns the last line of it.
local function continue_message(reader, raw, text, first)
    local last = first - 1
    for at, line in ipairs(text) do
        if not pattern(reader.continues):test(line) then break end
        issues.extend(raw, line)
        last = first + at - 1
    end
    return last
end

-- Fields that stand on lines below, and the message where it comes after a line of carets or the like.
local function read_below(reader, raw, text, first)
    local last, after = first - 1, false
    for at, line in ipairs(text) do
        if reader.below_stops and pattern(reader.below_stops):test(line) then break end
        local captures = reader.below and match_any(reader.below, line)
        if captures then
            if captures.more then issues.extend(raw, captures.more) end
            issues.fill(raw, captures)
            last = first + at - 1
        elseif after and raw.message == nil and line:find("%S") then
            raw.message, last = line, first + at - 1
        elseif reader.message_after and not after and pattern(reader.message_after):test(line) then
            after, last = true, first + at - 1
        end
    end
    return last
end

local function read_lines_below(reader, raw, log, ceiling)
    local first = raw.last_line + 1
    local last = math.min(ceiling, raw.last_line + (reader.below_within or 12))
    if last < first then return end
    local text = log:lines(first, last)
    if reader.continues then raw.last_line = math.max(raw.last_line, continue_message(reader, raw, text, first)) end
    if reader.below or reader.message_after then
        raw.last_line = math.max(raw.last_line, read_below(reader, raw, text, first))
    end
end

local function excluded(reader, captures)
    local files = reader.not_files
    return files and captures.file and pattern(files):test(captures.file)
end

--- The diagnostics of one reader.
---@param reader table
---@param hits table[]  in the order of their lines
---@param log table
---@return table[]
function M.read(reader, hits, log)
    local found, before = {}, nil
    for at, hit in ipairs(hits) do
        local raw = { line_number = hit.line_number, last_line = hit.last_line or hit.line_number }
        if not excluded(reader, hit.captures) then
            issues.fill(raw, hit.captures)
            if reader.above then
                local captures, above = heading(reader, hit, log, before)
                before = { line_number = hit.line_number, heading = captures }
                -- A message that stands closely above is where the diagnostic begins.
                if above and captures.message and not raw.message and hit.line_number - above <= 15 then
                    raw.line_number = above
                end
                if captures then issues.fill(raw, captures) end
            end
            if reader.below or reader.continues or reader.message_after then
                local following = hits[at + 1]
                read_lines_below(reader, raw, log, following and following.line_number - 1 or math.huge)
            end
            found[#found + 1] = issues.finish(raw, reader)
        end
    end
    return found
end

return M
