-- `uhost upstream resolve`, `learn`, `remembered` and `forget`, with git's own conflicts.
local servers = require("support.servers")
local upstream = require("support.upstream")

local binary = os.getenv("UHOST")

-- A repository with a branch `topic`, and what runs in it.
local function with_repository(body)
    servers.in_folder(function(folder)
        local world = { folder = folder, repo = folder .. "/repo" }
        local function run(words)
            words.cwd = world.repo
            words.env = { HOME = folder, UHOST_STATE = folder .. "/state", GIT_CONFIG_NOSYSTEM = "1",
                GIT_AUTHOR_NAME = "A", GIT_AUTHOR_EMAIL = "a@x", GIT_COMMITTER_NAME = "A",
                GIT_COMMITTER_EMAIL = "a@x", GITHUB_TOKEN = world.token or false, GITHUB_ACTIONS = false }
            return process.run(words)
        end
        function world.git(...) return run{ "git", ... } end
        function world.upstream(...) return run{ binary, "upstream", ... } end
        function world.uhost(...) return run{ binary, ... } end
        function world.write(files)
            for path, text in pairs(files) do
                fs.mkdir(fs.dirname(world.repo .. "/" .. path))
                fs.write(world.repo .. "/" .. path, text)
            end
        end
        function world.read(path) return fs.read(world.repo .. "/" .. path) end
        function world.commit(files, message)
            world.write(files)
            world.git("add", "-A")
            assert.equal(0, world.git("commit", "-q", "-m", message).code)
        end
        fs.mkdir(world.repo)
        world.git("init", "-q", "-b", "main")
        body(world)
    end)
end

-- One conflict that is safe to resolve, and one that is not.
local base = { ["safe.c"] = "alpha = 1;\nbeta = 1;\n", ["open.c"] = "f(a);\n" }
local ours = { ["safe.c"] = "alpha = 2;\nbeta = 1;\n", ["open.c"] = "g(b, c, d);\n" }
local theirs = { ["safe.c"] = "alpha = 1;\nbeta = 3;\n", ["open.c"] = "f(x);\n" }

local function diverge(world)
    world.commit(base, "base")
    world.git("checkout", "-q", "-b", "topic")
    world.commit(theirs, "theirs")
    world.git("checkout", "-q", "main")
    world.commit(ours, "ours")
end

