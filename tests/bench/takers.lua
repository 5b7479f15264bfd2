-- Measures how many deliveries a second leave one outbox with 1, 2 and 8 takers, each a process, which send nothing, on
-- SQLite and on PostgreSQL; against as many clients (on SQLite: one) that take and settle rows with the same two
-- statements and do nothing else, in Python's sqlite3 and in pgbench. The answers that are compared: how many were
-- settled, and that each was taken once. All of them share the machine.
--
-- Prints: what, deliveries a second, the peer's, ratio, target, same answer; separated by tabs.
package.path = debug.getinfo(1, "S").source:match("^@(.*)/bench/[^/]*$") .. "/?.lua;" .. package.path
local postgres = require("support.postgres")
local takers = require("support.takers")

local events = tonumber(arg[1]) or 4000

local taking = [[WITH due AS MATERIALIZED (SELECT id FROM notify_outbox WHERE state = 'pending' AND due_at <= '3000'
    ORDER BY due_at, id LIMIT 1 %s) UPDATE notify_outbox SET state = 'sending', claim = 'peer',
    attempts = attempts + 1 WHERE id IN (SELECT id FROM due) RETURNING %s]]
local settling = "UPDATE notify_outbox SET state = 'sent', claim = NULL, sent_at = '2026' WHERE id = "

local python = ([[
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
db.execute("PRAGMA synchronous = NORMAL")
began = time.monotonic()
while True:
    rows = db.execute("""%s""").fetchall()
    if not rows: break
    db.execute("%s ?", (rows[0][0],))
print(time.monotonic() - began)
]]):format(taking:format("", "*"), settling)

local function sqlite(body)
    local folder = fs.temp_dir()
    local engine = { name = "SQLite", place = { "--state", folder:path() } }
    local path = folder:path() .. "/takers.sqlite"
    function engine.reset()
        for _, suffix in ipairs({ "", "-wal", "-shm" }) do fs.remove(path .. suffix) end
    end
    function engine.count(condition)
        local store = db.open(path, { read_only = true })
        return store:one("SELECT count(*) AS n FROM notify_outbox WHERE " .. condition).n
    end
    function engine.peer() return tonumber(process.run({ "python3", "-c", python, path, check = true }).stdout) end
    body(engine)
    folder:close()
end

local function postgresql(body)
    if postgres.missing() then return end
    postgres.with({}, function(server)
        local folder = fs.temp_dir()
        local engine = { name = "PostgreSQL",
            place = { "--state", folder:path(), env = { UHOST_STORE = server.url } } }
        local script = folder:path() .. "/peer.sql"
        fs.write(script, ("%s \\gset\n%s :id;\n"):format(taking:format("FOR UPDATE SKIP LOCKED", "id"):gsub("\n", " "),
            settling))
        function engine.reset() server:ask("DROP SCHEMA IF EXISTS takers CASCADE") end
        function engine.count(condition)
            return tonumber(server:ask("SELECT count(*) FROM takers.notify_outbox WHERE " .. condition))
        end
        function engine.peer(clients)
            local began = time.monotonic()
            process.run({ "pgbench", "-n", "-f", script, "-c", clients, "-j", clients, "-t", events / clients, "-M",
                "prepared", "-h", "127.0.0.1", "-p", server.port, "-U", "owner", "tests", check = true,
                env = { PGOPTIONS = "-csearch_path=takers" } })
            return time.monotonic() - began
        end
        body(engine)
        folder:close()
    end)
end

local function measure(engine)
    for _, count in ipairs({ 1, 2, 8 }) do
        local function prepared(run)
            engine.reset()
            takers.prepare(engine.place, events)
            return run()
        end
        local peer_s = prepared(function() return engine.peer(count) end)
        local peer_settled = engine.count("state = 'sent'")
        local drained = prepared(function() return takers.drain(engine.place, count, {}) end)
        local once = engine.count("state = 'sent' AND attempts = 1")
        local same = once == events and drained.sent == events and peer_settled == events and "yes" or "no"
        local rate, peer_rate = events / drained.seconds, events / peer_s
        print(("deliveries a second, takers: %d, %s\t%d\t%d\t%.2f\t-\t%s"):format(count, engine.name, rate, peer_rate,
            rate / peer_rate, same))
    end
end

sqlite(measure)
postgresql(measure)
