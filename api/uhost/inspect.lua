-- `uhost.inspect`: any value as text for people, near to how it is written in Lua. Output has limits, so that a value
-- of any size can be looked at: see the constants.
local term = require("uhost.term")

local indent_step = 4
local max_depth, max_items = 4, 50  -- defaults of the options
local max_string_bytes = 200
local max_total_items = 2000        -- tables that share parts could be exponentially large

local keywords = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat return then true until
    while]]):gmatch("%a+") do keywords[word] = true end

local escapes = { ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t", ['"'] = '\\"', ["\\"] = "\\\\" }

local function quoted(text)
    local shown = #text > max_string_bytes and text:sub(1, max_string_bytes) or text
    shown = shown:gsub('[%c"\\]', function(c) return escapes[c] or ("\\%03d"):format(c:byte()) end)
    shown = term.visible(shown)
    if #text > max_string_bytes then return ('"%s…" (%d bytes)'):format(shown, #text) end
    return '"' .. shown .. '"'
end

-- Numbers before strings before the rest, each in its own order.
local function comes_before(left, right)
    local left_type, right_type = type(left), type(right)
    if left_type ~= right_type then
        local ranks = { number = 1, string = 2 }
        return (ranks[left_type] or 3) < (ranks[right_type] or 3)
    end
    if left_type == "number" or left_type == "string" then return left < right end
    return tostring(left) < tostring(right)
end

local function keys_after_list(value, count)
    local keys = {}
    for key in next, value do
        local in_list = type(key) == "number" and key >= 1 and key <= count and key % 1 == 0
        if not in_list then keys[#keys + 1] = key end
    end
    table.sort(keys, comes_before)
    return keys
end

local inspect

local function key_text(key, state)
    if type(key) == "string" and key:find("^[%a_][%w_]*$") and not keywords[key] then return key end
    return "[" .. inspect(key, state, state.depth, 0) .. "]"
end

-- The parts of a table, as many as the limits allow: list items, then fields.
local function parts_of(value, state, depth, indent)
    local parts, count = {}, #value
    local keys = keys_after_list(value, count)
    local shown = math.min(count + #keys, state.items, state.left)
    state.left = state.left - shown
    for i = 1, shown do
        if i <= count then
            parts[i] = inspect(rawget(value, i), state, depth + 1, indent + indent_step)
        else
            local key = keys[i - count]
            parts[i] = key_text(key, state) .. " = " ..
                inspect(rawget(value, key), state, depth + 1, indent + indent_step)
        end
    end
    if shown < count + #keys then parts[shown + 1] = ("… %d more"):format(count + #keys - shown) end
    return parts
end

local function laid_out(parts, width, indent)
    local length = indent + 4
    for _, part in ipairs(parts) do
        length = length + term.display_width(part) + 2
        if part:find("\n", 1, true) then length = math.huge end
    end
    if length <= width then return "{ " .. table.concat(parts, ", ") .. " }" end
    local margin = (" "):rep(indent + indent_step)
    return "{\n" .. margin .. table.concat(parts, ",\n" .. margin) .. ",\n" .. (" "):rep(indent) .. "}"
end

local function table_text(value, state, depth, indent)
    if state.open[value] then return "<cycle>" end
    local class = getmetatable(value)
    local name = ""
    if uhost.is_error(value) then
        name = "uhost.Error "
    elseif type(class) == "string" then
        name = term.visible(tostring(value)) .. " "
    end
    if next(value) == nil then return name .. "{}" end
    if depth >= state.depth then return name .. "{ … }" end
    state.open[value] = true
    local parts = parts_of(value, state, depth, indent)
    state.open[value] = nil
    return name .. laid_out(parts, state.width, indent)
end

function inspect(value, state, depth, indent)
    if type(value) == "string" then return quoted(value) end
    if type(value) == "table" then return table_text(value, state, depth, indent) end
    if type(value) == "number" and value % 1 == 0 and math.abs(value) < 2 ^ 53 then return ("%d"):format(value) end
    local json = package.loaded["uhost.json"]
    if json and value == json.null then return "json.null" end
    return term.visible(tostring(value))
end

local function limit(options, name, default, least)
    local value = options[name]
    if value == nil then return default end
    uhost.check_argument(value, name, "uhost.inspect", "number")
    return math.max(value, least)
end

return function(value, options)
    options = uhost.check_options(options, "uhost.inspect", { "depth", "items", "width" })
    local state = {
        depth = limit(options, "depth", max_depth, 0), items = limit(options, "items", max_items, 1),
        width = limit(options, "width", term.width(), 20), open = {}, left = max_total_items,
    }
    return inspect(value, state, 0, 0)
end
