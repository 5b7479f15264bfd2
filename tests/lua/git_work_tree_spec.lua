-- What changes index and work tree: the same is done by git to a copy, and refs, index and files are compared.
local scratch = require("support.git_scratch")

local ids = {
    GIT_AUTHOR_DATE = "1700001000 +0000", GIT_COMMITTER_DATE = "1700001000 +0000", GIT_AUTHOR_NAME = "Ann",
    GIT_AUTHOR_EMAIL = "a@b", GIT_COMMITTER_NAME = "Ann", GIT_COMMITTER_EMAIL = "a@b",
}

local function history()
    local repository = scratch.new()
    repository:git("config", "user.name", "Ann")
    repository:git("config", "user.email", "a@b")
    local text = ("line\n"):rep(10)
    repository:commit("One", { a = text, b = "b\n", ["sub/c"] = "c\n", [".gitignore"] = "*.log\n" })
    repository:git("branch", "topic")
    repository:commit("Two", { a = "top\n" .. text, b = "B\n" }, { time = 1700000100 })
    repository:git("checkout", "-q", "topic")
    repository:commit("End", { a = text .. "end\n" }, { time = 1700000200 })
    repository:commit("Clash", { b = "other\n" }, { time = 1700000300 })
    repository:git("checkout", "-q", "main")
    return repository
end

local function copy_of(repository)
    local path = scratch.folder()
    process.run{ "cp", "-a", repository.path .. "/.", path, check = true }
    local copy = scratch.at(path)
    copy:git("update-index", "-q", "--refresh", { check = false })
    return copy
end

