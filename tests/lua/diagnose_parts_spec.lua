-- Pieces of a diagnosis: places in the repository, groups of logs, quoted passages, steps of a job.
local groups = require("lib.diagnose.groups")
local passage = require("lib.diagnose.passage")
local places = require("lib.diagnose.places")
local model = require("support.diagnose_model")

describe("a place in a log", function()
    it("differs from the repository's root, whatever the CI system calls it", function()
        for path, expected in pairs({
            ["src/a.rs"] = "src/a.rs", ["./src/a.rs"] = "src/a.rs", ["/home/runner/work/n/n/src/a.rs"] = "src/a.rs",
            ["D:\\a\\n\\n\\src\\a.cpp"] = "src/a.cpp", ["/home/travis/build/o/n/lib/a.rb"] = "lib/a.rb",
            ["/__w/n/n/a.c"] = "a.c", ["/builds/o/n/a.c"] = "a.c", ["src\\b\\a.cs"] = "src/b/a.cs",
            ["Makefile"] = "Makefile",
        }) do assert.equal(expected, places.relative(path)) end
    end)

    it("is none when it lies elsewhere", function()
        for _, path in ipairs({ "/usr/include/stdio.h", "C:\\Windows\\x.h", "../a.c", "a/../../b", "~/a.c", "", "bash",
            "https://e.org/a.js", ("x"):rep(2000) }) do
            assert.is_nil(places.relative(path), path)
        end
        assert.is_nil(places.relative(nil))
    end)

    it("is that of the nearest diagnostic, which may stand some lines below", function()
        local list = {
            { line_number = 13, file = "src/a.rs", line = 3, column = 5 },
            { line_number = 12, file = "/usr/x.h", line = 1 },
            { line_number = 16, file = "src/b.rs", line = 9 }, { line_number = 40, file = "src/c.rs", line = 1 },
        }
        assert.same({ file = "src/a.rs", line = 3, column = 5 }, places.of({ line_number = 12 }, list))
        assert.same({ file = "src/b.rs", line = 9 }, places.of({ line_number = 16 }, list))
        assert.is_nil(places.of({ line_number = 30 }, list))
        assert.same({ file = "a.py", line = 7 },
            places.of({ line_number = 30, captures = { file = "a.py", line = "7" } }, list))
    end)
end)

describe("logs", function()
    it("belong together when the same line but for numbers explains them", function()
        local function report(line, id) return model.report({ model.finding({ line = line, id = id }) }) end
        local list = groups.of({ report("took 12 ms"), model.unknown().reports[1], report("took 99 ms"),
            report("took long"), report("took 12 ms", "other.id"), model.unknown().reports[1] })
        local sizes = {}
        for i, group in ipairs(list) do sizes[i] = 1 + #group.same end
        assert.same({ 2, 1, 1, 2 }, sizes)
        assert.is_false(list[4].report.is_known)
    end)
end)

describe("the lines that are quoted", function()
    local explanation = { line_start = 20, line_end = 24, text = "a\nb\nc\nd\ne" }
    local function finding(line_number)
        return { line_number = line_number, line = "x", context = { before = { "p", "q" }, after = { "r" } } }
    end

    it("are the passage, with a finding in it", function()
        assert.same({ { first_line = 20, lines = { "a", "b", "c", "d", "e" } } },
            passage.segments(explanation, finding(22)))
        assert.same({ { first_line = 21, lines = { "b", "c", "d" } } },
            passage.segments(explanation, finding(22), { before = 1, after = 1 }))
    end)

    it("are those around a finding elsewhere too, without a line twice", function()
        assert.same({ { first_line = 8, lines = { "p", "q", "x", "r" } },
            { first_line = 20, lines = { "a", "b", "c", "d", "e" } } }, passage.segments(explanation, finding(10)))
        local touching = passage.segments(explanation, finding(26))
        assert.equal(1, #touching)
        assert.same({ 20, 8 }, { touching[1].first_line, #touching[1].lines })
    end)

    it("are nothing when there is nothing", function()
        assert.same({}, passage.segments(nil, nil))
        assert.same({ line_start = 23, line_end = 24, text = "d\ne" }, passage.from(explanation, 23))
    end)
end)

describe("the step of a line", function()
    local function opened(times, prefixes)
        return { time = function(_, n) return times and times[n] end,
            prefix = function(_, n) return unpack(prefixes and prefixes[n] or {}) end }
    end
    local failed = { name = "Run make", first_line = 1, last_line = 9, failed = true }
    local structure = { jobs = { { name = "j", steps = { failed } } } }
    local job = { name = "build", steps = {
        { name = "Set up job", started_at = "1970-01-01T00:00:10Z" },
        { name = "Make it", started_at = "1970-01-01T00:00:20Z", conclusion = "failure" },
        { name = "Clean up", started_at = "1970-01-01T00:00:30Z" },
    } }

    it("is what GitHub calls it, by the time of the line", function()
        local function step_at(seconds)
            return select(2, places.step_of({ job = job }, opened({ [3] = seconds }), structure, 3))
        end
        assert.equal("Set up job", step_at(19.9))
        assert.equal("Make it", step_at(20))
        assert.equal("Clean up", step_at(31))
    end)

    it("is the failed one when the line has no time and the log says that its step failed", function()
        assert.same({ "build", "Make it" }, { places.step_of({ job = job }, opened(), structure, 3) })
    end)

    it("is what stands before the line, or what the structure of the log says", function()
        assert.same({ "a", "b" }, { places.step_of({}, opened(nil, { [3] = { "a", "b" } }), structure, 3) })
        assert.same({ "j", "Run make" }, { places.step_of({}, opened(), structure, 3) })
        local unknown_step = opened(nil, { [3] = { "a", "UNKNOWN STEP" } })
        assert.same({ "a", "Run make" }, { places.step_of({}, unknown_step, structure, 3) })
        assert.same({}, { places.step_of({}, opened(), { jobs = {} }, 3) })
        assert.same({ "x" }, { (places.step_of({ job_name = "x" }, opened(), structure, 3)) })
    end)
end)
