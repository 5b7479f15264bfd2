-- `uhost diagnose` in the real binary, on logs of this machine.
local diagnose_world = require("support.diagnose_world")
local with_world = diagnose_world.with

local function assert_fails(code, cause, remedy, result)
    assert.equal(code, result.code, result.stderr)
    assert.equal("", result.stdout)
    assert.matches(cause, result.stderr)
    assert.matches("error: [^\n]+\n  hint: [^\n]+\n", result.stderr)
    assert.matches(remedy, result.stderr)
    assert.is_nil(result.stderr:find("traceback", 1, true))
end

local function has_program(name) return process.run({ "sh", "-c", "command -v " .. name }).code == 0 end

describe("uhost diagnose", function()
    it("names the line, the step, the cause and what to do", function()
        with_world(function(world)
            local whole, result = world.json({ "failed.log" })
            assert.equal(0, result.code, result.stderr)
            assert.equal("", result.stderr)
            local finding = whole.findings[1]
            assert.same({ "kiln.overheated", 9, "kiln: 1310 degrees is above 1250" },
                { finding.id, finding.line_number, finding.line })
            assert.same({ "1310", "1250" }, { finding.captures.heat, finding.captures.limit })
            assert.equal("The kiln had `1310` degrees.", finding.cause)
            assert.equal("Run make fire", finding.step)
            assert.is_true(whole.explanation.line_start <= 9 and whole.explanation.line_end >= 9)
            assert.equal("github-actions", whole.structure.ci)
        end)
    end)

    it("shows so many lines around a finding as it is asked to", function()
        with_world(function(world)
            local context = world.json({ "failed.log", "--context", "1" }).findings[1].context
            assert.same({ before = { "firing pot 1" }, after = { "make: *** [Makefile:3: fire] Error 1" } }, context)
        end)
    end)

    it("reads standard input", function()
        with_world(function(world)
            local whole, result = world.json({ "-" }, { stdin = diagnose_world.failed_log })
            assert.equal(0, result.code)
            assert.same({ "stdin", "kiln.overheated" }, { whole.source.kind, whole.findings[1].id })
        end)
    end)

    it("says so when nothing is known, with the lines that matter, and exits with 1", function()
        with_world(function(world)
            local whole, result = world.json({ "unknown.log" })
            assert.equal(1, result.code)
            assert.is_false(whole.known)
            assert.is_truthy(whole.explanation.text:find("the glaze has run away", 1, true))
            local found = false
            for _, each in ipairs(whole.unknown) do found = found or each.line:find("glaze", 1, true) ~= nil end
            assert.is_true(found)
            local text = world.run({ "unknown.log" }).stdout
            assert.is_truthy(text:find("uhost kb learn unknown.log", 1, true))
            assert.is_truthy(text:find("Error: the glaze has run away", 1, true))
        end)
    end)

    it("says when nothing failed", function()
        with_world(function(world)
            fs.write(world.folder .. "/fine.log", "$ cargo test\nrunning 1 test\ntest a ... ok\n\n"
                .. "test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n")
            local whole, result = world.json({ "fine.log" })
            assert.equal(0, result.code)
            assert.same({ true, {} }, { whole.green, whole.findings })
            assert.matches("^Nothing failed", world.run({ "fine.log" }).stdout)
            assert.equal(1, world.run({ "unknown.log" }).code)
        end)
    end)

    it("takes empty logs and binary ones", function()
        with_world(function(world)
            fs.write(world.folder .. "/empty.log", "")
            local whole, result = world.json({ "empty.log" })
            assert.equal(1, result.code)
            assert.equal(json.null, whole.explanation)
            assert.matches("The log is empty", world.run({ "empty.log" }).stdout)
            local bytes = {}
            math.randomseed(7)
            for i = 1, 300000 do bytes[i] = string.char(math.random(0, 255)) end
            fs.write(world.folder .. "/random.log", table.concat(bytes) .. "\nkiln: 9 degrees is above 8\n")
            whole, result = world.json({ "random.log" })
            assert.equal(0, result.code, result.stderr)
            assert.equal("kiln.overheated", whole.findings[1].id)
            local text = world.run({ "random.log" }).stdout
            assert.is_nil(text:find("[%z\1-\8\11-\31\127]"))
            fs.write(world.folder .. "/long.log", ("x"):rep(3 * 2 ^ 20) .. "\nkiln: 9 degrees is above 8\n")
            assert.equal(2, world.json({ "long.log" }).findings[1].line_number)
        end)
    end)

    it("explains several logs, and reports those of the same cause once", function()
        with_world(function(world)
            fs.write(world.folder .. "/again.log", (diagnose_world.failed_log:gsub("1310", "1311")))
            local whole, result = world.json({ "failed.log", "unknown.log", "again.log" })
            assert.equal(1, result.code)
            assert.equal(3, #whole.logs)
            local text = world.run({ "failed.log", "unknown.log", "again.log" }).stdout
            assert.equal(1, select(2, text:gsub("The kiln is too hot\n", "")))
            assert.matches("The same in 1 more log", text)
        end)
    end)

    it("reads packed logs, and of an archive those that failed", function()
        with_world(function(world)
            local folder = world.folder
            for _, packer in ipairs({ { "gzip", ".gz" }, { "zstd", ".zst" }, { "xz", ".xz" } }) do
                if has_program(packer[1]) then
                    process.run({ packer[1], "-k", "-q", "failed.log", cwd = folder, check = true })
                    local whole = world.json({ "failed.log" .. packer[2] })
                    assert.equal("kiln.overheated", whole.findings[1].id)
                end
            end
            if has_program("unzip") then
                local write = "import zipfile; z = zipfile.ZipFile('run.zip', 'w'); "
                    .. "z.write('failed.log', '0_build [1].txt'); z.write('green.log', '1_docs.txt'); "
                    .. "z.write('failed.log', 'build/1_fire.txt')"
                process.run({ "python3", "-c", write, cwd = folder, check = true })
                local whole = world.json({ "run.zip" })
                assert.same({ "kiln.overheated", "build [1]" }, { whole.findings[1].id, whole.findings[1].job })
                assert.is_nil(whole.logs)
            end
            fs.write(folder .. "/bad.gz", "no gzip")
            assert_fails(3, "cannot unpack bad.gz", "gzip", world.run({ "bad.gz" }))
        end)
    end)

    it("reports what differs from a green log", function()
        with_world(function(world)
            local whole = world.json({ "failed.log", "--compare", "green.log" })
            local new = {}
            for _, each in ipairs(whole.comparison.new_lines) do new[each.line] = each.line_number end
            assert.equal(9, new["kiln: 1310 degrees is above 1250"])
            assert.equal("green.log", whole.comparison.green.name)
            local text = world.run({ "failed.log", "--compare", "green.log" }).stdout
            assert.is_truthy(text:find("Compared with a green run\n  Green: green.log", 1, true))
            local markdown = world.run({ "failed.log", "--compare", "green.log", "--format", "markdown" }).stdout
            assert.is_truthy(markdown:find("## Compared with a green run\n", 1, true))
            assert_fails(2, "no such log: none%.log", "%-%-compare",
                world.run({ "failed.log", "--compare", "none.log" }))
        end)
    end)

    it("takes the logs in a folder, and leaves out those that did not fail", function()
        with_world(function(world)
            fs.mkdir(world.folder .. "/logs/a")
            fs.write(world.folder .. "/logs/a/build.txt", diagnose_world.failed_log)
            fs.write(world.folder .. "/logs/docs.log", diagnose_world.green_log)
            local whole = world.json({ "logs" })
            assert.equal("logs/a/build.txt", whole.source.file)
            assert.is_nil(whole.logs)
        end)
    end)

    it("writes every format, to a file in the format of its name", function()
        with_world(function(world)
            for name, begin in pairs({ ["a.md"] = "# Diagnosis of failed.log\n", ["a.html"] = "<!doctype html>",
                ["a.sarif"] = "{\n", ["a.json"] = '{\n  "headline": {', ["a.txt"] = "The kiln is too hot\n" }) do
                local result = world.run({ "failed.log", "--output", name })
                assert.equal(0, result.code, result.stderr)
                assert.equal("", result.stdout)
                assert.equal(begin, fs.read(world.folder .. "/" .. name):sub(1, #begin))
            end
            assert.matches("^::error title=The kiln is too hot %(infrastructure%)::kiln: 1310",
                world.run({ "failed.log", "--format", "github" }).stdout)
            local planned = world.run({ "failed.log", "--output", "b.md" }, { host = { "--dry-run" } })
            assert.equal(0, planned.code, planned.stderr)
            assert.is_false(fs.exists(world.folder .. "/b.md"))
        end)
    end)

    it("has colours on request only", function()
        with_world(function(world)
            assert.is_nil(world.run({ "failed.log" }).stdout:find("\27", 1, true))
            local colored = world.run({ "failed.log" }, { host = { "--color", "always" } }).stdout
            assert.is_truthy(colored:find("\27[1;31mThe kiln is too hot\27[0m", 1, true))
            assert.is_truthy(colored:find("\27[36m1310\27[0m", 1, true))
        end)
    end)

    it("asks the shipped knowledge bases by default, wherever it is run", function()
        with_world(function(world)
            fs.write(world.folder .. "/python.log",
                "Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>\n    import yaml\n"
                .. "ModuleNotFoundError: No module named 'yaml'\n")
            local whole, result = world.json({ world.folder .. "/python.log" }, { kb = false, cwd = "/" })
            assert.equal(0, result.code, result.stderr)
            assert.equal("missing setup", whole.findings[1].class)
            assert.equal(1, world.run({ "python.log" }).code)
        end)
    end)

    it("remembers what it found, by default", function()
        with_world(function(world)
            local function counts()
                local code = 'print(json.encode((require("uhost.kb.history").counts())))'
                local result = process.run({ diagnose_world.binary, "-e", code, check = true,
                    env = { UHOST_STATE = world.folder .. "/state" } })
                return json.decode(result.stdout)
            end
            world.run({ "failed.log", "--no-store" })
            assert.is_nil(counts()["kiln.overheated"])
            world.run({ "failed.log" })
            world.run({ "failed.log" })
            assert.equal(1, counts()["kiln.overheated"].logs)
        end)
    end)

    it("runs twice at once, and in a read-only folder", function()
        with_world(function(world)
            local results = task.map({ 1, 2, 3, 4 }, function() return world.run({ "failed.log", "unknown.log" }) end)
            for _, result in ipairs(results) do
                assert.equal(1, result.code, result.stderr)
                assert.equal(results[1].stdout, result.stdout)
            end
        end)
    end)

    it("ends at once and leaves nothing behind when it is interrupted", function()
        with_world(function(world)
            fs.mkdir(world.folder .. "/tmp")
            local command = world.command({ "-" }, { env = { TMPDIR = world.folder .. "/tmp" } })
            command.stdin, command.stdout = true, nil
            local child = process.start(command)
            -- More than a pipe holds: once it is written, the log is being read.
            child:write(diagnose_world.failed_log:rep(math.ceil(2 ^ 20 / #diagnose_world.failed_log)))
            child:kill("SIGINT")
            local result = child:wait(20)
            assert.equal(130, result.code)
            assert.same({}, fs.list(world.folder .. "/tmp"))
        end)
    end)

    it("refuses what makes no sense, with a remedy", function()
        with_world(function(world)
            assert_fails(2, "no log given", "build%.log", world.run({}))
            assert_fails(2, "no such log: none%.log", "path", world.run({ "none.log" }))
            assert_fails(2, "'30x' is not a number", "%-%-run 123456", world.run({ "--run", "30x" }))
            assert_fails(2, "exclude each other", "one of them", world.run({ "failed.log", "--run", "3" }))
            assert_fails(2, "%-%-compare needs a green log", "green%.log", world.run({ "failed.log", "--compare" }))
            assert_fails(2, "%-%-context: '%-1'", "%-%-context 5", world.run({ "failed.log", "--context=-1" }))
            assert_fails(2, "there is no none%.lua", "file or a folder",
                world.run({ "failed.log", "--kb", "none.lua" }, { kb = false }))
            assert_fails(2, "there is no folder nowhere", "make it",
                world.run({ "failed.log", "--output", "nowhere/a.md" }))
            fs.mkdir(world.folder .. "/nothing")
            assert_fails(2, "no log is in the folder nothing", "%.log", world.run({ "nothing" }))
        end)
    end)

    it("refuses a knowledge base that is broken", function()
        with_world(function(world)
            for _, broken in ipairs({ "return {", "return { entries = { { id = 'a.b' } } }",
                (diagnose_world.knowledge_base:gsub("%^kiln: ", "(")) }) do
                fs.write(world.folder .. "/broken.lua", broken)
                local result = world.run({ "failed.log", "--kb", "broken.lua" }, { kb = false })
                assert.equal(2, result.code, result.stdout .. result.stderr)
                assert.matches("broken%.lua", result.stderr)
            end
        end)
    end)
end)
