-- Many processes that drain one outbox, some of which are killed.
local expect = require("support.expect")
local postgres = require("support.postgres")
local takers = require("support.takers")

local function with_outbox(events, body)
    expect.in_folder({}, function(folder)
        local place = { "--state", folder .. "/state" }
        takers.prepare(place, events)
        body(place)
    end)
end

describe("takers of one outbox", function()
    it("send each event once, those of a thread in order", function()
        with_outbox(300, function(place)
            local drained = takers.drain(place, 4, { sends = true })
            assert.equal(300, drained.sent)
            assert.same({ 300, 0, 0 }, { drained.received.handled, drained.received.again, drained.received.disorder })
        end)
    end)

    it("lose nothing when they are killed, and send again under the same key", function()
        with_outbox(400, function(place)
            local kills, kill = 0, takers.killer(0.15)
            local drained = takers.drain(place, 8, { sends = true, disturb = function(children)
                kills = kills + 1
                if kills <= 20 then kill(children) else task.sleep(60) end
            end })
            assert.same({ 400, 0 }, { drained.received.handled, drained.received.disorder })
            assert.is_true(drained.received.again <= 20)
        end)
    end)
end)

describe("takers of one outbox on PostgreSQL", function()
    it("lose nothing when they are killed and the server restarts", function()
        local why = postgres.missing()
        if why then return pending(why) end
        expect.in_folder({}, function(folder)
            postgres.with({}, function(server)
                local place = { "--state", folder .. "/state", env = { UHOST_STORE = server.url } }
                takers.prepare(place, 400)
                local disturbances, kill = 0, takers.killer(0.15)
                local drained = takers.drain(place, 8, { sends = true, disturb = function(children)
                    disturbances = disturbances + 1
                    if disturbances > 12 then task.sleep(60) end
                    kill(children)
                    -- Once in order, and once as a crash does it.
                    if disturbances % 6 == 0 then
                        server:stop(disturbances == 6 and "INT" or "QUIT")
                        server:start()
                    end
                end })
                assert.same({ 400, 0 }, { drained.received.handled, drained.received.disorder })
            end)
        end)
    end)
end)
