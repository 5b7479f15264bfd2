-- What calls take. Arguments are checked on entry; a refusal names the argument and what it should be. `did_you_mean`
-- makes the hint for a word and the words that are known.
local tables = require("uhost.tables")

local max_shown_chars = 100
local max_id = 2 ^ 53  -- beyond, two ids may be the same number in Lua

-- A type: its name in messages, and `read(value)`, which returns the value to use, or nil to refuse it.
local function type_of(expected, read)
    return { expected = expected, read = read }
end

local function is_positive(value)
    return type(value) == "number" and value >= 1 and value % 1 == 0 and value < max_id
end

local function quoted(words)
    local list = {}
    for i, word in ipairs(words) do list[i] = ('"%s"'):format(word) end
    local last = table.remove(list)
    return #list == 0 and last or table.concat(list, ", ") .. " or " .. last
end

local function iso_time(value)
    if type(value) == "string" then
        local ok, instant = pcall(time.parse, value)
        if not ok then return nil end
        value = instant
    end
    if type(value) ~= "number" then return nil end
    local ok, text = pcall(time.iso, value)
    return ok and text or nil
end

local function copied_list(value, accepts)
    if type(value) ~= "table" then return nil end
    local list = {}
    for i, item in ipairs(value) do
        if not accepts(item) then return nil end
        list[i] = item
    end
    for key in pairs(value) do
        if not (type(key) == "number" and list[key] ~= nil) then return nil end
    end
    return json.array(list)
end

local function is_word(value)
    return type(value) == "string" and value:find("%S") ~= nil
end

-- The same argument under several types; the first that takes it decides.
local function either(expected, ...)
    local types = { ... }
    return type_of(expected, function(value)
        for _, each in ipairs(types) do
            local read = each.read(value)
            if read ~= nil then return read end
        end
    end)
end

local kinds = {
    any = type_of("anything", function(value) return value end),
    text = type_of("a string", function(value) return type(value) == "string" and value or nil end),
    word = type_of("a string that is not blank", function(value) return is_word(value) and value or nil end),
    flag = type_of("a boolean", function(value) if type(value) == "boolean" then return value end end),
    id = type_of("a positive whole number", function(value) return is_positive(value) and value or nil end),
    seconds = type_of("a number of seconds, 0 or more", function(value)
        return type(value) == "number" and value >= 0 and value < math.huge and value or nil
    end),
    time = type_of("a time (ISO 8601 text or Unix seconds)", iso_time),
    words = type_of("a list of strings that are not blank", function(value) return copied_list(value, is_word) end),
    table = type_of("a table", function(value) return type(value) == "table" and value or nil end),
}

function kinds.one_of(...)
    local words, known = { ... }, {}
    for _, word in ipairs(words) do known[word] = true end
    return type_of(quoted(words), function(value) return known[value] and value or nil end)
end

kinds.either = either
kinds.number_or_word = either("a positive whole number or a string that is not blank", kinds.id, kinds.word)

return function(did_you_mean)
    local M = {}
    for name, kind in pairs(kinds) do M[name] = kind end

    local function shown(value)
        if type(value) == "string" then return ("'%s'"):format(value:sub(1, max_shown_chars)) end
        return type(value) == "number" and tostring(value) or type(value)
    end

    function M.refuse(owner, name, expected, value)
        uhost.fail("argument", ("bad argument '%s' to '%s': expected %s, got %s"):format(name, owner, expected,
            shown(value)))
    end

    -- The value as the call then uses it.
    function M.value(owner, name, kind, value)
        local read
        if value ~= nil then read = kind.read(value) end
        if read == nil then M.refuse(owner, name, kind.expected, value) end
        return read
    end

    local function refuse_key(owner, key, fields)
        local known = tables.sorted_keys(fields)
        uhost.fail("argument", ("unknown option '%s' to '%s'"):format(tostring(key):sub(1, max_shown_chars), owner),
            { hint = did_you_mean(tostring(key):sub(1, max_shown_chars), unpack(known)) })
    end

    -- The options of a call: `fields` has the type of each, `required` lists those that must be there.
    function M.options(owner, options, fields, required)
        if options ~= nil and type(options) ~= "table" then
            M.refuse(owner, "options", "a table of options", options)
        end
        local read = {}
        for key, value in pairs(options or {}) do
            if not fields[key] then refuse_key(owner, key, fields) end
            read[key] = M.value(owner, key, fields[key], value)
        end
        for _, name in ipairs(required or {}) do
            if read[name] == nil then M.refuse(owner, name, fields[name].expected, nil) end
        end
        return read
    end

    return M
end
