-- Settings, remotes, reflogs, notes and submodules, each compared with what git says afterwards.
local scratch = require("support.git_scratch")

local function error_of(body, ...)
    local ok, err = pcall(body, ...)
    assert.is_false(ok)
    return err
end

local function repository_with_commits()
    local repository = scratch.new()
    repository:git("config", "user.name", "Nora")
    repository:git("config", "user.email", "nora@example.org")
    repository:commit("One", { a = "1\n" })
    repository:commit("Two", { a = "2\n" })
    return repository, git.open(repository.path)
end

describe("git settings", function()
    teardown(scratch.clean_up)

    it("are read, set and removed as git does", function()
        local repository, repo = repository_with_commits()
        assert.equal("Nora", repo:config("user.name"))
        assert.is_nil(repo:config("no.such"))
        for _, value in ipairs{ "plain", "-x --y", "two words \"quoted\"", "", "line\nbreak" } do
            repo:set_config("uhost.Test.key", value)
            assert.equal(value, repository:git("config", "uhost.Test.key"))
            assert.equal(value, repo:config("uhost.Test.key"))
        end
        repo:set_config("uhost.flag", true)
        assert.equal("true", repository:git("config", "--type=bool", "uhost.flag"))
        repository:git("config", "--add", "uhost.many", "1")
        repository:git("config", "--add", "uhost.many", "2")
        assert.equal("2", repo:config("uhost.many"))
        repo:set_config("uhost.many", nil)
        repo:set_config("uhost.many", nil)
        assert.equal("", repository:git("config", "--get-all", "uhost.many", { check = false }))
    end)

    it("are not read where they may hold a secret, and are refused where they are none", function()
        local repository, repo = repository_with_commits()
        repository:git("config", "http.https://example.org/.extraheader", "AUTHORIZATION: secret")
        repository:git("config", "remote.origin.url", "https://me:secret@example.org/r.git")
        assert.equal("git.secret", error_of(repo.config, repo, "http.https://example.org/.extraHeader").kind)
        assert.equal("https://example.org/r.git", repo:config("remote.origin.url"))
        for _, key in ipairs{ "--global", "name", "", "a.b\nc", "-f.x" } do
            assert.equal("argument", error_of(repo.config, repo, key).kind, key)
        end
        assert.equal("argument", error_of(repo.set_config, repo, "a.b", {}).kind)
    end)
end)

describe("git remotes", function()
    teardown(scratch.clean_up)

    it("are added, changed and removed as git does", function()
        local repository, repo = repository_with_commits()
        repo:add_remote("upstream", "https://example.org/r.git")
        assert.same({ "upstream" }, repository:lines("remote"))
        assert.equal("+refs/heads/*:refs/remotes/upstream/*", repository:git("config", "remote.upstream.fetch"))
        assert.equal("git.exists", error_of(repo.add_remote, repo, "upstream", "x").kind)
        repo:set_remote_url("upstream", "../other")
        repo:set_remote_url("upstream", "ssh://example.org/r.git", { push = true })
        assert.same({ "../other", "ssh://example.org/r.git" },
            { repo:remotes()[1].url, repo:remotes()[1].push_url })
        repository:git("update-ref", "refs/remotes/upstream/main", "HEAD")
        repo:remove_remote("upstream")
        assert.same({}, repo:remotes())
        assert.is_nil(repo:resolve("upstream/main"))
        assert.equal("git.unknown_remote", error_of(repo.remove_remote, repo, "upstream").kind)
        assert.equal("git.unknown_remote", error_of(repo.set_remote_url, repo, "upstream", "x").kind)
        assert.equal("argument", error_of(repo.add_remote, repo, "-x", "y").kind)
        assert.equal("argument", error_of(repo.add_remote, repo, "x", "--upload-pack=y").kind)
    end)
end)

