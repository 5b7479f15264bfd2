-- The store and the audit trail as several real processes meet them.
local uhost_binary = os.getenv("UHOST") or "uhost"

local function command_of(folder, code, options)
    local command = { uhost_binary, "--state", folder .. "/state" }
    for _, option in ipairs(options or {}) do command[#command + 1] = option end
    command[#command + 1] = "-e"
    command[#command + 1] = code
    return command
end

local function run(folder, code, options)
    local command = command_of(folder, code, options)
    command.timeout_s = 120
    return process.run(command)
end

local function in_folder(body)
    local folder = fs.temp_dir()
    return task.finally(function() return body(folder:path()) end, function() folder:close() end)
end

-- One line of cause, one of remedy, exit code 3.
local function assert_world_failed(result, cause)
    assert.equal(3, result.code, result.stderr)
    assert.matches(cause, result.stderr)
    assert.matches("^error: [^\n]+\n  hint: [^\n]+\n$", result.stderr)
end

local schema = [[
    local store = db.open()
    store:migrate("spec", { "CREATE TABLE kept (n INTEGER)" })
]]

describe("the store", function()
    it("is on this machine, when uhost is offline", function()
        in_folder(function(folder)
            local code = schema .. "plan.perform({ kind = 'spec.change', target = 'x', summary = 'y', apply = print })"
            for _, address in ipairs({ "postgres://me@192.0.2.1/db", "postgres:///db?hostaddr=192.0.2.1",
                "postgres://localhost,192.0.2.1/db", "postgres:///db?service=far" }) do
                local result = run(folder, code, { "--offline", "--store", address })
                assert_world_failed(result, "is not contacted: uhost runs offline")
                local audited = run(folder, code:sub(#schema + 1), { "--offline", "--store", address })
                assert_world_failed(audited, "uhost runs offline")
            end
            local near = run(folder, code, { "--offline", "--store", "postgres://me@127.0.0.1:1/db" })
            assert_world_failed(near, "cannot open the database")
        end)
    end)

    it("takes the writes of processes that run at once", function()
        in_folder(function(folder)
            local code = schema .. [[
                for i = 1, 50 do
                    store:transaction(function()
                        local n = store:one("SELECT count(*) AS n FROM kept").n
                        store:execute("INSERT INTO kept VALUES (?)", { n })
                    end)
                end]]
            local results = task.map({ 1, 2, 3 }, function() return run(folder, code) end)
            for _, result in ipairs(results) do assert.equal(0, result.code, result.stderr) end
            local answer = run(folder, schema .. [[
                print(store:one("SELECT count(*) AS n, count(DISTINCT n) AS different FROM kept").different)]])
            assert.equal("150\n", answer.stdout)
        end)
    end)

    it("keeps nothing of a transaction whose process is killed, and continues working", function()
        in_folder(function(folder)
            local child = process.start(command_of(folder, schema .. [[
                store:execute("INSERT INTO kept VALUES (1)")
                store:transaction(function()
                    store:execute("INSERT INTO kept VALUES (2)")
                    io.write("ready\n")
                    io.stdout:flush()
                    task.sleep(600)
                end)]]))
            assert.equal("ready", child:read_line())
            local busy = run(folder, [[db.open(nil, { busy_timeout_s = 0.1 }):execute("INSERT INTO kept VALUES (3)")]])
            assert_world_failed(busy, "uhost.sqlite is locked")
            child:kill("KILL")
            child:wait()
            local answer = run(folder, schema .. [[
                store:execute("INSERT INTO kept VALUES (4)")
                print(store:one("SELECT group_concat(n) AS all_of_it FROM kept").all_of_it)]])
            assert.equal("1,4\n", answer.stdout, answer.stderr)
        end)
    end)

    it("gives the lease and the work of a process that was killed to the next one at once", function()
        in_folder(function(folder)
            local code = schema .. [[
                store:migrate("work", { "CREATE TABLE work (id INTEGER PRIMARY KEY, state TEXT, due_at REAL, "
                    .. "attempts INTEGER, claim TEXT); INSERT INTO work VALUES (1, 'waiting', 0, 0, NULL)" })
                store:lease("one at a time", {}, function(lease)
                    print(lease.taken_from ~= nil, db.queue{ table = "work" }:take(lease)[1].attempts)
                    io.stdout:flush()
                    if WAITS then task.sleep(600) end
                end)]]
            local child = process.start(command_of(folder, "WAITS = true; " .. code))
            assert.equal("false\t1", child:read_line())
            local refused = run(folder, code)
            assert_world_failed(refused, "'one at a time' is held by process %d+ on ")
            child:kill("KILL")
            child:wait()
            local answer = run(folder, code)
            assert.equal("true\t2\n", answer.stdout, answer.stderr)
        end)
    end)

    it("is rolled back by Ctrl-C and by os.exit", function()
        in_folder(function(folder)
            run(folder, schema)
            local exited = run(folder, schema .. [[
                store:transaction(function()
                    store:execute("INSERT INTO kept VALUES (1)")
                    os.exit(5)
                end)]])
            assert.equal(5, exited.code, exited.stderr)
            local child = process.start(command_of(folder, schema .. [[
                store:transaction(function()
                    store:execute("INSERT INTO kept VALUES (2)")
                    io.write("ready\n")
                    io.stdout:flush()
                    task.sleep(600)
                end)]]))
            assert.equal("ready", child:read_line())
            child:kill("INT")
            assert.equal(130, child:wait().code)
            local answer = run(folder, schema .. [[print(store:one("SELECT count(*) AS n FROM kept").n)]])
            assert.equal("0\n", answer.stdout)
        end)
    end)

    it("is for its owner only", function()
        in_folder(function(folder)
            run(folder, schema)
            for _, path in ipairs({ "/state", "/state/uhost.sqlite" }) do
                local mode = process.run({ "stat", "-c", "%a", folder .. path }).stdout
                assert.matches("^[67]00\n$", mode)
            end
        end)
    end)

    it("that is damaged is named, with what to do", function()
        in_folder(function(folder)
            fs.mkdir(folder .. "/state")
            fs.write(folder .. "/state/uhost.sqlite", ("no database "):rep(1000))
            assert_world_failed(run(folder, "db.open()"), "state/uhost.sqlite is not an SQLite database")
            assert.matches("move it aside", run(folder, "db.open()").stderr)
        end)
    end)

    it("is not touched by a dry run, which still reads what it wrote", function()
        in_folder(function(folder)
            run(folder, schema .. [[store:execute("INSERT INTO kept VALUES (1)")]])
            local code = [[
                local count = "SELECT count(*) AS n FROM kept"
                local store = db.open()
                store:execute("INSERT INTO kept VALUES (2)")
                print(store:one(count).n, db.open():one(count).n, db.open(nil, { read_only = true }):one(count).n)
                local new = db.open("new.sqlite")
                new:execute("CREATE TABLE kept (n); INSERT INTO kept VALUES (1)")
                print(db.open("./new.sqlite"):one(count).n, tostring(new))]]
            local command = command_of(folder, code, { "--dry-run" })
            command.cwd, command.env = folder, { TMPDIR = folder }
            local result = process.run(command)
            assert.equal("2\t2\t2\n1\tdb.Connection (new.sqlite)\n", result.stdout, result.stderr)
            local answer = run(folder, schema .. [[print(store:one("SELECT count(*) AS n FROM kept").n)]])
            assert.equal("1\n", answer.stdout)
            assert.same({ "state" }, fs.list(folder))
        end)
    end)

    it("is not reached by a dry run through another database, in memory or only read", function()
        in_folder(function(folder)
            run(folder, schema .. [[store:execute("INSERT INTO kept VALUES (1)")]])
            local file = folder .. "/state/uhost.sqlite"
            for _, opening in ipairs{ "db.open(':memory:')", "db.open(nil, { read_only = true })", "db.open()" } do
                local code = [[
                    local connection = %s
                    local ok, err = pcall(connection.execute, connection, "ATTACH ? AS other", { %q })
                    if ok then connection:execute("DELETE FROM other.kept") end
                    print(err.kind)]]
                local result = run(folder, code:format(opening, file), { "--dry-run" })
                assert.equal("db.alone\n", result.stdout, result.stderr)
            end
            assert.equal("1\n", run(folder, "print(db.open():one('SELECT count(*) AS n FROM kept').n)").stdout)
        end)
    end)
end)

describe("the audit trail", function()
    local change = [[
        plan.perform({ kind = "spec.change", target = "a thing", summary = "change it with " .. "s3cret-s3cret-s3cret",
            apply = function() %s end })]]
    local history = [[
        for _, entry in ipairs(plan.history()) do print(entry.outcome, entry.summary, entry.script) end]]

    it("shows a change whose process was killed half-way", function()
        in_folder(function(folder)
            local child = process.start(command_of(folder, change:format([[
                io.write("ready\n") io.stdout:flush() task.sleep(600)]])))
            assert.equal("ready", child:read_line())
            child:kill("KILL")
            child:wait()
            assert.matches("^started\tchange it", run(folder, history).stdout)
        end)
    end)

    it("holds no secret", function()
        in_folder(function(folder)
            local command = command_of(folder, change:format("error('no s3cret-s3cret-s3cret')"))
            command.env = { DEPLOY_TOKEN = "s3cret-s3cret-s3cret" }
            assert.equal(2, process.run(command).code)
            assert.matches("^failed\tchange it with %*%*%*\t", run(folder, history).stdout)
            local found = process.run({ "grep", "-r", "s3cret", folder })
            assert.equal(1, found.code, found.stdout)
        end)
    end)

    it("is not written by a dry run, which plans and makes nothing", function()
        in_folder(function(folder)
            local result = run(folder, change:format("print('made')") .. " print(plan.dry_run())", { "--dry-run" })
            assert.equal("true\n", result.stdout)
            assert.matches("1 change would be made", result.stderr)
            assert.matches("spec.change  a thing", result.stderr)
            assert.equal("", run(folder, history).stdout)
        end)
    end)

    it("that cannot be written keeps changes from being made", function()
        in_folder(function(folder)
            fs.mkdir(folder .. "/state")
            fs.write(folder .. "/state/audit.sqlite", ("no database "):rep(1000))
            local result = run(folder, change:format("print('made')"))
            assert_world_failed(result, "audit.sqlite is not an SQLite database")
            assert.equal("", result.stdout)
        end)
    end)
end)
