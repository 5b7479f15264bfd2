-- Completion of what is typed: names, fields and methods of values that exist, those of what a call will return (from
-- the definitions), the options of a call, keywords, and paths inside of strings.
local definitions = require("lib.definitions")
local tokens = require("lib.repl.tokens")

local M = {}

local max_listed = 200

local closing = { [")"] = "(", ["}"] = "{", ["]"] = "[" }

-- Definitions of one primitive, read when they are first needed.
local read_primitives = {}
local function primitive_named(name)
    if not read_primitives[name] then
        local folder = definitions.folder_of(name)
        if not folder then return nil end
        read_primitives[name] = definitions.read(folder)
    end
    return read_primitives[name]
end

local function definition_of(name)
    local primitive = primitive_named(name:match("^[%w_]+"))
    if not primitive then return nil end
    for _, list in ipairs({ primitive.functions, primitive.types }) do
        for _, each in ipairs(list) do
            if each.name == name then return each end
        end
    end
end

-- What is known of an expression: its value, or only the name of its type.
---@class repl.Known
---@field value? any
---@field type? string

local function function_name(value) return tostring(value):match("^function ([%w_.]+)$") end

-- "git.Commit?" is a git.Commit, and so is the item of a list of them.
local function plain_type(type) return type and type:match("^([%l%d_]+%.%u[%w_]*)") end

local function result_of(name)
    local definition = name and definition_of(name)
    for _, tag in ipairs(definition and definition.tags or {}) do
        if tag.tag == "return" then return { type = plain_type(tag.type) } end
    end
end

local function class_members(value)
    local class = getmetatable(value)
    if type(class) ~= "string" then return nil end
    return debug.getregistry()["uhost.classes"][class] or {}
end

local function field_of(known, name)
    if known.value ~= nil then
        local value = known.value
        local class = getmetatable(value)
        if type(value) == "table" and type(class) ~= "string" then return { value = rawget(value, name) } end
        return { method_of = type(class) == "string" and class .. ":" .. name or nil }
    end
    local definition = known.type and definition_of(known.type)
    for _, tag in ipairs(definition and definition.tags or {}) do
        if tag.tag == "field" and tag.name:gsub("%?$", "") == name then return { type = plain_type(tag.type) } end
    end
    return { method_of = known.type and known.type .. ":" .. name or nil }
end

local function called(known)
    if known.method_of then return result_of(known.method_of) end
    if known.value ~= nil then return result_of(function_name(known.value)) end
end

-- The index of the bracket that closes before `index` and opens at the result.
local function opening_bracket(list, index)
    local depth = 0
    for i = index, 1, -1 do
        local token = list[i]
        if token.kind == "symbol" then
            if closing[token.text] then depth = depth + 1 end
            if token.text == "(" or token.text == "{" or token.text == "[" then depth = depth - 1 end
        end
        if depth == 0 then return i end
    end
end

-- What is known of the chain of names and calls that ends at `index`: "repo:log{…}", "git.open(x)", "a.b".
local function known_at(list, index, environment)
    local token = list[index]
    if not token then return nil end
    if token.kind == "name" then
        local separator = list[index - 1]
        if separator and separator.kind == "symbol" and (separator.text == "." or separator.text == ":") then
            local owner = known_at(list, index - 2, environment)
            return owner and field_of(owner, token.text)
        end
        local ok, value = pcall(function() return environment[token.text] end)
        return ok and value ~= nil and { value = value } or nil
    end
    local opening = closing[token.text] and token.text ~= "]" and opening_bracket(list, index)
        or token.kind == "string" and not token.open and index
    if not opening then return nil end
    local before = known_at(list, opening - 1, environment)
    return before and called(before)
end

