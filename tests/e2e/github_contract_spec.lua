-- The stand-in for GitHub itself: that it holds requests, queries and its own answers against GitHub's description, so
-- that what the other tests prove is true of GitHub.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
local servers = require("support.servers")

local folder = here .. "/servers/github"

local function node(script)
    local result = process.run({ "node", folder .. "/" .. script, check = true, max_output_bytes = 2 ^ 26 })
    return json.decode(result.stdout)
end

describe("the description of GitHub's API", function()
    it("compiles in all of its 345 request bodies, nine of them corrected", function()
        local result = node("contract/compile_all.mjs")
        assert.same({}, result.failed)
        assert.equal(345, result.bodies)
        assert.equal(9, #result.corrections)
        table.sort(result.broken)
        table.sort(result.corrections)
        assert.same(result.broken, result.corrections)
        print(("%d request bodies compile; corrected: %s"):format(result.bodies,
            table.concat(result.corrections, ", ")))
    end)
end)

describe("the stand-in for GitHub refuses", function()
    -- That `method path` with `payload` is refused, and the one thing said against it has `word` in it.
    local function refuses(word, method, path, payload, headers)
        servers.github_by_hand(function(github)
            local answer = github.ask(method, path, payload, headers)
            assert.equal(418, answer.status, answer.body)
            assert.matches(word, answer:json().message)
            local violations = github.violations()
            assert.equal(1, #violations)
            assert.equal("request", violations[1].kind)
            assert.equal(path, violations[1].path)
            assert.equal(1, #violations[1].problems, table.concat(violations[1].problems, "\n"))
        end)
    end

    it("a path that GitHub does not have", function()
        refuses("no operation GET /repos/o/n/isues", "GET", "/repos/o/n/isues")
    end)
    it("a method that a path does not take", function()
        refuses("no operation DELETE", "DELETE", "/repos/o/n/issues/1")
    end)
    it("an unknown query parameter", function() refuses("'per_pages'", "GET", "/repos/o/n/issues?per_pages=2") end)
    it("a query parameter given twice", function()
        refuses("query/page must be integer", "GET", "/repos/o/n/issues?page=1&page=2")
    end)
    it("a value that a parameter does not take", function()
        refuses("open, closed, all", "GET", "/repos/o/n/issues?state=opened")
    end)
    it("a parameter of the wrong type", function()
        refuses("path/issue_number must be integer", "GET", "/repos/o/n/issues/one")
    end)
    it("an unknown key of a body, also where the description leaves it open", function()
        refuses("'colour'", "POST", "/repos/o/n/labels", { name = "bug", colour = "ff0000" })
    end)
    it("an unknown key deep in a body", function()
        refuses("body/output.*'titel'", "POST", "/repos/o/n/check-runs",
            { name = "lint", head_sha = "abcd", output = { title = "T", summary = "S", titel = "T" } })
    end)
    it("an unknown key among alternatives", function()
        refuses("body/labels/0.*'colour'", "POST", "/repos/o/n/issues",
            { title = "T", labels = { { name = "bug", colour = "ff0000" } } })
    end)
    it("a missing key of a body", function()
        refuses("required property 'name'", "POST", "/repos/o/n/labels", { color = "ff0000" })
    end)
    it("a value of the wrong type in a body", function()
        refuses("body/assignees must be array", "POST", "/repos/o/n/issues", { title = "T", assignees = "ada" })
    end)
    it("a body where there should be none", function()
        refuses("takes no body", "DELETE", "/repos/o/n/issues/comments/1", { reason = "spam" })
    end)
    it("no body where there should be one", function() refuses("needs a body", "POST", "/repos/o/n/labels") end)
    it("a body of another type", function()
        servers.github_by_hand(function(github)
            local answer = http.request({ method = "POST", url = github.url .. "/repos/o/n/labels", body = "name=bug",
                headers = { ["content-type"] = "application/x-www-form-urlencoded", accept = "*/*" }, mutates = false })
            assert.equal(418, answer.status)
            assert.matches("application/x%-www%-form%-urlencoded", github.violations()[1].problems[1])
        end)
    end)
    it("a version of the API that there is not", function()
        refuses("x%-github%-api%-version", "GET", "/repos/o/n", nil, { ["x-github-api-version"] = "2020-01-01" })
    end)
    it("what no GitHub answers with", function()
        refuses("accept text/plain", "GET", "/repos/o/n", nil, { accept = "text/plain" })
    end)

    it("a query that GitHub's schema does not allow, as GitHub does", function()
        servers.github_by_hand(function(github)
            local function graphql(query, variables)
                local answer = github.ask("POST", "/graphql", { query = query, variables = variables }):json()
                return answer.errors and answer.errors[1].message, answer.data
            end
            local begin = "query($n: Int!) { repository(owner: \"o\", name: \"n\") { issue(number: $n) { "
            for query, message in pairs({
                [begin .. "colour } } }"] = "Cannot query field \"colour\" on type \"Issue\"",
                [begin .. "labels { totalCount } "] = "Syntax Error",
                ["query($n: String!) { repository(owner: \"o\", name: \"n\") { issue(number: $n) { title } } }"]
                    = "Variable \"$n\" of type \"String!\" used in position expecting type \"Int!\"",
                ["{ repository(owner: \"o\") { id } }"] = "argument \"name\" of type \"String!\" is required",
                ["query($n: Int) { viewer { login } }"] = "Variable \"$n\" is never used",
            }) do
                local found = graphql(query, { n = 4 })
                assert.is_truthy(found and found:find(message, 1, true), found)
                assert.equal(1, #github.violations())
            end
            assert.matches("takes no variable 'm'", (graphql(begin .. "title } } }", { n = 4, m = 5 })))
            assert.equal(1, #github.violations())
            local err, data = graphql(begin .. "title } } }", { n = 4 })
            assert.is_nil(err)
            assert.equal("Issue 4", data.repository.issue.title)
        end)
    end)

    it("a token shown where logs are kept", function()
        servers.github_by_hand(function(github)
            github.control({ repository = "o/n", runs = { { id = 7, jobs = { { id = 8, log = "hello\n" } } } } })
            local location = github.ask("GET", "/repos/o/n/actions/jobs/8/logs").headers.location
            assert.equal("hello\n", http.get(location).body)
            assert.equal(400, github.ask("GET", location).status)
            assert.matches("another origin", github.violations()[1].problems[1])
        end)
    end)
end)

-- A repository with something of everything in it.
local world = {
    repository = "o/n",
    issues = {
        { number = 30, labels = { "bug" }, milestone = 1, assignees = { "ada" }, body = "Crash @ada" },
        { number = 31, kind = "pull_request", state = "merged", head = "fix", reviews = { { user = "ada" } },
            files = { { filename = "a.rs", additions = 1 } } },
        { number = 32, kind = "transferred", moved_to = "other/place#5" },
    },
    labels = { { name = "doc", color = "00ff00", description = "Words" } },
    milestones = { { title = "1.0" } },
    comments = { { issue = 30, body = "Me too" } },
    commits = {
        { sha = ("a"):rep(40), message = "Fix", files = { { filename = "a.rs", status = "added", additions = 3 } } },
    },
    releases = { { id = 5, tag_name = "v1" } },
    files = { ["README.md"] = "# Hello\n", ["src/a.rs"] = "fn main() {}\n" },
    workflows = { { id = 3, name = "CI", path = ".github/workflows/ci.yml" } },
    runs = { { id = 7, workflow = 3, conclusion = "failure", pending = { "production" }, attempts = {
        { jobs = { { id = 8, log = "first\n", conclusion = "failure", steps = { { name = "Build" } } } } },
        { jobs = { { id = 9, log = "second\n", conclusion = "failure" } } },
    } } },
    artifacts = { { id = 10, run = 7, name = "report", files = { ["report.txt"] = "fine\n" } } },
    caches = { { id = 11, key = "deps-1" }, { id = 12, key = "deps-2" } },
    settings = {
        protected = { main = { "build" } }, rules = { { branch = "main", type = "deletion" } }, secrets = { "KEY" },
        rulesets = { { id = 7, name = "main", enforcement = "active" } }, environments = { "production" },
        hooks = { { id = 13, url = "https://example.org/", events = { "push" } } }, teams = { core = { "ada" } },
        runners = { { id = 14, name = "box", os = "linux", status = "online", busy = false, labels = json.array() } },
        alerts = { { number = 1, state = "open", rule = { id = "r" } } },
        timeline = { ["30"] = json.array() }, notifications = { { id = 15, title = "Crash" } },
        project_fields = { { id = 16, name = "Estimate", data_type = "number" } }, project_items = json.array(),
    },
}

local packed = "H4sIAAAAAAACA6tWKkstKs7Mz1OyUjLSM9QzUKoFAMOhkgETAAAA"  -- { "version": "2.1.0" }, compressed

local annotation = { path = "a.rs", start_line = 1, end_line = 1, annotation_level = "warning", message = "Odd" }

-- Every operation that the stand-in does, with a request for it ("~" is the repository) and the status of its answer,
-- in an order that works on what came before. What is created may be named for later ones.
local requests = {
    { "GET", "/", 200 }, { "GET", "/rate_limit", 200 }, { "GET", "/user", 200 }, { "GET", "~", 200 },
    { "GET", "~/issues?state=all&labels=bug&assignee=ada&milestone=1&sort=updated", 200 },
    { "POST", "~/issues", 201, { title = "New", body = "Text", labels = { "bug", "new" }, milestone = 1 } },
    { "GET", "~/issues/33", 200 }, { "GET", "~/issues/32", 301 }, { "GET", "~/issues/999", 404 },
    { "PATCH", "~/issues/33", 200, { state = "closed", state_reason = "not_planned", milestone = json.null } },
    { "PUT", "~/issues/33/lock", 204, { lock_reason = "resolved" } }, { "DELETE", "~/issues/33/lock", 204 },
    { "GET", "~/issues/30/comments", 200 }, { "GET", "~/issues/comments?since=2020-01-01T00:00:00Z", 200 },
    { "POST", "~/issues/30/comments", 201, { body = "Hello" }, as = "comment" },
    { "GET", "~/issues/comments/{comment}", 200 },
    { "PATCH", "~/issues/comments/{comment}", 200, { body = "Hello again" } },
    { "DELETE", "~/issues/comments/{comment}", 204 }, { "GET", "~/issues/comments/{comment}", 404 },
    { "GET", "~/labels", 200 }, { "POST", "~/labels", 201, { name = "odd name", color = "ff0000" } },
    { "POST", "~/labels", 422, { name = "Bug" } }, { "GET", "~/labels/odd%20name", 200 },
    { "PATCH", "~/labels/odd%20name", 200, { new_name = "even" } }, { "DELETE", "~/labels/even", 204 },
    { "GET", "~/issues/30/labels", 200 }, { "POST", "~/issues/30/labels", 200, { labels = { "x", "y" } } },
    { "PUT", "~/issues/30/labels", 200, { labels = { "x" } } }, { "DELETE", "~/issues/30/labels/x", 200 },
    { "DELETE", "~/issues/30/labels/x", 404 }, { "DELETE", "~/issues/30/labels", 204 },
    { "GET", "~/milestones?state=all", 200 }, { "POST", "~/milestones", 201, { title = "2.0" } },
    { "POST", "~/milestones", 422, { title = "2.0" } }, { "GET", "~/milestones/2", 200 },
    { "PATCH", "~/milestones/2", 200, { state = "closed" } }, { "DELETE", "~/milestones/2", 204 },
    { "GET", "~/pulls?state=all", 200 }, { "GET", "~/pulls/31", 200 }, { "GET", "~/pulls/30", 404 },
    { "GET", "~/pulls/31/files", 200 }, { "GET", "~/pulls/31/reviews", 200 }, { "GET", "~/pulls/31/commits", 200 },
    { "GET", "~/commits/main/pulls", 200 }, { "GET", "~/commits?path=a.rs", 200 },
    { "GET", "~/commits/" .. ("a"):rep(40), 200 }, { "GET", "~/commits/nowhere", 422 },
    { "GET", "~/compare/v1...main", 200 }, { "GET", "~/tags", 200 }, { "GET", "~/branches", 200 },
    { "GET", "~/releases", 200 }, { "GET", "~/releases/5", 200 }, { "GET", "~/releases/latest", 200 },
    { "GET", "~/releases/tags/v1", 200 }, { "GET", "~/releases/tags/v9", 404 },
    { "POST", "~/releases", 201, { tag_name = "v2", draft = true }, as = "release" },
    { "PATCH", "~/releases/{release}", 200, { draft = false } }, { "DELETE", "~/releases/{release}", 204 },
    { "GET", "~/contents/README.md", 200 }, { "GET", "~/contents/src", 200 }, { "GET", "~/contents/", 200 },
    { "GET", "~/contents/none", 404 }, { "GET", "~/actions/workflows", 200 },
    { "GET", "~/actions/workflows/ci.yml", 200 }, { "GET", "~/actions/runs?status=failure&branch=main", 200 },
    { "GET", "~/actions/workflows/3/runs", 200 }, { "GET", "~/actions/runs/7", 200 },
    { "GET", "~/actions/runs/7/attempts/1", 200 }, { "GET", "~/actions/runs/7/jobs?filter=all", 200 },
    { "GET", "~/actions/runs/7/attempts/1/jobs", 200 }, { "GET", "~/actions/jobs/8", 200 },
    { "GET", "~/actions/jobs/8/logs", 302 }, { "GET", "~/actions/runs/7/logs", 302 },
    { "GET", "~/actions/runs/7/attempts/1/logs", 302 }, { "POST", "~/actions/runs/7/rerun-failed-jobs", 201 },
    { "POST", "~/actions/runs/7/rerun", 403 }, { "POST", "~/actions/runs/7/cancel", 202 },
    { "POST", "~/actions/runs/7/rerun", 201 },
    { "POST", "~/actions/workflows/ci.yml/dispatches", 204, { ref = "main", inputs = { any = "thing" } } },
    { "POST", "~/actions/workflows/ci.yml/dispatches", 200, { ref = "main", return_run_details = true } },
    { "GET", "~/actions/artifacts?name=report", 200 }, { "GET", "~/actions/runs/7/artifacts", 200 },
    { "GET", "~/actions/artifacts/10", 200 }, { "GET", "~/actions/artifacts/10/zip", 302 },
    { "DELETE", "~/actions/artifacts/10", 204 }, { "GET", "~/actions/caches?key=deps", 200 },
    { "DELETE", "~/actions/caches/11", 204 }, { "DELETE", "~/actions/caches?key=deps-2", 200 },
    { "POST", "~/check-runs", 201, { name = "lint", head_sha = ("a"):rep(40) }, as = "check" },
    { "PATCH", "~/check-runs/{check}", 200, { conclusion = "failure",
        output = { title = "T", summary = "S", annotations = { annotation } } } },
    { "GET", "~/check-runs/{check}", 200 }, { "GET", "~/check-runs/{check}/annotations", 200 },
    { "GET", "~/commits/main/check-runs", 200 },
    { "POST", "~/deployments", 201, { ref = "main", environment = "test" }, as = "deployment" },
    { "GET", "~/deployments?environment=test", 200 }, { "GET", "~/deployments/{deployment}", 200 },
    { "POST", "~/deployments/{deployment}/statuses", 201, { state = "success" } },
    { "GET", "~/deployments/{deployment}/statuses", 200 },
    { "POST", "~/dispatches", 204, { event_type = "nightly", client_payload = { any = { thing = true } } } },
    { "GET", "~/releases/5/assets", 200 },
    { "POST", "~/releases/5/assets?name=tool.txt", 201, raw = "bytes", as = "asset" },
    { "GET", "~/releases/assets/{asset}", 200 }, { "DELETE", "~/releases/assets/{asset}", 204 },
    { "POST", "~/releases/generate-notes", 200, { tag_name = "v2" } },
    { "POST", "~/git/blobs", 201, { content = "aGk=", encoding = "base64" }, as = "blob", id = "sha" },
    { "GET", "~/git/blobs/{blob}", 200 },
    { "POST", "~/git/trees", 201, { tree = { { path = "a", mode = "100644", type = "blob", sha = ("b"):rep(40) } } },
        as = "tree", id = "sha" },
    { "GET", "~/git/trees/{tree}", 200 },
    { "POST", "~/git/commits", 201, { message = "M", tree = ("c"):rep(40), parents = { ("a"):rep(40) } } },
    { "POST", "~/git/tags", 201, { tag = "v3", message = "M", object = ("a"):rep(40), type = "commit" } },
    { "POST", "~/git/refs", 201, { ref = "refs/heads/topic", sha = ("a"):rep(40) } },
    { "POST", "~/git/refs", 422, { ref = "refs/heads/topic", sha = ("a"):rep(40) } },
    { "GET", "~/git/ref/heads/topic", 200 }, { "GET", "~/git/matching-refs/heads/", 200 },
    { "PATCH", "~/git/refs/heads/topic", 200, { sha = ("a"):rep(40), force = true } },
    { "DELETE", "~/git/refs/heads/topic", 204 }, { "DELETE", "~/git/refs/heads/topic", 422 },
    { "PUT", "~/contents/new.txt", 201, { message = "Add", content = "aGk=" }, as = "file", id = "content.sha" },
    { "PUT", "~/contents/new.txt", 422, { message = "Add", content = "aGk=" } },
    { "DELETE", "~/contents/new.txt", 409, { message = "Remove", sha = "0" } },
    { "DELETE", "~/contents/new.txt", 200, { message = "Remove", sha = "{file}" } },
    { "POST", "~/pulls", 201, { title = "T", head = "topic", base = "main", body = "B" }, as = "pull", id = "number" },
    { "POST", "~/pulls", 422, { title = "T", head = "topic", base = "main" } },
    { "PATCH", "~/pulls/{pull}", 200, { title = "U" } },
    { "PUT", "~/pulls/{pull}/merge", 200, { merge_method = "squash" } },
    { "POST", "~/pulls/{pull}/reviews", 200, { event = "COMMENT", body = "Fine" } },
    { "POST", "~/pulls/{pull}/requested_reviewers", 201, { reviewers = { "ada" } } },
    { "POST", "~/actions/runs/7/cancel", 202 }, { "POST", "~/actions/jobs/9/rerun", 201 },
    { "POST", "~/actions/runs/7/approve", 201 }, { "GET", "~/actions/runs/7/pending_deployments", 200 },
    { "POST", "~/actions/runs/7/pending_deployments", 200,
        { environment_ids = { 100 }, state = "approved", comment = "" } },
    { "GET", "~/actions/runs/7/approvals", 200 }, { "PUT", "~/actions/workflows/3/disable", 204 },
    { "PUT", "~/actions/workflows/3/enable", 204 }, { "DELETE", "~/actions/runs/7", 204 },
    { "POST", "~/statuses/" .. ("a"):rep(40), 201, { state = "success", context = "ci" } },
    { "GET", "~/commits/" .. ("a"):rep(40) .. "/statuses", 200 },
    { "GET", "~/commits/" .. ("a"):rep(40) .. "/status", 200 },
    { "POST", "~/issues/30/reactions", 201, { content = "heart" }, as = "reaction" },
    { "POST", "~/issues/30/reactions", 200, { content = "heart" } }, { "GET", "~/issues/30/reactions", 200 },
    { "DELETE", "~/issues/30/reactions/{reaction}", 204 },
    { "POST", "~/issues/30/comments", 201, { body = "Hello" }, as = "comment" },
    { "POST", "~/issues/comments/{comment}/reactions", 201, { content = "+1" }, as = "reaction" },
    { "GET", "~/issues/comments/{comment}/reactions", 200 },
    { "DELETE", "~/issues/comments/{comment}/reactions/{reaction}", 204 }, { "GET", "~/issues/30/timeline", 200 },
    { "GET", "~/notifications", 200 }, { "PATCH", "/notifications/threads/15", 205 },
    { "GET", "~/branches?protected=true", 200 }, { "GET", "~/branches/main", 200 }, { "GET", "~/branches/none", 404 },
    { "GET", "~/rules/branches/main", 200 }, { "GET", "~/rulesets", 200 }, { "GET", "~/environments", 200 },
    { "POST", "~/actions/variables", 201, { name = "A", value = "1" } },
    { "POST", "~/actions/variables", 409, { name = "A", value = "1" } }, { "GET", "~/actions/variables", 200 },
    { "GET", "~/actions/variables/A", 200 }, { "PATCH", "~/actions/variables/A", 204, { value = "2" } },
    { "DELETE", "~/actions/variables/A", 204 },
    { "POST", "~/environments/production/variables", 201, { name = "A", value = "1" } },
    { "GET", "~/environments/production/variables", 200 }, { "GET", "~/environments/production/variables/A", 200 },
    { "PATCH", "~/environments/production/variables/A", 204, { value = "2" } },
    { "DELETE", "~/environments/production/variables/A", 204 }, { "GET", "~/actions/secrets", 200 },
    { "GET", "~/environments/production/secrets", 200 }, { "GET", "~/hooks", 200 }, { "POST", "~/hooks/13/pings", 204 },
    { "DELETE", "~/hooks/13", 204 }, { "GET", "~/actions/runners", 200 }, { "GET", "~/teams", 200 },
    { "GET", "/orgs/o/teams/core/members", 200 }, { "GET", "~/collaborators/ada/permission", 200 },
    { "POST", "~/code-scanning/sarifs", 400, { commit_sha = ("a"):rep(40), ref = "refs/heads/main", sarif = "e30=" } },
    { "POST", "~/code-scanning/sarifs", 202, { commit_sha = ("a"):rep(40), ref = "refs/heads/main", sarif = packed },
        as = "sarif" },
    { "GET", "~/code-scanning/sarifs/{sarif}", 200 }, { "GET", "~/code-scanning/sarifs/none", 404 },
    { "GET", "~/code-scanning/alerts?state=open", 200 },
    { "PATCH", "~/code-scanning/alerts/1", 200, { state = "dismissed", dismissed_reason = "won't fix" } },
    { "GET", "/orgs/o/projectsV2/3", 404 },
    { "POST", "/users/o/projectsV2/3/items", 201, { type = "Issue", owner = "o", repo = "n", number = 30 },
        as = "item" },
    { "GET", "/users/o/projectsV2/3/fields", 200 },
    { "PATCH", "/users/o/projectsV2/3/items/{item}", 200, { fields = { { id = 16, value = 5 } } } },
    { "GET", "/search/issues?q=repo:o/n+is:issue+crash", 200 }, { "GET", "/search/code?q=main+repo:o/n", 200 },
    { "GET", "/search/commits?q=fix+repo:o/n", 200 }, { "GET", "/search/repositories?q=n", 200 },
}

describe("the stand-in for GitHub", function()
    it("answers every operation that it does with what the description says", function()
        servers.github_by_hand(function(github)
            github.control(world)
            local ids = {}
            for _, request in ipairs(requests) do
                local method, path, status, payload = unpack(request)
                local address = path:gsub("^~", "/repos/o/n"):gsub("{(%w+)}", ids)
                if payload and payload.sha == "{file}" then payload.sha = ids.file end
                local answer = request.raw and github.send(method, address, request.raw)
                    or github.ask(method, address, payload)
                assert.equal(status, answer.status, method .. " " .. path .. ": " .. answer.body)
                if request.as then
                    local id = answer:json()
                    for name in (request.id or "id"):gmatch("%w+") do id = id[name] end
                    ids[request.as] = type(id) == "number" and ("%d"):format(id) or id
                end
            end
            local operations, succeeded = github.report().operations, {}
            for _, line in ipairs(operations.answered) do
                local status, id = line:match("^(%d+) (.*)$")
                if tonumber(status) < 400 then succeeded[id] = true end
            end
            local never = {}
            for _, id in ipairs(operations.implemented) do
                local is_elsewhere = id:match("^apps/") or id == "repos/compare-commits-with-basehead"
                    or id == "projects/get-for-org"
                if not succeeded[id] and not is_elsewhere then
                    never[#never + 1] = id
                end
            end
            assert.same({}, never)
        end)
    end)

    it("does not give an answer that GitHub would not, neither of a wrong type nor with keys of its own", function()
        servers.github_by_hand(function(github)
            github.control({ repository = "o/n", labels = { { name = "bug", color = 5 } },
                milestones = { { title = "1.0", colour = "red" } } })
            for path, problem in pairs({
                ["/repos/o/n/labels"] = "answer/0/color must be string",
                ["/repos/o/n/milestones"] = "answer/0 must NOT have unevaluated properties: 'colour'",
            }) do
                local answer = github.ask("GET", path)
                assert.equal(500, answer.status)
                assert.is_truthy(answer:json().message:find(problem, 1, true), answer.body)
                local violations = github.violations()
                assert.equal("answer", violations[1].kind)
                assert.same({ problem }, violations[1].problems)
            end
        end)
    end)

    it("says so when it has no answer to an operation", function()
        servers.github_by_hand(function(github)
            assert.equal(418, github.ask("GET", "/repos/o/n/traffic/views").status)
            assert.matches("does not do repos/get%-views", github.violations()[1].problems[1])
        end)
    end)
end)
