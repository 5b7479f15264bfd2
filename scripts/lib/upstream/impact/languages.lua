-- Which function a line of a source file is in, by the expressions that git names hunks by, and whether texts differ in
-- more than spaces and comments.
local texts = require("lib.upstream.resolution.texts")

local M = {}

-- git's rule for files of no known language.
local default_header = "^[A-Za-z_$]"
-- A signature may go over some lines.
local max_signature_lines = 12
local max_line_bytes = 2000

---@class impact.Language
---@field headers re.Pattern[]
---@field not_headers re.Pattern[]
---@field comment? string  a pattern for the start of a line that is one
---@field trailing_comment? string  and for one at the end of a line
---@field keeps_spaces boolean
---@field known table<string, impact.Function[]>  the functions of texts that were read

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

local function new_language(headers, not_headers, comment, keeps_spaces)
    local escaped = comment and comment:gsub("%p", "%%%0")
    return {
        headers = compiled(headers), not_headers = compiled(not_headers), keeps_spaces = keeps_spaces, known = {},
        comment = escaped and "^%s*" .. escaped,
        -- Behind code, a comment is only taken for one where a space stands before it and no quote behind.
        trailing_comment = escaped and "%s+" .. escaped .. "[^\"']*$",
    }
end

---@param entries table[]  of the policy `integration_points`
---@return { files: string[], language: impact.Language }[]
function M.compile(entries)
    local list = {}
    for i, entry in ipairs(entries) do
        list[i] = { files = entry.files, language = new_language(entry.headers, entry.not_headers, entry.comment,
            entry.keeps_spaces) }
    end
    list[#list + 1] = { files = { "*" }, language = new_language({ default_header }, {}, nil, true) }
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

local function matches_any(patterns, line)
    for _, pattern in ipairs(patterns) do
        if pattern:test(line) then return true end
    end
    return false
end

local function is_header(language, line)
    if #line > max_line_bytes or not line:find("%S") then return false end
    if language.comment and line:find(language.comment) then return false end
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
---@param text string
---@return impact.Function[]
function M.functions(language, text)
    if language.known[text] then return language.known[text] end
    local list, lines = {}, texts.lines(text)
    language.known[text] = list
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
    local comment, trailing, kept = language.comment, language.trailing_comment, {}
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

local function weight(language, lines) return #M.essence(language, lines):gsub("[%s\1]+", "") end

-- Whether changes may be of formatting only: they add as much as they remove. That tells most others at once.
local function may_be_formatting(language, hunks)
    local balance = 0
    for _, hunk in ipairs(hunks) do
        balance = balance + weight(language, hunk.added) - weight(language, hunk.removed)
    end
    return balance == 0
end

--- Whether texts differ in nothing that matters to a compiler.
---@param language impact.Language
---@param old string
---@param new string
---@param hunks impact.Hunk[]  from the one to the other
---@return boolean
function M.same_essence(language, old, new, hunks)
    return may_be_formatting(language, hunks)
        and M.essence(language, texts.lines(old)) == M.essence(language, texts.lines(new))
end

return M
