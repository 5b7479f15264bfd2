-- What Go programs, tests, vet, gofmt and golangci-lint print when they fail.
return {
    about = "Go: tests, panics and linters",
    entries = {
        {
            id = "go.nil_pointer", title = "A nil pointer was used",
            match = [[panic: runtime error: invalid memory address or nil pointer dereference]],
            class = "code bug", severity = "error", priority = 82,
            cause = "The program followed a pointer, map, function or interface that was nil.",
            fix = "In the goroutine below, the first line of your own code below `panic(…)` is the place. Usual in "
                .. "tests: an error was ignored and the value used all the same.",
            commands = { "go test -run 'NAME' -v ./..." },
            tags = { "go", "panic" },
            examples = {
                matches = { "panic: runtime error: invalid memory address or nil pointer dereference [recovered]" },
                rejects = { "panic: runtime error: index out of range [3] with length 3" },
            },
        },
        {
            id = "go.runtime_error", title = "The runtime ended the program",
            match = [[panic: runtime error: (?<what>(?!invalid memory ]]
                .. [=[address)[^\n\[]{3,60}(?:\[[^\]]*\])?[^\n]{0,100})]=],
            class = "code bug", severity = "error", priority = 82,
            cause = "A check of the runtime failed: {what}.",
            fix = "The first line of your own code in the goroutine below is the place. Check the length, the "
                .. "divisor or the type first.",
            tags = { "go", "panic" },
            examples = {
                matches = {
                    "panic: runtime error: index out of range [3] with length 3",
                    "panic: runtime error: integer divide by zero [recovered]",
                },
                rejects = { "panic: runtime error: invalid memory address or nil pointer dereference" },
            },
        },
        {
            id = "go.panic", title = "A panic",
            match = [[^\s*panic: (?<what>(?!runtime error|test timed out)[^\n]{2,400})]],
            class = "code bug", severity = "error", priority = 72,
            cause = "The program panicked: {what}",
            fix = "Look at the goroutine below: the first line of your own code after `panic(…)`. `assignment to "
                .. "entry in nil map`: make the map first. `send on closed channel`: two close it, or one sends "
                .. "too late.",
            tags = { "go", "panic" },
            examples = {
                matches = {
                    "panic: assignment to entry in nil map",
                    "panic: interface conversion: interface {} is nil, not string",
                },
                rejects = { "panic: test timed out after 10m0s" },
            },
        },
        {
            id = "go.deadlock", title = "All goroutines wait",
            match = [[fatal error: all goroutines are asleep - deadlock!]],
            class = "code bug", severity = "error", priority = 84,
            cause = "Every goroutine waits for another: on a channel nobody sends to or closes, a `WaitGroup` that "
                .. "never reaches zero, a locked mutex.",
            fix = "The goroutines below say what each waits for (`[chan send]`, `[semacquire]`).",
            tags = { "go", "deadlock" },
            examples = {
                matches = { "fatal error: all goroutines are asleep - deadlock!" },
                rejects = { "goroutine 1 [chan send]:" },
            },
        },
        {
            id = "go.concurrent_map", title = "A map is used by several goroutines at once",
            match = [[fatal error: concurrent map (?<how>writes|read and map write|iteration and map write)]],
            class = "code bug", severity = "error", priority = 84,
            cause = "Two goroutines use one map without a lock ({how}).",
            fix = "Guard it with a mutex or use `sync.Map`. `go test -race` shows both places.",
            commands = { "go test -race ./..." },
            tags = { "go", "race" },
            examples = { matches = { "fatal error: concurrent map writes" }, rejects = { "concurrent map test" } },
        },
        {
            id = "go.fatal", title = "The runtime broke off",
            match = [[^(?:fatal error|runtime): (?<what>(?:out of memory|runtime: (?:out of memory|cannot ]]
                .. [[allocate)|stack overflow|goroutine stack exceeds \d+-byte limit|unexpected signal]]
                .. [[|newosproc|found bad pointer|cannot allocate memory|pthread_create ]]
                .. [[failed)[^\n]{0,160})]],
            class = "infrastructure", severity = "error", priority = 84,
            cause = "Go's runtime could not go on: {what}.",
            fix = "Memory: fewer packages at once (`go test -p 2`, `GOMAXPROCS`), `GOMEMLIMIT`, a larger runner. "
                .. "`stack exceeds`: endless recursion. `newosproc`: the container's limit of threads.",
            commands = { "go test -p 1 ./..." },
            tags = { "go", "memory" },
            examples = {
                matches = {
                    "fatal error: runtime: out of memory", "runtime: goroutine stack exceeds 1000000000-byte limit",
                    "fatal error: stack overflow",
                },
                rejects = { "fatal error: all goroutines are asleep - deadlock!" },
            },
        },
        {
            id = "go.test_timeout", title = "The tests of a package took too long",
            match = [[panic: test timed out after (?<limit>\S+)]],
            class = "flaky", severity = "error", priority = 84,
            cause = "The tests of one package did not end within {limit}.",
            fix = "`running tests:` (since Go 1.20) or the goroutines below say which test hung: look for one in "
                .. "`[chan receive, … minutes]`. Raise `-timeout` only if it is just slow.",
            commands = { "go test -run 'NAME' -v -timeout 2m ./..." },
            tags = { "go", "test", "timeout" },
            examples = {
                matches = { "panic: test timed out after 10m0s", "panic: test timed out after 1s" },
                rejects = { "panic: runtime error: index out of range [3] with length 3" },
            },
        },
        {
            id = "go.data_race", title = "The race detector found a data race",
            match = [[^WARNING: DATA RACE]],
            class = "code bug", severity = "error", priority = 86,
            cause = "Two goroutines use the same memory at once, and one writes.",
            fix = "The two stacks below show both; `Goroutine … created at` where they come from. A lock, an "
                .. "atomic or a channel between them mends it. In tests: a goroutine that outlives its test, or a "
                .. "loop variable shared (before Go 1.22).",
            commands = { "go test -race -count=10 -run 'NAME' ./..." },
            docs = { "https://go.dev/doc/articles/race_detector" },
            tags = { "go", "race" },
            examples = {
                matches = { "WARNING: DATA RACE" },
                rejects = { "testing.go:1319: race detected during execution of test" },
            },
        },
        {
            id = "go.test_failed", title = "A test failed",
            match = [[^\s*--- FAIL: (?<test>\S+) \((?<seconds>[\d.]+)s\)]],
            class = "code bug", severity = "error", priority = 56,
            cause = "`{test}` failed; what it reported stands beside this line.",
            fix = "Run it alone and again: `go test -run '^{test}$' -count=10`. If it passes alone, tests share "
                .. "state.",
            commands = { "go test -run '^{test}$' -count=10 -v ./..." },
            tags = { "go", "test" },
            examples = {
                matches = { "--- FAIL: TestMean (0.00s)", "    --- FAIL: TestMean/two (0.00s)" },
                rejects = { "--- PASS: TestMean (0.00s)" },
            },
        },
        {
            id = "go.package_failed", title = "The tests of a package failed",
            match = [[^FAIL\t(?<package>\S+)\s+(?<detail>[\d.]+s|\[(?:build|setup) failed\])]],
            class = "code bug", severity = "error", priority = 12,
            cause = "A summary: {package} did not pass ({detail}).",
            fix = "With `[build failed]` the compiler's message stands above, after `# {package}`.",
            tags = { "go", "test", "summary" },
            examples = {
                matches = { "FAIL\texample.org/crash\t0.005s", "FAIL\texample.org/crash [build failed]" },
                rejects = { "ok  \texample.org/crash\t0.005s" },
            },
        },
        {
            id = "go.vet", title = "go vet found a mistake",
            match = [[^(?:vet: )?(?<place>\S+\.go:\d+:\d+): (?<what>(?:\S+ )?(?:format %\S+ .{3,200}|call ]]
                .. [[has .{3,120}|composite literal uses unkeyed fields.{0,60}|unreachable code]]
                .. [[|assignment copies lock value.{0,100}|range var .{1,40} copies lock.{0,60}|struct ]]
                .. [[field tag .{3,120}|self-assignment of .{1,80}|result of \S+ call not used|the ]]
                .. [[cancel function .{3,120}|loop variable \S+ captured by func literal]]
                .. [[|.{0,60}non-constant format string.{0,60}|possible misuse of .{3,60}]]
                .. [[|unusedresult.{0,60}))]],
            class = "code bug", severity = "error", priority = 74,
            cause = "`go vet` (which `go test` runs too) found at {place}: {what}.",
            fix = "Fix it. A newer Go checks more: pin the version of the job, or fix all at once with `go vet "
                .. "./...`.",
            commands = { "go vet ./..." },
            docs = { "https://pkg.go.dev/cmd/vet" },
            tags = { "go", "vet" },
            examples = {
                matches = {
                    "./main.go:9:2: fmt.Printf format %d has arg \"three\" of wrong type string",
                    "./main.go:9:2: unreachable code",
                },
                rejects = { "./main.go:9:2: undefined: x" },
            },
        },
        {
            id = "go.golangci_config", title = "golangci-lint cannot run",
            match = [[(?:level=error msg="(?<message>[^"]{5,300})|(?:Error: |terminated due to an error: ]]
                .. [[)(?:can't load config: (?<config>.{3,200})|unsupported version of the ]]
                .. [[configuration.{0,120}|build linters: .{3,200}|you are using a configuration file ]]
                .. [[for golangci-lint v\d with golangci-lint v\d))]],
            class = "version mismatch", severity = "error", priority = 84,
            cause = "golangci-lint broke off before it looked at the code.",
            fix = "`the Go language version (go1.x) used to build golangci-lint is lower than the targeted Go "
                .. "version`: use a newer golangci-lint. After v2 the configuration has another form: "
                .. "`golangci-lint migrate`. Pin its version in CI. `could not import`: the code does not compile.",
            commands = { "golangci-lint version", "golangci-lint config verify" },
            docs = { "https://golangci-lint.run/product/migration-guide/" },
            tags = { "go", "lint" },
            examples = {
                matches = {
                    "Error: can't load config: the Go language version (go1.21) used to build golangci-lint is "
                        .. "lower than the targeted Go version (1.22)",
                    "level=error msg=\"Running error: context loading failed: failed to load packages: timed out "
                        .. "to load packages: context deadline exceeded\"",
                    "The command is terminated due to an error: can't load config: the Go language version "
                        .. "(go1.23) used to build golangci-lint is lower than the targeted Go version (1.24.4)",
                },
                rejects = { "level=warning msg=\"[runner] The linter 'golint' is deprecated\"" },
            },
        },
        {
            id = "go.flag_undefined", title = "A Go program does not know an option",
            match = [[^flag provided but not defined: (?<flag>-\S+)]],
            class = "version mismatch", severity = "error", priority = 78,
            cause = "A program was called with `{flag}`, which it does not have: an older or newer version of it, "
                .. "or an option put behind a positional argument.",
            fix = "Compare the version with that of the script that calls it; the usage below lists its options. "
                .. "For tests, flags must be defined before `flag.Parse` in `TestMain`.",
            tags = { "go", "option" },
            examples = {
                matches = { "flag provided but not defined: -trace2_event_file" },
                rejects = { "flag -v provided" },
            },
        },
    },
}
