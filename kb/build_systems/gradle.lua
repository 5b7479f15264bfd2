-- Gradle.
return {
    about = "Gradle",
    entries = {
        {
            id = "gradle.dependency_not_found", title = "Gradle cannot find a dependency",
            match = [[^\s*>? ?Could not find (?<artifact>[\w.-]+:[\w.-]+(?::[\w.$+-]*)?)\.$]],
            class = "missing setup", severity = "error", priority = 89,
            cause = "`{artifact}` is in none of the repositories that are searched; they are listed below.",
            fix = "Add the repository that has it (`google()`, `mavenCentral()`; JCenter is gone, JitPack needs "
                .. "its own line), in `settings.gradle` if `dependencyResolutionManagement` is there. Check the "
                .. "version. An empty version means that a platform or catalogue entry is missing.",
            commands = { "gradle dependencyInsight --dependency NAME" },
            docs = { "https://docs.gradle.org/current/userguide/declaring_repositories.html" },
            tags = { "gradle", "dependency" },
            examples = {
                matches = {
                    "> Could not find com.example.nowhere:core:4.2.0.", "   > Could not find com.example:core:1.0.",
                },
                rejects = { "> Could not find method android() for arguments" },
            },
        },
        {
            id = "gradle.resolve_failed", title = "Gradle cannot fetch a dependency",
            match = [[(?:Could not (?:GET|HEAD|get resource) '(?<url>[^']+)'\.?(?: Received status code ]]
                .. [[(?<status>\d+) from server: ?(?<reason>.{0,80}))?|Could not (?:download|resolve) ]]
                .. [[(?<artifact>[\w.-]+:[\w.-]+:\S+?)\.?$|No cached version of (?<cached>\S+) available ]]
                .. [[for offline mode)]],
            class = "infrastructure", severity = "error", priority = 80,
            cause = "A dependency could not be fetched.",
            fix = "401/403: credentials of the repository. 5xx, 429, time-outs: run again, and let "
                .. "`gradle/actions/setup-gradle` keep the cache. `offline mode`: the cache lacks it. `No matching "
                .. "variant` stands below if versions of Java or Kotlin do not fit.",
            commands = { "gradle --refresh-dependencies build" },
            tags = { "gradle", "network" },
            examples = {
                matches = {
                    "   > Could not GET 'https://repo.maven.apache.org/maven2/a/b/1/b-1.pom'. Received status code "
                        .. "429 from server: Too Many Requests",
                    "> Could not resolve com.android.tools.build:gradle:8.3.0.",
                    "   > No cached version of com.example:core:1.0 available for offline mode.",
                },
                rejects = { "Downloading https://services.gradle.org/distributions/gradle-8.7-bin.zip" },
            },
        },
        {
            id = "gradle.no_matching_variant", title = "A dependency has no variant that fits",
            match = [[(?:No matching (?:variant|configuration) of (?<artifact>\S+) was found|Cannot ]]
                .. [[choose between the following (?:variants|configurations) of (?<artifact2>\S+):]]
                .. [[|Dependency resolution is looking for a library compatible with JVM runtime version ]]
                .. [[(?<need>\d+), but '(?<artifact3>[^']+)' is only compatible with JVM runtime version ]]
                .. [[(?<have>\d+))]],
            class = "version mismatch", severity = "error", priority = 90,
            cause = "The dependency exists, but not for what this build asks: the version of Java, the build type "
                .. "or the platform.",
            fix = "Read `The consumer was configured to find` below: `for use during runtime, compatible with Java "
                .. "8` and a library for Java 17 means that Gradle runs with an older JDK, or the target is too "
                .. "low. Set `java-version` in the job, or take an older release of the library.",
            commands = { "gradle -version" },
            docs = { "https://docs.gradle.org/current/userguide/variant_model.html" },
            tags = { "gradle", "version" },
            examples = {
                matches = {
                    "   > No matching variant of com.android.tools.build:gradle:8.0.0 was found. The consumer was "
                        .. "configured to find a library for use during runtime, compatible with Java 11, packaged "
                        .. "as a jar, and its dependencies declared externally, as well as attribute "
                        .. "'org.gradle.plugin.api-version' with value '8.0' but:",
                },
                rejects = { "variant \"debug\" was found" },
            },
        },
        {
            id = "gradle.java_version", title = "Gradle and Java do not go together",
            match = [[(?:Gradle (?:(?<gradle>[\d.]+) )?requires (?:Java|JVM) (?<need>\d+)|(?:The Android ]]
                .. [[Gradle plugin|Android Gradle plugin) requires Java (?<need2>\d+) to run\. You are ]]
                .. [[currently using Java (?<have>\d+)|BUG! exception in phase '[^']+' in source unit]]
                .. [[|Could not (?:initialize class org\.codehaus\.groovy\.\S+|determine java version ]]
                .. [[from '(?<version>[^']+)')|Your build is currently configured to use (?:incompatible ]]
                .. [[)?(?:Java|JVM) (?<java>[\d.]+)|Cannot find a Java installation on your ]]
                .. [[machine.{0,120}matching|No matching toolchains found for requested specification)]],
            class = "version mismatch", severity = "error", priority = 92,
            cause = "The version of Java that runs Gradle (or that a toolchain asks for) does not fit.",
            fix = "Let `actions/setup-java` install what is asked for; Gradle 7.3 runs on Java 17, 8.5 on 21, 9.1 "
                .. "on 25; older ones not. For toolchains install that JDK too, or apply the `foojay-resolver` "
                .. "plugin.",
            commands = { "./gradlew --version" },
            docs = { "https://docs.gradle.org/current/userguide/compatibility.html" },
            tags = { "gradle", "jdk", "version" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "The JDK that Gradle and its plugins need",
                yaml = "- uses: actions/setup-java@v4\n"
                    .. "  with:\n"
                    .. "    distribution: temurin\n"
                    .. "    java-version: \"17\"\n"
                    .. "- uses: gradle/actions/setup-gradle@v4\n",
            },
            examples = {
                matches = {
                    "   > Android Gradle plugin requires Java 17 to run. You are currently using Java 11.",
                    "Gradle requires JVM 17 or later to run. Your build is currently configured to use JVM 11.",
                    "BUG! exception in phase 'semantic analysis' in source unit '_BuildScript_' Unsupported class "
                        .. "file major version 65",
                    "> Cannot find a Java installation on your machine (Linux 6.5.0-1021-azure amd64) matching: "
                        .. "{languageVersion=21, vendor=any vendor, implementation=vendor-specific}. Toolchain "
                        .. "download repositories have not been configured.",
                },
                rejects = { "Gradle 8.7" },
            },
        },
        {
            id = "gradle.plugin_not_found", title = "Gradle cannot find a plugin",
            match = [[(?:Plugin \[id: '(?<plugin>[^']+)'(?:, version: '(?<version>[^']+)')?.{0,40}\] was ]]
                .. [[not found in any of the following sources|Plugin with id '(?<plugin2>[^']+)' not ]]
                .. [[found)]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "The plugin is not in the repositories that are asked for plugins, or not in that version.",
            fix = "Add its repository to `pluginManagement { repositories { … } }` in `settings.gradle` (Android's "
                .. "are in `google()`), give a version, or look whether the id changed.",
            docs = { "https://docs.gradle.org/current/userguide/plugins.html" },
            tags = { "gradle", "plugin" },
            examples = {
                matches = {
                    "Plugin [id: 'com.android.application', version: '8.99.0', apply: false] was not found in any "
                        .. "of the following sources:",
                    "Plugin with id 'kotlin-android' not found.",
                },
                rejects = { "Plugin [id: 'x'] applied" },
            },
        },
        {
            id = "gradle.script_error", title = "A build script fails",
            match = [[(?:A problem occurred (?:evaluating|configuring) (?<what>(?:root )?project '[^']+']]
                .. [[|script|settings '[^']+'|project '[^']+')|Could not (?:compile|open \S+ generic ]]
                .. [[class cache for) (?:build|settings|initialization) (?:file|script) '(?<file>[^']+)']]
                .. [[|Script compilation errors?:)]],
            class = "code bug", severity = "error", priority = 60,
            cause = "Gradle could not run a build script. The lines below (`>`) say why.",
            fix = "`Where:` above names file and line. `Could not find method`: the plugin that has it is not "
                .. "applied, or Gradle's new version removed it (`compile` is `implementation` since 7). For the "
                .. "class cache: stop the daemon and delete `.gradle`.",
            commands = { "./gradlew help --stacktrace" },
            docs = { "https://docs.gradle.org/current/userguide/upgrading_version_8.html" },
            tags = { "gradle" },
            examples = {
                matches = {
                    "A problem occurred evaluating root project 'app'.",
                    "A problem occurred configuring project ':app'.",
                    "Could not compile build file '/home/runner/work/app/app/build.gradle'.",
                },
                rejects = { "Configure project :app" },
            },
        },
        {
            id = "gradle.method_missing", title = "A build script uses something that is not there",
            match = [[(?:Could not find method (?<method>\w+)\(\) for arguments|Could not get unknown ]]
                .. [[property '(?<property>[^']+)' for|Could not set unknown property ]]
                .. [['(?<property2>[^']+)' for|Unresolved reference: (?<reference>\w+)$|No such ]]
                .. [[property: (?<property3>\w+) for class)]],
            class = "version mismatch", severity = "error", priority = 82,
            cause = "The build script uses a method or property that does not exist: the plugin is not applied, a "
                .. "property was not passed, or Gradle or a plugin removed it.",
            fix = "`compile`, `testCompile`, `jcenter()`, `archivesBaseName` and conventions are gone in newer "
                .. "Gradle: see its upgrade guide, or pin the wrapper. For secrets: `findProperty(\"NAME\")`, and "
                .. "set it as `ORG_GRADLE_PROJECT_NAME`.",
            commands = { "./gradlew wrapper --gradle-version 8.7" },
            docs = { "https://docs.gradle.org/current/userguide/upgrading_version_8.html" },
            tags = { "gradle", "version" },
            examples = {
                matches = {
                    "> Could not find method android() for arguments [build_jxz$_run_closure1@46c662f2] on root "
                        .. "project 'app' of type org.gradle.api.Project.",
                    "> Could not get unknown property 'signingKey' for root project 'app' of type "
                        .. "org.gradle.api.Project.",
                },
                rejects = { "Could not find com.example:core:1.0." },
            },
        },
        {
            id = "gradle.task_not_found", title = "There is no such task",
            match = [[(?:Task '(?<task>[^']+)' not found in (?<where>.{3,100}?)\.|Cannot locate (?:tasks ]]
                .. [[that match|matching tasks for) .{0,60}'(?<task2>[^']+)'|Project '(?<project>[^']+)' ]]
                .. [[not found in root project)]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "The task or project that the command names does not exist.",
            fix = "`./gradlew tasks --all` has the names; flavours and build types are part of them "
                .. "(`testFreeDebugUnitTest`). A plugin that makes it may not be applied in this project.",
            commands = { "./gradlew tasks --all" },
            tags = { "gradle" },
            examples = {
                matches = {
                    "Task 'lintDebugg' not found in root project 'app'.",
                    "Cannot locate tasks that match ':app:bundel' as task 'bundel' not found in project ':app'.",
                },
                rejects = { "Task ':app:lintDebug' FAILED" },
            },
        },
        {
            id = "gradle.wrapper_missing", title = "The Gradle wrapper is not usable",
            match = [[(?:Could not find or load main class org\.gradle\.wrapper\.GradleWrapperMain|Unable ]]
                .. [[to access jarfile \S*gradle-wrapper\.jar|gradlew: Permission denied|gradlew: (?:not ]]
                .. [[found|No such file or directory)|Verification of Gradle distribution failed|At ]]
                .. [[least one Gradle Wrapper Jar failed validation)]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "`gradlew` or its jar is missing, not executable, or not the one it should be.",
            fix = "Commit `gradle/wrapper/gradle-wrapper.jar` (a `.gitignore` with `*.jar` leaves it out), `git "
                .. "update-index --chmod=+x gradlew`, keep LF endings in `gradlew` (`.gitattributes`), and update "
                .. "the checksum with the version.",
            commands = { "git update-index --chmod=+x gradlew", "gradle wrapper" },
            tags = { "gradle" },
            examples = {
                matches = {
                    "Error: Could not find or load main class org.gradle.wrapper.GradleWrapperMain",
                    "./gradlew: Permission denied",
                    "/home/runner/work/_temp/a.sh: line 1: ./gradlew: No such file or directory",
                },
                rejects = { "Downloading https://services.gradle.org/distributions/gradle-8.7-bin.zip" },
            },
        },
        {
            id = "gradle.daemon_gone", title = "The Gradle daemon died",
            match = [[(?:Gradle build daemon disappeared unexpectedly|The (?:Gradle|Kotlin) [Dd]aemon ]]
                .. [[(?:has )?(?:disappeared|terminated) unexpectedly|Process 'Gradle Test Executor ]]
                .. [[(?<number>\d+)' finished with non-zero exit value (?<code>\d+)|The daemon will ]]
                .. [[expire (?:immediately|after the build).{0,30}(?:since|after) the JVM.{0,60}]]
                .. [[|Expiring Daemon because JVM heap space is exhausted|Could not connect to kotlin ]]
                .. [[daemon)]],
            class = "infrastructure", severity = "error", priority = 84,
            cause = "A JVM that Gradle uses died or was killed, mostly for lack of memory.",
            fix = "Raise `org.gradle.jvmargs=-Xmx3g -XX:MaxMetaspaceSize=1g` but stay well below the machine's "
                .. "memory with all workers (`--max-workers=2`). Exit value 137 is the kernel's doing.",
            commands = { "./gradlew --no-daemon --max-workers=2 build" },
            tags = { "gradle", "memory" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Less memory at once",
                yaml = "- name: Build\n"
                    .. "  run: ./gradlew build --no-daemon --max-workers=2\n",
            },
            examples = {
                matches = {
                    "Gradle build daemon disappeared unexpectedly (it may have been killed or may have crashed)",
                    "> Process 'Gradle Test Executor 1' finished with non-zero exit value 137",
                    "Expiring Daemon because JVM heap space is exhausted",
                },
                rejects = { "Starting a Gradle Daemon" },
            },
        },
        {
            id = "gradle.lock", title = "Gradle waits for a lock",
            match = [[Timeout waiting to lock (?<what>.{3,160}?)\. It is currently in use by another Gradle instance]],
            class = "infrastructure", severity = "error", priority = 86,
            cause = "Another Gradle process holds {what}.",
            fix = "Two jobs share one home on a machine of your own, or an earlier one hangs: give each job its "
                .. "`GRADLE_USER_HOME`, and stop daemons at the end.",
            commands = { "./gradlew --stop" },
            tags = { "gradle" },
            examples = {
                matches = {
                    "> Timeout waiting to lock build logic queue. It is currently in use by another Gradle instance.",
                },
                rejects = { "waiting to lock" },
            },
        },
        {
            id = "gradle.compile_failed", title = "Compilation failed (Gradle)",
            match = [[^\s*>? ?(?:Compilation failed; see the compiler (?:error )?output (?:for details]]
                .. [[|below)|Compilation error\. See log for more details)]],
            class = "code bug", severity = "error", priority = 16,
            cause = "A summary: the compiler's messages stand above (or below, since Gradle 8.9).",
            fix = "Look for `error:` or `e:` above.",
            tags = { "gradle", "summary" },
            examples = {
                matches = {
                    "> Compilation failed; see the compiler error output for details.",
                    "> Compilation error. See log for more details",
                },
                rejects = { "> Task :compileJava" },
            },
        },
        {
            id = "gradle.tests_failed", title = "Tests failed (Gradle)",
            match = [[(?:^\s*>? ?There were failing tests\. See the report at: (?<report>\S+)]]
                .. [[|(?<total>(?<!\d)\d+) tests? completed, (?<failed>\d+) failed)]],
            class = "code bug", severity = "error", priority = 14,
            cause = "A summary: tests failed; they stand above with `FAILED`.",
            fix = "Keep the report as an artifact, and print more: `testLogging { exceptionFormat = \"full\" }`. "
                .. "One alone: `--tests 'Class.method'`.",
            commands = { "./gradlew test --tests 'Class.method' --info" },
            tags = { "gradle", "test", "summary" },
            examples = {
                matches = {
                    "> There were failing tests. See the report at: "
                        .. "file:///home/runner/work/app/app/build/reports/tests/test/index.html",
                    "12 tests completed, 1 failed",
                },
                rejects = { "12 tests completed" },
            },
        },
        {
            id = "gradle.task_failed", title = "A task failed",
            match = [[^Execution failed for task '(?<task>[^']+)']],
            class = "code bug", severity = "error", priority = 24,
            cause = "The task `{task}` failed. The next lines (`>`) say why.",
            fix = "Follow the `>` lines down to the last. `--stacktrace` shows more.",
            commands = { "./gradlew {task} --stacktrace" },
            tags = { "gradle", "summary" },
            examples = {
                matches = { "Execution failed for task ':compileJava'." },
                rejects = { "> Task :compileJava FAILED" },
            },
        },
        {
            id = "gradle.what_went_wrong", title = "The build failed (Gradle)",
            match = [[^(?:BUILD FAILED in \S+|FAILURE: Build (?:failed with an exception|completed with ]]
                .. [[\d+ failures)\.)]],
            class = "code bug", severity = "error", priority = 6,
            cause = "A summary: Gradle's build failed. `What went wrong:` has the reason.",
            fix = "Look at the lines after `* What went wrong:`.",
            tags = { "gradle", "summary" },
            examples = {
                matches = { "BUILD FAILED in 4s", "FAILURE: Build failed with an exception." },
                rejects = { "BUILD SUCCESSFUL in 4s" },
            },
        },
        {
            id = "gradle.test_failure", title = "A test failed (Gradle)",
            match = [[^(?:\S+ > )?(?<class>[\w.$]+(?: > [\w.$()\[\], -]{1,160}?)?) > (?<test>\S.{0,200}?) FAILED$]],
            class = "code bug", severity = "error", priority = 60,
            cause = "`{test}` of `{class}` failed. The exception is on the next lines.",
            fix = "Run it alone: `--tests '{class}'`. If it passes alone or now and then, it depends on order, "
                .. "time or load.",
            commands = { "./gradlew test --tests '{class}'" },
            tags = { "gradle", "test" },
            examples = {
                matches = {
                    "io.reactivex.observers.SerializedObserverTest > notificationDelay FAILED",
                    "org.example.MeanTest > ofTwo() FAILED",
                },
                rejects = { "> Task :test FAILED" },
            },
        },
    },
}
