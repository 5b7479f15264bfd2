-- The structure of a log: whose it is, its jobs and steps, which failed, and where to look for the failure.
local signalled = require("support.signalled")

local function read(lines)
    local scan, log = signalled.log(lines)
    return log_text.structure(scan, log), lines
end

local function step_names(found)
    local names = {}
    for _, job in ipairs(found.jobs) do
        for _, step in ipairs(job.steps) do names[#names + 1] = step.name end
    end
    return names
end

describe("the signals", function()
    it("match their examples and nothing that they reject", function()
        for _, signal in ipairs(signalled.all()) do
            for _, example in ipairs(signal.examples.matches) do
                assert.is_true(re.test(example, signal.match), signal.id .. ": " .. example)
            end
            for _, example in ipairs(signal.examples.rejects) do
                assert.is_false(re.test(example, signal.match), signal.id .. ": " .. example)
            end
        end
    end)

    it("say what each is for", function()
        for _, signal in ipairs(signalled.all()) do
            assert.is_truthy(signal.role, signal.id)
            assert.is_truthy(signal.why, signal.id)
        end
    end)
end)

describe("the kinds of common lines", function()
    it("match their examples and nothing that they reject", function()
        local line_kinds = require("lib.diagnose.line_kinds")
        for _, each in ipairs(line_kinds.kinds) do
            for _, example in ipairs(each.examples.matches) do
                assert.is_true(re.test(example, each.match), each.kind .. ": " .. example)
            end
            for _, example in ipairs(each.examples.rejects) do
                assert.is_false(re.test(example, each.match), each.kind .. ": " .. example)
            end
        end
    end)
end)

describe("a log of Travis CI", function()
    local lines = {
        "travis_fold:start:git.checkout\r\27[0Ktravis_time:start:0a1b\r\27[0K$ git clone https://example.org/a/b.git",
        "Cloning into 'b'...",
        "travis_time:end:0a1b:start=1000000000,finish=3500000000,duration=2500000000\r\27[0K",
        "travis_time:start:0a1c\r\27[0K$ make lint",
        "fine",
        "travis_time:end:0a1c:start=5000000000,finish=9000000000,duration=4000000000\r\27[0K"
            .. "\27[32;1mThe command \"make lint\" exited with 0.\27[0m",
        "travis_time:start:0a1d\r\27[0K$ make test",
        "$ inner --command",
        "src/a.c:3:5: error: expected ';'",
        "make: *** [test] Error 1",
        "travis_time:end:0a1d:start=10000000000,finish=11000000000,duration=1000000000\r\27[0K"
            .. "\27[31;1mThe command \"make test\" exited with 2.\27[0m",
        "travis_fold:start:cache.2\r\27[0Kstore build cache",
        "cache uploaded",
        "Done. Your build exited with 1.",
    }

    it("has a step for each command", function()
        local found = read(lines)
        assert.equal("travis", found.ci)
        assert.same({ "$ git clone https://example.org/a/b.git", "make lint", "make test" }, step_names(found))
        assert.equal(1, found.exit_code)
    end)

    it("reports the command that failed, its code and how long it took", function()
        local found = read(lines)
        assert.equal(1, #found.failed_steps)
        local step = found.failed_steps[1]
        assert.equal("make test", step.name)
        assert.equal(2, step.exit_code)
        assert.equal(7, step.first_line)
        assert.equal(11, step.last_line)
        assert.equal(1, step.duration_s)
    end)

    it("looks for the failure between the command and the note about its end", function()
        local found = read(lines)
        assert.same({ after = 7, before = 11, certain = true, exit_code = 2 }, found.focus)
    end)

    it("knows the end of a command of several lines", function()
        local found = read({
            "travis_time:start:0a\r\27[0K$ docker run x \\", "   make test", "no such thing", "",
            "The command \"docker run x \\", "   make test\" exited with 3.", "", "Done. Your build exited with 1.",
        })
        assert.equal(3, found.failed_steps[1].exit_code)
        assert.equal(5, found.focus.before)
    end)

    it("without a note about an end, looks before what comes after the work", function()
        local found = read({
            "travis_time:start:0a\r\27[0K$ ./ci/run", "+make test", "fatal: broken", "store build cache",
            "cache uploaded", "Done. Your build exited with 1.",
        })
        assert.same({}, found.failed_steps)
        assert.same({ after = 1, before = 4, certain = false }, found.focus)
    end)
end)

describe("a log of GitHub Actions", function()
    it("has a step for each run group, and fails where the process ended with a code", function()
        local found = read({
            "2026-01-01T10:00:00.0000000Z ##[group]Run actions/checkout@v4",
            "2026-01-01T10:00:00.0000000Z ##[endgroup]",
            "2026-01-01T10:00:02.0000000Z ##[group]Run cargo test",
            "2026-01-01T10:00:02.0000000Z cargo test",
            "2026-01-01T10:00:02.0000000Z ##[endgroup]",
            "2026-01-01T10:00:05.0000000Z error[E0277]: no",
            "2026-01-01T10:00:06.5000000Z ##[error]Process completed with exit code 101.",
            "2026-01-01T10:00:07.0000000Z Post job cleanup.",
            "2026-01-01T10:00:07.0000000Z [command]/usr/bin/git version",
        })
        assert.equal("github-actions", found.ci)
        assert.same({ "Run actions/checkout@v4", "Run cargo test", "Post job cleanup." }, step_names(found))
        local step = found.failed_steps[1]
        assert.equal("Run cargo test", step.name)
        assert.equal(101, step.exit_code)
        assert.equal(4.5, step.duration_s)
        assert.same({ after = 5, before = 7, certain = true, exit_code = 101 }, found.focus)
    end)

    it("takes jobs and steps from what gh puts before lines", function()
        local lines = {}
        for i = 1, 40 do lines[i] = "build\tSet up job\t2026-01-01T10:00:00.0000000Z line " .. i end
        for i = 41, 70 do lines[i] = "build\tRun tests\t2026-01-01T10:00:01.0000000Z line " .. i end
        lines[71] = "build\tRun tests\t2026-01-01T10:00:01.0000000Z ##[error]Process completed with exit code 1."
        for i = 72, 90 do lines[i] = "build\tPost checkout\t2026-01-01T10:00:02.0000000Z line " .. i end
        for i = 91, 99 do lines[i] = "lint\tRun lint\t2026-01-01T10:00:03.0000000Z line " .. i end
        local found = read(lines)
        assert.equal(2, #found.jobs)
        assert.equal("build", found.jobs[1].name)
        assert.same({ "Set up job", "Run tests", "Post checkout", "Run lint" }, step_names(found))
        local step = found.failed_steps[1]
        assert.equal("Run tests", step.name)
        assert.equal("build", step.job)
        assert.equal(41, step.first_line)
        assert.equal(71, step.last_line)
        assert.equal("Run lint", log_text.step_at(found, 95).name)
    end)
end)

describe("a log of another system", function()
    it("GitLab: the last stage that did work failed", function()
        local found = read({
            "section_start:1560896352:prepare_executor\r\27[0KPreparing the \"docker\" executor",
            "Using Docker executor with image x",
            "section_start:1560896353:step_script\r\27[0KExecuting \"step_script\" stage of the job script",
            "$ make", "make: *** No rule to make target 'x'.  Stop.",
            "section_start:1560896354:cleanup\r\27[0KCleaning up project directory and file based variables",
            "ERROR: Job failed: exit code 2",
        })
        assert.equal("gitlab", found.ci)
        assert.equal("step_script", found.failed_steps[1].name)
        assert.equal(2, found.failed_steps[1].exit_code)
        assert.equal(3, found.focus.after)
        assert.equal(6, found.focus.before)
    end)

    it("Jenkins: the stage before those that were skipped failed", function()
        local found = read({
            "Started by user A", "[Pipeline] Start of Pipeline", "[Pipeline] { (Build)", "[Pipeline] sh", "+ make",
            "ok", "[Pipeline] }", "[Pipeline] { (Test)", "[Pipeline] sh", "+ make test", "Segmentation fault",
            "[Pipeline] }", "[Pipeline] { (Deploy)", "Stage \"Deploy\" skipped due to earlier failure(s)",
            "[Pipeline] }", "ERROR: script returned exit code 139", "Finished: FAILURE",
        })
        assert.equal("jenkins", found.ci)
        assert.equal("Test", found.failed_steps[1].name)
        assert.equal(139, found.failed_steps[1].exit_code)
    end)

    it("Azure: the section whose script ended with a code", function()
        local found = read({
            "2026-01-01T10:00:00.0000000Z ##[section]Starting: Build", "2026-01-01T10:00:00.0000000Z fine",
            "2026-01-01T10:00:00.0000000Z ##[section]Finishing: Build",
            "2026-01-01T10:00:00.0000000Z ##[section]Starting: Test", "2026-01-01T10:00:00.0000000Z AssertionError: no",
            "2026-01-01T10:00:00.0000000Z ##[error]Bash exited with code '1'.",
            "2026-01-01T10:00:00.0000000Z ##[section]Finishing: Test",
        })
        assert.equal("azure", found.ci)
        assert.equal("Test", found.failed_steps[1].name)
        assert.equal(1, found.failed_steps[1].exit_code)
    end)

    it("CircleCI, Buildkite and AppVeyor give the code", function()
        for line, ci in pairs({
            ["Exited with code exit status 3"] = "circleci", ["Command exited with code 3"] = "appveyor",
            ["\240\159\154\168 Error: The command exited with status 3"] = "buildkite",
        }) do
            local found = read({ "make", "broken", line })
            assert.equal(ci, found.ci)
            assert.equal(3, found.failed_steps[1].exit_code)
            assert.equal(3, found.focus.before)
        end
    end)

    it("is one step without any system's lines", function()
        local found = read({ "cc a.c", "a.c:1:1: error: no", "make: *** [a.o] Error 1" })
        assert.is_nil(found.ci)
        assert.equal(1, #found.jobs)
        assert.is_false(found.focus.certain)
        assert.equal(4, found.focus.before)
    end)

    it("of no lines has no step that failed", function()
        local found = read({})
        assert.same({}, found.failed_steps)
        assert.is_false(found.focus.certain)
    end)
end)
