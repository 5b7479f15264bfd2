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
