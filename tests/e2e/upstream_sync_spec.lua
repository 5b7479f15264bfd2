-- `uhost upstream sync` with real git: its stages, what it leaves to a person, and the way back.
local servers = require("support.servers")
local sync_world = require("support.sync")
local assert_schema = require("support.upstream").assert_schema

local function in_world(options, body)
    if not body then options, body = nil, options end
    servers.in_folder(function(folder) body(sync_world.make(folder, options)) end)
end

local function outcomes(document)
    local list = {}
    for i, commit in ipairs(document.commits) do list[i] = commit.subject .. ": " .. commit.outcome end
    table.sort(list)
    return list
end

local function subjects(world, range)
    local list = {}
    for line in (world.git("log", "--format=%s", range) .. "\n"):gmatch("(.-)\n") do list[#list + 1] = line end
    table.sort(list)
    return list
end

describe("a sync without trouble", function()
    it("brings every commit along, and accounts for each", function()
        in_world({ conflict = false }, function(world)
            local result = world.sync("--to", "1.1.0", "--format", "json")
            assert.equal(0, result.code, result.stderr)
            local document = json.decode(result.stdout)
            assert.same({
                "Add a feature: replayed", "Add a file of our own: replayed", "Change the end: replayed",
                "Correct a typo: dropped", "Give a hook its argument: resolved", "Merge the feature: replayed",
            }, outcomes(document))
            assert.equal("success", document.status)
            assert_schema("upstream_sync", result.stdout)
            assert.same({ "Add a feature", "Add a file of our own", "Change the end", "Give a hook its argument",
                "Merge the feature" }, subjects(world, world.target .. "..main"))
            assert.equal("", world.git("status", "--porcelain"))
            assert.equal(document.after, world.git("rev-parse", "main"))
            assert.matches("int last, ours;\n$", fs.read(world.fork .. "/main.c"))
            assert.matches("^int new_name", fs.read(world.fork .. "/main.c"))
        end)
    end)

    it("keeps merges and the branches that they brought in", function()
        in_world({ conflict = false }, function(world)
            assert.equal(0, world.sync("--to", "1.1.0").code)
            local merge = world.git("log", "--merges", "--format=%H", world.target .. "..main")
            assert.equal("Add a feature", world.git("log", "-1", "--format=%s", merge .. "^2"))
            assert.equal("2", tostring(select(2, world.git("log", "-1", "--format=%P", merge):gsub("%x+", ""))))
        end)
    end)

    it("keeps people, dates and messages", function()
        in_world({ conflict = false }, function(world)
            local format = "--format=%an %ae %ad %cn %ce %cd %B"
            local before = world.git("log", "-1", format, "main")
            world.sync("--to", "1.1.0")
            assert.equal(before, world.git("log", "-1", format, "main"))
        end)
    end)

    it("has nothing to do twice", function()
        in_world({ conflict = false }, function(world)
            world.sync("--to", "1.1.0")
            local before = world.snapshot()
            local again = world.sync("--to", "1.1.0")
            assert.same({ 0, "" }, { again.code, again.stdout })
            assert.matches("has 1.1.0 already", again.stderr)
            assert.same(before, world.snapshot())
        end)
    end)

    it("is analysed before, if its releases are known", function()
        in_world({ conflict = false }, function(world)
            process.run(world.command("upstream", "monitor"))
            local result = world.sync("--to", "1.1.0")
            assert.equal(0, result.code, result.stderr)
            assert.matches("analysis: %u+ risk", result.stderr)
            local analysis = json.decode(fs.read(world.guide_folder() .. "/impact_report.json"))
            assert.equal("1.1.0", analysis.to_version)
            local document = json.decode(fs.read(world.guide_folder() .. "/report.json"))
            assert.same({ "1.0.0", "success" }, { document.from_version, document.status })
        end)
    end)

    it("merges, tags, and writes the version where the policy says so", function()
        in_world({ conflict = false }, function(world)
            world.policies([[finish = "merge", tag = "fork-%V", version_file = "UPSTREAM"]])
            local old = world.git("rev-parse", "main")
            assert.equal(0, world.sync("--to", "1.1.0").code)
            assert.equal(old, world.git("rev-parse", "main^1"))
            assert.equal(world.git("rev-parse", "main"), world.git("rev-parse", "fork-1.1.0"))
            assert.equal("1.1.0\n", fs.read(world.fork .. "/UPSTREAM"))
            assert.equal("Follow 1.1.0", world.git("log", "-1", "--format=%s", "main^2"))
        end)
    end)

    it("leaves the branch alone where the policy wants a branch of its own", function()
        in_world({ conflict = false }, function(world)
            world.policies([[finish = "branch"]])
            local old = world.git("rev-parse", "main")
            assert.equal(0, world.sync("--to", "1.1.0").code)
            assert.equal(old, world.git("rev-parse", "main"))
            assert.equal("Change the end", world.git("log", "-1", "--format=%s", "upstream-sync/1.1.0"))
        end)
    end)
end)

describe("a conflict that no rule settles", function()
    it("is handed to a person, and the sync goes on from what they made of it", function()
        in_world(function(world)
            local before = world.snapshot()
            local stopped = world.sync("--to", "1.1.0", "--format", "json")
            assert.equal(1, stopped.code, stopped.stderr)
            assert_schema("upstream_sync", stopped.stdout)
            local document = json.decode(stopped.stdout)
            assert.same({ "conflict", "options.txt", "content" },
                { document.status, document.conflict.files[1].path, document.conflict.files[1].kind })
            assert.equal(before.status, world.snapshot().status)
            assert.equal(before.head, world.snapshot().head)
            local guide = fs.read(world.guide_folder() .. "/guide.md")
            assert.matches("Change an option", guide)
            assert.matches("Rename a function", guide)
            assert.matches("uhost upstream sync %-%-resume", guide)
            local shown = fs.read(world.guide_folder() .. "/conflicts/options.txt")
            assert.matches("<<<<<<< upstream 1.1.0\nbeta, theirs\n||||||| [^\n]*\nbeta\n=======\nbeta, ours\n>>>>>>>",
                shown)

            local unresolved = world.sync("--resume")
            assert.equal(1, unresolved.code)
            assert.matches("Markers are left in options.txt", unresolved.stderr)

            world.resolve()
            local result = world.sync("--resume", "--format", "json")
            assert.equal(0, result.code, result.stderr)
            document = json.decode(result.stdout)
            assert.matches("Change an option: resolved by a person", table.concat(outcomes(document), "\n"))
            assert.equal("alpha\nbeta, both\ngamma\n", world.git("show", "main:options.txt") .. "\n")
            assert.equal("", world.git("status", "--porcelain"))
            assert.equal("1", world.git("worktree", "list"):gsub("[^\n]+", "1"))
        end)
    end)

    it("is resolved as before when it comes again, unless that is forgotten", function()
        in_world(function(world)
            local old = world.git("rev-parse", "main")
            world.sync("--to", "1.1.0")
            world.resolve()
            assert.equal(0, world.sync("--resume").code)
            local function once_more()
                world.git("reset", "-q", "--hard", old)
                return world.sync("--to", "1.1.0", "--format", "json")
            end
            local again = once_more()
            assert.equal(0, again.code, again.stderr)
            local resolution
            for _, commit in ipairs(json.decode(again.stdout).commits) do
                if commit.subject == "Change an option" then resolution = commit.resolutions[1] end
            end
            assert.same({ "remembered", "options.txt" }, { resolution.how, resolution.path })
            assert.matches("^%x+$", resolution.hashes[1])
            local forget = world.command("upstream", "forget", resolution.hashes[1])
            assert.equal(0, process.run(forget).code)
            assert.equal(1, once_more().code)
        end)
    end)

    it("of a file that one side deleted is a decision to keep or to delete it", function()
        in_world({ conflict = false }, function(world)
            fs.write(world.fork .. "/lib/a.c", "int a = 2;\n")
            world.git("commit", "-q", "-a", "-m", "Change a file")
            world.upstream("rm", "-q", "lib/a.c")
            world.upstream("commit", "-q", "-m", "Remove a file")
            world.upstream("tag", "v1.2.0")
            assert.equal(1, world.sync("--to", "1.2.0").code)
            local undecided = world.sync("--resume")
            assert.equal(1, undecided.code)
            assert.matches("Nothing was changed in lib/a.c", undecided.stderr)
            local kept = world.sync("--resume", "--accept")
            assert.equal(0, kept.code, kept.stderr)
            assert.equal("int a = 2;\n", fs.read(world.fork .. "/lib/a.c"))
            assert.equal(0, world.sync("--rollback").code)
            world.sync("--to", "1.2.0")
            fs.remove(world.guide_folder() .. "/conflicts/lib/a.c")
            local deleted = world.sync("--resume", "--format", "json")
            assert.equal(0, deleted.code, deleted.stderr)
            assert.is_false(fs.exists(world.fork .. "/lib/a.c"))
            assert.matches("Change a file: dropped", table.concat(outcomes(json.decode(deleted.stdout)), "\n"))
        end)
    end)

    it("can be given up, and everything is as before", function()
        in_world(function(world)
            local before = world.snapshot()
            world.sync("--to", "1.1.0")
            local result = world.sync("--abort")
            assert.equal(0, result.code, result.stderr)
            assert.same(before, world.snapshot())
            assert.equal(1, world.sync("--to", "1.1.0").code)
        end)
    end)

    it("keeps another sync from beginning", function()
        in_world(function(world)
            world.sync("--to", "1.1.0")
            local second = world.sync("--to", "1.1.0")
            assert.equal(3, second.code)
            assert.matches("is not finished", second.stderr)
        end)
    end)
end)

describe("migrations", function()
    it("are commits of their own that name their rule", function()
        in_world({ conflict = false }, function(world)
            world.policies("", { migrations = [=[return { rules = { {
                id = "new_name", files = { "**/*.c", "*.c" }, pattern = [[\bold_name\(\)]], replacement = "new_name()",
                description = "old_name is called new_name since 1.1.0",
            } } }]=] })
            local result = world.sync("--to", "1.1.0", "--format", "json")
            assert.equal(0, result.code, result.stderr)
            local adaptation = json.decode(result.stdout).adaptations[1]
            assert.same({ "new_name", { "own.c" } }, { adaptation.rule, adaptation.paths })
            assert.matches("new_name%(%)", fs.read(world.fork .. "/own.c"))
            assert.matches("Migration: new_name", world.git("log", "-1", "--format=%B"))
        end)
    end)
end)

describe("building and testing", function()
    it("stops the sync when it fails, with its log explained, and goes on once that is repaired", function()
        in_world({ conflict = false }, function(world)
            world.policies([[build = { { "sh", "-c", "echo 'x.c:1:1: error: broken'; exit 2" } }]])
            local old = world.git("rev-parse", "main")
            local result = world.sync("--to", "1.1.0", "--format", "json")
            assert.equal(1, result.code)
            assert.matches("build failed", result.stderr)
            local document = json.decode(result.stdout)
            assert.same({ "in_progress", "failed" }, { document.status, document.builds[1].outcome })
            assert.matches("error: broken", fs.read(document.builds[1].log))
            assert.equal(old, world.git("rev-parse", "main"))
            world.policies([[build = { { "true" } }, test = { { "sh", "-c", "test -e own.c && test -e lib/b.c" } }]])
            result = world.sync("--resume")
            assert.equal(0, result.code, result.stderr)
        end)
    end)

    it("finds the first commit that breaks it", function()
        in_world({ conflict = false }, function(world)
            world.policies([[test = { { "sh", "-c", "! grep -q 'first( 1 )' hooks.c" } }]])
            local result = world.sync("--to", "1.1.0", "--test-each-commit", "--format", "json")
            assert.equal(1, result.code)
            assert.matches("the first commit with which it fails: %x+ Give a hook its argument", result.stderr)
        end)
    end)

    it("compares tests with those of the sync before", function()
        in_world({ conflict = false }, function(world)
            local old = world.git("rev-parse", "main")
            local function tests(...)
                local list = { "running 2 tests" }
                for _, line in ipairs({ ... }) do list[#list + 1] = line end
                fs.write(world.folder .. "/tests.txt", table.concat(list, "\n") .. "\n")
                world.policies(("tolerate_known_failures = true, test = { { 'sh', '-c', 'cat %s; exit 101' } }"):format(
                    world.folder .. "/tests.txt"))
            end
            tests("test a ... FAILED", "test b ... ok", "", "failures:", "    a", "",
                "test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s")
            local first = world.sync("--to", "1.1.0", "--format", "json")
            assert.equal(1, first.code)
            assert.same({ "a" }, json.decode(first.stdout).newly_failing)
            world.sync("--abort")
            assert.equal(old, world.git("rev-parse", "main"))
        end)
    end)
end)

describe("a dry run", function()
    it("shows what would come of it, and changes nothing", function()
        in_world({ conflict = false }, function(world)
            world.policies([[build = { { "make" } }, tag = "x-%V"]])
            world.git("fetch", "-q", "--tags", "origin")
            local function bytes()
                return process.run{ "sh", "-c", "find . -type f | sort | xargs sha256sum", cwd = world.fork .. "/.git" }
                    .stdout
            end
            local before = bytes()
            local result = process.run(world.command("--dry-run", "upstream", "sync", "--to", "1.1.0", "--format",
                "json"))
            assert.equal(0, result.code, result.stderr)
            local document = json.decode(result.stdout)
            assert.same({ "planned", 6 }, { document.status, #document.commits })
            assert_schema("upstream_sync", result.stdout)
            assert.equal(before, bytes())
        end)
    end)

    it("names the files that would be left for a person", function()
        in_world(function(world)
            world.git("fetch", "-q", "--tags", "origin")
            local result = process.run(world.command("--dry-run", "upstream", "sync", "--to", "1.1.0"))
            assert.equal(1, result.code, result.stderr)
            assert.matches("options.txt", result.stdout)
        end)
    end)
end)

describe("--demo", function()
    it("shows a rule, a person and what is remembered, and leaves nothing behind", function()
        servers.in_folder(function(folder)
            local result = process.run{ os.getenv("UHOST"), "upstream", "sync", "--demo", cwd = folder,
                env = { UHOST_STATE = folder .. "/state", TMPDIR = folder } }
            assert.equal(0, result.code, result.stderr)
            for _, word in ipairs({ "rule equal_but_for_spaces", "by a person", "remembered", "dropped", "new_call",
                "main is on 1.1.0", "main is as it was before the sync" }) do
                assert.is_truthy(result.stdout:find(word, 1, true), word)
            end
            for _, name in ipairs(fs.list(folder)) do assert.equal("state", name) end
        end)
    end)
end)

describe("the policies of a sync", function()
    it("let one side of a path win, keep what the fork had, and make files anew", function()
        in_world(function(world)
            world.policies("", { resolution_rules = [[return { paths = {
                { file = "options.txt", take = "theirs" },
                { file = "hooks.c", take = "regenerate", command = { "sh", "-c", "echo made > hooks.c" } },
            } }]] })
            local result = world.sync("--to", "1.1.0", "--format", "json")
            assert.equal(0, result.code, result.stderr)
            assert.equal("alpha\nbeta, theirs\ngamma\n", fs.read(world.fork .. "/options.txt"))
            assert.equal("made\n", fs.read(world.fork .. "/hooks.c"))
            local saved
            for path, type in fs.walk(world.guide_folder() .. "/saved") do
                if type == "file" and fs.basename(path) == "options.txt" then saved = fs.read(path) end
            end
            assert.equal("alpha\nbeta, ours\ngamma\n", saved)
            local ways = {}
            for _, commit in ipairs(json.decode(result.stdout).commits) do
                for _, resolution in ipairs(commit.resolutions) do ways[resolution.path] = resolution.how end
            end
            assert.same({ ["options.txt"] = "path", ["hooks.c"] = "path" }, ways)
        end)
    end)

    it("make one commit of each merge", function()
        in_world({ conflict = false }, function(world)
            world.policies([[merges = "flatten"]])
            assert.equal(0, world.sync("--to", "1.1.0").code)
            assert.equal("", world.git("log", "--merges", "--format=%H", world.target .. "..main"))
            assert.equal("int feature;\n", fs.read(world.fork .. "/feature.c"))
        end)
    end)
end)

describe("--step-by-release", function()
    it("ends with the same files as going there at once", function()
        in_world({ conflict = false }, function(world)
            fs.write(world.project .. "/hooks.c", "void hooks(void) {\n    first(1);\n}\n\n")
            world.upstream("commit", "-q", "-a", "-m", "Go on")
            world.upstream("tag", "v1.2.0")
            local old = world.git("rev-parse", "main")
            process.run(world.command("upstream", "monitor"))
            world.git("fetch", "-q", "origin")
            local steps = world.sync("--to", "1.2.0", "--step-by-release", "--format", "json")
            assert.equal(0, steps.code, steps.stderr)
            local tree = world.git("rev-parse", "main^{tree}")
            assert.equal(6, #json.decode(steps.stdout).commits)
            world.git("reset", "-q", "--hard", old)
            assert.equal(0, world.sync("--to", "1.2.0", "--direct").code)
            assert.equal(tree, world.git("rev-parse", "main^{tree}"))
        end)
    end)
end)
