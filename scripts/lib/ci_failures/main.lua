-- `uhost ci_failures`: from a command line to issues and reports.
local command_line = require("lib.command_line")
local counted = require("lib.counted")
local failures_of = require("lib.ci_failures.failures")
local options_of = require("lib.ci_failures.options")
local scan = require("lib.ci_failures.scan")
local store_of = require("lib.ci_failures.store")
local tracking = require("lib.ci_failures.tracking")

local M = {}

-- What a command works with.
local function context_of(options)
    local rules = policy.load("ci_failures", { schema = require("lib.schemas.ci_failures") })
    local repo = github.repository(options.github)
    return { repo = repo, rules = rules, store = store_of.open(options.demo) }
end

local function refine_with(rules)
    return function(run, job, cause)
        return rules:call("fingerprint", tracking.facts_of({
            workflow = run.workflow, job = job, cause = cause,
        }))
    end
end

local function deliver(text, options)
    if options.output then return command_line.write_report(options.output, text) end
    io.write(require("lib.github_actions").without_commands(text, options.format))
end

local function look(context, options)
    local found = scan.run(context.repo, context.store, context.rules, options)
    local failures, left_out, regrouped = failures_of.of(found, refine_with(context.rules))
    store_of.keep(context.store, context.repo.name, regrouped)
    return found, failures, left_out
end

-- Failures within the window, and older ones that have an open issue still.
local function current(context, failures, since)
    local known, list = store_of.fingerprints(context.store, context.repo.name), {}
    for _, failure in ipairs(failures) do
        local last = failure.occurrences[#failure.occurrences].run
        local state = (known[failure.fingerprint] or {}).state
        if last.created_at >= since or state == "open" then list[#list + 1] = failure end
    end
    return list
end

-- What there is within the window, of a list of { created_at } or { run = { created_at } }.
local function within(list, since)
    local found = {}
    for _, each in ipairs(list) do
        if (each.run or each).created_at >= since then found[#found + 1] = each end
    end
    return found
end

local function model_of(context, options)
    local found, failures, left_out = look(context, options)
    local since = time.iso(options.since)
    return {
        repository = context.repo.name, runs = #within(found.runs, since), read = found.read,
        left_out = within(left_out, since), actions = tracking.decide(context, current(context, failures, since)),
        is_done = false,
    }
end

local function show(model, options)
    local color = not options.output and term.color("stdout")
    deliver(require("lib.ci_failures.render").render(model, options.format, color), options)
end

local function check(context, options)
    local model = model_of(context, options)
    show(model, options)
    for _, action in ipairs(model.actions) do
        if action.kind == "create" or action.kind == "reopen" or action.issue and action.issue.state == "open" then
            return 1
        end
    end
    return 0
end

local function count_changes(model)
    local count = 0
    for _, action in ipairs(model.actions) do count = count + (action.kind ~= "none" and 1 or 0) end
    return count
end

-- Whether somebody agrees; nobody is there to ask unless both ends are a terminal.
local function agreed(model, options)
    if options.execute or uhost.dry_run then return true end
    if not (term.is_terminal("stdin") and term.is_terminal("stdout")) then
        uhost.fail("usage", "nobody is there to ask whether the issues may be written",
            { hint = "add --execute, or look first with uhost ci_failures check" })
    end
    show(model, options)
    local count = count_changes(model)
    if count == 0 then return true end
    io.write(("\nWrite %s? [y/N] "):format(counted(count, "issue")))
    return (io.read("*l") or ""):lower():match("^%s*y") ~= nil
end

local function track(context, options)
    local model = model_of(context, options)
    if not agreed(model, options) then
        log.info("nothing was changed")
        return 0
    end
    tracking.perform(context, model.actions)
    model.is_done = not uhost.dry_run
    show(model, options)
    return 0
end

local function flaky(context, options)
    local found, failures = look(context, options)
    return require("lib.ci_failures.flaky").run(context, options, found, failures, deliver)
end

local function stats(context, options)
    local found, failures = look(context, options)
    return require("lib.ci_failures.stats").run(context, options, found, failures, deliver)
end

local commands = { check = check, track = track, flaky = flaky, stats = stats }

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local options = options_of.read(arguments)
    local function act() return commands[options.command](context_of(options), options) end
    if options.demo then return require("lib.ci_failures.demo").run(options, act) end
    return act()
end

return M
