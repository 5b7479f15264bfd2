-- Which failed runs become issues, and what happens to these. `uhost ci_failures` asks this.
local M = {}

-- Whether a run that ended badly is worth an issue: true, or why not.
--
-- `run` has workflow ("ci.yml"), event, branch, is_default_branch, conclusion, is_superseded (a newer run of the same
-- branch took its place), attempt, pulls (numbers).
function M.counts(run)
    if run.is_superseded then return "a newer push took its place" end
    if run.event == "pull_request" or run.event == "pull_request_target" then
        return "it is about a pull request, whose author sees it"
    end
    if run.conclusion == "action_required" then return "it waits for somebody's approval" end
    if run.is_default_branch or run.event == "schedule" or run.event == "merge_group" then return true end
    return "it is not of the default branch"
end

-- What identifies a cause within its job, where that is to differ from `failure.key`; nil leaves it.
--
-- `failure` has key, kind ("kb", "test", "tests", "passage", "step", "run"), entry (of the knowledge base), title,
-- line, workflow, job, tests.
function M.fingerprint(_failure) return nil end

-- Who looks after a failure, as logins or teams: { "ada", "org/team" }. Where it is empty, the entry of the knowledge
-- base and CODEOWNERS are asked. They are named, not notified.
function M.owners(_failure) return {} end

M.labels = {
    { name = "ci-failure", color = "d73a4a", description = "A failure of the CI" },
    { name = "github-actions", color = "2088ff", description = "About GitHub Actions" },
    { name = "automated", color = "ededed", description = "Kept by a program" },
}

-- After so many runs in which the job succeeded, an issue is closed.
M.close_after_green = 3

-- A closed issue is opened again when its failure comes back within so many days; later, a new one is opened. One that
-- was closed as not planned stays closed.
M.reopen_days = 30

-- Comments on an issue in a day. Then it is said once that there are no more today.
M.comments_per_day = 5

-- Issues that one run opens at most.
M.max_new_issues = 10

-- `flaky --rerun`: whether failed jobs are run again when their cause is flaky, and for how many runs at a time.
M.rerun = { allowed = false, max_runs = 5 }

-- `flaky` reads test reports (JUnit's XML) from artifacts whose names have one of these in them.
M.test_reports = { "junit", "test-report", "test-result", "test_report", "test_result", "testreport", "testresult" }

-- A flake is put into quarantine when the lower bound of its rate is above this, and it flaked so often.
M.quarantine = { min_rate = 0.02, min_flakes = 2 }

M.examples = {
    { call = "counts", with = { { event = "push", is_default_branch = true, conclusion = "failure" } }, gives = true },
    { call = "counts", with = { { event = "push", is_default_branch = true, is_superseded = true } },
        gives = "a newer push took its place" },
    { call = "counts", with = { { event = "pull_request", conclusion = "failure" } },
        gives = "it is about a pull request, whose author sees it" },
    { call = "counts", with = { { event = "workflow_dispatch", branch = "topic", conclusion = "failure" } },
        gives = "it is not of the default branch" },
    { call = "counts", with = { { event = "push", is_default_branch = true, conclusion = "action_required" } },
        gives = "it waits for somebody's approval" },
    { call = "fingerprint", with = { { key = "kb rust.e0277", kind = "kb" } }, gives = nil },
    { call = "owners", with = { { job = "build" } }, gives = {} },
}

return M
