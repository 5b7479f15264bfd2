-- Reports in JSON, XML and CSV that a tool printed into the log. Tools share few formats but many words: these are
-- the
-- names of fields, strongest first, in lower case without "_", "-" and blanks.
local names = {
    message = {
        "message", "msg", "failure", "descr", "text", "messagetext", "issuetext", "shortmessage", "longmessage",
        "problemmessage",
        "errormessage",
        "title", "vulnerability", "summary", "description", "desc", "detail", "details", "what", "reason", "comment",
        "warning",
        "problem", "content", "finding", "hint", "#text", "ruledescription", "checkname", "explanation", "info",
        "check",
    },
    -- What names a finding that has no message but has a place.
    title = {
        "title", "type", "name", "rulename", "testname", "category", "kind", "issue", "detectorname", "unit",
        "violation",
    },
    file = {
        "file", "filename", "filepath", "relativepath", "relpath", "sourcepath", "sourcefile", "path", "uri",
        "fullpath", "fileabspath",
        "filefullname", "absolutepath", "fileurl", "url", "artifactname", "installedpath", "document",
        "filenamewithpath",
        "manifest", "displaytargetfile", "location", "packagepath", "image", "imagename", "templatepath", "notebook",
        "script",
    },
    -- Where a file is whose name is by itself.
    folder = { "path", "filepath", "dir", "directory", "folder" },
    -- Fields that may name a file, and may name something else.
    place = {
        "location", "source", "target", "caller", "resource", "module", "component", "name", "src", "where",
        "packagepath", "id",
    },
    line = {
        "line", "linenumber", "lineno", "filerow", "from", "startline", "beginline", "linestart", "startlinenumber",
        "row", "begin",
        "lines",
        "linenumbers", "linenum", "sourceline", "locationline", "start", "firstline", "startlineno", "filelinerange",
        "linerange",
        "ln", "beginningline", "startrow", "coveredline",
    },
    column = {
        "column", "col", "columnnumber", "colno", "startcolumn", "begincolumn", "columnstart", "character", "linepos",
        "char", "columnno", "startcol", "begincol", "colstart", "ch", "pos", "startcolno", "startlinepos",
    },
    severity = {
        "severity", "level", "aquaseverity", "messageseverity", "issueseverity", "severitylevel", "priority",
        "errorlevel", "impact", "fixseverity",
        "threatlevel", "risk", "grade", "prioritystring", "defaultlevel", "importance", "severityname", "issuelevel",
    },
    kind = { "type", "category", "classification", "result", "status", "kind", "confidence" },
    code = {
        "ruleid", "rule", "rulecode", "checkid", "testid", "copname", "checkname", "messageid", "vulnerabilityid",
        "vuln",
        "cve", "code", "smelltype", "linter", "fromlinter", "bugtype", "errorcode", "vid", "cveid", "rulename",
        "check",
        "typeid", "policyid", "warningcode", "errorid", "policy", "checker", "diagnosticname", "subtype",
        "vulnerability",
        "detectorname", "queryid",
    },
    -- What may name a rule, and may be something else.
    sign = { "id", "key", "symbol", "identifier", "source", "name", "type", "cwe", "hash" },
    -- What a finding without a file is about.
    subject = {
        "packagename", "pkgname", "featurename", "package", "modulename", "componentname", "component", "library",
        "dependency", "objectname", "objname", "product", "host",
    },
    outcome = { "status", "result", "outcome", "checkresult", "state" },
}

