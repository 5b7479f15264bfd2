-- Lists of entries with ids, `disable`, and examples: what every rule file may have, whatever its kind.
local places = require("lib.check.places")

local M = {}

local function is_list(value) return type(value) == "table" and #value > 0 end

-- Calls `visit(path, list)` for every list of tables in the data.
local function each_list(value, path, visit)
    if type(value) ~= "table" then return end
    if is_list(value) and type(value[1]) == "table" then visit(path, value) end
    for key, item in pairs(value) do
        if path ~= "" or key ~= "examples" then each_list(item, places.inner(path, key), visit) end
    end
end

--- Calls `visit(path, list)` for every list of tables in what a file returns, but for its examples.
---@param file check.RuleFile
---@param visit fun(path: string, list: table[])
function M.each(file, visit) each_list(file.data, "", visit) end

local function check_ids(file)
    M.each(file, function(path, list)
        local first = {}
        for i, entry in ipairs(list) do
            local id = type(entry) == "table" and entry.id
            if id and first[id] then
                local other = file:place_of(("%s[%d].id"):format(path, first[id]))
                file:report(file:place_of(("%s[%d].id"):format(path, i), "value"), "duplicate-id",
                    ("the id '%s' is taken by the entry in line %d"):format(tostring(id), other.line),
                    "entries are overridden and disabled by their id, so each needs its own")
            elseif id then
                first[id] = i
            end
        end
    end)
end

local function ids_in(data)
    local ids, list = {}, {}
    local function take(entries)
        for _, entry in ipairs(entries) do
            local id = type(entry) == "table" and entry.id
            if id and not ids[id] then
                ids[id] = true
                list[#list + 1] = tostring(id)
            end
        end
    end
    each_list(data, "", function(_, entries) take(entries) end)
    table.sort(list)
    return ids, list
end

local function check_disable(file, below)
    local disable = file.data.disable
    if disable == nil then return end
    local hint = 'disable = { "id", … } takes entries out of the shipped file of the same name'
    if type(disable) ~= "table" or (next(disable) ~= nil and #disable == 0) then
        return file:report(file:place_of("disable"), "disable", "'disable' is not a list of ids", hint)
    end
    local known, names = ids_in(below and below.data or {})
    for i, id in ipairs(disable) do
        local place = file:place_of(("disable[%d]"):format(i), "value")
        if type(id) ~= "string" then
            file:report(place, "disable", ("'disable[%d]' is a %s, expected an id"):format(i, type(id)), hint)
        elseif file.kb then
            break -- a knowledge base takes out what any shipped file has; see lib.check.kb
        elseif not below then
            file:report(place, "disable", ("nothing can be disabled here: no '%s' is shipped"):format(file.name), hint)
        elseif not known[id] then
            local meant = uhost.suggest(id, names)
            file:report(place, "disable", ("no entry below has the id '%s'"):format(id), meant or hint)
        end
    end
end

-- Examples ------------------------------------------------------------------------------------------------------------

local shape = '{ call = "name", with = { arguments… }, gives = result }'
local known_keys = { call = true, with = true, gives = true, why = true, raises = true, name = true }

-- What is wrong with an example: the part of it, in words, and what to do.
local function problem_of(example, functions, names)
    if type(example) ~= "table" then return "", "an example is a table", shape end
    for key in pairs(example) do
        if not known_keys[key] then
            return "." .. tostring(key), ("an example has no '%s'"):format(tostring(key)),
                (uhost.suggest(tostring(key), { "call", "with", "gives", "why", "raises", "name" }))
        end
    end
    if type(example.call) ~= "string" then return "", "the example does not say which function it calls", shape end
    if not functions[example.call] then
        return ".call", ("the example calls '%s', which there is not"):format(example.call),
            (uhost.suggest(example.call, names))
    end
    if example.with ~= nil and (type(example.with) ~= "table" or (next(example.with) ~= nil and #example.with == 0
        and not example.with.n)) then
        return ".with", "'with' is not a list of arguments", "with = { first, second, … }"
    end
end

local function report_example(file, position, part, message, hint)
    local place = file:place_of(("examples[%d]%s"):format(position, part), part ~= "" and "value" or nil)
    file:report(place, "example", message, hint)
end

local function functions_with(below, file)
    local functions = {}
    for path in pairs(below and below.functions or {}) do functions[path] = true end
    for path in pairs(file.functions) do functions[path] = true end
    return functions
end

local function mark_called(examples, called)
    if type(examples) ~= "table" then return end
    for _, example in ipairs(examples) do
        if type(example) == "table" and type(example.call) == "string" then called[example.call] = true end
    end
end

-- A function of an entry that has examples of its own is tested by these.
local function has_own_examples(file, path)
    local value = file.data
    for step in path:gmatch("[^.]+") do
        if type(value) ~= "table" then return false end
        if type(value.examples) == "table" and value ~= file.data then return true end
        value = value[step] ~= nil and value[step] or value[tonumber(step)]
    end
    return false
end

local function check_missing(file, below)
    local called = {}
    mark_called(file.data.examples, called)
    if file.data.examples == nil and below then mark_called(below.data.examples, called) end
    for _, path in ipairs(tables.sorted_keys(file.functions)) do
        if not called[path] and not has_own_examples(file, path) then
            local hint = path:find("%.%w+$") and "examples in the entry that it belongs to are its tests"
                or ('examples = { { call = "%s", with = { … }, gives = … } } are its tests'):format(path)
            file:report(file:place_of(path), "missing-example", ("'%s' has no example"):format(path), hint)
        end
    end
end

local function check_examples(file, below, is_required)
    local examples = file.data.examples
    if examples ~= nil and (type(examples) ~= "table" or (next(examples) ~= nil and #examples == 0)) then
        file:report(file:place_of("examples"), "example", "'examples' is not a list", "examples = { " .. shape .. " }")
        examples = {}
    end
    local functions = functions_with(below, file)
    local names = tables.sorted_keys(functions)
    for position, example in ipairs(examples or {}) do
        local part, message, hint = problem_of(example, functions, names)
        if part then report_example(file, position, part, message, hint) end
    end
    if not is_required then check_missing(file, below) end
end

--- Ids that are given twice, disabled ones that do not exist, malformed examples, and functions without one.
---@param file check.RuleFile
---@param below? { data: table, functions: table }  the shipped file of the same name
---@param is_required boolean  by other rule files: its functions are tested by their examples
function M.check(file, below, is_required)
    check_ids(file)
    check_disable(file, below)
    check_examples(file, below, is_required)
end

return M
