-- The passage of a failed log that a person would quote.
local signalled = require("support.signalled")
local explanation = require("lib.diagnose.explanation")
local model = require("lib.diagnose.explanation_model")

local function find(lines, ...)
    local scan, log = signalled.log(lines)
    return explanation.find(scan, log, log_text.structure(scan, log), ...), lines
end

-- A log of Travis around the output of a command that failed.
local function failed(output, options)
    options = options or {}
    local lines = { "travis_time:start:0a\r\27[0K$ git clone https://example.org/a/b.git", "Cloning into 'b'..." }
    for i = 1, 20 do lines[#lines + 1] = "Installing dependency-" .. i .. " 1.0." .. i end
    lines[#lines + 1] = "travis_time:start:0b\r\27[0K$ make test"
    for _, line in ipairs(output) do lines[#lines + 1] = line end
    lines[#lines + 1] = "The command \"make test\" exited with 2."
    for i = 1, options.after or 40 do lines[#lines + 1] = "uploading cached file number " .. i end
    lines[#lines + 1] = "Done. Your build exited with 1."
    return lines
end

local function passing(output, count)
    for i = 1, count do output[#output + 1] = ("ok %d - works %d"):format(i, i) end
    return output
end

local function assert_quotes(lines, ...)
    local found = find(lines)
    for _, text in ipairs({ ... }) do
        local line = signalled.line_of(lines, text)
        assert.is_true(found.line_start <= line and line <= found.line_end,
            ("%s is at %d, not in %d-%d:\n%s"):format(text, line, found.line_start, found.line_end, found.text))
    end
    assert.is_true(found.line_end - found.line_start < explanation.max_lines)
    return found
end

describe("the explanation of a failed log", function()
    it("counts the first line of a log without headings like any other", function()
        local found = find({
            "Because app depends on flutter_test any from sdk which doesn't exist, version solving failed.",
            "##[error]Process completed with exit code 69.",
        })
        assert.equal(1, found.line_number)
    end)

    it("leads with what went wrong, not with who passes it on", function()
        local found, lines = find({
            "error: lib/a.xcconfig: unable to open file (in target 'A')",
            "",
            "** BUILD FAILED **",
            "##[error]Error: /usr/bin/xcodebuild failed with return code: 65",
        })
        assert.equal(signalled.line_of(lines, "unable to open"), found.line_number)
    end)

    it("leads with what a comparison got, not with what it expected", function()
        local found, lines = find({
            "diff -u expected.txt out.txt", "--- expected.txt", "+++ out.txt", "@@ -1,2 +1,2 @@",
            "-fatal error: disk is full", "+fatal error: no such device", " done",
            "make: *** [Makefile:3: check] Error 1", "##[error]Process completed with exit code 2.",
        })
        assert.equal(signalled.line_of(lines, "no such device"), found.line_number)
    end)

    it("is the error of the compiler, not make's notes about it", function()
        local output = {}
        for i = 1, 60 do output[i] = "gcc -c file" .. i .. ".c" end
        table.insert(output, "src/walk.c:12:5: error: expected ';' before 'return'")
        table.insert(output, "   12 |     return x")
        table.insert(output, "      |     ^~~~~~")
        table.insert(output, "make[1]: *** [walk.o] Error 1")
        table.insert(output, "make: *** [all] Error 2")
        assert_quotes(failed(output), "src/walk.c:12:5")
    end)

    it("is the block of the failed test, not the counts far below", function()
        local output = passing({ "Running tests" }, 80)
        table.insert(output, "--- FAIL: TestWalk (0.03s)")
        table.insert(output, "    walk_test.go:75: expected 3, got 4")
        for i = 1, 200 do output[#output + 1] = ("--- PASS: Test%d (0.00s)"):format(i) end
        table.insert(output, "FAIL")
        table.insert(output, "FAIL\texample.org/walk\t0.178s")
        assert_quotes(failed(output), "--- FAIL: TestWalk", "expected 3, got 4")
    end)

    it("is the first block below the heading of failures", function()
        local output = passing({}, 30)
        for _, line in ipairs({ "", "Failures:", "", "  1) Tree walks", "     Failure/Error: expect(tree.size).to eq 3",
            "", "       expected: 3", "            got: 4", "     # ./spec/tree_spec.rb:12:in `block'", "" }) do
            output[#output + 1] = line
        end
        for i = 2, 30 do
            table.insert(output, ("  %d) Tree does %d"):format(i, i))
            table.insert(output, "     Failure/Error: expect(other).to be_nil")
            table.insert(output, "       expected: nil")
            table.insert(output, "")
        end
        table.insert(output, "31 examples, 30 failures")
        assert_quotes(failed(output), "1) Tree walks", "Failure/Error: expect(tree.size)")
    end)

    it("is the panic above what only passes it on", function()
        local output = {}
        for i = 1, 50 do output[i] = "   Compiling crate" .. i .. " v0.1.0" end
        for _, line in ipairs({ "thread 'main' panicked at 'called `Option::unwrap()` on a `None` value'",
            "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace", "",
            "error: build failed", "make: *** [all] Error 101" }) do
            output[#output + 1] = line
        end
        assert_quotes(failed(output), "panicked at")
    end)

    it("is the only line that the command printed", function()
        local found = assert_quotes(failed({ "./ci/run.sh: line 3: frob: command not found" }), "command not found")
        assert.is_true(found.line_end - found.line_start <= 2)
    end)

    it("is in the step that failed, whatever other steps print", function()
        local lines = failed({ "LICENSE:3: Line longer than 80 characters." })
        table.insert(lines, 5, "Error: this was tried again and worked")
        table.insert(lines, 6, "fatal: the same")
        assert_quotes(lines, "Line longer than 80")
    end)

    it("prefers a line that is shown in red", function()
        local output = {}
        for i = 1, 80 do output[i] = "checked file " .. i end
        output[40] = "\27[31mfile 40 is not as it should be\27[0m"
        local lines = failed(output)
        local found = find(lines)
        local line = signalled.line_of(lines, "file 40 is not")
        local without = find(failed((function()
            output[40] = "file 40 is not as it should be"
            return output
        end)()))
        assert.is_true(found.line_start <= line and line <= found.line_end
            or math.abs(found.line_start - line) <= math.abs(without.line_start - line))
    end)

    it("holds the cleaned text of its lines", function()
        local lines = failed({ "\27[31msrc/a.c:1:2: error: no\27[0m\r" })
        local found = find(lines)
        assert.is_truthy(found.text:find("src/a.c:1:2: error: no", 1, true))
        assert.is_nil(found.text:find("\27", 1, true))
        assert.equal(found.line_end - found.line_start, select(2, found.text:gsub("\n", "")))
    end)

    it("uses what entries found", function()
        local output = {}
        for i = 1, 300 do output[i] = ("step %d of the work went its way"):format(i) end
        output[100] = "frobnicator: the cheese is out"
        local lines = failed(output)
        local line = signalled.line_of(lines, "the cheese is out")
        local found = find(lines, nil, nil, { { line_number = line, priority = 90, severity = "error" } })
        assert.is_true(found.line_start <= line and line <= found.line_end)
    end)

    it("is there for a log without any system's lines and without errors", function()
        local lines = {}
        for i = 1, 100 do lines[i] = "line " .. i end
        local found = find(lines)
        assert.is_true(found.line_start >= 1 and found.line_end <= 100)
        assert.is_true(found.line_end - found.line_start < explanation.max_lines)
    end)

    it("is not there for an empty log", function()
        assert.is_nil((find({})))
    end)

    it("is one line of a log of one line", function()
        local found = find({ "make: *** No rule to make target 'x'.  Stop." })
        assert.same({ 1, 1 }, { found.line_start, found.line_end })
    end)

    it("stays within its length in any log", function()
        local pieces = { "", "Error: x", "ok 1 - y", "    at a (b.js:1:2)", "FAILED", "$ make", "##[error]x",
            "Traceback (most recent call last):", ("x"):rep(20000), "1) a", "Failures:", "\27[31mred\27[0m",
            "The command \"make\" exited with 1.", "Done. Your build exited with 1.", "make: *** [a] Error 1" }
        math.randomseed(7)
        for _ = 1, 60 do
            local lines = {}
            for i = 1, math.random(1, 120) do lines[i] = pieces[math.random(#pieces)] end
            local found = find(lines)
            assert.is_true(found.line_start >= 1 and found.line_end <= #lines)
            assert.is_true(found.line_end >= found.line_start)
            assert.is_true(found.line_end - found.line_start < explanation.max_lines)
            assert.is_true(#found.text < 20000)
        end
    end)

    it("looks at no more of a long log than of a short one", function()
        local output = {}
        for i = 1, 30000 do output[i] = i % 3 == 0 and ("Error: number " .. i) or ("work on " .. i) end
        output[29990] = "src/walk.c:12:5: error: expected ';'"
        local scan, log = signalled.log(failed(output))
        local read, lines_of = 0, log.lines
        local counting = setmetatable({ lines = function(_, first, last)
            read = read + last - first + 1
            return lines_of(log, first, last)
        end }, { __index = function(_, name)
            local value = log[name]
            return type(value) == "function" and function(_, ...) return value(log, ...) end or value
        end })
        scan.base = nil
        explanation.find(scan, counting, log_text.structure(scan, log))
        assert.is_true(read < 15000, tostring(read))
    end)
end)

describe("the weights", function()
    it("are of properties that lines have", function()
        for _, group in ipairs(model.groups) do
            assert.is_truthy(group.why)
            for _, weight in pairs(group.weights) do assert.is_true(math.abs(weight) <= 12) end
        end
    end)
end)
