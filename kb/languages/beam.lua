-- Elixir and Erlang: mix, rebar3, hex, the compilers.
return {
    about = "Elixir and Erlang",
    entries = {
        {
            id = "elixir.compile_error", title = "Elixir cannot compile a file",
            match = [[^\*\* \((?<class>CompileError|SyntaxError|TokenMissingError|UndefinedFunctionError]]
                .. [[|KeyError|EEx\.SyntaxError|MismatchedDelimiterError)\) ]]
                .. [[(?:(?<context>\([^)]{1,60}\)) )?(?<place>\S+:\d+(?::\d+)?): (?<what>.{3,300})]],
            class = "code bug", severity = "error", priority = 78,
            cause = "{place}: {what}",
            fix = "If it is in `deps/`, the dependency is too old (or too new) for this Elixir: update it. Since "
                .. "Elixir 1.15 the details stand above as `error:`.",
            commands = { "mix compile --force" },
            tags = { "elixir", "compile" },
            examples = {
                matches = {
                    "** (CompileError) lib/app.ex:4: undefined function lst/0 (expected App to define such a "
                        .. "function or for it to be imported, but none are available)",
                    "** (CompileError) (for doctest at) lib/list.ex:102: undefined function i/1",
                    "** (SyntaxError) lib/app.ex:9:3: unexpected reserved word: end",
                },
                rejects = { "** (RuntimeError) no settings" },
            },
        },
        {
            id = "elixir.version", title = "The project needs another Elixir",
            match = [[\*\* \(Mix\) You're trying to run :(?<app>\w+) on Elixir (?:v)?(?<have>\S+) but it ]]
                .. [[has declared in its mix\.exs file it supports only Elixir (?<need>.{1,60})]],
            class = "version mismatch", severity = "error", priority = 94,
            cause = "`{app}` supports Elixir {need} only, this is {have}.",
            fix = "Set the version in the job (`erlef/setup-beam`, `.tool-versions`), or take a release of the "
                .. "dependency for this one.",
            commands = { "elixir --version" },
            tags = { "elixir", "version" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Elixir and OTP of the project",
                yaml = "- uses: erlef/setup-beam@v1\n"
                    .. "  with:\n"
                    .. "    version-file: .tool-versions\n"
                    .. "    version-type: strict\n",
            },
            examples = {
                matches = {
                    "** (Mix) You're trying to run :app on Elixir v1.14.0 but it has declared in its mix.exs file "
                        .. "it supports only Elixir ~> 1.99",
                },
                rejects = { "Elixir 1.14.0 (compiled with Erlang/OTP 25)" },
            },
        },
        {
            id = "elixir.dependencies", title = "Dependencies are not there or stale",
            match = [[(?:\*\* \(Mix\) (?<what>Can't continue due to errors on dependencies|Hex dependency ]]
                .. [[resolution failed.{0,60}|The dependency is not available.{0,60}|Unknown package ]]
                .. [[(?<package>\S+) in lockfile)|Unchecked dependencies for environment ]]
                .. [[(?<environment>\w+):|the dependency is not available, run "mix deps\.get"|lock ]]
                .. [[mismatch: the dependency is out of date)]],
            class = "missing setup", severity = "error", priority = 84,
            cause = "What `mix.exs` asks for is not in `deps`, does not fit `mix.lock`, or cannot be resolved.",
            fix = "Run `mix deps.get` before (with `--check-locked` in CI), and commit `mix.lock`. Key the cache "
                .. "of `deps` and `_build` by `mix.lock`, Elixir and OTP.",
            commands = { "mix deps.get --check-locked" },
            tags = { "elixir", "dependency" },
            examples = {
                matches = {
                    "** (Mix) Can't continue due to errors on dependencies",
                    "Unchecked dependencies for environment test:",
                    "  the dependency is not available, run \"mix deps.get\"",
                },
                rejects = { "* Getting ex_doc (Hex package)" },
            },
        },
        {
            id = "elixir.dependency_build", title = "A dependency does not compile",
            match = [[could not compile dependency :(?<dependency>\w+), "(?<command>[^"]+)" failed]],
            class = "missing setup", severity = "error", priority = 66,
            cause = "`:{dependency}` did not compile ({command}); what it said stands above.",
            fix = "Native parts need a compiler, `make` or Rust in the image (`build-essential`, `erlang-dev`). "
                .. "Otherwise it is too old for this Elixir or OTP: `mix deps.update {dependency}`. After an "
                .. "update of OTP, clean `_build`.",
            commands = { "mix deps.update {dependency}", "mix deps.clean {dependency} --build" },
            tags = { "elixir", "dependency" },
            examples = {
                matches = {
                    "could not compile dependency :argon2_elixir, \"mix compile\" failed. Errors may have been "
                        .. "logged above. You can recompile this dependency with \"mix deps.compile argon2_elixir "
                        .. "--force\", update it with \"mix deps.update argon2_elixir\" or clean it with \"mix "
                        .. "deps.clean argon2_elixir\"",
                },
                rejects = { "==> argon2_elixir" },
            },
        },
        {
            id = "elixir.not_formatted", title = "Elixir code is not formatted",
            match = [[\*\* \(Mix\) mix format failed due to --check-formatted]],
            class = "code bug", severity = "error", priority = 80,
            cause = "`mix format` would change files; they are listed below.",
            fix = "Run `mix format` with the Elixir that CI uses (its rules change with versions) and commit. "
                .. "Check the format in one job of the matrix only.",
            commands = { "mix format" },
            tags = { "elixir", "format" },
            examples = {
                matches = { "** (Mix) mix format failed due to --check-formatted." },
                rejects = { "mix format --check-formatted" },
            },
        },
        {
            id = "elixir.warnings_as_errors", title = "Warnings are errors in Elixir",
            match = [[(?:Compilation failed due to warnings while using the --warnings-as-errors option]]
                .. [[|\*\* \(Mix\) .{0,60}warnings?_as_errors)]],
            class = "code bug", severity = "error", priority = 70,
            cause = "The compiler warns (see above), and `--warnings-as-errors` makes that a failure.",
            fix = "Fix the warning. New deprecations come with new Elixir versions: keep the flag to one job of "
                .. "the matrix.",
            commands = { "mix compile --force --warnings-as-errors" },
            tags = { "elixir", "warning" },
            examples = {
                matches = { "Compilation failed due to warnings while using the --warnings-as-errors option" },
                rejects = { "warning: variable \"x\" is unused" },
            },
        },
        {
            id = "elixir.test_failed", title = "A test of ExUnit failed",
            match = [[^\s{2}(?<number>\d+)\) (?<kind>test|doctest|property|feature) (?<test>.{1,200}) ]]
                .. [[\((?<module>[A-Z][\w.]*)\)]],
            class = "code bug", severity = "error", priority = 60,
            cause = "`{test}` in {module} failed. The assertion, `left:` and `right:` follow.",
            fix = "Run it alone: `mix test FILE:LINE --seed SEED` with the seed of the last line. If it passes "
                .. "alone, tests marked `async: true` share something.",
            commands = { "mix test --failed" },
            tags = { "elixir", "test" },
            examples = {
                matches = { "  1) test mean of two (AppTest)", "  2) doctest App.Money.add/2 (1) (App.MoneyTest)" },
                rejects = { "1) first step (see README)" },
            },
        },
        {
            id = "elixir.raised", title = "An Elixir program raised an error",
            match = [[^\s*\*\* \((?<class>(?!Mix\)|CompileError|SyntaxError|TokenMissingError]]
                .. [[|Mix\.)[A-Z][\w.]*Error|throw|exit|EXIT from [^)]+|ErlangError|stop)\) ]]
                .. [[(?<what>.{2,300})]],
            class = "code bug", severity = "error", priority = 54,
            cause = "{class}: {what}",
            fix = "The first line of your own application in the stack below is the place. `ArgumentError` with "
                .. "`:ets` or `System.get_env`: something was not started or set. `Postgrex`/`DBConnection`: the "
                .. "database service is not up.",
            tags = { "elixir", "exception" },
            examples = {
                matches = {
                    "** (RuntimeError) Line does not match format", "** (throw) \"Words not in order\"",
                    "     ** (ArgumentError) argument error",
                },
                rejects = { "** (Mix) The task \"foo\" could not be found" },
            },
        },
        {
            id = "elixir.mix_error", title = "Mix stopped",
            match = [[^\*\* \(Mix\) (?<what>(?!You're trying to run|Can't continue|Hex dependency|mix ]]
                .. [[format failed|Unknown package|The dependency)[^\n]{5,300})]],
            class = "missing setup", severity = "error", priority = 62,
            cause = "Mix says: {what}",
            fix = "`The task … could not be found`: its dependency is not in this environment (`MIX_ENV`). `Could "
                .. "not find Hex`: `mix local.hex --force` and `mix local.rebar --force` in the job. A database "
                .. "that cannot be created: its service is not up.",
            commands = { "mix local.hex --force", "mix local.rebar --force" },
            tags = { "elixir" },
            examples = {
                matches = {
                    "** (Mix) The task \"credo\" could not be found",
                    "** (Mix) Expected one or more files/patterns to be given to mix format or for a "
                        .. ".formatter.exs file to exist with an :inputs or :subdirectories key",
                },
                rejects = { "** (Mix) mix format failed due to --check-formatted." },
            },
        },
        {
            id = "erlang.compile_error", title = "The Erlang compiler refuses the code",
            match = [[^(?<file>\S+\.(?:erl|hrl|yrl|xrl)):(?<line>\d+)(?::\d+)?: ]]
                .. [[(?<what>(?![Ww]arning)(?:syntax error|function \S+ undefined|function \S+ (?:is ]]
                .. [[)?(?:already defined)|variable '\w+' (?:is unbound|unsafe)|record \w+ undefined]]
                .. [[|field \w+ undefined in record|can't find include (?:file|lib)|undefined macro|head ]]
                .. [[mismatch|type \S+ undefined|call to .{3,60} undefined|\S+ is unbound|unterminated]]
                .. [[|illegal |spec for undefined).{0,200})]],
            class = "code bug", severity = "error", priority = 76,
            cause = "{file}, line {line}: {what}",
            fix = "`can't find include lib`: the dependency is not fetched or not compiled yet. A field or record "
                .. "that is undefined: its header belongs to another version of the dependency. After merges, look "
                .. "for half a change.",
            commands = { "rebar3 compile" },
            tags = { "erlang", "compile" },
            examples = {
                matches = {
                    "src/app.erl:4:14: can't find include lib \"nowhere/include/nowhere.hrl\"",
                    "src/rabbit_vhost.erl:91: field description undefined in record vhost",
                    "src/app.erl:5:30: variable 'Y' is unbound",
                },
                rejects = { "src/app.erl:5:11: Warning: variable 'X' is unused" },
            },
        },
        {
            id = "erlang.ct_failed", title = "A case of Common Test failed",
            match = [[^(?<suite>\w+_SUITE|\w+):(?<case>\w+) failed on line (?<line>\d+)]],
            class = "code bug", severity = "error", priority = 60,
            cause = "`{suite}:{case}` failed at line {line}. `Reason:` follows.",
            fix = "The HTML log of Common Test has the whole story: keep `logs/` (or `_build/test/logs`) as an "
                .. "artifact. One case alone: `rebar3 ct --suite {suite} --case {case}`.",
            commands = { "rebar3 ct --suite {suite} --case {case}" },
            tags = { "erlang", "test" },
            examples = {
                matches = {
                    "cpu_sup_SUITE:util_api failed on line 121", "rabbit_ct_broker_helpers:rpc failed on line 1348",
                },
                rejects = { "tests failed on line 3" },
            },
        },
        {
            id = "erlang.rebar", title = "rebar3 stopped",
            match = [[^===> (?<what>(?:Compiling \S+ failed|Failed to (?:fetch|restore|load|download]]
                .. [[|build) .{3,200}|Package not found .{3,200}|Dependency failure: .{3,200}|Errors? ]]
                .. [[(?:loading|in) .{3,200}|Failed \d+ out of \d+ tests|Task not found: .{3,80}|Unable ]]
                .. [[to .{3,120}|Verification failed.{0,60}|Command \S+ not found|sh\(.{3,200}\)))]],
            class = "missing setup", severity = "error", priority = 58,
            cause = "rebar3 says: {what}",
            fix = "The lines around have the details. Old rebar3 does not run on new OTP: let `erlef/setup-beam` "
                .. "install both. Port compilers need `build-essential`.",
            commands = { "rebar3 tree" },
            tags = { "erlang", "rebar3" },
            examples = {
                matches = { "===> Compiling src/app.erl failed", "===> Package not found in any repo: nowhere 1.0.0" },
                rejects = { "===> Compiling app" },
            },
        },
        {
            id = "erlang.otp_too_old", title = "Code was made for another OTP",
            match = [[(?:beam/beam_load\.c\(\d+\): Error loading (?:module|function) \S+|(?:please ]]
                .. [[)?re-?compile this module with an Erlang/OTP (?<version>\d+) compiler|This BEAM ]]
                .. [[file was compiled for a later version of the (?:run-time system|runtime))]],
            class = "version mismatch", severity = "error", priority = 90,
            cause = "Compiled modules are of another Erlang/OTP than the one that runs.",
            fix = "Clean `_build` (or key its cache by the OTP version) and compile again; build releases with the "
                .. "OTP that runs them.",
            commands = { "rm -rf _build" },
            tags = { "erlang", "version", "cache" },
            examples = {
                matches = {
                    "Loading of /opt/app/ebin/app.beam failed: badfile\nplease re-compile this module with an "
                        .. "Erlang/OTP 25 compiler",
                    "  This BEAM file was compiled for a later version of the run-time system than 22.",
                },
                rejects = { "Erlang/OTP 25 [erts-13.1.5]" },
            },
        },
    },
}
