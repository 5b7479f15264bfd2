-- Failures of ld, lld, gold and Apple's linker.

-- Debian's packages by what stands after -l.
local libraries = {
    z = "zlib1g-dev", ssl = "libssl-dev", crypto = "libssl-dev", curl = "libcurl4-openssl-dev", png = "libpng-dev",
    jpeg = "libjpeg-dev", tiff = "libtiff-dev", freetype = "libfreetype-dev", fontconfig = "libfontconfig-dev",
    xml2 = "libxml2-dev", sqlite3 = "libsqlite3-dev", readline = "libreadline-dev", ncurses = "libncurses-dev",
    ncursesw = "libncurses-dev", tinfo = "libncurses-dev", ffi = "libffi-dev", gmp = "libgmp-dev", bz2 = "libbz2-dev",
    lzma = "liblzma-dev", zstd = "libzstd-dev", lz4 = "liblz4-dev", expat = "libexpat1-dev", yaml = "libyaml-dev",
    uv = "libuv1-dev", X11 = "libx11-dev", Xext = "libxext-dev", xcb = "libxcb1-dev", xkbcommon = "libxkbcommon-dev",
    GL = "libgl-dev", GLU = "libglu1-mesa-dev", EGL = "libegl-dev", SDL2 = "libsdl2-dev", asound = "libasound2-dev",
    pulse = "libpulse-dev", udev = "libudev-dev", ["usb-1.0"] = "libusb-1.0-0-dev", systemd = "libsystemd-dev",
    pam = "libpam0g-dev", cap = "libcap-dev", numa = "libnuma-dev", pcap = "libpcap-dev", pq = "libpq-dev",
    mysqlclient = "default-libmysqlclient-dev", blas = "libblas-dev", lapack = "liblapack-dev",
    openblas = "libopenblas-dev", fftw3 = "libfftw3-dev", gfortran = "gfortran", ["stdc++"] = "g++", m = "libc6-dev",
    c = "libc6-dev", pthread = "libc6-dev", gcc_s = "gcc", atomic = "gcc", uuid = "uuid-dev",
    archive = "libarchive-dev", git2 = "libgit2-dev", ssh2 = "libssh2-1-dev", event = "libevent-dev",
    boost_system = "libboost-all-dev", boost_filesystem = "libboost-all-dev", gtest = "libgtest-dev",
    gtest_main = "libgtest-dev", benchmark = "libbenchmark-dev", tbb = "libtbb-dev",
    ["luajit-5.1"] = "libluajit-5.1-dev", ["lua5.4"] = "liblua5.4-dev", portaudio = "portaudio19-dev",
    ["dbus-1"] = "libdbus-1-dev", ["glib-2.0"] = "libglib2.0-dev", ["gtk-3"] = "libgtk-3-dev",
}

-- What to install on Debian; nil when that is not known.
local function install(what, package)
    if not package then return nil end
    return ("On Debian and Ubuntu %s is in `%s`: `sudo apt-get install -y %s`."):format(what, package, package)
end

