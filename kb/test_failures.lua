-- What test runners say at the end of a run that failed.

return {
    about = "What test runners say at the end of a run that failed",
    entries = {
        {
            id = "unittest.failed", title = "Tests of unittest failed",
            match = [[^FAILED \((?<what>(?:failures|errors)=\d+[^)]*)\)]],
            class = "code bug", severity = "error", priority = 32,
            cause = "unittest ended with {what}. Each failed test has a block that begins with `FAIL:` or " ..
                "`ERROR:` above.",
            fix = "Read the first block; errors are often setup (a missing module or file), failures a wrong result.",
            commands = { "python -m unittest -v --failfast" },
            docs = { "https://docs.python.org/3/library/unittest.html" },
            examples = {
                matches = { "FAILED (failures=1, errors=1)" },
                rejects = { "FAILED (expected failures=1)" },
            },
        },
        {
            id = "minitest.failed", title = "Tests of Minitest failed",
            match = [[(?<runs>\d+) (?:runs|tests), \d+ assertions, (?:[1-9]\d* failures, \d+ errors|]] ..
                [[0 failures, [1-9]\d* errors)]],
            class = "code bug", severity = "error", priority = 32,
            cause = "Of {runs} tests some failed; each has a block with its place above.",
            fix = "Run one alone with the seed of this run, for order may matter.",
            commands = { "bin/rails test FILE:LINE --seed SEED" },
            docs = { "https://docs.seattlerb.org/minitest/" },
            examples = {
                matches = { "3 runs, 3 assertions, 1 failures, 1 errors, 0 skips" },
                rejects = { "3 runs, 3 assertions, 0 failures, 0 errors, 0 skips" },
            },
        },
        {
            id = "rspec.failed", title = "Examples of RSpec failed",
            match = [[(?<examples>\d+) examples?, (?<failures>[1-9]\d*) failures?]],
            class = "code bug", severity = "error", priority = 32,
            cause = "{failures} of {examples} examples failed; \"Failed examples:\" lists how to run each.",
            fix = "Run one alone with the seed of this run; `--bisect` finds examples that disturb each other.",
            commands = { "bundle exec rspec --only-failures" },
            docs = { "https://rspec.info/documentation/" },
            examples = {
                matches = { "4 examples, 2 failures, 1 pending" },
                rejects = { "4 examples, 0 failures" },
            },
        },
        {
            id = "phpunit.failed", title = "Tests of PHPUnit failed",
            match = [[^Tests: (?<tests>\d+), Assertions: \d+, .{0,60}(?:Failures|Errors): [1-9]\d*]],
            class = "code bug", severity = "error", priority = 32,
            cause = "Of {tests} tests some failed; they are listed with their places above.",
            fix = "Run one alone with `--filter`.",
            commands = { "vendor/bin/phpunit --filter NAME" },
            docs = { "https://docs.phpunit.de/" },
            examples = {
                matches = { "Tests: 3, Assertions: 2, Errors: 1, Failures: 1." },
                rejects = { "OK (3 tests, 3 assertions)" },
            },
        },
        {
            id = "jest.failed", title = "Tests of Jest or Vitest failed",
            match = [[^\s*Tests:?\s+(?<failed>[1-9]\d*) failed]],
            class = "code bug", severity = "error", priority = 32,
            cause = "{failed} tests failed; each has a block that begins with `●` or `FAIL` above.",
            fix = "Run one file with `-t NAME`. If only CI fails, look at time zones, locale, speed and the order " ..
                "of files (`--runInBand`).",
            commands = { "npx jest FILE -t NAME" },
            docs = { "https://jestjs.io/docs/cli" },
            examples = {
                matches = { "Tests:       3 failed, 1 passed, 4 total", "      Tests  1 failed | 2 passed (3)" },
                rejects = { "Tests:       4 passed, 4 total" },
            },
        },
        {
            id = "mocha.failed", title = "Tests of Mocha or Cypress failed",
            match = [[^\s+(?<failed>[1-9]\d*) failing$]],
            class = "code bug", severity = "error", priority = 32,
            cause = "{failed} tests failed; they are numbered below.",
            fix = "Run one with `--grep`.",
            commands = { "npx mocha --grep NAME" },
            docs = { "https://mochajs.org/" },
            examples = {
                matches = { "  1 failing" },
                rejects = { "  3 passing (12ms)" },
            },
        },
        {
            id = "prove.failed", title = "Perl tests failed",
            match = [[(?:^Result: FAIL$|Failed (?<failed>\d+)/(?<total>\d+) (?:subtests|test programs))]],
            class = "code bug", severity = "error", priority = 28,
            cause = "A test file failed or died; \"Test Summary Report\" lists which tests.",
            fix = "Run one with `prove -lv`.",
            commands = { "prove -lv t/NAME.t" },
            docs = { "https://perldoc.perl.org/prove" },
            examples = {
                matches = { "Result: FAIL", "Failed 2/2 test programs. 2/5 subtests failed." },
                rejects = { "Result: PASS" },
            },
        },
    },
}
