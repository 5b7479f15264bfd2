-- What `go test` and the tools around it print about tests that fail.

local P = [[^(?<prefix>(?:#\d+ \d+\.\d+ |\[[^\]\s]+\]:? |[\w.@/-]+ *\| )?)]]

local place = [[^\s*(?<file>[\w./-]+\.go):(?<line>\d+): ]]

local base = {
    about = "results of tests in the output of go test (plain, -v, -json), gotestsum, Ginkgo and gocheck",
    test_readers = {
        {
            id = "tests.go", framework = "go test",
            patterns = {
                test = {
                    match = P .. [[\s*--- FAIL: (?<name>\S.*?) \([\d.]+s\)]], name = "{name}", keep = 10000,
                    below = { within = 40,
                        stop = [[^\s*(?:--- (?:FAIL|PASS|SKIP)|=== ]]
                            .. [[(?:RUN|NAME|CONT|PAUSE)|FAIL\b|ok\s|PASS$|exit status)]],
                        locate = place, skip = [[^\s*(?:Error Trace:|\S+_test\.go:\d+:\s*$)]] },
                    before = { within = 60, since = [[^\s*=== (?:RUN|NAME|CONT)\s+{name}$]],
                        locate = place, stop = [[^\s*(?:===|---) ]] },
                },
                json = {
                    match = P .. [[\{.*"Action":"fail","Package":"(?<suite>[^"]+)","Test":"(?<name>(?:[^"\\]|\\.)+)"]],
                        name = "{name}",
                    suite = "{suite}", keep = 10000,
                },
                summary = {
                    match = P .. [[=== FAIL: (?<suite>\S+) (?<name>\S.*?) \([\d.]+s\)]], name = "{name}",
                        suite = "{suite}", keep = 10000,
                    below = { within = 40, stop = [[^(?:=== (?:FAIL|Failed|Skipped)|DONE )]], locate = place,
                        skip = [[^\s*(?:--- FAIL|Error Trace:|\S+_test\.go:\d+:\s*$)]] },
                },
                package = {
                    match = P .. [[(?:FAIL|ok  )\t(?<suite>\S+)\s+(?:[\d.]+s|\(cached\))]], gives = "place",
                        suite = "{suite}", keep = 10000,
                },
                build = {
                    match = P .. [[FAIL\s+(?<name>\S+) \[(?<why>build failed|setup failed)\]\s*$]], name = "{name}",
                        message = "{why}", of = "suite",
                    keep = 5000,
                },
                panic = {
                    match = P .. [[panic: (?<said>.*?)(?: \[recovered.*)?$]], name = "{test}", message = "{said}",
                        keep = 1000,
                    below = { within = 120, stop = [[^(?:FAIL|ok  )\t]], take = [[^(?!)]],
                        locate = [=[(?:^|\.)(?<test>(?:Test|Fuzz|Example)[^a-z\s(){}][\w]*)\((?:0x|\{0x|\.\.\.)]=] },
                    supporting = true,
                },
                total = {
                    match = P .. [[DONE (?:\d+ runs, )?(?<total>\d+) tests?(?:, (?<skipped>\d+) skipped)?(?:, ]]
                        .. [[(?<failed>\d+) failures?)?(?:, (?<errors>\d+) errors?)? in ]],
                    gives = "counts", counting = "last",
                },
            },
            examples = {
                matches = {
                    [=[
# example.com/shop/nobuild [example.com/shop/nobuild.test]
nobuild/n_test.go:5:28: undefined: undefined
--- FAIL: TestBoom (0.00s)
panic: assignment to entry in nil map [recovered]
	panic: assignment to entry in nil map

goroutine 6 [running]:
testing.tRunner.func1.2({0x508ec0, 0x551c90})
	/usr/lib/go-1.19/src/testing/testing.go:1396 +0x24e
testing.tRunner.func1()
	/usr/lib/go-1.19/src/testing/testing.go:1399 +0x39f
panic({0x508ec0, 0x551c90})
	/usr/lib/go-1.19/src/runtime/panic.go:884 +0x212
example.com/shop/boom.TestBoom(0x0?)
	/home/dev/shop/boom/b_test.go:7 +0x2e
testing.tRunner(0xc000007860, 0x52f2e8)
	/usr/lib/go-1.19/src/testing/testing.go:1446 +0x10b
created by testing.(*T).Run
	/usr/lib/go-1.19/src/testing/testing.go:1493 +0x35f
FAIL	example.com/shop/boom	0.021s
--- FAIL: TestAdd (0.00s)
    --- FAIL: TestAdd/small_numbers (0.00s)
        calc_test.go:7: 1 + 1 = 2, want 3
--- FAIL: TestSub (0.00s)
    calc_test.go:17: subtracting
    calc_test.go:18: not implemented
FAIL
FAIL	example.com/shop/calc	0.007s
FAIL	example.com/shop/nobuild [build failed]
FAIL]=],
                    [=[
=== RUN   TestAdd
=== RUN   TestAdd/small_numbers
    calc_test.go:7: 1 + 1 = 2, want 3
=== RUN   TestAdd/zero
--- FAIL: TestAdd (0.00s)
    --- FAIL: TestAdd/small_numbers (0.00s)
    --- PASS: TestAdd/zero (0.00s)
=== RUN   TestFine
--- PASS: TestFine (0.00s)
=== RUN   TestSkipped
    calc_test.go:14: later
--- SKIP: TestSkipped (0.00s)
=== RUN   TestSub
    calc_test.go:17: subtracting
    calc_test.go:18: not implemented
--- FAIL: TestSub (0.00s)
FAIL
FAIL	example.com/shop/calc	0.003s
FAIL]=],
                    [=[
=== Failed
=== FAIL: calc TestAdd/small (0.00s)
    calc_test.go:7: 1 + 1 = 2, want 3
    --- FAIL: TestAdd/small (0.00s)

=== FAIL: calc TestAdd (0.00s)

DONE 12 tests, 1 skipped, 2 failures in 0.812s]=],
                    [=[
{"Time":"2026-11-21T15:20:09.509406493Z","Action":"output","Package":"example.com/shop/calc","Test":"TestSub","Output
{"Time":"2026-11-21T15:20:09.509410329Z","Action":"output","Package":"example.com/shop/calc","Test":"TestSub","Output
{"Time":"2026-11-21T15:20:09.509418301Z","Action":"output","Package":"example.com/shop/calc","Test":"TestSub","Output
{"Time":"2026-11-21T15:20:09.509421706Z","Action":"fail","Package":"example.com/shop/calc","Test":"TestSub","Elapsed"
{"Time":"2026-11-21T15:20:09.509424991Z","Action":"output","Package":"example.com/shop/calc","Output":"FAIL\n"}
{"Time":"2026-11-21T15:20:09.509927556Z","Action":"output","Package":"example.com/shop/calc","Output":"FAIL\texample.
{"Time":"2026-11-21T15:20:09.509951702Z","Action":"fail","Package":"example.com/shop/calc","Elapsed":0.004}]=],
                },
            },
            gives = {
                {
                    framework = "go test",
                    failed = { "TestBoom", "TestAdd", "TestAdd/small_numbers", "TestSub" },
                    suites = { "example.com/shop/nobuild" },
                    messages = {
                        "assignment to entry in nil map", "", "calc_test.go:7: 1 + 1 = 2, want 3",
                        "calc_test.go:17: subtracting", "build failed",
                    },
                    places = { "", "", "calc_test.go:7", "calc_test.go:17", "" },
                },
                {
                    framework = "go test",
                    failed = { "TestAdd", "TestAdd/small_numbers", "TestSub" },
                    messages = { "", "calc_test.go:7: 1 + 1 = 2, want 3", "calc_test.go:17: subtracting" },
                    places = { "", "calc_test.go:7", "calc_test.go:17" },
                },
                {
                    framework = "go test", total = 12, passed = 9, skipped = 1,
                    failed = { "TestAdd/small", "TestAdd" },
                    messages = { "calc_test.go:7: 1 + 1 = 2, want 3", "" },
                    places = { "calc_test.go:7", "" },
                },
                {
                    framework = "go test",
                    failed = { "TestSub" },
                },
            },
        },
        {
            id = "tests.ginkgo", framework = "Ginkgo",
            patterns = {
                test = {
                    match = P .. [[\s*\[(?:FAIL|PANICKED!?|TIMEDOUT|Fail)\] (?<name>\S]]
                        .. [[(?:.*?\S)??)\s*$]], name = "{name}",
                        keep = 10000,
                    below = { within = 2, locate = [[^\s*(?<file>[^\s:]+\.go):(?<line>\d+)\s*$]], take = [[^(?!)]] },
                    inside = "Summarizing",
                },
                summarizing = { match = P .. [[(?<section>Summarizing) \d+ Failures?:]], gives = "context",
                    section = "{section}" },
                total = {
                    match = P .. [[\w+!? ?-- (?<passed>\d+) Passed \| (?<failed>\d+) Failed \|(?: \d+ Flaked \|)? ]]
                        .. [[(?:\d+ Pending \| )?(?<skipped>\d+) Skipped]],
                    gives = "counts",
                },
            },
            examples = {
                matches = {
                    [=[
Summarizing 1 Failure:
  [FAIL] Basket when empty [It] costs nothing
  /home/dev/shop/basket_test.go:21

Ran 3 of 4 Specs in 0.002 seconds
FAIL! -- 2 Passed | 1 Failed | 0 Pending | 1 Skipped]=],
                },
            },
            gives = {
                {
                    framework = "Ginkgo", total = 3, passed = 2, skipped = 1,
                    failed = { "Basket when empty [It] costs nothing" },
                    places = { "/home/dev/shop/basket_test.go:21" },
                },
            },
        },
        {
            id = "tests.gocheck", framework = "gocheck",
            patterns = {
                test = { match = P .. [[(?:FAIL|PANIC): (?<file>[\w./-]+\.go):(?<line>\d+): (?<name>\w+\.\w+)]],
                    name = "{name}", keep = 10000,
                    below = { within = 30, stop = [[^-{20,}]], take = [[^\.\.\. (.*)]] } },
                total = { match = P .. [[OOPS: (?<words>\d+ passed.*)$]], gives = "counts" },
            },
            examples = {
                matches = {
                    [=[
----------------------------------------------------------------------
FAIL: basket_test.go:14: BasketSuite.TestAddsUp

basket_test.go:15:
    c.Assert(1+1, Equals, 3)
... obtained int = 2
... expected int = 3

OOPS: 2 passed, 1 FAILED]=],
                },
            },
            gives = {
                {
                    framework = "gocheck", total = 3, passed = 2, skipped = 0,
                    failed = { "BasketSuite.TestAddsUp" },
                    messages = { "obtained int = 2" },
                    places = { "basket_test.go:14" },
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
