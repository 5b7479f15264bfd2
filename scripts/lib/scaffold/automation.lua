-- The workflows in which uhost itself looks after a repository.
local template = require("lib.scaffold.template")

local M = {}

-- What they share -----------------------------------------------------------------------------------------------------

-- The steps before uhost runs, in a container of Debian 12. What is kept lies in folders of the container itself: the
-- expression github.workspace would name one of the machine outside.
local prepare = [==[
- name: Install git
  run: |
    apt-get update -q && apt-get install -y -q --no-install-recommends ca-certificates git
    # The folder belongs to another user than the container's.
    git config --global --add safe.directory "$PWD<<below>>"
<<checkout>>
- name: Check out uhost
  uses: <<uses:actions/checkout>>
  with:
    repository: ${{ vars.UHOST || github.repository }}
    path: uhost
    persist-credentials: false
- name: Keep what the compiler made of uhost
  uses: <<uses:actions/cache>>
  with:
    path: /var/cache/ccache
    key: v1-uhost-debian12-${{ runner.arch }}-${{ hashFiles('uhost/host/**', 'uhost/api/**') }}
    restore-keys: v1-uhost-debian12-${{ runner.arch }}-
<<state>>
]==]

local checkout = [==[
- name: Check out the repository
  uses: <<uses:actions/checkout>>
  with:
    persist-credentials: false
]==]

local state = [==[
- name: Keep what is known of earlier runs
  uses: <<uses:actions/cache>>
  with:
    path: /var/lib/uhost
    key: v1-uhost-<<what>>-${{ github.run_id }}-${{ github.run_attempt }}-${{ github.job }}
    restore-keys: v1-uhost-<<what>>-
]==]

local function stripped(text) return (text:gsub("\n+$", "")) end

-- checkout: the step that fetches the repository; below: the folder that it fetches it to, as "/folder"; state: what
-- the state is called that later runs go on with
local function prepared(options)
    return stripped(template.fill(prepare, {
        checkout = stripped(template.fill(options.checkout or checkout)), below = options.below or "",
        state = options.state and stripped(template.fill(state, { what = options.state })) or "",
    }))
end

local function workflow(name, text, options, values)
    values = values or {}
    values.prepare = prepared(options)
    return { [(".github/workflows/%s.yml"):format(name)] = template.fill(text, values) }
end

-- The audit -----------------------------------------------------------------------------------------------------------

local audit = [==[
# The monthly audit of this repository's crash tests: a summary on the run's page, the report as an artifact, one
# tracking issue, and a message where policies/notifications.lua says.
#
# It runs where the repository variable CRASH_TESTS names the folder with the tests ("tests/crashes"). The variable
# UHOST says where uhost is ("owner/uhost").
name: Monthly audit

on:
  schedule:
    - cron: "17 5 1 * *"
  workflow_dispatch:
    inputs:
      close:
        description: Close the issues that are out of sync
        type: boolean
        default: false
      dry_run:
        description: Only show what would be changed
        type: boolean
        default: false

# One audit at a time; the second waits, and finds what the first has done.
concurrency:
  group: monthly-audit
  cancel-in-progress: false

permissions: {}

jobs:
  audit:
    if: vars.CRASH_TESTS != ''
    runs-on: ubuntu-latest
    container: debian:12
    timeout-minutes: 60
    permissions:
      contents: read # the history
      issues: write # the tracking issue, and with "close" the issues themselves
      pull-requests: read # numbers that turn out to be pull requests
    env:
      CCACHE_DIR: /var/cache/ccache
      UHOST_STATE: /var/lib/uhost
    steps:
      # With git, checkout fetches the history; without, it would bring the files alone.
      <<prepare>>
      - name: Audit
        id: audit
        env:
          GITHUB_TOKEN: ${{ github.token }}
          CRASH_TESTS: ${{ vars.CRASH_TESTS }}
          CLOSE: ${{ inputs.close }}
          DRY_RUN: ${{ inputs.dry_run }}
        run: |
          set -- monthly_audit --repo audited --github "$GITHUB_REPOSITORY" --path "$CRASH_TESTS" --tracking-issue
          if [ "$CLOSE" = true ]; then set -- "$@" --close; fi
          if [ "$DRY_RUN" = true ]; then set -- --dry-run "$@"; else set -- "$@" --output audit.html; fi
          # Exit code 1 says that something needs attention.
          status=0
          uhost/uhost "$@" --fail-on-findings || status=$?
          echo "status=$status" >> "$GITHUB_OUTPUT"
          [ "$status" -le 1 ]
      - name: Keep the report
        if: hashFiles('audit.html') != ''
        uses: <<uses:actions/upload-artifact>>
        with:
          name: audit
          path: audit.html
          retention-days: 90
      - name: Notify
        if: steps.audit.outputs.status == '1' && !inputs.dry_run
        working-directory: audited
        env:
          KEY: monthly_audit ${{ github.repository }} ${{ github.run_id }}
          TITLE: Issues of ${{ github.repository }} need attention
          RUN_URL: ${{ github.server_url }}/${{ github.repository }}/actions/runs/${{ github.run_id }}
          SLACK_WEBHOOK_URL: ${{ secrets.SLACK_WEBHOOK_URL }}
        run: |
          ../uhost/uhost -e 'notify.send({ kind = "monthly_audit.findings", severity = "warning",
            key = os.getenv("KEY"), title = os.getenv("TITLE"), url = os.getenv("RUN_URL") })'
          ../uhost/uhost notify flush
]==]

