-- Discrete events: processes that wait, and servers that they queue for. Time is simulated, in seconds.
local M = {}

-- A binary heap of { at, order, resume }.
local function earlier(a, b) return a.at < b.at or a.at == b.at and a.order < b.order end

local function push(heap, entry)
    local i = #heap + 1
    heap[i] = entry
    while i > 1 do
        local parent = math.floor(i / 2)
        if not earlier(heap[i], heap[parent]) then break end
        heap[i], heap[parent], i = heap[parent], heap[i], parent
    end
end

local function pop(heap)
    local first, last = heap[1], table.remove(heap)
    if #heap > 0 then
        heap[1] = last
        local i = 1
        while true do
            local least = i
            for child = 2 * i, 2 * i + 1 do
                if heap[child] and earlier(heap[child], heap[least]) then least = child end
            end
            if least == i then break end
            heap[i], heap[least], i = heap[least], heap[i], least
        end
    end
    return first
end

---@class bench.Simulation
---@field now number

--- A world without anything in it.
function M.new()
    local world, heap, order = { now = 0 }, {}, 0

    local function at(time, resume)
        order = order + 1
        push(heap, { at = time, order = order, resume = resume })
    end

    --- Starts a process: a function that may call `wait` and use servers.
    function world.start(body) at(world.now, coroutine.create(body)) end

    function world.wait(seconds)
        at(world.now + seconds, coroutine.running())
        coroutine.yield()
    end

    --- A server with so many places, each for one at a time, first come first served.
    function world.server(name, places)
        local server = { name = name, places = places, busy_s = 0, uses = 0, waits = {}, used = 0, queue = {},
            first = 1, last = 0 }
        function server.use(seconds)
            local came = world.now
            if server.used < places then
                server.used = server.used + 1
            else
                server.last = server.last + 1
                server.queue[server.last] = coroutine.running()
                coroutine.yield()
            end
            server.waits[#server.waits + 1] = world.now - came
            server.busy_s, server.uses = server.busy_s + seconds, server.uses + 1
            world.wait(seconds)
            local next_one = server.queue[server.first]
            if next_one then
                server.queue[server.first], server.first = nil, server.first + 1
                at(world.now, next_one)
            else
                server.used = server.used - 1
            end
        end
        --- The share of the time that its places were in use.
        function server.load() return server.busy_s / (places * math.max(world.now, 1e-9)) end
        --- What the slowest of a hundred waited for their turn.
        function server.slowest_wait_s()
            table.sort(server.waits)
            return server.waits[math.max(1, math.ceil(#server.waits * 0.99))] or 0
        end
        return server
    end

    --- So many points in each window; who finds none waits for the next one.
    function world.points(name, limit, window_s)
        local points = { name = name, used = 0, waited_s = 0 }
        local left, ends = limit, window_s
        function points.take()
            while true do
                if world.now >= ends then left, ends = limit, (math.floor(world.now / window_s) + 1) * window_s end
                if left > 0 then break end
                points.waited_s = points.waited_s + ends - world.now
                world.wait(ends - world.now)
            end
            left, points.used = left - 1, points.used + 1
        end
        return points
    end

    --- Runs until nothing is left to happen.
    function world.run()
        while #heap > 0 do
            local entry = pop(heap)
            world.now = entry.at
            local ok, failure = coroutine.resume(entry.resume)
            if not ok then error(failure, 0) end
        end
    end

    return world
end

return M
