local expect = require("support.expect")

local commits = {
    { author = "A", files = { "x", "y" }, head = { sha = "1" } },
    { author = "B", files = { "x" }, head = { sha = "2" } },
    { author = "A", files = {} },
}

describe("seq", function()
    it("reads lists, iterators, iterators with a state, and sequences", function()
        assert.same({ 1, 2 }, seq({ 1, 2 }):list())
        assert.same({ "a", "b" }, seq(("a b"):gmatch("%a")):list())
        assert.same({ "k" }, seq(pairs({ k = 1 })):list())
        assert.same({ 1 }, seq(seq.of({ 1 })):list())
        assert.same({ 1, 2 }, seq(json.decode("[1, 2]")):list())
        assert.same({}, seq(json.decode("[]")):list())
        assert.equal("argument", expect.error_of(seq, 5).kind)
        assert.equal("argument", expect.error_of(seq).kind)
    end)

    it("reads no further than it must", function()
        local asked = 0
        local function numbers()
            asked = asked + 1
            return asked
        end
        assert.same({ 2, 4 }, seq(numbers):filter(function(n) return n % 2 == 0 end):take(2):list())
        assert.equal(4, asked)
        assert.same({}, seq(numbers):take(0):list())
        assert.equal(4, asked)
    end)

    it("is an iterator itself", function()
        local seen = {}
        for item in seq({ 1, 2, 3 }):drop(1) do seen[#seen + 1] = item end
        assert.same({ 2, 3 }, seen)
    end)

    it("takes fields, also of records within, and leaves out what is nil", function()
        assert.same({ "1", "2" }, seq(commits):map("head.sha"):list())
        assert.same({ "A", "B" }, seq(commits):unique("author"):map("author"):list())
        assert.equal("argument", expect.error_of(function() seq(commits):map(true) end).kind)
    end)

    it("opens up lists", function()
        assert.same({ "x", "y", "x" }, seq(commits):flat_map("files"):list())
        local pairs_of = seq(commits):flat_map("files", function(file, commit) return commit.author .. file end)
        assert.same({ "Ax", "Ay", "Bx" }, pairs_of:list())
    end)

    it("groups and counts", function()
        assert.same({ { key = "x", count = 2 }, { key = "y", count = 1 } },
            seq(commits):flat_map("files"):count_by():list())
        local groups = seq(commits):group("author"):list()
        assert.same({ "A", 2, commits[3] }, { groups[1].key, groups[1].count, groups[1].items[2] })
        assert.equal(2, #groups)
        assert.same({ 3, 6, 1 }, { seq(commits):count(), seq({ 1, 2, 3 }):sum(), seq({ { n = 1 }, {} }):sum("n") })
        assert.is_nil(seq({}):first())
    end)

    it("sorts stably, in both directions, what has no key last", function()
        local items = { { n = 2, i = 1 }, { i = 2 }, { n = 1, i = 3 }, { n = 2, i = 4 }, { n = "a", i = 5 } }
        assert.same({ 3, 1, 4, 5, 2 }, seq(items):sort_by("n"):map("i"):list())
        assert.same({ 5, 1, 4, 3, 2 }, seq(items):sort_by("n", "descending"):map("i"):list())
        assert.same({ 5, 1 }, seq(items):top(2, "n"):map("i"):list())
        assert.equal("argument", expect.error_of(function() seq(items):sort_by("n", "down") end).kind)
        assert.equal("argument", expect.error_of(function() seq(items):take(-1) end).kind)
    end)

    it("sorts as table.sort does, whatever comes", function()
        math.randomseed(7)
        for _ = 1, 200 do
            local numbers = {}
            for i = 1, math.random(0, 30) do numbers[i] = math.random(10) end
            local sorted = { unpack(numbers) }
            table.sort(sorted)
            assert.same(sorted, seq(numbers):sort_by():list())
        end
    end)
end)