local audited_checkout = [==[
- name: Check out the audited repository, with its whole history
  uses: <<uses:actions/checkout>>
  with:
    path: audited
    fetch-depth: 0
    persist-credentials: false
]==]

function M.audit()
    return workflow("monthly_audit", audit, { checkout = audited_checkout, below = "/audited", state = "audit" })
end

-- Failures ------------------------------------------------------------------------------------------------------------

local ci_failures = [==[
# Keeps one issue for each cause that makes the CI fail: opened, brought up to date, and closed when the job is green.
#
# Name your workflows below. The variable UHOST says where uhost is ("owner/uhost"), policies/ci_failures.lua which
# failures count.
name: CI failures

on:
  workflow_run:
    workflows: [CI]
    types: [completed]
  schedule:
    - cron: "23 6 * * 1"
  workflow_dispatch:

# One at a time; what a run finds, the next one need not find again.
concurrency:
  group: ci-failures
  cancel-in-progress: false

permissions: {}

jobs:
  track:
    runs-on: ubuntu-latest
    container: debian:12
    timeout-minutes: 60
    permissions:
      actions: read # runs, jobs and logs
      contents: read # uhost, policies/ and CODEOWNERS
      issues: write # what is kept
    env:
      CCACHE_DIR: /var/cache/ccache
      UHOST_STATE: /var/lib/uhost
    steps:
      <<prepare>>
      - name: Track
        env:
          GITHUB_TOKEN: ${{ github.token }}
        run: uhost/uhost ci_failures track --execute --since "14 days"
]==]

M["ci-failures"] = function()
    return workflow("ci_failures", ci_failures, { state = "ci-failures" })
end

local diagnose = [==[
# Explains every failed run of CI: annotations and a summary on the page of this workflow's run.
#
# Name your workflows below. The variable UHOST says where uhost is ("owner/uhost"). It runs beside the failed run, so
# that logs of pull requests from forks are explained as well; it may read logs and nothing else. To explain failures
# on the page of the run itself, add such a job to the workflow, with `needs` and `if: failure()`, and give `uhost
# diagnose` no arguments.
name: Diagnose

on:
  workflow_run:
    workflows: [CI]
    types: [completed]

# Each run is explained once.
concurrency:
  group: diagnose-${{ github.event.workflow_run.id }}
  cancel-in-progress: false

permissions: {}

jobs:
  diagnose:
    if: github.event.workflow_run.conclusion == 'failure'
    runs-on: ubuntu-latest
    container: debian:12
    timeout-minutes: 60
    permissions:
      actions: read # the logs
      contents: read # uhost, and the user's own kb/
    env:
      CCACHE_DIR: /var/cache/ccache
      UHOST_STATE: /var/lib/uhost
    steps:
      <<prepare>>
      - name: Diagnose
        env:
          GITHUB_TOKEN: ${{ github.token }}
          RUN: ${{ github.event.workflow_run.id }}
        run: |
          # Exit code 1 says that the cause is unknown, which is no reason to fail here.
          uhost/uhost diagnose --run "$RUN" || [ $? -eq 1 ]
]==]

