-- What Rust programs and the compiler itself print when they break off.
return {
    about = "Panics and aborts of Rust programs, crashes of the compiler",
    entries = {
        {
            id = "rust.unwrap_none", title = "unwrap on None",
            match = [[called `Option::unwrap\(\)` on a `None` value]],
            class = "code bug", severity = "error", priority = 82,
            cause = "The program expected a value and there was none. The line before (or the end of this one) "
                .. "says where: `panicked at FILE:LINE:COLUMN`.",
            fix = "Find out why it is missing: an unset variable, an empty list, a key that is not there, input of "
                .. "another platform. Then handle `None` (`ok_or`, `unwrap_or`, `let … else`), or say with "
                .. "`expect(\"…\")` what was missing.",
            commands = { "RUST_BACKTRACE=1 cargo test NAME -- --exact --nocapture" },
            docs = { "https://doc.rust-lang.org/std/option/enum.Option.html#method.unwrap" },
            tags = { "rust", "panic" },
            examples = {
                matches = {
                    "called `Option::unwrap()` on a `None` value",
                    "thread 'main' panicked at 'called `Option::unwrap()` on a `None` value', src/main.rs:4:37",
                },
                rejects = { "called `Result::unwrap()` on an `Err` value: ParseIntError { kind: InvalidDigit }" },
            },
        },
        {
            id = "rust.unwrap_missing_file", title = "unwrap on an error: no such file",
            match = [[called `Result::(?:unwrap|expect)\(\)` on an `Err` value: (?:Os \{ code: [23], ]]
                .. [[kind: NotFound|Custom \{ kind: NotFound)]],
            class = "missing setup", severity = "error", priority = 84,
            cause = "A file or program that the code counts on is not there.",
            fix = "The panic names the line of code, not the file: look there, or run it with `strace -f -e "
                .. "trace=file`. Usual reasons in CI: another working directory, a fixture or a generated file "
                .. "that is not committed, a program that is not installed, a submodule that was not fetched.",
            commands = { "RUST_BACKTRACE=1 cargo test NAME -- --nocapture" },
            tags = { "rust", "panic", "file" },
            examples = {
                matches = {
                    "called `Result::unwrap()` on an `Err` value: Os { code: 2, kind: NotFound, message: \"No such "
                        .. "file or directory\" }",
                    "thread 'main' panicked at 'called `Result::unwrap()` on an `Err` value: Os { code: 2, kind: "
                        .. "NotFound, message: \"No such file or directory\" }', src/libcore/result.rs:999:5",
                },
                rejects = {
                    "called `Result::unwrap()` on an `Err` value: Os { code: 98, kind: AddrInUse, message: "
                        .. "\"Address already in use\" }",
                },
            },
        },
        {
            id = "rust.unwrap_os_error", title = "unwrap on an error of the operating system",
            match = [[called `Result::(?:unwrap|expect)\(\)` on an `Err` value: Os \{ code: (?<code>\d+), ]]
                .. [[kind: (?<kind>(?!NotFound)\w+), message: "(?<message>[^"]+)"]],
            class = "missing setup", severity = "error", priority = 80,
            cause = "The operating system refused something: {message} ({kind}).",
            fix = "`AddrInUse`: tests share a port, so bind port 0. `PermissionDenied`: the runner's user lacks "
                .. "rights. `ConnectionRefused`: a service is not up yet, so wait for it. `WouldBlock`/`TimedOut`: "
                .. "a slower machine; raise limits.",
            commands = { "RUST_BACKTRACE=1 cargo test NAME -- --nocapture" },
            tags = { "rust", "panic" },
            examples = {
                matches = {
                    "called `Result::unwrap()` on an `Err` value: Os { code: 98, kind: AddrInUse, message: "
                        .. "\"Address already in use\" }",
                },
                rejects = {
                    "called `Result::unwrap()` on an `Err` value: Os { code: 2, kind: NotFound, message: \"No such "
                        .. "file or directory\" }",
                },
            },
        },
        {
            id = "rust.unwrap_err", title = "unwrap on an error",
            match = [[called `Result::(?<method>unwrap|expect)\(\)` on an `Err` value: (?<error>(?!Os \{ ]]
                .. [[code|Custom \{ kind: NotFound).{2,300})]],
            class = "code bug", severity = "error", priority = 78,
            cause = "The code did not count on this error: {error}",
            fix = "Handle it at the line that `panicked at` names, or return it (`?`). In a test it shows why the "
                .. "set-up failed.",
            commands = { "RUST_BACKTRACE=1 cargo test NAME -- --exact --nocapture" },
            docs = { "https://doc.rust-lang.org/book/ch09-02-recoverable-errors-with-result.html" },
            tags = { "rust", "panic" },
            examples = {
                matches = { "called `Result::unwrap()` on an `Err` value: ParseIntError { kind: InvalidDigit }" },
                rejects = {
                    "called `Result::unwrap()` on an `Err` value: Os { code: 2, kind: NotFound, message: \"No such "
                        .. "file or directory\" }",
                },
            },
        },
        {
            id = "rust.poisoned_lock", title = "A lock is poisoned",
            match = [[called `Result::unwrap\(\)` on an `Err` value: PoisonError]],
            class = "code bug", severity = "error", priority = 40,
            cause = "Another thread panicked while it held the lock. This panic only follows from that one.",
            fix = "Look for the first panic in the log. Tests that share a global lock all fail after one: recover "
                .. "with `lock().unwrap_or_else(PoisonError::into_inner)`.",
            tags = { "rust", "panic" },
            examples = {
                matches = { "called `Result::unwrap()` on an `Err` value: PoisonError { .. }" },
                rejects = { "called `Result::unwrap()` on an `Err` value: ParseIntError { kind: InvalidDigit }" },
            },
        },
        {
            id = "rust.index_out_of_bounds", title = "An index is out of bounds",
            match = [[(?:index out of bounds: the len is (?<length>\d+) but the index is (?<index>\d+)]]
                .. [[|range (?:end|start) index (?<end>\d+) out of range for slice of length ]]
                .. [[(?<slice>\d+)|byte index (?<byte>\d+) is (?:not a char boundary|out of bounds))]],
            class = "code bug", severity = "error", priority = 80,
            cause = "The code reads past the end of a list, slice or string.",
            fix = "Look at the place that `panicked at` names. Use `get(…)` where the index may be too large; cut "
                .. "strings at `char_indices()`.",
            commands = { "RUST_BACKTRACE=1 cargo test NAME -- --nocapture" },
            tags = { "rust", "panic" },
            examples = {
                matches = {
                    "index out of bounds: the len is 3 but the index is 3",
                    "range end index 9 out of range for slice of length 4",
                    "byte index 1 is not a char boundary; it is inside 'é' (bytes 0..2) of `é`",
                },
                rejects = { "error: this operation will panic at runtime" },
            },
        },
        {
            id = "rust.arithmetic_overflow", title = "Arithmetic overflows",
            match = [[(?:^|panicked at ')attempt to (?<operation>add|subtract|multiply|negate|divide]]
                .. [[|shift left|shift right|calculate the remainder)(?: with overflow| by zero| with a ]]
                .. [[divisor of zero)]],
            class = "code bug", severity = "error", priority = 80,
            cause = "An integer operation ({operation}) has a result that does not fit, or divides by zero. Debug "
                .. "builds check it, release builds wrap.",
            fix = "Use `checked_…`, `saturating_…` or `wrapping_…` as is meant, or a wider type. If only 32-bit "
                .. "targets fail, `usize` is the reason.",
            tags = { "rust", "panic" },
            examples = {
                matches = {
                    "attempt to subtract with overflow",
                    "thread 'main' panicked at 'attempt to divide by zero', src/main.rs:3:5",
                },
                rejects = { "note: attempt to add with overflow is checked in debug builds" },
            },
        },
        {
            id = "rust.assertion_eq", title = "An assertion in a test failed",
            match = [[assertion (?:`left (?<operator>==|!=|matches) right` failed(?:: ]]
                .. [[(?<message>.{1,200}))?|failed: `\(left (?<operator2>==|!=) right\)`)]],
            class = "code bug", severity = "error", priority = 68,
            cause = "Two values that a test compares are not as it says. `left:` and `right:` follow.",
            fix = "Mostly the first argument is what the code gave and the second what was expected. If it fails "
                .. "only here: order of hash maps, time zones, line endings, paths, or a locale differ.",
            commands = { "cargo test NAME -- --exact --nocapture" },
            tags = { "rust", "test" },
            examples = {
                matches = {
                    "assertion `left == right` failed: rounds half up",
                    "thread 'tests::a' panicked at 'assertion failed: `(left == right)`",
                },
                rejects = { "assertion_failed: 0" },
            },
        },
        {
            id = "rust.panicked", title = "A thread panicked",
            match = [[thread '(?<thread>[^']*)' (?:\(\d+\) )?panicked at ]]
                .. [[(?<place>[^,\n]{3,300}?:\d+:\d+:?$|'.{1,400})]],
            unless = [[called `(?:Option|Result)::|index out of bounds|attempt to (?:add|subtract|multiply]]
                .. [[|divide|negate|shift)|assertion (?:`left|failed: `\(left)|compiler/rustc_]],
            class = "code bug", severity = "error", priority = 56,
            cause = "A panic: the message is on the next line (in older Rust between the quotes).",
            fix = "Look at the place that is named. Several at once: the first one counts.",
            commands = { "RUST_BACKTRACE=1 cargo test NAME -- --nocapture" },
            tags = { "rust", "panic" },
            examples = {
                matches = {
                    "thread 'main' panicked at src/main.rs:8:5:",
                    "thread 'worker-1' panicked at 'no configuration', src/main.rs:8:5",
                },
                rejects = {
                    "thread 'main' panicked at src/lib.rs:9:77:\ncalled `Option::unwrap()` on a `None` value",
                },
            },
        },
        {
            id = "rust.should_panic", title = "A test that should panic did not, or with another message",
            match = [[note: (?:test did not panic as expected|panic did not contain expected string)]],
            class = "code bug", severity = "error", priority = 66,
            cause = "A test marked `#[should_panic]` ended without the panic that it expects.",
            fix = "If the message was reworded, change `expected = \"…\"`; otherwise the check that should panic "
                .. "is gone. In release builds overflow does not panic.",
            tags = { "rust", "test" },
            examples = {
                matches = { "note: test did not panic as expected", "note: panic did not contain expected string" },
                rejects = { "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace" },
            },
        },
        {
            id = "rust.stack_overflow", title = "The stack overflowed",
            match = [[thread '(?<thread>[^']*)' (?:\(\d+\) )?has overflowed its stack]],
            class = "code bug", severity = "error", priority = 86,
            cause = "The thread `{thread}` used up its stack: unbounded recursion, or large values on it. Threads "
                .. "of tests have 2 MiB, debug builds need more than release builds, and Windows' main thread has "
                .. "1 MiB.",
            fix = "Put an end to the recursion or make it a loop; box large arrays. To see whether it is only the "
                .. "limit: `RUST_MIN_STACK=16777216`.",
            commands = { "RUST_MIN_STACK=16777216 cargo test" },
            tags = { "rust", "stack" },
            examples = {
                matches = {
                    "thread 'main' has overflowed its stack", "thread 'deep' (22688) has overflowed its stack",
                },
                rejects = { "fatal runtime error: stack overflow, aborting" },
            },
        },
        {
            id = "rust.test_slow", title = "A test runs for long",
            match = [[^test (?<test>\S+) has been running for over (?<seconds>\d+) seconds]],
            class = "flaky", severity = "warning", priority = 34,
            cause = "`{test}` is slow or waits for something that does not come.",
            fix = "If the job was ended after it, this is the test that hung. Give waits an end, and look for "
                .. "deadlocks and missing services.",
            commands = { "cargo test {test} -- --exact --nocapture" },
            tags = { "rust", "test", "timeout" },
            examples = {
                matches = { "test net::accepts_many has been running for over 60 seconds" },
                rejects = { "test net::accepts_many ... ok" },
            },
        },
        {
            id = "rust.ice", title = "The compiler crashed",
            match = [[error: internal compiler error(?:\[E\d+\])?: (?<what>.{3,300})]],
            class = "infrastructure", severity = "error", priority = 88,
            cause = "rustc itself broke off: {what}. That is a bug of the compiler, whatever the code is like.",
            fix = "Take another toolchain (the stable before, or a nightly of another day) and pin it. Clean the "
                .. "`target` folder first: stale incremental data can do this. Search rust-lang/rust for the "
                .. "message, and report it with the `query stack`.",
            commands = { "cargo clean", "CARGO_INCREMENTAL=0 cargo build" },
            docs = { "https://github.com/rust-lang/rust/issues?q=label%3AI-ICE" },
            tags = { "rust", "ice" },
            examples = {
                matches = {
                    "error: internal compiler error: compiler/rustc_middle/src/ty/mod.rs:1234:17: no associated type",
                    "error: internal compiler error[E0308]: mismatched types",
                },
                rejects = { "note: the compiler unexpectedly panicked. this is a bug." },
            },
        },
        {
            id = "rust.ice_panic", title = "The compiler crashed with a panic",
            match = [[(?:error|note): the compiler unexpectedly panicked\. [Tt]his is a bug]],
            class = "infrastructure", severity = "error", priority = 82,
            cause = "rustc panicked. The message stands above, after `thread 'rustc' panicked at`.",
            fix = "Clean the `target` folder, then take another toolchain and pin it. With sccache or a restored "
                .. "cache rule that out first.",
            commands = { "cargo clean" },
            docs = { "https://github.com/rust-lang/rust/issues?q=label%3AI-ICE" },
            tags = { "rust", "ice" },
            examples = {
                matches = {
                    "note: the compiler unexpectedly panicked. this is a bug.",
                    "error: the compiler unexpectedly panicked. this is a bug.",
                },
                rejects = { "thread 'main' panicked at src/main.rs:8:5:" },
            },
        },
        {
            id = "rust.compiler_signal", title = "The compiler crashed with a signal",
            match = {
                [[error: (?:could not compile `(?<crate>[^`]+)`.{0,40}|rustc interrupted by ]]
                    .. [[(?<signal>SIG[A-Z]+), printing backtrace)$]],
                [[(?:\(signal: 11, SIGSEGV|\(exit code: 0xc0000005|SIGSEGV|we would appreciate a ]]
                    .. [[report|STATUS_ACCESS_VIOLATION)]],
            },
            within = 12, class = "infrastructure", severity = "error", priority = 86,
            cause = "rustc or LLVM crashed, or its stack was too small for very deep code.",
            fix = "Try `RUST_MIN_STACK=16777216`. If that does not help, take another toolchain and clean the "
                .. "`target` folder. When it strikes now and then on one runner only, suspect its memory.",
            commands = { "RUST_MIN_STACK=16777216 cargo build" },
            tags = { "rust", "ice", "signal" },
            examples = {
                matches = {
                    "error: rustc interrupted by SIGSEGV, printing backtrace\n\nnote: we would appreciate a report "
                        .. "at https://github.com/rust-lang/rust",
                },
                rejects = { "error: could not compile `app` (bin \"app\") due to 1 previous error" },
            },
        },
    },
}
