-- Recording with the real binary, and replaying when the server is gone.
local servers = require("support.servers")

local token = "ghp_0123456789abcdefTEST"

-- Runs `code` twice: recording while a server runs, and replaying after it has gone; both must print the same.
-- `body(recording, printed, replay, file)` gets the recording's text, what was printed, replay(code) for more, and the
-- recording's file.
local function recorded(code, env, body)
    servers.in_folder(function(folder)
        local file, first, replay = folder .. "/recording.jsonl", nil, nil
        servers.with("http", {}, function(server)
            local variables = { URL = server.url, FOLDER = folder }
            for key, value in pairs(env) do variables[key] = value end
            first = servers.uhost(code, { env = variables, arguments = { "--record", file } })
            replay = function(other)
                return servers.uhost(other or code,
                    { env = variables, arguments = { "--state", folder .. "/state", "--replay", file } })
            end
        end)
        assert.equal(0, first.code, first.stderr)
        local again = replay()
        assert.equal(0, again.code, again.stderr)
        assert.equal(first.stdout, again.stdout)
        body(fs.read(file), first.stdout, replay, file)
    end)
end

local function assert_without(text, ...)
    for _, secret in ipairs({ ... }) do
        assert.is_nil(text:find(secret, 1, true), "the recording has " .. secret)
    end
end

