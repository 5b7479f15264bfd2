-- Microsoft's compiler, linker and MSBuild.
return {
    about = "MSVC: compiling, linking and MSBuild",
    entries = {
        {
            id = "msvc.c1083", title = "A header is not found (MSVC)",
            match = [[fatal error C1083: Cannot open (?<kind>include|source|compiler generated]]
                .. [[|precompiled header|compiler intermediate|program database|type library) file: ]]
                .. [['(?<file>[^']+)': (?<reason>[^\[\r]{3,80}?)\s{0,500}(?:\[|$)]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "cl cannot open the {kind} file `{file}`: {reason}.",
            fix = "For a library's header: install it (vcpkg, Conan) and add its include folder. `windows.h`, "
                .. "`stdio.h`, `corecrt.h`: the Windows SDK is not there, or this is no developer prompt. A path "
                .. "longer than 260 characters also ends here: build in a shorter folder.",
            docs = { "https://learn.microsoft.com/cpp/error-messages/compiler-errors-1/fatal-error-c1083" },
            tags = { "windows", "msvc", "header" },
            examples = {
                matches = {
                    "D:\\a\\app\\src\\tls.c(2): fatal error C1083: Cannot open include file: 'openssl/ssl.h': No "
                        .. "such file or directory [D:\\a\\app\\build\\app.vcxproj]",
                    "c1xx: fatal error C1083: Cannot open source file: 'missing.cpp': No such file or directory",
                },
                rejects = { "D:\\a\\app\\src\\a.c(2): error C2065: 'x': undeclared identifier" },
            },
        },
        {
            id = "msvc.memory", title = "The compiler ran out of memory",
            match = [[(?:fatal error (?:C1060: compiler is out of heap space|C1002: compiler is out of ]]
                .. [[heap space)|error C3859: (?:Failed to create virtual memory for PCH|virtual memory ]]
                .. [[range for PCH exceeded)|fatal error C1076: compiler limit)]],
            class = "infrastructure", severity = "error", priority = 92,
            cause = "cl had no memory left, mostly because many run at once.",
            fix = "Fewer at a time (`/m:2`, `/MP2`, `cmake --build . -j2`), the 64-bit host compiler (`-T "
                .. "host=x64`), smaller precompiled headers, or a larger runner.",
            commands = { "cmake -A x64 -T host=x64 -S . -B build" },
            docs = { "https://learn.microsoft.com/cpp/error-messages/compiler-errors-1/fatal-error-c1060" },
            tags = { "windows", "msvc", "memory" },
            examples = {
                matches = {
                    "D:\\a\\app\\src\\big.cpp(1): fatal error C1060: compiler is out of heap space",
                    "cl : error C3859: Failed to create virtual memory for PCH",
                },
                rejects = { "warning C4711: function selected for automatic inline expansion" },
            },
        },
        {
            id = "msvc.ice", title = "The Microsoft compiler crashed",
            match = [[fatal error C1001: (?:An internal error has occurred in the compiler|Internal compiler error)]],
            class = "infrastructure", severity = "error", priority = 86,
            cause = "cl broke off. That is its bug.",
            fix = "Try another toolset of the image (`-T version=14.38`), less optimisation for this file, or "
                .. "other code at the line that is named. Report it through Visual Studio's feedback.",
            docs = { "https://learn.microsoft.com/cpp/error-messages/compiler-errors-1/fatal-error-c1001" },
            tags = { "windows", "msvc", "ice" },
            examples = {
                matches = {
                    "D:\\a\\app\\src\\a.cpp(12): fatal error C1001: Internal compiler error.",
                    "fatal error C1001: An internal error has occurred in the compiler.",
                },
                rejects = { "fatal error C1083: Cannot open include file: 'a.h'" },
            },
        },
        {
            id = "msvc.c1189", title = "The code stops the compiler with #error (MSVC)",
            match = [[fatal error C1189: #error:\s++(?<message>[^\[\r]{3,300}?)\s{0,500}(?:\[|$)]],
            class = "matrix gap", severity = "error", priority = 84,
            cause = "A header refuses this configuration: {message}",
            fix = "Do as it says. Frequent ones: `WinSock.h has already been included` (include `winsock2.h` "
                .. "before `windows.h`), a Windows version macro that is too old, a platform that is not supported.",
            docs = { "https://learn.microsoft.com/cpp/error-messages/compiler-errors-1/fatal-error-c1189" },
            tags = { "windows", "msvc" },
            examples = {
                matches = {
                    "C:\\sdk\\winsock2.h(16): fatal error C1189: #error:  WinSock.h has already been included "
                        .. "[D:\\a\\app\\app.vcxproj]",
                },
                rejects = { "warning C4068: unknown pragma" },
            },
        },
        {
            id = "msvc.c2220", title = "Warnings are treated as errors (MSVC)",
            match = [[error C2220: the following warning is treated as an error|error C2220: warning ]]
                .. [[treated as error]],
            class = "code bug", severity = "error", priority = 56,
            cause = "`/WX` makes the warning on the next lines an error.",
            fix = "Fix that warning, or take it out with `/wd…`. If the code did not change, the toolset of the "
                .. "image did.",
            docs = { "https://learn.microsoft.com/cpp/error-messages/compiler-errors-1/compiler-error-c2220" },
            tags = { "windows", "msvc", "warning" },
            examples = {
                matches = {
                    "D:\\a\\app\\src\\a.cpp(4,9): error C2220: the following warning is treated as an error "
                        .. "[D:\\a\\app\\app.vcxproj]",
                    "a.cpp(4): error C2220: warning treated as error - no 'object' file generated",
                },
                rejects = { "a.cpp(4): warning C4101: 'x': unreferenced local variable" },
            },
        },
        {
            id = "msvc.c2065", title = "A name is not declared (MSVC)",
            match = [[error C(?:2065|3861): '(?<name>[^']+)': (?:undeclared identifier|identifier not found)]],
            class = "code bug", severity = "error", priority = 72,
            cause = "cl does not know `{name}` here.",
            fix = "A missing `#include`, a feature that is not of Windows (`ssize_t`, `unistd.h`), "
                .. "`_USE_MATH_DEFINES` before `<cmath>` for `M_PI`, or two-phase lookup in templates under "
                .. "`/permissive-`.",
            docs = { "https://learn.microsoft.com/cpp/error-messages/compiler-errors-1/compiler-error-c2065" },
            tags = { "windows", "msvc", "compile" },
            examples = {
                matches = {
                    "a.cpp(9,12): error C2065: 'M_PI': undeclared identifier [D:\\a\\app\\app.vcxproj]",
                    "a.cpp(9): error C3861: 'usleep': identifier not found",
                },
                rejects = { "a.cpp(9): error C2143: syntax error: missing ';' before '}'" },
            },
        },
        {
            id = "msvc.compile_error", title = "The Microsoft compiler refuses the code",
            match = [[^(?:.{0,200}?\s)??(?<place>\S.{0,300}?\(\d+(?:,\d+)?\))\s?: (?:fatal )?error (?<code>C(?!1083]]
                .. [[|1060]]
                .. [[|1002|3859|1076|1001|1189|2220|2065|3861)\d{4}): (?<what>[^\[\r]{3,300}?)\s{0,20}(?:\[|$)]],
            class = "code bug", severity = "error", priority = 64,
            cause = "cl says {code} at {place}: {what}",
            fix = "If other compilers take it: `/permissive-`, `/Zc:__cplusplus`, `/std:c++20`, `/utf-8` (sources "
                .. "in UTF-8 without BOM, C4819, C2001), or `min`/`max` macros of `windows.h` (`NOMINMAX`).",
            docs = { "https://learn.microsoft.com/cpp/error-messages/compiler-errors-1/c-cpp-build-errors" },
            tags = { "windows", "msvc", "compile" },
            examples = {
                matches = {
                    "D:\\a\\app\\src\\a.cpp(4,9): error C2664: 'void f(int *)': cannot convert argument 1 from "
                        .. "'const char [2]' to 'int *' [D:\\a\\app\\app.vcxproj]",
                    "a.cpp(9): error C2143: syntax error: missing ';' before '}'",
                },
                rejects = { "a.cpp(9): error C3861: 'usleep': identifier not found" },
            },
        },
        {
            id = "msbuild.toolset_missing", title = "The build tools for a toolset are not installed",
            match = [[error MSB8020: The build tools for (?<toolset>.{3,80}?) cannot be found]],
            class = "version mismatch", severity = "error", priority = 93,
            cause = "The project wants {toolset}, which this image's Visual Studio has not got.",
            fix = "Retarget it (`/p:PlatformToolset=v143`), choose an image with that version, or install the "
                .. "component. With CMake: another `-G`/`-T`.",
            commands = { "msbuild app.sln /p:PlatformToolset=v143" },
            docs = { "https://learn.microsoft.com/visualstudio/msbuild/errors/msb8020" },
            tags = { "windows", "msbuild", "toolset" },
            examples = {
                matches = {
                    "C:\\Program Files\\Microsoft Visual "
                        .. "Studio\\2022\\Enterprise\\MSBuild\\Microsoft\\VC\\v170\\Microsoft.CppBuild.targets(456,5): "
                        .. "error MSB8020: The build tools for Visual Studio 2019 (Platform Toolset = 'v142') "
                        .. "cannot be found.",
                },
                rejects = { "error MSB8036: The Windows SDK version 10.0.19041.0 was not found." },
            },
        },
        {
            id = "msbuild.sdk_missing", title = "The Windows SDK is not installed",
            match = [[error MSB8036: The Windows SDK version (?<version>\S+) was not found]],
            class = "version mismatch", severity = "error", priority = 93,
            cause = "The project wants the Windows SDK {version}, and the image has others.",
            fix = "Set `WindowsTargetPlatformVersion` to `10.0` (the newest), or install that SDK in the job.",
            commands = { "msbuild app.sln /p:WindowsTargetPlatformVersion=10.0" },
            docs = { "https://learn.microsoft.com/visualstudio/msbuild/errors/msb8036" },
            tags = { "windows", "msbuild", "sdk" },
            examples = {
                matches = {
                    "C:\\VS\\Microsoft.Cpp.WindowsSDK.targets(46,5): error MSB8036: The Windows SDK version "
                        .. "10.0.19041.0 was not found. Install the required version of Windows SDK or change the "
                        .. "SDK version in the project property pages",
                },
                rejects = { "error MSB8020: The build tools for v142 (Platform Toolset = 'v142') cannot be found." },
            },
        },
        {
            id = "msbuild.command_exited", title = "A command of MSBuild failed",
            match = [[error MSB(?:3073|6006|8066): (?:The command "?(?<command>.{1,300}?)"? exited with ]]
                .. [[code (?<code>-?\d+)|"?(?<tool>[\w.]+)"? exited with code (?<code2>-?\d+)|Custom ]]
                .. [[build for .{1,300}? exited with code (?<code3>-?\d+))]],
            class = "code bug", severity = "error", priority = 24,
            cause = "A custom command or tool ended with an error.",
            fix = "Its own words stand above. Code 9009 means that the program is not there, 3 or -1073741515 that "
                .. "a DLL is missing.",
            docs = { "https://learn.microsoft.com/visualstudio/msbuild/errors/msb3073" },
            tags = { "windows", "msbuild", "summary" },
            examples = {
                matches = {
                    "C:\\VS\\Microsoft.CppCommon.targets(155,5): error MSB3073: The command \"setlocal\" exited "
                        .. "with code 1.",
                    "C:\\VS\\Microsoft.CppCommon.targets(241,5): error MSB8066: Custom build for 'gen.rule' exited "
                        .. "with code 1.",
                    "error MSB6006: \"link.exe\" exited with code 1181.",
                },
                rejects = { "warning MSB8065: Custom build for item \"gen.rule\" succeeded" },
            },
        },
        {
            id = "msbuild.project_missing", title = "MSBuild has no project to build",
            match = [[MSBUILD : error MSB(?:1003|1009|1008|1011|4025): (?<what>.{5,200})]],
            class = "missing setup", severity = "error", priority = 86,
            cause = "MSBuild cannot begin: {what}",
            fix = "Look at the working directory and the solution's name. If CMake makes it, that step comes first.",
            docs = { "https://learn.microsoft.com/visualstudio/msbuild/msbuild-command-line-reference" },
            tags = { "windows", "msbuild" },
            examples = {
                matches = {
                    "MSBUILD : error MSB1003: Specify a project or solution file. The current working directory "
                        .. "does not contain a project or solution file.",
                    "MSBUILD : error MSB1009: Project file does not exist.",
                },
                rejects = { "error MSB3073: The command \"setlocal\" exited with code 1." },
            },
        },
        {
            id = "msvc.cl_missing", title = "cl is not in PATH",
            match = [['?(?<program>cl|link|nmake|msbuild|rc|lib|devenv)(?:\.exe)?'? is not recognized as ]]
                .. [[(?:an internal or external command|the name of a cmdlet)|The term '(?<program2>cl]]
                .. [[|nmake|msbuild|link|devenv)(?:\.exe)?' is not recognized]],
            class = "missing setup", severity = "error", priority = 93,
            cause = "Microsoft's tools are not in `PATH`: this shell is no developer prompt.",
            fix = "Add `ilammy/msvc-dev-cmd` (or `microsoft/setup-msbuild` for MSBuild) before this step, or call "
                .. "`vcvars64.bat` in the same one.",
            commands = {
                "call \"C:\\Program Files\\Microsoft Visual "
                    .. "Studio\\2022\\Enterprise\\VC\\Auxiliary\\Build\\vcvars64.bat\"",
            },
            docs = { "https://learn.microsoft.com/cpp/build/building-on-the-command-line" },
            tags = { "windows", "msvc", "missing tool" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "A developer prompt for the steps that follow",
                yaml = "- uses: ilammy/msvc-dev-cmd@v1\n"
                    .. "  with:\n"
                    .. "    arch: x64\n",
            },
            examples = {
                matches = {
                    "'cl' is not recognized as an internal or external command,",
                    "'nmake' is not recognized as an internal or external command,",
                    "The term 'msbuild' is not recognized as the name of a cmdlet, function, script file, or "
                        .. "operable program.",
                },
                rejects = { "'clang' is not recognized as an internal or external command," },
            },
        },
        {
            id = "msvc.lnk2019", title = "An external symbol is not resolved",
            match = [[error LNK20(?:19|01): unresolved external symbol (?<symbol>.{1,600}?)(?: referenced ]]
                .. [[in function (?<function>.{1,600}))?$]],
            class = "code bug", severity = "error", priority = 84,
            cause = "Nothing that is linked defines `{symbol}`.",
            fix = "The name shows which library: add its `.lib` (`__imp_…` is a DLL's import library; "
                .. "`__imp_WSAStartup` wants `ws2_32.lib`). If it is this project's: the `.cpp` is not in the "
                .. "target, the DLL does not export it (`__declspec(dllexport)`, `WINDOWS_EXPORT_ALL_SYMBOLS`), C "
                .. "is declared without `extern \"C\"`, or the library is of another architecture or runtime "
                .. "(`/MT` and `/MD`).",
            commands = { "dumpbin /exports LIBRARY.lib" },
            docs = { "https://learn.microsoft.com/cpp/error-messages/tool-errors/linker-tools-error-lnk2019" },
            tags = { "windows", "msvc", "linker" },
            examples = {
                matches = {
                    "main.obj : error LNK2019: unresolved external symbol \"double __cdecl area_of(struct Shape "
                        .. "const &)\" (?area_of@@YANAEBUShape@@@Z) referenced in function main",
                    "LIBCMT.lib(exe_main.obj) : error LNK2001: unresolved external symbol main",
                },
                rejects = { "main.obj : warning LNK4217: symbol 'x' defined in 'a.obj' is imported by 'main.obj'" },
            },
        },
        {
            id = "msvc.lnk1120", title = "Unresolved externals: the linker's summary",
            match = [[fatal error LNK1120: (?<count>\d+) unresolved externals?]],
            class = "code bug", severity = "error", priority = 50,
            cause = "The linker's sum: {count} names are used that nothing defines. Each stands above as LNK2019 "
                .. "or LNK2001.",
            fix = "Look at the first LNK2019 above: its symbol shows which library or source file is missing from "
                .. "the link. Many at once from one library mean that this library was not found or is of another "
                .. "architecture.",
            commands = { "dumpbin /exports LIBRARY.lib" },
            docs = { "https://learn.microsoft.com/cpp/error-messages/tool-errors/linker-tools-error-lnk1120" },
            tags = { "windows", "msvc", "linker", "summary" },
            examples = {
                matches = {
                    "D:\\a\\app\\app\\build\\Release\\app.exe : fatal error LNK1120: 1 unresolved externals",
                    "app.exe : fatal error LNK1120: 3 unresolved externals",
                },
                rejects = { "main.obj : error LNK2019: unresolved external symbol foo referenced in function main" },
            },
        },
        {
            id = "msvc.lnk1104", title = "The linker cannot open a file",
            match = [[(?:fatal )?error LNK(?:1104|1181): cannot open (?:input )?file '(?<file>[^']+)']],
            class = "missing setup", severity = "error", priority = 92,
            cause = "The linker does not find or may not open `{file}`.",
            fix = "A library: it is not installed for this architecture and configuration, or its folder is not in "
                .. "`LIB`/`/LIBPATH` (run in a developer prompt). Names like `libboost_…-vc143-mt-x64-1_84.lib` "
                .. "must fit the toolset. The output file (`.exe`, `.dll`): it still runs or a scanner holds it. "
                .. "`python3xx_d.lib` is Python's debug library.",
            commands = { "dir /s /b C:\\path\\NAME.lib" },
            docs = { "https://learn.microsoft.com/cpp/error-messages/tool-errors/linker-tools-error-lnk1104" },
            tags = { "windows", "msvc", "linker" },
            examples = {
                matches = {
                    "LINK : fatal error LNK1104: cannot open file 'libssl.lib'",
                    "LINK : fatal error LNK1181: cannot open input file 'z.lib'",
                },
                rejects = { "LINK : fatal error LNK1168: cannot open app.exe for writing" },
            },
        },
        {
            id = "msvc.lnk1168", title = "The program that is to be written is still running",
            match = [[fatal error LNK1168: cannot open (?<file>\S+) for writing]],
            class = "infrastructure", severity = "error", priority = 90,
            cause = "`{file}` is in use: an earlier step or test left it running.",
            fix = "End it before the build (`taskkill /IM NAME /F`), or wait for the test's process. A virus "
                .. "scanner may hold it for a moment.",
            docs = { "https://learn.microsoft.com/cpp/error-messages/tool-errors/linker-tools-error-lnk1168" },
            tags = { "windows", "msvc", "linker" },
            examples = {
                matches = { "LINK : fatal error LNK1168: cannot open D:\\a\\app\\build\\app.exe for writing" },
                rejects = { "LINK : fatal error LNK1104: cannot open file 'libssl.lib'" },
            },
        },
        {
            id = "msvc.lnk2038", title = "Objects were compiled for different runtimes",
            match = [[error LNK2038: mismatch detected for '(?<what>[^']+)': value '(?<left>[^']+)' ]]
                .. [[doesn't match value '(?<right>[^']+)']],
            class = "version mismatch", severity = "error", priority = 92,
            cause = "Two objects do not go together: `{what}` is {left} in one and {right} in the other.",
            fix = "`RuntimeLibrary`: build all with the same of `/MD`, `/MDd`, `/MT`, `/MTd` "
                .. "(`CMAKE_MSVC_RUNTIME_LIBRARY`, vcpkg's triplet). `_ITERATOR_DEBUG_LEVEL`: a release library in "
                .. "a debug build. `_MSC_VER`: another toolset.",
            docs = { "https://learn.microsoft.com/cpp/error-messages/tool-errors/linker-tools-error-lnk2038" },
            tags = { "windows", "msvc", "linker" },
            examples = {
                matches = {
                    "foo.lib(a.obj) : error LNK2038: mismatch detected for 'RuntimeLibrary': value "
                        .. "'MT_StaticRelease' doesn't match value 'MD_DynamicRelease' in main.obj",
                },
                rejects = { "warning LNK4098: defaultlib 'LIBCMT' conflicts with use of other libs" },
            },
        },
        {
            id = "msvc.lnk2005", title = "A symbol is defined more than once",
            match = [[(?:error LNK2005: (?<symbol>.{1,400}?) already defined in (?<object>\S+)|fatal ]]
                .. [[error LNK1169: one or more multiply defined symbols found)]],
            class = "code bug", severity = "error", priority = 80,
            cause = "The same name is defined in two objects that are linked.",
            fix = "If both are of the C runtime (`LIBCMT`, `MSVCRT`), libraries of `/MT` and `/MD` are mixed. "
                .. "Otherwise a definition in a header that is not `inline`, or a file that is in the link twice.",
            docs = { "https://learn.microsoft.com/cpp/error-messages/tool-errors/linker-tools-error-lnk2005" },
            tags = { "windows", "msvc", "linker" },
            examples = {
                matches = {
                    "b.obj : error LNK2005: \"int verbosity\" (?verbosity@@3HA) already defined in a.obj",
                    "app.exe : fatal error LNK1169: one or more multiply defined symbols found",
                },
                rejects = { "warning LNK4006: x already defined in a.obj; second definition ignored" },
            },
        },
        {
            id = "msvc.lnk1112", title = "Libraries of different architectures are mixed",
            match = [[(?:fatal error LNK1112: module machine type '(?<module>[^']+)' conflicts with ]]
                .. [[target machine type '(?<target>[^']+)'|warning LNK4272: library machine type ]]
                .. [['(?<library>[^']+)' conflicts)]],
            class = "matrix gap", severity = "error", priority = 92,
            cause = "A library or object is of another architecture than the program.",
            fix = "Choose the same on all sides: the developer prompt (`vcvars64`, `arch:` of the action), CMake's "
                .. "`-A x64`, vcpkg's triplet, and where the library comes from. Clear caches that do not name the "
                .. "architecture.",
            commands = { "dumpbin /headers LIBRARY.lib | findstr machine" },
            docs = { "https://learn.microsoft.com/cpp/error-messages/tool-errors/linker-tools-error-lnk1112" },
            tags = { "windows", "msvc", "linker", "architecture" },
            examples = {
                matches = {
                    "zlib.lib(adler32.obj) : fatal error LNK1112: module machine type 'x86' conflicts with target "
                        .. "machine type 'x64'",
                    "C:\\lib\\foo.lib : warning LNK4272: library machine type 'ARM64' conflicts with target "
                        .. "machine type 'x64'",
                },
                rejects = { "LINK : fatal error LNK1104: cannot open file 'x64.lib'" },
            },
        },
        {
            id = "msvc.lnk_other", title = "The linker stopped",
            match = [[(?:fatal )?error (?<code>LNK(?!1104|1120|1181|1168|1112|1169|2019|2001|2005]]
                .. [[|2038)\d{4}): (?<what>.{3,400})]],
            class = "code bug", severity = "error", priority = 72,
            cause = "The linker says {code}: {what}",
            fix = "LNK1102 and LNK1248: too large or out of memory. LNK1140, LNK1318, LNK1201: trouble with the "
                .. "`.pdb` (a full disk, two links at once; `/Z7` or `/FS` helps). LNK1107, LNK1136: the file is "
                .. "broken or not a library. LNK1158: run in a developer prompt.",
            docs = { "https://learn.microsoft.com/cpp/error-messages/tool-errors/linker-tools-errors-and-warnings" },
            tags = { "windows", "msvc", "linker" },
            examples = {
                matches = {
                    "LINK : fatal error LNK1158: cannot run 'rc.exe'", "LINK : fatal error LNK1102: out of memory",
                },
                rejects = { "LINK : fatal error LNK1104: cannot open file 'libssl.lib'" },
            },
        },
    },
}
