-- Reads a PCRE2 pattern that compiles into a tree. What the checks cannot follow (references, recursion, conditions) is
-- `anything`: a node that may match any text, so that what is concluded from the tree is true of the pattern.
-- Patterns with verbs that change how matching goes are not read at all.
local charset = require("lib.check.regex.charset")
local class = require("lib.check.regex.class")
local escapes = require("lib.check.regex.escapes")

local M = {}

---@class regex.Node
---@field type "set"|"sequence"|"choice"|"repeat"|"assertion"|"look"|"anything"|"never"
---@field position integer  of its first byte in the pattern
---@field set? regex.Charset  of a set
---@field items? regex.Node[]  of a sequence or choice
---@field item? regex.Node  of a repeat or look
---@field min? integer  of a repeat
---@field max? integer  of a repeat; nil without a limit
---@field possessive? boolean  of a repeat or sequence: gives nothing back
---@field kind? string  of an assertion: start, line_start, stop, last_line_stop, line_stop, word, not_word,
---    search_start
---@field ahead? boolean  of a look
---@field negative? boolean  of a look

local function unsupported() error({ unsupported = true }, 0) end

local Reader = {}
Reader.__index = Reader

function Reader:peek(text) return self.pattern:sub(self.position, self.position + #text - 1) == text end

function Reader:take(text)
    if not self:peek(text) then return false end
    self.position = self.position + #text
    return true
end

-- Takes what a Lua pattern matches here; it has one capture.
function Reader:match(lua_pattern)
    local found, after = self.pattern:match("^" .. lua_pattern .. "()", self.position)
    if found then self.position = after end
    return found
end

function Reader:node(type, fields)
    fields.type = type
    fields.position = fields.position or self.position
    return fields
end

function Reader:character_node(code, position)
    local set = {}
    charset.add(set, code)
    if self.flags.i then charset.fold(set) end
    return self:node("set", { set = set, position = position, code = code })
end

local quantifiers = { ["*"] = { 0, nil }, ["+"] = { 1, nil }, ["?"] = { 0, 1 } }

function Reader:skip_blanks()
    if not self.flags.x then return end
    while self:match("(%s+)") or self:match("(#[^\n]*)") do end -- luacheck: ignore 542
end

function Reader:quantifier()
    self:skip_blanks()
    local sign = self:match("([*+?])")
    if sign then return quantifiers[sign][1], quantifiers[sign][2] end
    local exact = self:match("{(%d+)}")
    if exact then return tonumber(exact), tonumber(exact) end
    local from, to, after = self.pattern:match("^{(%d+),(%d*)}()", self.position)
    if not from then return nil end
    self.position = after
    return tonumber(from), tonumber(to)
end

function Reader:quantified(item)
    while true do
        local min, max = self:quantifier()
        if not min then return item end
        local mode = self:match("([+?])")
        item = self:node("repeat", {
            item = item, min = min, max = max, possessive = mode == "+" or nil, position = item.position,
        })
    end
end

local assertions = {
    A = "start", z = "stop", Z = "last_line_stop", b = "word", B = "not_word", G = "search_start",
}

function Reader:escape()
    local start = self.position
    self.position = start + 1
    local letter = self.pattern:sub(self.position, self.position)
    if letter == "Q" then return self:quoted() end
    if letter == "E" or letter == "K" then
        self.position = self.position + 1
        return self:node("sequence", { items = {}, position = start })
    end
    if assertions[letter] then
        self.position = self.position + 1
        return self:node("assertion", { kind = assertions[letter], position = start })
    end
    if letter == "R" then
        self.position = self.position + 1
        local line_end = self:node("set", { set = charset.unknown(), position = start })
        return self:node("repeat", { item = line_end, min = 1, max = 2, position = start })
    end
    local set, code, after = escapes.read(self.pattern, self.position)
    if set then
        self.position = after
        return self:node("set", { set = set, position = start })
    elseif code then
        self.position = after
        return self:character_node(code, start)
    end
    -- \1, \g{name}, \k<name>, \X, \C
    local _, last = self.pattern:find("^[gk]%b{}", self.position)
    if not last then _, last = self.pattern:find("^[gk]%b<>", self.position) end
    if not last then _, last = self.pattern:find("^[gk]'[^']*'", self.position) end
    if not last then _, last = self.pattern:find("^g[+-]?%d+", self.position) end
    if not last then _, last = self.pattern:find("^%d+", self.position) end
    self.position = (last or self.position) + 1
    return self:node("anything", { position = start })
end

function Reader:quoted()
    local start = self.position - 1
    local first = self.position + 1
    local last, after = self.pattern:find("\\E", first, true)
    local stop = last and last - 1 or #self.pattern
    local items, position = {}, first
    while position <= stop do
        local code, following = escapes.character(self.pattern, position)
        items[#items + 1] = self:character_node(code, position)
        position = following
    end
    self.position = (after or #self.pattern) + 1
    return self:node("sequence", { items = items, position = start, quoted = true })
end

local function with_flags(flags, text)
    local changed, value = {}, true
    for name, old in pairs(flags) do changed[name] = old end
    if text:find("xx", 1, true) or text:find("[^imsxnJU^-]") then unsupported() end
    for letter in text:gmatch(".") do
        if letter == "^" then
            changed.i, changed.m, changed.s, changed.x, changed.n = nil, nil, nil, nil, nil
        elseif letter == "-" then
            value = nil
        else
            changed[letter] = value
        end
    end
    return changed
end

function Reader:body_in_group(flags)
    local outer = self.flags
    self.flags = flags or outer
    local body = self:choice()
    self.flags = outer
    if not self:take(")") then unsupported() end
    return body
end

local looks = {
    { "?=", true, false }, { "?!", true, true }, { "?<=", false, false }, { "?<!", false, true },
}

-- What follows "(?" in a group that is neither a look nor one of names.
function Reader:special_group(start)
    if self:take("?:") or self:take("?|") then return self:body_in_group() end
    if self:take("?>") then
        return self:node("sequence", { items = { self:body_in_group() }, possessive = true, position = start })
    end
    if self:match("(%?P?<[%w_]+>)") or self:match("(%?'[%w_]+')") then return self:body_in_group() end
    if self:match("(%?C%d*%))") then return self:node("sequence", { items = {}, position = start }) end
    if self:match("(%?[R%d&+]%w*%))") or self:match("(%?%-%d+%))") or self:match("(%?P[>=][%w_]+%))") then
        return self:node("anything", { position = start })
    end
    if self:peek("?(") then
        local _, last = self.pattern:find("^%b()", self.position + 1)
        if not last or self.pattern:find("^%(%?", self.position + 1) then unsupported() end
        self.position = last + 1
        return self:body_in_group()
    end
    local letters = self:match("%?([%a^-]*):")
    if letters then return self:body_in_group(with_flags(self.flags, letters)) end
    letters = self:match("%?([%a^-]*)%)")
    if not letters then unsupported() end
    self.flags = with_flags(self.flags, letters)
    return self:node("sequence", { items = {}, position = start })
end

function Reader:group()
    local start = self.position
    self.position = start + 1
    if self:match("(%?#[^)]*%))") then
        return self:node("sequence", { items = {}, position = start, comment = true })
    end
    if self:match("(%*F%))") or self:match("(%*FAIL%))") then return self:node("never", { position = start }) end
    if self:peek("*") then unsupported() end
    for _, look in ipairs(looks) do
        if self:take(look[1]) then
            return self:node("look", {
                item = self:body_in_group(), ahead = look[2], negative = look[3], position = start,
            })
        end
    end
    if self:peek("?") then return self:special_group(start) end
    return self:body_in_group()
end

function Reader:atom()
    local start = self.position
    local letter = self.pattern:sub(start, start)
    if letter == "\\" then return self:escape() end
    if letter == "(" then return self:group() end
    if letter == "[" then
        local set, after = class.read(self.pattern, start, self.flags.i)
        if not set then unsupported() end
        self.position = after
        return self:node("set", { set = set, position = start })
    end
    self.position = start + 1
    if letter == "." then
        local set = self.flags.s and charset.everything() or charset.complement(charset.newline)
        return self:node("set", { set = set, position = start })
    elseif letter == "^" then
        return self:node("assertion", { kind = self.flags.m and "line_start" or "start", position = start })
    elseif letter == "$" then
        return self:node("assertion", { kind = self.flags.m and "line_stop" or "last_line_stop", position = start })
    end
    local code, after = escapes.character(self.pattern, start)
    self.position = after
    return self:character_node(code, start)
end

function Reader:sequence()
    local items, start = {}, self.position
    while true do
        self:skip_blanks()
        if self.position > #self.pattern or self:peek("|") or self:peek(")") then break end
        local item = self:atom()
        if item.quoted then -- a quantifier belongs to the last character only
            for i = 1, #item.items - 1 do items[#items + 1] = item.items[i] end
            item = item.items[#item.items] or item
        end
        if not item.comment then item = self:quantified(item) end
        items[#items + 1] = item
    end
    if #items == 1 then return items[1] end
    return self:node("sequence", { items = items, position = start })
end

function Reader:choice()
    local start, outer = self.position, self.flags
    local items = { self:sequence() }
    while self:take("|") do items[#items + 1] = self:sequence() end
    self.flags = outer
    if #items == 1 then return items[1] end
    return self:node("choice", { items = items, position = start })
end

--- The tree of a pattern that compiles; nil for one that the checks do not follow.
---@param pattern string
---@param flags string  letters as of `re`
---@return regex.Node?
function M.read(pattern, flags)
    local set = {}
    for letter in flags:gmatch(".") do set[letter] = true end
    local reader = setmetatable({ pattern = pattern, position = 1, flags = set }, Reader)
    while reader:match("(%(%*U[TFC8P]*%))") do end -- luacheck: ignore 542
    local ok, tree = pcall(reader.choice, reader)
    if not ok then
        if type(tree) == "table" and tree.unsupported then return nil end
        error(tree, 0)
    end
    if reader.position <= #pattern then return nil end
    return tree
end

return M
