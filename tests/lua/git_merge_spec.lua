-- Merging trees and replaying commits: what scripts get, and what git does with the same commits.
local scratch = require("support.git_scratch")

local committer = { GIT_COMMITTER_DATE = "1700009999 +0000" }

-- Bytes and names of everything in a git folder.
local function bytes_of(path)
    local command = "find . -type f | sort | xargs sha1sum"
    return process.run{ "sh", "-c", command, cwd = path .. "/.git", check = true }.stdout
end

local function lines(count, change)
    local list = {}
    for i = 1, count do list[i] = change and change[i] or "line " .. i end
    return table.concat(list, "\n") .. "\n"
end

-- A repository with `base` on main, `ours` on main and `theirs` on topic.
local function diverged(base, ours, theirs)
    local repository = scratch.new()
    repository:commit("base", base)
    repository:git("branch", "topic")
    repository:commit("ours", ours)
    repository:git("checkout", "-q", "topic")
    repository:commit("theirs", theirs)
    repository:git("checkout", "-q", "main")
    return repository, git.open(repository.path)
end

describe("repo:merge_trees", function()
    lazy_teardown(scratch.clean_up)

    it("merges what does not overlap", function()
        local repository, repo = diverged({ a = lines(9) }, { a = lines(9, { "x" }) }, { a = lines(9, { [9] = "y" }) })
        local merge = repo:merge_trees{ ours = "main", theirs = "topic" }
        assert.is_true(merge.clean)
        assert.same({ "a" }, merge.merged)
        assert.same({}, merge.conflicts)
        assert.equal(lines(9, { "x", [9] = "y" }), repository:git("cat-file", "-p", merge.tree .. ":a") .. "\n")
    end)

    it("says which lines are in conflict", function()
        local _, repo = diverged({ a = lines(9) }, { a = lines(9, { [4] = "x" }) }, { a = lines(9, { [4] = "y\nz" }) })
        local merge = repo:merge_trees{ ours = "main", theirs = "topic", conflict_style = "zdiff3" }
        assert.is_false(merge.clean)
        local conflict = merge.conflicts[1]
        assert.equal("content", conflict.kind)
        assert.equal("a", conflict.path)
        local function range(first, count) return { first = first, count = count } end
        assert.same({ base = range(4, 1), ours = range(4, 1), theirs = range(4, 2), line = 4 }, conflict.hunks[1])
        local found = {}
        for line in conflict.text:gmatch("[^\n]+") do table.insert(found, line) end
        assert.equal("<<<<<<< main", found[conflict.hunks[1].line])
        assert.matches("||||||| %x+", found[6])
    end)

    it("writes nothing if it is not to, and the same tree if it is", function()
        local repository, repo = diverged({ a = lines(9) }, { a = lines(9, { "x" }) }, { a = lines(9, { [9] = "y" }) })
        local before = bytes_of(repository.path)
        local merge = repo:merge_trees{ ours = "main", theirs = "topic", write = false }
        local replay = repo:replay{ commits = "main..topic", onto = "main", write = false, committer = "C",
            committer_email = "c@example.org" }
        assert.equal(merge.tree, replay.commits[1].tree)
        assert.equal(before, bytes_of(repository.path))
        assert.equal(merge.tree, repo:merge_trees{ ours = "main", theirs = "topic" }.tree)
        assert.equal("tree", repository:git("cat-file", "-t", merge.tree))
    end)

    for style, expected in pairs{ merge = false, diff3 = true, zdiff3 = true } do
        it("marks conflicts in the style " .. style .. " as git does", function()
            local repository, repo = diverged({ a = lines(12) },
                { a = lines(12, { [3] = "x", [4] = "x\nx", [9] = "q" }) },
                { a = lines(12, { [3] = "x", [4] = "y\nx", [10] = "r" }) })
            local ours, theirs = repository:git("rev-parse", "main"), repository:git("rev-parse", "topic")
            repository:git("config", "merge.conflictStyle", style)
            local tree = repository:git("merge-tree", "--write-tree", ours, theirs, { check = false }):match("^%x+")
            local base = repository:git("rev-parse", "--short", "main~")
            local merge = repo:merge_trees{ ours = ours, theirs = theirs, conflict_style = style,
                labels = { base = base } }
            assert.equal(tree, merge.tree)
            assert.equal(expected, merge.conflicts[1].text:find("|||||||", 1, true) ~= nil)
        end)
    end

    it("does not merge commits without a common ancestor", function()
        local repository = scratch.new()
        repository:commit("one", { a = "1" })
        repository:git("checkout", "-q", "--orphan", "other")
        repository:commit("two", { b = "2" })
        local err = select(2, pcall(function()
            return git.open(repository.path):merge_trees{ ours = "main", theirs = "other" }
        end))
        assert.equal("git.unrelated", err.kind)
    end)

    it("follows merge drivers of gitattributes", function()
        for _, case in ipairs{ { "merge=union" }, { "-merge", "binary" }, { "merge=binary", "binary" },
            { "merge", "content" }, { "merge=nobody", "content" }, { "conflict-marker-size=12", "content" } } do
            local repository, repo = diverged({ [".gitattributes"] = "a " .. case[1] .. "\n", a = lines(5) },
                { a = lines(5, { "x" }) }, { a = lines(5, { "y" }) })
            local tree = repository:git("merge-tree", "--write-tree", "main", "topic", { check = false }):match("^%x+")
            local merge = repo:merge_trees{ ours = "main", theirs = "topic" }
            assert.equal(tree, merge.tree, case[1])
            assert.equal(case[2], merge.conflicts[1] and merge.conflicts[1].kind)
        end
    end)

    it("reports a merge driver that is a program, and does not run it", function()
        local repository, repo = diverged({ [".gitattributes"] = "a merge=mine\n", a = lines(5) },
            { a = lines(5, { "x" }) }, { a = lines(5, { [5] = "y" }) })
        repository:git("config", "merge.mine.driver", "touch /tmp/should-not-run-$$; false")
        local conflict = repo:merge_trees{ ours = "main", theirs = "topic" }.conflicts[1]
        assert.equal("mine", conflict.driver)
        assert.equal("content", conflict.kind)
    end)

    it("takes attributes from the work tree, not from the index", function()
        local repository, repo = diverged({ [".gitattributes"] = "a merge=union\n", a = lines(5) },
            { a = lines(5, { "x" }) }, { a = lines(5, { "y" }) })
        for _, clean in ipairs{ true, false } do
            local tree = repository:git("merge-tree", "--write-tree", "main", "topic", { check = false }):match("^%x+")
            local merge = repo:merge_trees{ ours = "main", theirs = "topic" }
            assert.equal(tree, merge.tree)
            assert.equal(clean, merge.clean)
            if clean then fs.remove(repository.path .. "/.gitattributes") end
        end
    end)

    it("reads attributes from our commit in a bare repository", function()
        local repository = diverged({ [".gitattributes"] = "a merge=union\n", a = lines(5) }, { a = lines(5, { "x" }) },
            { a = lines(5, { "y" }) })
        local bare = scratch.folder() .. "/bare.git"
        repository:git("clone", "-q", "--bare", repository.path, bare)
        assert.is_true(git.open(bare):merge_trees{ ours = "main", theirs = "topic" }.clean)
    end)

    it("moves a submodule forward where it is checked out, and asks where it is not", function()
        local library = scratch.new()
        local first, second = library:commit("1", { x = "1" }), library:commit("2", { x = "2" })
        local third = library:commit("3", { x = "3" })
        local repository = scratch.new()
        local function at(commit)
            repository:git("update-index", "--add", "--cacheinfo", "160000," .. commit .. ",sub")
            repository:git("commit", "-q", "-m", commit)
        end
        at(first)
        repository:git("branch", "topic")
        at(third)
        repository:git("symbolic-ref", "HEAD", "refs/heads/topic")
        at(second)
        local repo = git.open(repository.path)
        local conflict = repo:merge_trees{ ours = "main", theirs = "topic" }.conflicts[1]
        assert.equal("submodule", conflict.kind)
        assert.equal(third, conflict.ours.oid)
        repository:git("clone", "-q", library.path, repository.path .. "/sub")
        local merge = repo:merge_trees{ ours = "main", theirs = "topic" }
        assert.equal(repository:git("merge-tree", "--write-tree", "main", "topic"), merge.tree)
        assert.is_true(merge.clean)
    end)

    it("merges trees over a tree that is named as their base", function()
        local repository, repo = diverged({ a = lines(9) }, { a = lines(9, { "x" }) }, { a = lines(9, { [9] = "y" }) })
        local expected = repository:git("merge-tree", "--write-tree", "main", "topic")
        local merge = repo:merge_trees{ base = "main~^{tree}", ours = "main^{tree}", theirs = "topic^{tree}" }
        assert.equal(expected, merge.tree)
        local empty = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
        assert.equal("add_add", repo:merge_trees{ base = empty, ours = "main", theirs = "topic" }.conflicts[1].kind)
    end)

    it("says what is wrong with an option", function()
        local _, repo = diverged({ a = "1\n" }, { a = "2\n" }, { a = "3\n" })
        for _, case in ipairs{
            { { theirs = "topic" }, "ours" },
            { { ours = "main", theirs = "topic", conflict_style = "diff4" }, "zdiff3" },
            { { ours = "main", theirs = "topic", rename_limits = 1 }, "rename_limit" },
            { { ours = "main", theirs = "topic", labels = { our = "x" } }, "'ours'" },
            { { ours = "main", theirs = "topic", labels = { ours = "x\ny" } }, "one line" },
        } do
            local ok, err = pcall(repo.merge_trees, repo, case[1])
            assert.is_false(ok)
            assert.equal("argument", err.kind)
            assert.matches(case[2], err.message .. (err.hint or ""), 1, true)
        end
    end)

    it("ends when its task is cancelled", function()
        local _, repo = diverged({ a = lines(9) }, { a = lines(9, { "x" }) }, { a = lines(9, { [9] = "y" }) })
        local merging = task.spawn(function() repo:merge_trees{ ours = "main", theirs = "topic", write = false } end)
        merging:cancel()
        local ok, err = pcall(merging.await, merging)
        assert.is_false(ok)
        assert.equal("cancelled", err.kind)
    end)

    it("names the blob that a partial clone lacks, and only needs those it merges", function()
        local repository = diverged({ a = lines(9), b = lines(20) }, { a = lines(9, { "x" }), b = lines(20, { "q" }) },
            { a = lines(9, { [9] = "y" }) })
        repository:git("config", "uploadpack.allowFilter", "true")
        local clone = scratch.folder() .. "/clone"
        repository:git("clone", "-q", "--bare", "--filter=blob:none", "file://" .. repository.path, clone)
        local partial = git.open(clone)
        local ok, err = pcall(partial.merge_trees, partial, { ours = "main", theirs = "topic" })
        assert.is_false(ok)
        assert.equal("git.missing_object", err.kind)
        local wanted = {}
        for _, revision in ipairs{ "main:a", "topic:a", "main~:a" } do
            wanted[repository:git("rev-parse", revision)] = true
        end
        assert.is_true(wanted[err.details.oid])
        for id in pairs(wanted) do
            local content = repository:git("cat-file", "-p", id) .. "\n"
            scratch.at(clone):git("hash-object", "-w", "--stdin", { stdin = content })
        end
        local tree = repository:git("merge-tree", "--write-tree", "main", "topic")
        assert.equal(tree, git.open(clone):merge_trees{ ours = "main", theirs = "topic" }.tree)
    end)
end)

