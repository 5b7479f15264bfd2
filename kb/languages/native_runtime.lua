-- What native programs, their loader and sanitizers print when a program does not start or breaks off.

-- Debian's packages by the name a program asks the loader for.
local shared_libraries = {
    ["libGL.so.1"] = "libgl1", ["libEGL.so.1"] = "libegl1", ["libgthread-2.0.so.0"] = "libglib2.0-0",
    ["libglib-2.0.so.0"] = "libglib2.0-0", ["libX11.so.6"] = "libx11-6", ["libXext.so.6"] = "libxext6",
    ["libXrender.so.1"] = "libxrender1", ["libSM.so.6"] = "libsm6", ["libICE.so.6"] = "libice6",
    ["libxcb-cursor.so.0"] = "libxcb-cursor0", ["libxkbcommon-x11.so.0"] = "libxkbcommon-x11-0",
    ["libnss3.so"] = "libnss3", ["libnspr4.so"] = "libnspr4", ["libatk-1.0.so.0"] = "libatk1.0-0",
    ["libatk-bridge-2.0.so.0"] = "libatk-bridge2.0-0", ["libcups.so.2"] = "libcups2", ["libdrm.so.2"] = "libdrm2",
    ["libgbm.so.1"] = "libgbm1", ["libasound.so.2"] = "libasound2", ["libgtk-3.so.0"] = "libgtk-3-0",
    ["libstdc++.so.6"] = "libstdc++6", ["libgcc_s.so.1"] = "libgcc-s1", ["libgomp.so.1"] = "libgomp1",
    ["libz.so.1"] = "zlib1g", ["libssl.so.3"] = "libssl3", ["libcrypto.so.3"] = "libssl3",
    ["libcurl.so.4"] = "libcurl4", ["libpq.so.5"] = "libpq5", ["libatomic.so.1"] = "libatomic1",
    ["libtinfo.so.6"] = "libtinfo6", ["libncurses.so.6"] = "libncurses6", ["libncursesw.so.6"] = "libncursesw6",
    ["libfuse.so.2"] = "libfuse2", ["libusb-1.0.so.0"] = "libusb-1.0-0", ["libpython3.11.so.1.0"] = "libpython3.11",
    ["libgfortran.so.5"] = "libgfortran5", ["libopenblas.so.0"] = "libopenblas0",
    ["libsqlite3.so.0"] = "libsqlite3-0", ["libxml2.so.2"] = "libxml2", ["libffi.so.8"] = "libffi8",
    ["libyaml-0.so.2"] = "libyaml-0-2", ["libexpat.so.1"] = "libexpat1", ["libarchive.so.13"] = "libarchive13",
    ["liblzma.so.5"] = "liblzma5", ["libzstd.so.1"] = "libzstd1", ["libunwind.so.8"] = "libunwind8",
    ["libsecret-1.so.0"] = "libsecret-1-0",
}

-- What to install on Debian; nil when that is not known.
local function install(what, package)
    if not package then return nil end
    return ("On Debian and Ubuntu %s is in `%s`: `sudo apt-get install -y %s`."):format(what, package, package)
end

