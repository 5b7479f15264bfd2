-- The escapes of PCRE2 patterns, inside and outside of character classes.
-- https://www.pcre.org/current/doc/html/pcre2pattern.html#SEC5
local charset = require("lib.check.regex.charset")

local M = {}

local letters = { a = 7, e = 27, f = 12, n = 10, r = 13, t = 9 }
local types = {
    d = charset.digits, w = charset.words, s = charset.spaces, h = charset.horizontal, v = charset.vertical,
}

local function copy(set)
    local result = {}
    charset.add_all(result, set)
    return result
end

-- The set that a letter stands for: \d, \W, \p{Lu}. Returns it and the position after it.
local function type_at(pattern, position, letter)
    local lower = letter:lower()
    if types[lower] then
        local set = copy(types[lower])
        -- \h and \v have more members than ASCII's, so their complements are not exact either.
        return letter == lower and set or charset.complement(set), position + 1
    end
    if lower == "p" then
        local _, last = pattern:find("^{[^}]*}", position + 1)
        return charset.unknown(), (last or position + 1) + 1
    end
    if letter == "N" and pattern:sub(position + 1, position + 1) ~= "{" then
        return charset.complement(charset.newline), position + 1
    end
end

-- The code of an escape that stands for one character.
local function code_at(pattern, position, letter)
    if letters[letter] then return letters[letter], position + 1 end
    if letter == "c" then
        local control = pattern:byte(position + 1)
        return control and bit.bxor(string.char(control):upper():byte(), 64), position + 2
    end
    for _, form in ipairs({ { "^x{(%x+)}()", 16 }, { "^x(%x%x?)()", 16 }, { "^o{([0-7]+)}()", 8 },
        { "^(0[0-7]?[0-7]?)()", 8 }, { "^N{U%+(%x+)}()", 16 } }) do
        local digits, after = pattern:match(form[1], position)
        if digits then return tonumber(digits, form[2]), after end
    end
    if letter == "x" then return 0, position + 1 end
end

--- What an escape stands for; `position` is that of the character after the backslash. Returns a set or a code, and the
--- position after it; nil for one that is neither.
---@param pattern string
---@param position integer
---@return regex.Charset? set, integer? code, integer? after
function M.read(pattern, position)
    local letter = pattern:sub(position, position)
    local set, after = type_at(pattern, position, letter)
    if set then return set, nil, after end
    local code
    code, after = code_at(pattern, position, letter)
    if code then return nil, code, after end
    if not letter:find("%w") and letter ~= "" then return nil, M.character(pattern, position) end
end

--- The character at a position: its code, and the position after it.
---@param pattern string
---@param position integer
---@return integer code, integer after
function M.character(pattern, position)
    local lead = pattern:byte(position)
    if lead < 0xC0 then return lead, position + 1 end
    local bytes = lead < 0xE0 and 2 or lead < 0xF0 and 3 or 4
    local code = lead % 2 ^ (7 - bytes)
    for i = position + 1, position + bytes - 1 do code = code * 64 + (pattern:byte(i) or 128) % 64 end
    return code, position + bytes
end

return M