describe("repo:write_tree", function()
    lazy_teardown(scratch.clean_up)

    it("changes files, and lets files and folders take each other's place", function()
        local repository = scratch.new()
        repository:commit("one", { a = "1", ["d/b"] = "2", ["d/c"] = "3", f = "4" })
        local repo = git.open(repository.path)
        local blob = repository:git("rev-parse", "HEAD:a")
        local tree = repo:write_tree{ tree = "HEAD", changes = {
            a = false, d = { text = "file" }, ["f/g"] = { text = "x", mode = "executable" }, h = { oid = blob },
        } }
        repository:git("fsck", "--strict")
        assert.same({ "100644 d", "100755 f/g", "100644 h" }, repository:lines("ls-tree", "-r",
            "--format=%(objectmode) %(path)", tree))
        for _, path in ipairs{ "../a", "/a", "", ".GIT/config", "a/.git" } do
            local ok, err = pcall(repo.write_tree, repo, { tree = "HEAD", changes = { [path] = { text = "" } } })
            assert.is_false(ok, path)
            assert.is_true(err.kind == "git.path" or err.kind == "argument", path)
        end
        for _, mode in ipairs{ 16384, -1, 1e300, 0 / 0 } do
            local change = { text = "no folder", mode = mode }
            local ok, err = pcall(repo.write_tree, repo, { tree = "HEAD", changes = { x = change } })
            assert.same({ false, "argument" }, { ok, err.kind })
        end
        local _, err = pcall(repo.write_tree, repo, { tree = "HEAD", changes = { none = false } })
        assert.equal("git.path", err.kind)
    end)
end)

