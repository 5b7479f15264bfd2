-- What the data of a policy must look like, as its workflow declares it: types, what is required, defaults, words to
-- choose from. All that is wrong is found at once.
--
---@class policy.Field
---@field type "string"|"regex"|"number"|"integer"|"boolean"|"function"|"list"|"table"|"any"
---@field required? boolean
---@field default? any  when it is not there; a table is copied
---@field enum? any[]  the values it may have
---@field of? policy.Field  of a list's items, or of the values of a table whose keys are free
---@field fields? table<string, policy.Field>  of a table with known keys
---@field open? boolean  with `fields`: other keys are allowed too
--
---@class policy.Problem
---@field path string  "rules[3].when"
---@field message string  continues the path: "is a number, expected a string"
---@field code "missing"|"type"|"unknown"|"value"
---@field hint? string
---@field meant? string  what an unknown name was probably meant to be
local tables = require("uhost.tables")

local M = {}

-- What every policy may have beside what its workflow asks for.
local always_known = { examples = true, disable = true }

local function article(word) return (word:match("^[aeiou]") and "an " or "a ") .. word end

local function add(state, path, code, message, hint, meant)
    state.problems[#state.problems + 1] = { path = path, code = code, message = message, hint = hint, meant = meant }
end

local function add_unknown(state, path, name, names)
    add(state, path, "unknown", "is not known here", uhost.suggest(name, names))
end

-- Of each table, so many are looked at closely.
local max_unknown = 20

-- Reports names that are not known; a table of a stranger may have any number of them.
local function add_all_unknown(state, unknown, names)
    for i, each in ipairs(unknown) do
        if i > max_unknown then
            return add(state, each.path, "unknown",
                ("is not known here, as are %d more names"):format(#unknown - i))
        end
        add_unknown(state, each.path, each.name, names)
    end
end

local function is_list(value)
    return type(value) == "table" and (#value > 0 or next(value) == nil)
end

local fits = {
    any = function() return true end,
    integer = function(value) return type(value) == "number" and value % 1 == 0 end,
    list = is_list,
    regex = function(value) return type(value) == "string" end,
    table = function(value) return type(value) == "table" and (#value == 0) end,
}

local function has_type(wanted, value)
    if fits[wanted] then return fits[wanted](value) end
    return type(value) == wanted
end

local function type_with_article(value)
    if type(value) ~= "table" then return article(type(value)) end
    return is_list(value) and #value > 0 and "a list" or "a table"
end

local function check_enum(state, field, value, path)
    if not field.enum then return end
    local words = {}
    for _, word in ipairs(field.enum) do
        if word == value then return end
        words[#words + 1] = tostring(word)
    end
    add(state, path, "value", ("is '%s'"):format(tostring(value)),
        type(value) == "string" and (uhost.suggest(value, words)) or "one of: " .. table.concat(words, ", "))
end

local check_value

-- Functions are not in the data: they are known by their paths.
local function has_function(state, path)
    return state.functions[(path:gsub("%[(%d+)%]", ".%1"))] ~= nil
end

local function check_field(state, field, data, name, path)
    if field.type == "function" then
        if data[name] ~= nil then
            add(state, path, "type", ("is %s, expected a function"):format(type_with_article(data[name])))
        elseif field.required and not has_function(state, path) then
            add(state, path, "missing", "is missing: it has to be a function")
        end
        return
    end
    if data[name] == nil then
        if has_function(state, path) then
            add(state, path, "type", ("is a function, expected %s"):format(article(field.type)))
        elseif field.default ~= nil then
            data[name] = tables.copy(field.default)
        elseif field.required then
            add(state, path, "missing", ("is missing: it has to be %s"):format(article(field.type)))
        end
        return
    end
    check_value(state, field, data[name], path)
end

local function check_fields(state, field, data, path)
    local names = tables.sorted_keys(field.fields)
    for _, name in ipairs(names) do
        check_field(state, field.fields[name], data, name, path == "" and name or path .. "." .. name)
    end
    if field.open then return end
    local unknown = {}
    for _, key in ipairs(tables.sorted_keys(data)) do
        if field.fields[key] == nil and not (path == "" and always_known[key]) then
            local name = tostring(key)
            unknown[#unknown + 1] = { path = path == "" and name or path .. "." .. name, name = name }
        end
    end
    add_all_unknown(state, unknown, names)
end

function check_value(state, field, value, path)
    if not has_type(field.type, value) then
        return add(state, path, "type", ("is %s, expected %s"):format(type_with_article(value), article(field.type)))
    end
    check_enum(state, field, value, path)
    if type(value) ~= "table" then return end
    if field.fields then check_fields(state, field, value, path) end
    if not field.of then return end
    if field.type == "list" then
        for i, item in ipairs(value) do check_value(state, field.of, item, ("%s[%d]"):format(path, i)) end
    else
        for _, key in ipairs(tables.sorted_keys(value)) do
            check_value(state, field.of, value[key], path == "" and key or path .. "." .. key)
        end
    end
end

-- Functions that no field knows.
local function check_functions(state, schema)
    if schema.open or not schema.fields then return end
    local unknown = {}
    for _, path in ipairs(tables.sorted_keys(state.functions)) do
        local first = path:match("^[^.]+")
        if schema.fields[first] == nil and not always_known[first] then
            unknown[#unknown + 1] = { path = path, name = first }
        end
    end
    add_all_unknown(state, unknown, tables.sorted_keys(schema.fields))
end

--- Checks data against a schema, which is a field of the type "table".
---@param schema { fields: table<string, policy.Field>, open?: boolean }
---@param data table  is not changed
---@param functions table<string, any>  the paths of the policy's functions ("rules.3.when")
---@return table data  a copy, with defaults
---@return policy.Problem[] problems  in the order of their paths; none when all is well
function M.check(schema, data, functions)
    local state = { problems = {}, functions = functions or {} }
    local complete = tables.copy(data)
    check_value(state, { type = "table", fields = schema.fields, of = schema.of, open = schema.open }, complete, "")
    check_functions(state, schema)
    return complete, state.problems
end

return M