return {
    about = "Loading, crashes and sanitizers of native programs",
    entries = {
        {
            id = "loader.missing_library", title = "A shared library is missing when a program starts",
            match = [[error while loading shared libraries: (?<library>[^:]+): cannot open shared object file]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "The program needs `{library}`, which is not installed or not where the loader looks.",
            fix = "Install the package that has it (`apt-file search {library}`). If the build made it, set "
                .. "`LD_LIBRARY_PATH` or an rpath. If the number differs from what is installed, the program was "
                .. "built on another release of the system: build it in the image it runs in, or key the cache by "
                .. "the image.",
            commands = { "ldd PROGRAM", "apt-file search {library}" },
            tags = { "linux", "library" },
            suggest = function(captures)
                return install("`" .. captures.library .. "`", shared_libraries[captures.library])
            end,
            examples = {
                matches = {
                    "./app: error while loading shared libraries: libanswer.so.3: cannot open shared object file: "
                        .. "No such file or directory",
                },
                rejects = { "ImportError: libGL.so.1: cannot open shared object file: No such file or directory" },
            },
        },
        {
            id = "loader.version_not_found", title = "A library on this machine is too old for the program",
            match = [[(?<library>(?<!\S)\S+): version `(?<version>[A-Za-z_][\w.]*)' not found \(required by ]]
                .. [[(?<program>[^)]+)\)]],
            class = "version mismatch", severity = "error", priority = 93,
            cause = "`{program}` was built against a newer `{library}` than this machine has: `{version}` is "
                .. "missing.",
            fix = "For GLIBC: build on the oldest system that must run it (an older image, `manylinux`, musl), or "
                .. "run on a newer one (`ubuntu-22.04` has 2.35, `ubuntu-24.04` 2.39). For GLIBCXX: the newer "
                .. "libstdc++ of another compiler is not in the path. A cache from another image does this too: "
                .. "key it by the image.",
            commands = { "ldd --version", "objdump -T PROGRAM | grep GLIBC_" },
            tags = { "linux", "glibc", "library" },
            examples = {
                matches = {
                    "./app: ./libanswer.so.1: version `ANSWER_2.0' not found (required by ./app)",
                    "node: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by node)",
                },
                rejects = { "ldd (Debian GLIBC 2.36-9) 2.36" },
            },
        },
        {
            id = "loader.version_not_defined", title = "{library} lacks a symbol of {version}",
            match = [[(?<program>(?<!\S)[^\s:]+): symbol \S+, version (?<version>[A-Z][\w.]*) not defined in ]]
                .. [[file (?<library>\S+) with link time reference]],
            class = "version mismatch", severity = "error", priority = 93,
            cause = "`{program}` was linked against a newer `{library}` than the one that is found when it starts.",
            fix = "Let the loader find the library of the compiler that built the program (`LD_LIBRARY_PATH`, an "
                .. "rpath), or build it with the compiler of this machine. Conda and toolchains beside the system'"
                .. "s bring "
                .. "libraries of their own.",
            commands = { "ldd PROGRAM", "strings LIBRARY | grep {version}" },
            tags = { "linux", "c++", "library" },
            examples = {
                matches = {
                    "./app: symbol _ZSt28__throw_bad_array_new_lengthv, version GLIBCXX_3.4.29 not defined in file "
                        .. "libstdc++.so.6 with link time reference",
                },
                rejects = { "./app: symbol lookup error: ./app: undefined symbol: answer_v2" },
            },
        },
        {
            id = "loader.undefined_symbol", title = "A symbol is missing when a program starts",
            match = [[(?:symbol lookup error: (?<program>[^:]+): undefined symbol: (?<symbol>[^\s,]+)]]
                .. [[|dyld\[?\d*\]?: [Ss]ymbol not found:? \(?(?<symbol2>[\w$]+))]],
            class = "version mismatch", severity = "error", priority = 86,
            cause = "A library that is loaded has not got a symbol that it had when the program was linked.",
            fix = "Two versions of the library are about: look which one is loaded (`LD_DEBUG=libs`, "
                .. "`DYLD_PRINT_LIBRARIES=1`) and put the right one first, or rebuild against what is there. Clean "
                .. "caches of compiled extensions.",
            commands = { "LD_DEBUG=libs ./app" },
            tags = { "library", "loader" },
            examples = {
                matches = {
                    "./app: symbol lookup error: ./app: undefined symbol: answer_v2",
                    "dyld[1234]: Symbol not found: (_SSL_library_init)",
                },
                rejects = { "nm: undefined symbol count 3" },
            },
        },
        {
            id = "loader.dyld_missing", title = "A shared library is missing when a program starts (macOS)",
            match = [[(?:dyld(?:\[\d+\])?: [Ll]ibrary not loaded: |Library not loaded: )(?<library>\S+)]],
            class = "missing setup", severity = "error", priority = 91,
            cause = "The program needs `{library}`, and it is not there.",
            fix = "`@rpath/…` means that no rpath of the program has it: bundle it, or `install_name_tool "
                .. "-add_rpath`. A path below `/usr/local/opt` or `/opt/homebrew/opt` means that Homebrew updated "
                .. "or removed it: install it and rebuild, and do not cache binaries across Homebrew updates.",
            commands = { "otool -L PROGRAM" },
            tags = { "macos", "library" },
            examples = {
                matches = {
                    "dyld[4242]: Library not loaded: @rpath/libssl.3.dylib",
                    "dyld: Library not loaded: /usr/local/opt/icu4c/lib/libicui18n.71.dylib",
                },
                rejects = { "dyld: warning, DYLD_ setting environment variables" },
            },
        },
        {
            id = "asan.error", title = "AddressSanitizer found a memory error",
            match = [[ERROR: AddressSanitizer: (?<kind>[a-z-]+(?:-(?:overflow|underflow|use-after-\w+]]
                .. [[|free|param-overlap|mismatch|return|scope|poisoned))+|SEGV|stack-overflow]]
                .. [[|heap-use-after-free|double-free|use-after-poison|global-buffer-overflow|bad-free]]
                .. [[|alloc-dealloc-mismatch|odr-violation|initialization-order-fiasco|attempting ]]
                .. [[.{3,40})]],
            class = "code bug", severity = "error", priority = 90,
            cause = "The program misuses memory: {kind}. That is a bug also where it seems to work.",
            fix = "The first stack is the access, the one below `allocated by` or `freed by` the memory's life. Go "
                .. "to the first frame in the project's own code.",
            commands = { "ASAN_OPTIONS=symbolize=1:abort_on_error=1 ./test" },
            docs = { "https://clang.llvm.org/docs/AddressSanitizer.html" },
            tags = { "c", "c++", "sanitizer" },
            examples = {
                matches = {
                    "==25139==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x603000000054 at pc "
                        .. "0x7ffff78602ca bp 0x7fffffffe630 sp 0x7fffffffdde0",
                    "==1==ERROR: AddressSanitizer: SEGV on unknown address 0x000000000000 (pc 0x55d0 bp 0x7ffd sp "
                        .. "0x7ffd T0)",
                    "==7==ERROR: AddressSanitizer: attempting double-free on 0x602000000010 in thread T0:",
                },
                rejects = { "SUMMARY: AddressSanitizer: 100 byte(s) leaked in 1 allocation(s)." },
            },
        },
        {
            id = "asan.setup", title = "A sanitizer cannot start",
            match = [[(?:AddressSanitizer|ThreadSanitizer|MemorySanitizer|ASan runtime|LeakSanitizer)(?:: ]]
                .. [[|\S{0,12} )(?:CHECK failed|failed to intercept|unexpected memory mapping|Shadow ]]
                .. [[memory range interleaves|.{0,60}does not come first in initial library list|has ]]
                .. [[encountered a fatal error)]],
            class = "infrastructure", severity = "error", priority = 86,
            cause = "The sanitizer's own set-up fails on this machine, not the program.",
            fix = "`unexpected memory mapping` and `interleaves`: newer kernels randomise more than the runtime "
                .. "can bear: `sudo sysctl vm.mmap_rnd_bits=28`, or `setarch -R`. `does not come first`: preload "
                .. "the runtime (`LD_PRELOAD=$(gcc -print-file-name=libasan.so)`). LeakSanitizer cannot run under "
                .. "ptrace: allow it in the container or set `detect_leaks=0`.",
            commands = { "sudo sysctl vm.mmap_rnd_bits=28" },
            docs = { "https://github.com/google/sanitizers/issues/1716" },
            tags = { "c", "c++", "sanitizer" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Fewer random bits of addresses, for sanitizers",
                yaml = "- name: Let sanitizers map their memory\n"
                    .. "  run: sudo sysctl vm.mmap_rnd_bits=28\n",
            },
            examples = {
                matches = {
                    "FATAL: ThreadSanitizer: unexpected memory mapping 0x65a4b8d7e000-0x65a4b8d7f000",
                    "==9==ASan runtime does not come first in initial library list; you should either link runtime "
                        .. "to your application or manually preload it with LD_PRELOAD.",
                    "==1==LeakSanitizer has encountered a fatal error.",
                },
                rejects = { "==25139==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x603000000054" },
            },
        },
        {
            id = "lsan.leak", title = "LeakSanitizer found memory leaks",
            match = [[(?:ERROR: LeakSanitizer: detected memory leaks|SUMMARY: AddressSanitizer: ]]
                .. [[(?<bytes>\d+) byte\(s\) leaked in (?<count>\d+) allocation)]],
            class = "code bug", severity = "error", priority = 80,
            cause = "Memory is still allocated at the end and nothing points to it.",
            fix = "The stacks below show where it was allocated. For leaks in libraries that cannot be fixed, a "
                .. "suppression file: `LSAN_OPTIONS=suppressions=lsan.supp`.",
            docs = { "https://clang.llvm.org/docs/LeakSanitizer.html" },
            tags = { "c", "c++", "sanitizer" },
            examples = {
                matches = {
                    "==25169==ERROR: LeakSanitizer: detected memory leaks",
                    "SUMMARY: AddressSanitizer: 100 byte(s) leaked in 1 allocation(s).",
                },
                rejects = { "Direct leak of 100 byte(s) in 1 object(s) allocated from:" },
            },
        },
        {
            id = "ubsan.error", title = "Undefined behaviour",
            match = [[(?<place>(?<!\S)\S+:\d+:\d+): runtime error: (?<what>.{5,200})]],
            class = "code bug", severity = "error", priority = 84,
            cause = "UndefinedBehaviorSanitizer found at {place}: {what}.",
            fix = "Fix it there; compilers build on it not happening. If the program went on and passed, it fails "
                .. "here only with `-fno-sanitize-recover`.",
            commands = { "UBSAN_OPTIONS=print_stacktrace=1 ./test" },
            docs = { "https://clang.llvm.org/docs/UndefinedBehaviorSanitizer.html" },
            tags = { "c", "c++", "sanitizer" },
            examples = {
                matches = {
                    "main.c:7:5: runtime error: signed integer overflow: 2147483647 + 1 cannot be represented in "
                        .. "type 'int'",
                },
                rejects = { "panic: runtime error: index out of range [3] with length 3" },
            },
        },
        {
            id = "tsan.race", title = "ThreadSanitizer found a data race",
            match = [[WARNING: ThreadSanitizer: (?<kind>data race|lock-order-inversion]]
                .. [[|heap-use-after-free|signal-unsafe call|thread leak|double lock|unlock of|destroy ]]
                .. [[of)]],
            class = "code bug", severity = "error", priority = 86,
            cause = "Two threads use the same thing without order between them: {kind}.",
            fix = "The two stacks show both. Guard the data with one mutex, or make it atomic. `Location is` names "
                .. "the object. Races in libraries that were not built with TSan can be false: suppress those.",
            docs = { "https://clang.llvm.org/docs/ThreadSanitizer.html" },
            tags = { "c", "c++", "sanitizer", "threads" },
            examples = {
                matches = {
                    "WARNING: ThreadSanitizer: data race (pid=25199)",
                    "WARNING: ThreadSanitizer: lock-order-inversion (potential deadlock) (pid=1)",
                },
                rejects = { "FATAL: ThreadSanitizer: unexpected memory mapping 0x65a4b8d7e000-0x65a4b8d7f000" },
            },
        },
        {
            id = "msan.uninitialized", title = "A value is used that was never set",
            match = [[(?:WARNING: MemorySanitizer: use-of-uninitialized-value|==\d+== (?:Conditional jump ]]
                .. [[or move depends on uninitialised value|Use of uninitialised value|Syscall param ]]
                .. [[.{1,80} (?:points to|contains) uninitialised))]],
            class = "code bug", severity = "error", priority = 82,
            cause = "The program decides by a value that nothing has set.",
            fix = "`-fsanitize-memory-track-origins` and Valgrind's `--track-origins=yes` say where it came from. "
                .. "With MemorySanitizer all libraries must be built with it, libc++ too, or it reports falsely.",
            docs = { "https://clang.llvm.org/docs/MemorySanitizer.html" },
            tags = { "c", "c++", "sanitizer" },
            examples = {
                matches = {
                    "==1==WARNING: MemorySanitizer: use-of-uninitialized-value",
                    "==4242== Conditional jump or move depends on uninitialised value(s)",
                },
                rejects = { "==4242== HEAP SUMMARY:" },
            },
        },
        {
            id = "valgrind.invalid", title = "Valgrind found an invalid access or leak",
            match = [[==\d+== (?:Invalid (?:read|write|free).{0,60}|(?<leaked>[\d,]+) (?:\([\d,]+ direct, ]]
                .. [[[\d,]+ indirect\) )?bytes in [\d,]+ blocks are definitely lost)]],
            class = "code bug", severity = "error", priority = 78,
            cause = "Valgrind found memory that is used wrongly or lost.",
            fix = "The stack below shows the place. Build with `-g -O1` so that it names lines. What a library "
                .. "does may be suppressed (`--gen-suppressions=all`).",
            commands = { "valgrind --track-origins=yes --leak-check=full ./test" },
            docs = { "https://valgrind.org/docs/manual/mc-manual.html" },
            tags = { "c", "c++", "valgrind" },
            examples = {
                matches = {
                    "==4242== Invalid read of size 4",
                    "==4242== 100 bytes in 1 blocks are definitely lost in loss record 1 of 1",
                },
                rejects = { "==4242== All heap blocks were freed -- no leaks are possible" },
            },
        },
        {
            id = "native.heap_corruption", title = "The C library found the heap broken",
            match = [[^(?:\S+: )?(?:\*\*\* (?:glibc detected|stack smashing detected|buffer overflow ]]
                .. [[detected|.{1,60}double free or corruption).{0,100}|(?:double free or corruption]]
                .. [[|free\(\): (?:invalid|double)|malloc\(\): |corrupted (?:size vs\. prev_size]]
                .. [[|double-linked list)|munmap_chunk\(\): |realloc\(\): invalid).{0,100}|malloc: ]]
                .. [[\*\*\* error for object .{1,100})]],
            class = "code bug", severity = "error", priority = 82,
            cause = "The program wrote outside of its memory or freed something twice. It was noticed only now, "
                .. "often far from the mistake.",
            fix = "Run it with AddressSanitizer or Valgrind, which show the first wrong access.",
            commands = { "cmake -DCMAKE_CXX_FLAGS='-fsanitize=address -g' ." },
            tags = { "c", "c++", "memory" },
            examples = {
                matches = {
                    "double free or corruption (fasttop)", "*** stack smashing detected ***: terminated",
                    "free(): invalid pointer", "malloc(): corrupted top size",
                },
                rejects = { "malloc(100) failed" },
            },
        },
        {
            id = "native.uncaught_exception", title = "A C++ exception is not caught",
            match = [[terminate called after throwing an instance of '(?<type>[^']+)']],
            class = "code bug", severity = "error", priority = 80,
            cause = "A `{type}` was thrown and nobody caught it. The next line, `what():`, has its words.",
            fix = "Catch it where it can be dealt with. If it comes from a thread, a destructor or a `noexcept` "
                .. "function, it ends the program at once. `std::bad_alloc` means memory, `filesystem_error` and "
                .. "`std::system_error` the machine.",
            commands = { "gdb -batch -ex 'catch throw' -ex run -ex bt ./app" },
            tags = { "c++", "exception" },
            examples = {
                matches = { "terminate called after throwing an instance of 'std::out_of_range'" },
                rejects = { "terminate called without an active exception" },
            },
        },
        {
            id = "native.terminate", title = "A C++ program was terminated without an exception",
            match = [[(?:terminate called (?:without an active exception|recursively)]]
                .. [[|libc\+\+abi(?:\.dylib)?: terminating(?: due to| with| )(?:uncaught exception of ]]
                .. [[type (?<type>[^:\n]+))?|pure virtual method called)]],
            class = "code bug", severity = "error", priority = 78,
            cause = "`std::terminate` was called: a `std::thread` was destroyed without `join`, an exception left "
                .. "where none may, or a virtual function was called on an object half destroyed.",
            fix = "Join threads on every path (`std::jthread` does), and look at the last lines before for the "
                .. "exception's text.",
            tags = { "c++", "exception" },
            examples = {
                matches = {
                    "terminate called without an active exception",
                    "libc++abi: terminating due to uncaught exception of type std::runtime_error: no such table",
                    "pure virtual method called",
                },
                rejects = { "terminate called after throwing an instance of 'std::out_of_range'" },
            },
        },
        {
            id = "native.assert", title = "An assertion in C or C++ failed",
            match = [[(?:(?<file>(?<![\w./+-])[\w./+-]+):(?<line>\d+): (?>(?<function>.{1,300}?): Assertion ]]
                .. [[[`'])(?<assertion>.{1,300}?)' failed\.?|Assertion failed: ]]
                .. [[\(?(?<assertion2>.{1,200}?)\)?, (?:function [^,]{1,100}, )?file [^,]{1,200}, line \d+]]
                .. [[|Assertion failed!|Assertion failure\(\d+\))]],
            class = "code bug", severity = "error", priority = 82,
            cause = "The program checks its own state, and the check failed.",
            fix = "The condition says what should hold. Go up the stack for who broke it: `gdb -batch -ex run -ex "
                .. "bt`. If it comes from a library, it is mostly called wrongly.",
            commands = { "gdb -batch -ex run -ex bt ./app" },
            tags = { "c", "c++", "assertion" },
            examples = {
                matches = {
                    "check: check.c:2: main: Assertion `count == 3 && \"three arguments\"' failed.",
                    "Assertion failed: (count == 3), function main, file check.c, line 2.",
                    "Assertion failed: n > 0, file src\\a.c, line 12",
                },
                rejects = { "assertion failed in test 3" },
            },
        },
        {
            id = "native.aborted", title = "A program aborted",
            match = [[(?:^|: |\d |\] )Aborted(?: +\(core dumped\))?(?: {2,}.{0,300})?$|\*\*\*Exception: ]]
                .. [[(?:Child aborted|Subprocess aborted)|Process completed with exit code 134]]
                .. [[|\(SIGABRT\)|Abort trap: 6]],
            class = "code bug", severity = "error", priority = 44,
            cause = "The program ended itself with `abort()`: a failed assertion, an uncaught exception or a "
                .. "broken heap. Its reason stands above.",
            fix = "Look at the lines before this one. If there are none, run it under a debugger.",
            commands = { "gdb -batch -ex run -ex bt ./app" },
            tags = { "c", "c++", "crash" },
            examples = {
                matches = {
                    "bash: line 1: 25261 Aborted                 ./app", "Process completed with exit code 134.",
                    "make: *** [Makefile:4: check] Aborted (core dumped)",
                },
                rejects = { "Aborted by the user's request: no more jobs" },
            },
        },
        {
            id = "native.exec_format", title = "A program is for another architecture",
            match = [[[Bb]ad CPU type in executable|cannot execute binary file]],
            class = "matrix gap", severity = "error", priority = 86,
            cause = "The system cannot run this file: it is a program for another processor or system, a Git LFS "
                .. "pointer, or a script without `#!`.",
            fix = "Compare `file PROGRAM` with `uname -m`. In containers choose the platform's image or set up "
                .. "QEMU (`docker/setup-qemu-action`). Downloads must choose by architecture: `ubuntu-24.04-arm` "
                .. "and `macos-14` are arm64.",
            commands = { "file PROGRAM", "uname -m" },
            tags = { "architecture" },
            examples = {
                matches = {
                    "bash: ./tool: cannot execute binary file: Exec format error",
                    "./tool: Bad CPU type in executable",
                },
                rejects = { "exec /usr/local/bin/entrypoint.sh: exec format error" },
            },
        },
    },
}