function M.diagnose() return workflow("diagnose", diagnose, {}) end

-- Notifications -------------------------------------------------------------------------------------------------------

local notify = [==[
# Says it to people when CI fails on <<branch>>: policies/notifications.lua has who, where and when.
#
# Name your workflows below. The variable UHOST says where uhost is ("owner/uhost"). Addresses of channels are secrets.
name: Notify

on:
  workflow_run:
    workflows: [CI]
    types: [completed]
    branches: [<<branch>>]

concurrency:
  group: notify
  cancel-in-progress: false

permissions: {}

jobs:
  notify:
    # The branch of a pull request from a fork may have the same name.
    if: github.event.workflow_run.conclusion == 'failure' && github.event.workflow_run.event != 'pull_request'
    runs-on: ubuntu-latest
    container: debian:12
    timeout-minutes: 30
    permissions:
      contents: read # uhost, and policies/
    env:
      CCACHE_DIR: /var/cache/ccache
      UHOST_STATE: /var/lib/uhost
    steps:
      <<prepare>>
      - name: Notify
        env:
          KEY: ci.failed ${{ github.event.workflow_run.id }} ${{ github.event.workflow_run.run_attempt }}
          WORKFLOW: ${{ github.event.workflow_run.name }}
          BRANCH: ${{ github.event.workflow_run.head_branch }}
          RUN_URL: ${{ github.event.workflow_run.html_url }}
          SLACK_WEBHOOK_URL: ${{ secrets.SLACK_WEBHOOK_URL }}
        run: |
          uhost/uhost -e 'notify.send({ kind = "ci.failed", severity = "warning", key = os.getenv("KEY"),
            title = os.getenv("WORKFLOW") .. " fails on " .. os.getenv("BRANCH"), url = os.getenv("RUN_URL") })'
          uhost/uhost notify flush
]==]

local notifications = [==[
-- Who hears of what, where and when. `uhost notify preview EVENT.json` shows what comes of it, and
-- `uhost notify test team` whether a channel works. Addresses are secrets in the environment: SLACK_WEBHOOK_URL.
local M = {}

M.channels = {
    { id = "team", type = "slack" },
}

M.routes = {
    { id = "failures", match = { kind = { "ci.*", "ci_failures.*" } }, channels = { "team" },
        throttle = { count = 20, window = "1 hour" } },
    { id = "audit", match = { kind = "monthly_audit.*" }, channels = { "team" } },
}

return M
]==]

function M.notify(project)
    local files = workflow("notify", notify, { state = "notify" }, { branch = project.branch })
    files["policies/notifications.lua"] = notifications
    return files
end

-- Preflight -----------------------------------------------------------------------------------------------------------

