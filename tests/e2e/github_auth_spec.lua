-- `github` as a GitHub App: its JWT, its installations and their tokens, against a stand-in that checks them.
local servers = require("support.servers")
local support = require("support.github")
local assert_fails = support.assert_fails

-- A key as GitHub gives it out, and its public half.
local function make_key(folder)
    local key = folder .. "/app.pem"
    process.run({ "openssl", "genrsa", "-traditional", "-out", key, "2048", check = true })
    local public = process.run({ "openssl", "rsa", "-in", key, "-pubout", check = true }).stdout
    return key, public
end

-- Runs `body(stand_in, env, key)` with an App that is installed for the account "o"; `env` is what makes uhost be it.
local function with_app(body, app)
    support.with(function(github_server)
        local key, public = make_key(github_server.state)
        local settings = { id = 4711, public_key_pem = public, installations = { o = 31 } }
        for name, value in pairs(app or {}) do settings[name] = value end
        github_server.control({ app = settings })
        body(github_server, {
            GITHUB_TOKEN = false, UHOST_GITHUB_APP_ID = "4711", UHOST_GITHUB_APP_KEY_FILE = key,
        }, key)
    end)
end

local read_one = [[print(github.get("issues/4", { repository = "o/n" }).number)]]

-- How many requests were made to a path.
local function count(github_server, pattern)
    local found = 0
    for _, request in ipairs(github_server.requests()) do
        if request.path:find(pattern) then found = found + 1 end
    end
    return found
end

describe("a token", function()
    -- A proxy that is asked for what is not https sees all of it.
    it("is not sent in the clear through a proxy, also where the API is on this machine", function()
        support.with(function(github_server)
            servers.with("http", {}, function(proxy)
                local code = [[print(github.get("issues/4", { repository = "o/n" }).number)]]
                local env = { http_proxy = proxy.url, https_proxy = proxy.url, all_proxy = proxy.url, no_proxy = "" }
                -- What the proxy was asked for, but for this.
                local function asked()
                    local total = 0
                    for path, times in pairs(http.get(proxy.url .. "/counts"):json()) do
                        if path:find("/repos/", 1, true) then total = total + times end
                    end
                    return total
                end
                local result = github_server.run(code, { env = env })
                assert.equal("4\n", result.stdout, result.stderr)
                env.UHOST_HTTP_PROXY = proxy.url
                assert.equal("4\n", github_server.run(code, { env = env }).stdout)
                assert.equal(0, asked())
                env.GITHUB_API_URL = "http://api.invalid"
                local refused = github_server.run(code, { env = env })
                assert.matches("is not sent in the clear to api.invalid", refused.stderr)
                assert.equal(0, asked())
                env.GITHUB_TOKEN = false
                github_server.run(code, { env = env })
                assert.is_true(asked() > 0)  -- what has no token goes that way
            end)
        end)
    end)
end)

