-- Where in a file the bytes of a string are written: escapes take more room than what they stand for.
local M = {}

-- How long an escape is, and how many bytes it stands for.
local function escape_at(written, position)
    local letter = written:sub(position + 1, position + 1)
    if letter == "x" then return 4, 1 end
    local digits = written:match("^%d%d?%d?", position + 1)
    if digits then return #digits + 1, 1 end
    if letter == "z" then return 2 + #written:match("^%s*", position + 2), 0 end
    local code = letter == "u" and written:match("^{(%x+)}", position + 2)
    if code then
        local number = tonumber(code, 16)
        return #code + 4, number < 0x80 and 1 or number < 0x800 and 2 or number < 0x10000 and 3 or 4
    end
    return 2, 1
end

--- The place, within a string as it is written, of a byte of its value; from 1. Nothing if it is no string constant.
---@param written string  with its quotes or brackets
---@param byte integer  one more than the value has is the end
---@return integer?
function M.position(written, byte)
    local bracket = written:match("^%[=*%[\r?\n?")
    if bracket then return #bracket + byte end
    if not written:find("^[\"']") then return nil end
    local position, value = 2, 1
    while value < byte and position < #written do
        local length, bytes = 1, 1
        if written:sub(position, position) == "\\" then length, bytes = escape_at(written, position) end
        position, value = position + length, value + bytes
    end
    return position
end

return M
