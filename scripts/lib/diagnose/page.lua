-- A page of text for a terminal, or a file: lines that fit, with colours where they are taken. Whatever a terminal
-- would act on is made visible before.
local rich_text = require("lib.diagnose.rich_text")

local Page = {}
Page.__index = Page

local M = {}

-- Lines of a log are cut where a terminal ends; in a file there is room.
local widest, widest_in_file = 110, 400
local most_quoted = 600
local least_repeated = 3

---@param color boolean
function M.new(color)
    local width = math.min(term.width(), widest)
    return setmetatable({ color = color, width = width, room = color and width or widest_in_file, lines = {} }, Page)
end

function Page:style(text, style) return self.color and term.style(text, style) or text end

function Page:link(text, url) return self.color and term.link(text, url) or text end

function Page:add(line) self.lines[#self.lines + 1] = line end

--- An empty line, but not two.
function Page:gap()
    if #self.lines > 0 and self.lines[#self.lines] ~= "" then self:add("") end
end

function Page:heading(text) self:gap() self:add(self:style(text, "bold")) end

--- A line that is cut where the page ends.
function Page:cut(indent, text, style)
    local room = math.max(20, self.room - #indent)
    self:add(indent .. self:style(term.truncate((term.visible(text):gsub("\t", "  ")), room), style or ""))
end

-- Code stands out by its colour, or by its backticks.
local function with_code(page, text)
    if not page.color then return text end
    return (text:gsub("`([^`]+)`", function(code)
        return (code:gsub("[^\n]+", function(line) return term.style(line, "cyan") end))
    end))
end

--- Text that wraps; `first` is what its first line begins with.
function Page:words(indent, text, first, style)
    local room = math.max(20, self.width - #indent)
    local wrapped = table.concat(term.wrap(term.visible(text), room), "\n")
    local number = 0
    for line in (with_code(self, wrapped) .. "\n"):gmatch("(.-)\n") do
        number = number + 1
        self:add((number == 1 and first or indent) .. self:style(line, style or ""))
    end
end

--- A line as it is, on as many as it takes.
function Page:quote(indent, text, style)
    text = term.truncate((term.visible(text):gsub("\t", "  ")), most_quoted)
    for _, line in ipairs(term.wrap(text, math.max(20, self.room - #indent))) do
        self:add(indent .. self:style(line, style))
    end
end

--- An entry's Markdown.
function Page:rich(indent, text)
    for number, block in ipairs(rich_text.blocks(text)) do
        if number > 1 and block.kind == "text" then self:gap() end
        if block.kind == "text" then self:words(indent, rich_text.plain(block.pieces)) end
        for i, item in ipairs(block.items or {}) do
            local mark = block.ordered and ("%d. "):format(i) or "- "
            self:words(indent .. (" "):rep(#mark), rich_text.plain(item), indent .. mark)
        end
        for _, line in ipairs(block.lines or {}) do self:cut(indent .. "  ", line, "cyan") end
    end
end

-- A line that says the same as the one before, but for numbers.
local function is_like(line, before) return line == before or (line:gsub("%d+", "")) == (before:gsub("%d+", "")) end

-- How many lines from `i` on say the same as the one before, when they are too many to be read.
local function repeated(lines, i, first, marked)
    local last = i - 1
    while lines[last + 1] and lines[i - 1]:find("%w") and is_like(lines[last + 1], lines[i - 1])
        and first + last ~= marked do
        last = last + 1
    end
    return last - i + 1 >= least_repeated and last - i + 1 or 0
end

function Page:log_line(line, number, width, is_marked)
    local shown = (" "):rep(width - #tostring(number)) .. number
    local text = term.truncate((term.visible(line):gsub("\t", "    ")), math.max(20, self.room - width - 5))
    if is_marked then
        self:add(("%s %s"):format(self:style("> " .. shown .. " |", "bold red"), self:style(text, "bold")))
    else
        self:add(("%s %s"):format(self:style("  " .. shown .. " |", "dim"), text))
    end
end

--- Lines of a log with their numbers, one of them marked. What is said over and over is shown once.
---@param lines string[]
---@param first integer  the number of the first
---@param marked? integer
---@param width? integer  of the numbers
function Page:log_lines(lines, first, marked, width)
    width = width or #tostring(first + #lines - 1)
    local i = 1
    while i <= #lines do
        local count = i > 1 and repeated(lines, i, first, marked) or 0
        if count > 0 then
            self:add(self:style(("  %s | … %d more like it"):format((" "):rep(width), count), "dim"))
            i = i + count
        else
            self:log_line(lines[i], first + i - 1, width, first + i - 1 == marked)
            i = i + 1
        end
    end
end

function Page:text() return term.without_commands(table.concat(self.lines, "\n") .. "\n") end

return M
