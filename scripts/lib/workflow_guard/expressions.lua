-- Conditions of GitHub Actions, in three values: true, false, and nil for what only a run can tell.
-- https://docs.github.com/en/actions/reference/evaluate-expressions-in-workflows-and-actions
local M = {}

local max_length, max_opened = 20000, 200

-- Reading -------------------------------------------------------------------------------------------------------------

local operators = { "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", ",", "[", "]", ".", "*" }

local function tokens_of(text)
    local tokens, at = {}, 1
    while true do
        at = text:find("%S", at)
        if not at then return tokens end
        local string_end = text:match("^'[^']*()'", at)
        while string_end and text:sub(string_end + 1, string_end + 1) == "'" do
            string_end = text:match("^[^']*()'", string_end + 2)
        end
        local word = text:match("^[%w_%-]+", at)
        if string_end then
            tokens[#tokens + 1] = { string = text:sub(at + 1, string_end - 1):gsub("''", "'") }
            at = string_end + 1
        elseif word then
            local number = text:match("^%d[%w%.]*", at)
            tokens[#tokens + 1] = number and { number = tonumber(number) } or { word = word }
            at = at + #(number or word)
        else
            local found
            for _, operator in ipairs(operators) do
                if text:sub(at, at + #operator - 1) == operator then found = operator break end
            end
            if not found then return nil end
            tokens[#tokens + 1] = { operator = found }
            at = at + #found
        end
    end
end

-- What opens a level of its own; each takes some of the stack.
local opens = { ["("] = true, ["["] = true, ["!"] = true }

local function is_too_deep(tokens)
    local count = 0
    for _, token in ipairs(tokens) do
        if opens[token.operator] then count = count + 1 end
    end
    return count > max_opened
end

local parse_or

local function accept(state, operator)
    local token = state.tokens[state.at]
    if token and token.operator == operator then
        state.at = state.at + 1
        return true
    end
end

local function parse_arguments(state)
    local arguments = {}
    if accept(state, ")") then return arguments end
    repeat arguments[#arguments + 1] = parse_or(state) until not accept(state, ",")
    accept(state, ")")
    return arguments
end

local function parse_name(state, word)
    local name = word
    while true do
        if accept(state, ".") then
            local token = state.tokens[state.at] or {}
            state.at = state.at + 1
            name = name .. "." .. (token.word or token.operator or tostring(token.number or ""))
        elseif accept(state, "[") then
            local index = parse_or(state)
            accept(state, "]")
            name = name .. "." .. tostring(index and index.value or "*")
        else
            return { op = "name", name = name }
        end
    end
end

local constants = { ["true"] = true, ["false"] = false }

local function parse_primary(state)
    local token = state.tokens[state.at]
    if not token then return { op = "unknown" } end
    state.at = state.at + 1
    if token.string or token.number then return { op = "value", value = token.string or token.number } end
    if token.operator == "(" then
        local inner = parse_or(state)
        accept(state, ")")
        return inner
    elseif token.operator == "!" then
        return { op = "not", parse_primary(state) }
    elseif not token.word then
        return { op = "unknown" }
    end
    if constants[token.word:lower()] ~= nil then return { op = "value", value = constants[token.word:lower()] } end
    if accept(state, "(") then return { op = "call", name = token.word:lower(), args = parse_arguments(state) } end
    return parse_name(state, token.word)
end

local function binary(next_level, names)
    return function(state)
        local left = next_level(state)
        while true do
            local token = state.tokens[state.at]
            if not token or not names[token.operator] then return left end
            state.at = state.at + 1
            left = { op = token.operator, left, next_level(state) }
        end
    end
end

local parse_comparison = binary(parse_primary,
    { ["=="] = true, ["!="] = true, ["<"] = true, [">"] = true, ["<="] = true, [">="] = true })
local parse_and = binary(parse_comparison, { ["&&"] = true })
parse_or = binary(parse_and, { ["||"] = true })

--- The tree of a condition, with or without `${{ }}`; nil for none. What cannot be read is unknown.
---@param text string?
---@return table?
function M.parse(text)
    if text == nil or text == "" then return nil end
    if #text > max_length then return { op = "unknown" } end
    local inner = text:match("^%s*${{(.-)}}%s*$") or text
    if inner:find("${{", 1, true) then
        if not text:find("^[%s%${}]*%${{.*}}%s*$") then return { op = "unknown", text = text } end
        inner = text:gsub("%${{", "("):gsub("}}", ")")
    end
    local tokens = tokens_of(inner)
    if not tokens or is_too_deep(tokens) then return { op = "unknown", text = text } end
    return parse_or({ tokens = tokens, at = 1 })
end

-- Values --------------------------------------------------------------------------------------------------------------

local unknown = {}
local evaluate

local function truth(value)
    if value == unknown then return nil end
    return value ~= nil and value ~= false and value ~= "" and value ~= 0 and value ~= json.null
end

local function same(a, b)
    if type(a) == "string" and type(b) == "string" then return a:lower() == b:lower() end
    if type(a) ~= type(b) then return tostring(a):lower() == tostring(b):lower() end
    return a == b
end

local calls = {
    always = function() return true end,
    success = function() return true end,
    failure = function() return false end,
    cancelled = function() return false end,
    startswith = function(a, b) return a:lower():sub(1, #b) == b:lower() end,
    endswith = function(a, b) return b == "" or a:lower():sub(-#b) == b:lower() end,
    contains = function(a, b) return a:lower():find(b:lower(), 1, true) ~= nil end,
}

local function call(node, context)
    local handler = calls[node.name]
    if not handler then return unknown end
    local values = {}
    for i, argument in ipairs(node.args) do
        values[i] = evaluate(argument, context)
        if values[i] == unknown or type(values[i]) == "table" then return unknown end
        if values[i] == nil then values[i] = "" end
        values[i] = tostring(values[i])
    end
    if node.name:find("with$") or node.name == "contains" then
        if #values < 2 then return unknown end
    end
    return handler(values[1], values[2])
end

local function lookup(name, context)
    local lower = name:lower()
    if lower == "github.event_name" then return context.event or unknown end
    if lower == "runner.os" then return context.runner_os or unknown end
    local key = name:match("^matrix%.(.+)$")
    if key then
        if not context.combination then return unknown end
        local value = context.combination[key]
        if value == nil and context.dynamic then return unknown end
        return value
    end
    -- Pull requests only; elsewhere they are empty.
    if (lower == "github.base_ref" or lower == "github.head_ref") and context.event == "push" then return "" end
    if lower:find("^github%.event%.pull_request") and context.event == "push" then return nil end
    return unknown
end

local logic = {
    ["&&"] = function(node, context)
        local left = evaluate(node[1], context)
        if truth(left) == false then return left end
        local right = evaluate(node[2], context)
        if truth(left) then return right end
        if truth(right) == false then return false end
        return unknown
    end,
    ["||"] = function(node, context)
        local left = evaluate(node[1], context)
        if truth(left) then return left end
        local right = evaluate(node[2], context)
        if truth(left) == false then return right end
        return truth(right) and true or unknown
    end,
    ["not"] = function(node, context)
        local value = truth(evaluate(node[1], context))
        if value == nil then return unknown end
        return not value
    end,
}

-- A fork's guard: what is judged is the repository itself.
local function is_repository(node)
    for i = 1, 2 do
        local side = node[i]
        local name = side.op == "name" and side.name:lower()
        if name == "github.repository" or name == "github.repository_owner" then return true end
    end
end

function evaluate(node, context)
    if logic[node.op] then return logic[node.op](node, context) end
    if node.op == "value" then return node.value end
    if node.op == "name" then return lookup(node.name, context) end
    if node.op == "call" then return call(node, context) end
    if node.op == "==" or node.op == "!=" then
        if is_repository(node) then return node.op == "==" or unknown end
        local left, right = evaluate(node[1], context), evaluate(node[2], context)
        if left == unknown or right == unknown then return unknown end
        if left == nil then left = "" end
        if right == nil then right = "" end
        return same(left, right) == (node.op == "==")
    end
    return unknown
end

--- Whether a condition holds; nil where only a run can tell. No condition holds.
---@param node table?
---@param context { event: string?, combination: table?, runner_os: string?, dynamic: boolean? }
---@return boolean?
function M.holds(node, context)
    if node == nil then return true end
    return truth(evaluate(node, context))
end

-- Shape ---------------------------------------------------------------------------------------------------------------

--- A condition in one spelling.
function M.text(node)
    if node.op == "value" then
        return type(node.value) == "string" and ("'%s'"):format(node.value) or tostring(node.value)
    end
    if node.op == "name" then return node.name:lower() end
    if node.op == "unknown" then return node.text or "?" end
    if node.op == "not" then return "!" .. M.text(node[1]) end
    if node.op == "call" then
        local arguments = {}
        for i, argument in ipairs(node.args) do arguments[i] = M.text(argument) end
        return ("%s(%s)"):format(node.name, table.concat(arguments, ","))
    end
    return ("(%s%s%s)"):format(M.text(node[1]), node.op, M.text(node[2]))
end

local function parts(node, op, list)
    if node and node.op == op then
        parts(node[1], op, list)
        parts(node[2], op, list)
    elseif node then
        list[#list + 1] = node
    end
    return list
end

local function texts(list)
    local set = {}
    for _, node in ipairs(list) do set[M.text(node)] = true end
    return set
end

local function is_subset(list, set)
    for _, node in ipairs(list) do
        if not set[M.text(node)] then return false end
    end
    return true
end

-- Of no weight: what holds in every ordinary run, or asks for files of the repository.
local function is_neutral(node)
    return M.holds(node, {}) == true or M.text(node):find("hashfiles", 1, true) ~= nil
end

--- Whether `head` can only hold where `base` does, and not everywhere there.
---@param base table?
---@param head table?
---@return boolean
function M.is_narrower(base, head)
    if head == nil or base and M.text(base) == M.text(head) then return false end
    local base_and, head_and = parts(base, "&&", {}), parts(head, "&&", {})
    if is_subset(base_and, texts(head_and)) then
        local known = texts(base_and)
        for _, node in ipairs(head_and) do
            if not known[M.text(node)] and not is_neutral(node) then return true end
        end
        return false
    end
    local base_or, head_or = parts(base, "||", {}), parts(head, "||", {})
    return #head_or < #base_or and is_subset(head_or, texts(base_or))
end

return M
