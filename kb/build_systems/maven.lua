-- Maven and its plugins.
return {
    about = "Maven",
    entries = {
        {
            id = "maven.dependency_not_found", title = "Maven cannot find an artifact",
            match = [[^(?!\[(?:WARN|INFO|DEBUG))(?:.{0,400}?)(?:Could not find artifact ]]
                .. [[(?<artifact>[\w.:${}-]+)(?: in (?<repository>\S+))?|(?:The following artifacts ]]
                .. [[could not be resolved|Failed to collect dependencies at|Failure to find) ]]
                .. [[?:?\s*(?<artifact2>[\w.-]+:[\w.:$*{}-]+))]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "An artifact is in none of the repositories that Maven asks.",
            fix = "Look for the version on the repository's pages: it may not be released there yet, or was "
                .. "removed. If it is a module of this build, build it too (`-am`, or `install` instead of "
                .. "`compile`). For private repositories the `settings.xml` of this job lacks the server. A "
                .. "failure is remembered: `-U` asks again.",
            commands = { "mvn -U dependency:resolve", "mvn -pl MODULE -am verify" },
            docs = { "https://maven.apache.org/guides/introduction/introduction-to-repositories.html" },
            tags = { "java", "maven", "dependency" },
            examples = {
                matches = {
                    "[ERROR] Failed to execute goal on project app: Could not resolve dependencies for project "
                        .. "org.example:app:jar:1.0: Could not find artifact com.example:core:jar:4.2.0 in central "
                        .. "(https://repo.maven.apache.org/maven2) -> [Help 1]",
                    "[ERROR] The following artifacts could not be resolved: com.example:core:jar:4.2.0 (absent)",
                },
                rejects = { "[INFO] Downloading from central: https://repo.maven.apache.org/maven2/com/example/core" },
            },
        },
        {
            id = "maven.offline", title = "Maven works offline and lacks an artifact",
            match = [[Cannot access (?<repository>\S+) \((?<url>[^)]{1,500})\) in offline mode and the artifact ]]
                .. [[(?<artifact>\S+) has not been downloaded from it before]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "`{artifact}` is not in the local repository, and `-o` (or the settings) forbids to ask {url}.",
            fix = "Fetch before going offline: `mvn dependency:go-offline` in the step that fills the cache; "
                .. "plugins that are only used later are not always in it. Key the cache by the hash of all "
                .. "`pom.xml`.",
            commands = { "mvn dependency:go-offline" },
            tags = { "java", "maven", "cache" },
            examples = {
                matches = {
                    "[ERROR] Failed to execute goal on project ledger: Could not resolve dependencies for project "
                        .. "org.example:ledger:jar:1.0-SNAPSHOT: Cannot access central "
                        .. "(https://repo.maven.apache.org/maven2) in offline mode and the artifact "
                        .. "com.example.nowhere:core:jar:4.2.0 has not been downloaded from it before. -> [Help 1]",
                },
                rejects = { "[INFO] Offline mode" },
            },
        },
        {
            id = "maven.transfer_failed", title = "Maven cannot download",
            match = [[^(?!\[(?:WARN|INFO|DEBUG))(?:.{0,400}?)(?:Could not transfer (?:artifact|metadata) ]]
                .. [[(?<artifact>\S+) from/to (?<repository>\S+) \([^)]*\): (?<reason>.{3,300})|was not ]]
                .. [[found in (?<url>\S+) during a previous attempt\. This failure was cached)]],
            class = "infrastructure", severity = "error", priority = 82,
            cause = "A download from a repository failed.",
            fix = "401 and 403: credentials in `settings.xml` (GitHub Packages needs a token also to read). "
                .. "Time-outs, resets, 5xx: run again, with `-Dmaven.wagon.http.retryHandler.count=3` or "
                .. "`-Daether.connector.http.retryHandler.count=3`. `previous attempt … cached`: `-U`, and do not "
                .. "cache `*.lastUpdated`.",
            commands = { "mvn -U -B verify" },
            tags = { "java", "maven", "network" },
            examples = {
                matches = {
                    "[ERROR] Could not transfer artifact org.example:a:pom:1.0 from/to central "
                        .. "(https://repo.maven.apache.org/maven2): Connection reset -> [Help 1]",
                    "org.example:a:jar:1.0 was not found in https://repo.maven.apache.org/maven2 during a previous "
                        .. "attempt. This failure was cached in the local repository",
                },
                rejects = {
                    "[INFO] Downloaded from central: https://repo.maven.apache.org/maven2/a.pom (1.2 kB at 12 kB/s)",
                    "[WARNING] Could not transfer metadata a:b:1-SNAPSHOT/maven-metadata.xml from/to snapshots "
                        .. "(https://example.org/): Connection refused",
                },
            },
        },
        {
            id = "maven.http_blocked", title = "Maven blocks a repository without TLS",
            match = [[^(?!\[(?:WARN|INFO|DEBUG))(?:.{0,400}?)(?:maven-default-http-blocker|Blocked mirror ]]
                .. [[for repositories)]],
            class = "version mismatch", severity = "error", priority = 93,
            cause = "Maven 3.8.1 and newer refuse repositories with `http://`.",
            fix = "Change the URL to `https://` in the pom that names it (often a dependency's parent). Only as a "
                .. "last resort give a mirror with an `id` of its own in `settings.xml`.",
            docs = { "https://maven.apache.org/docs/3.8.1/release-notes.html" },
            tags = { "java", "maven", "network" },
            examples = {
                matches = {
                    "[ERROR] Failed to read artifact descriptor for a:b:jar:1: Could not transfer artifact "
                        .. "a:b:pom:1 from/to maven-default-http-blocker (http://0.0.0.0/): Blocked mirror for "
                        .. "repositories: [old (http://old.example.org/, default, releases)]",
                },
                rejects = { "[INFO] mirror: central" },
            },
        },
        {
            id = "maven.plugin_not_resolved", title = "Maven cannot get a plugin",
            match = [[(?:Plugin (?<plugin>\S+) or one of its dependencies could not be resolved|No plugin ]]
                .. [[found for prefix '(?<prefix>[^']+)'|Error resolving version for plugin ]]
                .. [['(?<plugin2>[^']+)')]],
            class = "missing setup", severity = "error", priority = 84,
            cause = "A plugin of the build, or something it needs, could not be downloaded or found.",
            fix = "The rest of the line says why. For a prefix: the plugin is not in this pom, or Maven runs in a "
                .. "folder without it. Add `pluginRepositories` if it is not in Central.",
            commands = { "mvn -U -B validate" },
            tags = { "java", "maven", "plugin" },
            examples = {
                matches = {
                    "[ERROR] Plugin org.example:nowhere-maven-plugin:2.1 or one of its dependencies could not be "
                        .. "resolved: Cannot access central (https://repo.maven.apache.org/maven2) in offline mode",
                    "[ERROR] No plugin found for prefix 'springboot' in the current project and in the plugin "
                        .. "groups [org.apache.maven.plugins, org.codehaus.mojo] available from the repositories",
                },
                rejects = { "[INFO] --- maven-resources-plugin:3.3.0:resources (default-resources) @ ledger ---" },
            },
        },
        {
            id = "maven.pom_unreadable", title = "A pom.xml cannot be read",
            match = [[(?:Non-parseable POM (?<file>\S+?\.xml|\S+): (?<why>.{3,300})|\[(?:ERROR]]
                .. [=[|FATAL)\]\s+'(?<element>[\w.\[\]]+)'(?: for \S+)? is (?:missing|duplicate|either ]=]
                .. [[LATEST).{0,160}|Non-resolvable (?<what>parent|import) POM(?: for \S+)?: ]]
                .. [[(?<reason>.{3,300})|Child module (?<module>\S+) of \S+ does not exist|The project ]]
                .. [[.{1,160} has \d+ errors?)]],
            class = "code bug", severity = "error", priority = 82,
            cause = "Maven cannot make a project of a `pom.xml`.",
            fix = "Non-parseable: broken XML, often a merge conflict. A parent that is not found: build or install "
                .. "it first, fix `relativePath`, or give access to its repository. A missing version: the BOM "
                .. "that had it is gone or was not resolved.",
            commands = { "mvn help:effective-pom" },
            tags = { "java", "maven" },
            examples = {
                matches = {
                    "[FATAL] Non-parseable POM /home/runner/work/app/app/pom.xml: end tag name </project> must "
                        .. "match start tag name <dependencies> from line 5 (position: TEXT seen ...</project>... "
                        .. "@6:11)  @ line 6, column 11",
                    "[ERROR]     'dependencies.dependency.version' for com.example:core:jar is missing. @ line 20, "
                        .. "column 17",
                    "[FATAL] Non-resolvable parent POM for org.example:app:1.0: Could not find artifact "
                        .. "org.example:parent:pom:1.0 and 'parent.relativePath' points at wrong local POM @ line "
                        .. "5, column 11",
                },
                rejects = {
                    "[WARNING] 'build.plugins.plugin.version' for org.apache.maven.plugins:maven-jar-plugin should "
                        .. "be given",
                },
            },
        },
        {
            id = "maven.no_pom", title = "There is no pom.xml here",
            match = [[there is no POM in this directory \((?<folder>[^)]+)\)|POM file (?<file>\S+) ]]
                .. [[specified with the -f/--file command line argument does not exist]],
            class = "missing setup", severity = "error", priority = 91,
            cause = "Maven runs in a folder without a `pom.xml`.",
            fix = "Set `working-directory`, or give `-f path/pom.xml`. Check that the checkout came before.",
            commands = { "ls -la" },
            tags = { "java", "maven" },
            examples = {
                matches = {
                    "[ERROR] The goal you specified requires a project to execute but there is no POM in this "
                        .. "directory (/home/runner/work/app/app). Please verify you invoked Maven from the "
                        .. "correct directory. -> [Help 1]",
                },
                rejects = { "[INFO] Scanning for projects..." },
            },
        },
        {
            id = "maven.enforcer", title = "A rule of the enforcer failed",
            match = [[(?:Rule \d+: (?<rule>[\w.$]+)(?:\([^)]{0,500}\))? failed with message|Detected (?:JDK]]
                .. [[|Maven) Version: (?<have>\S+) is not in the allowed range (?<want>.{3,60}))]],
            class = "version mismatch", severity = "error", priority = 88,
            cause = "The build checks its surroundings, and one check failed. The lines below say which.",
            fix = "`RequireJavaVersion`, `RequireMavenVersion`: set them in the job. `DependencyConvergence`, "
                .. "`RequireUpperBoundDeps`: align the versions that are listed.",
            commands = { "mvn -version" },
            docs = { "https://maven.apache.org/enforcer/enforcer-rules/index.html" },
            tags = { "java", "maven", "version" },
            examples = {
                matches = {
                    "[ERROR] Rule 0: org.apache.maven.enforcer.rules.version.RequireJavaVersion failed with message:",
                    "Detected JDK Version: 11.0.22 is not in the allowed range [17,).",
                },
                rejects = { "[INFO] --- maven-enforcer-plugin:3.4.1:enforce (default) @ app ---" },
            },
        },
        {
            id = "maven.surefire_crash", title = "The JVM of the tests ended without saying good-bye",
            match = [[The forked VM terminated without (?:properly )?saying (?:properly )?goodbye]]
                .. [[|ExecutionException The forked VM|There was a timeout or other error in the fork]]
                .. [[|Error occurred in starting fork]],
            class = "infrastructure", severity = "error", priority = 84,
            cause = "The process that runs tests died: out of memory, `System.exit`, a crash, or killed.",
            fix = "See `target/surefire-reports/*.dumpstream` and `hs_err_pid*.log` (keep them as artifacts). Set "
                .. "`argLine` with a sensible `-Xmx`; a plain `argLine` in the pom also loses JaCoCo's agent.",
            commands = { "cat target/surefire-reports/*.dumpstream" },
            docs = { "https://maven.apache.org/surefire/maven-surefire-plugin/faq.html" },
            tags = { "java", "maven", "test" },
            examples = {
                matches = {
                    "[ERROR] The forked VM terminated without properly saying goodbye. VM crash or System.exit "
                        .. "called?",
                    "[ERROR] There was a timeout or other error in the fork",
                },
                rejects = { "[INFO] Tests run: 4, Failures: 0, Errors: 0, Skipped: 0" },
            },
        },
        {
            id = "maven.tests_failed", title = "Tests failed (Surefire)",
            match = [[(?:There are test failures\.|^\[ERROR\] Tests run: (?<total>\d+), Failures: ]]
                .. [[(?<failures>\d+), Errors: (?<errors>\d+), Skipped: \d+$)]],
            class = "code bug", severity = "error", priority = 14,
            cause = "A summary: tests failed. Which, and why, stands above.",
            fix = "Look at `<<< FAILURE!` and `<<< ERROR!` above. Run one alone with `-Dtest=Class#method`.",
            commands = { "mvn test -Dtest='Class#method'" },
            tags = { "java", "maven", "test", "summary" },
            examples = {
                matches = {
                    "[ERROR] Tests run: 4, Failures: 1, Errors: 1, Skipped: 1", "[ERROR] There are test failures.",
                },
                rejects = { "[INFO] Tests run: 4, Failures: 0, Errors: 0, Skipped: 1" },
            },
        },
        {
            id = "maven.test_failure", title = "A test failed (Surefire)",
            match = [[^(?!(?:\[ERROR\] )?Tests run:)(?:\[ERROR\] )? {0,4}(?<test>\S(?:[^\s]| (?! )(?!-- ]]
                .. [[))*?)(?: {1,2}-- | {1,2})Time elapsed: (?<seconds>[\d.,]+) s(?:ec)?\s+<<< ]]
                .. [[(?<kind>FAILURE|ERROR)!]],
            class = "code bug", severity = "error", priority = 58,
            cause = "`{test}` ended with a {kind}. The message is on the next lines.",
            fix = "An `ERROR` is an exception that the test did not expect, a `FAILURE` an assertion. Run it "
                .. "alone; if it passes, tests share state or order.",
            tags = { "java", "maven", "test" },
            examples = {
                matches = {
                    "[ERROR] ofNone(org.example.MeanTest)  Time elapsed: 0.004 s  <<< ERROR!",
                    "[ERROR] org.example.MeanTest.ofTwo -- Time elapsed: 0.002 s <<< FAILURE!",
                },
                rejects = {
                    "[ERROR] Tests run: 4, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.055 s <<< FAILURE! "
                        .. "- in org.example.MeanTest",
                },
            },
        },
        {
            id = "maven.goal_failed", title = "A goal failed",
            match = [[\[ERROR\] Failed to execute goal (?<goal>\S+)(?: \((?<execution>[^)]*)\))? on ]]
                .. [[project (?<project>[\w.-]+): (?<what>(?!Could not resolve|Fatal error compiling: ]]
                .. [[error: (?:release|invalid)).{3,400})]],
            class = "code bug", severity = "error", priority = 26,
            cause = "Maven stopped at {goal} of {project}: {what}",
            fix = "That is the last word of the plugin; what it printed before has the details. `-e` shows the "
                .. "stack.",
            commands = { "mvn -e -pl :{project} verify" },
            tags = { "java", "maven", "summary" },
            examples = {
                matches = {
                    "[ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.10.1:compile "
                        .. "(default-compile) on project ledger: Compilation failure: Compilation failure:",
                },
                rejects = {
                    "[ERROR] Failed to execute goal on project ledger: Could not resolve dependencies for project "
                        .. "org.example:ledger:jar:1.0-SNAPSHOT",
                },
            },
        },
        {
            id = "maven.style", title = "Checkstyle, SpotBugs, PMD or Spotless found something",
            match = [[(?:You have (?<count>[1-9]\d*) (?:Checkstyle|PMD) violations?|The following files ]]
                .. [[had format violations|failed with (?<bugs>\d+) bugs? and \d+ errors?|There (?:was]]
                .. [[|were) \d+ errors? reported by Checkstyle|The following \d+ files? (?:had|have) ]]
                .. [[(?:format|style))]],
            class = "code bug", severity = "error", priority = 74,
            cause = "A style or bug checker of the build refuses the code.",
            fix = "The findings stand above with file and line. Spotless and formatter plugins fix them: `mvn "
                .. "spotless:apply`.",
            commands = { "mvn spotless:apply" },
            tags = { "java", "maven", "lint" },
            examples = {
                matches = {
                    "[ERROR] Failed to execute goal org.apache.maven.plugins:maven-checkstyle-plugin:3.3.1:check "
                        .. "(default) on project app: You have 3 Checkstyle violations. -> [Help 1]",
                    "> The following files had format violations:",
                },
                rejects = { "[INFO] You have 0 Checkstyle violations." },
            },
        },
        {
            id = "maven.failure", title = "The build failed (Maven)",
            match = [[^\[INFO\] BUILD FAILURE]],
            class = "code bug", severity = "error", priority = 6,
            cause = "A summary: Maven's build failed.",
            fix = "The first `[ERROR]` after (and the messages before) this line have the reason.",
            tags = { "java", "maven", "summary" },
            examples = { matches = { "[INFO] BUILD FAILURE" }, rejects = { "[INFO] BUILD SUCCESS" } },
        },
    },
}
