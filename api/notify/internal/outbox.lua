-- The outbox: what is to be delivered, in the store. A row is one event for one channel.
local M = {}

local migrations = { [[
    CREATE TABLE notify_outbox (
        id INTEGER PRIMARY KEY, event_key TEXT NOT NULL, kind TEXT NOT NULL, event TEXT NOT NULL,
        channel TEXT NOT NULL, purpose TEXT NOT NULL, route TEXT NOT NULL, state TEXT NOT NULL,
        reason TEXT NOT NULL DEFAULT '', thread TEXT, group_key TEXT, created_at TEXT NOT NULL, due_at TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0, claim TEXT, claimed_until TEXT, sent_at TEXT,
        UNIQUE (event_key, channel, purpose)) STRICT;
    CREATE INDEX notify_outbox_due ON notify_outbox (state, due_at);
    CREATE INDEX notify_outbox_recent ON notify_outbox (route, channel, created_at);
    CREATE INDEX notify_outbox_threads ON notify_outbox (channel, thread, id);
    CREATE TABLE notify_threads (
        channel TEXT NOT NULL, thread TEXT NOT NULL, reference TEXT NOT NULL, PRIMARY KEY (channel, thread)) STRICT;
    CREATE TABLE notify_acknowledged (
        thread TEXT PRIMARY KEY, who TEXT NOT NULL, at TEXT NOT NULL) STRICT
]], [[
    ALTER TABLE notify_outbox DROP COLUMN claimed_until;
    DROP INDEX notify_outbox_due;
    CREATE INDEX notify_outbox_due ON notify_outbox (state, due_at, id);
    CREATE INDEX notify_outbox_open_threads ON notify_outbox (channel, thread) WHERE state IN ('pending', 'sending');
    CREATE INDEX notify_outbox_open_groups ON notify_outbox (channel, group_key) WHERE state IN ('pending', 'sending')
]], [[
    -- Without statistics PostgreSQL takes either index for its first column alone.
    DROP INDEX notify_outbox_open_threads;
    DROP INDEX notify_outbox_open_groups;
    CREATE INDEX notify_outbox_open_threads ON notify_outbox (thread, channel) WHERE state IN ('pending', 'sending');
    CREATE INDEX notify_outbox_open_groups ON notify_outbox (group_key, channel) WHERE state IN ('pending', 'sending')
]] }

-- A thread is delivered in order: nothing overtakes what waits for another attempt. A group is one message.
local queue = db.queue{ table = "notify_outbox", waiting = "pending", taken = "sending", keeps_order = true,
    lanes = { { "channel", "thread", "purpose" }, { "channel", "group_key" } } }

--- Makes the tables in a store.
---@param store db.Connection
function M.prepare(store) store:migrate("notify", migrations) end

---@class notify.Delivery
---@field channel string
---@field purpose "event"|"escalation"
---@field route string
---@field state "pending"|"suppressed"
---@field reason string
---@field due number  Unix seconds
---@field group_key string?

--- Keeps a delivery; false when the event was given to this channel before.
---@param store db.Connection
---@param event notify.Event
---@param delivery notify.Delivery
---@param now number
---@return boolean
function M.add(store, event, delivery, now)
    return store:execute([[
        INSERT INTO notify_outbox (event_key, kind, event, channel, purpose, route, state, reason, thread, group_key,
            created_at, due_at)
        VALUES (:key, :kind, :event, :channel, :purpose, :route, :state, :reason, :thread, :group_key, :now, :due)
        ON CONFLICT DO NOTHING
    ]], {
        key = event.key, kind = event.kind, event = json.encode(event), channel = delivery.channel,
        purpose = delivery.purpose, route = delivery.route, state = delivery.state, reason = delivery.reason,
        thread = event.data and event.data.thread, group_key = delivery.group_key, now = time.iso(now),
        due = time.iso(delivery.due),
    }) == 1
end

--- How many events of a route were given to a channel since an instant.
---@param store db.Connection
---@param route string
---@param channel string
---@param since number
---@return integer
function M.count_recent(store, route, channel, since)
    return store:one([[SELECT count(*) AS count FROM notify_outbox WHERE route = ? AND channel = ? AND created_at > ?
        AND state <> 'suppressed']], { route, channel, time.iso(since) }).count
end

