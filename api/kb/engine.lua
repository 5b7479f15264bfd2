-- The Lua half of the pattern engine: the classes that scripts see around the native logs and matchers.
local M = {}

-- A class whose objects have `handle`, the native object; `facts` are fields that it is asked for each time.
local function class(name, facts)
    local methods = {}
    local meta = {
        __metatable = name,
        __index = function(self, key)
            local method = methods[key]
            if method or not facts[key] then return method end
            return self.handle[key](self.handle)
        end,
        __tostring = function(self) return tostring(self.handle) end,
    }
    return methods, function(handle) return setmetatable({ handle = handle }, meta) end
end

local Log, new_log = class("kb.Log", { count = true, bytes = true, name = true })

function Log:index() return self.handle:index() end
function Log:lines(first, last) return self.handle:lines(first, last) end
function Log:line(number) return self.handle:line(number) end
function Log:raw(number) return self.handle:raw(number) end
function Log:time(number) return self.handle:time(number) end
function Log:prefix(number) return self.handle:prefix(number) end
function Log:close() self.handle:close() end

local Matcher, new_matcher = class("kb.Matcher", { engine = true, cached = true })

function Matcher:scan(log, options)
    if getmetatable(log) ~= "kb.Log" then
        uhost.fail("argument", ("matcher:scan takes a log, got a %s"):format(type(log)),
            { hint = 'matcher:scan(kb.open("build.log"))' })
    end
    return self.handle:scan(log.handle, options)
end

function Matcher:close() self.handle:close() end

-- What gives the pieces of a stream: an http.Stream, anything else with `read`, or an iterator.
local function pieces_of(stream)
    if type(stream) == "function" then return stream end
    if type(stream) == "table" and type(stream.read) == "function" then
        return function() return stream:read() end
    end
    uhost.fail("argument", "kb.open takes a path, or a table with 'stream'",
        { hint = 'kb.open("build.log"), kb.open("-"), kb.open{ stream = http.stream(url) }' })
end

local function collect(native, options)
    local next_piece = pieces_of(options.stream)
    local spool = native.open_spool(options.name or "the stream")
    return require("uhost.task").finally(function()
        for piece in next_piece do
            if type(piece) ~= "string" then
                uhost.fail("argument", ("the stream gave a %s, expected strings"):format(type(piece)))
            end
            spool:write(piece)
        end
        return spool:finish()
    end, function() spool:close() end)
end

---The public functions, over the native table.
function M.functions(native)
    local functions = {}

    function functions.open(source)
        if type(source) == "string" then return new_log(native.open_log(source)) end
        return new_log(collect(native, type(source) == "table" and source or {}))
    end

    function functions.compile(patterns, options)
        return new_matcher(native.compile(patterns, options))
    end

    return functions
end

return M
