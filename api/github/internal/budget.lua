-- One budget for all processes that share the store github_shared, where the setting github.shared_budget is on: each
-- takes points of the rate limit there before it asks GitHub, and gives back what it did not use. What is left is what
-- GitHub said last, less what others have taken and not spent. Times are in seconds since 1970.
local M = {}

local max_points = 10       -- that one process takes at once
local life_s = 60           -- of points whose process says nothing any more
local waiting_s = 2         -- for so long somebody who asked in vain counts as waiting
local probe_s = 5           -- how long the first answer of a window is waited for
local pause_s = 0.05
local same_window_s = 2     -- by which moments may differ that are counted from answers of one window
local unlimited, unlimited_s = 1e9, 60

-- `remaining` is what GitHub said last, `ends_s` when its window ends; before the first answer of a window, `is_known`
-- is 0. A taker has `points` that it has not spent, and `taken` in the window that ends at `window_s`.
local steps = { [[
    CREATE TABLE github_budget (
        who TEXT NOT NULL, resource TEXT NOT NULL, remaining REAL NOT NULL, ends_s REAL NOT NULL,
        is_known INTEGER NOT NULL, PRIMARY KEY (who, resource)) STRICT, WITHOUT ROWID;
    CREATE TABLE github_taker (
        who TEXT NOT NULL, resource TEXT NOT NULL, taker TEXT NOT NULL, points REAL NOT NULL, taken REAL NOT NULL,
        window_s REAL NOT NULL, asked_s REAL NOT NULL, is_waiting INTEGER NOT NULL,
        PRIMARY KEY (who, resource, taker)) STRICT, WITHOUT ROWID
]] }

local taker          -- this process
local purses = {}    -- by who and resource: { points, ends_s }

local function purse_of(who, resource)
    local key = who .. "\n" .. resource
    purses[key] = purses[key] or { points = 0, ends_s = 0 }
    return purses[key]
end

function M.is_on(native) return native.flag_setting("shared_budget") == true and not http.is_replay() end

local function keep_taker(store, row)
    store:execute([[INSERT INTO github_taker VALUES (:who, :resource, :taker, :points, :taken, :window_s, :asked_s,
        :is_waiting) ON CONFLICT (who, resource, taker) DO UPDATE SET points = excluded.points,
        taken = excluded.taken, window_s = excluded.window_s, asked_s = excluded.asked_s,
        is_waiting = excluded.is_waiting]], row)
end

local function keep_budget(store, who, resource, remaining, ends_s, is_known)
    store:execute([[INSERT INTO github_budget VALUES (:who, :resource, :remaining, :ends_s, :is_known)
        ON CONFLICT (who, resource) DO UPDATE SET remaining = excluded.remaining, ends_s = excluded.ends_s,
        is_known = excluded.is_known]], { who = who, resource = resource, remaining = remaining, ends_s = ends_s,
        is_known = is_known and 1 or 0 })
end

-- What others have, how many they are, and what the one has had that waits and had least.
local function others(store, mine, now)
    return store:one([[SELECT coalesce(sum(points), 0) AS points, count(*) AS takers,
        min(CASE WHEN is_waiting = 1 AND asked_s > :now - :waiting_s THEN taken END) AS least
        FROM github_taker WHERE who = :who AND resource = :resource AND taker <> :taker AND window_s = :window_s
        AND asked_s > :now - :life_s]], { who = mine.who, resource = mine.resource, taker = mine.taker, now = now,
        window_s = mine.window_s, waiting_s = waiting_s, life_s = life_s })
end

---@class github.Grant
---@field points number  0 when one has to wait
---@field ends_s number  with what window they end
---@field wait_s number?
---@field is_limit boolean?  it is GitHub's limit that is waited for

-- In a window of which nothing is known the first one asks GitHub, with what it needs and no more.
local function begin_window(store, mine, weight, now)
    store:execute("DELETE FROM github_taker WHERE who = ? AND resource = ?", { mine.who, mine.resource })
    mine.window_s, mine.points, mine.taken = now + probe_s, weight, weight
    keep_budget(store, mine.who, mine.resource, 0, mine.window_s, false)
    keep_taker(store, mine)
    return { points = weight, ends_s = mine.window_s }
end

