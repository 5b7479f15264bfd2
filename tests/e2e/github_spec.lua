-- `github` in the real binary against a stand-in for GitHub that fails as it is asked to.
local servers = require("support.servers")
local github_support = require("support.github")
local token, with_github, assert_fails = github_support.token, github_support.with, github_support.assert_fails

local state_of_four = [[print(github.issue_states({ 4 }, { repository = "o/n" })[4].state, github.requests())]]

describe("github.issue_states", function()
    it("knows 1,000 issues of every kind after at most 12 requests", function()
        with_github(function(github_server)
            github_server.control({ repository = "o/n", issues = {
                { number = 11, kind = "transferred", moved_to = "other/place#77" },
            } })
            local result = github_server.run([[
                local numbers, counts = {}, {}
                for i = 1, 1000 do numbers[i] = i end
                local states = github.issue_states(numbers, { repository = "o/n" })
                for _, s in pairs(states) do counts[s.kind] = (counts[s.kind] or 0) + 1 end
                print(counts.issue, counts.pull_request, counts.missing, counts.transferred, states[11].moved_to)
                print(github.requests())]])
            assert.equal(0, result.code, result.stderr)
            assert.equal("879\t100\t20\t1\tother/place#77\n10\n", result.stdout)
            local requests = github_server.requests()
            assert.is_true(#requests <= 12)
            for _, request in ipairs(requests) do
                assert.equal("Bearer " .. token, request.authorization)
                assert.equal("2022-11-28", request.version)
                assert.matches("^uhost/", request.agent)
            end
        end)
    end)

    it("finds the issues of a renamed repository, without taking them for transferred", function()
        with_github(function(github_server)
            github_server.control({ repository = "old/name", renamed_to = "o/n" })
            local code = [[print(github.issue_states({ 4 }, { repository = "old/name" })[4].kind)]]
            assert.equal("issue\n", github_server.run(code).stdout)
            assert.equal("issue\n", github_server.run(code, { env = { GITHUB_TOKEN = false } }).stdout)
        end)
    end)

    it("asks one by one without a token, for a few, and says what a token would change", function()
        with_github(function(github_server)
            github_server.control({ repository = "o/n", issues = {
                { number = 11, kind = "transferred", moved_to = "other/place#77" },
            } })
            local result = github_server.run([[
                local states = github.issue_states({ 4, 7, 11, 27, 50, 5000 }, { repository = "o/n" })
                for _, n in ipairs({ 4, 7, 11, 27, 50, 5000 }) do
                    print(states[n].kind, states[n].state, states[n].reason, states[n].moved_to)
                end]], { env = { GITHUB_TOKEN = false } })
            assert.equal(table.concat({
                "issue\topen\tnil\tnil", "pull_request\tclosed\tmerged\tnil",
                "transferred\topen\tnil\tother/place#77", "pull_request\tclosed\tmerged\tnil",
                "missing\tnil\tnil\tnil", "missing\tnil\tnil\tnil", "",
            }, "\n"), result.stdout, result.stderr)
            assert.matches("no token is set", result.stderr)
            local many = github_server.run([[
                local numbers = {}
                for i = 1, 31 do numbers[i] = i end
                github.issue_states(numbers, { repository = "o/n" })]], { env = { GITHUB_TOKEN = false } })
            assert_fails(many, "no token is set", "set GITHUB_TOKEN")
        end)
    end)
end)

describe("github", function()
    it("says which variable holds a token that is not accepted, never the token", function()
        with_github(function(github_server)
            local wrong = "ghp_thisIsTheWrongOne123"
            local result = github_server.run(state_of_four, { env = { GITHUB_TOKEN = wrong } })
            assert_fails(result, "does not accept the token from GITHUB_TOKEN", "make a new one")
            assert.is_nil((result.stdout .. result.stderr):find(wrong, 1, true))
        end)
    end)

    it("takes the token from a file", function()
        with_github(function(github_server)
            servers.in_folder(function(folder)
                fs.write(folder .. "/token", token .. "\n")
                local env = { GITHUB_TOKEN = false, UHOST_GITHUB_TOKEN_FILE = folder .. "/token" }
                assert.equal("open\t1\n", github_server.run(state_of_four, { env = env }).stdout)
                env.UHOST_GITHUB_TOKEN_FILE = folder .. "/none"
                local result = github_server.run(state_of_four, { env = env })
                assert_fails(result, "cannot be read", "UHOST_GITHUB_TOKEN_FILE")
            end)
        end)
    end)

    it("takes the token from gh, where a setting says so", function()
        with_github(function(github_server)
            servers.in_folder(function(folder)
                local host = github_server.url:gsub("^http://", "")
                fs.write(folder .. "/hosts.yml", ("%s:\n    oauth_token: %s\n    user: ada\n"):format(host, token))
                local env = { GITHUB_TOKEN = "ghp_anotherToken", GH_CONFIG_DIR = folder,
                    UHOST_GITHUB_TOKEN_FROM = "gh" }
                assert.equal("open\t1\n", github_server.run(state_of_four, { env = env }).stdout)
                fs.remove(folder .. "/hosts.yml")
                local result = github_server.run(state_of_four, { env = env })
                assert_fails(result, "gh has no token for localhost", "gh auth login %-%-hostname localhost")
            end)
        end)
    end)

    it("shows the token to no script", function()
        with_github(function(github_server)
            local result = github_server.run([[
                github.get("/rate_limit")
                print(os.getenv("GITHUB_TOKEN"))
                local function search(value, seen)
                    if type(value) == "string" and value:find("0123456789abcdef", 1, true) then print("found") end
                    if type(value) == "function" then
                        for i = 1, 60 do search(select(2, debug.getupvalue(value, i)), seen) end
                    end
                    if type(value) ~= "table" or seen[value] then return end
                    seen[value] = true
                    for k, v in pairs(value) do search(k, seen) search(v, seen) end
                end
                search(debug.getregistry(), {})
                search(_G, {})]])
            assert.equal("nil\n", result.stdout, result.stderr)
        end)
    end)

    it("sends the token to its own origin only", function()
        with_github(function(github_server)
            servers.with("http", {}, function(other)
                local headers = { location = other.url .. "/echo" }
                local fault = { path = "/user", kind = "status", status = 302, headers = headers }
                github_server.control({ faults = { fault } })
                local result = github_server.run([[print(json.encode(github.get("/user").headers))]])
                assert.equal(0, result.code, result.stderr)
                assert.is_nil(result.stdout:find("uthorization", 1, true))
            end)
        end)
    end)

    it("says what is not there, and what it may not do", function()
        with_github(function(github_server)
            local absent = github_server.run([[github.issue_states({ 1 }, { repository = "no/such" })]])
            assert_fails(absent, "no repository no/such", "check the spelling")
            assert_fails(github_server.run([[github.get("issues/50000", { repository = "o/n" })]]),
                "nothing at /repos/o/n/issues/50000", "lack access")
            github_server.control({ scopes = "gist", faults = { {
                path = "/repos", kind = "status", status = 403, headers = { ["x-accepted-oauth-scopes"] = "repo" },
                body = { message = "Resource not accessible" },
            } } })
            assert_fails(github_server.run([[github.get("issues/1", { repository = "o/n" })]]),
                "needs repo and has gist", "scope repo")
        end)
    end)

    it("tries again after what may pass", function()
        with_github(function(github_server)
            for _, fault in ipairs({
                { kind = "status", status = 500 }, { kind = "status", status = 502, times = 4 },
                { kind = "status", status = 503 }, { kind = "reset", times = 3 }, { kind = "cut", times = 2 },
                { kind = "truncated", times = 2 }, { kind = "html", times = 2 },
                { kind = "merge", body = { data = json.null, errors = { { message = "Something went wrong" } } } },
            }) do
                github_server.control({ faults = { fault } })
                local result = github_server.run(state_of_four)
                assert.equal(0, result.code, fault.kind .. ": " .. result.stderr)
                assert.matches("^open", result.stdout)
            end
        end)
    end)

    it("gives up after the last attempt, and says why", function()
        with_github(function(github_server)
            github_server.control({ forget = true })
            for _, expectation in ipairs({
                { { kind = "status", status = 502 }, "failed 5 times", "githubstatus" },
                { { kind = "html" }, "a web page", "proxy" },
                { { kind = "truncated" }, "not whole JSON", "try again" },
                { { kind = "reset" }, "closed the connection", "try again" },
            }) do
                local fault = expectation[1]
                fault.times = 100
                github_server.control({ faults = { fault }, forget = true })
                assert_fails(github_server.run(state_of_four), expectation[2], expectation[3])
            end
        end)
    end)

    it("asks again for an alias that GitHub could not answer", function()
        with_github(function(github_server)
            github_server.control({ faults = { {
                kind = "merge", repository = { i4 = json.null },
                body = { errors = { { path = { "repository", "i4" }, message = "Something went wrong" } } },
            } } })
            assert.equal("open\t2\n", github_server.run(state_of_four).stdout)
        end)
    end)

    it("says when nobody is there", function()
        local env = { GITHUB_TOKEN = token, GITHUB_API_URL = "http://localhost:1", UHOST_GITHUB_BACKOFF_S = "0.01" }
        assert_fails(servers.uhost(state_of_four, { env = env }), "cannot connect to localhost:1", "check")
        env.GITHUB_API_URL = "http://no-such-host.invalid"
        local unknown = servers.uhost(state_of_four, { env = env })
        assert_fails(unknown, "not sent in the clear", "https")
        env.GITHUB_API_URL = "https://no-such-host.invalid"
        local secure = servers.uhost(state_of_four, { env = env })
        assert_fails(secure, "no address was found for no%-such%-host%.invalid", "DNS")
        local offline = servers.uhost(state_of_four, { env = env, arguments = { "--offline" } })
        assert_fails(offline, "uhost runs offline", "without %-%-offline")
    end)

    it("hangs up when its task is cancelled", function()
        with_github(function(github_server)
            github_server.control({ faults = { { kind = "hang" } } })
            local result = github_server.run([[
                local ok, err = pcall(task.timeout, 0.2, github.get, "/rate_limit")
                print(ok, err.kind)
                print(github.get("/rate_limit").resources.core.limit)]])
            assert.equal("false\ttimeout\n5000\n", result.stdout, result.stderr)
        end)
    end)
end)

describe("a rate limit of GitHub", function()
    local two_pages = [[
        local count = 0
        for _ in github.pages("issues", { repository = "o/n", query = { state = "open" } }) do count = count + 1 end
        print(count)]]

    it("is waited for in the middle of a list, and loses nothing", function()
        with_github(function(github_server)
            local all = github_server.run(two_pages).stdout
            github_server.control({ rate = { core = { remaining = 1, reset_in_s = 2 } } })
            local result = github_server.run(two_pages)
            assert.equal(all, result.stdout, result.stderr)
        end)
    end)

    it("is waited for with a message, for all tasks together", function()
        with_github(function(github_server)
            github_server.control({ forget = true, rate = { core = { remaining = 0, reset_in_s = 6 } } })
            local result = github_server.run([[
                local list = task.map({ 1, 2, 3, 4 }, function(n)
                    return github.get("issues/" .. n, { repository = "o/n" }).number
                end)
                print(table.concat(list, " "))]])
            assert.equal("1 2 3 4\n", result.stdout, result.stderr)
            assert.matches("rate limit is used up %(core%): going on at %d%d%d%d%-", result.stderr)
            local _, times = result.stderr:gsub("used up", "")
            assert.equal(1, times)
        end)
    end)

    it("fails at once, naming the time, when the wait is too long", function()
        with_github(function(github_server)
            github_server.control({ rate = { graphql = { remaining = 0, reset_in_s = 1800 } } })
            local env = { UHOST_GITHUB_MAX_WAIT_S = "60" }
            local result = github_server.run(state_of_four, { env = env })
            assert_fails(result,
                "rate limit is used up %(graphql%): requests are allowed again at %d%d%d%d%-%d%d%-%d%dT",
                "UHOST_GITHUB_MAX_WAIT_S")
        end)
    end)

    it("of the second kind is waited for as long as GitHub asks", function()
        with_github(function(github_server)
            github_server.control({ forget = true, faults = {
                { path = "/repos", kind = "status", status = 429, headers = { ["retry-after"] = "1" } },
                { path = "/repos", kind = "status", status = 403, headers = { ["retry-after"] = "1" },
                  body = { message = "You have exceeded a secondary rate limit." } },
            } })
            local result = github_server.run([[print(github.get("issues/1", { repository = "o/n" }).number)]])
            assert.equal("1\n", result.stdout, result.stderr)
            assert.equal(3, #github_server.requests())
            github_server.control({ faults = { { path = "/repos", kind = "status", status = 403,
                body = { message = "You have exceeded a secondary rate limit." } } } })
            local env = { UHOST_GITHUB_MAX_WAIT_S = "30" }
            assert_fails(github_server.run([[github.get("issues/1", { repository = "o/n" })]], { env = env }),
                "finds the requests too many", "UHOST_GITHUB_MAX_WAIT_S")
        end)
    end)
end)

describe("a change at GitHub", function()
    it("goes through the plan", function()
        with_github(function(github_server)
            github_server.control({ forget = true })
            local code = [[github.graphql("mutation { closeIssue(input: {}) { clientMutationId } }")]]
            local result = github_server.run(code, { arguments = { "--dry-run" } })
            assert.equal(0, result.code, result.stderr)
            assert.matches("github.graphql .* mutation { closeIssue", result.stderr)
            assert.equal(0, #github_server.requests())
        end)
    end)
end)

describe("github over TLS", function()
    it("does not talk to a server whose authority it does not know", function()
        servers.in_folder(function(folder)
            local key, certificate = servers.certificate(folder)
            servers.with("github", { "--tls", key, certificate }, function(server)
                local env = { GITHUB_API_URL = server.url, GITHUB_TOKEN = token }
                assert_fails(servers.uhost(state_of_four, { env = env }), "is not trusted", "UHOST_HTTP_CA_FILE")
            end)
        end)
    end)
end)
