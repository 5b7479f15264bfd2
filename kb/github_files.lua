-- GitHub Actions: files and folders of a step.

return {
    about = "GitHub Actions: files and folders of a step",
    entries = {
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
    },
}
