-- Test frameworks of C, C++ and Haskell, and formatters of C and C++.
return {
    about = "Tests of C, C++ and Haskell, clang-format and clang-tidy",
    entries = {
        {
            id = "gtest.failed", title = "A test of GoogleTest failed",
            match = [[^\[  FAILED  \] (?<test>[\w./:<>-]+)(?:, where .{1,300}?)? \((?<time>\d+) ms\)$]],
            class = "code bug", severity = "error", priority = 56,
            cause = "`{test}` failed. The lines `Failure` above it say what was expected.",
            fix = "Run it alone: `--gtest_filter={test}`, and `--gtest_repeat=100` if it fails now and then. "
                .. "`--gtest_shuffle` finds tests that depend on each other.",
            commands = { "./tests --gtest_filter={test}" },
            docs = { "https://google.github.io/googletest/advanced.html" },
            tags = { "c++", "test" },
            examples = {
                matches = {
                    "[  FAILED  ] QueueTest.Drains (12 ms)",
                    "[  FAILED  ] Sizes/QueueTest.Fills/3, where GetParam() = 8 (0 ms)",
                },
                rejects = { "[       OK ] QueueTest.Drains (12 ms)" },
            },
        },
        {
            id = "gtest.failure", title = "An expectation of GoogleTest failed",
            match = [[^(?<file>\S+?):(?<line>\d+): Failure$|^(?<file2>\S+?)\((?<line2>\d+)\): error: ]]
                .. [[(?<what>Expected|Value of|Failed|The difference).{0,200}]],
            class = "code bug", severity = "error", priority = 62,
            cause = "An expectation in a test did not hold. What it is follows.",
            fix = "`Expected equality of these values` lists both sides. If it fails only here: time zones, "
                .. "locale, the order of hash maps, floating point (`EXPECT_NEAR`).",
            tags = { "c++", "test" },
            examples = {
                matches = {
                    "tests/queue_test.cpp:42: Failure",
                    "D:\\a\\app\\tests\\queue_test.cpp(42): error: Expected equality of these values:",
                },
                rejects = { "tests/queue_test.cpp:42: warning: unused variable" },
            },
        },
        {
            id = "catch2.failed", title = "A check of Catch2 or doctest failed",
            match = [[^(?<file>\S+?)(?::(?<line>\d+):|\((?<line2>\d+)\):) (?:FAILED:|ERROR: (?:CHECK]]
                .. [[|REQUIRE|test case).{0,300}|FATAL ERROR: REQUIRE.{0,300})]],
            class = "code bug", severity = "error", priority = 62,
            cause = "A check in a test did not hold. The expression and what it became follow.",
            fix = "Run the test case alone by its name (quote it), with `--break` under a debugger.",
            tags = { "c++", "test" },
            examples = {
                matches = {
                    "tests/queue_test.cpp:42: FAILED:",
                    "tests/queue_test.cpp:42: ERROR: CHECK( queue.size() == 3 ) is NOT correct!",
                },
                rejects = { "tests/queue_test.cpp:42: PASSED:" },
            },
        },
        {
            id = "boost_test.failed", title = "A check of Boost.Test failed",
            match = [[^(?<file>\S+?|unknown location)[:(](?<line>\d+)\)?: (?:fatal )?error: in ]]
                .. [["(?<test>[^"]+)": (?<what>.{3,300})]],
            class = "code bug", severity = "error", priority = 62,
            cause = "`{test}`: {what}",
            fix = "Run it alone: `--run_test={test}`, with `--log_level=all`.",
            commands = { "./tests --run_test={test} --log_level=all" },
            tags = { "c++", "test" },
            examples = {
                matches = {
                    "tests/queue.cpp(42): error: in \"queue/drains\": check queue.size() == 3 has failed [2 != 3]",
                    "/home/runner/work/app/app/tests/queue.cpp:42: fatal error: in \"queue/opens\": critical check "
                        .. "file.good() has failed",
                    "unknown location(0): fatal error: in \"queue/throws\": std::out_of_range: "
                        .. "vector::_M_range_check: __n (which is 7) >= this->size() (which is 2)",
                },
                rejects = { "tests/queue.cpp:42: error: 'x' was not declared in this scope" },
            },
        },
        {
            id = "qtest.failed", title = "A test of Qt Test failed",
            match = [[^FAIL!  : (?<test>\w+::\w+\([^)]*\))(?: (?<what>.{3,300}))?]],
            class = "code bug", severity = "error", priority = 62,
            cause = "`{test}` failed.",
            fix = "Run it alone: the program takes the function's name. Without a display use "
                .. "`QT_QPA_PLATFORM=offscreen` or `xvfb-run`.",
            commands = { "QT_QPA_PLATFORM=offscreen ./test" },
            tags = { "c++", "qt", "test" },
            examples = {
                matches = { "FAIL!  : QueueTest::drains() Compared values are not the same" },
                rejects = { "PASS   : QueueTest::drains()" },
            },
        },
        {
            id = "qt.no_platform", title = "Qt finds no display",
            match = [[(?:qt\.qpa\.(?:xcb|plugin): [Cc]ould not (?:connect to display|load the Qt platform ]]
                .. [[plugin "(?<plugin>[^"]+)")|This application failed to start because no Qt platform ]]
                .. [[plugin could be initialized|(?:Error: )?[Cc]an(?:'t|not) open display:? ?|no ]]
                .. [[display name and no \$DISPLAY environment variable|Xlib: .{0,20}connection to ]]
                .. [[.{1,20} refused|Gtk-WARNING \*\*:.{0,20} cannot open display)]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "A program wants to open a window, and this machine has no display (or lacks libraries for it).",
            fix = "Run it under `xvfb-run -a`, or with `QT_QPA_PLATFORM=offscreen`. If the plugin does not load: "
                .. "`libxcb-cursor0`, `libxkbcommon-x11-0` and `libegl1` are missing; see `QT_DEBUG_PLUGINS=1`.",
            commands = { "xvfb-run -a ./test" },
            tags = { "qt", "display" },
            examples = {
                matches = {
                    "qt.qpa.xcb: could not connect to display",
                    "This application failed to start because no Qt platform plugin could be initialized. "
                        .. "Reinstalling the application may fix this problem.",
                    "_tkinter.TclError: no display name and no $DISPLAY environment variable",
                },
                rejects = { "DISPLAY=:99" },
            },
        },
        {
            id = "clang_format.difference", title = "C or C++ code is not formatted",
            match = [[(?:code should be clang-formatted \[-Wclang-format-violations\]|^--- ]]
                .. [[(?<file>\S+\.(?:c|cc|cpp|cxx|h|hh|hpp|m|mm))\t\(original\))]],
            class = "code bug", severity = "error", priority = 74,
            cause = "clang-format would change the code.",
            fix = "Run the same version of clang-format as CI (they differ!) over the changed files: `git "
                .. "clang-format origin/main`. Name the version in the step: `clang-format-18`.",
            commands = { "git clang-format origin/main" },
            tags = { "c++", "format" },
            examples = {
                matches = {
                    "src/a.cpp:3:9: error: code should be clang-formatted [-Wclang-format-violations]",
                    "--- src/queue.cpp\t(original)",
                },
                rejects = { "--- a/src/queue.cpp" },
            },
        },
        {
            id = "clang_tidy.error", title = "clang-tidy refuses the code",
            match = [[(?<place>(?<!\S)\S+:\d+:\d+): error: (?<what>.{3,300}?) \[(?<check>(?:bugprone|cert]]
                .. [[|clang-analyzer|cppcoreguidelines|google|llvm|misc|modernize|performance]]
                .. [[|portability|readability|hicpp|concurrency|abseil|android|boost]]
                .. [=[|fuchsia)-[\w.-]+)(?:,[^\]]{1,200})?\]]=],
            class = "code bug", severity = "error", priority = 74,
            cause = "clang-tidy's check `{check}` fires at {place}, and `WarningsAsErrors` makes it an error: {what}",
            fix = "Fix it (`--fix` does some), or write `// NOLINT({check})` with a reason. New versions bring "
                .. "new checks: pin it.",
            commands = { "clang-tidy --fix -p build FILE" },
            tags = { "c++", "lint" },
            examples = {
                matches = {
                    "/home/runner/work/app/app/src/a.cpp:3:9: error: use auto when initializing with new "
                        .. "[modernize-use-auto,-warnings-as-errors]",
                },
                rejects = { "/home/runner/work/app/app/src/a.cpp:3:9: warning: use auto [modernize-use-auto]" },
            },
        },
        {
            id = "hspec.failed", title = "A test of hspec or tasty failed",
            match = [[^\s+(?:\d+\) (?<test>(?!test |doctest )\S.{1,200}?) FAILED|(?<tasty>\S.{0,120}?): ]]
                .. [[+FAIL(?: \([\d.]+s\))?)$|^\s*(?<count>[1-9]\d*) out of \d+ tests failed]],
            class = "code bug", severity = "error", priority = 54,
            cause = "A test failed; what was expected stands beside it.",
            fix = "Run it alone: `--match` with hspec, `-p` with tasty, and the seed that is printed (`--seed`, "
                .. "`--quickcheck-replay`).",
            commands = { "cabal test --test-options='--match \"NAME\"'" },
            tags = { "haskell", "test" },
            examples = {
                matches = {
                    "    adds:                                         FAIL", "1 out of 12 tests failed (0.03s)",
                },
                rejects = { "    adds:                                         OK" },
            },
        },
        {
            id = "stack.failed", title = "Stack stopped",
            match = [[(?:Error: \[S-(?<code>\d+)\]|^Stack has (?:not )?.{3,60}failed|Test suite failure ]]
                .. [[for package (?<package>[\w-]+)|While building package (?<package2>[\w.-]+)|Process ]]
                .. [[exited with (?:code: )?ExitFailure \d+|While constructing the build plan, the ]]
                .. [[following exceptions were encountered)]],
            class = "code bug", severity = "error", priority = 40,
            cause = "Stack's last word; the reason stands above or below.",
            fix = "With `constructing the build plan` add what it recommends to `extra-deps`. Otherwise look for "
                .. "the first `error:` above.",
            commands = { "stack build --test --no-run-tests" },
            tags = { "haskell", "stack" },
            examples = {
                matches = {
                    "Error: [S-7282]", "Test suite failure for package app-0.1.0.0",
                    "While building package zlib-0.6.3.0 (scroll up to its section to see the error) using:",
                },
                rejects = { "Completed 3 action(s)." },
            },
        },
    },
}
