-- What Mocha, Jasmine and Karma print about tests that fail.

-- What a program that repeats another's output puts before each line: docker's build steps, a monorepo's package.
local P = [[^(?<prefix>(?:#\d+ \d+\.\d+ |\[[^\]\s]+\]:? |[\w.@/:-]{1,60}(?: \w+)?(?: *\||:) ?)??)]]

local stack = [[^\s*+(?:at (?!.*node_modules).*?\(?|.*? )?(?<file>(?<![\w./@-])[\w./@-]+\.[cm]?[jt]sx?):(?<line>\d+)]]
    .. [[(?::\d+)?\)?$]]

local base = {
    about = "results of tests in the output of Mocha, Jasmine and Karma",
    test_readers = {
        {
            id = "tests.mocha", framework = "mocha", setup = [["(?:before|after) (?:all|each)" hook\b]],
            patterns = {
                passing = { match = P .. [[\s+(?<passed>\d+) passing(?: \([\w. ]+\))?\s*$]], gives = "counts",
                    partial = true },
                pending = { match = P .. [[\s+(?<skipped>\d+) pending\s*$]], gives = "counts", partial = true },
                failing = {
                    match = P .. [[\s+(?<failed>\d+) failing\s*$]], gives = "list", name = "{title}", counts = true,
                        partial = true,
                    list = {
                        item = [[^ {1,4}\d+\)(?: (?<title>\S.*))?\s*$]], more = [[^ {5,}\S|^\s*$]], ends = ":$",
                        stop = [[^npm ERR!|^error Command failed|^##\[|^ {1,4}\d+ (?:passing|failing)]],
                        message = { skip = [[^\s+[+-] expected]] }, locate = stack, gap = 150,
                    },
                },
                old = { match = P .. [[\s*[✔✓] (?<passed>\d+) tests? complete(?: \(.*\))?\s*$]], gives = "counts",
                    partial = true },
                old_failed = {
                    match = P .. [[\s*[✖✘] (?<failed>\d+) of (?<total>\d+) tests? failed(?: \([^)]*\))?:?\s*$]],
                    gives = "list", name = "{title}", counts = true, partial = true,
                    list = { item = [[^ {1,4}\d+\) (?<title>\S.*)$]], more = [[^ {7,}\S]], ends = ":$",
                        stop = [[^npm ERR!|^##\[]], message = {}, locate = stack },
                },
            },
            examples = {
                matches = {
                    [=[
  Array
    #indexOf()
      1) returns -1 when absent
      ✔ finds
      - later
    with a hook
      2) "before all" hook for "never runs"


  1 passing (5ms)
  1 pending
  2 failing

  1) Array
       #indexOf()
         returns -1 when absent:

      AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:

-1 !== 0

      + expected - actual

      --1
      +0

      at Context.<anonymous> (mt/a.spec.js:3:66)
      at process.processImmediate (node:internal/timers:483:21)

  2) Array
       with a hook
         "before all" hook for "never runs":
     Error: no database
      at Context.<anonymous> (mt/a.spec.js:7:68)
      at process.processImmediate (node:internal/timers:483:21)]=],
                    [=[
  ․․․․․․․․․․

  20 passing (91ms)
  1 failing

  1) Array pop() removes the last item:

      AssertionError: expected 2 to equal 3
      at Context.<anonymous> (test/array.js:12:14)]=],
                    [=[
  1 passing (11ms)
  1 failing

  1)

         unittests:: reuse:: General
           fails if a change affects imports:
     AssertionError: expected 1 to equal 2
      at Context.<anonymous> (src/reuse.ts:259:20)]=],
                },
            },
            gives = {
                {
                    framework = "mocha", total = 3, passed = 1, skipped = 1,
                    failed = {
                        "Array #indexOf() returns -1 when absent",
                        "Array with a hook \"before all\" hook for \"never runs\"",
                    },
                    messages = {
                        "AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:", "Error: no database",
                    },
                    places = { "mt/a.spec.js:3", "mt/a.spec.js:7" },
                },
                {
                    framework = "mocha", total = 21, passed = 20, skipped = 0,
                    failed = { "Array pop() removes the last item" },
                    messages = { "AssertionError: expected 2 to equal 3" },
                    places = { "test/array.js:12" },
                },
                {
                    framework = "mocha", total = 2, passed = 1, skipped = 0,
                    failed = { "unittests:: reuse:: General fails if a change affects imports" },
                    messages = { "AssertionError: expected 1 to equal 2" },
                    places = { "src/reuse.ts:259" },
                },
            },
        },
        {
            id = "tests.karma_mocha", framework = "mocha",
            patterns = {
                failed = { match = P .. [[✖ (?<failed>\d+) tests? failed\s*$]], gives = "counts", partial = true },
                done = { match = P .. [[✔ (?<passed>\d+) tests? completed\s*$]], gives = "counts", partial = true },
                skipped = { match = P .. [[ℹ (?<skipped>\d+) tests? skipped\s*$]], gives = "counts", partial = true },
                list = {
                    match = P .. [[FAILED TESTS:\s*$]], gives = "list", name = "{path} {title}", framework = "mocha",
                    list = { item = [[^(?<indent>\s+)✖ (?<title>\S.*)$]], tree = true,
                        message = { skip = [[^\s*\w+(?: \w+)? [\d.]+ \(]] }, locate = stack, stop = [[^\S]] },
                },
            },
            examples = {
                matches = {
                    [=[
SUMMARY:
✔ 12 tests completed
ℹ 1 test skipped
✖ 2 tests failed

FAILED TESTS:
  Marker
    symbol
      ✖ updates
        Firefox 72.0.0 (Linux 0.0.0)
      Error: expected 1 to be 2 (node_modules/expect.js/index.js:96)

    ✖ moves
      Firefox 72.0.0 (Linux 0.0.0)
    Error: expected 3 to be 4 (test/marker.js:14)]=],
                },
            },
            gives = {
                {
                    framework = "mocha", total = 14, passed = 12, skipped = 1,
                    failed = { "Marker symbol updates", "Marker moves" },
                    messages = {
                        "Error: expected 1 to be 2 (node_modules/expect.js/index.js:96)",
                        "Error: expected 3 to be 4 (test/marker.js:14)",
                    },
                },
            },
        },
        {
            id = "tests.lab", framework = "lab",
            patterns = {
                failing = {
                    match = P .. [[Failed tests:\s*$]], gives = "list", name = "{title}",
                    list = { item = [[^ {1,4}\d+\) (?<title>\S.*)$]], more = [[^ {5,}\S]], ends = ":$",
                        stop = [[^\d+ of \d+ tests failed]], locate = stack },
                },
                total = { match = P .. [[(?<failed>\d+) of (?<total>\d+) tests failed]]
                    .. [[(?: \((?<skipped>\d+) skipped\))?\s*$]],
                    gives = "counts", supporting = true },
            },
            examples = {
                matches = {
                    [=[
..x.

Failed tests:

  2) basket adds up:

      Expected 2 to equal specified value: 3

      at /home/dev/shop/test/basket.js:12:14

1 of 4 tests failed
Test duration: 12 ms]=],
                },
            },
            gives = {
                {
                    framework = "lab", total = 4, passed = 3, skipped = 0,
                    failed = { "basket adds up" },
                    messages = { "Expected 2 to equal specified value: 3" },
                    places = { "/home/dev/shop/test/basket.js:12" },
                },
            },
        },
        {
            id = "tests.jasmine", framework = "jasmine",
            patterns = {
                test = {
                    match = P .. [[\s*Message:\s*$]], name = "{name}", keep = 10000,
                    above = { match = [[^\s*\d+\) (?<name>\S.*)$]], within = 3, begins = true },
                    below = { within = 40, stop = [[^\s*\d+\) |^\s*Stack:]], locate = stack },
                },
                total = { match = P .. [[(?:Executed \d+ of )?(?<words>\d+ specs?, \d+ failures?]]
                    .. [[(?:, \d+ pending specs?)?)]],
                    gives = "counts" },
            },
            examples = {
                matches = {
                    [=[
Randomized with seed 96354
Started
F.F

Failures:
1) Player pauses
  Message:
    Error: boom
  Stack:
        at UserContext.<anonymous> (/home/dev/shop/jas/aspec.js:1:116)
        at <Jasmine>

2) Player plays
  Message:
    Expected 1 to be 2.
  Stack:
        at <Jasmine>
        at UserContext.<anonymous> (/home/dev/shop/jas/aspec.js:1:70)
        at <Jasmine>

3 specs, 2 failures
Finished in 0.006 seconds
Randomized with seed 96354 (jasmine --random=true --seed=96354)]=],
                },
            },
            gives = {
                {
                    framework = "jasmine", total = 3, passed = 1, skipped = 0,
                    failed = { "Player pauses", "Player plays" },
                    messages = { "Error: boom", "Expected 1 to be 2." },
                },
            },
        },
        {
            id = "tests.karma", framework = "karma",
            patterns = {
                test = {
                    match = P .. [[\s*(?<browser>\w+(?: \w+)? [\d.]+ \([^()]*\)) (?!ERROR|Executed \d)]]
                        .. [[(?<name>\S.*?) FAILED\s*$]],
                    name = "{name}", keep = 10000,
                    below = { within = 40, stop = [[ (?:FAILED|Executed|LOG|WARN)\b]], locate = stack },
                },
                total = {
                    match = [[Executed (?<total>\d+) of \d+(?: \((?<failed>\d+) FAILED\))?(?: \(skipped ]]
                        .. [[(?<skipped>\d+)\))?]]
                        .. [[(?: \((?<failed_later>\d+) FAILED\))?(?: SUCCESS| ERROR| DISCONNECTED)?(?: \()]],
                    gives = "counts", counting = "last", fallback = true, keep = 50,
                },
                sum = {
                    match = P .. [[\s*TOTAL: (?:(?<failed>\d+) FAILED, )?(?<passed>\d+) SUCCESS\s*$]], gives = "counts",
                },
            },
            examples = {
                matches = {
                    [=[
Chrome Headless 96.0.4664.110 (Linux x86_64): Executed 1 of 3 SUCCESS (0 secs / 0.01 secs)
Chrome Headless 96.0.4664.110 (Linux x86_64) BasketComponent adds up FAILED
	Expected 2 to be 3.
	    at UserContext.<anonymous> (src/app/basket.spec.ts:14:21)
Chrome Headless 96.0.4664.110 (Linux x86_64): Executed 2 of 3 (1 FAILED) (0 secs / 0.02 secs)
Chrome Headless 96.0.4664.110 (Linux x86_64): Executed 3 of 3 (1 FAILED) (0.2 secs / 0.05 secs)]=],
                },
            },
            gives = {
                {
                    framework = "karma", total = 3, passed = 2, skipped = 0,
                    failed = { "BasketComponent adds up" },
                    messages = { "Expected 2 to be 3." },
                    places = { "src/app/basket.spec.ts:14" },
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
