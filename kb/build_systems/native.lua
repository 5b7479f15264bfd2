-- make, ninja, Meson, the autotools, and package managers for C and C++.
return {
    about = "make, ninja, Meson, autotools, vcpkg and Conan",
    entries = {
        {
            id = "make.no_rule", title = "make has no rule for a file that is needed",
            match = [[make(?:\[\d+\])?: \*\*\* No rule to make target [`'](?<target>[^']+)'(?:, needed by ]]
                .. [[[`'](?<by>[^']+)')?]],
            class = "missing setup", severity = "error", priority = 84,
            cause = "`{target}` does not exist, and no rule makes it.",
            fix = "As a file: it was not committed, is in a submodule, or a generator did not run. A header that "
                .. "is gone but still in a `.d` file: clean the build folder (or the cache it came from). As a "
                .. "goal: the Makefile has no such target, or make runs in another folder; run `configure` first.",
            commands = { "make clean", "git status --ignored" },
            tags = { "make" },
            examples = {
                matches = {
                    "make: *** No rule to make target 'docs/manual.pdf', needed by 'all'.",
                    "make[1]: *** No rule to make target `install-strip'.  Stop.",
                },
                rejects = { "make: *** [Makefile:2: app] Error 1" },
            },
        },
        {
            id = "make.missing_separator", title = "A Makefile has spaces where a tab belongs",
            match = [[(?<place>(?<!\S)\S+:\d+): \*\*\* missing separator(?<hint> \(did you mean TAB instead of 8 ]]
                .. [[spaces\?\))?]],
            class = "code bug", severity = "error", priority = 92,
            cause = "make cannot read {place}: a command line begins with spaces, or the file is not for this make "
                .. "(BSD and GNU differ), or holds a merge conflict's markers.",
            fix = "Put a tab there. Editors and formatters change it back unless `.editorconfig` has `indent_style "
                .. "= tab` for Makefiles. If git made CRLF of it, add `Makefile text eol=lf` to `.gitattributes`.",
            tags = { "make" },
            examples = {
                matches = {
                    "Makefile:2: *** missing separator.  Stop.",
                    "Makefile:3: *** missing separator (did you mean TAB instead of 8 spaces?).  Stop.",
                },
                rejects = { "make: *** No targets specified and no makefile found.  Stop." },
            },
        },
        {
            id = "make.no_makefile", title = "There is no Makefile here",
            match = [[make(?:\[\d+\])?: \*\*\* No targets specified and no makefile found]]
                .. [[|make(?:\[\d+\])?: (?<file>\S*[Mm]akefile\S*): No such file or directory]],
            class = "missing setup", severity = "error", priority = 86,
            cause = "make runs in a folder without a Makefile.",
            fix = "Look at the step's working directory. If `configure` or `cmake` makes it, that did not run or "
                .. "failed before.",
            tags = { "make" },
            examples = {
                matches = {
                    "make: *** No targets specified and no makefile found.  Stop.",
                    "make: Makefile: No such file or directory",
                },
                rejects = { "make: Nothing to be done for 'all'." },
            },
        },
        {
            id = "make.command_missing", title = "A program that a rule calls is not installed",
            match = [[make(?:\[\d+\])?: (?<command>(?!\S*[Mm]akefile)[\w./+-]+): (?:No such file or ]]
                .. [[directory|[Cc]ommand not found|Permission denied)$]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "The rule calls `{command}`, which is not installed, not in `PATH`, or not executable.",
            fix = "Install it in this job. For a script of the project: `git update-index --chmod=+x`, and look at "
                .. "its `#!` line.",
            commands = { "command -v {command}" },
            tags = { "make", "missing tool" },
            examples = {
                matches = { "make: bison: No such file or directory", "make[2]: flex: Command not found" },
                rejects = { "make: Makefile: No such file or directory" },
            },
        },
        {
            id = "make.error_127", title = "A command of a rule was not found",
            match = [=[make(?:\[\d+\])?: \*\*\* \[(?<target>[^\]]+)\] Error 127]=],
            class = "missing setup", severity = "error", priority = 60,
            cause = "The shell did not find a program that the rule for `{target}` calls.",
            fix = "The line before names it: install it in this job.",
            tags = { "make", "missing tool" },
            examples = {
                matches = { "make: *** [Makefile:2: parser.c] Error 127" },
                rejects = { "make: *** [Makefile:2: parser.c] Error 1" },
            },
        },
        {
            id = "make.failed", title = "A rule of make failed",
            match = [=[make(?:\[\d+\])?: \*\*\* \[(?<target>[^\]]+)\] (?:Error (?<code>(?!127\b)\d+)]=]
                .. [[|Killed|Terminated|Interrupt)]],
            class = "code bug", severity = "error", priority = 8,
            cause = "A summary: the command for `{target}` failed. What it said stands above, with `-j` not always "
                .. "right above.",
            fix = "Look for the first error before this line. `make -j1 --output-sync` keeps messages in order.",
            tags = { "make", "summary" },
            examples = {
                matches = {
                    "make: *** [<builtin>: src/tls.o] Error 1",
                    "make[3]: *** [CMakeFiles/app.dir/build.make:76: CMakeFiles/app.dir/main.cpp.o] Error 1",
                },
                rejects = { "make: *** No rule to make target 'x'.  Stop." },
            },
        },
        {
            id = "make.clock_skew", title = "Clocks differ between files and the machine",
            match = [[make(?:\[\d+\])?: [Ww]arning: +(?:Clock skew detected|File '(?<file>[^']+)' has ]]
                .. [[modification time)]],
            class = "cache corruption", severity = "warning", priority = 40,
            cause = "Files are newer than now: they came from a cache, a container or a network drive with another "
                .. "clock.",
            fix = "Touch the sources after restoring (`find . -exec touch {} +`), or clean. make may build too "
                .. "much, too little, or for ever.",
            tags = { "make", "cache" },
            examples = {
                matches = {
                    "make: warning:  Clock skew detected.  Your build may be incomplete.",
                    "make[2]: Warning: File 'Makefile' has modification time 3599 s in the future",
                },
                rejects = { "make: warning: jobserver unavailable: using -j1.  Add '+' to parent make rule." },
            },
        },
        {
            id = "ninja.missing_input", title = "ninja has no rule for a file that is needed",
            match = [[ninja: error: '(?<file>[^']+)', needed by '(?<by>[^']+)', missing and no known rule to make it]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "`{file}` does not exist and nothing in the build makes it.",
            fix = "If it is a library, it was removed or updated since configuring (a restored build folder): "
                .. "configure anew. If it is generated, its custom command lacks `BYPRODUCTS`/`OUTPUT`. If it is a "
                .. "source, it was not committed.",
            commands = { "cmake --fresh -S . -B build" },
            tags = { "ninja" },
            examples = {
                matches = {
                    "ninja: error: 'src/generated.c', needed by 'app.o', missing and no known rule to make it",
                },
                rejects = { "ninja: build stopped: subcommand failed." },
            },
        },
        {
            id = "ninja.no_build_file", title = "ninja finds no build file or target",
            match = [[ninja: (?:fatal|error): (?:loading '(?<file>[^']+)': (?<reason>.{3,100})|unknown ]]
                .. [[target '(?<target>[^']+)'|chdir to '(?<folder>[^']+)' - .{3,60}|dependency cycle: ]]
                .. [[.{3,300}|manifest '[^']+' still dirty after \d+ tries.{0,60}|multiple rules ]]
                .. [[generate .{1,200})]],
            class = "missing setup", severity = "error", priority = 84,
            cause = "ninja cannot begin: there is no usable `build.ninja`, or no such target in it.",
            fix = "Configure first, in the same folder, and see that it ended well. `still dirty after 100 tries` "
                .. "means that files are newer than the clock (a restored cache).",
            tags = { "ninja" },
            examples = {
                matches = {
                    "ninja: error: loading 'build.ninja': No such file or directory",
                    "ninja: error: unknown target 'install-app'",
                    "ninja: error: manifest 'build.ninja' still dirty after 100 tries, perhaps system time is not set",
                },
                rejects = { "ninja: Entering directory `build'" },
            },
        },
        {
            id = "ninja.stopped", title = "ninja stopped",
            match = [[ninja: build stopped: (?<why>subcommands? failed|cannot make progress due to ]]
                .. [[previous errors|interrupted by user)]],
            class = "code bug", severity = "error", priority = 8,
            cause = "A summary: {why}. The output of the command stands above, after `FAILED:`.",
            fix = "Look at the first `FAILED:` above.",
            tags = { "ninja", "summary" },
            examples = {
                matches = { "ninja: build stopped: subcommand failed." },
                rejects = { "ninja: no work to do." },
            },
        },
        {
            id = "meson.dependency", title = "Meson cannot find a dependency",
            match = [[ERROR: (?:Dependency "(?<name>[^"]+)" not found|Dependency lookup for (?<name2>\S+) ]]
                .. [[with method '[^']+' failed|(?:C|C\+\+|Fortran) (?:shared or static )?library ]]
                .. [['(?<library>[^']+)' not found|Program '(?<program>[^']+)' not found or not ]]
                .. [[executable|Problem encountered: .{3,200}not found)]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "Something that the project needs is not installed here: a library, a program, or its "
                .. "pkg-config file.",
            fix = "Install the development package; the lines before show where Meson looked. With "
                .. "`--wrap-mode=nofallback` or without network the subproject's fallback is not used.",
            commands = { "meson setup build --reconfigure" },
            docs = { "https://mesonbuild.com/Dependencies.html" },
            tags = { "meson", "dependency" },
            examples = {
                matches = {
                    "meson.build:3:0: ERROR: Dependency \"wayland-nowhere\" not found, tried pkgconfig and cmake",
                    "meson.build:9:0: ERROR: Program 'glib-compile-resources' not found or not executable",
                    "meson.build:4:5: ERROR: C shared or static library 'rt' not found",
                },
                rejects = { "Run-time dependency wayland found: NO (tried pkgconfig and cmake)" },
            },
        },
        {
            id = "meson.version", title = "The project needs another Meson",
            match = [[ERROR: Meson version is (?<have>\S+) but project requires (?<need>\S.{0,40})]],
            class = "version mismatch", severity = "error", priority = 94,
            cause = "The project asks for Meson {need}, this is {have}.",
            fix = "`pip install meson` has the newest; distributions are often behind.",
            commands = { "pip install --upgrade meson" },
            tags = { "meson", "version" },
            examples = {
                matches = { "meson.build:1:0: ERROR: Meson version is 0.61.2 but project requires >= 1.1.0" },
                rejects = { "The Meson build system" },
            },
        },
        {
            id = "meson.error", title = "Meson found an error",
            match = [[(?<place>(?<!\S)(?:\S*/)?meson\.build:\d+:\d+): ERROR: (?!Dependency |Program |Meson ]]
                .. [[version|C(?:\+\+)? (?:shared|library))(?<what>.{3,300})]],
            class = "code bug", severity = "error", priority = 66,
            cause = "Meson stopped at {place}: {what}",
            fix = "`meson-logs/meson-log.txt` in the build folder has what compilers said. `Unknown options`: an "
                .. "option was renamed; `Compiler … can not compile programs`: see the log.",
            commands = { "cat build/meson-logs/meson-log.txt" },
            tags = { "meson" },
            examples = {
                matches = { "meson.build:12:0: ERROR: Unknown variable \"threads\"." },
                rejects = { "meson.build:3:0: WARNING: Project targets '>=0.50'" },
            },
        },
        {
            id = "autotools.configure_error", title = "configure stopped",
            match = [[^\s*configure: error: (?!in [`'])(?<reason>.{3,400})]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "`configure` stopped: {reason}",
            fix = "It mostly says what to install. `config.log` has the compiler's words for the last test. For a "
                .. "library: its development package.",
            commands = { "tail -100 config.log" },
            tags = { "autotools", "configure" },
            examples = {
                matches = {
                    "configure: error: libcurl is required", "configure: error: C compiler cannot create executables",
                },
                rejects = { "configure: WARNING: unrecognized options: --with-foo" },
            },
        },
        {
            id = "autotools.no_working_compiler", title = "configure cannot use the compiler",
            match = [[configure: error: (?:C\+?\+? compiler cannot create executables|no acceptable ]]
                .. [[(?<language>\w+) compiler found in \$PATH|cannot run C compiled programs|C ]]
                .. [[preprocessor "[^"]+" fails sanity check|\w+ compiler \S{0,40} is unable to create ]]
                .. [[executables)]],
            class = "missing setup", severity = "error", priority = 91,
            cause = "The compiler that `configure` found cannot make a program, or there is none.",
            fix = "See `config.log`: missing `libc6-dev`/`musl-dev`, flags in `CFLAGS`/`LDFLAGS` that it does not "
                .. "know, a cross compiler without `--host`, a 32-bit build without `gcc-multilib`.",
            commands = { "sudo apt-get install -y build-essential", "tail -100 config.log" },
            tags = { "autotools", "compiler" },
            examples = {
                matches = {
                    "configure: error: C compiler cannot create executables",
                    "configure: error: no acceptable C compiler found in $PATH",
                },
                rejects = { "configure: error: libcurl is required" },
            },
        },
        {
            id = "autotools.missing_macro", title = "A macro of autoconf is not defined",
            match = [[(?:error: possibly undefined macro: (?<macro>\w+)|(?:configure(?:\.ac|\.in)?:\d+: ]]
                .. [[)?error: macro '(?<macro2>\w+)' (?:not found|is not defined)|syntax error near ]]
                .. [[unexpected token `(?<macro3>[A-Z_]{4,}[^']{0,200})'|\./configure: line \d+: ]]
                .. [[(?<macro4>P?[A-Z]+_[A-Z_]+): command not found)]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "`configure.ac` uses a macro that no installed package defined, so it stayed in `configure` as "
                .. "it is.",
            fix = "Install what brings it: `pkg-config` for `PKG_CHECK_MODULES`, `libtool` for `LT_INIT`, "
                .. "`autoconf-archive` for `AX_…`, `gettext` for `AM_GNU_GETTEXT`. Then run `autoreconf --install "
                .. "--force`.",
            commands = { "sudo apt-get install -y autoconf automake libtool pkg-config autoconf-archive" },
            tags = { "autotools" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "The parts of the autotools",
                yaml = "- name: Install what the build needs\n"
                    .. "  run: sudo apt-get update && sudo apt-get install -y autoconf automake libtool pkg-config "
                    .. "autoconf-archive gettext autopoint\n",
            },
            examples = {
                matches = {
                    "configure.ac:4: error: possibly undefined macro: PKG_CHECK_MODULES",
                    "./configure: line 2301: PKG_CHECK_MODULES: command not found",
                    "./configure: line 4521: syntax error near unexpected token `GLIB,'",
                },
                rejects = { "configure.ac:2: installing './missing'" },
            },
        },
        {
            id = "autotools.libtool", title = "libtool is missing or does not fit",
            match = [[(?:Libtool library used but '(?<variable>LIBTOOL)' is undefined|libtool: Version ]]
                .. [[mismatch error|[Cc]an't exec "(?<program>libtoolize|aclocal|automake|autopoint]]
                .. [[|autoconf|gtkdocize)"|autoreconf: (?:error: |failed to run )(?<tool>\w+)(?: failed ]]
                .. [[with exit status|: No such file)|error: required file '\./(?<file>ltmain\.sh]]
                .. [[|config\.rpath|install-sh|compile|missing)' not found)]],
            class = "missing setup", severity = "error", priority = 86,
            cause = "The autotools lack one of their parts: libtool, automake or gettext is not installed, or its "
                .. "files are of another version.",
            fix = "Install `autoconf automake libtool gettext autopoint`, then `autoreconf --install --force`. On "
                .. "macOS Homebrew's `glibtoolize` counts.",
            commands = { "autoreconf --install --force" },
            tags = { "autotools", "libtool" },
            examples = {
                matches = {
                    "Makefile.am:2: error: Libtool library used but 'LIBTOOL' is undefined",
                    "Can't exec \"libtoolize\": No such file or directory at "
                        .. "/usr/share/autoconf/Autom4te/FileUtils.pm line 345.",
                    "autoreconf: error: automake failed with exit status: 1",
                },
                rejects = { "libtoolize: putting auxiliary files in '.'." },
            },
        },
        {
            id = "vcpkg.build_failed", title = "A port of vcpkg did not build",
            match = [=[error: building (?<port>[\w+-]+(?:\[[^\]]{0,500}\])?):(?<triplet>[\w-]+) failed with: ]=]
                .. [=[(?<why>\w+)]=],
            class = "missing setup", severity = "error", priority = 80,
            cause = "vcpkg could not build {port} for {triplet}: {why}.",
            fix = "The log that is named below (`buildtrees/…-err.log`) has the reason; keep it as an artifact. On "
                .. "Linux ports often want system packages (`autoconf-archive`, `nasm`, `bison`). If it built "
                .. "yesterday, the image's compiler is newer than the port: move the baseline.",
            docs = { "https://learn.microsoft.com/vcpkg/troubleshoot/build-failures" },
            tags = { "vcpkg" },
            examples = {
                matches = { "error: building openssl:x64-linux failed with: BUILD_FAILED" },
                rejects = { "Building openssl:x64-linux@3.3.0..." },
            },
        },
        {
            id = "conan.error", title = "Conan stopped",
            match = [[^ERROR: (?:(?<package>[\w.+-]+/[\w.+-]++)[:@]?\S*: (?<what>.{3,200})|Package ]]
                .. [['(?<package2>[^']+)' not resolved: (?<reason>.{3,200})|Missing (?:prebuilt package ]]
                .. [[for|binary: )\S*.{0,200}|Version conflict: .{3,200})]],
            class = "missing setup", severity = "error", priority = 78,
            cause = "Conan cannot give a package: its recipe, a binary for these settings, or the network is "
                .. "missing.",
            fix = "`--build=missing` builds what has no binary for this compiler. A new compiler version needs a "
                .. "newer Conan or `settings.yml`. For conflicts, override the version in the consumer.",
            commands = { "conan install . --build=missing" },
            docs = { "https://docs.conan.io/2/knowledge/faq.html" },
            tags = { "conan" },
            examples = {
                matches = {
                    "ERROR: Package 'zlib/9.9' not resolved: Unable to find 'zlib/9.9' in remotes.",
                    "ERROR: Missing prebuilt package for 'boost/1.84.0', 'bzip2/1.0.8'",
                },
                rejects = { "zlib/1.3.1: Already installed!" },
            },
        },
    },
}
