-- What the plugins of Maven that run tests, surefire and failsafe, print about those that fail.

-- A frame of a stack trace that is the project's own, not the test library's or the platform's.
local own_frame = [[^\s*at (?!(?:app//)?(?:org\.]]
    .. [[(?:junit|hamcrest|assertj|opentest4j|testng|mockito|codehaus|spockframework)]]
    .. [[|junit|java|javax|jdk|sun|kotlin|groovy|com\.google\.common\.truth)\b|java\.base)]]
    .. [[[^(]*\((?<file>[\w$]+\.(?:java|kt|groovy|scala)):(?<line>\d+)\)]]

local dotted = [[[\w$]+(?:\.[\w$]+)+]]

-- The lists below "Failed tests:" and "Errors:": `method(Class): message` of old, `Class.method:12 message` since 2.13.
local maven_item = [[^(?:(?:Failed tests|Tests in error):\s*|\[ERROR\] {1,3}|  )(?:\S+ on instance )?]]
    .. "(?:(?<method>[^\\s()]+?(?:\\[[^\\[\\]]*\\])?)\\((?<class>" .. dotted .. ")\\)(?:\\(" .. dotted .. "\\))?"
    .. [[|(?:(?<sub>[A-Z][\w$]*)>)?(?<short>(?:[\w$]+\.)*[A-Z][\w$]*)\.]]
    .. [=[(?!(?:[\w$]+\.){1,10}[A-Z])(?<name>[\w$]+(?:\([^)]*\))?(?:\[[^\[\]]*\])*))]=]
    .. [[(?:(?::\d+)?(?:->[\w.$:>]+)*(?::?\s+(?:»\s*)?(?<message>\S.*))?$|:\s*(?<rest>.*)$)]]

local maven_list = {
    item = maven_item,
    stop = [[^(?:\[\w+\] +)?Tests run:|^\[INFO\] -{10}|^\[WARNING\] Flakes|^Flaked tests]],
    message = { at_most = 0 },
}

local base = {
    about = "results of tests in the output of Maven",
    test_readers = {
        {
            id = "tests.surefire", framework = "JUnit",
            patterns = {
                plugin = {
                    match = [[--- (?:maven-)?(?:surefire|failsafe)(?:-plugin)?:[\w.-]+:[\w-]+ \([^)]*\) @ ]]
                        .. [[(?<module>[\w.-]+)]],
                    gives = "context", sets = { suite = "{module}" }, keep = 5000,
                },
                test = {
                    match = [[^(?:\[\w+\] +)?+(?!Tests run:)(?:(?<method>\S.*?)\((?<class>]] .. dotted
                        .. [[)\)|(?<bare>\w+(?:[({\[](?:.*?\S)??)?)|(?<name>\S(?:.*?\S)??))(?: +--)? +Time ]]
                            .. [[elapsed: [\d.,]++ ?\w* +<<< ]]
                                .. [[(?:FAILURE|ERROR)!]],
                    name = { "{method}({class})", "{of}.{bare}", "{bare}", "{name}" },
                    key = { "{class}.{method}", "{of}.{bare}", "{bare}", "{name}" }, keep = 10000,
                    below = { within = 60, stop = [[^(?:\[\w+\] +)?(?:Tests run:|Running |$)]], locate = own_frame },
                },
                failed = {
                    match = [[^(?:Failed tests|Tests in error):|^\[ERROR\] (?:Failures|Errors): *$]], gives = "list",
                    name = { "{method}({class})", "{sub}.{name}", "{short}.{name}" },
                    key = { "{class}.{method}", "{sub}.{name}", "{short}.{name}" },
                    message = { "{message}", "{rest}" }, weak = true, list = maven_list, keep = 5000,
                },
                flakes = {
                    match = [[^\[WARNING\] Flakes: *$|^Flaked tests: *$]], gives = "list", recovers = true,
                    name = "{name}", list = { item = [[^(?:\[WARNING\] )?(?<name>]] .. dotted .. [[)\s*$]],
                        stop = [[Tests run:]], },
                },
                class = {
                    match = [[^(?:\[(?:INFO|ERROR|WARNING)\] +)?Tests run: (?<total>\d+), Failures: (?<failed>\d+)]]
                        .. [[, Errors: (?<errors>\d+), Skipped: (?<skipped>\d+)(?:, Flakes: \d+)?, Time elapsed: ]]
                        .. [[(?:.*?\S)??(?: -{1,2} in (?<of>[\w.$]+))?\s*$]],
                    gives = "counts", fallback = true, keep = 10000, sets = { of = "{of}" },
                },
                total = {
                    match = [[^(?:\[\w+\] +)?Tests run: (?<total>\d+), Failures: (?<failed>\d+), Errors: ]]
                        .. [[(?<errors>\d+)]]
                        .. [[(?:, Skipped: (?<skipped>\d+))?(?:, Flakes: \d+)?\s*$]],
                    gives = "counts", settles = true, keep = 5000,
                },
            },
            examples = {
                matches = {
                    [=[
[INFO] --- maven-surefire-plugin:3.0.0-M5:test (default-test) @ core ---
[INFO] Running com.acme.BasketTest
[ERROR] Tests run: 4, Failures: 1, Errors: 1, Skipped: 1, Time elapsed: 0.052 s <<< FAILURE! - in com.acme.BasketTest
[ERROR] com.acme.BasketTest.boom  Time elapsed: 0.004 s  <<< ERROR!
java.lang.IllegalStateException: no basket
	at com.acme.BasketTest.boom(BasketTest.java:5)

[ERROR] com.acme.BasketTest.total  Time elapsed: 0.002 s  <<< FAILURE!
java.lang.AssertionError: expected:<3> but was:<2>
	at org.junit.Assert.fail(Assert.java:89)
	at com.acme.BasketTest.total(BasketTest.java:4)

[INFO]
[INFO] Results:
[INFO]
[ERROR] Failures:
[ERROR]   BasketTest.total:4 expected:<3> but was:<2>
[ERROR] Errors:
[ERROR]   BasketTest.boom:5 IllegalState no basket
[INFO]
[ERROR] Tests run: 4, Failures: 1, Errors: 1, Skipped: 1
[INFO]
[INFO] --- maven-surefire-plugin:3.0.0-M5:test (default-test) @ web ---
[INFO] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s - in com.acme.WebTest
[INFO] Results:
[WARNING] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0]=],
                    [=[
Running com.acme.BasketTest
Tests run: 3, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.1 sec <<< FAILURE!
total[0](com.acme.BasketTest)  Time elapsed: 0.02 sec  <<< FAILURE!
java.lang.AssertionError: expected:<3> but was:<2>
	at com.acme.BasketTest.total(BasketTest.java:4)

Results :

Failed tests:   total[0](com.acme.BasketTest): expected:<3> but was:<2>

Tests run: 3, Failures: 1, Errors: 0, Skipped: 0]=],
                    [=[
Results :

Tests in error:
  BasketTest.boom:5 » IllegalState no basket
  OrderTest>BaseTest.setUp:12->connect:30 » Connect Connection refused

Tests run: 9, Failures: 0, Errors: 2, Skipped: 0]=],
                    [=[
[ERROR] com.acme.NetTest.slow -- Time elapsed: 0.5 s <<< FAILURE!
java.lang.AssertionError: too slow
	at com.acme.NetTest.slow(NetTest.java:9)

[INFO] Results:
[WARNING] Flakes:
[WARNING] com.acme.NetTest.slow
[ERROR]   Run 1: NetTest.slow:9 too slow
[INFO]   Run 2: PASS

[WARNING] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Flakes: 1]=],
                    [=[
[ERROR] Tests run: 2, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.035 s <<< FAILURE! - in com.acme.OrderTest
[ERROR] ships(String)[2]  Time elapsed: 0.004 s  <<< FAILURE!
org.opentest4j.AssertionFailedError: expected: <true> but was: <false>
	at com.acme.OrderTest.ships(OrderTest.java:21)

[INFO] Results:
[ERROR] Failures:
[ERROR]   OrderTest.ships:21 expected: <true> but was: <false>
[ERROR] Tests run: 2, Failures: 1, Errors: 0, Skipped: 0]=],
                },
            },
            gives = {
                {
                    framework = "JUnit", total = 6, passed = 3, skipped = 1,
                    failed = { "com.acme.BasketTest.boom", "com.acme.BasketTest.total" },
                    messages = {
                        "java.lang.IllegalStateException: no basket",
                        "java.lang.AssertionError: expected:<3> but was:<2>",
                    },
                    places = { "BasketTest.java:5", "BasketTest.java:4" },
                },
                {
                    framework = "JUnit", total = 3, passed = 2, skipped = 0,
                    failed = { "total[0](com.acme.BasketTest)" },
                    messages = { "java.lang.AssertionError: expected:<3> but was:<2>" },
                    places = { "BasketTest.java:4" },
                },
                {
                    framework = "JUnit", total = 9, passed = 7, skipped = 0,
                    failed = { "BasketTest.boom", "OrderTest.setUp" },
                    messages = { "IllegalState no basket", "Connect Connection refused" },
                },
                {
                    framework = "JUnit", total = 3, passed = 3, skipped = 0,
                    failed = {  },
                },
                {
                    framework = "JUnit", total = 2, passed = 1, skipped = 0,
                    failed = { "com.acme.OrderTest.ships(String)[2]" },
                    messages = { "org.opentest4j.AssertionFailedError: expected: <true> but was: <false>" },
                    places = { "OrderTest.java:21" },
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
