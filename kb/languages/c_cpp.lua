-- Compile errors of gcc and clang in C and C++.

-- Debian's packages by header, and by the folder that headers are in.
local headers = {
    ["zlib.h"] = "zlib1g-dev", ["openssl/ssl.h"] = "libssl-dev", ["openssl/evp.h"] = "libssl-dev",
    ["openssl/crypto.h"] = "libssl-dev", ["openssl/opensslv.h"] = "libssl-dev",
    ["curl/curl.h"] = "libcurl4-openssl-dev", ["png.h"] = "libpng-dev", ["jpeglib.h"] = "libjpeg-dev",
    ["tiffio.h"] = "libtiff-dev", ["ft2build.h"] = "libfreetype-dev", ["libxml/parser.h"] = "libxml2-dev",
    ["libxslt/xslt.h"] = "libxslt1-dev", ["sqlite3.h"] = "libsqlite3-dev",
    ["readline/readline.h"] = "libreadline-dev", ["ncurses.h"] = "libncurses-dev", ["curses.h"] = "libncurses-dev",
    ["ffi.h"] = "libffi-dev", ["gmp.h"] = "libgmp-dev", ["mpfr.h"] = "libmpfr-dev", ["bzlib.h"] = "libbz2-dev",
    ["lzma.h"] = "liblzma-dev", ["zstd.h"] = "libzstd-dev", ["lz4.h"] = "liblz4-dev", ["snappy.h"] = "libsnappy-dev",
    ["expat.h"] = "libexpat1-dev", ["yaml.h"] = "libyaml-dev", ["uv.h"] = "libuv1-dev", ["glib.h"] = "libglib2.0-dev",
    ["gtk/gtk.h"] = "libgtk-3-dev", ["cairo.h"] = "libcairo2-dev", ["X11/Xlib.h"] = "libx11-dev",
    ["GL/gl.h"] = "libgl-dev", ["GL/glu.h"] = "libglu1-mesa-dev", ["GL/glew.h"] = "libglew-dev",
    ["GLFW/glfw3.h"] = "libglfw3-dev", ["SDL.h"] = "libsdl2-dev", ["SDL2/SDL.h"] = "libsdl2-dev",
    ["vulkan/vulkan.h"] = "libvulkan-dev", ["alsa/asoundlib.h"] = "libasound2-dev",
    ["pulse/pulseaudio.h"] = "libpulse-dev", ["libudev.h"] = "libudev-dev", ["libusb.h"] = "libusb-1.0-0-dev",
    ["systemd/sd-daemon.h"] = "libsystemd-dev", ["security/pam_appl.h"] = "libpam0g-dev",
    ["sys/capability.h"] = "libcap-dev", ["selinux/selinux.h"] = "libselinux1-dev", ["numa.h"] = "libnuma-dev",
    ["pcap.h"] = "libpcap-dev", ["ldap.h"] = "libldap-dev", ["sasl/sasl.h"] = "libsasl2-dev",
    ["libpq-fe.h"] = "libpq-dev", ["mysql.h"] = "default-libmysqlclient-dev", ["lua.h"] = "liblua5.4-dev",
    ["Python.h"] = "python3-dev", ["ruby.h"] = "ruby-dev", ["jni.h"] = "default-jdk-headless",
    ["gtest/gtest.h"] = "libgtest-dev", ["gmock/gmock.h"] = "libgmock-dev",
    ["nlohmann/json.hpp"] = "nlohmann-json3-dev", ["hdf5.h"] = "libhdf5-dev", ["mpi.h"] = "libopenmpi-dev",
    ["cblas.h"] = "libopenblas-dev", ["fftw3.h"] = "libfftw3-dev", ["archive.h"] = "libarchive-dev",
    ["git2.h"] = "libgit2-dev", ["libssh2.h"] = "libssh2-1-dev", ["magic.h"] = "libmagic-dev",
    ["uuid/uuid.h"] = "uuid-dev", ["fuse.h"] = "libfuse-dev", ["wayland-client.h"] = "libwayland-dev",
    ["sys/cdefs.h"] = "gcc-multilib", ["bits/libc-header-start.h"] = "gcc-multilib", ["stdio.h"] = "libc6-dev",
    ["stdlib.h"] = "libc6-dev", ["string.h"] = "libc6-dev", ["pcre.h"] = "libpcre3-dev", ["pcre2.h"] = "libpcre2-dev",
    ["event2/event.h"] = "libevent-dev", ["hiredis/hiredis.h"] = "libhiredis-dev", ["zmq.h"] = "libzmq3-dev",
    ["portaudio.h"] = "portaudio19-dev", ["sndfile.h"] = "libsndfile1-dev",
}

