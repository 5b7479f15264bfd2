-- The pages of `uhost serve` as people use them: with a browser, a keyboard, on a phone.
local eventually = require("support.expect").eventually
local metrics_store = require("lib.metrics.store")
local peers = require("support.peers")
local servers = require("support.servers")
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
    return json.decode(process.run({ check = true, "node", peers.folder .. "/service.mjs", ... }).stdout)
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
            assert.equal(404, post("/admin/jobs/99/retry"))
            assert.equal(404, post("/admin/jobs/99999999999999999999/cancel"))
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

describe("behind nginx, as the README has it", function()
    local readme = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") .. "/../../scripts/README.md"
    local frame = [[
user root; pid @FOLDER@/nginx.pid; error_log @FOLDER@/error.log; daemon off; events {}
http { access_log off; client_body_temp_path @FOLDER@/body; proxy_temp_path @FOLDER@/proxy;
fastcgi_temp_path @FOLDER@/fastcgi; scgi_temp_path @FOLDER@/scgi; uwsgi_temp_path @FOLDER@/uwsgi;
@SERVER@ }]]
    local function configuration(folder, service, port)
        local key, certificate = servers.certificate(folder)
        local values = { ["listen 443"] = ("listen 127.0.0.1:%d"):format(port),
            ["/etc/ssl/ci.example.org.pem"] = certificate, ["/etc/ssl/ci.example.org.key"] = key,
            ["http://127.0.0.1:8080"] = service.url }
        local server = fs.read(readme):match("```nginx\n(.-)```")
        for text, value in pairs(values) do server = server:gsub(text:gsub("%p", "%%%0"), value) end
        return (frame:gsub("@(%u+)@", { FOLDER = folder, SERVER = server })), certificate
    end

    it("takes large deliveries, shows changes at once, and hides what is for monitors", function()
        if not pcall(process.run, { "nginx", "-v", reads = true }) then return pending("needs nginx") end
        service_of.with(files, function(service)
            local port = servers.free_ports(1)
            local text, certificate = configuration(service.folder, service, port)
            fs.write(service.folder .. "/nginx.conf", text)
            local nginx = process.start({ "nginx", "-c", service.folder .. "/nginx.conf", "-e",
                service.folder .. "/error.log", mutates = "start nginx" })
            local function ask(path, ...)
                return process.run({ reads = true, "curl", "-s", "--cacert", certificate, "-w", "%{http_code}",
                    ("https://localhost:%d%s"):format(port, path), "-o", "/dev/null", ... }).stdout
            end
            task.finally(function()
                eventually(function() return ask("/healthz") == "200" end)
                local body = json.encode({ after = "large", repository = { full_name = "o/n" },
                    filler = ("x"):rep(3 * 2 ^ 20) })
                fs.write(service.folder .. "/delivery", body)
                assert.equal("202", ask("/webhooks/github", "--data-binary", "@" .. service.folder .. "/delivery",
                    "-H", "Content-Type: application/json", "-H", "X-GitHub-Event: push", "-H", "X-GitHub-Delivery: a",
                    "-H", "X-Hub-Signature-256: " .. service_of.signature_of(body)))
                assert.same({ "200", "401", "403" }, { ask("/admin"), ask("/admin/jobs"), ask("/metrics") })
                local events = process.start({ "curl", "-sN", "--cacert", certificate,
                    ("https://localhost:%d/events"):format(port), reads = true })
                assert.equal(": ", events:read_line())
                events:close()
            end, function() nginx:close() end)
        end)
    end)
end)
