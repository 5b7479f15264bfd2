-- Plain data as the source of a Lua file that people go on with.
local M = {}

local max_width = 120
local reserved = {}
for word in ("and break do else elseif end false for function goto if in local nil not or repeat return then true "
    .. "until while"):gmatch("%a+") do reserved[word] = true end

-- Backslashes are common in patterns: such text is written in long brackets, which leave them alone.
local function text_source(text)
    if text:find("\\", 1, true) and not text:find("[%c]") and not text:find("]", -1, true) then
        local level = ""
        while text:find("]" .. level .. "]", 1, true) do level = level .. "=" end
        return ("[%s[%s]%s]"):format(level, text, level)
    end
    return (("%q"):format(text):gsub("\\\n", "\\n"):gsub("\r", "\\r"))
end

local function key_source(key)
    if key:find("^[%a_][%w_]*$") and not reserved[key] then return key end
    return ("[%s]"):format(text_source(key))
end

-- Keys that `first` names come in its order, the others behind them.
local function sorted_keys(value, first)
    local place, keys = {}, {}
    for i, key in ipairs(first) do place[key] = i end
    for key in pairs(value) do keys[#keys + 1] = key end
    table.sort(keys, function(a, b)
        local left, right = place[a] or math.huge, place[b] or math.huge
        if left ~= right then return left < right end
        return a < b
    end)
    return keys
end

local function one_line(pieces) return #pieces == 0 and "{}" or "{ " .. table.concat(pieces, ", ") .. " }" end

--- The source of a value; tables that do not fit into a line have one for each item.
---@param value string|number|boolean|table  tables are lists, or have names as keys
---@param first? string[]  keys that come first
---@param indentation? string
---@return string
function M.of(value, first, indentation)
    indentation = indentation or ""
    if type(value) == "string" then return text_source(value) end
    if type(value) ~= "table" then return tostring(value) end
    local deeper, pieces = indentation .. "    ", {}
    if value[1] ~= nil then
        for i, item in ipairs(value) do pieces[i] = M.of(item, first, deeper) end
    else
        for i, key in ipairs(sorted_keys(value, first or {})) do
            pieces[i] = ("%s = %s"):format(key_source(key), M.of(value[key], first, deeper))
        end
    end
    local line = one_line(pieces)
    if #indentation + #line < max_width - 20 and not line:find("\n") then return line end
    return ("{\n%s%s,\n%s}"):format(deeper, table.concat(pieces, ",\n" .. deeper), indentation)
end

return M
