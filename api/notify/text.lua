-- Text of strangers within the limits of a service: counted in characters, and without what nobody sees.
local M = {}

-- Sequences that colour a terminal, and characters without width or that change the direction of text.
local unseen = {
    "\27%[[%d;?]*[%a]", "\27%][^\7\27]*\7", "\226\128[\139-\143\168-\174]", "\226\129[\160-\175]", "\239\187\191",
    "\216\156", "\194\173", "\243\160[\128-\129][\128-\191]",
}

--- The text without what nobody sees.
---@param text string
---@return string
function M.without_unseen(text)
    for _, pattern in ipairs(unseen) do text = text:gsub(pattern, "") end
    return text
end

--- How many characters a text has.
---@param text string
---@return integer
function M.length(text) return select(2, text:gsub("[^\128-\191]", "")) end

-- Where the character after the first `count` begins.
local function position_after(text, count)
    local position = 1
    for _ = 1, count do
        if position > #text then break end
        position = text:find("[^\128-\191]", position + 1) or #text + 1
    end
    return position
end

--- The text in at most `count` characters; what is cut ends with `ending` ("…").
---@param text string
---@param count integer
---@param ending? string
---@return string text
---@return integer left_out  characters
function M.cut(text, count, ending)
    local length = M.length(text)
    if length <= count then return text, 0 end
    ending = ending or "…"
    local kept = math.max(0, count - M.length(ending))
    return text:sub(1, position_after(text, kept) - 1) .. ending, length - kept
end

--- The text in at most `count` characters after `escape`, which is never cut in the middle of an escaped character.
---@param text string
---@param count integer
---@param escape fun(text: string): string
---@param ending? string
---@return string
function M.cut_escaped(text, count, escape, ending)
    local whole = escape(text)
    if M.length(whole) <= count then return whole end
    ending = ending or "…"
    local room, pieces, position = count - M.length(ending), {}, 1
    while position <= #text do
        local after = text:find("[^\128-\191]", position + 1) or #text + 1
        local piece = escape(text:sub(position, after - 1))
        room = room - M.length(piece)
        if room < 0 then break end
        pieces[#pieces + 1], position = piece, after
    end
    return table.concat(pieces) .. ending
end

--- One line, without control characters and characters that nobody sees.
---@param text string
---@return string
function M.line(text)
    return (M.without_unseen(text):gsub("[%c]+", " "):gsub("^%s+", ""):gsub("%s+$", ""))
end

return M
