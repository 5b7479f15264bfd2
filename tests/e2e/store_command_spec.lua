-- `uhost store`, as a person uses it on a state folder.
local assert_schema = require("support.ci_world").assert_schema
local expect = require("support.expect")
local postgres = require("support.postgres")
local uhost_binary = os.getenv("UHOST") or "uhost"

-- A state folder with two stores, the lines of a log, and an audit trail.
local function in_world(body)
    expect.in_folder({ ["build.log"] = "one\ntwo\nerror: three\n" }, function(folder)
        local world = { folder = folder, state = folder .. "/state" }
        function world.uhost(...)
            local command = { uhost_binary, "--state", world.state, ... }
            command.cwd, command.timeout_s = folder, 120
            command.env = { UHOST_STORE = world.server or "sqlite" }
            return process.run(command)
        end
        function world.fine(...)
            local result = world.uhost(...)
            assert.equal(0, result.code, result.stderr)
            return result.stdout
        end
        function world.store(...)
            local text = world.fine("store", ...)
            assert_schema("store", text)
            local found = {}
            for _, store in ipairs(json.decode(text).stores) do found[store.name] = store end
            return found
        end
        function world.sql(name, sql)
            local connection = db.open(("%s/%s.sqlite"):format(world.state, name))
            local rows = connection:query(sql)
            connection:close()
            return rows
        end
        world.fine("logs", "ingest", "build.log", "--run", "7", "--github", "o/n")
        world.fine("-e", [[
            local store = db.open()
            store:migrate("kept", { "CREATE TABLE kept (n INTEGER, t TEXT, b BLOB) STRICT" })
            store:execute("INSERT INTO kept VALUES (9007199254740993, ?, ?)", { "a\0b", db.blob("\0\255") })
            plan.perform({ kind = "spec.change", target = "x", summary = "y", apply = function() end })]])
        body(world)
    end)
end

local function kept(world)
    return world.sql("uhost", "SELECT CAST(n AS TEXT) AS n, t, hex(b) AS b FROM kept")
end

