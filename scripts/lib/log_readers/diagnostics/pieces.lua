-- The lines of a log that make up one document.
local M = {}

local max_bytes = 32 * 1024 * 1024
local max_lines = 400000
local batch = 256
local cut_at = 8000

---@class LogPiece
---@field first integer
---@field last integer
---@field text string
---@field starts integer[]  the offset in the text where each line begins

-- A cleaned line, also when it is longer than those that `log:line` gives.
local function whole_line(log, line_number, text)
    if #text < cut_at then return text end
    local raw = log:raw(line_number):gsub("\27%[[%d;]*%a", ""):gsub("\r$", "")
    local start = raw:find("[%[{<]")
    return start and start > 1 and raw:sub(1, start - 1):find("%d%d:%d%d:%d%d") and raw:sub(start) or raw
end

-- An iterator over the lines from one on, read in batches.
local function lines_from(log, first)
    local text, base, at = {}, first, 0
    return function()
        at = at + 1
        if at > #text then
            base, at = base + #text, 1
            text = log:lines(base, base + batch - 1)
            if #text == 0 then return nil end
        end
        return whole_line(log, base + at - 1, text[at]), base + at - 1
    end
end

-- Lines up to the first of which `done(line)` says true; nil when it says false, or when there is too much.
local function gather(log, first, done)
    local lines, starts, bytes = {}, {}, 0
    for line, line_number in lines_from(log, first) do
        starts[#starts + 1] = bytes + 1
        lines[#lines + 1] = line
        bytes = bytes + #line + 1
        local verdict = done(line)
        if verdict == false or bytes > max_bytes or #lines > max_lines then return nil end
        if verdict then
            return { first = first, last = line_number, text = table.concat(lines, "\n"), starts = starts }
        end
    end
    return nil, lines, starts
end

--- The line of the log in which an offset of a piece's text is.
---@param piece LogPiece
---@param offset integer
---@return integer
function M.line_at(piece, offset)
    local low, high = 1, #piece.starts
    while low < high do
        local middle = math.ceil((low + high) / 2)
        if piece.starts[middle] <= offset then low = middle else high = middle - 1 end
    end
    return piece.first + low - 1
end

--- A JSON value that begins on a line, whose brackets close at the end of one.
---@param log table
---@param first integer
---@return LogPiece?
function M.json(log, first)
    local depth = 0
    return (gather(log, first, function(line)
        if not line:find("^%s*[\"{}%[%],%d%-tfn]") and line:find("%S") then return false end
        local bare = line:gsub("\\.", ""):gsub("\"[^\"]*\"", "")
        local _, opened = bare:gsub("[%[{]", "")
        local _, closed = bare:gsub("[%]}]", "")
        depth = depth + opened - closed
        if depth < 0 then return false end
        return depth == 0 and true or nil
    end))
end

--- An XML document that begins on a line; one that is cut goes to the end of the log.
---@param log table
---@param first integer
---@return LogPiece?
function M.xml(log, first)
    local root
    local piece, lines, starts = gather(log, first, function(line)
        if not root then
            root = line:gsub("<!%-%-.-%-%->", ""):match("<([%a_][%w_:.-]*)")
            if root and line:find("<" .. root:gsub("%p", "%%%0") .. "[^>]*/>%s*$") then return true end
        end
        return root and line:find("</" .. root, 1, true) and true or nil
    end)
    if piece or not root or not lines then return piece end
    return { first = first, last = first + #lines - 1, text = table.concat(lines, "\n"), starts = starts }
end

--- A table that begins with a line of column names: the lines that have its separator, with quoted line breaks.
---@param log table
---@param first integer
---@return LogPiece?
function M.csv(log, first)
    local separator, quoted, lines, starts, bytes = nil, false, {}, {}, 0
    for line in lines_from(log, first) do
        separator = separator or line:match("[,;\t|]")
        if not quoted and not line:find(separator, 1, true) or bytes > max_bytes then break end
        local _, quotes = line:gsub("\"", "")
        if quotes % 2 == 1 then quoted = not quoted end
        starts[#starts + 1] = bytes + 1
        lines[#lines + 1] = line
        bytes = bytes + #line + 1
    end
    if #lines < 2 then return nil end
    return { first = first, last = first + #lines - 1, text = table.concat(lines, "\n"), starts = starts }
end

return M
