-- `uhost fleet`: from a command line to runs and reports.
local byte_size = require("uhost.term.byte_size")
local command_line = require("lib.command_line")
local counted = require("lib.counted")
local events = require("lib.events")
local options_of = require("lib.fleet.options")
local outcomes = require("lib.fleet.outcomes")
local render = require("lib.fleet.render")
local repositories_of = require("lib.fleet.repositories")
local run_of = require("lib.fleet.run")
local script_of = require("lib.fleet.script")
local store_of = require("lib.fleet.store")

local M = {}

local max_listed = 100

-- Which run it is ----------------------------------------------------------------------------------------------------

local function settings_of(options)
    return { timeout_s = options.timeout, retries = options.retries, retry_pause_s = options.retry_pause,
        cpus = options.cpus, memory_bytes = options.memory, filter = options.filter,
        mirrors = options.mirrors and fs.absolute(options.mirrors), max_disk = options.max_disk, logs = options.logs,
        token = hash.text(("%.9f %s"):format(time.now(), fs.readlink("/proc/self"))):sub(1, 12) }
end

-- What is run over what: the same again is what a resumed run goes on with.
local function digest_of(run, repositories)
    local parts = { run.script, json.encode(json.array(run.arguments)), run.executor }
    for _, repository in ipairs(repositories) do
        parts[#parts + 1] = repository.url .. " " .. json.encode(json.array(repository.arguments))
    end
    return hash.text(table.concat(parts, "\n"))
end

local function described(options)
    local script, path = script_of.find(options.script)
    local repositories = repositories_of.read(options.over)
    local run = { script = script, arguments = script_of.with_json(path, options.arguments),
        executor = options.executor, settings = settings_of(options) }
    run.digest = digest_of(run, repositories)
    return run, repositories
end

local function reopened(store, run)
    local shards = store_of.requeue_failed(store, run.id, outcomes.transient())
    log.info(("run %d: %s that failed because of the outside world %s again"):format(run.id,
        counted(shards, "shard"), shards == 1 and "runs" or "run"))
    return store_of.run(store, run.id)
end

-- The run to go on with; nil when there is none.
local function resumed(store, options, digest)
    local run = store_of.unfinished(store, digest)
    if run then log.info(("run %d goes on"):format(run.id)) end
    if not options.retry_failed then return run end
    run = run or store_of.newest(store, digest)
    return run and reopened(store, run)
end

local function run_for(store, options)
    if not options.script then
        local run = resumed(store, options)
        if run then return run end
        uhost.fail("usage", "no run was interrupted", { hint = "uhost fleet run SCRIPT --over repos.txt begins one" })
    end
    local run, repositories = described(options)
    return options.resume and resumed(store, options, run.digest) or store_of.add(store, run, repositories)
end

-- Running ------------------------------------------------------------------------------------------------------------

local function is_over(counts) return not counts.queued and not counts.running end

local function hooks_for(store, run)
    local counts, shards = store_of.counts(store, run.id), 0
    for _, count in pairs(counts) do shards = shards + count end
    local progress = term.progress{ title = fs.basename(run.script), total = shards }
    progress:set(shards - (counts.queued or 0) - (counts.running or 0))
    return {
        on_end = function(shard, ending)
            if not ending.retry_at then progress:advance() end
            if not ending.cause then return end
            log.info(("%s: %s%s: %s"):format(shard.repository, outcomes.all[ending.outcome].words,
                ending.retry_at and ", tried again" or "", ending.cause))
        end,
        finish = function(summary) progress:finish(summary) end,
    }
end

local severities = { [0] = "info", "warning", "critical", "critical" }

-- Whoever is to hear of it is told by `notify`.
local function tell(run, counts, exit_code)
    local store = db.open()
    events.prepare(store)
    events.raise(store, {
        kind = "fleet.finished", key = ("fleet %s run %d"):format(run.settings.token, run.id),
        severity = severities[exit_code], text = render.counts(counts),
        title = ("fleet run %d of %s: %s"):format(run.id, fs.basename(run.script), render.counts(counts)),
        data = { run = run.id, script = run.script, exit_code = exit_code, counts = counts },
    })
    store:close()
end

local function deliver(text, options)
    if options.output then return command_line.write_report(options.output, text) end
    io.write(require("lib.github_actions").without_commands(text, options.format))
end

local function show(model, options)
    deliver(render.render(model, options.format, not options.output and term.color("stdout")), options)
end

-- Runs what is left, and reports.
local function go(store, options)
    local run = run_for(store, options)
    local hooks, is_done = hooks_for(store, run), false
    task.finally(function()
        run_of.go(store, run, options.max_parallel, hooks)
        is_done = is_over(store_of.counts(store, run.id))
    end, function()
        local counts = store_of.counts(store, run.id)
        hooks.finish(("fleet run %d: %s"):format(run.id, render.counts(counts)))
        if not is_done and task.cancelled() and not options.demo then
            log.info("uhost fleet run --resume goes on with it")
        end
    end)
    local counts = store_of.counts(store, run.id)
    local exit_code = outcomes.exit_code(counts)
    if not options.demo then tell(run, counts, exit_code) end
    store_of.finish(store, run.id, exit_code)
    show(render.model(store, store_of.run(store, run.id)), options)
    return exit_code
end

-- What is remembered -------------------------------------------------------------------------------------------------

local function named(store, options)
    local run = options.number and store_of.run(store, options.number) or not options.number and store_of.newest(store)
    if run then return run end
    uhost.fail("usage", options.number and ("there is no run %d"):format(options.number) or "no fleet was run yet",
        { hint = options.number and "uhost fleet list shows them" or "uhost fleet run SCRIPT --over repos.txt" })
end

local commands = {}

function commands.run(options)
    if options.demo then return require("lib.fleet.demo").run(options, go) end
    return go(store_of.open(), options)
end

function commands.status(options)
    local store = store_of.open()
    local model = render.model(store, named(store, options))
    deliver(options.format == "json" and render.render(model, "json") or render.status(model, term.color("stdout")),
        options)
    return 0
end

function commands.report(options)
    local store = store_of.open()
    local run = named(store, options)
    show(render.model(store, run), options)
    return run.exit_code or outcomes.exit_code(store_of.counts(store, run.id))
end

function commands.list(options)
    deliver(render.list(store_of.runs(store_of.open(), max_listed), options.format, term.color("stdout")), options)
    return 0
end

function commands.prune(options)
    local runs = store_of.forget(store_of.open(), options.older_than)
    for _, run in ipairs(runs) do
        local folder = run_of.folder(run)
        if fs.exists(folder) then fs.remove(folder, { recursive = true }) end
    end
    local mirrors = require("lib.fleet.mirrors").open({ folder = options.mirrors })
    local removed, bytes = mirrors:prune(options.max_disk or math.huge), 0
    for _, mirror in ipairs(removed) do bytes = bytes + mirror.size_bytes end
    print((uhost.dry_run and "%s would be forgotten, %s removed (%s)" or "%s forgotten, %s removed (%s)"):format(
        counted(#runs, "run"), counted(#removed, "mirror"), byte_size(bytes)))
    return 0
end

function commands.shard(options)
    return require("lib.fleet.shard").run({
        url = options.url, name = options.name or options.url, script = options.script, arguments = options.arguments,
        mirrors = options.mirrors, filter = options.filter, max_disk = options.max_disk, timeout = options.timeout,
        result = options.result,
    })
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local options = options_of.read(arguments)
    return commands[options.command](options)
end

return M
