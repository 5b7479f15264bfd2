-- What `dotnet test`, VSTest and the runners of xUnit, NUnit and MSTest print about tests that fail; Pester too.

local place = [[ in (?<file>\S.{0,200}?):line (?<line>\d+)]]

local base = {
    about = "results of tests in the output of dotnet test, VSTest, xUnit, NUnit, MSTest, TUnit and Pester",
    test_readers = {
        {
            id = "tests.vstest", framework = "dotnet test",
            patterns = {
                test = {
                    match = [=[^ *[Ff]ailed +(?<name>[\w.+`<>]{3,}+(?:\(.*\))?)]=]
                        .. [=[(?: \[[^\]]*\]| \([\d.]+m?s(?: \d+ms)?\))?\s*$]=],
                    name = "{name}", keep = 10000, supporting = true,
                    below = { within = 40, stop = [[^ *(?:Passed|Failed|Skipped) +\S]],
                        skip = [[^\s*(?:Error Message|Stack Trace):]], locate = place },
                },
                xunit = {
                    match = [[^(?:\[xUnit\.net [\d:.]+\] +(?<name>\S.*?)|  +(?<dotted>[\w+`]+(?:\.[\w+`]+)+]]
                        .. [[(?:[(<].*)?)) \[FAIL\]\s*$]],
                    name = { "{name}", "{dotted}" }, keep = 10000,
                    below = { within = 30, stop = [[\[FAIL\]|Stack Trace:|^\[xUnit\.net [\d:.]+\]\s+at |^ {0,2}\S]],
                        take = [[^(?:\[xUnit\.net [\d:.]+\])?\s+(\S.*)$]], locate = place, at_most = 4 },
                },
                line = { match = [[^\s*(?:Failed|Passed)! +- Failed: +(?<failed>\d+), Passed: +]]
                    .. [[(?<passed>\d+), Skipped: +(?<skipped>\d+), Total: +\d+]],
                    gives = "counts", keep = 5000 },
                old = { match = [[^Total tests: (?<total>\d+)\. Passed: (?<passed>\d+)\. Failed: ]]
                    .. [[(?<failed>\d+)\. Skipped: (?<skipped>\d+)\.]],
                    gives = "counts", keep = 5000, total_has_skipped = true },
                total = { match = [[^Total tests: (?<total>\d+)\s*$]], gives = "counts", partial = true },
                passed = { match = [[^ +Passed: (?<passed>\d+)\s*$]], gives = "counts", partial = true,
                    supporting = true },
                failed = { match = [[^ +Failed: (?<failed>\d+)\s*$]], gives = "counts", partial = true,
                    supporting = true },
                skipped = { match = [[^ +Skipped: (?<skipped>\d+)\s*$]], gives = "counts", partial = true,
                    supporting = true },
                summary = { match = [[^Test summary: total: (?<total>\d+), failed: (?<failed>\d+), succeeded: ]]
                    .. [[(?<passed>\d+), skipped: (?<skipped>\d+)]],
                    gives = "counts", keep = 500, total_has_skipped = true, fallback = true },
                console = { match = [[^\s+\S+ +Total: (?<total>\d+), Errors: (?<errors>\d+), Failed: ]]
                    .. [[(?<failed>\d+), Skipped: (?<skipped>\d+)]],
                    gives = "counts", fallback = true },
            },
            examples = {
                matches = {
                    [=[
[xUnit.net 00:00:00.41]     Acme.BasketTests.AddsUp [FAIL]
[xUnit.net 00:00:00.42]       Assert.Equal() Failure
[xUnit.net 00:00:00.42]       Expected: 3
[xUnit.net 00:00:00.42]       Actual:   2
  Failed Acme.BasketTests.AddsUp [5 ms]
  Error Message:
   Assert.Equal() Failure
Expected: 3
Actual:   2
  Stack Trace:
     at Acme.BasketTests.AddsUp() in /home/dev/shop/BasketTests.cs:line 14

Failed!  - Failed:     1, Passed:     3, Skipped:     1, Total:     5, Duration: 31 ms - Shop.dll (net6.0)]=],
                    [=[
Failed   Acme.BasketTests.Throws
Error Message:
 System.InvalidOperationException : no basket
Stack Trace:
   at Acme.BasketTests.Throws() in C:\shop\BasketTests.cs:line 20

Total tests: 4. Passed: 3. Failed: 1. Skipped: 0.
Test Run Failed.]=],
                },
            },
            gives = {
                {
                    framework = "dotnet test", total = 4, passed = 3, skipped = 1,
                    failed = { "Acme.BasketTests.AddsUp" },
                    messages = { "Assert.Equal() Failure" },
                    places = { "/home/dev/shop/BasketTests.cs:14" },
                },
                {
                    framework = "dotnet test", total = 4, passed = 3, skipped = 0,
                    failed = { "Acme.BasketTests.Throws" },
                    messages = { "System.InvalidOperationException : no basket" },
                    places = { "C:\\shop\\BasketTests.cs:20" },
                },
            },
        },
        {
            id = "tests.nunit", framework = "NUnit",
            patterns = {
                test = {
                    match = [[^\d+\) (?:Failed|Error|Invalid|Test Failure|Test Error) : (?<name>\S(?:.*?\S)??)\s*$]],
                        name = "{name}", keep = 10000,
                    below = { within = 20, stop = [[^\d+\) |^--\w+]], locate = place },
                },
                total = { match = [[^ *(?:Test Count|Tests run): (?<total>\d+),(?: Errors: \d+,)? (?<words>.*)$]],
                    gives = "counts", keep = 500,
                    supporting = true },
            },
            examples = {
                matches = {
                    [=[
Errors, Failures and Warnings

1) Failed : Acme.BasketTests.AddsUp
  Expected: 3
  But was:  2
at Acme.BasketTests.AddsUp() in /home/dev/shop/BasketTests.cs:line 14

Test Run Summary
  Overall result: Failed
  Test Count: 4, Passed: 3, Failed: 1, Warnings: 0, Inconclusive: 0, Skipped: 0]=],
                },
            },
            gives = {
                {
                    framework = "NUnit", total = 4, passed = 3, skipped = 0,
                    failed = { "Acme.BasketTests.AddsUp" },
                    messages = { "Expected: 3" },
                    places = { "/home/dev/shop/BasketTests.cs:14" },
                },
            },
        },
        {
            id = "tests.pester", framework = "Pester",
            patterns = {
                test = { match = [[^\s*\[-\] (?<name>\S.{0,200}?) \d+(?:\.\d+)?m?s(?: \(.*\))?\s*$]], name = "{name}",
                    keep = 10000,
                    below = { within = 12, stop = [[^\s*\[[-+!]\] ]],
                        locate = [[(?<file>(?<![^\s:])[^\s:]+\.ps1):(?<line>\d+)]] } },
                total = { match = [[^Tests Passed: (?<passed>\d+), Failed: (?<failed>\d+), Skipped: (?<skipped>\d+)]],
                    gives = "counts" },
            },
            examples = {
                matches = {
                    [=[
Describing Basket
  [+] is empty 4ms (3ms|1ms)
  [-] adds up 12ms (11ms|1ms)
   Expected 3, but got 2.
   at (1 + 1) | Should -Be 3, /home/dev/shop/Basket.Tests.ps1:6
Tests completed in 120ms
Tests Passed: 1, Failed: 1, Skipped: 0 NotRun: 0]=],
                },
            },
            gives = {
                {
                    framework = "Pester", total = 2, passed = 1, skipped = 0,
                    failed = { "adds up" },
                    messages = { "Expected 3, but got 2." },
                    places = { "/home/dev/shop/Basket.Tests.ps1:6" },
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
