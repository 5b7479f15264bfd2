-- What `uhost serve` keeps: which jobs run when, which take the place of others, and what becomes of it when a clock is
-- set.
local cron = require("lib.serve.cron")
local schedule_of = require("lib.serve.schedule")
local store_of = require("lib.serve.store")

local day_s = 86400

local function add(store, name, options)
    local job = { key = name, source = "test", lane = nil, command = { "run", name } }
    for key, value in pairs(options or {}) do job[key] = value end
    store_of.add_jobs(store, { job })
end

local function take(lease, now)
    local job = store_of.take_job(lease, now or time.now())
    return job and job.key, job and job.id
end

local function ended(lease, id, more)
    local ending = { exit_code = 0, note = "exit code 0", output = "" }
    for key, value in pairs(more or {}) do ending[key] = value end
    store_of.finish_job(lease, id, ending)
end

-- A test with a store of its own, as the service that works on it.
local function test(name, body)
    it(name, function()
        local store = store_of.open(true)
        store:lease(nil, {}, function(lease) body(store, lease) end)
    end)
end

-- The states of jobs by their keys.
local function states(store)
    local found = {}
    for _, job in ipairs(store_of.jobs(store, 100)) do found[job.key] = job.state end
    return found
end

describe("jobs of one group", function()
    test("run one at a time, and of those that wait the newest is left", function(store, lease)
        add(store, "push 1", { concurrency = "audit o/n#1" })
        local _, first = take(lease)
        for i = 2, 10 do add(store, "push " .. i, { concurrency = "audit o/n#1" }) end
        add(store, "other", { concurrency = "audit o/n#2" })
        add(store, "comment 1")
        add(store, "comment 2")
        local found = states(store)
        for i = 2, 9 do assert.equal("superseded", found["push " .. i]) end
        assert.same({ "running", "queued", "queued", "queued", "queued" }, { found["push 1"], found["push 10"],
            found.other, found["comment 1"], found["comment 2"] })
        assert.same({ "other", "comment 1", "comment 2", nil }, { (take(lease)), (take(lease)), (take(lease)),
            (take(lease)) })
        ended(lease, first)
        assert.equal("push 10", (take(lease)))
    end)

    test("are not tried again where a newer one waits", function(store, lease)
        add(store, "old", { concurrency = "g" })
        local _, old = take(lease)
        add(store, "new", { concurrency = "g" })
        ended(lease, old, { exit_code = 3, retry_at = time.now() + 60 })
        assert.same({ old = "superseded", new = "queued" }, states(store))
        assert.is_false(store_of.retry_job(store, old))
    end)

    it("that was cut off gives way to a newer one, and run again otherwise", function()
        local store, first = store_of.open(true), nil
        store:lease(nil, {}, function(lease)
            add(store, "old", { concurrency = "g" })
            add(store, "alone")
            take(lease)
            first = select(2, take(lease))
            add(store, "new", { concurrency = "g" })
        end)
        store:lease(nil, {}, function(lease)
            assert.same({ "alone", "new", nil }, { (take(lease)), (take(lease)), (take(lease)) })
            assert.same({ old = "superseded", new = "running", alone = "running" }, states(store))
            ended(lease, first)
            assert.equal("done", states(store).alone)
        end)
    end)

    test("that is cut off at each attempt fails in the end", function(store)
        add(store, "a")
        for attempt = 1, 6 do
            store:lease(nil, {}, function(lease) assert.equal(attempt <= 5 and "a" or nil, (take(lease))) end)
        end
        assert.equal("failed", states(store).a)
    end)

    test("are settled by who has them only", function(store)
        add(store, "a")
        local first, id
        store:lease(nil, {}, function(lease)
            first = lease
            id = select(2, take(lease))
        end)
        store:lease(nil, {}, function(lease)
            assert.equal("a", (take(lease)))
            ended(first, id)
            assert.equal("running", states(store).a)
            ended(lease, id)
            assert.equal("done", states(store).a)
        end)
    end)
end)

