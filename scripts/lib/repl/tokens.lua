-- The tokens of Lua source as far as the REPL needs them. Source that is not finished, or wrong, has tokens as well.
local M = {}

---@class repl.Token
---@field kind "name"|"keyword"|"number"|"string"|"comment"|"symbol"
---@field text string
---@field from integer
---@field to integer
---@field open? boolean  a string or a comment without its end

M.keywords = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat return then true until
    while]]):gmatch("%a+") do M.keywords[word] = true end

local symbols = { "...", "..", "==", "~=", "<=", ">=", "::" }

-- The last byte of what is quoted, which begins at `position`; nil when its end is missing.
local function end_of_quoted(source, position)
    local quote = source:sub(position, position)
    local at = position + 1
    while at <= #source do
        local byte = source:sub(at, at)
        if byte == quote then return at end
        if byte == "\n" then return nil end
        at = at + (byte == "\\" and 2 or 1)
    end
end

-- Of `[[…]]` and `[==[…]==]`: whether one begins at `position`, and its last byte.
local function long_bracket(source, position)
    local equals = source:match("^%[(=*)%[", position)
    if not equals then return false end
    local _, to = source:find("]" .. equals .. "]", position, true)
    return true, to
end

local function comment_at(source, position)
    if source:sub(position, position + 1) ~= "--" then return nil end
    local long, to = long_bracket(source, position + 2)
    if long then return to or #source, to == nil end
    return (source:find("\n", position, true) or #source + 1) - 1, false
end

local function symbol_at(source, position)
    for _, symbol in ipairs(symbols) do
        if source:sub(position, position + #symbol - 1) == symbol then return position + #symbol - 1 end
    end
    return position
end

-- The kind of the token at `position`, its last byte, and whether it is open.
local function token_at(source, position)
    local to, open = comment_at(source, position)
    if to then return "comment", to, open end
    local long, long_end = long_bracket(source, position)
    if long then return "string", long_end or #source, long_end == nil end
    local first = source:sub(position, position)
    if first == '"' or first == "'" then
        to = end_of_quoted(source, position)
        return "string", to or #source, to == nil
    end
    to = select(2, source:find("^[%a_][%w_]*", position))
    if to then return M.keywords[source:sub(position, to)] and "keyword" or "name", to end
    to = select(2, source:find("^%.?%d[%w_.]*", position))
    if to then return "number", to end
    return "symbol", symbol_at(source, position)
end

---@param source string
---@return repl.Token[]
function M.read(source)
    local tokens, position = {}, source:match("^%s*()")
    while position <= #source do
        local kind, to, open = token_at(source, position)
        tokens[#tokens + 1] =
            { kind = kind, text = source:sub(position, to), from = position, to = to, open = open or nil }
        position = source:match("^%s*()", to + 1)
    end
    return tokens
end

return M
