-- Warnings, options and crashes of gcc, clang and gfortran, and what stops a compile before the code does.
return {
    about = "Warnings, options and crashes of gcc and clang",
    entries = {
        {
            id = "c.werror", title = "Warnings are treated as errors",
            match = [[(?:error: (?!implicit declaration).{1,400}?\[-Werror[=,](?<warning>-?W?[\w+=-]+)\])]],
            class = "code bug", severity = "error", priority = 72,
            cause = "The compiler warns (`{warning}`), and `-Werror` makes it an error.",
            fix = "Fix the code, or take this one back with `-Wno-error=…`. If the code did not change, the "
                .. "compiler did: pin its version, and keep `-Werror` to one job instead of every user's build.",
            docs = { "https://gcc.gnu.org/onlinedocs/gcc/Warning-Options.html" },
            tags = { "c", "c++", "warning" },
            examples = {
                matches = {
                    "parse.c:6:22: error: comparison of integer expressions of different signedness: ‘size_t’ and "
                        .. "‘int’ [-Werror=sign-compare]",
                    "error: unknown warning option '-Wno-stringop-overflow' [-Werror,-Wunknown-warning-option]",
                },
                rejects = { "cc1: all warnings being treated as errors" },
            },
        },
        {
            id = "c.werror_summary", title = "All warnings are errors",
            match = [[(?:all warnings being treated as errors|error: warnings being treated as errors)]],
            class = "code bug", severity = "error", priority = 14,
            cause = "A summary: a warning above was made an error by `-Werror`.",
            fix = "Look for `[-Werror=…]` above.",
            tags = { "c", "c++", "summary" },
            examples = {
                matches = {
                    "cc1: all warnings being treated as errors", "cc1plus: all warnings being treated as errors",
                },
                rejects = { "warning: unused variable 'x' [-Wunused-variable]" },
            },
        },
        {
            id = "c.unknown_option", title = "The compiler does not know an option",
            match = [[(?:^|: )error: (?:unrecognized (?:command[- ]line )?(?:option|argument)(?: in ]]
                .. [[option)? \W{1,3}(?<option>-[\w=+,:/.-]+)|unknown argument:? '(?<option2>[^']+)']]
                .. [[|unsupported option '(?<option3>[^']+)'|unknown target CPU '(?<cpu>[^']+)'|invalid ]]
                .. [[value '(?<value>[^']+)' in '-std=|bad value \(\W{1,3}(?<cpu2>[\w.+-]+)\W{1,3}\) for)]],
            class = "version mismatch", severity = "error", priority = 86,
            cause = "This compiler has no such option: it belongs to another one (gcc or clang), to a newer "
                .. "version, or to another processor.",
            fix = "Use the compiler that the flag is for, or test for it in the build system "
                .. "(`check_cxx_compiler_flag`, `AX_CHECK_COMPILE_FLAG`). Flags may come from `CFLAGS`, from "
                .. "`python-config` or from `pkg-config` of packages that were built with another compiler.",
            commands = { "$CC --version" },
            tags = { "c", "c++", "option" },
            examples = {
                matches = {
                    "gcc: error: unrecognized command-line option ‘-stdlib=libc++’",
                    "clang: error: unknown argument: '-fno-lifetime-dse'",
                    "cc1: error: bad value (‘znver5’) for ‘-march=’ switch",
                    "clang: error: unsupported option '-fopenmp'",
                },
                rejects = { "configure: WARNING: unrecognized options: --with-foo" },
            },
        },
        {
            id = "c.killed", title = "The compiler was killed",
            match = [[(?:fatal error: Killed signal terminated program (?<program>\w+)|internal compiler ]]
                .. [[error: Killed \(program (?<program2>\w+)\)|(?:clang(?:\+\+)?|clang-\d+): error: ]]
                .. [[unable to execute command: Killed|collect2: fatal error: ld terminated with signal ]]
                .. [[9)]],
            class = "infrastructure", severity = "error", priority = 93,
            cause = "The kernel ended the compiler or linker for lack of memory.",
            fix = "Build with fewer jobs (`-j2`), use less memory for linking (lld or mold, split debug "
                .. "information, no LTO), or a larger runner. Ninja's pools can limit links alone: "
                .. "`CMAKE_JOB_POOL_LINK`.",
            commands = { "cmake --build build -j2" },
            tags = { "c", "c++", "memory" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Fewer compilers at once",
                yaml = "- name: Build\n"
                    .. "  run: cmake --build build --parallel 2\n",
            },
            examples = {
                matches = {
                    "g++: fatal error: Killed signal terminated program cc1plus",
                    "clang++: error: unable to execute command: Killed",
                    "collect2: fatal error: ld terminated with signal 9 [Killed]",
                },
                rejects = { "Killed" },
            },
        },
        {
            id = "c.ice", title = "The compiler crashed",
            match = [[(?:(?<!error: )internal compiler error: (?<what>(?!Killed).{3,200})|PLEASE submit a ]]
                .. [[bug report to https?://\S+ and include the crash backtrace|clang: error: clang ]]
                .. [[frontend command failed)]],
            class = "infrastructure", severity = "error", priority = 86,
            cause = "The compiler itself broke off. That is its bug, or a broken precompiled header or machine.",
            fix = "Try another version of the compiler, or less optimisation for this one file. If it strikes in "
                .. "different files from run to run, it is memory or the runner. Clear ccache and precompiled "
                .. "headers first.",
            docs = { "https://gcc.gnu.org/bugs/" },
            tags = { "c", "c++", "ice" },
            examples = {
                matches = {
                    "a.cpp:3:1: internal compiler error: Segmentation fault",
                    "PLEASE submit a bug report to https://github.com/llvm/llvm-project/issues/ and include the "
                        .. "crash backtrace, preprocessed source, and associated run script.",
                },
                rejects = { "error: internal compiler error: unexpected panic" },
            },
        },
        {
            id = "c.static_assert", title = "A static assertion failed",
            match = [[error: (?:static assertion failed|static_assert failed)(?: due to requirement ]]
                .. [['(?<requirement>[^']+)')?:? ?(?<message>.{0,200})]],
            class = "code bug", severity = "error", priority = 76,
            cause = "The code says itself that it cannot be compiled this way: {message}",
            fix = "The message is its author's. Sizes and layouts differ by platform (32 bits, Windows' `long`), "
                .. "and library assertions name a template's wrong argument: look at `required from here`.",
            tags = { "c++", "compile" },
            examples = {
                matches = {
                    "sort.cpp:16:32: error: static assertion failed: long must have 32 bits",
                    "a.cpp:3:1: error: static_assert failed due to requirement 'sizeof(long) == 4' \"long must "
                        .. "have 32 bits\"",
                },
                rejects = { "note: the comparison reduces to ‘(8 == 4)’" },
            },
        },
        {
            id = "c.hash_error", title = "The code stops the compiler with #error",
            match = [[error: #error:? ?\W{0,1}(?<message>.{3,300})]],
            class = "matrix gap", severity = "error", priority = 82,
            cause = "A header or source refuses this configuration: {message}",
            fix = "Take it at its word: a macro that is not defined, a platform or compiler that is not supported, "
                .. "a header that must not be included directly.",
            tags = { "c", "c++", "compile" },
            examples = {
                matches = {
                    "config.h:4:2: error: #error \"unsupported platform\"",
                    "a.h:1:2: error: #error This file requires C++17",
                },
                rejects = { "#error is not reached" },
            },
        },
        {
            id = "c.module_file", title = "A Fortran or C++ module is missing",
            match = [[(?:Fatal Error: Cannot open module file \W{1,3}(?<file>[\w.]+)\W{1,3} for reading]]
                .. [[|fatal error: module '(?<module>[^']+)' not found|error: failed to read compiled ]]
                .. [[module)]],
            class = "missing setup", severity = "error", priority = 86,
            cause = "A module is used that was not compiled before, or whose compiled form is not where the "
                .. "compiler looks.",
            fix = "Install the library for this very compiler (`.mod` files do not go from one to another) and "
                .. "give its folder with `-I`; inside a project, the build must compile the module first: state "
                .. "the dependency.",
            tags = { "fortran", "c++", "module" },
            examples = {
                matches = {
                    "Fatal Error: Cannot open module file ‘linear_algebra.mod’ for reading at (1): No such file or "
                        .. "directory",
                    "a.m:1:9: fatal error: module 'Firebase' not found",
                },
                rejects = { "gfortran: module path is /usr/include" },
            },
        },
        {
            id = "c.abi_mismatch", title = "A compiler flag does not fit the precompiled or cached file",
            match = [[(?:(?:error|warning): (?<file>\S+\.(?:gch|pch)): (?:not used because|created by a ]]
                .. [[different)|fatal error: file '(?<changed>[^']+)' has been modified since the ]]
                .. [[precompiled header|error: PCH file (?:was compiled|built from a different))]],
            class = "cache corruption", severity = "error", priority = 80,
            cause = "A precompiled header is older than what it is made of, or made by another compiler.",
            fix = "Delete the build folder, and key caches of it by compiler version and headers.",
            commands = { "rm -rf build" },
            tags = { "c", "c++", "cache" },
            examples = {
                matches = {
                    "a.cpp:1:10: fatal error: file '/home/runner/work/app/app/a.h' has been modified since the "
                        .. "precompiled header 'a.h.pch' was built",
                    "cc1plus: error: a.h.gch: created by a different GCC executable [-Winvalid-pch]",
                },
                rejects = { "note: please rebuild precompiled header 'a.h.pch'" },
            },
        },
    },
}
