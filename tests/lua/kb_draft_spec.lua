-- Drafts of entries: a pattern made of a line, and the source that is written.
local draft = require("lib.kb.draft")
local pattern_of = require("lib.kb.pattern").of
local schema = require("uhost.kb.schema")

describe("a pattern made of a line", function()
    it("keeps what the message says and leaves out what differs", function()
        for line, expected in pairs({
            ["error[E0277]: the trait bound `Foo: Bar` is not satisfied"]
                = "^error\\[E0277\\]: the trait bound `(?<what>[^`]+)` is not satisfied",
            ["src/main.c:12:5: error: unknown type name 'foo'"]
                = "^(?<path>[^:\\s]+):\\d+:\\d+: error: unknown type name '(?<what>[^']+)'",
            ["##[error]Process completed with exit code 101."] = "Process completed with exit code (?<code>\\d+)\\.",
            ["LINK : fatal error LNK1120: 3 unresolved externals"]
                = "^LINK : fatal error LNK1120: \\d+ unresolved externals",
            ["C:\\Users\\me\\x.obj : error LNK2019: unresolved"] = "^(?<path>\\S+) : error LNK2019: unresolved",
            ["  worker 3f2a9c1b7 of 1.2.3 died at 10:11:12.5"]
                = "^\\s*worker [0-9a-fA-F]+ of (?<version>\\d+(?:\\.\\d+)+\\S*) died at \\d\\d:\\d\\d:\\d\\d[\\d.,]*",
            ["can't reach https://example.org/x?y=1"] = "^can't reach (?<url>https?://\\S+)",
            ["t3910-mac.sh ......... failed ====="] = "^t3910-mac\\.sh \\.+ failed =+",
            ["[12/30] Linking a.out"] = "^\\[\\d+/\\d+\\] Linking a\\.out",
        }) do
            assert.equal(expected, (pattern_of(line)))
        end
    end)

    it("reports the groups' names, each once", function()
        local pattern, names = pattern_of("cannot copy 'a' to 'b' in 'c'")
        assert.same({ "what", "what2", "what3" }, names)
        assert.equal("c", re.match("cannot copy 'a' to 'b' in 'c'", pattern).what3)
    end)

    it("matches its line, and the line with other numbers", function()
        local lines = {
            "FAIL src/app.test.js > adds 1 + 2 (5 ms)", "Error: listen EADDRINUSE: address already in use :::8080",
            "java.lang.OutOfMemoryError: Java heap space", "^^^ weird {regex} (chars) [here] $ | * + ? \\ .",
            "E: Unable to locate package libfoo-dev", "fatal: ‘x’ is “odd” ünïcode", "a\tb   c word",
            "--- FAIL: TestX (0.00s)", "make: *** [Makefile:12: all] Error 2",
        }
        for _, line in ipairs(lines) do
            local pattern = pattern_of(line)
            assert.is_true(re.test(line, pattern), line)
            assert.is_true(re.test((line:gsub("%d", "7")), pattern), line)
        end
    end)

    it("is not made of a line without words, nor endless", function()
        for _, line in ipairs({ "", "   ", "###", "12:30", "\255\254", ("-"):rep(500), "##[error]" }) do
            assert.is_nil((pattern_of(line)))
        end
        assert.is_true(#pattern_of(("word "):rep(10000)) < 1000)
        assert.is_true(#pattern_of("error " .. ("("):rep(10000)) < 1000)
    end)

    it("can be made of any bytes without a failure", function()
        local seed = 42
        local function random(limit)
            seed = (seed * 1103515245 + 12345) % 2147483648
            return seed % limit
        end
        local pieces = { "'", '"', "`", "[", "]", "(", "\\", "/", ":", "1", "f00ba12", "error", " ", "\t", "\0", "\255",
            "ä", "%", "$", "http://", "C:\\", "]]", "]=]", "#", "‘" }
        for _ = 1, 500 do
            local parts = {}
            for i = 1, 1 + random(30) do parts[i] = pieces[1 + random(#pieces)] end
            local line = table.concat(parts)
            local pattern = pattern_of(line)
            if pattern then assert.is_true(re.test(line, pattern), line) end
            local loaded = loadstring("return " .. draft.literal(line))
            assert.equal(line, loaded())
        end
    end)
end)

describe("a draft", function()
    local function of(fields)
        local line = "error: cannot open 'a ]] b'"
        local made = {
            id = "mine.x", log = "build\n.log", line_number = 7, line = line, names = { "what" }, alike = 3,
            rejects = { "error: ]]" }, others = { { line_number = 9, line = "other\nthing" } },
            pattern = (pattern_of(line)),
        }
        for key, value in pairs(fields or {}) do made[key] = value end
        return draft.source(made)
    end

    it("is Lua, and what is left to fill in is all that is wrong with it", function()
        local data = assert(loadstring(of()))()
        local problems = schema.check(data)
        local paths = {}
        for i, problem in ipairs(problems) do
            paths[i] = problem.path
            assert.matches("draft", problem.message)
        end
        assert.same({ "entries[1].title", "entries[1].class", "entries[1].cause", "entries[1].fix" }, paths)
        assert.equal("error: cannot open 'a ]] b'", data.entries[1].examples.matches[1])
        assert.equal("error: ]]", data.entries[1].examples.rejects[1])
    end)

    it("is fine when that is filled in", function()
        local source = of():gsub('class = "%?"', 'class = "flaky"'):gsub('"%?"', '"see {what}"')
        assert.same({}, schema.check(assert(loadstring(source))()))
    end)

    it("runs nothing that a log holds", function()
        local hostile = "]]} os.exit(3) --[[ \n error(1) \r \0 ]==]"
        local source = of({ line = hostile, log = hostile, rejects = { hostile }, pattern = hostile,
            others = { { line_number = 1, line = hostile } } })
        local data = assert(loadstring(source))()
        assert.equal(hostile, data.entries[1].match)
        assert.equal(hostile, data.entries[1].examples.matches[1])
    end)

    it("gets an id of its line's words that no entry has", function()
        local function id(line, taken)
            return draft.id_of(line, function(each) return (taken or {})[each] or false end)
        end
        assert.equal("mine.cannot_find_module", id("##[error] Error: Cannot find module './x/y'"))
        assert.equal("mine.cannot_find2", id("cannot find", { ["mine.cannot_find"] = true }))
        for _, line in ipairs({ "cannot find the file", "###", "Ünïcode wörds", "___", ("long"):rep(100) }) do
            local _, problems = schema.check_item("entries", { id = id(line) }, "x", {})
            for _, problem in ipairs(problems) do assert.is_nil(problem.path:find("%.id$"), id(line)) end
        end
    end)
end)
