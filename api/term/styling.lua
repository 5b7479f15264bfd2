-- Colours and emphasis as "Select Graphic Rendition" sequences (ECMA-48).
local M = {}

--- What a column of a table may have, here and in reports.
M.column_options = { "align", "key", "style", "title", "wrap" }

local codes = {
    bold = 1, dim = 2, italic = 3, underline = 4, reverse = 7, black = 30, red = 31, green = 32, yellow = 33, blue = 34,
    magenta = 35, cyan = 36, white = 37, gray = 90,
}

local function unknown(name)
    local known = {}
    for word in pairs(codes) do known[#known + 1] = word end
    table.sort(known)
    uhost.fail("argument", ("there is no style '%s'"):format(tostring(name)),
        { hint = "styles are " .. table.concat(known, ", ") })
end

---@param text string
---@param style string?  "red bold"; nil for none
---@param enabled boolean
function M.apply(text, style, enabled)
    if style ~= nil and type(style) ~= "string" then unknown(style) end
    local list = {}
    for word in (style or ""):gmatch("%S+") do list[#list + 1] = codes[word] or unknown(word) end
    if not enabled or #list == 0 or text == "" then return text end
    return ("\27[%sm%s\27[0m"):format(table.concat(list, ";"), text)
end

--- Text as a hyperlink (OSC 8), which terminals that do not know it show as the text. Other addresses than those of the
--- web are left out, because they may do anything.
---@param text string
---@param url any
---@param enabled boolean
function M.link(text, url, enabled)
    local address = type(url) == "string" and url:match("^https?://[%w%p]+$")
    if not enabled or not address or text == "" then return text end
    return ("\27]8;;%s\27\\%s\27]8;;\27\\"):format(address, text)
end

return M