local preflight = [==[
# Looks at what a job needs before it starts, all of it at once: policies/preflight.lua says what. To call it from
# another workflow, in front of the jobs that need it:
#
#     preflight:
#       uses: ./.github/workflows/preflight.yml
#       with: { profile: release }
#       permissions: { contents: read }
#
# The variable UHOST says where uhost is ("owner/uhost").
name: Preflight

on:
  workflow_call:
    inputs:
      profile:
        description: What the job is for; adds the checks of that profile
        type: string
        default: default
  workflow_dispatch:
    inputs:
      profile:
        description: What the job is for; adds the checks of that profile
        type: string
        default: default

concurrency:
  group: preflight-${{ github.run_id }}
  cancel-in-progress: false

permissions: {}

jobs:
  preflight:
    runs-on: ubuntu-latest
    container: debian:12
    timeout-minutes: 30
    permissions:
      contents: read
    env:
      CCACHE_DIR: /var/cache/ccache
      UHOST_STATE: /var/lib/uhost
      LC_ALL: C.UTF-8
    steps:
      <<prepare>>
      - name: Preflight
        env:
          GITHUB_TOKEN: ${{ github.token }}
          PROFILE: ${{ inputs.profile }}
        run: uhost/uhost preflight --profile "$PROFILE" --format github
]==]

local full_checkout = [==[
- name: Check out the repository
  uses: <<uses:actions/checkout>>
  with:
    fetch-depth: 0
    persist-credentials: false
]==]

local locks = {
    rust = { "Cargo.toml", "Cargo.lock", "run cargo generate-lockfile, and commit Cargo.lock" },
    node = { "package.json", "package-lock.json", "run npm install, and commit package-lock.json" },
    go = { "go.mod", "go.sum", "run go mod tidy, and commit go.sum" },
    python = { "pyproject.toml", "uv.lock", "run uv lock, and commit uv.lock" },
}

local preflight_policy = [==[
-- What has to be in place before a job starts, besides what uhost looks at anyway (`uhost preflight --list`). Checks
-- with the id of a shipped one replace it, `disable = { "id" }` removes some.
local M = {}

M.checks = {
    <<lock>>
    { id = "release_notes", kind = "path", path = "CHANGELOG.md", profiles = { "release" },
        fix = "describe the release in CHANGELOG.md" },
}

return M
]==]

-- Only files that the project has are asked for.
function M.preflight(project)
    local files = workflow("preflight", preflight, { checkout = full_checkout })
    local lock = locks[project.language]
    local text = lock and project.has(lock[2]) and ('{ id = "%s_lock", kind = "lockfile", manifest = "%s", '
        .. 'lock = "%s",\n    fix = "%s" },'):format(project.language, lock[1], lock[2], lock[3]) or ""
    files["policies/preflight.lua"] = template.fill(preflight_policy, { lock = text })
    return files
end

-- Metrics -------------------------------------------------------------------------------------------------------------

local metrics = [==[
# Keeps how long builds take, makes a dashboard of it, and says in a pull request whether it makes them slower, in one
# comment that is brought up to date. policies/metrics.lua has prices and limits.
#
# Name your workflows below. The variable UHOST says where uhost is ("owner/uhost").
name: Metrics

on:
  workflow_run:
    workflows: [CI]
    types: [completed]
  schedule:
    - cron: "53 3 * * *"
  workflow_dispatch:

# One at a time: what a run has read, the next one need not read again.
concurrency:
  group: metrics
  cancel-in-progress: false

permissions: {}

jobs:
  metrics:
    runs-on: ubuntu-latest
    container: debian:12
    timeout-minutes: 60
    permissions:
      actions: read # runs, jobs, artifacts and caches
      contents: read # uhost, and policies/
      pull-requests: write # the comment
    env:
      CCACHE_DIR: /var/cache/ccache
      UHOST_STATE: /var/lib/uhost
    steps:
      <<prepare>>
      - name: Collect
        env:
          GITHUB_TOKEN: ${{ github.token }}
        run: |
          uhost/uhost metrics collect
          uhost/uhost dashboard --out dashboard
      - name: Keep the dashboard
        uses: <<uses:actions/upload-artifact>>
        with:
          name: dashboard
          path: dashboard
          retention-days: 14
      - name: Compare
        if: github.event.workflow_run.event == 'pull_request' && github.event.workflow_run.conclusion == 'success'
        env:
          GITHUB_TOKEN: ${{ github.token }}
          COMMIT: ${{ github.event.workflow_run.head_sha }}
          PULL: ${{ github.event.workflow_run.pull_requests[0].number }}
        run: |
          # Of a fork's pull request, GitHub does not say the number. Exit code 1 says that builds are slower.
          set -- metrics check --against <<branch>> --commit "$COMMIT"
          if [ -n "$PULL" ]; then set -- "$@" --pull "$PULL"; fi
          uhost/uhost "$@" || [ $? -eq 1 ]
]==]

