-- Syncs of forks, hosts and remotes that are not as one would wish: each has an outcome with a name.
local expect = require("support.expect")
local servers = require("support.servers")
local sync_world = require("support.sync")

local function in_world(body, options)
    servers.in_folder(function(folder) body(sync_world.make(folder, options or { conflict = false })) end)
end

local function events_of(world)
    local store = db.open(world.folder .. "/state/uhost.sqlite", { read_only = true })
    local kinds = {}
    local rows = store:query("SELECT kind FROM events WHERE kind LIKE 'upstream.sync%' ORDER BY id")
    for i, row in ipairs(rows) do kinds[i] = row.kind end
    store:close()
    return kinds
end

describe("a conflict that a sync meets every night", function()
    it("is told of once, and again when the fork or the release is another", function()
        in_world(function(world)
            for _ = 1, 2 do
                assert.equal(1, world.sync("--to", "1.1.0").code)
                assert.equal(0, world.sync("--abort").code)
            end
            assert.same({ "upstream.sync_conflict" }, events_of(world))
            world.git("commit", "-q", "--allow-empty", "-m", "Go on")
            assert.equal(1, world.sync("--to", "1.1.0").code)
            assert.same({ "upstream.sync_conflict", "upstream.sync_conflict" }, events_of(world))
        end, {})
    end)
end)

describe("a fork that was published without the project's history", function()
    -- The fork again, as two commits on a history of its own: what it was made from with one change, and the rest.
    local function in_snapshot(body)
        in_world(function(world)
            local git = world.git
            git("fetch", "-q", "--tags", "origin")
            git("checkout", "-q", "--orphan", "snapshot", "v1.0.0")
            fs.write(world.fork .. "/lib/a.c", "int a, ours;\n")
            git("add", "-A")
            git("commit", "-q", "-m", "Publish")
            fs.write(world.fork .. "/own.c", "int own;\n")
            git("add", "-A")
            git("commit", "-q", "-m", "Add a file of our own")
            git("branch", "-q", "-M", "snapshot", "main")
            body(world)
        end)
    end

    it("is brought onto a release from the one whose files it has, and shares the history from then on", function()
        in_snapshot(function(world)
            local before = world.snapshot()
            local result = world.sync("--to", "1.1.0", "--format", "json")
            assert.equal(0, result.code, result.stderr)
            assert.matches("no history is shared: main is taken to be made from 1.0.0, as 66.7 %% of its files",
                result.stderr)
            local document, outcomes = json.decode(result.stdout), {}
            for i, each in ipairs(document.commits) do outcomes[i] = each.subject .. " " .. each.outcome end
            assert.same({ "Publish replayed", "Add a file of our own replayed" }, outcomes)
            assert.same({}, document.commits[1].differences)
            assert.equal(world.target, world.git("merge-base", "main", world.target))
            assert.equal("int a, ours;\n", fs.read(world.fork .. "/lib/a.c"))
            assert.equal("int new_name(void);", fs.read(world.fork .. "/main.c"):match("[^\n]*"))
            assert.equal("Publish", world.git("log", "-1", "--format=%s", "main~1"))
            assert.equal(0, world.sync("--rollback").code)
            assert.same(before, world.snapshot())
        end)
    end)

    it("ends the same when the sync is killed", function()
        in_snapshot(function(world)
            assert.equal(0, world.sync("--to", "1.1.0").code)
            local whole = world.git("rev-parse", "main")
            assert.equal(0, world.sync("--rollback").code)
            for _, checkpoint in ipairs({ "prepared", "rebased" }) do
                assert.equal("SIGKILL", world.killed_at(checkpoint).signal)
                local result = world.sync("--resume")
                assert.equal(0, result.code, result.stderr)
                assert.equal(whole, world.git("rev-parse", "main"))
                assert.equal(0, world.sync("--rollback").code)
            end
        end)
    end)

    it("is shown by a dry run, which says what it cannot know", function()
        in_snapshot(function(world)
            local before = world.snapshot()
            local result = process.run(world.command("--dry-run", "upstream", "sync", "--to", "1.1.0"))
            assert.equal(0, result.code, result.stderr)
            assert.matches("changes more than the release that it brought in", result.stderr)
            assert.same(before, world.snapshot())
        end)
    end)

    it("counts an import later on, and says what became of the commits before", function()
        in_snapshot(function(world)
            world.git("rm", "-q", "-r", ".")
            world.git("checkout", "-q", "v1.1.0", "--", ".")
            fs.write(world.fork .. "/own.c", "int own;\n")
            world.git("add", "-A")
            world.git("commit", "-q", "-m", "Import 1.1.0")
            world.upstream("commit", "-q", "--allow-empty", "-m", "More")
            world.upstream("tag", "v1.2.0")
            local result = world.sync("--to", "1.2.0", "--format", "json")
            assert.equal(0, result.code, result.stderr)
            local outcomes = {}
            for i, each in ipairs(json.decode(result.stdout).commits) do
                outcomes[i] = ("%s %s %s"):format(each.subject, each.outcome, each.reason)
            end
            local reason = "dropped what it left is in the commit that brought 1.1.0 in"
            assert.same({ "Publish " .. reason, "Add a file of our own " .. reason,
                "Import 1.1.0 replayed " .. tostring(json.null) }, outcomes)
            assert.equal("own.c", world.git("diff", "--name-only", "v1.1.0", "main"))
        end)
    end)

    it("is refused where its files are those of no release", function()
        in_world(function(world)
            world.git("checkout", "-q", "--orphan", "other")
            world.git("rm", "-rfq", ".")
            fs.write(world.fork .. "/else.txt", "something else\n")
            world.git("add", "-A")
            world.git("commit", "-q", "-m", "Other")
            local result = world.sync("--to", "1.1.0")
            assert.equal(3, result.code)
            assert.matches("the files of other are those of no release that is here\n  hint: fetch the project's tags",
                result.stderr)
        end)
    end)
end)

