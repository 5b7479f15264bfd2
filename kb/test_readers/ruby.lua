-- What the test runners of Ruby, Crystal and Cucumber print about tests that fail.

local P = [[^(?<prefix>(?:#\d+ \d+\.\d+ |\[[^\]\s]+\]:? |[\w.@/-]+ *\| )?)]]

local base = {
    about = "results of tests in the output of RSpec, minitest, test-unit, Rails and Cucumber",
    test_readers = {
        {
            id = "tests.rspec", framework = "RSpec", yields_to = { "tests.hspec" },
            patterns = {
                test = {
                    match = P .. [[\s+(?:Got \d+ failures?.*|(?:\d+\.\d+\) )?Failure/Error: ?(?<said>.*))$]],
                        name = "{name}", keep = 10000,
                    above = { match = [[^\s*\d+\) (?<name>\S.*)$]], within = 6, begins = true },
                    below = { within = 40, stop = [[^\s*(?:\d+\) |Finished in|Failed examples:|# \S+:\d+)]],
                        at_most = 4,
                        locate = [[^\s*# (?:\./)?(?<file>[^\s:]+):(?<line>\d+)]] },
                },
                rerun = { match = P .. [[rspec (?:'|")?(?:\./)?(?<file>[^\s:'"\[]+)(?::(?<line>\d+)|\[[\d:,]+\])]]
                    .. [[(?:'|")? # (?<name>\S(?:.*?\S)??)\s*$]],
                    name = "{name}", keep = 10000 },
                total = { match = P .. [[(?<words>\d+ examples?, \d+ failures?(?:, \d+ pending)?]]
                    .. [[(?:, \d+ errors? occurred outside of examples)?)\s*$]],
                    gives = "counts", keep = 5000 },
            },
            examples = {
                matches = {
                    [=[
F.F*

Pending: (Failures listed here are expected and do not affect your suite's status)

  1) Basket when empty later
     # Temporarily skipped with xit
     # ./a_spec.rb:10

Failures:

  1) Basket when empty costs nothing
     Failure/Error: expect(1).to eq(0)

       expected: 0
            got: 1

       (compared using ==)
     # ./a_spec.rb:4:in `block (3 levels) in <top (required)>'

  2) Basket when empty explodes
     Failure/Error: raise ArgumentError, "no basket"

     ArgumentError:
       no basket
     # ./a_spec.rb:8:in `block (3 levels) in <top (required)>'

Finished in 0.02404 seconds (files took 0.14062 seconds to load)
4 examples, 2 failures, 1 pending

Failed examples:

rspec ./a_spec.rb:3 # Basket when empty costs nothing
rspec ./a_spec.rb:7 # Basket when empty explodes]=],
                },
            },
            gives = {
                {
                    framework = "RSpec", total = 4, passed = 1, skipped = 1,
                    failed = { "Basket when empty costs nothing", "Basket when empty explodes" },
                    messages = { "expected: 0", "ArgumentError:" },
                    places = { "a_spec.rb:3", "a_spec.rb:7" },
                },
            },
        },
        {
            id = "tests.minitest", framework = "minitest",
            patterns = {
                test = {
                    match = { P .. [[\s*(?:\d+\) )?Failure:\s*$]],
                        P .. [[\s*(?<name>\S.*?) \[(?<file>[^\]:]+):(?<line>\d+)\]:?\s*$]] },
                    within = 2, at_last = true, name = "{name}", keep = 10000,
                    below = { within = 20, stop = [[^\s*\d+\) |^(?:bin/)?rails test ]] },
                },
                reporter = {
                    match = P .. [[ *(?:FAIL|ERROR)\["(?<test>[^"]+)", (?:.*@name="(?<class>[^"]+)"|(?<suite>[\w:]+))]],
                    name = { "{class}#{test}", "{suite}#{test}", "{test}" }, suite = "", keep = 10000,
                    below = { within = 12, locate = [[^\s+(?:at )?\(?(?<file>[^\s:]+\.rb):(?<line>\d+)]] },
                },
                spec_reporter = {
                    match = P .. [[ {2}(?<test>test_\S(?:.*?\S)??) +(?:FAIL|ERROR) \([\d.]+s\)\s*$]], name = "{test}",
                    keep = 10000, below = { within = 12 },
                },
                error = {
                    match = P .. [[\s*(?:\d+\) )?Error:\s*$]], name = "{name}", keep = 10000, supporting = true,
                    below = { within = 20, stop = [[^\s*\d+\) (?:Error|Failure)]],
                        locate = [[^\s*(?<name>[A-Z][\w:]*#test_\S.{0,100}?)(?: \[.*\])?:\s*$]],
                        skip = [[#test_|^\s+\S+:\d+:in ]] },
                },
                total = {
                    match = P .. [[(?<total>\d+) (?:runs|tests), \d+ assertions, (?<failed>\d+) failures, ]]
                        .. [[(?<errors>\d+) errors, (?<skipped>\d+) skips]],
                    gives = "counts", keep = 5000,
                },
            },
            examples = {
                matches = {
                    [=[
Run options: --seed 42746

# Running:

S.FE

Finished in 0.000777s, 5148.1840 runs/s, 2574.0920 assertions/s.

  1) Failure:
TestBasket#test_total [mini.rb:3]:
Expected: 3
  Actual: 2

  2) Error:
TestBasket#test_boom:
ArgumentError: no basket
    mini.rb:4:in `test_boom'

4 runs, 2 assertions, 1 failures, 1 errors, 1 skips

You have skipped tests. Run with --verbose for details.]=],
                    [=[
  1) Failure:
test_total(BasketTest) [test/basket_test.rb:7]:
Expected 2 to be 3.

  2) Skipped:
test_later(BasketTest) [test/basket_test.rb:9]:
later

3 runs, 2 assertions, 1 failures, 0 errors, 1 skips]=],
                    [=[
 FAIL["test_total", #<Minitest::Reporters::Suite:0x0055 @name="BasketTest">, 0.012]
 test_total#BasketTest (0.01s)
        Expected: 3
          Actual: 2
        test/basket_test.rb:7:in `test_total'

2 tests, 2 assertions, 1 failures, 0 errors, 0 skips]=],
                },
            },
            gives = {
                {
                    framework = "minitest", total = 4, passed = 1, skipped = 1,
                    failed = { "TestBasket#test_total", "TestBasket#test_boom" },
                    messages = { "Expected: 3", "ArgumentError: no basket" },
                    places = { "mini.rb:3", "" },
                },
                {
                    framework = "minitest", total = 3, passed = 1, skipped = 1,
                    failed = { "test_total(BasketTest)" },
                    messages = { "Expected 2 to be 3." },
                    places = { "test/basket_test.rb:7" },
                },
                {
                    framework = "minitest", total = 2, passed = 1, skipped = 0,
                    failed = { "BasketTest#test_total" },
                    messages = { "test_total#BasketTest (0.01s)" },
                    places = { "test/basket_test.rb:7" },
                },
            },
        },
        {
            id = "tests.test_unit", framework = "test-unit",
            patterns = {
                test = {
                    match = P .. [[(?:Failure|Error): (?<name>test[^()]*\([\w:]+\))(?:: ?(?<said>.*))?$]],
                        name = "{name}", message = "{said}",
                    keep = 10000, below = { within = 20, stop = [[^={20,}|^-{20,}]],
                        skip = [[^\s+(?:=> )?\d+: |\.rb:\d+:in ]],
                            locate = [[^(?:.*in )?[`'\[]?(?<file>[^\s:`']+\.rb):(?<line>\d+)]] },
                },
                total = {
                    match = P .. [[(?<total>\d+) tests, \d+ assertions, (?<failed>\d+) failures, ]]
                        .. [[(?<errors>\d+) errors, (?<words>\d+ pendings, \d+ omissions)]],
                    gives = "counts", keep = 5000,
                },
            },
            examples = {
                matches = {
                    [=[
Loaded suite tu
Started
E
===============================================================================
Error: test_boom(BasketTest): ArgumentError: no basket
tu.rb:4:in `test_boom'
     1: require "test/unit"
     2: class BasketTest < Test::Unit::TestCase
     3:   def test_total; assert_equal(3, 2); end
  => 4:   def test_boom; raise ArgumentError, "no basket"; end
     5:   def test_ok; assert(true); end
     6: end
===============================================================================
.F
===============================================================================
Failure: test_total(BasketTest)
tu.rb:3:in `test_total'
     1: require "test/unit"
     2: class BasketTest < Test::Unit::TestCase
  => 3:   def test_total; assert_equal(3, 2); end
     4:   def test_boom; raise ArgumentError, "no basket"; end
     5:   def test_ok; assert(true); end
     6: end
<3> expected but was
<2>
===============================================================================

Finished in 0.004194695 seconds.
-------------------------------------------------------------------------------
3 tests, 2 assertions, 1 failures, 1 errors, 0 pendings, 0 omissions, 0 notifications
33.3333% passed
-------------------------------------------------------------------------------
715.19 tests/s, 476.79 assertions/s]=],
                },
            },
            gives = {
                {
                    framework = "test-unit", total = 3, passed = 1, skipped = 0,
                    failed = { "test_boom(BasketTest)", "test_total(BasketTest)" },
                    messages = { "ArgumentError: no basket", "<3> expected but was" },
                    places = { "tu.rb:4", "tu.rb:3" },
                },
            },
        },
        {
            id = "tests.cucumber", framework = "Cucumber",
            patterns = {
                test = {
                    match = P .. [[(?:\[\w+\] +)?(?:cucumber )?(?:-p \S+ )?(?<file>\S+\.feature):(?<line>\d+) # ]]
                        .. [[(?:Scenario|Example|Scenario Outline): (?<name>\S(?:.*?\S)??)\s*$]],
                    name = "{name}", keep = 10000,
                },
                js = {
                    match = P .. [[\d+\) Scenario: (?<name>\S.*?)(?: \(attempt \d+\))? # (?<file>\S+\.feature):]]
                            .. [[(?<line>\d+)]],
                    name = "{name}", keep = 10000, below = { within = 30, stop = [[^\d+\) |^\d+ scenarios?]],
                        skip = [[^\s*[✔✖-] ]] },
                },
                behat = {
                    match = P .. [[--- Failed scenarios:\s*$]], gives = "list", name = "{file}:{line}",
                    sets = { framework = "Behat" }, list = { item = [[^\s+(?<file>\S+\.feature):(?<line>\d+)]],
                        stop = [[^\d+ scenarios?]], message = { at_most = 0 } },
                },
                total = { match = P .. [[(?<total>\d+) scenarios? \((?<words>[^)]*)\)]], gives = "counts" },
            },
            examples = {
                matches = {
                    [=[
Failing Scenarios:
cucumber features/basket.feature:12 # Scenario: Removing an item

3 scenarios (1 failed, 2 passed)
12 steps (1 failed, 2 skipped, 9 passed)
0m0.042s]=],
                    [=[
.F

Failures:

1) Scenario: adds up # features/b.feature:2
   ✔ Given one # features/steps/s.js:1
   ✖ Then three # features/steps/s.js:1
       Error: 2 is not 3
           at World.<anonymous> (/home/dev/shop/features/steps/s.js:1:108)

1 scenario (1 failed)
2 steps (1 failed, 1 passed)
0m00.023s (executing steps: 0m00.002s)]=],
                    [=[
--- Failed scenarios:

    features/basket.feature:12 (on line 14)

3 scenarios (2 passed, 1 failed)]=],
                },
            },
            gives = {
                {
                    framework = "Cucumber", total = 3, passed = 2, skipped = 0,
                    failed = { "Removing an item" },
                    places = { "features/basket.feature:12" },
                },
                {
                    framework = "Cucumber", total = 1, passed = 0, skipped = 0,
                    failed = { "adds up" },
                    messages = { "Error: 2 is not 3" },
                    places = { "features/b.feature:2" },
                },
                {
                    framework = "Behat", total = 3, passed = 2, skipped = 0,
                    failed = { "features/basket.feature:12" },
                    places = { "features/basket.feature:12" },
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
