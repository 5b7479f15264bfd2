-- `uhost fleet`: scripts over repositories, what came of each, and that a kill at any moment loses nothing and repeats
-- nothing that had ended.
local ci_world = require("support.ci_world")
local demo_git = require("lib.demo_git")
local expect = require("support.expect")
local postgres = require("support.postgres")

local uhost_binary = os.getenv("UHOST") or "uhost"

-- Ends with the code that the file `code` has, and notes in $NOTES that it began and ended.
local script = [[
local name = fs.basename((process.run{ "git", "remote", "get-url", "origin", reads = true }.stdout:gsub("%s+$", "")))
local notes = assert(io.open(os.getenv("NOTES"), "a"))
notes:write("begin ", name, "\n") notes:flush()
task.sleep(tonumber(os.getenv("LASTS") or "0"))
io.stdout:write(json.encode({ name = name, arguments = json.array({ unpack(arg) }) }))
notes:write("end ", name, "\n") notes:close()
local code = tonumber(fs.read("code"))
if code == 3 then uhost.fail("http.connect", "cannot reach " .. name .. ".example") end
return code
]]

local function make_repository(path, code)
    demo_git.run({ "init", "--quiet", "--initial-branch=main", path })
    demo_git.run({ "-C", path, "fast-import", "--quiet" }, { stdin = ("commit refs/heads/main\n"
        .. "committer A <a@b.c> 1790000000 +0000\ndata 4\nMake\nM 100644 inline code\ndata 1\n%d"):format(code) })
end

