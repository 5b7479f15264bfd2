-- What all formats need. A cell, a paragraph or a fact holds a list of pieces { text =, url =, style =, code =,
-- strong =, value = }. `value` is the number or boolean that a piece was made from.
local M = {}

-- A link that may be followed: http or https, in characters that RFC 3986 allows.
local function safe_url(url)
    if type(url) ~= "string" or #url > 8192 then return nil end
    local scheme = url:match("^(%a+)://[%w%-%._~:/%?#%[%]@!%$&'%(%)%*%+,;=%%]+$")
    scheme = scheme and scheme:lower()
    return (scheme == "http" or scheme == "https") and url or nil
end

local function number_text(value)
    return value % 1 == 0 and math.abs(value) < 2 ^ 53 and ("%d"):format(value) or ("%.14g"):format(value)
end

-- One kind of newline, and no secrets: once a rendering has escaped them, no mask knows them.
function M.text(value) return (uhost.mask(tostring(value)):gsub("\r\n", "\n")) end

local function piece(value)
    if type(value) == "number" then return { text = number_text(value), value = value } end
    if type(value) == "boolean" then return { text = tostring(value), value = value } end
    return { text = M.text(value) }
end

local function is_plain_table(value) return type(value) == "table" and not getmetatable(value) end

local function append(list, value)
    if value == nil then return end
    if is_plain_table(value) and value.text == nil and value.url == nil then
        for _, item in ipairs(value) do append(list, item) end
    elseif is_plain_table(value) then
        local made = piece(value.text == nil and value.url or value.text)
        made.url, made.style = safe_url(value.url and uhost.mask(tostring(value.url))), value.style
        made.code, made.strong = value.code, value.strong
        list[#list + 1] = made
    else
        list[#list + 1] = piece(value)
    end
end

function M.read(value)
    local list = {}
    append(list, value)
    return list
end

function M.plain(pieces)
    local texts = {}
    for i, part in ipairs(pieces) do texts[i] = part.text end
    return table.concat(texts)
end

function M.is_number(pieces) return #pieces == 1 and type(pieces[1].value) == "number" end

--- What stands before a line of a code block whose lines have numbers: the number, and a mark at the line to look at.
---@param block table  of the kind "code"
---@param index integer
---@param gap string  after the number
---@return string  "" when lines have no numbers
function M.line_number(block, index, gap)
    if not block.first_line then return "" end
    local number = block.first_line + index - 1
    local width = #("%d"):format(block.first_line + #block.lines - 1)
    local mark = block.marked == number and ">" or " "
    return ("%s %s%d%s"):format(mark, (" "):rep(width - #("%d"):format(number)), number, gap)
end

return M
