-- What knowledge base files must look like, and what is said of those that do not.
local knowledge = require("support.knowledge")
local schema = require("uhost.kb.schema")

local function problems_of(fields, functions)
    return schema.check({ entries = { knowledge.entry(fields) } }, functions or {})
end

local function only_problem(fields, functions)
    local problems = problems_of(fields, functions)
    assert.equal(1, #problems, json.encode(problems))
    return problems[1]
end

describe("an entry", function()
    it("is fine with what it has to have, and gets its defaults", function()
        local item
        assert.same({}, schema.check({ entries = { knowledge.entry() } }, {}, function(_, checked) item = checked end))
        assert.equal(20, item.within)
        assert.equal(50, item.priority)
        assert.equal("error", item.severity)
    end)

    it("with any number of unknown names has a few problems, however many there are", function()
        local names, file = {}, { entries = { knowledge.entry() } }
        for i = 1, 5000 do names["extra" .. i], file["extra" .. i] = true, true end
        local problems = problems_of(names)
        assert.equal(21, #problems)
        assert.equal("is not known here, as are 4979 more names", problems[21].message)
        assert.equal(21, #schema.check(file, {}))
    end)

    it("may have everything there is", function()
        assert.same({}, problems_of({
            match = { "first (\\w+)", "then (?<what>\\w+)" }, unless = "never mind", within = 5, flags = "i",
            severity = "warning", priority = 90, commands = { "make {1}" },
            docs = { "https://example.org/{what}" },
            fixed_in = "1.2", owner = "me", tags = { "a" },
            patch = { file = "ci.yml", description = "d", yaml = "a: b" },
            examples = { matches = { "first a\nthen b" }, rejects = { "first a" } },
        }, { ["entries.1.when"] = 3, ["entries.1.suggest"] = 9 }))
    end)

    it("has to have an id, a title, a pattern, a class, a cause, a fix and examples", function()
        for _, field in ipairs({ "id", "title", "match", "class", "cause", "fix", "examples" }) do
            local problem = only_problem({ [field] = false })
            assert.equal("entries[1]." .. field, problem.path)
            assert.matches("^is missing", problem.message)
        end
        assert.equal("entries[1].examples.matches", only_problem({ examples = { matches = {} } }).path)
        assert.equal("entries[1].examples.matches", only_problem({ examples = { rejects = { "x" } } }).path)
    end)

    it("hears what was probably meant", function()
        assert.equal("did you mean 'severity'?", only_problem({ severty = "error" }).hint)
        assert.equal("did you mean 'infrastructure'?", only_problem({ class = "infrastucture" }).hint)
        assert.equal("did you mean 'what'?", only_problem({ fix = "see {waht}" }).hint)
    end)

    it("may ask for groups that its pattern captures, and no others", function()
        assert.same({}, problems_of({ fix = "{what}, {1}, HashMap<{integer}>, ${HOME}, ${{ github.token }}" }))
        assert.matches("{2}", only_problem({ cause = "{2}" }).message)
        assert.same({}, problems_of({ match = { "a(b)", "c(d)" }, fix = "{1} {2}" }))
    end)

    it("has patterns that PCRE2 takes", function()
        local problem = only_problem({ match = "error (unclosed" })
        assert.equal("entries[1].match", problem.path)
        assert.matches("^is not a pattern", problem.message)
        assert.equal("entries[1].match[2]", only_problem({ match = { "fine", "[" } }).path)
        assert.equal("entries[1].unless", only_problem({ unless = "+" }).path)
        assert.matches("neither", only_problem({ match = { 5 } }).message)
        assert.matches("empty line", only_problem({ match = "x*" }).message)
        assert.equal("entries[1].flags", only_problem({ flags = "iq" }).path)
    end)

    it("has numbers in their ranges, ids of a domain and a word, and links", function()
        for field, value in pairs({ priority = 101, within = 0, id = "no domain", docs = { "example.org" } }) do
            assert.matches("^entries%[1%]%." .. field, only_problem({ [field] = value }).path)
        end
        for _, id in ipairs({ "rust", "Rust.e1", "rust.", ".e1", "a..b", "../x", ("a."):rep(60) .. "b" }) do
            assert.matches("id$", only_problem({ id = id }).path, id)
        end
    end)

    it("is still a draft as long as its placeholders are there", function()
        local problems = problems_of({ title = "?", class = "?", cause = "?", fix = "?" })
        assert.equal(4, #problems)
        for _, problem in ipairs(problems) do assert.matches("draft", problem.message) end
        assert.matches("matrix gap", problems[2].hint)
    end)

    it("may not be endless", function()
        assert.matches("longer", only_problem({ fix = ("x"):rep(20000) }).message)
        assert.matches("longer", only_problem({ match = ("x"):rep(5000) }).message)
        local many = {}
        for i = 1, 20 do many[i] = "x" end
        assert.matches("more than", only_problem({ match = many }).message)
    end)
end)

describe("a knowledge base file", function()
    it("may hold an id once", function()
        local problems = schema.check({ entries = { knowledge.entry(), knowledge.entry() } }, {})
        assert.equal(1, #problems)
        assert.equal("entries[2].id", problems[1].path)
    end)

    it("has lists of entries, readers and signals, and nothing else", function()
        local problems = schema.check({ entrys = {}, entries = 5 }, {})
        assert.equal("did you mean 'entries'?", problems[1].hint)
        assert.equal("entries", problems[2].path)
    end)

    it("survives anything in the place of an entry", function()
        for _, junk in ipairs({ 5, "x", true, { { 1 } }, { id = {} }, { match = {} }, { examples = { matches = 5 } },
            { id = "a.b", match = true, examples = "x", docs = { 1 }, flags = 5, within = "x", patch = {} } }) do
            assert.is_true(#schema.check({ entries = { junk }, signals = { junk } }, {}) > 0)
        end
    end)

    it("may have readers with patterns for roles", function()
        local reader = {
            id = "x.y", patterns = { summary = { match = "(?<failed>\\d+) failed", gives = "counts" } }, examples = {},
            more = 1,
        }
        assert.same({}, schema.check({ test_readers = { reader } }, {}))
        reader.patterns.summary.match = "("
        assert.equal("test_readers[1].patterns.summary.match", schema.check({ test_readers = { reader } }, {})[1].path)
        local neither = { id = "x.y", examples = {} }
        assert.matches("either", schema.check({ signals = { neither } }, {})[1].message)
    end)
end)

describe("the groups of patterns", function()
    it("are numbered on from one to the next", function()
        local groups = require("uhost.kb.placeholders").groups_of
        assert.same({ count = 3, names = { a = 1, b = 3 } }, groups({ "(?<a>x)(y)", "(?<b>z)" }))
        assert.same({ count = 1, names = { x = 1 } }, groups("(a)(?<x>b)", "n"))
        assert.same({ count = 0, names = {} }, groups("[()]\\Q(\\E(?#(a)"))
    end)
end)
