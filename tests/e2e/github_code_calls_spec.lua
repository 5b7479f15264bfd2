-- Pull requests, commits, releases, files and search in the real binary.
local calls = require("support.github_calls")
local with_github, results = calls.with, calls.results

local function file(name)
    return { filename = name, status = "added", additions = 1, deletions = 0, changes = 1 }
end

local function files(count)
    local list = {}
    for i = 1, count do list[i] = file(("f%04d"):format(i)) end
    return list
end

describe("pull requests of github.repository", function()
    it("are records, nil when there is none, and listed by every filter", function()
        with_github(function(server)
            server.control({ repository = "o/n", labels = { { name = "bug", description = "d" } }, issues = {
                { number = 2001, kind = "pull_request", state = "merged", head = "fix", base = "v1", title = "Fix",
                  labels = { "bug" }, reviews = {
                    { user = "ada", state = "CHANGES_REQUESTED", body = "no" }, { user = "grace", state = "APPROVED" },
                  } },
                { number = 2002, kind = "pull_request", draft = true, base = "v1", head = "more" },
            } })
            local pull, issue, drafts, closed, by_head, reviews = results(server, [[
                local closed = repo:pulls{ state = "closed", base = "v1" }:all()
                return repo:pull(2001), repo:pull(4), repo:pulls{ base = "v1" }:all(), closed,
                    repo:pulls{ state = "all", head = "o:fix", sort = "created", direction = "asc" }:all(),
                    repo:pull_reviews(2001):all()]])
            assert.is_nil(issue)
            assert.equal("Fix", pull.title)
            assert.equal("closed", pull.state)
            assert.is_true(pull.is_merged)
            assert.equal("fix", pull.head.ref)
            assert.equal("v1", pull.base.ref)
            assert.equal("o/n", pull.head.repository)
            assert.equal(40, #pull.head.sha)
            assert.same({ "bug" }, pull.labels)
            assert.equal(2002, drafts[1].number)
            assert.is_true(drafts[1].is_draft)
            assert.equal(1, #drafts)
            assert.equal(2001, closed[1].number)
            assert.equal(2001, by_head[1].number)
            assert.same({ "changes_requested", "approved" }, { reviews[1].state, reviews[2].state })
            assert.equal("ada", reviews[1].author)
        end)
    end)

    it("say when GitHub's list of files is cut", function()
        with_github(function(server)
            server.control({ repository = "o/n", issues = {
                { number = 2001, kind = "pull_request", files = files(3000) },
                { number = 2002, kind = "pull_request", files = files(150) },
            } })
            local count, cut, small, small_cut, result = results(server, [[
                local list, small = repo:pull_files(2001), repo:pull_files(2002)
                local count = #list:all()
                return count, list.cut or false, #small:all(), small.cut or false]])
            assert.same({ 3000, true, 150, false }, { count, cut, small, small_cut })
            assert.matches("at most 3000 files", result.stderr)
        end)
    end)

    it("are found by a commit; nil for one that is not there", function()
        with_github(function(server)
            local sha = ("ab"):rep(20)
            server.control({ repository = "o/n", commits = { { sha = sha } }, issues = {
                { number = 2001, kind = "pull_request", state = "merged", merge_commit_sha = sha },
            } })
            local pulls, missing, none = results(server, ([[
                return repo:pulls_of_commit("%s"), repo:pulls_of_commit("%s"),
                    #repo:pulls_of_commit(repo:commit("%s").parents[1])]]):format(sha, ("cd"):rep(20), sha))
            assert.equal(2001, pulls[1].number)
            assert.is_nil(missing)
            assert.equal(0, none)
        end)
    end)
end)

describe("commits of github.repository", function()
    it("are records with their files, found by id, branch and tag, and nil when they are not there", function()
        with_github(function(server)
            local sha = ("ab"):rep(20)
            server.control({ repository = "o/n", branches = { ["a/b"] = sha }, tags = { v1 = sha }, commits = {
                { sha = sha, message = "Subject\n\nbody", author = "ada", files = { file("x") } }, {},
            } })
            local commit, branch, tag, missing, count, limited = results(server, ([[
                return repo:commit("%s"), repo:commit("a/b").id, repo:commit("v1").id, repo:commit("no such"),
                    #repo:commits():all(), #repo:commits{ sha = "v1", since = "2026-01-01", author = "ada" }:all()
                ]]):format(sha))
            assert.equal(sha, commit.id)
            assert.equal("Subject\n\nbody", commit.message)
            assert.equal("ada", commit.author.login)
            assert.equal("x", commit.files[1].path)
            assert.is_false(commit.files_cut)
            assert.same({ sha, sha }, { branch, tag })
            assert.is_nil(missing)
            assert.equal(3, count)
            assert.equal(1, limited)
        end)
    end)

    it("are compared, and what is cut is said", function()
        with_github(function(server)
            local base, commits = ("ab"):rep(20), {}
            for i = 1, 230 do commits[i] = { files = i == 230 and files(300) or json.array() } end
            table.insert(commits, 1, { sha = base })
            server.control({ repository = "o/n", commits = commits })
            local all, some, same, missing = results(server, ([[
                local all = repo:compare("%s", "main")
                local some = repo:compare("%s", "main", { limit = 150 })
                return { #all.commits, all.commits_cut, all.files_cut, all.ahead_by, all.status, all.merge_base },
                    { #some.commits, some.commits_cut }, repo:compare("main", "main").status,
                    repo:compare("none", "main")]]):format(base, base))
            assert.same({ 230, false, true, 230, "ahead", base }, all)
            assert.same({ 150, true }, some)
            assert.equal("identical", same)
            assert.is_nil(missing)
        end)
    end)
end)

describe("releases and tags of github.repository", function()
    it("are listed with drafts, found by tag, and nil when there is none", function()
        with_github(function(server)
            local nothing = results(server, "return repo:latest_release()")
            assert.is_nil(nothing)
            server.control({ repository = "o/n", releases = {
                { tag_name = "v1/a b", name = "One" }, { tag_name = "v2", draft = true },
                { tag_name = "v3", prerelease = true },
            } })
            local list, one, draft, latest, tags = results(server, [[
                return repo:releases():all(), repo:release("v1/a b"), repo:release("v2"), repo:latest_release(),
                    repo:tags():all()]])
            assert.equal(3, #list)
            assert.equal("One", one.name)
            assert.is_false(one.is_draft)
            assert.is_nil(draft)
            assert.equal("v1/a b", latest.tag)
            local names = {}
            for _, tag in ipairs(tags) do names[tag.name] = #tag.commit end
            assert.same({ ["v1/a b"] = 40, v3 = 40 }, names)
        end)
    end)
end)

describe("contents of github.repository", function()
    it("are a file's bytes whatever its size, a folder's entries, links as they are, and nil", function()
        with_github(function(server)
            server.control({ repository = "o/n", files = {
                ["README.md"] = "# N\n", empty = "", ["dir/a b#?.txt"] = "odd", ["dir/sub/x"] = "x",
                ["big.bin"] = ("0123456789abcdef"):rep(2 ^ 17), out = { target = "/etc/hosts" },
                module = { submodule = "https://github.com/o/m.git" },
            } })
            local readme, empty, odd, size, folder, link, module, missing, no_ref = results(server, [[
                return repo:contents("README.md"), repo:contents("empty"), repo:contents("/dir/a b#?.txt"),
                    #repo:contents("big.bin"), repo:contents("dir/"), repo:contents("out"), repo:contents("module"),
                    repo:contents("none"), repo:contents("README.md", { ref = "none" })]])
            assert.equal("# N\n", readme)
            assert.equal("", empty)
            assert.equal("odd", odd)
            assert.equal(2 ^ 21, size)
            assert.same({ "dir/a b#?.txt", "dir/sub" }, { folder[1].path, folder[2].path })
            assert.same({ "file", "dir" }, { folder[1].type, folder[2].type })
            assert.equal(3, folder[1].size_bytes)
            assert.same({ "symlink", "/etc/hosts" }, { link.type, link.target })
            assert.same({ "submodule", "https://github.com/o/m.git" }, { module.type, module.submodule_url })
            assert.is_nil(missing)
            assert.is_nil(no_ref)
            local root = results(server, [[return repo:contents("")]])
            assert.equal(6, #root)
        end)
    end)
end)

describe("github.search", function()
    it("finds issues, commits, code and repositories, each as its record", function()
        with_github(function(server)
            server.control({ repository = "o/n", issues = { { number = 2001, title = "Unheard of", body = "b" } },
                commits = { { message = "Unheard of change" } }, files = { ["a.txt"] = "unheard of text" } })
            local issues, commits, code, repositories = results(server, [[
                return github.search("issues", "repo:o/n unheard", { sort = "created", order = "asc" }):all(),
                    github.search("commits", "repo:o/n unheard"):all(),
                    github.search("code", "repo:o/n unheard"):all(),
                    github.search("repositories", "user:o", { sort = "stars" }):all()]])
            assert.same({ 2001, "o/n" }, { issues[1].number, issues[1].repository })
            assert.equal("Unheard of change", commits[1].message)
            assert.equal("o/n", commits[1].repository)
            assert.same({ "a.txt", "o/n" }, { code[1].path, code[1].repository })
            assert.equal("o/n", repositories[1].name)
        end)
    end)

    it("says when there are more than a thousand, and when GitHub gave up half-way", function()
        with_github(function(server)
            server.control({ faults = { {
                path = "/search/issues", kind = "merge", body = { total_count = 4321, incomplete_results = true },
            } } })
            local total, cut, incomplete, result = results(server, [[
                local list = github.search("issues", "repo:o/n is:open")
                list()
                return list.total, list.cut, list.incomplete]])
            assert.same({ 4321, true, true }, { total, cut, incomplete })
            assert.matches("4321 results .* GitHub gives 1000", result.stderr)
            assert.matches("did not finish", result.stderr)
        end)
    end)
end)
