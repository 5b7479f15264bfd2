-- GitHub Actions: runners, workflows and actions.

return {
    about = "GitHub Actions: runners, workflows and actions",
    entries = {
        {
            id = "actions.job_timeout", title = "The job reached its time limit of {limit}",
            match = [[The job (?:running on runner .{1,80}? )?has exceeded the maximum execution time of ]] ..
                [[(?<limit>\d+ minutes|\w+)]],
            class = "infrastructure", severity = "error", priority = 95,
            cause = "The job ran for {limit} and was cancelled. Either a step hangs, or the work grew beyond " ..
                "`timeout-minutes` (360 unless set).",
            fix = "See in the time stamps where the log goes quiet: that step hangs. Give it a timeout of its " ..
                "own, so that the next log ends there. If all steps are merely slow, split the job or cache more.",
            docs = {
                "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idtime" ..
                    "out-minutes",
            },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "A limit for the step that hangs",
                yaml = "- run: make test\n" ..
                    "  timeout-minutes: 20\n",
            },
            examples = {
                matches = {
                    "##[error]The job running on runner GitHub Actions 12 has exceeded the maximum execution time " ..
                        "of 360 minutes.",
                    "##[error]The job has exceeded the maximum execution time of 1h0m0s",
                },
                rejects = { "timeout-minutes: 360" },
            },
        },
        {
            id = "actions.step_timeout", title = "Step '{step}' reached its time limit of {minutes} minutes",
            match = [[The action '(?<step>[^']+)' has timed out after (?<minutes>\d+) minutes]],
            class = "infrastructure", severity = "error", priority = 93,
            cause = "The step '{step}' ran for {minutes} minutes and was ended by its `timeout-minutes`.",
            fix = "The last lines before this one show what it was doing. Look for a test that waits for ever, or " ..
                "raise the limit if the work has grown.",
            docs = {
                "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstep" ..
                    "stimeout-minutes",
            },
            examples = {
                matches = { "##[error]The action 'Run tests' has timed out after 10 minutes." },
                rejects = { "timeout-minutes: 10" },
            },
        },
        {
            id = "actions.shutdown_signal", title = "The runner was shut down",
            match = [[The runner has received a shutdown signal]],
            class = "infrastructure", severity = "error", priority = 72,
            cause = "The machine was stopped while the job ran: a spot machine was taken back, the runner's " ..
                "memory or processors were exhausted, the service was stopped, or the run was cancelled.",
            fix = "Run again. If it comes back at the same step, that step needs too much memory: use fewer " ..
                "parallel jobs or a larger runner. Self-hosted: read the system's journal.",
            commands = { "gh run rerun RUN_ID --failed" },
            docs = { "https://docs.github.com/en/actions/how-tos/monitor-workflows/use-workflow-run-logs" },
            examples = {
                matches = {
                    "##[error]The runner has received a shutdown signal. This can happen when the runner service " ..
                        "is stopped, or a manually started runner is canceled.",
                },
                rejects = { "Received signal 15" },
            },
        },
        {
            id = "actions.lost_communication", title = "The runner lost contact with GitHub",
            match = [[The (?<kind>hosted|self-hosted) runner(?:: (?<runner>[\w .-]+))? lost communication with ]] ..
                [[the server]],
            class = "infrastructure", severity = "error", priority = 92,
            cause = "The runner did not report for minutes: its machine starved (memory, processors, disk), " ..
                "crashed, or lost its network.",
            fix = "Run again. If it repeats at one step, lower its use of memory and processors; on a self-hosted " ..
                "runner see the system's journal for the OOM killer.",
            docs = {
                "https://docs.github.com/en/actions/how-tos/manage-runners/self-hosted-runners/monitor-and-trouble" ..
                    "shoot",
            },
            examples = {
                matches = {
                    "##[error]The hosted runner lost communication with the server. Anything in your workflow " ..
                        "that terminates the runner process, starves it for CPU/Memory, or blocks its network " ..
                        "access can cause this error.",
                    "The self-hosted runner: builder-3 lost communication with the server. Verify the machine is " ..
                        "running and has a healthy network connection.",
                },
                rejects = { "connection to the server lost by client" },
            },
        },
        {
            id = "actions.superseded", title = "Cancelled, because a newer run of '{group}' waits",
            match = [[Canceling since a (?:higher priority|deadlock for concurrency group|]] ..
                [[new) ?(?:waiting request )?(?:for )?'(?<group>[^']+)']],
            class = "infrastructure", severity = "note", priority = 92,
            cause = "The workflow's `concurrency` group `{group}` lets only the newest run go on. Nothing is broken.",
            fix = "Look at the newer run. If runs on the main branch should never be cancelled, put the commit " ..
                "into the group for it, or make `cancel-in-progress` depend on the event.",
            docs = {
                "https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-work" ..
                    "flow-concurrency",
            },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Cancel only runs of pull requests",
                yaml = "concurrency:\n" ..
                    "  group: ${{ github.workflow }}-${{ github.ref }}\n" ..
                    "  cancel-in-progress: ${{ github.event_name == 'pull_request' }}\n",
            },
            examples = {
                matches = {
                    "##[error]Canceling since a higher priority waiting request for 'ci-refs/heads/main' exists",
                },
                rejects = { "cancel-in-progress: true" },
            },
        },
        {
            id = "actions.canceled", title = "The run was cancelled",
            match = [[(?:##\[error\]|^Error: )The operation was canceled\.]],
            class = "infrastructure", severity = "note", priority = 12,
            cause = "A person, a newer run, a time limit, or a failed job of the same matrix (`fail-fast`) ended " ..
                "this job.",
            fix = "Look at the other jobs of the run: the one that failed first is the cause. `fail-fast: false` " ..
                "lets the others finish.",
            docs = { "https://docs.github.com/en/actions/how-tos/manage-workflow-runs/cancel-a-workflow-run" },
            examples = {
                matches = { "##[error]The operation was canceled." },
                rejects = { "The operation was cancelled by the user of the demo" },
            },
        },
        {
            id = "actions.exit_code", title = "The step ended with exit code {code}",
            match = [[(?:##\[error\]|^Error: )Process completed with exit code (?<code>-?\d+)]],
            class = "code bug", severity = "error", priority = 6,
            cause = "The last command of the step failed. GitHub only passes its code on; the reason stands above.",
            fix = "Read the step's output above this line.",
            docs = { "https://docs.github.com/en/actions/how-tos/create-and-publish-actions/set-exit-codes" },
            examples = {
                matches = {
                    "##[error]Process completed with exit code 1.",
                    "Error: Process completed with exit code 127.",
                },
                rejects = { "Process completed" },
            },
        },
        {
            id = "actions.permissions_integration", title = "The job's token may not do that",
            match = [[Resource not accessible by (?<who>integration|personal access token)]],
            class = "permission", severity = "error", priority = 95,
            cause = "The GITHUB_TOKEN (or the token given) lacks a permission for this call. New repositories " ..
                "give it only read rights, and runs from forks and Dependabot get only these whatever the " ..
                "workflow says.",
            fix = "Give the job the one permission that it needs. For pull requests from forks, do the writing " ..
                "part in a `workflow_run` workflow.",
            docs = {
                "https://docs.github.com/en/actions/tutorials/authenticate-with-github_token#modifying-the-permiss" ..
                    "ions-for-the-github_token",
            },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Name the permissions; keep only those that the job uses",
                yaml = "permissions:\n" ..
                    "  contents: read\n" ..
                    "  pull-requests: write\n" ..
                    "  issues: write\n",
            },
            examples = {
                matches = {
                    "##[error]Resource not accessible by integration",
                    "HttpError: Resource not accessible by personal access token",
                },
                rejects = { "Resource not found" },
            },
        },
        {
            id = "actions.pull_requests_forbidden", title = "Actions may not open pull requests here",
            match = [[GitHub Actions is not permitted to create or approve pull requests]],
            class = "permission", severity = "error", priority = 97,
            cause = "The repository's or organisation's settings forbid it to the GITHUB_TOKEN, whatever the " ..
                "workflow's permissions.",
            fix = "Settings › Actions › General › \"Allow GitHub Actions to create and approve pull requests\", " ..
                "or use an App's token.",
            docs = {
                "https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/enabling-" ..
                    "features-for-your-repository/managing-github-actions-settings-for-a-repository",
            },
            examples = {
                matches = { "##[error]GitHub Actions is not permitted to create or approve pull requests." },
                rejects = { "Created pull request #12" },
            },
        },
        {
            id = "actions.bad_credentials", title = "GitHub does not know the token",
            match = [[(?:HttpError: |HTTP 401: |"message": ?"|##\[error\])Bad credentials]],
            class = "permission", severity = "error", priority = 88,
            cause = "The token is expired, revoked or mistyped, or an empty secret was sent.",
            fix = "Renew the secret. For what GITHUB_TOKEN can do, use that; it needs no renewal.",
            commands = { "gh auth status" },
            docs = { "https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api" },
            examples = {
                matches = {
                    "##[error]Bad credentials",
                    "{\"message\": \"Bad credentials\", \"documentation_url\": \"https://docs.github.com/rest\"}",
                },
                rejects = { "Credentials accepted" },
            },
        },
    },
}
