-- CMake and CTest.
return {
    about = "CMake: configuring, finding packages, generating, testing",
    entries = {
        {
            id = "cmake.package_not_found", title = "CMake cannot find a package's configuration",
            match = { [[^(?:\S+ )?CMake Error at ]],
                [[(?:Could not find a package configuration file provided by "(?<package>[^"]+)"|By ]]
                    .. [[not providing "Find(?<package2>[^"]+)\.cmake" in CMAKE_MODULE_PATH)]] },
            within = 8, unless = [[^CMake Warning]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "`find_package` found no configuration file of the package: it is not installed here or not in "
                .. "a place where CMake looks.",
            fix = "Install its development package, or fetch it (vcpkg, Conan, FetchContent). If it is installed, "
                .. "add its prefix to `CMAKE_PREFIX_PATH` or set `NAME_DIR`. vcpkg needs its toolchain file; cross "
                .. "builds look only below `CMAKE_FIND_ROOT_PATH`. A version that is too old is listed below.",
            commands = {
                "cmake -S . -B build -DCMAKE_PREFIX_PATH=/path/to/prefix", "cmake -S . -B build --debug-find",
            },
            docs = { "https://cmake.org/cmake/help/latest/command/find_package.html" },
            tags = { "cmake", "dependency" },
            examples = {
                matches = {
                    "CMake Error at CMakeLists.txt:3 (find_package):\n"
                        .. "  Could not find a package configuration file provided by \"Qt6\" (requested",
                    "CMake Error at CMakeLists.txt:3 (find_package):\n"
                        .. "  By not providing \"FindQt6.cmake\" in CMAKE_MODULE_PATH this project has",
                },
                rejects = { "-- Could NOT find ZLIB (missing: ZLIB_LIBRARY ZLIB_INCLUDE_DIR)",
                    "CMake Warning at CMakeLists.txt:4 (find_package):\n  By not providing \"FindQt6.cmake\" in "
                        .. "CMAKE_MODULE_PATH this project has" },
            },
        },
        {
            id = "cmake.could_not_find", title = "CMake cannot find a required library",
            match = [[^\s{2,}Could NOT find (?<package>[\w.+-]+)(?:[ ,:(]+(?<detail>.{3,200}))?]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "A required package is not complete: CMake did not find {package}.",
            fix = "Install its development package; the list after `missing:` shows whether the header or the "
                .. "library is lacking. If it is in a place of its own: `CMAKE_PREFIX_PATH`, or the variables that "
                .. "are listed. `found unsuitable version` means that it is too old.",
            commands = { "cmake -S . -B build --debug-find" },
            docs = { "https://cmake.org/cmake/help/latest/command/find_package.html" },
            tags = { "cmake", "dependency" },
            examples = {
                matches = {
                    "  Could NOT find GLEW (missing: GLEW_INCLUDE_DIRS GLEW_LIBRARIES)",
                    "  Could NOT find Boost: Found unsuitable version \"1.65.1\", but required is at",
                },
                rejects = { "-- Could NOT find ZLIB (missing: ZLIB_LIBRARY ZLIB_INCLUDE_DIR)" },
            },
        },
        {
            id = "cmake.pkg_config_required", title = "A required pkg-config module was not found",
            match = {
                [[(?:No package '(?<package>[^']+)' found|Package '?(?<package2>[\w.+-]+)'?(?:, ]]
                    .. [[required by '[^']+', not found| was not found in)|Requested ]]
                    .. [['(?<package3>[^']+)' but version)]],
                [[CMake Error at \S*FindPkgConfig\.cmake:\d+]],
            },
            within = 6, class = "missing setup", severity = "error", priority = 91,
            cause = "`pkg_check_modules(… REQUIRED)` asks for a module that pkg-config does not know, or only in "
                .. "an older version.",
            fix = "Install the development package that brings its `.pc` file (`apt-file search NAME.pc`), or add "
                .. "the folder of that file to `PKG_CONFIG_PATH`.",
            commands = { "pkg-config --print-errors --exists NAME", "apt-file search NAME.pc" },
            tags = { "cmake", "pkg-config" },
            examples = {
                matches = {
                    "--   Package 'glib-nowhere-2.0', required by 'virtual:world', not found\nCMake Error at "
                        .. "/usr/share/cmake-3.25/Modules/FindPkgConfig.cmake:607 (message):",
                    "--   No package 'gtk4' found\nCMake Error at "
                        .. "/usr/share/cmake-3.20/Modules/FindPkgConfig.cmake:553 (message):\n  A required package "
                        .. "was not found",
                },
                rejects = { "--   No package 'gtk4' found\n-- Configuring done" },
            },
        },
        {
            id = "cmake.pkg_config_list", title = "Required pkg-config modules were not found",
            match = [[The following required packages were not found:]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "`pkg_check_modules(… REQUIRED)` asks for modules that pkg-config does not know. They are "
                .. "listed below.",
            fix = "Install the packages that bring those `.pc` files, or set `PKG_CONFIG_PATH`.",
            commands = { "apt-file search NAME.pc" },
            tags = { "cmake", "pkg-config" },
            examples = {
                matches = { "  The following required packages were not found:" },
                rejects = { "-- Checking for module 'glib-2.0'" },
            },
        },
        {
            id = "pkgconfig.no_package", title = "pkg-config does not know a package",
            match = [[^(?!\s*-- )(?:.{0,200}[^-\s] |\s*)(?:No package '(?<package>[^']+)' found|Package ]]
                .. [[(?<package2>[\w.+-]+) was not found in the pkg-config search path|Package ]]
                .. [['(?<package3>[^']+)', required by '(?<by>[^']+)', not found|Requested ]]
                .. [['(?<need>[^']+)' but version of .{1,80} is (?<have>\S+))]],
            class = "missing setup", severity = "error", priority = 84,
            cause = "There is no `.pc` file of that name, or it is of a version that is too old.",
            fix = "Install the development package that has it (`apt-file search NAME.pc`), or add its folder to "
                .. "`PKG_CONFIG_PATH`. For cross builds use the target's pkg-config.",
            commands = { "apt-file search NAME.pc", "pkg-config --list-all" },
            tags = { "pkg-config", "dependency" },
            examples = {
                matches = {
                    "No package 'glib-nowhere-2.0' found",
                    "  Package openssl-nowhere was not found in the pkg-config search path.",
                    "Package 'zlib', required by 'libpng', not found",
                    "Requested 'glib-2.0 >= 2.70' but version of GLib is 2.56.4",
                },
                rejects = { "Run-time dependency threads found: YES", "--   No package 'glib-nowhere-2.0' found" },
            },
        },
        {
            id = "cmake.too_old", title = "The project needs a newer CMake",
            match = [[CMake (?<need>\d+\.\d+(?:\.\d+)?)(?:\.\.\.\S+)? or higher is required\.  You are ]]
                .. [[running version (?<have>\S+)]],
            class = "version mismatch", severity = "error", priority = 94,
            cause = "The project wants CMake {need}, this is {have}.",
            fix = "Install a newer one: `pip install cmake`, `lukka/get-cmake`, Kitware's apt repository, or a "
                .. "newer image. If a dependency asks for it, take an older version of that.",
            commands = { "pip install --upgrade cmake" },
            docs = { "https://cmake.org/download/" },
            tags = { "cmake", "version" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "A newer CMake",
                yaml = "- uses: lukka/get-cmake@latest\n",
            },
            examples = {
                matches = { "  CMake 4.5 or higher is required.  You are running version 3.25.1" },
                rejects = { "cmake version 3.25.1" },
            },
        },
        {
            id = "cmake.minimum_removed", title = "This CMake dropped support for old projects",
            match = [[Compatibility with CMake < (?<version>\d\.\d+) has been removed from CMake]],
            class = "version mismatch", severity = "error", priority = 94,
            cause = "This CMake (4.0 or newer) refuses projects whose `cmake_minimum_required` is below {version}. "
                .. "The image got a newer CMake.",
            fix = "Raise it in the project: `cmake_minimum_required(VERSION 3.10...3.31)`. If it is a "
                .. "dependency's, update that, or configure with `-DCMAKE_POLICY_VERSION_MINIMUM=3.5` for now, or "
                .. "pin CMake below 4.",
            commands = { "cmake -S . -B build -DCMAKE_POLICY_VERSION_MINIMUM=3.5" },
            docs = { "https://cmake.org/cmake/help/latest/release/4.0.html" },
            tags = { "cmake", "version" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "The oldest policies that CMake 4 still has",
                yaml = "- name: Configure\n"
                    .. "  run: cmake -S . -B build -DCMAKE_POLICY_VERSION_MINIMUM=3.5\n",
            },
            examples = {
                matches = { "  Compatibility with CMake < 3.5 has been removed from CMake." },
                rejects = { "Compatibility with CMake < 3.10 will be removed from a future version of" },
            },
        },
        {
            id = "cmake.no_compiler", title = "CMake finds no compiler",
            match = [[(?:No (?<variable>CMAKE_\w+_COMPILER) could be found|Could not find compiler set in ]]
                .. [[environment variable (?<environment>\w+):|The (?<variable2>CMAKE_\w+_COMPILER):$)]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "There is no compiler where CMake looks, or the one that is named does not exist.",
            fix = "Install it (`build-essential`, `clang`, `gfortran`, `nvcc`), or set "
                .. "`CC`/`CXX`/`CMAKE_…_COMPILER` to one that is there. On Windows run in a developer prompt "
                .. "(`ilammy/msvc-dev-cmd`) for the Ninja generator. After a change of compiler, delete the build "
                .. "folder.",
            commands = { "sudo apt-get install -y build-essential" },
            tags = { "cmake", "compiler" },
            examples = {
                matches = {
                    "  No CMAKE_CXX_COMPILER could be found.",
                    "  Could not find compiler set in environment variable CXX:",
                },
                rejects = { "CMake Error: CMAKE_CXX_COMPILER not set, after EnableLanguage" },
            },
        },
        {
            id = "cmake.compiler_not_set", title = "The compiler is not set",
            match = [[CMake Error: (?<variable>CMAKE_\w+_COMPILER) not set, after EnableLanguage]],
            class = "missing setup", severity = "error", priority = 30,
            cause = "A summary: the compiler could not be found or used.",
            fix = "The first CMake error above this line has the reason.",
            tags = { "cmake", "compiler", "summary" },
            examples = {
                matches = { "CMake Error: CMAKE_CXX_COMPILER not set, after EnableLanguage" },
                rejects = { "-- The CXX compiler identification is GNU 12.2.0" },
            },
        },
        {
            id = "cmake.compiler_broken", title = "The compiler cannot build a simple program",
            match = [[(?:^\s*is not able to compile a simple test program|Check for working \w+ compiler: ]]
                .. [[\S+ - broken)]],
            class = "missing setup", severity = "error", priority = 74,
            cause = "CMake tried the compiler on an empty program, and that failed.",
            fix = "The output below has the reason: missing libc headers, flags or libraries in "
                .. "`CFLAGS`/`LDFLAGS`/the toolchain file that do not exist, a cross compiler whose programs "
                .. "cannot be linked (`CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY`), a full disk.",
            commands = { "cat build/CMakeFiles/CMakeConfigureLog.yaml" },
            tags = { "cmake", "compiler" },
            examples = {
                matches = {
                    "  is not able to compile a simple test program.",
                    "-- Check for working C compiler: /usr/bin/cc - broken",
                },
                rejects = { "-- Check for working C compiler: /usr/bin/cc - skipped" },
            },
        },
        {
            id = "cmake.generator_missing", title = "The generator's tool is not there",
            match = [[(?:CMake was unable to find a build program corresponding to "(?<generator>[^"]+)"]]
                .. [[|Could not create named generator (?<generator2>.{3,60})|could not find any ]]
                .. [[instance of Visual Studio)]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "CMake's generator needs a program that is not installed: ninja, make or Visual Studio.",
            fix = "Install it (`ninja-build`, `make`), or choose another with `-G`. The image's Visual Studio may "
                .. "be newer than the name says: leave out `-G` or take the one of the image (`windows-2022` has "
                .. "\"Visual Studio 17 2022\").",
            commands = { "sudo apt-get install -y ninja-build", "cmake --help" },
            tags = { "cmake", "generator" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Ninja before configuring",
                yaml = "- name: Install what the build needs\n"
                    .. "  run: sudo apt-get update && sudo apt-get install -y ninja-build\n",
            },
            examples = {
                matches = {
                    "CMake Error: CMake was unable to find a build program corresponding to \"Ninja\".  "
                        .. "CMAKE_MAKE_PROGRAM is not set.  You probably need to select a different build tool.",
                    "  could not find any instance of Visual Studio.",
                },
                rejects = { "-- Building for: Ninja" },
            },
        },
        {
            id = "cmake.cache_moved", title = "The build folder belongs to another source folder",
            match = [[CMake Error: (?:The current CMakeCache\.txt directory .{1,1000} is different than ]]
                .. [[the directory|The source "(?<here>[^"]+)" does not match the source ]]
                .. [["(?<there>[^"]+)" used to generate cache|.{0,10}generator : (?<generator>.{1,60}))]],
            class = "cache corruption", severity = "error", priority = 90,
            cause = "The build folder was configured somewhere else, with another path or generator: mostly a "
                .. "restored cache, or a `build` folder that was committed.",
            fix = "Delete the folder before configuring, and do not cache `CMakeCache.txt` across paths; cache "
                .. "ccache's folder instead.",
            commands = { "rm -rf build" },
            tags = { "cmake", "cache" },
            examples = {
                matches = {
                    "CMake Error: The source \"/home/runner/work/app/app/CMakeLists.txt\" does not match the "
                        .. "source \"/home/runner/work/older/older/CMakeLists.txt\" used to generate cache.  "
                        .. "Re-run cmake with a different source directory.",
                    "CMake Error: The current CMakeCache.txt directory /a/build/CMakeCache.txt is different than "
                        .. "the directory /b/build where CMakeCache.txt was created. This may result in binaries "
                        .. "being created in the wrong place. If you are not sure, reedit the CMakeCache.txt",
                    "CMake Error: Error: generator : Ninja",
                },
                rejects = {
                    "CMake Error: The source directory \"/home/runner/work/app/app\" does not appear to contain "
                        .. "CMakeLists.txt.",
                },
            },
        },
        {
            id = "cmake.no_lists_file", title = "There is no CMakeLists.txt here",
            match = [[CMake Error: The source directory "(?<folder>[^"]+)" does not (?:appear to contain ]]
                .. [[CMakeLists\.txt|exist)]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "`{folder}` has no `CMakeLists.txt`.",
            fix = "Look at `-S` and the step's working directory. If it is a dependency in a submodule, fetch "
                .. "submodules in the checkout.",
            commands = { "git submodule update --init --recursive" },
            tags = { "cmake" },
            examples = {
                matches = {
                    "CMake Error: The source directory \"/home/runner/work/app/app\" does not appear to contain "
                        .. "CMakeLists.txt.",
                },
                rejects = { "CMake Error at CMakeLists.txt:5 (find_package):" },
            },
        },
    },
}
