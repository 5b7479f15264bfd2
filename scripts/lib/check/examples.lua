-- Examples: that they are well-formed, and that every function has one. What they give is for `uhost test` to see.

local M = {}

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

local function report(file, position, part, message, hint)
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

---@param file check.RuleFile
---@param below? { data: table, functions: table }
---@param is_helper boolean  only required by others: its functions are tested by theirs
function M.check(file, below, is_helper)
    local examples = file.data.examples
    if examples ~= nil and (type(examples) ~= "table" or (next(examples) ~= nil and #examples == 0)) then
        file:report(file:place_of("examples"), "example", "'examples' is not a list", "examples = { " .. shape .. " }")
        examples = {}
    end
    local functions = functions_with(below, file)
    local names = tables.sorted_keys(functions)
    for position, example in ipairs(examples or {}) do
        local part, message, hint = problem_of(example, functions, names)
        if part then report(file, position, part, message, hint) end
    end
    if not is_helper then check_missing(file, below) end
end

return M
