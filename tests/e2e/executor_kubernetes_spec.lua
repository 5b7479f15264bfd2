-- The executor "kubernetes" against a stand-in for its API server, which holds every request against its OpenAPI.
local executors = require("support.executors")
local peers = require("support.peers")
local servers = require("support.servers")

local function with_cluster(body)
    if peers.missing() then return pending(peers.missing()) end
    servers.with("kubernetes", {}, function(server)
        servers.in_folder(function(folder)
            local user = executors.user(folder, { kubernetes = { url = server.plain_url, image = "busybox",
                namespace = "ci", pull_patience_s = 0 } }, { KUBERNETES_TOKEN = "verysecretkube" })
            local cluster = {}
            function cluster.control(order) http.post(server.control_url, { json = order, mutates = false }) end
            function cluster.report() return http.get(server.control_url):json() end
            body(user, cluster)
        end)
    end)
end

describe("the executor kubernetes", function()
    it("runs jobs with what they need", function()
        with_cluster(function(user)
            local got = user.run([[
                local jobs, ends = build.submit{ executor = "kubernetes",
                    resources = { cpus = 2, gpus = 1, memory_bytes = 2^30, time_limit_s = 60 }, array = {
                    { cmd = { "sh", "-c", "cat; echo \"$A\"; exit 4" }, stdin = "it's\n", env = { A = "a b'c" } },
                    { cmd = { "seq", "5000" }, log = "log", log_limit_bytes = 1000 } } }, {}
                for i, job in ipairs(jobs) do
                    local result = job:wait()
                    ends[i] = { result.outcome, result.code, result.tail:sub(-10), result.node }
                end
                local ok, failure = pcall(jobs[1].collect, jobs[1], "got")
                return { ends, failure.message }]])
            assert.same({ { "failed", 4, "it's\na b'c", "n1" }, { "passed", 0, "\n4999\n5000", "n1" } }, got[1])
            assert.matches("keeps no artifacts: a pod leaves none", got[2])
            assert.matches("the log is cut here", fs.read(user.folder .. "/log"))
        end)
    end)

    it("names how jobs ended that did not end by themselves", function()
        with_cluster(function(user, cluster)
            local wanted = { oom = "out_of_memory", deadline = "timeout", bad_image = "rejected", pull = "rejected",
                evicted = "preempted", preempted = "passed", node_lost = "passed", stuck = "node_failed" }
            cluster.control({ fates = { oom = { "oom" }, deadline = { "deadline" }, bad_image = { "bad_image" },
                pull = { "pull" }, evicted = { "evicted", "evicted", "evicted", "evicted" },
                preempted = { "preempted" }, node_lost = { "node_lost" }, stuck = { "node_lost", "node_lost" } } })
            local got = user.run([[
                local array, ends = {}, {}
                for name in ("oom deadline bad_image pull evicted preempted node_lost stuck"):gmatch("%S+") do
                    array[#array + 1] = { name = name, cmd = { "true" } }
                end
                for _, job in ipairs(build.submit{ executor = "kubernetes", array = array }) do
                    local result = job:wait()
                    ends[job.name] = { result.outcome, result.attempts }
                end
                return ends]])
            local outcomes, attempts = {}, {}
            for name, each in pairs(got) do outcomes[name], attempts[name] = each[1], each[2] end
            assert.same(wanted, outcomes)
            assert.same({ 4, 2, 2, 1 }, { attempts.evicted, attempts.preempted, attempts.node_lost, attempts.oom })
            -- Pods of a lost node, and those without an image, are not left behind.
            assert.equal(5, cluster.report().deleted)
        end)
    end)

    it("says why a job waits, and cancels it", function()
        with_cluster(function(user, cluster)
            cluster.control({ fates = { large = { "unschedulable" } } })
            local got = user.run([[
                local job = build.submit{ executor = "kubernetes", name = "large", cmd = { "true" } }
                local state, reason = job:state()
                job:cancel()
                return { state, reason, job:wait().outcome }]])
            assert.same({ "queued", "0/3 nodes are available", "cancelled" }, got)
            assert.same({}, cluster.report().jobs)
        end)
    end)

    it("begins a job once, at whatever moment its script is killed, and if the answer is lost", function()
        with_cluster(function(user, cluster)
            cluster.control({ faults = { { method = "POST", lost = true } } })
            local code = [[
                local job = build.submit{ executor = "kubernetes", cmd = { "sleep", "1" }, key = "k" }
                print("submitted") io.flush()
                return { job.was_found, job:wait().outcome }]]
            local child = user.start(code)
            assert.equal("submitted", child:read_line())
            child:kill("SIGKILL")
            child:wait()
            assert.same({ true, "passed" }, (user.run(code)))
            assert.equal(1, #cluster.report().jobs)
            -- Between the submission and its note: as if the note had not been written.
            local store = db.open(user.folder .. "/state/build.sqlite")
            store:execute("UPDATE jobs SET state = 'submitting', id = NULL, result = NULL, holder = NULL")
            store:close()
            assert.same({ true, "passed" }, (user.run(code)))
            assert.equal(1, #cluster.report().jobs)
        end)
    end)

    it("gives two processes with one key the same job", function()
        with_cluster(function(user, cluster)
            local code = [[
                local job = build.submit{ executor = "kubernetes", cmd = { "sleep", "1" }, key = "k" }
                print(json.encode({ job.was_found, job:wait().outcome }))]]
            local first, second = user.start(code), user.start(code)
            local lines = { first:read_line(), second:read_line() }
            table.sort(lines)
            assert.same({ '[false,"passed"]', '[true,"passed"]' }, lines)
            assert.equal(1, #cluster.report().jobs)
        end)
    end)

    it("takes back what was submitted when the rest of an array cannot be", function()
        with_cluster(function(user, cluster)
            local code = [[
                local ok, failure = pcall(build.submit, { executor = "kubernetes", array = {
                    { cmd = { "sleep", "60" } }, { cmd = { "sleep", "60" }, key = "kept" },
                    { cmd = { "sleep", "60" }, key = "refused", name = "refused" } } })
                local again = build.submit{ executor = "kubernetes", cmd = { "sleep", "60" }, key = "kept" }
                again:cancel()
                return { failure.kind, again.was_found }]]
            cluster.control({ unreachable = "refused" })
            assert.same({ "build.submission", true }, (user.run(code)))
            assert.same({}, cluster.report().jobs)
            assert.equal(2, cluster.report().deleted)
        end)
    end)

    it("says when contact is lost, and what the server refuses", function()
        with_cluster(function(user, cluster)
            local faults = {}
            for i = 1, 50 do faults[i] = { method = "GET", status = 503 } end
            cluster.control({ faults = faults })
            assert.same({ "lost_contact", "etcd is busy", "kubectl describe job" }, user.run([[
                local job = build.submit{ executor = "kubernetes", cmd = { "true" }, lost_after_s = 0 }
                local result = job:wait()
                return { result.outcome, result.reason, result.look:match("kubectl describe job") }]]))
            cluster.control({ faults = { { method = "POST", status = 403 } } })
            assert.same({ "rejected", "etcd is busy" }, user.run([[
                local result = build.run{ executor = "kubernetes", cmd = { "true" } }
                return { result.outcome, result.reason }]]))
        end)
    end)
end)