function M.metrics(project)
    return workflow("metrics", metrics, { state = "metrics" }, { branch = project.branch })
end

-- Upstream ------------------------------------------------------------------------------------------------------------

local upstream = [==[
# Keeps this fork current: looks for releases of the project that it is made from, and once a week brings the fork onto
# the newest one. policies/upstream.lua names the project, how to build and test, and with sync.push where the result
# goes. A sync that needs a person fails, with its guide as an artifact.
#
# The variable UHOST says where uhost is ("owner/uhost"). The token of a run may not push changes of workflows: where
# releases bring some, the secret SYNC_TOKEN is one that may.
name: Upstream

on:
  schedule:
    - cron: "17 */6 * * *"
    - cron: "37 3 * * 1"
  workflow_dispatch:
    inputs:
      sync:
        description: Bring the fork onto the newest release now
        type: boolean
        default: false

# A sync is not stopped halfway, and nothing else looks meanwhile.
concurrency:
  group: upstream
  cancel-in-progress: false

permissions: {}

jobs:
  monitor:
    runs-on: ubuntu-latest
    container: debian:12
    timeout-minutes: 60
    permissions:
      contents: read
    outputs:
      version: ${{ steps.look.outputs.version }}
    env:
      CCACHE_DIR: /var/cache/ccache
      UHOST_STATE: /var/lib/uhost
    steps:
      <<prepare>>
      - name: Look for releases
        id: look
        env:
          GITHUB_TOKEN: ${{ github.token }}
          SLACK_WEBHOOK_URL: ${{ secrets.SLACK_WEBHOOK_URL }}
        run: |
          uhost/uhost upstream monitor
          uhost/uhost upstream status --json > status.json
          uhost/uhost -e 'local status = json.decode(fs.read("status.json"))
            if (tonumber(status.releases_behind) or 0) > 0 then print("version=" .. status.latest_stable) end' \
            >> "$GITHUB_OUTPUT"
          uhost/uhost notify flush

  sync:
    if: needs.monitor.outputs.version != '' && (inputs.sync || github.event.schedule == '37 3 * * 1')
    needs: [monitor]
    runs-on: ubuntu-latest
    container: debian:12
    timeout-minutes: 350
    permissions:
      contents: write # the branch, and the tag, when the policy says so
    env:
      CCACHE_DIR: /var/cache/ccache
      UHOST_STATE: /var/lib/uhost
    steps:
      <<prepare_sync>>
      - name: Bring the fork onto the release
        env:
          GITHUB_TOKEN: ${{ github.token }}
          VERSION: ${{ needs.monitor.outputs.version }}
        run: |
          git config --global user.name "github-actions[bot]"
          git config --global user.email "41898282+github-actions[bot]@users.noreply.github.com"
          uhost/uhost upstream sync --to "$VERSION"
      - name: Keep what a person needs
        if: failure()
        uses: <<uses:actions/upload-artifact>>
        with:
          name: sync
          path: |
            /var/lib/uhost/syncs/**/*.md
            /var/lib/uhost/syncs/**/*.json
          if-no-files-found: ignore
          retention-days: 30
]==]

-- This one keeps its credentials: the sync pushes.
local pushing_checkout = [==[
- name: Check out the repository
  uses: <<uses:actions/checkout>>
  with:
    fetch-depth: 0
    token: ${{ secrets.SYNC_TOKEN || github.token }}
]==]

function M.upstream()
    return workflow("upstream", upstream, { checkout = full_checkout, state = "upstream" },
        { prepare_sync = prepared({ checkout = pushing_checkout, state = "upstream" }) })
end

return M
