-- The audit recorded once against GitHub (a stand-in), then run again from the recording alone.
local audit_world = require("support.audit_world")

local without_token = { GITHUB_TOKEN = false }

-- What was said, but for how long it took.
local function lasting(text)
    return (text:gsub("Time taken[^\n]*", ""):gsub('"time_s": *[%d.e-]+', ""))
end

-- Runs the audit with `arguments`, recording, and again replaying; both must say the same and exit alike, and the
-- second time nobody is asked and nothing changes. Gives the recording and what was said.
local function recorded_audit(arguments)
    local recording, said
    audit_world.with(function(world)
        local file = world.folder .. "/recording.jsonl"
        local first = world.audit_here(arguments, { host = { "--record", file } })
        world.control { forget = true }
        local again = world.audit_here(arguments,
            { host = { "--replay", file }, state = "other-state", env = without_token })
        assert.equal(first.code, again.code, again.stderr)
        assert.equal(lasting(first.stdout), lasting(again.stdout))
        assert.equal(0, #world.requests())
        recording, said = fs.read(file), first
    end)
    return recording, said
end

describe("a recorded audit", function()
    it("gives the same report without GitHub and without a token", function()
        local recording, said = recorded_audit({ "--format", "json" })
        assert.equal(2, json.decode(said.stdout).stats.api_requests)
        assert.equal(3, select(2, recording:gsub("\n", "\n")))
        assert.is_nil(recording:find(audit_world.token, 1, true))
    end)

    it("closes and tracks again as it did, and changes nothing", function()
        local recording, said = recorded_audit({ "--close", "--tracking-issue" })
        assert.equal(0, said.code, said.stderr)
        assert.matches('"method":"POST"', recording)
        assert.matches('"method":"PATCH"', recording)
        assert.is_nil(recording:find(audit_world.token, 1, true))
    end)
end)
