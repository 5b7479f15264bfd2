-- The operations of a GraphQL document, as far as they matter before it is sent: which one runs, and whether it changes
-- something. The grammar is that of the specification of October 2021, section 2.
-- https://spec.graphql.org/October2021/#sec-Language
local M = {}

local kinds = { query = "query", mutation = "mutation", subscription = "subscription" }
local closing = { ["{"] = "}", ["("] = ")", ["["] = "]" }
local byte_order_mark = "\239\187\191"

-- The position after a string that begins at `position`, or nil when it does not end.
local function string_end(text, position)
    if text:sub(position, position + 2) == '"""' then
        local from = position + 3
        while true do
            local found = text:find('"""', from, true)
            if not found then return nil end
            if text:sub(found - 1, found - 1) ~= "\\" then return found + 3 end
            from = found + 3
        end
    end
    local from = position + 1
    while true do
        local found, _, character = text:find('(["\\\r\n])', from)
        if not found or character == "\r" or character == "\n" then return nil end
        if character == '"' then return found + 1 end
        from = found + 2
    end
end

-- The position of the next token: white space, commas, byte order marks and comments have no meaning.
local function skip_ignored(text, position)
    while true do
        position = text:match("^[ \t\r\n,]*()", position)
        if text:sub(position, position + 2) == byte_order_mark then
            position = position + 3
        elseif text:sub(position, position) == "#" then
            position = text:find("[\r\n]", position) or #text + 1
        else
            return position
        end
    end
end

-- The token at `position`, its kind and the position after it. `kind` is "name", "punctuator", "value" (only its
-- first character is given), or "invalid".
local function token_at(text, position)
    local name, after = text:match("^([%a_][%w_]*)()", position)
    if name then return name, "name", after end
    local character = text:sub(position, position)
    if character == '"' then
        after = string_end(text, position)
    else
        after = text:match("^%-?%d[%w.+-]*()", position)
    end
    if after then return character, "value", after end
    if text:sub(position, position + 2) == "..." then return "...", "punctuator", position + 3 end
    return character, character:find("^[!$&()%[%]:=@{|}]") and "punctuator" or "invalid", position + 1
end

-- An iterator over the tokens of a document: (token, kind).
local function tokens_of(text)
    local position = 1
    return function()
        position = skip_ignored(text, position)
        if position > #text then return nil end
        local token, kind
        token, kind, position = token_at(text, position)
        return token, kind
    end
end

local Reader, new_reader = uhost.class("github.DocumentReader", { optional = { "kind", "token" } })

function Reader:advance()
    self.token, self.kind = self.following()
end

-- Leaves out a group in brackets, whatever is in it; false when its brackets do not fit.
function Reader:skip_group()
    local open = { closing[self.token] }
    self:advance()
    while #open > 0 do
        if not self.token or self.kind == "invalid" then return false end
        if self.kind == "punctuator" then
            if closing[self.token] then
                open[#open + 1] = closing[self.token]
            elseif self.token == open[#open] then
                open[#open] = nil
            elseif self.token == "}" or self.token == ")" or self.token == "]" then
                return false
            end
        end
        self:advance()
    end
    return true
end

-- Leaves out what stands between the beginning of a definition and its selection set, and that; false when there is
-- none.
function Reader:skip_definition()
    while self.token and self.token ~= "{" do
        if self.kind == "invalid" or self.token == "}" or self.token == ")" or self.token == "]" then return false end
        if closing[self.token] then
            if not self:skip_group() then return false end
        else
            self:advance()
        end
    end
    return self.token == "{" and self:skip_group()
end

-- One definition: an operation { kind, name }, true for a fragment, or nil for what is neither.
function Reader:definition()
    if self.token == "{" then return self:skip_group() and { kind = "query" } or nil end
    if self.kind ~= "name" then return nil end
    if self.token == "fragment" then
        self:advance()
        return self.kind == "name" and self:skip_definition() or nil
    end
    local operation = { kind = kinds[self.token] }
    if not operation.kind then return nil end
    self:advance()
    if self.kind == "name" then
        operation.name = self.token
        self:advance()
    end
    return self:skip_definition() and operation or nil
end

-- The operations of a document in order, each { kind = "query" | "mutation" | "subscription", name = … }; nil when it
-- cannot be read.
function M.operations(text)
    local reader = new_reader({ following = tokens_of(text) })
    reader:advance()
    local operations = {}
    while reader.token do
        local definition = reader:definition()
        if not definition then return nil end
        if definition ~= true then operations[#operations + 1] = definition end
    end
    return operations
end

-- Whether running the document, or its operation `operation_name`, may change something. What cannot be read, and an
-- operation that cannot be found, may.
function M.is_mutation(text, operation_name)
    local operations = M.operations(text)
    if not operations or #operations == 0 then return true end
    local mutates, found = false, false
    for _, operation in ipairs(operations) do
        if operation_name == nil or operation.name == operation_name then
            found = true
            mutates = mutates or operation.kind ~= "query"
        end
    end
    return mutates or not found
end

return M
