-- What builds cost, and what counts as a change of how long they take. `uhost metrics` asks this.
local M = {}

-- What a minute of a runner costs, by its labels (a glob; the first entry that fits counts). A runner that none fits
-- costs nothing. These are GitHub's prices for private repositories; standard runners are free for public ones.
-- https://docs.github.com/en/billing/reference/actions-runner-pricing
M.currency = "USD"
M.runners = {
    { id = "self_hosted", labels = "*self-hosted*", per_minute = 0 },
    { id = "ubuntu_slim", labels = "ubuntu-slim*", per_minute = 0.002 },
    { id = "ubuntu_arm", labels = "ubuntu-*-arm", per_minute = 0.005 },
    { id = "ubuntu", labels = "ubuntu-*", per_minute = 0.006 },
    { id = "windows", labels = "windows-*", per_minute = 0.010 },
    { id = "macos_large", labels = "macos-*-large", per_minute = 0.077 },
    { id = "macos", labels = "macos-*", per_minute = 0.062 },
}

-- Each job is billed by whole minutes.
M.round_up_to_minutes = true

-- What may be spent in 30 days, in that currency; policies/alerts.lua says what is too much. 0: there is no budget.
M.budget = 0

-- Whether a run deploys something: it counts for DORA's measures. `run` has workflow, event, branch, conclusion.
function M.is_deployment(run)
    local name = run.workflow:lower()
    return run.event ~= "pull_request" and (name:find("deploy", 1, true) or name:find("release", 1, true)) ~= nil
end

-- A lasting change of a duration is one that is at least so large, and that chance gives no more often than this.
-- `uhost metrics collect` tells once of each, as the event metrics.change: of those of jobs, unless `told` names others
-- of "run", "job" and "step".
M.changes = { min_percent = 3, min_s = 2, max_p = 0.002, told = { "job" } }

-- `check`: a job is slower if its builds are slower than these of the branch, by as much, and chance gives that no more
-- often than this; with several jobs, each has to be the surer (Holm 1979).
M.check = { builds = 200, min_percent = 5, min_s = 3, max_p = 0.05 }

M.examples = {
    { call = "is_deployment", with = { { workflow = "release.yml", event = "push", branch = "main" } }, gives = true },
    { call = "is_deployment", with = { { workflow = "ci.yml", event = "push", branch = "main" } }, gives = false },
    { call = "is_deployment", with = { { workflow = "deploy.yml", event = "pull_request", branch = "topic" } },
        gives = false },
}

return M
