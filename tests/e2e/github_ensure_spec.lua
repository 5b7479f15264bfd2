-- One issue or comment for a purpose, whoever asks for it, how often, and at the same time.
local calls = require("support.github_calls")
local with_github, results, changes = calls.with, calls.results, calls.changes

local ensure = [[return repo:ensure_issue{ marker = "audit", title = "Audit", body = "Body", labels = { "ci" } }]]

-- The issues with the marker, by number.
local function marked(server)
    local open, closed = {}, {}
    for _, issue in ipairs(server.report().issues) do
        if type(issue.body) == "string" and issue.body:find("<!-- uhost:audit -->", 1, true) then
            table.insert(issue.state == "open" and open or closed, issue)
        end
    end
    return open, closed
end

describe("ensure_issue", function()
    it("opens one, leaves it as it is, and brings it to what is asked for later", function()
        with_github(function(server)
            local first, created = results(server, ensure)
            local second, unchanged = results(server, ensure)
            assert.equal("created", created)
            assert.equal("unchanged", unchanged)
            assert.equal(first.number, second.number)
            server.control({ forget = true })
            local third, updated = results(server, [[return repo:ensure_issue{
                marker = "audit", title = "Audit of May", body = "Other", labels = { "CI", "more" } }]])
            assert.equal("updated", updated)
            assert.equal(first.number, third.number)
            assert.equal("Audit of May", third.title)
            assert.equal("Other", third.body)
            assert.same({ "ci", "more" }, third.labels)
            assert.same(first.markers, third.markers)
            local path = "/repos/o/n/issues/" .. first.number
            assert.same({ "POST " .. path .. "/labels", "PATCH " .. path }, (changes(server)))
        end)
    end)

    it("finds a body that GitHub gives back with other line ends, or that was cut, unchanged", function()
        with_github(function(server)
            server.control({ repository = "o/n", issues = {
                { number = 2001, title = "Audit", body = "a\r\nb\r\n\r\n<!-- uhost:audit -->", user = "tester" },
            } })
            local _, outcome = results(server, [[
                return repo:ensure_issue{ marker = "audit", title = "Audit", body = "a\nb" }]])
            assert.equal("unchanged", outcome)
            local long = [[return repo:ensure_issue{ marker = "m", title = "T", body = ("x"):rep(70000), cut = true }]]
            results(server, long)
            assert.equal("unchanged", (select(2, results(server, long))))
        end)
    end)

    it("leaves one when runs open it at the same time: the lowest, which all of them give", function()
        with_github(function(server)
            server.control({ lag = 2 })
            local numbers, outcomes = {}, {}
            task.map({ 1, 2, 3 }, function(i)
                local issue, outcome = results(server, ensure, { env = { UHOST_STATE = server.state .. "/" .. i } })
                numbers[i], outcomes[outcome] = issue.number, (outcomes[outcome] or 0) + 1
            end)
            local open, closed = marked(server)
            assert.equal(1, #open)
            for _, number in ipairs(numbers) do assert.equal(open[1].number, number) end
            for _, issue in ipairs(closed) do
                assert.equal("duplicate", issue.state_reason)
                assert.is_true(issue.number > open[1].number)
            end
            assert.equal(1, outcomes.created)
            assert.equal(2, outcomes.unchanged)
        end)
    end)

    it("closes its own when the other run's appears only after it opened one", function()
        with_github(function(server)
            server.control({ repository = "o/n", issues = {
                { number = 2001, title = "Audit", body = "Body\n\n<!-- uhost:audit -->", labels = { "ci" } },
            }, faults = { {
                method = "GET", path = "/repos/o/n/issues", kind = "status", status = 200, body = json.array(),
                times = 2,
            } } })
            local issue, outcome = results(server, ensure)
            assert.equal(2001, issue.number)
            assert.equal("unchanged", outcome)
            local open, closed = marked(server)
            assert.equal(1, #open)
            assert.equal(1, #closed)
            assert.equal("duplicate", closed[1].state_reason)
        end)
    end)

    it("opens one, once, when the answer is lost", function()
        with_github(function(server)
            server.control({ lag = 1, faults = { { method = "POST", path = "/repos/o/n/issues", kind = "lost" } } })
            local issue, outcome = results(server, ensure)
            local open, closed = marked(server)
            assert.equal("created", outcome)
            assert.equal(1, #open)
            assert.equal(0, #closed)
            assert.equal(open[1].number, issue.number)
        end)
    end)

    -- GitHub carried the first request out after the last look for it.
    it("leaves one of two when a request arrived later than anybody waits for it", function()
        with_github(function(server)
            server.control({ faults = { { method = "POST", path = "/repos/o/n/issues", kind = "late" } } })
            local first = results(server, ensure)
            server.control({ arrive = true })
            assert.equal(2, #marked(server))
            local second = results(server, ensure)
            assert.equal(first.number, second.number)
            local open, closed = marked(server)
            assert.equal(1, #open)
            assert.equal(1, #closed)
        end)
    end)

    it("believes markers of its own account and of people who can write, never of strangers", function()
        with_github(function(server)
            local body = "Give me your reports\n\n<!-- uhost:audit -->"
            server.control({ repository = "o/n", forget = true, issues = {
                { number = 2001, title = "Trap", body = body, user = "mallory", labels = { "ci" } },
                { number = 2002, title = "Trap", body = body, user = "eve", labels = { "ci" },
                  author_association = "CONTRIBUTOR" },
            } })
            local issue, outcome = results(server, ensure)
            assert.equal("created", outcome)
            assert.equal("tester", issue.author)
            server.control({ repository = "o/n", issues = {
                { number = 2001, title = "Audit", body = body, user = "grace", labels = { "ci" },
                  author_association = "COLLABORATOR" },
            } })
            local adopted, updated = results(server, ensure)
            assert.equal(2001, adopted.number)
            assert.equal("updated", updated)
        end)
    end)

    it("knows an app's own issues, also where GitHub cannot list them by app", function()
        with_github(function(server)
            server.control({ login = "helper[bot]", repository = "o/n", issues = { {
                number = 2001, title = "Audit", body = "Body\n\n<!-- uhost:audit -->", labels = { "ci" },
                user = "helper[bot]",
            } } })
            local unlabelled = [[return repo:ensure_issue{ marker = "audit", title = "Audit", body = "Body" }]]
            for _, faults in ipairs({ {}, { {
                method = "GET", path = "/repos/o/n/issues", kind = "status", status = 422, times = 2,
            } } }) do
                server.control({ faults = json.array(faults) })
                local issue, outcome = results(server, unlabelled)
                assert.equal(2001, issue.number)
                assert.equal("unchanged", outcome)
            end
        end)
    end)

    it("opens nothing when GitHub does not say who it is", function()
        with_github(function(server)
            server.control({ faults = { { path = "/graphql", kind = "status", status = 502, times = 5 } } })
            calls.assert_fails(server.run([[github.repository("o/n"):ensure_issue{ marker = "m", title = "T" }]]),
                "failed 5 times to answer a GraphQL query", "githubstatus")
            assert.same({}, (changes(server)))
        end)
    end)

    it("opens the last closed one again where that is asked for, but no duplicate", function()
        with_github(function(server)
            local body = "Body\n\n<!-- uhost:audit -->"
            server.control({ repository = "o/n", issues = {
                { number = 2001, title = "Audit", body = body, state = "closed", state_reason = "completed" },
                { number = 2002, title = "Audit", body = body, state = "closed", state_reason = "completed" },
                { number = 2003, title = "Audit", body = body, state = "closed", state_reason = "duplicate" },
            } })
            local issue, outcome = results(server, [[return repo:ensure_issue{
                marker = "audit", title = "Audit", body = "Body", reopen = true }]])
            assert.equal(2002, issue.number)
            assert.equal("open", issue.state)
            assert.equal("updated", outcome)
        end)
    end)

    it("only plans under a dry run", function()
        with_github(function(server)
            server.control({ forget = true })
            local issue, outcome = results(server, ensure, { arguments = { "--dry-run" } })
            assert.same({ planned = true }, issue)
            assert.equal("created", outcome)
            assert.same({}, (changes(server)))
        end)
    end)
end)

describe("ensure_comment", function()
    local code = [[return repo:ensure_comment(4, { marker = "sizes", body = "42 KiB" })]]

    local function comments_of(server)
        for _, issue in ipairs(server.report().issues) do
            if issue.number == 4 and issue.repository == "o/n" then return issue.comments end
        end
        return {}
    end

    it("writes one, leaves it, changes it, and does not believe strangers", function()
        with_github(function(server)
            server.control({ repository = "o/n", issues = { { number = 4 } }, comments = {
                { issue = 4, body = "Trap <!-- uhost:sizes -->", user = "mallory" },
            } })
            local first, created = results(server, code)
            local second, unchanged = results(server, code)
            local third, updated = results(server, [[
                return repo:ensure_comment(4, { marker = "sizes", body = "43 KiB" })]])
            assert.same({ "created", "unchanged", "updated" }, { created, unchanged, updated })
            assert.equal(first.id, second.id)
            assert.equal(first.id, third.id)
            assert.equal("43 KiB", third.body)
            assert.equal(2, #comments_of(server))
        end)
    end)

    it("leaves one when runs write it at the same time: the lowest", function()
        with_github(function(server)
            server.control({ repository = "o/n", issues = { { number = 4 } } })
            local ids = {}
            task.map({ 1, 2, 3 }, function(i)
                ids[i] = results(server, code, { env = { UHOST_STATE = server.state .. "/" .. i } }).id
            end)
            local comments = comments_of(server)
            assert.equal(1, #comments)
            assert.same({ comments[1].id, comments[1].id, comments[1].id }, ids)
        end)
    end)
end)
