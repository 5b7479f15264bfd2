-- `uhost logs` as its user runs it: logs of this machine, kept, found, shown, checked and forgotten.
local assert_schema = require("support.ci_world").assert_schema
local expect = require("support.expect")

local uhost_binary = os.getenv("UHOST") or "uhost"

local build_log = table.concat({
    "2026-01-31T10:00:00.1000000Z Current runner version: '2.311.0'",
    "2026-01-31T10:00:01.1000000Z ##[group]Run make",
    "2026-01-31T10:00:01.2000000Z ##[endgroup]",
    "2026-01-31T10:00:09.0000000Z oven.obj : error LNK2019: unresolved external symbol heat",
    "2026-01-31T10:00:10.0000000Z \27[31mkiln.exe : fatal error\27[0m LNK1120",
}, "\n") .. "\n"

-- Runs `body(world)`: `world.logs(…)` runs `uhost logs`, `world.json(schema, …)` gives what it writes as JSON.
local function with(body)
    expect.in_folder({ ["build.log"] = build_log, ["docs.log"] = "all is well\n" }, function(folder)
        local world = { folder = folder, state = folder .. "/state", host = {} }
        function world.command(...)
            local command = { uhost_binary, "-q", ... }
            command.cwd = folder
            command.env = { UHOST_STATE = world.state, UHOST_OFFLINE = "true", GITHUB_ACTIONS = false, COLUMNS = "80" }
            return command
        end
        function world.logs(...) return process.run(world.command("logs", ...)) end
        function world.json(schema, ...)
            local arguments = { ... }
            arguments[#arguments + 1] = "--json"
            local result = world.logs(unpack(arguments))
            assert(result.code < 2, result.stderr)
            assert_schema(schema, result.stdout)
            return json.decode(result.stdout), result
        end
        body(world)
    end)
end

local function assert_code(code, result)
    assert.equal(code, result.code, result.stdout .. result.stderr)
    return result
end

local function kept(body)
    with(function(world)
        assert_code(0, world.logs("ingest", "build.log", "docs.log", "--run", "nightly", "--branch", "main"))
        body(world)
    end)
end

describe("uhost logs", function()
    it("finds a line, and says where it is", function()
        kept(function(world)
            local result = assert_code(0, world.logs("search", [[LNK\d+]], "--job", "build", "--since", "30d"))
            assert.equal("nightly/build:4: oven.obj : error LNK2019: unresolved external symbol heat\n"
                .. "nightly/build:5: kiln.exe : fatal error LNK1120\n", result.stdout)
            assert_code(1, world.logs("search", "LNK", "--job", "docs"))
            assert_code(1, world.logs("search", "nowhere"))
            assert_code(1, world.logs("search", "LNK", "--branch", "topic"))
        end)
    end)

    it("searches steps, texts, and without regard to case", function()
        kept(function(world)
            assert_code(0, world.logs("search", "lnk", "-i", "--step", "Run make"))
            assert_code(1, world.logs("search", "lnk", "-i", "--step", "Set up"))
            assert_code(1, world.logs("search", "LNK.019", "-F"))
            assert.equal("       2  nightly/build\n", world.logs("search", "LNK", "-c").stdout)
        end)
    end)

    it("writes JSON by its schemas", function()
        kept(function(world)
            local found = world.json("logs_search", "search", "LNK2019", "-C", "1")
            assert.same({ "Run make", 4, { "##[endgroup]" }, "2026-01-31T10:00:09Z" },
                { found.lines[1].step, found.lines[1].line, found.lines[1].before, found.lines[1].at })
            local runs = world.json("logs_show", "show").runs
            assert.same({ 1, 2 }, { #runs, #runs[1].jobs })
            assert.equal(5, #world.json("logs_show", "show", "nightly/build").lines)
            assert.equal(6, world.json("logs_stats", "stats").lines)
            assert.same({}, world.json("logs_verify", "verify").damages)
            assert.equal(0, world.json("logs_prune", "prune").runs)
            assert.equal(1, world.json("logs_ingest", "ingest", "docs.log").known)
        end)
    end)

    it("shows a log, a step, and the surroundings of a line", function()
        kept(function(world)
            local whole = assert_code(0, world.logs("show", "nightly/build")).stdout
            assert.equal(5, select(2, whole:gsub("\n", "\n")))
            assert.is_nil(whole:find("\27", 1, true))
            assert.equal("all is well\n", world.logs("show", "nightly/docs:1").stdout)
            assert.matches("^##%[endgroup%]\noven.*\nkiln[^\n]*\n$",
                world.logs("show", "nightly/build:4", "-C", "1").stdout)
            assert.equal("Current runner version: '2.311.0'\n",
                world.logs("show", "nightly/build", "--step", "Set up").stdout)
            assert.matches("did you mean 'nightly'", assert_code(2, world.logs("show", "nightli")).stderr)
            assert.matches("did you mean 'docs'", assert_code(2, world.logs("show", "nightly/dogs")).stderr)
            assert_code(2, world.logs("show", "nightly/build:99"))
        end)
    end)

    it("names jobs and steps as `gh run view --log` does", function()
        with(function(world)
            local text = ""
            for _, each in ipairs({ "build\tSet up job", "build\tCompile", "test\tSet up job" }) do
                text = text .. ("%s\t2026-01-31T10:00:00.0000000Z a line of %s\n"):format(each, each:gsub("\t", " "))
            end
            fs.write(world.folder .. "/gh.log", text)
            assert_code(0, world.logs("ingest", "gh.log", "--run", "7"))
            assert.equal("7/build:2: a line of build Compile\n", world.logs("search", "Compile").stdout)
            assert.equal("7/test:1: a line of test Set up job\n", world.logs("search", "line", "--job", "test").stdout)
        end)
    end)

    it("reads archives and packed files", function()
        with(function(world)
            process.run({ "gzip", "-k", "build.log", cwd = world.folder, check = true })
            assert_code(0, world.logs("ingest", "build.log.gz", "--run", "packed"))
            assert.matches("^packed/build:4", world.logs("search", "LNK2019").stdout)
        end)
    end)

    it("takes the jobs out of an archive of a run, as GitHub packs it", function()
        with(function(world)
            process.run({ "python3", "-c", [[
import zipfile
with zipfile.ZipFile("run.zip", "w") as archive:
    archive.writestr("0_build (linux).txt", open("build.log").read())
    archive.writestr("build (linux)/1_Set up job.txt", "a part of it\n")
    archive.writestr("1_docs.txt", "all is well\n")]], cwd = world.folder, check = true })
            assert_code(0, world.logs("ingest", "run.zip", "--run", "12"))
            local names = {}
            for i, job in ipairs(world.json("logs_show", "show").runs[1].jobs) do names[i] = job.name end
            assert.same({ "build (linux)", "docs" }, names)
            assert.matches("^12/build %(linux%):4:", world.logs("search", "LNK2019").stdout)
        end)
    end)

    it("forgets what is old, and gives its space back", function()
        kept(function(world)
            assert_code(0, world.logs("ingest", "build.log", "--run", "old", "--at", "2020-01-31"))
            assert.equal(2, #world.json("logs_show", "show").runs)
            local pruned = world.json("logs_prune", "prune")
            assert.equal(1, pruned.runs)
            assert.equal(1, #world.json("logs_show", "show").runs)
            assert_code(0, world.logs("search", "LNK2019", "--run", "nightly"))
            world.json("logs_prune", "prune", "--keep", "0 seconds")
            assert.equal(0, world.json("logs_stats", "stats").stored_bytes)
            assert_code(0, world.logs("ingest", "build.log", "--run", "new"))
            assert_code(0, world.logs("search", "LNK2019"))
            assert_code(0, world.logs("verify"))
        end)
    end)

    it("says which lines damage has cost", function()
        kept(function(world)
            local file = world.state .. "/logs/00000001.segment"
            local content = fs.read(file)
            local half = math.floor(#content / 2)
            fs.write(file, content:sub(1, half) .. string.char((content:byte(half + 1) + 1) % 256)
                .. content:sub(half + 2))
            local found = world.json("logs_verify", "verify")
            assert.same({ run = "nightly", job = "build", first_line = 1, last_line = 5 }, found.damages[1].lost[1])
            assert.matches("damaged", assert_code(1, world.logs("verify")).stdout)
            assert_code(3, world.logs("search", "LNK2019"))
            fs.remove(file)
            assert.matches("missing", assert_code(1, world.logs("verify")).stdout)
        end)
    end)

    it("keeps nothing in a dry run", function()
        with(function(world)
            local result = process.run(world.command("--dry-run", "logs", "ingest", "build.log"))
            assert_code(0, result)
            assert_code(1, world.logs("search", "LNK2019"))
            assert.is_false(fs.exists(world.state .. "/logs"))
        end)
    end)

    it("keeps no secret", function()
        with(function(world)
            fs.write(world.folder .. "/secret.log", "the key is verysecretkey and so is ghp_" .. ("a"):rep(36) .. "\n")
            local command = world.command("logs", "ingest", "secret.log", "--run", "s")
            command.env.MY_API_KEY = "verysecretkey"
            assert_code(0, process.run(command))
            assert.equal("the key is *** and so is ***\n", world.logs("show", "s/secret").stdout)
            local files = process.run({ "sh", "-c", "zstdcat -f state/logs/* 2>/dev/null; cat state/*",
                cwd = world.folder })
            assert.is_nil(files.stdout:find("verysecretkey", 1, true))
        end)
    end)

    it("demonstrates itself without network, token and traces", function()
        with(function(world)
            for _, words in ipairs({ { "search", "error" }, { "show" }, { "show", "1005/build" }, { "stats" },
                { "verify" }, { "prune" }, { "ingest", "build.log" }, { "fetch" }, { "ship" }, { "predict" },
                { "compare", "1001", "1002" } }) do
                words[#words + 1] = "--demo"
                assert_code(0, world.logs(unpack(words)))
            end
            assert_code(1, world.logs("compare", "1004", "1005", "--demo"))
            local tail = assert_code(1, world.logs("tail", "--run", "1007", "--interval", "1", "--demo"))
            assert.matches("run 1007: failure", tail.stdout)
            assert_code(1, world.logs("search", "LNK2019"))
        end)
    end)

    it("refuses what makes no sense, with a remedy", function()
        with(function(world)
            for _, words in ipairs({ {}, { "serch" }, { "search" }, { "search", "(" }, { "show", "nothing" },
                { "search", "x", "--since", "soon" }, { "search", "x", "--limit", "0" }, { "ingest", "nothing.log" },
                { "ingest", "build.log", "--run", "a/b" }, { "prune", "--keep", "soon" } }) do
                local result = assert_code(2, world.logs(unpack(words)))
                assert.is_nil(result.stderr:find("traceback", 1, true))
            end
        end)
    end)
end)

-- A folder with many logs, whose adding takes long enough to be disturbed.
local function with_many(body)
    with(function(world)
        local lines = {}
        for i = 1, 4000 do lines[i] = ("line %d of %d says %s"):format(i, i * 7, ("%x"):format(i * 2654435761)) end
        fs.mkdir(world.folder .. "/many")
        for i = 1, 40 do
            fs.write(("%s/many/%d.log"):format(world.folder, i),
                ("%s\nthe end of %d\n"):format(table.concat(lines, "\n"), i))
        end
        body(world)
    end)
end

describe("uhost logs, disturbed", function()
    it("keeps what was safe, after it was killed", function()
        with_many(function(world)
            assert_code(0, world.logs("ingest", "build.log", "--run", "before"))
            for kill = 1, 6 do
                local child = process.start(world.command("logs", "ingest", "many", "--run", "killed"))
                local file = world.state .. "/logs/00000001.segment"
                local size = fs.stat(file).size_bytes
                expect.eventually(function()
                    local status = fs.stat(file)
                    return status.size_bytes > size + kill * 1000 or not child:running()
                end)
                child:kill("KILL")
                child:wait()
                assert_code(0, world.logs("verify"))
                assert_code(0, world.logs("search", "LNK2019", "--run", "before"))
            end
            assert_code(0, world.logs("ingest", "many", "--run", "whole"))
            assert.equal(40, #world.json("logs_search", "search", "^the end of", "--run", "whole").lines)
            assert_code(0, world.logs("verify"))
        end)
    end)

    it("adds the logs of two at once", function()
        with_many(function(world)
            local one = process.start(world.command("logs", "ingest", "many", "--run", "one"))
            local other = process.start(world.command("logs", "ingest", "many", "--run", "other"))
            assert_code(0, one:wait())
            assert_code(0, other:wait())
            for _, run in ipairs({ "one", "other" }) do
                assert.equal(40, #world.json("logs_search", "search", "^the end of", "--run", run).lines)
            end
            assert_code(0, world.logs("verify"))
        end)
    end)

    it("ends at Ctrl-C, and begins anew", function()
        with_many(function(world)
            local child = process.start(world.command("logs", "ingest", "many", "--run", "stopped"))
            expect.eventually(function() return fs.exists(world.state .. "/logs/00000001.segment") end)
            child:kill("INT")
            local result = child:wait()
            assert.is_true(result.code == 130 or result.code == 0, result.stderr)
            assert_code(0, world.logs("ingest", "many", "--run", "stopped"))
            assert.equal(40, #world.json("logs_search", "search", "^the end of").lines)
        end)
    end)
end)
