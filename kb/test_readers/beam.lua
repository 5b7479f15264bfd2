-- What the test runners of Elixir and Erlang print about tests that fail.

local base = {
    about = "results of tests in the output of ExUnit, Common Test and EUnit",
    test_readers = {
        {
            id = "tests.exunit", framework = "ExUnit",
            patterns = {
                test = {
                    match = [[^\s+\d+\) (?<name>(?:test|doctest|property) \S.*?) \((?<module>[A-Z][\w.]*)\)\s*$]],
                        name = "{name} ({module})", keep = 10000,
                    below = { within = 30, stop = [[^\s+\d+\) (?:test|doctest|property) |^\s+stacktrace:|^Finished in]],
                        skip = [[^\s+\S+\.exs?:\d+(?::.*)?$]], locate = [[^\s+(?<file>\S+\.exs?):(?<line>\d+)\s*$]] },
                },
                seed = { match = [[^(?:Running ExUnit with seed|Finished in [\d.]+ seconds \([\d.]+s ]]
                    .. [[(?:on load|async))]],
                    gives = "context", proves = true },
                total = { match = [[^(?:\d+ doctests?, )?(?:\d+ propert(?:y|ies), )?(?<total>\d+) tests?, ]]
                    .. [[(?<words>\d+ failures?(?:, \d+ (?:skipped|excluded|invalid))*)\s*$]],
                    gives = "counts", keep = 500, supporting = true },
            },
            examples = {
                matches = {
                    [=[
*

  1) test boom (BasketTest)
     a_test.exs:11
     ** (RuntimeError) no basket
     code: test "boom", do: raise "no basket"
     stacktrace:
       a_test.exs:11: (test)



  2) test total/1 adds up (BasketTest)
     a_test.exs:5
     Assertion with == failed
     code:  assert 1 + 1 == 3
     left:  2
     right: 3
     stacktrace:
       a_test.exs:6: (test)

.
Finished in 0.09 seconds (0.09s on load, 0.00s async, 0.00s sync)
4 tests, 2 failures, 1 skipped

Randomized with seed 334963]=],
                },
            },
            gives = {
                {
                    framework = "ExUnit", total = 4, passed = 1, skipped = 1,
                    failed = { "test boom (BasketTest)", "test total/1 adds up (BasketTest)" },
                    messages = { "** (RuntimeError) no basket", "Assertion with == failed" },
                    places = { "a_test.exs:11", "a_test.exs:5" },
                },
            },
        },
        {
            id = "tests.common_test", framework = "Common Test",
            patterns = {
                test = { match = [[^%%% (?<suite>\S+?)(?: ==> (?<group>[\w.]+?))?(?: ==> |: )(?<case>\w+)]]
                    .. [[(?: \(group [\w.]+\))?: FAILED\s*$]], name = "{suite}:{case}", keep = 10000,
                    below = { within = 12, skip = [[^%%% ]], stop = [[^%%% .*(?:FAILED|OK|SKIPPED)]] } },
                place = {
                    match = [[^(?<suite>\w+_SUITE):(?<case>\w+) failed on line (?<line>\d+)\s*$]],
                        name = "{suite}:{case}",
                    keep = 10000, below = { within = 6, take = [[^Reason: (.*)]] },
                },
                whole = {
                    match = [[TEST COMPLETE, (?<passed>\d+) ok, (?<failed>\d+) failed(?:, ]]
                            .. [[(?<skipped>\d+) skipped)? of ]],
                    gives = "counts", keep = 5000,
                },
                total = { match = [[^Failed (?<failed>\d+) tests?\. Skipped (?<skipped>\d+) .*tests?\. ?Passed ]]
                    .. [[(?<passed>\d+) tests?\.]], gives = "counts" },
                short = { match = [[^Failed (?<failed>\d+) tests?\. Passed (?<passed>\d+) tests?\.]],
                    gives = "counts" },
                ok = { match = [[^All (?<passed>\d+) tests passed\.\s*$]], gives = "counts", supporting = true },
            },
            examples = {
                matches = {
                    [=[
Testing shop.basket_SUITE: Starting test, 3 test cases
%%% basket_SUITE ==> adds_up: FAILED
%%% basket_SUITE ==>
Failure/Error: {badmatch,2}
Failed 1 tests. Passed 2 tests.]=],
                    [=[
Testing shop.basket_SUITE: Starting test, 6 test cases

- - - - - - - - - - - - - - - - - - - - - - - - - -
basket_SUITE:adds_up failed on line 195
Reason: {badmatch,2}
- - - - - - - - - - - - - - - - - - - - - - - - - -

Testing shop.basket_SUITE: *** FAILED test case 6 of 6 ***
Testing shop.basket_SUITE: TEST COMPLETE, 4 ok, 1 failed, 1 skipped of 6 test cases]=],
                },
            },
            gives = {
                {
                    framework = "Common Test", total = 3, passed = 2, skipped = 0,
                    failed = { "basket_SUITE:adds_up" },
                    messages = { "Failure/Error: {badmatch,2}" },
                },
                {
                    framework = "Common Test", total = 5, passed = 4, skipped = 1,
                    failed = { "basket_SUITE:adds_up" },
                    messages = { "{badmatch,2}" },
                },
            },
        },
        {
            id = "tests.eunit", framework = "EUnit",
            patterns = {
                test = { match = [[^\s*(?<name>[\w@]+: ?\w+(?: \(.*?\))?)\s?\.\.\.\s?\*failed\*\s*$]], name = "{name}",
                    keep = 10000,
                    below = { within = 20, skip = [[^in function|^in call|^  in ]] } },
                rebar = { match = [[^\s*\d+\) (?<name>\w+[:.]\w+/\d+(?::\d+)?)(?:: .*)?\s*$]], name = "{name}",
                    keep = 10000, below = { within = 12 },
                    supporting = true },
                total = {
                    match = [[^\s*Failed: (?<failed>\d+)\.  Skipped: (?<skipped>\d+)\.  Passed: (?<passed>\d+)\.]],
                    gives = "counts" },
                rebar_total = { match = [[^(?<total>\d+) tests, (?<failed>\d+) failures(?:, ]]
                    .. [[(?<skipped>\d+) skips)?\s*$]], gives = "counts", supporting = true },
            },
            examples = {
                matches = {
                    [=[
basket_tests: total_test...*failed*
in function basket_tests:total_test/0 (basket_tests.erl, line 3)
in call from eunit_test:'-mf_wrapper/2-fun-0-'/2 (eunit_test.erl, line 273)
in call from eunit_test:run_testfun/1 (eunit_test.erl, line 71)
in call from eunit_proc:run_test/1 (eunit_proc.erl, line 531)
in call from eunit_proc:with_timeout/3 (eunit_proc.erl, line 356)
in call from eunit_proc:handle_test/2 (eunit_proc.erl, line 514)
in call from eunit_proc:tests_inorder/3 (eunit_proc.erl, line 456)
in call from eunit_proc:with_timeout/3 (eunit_proc.erl, line 346)
**error:{assertEqual,[{module,basket_tests},
              {line,3},
              {expression,"1 + 1"},
              {expected,3},
              {value,2}]}
  output:<<"">>

=======================================================
  Failed: 1.  Skipped: 0.  Passed: 1.]=],
                },
            },
            gives = {
                {
                    framework = "EUnit", total = 2, passed = 1, skipped = 0,
                    failed = { "basket_tests: total_test" },
                    messages = { "**error:{assertEqual,[{module,basket_tests}," },
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
