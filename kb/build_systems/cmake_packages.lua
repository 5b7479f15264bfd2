-- CMake: files, modules, targets and downloads that a project asks for.
return {
    about = "CMake: what a project is made of, and what it downloads",
    entries = {
        {
            id = "cmake.subdirectory_missing", title = "A subdirectory of the project is missing",
            match = [[(?:add_subdirectory given source "(?<folder>[^"]+)" which is not an existing]]
                .. [[|^\s+does not contain a CMakeLists\.txt file\.)]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "A folder that the project adds is empty or missing.",
            fix = "Most often it is a git submodule: `submodules: recursive` in the checkout step, or `git "
                .. "submodule update --init --recursive`. Archives of a release (`tar.gz` of GitHub) never have "
                .. "submodules.",
            commands = { "git submodule update --init --recursive" },
            tags = { "cmake", "submodule" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Submodules in the checkout",
                yaml = "- uses: actions/checkout@v4\n"
                    .. "  with:\n"
                    .. "    submodules: recursive\n",
            },
            examples = {
                matches = {
                    "  add_subdirectory given source \"third_party/fmt\" which is not an existing",
                    "  does not contain a CMakeLists.txt file.",
                },
                rejects = { "CMake Error at CMakeLists.txt:5 (add_subdirectory):" },
            },
        },
        {
            id = "cmake.unknown_command", title = "CMake does not know a command",
            match = [[Unknown CMake command "(?<command>[^"]+)"]],
            class = "version mismatch", severity = "error", priority = 86,
            cause = "`{command}` is not defined: the module or package that has it was not included, or this CMake "
                .. "is too old for it.",
            fix = "Find where it is defined: `find_package(Qt6)` before `qt_add_executable`, "
                .. "`include(FetchContent)` before `FetchContent_Declare`. For commands of CMake itself look up "
                .. "since which version they exist.",
            docs = { "https://cmake.org/cmake/help/latest/manual/cmake-commands.7.html" },
            tags = { "cmake" },
            examples = {
                matches = { "  Unknown CMake command \"qt_add_executable\"." },
                rejects = { "-- Unknown CMake variable" },
            },
        },
        {
            id = "cmake.include_missing", title = "A CMake module is missing",
            match = [[^\s*(?:CMake Error at .{1,300} \((?<command>include)\):|include could not find ]]
                .. [[(?:requested|load) file:)]],
            class = "missing setup", severity = "error", priority = 80,
            cause = "`include` names a file or module that is not there.",
            fix = "The name stands below. Add its folder to `CMAKE_MODULE_PATH`, install the package that brings "
                .. "it (`extra-cmake-modules`), run `conan install` before if it is Conan's, or fetch submodules.",
            tags = { "cmake", "module" },
            examples = {
                matches = { "  include could not find requested file:", "CMake Error at CMakeLists.txt:3 (include):" },
                rejects = { "CMake Error at CMakeLists.txt:4 (find_package):" },
            },
        },
        {
            id = "cmake.source_missing", title = "A source file of a target is missing",
            match = [[^\s+Cannot find source file:]],
            class = "code bug", severity = "error", priority = 84,
            cause = "A target lists a file that does not exist. Its name stands two lines below.",
            fix = "Add it to the commit, fix upper and lower case (it counts on Linux), run its generator before "
                .. "configuring, or mark it `GENERATED`.",
            commands = { "git status --ignored" },
            tags = { "cmake" },
            examples = { matches = { "  Cannot find source file:" }, rejects = { "Cannot find package" } },
        },
        {
            id = "cmake.target_not_found", title = "A target that is linked does not exist",
            match = [[(?:Target "(?<target>[^"]+)" links to(?: target)?:?|but the target was not found)]],
            class = "missing setup", severity = "error", priority = 82,
            cause = "`target_link_libraries` names an imported target (with `::`) that nothing defines.",
            fix = "Call the `find_package` that defines it, with the component; check the spelling (`fmt::fmt`, "
                .. "`Boost::system`). If only some jobs fail, the package's version there has other target names.",
            docs = { "https://cmake.org/cmake/help/latest/policy/CMP0028.html" },
            tags = { "cmake", "dependency" },
            examples = {
                matches = {
                    "  Target \"app\" links to:", "  but the target was not found.  Possible reasons include:",
                    "  Target \"app\" links to target \"nowhere::core\" but the target was not found.",
                },
                rejects = { "-- Target \"app\" is ready" },
            },
        },
        {
            id = "cmake.download_failed", title = "CMake cannot download a dependency",
            match = [[(?:error: downloading '(?<url>[^']+)' failed|Build step for (?<name>\S+) failed: ]]
                .. [[\d+|Failed to clone repository: '(?<repository>[^']+)'|file DOWNLOAD (?:HASH ]]
                .. [[mismatch|cannot compute hash)|Each download failed!)]],
            class = "infrastructure", severity = "error", priority = 84,
            cause = "A dependency that FetchContent or ExternalProject downloads did not arrive, or not with the "
                .. "hash that is expected.",
            fix = "The lines around show the status. Run the job again if it was the network; if the hash differs, "
                .. "the archive was made anew by its host: take a release asset or update the hash. Cache "
                .. "`FETCHCONTENT_BASE_DIR`.",
            commands = { "cmake -S . -B build -DFETCHCONTENT_QUIET=OFF" },
            docs = { "https://cmake.org/cmake/help/latest/module/FetchContent.html" },
            tags = { "cmake", "network" },
            examples = {
                matches = {
                    "  error: downloading 'https://example.org/a.tar.gz' failed",
                    "CMake Error at FetchContent.cmake:1087 (message): Build step for googletest failed: 2",
                    "  file DOWNLOAD HASH mismatch",
                },
                rejects = { "-- Downloading dependency... done" },
            },
        },
        {
            id = "cmake.error", title = "CMake found an error",
            match = [[^CMake Error(?: at (?<place>(?!\S*FindPkgConfig)\S+:\d+)(?: ]]
                .. [[\((?<command>(?!include\))\w+)\))?)?:(?<what> (?!.{0,1000}(?:, after EnableLanguage]]
                .. [[|CMakeCache\.txt|does not match the source|does not appear to contain|generator : ]]
                .. [[|to find a build program)).{0,300})?$]],
            class = "code bug", severity = "error", priority = 50,
            cause = "CMake stopped. The message is on the following lines, indented.",
            fix = "Read the first `CMake Error`: the later ones follow from it. "
                .. "`build/CMakeFiles/CMakeConfigureLog.yaml` (before 3.26 `CMakeError.log`) has what try-compiles "
                .. "said.",
            commands = { "cat build/CMakeFiles/CMakeConfigureLog.yaml" },
            tags = { "cmake" },
            examples = {
                matches = {
                    "CMake Error at CMakeLists.txt:12 (message):",
                    "CMake Error: Error required internal CMake variable not set, cmake may not be built correctly.",
                },
                rejects = { "CMake Warning at CMakeLists.txt:12 (message):" },
            },
        },
        {
            id = "cmake.incomplete", title = "Configuring did not end well",
            match = [[(?:-- Configuring incomplete, errors occurred!|CMake Generate step failed\.  Build ]]
                .. [[files cannot be regenerated correctly\.)]],
            class = "code bug", severity = "error", priority = 10,
            cause = "A summary: CMake's errors stand above.",
            fix = "Look at the first `CMake Error` above this line.",
            tags = { "cmake", "summary" },
            examples = {
                matches = {
                    "-- Configuring incomplete, errors occurred!",
                    "CMake Generate step failed.  Build files cannot be regenerated correctly.",
                },
                rejects = { "-- Configuring done" },
            },
        },
        {
            id = "ctest.timeout", title = "A test ran into CTest's time limit",
            match = [[(?<number>(?<!\d)\d+)/\d+ Test\s+#\d+: (?<test>\S+) \.*\s?\*\*\*Timeout\s+(?<seconds>[\d.]+) ]]
                .. [[sec]],
            class = "flaky", severity = "error", priority = 78,
            cause = "`{test}` was ended after {seconds} s.",
            fix = "If it usually ends much sooner, it hangs: run it alone under a debugger. Otherwise raise its "
                .. "`TIMEOUT` property or `ctest --timeout`; sanitizers and shared runners are slower by a factor.",
            commands = { "ctest --test-dir build -R '^{test}$' --output-on-failure" },
            docs = { "https://cmake.org/cmake/help/latest/prop_test/TIMEOUT.html" },
            tags = { "cmake", "test", "timeout" },
            examples = {
                matches = { "4/6 Test #4: hangs ............................***Timeout   1.00 sec" },
                rejects = { "2/6 Test #2: reads ............................***Failed    0.00 sec" },
            },
        },
        {
            id = "ctest.not_run", title = "A test's program does not exist",
            match = [[(?:Could not find executable (?<program>\S+)|Unable to find executable: ]]
                .. [[(?<program2>\S+)|\*\*\*Not Run(?: \((?<why>[^)]+)\))?)]],
            class = "missing setup", severity = "error", priority = 76,
            cause = "CTest has a test whose program was not built or is not installed.",
            fix = "Build all targets before `ctest` (a test's target may be `EXCLUDE_FROM_ALL`), and give `-C "
                .. "Release` with multi-configuration generators.",
            commands = { "cmake --build build --target all" },
            tags = { "cmake", "test" },
            examples = {
                matches = {
                    "Could not find executable no_such_program",
                    "6/6 Test #6: absent ...........................***Not Run   0.00 sec",
                },
                rejects = { "100% tests passed, 0 tests failed out of 5" },
            },
        },
        {
            id = "ctest.failed", title = "A test of CTest failed",
            match = [[(?<!\d)\d+/\d+ Test\s+#\d+: (?<test>\S+) \.*\s?\*\*\*(?<how>Failed|Exception: [\w ]+?]]
                .. [[|Failed  Required regular expression not found\.\S*) {1,4}(?<seconds>[\d.]+) sec]],
            class = "code bug", severity = "error", priority = 56,
            cause = "`{test}` failed ({how}).",
            fix = "`--output-on-failure` shows what it printed, right below this line. Run it alone: `ctest -R "
                .. "'^{test}$' -V`. `Exception: SegFault` wants a debugger.",
            commands = { "ctest --test-dir build -R '^{test}$' -V" },
            tags = { "cmake", "test" },
            examples = {
                matches = {
                    "2/6 Test #2: reads ............................***Failed    0.00 sec",
                    "3/6 Test #3: crashes ..........................***Exception: SegFault  0.00 sec",
                },
                rejects = { "4/6 Test #4: hangs ............................***Timeout   1.00 sec" },
            },
        },
    },
}
