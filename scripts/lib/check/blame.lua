-- Which place of a line a failure is about. Lua tells the line; what is wrong on it is named in the message.
local M = {}

---@param source check.Source
---@param failure { message: string, line?: integer }
---@return check.Place
function M.syntax(source, failure)
    local parsed = source.syntax
    -- The parser knows columns; Lua has the last word on what is wrong, and where.
    local at_end = failure.message:find("near '<eof>'", 1, true)
    if parsed and not at_end and math.abs(parsed.place.line - (failure.line or 1)) <= 1 then return parsed.place end
    return source:place_of_token(failure.line or 1, failure.message)
end

-- Where a word of the message stands in the line: of a name without a value, where it is used as if it had one.
local function find_word(line, word)
    local pattern = word:gsub("%W", "%%%0")
    return line:find(("%%f[%%w_]%s%%f[^%%w_]%%s*[%%.%%[:(]"):format(pattern)) or line:find(word, 1, true)
end

---@param source check.Source
---@param failure { message: string, line?: integer }
---@return check.Place
function M.failure(source, failure)
    local line = source.lines[failure.line] or ""
    for word in failure.message:gmatch("'([^'\n]+)'") do
        local first = find_word(line, word)
        if first then
            local position = source.starts[failure.line] + first - 1
            return source:place_of_byte(position, position + #word - 1)
        end
    end
    return source:place_of_line(failure.line or 1)
end

return M
