-- Why findings matter, and what to do instead.
local M = {}

---@class workflow_guard.Advice
---@field id string
---@field level "error"|"warning"|"note"
---@field says string  the rule, as a workflow keeps it
---@field why string
---@field fix string

local function advice(id, level, says, why, fix)
    M[#M + 1] = { id = id, level = level, says = says, why = why, fix = fix }
    M[id] = M[#M]
end

-- Less is checked -----------------------------------------------------------------------------------------------------

advice("workflow_removed", "error", "A workflow that checks something stays.",
    "Nothing runs what this workflow ran.", "Keep the workflow, or move its jobs to another one before deleting it.")
advice("event_removed", "error", "Events that start checks stay.",
    "Changes that come by this event are not checked any more.",
    "Keep the event. To save runs, cancel older ones with a concurrency group, or skip steps.")
advice("branches_narrowed", "error", "Branches that are checked stay checked.",
    "Changes to other branches start nothing.", "Keep the branch; repair what fails there.")
advice("paths_narrowed", "error", "Paths that start checks stay.",
    "Changes elsewhere start nothing, and a required check that never starts waits for ever.",
    "Drop the filter, or decide in a first job and let the others skip steps.")
advice("types_narrowed", "error", "Pull requests are checked whenever they change.",
    "What is pushed to an open pull request may go unchecked.", "Name opened, synchronize and reopened.")
advice("job_removed", "error", "A job that checks something stays.",
    "Nothing runs what this job ran.", "Repair the job: pin the tool that broke, or install what is missing.")
advice("step_removed", "error", "A step that checks something stays.",
    "Nothing runs this check now.", "Repair the step: pin the tool that broke, or install what is missing.")
advice("command_removed", "error", "A command that checks something stays.",
    "Nothing runs this check now.", "Put the command back, and repair what it reports.")
advice("combination_removed", "error", "Combinations of a matrix stay.",
    "Nobody learns when this platform or version breaks.",
    "Keep the combination: add the missing target, pin the version, or install the dependency for this platform.")
advice("too_many_changes", "error", "A change of workflows is small enough to follow.",
    "Nobody can tell whether each check that is gone runs elsewhere now.", "Split the change into smaller ones.")
advice("never_runs", "error", "A condition can be true.", "It looks like a check and never runs.",
    "Remove the condition, and repair what fails.")
advice("condition_narrowed", "error", "A check runs wherever it ran before.",
    "Where the condition is false the check is skipped, and counts as passed.",
    "Drop the condition, or let it hold for pushes: github.event_name == 'push' || …")
advice("continue_on_error", "error", "A failure of a check fails the run.",
    "The check still runs, and nobody is stopped by it.",
    "Remove continue-on-error. For a flaky check, retry it a bounded number of times.")
advice("failure_ignored", "error", "A script passes failures on.",
    "The exit code of the check is thrown away.",
    "Remove it; with a pipe, set -o pipefail or shell: bash. For a flaky check, retry it a bounded number of times.")
advice("early_exit", "error", "A script does not end before its checks.",
    "Nothing behind the exit runs, and the step passes.", "Remove the exit, and repair what comes after it.")
advice("options_weakened", "error", "Options of a check do not leave out more than before.",
    "The check passes because it looks at less.", "Repair what it reports, or leave out the one case with a reason.")
advice("variable_skips", "error", "No variable switches a check off.",
    "The check passes because it is told not to look.", "Unset it, and repair what the check reports.")
advice("input_weakened", "error", "Inputs of a check do not leave out more than before.",
    "The action passes because it looks at less.", "Restore the input, and repair what the action reports.")
advice("strictness_removed", "error", "What was denied stays denied.",
    "What failed the build is let through.", "Restore it, and repair what it reports.")

-- The same is checked, with less around it ----------------------------------------------------------------------------

advice("timeout_removed", "warning", "Jobs have a limit of time.",
    "A job that hangs blocks a runner for six hours.",
        "Set timeout-minutes to a little more than the longest good run.")
advice("service_removed", "warning", "Services that tests need stay.",
    "Tests that find no service may skip themselves.", "Keep the service, with a health check.")
advice("needs_removed", "warning", "Jobs wait for those that they depend on.",
    "The job starts even when the one before it failed.", "Keep the dependency.")
advice("environment_removed", "warning", "Protected environments stay.",
    "Its reviewers and branch rules do not apply any more.", "Keep the environment.")
advice("artifact_removed", "note", "Artifacts that explain failures stay.",
    "What explained a failure is not kept.", "Keep the upload, with a short retention-days.")
advice("dependency_removed", "note", "What tests need stays installed.",
    "Tests that do not find an optional dependency leave themselves out, and pass.",
    "Keep it, or remove the tests that need it as well.")
advice("retention_shortened", "note", "Artifacts are kept as long as somebody may look.",
    "What explained a failure is gone before anybody has read it.",
    "Keep the days; delete single artifacts to save space.")
advice("fail_fast", "warning", "One combination that fails does not hide the others.",
    "Nobody learns which of the others fail, too.", "Keep fail-fast: false while the matrix checks platforms.")
advice("cache_removed", "note", "Caches stay.",
    "Every run fetches and builds everything again.", "Keep the cache; put a version into its key to start anew.")

-- Risks ---------------------------------------------------------------------------------------------------------------

advice("unpinned_action", "warning", "Actions are pinned to a tag or a full SHA.",
    "Whoever can push to that branch runs code with this job's token.",
    "Pin the full SHA, with the tag in a comment.")
advice("unpinned_image", "warning", "Images are pinned.", "The image may be another one tomorrow.",
    "Name a version, or a digest.")
advice("untrusted_checkout", "error", "pull_request_target does not check out what strangers wrote.",
    "Code of a fork runs with this repository's token and secrets.",
    "Use pull_request; or split the work, and let workflow_run do what needs the token.")
advice("script_injection", "error", "Scripts take untrusted text from the environment.",
    "A title or branch name becomes part of the script, and runs.",
    "Put the expression into env, and use \"$NAME\" in the script.")
advice("permissions_widened", "warning", "The token can do what the job needs, and no more.",
    "Every action of the job may use what the token can do.", "Grant single permissions, per job.")
advice("permissions_missing", "note", "A workflow says what its token may do.",
    "The repository's settings say it, and may allow everything.", "Begin with permissions: { contents: read }.")
advice("deprecated_command", "warning", "Scripts do not use commands that the runner has removed.",
    "The runner ignores it or fails.", "Write to $GITHUB_OUTPUT, $GITHUB_ENV or $GITHUB_PATH.")
advice("retired_runner", "warning", "Jobs run on images that exist.",
    "No runner ever takes the job.", "Use the next image of the same system.")
advice("version_as_number", "warning", "Versions are quoted.",
    "YAML takes it for a number, which loses its last zero.", "Quote it.")
advice("archived_action", "warning", "Actions are maintained.",
    "Nobody repairs its weaknesses, and one day it does not run any more.", "Use its successor, or a command.")
advice("outdated_action", "warning", "Actions run on a Node.js that runners have.",
    "The runner refuses it, or runs it with a warning for a time.", "Raise it to the current major version.")
advice("hardcoded_credentials", "error", "No password stands in a workflow.",
    "Everybody who can read the repository has it.", "Put it into a secret: ${{ secrets.NAME }}. Change it, too.")
advice("privileged_trigger", "warning", "What strangers start has no secrets.",
    "One step that runs their code, or takes their text for code, gives everything away.",
    "Use pull_request; where the token is needed, check out nothing of theirs.")
advice("untrusted_environment", "error", "Runs that strangers start set no variables for later steps.",
    "Two lines in a value are two variables; LD_PRELOAD or NODE_OPTIONS is enough to run anything.",
    "Use $GITHUB_OUTPUT, and check what it holds.")
advice("spoofable_actor", "error", "Conditions ask who opened the pull request.",
    "github.actor is whoever caused the last event; a stranger can let the bot be it.",
    "Use github.event.pull_request.user.login.")
advice("self_hosted_runner", "warning", "Pull requests run on machines that are thrown away.",
    "What a pull request leaves behind on the machine is there for the next job.",
    "Use a runner of GitHub for pull requests, or an ephemeral one.")
advice("secret_in_log", "error", "Scripts do not print secrets.",
    "Masking hides the exact text only; encoded or cut it is readable.", "Remove it; pass the secret by env.")
advice("all_secrets", "error", "Steps get the secrets that they need.",
    "One step that is compromised has them all.", "Name each secret.")
advice("unmasked_secret", "warning", "A secret is one value.",
    "The runner masks the secret as a whole, not the parts of it.", "Keep each value as a secret of its own.")
advice("secret_for_untrusted", "error", "Jobs that run what strangers wrote have no secrets.",
    "Their code reads the environment.", "Give the secret to the one step that needs it, in another job.")
advice("inherited_secrets", "warning", "Workflows of others get single secrets.",
    "Whoever can change that workflow has all of them.", "Name those that it needs, under secrets.")
advice("credentials_in_artifact", "error", "Artifacts do not hold the checkout's token.",
    "Whoever downloads it within the job's time can push.",
    "Set persist-credentials: false at the checkout, or upload single folders.")
advice("insecure_commands", "error", "What is printed sets no variables.",
    "Text of a test or a title becomes an environment variable.", "Write to $GITHUB_ENV or $GITHUB_PATH.")
advice("endless_retry", "warning", "Retries are bounded.",
    "What never succeeds holds a runner for six hours.",
    "Count the attempts, give the step timeout-minutes, or use timeout(1).")

-- Mistakes ------------------------------------------------------------------------------------------------------------

advice("unknown_reference", "warning", "Expressions name what there is.",
    "GitHub takes it for an empty text, and says nothing.", "Correct the name, or give the step that id.")
advice("unknown_need", "error", "Jobs wait for jobs of the same workflow.", "GitHub runs nothing of the workflow.",
    "Correct the name, or drop it.")
advice("needs_cycle", "error", "Jobs do not wait for themselves.", "GitHub runs nothing of the workflow.",
    "Drop one of the dependencies.")
advice("condition_always_true", "warning", "A condition is one expression.",
    "Text that is not empty is true, whatever the expression in it says.",
    "Write the condition without ${{ }}, or all of it inside; with if: | use if: >-.")
advice("unsound_contains", "warning", "contains() is asked of lists.",
    "A branch called 'ma' is in 'main', too.", "Use contains(fromJSON('[\"…\"]'), …), or ==.")
advice("bad_schedule", "error", "Schedules are of five fields.", "GitHub never starts it, or less often than it says.",
    "Minute, hour, day of month, month, day of week: '17 3 * * 1'.")
advice("unknown_event", "error", "Workflows are started by events that there are.", "Nothing starts it.",
    "Correct the name.")
advice("unknown_permission", "error", "Permissions are of names and levels that there are.",
    "GitHub runs nothing of the workflow.", "Correct the name; the levels are read, write and none.")
advice("unknown_shell", "error", "Scripts have a shell that there is.", "The step fails before it runs.",
    "Use bash, sh, pwsh, powershell, cmd or python, or a command with {0}.")
advice("default_branch_unreached", "warning", "Something on the default branch starts a workflow.",
    "The branch was renamed, or the filter names another one: the workflow is there and never runs.",
    "Name the default branch in the filter.")
advice("stacked_pull_requests", "note", "Pull requests for other pull requests are checked.",
    "Until the one below it is merged, nothing checks what it brings.",
    "Drop branches from pull_request, or add the prefix of such branches: 'feature/**'.")
advice("required_check_waits", "warning", "A required check always reports.",
    "A workflow that its filter keeps from starting reports nothing, and the pull request cannot be merged.",
    "Drop the filter; decide in a first job, and let the steps of the others be skipped.")
advice("required_check_renamed", "warning", "A required check keeps its name when it is skipped.",
    "GitHub does not expand the matrix of a job that is skipped: the check has another name then.",
    "Put the condition on the steps, or require a job that collects the results of the matrix.")
advice("invalid_workflow", "error", "A workflow is valid YAML.", "GitHub runs nothing of it.", "Correct the syntax.")

return M
