-- What every resolution has to stand before it counts. Each check gives nil, or what it found.
local texts = require("lib.upstream.resolution.texts")
local three_way = require("lib.upstream.resolution.three_way")

local M = {}

-- Marker lines, as git writes them in any style.
local markers = { "^<<<<<<<+ ", "^|||||||+ ", "^=======+$", "^>>>>>>>+ " }

local function marker_lines(text)
    local found = {}
    for _, sign in ipairs{ "<<<<<<<", "|||||||", "=======", ">>>>>>>" } do
        if text:find(sign, 1, true) then
            for _, line in ipairs(texts.lines(text)) do
                line = line:gsub("\r$", "")
                for _, pattern in ipairs(markers) do
                    if line:find(pattern) then found[line] = true end
                end
            end
            return found
        end
    end
    return found
end

--- Markers that neither side has as its own text.
function M.markers(conflict, text)
    local new = marker_lines(text)
    if next(new) == nil then return nil end
    local own = {}
    for _, side in ipairs{ "base", "ours", "theirs" } do
        for line in pairs(marker_lines(conflict[side] or "")) do own[line] = true end
    end
    for line in pairs(new) do
        if not own[line] then return ("a conflict marker is left: %s"):format(line) end
    end
end

local function counted(items, with)
    local counts = {}
    for _, item in ipairs(items) do
        local key = with(item)
        if key then counts[key] = (counts[key] or 0) + 1 end
    end
    return counts
end

-- A word that a side added has to be there, unless the other side took one away.
local function lost_words(base, side, other, result)
    for word, count in pairs(side) do
        local added = count - (base[word] or 0)
        local taken = math.max(0, (base[word] or 0) - (other[word] or 0))
        if added > 0 and (result[word] or 0) < count - taken then return word end
    end
end

--- What either side added to the hunk and the resolution has not.
---@param hunk upstream.Hunk
---@param lines string[]
---@return string?
function M.additions(hunk, lines)
    local function counts(side) return texts.counts(texts.words_of(hunk, side)) end
    local base, ours, theirs = counts("base"), counts("ours"), counts("theirs")
    local result = texts.counts(texts.words(lines))
    local lost = lost_words(base, ours, theirs, result)
    if lost then return ("'%s', which ours added, is lost"):format(lost) end
    lost = lost_words(base, theirs, ours, result)
    if lost then return ("'%s', which theirs added, is lost"):format(lost) end
end

--- The same for whole lines, where the sides changed different ones.
---@param hunk upstream.Hunk
---@param lines string[]
---@return string?
function M.added_lines(hunk, lines)
    local present = counted(lines, texts.squeeze)
    for _, side in ipairs{ "ours", "theirs" } do
        for _, edit in ipairs(three_way.edits(hunk.base, hunk[side])) do
            for _, line in ipairs(edit.items) do
                if not present[texts.squeeze(line)] then
                    return ("a line that %s added is lost: %s"):format(side, line)
                end
            end
        end
    end
end

--- What either side added to the file and a text has not.
---@param conflict table
---@param text string
---@return string?
function M.whole_additions(conflict, text)
    return M.additions({ base = texts.lines(conflict.base or ""), ours = texts.lines(conflict.ours),
        theirs = texts.lines(conflict.theirs) }, texts.lines(text))
end

-- What a sign counts for: which kind of bracket, and whether it opens or closes.
local signs = {
    [("("):byte()] = { 1, 1 }, [(")"):byte()] = { 1, -1 }, [("["):byte()] = { 2, 1 }, [("]"):byte()] = { 2, -1 },
    [("{"):byte()] = { 3, 1 }, [("}"):byte()] = { 3, -1 }, [('"'):byte()] = { 4, 1 },
}
local names = { "round brackets", "square brackets", "braces", "quotes" }

-- Opening less closing brackets of each kind, and whether double quotes come in pairs.
local function balance(lines)
    local found = { 0, 0, 0, 0 }
    for i = 1, #lines do
        local line = lines[i]
        for at = 1, #line do
            local sign = signs[line:byte(at)]
            if sign then found[sign[1]] = found[sign[1]] + sign[2] end
        end
    end
    found[4] = found[4] % 2
    return found
end

--- Brackets and quotes that are not as balanced as on both sides.
---@param hunk upstream.Hunk
---@param lines string[]
---@return string?
function M.brackets(hunk, lines)
    local base, ours, theirs, result = balance(hunk.base), balance(hunk.ours), balance(hunk.theirs), balance(lines)
    for i, name in ipairs(names) do
        local both = ours[i] + theirs[i] - base[i]
        if i == 4 then both = both % 2 end
        if result[i] ~= ours[i] and result[i] ~= theirs[i] and result[i] ~= both then
            return ("%s are not balanced as on either side"):format(name)
        end
    end
end

--- Changes outside of the conflicts, for resolutions that are whole texts.
---@param merge upstream.Merge
---@param text string
---@return string?
function M.outside(merge, text)
    return not three_way.parts(merge, text) and "text outside of the conflicts was changed" or nil
end

--- What a program says of the text, which it reads as its input: nil when it ends with 0.
---@param command string[]
---@param text string
---@param path string
---@return string?
function M.command(command, text, path)
    local argv = {}
    for i, argument in ipairs(command) do argv[i] = (argument:gsub("%%P", (path:gsub("%%", "%%%%")))) end
    argv.stdin, argv.reads, argv.timeout_s = text, true, 60
    local result = process.run(argv)
    if result.code == 0 then return nil end
    return ("%s ended with %s: %s"):format(command[1], tostring(result.code or result.signal),
        (result.stderr ~= "" and result.stderr or result.stdout):match("[^\n]*"))
end

return M
