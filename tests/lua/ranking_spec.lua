-- The order of findings, why each stands before the next, and which follow from another.
local ranking = require("lib.diagnose.ranking")

local function finding(fields)
    local made = {
        id = "test.entry", title = "a test", severity = "error", priority = 50, line_number = 20,
        line = "error: a test", cause = "because", captures = {}, times = 1,
    }
    for name, value in pairs(fields) do made[name] = value end
    return made
end

local structure = { focus = { after = 10, before = 100, certain = true }, jobs = {}, failed_steps = {} }

local function ids(list)
    local names = {}
    for i, each in ipairs(list) do names[i] = each.id end
    return names
end

local function rank(findings, context)
    context = context or {}
    context.structure = context.structure or structure
    return ranking.rank(findings, context)
end

describe("ranking findings", function()
    it("puts what names the cause before what only says that something failed", function()
        local ordered = rank({
            finding({ id = "make.error", priority = 15, line_number = 20 }),
            finding({ id = "ld.library", priority = 85, line_number = 30 }),
        })
        assert.same({ "ld.library", "make.error" }, ids(ordered))
        assert.is_truthy(ordered[1].why:find("names the cause more exactly (priority 85 against 15)", 1, true))
        assert.is_truthy(ordered[1].why:find("make.error (line 20)", 1, true))
    end)

    it("puts the first error of the step before the last", function()
        local ordered = rank({
            finding({ id = "rust.last", line_number = 90 }), finding({ id = "rust.first", line_number = 20 }),
        })
        assert.same({ "rust.first", "rust.last" }, ids(ordered))
        assert.is_truthy(ordered[1].why:find("first error of the step", 1, true))
    end)

    it("puts what is in the step that failed before what is elsewhere", function()
        for _, line in ipairs({ 5, 120 }) do
            local ordered = rank({
                finding({ id = "other.step", line_number = line, priority = 60 }),
                finding({ id = "this.step", line_number = 50 }),
            })
            assert.same({ "this.step", "other.step" }, ids(ordered))
            assert.is_truthy(ordered[1].why:find("in the step that failed", 1, true))
        end
    end)

    it("puts what is in the explanation before what is not", function()
        local ordered = rank({
            finding({ id = "early.one", line_number = 20 }), finding({ id = "quoted.one", line_number = 80 }),
        }, { explanation = { line_start = 70, line_end = 90 } })
        assert.same({ "quoted.one", "early.one" }, ids(ordered))
        assert.is_truthy(ordered[1].why:find("passage", 1, true))
    end)

    it("puts what agrees with the explanation before an entry that names another cause more exactly", function()
        local found = {
            finding({ id = "early.exact", line_number = 20, priority = 80 }),
            finding({ id = "quoted.one", line_number = 93, priority = 55 }),
        }
        local ordered = rank(found, { explanation = { line_start = 70, line_end = 90 } })
        assert.same({ "quoted.one", "early.exact" }, ids(ordered))
        assert.same({ "early.exact", "quoted.one" }, ids(rank(found)))
    end)

    it("puts errors before warnings and notes", function()
        local ordered = rank({
            finding({ id = "a.note", severity = "note", line_number = 20 }),
            finding({ id = "a.warning", severity = "warning", line_number = 21 }),
            finding({ id = "an.error", line_number = 22 }),
        })
        assert.same({ "an.error", "a.warning", "a.note" }, ids(ordered))
        assert.is_truthy(ordered[1].why:find("it is an error, not a warning", 1, true)
            or ordered[1].why:find("It is an error, not a warning", 1, true))
    end)

    it("puts what is rarely found before what is found in every log", function()
        local ordered = rank({
            finding({ id = "common.one", line_number = 20 }), finding({ id = "rare.one", line_number = 20 }),
        }, { history = { logs = 200, counts = { ["common.one"] = { logs = 180 }, ["rare.one"] = { logs = 2 } } } })
        assert.same({ "rare.one", "common.one" }, ids(ordered))
        assert.is_truthy(ordered[1].why:find("rarer (in 2 of 200 earlier logs against 180)", 1, true))
    end)

    it("does not speak of rarity after a few logs", function()
        local ordered = rank({
            finding({ id = "b.one", line_number = 20 }), finding({ id = "a.one", line_number = 20 }),
        }, { history = { logs = 3, counts = { ["a.one"] = { logs = 3 } } } })
        assert.same({ "a.one", "b.one" }, ids(ordered))
    end)

    it("puts a pattern that spells out the line before one that takes anything", function()
        local base = { entry = function(_, id)
            return { match = id == "exact.one" and "cannot find the library (\\w+) of the toolchain" or "error: .+" }
        end }
        local ordered = rank({
            finding({ id = "loose.one", line_number = 20 }),
            finding({ id = "exact.one", line_number = 20, captures = { "z", name = "z" } }),
        }, { scan = { base = base } })
        assert.same({ "exact.one", "loose.one" }, ids(ordered))
        assert.is_truthy(ordered[1].why:find("spells out more", 1, true))
    end)

    it("puts a line that a reader knows as an error before another", function()
        local ordered = rank({
            finding({ id = "other.one", line_number = 20, severity = "warning" }),
            finding({ id = "read.one", line_number = 21, severity = "warning" }),
        }, { diagnostics = { { line_number = 21, severity = "error" } } })
        assert.same({ "read.one", "other.one" }, ids(ordered))
    end)

    it("says of the last why it is known", function()
        assert.equal("It is the only known cause in the step that failed.", rank({ finding({}) })[1].why)
        local ordered = rank({ finding({ id = "a.one" }), finding({ id = "b.one", priority = 10 }) })
        assert.equal("It explains least of the 2 findings.", ordered[2].why)
    end)

    it("does without a structure, an explanation and a history", function()
        local ordered = ranking.rank({ finding({ id = "b.one", line_number = 9 }), finding({ id = "a.one" }) }, {})
        assert.same({ "b.one", "a.one" }, ids(ordered))
        assert.same({}, ranking.rank({}, {}))
    end)

    it("gives the same order whatever order they come in", function()
        local findings = {}
        for i = 1, 12 do
            findings[i] = finding({
                id = "entry.number_" .. i, priority = (i * 37) % 90, line_number = (i * 53) % 130,
                severity = i % 5 == 0 and "warning" or "error", times = i * i,
            })
        end
        local expected = ids(rank(findings))
        math.randomseed(3)
        for _ = 1, 20 do
            for i = #findings, 2, -1 do
                local other = math.random(i)
                findings[i], findings[other] = findings[other], findings[i]
            end
            assert.same(expected, ids(rank(findings)))
        end
    end)
end)

