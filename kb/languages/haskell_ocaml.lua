-- Haskell (GHC, Cabal) and OCaml (dune, opam).
return {
    about = "Haskell and OCaml",
    entries = {
        {
            id = "ghc.missing_module", title = "GHC cannot find a module",
            match = [[Could (?:not find module|not load module) \W{1,3}(?<module>[\w.]+)\W{1,3}]],
            class = "missing setup", severity = "error", priority = 86,
            cause = "`{module}` is in no package that this component depends on.",
            fix = "Add the package to `build-depends` (hidden packages are named below), or the module to "
                .. "`other-modules`/`exposed-modules`. If only one GHC fails, the package is not in that version's "
                .. "plan.",
            commands = { "cabal build --dry-run" },
            tags = { "haskell", "compile" },
            examples = {
                matches = { "    Could not find module ‘Data.Nowhere’", "    Could not load module ‘Data.Map’" },
                rejects = { "Could not find a version" },
            },
        },
        {
            id = "ghc.scope", title = "A name is not in scope (Haskell)",
            match = [[(?:error: |^\s+• |^\s+)(?:\[GHC-\d+\]\s*)?(?<kind>Variable|Data constructor|Type ]]
                .. [[constructor or class|Not in scope:?)(?: not in scope)?:? (?<what>\S.{0,200})]],
            unless = [[warning:]],
            class = "code bug", severity = "error", priority = 70,
            cause = "Something is not in scope: {what}",
            fix = "Import it, or find what took it away: newer `base`, `mtl` and `text` export other names. `#if "
                .. "MIN_VERSION_base(…)` serves several versions.",
            tags = { "haskell", "compile" },
            examples = {
                matches = {
                    "Types.hs:4:21: error: Variable not in scope: missing :: Int",
                    "Main.hs:9:5: error: [GHC-88464] Variable not in scope: foo",
                },
                rejects = { "Variables are fine" },
            },
        },
        {
            id = "ghc.type_error", title = "Types do not match (Haskell)",
            match = [[• (?:Couldn't match (?:expected type|type|kind) \W{1,3}(?<want>.{1,120}?)\W{1,3}(?: ]]
                .. [[with|$)|Could not deduce|No instance for (?<instance>.{3,160}?) arising from]]
                .. [[|Couldn't match|Ambiguous type variable|Expected kind)]],
            class = "code bug", severity = "error", priority = 70,
            cause = "GHC cannot make the types meet, or an instance is missing.",
            fix = "The lines below show both types and where they come from. If the code did not change, a "
                .. "dependency's bounds let in a new version: add an upper bound, or use `cabal.project.freeze`.",
            commands = { "cabal freeze" },
            tags = { "haskell", "compile" },
            examples = {
                matches = {
                    "    • Couldn't match type ‘[Char]’ with ‘Int’",
                    "    • No instance for (Show (Int -> Int)) arising from a use of ‘print’",
                },
                rejects = { "• In the expression: 1" },
            },
        },
        {
            id = "cabal.solver", title = "Cabal cannot find versions that fit",
            match = [[(?:^(?:Error: )?(?:\[\S+\]\s*)?cabal: Could not resolve dependencies:|^\s*Could not ]]
                .. [[resolve dependencies:$|^After searching the rest of the dependency tree ]]
                .. [[exhaustively|^Error: While constructing the build plan)]],
            class = "version mismatch", severity = "error", priority = 88,
            cause = "The bounds of the packages exclude each other, or this GHC's `base` is outside of them. The "
                .. "`rejecting:` lines show which.",
            fix = "Look for `(conflict: … => base…)`: a package is not released for this GHC yet. `allow-newer` "
                .. "helps for a while; otherwise take an older GHC, or update the index (`cabal update`). Stack: "
                .. "add to `extra-deps`.",
            commands = { "cabal update", "cabal build --allow-newer --dry-run" },
            tags = { "haskell", "cabal", "version" },
            examples = {
                matches = {
                    "cabal: Could not resolve dependencies:", "Error: cabal: Could not resolve dependencies:",
                    "After searching the rest of the dependency tree exhaustively, these were the",
                },
                rejects = { "Resolving dependencies..." },
            },
        },
        {
            id = "ocaml.library_missing", title = "dune cannot find a library",
            match = [[^Error: Library "(?<library>[^"]+)" not found\.]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "`{library}` is not installed in this opam switch and not in the workspace.",
            fix = "Add it to the opam file (with `:with-test` where it is for tests) and install: `opam install . "
                .. "--deps-only --with-test`.",
            commands = { "opam install . --deps-only --with-test" },
            tags = { "ocaml", "dune", "dependency" },
            examples = {
                matches = { "Error: Library \"yojson-nowhere\" not found." },
                rejects = { "Library \"yojson\" found" },
            },
        },
        {
            id = "ocaml.compile_error", title = "The OCaml compiler refuses the code",
            match = [[^Error: (?<what>(?:This expression has type|Unbound (?:value|module|constructor]]
                .. [[|type|record field)|Signature mismatch|The (?:implementation|constructor|function]]
                .. [[|files?) .{3,120}|Some type variables|This (?:pattern|variant|kind|function]]
                .. [[|method).{3,120}|Syntax error|Wrong (?:file naming|type)).{0,200})]],
            class = "code bug", severity = "error", priority = 72,
            cause = "The compiler says: {what}",
            fix = "`File \"…\", line …` two lines above is the place. If it is in a dependency, or nothing changed "
                .. "here, the compiler or a library got newer: bounds in the opam file, or `opam install --locked`.",
            tags = { "ocaml", "compile" },
            examples = {
                matches = {
                    "Error: This expression has type int but an expression was expected of type",
                    "Error: Unbound module Missing",
                },
                rejects = { "Error: Library \"yojson\" not found." },
            },
        },
        {
            id = "opam.failed", title = "opam cannot install something",
            match = [[(?:\[ERROR\] (?:The compilation of (?<package>\S+) failed|No package matching]]
                .. [[|Package conflict!|The sources of the following couldn't be obtained.{0,40}|Could ]]
                .. [[not .{3,120})|#=== ERROR while (?:compiling|installing|fetching) (?<package2>\S+))]],
            class = "missing setup", severity = "error", priority = 80,
            cause = "opam stopped at a package.",
            fix = "The block `#=== ERROR` has its output: often a system library is missing (`opam depext`, since "
                .. "2.1 by itself). For conflicts, look at the OCaml version of the switch.",
            commands = { "opam update" },
            tags = { "ocaml", "opam" },
            examples = {
                matches = {
                    "[ERROR] The compilation of conf-gmp.4 failed at \"sh -exc cc -c test.c\".",
                    "#=== ERROR while compiling conf-gmp.4 =========================================#",
                },
                rejects = { "[NOTE] Package ocaml is already installed" },
            },
        },
    },
}
