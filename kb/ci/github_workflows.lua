-- GitHub Actions: workflow files, inputs and the actions they use.

return {
    about = "GitHub Actions: workflow files, inputs and the actions they use",
    entries = {
        {
            id = "actions.input_missing", title = "The input '{input}' is empty",
            match = [[Input required and not supplied: (?<input>[\w.-]+)]],
            class = "missing setup", severity = "error", priority = 93,
            cause = "The action needs `{input}` and got nothing. When it is a secret: secrets are empty in runs " ..
                "from forks and for Dependabot (it has its own), and where the name is misspelt.",
            fix = "Set `{input}` under `with:`. If it is a secret, check its name and that the event may read it, " ..
                "and skip the step otherwise.",
            docs = {
                "https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/use-secrets",
            },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Skip the step where secrets are not available",
                yaml = "if: github.event.pull_request.head.repo.fork != true\n",
            },
            examples = {
                matches = { "##[error]Input required and not supplied: token" },
                rejects = { "Input 'token' supplied" },
            },
        },
        {
            id = "actions.unexpected_input", title = "The action has no input '{input}'",
            match = [[Unexpected input\(s\) '(?<input>[^']+)', valid inputs are]],
            class = "code bug", severity = "warning", priority = 40,
            cause = "`{input}` is ignored: misspelt, or of another version of the action.",
            fix = "Compare with the list in the line.",
            docs = { "https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#inputs" },
            examples = {
                matches = {
                    "##[warning]Unexpected input(s) 'python_version', valid inputs are ['python-version', 'cache']",
                },
                rejects = { "valid inputs are a, b" },
            },
        },
        {
            id = "actions.action_unresolved", title = "Action {action} could not be found",
            match = [[Unable to resolve action [`']?(?<action>[\w./-]+?)(?:@\S+?)?[`']?,? (?:unable to find ]] ..
                [[version|repository(?: or version)? not found|not found)]],
            class = "code bug", severity = "error", priority = 96,
            cause = "There is no such repository, tag or branch: a typo, a tag that was removed, a private action " ..
                "without access, or a version that does not exist yet.",
            fix = "Look at the releases of `{action}` and pin one that exists, best by its commit's SHA.",
            docs = {
                "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstep" ..
                    "suses",
            },
            examples = {
                matches = {
                    "##[error]Unable to resolve action `actions/checkout@v99`, unable to find version `v99`",
                    "##[error]Unable to resolve action actions/chekout, repository not found",
                },
                rejects = {
                    "Download action repository 'actions/checkout@v4' (SHA:b4ffde65f46336ab88eb53be808477a3936bae11)",
                },
            },
        },
        {
            id = "actions.action_download_failed", title = "An action could not be downloaded",
            match = [[Failed to download (?:action|archive) '(?<url>https://[^']+)'|]] ..
                [[An action could not be found at the URI '(?<uri>[^']+)']],
            class = "flaky", severity = "error", priority = 86,
            cause = "The runner could not fetch an action's archive from GitHub: an outage, a proxy, or (not " ..
                "found) a ref that is gone.",
            fix = "Run again, and look at githubstatus.com. If it stays, check the version in `uses:`.",
            docs = { "https://www.githubstatus.com/" },
            examples = {
                matches = {
                    "##[warning]Failed to download action " ..
                        "'https://api.github.com/repos/actions/cache/tarball/0c45773b'. Error: The request was " ..
                        "canceled due to the configured HttpClient.Timeout of 100 seconds elapsing.",
                    "##[error]An action could not be found at the URI 'https://api.github.com/repos/a/b/tarball/v1'",
                },
                rejects = { "Download action repository 'actions/checkout@v4'" },
            },
        },
        {
            id = "actions.local_action_missing", title = "The local action {path} is not there",
            match = [[Can't find 'action\.yml', 'action\.yaml' or 'Dockerfile' under '(?<path>[^']+)']],
            class = "code bug", severity = "error", priority = 96,
            cause = "`uses: ./…` is looked for in the workspace, which is empty until a checkout, or the path is " ..
                "wrong.",
            fix = "Put `actions/checkout` before the step, and compare the path with the repository.",
            docs = {
                "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#example-using-" ..
                    "an-action-in-the-same-repository-as-the-workflow",
            },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Check out before local actions are used",
                yaml = "- uses: actions/checkout@v4\n" ..
                    "- uses: ./.github/actions/setup\n",
            },
            examples = {
                matches = {
                    "##[error]Can't find 'action.yml', 'action.yaml' or 'Dockerfile' under " ..
                        "'/home/runner/work/demo/demo/.github/actions/setup'. Did you forget to run " ..
                        "actions/checkout before running your local action?",
                },
                rejects = { "Found action.yml" },
            },
        },
        {
            id = "actions.not_allowed", title = "The action is not allowed here",
            match = [[(?<action>(?<![\w./-])[\w./-]+@[\w.-]+) is not allowed (?:in|]] ..
                [[to be used in) (?<repository>[\w-]+/[\w.-]+?)(?:\. Actions in this workflow| because all actions)]],
            class = "permission", severity = "error", priority = 97,
            cause = "The settings of {repository} or its organisation allow only certain actions, and {action} is " ..
                "none of them.",
            fix = "Ask an owner to allow it (Settings › Actions), or do the work in a script.",
            docs = {
                "https://docs.github.com/en/organizations/managing-organization-settings/disabling-or-limiting-git" ..
                    "hub-actions-for-your-organization",
            },
            examples = {
                matches = {
                    "softprops/action-gh-release@v1 is not allowed to be used in acme/demo. Actions in this " ..
                        "workflow must be: within a repository owned by acme, created by GitHub or verified in " ..
                        "the GitHub Marketplace.",
                    "##[error]The action codecov/codecov-action@v4 is not allowed in acme/demo because all " ..
                        "actions must be from a repository owned by your enterprise, created by GitHub, or " ..
                        "verified in the GitHub Marketplace.",
                },
                rejects = { "The action ran" },
            },
        },
        {
            id = "actions.deprecated_action", title = "{action} was switched off",
            match = [[This request has been automatically failed because it uses a deprecated version of ]] ..
                [[`(?<action>[\w./-]+): (?<version>[^`]+)`]],
            class = "version mismatch", severity = "error", priority = 98,
            cause = "GitHub no longer runs `{action}` {version}; the workflow, or an action that it uses, still " ..
                "asks for it.",
            fix = "Raise it to the current major version. Artifacts of version 4 are immutable: give each job of " ..
                "a matrix its own name.",
            docs = { "https://github.blog/changelog/2024-04-16-deprecation-notice-v3-of-the-artifact-actions/" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Current versions",
                yaml = "- uses: actions/upload-artifact@v4\n" ..
                    "  with:\n" ..
                    "    name: results-${{ matrix.os }}\n" ..
                    "    path: results/\n",
            },
            examples = {
                matches = {
                    "##[error]This request has been automatically failed because it uses a deprecated version of " ..
                        "`actions/upload-artifact: v3`. Learn more: " ..
                        "https://github.blog/changelog/2024-04-16-deprecation-notice-v3-of-the-artifact-actions/",
                },
                rejects = { "Node.js 16 actions are deprecated." },
            },
        },
        {
            id = "actions.node_deprecated", title = "Actions that run on an old Node.js",
            match = [[Node(?:\.js)? ?(?<version>12|16|20) actions are deprecated]],
            class = "version mismatch", severity = "warning", priority = 12,
            cause = "An action still declares Node {version}; GitHub runs it on a newer one or will stop it. It " ..
                "is a notice, not the reason of a failure.",
            fix = "Update the actions that the line names.",
            docs = {
                "https://github.blog/changelog/2023-09-22-github-actions-transitioning-from-node-16-to-node-20/",
            },
            examples = {
                matches = {
                    "##[warning]Node.js 16 actions are deprecated. Please update the following actions to use " ..
                        "Node.js 20: actions/checkout@v3.",
                },
                rejects = { "node 16 is end of life" },
            },
        },
        {
            id = "actions.command_disabled", title = "The workflow command {command} is switched off",
            match = [[The `(?<command>set-env|add-path)` command is disabled]],
            class = "version mismatch", severity = "error", priority = 95,
            cause = "A script prints `::{command}::…`, which GitHub disabled because any output could set " ..
                "variables with it.",
            fix = "Write to the files in `$GITHUB_ENV` and `$GITHUB_PATH`, or update the action that prints it.",
            docs = {
                "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#environment-" ..
                    "files",
            },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Environment files in place of the command",
                yaml = "- run: echo \"NAME=value\" >> \"$GITHUB_ENV\"\n",
            },
            examples = {
                matches = {
                    "##[error]The `set-env` command is disabled. Please upgrade to using Environment Files or opt " ..
                        "into unsecure command execution by setting the `ACTIONS_ALLOW_UNSECURE_COMMANDS` " ..
                        "environment variable to `true`.",
                },
                rejects = { "The `set-output` command is deprecated and will be disabled soon." },
            },
        },
        {
            id = "actions.command_deprecated", title = "The workflow command {command} is deprecated",
            match = [[The `(?<command>set-output|save-state)` command is deprecated and will be disabled soon]],
            class = "version mismatch", severity = "warning", priority = 10,
            cause = "A script or action prints `::{command}`; it still works. It is a notice, not the reason of a " ..
                "failure.",
            fix = "Write `name=value` to `$GITHUB_OUTPUT` or `$GITHUB_STATE`.",
            docs = {
                "https://github.blog/changelog/2022-10-11-github-actions-deprecating-save-state-and-set-output-com" ..
                    "mands/",
            },
            examples = {
                matches = {
                    "##[warning]The `set-output` command is deprecated and will be disabled soon. Please upgrade " ..
                        "to using Environment Files.",
                },
                rejects = { "The `set-env` command is disabled." },
            },
        },
        {
            id = "actions.template_invalid", title = "The workflow or action is not valid: {message}",
            match = [[(?:The template is not valid\. |Invalid workflow file: |]] ..
                [[The workflow is not valid\. )(?<file>[^\s(]+) \(Line: (?<line>\d+), Col: (?<column>\d+)\): ]] ..
                [[(?<message>.{1,200})]],
            class = "code bug", severity = "error", priority = 94,
            cause = "GitHub cannot evaluate line {line} of {file}: {message}",
            fix = "Fix that line. actionlint finds such mistakes before they are pushed.",
            commands = { "actionlint" },
            docs = { "https://docs.github.com/en/actions/reference/workflows-and-actions/expressions" },
            examples = {
                matches = {
                    "##[error]The template is not valid. .github/workflows/ci.yml (Line: 12, Col: 9): " ..
                        "Unrecognized named-value: 'secret'. Located at position 1 within expression: secret.TOKEN",
                    "The workflow is not valid. .github/workflows/ci.yml (Line: 3, Col: 5): Unexpected value " ..
                        "'branch'",
                },
                rejects = { "template is valid" },
            },
        },
        {
            id = "actions.expression_in_action", title = "An action's definition uses '{name}', which actions have not",
            match = [[(?<file>(?<!\S)\S+/action\.ya?ml) \(Line: (?<line>\d+), Col: \d+\): ]]
                .. [[Unrecognized (?<what>named-value|function): '(?<name>[^']+)']],
            class = "code bug", severity = "error", priority = 95,
            cause = "Line {line} of `{file}` is not an expression that an action may use. Actions see `inputs`, "
                .. "`github`, `env`, `runner` and their own `steps`; not `secrets`, `vars`, `needs` or `matrix`.",
            fix = "An action of your own: pass the value as an input. One of somebody else (its path has `_actions"
                .. "/`): use "
                .. "a version that works, and report it there.",
            docs = { "https://docs.github.com/en/actions/reference/workflows-and-actions/contexts" },
            examples = {
                matches = {
                    "##[error]/home/runner/work/_actions/octo/setup/v1/action.yml (Line: 12, Col: 14): Unrecognized "
                        .. "named-value: 'secrets'. Located at position 1 within expression: secrets.TOKEN",
                },
                rejects = { "read octo/setup/action.yml (Line: 12, Col: 14): fine" },
            },
        },
        {
            id = "actions.shell_missing_in_composite", title = "A composite action's step has no shell",
            match = [[Required property is missing: (?<property>\w+)]],
            class = "code bug", severity = "error", priority = 95,
            cause = "The action's definition lacks `{property}`; in composite actions each `run` step needs `shell`.",
            fix = "Add `shell: bash` to the step in action.yml.",
            docs = {
                "https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#runsstepsshell",
            },
            examples = {
                matches = { "##[error]demo/action.yml (Line: 8, Col: 7): Required property is missing: shell" },
                rejects = { "property is present" },
            },
        },
    },
}
