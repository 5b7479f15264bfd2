-- How much each side of a conflict changed, counted in words, and how much of it the other side changed alike.
local texts = require("lib.upstream.resolution.texts")

local M = {}

local function without(counts, others)
    local rest, total = {}, 0
    for word, count in pairs(counts) do
        local left = count - (others[word] or 0)
        if left > 0 then
            rest[word] = left
            total = total + left
        end
    end
    return rest, total
end

-- What share of words the others have as well; 1 of none.
local function share(counts, total, others)
    if total == 0 then return 1 end
    local common = 0
    for word, count in pairs(counts) do common = common + math.min(count, others[word] or 0) end
    return common / total
end

---@class upstream.Weights
---@field ours_added integer  words
---@field theirs_added integer
---@field ours integer  words added and removed
---@field theirs integer
---@field ours_in_theirs number  what share of what ours added theirs added as well
---@field theirs_in_ours number

---@param hunk upstream.Hunk
---@return upstream.Weights
function M.of(hunk)
    local function counts(side) return texts.counts(texts.words_of(hunk, side)) end
    local base, ours, theirs = counts("base"), counts("ours"), counts("theirs")
    local our_words, ours_added = without(ours, base)
    local their_words, theirs_added = without(theirs, base)
    local _, ours_removed = without(base, ours)
    local _, theirs_removed = without(base, theirs)
    return {
        ours_added = ours_added, theirs_added = theirs_added,
        ours = ours_added + ours_removed, theirs = theirs_added + theirs_removed,
        ours_in_theirs = share(our_words, ours_added, their_words),
        theirs_in_ours = share(their_words, theirs_added, our_words),
    }
end

--- What share of the shorter side's lines, blank ones aside, the other has as well.
---@param hunk upstream.Hunk
---@return number
function M.common_lines(hunk)
    local sets, sizes = {}, {}
    for i, lines in ipairs{ hunk.ours, hunk.theirs } do
        sets[i], sizes[i] = {}, 0
        for _, line in ipairs(lines) do
            local squeezed = texts.squeeze(line)
            if squeezed ~= "" and not sets[i][squeezed] then
                sets[i][squeezed] = true
                sizes[i] = sizes[i] + 1
            end
        end
    end
    local least = math.min(sizes[1], sizes[2])
    if least == 0 then return 0 end
    local common = 0
    for line in pairs(sets[1]) do
        if sets[2][line] then common = common + 1 end
    end
    return common / least
end

return M
