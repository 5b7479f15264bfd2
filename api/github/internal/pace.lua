-- How fast requests may follow each other. GitHub lets through so many in a while and does not say how many: what it
-- let through before it refused one is the pace that others keep for an hour, together with those of other processes
-- (shared.lua). Changes have a pace of their own; all requests together are counted in points, a change for several.
-- https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
local M = {}

local max_window_s = 60       -- what GitHub counts in, at most
local margin_s = 1            -- between its count and ours
local life_s = 3600           -- how long a pace is kept
local refresh_s = 0.25        -- how often it is looked whether another process has learned one
local change_points = 5
-- However few GitHub let through. It documents limits of 900 points and more: who has sent much less was refused for
-- another reason, such as what the answers cost, and then fewer requests at a time help.
local min_max = { changes = 5, points = 300, graphql = 300 }

-- By kind: what was sent in the window ({ at_s, weight } each, from `first` to `last`; `total` is their weight,
-- `running` that of those without an answer), and once GitHub has refused one `learned` = { max, window_s, ends_s,
-- learned_s }.
local trackers = {}

local function tracker_of(kind)
    trackers[kind] = trackers[kind] or {
        first = 1, last = 0, total = 0, running = 0, learned = nil, looked_s = -math.huge,
    }
    return trackers[kind]
end

-- The kinds that a request counts for, with its weight in each.
local function weights_of(request)
    return {
        changes = request.mutates and 1 or nil,
        [request.graphql and "graphql" or "points"] = request.mutates and change_points or 1,
    }
end

local function who_of(request, kind)
    return ("%s, %s"):format(request.identity or "anonymous", kind)
end

local function learned_by(tracker)
    if tracker.learned and time.monotonic() >= tracker.learned.ends_s then tracker.learned = nil end
    return tracker.learned
end

-- Forgets what has left the window.
local function trim(tracker)
    local begin_s = time.monotonic() - (tracker.learned and tracker.learned.window_s or max_window_s)
    while tracker.first <= tracker.last and tracker[tracker.first].at_s < begin_s do
        tracker.total = tracker.total - tracker[tracker.first].weight
        tracker[tracker.first], tracker.first = nil, tracker.first + 1
    end
end

-- Seconds until `weight` more fits into the pace.
local function wait_of(tracker, weight)
    local learned = learned_by(tracker)
    trim(tracker)
    if not learned then return 0 end
    local excess = tracker.total + weight - math.max(weight, math.floor(learned.max))
    local position = tracker.first
    while excess > 0 and position <= tracker.last do
        excess = excess - tracker[position].weight
        if excess <= 0 then return tracker[position].at_s + learned.window_s - time.monotonic() end
        position = position + 1
    end
    return 0
end

local function add(tracker, weight)
    local entry = { at_s = time.monotonic(), weight = weight }
    tracker.last = tracker.last + 1
    tracker[tracker.last], tracker.total = entry, tracker.total + weight
    tracker.running = tracker.running + weight
    return entry
end

-- What is in the window, by how long ago it was sent.
local function aged(tracker)
    local list = {}
    for position = tracker.first, tracker.last do
        local entry = tracker[position]
        list[#list + 1] = { age_s = time.monotonic() - entry.at_s, weight = entry.weight }
    end
    return list
end

-- Takes the pace that another process has learned since; the others learn then what this one has sent.
local function adopt(native, request, kind, tracker)
    if time.monotonic() - tracker.looked_s < refresh_s then return end
    tracker.looked_s = time.monotonic()
    local known = native.shared.pace(who_of(request, kind))
    if not known or (tracker.learned and known.learned_s <= tracker.learned.learned_s) then return end
    local age_s = time.now() - known.learned_s
    if age_s >= life_s then return end
    trim(tracker)
    if not learned_by(tracker) then native.shared.add_sent(who_of(request, kind), aged(tracker)) end
    tracker.learned = {
        max = known.max, window_s = known.window_s, ends_s = time.monotonic() + life_s - age_s,
        learned_s = known.learned_s,
    }
end

-- Seconds until the request may be sent; 0 when it may now: then it counts as sent.
function M.turn(native, request)
    local weights = weights_of(request)
    for kind, weight in pairs(weights) do
        local tracker = tracker_of(kind)
        adopt(native, request, kind, tracker)
        local wait_s = wait_of(tracker, weight)
        if wait_s > 0 then return wait_s end
    end
    for kind, weight in pairs(weights) do
        local learned = learned_by(tracker_of(kind))
        if learned and not native.shared.may_send(who_of(request, kind), weight, learned) then return refresh_s end
    end
    request.paced = {}
    for kind, weight in pairs(weights) do request.paced[kind] = add(tracker_of(kind), weight) end
    return 0
end

-- Says that a request was answered.
function M.done(request)
    for kind, entry in pairs(request.paced or {}) do
        local tracker = tracker_of(kind)
        tracker.running = tracker.running - entry.weight
    end
end

-- Takes back what GitHub did not let through.
local function withdraw(request, kind)
    local entry = request.paced and request.paced[kind]
    if not entry or entry.weight == 0 then return end
    local tracker = tracker_of(kind)
    tracker.total, entry.weight = tracker.total - entry.weight, 0
end

-- What was let through in the last `seconds`: what was sent, but for what is running.
local function let_through(tracker, seconds)
    local begin_s, total = time.monotonic() - seconds, 0
    for position = tracker.first, tracker.last do
        if tracker[position].at_s >= begin_s then total = total + tracker[position].weight end
    end
    return total - tracker.running
end

-- Learns from the refusal of a request, after which GitHub wants a pause of `wait_s`. That of one which was sent before
-- the pace was learned says nothing new. Where the pace was kept, GitHub counts in a longer window.
function M.refused(native, request, wait_s)
    local kind = request.mutates and "changes" or request.graphql and "graphql" or "points"
    local tracker, now_s = tracker_of(kind), time.monotonic()
    local entry, known = request.paced and request.paced[kind], learned_by(tracker)
    withdraw(request, kind)
    if known and entry and entry.at_s < known.ends_s - life_s then return end
    local window_s = math.max(wait_s, known and math.min(max_window_s, 2 * known.window_s) or 0)
    local max = let_through(tracker, window_s)
    tracker.learned = {
        max = math.max(min_max[kind], max), window_s = window_s + margin_s, ends_s = now_s + life_s,
        learned_s = time.now(),
    }
    native.shared.learn_pace(who_of(request, kind), tracker.learned, known and {} or aged(tracker))
end

return M
