-- What unittest, nose and their relatives print about tests that fail.

-- What a program that repeats another's output puts before each line: docker's build steps, services, tasks.
local P = [[^(?<prefix>(?:#\d+ \d+\.\d+ |\[[^\]\s]+\]:? |[\w.@/-]+(?:_\d+)? *\| )?)]]

-- The block of a failed test of unittest: a ruler, the traceback, what was raised.
local case = { within = 200, from = [[^(?:-{20,}|={20,})$]], stop = [[^(?:={20,}|-{20,})(?:$| >> )]],
    pick = "last",
    take = [[^(?!Traceback )([A-Za-z_][\w.]*(?:: .*)?)$]],
    locate = { [[^  File "(?<file>[^"]+)", line (?<line>\d+), in test]],
        [[^  File "(?![^"]*(?:/lib/python|site-packages))(?<file>[^"]+)", line (?<line>\d+)]] } }

local base = {
    about = "results of tests in the output of unittest, nose, Twisted, stestr, behave and Robot Framework",
    test_readers = {
        {
            id = "tests.unittest", framework = "unittest",
            setup = [[\b_FailedTest\b|^Failure: \w+ \(]],
            patterns = {
                test = {
                    match = { P .. [[={50,}$]],
                        P .. [[(?:FAIL|ERROR|UNEXPECTED SUCCESS)(?: \[[\d.]+s\])?: (?<name>\S(?:.*?\S)??)\s*$]] },
                    within = 2, at_last = true, name = "{name}", keep = 10000, supporting = true, below = case,
                },
                of_class = {
                    match = P .. [[(?:FAIL|ERROR)(?: \[[\d.]+s\])?: (?<name>\w+ \([\w.]+\)(?: ?[\[(].*)?)\s*$]],
                    name = "{name}", keep = 10000, below = case,
                },
                green = {
                    match = P .. [[(?:Failure|Error) in (?:test )?(?<name>\w+(?:\.\w+){2,}|\w+ \([\w.]+\))\s*$]],
                    name = "{name}", keep = 10000, supporting = true,
                    below = { within = 60, stop = [[^(?:Failure|Error) in |^Ran ]], pick = "last", take = case.take,
                        locate = case.locate },
                },
                zope = {
                    match = P .. [[ *Ran (?<total>\d+) tests with (?<failed>\d+) failures, (?<errors>\d+) errors]]
                        .. [[(?:,| and) (?<skipped>\d+) skipped]],
                    gives = "counts", partial = true,
                },
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
                    match = P .. [[(?:FAILED|OK) \((?<words>\w[\w ]*=\d+(?:, \w[\w ]*=\d+)*+)\)\s*$]], gives = "counts",
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
-------------------- >> begin captured logging << --------------------
shop: DEBUG: loaded
--------------------- >> end captured logging << ---------------------

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
                    [=[
Failure in tests.test_basket.TestBasket.test_total
  File "/home/dev/shop/tests/test_basket.py", line 9, in test_total
    self.assertEqual(1 + 1, 3)
AssertionError: 2 != 3

Ran 2 tests in 0.101s using 2 processes

FAILED (failures=1, passes=1)]=],
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
                {
                    framework = "unittest", total = 2, passed = 1, skipped = 0,
                    failed = { "tests.test_basket.TestBasket.test_total" },
                    messages = { "AssertionError: 2 != 3" },
                    places = { "/home/dev/shop/tests/test_basket.py:9" },
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
                test = { match = [[^(?<name>\S(?:.*?\S)??) +\| FAIL \|\s*$]], name = "{name}", keep = 10000,
                    below = { within = 10, stop = [[^-{20,}$]], at_most = 2 } },
                -- A suite fails with its tests. (Of one line, roles are seen in the order of their names.)
                whole = { match = { [[^(?<name>\S(?:.*?\S)??) +\| FAIL \|\s*$]], [[^\d+ tests?, \d+ passe]]
                    .. [[d]] }, within = 2,
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
