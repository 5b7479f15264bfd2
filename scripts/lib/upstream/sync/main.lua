-- `uhost upstream sync`: brings the fork's commits onto a release, in six stages. Each ends in a checkpoint in the
-- store, from which it goes on after any interruption, and from which there is always a way back.
local adapt = require("lib.upstream.sync.adapt")
local commands = require("lib.upstream.sync.commands")
local context_of = require("lib.upstream.sync.context")
local events = require("lib.events")
local finalize = require("lib.upstream.sync.finalize")
local fixes = require("lib.upstream.sync.fixes")
local github_actions = require("lib.github_actions")
local prepare = require("lib.upstream.sync.prepare")
local rebase = require("lib.upstream.sync.rebase")
local report_of = require("lib.upstream.sync.report")
local state_of = require("lib.upstream.sync.state")
local syncs = require("lib.upstream.syncs")
local undo = require("lib.upstream.sync.undo")
local worktrees = require("lib.upstream.sync.worktrees")

local M = { commands = {} }

local formats = { "text", "markdown", "json", "html" }

function M.declare(parser)
    local sync = parser:command("sync", "Bring the fork's commits onto a release. What cannot be resolved is left to "
        .. "you: --resume goes on from there, --rollback goes back. uhost --dry-run upstream sync changes nothing.")
    sync:mutex(
        sync:option("--to", "The release."):argname("VERSION"),
        sync:flag("--resume", "Go on where a sync has stopped or was interrupted."),
        sync:flag("--rollback", "Undo the sync that runs, or the last one."),
        sync:flag("--abort", "End a sync that is not finished, and leave the fork as it was."),
        sync:flag("--demo", "Show all stages on a fork made for it; no network, no token."))
    sync:mutex(
        sync:flag("--step-by-release", "Bring the commits onto each release in between, one after the other."),
        sync:flag("--direct", "Bring them onto the release at once (the default)."))
    sync:option("--priority", "high: what stops the sync is a critical event."):choices({ "normal", "high" })
        :default("normal")
    sync:flag("--accept", "With --resume: conflicted files that you have not changed are to stay as they are.")
    sync:flag("--test-each-commit", "If building or testing fails, find the first commit with which it does.")
    sync:option("--format", "How to write the report; as JSON, see uhost schema upstream_sync."):choices(formats)
        :default("text")
end

-- Events -------------------------------------------------------------------------------------------------------------

-- The same branch, release and trouble are told of once, however many syncs meet them: after --abort, a sync that runs
-- every night begins anew. `about`: what else tells one case from another.
local function raise(context, what, about, severity, title)
    local state = context.state
    events.raise(context.store, {
        kind = "upstream." .. what,
        key = ("%s %s %s %s onto %s %s"):format(context.project, context.fork, what, state.old_tip, state.target,
            about),
        severity = context.options.priority == "high" and severity ~= "info" and "critical" or severity,
        title = title, data = { project = context.project, version = state.version, sync = state.id },
    })
end

-- Stages -------------------------------------------------------------------------------------------------------------

local function stop_for_person(context)
    local state = context.state
    local entry = state.commits[state.conflict.number]
    context.say(("stopped: %s conflicts with %s"):format(entry.subject, state.version))
    for _, file in ipairs(state.conflict.files) do
        context.say(("  %s (%s%s)"):format(file.path, file.kind,
            file.driver and ("; its merge driver %s is not run"):format(file.driver) or ""))
    end
    context.say("read " .. fs.join(context.folder, "guide.md"))
    context.say("next: uhost upstream sync --resume")
    raise(context, "sync_conflict", entry.original, "warning",
        ("the sync with %s needs a person"):format(state.version))
    return 1
end

local function failed(context, what)
    context.say("next: uhost upstream sync --resume, once it is repaired; or --abort")
    raise(context, "sync_failed", what, "warning", ("the sync with %s stopped: %s"):format(context.state.version, what))
    return 1
end

local function finish(context)
    local state = context.state
    for _, name in ipairs({ "conflicts", "build" }) do worktrees.remove(context, name) end
    state.stage = "done"
    local path = report_of.write(context)
    local seconds, passed, failures = 0, nil, nil
    for _, each in ipairs(state.builds) do seconds = seconds + (each.duration_s or 0) end
    for _, each in ipairs(state.tests) do
        if each.tests then
            passed = (passed or 0) + (each.tests.passed or 0)
            failures = (failures or 0) + #each.tests.failed
        end
    end
    context.store:transaction(function()
        syncs.finish_sync(context.store, state.id, {
            status = "success", merge_commit = state.final.tip, sync_report_path = path, tests_passed = passed,
            tests_failed = failures, build_time_seconds = #state.builds > 0 and seconds or nil,
        })
        raise(context, "synced", state.final.tip, "info", ("the fork is on %s"):format(state.version))
        context.save()
    end)
    context.reached("done")
    context.say(("%s is on %s"):format(state.branch:match("[^/]+$"), state.version))
    return 0
end

-- What each stage does. Gives the exit code where the sync stops.
local stages = {}

function stages.prepare(context) prepare.run(context) end

function stages.rebase(context)
    if not rebase.run(context) then return stop_for_person(context) end
end

function stages.conflict(context)
    if not rebase.take_back(context) then return 1 end
end

function stages.adapt(context) adapt.run(context) end