describe("jobs", function()
    test("of no repository do not wait for each other", function(store, lease)
        add(store, "a")
        add(store, "b")
        add(store, "c", { lane = "o/n" })
        add(store, "d", { lane = "o/n" })
        assert.same({ "a", "b", "c", nil }, { (take(lease)), (take(lease)), (take(lease)), (take(lease)) })
    end)

    test("are cancelled and queued again by hand, in the states where that means something", function(store, lease)
        add(store, "a")
        add(store, "b")
        local _, a = take(lease)
        assert.equal("running", store_of.cancel_job(store, a))
        assert.is_false(store_of.retry_job(store, a))
        ended(lease, a, { state = "cancelled" })
        assert.equal("cancelled", store_of.cancel_job(store, a + 1))
        assert.same({ a = "cancelled", b = "cancelled" }, states(store))
        assert.is_nil(store_of.cancel_job(store, a))
        assert.is_nil(store_of.cancel_job(store, 99))
        assert.is_true(store_of.retry_job(store, a))
        assert.same({ "a", nil }, { (take(lease)), (take(lease)) })
    end)

    test("do not wait for a clock that was set back to catch up", function(store, lease)
        add(store, "before")
        local _, failed = take(lease)
        ended(lease, failed, { exit_code = 3, retry_at = time.now() + 60 })
        assert.is_nil(take(lease))
        store_of.wait_no_longer(store, time.now())
        assert.is_nil(take(lease))
        store_of.wait_no_longer(store, time.now() - day_s)
        assert.equal("before", (take(lease, time.now() - day_s)))
    end)
end)

describe("a schedule", function()
    local entry = { id = "hourly", cron = cron.parse("0 * * * *"), time_zone = "UTC", missed = "run_once", jitter_s = 0,
        command = { "run", "note" }, lane = nil }
    local function at(clock) return time.parse("2026-01-01T" .. clock .. "Z") end
    -- Looks at the schedule at these times of day, runs what is queued, and says for which times there was a job.
    local function times_of(clocks)
        local store = store_of.open(true)
        for _, clock in ipairs(clocks) do
            schedule_of.queue_due(store, entry, at(clock))
            store:lease(nil, {}, function(lease)
                local _, id = take(lease, at(clock))
                if id then ended(lease, id) end
            end)
        end
        local times = {}
        for _, job in ipairs(store_of.jobs(store, 100)) do
            table.insert(times, 1, job.key:match("T(%d%d:%d%d)"))
        end
        return table.concat(times, " ")
    end

    it("has one job for each time", function()
        assert.equal("12:00 13:00", times_of({ "11:30:00", "12:00:00", "12:00:01", "13:00:02" }))
    end)

    it("makes up once for the times that a clock jumps over", function()
        assert.equal("12:00 18:00 19:00", times_of({ "11:30:00", "12:00:00", "18:05:00",
            "19:00:00" }))
    end)

    it("does not run again when a clock is set back by minutes, and loses no later time", function()
        assert.equal("12:00 13:00", times_of({ "11:59:00", "12:00:10", "11:55:00", "12:00:05",
            "13:00:00" }))
    end)

    it("runs at its real times when a clock that was hours ahead is corrected", function()
        assert.equal("12:00 18:00 13:00 14:00 18:00", times_of({ "11:59:00", "12:00:00",
            "18:00:30", "12:05:00", "13:00:00", "14:00:00", "18:00:00" }))
    end)

    test("that takes longer than its period leaves one time waiting", function(store, lease)
        for _, clock in ipairs({ "11:59:00", "12:00:00" }) do schedule_of.queue_due(store, entry, at(clock)) end
        take(lease)
        for _, clock in ipairs({ "13:00:00", "14:00:00", "15:00:00" }) do
            schedule_of.queue_due(store, entry, at(clock))
        end
        local counts = store_of.counts(store).jobs
        assert.same({ running = 1, queued = 1, superseded = 2 }, counts)
    end)
end)

describe("what is remembered", function()
    local function keep(store, id)
        return store_of.keep_deliveries(store, { { id = id, digest = id, event = "push", payload = "{}" } })[1]
    end
    local function set_age(store, id, days)
        store:execute("UPDATE serve_deliveries SET state = 'done', received_at = ? WHERE id = ?",
            { time.now() - days * day_s, id })
    end
    test("is of thirty days", function(store)
        for _, id in ipairs({ "old", "young", "new" }) do keep(store, id) end
        set_age(store, "old", 40)
        set_age(store, "young", 20)
        store_of.forget(store)
        assert.is_true(keep(store, "old"))
        assert.is_false(keep(store, "young"))
    end)

    test("stays when a clock is years ahead, so that a delivery that comes again is known", function(store)
        for _, id in ipairs({ "a", "b" }) do
            keep(store, id)
            set_age(store, id, 4 * 365)
        end
        store_of.forget(store)
        assert.is_false(keep(store, "a"))
    end)
end)
