-- Three versions of a file: what git merges of it by itself, the conflicts that are left, and merges of lists.
local texts = require("lib.upstream.resolution.texts")

local M = {}

---@class upstream.Hunk
---@field base string[]  lines
---@field ours string[]
---@field theirs string[]
---@field before string  the text before it in the merged file, and after it, up to the next conflicts
---@field after string
---@field siblings upstream.Hunk[]  all of the file, itself included

---@class upstream.Merge
---@field clean string[]  the texts between conflicts; one more than there are hunks
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

-- Reads what `git merge-file --diff3` writes. Between conflicts, where most of a long file is, no lines are made.
local function read(text, size)
    local open, middle, close, rest = ("<"):rep(size) .. " ours", ("="):rep(size), (">"):rep(size) .. " theirs",
        ("|"):rep(size) .. " base"
    local clean, hunks, position = {}, {}, 1
    local function up_to(mark)
        local first, last = text:find(mark, position, true)
        if not first then return nil end
        local part = text:sub(position, first - 1)
        position = (text:find("\n", last, true) or #text) + 1
        return part
    end
    local before = up_to(open)
    while before do
        clean[#clean + 1] = before
        hunks[#hunks + 1] = { before = before, ours = texts.lines(up_to(rest)), base = texts.lines(up_to(middle)),
            theirs = texts.lines(up_to(close)) }
        before = up_to(open)
    end
    clean[#clean + 1] = text:sub(position)
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
    for i, between in ipairs(merge.clean) do
        all[#all + 1] = between
        if parts[i] then all[#all + 1] = texts.join(parts[i]) end
    end
    local text = table.concat(all)
    return merge.final_newline and text or (text:gsub("\n$", ""))
end

-- Where lines stand in a text, from `first` on.
local function find_lines(text, lines, first)
    local at = text:find(lines, first, true)
    while at and at > first and text:byte(at - 1) ~= 10 do at = text:find(lines, at + 1, true) end
    return at
end

--- What a whole text has in the place of each conflict; nil where the text between them was changed, or where the
--- places cannot be told.
---@param merge upstream.Merge
---@param text string
---@return string[][]?
function M.parts(merge, text)
    text = complete(text)
    local clean, count = merge.clean, #merge.hunks
    if count == 0 then return text == clean[1] and {} or nil end
    local head, tail = clean[1], clean[count + 1]
    local stop = #text - #tail
    if stop < #head or text:sub(1, #head) ~= head or text:sub(stop + 1) ~= tail then return nil end
    local parts, position = {}, #head + 1
    for i = 1, count - 1 do
        local between = clean[i + 1]
        local at = between ~= "" and find_lines(text, between, position)
        if not at or at + #between - 1 > stop then return nil end
        parts[i] = texts.lines(text:sub(position, at - 1))
        position = at + #between
    end
    -- A tail that does not begin a line was found in the middle of one.
    if position <= stop and text:byte(stop) ~= 10 then return nil end
    parts[count] = texts.lines(text:sub(position, stop))
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
