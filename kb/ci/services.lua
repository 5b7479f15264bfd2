-- Travis, GitLab, CircleCI, AppVeyor, Azure, Jenkins.

return {
    about = "Travis, GitLab, CircleCI, AppVeyor, Azure, Jenkins",
    entries = {
        {
            id = "ci.no_output", title = "Nothing was printed for too long",
            match = [[(?:No output has been received in the last (?<time>[\w. ]+?),|]] ..
                [[Too long with no output \(exceeded (?<limit>[\w.]+)\))]],
            class = "infrastructure", severity = "error", priority = 91,
            cause = "The CI system ends jobs that say nothing for so long: a test hangs, or a long step is silent.",
            fix = "Find the last line of output: that step hangs. For a long but sound step print progress " ..
                "(`travis_wait 30`, CircleCI's `no_output_timeout`).",
            docs = {
                "https://docs.travis-ci.com/user/common-build-problems/#build-times-out-because-no-output-was-rece" ..
                    "ived",
            },
            examples = {
                matches = {
                    "No output has been received in the last 10m0s, this potentially indicates a stalled build or " ..
                        "something wrong with the build itself.",
                    "Too long with no output (exceeded 10m0s): context deadline exceeded",
                },
                rejects = { "output received" },
            },
        },
        {
            id = "ci.time_limit", title = "The job reached its time limit",
            match = [[(?:The job exceeded the maximum time limit for jobs|]] ..
                [[ERROR: Job failed: execution took longer than (?<limit>\S+)|]] ..
                [[Build execution time has reached the maximum allowed time for your plan|]] ..
                [[ran longer than the maximum time of (?<minutes>\d+) minutes|]] ..
                [[Build timed out \(after (?<after>\d+) minutes\))]],
            class = "infrastructure", severity = "error", priority = 94,
            cause = "The job ran longer than this CI allows and was ended.",
            fix = "See by time stamps which step took the time. Cache, split the job, or raise the limit where it " ..
                "can be.",
            docs = { "https://docs.gitlab.com/ci/yaml/#timeout" },
            examples = {
                matches = {
                    "The job exceeded the maximum time limit for jobs, and has been terminated.",
                    "ERROR: Job failed: execution took longer than 1h0m0s seconds",
                    "##[error]The job running on agent Hosted Agent ran longer than the maximum time of 60 " ..
                        "minutes. For more information, see https://go.microsoft.com/fwlink/?linkid=2077134",
                },
                rejects = { "time limit: none" },
            },
        },
        {
            id = "ci.log_too_long", title = "The log became too long",
            match = [[(?:The (?:job|build) (?:log )?(?:length )?(?:has )?exceeded the (?:maximum log length|]] ..
                [[limit of \d+ ?MB)|Job's log exceeded limit of (?<bytes>\d+) bytes|]] ..
                [[log length has exceeded the limit of (?<megabytes>\d+) MB)]],
            class = "code bug", severity = "error", priority = 88,
            cause = "The CI system ends or cuts jobs that print so much; the reason of a failure may be in what " ..
                "was cut.",
            fix = "Print less (quieter test output), write the full output to a file and keep it as an artifact.",
            docs = { "https://docs.gitlab.com/runner/configuration/advanced-configuration/" },
            examples = {
                matches = {
                    "The log length has exceeded the limit of 4 MB (this usually means that the test suite is " ..
                        "raising the same exception over and over).",
                    "Job's log exceeded limit of 4194304 bytes.",
                },
                rejects = { "log length: 12 kB" },
            },
        },
        {
            id = "ci.agent_lost", title = "The CI system lost its agent",
            match = [[(?:We stopped hearing from agent (?<agent>.{1,60}?)\.|Cannot contact (?<node>[\w.-]+): |]] ..
                [[ERROR: Job failed \(system failure\): (?<why>.{1,160})|hudson\.remoting\.(?:ChannelClosed|]] ..
                [[RequestAborted)Exception|was marked offline: Connection was broken)]],
            class = "infrastructure", severity = "error", priority = 88,
            cause = "The machine of the job crashed, starved, or lost its network; nothing in the project says so.",
            fix = "Run again. If it repeats at the same step, that step takes too much memory or disk.",
            docs = { "https://docs.gitlab.com/runner/faq/" },
            examples = {
                matches = {
                    "ERROR: Job failed (system failure): prepare environment: exit status 1",
                    "##[error]We stopped hearing from agent Azure Pipelines 5. Verify the agent machine is " ..
                        "running and has a healthy network connection.",
                    "Cannot contact linux-3: java.lang.InterruptedException",
                },
                rejects = { "agent is online" },
            },
        },
        {
            id = "ci.artifacts_missing", title = "The paths of artifacts or caches fit no files",
            match = [[WARNING: (?<path>\S+): no matching files(?:\. Ensure that the artifact path is relative to ]] ..
                [[the working directory)?]],
            class = "code bug", severity = "warning", priority = 34,
            cause = "GitLab found nothing at {path}; the build did not run or writes elsewhere.",
            fix = "Paths are relative to the project's folder; list it at the end of the script.",
            docs = { "https://docs.gitlab.com/ci/jobs/job_artifacts_troubleshooting/" },
            examples = {
                matches = {
                    "WARNING: dist/: no matching files. Ensure that the artifact path is relative to the working " ..
                        "directory",
                },
                rejects = { "dist/: found 3 matching artifact files and directories" },
            },
        },
        {
            id = "ci.command_failed", title = "The command '{command}' ended with code {code}",
            match = [[The command "(?<command>.{1,300}?)" (?:exited with|failed and exited with) (?<code>[1-9]\d*)]],
            class = "code bug", severity = "error", priority = 5,
            cause = "Travis names the command that failed, not the reason; that stands above.",
            fix = "Read that command's output.",
            docs = { "https://docs.travis-ci.com/user/job-lifecycle/" },
            examples = {
                matches = {
                    "The command \"npm test\" exited with 1.",
                    "The command \"bundle install\" failed and exited with 5 during .",
                },
                rejects = { "The command \"npm ci\" exited with 0." },
            },
        },
        {
            id = "ci.job_failed", title = "The job failed",
            match = [[(?:^ERROR: Job failed: (?:exit code|command terminated|exit status)|]] ..
                [[^Exited with code exit status \d+|^Command exited with code [1-9]\d*|^Finished: FAILURE|]] ..
                [[^Build step '.{1,80}' marked build as failure|^Done\. Your build exited with [1-9]\d*|]] ..
                [[##\[error\](?:Bash|PowerShell) exited with code '[1-9])]],
            class = "code bug", severity = "error", priority = 4,
            cause = "The CI system passes on that the script ended with a failure.",
            fix = "Read the output above.",
            docs = { "https://docs.travis-ci.com/user/job-lifecycle/" },
            examples = {
                matches = {
                    "ERROR: Job failed: exit code 1",
                    "Done. Your build exited with 1.",
                    "Command exited with code 1",
                    "Finished: FAILURE",
                    "##[error]Bash exited with code '1'.",
                },
                rejects = { "Job succeeded" },
            },
        },
    },
}