describe("uhost --record and --replay", function()
    it("give the same answers again when the server has gone, whatever they were", function()
        recorded([[
            local url, folder = os.getenv("URL"), os.getenv("FOLDER")
            local function show(answer)
                print(answer.status, answer.body_bytes, answer.headers["x-repeated"], answer.body)
            end
            show(http.get(url .. "/headers"))
            show(http.get(url .. "/status?code=503"))
            print(http.post(url .. "/echo", { json = { b = 1, a = { 2, 3 } } }):json().body)
            show(http.get(url .. "/redirect?to=/status?code=200", { redirects = 1 }))
            show(http.head(url .. "/status?code=200"))
            for line in http.stream(url .. "/lines?count=3"):lines() do print(line) end
            local file = http.get(url .. "/large?bytes=300000", { to_file = folder .. "/large" })
            print(file.body, file.body_bytes, #fs.read(file.file))
            print(#http.get(url .. "/bomb?bytes=70000").body)
            for _, path in ipairs({ "/reset", "/garbage", "/truncated" }) do
                local ok, err = pcall(http.get, url .. path)
                print(ok, err.kind, err.message, err.hint, err.details.sent)
            end
            local stream = http.stream(url .. "/truncated")
            print(#stream:read(), select(2, pcall(stream.read, stream)).kind)
        ]], {}, function(recording, printed)
            assert.matches("one, two", printed)
            assert.matches("http.reset", printed)
            assert.equal(13, select(2, recording:gsub("\n", "\n")))
            assert.matches('^{"made_by":"uhost [%d.]+","uhost_recording":1}\n', recording)
        end)
    end)

    it("give the k-th answer the k-th time, also to tasks side by side", function()
        recorded([[
            local url = os.getenv("URL")
            local counts = {}
            for i = 1, 3 do counts[i] = http.get(url .. "/counts").body end
            for i = 1, 3 do print(counts[i]) end
            local bodies = task.map({ 5, 3, 1 }, function(ms) return http.get(url .. "/slow?ms=" .. ms).status end)
            print(#bodies)
        ]], {}, function(_, printed, replay)
            local last = printed:match("([^\n]*)\n3\n$")
            local more = replay([[for i = 1, 4 do print(http.get(os.getenv("URL") .. "/counts").body) end]])
            assert.equal(printed:sub(1, -3) .. last .. "\n", more.stdout)
        end)
    end)

    it("take out every secret, wherever it stands", function()
        local secrets = {
            "header-secret-1", "cookie-secret-2", "query-secret-3", "signature-secret-4", "body-secret-5",
            "basic-secret-6", "environment/secret+7", "environment%2Fsecret%2B7", "key-secret-8",
        }
        recorded([[
            local url = os.getenv("URL")
            local basic = "dXNlcjpiYXNpYy1zZWNyZXQtNg=="  -- user:basic-secret-6
            http.get(url .. "/echo", { query = { token = "query-secret-3", sig = "signature-secret-4", page = 2,
                ["X-Amz-Signature"] = "signature-secret-4", q = os.getenv("MY_SECRET") },
                headers = { Authorization = "Bearer header-secret-1", Cookie = "sid=cookie-secret-2",
                    ["X-Api-Key"] = "key-secret-8" } })
            http.post(url .. "/echo", { json = { password = "body-secret-5", note = "in " .. os.getenv("MY_SECRET") },
                headers = { Authorization = "Basic " .. basic } })
            http.post(url .. "/echo", { body = "\255\0" .. os.getenv("MY_SECRET") .. " basic-secret-6" })
            http.get(url .. "/redirect?to=" .. http.encode("https://blob.invalid/x?se=1&sig=signature-secret-4"))
        ]], { MY_SECRET = "environment/secret+7" }, function(recording, _, _, file)
            assert_without(recording, unpack(secrets))
            assert_without(recording, "dXNlcjpiYXNpYy1zZWNyZXQtNg", "Date", '"date"')
            assert.matches("page=2", recording)
            assert.equal("600", process.run({ "stat", "-c", "%a", file }).stdout:match("%d+"))
        end)
    end)

    it("fail clearly on what was not recorded", function()
        recorded([[
            http.get(os.getenv("URL") .. "/status?code=200")
            http.post(os.getenv("URL") .. "/echo", { json = { a = 1 } })
        ]], {}, function(_, _, replay, file)
            local other = replay([[http.get(os.getenv("URL") .. "/status?code=201")]])
            assert.equal(3, other.code)
            assert.matches("error: GET http://localhost:%d+/status%?code=201 is not in the recording ", other.stderr)
            assert.is_truthy(other.stderr:find(file, 1, true))
            assert.matches("hint: nearest recorded: GET http://localhost:%d+/status%?code=200;", other.stderr)
            local body = replay([[http.post(os.getenv("URL") .. "/echo", { json = { a = 2 } })]])
            assert.matches('POST http://localhost:%d+/echo with the body {"json":{"a":1}}', body.stderr)
            local twice = replay([[
                for _ = 1, 2 do print(http.post(os.getenv("URL") .. "/echo", { json = { a = 1 } }).status) end]])
            assert.equal("200\n", twice.stdout)
            assert.matches("was recorded once in .*, but the script sends it once more", twice.stderr)
            local stream = replay([[http.stream(os.getenv("URL") .. "/lines?count=9")]])
            assert.matches("is not in the recording", stream.stderr)
        end)
    end)

    it("keep no more of an answer than was read, and of none more than 8 MiB", function()
        recorded([[
            local url = os.getenv("URL")
            local stream = http.stream(url .. "/large?bytes=50000000")
            print(#stream:read() > 0)
            stream:close()
            local ok, err = pcall(http.get, url .. "/large?bytes=9000000")
            print(http.is_replay() and err.kind == "http.not_recorded" or ok)
        ]], {},
            function(recording)
                assert.is_true(#recording < 10 * 1024 * 1024)
            end)
    end)

    it("change nothing on replay, and write that nowhere", function()
        recorded([[http.post(os.getenv("URL") .. "/echo", { body = "x" })]], {}, function(_, _, replay)
            assert.equal("0\n", replay([[
                http.post(os.getenv("URL") .. "/echo", { body = "x" }) print(#plan.history{})]]).stdout)
        end)
    end)

    it("keep their distance from other files and from each other", function()
        servers.in_folder(function(folder)
            local notes = folder .. "/notes"
            fs.write(notes, "mine")
            local function refusal(...)
                local result = servers.uhost("print('ran')", { arguments = { ... } })
                assert.equal(2, result.code)
                assert.equal("", result.stdout)
                return result.stderr
            end
            assert.matches("exists and is not a recording; it stays as it is", refusal("--record", notes))
            assert.matches("is not a recording of uhost", refusal("--replay", notes))
            assert.equal("mine", fs.read(notes))
            assert.matches("cannot replay .*no", refusal("--replay", folder .. "/nothing"))
            assert.matches("cannot record into", refusal("--record", folder .. "/no/such"))
            assert.matches("%-%-record excludes %-%-replay", refusal("--record", notes, "--replay", notes))
            assert.matches("needs a file", refusal("--record", ""))
            fs.write(notes, '{"uhost_recording":1}\n{"number":1}\n')
            assert.matches("notes:2: the recording is damaged", refusal("--replay", notes))
            local empty = folder .. "/empty.jsonl"
            assert.equal(0, servers.uhost("", { arguments = { "--record", empty } }).code)
            assert.equal("1\n", servers.uhost("print(1)", { arguments = { "--replay", empty } }).stdout)
        end)
    end)

    it("record a request whose authorization has a scheme alone", function()
        recorded([[
            local answer = http.get(os.getenv("URL") .. "/echo", { headers = { Authorization = "Bearer " } })
            print(answer.status)
        ]], {}, function(_, printed) assert.equal("200\n", printed) end)
    end)

    it("replace a recording only when that is asked for", function()
        recorded([[print(http.get(os.getenv("URL") .. "/status?code=200").status)]], {},
            function(recording, _, replay, file)
                local refused = servers.uhost("print('ran')", { arguments = { "--record", file } })
                assert.equal(2, refused.code)
                assert.equal("", refused.stdout)
                assert.matches("holds a recording already; it stays as it is", refused.stderr)
                assert.matches("hint: .*%-%-set http%.replace_recording=true", refused.stderr)
                assert.equal(recording, fs.read(file))
                assert.equal(0, replay().code)
                local replaced = servers.uhost("",
                    { arguments = { "--record", file, "--set", "http.replace_recording=true" } })
                assert.equal(0, replaced.code, replaced.stderr)
                assert.matches('^{"made_by":"uhost [%d.]+","uhost_recording":1}\n$', fs.read(file))
            end)
    end)

    it("refuse the network to git as well on replay", function()
        recorded("", {}, function(_, _, replay)
            local result = replay([[git.clone("http://localhost:1/x.git", os.getenv("FOLDER") .. "/clone")]])
            assert.equal(3, result.code)
            assert.matches("offline", result.stderr)
        end)
    end)
end)

-- Records `code` against the stand-in, which gets `order`, with the variables `env`; then replays it with none of them.
-- Both must print the same. Gives the recording.
local function recorded_github(order, env, code)
    return servers.in_folder(function(folder)
        local file, url, first = folder .. "/recording.jsonl", nil, nil
        local function run(option, secrets)
            local variables = {
                GITHUB_API_URL = url, GH_TOKEN = false, GITHUB_TOKEN = false, GITHUB_ACTIONS = false,
                UHOST_GITHUB_BACKOFF_S = "0.01",
            }
            for key, value in pairs(secrets) do variables[key] = value end
            local state = ("%s/state%s"):format(folder, option)
            local result = servers.uhost(code, { env = variables, arguments = { "--state", state, option, file } })
            assert.equal(0, result.code, result.stderr)
            return result.stdout
        end
        servers.with("github", {}, function(server)
            url = server.url
            http.post(url .. "/_control", { json = order, mutates = false })
            first = run("--record", env)
        end)
        assert.equal(first, run("--replay", {}))
        return fs.read(file), first
    end)
end

local states_and_titles = [[
    local numbers = {}
    for i = 1, 250 do numbers[i] = i end
    local states, open = github.issue_states(numbers, { repository = "o/n" }), 0
    for _, state in pairs(states) do if state.state == "open" then open = open + 1 end end
    print(open)
    local titles = {}
    for issue in github.pages("issues", { repository = "o/n", query = { state = "open" } }) do
        table.insert(titles, issue.title)
    end
    print(#titles, titles[1], titles[#titles])
]]

describe("a recording of github", function()
    it("answers without server and token, and has no token in it", function()
        local recording = recorded_github({ token = token, repository = "o/n", generate = 300 },
            { GITHUB_TOKEN = token }, states_and_titles)
        assert_without(recording, token, token:sub(5))
        assert.matches('"credential":"GITHUB_TOKEN"', recording)
    end)

    it("answers without an App's key, and has none of its tokens in it", function()
        servers.in_folder(function(folder)
            local key = folder .. "/app.pem"
            process.run({ "openssl", "genrsa", "-out", key, "2048", check = true, stderr = "capture" })
            local public = process.run({ "openssl", "rsa", "-in", key, "-pubout", check = true, stderr = "capture" })
            local recording = recorded_github(
                {
                    repository = "o/n", generate = 300,
                    app = { id = 12, public_key_pem = public.stdout, installations = { o = 34 } },
                },
                { UHOST_GITHUB_APP_ID = "12", UHOST_GITHUB_APP_KEY_FILE = key }, states_and_titles)
            assert.matches("/app/installations/34/access_tokens", recording)
            assert.matches('"token":"%*%*%*"', recording)
            assert_without(recording, "ghs_", "eyJ")
        end)
    end)

    it("gives a change its answer again, without making it", function()
        local recording, printed = recorded_github({ token = token, repository = "o/n", generate = 3 },
            { GITHUB_TOKEN = token }, [[
                local repo = github.repository("o/n")
                local issue = repo:create_issue({ title = "Found", body = "b", marker = "demo" })
                repo:create_comment(issue.number, { body = "more" })
                print(issue.number, repo:issue(issue.number).title)
                print(#plan.history({}) == (http.is_replay() and 0 or 2))
            ]])
        assert.matches("Found\ntrue\n$", printed)
        assert.matches('"method":"POST"', recording)
    end)

    it("has whole answers, also where the cache knows them already", function()
        recorded_github({ token = token, repository = "o/n", generate = 3 }, { GITHUB_TOKEN = token }, [[
            for _ = 1, 3 do print(github.get("issues/1", { repository = "o/n" }).title) end
        ]])
    end)
end)
