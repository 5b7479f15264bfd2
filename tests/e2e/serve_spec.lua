-- `uhost serve`: what it takes, what follows, and that nothing is lost.
local eventually = require("support.expect").eventually
local metrics_store = require("lib.metrics.store")
local prometheus = require("support.prometheus")
local servers = require("support.servers")
local service_of = require("support.service")

local deliver, jobs, deliveries = service_of.deliver, service_of.jobs, service_of.deliveries

-- A command that notes when it began and ended, and lasts `seconds`.
local function noting(seconds, code)
    return ([[
fs.append("notes", ("begin %%s\n"):format(arg[1]))
task.sleep(%s)
fs.append("notes", ("end %%s\n"):format(arg[1]))
return %d]]):format(seconds, code or 0)
end

local events = [[
return {
    rules = {
        { id = "pushed", event = "push", run = { "run", "note", "{sha}" } },
        { id = "starred", event = "star", actions = { "created" },
            when = function(event) return event.sender == "ada" end,
            run = { "run", "note", "star" } },
        { id = "branched", event = "create", run = { "run", "note", "{sender}" } },
    },
    commands = { note = { run = { "run", "note", "{number}" } } },
    examples = {},
}]]

local function push(sha, name)
    return { ref = "refs/heads/main", after = sha, repository = { full_name = name or "o/n" },
        sender = { login = "ada" } }
end

local function note_files(seconds, code)
    return { ["policies/events.lua"] = events, ["scripts/note.lua"] = noting(seconds or 0, code) }
end

local function notes(service) return fs.read(service.folder .. "/notes") or "" end

local function settled(service)
    for _, job in ipairs(jobs(service)) do
        if job.state == "queued" or job.state == "running" then return false end
    end
    return true
end

