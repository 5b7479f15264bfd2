-- Diagnostics of compilers, linters and scanners in logs. The plain cases are the examples of the readers themselves.
local diagnostics = require("lib.log_readers.diagnostics")
local examples = require("lib.log_readers.examples")

local base = kb.load({ strict = true })

local function open(text)
    return log_text.open({ text = text, name = "example" })
end

local function read(text)
    local log = open(text .. "\n")
    local found = diagnostics.read(base:scan(log), log)
    log:close()
    return found
end

local function read_as_written(text) return examples.diagnostics(base, text) end

describe("the readers of diagnostics", function()
    it("are there for more than a hundred formats", function()
        assert.is_true(#base.diagnostic_readers > 100)
    end)

    for _, reader in ipairs(base.diagnostic_readers) do
        it(("read the examples of %s"):format(reader.id), function()
            assert.equal(#reader.examples.matches, #(reader.gives or {}), "each example says what it gives")
            for i, text in ipairs(reader.examples.matches) do
                assert.same(reader.gives[i], read_as_written(text), text)
            end
            for _, text in ipairs(reader.examples.rejects or {}) do
                assert.same({}, read_as_written(text), text)
            end
        end)
    end
end)

describe("reading diagnostics", function()
    it("gives nothing for the log of a run that went well", function()
        assert.same({}, read([[
Run actions/checkout@v4
Syncing repository: octo/app
[command]/usr/bin/git version
git version 2.43.0
   Compiling app v0.1.0 (/project/app)
    Finished `dev` profile [unoptimized + debuginfo] target(s) in 12.34s
     Running unittests src/lib.rs (target/debug/deps/app-0a1b2c)
test list::push ... ok
test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out
[INFO] Building app 1.0
[INFO] Tests run: 12, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.5 s - in org.example.ListTest
ok  	example.org/app	0.012s
[12:34:56] Starting 'build'...
2026-01-31 10:00:00: done
{"level":"info","msg":"listening","port":8080}
{ "name": "app", "version": "1.0.0", "description": "An app" }
-- Looking for pthread.h - found
tests/test_list.py:432: in test_push
tests/test_list.py:12: AttributeError
[INFO] /project/src/List.java: Recompile with -Xlint:unchecked for details.
Get:1 http://deb.debian.org/debian bookworm/main amd64 gcc amd64 4:12.2.0-3 [5,216 B]
]]))
    end)

    it("says where in the log each one is", function()
        local found = read(
            "cc -c list.c\n\nlist.c:12:5: warning: unused variable 'x'\n\nlist.c:13:1: error: expected ';'")
        assert.equal(3, found[1].line_number)
        assert.equal(5, found[2].line_number)
        assert.equal("error", found[2].severity)
        assert.equal(13, found[2].line)
    end)

    it("reports once what a log says twice", function()
        local line = "list.c:12:5: warning: unused variable 'x' [-Wunused-variable]"
        assert.equal(1, #read(line .. "\nmake again\n" .. line))
        assert.equal(2, #read(line .. "\n" .. line:gsub(":12:", ":13:")))
    end)

    it("prefers the reader that knows the tool", function()
        local found = read("app/main.py:12:80: E501 line too long (92 > 79 characters)")
        assert.equal(1, #found)
        assert.equal("flake8", found[1].tool)
        assert.equal("E501", found[1].code)
    end)

    it("keeps notes apart from what they belong to", function()
        local found = read(
            "list.c:12:5: error: conflicting types for 'push'\nlist.h:3:6: note: previous declaration of 'push'")
        assert.equal("note", found[2].severity)
        assert.equal("list.h", found[2].file)
    end)

    it("takes the prefixes of build tools off", function()
        local expected = { "src/list.c:12:5: warning: unused variable 'x'" }
        for _, prefix in ipairs({ "", "    [exec] ", "##[warning]", "3>", "#12 0.523 ", "[WARNING] " }) do
            assert.same(expected, read_as_written(prefix .. "src/list.c:12:5: warning: unused variable 'x'"), prefix)
        end
    end)

    it("writes paths with forward slashes", function()
        assert.equal("C:/work/my app/list.c", read("C:\\work\\my app\\list.c(12): error C2065: 'x'")[1].file)
    end)

    it("survives text that nobody meant to be read", function()
        for _, text in ipairs({
            "", "{", "[\n[\n[", "<?xml version=\"1.0\"?>", "<a>", "<a", "</a>", "{\"a\":", "a,line\n",
            ",line,\n,,,\n\"",
            ("x"):rep(20000) .. ":1:1: error: y", ("["):rep(300), "{\n\"a\": [\n" .. ("{\n"):rep(500),
        }) do
            assert.is_table(read(text), text:sub(1, 40))
        end
    end)
end)

describe("reading reports", function()
    it("finds the line of each finding", function()
        local found = read([[
Linting…
[
  {"file": "a.x", "line": 1, "message": "first"},
  {"file": "a.x", "line": 2, "message": "second"}
] ]])
        assert.equal(3, found[1].line_number)
        assert.equal(4, found[2].line_number)
    end)

    it("lends findings what stands around them", function()
        assert.same({ "src/a.x:3:-: error: no such name [R1]" }, read_as_written('{"files":[{"path":"src/a.x",'
            .. '"results":[{"line":3,"severity":"error","rule":"R1","message":"no such name"}]}]}'))
        assert.same({ "src/a.x:3:-: warning: no such name" }, read_as_written(
            '{"results":{"src/a.x":[{"line_number":3,"message":"no such name"}]}}'))
    end)

    it("leaves out what has passed", function()
        assert.same({}, read('{"results":[{"file":"a.x","line":1,"message":"fine","status":"passed"}]}'))
    end)

    it("counts lines from 1 where positions are those of editors", function()
        local found = read('[{"file":"a.x","message":"no such name","range":{"start":{"line":9,"character":0}}}]')
        assert.equal(10, found[1].line)
    end)

    it("reads XML that is cut", function()
        local found = read(
            '<checkstyle>\n<file name="a.x">\n<error line="1" message="first"/>\n<error line="2" message="sec')
        assert.equal(1, #found)
        assert.equal("first", found[1].message)
    end)

    it("reads what XML hides in entities and CDATA", function()
        local found = read('<issues><issue file="a.x" line="1"><message><![CDATA[<b> & more]]></message></issue>'
            .. '<issue file="a.x" line="2" message="&lt;c&gt; &#233; &#x263A;"/></issues>')
        assert.equal("<b> & more", found[1].message)
        assert.equal("<c> é ☺", found[2].message)
    end)

    it("reads quoted values of tables", function()
        local found = read('file;line;message\na.x;1;"first; with ""quotes"""\na.x;2;second')
        assert.equal('first; with "quotes"', found[1].message)
        assert.equal(2, found[2].line)
    end)
end)
