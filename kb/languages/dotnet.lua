-- .NET: the SDK, NuGet and the C# compiler.
return {
    about = ".NET, NuGet and C#",
    entries = {
        {
            id = "dotnet.sdk_missing", title = "The .NET SDK that is asked for is not installed",
            match = [[(?:A compatible (?:installed )?\.NET (?:Core )?SDK (?:for global\.json version ]]
                .. [[)?.{0,80}was not found|Requested SDK version: (?<version>\S+)|The specified SDK ]]
                .. [['(?<sdk>[^']+)' (?:could not be found|was not found)|error MSB4236: The SDK ]]
                .. [['(?<sdk2>[^']+)' specified could not be found|error NETSDK1045: The current \.NET ]]
                .. [[SDK does not support targeting (?<target>.{3,40}?)\.)]],
            class = "version mismatch", severity = "error", priority = 93,
            cause = "`global.json` or the project asks for a .NET SDK that this job does not have.",
            fix = "Install it: `actions/setup-dotnet` with `global-json-file: global.json` or `dotnet-version`. "
                .. "`rollForward: latestFeature` in `global.json` takes newer ones too.",
            commands = { "dotnet --list-sdks" },
            docs = { "https://learn.microsoft.com/dotnet/core/tools/global-json" },
            tags = { "dotnet", "sdk", "version" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "The SDK of global.json",
                yaml = "- uses: actions/setup-dotnet@v4\n"
                    .. "  with:\n"
                    .. "    global-json-file: global.json\n",
            },
            examples = {
                matches = {
                    "A compatible .NET SDK was not found.", "Requested SDK version: 8.0.300",
                    "/usr/share/dotnet/sdk/6.0.421/Sdks/Microsoft.NET.Sdk/targets/"
                        .. "Microsoft.NET.TargetFrameworkInference.targets(144,5): error NETSDK1045: The current "
                        .. ".NET SDK does not support targeting .NET 8.0.  Either target .NET 6.0 or lower, or use "
                        .. "a version of the .NET SDK that supports .NET 8.0.",
                },
                rejects = { "8.0.300 [/usr/share/dotnet/sdk]" },
            },
        },
        {
            id = "dotnet.runtime_missing", title = "The .NET runtime is not installed",
            match = [[(?:You must install or update \.NET to run this application|The framework ]]
                .. [['(?<framework>Microsoft\.[\w.]+)', version '(?<version>[^']+)'(?: \([^)]*\))? was ]]
                .. [[not found|Framework: '(?<framework2>Microsoft\.[\w.]+)', version ]]
                .. [['(?<version2>[^']+)')]],
            class = "version mismatch", severity = "error", priority = 91,
            cause = "A program or tool is made for a .NET runtime that is not here.",
            fix = "Install it as well (`dotnet-version` takes several lines), or let it roll forward: "
                .. "`DOTNET_ROLL_FORWARD=Major`. Tools: `dotnet tool update`.",
            commands = { "dotnet --list-runtimes" },
            docs = { "https://learn.microsoft.com/dotnet/core/versions/selection" },
            tags = { "dotnet", "version" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Every runtime that is needed",
                yaml = "- uses: actions/setup-dotnet@v4\n"
                    .. "  with:\n"
                    .. "    dotnet-version: |\n"
                    .. "      6.0.x\n"
                    .. "      8.0.x\n",
            },
            examples = {
                matches = {
                    "You must install or update .NET to run this application.",
                    "The framework 'Microsoft.NETCore.App', version '6.0.0' (x64) was not found.",
                    "Framework: 'Microsoft.NETCore.App', version '6.0.0' (x64)",
                },
                rejects = { "Microsoft.NETCore.App 8.0.4 [/usr/share/dotnet/shared/Microsoft.NETCore.App]" },
            },
        },
        {
            id = "dotnet.workload_missing", title = "A workload is not installed",
            match = [[error NETSDK1147: To build this project, the following workloads must be installed: ]]
                .. [[(?<workloads>.{2,100})]],
            class = "missing setup", severity = "error", priority = 93,
            cause = "The project needs the workloads {workloads}, which the image has not got.",
            fix = "`dotnet workload restore` (or `install`) before the build, with the same SDK.",
            commands = { "dotnet workload restore" },
            docs = { "https://learn.microsoft.com/dotnet/core/tools/dotnet-workload-install" },
            tags = { "dotnet", "workload" },
            examples = {
                matches = {
                    "error NETSDK1147: To build this project, the following workloads must be installed: maui-android",
                },
                rejects = { "Workload installed: wasm-tools" },
            },
        },
        {
            id = "dotnet.assets_missing", title = "Packages were not restored",
            match = [[error NETSDK10(?:04|05|64): (?<what>.{5,300})]],
            class = "missing setup", severity = "error", priority = 86,
            cause = "The build runs without a fitting restore: {what}",
            fix = "Take out `--no-restore`, or restore with the same runtime, framework and configuration before. "
                .. "A copied `obj` folder from another machine does this: leave it out of caches and images "
                .. "(`.dockerignore`).",
            commands = { "dotnet restore" },
            tags = { "dotnet", "nuget" },
            examples = {
                matches = {
                    "error NETSDK1004: Assets file '/home/runner/work/app/app/obj/project.assets.json' not found. "
                        .. "Run a NuGet package restore to generate this file.",
                    "error NETSDK1005: Assets file 'obj/project.assets.json' doesn't have a target for 'net8.0'.",
                },
                rejects = { "error NETSDK1045: The current .NET SDK does not support targeting .NET 8.0." },
            },
        },
        {
            id = "nuget.not_found", title = "NuGet cannot find a package",
            match = [[error NU110[0-9]: (?<what>.{5,300})]],
            class = "missing setup", severity = "error", priority = 89,
            cause = "NuGet cannot satisfy a reference: {what}",
            fix = "NU1101: no source has the package: add the feed to `nuget.config`, with credentials. NU1102, "
                .. "NU1103: it has no such version (or only a preview). NU1107: conflicting versions: reference "
                .. "one directly. NU1100 in Docker: `nuget.config` was not copied.",
            commands = { "dotnet nuget list source" },
            docs = { "https://learn.microsoft.com/nuget/reference/errors-and-warnings" },
            tags = { "dotnet", "nuget" },
            examples = {
                matches = {
                    "/home/runner/work/app/app/App.csproj : error NU1101: Unable to find package Acme.Core. No "
                        .. "packages exist with this id in source(s): nuget.org",
                    "App.csproj : error NU1102: Unable to find package Serilog with version (>= 99.0.0)",
                },
                rejects = { "warning NU1603: App depends on Serilog (>= 1.0.0) but Serilog 1.0.0 was not found" },
            },
        },
        {
            id = "nuget.no_such_version", title = "{source} has {package}, and not in a version {wanted}",
            match = {
                [[error NU110[23]: Unable to find (?:a stable )?package ]]
                    .. [[(?<package>\S+) with version \((?<wanted>[^)]+)\)]],
                [[- Found (?<count>[1-9]\d*) version\(s\) in (?<source>\S+)(?: \[ Nearest version: ]]
                    .. [[(?<nearest>\S+) \])?]],
            },
            within = 6,
            class = "version mismatch", severity = "error", priority = 92,
            cause = "The source has {count} versions of `{package}`, of which none is {wanted}. The nearest is "
                .. "{nearest}.",
            fix = "Ask for a version that is there, or wait until the one that is wanted is published. NU1103: only "
                .. "previews fit; ask for one by name. A private feed that should have it is named in `nuget.config`.",
            commands = { "dotnet nuget list source" },
            docs = { "https://learn.microsoft.com/nuget/reference/errors-and-warnings/nu1102" },
            tags = { "dotnet", "nuget" },
            examples = {
                matches = {
                    "App.csproj : error NU1102: Unable to find package Serilog with version (>= 99.0.0)\n"
                        .. "App.csproj : error NU1102:   - Found 350 version(s) in nuget.org [ Nearest version: 4."
                        .. "3.0 ]",
                },
                rejects = {
                    "App.csproj : error NU1102: Unable to find package Serilog with version (>= 99.0.0)\n"
                        .. "App.csproj : error NU1102:   - Found 0 version(s) in nuget.org",
                },
            },
        },
        {
            id = "nuget.source", title = "NuGet cannot reach a source",
            match = [[(?:error NU1301: (?<what>.{5,300})|Unable to load the service index for source ]]
                .. [[(?<source>\S+?)\.?$|Response status code does not indicate success: 40[13] ]]
                .. [[\((?<status>[^)]+)\))]],
            class = "permission", severity = "error", priority = 86,
            cause = "A feed did not answer, or not to this job.",
            fix = "401/403: give credentials (`dotnet nuget add source --username --password`; GitHub Packages "
                .. "wants a token with `read:packages`). Otherwise the network: try again.",
            commands = { "dotnet nuget list source" },
            tags = { "dotnet", "nuget", "network" },
            examples = {
                matches = {
                    "App.csproj : error NU1301: Unable to load the service index for source "
                        .. "https://nuget.pkg.github.com/acme/index.json.",
                    "  Response status code does not indicate success: 401 (Unauthorized).",
                },
                rejects = { "Feeds used: https://api.nuget.org/v3/index.json" },
            },
        },
        {
            id = "nuget.locked", title = "The lock file of NuGet is out of date",
            match = [[error NU1004: (?<what>.{5,300})]],
            class = "version mismatch", severity = "error", priority = 91,
            cause = "`packages.lock.json` does not fit the projects, and locked mode forbids to change it.",
            fix = "`dotnet restore --force-evaluate`, then commit the lock file.",
            commands = { "dotnet restore --force-evaluate" },
            docs = {
                "https://learn.microsoft.com/nuget/consume-packages/"
                    .. "package-references-in-project-files#locking-dependencies",
            },
            tags = { "dotnet", "nuget", "lock file" },
            examples = {
                matches = {
                    "error NU1004: The packages lock file is inconsistent with the project dependencies so restore "
                        .. "can't be run in locked mode.",
                },
                rejects = { "error NU1101: Unable to find package Acme.Core." },
            },
        },
        {
            id = "nuget.vulnerable", title = "A package with a known weakness stops the restore",
            match = [[error NU190[1-5]: (?<what>.{5,300})]],
            class = "version mismatch", severity = "error", priority = 88,
            cause = "NuGet's audit finds a known weakness, and warnings are errors here: {what}",
            fix = "Update the package; for one that others bring, reference the fixed version directly. Which are "
                .. "found changes without any commit: `<NuGetAuditMode>` and `WarningsNotAsErrors` decide what "
                .. "stops a build.",
            commands = { "dotnet list package --vulnerable --include-transitive" },
            docs = { "https://learn.microsoft.com/nuget/concepts/auditing-packages" },
            tags = { "dotnet", "nuget", "security" },
            examples = {
                matches = {
                    "App.csproj : error NU1903: Warning As Error: Package 'System.Text.Json' 8.0.0 has a known "
                        .. "high severity vulnerability, https://github.com/advisories/GHSA-hh2w-p6rv-4g7w",
                },
                rejects = {
                    "warning NU1903: Package 'System.Text.Json' 8.0.0 has a known high severity vulnerability",
                },
            },
        },
        {
            id = "csharp.missing_reference", title = "A type or namespace is not found (C#)",
            match = [[error (?:CS0246|CS0234|CS0103|BC30002|FS0039): (?<what>.{5,300}?)(?: \[|$)]],
            class = "code bug", severity = "error", priority = 76,
            cause = "The compiler does not know a name: {what}",
            fix = "A package or project reference is missing (for this target framework?), or a `using`. If it is "
                .. "generated: the generator did not run. In a multi-target build put it behind `#if "
                .. "NET8_0_OR_GREATER`.",
            commands = { "dotnet list package" },
            tags = { "dotnet", "csharp", "compile" },
            examples = {
                matches = {
                    "/home/runner/work/app/app/Program.cs(3,7): error CS0246: The type or namespace name "
                        .. "'Newtonsoft' could not be found (are you missing a using directive or an assembly "
                        .. "reference?) [/home/runner/work/app/app/App.csproj]",
                    "Program.cs(9,5): error CS0103: The name 'foo' does not exist in the current context",
                },
                rejects = { "Program.cs(9,5): error CS1002: ; expected" },
            },
        },
        {
            id = "csharp.analyzer", title = "An analyser's finding is an error",
            match = [[error (?<code>(?:CA|IDE|SA|S|RCS|xUnit|NUnit|MA|VSTHRD|RS|StyleCop)\d{3,4}): ]]
                .. [[(?<what>.{5,300}?)(?: \[|$)]],
            class = "code bug", severity = "error", priority = 70,
            cause = "The rule {code} is an error here: {what}",
            fix = "Fix it, or set it in `.editorconfig` (`dotnet_diagnostic.{code}.severity`). A newer SDK brings "
                .. "new rules: `<AnalysisLevel>` and `global.json` pin them.",
            commands = { "dotnet format --diagnostics {code}" },
            tags = { "dotnet", "csharp", "lint" },
            examples = {
                matches = {
                    "Program.cs(3,7): error CA1822: Member 'Run' does not access instance data and can be marked "
                        .. "as static [/home/runner/work/app/app/App.csproj]",
                    "Program.cs(3,7): error SA1600: Elements should be documented",
                },
                rejects = { "Program.cs(3,7): warning CA1822: Member 'Run' does not access instance data" },
            },
        },
        {
            id = "csharp.compile_error", title = "The C# compiler refuses the code",
            match = [[^(?:.{0,200}?\s)??(?<place>\S.{0,300}?\.(?:cs|vb|fs|razor|cshtml)\(\d+(?:,\d+){0,3}\)): error ]]
                .. [[(?<code>(?:CS(?!0246|0234|0103)|BC(?!30002)|FS(?!0039)|RZ)\d{4,5}): ]]
                .. [[(?<what>.{3,300}?)(?: \[|$)]],
            class = "code bug", severity = "error", priority = 68,
            cause = "{place}: {what} ({code})",
            fix = "Fix the code there. If it did not change: a package was updated (see the lock file), or "
                .. "warnings became errors (`TreatWarningsAsErrors`, nullable).",
            commands = { "dotnet build -warnaserror-" },
            docs = { "https://learn.microsoft.com/dotnet/csharp/language-reference/compiler-messages/" },
            tags = { "dotnet", "csharp", "compile" },
            examples = {
                matches = {
                    "/home/runner/work/app/app/Program.cs(9,5): error CS1002: ; expected "
                        .. "[/home/runner/work/app/app/App.csproj]",
                    "C:\\a\\App\\Main.fs(4,9): error FS0001: This expression was expected to have type 'int'",
                },
                rejects = {
                    "Program.cs(3,7): error CS0246: The type or namespace name 'Newtonsoft' could not be found",
                },
            },
        },
        {
            id = "dotnet.exception", title = "A .NET program ended with an exception",
            match = [[Unhandled exception\. (?<class>[\w.`+]+)(?:: (?<message>.{0,300}))?]],
            class = "code bug", severity = "error", priority = 70,
            cause = "{class} was not caught.",
            fix = "The first `at` line with a file of your own is the place; the innermost exception (`--->`) is "
                .. "the root. `FileNotFoundException` for an assembly: it was not published with the program. "
                .. "`TypeInitializationException`, `DllNotFoundException`: a native library is missing (`libicu`, "
                .. "`libssl`).",
            tags = { "dotnet", "exception" },
            examples = {
                matches = {
                    "Unhandled exception. System.IO.FileNotFoundException: Could not find file "
                        .. "'/home/runner/work/app/app/settings.json'.",
                },
                rejects = { "Handled exception. System.Exception" },
            },
        },
        {
            id = "dotnet.icu_missing", title = "ICU is not installed",
            match = [[Couldn't find a valid ICU package installed on the system]],
            class = "missing setup", severity = "error", priority = 93,
            cause = ".NET needs `libicu` for cultures, and the image has none.",
            fix = "Install `libicu` (`icu-libs` on Alpine), or switch cultures off: "
                .. "`DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1`.",
            commands = { "apt-get install -y libicu-dev" },
            docs = { "https://learn.microsoft.com/dotnet/core/extensions/globalization-icu" },
            tags = { "dotnet", "linux" },
            examples = {
                matches = {
                    "Process terminated. Couldn't find a valid ICU package installed on the system. Please install "
                        .. "libicu (or icu-libs) using your package manager and try again.",
                },
                rejects = { "icu package found" },
            },
        },
    },
}
