-- Compilers for small and for old machines.
local path = [[(?<file>(?:[A-Za-z]:[\\/]|\\\\|/|\.{1,2}[\\/])[^:"<>|*?()\t]+?|[^\s:"'<>|*?(),;=]+)]]

local readers = {
    {
        id = "iar.message", tool = "IAR", specificity = 60,
        match = [[^\s*+(?:\[\w+\]\s++)?"?(?<file>[^"\t]+?)"?(?:,|\()(?<line>\d+)\)?\s{0,100}:?\s+(?<severity>]]
            .. [[(?:Fatal )?[Ee]rror|Warning|Remark|Severity-\w+)\s?\[(?<code>[\w-]+)\]:\s*(?<message>\S.*)$]],
        continues = [[^ {10,}\S]],
        examples = { matches = {
            "\"C:\\work\\list.c\",12  Warning[Pe188]: enumerated type mixed with another type",
            "C:\\work\\list.c(12) : Error[Pe020]: identifier \"x\" is undefined",
            "\"c:\\work\\list.c\",18 Severity-Medium[RED-unused-assign]:Value assigned to 'x' is never used",
        } },
        gives = {
            { "C:/work/list.c:12:-: warning: enumerated type mixed with another type [Pe188] (IAR)" },
            { "C:/work/list.c:12:-: error: identifier \"x\" is undefined [Pe020] (IAR)" },
            { "C:/work/list.c:18:-: warning: Value assigned to 'x' is never used [RED-unused-assign] (IAR)" },
        },
    },
    {
        id = "iar.bare", tool = "IAR", specificity = 50,
        match = [[^\s*(?:\[\w+\]\s+)?(?<severity>Fatal Error|Error|Warning|Remark)\[(?<code>[A-Z][a-z]\d+)\]: ]]
            .. [[(?<message>\S.*)$]],
        examples = { matches = { "Fatal Error[Pe1696]: cannot open source file \"C:\\work\\none.c\"" } },
        gives = { { "-:-:-: error: cannot open source file \"C:\\work\\none.c\" [Pe1696] (IAR)" } },
    },
    {
        id = "ti.assembler", tool = "TI", specificity = 60,
        match = [[^\s*"(?<file>[^"]+)", (?<severity>ERROR|WARNING|REMARK)!?\s+at line (?<line>\d+): (?:\[]]
            .. [[(?<code>\w+)\] )?(?<message>\S.*)$]],
        examples = { matches = { "\"start.asm\", ERROR!   at line 5: [E0002] Illegal mnemonic specified" } },
        gives = { { "start.asm:5:-: error: Illegal mnemonic specified [E0002] (TI)" } },
    },
    {
        id = "edg.message", tool = "EDG", specificity = 30,
        match = [[^\s*"(?<file>[^"]+)", line (?<line>\d+)(?: ?\(col\. (?<column>\d+)\))?: (?:(?<code_3>cc\d+): ]]
            .. [[(?:\{\w\} )?)?(?<severity>]]
            .. [[(?:fatal |catastrophic |internal )?[Ee]rror|[Ww]arning|[Rr]emark|[Ii]nfo)(?:\s*:)?(?:\s+#]]
            .. [[(?<code>\d+(?:-D)?)|\s+\((?<code_2>[\w:]+)\))?:\s*(?<message>\S.*)?$]],
        continues = [[^ {10}\S]], below_within = 6,
        examples = { matches = {
            "\"main.c\", line 7: warning (dcc:1521): missing return expression",
            "\"../src/list.c\", line 59: cc0223: {D} warning: function declared implicitly",
            "\"src/edge.c\", line 177: remark #1534-D: may want to suffix float constant with an f",
            "\"C:\\work\\list.c\", line 12 (col. 5): warning #550-D:\n          variable \"x\" was set but never "
                .. "used\n      int x = 5;\n          ^",
            "\"/home/me/main.cpp\", line 21: Error:  #5: cannot open source input file \"list.h\"",
        } },
        gives = {
            { "main.c:7:-: warning: missing return expression [dcc:1521] (EDG)" },
            { "../src/list.c:59:-: warning: function declared implicitly [cc0223] (EDG)" },
            { "src/edge.c:177:-: note: may want to suffix float constant with an f [1534-D] (EDG)" },
            { "C:/work/list.c:12:5: warning: variable \"x\" was set but never used [550-D] (EDG)" },
            { "/home/me/main.cpp:21:-: error: cannot open source input file \"list.h\" [5] (EDG)" },
        },
    },
    {
        id = "xlc.message", tool = "xlc", specificity = 50,
        match = [[^\s*"(?<file>[^"]+)", line (?<line>\d+)\.(?<column>\d+): (?<code>\d+-\d+) \((?<severity>\w)\) ]]
            .. [[(?<message>\S.*)$]],
        severities = { i = "note", w = "warning", e = "error", s = "error", u = "error", l = "note" },
        examples = { matches = { "\"list.c\", line 12.5: 1506-045 (S) Undeclared identifier count." } },
        gives = { { "list.c:12:5: error: Undeclared identifier count. [1506-045] (xlc)" } },
    },
    {
        id = "xlc.linker", tool = "xlc", specificity = 50, severity = "error",
        match = [[^(?:ld|linker): (?<code>\d{4}-\d{3}) (?:(?<severity>ERROR|WARNING|SEVERE ERROR): )?]]
            .. [[(?<message>\S.*)$]],
        examples = { matches = { "ld: 0711-317 ERROR: Undefined symbol: .start" } },
        gives = { { "-:-:-: error: Undefined symbol: .start [0711-317] (xlc)" } },
    },
    {
        id = "aix.bare", tool = "xlc", specificity = 50,
        match = [[^(?<code>\d{4}-\d{3}) \((?<severity>[IWESUL])\) (?<message>\S.*)$]],
        severities = { i = "note", w = "warning", e = "error", s = "error", u = "error", l = "note" },
        examples = { matches = { "1506-507 (W) No licenses available." } },
        gives = { { "-:-:-: warning: No licenses available. [1506-507] (xlc)" } },
    },
    {
        id = "tasking.message", tool = "tasking", specificity = 60,
        match = [[^(?:\w+ )?(?<severity>[WEFSI])(?<code>\d{3}): \["(?<file>[^"]+)" (?<line>\d+)(?:/]]
            .. [[(?<column>\d+))?\] (?<message>\S.*)$]],
        severities = { w = "warning", e = "error", f = "error", s = "error", i = "note" },
        examples = { matches = { "ctc W505: [\"src/list.c\" 12/5] implicit declaration of function \"start\"" } },
        gives = { { "src/list.c:12:5: warning: implicit declaration of function \"start\" [505] (tasking)" } },
    },
    {
        id = "keil.c51", tool = "keil", specificity = 60,
        match = [[^\*\*\* (?<severity>FATAL ERROR|ERROR|WARNING) (?<code>[A-Z]?\d+) IN LINE (?<line>\d+) OF ]]
            .. [[(?<file>[^:]+(?::[^: ][^:]*)?): (?<message>\S.*)$]],
        examples = { matches = { "*** WARNING C280 IN LINE 12 OF LIST.C: 'i': unreferenced local variable" } },
        gives = { { "LIST.C:12:-: warning: 'i': unreferenced local variable [C280] (keil)" } },
    },
    {
        id = "codewarrior.block", tool = "CodeWarrior", specificity = 60,
        match = [[^#\s+(?<severity>Error|Warning|warning|error):\s*(?:\^+\s*|(?<message>\S.*))?$]],
        above = [[^#\s+(?:File: +(?<file>\S.*)$|(?<line>\d+): )]], above_within = 20, above_all = true,
        below = [[^#\s{2,}(?<message>[^\s^].*)$]], below_within = 2,
        requires = { "line" },
        examples = { matches = {
            "### mwcceppc.exe Compiler:\n#    File: src\\list.c\n# ----------------\n#      12: int main(\n#   "
                .. "Error:     ^\n#   declaration syntax error\n",
        } },
        gives = { { "src/list.c:12:-: error: declaration syntax error (CodeWarrior)" } },
    },
    {
        id = "codewarrior.place", tool = "CodeWarrior", specificity = 60,
        match = [[^>> in "(?<file>[^"]+)", line (?<line>\d+), col (?<column>\d+), pos \d+$]],
        below = [[^(?<severity>INFORMATION|WARNING|ERROR|FATAL) (?<code>[A-Z]\d+): (?<message>\S.*)$]],
        below_within = 8,
        requires = { "message" },
        examples = { matches = { ">> in \"e:\\work\\list.c\", line 12, col 3, pos 234\n  x = 5;\n  ^\nERROR C2450: "
            .. "Expected: ;" } },
        gives = { { "E:/work/list.c:12:3: error: Expected: ; [C2450] (CodeWarrior)" } },
    },
    {
        id = "codewarrior.linker", tool = "CodeWarrior", specificity = 30,
        match = [[^(?<severity>INFORMATION|WARNING|ERROR|FATAL) (?<message>(?<code>[LC]\d{1,5}): \S.*)$]],
        examples = { matches = { "WARNING L1916: Section name DATA is too long. Name is cut to 90 characters "
            .. "length" } },
        gives = {
            { "-:-:-: warning: L1916: Section name DATA is too long. Name is cut to 90 characters length [L1916] "
                .. "(CodeWarrior)" },
        },
    },
    {
        id = "sun.message", tool = "Sun Studio", specificity = 50,
        match = [[^"(?<file>[^"]+)", line (?<line>\d+): (?:(?<severity>[Ww]arning|[Ee]rror)(?:, (?<code>\w+))?: ]]
            .. [[(?:\(Anachronism\) )?)(?<message>\S.*?)\.?(?: \((?<code_2>E_\w+)\))?$]],
        examples = { matches = { "\"list.c\", line 12: warning: implicit function declaration: start "
            .. "(E_NO_IMPLICIT_DECL_ALLOWED)" } },
        gives = {
            { "list.c:12:-: warning: implicit function declaration: start [E_NO_IMPLICIT_DECL_ALLOWED] (Sun "
                .. "Studio)" },
        },
    },
    {
        id = "acc.message", tool = "aCC", specificity = 50,
        match = [[^(?<severity>Error|Warning|Future Error|Warning \(suggestion\)) (?:\(\w+\) )?(?<code>\d+): "]]
            .. [[(?<file>[^"]+)", line (?<line>\d+) # (?<message>\S.*)$]],
        continues = [[^ {4}\S]],
        examples = { matches = { "Error 419: \"list.C\", line 12 # 'x' is used as a type, but has not been defined "
            .. "as a type." } },
        gives = {
            { "list.C:12:-: error: 'x' is used as a type, but has not been defined as a type. [419] (aCC)" },
        },
    },
    {
        id = "mips.message", tool = "MIPSpro", specificity = 50,
        match = [[^(?:cc|CC|ftn|f90)-(?<code>\d+) \S+: (?<severity>ERROR|WARNING|REMARK|CAUTION|NOTE) File = ]]
            .. [[(?<file>[^,]+), Line = (?<line>\d+)(?:, Column = (?<column>\d+))?$]],
        below = [[^ {2}(?<message>\S.*)$]], below_within = 2,
        examples = { matches = { "cc-1020 cc: ERROR File = list.c, Line = 12\n  The identifier \"x\" is "
            .. "undefined." } },
        gives = { { "list.c:12:-: error: The identifier \"x\" is undefined. [1020] (MIPSpro)" } },
    },
    {
        id = "pgi.message", tool = "PGI", specificity = 50,
        match = [[^(?:PG|NV)[A-Z0-9+]+-(?<severity>[ISWF])-(?<code>\d{4})-(?<message>.+?) \((?<file>[^():]+): ]]
            .. [[(?<line>\d+)\)$]],
        severities = { i = "note", w = "warning", s = "error", f = "error" },
        examples = { matches = { "PGC-S-0035-Syntax error: Recovery attempted by inserting ';' (list.c: 12)" } },
        gives = { { "list.c:12:-: error: Syntax error: Recovery attempted by inserting ';' [0035] (PGI)" } },
    },
    {
        id = "nag.message", tool = "nagfor", specificity = 40,
        match = [[^(?<severity>Info|Warning|Questionable|Extension|Obsolescent|Deleted feature used|Error|Runtime ]]
            .. [[Error|Fatal Error|Panic|Non-standard|Extension)(?:\([\w ]+\))?: (?<file>[^:,\s]*]]
            .. [[(?::[\\/][^:,\s]*)?\.\w+)(?:, line (?<line>\d+))?: (?<message>\S.*)$]],
        continues = [[^ {8,}\S]], severities = { ["non standard"] = "note", ["deleted feature used"] = "warning" },
        examples = { matches = { "Obsolescent: list.f, line 1: Fixed source form", "Error: list.f90: Character "
            .. "function length 7 is not same as argument F" } },
        gives = {
            { "list.f:1:-: warning: Fixed source form (nagfor)" },
            { "list.f90:-:-: error: Character function length 7 is not same as argument F (nagfor)" },
        },
    },
    {
        id = "fortran.gnu", tool = "gfortran", specificity = 30,
        match = [[^]] .. path .. [[:(?<line>\d+)(?::(?<column>\d+)|[.:](?<column_2>\d+)-\d+)?:\s*$]],
        below = [[^(?<severity>Fatal Error|Error|Warning): (?<message>\S.*)$]], below_within = 8,
        requires = { "message" },
        below_stops = [[^[^\s:]+:\d+:\d+:]],
        examples = { matches = { "list.f90:12:8:\n\n   12 |  call start(x\n      |        1\nError: Syntax error "
            .. "in argument list at (1)" } },
        gives = { { "list.f90:12:8: error: Syntax error in argument list at (1) (gfortran)" } },
    },
    {
        id = "fortran.old", tool = "gfortran", specificity = 30,
        match = [[^\s*In file (?<file>[^:]+):(?<line>\d+)\s*$]],
        below = [[^(?<severity>Fatal Error|Error|Warning): (?<message>\S.*)$]], below_within = 8,
        requires = { "message" },
        examples = { matches = { " In file list.f90:12\n\n  call start(x\n           1\nError: Syntax error in "
            .. "argument list at (1)" } },
        gives = { { "list.f90:12:-: error: Syntax error in argument list at (1) (gfortran)" } },
    },
    {
        id = "cobol.acu", tool = "AcuCobol", specificity = 30,
        match = [[^\s*(?:\[ccbl\]\s+)?(?<file>\S.*?\.(?:CPY|COB|CBL|cpy|cob|cbl)), line (?<line>\d+): ]]
            .. [[(?<severity>Warning|Error|Caution): (?<message>\S.*)$]],
        examples = { matches = { "   [ccbl] COPY\\main.CPY, line 39: Warning: Imperative statement required" } },
        gives = { { "COPY/main.CPY:39:-: warning: Imperative statement required (AcuCobol)" } },
    },
    {
        id = "vms.message", tool = "VMS", specificity = 40,
        match = [[^%(?:CC|CXX|FORT|F90)-(?<severity>[IWEF])-(?<code>\w+), (?<message>\S.*)$]],
        severities = { i = "note", w = "warning", e = "error", f = "error" },
        below = [[^[Aa]t line number (?<line>\d+) in (?:file )?(?<file>[^\s;]{1,100}?)[;.]?\d*\.?$]], below_within = 4,
        examples = { matches = { "%CC-W-UNDECLARED, In this statement, \"x\" is not declared.\nat line number 12 "
            .. "in file DISK$USER:[ME]LIST.C;1" } },
        gives = {
            { "DISK$USER:[ME]LIST.C:12:-: warning: In this statement, \"x\" is not declared. [UNDECLARED] (VMS)" },
        },
    },
}

for _, reader in ipairs(readers) do
    reader.keep = 2500  -- a log may have thousands of them
    -- Patterns of ASCII find the same in bytes, with much less to compile.
    if not reader.match:find("[\128-\255]") then reader.flags = "b" end
end

return {
    about = "Diagnostics of embedded compilers (IAR, Keil, Green Hills, Tasking, CodeWarrior …) and of Unix "
        .. "vendors' ones.",
    diagnostic_readers = readers,
}