local folders = {
    boost = "libboost-all-dev", Eigen = "libeigen3-dev", eigen3 = "libeigen3-dev", fmt = "libfmt-dev",
    spdlog = "libspdlog-dev", google = "libprotobuf-dev", benchmark = "libbenchmark-dev", tbb = "libtbb-dev",
    opencv2 = "libopencv-dev", absl = "libabsl-dev", grpcpp = "libgrpc++-dev", catch2 = "catch2",
    doctest = "doctest-dev", xcb = "libxcb1-dev", xkbcommon = "libxkbcommon-dev", freetype2 = "libfreetype-dev",
    libavcodec = "libavcodec-dev", libavformat = "libavformat-dev", gdal = "libgdal-dev", QtCore = "qtbase5-dev",
    QtWidgets = "qtbase5-dev", rapidjson = "rapidjson-dev", gsl = "libgsl-dev",
}

-- What to install on Debian; nil when that is not known.
local function install(what, package)
    if not package then return nil end
    return ("On Debian and Ubuntu %s is in `%s`: `sudo apt-get install -y %s`."):format(what, package, package)
end

return {
    about = "Compile errors of gcc and clang",
    entries = {
        {
            id = "c.missing_header", title = "A header is not found",
            match = [[(?:^|[ :])fatal error: \W{0,3}(?<header>[\w./+-]+\.(?:h|hh|hpp|hxx|inc|def|cuh]]
                .. [[|h\+\+))\W{0,3}(?:: No such file or directory| file not found)]],
            unless = [[(?:_configtest|conftest)\.c|testC\w{0,200}Compiler\.c]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "The compiler finds no `{header}` in its include path.",
            fix = "If it belongs to a library, install that library's development package in this job (`apt-file "
                .. "search {header}`, `dnf provides '*/{header}'`) or add its include folder. If it is a file of "
                .. "this project: a submodule was not fetched, a generator has not run, or upper and lower case "
                .. "differ from the file's name.",
            commands = { "apt-file search {header}", "git submodule update --init --recursive" },
            tags = { "c", "c++", "header" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Dependencies and submodules before the build",
                yaml = "- uses: actions/checkout@v4\n"
                    .. "  with:\n"
                    .. "    submodules: recursive\n"
                    .. "- name: Install what the build needs\n"
                    .. "  run: sudo apt-get update && sudo apt-get install -y NAME-dev\n",
            },
            suggest = function(captures)
                local header = captures.header
                return install("`" .. header .. "`", headers[header] or folders[header:match("^[^/]+") or ""])
            end,
            examples = {
                matches = {
                    "src/tls.c:2:10: fatal error: openssl/ssl.h: No such file or directory",
                    "widget.cpp:3:10: fatal error: 'widgets/base.hpp' file not found",
                    "./main.go:3:11: fatal error: gpgme.h: No such file or directory",
                },
                rejects = {
                    "cc1: fatal error: src/main.c: No such file or directory", "ld: fatal error: file not found: x",
                },
            },
        },
        {
            id = "c.missing_standard_header", title = "A header without a suffix is not found",
            match = [[(?:^|[ :])fatal error: \W{0,3}(?<header>[A-Za-z_][\w/]*)\W{0,3}(?:: No such file or ]]
                .. [[directory| file not found)]],
            unless = [[(?:_configtest|conftest)\.c|testC\w{0,200}Compiler\.c]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "The compiler finds no `<{header}>`. For a standard header, the C++ library is missing or "
                .. "older than the standard that is used.",
            fix = "`<format>`, `<print>`, `<ranges>`, `<concepts>` and the like need a new libstdc++ or libc++ "
                .. "(gcc 13 for `<format>`): choose a newer compiler. If even `<vector>` is missing, install `g++` "
                .. "or `libstdc++-dev`, on macOS the command line tools. Eigen and Qt have headers without suffix: "
                .. "add their include folders.",
            commands = { "sudo apt-get install -y g++-13" },
            tags = { "c++", "header", "standard library" },
            suggest = function(captures)
                local folder = captures.header:match("^([^/]+)/")
                return folder and install("`" .. captures.header .. "`", folders[folder])
            end,
            examples = {
                matches = {
                    "src/log.cpp:1:10: fatal error: format: No such file or directory",
                    "src/log.cpp:1:10: fatal error: 'Eigen/Dense' file not found",
                },
                rejects = { "fatal error: openssl/ssl.h: No such file or directory" },
            },
        },
        {
            id = "c.no_input_file", title = "The compiler is given a file that does not exist",
            match = [[(?:^|: )(?:fatal )?error: (?:no such file or directory: '(?<file>[^']+)']]
                .. [[|(?<file2>[\w./+-]+\.(?:c|cc|cpp|cxx|m|mm|f90|S)): No such file or directory|no ]]
                .. [[input files)]],
            class = "missing setup", severity = "error", priority = 78,
            cause = "A source file on the command line is not there.",
            fix = "If it is generated, the rule that makes it did not run or runs later: in a parallel build the "
                .. "dependency is missing from the build file. Otherwise it was not committed or the paths are "
                .. "relative to another folder.",
            tags = { "c", "c++" },
            examples = {
                matches = {
                    "cc1: fatal error: src/main.c: No such file or directory",
                    "clang: error: no such file or directory: 'src/main.c'", "gcc: fatal error: no input files",
                },
                rejects = { "main.c:1:10: fatal error: stdio.h: No such file or directory" },
            },
        },
        {
            id = "c.undeclared", title = "A name is not declared",
            match = [[error: (?:\W{1,3}(?<name>[\w:~]+)\W{1,3} (?:undeclared(?: \(first use in this ]]
                .. [[function\))?|was not declared in this scope|has not been declared)]]
                .. [[(?:; did you mean \W{1,3}(?<similar>\w+))?|use of undeclared identifier '(?<identifier>[^']+)')]],
            unless = [[(?:_configtest|conftest)\.c|testC\w{0,200}Compiler\.c]],
            class = "code bug", severity = "error", priority = 72,
            cause = "The compiler does not know this name at this place.",
            fix = "A missing `#include` is the usual reason, most of all after a compiler update: new standard "
                .. "libraries include less by the way (`<cstdint>`, `<cstring>`, `<limits>`). Otherwise a typo, a "
                .. "missing feature macro (`_GNU_SOURCE`), or an `#ifdef` that is off on this platform.",
            rewrite = { from = "{name}", to = "{similar}" },
            tags = { "c", "c++", "compile" },
            examples = {
                matches = {
                    "point.c:6:16: error: ‘undeclared’ undeclared (first use in this function)",
                    "main.cpp:4:5: error: 'uint32_t' was not declared in this scope",
                    "shape.cpp:8:29: error: use of undeclared identifier 'missing'",
                },
                rejects = {
                    "point.c:6:16: note: each undeclared identifier is reported only once for each function it "
                        .. "appears in",
                },
            },
        },
        {
            id = "c.implicit_declaration", title = "A function is called without a declaration",
            match = [[(?:error|warning): (?:implicit declaration of function \W{1,3}(?<function>\w+)]]
                .. [[(?:\W{1,5}did you mean \W{1,3}(?<similar>\w+))?|call to undeclared ]]
                .. [[(?:library )?function '(?<function2>\w+)')]],
            unless = [[(?:_configtest|conftest)\.c|testC\w{0,200}Compiler\.c]],
            class = "code bug", severity = "error", priority = 72,
            cause = "A function is called that no header declared. Since C99 that is an error in the language; "
                .. "clang 16 and gcc 14 made it one in fact.",
            fix = "Include the header that declares it, or define the feature macro that shows it (`_GNU_SOURCE`, "
                .. "`_DEFAULT_SOURCE`). If an old package fails with a new compiler only, "
                .. "`-Wno-error=implicit-function-declaration` buys time.",
            docs = { "https://gcc.gnu.org/gcc-14/porting_to.html" },
            rewrite = { from = "{function}", to = "{similar}" },
            tags = { "c", "compile" },
            examples = {
                matches = {
                    "parse.c:6:35: error: implicit declaration of function ‘compute’ "
                        .. "[-Werror=implicit-function-declaration]",
                    "own.c:1:24: error: implicit declaration of function ‘old_name’; did you mean ‘new_name’? "
                        .. "[-Werror=implicit-function-declaration]",
                    "main.c:3:3: error: call to undeclared function 'exit'; ISO C99 and later do not support "
                        .. "implicit function declarations [-Wimplicit-function-declaration]",
                },
                rejects = { "note: include the header <stdlib.h> or explicitly provide a declaration for 'exit'" },
            },
        },
        {
            id = "c.no_member", title = "A structure or class has no such member",
            match = [[error: (?:.{1,400}? has no member named \W{1,3}(?<member>\w+)]]
                .. [[(?:\W{1,5}did you mean \W{1,3}(?<similar>\w+))?|no member named '(?<member2>[^']+)' in ]]
                .. [['(?<type2>[^']+)'|no type named '(?<type3>[^']+)' in '(?<type4>[^']+)')]],
            class = "code bug", severity = "error", priority = 72,
            cause = "A member is used that the type has not got.",
            fix = "A typo, or a library of another version than the code was written for: compare its version with "
                .. "that of the last green run. For `std::` names, the language standard is too old or an "
                .. "`#include` is missing.",
            rewrite = { from = "{member}", to = "{similar}" },
            tags = { "c", "c++", "compile" },
            examples = {
                matches = {
                    "point.c:3:51: error: ‘struct point’ has no member named ‘z’",
                    "part5.cpp:2:50: error: ‘const std::string’ {aka ‘const class "
                        .. "std::__cxx11::basic_string<char>’} has no member named ‘lenght’; did you mean ‘length’?",
                    "a.cpp:3:10: error: no member named 'rows' in 'Table'",
                },
                rejects = { "note: 'struct point' declared here" },
            },
        },
        {
            id = "cpp.not_in_namespace", title = "The standard library has no such name",
            match = [[error: (?:\W{1,3}(?<name>\w+)\W{1,3} in namespace \W{1,3}std\W{1,3} does not name a ]]
                .. [[(?:template )?type|\W{1,3}(?<name2>\w+)\W{1,3} is not a member of \W{1,3}std\W{1,3}]]
                .. [[|no (?:template|type|member) named '(?<name3>\w+)' in namespace 'std')]],
            class = "version mismatch", severity = "error", priority = 80,
            cause = "`std` has not got this name here: an `#include` is missing, or the language standard or the "
                .. "library is too old.",
            fix = "Read the `note` below, if there is one: it names the header or the standard. Set the standard "
                .. "(`-std=c++20`, `CMAKE_CXX_STANDARD`), or use a newer compiler; clang may use an old libstdc++ "
                .. "of the image.",
            tags = { "c++", "standard library" },
            examples = {
                matches = {
                    "view.cpp:9:6: error: ‘string_view’ in namespace ‘std’ does not name a type",
                    "a.cpp:3:10: error: 'optional' is not a member of 'std'",
                    "a.cpp:3:10: error: no member named 'format' in namespace 'std'",
                },
                rejects = { "view.cpp:9:1: note: ‘std::string_view’ is only available from C++17 onwards" },
            },
        },
        {
            id = "cpp.standard_too_old", title = "The language standard is too old for this code",
            match = [[(?:note|error|warning): (?:\W{1,3}(?<name>[\w:]+)\W{1,3} is )?(?:only available ]]
                .. [[(?:from|with) (?<standard>C\+\+\d\d onwards|\W{0,3}-std=[\w+]+)]]
                .. [[|\W{1,3}concept\W{1,3} only available with|#error This file requires compiler and ]]
                .. [[library support for the ISO C\+\+)]],
            class = "version mismatch", severity = "error", priority = 84,
            cause = "The code uses C++ that is newer than the standard the compiler was told.",
            fix = "Set it for the target: `CMAKE_CXX_STANDARD 20` with `CMAKE_CXX_STANDARD_REQUIRED ON`, or "
                .. "`-std=c++20`. If it is set and still fails, the flags of a dependency or of the environment "
                .. "(`CXXFLAGS`) come after it.",
            commands = { "cmake --build build --verbose" },
            tags = { "c++", "standard" },
            examples = {
                matches = {
                    "view.cpp:9:1: note: ‘std::string_view’ is only available from C++17 onwards",
                    "view.cpp:6:1: note: ‘concept’ only available with ‘-std=c++20’ or ‘-fconcepts’",
                },
                rejects = { "a.cpp:1:1: note: in C++98" },
            },
        },
        {
            id = "cpp.no_match", title = "No overload or operator fits",
            match = [[error: (?:no match for \W{1,3}(?<operator>operator\S{1,12}|call to ]]
                .. [[\W{1,3}.{1,300}?)|no matching (?:function|constructor|member function]]
                .. [[|conversion).{0,6} (?:for|call|to).{0,400}|invalid operands to binary ]]
                .. [[expression.{0,400}|no viable (?:conversion|overloaded|constructor).{0,400}|call ]]
                .. [[(?:to|of) .{1,400}is ambiguous)]],
            class = "code bug", severity = "error", priority = 68,
            cause = "No function, constructor or conversion takes these types. The candidates and why each was "
                .. "refused follow.",
            fix = "Begin at `required from here` or the first line in your own file, not in the header of the "
                .. "library. Compare the argument types with the nearest candidate: `const`, a missing overload, "
                .. "or a type that cannot be copied.",
            tags = { "c++", "template" },
            examples = {
                matches = {
                    "/usr/include/c++/12/bits/stl_algo.h:1938:50: error: no match for ‘operator-’ (operand types "
                        .. "are ‘std::_List_iterator<int>’ and ‘std::_List_iterator<int>’)",
                    "a.cpp:3:10: error: no matching function for call to 'max'",
                    "shape.cpp:6:17: error: no viable conversion from 'int' to 'std::string' (aka "
                        .. "'basic_string<char>')",
                },
                rejects = { "note: candidate: ‘void f(int)’" },
            },
        },
        {
            id = "cpp.deleted_function", title = "A deleted function is used",
            match = [[error: (?:use of deleted function \W{1,3}(?<function>.{3,300}?)\W{1,3}$|call to ]]
                .. [[(?:implicitly-)?deleted (?:copy |move |default )?(?<kind>constructor|function]]
                .. [[|member function).{0,300})]],
            class = "code bug", severity = "error", priority = 70,
            cause = "Something is copied or made by default that cannot be, such as a `std::unique_ptr`, a "
                .. "`std::mutex`, or a class that holds one.",
            fix = "Move instead of copying, take a reference in loops and lambdas, or give the class its own "
                .. "constructor. The note says why it is deleted.",
            tags = { "c++", "compile" },
            examples = {
                matches = {
                    "/usr/include/c++/12/bits/stl_construct.h:119:7: error: use of deleted function "
                        .. "‘std::unique_ptr<_Tp, _Dp>::unique_ptr(const std::unique_ptr<_Tp, _Dp>&) [with _Tp = "
                        .. "int; _Dp = std::default_delete<int>]’",
                    "a.cpp:5:8: error: call to implicitly-deleted copy constructor of 'Widget'",
                },
                rejects = { "note: declared here: deleted" },
            },
        },
        {
            id = "cpp.abstract", title = "An abstract class is instantiated",
            match = [[error: (?:(?:cannot (?:allocate|declare).{3,200}|invalid (?:new-expression|cast) ]]
                .. [[.{0,100})of abstract (?:class )?type|variable type '(?<type>[^']+)' is an abstract ]]
                .. [[class|allocating an object of abstract class type)]],
            class = "code bug", severity = "error", priority = 74,
            cause = "A class is used whose pure virtual functions are not all overridden.",
            fix = "The note names the function. A signature that differs by `const`, a reference or `noexcept` "
                .. "does not override: write `override` to see it. If the base class comes from a dependency, it "
                .. "got a new function.",
            tags = { "c++", "compile" },
            examples = {
                matches = {
                    "shape.cpp:5:12: error: variable type 'Circle' is an abstract class",
                    "a.cpp:9:12: error: cannot declare variable ‘c’ to be of abstract type ‘Circle’",
                },
                rejects = { "note: unimplemented pure virtual method 'area' in 'Circle'" },
            },
        },
        {
            id = "c.conflicting_types", title = "Two declarations contradict each other",
            match = [[error: (?:conflicting types for \W{1,3}(?<name>[\w:]+)|redefinition of ]]
                .. [[\W{1,3}(?<redefined>[^'’]{1,200}?)\W{1,3}(?:$|;| )|redeclaration of ]]
                .. [[\W{1,3}(?<redeclared>[^'’]{1,200}?)\W{1,3}|ambiguating new declaration)]],
            unless = [[(?:_configtest|conftest)\.c|testC\w{0,200}Compiler\.c]],
            class = "code bug", severity = "error", priority = 72,
            cause = "The same name is declared twice in different ways, or defined twice.",
            fix = "The note shows the other place. Common reasons: a header without include guard, an own "
                .. "replacement of a function that the C library now has (`strlcpy`, `reallocarray`), and "
                .. "prototypes that lost their `const`.",
            tags = { "c", "c++", "compile" },
            examples = {
                matches = {
                    "point.c:5:6: error: conflicting types for ‘sum’; have ‘long int(int,  int)’",
                    "a.c:3:5: error: redefinition of 'f'",
                },
                rejects = { "point.c:4:5: note: previous declaration of ‘sum’ with type ‘int(int,  int)’" },
            },
        },
        {
            id = "c.arguments", title = "A function gets too few or too many arguments",
            match = [[error: too (?<what>few|many) arguments (?:to|for|provided)(?: function)?(?: call| ]]
                .. [[macro)?\W{0,4}(?<function>[\w:~]*)]],
            class = "code bug", severity = "error", priority = 72,
            cause = "A call has too {what} arguments for the declaration that is in force.",
            fix = "If the function is of a library, its headers are of another version than the code was written "
                .. "for. In C, `()` means no parameters since C23 (gcc 15): write the parameters.",
            tags = { "c", "c++", "compile" },
            examples = {
                matches = {
                    "point.c:6:32: error: too few arguments to function ‘sum’",
                    "a.c:4:9: error: too many arguments to function call, expected 1, have 2",
                },
                rejects = { "note: declared here" },
            },
        },
        {
            id = "c.incompatible_pointer", title = "Incompatible types in an assignment or argument",
            match = [[error: (?:incompatible (?:pointer|integer|function pointer).{0,60}?(?:conversion]]
                .. [[|types)|(?:passing|assignment to|initialization of|returning|return of) .{3,300} ]]
                .. [[(?:from incompatible pointer type|makes (?:integer|pointer) from (?:pointer]]
                .. [[|integer) without a cast)|invalid conversion from \W{1,3}(?<from>[^'’]{1,120})]]
                .. [[|cannot convert \W{1,3}(?<source>[^'’]{1,120})|cannot initialize .{3,300}|assigning ]]
                .. [[to .{3,200} from (?:incompatible|const))]],
            class = "code bug", severity = "error", priority = 66,
            cause = "A value of one type is put where another is wanted. What older compilers only warned of, gcc "
                .. "14 and clang 16 refuse.",
            fix = "Fix the types, do not cast them away; a missing prototype also looks like this (the result is "
                .. "taken for `int`). For old code: `-Wno-error=incompatible-pointer-types`.",
            docs = { "https://gcc.gnu.org/gcc-14/porting_to.html" },
            tags = { "c", "c++", "compile" },
            examples = {
                matches = {
                    "a.c:3:10: error: passing argument 1 of ‘f’ from incompatible pointer type "
                        .. "[-Wincompatible-pointer-types]",
                    "a.c:3:10: error: incompatible function pointer types passing 'int (void)' to parameter of "
                        .. "type 'void (*)(int)' [-Wincompatible-function-pointer-types]",
                    "a.cpp:3:10: error: invalid conversion from ‘const char*’ to ‘char*’ [-fpermissive]",
                },
                rejects = { "a.c:3:10: warning: passing argument 1 of ‘f’ from incompatible pointer type" },
            },
        },
        {
            id = "c.syntax", title = "A syntax error",
            match = [[error: (?:expected .{1,120}? (?:before|at end of|after|in|or|to match)|expected ]]
                .. [[(?:\W[^ ]{1,20}\W|expression|identifier|unqualified-id|declaration|statement|body)]]
                .. [[|stray \W{1,3}.{1,20} in program|unterminated |missing terminating |expected ]]
                .. [[primary-expression|unknown type name|extraneous closing brace|does not name a type)]],
            unless = [[(?:_configtest|conftest)\.c|testC\w{0,200}Compiler\.c]],
            class = "code bug", severity = "error", priority = 62,
            cause = "The compiler cannot read the code here.",
            fix = "The mistake is often on the line before. If the file was not touched: a merge conflict's "
                .. "markers, a macro that is not defined (a header too few), C compiled as C++ or the other way "
                .. "round, or a keyword of a newer standard.",
            commands = { "git diff --check" },
            tags = { "c", "c++", "syntax" },
            examples = {
                matches = {
                    "point.c:5:38: error: expected ‘;’ before ‘}’ token", "a.cpp:2:1: error: unknown type name 'Foo'",
                    "a.cpp:2:12: error: expected ';' after expression",
                },
                rejects = { "note: expected ‘int’ but argument is of type ‘char *’" },
            },
        },
    },
}
