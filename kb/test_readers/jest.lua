-- What Jest and Vitest print about tests that fail.

-- What a program that repeats another's output puts before each line: docker's build steps, a monorepo's package.
local P = [[^(?<prefix>(?:#\d+ \d+\.\d+ |\[[^\]\s]+\]:? |[\w.@/:-]{1,60}(?: \w+)?(?: *\||:) ?)??)]]

local stack = [[^\s*+(?:at (?!.*node_modules).*?\(?|.*? )?(?<file>(?<![\w./@-])[\w./@-]+\.[cm]?[jt]sx?):(?<line>\d+)]]
    .. [[(?::\d+)?\)?$]]

local base = {
    about = "results of tests in the output of Jest and Vitest",
    test_readers = {
        {
            id = "tests.jest", framework = "jest",
            patterns = {
                file = { match = P .. [[\s*(?:FAIL|PASS)\s{1,2}(?:\S+ )??(?<file>[^\s:]+\.]]
                    .. [[(?:[cm]?[jt]sx?|es6?|coffee|vue|svelte|snap|json|mdx?|feature))(?: \([\d.]+ ?m?s\))?\s*$]],
                    gives = "context", sets = { suite = "{file}" }, proves = true, keep = 10000 },
                test = {
                    match = P .. [[\s*● (?!Console$|Validation |Deprecation |Cannot log|Multiple |Test suite failed to]]
                        .. [[ run$)]]
                        .. [[(?<name>\S.*)$]],
                    name = "{name}", keep = 10000,
                    below = { within = 60, stop = [[^\s*(?:● |FAIL |PASS |Test Suites: |---------)]], locate = stack },
                    supporting = true,
                },
                suite = {
                    match = P .. [[\s*● Test suite failed to run\s*$]], name = "{suite}", of = "suite", keep = 10000,
                    below = { within = 30, stop = [[^\s*(?:● |FAIL |PASS |Test Suites: )]] },
                    supporting = true,
                },
                verbose = { match = P .. [[\s+[✕] (?<name>\S.*?)(?: \([\d.]+ ?m?s\))?\s*$]], name = "{name}",
                    keep = 10000,
                    transparent = true, weak = true, supporting = true },
                total = {
                    match = P .. [[Tests: +(?<words>(?:\d+ (?:failed|skipped|todo|passed), )*)\d+ total\s*$]],
                    gives = "counts", settles = true, keep = 2000,
                },
            },
            examples = {
                matches = {
                    [=[
FAIL jt/sum.test.js
  ● sum › of integers › adds

    expect(received).toBe(expected) // Object.is equality

    Expected: 3
    Received: 2

      1 | describe('sum', () => {
      2 |   describe('of integers', () => {
    > 3 |     test('adds', () => { expect(1 + 1).toBe(3); });
      4 |     test('subtracts', () => { expect(2 - 1).toBe(1); });
      5 |     test.skip('multiplies', () => {});
      6 |   });

      at Object.toBe (sum.test.js:3:40)

  ● stands alone

    TypeError: not a function

      6 |   });
      7 | });
    > 8 | test('stands alone', () => { throw new TypeError('not a function'); });
      9 |

      at Object.<anonymous> (sum.test.js:8:36)

FAIL jt/broken.test.js
  ● Test suite failed to run

    Cannot find module './nowhere' from 'broken.test.js'

    > 1 | require('./nowhere');
      2 | test('x', () => {});
      3 |

      at Resolver._throwModNotFoundError (../node_modules/jest-resolve/build/index.js:1031:11)
      at Object.require (broken.test.js:1:1)

Test Suites: 2 failed, 2 total
Tests:       2 failed, 1 skipped, 1 passed, 4 total
Snapshots:   0 total
Time:        0.421 s
Ran all test suites.]=],
                    [=[
FAIL jt/sum.test.js
  ✕ stands alone
  sum
    of integers
      ✕ adds (5 ms)
      ✓ subtracts (1 ms)
      ○ skipped multiplies

  ● sum › of integers › adds

    expect(received).toBe(expected) // Object.is equality

    Expected: 3
    Received: 2


      at Object.toBe (sum.test.js:3:40)

  ● stands alone

    TypeError: not a function


      at Object.<anonymous> (sum.test.js:8:36)

Test Suites: 1 failed, 1 total
Tests:       2 failed, 1 skipped, 1 passed, 4 total
Snapshots:   0 total
Time:        0.379 s, estimated 1 s
Ran all test suites matching sum.]=],
                },
            },
            gives = {
                {
                    framework = "jest", total = 3, passed = 1, skipped = 1,
                    failed = { "sum › of integers › adds", "stands alone" },
                    suites = { "jt/broken.test.js" },
                    messages = {
                        "expect(received).toBe(expected) // Object.is equality", "TypeError: not a function",
                        "Cannot find module './nowhere' from 'broken.test.js'",
                    },
                    places = { "sum.test.js:3", "sum.test.js:8", "" },
                },
                {
                    framework = "jest", total = 3, passed = 1, skipped = 1,
                    failed = { "stands alone", "sum › of integers › adds" },
                    messages = { "TypeError: not a function", "expect(received).toBe(expected) // Object.is equality" },
                    places = { "sum.test.js:8", "sum.test.js:3" },
                },
            },
        },
        {
            id = "tests.vitest", framework = "vitest",
            patterns = {
                test = {
                    match = P .. [[\s*(?:❯ |× |⎯+\s*)?FAIL\s+(?:\|?[\w@./-]+\|? )?(?<file>[^\s>]+\.\w+)]]
                        .. [=[(?: \[[^\]]*\])? > (?<name>\S.*?)\s*$]=],
                    name = "{name}", suite = "{file}", keep = 10000,
                    below = { within = 60, stop = [[^\s*FAIL |^⎯+\[]],
                        locate = [[❯ (?:.* )?(?<file>[\w./@-]+\.\w+):(?<line>\d+)]] },
                },
                suite = { match = P .. [[\s*FAIL\s+(?:\|?[\w@./-]+\|? )?(?<file>[^\s>]+\.[cm]?[jt]sx?) \[ ]]
                    .. [[(?<file2>\S+) \]\s*$]],
                    name = "{file}", of = "suite", keep = 5000,
                    below = { within = 30, stop = [[^\s*FAIL |^⎯+\[]] } },
                total = { match = P .. [[\s*Tests  +(?<words>(?:\d+ (?:failed|passed|skipped|todo|expected fail)]]
                    .. [[(?: \| )?)+)(?: \(\d+\))?\s*$]],
                    gives = "counts" },
            },
            examples = {
                matches = {
                    [=[
 RUN  v4.1.12 /home/dev/shop/

 ❯ vt/a.test.ts (3 tests | 1 failed | 1 skipped) 8ms
     × adds up 6ms
     ✓ is empty 0ms
     ↓ later
 ❯ vt/b.test.ts (0 test)


 FAIL  vt/b.test.ts [ vt/b.test.ts ]
Error: Cannot find module './nowhere' imported from /home/dev/shop/vt/b.test.ts
 ❯ vt/b.test.ts:1:1

⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯[1/2]⎯



 FAIL  vt/a.test.ts > cart > adds up
AssertionError: expected 2 to be 3 // Object.is equality

- Expected
+ Received

- 3
+ 2

 ❯ vt/a.test.ts:2:62

⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯[2/2]⎯


 Test Files  2 failed (2)
      Tests  1 failed | 1 passed | 1 skipped (3)
   Start at  15:17:10
   Duration  410ms (transform 24ms, setup 0ms, import 31ms, tests 8ms, environment 0ms)]=],
                },
            },
            gives = {
                {
                    framework = "vitest", total = 2, passed = 1, skipped = 1,
                    failed = { "cart > adds up" }, suites = { "vt/b.test.ts" },
                    messages = {
                        "Error: Cannot find module './nowhere' imported from /home/dev/shop/vt/b.test.ts",
                        "AssertionError: expected 2 to be 3 // Object.is equality",
                    },
                    places = { "vt/b.test.ts:nil", "vt/a.test.ts:2" },
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
