-- `uhost notify`: deliver what waits, and see what would be delivered.
local check = require("uhost.notify.event").check
local command_line = require("lib.command_line")
local router = require("lib.notify.router")

local M = {}

local function read_options(arguments)
    local parser = command_line.parser("notify",
        "Tell people what happened, where policies/notifications.lua says. Workflows keep events in the store; flush "
        .. "delivers them.",
        { "uhost notify preview --demo", "uhost notify status", "uhost --dry-run notify flush" },
        "0 fine, 1 messages were given up (status), 2 usage or policy, 3 a message could not be delivered, "
        .. "130 interrupted.")
    parser:command_target("command")
    local test = parser:command("test", "Send a message to a channel, to see that it works.")
    test:argument("channel", "The id of a channel of the policy.")
    local flush = parser:command("flush", "Deliver what is due; for cron, or at the end of a job.")
    flush:flag("--json", "Write the counts as JSON (uhost schema notify_flush).")
    local status = parser:command("status", "Show what waits and what was given up.")
    status:flag("--json", "Write it as JSON (uhost schema notify_status).")
    local preview = parser:command("preview",
        "Show where an event would go, when, how it looks, and why not elsewhere.")
    preview:argument("file", "A file with the event as JSON; - is standard input."):args("?")
    preview:flag("--demo", "Take an event that is made up.")
    preview:option("--at", "Decide as at this time (ISO 8601)."):argname("TIME")
    preview:flag("--json", "Write it as JSON (uhost schema notify_preview).")
    local ack = parser:command("ack", "Say that somebody looks after it, so that nobody else is told later.")
    ack:argument("thread", "The thread, or the key of the event, as status shows it.")
    ack:option("--who", "Who does."):argname("NAME")
    return parser:parse(arguments)
end

local function print_json(value) io.write(json.encode(value, { indent = 2 }), "\n") end

-- The commands --------------------------------------------------------------------------------------------------------

local function test(options)
    local rules = policy.load("notifications", { schema = require("lib.schemas.notifications") }):data()
    local known, found = {}, false
    for i, channel in ipairs(rules.channels) do
        known[i], found = channel.id, found or channel.id == options.channel
    end
    if not found then
        uhost.fail("usage", ("the policy notifications names no channel '%s'"):format(options.channel),
            { hint = uhost.suggest(options.channel, known) or "add it to M.channels in policies/notifications.lua" })
    end
    notify.test(options.channel)
    print(uhost.dry_run and "nothing was sent: this is a dry run"
        or ("a message was sent to %s"):format(options.channel))
    return 0
end

local function flush(options)
    local store = db.open()
    router.run(store)
    local counts = notify.flush({ store = store })
    if options.json then
        print_json(counts)
    else
        print(("%d sent, %d to be tried again, %d given up"):format(counts.sent, counts.failed, counts.dead))
    end
    return (counts.failed > 0 or counts.dead > 0) and 3 or 0
end

local function rows_of(list)
    local rows = {}
    for i, each in ipairs(list) do
        rows[i] = { channel = each.channel, event = each.event_key, due = each.due_at, attempts = each.attempts,
            reason = each.reason }
    end
    return rows
end

local function show_status(found)
    local out = report.new{ title = "Notifications" }
    local facts = {}
    for _, state in ipairs({ "pending", "sending", "sent", "suppressed", "cancelled", "dead" }) do
        facts[#facts + 1] = { state, found.counts[state] or 0 }
    end
    out:facts(facts)
    local columns = { { key = "channel", title = "Channel" }, { key = "event", title = "Event" },
        { key = "due", title = "Due" }, { key = "attempts", title = "Attempts" }, { key = "reason", title = "Why" } }
    out:table{ title = "Waiting", columns = columns, rows = rows_of(found.waiting), empty = "Nothing waits." }
    out:table{ title = "Given up", columns = columns, rows = rows_of(found.dead), empty = "Nothing was given up." }
    io.write(out:render("text", { color = term.color("stdout") }))
end

local function status(options)
    local store = db.open()
    router.run(store)
    local found = notify.status({ store = store })
    if options.json then
        found.waiting, found.dead = json.array(found.waiting), json.array(found.dead)
        found.counts = next(found.counts) and found.counts or json.decode("{}")
        print_json(found)
    else
        show_status(found)
    end
    return #found.dead > 0 and 1 or 0
end

local demo_event = {
    kind = "ci_failures.new", key = "example/kiln 0123456789abcdef new 17", severity = "warning",
    title = "[CI Failure] ci - test: 2 of 3 tests fail, the first is oven::heats",
    text = "thread 'oven::heats' panicked at src/oven.rs:7:5: it stays cold",
    url = "https://github.com/example/kiln/issues/12",
    data = { repository = "example/kiln", workflow = "ci.yml", job = "test", branch = "main",
        thread = "example/kiln 0123456789abcdef" },
}

local function read_event(options)
    if options.demo then return demo_event end
    if not options.file then uhost.fail("usage", "preview needs a file", { hint = "or --demo" }) end
    local text = options.file == "-" and io.read("*a") or fs.exists(options.file) and fs.read(options.file)
    if not text then
        uhost.fail("usage", ("there is no file %s"):format(options.file), { hint = "check the path" })
    end
    local ok, event = pcall(json.decode, text)
    if not ok or type(event) ~= "table" then
        uhost.fail("usage", ("%s holds no event"):format(options.file),
            { hint = "an object with kind, key, severity and title; see uhost help notify" })
    end
    local is_event, failure = pcall(check, event, "notify.preview")
    if not is_event then
        uhost.fail("usage", ("%s holds no event: %s"):format(options.file, failure.message), { hint = failure.hint })
    end
    return event
end

local function print_delivery(delivery)
    local where = delivery.to and ("%s %s"):format(delivery.type, delivery.to) or delivery.type
    print(("%s (%s), by the route %s, at %s%s"):format(delivery.channel, where, delivery.route, delivery.due_at,
        delivery.reason ~= "" and ": " .. delivery.reason or ""))
    for line in json.encode(delivery.payload, { indent = 2 }):gmatch("[^\n]+") do
        print("    " .. term.untrusted(line))
    end
end

local function preview(options)
    local folder = options.demo and fs.join(uhost.share, "scripts/lib/notify/demo") or nil
    local seen = notify.preview(read_event(options), { at = options.at, folder = folder })
    if options.json then
        seen.deliveries, seen.passed_over = json.array(seen.deliveries), json.array(seen.passed_over)
        seen.muted = seen.muted or json.null
        for _, delivery in ipairs(seen.deliveries) do delivery.to = delivery.to or json.null end
        print_json(seen)
        return 0
    end
    if seen.muted then print(("nowhere: the mute '%s' holds"):format(seen.muted)) end
    for _, delivery in ipairs(seen.deliveries) do print_delivery(delivery) end
    if #seen.deliveries == 0 and not seen.muted then print("nowhere: no route matches") end
    for _, each in ipairs(seen.passed_over) do print(("not by the route %s: %s"):format(each.route, each.why)) end
    return 0
end

local function ack(options)
    if notify.acknowledge(options.thread, { who = options.who }) then
        print("acknowledged")
        return 0
    end
    uhost.fail("usage", ("nothing is known of '%s'"):format(options.thread), { hint = "see uhost notify status" })
end

local commands = { test = test, flush = flush, status = status, preview = preview, ack = ack }

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local options = read_options(arguments)
    return commands[options.command](options)
end

return M
