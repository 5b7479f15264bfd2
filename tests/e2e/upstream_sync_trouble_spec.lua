-- What goes wrong around a sync, and the way back: nothing may be lost.
local git_http = require("support.git_http")
local servers = require("support.servers")
local sync_world = require("support.sync")

local function in_world(options, body)
    if not body then options, body = nil, options end
    servers.in_folder(function(folder) body(sync_world.make(folder, options)) end)
end

describe("--rollback", function()
    it("brings every reference, the index and the files back", function()
        in_world({ conflict = false }, function(world)
            world.policies([[tag = "fork-%V"]])
            local before = world.snapshot()
            assert.equal(0, world.sync("--to", "1.1.0").code)
            assert.is_not.same(before, world.snapshot())
            local result = world.sync("--rollback")
            assert.equal(0, result.code, result.stderr)
            assert.same(before, world.snapshot())
            assert.equal(3, world.sync("--rollback").code)
        end)
    end)

    it("does not take commits with it that came later", function()
        in_world({ conflict = false }, function(world)
            world.sync("--to", "1.1.0")
            world.git("commit", "-q", "--allow-empty", "-m", "Later")
            local result = world.sync("--rollback")
            assert.equal(3, result.code)
            assert.matches("has moved since the sync", result.stderr)
            assert.equal("Later", world.git("log", "-1", "--format=%s"))
        end)
    end)
end)

