-- Texts as lists of lines and of words, and what is the same of them but for spaces.
local M = {}

--- The lines of a text, without their line feeds. A last line without one counts.
---@param text string
---@return string[]
function M.lines(text)
    local lines, start, count = {}, 1, 0
    while start <= #text do
        local stop = text:find("\n", start, true) or #text + 1
        count = count + 1
        lines[count] = text:sub(start, stop - 1)
        start = stop + 1
    end
    return lines
end

--- The first lines of a text.
---@param text string
---@param count integer
---@return string[]
function M.first_lines(text, count)
    local stop = 0
    for _ = 1, count do
        stop = text:find("\n", stop + 1, true)
        if not stop then return M.lines(text) end
    end
    return M.lines(text:sub(1, stop))
end

--- The last lines of a text.
---@param text string
---@param count integer
---@return string[]
function M.last_lines(text, count)
    local start = text:sub(-1) == "\n" and #text or #text + 1
    for _ = 1, count do
        start = start - 1
        while start > 0 and text:byte(start) ~= 10 do start = start - 1 end
        if start <= 0 then return M.lines(text) end
    end
    return M.lines(text:sub(start + 1))
end

---@param lines string[]
---@return string
function M.join(lines) return #lines > 0 and table.concat(lines, "\n") .. "\n" or "" end

-- What a byte belongs to: 1 a word (also bytes of UTF-8), 2 blanks, 3 a line feed, 4 a sign of its own.
local class = {}
for byte = 0, 255 do
    local char = string.char(byte)
    class[byte] = char == "\n" and 3 or char:find("%s") and 2 or (char:find("[%w_]") or byte >= 128) and 1 or 4
end

--- The words of lines: runs of letters and digits, runs of blanks, line feeds, and every other sign by itself. Put
--- together they are the text again.
---@param lines string[]
---@return string[]
function M.words(lines)
    local text = M.join(lines)
    local words, count, start, current = {}, 0, 1, nil
    for i = 1, #text do
        local kind = class[text:byte(i)]
        if kind ~= current or kind >= 3 then
            if current then
                count = count + 1
                words[count] = text:sub(start, i - 1)
            end
            start, current = i, kind
        end
    end
    if current then words[count + 1] = text:sub(start) end
    return words
end

--- The words of a side of a hunk, found once.
---@param hunk upstream.Hunk
---@param side "base"|"ours"|"theirs"
---@return string[]
function M.words_of(hunk, side)
    hunk.words = hunk.words or {}
    hunk.words[side] = hunk.words[side] or M.words(hunk[side])
    return hunk.words[side]
end

--- How often each word occurs. Blanks and line feeds do not count.
---@param words string[]
---@return table<string, integer>
function M.counts(words)
    local counts = {}
    for i = 1, #words do
        local word = words[i]
        local first = word:byte()
        if first > 32 then counts[word] = (counts[word] or 0) + 1 end
    end
    return counts
end

--- Without any white space.
---@param line string
---@return string
function M.squeeze(line) return (line:gsub("%s+", "")) end

--- What is left of lines when spacing, line breaks and blank lines do not count.
---@param lines string[]
---@return string
function M.squeezed(lines) return M.squeeze(table.concat(lines)) end

---@param a any[]
---@param b any[]
---@return boolean
function M.same(a, b)
    if #a ~= #b then return false end
    for i = 1, #a do
        if a[i] ~= b[i] then return false end
    end
    return true
end

--- Several lists after each other.
---@param ... string[]
---@return string[]
function M.concat(...)
    local all, count = {}, 0
    for _, list in ipairs{ ... } do
        for i = 1, #list do
            count = count + 1
            all[count] = list[i]
        end
    end
    return all
end

---@param list string[]
---@param first integer
---@param last integer
---@return string[]
function M.slice(list, first, last)
    local part = {}
    for i = first, last do part[#part + 1] = list[i] end
    return part
end

return M
