-- A log with this content, closed behind `body`.
local function with_log(content, body)
    local folder = fs.temp_dir()
    return task.finally(function()
        local path = folder:path() .. "/log"
        fs.write(path, content)
        return body(log_text.open(path), path)
    end, function() folder:close() end)
end

local function cleaned(content)
    return with_log(content, function(log) return log:lines(1, 1000) end)
end

local function scan(content, patterns, options)
    return with_log(content, function(log)
        local matcher = kb.compile(patterns, { cache = false })
        return matcher:scan(log, options)
    end)
end

-- "index:first-last" of each hit.
local function places(result)
    local list = {}
    for i, hit in ipairs(result.hits) do list[i] = ("%d:%d-%d"):format(hit.index, hit.line_number, hit.last_line) end
    return list
end

describe("a log", function()
    it("has its lines numbered as in the file, with or without a newline at the end", function()
        assert.same({ "a", "", "b" }, cleaned("a\n\nb"))
        assert.same({ "a", "", "b", "" }, cleaned("a\r\n\r\nb\r\n\n"))
        assert.same({}, cleaned(""))
        with_log("1\n2\n3\n4", function(log)
            assert.is_nil(log.count)
            assert.equal(4, log:index())
            assert.equal(4, log.count)
            assert.equal(7, log.bytes)
            assert.same({ "2", "3" }, log:lines(2, 3))
            assert.same({ "1" }, log:lines(-5, 1))
            assert.same({ "4" }, log:lines(4, 99))
            assert.is_nil(log:line(5))
            assert.is_nil(log:line(0))
        end)
    end)

    it("is read without colours, titles, links and what was overwritten", function()
        assert.same({ "red bold", "link", "title", "100%", "done", "ab", "kept" }, cleaned(
            "\27[31mred\27[0m \27[1;4mbold\27[m\n\27]8;;http://x\27\\link\27]8;;\7\n\27]0;a title\7title\n" ..
            " 50%\r 99%\r100%\n10%\27[K\r\27[2Kdone\r\r\n\27(Bax\8b\nkept\r   \n"))
    end)

    it("has lines where carriage returns alone end them, and not where they overwrite", function()
        local many = {}
        for i = 1, 900 do many[i] = ("line %d of a log of some length"):format(i) end
        assert.same(many, cleaned(table.concat(many, "\r")))
        assert.same({ "begun", many[900], "end" }, cleaned("begun\n" .. table.concat(many, "\r") .. "\nend"))
    end)

    it("replaces what is no UTF-8, and NUL", function()
        assert.same({ "a\u{FFFD}b", "\u{FFFD}\u{FFFD}é", "\u{FFFD}" }, cleaned("a\255b\n\0\192é\n\226\130"))
    end)

    it("is read from UTF-16 and behind a byte order mark", function()
        assert.same({ "hé", "x" }, cleaned("\255\254h\0\233\0\r\0\n\0x\0"))
        assert.same({ "hé" }, cleaned("\254\255\0h\0\233"))
        assert.same({ "first" }, cleaned("\239\187\191first\n"))
    end)

    it("loses the times before lines, and gives them", function()
        with_log("2026-01-31T10:00:00.5000000Z hello\n[2026-01-31T11:00:00+01:00] there\nno\n" ..
            "2026-01-31T10:00:00.123456Z 00O gitlab\n2026-13-31T10:00:00Z no month\n2026-01-31T10:00:00Z\n",
        function(log)
            assert.same({ "hello", "there", "no", "gitlab", "2026-13-31T10:00:00Z no month", "" }, log:lines(1, 9))
            assert.equal(1769853600.5, log:time(1))
            assert.equal(1769853600, log:time(2))
            assert.is_nil(log:time(3))
            assert.equal("2026-01-31T10:00:00.5000000Z hello", log:raw(1))
        end)
    end)

    it("loses the job and step that gh puts before lines, and gives them", function()
        with_log("build (1)\tRun tests\t\239\187\1912026-01-31T10:00:00.0Z ##[group]Run x\na\tb\tc\n", function(log)
            assert.equal("##[group]Run x", log:line(1))
            assert.same({ "build (1)", "Run tests" }, { log:prefix(1) })
            assert.equal("a\tb\tc", log:line(2))
            assert.is_nil(log:prefix(2))
        end)
    end)

    it("shows fold marks that are overwritten apart from the line", function()
        local content = "travis_fold:start:a\r\27[0Ktravis_time:start:b\r\27[0K$ make\n" ..
            "travis_time:end:b:start=1\r\27[0Ktravis_fold:end:a\r\27[0K\n"
        assert.same({ "$ make", "travis_time:end:b:start=1 travis_fold:end:a" }, cleaned(content))
        local markers = scan(content, {}).markers
        assert.equal(4, #markers)
        assert.same({ line_number = 1, text = "travis_time:start:b" }, markers[2])
    end)

    it("loses the middle of very long lines, and stays within bounds", function()
        local lines = cleaned("begin" .. ("é"):rep(1000000) .. "end\n" .. ("x"):rep(10000) .. "\nshort")
        assert.equal(3, #lines)
        assert.is_true(#lines[1] <= 8192 and #lines[2] <= 8192)
        assert.equal("begin", lines[1]:sub(1, 5))
        assert.equal("end", lines[1]:sub(-3))
        assert.truthy(lines[1]:find("…%[%d+ bytes cut%]…"))
        assert.is_nil(lines[1]:find("\u{FFFD}", 1, true))
        assert.equal("short", lines[3])
    end)

    it("may be a stream", function()
        local pieces = { "one\ntw", "o\nth", "", "ree" }
        local log = log_text.open({ stream = function() return table.remove(pieces, 1) end, name = "pieces" })
        assert.same({ "one", "two", "three" }, log:lines(1, 3))
        assert.equal("pieces", log.name)
        assert.equal("log_text.Log (pieces)", tostring(log))
        log:close()
        local ok, err = pcall(log.line, log, 1)
        assert.is_false(ok)
        assert.equal("closed", err.kind)
    end)

    it("may be a text", function()
        local log = log_text.open({ text = "one\n\nthree" })
        assert.same({ "one", "", "three" }, log:lines(1, 3))
        assert.equal("the text", log.name)
        log:close()
        local ok, err = pcall(log_text.open, { text = 5 })
        assert.is_false(ok)
        assert.equal("bad argument 'text' to 'log_text.open': expected a string, got number", err.message)
    end)

    it("may be standard input", function()
        local code = "local l = log_text.open('-') print(l:index(), l:line(2))"
        local result = process.run({ os.getenv("UHOST") or "uhost", "-e", code, stdin = "a\nb\n" })
        assert.equal("2\tb\n", result.stdout)
    end)

    it("that is not there is an error that names it", function()
        for path, words in pairs({ ["/nowhere/x.log"] = "/nowhere/x.log", ["/tmp"] = "directory" }) do
            local ok, err = pcall(log_text.open, path)
            assert.is_false(ok)
            assert.equal("log_text.read", err.kind)
            assert.truthy(err.message:find(words, 1, true))
        end
        local ok, err = pcall(log_text.open, { stream = 5 })
        assert.is_false(ok)
        assert.equal("argument", err.kind)
    end)
end)

describe("a matcher", function()
    it("gives line, column and captures of the first match in each line", function()
        local result = scan("x\n  error[E0277]: one error[E1]: two\n", {
            { match = [[error\[(?<code>E\d+)\]: (\w+)(?<no>!)?]] }, { match = "^X$", flags = "i" },
        })
        assert.equal(2, result.lines)
        assert.equal(37, result.bytes)
        assert.same({ "2:1-1", "1:2-2" }, places(result))
        local hit = result.hits[2]
        assert.same({ code = "E0277", "E0277", "one" }, hit.captures)
        assert.equal(3, hit.column)
        assert.equal("  error[E0277]: one error[E1]: two", hit.line)
        assert.is_nil(hit.last_text)
        assert.same({ 1, 1 }, result.counts)
    end)

    it("sees each line by itself", function()
        local patterns = { { match = [[a\s+b]] }, { match = "^b$" }, { match = [[\Aa\z]] }, { match = "[^x]b" } }
        assert.same({ "3:1-1", "2:2-2", "1:3-3", "4:3-3" }, places(scan("a\nb\na b", patterns)))
    end)

    it("keeps the first and the last hits, and counts all", function()
        local content = {}
        for i = 1, 100 do content[i] = "error " .. i end
        local patterns = { { match = [[error (\d+)]], keep = 2 }, { match = "err", keep = 0 } }
        local result = scan(table.concat(content, "\n"), patterns)
        assert.same({ "1:1-1", "1:2-2", "1:99-99", "1:100-100" }, places(result))
        assert.same({ 100, 100 }, result.counts)
        assert.equal(100, result.lines_matched)
    end)

    it("keeps fewer hits when they would take much memory", function()
        local content = {}
        for i = 1, 12000 do content[i] = ("%05d "):format(i) .. ("x"):rep(2000) end
        local patterns = { { match = [[^(\d+) (x+)]], keep = 10000 }, { match = "^00001" } }
        local result = scan(table.concat(content, "\n"), patterns)
        assert.equal(12000, result.counts[1])
        assert.equal(1, result.hits[1].line_number)
        assert.equal(12000, result.hits[#result.hits].line_number)
        assert.equal(2006, #result.hits[1].line)
        assert.is_true(#result.hits > 1000 and #result.hits < 6000)
    end)

    it("finds patterns that follow each other", function()
        local patterns = { { match = { [[start (?<n>\d)]], [[middle (\w)]], "end" }, within = 4 } }
        local result = scan("start 1\nstart 2\nmiddle a\nmiddle b\nend\nend\n", patterns)
        assert.same({ "1:2-5" }, places(result))
        assert.same({ "2", "a", n = "2" }, result.hits[1].captures)
        assert.equal("start 2", result.hits[1].line)
        assert.equal("end", result.hits[1].last_text)
        assert.same({}, places(scan("start 1\nmiddle a\n\n\n\nend\n", patterns)))
        assert.same({}, places(scan("start 1 middle a end\n", patterns)))
        assert.same({ "1:1-3", "1:3-5" }, places(scan("start 1\nmiddle a\nend start 2\nmiddle b\nend", patterns)))
    end)

    it("lets what is near refuse a hit", function()
        local patterns = { { match = "bad", unless = { "fine", "ignored" } } }
        assert.same({}, places(scan("fine\n\n\nbad", patterns)))
        assert.same({}, places(scan("bad\n\n\nfine", patterns)))
        assert.same({}, places(scan("bad ignored", patterns)))
        assert.same({ "1:5-5" }, places(scan("fine\n\n\n\nbad\n\n\n\nfine", patterns)))
        local sequence = { { match = { "one", "two" }, unless = "fine" } }
        assert.same({}, places(scan("one\n\n\n\n\nfine\n\n\n\n\ntwo", sequence)))
        assert.same({ "1:1-11" }, places(scan("one\n\n\n\n\n\n\n\n\n\ntwo\n\n\n\nfine", sequence)))
    end)

    it("looks at a part of a log", function()
        local content = ("hit\n"):rep(1000)
        local result = scan(content, { { match = "hit", keep = 1 } }, { from = 10, to = 20 })
        assert.same({ "1:10-10", "1:20-20" }, places(result))
        assert.equal(11, result.lines)
        assert.equal(44, result.bytes)
        assert.same({ 11 }, result.counts)
        assert.equal(0, scan(content, { { match = "hit" } }, { from = 2000 }).lines)
    end)

    it("gives a whole scan's number of lines to the log", function()
        with_log(("x\n"):rep(5000), function(log)
            kb.compile({ { match = "y" } }, { cache = false }):scan(log, { to = 100 })
            assert.is_nil(log.count)
            kb.compile({ { match = "y" } }, { cache = false }):scan(log)
            assert.equal(5000, log.count)
            assert.equal("x", log:line(5000))
        end)
    end)

    it("finds what matches across the blocks that a log is read in", function()
        local filler = ("nothing to see in this line\n"):rep(9000)
        local content = "one\n" .. filler .. "one\n" .. "two\n" .. filler .. "bad\n" .. filler .. "last"
        local patterns = { { match = { "one", "two" } }, { match = "bad", unless = "two" }, { match = "last" } }
        local result = scan(content, patterns)
        assert.same({ "1:9002-9003", "2:18004-18004", "3:27005-27005" }, places(result))
    end)

    it("counts a line that takes too many steps as no hit, and says so", function()
        local result = scan(("a"):rep(5000) .. "\nok aab", { { match = "^(a|aa|aaa)+$" }, { match = "(a*)*b" } })
        assert.is_true((result.limited[1] or 0) + (result.limited[2] or 0) <= 2)
        assert.same({ 2 }, { result.hits[#result.hits].line_number })
    end)

    it("refuses patterns that cannot be used, and says which", function()
        local function refusal(patterns)
            local ok, err = pcall(kb.compile, patterns)
            assert.is_false(ok)
            assert.equal("kb.pattern", err.kind)
            return err.details
        end
        local details = refusal({ { match = "fine" }, { match = { "a", "b(" } } })
        assert.equal(2, details.index)
        assert.equal("b(", details.pattern)
        assert.equal(3, details.offset)
        assert.equal(1, refusal({ { match = "a", unless = "[" } }).index)
        assert.equal(1, refusal({ { match = "a", flags = "q" } }).index)
        assert.equal(1, refusal({ { match = { "a", "b" }, within = 5000 } }).index)
    end)

    it("refuses wrong arguments", function()
        for _, arguments in ipairs({ { 5 }, { { 5 } }, { { {} } }, { { { match = "a", unknown = 1 } } },
            { { { match = "a" } }, { engine = "other" } }, { { { match = "a" } }, { cache = 5 } } }) do
            local ok, err = pcall(kb.compile, unpack(arguments))
            assert.is_false(ok)
            assert.equal("argument", err.kind)
        end
        local ok, err = pcall(function() kb.compile({}):scan("a path") end)
        assert.is_false(ok)
        assert.equal("argument", err.kind)
    end)

    it("stops when its task is cancelled", function()
        with_log(("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"):rep(300000), function(log)
            local matcher = kb.compile({ { match = [[(\w+\s?)+\d$]] } }, { engine = "pcre2" })
            local ok, err = pcall(task.timeout, 0.05, function() matcher:scan(log) end)
            assert.is_false(ok)
            assert.equal("timeout", err.kind)
        end)
    end)
end)
