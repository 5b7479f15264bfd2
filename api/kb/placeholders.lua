-- Fills `{1}` and `{name}` in an entry's texts with what its pattern captured.
--
-- What was captured comes from a log, and a log may hold anything: each kind of text takes it in a way that keeps it
-- from being read as more than text. `{name}` of a name that the pattern does not capture, `${name}` and `{{name}}`
-- stay as they are.
local M = {}

---@class kb.Groups
---@field count integer
---@field names table<string, integer>  their numbers

--- What patterns capture, their groups numbered on from one to the next. Raises `re.syntax`.
---@param patterns string|string[]
---@param flags? string
---@return kb.Groups
function M.groups_of(patterns, flags)
    local all = { count = 0, names = {} }
    for _, pattern in ipairs(type(patterns) == "table" and patterns or { patterns }) do
        local groups = re.groups(pattern, flags)
        for name, number in pairs(groups.names) do all.names[name] = all.names[name] or all.count + number end
        all.count = all.count + groups.count
    end
    return all
end

-- A title is a line among others.
local max_text_bytes, max_title_bytes = 300, 100

-- Control characters, and those that turn the direction of writing around.
local function plain(value, longest)
    local text = value:gsub("[%z\1-\31\127]", " "):gsub("\226\128[\170-\174]", ""):gsub("\226\129[\166-\169]", "")
    if #text <= longest then return text end
    -- Not through the middle of a character.
    local last = longest
    while last > 0 and text:byte(last + 1) >= 0x80 and text:byte(last + 1) < 0xC0 do last = last - 1 end
    return text:sub(1, last) .. "…"
end

-- Calls `replace(name, position)` for each placeholder; nil keeps it.
local function each_placeholder(text, replace)
    return (text:gsub("()%f[{]({+)([%w_]+)}", function(position, braces, name)
        if #braces ~= 1 or text:sub(position - 1, position - 1) == "$" then return nil end
        if not name:find("^%d+$") and not name:find("^[%a_]") then return nil end
        return replace(name, position)
    end))
end

-- Markdown ------------------------------------------------------------------------------------------------------------

