-- A PCRE2 pattern as the checks walk it: the tree of `re.parse`, less what says nothing of what is matched. What the
-- checks cannot follow (references, calls, conditions) is `anything`: a node that may match any text, so that what is
-- concluded from the tree is true of the pattern. Patterns with verbs that change how matching goes are not followed.
local alphabet = require("lib.check.regex.alphabet")

local M = {}

---@class regex.Node
---@field type "set"|"sequence"|"choice"|"repeat"|"assertion"|"look"|"anything"|"never"
---@field position integer  of its first byte in the pattern
---@field set? regex.Charset  of a set
---@field code? integer  of a set that is one character
---@field items? regex.Node[]  of a sequence or choice
---@field item? regex.Node  of a repeat or look
---@field min? integer  of a repeat
---@field max? integer  of a repeat; nil without a limit
---@field possessive? boolean  of a repeat or sequence: gives nothing back
---@field kind? string  of an assertion: start, line_start, stop, last_line_stop, line_stop, word, not_word,
---    search_start
---@field ahead? boolean  of a look
---@field negative? boolean  of a look

local kinds = {
    text_start = "start", text_end = "stop", last_line_end = "last_line_stop", line_end = "line_stop",
}

local simplified

local function all(items)
    local list = {}
    for i, item in ipairs(items) do list[i] = simplified(item) end
    return list
end

local function list_of(type)
    return function(node)
        local items = all(node.items)
        if #items == 1 then return items[1] end
        return { type = type, items = items }
    end
end

local function empty() return { type = "sequence", items = {} } end
local function anything() return { type = "anything" } end

local readers = {
    sequence = list_of("sequence"), choice = list_of("choice"), options = empty, callout = empty, keep = empty,
    reference = anything, call = anything, condition = anything, grapheme = anything,
}

function readers.set(node) return { type = "set", set = node.set, code = node.code } end

readers["repeat"] = function(node)
    return {
        type = "repeat", item = simplified(node.item), min = node.min, max = node.max, possessive = node.possessive,
    }
end

function readers.group(node)
    local item = simplified(node.item)
    return node.atomic and { type = "sequence", items = { item }, possessive = true } or item
end

function readers.assertion(node) return { type = "assertion", kind = kinds[node.kind] or node.kind } end

function readers.look(node)
    return { type = "look", item = simplified(node.item), ahead = node.ahead, negative = node.negative }
end

function readers.line_break(node)
    local line_end = { type = "set", set = alphabet.unknown(), position = node.first }
    return { type = "repeat", item = line_end, min = 1, max = 2 }
end

function readers.verb(node)
    if node.name == "F" or node.name == "FAIL" then return { type = "never" } end
    if node.name == "UTF" or node.name == "UCP" then return empty() end
    error({ unsupported = true }, 0)
end

function simplified(node)
    local simple = readers[node.type](node)
    simple.position = simple.position or node.first
    return simple
end

--- The tree of a pattern that compiles; nil for one that the checks do not follow.
---@param pattern string
---@param flags string  letters as of `re`
---@return regex.Node?
function M.read(pattern, flags)
    local tree = re.parse(pattern, flags)
    local ok, simple = pcall(simplified, tree or { type = "verb" })
    if ok then return simple end
    if type(simple) == "table" and simple.unsupported then return nil end
    error(simple, 0)
end

return M
