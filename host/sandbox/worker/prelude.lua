-- What a rule finds as globals: made here, inside the sandbox, before any rule is loaded. Runs with the whole of Lua's
-- libraries in the table `libraries`; what it does not hand on is gone afterwards.
--
-- An entry stands here with its reason. What is missing is missing on purpose: getfenv and setfenv (they reach other
-- functions' globals), newproxy (a finalizer runs outside of any call), load and its kin (code from text; bytecode can
-- do anything), collectgarbage (stops the collector), debug, ffi, jit, io, os, package.
local libraries, load_source = ...

local kept = {
    -- stating what a rule relies on, failing with a reason, and going on after a failure
    "assert", "error", "pcall", "xpcall",
    -- going through data
    "ipairs", "pairs", "next",
    -- argument lists
    "select", "unpack",
    -- telling values apart, and turning one into another
    "type", "tonumber", "tostring", "rawequal",
    -- tables of a rule's own with defaults or operators
    "rawget", "rawset", "setmetatable", "getmetatable",
}

local kept_of = {
    string = { -- text; not dump, which gives bytecode
        "byte", "char", "find", "format", "gmatch", "gsub", "len", "lower", "match", "rep", "reverse", "sub", "upper",
    },
    table = { "concat", "insert", "maxn", "remove", "sort" }, -- lists
    math = { -- numbers; not random: the same question has the same answer
        "abs", "ceil", "exp", "floor", "fmod", "huge", "log", "max", "min", "modf", "pi", "pow", "sqrt",
    },
    bit = { "arshift", "band", "bnot", "bor", "bswap", "bxor", "lshift", "rol", "ror", "rshift", "tobit", "tohex" },
}

-- What a rule may miss, and what to do instead.
local instead = {
    print = "return a reason as the second result; `uhost policy try` shows it",
    io = "a rule sees only what it is handed; let the workflow read the file and pass its content",
    os = "a rule has no clock and no environment; let the workflow pass what it needs to know",
    load = "a rule cannot run text as code; use tables of functions",
    debug = "a rule cannot look into the machine; return a reason as the second result",
    collectgarbage = "the host looks after memory",
    newproxy = "use a table with a metatable",
}
local reaches_nothing = "a rule reaches nothing outside; let the workflow ask, and pass the answer"
for _, name in ipairs({ "loadstring", "loadfile", "dofile" }) do instead[name] = instead.load end
for _, name in ipairs({ "getfenv", "setfenv", "module", "package", "jit", "ffi" }) do instead[name] = instead.debug end
-- The build puts in the names of the primitives.
for _, name in ipairs({ "@PRIMITIVES@" }) do instead[name] = reaches_nothing end

local environment = {}
for _, name in ipairs(kept) do environment[name] = libraries[name] end
for library, names in pairs(kept_of) do
    local copy = {}
    for _, name in ipairs(names) do copy[name] = libraries[library][name] end
    environment[library] = copy
end
environment._G = environment

-- The methods of strings are the same list, and the metatable that gives them is out of reach.
local of_strings = libraries.getmetatable("")
of_strings.__index = environment.string
of_strings.__metatable = "string"

-- A rule may change its own copies of the libraries; what follows keeps what it needs.
local error, type, rawget, tostring = libraries.error, libraries.type, libraries.rawget, libraries.tostring
local format, cut = libraries.string.format, libraries.string.sub

local function shown(name)
    return type(name) == "string" and cut(name, 1, 100) or tostring(name)
end

-- Resuming takes the machine's own stack, which has a limit.
local deepest, depth = 50, 0
local create, resume, running = libraries.coroutine.create, libraries.coroutine.resume, libraries.coroutine.running

local function left(...)
    depth = depth - 1
    return ...
end

local function limited_resume(routine, ...)
    if depth >= deepest then error(format("coroutines inside coroutines, more than %d deep", deepest), 2) end
    depth = depth + 1
    return left(resume(routine, ...))
end

local function results_of(ok, ...)
    if not ok then error((...), 0) end
    return ...
end

environment.coroutine = { -- walking through data from two sides
    create = create, resume = limited_resume, running = running, status = libraries.coroutine.status,
    yield = libraries.coroutine.yield,
    wrap = function(body)
        local routine = create(body)
        return function(...) return results_of(limited_resume(routine, ...)) end
    end,
}

