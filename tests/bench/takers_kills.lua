-- Kills takers of one outbox at random instants for a minute (or as many seconds as the second argument says), while 8
-- of them send 20,000 events (the first argument) to a server, and then lets them finish. Each event has to be handled
-- once, those of a thread in order, as the server sees it by the idempotency keys.
--
-- Prints: what, events that were handled once, events, ratio, target, same answer; separated by tabs; then kills, and
-- events that came again under their key, which the server told from new ones.
package.path = debug.getinfo(1, "S").source:match("^@(.*)/bench/[^/]*$") .. "/?.lua;" .. package.path
local takers = require("support.takers")

local events, seconds = tonumber(arg[1]) or 20000, tonumber(arg[2]) or 60

local folder = fs.temp_dir()
local place = { "--state", folder:path() }
takers.prepare(place, events, 500)
math.randomseed(math.floor(time.now()))
local ends_at, kills, kill = time.monotonic() + seconds, 0, takers.killer(0.5)
local drained = takers.drain(place, 8, { sends = true, disturb = function(children)
    if time.monotonic() > ends_at then return task.sleep(60) end
    kill(children)
    kills = kills + 1
end })
folder:close()
local received = drained.received
local fine = received.handled == events and received.disorder == 0
print(("events handled once, 8 takers, SQLite\t%d\t%d\t%.2f\t1\t%s"):format(received.handled, events,
    received.handled / events, fine and "yes" or "no"))
print(("kills of takers\t%d\t-\t-\t-\t%s"):format(kills, fine and "yes" or "no"))
print(("events that came again\t%d\t-\t-\t-\t%s"):format(received.again, fine and "yes" or "no"))