-- Small objects inside a finding that hold parts of it.
local inner = {
    "location", "locations", "physicallocation", "artifactlocation", "region", "range", "start", "begin", "pos",
    "position", "point",
    "positions", "span", "spans", "primary", "primarylocation", "lines", "linerange", "textrange", "loc",
    "startposition",
    "startlocation", "message", "rule", "source", "sourceline", "sourcerange", "code", "extra", "vulnerability",
    "artifact", "where", "filelocation", "lineinfo", "caret", "attributes",
    "sourcelocation", "description", "shortdescription", "begincolumn", "check", "security", "frame", "stack",
    "stacktrace", "what", "xwhat", "target", "entrypoint", "problemclass",
    "advisory", "package", "resource", "causemetadata", "sourcemetadata", "data", "filesystem", "git", "github",
}
-- Those that may be lists: the first item or the primary one counts.
local inner_lists = {
    "locations", "location", "spans", "positions", "lines", "message", "physicallocation", "ranges", "artifact",
    "primary",
}
-- Objects with a finding under each name.
local lists = {
    "advisories", "vulnerabilities", "issues", "findings", "violations", "errors", "warnings", "problems", "results",
    "offenses",
}

-- What is printed beside the findings, or explains them.
local aside = {
    "plugins", "pluginsused", "tool", "metadata", "config", "configuration", "environment", "suggestions", "fix",
    "fixes", "relatedlocations", "relatedinformation", "codeflows", "references", "links", "urls", "scaninfo",
    "projectinfo",
    "statistics", "metrics", "filters", "filtersused", "children", "identifiers", "cvss", "layer",
    "evidencecollected", "suppressed",
    "suppressions", "ignored", "passedchecks", "sourcelines", "replacement", "taxonomies", "notifications",
    "invocations",
    "properties", "nvddata", "passed", "rulelist", "errorcategory", "bugcategory", "bugpattern", "bugcode",
    "findbugssummary", "stacktrace", "frames", "callstack", "backtrace", "bugtrace", "threadflows",
    "commandline", "classpaths", "argument", "generator", "semgrepnotices", "paths", "dependencies_tree",
    "suppressedissues",
}

local passed = {
    pass = true, passed = true, ok = true, success = true, skip = true, skipped = true, compliant = true,
    fixed = true,
    resolved = true, excluded = true, ignored = true, suppressed = true, falsepositive = true, good = true,
}

