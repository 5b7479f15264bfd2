-- The combinations of a matrix, as GitHub expands it.
-- https://docs.github.com/en/actions/reference/workflow-syntax-for-github-actions#jobsjob_idstrategymatrix
local M = {}

M.max_combinations = 256

-- A nested value as keys with dots.
local function flatten(value, prefix, out)
    if type(value) ~= "table" then
        out[prefix] = value
        return out
    end
    if #value > 0 then
        out[prefix] = json.encode(value)
        return out
    end
    if next(value) == nil then out[prefix] = "{}" end
    for key, inner in pairs(value) do flatten(inner, prefix .. "." .. key, out) end
    return out
end

local function flat(entry)
    local out = {}
    for key, value in pairs(entry) do flatten(value, key, out) end
    return out
end

local function product(axes)
    local combinations = { {} }
    for _, axis in ipairs(axes) do
        local next_ones = {}
        for _, combination in ipairs(combinations) do
            for _, value in ipairs(axis.values) do
                if #next_ones >= M.max_combinations then break end
                local extended = {}
                for key, known in pairs(combination) do extended[key] = known end
                extended[axis.name] = value
                next_ones[#next_ones + 1] = extended
            end
        end
        combinations = next_ones
    end
    return combinations
end

local function equal(a, b)
    if type(a) ~= "table" or type(b) ~= "table" then return tostring(a) == tostring(b) end
    return json.encode(a) == json.encode(b)
end

local function matches(combination, partial)
    for key, value in pairs(partial) do
        if not equal(combination[key], value) then return false end
    end
    return true
end

local function without(combinations, excluded)
    local kept = {}
    for _, combination in ipairs(combinations) do
        local out = false
        for _, partial in ipairs(excluded) do
            if type(partial) == "table" and matches(combination, partial) then out = true end
        end
        if not out then kept[#kept + 1] = combination end
    end
    return kept
end

-- An entry joins the combinations whose own values it does not contradict; if there are none, it is one by itself.
local function include(combinations, entries, axes)
    local original = #combinations
    for _, entry in ipairs(entries) do
        local joined = false
        for i = 1, type(entry) == "table" and original or 0 do
            local fits, shares = true, false
            for _, axis in ipairs(axes) do
                if entry[axis.name] ~= nil then
                    shares = true
                    if not equal(combinations[i][axis.name], entry[axis.name]) then fits = false end
                end
            end
            if fits and (shares or #axes > 0) then
                joined = true
                for key, value in pairs(entry) do combinations[i][key] = value end
            end
        end
        if type(entry) == "table" and not joined and #combinations < M.max_combinations then
            local copy = {}
            for key, value in pairs(entry) do copy[key] = value end
            combinations[#combinations + 1] = copy
        end
    end
    return combinations
end

-- The list that every `fromJSON('[…]')` of an expression has; nil where it may have others. Which of them a run takes,
-- its event may say: only what all have is sure to run.
local function constant_list(text)
    local shared
    local rest = text:gsub("fromJ[Ss][Oo][Nn]%(%s*'([^']*)'%s*%)", function(source)
        local ok, list = pcall(json.decode, source)
        if not ok or not json.is_array(list) then return nil end
        local known = {}
        for _, value in ipairs(list) do known[tostring(value)] = value end
        if not shared then
            shared = list
        else
            shared = seq(shared):filter(function(value) return known[tostring(value)] ~= nil end):list()
        end
        return ""
    end)
    if not shared or rest:lower():find("fromjson", 1, true) then return nil end
    local is_whole = rest:find("^%s*%${{%s*}}%s*$") or rest:find("&&") and rest:find("||")
    return is_whole and shared or nil
end

--- Combinations, each a table of keys (nested ones with dots) to scalars; one empty one for a job without a matrix.
---@param value any  the matrix as plain values
---@return table[] combinations
---@return boolean dynamic  something in it is an expression, so that there may be others
function M.expand(value)
    if value == nil then return { {} }, false end
    if type(value) ~= "table" then return { {} }, true end
    local axes, dynamic = {}, false
    for name, values in pairs(value) do
        if name ~= "include" and name ~= "exclude" then
            if type(values) == "string" then values = constant_list(values) or values end
            if type(values) == "table" then
                if #values > 0 then axes[#axes + 1] = { name = name, values = values } end
            else
                dynamic = true
            end
        end
    end
    table.sort(axes, function(a, b) return a.name < b.name end)
    local function list(name)
        if value[name] ~= nil and type(value[name]) ~= "table" then dynamic = true end
        return type(value[name]) == "table" and value[name] or {}
    end
    local combinations = #axes > 0 and without(product(axes), list("exclude")) or {}
    combinations = include(combinations, list("include"), axes)
    local out = {}
    for i, combination in ipairs(combinations) do out[i] = flat(combination) end
    if #out == 0 then out[1] = {} end
    return out, dynamic
end

return M
