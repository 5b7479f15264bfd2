-- What errors carry, and how an uncaught one is shown.

local folder

local function host(code)
    local script = fs.join(folder:path(), "script.lua")
    fs.write(script, code)
    return process.run({ "/proc/self/exe", script }), script
end

local function refused(body, ...)
    local ok, err = pcall(body, ...)
    assert.is_false(ok)
    return err
end

describe("an error", function()
    it("keeps its details as they are", function()
        local cause = refused(uhost.fail, "spec.cause", "the cable is out")
        local list = { "a", "b" }
        local err = refused(uhost.fail, "spec.failed", "it failed", {
            details = { path = "a/b.lua", line = 3, code = "ENOENT", cause = cause, list = list, open = false },
        })
        assert.same({ "a/b.lua", 3, "ENOENT", false },
            { err.details.path, err.details.line, err.details.code, err.details.open })
        assert.equal(cause, err.details.cause)
        assert.equal(list, err.details.list)
    end)

    it("of the system has its code", function()
        local err = refused(fs.write, "/no/such/folder/file", "x")
        assert.equal("ENOENT", err.details.code)
    end)

    it("passes through a task with its details", function()
        local work = task.scope(function()
            return task.spawn(pcall, uhost.fail, "spec.failed", "x", { details = { list = { 1 } } })
        end)
        local _, err = work:await()
        assert.same({ 1 }, err.details.list)
    end)
end)

describe("an uncaught error", function()
    before_each(function() folder = fs.temp_dir() end)
    after_each(function() folder:close() end)

    it("shows the line of one's own script, its causes, and no traceback", function()
        local result, script = host([[
local _, cause = pcall(uhost.fail, "spec.cause", "the cable is out")
uhost.fail("git.network", "no connection", { hint = "try again", details = { cause = cause } })]])
        assert.equal(("error: %s:2: no connection\n  cause: the cable is out\n  hint: try again\n"):format(script),
            result.stderr)
        assert.equal(3, result.code)
    end)

    it("survives an error that is its own cause", function()
        local result = host([[
local _, err = pcall(uhost.fail, "git.network", "again", { details = {} })
err.details.cause = err
error(err, 0)]])
        assert.equal(3, result.code)
        assert.matches("cause: again\n", result.stderr, 1, true)
    end)

    it("shows what does not compile with a caret", function()
        local result, script = host("local x = 1\nlocal y = = 2\n")
        assert.equal(2, result.code)
        assert.matches(("error: %s:2: unexpected symbol near '='\n"):format(script), result.stderr, 1, true)
        assert.matches("    2 | local y = = 2\n      |         ^\n", result.stderr, 1, true)
        result = process.run({ "/proc/self/exe", "-e", "print(1" })
        assert.matches("    1 | print(1\n", result.stderr, 1, true)
    end)

    it("shows what does not compile in a module with a caret, too", function()
        local module = fs.join(folder:path(), "broken_module.lua")
        fs.write(module, "local x = 1\nlocal y = = 2\n")
        local result = host('require("broken_module")')
        assert.equal(2, result.code)
        assert.matches(("error: %s:2: unexpected symbol near '='\n"):format(module), result.stderr, 1, true)
        assert.matches("    2 | local y = = 2\n      |         ^\n", result.stderr, 1, true)
        result = host([[
local _, err = pcall(require, "broken_module")
print(err.kind, err.details.line, err.details.path)
print(select(2, pcall(require, "no_such_module")))]])
        assert.equal(("script\t2\t%s\n"):format(module), result.stdout:match("^[^\n]*\n"))
        assert.matches("module 'no_such_module' not found:\n", result.stdout, 1, true)
        assert.matches("no file '" .. folder:path() .. "/no_such_module.lua'", result.stdout, 1, true)
    end)

    it("names a script that is bytecode", function()
        local script = fs.join(folder:path(), "code.lua")
        fs.write(script, string.dump(loadstring("return 1")))
        local result = process.run({ "/proc/self/exe", script })
        assert.equal(2, result.code)
        assert.matches(script .. " is compiled Lua;", result.stderr, 1, true)
    end)

    it("lets no text act on the terminal", function()
        local result = host([[uhost.fail("git.network", "a\27[31mb", { hint = "c\27]0;x\7",
            details = { excerpt = "d\27[2J" } })]])
        assert.is_nil(result.stderr:find("\27", 1, true))
        assert.matches("a␛[31mb", result.stderr, 1, true)
        assert.matches("d␛[2J", result.stderr, 1, true)
    end)
end)

describe("options that are not known", function()
    it("are refused with what was meant", function()
        local calls = {
            { task.map, {}, print, { concurency = 2 }, hint = "did you mean 'concurrency'?" },
            { report.new, { titel = "x" }, hint = "did you mean 'title'?" },
            { term.progress, { titel = "x" }, hint = "did you mean 'title'?" },
            { term.table, { columns = { { kee = "a" } }, rows = {} }, hint = "did you mean 'key'?" },
            { function() report.new():table({ columns = { { aling = "left" } }, rows = {} }) end,
                hint = "did you mean 'align'?" },
            { function() report.new():table({ colums = {}, columns = {}, rows = {} }) end,
                hint = "did you mean 'columns'?" },
            { function() report.new():list({}, { orderd = true }) end, hint = "did you mean 'ordered'?" },
        }
        for _, call in ipairs(calls) do
            local err = refused(unpack(call))
            assert.equal("argument", err.kind)
            assert.equal(call.hint, err.hint)
        end
    end)
end)

describe("what a module of one's own checks", function()
    it("is said as primitives say it", function()
        assert.equal("bad argument 'tag' to 'release.publish': expected a string, got nil",
            refused(uhost.check_argument, nil, "tag", "release.publish", "string").message)
        assert.equal("x", uhost.check_argument("x", "tag", "release.publish", "string"))
        local repository = git.open(".")
        assert.equal(repository, uhost.check_argument(repository, "repo", "release.publish", "git.Repository"))
        assert.equal("bad argument 'repo' to 'release.publish': expected a git.Repository, got re.Pattern",
            refused(uhost.check_argument, re.compile("a"), "repo", "release.publish", "git.Repository").message)
        assert.same({}, uhost.check_options(nil, "release.publish", { "draft" }))
        assert.equal("unknown option 'dratf' to 'release.publish'",
            refused(uhost.check_options, { dratf = true }, "release.publish", { "draft" }).message)
        assert.same({ "did you mean 'draft'?", "draft" }, { uhost.suggest("dratf", { "draft", "tag" }) })
        assert.same({ "known are: draft, tag" }, { uhost.suggest("zzz", { "draft", "tag" }) })
        assert.is_nil(uhost.suggest("zzz", {}))
    end)
end)
