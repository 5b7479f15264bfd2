-- The Lua half of `time`: what people write in an option such as --since.
local M = ...

local named = {
    now = function(now) return now end,
    today = function(now) return M.start_of("day", now) end,
    yesterday = function(now) return M.start_of("day", M.subtract(now, "1 day")) end,
}

function M.resolve(text, from)
    if type(text) ~= "string" then
        uhost.fail("argument", "bad argument #1 'text' to 'time.resolve': expected a string, got a " .. type(text))
    end
    from = from or M.now()
    if named[text] then return named[text](from) end
    local length = text:match("^(.-)%s+ago%s*$") or text
    local is_duration, duration = pcall(M.duration, length)
    if is_duration then return M.subtract(from, duration) end
    local is_instant, instant = pcall(M.parse, text)
    if is_instant then return instant end
    if instant.kind ~= "time.syntax" then error(instant, 0) end
    uhost.fail("time.syntax", ("cannot read '%s' as a time or a duration"):format(text:sub(1, 60)), {
        hint = 'write a date (2026-01-31), a time (2026-01-31T12:00:00Z) or how long ago ("6 months", "90 days")',
    })
end

return M
