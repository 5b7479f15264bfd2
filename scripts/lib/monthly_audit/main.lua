-- The audit from its command line to its report.
local classify = require("lib.monthly_audit.classify")
local collect = require("lib.monthly_audit.collect")
local demo = require("lib.monthly_audit.demo")
local links = require("lib.monthly_audit.links")
local options_of = require("lib.monthly_audit.options")
local render = require("lib.monthly_audit.render")
local statistics = require("lib.monthly_audit.statistics")

local M = {}

-- "owner/repo" of a remote. With an API somewhere else (a mirror, a proxy), github.com's repositories count as well.
local function repository_of(remote)
    local url = remote.url or ""
    return github.repository_of(url) or url:gsub("%.git/?$", ""):match("github%.com[:/]([%w_%-]+/[%w_%-%.]+)$")
end

-- Where issues usually are: what a fork calls upstream, then origin, then any remote at GitHub.
local function home_of(repo)
    local remotes = repo:remotes()
    local function rank(remote) return remote.name == "upstream" and 1 or remote.name == "origin" and 2 or 3 end
    table.sort(remotes, function(a, b)
        if rank(a) ~= rank(b) then return rank(a) < rank(b) end
        return a.name < b.name
    end)
    for _, remote in ipairs(remotes) do
        local home = repository_of(remote)
        if home then return home end
    end
    uhost.fail("usage", "no remote of this repository is at GitHub",
        { hint = "say where its issues are: --github OWNER/NAME" })
end

-- The model that every format is rendered from.
local function audit(options)
    local started, requests = time.monotonic(), github.requests()
    local rules = policy.load("crash_tests")
    local repo = git.open(options.repo)
    local home = options.github or home_of(repo)
    local evidence = collect.files(repo, rules, home, options)
    collect.states(evidence, home)
    local verdicts = classify.verdicts(evidence)
    local stats = statistics.of(evidence, verdicts)
    stats.api_requests = github.requests() - requests
    stats.time_s = math.floor((time.monotonic() - started) * 1000 + 0.5) / 1000
    return {
        home = home, path = options.path, tip = evidence.tip_commit,
        from = options.from and time.iso(options.from), to = options.to and time.iso(options.to),
        demo = options.demo, color = not options.output and term.color("stdout"),
        verdicts = verdicts, stats = stats, site = links.site(verdicts),
    }
end

local function deliver(model, options)
    local text = render[options.format](model)
    if options.output then
        fs.write(options.output, text)
        if not uhost.dry_run then log.info(("report written to %s"):format(options.output)) end
    else
        io.write(text)
    end
end

--- Runs the audit. Returns the exit code; errors pass, with the exit codes of their kinds.
---@param arguments string[]
---@return integer
function M.run(arguments)
    local options = options_of.read(arguments)
    local model = options.demo and demo.run(options, audit) or audit(options)
    deliver(model, options)
    return options.fail_on_findings and model.stats.needing_attention > 0 and 1 or 0
end

return M
