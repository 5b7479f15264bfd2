local expect = require("support.expect")
local stores = require("support.stores")
local error_of = expect.error_of

local function with_folder(body) return expect.in_folder({}, body) end

local function count(conn) return conn:one("SELECT count(*) AS n FROM kept").n end

local endless = "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT max(n) AS n FROM r"

stores.each(function(engine, it)

local function memory(schema)
    local conn = engine.open()
    if schema then conn:execute(schema) end
    return conn
end

describe("a transaction", function()
    local conn
    before_each(function() conn = memory("CREATE TABLE kept (n INTEGER)") end)
    after_each(function() conn:close() end)

    local function insert(n) conn:execute("INSERT INTO kept VALUES (?)", { n }) end

    it("gives the results of its body, and passes it the connection and arguments", function()
        local function body(given, a, b)
            given:execute("INSERT INTO kept VALUES (?)", { a })
            return a, nil, b
        end
        assert.same({ 1, nil, 3 }, { conn:transaction(body, 1, 3) })
        assert.equal(1, count(conn))
    end)

    it("is rolled back by an error, which passes through", function()
        local err = error_of(conn.transaction, conn, function()
            insert(1)
            uhost.fail("test.broken", "no")
        end)
        assert.equal("test.broken", err.kind)
        assert.equal(0, count(conn))
        insert(2)
        assert.equal(1, count(conn))
    end)

    it("is rolled back by cancellation, in a wait and in a statement", function()
        for _, wait in ipairs({
            function() task.sleep(60) end,
            function() conn:one(endless) end,
        }) do
            local entered = false
            local child = task.spawn(function()
                conn:transaction(function()
                    insert(1)
                    entered = true
                    wait()
                end)
            end)
            repeat task.sleep(0.001) until entered
            child:cancel()
            child:join()
            assert.equal("cancelled", child:state())
            assert.equal(0, count(conn))
        end
    end)

    it("is rolled back although its body swallows the cancellation and writes on", function()
        local child = task.spawn(function()
            conn:transaction(function()
                insert(1)
                pcall(task.sleep, 60)
                task.shield(insert, 2)
                insert(3)
            end)
        end)
        task.sleep(0.01)
        child:cancel()
        child:join()
        assert.equal(0, count(conn))
    end)

    it("keeps other tasks out until it ends, in the order they came", function()
        local order, asks = {}, { first = false, second = false, third = false }
        local function note(text) order[#order + 1] = text end
        -- Returns when the task called `name` waits for the connection, or has it.
        local function let_ask(name)
            repeat task.sleep(0) until asks[name]
            for _ = 1, 20 do task.sleep(0) end  -- turns of the loop, in which a transaction's own task starts
        end
        task.all({
            function()
                asks.first = true
                conn:transaction(function()
                    insert(1)
                    let_ask("third")
                    note("first, sees " .. count(conn))
                end)
            end,
            function()
                let_ask("first")
                asks.second = true
                conn:transaction(function() note("second, sees " .. count(conn)) end)
            end,
            function()
                let_ask("second")
                asks.third = true
                note("third, sees " .. count(conn))
            end,
        })
        assert.same({ "first, sees 1", "second, sees 1", "third, sees 1" }, order)
    end)

    it("includes what the tasks of its body do, and waits for them", function()
        error_of(conn.transaction, conn, function()
            task.all({ function() insert(1) end, function() insert(2) end })
            error("no")
        end)
        assert.equal(0, count(conn))
        conn:transaction(function()
            task.spawn(function()
                task.sleep(0.01)
                insert(3)
            end)
        end)
        assert.equal(1, count(conn))
    end)

    it("does not include tasks that were there before it", function()
        local go = task.spawn(function()
            task.sleep(0.01)
            insert(1)
        end)
        pcall(conn.transaction, conn, function()
            task.sleep(0.02)
            error("no")
        end)
        go:await()
        assert.equal(1, count(conn))
    end)

    it("inside another can fail by itself", function()
        conn:transaction(function()
            insert(1)
            error_of(conn.transaction, conn, function()
                insert(2)
                error("inner")
            end)
            conn:transaction(function() insert(3) end)
        end)
        assert.same({ { n = 1 }, { n = 3 } }, conn:query("SELECT n FROM kept"))
    end)

    it("of two tasks in one do not mix", function()
        conn:transaction(function()
            pcall(task.all, {
                function() conn:transaction(function() insert(1) task.sleep(0.01) insert(2) end) end,
                function()
                    task.sleep(0.005)
                    pcall(conn.transaction, conn, function() insert(3) error("no") end)
                end,
            })
        end)
        assert.same({ { n = 1 }, { n = 2 } }, conn:query("SELECT n FROM kept"))
    end)

    it("that waits in line can be cancelled, and leaves the line", function()
        local release = false
        local holder = task.spawn(function()
            conn:transaction(function() repeat task.sleep(0.001) until release end)
        end)
        task.sleep(0.002)
        local reached = false
        local waiting = task.spawn(function() conn:transaction(function() reached = true end) end)
        local statement = task.spawn(function() insert(1) end)
        task.sleep(0.002)
        waiting:cancel()
        statement:cancel()
        waiting:join()
        statement:join()
        release = true
        holder:await()
        assert.is_false(reached)
        assert.equal(0, count(conn))
    end)

    it("whose connection is closed inside fails and keeps nothing", function()
        with_folder(function(folder)
            local place = engine.place(folder)
            local file = db.open(place)
            file:execute("CREATE TABLE kept (n INTEGER)")
            local err = error_of(file.transaction, file, function()
                file:execute("INSERT INTO kept VALUES (1)")
                file:close()
                file:execute("INSERT INTO kept VALUES (2)")
            end)
            assert.equal("closed", err.kind)
            assert.equal(0, count(db.open(place)))
        end)
    end)

    it("works beside others on the same file: who finds it locked waits without holding up the loop", function()
        with_folder(function(folder)
            local path = engine.place(folder)
            db.open(path):execute("CREATE TABLE kept (n INTEGER)")
            task.map({ 1, 2, 3, 4, 5, 6, 7, 8 }, function(n)
                local own = db.open(path)
                for _ = 1, 3 do
                    own:transaction(function()
                        local before = count(own)
                        task.sleep(0.002)
                        own:execute("INSERT INTO kept VALUES (?)", { n })
                        assert.equal(before + 1, count(own))
                    end)
                end
            end)
            assert.equal(24, count(db.open(path)))
        end)
    end)

    it("gives up on a lock after busy_timeout_s", function()
        with_folder(function(folder)
            local path = engine.place(folder)
            local one, other = db.open(path), db.open(path, { busy_timeout_s = 0 })
            one:execute("CREATE TABLE kept (n INTEGER)")
            one:transaction(function()
                local err = error_of(other.execute, other, "INSERT INTO kept VALUES (1)")
                assert.equal("db.busy", err.kind)
                assert.matches(" is locked", err.message)
                assert.is_not_nil(err.hint)
            end)
            other:execute("INSERT INTO kept VALUES (1)")
        end)
    end)
end)

describe("cancelling", function()
    it("interrupts a statement that runs", function()
        local conn = memory()
        assert.equal("timeout", error_of(task.timeout, 0.01, conn.one, conn, endless).kind)
        assert.equal(1, conn:one("SELECT 1 AS n").n)
    end)
end)

end)
