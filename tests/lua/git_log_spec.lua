-- What a log lists, and how commits lie to each other: git's own answers, with and without a commit-graph.
local scratch = require("support.git_scratch")

local random = math.random

local function ids_of(log)
    local ids = {}
    for commit in log do ids[#ids + 1] = commit.id end
    return ids
end

-- A history with tags and authors to keep apart.
local function history(seed)
    local repository = scratch.random_history(seed, 60)
    local commits = repository:lines("rev-list", "--all")
    for i = 1, 4 do repository:git("tag", "t" .. i, commits[random(#commits)]) end
    repository:commit("Fix: a Bug", { ["a/f1.txt"] = "needle\nhay\n" },
        { time = 1700000000, author = "Zoe Zebra <zoe@zoo.example>" })
    repository:commit("Another", { ["a/f1.txt"] = "hay\nneedles\n" }, { time = 1700000001 })
    repository:commit("Remove it", { ["a/f1.txt"] = "hay\n" }, { time = 1700000002 })
    return repository, commits
end

describe("git log", function()
    after_each(scratch.clean_up)

    for seed = 1, 4 do
        it("answers as git does in history " .. seed, function()
            local repository, commits = history(seed)
            local function check(options, ...)
                options.range = options.range or not options.all and "main" or nil
                assert.same(repository:lines("log", "--format=%H", ...), ids_of(git.open(repository.path):log(options)),
                    json.encode(options))
            end
            local function check_all()
                check({ all = true }, "--all")
                check({ all = true, limit = 7 }, "--all", "-7")
                check({ reverse = true }, "--reverse")
                check({ reverse = true, limit = 5, path = "a" }, "--reverse", "-5", "--", "a")
                check({ order = "topo" }, "--topo-order")
                check({ order = "date" }, "--date-order")
                check({ order = "author_date" }, "--author-date-order")
                check({ order = "topo", all = true, path = "a/b" }, "--topo-order", "--all", "--", "a/b")
                check({ order = "date", limit = 9, first_parent = true }, "--date-order", "-9", "--first-parent")
                check({ author = "zebra", ignore_case = true }, "-i", "--author=zebra")
                check({ author = "zebra" }, "--author=zebra")
                check({ author = "<zoe@.*example>$" }, "-P", "--author=<zoe@.*example>$")
                check({ grep = "^Its b" }, "--grep=^Its b")
                check({ grep = "number [0-9]*3$", limit = 3 }, "-3", "-P", "--grep=number [0-9]*3$")
                check({ merges = true }, "--merges")
                check({ merges = false, path = "c" }, "--no-merges", "--", "c")
                check({ pickaxe = "needle" }, "-Sneedle")
                check({ pickaxe_regex = "needles?$" }, "-Gneedles?$")
                check({ pickaxe_regex = "line 1 [3-5]$", path = "a" }, "-Gline 1 [3-5]$", "--", "a")
                for _ = 1, 6 do
                    local one, other = commits[random(#commits)], commits[random(#commits)]
                    check({ range = one .. ".." .. other }, one .. ".." .. other)
                    check({ range = one .. "..." .. other, path = "a" }, one .. "..." .. other, "--", "a")
                    check({ range = one .. ".." .. other, first_parent = true }, "--first-parent", one .. ".." .. other)
                    check({ range = one .. "..main", order = "topo" }, "--topo-order", one .. "..main")
                end
                for _, path in ipairs(repository:lines("ls-files")) do
                    check({ path = path }, "--", path)
                    check({ paths = { path, "c" }, first_parent = true }, "--first-parent", "--", path, "c")
                end
                for _ = 1, 8 do
                    local some = { "nowhere/at/all", "c/below/a/file" }
                    for _, path in ipairs(repository:lines("ls-files")) do
                        if random(3) > 1 then some[#some + 1] = path end
                    end
                    local one = commits[random(#commits)]
                    check({ paths = some }, "--", unpack(some))
                    check({ paths = some, range = one .. "..main" }, one .. "..main", "--", unpack(some))
                    check({ path = some[#some], range = one .. "..main", order = "topo" }, "--topo-order",
                        one .. "..main", "--", some[#some])
                    check({ paths = some, first_parent = true, range = one .. "..main" }, "--first-parent",
                        one .. "..main", "--", unpack(some))
                    check({ paths = some, first_parent = true }, "--first-parent", "--", unpack(some))
                end
            end
            check_all()
            repository:git("commit-graph", "write", "--reachable", "--changed-paths")
            check_all()
        end)

        it("counts what two commits have of each other as git does, history " .. seed, function()
            local repository, commits = history(seed)
            for round = 1, 2 do
                local repo = git.open(repository.path)
                for _ = 1, 25 do
                    local one, other = commits[random(#commits)], commits[random(#commits)]
                    local third = commits[random(#commits)]
                    local ahead, behind = repo:ahead_behind(one, other)
                    assert.equal(repository:git("rev-list", "--left-right", "--count", one .. "..." .. other),
                        ahead .. "\t" .. behind)
                    assert.equal(repository:git("merge-base", one, other, { check = false }),
                        repo:merge_base(one, other) or "")
                    assert.equal(repository:git("merge-base", one, other, third, { check = false }),
                        repo:merge_base(one, other, third) or "")
                    assert.equal(repository:git("rev-list", "--count", "-1", one, "^" .. other) == "0",
                        repo:is_ancestor(one, other))
                end
                if round == 1 then repository:git("commit-graph", "write", "--reachable") end
            end
        end)
    end

    it("follows a file through renames, and says what it was called", function()
        local repository = scratch.new()
        local text = ("some line\nanother line\n"):rep(10)
        repository:commit("One", { ["old/name.txt"] = text, other = "x" }, { time = 1700000000 })
        repository:commit("Two", { ["old/name.txt"] = text .. "more\n" }, { time = 1700000100 })
        repository:commit("Move", { ["old/name.txt"] = false, ["new/name.txt"] = text .. "more\n" },
            { time = 1700000200 })
        repository:commit("Elsewhere", { other = "y" }, { time = 1700000300 })
        repository:commit("Three", { ["new/name.txt"] = text .. "even more\n" }, { time = 1700000400 })
        local follow = { path = "new/name.txt", follow = true }
        assert.same(repository:lines("log", "--format=%H", "--follow", "--", "new/name.txt"),
            ids_of(git.open(repository.path):log(follow)))
        local found = {}
        for commit in git.open(repository.path):log{ path = "new/name.txt", follow = true, stats = true } do
            found[#found + 1] = ("%s %s %d %d"):format(commit.subject, commit.path, #commit.files, commit.additions)
        end
        assert.same({ "Three new/name.txt 1 1", "Move new/name.txt 1 0", "Two old/name.txt 1 1",
            "One old/name.txt 1 20" }, found)
    end)

    it("lists only the files that a text came to or went from", function()
        local repository = scratch.new()
        repository:commit("One", { a = "secret\n", b = "plain\n" })
        for commit in git.open(repository.path):log{ pickaxe = "secret" } do
            assert.equal(1, #commit.files)
            assert.equal("a", commit.files[1].path)
            assert.is_nil(commit.additions)
        end
    end)

    it("uses objects that were replaced, packed and cut while it was open", function()
        local repository = scratch.random_history(9, 30)
        local repo = git.open(repository.path)
        local old, new = repository:git("rev-parse", "main~2"), repository:git("rev-parse", "main~1^2")
        local function check()
            assert.same(repository:lines("log", "--format=%H"), ids_of(repo:log()))
            local ahead = repo:ahead_behind("main", "main~1")
            assert.equal(repository:git("rev-list", "--count", "main~1..main"), tostring(ahead))
        end
        check()
        repository:git("commit-graph", "write", "--reachable")
        check()
        repository:git("replace", old, new)
        check()
        repository:git("repack", "-adq")
        check()
        repository:git("replace", "-d", old)
        check()
    end)

    it("refuses options that do not go together", function()
        local repo = git.open(scratch.random_history(1, 5).path)
        for _, options in ipairs{ { follow = true }, { order = "size" }, { all = true, range = "main" },
            { pickaxe = "" }, { author = "(" } } do
            assert.has_error(function() repo:log(options) end)
        end
    end)
end)
