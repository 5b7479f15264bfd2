-- `uhost serve` in trouble: a full disk, a clock that jumps, clients that mean harm. Nothing that was accepted is lost,
-- and each has its named outcome.
local bare_sockets = require("support.bare_sockets")
local eventually = require("support.expect").eventually
local service_of = require("support.service")

local deliver, jobs = service_of.deliver, service_of.jobs

local files = {
    ["policies/events.lua"] = [[return { rules = {
        { id = "pushed", event = "push", run = { "run", "note", "{sha}" } } } }]],
    ["policies/schedule.lua"] = "return { schedules = {} }",
    ["scripts/note.lua"] = [[fs.append("notes", arg[1] .. "\n")]],
}

local function push(sha, filler_bytes)
    return { ref = "refs/heads/main", after = sha, repository = { full_name = "o/n" },
        filler = ("x"):rep(filler_bytes or 0) }
end

local function notes(service) return fs.read(service.folder .. "/notes") or "" end

-- The ids of the deliveries in the store, in order.
local function kept(service)
    local store = db.open(service.folder .. "/state/serve.sqlite", { read_only = true })
    local ids = {}
    for i, row in ipairs(store:query("SELECT id FROM serve_deliveries ORDER BY id")) do ids[i] = row.id end
    store:close()
    return ids
end

