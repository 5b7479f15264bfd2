-- What XCTest, Swift Testing and the formatters of xcodebuild print about tests that fail.

local base = {
    about = "results of tests in the output of XCTest, Swift Testing, xcpretty and xcbeautify",
    test_readers = {
        {
            id = "tests.xctest", framework = "XCTest",
            patterns = {
                said = {
                    match = [=[^(?<file>[^\s:].*?):(?<line>\d+): error: (?:-\[(?<class>\S+) (?<method>[^\]]+)\]|]=]
                        .. [=[(?<name>[\w.]+\.\w+)) : (?<said>.*)$]=],
                    name = { "{class}.{method}", "{name}" }, message = "{said}", keep = 10000,
                },
                test = {
                    match = [=[^Test [Cc]ase '(?:-\[(?<class>\S+) (?<method>[^\]]+)\]|(?<name>[^']+))' failed ]=],
                        name = { "{class}.{method}", "{name}" }, keep = 10000,
                },
                pretty = { match = [[^\s+(?:✗|✖|❌) (?<method>\w+(?:\(\))?),? +(?<said>\S.*)$]],
                    name = { "{class}.{method}", "{method}" }, message = "{said}",
                    keep = 10000, supporting = true },
                listed = { match = [[^\t-?\[?(?<class>[A-Z]\w*(?:\.\w+)?)[. ](?<method>test\w*)(?:\(\))?\]?\s*$]],
                    name = "{class}.{method}", keep = 10000,
                    supporting = true },
                total = { match = [[^\s*Executed (?<total>\d+) tests?, with (?:(?<skipped>\d+) tests? skipped and )?]]
                    .. [[(?<failed>\d+) failures? \(]],
                    gives = "counts", counting = "last", keep = 5000 },
            },
            examples = {
                matches = {
                    [=[
Test Case '-[ShopTests.BasketTests testAddsUp]' started.
/shop/BasketTests.swift:12: error: -[ShopTests.BasketTests testAddsUp] : XCTAssertEqual failed: ("2") is not "3"
Test Case '-[ShopTests.BasketTests testAddsUp]' failed (0.004 seconds).
Test Case '-[ShopTests.BasketTests testIsEmpty]' passed (0.001 seconds).
Test Suite 'BasketTests' failed at 2023-01-01 10:00:00.000.
	 Executed 2 tests, with 1 failure (0 unexpected) in 0.005 (0.006) seconds
Test Suite 'All tests' failed at 2023-01-01 10:00:00.001.
	 Executed 2 tests, with 1 failure (0 unexpected) in 0.005 (0.007) seconds]=],
                },
            },
            gives = {
                {
                    framework = "XCTest", total = 2, passed = 1, skipped = 0,
                    failed = { "ShopTests.BasketTests.testAddsUp" },
                    messages = { "XCTAssertEqual failed: (\"2\") is not \"3\"" },
                    places = { "/shop/BasketTests.swift:12" },
                },
            },
        },
        {
            id = "tests.swift_testing", framework = "Swift Testing",
            patterns = {
                issue = {
                    match = [[^\S+ {1,2}Test (?<name>"[^"]+"|[^\s(]++(?:\(.{0,200}?\))?)]]
                        .. [[(?: with \d+ argument.{0,500}?)? recorded an issue(?: with .*?)? at (?<file>[^\s:]+):]]
                        .. [[(?<line>\d+):\d+: (?<said>.*)$]],
                    name = "{name}", message = "{said}", keep = 10000,
                },
                test = { match = [[^\S+ {1,2}Test (?!run with|case )(?<name>"[^"]+"|[^\s(]++(?:\(.{0,200}?\))?)]]
                    .. [[(?: with .{0,200}?)? failed after ]], name = "{name}", keep = 10000 },
                total = { match = [[^\S+ {1,2}Test run with (?<total>\d+) tests?(?: in \d+ suites?)? ]]
                    .. [[(?:passed|failed) after ]], gives = "counts" },
            },
            examples = {
                matches = {
                    [=[
◇ Test addsUp() started.
✘ Test addsUp() recorded an issue at BasketTests.swift:12:5: Expectation failed: (1 + 1 → 2) == 3
✘ Test addsUp() failed after 0.001 seconds with 1 issue.
✘ Test run with 2 tests failed after 0.002 seconds with 1 issue.]=],
                },
            },
            gives = {
                {
                    framework = "Swift Testing", total = 2, passed = 1, skipped = 0,
                    failed = { "addsUp()" },
                    messages = { "Expectation failed: (1 + 1 → 2) == 3" },
                    places = { "BasketTests.swift:12" },
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
