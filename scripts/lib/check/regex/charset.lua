-- Sets of characters as far as they matter for looking at a pattern: each of ASCII exactly, all others together.
--
-- A set is a table with `true` at the codes 0 to 127 that are in it. `beyond` says of the others: nil none, "some",
-- "all". `inexact` says that the set may hold more than the pattern's does.
local M = {}

---@class regex.Charset
---@field beyond? "some"|"all"
---@field inexact? boolean

---@return regex.Charset
function M.everything()
    local set = { beyond = "all" }
    for code = 0, 127 do set[code] = true end
    return set
end

--- A set that nothing certain is known of.
---@return regex.Charset
function M.unknown()
    local set = M.everything()
    set.beyond, set.inexact = "some", true
    return set
end

---@param set regex.Charset
---@param first integer  a code
---@param last? integer
function M.add(set, first, last)
    last = last or first
    for code = first, math.min(last, 127) do set[code] = true end
    if last > 127 then set.beyond = set.beyond or "some" end
end

---@param set regex.Charset
---@param other regex.Charset
function M.add_all(set, other)
    for code = 0, 127 do set[code] = set[code] or other[code] end
    if other.beyond == "all" or set.beyond == "all" then
        set.beyond = "all"
    else
        set.beyond = set.beyond or other.beyond
    end
    set.inexact = set.inexact or other.inexact
end

---@param set regex.Charset
---@return regex.Charset
function M.complement(set)
    if set.inexact then return M.unknown() end
    local result = {}
    for code = 0, 127 do result[code] = not set[code] or nil end
    result.beyond = set.beyond == nil and "all" or set.beyond == "some" and "some" or nil
    return result
end

--- Adds the other case of every letter. Some letters beyond ASCII fold to letters within (K and the Kelvin sign).
---@param set regex.Charset
function M.fold(set)
    for code = 65, 90 do
        local either = set[code] or set[code + 32]
        set[code], set[code + 32] = either, either
        if either and (code == 75 or code == 83) then set.beyond = set.beyond or "some" end
    end
end

---@param set regex.Charset
---@return boolean
function M.is_empty(set)
    for code = 0, 127 do
        if set[code] then return false end
    end
    return set.beyond == nil
end

local function of_ranges(...)
    local set = {}
    for _, range in ipairs({ ... }) do M.add(set, range[1], range[2]) end
    return set
end

-- PCRE2's without UCP: ASCII only. \h and \v have members beyond.
M.digits = of_ranges({ 48, 57 })
M.words = of_ranges({ 48, 57 }, { 65, 90 }, { 95, 95 }, { 97, 122 })
M.spaces = of_ranges({ 9, 13 }, { 32, 32 })
M.newline = of_ranges({ 10, 10 })
M.horizontal = of_ranges({ 9, 9 }, { 32, 32 }, { 160, 160 })
M.vertical = of_ranges({ 10, 13 }, { 133, 133 })

M.posix = {
    alnum = of_ranges({ 48, 57 }, { 65, 90 }, { 97, 122 }), alpha = of_ranges({ 65, 90 }, { 97, 122 }),
    ascii = of_ranges({ 0, 127 }), blank = of_ranges({ 9, 9 }, { 32, 32 }), cntrl = of_ranges({ 0, 31 }, { 127, 127 }),
    digit = M.digits, graph = of_ranges({ 33, 126 }), lower = of_ranges({ 97, 122 }), print = of_ranges({ 32, 126 }),
    punct = of_ranges({ 33, 47 }, { 58, 64 }, { 91, 96 }, { 123, 126 }), space = M.spaces,
    upper = of_ranges({ 65, 90 }), word = M.words, xdigit = of_ranges({ 48, 57 }, { 65, 70 }, { 97, 102 }),
}

return M
