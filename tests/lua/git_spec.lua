-- Opening repositories, and naming what is in them.
local scratch = require("support.git_scratch")
local expect = require("support.expect")
local error_of, collect, by = expect.error_of, expect.collect, expect.by

describe("git", function()
    teardown(scratch.clean_up)

    describe("open", function()
        local repository = scratch.new()
        repository:commit("One", { ["src/deep/file.txt"] = "x\n" })

        it("finds the repository around a folder", function()
            local repo = git.open(repository.path .. "/src/deep")
            assert.equal(repository.path, repo:path())
            assert.equal(repository.path .. "/.git", repo:git_folder())
            assert.equal("git.Repository (" .. repository.path .. "/.git)", tostring(repo))
            assert.is_false(repo:is_bare())
            assert.is_false(repo:is_shallow())
        end)

        it("opens bare repositories", function()
            local repo = git.open(scratch.new{ bare = true }.path)
            assert.is_true(repo:is_bare())
            assert.is_nil(repo:work_tree())
            assert.equal("git.bare", error_of(repo.status, repo).kind)
            assert.equal("git.bare", error_of(repo.diff, repo).kind)
        end)

        it("keeps linked work trees of one repository apart", function()
            local linked = scratch.folder() .. "/linked"
            repository:git("worktree", "add", "-q", "-b", "side", linked)
            local repo = git.open(linked)
            assert.is_true(repo:is_worktree())
            assert.equal(linked, repo:work_tree())
            assert.equal(repository.path .. "/.git", repo:common_folder())
            assert.equal("side", repo:head().branch)
            assert.equal("main", git.open(repository.path):head().branch)
        end)

        it("reads one repository, also inside of another one and without a word on whether it is bare", function()
            local outer = scratch.new()
            outer:commit("Outer", { a = "outer\n" })
            local folder = outer.path .. "/inner.git"
            local inner = scratch.new()
            local id = inner:commit("Inner", { a = "inner\n" })
            process.run{ "git", "clone", "-q", "--bare", inner.path, folder, check = true }
            local elsewhere = scratch.folder()
            for _, change in ipairs{
                { "--unset", "core.bare" }, { "core.worktree", elsewhere }, { "--remove-section", "core" },
            } do
                process.run{ "git", "config", "--file", folder .. "/config", change[1], change[2], check = true }
                local repo = git.open(folder)
                local tree = process.run{ "git", "-C", folder, "rev-parse", "--is-bare-repository" }.stdout
                assert.equal(tree == "true\n", repo:is_bare())
                local ids = task.map({ 1, 2, 3, 4, 5, 6, 7, 8 }, function() return repo:head().id end)
                for _, each in ipairs(ids) do assert.equal(id, each) end
                local texts = task.map({ 1, 2, 3, 4, 5, 6, 7, 8 }, function() return repo:read("HEAD", "a") end)
                for _, each in ipairs(texts) do assert.equal("inner\n", each) end
            end
            process.run{ "rm", folder .. "/config", check = true }
            assert.equal(id, git.open(folder):head().id)
        end)

        it("says where it looked when there is none", function()
            local folder = scratch.folder()
            local err = error_of(git.open, folder)
            assert.equal("git.not_found", err.kind)
            assert.truthy(err.message:find(folder, 1, true))
            assert.truthy(err.hint)
            assert.equal("git.not_found", error_of(git.open, folder .. "/nowhere").kind)
        end)

        it("names the safe.directory line for a repository of someone else", function()
            if process.run{ "id", "-u" }.stdout ~= "0\n" then return pending("needs root to give a folder away") end
            local theirs = scratch.new()
            theirs:commit("One", { ["it's"] = "x\n" })
            process.run{ "chown", "-R", "12345", theirs.path, check = true }
            local err = error_of(git.open, theirs.path)
            assert.equal("git.owner", err.kind)
            assert.equal("if you trust it: git config --global --add safe.directory '" .. theirs.path .. "'", err.hint)
        end)

        it("says that a format is not supported", function()
            local folder = scratch.folder()
            process.run{ "git", "init", "-q", "--object-format=sha256", folder, check = true }
            assert.equal("git.unsupported", error_of(git.open, folder).kind)
        end)

        it("refuses a broken repository with a hint", function()
            local broken = scratch.new()
            broken:write(".git/config", "[core\nnonsense")
            local err = error_of(git.open, broken.path)
            assert.equal("git.open", err.kind)
            assert.truthy(err.hint and err.native)
        end)

        it("raises when used after close", function()
            local repo = git.open(repository.path)
            repo:close()
            assert.equal("closed", error_of(repo.head, repo).kind)
            assert.equal("closed", error_of(repo.log, repo).kind)
        end)
    end)

    describe("a repository without commits", function()
        local repo = git.open(scratch.new().path)

        it("has no head, no log, no tags and nothing to resolve", function()
            assert.is_nil(repo:head())
            assert.is_nil(repo:resolve("HEAD"))
            assert.is_nil(repo:commit())
            assert.same({}, collect(repo:log()))
            assert.same({}, repo:tags())
            assert.same({}, repo:refs())
        end)

        it("says so where a commit is needed", function()
            local err = error_of(repo.tree, repo)
            assert.equal("git.unknown_revision", err.kind)
            assert.truthy(err.hint:find("no commits yet", 1, true))
        end)
    end)

    describe("revisions", function()
        local repository = scratch.new()
        local first = repository:commit("One\nstill the subject\n\nA body.", { a = "1\n" }, { time = 1700000001 })
        local second = repository:commit("Two", { a = "2\n" }, { time = 1700000002 })
        repository:git("tag", "-a", "-m", "The first", "v1", first)
        local repo = git.open(repository.path)

        it("resolve as git's own", function()
            for _, revision in ipairs{
                "HEAD", "main", "main~1", "v1", "v1^{commit}", "HEAD:a", "@{0}", "@", "@~1", "@^", "@:a", "@^{tree}",
            } do
                assert.equal(repository:git("rev-parse", revision), repo:resolve(revision))
            end
            assert.equal(first, repo:resolve(first:sub(1, 8)))
        end)

        it("are nil when not there", function()
            for _, revision in ipairs{ "nope", "main~7", "HEAD:b", ("0"):rep(40), "deadbeef" } do
                assert.is_nil(repo:resolve(revision))
            end
        end)

        it("raise when malformed", function()
            for _, revision in ipairs{ "a..b", "HEAD^{nonsense}", "", "a\0b", ("x"):rep(5000) } do
                assert.equal("git.revision", error_of(repo.resolve, repo, revision).kind)
            end
        end)

        it("give commits with all that git knows of them", function()
            local commit = repo:commit("v1")
            assert.same({
                id = first, tree = repository:git("rev-parse", first .. "^{tree}"), parents = {},
                author = "Ann Author", author_email = "ann@example.org", author_time = "2023-11-14T22:13:21Z",
                committer = "Carl Committer", committer_email = "carl@example.org",
                committer_time = "2023-11-14T22:13:21Z", time = "2023-11-14T22:13:21Z",
                subject = "One still the subject", message = "One\nstill the subject\n\nA body.\n",
            }, commit)
            assert.same({ first }, repo:commit(second).parents)
        end)

        it("refuse what is no commit", function()
            assert.equal("git.not_a_commit", error_of(repo.commit, repo, "HEAD:a").kind)
        end)

        it("convert messages to UTF-8", function()
            repository:git("-c", "i18n.commitEncoding=ISO-8859-1", "commit", "-q", "--allow-empty", "-F", "-",
                { stdin = "Gr\252n" })
            assert.equal("Grün", repo:commit("HEAD").subject)
            assert.equal("Grün", repo:log{ limit = 1 }().subject)
        end)

        it("read alike in every primitive, whatever their encoding and however odd", function()
            local odd = scratch.new()
            odd:commit("Start", { a = "1\n", b = "2\n", c = "3\n" })
            local function removal(name, message, option)
                odd:git("rm", "-q", name)
                odd:git("-c", "i18n.commitEncoding=ISO-8859-1", "commit", "-q", "-F", "-", option, { stdin = message })
            end
            removal("a", "Gr\252n  \t\nund gelb\n\nText", "--author=J\246rg <j@example.org>")
            removal("b", "\n \t\nTwo\r\nlines\r\n\r\nBody", "--cleanup=verbatim")
            local tree, parent = odd:git("rev-parse", "HEAD^{tree}"), odd:git("rev-parse", "HEAD")
            odd:git("update-ref", "HEAD", odd:git("hash-object", "-t", "commit", "-w", "--stdin", "--literally",
                { stdin = ("tree %s\nparent %s\nauthor A <a>b> 12 +0000\ncommitter C <c@d> 1700000000 +0000\n\n\255x")
                    :format(odd:git("rev-parse", "HEAD~2^{tree}"), parent) }))
            odd:git("update-ref", "HEAD", odd:git("commit-tree", "-p", "HEAD", "-m", "Again", tree))
            local opened, format = git.open(odd.path), "--format=%H%x09%an%x09%ae%x09%at%x09%s"
            local expected = odd:lines("log", format)
            local function line(commit)
                return table.concat({ commit.id, commit.author, commit.author_email,
                    ("%d"):format(time.parse(commit.author_time)), commit.subject }, "\t")
            end
            local logged, alone, deleted, seen = {}, {}, {}, {}
            for commit in opened:log() do
                table.insert(logged, line(commit))
                table.insert(alone, line(opened:commit(commit.id)))
            end
            assert.same(expected, logged)
            assert.same(expected, alone)
            for deletion in opened:deletions{ index = false } do
                if not seen[deletion.commit] then
                    table.insert(deleted, table.concat({ deletion.commit, deletion.author, deletion.author_email,
                        deletion.subject }, "\t"))
                end
                seen[deletion.commit] = true
            end
            assert.same(odd:lines("log", "--format=%H%x09%an%x09%ae%x09%s", "--diff-filter=D"), deleted)
        end)

        it("show what a replacement put in their place", function()
            repository:git("replace", first, second)
            assert.equal("Two", repo:commit(first).subject)
            assert.equal("2\n", repo:read(first, "a"))
            repository:git("replace", "-d", first)
            assert.equal("One still the subject", repo:commit(first).subject)
        end)
    end)

    describe("damage", function()
        it("differs from absence", function()
            local repository = scratch.new()
            local id = repository:commit("One", { a = "1\n", b = "2\n" })
            local blob = repository:git("rev-parse", "HEAD:a")
            local repo = git.open(repository.path)
            process.run{ "rm", "-f", ("%s/.git/objects/%s/%s"):format(repository.path, blob:sub(1, 2), blob:sub(3)) }
            local err = error_of(repo.read, repo, "HEAD", "a")
            assert.equal("git.missing_object", err.kind)
            assert.truthy(err.hint)
            assert.is_nil(repo:read("HEAD", "c"))
            assert.equal("2\n", repo:read("HEAD", "b"))
            repository:write(".git/refs/heads/dangling", ("1"):rep(40) .. "\n")
            assert.equal("git.missing_object", error_of(repo.resolve, repo, "dangling").kind)
            local file = ("%s/.git/objects/%s/%s"):format(repository.path, id:sub(1, 2), id:sub(3))
            process.run{ "chmod", "u+w", file, check = true }
            repository:write(file:sub(#repository.path + 2), "garbage")
            assert.equal("git.corrupt_object", error_of(repo.commit, git.open(repository.path), id).kind)
        end)
    end)

    it("names a damaged index of a pack, and does not follow it", function()
        local repository = scratch.new()
        repository:commit("One", { a = "1\n", b = "2\n" })
        repository:git("repack", "-adq")
        local repo = git.open(repository.path)
        assert.equal("1\n", repo:read("HEAD", "a"))
        local listed = process.run{ "find", repository.path .. "/.git/objects/pack", "-name", "*.idx", check = true }
        local index = listed.stdout:match("[^\n]+")
        local whole = fs.read(index)
        local header_bytes, fanout_bytes = 8, 1024
        local counts = {
            too_many = ("\255\255\255\255"):rep(256), not_rising = ("\0\0\0\9"):rep(255) .. "\0\0\0\3",
        }
        local damaged = { short = whole:sub(1, -10), empty = "", long = whole .. "\0" }
        for name, fanout in pairs(counts) do
            damaged[name] = whole:sub(1, header_bytes) .. fanout .. whole:sub(header_bytes + fanout_bytes + 1)
        end
        local remedy
        for name, content in pairs(damaged) do
            fs.remove(index)
            fs.write(index, content)
            for _, opened in ipairs{ repo, git.open(repository.path) } do
                for _, method in ipairs{ "head", "commit", "refs", "log" } do
                    local err = error_of(function()
                        local result = opened[method](opened)
                        if method == "log" then result() end
                    end)
                    assert.equal("git.corrupt_pack", err.kind, name .. " " .. method)
                    remedy = err.hint:match("git index%-pack '.*%.pack'")
                end
            end
        end
        fs.remove(index)
        process.run{ "sh", "-c", remedy, check = true }
        assert.equal("2\n", repo:read("HEAD", "b"))
    end)

    describe("shallow clones", function()
        local origin = scratch.new()
        for i = 1, 8 do origin:commit("Commit " .. i, { a = i .. "\n" }, { time = 1700000000 + 1000 * i }) end
        origin:git("tag", "old", "HEAD~6")
        local path = scratch.folder()
        process.run{ "git", "clone", "-q", "--depth", "4", "file://" .. origin.path, path, check = true }
        local repo = git.open(path)

        it("are walked up to where they were cut, then say so", function()
            assert.is_true(repo:is_shallow())
            local subjects = {}
            local err = error_of(function()
                for commit in repo:log() do table.insert(subjects, commit.subject) end
            end)
            assert.same({ "Commit 8", "Commit 7", "Commit 6", "Commit 5" }, subjects)
            assert.equal("git.shallow", err.kind)
            assert.truthy(err.hint:find("fetch-depth: 0", 1, true))
        end)

        it("answer what lies on this side of the cut", function()
            assert.equal(4, #collect(repo:log{ limit = 4 }))
            assert.equal(2, #collect(repo:log{ range = "HEAD~2..HEAD" }))
            assert.equal(2, #collect(repo:log{ since = 1700007000 }))
            assert.equal(repo:resolve("HEAD~1"), repo:merge_base("HEAD", "HEAD~1"))
        end)

        it("say so wherever the answer lies beyond", function()
            assert.equal("git.shallow", error_of(repo.describe, repo).kind)
            assert.is_nil(repo:resolve("HEAD~5"))
            assert.truthy(error_of(repo.tree, repo, "HEAD~5").hint:find("fetch-depth: 0", 1, true))
        end)
    end)

    describe("references", function()
        local repository = scratch.new()
        local id = repository:commit("One", { a = "1\n" })
        repository:git("tag", "light")
        repository:git("tag", "-a", "-m", "Notes\n\nmore", "heavy")
        repository:git("branch", "feature/it's-$(x)-é")
        repository:git("symbolic-ref", "refs/heads/alias", "refs/heads/main")
        repository:git("remote", "add", "origin", "https://user:secret-word@example.org/o/r.git")
        repository:git("remote", "add", "other", "git@example.org:o/r.git")
        local repo = git.open(repository.path)

        it("are listed whole, names as they are", function()
            local refs = by(repo:refs(), "name")
            assert.equal(id, refs["refs/heads/feature/it's-$(x)-é"].id)
            assert.equal("refs/heads/main", refs["refs/heads/alias"].symbolic)
            assert.equal(id, refs["refs/heads/alias"].id)
            assert.equal(2, #repo:refs("refs/tags/"))
        end)

        it("have tags with their annotation", function()
            local tags = by(repo:tags(), "name")
            assert.same({ name = "light", target = id, kind = "commit", annotated = false }, tags.light)
            assert.equal(id, tags.heavy.target)
            assert.equal("Notes\n\nmore\n", tags.heavy.message)
            assert.equal("Carl Committer", tags.heavy.tagger)
            assert.equal(repository:git("rev-parse", "heavy"), tags.heavy.id)
        end)

        it("never show a password in a remote's URL", function()
            local remotes = by(repo:remotes(), "name")
            assert.equal("https://example.org/o/r.git", remotes.origin.url)
            assert.equal("git@example.org:o/r.git", remotes.other.url)
            assert.same({ "+refs/heads/*:refs/remotes/origin/*" }, remotes.origin.fetch)
        end)

        it("know a detached head", function()
            repository:git("checkout", "-q", "--detach")
            assert.same({ id = id, detached = true }, repo:head())
            repository:git("checkout", "-q", "main")
            assert.same({ id = id, detached = false, branch = "main", ref = "refs/heads/main" }, repo:head())
        end)
    end)

    describe("arguments", function()
        local repository = scratch.new()
        repository:commit("One", { a = "1\n" })
        local repo = git.open(repository.path)

        it("are checked, and the right ones named", function()
            assert.truthy(error_of(repo.log, repo, { pth = "a" }).hint:find("path", 1, true))
            assert.equal("argument", error_of(repo.read, repo, "HEAD").kind)
            assert.equal("argument", error_of(repo.read, "text", "HEAD", "a").kind)
            assert.truthy(error_of(repo.log, repo, { limit = "x" }).message:find("limit", 1, true))
            for name, call in pairs{
                push = { {} }, fetch = { { refspec = "main" } }, update_refs = { { {} } }, blame = { 5, 5 },
                create_tag = { "v1", nil, { msg = "x" } }, create_branch = { "b", nil, { forced = true } },
                delete_branch = {}, delete_tag = { {} },
            } do
                local err = error_of(repo[name], repo, unpack(call, 1, 3))
                assert.equal("argument", err.kind, name)
                assert.truthy(err.message:find(name, 1, true), err.message)
            end
        end)
    end)

    -- Parsing some hundred of them would take more than everything else that opening a repository needs.
    it("opens a repository without reading the system's certificates", function()
        local result = process.run({ "/proc/self/exe", "-e", "git.open(arg[1])", scratch.new().path,
            env = { LD_DEBUG = "bindings" } })
        assert.matches("libgit2[^\n]* to [^\n]*/uhost/git%.so[^\n]*mbedtls_x509_crt_parse_file", result.stderr)
    end)

    it("serves many tasks at once", function()
        local repository = scratch.random_history(9, 60)
        local repo = git.open(repository.path)
        local expected = #collect(repo:log())
        local counts = task.map({ 1, 2, 3, 4, 5, 6, 7, 8 }, function() return #collect(repo:log()) end)
        for _, count in ipairs(counts) do assert.equal(expected, count) end
    end)
end)