-- Runs `body(world)` in a folder with check.lua and repositories r1, r2 … that end with these codes.
local function with(codes, body)
    expect.in_folder({ ["check.lua"] = script }, function(folder)
        local world, lines = { folder = folder }, {}
        for i, code in ipairs(codes) do
            make_repository(("%s/r%d"):format(folder, i), code)
            lines[i] = ("./r%d"):format(i)
        end
        fs.write(folder .. "/repos.txt", table.concat(lines, "\n"))
        function world.command(arguments, env)
            local command = { uhost_binary, cwd = folder, env = { UHOST_STATE = folder .. "/state",
                NOTES = folder .. "/notes", GITHUB_ACTIONS = "", COLUMNS = "120" } }
            for _, argument in ipairs(arguments) do command[#command + 1] = argument end
            for name, value in pairs(env or {}) do command.env[name] = value end
            return command
        end
        function world.run(arguments, env) return process.run(world.command(arguments, env)) end
        function world.fleet(arguments, env)
            local all = { "-q", "fleet", "run", "check.lua", "--over", "repos.txt", "--json", "--retries", "0" }
            for _, argument in ipairs(arguments or {}) do all[#all + 1] = argument end
            return world.run(all, env)
        end
        function world.notes()
            local counts = {}
            for line in (fs.read(folder .. "/notes") or ""):gmatch("[^\n]+") do
                counts[line] = (counts[line] or 0) + 1
            end
            return counts
        end
        body(world)
    end)
end

local function by_repository(report)
    local map = {}
    for _, shard in ipairs(report.shards) do map[shard.repository] = shard end
    return map
end

describe("uhost fleet run", function()
    it("runs the script in a clone of each repository, and ends with the worst code", function()
        with({ 0, 1, 2 }, function(world)
            local result = world.fleet({ "--", "--deep", "a b" })
            assert.equal(2, result.code, result.stderr)
            ci_world.assert_schema("fleet_report", result.stdout)
            local report = json.decode(result.stdout)
            assert.same({ fine = 1, findings = 1, broken = 1 }, report.counts)
            assert.same({ name = "r2", arguments = { "--deep", "a b" } }, by_repository(report)["./r2"].data)
            assert.equal("done", report.run.state)
            -- Nowhere else was it run, not to find out what options it has either.
            assert.same({ ["begin r1"] = 1, ["begin r2"] = 1, ["begin r3"] = 1, ["end r1"] = 1, ["end r2"] = 1,
                ["end r3"] = 1 }, world.notes())
            assert.equal(2, world.run({ "fleet", "report" }).code)
            ci_world.assert_schema("fleet_list", world.run({ "fleet", "list", "--json" }).stdout)
        end)
    end)

    it("hands the state folder, --store and --offline to the script", function()
        with({ 0 }, function(world)
            fs.write(world.folder .. "/check.lua", [[print(json.encode({ state = uhost.state_folder(),
                offline = uhost.offline, store = db.address() or "files" }))]])
            local state = world.folder .. "/other"
            local result = world.run({ "--state", state, "--store", "sqlite", "--offline", "-q", "fleet", "run",
                "check.lua", "--over", "repos.txt", "--json" }, { UHOST_STORE = "postgres://nobody@127.0.0.1:1/none" })
            assert.equal(0, result.code, result.stderr)
            assert.same({ state = state, offline = true, store = "files" }, json.decode(result.stdout).shards[1].data)
        end)
    end)

    it("names as the cause the last words of a script, never its own line", function()
        with({ 0 }, function(world)
            for ending, cause in pairs({ ['io.stderr:write("it did not go well\\n")'] = "it did not go well",
                [""] = "it ended with code 2 and said nothing" }) do
                fs.write(world.folder .. "/check.lua", ending .. " return 2")
                assert.equal(cause, json.decode(world.fleet().stdout).causes[1].cause)
            end
        end)
    end)

    it("tries again what failed because of the outside world, and names the cause once", function()
        with({ 3, 3, 0 }, function(world)
            local result = world.fleet({ "--retries", "2", "--retry-pause", "0.01 s" })
            assert.equal(3, result.code, result.stderr)
            local report = json.decode(result.stdout)
            for i, attempts in ipairs({ 3, 3, 1 }) do assert.equal(attempts, report.shards[i].attempts) end
            assert.equal(1, #report.causes)
            assert.same({ "./r1", "./r2" }, report.causes[1].repositories)
            assert.equal("cannot reach r1.example", report.causes[1].cause)
        end)
    end)

    it("gives each repository the arguments of its line", function()
        with({ 0, 0 }, function(world)
            fs.write(world.folder .. "/repos.txt", "./r1 since=2024\n./r2\n")
            local report = json.decode(world.fleet({ "--", "x" }).stdout)
            assert.same({ "x", "--since", "2024" }, report.shards[1].data.arguments)
            assert.same({ "x" }, report.shards[2].data.arguments)
        end)
    end)

    it("asks a command that can for JSON, in its subcommand too", function()
        with({ 0 }, function(world)
            local result = world.run({ "-q", "fleet", "run", "cache_advisor", "--over", "repos.txt", "--json" })
            assert.same({}, json.decode(result.stdout).shards[1].data.proposals)
            local planned = world.run({ "--dry-run", "fleet", "run", "upstream", "--over", "repos.txt", "--json", "--",
                "status" })
            assert.same({ "status", "--json" }, json.decode(planned.stdout).run.arguments)
        end)
    end)

    it("loses nothing and repeats nothing that had ended when it is killed", function()
        with({ 0, 1, 0, 0 }, function(world)
            local arguments = { "-q", "fleet", "run", "check.lua", "--over", "repos.txt", "--resume", "--max-parallel",
                "2" }
            local round = 0
            repeat
                round = round + 1
                local child = process.start(world.command(arguments, { LASTS = "0.05" }))
                if not child:wait(0.1 + 0.1 * round) then
                    child:kill("SIGKILL")
                    child:wait()
                end
                local runs = json.decode(world.run({ "fleet", "list", "--json" }).stdout).runs
            until runs[1] and runs[1].state == "done"
            local done = json.decode(world.run({ "fleet", "report", "1", "--json" }).stdout)
            assert.same({ fine = 3, findings = 1 }, done.counts)
            local notes = world.notes()
            for i = 1, 4 do
                -- A kill between the script's end and its result is the one moment of which nobody knows.
                local ended = notes[("end r%d"):format(i)]
                assert.is_true(ended >= 1 and ended <= round)
                assert.equal(i == 2 and 1 or 0, done.shards[i].exit_code)
            end
            -- What is over is not run again: a run of its own begins.
            assert.equal(2, json.decode(world.fleet({ "--resume" }).stdout).run.id)
        end)
    end)

    it("does not run again what came to its end while nobody looked", function()
        with({ 0 }, function(world)
            assert.equal(0, world.fleet().code)
            -- As a kill leaves it between the shard's end and the fleet's note.
            local store = db.open(world.folder .. "/state/fleet.sqlite")
            store:execute("UPDATE fleet_runs SET state = 'running'")
            store:execute("UPDATE fleet_shards SET state = 'running', outcome = NULL, output = NULL")
            store:close()
            fs.write(world.folder .. "/state/fleet/1/1-1.json",
                json.encode({ exit_code = 1, duration_s = 2, output = "seen", is_cut = false }))
            local report = json.decode(world.fleet({ "--resume" }).stdout)
            assert.same({ "findings", "seen", 1 }, { report.shards[1].outcome, report.shards[1].output,
                report.shards[1].attempts })
            assert.equal(1, world.notes()["begin r1"])
        end)
    end)

    it("is run on by one process at a time", function()
        with({ 0 }, function(world)
            local first = process.start(world.command({ "-q", "fleet", "run", "check.lua", "--over", "repos.txt" },
                { LASTS = "30" }))
            expect.eventually(function() return world.notes()["begin r1"] end)
            local second = world.run({ "fleet", "run", "--resume" })
            assert.equal(3, second.code)
            assert.matches("'fleet run 1' is held by", second.stderr)
            local status = json.decode(world.run({ "fleet", "status", "--json" }).stdout)
            assert.same({ running = 1 }, status.counts)
            first:kill("SIGINT")
            local ended = first:wait()
            assert.equal(130, ended.code)
            assert.same({ fine = 1 }, json.decode(world.run({ "-q", "fleet", "run", "--resume", "--json" }).stdout)
                .counts)
        end)
    end)

    it("runs again what failed because of the outside world when asked", function()
        with({ 3, 0 }, function(world)
            assert.equal(3, world.fleet().code)
            make_repository(world.folder .. "/new", 0)
            fs.remove(world.folder .. "/r1", { recursive = true })
            fs.rename(world.folder .. "/new", world.folder .. "/r1")
            local report = json.decode(world.fleet({ "--resume", "--retry-failed" }).stdout)
            assert.same({ fine = 2 }, report.counts)
            assert.equal(1, report.run.id)
            assert.equal(1, world.notes()["begin r2"])
        end)
    end)

    it("ends a script that takes too long, and says so", function()
        with({ 0 }, function(world)
            local report = json.decode(world.fleet({ "--timeout", "1 s" }, { LASTS = "3600" }).stdout)
            assert.same({ timed_out = 1 }, report.counts)
        end)
    end)

    it("raises an event that others are told of", function()
        with({ 1 }, function(world)
            world.fleet()
            local store = db.open(world.folder .. "/state/uhost.sqlite")
            local event = require("lib.events").list(store, { kind = "fleet.finished" })[1]
            store:close()
            assert.same({ "warning", "fleet run 1 of check.lua: 1 with findings" }, { event.severity, event.title })
        end)
    end)

    it("keeps its runs in PostgreSQL, and resumes them from there", function()
        local missing = postgres.missing()
        if missing then return pending(missing) end
        local server = postgres.start()
        task.finally(function()
            with({ 0, 1 }, function(world)
                local env = { UHOST_STORE = server.url }
                fs.write(world.folder .. "/place.lua", "print(json.encode({ store = db.address() }))")
                local placed = world.run({ "--store", server.url, "-q", "fleet", "run", "place.lua", "--over",
                    "repos.txt", "--json" })
                assert.equal(server.url, json.decode(placed.stdout).shards[1].data.store)
                local killed = process.start(world.command({ "-q", "fleet", "run", "check.lua", "--over", "repos.txt" },
                    { UHOST_STORE = server.url, LASTS = "60" }))
                expect.eventually(function() return world.notes()["begin r1"] end)
                killed:kill("SIGKILL")
                killed:wait()
                local result = world.fleet({ "--resume" }, env)
                assert.equal(1, result.code, result.stderr)
                local report = json.decode(result.stdout)
                assert.same({ fine = 1, findings = 1 }, report.counts)
                assert.equal(2, report.run.id)
                assert.equal(1, json.decode(world.run({ "fleet", "list", "--json" }, env).stdout).runs[1].exit_code)
                assert.matches("0 runs forgotten", world.run({ "fleet", "prune" }, env).stdout)
                assert.equal("2", server:ask("SELECT count(*) FROM uhost.events WHERE kind = 'fleet.finished'"))
                assert.is_false(fs.exists(world.folder .. "/state/fleet.sqlite"))
            end)
        end, function() server:close() end)
    end)

    it("forgets old runs, also those that were given up, but none that somebody works at", function()
        with({ 0 }, function(world)
            world.fleet()
            local function count() return #json.decode(world.run({ "fleet", "list", "--json" }).stdout).runs end
            local function pruned() return world.run({ "fleet", "prune", "--older-than", "0.001 s" }).stdout end
            local at_work = process.start(world.command({ "-q", "fleet", "run", "check.lua", "--over", "repos.txt" },
                { LASTS = "60" }))
            expect.eventually(function() return world.notes()["begin r1"] == 2 end)
            local planned = world.run({ "--dry-run", "fleet", "prune", "--older-than", "0.001 s" })
            assert.matches("1 run would be forgotten", planned.stdout, 1, true)
            assert.equal(2, count())
            assert.matches("1 run forgotten", pruned(), 1, true)
            assert.equal(1, count())
            at_work:kill("SIGINT")
            at_work:wait()
            assert.matches("1 run forgotten", pruned(), 1, true)
            assert.equal(0, count())
        end)
    end)

    it("plans under a dry run, and leaves nothing", function()
        with({ 0, 0 }, function(world)
            local result = world.run({ "--dry-run", "fleet", "run", "check.lua", "--over", "repos.txt" })
            assert.equal(0, result.code, result.stderr)
            assert.matches("run [^\n]*check%.lua in %./r1", result.stderr)
            assert.same({}, world.notes())
            assert.is_nil(world.run({ "fleet", "list" }).stdout:find("check.lua", 1, true))
        end)
    end)

    it("shows every outcome in its demonstration", function()
        with({}, function(world)
            local result = world.run({ "-q", "fleet", "run", "--demo", "--json" })
            assert.equal(0, result.code, result.stderr)
            assert.equal(3, json.decode(result.stdout).run.exit_code)
            ci_world.assert_schema("fleet_report", result.stdout)
            local counts = json.decode(result.stdout).counts
            for _, outcome in ipairs({ "fine", "findings", "broken", "world_failed", "timed_out", "crashed" }) do
                assert.is_true(counts[outcome] ~= nil, outcome)
            end
        end)
    end)

    it("refuses what it cannot run, with what to do", function()
        with({ 0 }, function(world)
            for words, cause in pairs({
                ["run nothing_such --over repos.txt"] = "there is no script 'nothing_such'",
                ["run ./no.lua --over repos.txt"] = "there is no script", ["run check.lua"] = "--over is missing",
                ["run check.lua -- --over repos.txt"] = "options of fleet stand before --",
                ["run check.lua --over repos.txt --executor slurp"] = "there is no executor 'slurp'",
                ["run serve --over repos.txt"] = "no command to run in many repositories",
                ["run check.lua --over none.txt"] = "there is no such file", ["status 7"] = "there is no run 7",
                ["run --resume"] = "no run was interrupted", ["run check.lua --over repos.txt --max-disk x"] = "20GiB",
                ["run check.lua --over repos.txt --retry-failed"] = "belongs to --resume",
            }) do
                local arguments = { "fleet" }
                for word in words:gmatch("%S+") do arguments[#arguments + 1] = word end
                local result = world.run(arguments)
                assert.equal(2, result.code, words)
                assert.is_truthy(result.stderr:find(cause, 1, true), words .. "\n" .. result.stderr)
                assert.is_nil(result.stderr:find("traceback", 1, true))
            end
        end)
    end)
end)
