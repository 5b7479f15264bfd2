-- Compilers, linkers and checkers of C and C++, and the tools around them.
local path = [[(?<file>(?:[A-Za-z]:[\\/]|\\\\|/|\.{1,2}[\\/])[^:"<>|*?()\t]+?|[^\s:"'<>|*?(),;=]+)]]

local readers = {
    {
        id = "gcc.context", tool = "gcc", specificity = 40, severity = "note",
        match = [[^]] .. path .. [[:(?<line>\d+):(?:(?<column>\d+):)?\s+(?<message>(?:recursively )?required ]]
            .. [[(?:from|by|for) .+|instantiated from .+|in .constexpr. expansion of .+)$]],
        examples = { matches = { "src/list.hpp:41:9:   required from 'void push(T) [with T = int]'" } },
        gives = { { "src/list.hpp:41:9: note: required from 'void push(T) [with T = int]' (gcc)" } },
    },
    {
        id = "ld.undefined", tool = "ld", specificity = 45, severity = "error",
        match = [[^(?:\S*ld(?:\.\w+)?: )?(?:\S+\.(?:o|a|so)(?:\([^()]*\))?:)?\s*]] .. [[(?!(?:error|warning):)]]
            .. path
            .. [[:(?:(?<line>\d+)|\(\.[\w.$+-]+\)|\(\.[\w.$+-]+\+0x[0-9a-fA-F]+\))?:? (?<message>]]
            .. [[(?:undefined reference to|multiple definition of|undefined symbol|relocation truncated to fit).+)$]],
        examples = { matches = {
            "/dir/file.cpp:233: undefined reference to `Value::get() const'",
            "/usr/bin/ld: main.o: in function `main':\n/home/me/main.c:7: undefined reference to `clock_gettime'",
            "/usr/bin/ld: /tmp/cc3.o:main.c:(.text+0x15): undefined reference to `missing'",
        } },
        gives = {
            { "/dir/file.cpp:233:-: error: undefined reference to `Value::get() const' (ld)" },
            { "/home/me/main.c:7:-: error: undefined reference to `clock_gettime' (ld)" },
            { "main.c:-:-: error: undefined reference to `missing' (ld)" },
        },
    },
    {
        id = "ld.message", tool = "ld", specificity = 44, severity = "error",
        match = [[^(?:\S*/)?(?:[\w-]+-)?ld(?:\.(?:gold|lld|bfd))?(?:\.exe)?: (?:(?<severity>error|warning): )?]]
            .. [[(?<message>(?!\S+: in function|.*returned \d+ exit|\S+\.o: (?:undefined|.text)).+)$]],
        below = [[^>>> (?:referenced|defined) (?:by|at) (?<file>[^\s:()]+):(?<line>\d+)]], below_within = 3,
        examples = { matches = {
            "/usr/bin/ld: cannot find -lmissing: No such file or directory",
            "ld.lld: error: undefined symbol: start_engine\n>>> referenced by main.c:3\n>>>               "
                .. "main.o:(main)",
            "ld: symbol(s) not found for architecture arm64",
        } },
        gives = {
            { "-:-:-: error: cannot find -lmissing: No such file or directory (ld)" },
            { "main.c:3:-: error: undefined symbol: start_engine (ld)" },
            { "-:-:-: error: symbol(s) not found for architecture arm64 (ld)" },
        },
    },
    {
        id = "ld.macos", tool = "ld", specificity = 44, severity = "error",
        match = [[^Undefined symbols for architecture \w+:$]],
        below = [[^\s+(?<message>"[^"]+", referenced from:)$]], below_within = 1, requires = { "message" },
        examples = { matches = {
            "Undefined symbols for architecture x86_64:\n  \"_start_engine\", referenced from:\n      _main in "
                .. "main.o",
        } },
        gives = { { "-:-:-: error: \"_start_engine\", referenced from: (ld)" } },
    },
    {
        id = "msvc.linker", tool = "msvc", specificity = 45,
        match = [[^\s*(?:\d+>)?(?<file>\S+\.(?:obj|lib|exe|dll|res|rc|pdb|def)(?:\([^)]*\))?) ?: (?<severity>]]
            .. [[(?:fatal )?error|warning) (?<code>LNK\d+) ?: (?<message>\S.+)$]],
        examples = { matches = {
            "main.obj : error LNK2019: unresolved external symbol \"void __cdecl start(void)\" (?start@@YAXXZ) "
                .. "referenced in function main",
        } },
        gives = {
            { "main.obj:-:-: error: unresolved external symbol \"void __cdecl start(void)\" (?start@@YAXXZ) "
                .. "referenced in function main [LNK2019] (msvc)" },
        },
    },
    {
        id = "msvc.command", tool = "msvc", specificity = 45,
        match = [[^\s*(?:\d+>)?(?:LINK|cl|CL|CVTRES|RC|NMAKE|lib|LIB) ?: (?:Command line )?(?<severity>]]
            .. [[(?:fatal )?error|warning) (?<code>[A-Z]+\d+) ?: (?<message>\S.+)$]],
        examples = { matches = {
            "LINK : fatal error LNK1104: cannot open file 'engine.lib'",
            "cl : Command line warning D9025 : overriding '/W3' with '/W4'",
        } },
        gives = {
            { "-:-:-: error: cannot open file 'engine.lib' [LNK1104] (msvc)" },
            { "-:-:-: warning: overriding '/W3' with '/W4' [D9025] (msvc)" },
        },
    },
    {
        id = "cmake.message", tool = "cmake", specificity = 60,
        match = [[^\s*(?:\[cmake\] )?CMake (?<severity>Error|Warning|Deprecation Warning)(?: \(dev\))?(?: ]]
            .. [[(?:at|in) (?<file>[^:]+):(?<line>\d+)(?: \([\w:]+\))?)?: ?(?<message>\S.*)?$]],
        continues = [[^(?:\[cmake\])? {2}\S]],
        examples = { matches = {
            "CMake Error at CMakeLists.txt:12 (find_package):\n  By not providing \"FindFoo.cmake\" in "
                .. "CMAKE_MODULE_PATH\n  this project has asked CMake to find a package.\n\n",
            "CMake Error: The source directory \"/src/none\" does not exist.",
        } },
        gives = {
            { "CMakeLists.txt:12:-: error: By not providing \"FindFoo.cmake\" in CMAKE_MODULE_PATH ⏎ this project "
                .. "has asked CMake to find a package. (cmake)" },
            { "-:-:-: error: The source directory \"/src/none\" does not exist. (cmake)" },
        },
    },
    {
        id = "make.stop", tool = "make", specificity = 40, severity = "error",
        match = [[^(?<file>[^\s:]+):(?<line>\d+): \*\*\* (?<message>.+?)(?:\.  Stop\.)?$]],
        examples = { matches = { "Makefile:12: *** missing separator.  Stop." } },
        gives = { { "Makefile:12:-: error: missing separator (make)" } },
    },
    {
        id = "cppcheck.old", tool = "cppcheck", specificity = 60,
        match = [=[^(?:\[[^\]]+:\d+\] -> )*+\[]=] .. path .. [=[:(?<line>\d+)\](?: -> \[[^\]]+\])*: \(]=]
            .. [=[(?<severity>[\w, ]+)\) (?<message>\S.*)$]=],
        examples = { matches = { "[src/list.c:12]: (error) Memory leak: node", "[a.c:3] -> [b.c:12]: (style) "
            .. "Redundant check" } },
        gives = {
            { "src/list.c:12:-: error: Memory leak: node (cppcheck)" },
            { "b.c:12:-: note: Redundant check (cppcheck)" },
        },
    },
    {
        id = "cpplint.message", tool = "cpplint", specificity = 60, severity = "warning",
        match = [[^]] .. path .. [[(?::(?<line>\d+)|\((?<line_2>\d+)\)):\s++(?<message>.{1,100}?)\s+\[]]
            .. [[(?<code>[a-z]\w*/\w+)\] \[\d\]$]],
        examples = { matches = {
            "src/list.cc:12:  Missing space before {  [whitespace/braces] [5]",
            "c:\\work\\list.cpp(824):  Tab found; better to use spaces  [whitespace/tab] [1]",
        } },
        gives = {
            { "src/list.cc:12:-: warning: Missing space before { [whitespace/braces] (cpplint)" },
            { "C:/work/list.cpp:824:-: warning: Tab found; better to use spaces [whitespace/tab] (cpplint)" },
        },
    },
    {
        id = "flawfinder.hit", tool = "flawfinder", specificity = 60,
        match = [[^]] .. path .. [[:(?<line>\d+):(?:(?<column>\d+):)?\s+\[(?<severity>[0-5])\]\s+\(]]
            .. [[(?<code>\w+)\)\s+(?<message>\S.*)$]],
        severities = { ["0"] = "note", ["1"] = "note", ["2"] = "note", ["3"] = "warning", ["4"] = "warning",
        ["5"] = "error" },
        continues = [[^ {2}\S]],
        examples = { matches = { "src/main.c:114:  [5] (buffer) strcpy:Does not check for buffer overflows "
            .. "(CWE-120)." } },
        gives = {
            { "src/main.c:114:-: error: strcpy:Does not check for buffer overflows (CWE-120). [buffer] "
                .. "(flawfinder)" },
        },
    },
    {
        id = "pclint.columns", tool = "PC-lint", specificity = 35,
        match = [[^"?]] .. path .. [["?(?:\s{1,40}|,\s*)(?<line>\d+)(?:\s+\d+)?\s+]]
            .. [[(?<severity>Error|Warning|Info|Note|Information|Lint) (?<code>\d{1,4}): (?<message>\S.*)$]],
        continues = [[^ {4,}\S]],
        examples = { matches = { "src/list.c  12  Warning 534: Ignoring return value of function 'close(int)'" } },
        gives = { { "src/list.c:12:-: warning: Ignoring return value of function 'close(int)' [534] (PC-lint)" } },
    },
    {
        id = "doxygen.message", tool = "doxygen", specificity = 30,
        match = [[^]] .. [[(?:(?<file_2><\w+>)|]] .. path .. [[):(?<line>-?\d+): (?<severity>Warning|Error|]]
            .. [[warning|error): (?<message>]]
            .. [[.*(?:documented|documentation|unknown command|declared or defined|matching (?:class|file) member|]]
            .. [[[Uu]nresolved reference|unable to resolve|dot block|argument of command|supplied as|of the group|]]
            .. [[`[\\@]\w+|'[\\@]\w+'|[Ii]llegal command|unexpected (?:token|command)|end of (?:file|list)|cite).*)$]],
        continues = [[^(?!\S+:\d+:|<|\S+: [Ww]arning|Generating|Parsing|Preprocessing|Reading|Searching|Building|]]
            .. [[Resolving|Adding|Computing|Freeing|Error:|Warning:|[\w ]+\.\.\.$|.*\[-W|\s*\^|\s*\d+ \|)]]
            .. [[(?!\s*\||\[)(?:\s+\S|.*(?:::|\(|[Pp]ossible candidates|\b\w+ \w+ \w))]],
        below_within = 20,
        examples = { matches = {
            "/src/list.cpp:72: Warning: no matching class member found for\n  void List::push(int value)\nPossible "
                .. "candidates:\n  void List::push(long value)\nParsing file list.h...",
        } },
        gives = {
            { "/src/list.cpp:72:-: warning: no matching class member found for ⏎ void List::push(int value) ⏎ "
                .. "Possible candidates: ⏎ void List::push(long value) (doxygen)" },
        },
    },
    {
        id = "valgrind.error", tool = "valgrind", specificity = 60, severity = "error",
        match = [[^(?:--|==)\d+(?:--|==)\s(?<message>(?:Invalid ]]
            .. [[(?:read|write|free)|Conditional jump or move|Use of uninitialised|Syscall param|Mismatched free|]]
            .. [[Source and destination overlap|Jump to the invalid|Process terminating|Possible data race|]]
            .. [[.{0,200}bytes in .* (?:are )?(?:definitely|possibly|indirectly) lost).*)$]],
        below = [[^==\d+==\s+(?:at|by) 0x[0-9A-F]+: .+ \((?<file>[^():\s]+\.\w+):(?<line>\d+)\)$]],
        below_stops = [[^==\d+==\s*$]], below_within = 30,
        examples = { matches = {
            "==217== Invalid read of size 4\n==217==    at 0x109161: first (list.c:12)\n==217==    by 0x10918F: "
                .. "main (main.c:5)\n==217== ",
        } },
        gives = { { "list.c:12:-: error: Invalid read of size 4 (valgrind)" } },
    },
    {
        id = "sanitizer.report", tool = "sanitizer", specificity = 60, severity = "error",
        match = [[^(?:==\d+==)?\s*(?:ERROR|WARNING): (?<message>]]
            .. [[(?:Address|Leak|Memory|Thread|UndefinedBehavior|HWAddress)Sanitizer: .+?)(?: on ]]
            .. [[(?:unknown )?address .*| \(pid=\d+\))?$]],
        below = [[^\s+#\d+ 0x[0-9a-f]+ in .{1,100} (?<file>/(?!build/|usr/|.*]]
            .. [[(?:/libsanitizer/|/compiler-rt/|/sysdeps/))[^\s:]+):(?<line>\d+)(?::(?<column>\d+))?$]],
        below_stops = [[^(?:freed by|previously allocated|SUMMARY:)]], below_within = 40,
        examples = { matches = {
            "==12==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010 at pc 0x4f bp 0x7f sp "
                .. "0x7e\nREAD of size 4 at 0x602000000010 thread T0\n    #0 0x4f2e1a in first "
                .. "/home/me/list.c:12:10\n    #1 0x4f2f5b in main /home/me/main.c:5:3",
        } },
        gives = { { "/home/me/list.c:12:10: error: AddressSanitizer: heap-use-after-free (sanitizer)" } },
    },
    {
        id = "drmemory.error", tool = "Dr. Memory", specificity = 60, severity = "error",
        match = [[^(?:~~\w+~~ )?Error #\d+: (?<message>[A-Z]{4,}.+)$]],
        below = [=[^(?:~~\w+~~ )?#\s*\d+ .{0,500}\[(?<file>[^\]]+\.\w+):(?<line>\d+)\]$]=], below_stops = [[^\s*$]],
        below_within = 40,
        examples = { matches = {
            "Error #1: UNINITIALIZED READ: reading register eax\n# 0 _fini               \n# 1 first    "
                .. "[/home/me/list.c:12]",
        } },
        gives = { { "/home/me/list.c:12:-: error: UNINITIALIZED READ: reading register eax (Dr. Memory)" } },
    },
    {
        id = "coverity.defect", tool = "coverity", specificity = 60, severity = "error",
        match = [[^\*\*\* CID \d+:\s+(?<message>\S(?:.*?\S)??)(?:\s+\((?<code>[A-Z_]+)\))?$]],
        below = [[^(?<file>/[^:]+): (?<line>\d+) in ]], below_within = 3,
        examples = { matches = { "*** CID 1234:  Null pointer dereferences  (FORWARD_NULL)\n/src/list.c: 12 in "
            .. "first()" } },
        gives = { { "/src/list.c:12:-: error: Null pointer dereferences [FORWARD_NULL] (coverity)" } },
    },
    {
        id = "coverity.line", tool = "coverity", specificity = 60, severity = "warning",
        match = [[^]] .. path .. [[:(?<line>\d+): CID \d+ \([^)]*\): (?<message>.+?)(?: \((?<code>[A-Z_]+)\))?$]],
        examples = { matches = { "src/list.c:12: CID 1234 (#1 of 1): Dereference before null check "
            .. "(REVERSE_INULL)" } },
        gives = { { "src/list.c:12:-: warning: Dereference before null check [REVERSE_INULL] (coverity)" } },
    },
    {
        id = "klocwork.text", tool = "klocwork", specificity = 60,
        match = [[^\d+ \([^)]*\) ]] .. path .. [[:(?<line>\d+) (?<code>[A-Z][\w.]+) \(\d+:(?<severity>\w+)\)]]
            .. [[(?: \w+)?$]],
        below = [[^(?<message>\S.*)$]], below_within = 1,
        examples = { matches = { "1 (Local) src/list.c:12 NPD.FUNC.MUST (1:Critical) Analyze\nPointer 'node' may "
            .. "be null" } },
        gives = { { "src/list.c:12:-: error: Pointer 'node' may be null [NPD.FUNC.MUST] (klocwork)" } },
    },
    {
        id = "qac.message", tool = "QA-C", specificity = 45,
        match = [[^]] .. path .. [[\((?<line>\d+)(?:,(?<column>\d+))?\): ?\+\+ ?(?<severity>\w+) ?\+\+: ]]
            .. [[(?:<=\d+=)?\(?(?<code>[\w:]+)\)\s*(?<message>\S.*)$]],
        examples = { matches = { "C:\\work\\list.c(12,5): ++ WARNING ++: <=2=(4700) Metric value out of threshold "
            .. "range" } },
        gives = { { "C:/work/list.c:12:5: warning: Metric value out of threshold range [4700] (QA-C)" } },
    },
    {
        id = "duplicates.simian", tool = "simian", specificity = 60, severity = "warning",
        match = [[^\s*Between lines (?<line>\d+) and \d+ in (?<file>\S.*)$]],
        above = [[^(?<message>Found \d+ duplicate lines) in the following files]],
        examples = { matches = { "Found 7 duplicate lines in the following files:\n Between lines 12 and 19 in "
            .. "/src/list.c\n Between lines 30 and 37 in /src/set.c" } },
        gives = {
            { "/src/list.c:12:-: warning: Found 7 duplicate lines (simian)", "/src/set.c:30:-: warning: Found 7 "
                .. "duplicate lines (simian)" },
        },
    },
    {
        id = "duplicates.cpd", tool = "cpd", specificity = 60, severity = "warning",
        match = [[^Starting at line (?<line>\d+) of (?<file>\S.*)$]],
        above = [[^(?<message>Found an? \d+ line \(\d+ tokens\) duplication) in the following files]],
        examples = { matches = { "Found a 7 line (54 tokens) duplication in the following files: \nStarting at "
            .. "line 12 of /src/A.java\nStarting at line 30 of /src/B.java" } },
        gives = {
            { "/src/A.java:12:-: warning: Found a 7 line (54 tokens) duplication (cpd)", "/src/B.java:30:-: "
                .. "warning: Found a 7 line (54 tokens) duplication (cpd)" },
        },
    },
}

for _, reader in ipairs(readers) do
    reader.keep = 2500  -- a log may have thousands of them
    -- Patterns of ASCII find the same in bytes, with much less to compile.
    if not reader.match:find("[\128-\255]") then reader.flags = "b" end
end

return {
    about = "Diagnostics of C and C++ compilers, linkers, CMake, make, checkers, sanitizers and Doxygen.",
    diagnostic_readers = readers,
}
