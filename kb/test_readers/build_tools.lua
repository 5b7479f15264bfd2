-- What the tools that build C and C++ and run their tests print about those that fail.

local base = {
    about = "results of tests in the output of CTest, Meson, Automake, LLVM lit, DejaGnu and Bazel",
    test_readers = {
        {
            id = "tests.ctest", framework = "CTest",
            yields_to = { "tests.googletest", "tests.catch2", "tests.doctest", "tests.boost", "tests.qttest" },
            patterns = {
                test = {
                    match = [[^ *\d+/\d+ Test +#\d+: (?<name>\S.*?) \.*\**(?:Failed|Exception: ]]
                        .. [[(?<why>\S+)|Timeout|Not Run)]]
                        .. [[(?<reason>  (?:.{0,200}?\S)??)?(?: +[\d.]+ sec)?\s*$]],
                    name = "{name}", message = { "{why}", "{reason}" }, keep = 10000,
                },
                listed = { match = [[^\s+\d+ - (?<name>\S.*?) \((?<why>Failed|SEGFAULT|Timeout|Not Run|Subprocess]]
                    .. [[ \w+|ILLEGAL|NUMERICAL|BAD_COMMAND|OTHER_FAULT|Child \w+|Bus error)\)(?: +\S+.*)?$]],
                    name = "{name}", message = "{why}", keep = 10000 },
                total = { match = [[^\d+% tests passed, (?<failed>\d+) tests? failed out of (?<total>\d+)]],
                    gives = "counts" },
            },
            examples = {
                matches = {
                    [=[
    Start 1: g
1/6 Test #1: g ................................***Failed    0.00 sec
    Start 2: c2
2/6 Test #2: c2 ...............................***Failed    0.00 sec
    Start 3: dt
3/6 Test #3: dt ...............................***Failed    0.00 sec
    Start 4: bo
4/6 Test #4: bo ...............................***Failed    0.00 sec
    Start 5: crash
5/6 Test #5: crash ............................***Exception: SegFault  0.00 sec
    Start 6: true
6/6 Test #6: true .............................   Passed    0.00 sec

17% tests passed, 5 tests failed out of 6

Total Test time (real) =   0.02 sec

The following tests FAILED:
	  1 - g (Failed)
	  2 - c2 (Failed)
	  3 - dt (Failed)
	  4 - bo (Failed)
	  5 - crash (SEGFAULT)
Errors while running CTest
Output from these tests are in: /home/dev/shop/b/Testing/Temporary/LastTest.log
Use "--rerun-failed --output-on-failure" to re-run the failed cases verbosely.]=],
                },
            },
            gives = {
                {
                    framework = "CTest", total = 6, passed = 1, skipped = 0,
                    failed = { "g", "c2", "dt", "bo", "crash" },
                    messages = { "Failed", "Failed", "Failed", "Failed", "SegFault" },
                },
            },
        },
        {
            id = "tests.meson", framework = "Meson",
            patterns = {
                test = { match = [[^\s*\d+/\d+ (?<name>\S(?:.*?\S)??) +(?:FAIL|TIMEOUT|ERROR|INTERRUPT)]]
                    .. [[(?: +[\d.]+ ?s)?]]
                    .. [[(?<why> .*)?$]], name = "{name}",
                    message = "{why}", keep = 10000, supporting = true },
                ok = { match = [[^Ok: +(?<passed>\d+)\s*$]], gives = "counts", partial = true },
                fail = { match = [[^Fail: +(?<failed>\d+)\s*$]], gives = "counts", partial = true },
                timeout = { match = [[^Timeout: +(?<errors>\d+)\s*$]], gives = "counts", partial = true },
                skipped = { match = [[^Skipped: +(?<skipped>\d+)\s*$]], gives = "counts", partial = true },
            },
            examples = {
                matches = {
                    [=[
1/3 basket:fine     OK              0.01s
2/3 basket:adds-up  FAIL            0.02s   exit status 1
3/3 basket:slow     TIMEOUT        30.01s   killed by signal 15 SIGTERM

Ok:                 1
Expected Fail:      0
Fail:               1
Unexpected Pass:    0
Skipped:            0
Timeout:            1]=],
                },
            },
            gives = {
                {
                    framework = "Meson", total = 3, passed = 1, skipped = 0,
                    failed = { "basket:adds-up", "basket:slow" },
                    messages = { "exit status 1", "killed by signal 15 SIGTERM" },
                },
            },
        },
        {
            id = "tests.automake", framework = "Automake",
            patterns = {
                test = { match = [[^(?:FAIL|XPASS|ERROR): (?<name>[\w./+-]+(?: \d+)?)(?: - (?<said>.*))?\s*$]],
                    name = "{name}", message = "{said}",
                    keep = 10000, supporting = true },
                pass = { match = [[^# PASS: +(?<passed>\d+)\s*$]], gives = "counts", partial = true },
                skip = { match = [[^# SKIP: +(?<skipped>\d+)\s*$]], gives = "counts", partial = true },
                fail = { match = [[^# FAIL: +(?<failed>\d+)\s*$]], gives = "counts", partial = true },
                error = { match = [[^# ERROR: +(?<errors>\d+)\s*$]], gives = "counts", partial = true },
            },
            examples = {
                matches = {
                    [=[
PASS: t-fine
FAIL: t-sum
ERROR: t-tap.sh - exited with status 127 (command not found?)
============================================================================
Testsuite summary for shop 1.0
============================================================================
# TOTAL: 3
# PASS:  1
# SKIP:  0
# XFAIL: 0
# FAIL:  1
# XPASS: 0
# ERROR: 1]=],
                },
            },
            gives = {
                {
                    framework = "Automake", total = 3, passed = 1, skipped = 0,
                    failed = { "t-sum", "t-tap.sh" },
                    messages = { "", "exited with status 127 (command not found?)" },
                },
            },
        },
        {
            id = "tests.lit", framework = "lit",
            patterns = {
                test = {
                    match = [[^(?:FAIL|UNRESOLVED|TIMEOUT|XPASS): (?<suite>\S.*?) :: (?<name>\S+) \(\d+ of \d+\)]],
                        name = "{name}",
                    suite = "{suite}", keep = 10000,
                    below = { within = 200, stop = [[^\*{20}$|^(?:PASS|FAIL): ]],
                        take = [[^(?:\S+: error: .*|error: .*)]],
                        locate = [[^(?<file>[^\s:]+):(?<line>\d+):\d+: error: ]] },
                },
                passed = { match = [[^  (?:Expected Passes *|Passed *): *(?<passed>\d+)]], gives = "counts",
                    partial = true, supporting = true },
                failed = { match = [[^  (?:Unexpected Failures *|Failed *): *(?<failed>\d+)]], gives = "counts",
                    partial = true, supporting = true },
            },
            examples = {
                matches = {
                    [=[
PASS: LLVM :: Basket/fine.ll (1 of 2)
FAIL: LLVM :: Basket/sum.ll (2 of 2)
******************** TEST 'LLVM :: Basket/sum.ll' FAILED ********************
Script:
--
: 'RUN: at line 1';   opt -S < sum.ll | FileCheck sum.ll
--
Exit Code: 1

Command Output (stderr):
--
sum.ll:4:10: error: CHECK: expected string not found in input
; CHECK: ret i32 3
         ^
--

********************
********************
Failed Tests (1):
  LLVM :: Basket/sum.ll


Testing Time: 0.20s
  Passed: 1
  Failed: 1]=],
                },
            },
            gives = {
                {
                    framework = "lit", total = 2, passed = 1, skipped = 0,
                    failed = { "Basket/sum.ll" },
                    messages = { "sum.ll:4:10: error: CHECK: expected string not found in input" },
                    places = { "sum.ll:4" },
                },
            },
        },
        {
            id = "tests.dejagnu", framework = "DejaGnu",
            patterns = {
                test = { match = [[^(?:FAIL|UNRESOLVED): (?<name>\S+/\S+(?: .*)?)$]], name = "{name}", keep = 10000,
                    supporting = true },
                passed = { match = [[^# of expected passes\s+(?<passed>\d+)]], gives = "counts", partial = true },
                failed = { match = [[^# of unexpected failures\s+(?<failed>\d+)]], gives = "counts", partial = true },
            },
            examples = {
                matches = {
                    [=[
FAIL: gcc.dg/sum.c (test for excess errors)
FAIL: gcc.dg/sum.c execution test

		=== gcc Summary ===

# of expected passes		12
# of unexpected failures	2]=],
                },
            },
            gives = {
                {
                    framework = "DejaGnu", total = 14, passed = 12, skipped = 0,
                    failed = { "gcc.dg/sum.c (test for excess errors)", "gcc.dg/sum.c execution test" },
                },
            },
        },
        {
            id = "tests.bazel", framework = "Bazel",
            patterns = {
                test = { match = [[^(?<name>(?:@[\w~.+-]*)?//\S+) +(?<why>FAILED TO BUILD|FAILED|TIMEOUT|NO STATUS)\b]],
                    name = "{name}",
                    message = "{why}", keep = 10000 },
                total = { match = [[^Executed \d+ out of (?<total>\d+) tests?: (?:(?<passed>\d+) tests? pass)?(?:.*?]]
                    .. [[(?<failed>(?<!\d)\d+) fail)?]], gives = "counts" },
            },
            examples = {
                matches = {
                    [=[
//core:basket_test                                                       PASSED in 0.3s
//core:sum_test                                                          FAILED in 0.4s
  /home/dev/.cache/bazel/testlogs/core/sum_test/test.log
//web:page_test                                                          TIMEOUT in 60.1s

Executed 3 out of 3 tests: 1 test passes and 2 fail locally.]=],
                },
            },
            gives = {
                {
                    framework = "Bazel", total = 3, passed = 1, skipped = 0,
                    failed = { "//core:sum_test", "//web:page_test" },
                    messages = { "FAILED", "TIMEOUT" },
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