describe("git reflogs and notes", function()
    teardown(scratch.clean_up)

    it("say what a reference was, newest first", function()
        local repository, repo = repository_with_commits()
        repository:git("reset", "-q", "--hard", "HEAD~1")
        local ids, messages = {}, {}
        for i, entry in ipairs(repo:reflog()) do
            ids[i], messages[i] = entry.id, entry.message
            assert.matches("^%d%d%d%d%-%d%d%-%d%dT", entry.time)
            assert.equal("Carl Committer", entry.name)
        end
        assert.same(repository:lines("reflog", "--format=%H"), ids)
        assert.same(repository:lines("reflog", "--format=%gs"), messages)
        assert.equal(3, #repo:reflog("main"))
        assert.same({}, repo:reflog("nowhere"))
    end)

    it("are set, read, listed and removed as git does", function()
        local repository, repo = repository_with_commits()
        assert.is_nil(repo:note("HEAD"))
        assert.same({}, repo:notes())
        repo:set_note("HEAD", "Looks good")
        assert.equal("Looks good", repository:git("notes", "show"))
        assert.equal("Looks good\n", repo:note("HEAD"))
        repo:set_note("HEAD", "-F /etc/hostname", { ref = "review" })
        assert.equal("-F /etc/hostname\n", repo:note("HEAD", { ref = "review" }))
        assert.same({ { object = repo:resolve("HEAD"), note = repository:git("rev-parse", "refs/notes/commits:"
            .. repo:resolve("HEAD")) } }, repo:notes())
        repo:set_note("HEAD", false)
        assert.is_nil(repo:note("HEAD"))
        assert.equal("git.unknown_revision", error_of(repo.note, repo, "nowhere").kind)
        assert.equal("argument", error_of(repo.note, repo, "HEAD", { ref = "--x" }).kind)
    end)
end)

describe("git submodules", function()
    teardown(scratch.clean_up)

    it("are listed and brought up to date", function()
        local inner, outer = repository_with_commits(), repository_with_commits()
        outer:git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.path, "deps/in ner (x)")
        outer:commit("Add a submodule", {})
        local path = scratch.folder() .. "/clone"
        process.run{ "git", "clone", "-q", outer.path, path, check = true }
        local repo = git.open(path)
        local wanted = {
            path = "deps/in ner (x)", name = "deps/in ner (x)", url = inner.path, id = inner:git("rev-parse", "HEAD"),
            state = "not_initialized",
        }
        assert.same({ wanted }, repo:submodules())
        assert.equal("git.failed", error_of(repo.update_submodules, repo).kind)
        wanted.state = "current"
        assert.same({ wanted }, repo:update_submodules{ folders = true, recursive = true })
        assert.equal("", scratch.at(path):git("status", "--porcelain"))
        scratch.at(path .. "/" .. wanted.path):git("checkout", "-q", "HEAD~1")
        assert.equal("changed", repo:submodules()[1].state)
        repo:update_submodules{ folders = true, paths = wanted.path }
        assert.equal("current", repo:submodules()[1].state)
        assert.same({}, git.open(inner.path):submodules())
    end)
end)

describe("changes of settings, remotes and notes", function()
    teardown(scratch.clean_up)

    it("are planned and not made by a dry run", function()
        local repository = repository_with_commits()
        repository:git("remote", "add", "there", "../x")
        local before = fs.read(repository.path .. "/.git/config")
        local result = process.run{ "/proc/self/exe", "--dry-run", "-e", ([[
            local repo = git.open(%q)
            repo:set_config("a.b", "c")
            repo:add_remote("x", "../y")
            repo:set_remote_url("there", "../z")
            repo:remove_remote("there")
            repo:set_note("HEAD", "text")
            repo:update_submodules()
        ]]):format(repository.path) }
        assert.equal(0, result.code, result.stderr)
        for _, kind in ipairs{ "set_config", "add_remote", "set_remote_url", "remove_remote", "set_note",
            "update_submodules" } do
            assert.matches("git%." .. kind, result.stdout .. result.stderr)
        end
        assert.equal(before, fs.read(repository.path .. "/.git/config"))
        assert.equal("", repository:git("notes", "list"))
    end)
end)
