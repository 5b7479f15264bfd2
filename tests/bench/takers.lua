-- Measures how many deliveries a second leave one outbox with 1, 2 and 8 takers, each a process, which send nothing;
-- against a loop in Python that takes and settles rows with the same two statements. The answers that are compared: how
-- many were settled, and that each was once. All of them share the machine.
--
-- Prints: what, deliveries a second, the peer's, ratio, target, same answer; separated by tabs.
package.path = debug.getinfo(1, "S").source:match("^@(.*)/bench/[^/]*$") .. "/?.lua;" .. package.path
local takers = require("support.takers")

local events = tonumber(arg[1]) or 4000

local sqlite_peer = [[
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
db.execute("PRAGMA synchronous = NORMAL")
began, settled = time.monotonic(), 0
while True:
    rows = db.execute("""WITH due AS (SELECT id FROM notify_outbox WHERE state = 'pending' AND due_at <= '3000'
        ORDER BY due_at, id LIMIT 1) UPDATE notify_outbox SET state = 'sending', claim = 'peer',
        attempts = attempts + 1 WHERE id IN (SELECT id FROM due) RETURNING *""").fetchall()
    if not rows: break
    db.execute("UPDATE notify_outbox SET state = 'sent', claim = NULL, sent_at = '2026' WHERE id = ?", (rows[0][0],))
    settled += 1
print(settled, time.monotonic() - began)
]]

local function with_outbox(body)
    local folder = fs.temp_dir()
    return task.finally(function()
        local place = { "--state", folder:path() }
        takers.prepare(place, events)
        return body(place, folder:path() .. "/takers.sqlite")
    end, function() folder:close() end)
end

local peer_rate, peer_count = with_outbox(function(_, path)
    local result = process.run({ "python3", "-c", sqlite_peer, path, check = true }).stdout
    local settled, seconds = result:match("(%d+) (%S+)")
    return settled / seconds, tonumber(settled)
end)

for _, count in ipairs({ 1, 2, 8 }) do
    with_outbox(function(place, path)
        local drained = takers.drain(place, count, {})
        local store = db.open(path, { read_only = true })
        local once = store:one("SELECT count(*) AS n FROM notify_outbox WHERE state = 'sent' AND attempts = 1").n
        store:close()
        local rate = drained.sent / drained.seconds
        local same = once == events and drained.sent == peer_count and "yes" or "no"
        print(("deliveries a second, takers: %d, SQLite\t%d\t%d\t%.2f\t-\t%s"):format(count, rate, peer_rate,
            rate / peer_rate, same))
    end)
end
