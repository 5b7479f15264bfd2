-- `uhost upstream sync`: what it must not lose, overwrite or let pass.
local servers = require("support.servers")
local sync_world = require("support.sync")

local function in_world(body)
    servers.in_folder(function(folder) body(sync_world.make(folder, { conflict = false })) end)
end

local function commit_all(git, message)
    git("add", "-A")
    git("commit", "-q", "-m", message)
end

local function outcome_of(document, subject)
    for _, commit in ipairs(document.commits) do
        if commit.subject == subject then return commit end
    end
end

describe("a sync of a fork that", function()
    it("deletes a file accounts for its lines", function()
        in_world(function(world)
            world.git("rm", "-q", "lib/a.c")
            world.git("commit", "-q", "-m", "Delete a file")
            local result = world.sync("--to", "1.1.0", "--format", "json")
            assert.equal(0, result.code, result.stderr)
            local commit = outcome_of(json.decode(result.stdout), "Delete a file")
            assert.same({ "replayed", 0 }, { commit.outcome, #commit.differences })
        end)
    end)

    it("has file names beyond ASCII accounts for their lines", function()
        in_world(function(world)
            fs.write(world.fork .. "/größe.txt", "a\n")
            commit_all(world.git, "Add a name beyond ASCII")
            local result = world.sync("--to", "1.1.0", "--format", "json")
            assert.equal(0, result.code, result.stderr)
            assert.equal("replayed", outcome_of(json.decode(result.stdout), "Add a name beyond ASCII").outcome)
        end)
    end)

    it("has a last commit that a release in between contains keeps the others", function()
        in_world(function(world)
            fs.write(world.fork .. "/taken.txt", "taken\n")
            commit_all(world.git, "Be taken by the project")
            fs.write(world.project .. "/taken.txt", "taken\n")
            commit_all(world.upstream, "Take it")
            world.upstream("tag", "v1.2.0")
            fs.write(world.project .. "/later.txt", "later\n")
            commit_all(world.upstream, "Come later")
            world.upstream("tag", "v1.3.0")
            world.git("fetch", "-q", "--tags", "origin")
            assert.equal(0, process.run(world.command("upstream", "monitor")).code)
            local result = world.sync("--to", "1.3.0", "--step-by-release", "--format", "json")
            assert.equal(0, result.code, result.stderr)
            assert.equal("dropped", outcome_of(json.decode(result.stdout), "Be taken by the project").outcome)
            assert.is_true(fs.exists(world.fork .. "/own.c"))
            assert.is_true(fs.exists(world.fork .. "/feature.c"))
        end)
    end)

    it("conflicts over a link leaves what links lead to alone", function()
        in_world(function(world)
            local victim = world.folder .. "/victim"
            fs.write(victim, "precious\n")
            world.git("reset", "-q", "--hard", "v1.0.0")
            fs.symlink("elsewhere", world.fork .. "/link")
            commit_all(world.git, "Add a link")
            fs.symlink(victim, world.project .. "/link")
            commit_all(world.upstream, "Add a link, too")
            world.upstream("tag", "v1.2.0")
            assert.equal(1, world.sync("--to", "1.2.0").code)
            assert.equal("precious\n", fs.read(victim))
            assert.equal("elsewhere", fs.readlink(world.guide_folder() .. "/conflicts/link"))
            assert.matches("Nothing was changed in link", world.sync("--resume").stderr)
            local result = world.sync("--resume", "--accept")
            assert.equal(0, result.code, result.stderr)
            assert.equal("elsewhere", fs.readlink(world.fork .. "/link"))
        end)
    end)

    it("conflicts over a submodule waits for a person", function()
        in_world(function(world)
            local function add(git, id)
                git("update-index", "--add", "--cacheinfo", "160000," .. id .. ",sub")
                git("commit", "-q", "-m", "Add a submodule")
            end
            world.git("reset", "-q", "--hard", "v1.0.0")
            add(world.git, ("1"):rep(40))
            fs.mkdir(world.fork .. "/sub")
            add(world.upstream, ("2"):rep(40))
            world.upstream("tag", "v1.2.0")
            assert.equal(1, world.sync("--to", "1.2.0").code)
            local result = world.sync("--resume")
            assert.equal(1, result.code)
            assert.matches("Nothing was changed in sub", result.stderr)
            process.run{ "git", "-C", world.guide_folder() .. "/conflicts", "update-index", "--cacheinfo",
                "160000," .. ("3"):rep(40) .. ",sub", check = true }
            result = world.sync("--resume")
            assert.equal(0, result.code, result.stderr)
            assert.matches(("3"):rep(40) .. "\tsub", world.git("ls-tree", "main"))
        end)
    end)

    it("is behind its remote does not begin, as a push would overwrite commits of others", function()
        in_world(function(world)
            local remote, other = world.folder .. "/published.git", world.folder .. "/other"
            process.run{ "git", "clone", "-q", "--bare", world.fork, remote, check = true }
            world.git("remote", "add", "published", remote)
            process.run{ "git", "clone", "-q", remote, other, check = true }
            process.run{ "git", "-C", other, "-c", "user.name=O", "-c", "user.email=o@x", "commit", "-q",
                "--allow-empty", "-m", "Theirs", check = true }
            process.run{ "git", "-C", other, "push", "-q", check = true }
            world.policies([[push = "published"]])
            world.git("fetch", "-q", "published")
            local refs = world.git("for-each-ref")
            local result = world.sync("--to", "1.1.0")
            assert.equal(3, result.code)
            assert.matches("published has commits on main that the fork does not have", result.stderr)
            assert.equal(refs, world.git("for-each-ref"))
            assert.matches("Theirs", process.run{ "git", "-C", remote, "log", "-1", "main", check = true }.stdout)
            world.git("merge", "-q", "--ff-only", "published/main")
            result = world.sync("--to", "1.1.0")
            assert.equal(0, result.code, result.stderr)
            assert.equal(0, world.sync("--rollback").code)
            result = world.sync("--to", "1.1.0")
            assert.equal(0, result.code, result.stderr)
        end)
    end)
end)

describe("--rollback", function()
    it("keeps the backup of a branch that was rewritten since", function()
        in_world(function(world)
            local old = world.git("rev-parse", "main")
            assert.equal(0, world.sync("--to", "1.1.0").code)
            world.git("commit", "-q", "--amend", "-m", "Said otherwise")
            local tip = world.git("rev-parse", "main")
            local result = world.sync("--rollback")
            assert.equal(0, result.code, result.stderr)
            assert.matches("was moved by somebody else and stays where it is; before the sync it was " .. old,
                result.stderr)
            assert.equal(tip, world.git("rev-parse", "main"))
            assert.equal(old, world.git("rev-parse", "refs/uhost/backup/1/heads/main"))
        end)
    end)
end)

describe("a sync leaves alone", function()
    it("work trees of the user whose drive is not mounted, whatever their names", function()
        in_world(function(world)
            fs.mkdir(world.folder .. "/drive")
            for _, name in ipairs({ "build", "conflicts", "other" }) do
                world.git("worktree", "add", "-q", "--detach", world.folder .. "/drive/" .. name)
            end
            local before = world.git("worktree", "list", "--porcelain")
            fs.rename(world.folder .. "/drive", world.folder .. "/away")
            world.policies([[build = { { "true" } }]])
            local result = world.sync("--to", "1.1.0")
            assert.equal(0, result.code, result.stderr)
            assert.equal(0, world.sync("--rollback").code)
            fs.rename(world.folder .. "/away", world.folder .. "/drive")
            assert.equal(before, world.git("worktree", "list", "--porcelain"))
        end)
    end)

    it("a folder with files that are not in git, where a file is to be after an interruption", function()
        in_world(function(world)
            assert.equal("SIGKILL", world.killed_at("references").signal)
            local folder = world.fork .. "/lib/b.c"
            fs.mkdir(folder .. "/deep")
            fs.write(folder .. "/deep/mine", "precious\n")
            local result = world.sync("--resume")
            assert.equal(3, result.code, result.stderr)
            assert.matches("lib/b.c/deep/mine is in the way of the file lib/b.c", result.stderr)
            assert.equal("precious\n", fs.read(folder .. "/deep/mine"))
            fs.rename(folder, world.folder .. "/kept")
            result = world.sync("--resume")
            assert.equal(0, result.code, result.stderr)
            assert.equal("int b;\n", fs.read(folder))
        end)
    end)

    it("the lock of a reference that another git holds", function()
        in_world(function(world)
            local lock = world.fork .. "/.git/refs/heads/main.lock"
            assert.equal("SIGKILL", world.killed_at("moving").signal)
            local result = process.run(world.command("-e", ([[
                local lock, held = %q, %q
                local project = require("lib.upstream.project").open()
                require("lib.upstream.sync.main").run(project, { resume = true, priority = "normal",
                    format = "json" }, { on_checkpoint = function(name)
                    if name ~= "moving" then return end
                    fs.write(lock, "")
                    task.spawn(function()
                        task.sleep(3)
                        fs.write(held, tostring(fs.exists(lock)))
                        fs.remove(lock)
                    end)
                end })
            ]]):format(lock, world.folder .. "/held")))
            assert.equal(0, result.code, result.stderr)
            assert.equal("true", fs.read(world.folder .. "/held"))
            assert.equal("Change the end", world.git("log", "-1", "--format=%s", "main"))
        end)
    end)

    it("what is outside of its folder, whatever names a commit has", function()
        servers.in_folder(function(folder)
            local context = { folder = folder .. "/sync", resolver = function()
                return { resolve = function() return { resolved = true, safe = true, rule = "r", text = "theirs" } end }
            end }
            local file = { path = "../../../escaped", kind = "content", fork = { text = "ours", mode = 33188 },
                upstream = { text = "theirs", mode = 33188 } }
            local resolve = require("lib.upstream.sync.conflicts").resolve
            local ok, failure = pcall(resolve, context, file, { id = "c" })
            assert.is_false(ok)
            assert.equal("upstream.path", failure.kind)
            assert.is_false(fs.exists(folder .. "/escaped"))
            file.path = "sub/plain"
            assert.equal("theirs", resolve(context, file, { id = "c" }).text)
            assert.equal("ours", fs.read(folder .. "/sync/saved/c/sub/plain"))
        end)
    end)
end)

describe("what a sync is to make", function()
    local function refused(policy, ref, remedy)
        in_world(function(world)
            world.policies(policy .. (", build = { { 'touch', '%s/built' } }"):format(world.folder))
            world.git("update-ref", ref, "HEAD")
            local refs = world.git("for-each-ref")
            local result = world.sync("--to", "1.1.0")
            assert.equal(3, result.code, result.stderr)
            assert.matches("is there already", result.stderr)
            assert.matches(remedy, result.stderr, 1, true)
            assert.equal(refs, world.git("for-each-ref"))
            assert.is_false(fs.exists(world.folder .. "/built"))
            assert.matches("no sync of this fork is unfinished", world.sync("--resume").stderr)
        end)
    end

    it("must not be there: a tag", function()
        refused([[tag = "fork-%V"]], "refs/tags/fork-1.1.0", "git tag -d fork-1.1.0")
    end)

    it("must not be there: a branch", function()
        refused([[finish = "branch"]], "refs/heads/upstream-sync/1.1.0", "git branch -m upstream-sync/1.1.0 NAME")
    end)
end)

describe("the lock of a reference", function()
    it("that a killed sync has left is removed by the next", function()
        in_world(function(world)
            assert.equal("SIGKILL", world.killed_at("moving").signal)
            local lock = world.fork .. "/.git/refs/heads/main.lock"
            fs.write(lock, "")
            local result = world.sync("--resume")
            assert.equal(0, result.code, result.stderr)
            assert.is_false(fs.exists(lock))
        end)
    end)
end)

describe("a sync on a machine that is no more", function()
    it("keeps the fork until it is taken over", function()
        in_world(function(world)
            assert.equal("SIGKILL", world.killed_at("rebased").signal)
            local renamed = process.run(world.command("-e",
                [[require("lib.upstream.store").open():execute("UPDATE sync_locks SET machine = 'gone'")]]))
            assert.equal(0, renamed.code, renamed.stderr)
            local result = world.sync("--resume")
            assert.equal(3, result.code, result.stderr)
            assert.matches("process %d+ on gone, since %d+%-%d+%-%d+T", result.stderr)
            assert.matches("--take-over", result.stderr, 1, true)
            result = world.sync("--resume", "--take-over")
            assert.equal(0, result.code, result.stderr)
        end)
    end)
end)

describe("a sync that is killed while it records a resolution", function()
    it("counts it once", function()
        in_world(function(world)
            local killed = process.run(world.command("-e", [[
                local syncs = require("lib.upstream.syncs")
                local record = syncs.record_resolution
                function syncs.record_resolution(...)
                    record(...)
                    process.run{ "kill", "-9", fs.readlink("/proc/self") }
                    task.sleep(60)
                end
                local project = require("lib.upstream.project").open()
                require("lib.upstream.sync.main").run(project,
                    { to = "1.1.0", priority = "normal", format = "json" })
            ]]))
            assert.equal("SIGKILL", killed.signal)
            local result = world.sync("--resume")
            assert.equal(0, result.code, result.stderr)
            local counted = process.run(world.command("-e",
                [[print(#require("lib.upstream.store").open():query("SELECT * FROM conflict_resolutions"))]]))
            assert.equal("1", (counted.stdout:gsub("%s", "")), counted.stderr)
        end)
    end)
end)

describe("known failures of tests", function()
    local function with_failures(body)
        in_world(function(world)
            local path = world.folder .. "/tests.txt"
            fs.write(path, table.concat({ "running 2 tests", "test a ... FAILED", "test b ... ok", "", "failures:",
                "    a", "", "test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; "
                .. "finished in 0.01s", "" }, "\n"))
            local function test(ending, more)
                world.policies(("tolerate_known_failures = true, test = { { 'sh', '-c', 'cat %s; %s' } %s }"):format(
                    path, ending, more or ""))
            end
            test("exit 0")
            assert.equal(0, world.sync("--to", "1.1.0").code)
            fs.write(world.project .. "/later.txt", "later\n")
            commit_all(world.upstream, "Come later")
            world.upstream("tag", "v1.2.0")
            body(world, test)
        end)
    end

    it("are tolerated", function()
        with_failures(function(world, test)
            test("exit 101")
            local result = world.sync("--to", "1.2.0")
            assert.equal(0, result.code, result.stderr)
        end)
    end)

    it("do not hide that another command fails, or that the tests crashed", function()
        with_failures(function(world, test)
            test("exit 101", ", { 'false' }")
            assert.equal(1, world.sync("--to", "1.2.0").code)
            test("kill -9 $$")
            assert.equal(1, world.sync("--resume").code)
        end)
    end)
end)
