-- Reading repositories. What the git command line says of the same repository is the measure.
local scratch = dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "support/git_scratch.lua")

local function error_of(body, ...)
    local ok, err = pcall(body, ...)
    assert.is_false(ok)
    return err
end

local function collect(iterator, field)
    local list = {}
    for record in iterator do table.insert(list, field and record[field] or record) end
    return list
end

local function by(list, field)
    local map = {}
    for _, record in ipairs(list) do map[record[field]] = record end
    return map
end

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

        it("tells linked work trees of one repository apart", function()
            local linked = scratch.folder() .. "/linked"
            repository:git("worktree", "add", "-q", "-b", "side", linked)
            local repo = git.open(linked)
            assert.is_true(repo:is_worktree())
            assert.equal(linked, repo:work_tree())
            assert.equal(repository.path .. "/.git", repo:common_folder())
            assert.equal("side", repo:head().branch)
            assert.equal("main", git.open(repository.path):head().branch)
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
            for _, revision in ipairs{ "HEAD", "main", "main~1", "v1", "v1^{commit}", "HEAD:a", "@{0}" } do
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

        it("show what a replacement put in their place", function()
            repository:git("replace", first, second)
            assert.equal("Two", repo:commit(first).subject)
            assert.equal("2\n", repo:read(first, "a"))
            repository:git("replace", "-d", first)
            assert.equal("One still the subject", repo:commit(first).subject)
        end)
    end)

    describe("damage", function()
        it("is told from absence", function()
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

    describe("against the git command line", function()
        for seed = 1, 3 do
            local repository = scratch.random_history(seed, 150)
            local repo = git.open(repository.path)
            local ids = repository:lines("rev-list", "--topo-order", "HEAD")
            local function any() return ids[math.random(#ids)] end

            it("lists the same commits, history " .. seed, function()
                local cases = {
                    { {}, {} },
                    { { first_parent = true }, { "--first-parent" } },
                    { { limit = 7 }, { "-n", "7" } },
                    { { path = "a" }, {}, { "a" } },
                    { { path = "a/b/f1.txt" }, {}, { "a/b/f1.txt" } },
                    { { path = "c", first_parent = true }, { "--first-parent" }, { "c" } },
                    { { paths = { "a/f1.txt", "c/f2.txt" } }, {}, { "a/f1.txt", "c/f2.txt" } },
                    { { since = 1600100000 }, { "--since=1600100000" } },
                    { { ["until"] = 1600200000 }, { "--until=1600200000" } },
                    { { since = 1600102400, path = "a" }, { "--since=1600102400" }, { "a" } },
                }
                for _, case in ipairs(cases) do
                    local command = { "rev-list", unpack(case[2]) }
                    table.insert(command, "HEAD")
                    table.insert(command, "--")
                    for _, path in ipairs(case[3] or {}) do table.insert(command, path) end
                    assert.same(repository:lines(unpack(command)), collect(repo:log(case[1]), "id"))
                end
            end)

            -- With a path, git's answer at the edge of a range depends on the order in which it reads: commits with a
            -- parent outside may be told of or not.
            local function check_simplified(range)
                local in_range, full, found, edge = {}, {}, {}, {}
                for commit in repo:log{ range = range } do in_range[commit.id] = commit end
                for id, commit in pairs(in_range) do
                    for _, parent in ipairs(commit.parents) do edge[id] = edge[id] or not in_range[parent] end
                end
                for _, id in ipairs(repository:lines("rev-list", "--full-history", range, "--", "a/b")) do
                    full[id] = true
                end
                for commit in repo:log{ range = range, path = "a/b" } do
                    assert.is_true(full[commit.id] or edge[commit.id])
                    found[commit.id] = true
                end
                for _, id in ipairs(repository:lines("rev-list", range, "--", "a/b")) do
                    assert.is_true(found[id] or edge[id])
                end
            end

            it("lists the same ranges, history " .. seed, function()
                for _ = 1, 12 do
                    for _, dots in ipairs{ "..", "..." } do
                        local range = any() .. dots .. any()
                        assert.same(repository:lines("rev-list", range), collect(repo:log{ range = range }, "id"))
                        check_simplified(range)
                    end
                end
            end)

            it("finds the same merge bases and distances, history " .. seed, function()
                for _ = 1, 20 do
                    local a, b = any(), any()
                    local bases = repository:lines("merge-base", "--all", a, b, { check = false })
                    local base = repo:merge_base(a, b)
                    if base then
                        assert.truthy(table.concat(bases, " "):find(base, 1, true))
                    else
                        assert.same({}, bases)
                    end
                    local ahead, behind = repo:ahead_behind(a, b)
                    assert.equal(repository:git("rev-list", "--left-right", "--count", a .. "..." .. b),
                        ahead .. "\t" .. behind)
                    local code = process.run{ "git", "merge-base", "--is-ancestor", a, b, cwd = repository.path }.code
                    assert.equal(code == 0, repo:is_ancestor(a, b))
                end
            end)

            it("counts the same changes, history " .. seed, function()
                for _ = 1, 12 do
                    local a, b = any(), any()
                    local expected = repository:lines("diff", "--numstat", "--no-renames", a, b)
                    local actual = {}
                    for _, file in ipairs(repo:diff(a, b, { renames = false }).files) do
                        table.insert(actual, ("%d\t%d\t%s"):format(file.additions, file.deletions, file.path))
                    end
                    assert.same(expected, actual)
                end
            end)

            it("gives patches that git applies, history " .. seed, function()
                local a, b = any(), any()
                local expected = repository:git("diff", "--no-renames", "-U2", a, b)
                local lines = {}
                for line in expected:gmatch("[^\n]+") do
                    if line:find("^[-+ @\\]") and not line:find("^[-+][-+][-+] ") then
                        table.insert(lines, (line:gsub("^(@@ .- @@).*", "%1")))
                    end
                end
                local actual = {}
                local function count(start, length)
                    return length == 1 and start or start .. "," .. length
                end
                for _, file in ipairs(repo:diff(a, b, { renames = false, context = 2 }).files) do
                    for _, hunk in ipairs(file.hunks) do
                        table.insert(actual, ("@@ -%s +%s @@"):format(count(hunk.old_start, hunk.old_lines),
                            count(hunk.new_start, hunk.new_lines)))
                        for _, line in ipairs(hunk.lines) do
                            table.insert(actual, line.origin .. line.text)
                            if line.newline_at_end == false then
                                table.insert(actual, "\\ No newline at end of file")
                            end
                        end
                    end
                end
                assert.same(lines, actual)
            end)

            it("lists the same trees and reads the same files, history " .. seed, function()
                for _ = 1, 5 do
                    local revision = any()
                    local expected, actual = repository:lines("ls-tree", "-r", revision), {}
                    for _, entry in ipairs(repo:tree(revision, { recursive = true })) do
                        table.insert(actual, ("%06o blob %s\t%s"):format(entry.mode, entry.id, entry.path))
                        local content = repo:read(revision, entry.path)
                        assert.equal(entry.id, repository:git("hash-object", "--stdin", { stdin = content }))
                    end
                    assert.same(expected, actual)
                end
            end)

            it("blames the same commits, history " .. seed, function()
                for _, entry in ipairs(repo:tree("HEAD", { recursive = true })) do
                    local expected, actual = {}, {}
                    for _, line in ipairs(repository:lines("blame", "--porcelain", "HEAD", "--", entry.path)) do
                        local id, original, final = line:match("^(%x+) (%d+) (%d+)")
                        if id and #id == 40 then expected[tonumber(final)] = id .. " " .. original end
                    end
                    for _, hunk in ipairs(repo:blame(entry.path)) do
                        for i = 0, hunk.line_count - 1 do
                            actual[hunk.first_line + i] = hunk.commit .. " " .. hunk.original_line + i
                        end
                    end
                    assert.same(expected, actual)
                end
            end)

            it("describes commits by the same names, history " .. seed, function()
                repository:git("tag", "light", any())
                repository:git("tag", "-a", "-m", "A release", "v1.0", any())
                local function name(...)
                    local found = repository:git("describe", "--abbrev=7", ...)
                    if found == "" then return nil end
                    -- git miscounts where dates are equal; what it means to say is this.
                    local tag, id = found:match("^(.*)%-%d+(%-g%x+)$")
                    if not tag then return found end
                    return tag .. "-" .. repository:git("rev-list", "--count", tag .. ".." .. id:sub(3)) .. id
                end
                for _ = 1, 10 do
                    local revision = any()
                    assert.equal(name("--tags", revision, { check = false }), repo:describe{ revision = revision })
                    assert.equal(name(revision, { check = false }),
                        repo:describe{ revision = revision, lightweight = false })
                end
            end)
        end
    end)

    describe("diff", function()
        local repository = scratch.new()
        local text = ("a line of some length\n"):rep(30)
        repository:commit("One", { ["old.txt"] = text, ["bin"] = "a\0b", ["gone"] = "x\n" })
        repository:git("mv", "old.txt", "new.txt")
        repository:commit("Two", { ["new.txt"] = text .. "more\n", ["bin"] = "a\0c", ["gone"] = false })
        local repo = git.open(repository.path)

        it("finds renamed, binary and deleted files", function()
            local diff = repo:diff("HEAD~1", "HEAD")
            local files = by(diff.files, "path")
            assert.equal("renamed", files["new.txt"].status)
            assert.equal("old.txt", files["new.txt"].old_path)
            assert.is_true(files["new.txt"].similarity_percent > 90)
            assert.is_true(files.bin.binary)
            assert.equal("deleted", files.gone.status)
            assert.same({ 1, 1 }, { diff.additions, diff.deletions })
        end)

        it("keeps to the paths, which are no patterns", function()
            assert.equal(1, #repo:diff("HEAD~1", "HEAD", { paths = { "bin" } }).files)
            assert.equal(0, #repo:diff("HEAD~1", "HEAD", { paths = { "*" } }).files)
            assert.equal(3, #repo:diff("HEAD~1", "HEAD", { paths = { "" } }).files)
        end)

        it("compares with nothing, and with the work tree", function()
            assert.equal(2, #repo:diff(nil, "HEAD").files)
            assert.equal(2, #repo:diff("4b825dc642cb6eb9a060e54bf8d69288fbee4904", "HEAD").files)
            assert.equal(0, #repo:diff("HEAD").files)
            repository:write("bin", "changed\n")
            assert.equal(1, #repo:diff().files)
            repository:git("checkout", "-q", "bin")
        end)

        it("gives counts alone where asked, and stops at limits", function()
            assert.is_nil(repo:diff("HEAD~1", "HEAD", { hunks = false }).files[1].hunks)
            assert.equal("git.limit", error_of(repo.diff, repo, nil, "HEAD", { most_lines = 10 }).kind)
            assert.equal("git.limit", error_of(repo.diff, repo, nil, "HEAD", { most_files = 1 }).kind)
        end)

        it("names the revision that is not there", function()
            local err = error_of(repo.diff, repo, "HEAD", "nope")
            assert.equal("git.unknown_revision", err.kind)
            assert.truthy(err.message:find("'nope'", 1, true))
        end)
    end)

    describe("tree and read", function()
        local repository = scratch.new()
        local hostile = "a\nb \"c\" \\ \255é"
        repository:commit("One", { [hostile] = "bytes \0 \255\r\n", ["d/x"] = "x", ["d/y"] = "y" })
        process.run{ "chmod", "+x", repository.path .. "/d/y", check = true }
        process.run{ "ln", "-s", "d/x", repository.path .. "/link", check = true }
        repository:commit("Two")
        local repo = git.open(repository.path)

        it("take any bytes in names and contents", function()
            assert.equal("bytes \0 \255\r\n", repo:read("HEAD", hostile))
            assert.is_table(by(repo:tree(), "path")[hostile])
        end)

        it("tell kinds apart", function()
            local top, folder = by(repo:tree(), "name"), by(repo:tree("HEAD", { path = "d" }), "name")
            assert.same({ "folder", "link", "file", "executable" },
                { top.d.kind, top.link.kind, folder.x.kind, folder.y.kind })
            assert.equal("d/x", repo:read("HEAD", "link"))
        end)

        it("are nil where nothing is", function()
            assert.is_nil(repo:tree("HEAD", { path = "nope" }))
            assert.is_nil(repo:tree("HEAD", { path = "d/x" }))
            assert.is_nil(repo:read("HEAD", "d"))
            assert.is_nil(repo:read("HEAD", "d/x/y"))
        end)

        it("refuse paths that lead out, and stop at limits", function()
            assert.equal("argument", error_of(repo.read, repo, "HEAD", "../x").kind)
            assert.equal("argument", error_of(repo.read, repo, "HEAD", "/etc/passwd").kind)
            assert.equal("git.limit", error_of(repo.read, repo, "HEAD", "d/x", { limit_bytes = 0 }).kind)
            assert.equal("git.limit", error_of(repo.tree, repo, "HEAD", { limit = 1 }).kind)
        end)
    end)

    describe("status", function()
        local letters = { added = "A", modified = "M", deleted = "D", renamed = "R", type_changed = "T" }

        it("agrees with git's own", function()
            local repository = scratch.new()
            local content = ("some line\n"):rep(20)
            repository:commit("One", { same = "1\n", edited = "1\n", staged = "1\n", gone = "1\n", moved = content })
            repository:write(".gitignore", "*.log\n")
            repository:write("x.log", "ignored\n")
            repository:write("dir/new file", "new\n")
            repository:write("edited", "2\n")
            repository:write("staged", "2\n")
            repository:git("add", "staged")
            repository:write("staged", "3\n")
            repository:git("mv", "moved", "elsewhere")
            process.run{ "rm", repository.path .. "/gone", check = true }
            local repo, lines = git.open(repository.path), {}
            for _, entry in ipairs(repo:status()) do
                local text = entry.old_path and entry.old_path .. "\n" .. entry.path or entry.path
                local code = (letters[entry.staged] or " ") .. (letters[entry.unstaged] or " ")
                if entry.unstaged == "untracked" then code = "??" end
                table.insert(lines, code .. " " .. text)
            end
            local expected = {}
            local output = repository:git("status", "--porcelain=v1", "-z", "-uall")
            local fields = {}
            for field in output:gmatch("([^%z]+)") do table.insert(fields, field) end
            while #fields > 0 do
                local field = table.remove(fields, 1)
                if field:sub(1, 1) == "R" then
                    field = field:sub(1, 3) .. table.remove(fields, 1) .. "\n" .. field:sub(4)
                end
                table.insert(expected, field)
            end
            table.sort(lines)
            table.sort(expected)
            assert.same(expected, lines)
            assert.equal(1, #repo:status{ paths = { "edited" } })
            assert.equal("ignored", by(repo:status{ ignored = true }, "path")["x.log"].unstaged)
        end)

        it("names conflicts", function()
            local repository = scratch.new()
            repository:commit("One", { f = "1\n" })
            repository:git("checkout", "-q", "-b", "side")
            repository:commit("Two", { f = "2\n" })
            repository:git("checkout", "-q", "main")
            repository:commit("Three", { f = "3\n" })
            repository:git("merge", "side", { check = false })
            assert.is_true(git.open(repository.path):status()[1].conflicted)
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
            assert.same({ name = "light", target = id, type = "commit", annotated = false }, tags.light)
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
        end)
    end)

    it("serves many tasks at once", function()
        local repository = scratch.random_history(9, 60)
        local repo = git.open(repository.path)
        local expected = #collect(repo:log())
        local counts = task.map({ 1, 2, 3, 4, 5, 6, 7, 8 }, function() return #collect(repo:log()) end)
        for _, count in ipairs(counts) do assert.equal(expected, count) end
    end)
end)
