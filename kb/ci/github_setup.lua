-- GitHub Actions: setting up tools, images and containers, and the files of a step.

return {
    about = "GitHub Actions: setting up tools, images and containers; files of a step",
    entries = {
        {
            id = "setup.tool_missing", title = "{tool} is needed by the action, and not installed",
            match = [[Unable to locate executable file: (?<tool>[\w.+-]+)]],
            class = "missing setup", severity = "error", priority = 94,
            cause = "The action calls `{tool}`, which is not on the path yet. With setup-node's `cache: pnpm` it " ..
                "is pnpm, which must be installed before.",
            fix = "Put the step that installs `{tool}` before this one, or install it in the image.",
            docs = { "https://github.com/actions/setup-node/blob/main/docs/advanced-usage.md" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "pnpm before setup-node",
                yaml = "- uses: pnpm/action-setup@v4\n" ..
                    "- uses: actions/setup-node@v4\n" ..
                    "  with:\n" ..
                    "    cache: pnpm\n",
            },
            examples = {
                matches = {
                    "##[error]Unable to locate executable file: pnpm. Please verify either the file path exists " ..
                        "or the file can be found within a directory specified by the PATH environment variable. " ..
                        "Also check the file mode to verify the file is executable.",
                },
                rejects = { "/usr/bin/pnpm" },
            },
        },
        {
            id = "setup.python_version", title = "There is no Python {version} for this runner",
            match = [[(?:The version '|Version )(?<version>[\w.*<>=-]+)'? with arch(?:itecture)? ]] ..
                [['?(?<architecture>\w+)'? (?:was )?not found]],
            class = "matrix gap", severity = "error", priority = 97,
            cause = "setup-python has no build of it for this image: old Pythons (3.7 and before) do not exist " ..
                "for Ubuntu 24.04 and for macOS on arm64, and new ones only as pre-releases. `3.10` without " ..
                "quotes is 3.1 in YAML.",
            fix = "Quote the version. For an old one use an older image (ubuntu-22.04) or a container, or take it " ..
                "out of the matrix; for a pre-release set `allow-prereleases: true`.",
            docs = { "https://raw.githubusercontent.com/actions/python-versions/main/versions-manifest.json" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Quoted versions, and an image that still has the old one",
                yaml = "strategy:\n" ..
                    "  matrix:\n" ..
                    "    python-version: ['3.10', '3.13']\n" ..
                    "    include:\n" ..
                    "      - python-version: '3.7'\n" ..
                    "        os: ubuntu-22.04\n",
            },
            examples = {
                matches = {
                    "##[error]The version '3.7' with architecture 'x64' was not found for Ubuntu 24.04.",
                    "##[error]Version 3.1 with arch x64 not found",
                },
                rejects = { "Successfully set up CPython (3.11.7)" },
            },
        },
        {
            id = "setup.version_not_found", title = "The version of the tool does not exist for this runner",
            match = [[(?:Unable to find Node version '(?<node>[^']+)'|]] ..
                [[Could not find satisfied version for [Ss]em[Vv]er:? '?(?<java>[^'\s]+)|]] ..
                [[Unable to find Go version '(?<go>[^']+)'|]] ..
                [[Unknown version (?<ruby>\S+) for \w+ on (?<platform>\S+)|Could not find (?:PHP|Java) version)]],
            class = "matrix gap", severity = "error", priority = 94,
            cause = "The set-up action has no build of this version for the runner's system and processor.",
            fix = "Look in the action's list which versions exist for this image; correct a typo, quote the " ..
                "version (`'1.20'`, or YAML makes it 1.2), or change the image.",
            docs = {
                "https://docs.github.com/en/actions/how-tos/write-workflows/choose-where-workflows-run/choose-the-" ..
                    "runner-for-a-job",
            },
            examples = {
                matches = {
                    "##[error]Unable to find Node version '25.x' for platform linux and architecture x64.",
                    "##[error]Could not find satisfied version for SemVer '8'.",
                    "##[error]Unable to find Go version '1.2' for platform linux and architecture x64.",
                    "Error: Unknown version 2.5.3 for ruby on ubuntu-24.04",
                },
                rejects = { "Found in cache @ /opt/hostedtoolcache/node/20.11.0/x64" },
            },
        },
        {
            id = "actions.image_retired", title = "The runner image {image} is retired",
            match = [[This is a scheduled (?<image>[\w .-]{1,500}?) (?:brownout|retirement)]],
            class = "version mismatch", severity = "error", priority = 97,
            cause = "GitHub fails jobs on {image} on purpose, now and then before its end and always after.",
            fix = "Move the job to a current image, such as `ubuntu-latest`.",
            docs = { "https://github.com/actions/runner-images/issues" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "A current image",
                yaml = "runs-on: ubuntu-24.04\n",
            },
            examples = {
                matches = {
                    "##[error]This is a scheduled Ubuntu-20.04 brownout. The Ubuntu-20.04 environment is " ..
                        "deprecated and will be removed on April 1st, 2025.",
                    "This is a scheduled Ubuntu 20.04 retirement. Ubuntu 20.04 LTS runner will be removed on " ..
                        "2025-04-15. For more details, see https://github.com/actions/runner-images/issues/11101",
                },
                rejects = { "scheduled workflow run" },
            },
        },
        {
            id = "actions.container_too_old", title = "The container's C library is too old for the runner's Node",
            match = [[/__e/node\d+/bin/node: (?:\S*: )?version `(?<symbol>GLIBC_[\d.]+|GLIBCXX_[\d.]+)' not found]],
            class = "version mismatch", severity = "error", priority = 97,
            cause = "Actions run inside the container with GitHub's own Node, which needs {symbol}; the image " ..
                "(CentOS 7, Ubuntu 18.04, Debian 9 …) has an older C library.",
            fix = "Use a newer image, or run the old one by `docker run` in a `run:` step, so that actions stay " ..
                "outside.",
            docs = { "https://github.com/actions/checkout/issues/1809" },
            examples = {
                matches = {
                    "/__e/node20/bin/node: /lib64/libm.so.6: version `GLIBC_2.27' not found (required by " ..
                        "/__e/node20/bin/node)",
                },
                rejects = { "./demo: /lib64/libc.so.6: version `GLIBC_2.34' not found (required by ./demo)" },
            },
        },
        {
            id = "actions.container_no_shell", title = "The job's container has no {command}",
            match = [[OCI runtime exec failed: exec failed: .{0,120}exec: "(?<command>[^"]+)": (?:executable ]] ..
                [[file not found in \$PATH|stat .{1,80}no such file)]],
            class = "missing setup", severity = "error", priority = 93,
            cause = "The step runs `{command}` in the job's container, whose image does not have it; Alpine has " ..
                "no bash.",
            fix = "Set `defaults.run.shell: sh`, or install {command} in the image.",
            docs = {
                "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idcont" ..
                    "ainer",
            },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "A shell that the image has",
                yaml = "defaults:\n" ..
                    "  run:\n" ..
                    "    shell: sh\n",
            },
            examples = {
                matches = {
                    "OCI runtime exec failed: exec failed: unable to start container process: exec: \"bash\": " ..
                        "executable file not found in $PATH: unknown",
                },
                rejects = {
                    "docker: Error response from daemon: failed to create task for container: exec: \"app\": " ..
                        "executable file not found in $PATH",
                },
            },
        },
        {
            id = "actions.file_command", title = "{file} was written in a wrong form",
            match = [[Unable to process file command '(?<file>env|output|path|state|step summary)' successfully]],
            class = "code bug", severity = "error", priority = 94,
            cause = "What a step wrote to `$GITHUB_{file}` is not `name=value` or a heredoc: a value with line " ..
                "breaks, or tool output that went into the file.",
            fix = "Write values of several lines with a delimiter: `{ echo 'NAME<<EOF'; cat file; echo EOF; } >> " ..
                "\"$GITHUB_ENV\"`.",
            docs = {
                "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-st" ..
                    "rings",
            },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "A value of several lines",
                yaml = "- run: |\n" ..
                    "    echo \"notes<<END_OF_NOTES\" >> \"$GITHUB_OUTPUT\"\n" ..
                    "    cat notes.md >> \"$GITHUB_OUTPUT\"\n" ..
                    "    echo \"END_OF_NOTES\" >> \"$GITHUB_OUTPUT\"\n",
            },
            examples = {
                matches = {
                    "##[error]Unable to process file command 'env' successfully.",
                    "##[error]Unable to process file command 'output' successfully.",
                },
                rejects = { "##[error]Invalid format '  \"a\": 1'" },
            },
        },
        {
            id = "actions.folder_missing", title = "The step's folder {folder} does not exist",
            match = [[An error occurred trying to start process '(?<program>[^']+)' with working directory ]] ..
                [['(?<folder>[^']+)'\. No such file or directory]],
            class = "code bug", severity = "error", priority = 95,
            cause = "The step's `working-directory` is not there: no checkout before it, another name, or (with " ..
                "`defaults.run`) before it is made.",
            fix = "Check out first and correct the path; it is relative to the workspace.",
            docs = {
                "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstep" ..
                    "sworking-directory",
            },
            examples = {
                matches = {
                    "##[error]An error occurred trying to start process '/usr/bin/bash' with working directory " ..
                        "'/home/runner/work/demo/demo/frontend'. No such file or directory",
                },
                rejects = { "working-directory: frontend" },
            },
        },
        {
            id = "actions.hash_files", title = "hashFiles('{pattern}') failed",
            match = [[hashFiles\('?(?<pattern>.{1,120}?)'?\) failed\. Fail to hash files]],
            class = "code bug", severity = "error", priority = 92,
            cause = "The runner could not read the files for a cache key: unreadable folders, broken links, or " ..
                "none in the workspace yet.",
            fix = "Make the pattern narrower, and check out before the step.",
            docs = { "https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#hashfiles" },
            examples = {
                matches = {
                    "##[error]The template is not valid. .github/workflows/ci.yml (Line: 20, Col: 16): " ..
                        "hashFiles('**/package-lock.json') failed. Fail to hash files under directory " ..
                        "'/home/runner/work/demo/demo'",
                },
                rejects = { "key: npm-${{ hashFiles('**/package-lock.json') }}" },
            },
        },
        {
            id = "settings.empty_value", title = "A value that is needed is empty",
            match = [[^(?:.{0,120}?\b)?(?:[Ee]rror|ERROR|[Ff]atal|FATAL|Exception)\b(?:\[\w+\])?:? ]] ..
                [[(?:[\w.]+: )?(?<what>[^:]{1,120}?) (?:must|can(?:no|')t|cannot|may|should|shall) not be ]] ..
                [[(?:empty|blank|an empty (?:string|value))\b(?!.{0,40}\b(?:but|got|expected|to)\b)]],
            unless = { [[(?i)assert|expect(?:ed|ation)|\bassertThat\b|^\s+at ]] },
            class = "missing setup", severity = "error", priority = 72,
            cause = "{what} is empty. What should fill it (an input, a variable, a secret, the output of an earlier " ..
                "step) is not set in this job; secrets are empty in runs from forks.",
            fix = "Look where the value comes from, and set it there; an expression with a misspelt name is empty " ..
                "too. Let the step run only where the value can be there.",
            docs = { "https://docs.github.com/actions/how-tos/write-workflows/choose-what-workflows-do/use-secrets" },
            examples = {
                matches = {
                    "Error: Input 'token' must not be empty", "error: release tag must not be empty",
                    "##[error]Error: api-key may not be blank",
                },
                rejects = {
                    "AssertionError: name must not be empty", "the list must not be empty",
                    "Error: expected the name must not be empty", "it says that a name must not be empty",
                },
            },
        },
    },
}
