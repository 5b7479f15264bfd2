-- Insertions of both sides into a list whose lines are sorted: imports, names, entries of a table.
local texts = require("lib.upstream.resolution.texts")

local M = {}

-- How many lines around the conflict show that the list is sorted.
local context = 2

-- What lines of one list have in common: what is before the first letter, and the last sign.
local function shape_of(line)
    local last = line:match("(%S)%s*$")
    return (line:match("^[^%w_]*") or "") .. (last and not last:find("[%w_]") and last or "")
end

local orders = {
    function(a, b) return a <= b end,
    function(a, b) return a:lower() <= b:lower() end,
}

local function is_sorted(lines, order)
    for i = 2, #lines do
        if not order(lines[i - 1], lines[i]) then return false end
    end
    return true
end

local function same_shape(lines)
    for _, line in ipairs(lines) do
        if not line:find("%w") or shape_of(line) ~= shape_of(lines[1]) then return false end
    end
    return true
end

local function merge(ours, theirs, order)
    local merged, i, j = {}, 1, 1
    while ours[i] or theirs[j] do
        if ours[i] and ours[i] == theirs[j] then
            j = j + 1
        elseif ours[i] and (not theirs[j] or order(ours[i], theirs[j])) then
            merged[#merged + 1], i = ours[i], i + 1
        else
            merged[#merged + 1], j = theirs[j], j + 1
        end
    end
    return merged
end

--- What both inserted, sorted; nil where the list is not, or where it cannot be told.
---@param hunk upstream.Hunk
---@return string[]?
function M.merge(hunk)
    local before, after = texts.last_lines(hunk.before, context), texts.first_lines(hunk.after, context)
    if #before + #after < 2 or #hunk.ours == 0 or #hunk.theirs == 0 then return nil end
    if not same_shape(texts.concat(before, hunk.ours, hunk.theirs, after)) then return nil end
    for _, order in ipairs(orders) do
        if is_sorted(texts.concat(before, hunk.ours, after), order)
            and is_sorted(texts.concat(before, hunk.theirs, after), order) then
            return merge(hunk.ours, hunk.theirs, order)
        end
    end
end

return M
