-- Where test runners show what failed: headings above the blocks, the first line of a block, what was expected, and
-- the counts. `role` is what `lib.diagnose.explanation` weighs; its weights stand in `lib.diagnose.explanation_model`.
return {
    about = "Failure blocks and summaries of test runners",
    signals = {
        {
            id = "tests.heading", role = "failure_heading",
            why = "the failures are listed below this heading",
            match = [[^(?:\[(?:ERROR|error|INFO|info)\] ?)*]]
                .. [[\s*+(?:={3,}|-{3,}|\*{3,}|#+)?\s*(?:Failures|FAILURES|Failed tests|Failed Tests|FAILED TESTS]]
                .. [[|Failing tests|Failed examples|Offenses|Errors|ERRORS|Issues|Problems|Failed tests? summary]]
                .. [[|Summary of all failing tests|Failed scenarios|There (?:was|were) \d+ (?:failures?|errors?]]
                .. [[|problems?)|The following (?:tests|checks|files|errors|problems|issues)[^.]{0,40}(?:FAILED]]
                .. [[|failed|errors?|problems?|found)?)\s*+(?::[-(/]*+|!)?\s*(?:={3,}|-{3,}|\*{3,})?$]],
            examples = {
                matches = { "Failures:", "There was 1 failure:",
                    "=================================== FAILURES ===================================", "Offenses:",
                    "Issues :-(", "Failed tests:", "The following tests FAILED:" },
                rejects = { "Failures: 0", "Tests: 3, Failures: 0", "FAILURES OF THE PAST" },
            },
        },
        {
            id = "tests.failing_count", role = "failure_heading",
            why = "a count, with the failures below it",
            match = [[^\s*(?:[1-9]\d* (?:failing|failed|failures?)$|\[\s*(?:ERROR|FAILED)\s*\] [1-9]\d* (?:errors?]]
                .. [[|tests?), listed below:)]],
            examples = {
                matches = { "  2 failing", "[  ERROR   ] 9 errors, listed below:",
                    "[  FAILED  ] 1 test, listed below:" },
                rejects = { "  119 passing (8s)", "  0 failing" },
            },
        },
        {
            id = "tests.numbered", role = "failure_item",
            why = "a failure block that begins with its number (Mocha, RSpec, PHPUnit, ExUnit, minitest, Vim)",
            match = [[^\s{0,6}\d{1,4}\) (?=\S*[A-Za-z.:>]).{2}|^\s{1,4}\d{1,3}\) $]],
            examples = {
                matches = { "  1) Check challenges", "1) Composer\\Test\\SolverTest::testA", "  1) " },
                rejects = { "12) 3", "see step 1) there" },
            },
        },
        {
            id = "tests.go_fail", role = "failure_item",
            why = "a failed test of `go test`, its messages follow indented",
            match = [[^\s*--- FAIL: (?<name>\S+)]],
            examples = {
                matches = { "--- FAIL: TestSeparator (0.03s)", "    --- FAIL: TestAlpha/Meetups (0.00s)" },
                rejects = { "--- PASS: TestSeparator (0.03s)" },
            },
        },
        {
            id = "tests.tap_not_ok", role = "failure_item",
            why = "a failed test of a TAP producer",
            match = [[^\s*not ok \d{1,100}(?!.*# (?:TODO|SKIP|skip|todo))]],
            examples = {
                matches = { "not ok 23 dns - resolveTxtTCP" },
                rejects = { "ok 23 dns", "not ok 4 - x # TODO later" },
            },
        },
        {
            id = "tests.python_block", role = "failure_item",
            why = "a failure block of unittest or nose",
            match = [[^(?:FAIL|ERROR): (?<name>[\w.]+)(?: \(|$)]],
            examples = {
                matches = { "FAIL: test_a (tests.test_b.C)", "FAIL: tests.test_batch" },
                rejects = { "ERROR: no such file", "FAIL test/a.test.js" },
            },
        },
        {
            id = "tests.pytest_block", role = "failure_item",
            why = "a failure block of pytest",
            match = [[^_{3,} (?<name>\S.*\S) _{3,}$]],
            examples = {
                matches = { "__________________ test_web5_dhparam_is_used __________________" },
                rejects = { "____________" },
            },
        },
        {
            id = "tests.pytest_error", role = "assertion",
            why = "pytest marks what went wrong with E",
            match = [[^E   +\S]],
            examples = {
                matches = { "E         - Server Temp Key: DH, 1024 bits", "E   AssertionError: no" },
                rejects = { "Error in x" },
            },
        },
        {
            id = "tests.class_failed", role = "failure_item",
            why = "a failed test of Gradle or ScalaTest, the exception follows",
            match = [=[^\S.{2,200}(?: > .{1,200}| \(.{1,80}\)|\.\w+) FAILED$|^\s*(?:\[info\]]=]
                .. [[|\[error\])? ?- .{2,200} \*\*\* FAILED \*\*\*]],
            examples = {
                matches = { "io.x.RefCountTest > publishNoLeak FAILED", "[info] - should add *** FAILED ***" },
                rejects = { "io.x.RefCountTest > publishNoLeak SKIPPED", ":test FAILED" },
            },
        },
        {
            id = "tests.surefire", role = "failure_item",
            why = "a failed test of Maven's Surefire",
            match = [[(?:<<< (?:FAILURE|ERROR)!)]],
            examples = {
                matches = { "testA(com.x.T)  Time elapsed: 0.01 sec  <<< FAILURE!" },
                rejects = { "Time elapsed: 0.01 sec" },
            },
        },
        {
            id = "tests.surefire_list", role = "failure_item",
            why = "the summary of Maven's Surefire",
            match = [[^(?:\[ERROR\] {1,100})?(?:(?:Failed tests|Tests in error): +\S]]
                .. [[|\s*[A-Z][\w$]*[.>][\w$.>-]+:\d+(?:->\S+)? \S)]],
            examples = {
                matches = { "Failed tests:   testA(com.x.T): expected 3 but was 4",
                    "[ERROR]   CartTest.total:12 expected: <3> but was: <4>", "  CartTest.total:12 » NullPointer" },
                rejects = { "Failed tests: ", "at CartTest.java:12" },
            },
        },
        {
            id = "tests.bracket_failed", role = "failed_name",
            why = "a failed test of GoogleTest, busted, xUnit.net or Pester",
            match = [[^\s*\[\s*(?:FAILED|FAIL|  FAILED  |-|✗|x)\s*\]\s+(?![1-9]\d* tests?,)\S|\s\[FAIL\]$]],
            examples = {
                matches = { "[  FAILED  ] Suite.Case (3 ms)", "    My.Tests.Adds [FAIL]", "  [-] does it 12ms" },
                rejects = { "[  FAILED  ] 2 tests, listed below:", "[       OK ] Suite.Case", "[ PASSED ] 3" },
            },
        },
        {
            id = "tests.cross_mark", role = "failure_item",
            why = "a cross, dot or FAIL in front of the name of a failed test",
            match = [[^\s*(?:✖|✗|✘|×|❌|●|\x{1F6AB}|FAIL|FAILED|Failed|failed) {1,3}(?!to |at |in |with |on |for ]]
                .. [[|tests?(?: |:|$)|examples\b|steps?\b|scenarios?\b|because |after |during |\d)(?=.*[\w.])\S]],
            examples = {
                matches = { "  ● prevents doubling prefixes", " FAIL  test/autoprefixer.test.js (11.408s)",
                    "  ✗ renders", "✖ Variable $bd-warning is not being used!" },
                rejects = { "FAILED tests: 0", "Failed to open x", "passed" },
            },
        },
        {
            id = "tests.status_column", role = "failure_item",
            why = "a row of a table of results, or a mark of failure before a test's name",
            match = [=[^\s*+(?:(?:FAIL(?:ED|URE)?|ERROR|not ok|KO|[Ff]ailed) *\| *\S.{0,200}(?:\||$)]=]
                .. [=[|\([Xx]\) \S|\[X\] \S]=]
                .. [[|[│├└'|+ -]*(?:[└├+]─|[+'`]--) \S.{0,200} (?:✘|\[X\])(?: |$))]],
            examples = {
                matches = { "FAIL | walks the tree | expected 3, got 4", "(X) walks the tree (12ms)",
                    "   [X] expected: <3> but was: <4>", "   │  └─ walks() ✘ expected: <3> but was: <4>",
                    "'-- walks() [X] expected: <3> but was: <4>" },
                rejects = { "PASS | walks the tree", "[x] done", "(x, y)" },
            },
        },
        {
            id = "tests.unexpected", role = "failure_item",
            why = "harnesses of Mozilla's kind say that a result was not the expected one",
            match = [[\bTEST-UNEXPECTED-[A-Z]+ \||\bPROCESS-CRASH \|]],
            examples = {
                matches = { "TEST-UNEXPECTED-FAIL | dom/test.html | expected 3",
                    "PROCESS-CRASH | dom/a.html | [@ walk]" },
                rejects = { "TEST-EXPECTED-FAIL | dom/test.html", "TEST-PASS | a" },
            },
        },
        {
            id = "tests.minitest_block", role = "failure_item",
            why = "a failure block that begins with Failure: or Error: (minitest, QUnit, Julia)",
            match = [[^(?:Failure|Error|Test [Ff]ailed|Module Failed|FAILURE|Assertion Failed|Test Failed|ERROR)(?::]]
                .. [[| at)(?: .*)?$]],
            examples = {
                matches = { "Failure:", "Error:", "Module Failed: date-input", "Test Failed at /a/b.jl:3" },
                rejects = { "Failures:", "Errors: 0" },
            },
        },
        {
            id = "tests.in_parentheses", role = "failure_item",
            why = "the forms of Clojure, Perl, testthat, XCTest, Dart, VSTest and ERT",
            match = [[^(?:FAIL|ERROR|FAILURE|Error|Failure) in \(|^\s*#? {2,3}Failed (?:\(.*\) )?test(?: '|\b.{0,6}$]]
                .. [[| \d| at )|^── (?:\d+\. )?(?:Failure|Error)\b|^Test Case '.*' failed]]
                .. [[|^\d\d:\d\d (?:\+\d+ )?(?:~\d+ )?-\d+: .* \[E\]|^\s{0,4}X [\w.]+(?:\(.*\))? \[]]
                .. [[|^\s+FAILED +\d+/\d+ ]],
            examples = {
                matches = { "FAIL in (test-x) (core_test.clj:3)", "#   Failed test 'it works'",
                    "── 1. Failure: adds (@test-a.R#3) ────", "Test Case '-[T testA]' failed (0.3 seconds).",
                    "   FAILED  3/5  my-test" },
                rejects = { "Failed tests: 0", "Test Case '-[T testA]' passed (0.3 seconds)." },
            },
        },
        {
            id = "tests.rust_failed", role = "failed_name",
            why = "a failed test of libtest; its output is below",
            match = [[^test .+ \.\.\. FAILED$]],
            examples = {
                matches = { "test a::b ... FAILED" },
                rejects = { "test a::b ... ok" },
            },
        },
        {
            id = "tests.rust_output", role = "failure_item",
            why = "what a failed test of libtest said",
            match = [[^---- .+ stdout ----$]],
            examples = {
                matches = { "---- a::b stdout ----" },
                rejects = { "---- a::b ----" },
            },
        },
        {
            id = "tests.dots_fail", role = "failed_name",
            why = "a test's name, dots, and that it failed (nose, CTest, prove, Ant)",
            match = [[(?: |(?<!\.)\.)(?:\.\.\.+|\.\.\.\.\*\*\*|:) ?(?:FAIL|FAILED|ERROR|Failed|failed|\*+Failed]]
                .. [[|Dubious, test returned .*)(?: +[\d.]+ ?m?s(?:ec)?)?$]],
            examples = {
                matches = { "tests.demo.test_x ... FAIL", " 3/9 Test #3: walk ....***Failed    0.02 sec",
                    "t/a.t .... Dubious, test returned 1 (wstat 256, 0x100)" },
                rejects = { "tests.demo.test_x ... ok" },
            },
        },
        {
            id = "tests.word_failed", role = "failed_name",
            why = "the name of a test and that it failed",
            match = [=[^\s*[\w.:#/\\-]+(?: \[[^\]]*\])? (?:FAILED|FAIL|failed!)$]=],
            examples = {
                matches = { "test72 FAILED" },
                rejects = { "make FAILEDX" },
            },
        },
        {
            id = "tests.common_test", role = "failure_item",
            why = "a failed case of Erlang's Common Test, the reason follows",
            match = [[^\s*[\w.:/-]+ failed on line \d+$]],
            examples = {
                matches = { "inet_SUITE:t_gethostnative failed on line 696" },
                rejects = { "it failed on line" },
            },
        },
        {
            id = "tests.common_test_reason", role = "assertion",
            why = "the reason of a failure",
            match = [[^\s*(?:Reason|reason|Cause|cause|Details|Message|Error Message|Stack Trace|Exception)s?: ?\S?]],
            examples = {
                matches = { "Reason: case_clause", "  Error Message:" },
                rejects = { "Reasonable" },
            },
        },
        {
            id = "tests.expected", role = "assertion",
            why = "what was expected and what came",
            match = [[^\s*(?:[Ee]xpected|EXPECTED|[Aa]ctual|ACTUAL|[Gg]ot|GOT|[Rr]eceived|left|right|code]]
                .. [[|Evaluated)(?: value| result| output| to (?:equal|be))? ?:|\b(?:but (?:actual|was|got|found]]
                .. [[|received)|to equal|expected .{1,200} (?:got|but|to (?:be|equal|eq|match|contain|include|throw]]
                .. [[|have)))\b]],
            examples = {
                matches = { "Expected: true, Actual: false", "     left:  {:error, :refused}",
                    "expected 1 to equal 2", "expected 'a' but actual is 'b'" },
                rejects = { "as expected" },
            },
        },
        {
            id = "tests.assertion", role = "assertion",
            why = "an assertion that did not hold",
            match = [[\b(?:[Aa]ssertion(?: with .{1,8})? failed|Assertion.{0,10}[Ff]ail|AssertionError]]
                .. [[|AssertionFailedError|ComparisonFailure|Failed asserting that|Failure/Error:|assert(?:ion)? fail]]
                .. [[|CHECK failed|REQUIRE\(|not satisfied)]],
            examples = {
                matches = { "java.lang.AssertionError: 1", "Failed asserting that two strings are equal.",
                    "     Failure/Error: yield" },
                rejects = { "3 assertions" },
            },
        },
        {
            id = "tests.diff_marks", role = "difference",
            why = "the difference between what was expected and what came",
            match = [[^\s*(?:--- ?(?:expected|Expected|EXPECTED|a/.*)|\+\+\+ ?(?:actual|Actual|ACTUAL|b/.*)|@@ .*@@]]
                .. [[|[-+] Expected|[-+] Received|diff --git a/.*)]],
            examples = {
                matches = { "--- Expected", "+++ actual", "@@ -1 +1 @@", "diff --git a/x b/x" },
                rejects = { "---------" },
            },
        },
        {
            id = "tests.summary", role = "test_summary",
            why = "counts of failed tests",
            match = [[(?:\b\d+ (?:tests?|examples?|specs?|runs|doctests?|assertions]]
                .. [=[|scenarios?)\b.{0,300}\b[1-9]\d* (?:failures?|failed|errors?|errored)\b|\b[Ff]ailures?: +[1-9]]=]
                .. [[|\b[Ee]rrors?: +[1-9]|\bFAILED:? +[1-9]|\bfailed: [1-9]|test result: FAILED|(?<!\d)[1-9]\d* (?:]]
                .. [[tests?|specs?|examples?) (?:failed|FAILED)|Failed [1-9]\d*/\d+ (?:subtests|tests|test programs)]]
                .. [[|^Tests: .*\b[1-9]\d* failed|\(failures=[1-9]|\(errors=[1-9]|(?<!=)={3,} .{0,200}\b[1-9]\d* ]]
                    .. [[(?:failed]]
                .. [[|error).{0,200}={3,}|(?<!\d)[1-9]\d* of \d+ (?:tests?|specs?|steps?|scenarios?) failed|^FAILED \(]]
                    .. [[(?:failures]]
                .. [[|errors)|Executed \d+ of \d+ .{0,200}(?:FAILED|DISCONNECTED|ERROR))]],
            examples = {
                matches = { "655 tests, 1 failure", "Tests: 83, Assertions: 100, Failures: 1.",
                    "test result: FAILED. 3 passed; 1 failed", "FAILED (failures=2)", "Failed 1/13 subtests",
                    "=========== 3 failed, 9 passed in 3s ===========" },
                rejects = { "655 tests, 0 failures", "Tests: 83, Assertions: 100." },
            },
        },
    },
}