local function share(store, mine, weight, budget, now)
    local row = others(store, mine, now)
    local free = budget.remaining - row.points - mine.points
    local fair = math.max(weight, math.min(max_points, math.floor(free / (2 * (row.takers + 1)))))
    -- Nobody gets ahead of one that waits by more than that.
    local is_ahead = row.least and mine.taken > row.least + fair
    if free < weight or is_ahead then
        mine.is_waiting = 1
        keep_taker(store, mine)
        local is_used_up = budget.is_known == 1 and budget.remaining < weight
        return { points = 0, wait_s = is_used_up and budget.ends_s - now or pause_s, is_limit = is_used_up }
    end
    mine.points, mine.taken = mine.points + fair, mine.taken + fair
    keep_taker(store, mine)
    return { points = fair, ends_s = budget.ends_s }
end

-- `left`: points that were taken before and are no longer good.
local function take_from(store, who, resource, weight, left)
    local now = time.now()
    local budget = store:one("SELECT remaining, ends_s, is_known FROM github_budget WHERE who = ? AND resource = ?",
        { who, resource })
    local mine = { who = who, resource = resource, taker = taker, asked_s = now, is_waiting = 0, points = 0, taken = 0 }
    if not budget or budget.ends_s <= now then return begin_window(store, mine, weight, now) end
    mine.window_s = budget.ends_s
    local before = store:one([[SELECT points, taken FROM github_taker
        WHERE who = ? AND resource = ? AND taker = ? AND window_s = ?]], { who, resource, taker, budget.ends_s })
    if before then mine.points, mine.taken = math.max(0, before.points - left), before.taken end
    return share(store, mine, weight, budget, now)
end

--- Takes points for a request. Gives 0 when it may go; else for how many seconds to wait, and whether that is until
--- GitHub's limit ends.
---@return number wait_s
---@return boolean? is_limit
function M.take(native, who, resource, weight)
    taker = taker or native.random_name()
    local purse = purse_of(who, resource)
    if purse.points < weight or time.now() >= purse.ends_s then
        local left = purse.points
        purse.points = 0
        local grant = native.shared.transaction("github_budget", steps, function(store)
            return take_from(store, who, resource, weight, left)
        end)
        if not grant then return 0 end  -- the store cannot be used: each for itself
        if grant.points == 0 then return math.max(pause_s, grant.wait_s), grant.is_limit end
        purse.points, purse.ends_s = purse.points + grant.points, math.min(grant.ends_s, time.now() + life_s / 2)
    end
    purse.points = purse.points - weight
    return 0
end

--- Puts points back that were taken for a request that is not sent now.
function M.put_back(who, resource, weight)
    local purse = purse_of(who, resource)
    purse.points = purse.points + weight
end

local function learn(store, who, resource, known)
    local budget = store:one("SELECT remaining, ends_s, is_known FROM github_budget WHERE who = ? AND resource = ?",
        { who, resource })
    if not budget then return end
    local is_known = budget.is_known == 1
    if is_known and known.ends_s < budget.ends_s - same_window_s then return end  -- of a window that is over
    local is_same = is_known and known.ends_s < budget.ends_s + same_window_s
    local ends_s = is_same and budget.ends_s or known.ends_s
    -- Answers overtake each other: in one window there is never more left than was said before.
    local remaining = is_same and math.min(budget.remaining, known.remaining) or known.remaining
    keep_budget(store, who, resource, remaining, ends_s, true)
    store:execute("UPDATE github_taker SET window_s = ? WHERE who = ? AND resource = ? AND window_s = ?",
        { ends_s, who, resource, budget.ends_s })
end

--- Notes that a request was answered, or was lost, and what GitHub said of what is left: `known` = { remaining,
--- ends_s }, false for a server without limits, nil when there is no answer.
function M.spend(native, who, resource, weight, known)
    native.shared.transaction("github_budget", steps, function(store)
        if known == false then known = { remaining = unlimited, ends_s = time.now() + unlimited_s } end
        if known then learn(store, who, resource, known) end
        store:execute([[UPDATE github_taker SET asked_s = :now,
            points = CASE WHEN points > :weight THEN points - :weight ELSE 0 END
            WHERE who = :who AND resource = :resource AND taker = :taker]], { weight = weight, now = time.now(),
            who = who, resource = resource, taker = taker })
    end)
end

return M
