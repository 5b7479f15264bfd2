-- Time of day in a time zone: an offset such as "+01:00", or a name of the system's zone files (RFC 9636).
local M = {}

local folder = "/usr/share/zoneinfo/"
local known = {}

local function big_endian(bytes, position)
    local a, b, c, d = bytes:byte(position, position + 3)
    return bit.bor(bit.lshift(a, 24), bit.lshift(b, 16), bit.lshift(c, 8), d)
end

-- The changes of a zone: { at =, offset_s = }, the offset before the first of them in front.
local function read(bytes)
    local times, types = big_endian(bytes, 33), big_endian(bytes, 37)
    local at_times = 45
    local at_kinds, at_types = at_times + 4 * times, at_times + 5 * times
    local function offset(kind) return big_endian(bytes, at_types + 6 * kind) end
    local changes = { { at = -math.huge, offset_s = types > 0 and offset(0) or 0 } }
    for i = 0, times - 1 do
        local kind = bytes:byte(at_kinds + i)
        changes[#changes + 1] = { at = big_endian(bytes, at_times + 4 * i), offset_s = offset(kind) }
    end
    return changes
end

local function load(name)
    if not name:find("^%u[%w_+/-]*$") or not fs.exists(folder .. name) then
        uhost.fail("policy.zone", ("there is no time zone '%s' on this machine"):format(name),
            { hint = "a name such as Europe/Berlin (Debian's tzdata has them), or an offset such as +01:00" })
    end
    local bytes = fs.read(folder .. name)
    if bytes:sub(1, 4) ~= "TZif" then uhost.fail("policy.zone", ("'%s' is not a time zone"):format(name)) end
    return read(bytes)
end

--- How far a zone is ahead of UTC at an instant, in seconds.
---@param zone string
---@param instant number
---@return number
function M.offset_s(zone, instant)
    local sign, hours, minutes = zone:match("^([+-])(%d%d):?(%d%d)$")
    if sign then return (sign == "-" and -1 or 1) * (tonumber(hours) * 3600 + tonumber(minutes) * 60) end
    if zone == "UTC" or zone == "Z" then return 0 end
    known[zone] = known[zone] or load(zone)
    local changes = known[zone]
    for i = #changes, 1, -1 do
        if changes[i].at <= instant then return changes[i].offset_s end
    end
    return 0
end

local day_s = 86400

local function seconds_of(clock)
    local hours, minutes = clock:match("^(%d%d?):(%d%d)$")
    if not hours or tonumber(hours) > 23 or tonumber(minutes) > 59 then
        uhost.fail("policy.clock", ("'%s' is not a time of day"):format(clock), { hint = "such as 22:00" })
    end
    return tonumber(hours) * 3600 + tonumber(minutes) * 60
end

--- The next instant, not before `instant`, at which the clock of a zone shows a time of day.
---@param zone string
---@param clock string  "07:00"
---@param instant number
---@return number
function M.next_at(zone, clock, instant)
    local wanted = seconds_of(clock)
    local local_time = instant + M.offset_s(zone, instant)
    local next_local = local_time - local_time % day_s + wanted
    if next_local < local_time then next_local = next_local + day_s end
    -- The offset of that moment, which may be another one by then.
    local guess = next_local - M.offset_s(zone, instant)
    return next_local - M.offset_s(zone, guess)
end

--- When quiet hours end that hold at an instant; nil outside of them.
---@param hours { from: string, to: string, zone: string }
---@param instant number
---@return number?
function M.quiet_until(hours, instant)
    local from, to = seconds_of(hours.from), seconds_of(hours.to)
    local clock = (instant + M.offset_s(hours.zone, instant)) % day_s
    local is_quiet
    if from <= to then
        is_quiet = clock >= from and clock < to
    else
        is_quiet = clock >= from or clock < to
    end
    return is_quiet and M.next_at(hours.zone, hours.to, instant) or nil
end

return M
