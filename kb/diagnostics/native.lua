-- Rust, Go, Swift, Haskell, OCaml, Erlang, Elixir, D, Nim, Ada and their like, and .NET.
local readers = {
    {
        id = "rustc.message", tool = "rustc", specificity = 60,
        match = [[^(?<severity>error|warning|note|help)(?:\[(?<code>[\w:]+)\])?: (?!aborting due to)]]
            .. [[(?<message>\S.*)$]],
        below = [[^\s*(?:-->|::: ?|╭▸) (?<file>[^\s:<][^:]*(?::\\[^:]*)?\.rs):(?<line>\d+):(?<column>\d+)$]],
        below_within = 8,
        below_stops = [[^(?:error|warning)(?:\[|:)|^\s*$]], requires = { "file" },
        examples = { matches = {
            "error[E0277]: the trait bound `Foo: Bar` is not satisfied\n  --> src/main.rs:12:9\n   |\n12 |     "
                .. "take(Foo);\n   |     ^^^^ the trait `Bar` is not implemented for `Foo`",
            "warning: unused variable: `x`\n --> src/lib.rs:3:9\n  |",
        }, rejects = { "error: aborting due to 2 previous errors" } },
        gives = {
            { "src/main.rs:12:9: error: the trait bound `Foo: Bar` is not satisfied [E0277] (rustc)" },
            { "src/lib.rs:3:9: warning: unused variable: `x` (rustc)" },
        },
    },
    {
        id = "titled.message", specificity = 55,
        match = [[^(?<severity>error|warning|note|Error|Warning|ERROR|WARNING)(?:\[(?<code>[\w:]+)\])?: ]]
            .. [[(?!aborting due to)(?<message>\S.*)$]],
        below = [=[^\s*(?:-->|::: ?|╭▸|┌─|╭─\[|at:?|in) (?<file>(?:[A-Za-z]:)?[^\s:<]+\.\w+):(?<line>\d+)(?::]=]
            .. [=[(?<column>\d+))?[:\]]?$]=],
        below_within = 4, below_stops = [[^(?:[Ee]rror|[Ww]arning|ERROR|WARNING)(?:\[|:)]], requires = { "file" },
        examples = { matches = {
            "error: syntax error, unexpected ';'\n\n       at /project/main.nix:12:3:\n           11|",
            "Error: Undeclared identifier.\n --> contracts/main.sol:12:3:\n  |",
        } },
        gives = {
            { "/project/main.nix:12:3: error: syntax error, unexpected ';'" },
            { "contracts/main.sol:12:3: error: Undeclared identifier." },
        },
    },
    {
        id = "go.compile", tool = "go", specificity = 30, severity = "error",
        match = [[^(?:vet: )?(?<file>\S+\.go):(?<line>\d+):(?:(?<column>\d+):)? (?<message>]]
            .. [[(?:undefined: |cannot use |syntax error|.* declared ]]
            .. [[(?:and|but) not used|.*imported and not used|missing return|not enough arguments|too many ]]
            .. [[arguments|invalid operation|assignment mismatch|.* redeclared|cannot find package|no required ]]
            .. [[module|expected |unexpected |missing |cannot assign|.* is not a type|.*undefined \(type|non-name|]]
            .. [[impossible type|invalid argument|.* not exported|package \S+ is not in).*)$]],
        examples = { matches = { "./main.go:12:2: undefined: start", "pkg/a/a.go:3:8: \"os\" imported and not "
            .. "used" } },
        gives = {
            { "./main.go:12:2: error: undefined: start (go)" },
            { "pkg/a/a.go:3:8: error: \"os\" imported and not used (go)" },
        },
    },
    {
        id = "golangci.text", tool = "golangci-lint", specificity = 30, severity = "warning",
        match = [[^(?<file>\S+\.go):(?<line>\d+):(?:(?<column>\d+):)? (?<message>\S.*?) \((?<code>[a-z]{3}\w*)\)$]],
        examples = { matches = { "pkg/a/a.go:12:6: func `start` is unused (unused)" } },
        gives = { { "pkg/a/a.go:12:6: warning: func `start` is unused [unused] (golangci-lint)" } },
    },
    {
        id = "revive.friendly", tool = "revive", specificity = 50, severity = "warning",
        match = [[^\s*[⚠✘]\s+(?:https?://\S+#(?<code>[\w-]+)\s+)?(?<message>\S.*)$]],
        below = [[^\s+(?<file>\S+\.go):(?<line>\d+):(?<column>\d+)$]], below_within = 2, requires = { "file" },
        examples = { matches = { "  ⚠  https://revive.run/r#exported  exported function Start should have comment "
            .. "or be unexported\n  main.go:12:1" } },
        gives = {
            { "main.go:12:1: warning: exported function Start should have comment or be unexported [exported] "
                .. "(revive)" },
        },
    },
    {
        id = "xcode.pretty", tool = "xcodebuild", specificity = 45,
        match = [[^\s*(?<severity>❌|⚠️|\[x\]|\[!\])\s+(?<file>/[^:]+):(?<line>\d+):(?<column>\d+): ]]
            .. [[(?<message>\S.*)$]],
        severities = { ["❌"] = "error", ["⚠️"] = "warning", ["x"] = "error", ["!"] = "warning" },
        examples = { matches = { "❌  /project/App/Main.swift:12:9: cannot find 'start' in scope" } },
        gives = { { "/project/App/Main.swift:12:9: error: cannot find 'start' in scope (xcodebuild)" } },
    },
    {
        id = "xcode.bare", tool = "xcodebuild", specificity = 25,
        match = [[^(?:❌  ?|⚠️  ?)?(?<severity>error|warning): (?<message>\S.*?) \(in target ']]
            .. [[(?<file>[^']+)' from project '[^']+'\)$]],
        examples = { matches = { "error: No profiles for 'org.example.app' were found (in target 'App' from "
            .. "project 'App')" } },
        gives = { { "App:-:-: error: No profiles for 'org.example.app' were found (xcodebuild)" } },
    },
    {
        id = "ghc.message", tool = "ghc", specificity = 50,
        match = [[^(?<file>\S[^:]*\.l?hsc?|[^\s:]+\.(?:cabal|x|y)):(?<line>\d+):(?<column>\d+)(?:-\d+)?:\s*+(?:]]
            .. [[(?<severity>error|warning|Warning):(?: \[(?<code>[\w, -]+)\])*)?(?: \[[\w-]+(?:, [\w-]+)*\])?\s*$]],
        continues = [[^\s{4,}\S]], severity = "error", requires = { "message" },
        examples = { matches = {
            "src/Main.hs:12:5: error: [GHC-88464]\n    Variable not in scope: start :: IO ()\n   |\n12 |     start",
            "src/Main.hs:3:1: warning: [-Wunused-imports]\n    The import of `Data.List' is redundant",
        } },
        gives = {
            { "src/Main.hs:12:5: error: Variable not in scope: start :: IO () [GHC-88464] (ghc)" },
            { "src/Main.hs:3:1: warning: The import of `Data.List' is redundant [-Wunused-imports] (ghc)" },
        },
    },
    {
        id = "ocaml.place", tool = "ocaml", specificity = 60,
        match = [[^File "(?<file>[^"]+)", lines? (?<line>\d+)(?:-\d+)?(?:, characters (?<column>\d+)-\d+)?:\s*$]],
        below = [[^\s*(?<severity>Error|Warning|Alert)(?: (?<code>[\w-]+))?(?: \(alert \w+\))?(?: \[]]
            .. [[(?<code_2>[\w-]+)\])?:\s*(?<message>\S.*)$]], below_within = 10,
        below_stops = [[^File "]], requires = { "message" },
        examples = { matches = { "File \"src/main.ml\", line 12, characters 10-15:\n12 | let () = start ()\n       "
            .. "       ^^^^^\nError: Unbound value start" } },
        gives = { { "src/main.ml:12:10: error: Unbound value start (ocaml)" } },
    },
    {
        id = "elixir.place", tool = "elixir", specificity = 60,
        match = [[^\s*(?:└─ )?(?<file>[\w./-]+\.(?:exs?|eex|heex|leex)):(?<line>\d+)(?::(?<column>\d+))?]]
            .. [[(?:: [A-Z][\w.]*(?:\.[\w?!]+/\d+|\.[\w<>"?! -]+/\d+)?(?: \(module\))?)?$]],
        above = [[^(?:\s*)(?<severity>warning|error|info|hint): (?<message>\S.*)$]], above_within = 15,
        requires = { "message" },
        examples = { matches = {
            "warning: variable \"x\" is unused (if the variable is not meant to be used, prefix it with an "
                .. "underscore)\n  lib/main.ex:12: Main.start/0",
            "    error: undefined variable \"x\"\n    │\n 12 │   x + 1\n    │   ^\n    │\n    └─ lib/main.ex:12:3: "
                .. "Main.start/0",
        } },
        gives = {
            { "lib/main.ex:12:-: warning: variable \"x\" is unused (if the variable is not meant to be used, "
                .. "prefix it with an underscore) (elixir)" },
            { "lib/main.ex:12:3: error: undefined variable \"x\" (elixir)" },
        },
    },
    {
        id = "elixir.raised", tool = "elixir", specificity = 60, severity = "error",
        match = [[^(?:\s*\| )?\*\* \((?<code>CompileError|SyntaxError|TokenMissingError|MismatchedDelimiterError)]]
            .. [[\) (?<file>[^\s:]+):(?<line>\d+)(?::(?<column>\d+))?: (?<message>\S.*)$]],
        examples = { matches = { "** (SyntaxError) lib/main.ex:12:3: syntax error before: end" } },
        gives = { { "lib/main.ex:12:3: error: syntax error before: end [SyntaxError] (elixir)" } },
    },
    {
        id = "credo.text", tool = "credo", specificity = 60,
        match = [[^\s*┃ \[(?<code>[A-Z])\] [↑↗→↘↓] (?<message>\S.*)$]],
        code_severities = { w = "warning", r = "note", c = "note", d = "note", f = "note" }, severity = "note",
        below = [[^\s*┃\s+(?<file>[^\s:]+):(?<line>\d+)(?::(?<column>\d+))?(?: #\(.*\))?$]], below_within = 5,
        requires = { "file" },
        examples = { matches = { "┃ [W] ↗ There should be no calls to IO.inspect/1.\n┃       lib/main.ex:12:5 "
            .. "#(Main.start)" } },
        gives = { { "lib/main.ex:12:5: warning: There should be no calls to IO.inspect/1. [W] (credo)" } },
    },
    {
        id = "erlang.dialyzer", tool = "dialyzer", specificity = 45, severity = "warning",
        match = [[^(?<file>[^\s:]+\.(?:erl|ex|hrl)):(?<line>\d+)(?::(?<column>\d+))?:(?<code>[a-z_]+)$]],
        below = [[^(?<message>\S.*)$]], below_within = 1,
        examples = { matches = { "lib/main.ex:12:no_return\nFunction start/0 has no local return." } },
        gives = { { "lib/main.ex:12:-: warning: Function start/0 has no local return. [no_return] (dialyzer)" } },
    },
    {
        id = "dscanner.text", tool = "dscanner", specificity = 40,
        match = [[^(?<file>[^\s(]+\.di?)\((?<line>\d+):(?<column>\d+)\)\[(?<severity>\w+)\]: (?<message>\S.*)$]],
        examples = { matches = { "source/main.d(12:5)[warn]: Variable x is never modified." } },
        gives = { { "source/main.d:12:5: warning: Variable x is never modified. (dscanner)" } },
    },
    {
        id = "crystal.place", tool = "crystal", specificity = 50, severity = "error",
        match = [[^(?:In|Error in|error in) (?<file>[^\s:]+\.cr):(?<line>\d+)(?::(?<column>\d+))?(?:: ]]
            .. [[(?<message>\S.*))?$]],
        below = [[^(?<severity>Error|Warning): (?<message>\S.*)$]], below_within = 10, requires = { "message" },
        examples = { matches = { "In src/main.cr:12:3\n\n 12 | start\n      ^\nError: undefined local variable or "
            .. "method 'start'" } },
        gives = { { "src/main.cr:12:3: error: undefined local variable or method 'start' (crystal)" } },
    },
    {
        id = "elm.heading", tool = "elm", specificity = 60, severity = "error",
        match = [[^-- (?<message>[A-Z][A-Z ]+?) -{3,} (?<file>\S+\.elm)$]],
        below = [==[^(?<line>\d+)(?:\||│)]==], below_within = 12,
        examples = { matches = { "-- TYPE MISMATCH ------------------------------------------------ src/Main.elm\n"
            .. "\nThe 1st argument to `start` is not what I expect:\n\n12|     start \"x\"\n              ^^^" } },
        gives = { { "src/Main.elm:12:-: error: TYPE MISMATCH (elm)" } },
    },
    {
        id = "purescript.place", tool = "purs", specificity = 60, severity = "error",
        match = [[^\s*at (?<file>[^\s:]+\.purs):(?<line>\d+):]]
            .. [[(?<column>\d+) - \d+:\d+ \(line \d+, column \d+ - line \d+, column \d+\)$]],
        above = [[^\s*(?:\[\d+/\d+ \w+\] )?(?<severity>Error|Warning) (?:found|\d+ of \d+):$]], above_within = 4,
        message_after = [[^\s*$]], below_within = 3,
        examples = { matches = { "Error found:\nin module Main\nat src/Main.purs:12:3 - 12:8 (line 12, column 3 - "
            .. "line 12, column 8)\n\n  Unknown value start" } },
        gives = { { "src/Main.purs:12:3: error: Unknown value start (purs)" } },
    },
    {
        id = "dart.bullets", tool = "dart", specificity = 60,
        match = [[^\s*(?<severity>error|warning|info|hint|lint) [•-] (?<message>\S.*?) [•-] (?<file>\S+?\.\w+):]]
            .. [[(?<line>\d+):(?<column>\d+) [•-] (?<code>\w+)$]],
        severities = { lint = "note" },
        examples = { matches = { "  error • The function 'start' isn't defined • lib/main.dart:12:3 • "
            .. "undefined_function" } },
        gives = { { "lib/main.dart:12:3: error: The function 'start' isn't defined [undefined_function] (dart)" } },
    },
    {
        id = "dart.analyze", tool = "dart", specificity = 60,
        match = [[^\s*(?<severity>error|warning|info|hint|lint) [•-] (?<file>\S+?\.\w+):(?<line>\d+):]]
            .. [[(?<column>\d+) [•-] (?<message>\S.*?) [•-] (?<code>\w+)$]],
        severities = { lint = "note" },
        examples = { matches = { "  error - lib/main.dart:12:3 - The function 'start' isn't defined. - "
            .. "undefined_function" } },
        gives = {
            { "lib/main.dart:12:3: error: The function 'start' isn't defined. [undefined_function] (dart)" },
        },
    },
    {
        id = "dart.machine", tool = "dart", specificity = 60,
        match = [[^(?<severity>ERROR|WARNING|INFO)\|(?:[A-Z_]+)\|(?<code>[A-Z_0-9]+)\|(?<file>[^|]+)\|]]
            .. [[(?<line>\d+)\|(?<column>\d+)\|\d+\|(?<message>\S.*)$]],
        examples = { matches = { "ERROR|COMPILE_TIME_ERROR|UNDEFINED_FUNCTION|/project/lib/main.dart|12|3|5|The "
            .. "function 'start' isn't defined." } },
        gives = {
            { "/project/lib/main.dart:12:3: error: The function 'start' isn't defined. [UNDEFINED_FUNCTION] (dart)" },
        },
    },
    {
        id = "julia.load", tool = "julia", specificity = 45, severity = "error",
        match = [[^ERROR: (?:LoadError: )+(?<message>\S.*)$]],
        below = [[^in expression starting at (?<file>[^\s:]+):(?<line>\d+)$]], below_within = 40,
        requires = { "file" },
        examples = { matches = { "ERROR: LoadError: UndefVarError: start not defined\nStacktrace:\n [1] top-level "
            .. "scope\nin expression starting at /project/main.jl:12" } },
        gives = { { "/project/main.jl:12:-: error: UndefVarError: start not defined (julia)" } },
    },
    {
        id = "msbuild.message", tool = "msbuild", specificity = 45,
        match = [[^\s*(?:\d+(?::\d+)?>)?(?:(?:MSBUILD|CSC|VBC|FSC|ALINK|AL|XC?BUILD|EXEC|Project) ?|(?<file>]]
            .. [[(?:[A-Za-z]:)?[^\s:(][^:(]*?)]]
            .. [[(?:\((?<line>\d+)(?:,(?<column>\d+))?(?:,\d+,\d+)?\))?)\s?: (?:\w+ )?]]
            .. [[(?<severity>(?:fatal )?error|warning|info)\s*:?\s?]]
            .. [=[(?!TS)(?<code>[A-Z]+\d+)\s?: (?<message>\S.*?)(?: \[(?<file_2>[^\[\]]+\.\w*proj)]=]
                .. [=[(?:::[^\]]{0,100})?\])?$]=],
        examples = { matches = {
            "Main.cs(12,9): error CS0103: The name 'start' does not exist in the current context "
                .. "[/project/App.csproj]",
            "C:\\work\\App.csproj : warning NU1701: Package 'Old 1.0.0' was restored using '.NETFramework'",
            "     2>c:\\work\\list.cpp(12): error C2065: 'start': undeclared identifier",
            "MSBUILD : error MSB1009: Project file does not exist.",
        } },
        gives = {
            { "Main.cs:12:9: error: The name 'start' does not exist in the current context [CS0103] (msbuild)" },
            { "C:/work/App.csproj:-:-: warning: Package 'Old 1.0.0' was restored using '.NETFramework' [NU1701] "
                .. "(msbuild)" },
            { "C:/work/list.cpp:12:-: error: 'start': undeclared identifier [C2065] (msbuild)" },
            { "-:-:-: error: Project file does not exist. [MSB1009] (msbuild)" },
        },
    },
    {
        id = "docfx.message", tool = "docfx", specificity = 45,
        match = [[^\[[\d :.-]+\](?<severity>Warning|Error|Info):(?:\[(?<code>[\w.]+)\])*\((?<file>[^()#]+?)(?:#L]]
            .. [[(?<line>\d+))?\)(?<message>\S.*)$]],
        examples = { matches = { "[20-01-31 10:00:00.000]Warning:[BuildCommand](docs/index.md#L12)Invalid file "
            .. "link:(~/docs/none.md)." } },
        gives = { { "docs/index.md:12:-: warning: Invalid file link:(~/docs/none.md). [BuildCommand] (docfx)" } },
    },
}

for _, reader in ipairs(readers) do
    reader.keep = 2500  -- a log may have thousands of them
    -- Patterns of ASCII find the same in bytes, with much less to compile.
    if not reader.match:find("[\128-\255]") then reader.flags = "b" end
end

return {
    about = "Diagnostics of rustc, go, Swift and Xcode, GHC, OCaml, Erlang, Elixir, D, Elm, Crystal, Dart and .NET.",
    diagnostic_readers = readers,
}
