-- What sbt and the test frameworks of Scala print about tests that fail.

local I = [[^(?:\[(?:info|error|warn)\] ){1,2}]]

local base = {
    about = "results of tests in the output of sbt, ScalaTest, specs2, munit, JUnit under sbt and Clojure",
    test_readers = {
        {
            id = "tests.sbt", framework = "sbt",
            patterns = {
                suite = {
                    match = [[^(?:\[info\] ){1,2}(?<class>[A-Z]\w*(?:Test|Spec|Suite|Tests|Specs|IT|Check)):\s*$]],
                    gives = "context", sets = { class = "{class}" },
                    keep = 10000 },
                scalatest = {
                    match = [[^(?:\[info\] ){0,2}\s*(?:- )?(?<name>[^\s*].{0,200}?) \*\*\* (?:FAILED|ABORTED) \*\*\*]]
                        .. [[(?: \(.*\))?\s*$]], name = { "{class}: {name}", "{name}" }, key = { "{class}.{name}",
                                "{name}" },
                    keep = 10000, below = { within = 12, stop = [[\*\*\* (?:FAILED|ABORTED)]],
                        take = [[^(?:\[info\] ){0,2}\s+(\S.*)$]], at_most = 1,
                        locate = [[\((?<file>\w+\.scala):(?<line>\d+)\)]] },
                },
                junit = {
                    match = I .. [[Test (?<name>\S+?)(?:\(\))? failed: (?<said>(?:.*?\S)??)(?:, took [\d.]+ ?s]]
                        .. [[(?:ec)?)?\s*$]],
                        name = "{name}", message = "{said}",
                    keep = 10000, below = { within = 6, take = "^(?!)",
                        locate = [[\((?<file>\w+\.(?:java|scala)):(?<line>\d+)\)]] },
                },
                munit = {
                    match = [[^(?:\[error\] )?==> X (?<name>\S(?:.*?\S)??)(?:  ?[\d.]+s)?(?: +[\w.]*munit\S*: ]]
                        .. [[(?<said>.*))?\s*$]], name = "{name}", message = "{said}",
                    keep = 10000, below = { within = 10, stop = "^==> ",
                        locate = [[(?<file>(?<!\S)\S+\.scala):(?<line>\d+)]] },
                },
                specs2 = {
                    match = [[^(?:\[error\]|\[info\]) {1,12}(?:x|!) (?<name>\S]]
                        .. [[(?:.*?\S)??)\s*$]], name = "{name}", keep = 10000,
                        supporting = true,
                    below = { within = 6, take = [[^\[error\]\s+(\S.*)$]], at_most = 1,
                        locate = [[\((?<file>\w+\.scala):(?<line>\d+)\)]] },
                },
                listed = {
                    match = [[^(?:\[error\] ){1,2}Failed tests:\s*$]], gives = "list", name = "{name}", weak = true,
                    list = { item = [[^(?:\[error\] ){1,2}\t(?<name>[\w.$]+)\s*$]], stop = [[^\[error\] \(]],
                        message = { at_most = 0 }, gap = 3 },
                },
                scalatest_total = {
                    match = [[^(?:\[info\] ){0,2}Tests: succeeded (?<passed>\d+), failed (?<failed>\d+), canceled \d+]]
                        .. [[, ignored (?<skipped>\d+)]],
                    gives = "counts", fallback = true, keep = 5000, sets = { framework = "ScalaTest" },
                },
                total = {
                    match = I .. [[(?:Failed|Passed|Error): Total (?<total>\d+), Failed (?<failed>\d+), Errors ]]
                        .. [[(?<errors>\d+), Passed (?<passed>\d+)]]
                        .. [[(?:, Skipped (?<skipped>\d+)|, Ignored (?<ignored>\d+)|, Pending \d+)*]],
                    gives = "counts", keep = 5000, total_has_skipped = true,
                },
            },
            examples = {
                matches = {
                    [=[
[info] BasketSpec:
[info] A basket
[info] - should add up *** FAILED ***
[info]   2 did not equal 3 (BasketSpec.scala:14)
[info] - should be empty
[info] *** 1 TEST FAILED ***
[error] Failed: Total 4, Failed 1, Errors 0, Passed 3
[error] Failed tests:
[error] 	acme.BasketSpec]=],
                    [=[
[error] Test acme.BasketTest.addsUp failed: java.lang.AssertionError: expected:<3> but was:<2>, took 0.002s
[error]     at acme.BasketTest.addsUp(BasketTest.java:22)
[error] Failed: Total 5, Failed 1, Errors 0, Passed 3, Skipped 1
[error] Failed tests:
[error] 	acme.BasketTest]=],
                    [=[
BasketSpec:
- should add up *** FAILED ***
  2 did not equal 3 (BasketSpec.scala:14)
Run completed in 120 milliseconds.
Total number of tests run: 2
Tests: succeeded 1, failed 1, canceled 0, ignored 1, pending 0
*** 1 TEST FAILED ***]=],
                },
            },
            gives = {
                {
                    framework = "sbt", total = 4, passed = 3, skipped = 0,
                    failed = { "BasketSpec: should add up" },
                    messages = { "2 did not equal 3 (BasketSpec.scala:14)" },
                    places = { "BasketSpec.scala:14" },
                },
                {
                    framework = "sbt", total = 4, passed = 3, skipped = 1,
                    failed = { "acme.BasketTest.addsUp" },
                    messages = { "java.lang.AssertionError: expected:<3> but was:<2>" },
                    places = { "BasketTest.java:22" },
                },
                {
                    framework = "ScalaTest", total = 2, passed = 1, skipped = 1,
                    failed = { "should add up" },
                    messages = { "2 did not equal 3 (BasketSpec.scala:14)" },
                    places = { "BasketSpec.scala:14" },
                },
            },
        },
        {
            id = "tests.clojure", framework = "clojure.test",
            patterns = {
                test = {
                    match = [[^(?:FAIL|ERROR) in \((?<name>[^()\s]+)\) \((?<file>[^\s:()]+):(?<line>\d+)\)]],
                        name = "{name}", keep = 10000,
                    below = { within = 12, stop = [[^(?:FAIL|ERROR) in |^$]], take = [[^\s*(?:expected|actual): .*]] },
                },
                ran = { match = [[^Ran (?<total>\d+) tests containing \d+ assertions\.]], gives = "counts",
                    partial = true },
                failed = { match = [[^(?<failed>\d+) failures, (?<errors>\d+) errors\.]], gives = "counts",
                    partial = true },
            },
            examples = {
                matches = {
                    [=[
lein test acme.basket-test

FAIL in (adds-up-test) (basket_test.clj:7)
expected: (= 3 (+ 1 1))
  actual: (not (= 3 2))

Ran 2 tests containing 3 assertions.
1 failures, 0 errors.]=],
                },
            },
            gives = {
                {
                    framework = "clojure.test", total = 2, passed = 1, skipped = 0,
                    failed = { "adds-up-test" },
                    messages = { "expected: (= 3 (+ 1 1))" },
                    places = { "basket_test.clj:7" },
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
