-- Templates of log lines, and the lines that a failed log has and those of good runs have not.

local function log_of(lines)
    return log_text.open({ name = "a test", text = table.concat(lines, "\n") })
end

local function new_lines(lines, options, structure)
    options = options or {}
    local opened, green = log_of(lines), {}
    for i, each in ipairs(options.green or {}) do green[i] = log_of(each) end
    local texts = {}
    local found = log_text.salient_lines(opened, structure, { green = options.green and green, limit = options.limit })
    for i, each in ipairs(found) do
        texts[i] = each.line
        assert.equal(lines[each.line_number], each.line)
    end
    return texts, found
end

describe("the template of a line", function()
    it("is without what differs from run to run", function()
        for _, pair in ipairs({
            { "took 12.5s, 3 of 4", "took 99.1s, 7 of 8" },
            { "at 2026-01-31T10:00:00.123Z", "at 2027-12-01T23:59:59.9Z" },
            { "HEAD is 1a2b3c4d5e", "HEAD is 9f8e7d6c5b4a" }, { "in /tmp/tmp.aXbYc/x", "in /tmp/tmp.QqRrS/x" },
            { "id 6f1ed002-ab59-11ea-bb37-0242ac130002", "id 00000000-ab59-11ea-bb37-0242ac13ffff" },
            { "Downloading a (120 kB)", "Downloading a (3.4 kB)" }, { "[=====>   ]", "[======>   ]" },
            { "0x7f41bffe5a90", "0x7fe29742dad0" }, { "10:00:01 start", "23:11:59 start" }, { "a  b", "a b" },
        }) do
            assert.equal(log_text.mask(pair[1]), log_text.mask(pair[2]))
        end
    end)

    it("keeps what keeps lines apart", function()
        local seen = {}
        local lines = { "test a ... ok", "test a ... FAILED", "error: x", "error: y", "warning: x", "", "facade" }
        for _, line in ipairs(lines) do
            local template = log_text.mask(line)
            assert.is_nil(seen[template], line)
            seen[template] = true
        end
    end)

    it("can be made of anything, and stays short", function()
        for _, line in ipairs({ ("x1 "):rep(100000), ("\0\255"):rep(1000), ("%"):rep(500), "/tmp/", "####", "-" }) do
            assert.is_true(#log_text.mask(line) < 3000)
        end
    end)
end)

describe("a miner of templates", function()
    it("finds the word that varies, and knows further lines with it", function()
        local miner = log_text.miner()
        for _, name in ipairs({ "alpha", "beta", "gamma", "delta" }) do
            miner:add(("Compiling %s from source"):format(name))
        end
        assert.is_true(miner:knows("Compiling omega from source"))
        assert.equal("Compiling <*> from source", miner:template("Compiling omega from source"))
        assert.is_false(miner:knows("Compiling omega from scratch"))
        assert.equal(1, miner:count("Compiling beta from source"))
    end)

    it("never takes a word for the outcome for one that varies", function()
        local miner = log_text.miner()
        for _, name in ipairs({ "a", "b", "c", "d", "e" }) do miner:add(("test %s ... ok"):format(name)) end
        assert.is_true(miner:knows("test f ... ok"))
        assert.is_false(miner:knows("test a ... FAILED"))
        assert.is_false(miner:knows("test f ... FAILED"))
        for _, word in ipairs({ "one", "two", "three", "four" }) do miner:add("result: " .. word) end
        assert.is_false(miner:knows("result: error"))
    end)
end)

describe("the most telling lines", function()
    it("beside logs of good runs are those that these do not have", function()
        local good = { "start", "error: harmless, as always" }
        for _, name in ipairs({ "a", "b", "c", "d" }) do good[#good + 1] = ("test %s ... ok"):format(name) end
        local bad = { "start", "error: harmless, as always", "test a ... ok", "something is odd", "test e ... ok",
            "test b ... FAILED" }
        assert.same({ "test b ... FAILED", "something is odd" }, (new_lines(bad, { green = { good } })))
    end)

    it("without one are those that look like errors", function()
        local lines = {}
        for i = 1, 200 do lines[i] = ("Downloading package %d"):format(i) end
        lines[150] = "src/main.c:12:5: error: unknown type name 'foo'"
        lines[160] = "0 errors, 0 warnings"
        lines[170] = "* Fix an error in the parser"
        lines[180] = "warning: deprecated"
        local texts, found = new_lines(lines)
        assert.equal(lines[150], texts[1])
        assert.is_true(#texts <= 2)
        assert.is_false(found[1].new)
    end)

    it("are looked for in the steps that failed", function()
        local lines = { "error: one", "x", "error: two", "y" }
        local texts = new_lines(lines, {}, { failed_steps = { { first_line = 2, last_line = 4 } } })
        assert.same({ "error: two", "y", "x" }, texts)
        assert.equal("error: two", new_lines(lines, {}, { focus = { after = 2, before = 4 } })[1])
        assert.equal(4, #new_lines(lines, {}, { failed_steps = { { first_line = 9, last_line = 2 }, {} } }))
    end)

    it("are the last ones where none looks like an error", function()
        local lines = {}
        for i = 1, 100 do lines[i] = "word " .. ("x"):rep(i) end
        local texts, found = new_lines(lines)
        assert.same({ lines[100], lines[99], lines[98], lines[97], lines[96] }, texts)
        assert.is_false(found[1].is_error)
    end)

    it("are not named so by addresses and paths", function()
        local _, found = new_lines({ "see https://example.org/error/failed.html", "in src/fatal/error/x", "exit" })
        for _, each in ipairs(found) do assert.is_false(each.is_error, each.line) end
    end)

    it("say what is said often only a few times", function()
        local lines = {}
        for i = 1, 500 do lines[i] = ("error: retry %d failed"):format(i) end
        lines[250] = "error: the disk is on fire"
        local texts = new_lines(lines)
        assert.equal("error: the disk is on fire", texts[1])
        assert.equal(3, #texts)
    end)

    it("are as many as asked for, and none of an empty log", function()
        local lines = {}
        for i = 1, 50 do lines[i] = "error: " .. ("x"):rep(i) end
        assert.equal(15, #new_lines(lines))
        assert.equal(4, #new_lines(lines, { limit = 4 }))
        assert.same({}, (new_lines({})))
    end)

    it("are looked for in all steps that failed, of long ones near their ends", function()
        local lines = {}
        for i = 1, 80000 do lines[i] = "word " .. i end
        lines[50], lines[200], lines[30000], lines[79000] = "error: a", "error: b", "error: c", "error: d"
        local steps = { { first_line = 1, last_line = 100 }, { first_line = 101, last_line = 40000 },
            { first_line = 40001, last_line = 80000 } }
        local texts = new_lines(lines, {}, { failed_steps = steps })
        local found = {}
        for _, text in ipairs(texts) do found[text] = true end
        assert.is_true(found["error: a"] and found["error: c"] and found["error: d"])
        assert.is_nil(found["error: b"])
    end)

    it("are found in logs of any bytes", function()
        local long = "error " .. ("y "):rep(50000)
        local lines = { "\27[31merror\27[0m: red", "error" .. ("y"):rep(100000), long, "\255\254 failed", "" }
        local opened = log_of(lines)
        local found = log_text.salient_lines(opened, nil, {})
        assert.equal(4, #found)
        assert.equal("error: red", found[1].line)
    end)
end)
