-- GitHub's rate limits: what is known of them, and waiting for them to end. All tasks share them.
-- https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
local M = {}

local longest_default_s = 3600
local secondary_default_s = 60  -- what GitHub asks for when it names no time
local shortest_notice_s = 5     -- a wait shorter than this is not worth a message

local budgets = {}        -- by resource: { limit, remaining, reset } as of the last answer
local blocked_until = {}  -- by resource: when to go on, on the monotonic-enough os.time clock
local announced = {}      -- by resource: the block that a task has already told of

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

-- By the server's clock where it tells it: this machine's may be wrong.
local function seconds_until(moment, headers)
    return math.max(0, moment - (M.http_date(headers.date) or os.time()))
end

-- Lets nobody ask `resource` for so long.
function M.hold(resource, seconds)
    blocked_until[resource] = math.max(blocked_until[resource] or 0, os.time() + seconds)
end

function M.remember(headers, resource)
    local limit, remaining = tonumber(headers["x-ratelimit-limit"]), tonumber(headers["x-ratelimit-remaining"])
    local reset = tonumber(headers["x-ratelimit-reset"])
    if not (limit and remaining and reset) then return end
    resource = headers["x-ratelimit-resource"] or resource
    budgets[resource] = { limit = limit, remaining = remaining, reset = reset }
    if remaining == 0 then
        M.hold(resource, seconds_until(reset, headers) + 1)
    end
end

-- How long a 403 or 429 asks to wait, and why; nil when it has another reason.
function M.requested_wait(response, words, attempt)
    local headers = response.headers
    local retry_after = headers["retry-after"]
    if retry_after then
        local seconds = tonumber(retry_after) or seconds_until(M.http_date(retry_after) or os.time(), headers)
        return math.max(1, seconds), "GitHub asks for a pause"
    end
    local reset = tonumber(headers["x-ratelimit-reset"])
    if headers["x-ratelimit-remaining"] == "0" and reset then
        return seconds_until(reset, headers) + 1, "GitHub's rate limit is used up"
    end
    if response.status == 429 or words:lower():find("secondary rate limit", 1, true)
        or words:lower():find("abuse detection", 1, true) then
        return secondary_default_s * 2 ^ (attempt - 1), "GitHub finds the requests too many"
    end
    return nil
end

local function iso(moment)
    return os.date("!%Y-%m-%dT%H:%M:%SZ", moment)
end

local function spoken(seconds)
    if seconds < 90 then return ("%d s"):format(seconds) end
    if seconds < 5400 then return ("%d min"):format(math.ceil(seconds / 60)) end
    return ("%.1f h"):format(seconds / 3600)
end

local function refuse(reason, resource, seconds, longest)
    uhost.fail("github.rate_limited", ("%s (%s): it goes on at %s, in %s"):format(reason, resource,
        iso(os.time() + seconds), spoken(seconds)), {
        hint = ("try again then, use a token with a larger limit, or allow a wait of more than %d s "
            .. "(UHOST_GITHUB_MAX_WAIT_S)"):format(longest),
        details = { resource = resource, reset_at = iso(os.time() + seconds), wait_s = seconds },
    })
end

-- Holds `resource`, for all tasks. Fails at once when that is longer than the setting allows.
function M.block(native, resource, seconds, reason)
    local longest = native.number_setting("max_wait_s") or longest_default_s
    if seconds > longest then refuse(reason, resource, seconds, longest) end
    M.hold(resource, seconds)
end

-- Sparse enough for a log file, fine enough for somebody who watches.
local function next_pause(left)
    if left > 120 then return 60 end
    return left > 20 and 15 or left
end

local function count_down(resource, tells)
    local left = blocked_until[resource] - os.time()
    while left > 0 do
        task.sleep(next_pause(left))
        left = blocked_until[resource] - os.time()
        if tells and left > 0 then log.info(("GitHub (%s): going on in %s"):format(resource, spoken(left))) end
    end
end

-- Waits until `resource` may be asked again. The first task to wait tells of it and counts down.
function M.wait(native, resource, reason)
    local moment = blocked_until[resource]
    local left = moment and moment - os.time() or 0
    if left <= 0 then return end
    reason = reason or "GitHub's rate limit is used up"
    local longest = native.number_setting("max_wait_s") or longest_default_s
    if left > longest then refuse(reason, resource, left, longest) end
    local tells = announced[resource] ~= moment and left >= shortest_notice_s
    if tells then
        announced[resource] = moment
        log.warn(("%s (%s): going on at %s, in %s"):format(reason, resource, iso(moment), spoken(left)))
    end
    count_down(resource, tells)
end

-- What is known, without asking.
function M.known()
    return budgets
end

M.iso = iso

return M
