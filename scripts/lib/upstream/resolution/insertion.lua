-- What a fork keeps in a file of upstream's: lines behind a place, and items of a list. The place has to be found
-- exactly once.
local texts = require("lib.upstream.resolution.texts")

local M = {}

--- Where lines stand, if they stand there exactly once.
---@param lines string[]
---@param part string[]
---@return integer?
function M.only_place(lines, part)
    local found
    if #part == 0 then return nil end
    for i = 1, #lines - #part + 1 do
        local j = 1
        while j <= #part and lines[i + j - 1] == part[j] do j = j + 1 end
        if j > #part then
            if found then return nil end
            found = i
        end
    end
    return found
end

local function set_of(lines)
    local set = {}
    for _, line in ipairs(lines) do set[texts.squeeze(line)] = true end
    return set
end

--- Lines without those that the rule puts in.
function M.without_lines(rule, lines)
    local set, rest = set_of(rule.lines), {}
    for _, line in ipairs(lines) do
        if not set[texts.squeeze(line)] or line == "" then rest[#rest + 1] = line end
    end
    return rest
end

local function has_part(lines, part)
    local squeezed = {}
    for i, line in ipairs(lines) do squeezed[i] = texts.squeeze(line) end
    local wanted = {}
    for i, line in ipairs(part) do wanted[i] = texts.squeeze(line) end
    for i = 1, #squeezed - #wanted + 1 do
        local j = 1
        while j <= #wanted and squeezed[i + j - 1] == wanted[j] do j = j + 1 end
        if j > #wanted then return true end
    end
    return false
end

--- Puts the rule's lines behind the only line that `after` matches, unless they are there.
---@return string? text
---@return string? failure
function M.after_pattern(rule, text)
    local lines, at, count = texts.lines(text), nil, 0
    if has_part(lines, rule.lines) then return text end
    local pattern = re.compile(rule.after)
    for i, line in ipairs(lines) do
        if pattern:test(line) then at, count = i, count + 1 end
    end
    if count ~= 1 then return nil, ("the anchor matches %d lines, not one"):format(count) end
    local all = texts.concat(texts.slice(lines, 1, at), rule.lines, texts.slice(lines, at + 1, #lines))
    local joined = texts.join(all)
    return text:sub(-1) == "\n" and joined or joined:sub(1, -2)
end

-- Lists --------------------------------------------------------------------------------------------------------------

local function trim(text) return (text:gsub("^%s+", ""):gsub("%s+$", "")) end

-- An item as it stands in the list, without the separator behind it.
local function bare(item, separator)
    item = trim(item)
    if item:sub(-#separator) == separator then item = item:sub(1, -#separator - 1) end
    return item
end

--- The items' lines.
function M.item_lines(rule)
    local lines = {}
    for _, item in ipairs(rule.items) do
        lines = texts.concat(lines, texts.lines(bare(item, rule.separator) .. rule.separator))
    end
    return lines
end

--- Lines without the items that the rule puts in: lines of their own, or parts of a line.
function M.without_items(rule, lines)
    local own, rest = {}, {}
    for _, item in ipairs(rule.items) do
        for _, line in ipairs(texts.lines(item)) do own[texts.squeeze(bare(line, rule.separator))] = true end
    end
    for _, line in ipairs(lines) do
        if not own[texts.squeeze(bare(line, rule.separator))] or not line:find("%S") then
            for _, item in ipairs(rule.items) do
                local plain = bare(item, rule.separator):gsub("%p", "%%%0")
                local separator = rule.separator:gsub("%p", "%%%0")
                line = line:gsub("%f[^%s%[({,]" .. plain .. separator .. "%s*", "")
                    :gsub(separator .. "%s*" .. plain .. "%f[%s%])}]", "")
            end
            rest[#rest + 1] = line
        end
    end
    return rest
end

local closing = { ["("] = ")", ["["] = "]", ["{"] = "}" }

-- The place of the bracket that closes the one at `open`.
local function close_of(text, open)
    local bracket = text:sub(open, open)
    local depth, other = 0, closing[bracket]
    for at = open, #text do
        local char = text:sub(at, at)
        depth = depth + (char == bracket and 1 or char == other and -1 or 0)
        if depth == 0 then return at end
    end
end

-- Between which places the list's items stand.
local function body_of(rule, text)
    local first, last
    for _, from, to in re.gmatch(text, rule.list, "m") do
        if first then return nil, "the list's beginning matches more than one place" end
        first, last = from, to
    end
    if not first then return nil, "the list's beginning matches nothing" end
    local open = last
    while open >= first and not closing[text:sub(open, open)] do open = open - 1 end
    if open < first then return nil, "the list's beginning has no opening bracket" end
    local close = close_of(text, open)
    if not close then return nil, "the list has no end" end
    return open + 1, close - 1
end

local function add_inline(body, item, separator)
    local rest = body:match("^(.-)%s*$")
    if rest == "" then return item .. body end
    if rest:sub(-#separator) == separator then return rest .. " " .. item .. separator .. body:sub(#rest + 1) end
    return rest .. separator .. " " .. item .. body:sub(#rest + 1)
end

-- Puts an item on a line of its own: in its place among sorted lines of the same depth, else at the end.
local function add_line(body, item, rule)
    local lines = texts.lines(body)
    local last = #lines
    while last > 0 and not lines[last]:find("%S") do last = last - 1 end
    local first = 1
    while first < last and not lines[first]:find("%S") do first = first + 1 end
    local indent = (lines[first] or ""):match("^%s*")
    local at = last + 1
    if rule.sorted then
        for i = last, first, -1 do
            if lines[i]:match("^%s*") == indent and trim(lines[i]) > item then at = i end
        end
    elseif last > 0 and lines[last]:find("[%w%p]") and bare(lines[last], rule.separator) == trim(lines[last])
        and not trim(lines[last]):find("^//") then
        lines[last] = lines[last]:gsub("%s*$", "") .. rule.separator
    end
    local added = {}
    for i, line in ipairs(texts.lines(item)) do added[i] = line:find("^%s") and line or indent .. line end
    added[#added] = added[#added] .. rule.separator
    lines = texts.concat(texts.slice(lines, 1, at - 1), added, texts.slice(lines, at, #lines))
    return table.concat(lines, "\n") .. (body:sub(-1) == "\n" and "\n" or "")
end

--- Puts the rule's items into the list that begins where `list` matches, unless they are there.
---@return string? text
---@return string? failure
function M.into_list(rule, text)
    for _, item in ipairs(rule.items) do
        local first, last = body_of(rule, text)
        if not first then return nil, last end
        local body, plain = text:sub(first, last), bare(item, rule.separator)
        if not texts.squeeze(body):find(texts.squeeze(plain), 1, true) then
            body = body:find("\n", 1, true) and add_line(body, plain, rule) or add_inline(body, plain, rule.separator)
            text = text:sub(1, first - 1) .. body .. text:sub(last + 1)
        end
    end
    return text
end

return M
