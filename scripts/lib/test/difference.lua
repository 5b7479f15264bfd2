-- How two plain values differ, for people: the path of the first difference, then both values as one text in which
-- lines begin with "-" for what was expected and "+" for what came, as in a patch. What is equal is left out but for
-- its neighbourhood.
local M = {}

local context_items = 1
-- Longer lists are compared item by item, without looking for what was inserted.
local max_aligned = 200
local max_text = 72

-- Values as text ------------------------------------------------------------------------------------------------------

local escapes = { ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t", ["\\"] = "\\\\", ['"'] = '\\"' }

local function quoted(text)
    local escaped = term.visible((text:gsub('[\n\r\t\\"]', escapes)))
    return '"' .. escaped .. '"'
end

local function key_text(key)
    if type(key) == "string" and key:match("^[%a_][%w_]*$") then return key end
    return "[" .. (type(key) == "string" and quoted(key) or tostring(key)) .. "]"
end

local function path_text(path)
    local parts = {}
    for _, key in ipairs(path) do
        local text = key_text(key)
        parts[#parts + 1] = (text:sub(1, 1) == "[" or #parts == 0) and text or "." .. text
    end
    return table.concat(parts)
end

-- On one line, and cut off where it gets long.
local function write_inline(value, out, left)
    if type(value) == "string" then
        local text = #value > left and quoted(value:sub(1, math.max(left, 1))) .. "…" or quoted(value)
        out[#out + 1] = text
        return left - #text
    elseif type(value) ~= "table" then
        out[#out + 1] = type(value) == "number" and ("%.17g"):format(value) or tostring(value)
        return left - #out[#out]
    end
    out[#out + 1] = "{"
    local list = tables.is_list(value)
    for index, key in ipairs(tables.sorted_keys(value)) do
        out[#out + 1] = index > 1 and ", " or " "
        if left <= 0 then
            out[#out + 1] = "…"
            break
        end
        if not list then out[#out + 1] = key_text(key) .. " = " end
        left = write_inline(value[key], out, left - 4)
    end
    out[#out + 1] = next(value) == nil and "}" or " }"
    return left
end

---A value on one line, as Lua writes it.
---@param value any
---@return string
function M.inline(value)
    local out = {}
    write_inline(value, out, max_text)
    return table.concat(out)
end

-- Comparing -----------------------------------------------------------------------------------------------------------

---Whether two plain values have the same content.
---@param a any
---@param b any
---@return boolean
function M.same(a, b)
    if a == b then return true end
    if type(a) ~= "table" or type(b) ~= "table" then return false end
    for key, value in pairs(a) do
        if not M.same(value, b[key]) then return false end
    end
    for key in pairs(b) do
        if a[key] == nil then return false end
    end
    return true
end

-- Which items of two lists stand for each other: pairs of indices, where one of a pair may be nil. The longest common
-- subsequence (Wagner and Fischer's table); items in between that differ are paired one by one.
local function alignment(a, b)
    local pairs_found = {}
    if #a > max_aligned or #b > max_aligned then
        for i = 1, math.max(#a, #b) do pairs_found[i] = { i <= #a and i or nil, i <= #b and i or nil } end
        return pairs_found
    end
    local lengths = {}
    for i = #a + 1, 1, -1 do
        lengths[i] = {}
        for j = #b + 1, 1, -1 do
            if i > #a or j > #b then
                lengths[i][j] = 0
            elseif M.same(a[i], b[j]) then
                lengths[i][j] = lengths[i + 1][j + 1] + 1
            else
                lengths[i][j] = math.max(lengths[i + 1][j], lengths[i][j + 1])
            end
        end
    end
    local i, j = 1, 1
    while i <= #a or j <= #b do
        local first_i, first_j = i, j
        while (i <= #a or j <= #b) and not (i <= #a and j <= #b and M.same(a[i], b[j])) do
            if j > #b or (i <= #a and lengths[i + 1][j] >= lengths[i][j + 1]) then i = i + 1 else j = j + 1 end
        end
        for offset = 0, math.max(i - first_i, j - first_j) - 1 do
            pairs_found[#pairs_found + 1] = {
                first_i + offset < i and first_i + offset or nil, first_j + offset < j and first_j + offset or nil,
            }
        end
        if i <= #a and j <= #b then pairs_found[#pairs_found + 1] = { i, j } end
        i, j = i + 1, j + 1
    end
    return pairs_found
end

-- Telling -------------------------------------------------------------------------------------------------------------

local function add(state, sign, depth, text)
    state.lines[#state.lines + 1] = { sign = sign, text = ("  "):rep(depth) .. text }
end

local function note_place(state, path) state.first = state.first or path_text(path) end

-- Long texts are shown from shortly before the place where they part.
local function parted_texts(a, b)
    local at = 1
    while at <= #a and a:byte(at) == b:byte(at) do at = at + 1 end
    local from = math.max(1, at - 20)
    local function piece(text)
        local last = from + max_text - 1
        return (from > 1 and "…" or "") .. quoted(text:sub(from, last)) .. (last < #text and "…" or "")
    end
    return piece(a), piece(b), at
end

local function tell_leaf(state, path, label, depth, expected, got)
    note_place(state, path)
    local before, after, at = M.inline(expected), M.inline(got), nil
    if type(expected) == "string" and type(got) == "string" and math.max(#expected, #got) > max_text then
        before, after, at = parted_texts(expected, got)
    end
    if expected ~= nil then add(state, "-", depth, label .. before) end
    if got ~= nil then add(state, "+", depth, label .. after) end
    if expected == nil and got == nil then return end
    if at then add(state, "?", depth, ("they part at byte %d"):format(at)) end
end

local describe

-- Entries are { label, key, expected, got }; of those that are equal, only neighbours of others are shown.
local function tell_entries(state, path, depth, entries)
    local near = {}
    for i, entry in ipairs(entries) do
        entry.equal = M.same(entry.expected, entry.got)
        if not entry.equal then
            for j = i - context_items, i + context_items do near[j] = true end
        end
    end
    local hidden = 0
    local function tell_hidden()
        if hidden > 0 then add(state, " ", depth, ("… %d equal"):format(hidden)) end
        hidden = 0
    end
    for i, entry in ipairs(entries) do
        if not near[i] then
            hidden = hidden + 1
        else
            tell_hidden()
            path[#path + 1] = entry.key
            if entry.equal then
                add(state, " ", depth, entry.label .. M.inline(entry.expected))
            else
                describe(state, path, entry.label, depth, entry.expected, entry.got)
            end
            path[#path] = nil
        end
    end
    tell_hidden()
end

function describe(state, path, label, depth, expected, got)
    if type(expected) ~= "table" or type(got) ~= "table" then
        return tell_leaf(state, path, label, depth, expected, got)
    end
    local entries = {}
    if tables.is_list(expected) and tables.is_list(got) then
        for _, pair in ipairs(alignment(expected, got)) do
            local i, j = pair[1], pair[2]
            entries[#entries + 1] = { label = "", key = j or i, expected = expected[i or 0], got = got[j or 0] }
        end
    else
        for _, key in ipairs(tables.sorted_keys(expected, got)) do
            local named = key_text(key) .. " = "
            entries[#entries + 1] = { label = named, key = key, expected = expected[key], got = got[key] }
        end
    end
    add(state, " ", depth, label .. "{")
    tell_entries(state, path, depth + 1, entries)
    add(state, " ", depth, "}")
end

local styles = { ["-"] = "red", ["+"] = "green", ["?"] = "dim", [" "] = "dim" }

---The difference as text, or nil when there is none.
---@param expected any  plain data
---@param got any  plain data
---@param options? { lines?: integer, color?: boolean }  lines: the most, default 40; color: default true, and then
---  only where standard output takes colours
---@return string?
function M.describe(expected, got, options)
    if M.same(expected, got) then return nil end
    local most = options and options.lines or 40
    local state = { lines = {} }
    describe(state, {}, "", 0, expected, got)
    local function styled(line)
        local text = line.sign .. " " .. line.text
        if options and options.color == false then return text end
        return term.style(text, styles[line.sign])
    end
    local out = { ("first difference at %s"):format(state.first ~= "" and state.first or "the value itself"),
        "- expected, + got" }
    for i, line in ipairs(state.lines) do
        if i > most then
            out[#out + 1] = ("… and %d more lines"):format(#state.lines - most)
            break
        end
        out[#out + 1] = styled(line)
    end
    return table.concat(out, "\n")
end

return M
