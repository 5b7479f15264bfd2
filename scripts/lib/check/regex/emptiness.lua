-- Whether a pattern, or one of its alternatives, can match at all. What is said to match nothing matches nothing; of
-- what cannot be decided, nothing is reported.
--
-- Walks the automaton together with what assertions speak of: what stands before ("start" of the text, a newline, a
-- word character, any other), and which symbols, or the text's end, may come next.
local alphabet_of = require("lib.check.regex.alphabet").of
local automaton = require("lib.check.regex.automaton")

local M = {}

local max_places = 60000

local Walk = {}
Walk.__index = Walk

-- Which continuations an assertion leaves: of the symbols, the end, and the newline before the end.
function Walk:restricted(need, keeps)
    local left, marks, any = {}, {}, false
    for i = 1, self.continuations do
        local kept = need[i] and keeps(i)
        left[i] = kept
        marks[i] = kept and "1" or "0"
        any = any or kept
    end
    if not any then return nil end
    local key = table.concat(marks)
    local known = self.needs[key]
    if not known then
        left.key = key
        self.needs[key] = left
        known = left
    end
    return known
end

function Walk:is_word(i) return i <= self.symbols and self.alphabet.symbols[i].word or false end

function Walk:is_newline(i) return i <= self.symbols and self.alphabet.symbols[i].newline or false end

-- What an assertion leaves of the continuations after `before`; nil if it cannot hold.
function Walk:after_assertion(kind, before, need)
    if kind == "start" then return before == "start" and need or nil end
    if kind == "line_start" then return (before == "start" or before == "newline") and need or nil end
    if kind == "stop" then return self:restricted(need, function(i) return i == self.at_end end) end
    if kind == "last_line_stop" then
        return self:restricted(need, function(i) return i == self.at_end or i == self.at_last_newline end)
    elseif kind == "line_stop" then
        return self:restricted(need, function(i)
            return i == self.at_end or i == self.at_last_newline or self:is_newline(i)
        end)
    elseif kind == "word" or kind == "not_word" then
        local wants_word = (before == "word") == (kind == "not_word")
        return self:restricted(need, function(i) return self:is_word(i) == wants_word end)
    end
    return need
end

-- Calls `go(before, need)` for each way to read a character of the set.
function Walk:read(set, need, go)
    for symbol in pairs(self.alphabet:symbols_of(set)) do
        local entry = self.alphabet.symbols[symbol]
        local before = entry.newline and "newline" or entry.word and "word" or "other"
        if need[symbol] then go(before, self.free) end
        if entry.newline and need[self.at_last_newline] then go(before, self.only_end) end
    end
end

function Walk:reach(state, before, need, from)
    if not need then return end
    local key = ("%d %s %s"):format(state, before, need.key)
    local place = self.places[key]
    if not place then
        self.count = self.count + 1
        if self.count > max_places then error({ too_large = true }, 0) end
        place = { state = state, before = before, need = need, from = {} }
        self.places[key] = place
        table.insert(self.queue, place)
    end
    if from then table.insert(place.from, from) end
end

function Walk:follow(place)
    for _, edge in ipairs(self.edges[place.state]) do
        if edge.set then
            self:read(edge.set, place.need, function(before, need) self:reach(edge.to, before, need, place) end)
        elseif edge.assertion then
            self:reach(edge.to, place.before, self:after_assertion(edge.assertion, place.before, place.need), place)
        elseif edge.next_symbols then
            local symbols = edge.next_symbols
            self:reach(edge.to, place.before, self:restricted(place.need, function(i)
                return symbols[i] or (i == self.at_last_newline and symbols[self.newline_symbol])
            end), place)
        else
            self:reach(edge.to, place.before, place.need, place)
        end
    end
end

-- The states from which the end is reached, each on a way from the beginning.
function Walk:alive_states(accept)
    local alive, queue = {}, {}
    for _, place in pairs(self.places) do
        if place.state == accept then queue[#queue + 1] = place end
    end
    while #queue > 0 do
        local place = table.remove(queue)
        if not place.alive then
            place.alive = true
            alive[place.state] = true
            for _, from in ipairs(place.from) do queue[#queue + 1] = from end
        end
    end
    return alive
end

local function new_walk(built, alphabet)
    local symbols = #alphabet.symbols
    local walk = setmetatable({
        edges = built.edges, alphabet = alphabet, symbols = symbols, continuations = symbols + 2,
        at_end = symbols + 1, at_last_newline = symbols + 2, needs = {}, places = {}, queue = {}, count = 0,
        newline_symbol = alphabet.of_code[10],
    }, Walk)
    local all = {}
    for i = 1, walk.continuations do all[i] = true end
    walk.free = walk:restricted(all, function() return true end)
    walk.only_end = walk:restricted(all, function(i) return i == walk.at_end end)
    return walk
end

-- What the text after a lookahead begins with, if it must begin with something that is known.
local function first_symbols(alphabet)
    local function first(node)
        if node.type == "set" then return alphabet:symbols_of(node.set) end
        if node.type == "sequence" and node.items[1] then return first(node.items[1]) end
        if node.type == "repeat" and node.min > 0 then return first(node.item) end
        if node.type ~= "choice" then return nil end
        local all = {}
        for _, item in ipairs(node.items) do
            local symbols = first(item)
            if not symbols then return nil end
            for symbol in pairs(symbols) do all[symbol] = true end
        end
        return all
    end
    return first
end

-- Lookarounds that always fail, such as "(?!)", become nodes that match nothing.
local function without_impossible_looks(node)
    local function is_empty_text(item) return item.type == "sequence" and #item.items == 0 end
    if node.type == "look" and node.negative and is_empty_text(node.item) then
        return { type = "never", position = node.position }
    end
    local copy = {}
    for key, value in pairs(node) do copy[key] = value end
    if node.item then copy.item = without_impossible_looks(node.item) end
    if node.items then
        copy.items = {}
        for i, item in ipairs(node.items) do copy.items[i] = without_impossible_looks(item) end
    end
    return copy
end

--- What of a pattern can match nothing: the whole, or alternatives of it.
---@param tree regex.Node
---@return { whole?: boolean, branches: regex.Node[] }
function M.find(tree)
    tree = without_impossible_looks(tree)
    local alphabet = alphabet_of(tree)
    local built = automaton.of(tree, { symbols_of_look = first_symbols(alphabet) })
    if not built then return { branches = {} } end
    local walk = new_walk(built, alphabet)
    local ok, raised = pcall(function()
        for _, before in ipairs({ "start", "newline", "word", "other" }) do
            walk:reach(built.start, before, walk.free)
        end
        while #walk.queue > 0 do walk:follow(table.remove(walk.queue)) end
    end)
    if not ok then
        if type(raised) == "table" and raised.too_large then return { branches = {} } end
        error(raised, 0)
    end
    local alive = walk:alive_states(built.accept)
    if not alive[built.accept] then return { whole = true, branches = {} } end
    local dead, seen = {}, {}
    for _, branch in ipairs(built.branches) do
        local entry = seen[branch.node] or { node = branch.node }
        if not seen[branch.node] then
            seen[branch.node] = entry
            dead[#dead + 1] = entry
        end
        entry.alive = entry.alive or alive[branch.state]
    end
    local nodes = {}
    for _, entry in ipairs(dead) do
        if not entry.alive then nodes[#nodes + 1] = entry.node end
    end
    return { branches = nodes }
end

return M
