local function kind_of(body, ...)
    local ok, err = pcall(body, ...)
    assert.is_false(ok)
    assert.is_true(uhost.is_error(err), tostring(err))
    return err.kind, err
end

describe("task.all and task.map", function()
    it("run at the same time and keep the order of their results", function()
        local order = {}
        local results = task.all({
            function() task.sleep(0.03) table.insert(order, "slow") return 1 end,
            function() table.insert(order, "fast") return 2 end,
        })
        assert.same({ 1, 2 }, results)
        assert.same({ "fast", "slow" }, order)
    end)

    it("map never has more at once than its concurrency", function()
        local running, most = 0, 0
        local results = task.map({ 1, 2, 3, 4, 5, 6, 7 }, function(n)
            running = running + 1
            most = math.max(most, running)
            task.sleep(0.002)
            running = running - 1
            return n * n
        end, { concurrency = 3 })
        assert.same({ 1, 4, 9, 16, 25, 36, 49 }, results)
        assert.equal(3, most)
    end)

    it("map of nothing is nothing", function()
        assert.same({}, task.map({}, function() error("never called") end))
    end)

    it("refuse what is not a function, by name", function()
        local kind, err = kind_of(task.map, { 1 }, "nope")
        assert.equal("argument", kind)
        assert.matches("'transform' to 'task.map': expected a function, got string", err.message)
    end)
end)

describe("a failing task", function()
    it("cancels its siblings, which clean up before the error arrives", function()
        local cleaned = false
        local ok, err = pcall(task.all, {
            function() task.sleep(0.005) uhost.fail("test.broken", "it broke") end,
            function()
                task.finally(function() task.sleep(60) end, function() task.sleep(0.005) cleaned = true end)
            end,
        })
        assert.is_false(ok)
        assert.equal("test.broken", err.kind)
        assert.is_true(cleaned)
    end)

    it("fails its parent at the parent's next wait", function()
        local kind = kind_of(task.scope, function()
            task.spawn(function() uhost.fail("test.broken", "it broke") end)
            task.sleep(60)
        end)
        assert.equal("test.broken", kind)
    end)

    it("fails a parent that has already returned", function()
        local kind = kind_of(task.scope, function()
            task.spawn(function() task.sleep(0.005) uhost.fail("test.late", "late") end)
            return "fine"
        end)
        assert.equal("test.late", kind)
    end)

    it("cancelled in a scope, continues only when the scope has cleaned up", function()
        local order = {}
        local child = task.spawn(function()
            pcall(task.scope, function()
                task.finally(function() task.sleep(60) end, function()
                    task.sleep(0.005)
                    table.insert(order, "inside")
                end)
            end)
            table.insert(order, "outside")
        end)
        task.sleep(0.001)
        child:cancel()
        child:join()
        assert.same({ "inside", "outside" }, order)
    end)

    it("inside a scope leaves the tasks outside it alone", function()
        local outside = task.spawn(function() task.sleep(0.02) return "untouched" end)
        pcall(task.scope, function() error("inside") end)
        assert.equal("untouched", outside:await())
    end)

    it("keeps the traceback of where it failed", function()
        local _, err = pcall(task.scope, function()
            local function deep() error("lost") end
            deep()
        end)
        assert.equal("lost", err.message)
        assert.matches("deep", err.traceback)
        assert.matches("task_spec.lua:%d+", err.where)
    end)
end)

describe("structured concurrency", function()
    it("lets no task outlive its parent", function()
        local ended = false
        task.scope(function()
            task.spawn(function() task.sleep(0.01) ended = true end)
        end)
        assert.is_true(ended)
    end)

    it("cancels grandchildren with a child", function()
        local reached = {}
        local child = task.spawn(function()
            task.spawn(function()
                task.finally(function() task.sleep(60) end, function() table.insert(reached, "grandchild") end)
            end)
            task.sleep(60)
        end)
        task.sleep(0)
        child:cancel("enough")
        child:join()
        assert.same({ "grandchild" }, reached)
        assert.equal("cancelled", child:state())
    end)

    it("cancellation survives a pcall that swallows it", function()
        local steps = {}
        local child = task.spawn(function()
            pcall(task.sleep, 60)
            table.insert(steps, "swallowed")
            task.sleep(60)
            table.insert(steps, "never")
        end)
        task.sleep(0)
        child:cancel()
        child:join()
        assert.same({ "swallowed" }, steps)
    end)

    it("a shield lets started work finish", function()
        local finished = false
        local child = task.spawn(function()
            task.shield(function() task.sleep(0.01) finished = true end)
            task.sleep(60)
        end)
        task.sleep(0)
        child:cancel()
        child:join()
        assert.is_true(finished)
    end)

    it("results may be awaited more than once, and all values arrive", function()
        local child = task.spawn(function(...) return select("#", ...), ... end, "a", nil, "c")
        assert.same({ 3, "a", nil, "c" }, { child:await() })
        assert.same({ 3, "a", nil, "c" }, { child:await() })
    end)

    it("survives ten thousand tasks", function()
        local sum = 0
        local list = {}
        for i = 1, 10000 do list[i] = i end
        task.map(list, function(n) task.sleep(0) sum = sum + n end, { concurrency = 10000 })
        assert.equal(50005000, sum)
    end)
end)

