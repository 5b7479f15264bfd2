-- Shells, Perl and small tools of scripts.

return {
    about = "Shells, Perl and small tools of scripts",
    entries = {
        {
            id = "shell.command_not_found", title = "The command {command} was not found",
            match = [[(?:^|(?:line \d+|\bsh|\bbash|\bzsh|\bdash|]] ..
                [[(?<!\d)\d+): (?:\d+: )?(?:eval: )?)(?<command>[\w./+@-]+): (?:command not found|not found)$]],
            unless = [[docker-compose|git-lfs|exec: |mysql_config|manifest for|bundler: command]],
            class = "missing setup", severity = "error", priority = 82,
            cause = "The shell found no program `{command}` on PATH: it is not installed on this machine, " ..
                "installed in a folder that PATH lacks, or installed by a step that set PATH only for itself.",
            fix = "Install it in this job; to extend PATH for later steps write the folder to `$GITHUB_PATH`. " ..
                "Scripts of package.json find tools only after `npm ci`.",
            commands = { "command -v {command}; echo \"$PATH\"" },
            docs = {
                "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-sys" ..
                    "tem-path",
            },
            examples = {
                matches = {
                    "/home/runner/work/_temp/a1b2.sh: line 1: poetry: command not found",
                    "sh: 1: husky: not found",
                    "bash: line 12: jq: command not found",
                    "/bin/sh: 1: make: not found",
                },
                rejects = { "error: manifest for x not found", "pandoc: command not found, going on without it" },
            },
        },
        {
            id = "shell.permission_denied", title = "{file} may not be run",
            match = [[(?:line \d+|\bsh|\bbash|\bzsh|/bin/sh|(?<!\d)\d+): (?:\d+: )?(?<file>[\w./+-]+): Permission ]]
                .. [[denied]],
            class = "permission", severity = "error", priority = 84,
            cause = "`{file}` lacks the x bit; files made on Windows, or unpacked from artifacts (which drop " ..
                "permissions), do.",
            fix = "Set the bit in git, or call it with its interpreter.",
            commands = { "git update-index --chmod=+x {file}" },
            docs = { "https://git-scm.com/docs/git-update-index" },
            examples = {
                matches = {
                    "/home/runner/work/_temp/a.sh: line 1: ./gradlew: Permission denied",
                    "/bin/sh: 1: ./run.sh: Permission denied",
                },
                rejects = { "chmod +x run.sh" },
            },
        },
        {
            id = "shell.no_such_file", title = "{file} does not exist",
            match = [[(?:line \d+|\bsh|\bbash|/bin/sh|]] ..
                [[(?<!\d)\d+): (?:\d+: )?(?<file>\.{0,2}/?[\w./+-]+/[\w.+-]+): No such file or directory]],
            unless = [[bad interpreter|\\r]],
            class = "code bug", severity = "error", priority = 66,
            cause = "The script calls or reads `{file}`, which is not there: not checked out, another folder, " ..
                "removed, or made by a step that did not run.",
            fix = "Compare with `git ls-files` and the step's working folder.",
            commands = { "ls -la \"$(dirname '{file}')\"" },
            docs = { "https://www.gnu.org/software/bash/manual/html_node/Exit-Status.html" },
            examples = {
                matches = {
                    "/home/travis/.travis/functions: line 104: /home/travis/build/a/a/install-jdk.sh: No such " ..
                        "file or directory",
                    "bash: ./scripts/run.sh: No such file or directory",
                },
                rejects = { "ls: cannot access 'x': No such file or directory" },
            },
        },
        {
            id = "shell.unbound_variable", title = "The variable {variable} is not set",
            match = [[(?:line \d+|\bbash|: \d+): (?<variable>[A-Za-z_]\w*|\d+): (?:unbound variable|]] ..
                [[parameter not set)]],
            class = "code bug", severity = "error", priority = 84,
            cause = "With `set -u` a variable that is not set ends the script: a missing secret or input, or " ..
                "another CI's variable.",
            fix = "Set it in `env:`, or give a default: `${NAME:-}`.",
            docs = { "https://www.gnu.org/software/bash/manual/html_node/The-Set-Builtin.html" },
            examples = {
                matches = {
                    "/home/runner/work/_temp/a.sh: line 3: API_TOKEN: unbound variable",
                    "./run.sh: 3: API_TOKEN: parameter not set",
                },
                rejects = { "variable is bound" },
            },
        },
        {
            id = "shell.syntax_error", title = "The shell cannot parse the script",
            match = [[(?:line \d+|\bsh|(?<!\d)\d+): (?:[Ss]yntax error(?: near|: |$)|unexpected EOF while looking|]] ..
                [[conditional binary operator expected)(?<detail>.{0,120})]],
            class = "code bug", severity = "error", priority = 80,
            cause = "Unclosed quotes, brackets or `if`; a value that was put into the script by `${{ }}` and " ..
                "holds quotes; or bash syntax run by dash.",
            fix = "Pass values by `env:` and quote them; run `bash -n` and shellcheck.",
            commands = { "bash -n SCRIPT && shellcheck SCRIPT" },
            docs = { "https://www.shellcheck.net/wiki/" },
            examples = {
                matches = {
                    "/home/runner/work/_temp/a.sh: line 5: syntax error near unexpected token `fi'",
                    "/home/runner/work/_temp/a.sh: line 9: unexpected EOF while looking for matching `\"'",
                    "a.sh: 2: Syntax error: \"(\" unexpected",
                },
                rejects = { "no syntax error" },
            },
        },
        {
            id = "shell.bashism", title = "bash syntax was run by a plain sh",
            match = [[(?:\d: Bad substitution|: bad substitution|\d: \[\[: not found|: source: not found|]] ..
                [[: declare: not found|\d: shopt: not found|Illegal option -o pipefail)]],
            class = "code bug", severity = "error", priority = 86,
            cause = "The script uses bash's own syntax, but /bin/sh ran it, which is dash on Debian and Ubuntu " ..
                "(also in Makefiles, package.json scripts and Alpine).",
            fix = "Begin it with `#!/usr/bin/env bash`, set `shell: bash` (`SHELL := bash` in Makefiles), or " ..
                "write portable sh.",
            commands = { "checkbashisms SCRIPT" },
            docs = { "https://mywiki.wooledge.org/Bashism" },
            examples = {
                matches = {
                    "a.sh: 1: Bad substitution",
                    "/bin/sh: 1: [[: not found",
                    "sh: 1: source: not found",
                    "a.sh: 2: set: Illegal option -o pipefail",
                },
                rejects = { "${a/b/c}" },
            },
        },
        {
            id = "shell.missing_operand_file", title = "{command} does not find {file}",
            match = [[^(?<command>cp|mv|ls|cat|chmod|chown|ln|grep|sed|head|tail|install|stat|realpath|source|]] ..
                [[tar|zip|find): (?:cannot (?:stat|access|open|move|copy|touch) |]] ..
                [[can't read )?['‘]?(?<file>[^'’:]{1,200})['’]?: (?:Cannot (?:stat|]] ..
                [[open): )?No such file or directory]],
            class = "code bug", severity = "error", priority = 48,
            cause = "`{file}` is not where `{command}` looked: an earlier step did not make it, wrote it " ..
                "elsewhere, or the name is another.",
            fix = "List the folder before the step; paths are relative to the step's working folder.",
            docs = {
                "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstep" ..
                    "sworking-directory",
            },
            examples = {
                matches = {
                    "cp: cannot stat 'dist/app.js': No such file or directory",
                    "cat: coverage.xml: No such file or directory",
                    "tar: dist: Cannot stat: No such file or directory",
                },
                rejects = { "bash: ./run.sh: No such file or directory" },
            },
        },
        {
            id = "shell.empty_url", title = "curl was given no address",
            match = [[curl: (?:\(3\) |no URL specified|\(2\) no URL)]],
            class = "code bug", severity = "error", priority = 82,
            cause = "The address is empty or malformed, mostly since a variable in it is not set here (a secret, " ..
                "an output of another step).",
            fix = "Print the address before (without the secret), and end scripts at unset variables with `set -u`.",
            docs = { "https://curl.se/libcurl/c/libcurl-errors.html" },
            examples = {
                matches = {
                    "curl: (3) URL rejected: No host part in the URL",
                    "curl: (3) URL using bad/illegal format or missing URL",
                },
                rejects = { "curl: (22) The requested URL returned error: 404" },
            },
        },
        {
            id = "shell.argument_list", title = "The command line is too long",
            match = [[(?:Argument list too long|E2BIG)]],
            class = "code bug", severity = "error", priority = 82,
            cause = "A pattern such as `*` made more arguments (or an environment larger) than the kernel takes, " ..
                "128 KiB for one and some MB for all.",
            fix = "Use `find … -exec … +` or `xargs`, or hand the list over in a file.",
            commands = { "find . -name '*.o' -print0 | xargs -0 COMMAND" },
            docs = { "https://man7.org/linux/man-pages/man2/execve.2.html" },
            examples = {
                matches = { "/usr/bin/ls: Argument list too long" },
                rejects = { "list of arguments" },
            },
        },
        {
            id = "shell.sudo", title = "sudo wants a password, or is not there",
            match = [[(?:sudo: a (?:terminal|password) is required|sudo: no tty present and no askpass program|]] ..
                [[is not in the sudoers file)]],
            class = "missing setup", severity = "error", priority = 86,
            cause = "The user of this (self-hosted) runner or container may not use sudo without a password.",
            fix = "Install what is needed into the image, give the user NOPASSWD for that command, or do without " ..
                "root.",
            docs = { "https://www.sudo.ws/docs/man/sudoers.man/" },
            examples = {
                matches = {
                    "sudo: a terminal is required to read the password; either use the -S option to read from " ..
                        "standard input or configure an askpass helper",
                    "sudo: no tty present and no askpass program specified",
                },
                rejects = { "sudo apt-get update" },
            },
        },
        {
            id = "archive.not_gzip", title = "The downloaded file is no archive",
            match = [[(?:gzip: stdin: not in gzip format|tar: This does not look like a tar archive|]] ..
                [[xz: \(stdin\): File format not recognized|End-of-central-directory signature not found|]] ..
                [[bzip2: \(stdin\) is not a bzip2 file|Unrecognized archive format|]] ..
                [[gzip: stdin: unexpected end of file)]],
            class = "flaky", severity = "error", priority = 86,
            cause = "What was unpacked is something else: mostly an error page (404 saved by `curl` without " ..
                "`-f`), or a download that broke off.",
            fix = "Use `curl -fsSL` so that errors end the step, check the address, and look at the file.",
            commands = { "file FILE; head -c 200 FILE" },
            docs = { "https://curl.se/docs/manpage.html#-f" },
            examples = {
                matches = {
                    "gzip: stdin: not in gzip format",
                    "tar: This does not look like a tar archive",
                    "  End-of-central-directory signature not found.  Either this file is not",
                },
                rejects = { "gzip -t archive.gz" },
            },
        },
        {
            id = "archive.checksum_mismatch", title = "A checksum does not fit",
            match = [[(?:WARNING: \d+ computed checksums? did NOT match|^\S+: FAILED$|(?:[Cc]hecksum|[Hh]ash|]] ..
                [[SHA-?256|MD5)(?: sum)? (?:mismatch|did not match|does not match)|Hash mismatch)]],
            class = "cache corruption", severity = "error", priority = 84,
            cause = "The file is not the one whose checksum was noted: a broken or stale download, or the project " ..
                "replaced it.",
            fix = "Download again. If it stays, learn from the project why it changed before you write the new " ..
                "sum down.",
            commands = { "sha256sum FILE" },
            docs = { "https://man7.org/linux/man-pages/man1/sha256sum.1.html" },
            examples = {
                matches = { "sha256sum: WARNING: 1 computed checksum did NOT match", "Error: SHA256 mismatch" },
                rejects = { "tool.tar.gz: OK" },
            },
        },
        {
            id = "jq.parse_error", title = "jq did not get JSON",
            match = [[(?:jq: error \(at [^)]{1,500}\): (?<message>.{1,120})|]] ..
                [[(?:jq: )?parse error: (?:Invalid (?:numeric )?literal|Unfinished|Expected|Objects must).{1,120})]],
            class = "flaky", severity = "error", priority = 72,
            cause = "The input is an error page, an error object without the field, or empty.",
            fix = "Print what jq got; let curl fail (`-f`) and use `jq -e`.",
            docs = { "https://jqlang.org/manual/" },
            examples = {
                matches = {
                    "parse error: Invalid numeric literal at line 1, column 10",
                    "jq: error (at <stdin>:1): Cannot index array with string \"name\"",
                },
                rejects = { "jq-1.6" },
            },
        },
        {
            id = "perl.module_missing", title = "The Perl module {file} is not installed",
            match = [[Can't locate (?<file>[\w/]+\.pm) in @INC]],
            unless = [[debconf: ]],
            class = "missing setup", severity = "error", priority = 84,
            cause = "Perl found no {file}: the distribution is not installed for this perl, or the project's own " ..
                "lib folder is not in @INC (since 5.26 the current folder is not either).",
            fix = "Install it (`cpanm --installdeps .`), or add `-Ilib`.",
            commands = { "cpanm --installdeps --with-develop ." },
            docs = { "https://perldoc.perl.org/perlrun#-Idirectory" },
            examples = {
                matches = {
                    "Can't locate Moose/Role.pm in @INC (you may need to install the Moose::Role module) (@INC " ..
                        "contains: /etc/perl /usr/local/lib/x86_64-linux-gnu/perl/5.36.0) at a.pl line 1.",
                },
                rejects = {
                    "Moose.pm is in @INC",
                    "debconf: (Can't locate Term/ReadLine.pm in @INC (you may need to install the Term::ReadLine " ..
                        "module) (@INC contains: /etc/perl) at /usr/share/perl5/Debconf/FrontEnd/Readline.pm line " ..
                        "7.)",
                },
            },
        },
        {
            id = "perl.version", title = "This perl is too old, or a module is",
            match = [[(?:Perl v?(?<wanted>[\d.]+) required--this is only v?(?<actual>[\d.]+)|]] ..
                [[(?<module>(?<![\w:])[\w:]+) version (?<needs>[\d._]+) required--this is only version)]],
            class = "matrix gap", severity = "error", priority = 86,
            cause = "`use` demands a newer version than is installed.",
            fix = "Use a newer perl in this job, or install the newer module; say what is supported in cpanfile " ..
                "or Makefile.PL.",
            commands = { "perl -v" },
            docs = { "https://perldoc.perl.org/functions/use" },
            examples = {
                matches = {
                    "Perl v5.40.0 required--this is only v5.36.0, stopped at a.pl line 1.",
                    "List::Util version 99 required--this is only version 1.62 at a.pl line 1.",
                },
                rejects = { "This is perl 5, version 36" },
            },
        },
        {
            id = "perl.cpan_failed", title = "A CPAN distribution could not be installed",
            match = [[(?:! (?:Installing the dependencies failed|Configure failed for|Installing \S+ failed|]] ..
                [[Couldn't find module or a distribution)(?<detail>.{0,160}))]],
            class = "missing setup", severity = "error", priority = 66,
            cause = "cpanm could not build or test a distribution; its build.log has the reason.",
            fix = "Read the log's end; install the system library it misses, or an older version of the " ..
                "distribution.",
            commands = { "tail -50 ~/.cpanm/build.log" },
            docs = { "https://metacpan.org/dist/App-cpanminus/view/bin/cpanm" },
            examples = {
                matches = {
                    "! Installing the dependencies failed: Module 'Foo::Bar' is not installed",
                    "! Couldn't find module or a distribution Foo::Bar::Baz",
                },
                rejects = { "Successfully installed Moose-2.2200" },
            },
        },
        {
            id = "perl.xs_mismatch", title = "A compiled Perl module is of another perl",
            match = [[loadable library and perl binaries are mismatched|]] ..
                [[Perl API version v[\d.]+ of \S+ does not match]],
            class = "cache corruption", severity = "error", priority = 88,
            cause = "The module was built for another perl; a cached local::lib or the system's modules with " ..
                "another perl on PATH.",
            fix = "Build it again, with the perl version in the cache key.",
            commands = { "cpanm --reinstall MODULE" },
            docs = { "https://perldoc.perl.org/perldiag" },
            examples = {
                matches = {
                    "ListUtil.c: loadable library and perl binaries are mismatched (got first handshake key " ..
                        "0xeb00080, needed 0xed00080)",
                },
                rejects = { "perl binaries match" },
            },
        },
        {
            id = "perl.syntax_error", title = "Perl cannot parse {file}",
            match = [[syntax error at (?<file>\S+) line (?<line>\d+), near]],
            class = "code bug", severity = "error", priority = 70,
            cause = "Line {line} of {file} (or the one before) is not valid Perl.",
            fix = "Fix it; `perl -c` checks without running.",
            commands = { "perl -c {file}" },
            docs = { "https://perldoc.perl.org/perldiag" },
            examples = {
                matches = { "syntax error at lib/Demo.pm line 3, near \"my \"" },
                rejects = { "lib/Demo.pm syntax OK" },
            },
        },
        {
            id = "tap.bad_plan", title = "A test ended early, or ran another number than planned",
            match = [[(?:# Looks like you planned (?<planned>\d+) tests? but ran (?<ran>\d+)|]] ..
                [[# Looks like your test exited with (?<code>\d+) (?:before it could output anything|just after)|]] ..
                [[No plan found in TAP output)]],
            class = "code bug", severity = "error", priority = 66,
            cause = "The test file died in the middle, or its plan was not updated.",
            fix = "The message above shows why it died. For moving numbers use `done_testing`.",
            docs = { "https://perldoc.perl.org/Test::More" },
            examples = {
                matches = {
                    "# Looks like you planned 3 tests but ran 2.",
                    "# Looks like your test exited with 11 before it could output anything.",
                },
                rejects = { "1..3" },
            },
        },
    },
}
