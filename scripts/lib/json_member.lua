-- One member of a JSON object, changed in the object's text: everything else in it stays as it is, byte for byte.
local M = {}

local function skip_space(text, position) return text:find("[^ \t\r\n]", position) or #text + 1 end

-- The position behind a string that begins at `position`.
local function skip_string(text, position)
    position = position + 1
    while true do
        local found = text:find('["\\]', position)
        if text:sub(found, found) == '"' then return found + 1 end
        position = found + 2
    end
end

local function skip_value(text, position)
    if text:sub(position, position) == '"' then return skip_string(text, position) end
    if not text:find("^[{%[]", position) then return text:find("[%s,}%]]", position) or #text + 1 end
    local depth = 0
    repeat
        local found = text:find('[{}%[%]"]', position)
        local character = text:sub(found, found)
        if character == '"' then
            position = skip_string(text, found)
        else
            depth = depth + ((character == "{" or character == "[") and 1 or -1)
            position = found + 1
        end
    until depth == 0
    return position
end

---@class lib.JsonMember
---@field key string
---@field key_start integer
---@field first integer  of the value
---@field last integer

-- The members of an object that json.decode has read without complaint.
---@return lib.JsonMember[]
local function members_of(text)
    local members = {}
    local position = skip_space(text, text:find("{", 1, true) + 1)
    while text:sub(position, position) ~= "}" do
        local key_start = text:find('"', position, true)
        local key_end = skip_string(text, key_start)
        local first = skip_space(text, text:find(":", key_end, true) + 1)
        local behind = skip_value(text, first)
        local key = json.decode(text:sub(key_start, key_end - 1))
        members[#members + 1] = { key = key, key_start = key_start, first = first, last = behind - 1 }
        position = skip_space(text, behind)
        if text:sub(position, position) == "," then position = skip_space(text, position + 1) end
    end
    return members, position
end

-- A value as the other members are written: on lines of their own with their indentation, or all in one line.
local function encode(value, style)
    if not style.indentation then return json.encode(value) end
    local is_tab = style.indentation:find("\t", 1, true) ~= nil
    local encoded = json.encode(value, { indent = is_tab and 1 or math.min(#style.indentation, 16) })
    if is_tab then encoded = encoded:gsub("\n( +)", function(spaces) return "\n" .. ("\t"):rep(#spaces) end) end
    return (encoded:gsub("\n", style.line_end .. style.indentation))
end

local function style_of(text, members)
    local line_end = text:find("\r\n", 1, true) and "\r\n" or "\n"
    if not members[1] then return { line_end = line_end, indentation = text:find("\n") and "  " or nil } end
    local before = text:sub(1, members[1].key_start - 1)
    return { line_end = line_end, indentation = before:match("\n([ \t]*)$") }
end

local function inserted(text, members, close, member, style)
    local last = members[#members]
    local space = style.indentation and style.line_end .. style.indentation or last and " " or ""
    if last then return text:sub(1, last.last) .. "," .. space .. member .. text:sub(last.last + 1) end
    local ending = style.indentation and style.line_end or ""
    return text:match("^[^{]*{") .. space .. member .. ending .. text:sub(close)
end

--- The text of an object with a member set, in its place if it has one, else behind the others. Raises `json.syntax`
--- for what is no JSON, and `json.object` for what is no object.
---@param text string
---@param key string
---@param value any
---@return string
function M.set(text, key, value)
    local object = json.decode(text)
    if type(object) ~= "table" or json.is_array(object) then
        uhost.fail("json.object", "the JSON text is not an object")
    end
    local members, close = members_of(text)
    local style = style_of(text, members)
    local encoded = encode(value, style)
    -- Of equal keys the last one counts.
    for i = #members, 1, -1 do
        local member = members[i]
        if member.key == key then return text:sub(1, member.first - 1) .. encoded .. text:sub(member.last + 1) end
    end
    return inserted(text, members, close, json.encode(key) .. (style.indentation and ": " or ":") .. encoded, style)
end

return M
