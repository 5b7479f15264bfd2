-- Lists of failed tests, as tools print them at the end: numbered titles of one or several lines, each with its
-- message below. A list begins at a hit, and its lines are read here, as they have no words that a scan could look for.
local names = require("lib.log_readers.tests.names")
local texts = require("lib.log_readers.tests.text")

local M = {}

local max_lines = 200000
local max_title = 20 -- lines

---@class log_readers.ListItem
---@field captures table
---@field title string[]
---@field titled boolean
---@field line_number integer

local function take_title(item, line, rule)
    local part = line:match("^%s*(.-)%s*$")
    if rule.ends and part:match(rule.ends) then
        part, item.titled = part:gsub(rule.ends, ""), true
    end
    if part ~= "" then item.title[#item.title + 1] = part end
    if #item.title >= max_title then item.titled = true end
end

-- The headings that an item is indented below, outermost first.
local function path_to(headings, indent)
    while #headings > 0 and headings[#headings].indent >= indent do headings[#headings] = nil end
    local titles = {}
    for at, heading in ipairs(headings) do titles[at] = heading.title end
    return table.concat(titles, " ")
end

-- Keeps a line as a heading of what is indented below it, unless it belongs to an item.
local function take_heading(headings, line, item)
    local indent, title = line:match("^(%s*)(%S.*)$")
    if title == nil or (item and #indent >= #item.captures.indent and not item.blank) then return false end
    path_to(headings, #indent)
    headings[#headings + 1] = { indent = #indent, title = title }
    return true
end

local function begin(captures, number, rule)
    local item = { captures = captures, title = {}, titled = rule.more == nil, line_number = number }
    item.take, item.message = texts.collector(rule.message or {})
    if captures.title then take_title(item, captures.title, rule) end
    return item
end

local function continue(item, line, rule)
    if not item.titled then
        if texts.match(line, rule.more) then return take_title(item, line, rule) end
        item.titled = true
    end
    if rule.locate and not item.located then
        item.located = texts.match(line, rule.locate)
        for name, value in pairs(item.located or {}) do item.captures[name] = item.captures[name] or value end
    end
    item.take(line)
end

--- Reads the list below a hit, and calls `found(captures, line_number, message)` for each item. The rule: `item` is a
--- pattern for an item's first line; `title`, its capture, continues over the lines that match `more`, up to one that
--- ends with the Lua pattern `ends`; `locate` and `message` are as for a block; `stop` ends the list, as do
--- `gap` lines (60) without an item. In a `tree`, items are indented (`indent`, a capture) below headings, which become
--- the capture `path`.
---@param text log_readers.Text
---@param first integer
---@param prefix? string
---@param rule table
---@param found fun(captures: table, line_number: integer, message?: string)
function M.read(text, first, prefix, rule, found)
    local item, last_item, headings = nil, first, {}
    local function finish()
        if item == nil then return end
        item.captures.title = #item.title > 0 and names.cut(table.concat(item.title, rule.joiner or " ")) or nil
        found(item.captures, item.line_number, item.message())
        item = nil
    end
    for number = first, first + max_lines - 1 do
        local line = text:line(number)
        if line == nil or number - last_item > (rule.gap or 60) then break end
        line = texts.without_prefix(line, prefix)
        local captures = texts.match(line, rule.item)
        if captures then
            finish()
            if rule.tree then captures.path = path_to(headings, #captures.indent) end
            item, last_item = begin(captures, number, rule), number
        elseif number > first and rule.stop and texts.match(line, rule.stop) then
            break
        else
            if rule.tree and number > first then
                if line:match("^%s*$") and item then item.blank = true end
                if take_heading(headings, line, item) then finish() end
            end
            if item then continue(item, line, rule) end
        end
    end
    finish()
end

return M
