-- Gives `notify` the events that workflows kept in the store, each once.
local events = require("lib.events")

local M = {}

-- What is older when the first look is taken is no news.
local max_age = "1 day"
local portion = 500

local migrations = { "CREATE TABLE notify_cursor (only INTEGER PRIMARY KEY CHECK (only = 1), event INTEGER) STRICT" }

local function cursor_of(store)
    local row = store:one("SELECT event FROM notify_cursor")
    if row then return row.event end
    local old = store:one("SELECT max(id) AS id FROM events WHERE created_at < ?", { time.iso(time.ago(max_age)) })
    return old and old.id or 0
end

-- An event as it was raised, without what the store adds.
local function event_of(row)
    return {
        kind = row.kind, key = row.key, severity = row.severity, title = row.title, text = row.text, url = row.url,
        data = json.decode(row.data), created_at = row.created_at,
    }
end

--- Routes what is new. An event and the mark that it was routed are kept together, so that a stopped run repeats
--- nothing and leaves nothing out.
---@param store db.Connection
---@return integer deliveries
function M.run(store)
    events.prepare(store)
    notify.prepare(store)
    store:migrate("notify_cursor", migrations)
    local kept = 0
    repeat
        local count = store:transaction(function()
            local rows = store:query("SELECT * FROM events WHERE id > ? ORDER BY id LIMIT ?",
                { cursor_of(store), portion })
            local list = {}
            for i, row in ipairs(rows) do list[i] = event_of(row) end
            if #rows > 0 then
                kept = kept + notify.send(list, { store = store })
                store:execute("INSERT OR REPLACE INTO notify_cursor VALUES (1, ?)", { rows[#rows].id })
            end
            return #rows
        end)
    until count < portion
    return kept
end

return M