describe("repo:replay", function()
    lazy_teardown(scratch.clean_up)

    local function fork()
        local repository = scratch.new()
        repository:commit("base", { a = lines(30), ["d/b"] = lines(30), ["d/e/c"] = lines(30) })
        repository:git("checkout", "-q", "-b", "fork")
        repository:commit("fork one", { a = lines(30, { "f1" }) }, { time = 1700001000 })
        repository:commit("fork two\n\nWith a body.\n", { ["d/b"] = lines(30, { [9] = "f2" }) }, { time = 1700002000 })
        repository:commit("fork three", { ["d/e/n"] = "new\n" }, { time = 1700003000 })
        repository:git("checkout", "-q", "main")
        repository:commit("upstream one", { a = lines(30, { [20] = "u1" }) }, { time = 1700001500 })
        repository:commit("upstream two", { ["d/e/c"] = lines(30, { "u2" }) }, { time = 1700002500 })
        return repository, git.open(repository.path)
    end

    local as_carl = { committer = "Carl Committer", committer_email = "carl@example.org", time = 1700009999 }
    local function with(options)
        for key, value in pairs(as_carl) do options[key] = value end
        return options
    end

    it("gives the commits of git cherry-pick", function()
        local repository, repo = fork()
        local replay = repo:replay(with{ commits = "main..fork", onto = "main" })
        repository:git("checkout", "-q", "--detach", "main")
        repository:git("cherry-pick", "main..fork", { env = committer })
        assert.equal(repository:git("rev-parse", "HEAD"), replay.tip)
        assert.equal(3, #replay.commits)
        assert.same({}, replay.rest)
    end)

    it("drops what upstream has, and what it has with changes", function()
        local repository, repo = fork()
        repository:git("cherry-pick", "fork~2", { env = committer })
        repository:git("cherry-pick", "fork", { env = committer })
        repository:write("d/e/n", "new, tweaked\n")
        repository:git("commit", "-q", "-a", "--amend", "--no-edit", { env = committer })
        local replay = repo:replay(with{ commits = { "fork~2", "fork~1", "fork" }, onto = "main" })
        assert.equal(1, #replay.commits)
        assert.equal(repository:git("rev-parse", "fork~1"), replay.commits[1].original)
        assert.same({ "patch_id", "tweaked" }, { replay.dropped[1].reason, replay.dropped[2].reason })
        assert.equal(repository:git("rev-parse", "main~1"), replay.dropped[1].upstream)
        assert.matches("+new, tweaked", replay.dropped[2].difference, 1, true)
    end)

    it("drops a commit whose trailer upstream has", function()
        local repository, repo = fork()
        repository:git("checkout", "-q", "fork")
        repository:git("commit", "-q", "--amend", "-m", "three\n\nChange-Id: I123\nSigned-off-by: A <a@b>",
            { env = committer })
        repository:git("checkout", "-q", "main")
        local other = repository:commit("another way\n\nChange-Id: I123", { z = "z" })
        local replay = repo:replay(with{ commits = "main..fork", onto = "main", trailer = "Change-Id" })
        assert.equal(2, #replay.commits)
        assert.same({ "trailer", other }, { replay.dropped[1].reason, replay.dropped[1].upstream })
        assert.equal(3, #repo:replay(with{ commits = "main..fork", onto = "main" }).commits)
    end)

    it("drops what comes to nothing, and keeps what was empty at first", function()
        local repository, repo = fork()
        repository:git("checkout", "-q", "fork")
        repository:git("commit", "-q", "--allow-empty", "-m", "a mark", { env = committer })
        repository:git("checkout", "-q", "main")
        repository:commit("the same and more", { a = lines(30, { "f1", [20] = "u1" }), ["d/e/n"] = "new\n" })
        local replay = repo:replay(with{ commits = "main..fork", onto = "main" })
        assert.same({ "empty", "empty" }, { replay.dropped[1].reason, replay.dropped[2].reason })
        assert.equal(2, #replay.commits)
        assert.equal("a mark", repo:commit(replay.tip).subject)
    end)

    it("keeps commits that are where they are to be", function()
        local repository, repo = fork()
        local base = repository:git("merge-base", "main", "fork")
        local replay = repo:replay(with{ commits = base .. "..fork", onto = base })
        assert.equal(repository:git("rev-parse", "fork"), replay.tip)
    end)

    it("does not repeat a long subject at every conflict", function()
        local repository, repo = fork()
        repository:git("checkout", "-q", "fork")
        repository:commit(("x"):rep(50000), { a = lines(30, { [20] = "f4" }) })
        repository:git("checkout", "-q", "main")
        local conflict = repo:replay(with{ commits = "main..fork", onto = "main" }).conflicts[1].conflicts[1]
        assert.matches("\n>>>>>>> %x+ %(x+%)\n", conflict.text)
        assert.is_true(#conflict.text < 1000)
    end)

    it("stops at a conflict, and goes on once it is resolved", function()
        local repository, repo = fork()
        repository:commit("in the way", { ["d/b"] = lines(30, { [9] = "u3" }) })
        local replay = repo:replay(with{ commits = "main..fork", onto = "main" })
        assert.equal(1, #replay.commits)
        local stopped = replay.conflicts[1]
        assert.equal("fork two", stopped.subject)
        assert.equal("d/b", stopped.conflicts[1].path)
        assert.same({ repository:git("rev-parse", "fork") }, replay.rest)
        local tree = repo:write_tree{ tree = stopped.tree, changes = { ["d/b"] = { text = "resolved\n" } } }
        local tip = repo:commit_tree(with{ as = stopped.original, tree = tree, parents = replay.tip })
        replay = repo:replay(with{ commits = replay.rest, onto = tip })
        assert.same({}, replay.conflicts)
        assert.equal("resolved", repository:git("show", replay.tip .. ":d/b"))
        assert.equal("new", repository:git("show", replay.tip .. ":d/e/n"))
        assert.equal("fork two\n\nWith a body.", repository:git("log", "-1", "--format=%B", tip):gsub("\n+$", ""))
        assert.equal("Ann Author 1700002000", repository:git("log", "-1", "--format=%an %at", tip))
    end)

    it("goes on past a conflict to predict the rest", function()
        local repository, repo = fork()
        repository:commit("in the way", { ["d/b"] = lines(30, { [9] = "u3" }) })
        local before = bytes_of(repository.path)
        local replay = repo:replay(with{ commits = "main..fork", onto = "main", on_conflict = "continue",
            write = false })
        assert.equal(3, #replay.commits)
        assert.equal("d/b", replay.conflicts[1].conflicts[1].path)
        assert.equal(before, bytes_of(repository.path))
    end)

    it("keeps a commit's bytes but for tree, parents and committer", function()
        local repository, repo = fork()
        local raw = ("tree %s\nparent %s\nauthor J\246rg <j@example.org> 1600000000 +0530\n"
            .. "committer J\246rg <j@example.org> 1600000001 -0330\nencoding ISO-8859-1\nx-note kept\n\n"
            .. "Gr\252\223e\n\n\nx")
            :format(repository:git("rev-parse", "fork^{tree}"), repository:git("rev-parse", "fork"))
        local id = repository:git("hash-object", "-t", "commit", "-w", "--stdin", { stdin = raw })
        local replay = repo:replay(with{ commits = { "fork~2", "fork~1", "fork", id }, onto = "main" })
        local made = process.run{ "git", "-C", repository.path, "cat-file", "commit", replay.tip, check = true }.stdout
        local expected = raw:gsub("tree %x+", "tree " .. replay.commits[4].tree)
            :gsub("parent %x+", "parent " .. replay.commits[3].commit)
            :gsub("committer [^\n]+", "committer Carl Committer <carl@example.org> 1700009999 +0000")
        assert.equal(expected, made)
    end)

    it("leaves merges out, or keeps them with what was resolved in them", function()
        local repository, repo = fork()
        repository:git("checkout", "-q", "-b", "side", "fork~1")
        repository:commit("side", { ["d/e/n"] = "side\n" })
        repository:git("checkout", "-q", "fork")
        repository:git("merge", "-q", "side", { check = false })
        repository:commit("merge of side", { ["d/e/n"] = "both\n" })
        local flat = repo:replay(with{ commits = "main..fork", onto = "main", on_conflict = "continue" })
        assert.equal("merge", flat.dropped[1].reason)
        local kept = repo:replay(with{ commits = "main..fork", onto = "main", merges = "preserve" })
        assert.same({}, kept.conflicts)
        assert.equal("both", repository:git("show", kept.tip .. ":d/e/n"))
        assert.equal(2, #repo:commit(kept.tip).parents)
    end)
end)
