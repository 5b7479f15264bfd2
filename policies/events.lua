-- What follows from GitHub's webhooks. `uhost serve` asks this.
local M = {}

-- Each rule: event and actions as GitHub names them, `repositories` (default: all that send), `when(event)` for more
-- than that, and the command, without "uhost". In it {repository}, {number}, {branch}, {sha}, {tag}, {sender},
-- {run_id}, {action} and {conclusion} stand for what the delivery says; where it says nothing, nothing is run.
--
-- `concurrency` names a group: of its jobs one runs at most, and the newest one waits, in place of those that waited
-- before it. Ten pushes in a row to a pull request are two jobs then. Comments are never put together.
--
-- `event` has event, action, repository, default_branch, sender, number, is_pull, title, branch, sha, tag,
-- is_prerelease, workflow, conclusion, run_id, labels. Texts of it are anybody's.
M.rules = {
    { id = "release", event = "release", actions = { "published" }, concurrency = "upstream",
        run = { "upstream", "monitor", "--check-now" } },
    { id = "failure", event = "workflow_run", actions = { "completed" }, concurrency = "{repository}",
        when = function(event) return event.conclusion == "failure" and event.branch == event.default_branch end,
        run = { "ci_failures", "track", "--github", "{repository}", "--execute" } },
    { id = "audit_pull", event = "pull_request", actions = { "opened", "synchronize", "reopened" },
        concurrency = "{repository}#{number}",
        run = { "monthly_audit", "--github", "{repository}", "--pull", "{number}", "--comment" } },
}

-- What people with write access may ask for in a comment: "/uhost failures" on a line of its own.
M.commands = {
    audit = { run = { "monthly_audit", "--github", "{repository}", "--pull", "{number}", "--comment" } },
    failures = { run = { "ci_failures", "track", "--github", "{repository}", "--execute" } },
}

M.examples = {
    { call = "rules.2.when", with = { { conclusion = "failure", branch = "main", default_branch = "main" } },
        gives = true },
    { call = "rules.2.when", with = { { conclusion = "failure", branch = "topic", default_branch = "main" } },
        gives = false },
    { call = "rules.2.when", with = { { conclusion = "success", branch = "main", default_branch = "main" } },
        gives = false },
}

return M
