-- Workflows in which uhost looks after builds: what they need, how long they take, and the project that a fork follows.
local template = require("lib.scaffold.template")
local uhost_workflow = require("lib.scaffold.uhost_workflow")

local M = {}

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
    local files = uhost_workflow.of("preflight", preflight, { checkout = full_checkout })
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
    return uhost_workflow.of("metrics", metrics, { state = "metrics" }, { branch = project.branch })
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
    return uhost_workflow.of("upstream", upstream, { checkout = full_checkout, state = "upstream" },
        { prepare_sync = uhost_workflow.prepare({ checkout = pushing_checkout, state = "upstream" }) })
end

return M
