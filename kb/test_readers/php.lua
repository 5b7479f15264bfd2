-- What the test runners of PHP print about tests that fail.

local P = [[^(?<prefix>(?:#\d+ \d+\.\d+ |\[[^\]\s]+\]:? |[\w.@/-]+ *\| )?)]]

local place = [[^(?:\s*at )?(?<file>(?:[A-Za-z]:)?[^\s:]+\.php):(?<line>\d+)\s*$]]

local base = {
    about = "results of tests in the output of PHPUnit, Pest, Codeception and PHP's own tests",
    test_readers = {
        {
            id = "tests.phpunit", framework = "PHPUnit",
            patterns = {
                failures = {
                    match = P .. [[There (?:was|were) \d+ (?:PHPUnit )?(?:failures?|errors?):\s*$]], gives = "list",
                        name = "{name}",
                    list = { item = [[^\d+\) (?<name>[A-Za-z_\\][\w\\]*::\S]]
                        .. [[(?:.*?\S)??)\s*$]], message = {}, locate = place,
                        stop = [[^(?:FAILURES!|ERRORS!|Tests: \d|There (?:was|were) \d+)]], gap = 300 },
                },
                codeception = {
                    match = P .. [[\s*Test  (?<file>[^\s:]+\.php):(?<name>\w+)]], name = "{name}",
                        key = "{file}:{name}", keep = 5000,
                },
                testdox = {
                    match = P .. [[ ✘ (?<title>\S.*?)(?: +\[?[\d.]+ ms\]?)?\s*$]], name = "{class}: {title}",
                        keep = 10000,
                    supporting = true, above = { match = [[^(?<class>[A-Z]\S.*?)(?: \([\w\\]+\))?$]], within = 300 },
                    below = { within = 20, stop = [[^ [✘✔↩∅☢] |^$]], take = [[^ +[│┐├┊] (\S.*)$]],
                        locate = [[^ +[│├╵] (?<file>/\S+\.php):(?<line>\d+)]] },
                },
                total = {
                    match = P .. [[Tests: (?<total>\d+), Assertions: \d+(?<words>(?:, [\w ]+: \d+)*)\.?\s*$]],
                        gives = "counts", settles = true, keep = 5000,
                },
                ok = { match = P .. [[OK \((?<total>\d+) tests?, \d+ assertions?\)]], gives = "counts", keep = 5000 },
            },
            examples = {
                matches = {
                    [=[
PHPUnit 9.6.7 by Sebastian Bergmann and contributors.

Basket
 ✘ Total
   │
   │ Failed asserting that 2 is identical to 3.
   │
   │ /home/dev/shop/BasketTest.php:4
   │

 ✘ Pairs with data set "first pair"
   │
   │ must hold
   │ Failed asserting that false is true.
   │
   │ /home/dev/shop/BasketTest.php:6
   │

 ✔ Pairs with data set #0
 ✘ Boom
   │
   │ RuntimeException: no basket
   │
   │ /home/dev/shop/BasketTest.php:8
   │

 ↩ Later

Time: 00:00.025, Memory: 6.00 MB


ERRORS!
Tests: 5, Assertions: 3, Errors: 1, Failures: 2, Skipped: 1.]=],
                    [=[
PHPUnit 9.6.7 by Sebastian Bergmann and contributors.

FF.ES                                                               5 / 5 (100%)

Time: 00:00.009, Memory: 4.00 MB

There was 1 error:

1) BasketTest::testBoom
RuntimeException: no basket

/home/dev/shop/BasketTest.php:8

--

There were 2 failures:

1) BasketTest::testTotal
Failed asserting that 2 is identical to 3.

/home/dev/shop/BasketTest.php:4

2) BasketTest::testPairs with data set "first pair" (false)
must hold
Failed asserting that false is true.

/home/dev/shop/BasketTest.php:6

ERRORS!
Tests: 5, Assertions: 3, Errors: 1, Failures: 2, Skipped: 1.]=],
                },
            },
            gives = {
                {
                    framework = "PHPUnit", total = 5, passed = 1, skipped = 1,
                    failed = { "Basket: Total", "Basket: Pairs with data set \"first pair\"", "Basket: Boom" },
                    messages = {
                        "Failed asserting that 2 is identical to 3.", "must hold", "RuntimeException: no basket",
                    },
                    places = {
                        "/home/dev/shop/BasketTest.php:4", "/home/dev/shop/BasketTest.php:6",
                        "/home/dev/shop/BasketTest.php:8",
                    },
                },
                {
                    framework = "PHPUnit", total = 5, passed = 1, skipped = 1,
                    failed = {
                        "BasketTest::testBoom", "BasketTest::testTotal",
                        "BasketTest::testPairs with data set \"first pair\" (false)",
                    },
                    messages = {
                        "RuntimeException: no basket", "Failed asserting that 2 is identical to 3.", "must hold",
                    },
                    places = {
                        "/home/dev/shop/BasketTest.php:8", "/home/dev/shop/BasketTest.php:4",
                        "/home/dev/shop/BasketTest.php:6",
                    },
                },
            },
        },
        {
            id = "tests.pest", framework = "Pest",
            patterns = {
                test = {
                    match = P .. [[\s+FAILED  (?<class>\S+) > (?<title>\S(?:.*?\S)??)(?:  +(?<said>\S+))?\s*$]],
                        name = "{class} > {title}", message = "{said}",
                    keep = 10000, below = { within = 12, locate = [[^\s+at (?<file>[^\s:]+):(?<line>\d+)]] },
                },
                total = { match = P .. [[\s+Tests:  +(?<words>\d+ ]]
                    .. [[(?:failed|passed|skipped|todos?|incompleted|risky|warnings?|deprecated)(?:.*?\S)??)]]
                    .. [[(?: \(\d+ assertions\))?\s*$]],
                    gives = "counts" },
            },
            examples = {
                matches = {
                    [=[
   FAIL  Tests\Unit\BasketTest
  ⨯ it adds up                                                           0.01s
  ✓ it is empty
  ────────────────────────────────────────────────────────────────────────────
   FAILED  Tests\Unit\BasketTest > it adds up
  Failed asserting that 2 is identical to 3.

  at tests/Unit/BasketTest.php:4
      1▕ <?php

  Tests:    1 failed, 1 passed (2 assertions)
  Duration: 0.05s]=],
                },
            },
            gives = {
                {
                    framework = "Pest", total = 2, passed = 1, skipped = 0,
                    failed = { "Tests\\Unit\\BasketTest > it adds up" },
                    messages = { "Failed asserting that 2 is identical to 3." },
                    places = { "tests/Unit/BasketTest.php:4" },
                },
            },
        },
        {
            id = "tests.phpt", framework = "PHP run-tests",
            patterns = {
                test = { match = P .. [=[FAIL (?<title>\S.*?) \[(?<name>\S+\.phpt)\]]=], name = "{name}",
                    message = "{title}", keep = 10000 },
                passed = { match = P .. [[Tests passed +: +(?<passed>\d+)]], gives = "counts", partial = true },
                failed = { match = P .. [[Tests failed +: +(?<failed>\d+)]], gives = "counts", partial = true },
                skipped = { match = P .. [[Tests skipped +: +(?<skipped>\d+)]], gives = "counts", partial = true },
            },
            examples = {
                matches = {
                    [=[
PASS Basket is empty [tests/basket_001.phpt]
FAIL Basket adds up [tests/basket_002.phpt]
=====================================================================
Number of tests :     2                 2
Tests skipped   :     0 (  0.0%) --------
Tests failed    :     1 ( 50.0%) ( 50.0%)
Tests passed    :     1 ( 50.0%) ( 50.0%)]=],
                },
            },
            gives = {
                {
                    framework = "PHP run-tests", total = 2, passed = 1, skipped = 0,
                    failed = { "tests/basket_002.phpt" },
                    messages = { "Basket adds up" },
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
