-- Patches, differences with the index, names, attributes, and many files at once: git's own answers.
local scratch = require("support.git_scratch")

local function full(repository, ...)
    local text = repository:git("diff", "--full-index", ...)
    return text == "" and text or text .. "\n"
end

local function lines_of(text)
    local lines = {}
    for line in text:gmatch("([^\n]*)\n") do lines[#lines + 1] = line end
    return lines
end

-- Without what libgit2 measures a little differently, and what a file in the work tree has no id for.
local function roughly(text) return lines_of((text:gsub("similarity index %d+%%", ""):gsub("index %x+%.%.%x+", ""))) end

describe("git diff", function()
    after_each(scratch.clean_up)

    local function changed()
        local repository = scratch.new()
        local text = ("one line\nand another\n"):rep(12)
        repository:commit("One", {
            ["a b.txt"] = text, gone = "x\ny\n", moved = text .. "end\n", binary = "\0\1",
            ["q\"uote\t\xc3\xa4"] = "1\n", turned = "file\n", script = "#!/bin/sh\n", unended = "a",
        })
        repository:git("rm", "-q", "turned")
        process.run{ "ln", "-s", "script", repository.path .. "/turned", check = true }
        process.run{ "chmod", "+x", repository.path .. "/script", check = true }
        repository:git("mv", "moved", "elsewhere")
        repository:commit("Two", {
            ["a b.txt"] = text:gsub("and", "&", 1) .. "more\n", gone = false, binary = "\0\2",
            ["q\"uote\t\xc3\xa4"] = "2\n", new = "", unended = "b", ["elsewhere"] = text .. "END\n",
        })
        return repository
    end

    it("gives patches as git prints them", function()
        local repository = changed()
        local repo = git.open(repository.path)
        assert.same(lines_of(full(repository, "HEAD~", "HEAD")), lines_of(repo:patch("HEAD~", "HEAD")))
        assert.same(lines_of(full(repository, "HEAD", "HEAD~")), lines_of(repo:patch("HEAD", "HEAD~")))
        assert.same(lines_of(full(repository, "-U0", "--no-renames", "HEAD~", "HEAD", "--", "elsewhere", "moved")),
            lines_of(repo:patch("HEAD~", "HEAD", { context = 0, renames = false, paths = { "elsewhere", "moved" } })))
        assert.equal("", repo:patch("HEAD", "HEAD"))
        for seed = 1, 3 do
            local random = scratch.random_history(seed, 30)
            for back = 1, 5 do
                local a = "HEAD~" .. back
                assert.same(lines_of(full(random, a, "HEAD")), lines_of(git.open(random.path):patch(a, "HEAD")))
            end
        end
    end)

    it("compares with the index, and the index with the work tree", function()
        local repository = changed()
        repository:write("new", "staged\n")
        repository:git("add", "new")
        repository:write("new", "staged\nand more\n")
        repository:write("gone", "again\n")
        local repo = git.open(repository.path)
        assert.same(lines_of(full(repository, "--cached")), lines_of(repo:patch(nil, nil, { staged = true })))
        assert.same(roughly(full(repository, "--cached", "HEAD~")),
            roughly(repo:patch("HEAD~", nil, { staged = true })))
        assert.same(roughly(full(repository)), roughly(repo:patch(nil, nil, { unstaged = true })))
        assert.equal("modified", repo:diff(nil, nil, { staged = true, stats = false }).files[1].status)
        assert.has_error(function() repo:diff("HEAD", "HEAD~", { staged = true }) end)
    end)

    it("names what differs", function()
        local repository = changed()
        local repo = git.open(repository.path)
        local function expected(...)
            local names = {}
            for name in repository:git("diff", "-z", "--name-only", "--no-renames", ...):gmatch("[^%z]+") do
                names[#names + 1] = name
            end
            return names
        end
        assert.same(expected("HEAD~", "HEAD"), repo:changed_paths("HEAD~", "HEAD"))
        assert.same({ "new" }, repo:changed_paths("HEAD~", "HEAD", { paths = "new" }))
    end)

    it("heeds attributes", function()
        local repository = scratch.new()
        local code = "class A:\n    def one(self):\n" .. ("        a = 1\n"):rep(4) .. "        %s\n"
        repository:commit("One", {
            [".gitattributes"] = "*.dat -diff\n*.bin diff\n*.py diff=python\nlocked binary\n",
            ["x.dat"] = "text\n", ["y.bin"] = "\0a\n", ["z.py"] = code:format("return a"), locked = "1\n",
            plain = "1\n",
        })
        repository:commit("Two", {
            ["x.dat"] = "other\n", ["y.bin"] = "\0b\n", ["z.py"] = code:format("return b"), locked = "2\n",
            plain = "2\n",
        })
        local repo = git.open(repository.path)
        assert.same(lines_of(full(repository, "HEAD~", "HEAD")), lines_of(repo:patch("HEAD~", "HEAD")))
        local counts = {}
        for _, file in ipairs(repo:diff("HEAD~", "HEAD", { hunks = false }).files) do
            counts[#counts + 1] = file.binary and "-\t-\t" .. file.path
                or ("%d\t%d\t%s"):format(file.additions, file.deletions, file.path)
        end
        assert.same(repository:lines("diff", "--numstat", "HEAD~", "HEAD"), counts)
        local locked = { diff = false, text = false, binary = true }
        assert.same({ ["z.py"] = { diff = "python" }, locked = locked, plain = {} },
            repo:attributes({ "z.py", "locked", "plain" }, { "diff", "text", "binary" }))
    end)

    it("takes attributes from the work tree, not from the index, to compare commits", function()
        local repository = scratch.new()
        local code = "class A:\n    def one(self):\n" .. ("        a = 1\n"):rep(4) .. "        %s\n"
        repository:commit("One", { [".gitattributes"] = "*.dat -diff\n*.py diff=python\n", ["x.dat"] = "1\n",
            ["z.py"] = code:format("return a") })
        repository:commit("Two", { ["x.dat"] = "2\n", ["z.py"] = code:format("return b") })
        local function patches()
            local expected, repo = lines_of(full(repository, "HEAD~", "HEAD")), git.open(repository.path)
            assert.same(expected, lines_of(repo:patch("HEAD~", "HEAD")))
            assert.same(expected, lines_of(repo:patch("HEAD~", "HEAD", { copies = true })))
            return table.concat(expected, "\n")
        end
        assert.matches("Binary", patches())
        fs.remove(repository.path .. "/.gitattributes")
        assert.not_matches("Binary", patches())
        local repo = git.open(repository.path)
        repo:patch("HEAD~", "HEAD")
        assert.same({ ["x.dat"] = { diff = false } }, repo:attributes({ "x.dat" }, { "diff" }))
    end)

    it("compares in a bare repository, which has attributes only beside it", function()
        local repository = changed()
        local bare = scratch.at(scratch.folder())
        bare:git("clone", "-q", "--bare", repository.path, ".")
        local repo = git.open(bare.path)
        assert.same(lines_of(full(bare, "HEAD~", "HEAD")), lines_of(repo:patch("HEAD~", "HEAD")))
        fs.mkdir(bare.path .. "/info")
        fs.write(bare.path .. "/info/attributes", "new -diff\nunended binary\n")
        assert.same(lines_of(full(bare, "HEAD~", "HEAD")), lines_of(git.open(bare.path):patch("HEAD~", "HEAD")))
    end)

    it("says what is ignored", function()
        local repository = scratch.new()
        repository:commit("One", { [".gitignore"] = "*.log\n!keep.log\n/build/\n", ["src/.gitignore"] = "gen*\n" })
        local paths = { "a.log", "keep.log", "build/x", "sub/build/x", "src/gen.c", "gen.c", "src/a.log" }
        local expected = repository:lines("check-ignore", "--no-index", unpack(paths))
        assert.same(expected, git.open(repository.path):ignored(paths))
    end)

    it("finds lines in a revision", function()
        local repository = scratch.random_history(5, 40)
        repository:commit("More", { binary = "\0line 1 1\n", empty = "", unended = "a line 1 2\r" })
        local repo = git.open(repository.path)
        local function found(pattern, options)
            local lines = {}
            for _, match in ipairs(repo:grep(pattern, options)) do
                lines[#lines + 1] = ("%s:%d:%d:%s"):format(match.path, match.line, match.column, match.text)
            end
            return lines
        end
        local function expected(...)
            local lines = {}
            for i, line in ipairs(repository:lines("grep", "-I", "-n", "--column", "-P", ...)) do
                lines[i] = line:gsub("^[^:]*:", "", 1)
            end
            return lines
        end
        assert.same(expected("line [12] 1$", "HEAD"), found("line [12] 1$"))
        assert.same(expected("^a? ?line 1 2", "HEAD"), found("^a? ?line 1 2"))
        assert.same(expected("-i", "LINE 3 ", "HEAD~5", "--", "a/b"),
            found("LINE 3 ", { revision = "HEAD~5", paths = "a/b", ignore_case = true }))
        assert.same({}, found("nowhere"))
        local ok, err = pcall(repo.grep, repo, "line", { limit = 3 })
        assert.is_false(ok)
        assert.equal("git.limit", err.kind)
    end)

    it("reads many files at once", function()
        local repository = scratch.random_history(3, 40)
        local repo = git.open(repository.path)
        local paths = repository:lines("ls-files")
        local expected = {}
        for _, path in ipairs(paths) do expected[path] = repo:read("HEAD", path) end
        paths[#paths + 1], paths[#paths + 2], paths[#paths + 3] = "a", "nothing/here", paths[1] .. "/below"
        assert.same(expected, repo:read_many("HEAD", paths))
        local ok, err = pcall(repo.read_many, repo, "HEAD", paths, { limit_bytes = 10 })
        assert.is_false(ok)
        assert.equal("git.limit", err.kind)
    end)
end)
