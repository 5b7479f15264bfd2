-- The go command: modules, versions, compiling, cgo.
return {
    about = "Go: modules, versions and compiling",
    entries = {
        {
            id = "go.missing_sum_entry", title = "go.sum lacks an entry",
            match = [[missing go\.sum entry (?:for (?:module providing package |go\.mod file|module ]]
                .. [[)?)?(?<package>\S*)]],
            class = "missing setup", severity = "error", priority = 91,
            cause = "`go.sum` has no checksum for something the build needs, and `-mod=readonly` (the default) "
                .. "forbids to add it.",
            fix = "Run `go mod tidy` with the project's Go version and commit `go.mod` and `go.sum`. In "
                .. "Dockerfiles copy `go.sum` too before `go mod download`.",
            commands = { "go mod tidy", "go mod verify" },
            docs = { "https://go.dev/ref/mod#go-sum-files" },
            tags = { "go", "modules" },
            examples = {
                matches = {
                    "main.go:3:8: missing go.sum entry for module providing package github.com/pkg/errors "
                        .. "(imported by example.org/client); to add:",
                    "go: example.org/x@v1.2.3: missing go.sum entry for go.mod file; to add it:",
                },
                rejects = { "go: downloading github.com/pkg/errors v0.9.1" },
            },
        },
        {
            id = "go.updates_needed", title = "go.mod must be updated",
            match = [[go: (?:updates to go\.(?:mod|sum|work) needed|.{0,200}existing contents have ]]
                .. [[changed since last read)|ambiguous import: found package (?<package>\S+) in ]]
                .. [[multiple modules]],
            class = "missing setup", severity = "error", priority = 89,
            cause = "`go.mod` does not say what the sources need, and this command may not change it.",
            fix = "`go mod tidy`, then commit. With `ambiguous import` one module was split out of another: `go "
                .. "get` both at versions that fit.",
            commands = { "go mod tidy" },
            docs = { "https://go.dev/ref/mod#build-commands" },
            tags = { "go", "modules" },
            examples = {
                matches = {
                    "go: updates to go.mod needed, disabled by -mod=readonly; to update it:",
                    "main.go:4:2: ambiguous import: found package cloud.google.com/go/compute/metadata in multiple "
                        .. "modules:",
                },
                rejects = { "go: go.mod file indicates go 1.22" },
            },
        },
        {
            id = "go.no_module_provides", title = "No module provides a package",
            match = [[(?:no required module provides package (?<package>[^\s;:]+)|cannot find module ]]
                .. [[providing package (?<package2>[^\s:]+)|module (?<module>\S+) (?:found \(\S+\), but]]
                .. [[|provides package \S+ and is replaced but not required|@?\S* found.{0,40}, but) ]]
                .. [[does not contain package (?<package3>\S+))]],
            class = "missing setup", severity = "error", priority = 89,
            cause = "A package is imported that none of the modules in `go.mod` has.",
            fix = "`go get PACKAGE` (or `go mod tidy`) and commit. If it is of this module: the folder is not "
                .. "committed, is in `.gitignore`, or is generated and its generator did not run. If upstream "
                .. "moved it, the import path changed.",
            commands = { "go mod tidy", "go generate ./..." },
            docs = { "https://go.dev/ref/mod" },
            tags = { "go", "modules" },
            examples = {
                matches = {
                    "main.go:5:2: no required module provides package github.com/nobody/nowhere/v2; to add it:",
                    "main.go:4:2: cannot find module providing package example.org/client/internal/absent: import "
                        .. "lookup disabled by -mod=readonly",
                    "a.go:3:2: module github.com/a/b@latest found (v1.2.0), but does not contain package "
                        .. "github.com/a/b/c",
                },
                rejects = { "go: found github.com/pkg/errors in github.com/pkg/errors v0.9.1" },
            },
        },
        {
            id = "go.not_in_std", title = "The standard library has no such package",
            match = [[package (?<package>[\w/]+) is not in (?:GOROOT|std) \((?<where>[^)]+)\)]],
            class = "version mismatch", severity = "error", priority = 89,
            cause = "`{package}` is taken for a package of the standard library and is not in this Go's ({where}).",
            fix = "If it is a package of a newer Go (`slices`, `maps`, `log/slog` 1.21, `iter` 1.23), raise the Go "
                .. "of this job. If it is your own, imports need the module's path in front, and a `go.mod` must "
                .. "be in this folder or above.",
            commands = { "go version", "go env GOMOD" },
            tags = { "go", "version" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "The Go that go.mod names",
                yaml = "- uses: actions/setup-go@v5\n"
                    .. "  with:\n"
                    .. "    go-version-file: go.mod\n",
            },
            examples = {
                matches = {
                    "main.go:3:8: package slices is not in GOROOT (/usr/lib/go-1.19/src/slices)",
                    "main.go:6:2: package app/internal/db is not in std "
                        .. "(/opt/hostedtoolcache/go/1.22.3/x64/src/app/internal/db)",
                },
                rejects = { "import \"slices\"" },
            },
        },
        {
            id = "go.version_too_old", title = "The module needs a newer Go",
            match = [[(?:note: module requires Go (?<need>[\d.]+)|go\.mod(?::\d+)?: (?:requires go >= ]]
                .. [[|file indicates go )(?<need2>[\d.]+)|requires go (?:version )?>?=? ]]
                .. [[?(?<need3>[\d.]+) \(running go (?<have>[\d.]+)|go\.mod:\d+: (?:invalid go version ]]
                .. [['(?<invalid>[^']+)': must match format|unknown (?:directive|block type): ]]
                .. [[(?<directive>toolchain|godebug|tool|ignore)))]],
            class = "version mismatch", severity = "error", priority = 93,
            cause = "`go.mod` asks for a newer Go than this job has, or has a form that this Go does not know.",
            fix = "Raise it: `go-version-file: go.mod` in `actions/setup-go` keeps them together. Versions with "
                .. "three parts and `toolchain` lines need Go 1.21. If a dependency raised it, an update did: go "
                .. "back to the one before. `GOTOOLCHAIN=auto` lets Go 1.21 and newer fetch what is asked for.",
            commands = { "go version", "go mod edit -go=1.22" },
            docs = { "https://go.dev/doc/toolchain" },
            tags = { "go", "version" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "The Go that go.mod names",
                yaml = "- uses: actions/setup-go@v5\n"
                    .. "  with:\n"
                    .. "    go-version-file: go.mod\n",
            },
            examples = {
                matches = {
                    "note: module requires Go 1.23",
                    "/home/runner/work/app/app/go.mod:3: invalid go version '1.22.3': must match format 1.23",
                    "go: go.mod requires go >= 1.23.0 (running go 1.22.5; GOTOOLCHAIN=local)",
                    "go.mod:5: unknown directive: toolchain",
                },
                rejects = { "go version go1.19.8 linux/amd64" },
            },
        },
        {
            id = "go.toolchain_download", title = "Go cannot get the toolchain that is asked for",
            match = [[go: (?:download go(?<version>\S+)(?: for \S+)?: (?<reason>.{3,200})|cannot find ]]
                .. [["go(?<version2>[\d.]+)" in PATH|toolchain not available|golang\.org/toolchain@\S+: ]]
                .. [[.{3,200})]],
            class = "version mismatch", severity = "error", priority = 92,
            cause = "`go.mod` names a Go that this one should download, and it could not.",
            fix = "Name a version that exists (`1.22.0`, not `1.22`, for the `toolchain` of 1.21 and newer), "
                .. "install it with `setup-go`, or allow the download (`GOTOOLCHAIN=auto`, network, `GOPROXY`).",
            commands = { "go env GOTOOLCHAIN GOPROXY" },
            docs = { "https://go.dev/doc/toolchain" },
            tags = { "go", "version" },
            examples = {
                matches = {
                    "go: download go1.22 for linux/amd64: toolchain not available",
                    "go: cannot find \"go1.24.0\" in PATH",
                },
                rejects = { "go: downloading go1.22.5 (linux/amd64)" },
            },
        },
        {
            id = "go.vendor_inconsistent", title = "The vendor folder does not fit go.mod",
            match = [[go: inconsistent vendoring in (?<folder>\S+?):?$|cannot find package "\." in:?\s*\S*/vendor/]],
            class = "missing setup", severity = "error", priority = 91,
            cause = "`vendor/modules.txt` and `go.mod` say different things.",
            fix = "`go mod vendor`, then commit `vendor`. Bots that update `go.mod` must do that too.",
            commands = { "go mod tidy", "go mod vendor" },
            docs = { "https://go.dev/ref/mod#vendoring" },
            tags = { "go", "modules", "vendor" },
            examples = {
                matches = { "go: inconsistent vendoring in /home/runner/work/app/app:" },
                rejects = { "go: no dependencies to vendor" },
            },
        },
        {
            id = "go.checksum", title = "A checksum does not match",
            match = [[(?:verifying (?<module>\S+?): (?:checksum mismatch|reading .{3,200})|SECURITY ]]
                .. [[ERROR$|go\.sum: malformed)]],
            class = "infrastructure", severity = "error", priority = 88,
            cause = "What was downloaded is not what `go.sum` says, or the checksum database could not be asked.",
            fix = "If a tag was moved upstream, be careful: compare, take a new version, and only then fix "
                .. "`go.sum`. For private modules set `GOPRIVATE`. A proxy that changes answers does this too. "
                .. "Clear a cached module folder first.",
            commands = { "go clean -modcache", "go env GOPRIVATE GONOSUMDB GOFLAGS" },
            docs = { "https://go.dev/ref/mod#checksum-database" },
            tags = { "go", "modules", "security" },
            examples = {
                matches = {
                    "verifying github.com/a/b@v1.0.0: checksum mismatch",
                    "verifying git.example.org/x@v0.1.0/go.mod: reading "
                        .. "https://sum.golang.org/lookup/git.example.org/x@v0.1.0: 404 Not Found",
                },
                rejects = { "go: verifying checksums" },
            },
        },
        {
            id = "go.private_module", title = "A module cannot be fetched",
            match = [[(?:(?<module>(?<![\w.-])[\w.-]+\.[a-z]{2,}/\S{1,200}): (?:git ls-remote .{3,200}|invalid ]]
                .. [[version: ]]
                .. [[(?:unknown revision|git (?:fetch|ls-remote)).{0,300}|unrecognized import path ]]
                .. [[.{3,200}|reading https?://\S+: \d\d\d.{0,60})|fatal: could not read Username for ]]
                .. [['https://\S+': terminal prompts disabled|module lookup disabled by GOPROXY=off)]],
            class = "permission", severity = "error", priority = 82,
            cause = "Go could not fetch a module: it is private, its version does not exist, or its host did not "
                .. "answer.",
            fix = "For private modules: `GOPRIVATE=host/owner/*` and git credentials (`git config --global "
                .. "url.\"https://x-access-token:$TOKEN@github.com/\".insteadOf \"https://github.com/\"`); the "
                .. "job's own token reads only its own repository. `unknown revision`: the tag or commit is gone. "
                .. "5xx and time-outs: again.",
            commands = { "go env GOPRIVATE GOPROXY" },
            docs = { "https://go.dev/ref/mod#private-modules" },
            tags = { "go", "modules", "network" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Credentials for private modules",
                yaml = "- name: Let git read private modules\n"
                    .. "  env:\n"
                    .. "    TOKEN: ${{ secrets.MODULES_TOKEN }}\n"
                    .. "  run: |\n"
                    .. "    git config --global url.\"https://x-access-token:${TOKEN}@github.com/\".insteadOf "
                    .. "\"https://github.com/\"\n"
                    .. "    go env -w GOPRIVATE=\"github.com/${GITHUB_REPOSITORY_OWNER}/*\"\n",
            },
            examples = {
                matches = {
                    "go: github.com/acme/private@v1.0.0: invalid version: git ls-remote -q origin in "
                        .. "/home/runner/go/pkg/mod/cache/vcs/x: exit status 128:",
                    "fatal: could not read Username for 'https://github.com': terminal prompts disabled",
                    "go: github.com/a/b@v1.2.3: reading https://proxy.golang.org/github.com/a/b/@v/v1.2.3.mod: 502 "
                        .. "Bad Gateway",
                },
                rejects = { "go: github.com/a/b upgraded v1.2.3 => v1.2.4" },
            },
        },
        {
            id = "go.no_go_mod", title = "There is no go.mod here",
            match = [[go(?:: |\.mod )(?:go\.mod file not found in current directory or any parent ]]
                .. [[directory|cannot find main module|cannot find main module, but found|no modules? ]]
                .. [[(?:to|specified))|(?:pattern|directory) \S+: directory prefix \. does not contain ]]
                .. [[(?:main module|modules listed in go\.work)]],
            class = "missing setup", severity = "error", priority = 89,
            cause = "The go command runs outside of a module.",
            fix = "Set the step's `working-directory` to the folder with `go.mod`. To install a tool: `go install "
                .. "PACKAGE@VERSION`. In a workspace, list the module in `go.work`.",
            commands = { "go env GOMOD GOWORK" },
            tags = { "go", "modules" },
            examples = {
                matches = {
                    "go: go.mod file not found in current directory or any parent directory; see 'go help modules'",
                    "pattern ./...: directory prefix . does not contain main module or its selected dependencies",
                },
                rejects = { "go: creating new go.mod: module example.org/app" },
            },
        },
        {
            id = "go.undefined", title = "A name is not defined",
            match = [[^(?:vet: )?(?<place>\S+\.go:\d+:\d+): undefined: (?<name>\S+)]],
            class = "code bug", severity = "error", priority = 74,
            cause = "`{name}` is not declared in this package (or not exported by the other).",
            fix = "If it is in another file of the package: that file has a build constraint (`_windows.go`, "
                .. "`//go:build`) that is off here, or `go run FILE` names only one. If it comes from a dependency "
                .. "or the standard library: another version. Generated code: run the generator.",
            commands = { "go list -f '{{.GoFiles}} {{.IgnoredGoFiles}}' ./..." },
            tags = { "go", "compile" },
            examples = {
                matches = {
                    "./main.go:11:11: undefined: Total", "vet: ./main.go:11:11: undefined: Total",
                    "./main.go:13:18: undefined: tax.rate",
                },
                rejects = { "ld: undefined: symbol" },
            },
        },
        {
            id = "go.unused", title = "Unused imports or variables",
            match = [[^(?<place>\S+\.go:\d+:\d+): (?:"(?<import>[^"]+)" imported (?:and not used|as ]]
                .. [[.{1,60} and not used)|declared and not used: (?<variable>\w+)|(?<variable2>\w+) ]]
                .. [[declared (?:and|but) not used)]],
            class = "code bug", severity = "error", priority = 76,
            cause = "Go does not compile with imports or variables that nothing uses.",
            fix = "Take them out (`goimports -w .` does it for imports), or assign to `_`.",
            commands = { "goimports -w ." },
            tags = { "go", "compile" },
            examples = {
                matches = {
                    "./main.go:5:2: \"os\" imported and not used", "./main.go:7:2: x declared but not used",
                    "./main.go:7:2: declared and not used: x",
                },
                rejects = { "./main.go:7:2: x redeclared in this block" },
            },
        },
        {
            id = "go.type_error", title = "Types do not match",
            match = [[^(?:vet: )?(?<place>\S+\.go:\d+:\d+): (?<what>cannot use .{3,300}|(?:not enough|too ]]
                .. [[many) (?:arguments in call|return values|arguments to return).{0,200}|.{1,120} does ]]
                .. [[not (?:implement|satisfy) .{1,200}|assignment mismatch: .{3,100}|invalid operation: ]]
                .. [[.{3,200}|.{1,120} redeclared in this block|missing return|.{1,160} undefined \(type ]]
                .. [[.{3,200}|cannot range over .{3,100}|missing method .{1,60}|impossible type .{3,100})]],
            class = "code bug", severity = "error", priority = 72,
            cause = "{place}: {what}",
            fix = "If the code did not change: a dependency did (an interface grew, a signature changed). Compare "
                .. "`go.mod`; `go mod tidy` and `go get -u` in CI are not reproducible. Regenerate mocks after an "
                .. "interface changed.",
            commands = { "git diff HEAD~1 -- go.mod go.sum" },
            tags = { "go", "compile" },
            examples = {
                matches = {
                    "./main.go:12:18: cannot use \"three\" (untyped string constant) as int value in variable "
                        .. "declaration",
                    "./main.go:9:5: not enough arguments in call to f",
                    "./a.go:7:9: x.Foo undefined (type *T has no field or method Foo)",
                    "./main.go:4:17: cannot range over 3 (untyped int constant)",
                },
                rejects = { "main_test.go:12: cannot use database" },
            },
        },
        {
            id = "go.import_cycle", title = "Packages import each other",
            match = [[(?:import cycle not allowed(?: in test)?|imports? (?<package>\S+): import cycle not allowed)]],
            class = "code bug", severity = "error", priority = 84,
            cause = "Packages import each other in a ring, which the lines above show.",
            fix = "Move what both need into a third package, or put the tests into `package x_test`.",
            tags = { "go", "compile" },
            examples = {
                matches = {
                    "\timports example.org/cycle/a: import cycle not allowed",
                    "package example.org/cycle/a: import cycle not allowed in test",
                },
                rejects = { "imports example.org/cycle/b" },
            },
        },
        {
            id = "go.build_constraints", title = "No file of a package is for this platform",
            match = [[build constraints exclude all Go files in (?<folder>\S+)]],
            class = "matrix gap", severity = "error", priority = 88,
            cause = "`{folder}` has no file for this system, architecture, tags and cgo setting.",
            fix = "Often cgo: without a C compiler, or when cross compiling, `CGO_ENABLED` is 0 and such packages "
                .. "are empty: set it to 1 and install a compiler. Otherwise pass the `-tags`, or add a file for "
                .. "this platform.",
            commands = { "go env GOOS GOARCH CGO_ENABLED" },
            tags = { "go", "cgo", "platform" },
            examples = {
                matches = {
                    "\timports example.org/platform/driver: build constraints exclude all Go files in "
                        .. "/home/runner/work/app/app/driver",
                },
                rejects = { "go: no Go files in /home/runner/work/app/app" },
            },
        },
        {
            id = "go.embed_missing", title = "A file to embed does not exist",
            match = [[pattern (?<pattern>\S+): (?:no matching files found|cannot embed (?:irregular file]]
                .. [[|directory) \S+.{0,80})]],
            class = "missing setup", severity = "error", priority = 89,
            cause = "`//go:embed {pattern}` finds no file.",
            fix = "Build the front end (or whatever makes them) before `go build`, `go vet` and the linter; or "
                .. "commit a placeholder. Files that begin with `.` or `_` need `all:`.",
            tags = { "go", "embed" },
            examples = {
                matches = { "main.go:5:12: pattern dist/index.html: no matching files found" },
                rejects = { "main.go:5:12: pattern ok" },
            },
        },
        {
            id = "go.cgo_compiler", title = "cgo finds no C compiler",
            match = [[(?:cgo: C compiler "(?<compiler>[^"]+)" not found|exec: "(?<compiler2>gcc|clang|cc]]
                .. [[|x86_64-w64-mingw32-gcc|aarch64-linux-gnu-gcc|[\w-]+-gcc)": executable file not ]]
                .. [[found in)]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "A package with C code is built, and its compiler is not there.",
            fix = "Install it (`gcc`, `build-base` on Alpine, the cross compiler for `GOARCH`), or build without "
                .. "C: `CGO_ENABLED=0`.",
            commands = { "go env CC CGO_ENABLED" },
            tags = { "go", "cgo" },
            examples = {
                matches = {
                    "cgo: C compiler \"musl-gcc\" not found: exec: \"musl-gcc\": executable file not found in $PATH",
                    "# runtime/cgo\nexec: \"gcc\": executable file not found in $PATH",
                },
                rejects = { "CGO_ENABLED='1'" },
            },
        },
        {
            id = "go.internal_package", title = "An internal package is used from outside",
            match = [[use of internal package (?<package>\S+) not allowed]],
            class = "code bug", severity = "error", priority = 86,
            cause = "`{package}` is `internal`: only code below its parent folder may import it.",
            fix = "Use what the module offers in public, or fork it. After a fork or a rename of the module, the "
                .. "old path in imports does this.",
            tags = { "go", "modules" },
            examples = {
                matches = {
                    "package example.org/app\n\tmain.go:4:2: use of internal package github.com/a/b/internal/c not "
                        .. "allowed",
                },
                rejects = { "internal package is fine" },
            },
        },
    },
}
