-- What the test frameworks of C and C++ print about tests that fail.

local base = {
    about = "results of tests in the output of GoogleTest, Catch2, doctest, Boost.Test, Qt Test, Unity and Check",
    test_readers = {
        {
            id = "tests.googletest", framework = "GoogleTest", yields_to = { "tests.busted" },
            patterns = {
                test = {
                    match = [[^(?:\d+: )?\[  FAILED  \] (?<name>[^\s,]+)(?:, where .*| \(\d+ ms\))?\s*$]],
                    name = "{name}", keep = 10000,
                    before = { within = 100, since = [=[\[ RUN      \]]=],
                        locate = [[^(?:\d+: )?(?<file>[^\s:]+):(?<line>\d+): (?:Failure|error)]],
                        skip = [[: (?:Failure|error)$|\[ RUN ]], at_most = 4 },
                },
                ran = { match = [[^(?:\d+: )?\[==========\] (?:\d+ tests ran|(?<total>\d+) tests? from \d+ test ]]
                    .. [[(?:suites?|cases?) ran)]],
                    gives = "counts", partial = true, keep = 5000 },
                passed = { match = [[^(?:\d+: )?\[  PASSED  \] (?<passed>\d+) tests?]], gives = "counts",
                    partial = true, keep = 5000 },
                failed = { match = [[^(?:\d+: )?\[  FAILED  \] (?<failed>\d+) tests?, listed]], gives = "counts",
                    partial = true, keep = 5000 },
                skipped = { match = [[^(?:\d+: )?\[  SKIPPED \] (?<skipped>\d+) tests?, listed]], gives = "counts",
                    partial = true },
            },
            examples = {
                matches = {
                    [=[
Running main() from ./googletest/src/gtest_main.cc
[==========] Running 5 tests from 2 test suites.
[----------] Global test environment set-up.
[----------] 3 tests from Basket
[ RUN      ] Basket.AddsUp
/home/dev/shop/g.cpp:2: Failure
Expected equality of these values:
  3
  1 + 1
    Which is: 2
sums differ
[  FAILED  ] Basket.AddsUp (0 ms)
[ RUN      ] Basket.Fine
[       OK ] Basket.Fine (0 ms)
[ RUN      ] Basket.Later
/home/dev/shop/g.cpp:4: Skipped

[  SKIPPED ] Basket.Later (0 ms)
[----------] 3 tests from Basket (0 ms total)

[----------] 2 tests from All/Sizes
[ RUN      ] All/Sizes.AreOdd/0
[       OK ] All/Sizes.AreOdd/0 (0 ms)
[ RUN      ] All/Sizes.AreOdd/1
/home/dev/shop/g.cpp:6: Failure
Expected equality of these values:
  1
  GetParam() % 2
    Which is: 0
[  FAILED  ] All/Sizes.AreOdd/1, where GetParam() = 2 (0 ms)
[----------] 2 tests from All/Sizes (0 ms total)

[----------] Global test environment tear-down
[==========] 5 tests from 2 test suites ran. (0 ms total)
[  PASSED  ] 2 tests.
[  SKIPPED ] 1 test, listed below:
[  SKIPPED ] Basket.Later
[  FAILED  ] 2 tests, listed below:
[  FAILED  ] Basket.AddsUp
[  FAILED  ] All/Sizes.AreOdd/1, where GetParam() = 2

 2 FAILED TESTS]=],
                },
            },
            gives = {
                {
                    framework = "GoogleTest", total = 5, passed = 2, skipped = 1,
                    failed = { "Basket.AddsUp", "All/Sizes.AreOdd/1" },
                    messages = { "Expected equality of these values:", "Expected equality of these values:" },
                    places = { "/home/dev/shop/g.cpp:2", "/home/dev/shop/g.cpp:6" },
                },
            },
        },
        {
            id = "tests.catch2", framework = "Catch2",
            patterns = {
                test = {
                    match = [[^(?:\d+: )?(?<file>\S[^:(]*)[:(](?<line>\d+)\)?: FAILED:]], name = "{name}", keep = 10000,
                    above = { match = [[^(?:\d+: )?(?<name>(?!\S+[:(]\d+\)?$)[^\s\-.~=].*)$]],
                        after = [[^(?:\d+: )?-{79}$]],
                        within = 300 },
                    below = { within = 20, stop = [[^(?:\d+: )?(?:-{20,}|={20,}|\S+:\d+: (?:FAILED|PASSED):)]],
                        skip = [[^with expansion:]] },
                },
                compact = {
                    match = [[^(?:\d+: )?(?<file>[^\s:(]+)[:(](?<line>\d+)\)?: failed: (?<said>.*)$]],
                        name = "{file}:{line}",
                    message = "{said}", keep = 10000, supporting = true,
                },
                compact_total = {
                    match = [[^(?:\d+: )?Failed (?:(?:all|both) )?(?<failed>\d+)(?: of (?<total>\d+))? test cases?, ]],
                    gives = "counts", fallback = true,
                },
                total = {
                    match = [[^(?:\d+: )?test cases: +(?<total>\d+) \|(?<words>[^|]*passed)?(?: *\|)?(?: *]]
                        .. [[(?<failed>\d+) failed)?.*$]],
                    gives = "counts", keep = 5000,
                },
                ok = { match = [[^(?:\d+: )?All tests passed \(\d+ assertions? in (?<total>\d+) test cases?\)]],
                    gives = "counts", keep = 5000 },
            },
            examples = {
                matches = {
                    [=[
~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
c2 is a Catch v2.13.10 host application.
Run with -? for options

-------------------------------------------------------------------------------
Basket adds up
  small
-------------------------------------------------------------------------------
/home/dev/shop/c2.cpp:3
...............................................................................

/home/dev/shop/c2.cpp:3: FAILED:
  REQUIRE( 1 + 1 == 3 )
with expansion:
  2 == 3

-------------------------------------------------------------------------------
Basket throws
-------------------------------------------------------------------------------
/home/dev/shop/c2.cpp:4
...............................................................................

/home/dev/shop/c2.cpp:4: FAILED:
due to unexpected exception with message:
  no basket

===============================================================================
test cases: 2 | 2 failed
assertions: 3 | 1 passed | 2 failed]=],
                    [=[
/home/dev/shop/c2.cpp:3: failed: 1 + 1 == 3 for: 2 == 3
/home/dev/shop/c2.cpp:4: failed: unexpected exception with message: 'no basket'
Failed both 2 test cases, failed 2 assertions.]=],
                },
            },
            gives = {
                {
                    framework = "Catch2", total = 2, passed = 0, skipped = 0,
                    failed = { "Basket adds up", "Basket throws" },
                    messages = { "REQUIRE( 1 + 1 == 3 )", "due to unexpected exception with message:" },
                    places = { "/home/dev/shop/c2.cpp:3", "/home/dev/shop/c2.cpp:4" },
                },
                {
                    framework = "Catch2", total = 2, passed = 0, skipped = 0,
                    failed = { "/home/dev/shop/c2.cpp:3", "/home/dev/shop/c2.cpp:4" },
                    messages = { "1 + 1 == 3 for: 2 == 3", "unexpected exception with message: 'no basket'" },
                    places = { "/home/dev/shop/c2.cpp:3", "/home/dev/shop/c2.cpp:4" },
                },
            },
        },
        {
            id = "tests.doctest", framework = "doctest",
            patterns = {
                test = {
                    match = [[^(?:\d+: )?(?<file>\S[^:(]*)[:(](?<line>\d+)\)?: (?:FATAL )?ERROR: (?<said>.*)$]],
                        name = "{name}",
                    message = "{said}", keep = 10000,
                    above = { match = [[^(?:\d+: )?TEST CASE:  (?<name>\S.*)$]], within = 200 },
                    below = { within = 8, stop = [[^(?:\d+: )?(?:={20,}|$)]], at_most = 3 },
                },
                total = {
                    match = [[^(?:\d+: )?\[doctest\] test cases: +(?<total>\d+) \| +(?<passed>\d+) passed \| +]]
                        .. [[(?<failed>\d+) failed]]
                        .. [[(?: \| +(?<skipped>\d+) skipped)?]],
                    gives = "counts", keep = 5000,
                },
            },
            examples = {
                matches = {
                    [=[
[doctest] doctest version is "2.4.9"
[doctest] run with "--help" for options
===============================================================================
/home/dev/shop/dt.cpp:4:
TEST CASE:  basket adds up
  small

/home/dev/shop/dt.cpp:4: ERROR: CHECK( 1 + 1 == 3 ) is NOT correct!
  values: CHECK( 2 == 3 )

===============================================================================
/home/dev/shop/dt.cpp:5:
TEST CASE:  basket throws

/home/dev/shop/dt.cpp:5: ERROR: test case THREW exception: no basket

===============================================================================
[doctest] test cases: 3 | 1 passed | 2 failed | 0 skipped
[doctest] assertions: 1 | 0 passed | 1 failed |
[doctest] Status: FAILURE!]=],
                },
            },
            gives = {
                {
                    framework = "doctest", total = 3, passed = 1, skipped = 0,
                    failed = { "basket adds up", "basket throws" },
                    messages = { "values: CHECK( 2 == 3 )", "test case THREW exception: no basket" },
                    places = { "/home/dev/shop/dt.cpp:4", "/home/dev/shop/dt.cpp:5" },
                },
            },
        },
        {
            id = "tests.boost", framework = "Boost.Test",
            patterns = {
                test = {
                    match = [[^(?:\d+: )?(?<file>[^:(]+)[:(](?<line>\d+)\)?: (?:fatal )?error: in "(?<name>[^"]+)": ]]
                        .. [[(?<said>.*)$]],
                    name = "{name}", message = "{said}", keep = 10000,
                },
                total = { match = [[^(?:\d+: )?Running (?<total>\d+) test cases?\.\.\.]], gives = "counts",
                    partial = true },
            },
            examples = {
                matches = {
                    [=[
Running 3 test cases...
/home/dev/shop/bo.cpp(4): error: in "cart/adds_up": check 1 + 1 == 3 has failed [2 != 3]
unknown location(0): fatal error: in "cart/throws": std::runtime_error: no basket
/home/dev/shop/bo.cpp(5): last checkpoint: "throws" test entry

*** 2 failures are detected in the test module "basket"]=],
                },
            },
            gives = {
                {
                    framework = "Boost.Test", total = 3, passed = 1, skipped = 0,
                    failed = { "cart/adds_up", "cart/throws" },
                    messages = { "check 1 + 1 == 3 has failed [2 != 3]", "std::runtime_error: no basket" },
                    places = { "/home/dev/shop/bo.cpp:4", "unknown location:0" },
                },
            },
        },
        {
            id = "tests.qttest", framework = "Qt Test",
            patterns = {
                test = {
                    match = [[^(?:\d+: )?(?:FAIL!|XPASS)  : (?<name>\w+::\w+\([^)]*\)) (?<said>.*)$]], name = "{name}",
                    message = "{said}", keep = 10000,
                    below = { within = 6, stop = [[^(?:\d+: )?(?:PASS|FAIL!|SKIP)]],
                        locate = [[Loc: \[(?<file>[^()]+)\((?<line>\d+)\)]],
                        take = [[^\s+(Actual.*|Expected.*|'.*)]] },
                },
                total = { match = [[^(?:\d+: )?Totals: (?<words>\d+ passed, \d+ failed, \d+ skipped)]],
                    gives = "counts", keep = 5000 },
            },
            examples = {
                matches = {
                    [=[
********* Start testing of TestBasket *********
Config: Using QtTest library 5.15.8, Qt 5.15.8
PASS   : TestBasket::initTestCase()
FAIL!  : TestBasket::addsUp(small) Compared values are not the same
   Actual   (1 + 1): 2
   Expected (3)    : 3
   Loc: [../tests/tst_basket.cpp(21)]
PASS   : TestBasket::cleanupTestCase()
Totals: 2 passed, 1 failed, 0 skipped, 0 blacklisted, 1ms
********* Finished testing of TestBasket *********]=],
                },
            },
            gives = {
                {
                    framework = "Qt Test", total = 3, passed = 2, skipped = 0,
                    failed = { "TestBasket::addsUp(small)" },
                    messages = { "Actual   (1 + 1): 2" },
                    places = { "../tests/tst_basket.cpp:21" },
                },
            },
        },
        {
            id = "tests.unity", framework = "Unity",
            patterns = {
                test = { match = [[^(?<file>[^\s:]+):(?<line>\d+):(?<name>\w+):FAIL(?:: ?(?<said>.*))?$]],
                    name = "{name}", message = "{said}",
                    keep = 10000 },
                total = { match = [[^(?<total>\d+) Tests (?<failed>\d+) Failures (?<skipped>\d+) Ignored]],
                    gives = "counts" },
            },
            examples = {
                matches = {
                    [=[
test/test_basket.c:14:test_AddsUp:FAIL: Expected 3 Was 2
test/test_basket.c:19:test_IsEmpty:PASS

-----------------------
2 Tests 1 Failures 0 Ignored
FAIL]=],
                },
            },
            gives = {
                {
                    framework = "Unity", total = 2, passed = 1, skipped = 0,
                    failed = { "test_AddsUp" },
                    messages = { "Expected 3 Was 2" },
                    places = { "test/test_basket.c:14" },
                },
            },
        },
        {
            id = "tests.check", framework = "Check",
            patterns = {
                test = {
                    match = [[^(?<file>[^\s:]+):(?<line>\d+):[FE]:(?<case>[^:]*):(?<name>[^:]+):\d+: (?<said>.*)$]],
                    name = "{name}",
                    message = "{said}", keep = 10000, suite = "{case}" },
                total = { match = [[^\d+%: Checks: (?<total>\d+), Failures: (?<failed>\d+), Errors: (?<errors>\d+)]],
                    gives = "counts" },
            },
            examples = {
                matches = {
                    [=[
Running suite(s): Basket
50%: Checks: 2, Failures: 1, Errors: 0
check_basket.c:12:F:Core:test_adds_up:0: Assertion 'sum == 3' failed: sum == 2, 3 == 3]=],
                },
            },
            gives = {
                {
                    framework = "Check", total = 2, passed = 1, skipped = 0,
                    failed = { "test_adds_up" },
                    messages = { "Assertion 'sum == 3' failed: sum == 2, 3 == 3" },
                    places = { "check_basket.c:12" },
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
