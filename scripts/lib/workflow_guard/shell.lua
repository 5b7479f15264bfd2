-- Shell scripts as the commands that they run: enough of the grammar of POSIX sh to see what a failure does.
local M = {}

local max_commands = 2000

-- Words ---------------------------------------------------------------------------------------------------------------

-- The end of $( … ), ${ … } or ${{ … }} that opens at `at`.
local function nested_end(text, at)
    if text:sub(at, at + 2) == "${{" then
        return select(2, text:find("}}", at, true)) or #text
    end
    local open, close = text:sub(at + 1, at + 1), text:sub(at + 1, at + 1) == "(" and ")" or "}"
    local depth = 0
    for i = at + 1, #text do
        local c = text:sub(i, i)
        if c == open then depth = depth + 1 elseif c == close then depth = depth - 1 end
        if depth == 0 then return i end
    end
    return #text
end

local function quoted_end(text, at)
    local quote, i = text:sub(at, at), at + 1
    while i <= #text do
        local c = text:sub(i, i)
        if c == quote then return i end
        if c == "\\" and quote == '"' then i = i + 1 end
        if c == "$" and quote == '"' and text:find("^[%({]", i + 1) then i = nested_end(text, i) end
        i = i + 1
    end
    return #text
end

-- One word from `at` on, without its quotes, and where it ends.
local function read_word(text, at)
    local out, i = {}, at
    while i <= #text do
        local c = text:sub(i, i)
        if c:find("[%s;&|()<>]") then break end
        local stop = i
        if c == "'" or c == '"' then
            stop = quoted_end(text, i)
            out[#out + 1] = text:sub(i + 1, stop - 1)
        elseif c == "`" then
            stop = text:find("`", i + 1, true) or #text
            out[#out + 1] = text:sub(i, stop)
        elseif c == "$" and text:find("^[%({]", i + 1) then
            stop = nested_end(text, i)
            out[#out + 1] = text:sub(i, stop):gsub("%s+", "")
        elseif c == "\\" then
            stop = i + 1
            if text:sub(stop, stop) ~= "\n" then out[#out + 1] = text:sub(stop, stop) end
        else
            out[#out + 1] = c
        end
        i = stop + 1
    end
    return table.concat(out), i
end

-- Tokens: words, and the operators between them -----------------------------------------------------------------------

local function heredoc_end(text, at, delimiter)
    local start = at
    while start <= #text do
        local stop = text:find("\n", start, true) or #text + 1
        if text:sub(start, stop - 1):match("^%s*(.-)%s*$") == delimiter then return start - 1, stop end
        start = stop + 1
    end
    return #text, #text + 1
end

local function tokens_of(text)
    local tokens, at, line, pending = {}, 1, 1, nil
    local function add(token)
        token.line = line
        tokens[#tokens + 1] = token
    end
    while at <= #text do
        local c = text:sub(at, at)
        if c == "\n" then
            add({ op = "\n" })
            line, at = line + 1, at + 1
            if pending then
                local last, after = heredoc_end(text, at, pending.delimiter)
                pending.token.heredoc = text:sub(at, last)
                line = line + select(2, text:sub(at, after - 1):gsub("\n", "")) + 1
                at, pending = after + 1, nil
            end
        elseif c:find("%s") then
            at = at + 1
        elseif c == "#" then
            at = text:find("\n", at, true) or #text + 1
        elseif text:find("^\\\r?\n", at) then
            at, line = text:match("^\\\r?\n()", at), line + 1
        elseif text:find("^%d?<<%-?%s*['\"\\]?[%w_]+", at) then
            local delimiter, after = text:match("^%d?<<%-?%s*['\"\\]?([%w_]+)['\"]?()", at)
            local token = { redirect = "<<" }
            add(token)
            pending, at = { delimiter = delimiter, token = token }, after
        elseif text:find("^%d?[<>]", at) or text:find("^&>", at) then
            at = text:match("^%d?&?[<>][<>&|]*%s*()", at)
            local _, after = read_word(text, at)
            add({ redirect = ">" })
            at = math.max(after, at)
        elseif c:find("[;&|()]") then
            local op = text:match("^&&", at) or text:match("^||", at) or text:match("^;;", at) or c
            add({ op = op })
            at = at + #op
        else
            local word, after = read_word(text, at)
            add({ word = word, quoted = c == "'" or c == '"' })
            line = line + select(2, text:sub(at, after - 1):gsub("\n", ""))
            at = math.max(after, at + 1)
        end
    end
    return tokens
end

-- Commands ------------------------------------------------------------------------------------------------------------

local opens = { ["if"] = true, ["for"] = true, ["while"] = true, ["until"] = true, ["case"] = true, ["{"] = true }
local closes = { fi = true, done = true, esac = true, ["}"] = true }
local passed_over = { ["then"] = true, ["do"] = true, ["else"] = true, ["elif"] = true, ["!"] = true }

---@class workflow_guard.Command
---@field words string[]
---@field line integer  of the script, from 1
---@field after string  the operator behind it: "&&", "||", "|", ";", "\n", ""
---@field depth integer  of conditions, loops and groups around it
---@field heredoc? string
---@field tested? boolean  it is the condition of an `if`

--- The simple commands of a script, in their order.
---@param text string
---@return workflow_guard.Command[]
function M.commands(text)
    local commands, current, depth, tested = {}, nil, 0, false
    local function finish(op)
        if current and #current.words > 0 and #commands < max_commands then
            current.after = op
            commands[#commands + 1] = current
        end
        current = nil
    end
    for _, token in ipairs(tokens_of(text)) do
        if token.op then
            finish(token.op)
            if token.op == "(" then depth = depth + 1 elseif token.op == ")" then depth = math.max(0, depth - 1) end
        elseif token.word then
            local word = not token.quoted and token.word
            if (not current or #current.words == 0) and (opens[word] or closes[word] or passed_over[word]) then
                if word == "if" or word == "elif" then tested = true elseif word == "then" then tested = false end
                if opens[word] then depth = depth + 1 elseif closes[word] then depth = math.max(0, depth - 1) end
                current = nil
            else
                current = current or { words = {}, line = token.line, depth = depth, tested = tested }
                current.words[#current.words + 1] = token.word
            end
        elseif current and token.heredoc then
            current.heredoc = token.heredoc
        elseif current then
            current.redirected = true
        end
    end
    finish("")
    return commands
end

return M
