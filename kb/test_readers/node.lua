-- What node:test, AVA, Playwright, Deno, Bun and whatever speaks TAP print about tests that fail.

-- What a program that repeats another's output puts before each line: docker's build steps, a monorepo's package.
local P = [[^(?<prefix>(?:#\d+ \d+\.\d+ |\[[^\]\s]+\]:? |[\w.@/:-]{1,60}(?: \w+)?(?: *\||:) ?)??)]]

local base = {
    about = "results of tests in the output of node:test, AVA, Playwright, Deno, Bun and TAP",
    test_readers = {
        {
            id = "tests.node", framework = "node:test",
            patterns = {
                test = {
                    match = P .. [[\s*test at (?<file>[^\s:]+):(?<line>\d+):\d+\s*$]], name = "{name}", keep = 10000,
                    below = { within = 20, skip = [[^\s*✖ ]], locate = [[^\s*✖ (?<name>\S.*?)(?: \([\d.]+ms\))?$]] },
                },
                tests = { match = P .. [[ℹ tests (?<total>\d+)\s*$]], gives = "counts", partial = true },
                pass = { match = P .. [[ℹ pass (?<passed>\d+)\s*$]], gives = "counts", partial = true },
                fail = { match = P .. [[ℹ fail (?<failed>\d+)\s*$]], gives = "counts", partial = true },
                skipped = { match = P .. [[ℹ skipped (?<skipped>\d+)\s*$]], gives = "counts", partial = true },
            },
            examples = {
                matches = {
                    [=[
▶ store
  ✖ keeps (1.656058ms)
  ✔ loses (0.127789ms)
✖ store (2.781968ms)
﹣ alone (0.100178ms) # SKIP
ℹ tests 3
ℹ suites 1
ℹ pass 1
ℹ fail 1
ℹ cancelled 0
ℹ skipped 1
ℹ todo 0
ℹ duration_ms 114.139543

✖ failing tests:

test at nt/x.test.mjs:2:27
✖ keeps (1.656058ms)
  AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:

  1 !== 2

      at TestContext.<anonymous> (file:///home/dev/shop/nt/x.test.mjs:2:54)]=],
                },
            },
            gives = {
                {
                    framework = "node:test", total = 3, passed = 1, skipped = 1,
                    failed = { "keeps" },
                    messages = { "AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:" },
                    places = { "nt/x.test.mjs:2" },
                },
            },
        },
        {
            id = "tests.ava", framework = "AVA",
            patterns = {
                test = { match = P .. [[\s+[✖✘] (?:\[fail\]: )(?<name>\S.*?)(?: \([\d.]+m?s\))?\s*$]], name = "{name}",
                    keep = 10000 },
                old = { match = P .. [[ {2,}[✖✘] (?!\[fail\]|\d+ )(?<name>\S.*?)(?: \([\d.]+m?s\))?\s*$]],
                    name = "{name}",
                    keep = 10000, supporting = true },
                total = { match = P .. [[\s*(?<failed>\d+) tests? failed\s*$]], gives = "counts", partial = true,
                    supporting = true },
                passed = { match = P .. [[\s+(?<passed>\d+) tests? passed\s*$]], gives = "counts", partial = true,
                    supporting = true },
            },
            examples = {
                matches = {
                    [=[
  ✘ [fail]: foo
  ✔ bar
  ─

  foo

  at/test.mjs:2

   1: import test from 'ava';
   2: test('foo', t => { t.is(1, 2); });
   3: test('bar', t => { t.pass(); });

  Difference (- actual, + expected):

  - 1
  + 2

  › file://test.mjs:2:22

  ─

  1 test failed]=],
                },
            },
            gives = {
                {
                    framework = "AVA", total = 1, passed = 0, skipped = 0,
                    failed = { "foo" },
                },
            },
        },
        {
            id = "tests.playwright", framework = "Playwright",
            patterns = {
                test = {
                    match = P .. [=[\s+\d+\) (?:\[[^\]]+\] › )?(?<file>[^\s:]+):(?<line>\d+):\d+ › (?<name>\S.*?)]=]
                        .. [=[(?: ─+)?\s*$]=],
                    name = "{name}", suite = "{file}", keep = 10000,
                    below = { within = 60, stop = [[^\s+\d+\) \[|^\s+\d+ (?:failed|passed|flaky)]] },
                },
                passed = { match = P .. [[  (?<passed>\d+) passed \([\d.]+m?s?\)\s*$]], gives = "counts",
                    partial = true },
                total = { match = P .. [[  (?<words>\d+ (?:failed|skipped|did not run))\s*$]], gives = "counts",
                    partial = true, supporting = true },
            },
            examples = {
                matches = {
                    [=[
Running 3 tests using 1 worker
F·°

  1) pw/a.spec.ts:2:31 › home › has a title ────────────────────────────────────────────────────────

    Error: expect(received).toBe(expected) // Object.is equality

    Expected: 2
    Received: 1

      1 | import { test, expect } from '@playwright/test';
    > 2 | test.describe('home', () => { test('has a title', async () => { expect(1).toBe(2); }); test('works', async
      3 |
        at /home/dev/shop/pw/a.spec.ts:2:75

    Error Context: test-results/pw-a-home-has-a-title/error-context.md

  1 failed
    pw/a.spec.ts:2:31 › home › has a title ─────────────────────────────────────────────────────────
  1 skipped
  1 passed (1.6s)]=],
                },
            },
            gives = {
                {
                    framework = "Playwright", total = 2, passed = 1, skipped = 1,
                    failed = { "home › has a title" },
                    messages = { "Error: expect(received).toBe(expected) // Object.is equality" },
                    places = { "pw/a.spec.ts:2" },
                },
            },
        },
        {
            id = "tests.tap", framework = "TAP", yields_to = { "tests.prove" },
            patterns = {
                test = {
                    match = P .. [[\s*not ok \d+(?: {1,9}-)? {1,9}(?<name>(?!.*# (?i:TODO|SKIP))\S(?:.*?\S)??)(?: # ]]
                        .. [[time=.*| {1,80}\d+ ms)?\s{0,9}\{?$]],
                    name = "{name}", keep = 10000,
                    below = { within = 20,
                        stop = [[^\s*(?:not )?ok \d|^\s*\.\.\.$|^# (?:tests|pass|fail|skip|Subtest)]],
                        skip = [[^\s*\d+\.\.\d+$|^\s*error:$|^\s*]]
                                .. [[(?:duration_ms|location|failureType|type|at|stack|operator|code|name|severity):]]
                            .. [[ |error: \|-]],
                        locate = [[^\s*(?:at|location): .*?(?<file>(?<![\w./@-])[\w./@-]+\.\w+):(?<line>\d+)]] },
                },
                tests = { match = P .. [[# tests +(?<total>\d+)\s*$]], gives = "counts", partial = true },
                pass = { match = P .. [[# pass +(?<passed>\d+)\s*$]], gives = "counts", partial = true },
                fail = { match = P .. [[# fail +(?<failed>\d+)\s*$]], gives = "counts", partial = true },
                skip = { match = P .. [[# skip(?:ped)? +(?<skipped>\d+)\s*$]], gives = "counts", partial = true },
            },
            examples = {
                matches = {
                    [=[
TAP version 13
# arithmetic
ok 1 adds
not ok 2 adds wrongly
  ---
    operator: equal
    expected: 3
    actual:   2
    at: Test.<anonymous> (/home/dev/shop/tp/test.js:2:75)
    stack: |-
      Error: adds wrongly
          at Test.<anonymous> (/home/dev/shop/tp/test.js:2:75)
  ...

1..2
# tests 2
# pass  1
# fail  1]=],
                    [=[
1..2
not ok 1 adds up
# (in test file a.bats, line 2)
#   `[ 2 -eq 3 ]' failed
ok 2 fine]=],
                },
            },
            gives = {
                {
                    framework = "TAP", total = 2, passed = 1, skipped = 0,
                    failed = { "adds wrongly" },
                    messages = { "expected: 3" },
                    places = { "/home/dev/shop/tp/test.js:2" },
                },
                {
                    framework = "TAP",
                    failed = { "adds up" },
                    messages = { "# (in test file a.bats, line 2)" },
                },
            },
        },
        {
            id = "tests.deno", framework = "deno test",
            patterns = {
                test = { match = P .. [[(?<name>\S.*?) => (?<file>\S+?):(?<line>\d+):\d+\s*$]], name = "{name}",
                    keep = 10000,
                    below = { within = 15 }, supporting = true },
                total = { match = P .. [[(?:FAILED|ok) \| (?<words>\d+ passed(?: \(\d+ steps?\))? \| \d+ failed]]
                    .. [[(?:.*? \d+ ignored)?).*$]], gives = "counts" },
            },
            examples = {
                matches = {
                    [=[
running 2 tests from ./basket_test.ts
adds up ... FAILED (5ms)
is empty ... ok (0ms)

 ERRORS

adds up => ./basket_test.ts:3:6
error: AssertionError: Values are not equal.

 FAILURES

adds up => ./basket_test.ts:3:6

FAILED | 1 passed | 1 failed (10ms)]=],
                },
            },
            gives = {
                {
                    framework = "deno test", total = 2, passed = 1, skipped = 0,
                    failed = { "adds up" },
                    messages = { "error: AssertionError: Values are not equal." },
                    places = { "./basket_test.ts:3" },
                },
            },
        },
        {
            id = "tests.bun", framework = "bun test",
            patterns = {
                test = { match = P .. [[\(fail\) (?<name>\S(?:.*?\S)??)(?: \[[\d.]+ms\])?\s*$]], name = "{name}",
                    keep = 10000 },
                total = { match = P .. [[Ran (?<total>\d+) tests? across \d+ files?\.]], gives = "counts" },
            },
            examples = {
                matches = {
                    [=[
basket.test.ts:
error: expect(received).toBe(expected)
(fail) basket > adds up [0.32ms]
(pass) basket > is empty [0.05ms]

 1 pass
 1 fail
 2 expect() calls
Ran 2 tests across 1 file. [12.00ms]]=],
                },
            },
            gives = {
                {
                    framework = "bun test", total = 2, passed = 1, skipped = 0,
                    failed = { "basket > adds up" },
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
