-- Checks, deployments and webhooks in the real binary.
local calls = require("support.github_calls")
local with_github, results, changes = calls.with, calls.results, calls.changes

local sha = ("ab"):rep(20)

local function with_commit(body)
    with_github(function(server)
        server.control({ repository = "o/n", commits = { { sha = sha } }, forget = true })
        body(server)
    end)
end

describe("checks of github.repository", function()
    it("get their annotations fifty at a time, in order, and end with the last", function()
        with_commit(function(server)
            local made, annotations, listed, missing = results(server, ([[
                local annotations = {}
                for i = 1, 120 do
                    annotations[i] = { path = "f", start_line = i, level = "warning", message = "m" .. i }
                end
                local made = repo:create_check{
                    name = "spelling", head_sha = "%s", conclusion = "failure", title = "T", summary = "S",
                    text = "X", annotations = annotations, completed_at = "2026-01-01",
                }
                return made, repo:annotations(made.id):all(), repo:check_runs("main", { name = "spelling" }):all(),
                    #repo:check_runs("main", { name = "none", filter = "all", status = "queued" }):all()]]):format(sha))
            assert.same({ "completed", "failure", 120 }, { made.status, made.conclusion, made.annotations_count })
            assert.same({ "T", "S", "X" }, { made.title, made.summary, made.text })
            assert.equal("2026-01-01T00:00:00Z", made.completed_at)
            assert.equal(120, #annotations)
            for i, annotation in ipairs(annotations) do
                assert.same({ i, i, "warning", "m" .. i },
                    { annotation.start_line, annotation.end_line, annotation.level, annotation.message })
            end
            assert.equal(made.id, listed[1].id)
            assert.equal(0, missing)
            local lines, bodies = changes(server)
            local path = "PATCH /repos/o/n/check-runs/" .. made.id
            assert.same({ "POST /repos/o/n/check-runs", path, path }, lines)
            assert.same({ "in_progress", nil, "completed" }, { bodies[1].status, bodies[2].status, bodies[3].status })
            assert.is_nil(bodies[1].conclusion)
            assert.same({ 50, 50, 20 }, { #bodies[1].output.annotations, #bodies[2].output.annotations,
                #bodies[3].output.annotations })
        end)
    end)

    it("are made once when the answer is lost, and changed", function()
        with_commit(function(server)
            server.control({ faults = { { method = "POST", path = "/repos/o/n/check-runs", kind = "lost" } } })
            local made, changed, count = results(server, ([[
                local made = repo:create_check{ name = "c", head_sha = "%s", status = "in_progress" }
                local changed = repo:update_check(made.id, { conclusion = "success", title = "T", summary = "S" })
                return made, changed, #repo:check_runs("main"):all()]]):format(sha))
            assert.equal("in_progress", made.status)
            assert.same({ made.id, "completed", "success", "T" },
                { changed.id, changed.status, changed.conclusion, changed.title })
            assert.equal(1, count)
        end)
    end)

    it("have each annotation once when answers are lost", function()
        with_commit(function(server)
            server.control({ faults = {
                { method = "PATCH", path = "/repos/o/n/check-runs", skip = 1, kind = "lost" },
                { method = "PATCH", path = "/repos/o/n/check-runs", skip = 2, kind = "lost" },
            } })
            local count, more = results(server, ([[
                local function annotations(count)
                    local list = {}
                    for i = 1, count do
                        list[i] = { path = "f", start_line = i, level = "notice", message = "m" }
                    end
                    return list
                end
                local made = repo:create_check{
                    name = "c", head_sha = "%s", title = "T", summary = "S", annotations = annotations(170),
                }
                local changed = repo:update_check(made.id, { title = "T", summary = "S", annotations = annotations(7) })
                return made.annotations_count, changed.annotations_count]]):format(sha))
            assert.same({ 170, 177 }, { count, more })
            local lost = 0
            for _, request in ipairs(server.requests()) do
                if request.method == "GET" and request.path:find("check%-runs/%d+$") then lost = lost + 1 end
            end
            assert.is_true(lost >= 3, lost)
        end)
    end)

    it("take 65,535 characters; more are an error, or cut with a note", function()
        with_commit(function(server)
            local code = [[github.repository("o/n"):create_check{
                name = "c", head_sha = "%s", title = "T", summary = ("ä"):rep(65536), cut = %s }]]
            local refused = server.run(code:format(sha, "false"))
            assert.equal(2, refused.code)
            assert.matches("the summary .* has 65536 characters, GitHub takes 65535", refused.stderr)
            assert.equal(0, server.run(code:format(sha, "true")).code)
            local _, bodies = changes(server)
            assert.matches("more characters are left out", bodies[1].output.summary)
        end)
    end)

    it("refuse what GitHub would refuse, before anything is sent", function()
        with_commit(function(server)
            for reason, options in pairs({
                ["expected \"action_required\""] = [[{ name = "c", head_sha = "x", status = "completed" }]],
                ["bad argument 'summary'"] = [[{ name = "c", head_sha = "x", title = "T" }]],
                ["bad argument 'title'"] = [[{ name = "c", head_sha = "x", annotations = {} }]],
                ["bad argument 'level'"] = [[{ name = "c", head_sha = "x", title = "T", summary = "S",
                    annotations = { { path = "f", start_line = 1, level = "error", message = "m" } } }]],
                ["annotation of several lines"] = [[{ name = "c", head_sha = "x", title = "T", summary = "S",
                    annotations = { { path = "f", start_line = 1, end_line = 2, start_column = 1, level = "notice",
                        message = "m" } } }]],
            }) do
                local result = server.run([[github.repository("o/n"):create_check]] .. options)
                assert.equal(2, result.code, result.stderr)
                assert.matches(reason, result.stderr)
            end
            assert.same({}, (changes(server)))
        end)
    end)
end)

describe("deployments of github.repository", function()
    it("are made once, listed by every filter, and get what became of them", function()
        with_commit(function(server)
            server.control({ faults = {
                { method = "POST", path = "/repos/o/n/deployments", kind = "lost" },
                { method = "POST", path = "/repos/o/n/deployments", skip = 1, kind = "lost" },
            } })
            local made, listed, none, status, statuses = results(server, [[
                local made = repo:create_deployment{
                    ref = "main", environment = "staging", description = "d", payload = { version = "1.4" },
                    required_contexts = {}, is_transient = true, is_production = false,
                }
                local status = repo:create_deployment_status(made.id, {
                    state = "success", description = "up", log_url = "https://example.org/log",
                    environment_url = "https://example.org/",
                })
                return made, repo:deployments{ environment = "staging", ref = "main", task = "deploy" }:all(),
                    #repo:deployments{ environment = "other" }:all(), status, repo:deployment_statuses(made.id):all()]])
            assert.equal(sha, made.sha)
            assert.same({ "main", "staging", "d", "deploy" },
                { made.ref, made.environment, made.description, made.task })
            assert.equal("1.4", made.payload.version)
            assert.equal(1, #listed)
            assert.equal(made.id, listed[1].id)
            assert.equal(0, none)
            assert.same({ "success", "up", "https://example.org/log" },
                { status.state, status.description, status.log_url })
            assert.equal(1, #statuses)
            assert.equal(status.id, statuses[1].id)
            local lines, bodies = changes(server)
            assert.equal("POST /repos/o/n/deployments", lines[1])
            assert.is_false(bodies[1].auto_merge)
            assert.same({}, bodies[1].required_contexts)
        end)
    end)
end)

describe("github.verify_webhook", function()
    -- The example of GitHub's documentation.
    local secret = "It's a Secret to Everybody"
    local code = [[
        print(github.verify_webhook("Hello, World!",
            "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"))
        print(github.verify_webhook("Hello, World",
            "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"))
        print(github.verify_webhook("Hello, World!", "sha256="), github.verify_webhook("Hello, World!"))
        print(os.getenv("GITHUB_WEBHOOK_SECRET"))]]
    local servers = require("support.servers")

    it("knows the right signature, and keeps the secret from scripts", function()
        local result = servers.uhost(code, { env = { GITHUB_WEBHOOK_SECRET = secret } })
        assert.equal("true\nfalse\nfalse\tfalse\nnil\n", result.stdout, result.stderr)
    end)

    it("knows a signature under either of two secrets, while one takes the place of the other", function()
        for _, env in ipairs({
            { GITHUB_WEBHOOK_SECRET = "the new one", GITHUB_WEBHOOK_SECRET_PREVIOUS = secret },
            { GITHUB_WEBHOOK_SECRET = secret, GITHUB_WEBHOOK_SECRET_PREVIOUS = "the old one" },
            { GITHUB_WEBHOOK_SECRET = false, GITHUB_WEBHOOK_SECRET_PREVIOUS = secret },
        }) do
            local result = servers.uhost(code .. " print(os.getenv('GITHUB_WEBHOOK_SECRET_PREVIOUS'))", { env = env })
            assert.equal("true\nfalse\nfalse\tfalse\nnil\nnil\n", result.stdout, result.stderr)
        end
    end)

    it("says when there is no secret", function()
        local result = servers.uhost([[github.verify_webhook("", "sha256=")]], {
            env = { GITHUB_WEBHOOK_SECRET = false },
        })
        calls.assert_fails(result, "no secret is set", "set GITHUB_WEBHOOK_SECRET")
    end)
end)
