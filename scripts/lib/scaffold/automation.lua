-- Workflows in which uhost looks after issues, failures, and who hears of them.
local uhost_workflow = require("lib.scaffold.uhost_workflow")

local M = {}

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
    return uhost_workflow.of("monthly_audit", audit,
        { checkout = audited_checkout, below = "/audited", state = "audit" })
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
    return uhost_workflow.of("ci_failures", ci_failures, { state = "ci-failures" })
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

function M.diagnose() return uhost_workflow.of("diagnose", diagnose, {}) end

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
    local files = uhost_workflow.of("notify", notify, { state = "notify" }, { branch = project.branch })
    files["policies/notifications.lua"] = notifications
    return files
end

return M