describe("trouble during a sync", function()
    it("of commits on the branch: they come along", function()
        in_world(function(world)
            world.sync("--to", "1.1.0")
            fs.write(world.fork .. "/late.c", "int late;\n")
            world.git("add", "late.c")
            world.git("commit", "-q", "-m", "Come late")
            world.resolve()
            local result = world.sync("--resume")
            assert.equal(0, result.code, result.stderr)
            assert.equal("Come late", world.git("log", "-1", "--format=%s"))
            assert.equal("Change the end", world.git("log", "-1", "--format=%s", "HEAD^"))
        end)
    end)

    it("of a branch that was moved elsewhere: nothing is overwritten", function()
        in_world(function(world)
            world.sync("--to", "1.1.0")
            world.git("reset", "-q", "--hard", "HEAD~1")
            world.resolve()
            local tip = world.git("rev-parse", "HEAD")
            local result = world.sync("--resume")
            assert.equal(3, result.code)
            assert.matches("moved elsewhere", result.stderr)
            assert.equal(0, world.sync("--abort").code)
            assert.equal(tip, world.git("rev-parse", "HEAD"))
        end)
    end)

    it("of a tag that moved: it is said, and nothing begins", function()
        in_world(function(world)
            world.git("fetch", "-q", "--tags", "origin")
            world.upstream("commit", "-q", "--allow-empty", "-m", "Again")
            world.upstream("tag", "--force", "v1.1.0")
            local result = world.sync("--to", "1.1.0")
            assert.equal(3, result.code)
            assert.matches("another commit than before", result.stderr)
        end)
    end)

    it("of changes in the work tree: it does not begin", function()
        in_world(function(world)
            fs.write(world.fork .. "/own.c", "changed\n")
            local result = world.sync("--to", "1.1.0")
            assert.equal(3, result.code)
            assert.matches("git stash", result.stderr)
            assert.equal("changed\n", fs.read(world.fork .. "/own.c"))
        end)
    end)

    it("of a file that is in the way: it stops before anything moves", function()
        in_world({ conflict = false }, function(world)
            fs.mkdir(world.fork .. "/lib")
            fs.write(world.fork .. "/lib/b.c", "mine\n")
            local old = world.git("rev-parse", "main")
            local result = world.sync("--to", "1.1.0")
            assert.equal(3, result.code)
            assert.equal(old, world.git("rev-parse", "main"))
            assert.equal("mine\n", fs.read(world.fork .. "/lib/b.c"))
            fs.remove(world.fork .. "/lib/b.c")
            assert.equal(0, world.sync("--resume").code)
        end)
    end)

    it("of an object that is damaged: nothing has moved, and it goes on once that is repaired", function()
        in_world({ conflict = false }, function(world)
            local id = world.git("rev-parse", "main:hooks.c")
            local object = ("%s/.git/objects/%s/%s"):format(world.fork, id:sub(1, 2), id:sub(3))
            local bytes, refs = fs.read(object), world.git("for-each-ref", "refs/heads", "refs/tags")
            process.run{ "chmod", "u+w", object, check = true }
            fs.write(object, "damaged")
            local result = world.sync("--to", "1.1.0")
            assert.equal(3, result.code, result.stderr)
            assert.matches("error: ", result.stderr)
            assert.equal(refs, world.git("for-each-ref", "refs/heads", "refs/tags"))
            fs.write(object, bytes, { mask = false })
            world.bring_to_end()
            assert.equal("Change the end", world.git("log", "-1", "--format=%s"))
        end)
    end)

    it("of a disk that is nearly full: it does not begin", function()
        in_world({ conflict = false }, function(world)
            local small = world.folder .. "/small"
            fs.mkdir(small)
            local command = world.command("upstream", "sync", "--to", "1.1.0")
            local script = 'mount -t tmpfs -o size=20m small "$1" && cp -a "$2/." "$1" && cd "$1" && shift 2'
                .. ' && exec "$@"'
            local wrapped = { "unshare", "--mount", "sh", "-c", script, "sh", small, world.fork, unpack(command) }
            wrapped.env = command.env
            local result = process.run(wrapped)
            if result.stderr:find("unshare") or result.stderr:find("mount:") then
                return pending("this user may not mount a small disk")
            end
            assert.equal(3, result.code, result.stderr)
            assert.matches("sync_disk: [%d.]+ MiB are free for %., 512.0 MiB are needed\n  hint: make room",
                result.stderr)
        end)
    end)

    it("of a disk that is full in the middle: nothing has moved, and it goes on once there is room", function()
        in_world({ conflict = false }, function(world)
            world.policies("", { preflight = 'return { disable = { "sync_disk" } }' })
            world.git("fetch", "-q", "--tags", "origin")
            local small = world.folder .. "/small"
            fs.mkdir(small)
            local command = world.command("upstream", "sync")
            local script = [[mount -t tmpfs -o size=3m small "$1" && cp -a "$2/." "$1" && cd "$1" && shift 2
                dd if=/dev/zero of=.git/filler bs=4096 2>/dev/null
                git rev-parse main; "$@" --to 1.1.0; echo "ended $?"
                git rev-parse main; git status --porcelain; rm .git/filler
                "$@" --resume || "$@" --to 1.1.0; echo "ended $?"; git fsck --no-dangling 2>&1; git log -1 --format=%s]]
            local wrapped = { "unshare", "--mount", "sh", "-c", script, "sh", small, world.fork, unpack(command) }
            wrapped.env = command.env
            local result = process.run(wrapped)
            if result.stderr:find("unshare") or result.stderr:find("mount:") then
                return pending("this user may not mount a small disk")
            end
            local before, after = result.stdout:match("^(%x+)\nended 3\n(%x+)\n")
            assert.is_string(before, result.stdout .. result.stderr)
            assert.equal(before, after)
            assert.matches("no space left on device", result.stderr:lower())
            assert.matches("ended 0\nChange the end\n$", result.stdout)
        end)
    end)

    it("of a release that there is not", function()
        in_world(function(world)
            local result = world.sync("--to", "9.9.9")
            assert.equal(3, result.code)
            assert.matches("there is no release 9.9.9", result.stderr)
        end)
    end)
end)

