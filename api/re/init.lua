-- The Lua half of `re`: loops that call back (so that callbacks may wait), and the shortcuts.
local native = ...

local M = { escape = native.escape, compile = native.compile, parse = native.parse, groups = native.groups }

-- The pattern itself, or the one compiled from its text.
local function compiled(pattern, flags)
    if getmetatable(pattern) ~= "re.Pattern" then return native.compile(pattern, flags) end
    if flags ~= nil then
        uhost.fail("argument", "flags are given when a pattern is compiled, not again when it is used")
    end
    return pattern
end

local function check_text(value, name, owner)
    if type(value) ~= "string" then
        local message = "bad argument '%s' to '%s': expected a string, got a %s"
        uhost.fail("argument", message:format(name, owner, type(value)))
    end
end

local function gmatch(pattern, subject)
    check_text(subject, "subject", "re.gmatch")
    local position, after_empty = 1, false
    return function()
        if not position then return nil end
        local captures, first, last = native.next(pattern, subject, position, after_empty)
        if not captures then
            position = nil
            return nil
        end
        position, after_empty = last + 1, last < first
        return captures, first, last
    end
end

-- What a callback gave for a match: nil and false keep it.
local function replacement_text(value, original)
    if value == nil or value == false then return original end
    if type(value) == "string" or type(value) == "number" then return tostring(value) end
    uhost.fail("argument", "the replacement of a match is a string, or nil to keep it; got a " .. type(value))
end

local function gsub_with(pattern, subject, replace, limit)
    local pieces, done, count = {}, 1, 0
    limit = limit or math.huge
    for captures, first, last in gmatch(pattern, subject) do
        if count >= limit then break end
        count = count + 1
        pieces[#pieces + 1] = subject:sub(done, first - 1)
        pieces[#pieces + 1] = replacement_text(replace(captures), captures[0])
        done = last + 1
    end
    pieces[#pieces + 1] = subject:sub(done)
    return table.concat(pieces), count
end

local function gsub(pattern, subject, replacement, limit)
    if type(replacement) == "function" then return gsub_with(pattern, subject, replacement, limit) end
    if type(replacement) ~= "table" then return native.replace(pattern, subject, replacement, limit) end
    return gsub_with(pattern, subject, function(captures)
        local key = captures[1]
        if key == nil then key = captures[0] end
        return replacement[key]
    end, limit)
end

local Pattern = native.Pattern

function Pattern:gmatch(subject) return gmatch(self, subject) end
function Pattern:gsub(subject, replacement, limit) return gsub(self, subject, replacement, limit) end

function M.match(subject, pattern, flags) return native.match(compiled(pattern, flags), subject) end
function M.find(subject, pattern, flags) return native.find(compiled(pattern, flags), subject) end
function M.test(subject, pattern, flags) return native.test(compiled(pattern, flags), subject) end
function M.count(subject, pattern, flags) return native.count(compiled(pattern, flags), subject) end
function M.gmatch(subject, pattern, flags) return gmatch(compiled(pattern, flags), subject) end
function M.split(subject, pattern, flags) return native.split(compiled(pattern, flags), subject) end

function M.gsub(subject, pattern, replacement, flags)
    return gsub(compiled(pattern, flags), subject, replacement)
end

function M.count_file(path, pattern, options)
    return native.count_file(path, compiled(pattern, options and options.flags), options)
end

function M.scan_file(path, pattern, options)
    local scan = native.open_scan(path, compiled(pattern, options and options.flags), options)
    local batch, index = {}, 0
    return function()
        if not batch then return nil end
        index = index + 1
        if not batch[index] then
            batch, index = scan:next(), 1
            if not batch[1] then
                scan:close()
                batch = nil
                return nil
            end
        end
        return batch[index]
    end
end

return M
