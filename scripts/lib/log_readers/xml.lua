-- A reader of XML that is forgiving: reports in logs are often cut, or followed by other text. No external entities, no
-- entities of the document's own; what grows has a limit.
local M = {}

local max_depth = 200
local named = { lt = "<", gt = ">", amp = "&", quot = "\"", apos = "'" }

local function utf8(code)
    if code < 0x80 then return string.char(code) end
    if code < 0x800 then return string.char(0xC0 + math.floor(code / 64), 0x80 + code % 64) end
    if code < 0x10000 then
        return string.char(0xE0 + math.floor(code / 4096), 0x80 + math.floor(code / 64) % 64, 0x80 + code % 64)
    end
    if code > 0x10FFFF then return "\239\191\189" end
    return string.char(0xF0 + math.floor(code / 262144), 0x80 + math.floor(code / 4096) % 64,
        0x80 + math.floor(code / 64) % 64, 0x80 + code % 64)
end

local function entity(name)
    local digits = name:match("^#[xX](%x+)$")
    local code = digits and tonumber(digits, 16) or tonumber(name:match("^#(%d+)$") or "")
    if code then return utf8(math.min(code, 0x110000)) end
    return named[name]
end

local function decode(text)
    if not text:find("&", 1, true) then return text end
    return (text:gsub("&(#?%w+);", entity))
end

local function attributes(text)
    local found = {}
    for name, _, value in text:gmatch("([%w_:.-]+)%s*=%s*([\"'])(.-)%2") do
        found[name] = decode(value)
    end
    return found
end

-- The end of a tag that begins at `from`: the first ">" outside of quotes.
local function tag_end(text, from)
    local at = from
    while true do
        local stop = text:find("[>\"']", at)
        if not stop then return nil end
        local char = text:sub(stop, stop)
        if char == ">" then return stop end
        stop = text:find(char, stop + 1, true)
        if not stop then return nil end
        at = stop + 1
    end
end

---@class XmlElement
---@field tag string
---@field attributes table<string, string>
---@field children XmlElement[]
---@field text string
---@field offset integer  where in the text it begins

local function open_element(stack, body, offset)
    local tag = body:match("^([%a_][%w_:.-]*)")
    if not tag then return end
    local element = {
        tag = tag, attributes = attributes(body:sub(#tag + 1)), children = {}, text = "", offset = offset,
    }
    table.insert(stack[#stack].children, element)
    if body:sub(-1) ~= "/" and #stack < max_depth then stack[#stack + 1] = element end
end

-- Takes elements off the stack down to the one that is closed; a stray end tag changes nothing.
local function close_element(stack, tag)
    for at = #stack, 2, -1 do
        if stack[at].tag == tag then
            for top = #stack, at, -1 do stack[top] = nil end
            return
        end
    end
end

local function add_text(stack, text)
    if not text:find("%S") then return end
    local top = stack[#stack]
    if #top.text < 65536 then top.text = top.text .. text end
end

--- The elements of a text, and where what was read ends: after the root's end, or at the end of the text.
---@param text string
---@return XmlElement? root, integer last
function M.parse(text)
    local document = { tag = "", children = {}, text = "", attributes = {} }
    local stack, at = { document }, 1
    while true do
        local open = text:find("<", at, true)
        if not open then break end
        add_text(stack, decode(text:sub(at, open - 1)))
        local stop
        if text:sub(open, open + 3) == "<!--" then
            stop = select(2, text:find("-->", open + 4, true))
        elseif text:sub(open, open + 8) == "<![CDATA[" then
            stop = select(2, text:find("]]>", open + 9, true))
            if stop then add_text(stack, text:sub(open + 9, stop - 3)) end
        elseif text:find("^<[!?]", open) then
            stop = tag_end(text, open)
        else
            stop = tag_end(text, open)
            local body = stop and text:sub(open + 1, stop - 1)
            if body and body:sub(1, 1) == "/" then
                close_element(stack, body:match("^/%s*([^%s>]+)") or "")
            elseif body then
                open_element(stack, body, open)
            end
        end
        if not stop then break end
        at = stop + 1
        if #stack == 1 and #document.children > 0 then return document.children[1], stop end
    end
    return document.children[1], #text
end

return M
