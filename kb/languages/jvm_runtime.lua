-- The Java virtual machine, and programs that run on it.
return {
    about = "Java: programs that run",
    entries = {
        {
            id = "java.out_of_memory", title = "The JVM ran out of memory",
            match = [[(?:java\.lang\.)?OutOfMemoryError: (?<what>Java heap space|GC overhead limit ]]
                .. [[exceeded|Metaspace|Compressed class space|unable to create (?:new )?native thread]]
                .. [[|Requested array size|Direct buffer memory|Cannot reserve \d+ bytes of direct ]]
                .. [[buffer memory|Map failed)]],
            class = "infrastructure", severity = "error", priority = 91,
            cause = "The JVM has used all memory that it may: {what}.",
            fix = "Raise the limit of the right process: `MAVEN_OPTS=-Xmx3g` for Maven, `argLine` of Surefire for "
                .. "its tests, `org.gradle.jvmargs` for the Gradle daemon, `maxHeapSize` for Gradle's tests, "
                .. "`kotlin.daemon.jvmargs`. `native thread` is the container's limit. If it grows from run to "
                .. "run, a test leaks: `-XX:+HeapDumpOnOutOfMemoryError`.",
            commands = { "export MAVEN_OPTS=-Xmx3g" },
            tags = { "java", "memory" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "More memory for the JVM that ran out",
                yaml = "env:\n"
                    .. "  MAVEN_OPTS: -Xmx3g\n"
                    .. "  GRADLE_OPTS: -Dorg.gradle.jvmargs=-Xmx3g\n",
            },
            examples = {
                matches = {
                    "Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space",
                    "Caused by: java.lang.OutOfMemoryError: Metaspace",
                    "java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory or "
                        .. "process/resource limits reached",
                },
                rejects = { "-XX:+HeapDumpOnOutOfMemoryError" },
            },
        },
        {
            id = "java.vm_memory", title = "The JVM cannot get memory from the system",
            match = [[(?:There is insufficient memory for the Java Runtime Environment to continue|Could ]]
                .. [[not reserve enough space for (?<size>[\d,]++)?\w* ?object heap|Native memory ]]
                .. [[allocation \(\w+\) failed to (?:map|allocate) (?<bytes>\d+) bytes)]],
            class = "infrastructure", severity = "error", priority = 91,
            cause = "The machine has less memory free than the JVM asks for.",
            fix = "Lower `-Xmx` (also in `gradle.properties` and `MAVEN_OPTS`), run fewer JVMs at once "
                .. "(`--max-workers`, `forkCount`), or take a larger runner. A 32-bit JVM cannot have more than "
                .. "about 1.5 GiB.",
            commands = { "free -m" },
            tags = { "java", "memory" },
            examples = {
                matches = {
                    "# There is insufficient memory for the Java Runtime Environment to continue.",
                    "Error occurred during initialization of VM\nCould not reserve enough space for 4194304KB "
                        .. "object heap",
                },
                rejects = { "OpenJDK 64-Bit Server VM warning: Option UseConcMarkSweepGC was deprecated" },
            },
        },
        {
            id = "java.vm_option", title = "The JVM does not know an option",
            match = [[(?:Unrecognized VM option '(?<option>[^']+)'|Unrecognized option: (?<option2>-\S+)]]
                .. [[|Conflicting collector combinations in option list|Error: Could not create the Java ]]
                .. [[Virtual Machine)]],
            class = "version mismatch", severity = "error", priority = 84,
            cause = "An option is given to the JVM that this version does not have.",
            fix = "Options of old garbage collectors and `MaxPermSize` are gone since Java 14 and 17; "
                .. "`--add-opens` does not exist in Java 8. Look into `JAVA_TOOL_OPTIONS`, `MAVEN_OPTS`, "
                .. "`.mvn/jvm.config` and `gradle.properties`, and let the version of the JDK fit.",
            commands = { "java -version" },
            tags = { "java", "jdk", "version" },
            examples = {
                matches = {
                    "Unrecognized VM option 'UseConcMarkSweepGC'", "Unrecognized option: --add-opens",
                    "Error: Could not create the Java Virtual Machine.",
                },
                rejects = {
                    "OpenJDK 64-Bit Server VM warning: Ignoring option MaxPermSize; support was removed in 8.0",
                },
            },
        },
        {
            id = "java.module_access", title = "Reflection into the JDK is not allowed",
            match = [[(?:InaccessibleObjectException: Unable to make (?<what>.{5,200}?) accessible: ]]
                .. [[module (?<module>\S+) does not "(?:opens|exports) (?<package>[\w.]+)"]]
                .. [[|IllegalAccessError: .{3,200}because module (?<module2>\S+) does not export ]]
                .. [[(?<package2>[\w.]+)|class .{3,160} cannot access (?:a member of )?class .{3,160} ]]
                .. [[\(in module)]],
            unless = [[\bDEBUG\b]],
            class = "version mismatch", severity = "error", priority = 88,
            cause = "A library reaches into the JDK's private parts, which Java 16 and newer forbid.",
            fix = "Update the library (Lombok, Mockito, Gson, Spring, Gradle: new versions do not). Until then "
                .. "open the package: `--add-opens MODULE/PACKAGE=ALL-UNNAMED` in Surefire's `argLine`, Gradle's "
                .. "`jvmArgs` or `.mvn/jvm.config`.",
            commands = { "java --add-opens java.base/java.lang=ALL-UNNAMED …" },
            docs = { "https://openjdk.org/jeps/403" },
            tags = { "java", "jdk", "version" },
            examples = {
                matches = {
                    "Exception in thread \"main\" java.lang.reflect.InaccessibleObjectException: Unable to make "
                        .. "field private final byte[] java.lang.String.value accessible: module java.base does "
                        .. "not \"opens java.lang\" to unnamed module @69eee410",
                    "java.lang.IllegalAccessError: class lombok.javac.apt.LombokProcessor (in unnamed module @0x1) "
                        .. "cannot access class com.sun.tools.javac.processing.JavacProcessingEnvironment (in "
                        .. "module jdk.compiler) because module jdk.compiler does not export "
                        .. "com.sun.tools.javac.processing to unnamed module @0x1",
                },
                rejects = { "--add-opens java.base/java.lang=ALL-UNNAMED" },
            },
        },
        {
            id = "java.incompatible_library",
            title = "A class or method of a library is not what it was compiled against",
            match = [[(?:java\.lang\.)?(?<error>NoSuchMethodError|NoSuchFieldError|AbstractMethodError]]
                .. [[|IncompatibleClassChangeError|VerifyError)\b:? ?(?<what>.{0,300})]],
            class = "version mismatch", severity = "error", priority = 86,
            cause = "The version of a library that is loaded is not the one its user was compiled against: {error} "
                .. "{what}",
            fix = "Two versions are in the tree and the wrong one won. `mvn dependency:tree -Dverbose` or `gradle "
                .. "dependencyInsight --dependency NAME` shows who brings which; align them (a BOM, "
                .. "`dependencyManagement`).",
            commands = { "mvn dependency:tree -Dverbose", "gradle dependencyInsight --dependency NAME" },
            tags = { "java", "dependency" },
            examples = {
                matches = {
                    "java.lang.NoSuchMethodError: 'void com.google.common.base.Preconditions.checkState(boolean, "
                        .. "java.lang.String)'",
                    "Caused by: java.lang.AbstractMethodError",
                },
                rejects = { "catch (NoSuchMethodException e)" },
            },
        },
        {
            id = "java.class_not_found", title = "A class is missing when a program runs",
            match = [[(?:Error: Could not find or load main class (?<main>\S+)]]
                .. [[|(?:java\.lang\.)?(?:NoClassDefFoundError: (?!Could not initialize)]]
                .. [[|ClassNotFoundException: )(?<class>[\w./$]+))]],
            class = "missing setup", severity = "error", priority = 80,
            cause = "A class is not on the class path when the program runs.",
            fix = "For a main class: look at `-cp` and the name with its package, and whether the jar was built. "
                .. "For a library's: its scope is `provided` or `compileOnly`, or it was left out of the jar. "
                .. "After a cached build: clean.",
            commands = { "jar tf app.jar | grep NAME" },
            tags = { "java", "class path" },
            examples = {
                matches = {
                    "Error: Could not find or load main class org.example.Main",
                    "Exception in thread \"main\" java.lang.NoClassDefFoundError: Helper",
                    "Caused by: java.lang.ClassNotFoundException: org.apache.commons.logging.LogFactory",
                },
                rejects = { "java.lang.NoClassDefFoundError: Could not initialize class org.example.Config" },
            },
        },
        {
            id = "java.static_init", title = "A class could not be initialised",
            match = [[(?:NoClassDefFoundError: Could not initialize class (?<class>[\w.$]+)]]
                .. [[|java\.lang\.ExceptionInInitializerError)]],
            class = "code bug", severity = "error", priority = 56,
            cause = "The static part of a class failed. The first time says why (`ExceptionInInitializerError`, "
                .. "its `Caused by`), later ones only this.",
            fix = "Look for the first `ExceptionInInitializerError` in the log and its cause: a missing file, "
                .. "native library or setting.",
            tags = { "java" },
            examples = {
                matches = {
                    "java.lang.NoClassDefFoundError: Could not initialize class org.example.Config",
                    "Exception in thread \"main\" java.lang.ExceptionInInitializerError",
                },
                rejects = { "java.lang.NoClassDefFoundError: Helper" },
            },
        },
        {
            id = "java.unsatisfied_link", title = "A native library is missing",
            match = [[UnsatisfiedLinkError: (?<what>.{3,300})]],
            class = "missing setup", severity = "error", priority = 86,
            cause = "Java code needs a native library that cannot be loaded: {what}",
            fix = "`no … in java.library.path`: install it or set `-Djava.library.path`. `wrong ELF class` or an "
                .. "architecture: take the one for this machine (Apple silicon needs newer JNA, sqlite-jdbc, "
                .. "Netty). On Alpine glibc's libraries do not load. Headless images lack `libfreetype` and "
                .. "`libXext`.",
            tags = { "java", "native library" },
            examples = {
                matches = {
                    "java.lang.UnsatisfiedLinkError: no jnetpcap in java.library.path: /usr/java/packages/lib",
                    "Caused by: java.lang.UnsatisfiedLinkError: /tmp/libnetty.so: wrong ELF class",
                },
                rejects = { "catch (UnsatisfiedLinkError e)" },
            },
        },
        {
            id = "java.null_pointer", title = "A null was used",
            match = [[(?:^|: |")?(?:java\.lang\.)?NullPointerException(?:: (?<what>Cannot (?:invoke|read]]
                .. [[|load|store|assign|throw|enter|unbox).{3,300}))?$]],
            class = "code bug", severity = "error", priority = 62,
            cause = "The program used something that is null. {what}",
            fix = "The first `at` line in your own code is the place. Since Java 14 the message says what was "
                .. "null; for `settings.get(…)` and system properties look at what this job sets.",
            tags = { "java", "exception" },
            examples = {
                matches = {
                    "Caused by: java.lang.NullPointerException: Cannot invoke \"String.trim()\" because the return "
                        .. "value of \"java.util.Map.get(Object)\" is null",
                    "Exception in thread \"main\" java.lang.NullPointerException: Cannot invoke "
                        .. "\"String.length()\" because \"<local1>\" is null",
                },
                rejects = { "throws NullPointerException if name is null" },
            },
        },
        {
            id = "java.stack_overflow", title = "The stack overflowed (Java)",
            match = [[(?:java\.lang\.)?StackOverflowError]],
            class = "code bug", severity = "error", priority = 80,
            cause = "A method calls itself without end, or deeper than the stack is.",
            fix = "The lines below repeat in a pattern: that is the circle. If the compiler itself overflows "
                .. "(javac, Kotlin, Scala): `-Xss4m` for its JVM.",
            tags = { "java", "exception" },
            examples = {
                matches = { "Exception in thread \"main\" java.lang.StackOverflowError" },
                rejects = { "stackoverflow.com" },
            },
        },
        {
            id = "java.caused_by", title = "The cause of an exception",
            match = [[^\s*Caused by: (?<class>(?!org\.gradle\.|org\.apache\.maven\.(?:lifecycle|plugin]]
                .. [[|BuildFailure)|java\.lang\.(?:NullPointerException|ClassNotFoundException]]
                .. [[|NoClassDefFoundError|OutOfMemoryError|StackOverflowError|UnsatisfiedLinkError]]
                .. [[|UnsupportedClassVersionError|NoSuchMethodError|NoSuchFieldError]]
                .. [[|AbstractMethodError|ExceptionInInitializerError))[\w.$]+(?:Exception|Error]]
                .. [[|Failure)\w*)(?:: (?<message>.{0,300}))?]],
            class = "code bug", severity = "error", priority = 56,
            cause = "Under another exception lies {class}.",
            fix = "Of several `Caused by:` the last is the root. The first `at` line below it in your own code is "
                .. "the place.",
            tags = { "java", "exception" },
            examples = {
                matches = {
                    "Caused by: java.io.FileNotFoundException: settings.properties (No such file or directory)",
                    "Caused by: org.springframework.beans.factory.NoSuchBeanDefinitionException: No qualifying "
                        .. "bean of type 'org.example.Clock' available",
                },
                rejects = {
                    "Caused by: org.gradle.api.GradleException: There were failing tests.",
                    "Caused by: java.lang.NullPointerException",
                },
            },
        },
        {
            id = "java.exception", title = "An exception ends the program",
            match = [[Exception in thread "(?<thread>[^"]+)" ]]
                .. [[(?<class>(?!java\.lang\.(?:NullPointerException|StackOverflowError|OutOfMemoryError]]
                .. [[|NoClassDefFoundError|UnsupportedClassVersionError|ExceptionInInitializerError)]]
                .. [[|java\.lang\.reflect\.Inaccessible)[\w.$]+)(?:: (?<message>.{0,300}))?]],
            class = "code bug", severity = "error", priority = 50,
            cause = "The thread `{thread}` ended with {class}.",
            fix = "Go to the last `Caused by:`: it is the root. Under it, the first `at` line of your own code is "
                .. "the place.",
            tags = { "java", "exception" },
            examples = {
                matches = { "Exception in thread \"main\" java.lang.IllegalStateException: cannot start" },
                rejects = { "Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space" },
            },
        },
        {
            id = "java.tls_trust", title = "Java does not trust a certificate",
            match = [[PKIX path (?:building failed|validation failed)|unable to find valid certification ]]
                .. [[path to requested target|trustAnchors parameter must be non-empty]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "The certificate of a server is not signed by anyone that this JVM's trust store knows.",
            fix = "Behind a proxy that opens TLS, import its root certificate (`keytool -importcert -cacerts`). "
                .. "Old JDKs lack newer roots: update it. `trustAnchors … non-empty`: `ca-certificates-java` is "
                .. "broken or missing in the image.",
            commands = { "keytool -importcert -cacerts -alias proxy -file proxy.crt" },
            tags = { "java", "tls", "network" },
            examples = {
                matches = {
                    "sun.security.validator.ValidatorException: PKIX path building failed: "
                        .. "sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid "
                        .. "certification path to requested target",
                },
                rejects = { "PKIX path is valid" },
            },
        },
        {
            id = "java.home_missing", title = "No JDK is found",
            match = [[(?:JAVA_HOME is (?:not set|set to an invalid directory)|The JAVA_HOME environment ]]
                .. [[variable is not defined correctly|JAVA_HOME is not defined correctly|No compiler is ]]
                .. [[provided in this environment|Unable to locate a Java Runtime|Unable to find a ]]
                .. [[(?:`?java`?|JDK) )]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "The tool finds no Java, or only a runtime without a compiler.",
            fix = "Add `actions/setup-java` before this step, or install a JDK (`openjdk-17-jdk-headless`) in the "
                .. "image; do not set `JAVA_HOME` by hand to a path of another image. The images have "
                .. "`JAVA_HOME_17_X64` and the like.",
            commands = { "java -version", "echo \"$JAVA_HOME\"" },
            tags = { "java", "jdk" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "A JDK before the build",
                yaml = "- uses: actions/setup-java@v4\n"
                    .. "  with:\n"
                    .. "    distribution: temurin\n"
                    .. "    java-version: \"17\"\n",
            },
            examples = {
                matches = {
                    "ERROR: JAVA_HOME is not set and no 'java' command could be found in your PATH.",
                    "ERROR: JAVA_HOME is set to an invalid directory: /usr/lib/jvm/java-8",
                    "[ERROR] No compiler is provided in this environment. Perhaps you are running on a JRE rather "
                        .. "than a JDK?",
                },
                rejects = { "JAVA_HOME: /opt/hostedtoolcache/Java_Temurin/17" },
            },
        },
        {
            id = "java.vm_crash", title = "The JVM crashed",
            match = [[A fatal error has been detected by the Java Runtime Environment|The crash happened ]]
                .. [[outside the Java Virtual Machine in native code]],
            class = "infrastructure", severity = "error", priority = 86,
            cause = "The JVM itself crashed: native code, the machine, or a bug of the JVM.",
            fix = "The file `hs_err_pid….log` has the frame (`Problematic frame`): keep it as an artifact. If it "
                .. "is a library's, update that; if it is `libjvm`, another release of the JDK.",
            tags = { "java", "crash" },
            examples = {
                matches = { "# A fatal error has been detected by the Java Runtime Environment:" },
                rejects = { "# There is insufficient memory for the Java Runtime Environment to continue." },
            },
        },
    },
}
