-- `uhost serve`: a server, a schedule and a pool of commands, side by side until a signal ends them.
local cached_site = require("lib.serve.cached_site")
local counted = require("lib.counted")
local options_of = require("lib.serve.options")
local pages = require("lib.serve.pages")
local pool_of = require("lib.serve.pool")
local routing = require("lib.serve.routing")
local schedule_of = require("lib.serve.schedule")
local store_of = require("lib.serve.store")
local webhooks = require("lib.serve.webhooks")

local M = {}

-- systemd hands over sockets that listen, from this descriptor on: sd_listen_fds(3).
local first_descriptor = 3

local function handed_over()
    local is_ours = os.getenv("LISTEN_PID") == fs.readlink("/proc/self")
    return is_ours and tonumber(os.getenv("LISTEN_FDS") or "0") >= 1 and first_descriptor or nil
end

local function listen(options)
    return server.listen({
        host = options.host, port = options.port, descriptor = handed_over(), certificate_file = options.certificate,
        key_file = options.key, max_body_bytes = webhooks.max_body_bytes, max_waiting = 4096,
    })
end

-- Where systemd started us, it wants to know.
local function notify_systemd(state)
    if not os.getenv("NOTIFY_SOCKET") then return end
    local ok, failure = pcall(process.run, { "systemd-notify", state, mutates = "notify systemd", check = true })
    if not ok then log.warn(("systemd was not notified: %s"):format(failure.message)) end
end

-- The dashboard -------------------------------------------------------------------------------------------------------

-- How far back the dashboard shows.
local window = "1 year"

-- Changes with every change of a store by another process.
local function mark_of(context)
    local versions = {}
    for i, store in ipairs({ context.builds, context.history, context.logs }) do
        versions[i] = tostring(store:one("PRAGMA data_version").data_version)
    end
    return table.concat(versions, " ")
end

local function no_site(reason)
    local text = "<!doctype html><html lang=\"en\"><title>uhost</title><p>" .. reason .. "</p></html>\n"
    return { files = function() return { ["index.html"] = text } end, version = function() return 0 end,
        wait = function() task.sleep(5) end }
end

local function site_of(options)
    if options.no_dashboard then return no_site("uhost serves here.") end
    local dashboard = require("lib.dashboard.site")
    local shown = { github = options.github, since = time.ago(window), page = {}, live = "events",
        demo = options.demo }
    local ok, context = pcall(dashboard.context, shown)
    if not ok then
        if not uhost.is_error(context) or context.kind ~= "usage" then error(context, 0) end
        log.info(("no dashboard: %s"):format(context.message))
        return no_site("There is no dashboard: no builds are known yet, or those of several repositories.")
    end
    return cached_site.new(function()
        context.now, context.since = time.now(), time.ago(window)
        return (dashboard.files(context, shown))
    end, function() return mark_of(context) end)
end

-- Requests ------------------------------------------------------------------------------------------------------------

local function handler_of(context, take_delivery)
    local routes = {
        ["/healthz"] = pages.health, ["/readyz"] = pages.readiness, ["/metrics"] = pages.metrics,
        ["/admin/jobs"] = pages.jobs, ["/admin/deliveries"] = pages.deliveries, ["/events"] = pages.events,
    }
    return function(request)
        if request.path == "/webhooks/github" then return take_delivery(request) end
        if request.method ~= "GET" and request.method ~= "HEAD" then return { status = 405, body = "GET it\n" } end
        local route = routes[request.path]
        if route then return route(context, request) end
        return pages.dashboard(context, request) or { status = 404, body = "there is nothing here\n" }
    end
end

-- Looks at deliveries as they come.
local function route_deliveries(context, rules, bell)
    while not context.is_stopping() do
        local delivery = store_of.next_delivery(context.store)
        if delivery then
            local ok, failure = pcall(routing.route, context.store, rules, delivery)
            if not ok then
                if task.cancelled() then error(failure, 0) end
                log.error(("delivery %s: %s"):format(delivery.id, tostring(failure)))
                store_of.postpone_delivery(context.store, delivery, tostring(failure))
            else
                context.pool.wake()
            end
        else
            bell.wait(60)
        end
    end
end

local function forget_daily(context)
    while true do
        store_of.forget(context.store)
        task.sleep(86400)
    end
