-- Kills syncs at random instants, as often as the argument says (1,000 by default). Each is then resumed, and has to
-- end with the same branch, tag, index and files as a sync that was not killed; or, every second time, it is rolled
-- back, and everything has to be as it was. UHOST names the binary.
--
-- Prints: what, syncs that ended so, syncs, ratio, target, same answer; separated by tabs.
package.path = debug.getinfo(1, "S").source:match("^@(.*)/bench/[^/]*$") .. "/?.lua;" .. package.path
local sync_world = require("support.sync")

local rounds = tonumber(arg[1]) or 1000
local settings = [[tag = "fork-%V", build = { { "true" } }]]
local migrations = [=[return { rules = { {
    id = "new_name", files = { "*.c" }, pattern = [[\bold_name\(\)]], replacement = "new_name()" } } }]=]

local function with_world(body)
    local folder = fs.temp_dir()
    return task.finally(function()
        local world = sync_world.make(folder:path())
        world.policies(settings, { migrations = migrations })
        return body(world)
    end, function() folder:close() end)
end

local function text_of(snapshot)
    local names, list = {}, {}
    for name in pairs(snapshot) do names[#names + 1] = name end
    table.sort(names)
    for i, name in ipairs(names) do list[i] = name .. ": " .. snapshot[name] end
    return table.concat(list, "\n")
end

local whole, duration_s = with_world(function(world)
    local began = time.monotonic()
    world.sync("--to", "1.1.0")
    local stopped = time.monotonic() - began
    world.resolve()
    world.bring_to_end()
    return world.ending(), stopped
end)

math.randomseed(math.floor(time.now()))
local good = 0
for round = 1, rounds do
    local instant = math.random() * duration_s * 1.1
    local ok, failure = pcall(with_world, function(world)
        local before = text_of(world.snapshot())
        world.killed_after(instant, "--to", "1.1.0")
        -- Every fourth time the resumed sync is killed, too.
        if round % 4 == 3 and fs.exists(world.folder .. "/state/syncs") then
            pcall(world.resolve)
            world.killed_after(math.random() * duration_s * 1.5, "--resume")
        end
        if round % 2 == 0 then
            world.sync("--rollback")
            assert(before == text_of(world.snapshot()), "it is not as it was")
        else
            world.bring_to_end()
            assert(whole == world.ending(), "it has another end")
        end
    end)
    if ok then good = good + 1 else io.stderr:write(("round %d, after %.4f s: %s\n"):format(round, instant,
        tostring(failure))) end
end
print(table.concat({ "syncs killed at any instant", good, rounds, ("%.2f"):format(good / rounds), "1",
    good == rounds and "yes" or "no" }, "\t"))
