-- `notify` from an event to what services take, against their stand-ins.
local assert_schema = require("support.ci_world").assert_schema
local messages = require("support.messages")

local one_channel = [[
return {
    channels = { { id = "team", type = "%s", to = %s } },
    routes = { { id = "all", match = {}, channels = { "team" } } },
    max_attempts = 3,
}
]]

local function policy_of(type, to) return one_channel:format(type, to and ("%q"):format(to) or "nil") end

local function send(key, more)
    return ([[notify.send({ kind = "ci_failures.new", key = %q, severity = "warning", title = "A title: %s", %s
        text = "Some text", url = "https://example.org/1" })]]):format(key, key, more or "")
end

-- Lets everything that waits be due.
local make_due = [[
    db.open():execute("UPDATE notify_outbox SET due_at = '2020-01-01T00:00:00Z' WHERE state = 'pending'")
]]

local function assert_fine(result)
    assert.equal(0, result.code, result.stderr)
    return result
end

local function state_of(world)
    local text = world.notify("status", "--json").stdout
    assert_schema("notify_status", text)
    return json.decode(text)
end

local types = { "slack", "discord", "teams", "webhook" }

describe("notify", function()
    for _, type in ipairs(types) do
        it("delivers to " .. type .. " once, and shows its secret nowhere", function()
            messages.with(function(world)
                world.policy(policy_of(type))
                assert_fine(world.run(send("one") .. send("one")))
                local result = assert_fine(world.notify("flush"))
                assert.matches("1 sent", result.stdout)
                assert.matches("0 sent", world.notify("flush").stdout)
                local arrived = world.arrived()
                assert.same({ 1, {} }, { #arrived.messages, arrived.refused })
                assert.matches("A title: one", arrived.messages[1].body)
                local trail = world.run("for _, e in ipairs(plan.history()) do print(json.encode(e)) end").stdout
                assert.matches("notify.send", trail)
                for _, text in ipairs({ trail, result.stdout, result.stderr }) do
                    assert.is_nil(text:find("verysecret", 1, true))
                end
            end)
        end)
    end

    it("signs what goes to a webhook of one's own", function()
        messages.with(function(world)
            world.policy(policy_of("webhook"))
            world.run(send("one"))
            assert_fine(world.notify("flush"))
            local message = world.arrived().messages[1]
            local signed = message.headers["x-uhost-timestamp"] .. "." .. message.body
            local digest = process.run({ "openssl", "dgst", "-sha256", "-hmac", "verysecretkey", stdin = signed })
            assert.equal("sha256=" .. digest.stdout:match("(%x+)%s*$"), message.headers["x-uhost-signature"])
        end)
    end)

    it("sends to a stream of Zulip as a form", function()
        messages.with(function(world)
            world.policy(policy_of("zulip", "ci"))
            world.run(send("one"))
            assert_fine(world.notify("flush"))
            local message = world.arrived().messages[1]
            assert.matches("to=ci", message.body)
            assert.matches("^Basic ", message.headers.authorization)
        end)
    end)

    it("answers in the thread of its own message, as a bot", function()
        messages.with(function(world)
            world.policy(policy_of("slack", "#ci"))
            local env = { SLACK_BOT_TOKEN = "xoxb-verysecretbot",
                UHOST_NOTIFY_SLACK_API_URL = world.url .. "/slack/api" }
            world.run(send("one", "data = { thread = 't' },"), { env = env })
            assert_fine(world.run("notify.flush()", { env = env }))
            world.run(send("two", "data = { thread = 't' },"), { env = env })
            assert_fine(world.run("notify.flush()", { env = env }))
            local list = world.arrived().messages
            assert.is_nil(json.decode(list[1].body).thread_ts)
            local second = json.decode(list[2].body)
            assert.same({ "1001.000100", "#ci" }, { second.thread_ts, second.channel })
            assert.equal("Bearer xoxb-verysecretbot", list[2].headers.authorization)
        end)
    end)

    local function send_and_flush(world, key, more)
        world.run(send(key, more))
        assert_fine(world.notify("flush"))
    end

    it("edits its own message at Discord when it is over, and writes a new one when it comes again", function()
        messages.with(function(world)
            world.policy(policy_of("discord"))
            send_and_flush(world, "new", "data = { thread = 't' }, severity = 'warning',")
            send_and_flush(world, "again", "data = { thread = 't' }, severity = 'critical',")
            send_and_flush(world, "fixed", "data = { thread = 't' }, severity = 'info',")
            send_and_flush(world, "other", "severity = 'info',")
            local list = world.arrived().messages
            local seen = {}
            for i, message in ipairs(list) do
                seen[i] = ("%s %s"):format(message.method, message.path:gsub("^/discord/verysecretdiscord", ""))
            end
            assert.same({ "POST ?wait=true", "POST ?wait=true", "PATCH /messages/1001", "POST ?wait=true" }, seen)
            world.faults({ { path = "/discord/verysecretdiscord/messages", status = 404 } })
            send_and_flush(world, "fixed again", "data = { thread = 't' }, severity = 'info',")
            assert.equal("POST", world.arrived().messages[5].method)
            world.run(send("elsewhere"))
            local address = world.url .. "/discord/verysecretdiscord/?thread_id=9"
            assert_fine(world.run("notify.flush()", { env = { DISCORD_WEBHOOK_URL = address } }))
            assert.equal("/discord/verysecretdiscord/?thread_id=9&wait=true", world.arrived().messages[6].path)
        end)
    end)

    it("answers at Zulip in the topic of the first message, whatever the later ones are called", function()
        messages.with(function(world)
            world.policy(policy_of("zulip", "ci"))
            send_and_flush(world, "one", "data = { thread = 't' }, title = 'The kiln is cold',")
            send_and_flush(world, "two", "data = { thread = 't' }, title = 'The kiln is hot again',")
            for _, message in ipairs(world.arrived().messages) do
                assert.matches("topic=The%%20kiln%%20is%%20cold", (message.body:gsub("%+", "%%20")))
            end
        end)
    end)

    it("takes a service that does not answer for one that is down, and sends the message again by its key", function()
        messages.with(function(world)
            world.policy(policy_of("slack"))
            world.faults({ { path = "/slack", silent = true } })
            world.run(send("one"))
            local result = world.notify("flush")
            assert.equal(3, result.code)
            assert.equal(1, state_of(world).waiting[1].attempts)
            world.run(make_due)
            assert_fine(world.notify("flush"))
            assert.equal(1, #world.arrived().messages)
        end, { UHOST_HTTP_TIMEOUT_S = "0.5" })
    end)

    -- A mail's subject, the types of its parts, and the first line of its text, as a reader's program sees them.
    local function parsed(world, mail)
        fs.write(world.folder .. "/mail.eml", mail.text)
        return process.run({ "python3", "-c", [[
import email, email.policy, sys
m = email.message_from_file(open(sys.argv[1]), policy=email.policy.default)
print(m["subject"], [p.get_content_type() for p in m.walk()], m.get_body(("plain",)).get_content().split("\n")[0])
]], world.folder .. "/mail.eml", env = { PYTHONIOENCODING = "utf-8", PYTHONUTF8 = "1" }, check = true }).stdout
    end

    it("hands mail over encrypted, with text and HTML", function()
        messages.with(function(world)
            world.policy(policy_of("email", "ada@example.org, grace@example.org"))
            world.run(send("grüße"), {})
            local result = world.run("notify.flush()", { env = { UHOST_NOTIFY_SMTP_USER = "robot",
                SMTP_PASSWORD = "verysecretpassword" } })
            assert.equal("", result.stderr)
            local mail = world.arrived().mails[1]
            assert.same({ true, "robot", "uhost@example.org", { "ada@example.org", "grace@example.org" } },
                { mail.encrypted, mail.user, mail.from, mail.to })
            assert.equal("A title: grüße ['multipart/alternative', 'text/plain', 'text/html'] A title: grüße\n",
                parsed(world, mail))
        end)
    end)

    it("shows a title that looks like encoded words as it is", function()
        messages.with(function(world)
            world.policy(policy_of("email", "ada@example.org"))
            world.run(send("=?UTF-8?Q?other?="))
            world.run("notify.flush()")
            assert.matches("^A title: =%?UTF%-8%?Q%?other%?= ", parsed(world, world.arrived().mails[1]))
        end)
    end)

    it("sends no mail offline", function()
        messages.with(function(world)
            world.policy(policy_of("email", "ada@example.org"))
            world.run(send("one"))
            local result = world.run("notify.flush()", { host = { "--offline" } })
            assert.matches("is not contacted: uhost runs offline", result.stderr)
            assert.same({}, world.arrived().mails)
        end)
    end)

    it("refuses a mail server's address with a password in it, and does not show it", function()
        messages.with(function(world)
            world.policy(policy_of("email", "ada@example.org"))
            world.run(send("one"))
            local result = world.run("notify.flush()",
                { env = { UHOST_NOTIFY_SMTP_URL = "smtp://ada:verysecretmail@localhost:1" } })
            local said = result.stdout .. result.stderr .. json.encode(world.run(
                "print(json.encode(db.open():query('SELECT state, reason FROM notify_outbox')))").stdout)
            assert.matches("notify.smtp_url names a user", said)
            assert.is_nil(said:find("verysecretmail", 1, true))
            assert.same({}, world.arrived().mails)
        end)
    end)

    it("tries again later what a service did not take, and waits as long as it asks", function()
        messages.with(function(world)
            world.policy(policy_of("discord"))
            world.faults({ { path = "/discord", status = 429, headers = { ["retry-after"] = "7200" } } })
            world.run(send("one"))
            local result = world.notify("flush")
            assert.equal(3, result.code)
            local waiting = state_of(world).waiting[1]
            assert.equal(1, waiting.attempts)
            assert.is_true(time.parse(waiting.due_at) > time.now() + 7000)
            assert.same({}, world.arrived().messages)
            assert.matches("0 sent", world.notify("flush").stdout)
        end)
    end)

    it("gives up after the policy's attempts, and at once where another one would fail as well", function()
        messages.with(function(world)
            world.policy(policy_of("discord"))
            world.faults({ { path = "/discord", status = 400, body = { message = "name: 300 is more than 256" } } })
            world.run(send("one"))
            assert.equal(3, world.notify("flush").code)
            local found = state_of(world)
            assert.same({ 1, 1 }, { #found.dead, world.notify("status").code })
            assert.matches("name: 300 is more than 256", found.dead[1].reason)
            world.faults({ { path = "/discord", status = 503, times = 9 } })
            world.run(send("two"))
            for _ = 1, 3 do
                world.notify("flush")
                world.run(make_due)
            end
            assert.equal(2, #state_of(world).dead)
        end)
    end)

    it("sends one message once when two flush at the same time", function()
        messages.with(function(world)
            world.policy(policy_of("webhook"))
            local code = {}
            for i = 1, 30 do code[i] = send("key " .. i) end
            assert_fine(world.run(table.concat(code, "\n")))
            local children = { world.start("flush"), world.start("flush") }
            for _, child in ipairs(children) do assert.equal(0, child:wait(120).code) end
            assert.equal(30, #world.arrived().messages)
        end)
    end)

    it("sends again, under the same key, what may have been lost", function()
        messages.with(function(world)
            world.policy(policy_of("webhook"))
            world.faults({ { path = "/hook", lost = true } })
            world.run(send("one"))
            world.notify("flush")
            world.run(make_due)
            assert_fine(world.notify("flush"))
            local list = world.arrived().messages
            assert.equal(2, #list)
            assert.equal(list[1].headers["idempotency-key"], list[2].headers["idempotency-key"])
        end)
    end)

    it("plans under --dry-run, and sends nothing", function()
        messages.with(function(world)
            world.policy(policy_of("slack"))
            world.run(send("one"))
            local result = assert_fine(world.run("notify.flush()", { host = { "--dry-run" } }))
            assert.matches("tell team: A title: one", result.stdout .. result.stderr)
            assert.same({}, world.arrived().messages)
            assert.equal(1, #state_of(world).waiting)
        end)
    end)

    it("sends nothing to a host that is neither the service's nor in the settings", function()
        messages.with(function(world)
            world.policy(policy_of("slack"))
            world.run(send("one"), { env = { UHOST_NOTIFY_HOSTS = "" } })
            local result = world.run("notify.flush()", { env = { UHOST_NOTIFY_HOSTS = "" } })
            assert.matches("leads to 127.0.0.1, where no message may go", result.stderr)
            assert.same({}, world.arrived().messages)
        end)
    end)

    it("writes to files of messages only, in the folder that the machine's owner says", function()
        messages.with(function(world)
            local folder = fs.temp_dir()
            fs.write(folder:path() .. "/profile", "")
            for i, name in ipairs({ folder:path() .. "/profile", "../profile", "notify.sqlite" }) do
                world.policy(policy_of("file", name))
                local result = world.run(send("to " .. i) .. make_due .. "notify.flush()")
                assert.matches("where no message may go", result.stdout .. result.stderr)
            end
            assert.equal("", fs.read(folder:path() .. "/profile"))
            world.policy(policy_of("file", "kept.jsonl"))
            assert_fine(world.run(send("kept") .. " notify.flush()",
                { env = { UHOST_NOTIFY_FILE_FOLDER = folder:path() } }))
            assert.matches("A title: kept", fs.read(folder:path() .. "/kept.jsonl"))
            folder:close()
        end)
    end)

    it("delivers what workflows kept in the store, once", function()
        messages.with(function(world)
            world.policy(policy_of("webhook"))
            assert_fine(world.run([[
                package.path = uhost.share .. "/scripts/?.lua;" .. package.path
                local events, store = require("lib.events"), db.open()
                events.prepare(store)
                events.raise(store, { kind = "upstream.release", key = "1.2", severity = "info", title = "1.2 is out" })
            ]]))
            assert.matches("1 sent", assert_fine(world.notify("flush")).stdout)
            assert.matches("0 sent", assert_fine(world.notify("flush")).stdout)
        end)
    end)

    it("renders a channel of the user's own in the sandbox", function()
        messages.with(function(world)
            world.policy(policy_of("pager"))
            fs.mkdir(world.folder .. "/policies/channels")
            fs.write(world.folder .. "/policies/channels/pager.lua",
                "return { render = function(message) return { json = { page = message.title } } end }")
            world.run(send("one"))
            assert_fine(world.notify("flush"))
            assert.equal("A title: one", json.decode(world.arrived().messages[1].body).page)
        end)
    end)
end)

describe("the policy notifications", function()
    local function preview(world, event, ...)
        fs.write(world.folder .. "/event.json", json.encode(event))
        local result = assert_fine(world.notify("preview", "event.json", "--json", ...))
        assert_schema("notify_preview", result.stdout)
        return json.decode(result.stdout)
    end

    local function event(more)
        local made = { kind = "ci_failures.new", key = "k", severity = "warning", title = "t",
            data = { branch = "main", thread = "t" } }
        for key, value in pairs(more or {}) do made[key] = value end
        return made
    end

    it("matches fields, maps severities, mutes, and says why not elsewhere", function()
        messages.with(function(world)
            world.policy([[
                return {
                    channels = { { id = "a", type = "stdout" }, { id = "b", type = "stdout" } },
                    routes = {
                        { id = "main", match = { kind = "ci_failures.*", ["data.branch"] = { "main", "release/*" } },
                            channels = { "a" } },
                        { id = "critical", match = { severity = "critical" }, channels = { "b" } },
                        { id = "asked", match = {}, channels = { "b" },
                            when = function(event) return event.title == "ask" end },
                    },
                    severities = { ["ci_failures.budget"] = "critical" },
                    mutes = { { id = "known", match = { title = "known" }, ["until"] = "2030-01-01" } },
                }
            ]])
            local seen = preview(world, event())
            assert.same({ 1, "a" }, { #seen.deliveries, seen.deliveries[1].channel })
            assert.same({ { route = "critical", why = "severity does not match" },
                { route = "asked", why = "its function says no" } }, seen.passed_over)
            assert.equal(2, #preview(world, event({ kind = "ci_failures.budget" })).deliveries)
            assert.equal(2, #preview(world, event({ title = "ask" })).deliveries)
            assert.equal("known", preview(world, event({ title = "known" })).muted)
            assert.equal(0, #preview(world, event({ title = "known" })).deliveries)
            assert.equal(1, #preview(world, event({ title = "known" }), "--at", "2030-02-01").deliveries)
        end)
    end)

    it("waits for quiet hours to end, in their zone, also across a change of the clocks", function()
        messages.with(function(world)
            world.policy([[
                return {
                    channels = { { id = "a", type = "stdout" } },
                    routes = { { id = "all", match = {}, channels = { "a" } } },
                    quiet_hours = { from = "22:00", to = "07:00", zone = "Europe/Berlin" },
                }
            ]])
            local function due(at, more) return preview(world, event(more), "--at", at).deliveries[1].due_at end
            assert.equal("2026-01-15T06:00:00Z", due("2026-01-14T23:30:00Z"))
            assert.equal("2026-07-15T05:00:00Z", due("2026-07-14T23:30:00Z"))
            assert.equal("2026-03-29T05:00:00Z", due("2026-03-28T23:30:00Z"))
            assert.equal("2026-07-15T12:00:00Z", due("2026-07-15T12:00:00Z"))
            assert.equal("2026-01-14T23:30:00Z", due("2026-01-14T23:30:00Z", { severity = "critical" }))
        end)
    end)

    it("groups, throttles, escalates what nobody acknowledged, and digests", function()
        messages.with(function(world)
            world.policy([[
                return {
                    channels = { { id = "a", type = "webhook" }, { id = "b", type = "webhook" },
                        { id = "late", type = "webhook" } },
                    routes = {
                        { id = "grouped", match = { kind = "x.group" }, channels = { "a" },
                            group = { key = "kind", window = "10 minutes" } },
                        { id = "few", match = { kind = "x.many" }, channels = { "a" },
                            throttle = { count = 2, window = "1 hour" } },
                        { id = "watched", match = { kind = "x.watched" }, channels = { "a" },
                            escalate = { after = "2 hours", channels = { "late" } } },
                        { id = "daily", match = { kind = "x.digest" }, channels = { "b" }, digest = "daily" },
                    },
                }
            ]])
            local function raise(kind, key, thread)
                return ("notify.send({ kind = %q, key = %q, severity = 'info', title = %q, data = { thread = %q } })")
                    :format(kind, key, key, thread or key)
            end
            assert_fine(world.run(raise("x.group", "g1") .. raise("x.group", "g2") .. raise("x.many", "m1")
                .. raise("x.many", "m2") .. raise("x.many", "m3") .. raise("x.watched", "w1")
                .. raise("x.watched", "w2") .. raise("x.digest", "d1")))
            assert_fine(world.notify("flush"))
            assert.equal(4, #world.arrived().messages)
            assert.equal(1, state_of(world).counts.suppressed)
            assert_fine(world.notify("ack", "w1", "--who", "ada"))
            assert.equal(2, world.notify("ack", "nothing").code)
            world.run(make_due)
            assert_fine(world.notify("flush"))
            local list = world.arrived().messages
            local titles = {}
            for i = 5, #list do titles[#titles + 1] = json.decode(list[i].body).title end
            table.sort(titles)
            assert.same({ "2 events: 2 × x.group", "d1", "w2" }, titles)
            assert.equal(1, state_of(world).counts.cancelled)
        end)
    end)

    it("says what is wrong with an event, a zone, and a channel", function()
        messages.with(function(world)
            fs.write(world.folder .. "/event.json", "{\"kind\": \"x\"}")
            local result = world.notify("preview", "event.json")
            assert.equal(2, result.code)
            assert.equal(2, world.notify("preview", "missing.json").code)
            world.policy("return { quiet_hours = { from = '22:00', to = '07:00', zone = 'Mars/Olympus' } }")
            fs.write(world.folder .. "/event.json", json.encode(event()))
            result = world.notify("preview", "event.json")
            assert.equal(2, result.code)
            assert.matches("no time zone 'Mars/Olympus'", result.stderr)
            result = world.notify("test", "nobody")
            assert.equal(2, result.code)
            assert.matches("names no channel 'nobody'", result.stderr)
        end)
    end)
end)
