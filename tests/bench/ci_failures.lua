-- Measures `uhost ci_failures check` on 1,000 runs with 300 failed jobs and logs of 2 MB each, from a local stand-in
-- with 20 ms latency, against a sequential Python script that makes the same calls; how many requests a second look
-- takes, and how much memory the first; and the routing of 10,000 events through a policy of 100 routes.
--
-- Prints: name, ours, the peer's, ratio, target, same answer; separated by tabs.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
package.path = here .. "/../?.lua;" .. package.path
local servers = require("support.servers")

local token = "ghp_0123456789abcdefTEST"
local all_runs, failed_runs, log_bytes = 1000, 300, 2000000

local function row(name, ours, peer, target, same)
    print(("%s\t%.3f\t%.3f\t%.3f\t%s\t%s"):format(name, ours, peer, ours / peer, target, same and "yes" or "no"))
end

-- The newest failed, so that none of the green ones may have ended them.
local function runs()
    local list, now = {}, math.floor(time.now())
    for i = 1, all_runs do
        local is_red = i > all_runs - failed_runs
        list[i] = {
            id = i, workflow = "ci.yml", run_number = i, conclusion = is_red and "failure" or "success",
            head_sha = ("%08x%032x"):format(i, i), created_at = time.iso(now - (all_runs - i) * 60 - 60),
            jobs = { { name = "build", conclusion = is_red and "failure" or "success", log_bytes = log_bytes } },
        }
    end
    return list
end

-- What `uhost ci_failures check --json` does; the last line is the most memory that it had, in KiB.
local looking = [[
    package.path = os.getenv("UHOST_SOURCE") .. "/scripts/?.lua;" .. package.path
    local code = require("lib.ci_failures.main").run({ "check", "--json" })
    io.write("\n", fs.read("/proc/self/status"):match("VmHWM:%s*(%d+)"), "\n")
    return code
]]

local function look(server, folder)
    http.post(server.control_url, { json = { forget = true }, mutates = false })
    fs.write(folder .. "/look.lua", looking)
    local started = time.monotonic()
    local result = process.run({ os.getenv("UHOST"), "-q", folder .. "/look.lua", cwd = folder,
        env = { GITHUB_API_URL = server.url, GITHUB_TOKEN = token, GH_TOKEN = false, GITHUB_ACTIONS = false,
            GITHUB_REPOSITORY = "o/n", UHOST_STATE = folder .. "/state" } })
    local seconds = time.monotonic() - started
    assert(result.code < 2, result.stderr)
    local occurrences = 0
    local text, peak_kib = result.stdout:match("^(.*)\n(%d+)\n$")
    for _, failure in ipairs(json.decode(text).failures) do
        occurrences = occurrences + failure.occurrences
    end
    local requests = #http.get(server.control_url):json().requests
    return { seconds = seconds, occurrences = occurrences, requests = requests, peak_mib = peak_kib / 1024 }
end

local function measure_looks(server, folder)
    local ours = look(server, folder)
    local started = time.monotonic()
    local peer = process.run({ "python3", here .. "/ci_failures_fetch.py", server.url, token, check = true }).stdout
    local peer_s = time.monotonic() - started
    local _, jobs = peer:match("^(%d+) (%d+)")
    local same = tonumber(jobs) == ours.occurrences
    row("300 failed jobs of 1,000 runs: seconds", ours.seconds, peer_s, "<= 0.20", same)
    row("- memory, beside the 600 MB of logs: MiB", ours.peak_mib, 600, "-", true)
    local again = look(server, folder)
    row("a second look: requests", again.requests, ours.requests, "<= 0.05", again.occurrences == ours.occurrences)
end

local routing = [[
    local routing = require("uhost.notify.internal.routing")
    local rules = routing.prepare(policy.load("notifications", { schema = require("uhost.notify.policy_schema") }))
    local started, deliveries = time.monotonic(), 0
    for i = 1, 10000 do
        local event = { kind = "ci_failures.new", key = "k" .. i, severity = "warning", title = "t",
            data = { branch = "main", workflow = "w" .. i % 200, job = "build" } }
        deliveries = deliveries + #routing.route(rules, event, 1.7e9).deliveries
    end
    print(time.monotonic() - started, deliveries)
]]

local function measure_routing(folder)
    local routes = {}
    local route = "{ id = 'r%d', match = { kind = 'ci_*', ['data.workflow'] = 'w%d' }, channels = { 'a' } }"
    for i = 1, 100 do routes[i] = route:format(i, i) end
    fs.mkdir(folder .. "/policies")
    fs.write(folder .. "/policies/notifications.lua",
        ("return { channels = { { id = 'a', type = 'stdout' } }, routes = { %s } }"):format(table.concat(routes, ", ")))
    local result = servers.uhost(routing, { cwd = folder, env = { UHOST_STATE = folder .. "/state" }, check = true })
    local seconds, deliveries = result.stdout:match("^(%S+)%s+(%d+)")
    row("10,000 events through 100 routes: seconds", tonumber(seconds), 1, "<= 1.00", tonumber(deliveries) == 5000)
end

servers.in_folder(function(folder)
    measure_routing(folder)
    servers.with("github", {}, function(server)
        http.post(server.control_url, {
            json = { token = token, repository = "o/n", runs = runs(), check_answers = false }, mutates = false,
        })
        -- The stand-in reads GitHub's description when it is first asked: that is not what is measured.
        local headers = { authorization = "Bearer " .. token }
        http.get(server.url .. "/repos/o/n/actions/runs?per_page=1", { headers = headers })
        http.post(server.control_url, { json = { latency_ms = 20 }, mutates = false })
        measure_looks(server, folder)
    end)
end)
