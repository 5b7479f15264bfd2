-- Values as YAML: block style, strings quoted where another reader could take them for something else.
local M = {}

local max_depth = 100

-- What readers of YAML 1.1 take for booleans.
local reserved = {}
for word in ("y n yes no on off true false null ~"):gmatch("%S+") do reserved[word] = true end

local function is_plain(text)
    if text == "" or reserved[text:lower()] or text:find("[%c\127-\255]") then return false end
    if text:find("^[%s%-?:,%[%]{}#&*!|>'\"%%@`]") and not text:find("^%-[%w%-]") then return false end
    if text:find("%s$") or text:find(": ", 1, true) or text:find(":$") or text:find(" #", 1, true) then return false end
    if text:find("^[%+%-%.]?%d") or text:lower():find("^[%+%-]?%.inf$") or text:lower() == ".nan" then return false end
    return not text:find("^%-%-%-") and text ~= "..." and text ~= "<<"
end

-- Lines that a literal block gives back as they are.
local function is_literal(text)
    return text:find("\n", 1, true) and not text:find("[%z\1-\8\11-\31\127]") and not text:find("^[%s]")
        and not text:find("[ \t]\n") and not text:find("\n\n$") and not text:find("[ \t]$") and text ~= "\n"
end

--- A string on one line, plain or quoted.
---@param text string
---@return string
function M.string(text)
    if is_plain(text) then return text end
    if not text:find("[%c\127-\255]") then return "'" .. text:gsub("'", "''") .. "'" end
    return json.encode(text)
end

local function scalar(value)
    if value == json.null then return "null" end
    if type(value) == "string" then return M.string(value) end
    if type(value) == "boolean" then return tostring(value) end
    if value ~= value then return ".nan" end
    if value == math.huge then return ".inf" end
    if value == -math.huge then return "-.inf" end
    return json.encode(value)
end

local function sorted_keys(value)
    local keys = {}
    for key in pairs(value) do
        if type(key) ~= "string" then
            uhost.fail("yaml.encode", ("a key has to be a string, not %s"):format(type(key)))
        end
        keys[#keys + 1] = key
    end
    table.sort(keys)
    return keys
end

local function is_list(value) return #value > 0 or getmetatable(value) == "json.array" end

local write

-- What stands behind "key:" or "-".
local function write_child(value, indent, depth, out, in_list)
    if type(value) == "table" and next(value) ~= nil then
        local lines = {}
        write(value, indent, depth, lines)
        if in_list then
            lines[1] = lines[1]:gsub("^ +", "")
            out[#out] = out[#out] .. " " .. lines[1]
            table.remove(lines, 1)
        end
        for _, line in ipairs(lines) do out[#out + 1] = line end
    elseif type(value) == "string" and is_literal(value) then
        out[#out] = out[#out] .. (value:sub(-1) == "\n" and " |" or " |-")
        for line in (value:gsub("\n$", "") .. "\n"):gmatch("(.-)\n") do
            out[#out + 1] = line == "" and "" or (" "):rep(indent) .. line
        end
    elseif type(value) == "table" then
        out[#out] = out[#out] .. (is_list(value) and " []" or " {}")
    else
        out[#out] = out[#out] .. " " .. scalar(value)
    end
end

function write(value, indent, depth, out)
    if depth > max_depth then uhost.fail("yaml.depth", ("tables nest deeper than %d levels"):format(max_depth)) end
    local space = (" "):rep(indent)
    if is_list(value) then
        for _, item in ipairs(value) do
            out[#out + 1] = space .. "-"
            write_child(item, indent + 2, depth + 1, out, true)
        end
        return
    end
    for _, key in ipairs(sorted_keys(value)) do
        out[#out + 1] = space .. M.string(key) .. ":"
        write_child(value[key], indent + 2, depth + 1, out, false)
    end
end

local function check(value)
    local kind = type(value)
    if value == json.null or kind ~= "function" and kind ~= "thread" and kind ~= "userdata" then return end
    uhost.fail("yaml.encode", ("a %s has no form in YAML"):format(kind))
end

--- `value` behind "key:" in a block whose keys stand at `indent`.
---@param head string  "key:" or "-"
---@param value any
---@param indent integer
---@return string[] lines
function M.entry(head, value, indent)
    check(value)
    local out = { (" "):rep(indent) .. head }
    write_child(value, indent + 2, 1, out, head == "-")
    return out
end

--- One line, for flow collections and in the place of another scalar.
---@param value any
---@return string
function M.inline(value)
    check(value)
    if type(value) == "table" then return (json.encode(value)) end
    return scalar(value)
end

---@param value any
---@return string
function M.document(value)
    check(value)
    if type(value) ~= "table" or next(value) == nil then return M.inline(value) .. "\n" end
    local out = {}
    write(value, 0, 1, out)
    return table.concat(out, "\n") .. "\n"
end

return M