describe("uhost store", function()
    it("shows what the stores are, and who has them open", function()
        in_world(function(world)
            local holder = process.start({ uhost_binary, "--state", world.state, "-e", [[
                db.open():transaction(function() print("ready") io.stdout:flush() task.sleep(600) end)]] })
            assert.equal("ready", holder:read_line())
            local found = world.store("info", "--json")
            assert.same({ { name = "kept", step = 1 } }, found.uhost.migrations)
            assert.equal(holder:pid(), found.uhost.holders[1].process)
            assert.is_true(found.uhost.holders[1].writes)
            holder:kill("KILL")
            holder:wait()
            assert.equal("kept", found.uhost.tables[1].name)
            assert.equal(1, found.uhost.tables[1].rows)
            assert.matches("logs 1", world.fine("store", "info", "--store", "logs"))
            local unknown = world.uhost("store", "info", "--store", "log")
            assert.equal(2, unknown.code)
            assert.matches("did you mean 'logs'", unknown.stderr)
        end)
    end)

    it("finds damage in a store and in the logs", function()
        in_world(function(world)
            assert.equal("whole", world.store("verify", "--format", "json").logs.outcome)
            local store = db.open(world.state .. "/uhost.sqlite")
            store:execute("PRAGMA foreign_keys = OFF; CREATE TABLE parent (id INTEGER PRIMARY KEY); "
                .. "CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent); "
                .. "INSERT INTO child VALUES (1, 5)")
            store:close()
            fs.remove(world.state .. "/logs/00000001.segment")
            local result = world.uhost("store", "verify")
            assert.equal(1, result.code)
            assert.matches("row 1 of child refers to a row of parent that is not there", result.stdout:gsub("%s+", " "))
            assert.matches("segment 1 of the logs: the segment is missing, 3 lines lost",
                result.stdout:gsub("%s+", " "))
        end)
    end)

    it("brings back from a backup what was in the stores", function()
        in_world(function(world)
            local before = kept(world)
            for _, ending in ipairs({ "tar", "tar.gz", "tar.zst" }) do
                local file = world.folder .. "/backup." .. ending
                world.store("backup", file, "--format", "json")
                assert.equal("600", process.run({ "stat", "-c", "%a", file }).stdout:match("%d+"))
                world.state = world.folder .. "/state-" .. ending
                local found = world.store("restore", file, "--format", "json")
                assert.equal("copied", found.audit.outcome)
                assert.same(before, kept(world))
                assert.matches("error: three", world.fine("logs", "search", "three"))
                assert.matches("spec.change", world.fine("plan"))
            end
            local again = world.store("restore", "backup.tar", "--store", "logs", "--force", "--format", "json")
            assert.equal("was there already", again.logs.outcome)
        end)
    end)

    it("restores over stores only when it is told to, and then as a whole", function()
        in_world(function(world)
            world.fine("store", "backup", "backup.tar.gz")
            world.sql("uhost", "UPDATE kept SET n = 1")
            local refused = world.uhost("store", "restore", "backup.tar.gz")
            assert.equal(2, refused.code)
            assert.matches("already has other data in: uhost", refused.stderr)
            assert.equal("1", kept(world)[1].n)
            assert.matches("replace 2 tables", world.uhost("--dry-run", "store", "restore", "backup.tar.gz", "--force")
                .stderr)
            assert.equal("1", kept(world)[1].n)
            -- Others have it open meanwhile, and see what was restored.
            local reader = db.open(world.state .. "/uhost.sqlite")
            world.fine("store", "restore", "backup.tar.gz", "--force")
            assert.equal("9007199254740993", reader:one("SELECT CAST(n AS TEXT) AS n FROM kept").n)
            reader:close()
        end)
    end)

    it("restores nothing of a damaged or foreign archive", function()
        in_world(function(world)
            world.fine("store", "backup", "backup.tar")
            local bytes = fs.read(world.folder .. "/backup.tar")
            local at = assert(bytes:find("SQLite format 3", 1, true)) + 3000
            local damaged = bytes:sub(1, at) .. "\1\2\3" .. bytes:sub(at + 4)
            fs.write(world.folder .. "/damaged.tar", damaged, { mask = false })
            fs.write(world.folder .. "/cut.tar", bytes:sub(1, at), { mask = false })
            process.run({ "sh", "-c", "ln -s /etc/passwd uhost.sqlite; tar -cf link.tar uhost.sqlite",
                cwd = world.folder, check = true })
            world.state = world.folder .. "/other"
            for _, name in ipairs({ "damaged.tar", "cut.tar", "link.tar", "build.log" }) do
                local result = world.uhost("store", "restore", name)
                assert.equal(3, result.code, name .. result.stderr)
                assert.matches(name .. " is no backup, or a damaged one: ", result.stderr, 1, true)
                assert.is_nil(fs.stat(world.state .. "/uhost.sqlite"))
            end
            assert.equal(2, world.uhost("store", "backup", "backup.zip").code)
        end)
    end)

    it("backs up a store that others write to, as it was at one instant", function()
        in_world(function(world)
            local writer = process.start({ uhost_binary, "--state", world.state, "-e", [[
                local store = db.open()
                store:execute("CREATE TABLE pairs (a INTEGER, b INTEGER)")
                print("ready") io.stdout:flush()
                for i = 1, 1e9 do
                    store:transaction(function()
                        store:execute("INSERT INTO pairs VALUES (?, 0)", { i })
                        store:execute("UPDATE pairs SET b = ? WHERE a = ?", { i, i })
                    end)
                end]] })
            assert.equal("ready", writer:read_line())
            world.fine("store", "backup", "busy.tar", "--store", "uhost")
            writer:kill("KILL")
            writer:wait()
            world.state = world.folder .. "/other"
            world.fine("store", "restore", "busy.tar")
            assert.equal(0, world.sql("uhost", "SELECT count(*) AS n FROM pairs WHERE a <> b")[1].n)
            assert.equal("whole", world.store("verify", "--format", "json").uhost.outcome)
        end)
    end)

    it("copies stores to another folder, and goes on where it was cut off", function()
        in_world(function(world)
            local before = kept(world)
            world.fine("store", "copy", "--to", "there", "--store", "logs")
            local found = world.store("copy", "--to", "there", "--format", "json")
            assert.same({ "was there already", "copied" }, { found.logs.outcome, found.uhost.outcome })
            assert.equal("600", process.run({ "stat", "-c", "%a", world.folder .. "/there/uhost.sqlite" })
                .stdout:match("%d+"))
            world.state = world.folder .. "/there"
            assert.same(before, kept(world))
            assert.matches("error: three", world.fine("logs", "search", "three"))
            assert.equal(2, world.uhost("store", "copy", "--to", "there").code)
        end)
    end)

    it("gives space back, and brings tables to the newest steps", function()
        in_world(function(world)
            world.sql("uhost", "INSERT INTO kept (b) SELECT zeroblob(1000000)")
            world.sql("uhost", "DELETE FROM kept")
            local before = fs.stat(world.state .. "/uhost.sqlite").size_bytes
            world.fine("--dry-run", "store", "vacuum")
            assert.equal(before, fs.stat(world.state .. "/uhost.sqlite").size_bytes)
            world.fine("store", "vacuum")
            assert.is_true(fs.stat(world.state .. "/uhost.sqlite").size_bytes < before / 2)
            local found = world.store("migrate", "--format", "json")
            assert.matches("notify from 0 to %d", found.uhost.outcome)
            assert.equal("up to date", world.store("migrate", "--format", "json").uhost.outcome)
            world.sql("uhost", "INSERT INTO uhost_migrations VALUES ('notify', 99, '2026-01-01')")
            local newer = world.uhost("store", "migrate")
            assert.equal(1, newer.code, newer.stderr)
            assert.matches("'notify'.-newer version", newer.stdout:gsub("%s+", " "))
        end)
    end)

    it("copies stores to PostgreSQL and back, and looks after them there", function()
        local why = postgres.missing()
        if why then return pending(why) end
        in_world(function(world)
            postgres.with({}, function(server)
                local before = kept(world)
                world.store("copy", "--to", server.url, "--format", "json")
                assert.equal("was there already",
                    world.store("copy", "--to", server.url, "--format", "json").uhost.outcome)
                world.server = server.url
                assert.equal("kept", world.store("info", "--format", "json").uhost.migrations[1].name)
                world.fine("store", "vacuum")
                world.fine("-e", [[assert(db.open():one("SELECT t FROM kept").t == "a\0b")]])
                assert.equal("whole", world.store("verify", "--format", "json").uhost.outcome)
                world.fine("store", "backup", "there.tar")
                world.fine("-e", "db.open():execute('DELETE FROM kept')")
                assert.equal(2, world.uhost("store", "restore", "there.tar").code)
                world.fine("store", "restore", "there.tar", "--force")
                world.server, world.state = nil, world.folder .. "/other"
                world.fine("store", "copy", "--from", server.url)
                assert.same(before, kept(world))
            end)
        end)
    end)
end)
