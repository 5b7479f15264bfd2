-- What workflows say has happened, in one form: kept in the store, for whoever is to hear of it later.
--
-- An event is written in the same transaction as what caused it, so that neither is there without the other. Its key
-- says what it is about: a second event with the same key is the same event, and is not written again.
local M = {}

local check = require("uhost.notify.event").check

local migrations = { [[
    CREATE TABLE events (
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL UNIQUE, severity TEXT NOT NULL,
        title TEXT NOT NULL, text TEXT NOT NULL, url TEXT, data TEXT NOT NULL, created_at TEXT NOT NULL) STRICT;
    CREATE INDEX events_by_kind ON events (kind, id)
]] }

--- Makes the table of events in a store.
---@param store db.Connection
function M.prepare(store) store:migrate("events", migrations) end

--- Keeps an event. Within a transaction of `store` it is kept with it, or not at all.
---@param store db.Connection
---@param event notify.Event
---@return boolean new  false when it is known already
function M.raise(store, event)
    check(event, "events.raise")
    local is_new = store:execute([[
        INSERT INTO events (kind, key, severity, title, text, url, data, created_at)
        VALUES (:kind, :key, :severity, :title, :text, :url, :data, :created_at) ON CONFLICT (key) DO NOTHING
    ]], {
        kind = event.kind, key = event.key, severity = event.severity, title = event.title, text = event.text or "",
        url = event.url, data = json.encode(event.data or {}), created_at = event.created_at or time.iso(time.now()),
    }) == 1
    if is_new then uhost.publish("event", event) end
    return is_new
end

--- The newest events, newest first.
---@param store db.Connection
---@param options? { kind?: string, after?: integer, limit?: integer }
---@return notify.Event[]
function M.list(store, options)
    options = uhost.check_options(options, "events.list", { "kind", "after", "limit" })
    local rows = store:query([[
        SELECT * FROM events WHERE (:kind IS NULL OR kind = :kind) AND id > :after ORDER BY id DESC LIMIT :limit
    ]], { kind = options.kind, after = options.after or 0, limit = options.limit or 100 })
    for _, row in ipairs(rows) do row.data = json.decode(row.data) end
    return rows
end

return M
