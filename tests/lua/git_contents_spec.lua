-- Reading what repositories hold. What the git command line says of the same repository is the measure.
local scratch = require("support.git_scratch")
local expect = require("support.expect")
local error_of, collect, by = expect.error_of, expect.collect, expect.by

describe("git", function()
    teardown(scratch.clean_up)

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
            -- parent outside may be reported or not.
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
            assert.equal("git.limit", error_of(repo.diff, repo, nil, "HEAD", { max_lines = 10 }).kind)
            assert.equal("git.limit", error_of(repo.diff, repo, nil, "HEAD", { max_files = 1 }).kind)
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

        it("have kinds", function()
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

        it("heeds what git alone knows: sparse checkouts, filters, split indexes and files to be added", function()
            local repository = scratch.new()
            repository:git("config", "filter.upper.clean", "tr a-z A-Z")
            repository:commit("One", { [".gitattributes"] = "*.up filter=upper\n", ["x.up"] = "text\n",
                ["in/a"] = "1\n", ["out/b"] = "1\n" })
            repository:git("sparse-checkout", "set", "in")
            repository:git("update-index", "--split-index")
            repository:write("x.up", "Text\n")
            repository:write("later", "x\n")
            repository:git("add", "-N", "later")
            local found = git.open(repository.path):status()
            assert.equal(1, #found)
            assert.same({ "later", "added" }, { found[1].path, found[1].unstaged })
            assert.has_error(function() git.open(repository.path):status{ path = "later" } end)
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
end)
