-- Three versions of a file: what git merges of it by itself, the conflicts that are left, and merges of lists.
local texts = require("lib.upstream.resolution.texts")

local M = {}

---@class upstream.Hunk
---@field base string[]  lines
---@field ours string[]
---@field theirs string[]
---@field before string[]  what stands before it in the merged file, and after it, up to the next conflicts
---@field after string[]
---@field siblings upstream.Hunk[]  all of the file, itself included

---@class upstream.Merge
---@field clean string[][]  the lines between conflicts; one more than there are hunks
---@field hunks upstream.Hunk[]
---@field final_newline boolean

local function ends_line(text) return text == "" or text:sub(-1) == "\n" end

-- Whether the file ends with a line feed is merged like a line.
local function final_newline(base, ours, theirs)
    local our_end, their_end = ends_line(ours), ends_line(theirs)
    if base and our_end == ends_line(base) then return their_end end
    return our_end
end

-- The length of markers that no side has as text.
local function marker_size(...)
    local size, all = 47, table.concat({ ... }, "\n")
    for _, sign in ipairs{ "<", "|", "=", ">" } do
        while size < 30000 and all:find(sign:rep(size), 1, true) do size = size * 2 end
    end
    return size
end

local function complete(text) return ends_line(text) and text or text .. "\n" end

-- Reads what `git merge-file --diff3` writes.
local function read(text, size)
    local open, middle, close, rest = ("<"):rep(size) .. " ours", ("="):rep(size), (">"):rep(size) .. " theirs",
        ("|"):rep(size) .. " base"
    local clean, hunks, current, hunk = {}, {}, {}, nil
    for _, line in ipairs(texts.lines(text)) do
        local mark = #line >= size and line:gsub("\r$", "") or ""
        if mark == open then
            clean[#clean + 1], hunk = current, { before = current, ours = {}, base = {}, theirs = {} }
            current = hunk.ours
        elseif hunk and mark == rest then
            current = hunk.base
        elseif hunk and mark == middle then
            current = hunk.theirs
        elseif hunk and mark == close then
            current, hunks[#hunks + 1], hunk = {}, hunk, nil
        else
            current[#current + 1] = line
        end
    end
    clean[#clean + 1] = current
    for i, each in ipairs(hunks) do each.after, each.siblings = clean[i + 1], hunks end
    return clean, hunks
end

--- Merges as git does, and gives what it leaves.
---@param base string?
---@param ours string
---@param theirs string
---@return upstream.Merge
function M.merge(base, ours, theirs)
    local size = marker_size(base or "", ours, theirs)
    local merged = git.merge_file{
        base = complete(base or ""), ours = complete(ours), theirs = complete(theirs), style = "diff3",
        marker_size = size,
    }
    local clean, hunks = read(merged.text, size)
    return { clean = clean, hunks = hunks, final_newline = final_newline(base, ours, theirs) }
end

--- The file with lines in the place of each conflict.
---@param merge upstream.Merge
---@param parts string[][]  one for each hunk
---@return string
function M.fill(merge, parts)
    local all = {}
    for i, lines in ipairs(merge.clean) do
        all[#all + 1] = texts.join(lines)
        if parts[i] then all[#all + 1] = texts.join(parts[i]) end
    end
    local text = table.concat(all)
    return merge.final_newline and text or (text:gsub("\n$", ""))
end

-- Where `part` stands in `lines`, from `first` on and not beyond `last`.
local function find_part(lines, part, first, last)
    for i = first, last - #part + 1 do
        local j = 1
        while j <= #part and lines[i + j - 1] == part[j] do j = j + 1 end
        if j > #part then return i end
    end
end

--- What a whole text has in the place of each conflict; nil where the text between them was changed, or where the
--- places cannot be told.
---@param merge upstream.Merge
---@param text string
---@return string[][]?
function M.parts(merge, text)
    local lines, clean, count = texts.lines(text), merge.clean, #merge.hunks
    local head, tail = clean[1], clean[count + 1]
    local last = #lines - (count > 0 and #tail or 0)
    if last < #head or not texts.same(texts.slice(lines, 1, #head), head) then return nil end
    if count == 0 then return #lines == #head and {} or nil end
    if not texts.same(texts.slice(lines, last + 1, #lines), tail) then return nil end
    local parts, position = {}, #head + 1
    for i = 1, count - 1 do
        local at = #clean[i + 1] > 0 and find_part(lines, clean[i + 1], position, last)
        if not at then return nil end
        parts[i] = texts.slice(lines, position, at - 1)
        position = at + #clean[i + 1]
    end
    parts[count] = texts.slice(lines, position, last)
    return parts
end

---@class upstream.Edit
---@field first integer  of the base, from 1; what is inserted stands before it
---@field last integer  first - 1 for an insertion
---@field items string[]  what stands there instead
---@field side 1|2  ours, theirs

--- What a side did to a list.
---@param base string[]
---@param side string[]
---@param number? 1|2
---@return upstream.Edit[]
function M.edits(base, side, number)
    local edits = {}
    for i, change in ipairs(git.compare_texts(base, side)) do
        local first = change.old_lines > 0 and change.old_start or change.old_start + 1
        local start = change.new_lines > 0 and change.new_start or change.new_start + 1
        edits[i] = {
            first = first, last = first + change.old_lines - 1, side = number or 1,
            items = texts.slice(side, start, start + change.new_lines - 1),
        }
    end
    return edits
end

local function before(a, b)
    if a.first ~= b.first then return a.first < b.first end
    if a.last ~= b.last then return a.last < b.last end
    return a.side < b.side
end

-- Two insertions at the same place have no order.
local function overlap(previous, edit)
    return edit.first <= previous.last or edit.first == previous.first and edit.last == previous.last
end

---@class upstream.ListMerge
---@field items string[]
---@field gap integer  the fewest unchanged items between edits of different sides
---@field ours integer  how many edits each side made
---@field theirs integer
---@field both integer  how many both made

--- Merges two lists of edits; edits may touch, not overlap.
---@param base string[]
---@param ours upstream.Edit[]
---@param theirs upstream.Edit[]
---@return upstream.ListMerge?  nil where both changed the same place differently
function M.merge_edits(base, ours, theirs)
    local all = {}
    for _, edit in ipairs(ours) do all[#all + 1] = edit end
    for _, edit in ipairs(theirs) do all[#all + 1] = edit end
    table.sort(all, before)
    local result = { items = {}, gap = math.huge, ours = #ours, theirs = #theirs, both = 0 }
    local items, position, previous = result.items, 1, nil
    for _, edit in ipairs(all) do
        local same = previous and previous.first == edit.first and previous.last == edit.last
            and texts.same(previous.items, edit.items)
        if same then
            result.both = result.both + 1
        else
            if previous and overlap(previous, edit) then return nil end
            if previous and previous.side ~= edit.side then
                result.gap = math.min(result.gap, edit.first - previous.last - 1)
            end
            for i = position, edit.first - 1 do items[#items + 1] = base[i] end
            for _, item in ipairs(edit.items) do items[#items + 1] = item end
            position, previous = edit.last + 1, edit
        end
    end
    for i = position, #base do items[#items + 1] = base[i] end
    return result
end

--- Merges three lists; edits may touch, not overlap.
---@param base string[]
---@param ours string[]
---@param theirs string[]
---@return upstream.ListMerge?
function M.merge_lists(base, ours, theirs)
    return M.merge_edits(base, M.edits(base, ours, 1), M.edits(base, theirs, 2))
end

return M
