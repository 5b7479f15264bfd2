-- `uhost kb`, as its user meets it: the real binary, its output and its exit code.
local uhost_binary = os.getenv("UHOST") or "uhost"

local function in_folder(files, body)
    local folder = fs.temp_dir()
    return task.finally(function()
        for path, text in pairs(files) do
            local full = fs.join(folder:path(), path)
            fs.mkdir(fs.dirname(full))
            fs.write(full, text)
        end
        return body(folder:path())
    end, function() folder:close() end)
end

local function run(folder, ...)
    local command = { uhost_binary, "--state", fs.join(folder, "state"), ... }
    command.cwd, command.timeout_s, command.env = folder, 60, { GITHUB_ACTIONS = "", COLUMNS = "100" }
    return process.run(command)
end

local function run_with(files, ...)
    local arguments = { n = select("#", ...), ... }
    return in_folder(files, function(folder) return run(folder, unpack(arguments, 1, arguments.n)) end)
end

local kiln = [=[
return {
    about = "the kiln",
    entries = { {
        id = "kiln.hot", title = "The kiln is above {limit}",
        match = [[^kiln: (?<heat>\d+)C is above (?<limit>\d+)C]], class = "infrastructure", priority = 80,
        cause = "It was not allowed to cool.", fix = "Wait until it is below {limit}.", tags = { "pottery" },
        examples = { matches = { "kiln: 1310C is above 1250C" }, rejects = { "kiln: 900C is below 1250C" } },
    }, {
        id = "kiln.failed", title = "A firing failed", match = "^firing failed", class = "flaky", priority = 5,
        cause = "Something before it.", fix = "Look above.", examples = { matches = { "firing failed" } },
    }, {
        id = "kiln.never", title = "Never counts", match = "^firing", class = "flaky", priority = 50,
        cause = "None.", fix = "None.", examples = { matches = { "firing" } },
        when = function() return false end,
    } },
}
]=]
local build_log = "loading pots\nkiln: 1300C is above 1250C\nfiring failed\nfiring failed\n"