describe("a sync that is interrupted", function()
    it("says how to go on, leaves no process, and goes on", function()
        in_world(function(world)
            local started = world.folder .. "/started"
            world.policies(([[build = { { "sh", "-c", "echo $$ >%s; exec sleep 600" } }]]):format(started))
            local command = world.command("upstream", "sync", "--to", "1.1.0")
            command.merge_stderr = true
            local child = process.start(command)
            expect.eventually(function() return (fs.read(started) or ""):find("%d\n") ~= nil end)
            child:kill("SIGINT")
            assert.matches("%-%-resume goes on from here", child:read_all())
            local result = child:wait()
            assert.equal(130, result.code)
            assert.is_false(fs.exists("/proc/" .. fs.read(started):match("%d+")))
            world.policies("")
            result = world.sync("--resume")
            assert.equal(0, result.code, result.stderr)
        end)
    end)
end)

describe("the release of a sync", function()
    it("may be named by its tag or in short, and be one that only an analysis has fetched", function()
        in_world(function(world)
            local function dry_run(version)
                return process.run(world.command("--dry-run", "upstream", "sync", "--to", version))
            end
            assert.matches("there is no release 1.1.0\n  hint: the newest that is known is 1.0.0",
                dry_run("1.1.0").stderr)
            process.run(world.command("upstream", "monitor"))
            local result = dry_run("1.1.0")
            assert.same({ 3, "" }, { result.code, result.stdout })
            assert.matches("the commits of 1.1.0 are not in this repository\n  hint: a dry run fetches none; uhost "
                .. "upstream analyze 1.1.0 does", result.stderr)
            process.run(world.command("upstream", "analyze", "1.1.0"))
            for _, name in ipairs({ "1.1.0", "v1.1.0", "1.1" }) do
                result = dry_run(name)
                assert.equal(0, result.code, result.stderr)
                assert.matches("Sync with 1.1.0.*From +1.0.0\n", result.stdout)
            end
        end)
    end)

    it("belongs to a sync that begins", function()
        in_world(function(world)
            local result = world.sync("--to", "1.1.0", "--resume")
            assert.equal(2, result.code)
            assert.matches("%-%-resume", result.stderr)
        end)
    end)
end)

describe("results of tests", function()
    it("are read from the files that the policy names, not from those that git has", function()
        in_world(function(world)
            local cases = '<testsuites><testsuite name="s"><testcase classname="core.A" name="adds"/>'
                .. '<testcase classname="core.A" name="divides"><failure message="no"/></testcase>'
                .. '<testcase name="waits"><skipped/></testcase></testsuite></testsuites>'
            fs.write(world.folder .. "/results.xml", cases)
            fs.write(world.folder .. "/results.tap", "TAP version 13\n1..2\nok 1 - opens\nnot ok 2 - closes\n")
            fs.mkdir(world.fork .. "/out")
            fs.write(world.fork .. "/out/fixture.xml", (cases:gsub("core", "fixture")))
            world.git("add", "-A")
            world.git("commit", "-q", "-m", "Add a fixture")
            world.policies(([[test_results = { "out/*.xml", "out/*.tap" }, test = { { "sh", "-c",
                "cp %s/results.xml %s/results.tap out; exit 1" } }]]):format(world.folder, world.folder))
            local result = world.sync("--to", "1.1.0", "--format", "json")
            assert.equal(1, result.code, result.stderr)
            local document = json.decode(result.stdout)
            table.sort(document.newly_failing)
            assert.same({ "closes", "core.A.divides" }, document.newly_failing)
            -- What an earlier attempt left does not count.
            world.policies([[test_results = { "out/*.xml", "out/*.tap" }, test = { { "true" } }]])
            result = world.sync("--resume", "--format", "json")
            assert.equal(0, result.code, result.stderr)
            assert.same({}, json.decode(result.stdout).newly_failing)
        end)
    end)
end)

