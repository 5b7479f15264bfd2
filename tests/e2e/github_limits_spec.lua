-- What `github` asks for only once, and how little it asks when it may ask no more: the cache of answers and the rate
-- limits that tasks share.
local support = require("support.github")
local with_github, assert_fails = support.with, support.assert_fails

local all_issues = [[
    local count, list = 0, { repository = "o/n", query = { state = "all" } }
    for _ in github.pages("issues", list) do count = count + 1 end
    local stats = github.cache_stats()
    print(count, stats.requests, stats.not_modified)]]

local function statuses(github_server)
    local count = {}
    for _, request in ipairs(github_server.requests()) do
        if request.status then count[request.status] = (count[request.status] or 0) + 1 end
    end
    return count
end

describe("the cache of answers", function()
    it("asks for what it knows at no cost to the rate limit, in the next run as well", function()
        with_github(function(github_server)
            local first = github_server.run(all_issues)
            assert.matches("^980\t10\t0\n", first.stdout, first.stderr)
            github_server.control({ forget = true })
            local again = github_server.run(all_issues)
            assert.matches("^980\t10\t10\n", again.stdout, again.stderr)
            assert.same({ [304] = 10 }, statuses(github_server))
        end)
    end)

    it("gives what is new when something has changed", function()
        with_github(function(github_server)
            local code = [[print(github.get("issues/4", { repository = "o/n" }).title)]]
            assert.equal("Issue 4\n", github_server.run(code).stdout)
            github_server.control({ repository = "o/n", issues = { { number = 4, title = "Changed" } } })
            assert.equal("Changed\n", github_server.run(code).stdout)
            assert.equal("Changed\n", github_server.run(code).stdout)
            assert.same({ [200] = 2, [304] = 1 }, statuses(github_server))
        end)
    end)

    it("keeps the answers for each token apart, and no token", function()
        with_github(function(github_server)
            local code = [[print(github.get("issues/4", { repository = "o/n" }).number)]]
            github_server.run(code)
            local other = "ghp_otherTokenOfSomebodyElse"
            github_server.control({ token = other })
            github_server.run(code, { env = { GITHUB_TOKEN = other } })
            github_server.run(code, { env = { GITHUB_TOKEN = false } })
            assert.same({ [200] = 3 }, statuses(github_server))
            local kept = fs.read(github_server.state .. "/github.sqlite")
                .. (fs.exists(github_server.state .. "/github.sqlite-wal")
                    and fs.read(github_server.state .. "/github.sqlite-wal") or "")
            assert.is_nil(kept:find("ghp_", 1, true))
            assert.equal("0600", fs.stat(github_server.state .. "/github.sqlite").mode)
        end)
    end)

    it("keeps nothing that may not be kept", function()
        with_github(function(github_server)
            local code = [[print(github.get("issues/4", { repository = "o/n" }).a, github.cache_stats().answers)]]
            for _, headers in ipairs({
                { etag = '"1"', ["set-cookie"] = "a=b" }, { etag = '"1"', ["cache-control"] = "private, no-store" },
                { etag = '"1"', vary = "*" }, { ["cache-control"] = "private" },
            }) do
                github_server.control({ faults = { { path = "/repos/o/n/issues/4", kind = "status", status = 200,
                    headers = headers, body = { a = 1 } } } })
                assert.equal("1\t0\n", github_server.run(code).stdout, json.encode(headers))
            end
        end)
    end)

    it("is turned off by a setting", function()
        with_github(function(github_server)
            for _ = 1, 2 do github_server.run(all_issues, { arguments = { "--set", "github.cache=false" } }) end
            assert.same({ [200] = 20 }, statuses(github_server))
            assert.is_false(fs.exists(github_server.state .. "/github.sqlite"))
        end)
    end)

    it("stays within its size, and lets go of what was not used for longest", function()
        with_github(function(github_server)
            local code = [[
                for n = 1, 200 do
                    if n % 50 ~= 0 then github.get("issues/" .. n, { repository = "o/n" }) end
                end
                print(github.cache_stats().size_bytes, github.cache_stats().answers)]]
            local size = github_server.run(code, { arguments = { "--set", "github.cache_size_mb=0.2" } }).stdout
            assert.is_true(tonumber(size:match("^%d+")) <= 0.2 * 1024 * 1024, size)
            assert.is_true(tonumber(size:match("\t(%d+)")) > 10, size)
        end)
    end)

    it("is done without, after one warning, when it is damaged or locked", function()
        with_github(function(github_server)
            local file = github_server.state .. "/github.sqlite"
            fs.write(file, ("no database"):rep(1000))
            local result = github_server.run(all_issues)
            assert.matches("^980\t10\t0\n", result.stdout, result.stderr)
            assert.matches("are not kept in this run", result.stderr)
            local _, warnings = result.stderr:gsub("not kept", "")
            assert.equal(1, warnings)
            fs.remove(file)
            github_server.run(all_issues)
            local store = db.open(file)
            store:transaction(function()
                store:execute("CREATE TABLE meanwhile (a INTEGER) STRICT")
                local locked = github_server.run([[
                    print(github.get("releases", { repository = "o/n" })[1])]])
                assert.equal("nil\n", locked.stdout, locked.stderr)
                assert.matches("not kept in this run", locked.stderr)
            end)
            store:close()
        end)
    end)

    it("is shared by processes that run at the same time", function()
        with_github(function(github_server)
            local results = task.map({ 1, 2, 3, 4, 5, 6 }, function() return github_server.run(all_issues) end,
                { concurrency = 6 })
            for _, result in ipairs(results) do
                assert.matches("^980\t10\t", result.stdout, result.stderr)
                assert.equal("", result.stderr)
            end
        end)
    end)

    it("keeps nothing under a dry run", function()
        with_github(function(github_server)
            local result = github_server.run(all_issues, { arguments = { "--dry-run" } })
            assert.matches("^980\t10\t0\n", result.stdout, result.stderr)
            assert.is_false(fs.exists(github_server.state .. "/github.sqlite"))
        end)
    end)
end)

