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
advice("deprecated_command", "warning", "Scripts do not use commands that the runner has removed.",
    "The runner ignores it or fails.", "Write to $GITHUB_OUTPUT, $GITHUB_ENV or $GITHUB_PATH.")
advice("retired_runner", "warning", "Jobs run on images that exist.",
    "No runner ever takes the job.", "Use the next image of the same system.")
advice("version_as_number", "warning", "Versions are quoted.",
    "YAML takes it for a number, which loses its last zero.", "Quote it.")
advice("invalid_workflow", "error", "A workflow is valid YAML.", "GitHub runs nothing of it.", "Correct the syntax.")

return M