describe("task.timeout", function()
    it("gives the results of work that is done in time", function()
        assert.equal("done", task.timeout(10, function() task.sleep(0.001) return "done" end))
    end)

    it("cancels work that is not, and says how long it was allowed", function()
        local cleaned = false
        local kind, err = kind_of(task.timeout, 0.01, function()
            task.finally(function() task.sleep(60) end, function() cleaned = true end)
        end)
        assert.equal("timeout", kind)
        assert.equal(0.01, err.details.timeout_s)
        assert.is_true(cleaned)
    end)

    it("passes the work's own error on", function()
        assert.equal("test.own", (kind_of(task.timeout, 10, function() uhost.fail("test.own", "mine") end)))
    end)
end)

describe("task.limit", function()
    it("of one is a lock, served in order", function()
        local lock, order = task.limit(1), {}
        task.map({ 1, 2, 3 }, function(n)
            lock:with(function() task.sleep(0.002) table.insert(order, n) end)
        end)
        assert.same({ 1, 2, 3 }, order)
    end)

    it("gives its permit back when the body fails or is cancelled in line", function()
        local lock = task.limit(1)
        pcall(lock.with, lock, function() error("inside") end)
        local holder = task.spawn(function() lock:with(function() task.sleep(60) end) end)
        local waiting = task.spawn(function() lock:with(function() end) end)
        task.sleep(0)
        waiting:cancel()
        waiting:join()
        holder:cancel()
        holder:join()
        assert.equal("free", lock:with(function() return "free" end))
    end)

    it("does not lose a permit granted to a task that is cancelled in the same moment", function()
        local lock = task.limit(1)
        local waiting
        task.scope(function()
            task.spawn(function()
                lock:with(function() task.sleep(0.005) end)
                waiting:cancel()
            end)
            waiting = task.spawn(function() task.sleep(0) lock:with(function() task.sleep(60) end) end)
        end)
        assert.equal("free", task.timeout(5, function() return lock:with(function() return "free" end) end))
    end)
end)

describe("a wait where LuaJIT cannot pause", function()
    local function refused(body)
        local kind, err = kind_of(body)
        assert.equal("task.cannot_wait", kind)
        assert.matches("'task.sleep' waits", err.message)
        assert.is_truthy(err.hint)
    end

    it("is refused in a table.sort comparator", function()
        refused(function() table.sort({ 2, 1 }, function() task.sleep(0) end) end)
    end)

    it("is refused in a gsub callback", function()
        refused(function() return ("x"):gsub("x", function() task.sleep(0) end) end)
    end)

    it("is refused in the body of a required module", function()
        package.preload.waits_in_its_body = function() task.sleep(0) end
        refused(function() require("waits_in_its_body") end)
        package.preload.waits_in_its_body = nil
    end)

    it("is refused in __gc", function()
        local seen
        local proxy = newproxy(true)
        getmetatable(proxy).__gc = function() seen = select(2, pcall(task.sleep, 0)) end
        proxy = nil -- luacheck: ignore
        collectgarbage() collectgarbage()
        assert.equal("task.cannot_wait", seen.kind)
    end)

    it("is allowed across pcall, xpcall, iterators, metamethods and user coroutines", function()
        assert.is_true((pcall(task.sleep, 0)))
        assert.is_true((xpcall(function() task.sleep(0) end, debug.traceback)))
        for _ in function(_, control) task.sleep(0) if not control then return 1 end end do end
        local slow = setmetatable({}, { __index = function(_, key) task.sleep(0) return key end })
        assert.equal("x", slow.x)
        local generator = coroutine.wrap(function()
            task.sleep(0)
            coroutine.yield(1)
            task.sleep(0)
            return 2
        end)
        assert.equal(1, generator())
        assert.equal(2, generator())
        local nested = coroutine.create(function()
            return coroutine.wrap(function() task.sleep(0) return "inner" end)()
        end)
        assert.same({ true, "inner" }, { coroutine.resume(nested) })
    end)
end)

describe("objects of uhost", function()
    it("say what they are, and refuse use by another type's method", function()
        local child = task.spawn(function() end)
        assert.matches("^task.Task %(%d+, running%)$", tostring(child))
        local kind, err = kind_of(child.await, io.stdout)
        assert.equal("argument", kind)
        assert.matches("expected a task.Task, got userdata", err.message)
    end)

    it("are an error after close, never a crash", function()
        local child = task.spawn(function() end)
        child:join()
        child:close()
        child:close()
        local kind = kind_of(child.await, child)
        assert.equal("closed", kind)
        assert.equal("task.Task (closed)", tostring(child))
    end)

    it("hide their metatable", function()
        assert.equal("task.Task", getmetatable(task.spawn(function() end)))
    end)
end)
