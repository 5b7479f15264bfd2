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
            match = [[(?<runs>(?<!\d)\d+) (?:runs|tests), \d+ assertions, (?:[1-9]\d* failures, \d+ errors|]] ..
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
            match = [[(?<examples>(?<!\d)\d+) examples?, (?<failures>[1-9]\d*) failures?]],
            unless = [[^ *To rerun use: --match|^Finished in [\d.]+ (?:seconds, used|(?:micro|milli)seconds)]],
            class = "code bug", severity = "error", priority = 32,
            cause = "{failures} of {examples} examples failed; \"Failed examples:\" lists how to run each.",
            fix = "Run one alone with the seed of this run; `--bisect` finds examples that disturb each other.",
            commands = { "bundle exec rspec --only-failures" },
            docs = { "https://rspec.info/documentation/" },
            examples = {
                matches = { "4 examples, 2 failures, 1 pending" },
                rejects = { "4 examples, 0 failures",
                    "  To rerun use: --match \"/Basket/adds up/\"\n\nFinished in 0.0005 seconds\n2 examples, 1 failure",
                    "Finished in 100 microseconds\n2 examples, 1 failures, 0 errors, 0 pending" },
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
        {
            id = "jest.test_failed", title = "The test '{test}' failed",
            match = [[^\s*● (?!Console$|Validation |Deprecation |Multiple |Test suite failed|Cannot log|]] ..
                [[process\.exit)(?<test>\S.{0,200})$]],
            class = "code bug", severity = "error", priority = 45,
            cause = "Jest's block below says what was expected and what came.",
            fix = "Run it alone: `npx jest -t \"{test}\"`. If it passes there, it depends on other tests, on time " ..
                "or on the machine.",
            commands = { "npx jest -t \"{test}\"" },
            docs = { "https://jestjs.io/docs/cli#--testnamepatternregex" },
            examples = {
                matches = { "  ● cart › applies the discount" },
                rejects = { "  ● Console" },
            },
        },
        {
            id = "jest.suite_failed", title = "A test file could not be run",
            match = [[^\s*● (?:(?<file>\S+) › )?Test suite failed to run$]],
            class = "code bug", severity = "error", priority = 47,
            cause = "Jest could not load the file, so none of its tests ran; the error stands below.",
            fix = "Fix the error below: mostly an import that fails or syntax that no transform takes.",
            docs = { "https://jestjs.io/docs/code-transformation" },
            examples = {
                matches = { "  ● Test suite failed to run" },
                rejects = { "Test Suites: 1 failed, 1 total" },
            },
        },
        {
            id = "mocha.test_failed", title = "A test of '{suite}' failed",
            match = { [[^\s+[1-9]\d* failing$]], [[^\s+1\) (?<suite>\S.{0,200})]] },
            within = 4,
            class = "code bug", severity = "error", priority = 44,
            cause = "It is the first of the failed ones; its error stands below.",
            fix = "Run it alone with `--grep`. If it passes there, it depends on other tests, on time or on the " ..
                "machine.",
            commands = { "npx mocha --grep {suite}" },
            docs = { "https://mochajs.org/" },
            examples = {
                matches = { "  1 failing\n\n  1) cart\n       waits for the bank:" },
                rejects = { "  3 passing (12ms)" },
            },
        },
        {
            id = "minitest.test_failed", title = "The test {test} failed",
            match = { [[^\s*(?:\d+\) )?(?:Failure|Error):$]], [[^(?<test>[A-Z][\w:]*#test_\S+?):?(?: \[|$)]] },
            within = 2,
            class = "code bug", severity = "error", priority = 44,
            cause = "Its message and place stand below.",
            fix = "Run it alone, with the seed of this run.",
            docs = { "https://docs.seattlerb.org/minitest/" },
            examples = {
                matches = { "  1) Failure:\nCartTest#test_tax [test_cart.rb:5]:", "Error:\nCartTest#test_missing:" },
                rejects = { "Error:\nno such thing" },
            },
        },
        {
            id = "unittest.test_failed", title = "The test {test} failed",
            match = [[^(?<kind>ERROR|FAIL): (?<test>\w+ \([\w.]+\))]],
            class = "code bug", severity = "error", priority = 42,
            cause = "Its traceback stands below; ERROR means an exception, FAIL an assertion that does not hold.",
            fix = "Run it alone with `python -m unittest`.",
            docs = { "https://docs.python.org/3/library/unittest.html" },
            examples = {
                matches = {
                    "FAIL: test_tax (test_price.PriceTest.test_tax)",
                    "ERROR: test_missing (test_price.PriceTest)",
                },
                rejects = { "test_tax (test_price.PriceTest) ... FAIL" },
            },
        },
        {
            id = "rspec.example_failed", title = "The example '{example}' failed",
            match = { [[^\s+1\) (?<example>\S.{0,200})]], [[^\s+Failure/Error:]] },
            within = 3,
            class = "code bug", severity = "error", priority = 44,
            cause = "It is the first of the failed ones; expected and actual values stand below.",
            fix = "Run it alone with the line under \"Failed examples:\".",
            docs = { "https://rspec.info/documentation/" },
            examples = {
                matches = {
                    "  1) cart adds prices\n     Failure/Error: it(\"adds prices\") { expect([1, 2].sum).to eq(4) }",
                },
                rejects = { "  1) cart is translated\n     # Not yet implemented" },
            },
        },
        {
            id = "phpunit.test_failed", title = "The test {test} failed",
            match = { [[^There (?:was|were) \d+ (?:failure|error)s?:$]], [[^\d+\) (?<test>[\w\\]+::\w+)]] },
            within = 4,
            class = "code bug", severity = "error", priority = 44,
            cause = "It is the first of the failed ones; its message and place stand below.",
            fix = "Run it alone with `--filter`.",
            docs = { "https://docs.phpunit.de/" },
            examples = {
                matches = { "There was 1 failure:\n\n1) CartTest::testTax" },
                rejects = { "There was 1 skipped test:\n\n1) CartTest::testTax" },
            },
        },
        {
            id = "tap.test_failed", title = "The test '{test}' failed",
            match = [[^\s*#\s+Failed test ['"](?<test>.{1,200})['"]$]],
            class = "code bug", severity = "error", priority = 40,
            cause = "Test::More's lines below say what it got and what was expected.",
            fix = "Run its file with `prove -lv`.",
            docs = { "https://perldoc.perl.org/Test::More" },
            examples = {
                matches = { "#   Failed test 'multiplies'" },
                rejects = { "#   Failed (TODO) test 'multiplies'" },
            },
        },
    },
}
