-- R, Julia and PowerShell.
return {
    about = "R, Julia and PowerShell",
    entries = {
        {
            id = "r.dependency_unavailable", title = "A dependency of an R package is not installed",
            match = [[ERROR: dependenc(?:y|ies) (?<packages>.{3,300}?) (?:is|are) not available for ]]
                .. [[package .(?<package>[\w.]+)]],
            class = "missing setup", severity = "error", priority = 86,
            cause = "`{package}` needs {packages}, which could not be installed before.",
            fix = "Look above for the installation of that package: it failed, mostly for a system library. "
                .. "`r-lib/actions/setup-r-dependencies` installs both; on Linux take binaries from the Posit "
                .. "Package Manager.",
            commands = { "Rscript -e 'pak::pkg_sysreqs(\"PACKAGE\")'" },
            docs = { "https://github.com/r-lib/actions/tree/v2/setup-r-dependencies" },
            tags = { "r", "dependency" },
            examples = {
                matches = {
                    "ERROR: dependencies ‘curl’, ‘openssl’ are not available for package ‘httr’",
                    "ERROR: dependency ‘rgdal’ is not available for package ‘sfx’",
                },
                rejects = { "checking package dependencies ... OK" },
            },
        },
        {
            id = "r.no_package", title = "R does not find a package",
            match = [[there is no package called .{1,3}?(?<package>[\w.]+)]],
            class = "missing setup", severity = "error", priority = 84,
            cause = "`{package}` is not installed in this library.",
            fix = "Add it to `DESCRIPTION` (`Imports`, `Suggests`), so that CI installs it, or install it in the "
                .. "job. If it was cached for another version of R, the library's folder is another: key the cache "
                .. "by it.",
            commands = { "Rscript -e 'install.packages(\"{package}\")'" },
            tags = { "r", "dependency" },
            examples = {
                matches = {
                    "Error in library(foo) : there is no package called ‘foo’",
                    "Error in loadNamespace(x) : there is no package called 'covr'",
                },
                rejects = { "package ‘foo’ was built under R version 4.3.1" },
            },
        },
        {
            id = "r.not_available", title = "A package is not available for this R",
            match = [[package .{1,3}?(?<package>[\w.]+).{1,3}? is not available (?:\(for R version ]]
                .. [[(?<version>[\d.]+)\)|for this version of R|as a binary|for Bioconductor)]],
            class = "version mismatch", severity = "error", priority = 84,
            cause = "`{package}` is not in the repository for this R: it was archived, needs a newer R, or its "
                .. "name is written in another case.",
            fix = "See its page on CRAN. Archived ones install from the archive (`remotes::install_version`), "
                .. "packages of Bioconductor with `BiocManager`. A newer R in the matrix may be all it takes.",
            tags = { "r", "dependency", "version" },
            examples = {
                matches = {
                    "package ‘mlr’ is not available (for R version 3.4.4)",
                    "package 'foo' is not available for this version of R",
                },
                rejects = { "package ‘foo’ is available" },
            },
        },
        {
            id = "r.package_failed", title = "An R package did not install",
            match = [[(?:installation of (?:one or more packages failed|package ]]
                .. [[.{1,3}?(?<package>[\w./-]+?).{1,3}? had non-zero exit status)|ERROR: ]]
                .. [[(?<what>configuration|compilation|lazy loading|loading) failed for package ]]
                .. [[.{1,3}?(?<package2>[\w.]+))]],
            class = "missing setup", severity = "error", priority = 74,
            cause = "A package could not be installed; what went wrong stands above.",
            fix = "With `configuration failed` look for `ANTICONF`: it names the system packages. `compilation "
                .. "failed`: a header is missing, or the compiler is too old. Binaries (Posit Package Manager, "
                .. "`r2u`) spare both.",
            commands = { "Rscript -e 'pak::pkg_sysreqs(\"PACKAGE\")'" },
            tags = { "r", "dependency" },
            examples = {
                matches = {
                    "installation of package ‘xml2’ had non-zero exit status",
                    "ERROR: configuration failed for package ‘curl’", "ERROR: compilation failed for package ‘Rcpp’",
                },
                rejects = { "* DONE (xml2)" },
            },
        },
        {
            id = "r.anticonf", title = "A system library for an R package is missing",
            match = [[Configuration failed (?:because (?<library>\S+) was not found|to find (?:the ]]
                .. [[)?(?<library2>[\w+.-]+)|because of missing)]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "The R package looks for a system library through pkg-config and finds none.",
            fix = "The lines below say what to install on each system (`deb:`, `rpm:`, `brew:`). "
                .. "`setup-r-dependencies` does it by itself.",
            commands = { "sudo apt-get install -y libcurl4-openssl-dev libxml2-dev libssl-dev" },
            tags = { "r", "native library" },
            examples = {
                matches = {
                    "Configuration failed because libcurl was not found. Try installing:",
                    "Configuration failed to find the libpng library.",
                },
                rejects = { "Using PKG_LIBS=-lcurl" },
            },
        },
        {
            id = "r.namespace_version", title = "R packages do not go together",
            match = [[namespace .{1,3}?(?<package>[\w.]+).{1,3}? (?<have>[\d.-]+) is (?:already loaded]]
                .. [[|being loaded), but >=? (?<need>[\d.-]+) is required]],
            class = "version mismatch", severity = "error", priority = 89,
            cause = "`{package}` {have} is loaded, and another package wants at least {need}.",
            fix = "Update it (`update.packages`, or a newer snapshot of the repository), and drop a stale library "
                .. "from the cache. A package that is already loaded cannot be replaced: restart R in between.",
            tags = { "r", "version" },
            examples = {
                matches = {
                    "Error: package or namespace load failed for ‘dplyr’ in loadNamespace(j <- i[[1L]]): namespace "
                        .. "‘rlang’ 0.4.5 is being loaded, but >= 0.4.10 is required",
                },
                rejects = { "namespace ‘rlang’ is loaded" },
            },
        },
        {
            id = "r.check", title = "R CMD check found an error",
            match = [=[^(?:\* )?checking (?<what>.{3,120}?) \.\.\.(?: \[[^\]]{1,30}\])? (?<level>ERROR)$]=],
            class = "code bug", severity = "error", priority = 62,
            cause = "`R CMD check` stopped at \"checking {what}\" ({level}). Details stand on the next lines.",
            fix = "For tests and examples the last lines of their output follow; the whole is in "
                .. "`*.Rcheck/tests/*.Rout.fail`: keep that folder as an artifact.",
            commands = { "R CMD check --as-cran PACKAGE.tar.gz" },
            tags = { "r", "test" },
            examples = {
                matches = { "* checking tests ... ERROR", "checking examples ... [12s/13s] ERROR" },
                rejects = { "* checking Rd cross-references ... WARNING", "* checking tests ... OK" },
            },
        },
        {
            id = "r.check_tests", title = "Tests of an R package failed",
            match = [[^\s*Running the tests in .{1,3}?(?<file>tests/[\w./-]+).{1,3}? failed\.$]],
            class = "code bug", severity = "error", priority = 66,
            cause = "`{file}` ended with an error in `R CMD check`. Its last lines follow.",
            fix = "Run it alone. The whole output is in `*.Rcheck/tests/*.Rout.fail`: keep that folder as an "
                .. "artifact.",
            tags = { "r", "test" },
            examples = {
                matches = { "Running the tests in ‘tests/mean.R’ failed." },
                rejects = { "  Running ‘mean.R’" },
            },
        },
        {
            id = "r.testthat_failed", title = "A test of testthat failed",
            match = {
                [[^[─—-]{1,9} ?(?:\d+\. )?(?<kind>Failure|Error)(?: ]]
                    .. [[\((?<place>[^)]{3,200})\))?: (?<test>\S.{1,160}?)(?: [─-]{3,200})?$]],
                [[^.{0,60}(?:not equal|not identical|did not|isn't|is not|Error|[Ee]xpect|`]]
                    .. [[|actual|Backtrace|mismatch)]],
            },
            within = 4, class = "code bug", severity = "error", priority = 60,
            cause = "`{test}` ended with a {kind}. What differs follows.",
            fix = "Run that file alone: `testthat::test_file`. If only CRAN's or another system's run fails: "
                .. "locale, time zone, numbers' last digits, or files it may not write.",
            commands = { "Rscript -e 'testthat::test_file(\"tests/testthat/FILE.R\")'" },
            tags = { "r", "test" },
            examples = {
                matches = {
                    "── Failure ('test-mean.R:3'): mean of two ──────────\nmean(c(1, 2)) not equal to 2.",
                    "── 1. Failure: mean of two (@test-mean.R#3) ────────\nmean(c(1, 2)) not equal to 2.",
                },
                rejects = { "══ Failed tests ══════════\n", "│ Error: Unsupported argument\n│ \n│   Expected: a map" },
            },
        },
        {
            id = "r.error", title = "R stopped on an error",
            match = {
                [[^(?:Error in (?<call>.{1,160}?) : ?(?<message>.{0,300})|Error: ]]
                    .. [[(?<message2>(?!Process completed|package or namespace load|Command failed|Test ]]
                    .. [[failures).{3,300}))$]],
                [[^(?:Calls: .{2,300}|Execution halted|Backtrace:|Error(?: in| : ).{2,300})]],
            },
            unless = [[there is no package called|npm ERR|Traceback]],
            within = 12, class = "code bug", severity = "error", priority = 64,
            cause = "R stopped on an error. Its words stand in this line or the next.",
            fix = "`traceback()` or `rlang::last_trace()` shows the way there; `Calls:` below is a short one.",
            tags = { "r", "exception" },
            examples = {
                matches = {
                    "Error in f(3) : object 'x' not found\nCalls: g -> f\nExecution halted",
                    "Error in eval(expr) :\n  object 'x' not found\nExecution halted",
                },
                rejects = { "Error: something that only another tool says" },
            },
        },
        {
            id = "julia.unsatisfiable", title = "Julia cannot find versions that fit",
            match = [[Unsatisfiable requirements detected for package (?<package>[\w.]+)]],
            class = "version mismatch", severity = "error", priority = 91,
            cause = "The `[compat]` bounds around {package} exclude each other, or this Julia.",
            fix = "The tree below shows who restricts what. Widen `[compat]` in `Project.toml`, or drop a stale "
                .. "`Manifest.toml` that was made with another Julia.",
            commands = { "julia --project -e 'using Pkg; Pkg.status(outdated=true)'" },
            tags = { "julia", "version" },
            examples = {
                matches = { "ERROR: Unsatisfiable requirements detected for package JSON [682c06a0]:" },
                rejects = { "Resolving package versions..." },
            },
        },
        {
            id = "julia.package_missing", title = "A Julia package is not installed",
            match = [[(?:ERROR: (?:LoadError: )?ArgumentError: Package (?<package>\S+) (?:not found in ]]
                .. [[current path|does not have \S+ in its dependencies)|expected package ]]
                .. [[`(?<package2>\w+)(?: \[[0-9a-f]+\])?` to be registered|Failed to precompile ]]
                .. [[(?<package3>\w+))]],
            class = "missing setup", severity = "error", priority = 84,
            cause = "A package is used that is not in the project's environment, or does not load.",
            fix = "Run `Pkg.instantiate()` with the right `--project`; add it to `[deps]` (for tests to "
                .. "`[extras]`/`test/Project.toml`). For precompilation, its own error stands below.",
            commands = { "julia --project -e 'using Pkg; Pkg.instantiate()'" },
            tags = { "julia", "dependency" },
            examples = {
                matches = {
                    "ERROR: ArgumentError: Package DataFrames not found in current path.",
                    "ERROR: LoadError: ArgumentError: Package Foo does not have Bar in its dependencies:",
                },
                rejects = { "Precompiling project..." },
            },
        },
        {
            id = "julia.test_failed", title = "A test of Julia failed",
            match = [[^(?:(?<name>.{1,200}): )?(?:Test Failed|Error During Test) at (?<place>\S+:\d+)]],
            class = "code bug", severity = "error", priority = 58,
            cause = "A test at {place} did not hold. `Expression:` and `Evaluated:` follow.",
            fix = "Run that file alone. Random tests: set the seed. If only `nightly` fails, it may be Julia's own "
                .. "change: allow that job to fail.",
            tags = { "julia", "test" },
            examples = {
                matches = {
                    "Basic tests: Test Failed at /home/runner/work/App.jl/App.jl/test/runtests.jl:12",
                    "Error During Test at /home/runner/work/App.jl/App.jl/test/runtests.jl:20",
                },
                rejects = { "Test Passed" },
            },
        },
        {
            id = "julia.error", title = "Julia stopped on an error",
            match = [[^ERROR: (?:LoadError: )*(?<class>[A-Z]\w*(?:Error|Exception|Failed)): ]]
                .. [[(?<what>(?!Package |Some tests did not pass).{3,300})]],
            class = "code bug", severity = "error", priority = 66,
            cause = "{class}: {what}",
            fix = "The first line of the stack trace in your own files is the place. `UndefVarError`, "
                .. "`MethodError`: an import is missing, or a dependency changed: compare `Manifest.toml`.",
            tags = { "julia", "exception" },
            examples = {
                matches = {
                    "ERROR: LoadError: UndefVarError: foo not defined",
                    "ERROR: LoadError: LoadError: MethodError: no method matching f(::Int64)",
                },
                rejects = { "ERROR: Package Foo errored during testing" },
            },
        },
        {
            id = "powershell.error", title = "PowerShell stopped on an error",
            match = [[^\s*\+ FullyQualifiedErrorId : (?<id>(?!CommandNotFoundException)[\w.,\\-]+)]],
            class = "code bug", severity = "error", priority = 52,
            cause = "A command of PowerShell failed ({id}). Its message and place stand in the lines above.",
            fix = "Look there. Scripts stop at errors only with `$ErrorActionPreference = 'Stop'`; native programs "
                .. "are checked by `$LASTEXITCODE`.",
            tags = { "powershell", "windows" },
            examples = {
                matches = {
                    "    + FullyQualifiedErrorId : System.IO.FileNotFoundException",
                    "    + FullyQualifiedErrorId : PathNotFound,Microsoft.PowerShell.Commands.GetChildItemCommand",
                },
                rejects = { "    + FullyQualifiedErrorId : CommandNotFoundException" },
            },
        },
        {
            id = "powershell.module_missing", title = "A PowerShell module is not installed",
            match = [[(?:The specified module '(?<module>[^']+)' was not loaded because no valid module ]]
                .. [[file was found|No match was found for the specified search criteria and module name ]]
                .. [['(?<module2>[^']+)'|Unable to (?:find|resolve) (?:module repositories|package ]]
                .. [[source)|The required module '(?<module3>[^']+)' is not loaded)]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "A module that is imported or installed cannot be found.",
            fix = "`Install-Module NAME -Scope CurrentUser -Force` before; with PowerShellGet 1 set TLS 1.2 first "
                .. "(`[Net.ServicePointManager]::SecurityProtocol = 'Tls12'`), and trust the gallery. Windows "
                .. "PowerShell and pwsh have their own module folders.",
            commands = { "Install-Module NAME -Scope CurrentUser -Force" },
            tags = { "powershell", "dependency" },
            examples = {
                matches = {
                    "Import-Module : The specified module 'Pester' was not loaded because no valid module file was "
                        .. "found in any module directory.",
                    "PackageManagement\\Install-Package : No match was found for the specified search criteria and "
                        .. "module name 'Foo'.",
                },
                rejects = { "Installing module Pester" },
            },
        },
        {
            id = "pester.failed", title = "A test of Pester failed",
            match = [[^\s*\[-\] (?<test>(?!Error occurred in)\S.{1,200}?) (?:(?<time>\d+(?:\.\d+)?m?s)(?: ]]
                .. [[\([^)]{3,60}\))?|\d+ms)$]],
            class = "code bug", severity = "error", priority = 56,
            cause = "`{test}` failed. What was expected stands below.",
            fix = "Run it alone: `Invoke-Pester -FullNameFilter '*{test}*'`. Pester 4 and 5 differ in where code "
                .. "may stand: `BeforeAll` for set-up.",
            tags = { "powershell", "test" },
            examples = {
                matches = { "  [-] returns three items 45ms", "    [-] returns three items 45ms (43ms|2ms)" },
                rejects = { "  [+] returns three items 45ms" },
            },
        },
    },
}