local function names_of_fields(definition, names)
    for _, tag in ipairs(definition and definition.tags or {}) do
        if tag.tag == "field" then names[#names + 1] = (tag.name:gsub("%?$", "")) end
    end
end

local function names_of_methods(class, names)
    local primitive = primitive_named(class:match("^[%w_]+"))
    for _, each in ipairs(primitive and primitive.functions or {}) do
        if each.name:sub(1, #class + 1) == class .. ":" then names[#names + 1] = each.name:sub(#class + 2) end
    end
end

-- The keys that can be written behind a dot; those that begin with an underscore are nobody's business.
local function add_names(value, names)
    if type(value) ~= "table" then return end
    for name in next, value do
        if type(name) == "string" and name:find("^%a[%w_]*$") then names[#names + 1] = name end
    end
end

-- Names that may stand behind "." or ":".
local function members(known, separator)
    local names = {}
    if known.value ~= nil then
        add_names(class_members(known.value), names)
        add_names(type(known.value) == "string" and string or known.value, names)
    elseif known.type then
        if separator == "." then names_of_fields(definition_of(known.type), names) end
        if separator == ":" then names_of_methods(known.type, names) end
    end
    return names
end

-- Primitives that are not loaded yet have names, too.
local function global_names(environment, extra)
    local names, seen = {}, {}
    local function add(name)
        if type(name) == "string" and name:find("^%a[%w_]*$") and not seen[name] then
            seen[name] = true
            names[#names + 1] = name
        end
    end
    for name in pairs(environment) do add(name) end
    for name in pairs(_G) do add(name) end
    for _, name in ipairs(definitions.primitive_names()) do add(name) end
    for _, name in ipairs(extra) do add(name) end
    for name in pairs(tokens.keywords) do add(name) end
    return names
end

-- The options that the call takes whose "{" is at `index`: of the first parameter that is a table.
local function options_of_call(list, index, environment)
    local before = list[index - 1]
    if before and before.text == "(" then index = index - 1 end
    local callee = known_at(list, index - 1, environment)
    local name = callee and (callee.method_of or callee.value ~= nil and function_name(callee.value))
    local definition = name and definition_of(name)
    local names = {}
    for _, tag in ipairs(definition and definition.tags or {}) do
        if tag.tag == "param" then
            names_of_fields(definition_of(plain_type(tag.type) or ""), names)
            local inline = tag.type:match("^{(.*)}$") or ""
            for option in inline:gmatch("([%a_][%w_]*)%??:") do names[#names + 1] = option end
            if #names > 0 then return names end
        end
    end
    return names
end

-- The innermost bracket that is still open.
local function open_bracket(list)
    local depth = 0
    for i = #list, 1, -1 do
        local text = list[i].kind == "symbol" and list[i].text
        if text and closing[text] then depth = depth + 1 end
        if text == "(" or text == "{" or text == "[" then
            if depth == 0 then return i end
            depth = depth - 1
        end
    end
end

local function path_names(typed)
    local folder, prefix = typed:match("^(.*/)([^/]*)$")
    folder, prefix = folder or "", prefix or typed
    local ok, entries = pcall(fs.list, folder == "" and "." or folder)
    local names = {}
    for _, name in ipairs(ok and entries or {}) do
        local stat = fs.stat(folder .. name)
        names[#names + 1] = stat and stat.type == "directory" and name .. "/" or name
    end
    return names, prefix
end

-- The candidates, the part of them that is typed already, and what to write behind the only one.
local function candidates(text, environment, extra)
    local list = tokens.read(text)
    local last = list[#list]
    if last and last.kind == "comment" then return {}, "", "" end
    if last and last.kind == "string" and last.open then
        local names, prefix = path_names(last.text:gsub("^[\"']", ""):gsub("^%[=*%[", ""))
        return names, prefix, ""
    end
    local prefix = last and (last.kind == "name" or last.kind == "keyword") and last.to == #text and last.text or ""
    if prefix ~= "" then list[#list] = nil end
    local separator = list[#list]
    if separator and (separator.text == "." or separator.text == ":") then
        local known = known_at(list, #list - 1, environment)
        return known and members(known, separator.text) or {}, prefix, ""
    end
    local opening = open_bracket(list)
    local before = list[#list]
    if opening and list[opening].text == "{" and (before.text == "{" or before.text == ",") then
        local names = options_of_call(list, opening, environment)
        if #names > 0 then return names, prefix, " = " end
    end
    return global_names(environment, extra), prefix, ""
end

local function common_beginning(names)
    local common = names[1]
    for i = 2, #names do
        while names[i]:sub(1, #common) ~= common do common = common:sub(1, -2) end
    end
    return common
end

-- Names in columns, by column.
local function in_columns(names)
    local shown, width = {}, 0
    for i = 1, math.min(#names, max_listed) do
        shown[i] = term.visible(names[i])
        width = math.max(width, term.display_width(shown[i]))
    end
    local columns = math.max(math.floor(term.width() / (width + 2)), 1)
    local rows, lines = math.ceil(#shown / columns), {}
    for row = 1, rows do
        local line = ""
        for column = 0, columns - 1 do
            local name = shown[column * rows + row]
            if name then line = line .. name .. (" "):rep(width + 2 - term.display_width(name)) end
        end
        lines[row] = line:gsub("%s+$", "")
    end
    if #names > #shown then lines[#lines + 1] = ("… %d more"):format(#names - #shown) end
    return table.concat(lines, "\n") .. "\n"
end

-- What to insert for a choice of names, or the names to list.
local function choose(names, prefix, suffix)
    local fitting, seen = {}, {}
    for _, name in ipairs(names) do
        if name:sub(1, #prefix) == prefix and not seen[name] then
            seen[name] = true
            fitting[#fitting + 1] = name
        end
    end
    if #fitting == 0 then return "", "" end
    table.sort(fitting)
    local insertion = common_beginning(fitting):sub(#prefix + 1)
    if #fitting == 1 then return insertion .. suffix, "" end
    return insertion, insertion == "" and in_columns(fitting) or ""
end

--- Completes one of a few names.
---@param names string[]
---@param prefix string
---@return string insertion
---@return string listing
function M.among(names, prefix) return choose(names, prefix, " ") end

--- What Tab does.
---@param text string  what is typed, up to the cursor
---@param environment table
---@param extra string[]  further global names
---@return string insertion
---@return string listing
function M.complete(text, environment, extra) return choose(candidates(text, environment, extra)) end

return M
