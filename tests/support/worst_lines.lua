-- Makes lines that keep a regular expression busy: its own worst cases, as far as its parts say what they are. For each
-- repeat, what leads to it, then what it takes many times (characters of every kind that it takes; what comes before
-- or after it, if it takes that too), then what makes the rest fail.
local M = {}

-- Characters in the order in which one of a set is preferred; by each of these orders another text comes of a pattern.
local orders = { "a0 ", "0 a", " :a", "/.a", ":,.", "-_=", "\"'<", "([{", "Aa0" }
-- A repeat that takes fewer is none.
local few = 8

local function character_of(set, order)
    for i = 1, #order do
        local code = order:byte(i)
        if set[code] then return string.char(code) end
    end
    for code = 33, 126 do
        if set[code] then return string.char(code) end
    end
    for code = 0, 127 do
        if set[code] then return string.char(code) end
    end
    return "é"
end

local sample

local function all_of(items, from, to, order, groups)
    local texts = {}
    for i = from, to do texts[#texts + 1] = sample(items[i], order, groups) end
    return table.concat(texts)
end

-- A text that a part matches, of looks and back references apart.
function sample(node, order, groups)
    if node.type == "set" then return character_of(node.set, order) end
    if node.type == "sequence" then return all_of(node.items, 1, #node.items, order, groups) end
    if node.type == "choice" then return sample(node.items[1], order, groups) end
    if node.type == "group" then return sample(node.item, order, groups) end
    if node.type == "repeat" then
        return node.max == 0 and "" or sample(node.item, order, groups):rep(math.max(node.min, 1))
    end
    return ""
end

-- Calls `visit(node, before, after)` for each repeat of many, with texts that lead to it and go on after it.
local function each_repeat(node, before, after, order, visit)
    if node.type == "sequence" then
        for i, item in ipairs(node.items) do
            each_repeat(item, before .. all_of(node.items, 1, i - 1, order),
                all_of(node.items, i + 1, #node.items, order) .. after, order, visit)
        end
    elseif node.type == "choice" or node.type == "condition" then
        for _, item in ipairs(node.items or {}) do each_repeat(item, before, after, order, visit) end
    elseif node.item then
        if node.type == "repeat" and (node.max or math.huge) > few then visit(node, before, after) end
        each_repeat(node.item, before, after, order, visit)
    end
end

local Lines = {}
Lines.__index = Lines

function Lines:add(before, repeated, ending)
    local key = before .. "\0" .. repeated .. "\0" .. ending
    if repeated == "" or self.known[key] or #before + #ending > self.longest then return end
    self.known[key] = true
    self[#self + 1] = { before = before, repeated = repeated, ending = ending }
end

--- What lines are made of that a pattern may take long for.
---@param tree re.Node
---@return { before: string, repeated: string, ending: string }[]
function M.of(tree)
    local lines = setmetatable({ known = {}, longest = 120 }, Lines)
    for _, order in ipairs(orders) do
        local whole = sample(tree, order)
        each_repeat(tree, "", "", order, function(node, before, after)
            local item = sample(node.item, order)
            local near_before, near_after = before:sub(-12), after:sub(1, 12)
            for _, repeated in ipairs({
                item, near_before .. item, item .. near_after, before .. item, item .. after:sub(1, 1),
                item .. after:sub(1, 2), whole,
            }) do
                for _, ending in ipairs({ "", "\1", "\1" .. after, " " .. after }) do
                    lines:add(before, repeated, ending)
                    lines:add("", repeated, ending)
                end
            end
        end)
    end
    return lines
end

--- A line of them.
function M.line(parts, size_bytes)
    local room = size_bytes - #parts.before - #parts.ending
    return parts.before .. parts.repeated:rep(math.max(1, math.floor(room / #parts.repeated))) .. parts.ending
end

return M