function stages.build(context)
    if commands.build(context) or fixes.apply(context, context.state.builds) then return nil end
    return failed(context, "it does not build")
end

function stages.test(context)
    if commands.test(context) or fixes.apply(context, context.state.tests) then return nil end
    return failed(context, "its tests fail")
end

function stages.finalize(context) finalize.run(context) end

function stages.push(context)
    local ok, failure = pcall(finalize.push, context)
    if ok then return finish(context) end
    if uhost.is_error(failure) and failure.kind:find("^upstream%.") then
        raise(context, "sync_failed", failure.kind, "warning", ("the sync with %s is done here, and was not pushed: %s")
            :format(context.state.version, failure.message))
    end
    error(failure, 0)
end

function stages.undo(context)
    undo.run(context)
    local state = context.state
    local name = state.branch:match("[^/]+$")
    if context.repo:resolve(state.branch) == state.old_tip then
        context.say(("%s is as it was before the sync"):format(name))
    else
        context.say(("%s was moved by somebody else and stays where it is; before the sync it was %s"):format(name,
            state.old_tip))
    end
    return 0
end

local function run_stages(context)
    while true do
        local code = stages[context.state.stage](context)
        if code then return code end
    end
end

-- Commands -----------------------------------------------------------------------------------------------------------

local function begin(context, version)
    local open = state_of.unfinished(context.store, context.project, context.fork)
    if open then
        uhost.fail("upstream.unfinished", ("the sync with %s is not finished"):format(open.version),
            { hint = "uhost upstream sync --resume goes on with it, --abort ends it", details = { sync = open.id } })
    end
    local state = prepare.look(context, version)
    if not state then
        context.say(("the fork has %s already"):format(version))
        return 0
    end
    context.adopt(state)
    if context.is_dry_run then return nil end
    state.remote_tip = finalize.remote_tip(context)
    finalize.check_remote(context, state.remote_tip, "git pull, then begin again")
    prepare.begin(context, state)
    context.adopt(state)
    context.reached("begun")
end

local function resume(context)
    local open = state_of.unfinished(context.store, context.project, context.fork)
    if not open then
        uhost.fail("upstream.nothing_to_resume", "no sync of this fork is unfinished",
            { hint = "uhost upstream sync --to VERSION begins one" })
    end
    context.adopt(open)
end

local function go_back(context)
    local open = state_of.unfinished(context.store, context.project, context.fork)
    local state = open
        or not context.options.abort and state_of.last_done(context.store, context.project, context.fork)
    if not state then
        uhost.fail("upstream.nothing_to_undo", "there is no sync of this fork to undo",
            { hint = "uhost upstream history lists them" })
    end
    context.adopt(state)
    if state.stage == "done" and context.settings.push ~= "" then
        context.say(("what was pushed to %s stays there"):format(context.settings.push))
    end
    state.stage = "undo"
end

-- The first two stages in memory, and what would come after. Migrations are shown on the fork as it is now.
local function dry_run(context)
    context.state.tip = context.state.old_tip
    rebase.preview(context)
    adapt.run(context)
    commands.build(context)
    commands.test(context)
    context.state.tip, context.state.stage = nil, "prepare"
    return report_of.document(context), context.left_for_a_person and 1 or 0
end

local function print_report(document, options)
    local format = options.format
    local text = format == "json" and json.encode(document, { indent = 2 }) .. "\n"
        or report_of.page(document):render(format)
    io.write(github_actions.without_commands(text, format))
    if format ~= "json" then
        github_actions.add_summary(function(free_bytes)
            local page = report_of.page(document):render("markdown")
            return #page <= free_bytes and page or nil
        end)
    end
end

local function go(context, options)
    if options.resume then
        resume(context)
    elseif options.rollback or options.abort then
        go_back(context)
    else
        local code = begin(context, options.to)
        if code then return code end
    end
    if context.is_dry_run then
        if options.resume or options.rollback or options.abort then
            uhost.fail("usage", "a dry run shows a sync that begins", { hint = "uhost --dry-run upstream sync --to V" })
        end
        local document, code = dry_run(context)
        print_report(document, options)
        return code
    end
    local code = run_stages(context)
    if context.state.stage ~= "undone" or options.format == "json" then
        print_report(report_of.document(context), options)
    end
    return code
end

--- Runs the command with what a caller wants to hear of it.
---@param project upstream.Project
---@param options table
---@param hooks table?
---@return integer exit_code
function M.run(project, options, hooks)
    if project.fork == "" then
        uhost.fail("upstream.no_repository", "this is not a repository", { hint = "run it in the fork" })
    end
    local context = context_of.new(project, options, hooks)
    return task.finally(function()
        return state_of.alone(context, function() return go(context, options) end)
    end, function()
        local state = context.state
        if task.cancelled() and state and state.id and state.stage ~= "done" and state.stage ~= "undone" then
            context.say("uhost upstream sync --resume goes on from here; --abort leaves the fork as it was")
        end
        context.repo:close()
    end)
end

function M.commands.sync(project, options)
    if options.demo then return require("lib.upstream.sync.demo").run() end
    if not (options.to or options.resume or options.rollback or options.abort) then
        uhost.fail("usage", "sync needs --to VERSION, --resume, --rollback or --abort",
            { hint = "uhost upstream sync --help" })
    end
    return M.run(project, options)
end

return M
