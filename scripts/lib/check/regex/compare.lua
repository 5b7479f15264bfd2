-- Patterns beside each other: which are the same, and which an earlier one leaves nothing to.
local M = {}

local function set_text(set)
    local marks = {}
    for code = 0, 127 do marks[#marks + 1] = set[code] and "1" or "0" end
    return table.concat(marks)
end

-- A tree as text: the same for patterns that differ in how they are written only; nil when there is something in it
-- whose text does not say all.
local function shape(node, parts)
    if node.type == "set" then
        if node.set.inexact then return false end
        if node.set.beyond == "some" then
            if not node.code then return false end
            parts[#parts + 1] = ("U%d"):format(node.code)
        else
            parts[#parts + 1] = (node.set.beyond or "") .. set_text(node.set)
        end
    elseif node.type == "assertion" then
        parts[#parts + 1] = node.kind
    elseif node.type == "anything" then
        return false
    else
        parts[#parts + 1] = ("%s,%s,%s,%s,%s,%s("):format(node.type, node.min or "", node.max or "",
            tostring(node.possessive), tostring(node.ahead), tostring(node.negative))
        for _, item in ipairs(node.items or { node.item }) do
            if not shape(item, parts) then return false end
        end
        parts[#parts + 1] = ")"
    end
    return true
end

-- Sequences in sequences are one sequence, and a sequence of one is that one.
local function flattened(node)
    local copy = {}
    for key, value in pairs(node) do copy[key] = value end
    if node.item then copy.item = flattened(node.item) end
    if not node.items then return copy end
    copy.items = {}
    for _, item in ipairs(node.items) do
        local flat = flattened(item)
        if flat.type == node.type and not flat.possessive then
            for _, inner in ipairs(flat.items) do table.insert(copy.items, inner) end
        else
            table.insert(copy.items, flat)
        end
    end
    if #copy.items == 1 and not copy.possessive then return copy.items[1] end
    return copy
end

--- A text that is the same for patterns that match the same in the same way; nil if that cannot be decided.
---@param tree regex.Node
---@return string?
function M.normalised(tree)
    local parts = {}
    return shape(flattened(tree), parts) and table.concat(parts, " ") or nil
end

--- The texts that every match contains, of the whole pattern in its order, and whether the pattern is nothing but one.
---@param tree regex.Node
---@return string[] literals, boolean is_literal
function M.literals(tree)
    local flat = flattened(tree)
    local found, letters, pure = {}, {}, true
    local function close()
        if #letters > 0 then found[#found + 1] = table.concat(letters) end
        letters = {}
    end
    local function exact(node)
        if node.type ~= "set" or not node.code or node.set.beyond then return nil end
        local count = 0
        for code = 0, 127 do count = count + (node.set[code] and 1 or 0) end
        return count == 1 and string.char(node.code) or nil
    end
    for _, node in ipairs(flat.type == "sequence" and flat.items or { flat }) do
        local letter = exact(node)
        if letter then
            letters[#letters + 1] = letter
        else
            pure = false
            close()
        end
    end
    close()
    return found, pure and #found == 1
end

return M
