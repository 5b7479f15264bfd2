local expect = require("support.expect")

local function kind_of(text, options) return expect.error_of(yaml.parse, text, options).kind end

describe("yaml.decode", function()
    it("resolves scalars by the core schema of YAML 1.2", function()
        local value = yaml.decode(table.concat({
            "on: yes", "off: no", "a: true", "b: ~", "c:", "d: 0x1F", "e: 0o17", "f: -1.5e2", "g: 3.10", "h: '3.10'",
            "i: .inf", "j: 1_000", "k: 12:30:45", "l: !!str 12", "m: 0.0.1", "n: .", "o: 010", "p: ' x '",
        }, "\n"))
        assert.same({
            on = "yes", off = "no", a = true, b = json.null, c = json.null, d = 31, e = 15, f = -150, g = 3.1,
                h = "3.10",
            i = math.huge, j = "1_000", k = "12:30:45", l = "12", m = "0.0.1", n = ".", o = 10, p = " x ",
        }, value)
    end)

    it("reads blocks, flow style, anchors and multi-line strings", function()
        local value = yaml.decode([[
base: &base { os: linux, tags: [a, "b,c"] }
copy: *base
text: |
  one
    two

folded: >-
  three
  four
plain: five
  six
list:
- 1
-
  - 2
]])
        assert.same({ os = "linux", tags = { "a", "b,c" } }, value.copy)
        assert.equal("one\n  two\n", value.text)
        assert.equal("three four", value.folded)
        assert.equal("five six", value.plain)
        assert.same({ 1, { 2 } }, value.list)
        assert.equal('{"a":[],"b":{}}', json.encode(yaml.decode("a: []\nb: {}")))
        assert.equal(json.null, yaml.decode("# nothing\n"))
    end)

    it("merges mappings; what is written there wins, then what comes first", function()
        local value = yaml.decode("a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  <<: [*a, *b]\n  x: 3\n")
        assert.same({ x = 3, y = 1, z = 2 }, value.c)
        assert.equal("yaml.key", kind_of("a: {<<: 1}"))
    end)

    it("doubts numbers that were probably meant as versions", function()
        local root = yaml.parse("[3.10, 3.9, '3.10', 010, 0, 1.0]")
        local doubted = {}
        for i, item in ipairs(root.items) do doubted[i] = item.doubt ~= nil end
        assert.same({ true, false, false, true, false, false }, doubted)
        assert.matches("the number 3.1;", root.items[1].doubt, 1, true)
    end)
end)

