-- Android builds, Kotlin and Scala.
return {
    about = "Android, Kotlin and Scala",
    entries = {
        {
            id = "android.sdk_missing", title = "The Android SDK or a part of it is missing",
            match = [[(?:SDK location not found\. Define (?:a valid SDK location|location)|Failed to ]]
                .. [[(?:find|install the following) (?:target with hash string '(?<target>[^']+)'|Build ]]
                .. [[Tools revision (?<tools>\S+)|Android SDK packages as some licences have not been ]]
                .. [[accepted|SDK components)|No version of NDK matched the requested version ]]
                .. [[(?<ndk>\S+)|NDK not configured|You have not accepted the license agreements of the ]]
                .. [[following SDK components|licen[cs]es have not been accepted)]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "The build needs a part of the Android SDK that this machine has not got, or whose licence was "
                .. "not accepted.",
            fix = "Set `ANDROID_HOME` (the runners of GitHub have it), `android-actions/setup-android`, then `yes "
                .. "| sdkmanager --licenses` and `sdkmanager \"platforms;android-34\"`. A `local.properties` does "
                .. "not belong in git.",
            commands = { "yes | sdkmanager --licenses", "sdkmanager \"platforms;android-34\" \"build-tools;34.0.0\"" },
            tags = { "android", "gradle" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "The Android SDK",
                yaml = "- uses: android-actions/setup-android@v3\n",
            },
            examples = {
                matches = {
                    "> SDK location not found. Define a valid SDK location with an ANDROID_HOME environment "
                        .. "variable or by setting the sdk.dir path in your project's local properties file at "
                        .. "'/home/runner/work/app/app/local.properties'.",
                    "> Failed to install the following Android SDK packages as some licences have not been accepted.",
                    "> No version of NDK matched the requested version 25.1.8937393. Versions available locally: "
                        .. "26.3.11579264",
                },
                rejects = { "ANDROID_HOME=/usr/local/lib/android/sdk" },
            },
        },
        {
            id = "android.resources", title = "Android resources do not link",
            match = [[(?:Android resource (?:linking|compilation) failed|error: resource (?<resource>\S+) ]]
                .. [[.{0,60}not found\.|AAPT: error: (?<what>.{3,200})|Manifest merger failed(?: with ]]
                .. [[multiple errors)?(?: :)?.{0,200}|Duplicate class (?<class>\S+) found in modules)]],
            class = "code bug", severity = "error", priority = 82,
            cause = "Resources, manifests or classes of the app and its libraries do not go together.",
            fix = "The line with `AAPT: error` or `Manifest merger failed :` names it: a resource that is not "
                .. "there, a higher `minSdk` or `compileSdk` that a library wants. `Duplicate class`: two "
                .. "libraries bring the same; exclude one.",
            commands = { "./gradlew :app:dependencies --configuration releaseRuntimeClasspath" },
            tags = { "android", "gradle" },
            examples = {
                matches = {
                    "   > Android resource linking failed",
                    "ERROR: /home/runner/work/app/app/src/main/res/values/styles.xml:4: AAPT: error: resource "
                        .. "android:attr/lStar not found.",
                    "> Manifest merger failed : uses-sdk:minSdkVersion 16 cannot be smaller than version 21 "
                        .. "declared in library [com.example:lib:1.0]",
                },
                rejects = { "Merging resources" },
            },
        },
        {
            id = "android.emulator", title = "The Android emulator did not start",
            match = [[(?:Timeout waiting for emulator to boot|emulator: ERROR: (?<what>.{3,200})|No ]]
                .. [[connected devices!|com\.android\.builder\.testing\.api\.DeviceException]]
                .. [[|INSTALL_FAILED_\w+|adb: (?:device offline|no devices/emulators found|failed to ]]
                .. [[install .{3,120}))]],
            class = "flaky", severity = "error", priority = 80,
            cause = "No usable device or emulator was there for the tests.",
            fix = "On Linux runners switch on KVM (a udev rule) before `reactivecircus/android-emulator-runner`; "
                .. "x86_64 images; wait for `sys.boot_completed`; more time and memory. Let the step try again.",
            commands = { "adb devices" },
            tags = { "android", "emulator", "flaky" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "KVM, and an emulator that waits until it is up",
                yaml = "- name: Let the runner use KVM\n"
                    .. "  run: |\n"
                    .. "    echo 'KERNEL==\"kvm\", GROUP=\"kvm\", MODE=\"0666\", OPTIONS+=\"static_node=kvm\"' | "
                    .. "sudo tee /etc/udev/rules.d/99-kvm4all.rules\n"
                    .. "    sudo udevadm control --reload-rules\n"
                    .. "    sudo udevadm trigger --name-match=kvm\n"
                    .. "- uses: reactivecircus/android-emulator-runner@v2\n"
                    .. "  with:\n"
                    .. "    api-level: 30\n"
                    .. "    arch: x86_64\n"
                    .. "    script: ./gradlew connectedCheck\n",
            },
            examples = {
                matches = {
                    "Timeout waiting for emulator to boot.",
                    "> com.android.builder.testing.api.DeviceException: No connected devices!",
                    "emulator: ERROR: x86_64 emulation currently requires hardware acceleration!",
                },
                rejects = { "emulator: INFO: Found systemPath" },
            },
        },
        {
            id = "kotlin.unresolved_reference", title = "Kotlin does not know a name",
            match = [[(?:error: |e: .{1,400}?)[Uu]nresolved reference(?::| ')\s?'?(?<name>[\w.]+)]],
            class = "code bug", severity = "error", priority = 76,
            cause = "`{name}` is not known here.",
            fix = "An import or dependency is missing, is of another source set (`androidTest`, `jvmMain`), or "
                .. "generated code (KSP, view binding, protobuf) was not made. After an update of the library it "
                .. "may have moved.",
            commands = { "gradle dependencies" },
            tags = { "kotlin", "compile" },
            examples = {
                matches = {
                    "Main.kt:1:8: error: unresolved reference: kotlinx",
                    "e: file:///home/runner/work/app/app/src/Main.kt:7:13 Unresolved reference: missing",
                    "e: file:///home/runner/work/app/app/src/Main.kt:7:13 Unresolved reference 'missing'.",
                },
                rejects = { "w: unresolved warning" },
            },
        },
        {
            id = "kotlin.metadata_version", title = "A module was compiled with another Kotlin",
            match = [[(?:Module was compiled with an incompatible version of Kotlin\. The binary version ]]
                .. [[of its metadata is (?<have>[\d.]+), expected version is (?<want>[\d.]+)|was ]]
                .. [[compiled with (?:a newer|an incompatible) version of Kotlin|This version ]]
                .. [[\((?<compose>[\d.]+)\) of the Compose Compiler requires Kotlin version ]]
                .. [[(?<kotlin>[\d.]+)|'compileJava' task \(current target is (?<java>[\d.]+)\) and ]]
                .. [['\S+' task \(current target is (?<jvm>[\d.]+)\) jvm target compatibility]]
                .. [[|Inconsistent JVM-target compatibility detected)]],
            class = "version mismatch", severity = "error", priority = 92,
            cause = "Versions around the Kotlin compiler do not go together.",
            fix = "For metadata: update Kotlin to at least the version the library was made with, or take an older "
                .. "library. For JVM targets: one toolchain for both (`kotlin { jvmToolchain(17) }`). Compose's "
                .. "compiler belongs to one Kotlin version; since Kotlin 2.0 it is a plugin.",
            commands = { "gradle dependencyInsight --dependency kotlin-stdlib" },
            tags = { "kotlin", "version" },
            examples = {
                matches = {
                    "e: /home/runner/.gradle/caches/a.jar!/META-INF/a.kotlin_module: Module was compiled with an "
                        .. "incompatible version of Kotlin. The binary version of its metadata is 1.9.0, expected "
                        .. "version is 1.7.1.",
                    "> Inconsistent JVM-target compatibility detected for tasks 'compileJava' (17) and "
                        .. "'compileKotlin' (21).",
                },
                rejects = { "Kotlin version 1.9.0" },
            },
        },
        {
            id = "kotlin.compile_error", title = "The Kotlin compiler refuses the code",
            match = [[^(?:e: (?:file://)?(?<file>\S+\.kts?):(?:\s?\((?<line>\d+), \d+\):]]
                .. [[|(?<line2>\d+):\d+)|(?<file2>\S+\.kts?):(?<line3>\d+):\d+: error:) ]]
                .. [[(?<what>(?![Uu]nresolved reference)\S.{3,300})]],
            class = "code bug", severity = "error", priority = 70,
            cause = "The Kotlin compiler says: {what}",
            fix = "Fix the code there. If it did not change, a library's types did (nullability!), or warnings "
                .. "became errors (`allWarningsAsErrors`).",
            tags = { "kotlin", "compile" },
            examples = {
                matches = {
                    "Main.kt:6:22: error: type mismatch: inferred type is String but Int was expected",
                    "e: file:///home/runner/work/app/app/src/Main.kt:6:22 Type mismatch: inferred type is String "
                        .. "but Int was expected",
                    "e: /home/runner/work/app/app/src/Main.kt: (6, 22): Type mismatch: inferred type is String but "
                        .. "Int was expected",
                },
                rejects = { "Main.kt:1:8: error: unresolved reference: kotlinx" },
            },
        },
        {
            id = "scala.compile_error", title = "The Scala compiler refuses the code",
            match = [[^(?:\[error\] )?(?<file>(?<!\S)\S+\.scala):(?<line>\d+)(?::\d+)?: (?:error: )?]]
                .. [[(?<what>\S.{3,300})]],
            unless = [[(?:\[warn\]|warning: )]],
            class = "code bug", severity = "error", priority = 66,
            cause = "{file}, line {line}: {what}",
            fix = "`not found: object` and `is not a member of package` mean a missing dependency, or one for "
                .. "another Scala version (`%%`). If only one version of the matrix fails, put the code into "
                .. "`scala-2.13`/`scala-3` folders.",
            commands = { "sbt \"show libraryDependencies\"" },
            tags = { "scala", "compile" },
            examples = {
                matches = {
                    "Main.scala:1: error: not found: object cats",
                    "[error] /home/runner/work/app/app/src/main/scala/Main.scala:3:20: type mismatch;",
                },
                rejects = { "[warn] /home/a/Main.scala:3:20: unused import" },
            },
        },
        {
            id = "sbt.resolution", title = "sbt cannot resolve a dependency",
            match = [[(?:^\[error\] .{0,40}(?:not found: https?://\S+|unresolved dependency: ]]
                .. [[(?<module>\S+))|sbt\.librarymanagement\.ResolveException: Error downloading ]]
                .. [[(?<module2>\S+)|\(update\) found version conflict\(s\) in library dependencies)]],
            class = "missing setup", severity = "error", priority = 84,
            cause = "sbt did not find an artifact, or two versions of one contradict each other.",
            fix = "Look whether it exists for this Scala version (`_2.13`, `_3`). For conflicts: `evicted`, or "
                .. "`libraryDependencySchemes` if you know that they go together.",
            commands = { "sbt evicted" },
            tags = { "scala", "sbt", "dependency" },
            examples = {
                matches = {
                    "[error]   not found: https://repo1.maven.org/maven2/org/example/core_3/1.0/core_3-1.0.pom",
                    "[error] sbt.librarymanagement.ResolveException: Error downloading org.example:core_3:1.0",
                },
                rejects = { "[info] Updating" },
            },
        },
        {
            id = "kotlin.lint", title = "ktlint or detekt found something",
            match = [[^(?:\S*\s)?(?<file>\S+\.kts?):(?<line>\d+):(?<column>\d+):? (?:Lint error > ]]
                .. [[|.{3,200} \((?<rule>(?:standard|experimental):[\w-]+)\)|.{3,200} ]]
                .. [[\[(?<rule2>[A-Z]\w+)\]$)|Analysis failed with (?<count>\d+) (?:weighted )?issues]],
            class = "code bug", severity = "error", priority = 70,
            cause = "A linter of Kotlin refuses the code.",
            fix = "`ktlint -F` or `./gradlew ktlintFormat` mends most; detekt's findings need a hand, or a baseline.",
            commands = { "./gradlew ktlintFormat" },
            tags = { "kotlin", "lint" },
            examples = {
                matches = {
                    "/home/runner/work/app/app/src/Main.kt:3:1: Unused import (standard:no-unused-imports)",
                    "Analysis failed with 3 weighted issues.",
                },
                rejects = { "e: file:///a/Main.kt:7:13 Unresolved reference: x" },
            },
        },
    },
}