describe("a GitHub App", function()
    it("acts through the installation of the repository that is asked for", function()
        with_app(function(github_server, env)
            local result = github_server.run(read_one, { env = env })
            assert.equal("4\n", result.stdout, result.stderr)
            local requests = github_server.requests()
            assert.equal("/repos/o/n/installation", requests[1].path)
            assert.equal("/app/installations/31/access_tokens", requests[2].path)
            assert.matches("^Bearer ghs_31", requests[3].authorization)
        end)
    end)

    it("acts through the installation that is set", function()
        with_app(function(github_server, env)
            env.UHOST_GITHUB_APP_INSTALLATION = "31"
            assert.equal("4\n", github_server.run(read_one, { env = env }).stdout)
            assert.equal(0, count(github_server, "/installation$"))
            env.UHOST_GITHUB_APP_INSTALLATION = "the first"
            local result = github_server.run(read_one, { env = env })
            assert.equal(2, result.code)
            assert.matches("not the number of an installation", result.stderr)
        end)
    end)

    it("acts through its only installation where no repository is asked for", function()
        with_app(function(github_server, env)
            local code = [[print(github.graphql("query { viewer { login } }").viewer.login)]]
            local result = github_server.run(code, { env = env })
            assert.equal(0, result.code, result.stderr)
            github_server.control({ app = { installations = { o = 31, p = 32 } } })
            assert_fails(github_server.run(code, { env = env }), "has 2 installations", "github.app_installation")
            env.GITHUB_REPOSITORY = "o/n"
            result = github_server.run(code, { env = env })
            assert.equal(0, result.code, result.stderr)
        end)
    end)

    it("asks for one token for many tasks", function()
        with_app(function(github_server, env)
            local result = github_server.run([[
                local numbers = {}
                for i = 1, 40 do numbers[i] = i end
                task.map(numbers, function(n) github.repository("o/n"):issue(n) end, { concurrency = 40 })
                print(github.issue_states({ 4 }, { repository = "o/n" })[4].state)]], { env = env })
            assert.equal("open\n", result.stdout, result.stderr)
            assert.equal(1, count(github_server, "/access_tokens$"))
            assert.equal(1, count(github_server, "/installation$"))
        end)
    end)

    it("has a token for each installation", function()
        with_app(function(github_server, env)
            github_server.control({ repository = "p/n", generate = 10 })
            local result = github_server.run([[
                print(github.get("issues/4", { repository = "o/n" }).number,
                    github.get("issues/4", { repository = "p/n" }).number)]], { env = env })
            assert.equal("4\t4\n", result.stdout, result.stderr)
            local requests = github_server.requests()
            assert.matches("^Bearer ghs_31", requests[3].authorization)
            assert.matches("^Bearer ghs_32", requests[#requests].authorization)
        end, { installations = { o = 31, p = 32 } })
    end)

    it("reads all pages of a list with the installation that read the first one", function()
        with_app(function(github_server, env)
            github_server.control({ repository = "p/n", generate = 250 })
            local result = github_server.run([[
                for name, other in pairs({ ["o/n"] = "p/n", ["p/n"] = "o/n" }) do
                    local count = 0
                    for _ in github.repository(name):issues({ state = "all" }) do
                        count = count + 1
                        if count % 90 == 0 then github.repository(other):issue(1) end
                    end
                    assert(count > 100, name)
                end
                print("read")]], { env = env })
            assert.equal("read\n", result.stdout, result.stderr)
        end, { installations = { o = 31, p = 32 } })
    end)

    it("does not take the installation of an earlier request for one that names no repository", function()
        with_app(function(github_server, env)
            github_server.control({ repository = "p/n", generate = 3 })
            local result = github_server.run([[
                github.repository("p/n"):issue(1)
                print(pcall(github.graphql, "query { viewer { login } }"))]], { env = env })
            assert.matches("has 2 installations", result.stdout, result.stderr)
        end, { installations = { o = 31, p = 32 } })
    end)

    it("renews a token before it expires", function()
        with_app(function(github_server, env)
            local result = github_server.run([[
                for _ = 1, 8 do
                    github.repository("o/n"):issue(4)
                    task.sleep(1)
                end
                print("done")]], { env = env })
            assert.equal("done\n", result.stdout, result.stderr)
            assert.is_true(count(github_server, "/access_tokens$") >= 2)
            for _, request in ipairs(github_server.requests()) do assert.not_equal(401, request.status) end
        end, { token_life_s = 4 })
    end)

    it("gets another token when one is refused", function()
        with_app(function(github_server, env)
            github_server.control({ faults = { { path = "/repos/o/n/issues", kind = "status", status = 401,
                body = { message = "Bad credentials" } } } })
            assert.equal("4\n", github_server.run(read_one, { env = env }).stdout)
            assert.equal(2, count(github_server, "/access_tokens$"))
            github_server.control({ faults = { { path = "/repos/o/n/issues", kind = "status", status = 401, times = 9,
                body = { message = "Bad credentials" } } } })
            assert_fails(github_server.run(read_one, { env = env }), "not accept the token from the GitHub App 4711",
                "hint")
        end)
    end)

    it("goes by GitHub's clock when this machine's is wrong", function()
        for _, skew_s in ipairs({ -900, 900, -45, 200000 }) do
            with_app(function(github_server, env)
                local result = github_server.run(read_one, { env = env })
                assert.equal("4\n", result.stdout, skew_s .. result.stderr)
                if math.abs(skew_s) > 500 then assert.matches("clock differs from GitHub's by", result.stderr) end
            end, { clock_skew_s = skew_s })
        end
    end)

    it("tries again what may pass on the way to a token", function()
        with_app(function(github_server, env)
            for _, fault in ipairs({ { kind = "reset" }, { kind = "status", status = 502 }, { kind = "lost" } }) do
                fault.path, fault.times = "/app/installations", 3
                github_server.control({ faults = { fault } })
                assert.equal("4\n", github_server.run(read_one, { env = env }).stdout, fault.kind)
            end
        end)
    end)

    it("says where it is not installed", function()
        with_app(function(github_server, env)
            local result = github_server.run([[github.get("issues/4", { repository = "q/n" })]], { env = env })
            assert_fails(result, "App 4711 is not installed for q/n", "install it there")
        end)
    end)

    it("says when its key is not accepted, and what its key file is instead", function()
        with_app(function(github_server, env, key)
            local other = make_key(github_server.state)
            env.UHOST_GITHUB_APP_KEY_FILE = other
            assert_fails(github_server.run(read_one, { env = env }), "does not accept the key of the GitHub App 4711",
                "app_id belongs to the key")
            fs.write(key, "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")
            env.UHOST_GITHUB_APP_KEY_FILE = key
            assert_fails(github_server.run(read_one, { env = env }), "holds the public key", "app_key_file")
            env.UHOST_GITHUB_APP_KEY_FILE = false
            assert_fails(github_server.run(read_one, { env = env }), "no key of that App is set", "app_key_file")
        end)
    end)

    it("shows neither its key nor a token to a script or in the output", function()
        with_app(function(github_server, env)
            local result = github_server.run([[
                github.get("issues/4", { repository = "o/n" })
                local function search(value, seen)
                    if type(value) == "string" and (value:find("ghs_", 1, true) or value:find("^ey[%w_-]+%.ey")) then
                        print("found")
                    end
                    if type(value) == "function" then
                        for i = 1, 60 do search(select(2, debug.getupvalue(value, i)), seen) end
                    end
                    if type(value) ~= "table" or seen[value] then return end
                    seen[value] = true
                    for k, v in pairs(value) do search(k, seen) search(v, seen) end
                end
                search(debug.getregistry(), {})
                search(_G, {})]], { env = env, arguments = { "-v" } })
            assert.equal("", result.stdout, result.stderr)
            assert.is_nil(result.stderr:find("ghs_", 1, true))
        end)
    end)

    it("sends files to where uploads go, by the installation of the repository", function()
        with_app(function(github_server, env)
            github_server.control({ repository = "o/n", releases = { { id = 5, tag_name = "v1" } } })
            fs.write(github_server.state .. "/tool.txt", "tool")
            env.GITHUB_API_URL, env.FILE = github_server.url .. "/api/v3", github_server.state .. "/tool.txt"
            local result = github_server.run([[
                http.intercept(function(request)
                    print(request.method, request.url:gsub("^http://[^/]*", ""), request.body_file ~= nil)
                    return { status = 201, body = '{"id":7,"name":"tool.txt"}' }
                end, function()
                    print(github.repository("o/n"):upload_asset(5, os.getenv("FILE")).name)
                end)]], { env = env })
            assert.equal("POST\t/api/uploads/repos/o/n/releases/5/assets?name=tool.txt\ttrue\ntool.txt\n",
                result.stdout, result.stderr)
            env.GITHUB_API_URL = github_server.url
            local sent = github_server.run([[
                print(github.repository("o/n"):upload_asset(5, os.getenv("FILE")).size_bytes)]], { env = env })
            assert.equal("4\n", sent.stdout, sent.stderr)
        end, { installations = { o = 31, p = 32 } })
    end)

    it("needs no plan to get a token, and keeps to the plan with it", function()
        with_app(function(github_server, env)
            local result = github_server.run([[
                print(github.repository("o/n"):issue(4).number)
                print(github.repository("o/n"):create_issue{ title = "New" }.planned)]],
                { env = env, arguments = { "--dry-run" } })
            assert.equal("4\ntrue\n", result.stdout, result.stderr)
            assert.equal(0, #github_server.issues_titled("New"))
        end)
    end)
end)
