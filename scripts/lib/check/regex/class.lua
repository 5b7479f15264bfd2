-- Character classes: "[^a-z\d[:alpha:]]".
local charset = require("lib.check.regex.charset")
local escapes = require("lib.check.regex.escapes")

local M = {}

-- One member: a set, or a code. Returns it and the position after it; nothing for what is not followed.
local function member(pattern, position)
    local name_negated, name, after = pattern:match("^%[:(%^?)(%a+):%]()", position)
    if name then
        local set = charset.posix[name]
        if not set then return end
        return name_negated == "^" and charset.complement(set) or set, nil, after
    end
    if pattern:sub(position, position) ~= "\\" then
        return nil, escapes.character(pattern, position)
    end
    local letter = pattern:sub(position + 1, position + 1)
    if letter == "b" then return nil, 8, position + 2 end
    local octal, following = pattern:match("^\\([0-7]+)()", position)
    if octal and #octal <= 3 then return nil, tonumber(octal, 8), following end
    return escapes.read(pattern, position + 1)
end

-- Members in \Q…\E stand for themselves. Returns the position after, or nil.
local function add_quoted(set, pattern, position)
    local stop = pattern:find("\\E", position + 2, true)
    if not stop then return nil end
    position = position + 2
    while position < stop do
        local code, after = escapes.character(pattern, position)
        charset.add(set, code)
        position = after
    end
    return stop + 2
end

-- Adds a member or a range. Returns the position after, or nil.
local function add_member(set, pattern, position)
    local members, code, after = member(pattern, position)
    if members then
        charset.add_all(set, members)
        return after
    end
    if not code then return nil end
    if pattern:sub(after, after) ~= "-" or pattern:sub(after + 1, after + 1) == "]" then
        charset.add(set, code)
        return after
    end
    local to_members, to, following = member(pattern, after + 1)
    if to then
        charset.add(set, code, to)
        return following
    end
    if not to_members then return nil end
    charset.add(set, code)
    charset.add(set, ("-"):byte())
    charset.add_all(set, to_members)
    return following
end

--- The set of a class that begins at a position, and the position after it; nothing for one that is not followed.
---@param pattern string
---@param position integer  of its bracket
---@param caseless? boolean
---@return regex.Charset? set, integer? after
function M.read(pattern, position, caseless)
    local set, first = {}, position + 1
    local negated = pattern:sub(first, first) == "^"
    if negated then first = first + 1 end
    position = first
    while true do
        local letter = pattern:sub(position, position)
        if letter == "" then return nil end
        if letter == "]" and position > first then break end
        local after
        if pattern:sub(position, position + 1) == "\\Q" then
            after = add_quoted(set, pattern, position)
        elseif pattern:sub(position, position + 1) == "\\E" then
            after = position + 2
        else
            after = add_member(set, pattern, position)
        end
        if not after then return nil end
        position = after
    end
    if caseless then charset.fold(set) end
    return negated and charset.complement(set) or set, position + 1
end

return M
