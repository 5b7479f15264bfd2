-- A pattern from a line: what differs from run to run becomes what may stand there, and the rest stays.
local M = {}

-- Beyond this a line says nothing more about what it is.
local max_pieces, max_bytes = 40, 240

-- What is distinguished in a line, in this order: a Lua pattern that must fit at a place; the PCRE2 pattern that stands
-- for it; and the name that its group gets, if it is worth capturing.
local kinds = {
    { "^https?://[^%s\"'<>`]+", "https?://\\S+", "url" },
    { "^%x%x%x%x%x%x%x%x%-%x%x%x%x%-%x%x%x%x%-%x%x%x%x%-%x+", "[0-9a-fA-F-]{36}" },
    { "^%d%d%d%d%-%d%d%-%d%d[T ]%d%d:%d%d:%d%d[%d%.,Z+:]*", "\\d{4}-\\d\\d-\\d\\d[T ][\\d:.,Z+]+" },
    { "^%d%d:%d%d:%d%d[%d%.,]*", "\\d\\d:\\d\\d:\\d\\d[\\d.,]*" },
    { "^0[xX]%x+", "0[xX][0-9a-fA-F]+" },
    { "^%d+%.%d+%.%d[%w%.%-+]*", "\\d+(?:\\.\\d+)+\\S*", "version" },
    { "^%d+%.%d+", "\\d+\\.\\d+", "number" },
}

local function is_word_start(line, position)
    return position == 1 or not line:sub(position - 1, position - 1):find("[%w_]")
end

local function is_hash(word)
    return #word >= 7 and not word:find("[^%x]") and word:find("%d") and (word:find("%a") or #word >= 12)
end

-- A path: several names with slashes, or one with an extension and a line number behind it.
local function path_at(line, position)
    local path = line:match("^[%w_%.%-~@+/\\]+", position)
    local drive = line:match("^%a:[\\/][%w_%.%-~@+/\\]+", position)
    if drive then return drive, false, true end
    if not path or not path:find("%a") then return nil end
    path = path:gsub("[%.]+$", "")
    local _, slashes = path:gsub("[/\\]", "")
    local after = line:sub(position + #path, position + #path + 8)
    local has_line = path:find("%.%a%w*$") and after:find("^[:(]%d")
    if not has_line and (slashes == 0 or not (path:find("%w[/\\]%w") or path:find("^[/~]%w"))) then return nil end
    return path, has_line and after:find("^:") ~= nil
end

local quotes = { ["'"] = "'", ['"'] = '"', ["`"] = "`", ["‘"] = "’", ["“"] = "”" }

-- Something in quotes: what is inside.
local function quoted_at(line, position)
    for open, close in pairs(quotes) do
        if line:sub(position, position + #open - 1) == open then
            -- "don't" has no quotes.
            if open == "'" and not is_word_start(line, position) then return nil end
            local stop = line:find(close, position + #open, true)
            if stop and stop > position + #open then return open, line:sub(position + #open, stop - 1), close end
        end
    end
end

-- Only what means something to PCRE2: the draft is for people.
local function escaped(text) return (text:gsub("[%^%$%.|%?%*%+%(%)%[%]{}\\]", "\\%0")) end

local Writer = {}
Writer.__index = Writer

function Writer:name(wanted)
    self.names[wanted] = (self.names[wanted] or 0) + 1
    return self.names[wanted] == 1 and wanted or wanted .. self.names[wanted]
end

function Writer:add(text) self.parts[#self.parts + 1] = text end

function Writer:group(name, pattern) self:add(("(?<%s>%s)"):format(self:name(name), pattern)) end

-- The words that end a line mean more than what a program was called with.
local function quoted_pattern(close)
    return close == "’" and "[^’]+" or close == "”" and "[^”]+" or ("[^%s]+"):format(close)
end

function Writer:number(word)
    local before = table.concat(self.parts):lower()
    local is_code = before:find("code[:\\]*[ =]?$") or before:find("status[:\\]*[ =]?$") or before:find("exit[:\\]* ?$")
    if is_code and #word <= 10 then self:group("code", "\\d+") else self:add("\\d+") end
end

-- Reads one piece at a position; returns the position after it.
function Writer:piece(line, position)
    local space = line:match("^%s+", position)
    if space then
        self:add(#space == 1 and space == " " and " " or "\\s+")
        return position + #space
    end
    local open, inside, close = quoted_at(line, position)
    if open then
        self:add(escaped(open))
        self:group("what", quoted_pattern(close))
        self:add(escaped(close))
        return position + #open + #inside + #close
    end
    if is_word_start(line, position) then
        for _, kind in ipairs(kinds) do
            local found = line:match(kind[1], position)
            if found then
                if kind[3] then self:group(kind[3], kind[2]) else self:add(kind[2]) end
                return position + #found
            end
        end
        local path, has_line, has_drive = path_at(line, position)
        if path then
            self:group("path", has_drive and "\\S+" or has_line and "[^:\\s]+" or "[^\\s:,;()'\"]+")
            return position + #path
        end
    end
    local word = line:match("^[%w_]+", position)
    if not word then
        local letter = line:match("^[%z\1-\127\194-\244][\128-\191]*", position) or line:sub(position, position)
        -- A bar, or dots up to a column: as long as they happen to be.
        local run = #letter == 1 and letter:find("^%p$") and line:match("^%" .. letter .. "+", position) or letter
        self:add(escaped(letter) .. (#run > 3 and "+" or ""))
        return position + (#run > 3 and #run or #letter)
    end
    if is_hash(word) then
        self:add("[0-9a-fA-F]+")
    elseif word:find("^%d+$") then
        self:number(word)
    else
        self:add(escaped(word))
    end
    return position + #word
end

--- A pattern that matches a line and lines like it; nil when nothing in the line stays the same.
---@param line string
---@return string? pattern, string[] names  of its groups
function M.of(line)
    local writer = setmetatable({ parts = {}, names = {} }, Writer)
    local marker = line:match("^##%[%l+%]")
    local body = marker and line:sub(#marker + 1) or line
    local indent = body:match("^%s*")
    body = body:sub(#indent + 1):gsub("%s+$", "")
    writer:add(marker and "" or indent == "" and "^" or "^\\s*")
    local position, pieces = 1, 0
    while position <= #body and position <= max_bytes and pieces < max_pieces do
        position = writer:piece(body, position)
        pieces = pieces + 1
    end
    while #writer.parts > 1 and (writer.parts[#writer.parts] == " " or writer.parts[#writer.parts] == "\\s+") do
        table.remove(writer.parts)
    end
    local names = {}
    for name, count in pairs(writer.names) do
        for i = 1, count do names[#names + 1] = i == 1 and name or name .. i end
    end
    table.sort(names)
    local pattern = table.concat(writer.parts)
    if not pattern:gsub("%(%?<%w+>", ""):gsub("\\.", ""):find("%a%a%a") then return nil, names end
    local ok, fits = pcall(re.test, line, pattern)
    return ok and fits and pattern or nil, names
end

return M
