-- A rule file as text: its lines, its syntax tree, and where in it things are. Read here, never run.
local byte_size = require("uhost.term.byte_size")
local decoder = require("luacheck.decoder")
local parser = require("luacheck.parser")

local M = {}

--- What the sandbox takes.
M.max_bytes = 1024 * 1024

---@class check.Place
---@field line integer
---@field column integer  in characters, from 1
---@field end_column? integer  of the last character, on the same line

---@class check.Source
---@field path string
---@field text string
---@field lines string[]
---@field tree? table  the syntax tree of luacheck's parser; nil when the file does not parse
---@field syntax? { place: check.Place, message: string }  why it does not
local Source = {}
Source.__index = Source

-- Lua ends lines at "\n", "\r", and at both in either order.
local function split_lines(text)
    local lines, starts, position = {}, {}, 1
    while true do
        local stop = text:find("[\r\n]", position)
        lines[#lines + 1] = text:sub(position, (stop or #text + 1) - 1)
        starts[#starts + 1] = position
        if not stop then return lines, starts end
        local pair = text:sub(stop, stop + 1)
        position = stop + ((pair == "\r\n" or pair == "\n\r") and 2 or 1)
    end
end

-- How many characters a piece of text has: bytes, unless the file as a whole is UTF-8.
function Source:count(text)
    if not self.is_utf8 then return #text end
    return #text - select(2, text:gsub("[\128-\191]", ""))
end

--- The place of a byte.
---@param position integer
---@param end_position? integer
---@return check.Place
function Source:place_of_byte(position, end_position)
    local low, high = 1, #self.starts
    while low < high do
        local middle = math.ceil((low + high) / 2)
        if self.starts[middle] <= position then low = middle else high = middle - 1 end
    end
    local start = self.starts[low]
    local column = self:count(self.text:sub(start, position - 1)) + 1
    local last = math.min(end_position or position, start + #self.lines[low] - 1)
    local length = self:count(self.text:sub(position, last))
    return { line = low, column = column, end_column = column + math.max(length, 1) - 1 }
end

-- The byte at which a character begins.
function Source:byte_of(character)
    if not self.is_utf8 then return character end
    if not self.bytes then
        self.bytes = {}
        for position in self.text:gmatch("()[%z\1-\127\192-\255]") do self.bytes[#self.bytes + 1] = position end
        self.bytes[#self.bytes + 1] = #self.text + 1
    end
    return self.bytes[math.min(character, #self.bytes)]
end

--- The place of a node of the tree.
---@param node table
---@return check.Place
function Source:place(node)
    return self:place_of_byte(self:byte_of(node.offset), self:byte_of(node.end_offset + 1) - 1)
end

--- The text of a node, as it is written.
---@param node table
---@return string text, integer position
function Source:written(node)
    local first = self:byte_of(node.offset)
    return self.text:sub(first, self:byte_of(node.end_offset + 1) - 1), first
end

--- The first word of a line: what there is to point at when only the line is known.
---@param line integer
---@return check.Place
function Source:place_of_line(line)
    local number = math.max(1, math.min(line, #self.lines))
    local text = self.lines[number]
    local indent = #text:match("^%s*")
    local column = self:count(text:sub(1, indent)) + 1
    return { line = number, column = column, end_column = math.max(column, self:count((text:gsub("%s+$", "")))) }
end

-- Lua's message gives a line and a token; the token is looked for on that line and before.
function Source:place_of_token(line, message)
    local token = message:match("near '(.*)'$")
    if token == "<eof>" or not token then
        if token then line = #self.lines end
        while line > 1 and not (self.lines[line] or ""):find("%S") do line = line - 1 end
        local place = self:place_of_line(line)
        if token then place.column = place.end_column end
        return place
    end
    for number = math.min(line, #self.lines), math.max(1, line - 1), -1 do
        local first = self.lines[number]:find(token:match("^[^\n\r]*"), 1, true)
        if first then
            local start = self.starts[number]
            return self:place_of_byte(start + first - 1, start + first + #token - 2)
        end
    end
    return self:place_of_line(line)
end

---@param failure { message: string, line?: integer }
---@return check.Place
function Source:place_of_syntax_error(failure)
    local parsed = self.syntax
    -- The parser knows columns; Lua has the last word on what is wrong, and where.
    local at_end = failure.message:find("near '<eof>'", 1, true)
    if parsed and not at_end and math.abs(parsed.place.line - (failure.line or 1)) <= 1 then return parsed.place end
    return self:place_of_token(failure.line or 1, failure.message)
end

-- Where a word of the message stands in the line: of a name without a value, where it is used as if it had one.
local function find_word(line, word)
    local pattern = word:gsub("%W", "%%%0")
    return line:find(("%%f[%%w_]%s%%f[^%%w_]%%s*[%%.%%[:(]"):format(pattern)) or line:find(word, 1, true)
end

---@param failure { message: string, line?: integer }
---@return check.Place
function Source:place_of_failure(failure)
    local line = self.lines[failure.line] or ""
    for word in failure.message:gmatch("'([^'\n]+)'") do
        local first = find_word(line, word)
        if first then
            local position = self.starts[failure.line] + first - 1
            return self:place_of_byte(position, position + #word - 1)
        end
    end
    return self:place_of_line(failure.line or 1)
end

local function read_tree(source)
    local ok, tree = pcall(parser.parse, decoder.decode(source.text))
    if ok then
        source.tree = tree
    elseif type(tree) == "table" and tree.msg then
        source.syntax = { place = source:place(tree), message = tree.msg }
    end
    -- Anything else is a file too deeply nested for the parser; so it is for Lua, which says so.
end

-- String constants ----------------------------------------------------------------------------------------------------

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
function M.position_in_literal(written, byte)
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

-- Reading -------------------------------------------------------------------------------------------------------------

--- A rule file's text, read.
---@param path string
---@param text string
---@return check.Source
function M.of_text(path, text)
    local source = setmetatable({ path = path, text = text }, Source)
    source.lines, source.starts = split_lines(text)
    source.is_utf8 = decoder.decode(text):get_length() ~= #text
    read_tree(source)
    return source
end

--- Reads a rule file. Returns nil, what is wrong and what to do for one that cannot be one.
---@param path string
---@return check.Source? source, string? message, string? hint
function M.read(path)
    local status = fs.stat(path)
    if not status then return nil, "there is no such file", "name rule files, or folders of them" end
    if status.type ~= "file" then
        return nil, ("it is a %s, not a file"):format(status.type), "name rule files, or folders of them"
    end
    if status.size_bytes > M.max_bytes then
        return nil, ("it has %s; a rule file has at most 1 MiB"):format(byte_size(status.size_bytes)),
            "split it, and put it together with `require`"
    end
    local ok, text = pcall(policy.read, path)
    if not ok then return nil, "it cannot be read: " .. (text.native or text.message), text.hint end
    if text:sub(1, 3) == "\27LJ" or text:sub(1, 4) == "\27Lua" then
        return nil, "it is compiled Lua, not text", "a rule is given as the text that people edit"
    end
    if text:find("%z") then return nil, "it is not text: it has zero bytes", "a rule file is Lua, as text" end
    return M.of_text(path, text)
end

return M
