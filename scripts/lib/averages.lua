-- Averages of a list of numbers; nil of an empty one.
local M = {}

---@param values number[]
---@return number?
function M.mean(values)
    if #values == 0 then return nil end
    local sum = 0
    for _, value in ipairs(values) do sum = sum + value end
    return sum / #values
end

---@param values number[]  stay in their order
---@return number?
function M.median(values)
    if #values == 0 then return nil end
    local sorted = {}
    for i, value in ipairs(values) do sorted[i] = value end
    table.sort(sorted)
    local middle = math.floor(#sorted / 2)
    return #sorted % 2 == 1 and sorted[middle + 1] or (sorted[middle] + sorted[middle + 1]) / 2
end

return M