return {
    about = "Linking of native programs",
    entries = {
        {
            id = "ld.cannot_find_library", title = "The linker cannot find a library",
            match = [[(?:(?:^|[\s/-])ld(?:\.\w+)?(?:\.exe)?|rust-lld): (?:fatal error: |error: ]]
                .. [[)?(?:cannot find|unable to find library|library not found for) ]]
                .. [[-l(?<library>[\w.+-]+)]],
            class = "missing setup", severity = "error", priority = 93,
            cause = "Nothing named `lib{library}.so` or `lib{library}.a` is where the linker looks.",
            fix = "Install the library's development package: the one that has the `.so` link, mostly "
                .. "`lib{library}-dev` (Debian) or `{library}-devel` (Fedora). If it is in a place of its own, "
                .. "pass `-L`. For static links the `.a` must exist; for cross or 32-bit builds install the "
                .. "target's (`:i386`, `gcc-multilib`). In a Rust build script: "
                .. "`cargo:rustc-link-search=native=DIR`.",
            commands = { "apt-file search lib{library}.so", "ldconfig -p | grep {library}" },
            tags = { "c", "c++", "linker", "library" },
            suggest = function(captures)
                return install("`-l" .. captures.library .. "`", libraries[captures.library])
            end,
            examples = {
                matches = {
                    "/usr/bin/ld: cannot find -lavahi: No such file or directory", "/usr/bin/ld: cannot find -lssl",
                    "ld: library not found for -lcrypto", "ld.lld: error: unable to find library -lfoo",
                    "  = note: rust-lld: error: unable to find library -lportaudio",
                    "/usr/bin/x86_64-w64-mingw32-ld: cannot find -lws2",
                },
                rejects = { "/usr/bin/ld: skipping incompatible /usr/lib/libz.so when searching for -lz" },
            },
        },
        {
            id = "ld.library_not_found_new", title = "Apple's linker cannot find a library or framework",
            match = [[ld: (?:library|framework) '?(?<library>[\w.+-]+)'? not found|ld: framework not ]]
                .. [[found (?<framework>\S+)]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "The linker does not find a library or framework that is named.",
            fix = "Install it (`brew install …`) and give its folder: on Apple silicon Homebrew is in "
                .. "`/opt/homebrew`, which no compiler looks into by itself (`-L$(brew --prefix)/lib`). For "
                .. "frameworks: run `pod install` or resolve packages first, open the workspace and not the "
                .. "project, and check the SDK.",
            commands = { "brew --prefix" },
            tags = { "macos", "linker", "library" },
            examples = {
                matches = {
                    "ld: library 'crypto' not found", "ld: framework 'Pods_App' not found",
                    "ld: framework not found FirebaseCore",
                },
                rejects = { "ld: warning: directory not found for option '-L/opt/local/lib'" },
            },
        },
        {
            id = "ld.undefined_reference", title = "A symbol is undefined",
            match = [[undefined reference to \W(?<symbol>(?!vtable for|typeinfo for|main')[^']+)']],
            unless = [[(?:_configtest|conftest)\.c|testC\w{0,200}Compiler\.c]],
            class = "code bug", severity = "error", priority = 80,
            cause = "Nothing that is linked defines `{symbol}`.",
            fix = "In order of likelihood: a library is missing from the link line or stands before the objects "
                .. "that need it; a source file is not in the target's list; a C function is declared in C++ "
                .. "without `extern \"C\"`; the library was built for another standard (`std::__cxx11`) or an "
                .. "older version that has not got it. A name with `__imp_` wants an import library (`-lws2_32`).",
            commands = { "nm -DC --defined-only LIBRARY | grep SYMBOL", "cmake --build build --verbose" },
            tags = { "c", "c++", "linker" },
            examples = {
                matches = {
                    "a.cpp:(.text+0x1f): undefined reference to `area_of(Shape const&)'",
                    "/usr/bin/x86_64-w64-mingw32-ld: /tmp/ccXXXXXX.o:net.c:(.text.startup+0x18): undefined "
                        .. "reference to `__imp_WSAStartup'",
                },
                rejects = {
                    "b.cpp:(.text+0xb): undefined reference to `vtable for Shape'",
                    "crt1.o: in function `_start': undefined reference to `main'",
                },
            },
        },
        {
            id = "ld.undefined_main", title = "There is no main function",
            match = [[(?:undefined reference to [`']main'|undefined symbol: main$|"_main", referenced ]]
                .. [[from|undefined reference to [`']WinMain)]],
            class = "code bug", severity = "error", priority = 82,
            cause = "A program is linked, and none of its objects has a `main`.",
            fix = "Either it should be a library (`-shared`, `-c`, `add_library`), or the file with `main` is not "
                .. "in the list. A test binary needs the framework's main (`-lgtest_main`, "
                .. "`Catch2::Catch2WithMain`); SDL renames it on Windows.",
            tags = { "c", "c++", "linker" },
            examples = {
                matches = { "(.text+0x17): undefined reference to `main'", "rust-lld: error: undefined symbol: main" },
                rejects = { "undefined reference to `main_loop'" },
            },
        },
        {
            id = "ld.undefined_vtable", title = "The vtable of a class is undefined",
            match = [[undefined reference to \W(?<what>vtable|typeinfo) for (?<class>[^']+)']],
            class = "code bug", severity = "error", priority = 80,
            cause = "The first virtual function of `{class}` that is neither pure nor inline has no definition in "
                .. "what is linked, so nothing emitted its {what}.",
            fix = "Define it, and the destructor too, in a source file that belongs to the target. With Qt: a "
                .. "class with `Q_OBJECT` whose header moc did not see (`AUTOMOC`, header in the list). With "
                .. "`-fno-rtti` on one side only, typeinfo is missing.",
            docs = { "https://gcc.gnu.org/faq.html#vtables" },
            tags = { "c++", "linker" },
            examples = {
                matches = {
                    "b.cpp:(.text._ZN5ShapeC2Ev[_ZN5ShapeC5Ev]+0xb): undefined reference to `vtable for Shape'",
                    "/usr/bin/ld: b.o:(.data.rel.ro._ZTI6Square[_ZTI6Square]+0x10): undefined reference to "
                        .. "`typeinfo for Shape'",
                },
                rejects = { "undefined reference to `area_of(Shape const&)'" },
            },
        },
        {
            id = "ld.undefined_symbol_lld", title = "A symbol is undefined (lld, gold)",
            match = [[(?:ld\.lld|wasm-ld|ld64\.lld|lld-link): error: undefined (?:hidden |protected ]]
                .. [[)?symbol: (?<symbol>\S.{0,300})]],
            class = "code bug", severity = "error", priority = 80,
            cause = "Nothing that is linked defines `{symbol}`.",
            fix = "The lines `>>> referenced by` name who needs it. Add the library or source file that has it; "
                .. "lld does not look into libraries that were not named, also not into those other libraries "
                .. "need. Version scripts that name absent symbols fail with lld since 16: "
                .. "`-Wl,--undefined-version`.",
            commands = { "nm -DC --defined-only LIBRARY" },
            tags = { "c", "c++", "linker" },
            examples = {
                matches = {
                    "ld.lld: error: undefined symbol: SSL_library_init", "wasm-ld: error: undefined symbol: malloc",
                },
                rejects = { "ld.lld: warning: undefined symbol: foo" },
            },
        },
        {
            id = "ld.apple_undefined", title = "Symbols are undefined for the architecture",
            match = {
                [[^Undefined symbols(?: for architecture (?<architecture>\w+))?:]],
                [[^\s+"(?<symbol>[^"]+)", referenced from:]],
            },
            within = 3, class = "code bug", severity = "error", priority = 80,
            cause = "Nothing that is linked for {architecture} defines `{symbol}`.",
            fix = "If there is a warning `ignoring file … building for … but attempting to link with …` above, the "
                .. "library is of another architecture (Homebrew's arm64 in an x86_64 build). Otherwise a library, "
                .. "framework or source file is missing from the target.",
            commands = { "lipo -info LIBRARY" },
            tags = { "macos", "linker" },
            examples = {
                matches = { "Undefined symbols for architecture arm64:\n  \"_SSL_library_init\", referenced from:" },
                rejects = { "Undefined symbols for architecture arm64 are ignored" },
            },
        },
        {
            id = "ld.multiple_definition", title = "A symbol is defined more than once",
            match = [[(?:multiple definition of \W(?<symbol>[^']+)'|ld\.lld: error: duplicate symbol: ]]
                .. [[(?<symbol2>\S.{0,200})|^duplicate symbol '(?<symbol3>[^']+)' in:)]],
            class = "code bug", severity = "error", priority = 82,
            cause = "The same name is defined in more than one object that is linked.",
            fix = "A variable or function that is not `inline` stands in a header (C: since gcc 10 `-fno-common` "
                .. "is the default; write `extern` in the header), a file is in the link twice, or two libraries "
                .. "bundle the same code.",
            docs = { "https://gcc.gnu.org/gcc-10/porting_to.html" },
            tags = { "c", "c++", "linker" },
            examples = {
                matches = {
                    "/usr/bin/ld: b.o:(.bss+0x0): multiple definition of `verbosity'; a.o:(.bss+0x0): first "
                        .. "defined here",
                    "ld.lld: error: duplicate symbol: verbosity", "duplicate symbol '_verbosity' in:",
                },
                rejects = { "warning: multiple common of `x'" },
            },
        },
        {
            id = "ld.needs_pic", title = "Code that is not position independent goes into a shared library",
            match = [[relocation (?<relocation>R_\w+) (?:against|cannot be used).{0,300}(?:recompile with ]]
                .. [[-fPI[CE]|can ?not be used (?:when making|against|with) )]],
            class = "code bug", severity = "error", priority = 88,
            cause = "An object that was compiled without `-fPIC` is linked into a shared library or a PIE "
                .. "({relocation}).",
            fix = "Compile it with `-fPIC` (`CMAKE_POSITION_INDEPENDENT_CODE ON`, `--with-pic`), also static "
                .. "libraries that end up inside a shared one. With hand-written assembly or `-mcmodel`, look "
                .. "there. `-no-pie` helps for programs only.",
            tags = { "c", "c++", "linker" },
            examples = {
                matches = {
                    "/usr/bin/ld: libtable.a(table.o): relocation R_X86_64_32S against `.bss' can not be used when "
                        .. "making a shared object; recompile with -fPIC",
                    "/usr/bin/ld: b.o: relocation R_AARCH64_ADR_PREL_PG_HI21 against symbol `x' which may bind "
                        .. "externally can not be used when making a shared object; recompile with -fPIC",
                },
                rejects = { "/usr/bin/ld: b.o: warning: relocation against `_ZTV5Shape' in read-only section" },
            },
        },
        {
            id = "ld.wrong_format", title = "An object is of another architecture or format",
            match = [[(?:error adding symbols: file in wrong format|file not recognized: [Ff]ile ]]
                .. [[(?:format not recognized|truncated|in wrong format)|(?<object>(?<!\S)\S+): unknown file ]]
                .. [[type|is incompatible with (?<output>[\w:+-]+) output|skipping incompatible ]]
                .. [[(?<library>\S+) when searching for|ignoring file .{1,300}(?:building for|file was ]]
                .. [[built for).{1,200})]],
            class = "cache corruption", severity = "error", priority = 80,
            cause = "An object or library is not of the architecture that is linked for, or it is broken.",
            fix = "If the file is this build's own, it is left over from another build: clean, and key caches by "
                .. "system, architecture and compiler. If it is truncated, the disk was full or it is a Git LFS "
                .. "pointer. Otherwise install the target's library (`:arm64`, `:i386`, a universal one on macOS).",
            commands = { "file OBJECT" },
            tags = { "c", "c++", "linker", "architecture" },
            examples = {
                matches = {
                    "/usr/bin/ld: a.o: error adding symbols: file in wrong format",
                    "/usr/bin/ld: skipping incompatible /usr/lib/x86_64-linux-gnu/libz.so when searching for -lz",
                    "ld: warning: ignoring file /opt/homebrew/lib/libssl.dylib, building for macOS-x86_64 but "
                        .. "attempting to link with file built for macOS-arm64",
                },
                rejects = { "file: ELF 64-bit LSB relocatable" },
            },
        },
        {
            id = "ld.dso_missing", title = "A library is needed but not on the command line",
            match = [[(?<library>(?<!\S)\S+): error adding symbols: DSO missing from command line]],
            class = "code bug", severity = "error", priority = 88,
            cause = "A symbol is used directly that is in `{library}`, which only another library brought in.",
            fix = "Name the library yourself (`-l…`, `target_link_libraries`). That used to work without on older "
                .. "systems, which linked what libraries need.",
            tags = { "c", "c++", "linker" },
            examples = {
                matches = {
                    "/usr/bin/ld: /lib/x86_64-linux-gnu/libm.so.6: error adding symbols: DSO missing from command "
                        .. "line",
                },
                rejects = { "/usr/bin/ld: note: 'sin' is defined in DSO" },
            },
        },
        {
            id = "ld.lto_version", title = "Objects for link-time optimisation come from another compiler",
            match = [[(?:bytecode stream in file \W{1,3}(?<file>[^'’]{1,200})\W{1,3} generated with (?:LTO|GCC ]]
                .. [[compiler)|lto1: fatal error|LLVM gold plugin|Unknown attribute kind \(\d+\)|Invalid ]]
                .. [[(?:bitcode|record|summary) .{0,30}(?:Producer|Reader)|plugin needed to handle lto ]]
                .. [[object)]],
            class = "version mismatch", severity = "error", priority = 84,
            cause = "Objects hold intermediate code of one compiler version and are linked by another, or "
                .. "`ar`/`nm` without the LTO plugin made the library.",
            fix = "Use one compiler for all of it, `gcc-ar`/`llvm-ar` for archives, and a linker as new as the "
                .. "compiler. Caches must be keyed by compiler version. Otherwise turn LTO off.",
            tags = { "c", "c++", "linker", "lto" },
            examples = {
                matches = {
                    "lto1: fatal error: bytecode stream in file ‘libfoo.a’ generated with LTO version 9.3 instead "
                        .. "of the expected 11.2",
                    "/usr/bin/nm: foo.o: plugin needed to handle lto object",
                    "ld: error: Unknown attribute kind (91) (Producer: 'LLVM18.1.0' Reader: 'LLVM 15.0.7')",
                },
                rejects = { "note: LTO is enabled" },
            },
        },
        {
            id = "ld.relocation_truncated", title = "The program is too large for its code model",
            match = [[relocation truncated to fit: (?<relocation>R_\w+)|relocation (?<relocation2>R_\w+) ]]
                .. [[out of range]],
            class = "code bug", severity = "error", priority = 82,
            cause = "An address is too far away for the instruction that should hold it ({relocation}).",
            fix = "Static data beyond 2 GiB needs `-mcmodel=medium`. With WebAssembly, AVR or old ARM cores use "
                .. "long calls. Debug sections that are too large want `-gdwarf64`, split debug information or "
                .. "fewer of them.",
            tags = { "c", "c++", "linker" },
            examples = {
                matches = {
                    "main.c:(.text+0x10): relocation truncated to fit: R_X86_64_PC32 against symbol `table' "
                        .. "defined in .bss section in main.o",
                },
                rejects = {
                    "relocation R_X86_64_32S against `.bss' can not be used when making a shared object; recompile "
                        .. "with -fPIC",
                },
            },
        },
        {
            id = "ld.output_write", title = "The linker cannot write its output",
            match = [[(?:ld(?:\.\w+)?|collect2|(?<!\S)\S*-ld): (?:error: |fatal error: )?(?:cannot open output ]]
                .. [[file (?<file>\S+?):? |final link failed: |failed to write output .{0,200}|failed to ]]
                .. [[open .{1,200}: )(?<reason>Permission denied|No such file or directory|No space left ]]
                .. [[on device|Text file busy|Input/output error|bad value)]],
            class = "infrastructure", severity = "error", priority = 84,
            cause = "The linker cannot write the program: {reason}.",
            fix = "`Permission denied` and `Text file busy`: it still runs (end the server of an earlier step), or "
                .. "a virus scanner holds it. `No space left`: free the disk. `No such file`: the output folder "
                .. "was not made.",
            tags = { "c", "c++", "linker", "disk" },
            examples = {
                matches = {
                    "/usr/bin/ld: cannot open output file app.exe: Permission denied",
                    "/usr/bin/ld: final link failed: No space left on device",
                },
                rejects = { "/usr/bin/ld: cannot open linker script file x.ld: No such file or directory" },
            },
        },
        {
            id = "ld.linker_script", title = "The linker cannot open a file",
            match = [[(?:ld(?:\.\w+)?|(?<!\S)\S*-ld): (?:fatal error: |error: )?cannot (?:open linker script ]]
                .. [[file (?<script>\S+?)|find (?<file>[^-\s]\S*?)): No such file or directory]],
            class = "missing setup", severity = "error", priority = 84,
            cause = "A file on the linker's command line is not there.",
            fix = "For `crt1.o`, `crti.o` or `Scrt1.o`: the C library's development files are missing "
                .. "(`libc6-dev`, `gcc-multilib`, the cross libc). For own objects: the step that makes them "
                .. "failed or runs later.",
            tags = { "c", "c++", "linker" },
            examples = {
                matches = {
                    "/usr/bin/ld: cannot find crt1.o: No such file or directory",
                    "/usr/bin/ld: cannot open linker script file link.ld: No such file or directory",
                },
                rejects = { "/usr/bin/ld: cannot find -lssl: No such file or directory" },
            },
        },
        {
            id = "ld.missing_linker", title = "The linker is not installed",
            match = [[(?:collect2: fatal error: cannot find '(?<linker>ld[^']*)'|error: invalid linker ]]
                .. [[name in (?:argument )?'-fuse-ld=(?<linker2>[^']+)'|error: unable to execute ]]
                .. [[command: Executable "(?<linker3>[^"]+)" doesn't exist)]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "The compiler is told to link with a linker that is not there.",
            fix = "Install it (`lld`, `mold`, `binutils`) or take `-fuse-ld=…` out. Versioned names (`ld.lld-15`) "
                .. "want the same version of clang, or a link.",
            commands = { "sudo apt-get install -y lld mold" },
            tags = { "c", "c++", "linker" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "The linker",
                yaml = "- name: Install what the build needs\n"
                    .. "  run: sudo apt-get update && sudo apt-get install -y lld mold\n",
            },
            examples = {
                matches = {
                    "collect2: fatal error: cannot find 'ld'",
                    "clang: error: invalid linker name in argument '-fuse-ld=mold'",
                },
                rejects = { "-- Looking for ld.lld" },
            },
        },
        {
            id = "ld.summary", title = "The link failed",
            match = [[(?:collect2: error: ld returned (?<code>\d+) exit status|linker command failed with ]]
                .. [[exit code (?<code2>\d+) \(use -v to see invocation\))]],
            class = "code bug", severity = "error", priority = 10,
            cause = "A summary: what the linker found wrong stands above.",
            fix = "Look at the first message of the linker above this line.",
            tags = { "c", "c++", "linker", "summary" },
            examples = {
                matches = {
                    "collect2: error: ld returned 1 exit status",
                    "clang: error: linker command failed with exit code 1 (use -v to see invocation)",
                },
                rejects = { "collect2: fatal error: cannot find 'ld'" },
            },
        },
    },
}
