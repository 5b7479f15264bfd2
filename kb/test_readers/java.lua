-- What Gradle, Ant and the runners of JUnit and TestNG print about tests that fail.

-- A frame of a stack trace that is the project's own, not the test library's or the platform's.
local own_frame = [[^\s*at (?!(?:app//)?(?:org\.]]
    .. [[(?:junit|hamcrest|assertj|opentest4j|testng|mockito|codehaus|spockframework)]]
    .. [[|junit|java|javax|jdk|sun|kotlin|groovy|com\.google\.common\.truth)\b|java\.base)]]
    .. [[[^(]*\((?<file>[\w$]+\.(?:java|kt|groovy|scala)):(?<line>\d+)\)]]

local dotted = [[[\w$]+(?:\.[\w$]+)+]]

local base = {
    about = "results of tests in the output of Gradle, Ant, JUnit and TestNG",
    test_readers = {
        {
            id = "tests.gradle", framework = "JUnit",
            patterns = {
                task = { match = [[^> Task (?<task>:[\w:.-]+)]], gives = "context", sets = { suite = "{task}" },
                    keep = 10000,
                    transparent = true },
                test = {
                    match = [[^(?!> Task|:)(?:Gradle (?:Test Run|suite|test)[^>]* > |Gradle Test Executor \d+ > ]]
                        .. [[|[Tt]est [Ss]uite > )*+(?:(?:(?:(?! > ).)++ > )++(?<full>(?:[\w$]+\.){2,}[\w$]+]]
                                .. [[(?:[(\[].*)?)]]
                        .. [[|(?<alone>(?:[\w$]+\.){2,}[\w$]+(?:[(\[][^>]*)?)]]
                        .. [[|(?<outer>[\w.$]+) > (?<nested>[A-Z][\w$]*) > (?<inner>[^>]+)]]
                        .. [[|(?=\S)(?<class>(?:(?! > ).)++) > (?<method>\S.*)) FAILED$]],
                    name = { "{full}", "{alone}", "{outer}${nested}.{inner}", "{class}.{method}" }, keep = 10000,
                    below = { within = 60, stop = [[^\S]], locate = { own_frame,
                        [[ at (?<file>[\w$]+\.(?:java|kt|groovy|scala)):(?<line>\d+)$]] } },
                },
                logged = {
                    match = [[^ +(?:[✘✗] )?Test (?<method>\S.*?) FAILED(?: \([\d.]+\w+\))?(?<end>)$]],
                    above = { match = [[^(?:\S+ )?(?<class>[\w$]+(?:\.[\w$]+)+)(?: > .*)?$]], within = 400 },
                    name = "{class}.{method}", keep = 10000, below = { within = 60, stop = [[^ {0,4}(?:Test|[✔✘✗]) ]],
                        locate = own_frame },
                },
                total = {
                    match = [[^(?<total>\d+) tests? completed, (?<failed>\d+) failed(?:, (?<skipped>\d+) skipped)?$]],
                    gives = "counts", keep = 5000,
                },
                logged_total = {
                    match = [[^\s*(?:SUCCESS|FAILURE): Executed (?<total>\d+) tests? in .*?(?:\((?<words>[^()]*)\))?$]],
                    gives = "counts", fallback = true, keep = 5000,
                },
            },
            examples = {
                matches = {
                    [=[
> Task :core:test

com.acme.BasketTest > total FAILED
    org.junit.ComparisonFailure: expected:<[3]> but was:<[2]>
        at org.junit.Assert.assertEquals(Assert.java:117)
        at com.acme.BasketTest.total(BasketTest.java:14)

BasketTest > WhenEmpty > costsNothing() FAILED
    org.opentest4j.AssertionFailedError at BasketTest.java:31

BasketTest > pairs(int, String) > com.acme.BasketTest.pairs(int, String)[2] FAILED
    java.lang.ArithmeticException at BasketTest.java:40

Gradle suite > Gradle test > com.acme.web.PageTest.opens FAILED
    java.net.ConnectException at PageTest.java:9

46 tests completed, 4 failed, 3 skipped

> Task :core:test FAILED]=],
                    [=[
com.acme.theme.ManagerTest

  Test opens() SKIPPED
  Test installs() FAILED

  org.opentest4j.AssertionFailedError: expected: <2> but was: <3>
      at com.acme.theme.ManagerTest.installs(ManagerTest.java:174)

FAILURE: Executed 8 tests in 2m 41s (1 failed, 1 skipped)


8 tests completed, 1 failed, 1 skipped]=],
                },
            },
            gives = {
                {
                    framework = "JUnit", total = 46, passed = 39, skipped = 3,
                    failed = {
                        "com.acme.BasketTest.total", "BasketTest$WhenEmpty.costsNothing()",
                        "com.acme.BasketTest.pairs(int, String)[2]", "com.acme.web.PageTest.opens",
                    },
                    messages = {
                        "org.junit.ComparisonFailure: expected:<[3]> but was:<[2]>",
                        "org.opentest4j.AssertionFailedError at BasketTest.java:31",
                        "java.lang.ArithmeticException at BasketTest.java:40",
                        "java.net.ConnectException at PageTest.java:9",
                    },
                    places = { "BasketTest.java:14", "BasketTest.java:31", "BasketTest.java:40", "PageTest.java:9" },
                },
                {
                    framework = "JUnit", total = 8, passed = 6, skipped = 1,
                    failed = { "com.acme.theme.ManagerTest.installs()" },
                    messages = { "org.opentest4j.AssertionFailedError: expected: <2> but was: <3>" },
                    places = { "ManagerTest.java:174" },
                },
            },
        },
        {
            id = "tests.ant", framework = "JUnit",
            patterns = {
                suite = { match = [[^\s*(?:\[[\w.-]+\] +)?(?:Testsuite|Testcase): (?<class>[\w.$]+)\s*$]],
                    gives = "context",
                    sets = { class = "{class}" }, keep = 10000 },
                test = {
                    match = [[^\s*(?:\[[\w.-]+\] +)?Testcase: (?<method>[^\s(]+(?:\[.{0,60}?\]|\(\))?)(?:\(]]
                        .. [[(?<of>]] .. dotted
                        .. [[)\))?(?: took [\d.,]+(?: \w+)?)?:?\s+(?:FAILED|FAILURE|Caused an ERROR)\s*(?<said>.*)$]],
                    name = { "{of}.{method}", "{class}.{method}" }, message = "{said}", keep = 10000,
                    below = { within = 60, stop = [[Testcase: |Testsuite: ]], take = [[^\s*+(?:\[[\w.-]+\] ++)?]]
                        .. [[(?!at |Caused an|FAILED|null$|\s*$)(.*\S)]], locate = own_frame, at_most = 1 },
                },
                later = {
                    match = [[^\s*(?:\[[\w.-]+\] +)?\t?(?:FAILED|Caused an ERROR)\s*$]],
                    above = { match = [[Testcase: (?<method>[^\s(]+(?:\[.{0,60}?\]|\(\))?)(?:\((?<of>]] .. dotted
                        .. [[)\))? took ]], within = 1, begins = true },
                    name = { "{of}.{method}", "{class}.{method}" }, keep = 10000,
                    below = { within = 40, stop = [[Testcase: ]], take = [[^\s*+(?:\[[\w.-]+\] ++)?(?!at |\s*$)(.*\S)]],
                        locate = own_frame, at_most = 1 },
                },
                launcher = {
                    match = [[^\s*(?:\[[\w.-]+\] +)?Test: (?<method>\S+) took .{0,60}? FAILED: (?<said>.*)$]],
                    name = { "{class}.{method}", "{method}" }, message = "{said}", keep = 10000,
                },
                class = {
                    match = [[^\s*\[junit\w*\] +(?:TEST|Test) (?<name>[\w.$]+) FAILED]], name = "{name}", weak = true,
                    keep = 10000,
                },
                total = {
                    match = [[^\s*(?:\[(?!INFO|ERROR|WARN)[\w.-]+\] +)Tests run: (?<total>\d+), Failures: ]]
                        .. [[(?<failed>\d+)]]
                        .. [[(?:, (?:Errors: (?<errors>\d+)|Aborted: \d+))?(?:, Skipped: ]]
                                .. [[(?<skipped>\d+))?, Time elapsed:]],
                    gives = "counts", keep = 10000,
                },
            },
            examples = {
                matches = {
                    [=[
    [junit] Tests run: 4, Failures: 1, Errors: 1, Skipped: 1, Time elapsed: 0.013 sec
    [junit]
    [junit] Testcase: boom(com.acme.BasketTest):	Caused an ERROR
    [junit] no basket
    [junit] java.lang.IllegalStateException: no basket
    [junit] 	at com.acme.BasketTest.boom(Unknown Source)
    [junit]
    [junit]
    [junit] Testcase: later(com.acme.BasketTest):SKIPPED
    [junit] Testcase: total(com.acme.BasketTest):	FAILED
    [junit] expected:<3> but was:<2>
    [junit] junit.framework.AssertionFailedError: expected:<3> but was:<2>
    [junit] 	at com.acme.BasketTest.total(Unknown Source)]=],
                    [=[
    [junit] Testsuite: com.acme.BasketTest
    [junit] Tests run: 4, Failures: 1, Errors: 1, Skipped: 1, Time elapsed: 0.046 sec
    [junit]
    [junit] Testcase: boom took 0.007 sec
    [junit] 	Caused an ERROR
    [junit] no basket
    [junit] java.lang.IllegalStateException: no basket
    [junit] 	at com.acme.BasketTest.boom(Unknown Source)
    [junit]
    [junit] Testcase: fine took 0 sec
    [junit] Testcase: later took 0 sec
    [junit] 	SKIPPED
    [junit] Testcase: total took 0 sec
    [junit] 	FAILED
    [junit] expected:<3> but was:<2>
    [junit] junit.framework.AssertionFailedError: expected:<3> but was:<2>
    [junit] 	at com.acme.BasketTest.total(Unknown Source)]=],
                },
            },
            gives = {
                {
                    framework = "JUnit", total = 4, passed = 1, skipped = 1,
                    failed = { "com.acme.BasketTest.boom", "com.acme.BasketTest.total" },
                    messages = { "no basket", "expected:<3> but was:<2>" },
                },
                {
                    framework = "JUnit", total = 4, passed = 1, skipped = 1,
                    failed = { "com.acme.BasketTest.boom", "com.acme.BasketTest.total" },
                    messages = { "no basket", "expected:<3> but was:<2>" },
                },
            },
        },
        {
            id = "tests.testng", framework = "TestNG", yields_to = { "tests.surefire", "tests.gradle", "tests.ant" },
            patterns = {
                test = {
                    match = [[^(?:\[\w+\] +)?FAILED: (?<name>[\w.$]+(?:\(.*\))?)\s*$]], name = "{name}", keep = 10000,
                        supporting = true,
                    below = { within = 40, stop = [[^(?:PASSED|FAILED|SKIPPED)]], locate = own_frame },
                },
                setup = {
                    match = [[^FAILED CONFIGURATION: @\w+ (?<name>[\w.$]+)]], name = "{name}", keep = 5000,
                    below = { within = 40, locate = own_frame },
                },
                total = {
                    match = [[^(?:\[\w+\] {1,100})?\s*(?:Total t|T)ests run: ?(?<total>\d+),(?: Passes: ?\d+,)? ]]
                        .. [[Failures: ?]]
                        .. [[(?<failed>\d+)]]
                        .. [[, Skips: ?(?<skipped>\d+)]],
                    gives = "counts",
                },
            },
            examples = {
                matches = {
                    [=[
PASSED: opens
FAILED: closes
java.lang.AssertionError: expected [true] but found [false]
	at org.testng.Assert.fail(Assert.java:94)
	at com.acme.DoorTest.closes(DoorTest.java:18)
SKIPPED: locks

===============================================
    Default test
    Tests run: 3, Failures: 1, Skips: 1
===============================================]=],
                },
            },
            gives = {
                {
                    framework = "TestNG", total = 3, passed = 1, skipped = 1,
                    failed = { "closes" },
                    messages = { "java.lang.AssertionError: expected [true] but found [false]" },
                    places = { "DoorTest.java:18" },
                },
            },
        },
        {
            id = "tests.junit_console", framework = "JUnit",
            patterns = {
                failures = {
                    match = [[^(?<prefix>(?:\s*\[[\w.-]+\] )?)There (?:was|were) \d+ (?:failure|error)s?:\s*$]],
                        gives = "list",
                    name = "{method}({class})", key = "{class}.{method}", message = "{rest}",
                    list = { item = [[^\d+\) (?<method>\S+?)\((?<class>]] .. dotted .. [[)\)(?<rest>.*)]],
                        stop = [[^FAILURES!!!|^Tests run:]], locate = own_frame, message = { at_most = 1 } },
                },
                source = {
                    match = [[^\s+MethodSource \[className = '(?<class>[^']+)', methodName = '(?<method>[^']+)']],
                    name = "{class}.{method}", keep = 10000,
                    below = { within = 40, stop = [[MethodSource ]], take = [[^\s*=> (.*)]], locate = own_frame },
                },
                tree = {
                    match = [[^[\s│|├└'`+]*(?:[├└]─|[+'`]--) (?<name>(?<method>\w+)\(.*?\)(?:\[\d+\])?) (?:✘]]
                        .. [[|\[X\])(?: ]]
                        .. [[(?<message>\S.*))?$]],
                    name = "{name}", key = "{method}", message = "{messag"
                        .. "e}", keep = 5000, weak = true, supporting = true,
                },
                engine = { match = [[^(?:[├└+'`]─?-{0,2} )JUnit (?:Jupiter|Vintage|Platform Suite) (?:✔|✘]]
                    .. [[|\[OK\]|\[X\])]],
                    gives = "context", proves = true, keep = 1 },
                total = {
                    match = [[^(?:\s*\[[\w.-]+\] )?Tests run: (?<total>\d+),  Failures: (?<failed>\d+)(?:,  Errors: ]]
                        .. [[(?<errors>\d+))?\s*$]],
                    gives = "counts",
                },
                ok = { match = [[^(?:\s*\[[\w.-]+\] )?OK \((?<total>\d+) tests?\)\s*$]], gives = "counts" },
                found = { match = [[^\[ +(?<total>\d+) tests started +\]$]], gives = "counts", partial = true },
                successful = { match = [[^\[ +(?<passed>\d+) tests successful +\]$]], gives = "counts",
                    partial = true },
                broken = { match = [[^\[ +(?<failed>\d+) tests failed +\]$]], gives = "counts", partial = true },
                skipped = { match = [[^\[ +(?<skipped>\d+) tests skipped +\]$]], gives = "counts", partial = true },
            },
            examples = {
                matches = {
                    [=[
JUnit version 4.13.2
.E.I.E
Time: 0.012
There were 2 failures:
1) boom(com.acme.BasketTest)
java.lang.IllegalStateException: no basket
	at com.acme.BasketTest.boom(Unknown Source)
2) total(com.acme.BasketTest)
java.lang.AssertionError: expected:<3> but was:<2>
	at org.junit.Assert.fail(Assert.java:89)
	at org.junit.Assert.failNotEquals(Assert.java:835)
	at org.junit.Assert.assertEquals(Assert.java:647)
	at org.junit.Assert.assertEquals(Assert.java:633)
	at com.acme.BasketTest.total(Unknown Source)

FAILURES!!!
Tests run: 3,  Failures: 2]=],
                    [=[
Failures (1):
  JUnit Jupiter:BasketTest:total()
    MethodSource [className = 'com.acme.BasketTest', methodName = 'total', methodParameterTypes = '']
    => org.opentest4j.AssertionFailedError: expected: <3> but was: <2>
       org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:55)
       [...]

Test run finished after 64 ms
[         4 tests found           ]
[         1 tests skipped         ]
[         3 tests started         ]
[         0 tests aborted         ]
[         2 tests successful      ]
[         1 tests failed          ]]=],
                    [=[
╷
├─ JUnit Jupiter ✔
│  └─ BasketTest ✔
│     ├─ total() ✘ expected: <3> but was: <2>
│     └─ empty() ✔]=],
                },
            },
            gives = {
                {
                    framework = "JUnit", total = 3, passed = 1, skipped = 0,
                    failed = { "boom(com.acme.BasketTest)", "total(com.acme.BasketTest)" },
                    messages = {
                        "java.lang.IllegalStateException: no basket",
                        "java.lang.AssertionError: expected:<3> but was:<2>",
                    },
                },
                {
                    framework = "JUnit", total = 3, passed = 2, skipped = 1,
                    failed = { "com.acme.BasketTest.total" },
                    messages = { "org.opentest4j.AssertionFailedError: expected: <3> but was: <2>" },
                },
                { framework = "JUnit", failed = { "total()" }, messages = { "expected: <3> but was: <2>" } },
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
