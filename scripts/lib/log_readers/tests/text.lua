-- The lines around a hit: the message of a failed test, the file and line that it names, the heading above it.
local names = require("lib.log_readers.tests.names")

local M = {}

local window_lines = 256 -- read at once; messages are read in the order of their lines
local message_bytes = 1000
local max_look = 600 -- the most lines that any look around a hit takes

---@class log_readers.Text
---@field log log_text.Log
---@field first integer
---@field lines string[]
local Text = {}
Text.__index = Text

--- Reads a log through a window, so that looks around hits that are near each other cost one call.
---@param log log_text.Log
---@return log_readers.Text
function M.open(log)
    return setmetatable({ log = log, first = 1, lines = {} }, Text)
end

--- A cleaned line, or nil behind the end.
---@param number integer
---@return string?
function Text:line(number)
    if number < 1 then return nil end
    local place = number - self.first + 1
    if place < 1 or place > #self.lines then
        -- A look upwards wants what is before, a look downwards what follows.
        local first = number < self.first and math.max(1, number - window_lines + 1) or number
        self.first, self.lines = first, self.log:lines(first, first + window_lines - 1)
        place = number - first + 1
    end
    return self.lines[place]
end

-- What each line of a block begins with when a program repeats another's output: docker's build steps, a monorepo's
-- package, a service. `#12 3.456 ` differs from line to line.
---@param line string
---@param prefix? string  as the block's first line had it
---@return string
function M.without_prefix(line, prefix)
    if prefix == nil or prefix == "" then return line end
    if line:sub(1, #prefix) == prefix then return line:sub(#prefix + 1) end
    local step = line:match("^#%d+ %d+%.%d+ ?()") or line:match("^#%d+ %d+%.%d+$()")
    if step and prefix:match("^#%d+ %d") then return line:sub(step) end
    local bare = prefix:match("^(.-)%s*$")
    if line == bare then return "" end
    return line
end

local ruler = re.compile([[^[\s\-=_*~─━═#|.⎯]*$]])
local stack = re.compile([[^\s*(?:at |File "|\.\.\. \d+ (?:more|common)|Traceback \(most recent)]])

--- The captures of a pattern in a line. A line on which it takes too many steps does not match.
---@param line string
---@param pattern string
---@return re.Captures?
function M.match(line, pattern)
    local ok, captures = pcall(re.match, line, pattern)
    return ok and captures or nil
end
local match = M.match

--- Whether a line says nothing: blank, a ruler.
---@param line string
---@return boolean
function M.is_empty(line)
    return ruler:test(line)
end

-- Takes a line into a message if it says something; `full` when it needs no more.
local function collect(message, line, rule, number)
    if rule.take then
        local found = match(line, rule.take)
        if found then
            if rule.pick == "last" then message.lines, message.first = {}, nil end
            local lines = message.lines
            message.first = message.first or number
            lines[#lines + 1] = names.cut(found.message or found[1] or line, message_bytes)
        elseif #message.lines > 0 and rule.pick ~= "last" then
            message.full = true
        end
    elseif M.is_empty(line) or (rule.skip and match(line, rule.skip)) then
        if #message.lines > 0 then message.full = true end
    elseif stack:test(line) then
        if #message.lines > 0 then message.full = true end
    else
        message.first = message.first or number
        message.lines[#message.lines + 1] = names.cut(line, message_bytes)
    end
    if rule.pick ~= "last" and #message.lines >= (rule.at_most or 3) then message.full = true end
end

local function joined(message)
    if #message.lines == 0 then return nil end
    return names.cut(table.concat(message.lines, "\n"), message_bytes)
end

--- A collector of a message line by line, for who reads the lines anyway.
---@param rule table
---@return fun(line: string) take, fun(): string? result, fun(): boolean full
function M.collector(rule)
    local message = { lines = {}, full = false }
    return function(line)
        if not message.full then collect(message, line, rule) end
    end, function() return joined(message) end, function() return message.full end
end

-- Looks for a place line by line: whether no better one can come, and what the best one has captured.
local function locator(rule)
    local patterns, best, found = rule.locate, math.huge, nil
    if patterns == nil then return function() return true, nil end end
    if type(patterns) == "string" then patterns = { patterns } end
    return function(line)
        for rank = 1, math.min(#patterns, best - 1) do
            local captures = match(line, patterns[rank])
            if captures then
                best, found = rank, captures
                break
            end
        end
        return best == 1, found
    end
end

--- What the lines of a block say. The rule: `within` lines (40) are looked at, up to one that matches `stop`; it begins
--- behind the first line that matches `from`; `take` names the lines of the message, else it is the first lines that
--- say something and do not match `skip`; `pick = "last"` takes the last line that `take` matches; `at_most` lines (3);
--- `locate`, a pattern or several from the best to the worst, is searched for the captures `file` and `line`, or
--- others, of the first line that matches.
---@param text log_readers.Text
---@param first integer  the line behind the hit
---@param last? integer  the last line that may belong to it
---@param prefix? string
---@param rule table
---@return string? message, table located, integer? first  the line where the message begins
function M.block(text, first, last, prefix, rule)
    local stop = math.min(last or math.huge, first + math.min(rule.within or 40, max_look) - 1)
    local message, begun = { lines = {}, full = false }, rule.from == nil
    local place = locator(rule)
    for number = first, stop do
        local line = text:line(number)
        if line == nil then break end
        line = M.without_prefix(line, prefix)
        if rule.stop and begun and match(line, rule.stop) then break end
        if not begun then
            begun = match(line, rule.from) ~= nil
        else
            local settled = place(line)
            if not message.full then collect(message, line, rule, number) end
            if message.full and settled then break end
        end
    end
    local _, located = place("")
    return joined(message), located or {}, message.first
end

-- Whether the line before one matches a pattern.
local function follows(text, number, prefix, pattern)
    if pattern == nil then return true end
    local line = text:line(number - 1)
    return line ~= nil and match(M.without_prefix(line, prefix), pattern) ~= nil
end

--- The nearest line above that matches `rule.match`, and follows one that matches `rule.after` where that is given; at
--- most `rule.within` lines (20) away, as captures and number.
---@param text log_readers.Text
---@param above integer  the line below those that are looked at
---@param prefix? string
---@param rule table
---@return table? captures, integer? number
function M.above(text, above, prefix, rule)
    for number = above - 1, math.max(1, above - math.min(rule.within or 20, max_look)), -1 do
        local line = text:line(number)
        if line == nil then return nil end
        line = M.without_prefix(line, prefix)
        local captures = match(line, rule.match)
        if captures and follows(text, number, prefix, rule.after) then return captures, number end
        if rule.stop and match(line, rule.stop) then return nil end
    end
    return nil
end

return M