-- In code nothing is read as a link, a mention or HTML.
local function code_span(value)
    if value == "" then return "" end
    local longest = 0
    for run in value:gmatch("`+") do longest = math.max(longest, #run) end
    local fence = ("`"):rep(longest + 1)
    local pad = (value:find("^`") or value:find("`$")) and " " or ""
    return fence .. pad .. value .. pad .. fence
end

-- Where the next run of so many backticks ends.
local function closing_run(text, position, length)
    while true do
        local first, last = text:find("`+", position)
        if not first then return nil end
        if last - first == length then return last end
        position = last + 1
    end
end

-- The stretches of a text that are code: from a run of backticks to the next of the same length.
local function code_stretches(text)
    local stretches, position = {}, 1
    while true do
        local first, last = text:find("`+", position)
        if not first then return stretches end
        local closing = closing_run(text, last + 1, last - first)
        if closing then stretches[#stretches + 1] = { first, closing } end
        position = (closing or last) + 1
    end
end

local function is_within(stretches, position)
    for _, stretch in ipairs(stretches) do
        if position > stretch[1] and position < stretch[2] then return true end
    end
    return false
end

local function markdown(value, _, text, position)
    if is_within(code_stretches(text), position) then return (value:gsub("`", "'")) end
    return code_span(value)
end

-- Commands ------------------------------------------------------------------------------------------------------------

-- In which quotes a place of a shell command is: `'`, `"` or none.
local function quotes_at(command, position)
    local open, i = nil, 1
    while i < position do
        local letter = command:sub(i, i)
        if letter == "\\" and open ~= "'" then
            i = i + 1
        elseif letter == open then
            open = nil
        elseif not open and (letter == "'" or letter == '"') then
            open = letter
        end
        i = i + 1
    end
    return open
end

-- One word for a shell, whatever is in it. What could be an option is left for the reader to fill in.
local function shell(value, name, text, position)
    if value == "" or value:find("^%-") then return "{" .. name .. "}" end
    local quotes = quotes_at(text, position)
    if quotes == "'" then return (value:gsub("'", [['\'']])) end
    if quotes == '"' then return (value:gsub('[\\"$`!]', "\\%0")) end
    if value:find("^[%w_%./:@%%+=,-]+$") then return value end
    return "'" .. value:gsub("'", [['\'']]) .. "'"
end

-- A web address takes letters, digits and `-._~`; the rest is written as bytes.
local function url(value)
    return (value:gsub("[^%w%-%._~]", function(letter) return ("%%%02X"):format(letter:byte()) end))
end

-- A patch may be a shell's line inside of YAML: only what means nothing to either is put into it.
local function yaml(value, name)
    return value:find("^[%w_][%w_%./:@+=,-]*$") and value or "{" .. name .. "}"
end

local function title(value) return value end

local kinds = { markdown = markdown, shell = shell, url = url, yaml = yaml, title = title }

-- How each field is filled.
local fields = {
    { "title", "title" }, { "cause", "markdown" }, { "fix", "markdown" }, { "commands", "shell" }, { "docs", "url" },
}
-- Of code, too, only what cannot mean anything else is put in.
local nested_fields = {
    { "patch", { { "file", "yaml" }, { "description", "markdown" }, { "yaml", "yaml" } } },
    { "rewrite", { { "from", "yaml" }, { "to", "yaml" } } },
}

--- Fills one text.
---@param text string
---@param captures table<integer|string, string>
---@param groups kb.Groups  what the pattern captures; a group that took no part in the match is empty
---@param kind "markdown"|"shell"|"url"|"yaml"|"title"
---@return string
function M.fill(text, captures, groups, kind)
    local write, longest = kinds[kind], kind == "title" and max_title_bytes or max_text_bytes
    return each_placeholder(text, function(name, position)
        local number = tonumber(name)
        if number and (number < 1 or number > groups.count) or not number and not groups.names[name] then return nil end
        return write(plain(tostring(captures[number or name] or ""), longest), name, text, position)
    end)
end

local function fill_any(value, captures, groups, kind)
    if type(value) == "string" then return M.fill(value, captures, groups, kind) end
    if type(value) ~= "table" then return value end
    local filled = {}
    for i, item in ipairs(value) do filled[i] = fill_any(item, captures, groups, kind) end
    return filled
end

--- An entry's texts, filled: { title, cause, fix, commands, docs, patch, rewrite }.
---@param entry table
---@param captures table<integer|string, string>
---@param groups kb.Groups
---@return table
function M.fill_entry(entry, captures, groups)
    local filled = {}
    for _, field in ipairs(fields) do filled[field[1]] = fill_any(entry[field[1]], captures, groups, field[2]) end
    for _, nested in ipairs(nested_fields) do
        local name, parts = nested[1], nested[2]
        if type(entry[name]) == "table" then
            filled[name] = {}
            for _, part in ipairs(parts) do
                filled[name][part[1]] = fill_any(entry[name][part[1]], captures, groups, part[2])
            end
        end
    end
    return filled
end

local function visit_any(value, path, visit)
    if type(value) == "string" then
        each_placeholder(value, function(name) visit(path, name) end)
    elseif type(value) == "table" then
        for i, item in ipairs(value) do visit_any(item, ("%s[%d]"):format(path, i), visit) end
    end
end

--- Calls `visit(path, name)` for each placeholder in an entry's texts.
---@param entry table
---@param visit fun(path: string, name: string)
function M.each(entry, visit)
    for _, field in ipairs(fields) do visit_any(entry[field[1]], field[1], visit) end
    for _, nested in ipairs(nested_fields) do
        local name, parts = nested[1], nested[2]
        for _, part in ipairs(type(entry[name]) == "table" and parts or {}) do
            visit_any(entry[name][part[1]], ("%s.%s"):format(name, part[1]), visit)
        end
    end
end

return M
