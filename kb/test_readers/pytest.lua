-- What pytest prints about tests that fail, also through xdist and pytest-sugar.

-- What a program that repeats another's output puts before each line: docker's build steps, services, tasks.
local P = [[^(?<prefix>(?:#\d+ \d+\.\d+ |\[[^\]\s]+\]:? |[\w.@/-]+(?:_\d+)? *\| )?)]]

-- An entry of pytest's tracebacks, in the project: of a file of tests, or any.
local function traceback(of_tests)
    return [[^(?!\S*(?:site-packages|/lib/python\d|/_pytest/))(?:/home/travis/build/[^/]+/[^/]+/]]
        .. [[|/home/runner/work/[^/]+/[^/]+/)?(?<file>(?:[^\s:]*[/\\])?]]
        .. (of_tests and [[(?:test_[^\s/:]*|[^\s/:]*_tests?|tests?)\.py]] or [[[^\s:/\\]+\.(?:py|pyx|rst|txt|md)]])
        .. [[):(?<line>\d+): ]]
end

local failure = { within = 600, stop = [[^(?:_+ (?!_ )\S.* _+|=+ [^=].* =+)$]], take = [[^E\s+(\S.*)]], locate = {
    traceback(true), [[^self = <(?<module>[\w.]+)\.\w+(?: object at | testMethod=)]], traceback(false) } }

local base = {
    about = "results of tests in the output of pytest",
    test_readers = {
        {
            id = "tests.pytest", framework = "pytest", setup = [[^[^:\s]+\.py$]],
            patterns = {
                banner = { match = P .. [[=+ (?<title>[^=\s].*?) =+$]], gives = "context", section = "{title}",
                    keep = 2000 },
                verbose = {
                    match = P .. [[(?<node>[^\s:]+\.(?:py|pyx|rst|txt|md|ipynb|ya?ml)(?:::.+?)?) (?:<- \S+ )?]]
                        .. [[(?:FAILED|ERROR)(?: +\([\d.]++ ?\w*\))?(?: +\[ *\d+%\])?\s*$]],
                    name = "{node}", keep = 10000,
                },
                worker = {
                    match = P .. [[\[gw\d+\](?: \[ *\d+%\])? (?:FAILED|ERROR) (?<node>\S+\.\w+(?:::.*?\S)?)\s*$]],
                    name = "{node}", keep = 10000,
                },
                summary = {
                    match = P .. [[(?:FAILED|ERROR|SUBFAIL) (?<node>[^\s:]+\.(?:py|pyx|rst|txt|md|ipynb|ya?ml)]]
                        .. [[(?:::(?:[^\[\s]|\[.{0,500}?\](?= - |$|::)|\[|(?<!-) (?!- )){0,500})?)(?: - ]]
                            .. [[(?<message>.*))?$]],
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
