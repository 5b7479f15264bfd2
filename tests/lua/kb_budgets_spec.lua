-- What hostile logs, entries and rule files may cost: all in steps, which are the same on every machine.
local functions = require("uhost.kb.functions")
local knowledge = require("support.knowledge")
local schema = require("uhost.kb.schema")

local explosive = [[(a(?1)?a|a(?1)?)+\d]]

local function scan(content, patterns, options)
    local log = log_text.open({ name = "log", text = content })
    return task.finally(function()
        return kb.compile(patterns, { cache = false }):scan(log, options)
    end, function() log:close() end)
end

local function lines(text, count) return (text .. "\n"):rep(count) end

local function with_base(files, body)
    local folder, path = knowledge.folder(files)
    local base = kb.load({ paths = { path }, cache = false })
    return task.finally(function() return body(base) end, function()
        base:close()
        folder:close()
    end)
end

local function scan_of(base, text)
    local log = log_text.open({ name = "log", text = text })
    return task.finally(function() return base:scan(log) end, function() log:close() end)
end

describe("a pattern that takes too many steps", function()
    it("is left out of a line that it takes a million for, and looked for in the others", function()
        local result = scan(lines(("a"):rep(300), 3) .. "aa1\n", { { match = explosive } })
        assert.same({ 3 }, result.limited)
        assert.same({ 1 }, result.counts)
        assert.equal(4, result.hits[1].line_number)
    end)

    it("is left out of the rest of a log that it took its share of", function()
        local result = scan(lines(("a"):rep(300), 100) .. "aa1\n", { { match = explosive } })
        assert.same({ 101 }, result.limited)
        assert.same({}, result.hits)
    end)

    it("takes nothing from the others", function()
        local result = scan(lines(("a"):rep(300), 100) .. "aa1\nerror: x\n",
            { { match = explosive }, { match = "error: (.+)" } })
        assert.same({ [2] = 1 }, result.counts)
        assert.equal("x", result.hits[1].captures[1])
    end)

    it("is held in check where it refuses hits, and where it continues them", function()
        local bad = ("a"):rep(300)
        local result = scan(lines("hit\n" .. bad, 50), {
            { match = "hit", unless = explosive }, { match = { "hit", explosive } },
        })
        assert.is_true(result.limited[1] > 0 and result.limited[2] > 0)
        assert.same({ 50 }, result.counts) -- what is not known to be refused counts
    end)

    it("is found out among lines that take little", function()
        local result = scan(lines(lines("aa1", 40) .. ("a"):rep(300), 50), { { match = explosive } })
        assert.is_true(result.limited[1] >= 30)
        assert.is_true(result.counts[1] >= 400)
    end)

    it("gives the same result every time", function()
        local content = lines("aa1 error: b\n" .. ("a"):rep(200) .. "\n" .. ("error: "):rep(100), 40)
        local patterns = { { match = explosive }, { match = [[(\S+ )+error: x]] }, { match = "error: (.+)" } }
        local first = scan(content, patterns)
        assert.is_true(first.limited[1] > 0)
        for _ = 1, 3 do assert.same(first, scan(content, patterns)) end
    end)

    it("has a total for all patterns, above which nothing is looked at", function()
        local result = scan("error: x\n", { { match = "error" }, { match = "x" } }, { max_steps = 0 })
        assert.same({}, result.limited) -- a short log has some for each byte
        result = scan(lines(("a"):rep(300), 4), { { match = explosive } }, { max_steps = 0 })
        assert.same({ 4 }, result.limited)
    end)

    it("is named in a warning, with the lines that it was left out of", function()
        with_base({ hostile = knowledge.source({ knowledge.entry({ id = "x.hostile", match = explosive,
            examples = { matches = { "aa1" } } }), knowledge.entry() }) }, function(base)
            local found = scan_of(base, lines(("a"):rep(300), 30) .. "error: b\n")
            assert.equal(1, #found.limited)
            assert.equal("x.hostile", found.limited[1].item.id)
            assert.equal(31, found.limited[1].lines)
            assert.equal("test.entry", found.entries[1].entry.id)
        end)
    end)
end)

describe("a hostile rule file", function()
    it("with thousands of patterns that are slow to compile together leaves most of them to PCRE2", function()
        local patterns = {}
        for i = 1, 100 do
            patterns[i] = { match = ("(?:[^a%d]{1,60}|\\p{L}+)"):format(i) .. ([[(?:[a-y\w]{1,60}|\p{L}+)?]]):rep(120) }
        end
        patterns[101] = { match = "ok" }
        assert.same({ 1 }, { scan("ok\n", patterns).counts[101] })
    end)

    it("with problems in each of its entries has a thousand of them, and then it ends", function()
        local entries = {}
        for i = 1, 5000 do entries[i] = knowledge.entry({ id = "x.e" .. i, extra = 1 }) end
        local problems = schema.check({ entries = entries })
        assert.equal(schema.limits.problems + 1, #problems)
        assert.equal("entries[1001]", problems[#problems].path)
        assert.matches("what follows is left out", problems[#problems].message)
    end)

    it("with functions in each of its entries is read in one go", function()
        local entries, paths, seen = {}, {}, 0
        for i = 1, 2000 do
            entries[i] = knowledge.entry({ id = "x.e" .. i })
            paths[("entries.%d.when"):format(i)] = i
        end
        assert.same({}, schema.check({ entries = entries }, paths, function(_, _, position, _, own)
            assert.same({ when = position }, own)
            seen = seen + 1
        end))
        assert.equal(2000, seen)
    end)

    it("with functions in each of its entries is not copied for each call", function()
        local entries, with_when, lines_of = {}, {}, {}
        for i = 1, 1000 do
            entries[i] = knowledge.entry({ id = "x.e" .. i, match = ("error: a%d$"):format(i),
                examples = { matches = { "error: a" .. i } } })
            with_when[i] = "when = function() return true end"
            lines_of[i] = "error: a" .. i
        end
        with_base({ many = knowledge.source(entries, with_when) }, function(base)
            local hits = scan_of(base, table.concat(lines_of, "\n")).entries
            assert.is_table(base:finding(hits[1], {}))
            collectgarbage()
            collectgarbage("stop")
            local before_kib = collectgarbage("count")
            task.finally(function()
                for i = 2, 101 do assert.is_table(base:finding(hits[i], {})) end
                assert.is_true(collectgarbage("count") - before_kib < 2048) -- one copy is about 500 KiB
            end, function() collectgarbage("restart") end)
        end)
    end)

    it("whose functions took their time is not called any more, and its entries are left out", function()
        local source = knowledge.source({ knowledge.entry() }, { "when = function() return true end" })
        with_base({ slow = source }, function(base)
            local hit = scan_of(base, "error: a\n").entries[1]
            assert.is_table(base:finding(hit, {}))
            local allowed = functions.max_file_s
            functions.max_file_s = -1
            task.finally(function() assert.is_nil(base:finding(hit, {})) end,
                function() functions.max_file_s = allowed end)
        end)
    end)
end)
