-- What the test runners of Perl, Lua, R, Julia, Haskell, OCaml, Dart and shells print about tests that fail.

local base = {
    about = "results of tests in the output of runners of Perl, Lua, R, Julia, Haskell, OCaml, Dart, Zig and shells",
    test_readers = {
        {
            id = "tests.prove", framework = "prove",
            patterns = {
                test = {
                    match = [[^\s*# {3}Failed test (?:'(?<name>.+)'|at (?<file>\S+) line (?<line>\d+)\.)\s*$]],
                    name = { "{name}", "{file} line {line}" }, keep = 10000,
                    below = { within = 12, stop = [[^\s*# {3}Failed test|^\s*(?:not )?ok ]],
                        locate = [[^\s*# {3}(?:in|at) (?<file>\S+)(?: at)? line (?<line>\d+)]],
                        take = [[^\s*# {6,}(\S.*)$]] },
                },
                file = { match = [[^(?<name>\S+\.t) +\(Wstat: \d+(?: \([^)]*\))? Tests: \d+ Failed: ]]
                    .. [[(?<count>[1-9]\d*)\)]], name = "{name}", weak = true, keep = 5000 },
                died = { match = [[^(?<name>\S+\.t) +\(Wstat: [1-9]\d*(?: \([^)]*\))? Tests: \d+ Failed: 0\)]],
                    name = "{name}", keep = 5000 },
                failed = { match = [[^Failed (?<failed>\d+)/\d+ subtests]], gives = "counts", partial = true },
                total = { match = [[^Files=\d+, Tests=(?<total>\d+), ]], gives = "counts", partial = true },
            },
            examples = {
                matches = {
                    [=[
#   Failed test 'adds up'
#   at t/basket.t line 3.
#          got: '2'
#     expected: '3'

#   Failed test at t/basket.t line 4.
# Looks like you failed 2 tests of 3.
t/basket.t ..
Dubious, test returned 2 (wstat 512, 0x200)
Failed 2/3 subtests
no module
t/dies.t ....
Dubious, test returned 255 (wstat 65280, 0xff00)
No subtests run

Test Summary Report
-------------------
t/basket.t (Wstat: 512 (exited 2) Tests: 3 Failed: 2)
  Failed tests:  2-3
  Non-zero exit status: 2
t/dies.t  (Wstat: 65280 (exited 255) Tests: 0 Failed: 0)
  Non-zero exit status: 255
  Parse errors: No plan found in TAP output
Files=2, Tests=3,  1 wallclock secs ( 0.01 usr  0.01 sys +  0.03 cusr  0.01 csys =  0.06 CPU)
Result: FAIL]=],
                },
            },
            gives = {
                {
                    framework = "prove", total = 3, passed = 1, skipped = 0,
                    failed = { "adds up", "t/basket.t line 4", "t/dies.t" },
                    messages = { "got: '2'", "", "" },
                    places = { "t/basket.t:3", "t/basket.t:4", "" },
                },
            },
        },
        {
            id = "tests.busted", framework = "busted",
            patterns = {
                test = {
                    match = [[^(?:Failure|Error) (?:→|->) (?<file>\S+) @ (?<line>\d+)\s*$]], name = "{name}",
                        keep = 10000,
                    below = { within = 12, locate = [[^(?<name>(?!\S+:\d+: )\S.*)$]], take = [[^\S+:\d+: (.*)$]],
                        at_most = 1 },
                },
                gtest = {
                    match = [[^\[ {2}(?:FAILED {2}|ERROR {3})\] (?<file>[^\s:]+) @ (?<line>\d+): (?<name>\S]]
                        .. [[(?:.*?\S)??)]]
                        .. [[(?: \([\d.]+ ms\))?\s*$]],
                    name = "{name}", keep = 10000, below = { within = 12, stop = [[^\[ ]] },
                },
                gtest_files = { match = [[^\[-{10}\] (?:Running tests from \S+\.lua|\d+ tests? from \S+\.lua )]],
                    gives = "context", proves = true },
                gtest_passed = { match = [[^\[ {2}PASSED {2}\] (?<passed>\d+) tests?\.]], gives = "counts",
                    partial = true,
                    supporting = true },
                gtest_failed = { match = [[^\[ {2}FAILED {2}\] (?<failed>\d+) tests?, listed]], gives = "counts",
                    partial = true, supporting = true },
                gtest_errors = { match = [[^\[ {2}ERROR {3}\] (?<errors>\d+) errors?, listed]], gives = "counts",
                    partial = true, supporting = true },
                gtest_skipped = { match = [[^\[ SKIPPED {2}\] (?<skipped>\d+) tests?, listed]], gives = "counts",
                    partial = true, supporting = true },
                total = { match = [[^(?<words>\d+ success(?:es)? / \d+ failures? / \d+ errors? / \d+ pending)]],
                    gives = "counts" },
            },
            examples = {
                matches = {
                    [=[
-*+.
1 success / 1 failure / 1 error / 1 pending : 0.000689 seconds

Pending -> basket_spec.lua @ 5
basket later

Failure -> basket_spec.lua @ 2
basket adds up
basket_spec.lua:2: Expected objects to be equal.
Passed in:
(number) 2
Expected:
(number) 3

Error -> basket_spec.lua @ 3
basket explodes
basket_spec.lua:3: no basket]=],
                    [=[
[----------] Running tests from spec/basket_spec.lua
[ RUN      ] basket adds up: FAIL
spec/basket_spec.lua:2: Expected objects to be equal.

[ RUN      ] basket is fine: 0.02 ms OK
[----------] 2 tests from spec/basket_spec.lua (0.51 ms total)

[==========] 2 tests from 1 test file ran. (0.72 ms total)
[  PASSED  ] 1 test.
[  FAILED  ] 1 test, listed below:
[  FAILED  ] spec/basket_spec.lua @ 2: basket adds up
spec/basket_spec.lua:2: Expected objects to be equal.]=],
                },
            },
            gives = {
                {
                    framework = "busted", total = 3, passed = 1, skipped = 1,
                    failed = { "basket adds up", "basket explodes" },
                    messages = { "Expected objects to be equal.", "no basket" },
                    places = { "basket_spec.lua:2", "basket_spec.lua:3" },
                },
                {
                    framework = "busted", total = 2, passed = 1, skipped = 0,
                    failed = { "basket adds up" },
                    messages = { "spec/basket_spec.lua:2: Expected objects to be equal." },
                    places = { "spec/basket_spec.lua:2" },
                },
            },
        },
        {
            id = "tests.testthat", framework = "testthat",
            patterns = {
                test = {
                    match = [[^\s*(?:[-─]+ )?(?:\d+\. )?(?:Failure|Error|FAILURE|ERROR) \('?(?<file>[^():']+?)(?::]]
                        .. [[(?<line>\d+))?(?::\d+)?'?\): (?<name>\S(?:.*?\S)??)(?: [─-]{2,400})?\s{0,9}$]],
                    name = "{name}", keep = 10000, below = { within = 10, stop = [[^\s*(?:──|\[ FAIL)]] },
                },
                total = { match = [[^\s*\[ FAIL (?<failed>\d+) \| WARN \d+ \| SKIP (?<skipped>\d+) \| PASS ]]
                    .. [[(?<passed>\d+) \]\s*$]], gives = "counts", counting = "last" },
            },
            examples = {
                matches = {
                    [=[
══ Failed tests ════════════════════════════════════════════════════════════════
── Failure (test-basket.R:3:3): basket adds up ─────────────────────────────────
1 + 1 not equal to 3.
1/1 mismatches

[ FAIL 1 | WARN 0 | SKIP 1 | PASS 12 ]]=],
                    [=[
Failure ('test-basket.R:5:3'): basket is empty
total() (`actual`) not equal to 0 (`expected`).

[ FAIL 1 | WARN 0 | SKIP 0 | PASS 2 ]]=],
                },
            },
            gives = {
                {
                    framework = "testthat", total = 13, passed = 12, skipped = 1,
                    failed = { "basket adds up" },
                    messages = { "1 + 1 not equal to 3." },
                    places = { "test-basket.R:3" },
                },
                {
                    framework = "testthat", total = 3, passed = 2, skipped = 0,
                    failed = { "basket is empty" },
                    messages = { "total() (`actual`) not equal to 0 (`expected`)." },
                    places = { "test-basket.R:5" },
                },
            },
        },
        {
            id = "tests.julia", framework = "Julia Test",
            patterns = {
                test = {
                    match = [[^(?<name>\S.{0,500}?): (?:Test Failed|Error During Test) at (?<file>\S.*?):]]
                        .. [[(?<line>\d+)\s*$]],
                        name = "{name} ({file}:{line})", keep = 10000,
                    below = { within = 8, stop = [[^\S]] },
                },
            },
            examples = {
                matches = {
                    [=[
adds up: Test Failed at /home/dev/shop/test/runtests.jl:5
  Expression: 1 + 1 == 3
   Evaluated: 2 == 3

Stacktrace:
 [1] macro expansion
Test Summary: | Pass  Fail  Total
basket        |    1     1      2]=],
                },
            },
            gives = {
                {
                    framework = "Julia Test",
                    failed = { "adds up (/home/dev/shop/test/runtests.jl:5)" },
                    messages = { "Expression: 1 + 1 == 3" },
                    places = { "/home/dev/shop/test/runtests.jl:5" },
                },
            },
        },
        {
            id = "tests.hspec", framework = "Hspec",
            patterns = {
                rerun = { match = [[^\s*To rerun use: --match "(?<name>/.*/)"]], name = "{name}", keep = 10000,
                    before = { within = 20, since = [[^\s+\d+\) ]] } },
                total = { match = [[^\s*(?<total>\d+) examples?, (?<failed>\d+) failures?(?:, ]]
                    .. [[(?<skipped>\d+) pending)?\s*$]], gives = "counts", supporting = true },
            },
            examples = {
                matches = {
                    [=[
Failures:

  test/BasketSpec.hs:8:18:
  1) Basket.total adds up
       expected: 3
        but got: 2

  To rerun use: --match "/Basket/total/adds up/"

Randomized with seed 1200

Finished in 0.0005 seconds
2 examples, 1 failure]=],
                },
            },
            gives = {
                {
                    framework = "Hspec", total = 2, passed = 1, skipped = 0,
                    failed = { "/Basket/total/adds up/" },
                    messages = { "expected: 3" },
                },
            },
        },
        {
            id = "tests.tasty", framework = "Tasty",
            patterns = {
                test = { match = [[^ +(?<name>\S.*?): +FAIL(?: \([\d.]+s\))?\s*$]], name = "{name}", keep = 10000,
                    supporting = true,
                    below = { within = 12 } },
                total = { match = [[^(?<failed>\d+) out of (?<total>\d+) tests failed \(]], gives = "counts" },
            },
            examples = {
                matches = {
                    [=[
Basket
  adds up:  FAIL
    test/Main.hs:9:
    expected: 3
     but got: 2
  is empty: OK

1 out of 2 tests failed (0.00s)]=],
                },
            },
            gives = {
                {
                    framework = "Tasty", total = 2, passed = 1, skipped = 0,
                    failed = { "adds up" },
                    messages = { "test/Main.hs:9:" },
                },
            },
        },
        {
            id = "tests.alcotest", framework = "Alcotest",
            patterns = {
                test = { match = [[^[> ] \[FAIL\] {4,}(?<suite>\S(?:.*?\S)??) {2,}(?<number>\d+) {2,}(?<name>\S]]
                    .. [[(?:.*?\S)??)\.?\s*$]],
                    name = "{suite} {number} {name}", keep = 10000 },
                total = { match = [[^(?<failed>\d+) failures?! in [\d.]+s\. (?<total>\d+) tests? run\.]],
                    gives = "counts" },
            },
            examples = {
                matches = {
                    [=[
  [OK]          basket          0   is empty.
> [FAIL]        basket          1   adds up.

1 failure! in 0.001s. 2 tests run.]=],
                },
            },
            gives = {
                {
                    framework = "Alcotest", total = 2, passed = 1, skipped = 0,
                    failed = { "basket 1 adds up" },
                },
            },
        },
        {
            id = "tests.dart", framework = "Dart test",
            patterns = {
                test = { match = [[^(?:.{0,500}\s)?\d\d:\d\d \+\d+(?: ~\d+)?(?: -\d+)?: (?:(?<suite>\S+\.dart): )?]]
                    .. [[(?<name>\S.*?) \[E\]\s*$]],
                    name = "{name}", keep = 10000, below = { within = 10 } },
                total = { match = [[^(?:.*\s)?\d\d:\d\d \+(?<passed>\d+)(?: ~(?<skipped>\d+))?(?: -(?<failed>\d+))?: ]]
                    .. [[(?:Some tests failed|All tests passed)]], gives = "counts" },
            },
            examples = {
                matches = {
                    [=[
00:01 +0: test/basket_test.dart: is empty
00:01 +1: test/basket_test.dart: adds up
00:01 +1 -1: test/basket_test.dart: adds up [E]
  Expected: <3>
    Actual: <2>

00:01 +1 -1: Some tests failed.]=],
                },
            },
            gives = {
                {
                    framework = "Dart test", total = 2, passed = 1, skipped = 0,
                    failed = { "adds up" },
                    messages = { "Expected: <3>" },
                },
            },
        },
        {
            id = "tests.zig", framework = "Zig test",
            patterns = {
                test = { match = [[^(?:\d+/\d+ |error: ')(?<name>[\w.]*test\.\S.*?)(?:\.\.\. ?FAIL|' failed:) ?\(?]]
                    .. [[(?<said>[^)]*)\)?]], name = "{name}", message = "{said}",
                    keep = 10000, below = { within = 6, take = "^(?!)",
                        locate = [[^(?<file>[^\s:]+\.zig):(?<line>\d+):\d+: ]] } },
                total = { match = [[^(?<passed>\d+) passed; (?<skipped>\d+) skipped; (?<failed>\d+) failed\.]],
                    gives = "counts" },
            },
            examples = {
                matches = {
                    [=[
Test [1/2] test.fine... OK
Test [2/2] test.adds up... FAIL (TestUnexpectedResult)
/home/dev/shop/basket.zig:6:5: 0x103 in test.adds up (test)
1 passed; 0 skipped; 1 failed.
error: 'basket.test.adds up' failed: expected 3, found 2]=],
                },
            },
            gives = {
                {
                    framework = "Zig test", total = 2, passed = 1, skipped = 0,
                    failed = { "basket.test.adds up" },
                    messages = { "expected 3, found 2" },
                },
            },
        },
        {
            id = "tests.bats", framework = "Bats",
            patterns = {
                test = { match = [[^ ✗ (?<name>\S(?:.*?\S)??)\s*$]], name = "{name}", keep = 10000,
                    below = { within = 12, stop = "^ [✓✗-] ",
                        locate = [[in test file (?<file>[^\s,]+), line (?<line>\d+)]] }, supporting = true },
                place = { match = [[^\s+\((?:from function .*)?in test file \S+, line \d+\)]], gives = "context",
                    proves = true,
                    transparent = true },
                total = { match = [[^(?<total>\d+) tests?, (?<failed>\d+) failures?(?:, (?<skipped>\d+) skipped)?]]
                    .. [[(?: in \S+.*)?\s*$]], gives = "counts", supporting = true },
            },
            examples = {
                matches = {
                    [=[
 ✓ is empty
 ✗ adds up
   (in test file basket.bats, line 2)
     `[ 2 -eq 3 ]' failed

2 tests, 1 failure]=],
                },
            },
            gives = {
                {
                    framework = "Bats", total = 2, passed = 1, skipped = 0,
                    failed = { "adds up" },
                    messages = { "(in test file basket.bats, line 2)" },
                    places = { "basket.bats:2" },
                },
            },
        },
    },
}

-- Patterns of ASCII find the same in bytes, with much less to compile.
for _, reader in ipairs(base.test_readers) do
    for _, pattern in pairs(reader.patterns) do
        local text = type(pattern.match) == "table" and table.concat(pattern.match) or pattern.match
        if not text:find("[\128-\255]") then pattern.flags = "b" end
    end
end

return base
