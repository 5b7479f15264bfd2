-- repo:deletions and its index in the store.
local scratch = require("support.git_scratch")

local function error_of(body, ...)
    local ok, err = pcall(body, ...)
    assert.is_false(ok)
    return err
end

local function collect(iterator)
    local list = {}
    for record in iterator do table.insert(list, record) end
    return list
end

-- "commit path" of each, sorted.
local function names(records)
    local list = {}
    for _, record in ipairs(records) do table.insert(list, record.commit .. " " .. record.path) end
    table.sort(list)
    return list
end

-- What git says, without what merges themselves removed, which it leaves out.
local function expected(repository, path, ...)
    local list, commit = {}, nil
    local output = repository:lines("log", "--full-history", "--diff-filter=D", "--name-only", "--no-renames",
        "--format=%H", ...)
    for _, line in ipairs(output) do
        if line:find("^%x+$") and #line == 40 then
            commit = line
        elseif path == "" or line:sub(1, #path + 1) == path .. "/" then
            table.insert(list, commit .. " " .. line)
        end
    end
    table.sort(list)
    return list
end

local function without_merges(repo, records)
    local kept = {}
    for _, record in ipairs(records) do
        if #repo:commit(record.commit).parents < 2 then table.insert(kept, record) end
    end
    return kept
end

local store = db.open(nil, { store = "git" })

local function indexed(repository)
    return store:one("SELECT count(*) AS n FROM git_deletion_index WHERE repository = ? AND complete = 1",
        { git.open(repository.path):common_folder() }).n
end

describe("git deletions", function()
    teardown(scratch.clean_up)

    for seed = 11, 13 do
        it("are those that git finds, history " .. seed, function()
            local repository = scratch.random_history(seed, 200)
            local repo = git.open(repository.path)
            for _, path in ipairs{ "", "a", "a/b", "c", "nowhere" } do
                local cold = collect(repo:deletions{ path = path })
                assert.same(expected(repository, path, "HEAD", "--", path == "" and "." or path),
                    names(without_merges(repo, cold)))
                assert.same(cold, collect(repo:deletions{ path = path }))
                assert.same(cold, collect(repo:deletions{ path = path, index = false }))
            end
        end)
    end

    it("know all there is to know of a deletion", function()
        local repository = scratch.new()
        local text = ("line\n"):rep(20)
        repository:commit("One", { ["t/1.rs"] = text, ["t/2.rs"] = "2\n", ["t/3.rs"] = "3\n" }, { time = 1700000000 })
        repository:git("mv", "t/1.rs", "moved.rs")
        local moving = repository:commit("Move it (#17)", {}, { time = 1700000100 })
        repository:commit("Drop two", { ["t/2.rs"] = false, ["t/3.rs"] = false }, { time = 1700000200 })
        repository:commit("Back", { ["t/3.rs"] = "3\n" }, { time = 1700000300 })
        local records = {}
        for record in git.open(repository.path):deletions{ path = "t" } do records[record.path] = record end
        assert.same({
            path = "t/1.rs", commit = moving, time = "2023-11-14T22:15:00Z", author = "Ann Author",
            author_email = "ann@example.org", subject = "Move it (#17)", pr = 17, moved_to = "moved.rs",
            similarity_percent = 100, present = false, in_mainline = true,
            blob = repository:git("rev-parse", "HEAD:moved.rs"),
        }, records["t/1.rs"])
        assert.is_true(records["t/3.rs"].present)
        assert.is_false(records["t/2.rs"].present)
        assert.is_nil(records["t/2.rs"].moved_to)
        local repo = git.open(repository.path)
        assert.equal("2\n", repo:read_blob(records["t/2.rs"].blob))
        assert.is_nil(repo:read_blob(("1"):rep(40)))
        assert.is_nil(repo:read_blob(moving))
        assert.equal("git.limit", error_of(repo.read_blob, repo, records["t/2.rs"].blob, { limit_bytes = 1 }).kind)
    end)

    describe("index", function()
        local repository, repo

        before_each(function()
            repository = scratch.new()
            for i = 1, 6 do
                repository:commit("Add " .. i, { ["t/" .. i] = i .. "\n", other = i .. "\n" },
                    { time = 1700000000 + 100 * i })
            end
            repository:commit("Drop 1", { ["t/1"] = false }, { time = 1700001000 })
            repository:commit("Drop 2", { ["t/2"] = false }, { time = 1700002000 })
            repo = git.open(repository.path)
        end)

        local function paths(options)
            options = options or {}
            options.path = "t"
            local list = {}
            for record in repo:deletions(options) do table.insert(list, record.path) end
            return table.concat(list, " ")
        end

        it("is completed by new commits, which come first", function()
            assert.equal("t/2 t/1", paths())
            repository:commit("Drop 3", { ["t/3"] = false }, { time = 1700003000 })
            assert.equal("t/3 t/2 t/1", paths())
            repository:commit("Drop 4 and more", { ["t/4"] = false }, { time = 1700004000 })
            assert.equal("t/4 t/3 t/2 t/1", paths())
            assert.equal("t/4 t/3 t/2 t/1", paths{ index = false })
            store:execute("UPDATE git_deletion_index SET used = used - 1000")
            repository:commit("Drop 5", { ["t/5"] = false }, { time = 1700005000 })
            assert.equal("t/5 t/4 t/3 t/2 t/1", paths())
            assert.equal(1, indexed(repository))
        end)

        it("puts older commits of a branch that is merged later where they belong", function()
            repository:git("checkout", "-q", "-b", "side", "HEAD~1")
            repository:commit("Drop 3 on a branch", { ["t/3"] = false }, { time = 1700001500 })
            repository:git("checkout", "-q", "main")
            assert.equal("t/2 t/1", paths())
            repository:git("merge", "-q", "--no-ff", "-m", "Merge pull request #9 from side", "side",
                { env = { GIT_COMMITTER_DATE = "1700003000 +0000" } })
            assert.equal("t/2 t/3 t/1", paths())
            assert.equal("t/2 t/3 t/1", paths{ refresh = true })
        end)

        it("is what answers, not another walk", function()
            paths()
            store:execute("UPDATE git_deletion SET subject = 'from the index' WHERE path = 't/1'")
            repository:commit("Drop 3", { ["t/3"] = false }, { time = 1700003000 })
            local subjects = {}
            for record in repo:deletions{ path = "t" } do subjects[record.path] = record.subject end
            assert.equal("from the index", subjects["t/1"])
            assert.equal("Drop 3", subjects["t/3"])
            for record in repo:deletions{ path = "t", refresh = true } do subjects[record.path] = record.subject end
            assert.equal("Drop 1", subjects["t/1"])
        end)

        it("looks up anew what is there again", function()
            paths()
            repository:commit("Back", { ["t/1"] = "1\n" }, { time = 1700005000 })
            local present = {}
            for record in repo:deletions{ path = "t" } do present[record.path] = record.present end
            assert.same({ ["t/1"] = true, ["t/2"] = false }, present)
        end)

        it("is made anew when history was rewritten, even where the old tip is gone", function()
            repository:commit("Drop 3", { ["t/3"] = false }, { time = 1700003000 })
            assert.equal("t/3 t/2 t/1", paths())
            repository:git("reset", "-q", "--hard", "HEAD~2")
            repository:commit("Drop 5", { ["t/5"] = false }, { time = 1700003000 })
            repository:git("reflog", "expire", "--expire=now", "--all")
            repository:git("gc", "-q", "--prune=now")
            repo = git.open(repository.path)
            assert.equal("t/5 t/1", paths())
            assert.equal("t/5 t/1", paths())
        end)

        it("serves narrower dates, and is made anew for wider ones", function()
            assert.equal("t/2", paths{ since = 1700001500 })
            assert.equal("t/2", paths{ since = 1700001800 })
            assert.equal("", paths{ since = "2023-11-15T00:00:00Z" })
            assert.equal("t/2 t/1", paths())
            assert.equal("t/1", paths{ ["until"] = 1700001500 })
            assert.equal("t/1", paths{ ["until"] = 1700001500, since = 1700000900 })
            assert.equal("t/2 t/1", paths())
        end)

        it("is kept apart by options and branch", function()
            paths()
            assert.equal("t/2 t/1", paths{ first_parent = true })
            assert.equal("t/2 t/1", paths{ renames = false })
            repository:git("checkout", "-q", "-b", "side", "HEAD~1")
            assert.equal("t/1", paths())
            assert.equal("t/2 t/1", paths{ revision = "main" })
            assert.equal("", paths{ revision = "HEAD~1" })
            assert.equal(4, indexed(repository))
        end)

        it("does not count before the walk has ended", function()
            repo:deletions{ path = "t" }()
            assert.equal(0, indexed(repository))
            assert.equal("t/2 t/1", paths())
        end)

        it("is shared by linked work trees", function()
            paths()
            local linked = scratch.folder() .. "/linked"
            repository:git("worktree", "add", "-q", linked, "main", "--force")
            repo = git.open(linked)
            assert.equal("t/2 t/1", paths())
            assert.equal(1, indexed(repository))
        end)

        it("may be used by many at once", function()
            local answers = task.map({ 1, 2, 3, 4, 5, 6 }, function() return paths() end)
            for _, answer in ipairs(answers) do assert.equal("t/2 t/1", answer) end
            repository:commit("Drop 3", { ["t/3"] = false }, { time = 1700003000 })
            answers = task.map({ 1, 2, 3, 4, 5, 6 }, function() return paths() end)
            for _, answer in ipairs(answers) do assert.equal("t/3 t/2 t/1", answer) end
            assert.equal("t/3 t/2 t/1", paths())
        end)

        it("may be made by several processes at once", function()
            local state = scratch.folder()
            local code = ([[
                local paths = {}
                for record in git.open(%q):deletions{ path = "t", index = true } do table.insert(paths, record.path) end
                print(table.concat(paths, " "))
            ]]):format(repository.path)
            local function answers()
                return task.map({ 1, 2, 3, 4 }, function()
                    local result = process.run{ "/proc/self/exe", "-e", code, env = { UHOST_STATE = state } }
                    return result.stdout .. result.stderr
                end)
            end
            assert.same({ "t/2 t/1\n", "t/2 t/1\n", "t/2 t/1\n", "t/2 t/1\n" }, answers())
            repository:commit("Drop 3", { ["t/3"] = false }, { time = 1700003000 })
            local expected_now = "t/3 t/2 t/1\n"
            assert.same({ expected_now, expected_now, expected_now, expected_now }, answers())
            assert.same({ expected_now, expected_now, expected_now, expected_now }, answers())
        end)

        it("is done without, with a warning, where the store cannot be used", function()
            local broken = scratch.folder()
            local file = assert(io.open(broken .. "/git.sqlite", "wb"))
            file:write(("this is no database\n"):rep(1000))
            file:close()
            local code = ([[
                local options = { path = "t" }
                for record in git.open(%q):deletions(options) do print(record.path) end
                options.index = true
                print(select(2, pcall(git.open(%q):deletions(options))).kind)
            ]]):format(repository.path, repository.path)
            local result = process.run{ "/proc/self/exe", "-e", code, env = { UHOST_STATE = broken } }
            assert.equal("t/2\nt/1\ndb.corrupt\n", result.stdout, result.stderr)
            assert.truthy(result.stderr:find("index of deletions cannot be used", 1, true))
        end)
    end)

    -- The index is kept while tips move, backwards and sideways, too; what it gives has to be what a walk gives.
    it("are the same with an index that was kept over moving tips as without one", function()
        for seed = 21, 24 do
            local repository = scratch.random_history(seed, 60)
            local repo = git.open(repository.path)
            local commits = repository:lines("rev-list", "--all")
            for step = 1, 25 do
                repository:git("update-ref", "refs/heads/main", commits[math.random(#commits)])
                local options = { path = ({ "a", "", "c", "a" })[step % 4 + 1], revision = "main" }
                if step % 5 == 0 then options.first_parent = true end
                if step % 7 == 0 then options.since = 1600000000 + math.random(100000) end
                local kept = collect(repo:deletions(options))
                options.index = false
                assert.same(collect(repo:deletions(options)), kept)
            end
        end
    end)

    it("are an error where HEAD names a branch that is not there, while others are", function()
        local repository = scratch.new()
        repository:commit("One", { ["t/1"] = "1\n" })
        repository:git("branch", "-m", "trunk")
        repository:git("symbolic-ref", "HEAD", "refs/heads/main")
        local repo = git.open(repository.path)
        local err = error_of(function() collect(repo:deletions{ path = "t" }) end)
        assert.equal("git.unborn_head", err.kind)
        assert.equal("refs/heads/main", err.details.ref)
        assert.same({}, collect(repo:deletions{ path = "t", revision = "trunk" }))
    end)

    it("of a list of files are of these only, and not indexed", function()
        local repository = scratch.new()
        repository:commit("Add", { ["t/1"] = "1\n", ["t/u/2"] = "2\n", ["t/3"] = "3\n", v = "4\n" })
        repository:commit("Drop", { ["t/1"] = false, ["t/u/2"] = false, ["t/3"] = false, v = false })
        local repo = git.open(repository.path)
        local function of(...)
            local list = {}
            for record in repo:deletions{ path = { ... } } do table.insert(list, record.path) end
            return table.concat(list, " ")
        end
        assert.equal("t/1 t/u/2", of("t/u/2", "t/1", "t/4"))
        assert.equal("t/3 v", of("v", "t/3"))
        assert.equal("t/1 t/3 t/u/2", of("t"))
        assert.equal(0, indexed(repository))
    end)

    it("are none in a repository without commits", function()
        assert.same({}, collect(git.open(scratch.new().path):deletions{ path = "t" }))
    end)

    it("say where a shallow clone was cut, and index nothing then", function()
        local origin = scratch.new()
        for i = 1, 5 do
            origin:commit("Commit " .. i, { ["t/" .. i] = "x\n", ["t/" .. i - 1] = i > 1 and false or nil })
        end
        local path = scratch.folder()
        process.run{ "git", "clone", "-q", "--depth", "3", "file://" .. origin.path, path, check = true }
        local repo = git.open(path)
        local err = error_of(function() collect(repo:deletions{ path = "t" }) end)
        assert.equal("git.shallow", err.kind)
        assert.truthy(err.hint:find("fetch-depth: 0", 1, true))
        assert.equal(0, indexed({ path = path }))
    end)

    it("check their options", function()
        local repo = git.open(scratch.new().path)
        assert.truthy(error_of(repo.deletions, repo, { refesh = true }).hint:find("refresh", 1, true))
        assert.equal("argument", error_of(repo.deletions, repo, { path = 7 }).kind)
        assert.equal("argument", error_of(repo.deletions, repo, { index = "yes" }).kind)
    end)
end)
