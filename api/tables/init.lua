-- Where permissions are limited, `debug` loses these once this is loaded.
local get_metatable, set_metatable = debug.getmetatable, debug.setmetatable

local M = {}

-- Numbers before names, so that lists keep their order; other keys by what they print as.
local function key_order(a, b)
    local kind_a, kind_b = type(a), type(b)
    if kind_a ~= kind_b then
        if kind_a == "number" or kind_b == "number" then return kind_a == "number" end
        if kind_a == "string" or kind_b == "string" then return kind_a == "string" end
    elseif kind_a == "number" or kind_a == "string" then
        return a < b
    end
    return tostring(a) < tostring(b)
end

function M.sorted_keys(...)
    local keys, seen = {}, {}
    for i = 1, select("#", ...) do
        for key in pairs((select(i, ...))) do
            if not seen[key] then
                seen[key] = true
                keys[#keys + 1] = key
            end
        end
    end
    table.sort(keys, key_order)
    return keys
end

function M.set(list)
    local set = {}
    for _, item in ipairs(list) do set[item] = true end
    return set
end

function M.copy(value)
    local copies = {}
    local function copy(original)
        if type(original) ~= "table" then return original end
        if copies[original] then return copies[original] end
        local copied = {}
        copies[original] = copied
        for key, item in pairs(original) do copied[copy(key)] = copy(item) end
        -- Also one that is hidden by a field __metatable, as that of json.array.
        set_metatable(copied, get_metatable(original))
        return copied
    end
    return copy(value)
end

function M.is_list(value)
    if type(value) ~= "table" then return false end
    local count = 0
    for _ in pairs(value) do count = count + 1 end
    return count == #value
end

return M
