-- Whether a pattern is certain to match every text, because it matches nothing at all at a text's beginning or end.
local M = {}

local holds = {
    start = { start = true, line_start = true }, stop = { stop = true, last_line_stop = true, line_stop = true },
}

-- Whether the node surely matches the empty text at that end of any text.
local function is_empty_at(node, place)
    if node.type == "sequence" then
        for _, item in ipairs(node.items) do
            if not is_empty_at(item, place) then return false end
        end
        return true
    elseif node.type == "choice" then
        for _, item in ipairs(node.items) do
            if is_empty_at(item, place) then return true end
        end
        return false
    elseif node.type == "repeat" then
        return node.min == 0 or is_empty_at(node.item, place)
    elseif node.type == "assertion" then
        return holds[place][node.kind] or false
    end
    return false
end

local function has_possessive(node)
    if node.possessive then return true end
    if node.item and has_possessive(node.item) then return true end
    for _, item in ipairs(node.items or {}) do
        if has_possessive(item) then return true end
    end
    return false
end

--- Whether it matches every text.
---@param tree regex.Node
---@return boolean
function M.matches_always(tree)
    -- What gives nothing back may take what the rest needs; at the end of a text there is nothing to take.
    return is_empty_at(tree, "stop") or (not has_possessive(tree) and is_empty_at(tree, "start"))
end

return M