describe("a rate limit", function()
    local forty = [[
        local numbers = {}
        for i = 1, 40 do numbers[i] = i end
        local list = task.map(numbers, function(n)
            return github.get("issues/" .. n, { repository = "o/n" }).number
        end, { concurrency = 40 })
        print(#list)]]

    it("is not hit by tasks that run side by side: they stop before it, together", function()
        with_github(function(github_server)
            github_server.control({ forget = true, rate = { core = { remaining = 9, reset_in_s = 3 } } })
            local result = github_server.run(forty)
            assert.equal("40\n", result.stdout, result.stderr)
            assert.same({ [200] = 40 }, statuses(github_server))
        end)
    end)

    it("of the second kind stops all tasks, and fewer go at a time afterwards", function()
        with_github(function(github_server)
            github_server.control({ forget = true, faults = { { path = "/repos", skip = 5, times = 1, kind = "status",
                status = 403, headers = { ["retry-after"] = "2" },
                body = { message = "You have exceeded a secondary rate limit." } } } })
            local result = github_server.run(forty)
            assert.equal("40\n", result.stdout, result.stderr)
            assert.equal(1, statuses(github_server)[403])
            assert.equal(41, #github_server.requests())
        end)
    end)

    it("on changes in a while is met once, and then kept to", function()
        with_github(function(github_server)
            github_server.control({ forget = true,
                secondary = { changes = 10, window_s = 2, retry_after_s = 2 } })
            local result = github_server.run([[
                local repo, list = github.repository("o/n"), {}
                for i = 1, 50 do list[i] = i end
                task.map(list, function(i) repo:create_comment(1, { body = "number " .. i }) end, { concurrency = 50 })
                print("done")]])
            assert.equal("done\n", result.stdout, result.stderr)
            local answers = statuses(github_server)
            assert.equal(50, answers[201])
            assert.is_true(answers[403] <= 16, answers[403] .. " were refused")
        end)
    end)

    it("is reported once, with the time when it ends, and counted down", function()
        with_github(function(github_server)
            github_server.control({ rate = { core = { remaining = 0, reset_in_s = 23 } } })
            local result = github_server.run(forty, { env = { UHOST_GITHUB_MAX_WAIT_S = "60" } })
            assert.equal("40\n", result.stdout, result.stderr)
            local _, notices = result.stderr:gsub("going on at %d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%dZ", "")
            assert.equal(1, notices)
            assert.matches("going on in %d+ s", result.stderr)
        end)
    end)

    it("ends the run at once when the wait is longer than is allowed", function()
        with_github(function(github_server)
            github_server.control({ rate = { core = { remaining = 0, reset_in_s = 900 } } })
            for _, arguments in ipairs({ { "--set", "github.max_wait_s=10" }, {} }) do
                local code = #arguments == 0 and "github.limit_wait(10)\n" .. forty or forty
                local result = github_server.run(code, { arguments = arguments })
                assert_fails(result, "requests are allowed again at %d%d%d%d%-%d%d%-%d%dT", "%-%-max%-wait")
            end
        end)
    end)

    it("of GraphQL is waited for and loses no issue", function()
        with_github(function(github_server)
            github_server.control({ forget = true, rate = { graphql = { remaining = 3, reset_in_s = 3 } } })
            local result = github_server.run([[
                local numbers, count = {}, 0
                for i = 1, 1000 do numbers[i] = i end
                for _ in pairs(github.issue_states(numbers, { repository = "o/n" })) do count = count + 1 end
                print(count, github.requests() <= 14)]])
            assert.equal("1000\ttrue\n", result.stdout, result.stderr)
        end)
    end)

    it("is reported although it is used up", function()
        with_github(function(github_server)
            github_server.control({ rate = { core = { remaining = 0, reset_in_s = 900 } } })
            local result = github_server.run([[
                pcall(github.get, "issues/4", { repository = "o/n" })
                local core = github.rate().core
                print(core.limit, core.remaining, core.reset_at:match("^%d+%-%d+%-%d+T") ~= nil)]],
                { env = { UHOST_GITHUB_MAX_WAIT_S = "10" } })
            assert.equal("5000\t0\ttrue\n", result.stdout, result.stderr)
        end)
    end)

    it("is not missed on a server that has none", function()
        with_github(function(github_server)
            github_server.control({ faults = { { path = "/rate_limit", kind = "status", status = 404 } } })
            assert.equal("nil\n", github_server.run([[print(github.rate())]]).stdout)
        end)
    end)
end)

describe("a log", function()
    local job = { id = 77, name = "build", log = "one\ntwo\n" }

    local function with_log(body)
        with_github(function(github_server)
            github_server.control({ repository = "o/n", workflows = { { id = 5, name = "CI" } },
                runs = { { id = 9, workflow = 5, jobs = { job } } } })
            body(github_server)
        end)
    end

    local read = [[for line in github.repository("o/n"):job_log(77):lines() do print(line) end]]

    it("is read from where GitHub keeps it, which does not see the token", function()
        with_log(function(github_server)
            local result = github_server.run(read)
            assert.equal("one\ntwo\n", result.stdout, result.stderr)
        end)
    end)

    it("is asked for again once when its address has expired", function()
        with_log(function(github_server)
            github_server.control({ blobs = { expired = 1 } })
            local result = github_server.run(read)
            assert.equal("one\ntwo\n", result.stdout, result.stderr)
            github_server.control({ blobs = { expired = 2 } })
            assert_fails(github_server.run(read), "/repos/o/n/actions/jobs/77/logs", "hint")
        end)
    end)

    it("is had of a repository under its old name", function()
        with_log(function(github_server)
            github_server.control({ repository = "old/name", renamed_to = "o/n" })
            local result = github_server.run((read:gsub("o/n", "old/name")))
            assert.equal("one\ntwo\n", result.stdout, result.stderr)
        end)
    end)
end)
