-- What pytest, unittest, nose and their relatives print about tests that fail.

-- What a program that repeats another's output puts before each line: docker's build steps, services, tasks.
local P = [[^(?<prefix>(?:#\d+ \d+\.\d+ |\[[^\]\s]+\]:? |[\w.@/-]+(?:_\d+)? *\| )?)]]

-- An entry of pytest's tracebacks, in the project: of a file of tests, or any.
local function traceback(of_tests)
    return [[^(?!\S*(?:site-packages|/lib/python\d|/_pytest/))(?:/home/travis/build/[^/]+/[^/]+/]]
        .. [[|/home/runner/work/[^/]+/[^/]+/)?(?<file>(?:[^\s:]*[/\\])?]]
        .. (of_tests and [[(?:test_[^\s/:]*|[^\s/:]*_tests?|tests?)\.py]] or [[[^\s:]+\.(?:py|pyx|rst|txt|md)]])
        .. [[):(?<line>\d+): ]]
end

local failure = { within = 600, stop = [[^(?:_+ (?!_ )\S.* _+|=+ [^=].* =+)$]], take = [[^E\s+(\S.*)]], locate = {
    traceback(true), [[^self = <(?<module>[\w.]+)\.\w+(?: object at | testMethod=)]], traceback(false) } }

local base = {
    about = "results of tests in the output of pytest, unittest, nose, Twisted, stestr, behave and Robot Framework",
    test_readers = {
        {
            id = "tests.pytest", framework = "pytest",
            patterns = {
                banner = { match = P .. [[=+ (?<title>[^=\s].*?) =+$]], gives = "context", section = "{title}",
                    keep = 2000 },
                verbose = {
                    match = P .. [[(?<node>[^\s:]+\.(?:py|pyx|rst|txt|md|ipynb|ya?ml)(?:::.+?)?) (?:<- \S+ )?]]
                        .. [[(?:FAILED|ERROR)(?: +\([\d.]+ ?\w*\))?(?: +\[ *\d+%\])?\s*$]],
                    name = "{node}", keep = 10000,
                },
                worker = {
                    match = P .. [[\[gw\d+\](?: \[ *\d+%\])? (?:FAILED|ERROR) (?<node>\S+\.\w+(?:::.+?)?)\s*$]],
                    name = "{node}", keep = 10000,
                },
                summary = {
                    match = P .. [[(?:FAILED|ERROR|SUBFAIL) (?<node>[^\s:]+\.(?:py|pyx|rst|txt|md|ipynb|ya?ml)]]
                        .. [[(?:::(?:[^\[\s]|\[.*?\](?= - |$|::)|\[|(?<!-) (?!- ))*)?)(?: - (?<message>.*))?$]],
                    name = "{node}", message = "{message}", keep = 10000,
                },
                long_heading = {
                    match = P .. [[ (?=.{76})(?:(?<class>[A-Za-z_][\w.]*)\.)?(?<test>[A-Za-z_]\w*(?:\[.*\])?) _?$]],
                    inside = [[^(?:FAILURES|ERRORS)$]], keep = 10000,
                    name = { "{file}::{class}::{test}", "{module}::{class}::{test}", "{file}::{test}",
                        "{class}::{test}",
                        "{test}" },
                    alias = { "{class}.{test}", "{test}" }, below = failure,
                },
                heading = {
                    match = P .. [[_+ (?!_ )(?:\[doctest\] (?<doctest>\S+)|ERROR collecting (?<collected>\S.*?)]]
                        .. [[|(?:ERROR at (?:setup|teardown) of )?(?:(?<class>[A-Za-z_][\w.]*)\.)?(?<test>[^\s.\[]+]]
                                .. [[(?:\[.*\])?)]]
                        .. [[|(?<other>[^\s_].*?)) _+$]],
                    inside = [[^(?:FAILURES|ERRORS)$]],
                    name = { "{collected}", "{file}::{doctest}", "{doctest}", "{file}::{class}::{test}",
                        "{module}::{class}::{test}",
                        "{file}::{test}",
                        "{class}::{test}", "{test}", "{other}" },
                    alias = { "{collected}", "{doctest}", "{class}.{test}", "{test}", "{other}" }, keep = 10000,
                    below = failure,
                },
                sugar = {
                    match = P .. [[\s+- (?<file>[^\s:]+\.py):(?<line>\d+) (?<test>[\w.]+(?:\[.*\])?)\s*$]],
                        supporting = true,
                    name = "{file}::{test}", keep = 10000,
                },
                sugar_results = { match = P .. [[Results \([\d.]+s(?: \([\d:]+\))?\):]], gives = "context",
                    proves = true },
                sugar_total = { match = P .. [[ {4,}(?<words>\d+ (?:passed|failed|skipped|xfailed|error))\s*$]],
                    gives = "counts", partial = true, supporting = true },
                total = {
                    match = P .. [[(?:=+ )?(?<words>\d+ ]]
                            .. [[(?:failed|passed|skipped|errors?|xfailed|xpassed|deselected|warnings?)]]
                        .. [[(?:, \d+ (?:rerun|failed|passed|pytest-warnings|skipped|errors?|xfailed|xpassed|]]
                        .. [[deselected|warnings?|subtests passed))*)]]
                        .. [[ in \d[\d.:]*(?: ?s(?:econds)?)?(?: \([\d:]+\))?(?: =+)?\s*$]],
                    gives = "counts", keep = 2000,
                },
            },
            examples = {
                matches = {
                    [=[
pkg/test_math.py FF.FEs.                                                 [100%]

==================================== ERRORS ====================================
________________________ ERROR at setup of test_server _________________________
pkg/test_math.py:21: in server
    raise OSError("port taken")
E   OSError: port taken
=================================== FAILURES ===================================
______________________________ TestAdd.test_small ______________________________
pkg/test_math.py:8: in test_small
    assert 1 + 1 == 3
E   assert (1 + 1) == 3
___________________________ TestAdd.test_pairs[1-2] ____________________________
pkg/test_math.py:12: in test_pairs
    assert a == b, "differ"
E   AssertionError: differ
E   assert 1 == 2
_________________________________ test_raises __________________________________
pkg/test_math.py:16: in test_raises
    raise ValueError("bad - value")
E   ValueError: bad - value
=============== 3 failed, 2 passed, 1 skipped, 1 error in 0.02s ================]=],
                    [=[
tests/test_api.py::TestAuth::test_login FAILED                           [ 50%]
[gw1] [ 75%] FAILED tests/test_api.py::TestAuth::test_pairs[a - b]
tests/test_api.py::test_fine PASSED                                      [100%]

=================================== FAILURES ===================================
_____________________________ TestAuth.test_login ______________________________

self = <tests.test_api.TestAuth object at 0x7f31>

    def test_login(self):
>       assert status == 200
E       assert 500 == 200

tests/test_api.py:12: AssertionError
__________________________ TestAuth.test_pairs[a - b] __________________________

tests/helpers.py:8: in check
    raise ValueError("differ")
E   ValueError: differ
=========================== short test summary info ============================
FAILED tests/test_api.py::TestAuth::test_login - assert 500 == 200
FAILED tests/test_api.py::TestAuth::test_pairs[a - b] - ValueError: differ
==== 2 failed, 1 passed, 3 skipped, 1 xfailed, 4 warnings in 2.31s (0:00:02) ====]=],
                    [=[
==================================== ERRORS ====================================
_____________________ ERROR collecting pkg/test_broken.py ______________________
ImportError while importing test module '/home/dev/shop/pkg/test_broken.py'.
Hint: make sure your test modules/packages have valid Python names.
Traceback:
/usr/lib/python3.11/importlib/__init__.py:126: in import_module
    return _bootstrap._gcd_import(name[level:], package, level)
pkg/test_broken.py:1: in <module>
    import nowhere
E   ModuleNotFoundError: No module named 'nowhere'
=========================== short test summary info ============================
ERROR pkg/test_broken.py
!!!!!!!!!!!!!!!!!!!! Interrupted: 1 error during collection !!!!!!!!!!!!!!!!!!!!
=============================== 1 error in 0.04s ===============================]=],
                    [=[
 tests/test_a.py ✓✗                                                  100% ██████████

―――――――――――――――――――――――― TestA.test_total ――――――――――――――――――――――――

Results (0.31s):
       1 passed
       1 failed
         - tests/test_a.py:12 TestA.test_total]=],
                },
            },
            gives = {
                {
                    framework = "pytest", total = 6, passed = 2, skipped = 1,
                    failed = {
                        "pkg/test_math.py::test_server", "pkg/test_math.py::TestAdd::test_small",
                        "pkg/test_math.py::TestAdd::test_pairs[1-2]", "pkg/test_math.py::test_raises",
                    },
                    messages = {
                        "OSError: port taken", "assert (1 + 1) == 3", "AssertionError: differ",
                        "ValueError: bad - value",
                    },
                    places = {
                        "pkg/test_math.py:21", "pkg/test_math.py:8", "pkg/test_math.py:12", "pkg/test_math.py:16",
                    },
                },
                {
                    framework = "pytest", total = 4, passed = 1, skipped = 3,
                    failed = {
                        "tests/test_api.py::TestAuth::test_login", "tests/test_api.py::TestAuth::test_pairs[a - b]",
                    },
                    messages = { "assert 500 == 200", "ValueError: differ" },
                    places = { "tests/test_api.py:12", "tests/helpers.py:8" },
                },
                {
                    framework = "pytest", total = 1, passed = 0, skipped = 0,
                    failed = { "pkg/test_broken.py" },
                    messages = { "ModuleNotFoundError: No module named 'nowhere'" },
                    places = { "pkg/test_broken.py:1" },
                },
                {
                    framework = "pytest", total = 2, passed = 1, skipped = 0,
                    failed = { "tests/test_a.py::TestA.test_total" },
                    places = { "tests/test_a.py:12" },
                },
            },
        },
        {
            id = "tests.unittest", framework = "unittest",
            patterns = {
                test = {
                    match = { P .. [[={50,}$]],
                        P .. [[(?:FAIL|ERROR|UNEXPECTED SUCCESS)(?: \[[\d.]+s\])?: (?<name>\S.*?)\s*$]] },
                    within = 2, at_last = true, name = "{name}", keep = 10000, supporting = true,
                    below = { within = 200, from = [[^(?:-{20,}|={20,})$]], stop = [[^(?:={20,}|-{20,})$]],
                        pick = "last",
                        take = [[^(?!Traceback )([A-Za-z_][\w.]*(?:: .*)?)$]],
                        locate = { [[^  File "(?<file>[^"]+)", line (?<line>\d+), in test]],
                            [[^  File "(?![^"]*(?:/lib/python|site-packages))(?<file>[^"]+)", line (?<line>\d+)]] } },
                },
                of_class = { match = P .. [[(?:FAIL|ERROR)(?: \[[\d.]+s\])?: \w+ \([\w.]+\)]], gives = "context",
                    proves = true, keep = 1, transparent = true },
                trial = {
                    match = P .. [[\[(?:FAIL|ERROR)\]\s*$]], name = "{name}",
                    below = { within = 60, locate = [[^(?<name>\w+(?:\.\w+){2,})$]],
                        take = [[^((?:\w+\.)*\w+(?:Error|Exception|FailTest).*)]] },
                    keep = 10000,
                },
                worker = { match = [[^\{\d+\} (?<name>\S+(?: \[[\w,.-]+\])?) \[[\d.]+s\] \.\.\. FAILED\s*$]],
                    name = "{name}",
                    keep = 10000 },
                ran = { match = P .. [[Ran (?<total>\d+) tests? in [\d.]+ ?s]], gives = "counts", partial = true },
                failed = {
                    match = P .. [[(?:FAILED|OK) \((?<words>(?:[\w ]+=\d+(?:, )?)+)\)\s*$]], gives = "counts",
                        partial = true,
                },
                stestr_passed = { match = [[^ - Passed: (?<passed>\d+)$]], gives = "counts", partial = true },
                stestr_failed = { match = [[^ - Failed: (?<failed>\d+)$]], gives = "counts", partial = true },
                stestr_skipped = { match = [[^ - Skipped: (?<skipped>\d+)$]], gives = "counts", partial = true },
            },
            examples = {
                matches = {
                    [=[
Es.FF
======================================================================
ERROR: test_empty (__main__.Cart.test_empty)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "/home/dev/shop/pkg/old.py", line 10, in test_empty
    raise KeyError("items")
KeyError: 'items'

======================================================================
FAIL: test_sub (__main__.Cart.test_sub) (i=1)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "/home/dev/shop/pkg/old.py", line 15, in test_sub
    self.assertEqual(i, 0)
AssertionError: 1 != 0

======================================================================
FAIL: test_total (__main__.Cart.test_total)
The total is right.
----------------------------------------------------------------------
Traceback (most recent call last):
  File "/home/dev/shop/pkg/old.py", line 7, in test_total
    self.assertEqual(1, 2)
AssertionError: 1 != 2

----------------------------------------------------------------------
Ran 5 tests in 0.001s

FAILED (failures=2, errors=1, skipped=1)]=],
                    [=[
======================================================================
ERROR: Failure: ImportError (No module named 'cv2')
----------------------------------------------------------------------
Traceback (most recent call last):
  File "/home/dev/shop/tests/camera.py", line 5, in <module>
    import cv2
ImportError: No module named 'cv2'

======================================================================
FAIL: The basket adds up.
----------------------------------------------------------------------
Traceback (most recent call last):
  File "/usr/lib/python3/dist-packages/nose/case.py", line 198, in runTest
    self.test(*self.arg)
  File "/home/dev/shop/tests/basket.py", line 9, in check
    assert total == 3
AssertionError

----------------------------------------------------------------------
Ran 3 tests in 0.012s

FAILED (errors=1, failures=1)]=],
                    [=[
    test_total ...                                                       [FAIL]

===============================================================================
[SKIPPED]
later

pkg.old.Cart.test_later
===============================================================================
[FAIL]
Traceback (most recent call last):
    yield
    self._callTestMethod(testMethod)
    if method() is not None:
  File "/home/dev/shop/pkg/old.py", line 15, in test_sub
    self.assertEqual(i, 0)
    assertion_func(first, second, msg=msg)
    raise self.failureException(msg)
builtins.AssertionError: 1 != 0

pkg.old.Cart.test_sub
===============================================================================
[FAIL]
Traceback (most recent call last):
    yield
    self._callTestMethod(testMethod)
    if method() is not None:
  File "/home/dev/shop/pkg/old.py", line 7, in test_total
    self.assertEqual(1, 2)
    assertion_func(first, second, msg=msg)
    raise self.failureException(msg)
builtins.AssertionError: 1 != 2

pkg.old.Cart.test_total
===============================================================================
[ERROR]
Traceback (most recent call last):
    yield
    self._callTestMethod(testMethod)
    if method() is not None:
  File "/home/dev/shop/pkg/old.py", line 10, in test_empty
    raise KeyError("items")
builtins.KeyError: 'items'

pkg.old.Cart.test_empty
-------------------------------------------------------------------------------
Ran 5 tests in 0.088s

FAILED (skips=1, failures=2, errors=1, successes=1)]=],
                },
            },
            gives = {
                {
                    framework = "unittest", total = 5, passed = 1, skipped = 1,
                    failed = {
                        "test_empty (__main__.Cart.test_empty)", "test_sub (__main__.Cart.test_sub) (i=1)",
                        "test_total (__main__.Cart.test_total)",
                    },
                    messages = { "KeyError: 'items'", "AssertionError: 1 != 0", "AssertionError: 1 != 2" },
                    places = {
                        "/home/dev/shop/pkg/old.py:10", "/home/dev/shop/pkg/old.py:15", "/home/dev/shop/pkg/old.py:7",
                    },
                },
                {
                    framework = "unittest", total = 3, passed = 1, skipped = 0,
                    failed = { "Failure: ImportError (No module named 'cv2')", "The basket adds up." },
                    messages = { "ImportError: No module named 'cv2'", "AssertionError" },
                    places = { "/home/dev/shop/tests/camera.py:5", "/home/dev/shop/tests/basket.py:9" },
                },
                {
                    framework = "unittest", total = 5, passed = 1, skipped = 1,
                    failed = { "pkg.old.Cart.test_sub", "pkg.old.Cart.test_total", "pkg.old.Cart.test_empty" },
                    messages = {
                        "builtins.AssertionError: 1 != 0", "builtins.AssertionError: 1 != 2",
                        "builtins.KeyError: 'items'",
                    },
                },
            },
        },
        {
            id = "tests.behave", framework = "behave",
            patterns = {
                failing = { match = [[^Failing scenarios:\s*$]], gives = "list", name = "{title}", file = "{file}",
                    line = "{line}", list = { item = [[^  (?<file>\S+\.feature):(?<line>\d+)\s+(?<title>\S.*)$]],
                        stop = [[^\d+ features? passed]], message = { at_most = 0 } } },
                total = { match = [[^(?<passed>\d+) scenarios? passed, (?<failed>\d+) failed(?:, ]]
                        .. [[(?<errors>\d+) error)?, (?<skipped>\d+) skipped]],
                    gives = "counts" },
            },
            examples = {
                matches = {
                    [=[
Failing scenarios:
  features/basket.feature:12  Removing an item
  features/basket.feature:20  Emptying

0 features passed, 1 failed, 0 skipped
3 scenarios passed, 2 failed, 1 skipped
18 steps passed, 2 failed, 4 skipped, 0 undefined]=],
                },
            },
            gives = {
                {
                    framework = "behave", total = 5, passed = 3, skipped = 1,
                    failed = { "Removing an item", "Emptying" },
                    places = { "features/basket.feature:12", "features/basket.feature:20" },
                },
            },
        },
        {
            id = "tests.robot", framework = "Robot Framework",
            patterns = {
                test = { match = [[^(?<name>\S.*?) +\| FAIL \|\s*$]], name = "{name}", keep = 10000,
                    below = { within = 10, stop = [[^-{20,}$]], at_most = 2 } },
                -- A suite fails with its tests. (Of one line, roles are seen in the order of their names.)
                whole = { match = { [[^(?<name>\S.*?) +\| FAIL \|\s*$]], [[^\d+ tests?, \d+ passed]] }, within = 2,
                    gives = "recovered", name = "{name}", transparent = true },
                total = { match = [[^(?<total>\d+) tests?(?: total)?, (?<passed>\d+) passed, (?<failed>\d+) failed]]
                        .. [[(?:, (?<skipped>\d+) skipped)?]],
                    gives = "counts", counting = "last" },
            },
            examples = {
                matches = {
                    [=[
==============================================================================
Basket
==============================================================================
Adds Up                                                               | FAIL |
2 != 3
------------------------------------------------------------------------------
Is Empty                                                              | PASS |
------------------------------------------------------------------------------
Basket                                                                | FAIL |
2 tests, 1 passed, 1 failed
==============================================================================]=],
                },
            },
            gives = {
                {
                    framework = "Robot Framework", total = 2, passed = 1, skipped = 0,
                    failed = { "Adds Up" },
                    messages = { "2 != 3" },
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