describe("a full disk", function()
    local function with_small_disk(body)
        local state
        local function mount(folder)
            state = folder .. "/state"
            local mounted = process.run({ "mount", "-t", "tmpfs", "-o", "size=4m", "none", state, stderr = "discard" })
            if mounted.code ~= 0 then state = nil end
        end
        service_of.with(files, function(service)
            if not state then return pending("needs root to mount a small disk") end
            task.finally(function() body(service, state) end, function()
                service.child:kill("SIGTERM")
                service.child:wait()
                process.run({ "umount", "--lazy", state, check = true })
            end)
        end, { prepare = mount })
    end

    local function fill(state)
        process.run({ "dd", "if=/dev/zero", "of=" .. state .. "/filler", "bs=4096", stderr = "discard" })
    end

    it("refuses deliveries, says so to monitors, and takes them again once there is room", function()
        with_small_disk(function(service, state)
            assert.equal(202, deliver(service, "push", push("before"), { id = "a" }).status)
            eventually(function() return notes(service) == "before\n" end)
            fill(state)
            for i = 1, 3 do
                local answer = deliver(service, "push", push("full" .. i, 300000), { id = "full-" .. i })
                assert.same({ 503, "60" }, { answer.status, answer.headers["retry-after"] })
            end
            local ready = http.get(service.url .. "/readyz")
            assert.same({ 503, { status = "unready", reason = "db.full" } }, { ready.status, ready:json() })
            assert.equal(200, http.get(service.url .. "/healthz").status)
            assert.same({ "a" }, kept(service))
            fs.remove(state .. "/filler")
            assert.equal(202, deliver(service, "push", push("full1", 300000), { id = "full-1" }).status)
            eventually(function() return notes(service) == "before\nfull1\n" end)
            eventually(function() return http.get(service.url .. "/readyz").status == 200 end)
            local _, complaints = service.log():gsub("the store cannot be written to: no space is left", "")
            assert.equal(1, complaints)
            assert.matches("the store can be written to again", service.log())
        end)
    end)

    it("delays what was accepted, and loses none of it", function()
        with_small_disk(function(service, state)
            fs.write(service.folder .. "/scripts/note.lua",
                'while not fs.exists("go") do task.sleep(0.01) end fs.append("notes", arg[1] .. "\\n")')
            for i = 1, 3 do
                assert.equal(202, deliver(service, "push", push("s" .. i, 20000), { id = "d" .. i }).status)
            end
            eventually(function() return #jobs(service) == 3 end)
            fill(state)
            fs.write(service.folder .. "/go", "")
            eventually(function() return notes(service):find("s1", 1, true) end)
            fs.remove(state .. "/filler")
            eventually(function() return notes(service):find("s2\ns3\n", 1, true) end)
            -- How the first one ended could perhaps not be kept: it is tried again then.
            eventually(function()
                local list = jobs(service)
                return list[1].state == "done" and list[2].state == "done"
                    and (list[3].state == "done" or list[3].note:find("no space is left", 1, true))
            end)
        end)
    end)
end)

describe("a clock that jumps", function()
    local function faketime_library()
        local ok, result = pcall(process.run, { "faketime", "-f", "+0", "printenv", "LD_PRELOAD" })
        return ok and result.stdout:match("[^\n]+")
    end
    local day_s = 86400
    -- The clock of the service is `offset_s` ahead of the real one; steady clocks are as they are.
    local function with_clock(body)
        local library = faketime_library()
        if not library then return pending("needs faketime") end
        local clock = fs.temp_dir()
        local file = clock:path() .. "/offset"
        local function set(offset_s) fs.write(file, ("%+d\n"):format(offset_s)) end
        set(0)
        task.finally(function()
            service_of.with(files, function(service) body(service, set) end, { env = { LD_PRELOAD = library,
                FAKETIME_TIMESTAMP_FILE = file, FAKETIME_NO_CACHE = "1", FAKETIME_DONT_FAKE_MONOTONIC = "1" } })
        end, function() clock:close() end)
    end
    local function clock_of(service) return time.parse(http.get(service.url .. "/healthz"):json().timestamp) end

    it("delays no job, and makes no delivery new that is known", function()
        with_clock(function(service, set)
            local sent = {}
            for _, offset_s in ipairs({ 0, 40 * day_s, -40 * day_s, 3600, -5 }) do
                set(offset_s)
                assert.is_true(math.abs(clock_of(service) - time.now() - offset_s) < 60)
                local sha = "at" .. offset_s
                sent[#sent + 1] = sha
                for i = 1, #sent do
                    local status = deliver(service, "push", push(sent[i]), { id = "d" .. i }).status
                    assert.equal(i == #sent and 202 or 200, status)
                end
                eventually(function() return notes(service) == table.concat(sent, "\n") .. "\n" end)
            end
            eventually(function()
                for _, job in ipairs(jobs(service)) do
                    if job.state ~= "done" or job.attempts ~= 1 then return false end
                end
                return true
            end)
            assert.equal(200, http.get(service.url .. "/readyz").status)
        end)
    end)

    it("runs each time of a schedule once", function()
        with_clock(function(service, set)
            local noon = time.parse("2026-01-01T12:00:00Z")
            local function look_at(clock)
                set(math.ceil(clock - time.now()))
                service.child:kill("SIGHUP")
            end
            local function times()
                local found = {}
                for _, job in ipairs(jobs(service)) do
                    table.insert(found, 1, job.state == "done" and job.key:match("T(%d%d:%d%d)") or job.state)
                end
                return table.concat(found, " ")
            end
            set(math.ceil(noon - 1800 - time.now()))
            fs.write(service.folder .. "/policies/schedule.lua", [[return { schedules = {
                { id = "hourly", cron = "0 * * * *", run = { "run", "note", "hourly" } } } }]])
            service.child:kill("SIGHUP")
            local function has_last_due(hour)
                local store = db.open(service.folder .. "/state/serve.sqlite", { read_only = true })
                local row = store:one("SELECT last_due_at FROM serve_schedules")
                store:close()
                return row and time.iso(row.last_due_at):find("T" .. hour, 1, true)
            end
            for _, step in ipairs({ { -1800, "11:30" }, { 5, "12:00", "12:00" }, { -300, "11:5", "12:00" },
                { 10, "12:00", "12:00" }, { 6 * 3600 + 10, "18:00", "12:00 18:00" },
                { 1800, "12:3", "12:00 18:00" }, { 3601, "13:00", "12:00 18:00 13:00" },
                { 6 * 3600 + 10, "18:00", "12:00 18:00 13:00 18:00" } }) do
                look_at(noon + step[1])
                eventually(function() return has_last_due(step[2]) end)
                if step[3] then eventually(function() return times() == step[3] end) end
            end
        end)
    end)
end)

describe("a hostile client of the service", function()
    local head = [[
head = (b"POST /webhooks/github HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    b"X-GitHub-Event: push\r\nX-GitHub-Delivery: bad\r\n")
]]
    local function address_of(service)
        return { host = "127.0.0.1", port = tonumber(service.url:match("%d+$")), timeout_s = 60 }
    end
    local function play(service, program)
        return bare_sockets.play(address_of(service), head .. program)
    end

    it("is refused by what it sends too much of, before its signature is looked at", function()
        service_of.with(files, function(service)
            assert.equal("413 431 431 400 403", play(service, [[
out = []
def say(s): out.append(all_of(s)[9:12].decode())
s = connect(); s.sendall(head + b"Content-Length: 30000000\r\nExpect: 100-continue\r\n\r\n"); say(s)
s = connect(); s.sendall(head + b"X-Bomb: " + b"y" * 70000 + b"\r\n\r\n"); say(s)
s = connect()
try: s.sendall(head + b"".join(b"X-%d: y\r\n" % i for i in range(20000)) + b"\r\n")
except OSError: pass
say(s)
s = connect(); s.sendall(head + b"Content-Length: nine\r\n\r\n"); say(s)
s = connect()
s.sendall(head + b"Content-Length: 2\r\nConnection: close\r\nX-Hub-Signature-256: sha256=" + b"0" * 64 + b"\r\n\r\n{}")
say(s)
print(*out, end="")
]]))
            assert.same({}, kept(service))
            assert.equal(202, deliver(service, "push", push("fine")).status)
            assert.matches('uhost_serve_deliveries_total{answer="refused"} 1\n',
                http.get(service.url .. "/metrics").body)
        end)
    end)

    it("keeps nobody else waiting with requests that it does not end", function()
        service_of.with(files, function(service)
            local slow = process.start(bare_sockets.command(address_of(service), head .. [[
held = []
for i in range(300):
    s = connect(); held.append(s)
    s.sendall(head + b"Content-Length: 1000000\r\n\r\n{" if i % 2 else head)
print("held")
time.sleep(600)
]]))
            task.finally(function()
                assert.equal("held", slow:read_line())
                for i = 1, 5 do assert.equal(202, deliver(service, "push", push("s" .. i)).status) end
                eventually(function() return select(2, notes(service):gsub("\n", "")) == 5 end)
                assert.equal(5, #kept(service))
            end, function() slow:close() end)
        end)
    end)
end)