-- Other rule files, by name; each is loaded once.
local loaded, loading = {}, {}
function environment.require(name)
    if type(name) ~= "string" then error("require takes the name of a rule file", 2) end
    if loading[name] then error(format("the rule files require each other in a circle: '%s'", shown(name)), 2) end
    if loaded[name] == nil then
        loading[name] = true
        local body = load_source(name, 2)
        local value = body()
        loading[name] = nil
        loaded[name] = value == nil and true or value
    end
    return loaded[name]
end

local function missing(_, name)
    local remedy = type(name) == "string" and rawget(instead, name)
    if remedy then error(format("a rule has no '%s': %s", shown(name), remedy), 2) end
    error(format("'%s' is not defined; names that a file uses are its own `local`s", shown(name)), 2)
end

local function assigned(_, name)
    error(format("'%s' is assigned as a global; write `local %s`", shown(name), shown(name)), 2)
end

libraries.setmetatable(environment, { __index = missing, __newindex = assigned, __metatable = "globals" })

-- After an interruption the count of nested coroutines may be off; every call begins at none.
local function begin_call() depth = 0 end

-- Rules may have been edited: what they require is looked for again.
local next = libraries.next
local function begin_load()
    for name in next, loaded do loaded[name] = nil end
    for name in next, loading do loading[name] = nil end
end

-- Layers -------------------------------------------------------------------------------------------------------------

-- A list of tables that all have an `id`: what later layers extend entry by entry.
local function is_entries(value)
    if type(value) ~= "table" or #value == 0 then return false end
    for key, entry in next, value do
        if type(key) ~= "number" or type(entry) ~= "table" then return false end
        if type(rawget(entry, "id")) ~= "string" then return false end
    end
    return true
end

local function note(origins, key, layer)
    if not origins.position[key] then
        origins.position[key] = #origins.list + 1
    end
    origins.list[origins.position[key]] = { key = key, layer = layer }
end

local function merge_entries(under, over, note_entry)
    local merged, position = {}, {}
    for i = 1, #under do
        merged[i] = under[i]
        position[under[i].id] = i
    end
    for i = 1, #over do
        local id = over[i].id
        local at = position[id] or #merged + 1
        merged[at], position[id] = over[i], at
        note_entry(id)
    end
    return merged
end

local function without(entries, disabled, met)
    local kept_entries = {}
    for i = 1, #entries do
        if disabled[entries[i].id] then
            met[entries[i].id] = true
        else
            kept_entries[#kept_entries + 1] = entries[i]
        end
    end
    return kept_entries
end

local function disable(under, over)
    local list, disabled, met = rawget(over, "disable"), {}, {}
    if list == nil then return under end
    if type(list) ~= "table" then error("`disable` is a list of the ids of entries", 0) end
    for i = 1, #list do disabled[list[i]] = true end
    local enabled = {}
    for key, value in next, under do
        enabled[key] = is_entries(value) and without(value, disabled, met) or value
    end
    for id in next, disabled do
        if not met[id] then error(format("`disable` names '%s', which no entry below has", shown(id)), 0) end
    end
    return enabled
end

local function merge_fields(under, over, layer, origins)
    local merged = {}
    -- The lowest layer may name entries of files that its reader puts it over.
    for key, value in next, layer == 1 and under or disable(under, over) do merged[key] = value end
    for key, value in next, over do
        local name = tostring(key)
        if is_entries(value) then
            local note_entry = function(id) note(origins, name .. "#" .. id, layer) end
            merged[key] = merge_entries(is_entries(merged[key]) and merged[key] or {}, value, note_entry)
        elseif key ~= "disable" then
            merged[key] = value
            note(origins, name, layer)
        end
    end
    return merged
end

local function merge_two(under, over, layer, origins)
    if not is_entries(over) then return merge_fields(under, over, layer, origins) end
    return merge_entries(under, over, function(id) note(origins, "#" .. id, layer) end)
end

-- The layers, lowest first, as one table; and where each key and entry of it comes from.
local function merge(layers)
    local origins = { list = {}, position = {} }
    local merged = merge_two({}, layers[1], 1, origins)
    if #layers == 1 then return layers[1], origins.list end
    for i = 2, #layers do merged = merge_two(merged, layers[i], i, origins) end
    return merged, origins.list
end

return environment, begin_call, begin_load, merge
