-- Times as GitHub's headers and uhost's messages have them.
local M = {}

local months = { Jan = 1, Feb = 2, Mar = 3, Apr = 4, May = 5, Jun = 6, Jul = 7, Aug = 8, Sep = 9, Oct = 10, Nov = 11,
    Dec = 12 }

-- Days from 1970-01-01 to a date of the Gregorian calendar, by counting 400-year eras that begin in March.
local function days_from_civil(year, month, day)
    if month <= 2 then year = year - 1 end
    local era = math.floor(year / 400)
    local year_of_era = year - era * 400
    local day_of_year = math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
    return era * 146097 + year_of_era * 365 + math.floor(year_of_era / 4) - math.floor(year_of_era / 100) + day_of_year
        - 719468
end

-- Seconds since 1970 of an HTTP date ("Sat, 21 Nov 2026 08:41:52 GMT"), or nil.
function M.http_date(text)
    local day, month, year, hour, minute, second = (text or ""):match("(%d+) (%a+) (%d+) (%d+):(%d+):(%d+)")
    if not day or not months[month] then return nil end
    return ((days_from_civil(tonumber(year), months[month], tonumber(day)) * 24 + tonumber(hour)) * 60
        + tonumber(minute)) * 60 + tonumber(second)
end

-- Seconds from an answer to a moment, by the server's clock where it sends it: this machine's may be wrong.
function M.seconds_until(moment, headers)
    return math.max(0, moment - (M.http_date(headers.date) or os.time()))
end

-- What Retry-After says, in seconds: it holds a number of them or a date.
function M.retry_after(headers)
    local text = headers["retry-after"]
    if not text then return nil end
    local moment = M.http_date(text)
    return tonumber(text) or (moment and M.seconds_until(moment, headers))
end

-- For people: "45 s", "12 min", "1.5 h".
function M.spoken(seconds)
    if seconds < 90 then return ("%d s"):format(math.ceil(seconds)) end
    if seconds < 5400 then return ("%d min"):format(math.ceil(seconds / 60)) end
    return ("%.1f h"):format(seconds / 3600)
end

return M
