-- Changing repositories: references as transactions, commits, tags; what a dry run says of them.
local scratch = require("support.git_scratch")

local function error_of(body, ...)
    local ok, err = pcall(body, ...)
    assert.is_false(ok)
    return err
end

local identity = { author = "Ann", author_email = "ann@example.org", time = 1700000000 }

local function with(options)
    local all = {}
    for key, value in pairs(identity) do all[key] = value end
    for key, value in pairs(options) do all[key] = value end
    return all
end

describe("git changes", function()
    teardown(scratch.clean_up)

    describe("init", function()
        it("makes repositories that git works with", function()
            local path = scratch.folder() .. "/new/deep"
            local repo = git.init(path, { initial_branch = "trunk" })
            assert.is_nil(repo:head())
            assert.equal("refs/heads/trunk", scratch.at(path):git("symbolic-ref", "HEAD"))
            assert.is_true(git.init(scratch.folder() .. "/b.git", { bare = true }):is_bare())
        end)

        it("says what is wrong where it cannot", function()
            assert.equal("git.init", error_of(git.init, "/dev/null/x").kind)
        end)
    end)

    describe("create_commit", function()
        local path = scratch.folder()
        local repo, shell = git.init(path, { bare = true, initial_branch = "main" }), scratch.at(path)

        it("writes the commits that git would", function()
            local first = repo:create_commit(with{
                ref = "refs/heads/main", message = "One\n\nBody\n",
                files = { ["a/b/c.txt"] = "c\0\255\n", ["run"] = "#!/bin/sh\n", ["link"] = "run", ["gone"] = "x" },
                modes = { run = "executable", link = "link" },
            })
            assert.equal(first, repo:head().id)
            local second = repo:create_commit(with{
                ref = "refs/heads/main", message = "Two", files = { gone = false, ["a/d"] = "d" }, time = "2024-01-01",
            })
            shell:git("fsck", "--strict")
            assert.same({ "100644 a/b/c.txt", "100644 a/d", "120000 link", "100755 run" },
                shell:lines("ls-tree", "-r", "--format=%(objectmode) %(path)", second))
            assert.equal("Ann <ann@example.org> 1704067200 +0000",
                shell:git("log", "-1", "--format=%an <%ae> %ad", "--date=raw", second))
            assert.same({ first }, repo:commit(second).parents)
        end)

        it("writes merges and roots, pointed at or not", function()
            local head = repo:head().id
            local other = repo:create_commit(with{ message = "Root", files = { z = "z" } })
            assert.same({}, repo:commit(other).parents)
            assert.equal(head, repo:head().id)
            local merge = repo:create_commit(with{
                ref = "refs/heads/main", message = "Merge", parents = { "main", other }, files = { z = "z" },
            })
            assert.same({ head, other }, repo:commit(merge).parents)
        end)

        it("leaves the branch alone when it is not where its parent is", function()
            local head = repo:head().id
            local err = error_of(repo.create_commit, repo,
                with{ ref = "refs/heads/main", message = "Late", parents = { "main~1" } })
            assert.equal("git.reference_changed", err.kind)
            assert.equal(head, repo:head().id)
            repo:create_commit(with{
                ref = "refs/heads/main", message = "Forced", parents = { "main~1" }, force = true,
            })
            assert.equal("Forced", repo:commit("main").subject)
        end)

        it("refuses paths that no tree can have", function()
            for _, name in ipairs{ "../x", "/x", "a//b", ".git/config", "", "a/./b" } do
                local err = error_of(repo.create_commit, repo, with{ message = "x", files = { [name] = "x" } })
                assert.truthy(err.kind == "git.path" or err.kind == "argument", name)
            end
            assert.equal("git.path", error_of(repo.create_commit, repo,
                with{ ref = "refs/heads/main", message = "x", files = { nothing = false } }).kind)
        end)

        it("puts a file in the place of a folder, and a folder in that of a file, but not both", function()
            local base = repo:create_commit(with{
                message = "Base", files = { ["d/x"] = "x", ["d/e/y"] = "y", top = "t" },
            })
            local function names(files)
                return shell:lines("ls-tree", "-r", "--name-only",
                    repo:create_commit(with{ message = "Turn", parents = base, files = files }))
            end
            assert.same({ "d", "top" }, names{ d = "now a file" })
            assert.same({ "d", "top" }, names{ d = "now a file", ["d/x"] = false, ["d/e/y"] = false })
            assert.same({ "d/e", "d/x", "top" }, names{ ["d/e"] = "now a file" })
            assert.same({ "d/e/y", "d/x", "top/a/b" }, names{ ["top/a/b"] = "below" })
            assert.same({ "d/e/y", "d/x", "top/a" }, names{ ["top/a"] = "below", top = false })
            local err = error_of(repo.create_commit, repo,
                with{ message = "x", parents = base, files = { top = "t", ["top/a"] = "a" } })
            assert.equal("git.path", err.kind)
        end)

        it("names the lines that configure an identity", function()
            local code = ([[
                local ok, err = pcall(function() git.open(%q):create_commit{ message = "x" } end)
                print(err.kind, err.hint)
            ]]):format(path)
            local result = process.run{
                "/proc/self/exe", "-e", code,
                env = { HOME = "/nonexistent", GIT_CONFIG_GLOBAL = "/dev/null", XDG_CONFIG_HOME = "/nonexistent",
                    UHOST_STATE = scratch.folder() },
            }
            assert.truthy(result.stdout:find("git.identity", 1, true), result.stderr)
            assert.truthy(result.stdout:find("git config --global user.name", 1, true))
        end)
    end)

    describe("update_refs", function()
        local repository = scratch.new()
        local one = repository:commit("One", { a = "1\n" })
        local two = repository:commit("Two", { a = "2\n" })
        local repo = git.open(repository.path)
        local function value(ref) return repo:resolve(ref) end

        it("creates, moves and deletes at once", function()
            repo:update_refs{ { ref = "refs/heads/x", to = one, from = false }, { ref = "refs/tags/y", to = "main" } }
            assert.same({ one, two }, { value("x"), value("y") })
            local changes = repo:update_refs({
                { ref = "refs/heads/x", to = two, from = one }, { ref = "refs/tags/y", to = false, from = two },
            }, { message = "for the log" })
            assert.same({
                { ref = "refs/heads/x", before = one, after = two }, { ref = "refs/tags/y", before = two },
            }, changes)
            assert.truthy(repository:git("reflog", "x"):find("for the log", 1, true))
            assert.equal("", repository:git("tag"))
        end)

        it("does nothing at all when one is not as expected", function()
            local err = error_of(repo.update_refs, repo, {
                { ref = "refs/heads/new", to = one, from = false }, { ref = "refs/heads/x", to = one, from = one },
            })
            assert.equal("git.reference_changed", err.kind)
            assert.same({ ref = "refs/heads/x", actual = two, expected = one }, err.details)
            assert.is_nil(value("refs/heads/new"))
            assert.equal("git.reference_changed",
                error_of(repo.update_refs, repo, { { ref = "refs/heads/x", to = one, from = false } }).kind)
            assert.equal("git.reference_changed",
                error_of(repo.update_refs, repo, { { ref = "refs/heads/none", to = false } }).kind)
        end)

        it("does nothing at all while one is locked", function()
            repository:write(".git/refs/heads/x.lock", "")
            local err = error_of(repo.update_refs, repo,
                { { ref = "refs/heads/a1", to = one }, { ref = "refs/heads/x", to = one } })
            assert.equal("git.locked", err.kind)
            process.run{ "rm", repository.path .. "/.git/refs/heads/x.lock", check = true }
            assert.is_nil(value("refs/heads/a1"))
            assert.equal("", process.run{ "find", repository.path .. "/.git/refs", "-name", "*.lock" }.stdout)
        end)

        it("refuses names that cannot be there together, before touching anything", function()
            for _, updates in ipairs{
                { { ref = "refs/heads/ok", to = one }, { ref = "refs/heads/x/below", to = one } },
                { { ref = "refs/heads/ok", to = one }, { ref = "refs/heads", to = one } },
                { { ref = "refs/heads/p", to = one }, { ref = "refs/heads/p/q", to = one } },
            } do
                local kind = error_of(repo.update_refs, repo, updates).kind
                assert.truthy(kind == "git.reference_conflict" or kind == "git.reference_name")
                assert.is_nil(value("refs/heads/ok"))
            end
        end)

        it("refuses names and targets that make no sense", function()
            for _, name in ipairs{ "main", "refs/heads/a..b", "refs/heads/-\0", "refs/heads/sp ace", "HEAD", "" } do
                assert.equal("git.reference_name", error_of(repo.update_refs, repo, { { ref = name, to = one } }).kind)
            end
            assert.equal("git.not_a_commit",
                error_of(repo.update_refs, repo, { { ref = "refs/heads/t", to = "main^{tree}" } }).kind)
            assert.equal("git.unknown_revision",
                error_of(repo.update_refs, repo, { { ref = "refs/heads/t", to = ("1"):rep(40) } }).kind)
            assert.equal("argument", error_of(repo.update_refs, repo, { { ref = "refs/heads/t" } }).kind)
            repository:git("symbolic-ref", "refs/heads/sym", "refs/heads/main")
            assert.equal("git.symbolic_reference",
                error_of(repo.update_refs, repo, { { ref = "refs/heads/sym", to = one } }).kind)
        end)

        it("works on packed references as on loose ones", function()
            repository:git("branch", "packed", one)
            repository:git("pack-refs", "--all")
            repo:update_refs{ { ref = "refs/heads/packed", to = two, from = one } }
            assert.equal(two, repository:git("rev-parse", "packed"))
            repo:update_refs{ { ref = "refs/heads/packed", to = false, from = two } }
            assert.equal("", repository:git("for-each-ref", "refs/heads/packed"))
        end)

        it("lets one of many contenders win", function()
            repo:update_refs{ { ref = "refs/heads/race", to = one } }
            local winners = 0
            local contenders = {}
            for i = 1, 12 do contenders[i] = i end
            task.map(contenders, function()
                local ok, err = pcall(repo.update_refs, repo, { { ref = "refs/heads/race", to = two, from = one } })
                if ok then
                    winners = winners + 1
                else
                    assert.truthy(err.kind == "git.reference_changed" or err.kind == "git.locked")
                end
            end)
            assert.equal(1, winners)
        end)
    end)

    describe("branches and tags", function()
        local repository = scratch.new()
        local one = repository:commit("One", { a = "1\n" })
        repository:commit("Two", { a = "2\n" })
        local repo = git.open(repository.path)

        it("are made, refused when there, forced, and deleted", function()
            repo:create_branch("topic", "HEAD~1")
            assert.equal(one, repository:git("rev-parse", "topic"))
            assert.equal("git.reference_changed", error_of(repo.create_branch, repo, "topic").kind)
            repo:create_branch("topic", "HEAD", { force = true })
            assert.equal(repo:head().id, repo:resolve("topic"))
            repo:delete_branch("topic")
            assert.is_nil(repo:resolve("topic"))
        end)

        it("are not moved or deleted below a work tree, nor named as an option or HEAD", function()
            local linked = scratch.folder() .. "/linked"
            repository:git("worktree", "add", "-q", "-b", "linked", linked)
            for _, name in ipairs{ "main", "linked" } do
                assert.equal("git.checked_out", error_of(repo.delete_branch, repo, name).kind)
                assert.equal("git.checked_out",
                    error_of(repo.create_branch, repo, name, "HEAD", { force = true }).kind)
                assert.truthy(repo:resolve(name))
            end
            for _, name in ipairs{ "-x", "HEAD", "-" } do
                assert.equal("git.reference_name", error_of(repo.create_branch, repo, name).kind)
                assert.equal("git.reference_name", error_of(repo.create_tag, repo, name).kind)
            end
            repo:update_refs{ { ref = "refs/heads/-y", to = "main" } }
            assert.equal(repo:head().id, repo:resolve("refs/heads/-y"))
            repo:delete_branch("-y")
        end)

        it("may be annotated", function()
            local id = repo:create_tag("v1", one,
                { message = "Notes", tagger = "Ann", tagger_email = "ann@example.org", time = 1700000000 })
            repository:git("fsck", "--strict")
            assert.equal(repository:git("rev-parse", "v1"), id)
            assert.equal("Notes", repository:git("tag", "-l", "--format=%(contents:subject)", "v1"))
            assert.equal(one, repo:create_tag("light", one))
            repo:delete_tag("v1")
            assert.equal(1, #repo:tags())
        end)
    end)

    describe("under --dry-run", function()
        it("are planned, answered as if made, and not made", function()
            local repository = scratch.new()
            repository:commit("One", { a = "1\n" })
            local before = repository:git("rev-parse", "main")
            local objects = repository:git("count-objects")
            local folder, plan = scratch.folder(), scratch.folder() .. "/plan.json"
            local code = ([[
                local repo = git.open(%q)
                local id = repo:create_commit{ ref = "refs/heads/main", message = "Two", files = { b = "2" },
                    author = "A", author_email = "a@b", time = 1700000000 }
                repo:create_branch("topic")
                repo:create_tag("v1", "HEAD", { message = "x" })
                print(#id, git.init(%q) == nil)
            ]]):format(repository.path, folder .. "/new")
            local result = process.run{ "/proc/self/exe", "--dry-run", "--plan-json", plan, "-e", code,
                env = { UHOST_STATE = folder } }
            assert.equal("40\ttrue\n", result.stdout, result.stderr)
            assert.equal(before, repository:git("rev-parse", "main"))
            assert.equal(objects, repository:git("count-objects"))
            assert.equal("refs/heads/main", repository:git("for-each-ref", "--format=%(refname)"))
            local file = assert(io.open(plan))
            local text = file:read("*a")
            file:close()
            for _, kind in ipairs{ "git.create_commit", "git.update_refs", "git.init" } do
                assert.truthy(text:find('"' .. kind .. '"', 1, true))
            end
        end)
    end)
end)
