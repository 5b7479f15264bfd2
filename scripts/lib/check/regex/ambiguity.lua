-- Texts that a backtracking matcher may lose its time on: a loop through which one and the same text leads in two ways
-- doubles the work with every repetition.
--
-- After Weideman, van der Merwe, Berglund, Watson: "Analyzing Matching Time Behavior of Backtracking Regular Expression
-- Matchers by Using Ambiguity of NFA" (2016). What is found here is a suspicion; `probe` measures it.
local positions_of = require("lib.check.regex.positions")

local M = {}

local max_steps = 300000

-- All that can be reached from each position, itself only if it is on a loop.
local function reachable(positions)
    local reach = {}
    for _, position in ipairs(positions) do
        local seen, queue = {}, { position }
        while #queue > 0 do
            for _, entry in ipairs(table.remove(queue).follow) do
                if not seen[entry.position] then
                    seen[entry.position] = true
                    queue[#queue + 1] = entry.position
                end
            end
        end
        reach[position] = seen
    end
    return reach
end

local Search = {}
Search.__index = Search

function Search:visit(one, other, diverged, symbol, from)
    self.steps = self.steps + 1
    if self.steps > max_steps then return nil end
    if one.number > other.number then one, other = other, one end
    local key = (one.number * 100000 + other.number) * 2 + (diverged and 1 or 0)
    if self.seen[key] then return nil end
    self.seen[key] = true
    local place = { one = one, other = other, diverged = diverged, symbol = symbol, from = from }
    self.queue[#self.queue + 1] = place
    return diverged and one == self.goal and other == self.goal and place or nil
end

-- One more character on both ways. Returns the place where they have met again, if they have.
function Search:step(place)
    for _, a in ipairs(place.one.follow) do
        for _, b in ipairs(self.inside[a.position] and place.other.follow or {}) do
            local symbol = self.inside[b.position] and positions_of.common_symbol(a.position, b.position)
            if symbol then
                local split = a.position ~= b.position or (place.one == place.other and a.ways > 1)
                local met = self:visit(a.position, b.position, place.diverged or split, symbol, place)
                if met then return met end
            end
        end
    end
end

-- The symbols of a text that leads from a position back to itself in two ways; nil if there is none.
local function doubled_loop(goal, inside, budget)
    local search = setmetatable({ goal = goal, inside = inside, seen = {}, queue = {}, steps = budget.steps }, Search)
    search:visit(goal, goal, false, nil, nil)
    local at, met = 1, nil
    while search.queue[at] and not met do
        met = search:step(search.queue[at])
        at = at + 1
    end
    budget.steps = search.steps
    if not met then return nil end
    local symbols = {}
    while met and met.symbol do
        table.insert(symbols, 1, met.symbol)
        met = met.from
    end
    return symbols
end

--- Loops through which a text leads in two ways: what comes before, and what is to be repeated, as symbols. At most
--- `most`.
---@param positions regex.Position[]
---@param first table
---@param most integer
---@return { before: integer[], repeated: integer[] }[]
function M.loops(positions, first, most)
    local reach, found, budget, covered = reachable(positions), {}, { steps = 0 }, {}
    for _, position in ipairs(positions) do
        if #found >= most or budget.steps > max_steps then break end
        if reach[position][position] and not covered[position] then
            local inside = {}
            for other in pairs(reach[position]) do
                if reach[other][position] then inside[other] = true end
            end
            local symbols = doubled_loop(position, inside, budget)
            if symbols then
                found[#found + 1] = { before = positions_of.symbols_to(first, position), repeated = symbols }
                for other in pairs(inside) do covered[other] = true end
            end
        end
    end
    return found
end

--- Symbols that loops one after the other all read: as many loops as are needed for time to grow with the cube of a
--- text's length, the search for a beginning being one unless the pattern is bound to the text's start.
---@param positions regex.Position[]
---@param first table
---@param anchored boolean
---@return { before: integer[], repeated: integer[] }[]
function M.chains(positions, first, anchored)
    local loops_of, reach = {}, reachable(positions)
    for _, position in ipairs(positions) do
        if reach[position][position] then
            for symbol in pairs(position.symbols) do
                local loops = loops_of[symbol] or {}
                loops_of[symbol] = loops
                local last = loops[#loops]
                -- A loop that leads on to this one, and is not the same.
                if not last or (reach[last][position] and not reach[position][last]) then
                    loops[#loops + 1] = position
                end
            end
        end
    end
    local found, symbols = {}, {}
    for symbol, loops in pairs(loops_of) do
        if #loops >= (anchored and 3 or 2) then symbols[#symbols + 1] = symbol end
    end
    table.sort(symbols)
    for i = 1, math.min(#symbols, 4) do
        local before = positions_of.symbols_to(first, loops_of[symbols[i]][1])
        table.remove(before)
        found[#found + 1] = { before = before, repeated = { symbols[i] } }
    end
    return found
end

return M