describe("uhost upstream resolve", function()
    it("answers for three files", function()
        with_repository(function(world)
            world.write({ base = "a\nb\nc\n", ours = "a\nB\nc\n", theirs = "a\nb\nC\n" })
            local result = world.upstream("resolve", "--base", "base", "--ours", "ours", "--theirs", "theirs",
                "--path", "src/a.c", "--format", "json")
            assert.same({ 0, "" }, { result.code, result.stderr })
            upstream.assert_schema("upstream_resolve", result.stdout)
            local answer = json.decode(result.stdout)
            assert.same({ true, "adjacent_edits", "a\nB\nC\n", false },
                { answer.resolved, answer.rule, answer.text, answer.deleted })
            result = world.upstream("resolve", "--base", "base", "--ours", "/dev/null", "--theirs", "theirs",
                "--path", "a.c", "--format", "json")
            assert.matches('"deleted":true', result.stdout)
            assert.matches('"text":null', result.stdout)
            result = world.upstream("resolve", "--base", "base", "--path", "a.c", "--format", "json")
            assert.matches('"deleted":true', result.stdout)
            result = world.upstream("resolve", "--ours", "missing", "--path", "a.c")
            assert.same({ 2, 1 }, { result.code, select(2, result.stderr:gsub("none of the files is there", "")) })
        end)
    end)

    it("writes what is safe in a work tree, and leaves the rest", function()
        with_repository(function(world)
            diverge(world)
            world.git("merge", "topic")
            local marked = world.read("open.c")
            local result = world.upstream("resolve", "--explain")
            assert.equal(1, result.code)
            assert.matches("open%.c: resolved %(larger_change, not safe%)", result.stdout)
            assert.matches("adjacent_edits +proposed", result.stdout)
            assert.matches("<<<<<<<", world.read("safe.c"))
            assert.matches("safe%.c", world.uhost("--dry-run", "upstream", "resolve").stderr)
            assert.matches("<<<<<<<", world.read("safe.c"))
            assert.equal(1, world.upstream("resolve").code)
            assert.same({ "alpha = 2;\nbeta = 3;\n", marked }, { world.read("safe.c"), world.read("open.c") })
            assert.equal(0, world.upstream("resolve", "--unsafe", "open.c").code)
            assert.equal("g(b, c, d);\n", world.read("open.c"))
            world.git("add", "-A")
            assert.matches("there is no conflict", world.upstream("resolve").stdout)
            result = world.upstream("resolve", "safe.c")
            assert.same({ 2, 1 }, { result.code, select(2, result.stderr:gsub("safe%.c has no conflict", "")) })
        end)
    end)

    it("leaves links to a person, and what they lead to as it is", function()
        with_repository(function(world)
            local victim = world.folder .. "/victim"
            fs.write(victim, "precious\n")
            world.commit({ a = "a\n" }, "base")
            world.git("checkout", "-q", "-b", "topic")
            fs.symlink(victim, world.repo .. "/link")
            world.commit({}, "theirs")
            world.git("checkout", "-q", "main")
            fs.symlink(world.folder .. "/elsewhere", world.repo .. "/link")
            world.commit({}, "ours")
            world.git("merge", "topic")
            fs.remove(world.repo .. "/link")
            fs.symlink(victim, world.repo .. "/link")
            local result = world.upstream("resolve", "--unsafe", "link")
            assert.equal(1, result.code)
            assert.matches("link: not resolved: it is a link or a submodule on one side", result.stdout)
            assert.equal("precious\n", fs.read(victim))
        end)
    end)

    it("writes what files say as it is, also where it looks like a secret of the host", function()
        with_repository(function(world)
            world.token = "ghp_" .. ("a1"):rep(18)
            world.commit({ ["a.c"] = "alpha = 1;\nbeta = 1;\n// " .. world.token .. "\n" }, "base")
            world.git("checkout", "-q", "-b", "topic")
            world.commit({ ["a.c"] = "alpha = 1;\nbeta = 3;\n// " .. world.token .. "\n" }, "theirs")
            world.git("checkout", "-q", "main")
            world.commit({ ["a.c"] = "alpha = 2;\nbeta = 1;\n// " .. world.token .. "\n" }, "ours")
            world.git("merge", "topic")
            assert.equal(0, world.upstream("resolve").code)
            assert.equal("alpha = 2;\nbeta = 3;\n// " .. world.token .. "\n", world.read("a.c"))
        end)
    end)

    it("is a merge driver of git's, which leaves conflicts that are not safe", function()
        with_repository(function(world)
            world.commit({ [".gitattributes"] = "*.c merge=uhost\n" }, "attributes")
            diverge(world)
            world.git("config", "merge.uhost.driver", binary .. " upstream resolve --driver %O %A %B %P")
            assert.equal(1, world.git("merge", "topic").code)
            assert.equal("alpha = 2;\nbeta = 3;\n", world.read("safe.c"))
            assert.equal("UU open.c\n", (world.git("status", "--porcelain").stdout:gsub("M  safe%.c\n", "")))
            fs.write(world.folder .. "/binary", "ours\0")
            fs.write(world.folder .. "/other", "theirs\0")
            local driven = world.upstream("resolve", "--driver", "../other", "../binary", "../other", "a.bin")
            assert.same({ 1, "ours\0" }, { driven.code, fs.read(world.folder .. "/binary") })
            assert.matches("<<<<<<< ours\ng%(b, c, d%);\n=======\nf%(x%);\n>>>>>>> theirs\n", world.read("open.c"))
        end)
    end)
end)

describe("uhost check", function()
    it("says what a resolution rule lacks", function()
        with_repository(function(world)
            world.write({ ["policies/resolution_rules.lua"] = "return { rules = {\n"
                .. "    { name = 'a', action = 'rename' },\n    { name = 'b' } } }\n" })
            local result = world.uhost("check")
            assert.equal(2, result.code)
            assert.matches("rules.lua:2:.*'rules%[1%]' has no 'identifiers', which rename needs", result.stdout)
            assert.matches("rules.lua:3:.*'rules%[2%]' has neither an action nor", result.stdout)
            assert.equal(2, world.upstream("resolve", "--ours", "policies/resolution_rules.lua").code)
        end)
    end)
end)

describe("uhost upstream learn", function()
    it("counts how far rules agree with people, and drafts rules that pass their tests", function()
        with_repository(function(world)
            for round = 1, 2 do
                local function text(value) return ("count = %d;\n%s;\nlast;\n"):format(round, value) end
                world.commit({ ["gen.txt"] = text("base of " .. round), ["safe.c"] = base["safe.c"] }, "base")
                world.git("checkout", "-q", "-b", "topic" .. round)
                world.commit({ ["gen.txt"] = text("theirs"), ["safe.c"] = theirs["safe.c"] }, "theirs")
                world.git("checkout", "-q", "main")
                world.commit({ ["gen.txt"] = text("ours, and much more of it"), ["safe.c"] = ours["safe.c"] }, "ours")
                world.git("merge", "-q", "topic" .. round)
                world.commit({ ["gen.txt"] = text("theirs"), ["safe.c"] = "alpha = 2;\nbeta = 3;\n" }, "merge")
            end
            local result = world.upstream("learn", "--json", "--draft", "draft.lua")
            assert.same({ 0, "" }, { result.code, result.stderr })
            upstream.assert_schema("upstream_learn", result.stdout)
            local lesson = json.decode(result.stdout)
            assert.same({ 2, 4, 2 }, { lesson.merges, lesson.conflicts, lesson.exact })
            assert.same({ "gen.txt", "take_theirs", 2 },
                { lesson.drafts[1].file, lesson.drafts[1].action, lesson.drafts[1].times })
            assert.matches("2 merges, 4 conflicted files: 4 resolved, 2 exactly as people did %(50 %%%)",
                world.upstream("learn").stdout)
            fs.mkdir(world.repo .. "/policies")
            fs.rename(world.repo .. "/draft.lua", world.repo .. "/policies/resolution_rules.lua")
            assert.equal(0, world.uhost("check").code)
            assert.matches("1 passed, 0 failed", world.uhost("test", "policies").stdout)
            assert.matches("4 resolved, 4 exactly as people did", world.upstream("learn").stdout)
        end)
    end)
end)