end

-- Life ----------------------------------------------------------------------------------------------------------------

-- Stops in order: no more requests, no more jobs; then waits for those that run, as long as the grace lasts.
local function stop_in_order(context, parts, grace_s)
    notify_systemd("--stopping")
    parts.web:stop()
    parts.schedule.stop()
    parts.pool.stop()
    parts.bell.ring()
    local running = parts.running
    if not running:join(grace_s) then
        log.warn(("%s still running: ended now, run again at the next start"):format(
            counted(context.pool.running, "command")))
        running:cancel()
        running:join()
    end
end

local function take_signals(context, parts, options)
    local signals = process.signals({ "SIGHUP", "SIGINT", "SIGTERM" })
    local is_ending
    for name in signals do
        if name == "SIGHUP" then
            parts.schedule.reload()
            log.info("the policies are read again")
        elseif not is_ending then
            is_ending = true
            context.stop()
            task.spawn(function()
                stop_in_order(context, parts, options.grace)
                signals:close()
            end)
        else
            parts.running:cancel()
        end
    end
end

local function context_of(options)
    local is_stopping = false
    return {
        store = store_of.open(options.demo), counters = {}, readers = 0, started_at = time.now(),
        site = site_of(options),
        stop = function() is_stopping = true end, is_stopping = function() return is_stopping end,
    }
end

-- Everything that runs side by side; `parts.running` ends when all of it has.
local function start(context, options)
    local bell = require("lib.bell").new()
    local rules = policy.load("events", { schema = require("lib.schemas.events") })
    local pool = pool_of.new(context.store, { jobs = options.jobs, timeout_s = options.timeout,
        memory_bytes = options.memory and options.memory * 2 ^ 20 })
    context.pool = pool
    local schedule = schedule_of.new(context.store, pool.wake)
    -- First of all: who starts the service twice must not run again what the other one runs.
    local web = listen(options)
    local requeued = store_of.requeue_running(context.store)
    if requeued > 0 then log.info(("%d jobs were cut off, and run again"):format(requeued)) end
    local take_delivery = webhooks.handler(context.store, context.counters, bell.ring)
    local parts = { web = web, schedule = schedule, pool = pool, bell = bell }
    parts.running = task.interruptible(function()
        task.all({
            function() web:serve(handler_of(context, take_delivery), { concurrency = 512 }) end,
            function() route_deliveries(context, rules, bell) end,
            schedule.serve, pool.serve,
        })
    end)
    return parts
end

-- What the policies say, for people.
local function check()
    local rules = policy.load("events", { schema = require("lib.schemas.events") }):data()
    local shown, due, followed = report.new(), {}, {}
    for i, entry in ipairs(schedule_of.next_times()) do
        due[i] = { entry.id, entry.at and time.iso(entry.at) or "never", "uhost " .. table.concat(entry.command, " ") }
    end
    for i, rule in ipairs(rules.rules) do
        local what = ("%s %s"):format(rule.event, table.concat(rule.actions or {}, ", "))
        followed[i] = { rule.id, what, "uhost " .. table.concat(rule.run, " ") }
    end
    shown:table({ title = "Schedules", rows = due, empty = "policies/schedule.lua has none.",
        columns = { { title = "Schedule" }, { title = "Next (UTC)" }, { title = "Command" } } })
    shown:table({ title = "Webhooks", rows = followed, empty = "policies/events.lua has no rules.",
        columns = { { title = "Rule" }, { title = "Event" }, { title = "Command" } } })
    io.write(shown:render("text", { color = term.color("stdout") }))
    return 0
end

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local options = options_of.read(arguments)
    if options.demo then
        return require("lib.serve.demo").run(function()
            local context = context_of(options)
            return context, handler_of(context, webhooks.handler(context.store, context.counters, function() end))
        end)
    end
    if options.check then return check() end
    local context = context_of(options)
    local parts = start(context, options)
    local forgetting = task.spawn(forget_daily, context)
    local signals = task.spawn(take_signals, context, parts, options)
    log.info(("listening at %s"):format(parts.web.url))
    notify_systemd("--ready")
    parts.running:join()
    forgetting:cancel()
    signals:cancel()
    signals:join()
    if not context.is_stopping() then parts.running:await() end
    return 0
end

return M
