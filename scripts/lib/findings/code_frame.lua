-- A line of a file with a caret below a place in it.
local M = {}

local max_width = 160

-- The bytes of so many characters; of a text that is not UTF-8, a character is a byte.
local function first_characters(text, count)
    local position = 1
    for _ = 1, count do
        local following = text:match("^[%z\1-\127\192-\255][\128-\191]*()", position) or position + 1
        if following > #text + 1 then break end
        position = following
    end
    return text:sub(1, position - 1)
end

-- A long line is shown from before the place on.
local function window(line, column)
    local visible = term.visible(line):gsub("\t", "    ")
    if term.display_width(visible) <= max_width then return line, column, "" end
    local start = math.max(0, column - 1 - math.floor(max_width / 3))
    return line:sub(#first_characters(line, start) + 1), column - start, start > 0 and "…" or ""
end

--- The lines of a frame, ready to be printed: the number and text of the line, and the caret.
---@param line string  the text of the line
---@param place { line: integer, column: integer, end_column?: integer }
---@return string
function M.render(line, place)
    local text, column, cut = window(line, place.column)
    local before = first_characters(text, column - 1)
    local marked = first_characters(text:sub(#before + 1), (place.end_column or place.column) - place.column + 1)
    local function shown(piece) return (term.visible(piece):gsub("\t", "    ")) end
    local gutter = ("%5d | "):format(place.line)
    local whole = term.truncate(cut .. shown(text), max_width)
    local indent = term.display_width(cut .. shown(before))
    local width = math.max(1, math.min(term.display_width(shown(marked)), max_width - indent))
    return ("%s%s\n%s| %s^%s\n"):format(gutter, whole, (" "):rep(#gutter - 2), (" "):rep(indent), ("~"):rep(width - 1))
end

return M
