-- Cron expressions: five fields (minute, hour, day of the month, month, day of the week) as in crontab(5), and @hourly,
-- @daily, @weekly, @monthly and @yearly, by the clock of a time zone.
local zone = require("uhost.time.zone")

local M = {}

local named = { ["@hourly"] = "0 * * * *", ["@daily"] = "0 0 * * *", ["@midnight"] = "0 0 * * *",
    ["@weekly"] = "0 0 * * 0", ["@monthly"] = "0 0 1 * *", ["@yearly"] = "0 0 1 1 *", ["@annually"] = "0 0 1 1 *" }

local months = { jan = 1, feb = 2, mar = 3, apr = 4, may = 5, jun = 6, jul = 7, aug = 8, sep = 9, oct = 10, nov = 11,
    dec = 12 }
local days = { sun = 0, mon = 1, tue = 2, wed = 3, thu = 4, fri = 5, sat = 6 }

local fields = {
    { name = "minute", low = 0, high = 59 }, { name = "hour", low = 0, high = 23 },
    { name = "day of the month", low = 1, high = 31 }, { name = "month", low = 1, high = 12, words = months },
    { name = "day of the week", low = 0, high = 7, words = days },
}

local function fail(expression, reason)
    uhost.fail("policy.cron", ("'%s' is not a cron expression: %s"):format(expression, reason),
        { hint = "five fields, such as '30 6 * * mon-fri', or @daily" })
end

local function number_of(text, field)
    return field.words and field.words[text:lower()] or tonumber(text:match("^%d+$"))
end

-- The values of one part of a list: "*", "5", "1-5", each with "/2" behind it.
local function add_part(values, text, field, expression)
    local range, step = text:match("^([^/]+)/(%d+)$")
    range, step = range or text, tonumber(step or 1)
    local from, to = range:match("^(%w+)%-(%w+)$")
    if range == "*" then
        from, to = field.low, field.high
    else
        from, to = number_of(from or range, field), number_of(to or range, field)
        if text:find("/", 1, true) and not range:find("-", 1, true) then to = field.high end
    end
    if not from or not to or from < field.low or to > field.high or from > to or step < 1 then
        fail(expression, ("'%s' is not a %s"):format(text, field.name))
    end
    for value = from, to, step do values[value] = true end
end

local function values_of(text, field, expression)
    local values = {}
    for part in (text .. ","):gmatch("([^,]*),") do add_part(values, part, field, expression) end
    if field.name == "day of the week" and values[7] then values[0] = true end
    return values
end

---@class serve.Cron
---@field minutes table<integer, true>
---@field hours table<integer, true>
---@field month_days table<integer, true>
---@field months table<integer, true>
---@field week_days table<integer, true>  0 is Sunday
---@field any_month_day boolean
---@field any_week_day boolean

--- Reads an expression. Raises `policy.cron`.
---@param expression string
---@return serve.Cron
function M.parse(expression)
    local words = {}
    for word in (named[expression] or expression):gmatch("%S+") do words[#words + 1] = word end
    if #words ~= #fields then fail(expression, ("it has %d fields"):format(#words)) end
    local sets = {}
    for i, field in ipairs(fields) do sets[i] = values_of(words[i], field, expression) end
    return { minutes = sets[1], hours = sets[2], month_days = sets[3], months = sets[4], week_days = sets[5],
        any_month_day = words[3]:sub(1, 1) == "*", any_week_day = words[5]:sub(1, 1) == "*" }
end

-- As crontab(5) has it: where both kinds of days are restricted, either is enough.
local function is_day(cron, parts)
    local by_month, by_week = cron.month_days[parts.day], cron.week_days[parts.weekday % 7]
    if cron.any_month_day or cron.any_week_day then return by_month and by_week end
    return by_month or by_week
end

local minute_s, day_s = 60, 86400

-- Four years and a day hold every date that there is, February 29th included; eight where a century has none.
local max_days = 8 * 366

-- The instants at which the clock of a zone shows a local time: none in the hour that is skipped in spring, two in the
-- hour that comes twice in autumn, of which the first counts.
local function instant_of(local_s, time_zone)
    for _, nearby in ipairs({ -day_s, day_s }) do
        local instant = local_s - zone.offset_s(time_zone, local_s + nearby)
        if instant + zone.offset_s(time_zone, instant) == local_s then return instant end
    end
end

-- The first time of day from `from_s` on that the expression names.
local function time_of_day(cron, from_s)
    for minute = math.floor(from_s / minute_s), day_s / minute_s - 1 do
        if cron.hours[math.floor(minute / 60)] and cron.minutes[minute % 60] then return minute * minute_s end
    end
end

--- The next instant after `after` that an expression names; nil when there is none (February 30th). A time that the
--- clock skips is not made up for; one that it shows twice counts once.
---@param cron serve.Cron
---@param time_zone string  "Europe/Berlin", "+01:00", "UTC"
---@param after number
---@return number?
function M.next_after(cron, time_zone, after)
    local local_s = after + zone.offset_s(time_zone, after)
    local day = local_s - local_s % day_s
    local from_s = local_s % day_s
    for _ = 1, max_days do
        local parts = time.parts(day)
        local at = cron.months[parts.month] and is_day(cron, parts) and time_of_day(cron, from_s)
        while at do
            local instant = instant_of(day + at, time_zone)
            if instant and instant > after then return instant end
            at = time_of_day(cron, at + minute_s)
        end
        day, from_s = day + day_s, 0
    end
end

return M
