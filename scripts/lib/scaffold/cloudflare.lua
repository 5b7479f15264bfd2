-- A worker, and its deployment to Cloudflare.
local template = require("lib.scaffold.template")

local M = {}

local cloudflare = [==[
# Deploys the worker in worker/ to Cloudflare, for every change of it on <<branch>>.
#
# The environment "cloudflare" has the secret CLOUDFLARE_API_TOKEN (a token that may edit Workers, and nothing else) and
# the variable CLOUDFLARE_ACCOUNT_ID; its protection rules decide who may deploy.
name: Cloudflare

on:
  push:
    branches: [<<branch>>]
    paths: ["worker/**", ".github/workflows/cloudflare.yml"]
  pull_request:
    paths: ["worker/**", ".github/workflows/cloudflare.yml"]
  workflow_dispatch:

permissions: {}

# Deployments follow each other; none is stopped halfway.
concurrency:
  group: cloudflare-${{ github.ref }}
  cancel-in-progress: false

env:
  WRANGLER_SEND_METRICS: "false"

jobs:
  check:
    name: Check
    runs-on: <<runner:linux>>
    timeout-minutes: 15
    permissions:
      contents: read
    steps:
      <<begin>>
      - name: Build without deploying
        working-directory: worker
        run: npx --yes wrangler@<<tool:wrangler>> deploy --dry-run --outdir ../built

  deploy:
    name: Deploy
    if: github.event_name != 'pull_request' && github.ref == 'refs/heads/<<branch>>'
    needs: [check]
    runs-on: <<runner:linux>>
    timeout-minutes: 15
    environment: cloudflare
    permissions:
      contents: read
    steps:
      <<begin>>
      - name: Deploy
        working-directory: worker
        env:
          CLOUDFLARE_API_TOKEN: ${{ secrets.CLOUDFLARE_API_TOKEN }}
          CLOUDFLARE_ACCOUNT_ID: ${{ vars.CLOUDFLARE_ACCOUNT_ID }}
        run: npx --yes wrangler@<<tool:wrangler>> deploy
]==]

local worker_begin = [==[
- name: Check out
  uses: <<uses:actions/checkout>>
  with:
    persist-credentials: false
- name: Install Node.js
  uses: <<uses:actions/setup-node>>
  with:
    node-version: "24"
    package-manager-cache: false
]==]

local worker = [==[
// The worker. `npx wrangler dev` in this folder runs it here.
export default {
  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/healthz") return Response.json({ status: "ok" });
    return new Response("Not found\n", { status: 404 });
  },
};
]==]

---@param project scaffold.Project
---@return table<string, string>
function M.cloudflare(project)
    local wrangler = 'name = "%s"\nmain = "src/index.js"\ncompatibility_date = "2026-01-01"\nworkers_dev = true\n\n'
        .. "[observability]\nenabled = true\n"
    return {
        [".github/workflows/cloudflare.yml"] = template.fill(cloudflare,
            { branch = project.branch, begin = template.fill(worker_begin):gsub("\n$", "") }),
        ["worker/wrangler.toml"] = wrangler:format(project.name:lower():gsub("[^%l%d-]", "-")),
        ["worker/src/index.js"] = worker,
    }
end

return M
