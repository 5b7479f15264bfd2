-- Kills takers of one outbox at random instants for a minute (or as many seconds as the second argument says), while 8
-- of them send 20,000 events (the first argument) to a server, and then lets them finish: on SQLite, and on PostgreSQL,
-- which is restarted every 4 seconds, in order or as by a crash. Each event has to be handled once, those of a thread
-- in order, as the server that receives them sees it by the idempotency keys.
--
-- Prints: what, events that were handled once, events, ratio, target, same answer; separated by tabs; then kills,
-- restarts, and events that came again under their key, which the server told from new ones.
package.path = debug.getinfo(1, "S").source:match("^@(.*)/bench/[^/]*$") .. "/?.lua;" .. package.path
local postgres = require("support.postgres")
local takers = require("support.takers")

local events, seconds = tonumber(arg[1]) or 20000, tonumber(arg[2]) or 60
local restart_after_s = 4

local function measure(name, place, restart)
    takers.prepare(place, events, 500)
    local ends_at, kills, restarts, kill = time.monotonic() + seconds, 0, 0, takers.killer(0.5)
    local restart_at = time.monotonic() + restart_after_s
    local drained = takers.drain(place, 8, { sends = true, disturb = function(children)
        if time.monotonic() > ends_at then return task.sleep(60) end
        kill(children)
        kills = kills + 1
        if restart and time.monotonic() > restart_at then
            restarts = restarts + 1
            restart(restarts)
            restart_at = time.monotonic() + restart_after_s
        end
    end })
    local received = drained.received
    local fine = received.handled == events and received.disorder == 0 and "yes" or "no"
    print(("events handled once, 8 takers, %s\t%d\t%d\t%.2f\t1\t%s"):format(name, received.handled, events,
        received.handled / events, fine))
    for _, row in ipairs({ { "kills of takers", kills }, { "restarts of the server", restarts },
        { "events that came again", received.again } }) do
        print(("%s, %s\t%d\t-\t-\t-\t%s"):format(row[1], name, row[2], fine))
    end
end

math.randomseed(math.floor(time.now()))
local folder = fs.temp_dir()
measure("SQLite", { "--state", folder:path() })
if not postgres.missing() then
    postgres.with({}, function(server)
        measure("PostgreSQL", { "--state", folder:path(), env = { UHOST_STORE = server.url } }, function(number)
            server:stop(number % 2 == 0 and "QUIT" or "INT")
            server:start()
        end)
    end)
end
folder:close()
