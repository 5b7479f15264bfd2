-- Formatters, linters and hooks.

return {
    about = "Formatters, linters and hooks",
    entries = {
        {
            id = "lint.black", title = "black would reformat files",
            match = [[would reformat (?<file>\S+)|(?<count>(?<!\d)\d+) files? would be reformatted]],
            class = "code bug", severity = "error", priority = 84,
            cause = "The code is not formatted as black does; versions differ from year to year (the stable style " ..
                "changes each January).",
            fix = "Run the formatter in the same version and commit.",
            commands = { "black ." },
            docs = { "https://black.readthedocs.io/en/stable/the_black_code_style/index.html" },
            examples = {
                matches = {
                    "would reformat /home/runner/work/demo/demo/a.py",
                    "1 file would be reformatted, 3 files would be left unchanged.",
                },
                rejects = { "All done! 3 files would be left unchanged." },
            },
        },
        {
            id = "lint.isort", title = "Imports are not sorted",
            match = [[ERROR: (?<file>\S+) Imports are incorrectly sorted and/or formatted]],
            class = "code bug", severity = "error", priority = 82,
            cause = "isort would change {file}.",
            fix = "Run isort with the project's settings (profile black?) and commit.",
            commands = { "isort ." },
            docs = { "https://pycqa.github.io/isort/" },
            examples = {
                matches = {
                    "ERROR: /home/runner/work/demo/demo/a.py Imports are incorrectly sorted and/or formatted.",
                },
                rejects = { "Skipped 2 files" },
            },
        },
        {
            id = "lint.ruff", title = "ruff found {count} errors",
            match = [[^Found (?<count>[1-9]\d*) errors?(?: \(\d+ fixed, \d+ remaining\))?\.$]],
            unless = [[mypy|tsc]],
            class = "code bug", severity = "error", priority = 56,
            cause = "The linter refuses the code; the lines above name file, rule and reason.",
            fix = "`ruff check --fix` mends many. Pin ruff's version, for each brings new rules.",
            commands = { "ruff check --fix ." },
            docs = { "https://docs.astral.sh/ruff/rules/" },
            examples = {
                matches = { "Found 3 errors." },
                rejects = { "Found 0 errors." },
            },
        },
        {
            id = "lint.mypy", title = "mypy found {count} errors",
            match = [[^Found (?<count>\d+) errors? in \d+ files? \(checked \d+ source files?\)]],
            class = "code bug", severity = "error", priority = 56,
            cause = "The type checker refuses the code, or a library's types changed (new stubs, a new mypy).",
            fix = "Fix the places above; install the stubs that it asks for; pin mypy.",
            commands = { "mypy --install-types --non-interactive ." },
            docs = { "https://mypy.readthedocs.io/en/stable/common_issues.html" },
            examples = {
                matches = { "Found 2 errors in 1 file (checked 3 source files)" },
                rejects = { "Success: no issues found in 3 source files" },
            },
        },
        {
            id = "lint.prettier", title = "Files are not formatted as Prettier does",
            match = [[Code style issues (?:found in|were found in) .{0,60}(?:[Ff]orgot to run Prettier|]] ..
                [[Run Prettier)]],
            class = "code bug", severity = "error", priority = 84,
            cause = "The files above (`[warn]`) differ from Prettier's format.",
            fix = "Run Prettier in the project's version and commit.",
            commands = { "npx prettier --write ." },
            docs = { "https://prettier.io/docs/cli#--check" },
            examples = {
                matches = {
                    "Code style issues found in the above file(s). Forgot to run Prettier?",
                    "[warn] Code style issues found in 2 files. Run Prettier with --write to fix.",
                },
                rejects = { "All matched files use Prettier code style!" },
            },
        },
        {
            id = "lint.eslint", title = "ESLint found {errors} errors",
            match = [[✖ \d+ problems? \((?<errors>[1-9]\d*) errors?, (?<warnings>\d+) warnings?\)]],
            class = "code bug", severity = "error", priority = 54,
            cause = "The linter refuses the code; file, line and rule stand above.",
            fix = "`eslint --fix` mends many. If nobody touched the code, a plugin was updated: install from the " ..
                "lock file.",
            commands = { "npx eslint --fix ." },
            docs = { "https://eslint.org/docs/latest/use/command-line-interface" },
            examples = {
                matches = { "✖ 3 problems (1 error, 2 warnings)" },
                rejects = { "✖ 2 problems (0 errors, 2 warnings)" },
            },
        },
        {
            id = "lint.eslint_config", title = "ESLint cannot load its configuration",
            match = [[(?:ESLint couldn't find (?:an eslint\.config|a configuration file|the (?:config|]] ..
                [[plugin) "(?<name>[^"]+)")|Oops! Something went wrong! :\()]],
            class = "version mismatch", severity = "error", priority = 86,
            cause = "ESLint 9 wants eslint.config.js and ignores .eslintrc, or a plugin or shared configuration " ..
                "is not installed.",
            fix = "Migrate the configuration, or pin ESLint 8; install the plugin that is named.",
            commands = { "npx @eslint/migrate-config .eslintrc.json" },
            docs = { "https://eslint.org/docs/latest/use/configure/migration-guide" },
            examples = {
                matches = {
                    "ESLint couldn't find an eslint.config.(js|mjs|cjs) file.",
                    "ESLint couldn't find the plugin \"eslint-plugin-react\".",
                },
                rejects = { "ESLint: 8.57.0" },
            },
        },
        {
            id = "lint.pre_commit", title = "A pre-commit hook changed or refused files",
            match = [[^- hook id: (?<hook>[\w.-]+)]],
            class = "code bug", severity = "error", priority = 70,
            cause = "The hook `{hook}` failed or changed files, which it does on the author's machine too if " ..
                "pre-commit is installed there.",
            fix = "Run the hooks locally and commit what they change.",
            commands = { "pre-commit run --all-files" },
            docs = { "https://pre-commit.com/#usage-in-continuous-integration" },
            examples = {
                matches = { "- hook id: trailing-whitespace" },
                rejects = { "trim trailing whitespace.................................................Passed" },
            },
        },
        {
            id = "lint.commit_message", title = "A commit message does not follow the rules",
            match = [=[✖\s+(?<message>.{1,100}) \[(?<rule>(?:type|subject|header|body|footer|scope)-[\w-]+)\]]=],
            class = "code bug", severity = "error", priority = 84,
            cause = "commitlint refuses a message: {message} ({rule}).",
            fix = "Reword the commit (`git rebase -i`), or the title of the pull request where it is squashed.",
            commands = { "npx commitlint --from origin/main" },
            docs = { "https://commitlint.js.org/reference/rules" },
            examples = {
                matches = { "✖   subject may not be empty [subject-empty]" },
                rejects = { "✔   found 0 problems, 0 warnings" },
            },
        },
        {
            id = "lint.shellcheck", title = "shellcheck found {code}",
            match = [[^\s*\^-+\^? (?<code>SC\d{4})(?: \((?<level>error|warning|info|]] ..
                [[style)\))?: (?<message>.{1,160})]],
            class = "code bug", severity = "error", priority = 54,
            cause = "A shell script has a likely mistake: {message}",
            fix = "Fix it as the rule's page says, or disable it for that line with the reason.",
            docs = { "https://www.shellcheck.net/wiki/" },
            examples = {
                matches = { "     ^-- SC2086 (info): Double quote to prevent globbing and word splitting." },
                rejects = { "In run.sh line 3:" },
            },
        },
        {
            id = "lint.broken_links", title = "A link check found dead links",
            match = [[(?:ERROR: Detected (?<count>\d+) broken links?|]] ..
                [[^(?:ERROR: )?(?<links>\d+) dead links? found!|🚫 (?<errors>[1-9]\d*) [Ee]rrors?|]] ..
                [[HTML-Proofer found (?<failures>\d+) failures?|^Issues :-\($)]],
            unless = [[0 broken links]],
            class = "flaky", severity = "error", priority = 80,
            cause = "Pages that the documents link to are gone, moved, or refuse robots from runners' addresses.",
            fix = "Fix those that are really gone; except hosts that block robots, and let temporary answers " ..
                "(429, 5xx, time-outs) be tried again.",
            docs = { "https://github.com/lycheeverse/lychee" },
            examples = {
                matches = { "ERROR: Detected 1 broken links.", "ERROR: 2 dead links found!", "Issues :-(" },
                rejects = { "0 dead links found" },
            },
        },
    },
}
