-- Rules that know nothing of the project: what the shapes of both sides' changes to one hunk suggest. The order in
-- which they are asked is that of the policy. Each gives the lines that it proposes and what it saw, or nil.
local sorted_lists = require("lib.upstream.resolution.sorted_lists")
local texts = require("lib.upstream.resolution.texts")
local three_way = require("lib.upstream.resolution.three_way")
local weights = require("lib.upstream.resolution.weights")

local M = {}

-- Beyond so many words of a hunk, only lines are compared.
local max_words = 20000

-- What several rules ask of a hunk, found once.
local function known(hunk, name, find)
    hunk.known = hunk.known or {}
    if hunk.known[name] == nil then hunk.known[name] = find(hunk) or false end
    return hunk.known[name]
end

local function weights_of(hunk) return known(hunk, "weights", weights.of) end

local function words_of(hunk)
    return known(hunk, "words", function()
        local sides = { texts.words_of(hunk, "base"), texts.words_of(hunk, "ours"), texts.words_of(hunk, "theirs") }
        return #sides[1] + #sides[2] + #sides[3] <= max_words and sides
    end)
end

-- The edits of both sides, of words or of lines, and what they merge to.
local function edits_of(hunk, unit)
    return known(hunk, unit, function()
        local sides = { hunk.base, hunk.ours, hunk.theirs }
        if unit == "words" then sides = words_of(hunk) end
        if #hunk.base == 0 or not sides then return false end
        local ours, theirs = three_way.edits(sides[1], sides[2], 1), three_way.edits(sides[1], sides[3], 2)
        return { ours = ours, theirs = theirs, merge = three_way.merge_edits(sides[1], ours, theirs) }
    end)
end

local function merged_words(hunk)
    local edits = edits_of(hunk, "words")
    return edits and edits.merge and texts.lines(table.concat(edits.merge.items)), edits and edits.merge
end

local function equal_but_for_spaces(hunk)
    if texts.squeezed(hunk.ours) == texts.squeezed(hunk.theirs) then
        return hunk.ours, "both sides are equal but for spaces"
    end
end

-- One side changed only spaces: the other's change, with these spaces where they can be told.
local function spacing_only(hunk)
    local base = texts.squeezed(hunk.base)
    local other = texts.squeezed(hunk.ours) == base and "theirs" or texts.squeezed(hunk.theirs) == base and "ours"
    if not other then return nil end
    local lines = merged_words(hunk)
    if #hunk[other] > 0 and lines and texts.squeezed(lines) == texts.squeezed(hunk[other]) then
        return lines, "the other side changed only spaces, which are kept", other
    end
    return hunk[other], "the other side changed only spaces", other
end

local function key_of(edit) return ("%d:%d:%s"):format(edit.first, edit.last, table.concat(edit.items, "\n")) end

local function is_subset(edits, others)
    local keys = {}
    for _, edit in ipairs(others) do keys[key_of(edit)] = true end
    for _, edit in ipairs(edits) do
        if not keys[key_of(edit)] then return false end
    end
    return true
end

-- All that one side did, the other did as well.
local function contained(hunk)
    for _, unit in ipairs{ "lines", "words" } do
        local edits = edits_of(hunk, unit)
        if edits and is_subset(edits.ours, edits.theirs) then return hunk.theirs, "theirs did all that ours did" end
        if edits and is_subset(edits.theirs, edits.ours) then return hunk.ours, "ours did all that theirs did" end
    end
end

-- The words that one side added, the other added as well, in other places or in another order.
local function superset(hunk)
    local weight = weights_of(hunk)
    if weight.ours_added == 0 or weight.theirs_added == 0 then return nil end
    if math.max(weight.ours_in_theirs, weight.theirs_in_ours) < 0.9 then return nil end
    if #hunk.base == 0 and weights.common_lines(hunk) < 0.6 then return nil end
    local larger = weight.ours > weight.theirs and "ours" or "theirs"
    return hunk[larger], ("%s has nearly all words that the other side added"):format(larger)
end

local function adjacent_edits(hunk)
    local edits = edits_of(hunk, "lines")
    if edits and edits.merge then return edits.merge.items, "the sides changed different lines" end
end

-- Words that both changed, on lines that both changed: where an edit of one touches one of the other, it is not
-- known whether they belong together.
local function words(hunk)
    local lines, merge = merged_words(hunk)
    if not lines then return nil end
    local weight = weights_of(hunk)
    local alike = math.max(weight.ours_in_theirs, weight.theirs_in_ours)
    if weight.ours_added > 0 and weight.theirs_added > 0 and alike > 0.1 then return nil end
    if merge.gap < 2 and math.max(merge.ours, merge.theirs) > 6 then return nil end
    return lines, "the sides changed different words"
end

local function sorted_insertion(hunk)
    local lines = #hunk.base == 0 and sorted_lists.merge(hunk)
    if lines then return lines, "both inserted into a sorted list" end
end

-- Both added lines at the same place that have much in common: rather two versions of one addition.
local function similar_insertions(hunk)
    if #hunk.base > 0 or weights.common_lines(hunk) < 0.6 then return nil end
    local weight = weights_of(hunk)
    local larger = weight.ours > weight.theirs and "ours" or "theirs"
    return hunk[larger], ("both added nearly the same, %s more of it"):format(larger)
end

-- How many lines at their start both sides have.
local function common_head(a, b)
    local count = 0
    while count < #a and count < #b and a[count + 1] == b[count + 1] do count = count + 1 end
    return count
end

local function both_insertions(hunk)
    if #hunk.base > 0 then return nil end
    local ours, theirs = hunk.ours, hunk.theirs
    local head = common_head(ours, theirs)
    if head == 0 or texts.squeezed(texts.slice(ours, 1, head)) == "" then
        return texts.concat(ours, theirs), "both added lines: ours, then theirs"
    end
    local tail = 0
    while tail < math.min(#ours, #theirs) - head and ours[#ours - tail] == theirs[#theirs - tail] do
        tail = tail + 1
    end
    return texts.concat(texts.slice(ours, 1, #ours - tail), texts.slice(theirs, head + 1, #theirs)),
        "both added lines below the same heading"
end

local function deletion(hunk)
    if #hunk.base == 0 then return nil end
    if #hunk.ours == 0 then return hunk.ours, "ours deleted what theirs changed" end
    if #hunk.theirs == 0 then return hunk.theirs, "theirs deleted what ours changed" end
end

-- The hunks of a file mostly share their fate: the side that changed more in all of them together.
local function larger_change(hunk)
    local ours, theirs = 0, 0
    for _, each in ipairs(hunk.siblings) do
        local weight = weights_of(each)
        ours, theirs = ours + weight.ours, theirs + weight.theirs
    end
    local larger = ours > theirs and "ours" or "theirs"
    return hunk[larger], ("%s changed more words, the other side's change is dropped"):format(larger)
end

---@type table<string, fun(hunk: upstream.Hunk): string[]?, string?>
M.hunk_rules = {
    equal_but_for_spaces = equal_but_for_spaces, spacing_only = spacing_only, contained = contained,
    superset = superset, adjacent_edits = adjacent_edits, words = words, sorted_insertion = sorted_insertion,
    similar_insertions = similar_insertions, both_insertions = both_insertions, deletion = deletion,
    larger_change = larger_change,
}

M.order = {
    "equal_but_for_spaces", "spacing_only", "contained", "superset", "adjacent_edits", "words", "sorted_insertion",
    "similar_insertions", "both_insertions", "deletion", "larger_change",
}

return M
