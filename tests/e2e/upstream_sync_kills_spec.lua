-- Syncs that are killed, at every checkpoint and at any instant. `tests/bench/run sync_kills` kills more of them.
local servers = require("support.servers")
local sync_world = require("support.sync")

local function in_world(options, body)
    if not body then options, body = nil, options end
    servers.in_folder(function(folder) body(sync_world.make(folder, options)) end)
end

describe("a sync that is killed", function()
    local checkpoints = { "begun", "prepared", "rebase", "rebased", "conflict", "resolved", "migrated", "adapted",
        "built", "tested", "planned", "moving", "references", "finalized", "pushed", "done" }

    local sync = [[tag = "fork-%V", build = { { "true" } }]]
    local migrations = [=[return { rules = { {
        id = "new_name", files = { "*.c" }, pattern = [[\bold_name\(\)]], replacement = "new_name()" } } }]=]

    local expected
    local function uninterrupted()
        if expected then return expected end
        in_world(function(world)
            world.policies(sync, { migrations = migrations })
            world.sync("--to", "1.1.0")
            world.bring_to_end()
            expected = world.ending()
        end)
        return expected
    end

    -- Runs until the host is killed at the checkpoint. Gives false where there is no such checkpoint.
    local function kill_at(world, checkpoint)
        if world.killed_at(checkpoint).signal == "SIGKILL" then return end
        world.resolve()
        assert.equal("SIGKILL", world.killed_at(checkpoint, { resume = true }).signal)
    end

    for _, checkpoint in ipairs(checkpoints) do
        it("at the checkpoint '" .. checkpoint .. "' ends as one that was not", function()
            local whole = uninterrupted()
            in_world(function(world)
                world.policies(sync, { migrations = migrations })
                kill_at(world, checkpoint)
                if checkpoint ~= "done" then world.bring_to_end() end
                assert.equal(whole, world.ending())
            end)
        end)

        it("at the checkpoint '" .. checkpoint .. "' can be undone", function()
            in_world(function(world)
                world.policies(sync, { migrations = migrations })
                local before = world.snapshot()
                kill_at(world, checkpoint)
                local result = world.sync("--rollback")
                assert.equal(0, result.code, result.stderr)
                assert.same(before, world.snapshot())
            end)
        end)
    end

    for _, checkpoint in ipairs({ "undoing", "references back", "backups gone" }) do
        it("while it is undone, at '" .. checkpoint .. "', is undone by the next call", function()
            in_world({ conflict = false }, function(world)
                world.policies(sync)
                local before = world.snapshot()
                assert.equal(0, world.sync("--to", "1.1.0").code)
                assert.equal("SIGKILL", world.killed_at(checkpoint, { rollback = true }).signal)
                assert.equal(0, world.sync("--resume").code)
                assert.same(before, world.snapshot())
            end)
        end)
    end

    it("at any instant ends as one that was not, or as if it had never begun", function()
        local whole = uninterrupted()
        for round = 1, 6 do
            in_world(function(world)
                world.policies(sync, { migrations = migrations })
                local before = world.snapshot()
                world.killed_after(math.random() * 0.5, "--to", "1.1.0")
                if round % 2 == 0 then
                    if fs.exists(world.folder .. "/state/uhost.sqlite") then world.sync("--rollback") end
                    assert.same(before, world.snapshot())
                else
                    world.bring_to_end()
                    assert.equal(whole, world.ending())
                end
            end)
        end
    end)
end)

describe("the lock of a fork", function()
    it("is held by a sync that runs, and not by one that was killed", function()
        in_world({ conflict = false }, function(world)
            world.policies(([[build = { { "sh", "-c", "touch %s/begun; sleep 60" } }]]):format(world.folder))
            local running = process.start(world.command("upstream", "sync", "--to", "1.1.0"))
            require("support.expect").eventually(function() return fs.exists(world.folder .. "/begun") end)
            local second = world.sync("--resume")
            assert.equal(3, second.code)
            assert.matches("is held by .-, process " .. running:pid(), second.stderr)
            running:kill("SIGKILL")
            running:wait()
            world.policies("")
            local third = world.sync("--resume")
            assert.equal(0, third.code, third.stderr)
        end)
    end)
end)
