-- Remotes: fetch, push, list and clone, against git http-backend behind nginx, against sshd, and from folders.
local servers = require("support.servers")
local git_http = require("support.git_http")
local git_ssh = require("support.git_ssh")
local scratch = require("support.git_scratch")

-- The same specs hold for both transports: git_transport_spec.lua runs them by the git program.
local by_git = os.getenv("UHOST_GIT_TRANSPORT") == "git"

local function fails_with(kind, body, ...)
    local ok, err = pcall(body, ...)
    assert.is_false(ok)
    assert.equal(kind, err.kind, tostring(err) .. " " .. tostring(err.native))
    assert.truthy(err.hint, "no hint")
    return err
end

-- A repository with some history, and a bare copy of it at `path` that takes pushes.
local function publish(path)
    local source = scratch.new()
    source:commit("One", { ["a.txt"] = "1\n" })
    source:commit("Two", { ["a.txt"] = "2\n", ["d/b.txt"] = "b\n" })
    source:git("tag", "-a", "-m", "First", "v1")
    process.run{ "git", "clone", "-q", "--bare", source.path, path, check = true }
    local bare = scratch.at(path)
    bare:git("config", "http.receivepack", "true")
    return source, bare
end

-- Incompressible content, so that a transfer takes a while.
local function publish_large(path)
    local source = scratch.new()
    process.run{ "sh", "-c", "head -c 3000000 /dev/urandom > " .. source.path .. "/large", check = true }
    source:commit("Large", {})
    process.run{ "git", "clone", "-q", "--bare", source.path, path, check = true }
    return source
end

-- What a folder holds, hidden files too.
local function listing(path) return process.run{ "ls", "-A", path }.stdout end

-- Runs `code`, which returns what it prints, in a host of its own; `env` holds logins. Errors print kind and hint.
local function run(code, env)
    local home = scratch.folder()
    local all = { HOME = home, UHOST_STATE = home .. "/state", XDG_CONFIG_HOME = home .. "/none" }
    for name, value in pairs(env or {}) do all[name] = value end
    local result = servers.uhost(([[
        local ok, result = pcall(function() %s end)
        if ok then print(result) else print(result.kind, result.message, result.hint) end
    ]]):format(code), { env = all })
    return (result.stdout:gsub("\n$", "")), result.stderr
end