describe("a list of rules with an order", function()
    it("keeps its order, whatever explains more, beside findings of others", function()
        local function rule(id, place, priority, line_number)
            return finding({ id = id, rank = place, rules = place and "theirs.lua", priority = priority,
                line_number = line_number })
        end
        local order = {}
        for i, each in ipairs(ranking.rank({ rule("theirs.third", 3, 90, 10), rule("theirs.first", 1, 40, 300),
            rule("own.one", nil, 70, 20), rule("theirs.second", 2, 50, 5) }, {})) do order[i] = each.id end
        assert.same({ "theirs.first", "own.one", "theirs.second", "theirs.third" }, order)
    end)
end)

describe("grouping findings by cause", function()
    local function groups(findings)
        local reported = {}
        for i, cause in ipairs(ranking.group(findings)) do reported[i] = { cause.lead.id, ids(cause.follows) } end
        return reported
    end

    it("puts symptoms after the cause in the same step", function()
        assert.same({ { "ld.library", { "make.error", "actions.exit" } } }, groups({
            finding({ id = "ld.library", priority = 85, line_number = 30 }),
            finding({ id = "make.error", priority = 15, line_number = 31 }),
            finding({ id = "actions.exit", priority = 10, line_number = 900 }),
        }))
    end)

    it("puts what the same entry says again to the first", function()
        assert.same({ { "rust.e0432", { "rust.e0432" } } }, groups({
            finding({ id = "rust.e0432", line_number = 30, line = "error at 3" }),
            finding({ id = "rust.e0432", line_number = 70, line = "error at 47", cause = "other" }),
        }))
    end)

    it("keeps causes of different things apart", function()
        assert.same({ { "python.module", {} }, { "python.module", {} } }, groups({
            finding({ id = "python.module", line_number = 30, line = "No module named 'a'", cause = "a is missing" }),
            finding({ id = "python.module", line_number = 70, line = "No module named 'b'", cause = "b is missing" }),
        }))
    end)

    it("keeps failures of different jobs apart", function()
        assert.same({ { "ld.library", {} }, { "make.error", {} } }, groups({
            finding({ id = "ld.library", priority = 85, line_number = 30, job = "linux" }),
            finding({ id = "make.error", priority = 15, line_number = 31, job = "macos" }),
        }))
    end)

    it("puts two meanings of one line together", function()
        assert.same({ { "c.specific", { "c.generic" } } }, groups({
            finding({ id = "c.specific", line_number = 30 }), finding({ id = "c.generic", line_number = 30 }),
        }))
    end)

    it("does not let a cause follow from what came after it", function()
        assert.same({ { "late.one", {} }, { "early.one", {} } }, groups({
            finding({ id = "late.one", priority = 90, line_number = 60 }),
            finding({ id = "early.one", priority = 40, line_number = 30 }),
        }))
    end)
end)
