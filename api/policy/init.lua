-- Loads policies and calls them. A policy is lent little, and only plain data passes between it and the host, so that
-- the same policies can run where they can do no harm at all.
local native = ...

local M = {}

local deepest = 100
local most_values = 1000000

-- What a policy finds as globals. Nothing here reaches a file, the network, the clock, another policy or the host.
local lent = {
    assert = assert, -- stating what a rule relies on
    error = error, -- failing with a reason
    ipairs = ipairs, pairs = pairs, next = next, -- going through data
    select = select, unpack = unpack, -- argument lists
    tonumber = tonumber, tostring = tostring, type = type, -- telling values apart
}

-- Of the libraries, copies: a policy that changes one changes its own.
local lent_from_libraries = {
    string = { -- text; without dump, which makes bytecode
        "byte", "char", "find", "format", "gmatch", "gsub", "len", "lower", "match", "rep", "reverse", "sub", "upper",
    },
    table = { "concat", "insert", "maxn", "remove", "sort" }, -- lists
    math = { -- numbers; without random and randomseed: the same question has the same answer
        "abs", "ceil", "floor", "fmod", "huge", "max", "min", "modf", "pi", "pow", "sqrt", "log", "exp",
    },
    bit = { "band", "bor", "bxor", "bnot", "lshift", "rshift", "tohex" }, -- flags and hashes
}

local function new_environment()
    local environment = {}
    for name, value in pairs(lent) do environment[name] = value end
    for library, names in pairs(lent_from_libraries) do
        local copy = {}
        for _, name in ipairs(names) do copy[name] = _G[library][name] end
        environment[library] = copy
    end
    environment._G = environment
    return environment
end

-- Errors -------------------------------------------------------------------------------------------------------------

local function fail(policy, word, message, options)
    local details = options.details or {}
    details.policy, details.file = policy.name, details.file or policy.path
    uhost.fail("policy." .. word, message, { hint = options.hint, native = options.native, details = details })
end

-- The line of the policy that was running when an error was raised, from inside the handler.
local function line_in(policy)
    local level = 2
    while true do
        local frame = debug.getinfo(level, "Sl")
        if not frame then return nil end
        if frame.source == policy.chunk_name then return frame.currentline end
        level = level + 1
    end
end

