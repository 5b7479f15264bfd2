-- Microsoft's compiler and MSBuild.
return {
    about = "MSVC: compiling and MSBuild",
    entries = {
        {
            id = "msvc.c1083", title = "A header is not found (MSVC)",
            match = [[fatal error C1083: Cannot open (?<kind>include|source|compiler generated]]
                .. [[|precompiled header|compiler intermediate|program database|type library) file: ]]
                .. [['(?<file>[^']+)': (?<reason>[^\[\r]{3,80}?)\s*(?:\[|$)]],
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
            match = [[fatal error C1189: #error:\s+(?<message>[^\[\r]{3,300}?)\s*(?:\[|$)]],
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
            fix = "Mend that warning, or take it out with `/wd…`. If the code did not change, the toolset of the "
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
            match = [[(?<place>\S.{0,300}?\(\d+(?:,\d+)?\))\s?: (?:fatal )?error (?<code>C(?!1083|1060]]
                .. [[|1002|3859|1076|1001|1189|2220|2065|3861)\d{4}): (?<what>[^\[\r]{3,300}?)\s*(?:\[|$)]],
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
    },
}
