-- Languages with few entries each: Haskell, OCaml, Emacs Lisp, Clojure, Lua, TeX, assembler.
return {
    about = "Haskell, OCaml, Lisps, Lua, TeX and assemblers",
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
                .. "`rejecting:` lines tell which.",
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
        {
            id = "emacs.package_unavailable", title = "An Emacs package cannot be installed",
            match = [[(?:Package [`‘'](?<package>[\w.+-]+?)(?:-(?<version>[\d.]+))?['’] is unavailable|No ]]
                .. [[version of (?<package2>\S+) >= (?<version2>\S+) is available)]],
            class = "version mismatch", severity = "error", priority = 86,
            cause = "A package is not in the archives that are set, or needs a newer Emacs (`emacs-26.1' is "
                .. "unavailable`).",
            fix = "Call `package-refresh-contents` first, set the archive that has it (MELPA, NonGNU), or raise "
                .. "the Emacs of the matrix (`purcell/setup-emacs`).",
            tags = { "emacs", "dependency" },
            examples = {
                matches = {
                    "error(\"Package `%s-%s' is unavailable\" emacs \"25.1\")\nsignal(error (\"Package "
                        .. "`emacs-25.1' is unavailable\"))",
                    "Package ‘dash-2.18’ is unavailable",
                },
                rejects = { "Package dash is available" },
            },
        },
        {
            id = "emacs.connection", title = "Emacs cannot reach an archive",
            match = [[(?:[Cc]ould not create connection to (?<host>[\w.-]+:\d+)|error in process ]]
                .. [[sentinel: .{0,40}(?<host2>[\w.-]+)/443.{0,60}|Failed to (?:download|verify ]]
                .. [[signature).{0,20}(?<archive>gnu|melpa|nongnu|archive-contents)|gnutls\.c: ]]
                .. [[\[\d\].{0,160}fatal error)]],
            class = "flaky", severity = "error", priority = 82,
            cause = "Emacs could not fetch from a package archive.",
            fix = "elpa.gnu.org is slow or down now and then: try again, or use a mirror and a cache of "
                .. "`~/.emacs.d/elpa`. Emacs before 26.3 speaks TLS 1.3 wrongly: `(setq gnutls-algorithm-priority "
                .. "\"NORMAL:-VERS-TLS1.3\")`. For signatures: update `gnu-elpa-keyring-update`.",
            tags = { "emacs", "network" },
            examples = {
                matches = {
                    "error(\"Could not create connection to %s:%d\" \"elpa.gnu.org\" 443)\nsignal(error (\"Could "
                        .. "not create connection to elpa.gnu.org:443\"))",
                    "Failed to verify signature archive-contents.sig:", "Failed to download ‘melpa’ archive.",
                },
                rejects = { "Contacting host: elpa.gnu.org:443" },
            },
        },
        {
            id = "emacs.lisp_error", title = "Emacs Lisp raised an error",
            match = [[^(?:Symbol’s|Symbol's) (?:value as variable is void|function definition is void): ]]
                .. [[(?<symbol>\S+)|^(?:Cannot open load file|File (?:error|is missing)|Wrong type ]]
                .. [[argument|Invalid read syntax|Eager macro-expansion (?:failure|error)|End of file ]]
                .. [[during parsing|Lisp error): ?(?<what>.{2,200})|^\s*\((?:void-function|void-variable]]
                .. [[|file-missing|wrong-number-of-arguments) .{2,200}\)]],
            class = "code bug", severity = "error", priority = 72,
            cause = "Emacs stopped on an error of Lisp code.",
            fix = "`void` symbols: a `require` is missing, or the function is newer than this Emacs (`compat` has "
                .. "many). `Cannot open load file`: add the folder with `-L`, or install the dependency. "
                .. "`--debug-init`/`-f toggle-debug-on-error` gives a stack.",
            tags = { "emacs" },
            examples = {
                matches = {
                    "Symbol’s value as variable is void: foo-mode",
                    "Cannot open load file: No such file or directory, dash",
                    "Symbol's function definition is void: string-empty-p",
                },
                rejects = { "Loading foo.el (source)..." },
            },
        },
        {
            id = "clojure.syntax_error", title = "Clojure cannot compile a file",
            match = [[(?:Syntax error (?:\((?<class>\w+)\) )?(?:compiling|reading source]]
                .. [[|macroexpanding)[^\n]{0,60} at \((?<place>[^)]+)\)|CompilerException:? ]]
                .. [[(?<what>.{5,200}), compiling:\((?<place2>[^)]+)\))]],
            class = "code bug", severity = "error", priority = 76,
            cause = "Clojure stopped at a form. The next line says why.",
            fix = "`Unable to resolve symbol`: a `require` is missing or a dependency's version changed. `Could "
                .. "not locate … on classpath`: a dependency is not in this profile or alias.",
            commands = { "lein deps :tree" },
            tags = { "clojure", "compile" },
            examples = {
                matches = {
                    "Syntax error compiling at (app/core.clj:12:3).",
                    "Exception in thread \"main\" clojure.lang.Compiler$CompilerException: "
                        .. "java.lang.RuntimeException: Unable to resolve symbol: foo in this context, "
                        .. "compiling:(app/core.clj:12:3)",
                },
                rejects = { "Compiling app.core" },
            },
        },
        {
            id = "lein.dependency", title = "Leiningen cannot fetch something",
            match = [[(?:This could be due to a typo in :dependencies, file system permissions, or ]]
                .. [[network issues|Could not find artifact (?<artifact>\S+) in (?<repository>clojars]]
                .. [[|central)|Failed to download (?<what>https://\S*leiningen\S*)|Could not transfer ]]
                .. [[artifact \S+ from/to clojars)]],
            class = "missing setup", severity = "error", priority = 80,
            cause = "A dependency was not found or not downloaded.",
            fix = "Look for the version on Clojars or Central, add the private repository with its credentials, or "
                .. "run again if it was the network.",
            commands = { "lein deps :tree" },
            tags = { "clojure", "dependency" },
            examples = {
                matches = {
                    "This could be due to a typo in :dependencies, file system permissions, or network issues.",
                    "Could not find artifact org.example:core:jar:1.0 in clojars (https://repo.clojars.org/)",
                },
                rejects = { "Retrieving org/example/core.jar from clojars" },
            },
        },
        {
            id = "lua.module_not_found", title = "Lua does not find a module",
            match = [[module '(?<module>[^']+)' not found:(?!.{0,40}resolve)]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "`require \"{module}\"` found neither a Lua file nor a C library in `package.path` and "
                .. "`package.cpath`; the places are listed below.",
            fix = "`luarocks install` it for the same Lua version (5.1/LuaJIT, 5.3 and 5.4 have trees of their "
                .. "own), and set the paths: `eval \"$(luarocks path)\"`.",
            commands = { "luarocks install NAME", "eval \"$(luarocks path)\"" },
            tags = { "lua", "dependency" },
            examples = {
                matches = {
                    "lua: main.lua:1: module 'lfs' not found:",
                    "/usr/bin/luajit: spec/a_spec.lua:3: module 'cjson' not found:",
                },
                rejects = { "Error: Cannot find module 'lfs'" },
            },
        },
        {
            id = "luarocks.failed", title = "LuaRocks cannot install a rock",
            match = [[(?:^Error: (?:No results matching query were found for Lua (?<version>[\d.]+)|Could ]]
                .. [[not find (?:header file|library file) for (?<library>\w+)|Build error: .{3,200}]]
                .. [[|Failed installing dependency: (?<dependency>\S+)|(?<rock>[\w.-]+ [\d.-]+) is not ]]
                .. [[designed for Lua|Failed finding Lua (?:header|library|interpreter).{0,40})]]
                .. [[|luarocks: .{0,60}: error)]],
            class = "missing setup", severity = "error", priority = 84,
            cause = "A rock could not be installed: it is not made for this Lua, or needs a library or Lua's "
                .. "headers.",
            fix = "Install the development packages (`liblua5.1-0-dev`, `libssl-dev`) and name them: "
                .. "`OPENSSL_DIR=…`. For the wrong version choose the Lua (`--lua-version`, "
                .. "`leafo/gh-actions-lua`).",
            commands = { "luarocks install NAME OPENSSL_DIR=/usr" },
            tags = { "lua", "luarocks" },
            examples = {
                matches = {
                    "Error: No results matching query were found for Lua 5.4.",
                    "Error: Could not find header file for OPENSSL",
                    "Error: Failed installing dependency: https://luarocks.org/luasec-1.3.2-1.src.rock - Could not "
                        .. "find header file for OPENSSL",
                },
                rejects = { "Installing https://luarocks.org/luasec-1.3.2-1.src.rock" },
            },
        },
        {
            id = "lua.error", title = "A Lua program raised an error",
            match = [[^(?:lua(?:jit|5\.\d|rocks)?(?:\.exe)?|/\S*/lua\S*): (?<place>\S[^:\n]{0,200}:\d+): ]]
                .. [[(?<what>(?!module ').{3,300})]],
            class = "code bug", severity = "error", priority = 66,
            cause = "{place}: {what}",
            fix = "`attempt to index/call a nil value`: the field in brackets is not there; between Lua versions "
                .. "`unpack`, `setfenv`, `loadstring`, `bit` and `utf8` come and go.",
            tags = { "lua", "exception" },
            examples = {
                matches = {
                    "lua: main.lua:4: attempt to index a nil value (global 'x')",
                    "luajit: spec/run.lua:12: bad argument #1 to 'insert' (table expected, got nil)",
                },
                rejects = { "lua: main.lua:1: module 'lfs' not found:" },
            },
        },
        {
            id = "latex.file_not_found", title = "A LaTeX package or file is missing",
            match = [[^! (?:(?:Lua|Xe|pdf)?LaTeX Error: File [`'](?<file>[^']+)' not found|I can't find ]]
                .. [[file [`'](?<file2>[^']+)')|^!pdfTeX error: .{0,60}file .{1,80}not found|^! Package ]]
                .. [[\S+ Error: The font "(?<font>[^"]+)" cannot be found|^! Font \S+=(?<font2>\S+) ]]
                .. [[.{0,60}not loadable]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "LaTeX does not find a package, a font or an input file.",
            fix = "A `.sty` or `.cls`: install its collection (`texlive-latex-extra`, `texlive-fonts-recommended`, "
                .. "`texlive-science`, `tlmgr install NAME`), or use an image with the full TeX Live. An own file: "
                .. "case of letters, `TEXINPUTS`, or not committed.",
            commands = { "apt-file search NAME.sty", "tlmgr install NAME" },
            tags = { "latex" },
            examples = {
                matches = {
                    "! LaTeX Error: File `nowherestyle.sty' not found.", "! I can't find file `chapters/one.tex'.",
                },
                rejects = { "LaTeX Warning: Reference `sec:none' on page 1 undefined on input line 3." },
            },
        },
        {
            id = "latex.error", title = "LaTeX found an error",
            match = [[^! (?<what>(?:Undefined control sequence|Missing .{1,40} inserted|Extra .{1,40}]]
                .. [[|Emergency stop|Paragraph ended before|Too many .{1,20}|Misplaced .{3,60}|Illegal ]]
                .. [[.{3,60}|Runaway .{3,60}|Argument of .{3,80}|TeX capacity exceeded.{3,80}|Package ]]
                .. [[\S+ Error: (?!The font).{3,200}|(?:LaTeX|LaTeX3|Class \S+) Error: (?!File ]]
                .. [[`).{3,200}|Double (?:sub|super)script|Dimension too large|Incompatible .{3,60}|Bad ]]
                .. [[.{3,60}|File ended while.{3,80})\.?)]],
            class = "code bug", severity = "error", priority = 76,
            cause = "TeX says: {what}",
            fix = "`l.NUMBER` below is the line, and where the text breaks is the place. `Undefined control "
                .. "sequence`: a package is missing or older. `Emergency stop` follows from an error before it. "
                .. "`-file-line-error` makes the places readable.",
            commands = { "pdflatex -interaction=nonstopmode -file-line-error paper.tex" },
            tags = { "latex" },
            examples = {
                matches = {
                    "! Undefined control sequence.", "! Missing $ inserted.",
                    "! Package inputenc Error: Unicode character ≤ (U+2264)",
                },
                rejects = { "! LaTeX Error: File `nowherestyle.sty' not found." },
            },
        },
        {
            id = "latex.fatal", title = "LaTeX made no document",
            match = [[^\s*(?:==> Fatal error occurred, no output PDF file produced!|!  ==> Fatal error ]]
                .. [[occurred)|Latexmk: Errors, so I did not complete making targets|^Output written on ]]
                .. [[.{1,80} \(0 pages]],
            class = "code bug", severity = "error", priority = 10,
            cause = "A summary: LaTeX stopped at an error above.",
            fix = "Look at the first line that begins with `!`.",
            tags = { "latex", "summary" },
            examples = {
                matches = {
                    "!  ==> Fatal error occurred, no output PDF file produced!",
                    "Latexmk: Errors, so I did not complete making targets",
                },
                rejects = { "Output written on paper.pdf (1 page, 12345 bytes)." },
            },
        },
        {
            id = "asm.error", title = "An assembler refuses the code",
            match = [[^(?:(?<file>\S+\.(?:asm|nasm|inc)):(?<line>\d+): error: (?<what>.{3,200})]]
                .. [[|(?<file2>\S+\.[sS]):(?<line2>\d+): Error: (?<what2>.{3,200})|\{standard ]]
                .. [[input\}:\d+: Error: (?<what3>.{3,200})|<(?:inline|instantiation)[^>]*>:\d+:\d+: ]]
                .. [[error: (?<what4>.{3,200}))]],
            class = "code bug", severity = "error", priority = 74,
            cause = "The assembler does not know an instruction, operand or symbol.",
            fix = "`no such instruction`: the assembler (binutils) is older than the code, or it is for another "
                .. "architecture: install a newer one, or switch the assembly off. In inline assembly of C: "
                .. "constraints and the target's options.",
            commands = { "as --version" },
            tags = { "assembler" },
            examples = {
                matches = {
                    "start.asm:3: error: parser: instruction expected",
                    "sha.s:12: Error: no such instruction: `vpmadd52luq %zmm0,%zmm1,%zmm2'",
                    "{standard input}:120: Error: operand type mismatch for `push'",
                },
                rejects = { "start.asm:3: warning: label alone on a line" },
            },
        },
        {
            id = "zig_nim.compile_error", title = "The Zig, Nim, D or Crystal compiler refuses the code",
            match = [[^(?<file>\S+\.(?:zig|nim|d|cr|v|hx|pas|adb))(?:[:(](?<line>\d+)(?:[:,] ?\d+)?\)?):? ]]
                .. [[(?:[Ee]rror|Fatal): (?<what>.{3,300})]],
            class = "code bug", severity = "error", priority = 68,
            cause = "{file}, line {line}: {what}",
            fix = "These languages move fast: if the code did not change, the compiler did. Pin its version in the "
                .. "job.",
            tags = { "compile" },
            examples = {
                matches = {
                    "src/main.zig:3:9: error: use of undeclared identifier 'foo'",
                    "/home/runner/work/app/app/src/main.nim(3, 5) Error: undeclared identifier: 'foo'",
                    "source/app.d(3): Error: undefined identifier `foo`",
                },
                rejects = { "src/main.zig:3:9: note: declared here" },
            },
        },
    },
}
