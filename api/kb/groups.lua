-- Which groups a PCRE2 pattern captures: how many, and their names. Reads just enough of the syntax for that; whether
-- the pattern is well-formed is for PCRE2 to say. https://www.pcre.org/current/doc/html/pcre2pattern.html
local M = {}

-- Where a character class that begins at `position` ends. A "]" that comes first is a member.
local function after_class(pattern, position)
    position = position + 1
    if pattern:sub(position, position) == "^" then position = position + 1 end
    local first = true
    while position <= #pattern do
        local letter = pattern:sub(position, position)
        if letter == "]" and not first then return position + 1 end
        if letter == "\\" then
            position = position + 2
        elseif letter == "[" and pattern:find("^%[:%^?%a+:%]", position) then
            position = select(2, pattern:find("^%[:%^?%a+:%]", position)) + 1
        else
            position = position + 1
        end
        first = false
    end
    return position
end

-- The name of a group that opens at `position`; true for one without a name, nil for what captures nothing.
local function opened(pattern, position, plain_captures)
    local after = pattern:sub(position + 1, position + 1)
    if after == "*" then return nil end
    if after ~= "?" then return plain_captures or nil end
    return pattern:match("^%(%?P?<([%a_][%w_]*)>", position) or pattern:match("^%(%?'([%a_][%w_]*)'", position)
end

---@class kb.Groups
---@field count integer
---@field names table<string, integer>  their numbers

--- The groups of a pattern. With the flag `n` plain parentheses capture nothing; with `x`, comments are skipped.
---@param pattern string
---@param flags? string
---@return kb.Groups
function M.of(pattern, flags)
    flags = flags or ""
    local plain_captures, extended = not flags:find("n", 1, true), flags:find("x", 1, true) ~= nil
    local groups, position = { count = 0, names = {} }, 1
    while position <= #pattern do
        local letter = pattern:sub(position, position)
        if pattern:find("^\\Q", position) then
            local _, last = pattern:find("\\E", position + 2, true)
            position = (last or #pattern) + 1
        elseif letter == "\\" then
            position = position + 2
        elseif letter == "[" then
            position = after_class(pattern, position)
        elseif pattern:find("^%(%?#", position) then
            position = (pattern:find(")", position, true) or #pattern) + 1
        elseif letter == "#" and extended then
            position = (pattern:find("\n", position, true) or #pattern) + 1
        else
            local name = letter == "(" and opened(pattern, position, plain_captures)
            if name then
                groups.count = groups.count + 1
                if name ~= true and not groups.names[name] then groups.names[name] = groups.count end
            end
            position = position + 1
        end
    end
    return groups
end

--- The groups of several patterns, which are numbered on from one to the next.
---@param patterns string|string[]
---@param flags? string
---@return kb.Groups
function M.of_all(patterns, flags)
    local all = { count = 0, names = {} }
    for _, pattern in ipairs(type(patterns) == "table" and patterns or { patterns }) do
        local groups = M.of(pattern, flags)
        for name, number in pairs(groups.names) do
            if not all.names[name] then all.names[name] = all.count + number end
        end
        all.count = all.count + groups.count
    end
    return all
end

return M
