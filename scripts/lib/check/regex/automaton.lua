-- A pattern's tree as a nondeterministic automaton (Thompson's construction). States are numbers from 1; a state has
-- edges, in the order in which a backtracking matcher tries them. An edge leads `to` a state and needs a character of
-- `set`, an `assertion` to hold, or nothing.
--
-- The automaton accepts at least what the pattern matches: what may match anything is a loop over everything,
-- repetitions beyond a few are a loop, lookarounds need not hold.
local alphabet = require("lib.check.regex.alphabet")

local M = {}

local max_states = 3000
local max_copies = 6

local Builder = {}
Builder.__index = Builder

function Builder:state()
    local number = #self.edges + 1
    if number > max_states then error({ too_large = true }, 0) end
    self.edges[number] = {}
    return number
end

function Builder:edge(from, to, needs)
    local edge = needs or {}
    edge.to = to
    table.insert(self.edges[from], edge)
end

local build = {}

function Builder:add(node, from, to) build[node.type](self, node, from, to) end

function build.set(self, node, from, to) self:edge(from, to, { set = node.set, node = node }) end

function build.assertion(self, node, from, to) self:edge(from, to, { assertion = node.kind }) end

function build.never() end

function build.anything(self, _, from, to)
    self:edge(from, from, { set = alphabet.everything() })
    self:edge(from, to)
end

function build.sequence(self, node, from, to)
    local at = from
    for i, item in ipairs(node.items) do
        local following = i == #node.items and to or self:state()
        -- A state of its own before each item, so that loops of one cannot be entered from another.
        self:add(item, at, following)
        at = following
    end
    if #node.items == 0 then self:edge(from, to) end
end

function build.choice(self, node, from, to)
    for _, item in ipairs(node.items) do
        local first, last = self:state(), self:state()
        self:edge(from, first)
        self:add(item, first, last)
        self:edge(last, to)
        self.branches[#self.branches + 1] = { state = first, node = item, choice = node }
    end
end

function build.look(self, node, from, to)
    if node.ahead and not node.negative and self.symbols_of_look then
        local first = self.symbols_of_look(node.item)
        if first then return self:edge(from, to, { next_symbols = first }) end
    end
    -- Its text is walked as well, since that is where a matcher may lose its time.
    if self.walks_looks then
        local first, dead_end = self:state(), self:state()
        self:edge(from, first)
        self:add(node.item, first, dead_end)
    end
    self:edge(from, to)
end

build["repeat"] = function(self, node, from, to)
    local min, max = node.min, node.max
    local copies = math.min(min, max_copies)
    local at = from
    for _ = 1, copies do
        local following = self:state()
        self:add(node.item, at, following)
        at = following
    end
    if max and max - min <= max_copies and min <= max_copies then
        for _ = 1, max - min do
            local first, following = self:state(), self:state()
            self:edge(at, first)
            self:edge(at, to)
            self:add(node.item, first, following)
            at = following
        end
        return self:edge(at, to)
    end
    local loop, last = self:state(), self:state()
    self:edge(at, loop)
    local first = self:state()
    self:edge(loop, first)
    self:add(node.item, first, last)
    self:edge(last, loop)
    self:edge(loop, to)
end

---@class regex.Automaton
---@field edges table[]  by state
---@field start integer
---@field accept integer
---@field branches table[]  {state, node, choice}: where each alternative begins

--- The automaton of a tree; nil if it would be too large.
---@param tree regex.Node
---@param options? { walks_looks?: boolean, symbols_of_look?: function }  walks_looks: states for what is looked for
---    too; symbols_of_look: what the text after a lookahead must begin with, as symbols, or nil if that is not known
---@return regex.Automaton?
function M.of(tree, options)
    options = options or {}
    local builder = setmetatable({
        edges = {}, branches = {}, walks_looks = options.walks_looks, symbols_of_look = options.symbols_of_look,
    }, Builder)
    local start, accept = builder:state(), builder:state()
    local ok, raised = pcall(builder.add, builder, tree, start, accept)
    if not ok then
        if type(raised) == "table" and raised.too_large then return nil end
        error(raised, 0)
    end
    return { edges = builder.edges, start = start, accept = accept, branches = builder.branches }
end

return M