describe("tests of a sync", function()
    it("are compared with those of the last good one: newly passing, newly failing, vanished", function()
        in_world(function(world)
            local function run(version, cases)
                fs.write(world.folder .. "/results.xml", "<testsuite>" .. cases .. "</testsuite>")
                world.policies(([[tolerate_known_failures = true, test_results = { "*.xml" }, test = { { "sh", "-c",
                    "cp %s/results.xml . && ! grep -q failure results.xml" } }]]):format(world.folder))
                return world.sync("--to", version, "--format", "json")
            end
            local bad = '<testcase name="a"><failure/></testcase>'
            -- Nothing is known to fail before the first.
            assert.equal(1, run("1.1.0", bad .. '<testcase name="b"/><testcase name="c"/>').code)
            world.sync("--abort")
            assert.equal(0, run("1.1.0", '<testcase name="a"/><testcase name="b"/><testcase name="c"/>').code)
            world.upstream("commit", "-q", "--allow-empty", "-m", "More")
            world.upstream("tag", "v1.2.0")
            local document = json.decode(run("1.2.0", bad .. '<testcase name="b"/>').stdout)
            assert.same({ { "a" }, {}, 1 }, { document.newly_failing, document.newly_passing,
                document.vanished_tests })
        end)
    end)
end)

describe("an error of the compiler that the knowledge base can fix", function()
    local settings = [[build = { { "sh", "-c", "echo 'int old_names(void);' >own.h; LC_ALL=C.UTF-8 cc "
        .. "-Werror=implicit-function-declaration -include own.h -fsyntax-only own.c" } }]]

    it("is fixed by a commit that names the entry, if the policy says so", function()
        in_world(function(world)
            world.policies(settings .. [[, fixes = "apply"]])
            local result = world.sync("--to", "1.1.0", "--format", "json")
            assert.equal(0, result.code, result.stderr)
            local adaptation = json.decode(result.stdout).adaptations[1]
            assert.same({ "c.implicit_declaration", { "own.c" } }, { adaptation.rule, adaptation.paths })
            assert.equal("int own(void) { return old_names(); }\n", fs.read(world.fork .. "/own.c"))
            assert.matches("Fix: c.implicit_declaration", world.git("log", "-1", "--format=%B"))
        end)
    end)

    it("is fixed once, also when the sync is killed", function()
        in_world(function(world)
            world.policies(settings .. [[, fixes = "apply"]])
            assert.equal("SIGKILL", world.killed_at("fixed").signal)
            local result = world.sync("--resume", "--format", "json")
            assert.equal(0, result.code, result.stderr)
            assert.equal(1, #json.decode(result.stdout).adaptations)
            assert.not_equal("Follow", world.git("log", "-1", "--format=%s", "HEAD^"):match("^%w+"))
        end)
    end)

    it("is only shown otherwise", function()
        in_world(function(world)
            world.policies(settings)
            local result = world.sync("--to", "1.1.0")
            assert.equal(1, result.code)
            assert.matches("%-int own%(void%) { return old_name%(%); }\n%+int own%(void%) { return old_names%(%); }",
                result.stderr)
            assert.matches('sync.fixes = "apply" in policies/upstream.lua', result.stderr)
        end)
    end)
end)

describe("a file with a merge driver of its own", function()
    it("is left for a person, and the driver is named and not run", function()
        in_world(function(world)
            -- Without the driver, the rule equal_but_for_spaces settles this conflict.
            fs.write(world.fork .. "/.git/info/attributes", "hooks.c merge=mine\n")
            world.git("config", "merge.mine.driver", "touch ran; false")
            local analysis = process.run(world.command("upstream", "analyze", "1.1.0"))
            assert.equal(2, analysis.code)
            world.git("fetch", "-q", "--tags", "origin")
            analysis = process.run(world.command("upstream", "analyze", "1.1.0"))
            assert.matches("hooks.c, line 2.*its%s+merge driver mine is a program, which is not run", analysis.stdout)
            local result = world.sync("--to", "1.1.0")
            assert.equal(1, result.code, result.stderr)
            assert.matches("hooks.c %(content; its merge driver mine is not run%)", result.stderr)
            assert.matches("name the merge driver `mine`", fs.read(world.guide_folder() .. "/guide.md"))
            assert.is_false(fs.exists(world.fork .. "/ran"))
        end)
    end)
end)

describe("the policy preflight", function()
    it("keeps a sync from beginning while something is missing that it asks of one", function()
        in_world(function(world)
            local checks = [[return { checks = {
                { id = "key", kind = "variable", name = "UHOST_TEST_KEY", profiles = { "sync" }, fix = "set the key" },
                { id = "other", kind = "variable", name = "UHOST_TEST_OTHER", profiles = { "release" } } } }]]
            world.policies("", { preflight = checks })
            local before = world.snapshot()
            local result = world.sync("--to", "1.1.0")
            assert.equal(3, result.code)
            assert.matches("the sync cannot begin: key: UHOST_TEST_KEY is not set\n  hint: set the key", result.stderr)
            assert.same(before, world.snapshot())
            local command = world.command("upstream", "sync", "--to", "1.1.0")
            command.env.UHOST_TEST_KEY = "x"
            result = process.run(command)
            assert.equal(0, result.code, result.stderr)
        end)
    end)
end)
