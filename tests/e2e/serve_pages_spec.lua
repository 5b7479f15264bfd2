-- The pages of `uhost serve` as people use them: with a browser, a keyboard, on a phone.
local eventually = require("support.expect").eventually
local metrics_store = require("lib.metrics.store")
local peers = require("support.peers")
local service_of = require("support.service")

local deliver, jobs = service_of.deliver, service_of.jobs

local files = {
    ["policies/events.lua"] = [[return { rules = {
        { id = "pushed", event = "push", run = { "run", "job", "{sha}" } } } }]],
    ["scripts/job.lua"] = [[print("<b>working</b> on " .. arg[1])
        if arg[1] == "long" then while not fs.exists("go") do task.sleep(0.01) end end]],
}

local function push(sha, name)
    return { ref = "refs/heads/main", after = sha, repository = { full_name = name or "o/n" } }
end

local function browse(...)
    local command = { "node", peers.folder .. "/service.mjs", check = true }
    for i, argument in ipairs({ ... }) do command[i + 2] = argument end
    return json.decode(process.run(command).stdout)
end

local function bearing(token) return { headers = { Authorization = "Bearer " .. token }, mutates = false } end

describe("the page for administrators", function()
    it("shows jobs, ends them and runs them again, with the keyboard, on a phone, read aloud", function()
        if peers.missing() then return pending(peers.missing()) end
        service_of.with(files, function(service)
            deliver(service, "push", push("short", "o/a"))
            deliver(service, "push", push("long", "o/b"))
            eventually(function()
                local list = jobs(service)
                return #list == 2 and list[2].state == "done" and list[1].state == "running"
            end)
            local seen = browse("admin", service.url, "admin-token-1234", service.folder)
            assert.same({}, seen.problems)
            assert.same({ "This is not the token.", "token" }, { seen.refusal, seen.focus })
            assert.same({ ["uhost run job short"] = "done", ["uhost run job long"] = "running" }, seen.first)
            assert.same({ ["uhost run job short"] = "done", ["uhost run job long"] = "cancelled" }, seen.cancelled)
            assert.same({ ["uhost run job short"] = "done", ["uhost run job long"] = "done" }, seen.last)
            assert.equal("Run again", seen.stays)
        end)
    end)

    it("does nothing without the token, and only what makes sense", function()
        service_of.with(files, function(service)
            deliver(service, "push", push("short"))
            eventually(function() return jobs(service)[1] and jobs(service)[1].state == "done" end)
            local function post(path, token)
                return http.post(service.url .. path, bearing(token or "admin-token-1234")).status
            end
            assert.equal(401, post("/admin/jobs/1/retry", "guessed"))
            assert.equal(409, post("/admin/jobs/1/cancel"))
            assert.equal(409, post("/admin/jobs/99/retry"))
            assert.equal(405, http.get(service.url .. "/admin/jobs/1/retry").status)
            assert.equal(405, post("/admin"))
            assert.equal(404, http.get(service.url .. "/admin/jobs/1/explode").status)
            assert.equal(200, post("/admin/jobs/1/retry"))
            eventually(function() return jobs(service)[1].state == "done" end)
            local page = http.get(service.url .. "/admin")
            assert.matches("default%-src 'none'", page.headers["content-security-policy"])
            assert.is_nil(page.body:find("short", 1, true))
        end)
    end)
end)

describe("the dashboard", function()
    it("shows by itself what a command has found", function()
        if peers.missing() then return pending(peers.missing()) end
        local function keep(folder, number)
            local store = db.open(folder .. "/state/metrics.sqlite")
            metrics_store.prepare(store)
            metrics_store.keep(store, { { repository = "o/n", source = "github", key = tostring(number),
                workflow = "ci.yml", event = "push", branch = "main", commit_sha = "", number = number, attempt = 1,
                conclusion = "success", url = "", created_at = math.floor(time.now()) - 600 * number, duration_s = 60,
                version = "1" } })
            store:close()
        end
        service_of.with(files, function(service)
            local reading = task.spawn(browse, "live", service.url, service.folder)
            eventually(function() return fs.exists(service.folder .. "/watching") end)
            keep(service.folder, 2)
            local seen = reading:await()
            assert.same({}, seen.problems)
            assert.matches("2", seen.text)
        end, { dashboard = true, prepare = function(folder) keep(folder, 1) end })
    end)
end)
