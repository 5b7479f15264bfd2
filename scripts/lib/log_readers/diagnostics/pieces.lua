-- The lines of a log that make up one document.
local M = {}

-- Of a log: what documents are looked for in, also those that turn out not to be any. Many begin like one.
local max_bytes = 32 * 1024 * 1024
local max_lines = 400000
-- The name of an XML document's root comes within so many lines.
local max_prolog = 50
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

---@class LogPieces  reads the documents of one log
---@field log table
---@field lines_left integer
---@field bytes_left integer
local Pieces = {}
Pieces.__index = Pieces

---@param log table  a `log_text.Log`, or what has its `lines` and `raw`
---@return LogPieces
function M.of(log)
    return setmetatable({ log = log, lines_left = max_lines, bytes_left = max_bytes }, Pieces)
end

local function piece_of(first, lines, starts)
    return { first = first, last = first + #lines - 1, text = table.concat(lines, "\n"), starts = starts }
end

-- The lines from one on, until `done(line, count)` says "with" this line or "before" it; nil when it says "no", or when
-- there is too much. At the end of the log also nil, and the lines.
function Pieces:gather(first, done)
    local lines, starts, count, bytes = {}, {}, 0, 0
    for line in lines_from(self.log, first) do
        local verdict = done(line, count + 1)
        if verdict == "before" then return piece_of(first, lines, starts) end
        count = count + 1
        starts[count], lines[count] = bytes + 1, line
        bytes = bytes + #line + 1
        self.lines_left, self.bytes_left = self.lines_left - 1, self.bytes_left - #line - 1
        if verdict == "no" or self.lines_left < 0 or self.bytes_left < 0 then return nil end
        if verdict == "with" then return piece_of(first, lines, starts) end
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
---@param first integer
---@return LogPiece?
function Pieces:json(first)
    local depth = 0
    return (self:gather(first, function(line)
        if not line:find("^%s*[\"{}%[%],%d%-tfn]") and line:find("%S") then return "no" end
        local bare = line:gsub("\\.", ""):gsub("\"[^\"]*\"", "")
        local _, opened = bare:gsub("[%[{]", "")
        local _, closed = bare:gsub("[%]}]", "")
        depth = depth + opened - closed
        if depth < 0 then return "no" end
        return depth == 0 and "with" or nil
    end))
end

--- An XML document that begins on a line; one that is cut goes to the end of the log.
---@param first integer
---@return LogPiece?
function Pieces:xml(first)
    local root
    local piece, lines, starts = self:gather(first, function(line, count)
        if not root then
            root = line:gsub("<!%-%-.-%-%->", ""):match("<([%a_][%w_:.-]*)")
            if root and line:find("<" .. root:gsub("%p", "%%%0") .. "[^>]*/>%s*$") then return "with" end
            if not root and count > max_prolog then return "no" end
        end
        return root and line:find("</" .. root, 1, true) and "with" or nil
    end)
    return piece or root and lines and piece_of(first, lines, starts) or nil
end

--- What separates the columns of a table by its first line; two blanks where nothing else does.
---@param line string
---@return string?
function M.separator_of(line) return line:match("[,;\t|]") or line:match("%S(  )") end

--- A table that begins with a line of column names: the lines that have its separator, with quoted line breaks, and
--- the rules between them.
---@param first integer
---@return LogPiece?
function Pieces:csv(first)
    local separator, quoted = nil, false
    local piece, lines, starts = self:gather(first, function(line)
        separator = separator or M.separator_of(line)
        local is_rule = line:find("^[%s+|=-]*[=-][=-][%s+|=-]*$") ~= nil
        if not separator or not quoted and not is_rule and not line:find(separator, 1, true) then return "before" end
        local _, quotes = line:gsub("\"", "")
        if quotes % 2 == 1 then quoted = not quoted end
    end)
    piece = piece or lines and piece_of(first, lines, starts)
    return piece and piece.last > first and piece or nil
end

return M
