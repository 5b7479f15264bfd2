-- `uhost serve`: a server, a schedule and a pool of commands, side by side until a signal ends them.
local admin = require("lib.serve.admin")
local cached_site = require("lib.serve.cached_site")
local counted = require("lib.counted")
local health_of = require("lib.serve.health")
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

-- How long what this service took is its own when it cannot be asked, and how often it is looked for what others left.
local lease_s, look_again_s = 120, 5

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
        versions[i] = store:data_version()
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
        ["/events"] = pages.events,
    }
    return function(request)
        if request.path == "/webhooks/github" then return take_delivery(request) end
        local answer = admin.answer(context, request)
        if answer then return answer end
        if request.method ~= "GET" and request.method ~= "HEAD" then return { status = 405, body = "GET it\n" } end
        local route = routes[request.path]
        if route then return route(context, request) end
        return pages.dashboard(context, request) or { status = 404, body = "there is nothing here\n" }
    end
end

-- How many deliveries are looked at side by side. Some ask GitHub, which takes a while.
local batch = 16

local function routed(rules, delivery)
    local ok, result = pcall(routing.route, rules, delivery)
    if ok then return result end
    if task.cancelled() then error(result, 0) end
    log.error(("delivery %s: %s"):format(delivery.id, tostring(result)))
    return store_of.postponed(delivery, tostring(result))
end

-- Looks at deliveries as they come.
local function route_deliveries(context, rules, bell)
    local health = context.health
    while not context.is_stopping() do
        local deliveries = health.persist(store_of.take_deliveries, context.lease, batch)
        if #deliveries == 0 then
            bell.wait(look_again_s)
        else
            local list = task.map(deliveries, function(delivery) return routed(rules, delivery) end,
                { concurrency = batch })
            health.persist(store_of.finish_deliveries, context.lease, list)
            context.pool.wake()
        end
    end
end

local function forget_daily(context)
    while true do
        context.health.persist(store_of.forget, context.store)
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

local function take_signals(signals, context, parts, options)
    local is_ending
    for name in signals do
        if name == "SIGHUP" then
            parts.schedule.reload()
            log.info("the policies are read again")
        elseif not is_ending then
            is_ending = true
            local running = context.pool.running
            log.info(name .. ": ending" .. (running == 0 and "" or ("; %s may go on for %s"):format(
                counted(running, "command"), time.human(options.grace))))
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

---@class serve.Context
---@field store db.Connection
---@field health serve.Health
---@field lease db.Lease?  under which it works
---@field pool serve.Pool?
---@field site serve.Site
---@field counters table<string, integer>
---@field readers integer
---@field started_at number
---@field stop fun()
---@field is_stopping fun(): boolean

---@return serve.Context
local function context_of(options)
    local is_stopping = false
    local store = store_of.open(options.demo)
    return {
        store = store, health = health_of.new(store), counters = {}, readers = 0, started_at = time.now(),
        site = site_of(options),
        stop = function() is_stopping = true end, is_stopping = function() return is_stopping end,
    }
end

local function receiver_of(context, arrived)
    return webhooks.handler(context.store, context.health, context.counters, arrived)
end

-- Does what follows from deliveries and schedules, under a lease: who loses it, as when the store was out of reach,
-- takes another. What ran then is run again, by whoever takes it.
local function work(context, rules, parts)
    context.health.persist(function()
        if context.is_stopping() then return end
        context.store:lease(nil, { ttl_s = lease_s, owner = "uhost serve" }, function(lease)
            context.lease = lease
            task.all({ function() route_deliveries(context, rules, parts.bell) end, parts.schedule.serve,
                parts.pool.serve })
        end)
    end)
end

-- Everything that runs side by side; `parts.running` ends when all of it has.
local function start(context, options)
    local rules = policy.load("events", { schema = require("lib.schemas.events") })
    local pool = pool_of.new(context, { jobs = options.jobs, timeout_s = options.timeout,
        memory_bytes = options.memory and options.memory * 2 ^ 20 })
    context.pool = pool
    local parts = { pool = pool, bell = require("lib.bell").new(), web = listen(options),
        schedule = schedule_of.new(context.store, context.health, pool.wake) }
    local take_delivery = receiver_of(context, parts.bell.ring)
    parts.running = task.interruptible(function()
        task.all({
            function() parts.web:serve(handler_of(context, take_delivery), { concurrency = 512 }) end,
            function() work(context, rules, parts) end,
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
            return context, handler_of(context, receiver_of(context, function() end))
        end)
    end
    if options.check then return check() end
    local context = context_of(options)
    local parts = start(context, options)
    local forgetting = task.spawn(forget_daily, context)
    -- From here on, for whoever reads that it listens may send one at once.
    local caught = process.signals({ "SIGHUP", "SIGINT", "SIGTERM" })
    local signals = task.spawn(take_signals, caught, context, parts, options)
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
