-- Python, Ruby, PHP, Perl, Lua, shell, R and their linters.
local readers = {
    {
        id = "python.traceback_syntax", tool = "python", specificity = 60, severity = "error",
        match = [[^(?:Sorry: )?(?<code>SyntaxError|IndentationError|TabError): (?<message>\S.*?)(?: \(]]
            .. [[(?<file>[^\s()]+\.py), line (?<line>\d+)\))?$]],
        above = [[^\s*(?:\*\*\* )?File "(?<file>[^"]+)", line (?<line>\d+)\s*$]], above_within = 6,
        requires = { "line" },
        examples = { matches = {
            "  File \"app/main.py\", line 12\n    def start(\n             ^\nSyntaxError: '(' was never closed",
            "Sorry: IndentationError: expected an indented block (main.py, line 12)",
        } },
        gives = {
            { "app/main.py:12:-: error: '(' was never closed [SyntaxError] (python)" },
            { "main.py:12:-: error: expected an indented block [IndentationError] (python)" },
        },
    },
    {
        id = "python.warning", tool = "python", specificity = 35, severity = "warning",
        match = [[^\s*(?<file>(?:[A-Za-z]:)?[^\s:]+\.pyx?):(?<line>\d+): (?<code>\w*Warning): (?<message>\S.*)$]],
        examples = { matches = { "/project/app/main.py:12: DeprecationWarning: the imp module is deprecated" } },
        gives = {
            { "/project/app/main.py:12:-: warning: the imp module is deprecated [DeprecationWarning] (python)" },
        },
    },
    {
        id = "pylint.message", tool = "pylint", specificity = 60,
        match = [=[^(?<file>[^\s:][^:]*?):(?<line>\d+)(?::(?<column>\d+))?: (?:\[)?(?<code>[CRWEFI]\d{4})(?:\(]=]
            .. [=[(?<code_2>[\w-]+)\))?(?:, ?(?<context>[^\]]*))?\]?:? (?<message>\S.*?)(?: \(]=]
            .. [=[(?<code_3>[a-z][\w-]+)\))?$]=],
        code_severities = { c = "note", r = "note", i = "note", w = "warning", e = "error", f = "error" },
        examples = { matches = {
            "app/main.py:12:4: W0612: Unused variable 'x' (unused-variable)",
            "app/main.py:12: [C0111(missing-docstring), start] Missing function docstring",
            "app/main.py:3: [E0602, start] Undefined variable 'x'",
        } },
        gives = {
            { "app/main.py:12:4: warning: Unused variable 'x' [W0612] (pylint)" },
            { "app/main.py:12:-: note: Missing function docstring [C0111] (pylint)" },
            { "app/main.py:3:-: error: Undefined variable 'x' [E0602] (pylint)" },
        },
    },
    {
        id = "pylint.module", tool = "pylint", specificity = 45,
        match = [[^(?<severity>[CRWEFI]):\s*(?<line>\d+),\s*(?<column>\d+): (?<message>\S.*?)(?: \(]]
            .. [[(?<code>[\w-]+)\))?$]],
        above = [[^(?:\*{5,} Module |\+ )(?<file>\S+)$]], requires = { "file" },
        examples = { matches = { "************* Module app.main\nW: 12, 4: Unused variable 'x' (unused-variable)",
        "+ tests/login.robot\nW: 12, 0: Line is too long (Rule: LineTooLong)" } },
        gives = {
            { "app.main:12:4: warning: Unused variable 'x' [unused-variable] (pylint)" },
            { "tests/login.robot:12:0: warning: Line is too long (Rule: LineTooLong) (pylint)" },
        },
    },
    {
        id = "flake8.message", tool = "flake8", specificity = 25, severity = "warning",
        match = [[^(?<file>[^\s:][^:]*?\.\w+):(?<line>\d+):(?<column>\d+): (?<code>[A-Z]{1,5}\d{1,4})]]
            .. [[(?: \[\*\])?:? (?<message>\S.*)$]],
        code_severities = { e = "error", f = "error", w = "warning", c = "note", n = "note", d = "note" },
        examples = { matches = { "app/main.py:12:80: E501 line too long (92 > 79 characters)", "app/main.py:1:8: "
            .. "F401 [*] `os` imported but unused" } },
        gives = {
            { "app/main.py:12:80: error: line too long (92 > 79 characters) [E501] (flake8)" },
            { "app/main.py:1:8: error: `os` imported but unused [F401] (flake8)" },
        },
    },
    {
        id = "ruff.full", tool = "ruff", specificity = 60, severity = "warning",
        match = [[^(?<code>[A-Z]{1,5}\d{1,4})(?: \[[*-]\])? (?<message>\S.*)$]],
        below = [[^\s*--> (?<file>[^\s:]+):(?<line>\d+):(?<column>\d+)$]], below_within = 2, requires = { "file" },
        examples = { matches = { "F401 [*] `os` imported but unused\n --> app/main.py:1:8\n  |\n1 | import os" } },
        gives = { { "app/main.py:1:8: warning: `os` imported but unused [F401] (ruff)" } },
    },
    {
        id = "pydocstyle.message", tool = "pydocstyle", specificity = 60, severity = "warning",
        match = [[^(?<file>[^\s:]+\.py):(?<line>\d+) (?:at module level|in (?:public|private) .+):$]],
        below = [[^\s+(?<code>D\d{3}): (?<message>\S.*)$]], below_within = 1, requires = { "message" },
        examples = { matches = { "app/main.py:12 in public function `start`:\n        D103: Missing docstring in "
            .. "public function" } },
        gives = { { "app/main.py:12:-: warning: Missing docstring in public function [D103] (pydocstyle)" } },
    },
    {
        id = "bandit.text", tool = "bandit", specificity = 60,
        match = [[^>> Issue: \[(?<code>B\d+)(?::\w+)?\] (?<message>\S.*)$]],
        below = { [[^\s+Severity: (?<severity>\w+)\s]], [[^\s+Location: (?<file>[^:]+):(?<line>\d+)(?::]]
            .. [[(?<column>\d+))?$]] }, below_within = 6,
        examples = { matches = { ">> Issue: [B101:assert_used] Use of assert detected.\n   Severity: Low   "
            .. "Confidence: High\n   CWE: CWE-703\n   Location: ./app/main.py:12:4" } },
        gives = { { "./app/main.py:12:4: note: Use of assert detected. [B101] (bandit)" } },
    },
    {
        id = "black.parse", tool = "black", specificity = 60, severity = "error",
        match = [[^error: cannot format (?<file>[^:]+): (?<message>Cannot parse.*?): (?<line>\d+):]]
            .. [[(?<column>\d+): .*$]],
        examples = { matches = { "error: cannot format app/main.py: Cannot parse: 12:4: def start(" } },
        gives = { { "app/main.py:12:4: error: Cannot parse (black)" } },
    },
    {
        id = "pytype.message", tool = "pytype", specificity = 50, severity = "error",
        match = [[^(?<file>\S+\.py):(?<line>\d+):(?<column>\d+): error: in (?:[\w.<>]+): (?<message>\S.*?) \[]]
            .. [[(?<code>[\w-]+)\]$]],
        examples = { matches = { "app/main.py:12:3: error: in start: No attribute 'x' on int [attribute-error]" } },
        gives = { { "app/main.py:12:3: error: No attribute 'x' on int [attribute-error] (pytype)" } },
    },
    {
        id = "rubocop.message", tool = "rubocop", specificity = 60,
        match = [[^(?<file>[^\s:][^:]*):(?<line>\d+):(?<column>\d+): (?<severity>[RCWEFIA]): (?:\[]]
            .. [[(?!Corrected)\w+\] )?(?:(?<code>[A-Z]\w+/[\w/]+): )?(?<message>(?!\[Corrected\])\S.*)$]],
        severities = { a = "note" },
        examples = { matches = {
            "lib/main.rb:12:7: C: Style/StringLiterals: Prefer single-quoted strings.",
            "lib/main.rb:3:1: W: [Correctable] Lint/UselessAssignment: Useless assignment to variable - x.",
        } },
        gives = {
            { "lib/main.rb:12:7: note: Prefer single-quoted strings. [Style/StringLiterals] (rubocop)" },
            { "lib/main.rb:3:1: warning: Useless assignment to variable - x. [Lint/UselessAssignment] (rubocop)" },
        },
    },
    {
        id = "rubocop.corrected", tool = "rubocop", specificity = 61, drop = true,
        match = [[^[^\s:][^:]*:\d+:\d+: [RCWEFIA]: \[Corrected\] \S.*$]],
        examples = { matches = { "lib/main.rb:12:7: C: [Corrected] Style/StringLiterals: Prefer single-quoted "
            .. "strings." } },
        gives = { {  } },
    },
    {
        id = "haml_lint.message", tool = "haml-lint", specificity = 50,
        match = [[^(?<file>[^\s:]+\.\w+):(?<line>\d+) \[(?<severity>[WE])\] (?<code>\w+): (?<message>\S.*)$]],
        examples = { matches = { "app/views/index.haml:12 [W] LineLength: Line is too long. [92/80]" } },
        gives = { { "app/views/index.haml:12:-: warning: Line is too long. [92/80] [LineLength] (haml-lint)" } },
    },
    {
        id = "reek.text", tool = "reek", specificity = 50, severity = "warning",
        match = [[^\s+\[(?<line>\d+)(?:, \d+)*\]:\s?(?<code>[A-Z]\w+): (?<message>\S.*?)(?: \[https?:[^\s]*)?$]],
        above = [[^(?<file>\S+\.rb) -- \d+ warnings?:$]], requires = { "file" },
        examples = { matches = { "lib/main.rb -- 1 warning:\n  [12]:UncommunicativeVariableName: Main#start has "
            .. "the variable name 'x'" } },
        gives = {
            { "lib/main.rb:12:-: warning: Main#start has the variable name 'x' [UncommunicativeVariableName] "
                .. "(reek)" },
        },
    },
    {
        id = "brakeman.text", tool = "brakeman", specificity = 60,
        match = [[^Confidence: (?<severity>High|Medium|Weak)$]],
        below = { [[^Check: (?<code>\w+)$]], [[^Message: (?<message>\S.*)$]], [[^File: (?<file>\S+)$]],
        [[^Line: (?<line>\d+)$]] },
        severities = { weak = "note" }, below_stops = [[^\s*$]],
        examples = { matches = { "Confidence: High\nCategory: SQL Injection\nCheck: SQL\nMessage: Possible SQL "
            .. "injection\nCode: User.where(x)\nFile: app/models/user.rb\nLine: 12\n" } },
        gives = { { "app/models/user.rb:12:-: error: Possible SQL injection [SQL] (brakeman)" } },
    },
    {
        id = "erb_lint.text", tool = "erb-lint", specificity = 60, severity = "warning",
        match = [[^In file: (?<file>\S+):(?<line>\d+)$]],
        above = [[^(?<message>\S.*)$]], above_within = 1, requires = { "message" },
        examples = { matches = { "Extra space detected where there should be no space.\nIn file: "
            .. "app/views/index.html.erb:12" } },
        gives = {
            { "app/views/index.html.erb:12:-: warning: Extra space detected where there should be no space. "
                .. "(erb-lint)" },
        },
    },
    {
        id = "php.message", tool = "php", specificity = 60,
        match = [=[^(?:.{0,200}\bPHP |\[[^\]]*\] (?:PHP )?)?(?<severity>]=]
            .. [=[(?:Parse|Fatal|Catchable fatal|Recoverable fatal|Core|Compile) error|Warning|Notice|Deprecated|]=]
            .. [=[Strict [Ss]tandards|SOAP-ERROR|Error):\s+(?<message>\S.*?)(?: in (?<file>\S[^()]{0,300}?)]=]
            .. [=[(?: on line |:)(?<line>\d+))$]=],
        severities = { ["strict standards"] = "note", ["soap error"] = "error", deprecated = "note" },
        examples = { matches = {
            "PHP Parse error:  syntax error, unexpected '}' in /project/src/Main.php on line 12",
            "Warning: Undefined variable $x in /project/src/Main.php on line 3",
            "PHP Fatal error:  Uncaught Error: Call to undefined function start() in /project/src/Main.php:12",
        } },
        gives = {
            { "/project/src/Main.php:12:-: error: syntax error, unexpected '}' (php)" },
            { "/project/src/Main.php:3:-: warning: Undefined variable $x (php)" },
            { "/project/src/Main.php:12:-: error: Uncaught Error: Call to undefined function start() (php)" },
        },
    },
    {
        id = "php.soap", tool = "php", specificity = 50, severity = "error",
        match = [[^(?:PHP )?SOAP-ERROR:\s+(?<message>\S.*)$]],
        examples = { matches = { "SOAP-ERROR: Parsing WSDL: Couldn't load from 'http://example.org/service.wsdl'" } },
        gives = { { "-:-:-: error: Parsing WSDL: Couldn't load from 'http://example.org/service.wsdl' (php)" } },
    },
    {
        id = "phpcs.table", tool = "phpcs", specificity = 60,
        match = [[^\s*(?<line>\d+) \| (?<severity>ERROR|WARNING)\s*\| (?:\[.\] )?(?<message>\S.*?)$]],
        above = [[^\s*FILE: (?<file>\S(?:.*?\S)??)\s*$]], above_within = 3000,
        below = [[^\s+\|\s+\|\s+(?<more>\S.*)$]], below_stops = [[^-{5,}|^\s*\d+ \|]],
        requires = { "file" },
        examples = { matches = { "FILE: /project/src/Main.php\n------------------------------\nFOUND 1 ERROR "
            .. "AFFECTING 1 LINE\n------------------------------\n 12 | ERROR | [x] Expected 1 space after "
            .. "FUNCTION\n    |       |     keyword; 0 found\n------------------------------" } },
        gives = {
            { "/project/src/Main.php:12:-: error: Expected 1 space after FUNCTION ⏎ keyword; 0 found (phpcs)" },
        },
    },
    {
        id = "phpstan.table", tool = "phpstan", specificity = 50, severity = "error",
        match = [[^\s{2}:?(?<line>\d+)\s{2,}(?<message>\S(?:.*?\S)??)\s*$]],
        above = [[^\s{2}Line\s{2,}(?<file>\S(?:.*?\S)??)\s*$]], above_within = 2000, above_stops = [[^\S]],
        below = [[^\s{6,}(?<more>(?!🪪|💡|✏️)\S.*)$]], below_stops = [[^\s*-|^\s*$]], requires = { "file" },
        examples = { matches = { " ------ --------------------------------\n  Line   src/Main.php\n ------ "
            .. "--------------------------------\n  12     Parameter $x of method Main::start() has\n         "
            .. "invalid type Foo.\n ------ --------------------------------" } },
        gives = {
            { "src/Main.php:12:-: error: Parameter $x of method Main::start() has ⏎ invalid type Foo. (phpstan)" },
        },
    },
    {
        id = "phpstan.raw", tool = "phpstan", specificity = 20, severity = "error",
        match = [[^(?<file>[^\s:]+\.php):(?<line>\d+):(?<message>[^\s\d].*)$]],
        examples = { matches = { "/project/src/Main.php:12:Undefined variable: $x" } },
        gives = { { "/project/src/Main.php:12:-: error: Undefined variable: $x (phpstan)" } },
    },
    {
        id = "psalm.text", tool = "psalm", specificity = 60,
        match = [[^(?<severity>ERROR|INFO): (?<code>\w+) - (?<file>[^\s:]+):(?<line>\d+):(?<column>\d+) - ]]
            .. [[(?<message>\S.*?)(?: \(see https?://\S+\))?$]],
        examples = { matches = { "ERROR: UndefinedClass - src/Main.php:12:9 - Class Foo does not exist (see "
            .. "https://psalm.dev/019)" } },
        gives = { { "src/Main.php:12:9: error: Class Foo does not exist [UndefinedClass] (psalm)" } },
    },
    {
        id = "phpmd.text", tool = "phpmd", specificity = 40, severity = "warning",
        match = [[^(?<file>[^\s:]+\.php):(?<line>\d+)(?:\t|\s{2,})(?:(?<code>[A-Z]\w+)(?:\t|\s{2,}))?]]
            .. [[(?<message>\S.*)$]],
        examples = { matches = { "/project/src/Main.php:12  UnusedLocalVariable  Avoid unused local variables such "
            .. "as "
            .. "'$x'." } },
        gives = {
            { "/project/src/Main.php:12:-: warning: Avoid unused local variables such as '$x'. [UnusedLocalVariable] "
                .. "(phpmd)" },
        },
    },
    {
        id = "phan.text", tool = "phan", specificity = 50, severity = "warning",
        match = [[^(?<file>[^\s:]+\.php):(?<line>\d+) (?<code>Phan\w+) (?<message>\S.*)$]],
        examples = { matches = { "src/Main.php:12 PhanUndeclaredVariable Variable $x is undeclared" } },
        gives = { { "src/Main.php:12:-: warning: Variable $x is undeclared [PhanUndeclaredVariable] (phan)" } },
    },
    {
        id = "perl.place", tool = "perl", specificity = 30, severity = "error",
        match = [[^(?!#|\s)(?<message>\S.*?) at (?<file>(?!-e |\(eval|/\S*/perl5?/)[^\s()]*[^\s().]\.]]
            .. [[(?:p[lm]|t|cgi|PL|psgi)|\./?[^\s()]+|/[^\s()]{0,300}/[^\s().]{1,60}) line (?<line>\d+)(?:\.|,? ]]
            .. [[(?:near|at EOF|<\w+>).*)$]],
        examples = { matches = { "Global symbol \"$x\" requires explicit package name (did you forget to declare "
            .. "\"my $x\"?) at lib/Main.pm line 12.", "syntax error at bin/start.pl line 12, near \"){\"" } },
        gives = {
            { "lib/Main.pm:12:-: error: Global symbol \"$x\" requires explicit package name (did you forget to "
                .. "declare \"my $x\"?) (perl)" },
            { "bin/start.pl:12:-: error: syntax error (perl)" },
        },
    },
    {
        id = "perlcritic.text", tool = "perlcritic", specificity = 45,
        match = [[^(?:(?<file>[^\s:]+\.\w+): ?)?(?<message>\S.{0,1000}?) at line (?<line>\d+), column ]]
            .. [[(?<column>\d+)\.\s+.*\(Severity: (?<severity>\d)\)$]],
        severities = { ["5"] = "error", ["4"] = "error", ["3"] = "warning", ["2"] = "note", ["1"] = "note" },
        examples = { matches = { "lib/Main.pm: Code before strictures are enabled at line 12, column 1.  See page "
            .. "429 of PBP.  (Severity: 5)" } },
        gives = { { "lib/Main.pm:12:1: error: Code before strictures are enabled (perlcritic)" } },
    },
    {
        id = "luacheck.plain", tool = "luacheck", specificity = 40, severity = "warning",
        match = [[^\s{4}(?<file>[^\s:]+\.\w+):(?<line>\d+):(?<column>\d+)(?:-\d+)?: (?:\((?<code>[WE]\d+)\) )?]]
            .. [[(?<message>\S.*)$]],
        code_severities = { e = "error", w = "warning" },
        examples = { matches = { "    src/main.lua:12:7: (W211) unused variable 'x'" } },
        gives = { { "src/main.lua:12:7: warning: unused variable 'x' [W211] (luacheck)" } },
    },
    {
        id = "lua.message", tool = "lua", specificity = 50, severity = "error",
        match = [[^(?:lua(?:jit|c)?[\d.]*|luac?): (?:error loading module .{1,200}? from file '?)?]]
            .. [[(?<file>[^\s:]+\.lua):]]
            .. [[(?<line>\d+): (?<message>\S.*)$]],
        examples = { matches = { "lua: main.lua:12: attempt to call a nil value (global 'start')" } },
        gives = { { "main.lua:12:-: error: attempt to call a nil value (global 'start') (lua)" } },
    },
    {
        id = "shellcheck.tty", tool = "shellcheck", specificity = 60, severity = "warning",
        match = [[^\s*\^-*\^? (?<code>SC\d{4})(?: \((?<severity>\w+)\))?: (?<message>\S.*)$]],
        above = [[^In (?<file>\S.*) line (?<line>\d+):$]], requires = { "file" },
        examples = { matches = { "In start.sh line 12:\nrm $file\n   ^---^ SC2086 (info): Double quote to prevent "
            .. "globbing and word splitting." } },
        gives = {
            { "start.sh:12:-: note: Double quote to prevent globbing and word splitting. [SC2086] (shellcheck)" },
        },
    },
    {
        id = "shell.line", tool = "sh", specificity = 35, severity = "error",
        match = [[^(?:\S*/)?(?:ba|da|z|k)?sh: (?:line )?(?<line>\d+): (?:(?<file>[^\s:]+\.\w+): )?(?<message>]]
            .. [[(?:[Ss]yntax error|.*not found|.*: No such file|.*unbound variable|.*[Pp]ermission denied|Bad ]]
            .. [[substitution|parse error).*)$]],
        examples = { matches = { "sh: 12: Syntax error: \"(\" unexpected", "bash: line 3: start: command not "
            .. "found" } },
        gives = {
            { "-:12:-: error: Syntax error: \"(\" unexpected (sh)" },
            { "-:3:-: error: start: command not found (sh)" },
        },
    },
    {
        id = "shell.script", tool = "sh", specificity = 35, severity = "error",
        match = [[^(?<file>[^\s:]+): (?:line )?(?<line>\d+): (?:[^\s:]+: (?=Syntax))?(?<message>]]
            .. [[(?:[Ss]yntax error|.*not found|.*: No such file|.*unbound variable|.*: parameter ]]
            .. [[(?:not set|null)|.*[Pp]ermission denied|Bad substitution|unexpected EOF|.*integer expression ]]
            .. [[expected|.*command not found).*)$]],
        examples = { matches = { "./start.sh: line 12: syntax error near unexpected token `fi'", "/project/start.sh: "
            .. "12: start: not found" } },
        gives = {
            { "./start.sh:12:-: error: syntax error near unexpected token `fi' (sh)" },
            { "/project/start.sh:12:-: error: start: not found (sh)" },
        },
    },
    {
        id = "powershell.place", tool = "powershell", specificity = 50, severity = "error",
        match = [[^\s*At (?<file>(?:[A-Za-z]:)?[^:"*]+\.psm?1):(?<line>\d+) char:(?<column>\d+)$]],
        above = [[^(?:[\w-]+ : )?(?<message>\S.*)$]], above_within = 1,
        examples = { matches = { "Start-Work : The term 'Start-Work' is not recognized as the name of a cmdlet.\n"
            .. "At C:\\work\\build.ps1:12 char:1\n+ Start-Work" } },
        gives = {
            { "C:/work/build.ps1:12:1: error: The term 'Start-Work' is not recognized as the name of a cmdlet. "
                .. "(powershell)" },
        },
    },
    {
        id = "bats.place", tool = "bats", specificity = 30, severity = "error",
        match = [[^# \(in test file (?<file>[^\s,]+), line (?<line>\d+)\)$]],
        below = [[^#\s+(?<message>\S.*)$]], below_within = 1, requires = { "message" },
        examples = { matches = { "# (in test file test/start.bats, line 12)\n#   `[ \"$status\" -eq 0 ]' failed" } },
        gives = { { "test/start.bats:12:-: error: `[ \"$status\" -eq 0 ]' failed (bats)" } },
    },
}

for _, reader in ipairs(readers) do
    reader.keep = 2500  -- a log may have thousands of them
    -- Patterns of ASCII find the same in bytes, with much less to compile.
    if not reader.match:find("[\128-\255]") then reader.flags = "b" end
end

return {
    about = "Diagnostics of Python, Ruby, PHP, Perl, Lua, R and shell tools.",
    diagnostic_readers = readers,
}
