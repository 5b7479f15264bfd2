-- Java, Kotlin, Scala, Groovy, Clojure and the build tools and checkers of the JVM.
local before = [[^\s*(?:\[\s*(?<level>[A-Za-z][\w .:+-]*+)\s*\]\s*){0,2}]]
local path = [[(?<file>(?:[A-Za-z]:[\\/]|\\\\|/|\.{1,2}[\\/])[^:"<>|*?()\t]+?|[^\s:"'<>|*?(),;=]+)]]

local readers = {
    {
        id = "javac.message", tool = "javac", specificity = 40, severity = "error",
        match = before .. [[(?<file>(?:[A-Za-z]:)?[^\s:][^:"<>|*?]*\.java):(?<line>\d+): (?:]]
            .. [[(?<severity>warning|error): )?(?:\[(?<code>[\w-]+)\] )?(?<message>[^\s(\[:].*)$]],
        examples = { matches = {
            "    [javac] C:\\work\\my app\\List.java:28: warning: [deprecation] size() in List has been deprecated",
            "src/List.java:12: error: cannot find symbol\n    start();\n    ^\n  symbol:   method start()",
        } },
        gives = {
            { "C:/work/my app/List.java:28:-: warning: size() in List has been deprecated [deprecation] (javac)" },
            { "src/List.java:12:-: error: cannot find symbol (javac)" },
        },
    },
    {
        id = "javac.options", tool = "javac", specificity = 40, severity = "warning",
        match = before .. [[warning: \[(?<code>options|path|processing|classfile|removal|deprecation)\] ]]
            .. [[(?<message>\S.*)$]],
        examples = { matches = { "warning: [options] bootstrap class path not set in conjunction with -source 8" } },
        gives = {
            { "-:-:-: warning: bootstrap class path not set in conjunction with -source 8 [options] (javac)" },
        },
    },
    {
        id = "maven.place", tool = "maven", specificity = 60,
        match = [[^(?:\[(?<level>ERROR|WARNING|WARN|INFO)\]\s+)?(?:(?<severity>error|warning): )?(?<file>]]
            .. [[(?:[A-Za-z]:)?[^\s:\[][^:\[]*\.\w+):\[(?<line>\d+)(?:,(?<column>\d+))?\]\s+(?:]]
            .. [[(?<severity_2>error|warning|error:|warning:)\s+)?(?:\[(?<code>[\w-]+)\] )?(?:\((?<code_2>\w+)\) ]]
            .. [[(?=\w+: ))?(?<message>\S.*)$]],
        examples = { matches = {
            "[ERROR] /project/src/List.java:[12,9] cannot find symbol",
            "[WARNING] /project/src/List.java:[12,9] [deprecation] size() in List has been deprecated",
            "[WARNING] src/List.java:[12,1] (imports) UnusedImports: Unused import: java.util.Set.",
        } },
        gives = {
            { "/project/src/List.java:12:9: error: cannot find symbol (maven)" },
            { "/project/src/List.java:12:9: warning: size() in List has been deprecated [deprecation] (maven)" },
            { "src/List.java:12:1: warning: UnusedImports: Unused import: java.util.Set. [imports] (maven)" },
        },
    },
    {
        id = "maven.eclipse", tool = "ecj", specificity = 60,
        match = [[^\[(?<level>ERROR|WARNING|INFO)\]\s+(?<file>(?:[A-Za-z]:)?[^\s:\[][^:\[]*\.\w+):\[(?<line>\d+)]]
            .. [[(?:,\d+)?\]\s*$]],
        message_after = [[^[\t ]+\^+\s*$]], below_within = 6, requires = { "message" },
        examples = { matches = {
            "[WARNING] /project/src/List.java:[12,0] \n\tprivate int size() {\n\t            ^^^^^^\nThe method "
                .. "size() from the type List is never used locally",
        } },
        gives = {
            { "/project/src/List.java:12:-: warning: The method size() from the type List is never used locally "
                .. "(ecj)" },
        },
    },
    {
        id = "maven.model", tool = "maven", specificity = 55,
        match = [[^\[(?<level>ERROR|WARNING)\]\s+(?<message>'[^']+' .+?) @ (?:(?<file>[^\s,]+\.]]
            .. [[(?:xml|pom)), )?line (?<line>\d+), column (?<column>\d+)$]],
        examples = { matches = { "[WARNING] 'build.plugins.plugin.version' for "
            .. "org.apache.maven.plugins:maven-jar-plugin is missing. @ line 12, column 21" } },
        gives = {
            { "-:12:21: warning: 'build.plugins.plugin.version' for org.apache.maven.plugins:maven-jar-plugin is "
                .. "missing. (maven)" },
        },
    },
    {
        id = "ecj.message", tool = "ecj", specificity = 60,
        match = before .. [[(?:\d+\. )(?<severity>ERROR|WARNING|INFO) in (?<file>\S.*?) \(at line (?<line>\d+)\)$]],
        message_after = [[^(?:\s*\[[\w-]+\])?[\t ]+\^+\s*$]], below_within = 6, below_stops = [[^-{8,}$]],
        requires = { "message" },
        examples = { matches = {
            "----------\n1. WARNING in /project/src/List.java (at line 12)\n\tprivate int size() {\n\t            "
                .. "^^^^^^\nThe method size() from the type List is never used locally\n----------",
        } },
        gives = {
            { "/project/src/List.java:12:-: warning: The method size() from the type List is never used locally "
                .. "(ecj)" },
        },
    },
    {
        id = "ecj.inline", tool = "ecj", specificity = 60,
        match = [[^\s*(?<severity>Warning|Error|ERROR|WARNING): file (?<file>(?:[A-Za-z]:)?[^,:]+)(?:, line ]]
            .. [[(?<line>\d+))?: (?<message>\S.*)$]],
        examples = { matches = { "Warning: file /project/src/List.java, line 12: List is a raw type" } },
        gives = { { "/project/src/List.java:12:-: warning: List is a raw type (ecj)" } },
    },
    {
        id = "ajc.message", tool = "ajc", specificity = 55,
        match = [[^(?:\[\w+\] )?(?<file>\S.*?\.(?:java|aj)):(?<line>\d+)(?::(?<column>\d+))? \[]]
            .. [[(?<severity>error|warning|info)\] (?<message>\S.*)$]],
        examples = { matches = { "/project/src/Trace.aj:12 [warning] advice defined in Trace has not been applied "
            .. "[Xlint:adviceDidNotMatch]" } },
        gives = {
            { "/project/src/Trace.aj:12:-: warning: advice defined in Trace has not been applied "
                .. "[Xlint:adviceDidNotMatch] (ajc)" },
        },
    },
    {
        id = "ajc.maven", tool = "ajc", specificity = 50,
        match = [[^\[(?<severity>ERROR|WARNING)\] (?<message>\S.*?)$]],
        below = [[^\t(?<file>\S.*\.(?:java|aj)):(?<line>\d+)$]], below_within = 2, below_stops = [[^\[]],
        requires = { "file" },
        examples = { matches = {
            "[WARNING] advice defined in Trace has not been applied [Xlint:adviceDidNotMatch]\n"
                .. "\t/project/src/Trace.aj:12",
        } },
        gives = {
            { "/project/src/Trace.aj:12:-: warning: advice defined in Trace has not been applied "
                .. "[Xlint:adviceDidNotMatch] (ajc)" },
        },
    },
    -- What Maven and others say without a place, but for what always stands around a failure.
    {
        id = "maven.bare", specificity = 1,
        match = [[^\[(?<severity>ERROR|WARNING)\] ]]
            .. [[(?!Error output|COMPILATION|BUILD|Failed to execute goal|->|To see|Re-run|For more|After correcting|]]
            .. [[Tests run|]]
            .. [[Failures?:|]]
            .. [[Errors?:|\[Help|Some problems were|The build|Please refer|There ]]
            .. [[(?:are|were)|It is highly|For this reason)]]
            .. [[(?<message>[A-Z'"].*)$]],
        examples = {
            matches = { "[WARNING] Using platform encoding (UTF-8 actually) to copy filtered resources" },
            rejects = { "[ERROR] Failed to execute goal org.example:x", "[ERROR] BUILD FAILURE", "[ERROR]   symbol:"
                .. " class X" },
        },
        gives = { { "-:-:-: warning: Using platform encoding (UTF-8 actually) to copy filtered resources" } },
    },
    {
        id = "kotlin.message", tool = "kotlinc", specificity = 60,
        match = [[^\s*(?:\[\w+\] )?(?<severity>[ewiv]): (?:file://)?(?<file>(?:[A-Za-z]:)?[^\s:][^:]*?\.\w+):]]
            .. [[(?: \((?<line>\d+), (?<column>\d+)\):?|(?<line_2>\d+):(?<column_2>\d+):?)\s+(?<message>\S.*)$]],
        severities = { v = "note" },
        examples = { matches = {
            "e: /project/src/Main.kt: (12, 9): Unresolved reference: start",
            "w: file:///project/src/Main.kt:12:9 Variable 'x' is never used",
        } },
        gives = {
            { "/project/src/Main.kt:12:9: error: Unresolved reference: start (kotlinc)" },
            { "/project/src/Main.kt:12:9: warning: Variable 'x' is never used (kotlinc)" },
        },
    },
    {
        id = "kotlin.maven", tool = "kotlinc", specificity = 60,
        match = [[^\[(?<level>ERROR|WARNING)\]\s+(?<file>\S.*?\.kts?): \((?<line>\d+), (?<column>\d+)\) ]]
            .. [[(?<message>\S.*)$]],
        examples = { matches = { "[ERROR] /project/src/Main.kt: (12, 9) Unresolved reference: start" } },
        gives = { { "/project/src/Main.kt:12:9: error: Unresolved reference: start (kotlinc)" } },
    },
    {
        id = "scala3.heading", tool = "scalac", specificity = 60,
        match = [[^(?:\[(?<level>error|warn|info)\] )?-- (?:\[(?<code>E\d+)\] )?(?<kind>[\w ]*?)]]
            .. [[(?<severity>Error|Warning|Info|Migration Warning|Feature Warning|Deprecation Warning): ]]
            .. [[(?<file>\S.*?):(?<line>\d+):(?<column>\d+) -*$]],
        below = [[^(?:\[\w+\] )?\s*\|\s*(?<message>[A-Za-z'"].*)$]], below_within = 8,
        examples = { matches = {
            "[error] -- [E007] Type Mismatch Error: /project/Main.scala:12:9 ---------------\n[error] 12 |  val n: "
                .. "Int = \"x\"\n[error]    |               ^^^\n[error]    |               Found:    (\"x\" : "
                .. "String)\n[error]    |               Required: Int",
        } },
        gives = { { "/project/Main.scala:12:9: error: Found:    (\"x\" : String) [E007] (scalac)" } },
    },
    {
        id = "sbt.message", tool = "scalac", specificity = 40,
        match = [[^\[(?<level>error|warn)\]\s+(?<file>\S[^:]*(?::\\[^:]*)?\.(?:scala|java|sc|sbt)):(?<line>\d+)]]
            .. [[(?::(?<column>\d+))?: (?:(?<severity>error|warning): )?(?<message>\S.*)$]],
        examples = { matches = {
            "[warn] /project/src/Main.scala:111: method stop in class Thread is deprecated: see corresponding "
                .. "Javadoc.",
            "[error] /project/src/Main.scala:4:18: not found: value start",
        } },
        gives = {
            { "/project/src/Main.scala:111:-: warning: method stop in class Thread is deprecated: see corresponding "
                .. "Javadoc. (scalac)" },
            { "/project/src/Main.scala:4:18: error: not found: value start (scalac)" },
        },
    },
    {
        id = "groovy.message", tool = "groovyc", specificity = 50, severity = "error",
        match = [[^\s*(?:\[groovyc\]\s*)?(?:(?<file>(?:[A-Za-z]:)?[^\s:]+\.(?:groovy|gradle|gvy|java)|]]
            .. [[(?:script|WorkflowScript|build file '[^']+')): (?:\d+: )?)(?<message>\S.*?)\.? @ line ]]
            .. [[(?<line>\d+), column (?<column>\d+)\.$]],
        examples = { matches = { "/project/src/Main.groovy: 12: unexpected token: } @ line 12, column 9." } },
        gives = { { "/project/src/Main.groovy:12:9: error: unexpected token: } (groovyc)" } },
    },
    {
        id = "gradle.script", tool = "gradle", specificity = 55, severity = "error",
        match = [[^(?:Build file|Script|Settings file) '(?<file>[^']+)' line: (?<line>\d+)$]],
        below = [[^(?<message>(?!\* ).+)$]], message_after = [[^\* What went wrong:$]], below_within = 5,
        examples = { matches = { "Build file '/project/build.gradle' line: 12\n\n* What went wrong:\nA problem "
            .. "occurred evaluating root project 'app'." } },
        gives = {
            { "/project/build.gradle:12:-: error: A problem occurred evaluating root project 'app'. (gradle)" },
        },
    },
    {
        id = "checkstyle.plain", tool = "checkstyle", specificity = 55,
        match = [[^\s*(?:\[(?:ant:)?checkstyle\]\s*)?\[(?<level>ERROR|WARN|WARNING|INFO)\]\s+]] .. path
            .. [[:(?<line>\d+)(?::(?<column>\d+))?: (?<message>\S.*?)\.? \[(?<code>\w+)\]$]],
        examples = { matches = { "[ant:checkstyle] [ERROR] /project/src/List.java:12:5: Missing a Javadoc comment. "
            .. "[JavadocVariable]" } },
        gives = { { "/project/src/List.java:12:5: error: Missing a Javadoc comment [JavadocVariable] (checkstyle)" } },
    },
    {
        id = "pmd.text", tool = "pmd", specificity = 45, severity = "warning",
        match = [[^(?<file>(?:[A-Za-z]:)?[^\s:][^:\t]*\.\w+):(?<line>\d+):(?:\t|\s{2,})(?:(?<code>[A-Z]\w+):]]
            .. [[(?:\t|\s+))?(?<message>\S.*)$]],
        examples = { matches = { "/project/src/List.java:12:\tUnusedPrivateField:\tAvoid unused private fields such "
            .. "as 'size'." } },
        gives = {
            { "/project/src/List.java:12:-: warning: Avoid unused private fields such as 'size'. "
                .. "[UnusedPrivateField] "
                .. "(pmd)" },
        },
    },
    {
        id = "pmd.maven", tool = "pmd", specificity = 60, severity = "warning",
        match = [[^\[(?:ERROR|WARNING|INFO)\] PMD Failure: (?<file>[\w.$]+):(?<line>\d+) Rule:]]
            .. [[(?<code>\w+) Priority:(?<severity>\d) (?<message>\S.*?)\.?$]],
        severities = { ["1"] = "error", ["2"] = "error", ["3"] = "warning", ["4"] = "note", ["5"] = "note" },
        examples = { matches = { "[INFO] PMD Failure: org.example.List:12 Rule:UnusedImports Priority:4 Avoid "
            .. "unused imports such as 'java.util.Set'." } },
        gives = {
            { "org.example.List:12:-: note: Avoid unused imports such as 'java.util.Set' [UnusedImports] (pmd)" },
        },
    },
    {
        id = "spotbugs.text", tool = "spotbugs", specificity = 60, severity = "warning",
        match = [[^(?:\[(?:ERROR|WARNING|INFO)\]\s*)?(?:(?<severity>High|Medium|Low): |(?<severity_2>[HML]) [A-Z] ]]
            .. [[(?<code>\w+): )(?<message>\S(?:.*?\S)??)(?: \[[\w.$, ]+\])?\s+(?:At|In) (?<file>[\w$]+\.\w+):\[]]
            .. [[(?:line|lines) (?<line>\d+)(?:-\d+)?\](?: (?<code_2>[A-Z_0-9]+))?$]],
        severities = { m = "warning", l = "note", h = "error" },
        examples = { matches = {
            "[ERROR] High: Null passed for non-null parameter of List.add(Object) [org.example.Main] At "
                .. "Main.java:[line 12] NP_NULL_PARAM_DEREF",
            "M D DLS: Dead store to x in org.example.Main.main(String[])  At Main.java:[line 12]",
        } },
        gives = {
            { "Main.java:12:-: error: Null passed for non-null parameter of List.add(Object) [NP_NULL_PARAM_DEREF] "
                .. "(spotbugs)" },
            { "Main.java:12:-: warning: Dead store to x in org.example.Main.main(String[]) [DLS] (spotbugs)" },
        },
    },
    {
        id = "codenarc.text", tool = "codenarc", specificity = 60,
        match = [[^\s*Violation: Rule=(?<code>\w+) P=(?<severity>\d) (?:Line=(?<line>\d+) )?(?:Loc=\S+ )?(?:Msg=\[]]
            .. [[(?<message>.*?)\](?: Src=.*)?)?$]],
        severities = { ["1"] = "error", ["2"] = "warning", ["3"] = "note" },
        above = [[^\s*File: (?<file>\S+)$]], requires = { "file" },
        examples = { matches = { "File: src/Main.groovy\n    Violation: Rule=UnusedVariable P=2 Line=12 Msg=[The "
            .. "variable [x] is not used] Src=[def x = 1]" } },
        gives = { { "src/Main.groovy:12:-: warning: The variable [x] is not used [UnusedVariable] (codenarc)" } },
    },
    {
        id = "detekt.text", tool = "detekt", specificity = 50, severity = "warning",
        match = [=[^\s*(?<code>[A-Z]\w+)(?: - \[(?<message>[^\]]+)\])? at (?<file>\S.*?\.kts?):(?<line>\d+):]=]
            .. [=[(?<column>\d+)$]=],
        examples = { matches = { "\tMagicNumber - [This expression contains a magic number.] at "
            .. "/project/src/Main.kt:12:9" } },
        gives = {
            { "/project/src/Main.kt:12:9: warning: This expression contains a magic number. [MagicNumber] (detekt)" },
        },
    },
    {
        id = "javadoc.dash", tool = "javadoc", specificity = 45,
        match = before .. [[(?<file>(?:[A-Za-z]:)?[^\s:][^:]*\.(?:java|kt|html)):(?<line>\d+):? ]]
            .. [[(?<severity>warning|error) - (?<message>\S.*)$]],
        examples = { matches = { "[WARNING] /project/src/List.java:12: warning - @param argument \"size\" is not a "
            .. "parameter name." } },
        gives = {
            { "/project/src/List.java:12:-: warning: @param argument \"size\" is not a parameter name. (javadoc)" },
        },
    },
    {
        id = "flex.message", tool = "flex", specificity = 50,
        match = before .. [[(?<file>(?:[A-Za-z]:)?[^\s:(][^:(]*\.(?:as|mxml|css))\((?<line>\d+)\): (?:col: ]]
            .. [[(?<column>\d+) )?(?<severity>Error|Warning): (?<message>\S.*)$]],
        examples = { matches = { "[mxmlc] /project/src/Main.as(12): col: 9 Warning: variable 'x' has no type "
            .. "declaration." } },
        gives = { { "/project/src/Main.as:12:9: warning: variable 'x' has no type declaration. (flex)" } },
    },
    {
        id = "clojure.compile", tool = "clojure", specificity = 50, severity = "error",
        match = [[^(?:Syntax error|Exception in thread|.{0,300}?CompilerException)(?:[^()]*+[()])*?(?<message>]]
            .. [[(?:compiling|reading|macroexpanding)? ?[^()]*?)\(?(?:at |compiling:)\(?]]
            .. [[(?<file>[\w/.-]+\.clj[cs]?):(?<line>\d+)(?::(?<column>\d+))?\)\.?$]],
        examples = { matches = { "Syntax error compiling at (app/core.clj:12:3)." } },
        gives = { { "app/core.clj:12:3: error: compiling (clojure)" } },
    },
    {
        id = "clojure.reflection", tool = "clojure", specificity = 50, severity = "warning",
        match = [[^(?:Reflection|Boxed math) warning, (?<file>[^\s:]+):(?<line>\d+):(?<column>\d+) - ]]
            .. [[(?<message>\S.*)$]],
        examples = { matches = { "Reflection warning, app/core.clj:12:3 - reference to field size can't be "
            .. "resolved." } },
        gives = { { "app/core.clj:12:3: warning: reference to field size can't be resolved. (clojure)" } },
    },
}

for _, reader in ipairs(readers) do
    reader.keep = 2500  -- a log may have thousands of them
    -- Patterns of ASCII find the same in bytes, with much less to compile.
    if not reader.match:find("[\128-\255]") then reader.flags = "b" end
end

return {
    about = "Diagnostics of javac, ecj, kotlinc, scalac, groovyc, Maven, Gradle, Checkstyle, PMD, SpotBugs.",
    diagnostic_readers = readers,
}
