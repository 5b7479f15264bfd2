-- Which function a line of a source file is in, by the expressions that git names hunks by, and whether texts differ in
-- more than spaces and comments.
local M = {}

-- git's rule for files of no known language.
local default_header = "^[A-Za-z_$]"
-- A signature may go over some lines.
local max_signature_lines = 12
local max_line_bytes = 2000

---@class impact.Language
---@field headers re.Pattern[]
---@field not_headers re.Pattern[]
---@field comment? string
---@field keeps_spaces boolean

---@class impact.Function
---@field name string
---@field signature string  on one line
---@field first integer  its lines
---@field last integer

local function compiled(patterns)
    local list = {}
    for i, pattern in ipairs(patterns) do list[i] = re.compile(pattern) end
    return list
end

---@param entries table[]  of the policy `integration_points`
---@return { files: string[], language: impact.Language }[]
function M.compile(entries)
    local list = {}
    for i, entry in ipairs(entries) do
        list[i] = { files = entry.files, language = { headers = compiled(entry.headers),
            not_headers = compiled(entry.not_headers), comment = entry.comment,
            keeps_spaces = entry.keeps_spaces } }
    end
    list[#list + 1] = { files = { "*" }, language = { headers = compiled({ default_header }), not_headers = {},
        keeps_spaces = true } }
    return list
end

--- The language of a file.
---@param languages table  of `compile`
---@param path string
---@return impact.Language
function M.of(languages, path)
    local name = fs.basename(path)
    for _, entry in ipairs(languages) do
        for _, glob in ipairs(entry.files) do
            if fs.matches(name, glob) then return entry.language end
        end
    end
end

---@param text string
---@return string[]
function M.lines(text)
    local lines = {}
    for line in text:gmatch("([^\n]*)\n?") do lines[#lines + 1] = line end
    if lines[#lines] == "" then lines[#lines] = nil end
    return lines
end

local function matches_any(patterns, line)
    for _, pattern in ipairs(patterns) do
        if pattern:match(line) then return true end
    end
    return false
end

local function is_header(language, line)
    if #line > max_line_bytes or not line:find("%S") then return false end
    if language.comment and line:find("^%s*" .. language.comment:gsub("%p", "%%%0")) then return false end
    return not matches_any(language.not_headers, line) and matches_any(language.headers, line)
end

local keywords = { fn = true, def = true, func = true, ["function"] = true, struct = true, class = true, enum = true,
    trait = true, interface = true, mod = true, union = true, type = true, module = true }

-- The name behind a keyword of declarations, else the last one before the first parenthesis: "struct plan *plan_of(" is
-- the function plan_of.
local function name_of(header)
    for position, word in header:gmatch("()%f[%w_](%l+)%f[^%w_]") do
        local name, behind = header:match("^%l+%s+([%w_:.]+)()", position)
        if keywords[word] and name then
            return header:match("^%s*[*&]*%s*([%w_]+)%s*%(", behind) or (name:gsub(":$", ""))
        end
    end
    local macro = header:match("macro_rules!%s*([%w_]+)")
    local receiver_method = header:match("^func%s*%b()%s*([%w_]+)")
    local before_parenthesis = not header:find("^%s*impl") and header:match("([%w_~:]+)%s*%(")
    return macro or receiver_method or before_parenthesis or header:match("^%s*(.-)%s*[{:]?%s*$")
end

local function signature_at(lines, first)
    local parts = {}
    for i = first, math.min(first + max_signature_lines - 1, #lines) do
        local line = lines[i]
        local before = line:match("^(.-)%s*{") or line:match("^(.-):%s*$") or line:match("^(.-);")
        parts[#parts + 1] = before or line
        -- It ends where the body begins, or with its parameters.
        local _, opened = table.concat(parts, " "):gsub("%(", "")
        local _, closed = table.concat(parts, " "):gsub("%)", "")
        if before or (opened > 0 and opened <= closed) then break end
    end
    return (table.concat(parts, " "):gsub("%s+", " "):match("^%s*(.-)%s*$"):gsub("%(%s+", "("):gsub(",?%s+%)", ")"))
end

--- The functions and types of a text, in their order. Each ends where the next begins, as for git.
---@param language impact.Language
---@param lines string[]
---@return impact.Function[]
function M.functions(language, lines)
    local list = {}
    for i, line in ipairs(lines) do
        if is_header(language, line) then
            if list[#list] then list[#list].last = i - 1 end
            list[#list + 1] = { name = name_of(line), signature = signature_at(lines, i), first = i, last = #lines }
        end
    end
    return list
end

--- The function that a line is in.
---@param functions impact.Function[]
---@param line integer
---@return impact.Function?
function M.function_at(functions, line)
    local low, high = 1, #functions
    while low < high do
        local middle = math.ceil((low + high) / 2)
        if functions[middle].first <= line then low = middle else high = middle - 1 end
    end
    local found = functions[low]
    return found and found.first <= line and found or nil
end

local function hide_spaces(quoted) return (quoted:gsub(" ", "\1")) end

-- Spaces in quotes are content.
local function without_formatting(line, keeps_spaces)
    if keeps_spaces then return (line:gsub("%s+$", "")) end
    local text = line:gsub('"[^"]*"', hide_spaces):gsub("'[^']*'", hide_spaces)
    return text:gsub("%s+", " "):match("^ ?(.-) ?$")
end

--- A text without what does not matter to a compiler: spaces between words, line breaks, comments to the end of lines.
--- Where spaces have a meaning, and in files of no known language, those before and within a line count.
---@param language impact.Language
---@param lines string[]
---@return string
function M.essence(language, lines)
    local comment = language.comment and "^%s*" .. language.comment:gsub("%p", "%%%0")
    -- Behind code, a comment is only taken for one where a space stands before it and no quote behind.
    local trailing = language.comment and "%s+" .. language.comment:gsub("%p", "%%%0") .. "[^\"']*$"
    local kept = {}
    for _, line in ipairs(lines) do
        if line:find("%S") and not (comment and line:find(comment)) then
            kept[#kept + 1] = without_formatting(trailing and line:gsub(trailing, "") or line,
                language.keeps_spaces)
        end
    end
    if language.keeps_spaces then return table.concat(kept, "\n") end
    -- Words stay apart; a space beside anything else is formatting.
    return (table.concat(kept, " "):gsub("([^%w_]) ", "%1"):gsub(" ([^%w_])", "%1"))
end

return M
