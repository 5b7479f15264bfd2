-- `uhost plan`: what was changed, when and by which script.
local uhost_binary = os.getenv("UHOST") or "uhost"

local function run(state, ...)
    return process.run({ uhost_binary, "--state", state, ... })
end

local function entries(state, ...)
    local result = run(state, "plan", "--json", ...)
    assert.equal(0, result.code, result.stderr)
    return json.decode(result.stdout).entries
end

-- A state folder with three changes by two scripts, of which one failed.
local function with_trail(body)
    local folder = fs.temp_dir()
    local state = folder:path() .. "/state"
    local code = [[
        local kind, outcome = ...
        pcall(plan.perform, { kind = kind, target = "the \27[31mthing", summary = "change it", details = { size = 3 },
            apply = function() if outcome == "failed" then error("it broke") end return "well done" end })]]
    for _, name in ipairs({ "weekly", "monthly" }) do fs.write(("%s/%s.lua"):format(folder:path(), name), code) end
    run(state, folder:path() .. "/weekly.lua", "release.publish", "done")
    run(state, folder:path() .. "/weekly.lua", "release.announce", "failed")
    run(state, folder:path() .. "/monthly.lua", "issue.close", "done")
    return task.finally(function() return body(state, folder:path()) end, function() folder:close() end)
end

describe("uhost plan", function()
    it("shows the trail, newest first, as a table without control characters", function()
        with_trail(function(state)
            local result = run(state, "plan")
            assert.equal(0, result.code, result.stderr)
            assert.matches("issue%.close.*release%.annou.*release%.publi", result.stdout)
            assert.matches("failed", result.stdout)
            assert.matches("weekly.lua", result.stdout, 1, true)
            assert.is_nil(result.stdout:find("\27", 1, true))
        end)
    end)

    it("gives all that is known as JSON", function()
        with_trail(function(state)
            local newest = entries(state)[1]
            assert.equal("issue.close", newest.kind)
            assert.equal("done", newest.outcome)
            assert.equal("well done", newest.result)
            assert.same({ size = "3" }, newest.details)
            assert.matches("^%d%d%d%d%-%d%d%-%d%dT", newest.started_at)
        end)
    end)

    it("chooses by kind, script, time, outcome and number", function()
        with_trail(function(state, folder)
            assert.equal(2, #entries(state, "--kind", "release."))
            assert.equal(1, #entries(state, "--kind", "release.publish"))
            assert.equal(2, #entries(state, "--script", "weekly"))
            assert.equal(1, #entries(state, "--script", "monthly.lua"))
            assert.equal(2, #entries(state, "--script", folder .. "/weekly.lua"))
            assert.equal(0, #entries(state, "--script", "ly"))
            assert.equal(3, #entries(state, "--since", "1 day"))
            assert.equal(0, #entries(state, "--since", "9999-01-01"))
            assert.equal("release.announce", entries(state, "--failed")[1].kind)
            assert.equal(1, #entries(state, "--failed"))
            assert.equal(2, #entries(state, "--limit", "2"))
        end)
    end)

    it("says when there is nothing, and refuses what it does not understand", function()
        local folder = fs.temp_dir()
        assert.matches("Nothing that fits", run(folder:path(), "plan").stdout)
        for _, arguments in ipairs({ { "--since", "soon" }, { "--limit", "0" }, { "--limit", "x" }, { "--kinds" } }) do
            local result = run(folder:path(), "plan", unpack(arguments))
            assert.equal(2, result.code, table.concat(arguments, " "))
            assert.matches("^error: [^\n]+\n  hint: ", result.stderr)
        end
        folder:close()
    end)
end)
