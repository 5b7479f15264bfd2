describe("term", function()
    local binary = os.getenv("UHOST") or "uhost"

    local function run(code, options, env)
        local command = { binary }
        for _, option in ipairs(options or {}) do command[#command + 1] = option end
        command[#command + 1] = "-e"
        command[#command + 1] = code
        command.env = { GITHUB_ACTIONS = false, NO_COLOR = false, COLUMNS = false, LC_ALL = "C.UTF-8" }
        for name, value in pairs(env or {}) do command.env[name] = value end
        return process.run(command)
    end

    local function lines(text)
        local list = {}
        for line in text:gmatch("([^\n]*)\n") do list[#list + 1] = line end
        return list
    end

    local function error_of(body, ...)
        local ok, err = pcall(body, ...)
        assert.is_false(ok)
        return err
    end

    describe("text", function()
        it("is measured in columns", function()
            local widths = {
                [""] = 0, abc = 3, ["æøå"] = 3, ["日本"] = 4, ["e\204\129"] = 1, ["🏳️‍🌈"] = 2, ["🇩🇪"] = 2, ["👩‍👩‍👧"] = 2,
                ["한국"] = 4, ["…"] = 1, ["❤️"] = 2, ["ｶﾅ"] = 2, ["\27[1m"] = 4, ["\255"] = 1,
            }
            for text, width in pairs(widths) do assert.equal(width, term.display_width(text), text) end
        end)

        it("is cut off between characters", function()
            assert.equal("abc", term.truncate("abc", 3))
            assert.equal("ab…", term.truncate("abcd", 3))
            assert.equal("日…", term.truncate("日本語", 4))
            assert.equal("日…", term.truncate("日本語", 3))
            assert.equal("…", term.truncate("日本語", 2))
            assert.equal("e\204\129…", term.truncate("e\204\129xy", 2))
        end)

        it("is wrapped at spaces, else anywhere", function()
            assert.same({ "the quick", "brown fox" }, term.wrap("the quick brown fox", 9))
            assert.same({ "abcd", "efgh", "i j" }, term.wrap("abcdefghi j", 4))
            assert.same({ "a", "", "b" }, term.wrap("a\n\nb", 5))
            assert.same({ "日本", "語" }, term.wrap("日本語", 5))
            assert.same({ "" }, term.wrap("", 5))
            assert.same({ "日", "本" }, term.wrap("日本", 1))
            assert.same({ "␛[31m x" }, term.wrap("\27[31m x", 20))
        end)

        it("of any kind is wrapped into lines that fit and lose nothing but spaces", function()
            math.randomseed(7)
            local alphabet = { "a", "bc", " ", "日", "e\204\129", "\n", "👩‍👩‍👧", "long-word", "  ", "\27", "\255" }
            for _ = 1, 500 do
                local pieces = {}
                for i = 1, math.random(0, 30) do pieces[i] = alphabet[math.random(#alphabet)] end
                local text, columns = table.concat(pieces), math.random(2, 12)
                local wrapped = term.wrap(text, columns)
                for _, line in ipairs(wrapped) do assert.is_true(term.display_width(line) <= columns, text) end
                local expected = term.visible(text):gsub("[ \n]", "")
                assert.equal(expected, (table.concat(wrapped):gsub(" ", "")))
                assert.is_true(term.display_width(term.truncate(text:gsub("\n", ""), columns)) <= columns)
            end
        end)
    end)

    describe("style", function()
        it("follows the colour options", function()
            local code = "io.write(term.style('x', 'bold red'), term.style(1, 'dim', 'stderr'))"
            assert.equal("x1", run(code).stdout)
            assert.equal("\27[1;31mx\27[0m\27[2m1\27[0m", run(code, { "--color", "always" }).stdout)
            assert.equal("x1", run(code, { "--color", "never" }).stdout)
        end)

        it("refuses what it does not know", function()
            assert.matches("bold", error_of(term.style, "x", "blod").hint)
        end)
    end)

    describe("link", function()
        it("is one where there are colours, and only to the web", function()
            local code = "io.write(term.link('x', 'https://e.org/1'), term.link('y', 'javascript:1'))"
            assert.equal("xy", run(code).stdout)
            assert.equal("\27]8;;https://e.org/1\27\\x\27]8;;\27\\y", run(code, { "--color", "always" }).stdout)
        end)
    end)

    it("defuses workflow commands inside GitHub Actions", function()
        local code = "io.write(term.without_commands('a\\n  ::error::x\\n'))"
        assert.equal("a\n  ::error::x\n", run(code, {}, { GITHUB_ACTIONS = false }).stdout)
        local defused = run(code, {}, { GITHUB_ACTIONS = "true" }).stdout
        assert.is_nil(defused:find("\n%s*::"))
        assert.matches("error", defused)
    end)

    it("takes the width from COLUMNS, or 80", function()
        assert.equal("80", run("io.write(term.width())").stdout)
        assert.equal("132", run("io.write(term.width())", {}, { COLUMNS = "132" }).stdout)
        assert.equal("80", run("io.write(term.width())", {}, { COLUMNS = "wide" }).stdout)
    end)

    describe("table", function()
        local function draw(options)
            options.color = options.color or false
            return lines(term.table(options))
        end

        it("aligns numbers right and text left", function()
            local drawn = draw{ columns = { { key = "n", title = "No" }, { key = "t", title = "Title" } },
                rows = { { n = 7, t = "seven" }, { n = 12345, t = "many" }, { t = "none" } } }
            assert.same({ "   No  Title", drawn[2], "    7  seven", "12345  many", "       none" }, drawn)
        end)

        it("takes rows as lists, and cells of every kind", function()
            local drawn = draw{ columns = { "a", { title = "b", align = "center" }, "c" },
                rows = { { true, "x", 0.5 }, { { text = "link", url = "https://x.y" }, "wide text", -3 } } }
            assert.same({ "a         b        c", drawn[2], "true      x      0.5", "link  wide text   -3" }, drawn)
        end)

        it("wraps the widest columns to fit, or cuts them off", function()
            local rows = { { "12345", ("word "):rep(20), ("x"):rep(30) } }
            local drawn = draw{ columns = { "id", "text", { title = "name", wrap = false } }, rows = rows, width = 40 }
            for _, line in ipairs(drawn) do assert.is_true(term.display_width(line) <= 40) end
            assert.matches("x+…$", drawn[3])
            assert.is_true(#drawn > 5)
        end)

        it("gives each field a line when there is too little room", function()
            local long = ("y"):rep(30)
            local rows = { { long, long, long, long }, { 1, 2, 3, 4 } }
            local drawn = draw{ columns = { "a", "b", "c", "d" }, rows = rows, width = 24 }
            assert.matches("^a  yyy", drawn[1])
            assert.truthy(table.concat(drawn, "\n"):find("\n\na  1\nb  2", 1, true))
            for _, line in ipairs(drawn) do assert.is_true(term.display_width(line) <= 24) end
        end)

        it("makes what is in cells harmless", function()
            local drawn = draw{ columns = { "a\27[2J", "b" }, rows = { { "\27]0;x\7\r", "two\r\nlines" } } }
            assert.equal("␛]0;x␇␍  two", drawn[3])
            assert.equal("         lines", drawn[4])
            local code = "io.write(term.table{ columns = {'a'}, rows = {{'::error::x'}} })"
            assert.matches(": :error::x\n$", run(code, {}, { GITHUB_ACTIONS = "true" }).stdout)
        end)

        it("colours and links cells when asked to", function()
            local drawn = draw{ color = true, columns = { { title = "a", style = "red" } }, rows = {
                { "x" }, { { text = "y", style = "green", url = "https://e.org/1" } },
                { { text = "z", url = "javascript:1" } },
            } }
            assert.same({ "\27[31mx\27[0m", "\27]8;;https://e.org/1\27\\\27[32my\27[0m\27]8;;\27\\", "\27[31mz\27[0m" },
                { drawn[3], drawn[4], drawn[5] })
        end)

        it("of random content fits the width", function()
            math.randomseed(11)
            for _ = 1, 100 do
                local columns, rows, width = {}, {}, math.random(20, 100)
                for i = 1, math.random(1, 8) do
                    columns[i] = { title = ("t"):rep(math.random(1, 12)), wrap = math.random() < 0.7 }
                end
                for i = 1, math.random(0, 5) do
                    rows[i] = {}
                    for j = 1, #columns do rows[i][j] = ("日a "):rep(math.random(0, 15)) end
                end
                for _, line in ipairs(draw{ columns = columns, rows = rows, width = width }) do
                    assert.is_true(term.display_width(line) <= width)
                end
            end
        end)

        it("needs columns and rows", function()
            assert.equal("argument", error_of(term.table, { rows = {} }).kind)
            assert.equal("", term.table{ columns = {}, rows = {} })
        end)
    end)

    describe("progress", function()
        it("says a line at the end elsewhere than on a terminal", function()
            local code = [[local p = term.progress{ title = "Reading\n", total = 1500 }
                for _ = 1, 1500 do p:advance() end p:finish()]]
            assert.matches("^Reading : 1,500 in 0%.%d s\n$", run(code).stderr)
            assert.equal("", run(code, { "-q" }).stderr)
        end)

        it("says how far it is now and then, at most once a second", function()
            local code = [[local p = term.progress{ title = "Work", total = 200 }
                for _ = 1, 130 do p:advance() task.sleep(0.01) end p:finish("enough")]]
            local said = lines(run(code).stderr)
            assert.equal(2, #said)
            assert.matches("^Work: %d+ %%, %d+/200, %d+/s, 0:0%d left$", said[1])
            assert.equal("Work: enough", said[2])
        end)

        it("counts without a total, and bytes as such", function()
            local code = "local p = term.progress{ unit = 'bytes' } p:set(5 * 1024 * 1024) p:finish() p:finish()"
            assert.matches("^5%.0 MiB in", run(code).stderr)
        end)

        it("cannot give commands to a workflow run", function()
            local code = "term.progress{ title = '::error::x' }:finish('::warning::')"
            assert.equal(": :error::x: ::warning::\n", run(code, {}, { GITHUB_ACTIONS = "true" }).stderr)
        end)

        it("checks its arguments", function()
            local progress = term.progress{ title = "x" }
            assert.equal("argument", error_of(progress.advance, progress, "1").kind)
            assert.equal("argument", error_of(term.progress, "x").kind)
        end)
    end)
end)