local passed_words = {}
for word in pairs(passed) do passed_words[#passed_words + 1] = word end
table.sort(passed_words)

local function report(reader)
    reader.names, reader.inner, reader.inner_lists, reader.lists = names, inner, inner_lists, lists
    reader.aside, reader.passed = aside, passed_words
    reader.specificity = 40
    return reader
end

local readers = {
    report {
        id = "report.json", document = "json",
        match = [[^(?:\xEF\xBB\xBF)?\s{0,2}(?:\{\s*(?:"|$)|\[\s*(?:[{\[]|$))]],
        examples = {
            matches = {
                "{\n  \"runs\": [\n    {\n      \"tool\": { \"driver\": { \"name\": \"lint\", \"rules\": [ { "
                    .. "\"id\": \"R1\", \"shortDescription\": { \"text\": \"A rule\" } } ] } },\n      "
                    .. "\"results\": [\n        {\n          \"ruleId\": \"R1\", \"level\": \"error\", "
                    .. "\"message\": { \"text\": \"No such name\" },\n          \"locations\": [ { "
                    .. "\"physicalLocation\": { \"artifactLocation\": { \"uri\": \"src/main.c\" }, \"region\": { "
                    .. "\"startLine\": 12, \"startColumn\": 3 } } } ]\n        }\n      ]\n    }\n  ]\n}",
                "[{\"filePath\":\"/project/src/main.js\",\"messages\":[{\"ruleId\":\"no-unused-vars\",\"severity\":2,"
                    .. "\"message\":\"'x' is never used.\",\"line\":12,\"column\":7}],\"errorCount\":1}]",
                "{\"generalDiagnostics\":[{\"file\":\"app/main.py\",\"severity\":\"error\",\"message\":\"Not "
                    .. "callable\",\"rule\":\"reportCallIssue\",\"range\":{\"start\":{\"line\":11,\"character\":4},"
                    .. "\"end\":{\"line\":11,\"character\":9}}}]}",
                "{\"reason\":\"compiler-message\",\"message\":{\"message\":\"unused import: "
                    .. "`os`\",\"code\":{\"code\":\"unused_imports\"},\"level\":\"warning\",\"spans\":[{\"file_name"
                    .. "\":\"src/main.rs\",\"line_start\":12,\"column_start\":5,\"is_primary\":true}],\"children\":"
                    .. "[]}}",
            },
            rejects = { "[INFO] Building", "[1/3] Compiling" },
        },
        gives = {
            { "src/main.c:12:3: error: No such name [R1]" },
            { "/project/src/main.js:12:7: error: 'x' is never used. [no-unused-vars]" },
            { "app/main.py:12:5: error: Not callable [reportCallIssue]" },
            { "src/main.rs:12:5: warning: unused import: `os` [unused_imports]" },
        },
    },
    report {
        id = "report.xml", document = "xml",
        match = [[^(?:\xEF\xBB\xBF)?\s{0,2}<(?:\?xml\s|[A-Za-z][\w.-]*[ >])]],
        examples = {
            matches = {
                "<?xml version=\"1.0\"?>\n<checkstyle version=\"8.0\">\n  <file name=\"/project/src/List.java\">\n "
                    .. "   "
                    .. "<error line=\"12\" column=\"5\" severity=\"warning\" message=\"Missing a Javadoc "
                    .. "comment.\" source=\"JavadocVariable\"/>\n  </file>\n</checkstyle>",
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<results version=\"2\">\n  <errors>\n    <error "
                    .. "id=\"memleak\" severity=\"error\" msg=\"Memory leak: node\" verbose=\"Memory leak: "
                    .. "node\">\n      <location file=\"src/list.c\" line=\"12\" column=\"3\"/>\n    </error>\n  "
                    .. "</errors>\n</results>",
                "<pmd version=\"6.0\">\n<file name=\"/project/src/List.java\">\n<violation beginline=\"12\" "
                    .. "endline=\"12\" begincolumn=\"5\" endcolumn=\"9\" rule=\"UnusedPrivateField\" "
                    .. "priority=\"3\">\nAvoid unused private fields such as 'size'.\n</violation>\n</file>\n</pmd>",
            },
        },
        gives = {
            { "/project/src/List.java:12:5: warning: Missing a Javadoc comment. [JavadocVariable]" },
            { "src/list.c:12:3: error: Memory leak: node [memleak]" },
            { "/project/src/List.java:12:5: error: Avoid unused private fields such as 'size'. "
                .. "[UnusedPrivateField]" },
        },
    },
    report {
        id = "report.csv", document = "csv",
        match = [[^["\w# ]*(?:[,;\t]["\w# ()/]*){0,60}[,;\t]"?(?i:line|line[_ ]?(?:no|number)|start[_ ]?line)"?]]
            .. [[(?:[,;\t]["\w# ()/]*){0,60}$]]
            .. [[|^(?=.*(?i:file|path|location|module))\s*(?:\||\w+(?:[ _]\w+)* {2,})[\w |]*?(?<=\| |\||  )]]
            .. [[(?i:line|line[_ ]?(?:no|number)|start[_ ]?line)(?:(?:\s*\|| {2,})[\w ()|/]*)?$]],
        examples = {
            matches = {
                "File,Line,Column,Severity,Message,Rule\nsrc/main.c,12,3,warning,\"unused, and never read: x\",R12",
                "| File       | Line | Message        |\n|------------|------|----------------|\n"
                    .. "| src/main.c | 12   | x is never set |",
                "FILE        LINE  MESSAGE\n----------  ----  -------\nsrc/main.c  12    x is never set",
            },
            rejects = { "on line 12, and more" },
        },
        gives = {
            { "src/main.c:12:3: warning: unused, and never read: x [R12]" },
            { "src/main.c:12:-: warning: x is never set" },
            { "src/main.c:12:-: warning: x is never set" },
        },
    },
}

for _, reader in ipairs(readers) do
    reader.keep = 2500  -- a log may have thousands of them
    -- Patterns of ASCII find the same in bytes, with much less to compile.
    if not reader.match:find("[\128-\255]") then reader.flags = "b" end
end

return {
    about = "Reports in JSON, XML and CSV that linters, compilers and scanners print.",
    diagnostic_readers = readers,
}
