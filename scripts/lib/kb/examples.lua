-- Tries the examples of items: what an entry says it matches, and what it says it does not.
local M = {}

-- All patterns of an item as the engine takes them.
local function patterns_of(item)
    if item.match then return { item } end
    local list, roles = {}, {}
    for role in pairs(item.patterns or {}) do roles[#roles + 1] = role end
    table.sort(roles)
    for i, role in ipairs(roles) do list[i] = item.patterns[role] end
    return list
end

local function compile(item)
    local list = {}
    for i, each in ipairs(patterns_of(item)) do
        list[i] = { match = each.match, within = each.within, unless = each.unless, flags = each.flags }
    end
    return kb.compile(list, { engine = "pcre2", cache = false })
end

-- Readers may have examples of another shape.
local function texts_of(item, list)
    local examples, texts = item.examples, {}
    for _, text in ipairs(type(examples) == "table" and type(examples[list]) == "table" and examples[list] or {}) do
        texts[#texts + 1] = type(text) == "string" and text or nil
    end
    return texts
end

---@class kb.ExampleFailure
---@field id string
---@field kind string
---@field list "matches"|"rejects"
---@field position integer  in the list
---@field example string
---@field message string

local function try_list(matcher, item, list, wanted, failures)
    for position, example in ipairs(texts_of(item, list)) do
        local opened = log_text.open({ text = example, name = item.id })
        local found = matcher:scan(opened)
        opened:close()
        if (#found.hits > 0) ~= wanted then
            failures[#failures + 1] = {
                id = item.id, kind = item.kind, list = list, position = position, example = example,
                message = wanted and "is not matched" or ("is matched, in line %d"):format(found.hits[1].line_number),
            }
        end
    end
end

--- Tries the examples of one item.
---@param item table  as `schema.check_item` gives it
---@return kb.ExampleFailure[]
function M.try(item)
    local failures = {}
    local ok, matcher = pcall(compile, item)
    if not ok then
        if not uhost.is_error(matcher) then error(matcher, 0) end
        return { { id = item.id, kind = item.kind, list = "matches", position = 0, example = "",
            message = matcher.message } }
    end
    try_list(matcher, item, "matches", true, failures)
    try_list(matcher, item, "rejects", false, failures)
    return failures
end

return M