-- Trees instead of commits: times of commits differ.
local function state_of(repository)
    local files = {}
    for path, kind in fs.walk(repository.path, { skip = { ".git" } }) do
        files[path:sub(#repository.path + 2)] = kind == "file" and fs.read(path) or kind
    end
    return {
        refs = repository:git("for-each-ref", "--format=%(refname) %(tree) %(contents:subject)", "refs/heads"),
        branch = repository:git("symbolic-ref", "-q", "HEAD", { check = false }),
        head = repository:git("log", "-1", "--format=%T"),
        index = repository:git("ls-files", "-s"), status = repository:git("status", "--porcelain"), files = files,
    }
end

-- Calls `change(repo)` here, and runs git with each list of arguments on a copy.
local function same(prepare, change, ...)
    local ours = history()
    if prepare then prepare(ours) end
    local theirs = copy_of(ours)
    change(git.open(ours.path))
    for _, arguments in ipairs{ ... } do
        local command = { unpack(arguments) }
        command[#command + 1] = { env = ids }
        theirs:git(unpack(command))
    end
    assert.same(state_of(theirs), state_of(ours))
    return ours
end

local function edit(repository)
    repository:write("a", "changed\n")
    repository:write("new", "new\n")
    repository:write("x.log", "log\n")
    process.run{ "rm", repository.path .. "/sub/c", check = true }
end

local function kind_of(call, ...)
    local ok, err = pcall(call, ...)
    assert.is_false(ok)
    return err.kind, err
end

describe("git work tree", function()
    after_each(scratch.clean_up)

    it("adds to and removes from the index", function()
        same(edit, function(repo) repo:add{ "a", "new", "sub" } end, { "add", "-A", "a", "new", "sub" })
        same(edit, function(repo) repo:add("x.log", { force = true }) end, { "add", "-f", "x.log" })
        same(nil, function(repo) repo:remove("sub") end, { "rm", "-q", "-r", "sub" })
        same(nil, function(repo) repo:remove("b", { keep = true }) end, { "rm", "-q", "--cached", "b" })
        assert.equal("git.failed", kind_of(function() git.open(history().path):add("nothing") end))
    end)

    it("commits the index", function()
        same(edit, function(repo)
            repo:add(".")
            local id = repo:commit_index{ message = "Three\n\nBody", time = 1700001000 }
            assert.equal(repo:resolve("HEAD"), id)
        end, { "add", "-A", "." }, { "commit", "-q", "-m", "Three\n\nBody" })
        same(nil, function(repo) repo:commit_index{ message = "Amended", amend = true } end,
            { "commit", "-q", "--amend", "-m", "Amended" })
        local ours = history()
        git.open(ours.path):commit_index{ message = "E", allow_empty = true, author = "Zoe", author_email = "z@z",
            time = "2026-01-31" }
        assert.equal("Zoe z@z 2026-01-31", ours:git("log", "-1", "--format=%an %ae %as"))
    end)

    it("checks out and resets", function()
        local repository = same(nil, function(repo) assert.equal("topic", repo:checkout("topic").branch) end,
            { "checkout", "-q", "topic" })
        assert.equal("topic", git.open(repository.path):head().branch)
        same(nil, function(repo) assert.is_true(repo:checkout("topic~1").detached) end,
            { "checkout", "-q", "--detach", "topic~1" })
        same(nil, function(repo) repo:checkout("topic", { create = "other" }) end,
            { "checkout", "-q", "-b", "other", "topic" })
        same(edit, function(repo) repo:checkout("topic", { paths = { "b", "sub" } }) end,
            { "checkout", "-q", "topic", "--", "b", "sub" })
        same(edit, function(repo) repo:checkout("main", { force = true }) end, { "checkout", "-q", "-f", "main" })
        for _, mode in ipairs{ "soft", "mixed", "hard", "keep" } do
            same(nil, function(repo) repo:reset("HEAD~1", { mode = mode }) end,
                { "reset", "-q", "--" .. mode, "HEAD~1" })
        end
        same(nil, function(repo) repo:reset("topic", { paths = "b" }) end, { "reset", "-q", "topic", "--", "b" })
        local changed = history()
        edit(changed)
        assert.equal("git.checkout", kind_of(function() git.open(changed.path):checkout("topic") end))
        assert.equal("argument", kind_of(function() git.open(changed.path):reset("HEAD", { mode = "hrad" }) end))
        assert.equal("git.unknown_revision", kind_of(function() git.open(changed.path):checkout("--force") end))
    end)

    it("picks and reverts commits, and undoes a conflict", function()
        same(nil, function(repo) assert.equal(repo:cherry_pick("topic~1"), repo:resolve("HEAD")) end,
            { "cherry-pick", "topic~1" })
        same(nil, function(repo) repo:cherry_pick("topic~1", { no_commit = true }) end,
            { "cherry-pick", "-n", "topic~1" })
        same(nil, function(repo) repo:revert("HEAD") end, { "revert", "--no-edit", "HEAD" })
        local repository = history()
        local before = state_of(repository)
        local kind, err = kind_of(function() git.open(repository.path):cherry_pick{ "topic~1", "topic" } end)
        assert.equal("git.conflict", kind)
        assert.same({ "b" }, err.details.paths)
        assert.same(before, state_of(repository))
        kind_of(function() git.open(repository.path):cherry_pick("topic", { leave_conflicts = true }) end)
        assert.is_true(git.open(repository.path):status()[1].conflicted)
    end)

    it("stashes", function()
        same(edit, function(repo) assert.equal(repo:stash(), repo:resolve("refs/stash")) end, { "stash", "-q" })
        same(edit, function(repo)
            repo:stash{ message = "mine", untracked = true }
            assert.equal("On main: mine", repo:stashes()[1].message)
            repo:unstash()
            assert.same({}, repo:stashes())
        end, { "stash", "-q", "-u", "-m", "mine" }, { "stash", "pop", "-q" })
        local repository = history()
        local repo = git.open(repository.path)
        assert.is_nil(repo:stash())
        edit(repository)
        repo:stash()
        repo:drop_stash()
        assert.same({}, repo:stashes())
        assert.equal("git.unknown_revision", kind_of(function() repo:unstash() end))
    end)

    it("applies patches", function()
        local repository = history()
        local repo = git.open(repository.path)
        local patch = repo:patch("main", "topic")
        for _, options in ipairs{ {}, { index = true }, { staged = true } } do
            local flag = options.index and "--index" or options.staged and "--cached"
            local theirs = copy_of(repository)
            local ours = copy_of(repository)
            git.open(ours.path):apply(patch, options)
            theirs:git("apply", unpack(flag and { flag, { stdin = patch } } or { { stdin = patch } }))
            assert.same(state_of(theirs), state_of(ours))
            git.open(ours.path):apply(patch, { reverse = true, index = options.index, staged = options.staged })
            assert.same(state_of(repository), state_of(ours))
        end
        assert.equal("git.patch", kind_of(function() repo:apply(patch, { reverse = true }) end))
    end)

    it("adds, lists and removes work trees", function()
        local repository = history()
        local repo = git.open(repository.path)
        local folder = scratch.folder()
        local linked = repo:add_worktree(folder .. "/linked", { revision = "topic" })
        assert.is_true(linked:is_worktree())
        assert.equal("topic", linked:head().branch)
        repo:add_worktree(folder .. "/other", { create = "other" })
        local found = repo:worktrees()
        assert.equal(3, #found)
        assert.same({ "main", "topic", "other" }, { found[1].branch, found[2].branch, found[3].branch })
        assert.equal(folder .. "/linked", found[2].path)
        fs.write(folder .. "/other/untracked", "x")
        assert.equal("git.failed", kind_of(function() repo:remove_worktree(folder .. "/other") end))
        repo:remove_worktree(folder .. "/other", { force = true })
        repo:remove_worktree(folder .. "/linked")
        assert.equal(1, #repo:worktrees())
    end)

    it("signs commits and tags, and checks signatures", function()
        local repository = history()
        local key = scratch.folder() .. "/key"
        process.run{ "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "ann", "-f", key, check = true }
        fs.write(key .. ".allowed", "a@b " .. fs.read(key .. ".pub"))
        repository:git("config", "gpg.format", "ssh")
        repository:git("config", "user.signingKey", key)
        repository:git("config", "gpg.ssh.allowedSignersFile", key .. ".allowed")
        local repo = git.open(repository.path)
        assert.equal("none", repo:verify().state)
        repo:commit_index{ message = "Signed", allow_empty = true, sign = true }
        local good = repo:verify()
        assert.same({ "good", "ssh", "a@b" }, { good.state, good.kind, good.signer })
        local id = repo:sign_tag("v1", "HEAD", { message = "Release" })
        assert.equal(repo:resolve("refs/tags/v1"), id)
        assert.equal("good", repo:verify_tag("v1").state)
        fs.write(key .. ".allowed", "")
        assert.not_equal("good", repo:verify().state)
        assert.equal("bad", repo:verify_tag("v1").state)
        assert.is_nil(repo:verify_tag("v2"))
    end)

    it("signs and checks with gpg", function()
        local repository, home = history(), scratch.folder()
        process.run{ "chmod", "700", home, check = true }
        local function in_home(...) return process.run{ env = { GNUPGHOME = home }, check = true, ... }.stdout end
        in_home("gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", "Ann <a@b.example>", "ed25519",
            "sign", "never")
        local fingerprint = in_home("gpg", "--batch", "--with-colons", "--list-keys"):match("\nfpr:::::::::(%x+)")
        fs.write(home .. "/program", ("#!/bin/sh\nGNUPGHOME='%s' exec gpg \"$@\"\n"):format(home))
        process.run{ "chmod", "+x", home .. "/program", check = true }
        repository:git("config", "gpg.program", home .. "/program")
        repository:git("config", "user.signingKey", fingerprint)
        local repo = git.open(repository.path)
        repo:commit_index{ message = "Signed", allow_empty = true, sign = true }
        local good = repo:verify()
        assert.same({ "good", "openpgp", "Ann <a@b.example>", fingerprint },
            { good.state, good.kind, good.signer, good.fingerprint })
        repo:sign_tag("v1", "HEAD", { message = "Release" })
        assert.same({ "good", "openpgp" }, { repo:verify_tag("v1").state, repo:verify_tag("v1").kind })
        local forged = repository:git("cat-file", "commit", "HEAD"):gsub("Signed", "Forged")
        local id = repository:git("hash-object", "-t", "commit", "-w", "--stdin", { stdin = forged .. "\n" })
        assert.equal("bad", repo:verify(id).state)
        in_home("gpg", "--batch", "--yes", "--delete-secret-and-public-key", fingerprint)
        assert.equal("unchecked", repo:verify().state)
        assert.equal("bad", repo:verify_tag("v1").state)
        in_home("gpgconf", "--kill", "gpg-agent")
    end)

    it("changes nothing under --dry-run", function()
        local repository = history()
        edit(repository)
        repository:git("stash", "-q")
        edit(repository)
        local before, plan_file = state_of(repository), scratch.folder() .. "/plan.json"
        local calls = [==[
            local repo, folder = git.open((...)), select(2, ...)
            repo:add("new") repo:remove("b") repo:commit_index{ message = "M" } repo:checkout("topic")
            repo:reset("HEAD~1") repo:cherry_pick("topic") repo:revert("HEAD") repo:stash() repo:unstash()
            repo:drop_stash() repo:add_worktree(folder .. "/w") repo:remove_worktree(folder .. "/w")
            repo:sign_tag("v9", "HEAD", { message = "M" })
            repo:apply(repo:patch("main", "topic"), { staged = true })]==]
        local result = process.run{ "/proc/self/exe", "--dry-run", "--plan-json", plan_file, "-e", calls,
            repository.path, scratch.folder() }
        assert.equal(0, result.code, result.stderr)
        assert.same(before, state_of(repository))
        local kinds = {}
        for i, mutation in ipairs(json.decode(fs.read(plan_file)).mutations) do kinds[i] = mutation.kind end
        assert.same({ "git.add", "git.remove", "git.commit_index", "git.checkout", "git.reset", "git.cherry_pick",
            "git.revert", "git.stash", "git.unstash", "git.drop_stash", "git.add_worktree", "git.remove_worktree",
            "git.sign_tag", "git.apply" }, kinds)
    end)
end)