describe("git remotes", function()
    teardown(scratch.clean_up)

    describe("over http", function()
        it("are listed, cloned, fetched from and pushed to", function()
            git_http.with(function(server)
                local source, bare = publish(server.repositories .. "/r.git")
                local url = server.url .. "/open/r.git"
                local names = {}
                for _, reference in ipairs(git.ls_remote(url)) do
                    table.insert(names, reference.id .. "\t" .. reference.name)
                end
                assert.same(source:lines("ls-remote", url), names)
                assert.equal("refs/heads/main", git.ls_remote(url)[1].symbolic)

                local folder = scratch.folder() .. "/clone"
                local seen
                local repo = git.clone(url, folder, { progress = function(progress) seen = progress end })
                assert.equal(source:git("rev-parse", "main"), repo:head().id)
                assert.equal("", scratch.at(folder):git("status", "--porcelain"))
                scratch.at(folder):git("fsck", "--strict")
                assert.is_true(seen.total_objects > 0 and seen.received_objects == seen.total_objects)
                assert.is_true(seen.received_bytes > 0)

                local before = repo:resolve("origin/main")
                source:commit("Three", { ["c.txt"] = "3\n" })
                source:git("push", "-q", url, "main", "HEAD:refs/heads/topic")
                local fetched = repo:fetch()
                local changes = {}
                for _, change in ipairs(fetched.changes) do changes[change.ref] = change end
                local now = source:git("rev-parse", "main")
                assert.same({ ref = "refs/remotes/origin/main", before = before, after = now },
                    changes["refs/remotes/origin/main"])
                assert.same({ ref = "refs/remotes/origin/topic", after = now }, changes["refs/remotes/origin/topic"])
                assert.is_true(fetched.received_objects > 0)
                assert.same({}, repo:fetch().changes)

                bare:git("branch", "-D", "topic")
                repo:fetch{ prune = true }
                assert.is_nil(repo:resolve("origin/topic"))

                local id = repo:create_commit{
                    ref = "refs/heads/mine", parents = "origin/main", message = "Mine", files = { mine = "m\n" },
                    author = "Ann", author_email = "ann@example.org",
                }
                assert.same({ { ref = "refs/heads/mine", after = id } }, repo:push{ refspecs = "mine" })
                assert.equal(id, bare:git("rev-parse", "mine"))
                repo:push{ refspecs = { ":refs/heads/mine", "mine:theirs" } }
                assert.same({ "refs/heads/main", "refs/heads/theirs" },
                    bare:lines("for-each-ref", "--format=%(refname)", "refs/heads"))
            end)
        end)

        it("are not taken for what is no repository, and from nobody", function()
            git_http.with(function(server)
                fails_with("git.remote_not_found", git.ls_remote, server.url .. "/open/none.git")
                fails_with("git.remote_not_found", git.clone, server.url .. "/none", scratch.folder() .. "/x")
                fails_with("git.network", git.ls_remote, server.url .. "/broken/r.git")
                local port = server.port
                server.nginx:kill("KILL")
                server.nginx:wait()
                fails_with("git.network", git.ls_remote, ("http://127.0.0.1:%d/open/r.git"):format(port))
            end)
            local err = fails_with("git.network", git.ls_remote, "http://nowhere.invalid/r.git")
            assert.truthy(err.message:find("nowhere.invalid", 1, true))
            fails_with("git.url", git.ls_remote, "ftp://example.org/r.git")
            fails_with("git.url", git.ls_remote, "ssh://-oProxyCommand=touch%20x/r.git")
        end)

        it("are not reached offline", function()
            local said = run("return git.ls_remote('https://example.org/r.git')", { UHOST_OFFLINE = "1" })
            assert.truthy(said:find("^git.offline\t"), said)
        end)

        it("need a login that is right, from where logins are kept", function()
            git_http.with(function(server)
                publish(server.repositories .. "/r.git")
                local url = server.url .. "/auth/r.git"
                local code = ("return #git.ls_remote(%q)"):format(url)
                local api = server.url .. "/api/v3"

                local said = run(code)
                assert.truthy(said:find("^git.auth\t.*none is known"), said)
                assert.equal("4", (run(code, { GITHUB_TOKEN = git_http.token, GITHUB_API_URL = api })))
                said = run(code, { GITHUB_TOKEN = "ghs_wrong-token-for-tests", GITHUB_API_URL = api })
                assert.truthy(said:find("^git.auth\t.*refuses the login"), said)
                assert.is_nil(said:find("ghs_wrong", 1, true))
                -- A token for another GitHub stays here.
                said = run(code, { GITHUB_TOKEN = git_http.token })
                assert.truthy(said:find("^git.auth\t.*none is known"), said)

                local home = scratch.at(scratch.folder())
                home:write(".gitconfig", "[credential]\n\thelper = store\n")
                local login = ("http://%s:%s@127.0.0.1:%d\n"):format(git_http.user, git_http.password, server.port)
                home:write(".git-credentials", login)
                assert.equal("4", (run(code, { HOME = home.path })))
                said = run(code, { HOME = home.path, UHOST_GIT_CREDENTIAL_HELPERS = "false" })
                assert.truthy(said:find("^git.auth\t"), said)
                home:write(".git-credentials", login:gsub(git_http.password, "wrong"))
                said = run(code, { HOME = home.path })
                assert.truthy(said:find("^git.auth\t.*refuses the login"), said)
                -- As with git, a login that was refused is forgotten.
                assert.equal("", process.run{ "cat", home.path .. "/.git-credentials" }.stdout)

                local own = url:gsub("127", ("%s:%s@127"):format(git_http.user, git_http.password))
                assert.equal("4", (run(("return #git.ls_remote(%q)"):format(own))))
                own = url:gsub("127", "ann:wrong-password@127")
                said = run(("return #git.ls_remote(%q)"):format(own))
                assert.truthy(said:find("^git.auth\t"), said)
                assert.is_nil(said:find("wrong-password", 1, true))
            end)
        end)

        it("never get a login that belongs to another host", function()
            git_http.with(function(server)
                publish(server.repositories .. "/r.git")
                local env = { GITHUB_TOKEN = git_http.token, GITHUB_API_URL = server.url .. "/api/v3" }
                local said = run(("return #git.ls_remote(%q)"):format(server.url .. "/elsewhere/r.git"), env)
                assert.truthy(said:find("^git.auth\t.*redirects to localhost"), said)
                -- On the same host a move is followed.
                assert.equal("4", (run(("return #git.ls_remote(%q)"):format(server.url .. "/moved/r.git"), env)))
            end)
        end)

        it("push what may be pushed, all as expected", function()
            git_http.with(function(server)
                local source, bare = publish(server.repositories .. "/r.git")
                local url = server.url .. "/open/r.git"
                local repo = git.open(source.path)
                local one, two = repo:resolve("main~1"), repo:resolve("main")
                bare:git("update-ref", "refs/heads/main", one)

                local err = fails_with("git.reference_changed", repo.push, repo,
                    { remote = url, refspecs = "main", expect = { ["refs/heads/main"] = two } })
                assert.same({ ref = "refs/heads/main", actual = one, expected = two }, err.details)
                fails_with("git.reference_changed", repo.push, repo,
                    { remote = url, refspecs = "main", expect = { ["refs/heads/main"] = false } })
                assert.equal(one, bare:git("rev-parse", "main"))
                repo:push{ remote = url, refspecs = "main", expect = { ["refs/heads/main"] = one } }
                assert.equal(two, bare:git("rev-parse", "main"))

                fails_with("git.not_fast_forward", repo.push, repo,
                    { remote = url, refspecs = one .. ":refs/heads/main" })
                repo:push{ remote = url, refspecs = "+" .. one .. ":refs/heads/main" }
                assert.equal(one, bare:git("rev-parse", "main"))

                bare:write("hooks/update", "#!/bin/sh\necho 'not on my watch' >&2\nexit 1\n")
                process.run{ "chmod", "+x", bare.path .. "/hooks/update", check = true }
                err = fails_with("git.push_rejected", repo.push, repo, { remote = url, refspecs = "main" })
                assert.equal("refs/heads/main", err.details.ref)
                assert.equal(one, bare:git("rev-parse", "main"))

                fails_with("git.unknown_revision", repo.push, repo, { remote = url, refspecs = "nothing" })
                fails_with("git.refspec", repo.push, repo, { remote = url, refspecs = "a:b:c" })
                fails_with("git.unknown_remote", repo.push, repo, { remote = "nobody", refspecs = "main" })
            end)
        end)

        it("see nothing of a dry run", function()
            git_http.with(function(server)
                local source, bare = publish(server.repositories .. "/r.git")
                bare:git("update-ref", "-d", "refs/heads/main")
                local url, folder = server.url .. "/open/r.git", scratch.folder()
                local result = servers.uhost(([[
                    local repo = git.open(%q)
                    print(repo:push{ remote = %q, refspecs = "main" }[1].after)
                    print(#repo:fetch{ remote = %q, refspecs = "+refs/*:refs/mirror/*" }.changes, git.clone(%q, %q))
                ]]):format(source.path, url, url, url, folder .. "/x"),
                    { arguments = { "--dry-run", "--state", folder .. "/s" } })
                assert.equal(source:git("rev-parse", "main") .. "\n0\tnil\n", result.stdout, result.stderr)
                for _, kind in ipairs{ "git.push", "git.fetch", "git.clone" } do
                    assert.truthy(result.stderr:find(kind, 1, true))
                end
                assert.equal("", bare:git("for-each-ref", "refs/heads"))
                assert.is_nil(git.open(source.path):resolve("refs/mirror/tags/v1"))
            end)
        end)

        it("may die in the middle: nothing is left half-made", function()
            git_http.with(function(server)
                publish_large(server.repositories .. "/r.git")
                local url, parent = server.url .. "/slow/r.git", scratch.folder()
                local repository = scratch.new()
                local repo = git.open(repository.path)
                local function kill_when_under_way(progress)
                    if progress.received_bytes > 100000 then
                        -- The workers as well: a server that ends politely serves what it has begun.
                        process.run{ "pkill", "-KILL", "-P", tostring(server.nginx:pid()) }
                        server.nginx:kill("KILL")
                    end
                end
                task.all{
                    function()
                        fails_with("git.network", git.clone, url, parent .. "/clone",
                            { progress = kill_when_under_way })
                    end,
                    function()
                        fails_with("git.network", repo.fetch, repo, { remote = url, refspecs = "+refs/*:refs/x/*" })
                    end,
                }
                assert.equal("", listing(parent))
                assert.same({}, repo:refs())
                assert.equal("", listing(repository.path .. "/.git/objects/pack"))
            end)
        end)

        it("may be left by Ctrl-C: nothing is left half-made", function()
            git_http.with(function(server)
                publish_large(server.repositories .. "/r.git")
                local parent = scratch.folder()
                local child = process.start{
                    os.getenv("UHOST") or "uhost", "-e",
                    ([[git.clone(%q, %q, {
                        progress = function(p) print(p.received_bytes) io.stdout:flush() end,
                    })]]):format(server.url .. "/slow/r.git", parent .. "/clone"),
                    stderr = "discard", env = { UHOST_STATE = scratch.folder() },
                }
                repeat
                    local bytes = tonumber(assert(child:read_line(30)))
                until bytes > 100000
                assert.is_not.equal("", listing(parent))
                child:kill("INT")
                assert.equal(130, child:wait().code)
                assert.equal("", listing(parent))
            end)
        end)

        it("may be silent, but not for ever", function()
            local silent = process.start{ "python3", "-u", "-c", [[
import socket, time
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(8); print(s.getsockname()[1])
while True: time.sleep(1)
]] }
            local url = "http://127.0.0.1:" .. silent:read_line(30) .. "/r.git"
            local said = run(("return git.ls_remote(%q)"):format(url), { UHOST_GIT_STALL_TIMEOUT_S = "0.3" })
            assert.truthy(said:find("^git.network\t.*0.3 s"), said)
            fails_with("timeout", task.timeout, 0.3, git.clone, url, scratch.folder() .. "/x")
            silent:close()
        end)

        it("add to a shallow clone", function()
            git_http.with(function(server)
                local source = publish(server.repositories .. "/r.git")
                local url, path = server.url .. "/open/r.git", scratch.folder()
                process.run{ "git", "clone", "-q", "--depth", "1", url, path, check = true }
                source:commit("Three", { ["c.txt"] = "3\n" })
                source:git("push", "-q", url, "main")
                local repo = git.open(path)
                repo:fetch()
                assert.equal(source:git("rev-parse", "main"), repo:resolve("origin/main"))
                assert.is_true(repo:is_shallow())
            end)
        end)

        it("may fill the disk: nothing is left half-made", function()
            local folder = scratch.folder()
            local mounted = process.run{ "mount", "-t", "tmpfs", "-o", "size=600k", "none", folder, stderr = "discard" }
            if mounted.code ~= 0 then return pending("needs root to mount a small disk") end
            task.finally(function()
                git_http.with(function(server)
                    publish_large(server.repositories .. "/r.git")
                    local err = fails_with("git.file", git.clone, server.url .. "/open/r.git", folder .. "/x")
                    assert.truthy(err.message:find("No space left", 1, true))
                    assert.equal("", listing(folder))
                end)
            end, function() process.run{ "umount", folder, check = true } end)
        end)

        it("are trusted only with a certificate that is", function()
            git_http.with(function(server)
                publish(server.repositories .. "/r.git")
                local code = ("return #git.ls_remote(%q)"):format(server.tls_url .. "/open/r.git")
                local said = run(code)
                assert.truthy(said:find("^git.certificate\t"), said)
                assert.equal("4", (run(code, { UHOST_HTTP_CA_FILE = server.certificate })))
            end)
        end)
    end)

    describe("in folders", function()
        it("are cloned, fetched from and pushed to", function()
            local path = scratch.folder() .. "/r.git"
            local source, bare = publish(path)
            for _, url in ipairs{ path, "file://" .. path } do
                local repo = git.clone(url, scratch.folder() .. "/new/clone", { branch = "main" })
                assert.equal(source:git("rev-parse", "main"), repo:head().id)
                assert.equal(url, repo:remotes()[1].url)
                bare:git("branch", "-f", "topic", "main~1")
                assert.equal(1, #repo:fetch().changes)
                repo:push{ refspecs = "main:copy" }
                assert.equal(source:git("rev-parse", "main"), bare:git("rev-parse", "copy"))
                bare:git("branch", "-D", "copy", "topic")
            end
            assert.is_true(git.clone(path, scratch.folder() .. "/bare", { bare = true }):is_bare())
        end)

        it("are refused where something is, and where there is nothing", function()
            local path = scratch.folder() .. "/r.git"
            publish(path)
            local folder = scratch.folder()
            scratch.at(folder):write("mine", "precious")
            fails_with("git.exists", git.clone, path, folder)
            fails_with("git.exists", git.clone, path, folder .. "/mine")
            fails_with("git.remote_not_found", git.clone, folder .. "/none", folder .. "/x")
            assert.equal("mine\n", listing(folder))
        end)

        it("are the first thing that a process asks of git", function()
            local folder = scratch.folder()
            local said = run(("return git.clone(%q, %q, { bare = true })"):format(folder .. "/none", folder .. "/x"))
            assert.truthy(said:find("^git.remote_not_found\t"), said)
        end)

        it("are refused when shallow, which a copy would hide", function()
            local path = scratch.folder() .. "/r.git"
            publish(path)
            local shallow = scratch.folder()
            process.run{ "git", "clone", "-q", "--depth", "1", "file://" .. path, shallow, check = true }
            if by_git then
                assert.is_true(git.clone(shallow, scratch.folder() .. "/x"):is_shallow())
            else
                fails_with("git.shallow", git.clone, shallow, scratch.folder() .. "/x")
            end
        end)
    end)

    describe("over ssh", function()
        it("are reached as ssh is configured, and say why not", function()
            if not git_ssh.available() then return pending("needs the package openssh-server") end
            git_ssh.with(function(server)
                local path = server.folder .. "/it's r.git"
                local source, bare = publish(path)
                local url, target = server.url .. path, scratch.folder()
                local code = ([[
                    local repo = git.clone(%q, %q)
                    repo:push{ refspecs = "main:pushed" }
                    return #repo:fetch().changes .. " " .. #repo:ls_remote()
                ]]):format(url, target .. "/clone")
                assert.equal("0 5", (run(code, { GIT_SSH_COMMAND = server.command("good") })))
                assert.equal(source:git("rev-parse", "main"), bare:git("rev-parse", "pushed"))
                local list = ("return #git.ls_remote(%q)"):format(url)
                local said = run(list, { GIT_SSH_COMMAND = server.command("bad") })
                assert.truthy(said:find("^git.auth\t"), said)
                said = run(list, { GIT_SSH_COMMAND = server.command("stranger") })
                assert.truthy(said:find("^git.host_key\t"), said)
                said = run(("return #git.ls_remote(%q)"):format(server.url .. "/none.git"),
                    { GIT_SSH_COMMAND = server.command("good") })
                assert.truthy(said:find("^git.remote_not_found\t"), said)
                said = run("return git.ls_remote('ssh://127.0.0.1:1/r.git')")
                assert.truthy(said:find("^git.network\t"), said)
            end)
        end)
    end)
end)
