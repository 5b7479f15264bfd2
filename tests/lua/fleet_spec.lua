-- What a fleet is run over, and the mirrors that its shards share.
local error_of = require("support.expect").error_of
local git_scratch = require("support.git_scratch")
local mirrors_of = require("lib.fleet.mirrors")
local repositories = require("lib.fleet.repositories")
local servers = require("support.servers")

local function parse(text) return repositories.parse(text, "repos.txt", "/") end

describe("the list of repositories", function()
    it("takes names, addresses and paths, comments and arguments", function()
        local list = parse("\239\187\191# forks\r\nferrocene/rust since=2024-01-01 note=\"two words\"\r\n\n"
            .. "git@example.org:a/b.git  # by ssh\n/tmp\nhttps://gitlab.example/x/y.git\n")
        assert.same({ "ferrocene/rust", "git@example.org:a/b.git", "/tmp", "https://gitlab.example/x/y.git" },
            { list[1].name, list[2].name, list[3].name, list[4].name })
        assert.same({ "--since", "2024-01-01", "--note", "two words" }, list[1].arguments)
        assert.equal("https://github.com/ferrocene/rust", list[1].url)
        assert.same({ 2, 4, 5, 6 }, { list[1].line, list[2].line, list[3].line, list[4].line })
    end)

    it("refuses lines that are none of these, and names them", function()
        for line, cause in pairs({
            ["--upload-pack=touch /tmp/x"] = "is no repository", ["ext::sh -c id"] = "is no repository",
            ["fd://17/x"] = "scheme", ["https://ann:secret@example.org/x"] = "password", ["a/.."] = "is no repository",
            ["/no/such/folder"] = "there is no folder", ["a/b --json"] = "is no argument", ["a/b '"] = "quotation",
            ["a/b\27[31m"] = "control characters", ["-o@host:x"] = "is no repository", ["a/b =x"] = "is no argument",
            ["git@host:-x"] = "is no repository", ["https://"] = "is no repository",
        }) do
            local failure = error_of(parse, "ok/ok\n" .. line .. "\n")
            assert.equal("usage", failure.kind)
            assert.matches("^repos%.txt:2: ", failure.message)
            assert.matches(cause, failure.message)
            assert.is_nil(failure.message:find("secret", 1, true))
        end
    end)

    it("refuses a repository that is listed twice with the same arguments, and an empty list", function()
        assert.matches("line 1", error_of(parse, "a/b x=1\na/c\na/b x=1\n").message)
        assert.equal(2, #parse("a/b x=1\na/b x=2\n"))
        assert.matches("names no repository", error_of(parse, "# nothing\n\n").message)
    end)
end)

describe("mirrors", function()
    after_each(git_scratch.clean_up)

    local function source()
        local repository = git_scratch.new()
        repository:commit("One", { ["a.txt"] = "one\n" })
        return repository
    end

    -- What a work tree has in a.txt.
    local function text_in(mirrors, url)
        return mirrors:with(url, function(path) return fs.read(path .. "/a.txt") end)
    end

    local function with_mirrors(options, body)
        servers.in_folder(function(folder)
            options.folder = folder .. "/mirrors"
            body(mirrors_of.open(options), options.folder)
        end)
    end

    it("are cloned once, follow their repository, and leave no work tree", function()
        with_mirrors({}, function(mirrors, folder)
            local repository = source()
            assert.equal("one\n", text_in(mirrors, repository.path))
            local inode = fs.stat(("%s/%s/repository.git"):format(folder, mirrors:list()[1].key)).inode
            repository:commit("Two", { ["a.txt"] = "two\n" })
            repository:git("branch", "-m", "main", "trunk")
            assert.equal("two\n", text_in(mirrors, repository.path))
            local place = ("%s/%s"):format(folder, mirrors:list()[1].key)
            assert.equal(inode, fs.stat(place .. "/repository.git").inode)
            assert.same({}, fs.list(place .. "/work"))
            assert.is_true(fs.exists(place .. "/repository.git/objects/info/commit-graphs/commit-graph-chain"))
        end)
    end)

    it("give work trees that are clones, with the repository as origin", function()
        with_mirrors({}, function(mirrors)
            local repository = source()
            mirrors:with(repository.path, function(path)
                local clone = git_scratch.at(path)
                assert.equal("", clone:git("status", "--porcelain"))
                assert.equal(repository.path, clone:git("remote", "get-url", "origin"))
                clone:commit("Mine", { ["b.txt"] = "b" })
            end)
            mirrors:with(repository.path, function(path)
                assert.equal("One", git_scratch.at(path):git("log", "--format=%s"))
            end)
        end)
    end)

    it("fetch the files of a partial clone once", function()
        with_mirrors({ filter = "blob:none" }, function(mirrors, folder)
            local repository = source()
            repository:git("config", "uploadpack.allowFilter", "true")
            local url = "file://" .. repository.path
            assert.equal("one\n", text_in(mirrors, url))
            local git = git_scratch.at(("%s/%s/repository.git"):format(folder, mirrors:list()[1].key))
            assert.equal("", git:git("rev-list", "--objects", "--all", "--missing=print", "--filter=object:type=blob",
                "--filter-provided-objects"):gsub("[^?]", ""))
            assert.equal("true", git:git("config", "remote.origin.promisor"))
            assert.equal("one\n", text_in(mirrors, url))
        end)
    end)

    it("are cloned again when they are damaged, unless somebody uses them", function()
        with_mirrors({}, function(mirrors, folder)
            local repository = source()
            text_in(mirrors, repository.path)
            local objects = ("%s/%s/repository.git/objects"):format(folder, mirrors:list()[1].key)
            local function damage() process.run{ "find", objects, "-type", "f", "-delete", check = true } end
            damage()
            assert.equal("one\n", text_in(mirrors, repository.path))
            mirrors:with(repository.path, function()
                damage()
                assert.equal("fleet.mirror_damaged", error_of(text_in, mirrors, repository.path).kind)
            end)
            assert.equal("one\n", text_in(mirrors, repository.path))
        end)
    end)

    it("are pruned from the one that was not used for longest, never one in use", function()
        with_mirrors({}, function(mirrors)
            local first, second, third = source(), source(), source()
            for _, each in ipairs({ first, second, third }) do text_in(mirrors, each.path) end
            mirrors:with(first.path, function()
                local list = mirrors:list()
                assert.equal(second.path, mirrors:prune(list[2].size_bytes + list[3].size_bytes)[1].url)
                assert.equal(1, #mirrors:prune(0))
            end)
            assert.same({ first.path }, { mirrors:list()[1].url, mirrors:list()[2] })
        end)
    end)

    it("are made once when two want one at the same time", function()
        with_mirrors({}, function(mirrors)
            local repository = source()
            local texts = task.map({ 1, 2, 3, 4 }, function() return text_in(mirrors, repository.path) end)
            assert.same({ "one\n", "one\n", "one\n", "one\n" }, texts)
            assert.equal(1, #mirrors:list())
        end)
    end)

    it("lose the work trees of processes that were killed", function()
        with_mirrors({}, function(mirrors, folder)
            local repository = source()
            text_in(mirrors, repository.path)
            local work = ("%s/%s/work"):format(folder, mirrors:list()[1].key)
            local code = ([[require("lib.fleet.mirrors").open({ folder = %q }):with(%q, function()
                io.write("in\n") io.flush() task.sleep(60) end)]]):format(folder, repository.path)
            local other = process.start{ os.getenv("UHOST") or "uhost", "-e", code }
            assert.equal("in", other:read_line(30))
            assert.equal(1, #fs.list(work))
            other:kill("SIGKILL")
            other:wait()
            text_in(mirrors, repository.path)
            assert.same({}, fs.list(work))
        end)
    end)
end)
