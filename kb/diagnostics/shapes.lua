-- The shapes that most compilers and linters share: a path, a line, a severity and a message in some order; those
-- without a severity are in plain_shapes.lua. Readers of one tool, in the other files, know more and win over these.

-- What build tools, containers and CI systems put before a line: "[javac] ", "[ERROR] ", "3>", "##[error]",
-- "#12 0.52 ".
local before = [[^\s*+(?:\d{4}-\d\d-\d\d[T ]\S+\s++|\d\d:\d\d:\d\d\S*\s++)?]]
    .. [[(?:(?:\[\s*(?:(?<level>[A-Za-z][\w .:+-]*+)|\d[\d.:, s]*+)\s*\]|\d{1,4}]]
    .. [[(?::\d+)?>|##\[\w+\]|#\d++ \d++\.\d++)\s*+){0,3}]]

-- A path: with blanks in it only when it begins like an absolute one.
local path = [[(?<file>(?:[A-Za-z]:[\\/]|\\\\|/|\.{1,2}[\\/])[^:"<>|*?()\t]{1,260}?|[^\s:"'<>|*?(),;=]+|<[a-z]+>)]]
-- The same where nothing but the path says that it is one: with an extension.
local named = [[(?<file>(?:(?:[A-Za-z]:[\\/]|\\\\|/|\.{1,2}[\\/])[^:"<>|*?()\t]{1,260}?|[^\s:"'<>|*?()]]
    .. [[,;=]+?)\.[A-Za-z][\w+]{0,9}|(?:[^\s:"'<>|*?(),;=]*[\\/])?]]
    .. [[(?:Makefile|Dockerfile|Jenkinsfile|Rakefile|Gemfile|Vagrantfile|BUILD|WORKSPACE)(?:\.\w+)?)]]

local severity = [[(?<severity>(?i:(?:fatal|syntax|internal compiler|internal|catastrophic|parse|runtime|compile|]]
    .. [[type|critical|severe|user|build) (?:error|warning)|error|warning|warn|note|remark|info|information|hint|]]
    .. [[style|performance|portability|convention|refactor|deprecated|deprecation|notice|severe|advice|suggestion|]]
    .. [[critical|fatal|minor|major|blocker|message|questionable|extension|obsolescent|panic))]]
local word = [[(?<severity>(?i:error|warning|warn|info|note|hint|style|fatal|critical|suggestion))]]
-- What follows a severity: "error C2065:", "warning #1418:", "Error[Pe020]:", "warning (dcc:1521):", "error
-- (suppressible):"
local code = [[(?:\s{0,9}(?:[#(\[]\s{0,9})?(?<code>[A-Za-z_.:/-]*\d[\w.:/-]*)\s{0,9}[\])]?]]
    .. [[|\s{0,9}[(\[][\w ,.-]+[\])])?]]
local message = [[(?<message>\S.*)$]]

local readers = {
    {
        id = "shape.colon", specificity = 20,
        match = before .. [[(?!\d+:)]] .. path .. [[:(?<line>\d+)(?:[:.,](?<column>\d+))?]]
            .. [[(?:[-:.{][\d:.,{}-]*)?\s?:\s*]]
            .. [[(?:\w+:\s*)?]] .. severity .. code
            .. [[\s?:\s*]] .. message,
        examples = {
            matches = {
                "src/list.c:12:5: warning: unused variable 'x' [-Wunused-variable]",
                "[error] src/Main.hs:3:1-9: error: Parse error",
                "lib/main.ex:12: warning W12: unused",
                "CMakeFiles/x.c:3: error E1234: not good",
            },
            rejects = { "10:20:30: error: late" },
        },
        gives = {
            { "src/list.c:12:5: warning: unused variable 'x' [-Wunused-variable]" },
            { "src/Main.hs:3:1: error: Parse error" },
            { "lib/main.ex:12:-: warning: unused [W12]" },
            { "CMakeFiles/x.c:3:-: error: not good [E1234]" },
        },
    },
    {
        id = "shape.parentheses", specificity = 20,
        match = before .. path .. [[\s?\(\s*(?<line>\d+)(?:\s*[,:.]\s*(?<column>\d+))?]]
            .. [[(?:\s*[,:-]\s*\d+){0,3}\s*\)\s*+(?::\s*+)?(?:\(col\. (?<column_2>\d+)\)\s*+)?(?:\w+ )?]]
            .. severity .. code .. [[\s?:\s*]] .. message,
        examples = {
            matches = {
                "src/main.ts(12,3): error TS2304: Cannot find name 'start'.",
                "D:\\work\\list.cpp(17): remark #1418: external function definition with no prior declaration",
                "c:\\work\\a.cpp(12) : warning C4996: 'strcpy' was declared deprecated",
                "src/list.nim(12, 3) Error: undeclared identifier: 'start'",
            },
        },
        gives = {
            { "src/main.ts:12:3: error: Cannot find name 'start'. [TS2304]" },
            { "D:/work/list.cpp:17:-: note: external function definition with no prior declaration [1418]" },
            { "C:/work/a.cpp:12:-: warning: 'strcpy' was declared deprecated [C4996] (msbuild)" },
            { "src/list.nim:12:3: error: undeclared identifier: 'start'" },
        },
    },
    {
        id = "shape.quoted_path", specificity = 20,
        match = before .. [["(?<file>[^"]+)",?\s*+(?:(?:at )?[Ll]ine:?\s*+)?(?<line>\d++)(?:[.,:]\s*(?:(?:col]]
            .. [[(?:umn)?|pos|char(?:acter)?)\.?\s*)?(?<column>\d++))?\s*+(?:[:,.]\s*+)?(?:\d+-\d+\s*+)?(?:\(]]
            .. [[(?<severity_2>\w)\)\s*+)?]]
            .. severity .. code .. [[\s?:\s*]] .. message,
        examples = {
            matches = {
                "\"src/list.c\", line 12: warning: last line of file ends without a newline",
                "\"list.p\", line 7.12: error 1234: undeclared identifier",
                "\"src\\list.x\",12  Error: the name \"start\" is undefined",
            },
        },
        gives = {
            { "src/list.c:12:-: warning: last line of file ends without a newline (Sun Studio)" },
            { "list.p:7:12: error: undeclared identifier [1234]" },
            { "src/list.x:12:-: error: the name \"start\" is undefined" },
        },
    },
    {
        id = "shape.comma_line", specificity = 20,
        match = before .. [[(?:(?<severity_2>[A-Z][\w ()-]+):\s++)?(?:(?:[Ii]n )?(?:[Ff]ile:? )?)?]]
            .. [[(?=[^,]*[./\\])]] .. path
            .. [[(?:,| -|:|;)? ?\(?(?:(?:at|on) )?[Ll]ine:? (?<line>\d+)]]
            .. [[(?:,? (?:col(?:umn)?|char(?:acter)?|position)\.?:? (?<column>\d+))?\)?\s?[:,-]\s+(?:]]
            .. severity .. code .. [[\s?:\s*)?]] .. message,
        examples = {
            matches = {
                "ERROR: main.adoc: line 12: section title out of sequence",
                "src/list.f90, line 12: Warning: variable is used before it is set",
                "File main.sls, line 3: error: mapping values are not allowed here",
                "In file src/list.x at line 12: a bracket is missing",
            },
            rejects = { "Executed 12 tests, line coverage 3" },
        },
        gives = {
            { "main.adoc:12:-: error: section title out of sequence" },
            { "src/list.f90:12:-: warning: variable is used before it is set" },
            { "main.sls:3:-: error: mapping values are not allowed here" },
            { "src/list.x:12:-: warning: a bracket is missing" },
        },
    },
    {
        id = "shape.severity_first", specificity = 20,
        match = [[^\s*(?:\S+:\s+)?[\[(]?]] .. severity .. code .. [[[\])]?\s?[:,|-]?\s+(?:in |at |file )?\(?]]
            .. named
            .. [[(?:(?:,? (?:on )?line |:|\()(?<line>\d+)(?:[:,](?: ?col(?:umn)? )?(?<column>\d+))?\)?]]
            .. [[(?:-\d[\d:]*)?)\s?(?:[:,-]|\s)\s*]] .. message,
        examples = {
            matches = {
                "Warning: src/main.st:12:3: expression statement without effect",
                "error W12 in src/main.x:12 no such name",
            },
        },
        gives = {
            { "src/main.st:12:3: warning: expression statement without effect" },
            { "src/main.x:12:-: error: no such name [W12]" },
        },
    },
    {
        id = "shape.place_last", specificity = 15,
        match = [[^\s*(?:\S+:\s+|\w+ )?[\[(]?]] .. severity .. code .. [[[\])]?\s?[:|-]\s+]]
            .. [[(?<message>\S(?:.{0,400}?\S)??)[:,;]?\s+(?:(?:found |defined |used |declared )?(?:at|in|on]]
                .. [[|from)\s+)?[(\[]?]]
            .. [[(?:file:? ?)?]]
            .. named .. [[(?:,? (?:on |at )?line:? |:|\()(?<line>\d+)(?:(?:[:,]| col(?:umn)?:? )]]
            .. [[(?<column>\d+))?[)\].:]*$]],
        examples = {
            matches = {
                "Warning: function is deprecated in src/main.nut on line 12",
                "error: no such name (src/main.st:12:3)",
                "WARN: Duplicate key \"start\" at config/app.conf:12",
            },
        },
        gives = {
            { "src/main.nut:12:-: warning: function is deprecated (php)" },
            { "src/main.st:12:3: error: no such name" },
            { "config/app.conf:12:-: warning: Duplicate key \"start\"" },
        },
    },
    {
        id = "shape.dash", specificity = 22, flags = "b",
        match = before .. named .. [[[:(](?<line>\d+)(?:[:,](?<column>\d+))?\)?:? +(?:-|\xE2\x80[\x93\x94\xA2]) +]]
            .. [[(?:\[?]] .. word
            .. [[\]?]] .. code .. [[\s?[:-]?\s+)?]] .. message,
        examples = {
            matches = {
                "src/main.ts:12:3 - error TS2304: Cannot find name 'start'.",
                "  /project/app/main.py:12:5 - warning: Import \"none\" could not be resolved (reportMissingImports)",
                "lib/main.rb:12 - remove trailing whitespace",
            },
        },
        gives = {
            { "src/main.ts:12:3: error: Cannot find name 'start'. [TS2304]" },
            { "/project/app/main.py:12:5: warning: Import \"none\" could not be resolved [reportMissingImports]" },
            { "lib/main.rb:12:-: warning: remove trailing whitespace" },
        },
    },
    {
        id = "shape.severity_word", specificity = 16,
        match = before .. named .. [[[:(](?<line>\d+)(?:[:,](?<column>\d+))?\)?:?\s+[\[(]?]] .. word
            .. [[[\])]?(?:\s+|\s?:\s*)]] .. message,
        examples = {
            matches = {
                "app.adb:96:80: (style) this line is too long",
                "src/main.x:12:3 error unexpected end of file",
                "src/main.x:12 [warning] line is too long",
            },
        },
        gives = {
            { "app.adb:96:80: note: this line is too long" },
            { "src/main.x:12:3: error: unexpected end of file" },
            { "src/main.x:12:-: warning: line is too long" },
        },
    },
    {
        id = "shape.heading", specificity = 18,
        match = [[^\s+(?:[Ll]ine )?(?<line>\d+)(?:[:,](?<column>\d+))?:?\s+(?:[✖⚠×!ℹ✗]\s+)?[\[(]?]] .. severity
            .. [[[\])]?:?\s+(?<message>\S(?:.*?\S)??)(?:\s{2,}(?<code>[@\w][\w./-]*))?$]],
        above = [[^\s{0,2}(?:[^\w\s./@~-]+ )?(?:(?:File|FILE|file|Checking|In):?\s+)?(?<file>(?:]]
            .. [[(?:[A-Za-z]:)?[^\s:"'<>|*?]*[\\/])?[^\s\\/:"'<>|*?]+\.\w+|]]
            .. [[(?:/|[A-Za-z]:\\)[^:"'<>|*?]+\.\w+)\s*:?$]],
        requires = { "file", "line" },
        examples = {
            matches = {
                "src/main.x\n  12:3 error: no such name\n  13:1 warning: line is too long",
            },
        },
        gives = { { "src/main.x:12:3: error: no such name", "src/main.x:13:1: warning: line is too long" } },
    },
    {
        id = "shape.prefixed", specificity = 19,
        match = [=[^[^(]{0,120}?[\s\]>|:]]=] .. named .. [[(?::(?<line>\d+)(?::(?<column>\d+))?|]]
            .. [[\((?<line_2>\d+)(?:,(?<column_2>\d+))?\))\s?:?\s*(?:-\s+)?[\[(]?]] .. severity .. code
            .. [=[[\])]?\s?:\s*]=] .. message,
        examples = {
            matches = {
                "2026-01-31T10:00:00.123Z 10:00:00 lint | src/main.x:12:4: error: no such name",
                "@octo/web:build: src/main.x(12,4): error X12: no such name",
            },
            rejects = { "see src/main.x:12:4 for the error: no such name" },
        },
        gives = {
            { "src/main.x:12:4: error: no such name" },
            { "src/main.x:12:4: error: no such name [X12]" },
        },
    },
    {
        id = "shape.letter", specificity = 16, severities = { s = "error", r = "note" },
        match = [=[^\s*(?:(?<tool>[\w.+-]{1,40}):?\s*)?[(\[](?<severity>[EWFINCRS])[)\]]:?\s*(?:[Ff]ile:?\s+)?]=]
            .. path .. [[\s?[(:](?<line>\d+)(?:[,:]\s?(?<column>\d+))?\)?\s?:?\s*]] .. message,
        examples = {
            matches = { "asm:(W) list (398):label is not used", "[E] src/main.x:12:4: no such name" },
        },
        gives = {
            { "list:398:-: warning: label is not used (asm)" },
            { "src/main.x:12:4: error: no such name" },
        },
    },
    {
        id = "shape.columns", specificity = 13,
        match = [[^\s*(?:\|\s*)?]] .. named .. [[(?:\s*\|\s*|\s+)(?<line>\d+)(?:(?:\s*[|:]\s*|\s+)(?<column>\d+))?]]
            .. [[(?:\s*\|\s*|\s+)]] .. word .. [[(?:\s*\|\s*|\s+)(?<message>\S(?:.*?\S)??)]]
            .. [[(?:(?:\s{2,}|\s*\|\s*)(?<code>[@\w][\w./-]*))?(?:\s*\|)?\s*$]],
        examples = {
            matches = {
                "src/main.x        12   4  error    start is not defined      no-undef",
                "| src/main.x | 12 | warning | start is not defined |",
            },
        },
        gives = {
            { "src/main.x:12:4: error: start is not defined [no-undef]" },
            { "src/main.x:12:-: warning: start is not defined" },
        },
    },
    -- What names no place; anything else that reads the line knows more.
    {
        id = "shape.bare", specificity = 1,
        match = [[^(?<severity>error|warning|fatal error|Error|Warning)(?:\[(?<code>\w+)\])?: ]]
            .. [[(?!aborting due|could not compile|.*process completed|last command|\d+ (?:error|warning|problem))]]
            .. message,
        examples = {
            matches = { "error: unresolved symbols remain", "Warning: the cache is not used" },
            rejects = { "error: aborting due to 2 previous errors" },
        },
        gives = { { "-:-:-: error: unresolved symbols remain" }, { "-:-:-: warning: the cache is not used" } },
    },
    {
        id = "shape.driver", specificity = 12,
        match = before .. [[(?<tool>[A-Za-z][\w.+-]+?)(?:\.exe)?\s?:\s+]] .. [[(?<severity>]]
            .. [[(?i:fatal error|internal compiler error|error|warning))]] .. code .. [[\s?:\s+]] .. message,
        examples = {
            matches = {
                "cc1plus: warning: specified size exceeds maximum object size [-Wstringop-overflow=]",
                "javac: error: invalid flag: -q",
            },
            rejects = { "make: *** [all] Error 2" },
        },
        gives = {
            { "-:-:-: warning: specified size exceeds maximum object size [-Wstringop-overflow=] (cc1plus)" },
            { "-:-:-: error: invalid flag: -q (javac)" },
        },
    },
}

for _, reader in ipairs(readers) do
    reader.keep = 2500  -- a log may have thousands of them
    -- Patterns of ASCII find the same in bytes, with much less to compile.
    if not reader.match:find("[\128-\255]") then reader.flags = "b" end
end

return {
    about = "The shapes of diagnostics that many tools share.",
    diagnostic_readers = readers,
}
