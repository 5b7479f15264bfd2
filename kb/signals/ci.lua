-- What CI systems print around the work of a job: where a step begins, what it ran, how it ended, what comes after.
-- `role` says what the line is to `lib.diagnose.structure`, `ci` whose line it is.
return {
    about = "Lines of CI systems themselves: steps, commands, exit codes, clean-up",
    signals = {
        -- Travis CI
        {
            id = "travis.command", ci = "travis", role = "command_start", keep = 300,
            why = "Travis shows each command of a phase behind a dollar sign",
            match = [[^\$ (?<command>\S.*)]],
            examples = {
                matches = { "$ make test" },
                rejects = { "$VAR is not set", "cost: 3 $ each" },
            },
        },
        {
            id = "travis.command_exited", ci = "travis", role = "command_exit", keep = 200,
            why = "Travis says how each command of `script` ended",
            match = [[^The command "(?<command>.*)" (?:failed and )?exited with (?<code>\d+)]]
                .. [[(?: during (?<phase>[\w.]*) ?)?\.]],
            examples = {
                matches = { "The command \"make test\" exited with 2.",
                    "The command \"npm ci\" failed and exited with 1 during ." },
                rejects = { "The command was not found" },
            },
        },
        {
            id = "travis.command_failed_times", ci = "travis", role = "command_exit", keep = 200,
            why = "a command of `install` was tried again and given up",
            match = [[^The command "(?<command>.*)" failed (?<code>\d) times\.]],
            examples = {
                matches = { "The command \"eval bundle install --jobs=3\" failed 3 times." },
                rejects = { "The command \"bundle install\" failed. Retrying, 2 of 3." },
            },
        },
        {
            id = "travis.command_exited_open", ci = "travis", role = "command_exit_open", keep = 200,
            why = "the first line of the note about a command of several lines",
            match = [[^The command "(?!.*" (?:failed|exited) )]],
            examples = {
                matches = { "The command \"script/lint &&" },
                rejects = { "The command \"make test\" exited with 2." },
            },
        },
        {
            id = "travis.command_exited_close", ci = "travis", role = "command_exit", keep = 200,
            why = "the last line of the note about a command of several lines",
            match = [[^(?!The command ").*" (?:failed and )?exited with (?<code>\d+)]]
                .. [[(?: during (?<phase>[\w.]*) ?)?\.$]],
            examples = {
                matches = { "\" exited with 1.", "       ./run-tests.sh\" exited with 255." },
                rejects = { "The command \"make test\" exited with 2.", "ERROR: \"lint\" exited with 1.x" },
            },
        },
        {
            id = "travis.retry", ci = "travis", role = "retry",
            why = "a command of `install` failed and is tried again",
            match = [[^The command ".*" failed\. Retrying, \d+ of \d+]],
            examples = {
                matches = { "The command \"eval bundle install\" failed. Retrying, 2 of 3." },
                rejects = { "The command \"eval bundle install\" failed 3 times." },
            },
        },
        {
            id = "travis.done", ci = "travis", role = "build_exit",
            why = "the last line of a job on Travis",
            match = [[^Done\. Your build exited with (?<code>\d+)\.]],
            examples = {
                matches = { "Done. Your build exited with 1." },
                rejects = { "Done. Build finished." },
            },
        },
        {
            id = "travis.stopped", ci = "travis", role = "build_exit",
            why = "a phase before `script` failed",
            match = [[^Your build has been stopped\.]],
            examples = {
                matches = { "Your build has been stopped." },
                rejects = { "The server has been stopped." },
            },
        },
        {
            id = "travis.silent", ci = "travis", role = "time_limit",
            why = "the job was ended because it printed nothing",
            match = [[^No output has been received in the last \d+ ?m]],
            examples = {
                matches = { "No output has been received in the last 10m0s, this potentially indicates a stalled build",
                    "No output has been received in the last 10 minutes, this potentially indicates a stalled build" },
                rejects = { "No output has been written" },
            },
        },
        {
            id = "travis.limits", ci = "travis", role = "time_limit",
            why = "the job was ended by a limit of the CI system",
            match = [[^The (?:job exceeded the (?:maximum )?time limit|log length has exceeded the limit]]
                .. [[|build has been terminated|job has been terminated)]],
            examples = {
                matches = { "The job exceeded the maximum time limit for jobs, and has been terminated.",
                    "The log length has exceeded the limit of 4 MB." },
                rejects = { "The job took 3 seconds" },
            },
        },
        {
            id = "travis.fold", ci = "travis", role = "fold_start",
            why = "Travis folds the phases of a job",
            match = [[travis_fold:start:(?<name>[\w.-]+)]],
            examples = {
                matches = { "travis_fold:start:after_failure" },
                rejects = { "travis_fold:end:after_failure" },
            },
        },
        {
            id = "travis.fold_end", ci = "travis", role = "fold_end",
            why = "Travis folds the phases of a job",
            match = [[travis_fold:end:(?<name>[\w.-]+)]],
            examples = {
                matches = { "travis_fold:end:cache.2" },
                rejects = { "travis_fold:start:cache.2" },
            },
        },
        {
            id = "travis.cache", ci = "travis", role = "cleanup",
            why = "caches and artifacts are stored after the work is done",
            match = [=[^(?:store build cache$|nothing changed(?:, not updating cache)?$|changes? detected[ ,(]]=]
                .. [[|uploading (?:archive|\S+\.tgz)|cache uploaded$|Uploading artifacts?\b|Skipping cache upload)]],
            examples = {
                matches = { "store build cache", "nothing changed, not updating cache", "cache uploaded" },
                rejects = { "nothing changed in README" },
            },
        },

        -- GitHub Actions and Azure Pipelines
        {
            id = "actions.group", ci = "github-actions", role = "group_start", keep = 500,
            why = "a step, or a fold inside of one",
            match = [[^##\[group\](?<name>.*)]],
            examples = {
                matches = { "##[group]Run npm ci" },
                rejects = { "##[endgroup]" },
            },
        },
        {
            id = "actions.endgroup", ci = "github-actions", role = "group_end",
            why = "the end of a fold",
            match = [=[^##\[endgroup\]]=],
            examples = {
                matches = { "##[endgroup]" },
                rejects = { "##[group]Run npm ci" },
            },
        },
        {
            id = "actions.exit", ci = "github-actions", role = "command_exit", keep = 200,
            why = "the step's process ended with that code",
            match = [[^##\[error\](?:Process completed with exit code (?<code>\d+)]]
                .. [[|The process '.*' failed with exit code \d+)]],
            examples = {
                matches = { "##[error]Process completed with exit code 101." },
                rejects = { "##[error]src/a.c:1:2: expected ';'" },
            },
        },
        {
            id = "actions.ended", ci = "github-actions", role = "time_limit",
            why = "the step was ended from outside",
            match = [[^##\[error\](?:The operation was canceled|The runner has received a shutdown signal]]
                .. [[|The (?:job|action) .{0,200}has (?:exceeded|timed out)|The hosted runner (?:lost|encountered))]],
            examples = {
                matches = { "##[error]The operation was canceled.",
                    "##[error]The runner has received a shutdown signal.",
                    "##[error]The action 'Test' has timed out after 5 minutes." },
                rejects = { "##[error]Process completed with exit code 1." },
            },
        },
        {
            id = "actions.error", ci = "github-actions", role = "ci_error",
            why = "the step itself marked this line as the error",
            match = [[^##\[error\](?!Process completed with exit code|(?:Bash|PowerShell|Cmd\.exe) exited with code]]
                .. [[|The operation was canceled)]],
            examples = {
                matches = { "##[error]Unable to resolve action `a/b@v9`, unable to find version `v9`" },
                rejects = { "##[error]Process completed with exit code 1.",
                    "##[warning]Node.js 12 actions are deprecated" },
            },
        },
        {
            id = "actions.warning", ci = "github-actions", role = "warning",
            why = "the step itself marked this line as a warning",
            match = [=[^##\[warning\]]=],
            examples = {
                matches = { "##[warning]Node.js 12 actions are deprecated" },
                rejects = { "##[error]no" },
            },
        },
        {
            id = "actions.cleanup", ci = "github-actions", role = "cleanup_start",
            why = "what comes after the steps",
            match = [[^(?:Post job cleanup\.|Cleaning up orphan processes|Evaluate and set job outputs]]
                .. [[|##\[group\]Run actions/upload-artifact)]],
            examples = {
                matches = { "Post job cleanup.", "Cleaning up orphan processes" },
                rejects = { "Cleaning up" },
            },
        },
        {
            id = "azure.section", ci = "azure", role = "step_start", keep = 300,
            why = "a step of Azure Pipelines",
            match = [[^##\[section\]Starting: (?<name>.*)]],
            examples = {
                matches = { "##[section]Starting: Run tests" },
                rejects = { "##[section]Finishing: Run tests" },
            },
        },
        {
            id = "azure.section_end", ci = "azure", role = "step_end",
            why = "the end of a step of Azure Pipelines",
            match = [[^##\[section\]Finishing: (?<name>.*)]],
            examples = {
                matches = { "##[section]Finishing: Run tests" },
                rejects = { "##[section]Starting: Run tests" },
            },
        },
        {
            id = "azure.exit", ci = "azure", role = "command_exit", keep = 200,
            why = "the step's script ended with that code",
            match = [[^##\[error\](?:Bash|PowerShell|Cmd\.exe) exited with code '?(?<code>-?\d+)]],
            examples = {
                matches = { "##[error]Bash exited with code '1'." },
                rejects = { "##[error]Process completed with exit code 1." },
            },
        },

        -- GitLab
        {
            id = "gitlab.section", ci = "gitlab", role = "fold_start",
            why = "GitLab folds the stages of a job",
            match = [[section_start:(?<time>\d+):(?<name>\w+)]],
            examples = {
                matches = { "section_start:1560896352:build_script" },
                rejects = { "section_end:1560896352:build_script" },
            },
        },
        {
            id = "gitlab.stage", ci = "gitlab", role = "step_start", keep = 300,
            why = "a stage of a GitLab job",
            match = [[^(?:Executing "(?<name>\w+)" stage of the job script|(?<preparing>Preparing the "\w+" executor]]
                .. [[|Preparing environment|Getting source from Git repository|Restoring cache|Downloading artifacts]]
                .. [[|Saving cache for (?:successful|failed) job|Uploading artifacts for (?:successful|failed) job]]
                .. [[|Cleaning up (?:project directory|file based variables)|Running after_script]]
                .. [[|Running after script))]],
            examples = {
                matches = { "Executing \"step_script\" stage of the job script",
                    "Getting source from Git repository", "Running after_script" },
                rejects = { "Preparing to install" },
            },
        },
        {
            id = "gitlab.failed", ci = "gitlab", role = "build_exit",
            why = "the last line of a failed GitLab job",
            match = [[^ERROR: Job failed(?: \(system failure\))?: ?(?:exit (?:code|status) (?<code>\d+))?]],
            examples = {
                matches = { "ERROR: Job failed: exit code 1",
                    "ERROR: Job failed (system failure): Cannot connect to the Docker daemon" },
                rejects = { "ERROR: Job aborted" },
            },
        },

        {
            id = "gitlab.succeeded", ci = "gitlab", role = "build_success",
            why = "the last line of a GitLab job that went well",
            match = [[^Job succeeded$]],
            examples = { matches = { "Job succeeded" }, rejects = { "Job succeeded after a retry" } },
        },

        -- Others
        {
            id = "circleci.exit", ci = "circleci", role = "command_exit", keep = 200,
            why = "how a step of CircleCI ended",
            match = [[^Exited with code (?:exit status )?(?<code>\d+)]],
            examples = {
                matches = { "Exited with code exit status 1", "Exited with code 127" },
                rejects = { "Exited with errors" },
            },
        },
        {
            id = "circleci.step", ci = "circleci", role = "step_start", keep = 300,
            why = "a step of CircleCI's command line",
            match = [[^====>> (?<name>.*)]],
            examples = {
                matches = { "====>> run tests" },
                rejects = { "=====" },
            },
        },
        {
            id = "circleci.step_error", ci = "circleci", role = "build_exit",
            why = "the last line of CircleCI's command line",
            match = [[^Error: task failed|^Task failed$]],
            examples = {
                matches = { "Error: task failed", "Task failed" },
                rejects = { "Task failed to start x" },
            },
        },
        {
            id = "jenkins.stage", ci = "jenkins", role = "step_start", keep = 300,
            why = "a stage of a Jenkins pipeline",
            match = [[^\[Pipeline\] \{ \((?<name>.*)\)]],
            examples = {
                matches = { "[Pipeline] { (Build)" },
                rejects = { "[Pipeline] {", "[Pipeline] sh" },
            },
        },
        {
            id = "jenkins.pipeline", ci = "jenkins", role = "group_start", keep = 500,
            why = "a step of a Jenkins pipeline",
            match = [[^\[Pipeline\] (?<name>(?!//|\}|\{|Start of|End of)\w+)]],
            examples = {
                matches = { "[Pipeline] sh" },
                rejects = { "[Pipeline] }", "[Pipeline] // stage" },
            },
        },
        {
            id = "jenkins.pipeline_end", ci = "jenkins", role = "group_end",
            why = "the end of a block of a Jenkins pipeline",
            match = [[^\[Pipeline\] (?:// \w+|\}|End of Pipeline)]],
            examples = {
                matches = { "[Pipeline] }", "[Pipeline] // stage", "[Pipeline] End of Pipeline" },
                rejects = { "[Pipeline] sh" },
            },
        },
        {
            id = "jenkins.exit", ci = "jenkins", role = "command_exit", keep = 200,
            why = "the step that failed in Jenkins",
            match = [[^(?:ERROR: script returned exit code (?<code>\d+)|Build step '[^']+' marked build as failure)]],
            examples = {
                matches = { "ERROR: script returned exit code 2",
                    "Build step 'Execute shell' marked build as failure" },
                rejects = { "ERROR: script not found" },
            },
        },
        {
            id = "jenkins.skipped", ci = "jenkins", role = "stage_skipped",
            why = "a stage of Jenkins that did not run, so the one before it failed",
            match = [[^Stage "(?<name>.*)" skipped due to earlier failure]],
            examples = {
                matches = { "Stage \"Deploy\" skipped due to earlier failure(s)" },
                rejects = { "Stage \"Deploy\" skipped due to when conditional" },
            },
        },
        {
            id = "jenkins.finished", ci = "jenkins", role = "build_exit",
            why = "the last line of a failed build of Jenkins",
            match = [[^Finished: (?:FAILURE|ABORTED|UNSTABLE)$]],
            examples = {
                matches = { "Finished: FAILURE" },
                rejects = { "Finished: SUCCESS" },
            },
        },
        {
            id = "jenkins.succeeded", ci = "jenkins", role = "build_success",
            why = "the last line of a build of Jenkins that went well",
            match = [[^Finished: SUCCESS$]],
            examples = { matches = { "Finished: SUCCESS" }, rejects = { "Finished: FAILURE" } },
        },
        {
            id = "buildkite.section", ci = "buildkite", role = "step_start", keep = 300,
            why = "a section of a Buildkite job",
            match = [[^(?:~~~|\+\+\+) (?<name>:[\w-]+: .*|(?:Running|Preparing|Setting up|Uploading|Cleaning]]
                .. [[|Error) .*)]],
            examples = {
                matches = { "~~~ Running agent environment hook", "+++ :hammer: Build" },
                rejects = { "+++ b/src/main.c", "~~~~~~~~~" },
            },
        },
        {
            id = "buildkite.exit", ci = "buildkite", role = "command_exit", keep = 200,
            why = "how the command of a Buildkite job ended",
            match = [[^.{0,8}Error: The command exited with status (?<code>-?\d+)]],
            examples = {
                matches = { "🚨 Error: The command exited with status 1" },
                rejects = { "The command exited with status 0 or 1" },
            },
        },
        {
            id = "appveyor.exit", ci = "appveyor", role = "command_exit", keep = 200,
            why = "how a command of AppVeyor ended",
            match = [[^Command (?:exited with code (?<code>-?\d+)|executed with exception)]],
            examples = {
                matches = { "Command exited with code 1", "Command executed with exception: no" },
                rejects = { "Command line: x" },
            },
        },
        {
            id = "bitbucket.teardown", ci = "bitbucket", role = "cleanup_start",
            why = "what Bitbucket does after the script",
            match = [[^Build teardown$]],
            examples = {
                matches = { "Build teardown" },
                rejects = { "Build teardown of x" },
            },
        },
    },
}
