-- What a report claims, what it only holds possible, and what it leads with.
local report = require("lib.diagnose.report")

local function explained(lines)
    local base, log = kb.load(), log_text.open({ text = table.concat(lines, "\n") .. "\n", name = "build.log" })
    local result = report.of({ kind = "file", name = "build.log" }, log, base, { context = 0, store = false })
    log:close()
    base:close()
    return result
end

-- A step of GitHub Actions that prints `output` and ends with `code`, and what comes after the steps.
local function step(output, code, name)
    local lines = { "##[group]Run " .. (name or "make test"), "shell: /usr/bin/bash -e {0}", "##[endgroup]" }
    for _, line in ipairs(output) do lines[#lines + 1] = line end
    if code ~= 0 then lines[#lines + 1] = ("##[error]Process completed with exit code %d."):format(code) end
    return lines
end

local function job(...)
    local lines = {}
    for _, part in ipairs({ ... }) do
        for _, line in ipairs(part) do lines[#lines + 1] = line end
    end
    lines[#lines + 1] = "Post job cleanup."
    lines[#lines + 1] = "Cleaning up orphan processes"
    return lines
end

local function work(count)
    local lines = {}
    for i = 1, count do lines[i] = "built part " .. i end
    return lines
end

local function ids(findings)
    local list = {}
    for i, finding in ipairs(findings) do list[i] = finding.id end
    return list
end

local refused = "connect: Connection refused (os error 111)"

describe("the headline of a report", function()
    it("is the cause that agrees with the passage, and how sure that is", function()
        local lines = work(40)
        lines[41] = "gcc -c walk.c"
        lines[42] = "walk.c:1:10: fatal error: tree.h: No such file or directory"
        lines[43] = "compilation terminated."
        lines[44] = "make: *** [Makefile:3: walk.o] Error 1"
        local result = explained(job(step(lines, 2)))
        assert.same({ "cause", "high", true },
            { result.headline.kind, result.headline.confidence, result.is_known })
        assert.equal("walk.c:1:10: fatal error: tree.h: No such file or directory", result.findings[1].line)
    end)

    it("is the failed tests where what an entry found is elsewhere, which is possible only", function()
        local lines = { refused }
        for _, line in ipairs(work(60)) do lines[#lines + 1] = line end
        for _, line in ipairs({ "--- FAIL: TestWalk (0.03s)", "    walk_test.go:75: got 4 steps", "FAIL",
            "FAIL\texample.org/walk\t0.178s" }) do lines[#lines + 1] = line end
        local result = explained(job(step(lines, 1, "go test ./...")))
        assert.is_true(result.is_known)
        assert.is_nil(result.headline.text:find("refused", 1, true))
        assert.equal("network.connection_refused", result.possible[1].id)
        assert.equal("low", result.possible[1].confidence)
    end)

    it("is the line that says most where nothing names a cause: a compiler's error alone is not known", function()
        local lines = work(30)
        lines[31] = "src/walk.foo:12:5: error: the frob is not glorped"
        local result = explained(job(step(lines, 1, "frobc src/walk.foo")))
        assert.same({ "passage", "src/walk.foo:12:5: error: the frob is not glorped", false },
            { result.headline.kind, result.headline.text, result.is_known })
    end)

    it("says what the exit status means where nothing else explains", function()
        local result = explained(job(step(work(50), 126)))
        assert.equal("passage", result.headline.kind)
        assert.matches("exit code 126: the shell found the program", result.headline.why)
        assert.is_true(result.explanation.line_end >= 53)
    end)

    it("says that nothing failed where the job ended well, whatever its log mentions", function()
        local result = explained(job(step({ refused, "retrying", "connected" }, 0), step(work(5), 0, "make install")))
        assert.same({ "green", true, {} }, { result.headline.kind, result.is_known, ids(result.findings) })
        assert.equal("network.connection_refused", result.possible[1].id)
        local travis = explained({ "travis_time:start:0a\r\27[0K$ make", refused,
            "The command \"make\" exited with 0.", "Done. Your build exited with 0." })
        assert.equal("green", travis.headline.kind)
    end)

    it("is not what a step says that ended well, nor what comes after the failure", function()
        local lines = work(20)
        lines[21] = "error: cannot frobnicate the widget"
        local result = explained(job(step({ refused }, 0, "docker compose up"), step(lines, 1),
            step({ "bash: line 1: codecov: command not found" }, 0, "codecov")))
        assert.equal("error: cannot frobnicate the widget", result.headline.text)
        assert.is_false(result.is_known)
    end)

    it("takes no entry for errors from messages of a program's log, passed tests and sides of comparisons", function()
        for _, line in ipairs({ "2026-01-01 12:00:00 DEBUG " .. refused, "test reports Connection refused ... ok",
            "- " .. refused, "$ echo " .. refused, "# Subtest: " .. refused }) do
            local lines = work(5)
            lines[6], lines[7] = line, "error: cannot frobnicate the widget"
            local result = explained(job(step(lines, 1)))
            assert.same({}, ids(result.possible), line)
            assert.equal("passage", result.headline.kind, line)
        end
    end)
end)

describe("several steps that failed", function()
    it("have a passage each, and the causes of the first lead", function()
        local result = explained({
            "travis_time:start:0a\r\27[0K$ make lint", "bash: line 1: shellcheck: command not found",
            "The command \"make lint\" exited with 127.",
            "travis_time:start:0b\r\27[0K$ make", "walk.c:1:10: fatal error: tree.h: No such file or directory",
            "The command \"make\" exited with 2.", "Done. Your build exited with 1.",
        })
        assert.equal(2, #result.passages)
        local found = table.concat(ids(result.findings), " ")
        assert.matches("^shell%.command_not_found", found)
        assert.matches("c%.missing_header", found)
    end)
end)

describe("warnings", function()
    local violations = { "src/tree.js:1 Strings must use singlequote.", "src/tree.js:12 Extra semicolon." }

    it("are the cause where the failing step has nothing else", function()
        local lines = work(60)
        for _, line in ipairs(violations) do lines[#lines + 1] = line end
        lines[#lines + 1] = "2 code style problems found"
        assert.equal(violations[1], explained(job(step(lines, 1))).explanation.line)
    end)

    it("are none where work continues after them", function()
        local lines = { "gcc -c walk.c", "walk.c:3:5: warning: unused variable 'x'", "gcc -c leaf.c", "gcc -o app "
            .. "leaf.o",
            "leaf 3 is not green" }
        local result = explained(job(step(lines, 1)))
        assert.equal("leaf 3 is not green", result.headline.text)
        assert.is_false(result.is_known)
    end)
end)

describe("several steps that failed", function()
    local go_test = { "--- FAIL: TestTree (0.00s)", "    tree_test.go:12: expected 3, got 4", "FAIL" }

    it("lead with what is known of the first", function()
        local result = explained(job(step(go_test, 1), step({ refused }, 1, "make deploy")))
        assert.equal("go.test_failed", result.findings[1].id)
        assert.equal("network.connection_refused", result.findings[2].id)
    end)

    it("have no cause while the first has none", function()
        local result = explained(job(step({ "frobnicator: out of cheese" }, 2), step(go_test, 1, "make check")))
        assert.same({ "passage", "frobnicator: out of cheese", false },
            { result.headline.kind, result.headline.text, result.is_known })
        assert.equal("it explains another step that failed", result.possible[1].confidence_why)
    end)

    it("are not those that come after the work", function()
        local escape = "\r\27[0K"
        local result = explained({
            "travis_fold:start:script" .. escape .. "$ make check", "FAIL: walk",
            "The command \"make check\" exited with 1.",
            "travis_fold:start:after_script" .. escape .. "$ curl -s https://example.org/coverage",
            "curl: (6) Could not resolve host: example.org",
            "The command \"curl -s https://example.org/coverage\" exited with 6.", "",
            "Done. Your build exited with 1.",
        })
        assert.equal("FAIL: walk", result.headline.text)
        assert.equal(1, #result.structure.failed_steps)
    end)
end)

describe("the line that leads where nothing is known", function()
    it("is the mistake before a usage text", function()
        local result = explained(job(step({ "frob: unknown option --trees", "Usage: frob [options] FILE",
            "  --leaf  N    number of leaves" }, 1)))
        assert.equal("frob: unknown option --trees", result.headline.text)
    end)

    it("is what stands above the line that passes a failure on", function()
        local result = explained(job(step({ "something happened", "make: *** [Makefile:3: all] Error 1" }, 2)))
        assert.equal("something happened", result.headline.text)
    end)
end)
