-- Microsoft's linker.
return {
    about = "MSVC: linking",
    entries = {
        {
            id = "msvc.lnk2019", title = "An external symbol is not resolved",
            match = [[error LNK20(?:19|01): unresolved external symbol (?<symbol>.{1,600}?)(?: referenced ]]
                .. [[in function (?<function>.{1,600}))?$]],
            class = "code bug", severity = "error", priority = 84,
            cause = "Nothing that is linked defines `{symbol}`.",
            fix = "The name tells which library: add its `.lib` (`__imp_…` is a DLL's import library; "
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
            fix = "Look at the first LNK2019 above: its symbol tells which library or source file is missing from "
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