describe("uhost serve", function()
    it("runs what the policy says follows from a delivery, once for each delivery", function()
        service_of.with(note_files(), function(service)
            assert.equal(202, deliver(service, "push", push("abc"), { id = "one" }).status)
            assert.equal(200, deliver(service, "push", push("abc"), { id = "one" }).status)
            -- The id is not signed: the same body under another one is the same delivery.
            assert.equal(200, deliver(service, "push", push("abc"), { id = "another" }).status)
            eventually(function() return #jobs(service) == 1 and settled(service) end)
            assert.equal("begin abc\nend abc\n", notes(service))
            local job = jobs(service)[1]
            assert.same({ "done", 0, "push one", "o/n" }, { job.state, job.exit_code, job.source, job.lane })
        end)
    end)

    it("hands its tokens to the commands", function()
        local asking = "fs.append('notes', ('%d'):format(#uhost.mask('ghp_' .. ('a1'):rep(18))))"
        service_of.with({ ["policies/events.lua"] = events, ["scripts/note.lua"] = asking }, function(service)
            deliver(service, "push", push("abc"))
            eventually(function() return #jobs(service) == 1 and settled(service) end)
            assert.equal("3", notes(service))
        end, { token = "ghp_" .. ("a1"):rep(18) })
    end)

    it("asks the policy's functions, and says which rules apply", function()
        service_of.with(note_files(), function(service)
            local function star(login, id)
                deliver(service, "star", { action = "created", sender = { login = login },
                    repository = { full_name = "o/n" } }, { id = id })
            end
            star("ada", "a")
            star("eve", "b")
            eventually(function()
                local list = deliveries(service)
                return #list == 2 and list[1].state == "done" and list[2].state == "done"
            end)
            local noted = {}
            for _, each in ipairs(deliveries(service)) do noted[each.id] = each.note end
            assert.same({ a = "starred", b = "no rule is about it" }, noted)
        end)
    end)

    it("refuses what is forged, unsigned, no JSON or no delivery", function()
        service_of.with(note_files(), function(service)
            local body = push("abc")
            assert.equal(403, deliver(service, "push", body, { signature = "sha256=" .. ("0"):rep(64) }).status)
            assert.equal(403, deliver(service, "push", body, { signature = "" }).status)
            assert.equal(403, deliver(service, "push", body, { key = "another secret" }).status)
            assert.equal(415, deliver(service, "push", body, { content_type = "text/plain" }).status)
            assert.equal(400, deliver(service, "Push!", body).status)
            assert.equal(400, deliver(service, "push", body, { id = "a b" }).status)
            assert.equal(405, http.get(service.url .. "/webhooks/github").status)
            assert.equal(202, deliver(service, "push", "[1", { id = "broken" }).status)
            eventually(function() return deliveries(service)[1].state == "refused" end)
            assert.equal("the body is not a JSON object", deliveries(service)[1].note)
            assert.same({}, jobs(service))
        end)
    end)

    it("lets nobody turn a name into an option", function()
        service_of.with(note_files(), function(service)
            deliver(service, "create", { sender = { login = "--output=/tmp/x" }, repository = { full_name = "o/n" } })
            eventually(function() return deliveries(service)[1].state == "done" end)
            assert.matches("is not taken as an argument", deliveries(service)[1].note)
            assert.same({}, jobs(service))
        end)
    end)

    it("takes every payload of GitHub's own examples", function()
        service_of.with(note_files(), function(service)
            local sent = 0
            for event, text in servers.webhook_payloads() do
                sent = sent + 1
                local name = event:match("^[%l_]+")
                local status = deliver(service, name, text, { id = ("example-%d"):format(sent) }).status
                assert.is_true(status == 202 or status == 200, ("%s: %d"):format(event, status))
            end
            assert.is_true(sent > 300)
            eventually(function()
                return http.get(service.url .. "/metrics").body:find('uhost_serve_deliveries{state="queued"}', 1,
                    true) == nil
            end)
            assert.is_nil(http.get(service.url .. "/metrics").body:find('uhost_serve_deliveries{state="refused"}', 1,
                true))
        end)
    end)

    it("runs commands of one repository one after the other, those of others meanwhile", function()
        service_of.with(note_files(0.4), function(service)
            deliver(service, "push", push("a1", "o/a"))
            deliver(service, "push", push("a2", "o/a"))
            deliver(service, "push", push("b1", "o/b"))
            eventually(function() return #jobs(service) == 3 and settled(service) end)
            local text = notes(service)
            assert.is_true(text:find("end a1", 1, true) < text:find("begin a2", 1, true))
            assert.is_true(text:find("begin b1", 1, true) < text:find("begin a2", 1, true))
        end)
    end)

    it("tries again later what the outside world made fail", function()
        service_of.with(note_files(0, 3), function(service)
            deliver(service, "push", push("abc"))
            eventually(function() return jobs(service)[1] and jobs(service)[1].exit_code == 3 end)
            local job = jobs(service)[1]
            assert.same({ "queued", 1 }, { job.state, job.attempts })
            assert.is_true(job.due_at > job.ended_at)
        end)
    end)

    it("finishes what runs on SIGTERM, and takes nothing more", function()
        service_of.with(note_files(0.6), function(service)
            deliver(service, "push", push("abc"))
            eventually(function() return notes(service):find("begin", 1, true) end)
            service.child:kill("SIGTERM")
            local result = service.child:wait()
            assert.equal(0, result.code)
            assert.equal("begin abc\nend abc\n", notes(service))
            assert.equal("http.connect", (select(2, pcall(deliver, service, "push", push("x")))).kind)
        end)
    end)

    it("ends what takes longer than the grace, and runs it again at the next start", function()
        service_of.with(note_files(3600), function(service)
            deliver(service, "push", push("abc"))
            eventually(function() return notes(service):find("begin", 1, true) end)
            service.child:kill("SIGTERM")
            assert.equal(0, service.child:wait().code)
            fs.write(service.folder .. "/scripts/note.lua", noting(0))
            local again = service_of.start(service.folder)
            eventually(function() return notes(service):find("end abc", 1, true) end)
            again.child:close()
        end, { arguments = { "--grace", "0.2 s" } })
    end)

    it("accepts nothing in a dry run, and plans what would follow", function()
        service_of.with(note_files(), function(service)
            assert.equal(503, deliver(service, "push", push("abc")).status)
            eventually(function() return #jobs(service) == 1 and settled(service) end)
            assert.equal("", notes(service))
        end, { of_host = { "--dry-run" } })
    end)

    it("loses nothing that it accepted when it is killed", function()
        service_of.with(note_files(), function(service)
            local accepted = {}
            local sender = task.spawn(function()
                task.map({ 1, 2, 3, 4, 5, 6, 7, 8 }, function(lane)
                    for i = 1, 200 do
                        local id = ("kill-%d-%d"):format(lane, i)
                        local body = { sender = { login = "eve" }, action = "deleted", repository = { full_name = id } }
                        local ok, answer = pcall(deliver, service, "star", body, { id = id })
                        if not ok or answer.status ~= 202 then return end
                        accepted[#accepted + 1] = id
                    end
                end)
            end)
            eventually(function() return #accepted > 20 end)
            service.child:kill("SIGKILL")
            sender:await()
            local again = service_of.start(service.folder)
            local store = db.open(service.folder .. "/state/serve.sqlite", { read_only = true })
            for _, id in ipairs(accepted) do
                assert.is_truthy(store:one("SELECT id FROM serve_deliveries WHERE id = ?", { id }), id)
            end
            store:close()
            again.child:close()
        end)
    end)

    it("does what schedules say, and reads them again on SIGHUP", function()
        local files = note_files()
        files["policies/schedule.lua"] = "return { schedules = {} }"
        service_of.with(files, function(service)
            fs.write(service.folder .. "/policies/schedule.lua", [[return { schedules = {
                { id = "yearly", cron = "0 0 1 1 *", run = { "run", "note", "scheduled" } } } }]])
            service.child:kill("SIGHUP")
            eventually(function()
                local store = db.open(service.folder .. "/state/serve.sqlite", { read_only = true })
                local row = store:one("SELECT last_due_at FROM serve_schedules WHERE id = 'yearly'")
                store:close()
                return row
            end)
            -- It was due once in the last year, and the service did not run.
            service.child:kill("SIGTERM")
            service.child:wait()
            local store = db.open(service.folder .. "/state/serve.sqlite")
            store:execute("UPDATE serve_schedules SET last_due_at = ?", { time.now() - 366 * 86400 })
            store:close()
            local again = service_of.start(service.folder)
            eventually(function() return notes(service):find("end scheduled", 1, true) end)
            assert.equal(1, #jobs(again))
            again.child:close()
        end)
    end)

    it("says how it is to monitors, and what it does to administrators only", function()
        service_of.with(note_files(), function(service)
            local health = http.get(service.url .. "/healthz"):json()
            assert.same({ "ok", uhost.version }, { health.status, health.version })
            assert.matches("^%d+%-%d+%-%d+T", health.timestamp)
            assert.equal(200, http.get(service.url .. "/readyz").status)
            deliver(service, "push", push("abc"))
            local text = http.get(service.url .. "/metrics").body
            assert.matches('uhost_serve_deliveries_total{answer="accepted"} 1\n', text)
            assert.equal(401, http.get(service.url .. "/admin/jobs").status)
            assert.equal(401, http.get(service.url .. "/admin/jobs",
                { headers = { Authorization = "Bearer admin-token-1235" } }).status)
            assert.equal(404, http.get(service.url .. "/../../etc/passwd").status)
        end)
    end)

    it("gives numbers that Prometheus reads", function()
        if prometheus.missing() then return pending(prometheus.missing()) end
        service_of.with(note_files(), function(service)
            deliver(service, "push", push("abc"))
            deliver(service, "push", "[1", { id = "broken" })
            deliver(service, "push", push("abc"), { key = "another secret" })
            eventually(function() return #jobs(service) == 1 and settled(service) end)
            local answer = http.get(service.url .. "/metrics")
            assert.equal("", prometheus.problems(answer.body))
            assert.matches('uhost_serve_jobs{state="done"} 1\n', answer.body)
        end)
    end)

    it("refuses options that make no sense", function()
        servers.in_folder(function(folder)
            for _, words in ipairs({ { "--port", "65536" }, { "--timeout", "soon" }, { "--jobs", "0" },
                { "--github", "nowhere" } }) do
                local result = process.run{ os.getenv("UHOST") or "uhost", "serve", words[1], words[2],
                    env = { UHOST_STATE = folder .. "/state" } }
                assert.equal(2, result.code)
                assert.matches(words[1], result.stderr, 1, true)
                assert.is_nil(result.stderr:find("traceback", 1, true))
            end
        end)
    end)

    it("shows administrators what was written in no valid UTF-8", function()
        local files = note_files()
        files["scripts/note.lua"] = [[io.write("a\255b")]]
        service_of.with(files, function(service)
            deliver(service, "push", push("abc"))
            eventually(function() return #jobs(service) == 1 and settled(service) end)
            assert.equal("a\239\191\189b", jobs(service)[1].output)
        end)
    end)

    it("leaves jobs alone that run in another service, where it cannot listen itself", function()
        service_of.with(note_files(3600), function(service)
            deliver(service, "push", push("abc"))
            eventually(function() return notes(service):find("begin", 1, true) end)
            local second = process.run({ os.getenv("UHOST") or "uhost", "serve", "--no-dashboard",
                "--port", service.url:match("%d+$"), cwd = service.folder, mutates = "start it twice",
                env = { UHOST_STATE = service.folder .. "/state" } })
            assert.equal(3, second.code)
            assert.same({ "running", 1 }, { jobs(service)[1].state, jobs(service)[1].attempts })
        end, { arguments = { "--grace", "0.1 s" } })
    end)

    it("lets only so many readers watch its pages that webhooks have connections left", function()
        service_of.with(note_files(), function(service)
            local statuses = process.run({ "python3", "-c", ([[
import socket
watching = []
for _ in range(140):
    s = socket.create_connection(("127.0.0.1", %s)); s.settimeout(60)
    s.sendall(b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n"); watching.append(s)
print(sorted(set(s.recv(12)[9:] for s in watching)))
]]):format(service.url:match("%d+$")), check = true }).stdout
            assert.equal("[b'200', b'503']\n", statuses)
        end)
    end)

    it("says that it is there where it shows no dashboard", function()
        service_of.with(note_files(), function(service)
            assert.matches("uhost serves here", http.get(service.url .. "/").body)
        end)
    end)

    it("shows the dashboard of the last year, live", function()
        local day_s = 86400
        local function run(number, days_ago)
            return { repository = "o/n", source = "github", key = tostring(number), workflow = "ci.yml", event = "push",
                branch = "main", commit_sha = "", number = number, attempt = 1, conclusion = "success", url = "",
                created_at = math.floor(time.now()) - days_ago * day_s, duration_s = 60, version = "1" }
        end
        local function prepare(folder)
            local store = db.open(folder .. "/state/metrics.sqlite")
            metrics_store.prepare(store)
            metrics_store.keep(store, { run(1, 1), run(2, 2), run(3, 500) })
            store:close()
        end
        service_of.with(note_files(), function(service)
            local page = http.get(service.url .. "/builds.html")
            assert.same({ 200, "text/html; charset=utf-8" }, { page.status, page.headers["content-type"] })
            assert.matches('data%-live="events"', page.body)
            local data = http.get(service.url .. "/data/builds.js").body
            assert.equal(2, json.decode(data:match('dashboard%.dataset%("runs", (.-)%);\n')).rows)
        end, { dashboard = true, prepare = prepare })
    end)
end)

describe("a comment with a command", function()
    local function with_github(permission, body)
        servers.with("github", {}, function(github)
            http.post(github.control_url, { mutates = false,
                json = { repository = "o/n", settings = { permissions = { ada = permission } } } })
            service_of.with(note_files(), body, { api = github.url, token = "ghp_" .. ("a1"):rep(18) })
        end)
    end
    local function comment(service, text, login)
        deliver(service, "issue_comment", { action = "created", issue = { number = 12 },
            sender = { login = login or "ada" },
            repository = { full_name = "o/n" }, comment = { body = text } })
        eventually(function() return deliveries(service)[1] and deliveries(service)[1].state == "done" end)
        return deliveries(service)[1].note
    end

    it("is done for who may write", function()
        with_github("write", function(service)
            assert.equal("/note", comment(service, "please\n/uhost note\n"))
            eventually(function() return settled(service) and #jobs(service) == 1 end)
            assert.equal("begin 12\nend 12\n", notes(service))
        end)
    end)

    it("keeps no other delivery waiting when GitHub does not say who may write", function()
        service_of.with(note_files(), function(service)
            deliver(service, "issue_comment", { action = "created", issue = { number = 12 }, sender = { login = "ada" },
                repository = { full_name = "o/n" }, comment = { body = "/uhost note" } }, { id = "first" })
            deliver(service, "push", push("abc"), { id = "second" })
            eventually(function() return #jobs(service) == 1 and settled(service) end)
            assert.equal("begin abc\nend abc\n", notes(service))
            local store = db.open(service.folder .. "/state/serve.sqlite", { read_only = true })
            local first = store:one([[SELECT state, attempts, due_at - received_at AS later_s, note
                FROM serve_deliveries WHERE id = 'first']])
            store:close()
            assert.same({ "queued", 1 }, { first.state, first.attempts })
            assert.is_true(first.later_s >= 60 and first.note ~= "")
        end)
    end)

    it("is not done for others, nor with words of their own", function()
        with_github("read", function(service)
            assert.matches("ada may not write", comment(service, "/uhost note"))
            assert.matches("takes no words", comment(service, "/uhost note --output=/etc/x"))
            assert.matches("there is no command 'rm'", comment(service, "/uhost rm"))
            assert.same({}, jobs(service))
        end)
    end)
end)
