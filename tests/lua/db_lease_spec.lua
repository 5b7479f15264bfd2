-- Leases, and rows that are taken under them.
local expect = require("support.expect")
local stores = require("support.stores")
local error_of = expect.error_of

stores.each(function(engine, it)

-- Two connections to one database, as two processes have them.
local function with_two(body)
    expect.in_folder({}, function(folder)
        local path = engine.place(folder)
        local ours, theirs = db.open(path), db.open(path)
        body(ours, theirs)
        ours:close()
        theirs:close()
    end)
end

local function never() error("this is not to run") end

-- Ends all leases, as time does when nobody renews them.
local function let_end(conn) conn:execute("UPDATE uhost_leases SET ends_at = 1") end

describe("a lease", function()
    it("has one holder, and gives what the body gives", function()
        with_two(function(ours, theirs)
            local first, second = ours:lease("one", { owner = "the first" }, function(lease, a)
                local err = error_of(theirs.lease, theirs, "one", {}, never)
                assert.equal("db.leased", err.kind)
                assert.equal("the first", err.details.owner)
                assert.matches("^'one' is held by the first, process %d+ on ", err.message)
                theirs:lease("another", nil, function() end)
                return lease.name, a
            end, "argument")
            assert.same({ "one", "argument" }, { first, second })
            assert.is_true(theirs:lease("one", nil, function() return true end))
        end)
    end)

    it("is given back when the body fails or is cancelled", function()
        local conn = engine.open()
        assert.equal("test.broken", error_of(conn.lease, conn, "one", {}, function()
            uhost.fail("test.broken", "no")
        end).kind)
        assert.equal("timeout", error_of(task.timeout, 0.05, function()
            conn:lease("one", {}, function() task.sleep(60) end)
        end).kind)
        assert.is_true(conn:lease("one", {}, function() return true end))
    end)

    it("has a token that grows from holder to holder, whatever was forgotten meanwhile", function()
        local conn = engine.open()
        local function token(name) return conn:lease(name, {}, function(lease) return lease.token end) end
        local last = token("one")
        for _, name in ipairs({ "two", "one", "", "one" }) do
            local new = token(name ~= "" and name or nil)
            assert.is_true(new > last)
            last = new
        end
        conn:execute("UPDATE uhost_leases SET taken_at = 1")
        assert.is_true(token("one") > last)
    end)

    it("is renewed while the body runs, also when that takes longer than it lasts", function()
        with_two(function(ours, theirs)
            ours:lease("one", { ttl_s = 0.3 }, function(lease)
                local first_end = ours:one("SELECT ends_at FROM uhost_leases").ends_at
                expect.eventually(function()
                    return theirs:one("SELECT ends_at FROM uhost_leases").ends_at > first_end + 0.3
                end)
                assert.equal("db.leased", error_of(theirs.lease, theirs, "one", {}, never).kind)
                lease:check()
            end)
        end)
    end)

    it("that was lost cancels the body, and fails its checks", function()
        with_two(function(ours, theirs)
            local checked
            local err = error_of(ours.lease, ours, "one", { ttl_s = 0.2 }, function(lease)
                let_end(theirs)
                theirs:lease("one", {}, function(other)
                    assert.is_true(other.token > lease.token)
                    assert.is_truthy(other.taken_from)
                    checked = error_of(ours.transaction, ours, function() lease:check() end)
                    task.sleep(60)
                end)
            end)
            assert.equal("db.lease_lost", err.kind)
            assert.equal("db.lease_lost", checked.kind)
        end)
    end)

    it("is waited for", function()
        with_two(function(ours, theirs)
            local order = {}
            task.all({
                function()
                    ours:lease("one", { wait_s = 60 }, function()
                        task.sleep(0.05)
                        order[#order + 1] = "ours"
                    end)
                end,
                function()
                    task.sleep(0)
                    theirs:lease("one", { wait_s = 60 }, function() order[#order + 1] = "theirs" end)
                end,
            })
            table.sort(order)
            assert.same({ "ours", "theirs" }, order)
        end)
    end)

    it("says who had it and did not give it back", function()
        local conn = engine.open()
        conn:lease("one", {}, function(lease) assert.is_nil(lease.taken_from) end)
        conn:lease("one", { owner = "gone" }, function() conn:execute("UPDATE uhost_leases SET name = 'two'") end)
        let_end(conn)
        conn:lease("two", {}, function(lease) assert.equal("gone", lease.taken_from.owner) end)
    end)

    it("needs a body, and seconds", function()
        local conn = engine.open()
        assert.equal("argument", error_of(conn.lease, conn, "one", {}).kind)
        assert.equal("argument", error_of(conn.lease, conn, "one", { ttl_s = 0 }, never).kind)
        assert.equal("argument", error_of(conn.lease, conn, "one", { ttl = 5 }, never).kind)
        assert.equal("db.transaction", error_of(conn.transaction, conn, function()
            conn:lease("one", {}, never)
        end).kind)
    end)
end)

local schema = [[CREATE TABLE work (id INTEGER PRIMARY KEY, lane TEXT, state TEXT NOT NULL DEFAULT 'waiting',
    due_at REAL NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0, claim TEXT)]]

local function ids(rows)
    local list = {}
    for i, row in ipairs(rows) do list[i] = row.id end
    return list
end

describe("a queue", function()
    local queue = db.queue{ table = "work", lanes = { { "lane" } } }

    -- Runs `body(lease, take)` with rows of these lanes; "" is none.
    local function with_rows(lanes, body)
        with_two(function(ours, theirs)
            ours:execute(schema)
            for _, lane in ipairs(lanes) do
                ours:execute("INSERT INTO work (lane) VALUES (nullif(?, ''))", { lane })
            end
            ours:lease(nil, {}, function(our_lease)
                theirs:lease(nil, {}, function(their_lease)
                    body(our_lease, their_lease, ours)
                end)
            end)
        end)
    end

    it("gives each row to one taker, in order", function()
        with_rows({ "", "", "", "" }, function(ours, theirs, conn)
            assert.same({ 1, 2 }, ids(queue:take(ours, { max = 2 })))
            local rows = queue:take(theirs, { max = 5 })
            assert.same({ 3, 4 }, ids(rows))
            assert.same({ "taken", 1, theirs.claim }, { rows[1].state, rows[1].attempts, rows[1].claim })
            assert.same({}, queue:take(ours))
            conn:execute("UPDATE work SET state = 'waiting', due_at = ? WHERE id = 2", { time.now() + 60 })
            assert.same({}, queue:take(ours))
            assert.same({ 2 }, ids(queue:take(ours, { now = time.now() + 61 })))
        end)
    end)

    it("has one row of a lane at work at a time", function()
        with_rows({ "a", "a", "b" }, function(ours, theirs, conn)
            assert.same({ 1, 3 }, ids(queue:take(ours, { max = 5 })))
            assert.same({}, queue:take(theirs))
            conn:execute("UPDATE work SET state = 'done' WHERE id = 1")
            assert.same({ 2 }, ids(queue:take(theirs)))
        end)
    end)

    it("keeps the order of a lane while a row of it waits for another attempt", function()
        local strict = db.queue{ table = "work", lanes = { { "lane" } }, keeps_order = true }
        with_rows({ "a", "a" }, function(ours, theirs, conn)
            assert.same({ 1 }, ids(strict:take(ours)))
            conn:execute("UPDATE work SET state = 'waiting', due_at = ? WHERE id = 1", { time.now() + 60 })
            assert.same({}, strict:take(theirs))
            assert.same({ 2 }, ids(queue:take(theirs)))
        end)
    end)

    it("gives again what was taken by somebody whose lease is over", function()
        with_rows({ "", "" }, function(ours, theirs, conn)
            assert.same({ 1 }, ids(queue:take(ours)))
            conn:execute("UPDATE uhost_leases SET ends_at = 1 WHERE name = ?", { ours.name })
            assert.same({ 2 }, ids(queue:take(theirs)))
            local rows = queue:take(theirs)
            assert.same({ 1 }, ids(rows))
            assert.equal(2, rows[1].attempts)
        end)
    end)

    it("takes no SQL for names", function()
        assert.equal("argument", error_of(db.queue, { table = "work; DROP TABLE work" }).kind)
        assert.equal("argument", error_of(db.queue, { table = "work", lanes = { { "a b" } } }).kind)
        assert.equal("argument", error_of(db.queue, { table = "work", order = { "id DESC" } }).kind)
    end)
end)

end)
