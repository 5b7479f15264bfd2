-- Stores in PostgreSQL, as processes meet them: what workflows keep, servers that go away, passwords, TLS.
local expect, postgres = require("support.expect"), require("support.postgres")

local uhost_binary = os.getenv("UHOST") or "uhost"
local server

-- Runs `body(world)` with a database of its own and a state folder.
local function with(body)
    local why = postgres.missing()
    if why then return pending(why) end
    server = server or postgres.start()
    expect.in_folder({}, function(folder)
        local world = { folder = folder, url = server:new_database(), env = {} }
        world.database = world.url:match("[^/]*$")
        function world.command(...)
            local command = { uhost_binary, ... }
            command.cwd, command.timeout_s = folder, 120
            command.env = { UHOST_STATE = folder .. "/state", UHOST_STORE = world.url, GITHUB_ACTIONS = false,
                COLUMNS = "80", HOME = folder, UHOST_OFFLINE = "true" }
            for name, value in pairs(world.env) do command.env[name] = value end
            return command
        end
        function world.uhost(...) return process.run(world.command(...)) end
        -- What code prints, which ends well.
        function world.prints(code)
            local result = process.run(world.command("-e", code))
            assert.equal(0, result.code, result.stdout .. result.stderr)
            return (result.stdout:gsub("\n$", ""))
        end
        -- Code that runs until its standard input says so, and prints "ready" before that.
        function world.start(code)
            local hold = "function hold() print('ready') io.stdout:flush() io.read('*l') end "
            local command = world.command("-e", hold .. code)
            command.timeout_s, command.stderr, command.stdin = nil, "capture", true
            local child = process.start(command)
            assert.equal("ready", child:read_line())
            return child
        end
        body(world)
    end)
end

lazy_teardown(function()
    if server then server:close() end
    server = nil
end)

local schema = "local store = db.open() store:migrate('spec', { 'CREATE TABLE kept (n INTEGER)' }) "
local count = schema .. "print(store:one('SELECT count(*) AS n FROM kept').n)"

