-- What processes that use one state folder know of each other: limits that one has met, changes that were sent, runs
-- that belong to a call.
local postgres = require("support.postgres")
local support = require("support.github")
local with_github = support.with

local function refused(github_server)
    local count = 0
    for _, request in ipairs(github_server.requests()) do
        if request.status == 403 or request.status == 429 then count = count + 1 end
    end
    return count
end

-- Makes so many comments, one after the other, and prints how many.
local function comments(count)
    return ([[
        local repo, made = github.repository("o/n"), 0
        for i = 1, %d do
            repo:create_comment(4, { body = "c" .. i })
            made = made + 1
        end
        print(made)]]):format(count)
end

describe("processes that use one state folder", function()
    it("wait for a limit that one of them has met", function()
        with_github(function(github_server)
            github_server.control({ faults = { { method = "GET", path = "/repos/o/n/issues", kind = "status",
                status = 403, headers = { ["retry-after"] = "2" },
                body = { message = "You have exceeded a secondary rate limit" } } } })
            local held = time.monotonic()
            local code = [[print(github.get("issues/4", { repository = "o/n" }).number)]]
            local met = github_server.run(code, { arguments = { "--set", "github.max_wait_s=0" } })
            assert.matches("GitHub asks for a pause", met.stderr)
            local second = github_server.run(code)
            assert.equal("4\n", second.stdout, second.stderr)
            assert.is_true(time.monotonic() - held >= 1.5)
            assert.equal(1, refused(github_server))
            local others = github_server.run(code, { env = { UHOST_STATE = github_server.state .. "/other" } })
            assert.equal("4\n", others.stdout)
        end)
    end)

    it("keep to the pace of changes together that GitHub let one of them through", function()
        with_github(function(github_server)
            github_server.control({ secondary = { changes = 10, window_s = 3, retry_after_s = 3 } })
            assert.equal("14\n", github_server.run(comments(14)).stdout)
            assert.equal(1, refused(github_server))
            task.map({ 1, 2 }, function()
                local result = github_server.run(comments(8))
                assert.equal("8\n", result.stdout, result.stderr)
            end)
            assert.equal(1, refused(github_server))
        end)
    end)

    it("do without each other where the state folder cannot be written to", function()
        with_github(function(github_server)
            fs.write(github_server.state .. "/github_shared.sqlite", ("no database"):rep(1000))
            github_server.control({ secondary = { changes = 10, window_s = 1, retry_after_s = 1 } })
            local result = github_server.run(comments(12))
            assert.equal("12\n", result.stdout, result.stderr)
        end)
    end)

    it("share nothing, and make no file, before a limit was met", function()
        with_github(function(github_server)
            github_server.run(comments(1))
            assert.is_false(fs.exists(github_server.state .. "/github_shared.sqlite"))
        end)
    end)
end)

describe("github.Repository:dispatch in several processes", function()
    local code = [[
        local run = github.repository("o/n"):dispatch("ci.yml", { ref = "main" })
        print(run and ("%d"):format(run.id))]]

    -- How often each run is given to one of four processes that start one at the same time.
    local function dispatched(github_server)
        local given = {}
        task.map({ 1, 2, 3, 4 }, function()
            local result = github_server.run(code)
            assert.equal(0, result.code, result.stderr)
            local id = result.stdout:match("%d+")
            given[id] = (given[id] or 0) + 1
        end)
        return given
    end

    it("gives each the run that it started, and no run to two, when answers are lost", function()
        with_github(function(github_server)
            for _, kind in ipairs({ "lost", "reset_after" }) do
                github_server.control({ forget = true, repository = "o/n", workflows = {
                    { path = ".github/workflows/ci.yml" } }, faults = { { method = "POST", kind = kind, times = 2,
                    path = "/repos/o/n/actions/workflows/ci.yml/dispatches" } } })
                local given, runs = dispatched(github_server), 0
                for _, times in pairs(given) do
                    assert.equal(1, times)
                    runs = runs + 1
                end
                assert.equal(4, runs)
                assert.equal(4, github_server.report().effects["actions/create-workflow-dispatch"])
            end
        end)
    end)

    it("lets others go on when one of them was killed", function()
        with_github(function(github_server)
            github_server.control({ repository = "o/n", workflows = { { path = ".github/workflows/ci.yml" } } })
            local first = github_server.run(code)
            assert.equal(0, first.code)
            local store = db.open(github_server.state .. "/github_shared.sqlite")
            -- As one on another machine leaves it.
            assert.equal(1, store:execute("UPDATE uhost_leases SET scope = 'gone', ends_at = ? WHERE name = ?", {
                time.now() + 1, "dispatch " .. github_server.url .. "/repos/o/n/actions/workflows/ci.yml main",
            }))
            local second = github_server.run(code)
            assert.equal(0, second.code, second.stderr)
            assert.equal(0, store:one("SELECT ends_at FROM uhost_leases").ends_at)
            store:close()
        end)
    end)
end)

describe("processes of several machines that have one store on PostgreSQL", function()
    local function with_both(body)
        local why = postgres.missing()
        if why then return pending(why) end
        postgres.with({}, function(server)
            with_github(function(github_server)
                -- Each has a state folder of its own, as machines have.
                local function run_on(machine, code, arguments)
                    return github_server.run(code, { arguments = arguments, env = { UHOST_STORE = server.url,
                        UHOST_STATE = ("%s/%s"):format(github_server.state, machine) } })
                end
                body(github_server, run_on)
            end)
        end)
    end

    it("wait for a limit that one of them has met", function()
        with_both(function(github_server, run_on)
            github_server.control({ faults = { { method = "GET", path = "/repos/o/n/issues", kind = "status",
                status = 403, headers = { ["retry-after"] = "2" },
                body = { message = "You have exceeded a secondary rate limit" } } } })
            local code, held = [[print(github.get("issues/4", { repository = "o/n" }).number)]], time.monotonic()
            assert.matches("GitHub asks for a pause", run_on("a", code, { "--set", "github.max_wait_s=0" }).stderr)
            local second = run_on("b", code)
            assert.equal("4\n", second.stdout, second.stderr)
            assert.is_true(time.monotonic() - held >= 1.5)
            assert.equal(1, refused(github_server))
        end)
    end)

    it("spend one budget of points together", function()
        with_both(function(github_server, run_on)
            github_server.control({ rate = { core = { limit = 10, remaining = 10, reset_in_s = 2, window_s = 2 } } })
            local results = task.map({ "a", "b" }, function(machine)
                return run_on(machine, [[
                    for i = 1, 12 do github.get("issues/" .. i, { repository = "o/n" }) end
                    print("done")]], { "--set", "github.shared_budget=true", "--set", "github.cache=false" })
            end)
            for _, result in ipairs(results) do assert.equal("done\n", result.stdout, result.stderr) end
            assert.equal(0, refused(github_server))
        end)
    end)
end)
