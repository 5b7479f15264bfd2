-- What differs between two texts, as a patch.
local M = {}

local function lines_of(text)
    local lines = {}
    for line in (text:gsub("\n$", "") .. "\n"):gmatch("(.-)\n") do lines[#lines + 1] = line end
    return text == "" and {} or lines
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
    -- A side without lines is named by the line before it.
    local old_from, new_from = count == 0 and from - 1 or from, from + shift
    out[#out + 1] = ("@@ -%d,%d +%d,%d @@"):format(old_from, count, count + grown == 0 and new_from - 1 or new_from,
        count + grown)
    for _, line in ipairs(lines) do out[#out + 1] = line end
    return shift + grown
end

--- A unified diff with three lines of context; "" when the texts are the same.
---@param path string
---@param before string
---@param after string
---@return string
function M.of(path, before, after)
    if before == after then return "" end
    local old, new = lines_of(before), lines_of(after)
    local out, shift = { ("--- a/%s"):format(path), ("+++ b/%s"):format(path) }, 0
    for _, hunk in ipairs(hunks_of(git.compare_texts(old, new))) do shift = write_hunk(out, hunk, old, new, shift) end
    return table.concat(out, "\n") .. "\n"
end

return M