describe("workflows whose stores are in PostgreSQL", function()
    it("say what they say with SQLite", function()
        with(function(world)
            local steps = {
                { "logs", "ingest", "build.log", "other.log", "--run", "nightly", "--branch", "main" },
                { "logs", "search", "LNK", "--job", "bu*", "--json" }, { "logs", "show", "--json" },
                { "logs", "compare", "nightly", "nightly", "--json" }, { "logs", "stats" }, { "logs", "verify" },
                { "metrics", "collect", "--no-github", "--tests", "junit.xml" }, { "metrics", "show", "--json" },
                { "metrics", "export", "--format", "csv" },
                { "-e", [[local events = require("lib.events") local store = db.open()
                    events.prepare(store)
                    for i = 1, 3 do
                        events.raise(store, { kind = "build.failed", key = "k" .. i % 2, severity = "critical",
                            title = "t" .. i, text = "x" })
                    end
                    for _, e in ipairs(events.list(store, {})) do print(e.kind, e.key, e.title) end]] },
                { "notify", "status", "--json" }, { "dashboard", "--out", "site" }, { "kb", "stats" },
                { "-e", [[for _, name in ipairs{ "one", "two" } do
                        plan.perform({ kind = "spec.change", target = "a", summary = name, apply = function() end })
                    end
                    for _, entry in ipairs(plan.history{ script = "-e", kind = "spec." }) do
                        print(entry.outcome, entry.summary)
                    end]] },
            }
            fs.write(world.folder .. "/build.log", "oven.obj : error LNK2019: unresolved symbol heat\nend\n")
            fs.write(world.folder .. "/other.log", "all is well\n")
            fs.write(world.folder .. "/junit.xml", '<testsuite name="s"><testcase name="a" time="1.5"/>'
                .. '<testcase name="b" time="2"><failure message="no"/></testcase></testsuite>')
            local answers = {}
            for _, place in ipairs({ "sqlite", world.url }) do
                world.env = { UHOST_STORE = place, UHOST_STATE = world.folder .. "/state " .. #answers }
                local list = {}
                for i, step in ipairs(steps) do
                    local result = world.uhost("-q", unpack(step))
                    local text = result.stdout .. result.stderr
                    list[i] = { step = table.concat(step, " "), code = result.code,
                        text = text:gsub("%d%d%d%d%-%d%d%-%d%dT[%d:.]+Z?", "TIME"):gsub("/state %d", "/state") }
                end
                answers[#answers + 1] = list
            end
            for i, answer in ipairs(answers[1]) do
                assert.is_true(answer.code < 2, answer.step .. ": " .. answer.text)
                if not answer.step:find("stats", 1, true) then assert.same(answer, answers[2][i]) end
            end
            assert.equal("", table.concat(fs.list(world.folder .. "/state 1")):match("%w*%.sqlite") or "")
            assert.matches("audit.*logs.*metrics.*uhost", server:ask("SELECT string_agg(nspname, ' ' ORDER BY nspname) "
                .. "FROM pg_namespace WHERE nspname !~ '^pg_'", world.database))
        end)
    end)

    it("keep nothing of a dry run, in which they read what they wrote", function()
        with(function(world)
            local result = process.run(world.command("--dry-run", "-e", schema .. [[
                store:execute("INSERT INTO kept VALUES (1)")
                pcall(store.transaction, store, function() store:execute("DELETE FROM kept") error("no") end)
                print(db.open():one("SELECT count(*) AS n FROM kept").n)]]))
            assert.equal("1\n", result.stdout)
            assert.matches("db.write", result.stderr)
            assert.equal("0", world.prints(count))
        end)
    end)
end)

describe("a dry run", function()
    it("keeps nobody from taking a lease while it has one", function()
        with(function(world)
            local taking = "db.open():lease(%s, {}, function(lease) print(lease.name) %s end)"
            world.prints(taking:format("nil", ""))
            world.prints(taking:format("'old'", ""))
            local dry = world.command("--dry-run", "-e", taking:format("nil",
                "db.open():lease('old', {}, function() print('holds') io.flush() io.read('*l') end)"))
            dry.timeout_s, dry.stderr, dry.stdin = nil, "capture", true
            local child = process.start(dry)
            local name = child:read_line()
            assert.equal("holds", child:read_line())
            assert.equal(name, world.prints(taking:format("nil", "")))
            assert.equal("old", world.prints(taking:format("'old'", "")))
            child:write("\n")
            assert.equal(0, child:wait().code)
        end)
    end)
end)

describe("a server that goes away", function()
    it("between two statements is connected to again", function()
        with(function(world)
            local child = world.start(schema .. [[store:execute("INSERT INTO kept VALUES (1)") hold()
                store:execute("INSERT INTO kept VALUES (2)") print(store:one("SELECT count(*) AS n FROM kept").n)]])
            for _, signal in ipairs({ "INT", "QUIT" }) do
                server:stop(signal)
                server:start()
            end
            child:write("\n")
            assert.equal("2", child:read_line())
            assert.equal(0, child:wait().code)
        end)
    end)

    it("in a transaction takes it along, and says so", function()
        with(function(world)
            local child = world.start(schema .. [[
                local ok, err = pcall(store.transaction, store, function()
                    store:execute("INSERT INTO kept VALUES (1)") hold()
                    store:execute("INSERT INTO kept VALUES (2)")
                end)
                print(ok, err.kind)
                store:execute("INSERT INTO kept VALUES (3)")
                print(store:one("SELECT group_concat(n) AS list FROM kept").list)]])
            server:stop("INT")
            server:start()
            child:write("\n")
            assert.equal("false\tdb.connection", child:read_line())
            assert.equal("3", child:read_line())
        end)
    end)

    it("is not there, which is the outside world's failure, with its place and without a trace", function()
        with(function(world)
            world.url = "postgres://robot@127.0.0.1:1/tests"
            local result = process.run(world.command("-e", "db.open()"))
            assert.equal(3, result.code)
            assert.matches("^error: cannot open the database postgres://robot@127.0.0.1:1/tests\n  hint: [^\n]+\n$",
                result.stderr)
        end)
    end)

    it("loses nothing of a process that is killed in a transaction but that, and lets others go on", function()
        with(function(world)
            local child = world.start(schema .. [[store:execute("INSERT INTO kept VALUES (1)")
                store:transaction(function() store:execute("INSERT INTO kept VALUES (2)") hold() end)]])
            local busy = world.prints([[local ok, err = pcall(function()
                db.open(nil, { busy_timeout_s = 0.1 }):execute("INSERT INTO kept VALUES (3)") end)
                print(ok, err.kind)]])
            assert.equal("false\tdb.busy", busy)
            child:kill("KILL")
            child:wait()
            assert.equal("1", world.prints(count))
        end)
    end)
end)

-- Passes connections on, and cuts the one in which COMMIT comes: before or after it has reached the server.
local proxy = [[
import select, socket, sys, threading
port, when, cut, listener = int(sys.argv[1]), sys.argv[2], [True], socket.socket()
listener.bind(("127.0.0.1", 0)); listener.listen()
print(listener.getsockname()[1], flush=True)
def serve(client, server):
    while True:
        for source in select.select([client, server], [], [])[0]:
            data = source.recv(65536)
            is_cut = source is client and cut[0] and b"COMMIT" in data
            if is_cut and when == "after": server.sendall(data); server.recv(1)
            if is_cut or not data:
                cut[0] = cut[0] and not is_cut
                client.close(); server.close()
                return
            (server if source is client else client).sendall(data)
while True:
    pair = listener.accept()[0], socket.create_connection(("127.0.0.1", port))
    threading.Thread(target=serve, args=pair, daemon=True).start()
]]

describe("a connection that breaks at COMMIT", function()
    for when, expected in pairs({ after = "true\tnil\t1", before = "false\tdb.rolled_back\t0" }) do
        it(when .. " it has arrived: what became of the transaction is found out", function()
            with(function(world)
                world.prints(count)
                local child = process.start({ "python3", "-c", proxy, server.port, when })
                task.finally(function()
                    world.url = world.url:gsub(":%d+/", (":%s/"):format(child:read_line()))
                    assert.equal(expected, world.prints([[local store = db.open()
                        local ok, err = pcall(store.transaction, store, function()
                            store:execute("INSERT INTO kept VALUES (1)") end)
                        print(ok, err and err.kind, store:one("SELECT count(*) AS n FROM kept").n)]]))
                end, function() child:close() end)
            end)
        end)
    end
end)

describe("the password", function()
    local password = "correct-horse-battery"

    local function secretive(world)
        server:ask(("CREATE ROLE secretive SUPERUSER LOGIN PASSWORD '%s'"):format(password), world.database, true)
        world.url = world.url:gsub("owner@", "secretive@")
    end

    it("comes from the environment or a file, and is nowhere to be seen", function()
        with(function(world)
            secretive(world)
            local looks = [[local store = db.open() print(store, os.getenv("PGPASSWORD"), os.getenv("UHOST_STORE"))
                local found = process.run({ "sh", "-c",
                    "env; cat /proc/$PPID/cmdline /proc/$PPID/environ 2>/dev/null" })
                print(found.stdout:find(("esroh-tcerroc"):reverse(), 1, true), store:one("SELECT 1 AS n").n)
                error({ kind = "x", message = "correct-" .. "horse-battery" })]]
            for _, env in ipairs({ { PGPASSWORD = password },
                { UHOST_STORE = world.url:gsub("secretive@", "secretive:" .. password .. "@") } }) do
                world.env = env
                local result = process.run(world.command("-v", "-e", looks))
                assert.matches("nil\t1\n", result.stdout)
                assert.is_nil((result.stdout .. result.stderr):find(password, 1, true))
            end
            world.env = {}
            fs.write(world.folder .. "/.pgpass", "*:*:*:secretive:" .. password .. "\n")
            process.run({ "chmod", "600", world.folder .. "/.pgpass", check = true })
            assert.equal("0", world.prints(count))
        end)
    end)

    it("that is wrong or missing is said, with what to do", function()
        with(function(world)
            secretive(world)
            for _, given in ipairs({ "wrong-password-here", "" }) do
                world.env = { PGPASSWORD = given }
                local result = process.run(world.command("-e", "db.open()"))
                assert.equal(3, result.code)
                assert.matches("^error: cannot open the database postgres://secretive@127.0.0.1:%d+/", result.stderr)
                assert.matches(given == "" and "hint: it asks for a password" or "hint: check the user's name",
                    result.stderr)
                assert.is_nil(result.stderr:find("wrong-password", 1, true))
            end
        end)
    end)

    it("in an address that others can read is refused", function()
        with(function(world)
            local address = world.url:gsub("owner@", "owner:" .. password .. "@")
            for _, option in ipairs({ "--store=" .. address, "--set=store=" .. address }) do
                local result = process.run(world.command(option, "-e", "db.open()"))
                assert.equal(2, result.code, result.stderr)
                assert.is_nil(result.stderr:find(password, 1, true))
                assert.matches("PGPASSWORD", result.stderr)
            end
        end)
    end)
end)

describe("TLS", function()
    it("is verified for servers elsewhere, and refuses another name", function()
        with(function(world)
            server:use_tls()
            local authority = server.folder .. "/authority.pem"
            local function ask(host, query)
                world.env = { UHOST_STORE = world.url:gsub("127%.0%.0%.1", host) .. query }
                return process.run(world.command("-e", "print(db.open():one('SELECT ssl FROM pg_stat_ssl WHERE pid = "
                    .. "pg_backend_pid()').ssl)"))
            end
            local verified = "?sslmode=verify-full&sslrootcert=" .. authority
            assert.equal("1\n", ask("localhost", verified).stdout)
            assert.equal(3, ask("127.0.0.1", verified).code)
            -- hostaddr says where it is; the name is one of a server elsewhere.
            local elsewhere = "?hostaddr=127.0.0.1"
            assert.equal(0, ask("localhost", elsewhere).code)
            local refused = ask("db.example.org", "?sslrootcert=" .. authority)
            assert.equal(3, refused.code)
        end)
    end)
end)
