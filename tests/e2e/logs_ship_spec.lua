-- `uhost logs ship` against stand-ins that hold what arrives against the services' documented formats.
local assert_schema = require("support.ci_world").assert_schema
local expect = require("support.expect")
local servers = require("support.servers")

local secrets = {
    LOKI_TOKEN = "verysecretloki", DATADOG_LOGS_API_KEY = "verysecretdatadog",
    BETTER_STACK_SOURCE_TOKEN = "verysecretbetter", ELASTICSEARCH_LOGS_TOKEN = "verysecretelastic",
    S3_LOGS_SECRET_KEY = "verysecrets3", LOG_SINK_TOKEN = "verysecretown",
}

local count = 2500

local function log_text_of(lines)
    local list = {}
    for i = 1, lines do
        list[i] = ("2026-01-31T10:%02d:%02d.1230000Z line %d \"quoted\\\" ]"):format(i / 60 % 60, i % 60, i)
    end
    list[#list] = list[#list]:sub(1, 29) .. "##[error]the end, and verysecretloki"
    return table.concat(list, "\n") .. "\n"
end

local function with(body)
    servers.in_folder(function(folder)
        local key, certificate = servers.certificate(folder)
        servers.with("sinks", { key, certificate }, function(server)
            local world = { folder = folder, url = ("http://127.0.0.1:%d"):format(server.port), ports = server.ports }
            function world.arrived() return http.get(world.url .. "/_control"):json() end
            function world.faults(list)
                http.post(world.url .. "/_control", { json = { faults = json.array(list) }, mutates = false })
            end
            function world.policy(text)
                fs.mkdir(folder .. "/policies")
                fs.write(folder .. "/policies/log_sinks.lua", text)
            end
            -- One sink of a type, with more fields of it as Lua.
            function world.sink(type, more)
                world.policy(("return { sinks = { { id = 'one', type = %q, url = %q, %s } } }"):format(type, world.url,
                    more or ""))
            end
            function world.command(...)
                local command = { os.getenv("UHOST") or "uhost", "-q", ... }
                command.cwd = folder
                command.env = { UHOST_STATE = folder .. "/state", GITHUB_ACTIONS = false, COLUMNS = "100",
                    UHOST_LOGS_HOSTS = "127.0.0.1, localhost", UHOST_HTTP_CA_FILE = certificate }
                for name, value in pairs(secrets) do command.env[name] = value end
                return command
            end
            function world.logs(...) return process.run(world.command("logs", ...)) end
            function world.ship(...)
                local result = world.logs("ship", "--json", ...)
                assert_schema("logs_ship", result.stdout)
                return json.decode(result.stdout), result
            end
            function world.make_due()
                local store = db.open(folder .. "/state/logs.sqlite")
                store:execute("UPDATE notify_outbox SET due_at = '2020-01-01T00:00:00Z'")
                store:close()
            end
            fs.write(folder .. "/build.log", log_text_of(count))
            local result = world.logs("ingest", "build.log", "--run", "7", "--branch", "topic", "--github", "o/n",
                "--conclusion", "failure")
            assert(result.code == 0, result.stderr)
            body(world)
        end)
    end)
end

-- How often each line arrived.
local function times_of(arrived)
    local times = {}
    for _, line in ipairs(arrived.lines) do
        local number = tonumber(line.line) or tonumber(line.text:match("line (%d+)")) or count
        times[number] = (times[number] or 0) + 1
    end
    return times
end

local function assert_all_once(arrived)
    assert.same({}, arrived.refused)
    local times = times_of(arrived)
    for number = 1, count do
        assert.equal(1, times[number], ("line %d arrived %s times"):format(number, tostring(times[number])))
    end
end

local kinds = {
    { "loki", "user = 'tester', tenant = 'kiln'," }, { "datadog" }, { "better_stack" },
    { "elasticsearch", "index = 'logs-ci-default'," },
    { "s3", "bucket = 'bucket', prefix = 'ci', region = 'eu-central-1', access_key_id = 'AKIAKILN'," },
}

describe("uhost logs ship", function()
    for _, kind in ipairs(kinds) do
        it("sends every line to " .. kind[1] .. " once, and no secret", function()
            with(function(world)
                world.sink(kind[1], kind[2])
                local shipped, result = world.ship()
                assert.equal(0, result.code, result.stderr)
                assert.is_true(shipped.sent >= 1)
                assert.same({ 0, 0, 0 }, { shipped.failed, shipped.dead, shipped.waiting })
                local arrived = world.arrived()
                assert_all_once(arrived)
                assert.equal("##[error]the end, and ***", arrived.lines[count].text)
                assert.equal(0, world.ship().sent)
                for _, text in ipairs({ result.stdout, result.stderr }) do
                    assert.is_nil(text:find("verysecret", 1, true))
                end
            end)
        end)
    end

    it("sends syslog in frames, over TCP and over TLS", function()
        with(function(world)
            for _, scheme in ipairs({ "tcp", "tls" }) do
                local port = scheme == "tcp" and world.ports.syslog_port or world.ports.syslog_tls_port
                world.policy(("return { sinks = { { id = %q, type = 'syslog', url = '%s://localhost:%d' } } }"):format(
                    scheme, scheme, port))
                local shipped, result = world.ship()
                assert.same({ 0, 3 }, { result.code, shipped.sent }, result.stderr)
            end
            local by_service, arrived = { syslog = {}, syslog_tls = {} }, nil
            expect.eventually(function()
                arrived = world.arrived()
                return #arrived.lines == 2 * count
            end)
            for _, line in ipairs(arrived.lines) do table.insert(by_service[line.service], line) end
            for _, lines in pairs(by_service) do
                assert_all_once({ lines = lines, refused = arrived.refused })
                assert.same({ 3, "##[error]the end, and ***" }, { lines[count].severity, lines[count].text })
            end
        end)
    end)

    it("writes lines of JSON to a file", function()
        with(function(world)
            world.policy("return { sinks = { { id = 'file', type = 'ndjson', to = 'all.ndjson' } } }")
            world.ship()
            local lines = {}
            for line in fs.lines(world.folder .. "/state/all.ndjson") do lines[#lines + 1] = json.decode(line) end
            local first = lines[1]
            assert.same({ count, "7", "build", "o/n", "2026-01-31T10:00:01.123Z" },
                { #lines, first.run, first.job, first.repository, first.time })
        end)
    end)

    it("writes to files of logs only, in the folder that the machine's owner says", function()
        with(function(world)
            fs.write(world.folder .. "/profile", "")
            for i, name in ipairs({ world.folder .. "/profile", "../profile", "logs.sqlite", "../x.ndjson" }) do
                world.policy(("return { sinks = { { id = 'file%d', type = 'ndjson', to = %q } } }"):format(i, name))
                local result = world.logs("ship")
                assert.equal(3, result.code)
                assert.matches("where no log may go", result.stderr)
            end
            assert.equal("", fs.read(world.folder .. "/profile"))
            world.policy("return { sinks = { { id = 'file', type = 'ndjson' } } }")
            fs.mkdir(world.folder .. "/kept")
            local command = world.command("logs", "ship")
            command.env.UHOST_LOGS_FILE_FOLDER = world.folder .. "/kept"
            assert.equal(0, process.run(command).code)
            assert.is_true(fs.exists(world.folder .. "/kept/logs.ndjson"))
        end)
    end)

    it("keeps labels few: a branch that the policy does not name is another one", function()
        with(function(world)
            world.sink("loki", "user = 'tester',")
            world.ship()
            assert.same({ source = "uhost", branch = "other", repository = "o/n", conclusion = "failure" },
                world.arrived().lines[1].labels)
        end)
    end)

    it("waits as long as a service asks, and sends the rest later", function()
        with(function(world)
            world.sink("datadog")
            world.faults({ { path = "/api", status = 429, headers = { ["retry-after"] = "120" }, times = 1 } })
            local shipped, result = world.ship()
            assert.same({ 0, 1, 3, 3 }, { shipped.sent, shipped.failed, shipped.waiting, result.code })
            assert.equal(0, world.ship().sent)
            assert.equal(1, #world.arrived().requests)
            world.make_due()
            assert.equal(3, world.ship().sent)
            assert_all_once(world.arrived())
        end)
    end)

    it("waits a while where a service asks for what no clock shows", function()
        for _, value in ipairs({ "nan", "1e300", "-5" }) do
            with(function(world)
                world.sink("datadog")
                world.faults({ { path = "/api", status = 429, headers = { ["retry-after"] = value }, times = 1 } })
                local shipped, result = world.ship()
                assert.same({ 0, 1, 3, 3 }, { shipped.sent, shipped.failed, shipped.waiting, result.code })
                world.make_due()
                assert.equal(3, world.ship().sent)
            end)
        end
    end)

    it("gives up what a service refuses for good", function()
        with(function(world)
            world.sink("better_stack")
            world.faults({ { path = "/", status = 413, times = 1 } })
            local shipped, result = world.ship()
            assert.same({ 1, 3 }, { shipped.dead, result.code })
        end)
    end)

    it("sends again what was cut off, under the same key", function()
        with(function(world)
            world.sink("datadog")
            world.faults({ { path = "/api", lost = true, times = 1 } })
            world.ship()
            world.make_due()
            world.ship()
            local arrived = world.arrived()
            local times, keys = times_of(arrived), {}
            for number = 1, count do assert.is_true((times[number] or 0) >= 1) end
            for _, request in ipairs(arrived.requests) do
                local key = request.headers["idempotency-key"]
                keys[key] = (keys[key] or 0) + 1
            end
            local twice = 0
            for _, number in pairs(keys) do twice = twice + (number == 2 and 1 or 0) end
            assert.equal(1, twice)
        end)
    end)

    it("keeps a line once that Elasticsearch got twice, and sends again what it had no room for", function()
        with(function(world)
            world.sink("elasticsearch")
            world.faults({ { path = "/_bulk", lost = true, times = 1 }, { path = "/_bulk", refuses = 5, times = 1 } })
            world.ship()
            for _ = 1, 3 do
                world.make_due()
                world.ship()
            end
            assert_all_once(world.arrived())
        end)
    end)

    it("is killed at any time, and yet sends every line", function()
        with(function(world)
            world.sink("elasticsearch", "batch_lines = 100,")
            for kill = 1, 5 do
                local child = process.start(world.command("logs", "ship"))
                expect.eventually(function()
                    return #world.arrived().lines >= kill * 200 or not child:running()
                end)
                child:kill("KILL")
                child:wait()
                world.make_due()
            end
            assert.equal(0, world.logs("ship").code)
            assert_all_once(world.arrived())
        end)
    end)

    it("sends only what matches, and only what is new to a sink", function()
        with(function(world)
            world.sink("datadog", "match = { conclusion = 'success' },")
            assert.equal(0, world.ship().sent)
            world.policy(("return { sinks = { { id = 'two', type = 'datadog', url = %q } } }"):format(world.url))
            local result = world.logs("ingest", "build.log", "--run", "old", "--at", "2026-01-01")
            assert.equal(0, result.code, result.stderr)
            assert.equal(0, world.ship("--since", "2030-01-01").sent)
        end)
    end)

    it("prepares no more than may wait", function()
        with(function(world)
            world.policy(("return { max_waiting = 1, sinks = { { id = 'one', type = 'datadog', url = %q } } }"):format(
                world.url))
            for i = 1, 3 do
                assert.equal(0, world.logs("ingest", "build.log", "--run", "more" .. i).code)
            end
            world.faults({ { path = "/api", status = 503, times = -1 } })
            world.ship()
            world.faults({})
            world.make_due()
            world.ship()
            assert.equal(4 * count, #world.arrived().lines)
        end)
    end)

    it("sends nowhere that is not allowed, and nothing in a dry run", function()
        with(function(world)
            world.sink("datadog")
            local command = world.command("logs", "ship")
            command.env.UHOST_LOGS_HOSTS = false
            local result = process.run(command)
            assert.equal(3, result.code)
            assert.matches("where no log may go", (process.run(command).stderr .. result.stderr))
            assert.equal(0, #world.arrived().requests)
            world.policy(("return { sinks = { { id = 'two', type = 'datadog', url = %q } } }"):format(world.url))
            local planned = process.run(world.command("--dry-run", "logs", "ship"))
            assert.matches("send 1000 lines of run 7 to two", planned.stdout .. planned.stderr)
            assert.equal(0, #world.arrived().requests)
        end)
    end)

    it("checks the host that it connects to, not one that stands elsewhere in the address", function()
        with(function(world)
            for i, address in ipairs({ "https://evil.invalid?.grafana.net", "https://evil.invalid#.grafana.net",
                "https://a.grafana.net@evil.invalid", [[https://evil.invalid\.grafana.net]],
                "tcp://evil.invalid#.grafana.net:601" }) do
                world.policy(("return { sinks = { { id = 'one%d', type = 'loki', url = %q } } }"):format(i, address))
                local command = world.command("logs", "ship")
                command.env.UHOST_LOGS_HOSTS = "*.grafana.net"
                local result = process.run(command)
                assert.is_true(result.code == 2 or result.code == 3, result.stderr)
                assert.is_truthy(result.stderr:find("where no log may go", 1, true)
                    or result.stderr:find("has no address", 1, true), address .. "\n" .. result.stderr)
            end
        end)
    end)

    it("sends to a sink of one's own, in the sandbox, which `uhost new` begins", function()
        with(function(world)
            local made = process.run(world.command("new", "sink", "ours"))
            assert.equal(0, made.code, made.stderr)
            local tested = process.run(world.command("test", "policies/sinks/ours.lua"))
            assert.equal(0, tested.code, tested.stdout .. tested.stderr)
            world.sink("ours", "service = 'kiln',")
            local shipped, result = world.ship()
            assert.same({ 3, 0 }, { shipped.sent, result.code }, result.stderr)
            assert.equal(count, #world.arrived().lines)
        end)
    end)

    it("says what is wrong with a sink", function()
        with(function(world)
            for _, each in ipairs({
                { "return { sinks = { { id = 'a', type = 'lokki' } } }", "did you mean 'loki'" },
                { "return { sinks = { { id = 'a', type = 's3' } } }", "has no `bucket`" },
                { "return { sinks = { { id = 'a', type = 'syslog', url = 'udp://127.0.0.1:1' } } }", "no address" },
            }) do
                world.policy(each[1]:gsub("id = 'a'", "id = '" .. each[2]:gsub("%W", "") .. "'"))
                local result = world.logs("ship")
                assert.is_true(result.code == 2 or result.code == 3, result.stderr)
                assert.is_truthy(result.stderr:find(each[2], 1, true), result.stderr)
            end
            assert.equal(2, world.logs("ship", "--sink", "none").code)
        end)
    end)
end)
