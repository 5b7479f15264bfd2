-- JavaScript, TypeScript, CSS and HTML, and prose.
local readers = {
    {
        id = "eslint.compact", tool = "eslint", specificity = 60,
        match = [[^\s*(?<file>(?:[A-Za-z]:)?[^\s:][^:]*): line (?<line>\d+), col(?:umn)? (?<column>\d+), (?:]]
            .. [[(?<severity>Error|Warning|Info|error|warning|info) - )?(?<message>\S.*?)(?: \(]]
            .. [[(?<code>[@\w][\w/.-]*)\))?$]],
        severity = "error",
        examples = { matches = {
            "/project/src/main.js: line 12, col 7, Error - 'x' is assigned a value but never used. (no-unused-vars)",
            "src/main.js: line 12, col 7, Missing semicolon. (W033)",
        } },
        gives = {
            { "/project/src/main.js:12:7: error: 'x' is assigned a value but never used. [no-unused-vars] (eslint)" },
            { "src/main.js:12:7: error: Missing semicolon. [W033] (eslint)" },
        },
    },
    {
        id = "eslint.unix", tool = "eslint", specificity = 60,
        match = [=[^(?<file>(?:[A-Za-z]:)?[^\s:][^:]*):(?<line>\d+):(?<column>\d+): (?<message>\S.*) \[]=]
            .. [=[(?<severity>Error|Warning)(?:/(?<code>[^\]]+))?\]$]=],
        examples = { matches = { "/project/src/main.js:12:7: 'x' is assigned a value but never used. "
            .. "[Error/no-unused-vars]" } },
        gives = {
            { "/project/src/main.js:12:7: error: 'x' is assigned a value but never used. [no-unused-vars] (eslint)" },
        },
    },
    {
        id = "eslint.stylish", tool = "eslint", specificity = 30,
        match = [[^\s+(?<line>\d+):(?<column>\d+)(?:-\d+:\d+)?\s+(?:[✖⚠×!ℹ✗]\s+)?]]
            .. [[(?<severity>error|warning|warn|info|suggestion|note)\s+(?<message>\S(?:.*?\S)??)(?:\s{2,}]]
            .. [[(?<code>[@\w][\w/.:-]*)(?:\s{2,}[\w-]+)?|\s+\((?<code_2>[\w-]+)\))?\s*$]],
        above = [[^\s{0,4}(?:[^\w\s./@~-]+ )?(?<file>(?:(?:[A-Za-z]:)?[^\s:"'<>|*?]*[\\/])?[^\s\\/:"'<>|*?]+\.\w+|]]
            .. [[(?:/|[A-Za-z]:\\)[^:"'<>|*?]+|\.\w[^\s:]*)$]], above_within = 1000,
        requires = { "file" },
        examples = { matches = {
            "/project/src/main.js\n  12:7  error  'x' is assigned a value but never used  no-unused-vars\n  13:1  "
                .. "warning  Unexpected console statement  no-console",
            "./deploy/main.yml\n  12:3      error    wrong indentation: expected 4 but found 2  (indentation)",
            "docs/index.md\n 12:3  suggestion  Try to keep sentences short.  Style.Sentence",
        } },
        gives = {
            { "/project/src/main.js:12:7: error: 'x' is assigned a value but never used [no-unused-vars] (eslint)",
            "/project/src/main.js:13:1: warning: Unexpected console statement [no-console] (eslint)" },
            { "./deploy/main.yml:12:3: error: wrong indentation: expected 4 but found 2 [indentation] (eslint)" },
            { "docs/index.md:12:3: note: Try to keep sentences short. [Style.Sentence] (eslint)" },
        },
    },
    {
        id = "stylelint.string", tool = "stylelint", specificity = 30,
        match = [[^\s+(?<line>\d+):(?<column>\d+)\s+(?<severity>[✖⚠×ℹ✗])\s+(?<message>\S.*?)(?:\s{2,}]]
            .. [[(?<code>[@\w][\w/.-]*))?\s*$]],
        severities = { ["✖"] = "error", ["×"] = "error", ["✗"] = "error", ["⚠"] = "warning", ["ℹ"] = "note" },
        above = [[^\s{0,4}(?<file>[^\s:"'<>|*?]+\.\w+)$]], above_within = 1000, requires = { "file" },
        examples = { matches = { "src/main.css\n 12:3  ✖  Unexpected unit \"px\"  unit-disallowed-list" } },
        gives = { { "src/main.css:12:3: error: Unexpected unit \"px\" [unit-disallowed-list] (stylelint)" } },
    },
    {
        id = "react_scripts.line", tool = "eslint", specificity = 30, severity = "error",
        match = [[^\s*Line (?<line>\d+)(?::(?<column>\d+))?:\s+(?<message>\S(?:.*?\S)??)(?:\s{2,}]]
            .. [[(?<code>[@\w][\w/.-]*))?$]],
        above = [[^(?:\[eslint\] )?\s{0,2}(?<file>(?:\./)?[^\s:"'<>|*?]+\.(?:[jt]sx?|vue|mjs|cjs|svelte))$]],
        above_within = 200, requires = { "file" },
        examples = { matches = { "src/App.js\n  Line 12:7:  'x' is assigned a value but never used  "
            .. "no-unused-vars" } },
        gives = { { "src/App.js:12:7: error: 'x' is assigned a value but never used [no-unused-vars] (eslint)" } },
    },
    {
        id = "tslint.message", tool = "tslint", specificity = 60,
        match = [[^(?<severity>ERROR|WARNING): (?:\((?<code>[\w-]+)\) )?(?<file>(?:[A-Za-z]:)?[^\s:\[]+\.\w+)]]
            .. [[(?:\[|:)(?<line>\d+)(?:, |:)(?<column>\d+)(?:\]:| -) (?<message>\S.*)$]],
        examples = { matches = { "ERROR: src/main.ts[12, 3]: Missing semicolon", "WARNING: src/main.ts:12:3 - "
            .. "Missing semicolon", "ERROR: (semicolon) src/main.ts[12, 3]: Missing semicolon" } },
        gives = {
            { "src/main.ts:12:3: error: Missing semicolon (tslint)" },
            { "src/main.ts:12:3: warning: Missing semicolon (tslint)" },
            { "src/main.ts:12:3: error: Missing semicolon [semicolon] (tslint)" },
        },
    },
    {
        id = "webpack.place", tool = "webpack", specificity = 50,
        match = [=[^(?<severity>ERROR|WARNING) in (?:\[[\w-]+\] )?(?<file>[^\s():]+\.\w+)(?:[: (](?<line>\d+)[:,]]=]
            .. [[(?<column>\d+)(?:-\d+)?\)?)?:?$]],
        below = [[^\s*(?:(?<code>TS\d+): )?(?<message>\S.*)$]], below_within = 1, requires = { "message" },
        examples = { matches = {
            "ERROR in ./src/main.js 12:3-8\nModule not found: Error: Can't resolve './none' in '/project/src'",
            "ERROR in src/main.ts:12:3\nTS2304: Cannot find name 'start'.",
        } },
        gives = {
            { "./src/main.js:12:3: error: Module not found: Error: Can't resolve './none' in '/project/src' "
                .. "(webpack)" },
            { "src/main.ts:12:3: error: Cannot find name 'start'. [TS2304] (webpack)" },
        },
    },
    {
        id = "javascript.syntax", tool = "node", specificity = 50, severity = "error",
        match = [[^\s*(?:\[?[\w-]+\]?:? )?(?<code>SyntaxError|ParseError|JSXParseError): (?<file>]]
            .. [[(?:[A-Za-z]:)?[^\s:]+\.\w+): (?<message>\S.*?) \((?<line>\d+):(?<column>\d+)\)$]],
        examples = { matches = { "SyntaxError: /project/src/main.js: Unexpected token (12:3)" } },
        gives = { { "/project/src/main.js:12:3: error: Unexpected token [SyntaxError] (node)" } },
    },
    {
        id = "javascript.node", tool = "node", specificity = 45, severity = "error",
        match = [[^(?<code>SyntaxError): (?<message>\S.*)$]],
        above = [[^(?:file://)?(?<file>(?:[A-Za-z]:)?[\w./@\\ -]+\.[cm]?[jt]sx?):(?<line>\d+)$]], above_within = 6,
        requires = { "file" },
        examples = { matches = { "/project/src/main.js:12\nstart(\n     ^\n\nSyntaxError: missing ) after argument "
            .. "list" } },
        gives = { { "/project/src/main.js:12:-: error: missing ) after argument list [SyntaxError] (node)" } },
    },
    {
        id = "prettier.syntax", tool = "prettier", specificity = 55,
        match = [[^\[(?<severity>error|warn)\] (?<file>[^\s:]+\.\w+): (?<code>SyntaxError): (?<message>\S.*?) \(]]
            .. [[(?<line>\d+):(?<column>\d+)\)$]],
        examples = { matches = { "[error] src/main.js: SyntaxError: Unexpected token (12:3)" } },
        gives = { { "src/main.js:12:3: error: Unexpected token [SyntaxError] (prettier)" } },
    },
    {
        id = "flow.heading", tool = "flow", specificity = 60, severity = "error",
        match = [[^(?<severity>Error|Warning) [-┈]{5,} (?<file>[^\s:]+):(?<line>\d+):(?<column>\d+)$]],
        below = [[^(?<message>\S.*?)(?: \[(?<code>[\w-]+)\])?$]], below_within = 2,
        examples = { matches = { "Error -------------------------------------------- src/main.js:12:3\n\nCannot "
            .. "resolve name `start`. [cannot-resolve-name]" } },
        gives = { { "src/main.js:12:3: error: Cannot resolve name `start`. [cannot-resolve-name] (flow)" } },
    },
    {
        id = "frame.heading", specificity = 60, severity = "error",
        match = [=[^\s*(?:[╭┌][─-]+\s?\[|@ )(?<file>[^\s:\]]+):(?<line>\d+):(?<column>\d+)\]$]=],
        above = [[^\s*(?<severity>[×✖⚠✗x!])\s+(?:(?<code>[\w@-]+(?:\([\w/@-]+\))): )?(?<message>\S.*)$]],
        above_within = 4, requires = { "message" },
        severities = { ["×"] = "error", ["✖"] = "error", ["✗"] = "error", x = "error", ["⚠"] = "warning",
        ["!"] = "warning" },
        examples = { matches = { "  ⚠ eslint(no-unused-vars): Variable 'x' is declared but never used.\n    "
            .. "╭─[src/main.js:12:7]\n 12 │ const x = 1;" } },
        gives = {
            { "src/main.js:12:7: warning: Variable 'x' is declared but never used. [eslint(no-unused-vars)]" },
        },
    },
    {
        id = "biome.heading", tool = "biome", specificity = 60, severity = "error",
        match = [[^(?<file>[^\s:]+\.\w+):(?<line>\d+):(?<column>\d+) (?<code>]]
            .. [[(?:lint|parse|format|assist|suppressions|organizeImports|syntax)[\w/]*)(?:\s+FIXABLE)?\s*━+$]],
        below = [[^\s+(?<severity>[×✖!ℹ⚠])\s+(?<message>\S.*)$]], below_within = 3, requires = { "message" },
        severities = { ["×"] = "error", ["✖"] = "error", ["!"] = "warning", ["⚠"] = "warning", ["ℹ"] = "note" },
        examples = { matches = { "./src/main.js:12:7 lint/correctness/noUnusedVariables ━━━━━━━━━━\n\n  ! This "
            .. "variable is unused." } },
        gives = {
            { "./src/main.js:12:7: warning: This variable is unused. [lint/correctness/noUnusedVariables] (biome)" },
        },
    },
    {
        id = "esbuild.message", tool = "esbuild", specificity = 55,
        match = [[^[✘▲X] \[(?<severity>ERROR|WARNING)\] (?<message>\S.*?)(?: \[(?<code>[\w-]+)\])?$]],
        below = [[^\s+(?<file>[^\s:]+):(?<line>\d+):(?<column>\d+):$]], below_within = 3,
        examples = { matches = { "✘ [ERROR] Could not resolve \"./none\"\n\n    src/main.js:12:7:\n      12 │ "
            .. "import \"./none\"" } },
        gives = { { "src/main.js:12:7: error: Could not resolve \"./none\" (esbuild)" } },
    },
    {
        id = "sass.message", tool = "sass", specificity = 50, severity = "error",
        match = [[^\s*(?<severity>Error|Deprecation Warning|Warning)(?: \[[\w-]+\])?: (?<message>\S.*)$]],
        below = [[^\s*(?<file>[^\s:]+\.s[ac]ss) (?<line>\d+):(?<column>\d+)\s+(?:root stylesheet|\S.*)$]],
        below_within = 12, requires = { "file" },
        below_stops = [[^(?:Error|Warning)]],
        examples = { matches = { "Error: Undefined variable.\n   ╷\n12 │   color: $main;\n   │          ^^^^^\n   "
            .. "╵\n  src/main.scss 12:10  root stylesheet" } },
        gives = { { "src/main.scss:12:10: error: Undefined variable. (sass)" } },
    },
    {
        id = "html.zpt", tool = "zptlint", specificity = 60, severity = "error",
        match = [[^\*\*\* Error in: (?<file>\S+)$]],
        below = [[^\s+(?<message>\S.*?), at line (?<line>\d+), column (?<column>\d+)]], below_within = 3,
        requires = { "line" },
        examples = { matches = { "*** Error in: /project/page.pt\n  zope.tal.TALError: unclosed element, at line 12, "
            .. "column 3" } },
        gives = { { "/project/page.pt:12:3: error: unclosed element [zope.tal.TALError] (zptlint)" } },
    },
    {
        id = "html.tidy", tool = "tidy", specificity = 50,
        match = [[^(?:(?<file>\S+\.\w+): ?)?line (?<line>\d+) column (?<column>\d+) - ]]
            .. [[(?<severity>Warning|Error|Info|Access): (?<message>\S.*)$]],
        examples = { matches = { "line 12 column 3 - Warning: missing </div> before <p>" } },
        gives = { { "-:12:3: warning: missing </div> before <p> (tidy)" } },
    },
    {
        id = "html.nu", tool = "vnu", specificity = 50,
        match = [[^"(?:file:)?(?<file>[^"]+)":(?<line>\d+)\.(?<column>\d+)-\d+\.\d+: ]]
            .. [[(?<severity>info warning|error|info|non-document-error)(?: fatal)?: (?<message>\S.*)$]],
        severities = { ["info warning"] = "warning", ["non document error"] = "error" },
        examples = { matches = { "\"file:/project/index.html\":12.3-12.9: error: Stray end tag \"div\"." } },
        gives = { { "/project/index.html:12:3: error: Stray end tag \"div\". (vnu)" } },
    },
    {
        id = "html.validate", tool = "html-validate", specificity = 25,
        match = [[^\s*(?<file>[^\s:]+\.html?): line (?<line>\d+), col (?<column>\d+), (?<severity>\w+) - ]]
            .. [[(?<message>\S.*)$]],
        examples = { matches = { "index.html: line 12, col 3, error - Tag must be paired" } },
        gives = { { "index.html:12:3: error: Tag must be paired (eslint)" } },
    },
    {
        id = "markdownlint.message", tool = "markdownlint", specificity = 50, severity = "warning",
        match = [[^(?<file>[^\s:]+\.\w+):(?<line>\d+)(?::(?<column>\d+))?:? (?:(?<severity>error|warning) )?]]
            .. [[(?<code>MD\d{3}(?:/[\w/-]+)?):? (?<message>\S.*)$]],
        examples = { matches = { "README.md:12:81 MD013/line-length Line length [Expected: 80; Actual: 92]",
        "docs/a.md:3: MD041 First line in file should be a top level header" } },
        gives = {
            { "README.md:12:81: warning: Line length [Expected: 80; Actual: 92] [MD013/line-length] (markdownlint)" },
            { "docs/a.md:3:-: warning: First line in file should be a top level header [MD041] (markdownlint)" },
        },
    },
    {
        id = "cspell.message", tool = "cspell", specificity = 40, severity = "note",
        match = [[^(?<file>[^\s:]+):(?<line>\d+):(?<column>\d+) - (?<message>]]
            .. [[(?:Unknown|Forbidden|Misspelled) word \(.+\).*)$]],
        examples = { matches = { "docs/index.md:12:3 - Unknown word (uhsot)" } },
        gives = { { "docs/index.md:12:3: note: Unknown word (uhsot) (cspell)" } },
    },
    {
        id = "codespell.message", tool = "codespell", specificity = 30, severity = "note",
        match = [[^(?<file>[^\s:]+):(?<line>\d+): (?<message>\S+ ==> \S.*)$]],
        examples = { matches = { "docs/index.md:12: teh ==> the" } },
        gives = { { "docs/index.md:12:-: note: teh ==> the (codespell)" } },
    },
    {
        id = "yui.message", tool = "yuicompressor", specificity = 35,
        match = [[^\s*\[(?<severity>WARNING|ERROR)\] (?<line>\d+):(?<column>\d+):(?<message>\S.*)$]],
        examples = { matches = { "[ERROR] 12:3:missing ; before statement" } },
        gives = { { "-:12:3: error: missing ; before statement (yuicompressor)" } },
    },
    {
        id = "remark.message", tool = "remark", specificity = 30,
        match = [[^\s+(?<line>\d+):(?<column>\d+)(?:-\d+:\d+)?\s{2,}(?<severity>error|warning|info)\s{2,}]]
            .. [[(?<message>\S(?:.*?\S)??)\s{2,}(?<code>[\w-]+)\s{2,}[\w-]+\s*$]],
        above = [[^(?<file>\S+\.\w+)(?:: no issues found)?$]], requires = { "file" },
        examples = { matches = { "docs/index.md\n  12:1-12:9  warning  Marker style should be `-`  "
            .. "unordered-list-marker-style  remark-lint" } },
        gives = {
            { "docs/index.md:12:1: warning: Marker style should be `-` [unordered-list-marker-style] (eslint)" },
        },
    },
}

for _, reader in ipairs(readers) do
    reader.keep = 2500  -- a log may have thousands of them
    -- Patterns of ASCII find the same in bytes, with much less to compile.
    if not reader.match:find("[\128-\255]") then reader.flags = "b" end
end

return {
    about = "Diagnostics of ESLint, TypeScript, webpack, JSHint, Stylelint, Flow, Biome, HTML checkers and linters "
        .. "of prose.",
    diagnostic_readers = readers,
}
