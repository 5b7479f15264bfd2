-- Chance and text for generated histories: the same seed gives the same choices and the same lines, everywhere.

local M = {}

local state = 20260101

--- Starts the choices anew.
---@param seed integer  from 1 to 2147483646
function M.seed(seed) state = seed end

--- Lehmer generator (Park and Miller's "minimal standard"), which is exact in doubles.
---@param n integer
---@return integer choice  from 1 to n
function M.random(n)
    state = (state * 16807) % 2147483647
    return state % n + 1
end

---@param percent number  in steps of a tenth
---@return boolean
function M.chance(percent) return M.random(1000) <= percent * 10 end

---@generic T
---@param list T[]
---@return T
function M.pick(list) return list[M.random(#list)] end

local words = {}
M.words = words
for word in ([[alpha trait lifetime borrow closure generic region kind lower mir query span token const layout vtable
    drop move match arm guard pattern unsize coerce projection param predicate obligation cache arena symbol hygiene
    macro expand parse lex link codegen unwind panic async await pin poll stream iter slice string vector map set
    hash order float signed wrap shift mask align field variant union enum alias bound where impl dyn raw pointer]])
    :gmatch("%a+") do
    words[#words + 1] = word
end

--- Line number n of all the lines that sources are made of.
---@param n integer
---@return string
function M.line_of(n)
    local a, b, c = words[n % #words + 1], words[(n * 7 + 3) % #words + 1], words[(n * 13 + 5) % #words + 1]
    return ("    let %s_%d = %s::%s(%d);"):format(a, n % 9973, b, c, (n * 31) % 65521)
end

--- The lines of a new source file. An edit changes one of them, so successive versions are good deltas of each other.
---@param count integer
---@return string[]
function M.new_lines(count)
    local lines = {}
    for i = 1, count do lines[i] = M.line_of(M.random(1000000)) end
    return lines
end

--- The first line of a commit message.
---@return string
function M.title()
    return ("%s the %s of %s %s"):format(M.pick { "Fix", "Use", "Drop", "Move", "Add", "Explain" }, M.pick(words),
        M.pick(words), M.pick(words))
end

return M