-- Text of what a policy raised, without the position, which is told apart.
local function words_of(policy, raised)
    if type(raised) ~= "string" then return ("it raised a %s instead of a message"):format(type(raised)) end
    local position = policy.path .. ":"
    if raised:sub(1, #position) == position then raised = raised:sub(#position + 1):gsub("^%d+: ", "") end
    return (raised:gsub("%s*\n.*", ""))
end

-- Runs `body` so that what it raises becomes an error of the policy. The host's own (an interruption) pass.
local function guarded(policy, word, doing, details, body, ...)
    local line
    local function handler(raised)
        if not uhost.is_error(raised) then line = line_in(policy) end
        return raised
    end
    local arguments, count = { ... }, select("#", ...)
    local ok, first, second = xpcall(function() return body(unpack(arguments, 1, count)) end, handler)
    if ok then return first, second end
    if uhost.is_error(first) then error(first, 0) end
    details.line = line
    local place = policy.path .. (line and ":" .. line or "")
    fail(policy, word, ("%s: %s: %s"):format(place, doing, words_of(policy, first)),
        { hint = "mend the rule there, or what it was asked about", details = details })
end

-- Plain data ---------------------------------------------------------------------------------------------------------

local scalars = { ["nil"] = true, boolean = true, string = true }

-- Why a key does not fit into JSON beside the others, or nil.
local function key_problem(key, length)
    if type(key) == "string" then return length > 0 and "a list with the extra key '" .. key .. "'" or nil end
    if type(key) == "number" and key >= 1 and key <= length and key % 1 == 0 then return nil end
    return "a table with the key " .. tostring(key) .. " (keys are strings, or 1 to n without gaps)"
end

local copy_value

local function copy_table(state, value, path, depth)
    if state.open[value] then return nil, path .. " contains itself" end
    if depth > deepest then return nil, ("%s is nested more than %d levels deep"):format(path, deepest) end
    state.open[value] = true
    local copy, length = {}, #value
    for key, item in next, value do
        local problem = key_problem(key, length)
        if problem then return nil, path .. " is " .. problem end
        local step = type(key) == "number" and ("%s[%d]"):format(path, key) or path .. "." .. key
        local copied, refused = copy_value(state, item, step, depth + 1)
        if refused then return nil, refused end
        copy[key] = copied
    end
    state.open[value] = nil
    return copy
end

-- A copy of plain data, or nil and what is wrong with it and where.
function copy_value(state, value, path, depth)
    state.count = state.count + 1
    if state.count > most_values then return nil, ("%s has more than %d values"):format(state.root, most_values) end
    local kind = type(value)
    if scalars[kind] then return value end
    if kind == "table" then return copy_table(state, value, path, depth) end
    if kind ~= "number" then return nil, ("%s is a %s"):format(path, kind) end
    local finite = value == value and value ~= math.huge and value ~= -math.huge
    return finite and value or nil, not finite and path .. " is not a finite number" or nil
end

local function plain(policy, value, path, details)
    local copy, refused = copy_value({ open = {}, count = 0, root = path }, value, path, 1)
    if refused then
        fail(policy, "value", ("%s: %s, which is not plain data"):format(policy.path, refused),
            { hint = "pass strings, finite numbers, booleans, and lists and tables of these", details = details })
    end
    return copy
end

-- The handle ---------------------------------------------------------------------------------------------------------

local Policy = {}
Policy.__index = Policy
Policy.__metatable = "policy.Policy"
function Policy:__tostring() return ("policy.Policy (%s, %s)"):format(self.name, self.path) end

local function function_of(policy, name)
    local found = type(name) == "string" and policy.functions[name]
    if found then return found end
    local known = {}
    for each in pairs(policy.functions) do known[#known + 1] = each end
    table.sort(known)
    fail(policy, "no_function", ("%s has no function '%s'"):format(policy.path, tostring(name)), {
        hint = #known > 0 and "it has: " .. table.concat(known, ", ") or "it has no functions at all",
        details = { ["function"] = tostring(name) },
    })
end

-- Both results of one call: the answer, and the reason if the policy gives one.
local function ask(policy, name, ...)
    local body = function_of(policy, name)
    local details = { ["function"] = name }
    local arguments, count = { ... }, select("#", ...)
    for i = 1, count do arguments[i] = plain(policy, arguments[i], ("argument %d of %s"):format(i, name), details) end
    local value, why = guarded(policy, "failed", name .. " failed", details, body, unpack(arguments, 1, count))
    return plain(policy, value, "the result of " .. name, details), type(why) == "string" and why or nil
end

function Policy:call(name, ...) return (ask(self, name, ...)) end

function Policy:map(name, argument_lists)
    local results = {}
    for i, list in ipairs(argument_lists) do results[i] = ask(self, name, unpack(list, 1, list.n or #list)) end
    return results
end

function Policy:data() return plain(self, self.plain_fields, "the policy's data", {}) end

function Policy:explain(name, ...)
    local value, why = ask(self, name, ...)
    return {
        policy = self.name,
        file = self.path,
        users_own = self.users_own,
        ["function"] = name,
        line = debug.getinfo(self.functions[name], "S").linedefined,
        value = value,
        why = why,
    }
end

-- Loading ------------------------------------------------------------------------------------------------------------

local function compile(policy, source)
    -- A first line with "#!" is for the shell; "t": bytecode could do anything.
    local chunk, problem = load(source:gsub("^#[^\n]*", ""), policy.chunk_name, "t", new_environment())
    if chunk then return chunk end
    local position = policy.path .. ":"
    local line
    if problem:sub(1, #position) == position then line = tonumber(problem:sub(#position + 1):match("^%d+")) end
    fail(policy, "syntax", line and problem or position .. " " .. problem,
        { hint = "mend the policy there", details = { line = line } })
end

function M.load(name, options)
    if type(name) ~= "string" then
        uhost.fail("argument", "bad argument 1 ('name') to 'policy.load': expected a string, got " .. type(name))
    end
    local found = native.find(name, options)
    local policy = {
        name = name, path = found.path, users_own = found.users_own, chunk_name = "@" .. found.path,
        functions = {}, plain_fields = {},
    }
    local result = guarded(policy, "failed", "loading it failed", {}, compile(policy, found.source))
    if type(result) ~= "table" then
        fail(policy, "result", ("%s returns a %s instead of a table"):format(found.path, type(result)),
            { hint = "end it with `return { NAME = function(…) … end }`", details = {} })
    end
    for key, value in next, result do
        local fields = type(value) == "function" and policy.functions or policy.plain_fields
        fields[key] = value
    end
    return setmetatable(policy, Policy)
end

return M
