local function error_of(body, ...)
    local ok, err = pcall(body, ...)
    assert.is_false(ok, "expected an error")
    assert.is_true(uhost.is_error(err), tostring(err))
    return err
end

local function temporary_file(content)
    local path = os.tmpname()
    local file = assert(io.open(path, "wb"))
    file:write(content)
    file:close()
    return path
end

describe("matching", function()
    local pair = re.compile([[(?<key>\w+)=(\d+)?]])

    it("gives captures by number and by name, and leaves out groups that took no part", function()
        assert.same({ [0] = "a=1", "a", "1", key = "a" }, pair:match("x a=1"))
        assert.same({ [0] = "b=", "b", key = "b" }, pair:match("b="))
        assert.is_nil(pair:match("nothing"))
        assert.same({ [0] = "b=2", "b", "2", key = "b" }, pair:match("a=1 b=2", 4))
        assert.is_nil(pair:match("a=1", 99))
        assert.equal("b", re.match("ab", [[(?<=a)b]])[0])
        assert.equal("b", re.compile([[(?<=a)b]]):match("ab", 2)[0])
    end)

    it("reports where, in bytes from 1", function()
        local first, last, captures = pair:find("é a=1")
        assert.same({ 4, 6, "a" }, { first, last, captures.key })
        first, last = re.find("abc", "x*")
        assert.same({ 1, 0 }, { first, last })
        local found = pair:exec("é b=")
        assert.same({ first = 4, last = 5, captures = { [0] = "b=", "b", key = "b" },
            spans = { [0] = { 4, 5 }, { 4, 4 }, key = { 4, 4 } } }, found)
        assert.is_nil(pair:exec("none"))
    end)

    it("every group's span is its text", function()
        local pattern = re.compile([[(?<a>\d+)|(?<b>[é-ü]+)|(x)?y()]])
        local text = "12 éü xy y 7\255éy"
        local seen = 0
        for _, first in pattern:gmatch(text) do
            local found = pattern:exec(text, first)
            for name, span in pairs(found.spans) do
                assert.equal(found.captures[name], text:sub(span[1], span[2]))
                seen = seen + 1
            end
        end
        assert.is_true(seen > 15)
    end)

    it("tests and counts", function()
        assert.is_true(re.test("ABC", "b", "i"))
        assert.is_false(re.test("ABC", "b"))
        assert.equal(3, re.count("a b c", [[\w]]))
        assert.is_true(re.compile("c"):test("abc", 3))
        assert.is_false(re.compile("a"):test("abc", 2))
    end)

    it("goes over all matches, also empty ones", function()
        local seen = {}
        for captures, first, last in re.gmatch("axb", "x*") do
            seen[#seen + 1] = ("%s@%d-%d"):format(captures[0], first, last)
        end
        assert.same({ "@1-0", "x@2-2", "@3-2", "@4-3" }, seen)
        local characters = {}
        for captures in re.gmatch("aé→", ".") do characters[#characters + 1] = captures[0] end
        assert.same({ "a", "é", "→" }, characters)
    end)

    it("takes flags as letters or options, and compiled patterns in the place of texts", function()
        assert.is_true(re.test("A\nB", "^b$", "im"))
        assert.is_true(re.test("A\nB", "^b$", { flags = "im" }))
        assert.is_true(re.test("é", "^..$", { utf = false }))
        assert.equal("a=1", re.match("a=1", pair)[0])
        assert.equal("argument", error_of(re.match, "a", pair, "i").kind)
        assert.equal("argument", error_of(re.match, "a", "a", "q").kind)
        assert.matches("unknown option 'utf8'", error_of(re.compile, "a", { utf8 = true }).message)
        assert.equal("re.Pattern (" .. [[(?<key>\w+)=(\d+)?]] .. ")", tostring(pair))
    end)

    it("copes with text that is not UTF-8", function()
        assert.equal("error", re.match("\255\254 error \195", "error")[0])
        assert.same({ "\255 x", "y \195" }, re.split("\255 x,y \195", ","))
    end)

    it("reports what is not a text by name", function()
        assert.matches("'subject' to 're.match': expected a string, got number", error_of(re.match, 5, "x").message)
        assert.matches("'pattern' to 're.compile': expected a string", error_of(re.compile, {}).message)
        assert.matches("'subject' to 're.gmatch': expected a string", error_of(re.gmatch, nil, "x").message)
        assert.equal("argument", error_of(pair.match, "not a pattern", "x").kind)
        assert.equal("argument", error_of(pair.match, pair, "x", 0).kind)
    end)

    it("shows where a pattern is malformed", function()
        local err = error_of(re.compile, "(a(b")
        assert.equal("re.syntax", err.kind)
        assert.equal("invalid pattern at position 5: missing closing parenthesis: (a(b <-- here", err.message)
        assert.equal("(a(b\n    ^", err.details.excerpt)
        assert.equal(5, err.details.position)
    end)

    it("raises when a match takes too much", function()
        local err = error_of(re.match, ("a"):rep(40) .. "b", "^(a+)+$")
        assert.equal("re.limit", err.kind)
        assert.equal("steps", err.details.limit)
        assert.equal("re.limit", error_of(re.gsub, ("a"):rep(40) .. "b", "^(a+)+$", "x").kind)
        assert.equal("re.limit", error_of(re.count, ("a"):rep(40) .. "b", "^(a+)+$").kind)
    end)

    it("is not disturbed by a finalizer that uses the same pattern", function()
        local words = re.compile([[(\w+) (\w+) (\w+)]])
        local finalized = 0
        for i = 1, 2000 do
            local proxy = newproxy(true)
            getmetatable(proxy).__gc = function()
                finalized = finalized + 1
                words:match("x y z and a longer text than the other")
            end
            local text = ("first%d second%d third%d"):format(i, i, i)
            assert.same({ [0] = text, "first" .. i, "second" .. i, "third" .. i }, words:match(text))
        end
        collectgarbage()
        assert.is_true(finalized > 0)
    end)
end)

describe("replacing", function()
    it("takes texts with groups", function()
        assert.same({ "31.01.2026", 1 }, { re.gsub("2026-01-31", [[(\d+)-(\d+)-(?<day>\d+)]], "${day}.$2.$1") })
        assert.same({ "$a$", 1 }, { re.gsub("a", "a", "$$$0$$") })
        assert.same({ "xxoo", 2 }, { re.compile("o"):gsub("oooo", "x", 2) })
        assert.equal("re.replacement", error_of(re.gsub, "a", "a", "$9").kind)
        assert.equal("argument", error_of(re.gsub, "a", "a", nil).kind)
    end)

    it("takes tables and functions, which may keep a match", function()
        assert.equal("1bc", (re.gsub("abc", ".", { a = "1", c = false })))
        assert.equal("K=1", (re.gsub("k=1", [[(\w)=]], { k = "K=" })))
        assert.equal("a<1>b<22>", (re.gsub("a1b22", [[\d+]], function(m) return "<" .. m[0] .. ">" end)))
        assert.equal("abc", (re.gsub("abc", ".", function() end)))
        assert.same({ "yyoo", 2 }, { re.compile("o"):gsub("oooo", function() return "y" end, 2) })
        assert.equal("argument", error_of(re.gsub, "a", "a", function() return {} end).kind)
    end)

    it("lets callbacks wait", function()
        local upper = re.gsub("a b", [[\w]], function(m)
            task.sleep(0.001)
            return m[0]:upper()
        end)
        assert.equal("A B", upper)
    end)

    it("gives the same by text and by function, whatever matches", function()
        for _, pattern in ipairs({ "x*", "", "[é-ü]?", [[\b]], "$", "(?m)^", "a|", "(?=b)" }) do
            for _, text in ipairs({ "axb", "", "éxü\nab", "xx", "\255x" }) do
                local by_text, count = re.gsub(text, pattern, "<$0>")
                local by_function, same_count = re.gsub(text, pattern, function(m) return "<" .. m[0] .. ">" end)
                assert.equal(by_text, by_function)
                assert.equal(count, same_count)
            end
        end
    end)
end)

describe("splitting and escaping", function()
    it("gives the pieces between matches", function()
        assert.same({ "a", "b", "c" }, re.split("a, b,c", [[,\s*]]))
        assert.same({ "", "a", "" }, re.split(",a,", ","))
        assert.same({ "a", "é", "c" }, re.split("aéc", ""))
        assert.same({ "a", "b,c" }, re.compile(","):split("a,b,c", 2))
        assert.same({ "" }, re.split("", ","))
        assert.same({ "abc" }, re.split("abc", "$"))
    end)

    it("separators and pieces make up the text", function()
        for _, text in ipairs({ "a,b,,c", ",", "", "no", ",,a" }) do
            assert.equal(text, table.concat(re.split(text, ","), ","))
        end
    end)

    it("escapes anything", function()
        local text = "a.b*[x]\n\0é#$ \\"
        assert.is_true(re.test(text, "^" .. re.escape(text) .. "$"))
        assert.is_true(re.test(text, "^" .. re.escape(text) .. "$", "x"))
    end)
end)

describe("files", function()
    it("are scanned line by line, with numbers and captures", function()
        local path = temporary_file("one\nerror: first\r\ntwo\nerror: second")
        local seen = {}
        for found in re.scan_file(path, [[^error: (?<what>\w+)]]) do seen[#seen + 1] = found end
        assert.same({
            { line_number = 2, line = "error: first\r", captures = { [0] = "error: first", "first", what = "first" } },
            { line_number = 4, line = "error: second",
                captures = { [0] = "error: second", "second", what = "second" } },
        }, seen)
        assert.equal(2, re.count_file(path, "^ERROR", { flags = "i" }))
        os.remove(path)
    end)

    it("are scanned beyond one batch, and up to a limit", function()
        local lines = {}
        for i = 1, 10000 do lines[i] = "line " .. i end
        local path = temporary_file(table.concat(lines, "\n") .. "\n")
        local count = 0
        for found in re.scan_file(path, [[line (\d+)]]) do
            count = count + 1
            assert(found.line_number == count and found.captures[1] == tostring(count))
        end
        assert.equal(10000, count)
        count = 0
        for _ in re.scan_file(path, "line", { limit = 7 }) do count = count + 1 end
        assert.equal(7, count)
        assert.equal(10000, re.count_file(path, "line"))
        os.remove(path)
    end)

    it("are scanned while other tasks run", function()
        local path = temporary_file(("line\n"):rep(1000))
        local counts = task.map({ 1, 2, 3, 4 }, function()
            local count = 0
            for _ in re.scan_file(path, "line") do count = count + 1 end
            return count
        end)
        assert.same({ 1000, 1000, 1000, 1000 }, counts)
        os.remove(path)
    end)

    it("that cannot be read are named", function()
        for _, use in ipairs({ re.count_file, re.scan_file }) do
            local err = error_of(use, "/nowhere/at-all", "x")
            assert.equal("file.read", err.kind)
            assert.matches("/nowhere/at%-all", err.message)
        end
        assert.matches("unknown option 'limits'", error_of(re.scan_file, "x", "x", { limits = 1 }).message)
        assert.matches("bad option 'limit'", error_of(re.scan_file, "x", "x", { limit = -1 }).message)
    end)
end)

describe("re.parse", function()
    it("gives the parts of a pattern and where they are written", function()
        local tree = re.parse("^a(?<n>[^b]|c{2,}+)", "i")
        assert.equal("sequence", tree.type)
        local start, letter, group = unpack(tree.items)
        assert.same({ type = "assertion", kind = "text_start", first = 1, last = 1 }, start)
        assert.same({ [65] = true, [97] = true }, letter.set)
        assert.equal(97, letter.code)
        assert.same({ "group", 1, "n", 3, 19 }, { group.type, group.number, group.name, group.first, group.last })
        local class, counted = group.item.items[1].items[1], group.item.items[2].items[1]
        assert.equal("all", class.set.beyond)
        assert.is_nil(class.set[66])
        assert.same({ 2, nil, true }, { counted.min, counted.max, counted.possessive })
    end)

    it("raises what is wrong with a pattern", function()
        local ok, raised = pcall(re.parse, "a(")
        assert.is_false(ok)
        assert.equal("re.syntax", raised.kind)
    end)

    it("has no trouble with a pattern that is nested deeply", function()
        local node, depth = re.parse(("("):rep(200) .. "a" .. (")"):rep(200)), 0
        while node do
            if node.type == "group" then depth = depth + 1 end
            node = node.item or node.items and node.items[1]
        end
        assert.equal(200, depth)
    end)
end)

describe("count_steps", function()
    it("gives the same number at every call, and nil for more than one allows", function()
        local pattern = re.compile("^(a+)+$")
        local steps = pattern:count_steps(("a"):rep(10) .. "!", 1e6)
        assert.is_true(steps > 1000, tostring(steps))
        assert.equal(steps, pattern:count_steps(("a"):rep(10) .. "!", steps))
        assert.is_nil(pattern:count_steps(("a"):rep(10) .. "!", steps - 1))
        assert.is_nil(pattern:count_steps(("a"):rep(60) .. "!", 1e6))
        assert.is_true(re.compile("b"):count_steps("aaab", 1e6) < 10)
    end)
end)

describe("re.groups", function()
    it("counts groups and knows the numbers of their names", function()
        assert.same({ count = 3, names = { a = 1, b = 3 } }, re.groups("(?<a>x)(y)(?'b'z)"))
        assert.same({ count = 1, names = { n = 1 } }, re.groups("(a)(?<n>b)", "n"))
        assert.same({ count = 2, names = { n = 1 } }, re.groups("(?J)(?<n>a)|(?<n>b)"))
    end)
end)