describe("yaml.parse", function()
    it("knows the place of every key and value", function()
        local text = "# head\nä: &x 'it''s' # c\nb:\n  - {c: [1, 2], d: \"q\\\"\"}\n"
            .. "  - |\n    one\n\n    two\n  -  three\n     four\n"
        local root = yaml.parse(text)
        local function source(...)
            local node = yaml.get(root, ...)
            return text:sub(node.first, node.last), node.line, node.column
        end
        assert.same({ "'it''s'", 2, 7 }, { source("ä") })
        assert.same({ '{c: [1, 2], d: "q\\""}', 4, 5 }, { source("b", 1) })
        assert.same({ "[1, 2]", 4, 9 }, { source("b", 1, "c") })
        assert.same({ '"q\\""', 4, 20 }, { source("b", 1, "d") })
        assert.same({ "|\n    one\n\n    two", 5, 5 }, { source("b", 2) })
        assert.same({ "three\n     four", 9, 6 }, { source("b", 3) })
        assert.equal("x", yaml.get(root, "ä").anchor)
        assert.is_nil(yaml.get(root, "b", 9))
    end)

    it("knows them with a byte order mark and with CRLF", function()
        local text = "\239\187\191a: 1\r\nb: |\r\n  x\r\n  y\r\nc: 2\r\n"
        local node = yaml.get(yaml.parse(text), "c")
        assert.same({ "2", 5, 4 }, { text:sub(node.first, node.last), node.line, node.column })
    end)

    it("takes characters for text that ended lines in YAML 1.1, and control characters as GitHub does", function()
        for _, character in ipairs({ "\194\133", "\226\128\168", "\226\128\169", "\27", "\127" }) do
            local text = ("a: x%s y # z%s\nb: '\238\128\128%s'\n"):format(character, character, character)
            local root = yaml.parse(text)
            assert.same({ a = ("x%s y"):format(character), b = "\238\128\128" .. character }, root.value)
            local node = yaml.get(root, "b")
            assert.same({ "'\238\128\128" .. character .. "'", 2, 4 },
                { text:sub(node.first, node.last), node.line, node.column })
        end
    end)

    it("refuses a key that stands twice, and says where both are", function()
        local failure = expect.error_of(yaml.parse, "a: 1\nb: 2\na: 3\n")
        assert.equal("yaml.duplicate_key", failure.kind)
        assert.same({ 3, 1, 1 }, { failure.details.line, failure.details.column, failure.details.first_line })
        assert.equal("yaml.duplicate_key", kind_of("{a: 1, 'a': 2}"))
    end)

    it("says where a document is wrong", function()
        local failure = expect.error_of(yaml.parse, "a: [1\nb: 2\n")
        assert.equal("yaml.syntax", failure.kind)
        assert.equal("number", type(failure.details.line))
        for text, kind in pairs({
            ["a: b: c"] = "yaml.syntax", ["\ta: 1"] = "yaml.syntax", ["a: \255"] = "yaml.syntax",
                ["a: *b"] = "yaml.syntax",
            ["a: \0"] = "yaml.syntax", ["? [a]\n: b"] = "yaml.key", ["a: 1\n---\nb: 2"] = "yaml.documents",
            ["a: &a [*a]"] = "yaml.alias",
        }) do
            assert.equal(kind, kind_of(text), text)
        end
    end)

    it("has limits of size, depth, and of what aliases expand to", function()
        local bomb = { "a0: &a0 [x, x]" }
        for i = 1, 40 do bomb[#bomb + 1] = ("a%d: &a%d [*a%d, *a%d]"):format(i, i, i - 1, i - 1) end
        assert.equal("yaml.too_large", kind_of(table.concat(bomb, "\n")))
        local merges = { "m0: &m0 {a: &v [1, 2, 3]}" }
        for i = 1, 60 do merges[#merges + 1] = ("m%d: &m%d {<<: *m%d, k%d: *m%d}"):format(i, i, i - 1, i, i - 1) end
        assert.equal("yaml.too_large", kind_of(table.concat(merges, "\n")))
        assert.equal("yaml.depth", kind_of(("["):rep(5000)))
        assert.equal("yaml.depth", kind_of(("- "):rep(5000)))
        assert.equal("yaml.depth", kind_of("[[1]]", { depth = 1 }))
        assert.equal("yaml.too_large", kind_of("[1, 2]", { max_bytes = 5 }))
        assert.equal("yaml.too_large", kind_of("[1, 2]", { max_nodes = 2 }))
        local directives = {}
        for i = 1, 60000 do directives[i] = ("%%TAG !t%d! x"):format(i) end
        assert.equal("yaml.too_large", kind_of(table.concat(directives, "\n") .. "\n---\na: 1"))
        assert.equal("argument", kind_of("a", { depth = 0 }))
    end)

    it("ends for any bytes", function()
        math.randomseed(5)
        local pieces = { "a: ", "- ", "\n", "  ", "[", "]", "{", "}", ",", "&x ", "*x", "!t ", "|", ">", "'",
            '"', "#", "?",
            ": ", "<<: ", "\t", "\r\n", "---\n", "...\n", "é", "\255", "%YAML 1.2\n", "\\" }
        for _ = 1, 3000 do
            local parts = {}
            for i = 1, math.random(30) do parts[i] = pieces[math.random(#pieces)] end
            local ok, failure = pcall(yaml.parse, table.concat(parts))
            if not ok then assert.matches("^yaml%.", failure.kind, table.concat(parts)) end
        end
    end)
end)

describe("yaml.encode", function()
    it("writes what decodes to the same value, whatever the strings", function()
        local strings = { "", " ", "yes", "on", "null", "3.10", "-", "- a", "a: b", "a #b", "#a", "'", '"',
            "\\", "é", "a\nb",
            "a\nb\n", "a\n\n", " a\nb", "a\tb", "\1", "[a", "{a", "&a", "*a", "!a", "%a", "@a", "`a", "|", ">",
                "a:", "<<",
            "---", "...", "0x1", ".5", "+1", "~", "a ", "a\r\nb", "=", "-x", "?", "? a", ":a", "1:2", "\n",
                "true", "e\n \nf" }
        for _, text in ipairs(strings) do
            for _, value in ipairs({ text, { text }, { [text] = text }, { { a = text, b = { text } } } }) do
                assert.same(value, yaml.decode(yaml.encode(value)), yaml.encode(value))
            end
        end
        local value = { a = json.array({}), b = {}, c = { 1, -2.5, true, json.null }, d = { { x = { y = 1 } } } }
        assert.equal(json.encode(value), json.encode(yaml.decode(yaml.encode(value))))
    end)

    it("refuses what has no form", function()
        assert.equal("yaml.encode", expect.error_of(yaml.encode, print).kind)
        assert.equal("yaml.encode", expect.error_of(yaml.encode, { [true] = 1 }).kind)
        local cycle = {}
        cycle.a = cycle
        assert.equal("yaml.depth", expect.error_of(yaml.encode, cycle).kind)
    end)
end)

describe("yaml.edit", function()
    local text = "a: 1 # one\nb:\n  # the first\n  - x: 1\n    y: \"2\"\n  - z # last\nc: {d: 1, e: [1, 2]}\n"
        .. "f: |\n  hello\ng:\nh: end"

    local function edited(change) return yaml.edit(text, { change }) end

    it("changes a value and nothing else", function()
        assert.equal((text:gsub("a: 1", "a: two words")), edited({ path = { "a" }, set = "two words" }))
        assert.equal((text:gsub('"2"', '"3"')), edited({ path = { "b", 1, "y" }, set = "3" }))
        assert.equal((text:gsub("g:", "g: new")), edited({ path = { "g" }, set = "new" }))
        assert.equal((text:gsub("a: 1 # one", "a: | # one\n  one\n  two")),
            edited({ path = { "a" }, set = "one\ntwo\n" }))
        assert.equal((text:gsub("hello", "good\n\n  bye")), edited({ path = { "f" }, set = "good\n\nbye\n" }))
    end)

    it("adds keys and items where their neighbours stand", function()
        assert.equal((text:gsub('y: "2"', '%0\n    m:\n      - q: 1')), edited({ path = { "b", 1, "m" },
            set = { { q = 1 } } }))
        assert.equal((text:gsub("  %- z # last", "%0\n  - w")), edited({ path = { "b" }, append = "w" }))
        assert.equal((text:gsub("d: 1, e: %[1, 2%]", "d: 1, e: [1, 2, 3]")), edited({ path = { "c", "e" },
            append = 3 }))
        assert.equal(text .. "\ni: true\n", edited({ path = { "i" }, set = true }))
        assert.equal((text:gsub("  # the first", "  - w\n%0")), edited({ path = { "b", 1 }, insert = "w" }))
        assert.equal((text:gsub("  %- z", "  - q: 1\n%0")), edited({ path = { "b", 2 }, insert = { q = 1 } }))
        assert.equal((text:gsub("%[1, 2%]", "[1, x, 2]")), edited({ path = { "c", "e", 2 }, insert = "x" }))
        assert.equal("a:\n  - 1\n\n  - x\n\n  - 2\n", yaml.edit("a:\n  - 1\n\n  - 2\n",
            { { path = { "a", 2 }, insert = "x" } }))
    end)

    it("removes keys and items with their lines", function()
        assert.equal((text:gsub("  %- z # last\n", "")), edited({ path = { "b", 2 }, remove = true }))
        assert.equal((text:gsub("d: 1, ", "")), edited({ path = { "c", "d" }, remove = true }))
        assert.equal((text:gsub("x: 1\n    ", "")), edited({ path = { "b", 1, "x" }, remove = true }))
        assert.equal((text:gsub("a: 1 # one\n", "")), edited({ path = { "a" }, remove = true }))
    end)

    it("quotes within braces and brackets what would end there", function()
        local value = "${{ hashFiles('a', 'b') }}"
        for _, case in ipairs({ { path = { "with", "key" }, set = value }, { path = { "with", "more" }, set = value },
            { path = { "list" }, append = value }, { path = { "list", 1 }, insert = value } }) do
            local after = yaml.edit("with: { key: npm }\nlist: [a]\n", { case })
            assert.matches("'${{ hashFiles(''a'', ''b'') }}'", after, 1, true)
        end
    end)

    it("keeps CRLF", function()
        assert.equal("a: 1\r\nb: 2\r\n", yaml.edit("a: 1\r\n", { { path = { "b" }, set = 2 } }))
    end)

    it("refuses what it cannot do rather than doing something else", function()
        assert.equal("yaml.edit", expect.error_of(edited, { path = { "q", "r" }, set = 1 }).kind)
        assert.equal("yaml.edit", expect.error_of(edited, { path = { "q" }, remove = true }).kind)
        local shared = "a: &a {x: 1}\nb: *a\n"
        assert.equal("yaml.edit", expect.error_of(yaml.edit, shared, { { path = { "b", "x" }, set = 2 } }).kind)
        assert.equal("argument", expect.error_of(edited, { path = { "a" }, sett = 1 }).kind)
    end)
end)

describe("a large document", function()
    it("of one line has the place of every node", function()
        local list = yaml.parse("[" .. ("[é],"):rep(50000) .. "z]")
        local last = list.items[50001]
        assert.same({ 1, 4 * 50000 + 2 }, { last.line, last.column })
        assert.same({ 1, 4 * 49999 + 3 }, { list.items[50000].items[1].line, list.items[50000].items[1].column })
    end)

    it("merges a long list of mappings into a large one", function()
        local own = {}
        for i = 1, 20000 do own[i] = ("  k%d: 1\n"):format(i) end
        local document = yaml.parse("a: &a {k1: 2, other: 3}\nb:\n  <<: [" .. ("*a,"):rep(20000) .. "*a]\n"
            .. table.concat(own))
        local entries = document.entries[2].value.entries
        local last = entries[#entries]
        assert.same({ 20001, "other", true }, { #entries, last.key.text, last.merged })
        assert.equal(1, entries[1].value.value)
    end)
end)
