-- Processes that drain one outbox side by side, and the server that receives what they send.
local uhost_binary = os.getenv("UHOST") or "uhost"

local M = {}

local preparing = [[
    local events, threads = tonumber(arg[1]), tonumber(arg[2])
    local store = db.open(nil, { store = "takers" })
    notify.prepare(store)
    store:transaction(function()
        for i = 1, events do
            notify.enqueue({ channel = "receiver", key = "event " .. i, kind = "spec",
                thread = i % 2 == 0 and "thread " .. i % threads or nil, data = { number = i } }, { store = store })
        end
    end)]]

-- Sends to the address in its first argument, or nowhere, until nothing is left.
local taking = [[
    local url = arg[1]
    local store, sent = db.open(nil, { store = "takers" }), 0
    local function is_left()
        local ok, row = pcall(store.one, store,
            "SELECT 1 AS yes FROM notify_outbox WHERE state IN ('pending', 'sending') LIMIT 1")
        return not ok or row
    end
    local function send(outgoing)
        if url == "" then return end
        local response = http.request{ method = "POST", url = url, body = json.encode(outgoing.data),
            headers = { ["Idempotency-Key"] = outgoing.idempotency_key, ["X-Thread"] = outgoing.data.thread } }
        if response.status ~= 200 then uhost.fail("spec.refused", "refused: " .. response.status) end
    end
    while is_left() do
        local ok, counts = pcall(notify.deliver, { store = store, max_attempts = 1000, send = send })
        if ok then
            sent = sent + counts.sent
        elseif not uhost.is_error(counts) or not counts.kind:find("^db%.") then
            error(counts, 0)
        end
        -- Nobody waits here for the time of the next attempt.
        pcall(store.execute, store, "UPDATE notify_outbox SET due_at = created_at WHERE state = 'pending'")
        task.sleep(0.02)
    end
    print(sent)]]

local function command(place, code, ...)
    local words = { uhost_binary }
    for _, word in ipairs(place) do words[#words + 1] = word end
    for _, word in ipairs({ "-e", code, ... }) do words[#words + 1] = word end
    words.env, words.cwd = place.env, place.cwd
    return words
end

--- Puts events into the outbox; every other one belongs to one of the threads.
---@param place table  options of the host that say where the store is; `env`
---@param events integer
function M.prepare(place, events, threads)
    local prepared = command(place, preparing, tostring(events), tostring(threads or 20))
    prepared.check, prepared.timeout_s = true, 300
    process.run(prepared)
end

---@class takers.Receiver
---@field url string
---@field handled integer  events that came for the first time
---@field again integer  that came once more under their key
---@field disorder integer  that came before an earlier one of their thread

-- A server that does what it is asked to once for each key.
local function receiver(web)
    local seen, last, received = {}, {}, { url = web.url, handled = 0, again = 0, disorder = 0 }
    local function take(request)
        local key, thread = request.headers["idempotency-key"], request.headers["x-thread"]
        if seen[key] then
            received.again = received.again + 1
            return { status = 200 }
        end
        local number = json.decode(request.body).number
        if thread and (last[thread] or 0) > number then received.disorder = received.disorder + 1 end
        if thread then last[thread] = number end
        seen[key], received.handled = true, received.handled + 1
        return { status = 200 }
    end
    return received, take
end

-- Runs takers until each has ended by itself; one that is killed is started anew. Gives how much they sent.
local function run(place, takers, url, disturb)
    local children, sent = {}, 0
    local function keep_taking(i)
        while true do
            local taker = command(place, taking, url)
            taker.stderr = "capture"
            children[i] = process.start(taker)
            local result = children[i]:wait()
            if result.code == 0 then
                sent = sent + tonumber(result.stdout)
                return
            end
            -- 3: the server of the store was gone just now.
            assert(result.signal == "SIGKILL" or disturb and result.code == 3, result.stderr)
        end
    end
    task.scope(function()
        local bodies = {}
        for i = 1, takers do bodies[i] = function() keep_taking(i) end end
        local disturbing = disturb and task.spawn(function()
            while true do disturb(children) end
        end)
        task.all(bodies)
        if disturbing then disturbing:cancel() end
    end)
    return sent
end

---@class takers.Drained
---@field sent integer  as the takers counted that were not killed
---@field seconds number
---@field received takers.Receiver?

--- Lets takers drain the outbox, into a server or into nothing.
---@param place table
---@param takers integer
---@param options { sends: boolean?, disturb: fun(children: process.Child[])? }  `disturb` is called again and again
---    until the outbox is empty
---@return takers.Drained
function M.drain(place, takers, options)
    local web = options.sends and server.listen({ port = 0, max_connections = 1024 })
    local began = time.monotonic()
    if not web then
        local sent = run(place, takers, "", options.disturb)
        return { sent = sent, seconds = time.monotonic() - began }
    end
    local received, take = receiver(web)
    local serving = task.spawn(function() web:serve(take, { concurrency = 64 }) end)
    local sent = task.finally(function() return run(place, takers, web.url, options.disturb) end,
        function() web:stop() end)
    serving:await()
    return { sent = sent, seconds = time.monotonic() - began, received = received }
end

--- What kills a taker, now and then.
---@param pause_s number  at most, between two
---@return fun(children: process.Child[])
function M.killer(pause_s)
    return function(children)
        task.sleep(math.random() * pause_s)
        local child = children[math.random(#children)]
        if child and child:running() then child:kill("KILL") end
    end
end

return M