describe("pushing", function()
    local function with_remote(body)
        in_world({ conflict = false }, function(world)
            world.remote = world.folder .. "/remote.git"
            process.run{ "git", "init", "-q", "--bare", "-b", "main", world.remote, check = true }
            world.git("remote", "add", "published", world.remote)
            world.git("push", "-q", "published", "main")
            world.policies([[push = "published"]])
            function world.published()
                local answer = process.run{ "git", "-C", world.remote, "rev-parse", "main" }
                return (answer.stdout:gsub("%s", ""))
            end
            body(world)
        end)
    end

    it("lets the remote follow", function()
        with_remote(function(world)
            local result = world.sync("--to", "1.1.0")
            assert.equal(0, result.code, result.stderr)
            assert.equal(world.git("rev-parse", "main"), world.published())
        end)
    end)

    it("that fails leaves the sync to be resumed", function()
        with_remote(function(world)
            local away = world.remote .. ".away"
            world.policies(([[push = "published", build = { { "mv", %q, %q } }]]):format(world.remote, away))
            local before = world.published()
            assert.equal(3, world.sync("--to", "1.1.0").code)
            fs.rename(away, world.remote)
            assert.equal(before, world.published())
            local result = world.sync("--resume")
            assert.equal(0, result.code, result.stderr)
            assert.equal(world.git("rev-parse", "main"), world.published())
        end)
    end)

    it("that a hook of the server refuses leaves what was made here, and is told of", function()
        git_http.with(function(server)
            in_world({ conflict = false }, function(world)
                local remote = server.repositories .. "/protected.git"
                process.run{ "git", "clone", "-q", "--bare", world.fork, remote, check = true }
                process.run{ "git", "-C", remote, "config", "http.receivepack", "true", check = true }
                world.git("remote", "add", "published", server.url .. "/open/protected.git")
                world.policies([[push = "published"]])
                local hook = remote .. "/hooks/pre-receive"
                fs.write(hook, "#!/bin/sh\necho 'main is protected' >&2\nexit 1\n")
                process.run{ "chmod", "+x", hook, check = true }
                local function published()
                    return (process.run{ "git", "-C", remote, "rev-parse", "main" }.stdout:gsub("%s", ""))
                end
                local before = published()
                local result = world.sync("--to", "1.1.0")
                assert.equal(3, result.code)
                assert.matches("published refuses the push: .*\n  hint: what the sync made is on the branch here",
                    result.stderr)
                assert.equal(before, published())
                assert.equal("Change the end", world.git("log", "-1", "--format=%s"))
                local store = db.open(world.folder .. "/state/uhost.sqlite", { read_only = true })
                assert.matches("is done here, and was not pushed",
                    store:one("SELECT title FROM events WHERE kind = 'upstream.sync_failed'").title)
                store:close()
                fs.remove(hook)
                result = world.sync("--resume")
                assert.equal(0, result.code, result.stderr)
                assert.equal(world.git("rev-parse", "main"), published())
            end)
        end)
    end)

    it("does not overwrite what somebody pushes between the look and the push", function()
        with_remote(function(world)
            local other = world.folder .. "/other"
            process.run{ "git", "clone", "-q", world.remote, other, check = true }
            process.run{ "git", "-C", other, "-c", "user.name=O", "-c", "user.email=o@x", "commit", "-q",
                "--allow-empty", "-m", "Theirs", check = true }
            local result = process.run(world.command("-e", ([[
                local project = require("lib.upstream.project").open()
                local push = require("lib.upstream.sync.finalize").remote_tip
                require("lib.upstream.sync.finalize").remote_tip = function(context)
                    local tip = push(context)
                    if context.state.final then process.run{ "git", "-C", %q, "push", "-q", check = true } end
                    return tip
                end
                require("lib.upstream.sync.main").run(project, { to = "1.1.0", priority = "normal", format = "json" })
            ]]):format(other)))
            assert.equal(3, result.code, result.stderr)
            assert.matches("published refuses the push", result.stderr)
            assert.equal(process.run{ "git", "-C", other, "rev-parse", "HEAD" }.stdout, world.published() .. "\n")
        end)
    end)

    it("does not overwrite what others pushed meanwhile", function()
        with_remote(function(world)
            world.policies([[push = "published", build = { { "false" } }]])
            world.sync("--to", "1.1.0")
            local other = world.folder .. "/other"
            process.run{ "git", "clone", "-q", world.remote, other, check = true }
            process.run{ "git", "-C", other, "-c", "user.name=O", "-c", "user.email=o@x", "commit", "-q",
                "--allow-empty", "-m", "Theirs", check = true }
            process.run{ "git", "-C", other, "push", "-q", check = true }
            local theirs = world.published()
            world.policies([[push = "published"]])
            assert.equal(3, world.sync("--resume").code)
            assert.equal(theirs, world.published())
        end)
    end)

    it("of changed workflows is refused before, with the files named", function()
        with_remote(function(world)
            fs.mkdir(world.project .. "/.github/workflows")
            fs.write(world.project .. "/.github/workflows/ci.yml", "on: push\n")
            world.upstream("add", "-A")
            world.upstream("commit", "-q", "-m", "Add a workflow")
            world.upstream("tag", "v1.2.0")
            local command = world.command("upstream", "sync", "--to", "1.2.0")
            command.env.GITHUB_ACTIONS = "true"
            local before, result = world.published(), process.run(command)
            assert.equal(3, result.code)
            assert.matches("%.github/workflows/ci%.yml", result.stdout .. result.stderr)
            assert.matches("no `permissions:` key grants it", result.stdout .. result.stderr)
            assert.equal(before, world.published())
        end)
    end)
end)
