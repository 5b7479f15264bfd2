-- Lines that say what went wrong outside of tests, lines that only pass a failure on, and lines without information.
-- `role` is what `lib.diagnose.explanation` weighs; its weights stand in `lib.diagnose.explanation_model`.
return {
    about = "Errors, exceptions, crashes; wrappers that pass a failure on; noise",
    signals = {
        -- What went wrong
        {
            id = "error.diagnostic", role = "diagnostic",
            why = "a compiler or linter names file, line and error",
            match = [[^\s*(?:\[[\w:-]{1,20}\] *|e: |\S+: |: )?[^\s:(\[][^:(\n]{0,200}(?::\d+(?::\d+)?:]]
                .. [[|\(\d+(?:,\d+)?(?:,\d+,\d+)?\) ?:|:\[?\d+,\d+\]?:?|, line \d+:?|:\d+:\d+-\d+:) *(?:fatal ]]
                .. [[|internal |syntax |compile |validity )?(?:error|Error|ERROR|E)\b]],
            examples = {
                matches = { "src/a.c:3:5: error: expected ';'", "Program.cs(3,5): error CS0103: no",
                    "a.hs:3:1: error:", "    [javac] /home/a/B.java:3: error: ';' expected" },
                rejects = { "src/a.c:3:5: warning: unused", "error: no" },
            },
        },
        {
            id = "error.diagnostic_plain", role = "diagnostic_plain",
            why = "file, line and a message, as many checkers print them",
            match = [[^\s*[\w./\\@+~-]*\w\.\w{1,8}(?::\d+){1,2}:? (?!warning|note|info|Info|Warning|in function]]
                .. [[|passed)\S]],
            examples = {
                matches = { "src/rabbit_vhost.erl:91: field description undefined in record vhost",
                    "README.md:2186:1 Line longer than 80 characters." },
                rejects = { "src/a.c:3:5: warning: unused", "see a.c" },
            },
        },
        {
            id = "error.diagnostic_tight", role = "diagnostic_plain",
            why = "file, line and a message without a blank",
            match = [[^[\w./\\@+-]*\w\.\w{1,8}:\d+:(?:\d+:)?[A-Z]\w]],
            examples = {
                matches = { "README.md:2186:Line longer than 80 characters." },
                rejects = { "a.c:3: x" },
            },
        },
        {
            id = "error.diagnostic_marked", role = "diagnostic",
            why = "the mark of an error, then file and line (sbt, Maven, Kotlin, TSLint)",
            match = [[^(?:\[error\]|\[ERROR\]|e:|ERROR:|Error:|error:?|❌]]
                .. [=[|\[ant:\w+\] \[ERROR\]) {1,2}(?:file://)?[\w./\\@+-]*\w\.\w{1,8}(?::\[?\d+|\[\d+, ?\d+\]]=]
                .. [[|: \(\d+, \d+\)|\(\d+,\d+\))]],
            examples = {
                matches = { "[error] /a/B.scala:3:5: not found: value x",
                    "[ERROR] /a/B.java:[3,5] cannot find symbol", "e: /a/B.kt: (3, 5): Unresolved reference: x",
                    "ERROR: src/a.ts[3, 5]: missing whitespace" },
                rejects = { "[error] (test:test) sbt.TestsFailedException" },
            },
        },
        {
            id = "error.diagnostic_word_first", role = "diagnostic",
            why = "the forms of Dart, cppcheck, ShellCheck and GoogleTest",
            match = [[^\s*(?:error • .+ • \S+:\d+|\[[^\]:]+:\d+\]: \((?:error|style|warning)\) |In \S+ line \d+:$]]
                .. [[|\S+:\d+: Failure$)]],
            examples = {
                matches = { "  error • Undefined name 'x' • lib/a.dart:3:5 • undefined_identifier",
                    "[a.c:3]: (error) Memory leak: p", "In run.sh line 3:", "a_test.cc:3: Failure" },
                rejects = { "In short:" },
            },
        },
        {
            id = "error.diagnostic_fields", role = "diagnostic_plain",
            why = "a checker's message with file and line in one of the less common orders",
            match = [=[^(?:\S+ ){0,4}[\w./\\@+~-]*\w\.\w{1,8}\[\d+, ?\d+\]: ]=]
                .. [[|\bfile=["']?[\w./\\@+-]+["']?[, ]{1,2}line=["']?\d+]]
                .. [[|^"[\w./\\ @+-]+\.\w{1,8}", ?(?:line )?\d+:? +\S|^\w[\w-]*: ?\([EFW]\) ?\S+ \(\d+\): ?\S]],
            examples = {
                matches = { "ERROR: src/walk.ts[12, 5]: missing semicolon", "::error file=a/b.py,line=3::no",
                    "\"src\\walk.c\",129  Error[Pe020]: identifier is undefined", "lint:(W) src/a.c (398):unused" },
                rejects = { "array[1, 2]: 3", "profile=a line=b" },
            },
        },
        {
            id = "error.at_line", role = "diagnostic_plain",
            why = "a message with its line",
            match = [[\bat line \d+,? (?:column \d+|near\b)|\bat \S+ line \d+[.,]|\b[Ll]ine \d+, [Cc]ol(?:umn)? \d+]]
                .. [[|\bon line \d+ (?:of|in)\b]],
            examples = {
                matches = { "syntax error at a.pl line 3, near \"x\"", "Line 3, col 5: no",
                    "on line 7 of bulma.sass" },
                rejects = { "at line noise" },
            },
        },
        {
            id = "error.rust", role = "diagnostic",
            why = "an error of rustc, cargo or another tool that begins its line with error:",
            match = [[^error(?:\[E\d{4}\])?: (?!aborting due to|build failed|test failed|[Cc]ould not compile]]
                .. [[|process didn't exit)]],
            examples = {
                matches = { "error[E0407]: method `oom` is not a member of trait `Alloc`",
                    "error: linking with `cc` failed: exit code: 1" },
                rejects = { "error: aborting due to previous error", "error: build failed" },
            },
        },
        {
            id = "error.begins", role = "error_line",
            why = "the line begins with the word error",
            match = [[^\s*(?:\[\d\d:\d\d:\d\d\] )?(?:[-+*•>✖✗✘×❌!] ?)?(?:\[(?:error|ERROR|Error|fatal|FATAL|E)\] ?]]
                .. [[|(?:PHP )?(?:[Uu]ncaught |UNCAUGHT )?(?:[Ff]atal |FATAL |[Ii]nternal |[Ss]yntax |[Pp]arse ]]
                .. [[|[Cc]ompil(?:e|ation) |[Ll]ink |[Bb]uild |[Rr]untime |[Cc]onnection |[Ss]erver )*(?:[Ee]rror]]
                .. [[|ERROR|FATAL|[Ff]atal|CRITICAL|SEVERE|ERR!?)(?:[:!]|\s-|\s\d{4}[-/]|\s\[))]],
            examples = {
                matches = { "Error: Invalid CSS after x", "[ERROR] Found 1 error", "fatal: not a git repository",
                    "PHP Fatal error:  Class 'A' not found", "ERROR 2019/08/01 15:12:45 REF_NOT_FOUND" },
                rejects = { "no errors", "npm ERR! code 1", "Errors.h" },
            },
        },
        {
            id = "error.short_mark", role = "error_line",
            why = "the marks of apt, Kotlin, TeX, Yarn and Vim",
            match = [[^(?:E: (?!\d)|e: |! (?:LaTeX|Package|Undefined|Missing|Emergency|I can't|Extra|Illegal|==>)]]
                .. [[|error (?!Command failed)[A-Z"'`/@]|Vim\(\w+\):E\d+|E\d{2,4}: )]],
            examples = {
                matches = { "E: Unable to locate package x", "! LaTeX Error: File `x.sty' not found.",
                    "error An unexpected error occurred: \"x\".", "E117: Unknown function: x" },
                rejects = { "error Command failed with exit code 1.", "E302" },
            },
        },
        {
            id = "error.tool", role = "error_line",
            why = "a tool's name and its error",
            match = [[^[\w./+-]{1,60}(?:\[\d+\])?: (?:line \d+: )?(?:fatal |[A-Z]+ )?(?:error|Error|ERROR|fatal|FATAL]]
                .. [[|critical|cannot|can't|could not|unable to|invalid|illegal|unknown|unrecognized|undefined]]
                .. [[|missing|failed)\b]],
            examples = {
                matches = { "configure: error: C compiler cannot create executables", "ld: cannot find -lfoo",
                    "make: unknown option" },
                rejects = { "note: errors", "gcc: warning: x" },
            },
        },
        {
            id = "error.mention", role = "error_mention",
            why = "a word of failure somewhere in the line",
            match = [[(?i)\b(?:errors?|fail(?:s|ed|ure|ures|ing)?|fatal|exception|invalid|undefined|unresolved]]
                .. [[|unexpected|unable|cannot|can't|couldn't|could not|aborted|abort|denied|refused|mismatch]]
                .. [[|did not match|does not match|doesn't match|not allowed|illegal|missing|broken|corrupt(?:ed)?]]
                .. [[|unsatisfied|incompatible|conflicts?|violations?|forbidden|not installed|unavailable)\b]],
            examples = {
                matches = { "Exporting failed.", "md5sum did not match." },
                rejects = { "all is well" },
            },
        },
        {
            id = "error.exception", role = "exception",
            why = "an exception and its message",
            match = [[^\s*(?:Caused by: |Exception in thread "[^"]*" |Unhandled exception[.:]? ?|Uncaught |\*\* \(|! ]]
                .. [[|>> |E )?(?:[A-Za-z_][\w$]*(?:\.|::|\\))*(?:[A-Z][\w$]*)?(?:Error|Exception|Failure|Timeout]]
                .. [[|Interrupt|Errno::\w+)(?:\) |:| \(|$)]],
            examples = {
                matches = { "java.lang.NullPointerException: no", "ImportError: No module named 'cv2'",
                    "** (ArgumentError) argument error", "ActionView::Template::Error: undefined method" },
                rejects = { "see Error for more", "errors: 1" },
            },
        },
        {
            id = "error.traceback", role = "exception_start",
            why = "a crash begins here",
            match = [[^\s{0,100}(?:=?\s*)(?:Traceback \(most recent call last\)|[Ss]tack ?[Tt]race(?:back)?:?$]]
                .. [[|stack traceback:|Debugger entered--|Backtrace:|thread '.*' panicked at|panic: |goroutine \d+ \[]]
                .. [[|Unhandled (?:[Ee]xception|[Pp]romise)|[Uu]ncaught [Ee]xception|terminate called]]
                .. [[|Exception in thread|System process .* terminated|rake aborted!|Exception:|An unhandled]]
                .. [[|FATAL EXCEPTION|CallStack \(from HasCallStack\)|Error in process|Error while)]],
            examples = {
                matches = { "Traceback (most recent call last):", "thread 'main' panicked at 'x'", "rake aborted!",
                    "panic: runtime error" },
                rejects = { "no panic" },
            },
        },
        {
            id = "error.crash", role = "crash",
            why = "a process crashed or ran out of something",
            match = [[(?:Segmentation fault|SIGSEGV|SIGABRT|SIGKILL|SIGBUS|[Cc]ore dumped|ERROR: \w+Sanitizer]]
                .. [[|SUMMARY: \w+Sanitizer|runtime error: |Aborted \(core|^Killed$|Killed: 9|Bus error]]
                .. [[|[Oo]ut of memory|OutOfMemory|ENOMEM|[Cc]rash dump|[Bb]ad mount point|stack smashing|double free]]
                .. [[|WARNING: DATA RACE|heap corruption|internal compiler error|ENOSPC|No space left on device)]],
            examples = {
                matches = { "Segmentation fault (core dumped)",
                    "==16563==ERROR: AddressSanitizer: SEGV on unknown address" },
                rejects = { "crashing is bad" },
            },
        },
        {
            id = "error.not_found", role = "not_found",
            why = "something is not there",
            match = [[(?:No such file or directory|[Cc]ommand not found|: not found\b|cannot find\b|[Cc]ould not find]]
                .. [[|Couldn't find|Can't locate|Cannot find module|No module named|[Uu]nable to (?:find|locate]]
                .. [[|resolve)|No rule to make target|No \w+file found|[Uu]nresolved (?:reference|import|external]]
                .. [[|dependenc)|undefined (?:reference|symbol|method|variable|function)|cannot open shared object]]
                .. [[|does not exist\b|[Nn]o matching (?:package|distribution|version|function)|not found:]]
                .. [[|package .{0,200} is not in)]],
            examples = {
                matches = { "bash: x: command not found", "No Rakefile found (looking for: rakefile)",
                    "undefined reference to `main'" },
                rejects = { "found it" },
            },
        },
        {
            id = "error.network", role = "network",
            why = "the network or a server failed",
            match = [[(?:\b(?:403|404|429|50[0234])\b[ :]*(?:Not Found|Forbidden|Too Many|Internal|Bad [Gg]ateway]]
                .. [[|Service|Gateway|for url|http)|\[?404\]? http|[Cc]ould not resolve host|Connection (?:refused]]
                .. [[|reset|timed out|error)|[Cc]onnect(?:ion)? time(?:d ?)?out|Temporary failure in name resolution]]
                .. [[|TLS handshake|certificate (?:verify|has expired|subject)|SSL certificate|SSLError|ETIMEDOUT]]
                .. [[|ECONNRE|ENOTFOUND|EAI_AGAIN|Failed to (?:fetch|download|connect)|unable to access|curl: \(\d+\)]]
                .. [[|getaddrinfo|Network is unreachable|rate limit)]],
            examples = {
                matches = { "* Failure 404 Not Found", "curl: (6) Could not resolve host: x",
                    "[404] http://localhost" },
                rejects = { "listening on 404" },
            },
        },
        {
            id = "error.timeout", role = "timeout",
            why = "something took too long",
            match = [[(?i)\b(?:timed[- ]?out|time[- ]?out (?:of|after|exceeded|waiting)|timeout(?:error)?:]]
                .. [[|deadline exceeded|exceeded the .{0,20}time)\b]],
            examples = {
                matches = { "Error: timeout of 60000ms exceeded.", "Tests timed out" },
                rejects = { "with timeout 3" },
            },
        },
        {
            id = "error.lint", role = "lint",
            why = "a checker counts or names what it found",
            match = [[(?:\b[1-9]\d* (?:problems?|offenses?|violations?|errors?|issues?|warnings?) ?(?:\(|found]]
                .. [[|detected|generated|and\b|in\b)|[Ff]ound [1-9]\d* (?:errors?|problems?|issues?|violations?)]]
                .. [[|would (?:be reformatted|reformat)|[Cc]ode style issues|is not (?:formatted|sorted)]]
                .. [[|needs formatting|has exceeded|\(Severity: \d\)|exceeds (?:the )?(?:limit|maximum)]]
                .. [[|longer than \d+|[Dd]ead link|[Bb]roken link|not in order|alphabetic|Forgot to run)]],
            examples = {
                matches = { "3173 files inspected, 1 offense detected", "✖ 3 problems (3 errors, 0 warnings)",
                    "Package size limit has exceeded by 934 B" },
                rejects = { "0 problems" },
            },
        },
        {
            id = "error.lint_row", role = "lint_row",
            why = "a row of a linter's table",
            match = [[^\s+\d+:\d+\s+(?:error|warning|✖|✗)\s|^\s*(?:Line )?\d+(?::\d+)?:? +(?:error|Error|Method]]
                .. [[|Parameter|Undefined|Call to|Property|Variable|Class)\b|^\S+:\d+:\d+: [CEFWR](?:\d{3,4})?:? ]]
                .. [[|^\s*\d+ \| (?:ERROR|WARNING) \||^FOUND \d+ ERRORS?\b|^\S+\.\w{1,6}:\d+ .+\([\w-]+\)$]],
            examples = {
                matches = { "  3:8  error  'showModal' is defined but never used  no-unused-vars",
                    "db/a.rb:1:1: C: Style/FrozenStringLiteralComment: Missing",
                    "src/a.js:1 Strings must use singlequote. (quotes)" },
                rejects = { "3:8" },
            },
        },
        {
            id = "error.usage", role = "usage",
            why = "a tool was called wrongly",
            match = [[^(?:[Uu]sage(?:: | of )\S|USAGE:)|(?i)\b(?:unknown|unrecognized|invalid|illegal]]
                .. [[|no such) (?:option|command|argument|flag|subcommand|target|parameter|task)\b]]
                .. [[|flag provided but not defined|requires an argument|is not a (?:\w+ )?command]],
            examples = {
                matches = { "Usage: perlcritic [-12345]", "flag provided but not defined: -trace2_event_file",
                    "unknown option --x" },
                rejects = { "memory usage: 3" },
            },
        },
        {
            id = "error.stack_frame", role = "stack_frame",
            why = "a frame of a stack",
            match = [[^\s+at [\w$.<>\[\]/@ ]+ ?\(|^\s+at (?:/|file:|async |new )|^\s+File ".*", line \d+|^\s*(?:from ]]
                .. [[|# )?[\w./~<>-]+\.(?:rb|rake|ex|exs|php|py|pm|jl):\d+:?(?:in `|: |$)|^\s*#\d+ +0x|^\s*\d+: +0x]]
                .. [[|^\s+\([\w.]+(?: [\w.-]+)?\) \S+:\d+: |^\s+(?:\[C\]|\[string|\S+\.lua:\d+): in ]]
                .. [[|^\s+\S+\.go:\d+ \+0x|^\t?/\S+\.php:\d+$|^\s+(?:\.\.\. )?\d+ more$]],
            examples = {
                matches = { "    at Object.toEqual (test/a.js:335:61)", "  File \"a.py\", line 197, in runTest",
                    "    #3 0x455083 in main", "/home/a/b.rb:92:in `block in <main>'" },
                rejects = { "at home" },
            },
        },

        -- Lines that pass a failure on
        {
            id = "wrapper.make", role = "wrapper",
            why = "make says that a recipe failed; what failed is above",
            match = [[^(?:g?n?make|mingw32-make|gmake)(?:\[\d+\])?: \*\*\* (?!No rule to make)]]
                .. [[|^(?:\S+:\d+: )?recipe for target '.*' failed|^ninja: build stopped|^FAILED: \S]]
                .. [[|\bmake(?:\[\d+\])?: \*\*\* \[.*\] Error \d+]],
            examples = {
                matches = { "make[2]: *** [report] Error 1", "Makefile:270: recipe for target 'test_stdlib' failed",
                    "ninja: build stopped: subcommand failed." },
                rejects = { "make: *** No rule to make target `travis'.  Stop." },
            },
        },
        {
            id = "wrapper.npm", role = "wrapper",
            why = "a package manager says that its script failed; what failed is above",
            match = [[^npm ERR! (?:code ELIFECYCLE|errno \d+|Test failed|Exit status|Failed at|This is probably]]
                .. [[|A complete log|\s|$|\S{1,200}@\S+ )|^npm (?:ERR!|error) (?:code|errno|command|path|Lifecycle]]
                    .. [[|Exit)]]
                .. [[|^error Command failed(?: with exit code|\.)|^info Visit https://yarnpkg|^ELIFECYCLE]]
                .. [[|^.ELIFECYCLE.{0,3} Command failed|^ERROR: "\S+" exited with|^lerna ERR!|^Exit code: \d]]
                .. [[|^error: script "\S+" exited]],
            examples = {
                matches = { "npm ERR! code ELIFECYCLE", "npm ERR! Test failed.  See above for more details.",
                    "error Command failed with exit code 1.", "ERROR: \"lint\" exited with 1." },
                rejects = { "npm ERR! 404 Not Found: x" },
            },
        },
        {
            id = "wrapper.npm_own", role = "error_line",
            why = "npm itself failed",
            match = [[^npm (?:ERR!|error) (?:code E(?!LIFECYCLE)\w+|\d{3} |[a-z]+ [a-z])]],
            examples = {
                matches = { "npm ERR! code ERESOLVE", "npm ERR! 404 Not Found" },
                rejects = { "npm ERR! code ELIFECYCLE" },
            },
        },
        {
            id = "wrapper.cargo", role = "wrapper",
            why = "cargo says that it stops; what failed is above",
            match = [[^error: (?:aborting due to|build failed|test failed|[Cc]ould not compile|process didn't exit)]]
                .. [[|^warning: build failed|^For more information about (?:an|this) error|^Some errors (?:occurred]]
                .. [[|have detailed)|^Caused by:$|^  process didn't exit successfully]],
            examples = {
                matches = { "error: aborting due to previous error", "error: build failed" },
                rejects = { "error: linking failed" },
            },
        },
        {
            id = "wrapper.build_tools", role = "wrapper",
            why = "a build tool says that it stops; what failed is above",
            match = [[^(?:\[ERROR\] )?(?:BUILD FAIL|Build FAILED|FAILURE: Build failed|\* What went wrong:]]
                .. [[|Execution failed for task|> Task :\S+ FAILED|:\S+ FAILED$|\[INFO\] BUILD FAILURE|\* Try:]]
                .. [[|\[ERROR\] Failed to execute goal|Failed to execute goal|\[error\] (?:\(|Total time]]
                .. [[|Failed tests)|\*\* (?:TEST|BUILD|ARCHIVE) FAILED \*\*|The following build commands failed]]
                .. [[|\(\d+ failures?\)|FAIL\s+\S+\s+[\d.]+s$|FAIL$|exit status \d+$|FAILURES!$|Tasks: TOP]]
                .. [[|(?:\(\d\d:\d\d:\d\d\) )?ERROR: Build did NOT complete|Testing failed:$]]
                .. [[|\(See full trace|cabal: |stack: |ExitFailure \d|Test suite failure|subprocess .* failed|tox: ]]
                .. [[|ERROR:   \w+: commands failed|_{10,} summary _{5,}|ERROR: InvocationError]]
                .. [[|error: failed to run custom build|Failed: |Build failed|Result: FAIL|TEST FAILURE|\*\*\* Failed]]
                .. [[|Failed \d+/\d+ test programs|\d+ tests? failed|Task .* failed|Warning: Task]]
                .. [[|Aborted due to warnings|Command failed with|Use --force to continue)]],
            examples = {
                matches = { "FAILURE: Build failed with an exception.", "Execution failed for task ':test'.",
                    "FAIL\tgithub.com/a/b\t0.178s", "BUILD FAILED in 3s", "[INFO] BUILD FAILURE",
                    "(04:11:13) ERROR: Build did NOT complete successfully", "Testing failed:" },
                rejects = { "FAIL: test_a (x)", "Testing failed: the disk is full" },
            },
        },
        {
            id = "wrapper.step", role = "wrapper",
            why = "something shows with what code something else ended",
            match = [[(?i)\b(?:errored after \d|(?:step|task|job|script|command|process|tests?) (?:finished|exited]]
                .. [[|failed|returned|ended|completed)(?: \w+)? (?:with )?(?:a )?(?:non-?zero|exit|code|status|error)]]
                .. [[|non-zero exit|exited (?:with (?:code|status|non-zero)|non-?zero|abnormally)]]
                .. [[|exit(?:ed)?(?: with)?(?: exit)? (?:code|status):? [1-9]|returned (?:a )?non-?zero]]
                .. [[|\bfailed (?:with (?:return |error )?code:? [1-9]|\([1-9]\d{0,2}\)!?$)]]
                .. [[|returned exit code [1-9]|Command .{1,200} returned non-zero)]],
            examples = {
                matches = { "[01:06:26] 'runTestsParallel' errored after 11 min",
                    "Error! The 'core' test step finished with a non-zero exit code", "Process exited with code: 5",
                    "Error: /usr/bin/xcodebuild failed with return code: 65", "Error: xcodebuild failed (65)!" },
                rejects = { "exit code 0", "3 tests failed (1200 ms)" },
            },
        },
    },
}
