-- What can be scaffolded.
local automation = require("lib.scaffold.automation")
local builds = require("lib.scaffold.builds")
local ci = require("lib.scaffold.ci")
local cloudflare = require("lib.scaffold.cloudflare")
local dependabot = require("lib.scaffold.dependabot")
local docker = require("lib.scaffold.docker")
local health = require("lib.scaffold.health")
local machine = require("lib.scaffold.machine")
local release = require("lib.scaffold.release")

local M = {}

---@class scaffold.Module
---@field name string
---@field says string
---@field files fun(project: scaffold.Project): table<string, string>
---@field needs_language? boolean
---@field next? string  what is left to do

local where_uhost_is = "set the repository variable UHOST to where uhost is: owner/uhost"

local function module(name, says, files, more)
    more = more or {}
    M[#M + 1] = { name = name, says = says, files = files, needs_language = more.needs_language, next = more.next }
    M[name] = M[#M]
end

module("audit", "monthly audit of crash tests: tracking issue, report, message", automation.audit,
    { next = "set the repository variable CRASH_TESTS to the folder of the tests; " .. where_uhost_is })
module("cache", "a composite action that restores and saves all caches of a job", ci.cache, { needs_language = true })
module("ci", "format, lint, check, tests on three systems, security", ci.ci, { needs_language = true,
    next = 'make "CI passed" a required check of the default branch' })
module("ci-failures", "one issue for each cause that makes CI fail", automation["ci-failures"],
    { next = "name your workflows in it; " .. where_uhost_is })
module("cloudflare", "a worker, and its deployment", cloudflare.cloudflare,
    { next = "make the environment cloudflare, with CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID" })
module("cron", "the audit and CI failures by cron, on a machine of your own", machine.cron,
    { next = "read deploy/README.md" })
module("debug", "a terminal on the runner of a failed job, for whoever started it", ci.debug,
    { next = "add the step in the action's comment at the end of a job" })
module("dependabot", "updates of dependencies, actions and images", dependabot.dependabot)
module("diagnose", "explains every failed run", automation.diagnose,
    { next = "name your workflows in it; " .. where_uhost_is })
module("docker", "an image, compose for development, and its publication", docker.docker,
    { needs_language = true, next = "answer GET /healthz on port 8080 (uhost scaffold health)" })
module("health", "an endpoint that says whether the program is well", health.health, { needs_language = true })
module("metrics", "how long builds take: a dashboard, and a comment where they get slower", builds.metrics,
    { next = "name your workflows in it; " .. where_uhost_is })
module("notify", "a message when CI fails on the default branch", automation.notify,
    { next = "set the secret SLACK_WEBHOOK_URL, or name another channel in policies/notifications.lua; "
        .. where_uhost_is })
module("preflight", "looks at what a job needs before it starts", builds.preflight, { next = where_uhost_is })
module("release", "archives for four targets with checksums and provenance", release.release,
    { needs_language = true, next = "protect tags v* by a ruleset" })
module("systemd", "the audit and CI failures by systemd, on a machine of your own", machine.systemd,
    { next = "read deploy/README.md" })
module("upstream", "looks for releases of the project that this is a fork of, and syncs", builds.upstream,
    { next = "name the project in policies/upstream.lua; " .. where_uhost_is })

return M