describe("remembered resolutions", function()
    it("are listed with their uses, and forgotten by one command", function()
        with_repository(function(world)
            diverge(world)
            fs.write(world.repo .. "/remember.lua", [[
                local memory = require("lib.upstream.resolution.memory")
                local resolution = require("lib.upstream.resolution")
                local conflict = { path = "other.c", base = "f(a);\n", ours = "f(x);\n", theirs = "g(b, c, d);\n" }
                resolution.remember(memory.open(), conflict, "g(x);\n", "sync 3")
            ]])
            assert.equal(0, world.uhost("remember.lua").code)
            fs.remove(world.repo .. "/remember.lua")
            world.git("merge", "topic")
            assert.equal(0, world.upstream("resolve").code)
            assert.equal("g(x);\n", world.read("open.c"))
            local result = world.upstream("remembered", "--json")
            upstream.assert_schema("upstream_remembered", result.stdout)
            local known = json.decode(result.stdout).resolutions[1]
            assert.same({ "other.c", "sync 3", 1, "open.c" }, { known.path, known.source, known.uses,
                known.used[1].path })
            assert.matches("other%.c, by sync 3, .*: used once\n.* in open%.c", world.upstream("remembered").stdout)
            assert.matches("forgot " .. known.hash:sub(1, 12), world.upstream("forget", known.hash:sub(1, 8)).stdout)
            assert.matches("nothing is remembered", world.upstream("remembered").stdout)
            world.git("checkout", "--merge", "open.c")
            assert.equal(1, world.upstream("resolve", "open.c").code)
            assert.equal(1, world.upstream("forget", "abc").code)
            assert.equal(2, world.upstream("forget").code)
        end)
    end)

    it("come from past merges, and go when they were undone", function()
        with_repository(function(world)
            diverge(world)
            world.git("merge", "topic")
            world.commit({ ["open.c"] = "g(x, c, d);\n", ["safe.c"] = "alpha = 2;\nbeta = 3;\n" }, "merge")
            assert.equal(0, world.upstream("learn", "--remember").code)
            assert.matches("open%.c, by %x+, .*: used never", world.upstream("remembered").stdout)
            world.git("checkout", "-q", "-b", "again", "HEAD^")
            world.git("merge", "topic")
            assert.equal(0, world.upstream("resolve").code)
            assert.equal("g(x, c, d);\n", world.read("open.c"))
            world.git("merge", "--abort")
            world.git("checkout", "-q", "main")
            world.commit({ ["open.c"] = ours["open.c"] }, "undo")
            world.git("checkout", "-q", "topic")
            world.commit({ ["open.c"] = "other(y);\n" }, "more")
            world.git("checkout", "-q", "again")
            world.git("reset", "-q", "--hard", "main")
            world.git("merge", "topic")
            local result = world.upstream("resolve")
            assert.matches("forgot what was made of open%.c: it was undone since", result.stderr)
            assert.not_matches("open%.c, by", world.upstream("remembered").stdout)
        end)
    end)

    it("are listed with the paths that the policy gives to one side, needed or not", function()
        with_repository(function(world)
            diverge(world)
            world.write({ ["policies/resolution_rules.lua"] = "return { paths = { { file = 'open.c', take = 'theirs' },"
                .. " { file = 'vendor/**', take = 'ours' } } }\n" })
            world.git("merge", "topic")
            assert.equal(0, world.upstream("resolve").code)
            assert.equal(theirs["open.c"], world.read("open.c"))
            local listed = world.upstream("remembered").stdout
            assert.matches("path open%.c: theirs: needed once, last at 2", listed)
            assert.matches("path vendor/%*%*: ours: never needed", listed)
            upstream.assert_schema("upstream_remembered", world.upstream("remembered", "--json").stdout)
        end)
    end)
end)
