-- When a generic rule's answer may be used with nobody looking. tests/bench/accuracy_resolution.lua counts how often
-- that is right on recorded merges: 158 times of 158 when these conditions were written, and none dropped a side's
-- change.
local texts = require("lib.upstream.resolution.texts")
local three_way = require("lib.upstream.resolution.three_way")

local M = {}

-- Where leading blanks carry meaning.
local indented = {
    py = true, pyi = true, yml = true, yaml = true, mk = true, haml = true, pug = true, coffee = true, nim = true,
    hs = true, rst = true, fs = true, sass = true,
}

local function indentation_matters(path)
    local extension = path:match("%.([%w_]+)$")
    return extension and indented[extension:lower()] or path:lower():find("makefile") ~= nil
end

local function indents(lines)
    local found = {}
    for _, line in ipairs(lines) do
        if line:find("%S") then found[#found + 1] = line:match("^%s*") end
    end
    return found
end

-- The words of lines that carry meaning, as a set.
local function names(lines)
    local set = {}
    for _, word in ipairs(texts.words(lines)) do
        if word:find("^[%w_\128-\255]") then set[word] = true end
    end
    return set
end

-- Words of one list of lines that the other does not have.
local function only_in(lines, others)
    local rest, known = {}, names(others)
    for word in pairs(names(lines)) do
        if not known[word] then rest[word] = true end
    end
    return rest
end

local function meet(a, b)
    for word in pairs(a) do
        if b[word] then return true end
    end
    return false
end

-- The lines that edits added, and those that they removed.
local function lines_of(edits, base)
    local added, removed = {}, {}
    for _, edit in ipairs(edits) do
        for _, line in ipairs(edit.items) do added[#added + 1] = line end
        for i = edit.first, edit.last do removed[#removed + 1] = base[i] end
    end
    return added, removed
end

-- Whether the sides' changes have to do with each other: the same words came, or one uses what the other took away.
local function are_related(hunk, ours, theirs)
    if meet(only_in(hunk.ours, hunk.base), only_in(hunk.theirs, hunk.base)) then return true end
    return meet(names((lines_of(ours, hunk.base))), only_in(hunk.base, hunk.theirs))
        or meet(names((lines_of(theirs, hunk.base))), only_in(hunk.base, hunk.ours))
end

-- A line that was taken away in one place and put in another is a move, whose end one side does not know.
local function moves_lines(base, edits)
    local added, removed = lines_of(edits, base)
    local set = {}
    for _, line in ipairs(removed) do
        if line:find("%w") then set[texts.squeeze(line)] = true end
    end
    for _, line in ipairs(added) do
        if set[texts.squeeze(line)] then return true end
    end
    return false
end

-- A name that one side's file has no more, while the other side's new lines use it: renamed or removed.
local function uses_what_is_gone(added, base_text, other_text)
    for word in pairs(added) do
        if base_text:find(word, 1, true) and not other_text:find(word, 1, true) then return true end
    end
    return false
end

-- The lines of the base that edits replace, as a set of numbers.
local function replaced_lines(edits)
    local set = {}
    for _, edit in ipairs(edits) do
        for i = edit.first, edit.last do set[i] = true end
    end
    return set
end

-- One side changed the head of a block, and the other the body, by the indentation of the base: what the body means
-- depends on the head.
local function changes_head_and_body(hunk, ours, theirs)
    local by_ours, by_theirs, heads = replaced_lines(ours), replaced_lines(theirs), {}
    for i, line in ipairs(hunk.base) do
        if line:find("%S") then
            local depth = #line:match("^%s*")
            while heads[1] and heads[#heads].depth >= depth do heads[#heads] = nil end
            local around = heads[#heads] or {}
            if around.ours and by_theirs[i] or around.theirs and by_ours[i] then return true end
            heads[#heads + 1] = { depth = depth, ours = around.ours or by_ours[i],
                theirs = around.theirs or by_theirs[i] }
        end
    end
    return false
end

function M.equal_but_for_spaces(hunk, conflict)
    return not indentation_matters(conflict.path) or texts.same(indents(hunk.ours), indents(hunk.theirs))
end

function M.spacing_only(hunk) return #hunk.ours == 0 or #hunk.theirs == 0 end

function M.contained(hunk, _, lines)
    local edits = { ours = three_way.edits(hunk.base, hunk.ours), theirs = three_way.edits(hunk.base, hunk.theirs) }
    if changes_head_and_body(hunk, edits.ours, edits.theirs) then return false end
    for side in pairs(edits) do
        if moves_lines(hunk.base, edits[side]) then return false end
        if meet(only_in(hunk.base, hunk[side]), names(lines)) then return false end
    end
    return true
end

-- Each side made one change, that replaces lines by as many or only deletes.
local function is_plain(edits)
    local edit = edits[1]
    return #edits == 1 and (#edit.items == 0 or #edit.items == edit.last - edit.first + 1)
end

-- The names that lines assign to.
local function assigned(lines)
    local found = {}
    for _, line in ipairs(lines) do
        local name = line:match("([%w_]+)%s*:?=[^=]")
        if name then found[name] = true end
    end
    return found
end

-- One side changed what a name is set to, the other a line that uses it.
local function shares_a_value(base, ours, theirs)
    local function lines(edits) return texts.slice(base, edits[1].first, edits[1].last) end
    return meet(assigned(lines(ours)), names(lines(theirs))) or meet(assigned(lines(theirs)), names(lines(ours)))
end

function M.adjacent_edits(hunk, conflict)
    local ours, theirs = three_way.edits(hunk.base, hunk.ours), three_way.edits(hunk.base, hunk.theirs)
    if not is_plain(ours) or not is_plain(theirs) or are_related(hunk, ours, theirs) then return false end
    if shares_a_value(hunk.base, ours, theirs) or changes_head_and_body(hunk, ours, theirs) then return false end
    local base = conflict.base or ""
    return not uses_what_is_gone(only_in(hunk.ours, hunk.base), base, conflict.theirs)
        and not uses_what_is_gone(only_in(hunk.theirs, hunk.base), base, conflict.ours)
end

return M
