-- The shapes of diagnostics that have no severity, or have one only now and then: a path, a line and a message. Whether
-- they are errors shows in what comes after them. Shapes with a severity, in shapes.lua, win over these.

-- What build tools, containers and CI systems put before a line: "[javac] ", "[ERROR] ", "3>", "##[error]",
-- "#12 0.52 ".
local before = [[^\s*+(?:\d{4}-\d\d-\d\d[T ]\S+\s++|\d\d:\d\d:\d\d\S*\s++)?]]
    .. [[(?:(?:\[\s*(?:(?<level>[A-Za-z][\w .:+-]*+)|\d[\d.:, s]*+)\s*\]|\d{1,4}]]
    .. [[(?::\d+)?>|##\[\w+\]|#\d++ \d++\.\d++)\s*+){0,3}]]

-- A path with an extension: nothing else says that it is one.
local named = [[(?<file>(?:(?:[A-Za-z]:[\\/]|\\\\|/|\.{1,2}[\\/])[^:"<>|*?()\t]{1,260}?|[^\s:"'<>|*?()]]
    .. [[,;=]+?)\.[A-Za-z][\w+]{0,9}|(?:[^\s:"'<>|*?(),;=]*[\\/])?]]
    .. [[(?:Makefile|Dockerfile|Jenkinsfile|Rakefile|Gemfile|Vagrantfile|BUILD|WORKSPACE)(?:\.\w+)?)]]
local severity = [[(?<severity>(?i:(?:fatal|syntax|internal compiler|internal|catastrophic|parse|runtime|compile|]]
    .. [[type|critical|severe|user|build) (?:error|warning)|error|warning|warn|note|remark|info|information|hint|]]
    .. [[style|performance|portability|convention|refactor|deprecated|deprecation|notice|severe|advice|suggestion|]]
    .. [[critical|fatal|minor|major|blocker|message|questionable|extension|obsolescent|panic))]]
local word = [[(?<severity>(?i:error|warning|warn|info|note|hint|style|fatal|critical|suggestion))]]
local message = [[(?<message>\S.*)$]]

-- A place in fields: `file=src/main.x line=12`, `File: "src/main.x", Line: 12`.
local fields = [[(?i:\b(?:file|file_?name|file_?path|path|source_?file)\s?[=:]\s?["']?]]
    .. [[(?<file>[^\s"'=,;()<>|]*[\w]\.[a-z]\w{0,9})["']?[,;)]?\s+(?:\w+\s?[=:]\s?[^\s,;]+[,;]?\s+){0,2}?]]
    .. [[(?:line|line_?no|line_?number|row)\s?[=:]\s?["']?(?<line>\d+)["']?]]
    .. [[(?:[,;]?\s+(?:col|column|char|position)\s?[=:]\s?["']?(?<column>\d+)["']?)?)]]

local readers = {
    {
        id = "shape.colon_bare", specificity = 8, severity = "warning",
        match = [[^\s{0,2}(?:\[\s*(?<level>[A-Za-z]\w*)\s*\]\s*)?]] .. named .. [[:\s?(?<line>\d+)(?::(?<column>\d+))?]]
            .. [[(?:-\d[\d:]*)?:\s{1,4}(?:\[?]] .. severity
            .. [[\]?[:\s]\s*)?(?<message>(?!recipe for target|in [\w<>.]+$|[A-Z]\w*$)[^\s\d].*)$]],
        examples = {
            matches = {
                "conn.go:104:3: should replace pos += 1 with pos++",
                "lib/main.lua:12: unexpected symbol near 'end'",
                "Dockerfile:3: use a fixed version",
            },
            rejects = { "12:34:56: started", "    list_test.go:12: expected 1, got 2", "http://localhost:8080: "
                .. "connection refused", "2026-01-31 10:00:00: done" },
        },
        gives = {
            { "conn.go:104:3: warning: should replace pos += 1 with pos++" },
            { "lib/main.lua:12:-: warning: unexpected symbol near 'end'" },
            { "Dockerfile:3:-: warning: use a fixed version" },
        },
    },
    {
        id = "shape.parentheses_bare", specificity = 8, severity = "warning",
        match = before .. named .. [[\s?\((?<line>\d+)(?:[,:](?<column>\d+))?(?:[,-]\d+){0,3}\)\s?:\s*]]
            .. [[(?<message>\S.*)$]],
        examples = {
            matches = {
                "src/list.cpp(12): member variable is not initialised in the constructor.",
            },
        },
        gives = { { "src/list.cpp:12:-: warning: member variable is not initialised in the constructor." } },
    },
    {
        id = "shape.bracketed_place", specificity = 15, severity = "warning",
        match = [[^\s*\[]] .. named .. [[:(?<line>\d+)(?::(?<column>\d+))?\]:?\s+(?:\[?]] .. severity
            .. [[\]?[:\s]\s*)?]] .. message,
        examples = {
            matches = {
                "[src/list.proto:25:1] The line length is 91, but it must be shorter than 80",
            },
        },
        gives = { { "src/list.proto:25:1: warning: The line length is 91, but it must be shorter than 80" } },
    },
    {
        id = "shape.code_after_place", specificity = 14, severity = "warning",
        match = before .. named .. [[:(?<line>\d+)(?::(?<column>\d+))?:?\s+\[?]]
            .. [[(?<code>[A-Z]{1,8}-?\d{1,6})\]?[: ]\s*]] .. message,
        examples = {
            matches = {
                "docs/index.rst:12: D001 Line too long",
                "src/main.x:3:1 W12 unused name",
            },
        },
        gives = {
            { "docs/index.rst:12:-: warning: Line too long [D001]" },
            { "src/main.x:3:1: warning: unused name [W12]" },
        },
    },
    {
        id = "shape.code_then_place", specificity = 18, severity = "warning",
        match = [[^\s*(?:(?<severity>[EWIFNR])-)?(?<code>[A-Z][A-Z_]+-?\d{1,6}):? +]] .. named
            .. [[(?::|\()(?<line>\d+)(?:[:,](?<column>\d+))?\)?:? +(?:- )?]] .. message,
        examples = { matches = { "W-ABC-1330: rtl/top.v(51): port is not connected", "ABC123: src/main.x:12:3: no "
            .. "such name" } },
        gives = {
            { "rtl/top.v:51:-: warning: port is not connected [ABC-1330]" },
            { "src/main.x:12:3: warning: no such name [ABC123]" },
        },
    },
    {
        id = "shape.code_first", specificity = 15, severity = "warning",
        match = [[^\s*(?<code>[A-Z]{1,8}-?\d{2,6}):?\s+(?<message>\S(?:.{0,400}?\S)??):?\s+(?:in |at )?]] .. named
            .. [[:(?<line>\d+)(?::(?<column>\d+))?$]],
        examples = {
            matches = {
                "FC001: Use strings in preference to symbols: ./web/attributes/default.rb:8",
            },
        },
        gives = { { "./web/attributes/default.rb:8:-: warning: Use strings in preference to symbols [FC001]" } },
    },
    {
        id = "shape.colon_tight", specificity = 6, severity = "warning",
        match = [[^]] .. named .. [[:(?<line>\d+):(?<column>\d+):(?:(?<code>[A-Za-z]\w*\.\w[\w.]*):)?]]
            .. [[(?<message>[^\s\d:].*)$]],
        examples = { matches = { "docs/index.md:12:3:Vale.Spelling:Did you really mean it?" } },
        gives = { { "docs/index.md:12:3: warning: Did you really mean it? [Vale.Spelling]" } },
    },
    {
        id = "shape.square_brackets", specificity = 14, severity = "warning",
        match = before .. named .. [[:?\s?\[(?:(?<line>\d+)\s?[,:;.]\s?(?:col(?:umn)?:? ?)?(?<column>\d++)[\d\s,:-]*|]]
            .. [[[Ll]ine:? ?(?<line_2>\d+))\]\s?[:-]?\s*(?:\[?]] .. word .. [[\]?\s?:\s*)?]] .. message,
        examples = {
            matches = { "src/main.x[12, 4]: a semicolon is missing", "[lint] src/main.x [line 12] error: no such n"
                .. "ame" },
            rejects = { "worker.x[12]: started" },
        },
        gives = {
            { "src/main.x:12:4: warning: a semicolon is missing" },
            { "src/main.x:12:-: error: no such name" },
        },
    },
    {
        id = "shape.blank_after_place", specificity = 4, severity = "warning",
        match = [[^\s{0,2}]] .. named .. [[:(?<line>\d+)(?::(?<column>\d+))?\s+(?<message>(?!at |in |on |by |from ]]
            .. [[|and )]]
            .. [[(?:[A-Z][a-z']+|[a-z'"`][\w'"`]*) \S.*)$]],
        examples = {
            matches = { "src/main.x:12 Identifier not found: start", "docs/index.md:3:81 Line is too long" },
            rejects = { "tests/list.x:12 PASSED", "main.x:12 in start", "main.x:12 +0x1b fp=0x7" },
        },
        gives = {
            { "src/main.x:12:-: warning: Identifier not found: start" },
            { "docs/index.md:3:81: warning: Line is too long" },
        },
    },
    {
        id = "shape.fields", specificity = 12, severity = "warning",
        match = [[^(?i:.{0,200}?\b(?:level|severity|lvl)\s?[=:]\s?["']?(?<severity>\w+)["']?[,;]?\s)?.{0,200}?]]
            .. fields .. [[(?:[\s,;].*?\b(?i:msg|message|error|reason|text|description)\s?[=:]\s?]]
            .. [[(?:"(?<message>[^"]+)"|(?<message_2>[^"\s].*))|\)?\s?[:,;-]\s+(?<message_3>\S.*))$]],
        examples = {
            matches = {
                "level=error file=src/main.x line=12 msg=\"undefined: start\"",
                "file=\"src/main.x\", line=3, column=4: no such name",
            },
        },
        gives = {
            { "src/main.x:12:-: error: undefined: start" },
            { "src/main.x:3:4: warning: no such name" },
        },
    },
    {
        id = "shape.fields_last", specificity = 11, severity = "warning",
        match = [[^\s*(?:]] .. severity .. [[\s?:\s+)?(?<message>\S.{3,400}?)[\s,;:(\[{]{1,20}(?:in )?]] .. fields
            .. [[["')\]}.]*$]],
        examples = {
            matches = { "error: start is not defined [file=src/main.x line=12]",
                "simulation ran too long  File: src/bench.x Line: 312" },
        },
        gives = {
            { "src/main.x:12:-: error: start is not defined" },
            { "src/bench.x:312:-: warning: simulation ran too long" },
        },
    },
    {
        id = "shape.prefixed_plain", specificity = 5, severity = "warning",
        match = [=[^[^(]{1,120}?(?<!\bat)(?<!\bin)(?<!\bfrom)[\s\]>|:]]=] .. named
            .. [[:(?<line>\d+):(?<column>\d+)(?::| -)\s+(?<message>[A-Za-z'"`]\S* \S.*)$]],
        examples = {
            matches = { "packages/web lint: src/main.x:12:4: start is not defined",
                "2026-01-31 10:00:00,123 [12] src/main.x:12:4: start is not defined" },
            rejects = { "    at src/main.x:12:4: start is not defined" },
        },
        gives = {
            { "src/main.x:12:4: warning: start is not defined" },
            { "src/main.x:12:4: warning: start is not defined" },
        },
    },
}

for _, reader in ipairs(readers) do
    reader.keep = 2500  -- a log may have thousands of them
    -- Patterns of ASCII find the same in bytes, with much less to compile.
    if not reader.match:find("[\128-\255]") then reader.flags = "b" end
end

return {
    about = "The shapes of diagnostics without a severity.",
    diagnostic_readers = readers,
}
