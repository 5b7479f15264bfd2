-- An automaton without its empty edges: one position for each edge that reads a character, and from each position those
-- that a matcher may go to next, with whether there is more than one way there.
local M = {}

local max_steps = 4000

-- How many ways lead from a state to each position, two at most, and whether one leads to the end. A way takes no edge
-- twice: a matcher leaves a loop that reads nothing, but may enter an inner loop anew from an outer one.
local function ways_from(built, state)
    local edges, ways, order, used, steps, last = built.edges, {}, {}, {}, 0, false
    local function walk(at)
        last = last or at == built.accept
        for _, edge in ipairs(edges[at]) do
            steps = steps + 1
            if steps > max_steps then return end
            if edge.set then
                if not ways[edge] then order[#order + 1] = edge end
                ways[edge] = math.min((ways[edge] or 0) + 1, 2)
            elseif not used[edge] then
                used[edge] = true
                walk(edge.to)
                used[edge] = nil
            end
        end
    end
    walk(state)
    return ways, order, last
end

---@class regex.Position
---@field number integer
---@field symbols table<integer, boolean>
---@field follow { position: regex.Position, ways: integer }[]
---@field last boolean  whether the text may end here

--- The positions of an automaton, and those that it may begin with; nil if there are more than `most`.
---@param built regex.Automaton
---@param alphabet table
---@param most integer
---@return regex.Position[]? positions, table? first
function M.of(built, alphabet, most)
    local of_edge, positions = {}, {}
    local function position_of(edge)
        local position = of_edge[edge]
        if not position then
            position = { number = #positions + 1, symbols = alphabet:symbols_of(edge.set), edge = edge }
            of_edge[edge] = position
            positions[#positions + 1] = position
        end
        return position
    end
    local function followers(state)
        local ways, order, last = ways_from(built, state)
        local list = {}
        for i, edge in ipairs(order) do list[i] = { position = position_of(edge), ways = ways[edge] } end
        return list, last
    end
    local first = followers(built.start)
    local done = 0
    while done < #positions do
        done = done + 1
        if #positions > most then return nil end
        positions[done].follow, positions[done].last = followers(positions[done].edge.to)
    end
    return positions, first
end

--- A symbol that both positions read, or nil.
---@param a regex.Position
---@param b regex.Position
---@return integer?
function M.common_symbol(a, b)
    local found
    for symbol in pairs(a.symbols) do
        if b.symbols[symbol] and (not found or symbol < found) then found = symbol end
    end
    return found
end

--- The symbols of a shortest text from the beginning up to and with a position.
---@param first table
---@param goal regex.Position
---@return integer[]
function M.symbols_to(first, goal)
    local queue, from = {}, {}
    for _, entry in ipairs(first) do
        queue[#queue + 1] = entry.position
        from[entry.position] = from[entry.position] or false
    end
    local at = 1
    while queue[at] and queue[at] ~= goal do
        for _, entry in ipairs(queue[at].follow) do
            if from[entry.position] == nil then
                from[entry.position] = queue[at]
                queue[#queue + 1] = entry.position
            end
        end
        at = at + 1
    end
    local symbols, position = {}, queue[at]
    while position do
        table.insert(symbols, 1, (M.common_symbol(position, position)))
        position = from[position]
    end
    return symbols
end

return M
