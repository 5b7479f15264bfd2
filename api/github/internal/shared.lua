-- What the processes of one state folder share about GitHub, in its store github_shared: limits that one of them has
-- met, what was sent since, turns at what only one may do at a time, and runs that belong to a call. A store
-- that cannot be used is done without. Times are in seconds since 1970.
local busy_timeout_s = 5
local refresh_s = 0.25      -- how old what is known of the others may be
local claim_life_s = 86400

local steps = {
    [[CREATE TABLE github_limit (
        who TEXT NOT NULL,          -- whose limit it is
        resource TEXT NOT NULL,
        ends_s REAL NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (who, resource)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE github_pace (
        who TEXT PRIMARY KEY,
        max REAL NOT NULL,          -- what GitHub let through within the window
        window_s REAL NOT NULL,
        learned_s REAL NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE github_sent (who TEXT NOT NULL, sent_s REAL NOT NULL, weight REAL NOT NULL) STRICT;
    CREATE INDEX github_sent_when ON github_sent (who, sent_s);
    CREATE TABLE github_lease (name TEXT PRIMARY KEY, holder TEXT NOT NULL, ends_s REAL NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE github_claim (run_id INTEGER NOT NULL, place TEXT NOT NULL, made_s REAL NOT NULL,
        PRIMARY KEY (place, run_id)) STRICT, WITHOUT ROWID;]],
    "DROP TABLE github_lease",
}

return function(native)
    local M = {}
    local store, opening, is_off = nil, nil, false
    local there_at_s = -math.huge  -- when it was last looked whether somebody has made the store

    local function give_up(err)
        if not is_off then
            log.debug(("what GitHub allows is not shared with other processes: %s"):format(tostring(err)))
        end
        is_off = true
    end

    local function opened_store()
        opening = opening or task.limit(1)
        return store or opening:with(function()
            if store then return store end
            local opened = db.open(nil, { store = "github_shared", busy_timeout_s = busy_timeout_s })
            opened:migrate("github_shared", steps)
            store = opened
            return store
        end)
    end

    local function is_usable()
        return not is_off and not http.is_intercepted() and not http.is_replay()
    end

    -- What `body(store)` gives; nil when the store cannot be used.
    local function with_store(body)
        if not is_usable() then return nil end
        local ok, result = pcall(function() return body(opened_store()) end)
        if ok then return result end
        if type(result) == "table" and result.kind == "cancelled" then error(result, 0) end
        return give_up(result)
    end

    -- Whether there is something to read. A store that nobody has written to is not made for that.
    local function is_there()
        if store then return true end
        if time.monotonic() - there_at_s < refresh_s or not is_usable() then return false end
        there_at_s = time.monotonic()
        return native.has_store("github_shared")
    end

    local migrated = {}

    -- What `body(store)` gives in a transaction, with tables of its own; nil when the store cannot be used.
    function M.transaction(name, own_steps, body)
        return with_store(function(opened)
            if not migrated[name] then
                opened:migrate(name, own_steps)
                migrated[name] = true
            end
            return opened:transaction(function() return body(opened) end)
        end)
    end

    -- Limits

    -- Tells the others to leave `resource` alone for so long.
    function M.hold(who, resource, seconds, reason)
        with_store(function(opened)
            opened:execute([[INSERT INTO github_limit VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET
                ends_s = max(ends_s, excluded.ends_s), reason = excluded.reason]],
                { who, resource, time.now() + seconds, reason })
        end)
    end

    local read_at_s = {}  -- by who: when their limits were last read (time.monotonic)

    -- Calls `take(resource, seconds left, reason)` for each limit that is in force, now and then.
    function M.each_hold(who, take)
        if not is_there() then return end
        local now_s = time.monotonic()
        if now_s - (read_at_s[who] or -math.huge) < refresh_s then return end
        read_at_s[who] = now_s
        local rows = with_store(function(opened)
            return opened:query([[SELECT resource, ends_s - :now AS left_s, reason FROM github_limit
                WHERE who = :who AND ends_s > :now]], { now = time.now(), who = who })
        end)
        for _, row in ipairs(rows or {}) do take(row.resource, row.left_s, row.reason) end
    end

    -- The pace that one of the processes has learned: { max, window_s, learned_s }; nil before.
    function M.pace(who)
        if not is_there() then return nil end
        return with_store(function(opened)
            return opened:one("SELECT max, window_s, learned_s FROM github_pace WHERE who = ?", { who })
        end)
    end

    -- Says what was sent: a list of { age_s, weight }.
    function M.add_sent(who, sent)
        with_store(function(opened)
            opened:transaction(function()
                for _, each in ipairs(sent) do
                    opened:execute("INSERT INTO github_sent VALUES (?, ?, ?)",
                        { who, time.now() - each.age_s, each.weight })
                end
            end)
        end)
    end

    -- Makes a pace known, and what was sent.
    function M.learn_pace(who, pace, sent)
        with_store(function(opened)
            opened:execute([[INSERT INTO github_pace VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET
                max = excluded.max, window_s = excluded.window_s, learned_s = excluded.learned_s]],
                { who, pace.max, pace.window_s, pace.learned_s })
        end)
        M.add_sent(who, sent)
    end

    -- Whether so much more fits into the pace that all processes keep together; it counts as sent then. True where
    -- nothing is shared.
    function M.may_send(who, weight, pace)
        local may_go = with_store(function(opened)
            return opened:transaction(function()
                opened:execute("DELETE FROM github_sent WHERE who = ? AND sent_s < ?",
                    { who, time.now() - pace.window_s })
                local sent = opened:one("SELECT COALESCE(SUM(weight), 0) AS total FROM github_sent WHERE who = ?",
                    { who }).total
                if sent > 0 and sent + weight > math.floor(pace.max) then return false end
                opened:execute("INSERT INTO github_sent VALUES (?, ?, ?)", { who, time.now(), weight })
                return true
            end)
        end)
        return may_go ~= false
    end

    -- Turns

    -- What `body()` gives, which one process at a time runs for a name.
    function M.alone(name, body)
        if not is_usable() then return body() end
        local has_begun = false
        local ok, result = pcall(function()
            return opened_store():lease(name, { wait_s = math.huge }, function()
                has_begun = true
                return body()
            end)
        end)
        if ok then return result end
        if has_begun or result.kind == "cancelled" then error(result, 0) end
        give_up(result)
        return body()
    end

    -- Says that a run belongs to a call.
    function M.claim(place, run_id)
        with_store(function(opened)
            opened:execute("DELETE FROM github_claim WHERE made_s < ?", { time.now() - claim_life_s })
            opened:execute("INSERT INTO github_claim VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                { run_id, place, time.now() })
        end)
    end

    -- The runs that belong to a call already, as a set.
    function M.claimed(place)
        local claimed = {}
        local rows = with_store(function(opened)
            return opened:query("SELECT run_id FROM github_claim WHERE place = ?", { place })
        end)
        for _, row in ipairs(rows or {}) do claimed[row.run_id] = true end
        return claimed
    end

    return M
end
