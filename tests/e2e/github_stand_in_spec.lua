-- The stand-in for GitHub itself: that it limits, forgets and fails as GitHub does, so that what the other tests prove
-- of scripts is worth something.
local servers = require("support.servers")

local issue_4 = "/repos/o/n/issues/4"

local function remaining(answer) return tonumber(answer.headers["x-ratelimit-remaining"]) end

describe("the stand-in's limits", function()
    it("do not count an answer that the client has, and know clients apart", function()
        servers.github_by_hand(function(github)
            local first = github.ask("GET", issue_4)
            local etag = { ["if-none-match"] = first.headers.etag }
            local again = github.ask("GET", issue_4, nil, etag)
            assert.equal(304, again.status)
            assert.equal("", again.body)
            assert.equal(remaining(first), remaining(again))
            etag.authorization = "Bearer ghp_other"
            local other = github.ask("GET", issue_4, nil, etag)
            assert.equal(200, other.status)
            assert.equal(remaining(first) - 1, remaining(other))
            assert.matches("Authorization", other.headers.vary)
            github.ask("PATCH", issue_4, { title = "Changed" })
            assert.equal(200, github.ask("GET", issue_4, nil, { ["if-none-match"] = first.headers.etag }).status)
        end)
    end)

    it("count points of a query, and refuse one without bounds", function()
        servers.github_by_hand(function(github)
            local function graphql(query)
                local answer = github.ask("POST", "/graphql", { query = query })
                return answer:json(), remaining(answer)
            end
            local begin = [[{ rateLimit { cost } repository(owner: "o", name: "n") { issues]]
            local body, left = graphql(begin .. "(first: 100) { nodes { comments(first: 2) { totalCount } "
                .. "labels(first: 2) { totalCount } } } } }")
            assert.equal(2, body.data.rateLimit.cost)
            assert.equal(4998, left)
            body = graphql(begin .. " { totalCount } } }")
            assert.equal("MISSING_PAGINATION_BOUNDARIES", body.errors[1].type)
            body = graphql(begin .. "(first: 101) { totalCount } } }")
            assert.equal("EXCESSIVE_PAGINATION", body.errors[1].type)
            body = graphql(begin .. "(first: 100) { nodes { comments(first: 100) { nodes { issue { "
                .. "labels(first: 100) { totalCount } } } } } } } }")
            assert.equal("MAX_NODE_LIMIT_EXCEEDED", body.errors[1].type)
            assert.equal(3, #github.violations())
        end)
    end)

    it("of the second kind refuse many requests at once, and many changes in a while", function()
        servers.github_by_hand(function(github)
            github.control({ secondary = { concurrent = 2, changes = 3, retry_after_s = 7 }, faults = {
                { path = issue_4, kind = "drip", times = 2, bytes = 40, interval_ms = 5 },
            } })
            local statuses = task.map({ 1, 2, 3, 4 }, function(i)
                if i > 2 then task.sleep(0.1) end
                return github.ask("GET", issue_4).status
            end, { concurrency = 4 })
            table.sort(statuses)
            assert.same({ 200, 200, 403, 403 }, statuses)
            assert.is_true(github.report().most_concurrent > 2)
            for i = 1, 4 do
                local answer = github.ask("POST", issue_4 .. "/comments", { body = "Hello" })
                assert.equal(i <= 3 and 201 or 403, answer.status)
                assert.equal(i <= 3, answer.headers["retry-after"] ~= "7")
            end
        end)
    end)
end)

describe("the stand-in's faults", function()
    local function comments(github) return #github.ask("GET", issue_4 .. "/comments"):json() end

    -- Adds a comment while `fault` waits for it; gives the answer, or the kind of error.
    local function comment(github, fault)
        fault.path, fault.method = issue_4, "POST"
        github.control({ faults = { fault } })
        local ok, answer = pcall(github.ask, "POST", issue_4 .. "/comments", { body = "Hello" })
        return ok and answer or answer.kind
    end

    it("of one sort let a change have its effect, of the other not", function()
        for kind, has_effect in pairs({
            reset = false, reset_during = false, reset_after = false, lost = true,
        }) do
            servers.github_by_hand(function(github)
                assert.equal("http.reset", comment(github, { kind = kind }), kind)
                assert.equal(has_effect and 1 or 0, comments(github), kind)
            end)
        end
        for kind, expected in pairs({
            status = { 502, 0 }, status_after = { 502, 1 }, html = { 200, 0 }, garbage = { 200, 0 },
            redirect = { 307, 0 }, truncated = { 201, 1 }, drip = { 201, 1 },
        }) do
            servers.github_by_hand(function(github)
                local status = kind == "redirect" and 307 or 502
                local answer = comment(github, { kind = kind, status = status, location = "http://localhost/" })
                assert.same(expected, { answer.status, comments(github) }, kind)
            end)
        end
    end)

    it("wait for their turn and hit what they are meant for", function()
        servers.github_by_hand(function(github)
            local fault = { path = issue_4, method = "GET", kind = "status", status = 503, skip = 1, times = 2 }
            github.control({ faults = { fault } })
            local statuses = {}
            for _ = 1, 4 do
                assert.equal(200, github.ask("PATCH", issue_4, { title = "T" }).status)
                statuses[#statuses + 1] = github.ask("GET", issue_4).status
            end
            assert.same({ 200, 503, 503, 200 }, statuses)
        end)
    end)
end)

describe("the stand-in's state", function()
    it("shows a new issue in lists as late as it is asked to", function()
        servers.github_by_hand(function(github)
            github.control({ lag = 2 })
            local number = github.ask("POST", "/repos/o/n/issues", { title = "New" }):json().number
            assert.equal(200, github.ask("GET", ("/repos/o/n/issues/%d"):format(number)).status)
            local seen = {}
            for i = 1, 3 do
                seen[i] = github.ask("GET", "/repos/o/n/issues?per_page=1"):json()[1].number == number
            end
            assert.same({ false, false, true }, seen)
            local issues = github.report().issues
            assert.equal(1, #issues)
            assert.equal("o/n", issues[1].repository)
        end)
    end)

    it("is changed by GraphQL as well", function()
        servers.github_by_hand(function(github)
            local function graphql(query, variables)
                local body = github.ask("POST", "/graphql", { query = query, variables = variables }):json()
                assert.is_nil(body.errors, body.errors and body.errors[1].message)
                return body.data
            end
            local asked = graphql([[{ repository(owner: "o", name: "n") { issue(number: 4) { id } } }]])
            local closed = graphql([[mutation($id: ID!) {
                addComment(input: { subjectId: $id, body: "Done" }) { commentEdge { node { body } } }
                closeIssue(input: { issueId: $id, stateReason: NOT_PLANNED }) { issue { state } }
            }]], { id = asked.repository.issue.id })
            assert.equal("CLOSED", closed.closeIssue.issue.state)
            local issue = github.ask("GET", issue_4):json()
            assert.equal("not_planned", issue.state_reason)
            assert.equal(1, issue.comments)
            assert.equal("Done", github.ask("GET", issue_4 .. "/comments"):json()[1].body)
        end)
    end)

    it("hides private repositories and closes issues that are disabled", function()
        servers.github_by_hand(function(github)
            github.control({ issues_disabled = "o/n" })
            assert.equal(410, github.ask("GET", "/repos/o/n/issues").status)
            assert.equal(410, github.ask("POST", "/repos/o/n/issues", { title = "New" }).status)
            github.control({ private = "o/n" })
            assert.equal(404, github.ask("GET", "/repos/o/n").status)
        end)
    end)

    it("starts the run that was dispatched after a while", function()
        servers.github_by_hand(function(github)
            github.control({ repository = "o/n", workflows = { { path = ".github/workflows/ci.yml" } },
                dispatch_delay_ms = 200 })
            local function runs() return github.ask("GET", "/repos/o/n/actions/runs"):json().workflow_runs end
            local dispatches = "/repos/o/n/actions/workflows/ci.yml/dispatches"
            assert.equal(204, github.ask("POST", dispatches, { ref = "main" }).status)
            assert.equal(0, #runs())
            repeat task.sleep(0.05) until #runs() > 0
            assert.equal("workflow_dispatch", runs()[1].event)
        end)
    end)

    it("keeps logs elsewhere, for a while", function()
        servers.github_by_hand(function(github)
            github.control({ blobs = { expired = 1 }, repository = "o/n",
                runs = { { id = 7, jobs = { { id = 8, name = "build", log = "hello\n" } } } } })
            local function location()
                return github.ask("GET", "/repos/o/n/actions/jobs/8/logs").headers.location
            end
            assert.equal(403, http.get(location()).status)
            assert.equal("hello\n", http.get(location()).body)
            local archive = http.get(github.ask("GET", "/repos/o/n/actions/runs/7/logs").headers.location).body
            servers.in_folder(function(folder)
                fs.write(folder .. "/logs.zip", archive)
                local listing = process.run({ "python3", "-c", "import sys, zipfile\n"
                    .. "z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None\n"
                    .. "print(*z.namelist(), z.read('0_build.txt').decode())", folder .. "/logs.zip", check = true })
                assert.equal("0_build.txt hello\n\n", listing.stdout)
            end)
        end)
    end)
end)

describe("the stand-in's app", function()
    -- A JSON web token with `claims`, signed by the key in a file.
    local function signed(key, claims)
        return process.run({ "node", "-e", [[
            const [key, claims] = process.argv.slice(1);
            const part = (text) => Buffer.from(text).toString("base64url");
            const head = `${part(JSON.stringify({ alg: "RS256", typ: "JWT" }))}.${part(claims)}`;
            const signature = require("crypto").sign("RSA-SHA256", head, require("fs").readFileSync(key));
            process.stdout.write(`${head}.${signature.toString("base64url")}`);
        ]], key, json.encode(claims), check = true }).stdout
    end

    it("is known by what it signs, and is given tokens that expire", function()
        servers.in_folder(function(folder)
            local key = folder .. "/key.pem"
            process.run({ "openssl", "genrsa", "-out", key, "2048", check = true })
            local public = process.run({ "openssl", "rsa", "-in", key, "-pubout", check = true }).stdout
            servers.github_by_hand(function(github)
                github.control({ token = "ghp_none", app = {
                    id = 12, public_key_pem = public, installations = { o = 34 }, token_life_s = 1,
                } })
                local now = math.floor(time.now())
                local function ask(method, path, claims, signing_key)
                    local jwt = signed(signing_key or key, claims)
                    return github.ask(method, path, nil, { authorization = "Bearer " .. jwt })
                end
                local good = { iss = "12", iat = now - 60, exp = now + 540 }
                assert.equal("test-app", ask("GET", "/app", good):json().slug)
                assert.equal(34, ask("GET", "/repos/o/n/installation", good):json().id)
                assert.equal(404, ask("GET", "/repos/x/y/installation", good).status)
                local granted = ask("POST", "/app/installations/34/access_tokens", good):json()
                local authorization = { authorization = "Bearer " .. granted.token }
                assert.equal(200, github.ask("GET", issue_4, nil, authorization).status)
                repeat task.sleep(0.2) until github.ask("GET", issue_4, nil, authorization).status == 401
                local other = folder .. "/other.pem"
                process.run({ "openssl", "genrsa", "-out", other, "2048", check = true })
                assert.equal(401, ask("GET", "/app", good, other).status)
                for word, claims in pairs({
                    ["too far"] = { iss = "12", iat = now, exp = now + 700 },
                    ["future time"] = { iss = "12", iat = now - 700, exp = now - 100 },
                    ["Issued at"] = { iss = "12", iat = now + 60, exp = now + 300 },
                }) do
                    local answer = ask("GET", "/app", claims)
                    assert.equal(401, answer.status)
                    assert.matches(word, answer:json().message)
                end
                github.control({ app = { clock_skew_s = -300 } })
                assert.matches("Issued at", ask("GET", "/app", good):json().message)
            end)
        end)
    end)
end)
