-- Languages and formats with few entries each: Emacs Lisp, Clojure, Lua, Vim, TeX, assembler, XML, TAP.
return {
    about = "Lisps, Lua, Vim, TeX, assemblers and others",
    entries = {
        {
            id = "emacs.package_unavailable", title = "An Emacs package cannot be installed",
            match = [[(?:Package [`‘'](?<package>[\w.+-]+?)(?:-(?<version>[\d.]+))?['’] is unavailable|No ]]
                .. [[version of (?<package2>(?!%)\S+) >= (?<version2>\S+) is available)]],
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
                rejects = { "(error \"No version of %s >= %S is available\" package min-version)" },
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
            match = [[^(?:lua(?:jit|5\.\d|rocks)?(?:\.exe)?|/\S{0,200}/lua\S{0,60}): (?<place>\S[^:\n]{0,200}:\d+): ]]
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
                .. [[\S+ Error: The font "(?<font>[^"]+)" cannot be found|^! Font \S{1,200}=(?<font2>\S+) ]]
                .. [[.{0,60}not loadable]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "LaTeX does not find a package, a font or an input file.",
            fix = "A `.sty` or `.cls`: install its collection (`texlive-latex-extra`, `texlive-fonts-recommended`, "
                .. "`texlive-science`, `tlmgr install NAME`), or use an image with the full TeX Live. An own file: "
                .. "case of letters, `TEXINPUTS`, or not committed.",
            commands = { "apt-file search NAME.sty", "tlmgr install NAME" },
            tags = { "latex" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "The collections of TeX Live that have it",
                yaml = "- name: Install what the build needs\n"
                    .. "  run: sudo apt-get update && sudo apt-get install -y texlive-latex-extra "
                    .. "texlive-fonts-recommended texlive-science\n",
            },
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
        {
            id = "lua.traceback", title = "A Lua program broke off with a stack traceback",
            match = {
                [[(?<place>(?<![\w./\\@-])[\w./\\@-]+\.(?:lua|moon|fnl)|\[string "[^"]{1,200}"\]):(?<line>\d+): ]]
                    .. [[(?<what>(?!in (?:function|main|local|upvalue|method)|module ').{3,300})]],
                [[^\s*stack traceback:]],
            },
            within = 3, class = "code bug", severity = "error", priority = 66,
            cause = "{place}, line {line}: {what}",
            fix = "The first line of your own code in the traceback is the place. `attempt to … a nil value` names "
                .. "what was not there.",
            tags = { "lua", "exception" },
            examples = {
                matches = {
                    "fail: [string \"bundle:libs/codec.lua\"]:123: No such hash: 31b8c996\n\nstack "
                        .. "traceback:\n\t[C]: in function 'assert'",
                    "lua: main.lua:4: attempt to index a nil value (global 'x')\nstack traceback:",
                },
                rejects = { "stack traceback:\n\tmain.lua:4: in function <main.lua:1>" },
            },
        },
        {
            id = "vim.test_errors", title = "A test of Vim script failed",
            match = [[(?:^\s*Found errors in (?<test>Test_\w+)\(\):|Caught exception in ]]
                .. [[(?<test2>Test_\w+)\(\): (?<what>.{3,200}))]],
            class = "code bug", severity = "error", priority = 48,
            cause = "A test function failed; what differed stands on the next lines.",
            fix = "Run it alone (`make TESTNAME`, or `TEST_FILTER`). `Flaky test failed too often` and screen "
                .. "dumps depend on the terminal, its size and time.",
            tags = { "vim", "test" },
            examples = {
                matches = {
                    "\tFound errors in Test_popup_beval():",
                    "\tCaught exception in Test_quotestar(): WaitFor() timed out after 5000 msec @ function "
                        .. "RunTheTest[40]",
                },
                rejects = { "Executing Test_popup_beval()" },
            },
        },
        {
            id = "vim.error", title = "Vim reported an error",
            match = [[(?:^|Vim(?:\(\w+\))?:)E(?<code>(?!558\b)\d{2,4}): (?<what>[A-Z][^\n]{4,200})]],
            unless = [[Found errors in|Caught exception in]],
            class = "code bug", severity = "error", priority = 52,
            cause = "Vim stopped on E{code}: {what}",
            fix = "`:help E{code}` explains it. `E117: Unknown function` and `E492`: a plug-in is not on the "
                .. "runtime path, or this Vim is too old or lacks a feature (`+lua`, `+python3`).",
            tags = { "vim" },
            examples = {
                matches = {
                    "Error detected while processing command line:\nE117: Unknown function: plug#begin",
                    "Vim(source):E484: Can't open file autoload/foo.vim",
                },
                rejects = { "a.py:1:0: E0401: Unable to import x" },
            },
        },
        {
            id = "xml.validity", title = "An XML file is not valid",
            match = [[(?<file>(?<!\S)\S+):(?<line>\d+): (?:element (?<element>[\w:.-]+): )?(?<kind>validity]]
                .. [[|Schemas validity|Relax-NG validity|parser|namespace|XInclude) error : ]]
                .. [[(?<what>.{3,300})]],
            class = "code bug", severity = "error", priority = 74,
            cause = "{file}, line {line}: {what}",
            fix = "Fix the file, or the schema or DTD it is held against. `xmllint --noout FILE` shows it on your "
                .. "machine.",
            commands = { "xmllint --noout --valid FILE" },
            tags = { "xml" },
            examples = {
                matches = {
                    "../xml/erl_parse.xml:72: element name: validity error : Element marker is not declared in "
                        .. "name list of possible children",
                    "feed.xml:3: parser error : Opening and ending tag mismatch: b line 3 and a",
                },
                rejects = { "feed.xml validates" },
            },
        },
        {
            id = "tap.dubious", title = "A test file did not end well (prove)",
            match = [[(?<file>(?<!\S)\S+) \.{2,}.{0,8}\s?Dubious, test returned (?<code>\d+) \(wstat (?<status>\d+)]],
            class = "code bug", severity = "error", priority = 52,
            cause = "`{file}` ended with {code}: some of its tests failed, or it broke off.",
            fix = "Run it alone and with its output: `prove -v {file}`. The `Test Summary Report` at the end lists "
                .. "the numbers.",
            commands = { "prove -v {file}" },
            tags = { "perl", "tap", "test" },
            examples = {
                matches = {
                    "t9502-gitweb-standalone-parse-output.sh ............ Dubious, test returned 1 (wstat 256, 0x100)",
                    "t/basic.t .. Dubious, test returned 255 (wstat 65280, 0xff00)",
                },
                rejects = { "t/basic.t .. ok" },
            },
        },
    },
}
