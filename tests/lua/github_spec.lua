local function kind_of(body, ...)
    local ok, err = pcall(body, ...)
    assert.is_false(ok)
    assert.is_true(uhost.is_error(err), tostring(err))
    return err.kind, err
end

-- Runs `body` with a GitHub that answers GraphQL by `answer(numbers, request)`: the nodes by number, and errors.
local function with_graphql(answer, body)
    local queries = {}
    http.intercept(function(request)
        local asked = json.decode(request.body)
        local numbers = {}
        for number in asked.query:gmatch("issueOrPullRequest%(number: (%d+)%)") do
            numbers[#numbers + 1] = tonumber(number)
        end
        queries[#queries + 1] = { numbers = numbers, variables = asked.variables, headers = request.headers }
        local nodes, errors = answer(numbers, #queries)
        local repository = { nameWithOwner = asked.variables.owner .. "/" .. asked.variables.name }
        for _, number in ipairs(numbers) do repository["i" .. number] = nodes[number] or json.null end
        return { body = json.encode({ data = { repository = repository }, errors = errors }) }
    end, function() body(queries) end)
end

local function issue(number, fields)
    local node = {
        __typename = "Issue", number = number, state = "OPEN", stateReason = json.null, title = "T" .. number,
        url = "https://github.com/o/n/issues/" .. number, closedAt = json.null, repository = { nameWithOwner = "o/n" },
    }
    for name, value in pairs(fields or {}) do node[name] = value end
    return node
end

local function all_open(numbers)
    local nodes = {}
    for _, number in ipairs(numbers) do nodes[number] = issue(number) end
    return nodes
end

describe("github.issue_states", function()
    it("asks for a thousand in ten requests, each number once", function()
        with_graphql(all_open, function(queries)
            local numbers = {}
            for i = 1, 1000 do numbers[i] = 1001 - i end
            numbers[1001] = 7
            local states = github.issue_states(numbers, { repository = "o/n" })
            assert.equal(10, #queries)
            local seen = {}
            for _, query in ipairs(queries) do
                assert.is_true(#query.numbers <= 100)
                for _, number in ipairs(query.numbers) do
                    assert.is_nil(seen[number])
                    seen[number] = true
                end
            end
            for i = 1, 1000 do
                assert.equal("open", states[i].state)
                assert.equal("T" .. i, states[i].title)
            end
        end)
    end)

    it("keeps issues, pull requests, transferred and missing ones apart", function()
        with_graphql(function()
            return {
                [1] = issue(1),
                [2] = issue(2, { state = "CLOSED", stateReason = "NOT_PLANNED", closedAt = "2026-01-02T03:04:05Z" }),
                [3] = issue(3, { __typename = "PullRequest", pullState = "MERGED" }),
                [4] = issue(17, { repository = { nameWithOwner = "other/place" }, state = "CLOSED" }),
                [6] = issue(6, { repository = { nameWithOwner = "O/N", isPrivate = false } }),
            }, { { type = "NOT_FOUND", path = { "repository", "i5" }, message = "Could not resolve" } }
        end, function()
            local states = github.issue_states({ 1, 2, 3, 4, 5, 6 }, { repository = "o/n" })
            local url = "https://github.com/o/n/issues/1"
            assert.same({ kind = "issue", state = "open", title = "T1", url = url, private = true }, states[1])
            assert.is_false(states[6].private)
            assert.equal("not_planned", states[2].reason)
            assert.equal("2026-01-02T03:04:05Z", states[2].closed_at)
            assert.equal("pull_request", states[3].kind)
            assert.equal("closed", states[3].state)
            assert.equal("merged", states[3].reason)
            assert.equal("transferred", states[4].kind)
            assert.equal("other/place#17", states[4].moved_to)
            assert.equal("closed", states[4].state)
            assert.same({ kind = "missing" }, states[5])
            assert.equal("issue", states[6].kind)
        end)
    end)

    it("asks again for what GitHub failed to say, and only for that", function()
        with_graphql(function(numbers, round)
            local nodes = all_open(numbers)
            if round > 1 then return nodes end
            nodes[2] = nil
            return nodes, { { type = "INTERNAL", path = { "repository", "i2" }, message = "timed out" } }
        end, function(queries)
            local states = github.issue_states({ 1, 2, 3 }, { repository = "o/n" })
            assert.equal("open", states[2].state)
            assert.same({ 2 }, queries[2].numbers)
        end)
    end)

    it("asks nothing for nothing, and refuses what is no number or repository", function()
        with_graphql(all_open, function(queries)
            assert.same({}, github.issue_states({}, { repository = "o/n" }))
            for _, numbers in ipairs({ { 0 }, { -1 }, { 1.5 }, { "1" }, { 2 ^ 40 } }) do
                assert.equal("argument", (kind_of(github.issue_states, numbers, { repository = "o/n" })))
            end
            for _, repository in ipairs({ "o", "o/", "/n", "o/n/m", "o/..", "o n/m", "o/n?x", 7 }) do
                assert.equal("argument", (kind_of(github.issue_states, { 1 }, { repository = repository })))
            end
            assert.equal("argument", (kind_of(github.issue_states, { 1 })))
            assert.equal(0, #queries)
        end)
    end)

    it("says when the repository is not there", function()
        http.intercept(function()
            return { body = json.encode({
                data = { repository = json.null },
                errors = { { type = "NOT_FOUND", path = { "repository" }, message = "Could not resolve" } },
            }) }
        end, function()
            local kind, err = kind_of(github.issue_states, { 1 }, { repository = "no/such" })
            assert.equal("github.not_found", kind)
            assert.matches("no/such", err.message)
        end)
    end)
end)

describe("github.pages", function()
    local function serve(pages, wrap)
        return function(request)
            local number = tonumber(request.url:match("[?&]page=(%d+)") or 1)
            local link
            if pages[number + 1] then
                local address = '<https://api.github.com/x?page=%d>; rel="%s"'
                link = address:format(number + 1, "next") .. ", " .. address:format(#pages, "last")
            end
            return { body = json.encode(wrap and wrap(pages[number]) or pages[number]), headers = { Link = link } }
        end
    end

    local function collect(iterator)
        local items = {}
        for item in iterator do items[#items + 1] = item end
        return items
    end

    it("gives every item of every page in order, an empty page included", function()
        http.intercept(serve({ { 1, 2 }, json.array({}), { 3 } }), function()
            assert.same({ 1, 2, 3 }, collect(github.pages("x")))
        end)
    end)

    it("asks for a page only when it is wanted", function()
        local asked = 0
        local answer = serve({ { 1, 2 }, { 3 } })
        http.intercept(function(request) asked = asked + 1 return answer(request) end, function()
            local each = github.pages("x")
            assert.equal(0, asked)
            each() each()
            assert.equal(1, asked)
            each()
            assert.equal(2, asked)
            assert.is_nil(each())
            assert.is_nil(each())
            assert.equal(2, asked)
        end)
    end)

    it("finds the list inside an object", function()
        local wrapped = function(list) return { total_count = 3, workflow_runs = list } end
        http.intercept(serve({ { 1 }, { 2, 3 } }, wrapped), function()
            assert.same({ 1, 2, 3 }, collect(github.pages("x")))
        end)
    end)

    it("does not follow a link to another server", function()
        http.intercept(function()
            return { body = "[1]", headers = { link = '<https://evil.example/x>; rel="next"' } }
        end, function()
            local each = github.pages("x")
            assert.equal(1, each())
            assert.equal("argument", (kind_of(each)))
        end)
    end)
end)

describe("github.get", function()
    it("builds the address from path, repository and query, and asks for the API version it knows", function()
        local seen
        http.intercept(function(request) seen = request return { body = '{"a": [1]}' } end, function()
            local body, response = github.get("issues/1", { repository = "o/n", query = { q = "a b" } })
            assert.same({ a = { 1 } }, body)
            assert.equal(200, response.status)
            assert.equal("https://api.github.com/repos/o/n/issues/1?q=a%20b", seen.url)
            assert.equal("2022-11-28", seen.headers["x-github-api-version"])
            assert.equal("application/vnd.github+json", seen.headers.accept)
            github.get("", { repository = "o/n" })
            assert.equal("https://api.github.com/repos/o/n", seen.url)
            github.get("https://api.github.com/zen")
            assert.equal("https://api.github.com/zen", seen.url)
        end)
    end)

    it("refuses addresses that leave the API", function()
        for _, path in ipairs({
            "https://evil.example/", "https://api.github.com.evil.example/", "../x", "a/../../b",
        }) do
            assert.equal("argument", (kind_of(github.get, path)))
        end
    end)
end)

describe("a refusal of GitHub", function()
    local function refused(answer)
        local kind, err
        http.intercept(function() return answer end, function() kind, err = kind_of(github.get, "repos/o/n/x") end)
        return kind, err
    end

    it("names the missing scope", function()
        local kind, err = refused({
            status = 403, headers = { ["X-Accepted-OAuth-Scopes"] = "admin:org", ["X-OAuth-Scopes"] = "repo" },
            body = '{"message": "Must have admin rights"}',
        })
        assert.equal("github.forbidden", kind)
        assert.matches("needs admin:org and has repo", err.message)
        assert.equal("Must have admin rights", err.native)
    end)

    it("names the missing permission, and the page that authorizes single sign-on", function()
        local headers = { ["X-Accepted-GitHub-Permissions"] = "issues=write" }
        local _, permission = refused({ status = 403, headers = headers })
        assert.matches("issues=write", permission.message)
        headers = { ["X-GitHub-SSO"] = "required; url=https://github.com/sso" }
        local _, sso = refused({ status = 403, headers = headers })
        assert.matches("https://github.com/sso", sso.hint)
    end)

    it("names the field that is invalid", function()
        local kind, err = refused({ status = 422, body = json.encode({
            message = "Validation Failed", errors = { { resource = "Issue", field = "title", code = "missing_field" } },
        }) })
        assert.equal("github.invalid", kind)
        assert.matches("title: missing_field", err.message)
    end)

    it("is reported by its status otherwise", function()
        assert.equal("github.not_found", (refused({ status = 404 })))
        assert.equal("github.gone", (refused({ status = 410 })))
        assert.equal("github.refused", (refused({ status = 451 })))
        assert.equal("github.auth", (refused({ status = 401 })))
    end)
end)

describe("github.graphql", function()
    it("gives data and the errors beside it", function()
        http.intercept(function()
            return { body = '{"data": {"a": 1, "b": null}, "errors": [{"message": "no b", "path": ["b"]}]}' }
        end, function()
            local data, errors = github.graphql("{ a b }")
            assert.equal(1, data.a)
            assert.equal("no b", errors[1].message)
        end)
    end)

    it("raises when there is no data", function()
        http.intercept(function() return { body = '{"errors": [{"message": "Parse error"}]}' } end, function()
            local kind, err = kind_of(github.graphql, "{ a")
            assert.equal("github.graphql", kind)
            assert.matches("Parse error", err.message)
        end)
        http.intercept(function()
            return { body = '{"data": null, "errors": [{"type": "INSUFFICIENT_SCOPES", "message": "needs read:org"}]}' }
        end, function() assert.equal("github.forbidden", (kind_of(github.graphql, "{ a }"))) end)
    end)
end)

describe("github.repository_of", function()
    it("knows the ways in which a remote is written", function()
        for _, url in ipairs({
            "https://github.com/rust-lang/rust", "https://github.com/rust-lang/rust.git",
            "https://github.com/rust-lang/rust/", "https://token@github.com/rust-lang/rust.git",
            "git@github.com:rust-lang/rust.git", "github.com:rust-lang/rust",
            "ssh://git@github.com/rust-lang/rust.git", "ssh://git@ssh.github.com:443/rust-lang/rust.git",
            "git://github.com/rust-lang/rust.git", "https://www.github.com/rust-lang/rust",
            "HTTPS://GitHub.com/rust-lang/rust",
        }) do
            assert.equal("rust-lang/rust", github.repository_of(url), url)
        end
        assert.equal("a.b/c-d_e.js", github.repository_of("git@github.com:a.b/c-d_e.js.git"))
    end)

    it("is nil for any other address", function()
        for _, url in ipairs({
            "", "/srv/git/rust.git", "../rust", "file:///srv/rust.git", "https://gitlab.com/a/b",
            "git@gitlab.com:a/b.git",
            "https://github.com/a", "https://github.com/a/b/c", "https://github.com.evil.example/a/b",
            "https://evil.example/github.com/a/b", "https://github.com/a/..", "git@github.com:a/b c.git",
        }) do
            assert.is_nil(github.repository_of(url), url)
        end
    end)
end)

describe("github.request", function()
    -- What GitHub is asked, and what the call gives, for a GitHub that answers with `response`.
    local function request(options, response)
        local asked
        local body, answer = http.intercept(function(sent)
            asked = sent
            return response
        end, function() return github.request(options) end)
        return body, answer, asked
    end

    it("gives the text of other types than JSON, asked for or not", function()
        local diff, _, asked = request({ path = "/repos/o/n/pulls/1", accept = "application/vnd.github.diff" },
            { headers = { ["Content-Type"] = "application/vnd.github.diff" }, body = "diff --git" })
        assert.equal("diff --git", diff)
        assert.equal("application/vnd.github.diff", asked.headers.accept)
        assert.equal("Keep it logically awesome.", (request({ path = "/zen" },
            { headers = { ["Content-Type"] = "text/plain;charset=utf-8" }, body = "Keep it logically awesome." })))
        assert.equal("<p>a</p>", (request(
            { method = "POST", path = "/markdown", json = { text = "a" }, accept = "text/html", mutates = false },
            { headers = { ["Content-Type"] = "text/html" }, body = "<p>a</p>" })))
    end)

    it("takes no web page for an answer that it was not asked for", function()
        local err = select(2, kind_of(request, { path = "/zen" },
            { headers = { ["Content-Type"] = "text/html" }, body = "<html>Sign in</html>" }))
        assert.equal("github.protocol", err.kind)
        for _, status in ipairs({ 401, 403, 404 }) do
            local kind = kind_of(request, { path = "/repos/o/n" },
                { status = status, headers = { ["Content-Type"] = "text/html" }, body = "<html>Blocked</html>" })
            assert.equal("github.protocol", kind, status)
        end
    end)

    it("sends a body as it is, takes statuses as answers, and refuses a body with GET", function()
        local body, answer, asked = request({
            method = "POST", path = "/markdown/raw", body = "*a*", headers = { ["Content-Type"] = "text/plain" },
            statuses = { 422 }, mutates = false,
        }, { status = 422, body = '{"message": "no"}' })
        assert.equal("*a*", asked.body)
        assert.equal("text/plain", asked.headers["content-type"])
        assert.is_nil(body)
        assert.equal(422, answer.status)
        assert.equal("argument", (kind_of(github.request, { path = "/x", json = {} })))
        assert.equal("argument", (kind_of(github.request, { path = "/x", body = "x" })))
        assert.equal("argument", (kind_of(github.request, { method = "PUT", path = "/x", file = "f" })))
    end)

    it("takes dots inside a segment of a path, and none that leave it", function()
        local _, _, asked = request({ path = "/repos/o/n/compare/a...b" }, { body = "{}" })
        assert.matches("/repos/o/n/compare/a%.%.%.b$", asked.url)
        for _, path in ipairs({ "/repos/o/../x", "..", "/a/%2e%2E/b", "/a/." }) do
            assert.equal("argument", (kind_of(github.request, { path = path })), path)
        end
    end)

    it("gives no field that is null, and sends text that is not UTF-8 with what can be read of it", function()
        assert.same({ a = { b = 1 } }, (request({ path = "/x" }, { body = '{"a": {"b": 1, "c": null}, "d": null}' })))
        local _, _, asked = request({ method = "PUT", path = "/x", json = { title = "a\255b" } }, { body = "{}" })
        assert.equal('{"title":"a\239\191\189b"}', asked.body)
    end)
end)