--- When the group that an event joins is due; nil when it is the first.
---@param store db.Connection
---@param channel string
---@param group_key string
---@param now number
---@return number?
function M.group_due(store, channel, group_key, now)
    local row = store:one([[SELECT min(due_at) AS due FROM notify_outbox WHERE channel = ? AND group_key = ?
        AND state = 'pending' AND due_at > ?]], { channel, group_key, time.iso(now) })
    return row and row.due and time.parse(row.due) or nil
end

--- Takes the next rows that are due, those of one message; nil when there are none.
---@param store db.Connection
---@param lease db.Lease
---@param now number
---@param max integer
---@return table[]?
function M.claim(store, lease, now, max)
    local at = time.iso(now)
    local rows = queue:take(lease, { now = at })
    local first = rows[1]
    if not first then return nil end
    if first.group_key then
        -- Nobody else takes them meanwhile: the first is at work.
        local others = store:query([[UPDATE notify_outbox SET state = 'sending', claim = :claim,
            attempts = attempts + 1 WHERE id IN (SELECT id FROM notify_outbox WHERE channel = :channel
                AND group_key = :group_key AND state = 'pending' AND due_at <= :now ORDER BY id LIMIT :max)
            RETURNING *]], { claim = lease.claim, channel = first.channel, group_key = first.group_key, now = at,
                max = max - 1 })
        for _, row in ipairs(others) do rows[#rows + 1] = row end
        table.sort(rows, function(a, b) return a.id < b.id end)
    end
    for _, row in ipairs(rows) do row.event = json.decode(row.event) end
    return rows
end

local settling = [[UPDATE notify_outbox SET state = :state, reason = :reason, claim = NULL,
    due_at = coalesce(:due, due_at), sent_at = :sent_at WHERE id = :id AND claim = :claim]]

--- Notes how the delivery of rows ended, unless somebody else has taken them meanwhile.
---@param store db.Connection
---@param rows table[]
---@param lease db.Lease
---@param change { state: string, reason?: string, due?: number, reference?: string }
function M.settle(store, rows, lease, change)
    local function settle(row)
        store:execute(settling, {
            state = change.state, reason = change.reason or "", due = change.due and time.iso(change.due),
            sent_at = change.state == "sent" and time.iso(time.now()) or nil, id = row.id, claim = lease.claim,
        })
    end
    for _, row in ipairs(rows) do
        if change.reference and row.thread then
            store:execute("INSERT OR IGNORE INTO notify_threads VALUES (?, ?, ?)",
                { row.channel, row.thread, change.reference })
        end
    end
    -- One message is settled as a whole. Of one row no transaction is made, which would keep the other takers waiting.
    if #rows == 1 then return settle(rows[1]) end
    store:transaction(function()
        for _, row in ipairs(rows) do settle(row) end
    end)
end

--- Lets what waits for a channel wait until an instant, at least.
---@param store db.Connection
---@param channel string
---@param due number
function M.hold(store, channel, due)
    store:execute([[UPDATE notify_outbox SET due_at = :due WHERE channel = :channel AND state = 'pending'
        AND due_at < :due]], { due = time.iso(due), channel = channel })
end

--- Forgets what was delivered or left out long ago.
---@param store db.Connection
---@param before number
function M.forget(store, before)
    store:execute([[DELETE FROM notify_outbox WHERE state IN ('sent', 'suppressed', 'cancelled', 'dead')
        AND created_at < ?]], { time.iso(before) })
end

--- What the first message of a thread is called in a channel.
---@param store db.Connection
---@param channel string
---@param thread string?
---@return string?
function M.reference(store, channel, thread)
    if not thread then return nil end
    local row = store:one("SELECT reference FROM notify_threads WHERE channel = ? AND thread = ?", { channel, thread })
    return row and row.reference
end

--- Why an escalation is not needed any more; nil while it is.
---@param store db.Connection
---@param row table
---@return string?
function M.settled_by(store, row)
    local thread = row.thread or row.event_key
    local acknowledged = store:one("SELECT who FROM notify_acknowledged WHERE thread = ?", { thread })
    if acknowledged then return "acknowledged by " .. acknowledged.who end
    local fixed = row.thread and store:one([[SELECT 1 AS yes FROM notify_outbox WHERE thread = ? AND id > ?
        AND kind LIKE '%.fixed']], { row.thread, row.id })
    return fixed and "fixed meanwhile" or nil
end

return M
