-- The audit from its command line to its report.
local audits = require("lib.metrics.audits")
local classify = require("lib.monthly_audit.classify")
local closing = require("lib.monthly_audit.closing")
local collect = require("lib.monthly_audit.collect")
local command_line = require("lib.command_line")
local demo = require("lib.monthly_audit.demo")
local document = require("lib.monthly_audit.document")
local github_home = require("lib.github_home")
local issues = require("lib.monthly_audit.issues")
local metrics_store = require("lib.metrics.store")
local moves = require("lib.monthly_audit.moves")
local options_of = require("lib.monthly_audit.options")
local github_actions = require("lib.github_actions")
local render = require("lib.monthly_audit.render")
local tables = require("uhost.tables")
local tracking = require("lib.monthly_audit.tracking")

local M = {}

local function home_of(repo)
    return github_home.of(repo) or uhost.fail("usage", "no remote of this repository is at GitHub",
        { hint = "say where its issues are: --github OWNER/NAME" })
end

-- Closes what --close asks for. What was closed counts as closed from then on.
local function close_issues(subject, verdicts)
    local outcome = closing.run(subject, verdicts, issues.site(verdicts))
    if outcome.planned then return outcome, verdicts end
    for _, issue in ipairs(outcome.closed) do
        local state = subject.evidence.states[issue]
        state.state, state.reason = "closed", "completed"
    end
    return outcome, classify.verdicts(subject.evidence)
end

-- The model that every format is rendered from.
local function audit(options)
    local started, requests = time.monotonic(), github.requests()
    local rules = policy.load("crash_tests", { schema = require("lib.schemas.crash_tests") })
    local repo = git.open(options.repo)
    local home = options.github or home_of(repo)
    local evidence = collect.files(repo, rules, home, options)
    local also = tables.copy(rules:data().also)
    for _, named in ipairs(options.also) do also[#also + 1] = named end
    collect.states(evidence, home, also)
    moves.find_edited(repo, rules, evidence, classify.verdicts(evidence))
    local verdicts, closed = classify.verdicts(evidence), nil
    if options.close then
        local subject = { repo = repo, rules = rules, home = home, options = options, evidence = evidence }
        closed, verdicts = close_issues(subject, verdicts)
    end
    local stats = classify.statistics(evidence, verdicts)
    stats.api_requests = github.requests() - requests
    stats.time_s = math.floor((time.monotonic() - started) * 1000 + 0.5) / 1000
    return {
        home = home, path = options.path, tip = evidence.tip_commit,
        from = options.from and time.iso(options.from), to = options.to and time.iso(options.to),
        since = options.since, demo = options.demo, color = not options.output and term.color("stdout"),
        verdicts = verdicts, stats = stats, site = issues.site(verdicts), closing = closed,
        warning = evidence.warning,
    }
end

local function deliver(model, options)
    local text = render[options.format](model)
    if options.output then
        command_line.write_report(options.output, text)
    else
        io.write(github_actions.without_commands(text, options.format))
    end
    document.add_summary(model)
end

-- A tracking issue that cannot be written is no reason to withhold the report: it fails afterwards.
local function track(model, options)
    local ok, failure = pcall(function() model.tracking = tracking.run(model, options.tracking) end)
    if not ok and uhost.is_error(failure) and failure.kind == "interrupted" then error(failure, 0) end
    return ok, failure
end

-- For the history of audits. That it cannot be kept is worth a warning, not a failure.
local function keep_counts(model)
    local ok, failure = pcall(function()
        audits.keep(metrics_store.open(), model.home, model.stats, model.path, time.now())
    end)
    if ok then return end
    if not uhost.is_error(failure) or failure.kind == "interrupted" then error(failure, 0) end
    log.warn(("the counts of this audit were not kept: %s"):format(failure.message))
end

local function exit_code_of(model, options)
    for _, left in ipairs(model.closing and model.closing.left or {}) do
        if left.failed then return 3 end
    end
    return options.fail_on_findings and model.stats.needing_attention > 0 and 1 or 0
end

-- What becomes of issues when a pull request is merged.
local function look_at_pull(options)
    local pull = require("lib.monthly_audit.pull")
    local rules = policy.load("crash_tests", { schema = require("lib.schemas.crash_tests") })
    local repo = github.repository(github_home.required(options.github, options.repo))
    local model = pull.look(repo, rules, options.pull, options.path)
    io.write(github_actions.without_commands(pull.text(model), "markdown"))
    if options.comment then log.info(("comment: %s"):format(pull.comment(repo, model))) end
    return options.fail_on_findings and model.open > 0 and 1 or 0
end

--- Runs the audit. Returns the exit code; errors pass, with the exit codes of their kinds.
---@param arguments string[]
---@return integer
function M.run(arguments)
    local options = options_of.read(arguments)
    if options.pull then return look_at_pull(options) end
    local model = options.demo and demo.run(options, audit) or audit(options)
    local tracked, failure = true, nil
    if options.tracking then tracked, failure = track(model, options) end
    deliver(model, options)
    if not options.demo then keep_counts(model) end
    if not tracked then error(failure, 0) end
    return exit_code_of(model, options)
end

return M
