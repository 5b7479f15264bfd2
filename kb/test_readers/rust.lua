-- What libtest, nextest and rustc's own test runner print about tests that fail.

local P = [[^(?<prefix>(?:#\d+ \d+\.\d+ |\[[^\]\s]+\]:? |[\w.@/-]+ *\| )?)]]

local base = {
    about = "results of tests in the output of Rust's libtest, nextest and compiletest",
    test_readers = {
        {
            id = "tests.libtest", framework = "libtest", yields_to = { "tests.nextest" },
            patterns = {
                target = {
                    match = P .. [[ +(?:Running|Doc-tests) (?:unittests )?(?<target>[\w./-]+)(?: \(\S+\))?$]],
                    gives = "context", sets = { suite = "{target}" }, keep = 5000,
                },
                running = { match = P .. [[running \d+ tests?$]], gives = "context", proves = true },
                test = {
                    match = P .. [[test (?<name>\S.*?)(?: - should panic| - compile(?: fail)?)? \.\.\. FAILED\b]],
                    name = "{name}", keep = 10000, supporting = true,
                },
                output = {
                    match = P .. [[---- (?<name>\S.*?) stdout ----$]], name = "{name}", keep = 10000,
                    supporting = true,
                    below = { within = 60, stop = [[^(?:---- .* stdout ----|failures:|test result: )]],
                        skip = [[^(?:running \d|note: (?:run with|Some details)|thread '.*' ]]
                            .. [[(?:\(\d+\) )?panicked at [^']*:$)]],
                        locate = [[panicked at (?:.{0,500}, )?(?<file>[^\s:,']+):(?<line>\d+):\d+]] },
                },
                total = {
                    match = P .. [[test result: \w+\. (?<passed>\d+) passed; (?<failed>\d+) failed; ]]
                        .. [[(?<skipped>\d+) ignored]],
                    gives = "counts", keep = 5000,
                },
            },
            examples = {
                matches = {
                    [=[
running 5 tests
test tests::fails ... FAILED
test tests::fine ... ok
test tests::later ... ignored
test tests::panics - should panic ... FAILED
test tests::adds ... FAILED

failures:

---- tests::fails stdout ----
Error: "no luck"

---- tests::panics stdout ----
note: test did not panic as expected at lib.rs:9:32
---- tests::adds stdout ----

thread 'tests::adds' (8178) panicked at lib.rs:6:25:
assertion `left == right` failed: sums differ
  left: 2
 right: 3
stack backtrace:
note: Some details are omitted, run with `RUST_BACKTRACE=full` for a verbose backtrace.


failures:
    tests::adds
    tests::fails
    tests::panics

test result: FAILED. 1 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s]=],
                },
            },
            gives = {
                {
                    framework = "libtest", total = 4, passed = 1, skipped = 1,
                    failed = { "tests::fails", "tests::panics", "tests::adds" },
                    messages = {
                        "Error: \"no luck\"", "note: test did not panic as expected at lib.rs:9:32",
                        "assertion `left == right` failed: sums differ",
                    },
                    places = { "", "", "lib.rs:6" },
                },
            },
        },
        {
            id = "tests.nextest", framework = "nextest",
            patterns = {
                test = {
                    match = P .. [=[\s*(?:TRY \d+ )?(?:FAIL|ABORT|SIG[A-Z]+|TIMEOUT|LEAK-FAIL)]=]
                        .. [=[(?: \+ LEAK)? \[ *>?[\d.]+s\]]=]
                        .. [[(?: \( *\d+/ *\d+\))? (?<suite>\S+) (?<name>\S(?:.*?\S)??)\s*$]],
                    name = "{name}", suite = "{suite}", keep = 10000,
                    below = { within = 60, from = [[^\s*(?:thread '.*' (?:\(\d+\) )?panicked at|(?:stderr|stdout) ─+)]],
                        stop = [[^\s*(?:PASS|FAIL|SIG\w+|TIMEOUT|TRY \d+ \w+) +\[|^─+$]],
                        skip = [[^\s*(?:note: (?:run with|Some details)|running \d|──|stdout|stderr|thread '.*' ]]
                            .. [[(?:\(\d+\) )?panicked at [^']*:$)]],
                        locate = [[panicked at (?:.{0,500}, )?(?<file>[^\s:,']+):(?<line>\d+):\d+]] },
                },
                flaky = { match = P .. [=[\s*FLAKY \d+/\d+ \[[^\]]*\](?: \( *\d+/ *\d+\))? (?<suite>\S+) ]=]
                    .. [=[(?<name>\S(?:.*?\S)??)\s*$]=],
                    gives = "recovered", name = "{name}", suite = "{suite}" },
                total = {
                    match = P .. [[\s*Summary \[ *[\d.]+s\] +(?<total>\d+)(?:/\d+)? tests? run: (?<words>.*)$]],
                    gives = "counts",
                },
            },
            examples = {
                matches = {
                    [=[
────────────
 Nextest run ID 3bd3ea0c with nextest profile: ci
    Starting 3 tests across 2 binaries (1 test skipped)
        PASS [   0.004s] shop basket::fine
        FAIL [   0.005s] shop basket::adds_up

--- STDOUT:              shop basket::adds_up ---

running 1 test
test basket::adds_up ... FAILED

--- STDERR:              shop basket::adds_up ---
thread 'basket::adds_up' panicked at src/basket.rs:6:25:
assertion `left == right` failed: sums differ
  left: 2
 right: 3
   TRY 1 FAIL [   0.010s] shop::net connects
   TRY 2 PASS [   0.008s] shop::net connects
       FLAKY 2/3 [   0.008s] shop::net connects
     SIGSEGV [   0.020s] shop::ffi calls
------------
     Summary [   0.031s] 4 tests run: 2 passed (1 flaky), 2 failed, 1 skipped
        FAIL [   0.005s] shop basket::adds_up
     SIGSEGV [   0.020s] shop::ffi calls]=],
                },
            },
            gives = {
                {
                    framework = "nextest", total = 4, passed = 2, skipped = 1,
                    failed = { "basket::adds_up", "calls" },
                    messages = { "assertion `left == right` failed: sums differ", "" },
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
