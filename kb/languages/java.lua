-- javac, and classes for other versions of Java.
return {
    about = "Java: compiling",
    entries = {
        {
            id = "java.package_missing", title = "javac does not find a package",
            match = [[error: package (?<package>[\w.]+) does not exist|\.java:\[\d+,\d+\] (?:error: ]]
                .. [[)?package (?<package2>[\w.]+) does not exist]],
            class = "missing setup", severity = "error", priority = 86,
            cause = "A package is imported that is not on the class path of this module.",
            fix = "Add the dependency with the right scope (test classes are not seen by main code). "
                .. "`javax.annotation`, `javax.xml.bind`, `javax.servlet`: gone from the JDK since 11, or renamed "
                .. "to `jakarta.*` in Spring Boot 3. For generated packages the generator or annotation processor "
                .. "did not run.",
            commands = { "mvn dependency:tree", "gradle dependencies" },
            tags = { "java", "compile" },
            examples = {
                matches = {
                    "src/App.java:2: error: package org.junit.jupiter.api does not exist",
                    "[ERROR] /home/runner/work/app/app/src/main/java/org/example/Ledger.java:[3,17] package "
                        .. "org.slf4j does not exist",
                },
                rejects = { "[ERROR] package-info.java does not exist" },
            },
        },
        {
            id = "java.cannot_find_symbol", title = "javac does not find a symbol",
            match = [[(?:\.java:\d+: error|\.java:\[\d+,\d+\](?: error)?)[: ] ?cannot find symbol]],
            class = "code bug", severity = "error", priority = 74,
            cause = "A class, method or variable is used that is not there. `symbol:` and `location:` stand below.",
            fix = "Look at those two lines. Not found in a class of a dependency: its version changed. Getters, "
                .. "builders, mappers: an annotation processor (Lombok, MapStruct) did not run; Lombok must go "
                .. "with the JDK.",
            commands = { "mvn dependency:tree -Dverbose" },
            tags = { "java", "compile" },
            examples = {
                matches = {
                    "src/App.java:9: error: cannot find symbol",
                    "[ERROR] /home/runner/work/app/app/src/main/java/org/example/Ledger.java:[6,13] cannot find "
                        .. "symbol",
                    "[ERROR] /home/a/B.java:[6,13] error: cannot find symbol",
                },
                rejects = { "  symbol:   class Test" },
            },
        },
        {
            id = "java.compile_error", title = "javac refuses the code",
            match = [[(?<!\S)(?<file>\S+\.java):(?:\[)?(?<line>\d+)(?:,\d+\])?:? (?:error: ]]
                .. [[)?(?<what>(?:incompatible types|.{1,160} is not abstract and does not override]]
                .. [[|.{1,160} does not override or implement|method \S+ in .{1,120} cannot be applied]]
                .. [[|no suitable (?:method|constructor) found|unreported exception|(?:variable]]
                .. [[|constructor|method|field) .{1,160} (?:is already defined|might not have been ]]
                .. [[initialized|in class .{1,120} cannot be applied)|missing return statement]]
                .. [[|non-static .{1,80} cannot be referenced|unreachable statement|class, interface, ]]
                .. [[(?:enum, or record|or enum) expected|'[^']{1,4}' expected|<identifier> expected]]
                .. [[|illegal start of|reached end of file while parsing|not a statement|.{1,80} has ]]
                .. [[private access|.{1,80} is not public in|incomparable types|bad operand types|cyclic ]]
                .. [[inheritance|self-reference|switch expression does not).{0,200})]],
            class = "code bug", severity = "error", priority = 70,
            cause = "{file}, line {line}: {what}",
            fix = "Fix the code there. If it did not change, a dependency did: compare `dependency:tree` with the "
                .. "last green run. Syntax errors at new keywords (`record`, `sealed`, text blocks) mean that the "
                .. "source level is too low.",
            tags = { "java", "compile" },
            examples = {
                matches = {
                    "src/App.java:8: error: incompatible types: int cannot be converted to String",
                    "src/App.java:6: error: App.Square is not abstract and does not override abstract method "
                        .. "area() in Shape",
                    "[ERROR] /home/a/B.java:[10,5] missing return statement",
                },
                rejects = { "src/App.java:9: error: cannot find symbol" },
            },
        },
        {
            id = "java.release_not_supported", title = "javac does not know this release",
            match = [[error: (?:release version (?<release>\S+) not supported|invalid (?:target|source) ]]
                .. [[release: (?<release2>\S+)|[Ss]ource option (?<old>\S+) is no longer supported\. Use ]]
                .. [[(?<use>\S+) or later|[Tt]arget option (?<old2>\S+) is no longer supported)]],
            class = "version mismatch", severity = "error", priority = 93,
            cause = "The JDK of this job is older than the release it should compile for, or so new that it "
                .. "dropped that release.",
            fix = "Set the JDK in the job (`actions/setup-java` with `java-version`) to the one of the build file, "
                .. "and see that `JAVA_HOME` is that one. `Source option 7 is no longer supported`: raise "
                .. "`maven.compiler.release`/`sourceCompatibility`.",
            commands = { "java -version", "mvn -version" },
            docs = { "https://docs.oracle.com/en/java/javase/21/docs/specs/man/javac.html" },
            tags = { "java", "jdk", "version" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "The JDK of the build file",
                yaml = "- uses: actions/setup-java@v4\n"
                    .. "  with:\n"
                    .. "    distribution: temurin\n"
                    .. "    java-version: \"21\"\n",
            },
            examples = {
                matches = {
                    "error: release version 21 not supported",
                    "error: Source option 6 is no longer supported. Use 7 or later.",
                    "[ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.10.1:compile "
                        .. "(default-compile) on project ledger: Fatal error compiling: error: invalid target "
                        .. "release: 17 -> [Help 1]",
                },
                rejects = { "warning: [options] source value 7 is obsolete and will be removed in a future release" },
            },
        },
        {
            id = "java.class_version", title = "A class is for a newer Java",
            match = [[(?:UnsupportedClassVersionError: (?<class>\S+) (?:has been compiled by a more ]]
                .. [[recent version of the Java Runtime \(class file version (?<version>[\d.]+)\)|: ]]
                .. [[Unsupported major\.minor version (?<version2>[\d.]+))|class file has wrong version ]]
                .. [[(?<version3>[\d.]+), should be (?<want>[\d.]+)|Unsupported class file major version ]]
                .. [[(?<version4>\d+)|Unsupported major\.minor version (?<version5>[\d.]+))]],
            class = "version mismatch", severity = "error", priority = 94,
            cause = "A class was compiled for a newer Java than the one that runs or reads it. Class file "
                .. "versions: 52 is Java 8, 55 is 11, 61 is 17, 65 is 21, 69 is 25.",
            fix = "Run with a newer JDK (`actions/setup-java`, `JAVA_HOME`), or take versions of the dependency or "
                .. "plugin for this one. `Unsupported class file major version` from Gradle, Groovy or ASM is the "
                .. "other way round: the JDK is too new for them, so update Gradle or take an older JDK.",
            commands = { "java -version", "javap -v NAME.class | grep major" },
            docs = { "https://docs.gradle.org/current/userguide/compatibility.html" },
            tags = { "java", "jdk", "version" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "The JDK that the classes are for",
                yaml = "- uses: actions/setup-java@v4\n"
                    .. "  with:\n"
                    .. "    distribution: temurin\n"
                    .. "    java-version: \"21\"\n",
            },
            suggest = function(captures)
                local version
                for _, name in ipairs({ "version", "version2", "version3", "version4", "version5" }) do
                    version = version or tonumber(captures[name])
                end
                if not version or version < 49 then return nil end
                version = math.floor(version)
                return ("Class file version %d is that of Java %d."):format(version, version - 44)
            end,
            examples = {
                matches = {
                    "\tjava.lang.UnsupportedClassVersionError: App has been compiled by a more recent version of "
                        .. "the Java Runtime (class file version 65.0), this version of the Java Runtime only "
                        .. "recognizes class file versions up to 61.0",
                    "> Unsupported class file major version 65",
                    "    class file has wrong version 61.0, should be 55.0",
                },
                rejects = { "major version: 61" },
            },
        },
    },
}