describe("uhost kb list", function()
    it("lists entries, all or those with certain words or of a class", function()
        in_folder({ ["kb/kiln.lua"] = kiln }, function(folder)
            local all = json.decode(run(folder, "kb", "list", "--kb", "kb", "--format", "json").stdout)
            assert.equal(3, #all)
            assert.equal("kiln.hot", all[2].id)
            assert.equal("kb/kiln.lua", all[2].file)
            local some = run(folder, "kb", "list", "--kb", "kb/kiln.lua", "POTTERY", "kiln")
            assert.matches("kiln%.hot", some.stdout)
            assert.matches("1 entry\n$", some.stdout)
            local flaky = run(folder, "kb", "list", "--kb", "kb", "--class", "flaky", "--format", "json")
            assert.equal(2, #json.decode(flaky.stdout))
            assert.equal(2, run(folder, "kb", "list", "--class", "flakey").code)
        end)
    end)

    it("has the shipped entries, and the user's own among them", function()
        local result = run_with({ ["kb/kiln.lua"] = kiln }, "kb", "list", "--format", "json")
        assert.equal("", result.stderr)
        local ids = {}
        for _, entry in ipairs(json.decode(result.stdout)) do ids[entry.id] = true end
        assert.is_true(ids["kiln.hot"])
        assert.is_true(ids["rust.e0277"])
    end)
end)

describe("uhost kb explain", function()
    it("says all there is to an entry, with where it is written and whether its examples hold", function()
        local result = run_with({ ["kb/kiln.lua"] = kiln }, "kb", "explain", "kiln.hot", "--kb", "kb")
        assert.equal(0, result.code, result.stderr)
        for _, text in ipairs({ "The kiln is above", "kb/kiln.lua:4", "infrastructure, error, priority 80",
            "heat, limit", "It was not allowed to cool", "✓ kiln: 1310C is above 1250C", "✓ kiln: 900C" }) do
            assert.is_truthy(result.stdout:find(text, 1, true), text)
        end
    end)

    it("ends with 1 when an example fails", function()
        local broken = kiln:gsub("1310C is above", "1310C is over")
        local result = run_with({ ["kb/kiln.lua"] = broken }, "kb", "explain", "kiln.hot", "--kb", "kb",
            "--format", "json")
        assert.equal(1, result.code)
        assert.equal("matches", json.decode(result.stdout).failing_examples[1].list)
    end)

    it("knows what was meant", function()
        local result = run_with({ ["kb/kiln.lua"] = kiln }, "kb", "explain", "kiln.hott", "--kb", "kb")
        assert.equal(2, result.code)
        assert.matches("did you mean 'kiln.hot'%?", result.stderr)
    end)

    it("explains shipped readers and signals too", function()
        local signal = kb.load().signals[1]
        local result = run_with({}, "kb", "explain", signal.id)
        assert.matches(signal.id, result.stdout, 1, true)
    end)
end)

describe("uhost kb try", function()
    it("says which entries match, in which order, and which do not count", function()
        in_folder({ ["kb/kiln.lua"] = kiln, ["build.log"] = build_log }, function(folder)
            local result = run(folder, "kb", "try", "build.log", "--kb", "kb", "--format", "json")
            assert.equal(0, result.code, result.stderr)
            local reported = json.decode(result.stdout)
            assert.equal("kiln.hot", reported.findings[1].id)
            assert.equal(2, reported.findings[1].line_number)
            assert.equal("1250", reported.findings[1].captures.limit)
            assert.equal("kiln: 1300C is above 1250C", reported.findings[1].line)
            assert.is_true(#reported.findings[1].why > 0)
            assert.equal("kiln.failed", reported.findings[2].id)
            assert.equal("kiln.never", reported.declined[1].id)
            local text = run(folder, "kb", "try", "build.log", "--kb", "kb").stdout
            assert.matches("1%. kiln%.hot  The kiln is above 1250", text)
            assert.matches("`when` says", text)
        end)
    end)

    it("ends with 1 when nothing matches", function()
        local result = run_with({ ["kb/kiln.lua"] = kiln, ["build.log"] = "all is well\n" }, "kb", "try", "build.log",
            "--kb", "kb")
        assert.equal(1, result.code)
        assert.matches("no entry matches in the 1 lines", result.stdout)
        assert.equal(2, run_with({}, "kb", "try", "none.log").code)
    end)
end)

describe("uhost kb stats", function()
    it("counts what was found, and names what never was", function()
        in_folder({ ["kb/kiln.lua"] = kiln, ["build.log"] = build_log }, function(folder)
            assert.matches("no log was explained yet", run(folder, "kb", "stats", "--kb", "kb").stdout)
            local remember = "require('uhost.kb.history').record('a log', { 'kiln.hot', 'old.entry' }, { now = 86400 })"
            assert.equal(0, run(folder, "-e", remember).code)
            local stats = json.decode(run(folder, "kb", "stats", "--kb", "kb", "--format", "json").stdout)
            assert.equal(1, stats.logs)
            assert.same({ id = "kiln.hot", title = "The kiln is above {limit}", hits = 1, logs = 1,
                last = "1970-01-02T00:00:00Z" }, stats.found[1])
            assert.same({ "kiln.failed", "kiln.never" }, stats.never)
            assert.same({ "old.entry" }, stats.gone)
            assert.matches("kiln%.hot +1 +100 %% +1 +1970%-01%-02", run(folder, "kb", "stats", "--kb", "kb").stdout)
            run(folder, "-e", "require('uhost.kb.history').record('b', { 'no domain', '\27[31m', '' })")
            local odd = run(folder, "kb", "stats", "--kb", "kb")
            assert.equal(0, odd.code, odd.stderr)
            assert.matches("others: .*no domain", odd.stdout)
        end)
    end)

    it("counts what uhost diagnose found", function()
        in_folder({ ["kb/kiln.lua"] = kiln, ["build.log"] = build_log }, function(folder)
            run(folder, "diagnose", "build.log", "--kb", "kb/kiln.lua")
            run(folder, "diagnose", "build.log", "--kb", "kb/kiln.lua")
            local stats = json.decode(run(folder, "kb", "stats", "--kb", "kb", "--format", "json").stdout)
            assert.equal(1, stats.logs)
            assert.equal("kiln.hot", stats.found[2].id)
        end)
    end)
end)

describe("uhost kb learn", function()
    local odd = "start\nwidget 12 exploded: error in chamber 'b'\nend\n"

    it("writes a draft whose placeholders uhost check explains, and whose example holds", function()
        in_folder({ ["build.log"] = odd }, function(folder)
            local result = run(folder, "kb", "learn", "build.log", "--output", "kb/mine.lua", "--id", "mine.widget")
            assert.equal(0, result.code, result.stderr)
            local checked = run(folder, "check", "kb/mine.lua")
            assert.equal(2, checked.code)
            assert.matches("placeholder", checked.stdout)
            assert.matches("4 errors, 0 warnings", checked.stdout)
            local source = fs.read(folder .. "/kb/mine.lua"):gsub('class = "%?"', 'class = "flaky"')
            fs.write(folder .. "/kb/mine.lua", (source:gsub('"%?"', '"{what}"')))
            assert.equal(0, run(folder, "check", "kb/mine.lua", "--strict").code)
            local tested = run(folder, "test", "kb/mine.lua")
            assert.equal(0, tested.code, tested.stdout)
            fs.write(folder .. "/next.log", "widget 77 exploded: error in chamber 'c'\n")
            local reported = json.decode(run(folder, "kb", "try", "next.log", "--format", "json").stdout)
            assert.equal("mine.widget", reported.findings[1].id)
            assert.equal("c", reported.findings[1].captures.what)
        end)
    end)

    it("looks for what the logs of good runs do not have", function()
        local green = "start\nerror: always said\nend\n"
        local red = "start\nerror: always said\nthe pot is gone\nend\n"
        local result = run_with({ ["build.log"] = red, ["green.log"] = green },
            "kb", "learn", "build.log", "--green", "green.log")
        assert.matches("%[%[%^the pot is gone%]%]", result.stdout)
    end)

    it("writes to standard output, also of standard input, and takes the line", function()
        in_folder({}, function(folder)
            local result = process.run({ uhost_binary, "kb", "learn", "-", "--line", "3", cwd = folder, stdin = odd })
            assert.equal(0, result.code, result.stderr)
            assert.matches("match = %[%[%^end%]%]", result.stdout)
        end)
    end)

    it("says so when all is known, or nothing looks like an error", function()
        local files = { ["kb/kiln.lua"] = kiln, ["build.log"] = build_log, ["fine.log"] = "all is well\n" }
        in_folder(files, function(folder)
            local known = run(folder, "kb", "learn", "build.log", "--kb", "kb")
            assert.equal(1, known.code)
            assert.matches("are known: kiln%.failed", known.stderr)
            local nothing = run(folder, "kb", "learn", "fine.log")
            assert.equal(1, nothing.code)
            assert.matches("no line of fine%.log looks like an error", nothing.stderr)
        end)
    end)

    it("overwrites no file, and refuses lines and ids that cannot be", function()
        in_folder({ ["build.log"] = odd, ["mine.lua"] = "precious" }, function(folder)
            for _, wrong in ipairs({ { "--output", "mine.lua" }, { "--line", "99" }, { "--line", "x" },
                { "--id", "no id" }, { "--green", "none.log" } }) do
                assert.equal(2, run(folder, "kb", "learn", "build.log", unpack(wrong)).code, wrong[1])
            end
            assert.equal("precious", fs.read(folder .. "/mine.lua"))
        end)
    end)

    it("writes nothing under --dry-run", function()
        in_folder({ ["build.log"] = odd }, function(folder)
            run(folder, "--dry-run", "kb", "learn", "build.log", "--output", "mine.lua")
            assert.is_false(fs.exists(folder .. "/mine.lua"))
        end)
    end)
end)

describe("uhost kb", function()
    it("survives logs and knowledge bases of any content", function()
        local hostile = "\27]0;title\7error: \255\254 failed\0 \27[31mred\27[0m ::set-env name=x::y\r\n"
            .. "error `${x}` {what}\n"
        in_folder({ ["a.log"] = hostile:rep(200), ["kb/odd.lua"] = "return { entries = { { id = '\\27[31mx' } } }" },
            function(folder)
                for _, arguments in ipairs({ { "try", "a.log" }, { "learn", "a.log" }, { "list" }, { "stats" } }) do
                    local result = run(folder, "kb", unpack(arguments))
                    assert.is_true(result.code <= 1, result.stderr)
                    assert.is_nil((result.stdout .. result.stderr):find("\27", 1, true))
                    assert.is_nil(result.stderr:find("traceback", 1, true), result.stderr)
                end
            end)
    end)
end)
