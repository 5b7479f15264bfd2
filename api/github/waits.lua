-- Waiting for a rate limit to end: until when each resource is held, for all tasks, and who tells of it.
local clock = require("uhost.github.clock")

local M = {}

local longest_default_s = 3600
local shortest_notice_s = 5  -- a wait shorter than this is not worth a message
local same_moment_s = 0.5    -- tasks that learn of one moment do so a little apart

M.used_up = "GitHub's rate limit is used up"
M.everything = "all requests"  -- the resource that stands for every other

local held = {}       -- by resource: { until_s (by time.monotonic), reason, announced }
local longest_of_run  -- what set_longest gave

-- Overrides the setting github.max_wait_s until the process ends; nil gives way to it again.
function M.set_longest(seconds) longest_of_run = seconds end

local function longest(native)
    return longest_of_run or native.number_setting("max_wait_s") or longest_default_s
end

local function refuse(reason, resource, seconds, allowed)
    local moment = clock.iso(os.time() + math.ceil(seconds))
    uhost.fail("github.rate_limited", ("%s (%s): it goes on at %s, in %s"):format(reason, resource, moment,
        clock.spoken(seconds)), {
        hint = ("try again then, use a token with a larger limit, or allow a wait of more than %g s "
            .. "(--max-wait, or UHOST_GITHUB_MAX_WAIT_S)"):format(allowed),
        details = { resource = resource, reset_at = moment, wait_s = seconds },
    })
end

-- Lets nobody ask `resource` for so long; a longer hold stays. What was waited for when it was recorded is over.
function M.hold(resource, seconds, reason)
    if http.is_replay() then return end
    local moment = time.monotonic() + seconds
    if held[resource] and held[resource].until_s >= moment - same_moment_s then return end
    held[resource] = { until_s = moment, reason = reason or M.used_up }
end

-- The same, but fails at once when that is longer than is allowed.
function M.block(native, resource, seconds, reason)
    M.hold(resource, seconds, reason)
    local allowed = http.is_replay() and math.huge or longest(native)
    if seconds > allowed then refuse(reason, resource, seconds, allowed) end
end

-- How long `resource` is held still; 0 when it may be asked.
function M.left(resource)
    local hold = held[resource]
    return hold and math.max(0, hold.until_s - time.monotonic()) or 0
end

-- Sparse enough for a log file, fine enough for somebody who watches.
local function next_pause(left)
    if left > 120 then return 60 end
    return left > 20 and 15 or left
end

local function count_down(resource, tells)
    local left = M.left(resource)
    while left > 0 do
        task.sleep(next_pause(left))
        left = M.left(resource)
        if tells and left > 0 then log.info(("GitHub (%s): going on in %s"):format(resource, clock.spoken(left))) end
    end
end

-- Waits until `resource` may be asked again. The first task to wait tells of it and counts down.
function M.wait(native, resource)
    local left = M.left(resource)
    if left <= 0 then return end
    local hold, allowed = held[resource], longest(native)
    if left > allowed then refuse(hold.reason, resource, left, allowed) end
    local tells = not hold.announced and left >= shortest_notice_s
    if tells then
        hold.announced = true
        log.warn(("%s (%s): going on at %s, in %s"):format(hold.reason, resource, clock.iso(os.time()
            + math.ceil(left)), clock.spoken(left)))
    end
    count_down(resource, tells)
end

return M
