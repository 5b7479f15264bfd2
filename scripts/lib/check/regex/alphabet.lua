-- The characters that a pattern distinguishes. Its sets are as `re.parse` gives them: `true` at the codes 0 to 127 that
-- are in it; `beyond` says of all others together: nil none, "some", "all". `inexact` says that the set may hold more
-- than the pattern's does. Characters that all sets treat alike are one symbol, so that what is asked of an automaton
-- is asked of a few symbols and not of every character.
local M = {}

---@alias regex.Charset re.CharacterSet

---@return regex.Charset
function M.everything()
    local set = { beyond = "all" }
    for code = 0, 127 do set[code] = true end
    return set
end

--- A set about which nothing certain is known.
---@return regex.Charset
function M.unknown()
    local set = M.everything()
    set.beyond, set.inexact = "some", true
    return set
end

-- What an escape stands for.
local function set_of(escape) return re.parse(escape).items[1].set end

M.newline, M.words = set_of("\\n"), set_of("\\w")

local Alphabet = {}
Alphabet.__index = Alphabet

local function collect(node, sets)
    if node.set then sets[#sets + 1] = node.set end
    if node.item then collect(node.item, sets) end
    for _, item in ipairs(node.items or {}) do collect(item, sets) end
end

-- Printable characters stand for a symbol rather than others, letters and digits rather than signs.
local readability_rank = {}
for code = 0, 127 do
    local letter = string.char(code)
    readability_rank[code] = letter:find("[%l]") and 4 or letter:find("%w") and 3 or letter:find("[%p ]") and 2 or 1
end

-- Numbers the codes so that two have the same number when no set separates them: every set in turn splits the groups
-- that it cuts through.
local function groups_of(sets)
    local group, count = {}, 1
    for code = 0, 127 do group[code] = 1 end
    for _, set in ipairs(sets) do
        local inside, outside = {}, {}
        for code = 0, 127 do
            local side = set[code] and inside or outside
            side[group[code]] = true
        end
        local split = {}
        for number in pairs(inside) do
            if outside[number] then
                count = count + 1
                split[number] = count
            end
        end
        if next(split) then
            for code = 0, 127 do
                if set[code] then group[code] = split[group[code]] or group[code] end
            end
        end
    end
    return group
end

--- The alphabet of a tree. Newlines and word characters are kept apart from others.
---@param tree regex.Node
function M.of(tree)
    local sets = { M.newline, M.words }
    collect(tree, sets)
    local alphabet = setmetatable({ symbols = {}, of_code = {}, cached = {} }, Alphabet)
    local known, group = {}, groups_of(sets)
    for code = 0, 127 do
        local symbol = known[group[code]]
        if not symbol then
            symbol = #alphabet.symbols + 1
            known[group[code]] = symbol
            alphabet.symbols[symbol] = { code = code, word = M.words[code], newline = code == 10 }
        elseif readability_rank[code] > readability_rank[alphabet.symbols[symbol].code] then
            alphabet.symbols[symbol].code = code
        end
        alphabet.of_code[code] = symbol
    end
    alphabet.beyond = #alphabet.symbols + 1
    alphabet.symbols[alphabet.beyond] = { text = "é" }
    return alphabet
end

--- The symbols of a set, as a table with `true` at each.
---@param set regex.Charset
---@return table<integer, boolean>
function Alphabet:symbols_of(set)
    local symbols = self.cached[set]
    if symbols then return symbols end
    symbols = {}
    for code = 0, 127 do
        if set[code] then symbols[self.of_code[code]] = true end
    end
    symbols[self.beyond] = set.beyond ~= nil or nil
    self.cached[set] = symbols
    return symbols
end

--- A text of one character that stands for a symbol.
---@param symbol integer
---@return string
function Alphabet:text(symbol)
    local entry = self.symbols[symbol]
    return entry.text or string.char(entry.code)
end

return M
